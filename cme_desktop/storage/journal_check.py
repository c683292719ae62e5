"""Reading the journal again: whether every entry is its author's, none is missing, and every row is what was sealed.

What is trusted is the key file: the public halves that stand there are bound to their owners' passwords. From them and
from the first entry on, each key is known because an entry signed with a known one brought it in.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64Error
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import undefer

from cme_desktop.storage.journal import BEFORE_THE_FIRST, hash_of
from cme_desktop.storage.own_keys import is_signed
from cme_desktop.storage.ready_statements import driver_cursor
from cme_desktop.storage.row_seals import MARKS, Seal, read_seals, seal_everything
from cme_desktop.storage.tables import JournalRow
from cme_desktop.storage.vault import vouch_for

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.storage.key_file import KeyFile

PERSON_REMOVED: Final = "person_removed"
KEY_MADE: Final = "own_keys_made"
"""The act that brings in keys made with the recovery key, or for somebody who had none in older records."""

_CHAIN: Final = "It is not what was written: it, or one before it, was changed, taken out or put in."


@dataclass(frozen=True, slots=True)
class JournalCheck:
    """How many entries there are, whether all holds, and the first at which it does not.

    ``broken_at`` is the number of an entry; ``row`` names a row, as table and number, that is not what its entry says.
    ``why`` says it in a sentence. ``signed_from`` is the first signed entry; None where none is.
    """

    entries: int
    ok: bool
    broken_at: int | None
    why: str = ""
    row: str = ""
    signed_from: int | None = None


@dataclass(slots=True)
class _Known:
    """The keys known so far, by person, and the recovery key's; the entry that brought in each there ever was.

    ``is_older``: the first entries are not signed, being from before journals were.
    """

    keys: dict[int, bytes] = field(default_factory=dict)
    since: dict[tuple[int, bytes], int] = field(default_factory=dict)
    recovery: bytes = b""
    is_older: bool = False

    def learn(self, user_id: int, key: bytes, *, entry: int) -> None:
        self.keys[user_id] = key
        self.since.setdefault((user_id, key), entry)


def check_journal(db: Session, keys: KeyFile | None = None) -> JournalCheck:
    """Reckon the whole chain, its signatures and its seals again; with the key file, whose signatures they are."""
    entries, signed_from, found = _check_chain(db, keys)
    if found is None:
        row = _find_changed_row(db) if signed_from is not None else None
        if row is not None:
            found = row
    if found is None:
        return JournalCheck(entries, ok=True, broken_at=None, signed_from=signed_from)
    number, why, name = found
    return JournalCheck(entries, ok=False, broken_at=number, why=why, row=name, signed_from=signed_from)


_Fault = tuple[int, str, str]


def _check_chain(db: Session, keys: KeyFile | None) -> tuple[int, int | None, _Fault | None]:
    known, previous, expected = _Known(), BEFORE_THE_FIRST, 1
    entries, signed_from, fault = 0, None, None
    head = keys.head if keys is not None else None
    whole = select(JournalRow).options(undefer(JournalRow.rows)).order_by(JournalRow.id)
    for row in db.scalars(whole.execution_options(yield_per=500)):
        entries += 1
        signed_from = signed_from if signed_from is not None or row.signed_by is None else row.id
        if fault is None:
            why = _why_broken(row, previous, expected, known, is_signed_already=signed_from is not None)
            if not why and head is not None and row.id == head.number and row.hash != head.hash:
                why = "The key file knows another entry of this number: the newest ones were written anew."
            fault = (row.id, why, "") if why else None
        previous, expected = row.hash, row.id + 1
    if fault is None:
        fault = _check_ends(entries, known, keys)
    return entries, signed_from, fault


def _why_broken(
    row: JournalRow,
    previous: str,
    expected: int,
    known: _Known,
    *,
    is_signed_already: bool,
) -> str:
    wanted = hash_of(
        previous, at=row.at, by=row.by, act=row.act, subject=row.subject, details=row.details, role=row.role,
        signed_by=row.signed_by, rows=row.rows,
    )  # fmt: skip
    if (row.id, row.previous_hash, row.hash) != (expected, previous, wanted):
        return _CHAIN
    if row.signed_by is None:
        known.is_older = True
        return "It is not signed, though entries before it are." if is_signed_already else ""
    if row.by not in {None, row.signed_by}:
        return "It is signed by somebody else than who did it."
    brought = _brought_in(row, known)
    key = known.keys.get(row.signed_by, b"")
    if brought is not None and brought[0] == row.signed_by:
        key = brought[1]
    if not key or not is_signed(row.hash.encode("ascii"), _bytes(row.signature), by=key):
        return "The signature is not its author's."
    if brought is not None:
        known.learn(*brought, entry=row.id)
    if row.act == PERSON_REMOVED:
        known.keys.pop(_user_in(row.subject) or 0, None)
    known.recovery = bytes.fromhex(row.details.get("recovery", "")) or known.recovery
    return ""


def _brought_in(row: JournalRow, known: _Known) -> tuple[int, bytes] | None:
    """Whose key the entry brings in, and which; None where none, or where nothing vouches for it."""
    text = row.details.get("key")
    if not text:
        return None
    key = bytes.fromhex(text)
    user_id = _user_in(row.subject) or row.signed_by or 0
    if user_id != row.signed_by:
        return user_id, key  # signed by somebody known: that is looked at with the signature
    is_first = not known.since
    if is_first or (known.is_older and row.act == KEY_MADE and user_id not in known.keys):
        # the first of all; or somebody of records that were not signed from the beginning
        return user_id, key
    vouched = _bytes(row.details.get("vouched", ""))
    if known.recovery and is_signed(vouch_for(user_id, key), vouched, by=known.recovery):
        return user_id, key
    return None


def _check_ends(entries: int, known: _Known, keys: KeyFile | None) -> _Fault | None:
    if keys is None:
        return None
    head = keys.head
    if head is not None:
        signers = [key for user_id, key in known.since if user_id == head.by]
        if not any(is_signed(head.signed_part, head.signature, by=key) for key in signers):
            return head.number, "The head in the key file is not signed by who is said to have noted it.", ""
        if head.number > entries:
            return entries + 1, f"Entries are missing: number {head.number} was there when the key file last knew.", ""
    for slot in keys.people:
        mine = known.keys.get(slot.user_id)
        if slot.has_own_keys and mine is not None and mine != slot.verify and not _is_vouched(slot, known):
            return known.since[slot.user_id, mine], f"It brings in a key that is not person {slot.user_id}'s.", ""
    return None


def _is_vouched(slot: Any, known: _Known) -> bool:
    return bool(known.recovery) and is_signed(vouch_for(slot.user_id, slot.verify), slot.vouched, by=known.recovery)


# -- rows ----------------------------------------------------------------------------------------------------------


def _find_changed_row(db: Session) -> _Fault | None:
    """The first row, in the order of the entries that tell of them, that is not what was sealed last."""
    latest: dict[tuple[str, int], tuple[int, bytes | None]] = {}
    for number, rows in db.execute(select(JournalRow.id, JournalRow.rows).order_by(JournalRow.id)):
        latest |= {(seal.table, seal.row): (number, seal.digest) for seal in read_seals(rows)}
    faults: list[_Fault] = []
    for seal in seal_everything(driver_cursor(db)):
        told = latest.pop((seal.table, seal.row), None)
        if told is None:
            faults.append((0, "No entry of the journal tells of it.", _name(seal)))
        elif told[1] != seal.digest:
            faults.append((told[0], "It is not what the journal's entry says.", _name(seal)))
    faults += [
        (number, "It is gone, and no entry of the journal says so.", _name(Seal(table, row, None)))
        for (table, row), (number, digest) in latest.items()
        if digest is not None
    ]
    return min(faults, default=None)


def _name(seal: Seal) -> str:
    return f"marks of day {seal.row}" if seal.table == MARKS else f"{seal.table} {seal.row}"


def _user_in(subject: str) -> int | None:
    what, _, number = subject.partition(" ")
    return int(number) if what == "user" and number.isdigit() else None


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64Error, ValueError):
        return b""
