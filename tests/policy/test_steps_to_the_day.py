"""Steps of a policy to the day: since when each is true, by when it is due, what it says and what settles it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from cme_desktop.domain.cases import Role
from cme_desktop.domain.contacts import Contact
from cme_desktop.domain.events import (
    AttemptOutcome,
    Event,
    EventKind,
    Form,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.found import Found
from cme_desktop.policy.record import Judgement
from cme_desktop.policy.rule import Act, Duty, Raised, Severity
from cme_desktop.policy.school_policy import DueKind, Settlement, Step, TriggerKind
from cme_desktop.policy.triggers import TRIGGERS, limb_of
from tests.builders import (
    CONTACTS,
    a_calendar_of_two_years,
    a_record,
    a_rulebook,
    an_event,
    at,
    close_of,
    day,
    facts_of,
)

NUMBERS = a_rulebook().parameters.on(date(2026, 10, 1))
WEEK = {"14 Sep..23 Oct": "O"}


def a_step(trigger: TriggerKind, says: str = "Since {since}.", **changed: object) -> Step:
    step = Step(
        id="oak-tree.step",
        title="A step",
        about="A step.",
        clauses=(),
        severity=Severity.TODAY,
        trigger=trigger,
        because=says,
        duty=Duty(Act.CONTACT_FAMILY, "Ring.", Role.OFFICE, "family"),
        due=DueKind.SAME_DAY,
        settled_by="Contact.",
    )
    return replace(step, **changed)  # type: ignore[arg-type]


def facts_on(
    when: str | Judgement,
    marks: dict[str, str],
    *events: Event,
    contacts: tuple[Contact, ...] = CONTACTS,
    **facts: object,
) -> Facts:
    judged = close_of(when) if isinstance(when, str) else when
    record = a_record(marks, judged=judged, events=events, contacts=contacts, **facts)  # type: ignore[arg-type]
    return facts_of(record, judged)


def raised(step: Step, when: str | Judgement, marks: dict[str, str], *events: Event, **facts: object) -> Raised | None:
    return limb_of(step)(facts_on(when, marks, *events, **facts), NUMBERS)  # type: ignore[arg-type]


def found(step: Step, when: str | Judgement, marks: dict[str, str], *events: Event, **facts: object) -> Found | None:
    return TRIGGERS[step.trigger].find(facts_on(when, marks, *events, **facts), step)  # type: ignore[arg-type]


def since(step: Step, when: str | Judgement, marks: dict[str, str], *events: Event, **facts: object) -> date | None:
    answer = found(step, when, marks, *events, **facts)
    return None if answer is None else answer.since


def sentence(step: Step, when: str, marks: dict[str, str], *events: Event, **facts: object) -> str:
    answer = raised(step, when, marks, *events, **facts)
    assert answer is not None
    return answer.finding.sentence


def due_on(step: Step, when: str, marks: dict[str, str], *events: Event, **facts: object) -> date | None:
    answer = raised(step, when, marks, *events, **facts)
    assert answer is not None
    return None if answer.due is None else answer.due.on


def called(
    when: str, outcome: AttemptOutcome, clock: str = "09:20", with_: With = With.MOTHER, **more: object
) -> Event:
    return an_event(EventKind.CONTACT_ATTEMPT, when, clock, with_=with_, outcome=outcome, **more)


def visit(when: str, outcome: VisitOutcome = VisitOutcome.NO_REPLY, clock: str = "11:00") -> Event:
    return an_event(EventKind.HOME_VISIT, when, clock, outcome=outcome)


def decided(when: str, choice: str = "done", about: str = "oak-tree.step", clock: str = "15:00") -> Event:
    return an_event(EventKind.DECISION, when, clock, about=about, choice=choice)


def told(when: str, who: Recipient) -> Event:
    return an_event(EventKind.TOLD, when, "15:30", who=who)


# -- what settles a step ---------------------------------------------------------------------------------------------

DAY_TWO = a_step(TriggerKind.ABSENCE_DAY, numbers={"n": 2})


def is_settled(settled: Settlement, *events: Event) -> bool:
    return raised(replace(DAY_TWO, settled=settled), "15 Sep", WEEK, *events) is None


def test_a_decision_about_the_step_settles_it_and_bringing_it_forward_does_not() -> None:
    by_decision = Settlement(decision=True)

    assert is_settled(by_decision, decided("15 Sep"))
    assert not is_settled(by_decision, decided("15 Sep", "bring_forward"))
    assert not is_settled(by_decision, decided("15 Sep", about="oak-tree.other"))
    assert not is_settled(by_decision, an_event(EventKind.CHILD_SEEN, "15 Sep", about="oak-tree.step"))
    assert not is_settled(Settlement(), decided("15 Sep"))


def test_a_carer_who_was_reached_has_been_told() -> None:
    carer = Settlement(told=(Recipient.CARER,))
    both = Settlement(told=(Recipient.CARER, Recipient.POLICE))
    reached = called("15 Sep", AttemptOutcome.ANSWERED_NO_REASON, with_=With.CARER)

    assert is_settled(carer, reached)
    assert not is_settled(carer, called("15 Sep", AttemptOutcome.NO_ANSWER, with_=With.CARER))
    assert not is_settled(both, reached)
    assert is_settled(both, reached, told("15 Sep", Recipient.POLICE))
    assert not is_settled(Settlement(told_one_of=(Recipient.POLICE,)), reached)


def test_all_that_is_named_must_be_there_or_one_of_it_where_one_is_enough() -> None:
    police, worker = told("15 Sep", Recipient.POLICE), told("15 Sep", Recipient.SOCIAL_WORKER)
    wanted = (Recipient.POLICE, Recipient.SOCIAL_WORKER)

    assert not is_settled(Settlement(told=wanted), police)
    assert is_settled(Settlement(told=wanted), police, worker)
    assert is_settled(Settlement(told_one_of=wanted), worker)
    assert not is_settled(Settlement(told_one_of=wanted), told("15 Sep", Recipient.CARER))
    held, seen = an_event(EventKind.REVIEW_HELD, "15 Sep"), an_event(EventKind.CHILD_SEEN, "15 Sep")
    kinds = (EventKind.REVIEW_HELD, EventKind.CHILD_SEEN)
    assert not is_settled(Settlement(events=kinds), held)
    assert is_settled(Settlement(events=kinds), held, seen)
    assert is_settled(Settlement(events_one_of=kinds), held)
    assert not is_settled(Settlement(events_one_of=kinds), police)
    assert not is_settled(Settlement(events=(EventKind.REVIEW_HELD,), told=wanted), held)


def test_a_referral_goes_to_the_authority_unless_it_names_another() -> None:
    for settled in (Settlement(referral=True), Settlement(or_referral=True)):
        assert is_settled(settled, an_event(EventKind.REFERRED, "15 Sep"))
        assert is_settled(settled, an_event(EventKind.REFERRED, "15 Sep", to=Recipient.AUTHORITY_CME))
        assert is_settled(settled, told("15 Sep", Recipient.AUTHORITY_CME))
        assert not is_settled(settled, an_event(EventKind.REFERRED, "15 Sep", to=Recipient.SOCIAL_CARE))
        assert not is_settled(settled, told("15 Sep", Recipient.SOCIAL_CARE))
    assert is_settled(
        Settlement(told=(Recipient.SOCIAL_CARE,)), an_event(EventKind.REFERRED, "15 Sep", to=Recipient.SOCIAL_CARE)
    )
    assert is_settled(Settlement(told=(Recipient.AUTHORITY_CME,)), an_event(EventKind.REFERRED, "15 Sep"))


def test_a_form_is_sent_itself_or_spared_by_word_to_the_authority() -> None:
    sent = an_event(EventKind.FORM_SENT, "15 Sep", form=Form.ABSENCE)

    assert is_settled(Settlement(form=Form.ABSENCE), sent)
    assert not is_settled(Settlement(form=Form.SR1A), sent)
    assert not is_settled(Settlement(form=Form.ABSENCE), an_event(EventKind.REVIEW_HELD, "15 Sep", form=Form.ABSENCE))
    assert is_settled(Settlement(form=Form.ABSENCE), told("15 Sep", Recipient.AUTHORITY_CME))
    assert not is_settled(Settlement(form=Form.LEAVE), told("15 Sep", Recipient.AUTHORITY_CME))


# -- by when it is due -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "on"),
    [
        (DueKind.SAME_DAY, "15 Sep"),
        (DueKind.DAY_JUDGED, "17 Sep"),
        (DueKind.THIS_WEEK, "18 Sep"),
        (DueKind.NONE, None),
    ],
)
def test_a_step_is_due_as_it_says(due: DueKind, on: str | None) -> None:
    assert due_on(replace(DAY_TWO, due=due), "17 Sep", WEEK) == (day(on) if on else None)


@pytest.mark.parametrize(
    ("hours", "clock", "on", "by"),
    [
        (1, None, "14 Sep", None),
        (24, None, "15 Sep", None),
        (25, None, "16 Sep", None),
        (48, None, "16 Sep", None),
        (24, "15:00", "15 Sep", time(15)),
        (10, "15:00", "15 Sep", time(1)),
    ],
)
def test_hours_run_from_the_clock_where_it_is_known(hours: int, clock: str | None, on: str, by: time | None) -> None:
    step = a_step(TriggerKind.CHILD_FOUND, due=DueKind.HOURS, hours=hours)

    answer = raised(step, "14 Sep", {}, an_event(EventKind.FOUND, "14 Sep", clock))

    assert answer is not None
    assert answer.due is not None
    assert (answer.due.on, answer.due.by) == (day(on), by)


def test_hours_of_a_step_that_no_event_set_off_run_from_its_day() -> None:
    assert due_on(replace(DAY_TWO, due=DueKind.HOURS, hours=24), "17 Sep", WEEK) == day("16 Sep")


# -- the ladder ------------------------------------------------------------------------------------------------------

SECOND_DAY = a_step(
    TriggerKind.LADDER_DAY, "Day {day}: {visits}.", numbers={"n": 2, "visits_below": 2}
)  # fmt: skip


def test_the_ladder_rests_while_a_reason_holds() -> None:
    leave = an_event(EventKind.LEAVE_GRANTED, "16 Sep", "08:00", from_=day("16 Sep"), to=day("17 Sep"))

    assert since(SECOND_DAY, "15 Sep", WEEK) == day("15 Sep")
    assert since(SECOND_DAY, "16 Sep", WEEK, leave) is None
    assert since(SECOND_DAY, "14 Sep", WEEK) is None
    assert since(SECOND_DAY, "11 Sep", WEEK) is None


def test_the_ladder_counts_its_own_sessions() -> None:
    answer = found(SECOND_DAY, "16 Sep", {"14 Sep": "E", "15 Sep..16 Sep": "O"})

    assert answer is not None
    assert answer.words["day"] == "2"
    assert len(answer.counted) == 4


def test_a_step_is_brought_forward_by_a_decision_about_it_and_by_nothing_else() -> None:
    def forward(event: Event, *more: Event) -> date | None:
        return since(SECOND_DAY, "14 Sep", WEEK, event, *more)

    assert forward(decided("14 Sep", "bring_forward")) == day("14 Sep")
    assert forward(decided("14 Sep", "wait")) is None
    assert forward(decided("14 Sep", "bring_forward", "oak-tree.other")) is None
    assert forward(an_event(EventKind.REVIEW_HELD, "14 Sep", about="oak-tree.step", choice="bring_forward")) is None
    reached = called("14 Sep", AttemptOutcome.ANSWERED_NO_REASON)
    answer = found(SECOND_DAY, "14 Sep", WEEK, reached, decided("14 Sep", "bring_forward"))
    assert answer is not None
    assert len(answer.counted) == 2


def test_visits_in_vain_are_counted_since_the_last_contact() -> None:
    third = replace(SECOND_DAY, numbers={"n": 2, "visits_below": 9})
    reached = called("15 Sep", AttemptOutcome.ANSWERED_NO_REASON)

    assert sentence(third, "15 Sep", WEEK) == (
        "Day 2: no home visit has been made, which counts as one without success."
    )
    assert sentence(third, "15 Sep", WEEK, visit("14 Sep")) == "Day 2: 1 home visit made without success."
    assert sentence(third, "15 Sep", WEEK, visit("14 Sep"), visit("15 Sep")) == (
        "Day 2: 2 home visits made without success."
    )
    assert sentence(third, "17 Sep", WEEK, visit("14 Sep"), reached) == (
        "Day 2: no home visit has been made since the last contact, which counts as one without success."
    )
    assert sentence(third, "17 Sep", WEEK, visit("14 Sep"), reached, visit("16 Sep")) == (
        "Day 2: 1 home visit made without success since the last contact."
    )


def test_visits_enough_settle_the_ladder() -> None:
    assert since(SECOND_DAY, "15 Sep", WEEK, visit("14 Sep")) == day("15 Sep")
    assert since(SECOND_DAY, "15 Sep", WEEK, visit("14 Sep"), visit("15 Sep")) is None
    without_limit = replace(SECOND_DAY, numbers={"n": 2})
    assert since(without_limit, "15 Sep", WEEK, *(visit("14 Sep") for _ in range(3))) == day("15 Sep")


# -- days of absence -------------------------------------------------------------------------------------------------


def test_a_step_that_waits_for_contact_is_true_from_the_first_contact() -> None:
    step = a_step(TriggerKind.ABSENCE_DAY, numbers={"n": 2}, contact_made=True)
    calls = [called(each, AttemptOutcome.ANSWERED_NO_REASON) for each in ("16 Sep", "18 Sep")]

    assert since(step, "18 Sep", WEEK) is None
    assert since(step, "18 Sep", WEEK, *calls) == day("16 Sep")
    assert since(replace(step, numbers={"n": 4}), "18 Sep", WEEK, *calls) == day("17 Sep")
    assert since(replace(step, contact_made=False), "18 Sep", WEEK, *calls) == day("15 Sep")


def test_a_known_reason_asks_for_a_word_a_day_but_for_leave() -> None:
    step = a_step(TriggerKind.ABSENT_WITH_REASON)
    leave = an_event(EventKind.LEAVE_GRANTED, "7 Sep", from_=day("14 Sep"), to=day("18 Sep"))

    assert since(step, "15 Sep", {"14 Sep..15 Sep": "I"}) == day("15 Sep")
    assert since(step, "15 Sep", {"14 Sep..15 Sep": "I"}, leave) is None
    assert since(step, "15 Sep", {"14 Sep..15 Sep": "I"}, called("15 Sep", AttemptOutcome.EXPLAINED)) is None
    assert since(step, "15 Sep", {"14 Sep..15 Sep": "O"}) is None


def test_an_unexplained_absence_says_its_day() -> None:
    step = a_step(TriggerKind.UNEXPLAINED_TODAY, "Day {day}.")

    assert sentence(step, "16 Sep", WEEK) == "Day 3."
    assert raised(step, "19 Sep", WEEK) is None


def test_days_without_a_reason_say_at_least_where_the_records_begin_with_them() -> None:
    step = a_step(TriggerKind.ABSENCE_UNEXPLAINED, "{days} since {began}.", numbers={"n": 2})
    marks = {"3 Sep..11 Sep": "O"}

    assert sentence(step, "7 Sep", marks) == "3 school days since 3 September 2026."
    assert sentence(step, "7 Sep", marks, line_begins_at_records=True) == (
        "at least 3 school days since 3 September 2026."
    )
    late = {"3 Sep am": "/", "3 Sep pm": "O", "4 Sep..11 Sep": "O"}
    assert not sentence(step, "7 Sep", late, line_begins_at_records=True).startswith("at least")


def test_absent_with_the_whereabouts_unknown_goes_by_the_first_cause() -> None:
    step = a_step(
        TriggerKind.ABSENT_WHEREABOUTS_UNKNOWN, "{cause}: {days}.", numbers={"n": 2, "by_day": 4}, due=DueKind.LAST_DAY
    )
    visited, unaware = visit("15 Sep"), called("16 Sep", AttemptOutcome.UNAWARE)

    assert since(step, "16 Sep", WEEK, visited, unaware) == day("15 Sep")
    assert "a home visit had no answer" in sentence(step, "16 Sep", WEEK, visited, unaware)
    assert due_on(step, "15 Sep", WEEK, visited) == day("17 Sep")
    assert due_on(step, "17 Sep", WEEK, visited) == day("17 Sep")
    assert due_on(step, "21 Sep", WEEK, visited) == day("17 Sep")
    assert due_on(step, "21 Sep", WEEK, visit("18 Sep")) == day("18 Sep")


def test_the_first_day_back_is_the_latest_one_that_was_missed() -> None:
    step = a_step(TriggerKind.FIRST_DAY_BACK, codes_left_out=b"E")
    marks = {"19 Oct..23 Oct": "O", "3 Nov..20 Nov": "O"}
    long = {"3 Sep..20 Nov": "O"}

    answer = found(step, "4 Nov", marks)
    assert answer is not None
    assert (answer.since, len(answer.counted)) == (day("3 Nov"), 2)
    assert since(step, "4 Nov", long) == day("3 Nov")
    assert since(step, "4 Nov", {**marks, "3 Nov": "E"}) is None
    assert since(step, "4 Nov", marks, called("3 Nov", AttemptOutcome.ANSWERED_NO_REASON)) is None
    assert since(step, "4 Nov", marks, called("23 Oct", AttemptOutcome.ANSWERED_NO_REASON)) == day("3 Nov")
    before, that_day = told("2 Nov", Recipient.POLICE), told("3 Nov", Recipient.POLICE)
    told_of_it = found(step, "4 Nov", marks, before, that_day)
    assert told_of_it is not None
    assert told_of_it.answers == (that_day,)


# -- illness and reviews ---------------------------------------------------------------------------------------------


def ill_until(back: str, said: str = "14 Sep", reason: str = "illness", clock: str = "09:00") -> Event:
    return called(said, AttemptOutcome.EXPLAINED, clock, reason=reason, expected_back=day(back))


def test_a_long_illness_is_one_that_the_latest_words_say_will_be_long() -> None:
    step = a_step(TriggerKind.ILLNESS_EXPECTED, "{length}, to {last}.", numbers={"days": 5})
    ill = {"14 Sep..25 Sep": "I"}

    assert since(step, "14 Sep", ill, ill_until("18 Sep")) is None
    assert since(step, "14 Sep", ill, ill_until("19 Sep")) == day("14 Sep")
    assert sentence(step, "14 Sep", ill, ill_until("19 Sep")) == "5 school days, to 18 September 2026."
    both = (ill_until("19 Sep"), ill_until("26 Sep", "16 Sep"))
    assert since(step, "16 Sep", ill, *both) == day("14 Sep")
    assert sentence(step, "16 Sep", ill, *both) == "10 school days, to 25 September 2026."
    assert since(step, "16 Sep", ill, ill_until("16 Sep"), both[1]) == day("16 Sep")
    holiday = ill_until("26 Sep", "14 Sep", "holiday")
    assert since(step, "16 Sep", ill, holiday) is None
    assert since(step, "16 Sep", ill, holiday, both[1]) == day("16 Sep")


def test_an_illness_told_before_the_absence_counts_from_the_day_it_was_told() -> None:
    step = a_step(TriggerKind.ILLNESS_EXPECTED, "{length}.", numbers={"days": 5})
    ahead = ill_until("19 Sep", "13 Sep")

    answer = found(step, "13 Sep", {}, an_event(EventKind.TOLD, "12 Sep", who=Recipient.POLICE), ahead)
    assert answer is not None
    assert (answer.since, answer.words["length"], answer.answers) == (day("13 Sep"), "5 school days", (ahead,))
    absent = found(
        step, "15 Sep", {"14 Sep..15 Sep": "I"}, told("14 Sep", Recipient.POLICE), ill_until("26 Sep", "15 Sep")
    )
    assert absent is not None
    assert len(absent.answers) == 2


REVIEWED = a_step(TriggerKind.REVIEWS_WITHOUT_IMPROVEMENT, numbers={"reviews": 2})


def review(when: str | date) -> Event:
    return Event(EventKind.REVIEW_HELD, when if isinstance(when, date) else day(when))


def test_reviews_count_while_the_absence_stays_persistent_at_each_of_them() -> None:
    often = {"3 Sep..9 Sep": "I", "14 Sep..18 Sep": "I"}
    late = {"5 Oct..16 Oct": "I"}

    assert since(REVIEWED, "12 Oct", often, review("21 Sep"), review("5 Oct")) == day("5 Oct")
    assert since(REVIEWED, "12 Oct", often, review("21 Sep")) is None
    assert since(REVIEWED, "16 Oct", late, review("21 Sep"), review("15 Oct")) is None
    assert since(REVIEWED, "16 Oct", late, review("21 Sep"), review("14 Oct"), review("15 Oct")) == day("15 Oct")
    assert since(REVIEWED, "16 Dec", {"3 Sep..4 Sep": "I"}, review("7 Sep"), review("14 Sep")) is None


def test_a_tenth_exactly_is_persistent_and_nothing_at_all_is_not() -> None:
    one_in_ten = {"3 Sep am": "I", "4 Sep am": "I"}

    assert since(REVIEWED, "16 Sep", one_in_ten, review("15 Sep"), review("16 Sep")) == day("16 Sep")
    assert since(REVIEWED, "17 Sep", one_in_ten, review("15 Sep"), review("16 Sep")) is None
    outside = {"3 Sep..17 Sep": "."}
    assert since(REVIEWED, "17 Sep", outside, review("15 Sep"), review("16 Sep")) is None
    once = {"3 Sep..14 Sep": ".", "15 Sep am": ".", "15 Sep pm": "I"}
    assert since(REVIEWED, "15 Sep", once, review("15 Sep"), review("15 Sep")) == day("15 Sep")


def test_reviews_of_the_year_before_are_not_of_this_one() -> None:
    calendar = a_calendar_of_two_years()
    judged = close_of(date(2027, 9, 10), calendar)
    marks = {"3 Sep..21 Jul": "/"}
    record = a_record(marks, judged=judged)
    first = calendar.count_sessions_before(date(2027, 9, 2))
    line = record.line[:first] + b"I" * (len(record.line) - first)

    def answer(*on: date) -> date | None:
        facts = facts_of(replace(record, line=line, events=tuple(review(each) for each in on)), judged)
        held = TRIGGERS[REVIEWED.trigger].find(facts, REVIEWED)
        return None if held is None else held.since

    assert answer(date(2027, 9, 6), date(2027, 9, 8)) == date(2027, 9, 8)
    assert answer(date(2027, 8, 31), date(2027, 9, 8)) is None
    assert answer(date(2027, 9, 2), date(2027, 9, 8)) == date(2027, 9, 8)


def test_what_answers_a_review_is_recorded_with_it_or_after_it() -> None:
    often = {"3 Sep..9 Sep": "I", "14 Sep..18 Sep": "I"}
    between, after = told("28 Sep", Recipient.POLICE), told("6 Oct", Recipient.POLICE)
    held = review("21 Sep"), review("5 Oct")

    answer = found(REVIEWED, "12 Oct", often, held[0], between, held[1], after)

    assert answer is not None
    assert answer.answers == (held[1], after)
    assert answer.event is held[1]


# -- word to the authority -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "tells"),
    [
        (an_event(EventKind.RETURN_SENT, "14 Sep", return_=ReturnKind.ATTENDANCE), True),
        (an_event(EventKind.RETURN_SENT, "14 Sep", return_=ReturnKind.SICKNESS), True),
        (an_event(EventKind.RETURN_SENT, "14 Sep", return_=ReturnKind.NEW_PUPIL), False),
        (an_event(EventKind.FORM_SENT, "14 Sep", form=Form.ABSENCE), True),
        (an_event(EventKind.FORM_SENT, "14 Sep", form=Form.SR1A), True),
        (an_event(EventKind.FORM_SENT, "14 Sep", form=Form.LEAVE), False),
        (an_event(EventKind.REFERRED, "14 Sep"), True),
        (an_event(EventKind.REFERRED, "14 Sep", to=Recipient.AUTHORITY_CME), True),
        (an_event(EventKind.REFERRED, "14 Sep", to=Recipient.SOCIAL_CARE), False),
        (told("14 Sep", Recipient.AUTHORITY_CME), True),
        (told("14 Sep", Recipient.SOCIAL_CARE), False),
        (an_event(EventKind.REVIEW_HELD, "14 Sep", who=Recipient.AUTHORITY_CME), False),
    ],
)
def test_what_tells_the_authority_of_an_absence(event: Event, *, tells: bool) -> None:
    step = a_step(TriggerKind.AUTHORITY_TOLD_BEFORE, numbers={"school_days": 3})

    assert (since(step, "17 Sep", WEEK, event) is not None) is tells
    assert since(step, "16 Sep", WEEK, event) is None


def test_the_last_word_to_the_authority_says_since_when() -> None:
    step = a_step(TriggerKind.AUTHORITY_TOLD_BEFORE, "{told}: {passed}.", numbers={"school_days": 3})
    both = (told("14 Sep", Recipient.AUTHORITY_CME), told("15 Sep", Recipient.AUTHORITY_CME))

    assert since(step, "17 Sep", WEEK, *both) is None
    assert since(step, "21 Sep", WEEK, *both) == day("18 Sep")
    assert sentence(step, "21 Sep", WEEK, *both) == "15 September 2026: 4 school days."
    answer = found(step, "21 Sep", WEEK, *both)
    assert answer is not None
    assert answer.event is both[1]
    assert since(step, "21 Jul", {"14 Jul..21 Jul": "O"}, told("20 Jul", Recipient.AUTHORITY_CME)) is None


# -- half terms, spells and shares -----------------------------------------------------------------------------------


def test_a_group_at_risk_is_watched_from_the_first_absence_of_the_half_term() -> None:
    step = a_step(TriggerKind.AT_RISK_GROUP, "{groups}: {sessions}.", who=("looked_after", "young_carer"))
    carer = (Circumstance.YOUNG_CARER, Circumstance.SEN_SUPPORT)
    marks = {"19 Oct": "I", "4 Nov": "I", "6 Nov am": "I"}

    assert sentence(step, "6 Nov", marks, circumstances=carer) == "young carer: 3 sessions."
    assert since(step, "6 Nov", marks, circumstances=carer) == day("4 Nov")
    assert since(step, "3 Nov", marks, circumstances=carer) is None
    assert since(step, "1 Nov", marks, circumstances=carer) == day("19 Oct")
    assert since(step, "2 Nov", marks, circumstances=carer) is None
    assert raised(step, "6 Nov", marks, circumstances=(Circumstance.SEN_SUPPORT,)) is None
    assert since(step, "31 Aug", {}, circumstances=carer) is None


def test_separate_absences_are_counted_in_the_half_term() -> None:
    step = a_step(TriggerKind.SPELLS_OF_ABSENCE, "{count}.", numbers={"spells": 3})
    marks = {
        "19 Oct": "I",
        "4 Nov": "I",
        "9 Nov am": "I",
        "9 Nov pm": "I",
        "10 Nov": "X",
        "11 Nov am": "I",
        "13 Nov": "I",
    }

    assert since(step, "12 Nov", marks) is None
    answer = found(step, "13 Nov", marks)
    assert answer is not None
    assert (answer.since, len(answer.counted)) == (day("13 Nov"), 7)
    assert sentence(step, "13 Nov", marks) == "3 absences."
    three_sessions = {"4 Nov am": "I", "9 Nov am": "I", "13 Nov am": "I"}
    assert since(step, "13 Nov", three_sessions) == day("13 Nov")


def test_the_share_missed_is_said_and_since_when() -> None:
    step = a_step(TriggerKind.PERSISTENTLY_ABSENT, "{share}.", numbers={"percent": 10, "possible": 20})
    marks = {"7 Sep": "I", "21 Sep": "I"}

    assert since(step, "15 Sep", marks) is None
    assert since(step, "16 Sep", marks) == day("16 Sep")
    assert since(step, "17 Sep", marks) is None
    assert since(step, "21 Sep", marks) == day("21 Sep")
    assert since(step, "25 Sep", marks) == day("21 Sep")
    assert sentence(step, "25 Sep", marks) == "11.8%."
    assert since(step, "16 Sep", {}) is None


def test_attendance_falls_where_more_is_missed_after_the_agreement_than_before() -> None:
    step = a_step(TriggerKind.ATTENDANCE_FALLING, "{agreed}: {now}, {then}.", numbers={"sessions": 10})
    agreed = an_event(EventKind.SUPPORT_AGREED, "16 Sep")
    before = {"7 Sep": "I"}

    assert since(step, "23 Sep", {**before, "21 Sep..22 Sep": "I"}, agreed) == day("21 Sep")
    assert since(step, "22 Sep", {**before, "21 Sep..22 Sep": "I"}, agreed) is None
    assert since(step, "23 Sep", {**before, "21 Sep am": "I"}, agreed) is None
    assert since(step, "30 Sep", {**before, "21 Sep": "I"}, agreed) is None
    assert sentence(step, "23 Sep", {**before, "21 Sep..22 Sep": "I"}, agreed) == (
        "16 September 2026: 4 of 10 sessions, 2 of 20 sessions."
    )
    assert since(step, "23 Sep", {**before, "21 Sep..22 Sep": "I"}) is None


def test_the_moment_itself_is_judged() -> None:
    judged = at("15 Sep", "09:40")

    assert judged.at == datetime.combine(day("15 Sep"), time(9, 40))
    assert since(SECOND_DAY, judged, WEEK) == day("15 Sep")
