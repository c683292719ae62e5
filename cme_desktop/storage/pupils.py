"""The pupils of the records: the columns of the admission register, their circumstances and agreed sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Self

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance, Pupil, YearGroup
from cme_desktop.storage.tables import CircumstanceRow, PupilEventRow, PupilRow, SessionPatternRow

PLACE_HELD: Final = "place-held"
"""What a decision is about that says a place is held for a child without a starting day yet."""

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True, slots=True)
class SessionPattern:
    """The sessions of the week a pupil is agreed to attend, as (weekday from Monday 0, half); others are outside."""

    from_day: date
    until_day: date | None
    sessions: frozenset[tuple[int, Half]]

    @classmethod
    def read(cls, from_day: date, until_day: date | None, text: str) -> Self:
        """Read ``mon-am tue-am``."""
        parts = (word.partition("-") for word in text.split())
        return cls(from_day, until_day, frozenset((_DAYS.index(day), Half(half)) for day, _, half in parts))

    @property
    def as_text(self) -> str:
        """Write it as ``mon-am tue-am``."""
        return " ".join(f"{_DAYS[weekday]}-{half}" for weekday, half in sorted(self.sessions))

    def holds_on(self, day: date) -> bool:
        """Whether the pattern is agreed for the day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)

    def expects(self, session: SchoolSession) -> bool:
        """Whether the pupil is due in the session."""
        return (session.on.weekday(), session.half) in self.sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilFacts:
    """What is known of a pupil, as somebody enters or imports it."""

    legal_surname: str
    legal_forename: str
    preferred_surname: str = ""
    preferred_forename: str = ""
    middle_names: str = ""
    upn: str | None = None
    former_upn: str | None = None
    mis_id: str | None = None
    born: date | None = None
    sex: str = ""
    year_group: YearGroup | None = None
    class_name: str = ""
    starting_day: date | None = None
    left_on: date | None = None
    address: str = ""
    postcode: str = ""
    home_authority: str = ""
    language: str = ""
    family_id: int | None = None
    notes: str = ""
    import_id: int | None = None
    circumstances: tuple[DatedCircumstance, ...] = ()
    patterns: tuple[SessionPattern, ...] = ()

    @property
    def known_as(self) -> str:
        """The name the office says: preferred where there is one, else legal."""
        forename = self.preferred_forename or self.legal_forename
        return f"{forename} {self.preferred_surname or self.legal_surname}".strip()

    @property
    def sort_name(self) -> str:
        """The name as it stands in a list: surname first."""
        forename = self.preferred_forename or self.legal_forename
        return f"{self.preferred_surname or self.legal_surname}, {forename}"

    @property
    def initials(self) -> str:
        """The first letters of the name the office says."""
        forename = self.preferred_forename or self.legal_forename
        return (forename[:1] + (self.preferred_surname or self.legal_surname)[:1]).upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilDetails(PupilFacts):
    """A pupil of the records."""

    id: PupilId
    awaits_start: bool = False
    """Whether a place is held for a child with whose parents no starting day is agreed yet."""

    @property
    def gave_up_place(self) -> bool:
        """Whether the place was given up before the child came on roll."""
        return self.for_rules().was_never_entered

    def is_on_roll(self, on: date) -> bool:
        """Whether the pupil is on the admission register on the day; one whose starting day is missing is."""
        if self.awaits_start:
            return False
        return (self.starting_day is None or self.starting_day <= on) and (self.left_on is None or on <= self.left_on)

    def for_rules(self) -> Pupil:
        """Give the pupil as the rules know them, without a name."""
        return Pupil(
            self.id, self.born, self.starting_day, self.year_group, self.circumstances, self.left_on, self.awaits_start
        )


_COLUMNS: Final = tuple(name for name in PupilFacts.__dataclass_fields__ if name not in {"circumstances", "patterns"})


def add_pupil(db: Session, facts: PupilFacts, *, at: datetime, by: int | None) -> PupilId:
    """Enter a pupil with their circumstances and agreed sessions."""
    row = insert(PupilRow).values(_columns(facts)).returning(PupilRow.id)
    pupil_id = PupilId(db.scalars(row).one())
    set_circumstances(db, pupil_id, facts.circumstances, at=at, by=by)
    set_patterns(db, pupil_id, facts.patterns)
    return pupil_id


def update_pupil(db: Session, pupil_id: int, facts: PupilFacts) -> None:
    """Write a pupil's own columns anew; circumstances and agreed sessions have their own functions."""
    db.execute(update(PupilRow).where(PupilRow.id == pupil_id).values(_columns(facts)))


def set_left_on(db: Session, pupil_id: int, left_on: date | None) -> None:
    """Write a pupil's last day on roll, or take it away."""
    db.execute(update(PupilRow).where(PupilRow.id == pupil_id).values(left_on=left_on))


def set_circumstances(
    db: Session, pupil_id: int, circumstances: Iterable[DatedCircumstance], *, at: datetime, by: int | None
) -> None:
    """Write a pupil's circumstances in place of those noted."""
    db.execute(delete(CircumstanceRow).where(CircumstanceRow.pupil_id == pupil_id))
    rows = [
        {
            "pupil_id": pupil_id, "name": dated.name.value, "from_day": dated.from_day,
            "until_day": dated.until_day, "noted_at": at, "noted_by": by,
        }
        for dated in circumstances
    ]  # fmt: skip
    if rows:
        db.execute(insert(CircumstanceRow), rows)


