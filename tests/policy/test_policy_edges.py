"""Steps of a policy, a leaving and what ends one, at their edges: the day, the order and the record that decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.events import (
    AttemptOutcome,
    Destination,
    Event,
    EventKind,
    Form,
    Method,
    Recipient,
    With,
)
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance
from cme_desktop.policy.departure import Departure
from cme_desktop.policy.endings import IN_PEACE, death_in, peace_until
from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.policy_rules import citing, rules_of
from cme_desktop.policy.record import Judgement, SchoolRecord
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rulebook import make_rulebook
from cme_desktop.policy.rules import RULES
from cme_desktop.policy.school_policy import CitedRule, DueKind, TriggerKind
from cme_desktop.policy.triggers import TRIGGERS, limb_of
from tests.builders import (
    a_calendar,
    a_calendar_of_two_years,
    a_record,
    an_event,
    close_of,
    day,
    facts_of,
)
from tests.policy.test_policy_changes import LAW, a_policy
from tests.policy.test_steps_to_the_day import NUMBERS, a_step, called, facts_on, found, since, visit

K = EventKind
HERE: dict[str, str] = {}


def leaving(on: str, to: Destination | None = Destination.UNKNOWN, **facts: Any) -> Event:
    return an_event(K.LEAVING, on, destination=to, **facts)


# -- leaving -------------------------------------------------------------------------------------------------------

LEAVER = a_step(TriggerKind.IN_YEAR_LEAVER)
TO_GO = a_step(TriggerKind.NAME_TO_BE_REMOVED)


def test_who_gave_up_the_place_before_coming_is_no_leaver() -> None:
    given_up = leaving("10 Sep", leaving_on=day("11 Sep"))

    assert since(LEAVER, "12 Oct", HERE, given_up) == day("11 Sep")
    assert since(LEAVER, "12 Oct", HERE, given_up, starting_day=day("1 Oct"), left_on=day("11 Sep")) is None


def test_a_removal_that_was_given_up_begins_no_later_one() -> None:
    first, then = (an_event(K.REMOVAL_PROPOSED, each, ground="a") for each in ("5 Oct", "12 Oct"))

    assert since(TO_GO, "16 Oct", HERE, first, then) == day("5 Oct")
    assert since(TO_GO, "16 Oct", HERE, first, an_event(K.REMOVAL_UNDONE, "6 Oct"), then) == day("12 Oct")


def test_what_was_sent_since_the_plan_may_answer_a_removal_though_another_plan_is_made_later() -> None:
    form = an_event(K.FORM_SENT, "3 Oct", form=Form.OFF_ROLL)
    proposed = an_event(K.REMOVAL_PROPOSED, "5 Oct", ground="a")

    answer = found(TO_GO, "23 Oct", HERE, leaving("2 Oct"), form, proposed, leaving("20 Oct"))

    assert answer is not None
    assert form in answer.answers


def test_what_was_sent_before_the_last_plan_answers_no_leaving_by_it() -> None:
    form = an_event(K.FORM_SENT, "3 Oct", form=Form.OFF_ROLL)
    last = leaving("8 Oct", leaving_on=day("9 Oct"))

    answer = found(LEAVER, "23 Oct", HERE, leaving("2 Oct"), form, last)

    assert answer is not None
    assert answer.answers == (last,)


def test_a_meeting_that_was_held_on_a_day_gone_by_has_been_arranged() -> None:
    step = a_step(TriggerKind.MEETING_NOT_ARRANGED)
    order = an_event(K.ORDER_MADE, "1 Oct")
    booked, held = (an_event(kind, "2 Oct", meeting_on=day("8 Oct")) for kind in (K.MEETING_BOOKED, K.MEETING_HELD))

    assert since(step, "12 Oct", HERE, order, booked) == day("9 Oct")
    assert since(step, "12 Oct", HERE, order, booked, replace(held, on=day("8 Oct"))) is None


# -- leave and part time -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", ["16 Oct", "17 Oct", "18 Oct"])
def test_the_fifth_school_day_after_leave_is_counted_at_the_weekend_too(on: str) -> None:
    step = a_step(TriggerKind.LEAVE_OVERRUN, numbers={"n": 5})
    granted = an_event(K.LEAVE_GRANTED, "1 Oct", from_=day("5 Oct"), to=day("9 Oct"))

    assert since(step, on, {"5 Oct..9 Oct": "C1", "12 Oct..16 Oct": "O"}, granted) == day("16 Oct")


def test_a_refusal_without_a_last_day_touches_an_absence_of_one_day() -> None:
    step = a_step(TriggerKind.LEAVE_OVERRUN, numbers={"n": 1})
    refused = an_event(K.LEAVE_REFUSED, "5 Oct", from_=day("12 Oct"))

    assert since(step, "12 Oct", {"12 Oct": "O"}, refused) == day("12 Oct")


def test_the_sessions_of_a_timetable_that_is_agreed_for_longer_are_counted() -> None:
    agreed = an_event(K.PART_TIME_AGREED, "2 Nov", until=day("30 Nov"))

    answer = found(a_step(TriggerKind.PART_TIME), "10 Nov", {"9 Nov pm": "C2"}, agreed)

    assert answer is not None
    assert len(answer.counted) == 1


def test_code_c2_of_late_is_part_time_though_next_year_is_entered_in_the_calendar() -> None:
    judged = close_of("10 Nov", a_calendar_of_two_years())

    assert since(a_step(TriggerKind.PART_TIME), judged, {"9 Nov pm": "C2"}) == day("9 Nov")


# -- deadlines -----------------------------------------------------------------------------------------------------


def test_hours_that_end_on_the_day_a_policy_was_adopted_end_at_their_hour() -> None:
    step = a_step(TriggerKind.CHILD_FOUND, due=DueKind.HOURS, hours=3)
    came = an_event(K.FOUND, "8 Oct", "09:00")
    school = SchoolRecord(adopted=(("oak-tree", day("8 Oct")),))
    judged = Judgement.close_of(day("8 Oct"), a_calendar(), school=school)

    raised = limb_of(step)(facts_on(judged, HERE, came), NUMBERS)

    assert raised is not None
    assert raised.due == Deadline(day("8 Oct"), time(12))


def test_an_absence_that_has_its_day_is_due_no_earlier_than_the_whereabouts_became_unknown() -> None:
    """Absent for ten days to Friday 25 September, and reported missing on the Saturday."""
    step = a_step(TriggerKind.ABSENT_WHEREABOUTS_UNKNOWN, numbers={"n": 10, "by_day": 10})

    answer = found(step, "26 Sep", {"14 Sep..25 Sep": "O"}, an_event(K.MISSING, "26 Sep", "11:00"))

    assert answer is not None
    assert (answer.since, answer.last_day) == (day("26 Sep"), day("26 Sep"))


# -- groups and shares ---------------------------------------------------------------------------------------------


def test_a_pupil_is_in_a_group_since_its_own_day_and_not_another_group_s() -> None:
    step = a_step(TriggerKind.IN_GROUP, who=("young_carer",))
    judged = close_of("12 Oct")
    record = a_record(judged=judged)
    circumstances = (
        DatedCircumstance(Circumstance.LOOKED_AFTER, day("7 Sep")),
        DatedCircumstance(Circumstance.YOUNG_CARER, day("5 Oct")),
    )
    record = replace(record, pupil=replace(record.pupil, circumstances=circumstances))

    answer = TRIGGERS[step.trigger].find(facts_of(record, judged), step)

    assert answer is not None
    assert answer.since == day("5 Oct")


def test_attendance_has_fallen_since_the_first_session_missed_after_support_was_agreed() -> None:
    step = a_step(TriggerKind.ATTENDANCE_FALLING, numbers={"sessions": 10})
    agreed = an_event(K.SUPPORT_AGREED, "18 Sep")

    assert since(step, "9 Oct", {"22 Sep pm": "O", "29 Sep am": "O"}, agreed) == day("22 Sep")


def test_ten_of_a_hundred_and_one_sessions_are_less_than_a_tenth() -> None:
    """The tenth absence is the 101st possible session, on Friday 20 November; the eleventh is on the Monday."""
    step = a_step(TriggerKind.PERSISTENTLY_ABSENT, numbers={"percent": 10, "possible": 40})
    marks = {"3 Sep am": "X", "7 Sep..10 Sep": "I", "11 Sep am": "I", "20 Nov pm": "I", "23 Nov am": "I"}

    assert since(step, "23 Nov", marks) == day("23 Nov")


# -- whereabouts and enquiries -------------------------------------------------------------------------------------

AWAY = {"14 Sep..25 Sep": "O"}


def test_joint_enquiries_alone_are_the_first_enquiries_on_their_own_day() -> None:
    step = a_step(TriggerKind.ENQUIRIES_TRIED)
    events = (an_event(K.JOINT_ENQUIRIES, "16 Sep"), an_event(K.SUPPORT_AGREED, "17 Sep"))

    assert since(step, "18 Sep", {"14 Sep..18 Sep": "O"}, *events, contacts=()) == day("16 Sep")


def test_a_contact_rung_only_later_was_not_tried_before() -> None:
    """All else was tried on Tuesday; the grandmother is the last to be rung, on Thursday."""
    step = a_step(TriggerKind.ENQUIRIES_TRIED)
    no_answer = AttemptOutcome.NO_ANSWER
    letter = called("15 Sep", no_answer, "09:40", method=Method.LETTER)
    recorded = an_event(K.ENQUIRY_RECORDED, "15 Sep", "12:00", about="E4", choice="done")
    friend = called("15 Sep", AttemptOutcome.ANSWERED_NO_REASON, "13:00", with_=With.FRIEND)
    last = called("17 Sep", no_answer, "09:20", with_=With.GRANDMOTHER)
    events = (an_event(K.MISSING, "14 Sep"), called("15 Sep", no_answer), letter, visit("15 Sep"), recorded, friend)

    assert since(step, "16 Sep", {"14 Sep..16 Sep": "O"}, *events) is None
    assert since(step, "18 Sep", {"14 Sep..18 Sep": "O"}, *events, last) == day("17 Sep")


def test_what_was_told_before_an_absence_began_answers_nothing_of_it() -> None:
    step = a_step(TriggerKind.WHEREABOUTS_UNKNOWN)
    told = an_event(K.TOLD, "12 Sep", who=Recipient.SOCIAL_CARE)
    missing = an_event(K.MISSING, "15 Sep", "11:00")

    answer = found(step, "18 Sep", AWAY, told, missing)

    assert answer is not None
    assert answer.answers == (missing,)


EPISODES = a_step(TriggerKind.MISSING_EPISODES, numbers={"episodes": 2, "days": 90})


def test_an_episode_does_not_answer_itself() -> None:
    first, last = an_event(K.MISSING, "7 Sep", "11:00"), an_event(K.MISSING, "14 Sep", "11:00")
    told = an_event(K.TOLD, "15 Sep", who=Recipient.SOCIAL_CARE)

    answer = found(EPISODES, "18 Sep", {"14 Sep..18 Sep": "O"}, first, an_event(K.FOUND, "8 Sep"), last, told)

    assert answer is not None
    assert answer.answers == (told,)


def test_a_second_report_of_a_child_still_missing_begins_no_episode_whatever_was_before_the_first() -> None:
    three = replace(EPISODES, numbers={"episodes": 3, "days": 90})
    reports = tuple(an_event(K.MISSING, each, "11:00") for each in ("7 Sep", "14 Sep", "16 Sep"))

    assert since(three, "18 Sep", {"7 Sep": "O", "14 Sep..18 Sep": "O"}, *reports) is None
    assert since(EPISODES, "18 Sep", {"7 Sep": "O", "14 Sep..18 Sep": "O"}, *reports) == day("14 Sep")


def test_one_session_attended_between_two_reports_parts_them() -> None:
    reports = tuple(an_event(K.MISSING, each, "11:00") for each in ("14 Sep", "16 Sep"))

    assert since(EPISODES, "18 Sep", {"14 Sep..18 Sep": "O"}, *reports) is None
    assert since(EPISODES, "18 Sep", {"14 Sep..18 Sep": "O", "15 Sep am": "/"}, *reports) == day("16 Sep")


# -- what ends a leaving, and a question ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "planned",
    [
        an_event(K.HOME_EDUCATION_LETTER, "5 Oct", from_=day("19 Oct")),
        an_event(K.AUTHORITY_CONSENT, "5 Oct"),
        an_event(K.FORWARDING_ADDRESS, "5 Oct", school=True),
        an_event(K.ARRIVAL_CONFIRMED, "5 Oct"),
        an_event(K.PROTECTION_FILE_RECEIVED, "5 Oct"),
        an_event(K.FORM_SENT, "5 Oct", form=Form.SR2A),
    ],
)
def test_of_a_leaving_that_is_called_off_nothing_that_follows_from_it_stands(planned: Event) -> None:
    off = an_event(K.LEAVING_CALLED_OFF, "7 Oct")

    assert facts_on("12 Oct", HERE, planned).events == (planned,)
    assert facts_on("12 Oct", HERE, planned, off).events == (off,)


def test_of_two_leavings_called_off_neither_stands() -> None:
    first, second = (an_event(K.LEAVING_CALLED_OFF, each) for each in ("6 Oct", "9 Oct"))

    assert facts_on("12 Oct", HERE, leaving("5 Oct"), first, leaving("8 Oct"), second).events == (first, second)


def test_a_death_that_is_written_down_twice_was_on_the_first_day() -> None:
    assert death_in((an_event(K.DIED, "5 Oct"), an_event(K.DIED, "9 Oct"))) == day("5 Oct")


@pytest.mark.parametrize(
    "later",
    [
        an_event(K.DECISION, "10 Nov", about="england.deletion-return", choice="known"),
        an_event(K.PART_TIME_AGREED, "10 Nov", until=day("11 Nov")),
    ],
)
def test_nothing_else_that_is_decided_or_agreed_ends_a_family_s_peace(later: Event) -> None:
    peace = an_event(K.DECISION, "2 Nov", about=IN_PEACE, until=day("18 Dec"))

    assert peace_until((an_event(K.DIED, "2 Nov"), peace, later), on=day("17 Nov")) == day("18 Dec")


# -- a departure ---------------------------------------------------------------------------------------------------


def departure(when: str, *events: Event, marks: dict[str, str] | None = None) -> Departure | None:
    return facts_on(when, marks or HERE, *events).departure


def test_who_leaves_on_a_day_that_nobody_has_said_has_not_left() -> None:
    told = Departure(day("11 Sep"), Destination.UNKNOWN, None, None, None, is_day_known=False)

    assert not told.has_left(day("12 Oct"))
    assert replace(told, is_day_known=True).has_left(day("12 Oct"))


def test_a_day_that_only_the_last_word_names_is_known() -> None:
    told = departure("18 Sep", leaving("7 Sep"), leaving("9 Sep", leaving_on=day("11 Sep")))

    assert told is not None
    assert (told.is_day_known, told.last_day) == (True, day("11 Sep"))


def test_where_nobody_named_the_last_day_it_is_that_of_the_removal() -> None:
    told = departure("18 Sep", leaving("9 Sep"), an_event(K.REMOVED, "14 Sep", ground="a"))

    assert told is not None
    assert told.last_day == day("14 Sep")


def test_a_child_who_died_left_by_death_whatever_ground_was_written_down() -> None:
    told = departure("18 Sep", an_event(K.DIED, "10 Sep"), an_event(K.REMOVED, "14 Sep", ground="a"))

    assert told is not None
    assert told.is_by_death


def test_a_removal_taken_back_does_not_hide_the_end_of_an_earlier_stay() -> None:
    ended, wrong = an_event(K.REMOVED, "3 Sep", ground="a"), an_event(K.REMOVED, "8 Sep", ground="a")
    undone = an_event(K.REMOVAL_UNDONE, "9 Sep")

    stay = facts_on("18 Sep", HERE, ended, wrong, undone, starting_day=day("10 Sep")).events_of_stay

    assert stay == (wrong, undone)


REMOVED, UNDONE = an_event(K.REMOVED, "7 Sep", ground="a"), an_event(K.REMOVAL_UNDONE, "10 Sep")


def test_a_proposal_given_up_takes_back_no_word_of_leaving_said_before_it() -> None:
    given_up = (an_event(K.REMOVAL_PROPOSED, "15 Sep", ground="a"), an_event(K.REMOVAL_UNDONE, "16 Sep"))

    told = departure("18 Sep", REMOVED, UNDONE, leaving("14 Sep"), *given_up)

    assert told is not None
    assert told.unconfirmed_since == day("14 Sep")


def test_of_a_child_who_comes_on_the_very_day_on_which_a_removal_is_undone_no_leaving_stands() -> None:
    before = leaving("3 Sep")

    assert departure("9 Sep", before, REMOVED, replace(UNDONE, on=day("9 Sep"))) is None
    assert departure("9 Sep", before, REMOVED, replace(UNDONE, on=day("9 Sep")), marks={"7 Sep..9 Sep": "O"})


def test_a_leaving_of_the_same_moment_as_its_undoing_does_not_stand() -> None:
    assert departure("11 Sep", REMOVED, leaving("10 Sep"), UNDONE) is None


# -- what a document makes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trigger",
    [
        TriggerKind.ABSENCE_DAY,
        TriggerKind.ABSENT_WITH_REASON,
        TriggerKind.FIRST_DAY_BACK,
        TriggerKind.ILLNESS_EXPECTED,
        TriggerKind.REVIEWS_WITHOUT_IMPROVEMENT,
        TriggerKind.LEAVE_REQUESTED,
        TriggerKind.AT_RISK_GROUP,
        TriggerKind.IN_GROUP,
        TriggerKind.UNEXPLAINED_TODAY,
        TriggerKind.ABSENCE_UNEXPLAINED,
        TriggerKind.ABSENT_WHEREABOUTS_UNKNOWN,
        TriggerKind.SPELLS_OF_ABSENCE,
        TriggerKind.PERSISTENTLY_ABSENT,
        TriggerKind.ATTENDANCE_FALLING,
        TriggerKind.RETURNED_AFTER_CASE,
        TriggerKind.PART_TIME,
        TriggerKind.LEAVE_OVERRUN,
    ],
)
def test_a_step_that_asks_for_attendance_here_says_nothing_once_the_child_has_left(trigger: TriggerKind) -> None:
    (rule,) = rules_of(replace(a_policy(), steps=(a_step(trigger),)))

    assert not rule.after_leaving


def test_a_policy_s_clause_is_cited_beside_the_rule_it_names_and_no_other() -> None:
    clause = a_policy().clauses[0]
    named = CitedRule("own.seen", "See the child", "See the child", (clause.id,), "england.not-seen")
    policy = replace(a_policy(), cited=(named,))

    cited = {rule.id for rule in RULES if citing(rule, (policy,)).references != rule.references}

    assert cited == {"england.not-seen"}


def test_the_head_of_a_document_says_first_which_policy_it_is_and_leaves_out_what_it_has_not() -> None:
    policy = replace(a_policy(), about="", adopts=("derbyshire",))
    head = [line.partition(" = ")[0] for line in write_policy_document(policy).partition("\n[[")[0].splitlines()[2:]]

    assert [key for key in head if key] == [
        "id", "title", "kind", "document", "in_force_from", "version", "adopts",
    ]  # fmt: skip
    told = write_policy_document(replace(a_policy(), about="Ours.")).splitlines()
    assert told.index('about = "Ours."') < told.index("in_force_from = 2026-11-10")
    with_words = write_policy_document(replace(policy, about="For everybody."))
    assert with_words.index("\nabout = ") < with_words.index("\nin_force_from = ")


def test_a_child_who_is_here_today_is_still_asked_about_for_earlier_spells_of_absence() -> None:
    spells = a_step(TriggerKind.SPELLS_OF_ABSENCE, "{count}.", numbers={"spells": 3})
    rulebook = make_rulebook(LAW, (replace(a_policy(), steps=(spells,), in_force_from=day("1 Sep")),))
    judged = close_of("25 Sep")
    record = a_record({"14 Sep": "O", "16 Sep": "O", "18 Sep": "O"}, judged=judged)

    found = [flag.finding.sentence for flag in review_pupil(record, judged, rulebook) if flag.rule_id == spells.id]

    assert found == ["3 absences."]


def test_a_new_step_does_not_ask_that_contact_was_made() -> None:
    (step,) = a_policy().steps

    assert not step.contact_made
