"""What the rules, the law's numbers and a dismissed flag turn on, where one session, day or record decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from cme_desktop.domain.calendar import Closure, SchoolCalendar
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.events import AttemptOutcome, Destination, Event, EventKind, Recipient
from cme_desktop.domain.pupils import Circumstance, YearGroup
from cme_desktop.policy.absence import ENDS_WHEN_SEEN, Cause
from cme_desktop.policy.coming_rules import coming_rules
from cme_desktop.policy.dismissal import ReturnDay, fifth_school_day, return_of_dismissed
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.parameters import Parameter, load_parameters
from cme_desktop.policy.policy_changes import Part, remove_part
from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.policy_rules import StandingRule
from cme_desktop.policy.record import Judgement, SchoolRecord
from cme_desktop.policy.review import judge_facts, review, review_school
from cme_desktop.policy.rule import Authority, Flag
from cme_desktop.policy.rulebook import Rulebook
from cme_desktop.policy.rules import RULES
from cme_desktop.policy.rules.concerns import OutsideConcern, flag_outside_concern
from cme_desktop.policy.rules.home_education import lacks_consent_to_home_education
from cme_desktop.policy.rules.leave import has_part_time_ended
from cme_desktop.policy.rules.leaving import is_spared_leaver
from cme_desktop.policy.school_policy import StricterNumber, Treatment, tighten
from cme_desktop.policy.school_policy_text import read_school_policy
from cme_desktop.policy.self_test import held_always
from tests.builders import (
    BANK_HOLIDAYS,
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
    the_year,
)
from tests.policy.any_policy import LAW
from tests.policy.test_policy_changes import a_policy
from tests.policy.test_removal import Proposed
from tests.policy.test_steps_to_the_day import NUMBERS, called, facts_on

K = EventKind
HERE: dict[str, str] = {}


def flags_on(when: str | Judgement, marks: dict[str, str], *events: Event, **facts: object) -> dict[str, Flag]:
    judged = close_of(when) if isinstance(when, str) else when
    return flags_of(a_record(marks, judged=judged, events=events, **facts), judged)  # type: ignore[arg-type]


# -- what is known of a child --------------------------------------------------------------------------------------


def test_the_causes_that_talking_does_not_end_are_those_that_somebody_told() -> None:
    """What the school concluded from its own tries ends as soon as it reaches the family."""
    assert {Cause.UNAWARE, Cause.MOVED_AWAY, Cause.MISSING, Cause.LEFT} == ENDS_WHEN_SEEN
    assert Cause.EVERY_CONTACT_TRIED not in ENDS_WHEN_SEEN


def test_a_child_whom_somebody_saw_was_there() -> None:
    seen = facts_on("18 Sep", {"7 Sep..18 Sep": "O"}, an_event(K.CHILD_SEEN, "15 Sep", "10:00")).last_seen

    assert seen is not None
    assert (seen.on, seen.is_known) == (day("15 Sep"), True)


@pytest.mark.parametrize(
    "events",
    [
        (an_event(K.DIED, "11 Sep"),),
        (an_event(K.DIED, "11 Sep"), an_event(K.REMOVED, "16 Sep", ground="k")),
        (an_event(K.DIED, "16 Sep"), an_event(K.REMOVED, "11 Sep", ground="a")),
    ],
)
def test_nothing_is_read_of_the_register_after_a_death_or_a_removal(events: tuple[Event, ...]) -> None:
    facts = facts_on("18 Sep", {"7 Sep..18 Sep": "O"}, *events)

    assert [facts.moment.day(index) for index, symbol in enumerate(facts.line) if symbol == ord("O")][-1] == day(
        "11 Sep"
    )


def test_a_day_is_explained_by_what_was_said_by_then_whatever_was_said_later() -> None:
    ill = called("14 Sep", AttemptOutcome.EXPLAINED, reason="illness", expected_back=day("21 Sep"))
    corrected = called("16 Sep", AttemptOutcome.EXPLAINED, reason="illness", expected_back=day("15 Sep"))

    assert facts_on("16 Sep", {"14 Sep..16 Sep": "O"}, ill, corrected).has_reason_on(day("15 Sep"))


def test_the_last_word_of_a_leaving_says_whether_the_child_left_for_nowhere() -> None:
    gone = an_event(K.LEAVING, "7 Sep", destination=Destination.UNKNOWN, leaving_on=day("11 Sep"))
    named = replace(gone, on=day("9 Sep"), destination=Destination.KNOWN, confirmed=True)
    unsaid = replace(gone, leaving_on=None)

    assert [each.cause for each in facts_on("18 Sep", HERE | {"14 Sep..18 Sep": "O"}, gone).whereabouts_unknown] == [
        Cause.LEFT
    ]
    assert not facts_on("18 Sep", HERE | {"14 Sep..18 Sep": "O"}, gone, named).whereabouts_unknown
    (left,) = facts_on("18 Sep", HERE, unsaid, an_event(K.REMOVED, "11 Sep", ground="i")).whereabouts_unknown
    assert (left.cause, left.since) == (Cause.LEFT, day("12 Sep"))


# -- the rules of the law ------------------------------------------------------------------------------------------


def test_the_threshold_of_a_penalty_is_reached_once_ten_sessions_lie_in_its_weeks() -> None:
    """One session in September lies too far back: nine of the last days are not enough, and the tenth is."""
    marks = {"7 Sep am": "O", "23 Nov..26 Nov": "O", "27 Nov am": "O", "30 Nov am": "O"}

    assert "england.penalty-threshold" not in flags_on("27 Nov", marks)
    assert flags_on("30 Nov", marks)["england.penalty-threshold"].finding.since == day("30 Nov")


@pytest.mark.parametrize("when", [at("26 Sep", "10:00"), at("27 Sep", "10:00")])
def test_ten_days_unseen_are_ten_on_the_weekend_after_them_too(when: Judgement) -> None:
    found = flags_on(when, {"14 Sep..25 Sep": "O"})["england.not-seen"].finding

    assert found.progress == "10 of 10 school days"


def test_a_closure_of_another_kind_inside_twenty_days_is_not_asked_about() -> None:
    def asked(code: str) -> bool:
        year = replace(the_year(), closures=(Closure(day("21 Sep"), code=code),))
        judged = close_of("12 Oct", SchoolCalendar((year,), BANK_HOLIDAYS))
        return "A closure lies inside" in flags_on(judged, {"14 Sep..12 Oct": "O"})["england.twenty-days"].duty.what

    assert asked("Y4")
    assert not asked("Y1")


def test_a_timetable_that_is_agreed_for_longer_has_not_ended() -> None:
    agreed = an_event(K.PART_TIME_AGREED, "2 Nov", until=day("30 Nov"), review_on=day("16 Nov"))

    assert has_part_time_ended(facts_on("27 Nov", {"9 Nov..27 Nov pm": "C2"}, agreed), NUMBERS) is None
    assert has_part_time_ended(facts_on("30 Nov", {"9 Nov..30 Nov pm": "C2"}, agreed), NUMBERS) is not None


@pytest.mark.parametrize(
    ("starting", "says"), [(date(2023, 9, 5), "Left on 11 September"), (day("14 Sep"), "Gave up the place here on")]
)
def test_of_a_place_given_up_nobody_says_that_the_child_left(starting: date, says: str) -> None:
    gone = an_event(K.LEAVING, "9 Sep", destination=Destination.KNOWN, leaving_on=day("11 Sep"))

    flag = flags_on("18 Sep", HERE, gone, starting_day=starting, left_on=day("11 Sep"))["england.arrival-confirmed"]

    assert flag.finding.sentence.startswith(says)


def test_of_a_child_who_never_came_no_file_s_receipt_is_asked_for() -> None:
    gone = an_event(K.LEAVING, "9 Sep", destination=Destination.KNOWN, leaving_on=day("11 Sep"))
    known: dict[str, object] = {"circumstances": (Circumstance.CHILD_PROTECTION_FILE,), "left_on": day("11 Sep")}
    rule = "england.child-protection-file"

    assert rule in flags_on("18 Sep", HERE, gone, **known)
    assert rule not in flags_on("18 Sep", HERE, gone, starting_day=day("14 Sep"), **known)


def test_of_a_child_whose_start_is_not_agreed_yet_no_starting_day_is_missing() -> None:
    judged = close_of("18 Sep")
    record = a_record(judged=judged, starting_day=None)
    awaited = replace(record, pupil=replace(record.pupil, is_awaited=True))
    (rule,) = (rule for rule in RULES if rule.id == "england.missing-fact")

    assert rule.judge(facts_of(record, judged), NUMBERS) is not None
    assert rule.judge(facts_of(awaited, judged), NUMBERS) is None


def test_the_oldest_class_of_next_year_is_not_spared_in_its_autumn() -> None:
    judged = close_of(date(2027, 10, 8), a_calendar_of_two_years())
    record = a_record(judged=judged)
    facts = facts_of(replace(record, pupil=replace(record.pupil, year_group=YearGroup.Y6)), judged)

    assert not is_spared_leaver(facts, date(2027, 10, 8))
    assert is_spared_leaver(facts, date(2027, 12, 17))


def test_where_no_parent_has_written_no_consent_to_home_education_is_asked_for() -> None:
    facts = facts_on("18 Sep", HERE, circumstances=(Circumstance.CHILD_PROTECTION_PLAN,))

    assert lacks_consent_to_home_education(facts, NUMBERS) is None


def test_a_report_of_a_child_on_no_roll_is_read_the_same_day() -> None:
    (rule,) = (rule for rule in RULES if rule.id == "england.reported-concern")

    def flag(when: Judgement) -> Flag:
        return flag_outside_concern(OutsideConcern(day("10 Nov"), "a neighbour"), Moment(when), rule=rule)

    today, next_day = flag(at("10 Nov", "14:00")), flag(at("11 Nov", "09:00"))
    assert (today.rule_id, today.pupil_id, today.due and today.due.on) == (rule.id, None, day("10 Nov"))
    assert "by a neighbour" in today.finding.sentence
    assert (today.overdue, next_day.overdue) == (False, True)


# -- judging -------------------------------------------------------------------------------------------------------


def test_a_policy_says_nothing_before_the_day_on_which_it_is_in_force() -> None:
    rulebook = a_rulebook("aspire-academy")
    to_come = tuple(
        replace(rule, in_force_from=day("9 Nov")) if rule.id.startswith("aspire") else rule  # type: ignore[type-var]
        for rule in rulebook.rules
    )
    book = replace(rulebook, rules=to_come)

    def raised(when: str) -> bool:
        judged = close_of(when)
        flags = review((a_record({"5 Nov..10 Nov": "O"}, judged=judged),), judged, book)
        return "aspire-academy.day-1-contact" in {flag.rule_id for flag in flags}

    assert not raised("6 Nov")
    assert raised("9 Nov")


def a_book_of_one_to_come(begins: date) -> Rulebook:
    """The rulebook of a school whose policy, with its standing duties, begins to hold on a day."""
    return _replace_policies(a_rulebook("aspire-academy"), begins)


def _replace_policies(rulebook: Rulebook, begins: date) -> Rulebook:
    school_rules = tuple(
        replace(rule, policy=replace(rule.policy, in_force_from=begins))
        for rule in rulebook.school_rules
        if isinstance(rule, StandingRule)
    )
    return replace(rulebook, school_rules=school_rules)


def test_a_standing_duty_is_not_due_before_its_policy_is_in_force() -> None:
    book = a_book_of_one_to_come(day("9 Nov"))

    assert review_school(close_of("6 Nov"), book) == ()
    assert review_school(close_of("9 Nov"), book)
    assert held_always(book, day("6 Nov")).school_rules == ()
    assert held_always(book, day("9 Nov")).school_rules


def test_of_a_child_who_died_the_facts_raise_only_the_return() -> None:
    events = (an_event(K.DIED, "1 Oct"), an_event(K.REMOVAL_PROPOSED, "5 Oct", ground="k"))
    facts = facts_on("12 Oct", {"14 Sep..12 Oct": "O"}, *events)

    assert [flag.rule_id for flag in judge_facts(facts, RULES, NUMBERS)] == ["england.deletion-return"]


# -- what comes next -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "is_told"), [("5 Oct", True), ("6 Oct", False)])
def test_fifteen_school_days_ahead_are_told_and_the_sixteenth_is_not(first: str, *, is_told: bool) -> None:
    """Five days absent by Friday 9 October are twenty fifteen school days later; four are not."""
    judged = close_of("9 Oct")
    record = a_record({f"{first}..9 Oct": "O"}, judged=judged)

    found = {one.flag.rule_id for one in coming_rules(record, judged, a_rulebook())}

    assert ("england.twenty-days" in found) is is_told


def test_after_three_mondays_without_school_the_pattern_is_that_of_the_fourth_week_before() -> None:
    """Never here on a Monday: the second day of the absence that began on Friday 8 January is the Tuesday."""
    mondays = {f"{monday:%d %b}": "." for monday in _mondays_of_autumn()}
    judged = close_of("8 Jan")
    record = a_record(mondays | {"8 Jan": "O"}, judged=judged)

    found = {one.flag.rule_id: one.on for one in coming_rules(record, judged, a_rulebook("aspire-academy"))}

    assert found["aspire-academy.day-2-visit"] == day("12 Jan")


def _mondays_of_autumn() -> list[date]:
    first = date(2026, 9, 7)
    mondays = [first + timedelta(weeks=week) for week in range(15)]
    return [each for each in mondays if a_calendar().is_school_day(each)]


# -- the law's numbers ---------------------------------------------------------------------------------------------

SESSIONS = "england.attendance-return.sessions"
CONSENT = "england.home-education-consent.in-force"


def test_who_sets_a_number_is_said_when_a_looser_one_is_refused() -> None:
    own = next(one for one in LAW.by_name.values() if one.source is Authority.SCHOOL and one.stricter == "fewer")
    least = own.values[-1].value
    on = day("1 Oct")

    with pytest.raises(RefusedError) as of_law:
        LAW.by_name[SESSIONS].refuse_looser(21, on=on)
    with pytest.raises(RefusedError) as of_program:
        own.refuse_looser(least + 1, on=on)

    assert of_law.value.detail == f"{LAW.by_name[SESSIONS].reference} sets 20; 21 would be looser."
    assert of_program.value.detail == f"{own.reference}: it sets {least}; {least + 1} would be looser."


def test_a_switch_turned_on_from_the_first_day_of_its_law_was_never_off() -> None:
    begins = LAW.by_name[CONSENT].values[0].from_day

    assert len(LAW.switched_on(CONSENT, since=begins).by_name[CONSENT].values) == 1
    assert len(LAW.switched_on(CONSENT, since=begins + timedelta(days=1)).by_name[CONSENT].values) == 2


def test_a_number_that_does_not_say_otherwise_has_been_read_in_its_source() -> None:
    table = """
