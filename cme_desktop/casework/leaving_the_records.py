"""That words about a child left the records: on paper, in a file, at the command line. Where to is not kept."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from cme_desktop.casework.permissions import needs
from cme_desktop.domain.rights import Right
from cme_desktop.storage.journal import write_journal

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import PupilId


class Left(StrEnum):
    """What left; the values are the journal's acts."""

    EXPLANATION = "explanation printed"
    ANSWERS = "rules' answers printed"
    LIST = "list told at the command line"
    CASE = "case told at the command line"


@needs(Right.SEE_NAMES)
def note_that_it_left(office: Office, what: Left, *, pupil_id: PupilId | None = None) -> None:
    """Write down what left the records, and about which child; the school where it was about many."""
    subject = "school" if pupil_id is None else f"pupil {pupil_id}"
    with office.database.transaction() as db:
        write_journal(db, at=office.now(), by=office.user.id, act=what.value, subject=subject, details={})
