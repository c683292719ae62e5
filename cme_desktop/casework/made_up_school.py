"""Make up a whole school: pupils, families, years of marks, and the cases planted in this morning's list.

The same seed and the same morning make the same school. "This morning" is twelve minutes past nine on the day of the
clock, or on the last school day before where that day has none or is not so far.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Final

from sqlalchemy.orm import Session

from cme_desktop.casework.made_up.families import (
    LAESTAB,
    MadeUpPupil,
    Words,
    make_pupils,
    name_classes,
    read_policies,
    read_words,
)
from cme_desktop.casework.made_up.leavers import leaver_events
from cme_desktop.casework.made_up.planted import NO_MARK, Morning, Planted, class_without_register, plant_cases
from cme_desktop.casework.made_up.register import Child, draw_child, draw_trips, make_line
from cme_desktop.casework.made_up.term_dates import make_calendar
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.opening import add_person
from cme_desktop.casework.setting_up import NewRecords, NewSchool, remove_records, set_up
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.domain.attendance import CODE_OF_SYMBOL, Half, SchoolSession
from cme_desktop.domain.calendar import SchoolCalendar, SchoolYear
from cme_desktop.domain.cases import Role
from cme_desktop.domain.contacts import AgencyKind
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.events import Event, With
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.paths import Paths
from cme_desktop.policy.rules.register_copy import REGISTER_COPY
from cme_desktop.storage.contacts import AgencyFacts, add_agency, add_contact, add_number
from cme_desktop.storage.events import add_event
from cme_desktop.storage.import_batches import add_batch
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.marks import MarkTuple, session_no, write_marks
from cme_desktop.storage.pupils import add_pupil
from cme_desktop.storage.settings import ClockTimes, save_clock_times, set_setting
from cme_desktop.storage.standing_duties import note_duty_done

DEMO_PASSWORD: Final = "larkfield demo"  # noqa: S105  shown on screen, opens made-up records only
MORNING: Final = time(9, 12)
_REGISTER_CLOSE: Final = time(9, 5)
_FEWEST, _MOST, _MOST_YEARS = 40, 900, 7
_LETTER: Final = {ord(symbol): code.letter for symbol, code in CODE_OF_SYMBOL.items()}
_MANAGER, _HEAD, _LEAD = "Pat Mellor", "Dr Ann Teal", "Sam Rook"


@dataclass(frozen=True, slots=True)
class MadeUpSchool:
    """What kind of school to make up; ``years`` are the school years of marks, this one the last."""

    pupils: int = 210
    years: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class MadeUpDemo:
    """A made-up school that is ready: the moment its clock starts at, and the password to show."""

    this_morning: datetime
    password: str


def find_this_morning(now: datetime) -> datetime:
    """Give the moment a made-up school's day begins at: the latest school day's 9.12 that has come."""
    local = now.astimezone(LOCAL_ZONE)
    calendar = make_calendar(first=local.year - 2, last=local.year)
    tomorrow = local.date() + timedelta(days=1)
    latest = tomorrow if local.time() >= MORNING else local.date()
    day = calendar.school_day_before(latest)
    assert day is not None
    return datetime.combine(day, MORNING, LOCAL_ZONE).astimezone(UTC)


def open_demo(paths: Paths, *, now: datetime) -> MadeUpDemo:
    """Make up the demonstration's school, unless this morning's is there already."""
    morning, about = find_this_morning(now), paths.data / "made-up.json"
    made = json.dumps({"morning": morning.isoformat()})
    if not (paths.records.exists() and about.exists() and about.read_text("utf-8") == made):
        remove_records(paths)
        records = make_up_school(paths, MadeUpSchool(), password=DEMO_PASSWORD, now=lambda: now)
        leave_desk(records.office)
        about.write_text(made, "utf-8")
    return MadeUpDemo(morning, DEMO_PASSWORD)


def make_up_school(paths: Paths, wanted: MadeUpSchool, *, password: str, now: Callable[[], datetime]) -> NewRecords:
    """Make up a school in an empty folder; a failure half way leaves no records there.

    Office manager and head have the same password.
    """
    _refuse_odd_size(wanted)
    morning = find_this_morning(now())
    today = morning.astimezone(LOCAL_ZONE).date()
    current = _september_of(today)
    calendar = make_calendar(first=current - wanted.years + 1, last=current + 1)

    def furnish(office: Office) -> None:
        # as the head, who alone lets others read protection notes once there is one
        head = replace(office, user=replace(office.user, role=Role.HEAD))
        add_person(head, name=_HEAD, role=Role.HEAD, password=password)
        add_person(head, name=_LEAD, role=Role.LEAD, password=password)
        with office.database.transaction() as db:
            _Maker(db, paths, wanted, calendar, today=today, at=morning).make()

    return set_up(
        paths,
        _describe(calendar, password, policies=read_policies(paths.resources)),
        now=lambda: morning,
        furnish=furnish,
    )


_COPIED_DAYS_AGO: Final = 9


class _Maker:
    """One made-up school being written, in one transaction."""

    def __init__(
        self, db: Session, paths: Paths, wanted: MadeUpSchool, calendar: SchoolCalendar, *, today: date, at: datetime
    ) -> None:
        self._db, self._wanted, self._calendar, self._today, self._at = db, wanted, calendar, today, at
        self._rng = Random(wanted.seed)  # noqa: S311  made-up children, not secrets
        self._words: Words = read_words(paths.resources)
        self._current = _september_of(today)

    def make(self) -> None:
        """Write everything."""
        first = self._current - self._wanted.years + 1
        children = make_pupils(
            self._rng, self._words, pupils=self._wanted.pupils, calendar=self._calendar, first=first,
            current=self._current,
        )  # fmt: skip
        tendencies = [draw_child(self._rng) for _ in children]
        lines = {
            year.first_day.year: self._lines_of(year, children, tendencies)
            for year in self._calendar.years
            if year.first_day.year <= self._current
        }
        this_year = self._days(self._calendar.years[-2])
        planted = plant_cases(self._rng, children, lines[self._current], Morning(this_year))
        lines[self._current] |= {index: bytearray(case.line) for index, case in planted.items()}
        self._leave_a_register_out(children, lines[self._current])
        self._write_settings()
        ids = self._write_children(children, planted)
        for year in self._calendar.years[:-1]:
            self._write_marks(year, lines[year.first_day.year], ids)
        write_journal(
            self._db, at=self._at, by=1, act="school_made_up", subject="school",
            details={"pupils": len(children), "seed": self._wanted.seed},
        )  # fmt: skip

    def _days(self, year: SchoolYear) -> tuple[date, ...]:
        return self._calendar.school_days_between(year.first_day, min(year.last_day, self._today))

    def _lines_of(
        self, year: SchoolYear, children: tuple[MadeUpPupil, ...], tendencies: list[Child]
    ) -> dict[int, bytearray]:
        september, days = year.first_day.year, self._days(year)
        whole_year = self._calendar.school_days_between(year.first_day, year.last_day)
        gaps = tuple(
            index for index, (day, after) in enumerate(pairwise(whole_year))
            if (after - day).days > 5
        ) or (len(whole_year) - 1,)  # fmt: skip
        trips = {intake: draw_trips(self._rng, len(whole_year)) for intake in range(september - 6, september + 1)}
        marked = 2 * len(days) - (1 if days and days[-1] == self._today else 0)
        found: dict[int, bytearray] = {}
        for index, child in enumerate(children):
            if september - 6 <= child.intake <= september:
                line = make_line(
                    self._rng, tendencies[index], days=len(whole_year), gaps=gaps, trips=trips[child.intake]
                )
                found[index] = line[:marked]
                if marked % 2 and found[index][-1] == ord("O"):
                    # Nobody has decided yet what this morning's absence without a word is.
                    found[index][-1] = ord("N")
        return found

    def _leave_a_register_out(self, children: tuple[MadeUpPupil, ...], lines: dict[int, bytearray]) -> None:
        missing = class_without_register(tuple(children[index] for index in lines))
        for index, line in lines.items():
            if children[index].facts.class_name == missing:
                line[-1] = NO_MARK

    def _write_settings(self) -> None:
        save_clock_times(self._db, replace(ClockTimes(), register_close=_REGISTER_CLOSE), at=self._at, by=1)
        classes = [name for year in name_classes(self._words, self._wanted.pupils) for name in year]
        for index, name in enumerate(classes):
            teacher = self._words.teachers[index % len(self._words.teachers)]
            set_setting(self._db, f"class.{name}.teacher", teacher, at=self._at, by=1)
        for agency in _AGENCIES:
            add_agency(self._db, agency)
        copied = self._today - timedelta(days=_COPIED_DAYS_AGO)
        note_duty_done(self._db, rule_id=REGISTER_COPY, done_on=copied, at=self._at, by=1)

    def _write_children(self, children: tuple[MadeUpPupil, ...], planted: dict[int, Planted]) -> dict[int, PupilId]:
        ids: dict[int, PupilId] = {}
        for index, plain in enumerate(children):
            case = planted.get(index)
            child = case.child if case is not None else plain
            ids[index] = add_pupil(self._db, child.facts, at=self._at, by=1)
            relations = self._write_contacts(child, ids[index])
            left_on = child.facts.left_on
            told = case.events if case is not None else leaver_events(left_on) if left_on is not None else ()
            for event, words in told:
                self._write_event(ids[index], event, words, relations)
        return ids

    def _write_contacts(self, child: MadeUpPupil, pupil_id: PupilId) -> dict[With, tuple[int, str]]:
        found: dict[With, tuple[int, str]] = {}
        for contact in child.contacts:
            contact_id = add_contact(self._db, pupil_id=pupil_id, facts=contact.facts)
            kind = "mobile" if contact.number.startswith("07") else "home"
            add_number(self._db, contact_id=contact_id, text=contact.number, kind=kind, quality=contact.quality)
            found.setdefault(contact.facts.relation, (contact_id, contact.number))
        return found

    def _write_event(self, pupil_id: PupilId, event: Event, words: str, relations: dict[With, tuple[int, str]]) -> None:
        contact = relations.get(event.with_) if event.with_ is not None else None
        happened = datetime.combine(event.on, event.at or time(12), LOCAL_ZONE)
        add_event(
            self._db, pupil_id=pupil_id, event=event, words=words, written_at=happened + timedelta(minutes=3),
            written_by=1, contact_id=contact[0] if contact else None, number_used=contact[1] if contact else "",
        )  # fmt: skip

    def _write_marks(self, year: SchoolYear, lines: dict[int, bytearray], ids: dict[int, PupilId]) -> None:
        numbers = [session_no(SchoolSession(day, half)) for day in self._days(year) for half in Half]
        batch = add_batch(self._db, kind="made_up", source=f"made-up school, {year.name}", at=self._at, by=1)
        write_marks(
            self._db,
            (mark for index, line in lines.items() for mark in _marks(numbers, line, ids[index])),
            batch_id=batch,
            reason="Made up",
            at=self._at,
            by=1,
        )


def _marks(numbers: list[int], line: bytearray, pupil_id: PupilId) -> Iterator[MarkTuple]:
    return (
        (number, pupil_id, _LETTER[symbol]) for number, symbol in zip(numbers, line, strict=False) if symbol != NO_MARK
    )


def _describe(calendar: SchoolCalendar, password: str, *, policies: tuple[str, ...]) -> NewSchool:
    return NewSchool(
        name="Larkfield Primary School", laestab=LAESTAB, urn="112500", years=calendar.years, user_name=_MANAGER,
        user_role=Role.OFFICE, password=password, address=("School Lane", "Larkfield", "DE4 3AG"),
        phone="01632 960100", email="office@larkfield.example", head=_HEAD, safeguarding_lead=_LEAD,
        authority_name="Derbyshire", authority_email="cme@derbyshire.example", authority_phone="01632 960110",
        policies=policies, records_begin=calendar.school_day_from(calendar.years[0].first_day),
    )  # fmt: skip


def _refuse_odd_size(wanted: MadeUpSchool) -> None:
    if not (_FEWEST <= wanted.pupils <= _MOST and 1 <= wanted.years <= _MOST_YEARS):
        raise BadInputError(
            "A school of this size can't be made up.",
            detail=f"It has {_FEWEST} to {_MOST} pupils and 1 to {_MOST_YEARS} years of marks.",
            remedy="Choose numbers within these.",
        )


def _september_of(day: date) -> int:
    return day.year if day >= date(day.year, 9, 1) else day.year - 1


_AGENCIES: Final = (
    AgencyFacts(kind=AgencyKind.SOCIAL_CARE, name="Derbyshire children’s social care", person="Duty social worker",
                phone="01632 960111", email="duty@derbyshire.example"),
    AgencyFacts(kind=AgencyKind.SOCIAL_CARE_OUT_OF_HOURS, name="Emergency duty team", phone="01632 960112"),
    AgencyFacts(kind=AgencyKind.EDUCATION_WELFARE, name="Education welfare service", person="Chris Vale",
                phone="01632 960113", email="welfare@derbyshire.example"),
    AgencyFacts(kind=AgencyKind.VIRTUAL_SCHOOL, name="Derbyshire virtual school", person="Dr Uma Reid",
                phone="01632 960114", email="virtual.school@derbyshire.example"),
    AgencyFacts(kind=AgencyKind.SOCIAL_WORKER, name="Children in care team", person="Lee Moss", phone="01632 960990"),
    AgencyFacts(kind=AgencyKind.AUTHORITY_HOME_EDUCATION, name="Elective home education", phone="01632 960115"),
    AgencyFacts(kind=AgencyKind.SCHOOL_NURSE, name="School nursing", person="Bel Ortiz", phone="01632 960116"),
)  # fmt: skip
