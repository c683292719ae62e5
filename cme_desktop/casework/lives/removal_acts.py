"""What people do to a removal from roll: propose, bring evidence, sign, carry out, give up, and undo by a new entry.

None of it is taken back by a key. The program proposes nothing: a person names the ground and the day, and every
condition is tested again at each step, last of all at the moment the name goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.lives.removal_desk import (
    OF_DEATH,
    Signatory,
    Signer,
    fingerprint_of,
    fingerprint_of_undoing,
    ground_of,
    is_signed_by_both,
    open_removal,
    read_grounds,
    signed_so_far,
)
from cme_desktop.casework.lives.removal_refusals import (
    SIDES,
    identify,
    load_open,
    refuse_changed,
    refuse_entered_anew,
    refuse_incomplete,
    refuse_owed,
    refuse_same_hand,
    require_proof,
)
from cme_desktop.casework.lives.removal_undone import write_undone
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import clock_of, require, write_line
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.cases import Role
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import PupilId, RemovalId
from cme_desktop.domain.removals import RemovalState
from cme_desktop.domain.rights import Right
from cme_desktop.policy.removal import judge_removal
from cme_desktop.policy.removal_conditions import OF_EVERY_GROUND
from cme_desktop.policy.removal_evidence import Claim, Evidence, Proof
from cme_desktop.storage.acts import FINAL
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import set_left_on
from cme_desktop.storage.removals import (
    add_removal,
    add_signature,
    change_contents,
    end_removal,
    find_open_removal,
    load_removal,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NOTHING: Final = Evidence()


@dataclass(frozen=True, slots=True)
class Proposed:
    """A removal just proposed."""

    removal_id: RemovalId
    changes: Changes


# -- proposing -------------------------------------------------------------------------------------------------


@needs(Right.REMOVE_NAMES)
def propose_removal(
    office: Office, *, pupil_id: PupilId, ground_id: str, day: date, evidence: Evidence = _NOTHING
) -> Proposed:
    """Write down that somebody proposes to remove a name on a day, today or later, under a ground of the child's age.

    Evidence may follow. Of a child who has died only the head writes; from then on nobody is rung or asked.
    """
    ground = ground_of(read_grounds(office.paths.resources), ground_id)
    if ground.id in OF_DEATH and office.user.role is not Role.HEAD:
        raise RefusedError(
            "Only the headteacher writes down that a child has died.",
            remedy="Ask the headteacher to open the records and do it.",
        )
    roll = load_roll(office)
    record = next((each for each in roll.records if each.pupil.id == pupil_id), None)
    if record is None:
        raise RefusedError("This child is not on the register.", remedy="Choose a child who is on roll.")
    if pupil_id in roll.dead and ground.id not in OF_DEATH:
        raise RefusedError(
            "The child has died.",
            detail="The name goes under the ground of a death and no other.",
            remedy="The headteacher proposes that.",
        )
    answer = judge_removal(
        record, roll.judgement, roll.rulebook.parameters, ground=ground, day=day, evidence=evidence
    )  # fmt: skip
    never = [missing.words for missing in answer.missing if missing.condition in OF_EVERY_GROUND]
    if never:
        raise RefusedError("This removal can’t be proposed.", detail=" ".join(never), remedy="Nothing was saved.")
    with office.database.transaction() as db:
        if find_open_removal(db, pupil_id) is not None:
            raise RefusedError(
                "A removal of this child is proposed already.", remedy="Work on that one, or give it up first."
            )
        event = Event(
            EventKind.REMOVAL_PROPOSED, office.today, clock_of(office, office.today), ground=ground.letter_on(day)
        )
        event_id = write_line(db, office, pupil_id, event, words=f"Under {ground.name_on(day)}.")
        if ground.id in OF_DEATH and pupil_id not in roll.dead:
            write_line(db, office, pupil_id, replace(event, kind=EventKind.DIED, ground=None), answers=event_id)
        removal_id = add_removal(
            db, pupil_id=pupil_id, ground=ground.id, day=day, evidence=evidence, proposed_event_id=event_id,
            at=office.now(), by=office.user.id,
        )  # fmt: skip
        _journal(db, office, "removal proposed", pupil_id, removal_id, ground=ground.id)
    return Proposed(removal_id, _changes(pupil_id))


@needs(Right.REMOVE_NAMES)
def change_removal(
    office: Office,
    *,
    removal_id: RemovalId,
    day: date | None = None,
    reason: str | None = None,
    proofs: Mapping[Claim, Proof] | None = None,
) -> Changes:
    """Write the day, the reason or proofs anew; what was signed before is no longer what stands there."""
    if day is not None and day < office.today:
        raise BadInputError("No name is removed from a day that has passed.", remedy="Choose today or a later day.")
    with office.database.transaction() as db:
        removal = load_open(db, removal_id)
        evidence = Evidence(
            {**removal.evidence.proofs, **(proofs or {})},
            removal.evidence.reason if reason is None else reason.strip(),
        )
        change_contents(db, removal_id, day=removal.day if day is None else day, evidence=evidence)
        _journal(db, office, "removal changed", removal.pupil_id, removal_id)
    return _changes(removal.pupil_id)


@needs(Right.REMOVE_NAMES)
def bring_evidence(office: Office, *, removal_id: RemovalId, claim: Claim, proof: Proof) -> Changes:
    """Bring the proof of one claim: what proves it, who says so, on which day, and from when or for how long."""
    opened = open_removal(office, removal_id=removal_id)
    if claim not in opened.claims:
        raise BadInputError("This ground does not ask for that.", remedy="Choose one of the claims offered.")
    require_proof(office, claim, proof)
    if claim in SIDES:
        other = opened.removal.evidence.proofs.get(SIDES[1 - SIDES.index(claim)])
        refuse_same_hand(proof, other)
    return change_removal(office, removal_id=removal_id, proofs={claim: proof})


@needs(Right.REMOVE_NAMES)
def sign_off_enquiries(office: Office, *, removal_id: RemovalId, school: Proof, authority: Proof) -> Changes:
    """Write down that both sides have signed the joint enquiries off, each by a person of its own."""
    for claim, proof in zip(SIDES, (school, authority), strict=True):
        require_proof(office, claim, proof)
    refuse_same_hand(school, authority)
    return change_removal(office, removal_id=removal_id, proofs=dict(zip(SIDES, (school, authority), strict=True)))


# -- signing ---------------------------------------------------------------------------------------------------


@needs(Right.REMOVE_NAMES)
def sign_removal(office: Office, *, removal_id: RemovalId, signer: Signer) -> Changes:
    """Sign what stands in a removal whose every condition holds, as a person with a password of their own."""
    opened = open_removal(office, removal_id=removal_id)
    refuse_incomplete(opened, title="This can’t be signed yet.")
    signatory = identify(office, opened, signer, beside=signed_so_far(opened.removal))
    with office.database.transaction() as db:
        removal = load_open(db, removal_id)
        refuse_changed(removal, opened.removal)
        add_signature(
            db, removal_id=removal_id, user_id=signatory.user_id, role=signatory.role,
            fingerprint=fingerprint_of(removal), signed_at=office.now(),
        )  # fmt: skip
        _journal(db, office, "removal signed", removal.pupil_id, removal_id, signer=int(signatory.user_id))
    return _changes(removal.pupil_id)


@needs(Right.REMOVE_NAMES)
def carry_out_removal(office: Office, *, removal_id: RemovalId, not_told_because: str = "") -> Changes:
    """Remove the name today: the day has come, every condition holds now, two have signed, the return is recorded.

    Where a social worker has not been told, ``not_told_because`` says why; the return alone nobody can talk away
    (regulation 13: no later than the moment of the removal).
    """
    opened = open_removal(office, removal_id=removal_id)
    removal, ground = opened.removal, opened.ground
    refuse_incomplete(opened, title="The name can’t be removed.")
    if removal.day > office.today:
        raise RefusedError("The proposed day has not come.", remedy="Wait for it, or change the day and sign again.")
    if not is_signed_by_both(removal):
        raise RefusedError(
            "Two signatures are needed.",
            detail="Those given before the last change no longer count.",
            remedy="Have two people sign what stands there now, the headteacher or a senior leader one of them.",
        )
    refuse_owed(opened, not_told_because=not_told_because)
    event = Event(
        EventKind.REMOVED, office.today, clock_of(office, office.today), ground=ground.letter_on(office.today)
    )
    words = f"Under {ground.name_on(office.today)}. {not_told_because.strip()}"
    with office.database.transaction() as db:
        refuse_changed(load_open(db, removal_id), removal)
        event_id = write_line(db, office, removal.pupil_id, event, words=words, answers=removal.proposed_event_id)
        set_left_on(db, removal.pupil_id, office.today)
        end_removal(
            db, removal_id, state=RemovalState.CARRIED_OUT, at=office.now(), by=office.user.id,
            reason=not_told_because.strip(), removed_event_id=event_id,
        )  # fmt: skip
        _journal(db, office, "removal carried out", removal.pupil_id, removal_id, event=event_id)
    return _changes(removal.pupil_id, Area.PUPILS)


@needs(Right.REMOVE_NAMES)
def give_up_removal(office: Office, *, removal_id: RemovalId, reason: str) -> Changes:
    """End a removal that was only proposed, with the reason; the name stays and the proposal has not been."""
    require("The removal can’t be given up yet.", {"the reason": reason})
    with office.database.transaction() as db:
        removal = load_open(db, removal_id)
        event_id = write_undone(db, office, removal, reason, answers=removal.proposed_event_id)
        end_removal(
            db, removal_id, state=RemovalState.GIVEN_UP, at=office.now(), by=office.user.id, reason=reason.strip()
        )  # fmt: skip
        _journal(db, office, "removal given up", removal.pupil_id, removal_id, event=event_id)
    return _changes(removal.pupil_id)


@needs(Right.REMOVE_NAMES)
def undo_removal(office: Office, *, removal_id: RemovalId, reason: str, signers: tuple[Signer, Signer]) -> Changes:
    """Let a removed name stand again from now on, by a new entry with a reason and two signatures.

    Marks made before are as they were; sessions in between that nobody marked are unknown, and somebody finds out.
    """
    require("The removal can’t be undone yet.", {"the reason": reason})
    opened = open_removal(office, removal_id=removal_id)
    removal = opened.removal
    if removal.state is not RemovalState.CARRIED_OUT:
        raise RefusedError("Only a removal that was carried out can be undone.", remedy="Give a proposed one up.")
    signed: tuple[Signatory, ...] = ()
    for signer in signers:
        signed = (*signed, identify(office, opened, signer, beside=signed))
    with office.database.transaction() as db:
        refuse_entered_anew(db, load_removal(db, removal_id))
        for signatory in signed:
            add_signature(
                db, removal_id=removal_id, user_id=signatory.user_id, role=signatory.role, signed_at=office.now(),
                fingerprint=fingerprint_of_undoing(removal, reason=reason.strip()),
            )  # fmt: skip
        event_id = write_undone(db, office, removal, reason, answers=removal.removed_event_id)
        set_left_on(db, removal.pupil_id, None)
        end_removal(
            db, removal_id, state=RemovalState.UNDONE, at=office.now(), by=office.user.id, reason=reason.strip()
        )  # fmt: skip
        people = [int(each.user_id) for each in signed]
        _journal(db, office, "removal undone", removal.pupil_id, removal_id, event=event_id, signers=people)
    return _changes(removal.pupil_id, Area.PUPILS)


# -- private -----------------------------------------------------------------------------------------------------


def _journal(
    db: Session, office: Office, act: str, pupil_id: PupilId, removal_id: RemovalId, **details: object
) -> None:
    write_journal(
        db, at=office.now(), by=office.user.id, act=act, subject=f"pupil:{pupil_id}",
        details={FINAL: True, "removal": int(removal_id), **details},
    )  # fmt: skip


def _changes(pupil_id: PupilId, *areas: Area) -> Changes:
    return Changes.to(Area.EVENTS, Area.FLAGS, *areas, pupil=pupil_id)
