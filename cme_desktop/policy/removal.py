"""The gate of removal from roll: whether a ground of regulation 9 is complete, or what of it is missing.

The program never proposes a removal. A person names a ground and a day and brings evidence; every condition of the
ground is then tested, those that the records can answer by the records, the others by what somebody states with proof.
What is stated never outweighs what is recorded. Ask again on the day itself: a child may come back in between.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import EventKind, Recipient
from cme_desktop.policy.departure import events_of_removal
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.parameters import Parameters
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.removal_conditions import CONDITIONS, OF_EVERY_GROUND, Proposal
from cme_desktop.policy.removal_evidence import Evidence
from cme_desktop.policy.removal_grounds import DatedLetter, Ground, Grounds, Regulation
from cme_desktop.policy.rules.leaving import is_return_recorded, is_spared_leaver


@dataclass(frozen=True, slots=True)
class Missing:
    """A condition that does not hold, and why in a sentence without a name."""

    condition: str
    words: str


@dataclass(frozen=True, slots=True)
class RemovalAnswer:
    """Whether a name may go on a day under a ground. ``owed`` says what must be done by the moment it goes.

    Of what is owed the deletion return alone holds the name back: ``is_return_owed`` until it is recorded, or where the
    oldest class is spared.
    """

    ground: Ground
    day: date
    missing: tuple[Missing, ...]
    owed: tuple[str, ...]
    is_return_owed: bool

    @property
    def allowed(self) -> bool:
        """Whether every condition holds."""
        return not self.missing


def judge_removal(
    record: PupilRecord,
    judgement: Judgement,
    parameters: Parameters,
    *,
    ground: Ground,
    day: date,
    evidence: Evidence,
) -> RemovalAnswer:
    """Test every condition of a ground for a pupil on a proposed day, by the law of that day.

    A session that nobody marked is taken for attended: what is not known completes no ground.
    """
    facts = Facts(record, Moment(judgement))
    proposal = Proposal(facts, parameters.on(max(day, judgement.on)), ground, day, evidence)
    tests = [*OF_EVERY_GROUND.items(), *((name, CONDITIONS[name]) for name in ground.conditions)]
    found = ((name, test(proposal)) for name, test in tests)
    missing = tuple(Missing(name, words) for name, words in found if words is not None)
    is_return_owed = _is_return_owed(proposal)
    return RemovalAnswer(ground, day, missing, tuple(_owed(proposal, is_return_owed=is_return_owed)), is_return_owed)


def conditions_of(ground: Ground) -> tuple[str, ...]:
    """The conditions of a ground by name: those of every ground first, then its own, in the regulation's order."""
    return (*OF_EVERY_GROUND, *ground.conditions)


def _is_return_owed(proposal: Proposal) -> bool:
    spared = is_spared_leaver(proposal.facts, proposal.day)
    spared = spared and not proposal.numbers["england.deletion-return.asked-of-all"]
    return not spared and not is_return_recorded(proposal.facts)


def _owed(proposal: Proposal, *, is_return_owed: bool) -> Iterator[str]:
    if is_return_owed:
        named = proposal.ground.name_on(proposal.day)
        yield f"The deletion return to the authority, under {named}: before the name goes or as it goes."
    if proposal.facts.has_social_worker and not _is_social_worker_told(proposal.facts):
        yield "Word to the social worker that the name is to go."


def _is_social_worker_told(facts: Facts) -> bool:
    """Whether the social worker was told of this removal: on the day it was proposed, or since."""
    events = events_of_removal(facts)
    proposed_on = next((event.on for event in events if event.kind is EventKind.REMOVAL_PROPOSED), None)
    return proposed_on is not None and any(
        event.kind is EventKind.TOLD and event.who is Recipient.SOCIAL_WORKER and event.on >= proposed_on
        for event in events
    )


def load_grounds(text: str) -> Grounds:
    """Read the text of ``removal-grounds.toml``; raise ``CmeError`` for a condition that the program does not know."""
    grounds = tuple(
        Ground(
            id=ground_id,
            title=table["title"],
            regulation=Regulation(table["regulation"]),
            conditions=tuple(table["conditions"]),
            letters=tuple(DatedLetter(each["letter"], each["from"]) for each in table.get("letters", ())),
            verified=table.get("verified", True),
        )
        for ground_id, table in tomllib.loads(text)["ground"].items()
    )
    for ground in grounds:
        for condition in ground.conditions:
            if condition not in CONDITIONS:
                raise CmeError(
                    "A ground for removal can't be tested.",
                    detail=f"{ground.id} names the condition {condition}, which is not known.",
                    remedy="Put the file of grounds that came with the program back.",
                )
    return Grounds(grounds)
