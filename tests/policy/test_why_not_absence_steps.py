"""Of a pupil of whom a step on absence or on what was said is just not so, the reason; once it is so, no reason.

The words in which the reasons are said have their cases at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from cme_desktop.domain.calendar import SchoolCalendar, Term
from cme_desktop.domain.cases import Role
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.domain.events import (
    AttemptOutcome,
    EnquiryResult,
    Event,
    EventKind,
    Method,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.record import Judgement
from cme_desktop.policy.rule import Act, Duty, Rule, Severity
from cme_desktop.policy.school_policy import DueKind, Step, TriggerKind
from cme_desktop.policy.triggers import limb_of
from cme_desktop.policy.why_not_steps import say_what_would_raise, why_not_steps
from cme_desktop.policy.why_not_words import WhyNot, say_near_day
from tests.builders import BANK_HOLIDAYS, a_record, a_rulebook, an_event, at, close_of, day, facts_of, the_year

K = EventKind
T = TriggerKind
ON = "10 Nov"
POLICIES = ("aspire-academy", "derbyshire", "east-sussex")


@dataclass(frozen=True)
class Child:
    """A pupil, present save for the marks named, and what is recorded of them when judged."""

    marks: dict[str, str] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    on: str | Judgement = ON
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Near:
    """A child of whom the step is just not so, what is said of it, and a child of whom it is so."""

    step: Step
    says: str
    below: Child
    above: Child


def a_step(trigger: TriggerKind, *, codes_left_out: bytes = b"", contact_made: bool = False,
           causes: tuple[str, ...] = (), **numbers: int) -> Step:  # fmt: skip
    return Step(
        id="oak-tree.step",
        title="A step",
        about="A step.",
        clauses=(),
        severity=Severity.TODAY,
        trigger=trigger,
        because="Since {since}.",
        duty=Duty(Act.CONTACT_FAMILY, "Ring.", Role.OFFICE, "family"),
        due=DueKind.NONE,
        settled_by="Contact.",
        numbers=numbers,
        causes=causes,
        codes_left_out=codes_left_out,
        contact_made=contact_made,
    )


def known_of(child: Child) -> WhyNot:
    judged = close_of(child.on) if isinstance(child.on, str) else child.on
    events = tuple(sorted(child.events, key=lambda event: event.moment))
    record = a_record(child.marks, judged=judged, events=events, **child.facts)
    return WhyNot(facts_of(record, judged), a_rulebook().parameters.on(judged.on), at_most=False)


def reason_of(child: Child, *steps: Step) -> str:
    return why_not_steps(known_of(child), steps)


def is_so(child: Child, step: Step) -> bool:
    known = known_of(child)
    return limb_of(step)(known.facts, known.numbers) is not None


def steps_of(rule_id: str) -> tuple[Step, ...]:
    rule = a_rulebook(*POLICIES).find_rule(rule_id)
    assert isinstance(rule, Rule)
    return rule.steps


def call(on: str, outcome: AttemptOutcome = AttemptOutcome.ANSWERED_NO_REASON) -> Event:
    return an_event(K.CONTACT_ATTEMPT, on, "10:00", with_=With.MOTHER, method=Method.PHONE, outcome=outcome)


def visit(on: str, outcome: VisitOutcome = VisitOutcome.NO_REPLY) -> Event:
    return an_event(K.HOME_VISIT, on, "14:00", outcome=outcome)


def until(on: str, last: str, because: str = "illness") -> Event:
    return an_event(K.EXPECTED_ABSENCE, on, "09:30", until=day(last), because=because)


def referred(on: str) -> Event:
    return an_event(K.REFERRED, on, "12:00", to=Recipient.AUTHORITY_CME)


def told(on: str, who: Recipient) -> Event:
    return an_event(K.TOLD, on, "16:00", who=who)


def tried(item: str) -> Event:
    return an_event(K.ENQUIRY_RECORDED, "6 Nov", "18:00", about=item, choice=EnquiryState.TRIED.value)


def missing(*days: str) -> tuple[Event, ...]:
    """A child who was missing from 9 to 15 o'clock on each of the days."""
    return tuple(an_event(kind, on, clock) for on in days for kind, clock in ((K.MISSING, "09:00"), (K.FOUND, "15:00")))


def reviews(*days: str) -> tuple[Event, ...]:
    return tuple(an_event(K.REVIEW_HELD, on) for on in days)


