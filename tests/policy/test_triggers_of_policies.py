"""What a situation can't say of the policies' steps: years before this one, tasks that are joined, odd records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cme_desktop.domain.events import Destination, Event, EventKind, Form, Recipient
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance, YearGroup
from cme_desktop.policy.record import PupilRecord
from cme_desktop.policy.review import join_duties, review
from cme_desktop.policy.rule import Act, Severity
from cme_desktop.policy.school_policy import TriggerKind
from cme_desktop.policy.school_policy_text import read_school_policy
from cme_desktop.policy.triggers import TRIGGERS
from tests.builders import RESOURCES, a_calendar_of_two_years, a_record, a_rulebook, close_of, day, facts_of, flags_of


def test_a_return_in_an_earlier_school_year_asks_for_no_support_now() -> None:
    calendar = a_calendar_of_two_years()
    marks = {"14 Sep..25 Sep": "O"}
    events = (Event(EventKind.REFERRED, day("16 Sep")),)
    same_year, next_year = close_of("28 Sep", calendar), close_of(date(2027, 9, 10), calendar)

    then = flags_of(a_record(marks, judged=same_year, events=events), same_year, "all-saints")
    now = flags_of(a_record(marks, judged=next_year, events=events), next_year, "all-saints")

    assert "all-saints.reintegration" in then
    assert "all-saints.reintegration" not in now


def test_a_return_on_the_first_day_of_the_year_after_a_case_in_july_asks_for_support() -> None:
    calendar = a_calendar_of_two_years()
    judged = close_of(date(2027, 9, 2), calendar)
    record = a_record({"5 Jul..21 Jul": "O"}, judged=judged, events=(Event(EventKind.REFERRED, day("8 Jul")),))

    flag = flags_of(record, judged, "all-saints")["all-saints.reintegration"]

    assert flag.due is not None
    assert flag.due.on == date(2027, 9, 3)


def test_the_sessions_counted_begin_after_the_leave() -> None:
    judged = close_of("23 Nov")
    granted = Event(EventKind.LEAVE_GRANTED, day("1 Oct"), from_=day("12 Oct"), to=day("16 Oct"))
    record = a_record({"12 Oct..16 Oct": "C1", "19 Oct..23 Nov": "O"}, judged=judged, events=(granted,))

    finding = flags_of(record, judged, "randal-cremer")["randal-cremer.twenty-days-after-leave"].finding

    assert (finding.counted[0].on, len(finding.counted)) == (day("19 Oct"), 40)


def test_exactly_a_tenth_of_exactly_forty_sessions_is_where_persistent_absence_begins() -> None:
    judged = close_of("1 Oct")
    record = a_record({"7 Sep..8 Sep": "I", "1 Oct": "I"}, judged=judged)

    text = (RESOURCES / "policies" / "east-sussex.toml").read_bytes()
    policy = read_school_policy(text).policy
    assert policy is not None
    step = next(step for step in policy.steps if step.trigger is TriggerKind.PERSISTENTLY_ABSENT)

    found = TRIGGERS[step.trigger].find(facts_of(record, judged), step)

    assert found is not None
    assert found.since == day("30 Sep")


def test_without_granted_leave_the_whole_absence_is_counted() -> None:
    judged = close_of("9 Oct")
    refused = Event(EventKind.LEAVE_REFUSED, day("7 Sep"), from_=day("14 Sep"), to=day("25 Sep"))

    finding = flags_of(a_record({"14 Sep..9 Oct": "G"}, judged=judged, events=(refused,)), judged, "randal-cremer")[
        "randal-cremer.twenty-days-after-leave"
    ].finding

    assert (finding.counted[0].on, len(finding.counted)) == (day("14 Sep"), 40)


def test_a_silent_family_is_watched_since_the_second_attempt() -> None:
    judged = close_of("24 Nov")
    letter = Event(EventKind.HOME_EDUCATION_LETTER, day("10 Nov"), from_=day("16 Nov"))
    calls = [Event(EventKind.CONTACT_ATTEMPT, day(when)) for when in ("18 Nov", "20 Nov", "23 Nov")]

    flags = flags_of(a_record({}, judged=judged, events=(letter, *calls)), judged, "east-sussex")

    assert flags["east-sussex.persistent-absence"].finding.since == day("20 Nov")


def test_support_of_an_earlier_year_is_compared_within_that_year_and_after() -> None:
    calendar = a_calendar_of_two_years()
    judged = close_of(date(2027, 9, 10), calendar)
    events = (Event(EventKind.SUPPORT_AGREED, day("12 Jul")),)
    marks = {"7 Sep": "I", "14 Jul..16 Jul": "O"}

    flag = flags_of(a_record(marks, judged=judged, events=events), judged, "east-sussex")

    assert "absent for 6 of" in flag.get("east-sussex.support-referral").finding.sentence  # type: ignore[union-attr]


def test_a_pupil_who_leaves_in_the_summer_holiday_is_no_in_year_leaver_of_year_6() -> None:
    calendar = a_calendar_of_two_years()
    judged = close_of(date(2027, 8, 10), calendar)
    events = (Event(EventKind.REMOVED, date(2027, 8, 9), ground="m"),)

    def leaves(year: YearGroup) -> bool:
        record = a_record({}, judged=judged, events=events)
        pupil = replace(record.pupil, year_group=year)
        return "derbyshire.in-year-leaver" in flags_of(replace(record, pupil=pupil), judged, "derbyshire")

    assert not leaves(YearGroup.Y6)
    assert leaves(YearGroup.Y5)


def test_a_second_removal_is_judged_by_its_own_days() -> None:
    """A pupil who left, joined again and is to leave once more: the first form does not answer for the second."""
    judged = close_of("20 Nov")
    events = (
        Event(EventKind.REMOVED, day("18 Sep"), ground="a"),
        Event(EventKind.FORM_SENT, day("18 Sep"), form=Form.OFF_ROLL),
        Event(EventKind.JOINER_ENTERED, day("12 Oct")),
        Event(EventKind.REMOVAL_PROPOSED, day("19 Nov"), ground="a"),
    )

    flags = flags_of(a_record({}, judged=judged, events=events), judged, "east-sussex")
    before = flags_of(a_record({}, judged=close_of("13 Oct"), events=events[:3]), close_of("13 Oct"), "east-sussex")

    assert flags["east-sussex.off-roll-form"].due.on == day("19 Nov")  # type: ignore[union-attr]
    assert "east-sussex.off-roll-form" not in before


def test_a_removal_after_another_without_an_entry_between_begins_afresh() -> None:
    judged = close_of("20 Nov")
    events = (
        Event(EventKind.REMOVED, day("18 Sep"), ground="a"),
        Event(EventKind.FORM_SENT, day("18 Sep"), form=Form.OFF_ROLL),
        Event(EventKind.REMOVAL_PROPOSED, day("19 Nov"), ground="a"),
        Event(EventKind.REMOVED, day("20 Nov"), ground="a"),
    )

    flag = flags_of(a_record({}, judged=judged, events=events), judged, "east-sussex")["east-sussex.off-roll-form"]

    assert flag.due is not None
    assert flag.due.on == day("19 Nov")


def test_a_referral_that_names_nobody_tells_the_authority() -> None:
    judged = close_of("9 Oct")
    marks = {"7 Sep": "I", "5 Oct..6 Oct": "O"}
    agreed = Event(EventKind.SUPPORT_AGREED, day("25 Sep"))
    referred = Event(EventKind.REFERRED, day("9 Oct"))

    open_still = flags_of(a_record(marks, judged=judged, events=(agreed,)), judged, "east-sussex")
    referred_now = flags_of(a_record(marks, judged=judged, events=(agreed, referred)), judged, "east-sussex")

    assert "east-sussex.support-referral" in open_still
    assert "east-sussex.support-referral" not in referred_now


def test_two_policies_that_ask_for_the_same_call_are_one_task_that_cites_both() -> None:
    judged = close_of("14 Sep")
    record = a_record({"14 Sep": "N"}, judged=judged)

    tasks = join_duties(review((record,), judged, a_rulebook("randal-cremer", "aspire-academy")))

    (call,) = [task for task in tasks if task.duty.act is Act.CONTACT_FAMILY]
    assert {reference.policy_id for reference in call.references} == {"england", "randal-cremer", "aspire-academy"}
    assert call.due is not None
    assert call.due.on == day("14 Sep")


def test_the_earliest_deadline_wins_where_policies_disagree() -> None:
    """Police by day 3, Children's Services at once: a looked-after child waits for neither visit nor day 11."""
    judged = close_of("9 Nov")
    unaware = Event(EventKind.MISSING, day("9 Nov"))
    record = a_record({"9 Nov": "N"}, judged=judged, events=(unaware,), circumstances=(Circumstance.LOOKED_AFTER,))

    flags = flags_of(record, judged, "derbyshire", "aspire-academy")

    assert flags["derbyshire.welfare-concern"].severity is Severity.NOW
    assert flags["derbyshire.welfare-concern"].due == flags["aspire-academy.open-to-social-care"].due
    assert flags["derbyshire.referral-by-day-11"].severity is Severity.THIS_WEEK


