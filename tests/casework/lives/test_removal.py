"""A removal from roll: proposed by a person, shown, signed by two, carried out on its day, given up or undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cme_desktop.casework.bereavement import record_death
from cme_desktop.casework.contacts import list_families
from cme_desktop.casework.lives import removal_acts as acts
from cme_desktop.casework.lives.book import load_life_file, load_lives
from cme_desktop.casework.lives.leaving_acts import confirm_place, tell_leaving
from cme_desktop.casework.lives.life import CheckState, Life, LifeFile, LifeRow
from cme_desktop.casework.lives.removal_desk import grounds_for, open_removal, read_grounds
from cme_desktop.casework.lives.removal_return import (
    note_return_sent,
    note_return_taken,
    record_following,
    record_form_sent,
    record_joint_enquiries,
    write_return,
)
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.casework.outcomes import record_note, record_told, undo_last
from cme_desktop.casework.pupil_entry import record_happening
from cme_desktop.casework.register import load_register
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.cases import Role
from cme_desktop.domain.changes import Area
from cme_desktop.domain.errors import BadInputError, CmeError, MissingFactsError, RefusedError
from cme_desktop.domain.events import Destination, EnquiryResult, Event, EventKind, Form, Recipient, ReturnKind
from cme_desktop.domain.identifiers import PupilId, RemovalId, UserId
from cme_desktop.domain.pupils import Circumstance, YearGroup
from cme_desktop.domain.removals import RemovalState
from cme_desktop.policy.removal_evidence import Claim, Evidence, Proof
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage.events import list_events
from cme_desktop.storage.policies import adopt_policy
from cme_desktop.storage.pupils import load_pupil, update_pupil
from cme_desktop.storage.removals import load_removal
from cme_desktop.storage.tables import JournalRow, RemovalRow
from cme_desktop.storage.users import add_user
from cme_desktop.storage.vault import WrongPasswordError
from tests.leavers import a_confirmation, a_word
from tests.office import (
    HEAD,
    IMANI,
    LEAD,
    LUCJA,
    MANAGER,
    NOW,
    TODAY,
    YESTERDAY,
    add_event_to,
    add_marks,
    add_pupil,
    an_office,
    at,
    seen_by,
)
from tests.removals import a_proof, proofs_of, signer, with_passwords

BORN = date(2017, 3, 14)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return with_passwords(an_office(tmp_path))


def on_day(office: Office, day: date, hour: int = 9, minute: int = 40) -> Office:
    return at(office, datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC))


def propose(
    office: Office,
    ground: str = "registered-elsewhere",
    *,
    pupil: PupilId = LUCJA,
    day: date | None = None,
    claims: Iterable[Claim] = (Claim.NEW_REGISTRATION,),
    proofs: dict[Claim, Proof] | None = None,
    reason: str = "",
) -> RemovalId:
    evidence = Evidence(proofs_of(*claims, on=office.today) | (proofs or {}), reason)
    return acts.propose_removal(
        office, pupil_id=pupil, ground_id=ground, day=day or office.today, evidence=evidence
    ).removal_id


def sign(office: Office, removal: RemovalId, *users: SignedInUser) -> None:
    for user in users or (MANAGER, HEAD):
        acts.sign_removal(office, removal_id=removal, signer=signer(user))


def ready(office: Office, ground: str = "registered-elsewhere", **wanted: object) -> RemovalId:
    """Propose with everything shown, sign twice, and note the return."""
    removal = propose(office, ground, **wanted)  # type: ignore[arg-type]
    sign(office, removal)
    note_return_sent(office, removal_id=removal, on=office.today)
    return removal


def carry_out(office: Office, removal: RemovalId) -> None:
    acts.carry_out_removal(office, removal_id=removal)


def removed(office: Office) -> RemovalId:
    removal = ready(office)
    carry_out(office, removal)
    return removal


def flags_of(office: Office, pupil: PupilId = LUCJA) -> set[str]:
    roll = load_roll(office)
    record = next((each for each in roll.records if each.pupil.id == pupil), None)
    return set() if record is None else {f.rule_id for f in review_pupil(record, roll.judgement, roll.rulebook)}


def standing(office: Office, pupil: PupilId = LUCJA) -> list[EventKind]:
    with office.database.reading() as db:
        return [each.event.kind for each in list_events(db, pupil_id=pupil) if each.retracted_at is None]


def left_on(office: Office, pupil: PupilId = LUCJA) -> date | None:
    with office.database.reading() as db:
        return load_pupil(db, pupil).left_on


def state_of(office: Office, removal: RemovalId) -> RemovalState:
    with office.database.reading() as db:
        return load_removal(db, removal).state


def missing(office: Office, removal: RemovalId) -> dict[str, str]:
    answer = open_removal(office, removal_id=removal).answer
    assert answer is not None
    return {each.condition: each.words for each in answer.missing}


def rows(office: Office) -> tuple[LifeRow, ...]:
    return load_lives(office).rows[Life.REMOVAL]


def file_of(office: Office, removal: RemovalId) -> LifeFile:
    return load_life_file(office, book=load_lives(office), life=Life.REMOVAL, key=str(removal))


# -- proposing -------------------------------------------------------------------------------------------------


def test_the_program_proposes_nothing_by_itself(desk: Office) -> None:
    add_marks(desk, LUCJA, "O", date(2026, 9, 3), YESTERDAY)

    assert rows(desk) == ()
    assert EventKind.REMOVAL_PROPOSED not in standing(desk)


def test_a_proposal_names_the_letter_and_the_return_falls_due(desk: Office) -> None:
    proposed = acts.propose_removal(desk, pupil_id=LUCJA, ground_id="registered-elsewhere", day=TODAY)

    with desk.database.reading() as db:
        event = list_events(db, pupil_id=LUCJA)[-1].event
    assert (event.kind, event.ground) == (EventKind.REMOVAL_PROPOSED, "a")
    assert proposed.changes.touches(Area.EVENTS)
    assert "england.deletion-return" in flags_of(desk)
    assert left_on(desk) is None


@pytest.mark.parametrize(("day", "is_refused"), [(YESTERDAY, True), (TODAY, False), (TOMORROW, False)])
def test_case_19_no_removal_is_proposed_for_a_day_that_has_passed(desk: Office, day: date, *, is_refused: bool) -> None:
    if not is_refused:
        assert propose(desk, day=day)
        return
    with pytest.raises(RefusedError, match="a day that has passed"):
        propose(desk, day=day)
    assert standing(desk) == []


def test_a_child_below_compulsory_age_has_grounds_of_its_own(desk: Office) -> None:
    younger = add_pupil(desk, born=date(2022, 5, 4), year_group=YearGroup.N2)
    grounds = read_grounds(desk.paths.resources)
    with desk.database.reading() as db:
        of_younger = grounds_for(grounds, load_pupil(db, younger), on=TODAY, role=Role.HEAD)
        of_older = grounds_for(grounds, load_pupil(db, LUCJA), on=TODAY, role=Role.HEAD)

    assert {each.regulation.value for each in of_younger} == {"9(3)"}
    assert {each.regulation.value for each in of_older} == {"9(1)"}
    with pytest.raises(RefusedError, match=r"9\(3\) is needed"):
        propose(desk, pupil=younger)
    with pytest.raises(RefusedError, match=r"9\(1\) is needed"):
        propose(desk, "younger-leaving", claims=(), reason="moves")


def test_without_a_date_of_birth_no_ground_is_offered(desk: Office) -> None:
    unknown = add_pupil(desk, born=None)
    with desk.database.reading() as db:
        offered = grounds_for(
            read_grounds(desk.paths.resources), load_pupil(db, unknown), on=TODAY, role=Role.HEAD
        )  # fmt: skip

    assert offered == ()
    with pytest.raises(RefusedError, match="date of birth is not recorded"):
        propose(desk, pupil=unknown)


def test_one_removal_of_a_child_at_a_time(desk: Office) -> None:
    propose(desk)

    with pytest.raises(RefusedError, match="proposed already"):
        propose(desk)


# -- every block of the table of grounds -----------------------------------------------------------------------

SIGNED_OFF = (Claim.NOT_SICK_OR_PREVENTED, Claim.SIGNED_OFF_BY_SCHOOL, Claim.SIGNED_OFF_BY_AUTHORITY)
AGREED = (*SIGNED_OFF, Claim.BOTH_AGREE, Claim.STEPS_CONSIDERED)
ENQUIRED = Event(EventKind.JOINT_ENQUIRIES, date(2026, 11, 9), outcome=EnquiryResult.NOT_FOUND)
TRACED = replace(ENQUIRED, outcome=EnquiryResult.FOUND_WILL_NOT_ATTEND)
LETTER = Event(EventKind.HOME_EDUCATION_LETTER, date(2026, 11, 2), from_=date(2026, 11, 9))
GRANTED = Event(EventKind.LEAVE_GRANTED, date(2026, 10, 1), from_=date(2026, 10, 12), to=date(2026, 10, 16))
ORDER = Event(EventKind.ORDER_MADE, date(2026, 10, 5))


def a_child(
    office: Office,
    *,
    circumstances: Iterable[Circumstance] = (),
    marks: Iterable[tuple[str, date, date]] = (("/", date(2026, 9, 3), YESTERDAY),),
    events: Iterable[Event] = (),
) -> PupilId:
    pupil = add_pupil(office, circumstances=circumstances, starting_day=date(2024, 9, 3))
    for letters, first, last in marks:
        add_marks(office, pupil, letters, first, last)
    for event in events:
        add_event_to(office, pupil, event)
    return pupil


AWAY = (("/", date(2026, 9, 3), date(2026, 10, 9)), ("O", date(2026, 10, 12), TODAY))
LEAVE = (
    ("/", date(2026, 9, 3), date(2026, 10, 9)), ("C", date(2026, 10, 12), date(2026, 10, 16)),
    ("O", date(2026, 10, 19), TODAY),
)  # fmt: skip
LONG = (("/", date(2026, 9, 3), date(2026, 9, 11)), ("O", date(2026, 9, 14), TODAY))

BLOCKS = {
    "a: an order in force names this school": (
        "registered-elsewhere", (Claim.NEW_REGISTRATION,), {"events": (ORDER,)}, "no-order"),
    "a: the main school of a mobile child": (
        "registered-elsewhere", (Claim.NEW_REGISTRATION,), {"circumstances": (Circumstance.TRAVELLER,)},
        "not-mobile-main-school"),
    "a: dual registration is agreed": (
        "registered-elsewhere", (Claim.NEW_REGISTRATION,), {"circumstances": (Circumstance.DUAL_REGISTERED,)},
        "not-dual-registered"),
    "case 40: the new school has not confirmed": ("registered-elsewhere", (), {}, "new-registration"),
    "c: another proprietor does not consent": (
        "dual-registered-leaving", (Claim.WILL_NOT_ATTEND_AGAIN,), {"circumstances": (Circumstance.DUAL_REGISTERED,)},
        "other-schools-consent"),
    "case 36: only said at the gate": ("home-education", (), {}, "written-notice"),
    "case 37: an order while home education is wanted": (
        "home-education", (), {"events": (ORDER, LETTER)}, "no-order"),
    "f: a special school without the authority's consent": (
        "home-education", (), {"events": (LETTER,), "circumstances": (Circumstance.SPECIAL_SCHOOL,)},
        "special-school-consent"),
    "case 39: moved, and who says that the child will not come again?": (
        "moved-away", (Claim.NOT_A_BOARDER, Claim.MOVED_OUT_OF_REACH), {}, "will-not-attend-again"),
    "h: any attendance": (
        "leave-not-returned", SIGNED_OFF,
        {"marks": (*LEAVE[:2], ("/", date(2026, 10, 19), date(2026, 10, 19)), ("O", date(2026, 10, 20), TODAY)),
         "events": (GRANTED, ENQUIRED)}, "leave-ended"),
    "case 13: sickness": (
        "leave-not-returned", SIGNED_OFF,
        {"marks": (*LEAVE[:2], ("O", date(2026, 10, 19), YESTERDAY), ("I", TODAY, TODAY)),
         "events": (GRANTED, ENQUIRED)}, "not-sick-or-prevented"),
    "h: the authority not involved": ("leave-not-returned", SIGNED_OFF, {"marks": LEAVE, "events": (GRANTED,)},
                                      "joint-enquiries"),
    "h: the authority does not agree": (
        "leave-not-returned", SIGNED_OFF, {"marks": LEAVE, "events": (GRANTED, TRACED)}, "agreed-where-found"),
    "i: a day of illness inside": (
        "twenty-days", AGREED, {"marks": (*LONG, ("I", date(2026, 10, 20), date(2026, 10, 20))), "events": (TRACED,)},
        "twenty-days"),
    "i: a day of unavoidable cause inside": (
        "twenty-days", AGREED, {"marks": (*LONG, ("Y1", date(2026, 10, 20), date(2026, 10, 20))), "events": (TRACED,)},
        "twenty-days"),
    "case 17: at home, and the authority does not agree": (
        "twenty-days", (*SIGNED_OFF, Claim.STEPS_CONSIDERED), {"marks": LONG, "events": (TRACED,)},
        "agreed-where-found"),
    "case 18: no word to the authority": ("twenty-days", AGREED, {"marks": LONG}, "joint-enquiries"),
    "j: remand is no sentence": (
        "custody", (Claim.WILL_NOT_ATTEND_AGAIN, Claim.SENTENCED), {}, "not-on-remand"),
    "o: the review has not ended": ("excluded", (Claim.PERMANENTLY_EXCLUDED,), {}, "review-ended"),
    "d: no order is known": ("order-amended", (Claim.ORDER_NAMES_OTHER_SCHOOL,), {}, "order-known"),
    "e: the order stands": ("order-revoked", (Claim.EDUCATION_ARRANGED,), {"events": (ORDER,)}, "order-revoked"),
    "n: this is no independent school": ("independent-school", (Claim.CEASED_TO_BE_PUPIL,), {}, "independent-school"),
}  # fmt: skip


@pytest.mark.parametrize("situation", BLOCKS)
def test_what_blocks_a_ground_is_said_and_nobody_can_sign_past_it(desk: Office, situation: str) -> None:
    ground, claims, child, condition = BLOCKS[situation]
    evening = on_day(desk, TODAY, 17, 0)
    pupil = a_child(evening, **child)  # type: ignore[arg-type]
    proofs = {Claim.SENTENCED: a_proof(Claim.SENTENCED, months=12)} if ground == "custody" else {}
    removal = propose(evening, ground, pupil=pupil, claims=claims, proofs=proofs)
    note_return_sent(evening, removal_id=removal, on=TODAY)

    said = missing(evening, removal)[condition]
    with pytest.raises(RefusedError) as signing:
        sign(evening, removal, MANAGER)
    with pytest.raises(RefusedError) as removing:
        carry_out(evening, removal)

    assert said in signing.value.detail
    assert said in removing.value.detail
    assert left_on(evening, pupil) is None
    checks = {check.key or check.text: check for check in file_of(evening, removal).checks}
    assert CheckState.MISSING in {check.state for check in checks.values()}


def test_case_16_traced_elsewhere_and_both_agree(desk: Office) -> None:
    evening = on_day(desk, TODAY, 17, 0)
    pupil = a_child(evening, marks=LONG, events=(TRACED,))
    removal = propose(evening, "twenty-days", pupil=pupil, claims=AGREED)
    sign(evening, removal)
    note_return_sent(evening, removal_id=removal, on=TODAY)

    carry_out(evening, removal)

    assert left_on(evening, pupil) == TODAY


def test_case_38_a_plan_does_not_hold_home_education_back_but_the_social_worker_is_told(desk: Office) -> None:
    plans = (Circumstance.EHC_PLAN, Circumstance.CHILD_PROTECTION_PLAN)
    pupil = a_child(desk, events=(LETTER,), circumstances=plans)
    removal = propose(desk, "home-education", pupil=pupil, claims=())
    sign(desk, removal)
    note_return_sent(desk, removal_id=removal, on=TODAY)

    with pytest.raises(RefusedError, match="social worker"):
        carry_out(desk, removal)
    record_told(desk, pupils=(pupil,), who=Recipient.SOCIAL_WORKER)
    carry_out(desk, removal)

    assert left_on(desk, pupil) == TODAY


def test_a_name_may_go_before_the_social_worker_is_told_only_with_a_reason(desk: Office) -> None:
    pupil = a_child(desk, circumstances=(Circumstance.CHILD_IN_NEED,))
    removal = propose(desk, pupil=pupil)
    sign(desk, removal)
    note_return_sent(desk, removal_id=removal, on=TODAY)

    acts.carry_out_removal(desk, removal_id=removal, not_told_because="Away until Monday; her manager was told.")

    with desk.database.reading() as db:
        assert "her manager" in load_removal(db, removal).ended_reason


@pytest.mark.parametrize(("day", "goes"), [(date(2026, 11, 16), False), (date(2026, 11, 17), True),
                                           (date(2026, 11, 18), True)])  # fmt: skip
def test_case_35_the_day_in_the_letter_must_have_passed(desk: Office, day: date, *, goes: bool) -> None:
    add_event_to(desk, LUCJA, replace(LETTER, on=TODAY, from_=date(2026, 11, 16)))
    add_marks(desk, LUCJA, "/", TODAY, date(2026, 11, 18))
    then = on_day(desk, day)
    removal = propose(then, "home-education", claims=(), day=day)

    assert ("day-of-notice-passed" not in missing(then, removal)) is goes
    if goes:
        sign(then, removal)
        note_return_sent(then, removal_id=removal, on=day)
        carry_out(then, removal)
        assert left_on(then) == day


@pytest.mark.parametrize(("day", "is_over"), [(date(2026, 11, 6), False), (date(2026, 11, 9), True),
                                              (TODAY, True)])  # fmt: skip
def test_case_12_the_tenth_school_day_after_leave_must_be_over(desk: Office, day: date, *, is_over: bool) -> None:
    pupil = a_child(desk, marks=LEAVE, events=(GRANTED,))
    removal = propose(on_day(desk, day, 17), "leave-not-returned", pupil=pupil, claims=())

    asked = missing(on_day(desk, day + timedelta(days=1), 0, 1), removal)

    assert ("ten-days-after-leave" not in asked) is is_over


# -- evidence --------------------------------------------------------------------------------------------------


def test_evidence_says_what_by_whom_and_from_when(desk: Office) -> None:
    removal = propose(desk, claims=())

    with pytest.raises(MissingFactsError, match="what proves it"):
        acts.bring_evidence(
            desk, removal_id=removal, claim=Claim.NEW_REGISTRATION, proof=Proof(" ", "Hill School", TODAY, TODAY)
        )  # fmt: skip
    with pytest.raises(MissingFactsError, match="from which it holds"):
        acts.bring_evidence(
            desk, removal_id=removal, claim=Claim.NEW_REGISTRATION, proof=Proof("E-mail", "Hill School", TODAY)
        )  # fmt: skip
    with pytest.raises(BadInputError, match="still to come"):
        acts.bring_evidence(
            desk, removal_id=removal, claim=Claim.NEW_REGISTRATION, proof=a_proof(Claim.NEW_REGISTRATION, on=TOMORROW)
        )  # fmt: skip
    with pytest.raises(BadInputError, match="does not ask"):
        acts.bring_evidence(
            desk, removal_id=removal, claim=Claim.DEATH_CONFIRMED, proof=a_proof(Claim.DEATH_CONFIRMED)
        )  # fmt: skip
    assert "new-registration" in missing(desk, removal)

    acts.bring_evidence(
        desk, removal_id=removal, claim=Claim.NEW_REGISTRATION, proof=a_proof(Claim.NEW_REGISTRATION)
    )  # fmt: skip

    assert missing(desk, removal) == {}


@pytest.mark.parametrize(("begins", "holds"), [(TODAY, True), (TOMORROW, False)])
def test_case_40_the_name_stays_until_the_first_day_at_the_new_school(
    desk: Office, begins: date, *, holds: bool
) -> None:
    proof = a_proof(Claim.NEW_REGISTRATION, holds_from=begins)

    removal = propose(desk, claims=(), proofs={Claim.NEW_REGISTRATION: proof})

    assert (missing(desk, removal) == {}) is holds


def test_both_sides_of_the_enquiries_sign_by_people_of_their_own(desk: Office) -> None:
    desk = on_day(desk, TODAY, 17)
    removal = propose(desk, "twenty-days", pupil=a_child(desk, marks=LONG), claims=())
    school = Proof("Minutes", "Sam Rook", TODAY)

    with pytest.raises(RefusedError, match="both sides"):
        acts.sign_off_enquiries(desk, removal_id=removal, school=school, authority=replace(school, by=" sam rook "))
    acts.bring_evidence(desk, removal_id=removal, claim=Claim.SIGNED_OFF_BY_SCHOOL, proof=school)
    with pytest.raises(RefusedError, match="both sides"):
        acts.bring_evidence(desk, removal_id=removal, claim=Claim.SIGNED_OFF_BY_AUTHORITY, proof=school)
    assert {"signed-off-by-school", "signed-off-by-authority"} <= set(missing(desk, removal))

    record_joint_enquiries(desk, removal_id=removal, outcome=EnquiryResult.NOT_FOUND, on=YESTERDAY, words="Looked.")
    acts.sign_off_enquiries(desk, removal_id=removal, school=school, authority=replace(school, by="Kit Moore"))

    assert "signed-off-by-school" not in missing(desk, removal)
    assert "signed-off-by-authority" not in missing(desk, removal)


def test_joint_enquiries_belong_to_the_grounds_that_ask_for_them(desk: Office) -> None:
    removal = propose(desk)

    with pytest.raises(RefusedError, match="no joint enquiries"):
        record_joint_enquiries(desk, removal_id=removal, outcome=EnquiryResult.BEGUN, on=TODAY, words="")


# -- signing ---------------------------------------------------------------------------------------------------


def test_two_people_sign_with_their_own_passwords(desk: Office) -> None:
    removal = propose(desk)

    with pytest.raises(WrongPasswordError):
        acts.sign_removal(desk, removal_id=removal, signer=replace(signer(MANAGER), password="something else"))
    with pytest.raises(WrongPasswordError):
        acts.sign_removal(desk, removal_id=removal, signer=replace(signer(HEAD), password=signer(MANAGER).password))
    assert [row.detail for row in rows(desk)] == ["Ready to sign. Registered at another school"]
    sign(desk, removal, HEAD, LEAD)

    assert [row.detail for row in rows(desk)] == ["Ready: the name may go. Registered at another school"]


def test_nobody_signs_twice(desk: Office) -> None:
    removal = propose(desk)
    sign(desk, removal, HEAD)

    with pytest.raises(RefusedError, match="Nobody signs twice"):
        sign(desk, removal, HEAD)
    with pytest.raises(RefusedError, match="Two signatures"):
        carry_out(desk, removal)


def test_one_of_the_two_leads_the_school(desk: Office) -> None:
    with desk.database.transaction() as db:
        second = add_user(db, name="Jo Finch", role=Role.OFFICE, at=NOW)
    removal = propose(desk)
    sign(desk, removal, MANAGER)

    with pytest.raises(RefusedError, match="headteacher"):
        sign(desk, removal, LEAD)
    with pytest.raises(RefusedError, match="headteacher"):
        acts.sign_removal(desk, removal_id=removal, signer=replace(signer(MANAGER), user_id=second))
    sign(desk, removal, HEAD)

    assert missing(desk, removal) == {}
    with pytest.raises(RefusedError, match="Both signatures"):
        sign(desk, removal, LEAD)


@pytest.mark.parametrize("role", [Role.CARETAKER, Role.GOVERNOR])
def test_some_roles_sign_no_removal(desk: Office, role: Role) -> None:
    with desk.database.transaction() as db:
        other = add_user(db, name="Lee Marsh", role=role, at=NOW)
    removal = propose(desk)

    with pytest.raises(RefusedError, match="does not sign"):
        acts.sign_removal(desk, removal_id=removal, signer=replace(signer(HEAD), user_id=other))


def test_somebody_unknown_does_not_sign(desk: Office) -> None:
    removal = propose(desk)

    with pytest.raises(RefusedError, match="does not work"):
        acts.sign_removal(desk, removal_id=removal, signer=replace(signer(HEAD), user_id=UserId(99)))


@pytest.mark.parametrize("change", ["proof", "day", "reason"])
def test_a_change_voids_both_signatures(desk: Office, change: str) -> None:
    removal = ready(desk)
    changed: dict[str, object] = {
        "proof": {"proofs": {Claim.NEW_REGISTRATION: Proof("Another e-mail", "Hill School", TODAY, TODAY)}},
        "day": {"day": TOMORROW},
        "reason": {"reason": "Moves to Hill School"},
    }[change]  # type: ignore[assignment]

    acts.change_removal(desk, removal_id=removal, **changed)  # type: ignore[arg-type]

    later = on_day(desk, TOMORROW)
    with pytest.raises(RefusedError, match="Two signatures"):
        carry_out(later, removal)
    assert "signed again" in file_of(later, removal).warning
    sign(later, removal)
    carry_out(later, removal)
    assert left_on(later) == TOMORROW


def test_a_day_is_not_changed_to_one_that_has_passed(desk: Office) -> None:
    removal = propose(desk)

    with pytest.raises(BadInputError, match="has passed"):
        acts.change_removal(desk, removal_id=removal, day=YESTERDAY)


# -- carrying out ----------------------------------------------------------------------------------------------


def test_the_name_goes_with_its_letter_its_last_day_and_a_line_in_the_journal(desk: Office) -> None:
    removal = ready(desk)

    changes = acts.carry_out_removal(desk, removal_id=removal)

    with desk.database.reading() as db:
        event = list_events(db, pupil_id=LUCJA)[-1]
        entry = db.scalars(select(JournalRow).order_by(JournalRow.id.desc())).first()
        stored = load_removal(db, removal)
    assert (event.event.kind, event.event.ground, event.event.on) == (EventKind.REMOVED, "a", TODAY)
    assert event.answers == stored.proposed_event_id
    assert stored.removed_event_id == event.id
    assert left_on(desk) == TODAY
    assert entry is not None
    assert (entry.act, entry.details["removal"]) == ("removal carried out", removal)
    assert changes.touches(Area.PUPILS)


@pytest.mark.parametrize(("now", "goes"), [(TODAY, False), (TOMORROW, True), (TOMORROW + timedelta(days=1), True)])
def test_a_name_goes_on_its_day_or_later_and_never_from_a_day_before(desk: Office, now: date, *, goes: bool) -> None:
    removal = ready(desk, day=TOMORROW)
    then = on_day(desk, now)

    if goes:
        carry_out(then, removal)
    else:
        with pytest.raises(RefusedError, match="has not come"):
            carry_out(then, removal)

    assert left_on(then) == (now if goes else None)


def test_a_child_who_came_back_in_between_stays(desk: Office) -> None:
    evening = on_day(desk, TODAY, 17, 0)
    pupil = a_child(evening, marks=LONG, events=(TRACED,))
    removal = propose(evening, "twenty-days", pupil=pupil, claims=AGREED, day=TOMORROW)
    sign(evening, removal)
    note_return_sent(evening, removal_id=removal, on=TODAY)
    add_marks(desk, pupil, "/", TOMORROW)

    with pytest.raises(RefusedError) as refused:
        carry_out(on_day(desk, TOMORROW, 17), removal)

    assert "with codes G, N or O" in refused.value.detail
    assert "Joint enquiries with the authority are not recorded." in refused.value.detail
    assert left_on(desk, pupil) is None


def test_without_the_return_no_name_goes(desk: Office) -> None:
    removal = propose(desk)
    sign(desk, removal)

    with pytest.raises(RefusedError, match="deletion return is not recorded"):
        acts.carry_out_removal(desk, removal_id=removal, not_told_because="They are slow.")
    note_return_sent(desk, removal_id=removal, on=TODAY, reference="DR 12")
    carry_out(desk, removal)

    assert "england.deletion-return" not in flags_of(desk)


def test_the_oldest_class_owes_no_return_at_the_end_of_its_last_term(desk: Office) -> None:
    leaver = add_pupil(desk, born=date(2015, 9, 2), year_group=YearGroup.Y6, starting_day=date(2024, 9, 3))
    last = on_day(desk, date(2027, 7, 21), 17)
    removal = propose(last, pupil=leaver)
    sign(last, removal)

    carry_out(last, removal)

    assert left_on(last, leaver) == date(2027, 7, 21)


def test_a_failure_half_way_leaves_nothing_behind(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    removal = ready(desk)

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(acts, "end_removal", fail)
    with pytest.raises(OSError, match="full"):
        carry_out(desk, removal)

    assert left_on(desk) is None
    assert EventKind.REMOVED not in standing(desk)


def test_what_is_over_is_over(desk: Office) -> None:
    removal = removed(desk)

    for again in (
        lambda: carry_out(desk, removal),
        lambda: sign(desk, removal, LEAD),
        lambda: acts.give_up_removal(desk, removal_id=removal, reason="No"),
        lambda: acts.change_removal(desk, removal_id=removal, reason="No"),
    ):
        with pytest.raises(RefusedError, match="over"):
            again()
    with pytest.raises(RefusedError, match="no longer on the register"):
        propose(desk)


def test_what_follows_the_child_is_raised_and_settled(desk: Office) -> None:
    removal = removed(desk)
    next_day = on_day(desk, TOMORROW)
    assert {"england.transfer-file-due", "england.arrival-confirmed"} <= flags_of(next_day)

    record_following(next_day, removal_id=removal, kind=EventKind.TRANSFER_FILE_SENT, on=TOMORROW)
    record_following(next_day, removal_id=removal, kind=EventKind.ARRIVAL_CONFIRMED, on=TOMORROW)

    assert flags_of(next_day) & {"england.transfer-file-due", "england.arrival-confirmed"} == set()
    with pytest.raises(RefusedError, match="does not follow"):
        record_following(next_day, removal_id=removal, kind=EventKind.NOTE, on=TOMORROW)


def test_the_keys_that_undo_never_undo_a_removal_nor_what_came_before_it(desk: Office) -> None:
    record_note(desk, pupils=(LUCJA,), words="A note of the morning")
    removal = removed(desk)

    with pytest.raises(RefusedError, match="nothing to undo"):
        undo_last(desk)

    assert state_of(desk, removal) is RemovalState.CARRIED_OUT
    assert EventKind.REMOVED in standing(desk)
    assert EventKind.RETURN_SENT in standing(desk)


def test_nobody_takes_back_by_a_key_what_another_persons_removal_rests_on(desk: Office) -> None:
    removal = ready(desk)
    acts.carry_out_removal(seen_by(desk, HEAD), removal_id=removal)

    with pytest.raises(RefusedError, match="step of the removal"):
        undo_last(desk)

    assert EventKind.RETURN_SENT in standing(desk)


def test_a_removal_leaves_what_was_done_about_another_child_to_be_taken_back(desk: Office) -> None:
    removal = ready(desk)
    record_note(desk, pupils=(IMANI,), words="A note of the morning")
    acts.carry_out_removal(seen_by(desk, HEAD), removal_id=removal)

    undo_last(desk)

    assert standing(desk, IMANI) == []


def test_what_is_written_after_a_removal_can_be_taken_back(desk: Office) -> None:
    removal = removed(desk)
    record_following(desk, removal_id=removal, kind=EventKind.TRANSFER_FILE_SENT, on=TODAY)

    undo_last(desk)

    assert EventKind.TRANSFER_FILE_SENT not in standing(desk)
    assert EventKind.REMOVED in standing(desk)


# -- giving up and undoing -------------------------------------------------------------------------------------


def test_a_proposal_given_up_asks_for_no_return_any_more(desk: Office) -> None:
    removal = propose(desk)
    with pytest.raises(MissingFactsError, match="the reason"):
        acts.give_up_removal(desk, removal_id=removal, reason=" ")

    acts.give_up_removal(desk, removal_id=removal, reason="The family stays.")

    assert "england.deletion-return" not in flags_of(desk)
    assert [row.detail for row in rows(desk)] == ["Given up. Registered at another school"]
    assert propose(desk) != removal


def test_a_return_sent_for_a_removal_given_up_answers_no_later_one(desk: Office) -> None:
    first = propose(desk)
    note_return_sent(desk, removal_id=first, on=TODAY)
    acts.give_up_removal(desk, removal_id=first, reason="Another ground is right.")

    propose(at(desk, NOW + timedelta(minutes=5)))

    assert "england.deletion-return" in flags_of(at(desk, NOW + timedelta(minutes=6)))


def test_an_undone_removal_lets_the_name_stand_and_loses_no_mark(desk: Office) -> None:
    removal = removed(desk)
    then = on_day(desk, date(2026, 11, 12), 17)
    before = load_roll(desk)
    line = next(each.line for each in before.records if each.pupil.id == LUCJA)

    changes = acts.undo_removal(
        then, removal_id=removal, reason="Wrong child.", signers=(signer(MANAGER), signer(HEAD))
    )

    assert left_on(then) is None
    assert changes.touches(Area.PUPILS)
    assert state_of(then, removal) is RemovalState.UNDONE
    record = next(each for each in load_roll(then).records if each.pupil.id == LUCJA)
    assert record.line[: len(line)] == line
    assert set(record.line[len(line) :]) == {ord("?")}
    assert standing(then)[-2:] == [EventKind.REMOVED, EventKind.REMOVAL_UNDONE]
    raised = flags_of(then)
    assert "england.register-not-taken" in raised
    assert raised & {"england.deletion-return", "england.transfer-file-due", "england.arrival-confirmed"} == set()


def test_marks_made_while_the_name_was_off_the_register_count_again(desk: Office) -> None:
    removal = removed(desk)
    add_marks(desk, LUCJA, "/", date(2026, 11, 11), date(2026, 11, 12))
    then = on_day(desk, date(2026, 11, 12), 17)

    acts.undo_removal(then, removal_id=removal, reason="Came all the time.", signers=(signer(LEAD), signer(HEAD)))

    record = next(each for each in load_roll(then).records if each.pupil.id == LUCJA)
    assert record.line.decode()[-4:] == "/\\/\\"


@pytest.mark.parametrize(
    ("signers", "why"),
    [((HEAD, HEAD), "Nobody signs twice"), ((MANAGER, LEAD), "headteacher")],
)
def test_an_undoing_wants_a_reason_and_two_people(
    desk: Office, signers: tuple[SignedInUser, SignedInUser], why: str
) -> None:
    removal = removed(desk)
    first, second = signers

    with pytest.raises(MissingFactsError, match="the reason"):
        acts.undo_removal(desk, removal_id=removal, reason="", signers=(signer(MANAGER), signer(HEAD)))
    with pytest.raises(RefusedError, match=why):
        acts.undo_removal(desk, removal_id=removal, reason="Wrong", signers=(signer(first), signer(second)))
    wrong = replace(signer(HEAD), password="something else")
    with pytest.raises(WrongPasswordError):
        acts.undo_removal(desk, removal_id=removal, reason="Wrong", signers=(signer(MANAGER), wrong))

    assert left_on(desk) == TODAY


def test_only_a_removal_carried_out_is_undone(desk: Office) -> None:
    removal = propose(desk)

    with pytest.raises(RefusedError, match="carried out"):
        acts.undo_removal(desk, removal_id=removal, reason="No", signers=(signer(MANAGER), signer(HEAD)))


def test_a_child_entered_again_since_has_nothing_to_undo(desk: Office) -> None:
    removal = removed(desk)
    with desk.database.transaction() as db:
        pupil = load_pupil(db, LUCJA)
        update_pupil(db, LUCJA, replace(pupil, starting_day=date(2026, 11, 16), left_on=None))

    then = on_day(desk, date(2026, 11, 17))
    with pytest.raises(RefusedError, match="entered on the register again"):
        acts.undo_removal(then, removal_id=removal, reason="No", signers=(signer(MANAGER), signer(HEAD)))


def test_a_name_removed_and_undone_may_be_removed_again_with_a_return_of_its_own(desk: Office) -> None:
    removal = removed(desk)
    then = on_day(desk, TOMORROW)
    acts.undo_removal(then, removal_id=removal, reason="Wrong day.", signers=(signer(MANAGER), signer(HEAD)))
    later = at(then, then.now() + timedelta(minutes=10))
    second = propose(later)
    sign(later, second)

    with pytest.raises(RefusedError, match="deletion return"):
        carry_out(later, second)
    note_return_sent(later, removal_id=second, on=TOMORROW)
    carry_out(later, second)

    assert left_on(later) == TOMORROW


# -- a death ---------------------------------------------------------------------------------------------------


def quiet_names(office: Office) -> tuple[list[str], list[PupilId]]:
    """Who is shown as dead under Contacts, and who in the register, where nobody is to mark them."""
    register = load_register(office, class_name="Oak", first=TODAY, last=TODAY)
    return (
        [family.quiet for family in list_families(office) if family.quiet],
        [row.pupil_id for row in register.rows if row.is_quiet],
    )


def test_only_the_head_writes_down_that_a_child_has_died(desk: Office) -> None:
    with pytest.raises(RefusedError, match="Only the headteacher"):
        propose(desk, "died", claims=())
    assert standing(desk) == []
    with desk.database.reading() as db:
        offered = grounds_for(
            read_grounds(desk.paths.resources), load_pupil(db, LUCJA), on=TODAY, role=Role.OFFICE
        )  # fmt: skip
    assert "died" not in {each.id for each in offered}


def test_after_a_death_nobody_is_rung_or_asked_about_a_next_school(desk: Office) -> None:
    add_marks(desk, LUCJA, "N", YESTERDAY, TODAY)
    leaving = Event(EventKind.LEAVING, YESTERDAY, leaving_on=YESTERDAY, destination=Destination.KNOWN)
    add_event_to(desk, LUCJA, leaving)
    assert "england.unexplained-absence" in flags_of(desk)
    head = seen_by(desk, HEAD)

    removal = propose(head, "died", claims=(Claim.DEATH_CONFIRMED,))
    assert flags_of(head) == {"england.deletion-return"}
    sign(head, removal)
    note_return_sent(head, removal_id=removal, on=TODAY)
    carry_out(head, removal)

    assert flags_of(on_day(head, date(2026, 12, 8), 17)) == set()
    file = file_of(head, removal)
    assert file.chips[0] == "Died"
    assert file.acts == ("undo",)
    assert "Next school" not in write_return(head, open_removal(head, removal_id=removal))
    with pytest.raises(RefusedError, match="does not follow"):
        record_following(head, removal_id=removal, kind=EventKind.TRANSFER_FILE_SENT, on=TODAY)


def test_a_younger_child_who_died_is_followed_no_further(desk: Office) -> None:
    younger = add_pupil(desk, born=date(2022, 5, 4), year_group=YearGroup.N2, starting_day=date(2025, 9, 3))
    add_marks(desk, younger, "N", date(2026, 9, 3), TODAY)
    head = seen_by(on_day(desk, TODAY, 17), HEAD)

    removal = propose(head, "younger-died", pupil=younger, claims=(Claim.DEATH_CONFIRMED,), reason="Told by the family")
    note_return_sent(head, removal_id=removal, on=TODAY)
    assert flags_of(head, younger) == set()
    sign(head, removal)
    carry_out(head, removal)

    assert flags_of(on_day(head, date(2026, 12, 8), 17), younger) == set()


def test_a_death_written_down_by_mistake_is_taken_back(desk: Office) -> None:
    add_marks(desk, LUCJA, "N", YESTERDAY, TODAY)
    head = seen_by(desk, HEAD)
    removal = propose(head, "died", claims=())
    assert quiet_names(head) == (["Łucja"], [LUCJA])

    acts.give_up_removal(head, removal_id=removal, reason="It was another child.")

    assert "england.unexplained-absence" in flags_of(head)
    assert quiet_names(head) == ([], [])


def a_death(office: Office) -> Office:
    """The head writes it down on the page Leaving; the same office with the head at the desk."""
    head = seen_by(office, HEAD)
    record_death(
        head, pupil_id=LUCJA, on=YESTERDAY, told_by="Grandmother", peace_until_day=date(2026, 12, 18)
    )  # fmt: skip
    return head


def test_a_removal_given_up_after_a_death_does_not_take_the_death_back(desk: Office) -> None:
    add_marks(desk, LUCJA, "N", YESTERDAY, TODAY)
    removal = propose(desk)
    head = a_death(desk)

    acts.give_up_removal(head, removal_id=removal, reason="The child has died.")

    assert flags_of(head) == set()
    assert quiet_names(head) == (["Łucja"], [LUCJA])
    assert state_of(head, removal) is RemovalState.GIVEN_UP
    assert EventKind.REMOVAL_PROPOSED not in standing(head)


def test_a_removal_for_a_death_given_up_leaves_the_death_that_was_written_before(desk: Office) -> None:
    add_marks(desk, LUCJA, "N", YESTERDAY, TODAY)
    head = a_death(desk)
    removal = propose(head, "died", claims=())
    assert standing(head).count(EventKind.DIED) == 1
    assert flags_of(head) == {"england.deletion-return"}

    acts.give_up_removal(head, removal_id=removal, reason="On Friday")

    assert flags_of(head) == set()
    again = propose(head, "died", claims=(Claim.DEATH_CONFIRMED,))
    sign(head, again)
    note_return_sent(head, removal_id=again, on=TODAY)
    carry_out(head, again)
    acts.undo_removal(head, removal_id=again, reason="Too early", signers=(signer(MANAGER), signer(HEAD)))
    assert flags_of(head) == set()
    assert left_on(head) is None
    assert file_of(head, again).steps[0].text == "Name stands again"


def test_a_mistaken_death_stays_taken_back_when_another_removal_is_given_up(desk: Office) -> None:
    add_marks(desk, LUCJA, "N", YESTERDAY, TODAY)
    head = seen_by(desk, HEAD)
    for ground in ("died", "registered-elsewhere"):
        removal = propose(head, ground, claims=())
        acts.give_up_removal(head, removal_id=removal, reason="It was another child.")

    assert "england.unexplained-absence" in flags_of(head)


def test_of_a_child_who_has_died_no_other_ground_is_proposed(desk: Office) -> None:
    a_death(desk)

    with pytest.raises(RefusedError, match="ground of a death"):
        propose(desk)


# -- the list and the file -------------------------------------------------------------------------------------


def test_the_list_goes_by_what_is_next(desk: Office) -> None:
    pupils = [PupilId(number) for number in range(6, 11)]
    done, given_up, incomplete, unsigned, waiting = pupils
    carry_out(desk, ready(desk, pupil=done))
    acts.give_up_removal(desk, removal_id=propose(desk, pupil=given_up), reason="Stays")
    propose(desk, pupil=incomplete, claims=())
    propose(desk, pupil=unsigned)
    ready(desk, pupil=waiting, day=TOMORROW)
    can_go = ready(desk, pupil=LUCJA)

    listed = [(row.pupil_id, row.detail.partition(".")[0]) for row in rows(desk)]

    assert listed == [
        (LUCJA, "Ready: the name may go"), (unsigned, "Ready to sign"), (waiting, "Waits for its day"),
        (incomplete, "Proposed, 1 condition missing"), (done, "Removed"), (given_up, "Given up"),
    ]  # fmt: skip
    assert file_of(desk, can_go).acts[0] == "carry_out"


def test_what_ended_in_an_earlier_school_year_is_listed_no_more(desk: Office) -> None:
    acts.give_up_removal(desk, removal_id=propose(desk), reason="Stays")
    assert len(rows(on_day(desk, date(2027, 7, 21)))) == 1

    with desk.database.transaction() as db:
        db.scalars(select(RemovalRow)).one().ended_at = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)

    assert rows(desk) == ()


def test_the_file_says_of_each_condition_whether_it_holds_and_by_what(desk: Office) -> None:
    removal = propose(desk)

    checks = {check.key or check.text: check for check in file_of(desk, removal).checks}

    assert checks["new-registration"].state is CheckState.HOLDS
    assert "a letter on new-registration; somebody" in checks["new-registration"].words
    assert checks["not-mobile-main-school"].state is CheckState.NOT_ASKED
    assert all(check.words for check in checks.values())


def test_a_ground_that_nobody_has_read_in_the_regulation_says_so(desk: Office) -> None:
    checked, unchecked = propose(desk), propose(desk, "moved-away", pupil=IMANI, claims=())

    assert file_of(desk, checked).warning == ""
    assert "from memory: check regulation 9" in file_of(desk, unchecked).warning


def test_the_return_says_all_that_the_regulation_asks_for(desk: Office) -> None:
    removal = propose(desk)

    words = write_return(desk, open_removal(desk, removal_id=removal))

    for expected in (
        "Ground: regulation 9(1)(a): Registered at another school", "Tuesday 10 November 2026",
        "Pupil: Łucja Wiśniewska", "1 Mill Lane", "Mother: Alex Wiśniewska", "07700 900301",
        "Next school, as confirmed by: somebody for new-registration, from Tuesday 10 November 2026",
    ):  # fmt: skip
        assert expected in words


def test_the_return_says_what_was_written_down_of_the_leaving(desk: Office) -> None:
    leaving = Event(EventKind.LEAVING, YESTERDAY, leaving_on=TODAY, destination=Destination.KNOWN)
    record_happening(
        desk, pupil_id=LUCJA, event=leaving, act="leaving", details={"new_address": "4 High Row, Sheffield"}
    )
    removal = propose(desk)

    assert "New address: 4 High Row, Sheffield" in write_return(desk, open_removal(desk, removal_id=removal))


def test_the_return_keeps_what_the_family_said_once_the_next_school_has_confirmed_the_place(desk: Office) -> None:
    family = replace(a_word(last_day=TODAY, town=""), new_address="4 High Row, Sheffield")
    tell_leaving(desk, pupils=(LUCJA,), word=family)
    confirm_place(desk, pupils=(LUCJA,), told=a_confirmation(), starts_on=TOMORROW)
    removal = propose(desk)

    words = write_return(desk, open_removal(desk, removal_id=removal))

    assert "New address: 4 High Row, Sheffield" in words
    assert "Next school or place: Hill Top Primary School" in words
    assert "Starts there: Wed 11 Nov" in words
    assert "Where to: a school in England" in words
    assert "school_in_england" not in words


def test_a_return_written_after_the_name_has_gone_gives_the_day_on_which_it_went(desk: Office) -> None:
    removal = ready(desk, day=TODAY)
    tomorrow = on_day(desk, TOMORROW)
    carry_out(tomorrow, removal)

    for then in (tomorrow, on_day(desk, date(2026, 11, 25))):
        words = write_return(then, open_removal(then, removal_id=removal))
        assert "Last day on the register: Wednesday 11 November 2026" in words
        facts = {fact.label: fact.value for fact in file_of(then, removal).facts}
        assert facts["Last day on the register"] == "Wed 11 Nov"
    assert left_on(desk) == TOMORROW


@pytest.mark.parametrize(("today", "said"), [
    (YESTERDAY, "Tuesday 10"), (TODAY, "Tuesday 10"), (TOMORROW, "Wednesday 11"),
])  # fmt: skip
def test_a_return_written_before_gives_the_proposed_day_or_today_once_that_has_passed(
    desk: Office, today: date, said: str
) -> None:
    removal = propose(on_day(desk, YESTERDAY), day=TODAY)
    then = on_day(desk, today)

    assert f"Last day on the register: {said} November 2026" in write_return(
        then, open_removal(then, removal_id=removal)
    )


def test_that_the_return_was_copied_is_in_the_journal(desk: Office) -> None:
    removal = propose(desk)

    note_return_taken(desk, removal_id=removal, how="copied")

    with desk.database.reading() as db:
        entry = db.scalars(select(JournalRow).order_by(JournalRow.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.subject) == ("deletion return copied", f"removal {removal}")


def test_the_journal_and_errors_name_nobody(desk: Office) -> None:
    removed(desk)

    with desk.database.reading() as db:
        said = [f"{row.act} {row.subject} {row.details}" for row in db.scalars(select(JournalRow))]
    assert not any("Wi" in each or "ucja" in each or "somebody for" in each for each in said)


def test_an_unknown_line_is_said_to_be_gone(desk: Office) -> None:
    book = load_lives(desk)

    for key in ("77", "nothing"):
        with pytest.raises(CmeError, match="no longer there"):
            load_life_file(desk, book=book, life=Life.REMOVAL, key=key)


def test_the_form_of_an_authority_is_noted_where_its_policy_asks_for_it(desk: Office) -> None:
    plain = propose(desk, pupil=IMANI)
    assert "form" not in file_of(desk, plain).acts
    policy = desk.paths.resources / "policies" / "east-sussex.toml"
    with desk.database.transaction() as db:
        adopt_policy(
            db, policy_id=policy.stem, document=policy.read_text("utf-8"), adopted_on=date(2026, 9, 1), why="", by=1
        )  # fmt: skip
    removal = propose(desk)
    assert "east-sussex.off-roll-form" in flags_of(desk)
    assert "form" in file_of(desk, removal).acts

    with pytest.raises(RefusedError, match="not about a name"):
        record_form_sent(desk, removal_id=removal, form=Form.ABSENCE, on=TODAY)
    record_form_sent(desk, removal_id=removal, form=Form.OFF_ROLL, on=TODAY)

    assert "east-sussex.off-roll-form" not in flags_of(desk)
    assert "england.deletion-return" in flags_of(desk)


def test_a_return_is_of_the_right_kind(desk: Office) -> None:
    removal = propose(desk)
    note_return_sent(desk, removal_id=removal, on=TODAY, reference=" R 7 ")

    with desk.database.reading() as db:
        event = list_events(db, pupil_id=LUCJA)[-1].event
    assert (event.return_, event.reference) == (ReturnKind.DELETION, "R 7")
    acts.give_up_removal(desk, removal_id=removal, reason="Stays")
    with pytest.raises(RefusedError, match="over"):
        note_return_sent(desk, removal_id=removal, on=TODAY)
