"""A removal from roll opened for work: its ground, what the law still asks for, who signed, and where it stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Final

from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.roll import Roll, load_roll
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.identifiers import RemovalId, UserId
from cme_desktop.domain.pupils import is_of_compulsory_school_age
from cme_desktop.domain.removals import RemovalState
from cme_desktop.domain.rights import Right
from cme_desktop.policy.removal import RemovalAnswer, judge_removal, load_grounds
from cme_desktop.policy.removal_evidence import Claim
from cme_desktop.policy.removal_grounds import Ground, Grounds, Regulation
from cme_desktop.storage.pupils import PupilDetails, load_pupil
from cme_desktop.storage.removals import RemovalSignature, StoredRemoval, evidence_as_json, load_removal
from cme_desktop.storage.users import list_users

MAY_SIGN: Final = frozenset({Role.OFFICE, Role.HEAD, Role.LEAD, Role.SENIOR})
HEADS: Final = frozenset({Role.HEAD, Role.SENIOR})
"""One of the two who sign leads the school: the head, or the deputy whom the head has named."""

OF_DEATH: Final = frozenset({"died", "younger-died"})
_SIGNATURES: Final = 2


class Stage(Enum):
    """Where a removal stands, in the order of the list."""

    READY = "Ready: the name may go"
    TO_SIGN = "Ready to sign"
    WAITING = "Waits for its day"
    PROPOSED = "Proposed"
    CARRIED_OUT = "Removed"
    UNDONE = "Undone"
    GIVEN_UP = "Given up"


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who may sign, as the school knows them."""

    user_id: UserId
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs at this desk, with the password that is theirs alone."""

    user_id: UserId
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedRemoval:
    """A removal with its child and ground. ``answer`` is None where it is over, or the child is judged no more."""

    removal: StoredRemoval
    pupil: PupilDetails
    ground: Ground
    answer: RemovalAnswer | None
    signatories: tuple[Signatory, ...]
    today: date

    @property
    def stage(self) -> Stage:
        """Where it stands today."""
        ended = _ENDED.get(self.removal.state)
        if ended is not None:
            return ended
        if self.answer is None or self.answer.missing:
            return Stage.PROPOSED
        if not is_signed_by_both(self.removal):
            return Stage.TO_SIGN
        return Stage.WAITING if self.removal.day > self.today else Stage.READY

    @property
    def last_day(self) -> date:
        """The last day on the register: the day on which the name went, or the one proposed."""
        ended_at = self.removal.ended_at
        if self.stage is not Stage.CARRIED_OUT or ended_at is None:
            return self.removal.day
        return ended_at.astimezone(LOCAL_ZONE).date()

    @property
    def is_of_death(self) -> bool:
        """Whether the child has died."""
        return self.ground.id in OF_DEATH

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What the ground wants stated, those that are missing first."""
        known = {claim.value: claim for claim in Claim}
        asked = [known[name] for name in self.ground.conditions if name in known]
        missing = {each.condition for each in self.answer.missing} if self.answer is not None else set()
        if "sentence-long-enough" in missing:
            missing.add(Claim.SENTENCED.value)
        return tuple(sorted(asked, key=lambda claim: claim.value not in missing))


_ENDED: Final = {
    RemovalState.CARRIED_OUT: Stage.CARRIED_OUT,
    RemovalState.UNDONE: Stage.UNDONE,
    RemovalState.GIVEN_UP: Stage.GIVEN_UP,
}


@needs(Right.SEE_NAMES)
def open_removal(office: Office, *, removal_id: RemovalId, roll: Roll | None = None) -> OpenedRemoval:
    """Read a removal and judge it by the records as they stand now."""
    with office.database.reading() as db:
        removal = load_removal(db, removal_id)
    return open_stored(office, roll or load_roll(office), removal, grounds=read_grounds(office.paths.resources))


