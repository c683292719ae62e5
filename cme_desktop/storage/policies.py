"""The policies the school has adopted: every version of each, and from when it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from cme_desktop.storage.tables import PolicyVersionRow


@dataclass(frozen=True, slots=True)
class AdoptedPolicy:
    """One version of a policy: ``document`` is the whole TOML text."""

    policy_id: str
    version: int
    document: str
    adopted_on: date
    why: str


def adopt_policy(db: Session, *, policy_id: str, document: str, adopted_on: date, why: str, by: int | None) -> int:
    """Keep a policy's next version, and give its number; the earlier ones stay."""
    newest = select(func.max(PolicyVersionRow.version)).where(PolicyVersionRow.policy_id == policy_id)
    version = (db.scalar(newest) or 0) + 1
    row = {
        "policy_id": policy_id, "version": version, "document": document, "adopted_on": adopted_on, "why": why,
        "adopted_by": by,
    }  # fmt: skip
    db.execute(insert(PolicyVersionRow), row)
    return version


def list_adopted_policies(db: Session, *, on: date) -> tuple[AdoptedPolicy, ...]:
    """List the version of each policy that holds on a day, in the order the policies were first adopted."""
    query = (
        select(PolicyVersionRow)
        .where(PolicyVersionRow.adopted_on <= on)
        .order_by(PolicyVersionRow.version, PolicyVersionRow.id)
    )
    found: dict[str, AdoptedPolicy] = {}
    for row in db.scalars(query):
        found[row.policy_id] = AdoptedPolicy(row.policy_id, row.version, row.document, row.adopted_on, row.why)
    return tuple(found.values())
