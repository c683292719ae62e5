"""The names that reception mode puts initials in place of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.casework.permissions import needs
from cme_desktop.domain.rights import Right
from cme_desktop.storage.known_names import list_names

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office


@needs(Right.SEE_NAMES)
def list_known_names(office: Office) -> frozenset[str]:
    """List every name of a pupil or a contact in the records."""
    with office.database.reading() as db:
        return list_names(db)
