"""Counts that the law's rules rest on, at their edges: the window, the share, the run and what it passes over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.policy.found import events_after, events_from
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.record import Judgement
from cme_desktop.policy.rule import Flag, Severity
from cme_desktop.policy.rules import RULES
from tests.builders import (
    a_calendar,
    a_calendar_of_two_years,
    a_record,
    a_rulebook,
    an_event,
    at,
    close_of,
    day,
    facts_of,
    flags_of,
)


def flags_on(when: str | Judgement, marks: dict[str, str], *events: Event, **facts: object) -> dict[str, Flag]:
    judged = close_of(when) if isinstance(when, str) else when
    return flags_of(a_record(marks, judged=judged, events=events, **facts), judged)  # type: ignore[arg-type]


def due_on(flag: Flag) -> date | None:
    return None if flag.due is None else flag.due.on


# -- the penalty threshold -----------------------------------------------------------------------------------------

PENALTY = "england.penalty-threshold"


def test_the_very_first_session_counts_where_no_date_of_birth_is_known() -> None:
    marks = {"3 Sep..9 Sep": "O"}

    assert PENALTY not in flags_on(at("9 Sep", "09:40"), marks, born=None)
    assert len(flags_on("9 Sep", marks, born=None)[PENALTY].finding.counted) == 10


def test_the_threshold_is_due_five_school_days_after_it_was_reached() -> None:
    marks = {"14 Sep..18 Sep": "O", "13 Oct": "O"}

    reached = flags_on("18 Sep", marks)[PENALTY]
    later = flags_on("16 Oct", marks)[PENALTY]

    assert due_on(reached) == due_on(later) == day("25 Sep")


def test_a_first_session_on_the_windows_monday_is_still_within_it() -> None:
    # ten school weeks: 7 September to 20 November, half term between
    marks = {"7 Sep am": "O", "7 Oct..8 Oct": "O", "16 Nov..17 Nov": "O", "18 Nov am": "O", "19 Nov am": "O"}

    assert due_on(flags_on("20 Nov", marks)[PENALTY]) == day("25 Nov")
    assert due_on(flags_on("19 Nov", marks)[PENALTY]) == day("25 Nov")
    assert PENALTY not in flags_on("23 Nov", {**marks, "19 Nov am": "/", "7 Sep pm": "O"})


def test_a_count_that_broke_off_is_reached_anew() -> None:
    marks = {"7 Sep..11 Sep": "O", "30 Nov..4 Dec": "O"}

    assert due_on(flags_on("4 Dec", marks)[PENALTY]) == day("11 Dec")


# -- shares ----------------------------------------------------------------------------------------------------------


def test_a_share_just_below_a_tenth_is_below_it() -> None:
    # 202 sessions possible on the 101st school day: 20 missed are 9.9 %, 21 are more than 10 %
    on = a_calendar().school_days[100]
    ten_days = {"14 Sep..25 Sep": "I"}

    assert "england.persistent-absence" not in flags_on(Judgement.close_of(on, a_calendar()), ten_days)
    more = {**ten_days, "28 Sep am": "I"}
    assert "england.persistent-absence" in flags_on(Judgement.close_of(on, a_calendar()), more)


# -- the register ----------------------------------------------------------------------------------------------------


def test_unmarked_sessions_are_counted_from_the_first() -> None:
    one = flags_on("8 Sep", {"7 Sep pm": "?"})["england.register-not-taken"]
    more = flags_on("8 Sep", {"4 Sep am": "?", "7 Sep": "?"})["england.register-not-taken"]

    assert one.finding.sentence == "1 session has no mark, on 7 September 2026."
    assert more.finding.sentence == "3 sessions have no mark, the first on 4 September 2026."
    assert (due_on(one), due_on(more)) == (day("7 Sep"), day("4 Sep"))


def test_an_n_of_the_first_session_of_all_is_unresolved_the_day_after() -> None:
    marks = {"3 Sep am": "N", "4 Sep am": "N", "7 Sep am": "N"}

    assert "england.unresolved-n" not in flags_on("3 Sep", marks)
    found = flags_on("7 Sep", marks)["england.unresolved-n"]
    assert found.finding.sentence.startswith("2 sessions still N, the first on 3 September 2026")
    assert due_on(found) == day("10 Sep")
    assert [flags_on(each, marks)["england.unresolved-n"].severity for each in ("9 Sep", "10 Sep", "11 Sep")] == [
        Severity.THIS_WEEK,
        Severity.TODAY,
        Severity.TODAY,
    ]


# -- a run and what it passes over -------------------------------------------------------------------------------------


def test_what_a_run_passes_over_is_told_in_the_order_of_the_days() -> None:
    found = flags_on("6 Nov", {"12 Oct..6 Nov": "O", "14 Oct": "Y4", "4 Nov": "Y4"})["england.attendance-return"]

    skipped = [each for each, _ in found.finding.skipped]
    assert skipped == sorted(skipped)
    assert skipped[0] == day("14 Oct")
    assert skipped[-1] == day("4 Nov")
    assert found.finding.since == day("12 Oct")


def test_a_count_is_since_its_first_session() -> None:
    found = flags_on("7 Oct", {"14 Sep..18 Sep": "U", "5 Oct": "U"})["england.persistent-absence"]

    assert found.finding.since == day("14 Sep")


# -- the moment ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "first", "end"),
    [
        (date(2026, 8, 31), 0, 0),
        (date(2026, 9, 1), 0, 380),
        (date(2027, 8, 31), 0, 380),
        (date(2027, 9, 1), 380, 524),
        (date(2027, 12, 31), 380, 524),
    ],
)
def test_a_school_year_begins_with_its_first_day(on: date, first: int, end: int) -> None:
    moment = Moment(Judgement.close_of(on, a_calendar_of_two_years()))

    assert (moment.year_first, moment.year_end) == (first, end)


def test_days_skipped_are_weekdays_from_monday_to_friday() -> None:
    moment = Moment(close_of("4 Nov"))

    assert [each for each, _ in moment.skipped(day("23 Oct"), day("3 Nov"))] == [
        day(each) for each in ("26 Oct", "27 Oct", "28 Oct", "29 Oct", "30 Oct", "2 Nov")
    ]


# -- events, rules and numbers -----------------------------------------------------------------------------------------


def test_events_from_a_day_and_after_an_event() -> None:
    events = tuple(an_event(EventKind.REVIEW_HELD, each) for each in ("7 Sep", "8 Sep", "9 Sep"))
    facts = facts_of(a_record(judged=close_of("9 Sep"), events=events), close_of("9 Sep"))

    assert events_from(facts, day("8 Sep")) == events[1:]
    assert events_after(facts, events[0]) == events[1:]
    assert events_after(facts, events[2]) == ()


def test_a_rule_holds_from_its_first_day_to_its_last() -> None:
    rule = replace(RULES[0], in_force_from=day("7 Sep"), in_force_to=day("9 Sep"))

    assert [rule.is_in_force(day(f"{number} Sep")) for number in range(6, 11)] == [False, True, True, True, False]
    assert replace(rule, in_force_to=None).is_in_force(day("10 Sep"))


def test_the_laws_own_number_is_not_looser_than_the_law() -> None:
    parameters = a_rulebook().parameters.by_name
    more = next(each for each in parameters.values() if each.stricter != "fewer")
    fewer = next(each for each in parameters.values() if each.stricter == "fewer" and each.values)
    on = date(2026, 10, 1)

    for parameter, looser in ((more, -1), (fewer, 1)):
        least = parameter.value_on(on).value
        parameter.refuse_looser(least, on=on)
        parameter.refuse_looser(least - looser, on=on)
        with pytest.raises(RefusedError):
            parameter.refuse_looser(least + looser, on=on)


def test_a_switch_turned_on_twice_is_on_from_the_earlier_day() -> None:
    name = "england.children-not-in-school.switched-on"
    names = [each for each, parameter in a_rulebook().parameters.by_name.items() if parameter.unit == "switch"]
    name = name if name in names else names[0]
    later = a_rulebook().parameters.switched_on(name, since=date(2027, 1, 1))

    both = later.switched_on(name, since=date(2026, 10, 1))

    assert [both.value_on(name, each) for each in (date(2026, 9, 30), date(2026, 10, 1), date(2027, 2, 1))] == [0, 1, 1]
    again = later.switched_on(name, since=date(2027, 1, 1))
    assert [again.value_on(name, each) for each in (date(2026, 12, 31), date(2027, 1, 1))] == [0, 1]