def in_a_last_term_without_a_school_day() -> Judgement:
    """A calendar whose last term, from 20 July on, is kept for the staff alone."""
    year = the_year()
    terms = (*year.terms[:-1], Term(day("7 Jun"), day("19 Jul")), Term(day("20 Jul"), day("21 Jul")))
    year = replace(year, terms=terms, inset=year.inset | {day("20 Jul"), day("21 Jul")})
    return close_of("21 Jul", SchoolCalendar((year,), BANK_HOLIDAYS))


LAST_YEAR = Event(K.REVIEW_HELD, date(2026, 7, 10))
LADDER_3 = a_step(T.LADDER_DAY, n=3)
FIRST_DAY_BACK = a_step(T.FIRST_DAY_BACK, codes_left_out=b"2CE")
TWO_REVIEWS = a_step(T.REVIEWS_WITHOUT_IMPROVEMENT, reviews=2)
TOLD_20 = a_step(T.AUTHORITY_TOLD_BEFORE, school_days=20)
EPISODES = a_step(T.MISSING_EPISODES, episodes=3, days=90)
CASE = a_step(T.RETURNED_AFTER_CASE)
SHARE = a_step(T.PERSISTENTLY_ABSENT, percent=10, possible=40)
SINCE_THE_BREAK = {"3 Nov..10 Nov": "O"}
SINCE_5_OCTOBER = {"5 Oct..10 Nov": "O"}
TWO_DAYS = {"9 Nov..10 Nov": "O"}
THREE_DAYS = {"6 Nov..10 Nov": "O"}
TODAY = {"10 Nov": "O"}

