"""A pupil's circumstances: noting one from a day, and ending it."""

from __future__ import annotations

from datetime import date

from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs, require, sees_protection
from cme_desktop.casework.protected_reading import note_reading
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance
from cme_desktop.domain.rights import PROTECTED, Right
from cme_desktop.storage.circumstances import (
    NotedCircumstance,
    add_circumstance_row,
    list_circumstances,
    load_circumstance,
    set_last_day,
)
from cme_desktop.storage.journal import write_journal


@needs(Right.SEE_NAMES)
def load_circumstances(office: Office, *, pupil_id: PupilId) -> tuple[NotedCircumstance, ...]:
    """List what is known of a pupil's circumstances, past and present."""
    with office.database.reading() as db:
        noted = list_circumstances(db, pupil_id)
    names = tuple(each.dated.name.in_words for each in noted)
    note_reading(office, names, pupil_id=pupil_id, where="circumstances")
    return tuple(each for each in noted if each.dated.name not in PROTECTED or sees_protection(office))


@needs(Right.WORK_ON_CASES)
def add_circumstance(
    office: Office,
    *,
    pupil_id: PupilId,
    name: Circumstance,
    from_day: date | None = None,
    until_day: date | None = None,
) -> Changes:
    """Note that a circumstance holds, from a day or from as long as anyone knows; a protected one is the lead's."""
    if name in PROTECTED:
        require(office, Right.NOTE_PROTECTION)
    if from_day and until_day and until_day < from_day:
        raise BadInputError("It ends before it begins.", remedy="Correct one of the two days.")
    dated = DatedCircumstance(name, from_day, until_day)
    with office.database.transaction() as db:
        if _holds_already(list_circumstances(db, pupil_id), name, on=from_day or office.today):
            raise RefusedError("This is noted already.", remedy="End it first, or leave it as it is.")
        noted = add_circumstance_row(db, pupil_id=pupil_id, dated=dated, at=office.now(), by=office.user.id)
        write_journal(
            db, at=office.now(), by=office.user.id, act="add_circumstance", subject=f"pupil {pupil_id}",
            details={"circumstance": noted, "name": name.value},
        )  # fmt: skip
    return Changes.to(Area.PUPILS, pupil=pupil_id)


@needs(Right.WORK_ON_CASES)
def end_circumstance(office: Office, *, circumstance_id: int, last_day: date) -> Changes:
    """Say the last day on which a circumstance holds; it stays in the records."""
    with office.database.transaction() as db:
        noted = load_circumstance(db, circumstance_id)
        if noted.dated.name in PROTECTED:
            require(office, Right.NOTE_PROTECTION)
        if noted.dated.from_day and last_day < noted.dated.from_day:
            raise BadInputError("It ends before it begins.", remedy="Enter a later day.")
        set_last_day(db, circumstance_id, last_day=last_day)
        write_journal(
            db, at=office.now(), by=office.user.id, act="end_circumstance", subject=f"pupil {noted.pupil_id}",
            details={"circumstance": circumstance_id, "last_day": last_day.isoformat()},
        )  # fmt: skip
    return Changes.to(Area.PUPILS, pupil=noted.pupil_id)


def _holds_already(noted: tuple[NotedCircumstance, ...], name: Circumstance, *, on: date) -> bool:
    return any(each.dated.name is name and each.dated.holds_on(on) for each in noted)
