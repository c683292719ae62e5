"""The directory of agencies: whom to tell, and at which number, by day and out of hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import MissingFactsError
from cme_desktop.domain.rights import Right
from cme_desktop.storage.contact_changes import remove_agency, update_agency
from cme_desktop.storage.contacts import Agency, AgencyFacts, add_agency, list_agencies
from cme_desktop.storage.journal import write_journal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = ["Agency", "AgencyFacts", "load_agencies", "save_agency", "take_off_agency"]


@needs(Right.SEE_NAMES)
def load_agencies(office: Office) -> tuple[Agency, ...]:
    """List the directory, in the order of the kinds."""
    with office.database.reading() as db:
        return list_agencies(db)


@needs(Right.WORK_ON_CASES)
def save_agency(office: Office, *, facts: AgencyFacts, agency_id: int | None = None) -> Changes:
    """Write an agency into the directory, or write one anew."""
    if not facts.name.strip():
        raise MissingFactsError("The agency can’t be saved yet.", missing=("its name",))
    with office.database.transaction() as db:
        if agency_id is None:
            agency_id = add_agency(db, facts)
        else:
            update_agency(db, agency_id, facts)
        _note(office, act="save_agency", agency_id=agency_id, db=db)
    return Changes.to(Area.CONTACTS)


@needs(Right.WORK_ON_CASES)
def take_off_agency(office: Office, *, agency_id: int) -> Changes:
    """Take an agency out of the directory."""
    with office.database.transaction() as db:
        remove_agency(db, agency_id)
        _note(office, act="remove_agency", agency_id=agency_id, db=db)
    return Changes.to(Area.CONTACTS)


def _note(office: Office, *, act: str, agency_id: int, db: Session) -> None:
    write_journal(db, at=office.now(), by=office.user.id, act=act, subject=f"agency {agency_id}", details={})