def test_what_the_family_is_asked_about_a_move_is_not_joined_with_what_it_is_asked_about_illness() -> None:
    judged = close_of("25 Sep")
    leaving = Event(EventKind.LEAVING, day("25 Sep"), destination=Destination.ABROAD)
    record = a_record({"14 Sep..25 Sep": "I"}, judged=judged, events=(leaving,))

    tasks = join_duties(review((record,), judged, a_rulebook("derbyshire")))

    asked = [task.duty.what for task in tasks if task.duty.act is Act.ASK]
    assert len(asked) == 2
    assert any("forwarding address" in what for what in asked)


def test_word_to_the_officer_is_not_word_to_the_police() -> None:
    judged = close_of("24 Nov")
    events = (
        Event(EventKind.START_AGREED, day("17 Nov"), meeting_on=day("23 Nov")),
        Event(EventKind.HOME_VISIT, day("23 Nov")),
        Event(EventKind.TOLD, day("24 Nov"), who=Recipient.AUTHORITY_CME),
    )
    told = (*events, Event(EventKind.TOLD, day("24 Nov"), who=Recipient.POLICE))
    marks = {"23 Nov..24 Nov": "N"}

    waits = flags_of(a_record(marks, judged=judged, events=events), judged, "east-sussex")
    settled = flags_of(a_record(marks, judged=judged, events=told), judged, "east-sussex")

    assert "east-sussex.did-not-start" in waits
    assert "east-sussex.did-not-start" not in settled


