"""Why is this child not flagged? Every rule answers, and says no reason that is not the case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cme_desktop.casework.situations import flags_at, judgement_at, known_words, record_at, supplied_rulebook
from cme_desktop.domain.contacts import Contact, Household
from cme_desktop.domain.events import (
    AttemptOutcome,
    Event,
    EventKind,
    Method,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.importers.situations import read_situation
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.rule import Rule
from cme_desktop.policy.rules import RULES
from cme_desktop.policy.school_policy import TriggerKind
from cme_desktop.policy.why_not import RuleAnswer, Standing, why_not
from cme_desktop.policy.why_not_law import WHY_NOT_LAW
from cme_desktop.policy.why_not_steps import WHY_NOT_TRIGGERS
from cme_desktop.policy.why_not_words import WhyNot
from tests.builders import (
    CONTACTS,
    RESOURCES,
    a_calendar_of_two_years,
    a_record,
    a_rulebook,
    an_event,
    at,
    close_of,
    day,
    facts_of,
)

ASPIRE = "aspire-academy"
MORNING = at("10 Nov", "09:40")
CLOSE = close_of("10 Nov")
SITUATIONS = tuple(sorted((Path(__file__).parent / "situations").rglob("*.toml")))


def answers(record: PupilRecord, judged: Judgement = CLOSE) -> dict[str, RuleAnswer]:
    return {answer.rule_id: answer for answer in why_not(record, judged, a_rulebook(ASPIRE))}


def why(rule_id: str, record: PupilRecord, judged: Judgement = CLOSE) -> str:
    answer = answers(record, judged)[rule_id]
    assert answer.standing is Standing.NOT_SO, answer
    return answer.words


def settled(rule_id: str, record: PupilRecord, judged: Judgement = CLOSE) -> str:
    answer = answers(record, judged)[rule_id]
    assert answer.standing is Standing.SETTLED, answer
    return answer.words


def a_call(on: str, clock: str, outcome: AttemptOutcome, **facts: object) -> Event:
    return an_event(
        EventKind.CONTACT_ATTEMPT, on, clock, with_=With.MOTHER, method=Method.PHONE, outcome=outcome, **facts
    )


# -- raised ----------------------------------------------------------------------------------------------------


def test_every_rule_in_force_answers_once_and_a_raised_one_with_its_finding() -> None:
    found = why_not(a_record({"10 Nov": "N"}, judged=CLOSE), CLOSE, a_rulebook(ASPIRE))

    assert [answer.rule_id for answer in found] == [rule.id for rule in a_rulebook(ASPIRE).rules]
    raised = {answer.rule_id: answer for answer in found if answer.standing is Standing.RAISED}
    assert set(raised) == {"england.unexplained-absence", "aspire-academy.day-1-contact"}
    assert raised["england.unexplained-absence"].words.startswith("Absent today with no reason recorded")


def test_a_rule_not_yet_in_force_is_not_asked() -> None:
    judged = Judgement.close_of(day("10 Nov"), CLOSE.calendar)

    assert len(answers(a_record(judged=judged), judged)) == sum(
        rule.is_in_force(judged.on) for rule in a_rulebook(ASPIRE).rules
    )


@pytest.mark.parametrize("path", SITUATIONS, ids=[path.stem for path in SITUATIONS])
def test_in_every_situation_what_is_called_raised_is_raised_and_everything_else_has_an_answer(path: Path) -> None:
    situation = read_situation(path.read_bytes(), known=known_words(RESOURCES), resources=RESOURCES).situation
    assert situation is not None
    rulebook = supplied_rulebook(RESOURCES, situation.policies)
    for expectation in situation.expectations:
        judged = judgement_at(situation, expectation)
        record = record_at(situation, judged)
        if record is None:
            continue
        found = why_not(record, judged, rulebook)

        raised = {answer.rule_id for answer in found if answer.standing is Standing.RAISED}
        assert raised == set(flags_at(situation, expectation, rulebook))
        assert all(answer.words.strip().endswith(".") and answer.words[0] != " " for answer in found)
        assert not [answer for answer in found if answer.words.endswith("That is not so today.")]


# -- settled ---------------------------------------------------------------------------------------------------


def test_a_call_that_settled_the_absence_is_named_with_its_time() -> None:
    call = a_call("10 Nov", "09:20", AttemptOutcome.EXPLAINED, reason="illness")

    words = settled("england.unexplained-absence", a_record({"10 Nov": "N"}, judged=CLOSE, events=(call,)))

    assert words == "Settled by the record: contact attempt (mother, explained), Tue 10 Nov at 9:20."


def test_of_two_calls_the_first_that_settled_it_is_named() -> None:
    calls = (
        a_call("10 Nov", "09:10", AttemptOutcome.NO_ANSWER),
        a_call("10 Nov", "09:20", AttemptOutcome.ANSWERED_NO_REASON),
        a_call("10 Nov", "09:50", AttemptOutcome.EXPLAINED),
    )

    words = settled("england.unexplained-absence", a_record({"10 Nov": "N"}, judged=CLOSE, events=calls))

    assert "answered no reason" in words
    assert "9:20" in words


def test_a_return_sent_is_named() -> None:
    sent = an_event(EventKind.RETURN_SENT, "9 Nov", "10:00", return_=ReturnKind.ATTENDANCE)

    words = settled("england.attendance-return", a_record({"12 Oct..10 Nov": "O"}, judged=CLOSE, events=(sent,)))

    assert words == "Settled by the record: return sent (attendance), Mon 9 Nov at 10:00."


def test_police_told_is_named() -> None:
    told = an_event(EventKind.TOLD, "10 Nov", "15:00", who=Recipient.POLICE)

    words = settled("aspire-academy.day-3-police", a_record({"5 Nov..10 Nov": "O"}, judged=CLOSE, events=(told,)))

    assert words.startswith("Settled by the record: told (police)")


def test_a_decision_is_named_without_its_words() -> None:
    decided = an_event(
        EventKind.DECISION, "9 Nov", "10:00", about="england.twenty-days", choice="wait", reason="Mrs Marsden rang"
    )

    words = settled("england.twenty-days", a_record({"28 Sep..10 Nov": "O"}, judged=CLOSE, events=(decided,)))

    assert words == "Settled by the record: decision, Mon 9 Nov at 10:00."


def test_a_child_who_came_back_ended_it_by_coming() -> None:
    words = settled("england.unexplained-absence", a_record({"5 Nov..9 Nov": "O"}, judged=MORNING), MORNING)

    assert words == "Ended when the pupil attended: a present mark on Tue 10 Nov, morning."


def test_arrival_in_the_afternoon_ends_the_morning_s_flag() -> None:
    words = settled("england.unexplained-absence", a_record({"10 Nov am": "N"}, judged=CLOSE))

    assert words == "Ended when the pupil attended: a present mark on Tue 10 Nov, afternoon."


def test_a_record_that_changes_nothing_settles_nothing() -> None:
    call = a_call("10 Nov", "09:20", AttemptOutcome.NO_ANSWER)

    found = answers(a_record(judged=CLOSE, events=(call,)))

    assert not [answer for answer in found.values() if answer.standing is Standing.SETTLED]


def test_a_window_of_weeks_that_moved_on_was_not_ended_by_coming_back() -> None:
    early, late = {"7 Sep..10 Sep": "O", "11 Sep am": "O"}, {"13 Nov": "O"}
    then, now = close_of("13 Nov"), close_of("23 Nov")
    raised = {answer.rule_id for answer in answers(a_record(early | late, judged=then), then).values() if answer.flag}
    assert "england.penalty-threshold" in raised

    words = why("england.penalty-threshold", a_record(early | late, judged=now), now)

    assert words == "2 of 10 sessions with codes G, O, U or N within 10 school weeks."


def test_illness_of_the_last_school_year_was_not_ended_by_coming_back() -> None:
    calendar = a_calendar_of_two_years()
    judged = close_of(day("6 Sep", year=2027), calendar)

    words = why("england.sickness-return", a_record({"21 Jun..21 Jul": "I"}, judged=judged), judged)

    assert words.startswith("0 school days of illness this school year")


# -- not so: the law -------------------------------------------------------------------------------------------


def test_a_broken_run_names_the_mark_that_broke_it() -> None:
    words = why("england.attendance-return", a_record({"3 Nov..6 Nov": "O"}, judged=CLOSE))

    assert words == "0 of 20 sessions: the run of G, N, O and U was broken by a present mark on Mon 9 Nov."


def test_a_run_under_way_names_the_mark_before_it() -> None:
    words = why("england.attendance-return", a_record({"5 Nov..10 Nov": "O", "4 Nov": "I"}, judged=CLOSE))

    assert words == "8 of 20 sessions: the run of G, N, O and U begins after code I on Wed 4 Nov."


def test_a_late_mark_keeps_the_one_run_and_breaks_the_other() -> None:
    record = a_record({"5 Nov..10 Nov": "O", "9 Nov am": "U"}, judged=CLOSE)

    assert why("england.attendance-return", record).startswith("8 of 20 sessions")
    assert why("england.twenty-days", record) == (
        "3 of 40 sessions: the run of G, N and O begins after code U on Mon 9 Nov."
    )


def test_a_child_who_never_misses_is_not_said_to_have_broken_a_run() -> None:
    words = why("england.attendance-return", a_record(judged=CLOSE))

    assert words == (
        "0 of 20 sessions in a row with codes G, N, O or U: the last mark is a present mark on Tue 10 Nov."
    )


def test_a_child_too_young_is_said_to_be_until_when() -> None:
    record = a_record({"12 Oct..10 Nov": "O"}, judged=CLOSE, born=day("3 Sep", year=2021))

    assert why("england.attendance-return", record) == "Not of compulsory school age until 31 December 2026."
    assert why("england.penalty-threshold", record) == "Not of compulsory school age until 31 December 2026."


def test_no_social_worker_is_recorded() -> None:
    record = a_record({"10 Nov": "N"}, judged=CLOSE)

    assert why("england.social-worker-told", record) == "No social worker and no youth justice worker recorded."
    assert why("aspire-academy.day-1-social-worker", record) == "No social worker recorded."
    assert why("england.looked-after-told", record) == "Not recorded as looked after."


def test_a_code_that_states_a_reason_is_named() -> None:
    words = why("england.unexplained-absence", a_record({"9 Nov..10 Nov": "I"}, judged=CLOSE))

    assert words == "Code I on Tue 10 Nov states a reason by itself."


def test_a_child_who_is_here_is_not_absent() -> None:
    words = why("england.unexplained-absence", a_record(judged=MORNING), MORNING)

    assert words == "No absence lasts: a present mark on Tue 10 Nov."


def test_before_the_register_closes_no_session_is_due() -> None:
    early = at("10 Nov", "08:30")

    assert why("england.unexplained-absence", a_record(judged=early), early) == "No session of today is due yet."


def test_a_weekend_has_no_school() -> None:
    saturday = close_of("14 Nov")

    words = why("england.unexplained-absence", a_record({"13 Nov": "O"}, judged=saturday), saturday)

    assert words == "There is no school today."


def test_days_unseen_are_counted_from_the_day_last_seen() -> None:
    visit = an_event(EventKind.HOME_VISIT, "9 Nov", "14:00", outcome=VisitOutcome.CHILD_SEEN)

    assert why("england.not-seen", a_record({"5 Nov..10 Nov": "O"}, judged=CLOSE)) == (
        "4 of 10 school days: last seen on Wed 4 Nov (attended)."
    )
    assert "1 of 10 school days" in why(
        "england.not-seen", a_record({"5 Nov..10 Nov": "O"}, judged=CLOSE, events=(visit,))
    )


def test_a_share_is_never_rounded_up_to_the_one_not_reached() -> None:
    close = close_of("23 Oct")
    words = why("england.persistent-absence", a_record({"5 Oct..7 Oct": "I", "8 Oct am": "I"}, judged=close), close)

    assert words == "7 of 74 possible sessions absent, 9.4%: under 10%."


def test_too_few_sessions_are_said_before_any_share() -> None:
    close = close_of("11 Sep")

    words = why("england.persistent-absence", a_record({"7 Sep": "I"}, judged=close), close)

    assert words == "Only 14 of 40 possible sessions so far this school year."


def test_illness_is_counted_in_days() -> None:
    words = why("england.sickness-return", a_record({"3 Nov..6 Nov": "I"}, judged=CLOSE))

    assert words == "4 school days of illness this school year, had or expected; 15 are needed."


def test_penalty_sessions_that_were_decided_on_are_told_from_those_that_count() -> None:
    decided = an_event(EventKind.DECISION, "9 Nov", "16:00", about="england.penalty-threshold", choice="none")
    marks = {"3 Nov..9 Nov": "O", "10 Nov": "O"}
    facts = facts_of(a_record(marks, judged=CLOSE, events=(decided,)), CLOSE)
    known = WhyNot(facts, a_rulebook().parameters.on(CLOSE.on), at_most=False)

    assert WHY_NOT_LAW["england.penalty-threshold"](known) == (
        "2 of 10 sessions: the others of 12 within 10 school weeks were decided on, or are not of compulsory school age"
    )


def test_penalty_sessions_are_counted_in_their_window() -> None:
    words = why("england.penalty-threshold", a_record({"9 Nov": "G", "10 Nov am": "N"}, judged=CLOSE))

    assert words == "3 of 10 sessions with codes G, O, U or N within 10 school weeks."


def test_contacts_and_facts_that_are_there_are_said() -> None:
    record = a_record(judged=CLOSE, contacts=(*CONTACTS, Contact(With.FATHER, Household.ELSEWHERE, order=3)))

    assert why("england.emergency-contacts", record) == ("3 people with a working number, 2 of them outside the home.")
    assert why("england.missing-fact", record) == "The date of birth and the starting day are recorded."


def test_sessions_nobody_marked_make_a_count_an_at_most() -> None:
    words = why("england.attendance-return", a_record({"9 Nov": "?", "10 Nov": "O"}, judged=CLOSE))

    assert words == "At most 4 of 20 sessions: the run of G, N, O and U begins after a present mark on Fri 6 Nov."


# -- not so: a school's policy ---------------------------------------------------------------------------------


def test_the_ladder_says_which_day_it_needs() -> None:
    record = a_record({"10 Nov": "N"}, judged=CLOSE)

    assert why("aspire-academy.day-3-police", record) == "Needs ladder day 3; today is ladder day 1."
    assert why("aspire-academy.ten-days-absent", record) == "Needs day 10 of absence; today is day 1."


def test_a_visit_made_is_why_no_visit_is_asked_for() -> None:
    visits = tuple(
        an_event(EventKind.HOME_VISIT, on, "14:00", outcome=VisitOutcome.NO_REPLY) for on in ("9 Nov", "10 Nov")
    )

    found = answers(a_record({"5 Nov..10 Nov": "O"}, judged=CLOSE, events=visits))

    assert found["aspire-academy.day-3-second-visit"].words.startswith("Settled by the record: home visit (no reply)")


def test_a_circumstance_that_is_not_recorded_is_named() -> None:
    record = a_record({"10 Nov": "N"}, judged=CLOSE, circumstances=(Circumstance.YOUNG_CARER,))

    assert why("aspire-academy.referring-school", record) == "Not recorded: dual registered."
    assert why("aspire-academy.protection-plan", record) == "Not recorded: child protection plan."


def test_nothing_recorded_is_said_to_be_missing_where_nothing_is() -> None:
    record = a_record(judged=CLOSE)

    assert why("aspire-academy.missing-episodes", record) == "Never recorded as missing."
    assert why("aspire-academy.not-found", record) == "No joint enquiries are recorded."
    assert why("aspire-academy.whereabouts-unknown", record) == "Nothing recorded makes the whereabouts unknown."


def test_without_a_certain_reason_it_is_said_what_would_raise_it() -> None:
    rule = a_rulebook().find_rule("england.twenty-days")
    assert isinstance(rule, Rule)
    unknown = replace(rule, id="own.unknown", about="Some new rule asks for it.")

    (answer,) = why_not(a_record(judged=CLOSE), CLOSE, replace(a_rulebook(), rules=(unknown,)))

    assert answer.words == "Some new rule asks for it. That is not so today."


def test_every_rule_and_every_trigger_has_a_reason_of_its_own() -> None:
    assert {rule.id for rule in RULES} <= set(WHY_NOT_LAW)
    assert {*TriggerKind} - {TriggerKind.IN_GROUP} <= set(WHY_NOT_TRIGGERS)  # whoever is in the group is flagged


def test_of_a_leaver_the_rules_of_attendance_say_that_the_child_is_off_the_roll() -> None:
    removed = an_event(EventKind.REMOVED, "9 Nov", ground="a")

    record = a_record(events=(removed,), judged=CLOSE)

    assert why("england.unexplained-absence", record) == "No longer on the roll: this is asked of pupils on it."


def test_a_rule_that_waits_for_its_act_says_so() -> None:
    assert why("england.home-education-consent", a_record(judged=CLOSE)).startswith("Switched off")