[parameter."england.x.days"]
unit = "school day"
source = "law"
reference = "An Act, section 1"
values = [{ value = 5, from = 2024-08-19 }]
"""

    assert Parameter("england.x.days", (), "school day", Authority.LAW, "An Act, section 1").verified
    assert load_parameters(table).by_name["england.x.days"].verified
    assert not load_parameters(table + "verified = false\n").by_name["england.x.days"].verified


def test_a_number_as_strict_as_the_law_s_is_the_school_s_too() -> None:
    policy = replace(a_policy(), stricter=(StricterNumber(SESSIONS, 20, a_policy().clauses[0].id),))

    assert tighten(LAW, (policy,)).by_name[SESSIONS].source is Authority.SCHOOL


def test_a_switch_may_be_turned_on_by_one_and_by_no_other_number() -> None:
    def said(value: int) -> list[str]:
        policy = replace(a_policy(), stricter=(StricterNumber(CONSENT, value, a_policy().clauses[0].id),))
        return [
            problem.message for problem in read_school_policy(write_policy_document(policy), parameters=LAW).problems
        ]

    assert said(1) == []
    assert "a switch is turned on by 1, and by no other number" in said(2)


# -- a policy's parts ----------------------------------------------------------------------------------------------


def test_the_head_of_a_policy_and_a_treatment_have_their_words() -> None:
    assert Part.ABOUT.in_words == "The policy itself"
    assert Treatment.STANDING_DUTY.in_words == "standing duty"


def test_a_clause_that_is_taken_out_leaves_a_step_s_other_clauses() -> None:
    policy = a_policy()
    first, second = policy.clauses[0], replace(policy.clauses[0], id="another")
    both = replace(policy.steps[0], clauses=(first.id, second.id))

    left = remove_part(replace(policy, clauses=(first, second), steps=(both,)), Part.CLAUSE, 1)

    assert left.steps[0].clauses == (first.id,)


# -- a removal -----------------------------------------------------------------------------------------------------

WORD = "Word to the social worker that the name is to go."


@pytest.mark.parametrize(
    ("events", "is_owed"),
    [
        ((an_event(K.TOLD, "9 Nov", who=Recipient.SOCIAL_WORKER),), True),
        ((an_event(K.REMOVAL_PROPOSED, "9 Nov", ground="a"), an_event(K.TOLD, "10 Nov", who=Recipient.POLICE)), True),
        (
            (an_event(K.REMOVAL_PROPOSED, "9 Nov", ground="a"), an_event(K.TOLD, "9 Nov", who=Recipient.SOCIAL_WORKER)),
            False,
        ),
    ],
)
def test_the_social_worker_is_told_of_the_removal_that_is_proposed(events: tuple[Event, ...], *, is_owed: bool) -> None:
    proposed = Proposed("registered-elsewhere", circumstances=(Circumstance.CHILD_IN_NEED,), events=events)

    assert (WORD in proposed.answer().owed) is is_owed


def missing_of(proposed: Proposed) -> set[str]:
    return {missing.condition for missing in proposed.answer().missing}


def test_only_the_authority_s_own_answer_gives_its_consent() -> None:
    consent = an_event(K.AUTHORITY_CONSENT, "9 Nov", confirmed=True)
    gone = an_event(K.LEAVING, "10 Nov", destination=Destination.KNOWN, confirmed=True)
    note = an_event(K.SUPPORT_AGREED, "10 Nov")
    special = Proposed("registered-elsewhere", circumstances=(Circumstance.SPECIAL_SCHOOL,))
    (condition,) = missing_of(special) - missing_of(replace(special, circumstances=()))

    assert condition in missing_of(replace(special, events=(gone,)))
    assert condition not in missing_of(replace(special, events=(consent, note)))


def test_only_the_authority_s_own_answer_gives_its_consent_to_home_education() -> None:
    letter = an_event(K.HOME_EDUCATION_LETTER, "2 Nov", from_=day("9 Nov"))
    consent = an_event(K.AUTHORITY_CONSENT, "9 Nov", confirmed=True)
    gone = an_event(K.LEAVING, "10 Nov", destination=Destination.KNOWN, confirmed=True)
    note = an_event(K.SUPPORT_AGREED, "10 Nov")
    home = Proposed(
        "home-education", circumstances=(Circumstance.CHILD_PROTECTION_PLAN,), events=(letter,), switched_on="1 Sep"
    )
    (condition,) = missing_of(home) - missing_of(replace(home, switched_on=""))

    assert condition in missing_of(replace(home, events=(letter, gone)))
    assert condition not in missing_of(replace(home, events=(letter, consent, note)))


# -- a dismissed flag ----------------------------------------------------------------------------------------------

TUESDAY = day("10 Nov")


def test_a_flag_stays_away_for_five_school_days() -> None:
    assert fifth_school_day(a_calendar(), after=TUESDAY) == day("17 Nov")


def test_a_meeting_due_on_the_day_of_the_dismissal_brings_nothing_back_by_itself() -> None:
    back = ReturnDay(TUESDAY, day("17 Nov"), TUESDAY)

    assert (back.on, back.is_meeting, back.is_meeting_waited_for) == (day("17 Nov"), False, True)


def test_where_the_calendar_ends_and_no_meeting_is_held_no_meeting_brings_a_flag_back() -> None:
    back = ReturnDay(TUESDAY, None)

    assert (back.on, back.is_meeting) == (None, False)


@dataclass(frozen=True)
class AnotherDuty:
    """A duty of the school that falls due by no interval."""

    id: str = "oak-tree.inclusion-meeting"
    title: str = "Inclusion meeting"

    def is_in_force(self, on: date) -> bool:
        return on >= TUESDAY

    def judge_school(self, moment: Moment) -> Flag | None:
        return None


def judged_with_meetings(*held: tuple[str, date]) -> Moment:
    return Moment(Judgement.close_of(TUESDAY, a_calendar(), school=SchoolRecord(last_done=held)))


def test_of_two_meetings_the_next_brings_the_flag_back() -> None:
    rulebook = a_rulebook("randal-cremer")
    (meeting,) = (rule for rule in rulebook.school_rules if rule.id.endswith(".inclusion-meeting"))
    other = replace(meeting, standing=replace(meeting.standing, id="oak-tree.inclusion-meeting"))  # type: ignore[type-var, attr-defined]
    book = replace(rulebook, school_rules=(meeting, other))
    moment = judged_with_meetings((meeting.id, day("9 Nov")), (other.id, day("2 Nov")))

    assert return_of_dismissed(moment, book).meeting == day("16 Nov")


def test_a_meeting_of_a_policy_that_is_not_in_force_yet_brings_nothing_back() -> None:
    rulebook = a_rulebook("randal-cremer")
    to_come = _replace_policies(rulebook, day("1 Dec"))
    moment = judged_with_meetings(("randal-cremer.inclusion-meeting", day("2 Nov")))

    assert return_of_dismissed(moment, rulebook).meeting == day("16 Nov")
    assert return_of_dismissed(moment, to_come).meeting is None


def test_a_duty_that_falls_due_by_no_interval_is_no_meeting_to_wait_for() -> None:
    book = replace(a_rulebook(), school_rules=(AnotherDuty(),))

    assert return_of_dismissed(judged_with_meetings(), book).meeting is None