NEAR = (
    # -- the ladder
    Near(LADDER_3, "needs ladder day 3; today is ladder day 2", Child(TWO_DAYS), Child(THREE_DAYS)),
    Near(LADDER_3, "code I on Tue 10 Nov states a reason by itself", Child(THREE_DAYS | {"10 Nov": "I"}),
         Child(THREE_DAYS)),
    Near(LADDER_3, "a reason is recorded for the absence of Tue 10 Nov",
         Child(THREE_DAYS, (until("6 Nov", "10 Nov"),)), Child(THREE_DAYS, (until("6 Nov", "9 Nov"),))),
    Near(a_step(T.LADDER_DAY, n=2, visits_below=1), "1 home visit made in this absence",
         Child(TWO_DAYS, (visit("10 Nov"),)), Child(TWO_DAYS)),
    Near(a_step(T.LADDER_DAY, n=3, visits_below=2), "2 home visits made in this absence",
         Child(THREE_DAYS, (visit("9 Nov"), visit("10 Nov"))), Child(THREE_DAYS, (visit("10 Nov"),))),
    # -- absence whatever the codes
    Near(a_step(T.ABSENCE_DAY, n=3), "needs day 3 of absence; today is day 2", Child(TWO_DAYS), Child(THREE_DAYS)),
    Near(a_step(T.ABSENCE_DAY, n=3, visits_below=1, contact_made=True),
         "no contact has been made in this absence: the steps without contact are asked for", Child(THREE_DAYS),
         Child(THREE_DAYS, (call("9 Nov"),))),
    # -- absence with a reason
    Near(a_step(T.ABSENT_WITH_REASON, codes_left_out=b"2E"), "code E today, which it leaves out",
         Child({"10 Nov am": "E", "10 Nov pm": "C2"}), Child({"10 Nov": "I"})),
    Near(a_step(T.ABSENT_WITH_REASON, codes_left_out=b"DE"), "code E today, which it leaves out",
         Child({"10 Nov am": "D", "10 Nov pm": "E"}), Child({"10 Nov am": "D", "10 Nov pm": "I"})),
    # -- the first day after a holiday
    Near(FIRST_DAY_BACK, "leave is granted for Tue 3 Nov, the first day after the holiday",
         Child(SINCE_THE_BREAK | {"3 Nov": "C"}), Child(SINCE_THE_BREAK)),
    Near(FIRST_DAY_BACK, "code E on Tue 3 Nov, the first day after the holiday",
         Child(SINCE_THE_BREAK | {"3 Nov am": "E", "3 Nov pm": "C2"}),
         Child(SINCE_THE_BREAK | {"3 Nov am": "E"})),
    Near(FIRST_DAY_BACK, "contact was made on Tue 3 Nov", Child(SINCE_THE_BREAK, (call("3 Nov"),)),
         Child(SINCE_THE_BREAK)),
    Near(FIRST_DAY_BACK, "contact was made on Wed 6 Jan",
         Child({"3 Nov..8 Jan": "O"}, (call("5 Nov"), call("6 Jan")), on="8 Jan"),
         Child({"3 Nov..8 Jan": "O"}, (call("5 Nov"),), on="8 Jan")),
    # -- without a reason
    Near(a_step(T.UNEXPLAINED_TODAY), "contact was made today", Child(TODAY, (call("10 Nov"),)), Child(TODAY)),
    Near(a_step(T.ABSENCE_UNEXPLAINED, n=3), "a reason is recorded for the absence of Fri 6 Nov",
         Child(THREE_DAYS, (until("6 Nov", "9 Nov"),)), Child(THREE_DAYS)),
    Near(a_step(T.ABSENT_WHEREABOUTS_UNKNOWN, n=3, by_day=11), "no absence lasts: a present mark on Tue 10 Nov",
         Child(), Child(THREE_DAYS, (an_event(K.MISSING, "9 Nov"),))),
    Near(a_step(T.ABSENT_WHEREABOUTS_UNKNOWN, n=3, by_day=11), "needs day 3 of absence; today is day 2",
         Child(TWO_DAYS, (an_event(K.MISSING, "9 Nov"),)), Child(THREE_DAYS, (an_event(K.MISSING, "9 Nov"),))),
    # -- in a half term
    Near(a_step(T.AT_RISK_GROUP), "no half term has begun", Child(on="31 Aug"), Child({"4 Nov": "I"})),
    Near(a_step(T.AT_RISK_GROUP), "no absence since the half term began",
         Child({"19 Jul": "I"}, on=in_a_last_term_without_a_school_day()), Child({"19 Jul": "I"}, on="20 Jul")),
    Near(a_step(T.SPELLS_OF_ABSENCE, spells=2), "no half term has begun", Child(on="31 Aug"),
         Child({"4 Nov": "I", "6 Nov": "I"})),
    Near(a_step(T.SPELLS_OF_ABSENCE, spells=2), "1 of 2 absences since the half term began on Tue 3 Nov",
         Child({"23 Oct": "I", "4 Nov": "I"}), Child({"3 Nov": "I", "5 Nov": "I"})),
    # -- shares of the year
    Near(SHARE, "only 38 of 40 possible sessions so far this school year",
         Child({"7 Sep..8 Sep": "I"}, on="29 Sep"), Child({"7 Sep..8 Sep": "I"}, on="30 Sep")),
    Near(SHARE, "3 of 40 possible sessions absent, 7.5%: under 10%",
         Child({"7 Sep": "I", "8 Sep am": "I"}, on="30 Sep"), Child({"7 Sep..8 Sep": "I"}, on="30 Sep")),
    Near(a_step(T.ATTENDANCE_FALLING, sessions=10), "support was agreed outside every known school year",
         Child({"4 Nov..10 Nov": "I"}, (Event(K.SUPPORT_AGREED, date(2026, 7, 20)),)),
         Child({"4 Nov..10 Nov": "I"}, (an_event(K.SUPPORT_AGREED, "3 Nov"),))),
    Near(a_step(T.ATTENDANCE_FALLING, sessions=10), "8 of 10 sessions since support was agreed on Wed 4 Nov",
         Child({"4 Nov..10 Nov": "I"}, (an_event(K.SUPPORT_AGREED, "4 Nov"),)),
         Child({"4 Nov..10 Nov": "I"}, (an_event(K.SUPPORT_AGREED, "3 Nov"),))),
    # -- illness and reviews
    Near(a_step(T.ILLNESS_EXPECTED, days=16), "illness expected to 30 November 2026, 15 of 16 school days",
         Child({"10 Nov": "I"}, (until("10 Nov", "30 Nov"),)), Child({"10 Nov": "I"}, (until("10 Nov", "1 Dec"),))),
    Near(a_step(T.ILLNESS_EXPECTED, days=16), "the latest reason that names an end, of Tue 10 Nov, is no illness",
         Child({"9 Nov..10 Nov": "I"}, (until("9 Nov", "1 Dec"), until("10 Nov", "20 Nov", "a funeral"))),
         Child({"9 Nov..10 Nov": "I"}, (until("9 Nov", "20 Nov", "a funeral"), until("10 Nov", "1 Dec")))),
    Near(TWO_REVIEWS, "1 of 2 reviews held this school year",
         Child({"3 Sep..8 Sep": "I"}, (LAST_YEAR, *reviews("5 Oct")), on="5 Nov"),
         Child({"3 Sep..8 Sep": "I"}, reviews("5 Oct", "2 Nov"), on="5 Nov")),
    Near(TWO_REVIEWS, "1 of 2 reviews held this school year",
         Child({"3 Sep..23 Oct": "I"}, reviews("5 Oct"), on="26 Jul"),
         Child({"3 Sep..23 Oct": "I"}, reviews("5 Oct", "12 Jul"), on="26 Jul")),
    # -- telling the authority
    Near(TOLD_20, "no absence lasts: a present mark on Tue 10 Nov", Child(events=(referred("5 Oct"),)),
         Child(SINCE_5_OCTOBER, (referred("5 Oct"),))),
    Near(TOLD_20, "nothing recorded says that the authority was told of this absence",
         Child(SINCE_5_OCTOBER, (call("5 Oct"),)), Child(SINCE_5_OCTOBER, (referred("5 Oct"),))),
    Near(TOLD_20, "16 of 20 school days since the authority was told on Fri 9 Oct",
         Child(SINCE_5_OCTOBER, (referred("5 Oct"), an_event(K.RETURN_SENT, "9 Oct", return_=ReturnKind.ATTENDANCE),
                                 call("3 Nov"))),
         Child(SINCE_5_OCTOBER, (referred("5 Oct"), call("3 Nov")))),
    # -- missing
    Near(a_step(T.MISSING_UNTRACED, working_days=5),
         "traced since the report of Wed 4 Nov: attended, seen, or confirmed elsewhere",
         Child(SINCE_5_OCTOBER, (an_event(K.MISSING, "5 Oct"), told("4 Nov", Recipient.POLICE),
                                 an_event(K.FOUND, "9 Nov"))),
         Child(SINCE_5_OCTOBER, (an_event(K.MISSING, "5 Oct"), an_event(K.FOUND, "7 Oct"),
                                 told("3 Nov", Recipient.POLICE)))),
    Near(EPISODES, "no 3 of 3 missing episodes begin within 90 days: 91 at least",
         Child(events=missing("7 Sep", "5 Oct", "6 Dec"), on="22 Jan"),
         Child(events=missing("7 Sep", "5 Oct", "5 Dec"), on="22 Jan")),
    Near(EPISODES, "no 3 of 4 missing episodes begin within 90 days: 99 at least",
         Child(events=missing("7 Sep", "5 Oct", "14 Dec", "14 Jan"), on="22 Jan"),
         Child(events=missing("7 Sep", "5 Oct", "14 Dec", "2 Jan"), on="22 Jan")),
    # -- whereabouts
    Near(a_step(T.WHEREABOUTS_UNKNOWN), "nothing recorded makes the whereabouts unknown", Child(TODAY),
         Child(TODAY, (visit("10 Nov"),))),
    Near(a_step(T.WHEREABOUTS_UNKNOWN, causes=("unaware", "moved_away")),
         "the whereabouts are unknown for another reason than it asks about: the child was reported missing and is "
         "not found", Child(TODAY, (an_event(K.MISSING, "10 Nov"), visit("10 Nov"))),
         Child(TODAY, (an_event(K.MISSING, "10 Nov"), call("10 Nov", AttemptOutcome.UNAWARE)))),
    Near(a_step(T.ENQUIRIES_TRIED), "not recorded as tried: enquiry E1, enquiry E2 and enquiry E5",
         Child(TWO_DAYS, (an_event(K.MISSING, "6 Nov", "17:00"), tried("E4"), visit("10 Nov"))),
         Child(TWO_DAYS, (an_event(K.MISSING, "6 Nov", "17:00"), *map(tried, ("E1", "E2", "E4", "E5")),
                          visit("10 Nov")))),
    # -- back after a case
    Near(CASE, "has not attended since the case of Mon 9 Nov",
         Child(TWO_DAYS, (told("12 Oct", Recipient.POLICE), referred("9 Nov"))),
         Child({"9 Nov": "O"}, (told("12 Oct", Recipient.POLICE), referred("9 Nov")))),
    Near(CASE, "has not attended since the case of Mon 9 Nov",
         Child(SINCE_5_OCTOBER, (referred("5 Oct"), referred("9 Nov"))),
         Child(SINCE_5_OCTOBER | {"10 Nov": "L"}, (referred("5 Oct"), referred("9 Nov")))),
    Near(CASE, "the pupil was not absent when a case was last opened, reported or referred, on Thu 5 Nov",
         Child({"3 Nov..4 Nov": "O"}, (an_event(K.CASE_OPENED, "12 Oct", "12:00"), told("5 Nov", Recipient.POLICE))),
         Child({"3 Nov..4 Nov": "O"}, (referred("4 Nov"), told("5 Nov", Recipient.AUTHORITY_CME)))),
)  # fmt: skip