def set_patterns(db: Session, pupil_id: int, patterns: Iterable[SessionPattern]) -> None:
    """Write a pupil's agreed sessions in place of those known."""
    db.execute(delete(SessionPatternRow).where(SessionPatternRow.pupil_id == pupil_id))
    rows = [
        {"pupil_id": pupil_id, "from_day": one.from_day, "until_day": one.until_day, "sessions": one.as_text}
        for one in patterns
    ]
    if rows:
        db.execute(insert(SessionPatternRow), rows)


def list_pupils(db: Session, *, on: date) -> tuple[PupilDetails, ...]:
    """List the pupils on roll on a day, by the name the office sorts by."""
    on_roll = (
        or_(PupilRow.starting_day.is_(None), PupilRow.starting_day <= on),
        or_(PupilRow.left_on.is_(None), PupilRow.left_on >= on),
    )
    return tuple(pupil for pupil in _load(db, *on_roll) if not pupil.awaits_start)


def list_expected(db: Session, *, on: date) -> tuple[PupilDetails, ...]:
    """List the children whose starting day is still to come, and those with whose parents none is agreed yet."""
    to_come = or_(PupilRow.starting_day.is_(None), PupilRow.starting_day > on)
    found = _load(db, to_come, or_(PupilRow.left_on.is_(None), PupilRow.left_on >= on))
    return tuple(pupil for pupil in found if pupil.awaits_start or pupil.starting_day is not None)


def list_leavers(db: Session, *, since: date, before: date) -> tuple[PupilDetails, ...]:
    """List the pupils whose last day on roll lies from one day to the day before another."""
    return _load(db, PupilRow.left_on >= since, PupilRow.left_on < before)


def list_all_pupils(db: Session) -> tuple[PupilDetails, ...]:
    """List every pupil of the records, also those who left or have not begun."""
    return _load(db)


def load_names(db: Session) -> dict[int, str]:
    """Read by what name each pupil of the records is known."""
    return {pupil.id: pupil.known_as for pupil in list_all_pupils(db)}


def load_pupil(db: Session, pupil_id: int) -> PupilDetails:
    """Read one pupil."""
    found = _load(db, PupilRow.id == pupil_id)
    if not found:
        raise CmeError(
            "This pupil is no longer in the records.",
            detail="An import that brought the pupil in may have been undone.",
            remedy="Go back to the list and choose again.",
        )
    return found[0]


def list_siblings(db: Session, pupil_id: int) -> tuple[PupilDetails, ...]:
    """List the other pupils of the same family, whether or not still on roll."""
    family = select(PupilRow.family_id).where(PupilRow.id == pupil_id).scalar_subquery()
    return _load(db, PupilRow.family_id == family, PupilRow.id != pupil_id)


def _columns(facts: PupilFacts) -> dict[str, Any]:
    values = {name: getattr(facts, name) for name in _COLUMNS}
    return {**values, "year_group": facts.year_group.value if facts.year_group else None}


def _load(db: Session, *where: ColumnElement[bool]) -> tuple[PupilDetails, ...]:
    rows = db.execute(select(PupilRow.__table__).where(*where)).mappings().all()
    chosen = select(PupilRow.id).where(*where)
    circumstances = _load_circumstances(db, CircumstanceRow.pupil_id.in_(chosen))
    patterns = _load_patterns(db, SessionPatternRow.pupil_id.in_(chosen))
    awaited = _load_awaited(db) if any(row["starting_day"] is None for row in rows) else frozenset()
    found = (
        _details(row, circumstances[row["id"]], patterns[row["id"]], awaits_start=row["id"] in awaited) for row in rows
    )
    return tuple(sorted(found, key=lambda pupil: (pupil.sort_name.casefold(), pupil.id)))


def _load_awaited(db: Session) -> frozenset[int]:
    """Read for whom a place is held without a starting day: somebody wrote so, and no day was agreed since."""
    held = (
        select(PupilEventRow.pupil_id)
        .join(PupilRow, PupilRow.id == PupilEventRow.pupil_id)
        .where(
            PupilRow.starting_day.is_(None),
            PupilEventRow.kind == EventKind.DECISION.value,
            PupilEventRow.retracted_at.is_(None),
            PupilEventRow.facts["about"].as_string() == PLACE_HELD,
        )
    )
    return frozenset(pupil_id for pupil_id in db.scalars(held) if pupil_id is not None)


def _load_circumstances(db: Session, where: ColumnElement[bool]) -> defaultdict[int, list[DatedCircumstance]]:
    query = select(
        CircumstanceRow.pupil_id, CircumstanceRow.name, CircumstanceRow.from_day, CircumstanceRow.until_day
    ).where(where)
    found: defaultdict[int, list[DatedCircumstance]] = defaultdict(list)
    for pupil_id, name, from_day, until_day in db.execute(query.order_by(CircumstanceRow.id)):
        found[pupil_id].append(DatedCircumstance(Circumstance(name), from_day, until_day))
    return found


def _load_patterns(db: Session, where: ColumnElement[bool]) -> defaultdict[int, list[SessionPattern]]:
    query = select(SessionPatternRow).where(where).order_by(SessionPatternRow.from_day, SessionPatternRow.id)
    found: defaultdict[int, list[SessionPattern]] = defaultdict(list)
    for row in db.scalars(query):
        found[row.pupil_id].append(SessionPattern.read(row.from_day, row.until_day, row.sessions))
    return found


def _details(
    row: Mapping[Any, Any],
    circumstances: list[DatedCircumstance],
    patterns: list[SessionPattern],
    *,
    awaits_start: bool,
) -> PupilDetails:
    values = {name: row[name] for name in _COLUMNS}
    values["year_group"] = YearGroup(row["year_group"]) if row["year_group"] else None
    return PupilDetails(
        id=PupilId(row["id"]), **values, circumstances=tuple(circumstances), patterns=tuple(patterns),
        awaits_start=awaits_start,
    )  # fmt: skip
