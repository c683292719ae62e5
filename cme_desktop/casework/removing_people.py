"""Somebody who worked here leaves: their password opens nothing any more, and the records get a new key.

The new key is sealed to those who stay, without their passwords. Cut short anywhere, it is taken up again when the
records are next opened: what is left to do stands in the records and in the key file, nowhere else.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.first_person import nobody_manages_people
from cme_desktop.casework.permissions import needs, open_to_all
from cme_desktop.casework.slot_changes import settle_slots
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.rights import Right
from cme_desktop.storage import vault
from cme_desktop.storage.database import KEY_BYTES
from cme_desktop.storage.drafts import delete_drafts_of
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.journal_check import PERSON_REMOVED
from cme_desktop.storage.key_file import read_key_file
from cme_desktop.storage.settings import load_setting, set_setting
from cme_desktop.storage.users import list_users, retire_user

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import UserId

_NEW_KEY: Final = "records.new_key"
_DUE, _DONE = "due", "done"


@needs(Right.MANAGE_PEOPLE, unless=nobody_manages_people)
def remove_person(office: Office, user_id: UserId) -> Changes:
    """Take somebody out of those who may open the records; what they wrote and signed stays theirs."""
    if user_id == office.user.id:
        raise RefusedError("You can't remove yourself.", remedy="Ask somebody else who may open the records to do it.")
    vault.refuse_unsealable(office.paths.keys, but=user_id)
    with office.database.transaction() as db:
        user = next((user for user in list_users(db) if user.id == user_id and user.active), None)
        if user is None:
            raise RefusedError("This person is not among those who work here.", remedy="Read the list again.")
        retire_user(db, user_id)
        delete_drafts_of(db, user_id)
        ask_for_new_key(db, at=office.now(), by=office.user.id)
        write_journal(db, at=office.now(), by=office.user.id, act=PERSON_REMOVED, subject=f"user {user_id}", details={})
    finish_removals(office)
    return Changes.to(Area.SETTINGS)


def ask_for_new_key(db: Session, *, at: datetime, by: int) -> None:
    """Note that the records are to get a new key: ``finish_removals`` gives it, now or at the next opening."""
    set_setting(db, _NEW_KEY, _DUE, at=at, by=by)


@open_to_all
def finish_removals(office: Office) -> None:
    """Take away the slots of those who were removed, and change the key where it was not changed since."""
    with office.database.reading() as db:
        gone = {user.id for user in list_users(db) if not user.active}
        is_due = load_setting(db, _NEW_KEY, on=None, default="") == _DUE
    for slot in read_key_file(office.paths.keys).people:
        if slot.user_id in gone:
            vault.remove_slot(office.paths.keys, user_id=slot.user_id)
    if is_due:
        change_key(office)


@open_to_all
def change_key(office: Office) -> None:
    """Give the records a new random key, sealed to everybody who may open them."""
    keys, new_key = office.paths.keys, secrets.token_bytes(KEY_BYTES)
    vault.refuse_unsealable(keys)  # now: the records are not written anew for nothing
    settle_slots(office.paths, office.database)  # nothing is sealed to a slot that was replaced
    office.database.change_key(new_key, sealed=lambda: vault.seal_new_key(keys, new_key))
    vault.settle_key(keys, is_new=True)
    with office.database.transaction() as db:
        set_setting(db, _NEW_KEY, _DONE, at=office.now(), by=office.user.id)
        write_journal(db, at=office.now(), by=office.user.id, act="key_changed", subject="records", details={})
