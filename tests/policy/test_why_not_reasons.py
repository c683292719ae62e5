"""The reason why a child is not flagged, at its edges: what is said is so of this child, and else nothing is said."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from cme_desktop.domain.contacts import Contact, Household
from cme_desktop.domain.events import (
    AttemptOutcome,
    Destination,
    Event,
    EventKind,
    Method,
    Recipient,
    ReturnKind,
    With,
)
from cme_desktop.domain.pupils import Circumstance, YearGroup
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.parameters import Numbers
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.rule import Flag, PupilRule, Rule
from cme_desktop.policy.rulebook import Rulebook
from cme_desktop.policy.why_not import RuleAnswer, Standing, why_not
from cme_desktop.policy.why_not_law import WHY_NOT_LAW
from cme_desktop.policy.why_not_words import WhyNot
from tests.builders import CONTACTS, a_record, a_rulebook, an_event, at, close_of, day, facts_of

K = EventKind
ON = "10 Nov"
POLICIES = ("aspire-academy", "derbyshire")
CONSENT = "england.home-education-consent"
REGISTER = "england.children-not-in-school"
NEW_PUPIL = "england.new-pupil-return"
DELETION = "england.deletion-return"
PART_TIME = "england.part-time-timetable"
UNEXPLAINED = "england.unexplained-absence"
IN_FORCE = (f"{CONSENT}.in-force", f"{REGISTER}.in-force")


@dataclass(frozen=True)
class Of:
    """A pupil, the rule that is asked about, and what is said of it; ``clock`` is the time where it is not the close.

    ``switched`` are the parameters that are turned on.
    """

    rule: str
    says: str
    pupil: dict[str, Any] = field(default_factory=dict)
    on: str = ON
    clock: str = ""
    switched: tuple[str, ...] = ()

    @property
    def judged(self) -> Judgement:
        return at(self.on, self.clock) if self.clock else close_of(self.on)


def rulebook(*switched: str) -> Rulebook:
    found = a_rulebook(*POLICIES)
    for name in switched:
        found = replace(found, parameters=found.parameters.switched_on(name, since=day("1 Sep")))
    return found


def a_pupil(
    judged: Judgement, *, year_group: YearGroup | None = None, is_awaited: bool = False, **facts: Any
) -> PupilRecord:
    events = tuple(sorted(facts.pop("events", ()), key=lambda event: event.moment))
    record = a_record(facts.pop("marks", {}), judged=judged, events=events, **facts)
    return replace(record, pupil=replace(record.pupil, year_group=year_group, is_awaited=is_awaited))


def answers(of: Of) -> dict[str, RuleAnswer]:
    found = why_not(a_pupil(of.judged, **of.pupil), of.judged, rulebook(*of.switched))
    return {answer.rule_id: answer for answer in found}


def reason(of: Of) -> tuple[Flag | None, str]:
    """What the rule raises of the pupil, and the reason that is given why it would not."""
    judged, book = of.judged, rulebook(*of.switched)
    known = WhyNot(facts_of(a_pupil(judged, **of.pupil), judged), book.parameters.on(judged.on), at_most=False)
    rule = book.find_rule(of.rule)
    assert rule is not None
    words = WHY_NOT_LAW[of.rule](known)
    return rule.judge(known.facts, known.numbers), f"{words[0].upper()}{words[1:]}." if words else ""


def names(cases: tuple[Of, ...]) -> list[str]:
    return [f"{case.rule} {place}" for place, case in enumerate(cases)]


def leaving(on: str, to: Destination | None = Destination.KNOWN, **facts: Any) -> Event:
    return an_event(K.LEAVING, on, destination=to, **facts)


def sent(on: str, kind: ReturnKind, clock: str | None = None) -> Event:
    return an_event(K.RETURN_SENT, on, clock, return_=kind)


def call(on: str, clock: str | None = None, outcome: AttemptOutcome = AttemptOutcome.ANSWERED_NO_REASON) -> Event:
    return an_event(K.CONTACT_ATTEMPT, on, clock, with_=With.MOTHER, method=Method.PHONE, outcome=outcome)


def part_time(on: str, until: str, **facts: Any) -> Event:
    return an_event(K.PART_TIME_AGREED, on, until=day(until), **facts)


LEFT = leaving("2 Nov", leaving_on=day("6 Nov"))
SEEN_BEFORE = an_event(K.CHILD_SEEN, "5 Oct", "14:00")
LETTER = an_event(K.HOME_EDUCATION_LETTER, "2 Nov", from_=day("20 Nov"))
TOLD = an_event(K.TOLD, "3 Nov", who=Recipient.AUTHORITY_HOME_EDUCATION)
REMOVED = an_event(K.REMOVED, "9 Nov", ground="a")
PROPOSED = an_event(K.REMOVAL_PROPOSED, "5 Jul", ground="f")
SPARED = "Leaves the oldest class at the end of its last term: no return is owed unless the authority asks for it."
NOT_ABSENT = "No absence lasts: a present mark on Tue 10 Nov."
NO_DAY = "Nobody has said yet which day is the last one here: this is asked for once it has passed."
GIVEN_UP = "The place here was given up before the child came on roll."
NEVER_CAME: dict[str, Any] = {
    "starting_day": day("9 Nov"),
    "left_on": day("2 Sep"),
    "events": [leaving("1 Sep", leaving_on=day("1 Sep"), confirmed=True)],
}
AWAITED = {"starting_day": None, "is_awaited": True, "marks": {"3 Sep..10 Nov": "."}}
PLAN = {"circumstances": (Circumstance.CHILD_PROTECTION_PLAN,)}
SPECIAL = {"circumstances": (Circumstance.SPECIAL_SCHOOL,)}

NOT_SO = (
    # -- leave and part time
    Of(PART_TIME, "The agreed part-time timetable ends on 20 November 2026.",
       {"events": [part_time("3 Nov", "20 Nov")]}),
    Of(PART_TIME, "The agreed part-time timetable ended on 10 November 2026, and no session after it has code C2.",
       {"events": [part_time("10 Nov", "10 Nov")]}),
    Of(PART_TIME,
       "The agreed part-time timetable ended on 16 October 2026, and no code C2 stands in the last 5 school days.",
       {"events": [part_time("5 Oct", "16 Oct")], "marks": {"19 Oct..20 Oct": "C2"}}),
    Of(PART_TIME,
       "No part-time timetable is agreed, and the last code C2 stands on Thu 3 Sep, not in the last 5 school days.",
       {"marks": {"3 Sep am": "C2"}}),
    # -- leaving
    Of(DELETION, SPARED, {"year_group": YearGroup.Y6, "events": [
        leaving("1 Jul", leaving_on=day("17 Jul")), an_event(K.REMOVED, "22 Jul", ground="f")]}, on="22 Jul"),
    Of(DELETION, SPARED, {"year_group": YearGroup.Y6, "events": [
        leaving("1 Jul", leaving_on=day("21 Jul")), PROPOSED]}, on="9 Jul"),
    Of("england.unknown-destination", "Leaving on a day that nobody has said, and where the child goes is confirmed.",
       {"events": [leaving("9 Nov", confirmed=True)]}),
    Of("england.unknown-destination", "Left on 6 November 2026, and where the child goes is confirmed.",
       {"events": [leaving("2 Nov", leaving_on=day("6 Nov"), confirmed=True)]}),
    Of("england.unknown-destination", "Leaving on 10 November 2026, and where the child goes is confirmed.",
       {"events": [leaving("2 Nov", leaving_on=day("10 Nov"), confirmed=True)]}),
    Of("england.unknown-destination", "Leaving on 20 November 2026, and where the child goes is confirmed.",
       {"events": [LETTER, leaving("9 Nov", leaving_on=day("20 Nov"), confirmed=True)]}),
    Of("england.arrival-confirmed", NO_DAY, {"events": [leaving("6 Nov")]}),
    Of("england.transfer-file-due", NO_DAY, {"events": [leaving("6 Nov")]}),
    Of("england.child-protection-file", NO_DAY,
       {"circumstances": (Circumstance.CHILD_PROTECTION_FILE,), "events": [leaving("6 Nov")]}),
    # -- a place given up before the child came
    Of(NEW_PUPIL, GIVEN_UP, {**NEVER_CAME, "starting_day": day("3 Sep"), "year_group": YearGroup.R}),
    Of(NEW_PUPIL, GIVEN_UP, {**NEVER_CAME, "starting_day": day("16 Nov")}),
    Of("derbyshire.in-year-joiner", GIVEN_UP, {**NEVER_CAME, "starting_day": day("16 Nov")}),
    Of("derbyshire.in-year-joiner", GIVEN_UP, NEVER_CAME),
    Of("england.transfer-file-due", GIVEN_UP, NEVER_CAME),
    Of("england.child-protection-file", GIVEN_UP,
       {**NEVER_CAME, "circumstances": (Circumstance.CHILD_PROTECTION_FILE,)}),
    Of("england.unknown-destination",
       "Gave up the place here on 1 September 2026, and where the child goes is confirmed.", NEVER_CAME),
    # -- home education, once the sections of the Act are in force
    Of(CONSENT, "No written notice of home education is recorded.", PLAN, switched=IN_FORCE),
    Of(CONSENT,
       "No special school, child-protection plan or section 47 enquiry is recorded: no consent is needed.",
       {"events": [LETTER]}, switched=IN_FORCE),
    Of(REGISTER, "No written notice of home education is recorded, and no education elsewhere for part of the time.",
       switched=IN_FORCE),
    # -- today
    Of("england.social-worker-told", NOT_ABSENT, {"circumstances": (Circumstance.SOCIAL_WORKER,)}),
    Of("england.social-worker-told", NOT_ABSENT, {"circumstances": (Circumstance.YOUTH_JUSTICE_WORKER,)}),
    Of("england.leave-not-returned", NOT_ABSENT),
    # -- never started
    Of("england.never-started", "Has attended, last on Thu 3 Sep.", {"marks": {"3 Sep pm": "O", "4 Sep..10 Nov": "O"}}),
    Of("england.never-started", "Code I on Tue 10 Nov states a reason by itself.",
       {"starting_day": day("9 Nov"), "marks": {"9 Nov..10 Nov": "I"}}),
    Of("england.never-started", "No starting day is recorded.",
       {"starting_day": None, "marks": {"3 Sep..10 Nov": "O"}}),
    Of("england.never-started", "Starts on 11 November 2026.", {"starting_day": day("11 Nov")}),
    Of("england.never-started", "No session since the starting day, 10 November 2026, is over.",
       {"starting_day": day("10 Nov")}, clock="08:30"),
    # -- runs and counts
    Of("england.attendance-return",
       "0 of 20 sessions: the run of G, N, O and U was broken by a present mark on Thu 3 Sep.",
       {"marks": {"3 Sep am": "O"}}, on="14 Sep"),
    Of("england.attendance-return",
       "0 of 20 sessions: the run of G, N, O and U was broken by a present mark on Mon 7 Sep.",
       {"marks": {"4 Sep pm": "O"}}, on="23 Nov", clock="09:40"),
    Of("england.attendance-return",
       "0 of 20 sessions in a row with codes G, N, O or U: the last mark is a present mark on Mon 23 Nov.",
       {"marks": {"4 Sep pm": "O"}}, on="23 Nov"),
    Of("england.attendance-return",
       "0 of 20 sessions in a row with codes G, N, O or U: the last mark is code I on Tue 10 Nov.",
       {"marks": {"10 Nov": "I"}}, clock="09:40"),
    Of("england.attendance-return",
       "0 of 20 sessions: the run of G, N, O and U was broken by a present mark on Tue 10 Nov.",
       {"marks": {"6 Nov": "O", "9 Nov": "Y4"}}),
    Of("england.attendance-return", "0 of 20 sessions: the run of G, N, O and U was broken by code I on Mon 9 Nov.",
       {"marks": {"6 Nov": "O", "9 Nov am": "I", "9 Nov pm": "Y4"}}),
    Of("england.penalty-threshold",
       "2 of 10 sessions: the others of 10 within 10 school weeks were decided on, or are not of compulsory "
       "school age.",
       {"marks": {"15 Dec..18 Dec": "O", "5 Jan": "O"}, "born": day("3 Sep", year=2021)}, on="5 Jan"),
    Of("england.sickness-approaching", "No session of today has code I.", {"marks": {"5 Oct..16 Oct": "I"}}),
    Of("england.sickness-return", "Not of compulsory school age until 31 December 2026.",
       {"marks": {"13 Oct..10 Nov": "I"}, "born": day("3 Sep", year=2021)}),
    Of("england.not-seen", "3 of 10 school days: last seen on Wed 4 Nov (attended).",
       {"marks": {"5 Nov..10 Nov": "O"}}, clock="09:40"),
    Of("england.not-seen", "No session that the records judge is over.",
       {"starting_day": day("9 Nov"), "events": [SEEN_BEFORE]}, on="6 Nov"),
    Of("england.not-seen", "2 of 10 school days: last seen on Mon 5 Oct (child seen).",
       {"starting_day": day("9 Nov"), "marks": {"9 Nov..10 Nov": "O"}, "events": [SEEN_BEFORE]}),
    # -- what is known
    Of("england.emergency-contacts", "2 people with a working number, 1 of them outside the home.",
       {"contacts": (*CONTACTS, Contact(With.FATHER, works=False, order=3))}),
    Of("england.missing-fact", "The date of birth is recorded, and no starting day is agreed yet.", AWAITED),
)  # fmt: skip

ANSWERED = (
    Of(NEW_PUPIL, "The new pupil return is recorded as sent on Tue 10 Nov.",
       {"starting_day": day("10 Nov"), "events": [sent("10 Nov", ReturnKind.NEW_PUPIL)]}),
    Of(NEW_PUPIL, "The new pupil return is recorded as sent on Fri 6 Nov.", {"starting_day": day("3 Nov"), "events": [
        sent("5 Nov", ReturnKind.ATTENDANCE), sent("6 Nov", ReturnKind.NEW_PUPIL)]}),
    Of(PART_TIME, "The agreed part-time timetable ends on 20 November 2026, and its review was held on Mon 9 Nov.",
       {"events": [part_time("3 Nov", "20 Nov", review_on=day("6 Nov")), an_event(K.REVIEW_HELD, "9 Nov")]}),
    Of(PART_TIME, "The agreed part-time timetable ends on 20 November 2026, and its review was held on Tue 10 Nov.",
       {"events": [part_time("3 Nov", "20 Nov", review_on=day("10 Nov")), an_event(K.REVIEW_HELD, "10 Nov")]}),
    Of("england.transfer-file-due", "The transfer file is recorded as sent on Mon 9 Nov.",
       {"events": [LEFT, an_event(K.TRANSFER_FILE_SENT, "9 Nov"), an_event(K.ARRIVAL_CONFIRMED, "10 Nov")]}),
    Of("england.child-protection-file", "The receipt for the child-protection file is recorded on Mon 9 Nov.",
       {"circumstances": (Circumstance.CHILD_PROTECTION_FILE,),
        "events": [LEFT, an_event(K.PROTECTION_FILE_RECEIVED, "9 Nov"), an_event(K.NOTE, "10 Nov")]}),
    Of("england.arrival-confirmed", "The next school's word that the child came is recorded on Tue 10 Nov.",
       {"events": [LEFT, an_event(K.ARRIVAL_CONFIRMED, "9 Nov"), an_event(K.ARRIVAL_CONFIRMED, "10 Nov", "11:00"),
                   an_event(K.TRANSFER_FILE_SENT, "10 Nov", "12:00")]}),
    Of(CONSENT, "The authority's answer is recorded on Mon 9 Nov.",
       {**PLAN, "events": [LETTER, an_event(K.AUTHORITY_CONSENT, "9 Nov")]}, switched=IN_FORCE),
    Of(CONSENT, "The authority's answer is recorded on Mon 9 Nov.",
       {**SPECIAL, "events": [LETTER, an_event(K.AUTHORITY_CONSENT, "9 Nov")]}, switched=IN_FORCE),
    Of(REGISTER, "The authority is recorded as told.", {"events": [LETTER, TOLD]}, switched=IN_FORCE),
    Of(REGISTER, "The authority is recorded as told.",
       {"circumstances": (Circumstance.ELSEWHERE_EDUCATED,), "events": [TOLD]}, switched=IN_FORCE),
    Of("england.reported-concern", "The report of Fri 6 Nov was decided on Mon 9 Nov.", {"events": [
        an_event(K.CONCERN_REPORTED, "5 Nov"), an_event(K.CONCERN_REPORTED, "6 Nov"),
        an_event(K.DECISION, "9 Nov", about="england.reported-concern")]}),
    Of("england.unknown-destination",
       "Leaving on 20 November 2026, and the notice of home education says where the child is taught.",
       {"events": [leaving("2 Nov", leaving_on=day("20 Nov"), confirmed=True),
                   an_event(K.HOME_EDUCATION_LETTER, "9 Nov")]}),
    Of("england.unknown-destination",
       "Leaving on 20 November 2026, and the notice of home education says where the child is taught.",
       {"events": [leaving("9 Nov", Destination.UNKNOWN, leaving_on=day("20 Nov")),
                   an_event(K.HOME_EDUCATION_LETTER, "9 Nov")]}),
    Of("england.unknown-destination", "Leaving on 20 November 2026, and where the child goes is confirmed.",
       {"events": [an_event(K.HOME_EDUCATION_LETTER, "9 Nov"),
                   leaving("9 Nov", leaving_on=day("20 Nov"), confirmed=True)]}),
    Of("england.unknown-destination",
       "Left on 9 November 2026, and the notice of home education says where the child is taught.",
       {"events": [LETTER, an_event(K.REMOVED, "9 Nov")]}),
    # what is recorded settles these, and no fact beside it keeps them quiet
    Of("england.unknown-destination", "",
       {"events": [leaving("9 Nov", Destination.UNKNOWN), an_event(K.REFERRED, "9 Nov", to=Recipient.AUTHORITY_CME)]}),
    Of("england.elsewhere-unconfirmed", "",
       {"marks": {"10 Nov": "D"}, "events": [an_event(K.ELSEWHERE_CONFIRMED, "10 Nov")]}),
    Of("england.attendance-return", "",
       {"marks": {"20 Oct..10 Nov": "O"}, "events": [sent("10 Nov", ReturnKind.ATTENDANCE)]}),
    Of("england.twenty-days", "", {"marks": {"6 Oct..10 Nov": "O"}, "events": [
        an_event(K.DECISION, "10 Nov", about="england.twenty-days")]}),
)  # fmt: skip

AT_HOME = Contact(With.MOTHER), Contact(With.FATHER, order=2)

RAISED = (
    Of(NEW_PUPIL, "", {"starting_day": day("3 Sep"), "year_group": YearGroup.R},
       switched=(f"{NEW_PUPIL}.asked-of-all",)),
    Of(NEW_PUPIL, "", {"starting_day": day("4 Sep"), "year_group": YearGroup.R}),
    Of(NEW_PUPIL, "", {"starting_day": day("3 Sep"), "year_group": YearGroup.Y1}),
    Of(DELETION, "", {"year_group": YearGroup.Y6, "events": [an_event(K.REMOVED, "22 Jul", ground="f")]}, on="22 Jul",
       switched=(f"{DELETION}.asked-of-all",)),
    Of(DELETION, "", {"year_group": YearGroup.Y3, "events": [REMOVED]}),
    Of("england.transfer-file-due", "", {"events": [LEFT]}),
    Of("england.unresolved-n", "", {"marks": {"3 Sep am": "N"}}),
    Of("england.attendance-return", "", {"marks": {"20 Oct..10 Nov": "O"}}),
    Of("england.sickness-approaching", "", {"marks": {"20 Oct..10 Nov": "I"}}),
    Of("england.not-seen", "", {"marks": {"20 Oct..10 Nov": "O"}}),
    Of("england.emergency-contacts", "", {"contacts": AT_HOME}),
    Of("england.emergency-contacts", "", {"contacts": (Contact(With.AUNT_OR_UNCLE, Household.ELSEWHERE),)}),
    Of("england.missing-fact", "", {"born": None}),
    Of("england.missing-fact", "", {**AWAITED, "born": None}),
    Of("england.missing-fact", "", {"starting_day": None}),
)  # fmt: skip


@pytest.mark.parametrize("of", NOT_SO, ids=names(NOT_SO))
def test_of_a_pupil_whom_a_rule_does_not_concern_the_fact_that_keeps_it_quiet_is_said(of: Of) -> None:
    answer = answers(of)[of.rule]

    assert (answer.standing, answer.words) == (Standing.NOT_SO, of.says)


@pytest.mark.parametrize("of", ANSWERED, ids=names(ANSWERED))
def test_of_a_pupil_for_whom_all_was_done_the_record_of_it_is_said_or_nothing(of: Of) -> None:
    flag, words = reason(of)

    assert flag is None
    assert words == of.says


@pytest.mark.parametrize("of", RAISED, ids=names(RAISED))
def test_of_a_pupil_who_is_flagged_no_reason_is_found_why_not(of: Of) -> None:
    flag, words = reason(of)

    assert flag is not None
    assert not words


# -- what ended it, and what didn't --------------------------------------------------------------------------------


def test_a_run_that_ended_when_the_child_came_is_said_to_have_ended_then() -> None:
    found = answers(Of("", "", {"marks": {"12 Oct..9 Nov": "O"}}))

    for rule in ("england.attendance-return", "england.not-seen", UNEXPLAINED, "aspire-academy.day-1-contact"):
        assert found[rule].standing is Standing.SETTLED
        assert found[rule].words == "Ended when the pupil attended: a present mark on Tue 10 Nov, morning."


def test_an_illness_that_ended_when_the_child_came_is_said_to_have_ended_then() -> None:
    answer = answers(Of("", "", {"marks": {"19 Oct..9 Nov": "I"}}))["england.sickness-approaching"]

    assert answer.words == "Ended when the pupil attended: a present mark on Tue 10 Nov, morning."


def test_ten_school_days_after_coming_back_it_is_still_said_and_then_no_more() -> None:
    ten, eleven = (answers(Of("", "", {"marks": {on: "O"}}))[UNEXPLAINED] for on in ("19 Oct", "16 Oct"))

    assert ten.words == "Ended when the pupil attended: a present mark on Tue 20 Oct, morning."
    assert (eleven.standing, eleven.words) == (Standing.NOT_SO, NOT_ABSENT)
    half_a_day_more = answers(Of("", "", {"marks": {"19 Oct am": "O"}}))[UNEXPLAINED]
    assert (half_a_day_more.standing, half_a_day_more.words) == (Standing.NOT_SO, NOT_ABSENT)


def test_what_only_an_absence_asks_is_said_to_have_ended_when_the_child_came() -> None:
    known = (Circumstance.SOCIAL_WORKER, Circumstance.LOOKED_AFTER)
    told = answers(Of("", "", {"marks": {"9 Nov": "O"}, "circumstances": known}))
    long = answers(Of("", "", {"marks": {"14 Sep..9 Nov": "O"}}))
    granted = an_event(K.LEAVE_GRANTED, "1 Oct", from_=day("12 Oct"), to=day("16 Oct"))
    leave = answers(Of("", "", {"marks": {"12 Oct..16 Oct": "C", "19 Oct..9 Nov": "O"}, "events": [granted]}))
    new = answers(Of("", "", {"marks": {"9 Nov": "O"}, "starting_day": day("9 Nov")}))

    for found, rule in (
        (told, "social-worker-told"), (told, "looked-after-told"), (long, "twenty-days"),
        (leave, "leave-not-returned"), (new, "never-started"),
    ):  # fmt: skip
        assert found[f"england.{rule}"].words == (
            "Ended when the pupil attended: a present mark on Tue 10 Nov, morning."
        ), rule


def test_a_child_who_missed_only_the_very_first_session_ended_it_by_coming() -> None:
    answer = answers(Of("", "", {"marks": {"3 Sep am": "O"}}, on="3 Sep"))[UNEXPLAINED]

    assert answer.words == "Ended when the pupil attended: a present mark on Thu 3 Sep, afternoon."


def test_what_a_call_had_settled_the_day_before_was_not_ended_by_coming() -> None:
    for asked in (call("9 Nov", "10:00"), call("9 Nov")):  # the second without a time counts at the day's close
        answer = answers(Of("", "", {"marks": {"9 Nov": "O"}, "events": [asked]}))[UNEXPLAINED]

        assert (answer.standing, answer.words) == (Standing.NOT_SO, NOT_ABSENT)


def test_a_return_sent_after_the_child_came_did_not_end_what_the_coming_ended() -> None:
    pupil = {"marks": {"12 Oct..9 Nov": "O"}, "events": [sent("10 Nov", ReturnKind.ATTENDANCE, "11:00")]}

    answer = answers(Of("", "", pupil))["england.attendance-return"]

    assert answer.words == "Ended when the pupil attended: a present mark on Tue 10 Nov, morning."


def test_a_call_after_the_child_came_in_the_afternoon_did_not_end_what_the_coming_ended() -> None:
    for clock in ("13:30", "14:00"):  # the afternoon's mark counts from half past one
        pupil = {"marks": {"10 Nov am": "O"}, "events": [call("10 Nov", clock)]}

        answer = answers(Of("", "", pupil))[UNEXPLAINED]

        assert answer.words == "Ended when the pupil attended: a present mark on Tue 10 Nov, afternoon."


def test_a_call_before_the_child_came_in_the_afternoon_settled_it_before_the_coming() -> None:
    pupil = {"marks": {"10 Nov am": "O"}, "events": [call("10 Nov", "11:00")]}

    answer = answers(Of("", "", pupil))[UNEXPLAINED]

    assert (answer.standing, answer.words) == (Standing.NOT_SO, NOT_ABSENT)


def test_after_a_day_at_the_other_school_no_absence_is_said_to_have_ended_here() -> None:
    pupil = {"marks": {"6 Nov": "O", "9 Nov": "D"}, "circumstances": (Circumstance.SOCIAL_WORKER,)}

    answer = answers(Of("", "", pupil))["england.social-worker-told"]

    assert (answer.standing, answer.words) == (Standing.NOT_SO, NOT_ABSENT)


def test_a_share_of_absence_between_reviews_is_not_said_to_have_ended_by_coming() -> None:
    reviews = [an_event(K.REVIEW_HELD, on) for on in ("14 Sep", "21 Sep")]
    marks = {"7 Sep..8 Sep": "O", "14 Oct": "O"}

    before, after = (
        answers(Of("", "", {"marks": marks, "events": reviews}, on=on))["aspire-academy.not-improving"]
        for on in ("14 Oct", "15 Oct")
    )

    assert before.standing is Standing.RAISED
    assert (after.standing, after.words) == (Standing.NOT_SO, "6 of 62 possible sessions absent: under 10%.")


# -- children who are no longer here -------------------------------------------------------------------------------


def test_of_an_absent_child_the_removal_is_not_said_to_have_settled_anything() -> None:
    found = answers(Of("", "", {"marks": {"2 Nov..10 Nov": "O"}, "events": [REMOVED]}))

    for rule in (UNEXPLAINED, "england.not-seen", "aspire-academy.day-1-contact"):
        assert found[rule].standing is Standing.NOT_SO
        assert found[rule].words == "No longer on the roll: this is asked of pupils on it."


def test_of_a_child_who_has_died_nothing_is_said_to_be_settled_by_it() -> None:
    found = answers(Of("", "", {"marks": {"2 Nov..10 Nov": "O"}, "events": [an_event(K.DIED, "9 Nov")]}))

    assert {answer.standing for answer in found.values()} == {Standing.NOT_SO}
    assert found[UNEXPLAINED].words == "The child has died: nothing is asked."
    assert found[DELETION].words == "No removal from the roll is proposed or recorded."  # asked of the dead as well


def test_of_a_child_whose_place_was_given_up_no_roll_is_said_to_be_left() -> None:
    answer = answers(Of("", "", NEVER_CAME))[UNEXPLAINED]

    assert answer.words == "Never came on the roll: this is asked of pupils on it."


# -- rules of other kinds ------------------------------------------------------------------------------------------


class OwnRule:
    """A rule that holds no more than every rule must: neither references nor steps."""

    id = "own.lunch-box"
    title = "A lunch box was left behind"
    needs_absence_or_event = True
    after_leaving = False
    after_death = False

    def is_in_force(self, on: date) -> bool:
        return on >= day("1 Sep")

    def judge(self, _facts: Facts, _numbers: Numbers) -> Flag | None:
        return None


def own_answers(*rules: PupilRule, on: str = ON, **pupil: Any) -> list[RuleAnswer]:
    judged = close_of(on)
    return list(why_not(a_pupil(judged, **pupil), judged, replace(rulebook(), rules=rules)))


def test_a_rule_that_says_only_its_title_answers_with_it() -> None:
    (answer,) = own_answers(OwnRule(), marks={"9 Nov": "O"})

    assert answer == RuleAnswer(
        "own.lunch-box",
        "A lunch box was left behind",
        Standing.NOT_SO,
        "A lunch box was left behind. That is not so today.",
    )


def test_an_answer_cites_what_its_rule_cites() -> None:
    rule = rulebook().find_rule(UNEXPLAINED)
    assert isinstance(rule, Rule)
    assert rule.references

    for marks in ({}, {"9 Nov": "O"}, {"10 Nov": "O"}):
        (answer,) = own_answers(rule, marks=marks)
        assert answer.references == rule.references


def test_a_rule_of_next_year_does_not_answer_yet() -> None:
    rule = rulebook().find_rule(UNEXPLAINED)
    assert isinstance(rule, Rule)
    next_year = replace(rule, in_force_from=day("1 Jan"))

    assert own_answers(next_year, on="10 Nov") == []
    assert len(own_answers(next_year, on="5 Jan")) == 1


# -- a long history ------------------------------------------------------------------------------------------------


def notes(count: int) -> list[Event]:
    return [an_event(K.NOTE, "9 Nov", f"{9 + place // 60:02}:{place % 60:02}") for place in range(count)]


def test_an_answer_that_sixty_later_records_hide_is_not_said_to_be_missing() -> None:
    told = an_event(K.TOLD, "3 Nov", "10:00", who=Recipient.AUTHORITY_HOME_EDUCATION)
    near, far = (
        answers(Of("", "", {"events": [LETTER, told, *notes(count)]}))["derbyshire.home-education"]
        for count in (59, 60)
    )

    assert near.words == "Settled by the record: told (authority home education), Tue 3 Nov at 10:00."
    assert far.words == (
        "It would be raised by this: a parent has written that the child will be home educated. "
        "That is not so today, or a record older than the last 60 settled it."
    )


def test_a_return_that_sixty_later_records_hide_is_not_said_to_be_missing() -> None:
    told = sent("20 Oct", ReturnKind.ATTENDANCE)
    marks = {"21 Sep..10 Nov": "O"}

    answer = answers(Of("", "", {"marks": marks, "events": [told, *notes(60)]}))["england.attendance-return"]

    assert answer.words.startswith("After ten school days in a row of unauthorised absence the school must tell")
    assert answer.words.endswith(" That is not so today, or a record older than the last 60 settled it.")


def test_with_sixty_records_all_were_weighed() -> None:
    rule = rulebook().find_rule("england.twenty-days")
    assert isinstance(rule, Rule)
    unknown = replace(rule, id="own.unknown", about="Some new rule asks for it.")

    (sixty,) = own_answers(unknown, events=notes(60))
    (more,) = own_answers(unknown, events=notes(61))

    assert sixty.words == "Some new rule asks for it. That is not so today."
    assert (
        more.words == "Some new rule asks for it. That is not so today, or a record older than the last 60 settled it."
    )
