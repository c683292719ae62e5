"""The school's calendar: which sessions are held, and counting in each kind of day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.calendar import (
    Closure,
    Deadline,
    NoSchool,
    SchoolCalendar,
    SchoolYear,
    Term,
    add_calendar_months,
    monday_of,
)
from cme_desktop.domain.errors import CalendarError
from tests.builders import BANK_HOLIDAYS, a_calendar, a_calendar_of_two_years, day, the_year

days = st.dates(date(2026, 8, 1), date(2027, 8, 31))


def closed(*closures: Closure) -> SchoolCalendar:
    year = the_year()
    return SchoolCalendar((SchoolYear(year.first_day, year.last_day, year.terms, year.inset, closures),), BANK_HOLIDAYS)


def test_the_test_year_holds_190_days_and_380_sessions() -> None:
    calendar = a_calendar()

    assert len(calendar.school_days) == 190
    assert len(calendar.sessions) == 380
    assert calendar.count_school_days(the_year()) == 190
    assert calendar.school_days[0] == day("3 Sep")
    assert calendar.school_days[-1] == day("21 Jul")
    assert the_year().problems() == ()
    assert the_year().name == "2026/27"


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("12 Sep", NoSchool.WEEKEND),
        ("3 May", NoSchool.BANK_HOLIDAY),
        ("28 Oct", NoSchool.HOLIDAY),
        ("2 Nov", NoSchool.INSET),
        ("3 Sep", None),
    ],
)
def test_a_day_without_school_says_why(when: str, why: NoSchool | None) -> None:
    assert a_calendar().why_no_school(day(when)) is why


def test_a_day_outside_the_known_years_is_outside_the_calendar() -> None:
    assert a_calendar().why_no_school(date(2025, 9, 3)) is NoSchool.OUTSIDE_CALENDAR
    assert a_calendar().year_of(date(2025, 9, 3)) is None
    assert a_calendar().year_of(date(2027, 7, 22)) is None


def test_the_summer_belongs_to_the_year_before_while_the_next_is_known() -> None:
    calendar = a_calendar_of_two_years()

    year = calendar.year_of(date(2027, 8, 15))

    assert year is not None
    assert year.name == "2026/27"
    assert calendar.school_day_number(date(2027, 9, 2)) == 1
    assert calendar.school_day_number(date(2027, 8, 15)) is None


def test_a_closed_day_is_no_school_day_and_a_closed_half_leaves_one_session() -> None:
    calendar = closed(Closure(day("10 Dec")), Closure(day("11 Dec"), Half.PM))

    assert calendar.why_no_school(day("10 Dec")) is NoSchool.CLOSURE
    assert calendar.is_school_day(day("11 Dec"))
    assert calendar.holds(SchoolSession(day("11 Dec"), Half.AM))
    assert not calendar.holds(SchoolSession(day("11 Dec"), Half.PM))
    assert len(calendar.sessions) == 377


def test_two_closed_halves_close_the_day() -> None:
    calendar = closed(Closure(day("10 Dec"), Half.AM), Closure(day("10 Dec"), Half.PM))

    assert calendar.why_no_school(day("10 Dec")) is NoSchool.CLOSURE


@given(days, days)
def test_a_later_day_never_has_fewer_sessions_before_it(one: date, other: date) -> None:
    calendar = a_calendar()
    first, last = sorted((one, other))

    assert calendar.count_sessions_before(first) <= calendar.count_sessions_before(last)
    between = calendar.count_sessions_through(last) - calendar.count_sessions_before(first)
    assert between == 2 * len(calendar.school_days_between(first, last))


@given(days)
def test_each_day_is_a_school_day_or_says_why_not(when: date) -> None:
    calendar = a_calendar()

    in_year = the_year().first_day <= when <= the_year().last_day
    assert calendar.is_school_day(when) == (calendar.why_no_school(when) is None)
    assert (calendar.why_no_school(when) is NoSchool.OUTSIDE_CALENDAR) <= (not in_year)


@given(st.dates(date(2026, 9, 1), date(2027, 5, 1)), st.integers(1, 20))
def test_the_nth_school_day_after_a_day_has_n_school_days_up_to_it(when: date, count: int) -> None:
    calendar = a_calendar()

    found = calendar.school_day_after(when, count=count)

    assert calendar.is_school_day(found)
    assert calendar.count_school_days_after(when, through=found) == count


def test_a_deadline_past_the_calendar_is_refused_not_guessed() -> None:
    with pytest.raises(CalendarError, match="Enter the next school year's term dates"):
        a_calendar().school_day_after(day("20 Jul"), count=2)
    with pytest.raises(CalendarError):
        a_calendar().school_day_from(day("22 Jul"))


def test_the_fifth_school_day_skips_half_term_and_inset() -> None:
    assert a_calendar().school_day_after(day("22 Oct"), count=5) == day("6 Nov")


def test_the_week_ends_with_its_last_school_day() -> None:
    calendar = a_calendar()

    assert calendar.last_school_day_of_week(day("14 Sep")) == day("18 Sep")
    assert calendar.last_school_day_of_week(day("18 Sep")) == day("18 Sep")
    assert calendar.last_school_day_of_week(day("22 Mar")) == day("25 Mar")
    assert calendar.last_school_day_of_week(day("19 Sep")) == day("21 Sep")


def test_school_weeks_are_those_with_a_session() -> None:
    weeks = a_calendar().school_weeks

    assert weeks.index(monday_of(day("7 Dec"))) == 13
    assert weeks.index(monday_of(day("8 Feb"))) == 20
    assert monday_of(day("28 Oct")) not in weeks


def test_the_first_day_after_a_gap_passes_over_inset() -> None:
    calendar = a_calendar()

    firsts = [each for each in calendar.school_days if calendar.is_first_after_gap(each)]

    assert firsts == [day(each) for each in ("3 Sep", "3 Nov", "5 Jan", "22 Feb", "12 Apr", "8 Jun")]


def test_a_working_day_runs_through_holidays_and_not_through_bank_holidays() -> None:
    calendar = a_calendar()

    assert calendar.working_day_after(day("24 Dec"), count=1) == date(2026, 12, 29)
    assert calendar.working_day_after(day("26 Oct"), count=5) == day("2 Nov")


def test_school_days_before_and_terms() -> None:
    calendar = a_calendar()

    assert calendar.school_day_before(day("3 Nov")) == day("23 Oct")
    assert calendar.school_day_before(day("3 Sep")) is None
    assert calendar.school_day_from(day("24 Oct")) == day("3 Nov")
    assert calendar.term_of(day("28 Oct")) is None
    term = calendar.term_of(day("3 Nov"))
    assert term is not None
    assert term.last_day == day("18 Dec")
    assert calendar.count_school_days_after(day("3 Nov"), through=day("1 Nov")) == 0


def test_days_skipped_are_listed_with_their_reason() -> None:
    skipped = dict(a_calendar().days_skipped(day("23 Oct"), day("3 Nov")))

    assert skipped[day("24 Oct")] is NoSchool.WEEKEND
    assert skipped[day("26 Oct")] is NoSchool.HOLIDAY
    assert skipped[day("2 Nov")] is NoSchool.INSET
    assert len(skipped) == 10


@pytest.mark.parametrize(
    ("begun", "count", "ends"),
    [
        (date(2026, 11, 9), 1, date(2026, 12, 9)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 11, 9), 14, date(2028, 1, 9)),
    ],
)
def test_a_calendar_month_keeps_the_day_or_ends_with_the_month(begun: date, count: int, ends: date) -> None:
    assert add_calendar_months(begun, count=count) == ends


def test_a_deadline_lasts_to_the_close_of_its_day_or_to_its_clock_time() -> None:
    close, clock = Deadline(day("14 Sep")), Deadline(day("14 Sep"), time(11))
    noon = datetime.combine(day("14 Sep"), time(12))

    assert not close.is_overdue(noon)
    assert close.is_overdue(noon + timedelta(days=1))
    assert clock.is_overdue(noon)
    assert not clock.is_overdue(noon - timedelta(hours=2))
    assert min(close, clock, key=lambda each: each.sort_key) is clock


def test_wrong_dates_are_told_in_sentences() -> None:
    year = SchoolYear(
        date(2026, 9, 1),
        date(2027, 7, 21),
        (Term(date(2026, 9, 1), date(2026, 10, 23)), Term(date(2026, 10, 20), date(2027, 8, 1))),
        inset=frozenset({date(2026, 9, 5)}),
        closures=(Closure(date(2026, 8, 3)),),
    )

    problems = year.problems()

    assert len(problems) == 4
    assert any("begins before the one before it ends" in problem for problem in problems)
    assert SchoolYear(date(2027, 1, 1), date(2026, 1, 1), ()).problems() == (
        "The school year ends before it begins.",
        "There is no term. Enter the first and last day of each half term.",
    )
    backwards = SchoolYear(date(2026, 9, 1), date(2027, 7, 1), (Term(date(2026, 10, 1), date(2026, 9, 1)),))
    assert "ends before it begins" in backwards.problems()[0]


def test_working_days_are_counted_through_a_school_holiday_and_not_on_a_bank_holiday() -> None:
    calendar = a_calendar()

    assert calendar.count_working_days_after(day("18 Dec"), through=day("18 Dec")) == 0
    assert calendar.count_working_days_after(day("18 Dec"), through=day("28 Dec")) == 4
    assert calendar.count_working_days_after(day("18 Dec"), through=day("29 Dec")) == 5
    assert calendar.count_working_days_after(day("28 May"), through=day("31 May")) == 0


def test_two_terms_with_only_a_weekend_or_a_bank_holiday_between_them_have_no_gap() -> None:
    year = SchoolYear(
        first_day=date(2027, 4, 12),
        last_day=date(2027, 6, 25),
        terms=(
            Term(date(2027, 4, 12), date(2027, 4, 23)),
            Term(date(2027, 4, 26), date(2027, 4, 30)),
            Term(date(2027, 5, 4), date(2027, 5, 28)),
            Term(date(2027, 6, 7), date(2027, 6, 25)),
        ),
    )
    calendar = SchoolCalendar((year,), BANK_HOLIDAYS)

    firsts = [day for day in calendar.school_days if calendar.is_first_after_gap(day)]

    assert firsts == [date(2027, 4, 12), date(2027, 6, 7)]
