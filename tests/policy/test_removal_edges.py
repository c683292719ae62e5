"""Removal from roll at its edges: the moment enquiries begin, what blocks a ground, and what is said of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cme_desktop.domain.events import AttemptOutcome, EnquiryResult, Event, EventKind, With
from cme_desktop.domain.pupils import Circumstance, YearGroup
from cme_desktop.policy.parameters import Parameters
from cme_desktop.policy.record import Judgement, SchoolType
from cme_desktop.policy.removal import judge_removal
from cme_desktop.policy.removal_conditions import say_condition
from cme_desktop.policy.removal_evidence import Claim, Evidence, Proof
from cme_desktop.policy.removal_grounds import Ground, Regulation
from tests.builders import a_calendar, a_record, a_rulebook, an_event, at, close_of, day
from tests.policy.test_removal import COMPLETE, GRANTED, NOT_FOUND, SIGNED, TRACED, TWENTY, Proposed, the_grounds


def missing(proposed: Proposed) -> dict[str, str]:
    return {each.condition: each.words for each in proposed.answer().missing}


# -- joint enquiries -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("clock", "is_of_it"), [("09:00", False), ("09:30", False), ("09:31", True), ("15:00", True)])
def test_enquiries_are_of_the_absence_that_begins_before_them(clock: str, *, is_of_it: bool) -> None:
    enquiries = an_event(EventKind.JOINT_ENQUIRIES, "14 Sep", clock, outcome=EnquiryResult.FOUND_WILL_NOT_ATTEND)
    marks = {"14 Sep pm": "O", "15 Sep..13 Oct": "O"}

    found = missing(replace(COMPLETE["twenty-days"], marks=marks, events=(enquiries,)))

    assert ("joint-enquiries" not in found) is is_of_it


def test_without_enquiries_nobody_is_known_to_be_lost() -> None:
    found = missing(replace(COMPLETE["younger-absent"], events=()))

    assert found["not-found"] == "It is not recorded that the child could not be found."
    assert missing(replace(COMPLETE["younger-absent"], marks={}, events=()))["twenty-days-without-leave"].startswith(
        "0 school days of continuous absence"
    )


# -- what the records and the proofs say -----------------------------------------------------------------------------


def test_a_proof_without_the_day_or_the_months_that_it_needs_proves_nothing() -> None:
    def bare(claim: Claim) -> Proof:
        return Proof("a letter", "the clerk", day("17 Nov"), None, None)

    elsewhere = replace(
        COMPLETE["registered-elsewhere"], claims=(), proofs={Claim.NEW_REGISTRATION: bare(Claim.NEW_REGISTRATION)}
    )
    excluded = replace(COMPLETE["excluded"], proofs={Claim.REVIEW_ENDED: bare(Claim.REVIEW_ENDED)})
    custody = replace(COMPLETE["custody"], proofs={Claim.SENTENCED: bare(Claim.SENTENCED)})

    assert len(missing(elsewhere)) == 1
    assert "review-ended" in missing(excluded)
    assert missing(custody)["sentence-long-enough"] == "The sentence must be of 4 months or more."


def test_an_order_may_be_known_from_the_pupils_circumstances_alone() -> None:
    known = replace(COMPLETE["order-amended"], events=(), circumstances=(Circumstance.ATTENDANCE_ORDER,))

    assert "order-known" not in missing(known)


@pytest.mark.parametrize("group", [YearGroup.N1, YearGroup.N2])
def test_both_years_of_the_nursery_are_the_nursery(group: YearGroup) -> None:
    assert replace(COMPLETE["nursery-complete"], year_group=group).answer().allowed


def test_without_a_starting_day_nobody_has_failed_to_start() -> None:
    assert replace(COMPLETE["died"], starting_day=None).answer().allowed  # type: ignore[arg-type]


def test_the_act_of_2026_asks_for_consent_only_for_some_children() -> None:
    in_force = replace(COMPLETE["home-education"], switched_on="17 Nov")

    assert in_force.answer().allowed
    plan = replace(in_force, circumstances=(Circumstance.SECTION_47,))
    special = replace(in_force, school_type=SchoolType.SPECIAL)
    assert "consent-of-2026" in missing(plan)
    assert "consent-of-2026" in missing(special)


# -- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("judged", "says"),
    [
        (at("6 Nov", "12:00"), "8 school days of 10 after the leave are over."),
        (close_of("6 Nov"), "9 school days of 10 after the leave are over."),
        (close_of("7 Nov"), "9 school days of 10 after the leave are over."),
        (at("9 Nov", "13:30"), None),
        (at("10 Nov", "12:00"), None),
    ],
)
def test_the_ten_school_days_after_leave_are_whole_days(judged: Judgement, says: str | None) -> None:
    complete = COMPLETE["leave-not-returned"]
    record = a_record(complete.marks, judged=judged, events=complete.events)
    ground = the_grounds().find("leave-not-returned")
    assert ground is not None

    answer = judge_removal(record, judged, a_rulebook().parameters, ground=ground, day=judged.on, evidence=Evidence())

    assert {each.condition: each.words for each in answer.missing}.get("ten-days-after-leave") == says


def test_a_name_that_is_gone_has_no_twenty_days() -> None:
    removed = an_event(EventKind.REMOVED, "13 Oct", "08:00", ground="g")

    assert {"on-roll", "twenty-days"} <= set(missing(replace(COMPLETE["twenty-days"], events=(TRACED, removed))))


def test_who_reaches_leaving_age_as_the_calendar_ends_needs_the_next_dates() -> None:
    last_day = replace(COMPLETE["leaving-age"], on="21 Jul")

    assert missing(last_day)["age-ends-before-next-session"] == (
        "The calendar does not say when the school next meets: enter the next term dates."
    )
    assert a_calendar().school_days[-1] == day("21 Jul")


# -- sickness or another cause -----------------------------------------------------------------------------------------

KEPT = "not-sick-or-prevented"


def explained(reason: str) -> Event:
    return an_event(
        EventKind.CONTACT_ATTEMPT,
        "21 Sep",
        "10:00",
        with_=With.MOTHER,
        outcome=AttemptOutcome.EXPLAINED,
        reason=reason,
    )


def test_only_an_illness_given_as_the_reason_blocks() -> None:
    assert KEPT in missing(replace(COMPLETE["twenty-days"], events=(explained("illness"), TRACED)))
    assert KEPT not in missing(replace(COMPLETE["twenty-days"], events=(explained("holiday"), TRACED)))


def test_an_illness_in_the_first_session_of_the_absence_blocks_and_one_before_it_does_not() -> None:
    first = {**TWENTY, "11 Sep pm": "I"}
    before = {**TWENTY, "11 Sep am": "I"}

    assert KEPT in missing(replace(COMPLETE["twenty-days"], marks=first))
    assert KEPT not in missing(replace(COMPLETE["twenty-days"], marks=before))


def test_after_leave_only_what_kept_the_child_away_since_it_blocks() -> None:
    complete = COMPLETE["leave-not-returned"]

    assert KEPT not in missing(replace(complete, marks={**complete.marks, "8 Oct..9 Oct": "I"}))
    assert KEPT in missing(replace(complete, marks={**complete.marks, "19 Oct": "I"}))
    assert complete.events == (GRANTED, NOT_FOUND)
    assert complete.claims == SIGNED


# -- what is said ----------------------------------------------------------------------------------------------------


def test_a_condition_is_said_as_a_sentence() -> None:
    assert say_condition("twenty-days") == "Twenty school days in a row, every session G, N or O."
    assert say_condition(Claim.BOTH_AGREE.value).startswith("Where the child is found: ")
    assert say_condition(Claim.STEPS_CONSIDERED.value).startswith("Where the child is found: ")
    death = say_condition(Claim.DEATH_CONFIRMED.value)
    assert not death.startswith("Where the child is found")
    assert death == f"{Claim.DEATH_CONFIRMED.in_words[0].upper()}{Claim.DEATH_CONFIRMED.in_words[1:]}."
    assert Claim.DEATH_CONFIRMED.in_words


def test_a_ground_is_found_by_the_letter_it_had_on_the_day() -> None:
    grounds = the_grounds()
    on = day("17 Nov")
    lettered = [ground for ground in grounds.grounds if ground.letter_on(on)]

    assert lettered
    assert [grounds.by_letter(str(ground.letter_on(on)), on=on) for ground in lettered] == lettered
    assert grounds.by_letter("zz", on=on) is None


def test_a_school_that_is_asked_of_all_owes_the_return_of_its_oldest_class_too() -> None:
    judged = close_of("21 Jul")
    record = a_record(judged=judged)
    record = replace(record, pupil=replace(record.pupil, year_group=YearGroup.Y6))
    ground = the_grounds().find("died")
    assert ground is not None
    spared = a_rulebook().parameters
    name = "england.deletion-return.asked-of-all"
    asked = replace(
        spared,
        by_name={
            **spared.by_name,
            name: replace(
                spared.by_name[name], values=tuple(replace(each, value=1) for each in spared.by_name[name].values)
            ),
        },
    )

    def owed(parameters: Parameters) -> int:
        answer = judge_removal(
            record,
            judged,
            parameters,
            ground=ground,
            day=day("21 Jul"),
            evidence=Evidence(),
        )
        return len(answer.owed)

    assert (owed(spared), owed(asked)) == (0, 1)


@pytest.mark.parametrize("symbol", ["I", "Q", "Y1", "Y2", "Y3", "Y5", "Y6", "Y7"])
@pytest.mark.parametrize("ground", ["twenty-days", "leave-not-returned"])
def test_a_code_that_says_that_the_child_was_kept_away_keeps_the_name(ground: str, symbol: str) -> None:
    complete = COMPLETE[ground]
    assert "not-sick-or-prevented" not in missing(complete)

    found = missing(replace(complete, marks={**complete.marks, complete.on: symbol}))

    assert found["not-sick-or-prevented"] == (
        "A code of this absence says that sickness or an unavoidable cause kept the child away."
    )


def test_a_ground_that_does_not_say_otherwise_has_been_read_in_the_regulation() -> None:
    assert Ground("own", "A ground", Regulation.OF_COMPULSORY_AGE, ()).verified
