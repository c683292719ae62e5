"""Of a rule about the roll, and of a policy's newer steps, the reason names what is missing; with that it is raised."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from cme_desktop.domain.events import (
    AttemptOutcome,
    Destination,
    Event,
    EventKind,
    Form,
    Method,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.domain.pupils import Circumstance, YearGroup
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.rule import Rule
from cme_desktop.policy.rulebook import Rulebook
from cme_desktop.policy.why_not import RuleAnswer, Standing, why_not
from cme_desktop.policy.why_not_law import WHY_NOT_LAW
from cme_desktop.policy.why_not_steps import why_not_steps
from cme_desktop.policy.why_not_words import WhyNot
from tests.builders import a_record, a_rulebook, an_event, close_of, day, facts_of

POLICIES = ("aspire-academy", "randal-cremer", "all-saints", "derbyshire", "east-sussex")
K = EventKind
ON = "10 Nov"


@dataclass(frozen=True)
class Near:
    """A pupil of whom the rule is just not so, what is said of it, and what makes it so."""

    rule: str
    says: str
    below: dict[str, Any] = field(default_factory=dict)
    above: dict[str, Any] = field(default_factory=dict)
    on: str = ON
    above_on: str = ""


def rulebook() -> Rulebook:
    return a_rulebook(*POLICIES)


def a_pupil(judged: Judgement, *, year_group: YearGroup | None = None, **facts: Any) -> PupilRecord:
    events = tuple(sorted(facts.pop("events", ()), key=lambda event: event.moment))
    record = a_record(facts.pop("marks", {}), judged=judged, events=events, **facts)
    return replace(record, pupil=replace(record.pupil, year_group=year_group))


def answer(rule: str, facts: dict[str, Any], on: str) -> RuleAnswer:
    judged = close_of(on)
    found = {one.rule_id: one for one in why_not(a_pupil(judged, **facts), judged, rulebook())}
    return found[rule]


def leaving(on: str, to: Destination | None = Destination.KNOWN, **facts: Any) -> Event:
    return an_event(K.LEAVING, on, destination=to, **facts)


def call(on: str, outcome: AttemptOutcome = AttemptOutcome.NO_ANSWER) -> Event:
    return an_event(K.CONTACT_ATTEMPT, on, "10:00", with_=With.MOTHER, method=Method.PHONE, outcome=outcome)


ORDER = an_event(K.ORDER_MADE, "2 Nov")
LETTER = an_event(K.HOME_EDUCATION_LETTER, "2 Nov", from_=day("6 Nov"))
LEFT = leaving("2 Nov", leaving_on=day("6 Nov"))
ABSENT = {"10 Nov": "O"}

NEAR = (
    # -- coming on roll
    Near("england.new-pupil-return", "Starts on 11 November 2026: the return is counted from that day.",
         {"starting_day": day("11 Nov")}, {"starting_day": day("10 Nov")}),
    Near("england.new-pupil-return",
         "On roll since 5 September 2023, before the records begin: later starting days are asked about.", {},
         {"starting_day": day("9 Nov")}),
    Near("england.new-pupil-return",
         "Began in the youngest class on 3 September 2026, the first day of the school year: no return is owed unless "
         "the authority asks for it.", {"starting_day": day("3 Sep"), "year_group": YearGroup.R},
         {"starting_day": day("4 Sep"), "year_group": YearGroup.R}),
    Near("derbyshire.in-year-joiner", "Starts on 11 November 2026.", {"starting_day": day("11 Nov")},
         {"starting_day": day("10 Nov")}),
    Near("derbyshire.in-year-joiner", "Began in the youngest class on 3 September 2026, as its school year did.",
         {"starting_day": day("3 Sep"), "year_group": YearGroup.R},
         {"starting_day": day("3 Sep"), "year_group": YearGroup.Y1}),
    # -- leave and part time
    Near("england.leave-request", "No request for leave is recorded.", {},
         {"events": [an_event(K.LEAVE_REQUESTED, "9 Nov", from_=day("1 Dec"), to=day("4 Dec"))]}),
    Near("randal-cremer.leave-interview", "No request for leave is recorded.", {},
         {"events": [an_event(K.LEAVE_REQUESTED, "9 Nov", from_=day("1 Dec"), to=day("4 Dec"))]}),
    Near("randal-cremer.told-after-leave", "No parent is recorded as saying afterwards that leave was taken.", {},
         {"events": [an_event(K.LEAVE_ADMITTED_AFTERWARDS, "9 Nov")]}),
    Near("randal-cremer.twenty-days-after-leave",
         "No leave was asked for, granted, refused or admitted for this absence.", {"marks": {"5 Oct..10 Nov": "O"}},
         {"marks": {"5 Oct..10 Nov": "O"}, "events": [an_event(K.LEAVE_ADMITTED_AFTERWARDS, "9 Nov")]}),
    Near("randal-cremer.twenty-days-after-leave", "Needs school day 20 after leave to 9 October 2026; today is day 16.",
         {"marks": {"5 Oct..9 Oct": "C", "12 Oct..10 Nov": "O"}, "events": [
             an_event(K.LEAVE_GRANTED, "1 Oct", from_=day("5 Oct"), to=day("9 Oct"))]},
         {"marks": {"5 Oct..9 Oct": "C", "12 Oct..16 Nov": "O"}, "events": [
             an_event(K.LEAVE_GRANTED, "1 Oct", from_=day("5 Oct"), to=day("9 Oct"))]}, above_on="16 Nov"),
    Near("england.part-time-timetable", "No part-time timetable is agreed, and no session has code C2.", {},
         {"marks": {"9 Nov pm": "C2"}}),
    Near("england.part-time-timetable",
         "No part-time timetable is agreed, and the last code C2 stands on Tue 3 Nov, not in the last 5 school days.",
         {"marks": {"3 Nov pm": "C2"}}, {"marks": {"4 Nov pm": "C2"}}),
    Near("england.part-time-timetable",
         "The agreed part-time timetable ends on 11 November 2026, and its review is on 11 November 2026.",
         {"events": [an_event(K.PART_TIME_AGREED, "2 Nov", until=day("11 Nov"), review_on=day("11 Nov"))]},
         {"events": [an_event(K.PART_TIME_AGREED, "2 Nov", until=day("11 Nov"), review_on=day("10 Nov"))]}),
    Near("england.part-time-timetable",
         "The agreed part-time timetable ended on 6 November 2026, and no session after it has code C2.",
         {"events": [an_event(K.PART_TIME_AGREED, "2 Nov", until=day("6 Nov"))]},
         {"events": [an_event(K.PART_TIME_AGREED, "2 Nov", until=day("6 Nov"))], "marks": {"9 Nov pm": "C2"}}),
    Near("derbyshire.part-time",
         "No part-time timetable is agreed or recorded, and no code C2 stands in the last five school days.",
         {"marks": {"3 Nov pm": "C2"}}, {"marks": {"4 Nov pm": "C2"}}),
    # -- leaving
    Near("england.deletion-return", "No removal from the roll is proposed or recorded.", {"events": [LEFT]},
         {"events": [LEFT, an_event(K.REMOVAL_PROPOSED, "10 Nov", ground="a")]}),
    Near("derbyshire.in-year-leaver", "The last day here is 11 November 2026: this is asked for from that day on.",
         {"events": [leaving("9 Nov", leaving_on=day("11 Nov"))]},
         {"events": [leaving("9 Nov", leaving_on=day("10 Nov"))]}),
    Near("east-sussex.off-roll-form", "No removal from the roll is proposed or recorded.", {},
         {"events": [an_event(K.REMOVAL_PROPOSED, "10 Nov", ground="a")]}),
    Near("england.unknown-destination", "No leaving and no removal from the roll is recorded.", {},
         {"events": [leaving("9 Nov", Destination.UNKNOWN)]}),
    Near("england.unknown-destination", "Leaving on 20 November 2026, and where the child goes is confirmed.",
         {"events": [leaving("9 Nov", leaving_on=day("20 Nov"), confirmed=True)]},
         {"events": [leaving("9 Nov", leaving_on=day("20 Nov"))]}),
    Near("england.arrival-confirmed", "No leaving and no removal from the roll is recorded.", {}, {"events": [LEFT]}),
    Near("england.arrival-confirmed", "The leaving that is recorded names no next school of the state sector.",
         {"events": [leaving("2 Nov", Destination.ABROAD, leaving_on=day("6 Nov"))]}, {"events": [LEFT]}),
    Near("england.arrival-confirmed", "The last day here is 10 November 2026: this is asked for once it has passed.",
         {"events": [leaving("2 Nov", leaving_on=day("10 Nov"))]},
         {"events": [leaving("2 Nov", leaving_on=day("9 Nov"))]}),
    Near("england.transfer-file-due", "The leaving that is recorded is to no school that is known.",
         {"events": [leaving("2 Nov", Destination.UNKNOWN, leaving_on=day("6 Nov"))]}, {"events": [LEFT]}),
    Near("england.transfer-file-due", "The last day here is 10 November 2026: this is asked for once it has passed.",
         {"events": [leaving("2 Nov", leaving_on=day("10 Nov"))]},
         {"events": [leaving("2 Nov", leaving_on=day("9 Nov"))]}),
    Near("england.child-protection-file", "No child-protection file or plan is recorded.", {"events": [LEFT]},
         {"events": [LEFT], "circumstances": (Circumstance.CHILD_PROTECTION_FILE,)}),
    Near("randal-cremer.no-named-school", "No leaving is recorded.", {}, {"events": [leaving("9 Nov", None)]}),
    Near("randal-cremer.no-named-school", "The leaving recorded on Mon 9 Nov says where the child goes.",
         {"events": [leaving("9 Nov")]}, {"events": [leaving("9 Nov", Destination.UNKNOWN)]}),
    Near("derbyshire.leaving-england", "The leaving that is recorded is not one abroad.", {"events": [LEFT]},
         {"events": [leaving("9 Nov", Destination.ABROAD)]}),
    # -- home education
    Near("england.home-education-notice", "No written notice of home education is recorded.", {}, {"events": [LETTER]}),
    Near("derbyshire.home-education", "No written notice of home education is recorded.", {}, {"events": [LETTER]}),
    Near("east-sussex.persistent-absence", "No absence this school year; 1 of 2 attempts since home education began "
         "on 6 November 2026.", {"events": [LETTER, call("9 Nov")]},
         {"events": [LETTER, call("9 Nov"), call("10 Nov")]}),
    # -- concerns and orders
    Near("england.reported-concern", "Nobody is recorded as having reported the child as not in education.", {},
         {"events": [an_event(K.CONCERN_REPORTED, "9 Nov")]}),
    Near("east-sussex.place-under-order", "No attendance order that names this school is recorded.", {},
         {"events": [ORDER]}),
    Near("east-sussex.pre-admission-meeting", "No attendance order that names this school is recorded.", {},
         {"events": [ORDER]}),
    Near("east-sussex.did-not-start", "No start is recorded as agreed.", {},
         {"marks": {"9 Nov..10 Nov": "O"}, "events": [an_event(K.START_AGREED, "3 Nov", meeting_on=day("9 Nov"))]}),
    Near("east-sussex.did-not-start",
         "The agreed start is 11 November 2026, and no session of it is over.",
         {"events": [an_event(K.START_AGREED, "3 Nov", meeting_on=day("11 Nov"))]},
         {"marks": {"10 Nov": "O"}, "events": [an_event(K.START_AGREED, "3 Nov", meeting_on=day("10 Nov"))]}),
    # -- absence
    Near("randal-cremer.daily-contact", "No absence lasts: a present mark on Tue 10 Nov.", {}, {"marks": ABSENT}),
    Near("all-saints.daily-follow-up", "Code I on Tue 10 Nov states a reason by itself.", {"marks": {"10 Nov": "I"}},
         {"marks": ABSENT}),
    Near("all-saints.ten-days-unexplained", "Needs day 10 of absence; today is day 6.",
         {"marks": {"3 Nov..10 Nov": "O"}}, {"marks": {"3 Nov..16 Nov": "O"}}, above_on="16 Nov"),
    Near("all-saints.ten-days-unexplained", "Code I on Wed 4 Nov states a reason by itself.",
         {"marks": {"20 Oct..10 Nov": "O", "4 Nov": "I"}}, {"marks": {"20 Oct..10 Nov": "O"}}),
    Near("all-saints.prolonged-or-repeated",
         "2 of 3 absences since the half term began on Tue 3 Nov; 4 of 86 possible sessions absent, 4.6%: under 10%.",
         {"marks": {"4 Nov": "I", "6 Nov": "I"}}, {"marks": {"4 Nov": "I", "6 Nov": "I", "10 Nov": "I"}}),
    Near("randal-cremer.at-risk-groups", "No absence since the half term began on Tue 3 Nov.",
         {"circumstances": (Circumstance.TRAVELLER,), "marks": {"19 Oct": "I"}},
         {"circumstances": (Circumstance.TRAVELLER,), "marks": {"4 Nov": "I"}}),
    Near("all-saints.reintegration",
         "No absence of this pupil became a case: none was opened, reported or referred.", {"marks": {"6 Nov": "O"}},
         {"marks": {"6 Nov": "O"}, "events": [an_event(K.REFERRED, "6 Nov", "12:00", to=Recipient.AUTHORITY_CME)]}),
    Near("east-sussex.support-referral", "No support is recorded as agreed.",
         {"marks": {"3 Nov..10 Nov": "I"}},
         {"marks": {"12 Oct..10 Nov": "I"}, "events": [an_event(K.SUPPORT_AGREED, "9 Oct")]}),
    Near("derbyshire.referral-by-day-11", "Nothing recorded makes the whereabouts unknown.", {"marks": ABSENT},
         {"marks": ABSENT, "events": [an_event(K.HOME_VISIT, "10 Nov", "11:00", outcome=VisitOutcome.MOVED_AWAY)]}),
    Near("aspire-academy.missing-episodes", "2 of 3 missing episodes, the last begun on Wed 4 Nov.",
         {"events": [an_event(kind, on) for kind, on in (
             (K.MISSING, "5 Oct"), (K.FOUND, "6 Oct"), (K.MISSING, "4 Nov"), (K.FOUND, "5 Nov"))]},
         {"events": [an_event(kind, on) for kind, on in (
             (K.MISSING, "5 Oct"), (K.FOUND, "6 Oct"), (K.MISSING, "4 Nov"), (K.FOUND, "5 Nov"),
             (K.MISSING, "9 Nov"))]}),
    Near("aspire-academy.strategy-meeting", "4 of 5 working days since the report of Wed 4 Nov.",
         {"marks": {"4 Nov..10 Nov": "O"}, "events": [an_event(K.MISSING, "4 Nov")]},
         {"marks": {"3 Nov..10 Nov": "O"}, "events": [an_event(K.MISSING, "3 Nov")]}),
    Near("aspire-academy.update-authority", "16 of 20 school days since the authority was told on Fri 9 Oct.",
         {"marks": {"5 Oct..10 Nov": "O"}, "events": [an_event(K.REFERRED, "9 Oct")]},
         {"marks": {"21 Sep..10 Nov": "O"}, "events": [an_event(K.REFERRED, "5 Oct")]}),
    Near("aspire-academy.long-illness", "Illness expected to 23 November 2026, 10 of 16 school days.",
         {"marks": {"10 Nov": "I"}, "events": [
             an_event(K.EXPECTED_ABSENCE, "10 Nov", because="illness", until=day("23 Nov"))]},
         {"marks": {"10 Nov": "I"}, "events": [
             an_event(K.EXPECTED_ABSENCE, "10 Nov", because="illness", until=day("1 Dec"))]}),
)  # fmt: skip

KEPT_QUIET = (
    ("england.leave-request", "Every request for leave is decided, the last that of Mon 9 Nov.",
     [an_event(K.LEAVE_REQUESTED, "9 Nov", from_=day("1 Dec")),
      an_event(K.LEAVE_GRANTED, "9 Nov", from_=day("1 Dec"))]),
    ("england.home-education-notice", "The authority is recorded as told of the notice of Mon 2 Nov.",
     [an_event(K.TOLD, "2 Nov", who=Recipient.AUTHORITY_HOME_EDUCATION), LETTER]),
    ("england.unknown-destination",
     "Leaving on 20 November 2026, and the notice of home education says where the child is taught.",
     [leaving("2 Nov", Destination.UNKNOWN, leaving_on=day("20 Nov")), an_event(K.HOME_EDUCATION_LETTER, "3 Nov")]),
    ("england.unknown-destination", "Removed under ground (j), after which no next school is looked for.",
     [an_event(K.REMOVED, "9 Nov", ground="j")]),
    ("england.unknown-destination", "Recorded as removed after the child's death.",
     [an_event(K.REMOVED, "9 Nov", ground="k")]),
    ("east-sussex.off-roll-form", "The form is recorded as sent on Mon 9 Nov.",
     [leaving("6 Nov"), an_event(K.FORM_SENT, "9 Nov", form=Form.OFF_ROLL),
      an_event(K.REMOVAL_PROPOSED, "10 Nov", ground="a")]),
    ("east-sussex.place-under-order", "The attendance order was revoked on Fri 6 Nov.",
     [ORDER, an_event(K.ORDER_REVOKED, "6 Nov")]),
    ("england.reported-concern", "The report of Fri 6 Nov was decided on Mon 9 Nov.",
     [an_event(K.CONCERN_REPORTED, "6 Nov"), an_event(K.DECISION, "9 Nov", about="england.reported-concern")]),
    ("derbyshire.leaving-england", "Everything asked for about the move told on Fri 6 Nov is recorded.",
     [leaving("6 Nov", Destination.ABROAD), an_event(K.FORWARDING_ADDRESS, "9 Nov", school=True)]),
)  # fmt: skip


@pytest.mark.parametrize("near", NEAR, ids=[f"{near.rule} {place}" for place, near in enumerate(NEAR)])
def test_the_reason_names_what_is_missing_and_with_it_the_rule_is_raised(near: Near) -> None:
    below = answer(near.rule, near.below, near.on)
    assert (below.standing, below.words) == (Standing.NOT_SO, near.says)

    above = answer(near.rule, near.above, near.above_on or near.on)
    assert above.standing is Standing.RAISED


@pytest.mark.parametrize(("rule", "says", "events"), KEPT_QUIET)
def test_the_reason_of_a_rule_that_something_recorded_keeps_quiet_names_it(
    rule: str, says: str, events: list[Event]
) -> None:
    judged = close_of(ON)
    known = WhyNot(facts_of(a_pupil(judged, events=events), judged), rulebook().parameters.on(judged.on), at_most=False)
    found = rulebook().find_rule(rule)
    assert isinstance(found, Rule)

    reason = WHY_NOT_LAW[rule](known) if rule in WHY_NOT_LAW else why_not_steps(known, found.steps)

    assert found.judge(known.facts, known.numbers) is None
    assert f"{reason[0].upper()}{reason[1:]}." == says


def test_a_return_that_went_for_a_removal_since_undone_is_not_named() -> None:
    events = [
        an_event(K.REMOVAL_PROPOSED, "5 Jul", ground="f"),
        an_event(K.RETURN_SENT, "6 Jul", return_=ReturnKind.DELETION),
        an_event(K.REMOVAL_UNDONE, "7 Jul"),
        an_event(K.REMOVED, "22 Jul", ground="f"),
    ]

    judged = close_of("22 Jul")
    pupil = a_pupil(judged, events=events, year_group=YearGroup.Y6)
    known = WhyNot(facts_of(pupil, judged), rulebook().parameters.on(judged.on), at_most=False)

    words = WHY_NOT_LAW["england.deletion-return"](known)

    assert words.startswith("leaves the oldest class at the end of its last term")


def test_a_step_for_another_kind_of_school_says_so() -> None:
    events = [an_event(K.REMOVAL_PROPOSED, "10 Nov", ground="a")]

    words = answer("derbyshire.leaver-form", {"events": events}, ON).words

    assert words == "Asked of another kind of school than a maintained primary school."
