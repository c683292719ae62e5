"""The monthly copy of the registers: from which day the next is counted, and which school day it falls due on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.record import Judgement, SchoolRecord
from cme_desktop.policy.rule import Flag
from cme_desktop.policy.rules.register_copy import REGISTER_COPY, RegisterCopyRule
from tests.builders import a_calendar, a_rulebook

DAY = timedelta(days=1)


def the_rule() -> RegisterCopyRule:
    (rule,) = (each for each in a_rulebook().school_rules if isinstance(each, RegisterCopyRule))
    return rule


def judged(on: date, *done: tuple[str, date], begin: date | None = None) -> Flag | None:
    calendar: SchoolCalendar = a_calendar()
    school = SchoolRecord(last_done=done, records_begin=begin)
    return the_rule().judge_school(Moment(Judgement.close_of(on, calendar, school=school)))


def due_of(flag: Flag | None) -> date | None:
    return None if flag is None or flag.due is None else flag.due.on


def test_the_last_of_several_copies_counts_and_another_duty_never() -> None:
    done = (
        (REGISTER_COPY, date(2026, 9, 14)),
        (REGISTER_COPY, date(2026, 11, 3)),
        ("other.review", date(2026, 11, 24)),
    )

    assert judged(date(2026, 12, 2), *done) is None
    flag = judged(date(2026, 12, 3), *done)
    assert due_of(flag) == date(2026, 12, 3)
    assert flag is not None
    assert flag.policy_version == 1
    assert "the last copy was made on 3 November 2026" in flag.finding.sentence


def test_a_copy_made_today_counts_and_one_that_is_to_come_does_not() -> None:
    old, on = (REGISTER_COPY, date(2026, 9, 14)), date(2026, 11, 10)

    assert judged(on, old, (REGISTER_COPY, on)) is None
    assert due_of(judged(on, old, (REGISTER_COPY, on + DAY))) == date(2026, 10, 14)


def test_without_a_copy_it_is_counted_from_the_day_the_records_began() -> None:
    assert judged(date(2026, 10, 6), begin=date(2026, 9, 7)) is None
    flag = judged(date(2026, 10, 7), begin=date(2026, 9, 7))
    assert due_of(flag) == date(2026, 10, 7)
    assert flag is not None
    assert "no copy was made yet" in flag.finding.sentence
    assert judged(date(2026, 10, 7)) is None


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2026, 9, 28), date(2026, 10, 23)),  # a month on lies in the half term: the last school day before
        (date(2027, 7, 20), date(2027, 7, 21)),  # of the last day of the year
        (date(2027, 7, 21), date(2027, 8, 21)),  # after the last school day that is known: so many months on
        (date(2026, 7, 1), date(2026, 9, 3)),  # a month on lies before the first school day: that day
        (date(2026, 8, 3), date(2026, 9, 3)),  # a month on is the first school day
    ],
)
def test_it_falls_due_on_a_school_day_no_later_where_there_is_one(last: date, due: date) -> None:
    assert judged(due - DAY, (REGISTER_COPY, last)) is None
    assert due_of(judged(due, (REGISTER_COPY, last))) == due
