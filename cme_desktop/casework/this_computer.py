"""Opening the records without typing the password, by the computer's own credential store: a convenience, never needed.

Each person chooses it for themselves and for one computer, and it is off until they do. A code, where codes are on, is
asked for all the same. ``storage.device_slots`` says what is kept where, and what makes it worthless.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.guessing import slowed
from cme_desktop.casework.in_words import capital, count_of
from cme_desktop.casework.opening import open_with
from cme_desktop.casework.permissions import open_to_all
from cme_desktop.casework.second_factor import parts_known_to
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import CmeError, RefusedError
from cme_desktop.storage import vault
from cme_desktop.storage.credential_store import find_secret, forget_secret, keep_secret
from cme_desktop.storage.device_slots import (
    add_device_slot,
    make_device_slot,
    open_with_device,
    remove_device_slots,
    worthless,
)
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.key_file import read_key_file
from cme_desktop.storage.this_pc import forget_devices, keep_device, read_kept_here

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cme_desktop.casework.office import Office
    from cme_desktop.casework.second_step import PartKeys
    from cme_desktop.domain.identifiers import UserId
    from cme_desktop.paths import Paths


_OFF: Final = "Off: your password is asked for."


@dataclass(frozen=True, slots=True)
class ThisComputer:
    """Whether this computer opens the records for whoever sits at the desk, and how many computers do in all."""

    opens: bool
    after_lock: bool = False
    elsewhere: int = 0

    @property
    def in_words(self) -> str:
        """The state as a sentence or two."""
        others = f"{count_of(self.elsewhere, 'other computer')}" if self.elsewhere else ""
        if not self.opens:
            return f"Off here: your password is asked for. {capital(others)} can open the records." if others else _OFF
        when = "at the program’s start and after a lock" if self.after_lock else "at the program’s start only"
        return f"On: this computer opens the records for you, {when}." + (f" So can {others}." if others else "")


def open_office_here(paths: Paths, *, user_id: UserId, now: Callable[[], datetime], code: str = "") -> Office:
    """Sit down at the desk with what this computer’s credential store keeps; raise ``CmeError`` without it."""

    def unlock(_: PartKeys) -> vault.Unlocked:
        keys = read_key_file(paths.keys)
        for mark in _marks_here(paths, user_id):
            secret = find_secret(_name(keys.database_id, mark))
            if secret is not None:
                return open_with_device(paths.keys, user_id=user_id, mark=mark, secret=secret)
        raise worthless()

    return open_with(unlock, paths, user_id=user_id, now=now, code=code)


@open_to_all
def load_this_computer(office: Office) -> ThisComputer:
    """Say whether this computer opens the records for whoever sits at the desk."""
    devices = read_key_file(office.paths.keys).devices_of(office.user.id)
    here = _marks_here(office.paths, office.user.id) if devices else ()
    after_lock = any(one.after_lock for one in devices if one.mark in here)
    return ThisComputer(bool(here), after_lock, len(devices) - len(here))


@open_to_all
def let_this_computer_open(office: Office, *, password: str, after_lock: bool = False) -> Changes:
    """Let this computer open the records for whoever sits at the desk, from now on; the password must be right."""
    me, keys = office.user.id, office.paths.keys
    with slowed(office.paths.tries, user_id=me, now=office.now()):
        opened = vault.open_slot(keys, user_id=me, password=password, part=parts_known_to(office, me))
    if opened.own is None or opened.slot.waits:
        raise RefusedError("This can't be done yet.", remedy="Lock the program, unlock it, and try again.")
    _forget(office, frozenset(_marks_here(office.paths, me)))
    new = make_device_slot(keys, user_id=me, own=opened.own, after_lock=after_lock)
    database_id = read_key_file(keys).database_id
    keep_secret(_name(database_id, new.slot.mark), new.secret)
    try:
        keep_device(office.paths.this_pc, new.slot.mark)
        with office.database.transaction() as db:
            write_journal(
                db, at=office.now(), by=me, act="computer_opens", subject=f"user {me}",
                details={"computer": new.slot.mark, "after_lock": after_lock},
            )  # fmt: skip
            add_device_slot(keys, new.slot)
    except (CmeError, OSError) as error:
        with suppress(CmeError):
            forget_secret(_name(database_id, new.slot.mark))
        if isinstance(error, CmeError):
            raise
        raise CmeError(
            "It can't be noted on this computer.",
            detail=error.strerror or "",
            remedy="Make sure that the disk is not full. Until then type your password.",
        ) from None
    return Changes.to(Area.SETTINGS)


@open_to_all
def forget_this_computer(office: Office) -> Changes:
    """Let no computer open the records for whoever sits at the desk any more: the password does."""
    me = office.user.id
    marks = frozenset(one.mark for one in read_key_file(office.paths.keys).devices_of(me))
    if not marks:
        raise RefusedError("No computer opens the records for you.", remedy="Nothing has to be done.")
    _forget(office, marks)
    return Changes.to(Area.SETTINGS)


def _forget(office: Office, marks: frozenset[str]) -> None:
    if not marks:
        return
    me, keys = office.user.id, office.paths.keys
    with office.database.transaction() as db:
        write_journal(
            db,
            at=office.now(),
            by=me,
            act="computer_forgotten",
            subject=f"user {me}",
            details={"computers": sorted(marks)},
        )
        remove_device_slots(keys, marks)
    # From here on the secrets open nothing; that they lie in a store is untidy, not unsafe.
    database_id = read_key_file(keys).database_id
    for mark in marks & read_kept_here(office.paths.this_pc).devices:
        with suppress(CmeError):
            forget_secret(_name(database_id, mark))
    with suppress(OSError):
        forget_devices(office.paths.this_pc, marks)


def _marks_here(paths: Paths, user_id: int) -> tuple[str, ...]:
    """The marks of this computer's slots that are good for a person."""
    devices = read_key_file(paths.keys).devices_of(user_id)
    kept = read_kept_here(paths.this_pc).devices if devices else frozenset()
    return tuple(one.mark for one in devices if one.mark in kept)


def _name(database_id: str, mark: str) -> str:
    return f"{database_id}:{mark}"
