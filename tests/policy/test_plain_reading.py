"""The counts of the law, read a second time in the plainest way there is, agree with the rulebook on any register.

Nothing here is shared with the program but the calendar: sessions are walked one by one, letter by letter, as the
columns of the code table say. Slow, and easy to check against the text.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cme_desktop.domain.attendance import CODE_OF_LETTER, SchoolSession
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, With
from tests.builders import a_calendar, a_record, close_of, flags_of

ATTENDED = {"/", "\\", "L", "U", "K", "V", "P", "W", "B"}
ABSENT = {"G", "N", "O", "I", "C", "C1", "C2", "E", "J1", "M", "R", "S", "T"}
SKIPPED = {"Y4", "Z", "#"}
LETTERS = sorted(CODE_OF_LETTER)
OFTEN = ["O"] * 60 + ["N"] * 8 + ["G"] * 8 + ["I"] * 12 + ["Y4", "U", "/"]
WITHOUT_END = ["O"] * 12 + ["N", "G", "Y4", "#"]

READ_HERE = {
    "england.attendance-return",
    "england.twenty-days",
    "england.unresolved-n",
    "england.persistent-absence",
    "england.severe-absence",
    "england.not-seen",
    "aspire-academy.ten-days-absent",
    "aspire-academy.day-1-contact",
    "aspire-academy.day-2-visit",
    "aspire-academy.day-3-second-visit",
    "aspire-academy.day-3-police",
}

Marks = dict[SchoolSession, str]
Found = dict[str, date | None]
"""Rule by rule, the day it is due; None where it has none."""


def school_days() -> tuple[date, ...]:
    return a_calendar().school_days


def day_after(day: date, count: int) -> date:
    return [each for each in school_days() if each > day][count - 1]


def run_at_end(marks: Marks, keeps: set[str]) -> list[SchoolSession]:
    run: list[SchoolSession] = []
    for session in sorted(marks, reverse=True):
        if marks[session] in keeps:
            run.insert(0, session)
        elif marks[session] not in SKIPPED:
            break
    return run


def lasting_absence(marks: Marks) -> list[SchoolSession]:
    absence: list[SchoolSession] = []
    for session in sorted(marks, reverse=True):
        if marks[session] in ATTENDED:
            break
        if marks[session] in ABSENT:
            absence.insert(0, session)
    return absence


def first_monday_of_ten_weeks(on: date) -> date:
    weeks = sorted({day - timedelta(days=day.weekday()) for day in school_days() if day <= on})
    return weeks[-10:][0]


def counts(marks: Marks, on: date) -> Found:
    """What the runs, the totals and the shares ask for."""
    found: Found = {}
    for rule, needed, keeps in (
        ("england.attendance-return", 20, {"G", "N", "O", "U"}),
        ("england.twenty-days", 40, {"G", "N", "O"}),
    ):
        run = run_at_end(marks, keeps)
        if len(run) >= needed:
            found[rule] = run[needed - 1].on
    unresolved = [session.on for session in sorted(marks) if marks[session] == "N" and session.on < on]
    if unresolved:
        found["england.unresolved-n"] = day_after(unresolved[0], 5)
    possible = [letter for letter in marks.values() if letter in ATTENDED | ABSENT]
    absent = [letter for letter in possible if letter in ABSENT or letter == "U"]
    if len(possible) >= 40 and 10 * len(absent) >= len(possible):
        found["england.persistent-absence"] = None
    if len(possible) >= 40 and 2 * len(absent) >= len(possible):
        found["england.severe-absence"] = None
    seen = [session.on for session in marks if marks[session] in ATTENDED]
    unseen = [day for day in school_days() if (not seen or day > max(seen)) and day <= on]
    if len(unseen) >= 10:
        found["england.not-seen"] = unseen[9]
    absence = sorted({session.on for session in lasting_absence(marks)})
    if len(absence) >= 10:
        found["aspire-academy.ten-days-absent"] = absence[9]
    return found


def is_penalty_reached(marks: Marks, on: date) -> bool:
    begins = first_monday_of_ten_weeks(on)
    return sum(letter in {"G", "O", "U", "N"} for session, letter in marks.items() if session.on >= begins) >= 10


def ladder(marks: Marks, calls: dict[date, AttemptOutcome]) -> Found:
    """What the ladder asks for of a child nobody has visited: days since contact, a reason good for its day."""
    absence = lasting_absence(marks)
    days = sorted({session.on for session in absence})
    attended = [session for session in marks if marks[session] in ATTENDED]
    after = datetime.combine(max(attended).on, time.max if max(attended).half == "pm" else time(9, 30))
    reached = [day for day in calls if days and day >= days[0] and datetime.combine(day, time.max) > after]

    def is_unexplained(day: date) -> bool:
        explained = calls.get(day) is AttemptOutcome.EXPLAINED or any(
            calls[each] is AttemptOutcome.EXPLAINED for each in reached if each >= day
        )
        return not explained and any(session.on == day and marks[session] in {"N", "O"} for session in absence)

    no_reason = [session.on for session in absence if marks[session] in {"N", "O"}]
    begins = next((day for day in no_reason if not reached or day > max(reached)), None)
    rungs = [day for day in days if begins is not None and day >= begins]
    if not days or not is_unexplained(days[-1]):
        return {}
    steps = {"day-1-contact": 1, "day-2-visit": 2, "day-3-second-visit": 3, "day-3-police": 3}
    asked = {name: next(filter(is_unexplained, rungs[n - 1 :]), None) for name, n in steps.items()}
    return {f"aspire-academy.{name}": day for name, day in asked.items() if day is not None}


@st.composite
def registers(draw: st.DrawFn) -> tuple[Marks, date]:
    """A register of up to 60 school days, most of it present or absent in long stretches, and the day judged."""
    sessions = a_calendar().sessions
    length = draw(st.integers(20, 120))
    marks = {session: "/" if session.half == "am" else "\\" for session in sessions[:length]}
    first = draw(st.integers(max(1, length - 60), length - 1))
    letters = draw(
        st.lists(
            st.sampled_from(draw(st.sampled_from([OFTEN, WITHOUT_END, LETTERS]))),
            min_size=length - first,
            max_size=length - first,
        )
    )
    marks |= dict(zip(sessions[first:length], letters, strict=False))
    on = sessions[length - 1].on
    return {session: letter for session, letter in marks.items() if session.on <= on}, on


@settings(max_examples=200, deadline=None)
@given(registers(), st.dictionaries(st.integers(0, 12), st.sampled_from(AttemptOutcome), max_size=3))
def test_the_plainest_reading_finds_the_same(register: tuple[Marks, date], answers: dict[int, AttemptOutcome]) -> None:
    marks, on = register
    whole_days = {session: marks.get(session, "\\") for session in a_calendar().sessions if session.on <= on}
    contact = {AttemptOutcome.EXPLAINED, AttemptOutcome.ANSWERED_NO_REASON, AttemptOutcome.REFUSED}
    past = [day for day in school_days() if day <= on]
    calls = {past[-1 - ago]: outcome for ago, outcome in answers.items() if outcome in contact and ago < len(past)}
    events = tuple(
        Event(EventKind.CONTACT_ATTEMPT, day, with_=With.MOTHER, outcome=outcome)
        for day, outcome in sorted(calls.items())
    )
    judged = close_of(on)
    line = "".join(CODE_OF_LETTER[whole_days[session]].symbol for session in sorted(whole_days)).encode("ascii")
    record = replace(a_record(judged=judged, events=events), line=line)

    flags = flags_of(record, judged, "aspire-academy")

    expected = counts(whole_days, on) | ladder(whole_days, calls)
    found = {rule: flag.due.on if flag.due else None for rule, flag in flags.items() if rule in READ_HERE}
    assert found == expected
    assert ("england.penalty-threshold" in flags) == is_penalty_reached(whole_days, on)
