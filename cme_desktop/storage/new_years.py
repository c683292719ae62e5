"""The beginning of a school year as one act in the records, with what is needed to take it back row by row."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.identifiers import EventId, ImportId, PupilId
from cme_desktop.storage.marks import session_no
from cme_desktop.storage.tables import (
    Base,
    ImportBatchRow,
    MarkRow,
    NoSchoolDayRow,
    PupilEventRow,
    PupilRow,
    SchoolYearRow,
    TermRow,
    UserRow,
)

KIND: Final = "new_year"

YearRows = dict[str, list[dict[str, Any]]]
"""A school year as its tables hold it, in plain values: its own row, its terms, its days without school."""

_YEAR: Final[dict[str, Table]] = {
    row.__tablename__: Base.metadata.tables[row.__tablename__] for row in (SchoolYearRow, TermRow, NoSchoolDayRow)
}
_PUPIL: Final = Base.metadata.tables[PupilRow.__tablename__]


@dataclass(frozen=True, slots=True)
class PupilChange:
    """Columns of one pupil, as plain values: what stood in them, and what stands or is to stand instead."""

    pupil_id: PupilId
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(slots=True)
class NewYearNote:
    """What beginning a school year wrote.

    ``waiting`` are the pupils who move up on ``moves_on``; once they have, they are among ``changed``. ``before`` and
    ``after`` are the year's rows where it was entered or altered, ``holidays`` the bank holidays that came with it.
    """

    first_day: date
    moves_on: date
    changed: list[PupilChange] = field(default_factory=list)
    waiting: list[PupilChange] = field(default_factory=list)
    events: list[EventId] = field(default_factory=list)
    before: YearRows | None = None
    after: YearRows | None = None
    holidays: list[int] = field(default_factory=list)
    last_event: int = 0

    def pack(self) -> bytes:
        """Write it small."""
        note = {
            "first_day": self.first_day.isoformat(), "moves_on": self.moves_on.isoformat(),
            "changed": [_plain_change(each) for each in self.changed],
            "waiting": [_plain_change(each) for each in self.waiting],
            "events": self.events, "before": self.before, "after": self.after, "holidays": self.holidays,
            "last_event": self.last_event,
        }  # fmt: skip
        return zlib.compress(json.dumps(note).encode("utf-8"))

    @classmethod
    def unpack(cls, packed: bytes) -> NewYearNote:
        """Read it back."""
        note = json.loads(zlib.decompress(packed))
        return cls(
            date.fromisoformat(note["first_day"]),
            date.fromisoformat(note["moves_on"]),
            [PupilChange(PupilId(pupil), before, after) for pupil, before, after in note["changed"]],
            [PupilChange(PupilId(pupil), before, after) for pupil, before, after in note["waiting"]],
            [EventId(event) for event in note["events"]],
            note["before"],
            note["after"],
            note["holidays"],
            note["last_event"],
        )


@dataclass(frozen=True, slots=True)
class NewYearAct:
    """A school year that was begun: when, by whom, with how many pupils, and when it was taken back."""

    id: ImportId
    year: str
    counts: Mapping[str, int]
    made_at: datetime
    made_by_name: str
    undone_at: datetime | None
    note: NewYearNote


# -- the act itself ----------------------------------------------------------------------------------------------


def list_new_years(db: Session) -> tuple[NewYearAct, ...]:
    """List the school years begun by this act, the latest first, also those taken back."""
    row = ImportBatchRow
    query = (
        select(row.id, row.source, row.counts, row.made_at, UserRow.name, row.undone_at, row.undo)
        .outerjoin(UserRow, UserRow.id == row.made_by)
        .where(row.kind == KIND)
        .order_by(row.id.desc())
    )
    return tuple(
        NewYearAct(ImportId(number), year, counts, made_at, name or "", undone_at, NewYearNote.unpack(packed))
        for number, year, counts, made_at, name, undone_at, packed in db.execute(query)
    )


def keep_note(db: Session, act_id: int, note: NewYearNote) -> None:
    """Write down what is needed to take the act back."""
    db.execute(update(ImportBatchRow).where(ImportBatchRow.id == act_id).values({"undo": note.pack()}))


# -- pupils ------------------------------------------------------------------------------------------------------


def change_pupil(db: Session, pupil_id: PupilId, values: Mapping[str, Any]) -> PupilChange | None:
    """Set columns of a pupil from plain values, and say what stood in them; None where they stood so already."""
    standing = _pupil_columns(db, pupil_id, values)
    if standing is None or standing == dict(values):
        return None
    db.execute(update(_PUPIL).where(_PUPIL.c.id == pupil_id).values(_typed(_PUPIL, values)))
    return PupilChange(pupil_id, standing, dict(values))


def stands(db: Session, pupil_id: PupilId, values: Mapping[str, Any]) -> bool:
    """Whether these columns of the pupil hold these plain values."""
    return _pupil_columns(db, pupil_id, values) == dict(values)


def _pupil_columns(db: Session, pupil_id: PupilId, names: Iterable[str]) -> dict[str, Any] | None:
    wanted = [_PUPIL.c[name] for name in names]
    row = db.execute(select(*wanted).where(_PUPIL.c.id == pupil_id)).mappings().one_or_none()
    return None if row is None else {name: _plain(value) for name, value in row.items()}


# -- the year's rows ---------------------------------------------------------------------------------------------


def rows_of_year(db: Session, first_year: int) -> YearRows:
    """Read a school year's rows as they stand; empty lists where it is not entered."""
    years = [row for row in _rows(db, "school_year") if date.fromisoformat(row["first_day"]).year == first_year]
    ids = {row["id"] for row in years}
    children = {name: [row for row in _rows(db, name) if row["school_year_id"] in ids] for name in _CHILDREN}
    return {"school_year": years, **children}


