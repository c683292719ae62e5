"""What goes on over the turn of the year: cases, flags, agreements, leave, marks still to be settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.new_year.desk import NewYearDesk
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.roll import Roll, load_roll
from cme_desktop.casework.veil import for_reader
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.policy.record import PupilRecord
from cme_desktop.policy.review import review
from cme_desktop.policy.rule import Severity
from cme_desktop.storage.cases import list_case_details
from cme_desktop.storage.marks import read_still_n, session_of


class CarriedKind(Enum):
    """The kinds of thing that a new school year does not end."""

    CASE = "Open case"
    FLAG = "To be done"
    AGREEMENT = "Agreement"
    LEAVE = "Leave over the summer"
    MARK = "N to be settled"


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """One thing that goes on, of whom, and how it stands."""

    kind: CarriedKind
    pupil_id: PupilId | None
    name: str
    words: str


@needs(Right.SEE_NAMES)
def load_carried(office: Office, desk: NewYearDesk) -> tuple[CarriedLine, ...]:
    """List what goes on into the new year, in the order of its kinds and then of names."""
    roll = load_roll(office)
    lines = [*_flags(roll), *_agreements(roll, desk), *_leave(roll, desk)]
    with office.database.reading() as db:
        lines += [
            CarriedLine(
                CarriedKind.CASE, case.pupil_id, _name(roll, case.pupil_id),
                f"Case {case.number}, opened {say_day(case.opened_on)}",
            )
            for case in list_case_details(db)
            if not case.is_closed
        ]  # fmt: skip
        lines += _marks(roll, read_still_n(db, before=office.today + timedelta(days=1)))
    order = list(CarriedKind)
    lines = [for_reader(office, line) for line in lines]
    return tuple(sorted(lines, key=lambda line: (order.index(line.kind), line.name.casefold(), line.words)))


def _flags(roll: Roll) -> Iterable[CarriedLine]:
    """What is to be done; a session that nobody marked is not brought up again once its school year has ended."""
    for flag in review(roll.records, roll.judgement, roll.rulebook):
        if flag.rule_id == "england.register-not-taken":
            continue
        if flag.pupil_id is not None and flag.severity not in {Severity.WATCH, Severity.INCOMPLETE}:
            yield CarriedLine(CarriedKind.FLAG, flag.pupil_id, _name(roll, flag.pupil_id), flag.title)


def _agreements(roll: Roll, desk: NewYearDesk) -> Iterable[CarriedLine]:
    for record in roll.records:
        name = _name(roll, record.pupil.id)
        agreed = _last(record, EventKind.PART_TIME_AGREED)
        if agreed is not None and agreed.until is not None and agreed.until >= desk.on:
            words = f"Part-time timetable to {say_day(agreed.until)}"
            yield CarriedLine(CarriedKind.AGREEMENT, record.pupil.id, name, words)
        for pattern in roll.pupils[record.pupil.id].patterns:
            if pattern.until_day is None or pattern.until_day >= desk.on:
                until = f"to {say_day(pattern.until_day)}" if pattern.until_day else "with no end"
                words = f"Agreed sessions of the week, {until}"
                yield CarriedLine(CarriedKind.AGREEMENT, record.pupil.id, name, words)


def _leave(roll: Roll, desk: NewYearDesk) -> Iterable[CarriedLine]:
    """Leave that is granted for the last day of the old year or for later: the child may not be back in September."""
    since = desk.last_day or desk.on
    for record in roll.records:
        granted = _last(record, EventKind.LEAVE_GRANTED)
        if granted is None or not isinstance(granted.to, date) or granted.to < max(since, desk.on):
            continue
        first = f"from {say_day(granted.from_)} " if granted.from_ else ""
        words = f"Granted {first}to {say_day(granted.to)}"
        yield CarriedLine(CarriedKind.LEAVE, record.pupil.id, _name(roll, record.pupil.id), words)


def _marks(roll: Roll, marks: Iterable[tuple[int, int, str]]) -> Iterable[CarriedLine]:
    for number, pupil, _ in marks:
        session = session_of(number)
        words = f"{say_day(session.on)}, {'morning' if session.half.value == 'am' else 'afternoon'}"
        yield CarriedLine(CarriedKind.MARK, PupilId(pupil), _name(roll, PupilId(pupil)), words)


def _last(record: PupilRecord, kind: EventKind) -> Event | None:
    return next((event for event in reversed(record.events) if event.kind is kind), None)


def _name(roll: Roll, pupil_id: PupilId) -> str:
    pupil = roll.pupils.get(pupil_id)
    return pupil.known_as if pupil is not None else "A pupil who left"