@pytest.mark.parametrize("near", NEAR, ids=[f"{near.step.trigger} {place}" for place, near in enumerate(NEAR)])
def test_the_reason_says_what_keeps_the_step_quiet_and_none_is_said_once_it_is_so(near: Near) -> None:
    assert not is_so(near.below, near.step)
    assert reason_of(near.below, near.step) == near.says

    assert is_so(near.above, near.step)
    assert reason_of(near.above, near.step) == ""


def test_a_review_on_the_first_day_of_the_school_year_is_one_of_that_year() -> None:
    child = Child({"4 Nov": "I"}, reviews("1 Sep", "5 Oct"))

    assert reason_of(child, TWO_REVIEWS) == "2 of 86 possible sessions absent: under 10%"


def test_a_step_on_absence_that_asks_for_no_cause_is_not_said_to_ask_for_another() -> None:
    step = a_step(T.ABSENT_WHEREABOUTS_UNKNOWN, n=3, by_day=11, causes=("unaware",))

    assert is_so(Child(THREE_DAYS, (an_event(K.MISSING, "9 Nov"),)), step)
    assert reason_of(Child(TWO_DAYS, (an_event(K.MISSING, "9 Nov"),)), step) == (
        "needs day 3 of absence; today is day 2"
    )


def test_joint_enquiries_under_way_have_not_ended_without_finding_the_child() -> None:
    begun = an_event(K.JOINT_ENQUIRIES, "5 Nov", outcome=EnquiryResult.BEGUN)
    ended = an_event(K.JOINT_ENQUIRIES, "9 Nov", outcome=EnquiryResult.NOT_FOUND)
    step = a_step(T.ENQUIRIES_FAILED)

    assert reason_of(Child(SINCE_5_OCTOBER, (begun,)), step) == (
        "joint enquiries have not ended without finding the child"
    )
    assert is_so(Child(SINCE_5_OCTOBER, (begun, ended)), step)
    assert reason_of(Child(SINCE_5_OCTOBER, (begun, ended)), step) == ""


