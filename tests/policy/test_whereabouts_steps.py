"""Steps about a child whose whereabouts are unknown, who is missing or found, or who is back: to the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cme_desktop.domain.contacts import Contact
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.domain.events import (
    AttemptOutcome,
    EnquiryResult,
    Event,
    EventKind,
    Form,
    Method,
    Recipient,
    VisitOutcome,
    With,
)
from cme_desktop.policy.found import Found
from cme_desktop.policy.school_policy import Settlement, TriggerKind
from cme_desktop.policy.triggers import limb_of
from tests.builders import a_rulebook, an_event, day
from tests.policy.test_steps_to_the_day import a_step, called, facts_on, found, raised, sentence, since, told, visit

ABSENT = {"14 Sep..23 Oct": "O"}
NUMBERS = a_rulebook().parameters.on(date(2026, 10, 1))


# -- whereabouts unknown -------------------------------------------------------------------------------------------


def test_the_first_cause_says_since_when() -> None:
    step = a_step(TriggerKind.WHEREABOUTS_UNKNOWN, "{cause}")
    visited, unaware = visit("14 Sep"), called("15 Sep", AttemptOutcome.UNAWARE)

    assert since(step, "16 Sep", ABSENT, visited, unaware) == day("14 Sep")
    assert sentence(step, "16 Sep", ABSENT, visited, unaware).startswith("a home visit had no answer")
    named = replace(step, causes=("unaware",))
    assert since(named, "16 Sep", ABSENT, visited, unaware) == day("15 Sep")
    assert since(named, "16 Sep", ABSENT, visited) is None


def test_what_answers_it_lies_in_this_absence() -> None:
    step = a_step(TriggerKind.WHEREABOUTS_UNKNOWN)
    marks = {"14 Sep pm": "O", "15 Sep..23 Oct": "O"}
    early = told("9 Sep", Recipient.POLICE)
    at_mark = an_event(EventKind.TOLD, "14 Sep", "09:30", who=Recipient.POLICE)
    after = an_event(EventKind.TOLD, "14 Sep", "09:31", who=Recipient.POLICE)
    visited = visit("15 Sep")

    answer = found(step, "16 Sep", marks, early, at_mark, after, visited)

    assert answer is not None
    assert answer.answers == (after, visited)


# -- the first enquiries -------------------------------------------------------------------------------------------


def recorded(item: str, state: EnquiryState = EnquiryState.DONE, when: str = "15 Sep") -> Event:
    return an_event(EventKind.ENQUIRY_RECORDED, when, "16:00", about=item, choice=state.value)


RUNG = (
    called("14 Sep", AttemptOutcome.NO_ANSWER),
    called("14 Sep", AttemptOutcome.NO_ANSWER, with_=With.GRANDMOTHER),
)
WRITTEN = called("15 Sep", AttemptOutcome.SENT, method=Method.LETTER)
VISITED = visit("15 Sep")
ASKED = called("15 Sep", AttemptOutcome.NO_ANSWER, "12:00", With.NEIGHBOUR)
LOOKED = recorded("E4")
ALL = (*RUNG, WRITTEN, VISITED, ASKED, LOOKED)
ENQUIRIES = a_step(TriggerKind.ENQUIRIES_TRIED)


def tried(*events: Event, on: str = "16 Sep", **facts: object) -> date | None:
    return since(ENQUIRIES, on, ABSENT, *events, **facts)


def test_the_first_enquiries_are_tried_when_each_of_the_five_is() -> None:
    assert tried(*ALL) == day("15 Sep")
    for left_out in ALL[1:]:  # the letter to the mother is an attempt to reach her too
        assert tried(*(event for event in ALL if event is not left_out)) is None, left_out


@pytest.mark.parametrize("item", ["E1", "E2", "E3", "E4", "E5"])
def test_an_enquiry_may_be_recorded_by_itself(item: str) -> None:
    shown = {"E1": RUNG[1], "E2": WRITTEN, "E3": VISITED, "E4": LOOKED, "E5": ASKED}
    others = tuple(event for event in ALL if event is not shown[item])

    assert tried(*others, recorded(item)) == day("15 Sep")
    assert tried(*others, recorded(item, EnquiryState.NOT_STARTED)) is None
    assert tried(*others, recorded(item, EnquiryState.WITH_AUTHORITY)) is None
    assert tried(*others, an_event(EventKind.REVIEW_HELD, "15 Sep", about=item, choice="done")) is None


@pytest.mark.parametrize("heard", [With.FRIEND, With.NEIGHBOUR, With.SIBLING])
def test_friends_neighbours_and_siblings_may_know(heard: With) -> None:
    others = tuple(event for event in ALL if event is not ASKED)

    assert tried(*others, called("15 Sep", AttemptOutcome.NO_ANSWER, with_=heard)) == day("15 Sep")


def test_a_child_with_nobody_to_ring_was_not_rung() -> None:
    recorded_all = tuple(recorded(item) for item in ("E2", "E3", "E4", "E5"))

    assert tried(*recorded_all, contacts=()) is None
    assert tried(*recorded_all, recorded("E1"), contacts=()) == day("15 Sep")
    attempt = called("15 Sep", AttemptOutcome.NO_ANSWER)
    assert tried(attempt, *recorded_all, contacts=(Contact(With.MOTHER),)) == day("15 Sep")


def test_joint_enquiries_stand_for_the_first_ones_and_later_tries_put_nothing_off() -> None:
    begun = an_event(EventKind.JOINT_ENQUIRIES, "17 Sep", outcome=EnquiryResult.BEGUN)

    assert tried(*RUNG, begun, on="18 Sep") == day("17 Sep")
    assert tried(*ALL, called("17 Sep", AttemptOutcome.NO_ANSWER), on="18 Sep") == day("15 Sep")
    assert tried(begun, on="18 Sep") is None


def test_enquiries_tried_before_the_child_was_lost_count_from_then() -> None:
    unaware = called("18 Sep", AttemptOutcome.UNAWARE)
    quick = tuple(recorded(item, when="14 Sep") for item in ("E1", "E2", "E3", "E4", "E5"))

    assert tried(*quick, unaware, on="18 Sep", contacts=(Contact(With.MOTHER),)) == day("18 Sep")
    both = (visit("15 Sep"), unaware)
    answer = found(ENQUIRIES, "18 Sep", ABSENT, *quick, *both)
    assert answer is not None
    assert answer.since == day("15 Sep")


# -- enquiries in vain ---------------------------------------------------------------------------------------------

FAILED = a_step(TriggerKind.ENQUIRIES_FAILED)


def joint(when: str, clock: str = "10:00", outcome: EnquiryResult = EnquiryResult.NOT_FOUND) -> Event:
    return an_event(EventKind.JOINT_ENQUIRIES, when, clock, outcome=outcome)


@pytest.mark.parametrize(
    ("later", "is_open"),
    [
        ((), True),
        ((an_event(EventKind.CHILD_SEEN, "16 Sep"),), False),
        ((an_event(EventKind.FOUND, "16 Sep"),), False),
        ((an_event(EventKind.ELSEWHERE_CONFIRMED, "16 Sep"),), False),
        ((an_event(EventKind.REVIEW_HELD, "16 Sep"),), True),
        ((joint("16 Sep", outcome=EnquiryResult.FOUND_WILL_ATTEND),), False),
    ],
)
def test_enquiries_in_vain_stay_so_until_the_child_is_seen_or_placed(
    later: tuple[Event, ...], *, is_open: bool
) -> None:
    assert (since(FAILED, "17 Sep", ABSENT, joint("15 Sep"), *later) is not None) is is_open


def test_what_was_seen_before_the_enquiries_traces_nobody() -> None:
    before = (an_event(EventKind.CHILD_SEEN, "14 Sep", "12:00"), told("14 Sep", Recipient.POLICE))
    answer = found(FAILED, "17 Sep", ABSENT, *before, joint("15 Sep"), told("16 Sep", Recipient.POLICE))

    assert answer is not None
    assert [event.kind for event in answer.answers] == [EventKind.JOINT_ENQUIRIES, EventKind.TOLD]


def test_a_child_who_comes_after_the_enquiries_is_traced() -> None:
    marks = {"14 Sep pm": "O", "15 Sep..18 Sep": "O"}

    assert since(FAILED, "21 Sep", marks, joint("15 Sep")) is None
    assert since(FAILED, "15 Sep", marks, joint("14 Sep", "09:30")) == day("14 Sep")
    assert since(FAILED, "15 Sep", marks, joint("14 Sep", "09:00")) is None


# -- missing -------------------------------------------------------------------------------------------------------

EPISODES = a_step(
    TriggerKind.MISSING_EPISODES,
    "{count}, {first} to {last}",
    numbers={"episodes": 2, "days": 5},
    settled=Settlement(told=(Recipient.SOCIAL_CARE,)),
)


def missing(when: str, clock: str = "16:00") -> Event:
    return an_event(EventKind.MISSING, when, clock)


def back(when: str) -> Event:
    return an_event(EventKind.FOUND, when, "20:00")


def times(*days: str) -> tuple[Event, ...]:
    return tuple(event for each in days for event in (missing(each), back(each)))


def test_episodes_within_so_many_days_are_counted_both_ends_included() -> None:
    assert since(EPISODES, "11 Sep", {}, *times("7 Sep", "11 Sep")) == day("11 Sep")
    assert since(EPISODES, "12 Sep", {}, *times("7 Sep", "12 Sep")) is None
    assert (
        sentence(EPISODES, "14 Sep", {}, *times("7 Sep", "8 Sep", "9 Sep")) == "3, 7 September 2026 to 9 September 2026"
    )
    assert sentence(EPISODES, "14 Sep", {}, *times("7 Sep", "9 Sep", "12 Sep")) == (
        "2, 7 September 2026 to 9 September 2026"
    )
    assert sentence(EPISODES, "14 Sep", {}, *times("4 Sep", "10 Sep", "12 Sep")) == (
        "2, 10 September 2026 to 12 September 2026"
    )
    assert since(EPISODES, "12 Sep", {}, *times("7 Sep")) is None


def test_word_to_social_care_since_the_last_episode_settles_them_until_another() -> None:
    before = an_event(EventKind.TOLD, "8 Sep", "15:59", who=Recipient.SOCIAL_CARE)
    at_once = an_event(EventKind.TOLD, "8 Sep", "16:00", who=Recipient.SOCIAL_CARE)
    first, second, third = times("7 Sep"), times("8 Sep"), times("9 Sep")

    assert raised(EPISODES, "8 Sep", {}, *first, before, *second) is not None
    assert raised(EPISODES, "8 Sep", {}, *first, second[0], at_once, second[1]) is None
    again = raised(EPISODES, "9 Sep", {}, *first, second[0], at_once, second[1], *third)
    assert again is not None
    assert again.finding.sentence == "2, 8 September 2026 to 9 September 2026"


def test_a_second_report_of_one_absence_is_no_second_episode() -> None:
    assert since(EPISODES, "9 Sep", {"8 Sep..9 Sep": "O"}, missing("8 Sep"), missing("9 Sep")) is None
    assert since(EPISODES, "9 Sep", {}, missing("8 Sep", "15:45"), missing("9 Sep")) is None
    assert since(EPISODES, "10 Sep", {}, missing("8 Sep"), missing("10 Sep")) == day("10 Sep")
    assert since(EPISODES, "9 Sep", {"8 Sep..9 Sep": "O"}, *times("8 Sep"), missing("9 Sep")) == day("9 Sep")


UNTRACED = a_step(TriggerKind.MISSING_UNTRACED, "{reported}: {passed}", numbers={"working_days": 5})


@pytest.mark.parametrize("report", [missing("14 Sep"), told("14 Sep", Recipient.POLICE)])
def test_a_child_untraced_after_five_working_days(report: Event) -> None:
    assert since(UNTRACED, "18 Sep", ABSENT, report) is None
    assert since(UNTRACED, "20 Sep", ABSENT, report) is None
    assert since(UNTRACED, "21 Sep", ABSENT, report) == day("21 Sep")
    assert sentence(UNTRACED, "22 Sep", ABSENT, report) == "14 September 2026: 6 working days"
    assert since(UNTRACED, "22 Sep", ABSENT, report, back("15 Sep")) is None
    assert since(UNTRACED, "22 Sep", {"14 Sep..15 Sep": "O"}, report) is None


def test_the_first_report_since_which_the_child_is_not_traced_counts() -> None:
    reports = (missing("14 Sep"), back("15 Sep"), missing("16 Sep"), told("17 Sep", Recipient.POLICE))
    answer = found(UNTRACED, "23 Sep", ABSENT, told("14 Sep", Recipient.SOCIAL_CARE), *reports)

    assert answer is not None
    assert answer.since == day("23 Sep")
    assert answer.answers == reports[2:]
    assert since(UNTRACED, "22 Sep", ABSENT, told("14 Sep", Recipient.SOCIAL_CARE)) is None


def test_the_last_time_a_child_was_found_counts() -> None:
    step = a_step(TriggerKind.CHILD_FOUND)
    events = (
        back("14 Sep"),
        an_event(EventKind.REVIEW_HELD, "15 Sep"),
        back("16 Sep"),
        told("17 Sep", Recipient.POLICE),
    )

    answer = found(step, "17 Sep", ABSENT, *events)

    assert answer is not None
    assert (answer.since, answer.answers, answer.event) == (day("16 Sep"), events[2:], events[2])
    assert since(step, "17 Sep", ABSENT, missing("16 Sep")) is None


# -- back after a case ---------------------------------------------------------------------------------------------

RETURNED = a_step(TriggerKind.RETURNED_AFTER_CASE, "{case}")


def returned(*events: Event, marks: dict[str, str] | None = None, on: str = "25 Sep") -> Found | None:
    return found(RETURNED, on, {"14 Sep..16 Sep": "O"} if marks is None else marks, *events)


@pytest.mark.parametrize(
    ("event", "opens"),
    [
        (an_event(EventKind.CASE_OPENED, "15 Sep", "10:00"), True),
        (an_event(EventKind.MISSING, "15 Sep", "10:00"), True),
        (joint("15 Sep"), True),
        (an_event(EventKind.REFERRED, "15 Sep", "10:00", to=Recipient.SOCIAL_CARE), True),
        (told("15 Sep", Recipient.AUTHORITY_CME), True),
        (told("15 Sep", Recipient.POLICE), True),
        (told("15 Sep", Recipient.SOCIAL_CARE), True),
        (told("15 Sep", Recipient.SOCIAL_WORKER), False),
        (an_event(EventKind.FORM_SENT, "15 Sep", "10:00", form=Form.ABSENCE), True),
        (an_event(EventKind.FORM_SENT, "15 Sep", "10:00", form=Form.LEAVE), False),
        (visit("15 Sep", VisitOutcome.NO_REPLY), False),
    ],
)
def test_what_makes_an_absence_a_case(event: Event, *, opens: bool) -> None:
    answer = returned(event)

    assert (answer is not None) is opens
    if answer is not None:
        assert answer.since == day("17 Sep")
        assert answer.event is event


def test_the_latest_case_is_the_one_the_child_is_back_from() -> None:
    first, second = (an_event(EventKind.CASE_OPENED, each, "10:00") for each in ("8 Sep", "15 Sep"))

    answer = returned(first, second, marks={"7 Sep..9 Sep": "O", "14 Sep..16 Sep": "O"})

    assert answer is not None
    assert (answer.since, answer.event) == (day("17 Sep"), second)
    open_still = returned(first, second, marks={"7 Sep..9 Sep": "O", "14 Sep..25 Sep": "O"})
    assert open_still is not None
    assert (open_still.since, open_still.event) == (day("10 Sep"), first)


def test_a_case_of_a_single_session_is_one_and_word_of_a_child_who_is_here_is_none() -> None:
    opened = an_event(EventKind.CASE_OPENED, "14 Sep", "12:00")

    morning = returned(opened, marks={"14 Sep am": "O"})
    assert morning is not None
    assert morning.since == day("14 Sep")
    afternoon = returned(opened, marks={"14 Sep pm": "O"})
    assert afternoon is not None
    assert afternoon.since == day("15 Sep")
    assert returned(opened, marks={}) is None


def test_a_limb_of_a_step_says_what_it_found() -> None:
    limb = limb_of(replace(RETURNED, settled=Settlement(events=(EventKind.SUPPORT_AGREED,))))
    opened = an_event(EventKind.CASE_OPENED, "15 Sep", "10:00")
    marks = {"14 Sep..16 Sep": "O"}

    assert limb(facts_on("25 Sep", marks, opened), NUMBERS) is not None
    assert limb(facts_on("25 Sep", marks, opened, an_event(EventKind.SUPPORT_AGREED, "17 Sep")), NUMBERS) is None
    assert limb(facts_on("25 Sep", marks, an_event(EventKind.SUPPORT_AGREED, "14 Sep"), opened), NUMBERS) is not None