def list_bank_holiday_ids(db: Session) -> set[int]:
    """The rows of bank holidays."""
    return set(db.scalars(select(NoSchoolDayRow.id).where(NoSchoolDayRow.school_year_id.is_(None))))


def put_year_back(db: Session, note: NewYearNote) -> None:
    """Put the year's rows back as they stood before the act, under their own numbers, and take its holidays out."""
    if note.before is None or note.after is None:
        return
    for name in ("no_school_day", "term", "school_year"):
        ids = [row["id"] for row in note.after[name]] + (note.holidays if name == "no_school_day" else [])
        db.execute(delete(_YEAR[name]).where(_YEAR[name].c.id.in_(ids)))
    for name in ("school_year", *_CHILDREN):
        for row in note.before[name]:
            db.execute(insert(_YEAR[name]).values(_typed(_YEAR[name], row)))


_CHILDREN: Final = ("term", "no_school_day")


def _rows(db: Session, name: str) -> list[dict[str, Any]]:
    table = _YEAR[name]
    found = db.execute(select(table).order_by(table.c.id)).mappings()
    return [{column: _plain(value) for column, value in row.items()} for row in found]


# -- what stands in the way of taking it back ----------------------------------------------------------------------


def count_marks_since(db: Session, *, first_day: date, made_after: datetime) -> int:
    """Count the marks of sessions from a day on that came in after a moment."""
    query = (
        select(func.count())
        .select_from(MarkRow)
        .join(ImportBatchRow, ImportBatchRow.id == MarkRow.batch_id)
        .where(MarkRow.session_no >= session_no(SchoolSession(first_day, Half.AM)))
        .where(ImportBatchRow.made_at > made_after)
    )
    return int(db.scalar(query) or 0)


def count_pupils_with_later_events(db: Session, *, pupils: Iterable[PupilId], after: int, kinds: Iterable[str]) -> int:
    """Count the pupils about whom something of these kinds was written after a line of the history."""
    row = PupilEventRow
    wanted = (row.pupil_id.in_(tuple(pupils)), row.kind.in_(tuple(kinds)), row.id > after, row.retracted_at.is_(None))
    return int(db.scalar(select(func.count(row.pupil_id.distinct())).where(*wanted)) or 0)


def last_event_id(db: Session) -> int:
    """The number of the newest line of any pupil's history; 0 where there is none."""
    return int(db.scalar(select(func.max(PupilEventRow.id))) or 0)


# -- plain values --------------------------------------------------------------------------------------------------


def _plain_change(change: PupilChange) -> list[Any]:
    return [change.pupil_id, dict(change.before), dict(change.after)]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if isinstance(value, str) and table.c[name].type.python_type is date else value
        for name, value in values.items()
    }
