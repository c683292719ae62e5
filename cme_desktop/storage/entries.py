"""The few columns of a pupil that an act alters one by one, and taking back an entry made a moment ago."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select, update

from cme_desktop.storage.pupils import PupilDetails, list_all_pupils
from cme_desktop.storage.tables import (
    CaseRow,
    CircumstanceRow,
    InformationRequestRow,
    KeepingDecisionRow,
    LegalHoldRow,
    MarkRow,
    OutsideReportRow,
    PaperRow,
    PupilEventRow,
    PupilRow,
    SharingRow,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_WRITTEN: Final = (
    MarkRow, CaseRow, PaperRow, CircumstanceRow, OutsideReportRow, LegalHoldRow, KeepingDecisionRow,
    InformationRequestRow, SharingRow,
)  # fmt: skip
"""What somebody writes down about a pupil, beside the lines of the history and what the entry itself brings."""

DAY_COLUMNS: Final = ("born", "starting_day", "left_on")


def set_days(db: Session, pupil_id: int, **days: date | None) -> None:
    """Write a pupil's date of birth, starting day or last day on roll; those not named stay."""
    assert set(days) <= set(DAY_COLUMNS)
    db.execute(update(PupilRow).where(PupilRow.id == pupil_id).values(**days))


def find_alike(db: Session, *, forename: str, surname: str, born: date | None, upn: str | None) -> list[PupilDetails]:
    """Find who may be the same child: the same UPN, now or formerly, or the same name and no other date of birth."""
    named = (forename.casefold(), surname.casefold())
    return [
        each
        for each in list_all_pupils(db)
        if (upn is not None and upn in {each.upn, each.former_upn})
        or (named in _names_of(each) and (born is None or each.born is None or each.born == born))
    ]


def is_written_about(db: Session, pupil_id: int) -> bool:
    """Whether anything stands in the records of a pupil beside the entry itself: a mark, a line, a case and so on.

    Taking the entry back takes every row of the pupil with it, whoever wrote it.
    """
    kept = (
        select(func.count())
        .select_from(PupilEventRow)
        .where(PupilEventRow.pupil_id == pupil_id, PupilEventRow.retracted_at.is_(None)),
        *(select(func.count()).select_from(row).where(row.pupil_id == pupil_id) for row in _WRITTEN),
    )
    return any(db.scalar(count) for count in kept)


def forget_pupil(db: Session, pupil_id: int) -> None:
    """Remove a pupil entered by mistake a moment ago; that it was entered stays in the journal."""
    db.execute(delete(PupilRow).where(PupilRow.id == pupil_id))


def _names_of(pupil: PupilDetails) -> set[tuple[str, str]]:
    forenames = {pupil.legal_forename.casefold(), pupil.preferred_forename.casefold()} - {""}
    surnames = {pupil.legal_surname.casefold(), pupil.preferred_surname.casefold()} - {""}
    return {(forename, surname) for forename in forenames for surname in surnames}
