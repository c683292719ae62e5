"""The first day back after a holiday: who is absent, who is accounted for, and what nobody knows yet."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cme_desktop.casework.lives.book import load_life_file, load_lives
from cme_desktop.casework.lives.leave_decision import admit_leave_afterwards
from cme_desktop.casework.lives.life import Life, LifeFile, LifeRow, StepState
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_contact_attempt
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, With
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.rule import Severity
from tests.office import AISHA, CALLUM, IMANI, LUCJA, TOMASZ, add_event_to, add_marks, an_office, at, calendar_of

BACK = date(2026, 11, 3)
"""The Tuesday after half term: the Monday is an INSET day."""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


def on(office: Office, day: date, hour: int = 9, minute: int = 40) -> Office:
    return at(office, datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC))


def rows(office: Office) -> dict[str, LifeRow]:
    return {row.name: row for row in load_lives(office).rows[Life.FIRST_DAY_BACK]}


def file_of(office: Office, key: str) -> LifeFile:
    return load_life_file(office, book=load_lives(office), life=Life.FIRST_DAY_BACK, key=key)


def note(office: Office) -> str:
    return load_lives(office).notes[Life.FIRST_DAY_BACK]


def absent_since(office: Office, *pupils: PupilId, code: str = "N") -> None:
    for pupil_id in pupils:
        add_marks(office, pupil_id, code, BACK, date(2026, 11, 10))


def test_everybody_absent_on_the_first_day_back_is_listed_those_at_greater_risk_first(office: Office) -> None:
    absent_since(office, CALLUM, IMANI, LUCJA, TOMASZ)

    found = rows(on(office, BACK))

    assert next(iter(found)) == "Imani Okafor"
    assert set(found) == {"Imani Okafor", "Callum Birtles", "Łucja Wiśniewska", "Tomasz Wiśniewski"}
    assert {row.severity for row in found.values()} == {Severity.NOW}
    assert found["Imani Okafor"].when == "ring first"
    assert found["Tomasz Wiśniewski"].detail == "No leave asked for; brother or sister absent too"


def test_half_term_and_its_inset_day_make_one_first_day_back_and_a_bank_holiday_none(office: Office) -> None:
    calendar = calendar_of(office)

    assert not calendar.is_first_after_gap(date(2026, 11, 2))
    assert calendar.is_first_after_gap(BACK)
    assert "Tue 3 Nov. The next one is Tue 5 Jan." in note(on(office, BACK))
    assert "Thu 3 Sep" in note(on(office, date(2026, 10, 23)))


def test_leave_granted_stands_beside_the_child_and_asks_for_no_call(office: Office) -> None:
    absent_since(office, CALLUM, AISHA, code="C")
    granted = Event(EventKind.LEAVE_GRANTED, date(2026, 10, 6), from_=BACK, to=date(2026, 11, 13))
    refused = Event(EventKind.LEAVE_REFUSED, date(2026, 10, 6), from_=BACK, to=date(2026, 11, 13))
    asked = Event(EventKind.LEAVE_REQUESTED, date(2026, 10, 5), from_=BACK, to=date(2026, 11, 13))
    add_event_to(office, CALLUM, granted)
    add_event_to(office, AISHA, asked)
    add_event_to(office, AISHA, refused)

    found = rows(on(office, BACK))

    assert found["Callum Birtles"].detail == "Leave granted to Fri 13 Nov"
    assert (found["Callum Birtles"].severity, found["Callum Birtles"].when) == (None, "granted")
    assert found["Aisha Rahman"].detail.startswith("Leave refused")
    assert found["Aisha Rahman"].severity is Severity.TODAY


def test_a_register_not_taken_is_a_class_of_which_nobody_knows(tmp_path: Path) -> None:
    office = an_office(tmp_path, now=datetime(2026, 11, 10, 9, 40, tzinfo=UTC))
    back = date(2027, 1, 5)
    for pupil in (1, 3, 4, 5, 6, 7):  # Oak, without Tomasz, who is in Beech
        add_marks(office, PupilId(pupil), "N" if pupil == CALLUM else "/", back, half=Half.AM)
    morning = on(office, back)

    found = rows(morning)

    assert found["Beech"].pupil_id is None
    assert "nobody knows who is in" in found["Beech"].detail
    assert "Callum Birtles" in found
    assert "Ondřej Novák" not in found
    assert file_of(morning, found["Beech"].key).acts == ("register",)


def test_a_child_left_out_of_a_register_that_was_taken_is_neither_here_nor_away(office: Office) -> None:
    back = date(2027, 1, 5)
    for pupil in range(1, 13):
        if pupil != CALLUM:
            add_marks(office, PupilId(pupil), "/", back, half=Half.AM)

    found = rows(on(office, back))

    assert list(found) == ["Callum Birtles"]
    assert found["Callum Birtles"].detail == "No mark: left out of the register"


def test_before_the_registers_close_nobody_is_called_absent(office: Office) -> None:
    absent_since(office, CALLUM)
    early = on(office, BACK, 8, 30)

    assert rows(early) == {}
    assert "registers count from" in note(early)


@pytest.mark.parametrize(
    ("outcome", "is_settled"),
    [
        (AttemptOutcome.ANSWERED_NO_REASON, True),
        (AttemptOutcome.NO_ANSWER, False),
        (AttemptOutcome.LEFT_MESSAGE, False),
    ],
)
def test_only_somebody_reached_accounts_for_a_child(
    office: Office, outcome: AttemptOutcome, *, is_settled: bool
) -> None:
    absent_since(office, LUCJA, TOMASZ)
    morning = on(office, BACK)

    record_contact_attempt(morning, pupils=(LUCJA, TOMASZ), contact_id=None, outcome=outcome, with_=With.MOTHER)

    severities = {row.severity for row in rows(morning).values()}
    assert severities == ({None} if is_settled else {Severity.NOW})
    assert {row.when for row in rows(morning).values()} == ({"reached Tue 3 Nov"} if is_settled else {"tried"})


def test_the_list_stays_until_everyone_is_accounted_for(office: Office) -> None:
    absent_since(office, CALLUM)
    add_marks(office, AISHA, "N", BACK)

    assert set(rows(office)) == {"Callum Birtles", "Aisha Rahman"}
    assert rows(office)["Aisha Rahman"].when == "in Wed 4 Nov"
    record_contact_attempt(
        office, pupils=(CALLUM,), contact_id=None, outcome=AttemptOutcome.ANSWERED_NO_REASON, with_=With.MOTHER
    )

    assert rows(office) == {}
    assert "The next one is Tue 5 Jan." in note(office)


@pytest.mark.parametrize(
    ("day", "state"),
    [(BACK, StepState.DUE), (date(2026, 11, 4), StepState.LATE), (date(2026, 11, 10), StepState.LATE)],
)
def test_reaching_the_family_is_due_on_the_day_itself_and_late_from_the_next(
    office: Office, day: date, state: StepState
) -> None:
    absent_since(office, CALLUM)
    that_day = on(office, day)

    steps = {step.text: step.state for step in file_of(that_day, rows(that_day)["Callum Birtles"].key).steps}

    assert steps["Family reached"] is state


def test_leave_admitted_on_the_telephone_stands_on_the_line(office: Office) -> None:
    absent_since(office, CALLUM)

    admit_leave_afterwards(
        office, pupils=(CALLUM,), on=date(2026, 11, 10), by="Mother", first=BACK, last=date(2026, 11, 13), words="Spain"
    )

    assert rows(office)["Callum Birtles"].detail == "Leave told afterwards: Tue 3 Nov to Fri 13 Nov"


def test_without_a_policy_that_asks_the_list_is_there_all_the_same(tmp_path: Path) -> None:
    office = an_office(tmp_path, policies=False)
    absent_since(office, CALLUM)

    assert rows(on(office, BACK))["Callum Birtles"].severity is Severity.TODAY
