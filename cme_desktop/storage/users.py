"""Who may open the records, and the certificate that signs in their name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from cme_desktop.domain.cases import Role
from cme_desktop.domain.identifiers import UserId
from cme_desktop.storage.tables import UserRow


@dataclass(frozen=True, slots=True)
class UserDetails:
    """A user; ``certificate`` and ``key`` are PEM texts, empty until made."""

    id: UserId
    name: str
    role: Role
    active: bool
    certificate: str
    key: str = field(repr=False)


def add_user(db: Session, *, name: str, role: Role, at: datetime, certificate: str = "", key: str = "") -> UserId:
    """Enter a user."""
    row = {"name": name, "role": role.value, "made_at": at, "certificate": certificate, "key": key}
    return UserId(db.scalars(insert(UserRow).values(row).returning(UserRow.id)).one())


def set_signing_key(db: Session, user_id: int, *, certificate: str, key: str) -> None:
    """Keep the certificate and key that sign in a user's name."""
    db.execute(update(UserRow).where(UserRow.id == user_id).values(certificate=certificate, key=key))


def retire_user(db: Session, user_id: int) -> None:
    """Keep a user's name for what they wrote, but no longer count them among those who work here."""
    db.execute(update(UserRow).where(UserRow.id == user_id).values(active=False))


def list_users(db: Session) -> tuple[UserDetails, ...]:
    """List every user, also the retired ones, in the order they were entered."""
    return tuple(_details(row) for row in db.scalars(select(UserRow).order_by(UserRow.id)))


def load_user(db: Session, user_id: int) -> UserDetails:
    """Read one user."""
    return _details(db.scalars(select(UserRow).where(UserRow.id == user_id)).one())


def _details(row: UserRow) -> UserDetails:
    return UserDetails(UserId(row.id), row.name, Role(row.role), row.active, row.certificate, row.key)