@needs(Right.SEE_NAMES)
def open_stored(office: Office, roll: Roll, removal: StoredRemoval, *, grounds: Grounds) -> OpenedRemoval:
    """Judge a removal already read."""
    with office.database.reading() as db:
        pupil = roll.pupils.get(removal.pupil_id) or load_pupil(db, removal.pupil_id)
        people = list_users(db)
    ground = ground_of(grounds, removal.ground)
    answer = judge(roll, removal, ground) if removal.is_open else None
    signatories = tuple(Signatory(each.id, each.name, each.role) for each in people if each.active)
    return OpenedRemoval(removal, pupil, ground, answer, signatories, roll.judgement.on)


def judge(roll: Roll, removal: StoredRemoval, ground: Ground) -> RemovalAnswer | None:
    """Test every condition on the proposed day, or today where that has passed; None where the child is not judged."""
    record = next((each for each in roll.records if each.pupil.id == removal.pupil_id), None)
    if record is None:
        return None
    return judge_removal(
        record, roll.judgement, roll.rulebook.parameters, ground=ground, day=max(removal.day, roll.judgement.on),
        evidence=removal.evidence,
    )  # fmt: skip


def read_grounds(resources: Path) -> Grounds:
    """Read every ground that the program knows."""
    return load_grounds((resources / "removal-grounds.toml").read_text("utf-8"))


def ground_of(grounds: Grounds, ground_id: str) -> Ground:
    """Find a ground; one that is not there any more is an error that says what to do."""
    ground = grounds.find(ground_id)
    if ground is None:
        raise CmeError("The ground of this removal is not known.", remedy="Put the file of grounds back as it came.")
    return ground


def grounds_for(grounds: Grounds, pupil: PupilDetails, *, on: date, role: Role) -> tuple[Ground, ...]:
    """Give the grounds for a child of this age on a day: none without a date of birth; of a death only to the head."""
    if pupil.born is None:
        return ()
    of_age = is_of_compulsory_school_age(pupil.born, on=on)
    wanted = Regulation.OF_COMPULSORY_AGE if of_age else Regulation.OF_OTHER_AGE
    offered = (ground for ground in grounds.grounds if ground.regulation is wanted)
    return tuple(ground for ground in offered if role is Role.HEAD or ground.id not in OF_DEATH)


# -- signatures ------------------------------------------------------------------------------------------------


def fingerprint_of(removal: StoredRemoval) -> str:
    """Give the fingerprint of what is signed: another day, reason or proof gives another one."""
    signed = [removal.ground, removal.day.isoformat(), evidence_as_json(removal.evidence), removal.evidence.reason]
    return _hash(signed)


def fingerprint_of_undoing(removal: StoredRemoval, *, reason: str) -> str:
    """Give the fingerprint of an undoing with its reason."""
    return _hash(["undo", int(removal.id), reason])


def standing_signatures(removal: StoredRemoval) -> tuple[RemovalSignature, ...]:
    """Give the signatures under what stands in the removal now; those under something else are void."""
    now = fingerprint_of(removal)
    return tuple(each for each in removal.signatures if each.fingerprint == now)


def is_signed_by_both(removal: StoredRemoval) -> bool:
    """Whether two people have signed what stands there now, one of whom leads the school."""
    signatures = standing_signatures(removal)
    people = {each.user_id for each in signatures}
    return len(people) >= _SIGNATURES and any(each.role in HEADS for each in signatures)


def why_not_sign(signatory: Signatory, *, beside: tuple[Signatory, ...]) -> str:
    """Say why somebody can't sign beside those who have; empty where they can."""
    if signatory.role not in MAY_SIGN:
        return f"A {signatory.role.in_words} does not sign a removal."
    if any(other.user_id == signatory.user_id for other in beside):
        return "Nobody signs twice: the second signature is another person’s."
    if len(beside) >= _SIGNATURES:
        return "Both signatures are there."
    if beside and not HEADS & {signatory.role, *(other.role for other in beside)}:
        return "One of the two is the headteacher, or a senior leader in the head’s place."
    return ""


def signed_so_far(removal: StoredRemoval) -> tuple[Signatory, ...]:
    """Give the people who have signed what stands there now."""
    return tuple(Signatory(each.user_id, each.name, each.role) for each in standing_signatures(removal))


def _hash(signed: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(signed, ensure_ascii=True, sort_keys=True).encode("ascii")).hexdigest()
