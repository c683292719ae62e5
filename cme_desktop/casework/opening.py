"""Open the records with a password, and decide who else may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.casework.signing_keys import make_signing_key
from cme_desktop.domain.cases import Role
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.identifiers import UserId
from cme_desktop.paths import Paths
from cme_desktop.storage import vault
from cme_desktop.storage.database import load_libraries, open_database
from cme_desktop.storage.instance_lock import take_lock
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.school import load_school
from cme_desktop.storage.users import UserDetails, add_user, load_user
from cme_desktop.storage.users import list_users as load_users

__all__ = [
    "UserDetails", "add_person", "change_own_password", "is_password_right", "list_users", "open_office",
    "print_new_recovery_key", "reset_password",
]  # fmt: skip


def get_ready() -> None:
    """Load what ``open_office`` needs while the password is typed; needs no key."""
    load_libraries()


def open_office(
    paths: Paths, *, user_id: UserId, password: str, now: Callable[[], datetime], alone: bool = True
) -> Office:
    """Unlock the records and sit down at the desk; raise ``CmeError`` for a wrong password or records in use.

    ``alone`` refuses a second copy of the program; a command that only reads may look in beside an open window.
    """
    lock = take_lock(paths.lock) if alone else None
    try:
        key = vault.unlock(paths.keys, user_id=user_id, password=password)
        database = open_database(paths.records, key, lock=lock)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    with database.reading() as db:
        user = load_user(db, user_id)
    return Office(database, now, SignedInUser(user.id, user.name, user.role), paths)


def is_password_right(office: Office, password: str) -> bool:
    """Whether this is the password of whoever sits at the desk: for a locked screen."""
    try:
        return vault.unlock(office.paths.keys, user_id=office.user.id, password=password) == office.database.key
    except vault.WrongPasswordError:
        return False


def list_users(office: Office) -> tuple[UserDetails, ...]:
    """List everybody who works in these records, also those who left."""
    with office.database.reading() as db:
        return load_users(db)


def add_person(office: Office, *, name: str, role: Role, password: str) -> Changes:
    """Let somebody else open the records, with a password and a signing key of their own."""
    vault.refuse_weak_password(password)
    with office.database.transaction() as db:
        certificate, key = make_signing_key(load_school(db), person=name, role=role)
        user_id = add_user(db, name=name, role=role, at=office.now(), certificate=certificate, key=key)
        write_journal(
            db, at=office.now(), by=office.user.id, act="person_added", subject=f"user {user_id}",
            details={"role": role.value},
        )  # fmt: skip
        # Last, so that a slot is only written for a user who is about to be saved.
        vault.add_slot(office.paths.keys, key=office.database.key, user_id=user_id, name=name, password=password)
    return Changes.to(Area.SETTINGS)


def change_own_password(office: Office, *, old: str, new: str) -> None:
    """Change the password of whoever sits at the desk."""
    vault.change_password(office.paths.keys, user_id=office.user.id, old=old, new=new)
    with office.database.transaction() as db:
        write_journal(
            db, at=office.now(), by=office.user.id, act="password_changed", subject=f"user {office.user.id}",
            details={},
        )  # fmt: skip


def reset_password(paths: Paths, *, user_id: UserId, recovery_key: str, new: str) -> None:
    """Give somebody a new password with the printed recovery key, before the records are open."""
    vault.reset_password(paths.keys, user_id=user_id, recovery_key=recovery_key, new=new)


def print_new_recovery_key(office: Office) -> str:
    """Make a new recovery key; the old print opens nothing any more."""
    recovery_key = vault.replace_recovery_key(office.paths.keys, key=office.database.key)
    with office.database.transaction() as db:
        write_journal(db, at=office.now(), by=office.user.id, act="recovery_key_replaced", subject="school", details={})
    return recovery_key