# -- a rule of several steps, and whom it concerns ---------------------------------------------------------------


def test_where_one_reason_keeps_every_step_quiet_it_is_said_whomever_the_steps_concern() -> None:
    assert reason_of(Child(), *steps_of("aspire-academy.found")) == "never recorded as found"


def test_where_a_single_step_does_not_concern_the_pupil_that_is_said_first() -> None:
    (step,) = steps_of("aspire-academy.protection-plan")

    assert reason_of(Child(), step) == "not recorded: child protection plan"


def test_where_one_step_of_two_is_so_no_reason_is_said_for_the_other() -> None:
    unaware, every_contact = steps_of("aspire-academy.whereabouts-unknown")
    child = Child(TODAY, (call("10 Nov", AttemptOutcome.UNAWARE),))

    assert is_so(child, unaware)
    assert reason_of(child, every_contact).startswith("the whereabouts are unknown for another reason")
    assert reason_of(child, unaware, every_contact) == ""


def test_of_two_records_that_spare_a_pupil_the_first_by_its_name_is_said() -> None:
    (step,) = steps_of("aspire-academy.missing-episodes")
    child = Child(facts={"circumstances": (Circumstance.LOOKED_AFTER, Circumstance.CHILD_IN_NEED)})

    assert reason_of(child, step) == "does not concern a pupil of whom this is recorded: child in need"


@pytest.mark.parametrize(("rule", "says"), [
    ("aspire-academy.day-1-social-worker", "no social worker recorded"),
    ("east-sussex.home-education-plan", "none of these is recorded: child protection plan and child in need"),
    ("aspire-academy.open-to-social-care",
     "none of these is recorded: social worker, safeguarding concern and privately fostered"),
    ("aspire-academy.at-risk-groups", "none of the 17 circumstances it is about is recorded"),
])  # fmt: skip
def test_of_whom_nothing_is_recorded_up_to_three_circumstances_are_named_and_more_are_counted(
    rule: str, says: str
) -> None:
    assert reason_of(Child(TODAY), *steps_of(rule)) == says


def test_four_circumstances_are_counted() -> None:
    (step,) = steps_of("aspire-academy.day-1-social-worker")
    four = replace(step, who=("ehc_plan", "traveller", "fgm_risk", "section_47"))

    assert reason_of(Child(TODAY), four) == "none of the 4 circumstances it is about is recorded"


