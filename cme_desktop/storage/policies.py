"""The policies the school has adopted: every version of each, from when it holds, who adopted it and why.

Nothing is changed or taken out. A policy that the school gives up gets a last version without a document: from its day
on the policy holds no more, and a judgement of an earlier day still finds the version that held then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from cme_desktop.storage.tables import JournalRow, PolicyVersionRow, UserRow

ADOPTED: Final = "policy_adopted"
"""The act under which the journal tells of a version; it knows the moment, which the version itself does not."""

GIVEN_UP: Final = "policy_given_up"
_SET_UP: Final = "records_made"


@dataclass(frozen=True, slots=True)
class AdoptedPolicy:
    """One version of a policy: ``document`` is the whole TOML text."""

    policy_id: str
    version: int
    document: str
    adopted_on: date
    why: str


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A version with everything known of it. ``adopted_on`` is the first day it holds, ``written_at`` when it was made.

    Without a document it says that the policy was given up. ``adopted_by`` is empty, and ``written_at`` None, where
    the records don't say.
    """

    policy_id: str
    version: int
    document: str
    adopted_on: date
    why: str
    adopted_by: str
    written_at: datetime | None

    @property
    def is_given_up(self) -> bool:
        """Whether the policy holds no more from its day on."""
        return not self.document


def adopt_policy(db: Session, *, policy_id: str, document: str, adopted_on: date, why: str, by: int | None) -> int:
    """Keep a policy's next version, and give its number; the earlier ones stay."""
    version = next_version(db, policy_id)
    row = {
        "policy_id": policy_id, "version": version, "document": document, "adopted_on": adopted_on, "why": why,
        "adopted_by": by,
    }  # fmt: skip
    db.execute(insert(PolicyVersionRow), row)
    return version


def give_up_policy(db: Session, *, policy_id: str, from_day: date, why: str, by: int | None) -> int:
    """Keep that a policy holds no more from a day on, as a version of its own; give its number."""
    return adopt_policy(db, policy_id=policy_id, document="", adopted_on=from_day, why=why, by=by)


def next_version(db: Session, policy_id: str) -> int:
    """The number that a policy's next version gets."""
    newest = select(func.max(PolicyVersionRow.version)).where(PolicyVersionRow.policy_id == policy_id)
    return (db.scalar(newest) or 0) + 1


def list_adopted_policies(db: Session, *, on: date) -> tuple[AdoptedPolicy, ...]:
    """List the version of each policy that holds on a day, in the order the policies were first adopted.

    Of several versions that may hold, the one made last does, though another begins later. A policy that was given up
    by that day is not listed.
    """
    query = (
        select(PolicyVersionRow)
        .where(PolicyVersionRow.adopted_on <= on)
        .order_by(PolicyVersionRow.version, PolicyVersionRow.id)
    )
    found: dict[str, AdoptedPolicy] = {}
    for row in db.scalars(query):
        found[row.policy_id] = AdoptedPolicy(row.policy_id, row.version, row.document, row.adopted_on, row.why)
    return tuple(policy for policy in found.values() if policy.document)


def list_adoption_days(db: Session, *, on: date) -> tuple[tuple[str, date], ...]:
    """List since when the school has each policy that holds on a day: since its first version after any giving up."""
    query = (
        select(PolicyVersionRow.policy_id, PolicyVersionRow.adopted_on, PolicyVersionRow.document != "")
        .where(PolicyVersionRow.adopted_on <= on)
        .order_by(PolicyVersionRow.version, PolicyVersionRow.id)
    )
    found: dict[str, date] = {}
    for policy_id, adopted_on, holds in db.execute(query):
        if holds:
            found[policy_id] = min(adopted_on, found.get(policy_id, adopted_on))
        else:
            found.pop(policy_id, None)
    return tuple(found.items())


def list_policy_versions(db: Session) -> tuple[PolicyVersion, ...]:
    """List every version of every policy, in the order they were made."""
    made_at = _moments(db)
    query = (
        select(PolicyVersionRow, UserRow.name)
        .outerjoin(UserRow, UserRow.id == PolicyVersionRow.adopted_by)
        .order_by(PolicyVersionRow.id)
    )
    return tuple(
        PolicyVersion(
            policy_id=row.policy_id,
            version=row.version,
            document=row.document,
            adopted_on=row.adopted_on,
            why=row.why,
            adopted_by=name or "",
            written_at=made_at.get((row.policy_id, row.version)),
        )
        for row, name in db.execute(query)
    )


def _moments(db: Session) -> dict[tuple[str, int], datetime]:
    """When each version was made, as the journal tells it."""
    query = (
        select(JournalRow.act, JournalRow.at, JournalRow.details)
        .where(JournalRow.act.in_((ADOPTED, GIVEN_UP, _SET_UP)))
        .order_by(JournalRow.id)
    )
    found: dict[tuple[str, int], datetime] = {}
    for act, at, details in db.execute(query):
        policies: Iterable[str] = details.get("policies", ()) if act == _SET_UP else (str(details["policy"]),)
        if isinstance(policies, list | tuple):
            found |= {(policy, int(details.get("version", 1))): at for policy in policies}
    return found
