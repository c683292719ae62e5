"""The gate of removal from roll: each ground allowed once, and refused for each condition that is missing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache

import pytest

from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import (
    AttemptOutcome,
    EnquiryResult,
    Event,
    EventKind,
    Method,
    Recipient,
    ReturnKind,
    With,
)
from cme_desktop.domain.pupils import Circumstance, YearGroup
from cme_desktop.policy.record import Judgement, SchoolRecord, SchoolType
from cme_desktop.policy.removal import RemovalAnswer, conditions_of, judge_removal, load_grounds
from cme_desktop.policy.removal_conditions import CONDITIONS, OF_EVERY_GROUND, say_condition
from cme_desktop.policy.removal_evidence import Claim, Evidence, Proof
from cme_desktop.policy.removal_grounds import Grounds, Regulation
from tests.builders import BORN, RESOURCES, a_calendar, a_record, a_rulebook, an_event, close_of, day

BELOW_AGE = date(2022, 5, 4)
SWITCH = "england.home-education-consent.in-force"
SIXTEEN = date(2011, 3, 1)


@cache
def the_grounds() -> Grounds:
    return load_grounds((RESOURCES / "removal-grounds.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Proposed:
    """A removal proposed for the day on whose evening it is judged, with a proof for each claim."""

    ground: str
    on: str = "17 Nov"
    goes_on: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    circumstances: tuple[Circumstance, ...] = ()
    claims: tuple[Claim, ...] = ()
    proofs: dict[Claim, Proof] = field(default_factory=dict)
    born: date | None = BORN
    starting_day: date = date(2023, 9, 5)
    year_group: YearGroup | None = None
    school_type: SchoolType = SchoolType.MAINTAINED_PRIMARY
    reason: str = ""
    switched_on: str = ""

    def answer(self) -> RemovalAnswer:
        judged = close_of(self.on)
        judged = replace(judged, school=SchoolRecord(self.school_type))
        record = a_record(
            self.marks, judged=judged, events=self.events, circumstances=self.circumstances, born=self.born,
            starting_day=self.starting_day,
        )  # fmt: skip
        record = replace(record, pupil=replace(record.pupil, year_group=self.year_group))
        parameters = a_rulebook().parameters
        if self.switched_on:
            parameters = parameters.switched_on(SWITCH, since=day(self.switched_on))
        found = the_grounds().find(self.ground)
        assert found is not None
        proofs = {claim: a_proof(claim, on=self.on) for claim in self.claims} | self.proofs
        return judge_removal(
            record,
            judged,
            parameters,
            ground=found,
            day=day(self.goes_on or self.on),
            evidence=Evidence(proofs, self.reason),
        )


def a_proof(claim: Claim, *, on: str = "17 Nov", holds_from: str | None = None, months: int | None = None) -> Proof:
    """A proof by somebody who proves nothing else, which holds from the day it is given unless said."""
    return Proof("a letter", f"who says {claim}", day(on), day(holds_from or on), months)


# -- one complete case for each ground -------------------------------------------------------------------------

LETTER = an_event(EventKind.HOME_EDUCATION_LETTER, "10 Nov", from_=day("16 Nov"))
GRANTED = an_event(EventKind.LEAVE_GRANTED, "1 Oct", from_=day("12 Oct"), to=day("16 Oct"))
ORDERED = an_event(EventKind.ORDER_MADE, "7 Sep")
REVOKED = an_event(EventKind.ORDER_REVOKED, "9 Nov")
NOT_FOUND = an_event(EventKind.JOINT_ENQUIRIES, "9 Nov", outcome=EnquiryResult.NOT_FOUND)
SIGNED = (Claim.NOT_SICK_OR_PREVENTED, Claim.SIGNED_OFF_BY_SCHOOL, Claim.SIGNED_OFF_BY_AUTHORITY)
AGREED = (*SIGNED, Claim.BOTH_AGREE, Claim.STEPS_CONSIDERED)
TRACED = an_event(EventKind.JOINT_ENQUIRIES, "12 Oct", outcome=EnquiryResult.FOUND_WILL_NOT_ATTEND)
TWENTY = {"14 Sep..13 Oct": "O"}

COMPLETE = {
    proposed.ground: proposed
    for proposed in (
        Proposed("registered-elsewhere", claims=(Claim.NEW_REGISTRATION,)),
        Proposed(
            "nursery-complete", year_group=YearGroup.N2,
            claims=(Claim.NURSERY_COMPLETE, Claim.WOULD_MOVE_UP, Claim.WILL_NOT_ATTEND_AGAIN),
        ),
        Proposed(
            "dual-registered-leaving", circumstances=(Circumstance.DUAL_REGISTERED,),
            claims=(Claim.WILL_NOT_ATTEND_AGAIN, Claim.OTHER_SCHOOLS_CONSENT),
        ),
        Proposed("order-amended", events=(ORDERED,), claims=(Claim.ORDER_NAMES_OTHER_SCHOOL,)),
        Proposed("order-revoked", events=(ORDERED, REVOKED), claims=(Claim.EDUCATION_ARRANGED,)),
        Proposed("home-education", events=(LETTER,)),
        Proposed("moved-away", claims=(Claim.NOT_A_BOARDER, Claim.MOVED_OUT_OF_REACH, Claim.WILL_NOT_ATTEND_AGAIN)),
        Proposed(
            "leave-not-returned", on="10 Nov", marks={"12 Oct..16 Oct": "C", "19 Oct..10 Nov": "O"},
            events=(GRANTED, NOT_FOUND), claims=SIGNED,
        ),
        Proposed("twenty-days", on="13 Oct", marks=TWENTY, events=(TRACED,), claims=AGREED),
        Proposed(
            "custody", claims=(Claim.NOT_ON_REMAND, Claim.WILL_NOT_ATTEND_AGAIN),
            proofs={Claim.SENTENCED: a_proof(Claim.SENTENCED, months=4)},
        ),
        Proposed("died", claims=(Claim.DEATH_CONFIRMED,)),
        Proposed("leaving-age", on="25 Jun", born=SIXTEEN, claims=(Claim.WILL_NOT_STAY_ON,)),
        Proposed("board-unpaid", claims=(Claim.A_BOARDER, Claim.BOARD_UNPAID)),
        Proposed("independent-school", school_type=SchoolType.INDEPENDENT, claims=(Claim.CEASED_TO_BE_PUPIL,)),
        Proposed("excluded", claims=(Claim.PERMANENTLY_EXCLUDED, Claim.REVIEW_ENDED)),
        Proposed("younger-leaving", born=BELOW_AGE, reason="moves house", claims=(Claim.CEASED_OR_LEAVING,)),
        Proposed(
            "younger-absent", on="9 Nov", born=BELOW_AGE, reason="not found", marks={"5 Oct..9 Nov": "O"},
            events=(NOT_FOUND,), claims=SIGNED,
        ),
        Proposed("younger-died", born=BELOW_AGE, reason="told by the family", claims=(Claim.DEATH_CONFIRMED,)),
        Proposed(
            "younger-nursery-complete", born=BELOW_AGE, reason="goes to another school", year_group=YearGroup.N2,
            claims=(Claim.NURSERY_COMPLETE, Claim.WILL_NOT_MOVE_UP),
        ),
        Proposed(
            "younger-excluded", born=BELOW_AGE, reason="excluded",
            claims=(Claim.PERMANENTLY_EXCLUDED, Claim.REVIEW_ENDED),
        ),
        Proposed("younger-board-unpaid", born=BELOW_AGE, reason="unpaid", claims=(Claim.A_BOARDER, Claim.BOARD_UNPAID)),
    )
}  # fmt: skip

SPOILT: dict[str, dict[str, object]] = {
    "not-dual-registered": {"circumstances": (Circumstance.DUAL_REGISTERED,)},
    "dual-registered": {"circumstances": ()},
    "no-order": {"circumstances": (Circumstance.ATTENDANCE_ORDER, Circumstance.DUAL_REGISTERED)},
    "not-mobile-main-school": {"circumstances": (Circumstance.TRAVELLER, Circumstance.DUAL_REGISTERED)},
    "special-school-consent": {"school_type": SchoolType.SPECIAL},
    "in-nursery": {"year_group": YearGroup.R},
    "order-known": {"events": ()},
    "order-revoked": {"events": (ORDERED,)},
    "written-notice": {"events": ()},
    "day-of-notice-passed": {"on": "16 Nov"},
    "consent-of-2026": {"circumstances": (Circumstance.CHILD_PROTECTION_PLAN,), "switched_on": "17 Nov"},
    "leave-ended": {"events": (NOT_FOUND,), "marks": {"12 Oct..10 Nov": "O"}},
    "ten-days-after-leave": {
        "events": (replace(GRANTED, to=day("20 Oct")), NOT_FOUND),
        "marks": {"12 Oct..20 Oct": "C", "21 Oct..10 Nov": "O"},
    },
    "twenty-days": {"marks": {"16 Sep pm": "O", "17 Sep..13 Oct": "O"}},
    "closures-accepted": {"marks": {"7 Sep..13 Oct": "O", "1 Oct": "Y4"}},
    "sentence-long-enough": {"proofs": {Claim.SENTENCED: a_proof(Claim.SENTENCED, months=3)}},
    "sentenced": {"proofs": {}},
    "age-ends-before-next-session": {"on": "24 Jun"},
    "state-school": {"school_type": SchoolType.INDEPENDENT},
    "independent-school": {"school_type": SchoolType.ACADEMY},
    "reason-in-words": {"reason": " "},
    "twenty-days-without-leave": {"marks": {"6 Oct..9 Nov": "O"}},
}
"""For each condition that the records answer, what spoils it; those that somebody states are spoilt by silence."""


def spoilt(ground: str, condition: str) -> Proposed:
    """The complete case of a ground with one condition spoilt."""
    complete = COMPLETE[ground]
    if condition in {"joint-enquiries", "not-found"}:
        wrong = EnquiryResult.BEGUN if condition == "joint-enquiries" else EnquiryResult.FOUND_WILL_NOT_ATTEND
        changed = (replace(e, outcome=wrong) if e.kind is EventKind.JOINT_ENQUIRIES else e for e in complete.events)
        return replace(complete, events=tuple(changed))
    if condition in {"agreed-where-found", "steps-considered-where-found"}:
        found = EnquiryResult.FOUND_WILL_NOT_ATTEND
        changed = (replace(e, outcome=found) if e.kind is EventKind.JOINT_ENQUIRIES else e for e in complete.events)
        complete = replace(complete, events=tuple(changed), claims=AGREED)
    if condition in SPOILT:
        return replace(complete, **SPOILT[condition])  # type: ignore[arg-type]
    return replace(complete, claims=tuple(claim for claim in complete.claims if claim.value != condition))


PAIRS = [(ground.id, condition) for ground in the_grounds().grounds for condition in ground.conditions]


@pytest.mark.parametrize("ground", [ground.id for ground in the_grounds().grounds])
def test_a_ground_whose_every_condition_holds_is_allowed(ground: str) -> None:
    answer = COMPLETE[ground].answer()

    assert answer.missing == ()
    assert answer.allowed


@pytest.mark.parametrize(("ground", "condition"), PAIRS, ids=[" ".join(pair) for pair in PAIRS])
def test_a_ground_is_refused_for_each_condition_that_is_missing(ground: str, condition: str) -> None:
    answer = spoilt(ground, condition).answer()

    assert not answer.allowed
    words = {missing.condition: missing.words for missing in answer.missing}
    assert condition in words
    assert words[condition].endswith(".")
    others = set(words) - {condition} - _also(ground, condition)
    assert others == set()


def _also(ground: str, condition: str) -> set[str]:
    """What the spoiling of one condition spoils beside it, by the law and not by accident."""
    if condition in {"no-order", "not-mobile-main-school"} and ground == "registered-elsewhere":
        return {"not-dual-registered"}  # the spoilt circumstances name it, for the sake of ground (c)
    if condition == "joint-enquiries" and ground == "younger-absent":
        return {"not-found"}
    return {
        "written-notice": {"day-of-notice-passed"},
        "leave-ended": {"ten-days-after-leave"},
        "sentenced": {"sentence-long-enough"},
    }.get(condition, set())


# -- of every ground -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", COMPLETE)
def test_case_19_no_name_goes_from_a_day_that_has_passed(ground: str) -> None:
    complete = COMPLETE[ground]
    yesterday = day(complete.on) - timedelta(days=1)

    answer = replace(complete, goes_on=f"{yesterday:%d %b}").answer()

    assert "not-backdated" in {missing.condition for missing in answer.missing}


@pytest.mark.parametrize("ground", COMPLETE)
def test_a_ground_of_the_other_age_is_refused(ground: str) -> None:
    complete = COMPLETE[ground]
    is_younger = complete.born == BELOW_AGE

    answer = replace(complete, born=BORN if is_younger else BELOW_AGE).answer()

    assert "age" in {missing.condition for missing in answer.missing}


def test_without_a_date_of_birth_nobody_can_say_which_paragraph_holds() -> None:
    answer = replace(COMPLETE["died"], born=None).answer()

    assert [missing.condition for missing in answer.missing] == ["age"]
    assert "date of birth" in answer.missing[0].words


def test_nobody_is_removed_twice_or_before_starting() -> None:
    removed = an_event(EventKind.REMOVED, "16 Nov", ground="g")

    twice = replace(COMPLETE["died"], events=(removed,)).answer()
    early = replace(COMPLETE["died"], starting_day=day("18 Nov")).answer()

    assert [missing.condition for missing in twice.missing] == ["on-roll"]
    assert [missing.condition for missing in early.missing] == ["on-roll"]


def test_a_proof_says_who_and_what_and_is_not_of_tomorrow() -> None:
    complete = COMPLETE["died"]
    proof = a_proof(Claim.DEATH_CONFIRMED)
    poor = (replace(proof, what=" "), replace(proof, by=""), replace(proof, on=day("18 Nov")))

    answers = [replace(complete, claims=(), proofs={Claim.DEATH_CONFIRMED: each}).answer() for each in poor]

    assert [answer.allowed for answer in answers] == [False, False, False]
    assert replace(complete, claims=(), proofs={Claim.DEATH_CONFIRMED: proof}).answer().allowed


# -- the worked cases ------------------------------------------------------------------------------------------


def test_case_16_traced_elsewhere_and_both_agree() -> None:
    answer = COMPLETE["twenty-days"].answer()

    assert answer.allowed
    assert "regulation 9(1)(i)" in answer.owed[0]
    assert "deletion return" in answer.owed[0]


def test_case_17_at_home_and_the_authority_does_not_agree() -> None:
    refusing = tuple(claim for claim in AGREED if claim is not Claim.BOTH_AGREE)

    disagreed = replace(COMPLETE["twenty-days"], claims=refusing).answer()
    attending = an_event(EventKind.JOINT_ENQUIRIES, "12 Oct", outcome=EnquiryResult.FOUND_WILL_ATTEND)
    to_attend = replace(COMPLETE["twenty-days"], events=(attending,)).answer()

    assert [missing.condition for missing in disagreed.missing] == ["agreed-where-found"]
    assert "the name stays" in {missing.condition: missing.words for missing in to_attend.missing}["joint-enquiries"]


def test_case_18_twenty_days_without_a_word_to_the_authority() -> None:
    answer = Proposed("twenty-days", on="9 Oct", marks={"14 Sep..9 Oct": "O"}).answer()

    words = {missing.condition: missing.words for missing in answer.missing}
    assert words["joint-enquiries"] == "Joint enquiries with the authority are not recorded."
    assert "twenty-days" not in words


@pytest.mark.parametrize(("on", "is_over"), [("8 Oct", False), ("9 Oct", True), ("12 Oct", True)])
def test_twenty_days_are_over_at_the_close_of_the_twentieth(on: str, *, is_over: bool) -> None:
    answer = Proposed("twenty-days", on=on, marks={"14 Sep..13 Oct": "O"}).answer()

    assert ("twenty-days" not in {missing.condition for missing in answer.missing}) is is_over


@pytest.mark.parametrize("code", ["I", "U", "E", "C2", "Y3", "Y7", "?"])
def test_case_15_any_other_code_or_an_unmarked_day_voids_twenty_days(code: str) -> None:
    answer = replace(COMPLETE["twenty-days"], marks={**TWENTY, "30 Sep": code}).answer()

    assert "twenty-days" in {missing.condition for missing in answer.missing}


def test_enquiries_of_an_earlier_absence_are_not_of_this_one() -> None:
    marks = {"14 Sep..9 Oct": "O", "13 Oct..18 Dec": "O"}

    answer = Proposed("twenty-days", on="18 Nov", marks=marks, events=(TRACED,), claims=AGREED).answer()

    assert "joint-enquiries" in {missing.condition for missing in answer.missing}


def test_one_person_does_not_sign_for_both_sides() -> None:
    both = Proof("the minutes", "Sam Rook", day("13 Oct"))
    proofs = {Claim.SIGNED_OFF_BY_SCHOOL: both, Claim.SIGNED_OFF_BY_AUTHORITY: replace(both, by=" sam rook")}

    answer = replace(COMPLETE["twenty-days"], proofs=proofs).answer()

    assert [missing.condition for missing in answer.missing] == ["signed-off-by-school", "signed-off-by-authority"]


def test_nobody_signs_before_the_enquiries_end() -> None:
    early = a_proof(Claim.SIGNED_OFF_BY_AUTHORITY, on="9 Oct")

    answer = replace(COMPLETE["twenty-days"], proofs={Claim.SIGNED_OFF_BY_AUTHORITY: early}).answer()

    assert [missing.condition for missing in answer.missing] == ["signed-off-by-authority"]


@pytest.mark.parametrize(("on", "is_over"), [("6 Nov", False), ("9 Nov", True), ("10 Nov", True)])
def test_case_12_ten_school_days_after_leave_are_over_at_the_close_of_the_tenth(on: str, *, is_over: bool) -> None:
    answer = replace(COMPLETE["leave-not-returned"], on=on).answer()

    assert ("ten-days-after-leave" not in {missing.condition for missing in answer.missing}) is is_over


def test_case_12_the_tenth_day_is_not_over_at_noon() -> None:
    complete = COMPLETE["leave-not-returned"]
    close = close_of("9 Nov")
    noon = Judgement(a_calendar(), close.at.replace(hour=12, minute=0, second=0, microsecond=0))
    record = a_record(complete.marks, judged=noon, events=complete.events)
    ground = the_grounds().find("leave-not-returned")
    assert ground is not None

    answer = judge_removal(
        record, noon, a_rulebook().parameters, ground=ground, day=day("9 Nov"), evidence=Evidence()
    )  # fmt: skip

    assert "ten-days-after-leave" in {missing.condition for missing in answer.missing}


def test_case_13_illness_abroad_blocks_whatever_is_claimed() -> None:
    complete = COMPLETE["leave-not-returned"]
    said = an_event(
        EventKind.CONTACT_ATTEMPT, "26 Oct", "10:00", with_=With.MOTHER, method=Method.EMAIL,
        outcome=AttemptOutcome.EXPLAINED, reason="illness",
    )  # fmt: skip

    coded = replace(complete, marks={"12 Oct..16 Oct": "C", "19 Oct..23 Oct": "O", "3 Nov..10 Nov": "I"}).answer()
    told = replace(complete, events=(*complete.events, said)).answer()

    assert [missing.condition for missing in coded.missing] == ["not-sick-or-prevented"]
    assert [missing.condition for missing in told.missing] == ["not-sick-or-prevented"]


def test_an_illness_that_was_to_be_over_no_longer_blocks() -> None:
    complete = COMPLETE["twenty-days"]
    said = an_event(
        EventKind.CONTACT_ATTEMPT, "14 Sep", "10:00", with_=With.MOTHER, method=Method.PHONE,
        outcome=AttemptOutcome.EXPLAINED, reason="illness", expected_back=day("17 Sep"),
    )  # fmt: skip

    assert replace(complete, events=(said, TRACED)).answer().allowed
    lasting = replace(said, expected_back=day("14 Oct"))
    assert not replace(complete, events=(lasting, TRACED)).answer().allowed


def test_case_14_leave_that_was_refused_is_not_leave() -> None:
    refused = an_event(EventKind.LEAVE_REFUSED, "7 Sep", from_=day("14 Sep"), to=day("25 Sep"))

    answer = Proposed("leave-not-returned", on="16 Oct", marks={"14 Sep..16 Oct": "G"}, events=(refused,)).answer()

    assert {"leave-ended", "ten-days-after-leave"} <= {missing.condition for missing in answer.missing}


@pytest.mark.parametrize(("on", "allowed"), [("15 Nov", False), ("16 Nov", False), ("17 Nov", True), ("18 Nov", True)])
def test_case_35_the_day_in_the_letter_must_have_passed(on: str, *, allowed: bool) -> None:
    answer = replace(COMPLETE["home-education"], on=on).answer()

    assert answer.allowed is allowed
    if not allowed:
        assert "17 November 2026 at the earliest" in answer.missing[0].words


def test_case_35_a_later_day_may_be_asked_about_beforehand() -> None:
    assert replace(COMPLETE["home-education"], on="11 Nov", goes_on="17 Nov").answer().allowed
    assert not replace(COMPLETE["home-education"], on="11 Nov", goes_on="16 Nov").answer().allowed


def test_case_36_what_is_said_at_the_gate_is_no_notice() -> None:
    said = an_event(
        EventKind.CONTACT_ATTEMPT, "10 Nov", "15:20", with_=With.MOTHER, method=Method.IN_PERSON,
        outcome=AttemptOutcome.EXPLAINED, reason="will be taught at home",
    )  # fmt: skip

    answer = Proposed("home-education", events=(said,)).answer()

    assert "said at the gate" in answer.missing[0].words


def test_a_letter_without_a_day_completes_nothing() -> None:
    answer = Proposed("home-education", events=(replace(LETTER, from_=None),)).answer()

    assert [missing.condition for missing in answer.missing] == ["written-notice", "day-of-notice-passed"]


def test_case_37_an_order_keeps_the_name_until_it_is_revoked() -> None:
    complete = COMPLETE["home-education"]

    ordered = replace(complete, events=(ORDERED, LETTER)).answer()
    revoked = replace(complete, events=(ORDERED, LETTER, an_event(EventKind.ORDER_REVOKED, "12 Nov"))).answer()

    assert [missing.condition for missing in ordered.missing] == ["no-order"]
    assert revoked.allowed


def test_case_38_plans_do_not_bar_a_removal_before_the_act_is_in_force() -> None:
    with_plans = replace(
        COMPLETE["home-education"], circumstances=(Circumstance.EHC_PLAN, Circumstance.CHILD_PROTECTION_PLAN)
    )

    assert with_plans.answer().allowed
    assert "social worker" in " ".join(with_plans.answer().owed)
    assert replace(with_plans, switched_on="18 Nov").answer().allowed
    assert not replace(with_plans, switched_on="17 Nov").answer().allowed
    assert not replace(with_plans, switched_on="18 Nov", goes_on="18 Nov").answer().allowed


def test_the_authoritys_consent_opens_a_special_school_and_its_refusal_does_not() -> None:
    special = replace(COMPLETE["home-education"], school_type=SchoolType.SPECIAL)
    consent = an_event(EventKind.AUTHORITY_CONSENT, "12 Nov", confirmed=True)

    assert replace(special, events=(LETTER, consent)).answer().allowed
    assert not replace(special, events=(LETTER, replace(consent, confirmed=False))).answer().allowed
    assert replace(special, claims=(Claim.SPECIAL_SCHOOL_CONSENT,)).answer().allowed
    assert not replace(COMPLETE["home-education"], circumstances=(Circumstance.SPECIAL_SCHOOL,)).answer().allowed


def test_case_40_a_new_school_that_starts_tomorrow_is_not_yet_the_childs() -> None:
    complete = replace(COMPLETE["registered-elsewhere"], claims=())
    starts = {
        each: {Claim.NEW_REGISTRATION: a_proof(Claim.NEW_REGISTRATION, holds_from=each)}
        for each in ("17 Nov", "18 Nov")
    }
    arrived = an_event(EventKind.ARRIVAL_CONFIRMED, "17 Nov")

    assert replace(complete, proofs=starts["17 Nov"]).answer().allowed
    assert not replace(complete, proofs=starts["18 Nov"]).answer().allowed
    assert not complete.answer().allowed
    assert replace(complete, events=(arrived,)).answer().allowed


def test_a_family_that_travels_is_asked_about_its_main_school() -> None:
    complete = COMPLETE["registered-elsewhere"]
    travelling = replace(complete, marks={"5 Oct..9 Oct": "T"})

    assert [missing.condition for missing in travelling.answer().missing] == ["not-mobile-main-school"]
    assert replace(travelling, claims=(*complete.claims, Claim.NOT_MOBILE_MAIN_SCHOOL)).answer().allowed


def test_a_review_that_ends_tomorrow_has_not_ended() -> None:
    complete = replace(COMPLETE["excluded"], claims=(Claim.PERMANENTLY_EXCLUDED,))
    later = {Claim.REVIEW_ENDED: a_proof(Claim.REVIEW_ENDED, holds_from="18 Nov")}

    assert not replace(complete, proofs=later).answer().allowed


@pytest.mark.parametrize(("months", "allowed"), [(3, False), (4, True), (5, True)])
def test_a_sentence_of_four_months_is_long_enough(months: int, *, allowed: bool) -> None:
    proofs = {Claim.SENTENCED: a_proof(Claim.SENTENCED, months=months)}

    assert replace(COMPLETE["custody"], proofs=proofs).answer().allowed is allowed


def test_a_closure_within_the_twenty_days_is_put_to_the_authority() -> None:
    closed = replace(COMPLETE["twenty-days"], marks={"7 Sep..13 Oct": "O", "1 Oct": "Y4"})

    assert [missing.condition for missing in closed.answer().missing] == ["closures-accepted"]
    assert replace(closed, claims=(*AGREED, Claim.CLOSURES_ACCEPTED)).answer().allowed


def test_leave_within_the_twenty_days_of_a_younger_child_does_not_count() -> None:
    answer = replace(COMPLETE["younger-absent"], marks={"21 Sep..9 Nov": "O", "21 Sep..25 Sep": "C"}).answer()

    assert [missing.condition for missing in answer.missing] == ["twenty-days-without-leave"]


# -- the latest word -------------------------------------------------------------------------------------------


def test_a_child_may_be_removed_on_the_starting_day_and_on_the_first_day_of_compulsory_age() -> None:
    begins = date(2021, 9, 1)

    assert replace(COMPLETE["died"], starting_day=day("17 Nov")).answer().allowed
    assert replace(COMPLETE["died"], on="31 Dec", born=begins).answer().allowed
    assert not replace(COMPLETE["died"], on="30 Dec", born=begins).answer().allowed


def test_enquiries_that_were_begun_and_ended_are_ended() -> None:
    complete = COMPLETE["twenty-days"]
    begun = an_event(EventKind.JOINT_ENQUIRIES, "14 Sep", outcome=EnquiryResult.BEGUN)

    assert replace(complete, events=(begun, TRACED)).answer().allowed
    again = replace(begun, on=day("13 Oct"))
    assert not replace(complete, events=(TRACED, again)).answer().allowed


def test_enquiries_that_ended_on_the_first_day_of_the_absence_are_of_it() -> None:
    outcome = replace(NOT_FOUND, on=day("14 Sep"))

    assert replace(COMPLETE["twenty-days"], events=(outcome,)).answer().allowed


def test_an_authority_that_refuses_after_consenting_has_refused() -> None:
    consent = an_event(EventKind.AUTHORITY_CONSENT, "11 Nov", confirmed=True)
    refusal = an_event(EventKind.AUTHORITY_CONSENT, "12 Nov", confirmed=False)
    special = replace(COMPLETE["home-education"], school_type=SchoolType.SPECIAL)
    planned = replace(
        COMPLETE["home-education"], circumstances=(Circumstance.SECTION_47,), switched_on="1 Nov"
    )  # fmt: skip

    for case in (special, planned):
        assert replace(case, events=(LETTER, consent)).answer().allowed
        assert replace(case, events=(LETTER, replace(refusal, on=day("10 Nov")), consent)).answer().allowed
        assert not replace(case, events=(LETTER, consent, refusal)).answer().allowed


def test_an_order_made_again_after_it_was_revoked_stands() -> None:
    again = an_event(EventKind.ORDER_MADE, "12 Nov")

    answer = replace(COMPLETE["order-revoked"], events=(ORDERED, REVOKED, again)).answer()
    never = replace(COMPLETE["order-revoked"], events=()).answer()

    assert [missing.condition for missing in answer.missing] == ["order-revoked"]
    assert [missing.condition for missing in never.missing] == ["order-revoked"]


# -- what is owed with it --------------------------------------------------------------------------------------


def test_the_deletion_return_is_owed_until_it_is_sent() -> None:
    sent = an_event(EventKind.RETURN_SENT, "16 Nov", return_=ReturnKind.DELETION)

    assert "deletion return" in COMPLETE["died"].answer().owed[0]
    assert replace(COMPLETE["died"], events=(sent,)).answer().owed == ()


def test_case_34_year_6_owes_no_return_once_its_last_term_has_ended() -> None:
    leaver = Proposed("registered-elsewhere", year_group=YearGroup.Y6)

    def owed_on(each: str) -> int:
        return len(replace(leaver, on=each).answer().owed)

    assert [owed_on(each) for each in ("20 Jul", "21 Jul", "22 Jul")] == [1, 0, 0]


# -- the grounds as data ---------------------------------------------------------------------------------------


def test_every_ground_of_the_regulation_is_there_once() -> None:
    grounds = the_grounds().grounds

    on = day("17 Nov")
    assert [ground.letter_on(on) for ground in grounds if ground.regulation is Regulation.OF_COMPULSORY_AGE] == list(
        "abcdefghijklmno"
    )
    assert len({ground.id for ground in grounds}) == len(grounds) == len(COMPLETE)


def test_letters_not_read_in_the_regulation_are_marked() -> None:
    unverified = {
        ground.letter_on(day("17 Nov"))
        for ground in the_grounds().grounds
        if not ground.verified and ground.regulation is Regulation.OF_COMPULSORY_AGE
    }

    assert unverified == set("ghijklmno")
    assert all(not ground.verified for ground in the_grounds().grounds if ground.regulation is Regulation.OF_OTHER_AGE)


def test_a_letter_holds_from_its_day() -> None:
    text = """
    [ground.one]
    title = "One"
    regulation = "9(1)"
    letters = [{ letter = "a", from = 2024-08-19 }, { letter = "z", from = 2026-09-01 }]
    conditions = ["death-confirmed"]
    """
    grounds = load_grounds(text)

    assert grounds.by_letter("a", on=date(2026, 8, 31)) == grounds.by_letter("z", on=date(2026, 9, 1))
    assert grounds.by_letter("a", on=date(2026, 9, 1)) is None
    assert grounds.by_letter("a", on=date(2024, 8, 18)) is None
    assert grounds.grounds[0].name_on(date(2026, 9, 1)) == "regulation 9(1)(z): One"
    assert grounds.find("two") is None


def test_a_condition_that_is_not_known_is_refused() -> None:
    text = '[ground.one]\ntitle = "One"\nregulation = "9(1)"\nconditions = ["moon-is-full"]\n'

    with pytest.raises(CmeError, match="moon-is-full"):
        load_grounds(text)


def test_every_condition_is_asked_for_by_some_ground_and_says_what_it_tests() -> None:
    asked = {condition for ground in the_grounds().grounds for condition in ground.conditions}

    assert asked == set(CONDITIONS)
    assert not set(OF_EVERY_GROUND) & asked
    assert all(say_condition(condition).endswith(".") for condition in CONDITIONS)


def test_a_return_sent_for_a_removal_that_was_undone_is_owed_again() -> None:
    sent = an_event(EventKind.RETURN_SENT, "9 Nov", return_=ReturnKind.DELETION)
    undone = an_event(EventKind.REMOVAL_UNDONE, "10 Nov")

    assert replace(COMPLETE["died"], events=(sent, undone)).answer().is_return_owed
    assert not replace(COMPLETE["died"], events=(sent, undone, replace(sent, on=day("11 Nov")))).answer().is_return_owed


@pytest.mark.parametrize(("told_on", "is_owed"), [("15 Nov", True), ("16 Nov", False), ("17 Nov", False)])
def test_the_social_worker_is_told_of_this_removal(told_on: str, *, is_owed: bool) -> None:
    proposed = an_event(EventKind.REMOVAL_PROPOSED, "16 Nov", ground="k")
    sent = an_event(EventKind.RETURN_SENT, "16 Nov", return_=ReturnKind.DELETION)
    told = an_event(EventKind.TOLD, told_on, who=Recipient.SOCIAL_WORKER)
    events = tuple(sorted((proposed, sent, told), key=lambda event: event.on))

    answer = replace(COMPLETE["died"], events=events, circumstances=(Circumstance.CHILD_IN_NEED,)).answer()

    assert bool(answer.owed) is is_owed
    assert not answer.is_return_owed


def test_the_conditions_of_every_ground_stand_before_its_own() -> None:
    ground = the_grounds().find("died")
    assert ground is not None

    assert conditions_of(ground) == ("on-roll", "not-backdated", "age", "death-confirmed")
    assert say_condition("not-backdated").startswith("A name goes today or later")
