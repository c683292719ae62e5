"""The names that stand in the records: of pupils and of the people on their contact lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from cme_desktop.storage.tables import ContactRow, PupilRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def list_names(db: Session) -> frozenset[str]:
    """List every forename, surname and middle name as it is written, whoever bears it."""
    pupils = select(
        PupilRow.legal_surname, PupilRow.legal_forename, PupilRow.preferred_surname, PupilRow.preferred_forename,
        PupilRow.middle_names,
    )  # fmt: skip
    contacts = select(ContactRow.forename, ContactRow.surname)
    return frozenset(name for query in (pupils, contacts) for row in db.execute(query) for name in row if name)