def test_an_order_that_is_dated_among_the_circumstances_counts_from_its_day() -> None:
    judged = close_of("9 Nov")
    undated = a_record({}, judged=judged, circumstances=(Circumstance.ATTENDANCE_ORDER,))
    held = DatedCircumstance(Circumstance.ATTENDANCE_ORDER, from_day=day("4 Nov"))
    dated = replace(undated, pupil=replace(undated.pupil, circumstances=(held,)))

    def due(record: PupilRecord) -> date | None:
        flag = flags_of(record, judged, "east-sussex")["east-sussex.pre-admission-meeting"]
        return flag.due.on if flag.due else None

    assert due(dated) == day("6 Nov")
    assert due(undated) == day("4 Sep")


def test_a_pupil_expected_under_an_order_and_never_put_on_the_roll_is_not_forgotten() -> None:
    """The start was agreed and nobody entered the starting day: there is no mark at all."""
    judged = close_of("24 Nov")
    agreed = Event(EventKind.START_AGREED, day("17 Nov"), meeting_on=day("23 Nov"))
    record = a_record({"3 Sep..24 Nov": "."}, judged=judged, starting_day=None, events=(agreed,))

    flag = flags_of(record, judged, "east-sussex")["east-sussex.did-not-start"]

    assert flag.due is not None
    assert flag.due.on == day("23 Nov")
