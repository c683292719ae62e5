"""The calendar at its edges: the first day and the last, the day before and the day after."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from cme_desktop.domain.attendance import Half
from cme_desktop.domain.calendar import (
    Closure,
    Deadline,
    NoSchool,
    SchoolCalendar,
    SchoolYear,
    Term,
    add_calendar_months,
)
from cme_desktop.domain.errors import CalendarError
from tests.builders import BANK_HOLIDAYS, a_calendar, a_calendar_of_two_years, day, next_year, the_year


def a_year(first: date, last: date, *terms: tuple[date, date], inset: frozenset[date] = frozenset()) -> SchoolYear:
    return SchoolYear(first, last, tuple(Term(*term) for term in terms), inset)


# -- dates as the school entered them ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "is_told"),
    [
        (date(2000, 9, 1), date(2001, 7, 20), False),
        (date(1999, 9, 1), date(2000, 7, 20), True),
        (date(2099, 9, 1), date(2100, 7, 20), False),
        (date(2100, 9, 1), date(2101, 7, 20), True),
        (date(1926, 9, 1), date(1927, 7, 20), True),
        (date(2126, 9, 1), date(2127, 7, 20), True),
    ],
)
def test_a_year_with_a_wrong_century_is_told(first: date, last: date, *, is_told: bool) -> None:
    problems = a_year(first, last, (first, last)).problems()

    assert any("Check the dates" in problem for problem in problems) is is_told


OUTSIDE_ANY_TERM = frozenset({date(2026, 12, 25)})
"""An INSET day on a weekday in no term: told wherever days of terms are counted."""


@pytest.mark.parametrize(("days", "is_told"), [(399, False), (400, False), (401, True)])
def test_a_year_longer_than_a_year_is_told_and_its_days_are_not_counted(days: int, *, is_told: bool) -> None:
    first = date(2026, 8, 20)
    year = a_year(first, first + timedelta(days=days), (day("3 Sep"), day("18 Dec")), inset=OUTSIDE_ANY_TERM)

    problems = year.problems()

    assert ("The school year is longer than a year. Check its first and its last day." in problems) is is_told
    assert any("INSET" in problem for problem in problems) is not is_told


@pytest.mark.parametrize(("terms", "is_told"), [(59, False), (60, False), (61, True)])
def test_more_terms_than_a_year_can_hold_are_told_and_their_days_not_counted(terms: int, *, is_told: bool) -> None:
    each = [date(2026, 9, 1) + timedelta(days=number) for number in range(terms)]
    year = a_year(day("1 Sep"), day("21 Jul"), *((one, one) for one in each), inset=OUTSIDE_ANY_TERM)

    problems = year.problems()

    assert ("There are more terms than a year can hold: up to 60 are read." in problems) is is_told
    assert any("INSET" in problem for problem in problems) is not is_told


@pytest.mark.parametrize("term", [(date(2026, 8, 31), date(2026, 12, 18)), (date(2026, 9, 1), date(2027, 7, 22))])
def test_a_day_of_a_term_that_lies_outside_the_year_lies_in_no_term(term: tuple[date, date]) -> None:
    year = a_year(day("1 Sep"), day("21 Jul"), term, inset=frozenset({date(2026, 9, 7)}))

    assert year.problems()[1:] == (
        "Monday 07/09/2026 is entered as an INSET day, but it lies in no term or on a weekend.",
    )  # fmt: skip


def test_a_year_and_a_term_of_one_day_are_no_problem() -> None:
    assert a_year(day("3 Sep"), day("3 Sep"), (day("3 Sep"), day("3 Sep"))).problems() == ()


def test_a_term_may_begin_and_end_with_the_year_and_not_a_day_beyond() -> None:
    within = a_year(day("1 Sep"), day("21 Jul"), (day("1 Sep"), day("21 Jul")))
    early = a_year(day("1 Sep"), day("21 Jul"), (day("31 Aug", year=2026), day("21 Jul")))
    late = a_year(day("1 Sep"), day("21 Jul"), (day("1 Sep"), day("22 Jul")))

    assert within.problems() == ()
    assert early.problems() == ("The term from 31/08/2026 lies outside the school year.",)
    assert late.problems() == ("The term from 01/09/2026 lies outside the school year.",)


def test_a_term_may_begin_the_day_after_another_and_not_on_its_last_day() -> None:
    first = (day("1 Sep"), day("23 Oct"))

    assert a_year(day("1 Sep"), day("21 Jul"), first, (day("24 Oct"), day("18 Dec"))).problems() == ()
    assert a_year(day("1 Sep"), day("21 Jul"), first, (day("23 Oct"), day("18 Dec"))).problems() == (
        "The term from 23/10/2026 begins before the one before it ends.",
    )


def test_wrong_inset_days_are_told_in_the_order_of_the_year() -> None:
    wrong = [day(each) for each in ("28 Oct", "27 Oct", "29 Oct", "26 Oct", "12 Sep", "13 Sep", "19 Sep")]
    terms = [(term.first_day, term.last_day) for term in the_year().terms]
    year = a_year(day("1 Sep"), day("21 Jul"), *terms, inset=frozenset(wrong))

    told = [problem.split()[1] for problem in year.problems()]

    assert told == [f"{each:%d/%m/%Y}" for each in sorted(wrong)]


# -- why there is no school ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("22 Jul", NoSchool.OUTSIDE_CALENDAR),
        ("23 Jul", NoSchool.OUTSIDE_CALENDAR),
        ("24 Jul", NoSchool.WEEKEND),
        ("25 Jul", NoSchool.WEEKEND),
        ("26 Jul", NoSchool.OUTSIDE_CALENDAR),
    ],
)
def test_after_the_last_day_known_a_weekend_is_a_weekend_still(when: str, why: NoSchool) -> None:
    assert a_calendar().why_no_school(day(when)) is why


def test_a_holiday_stays_a_holiday_though_half_of_it_is_entered_as_closed() -> None:
    year = SchoolYear(day("1 Sep"), day("21 Jul"), the_year().terms, closures=(Closure(day("28 Oct"), Half.AM),))

    assert SchoolCalendar((year,), BANK_HOLIDAYS).why_no_school(day("28 Oct")) is NoSchool.HOLIDAY


# -- years and terms -------------------------------------------------------------------------------------------------


def test_a_year_holds_its_first_day_and_its_last() -> None:
    calendar = a_calendar()

    assert calendar.year_of(day("31 Aug", year=2026)) is None
    assert calendar.year_of(day("1 Sep")) is the_year()
    assert calendar.year_of(day("21 Jul")) is the_year()
    assert calendar.year_of(day("22 Jul")) is None


def test_a_term_holds_its_first_day_and_its_last() -> None:
    calendar = a_calendar()

    assert [calendar.term_of(day(each)) is not None for each in ("1 Nov", "2 Nov", "18 Dec", "19 Dec")] == [
        False,
        True,
        True,
        False,
    ]


def test_school_days_are_numbered_and_counted_by_year() -> None:
    year = a_year(day("3 Sep"), day("16 Oct"), (day("3 Sep"), day("16 Oct")))
    calendar = SchoolCalendar((year,), BANK_HOLIDAYS)
    two_years = a_calendar_of_two_years()

    assert calendar.school_day_number(day("3 Sep")) == 1
    assert calendar.school_day_number(day("4 Sep")) == 2
    assert calendar.count_school_days(year) == 32
    assert two_years.count_school_days(next_year()) == 72
    assert two_years.count_school_days(the_year()) == 190
    assert calendar.school_day_number(day("5 Sep")) is None


def test_a_term_of_inset_days_only_has_no_first_day_back() -> None:
    inset = frozenset({day("2 Nov"), day("3 Nov")})
    year = a_year(
        day("1 Sep"),
        day("11 Dec"),
        (day("1 Sep"), day("23 Oct")),
        (day("2 Nov"), day("3 Nov")),
        (day("16 Nov"), day("11 Dec")),
        inset=inset,
    )
    calendar = SchoolCalendar((year,), BANK_HOLIDAYS)

    assert [each for each in calendar.school_days if calendar.is_first_after_gap(each)] == [day("1 Sep"), day("16 Nov")]
    ends_so = SchoolCalendar((a_year(day("1 Sep"), day("3 Nov"), *_terms_of(year)[:2], inset=inset),), BANK_HOLIDAYS)
    assert [each for each in ends_so.school_days if ends_so.is_first_after_gap(each)] == [day("1 Sep")]


def _terms_of(year: SchoolYear) -> tuple[tuple[date, date], ...]:
    return tuple((term.first_day, term.last_day) for term in year.terms)


def test_a_term_of_one_day_begins_with_it() -> None:
    year = a_year(day("1 Sep"), day("9 Nov"), (day("1 Sep"), day("23 Oct")), (day("9 Nov"), day("9 Nov")))
    calendar = SchoolCalendar((year,), BANK_HOLIDAYS)

    assert calendar.is_first_after_gap(day("9 Nov"))


# -- weeks and days --------------------------------------------------------------------------------------------------


def test_the_first_week_ends_with_its_only_day_and_before_it_with_the_first_school_day() -> None:
    year = a_year(day("4 Sep"), day("23 Oct"), (day("4 Sep"), day("23 Oct")))
    calendar = SchoolCalendar((year,), BANK_HOLIDAYS)

    assert calendar.last_school_day_of_week(day("4 Sep")) == day("4 Sep")
    assert calendar.last_school_day_of_week(day("3 Sep")) == day("4 Sep")
    assert calendar.last_school_day_of_week(day("28 Aug", year=2026)) == day("4 Sep")
    with pytest.raises(CalendarError):
        calendar.last_school_day_of_week(day("24 Oct"))


def test_the_day_before_the_second_is_the_first() -> None:
    calendar = a_calendar()

    assert calendar.school_day_before(day("4 Sep")) == day("3 Sep")
    assert calendar.school_day_before(day("3 Sep")) is None


def test_the_last_day_known_is_a_deadline_and_the_one_after_is_refused() -> None:
    calendar = a_calendar()

    assert calendar.school_day_from(day("21 Jul")) == day("21 Jul")
    assert calendar.school_day_after(day("20 Jul"), count=1) == day("21 Jul")
    with pytest.raises(CalendarError):
        calendar.school_day_after(day("21 Jul"), count=1)


def test_the_29th_to_the_31st_become_the_last_of_february() -> None:
    for last in (29, 30, 31):
        assert add_calendar_months(date(2028, 1, last), count=1) == date(2028, 2, 29)
        assert add_calendar_months(date(2027, 1, last), count=1) == date(2027, 2, 28)


def test_at_its_clock_time_a_deadline_is_not_yet_overdue() -> None:
    eleven = Deadline(day("14 Sep"), time(11))

    assert not eleven.is_overdue(datetime.combine(day("14 Sep"), time(11)))
    assert eleven.is_overdue(datetime.combine(day("14 Sep"), time(11, 0, 1)))
    assert eleven.is_overdue(datetime.combine(day("15 Sep"), time(9)))
    assert not eleven.is_overdue(datetime.combine(day("13 Sep"), time(12)))
