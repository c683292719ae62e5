"""Home education: a parent's notice with its day, what is only said at the gate, and the authority's answer."""

from __future__ import annotations

from datetime import date
from typing import Final

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.lives.leaving_acts import write_of_each
from cme_desktop.casework.lives.leaving_state import SAID_AT_GATE
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import clock_of, record_happening, require
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right

_NOT_YET: Final = "The notice can’t be saved yet."


@needs(Right.WORK_ON_ROLL)
def note_notice(
    office: Office,
    *,
    pupils: tuple[PupilId, ...],
    on: date,
    by: str,
    dated: date | None,
    from_day: date | None,
    words: str = "",
) -> Changes:
    """Write down a written notice: the day it came, its own date, and the day from which (SI 2024/208, 9(1)(f)).

    A letter without a day is kept as it is: no ground for removal is complete until one is named.
    """
    require(_NOT_YET, {"which parent wrote it": by})
    event = Event(EventKind.HOME_EDUCATION_LETTER, on, clock_of(office, on), from_=from_day)
    details = {"dated": say_day(dated) if dated else "", "said_by": by}
    return write_of_each(office, pupils, (event,), act="home education notice", words=words, details=details)


@needs(Right.WORK_ON_ROLL)
def note_said(office: Office, *, pupils: tuple[PupilId, ...], on: date, by: str, words: str) -> Changes:
    """Write down that a parent spoke of home education: no notice, so nothing begins and every absence counts."""
    require("This can’t be saved yet.", {"who said it": by})
    event = Event(EventKind.NOTE, on, clock_of(office, on), about=SAID_AT_GATE)
    said = " ".join(part for part in (f"Home education spoken of by {by.strip()}; nothing in writing.", words) if part)
    return write_of_each(office, pupils, (event,), act="home education said", words=said)


@needs(Right.WORK_ON_ROLL)
def note_consent(office: Office, *, pupil_id: PupilId, on: date, is_given: bool, by: str, words: str = "") -> Changes:
    """Write down the authority's answer to home education: for a special school, and once the 2026 Act asks for it."""
    require("The answer can’t be saved yet.", {"who at the authority answered": by})
    event = Event(EventKind.AUTHORITY_CONSENT, on, clock_of(office, on), confirmed=is_given)
    said = " ".join(part for part in (f"Answered by {by.strip()}.", words.strip()) if part)
    return record_happening(office, pupil_id=pupil_id, event=event, act="authority consent", words=said)


@needs(Right.WORK_ON_ROLL)
def note_plan_review(office: Office, *, pupil_id: PupilId, on: date, words: str) -> Changes:
    """Write down that the child's plan was reviewed after the notice."""
    require("This can’t be saved yet.", {"what was decided": words})
    event = Event(EventKind.REVIEW_HELD, on, clock_of(office, on))
    return record_happening(office, pupil_id=pupil_id, event=event, act="plan reviewed", words=words)
