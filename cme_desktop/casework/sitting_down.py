"""Sitting down at the open records: from now on everything that is written is signed, and every row is sealed."""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.permissions import open_to_all
from cme_desktop.casework.removing_people import ask_for_new_key
from cme_desktop.domain.errors import CmeError
from cme_desktop.storage.journal import Author, is_first_signed, newest_entry, write_journal
from cme_desktop.storage.journal_check import KEY_MADE
from cme_desktop.storage.key_file import JournalHead, read_key_file, write_key_file
from cme_desktop.storage.ready_statements import driver_cursor
from cme_desktop.storage.row_seals import touch_all
from cme_desktop.storage.schema import SCHEMA_VERSION
from cme_desktop.storage.settings import load_setting, set_setting

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office
    from cme_desktop.storage.vault import Unlocked

SEALED_SCHEMA: Final = "journal.sealed"
"""The setting that says for which version's tables every row was sealed."""


@open_to_all
def sit_down(office: Office, unlocked: Unlocked) -> None:
    """Let the one who unlocked the records sign what is written in them.

    Keys that the journal does not know yet are brought in first: of records that older versions made, or made with the
    recovery key. And rows that were never sealed, or sealed by a version with other tables, are sealed once.
    """
    own = unlocked.own
    assert own is not None, "who opens the records has keys of their own"
    office.database.author = Author(office.user.id, office.user.role.value, office.now, own.signer())
    with office.database.reading() as db:
        known = load_setting(db, key_setting(office.user.id), on=None, default="")
        sealed = load_setting(db, SEALED_SCHEMA, on=None, default="")
    if known != own.verify.hex() and (unlocked.slot.vouched or not _is_signed_from_the_first(office)):
        _bring_in(office, unlocked)
    if sealed != SCHEMA_VERSION:
        with office.database.transaction() as db:
            set_setting(db, SEALED_SCHEMA, SCHEMA_VERSION, at=office.now(), by=office.user.id)
            touch_all(driver_cursor(db))
            write_journal(
                db, at=office.now(), by=office.user.id, act="records_sealed", subject="records",
                details={"schema": SCHEMA_VERSION},
            )  # fmt: skip


def key_setting(user_id: int) -> str:
    """Under which name the records keep the key that the journal knows of a person; the journal itself is the proof."""
    return f"journal.key.{user_id}"


@open_to_all
def keep_head(office: Office) -> None:
    """Note in the key file, signed, how far the journal has come: what is missing after that is missed."""
    author = office.database.author
    if author is None or not office.database.is_alone:
        return  # whoever works beside an open window leaves the key file to the window
    with office.database.reading() as db:
        number, digest = newest_entry(db)
    at = office.now().isoformat(timespec="seconds")
    unsigned = JournalHead(number, digest, at, author.user_id, b"")
    head = JournalHead(number, digest, at, author.user_id, author.sign(unsigned.signed_part))
    write_key_file(office.paths.keys, read_key_file(office.paths.keys).with_head(head))


@open_to_all
def leave_desk(office: Office) -> None:
    """Close the records; how far the journal has come is noted first, where it can be."""
    with suppress(CmeError):
        keep_head(office)
    office.database.close()


def _bring_in(office: Office, unlocked: Unlocked) -> None:
    slot = unlocked.slot
    details = {"key": slot.verify.hex(), "vouched": b64encode(slot.vouched).decode("ascii")}
    with office.database.transaction() as db:
        if slot.vouched:  # the password was lost, perhaps to somebody: with it goes the key of the records
            ask_for_new_key(db, at=office.now(), by=office.user.id)
        set_setting(db, key_setting(office.user.id), slot.verify.hex(), at=office.now(), by=office.user.id)
        write_journal(
            db, at=office.now(), by=office.user.id, act=KEY_MADE, subject=f"user {office.user.id}", details=details
        )


def _is_signed_from_the_first(office: Office) -> bool:
    """Whether these records are none of an older version: then nobody's keys come in without somebody's word."""
    with office.database.reading() as db:
        return is_first_signed(db)
