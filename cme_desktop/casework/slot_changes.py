"""A slot of the key file that comes with an entry in the journal: written in two steps, settled by the journal.

Key file and records can't be written at one stroke. ``storage.vault`` says how a slot waits beside the one it replaces.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cme_desktop.casework.permissions import open_to_all
from cme_desktop.domain.errors import CmeError
from cme_desktop.storage import vault
from cme_desktop.storage.journal import list_slot_marks, write_journal
from cme_desktop.storage.key_file import KeySlot, read_key_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from cme_desktop.casework.office import Office
    from cme_desktop.paths import Paths
    from cme_desktop.storage.database import Database


@open_to_all
def replace_slot(
    office: Office,
    /,
    slot: KeySlot,
    *,
    act: str,
    subject: str,
    beside: Callable[[Session], None] | None = None,
    **details: str,
) -> None:
    """Put a slot in the place of the one before, with its entry in the journal; ``beside`` writes more with it."""
    with settling_slots(office), office.database.transaction() as db:
        write_journal(
            db, at=office.now(), by=office.user.id, act=act, subject=subject, details={"slot": slot.mark, **details}
        )
        if beside is not None:
            beside(db)
        vault.put_beside(office.paths.keys, slot)


@open_to_all
@contextmanager
def settling_slots(office: Office) -> Iterator[None]:
    """Put a slot made within in its place where its entry was saved, and take it away where it was not.

    The slot waits on the disk before the entry is saved: the other way round, somebody whom the records name could
    not open them. And the one it replaces stays until after: a key is dead only once the new one is known to be there.
    """
    settle_slots(office.paths, office.database)  # one that waits already would be lost in favour of the new one
    try:
        yield
    finally:
        # What can't be written now, on a full disk, is settled when the records are opened next; until then both open.
        with suppress(CmeError):
            settle_slots(office.paths, office.database)


def settle_slots(paths: Paths, database: Database) -> None:
    """Put each slot that waits in its place, or take it away, as the journal says."""
    if read_key_file(paths.keys).waiting:
        vault.settle(paths.keys, stands=_standing_by(database))


def refuse_replaced(paths: Paths, database: Database, slot: KeySlot) -> None:
    """Let the records say which of a person's two passwords it is, so that the answer is the same the next time."""
    standing = read_key_file(paths.keys).settled(_standing_by(database)).slot_of(slot.user_id)
    if standing is None or standing.mark != slot.mark:
        raise vault.WrongPasswordError(
            "The password is wrong.",
            detail="A change of it was cut short, and was not saved." if slot.waits else "It was changed.",
            remedy="Use the one from before." if slot.waits else "Use the new one.",
        )


def _standing_by(database: Database) -> Callable[[KeySlot], bool]:
    with database.reading() as db:
        saved = list_slot_marks(db)
    return lambda slot: slot.mark in saved
