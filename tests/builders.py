"""Builders for tests of the policy: a record that states only what matters, on the test calendar of 2026/27."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from cme_desktop.domain.attendance import CODE_OF_LETTER, OUTSIDE_SYMBOL, UNKNOWN_SYMBOL, Half, SchoolSession
from cme_desktop.domain.calendar import SchoolCalendar, SchoolYear, Term
from cme_desktop.domain.contacts import Contact, Household
from cme_desktop.domain.events import Event, EventKind, With
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance, Pupil
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rule import Flag
from cme_desktop.policy.rulebook import PARAMETERS, Rulebook, load_rulebook

RESOURCES = Path(__file__).parent.parent / "resources"
BORN = date(2018, 5, 4)
CONTACTS = (Contact(With.MOTHER), Contact(With.GRANDMOTHER, Household.ELSEWHERE, order=2))

BANK_HOLIDAYS = frozenset({
    date(2026, 8, 31), date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29),
    date(2027, 5, 3), date(2027, 5, 31), date(2027, 8, 30), date(2027, 12, 27), date(2027, 12, 28),
})  # fmt: skip


@cache
def the_year() -> SchoolYear:
    """The school year 2026/27 of the worked cases: 190 days for pupils."""
    return SchoolYear(
        first_day=date(2026, 9, 1),
        last_day=date(2027, 7, 21),
        terms=(
            Term(date(2026, 9, 1), date(2026, 10, 23)),
            Term(date(2026, 11, 2), date(2026, 12, 18)),
            Term(date(2027, 1, 4), date(2027, 2, 12)),
            Term(date(2027, 2, 22), date(2027, 3, 25)),
            Term(date(2027, 4, 12), date(2027, 5, 28)),
            Term(date(2027, 6, 7), date(2027, 7, 21)),
        ),
        inset=frozenset({
            date(2026, 9, 1), date(2026, 9, 2), date(2026, 11, 2), date(2027, 1, 4), date(2027, 6, 7),
        }),
    )  # fmt: skip


@cache
def next_year() -> SchoolYear:
    """The first weeks of 2027/28, for what a new school year begins afresh."""
    return SchoolYear(
        first_day=date(2027, 9, 1),
        last_day=date(2027, 12, 17),
        terms=(Term(date(2027, 9, 1), date(2027, 10, 22)), Term(date(2027, 11, 1), date(2027, 12, 17))),
        inset=frozenset({date(2027, 9, 1)}),
    )


@cache
def a_calendar() -> SchoolCalendar:
    """The test calendar 2026/27."""
    return SchoolCalendar((the_year(),), BANK_HOLIDAYS)


@cache
def a_calendar_of_two_years() -> SchoolCalendar:
    """The test calendar with the autumn of 2027 after it."""
    return SchoolCalendar((the_year(), next_year()), BANK_HOLIDAYS)


@cache
def a_rulebook(*policies: str) -> Rulebook:
    """The rulebook with the supplied documents of the policies named; only the English rules where none is."""
    texts = {policy: (RESOURCES / "policies" / f"{policy}.toml").read_text("utf-8") for policy in policies}
    texts[PARAMETERS] = (RESOURCES / "parameters.toml").read_text("utf-8")
    return load_rulebook(texts, policies=policies)


def day(text: str, *, year: int | None = None) -> date:
    """Read a day of the school year 2026/27 such as ``14 Sep``; a month before August lies in 2027."""
    found = datetime.strptime(f"{text} 2000", "%d %b %Y").date()  # noqa: DTZ007 - a day, no time zone
    return found.replace(year=year or (2026 if found.month >= 8 else 2027))


def close_of(text: str | date, calendar: SchoolCalendar | None = None) -> Judgement:
    """Judge as at the close of a day."""
    on = text if isinstance(text, date) else day(text)
    return Judgement.close_of(on, calendar or a_calendar())


def at(text: str, clock: str, calendar: SchoolCalendar | None = None) -> Judgement:
    """Judge at a clock time of a day."""
    return Judgement(calendar or a_calendar(), datetime.combine(day(text), time.fromisoformat(clock)))


def a_line(marks: dict[str, str], judgement: Judgement, *, starting_day: date | None = None) -> bytes:
    """Write a register line: present, save for the marks named.

    A key is a day (``14 Sep``), a run of school days (``14 Sep..25 Sep``), with ``am`` or ``pm`` after it for one
    half; the value a code's letter, ``?`` for an unmarked session or ``.`` for one outside. Later keys win.
    """
    calendar = judgement.calendar
    line = [
        "." if starting_day and session.on < starting_day else ("/" if session.half is Half.AM else "\\")
        for session in calendar.sessions[: judgement.sessions_due()]
    ]
    for key, letter in marks.items():
        for session in _sessions(key, calendar):
            index = calendar.index_of(session)
            if index is not None and index < len(line):
                line[index] = letter if letter in {UNKNOWN_SYMBOL, OUTSIDE_SYMBOL} else CODE_OF_LETTER[letter].symbol
    return "".join(line).encode("ascii")


def _sessions(key: str, calendar: SchoolCalendar) -> tuple[SchoolSession, ...]:
    days, *half = key.rsplit(" ", 1) if key.endswith(("am", "pm")) else (key,)
    first, _, last = days.partition("..")
    halves = (Half(half[0]),) if half else tuple(Half)
    return tuple(
        SchoolSession(on, each)
        for on in calendar.school_days_between(day(first), day(last or first))
        for each in halves
    )


def an_event(kind: EventKind, on: str, clock: str | None = None, **facts: object) -> Event:
    """An event on a day, at a clock time where one is given."""
    return Event(kind, day(on), time.fromisoformat(clock) if clock else None, **facts)  # type: ignore[arg-type]


def a_record(
    marks: dict[str, str] | None = None,
    *,
    judged: Judgement,
    born: date | None = BORN,
    starting_day: date | None = date(2023, 9, 5),
    circumstances: tuple[Circumstance, ...] = (),
    events: tuple[Event, ...] = (),
    contacts: tuple[Contact, ...] = CONTACTS,
    left_on: date | None = None,
    line_begins_at_records: bool = False,
) -> PupilRecord:
    """A pupil's record as it stands when judged: present throughout, save for the marks named."""
    pupil = Pupil(
        PupilId(1),
        born,
        starting_day,
        circumstances=tuple(DatedCircumstance(name) for name in circumstances),
        left_on=left_on,
    )
    return PupilRecord(
        pupil,
        a_line(marks or {}, judged, starting_day=starting_day),
        contacts,
        tuple(event for event in events if event.moment <= judged.at),
        line_begins_at_records,
    )


def facts_of(record: PupilRecord, judged: Judgement) -> Facts:
    """The facts of a record when judged."""
    return Facts(record, Moment(judged))


def flags_of(record: PupilRecord, judged: Judgement, *policies: str) -> dict[str, Flag]:
    """The flags raised, by rule id."""
    flags = review_pupil(record, judged, a_rulebook(*policies))
    assert len({flag.rule_id for flag in flags}) == len(flags), "each rule raises one flag at most"
    return {flag.rule_id: flag for flag in flags}
