"""A policy that is adopted in mid-year asks nothing of those who came or went before, and is late for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cme_desktop.domain.events import Destination, Event, EventKind
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance, YearGroup
from cme_desktop.policy.record import Judgement, SchoolRecord
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rule import Flag
from cme_desktop.policy.why_not import why_not
from tests.builders import a_calendar, a_calendar_of_two_years, a_record, a_rulebook, an_event, day

JOINER, LEAVER = "derbyshire.in-year-joiner", "derbyshire.in-year-leaver"
OFF_ROLL = "east-sussex.off-roll-form"
GROUP = "all-saints.vulnerable-groups"
MONDAY = day("9 Nov")


def at_school(on: str | date, *, adopted: date | None = MONDAY, policy: str = "derbyshire") -> Judgement:
    """A judgement of a school that has had the policy since a day; None where that is not known."""
    school = SchoolRecord(records_begin=day("3 Sep"), adopted=((policy, adopted),) if adopted else ())
    return Judgement.close_of(on if isinstance(on, date) else day(on), a_calendar(), school=school)


def flags(judged: Judgement, policy: str = "derbyshire", **facts: object) -> dict[str, Flag]:
    record = a_record(judged=judged, **facts)  # type: ignore[arg-type]
    return {flag.rule_id: flag for flag in review_pupil(record, judged, a_rulebook(policy))}


def why(rule: str, judged: Judgement, policy: str = "derbyshire", **facts: object) -> str:
    record = a_record(judged=judged, **facts)  # type: ignore[arg-type]
    return next(one.words for one in why_not(record, judged, a_rulebook(policy)) if one.rule_id == rule)


# -- coming ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("starts", "is_asked"), [("6 Nov", False), ("9 Nov", True), ("10 Nov", True)])
def test_who_came_before_the_policy_was_adopted_is_not_asked_about(starts: str, is_asked: bool) -> None:  # noqa: FBT001
    assert (JOINER in flags(at_school("10 Nov"), starting_day=day(starts))) is is_asked


def test_an_entry_written_down_before_the_policy_was_adopted_is_not_asked_about() -> None:
    entered = {when: (an_event(EventKind.JOINER_ENTERED, when),) for when in ("6 Nov", "9 Nov")}

    assert JOINER not in flags(at_school("10 Nov"), starting_day=day("6 Nov"), events=entered["6 Nov"])
    assert JOINER in flags(at_school("10 Nov"), starting_day=day("9 Nov"), events=entered["9 Nov"])


def test_it_is_said_that_the_policy_came_later() -> None:
    assert why(JOINER, at_school("10 Nov"), starting_day=day("6 Nov")) == (
        "On roll since 6 November 2026, before the policy was adopted on 9 November 2026."
    )


def test_where_the_day_is_not_known_the_records_beginning_counts() -> None:
    judged = at_school("10 Nov", adopted=None)

    assert JOINER in flags(judged, starting_day=day("4 Sep"))
    assert JOINER not in flags(judged, starting_day=day("2 Sep"))
    assert why(JOINER, judged, starting_day=day("2 Sep")) == (
        "On roll since 2 September 2026, before the records begin: later starting days are asked about."
    )


def test_where_the_policy_was_adopted_before_the_records_begin_their_beginning_is_said() -> None:
    judged = at_school("10 Nov", adopted=day("2 Sep"))

    for starts in ("1 Sep", "2 Sep"):
        said = why(JOINER, judged, starting_day=day(starts))
        assert said.startswith(f"On roll since {int(starts[0])} September 2026, before the ")
        assert ("policy was adopted" in said) is (starts == "1 Sep")


def test_a_reception_class_that_has_moved_up_did_not_join_in_mid_year() -> None:
    """Who began in reception on the first day of last school year is in year 1 now."""
    judged = Judgement.close_of(day("6 Oct", year=2027), a_calendar_of_two_years())
    record = a_record(judged=judged, starting_day=day("3 Sep"), born=date(2022, 3, 4))
    moved_up = replace(record, pupil=replace(record.pupil, year_group=YearGroup.Y1))
    joined = replace(record, pupil=replace(record.pupil, year_group=YearGroup.Y2))

    asked = [
        [flag.rule_id for flag in review_pupil(one, judged, a_rulebook("derbyshire"))] for one in (moved_up, joined)
    ]

    assert JOINER not in asked[0]
    assert JOINER in asked[1]


# -- going -----------------------------------------------------------------------------------------------------


def left(on: str) -> tuple[Event, ...]:
    return (an_event(EventKind.LEAVING, "2 Nov", destination=Destination.KNOWN, leaving_on=day(on)),)


@pytest.mark.parametrize(("last_day", "is_asked"), [("6 Nov", False), ("9 Nov", True), ("10 Nov", True)])
def test_who_left_before_the_policy_was_adopted_is_not_asked_about(last_day: str, is_asked: bool) -> None:  # noqa: FBT001
    assert (LEAVER in flags(at_school("10 Nov"), events=left(last_day))) is is_asked


@pytest.mark.parametrize(("removed_on", "is_asked"), [("6 Nov", False), ("9 Nov", True)])
def test_a_name_that_was_gone_before_has_no_form_any_more(removed_on: str, is_asked: bool) -> None:  # noqa: FBT001
    events = (an_event(EventKind.REMOVED, removed_on, ground="a"),)
    judged = at_school("10 Nov", policy="east-sussex")

    assert (OFF_ROLL in flags(judged, "east-sussex", events=events)) is is_asked
    if not is_asked:
        assert why(OFF_ROLL, judged, "east-sussex", events=events) == (
            "Removed before the policy was adopted on 9 November 2026."
        )
        assert "england.deletion-return" in flags(judged, "east-sussex", events=events), "the law asks all the same"


def test_a_removal_that_was_proposed_before_and_is_still_to_come_needs_its_form() -> None:
    events = (an_event(EventKind.REMOVAL_PROPOSED, "5 Nov", ground="a"),)

    assert OFF_ROLL in flags(at_school("10 Nov", policy="east-sussex"), "east-sussex", events=events)


# -- late for nothing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "due_on"), [("all-saints.ten-days-unexplained", "9 Nov"), ("all-saints.prolonged-or-repeated", "13 Nov")]
)
def test_no_deadline_lies_before_the_policy(rule: str, due_on: str) -> None:
    marks = {"12 Oct..6 Nov": "O", "9 Nov..10 Nov": "O", "7 Sep..9 Sep": "I"}
    before = flags(at_school("10 Nov", adopted=None, policy="all-saints"), "all-saints", marks=marks)[rule]
    after = flags(at_school("10 Nov", policy="all-saints"), "all-saints", marks=marks)[rule]

    assert before.due is not None
    assert after.due is not None
    assert before.due.on <= day("6 Nov")
    assert after.due.on == day(due_on)
    assert before.overdue
    assert after.finding == before.finding


# -- watched ---------------------------------------------------------------------------------------------------


def test_a_watched_group_is_the_same_flag_each_day() -> None:
    found = [
        flags(at_school(on, policy="all-saints"), "all-saints", circumstances=(Circumstance.SEN_SUPPORT,))[GROUP]
        for on in ("9 Nov", "10 Nov")
    ]

    assert found[0].finding == found[1].finding
    assert found[0].finding.since == day("3 Sep"), "the first school day, no day being known"


def test_a_watched_group_counts_from_the_first_day_that_is_known() -> None:
    judged = at_school("10 Nov", policy="all-saints")
    record = a_record(judged=judged)
    held = (
        DatedCircumstance(Circumstance.SEN_SUPPORT, day("15 Sep")),
        DatedCircumstance(Circumstance.DISADVANTAGED, day("5 Oct")),
        DatedCircumstance(Circumstance.EHC_PLAN, day("3 Sep"), day("10 Sep")),
    )
    watched = replace(record, pupil=replace(record.pupil, circumstances=held))

    raised = {flag.rule_id: flag for flag in review_pupil(watched, judged, a_rulebook("all-saints"))}

    assert raised[GROUP].finding.since == day("15 Sep")
