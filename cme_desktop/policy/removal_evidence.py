"""What is brought for a removal from roll: claims that no record can answer, each with its proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final


class Claim(StrEnum):
    """What no record can say: somebody states it and says what proves it."""

    NEW_REGISTRATION = "new-registration"
    NOT_MOBILE_MAIN_SCHOOL = "not-mobile-main-school"
    NURSERY_COMPLETE = "nursery-complete"
    WOULD_MOVE_UP = "would-move-up"
    WILL_NOT_MOVE_UP = "will-not-move-up"
    WILL_NOT_ATTEND_AGAIN = "will-not-attend-again"
    OTHER_SCHOOLS_CONSENT = "other-schools-consent"
    ORDER_NAMES_OTHER_SCHOOL = "order-names-other-school"
    EDUCATION_ARRANGED = "education-arranged"
    NOT_A_BOARDER = "not-a-boarder"
    A_BOARDER = "a-boarder"
    MOVED_OUT_OF_REACH = "moved-out-of-reach"
    NOT_SICK_OR_PREVENTED = "not-sick-or-prevented"
    SIGNED_OFF_BY_SCHOOL = "signed-off-by-school"
    SIGNED_OFF_BY_AUTHORITY = "signed-off-by-authority"
    BOTH_AGREE = "agreed-where-found"
    STEPS_CONSIDERED = "steps-considered-where-found"
    CLOSURES_ACCEPTED = "closures-accepted"
    SENTENCED = "sentenced"
    NOT_ON_REMAND = "not-on-remand"
    DEATH_CONFIRMED = "death-confirmed"
    WILL_NOT_STAY_ON = "will-not-stay-on"
    BOARD_UNPAID = "board-unpaid"
    CEASED_TO_BE_PUPIL = "ceased-to-be-pupil"
    PERMANENTLY_EXCLUDED = "permanently-excluded"
    REVIEW_ENDED = "review-ended"
    CEASED_OR_LEAVING = "ceased-or-leaving"
    SPECIAL_SCHOOL_CONSENT = "special-school-consent"

    @property
    def in_words(self) -> str:
        """What is claimed, as a clause of a sentence."""
        return _CLAIMS[self]


_CLAIMS: Final[dict[Claim, str]] = {
    Claim.NEW_REGISTRATION: "the new school confirms that the child is registered there, and from which day",
    Claim.NOT_MOBILE_MAIN_SCHOOL: "this is not the main school of a child whose family travels for its trade",
    Claim.NURSERY_COMPLETE: "the child has completed nursery education here",
    Claim.WOULD_MOVE_UP: "the child would move up to Reception or above by staying",
    Claim.WILL_NOT_MOVE_UP: "the child is not to move up to Reception here",
    Claim.WILL_NOT_ATTEND_AGAIN: "there are no reasonable grounds to believe that the child will attend again",
    Claim.OTHER_SCHOOLS_CONSENT: "the proprietor of each other school consents",
    Claim.ORDER_NAMES_OTHER_SCHOOL: "the authority has put another school into the order",
    Claim.EDUCATION_ARRANGED: "the authority revoked the order because suitable education is arranged otherwise",
    Claim.NOT_A_BOARDER: "the child is not a boarder",
    Claim.A_BOARDER: "the child is a boarder",
    Claim.MOVED_OUT_OF_REACH: "the child has ceased to live within reach of the school",
    Claim.NOT_SICK_OR_PREVENTED: "there are no reasonable grounds to believe that sickness, or a cause that nobody "
    "could avoid, keeps the child away",
    Claim.SIGNED_OFF_BY_SCHOOL: "the school signs that the joint enquiries are complete",
    Claim.SIGNED_OFF_BY_AUTHORITY: "the authority signs that the joint enquiries are complete",
    Claim.BOTH_AGREE: "school and authority agree that there are no reasonable grounds to believe that the child will "
    "attend again",
    Claim.STEPS_CONSIDERED: "steps to secure the child's attendance were considered",
    Claim.CLOSURES_ACCEPTED: "the authority agrees that the closure within the twenty days does not break them",
    Claim.SENTENCED: "the child is under a sentence of detention, and for how many months",
    Claim.NOT_ON_REMAND: "the child is sentenced, and not on remand",
    Claim.DEATH_CONFIRMED: "the child's death is confirmed",
    Claim.WILL_NOT_STAY_ON: "the child does not stay on",
    Claim.BOARD_UNPAID: "the charges for board are unpaid",
    Claim.CEASED_TO_BE_PUPIL: "the child has ceased to be a pupil of this school",
    Claim.PERMANENTLY_EXCLUDED: "the child is permanently excluded",
    Claim.REVIEW_ENDED: "the review of the exclusion has ended, and on which day",
    Claim.CEASED_OR_LEAVING: "the child has ceased to attend, or a parent says that the child is leaving",
    Claim.SPECIAL_SCHOOL_CONSENT: "the authority that placed the child consents, or the Secretary of State directs it",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """Who states something, on which day, and what proves it: a letter, a message, a form.

    ``holds_from`` is the day from which it holds, ``months`` a length, where the claim asks for one.
    """

    what: str
    by: str
    on: date
    holds_from: date | None = None
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is brought for a removal: a proof for each claim, and the reason in words."""

    proofs: Mapping[Claim, Proof] = field(default_factory=dict)
    reason: str = ""
