"""What is half typed: kept in the encrypted records while it is typed, for whoever typed it and nobody else.

A draft is no record. Keeping one decides nothing, so it is no act of the journal; it is deleted when what was typed is
saved or thrown away, when its typist leaves, when the child's records go, and after thirty days at the latest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import say_clock, say_long_day
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.rights import Right
from cme_desktop.storage.drafts import (
    StoredDraft,
    delete_draft,
    delete_old_drafts,
    find_stored_draft,
    list_stored_drafts,
    store_draft,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.drafts import DraftKey

KEPT_FOR: Final = timedelta(days=30)
"""The summer is longer, but nobody goes on in September with half a sentence of July."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and not saved; ``when`` says when, as in "on Tuesday 10 November at 9:12"."""

    key: DraftKey
    title: str
    typed: Mapping[str, str]
    when: str


@needs(Right.SEE_NAMES)
def keep_draft(office: Office, *, key: DraftKey, title: str, typed: Mapping[str, str]) -> None:
    """Keep what stands in a dialog now, in place of what was kept of it before."""
    with office.database.transaction() as db:
        store_draft(
            db, key, user_id=office.user.id, role=office.user.role.value, title=title, typed=dict(typed),
            at=office.now(),
        )  # fmt: skip


@needs(Right.SEE_NAMES)
def find_draft(office: Office, *, key: DraftKey) -> Draft | None:
    """Find what whoever sits at the desk typed in this dialog, in the role they have now."""
    with office.database.reading() as db:
        found = find_stored_draft(db, key, user_id=office.user.id, role=office.user.role.value)
    return None if found is None else _draft(office, found)


@needs(Right.SEE_NAMES)
def drop_draft(office: Office, *, key: DraftKey) -> None:
    """Throw away what whoever sits at the desk typed in this dialog."""
    with office.database.transaction() as db:
        delete_draft(db, key, user_id=office.user.id)


@needs(Right.SEE_NAMES)
def list_drafts(office: Office) -> tuple[Draft, ...]:
    """List what whoever sits at the desk typed and has not saved, the newest first; what is too old is thrown away."""
    with office.database.transaction() as db:
        delete_old_drafts(db, before=office.now() - KEPT_FOR)
        found = list_stored_drafts(db, user_id=office.user.id, role=office.user.role.value)
    return tuple(_draft(office, each) for each in found)


def say_when(at: datetime, *, today: date) -> str:
    """Say when something was typed: today at 9:12, on Tuesday 10 November at 9:12."""
    there = at.astimezone(LOCAL_ZONE)
    day = "today" if there.date() == today else f"on {say_long_day(there.date())}"
    return f"{day} at {say_clock(there.time())}"


def _draft(office: Office, found: StoredDraft) -> Draft:
    return Draft(found.key, found.title, found.typed, say_when(found.typed_at, today=office.today))
