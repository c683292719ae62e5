"""The book of the roll's lives: every list at once, and one child's file in one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from cme_desktop.casework.dismissals import without_dismissed
from cme_desktop.casework.lives import (
    first_back,
    inspection,
    leave,
    leaving,
    missing,
    part_time,
    removal,
    reports,
    starting,
)
from cme_desktop.casework.lives.life import Life, LifeBook, LifeDesk, LifeFile, LifeRow
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.protected_reading import note_reading
from cme_desktop.casework.roll import Roll, load_roll
from cme_desktop.casework.veil import for_reader
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.policy.review import review
from cme_desktop.policy.rule import Flag


@dataclass(frozen=True, slots=True)
class LifeReader:
    """How a life is read: its list, and the file behind one of its lines."""

    list_rows: Callable[[LifeDesk], Sequence[LifeRow]]
    load_file: Callable[[LifeDesk, str], LifeFile]
    say_note: Callable[[LifeDesk, Sequence[LifeRow]], str] = lambda *_: ""
    """What is said above the list's rows and where it is empty: what it is of, what comes next."""


LIVES: Final[dict[Life, LifeReader]] = {
    Life.STARTING: LifeReader(starting.list_rows, starting.load_file),
    Life.PART_TIME: LifeReader(part_time.list_rows, part_time.load_file),
    Life.LEAVE: LifeReader(leave.list_rows, leave.load_file),
    Life.FIRST_DAY_BACK: LifeReader(first_back.list_rows, first_back.load_file, first_back.say_days_back),
    Life.MISSING: LifeReader(missing.list_rows, missing.load_file),
    Life.LEAVING: LifeReader(leaving.list_rows, leaving.load_file),
    Life.REMOVAL: LifeReader(removal.list_rows, removal.load_file),
    Life.REPORTS: LifeReader(reports.list_rows, reports.load_file),
    Life.INSPECTION: LifeReader(inspection.list_rows, inspection.load_file, inspection.say_period),
}


_NAMES_THE_DEAD: Final = frozenset({Life.LEAVING, Life.REMOVAL, Life.REPORTS, Life.INSPECTION})
"""The lives that go on naming a child who has died; in the others nobody asks anything of the child any more."""


@needs(Right.SEE_NAMES)
def load_lives(office: Office, *, roll: Roll | None = None) -> LifeBook:
    """Read the list of every life; a roll already loaded saves reading it again."""
    known = roll or load_roll(office)
    flags: defaultdict[PupilId, list[Flag]] = defaultdict(list)
    for flag in without_dismissed(office, review(known.records, known.judgement, known.rulebook)):
        if flag.pupil_id is not None:
            flags[flag.pupil_id].append(flag)
    desk = LifeDesk(office, known, {pupil: tuple(theirs) for pupil, theirs in flags.items()})
    rows = {life: for_reader(office, _rows_of(life, reader, desk)) for life, reader in LIVES.items()}
    notes = {life: reader.say_note(desk, rows[life]) for life, reader in LIVES.items()}
    return LifeBook(desk, rows, for_reader(office, notes))


def _rows_of(life: Life, reader: LifeReader, desk: LifeDesk) -> tuple[LifeRow, ...]:
    rows = reader.list_rows(desk)
    if life in _NAMES_THE_DEAD:
        return tuple(rows)
    return tuple(row for row in rows if row.pupil_id not in desk.roll.dead)


@needs(Right.SEE_NAMES)
def load_life_file(office: Office, *, book: LifeBook, life: Life, key: str) -> LifeFile:
    """Read the file behind a line."""
    file = LIVES[life].load_file(book.desk, key)
    if file.pupil is not None:
        note_reading(office, file, pupil_id=file.pupil.id, where=life.value)
    return for_reader(office, file)