@pytest.mark.parametrize(("who", "says"), [
    ("ehc_plan", "not recorded: EHC plan"),
    ("section_47", "not recorded: section 47 enquiry"),
    ("fgm_risk", "not recorded: risk of FGM"),
    ("traveller", "not recorded: Traveller"),
])  # fmt: skip
def test_a_circumstance_that_is_missing_is_said_as_the_office_writes_it(who: str, says: str) -> None:
    assert reason_of(Child(TODAY), replace(LADDER_3, who=(who,))) == says


def test_a_circumstance_that_spares_a_pupil_is_said_as_the_office_writes_it() -> None:
    child = Child(TODAY, facts={"circumstances": (Circumstance.EHC_PLAN,)})

    assert reason_of(child, replace(LADDER_3, not_who=("ehc_plan",))) == (
        "does not concern a pupil of whom this is recorded: EHC plan"
    )


# -- what would raise it -------------------------------------------------------------------------------------------


def test_what_would_raise_a_step_is_said_with_its_numbers_and_their_units() -> None:
    said = say_what_would_raise((a_step(T.LADDER_DAY, n=3, visits_below=1), a_step(T.CHILD_FOUND)))

    assert said == (
        "It would be raised by this: ladder day n or later, unexplained (n = 3 school days, visits below = 1 visit); "
        "or a missing child was found."
    )


def test_a_number_per_cent_is_said_without_an_s() -> None:
    assert say_what_would_raise((SHARE,)).endswith(" (percent = 10 per cent, possible = 40 sessions).")


# -- the words ---------------------------------------------------------------------------------------------------


def test_a_share_just_short_of_the_next_tenth_is_not_rounded_up_to_it() -> None:
    child = Child({"7 Sep..8 Sep": "I", "9 Sep am": "I"}, on="6 Nov")

    assert reason_of(child, SHARE) == "5 of 82 possible sessions absent, 6.0%: under 10%"


def test_after_the_very_first_session_of_all_the_pupil_who_came_is_not_absent() -> None:
    child = Child(on=at("3 Sep", "10:00"))

    assert known_of(child).not_absent() == "no absence lasts: a present mark on Thu 3 Sep"


def test_of_a_pupil_who_is_absent_it_is_not_said_that_no_absence_lasts() -> None:
    assert known_of(Child(TODAY)).not_absent() == ""


def test_of_a_pupil_who_is_here_nothing_explains_an_absence() -> None:
    assert known_of(Child()).explained() == ""


def test_of_a_day_explained_in_the_morning_alone_nothing_is_said_to_explain_it() -> None:
    assert known_of(Child({"10 Nov am": "I", "10 Nov pm": "O"})).explained() == ""


def test_a_code_with_a_reason_is_that_of_the_latest_day_of_the_absence() -> None:
    child = Child({"6 Nov": "I", "9 Nov": "O", "10 Nov": "R"})

    assert known_of(child).explained() == "code R on Tue 10 Nov states a reason by itself"


def test_of_two_codes_with_a_reason_on_one_day_the_first_letter_of_the_alphabet_is_said() -> None:
    child = Child({"10 Nov am": "M", "10 Nov pm": "I"})

    assert known_of(child).explained() == "code I on Tue 10 Nov states a reason by itself"


@pytest.mark.parametrize(("born", "on", "says"), [
    (date(2021, 9, 3), "30 Dec", "not of compulsory school age until 31 December 2026"),
    (date(2021, 9, 3), "31 Dec", ""),
    (date(2011, 5, 4), "25 Jun", ""),
    (date(2011, 5, 4), "26 Jun", "no longer of compulsory school age since 25 June 2027"),
])  # fmt: skip
def test_compulsory_school_age_holds_on_its_first_day_and_on_its_last(born: date, on: str, says: str) -> None:
    assert known_of(Child(on=on, facts={"born": born})).not_of_age() == says


def test_a_day_up_to_120_days_away_is_said_with_its_weekday_and_one_further_off_with_its_year() -> None:
    on = date(2026, 11, 10)

    assert say_near_day(date(2026, 7, 13), on=on) == "Mon 13 Jul"
    assert say_near_day(date(2026, 7, 12), on=on) == "12 July 2026"
    assert say_near_day(date(2027, 3, 10), on=on) == "Wed 10 Mar"
    assert say_near_day(date(2027, 3, 11), on=on) == "11 March 2027"
