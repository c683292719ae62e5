"""What holds a removal back: each refusal in words that say what is missing and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.casework.guessing import slowed
from cme_desktop.casework.lives.removal_desk import (
    OpenedRemoval,
    Signatory,
    Signer,
    fingerprint_of,
    why_not_sign,
)
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import require
from cme_desktop.casework.second_factor import parts_known_to
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.identifiers import RemovalId
from cme_desktop.domain.rights import Right
from cme_desktop.policy.removal_evidence import Claim, Proof
from cme_desktop.storage import vault
from cme_desktop.storage.events import load_event
from cme_desktop.storage.pupils import load_pupil
from cme_desktop.storage.removals import (
    StoredRemoval,
    load_removal,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DATED: Final = frozenset({Claim.NEW_REGISTRATION, Claim.REVIEW_ENDED})
"""Claims that hold from a day, which is asked for."""

SIDES: Final = (Claim.SIGNED_OFF_BY_SCHOOL, Claim.SIGNED_OFF_BY_AUTHORITY)


def load_open(db: Session, removal_id: RemovalId) -> StoredRemoval:
    """Read a removal that is still open; refuse one that is over."""
    removal = load_removal(db, removal_id)
    if not removal.is_open:
        raise RefusedError("This removal is over.", remedy="Propose another one where a name is to go.")
    return removal


def refuse_incomplete(opened: OpenedRemoval, *, title: str) -> None:
    """Refuse while any condition is missing, saying each."""
    if not opened.removal.is_open:
        raise RefusedError("This removal is over.", remedy="Propose another one where a name is to go.")
    if opened.answer is None:
        raise RefusedError(title, detail="The child is no longer on the register.", remedy="Give this removal up.")
    if opened.answer.missing:
        said = " ".join(missing.words for missing in opened.answer.missing)
        raise RefusedError(title, detail=said, remedy="Every condition of the ground must hold, with evidence.")


def refuse_owed(opened: OpenedRemoval, *, not_told_because: str) -> None:
    """Refuse while the return is not recorded, or anything else is owed and nobody says why the name goes before."""
    assert opened.answer is not None
    if opened.answer.is_return_owed:
        raise RefusedError(
            "The deletion return is not recorded.",
            detail="The authority must have it before the name goes, or at that moment (regulation 13).",
            remedy="Send it, note it as sent, and then remove the name.",
        )
    if opened.answer.owed and not not_told_because.strip():
        raise RefusedError(
            "Something is still owed.",
            detail=" ".join(opened.answer.owed),
            remedy="Do it and note it, or say why the name goes before that.",
        )


def refuse_changed(standing: StoredRemoval, read: StoredRemoval) -> None:
    """Refuse to act on what somebody else has changed since it was read."""
    if fingerprint_of(standing) != fingerprint_of(read):
        raise RefusedError("The removal was changed meanwhile.", remedy="Read it again, and act on what it says now.")


def refuse_entered_anew(db: Session, removal: StoredRemoval) -> None:
    """Refuse to undo a removal after which the child was entered on the register again."""
    assert removal.removed_event_id is not None
    removed_on = load_event(db, removal.removed_event_id).event.on
    starting_day = load_pupil(db, removal.pupil_id).starting_day
    if starting_day is not None and starting_day > removed_on:
        raise RefusedError(
            "The child was entered on the register again since.", remedy="There is nothing left to be undone."
        )


@needs(Right.REMOVE_NAMES)
def identify(office: Office, opened: OpenedRemoval, signer: Signer, *, beside: tuple[Signatory, ...]) -> Signatory:
    """Say who signs, once the password is theirs; refuse whoever may not sign beside the others."""
    signatory = next((each for each in opened.signatories if each.user_id == signer.user_id), None)
    if signatory is None:
        raise RefusedError("This person does not work in these records.", remedy="Choose somebody from the list.")
    if why := why_not_sign(signatory, beside=beside):
        raise RefusedError("This person can’t sign.", detail=why, remedy="Let somebody else sign.")
    part = parts_known_to(office, signer.user_id)
    with slowed(office.paths.tries, user_id=signer.user_id, now=office.now()):
        theirs = vault.open_slot(office.paths.keys, user_id=signer.user_id, password=signer.password, part=part)
        if not theirs.opens(office.database.key):
            raise vault.WrongPasswordError("The password is wrong.", remedy="Type it again; check Caps Lock.")
    return signatory


@needs(Right.REMOVE_NAMES)
def require_proof(office: Office, claim: Claim, proof: Proof) -> None:
    """Refuse a proof that does not say what, who, when, and from when or for how long where that is asked."""
    wanted: dict[str, object] = {"what proves it": proof.what, "who says so": proof.by}
    if claim in DATED:
        wanted["the day from which it holds"] = proof.holds_from
    if claim is Claim.SENTENCED:
        wanted["the length of the sentence in months"] = proof.months
    require("The evidence can’t be saved yet.", wanted)
    if proof.on > office.today:
        raise BadInputError("This day is still to come.", remedy="Enter the day on which it was said or signed.")


def refuse_same_hand(one: Proof, other: Proof | None) -> None:
    """Refuse one person’s signature for both sides."""
    if other is not None and one.by.strip().casefold() == other.by.strip().casefold():
        raise RefusedError(
            "One person can’t sign for both sides.",
            detail="The school’s signature and the authority’s are by two people.",
            remedy="Name the person who signs for each.",
        )
