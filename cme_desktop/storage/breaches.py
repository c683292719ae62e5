"""Data that went astray: each breach with every account that was written of it, the newest standing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import BreachId
from cme_desktop.domain.information import BreachAccount, DataKind, Risk
from cme_desktop.storage.tables import BreachAccountRow, BreachRow, UserRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach with the account that stands, how many were written of it, and whether the head has closed it."""

    id: BreachId
    account: BreachAccount
    accounts: int
    written_at: datetime
    written_by_name: str
    closed_at: datetime | None
    closed_by_name: str

    @property
    def is_open(self) -> bool:
        """Whether the head has still to close it."""
        return self.closed_at is None


def add_breach(db: Session, account: BreachAccount, *, at: datetime, by: int | None) -> BreachId:
    """Begin the note of a breach with its first account."""
    made = insert(BreachRow).values(made_at=at, made_by=by).returning(BreachRow.id)
    breach_id = BreachId(db.scalars(made).one())
    add_account(db, breach_id, account, at=at, by=by)
    return breach_id


def add_account(db: Session, breach_id: int, account: BreachAccount, *, at: datetime, by: int | None) -> None:
    """Write down what is known now; what was written before stays."""
    row = {
        "breach_id": breach_id, "noticed_at": account.noticed_at, "facts": _as_json(account), "made_at": at,
        "made_by": by,
    }  # fmt: skip
    db.execute(insert(BreachAccountRow).values(row))


def close_breach(db: Session, breach_id: int, *, at: datetime, by: int | None) -> None:
    """Close the note."""
    db.execute(update(BreachRow).where(BreachRow.id == breach_id).values(closed_at=at, closed_by=by))


def list_breaches(db: Session) -> tuple[Breach, ...]:
    """List every breach as it stands, the newest first."""
    return _read(db)


def list_open_breaches(db: Session) -> tuple[Breach, ...]:
    """List the breaches that the head has not closed."""
    return tuple(breach for breach in _read(db) if breach.is_open)


def load_breach(db: Session, breach_id: int) -> Breach:
    """Read one breach; refuse one that is not there."""
    found = next((breach for breach in _read(db) if breach.id == breach_id), None)
    if found is None:
        raise BadInputError("This note is no longer there.", remedy="Close the window and open it again.")
    return found


def list_accounts(db: Session, breach_id: int) -> tuple[tuple[datetime, str, BreachAccount], ...]:
    """List every account of a breach in its order: when it was written, by whom, and what it says."""
    names = _names(db)
    query = select(BreachAccountRow).where(BreachAccountRow.breach_id == breach_id).order_by(BreachAccountRow.id)
    return tuple((row.made_at, names.get(row.made_by or 0, ""), _account(row)) for row in db.scalars(query))


def _read(db: Session) -> tuple[Breach, ...]:
    names = _names(db)
    accounts: dict[int, list[BreachAccountRow]] = {}
    for account in db.scalars(select(BreachAccountRow).order_by(BreachAccountRow.id)):
        accounts.setdefault(account.breach_id, []).append(account)
    rows = db.scalars(select(BreachRow).order_by(BreachRow.id.desc()).execution_options(populate_existing=True))
    return tuple(_breach(row, accounts[row.id], names) for row in rows)


def _breach(row: BreachRow, accounts: list[BreachAccountRow], names: dict[int, str]) -> Breach:
    newest = accounts[-1]
    return Breach(
        id=BreachId(row.id),
        account=_account(newest),
        accounts=len(accounts),
        written_at=newest.made_at,
        written_by_name=names.get(newest.made_by or 0, ""),
        closed_at=row.closed_at,
        closed_by_name=names.get(row.closed_by or 0, ""),
    )


def _names(db: Session) -> dict[int, str]:
    return {user: name for user, name in db.execute(select(UserRow.id, UserRow.name))}  # noqa: C416  rows are no pairs to the type checker


def _as_json(account: BreachAccount) -> dict[str, Any]:
    told, people = account.regulator_told_at, account.people_told_on
    return {
        "what": account.what, "happened": account.happened, "people": account.people,
        "kinds": [kind.value for kind in account.kinds], "risk": account.risk.value if account.risk else None,
        "risk_why": account.risk_why, "regulator_told_at": told.isoformat() if told else None,
        "regulator_reference": account.regulator_reference, "regulator_why_not": account.regulator_why_not,
        "people_told_on": people.isoformat() if people else None, "people_why_not": account.people_why_not,
        "done": account.done,
    }  # fmt: skip


def _account(row: BreachAccountRow) -> BreachAccount:
    facts = row.facts
    told, people = facts["regulator_told_at"], facts["people_told_on"]
    return BreachAccount(
        what=facts["what"],
        noticed_at=row.noticed_at,
        happened=facts["happened"],
        people=facts["people"],
        kinds=tuple(DataKind(kind) for kind in facts["kinds"]),
        risk=Risk(facts["risk"]) if facts["risk"] else None,
        risk_why=facts["risk_why"],
        regulator_told_at=datetime.fromisoformat(told) if told else None,
        regulator_reference=facts["regulator_reference"],
        regulator_why_not=facts["regulator_why_not"],
        people_told_on=date.fromisoformat(people) if people else None,
        people_why_not=facts["people_why_not"],
        done=facts["done"],
    )
