"""What blocks the disposal of anything about a pupil: holds that somebody set, and what is still open about the child.

Each source tells what it knows; another kind of matter that must block disposal, such as a request to see what is held,
is one more function in ``SOURCES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import require
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.identifiers import CaseId, HoldId, PupilId
from cme_desktop.domain.keeping import HoldGround
from cme_desktop.domain.reports import ReportKind
from cme_desktop.domain.rights import Right
from cme_desktop.storage.acts import FINAL
from cme_desktop.storage.cases import list_case_details, load_case_details
from cme_desktop.storage.holds import StoredHold, add_hold, end_hold, list_holds, load_hold
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import PupilDetails, list_all_pupils, load_pupil
from cme_desktop.storage.removals import list_removals
from cme_desktop.storage.reports import list_reports

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class StandingHold:
    """One thing that blocks disposal. ``pupil_id`` None is the whole school.

    ``said_to_all`` stands in place of ``why`` for those who do not read protection notes.
    """

    pupil_id: PupilId | None
    why: str
    said_to_all: str = ""


HoldSource = Callable[["Session"], Iterable[StandingHold]]
"""Reads, in the transaction given, everything of one kind that blocks disposal now."""


def holds_on(db: Session, pupil_id: PupilId) -> tuple[StandingHold, ...]:
    """Everything that blocks disposal about a pupil, those of the whole school among them."""
    return tuple(hold for hold in all_holds(db) if hold.pupil_id in {None, pupil_id})


def all_holds(db: Session) -> tuple[StandingHold, ...]:
    """Everything that blocks disposal, whoever it is about."""
    return tuple(hold for source in SOURCES for hold in source(db))


@needs(Right.SEE_NAMES)
def load_hold_words(office: Office, *, pupil_id: PupilId) -> str:
    """Say in a sentence that a pupil's records are held, and why; empty where nothing that somebody set holds them."""
    with office.database.reading() as db:
        held = [hold for hold in list_holds(db) if hold.stands and hold.pupil_id in {None, pupil_id}]
    return "" if not held else f"{_held_since(held[0])}: nothing about this child is disposed of."


@dataclass(frozen=True, slots=True)
class HoldChoices:
    """What a hold may be on: every child of the records, those who left too, and every case."""

    pupils: tuple[tuple[PupilId, str], ...]
    cases: tuple[tuple[CaseId, str], ...]


@needs(Right.HOLD_RECORDS)
def load_hold_choices(office: Office) -> HoldChoices:
    """Read what a hold may be set on."""
    with office.database.reading() as db:
        pupils, cases = list_all_pupils(db), list_case_details(db)
    names = {pupil.id: pupil.sort_name for pupil in pupils}
    return HoldChoices(
        tuple((pupil.id, f"{pupil.sort_name}, {_say_where(pupil, office.today)}") for pupil in pupils),
        tuple((case.id, f"{case.number}, {names[case.pupil_id]}") for case in cases),
    )


# -- setting and lifting -------------------------------------------------------------------------------------------


@needs(Right.HOLD_RECORDS)
def set_hold(
    office: Office,
    *,
    ground: HoldGround,
    reason: str,
    pupil_id: PupilId | None = None,
    case_id: CaseId | None = None,
) -> Changes:
    """Hold everything about a pupil, about a case's pupil, or of the whole school where neither is named."""
    require("The hold can’t be set yet.", {"the reason": reason})
    with office.database.transaction() as db:
        held = load_case_details(db, case_id).pupil_id if case_id is not None else pupil_id
        if held is not None:
            load_pupil(db, held)
        hold_id = add_hold(
            db, pupil_id=None if case_id is not None else pupil_id, case_id=case_id, ground=ground,
            reason=reason.strip(), at=office.now(), by=office.user.id,
        )  # fmt: skip
        _journal(db, office, "hold_set", hold_id, held)
    return Changes.to(Area.KEEPING, pupil=held)


@needs(Right.HOLD_RECORDS)
def lift_hold(office: Office, *, hold_id: HoldId, reason: str) -> Changes:
    """Lift a hold, with the reason; both stay in the list."""
    require("The hold can’t be lifted yet.", {"the reason": reason})
    with office.database.transaction() as db:
        hold = load_hold(db, hold_id)
        if not hold.stands:
            raise RefusedError("This hold is lifted already.", remedy="Read the list again.")
        end_hold(db, hold_id, reason=reason.strip(), at=office.now(), by=office.user.id)
        _journal(db, office, "hold_lifted", hold_id, hold.pupil_id)
    return Changes.to(Area.KEEPING, pupil=hold.pupil_id)


# -- sources -------------------------------------------------------------------------------------------------------


def _set_by_somebody(db: Session) -> Iterator[StandingHold]:
    for hold in list_holds(db):
        if hold.stands:
            since = _held_since(hold)
            yield StandingHold(hold.pupil_id, f"{since}. {hold.ground.in_words}: {hold.reason}", f"{since}.")


def _open_cases(db: Session) -> Iterator[StandingHold]:
    for case in list_case_details(db):
        if not case.is_closed:
            yield StandingHold(case.pupil_id, f"Case {case.number} is open.")


def _open_removals(db: Session) -> Iterator[StandingHold]:
    for removal in list_removals(db, ended_since=date.max):
        yield StandingHold(removal.pupil_id, "A removal of the name is proposed and has not ended.")


def _open_reports(db: Session) -> Iterator[StandingHold]:
    for report in list_reports(db):
        if report.pupil_id is not None and report.is_open:
            is_worry = report.kind is ReportKind.WORRY
            why = "A worry is not decided on yet." if is_worry else "A question from outside is not answered yet."
            yield StandingHold(report.pupil_id, why, "Something about this child is still open.")


SOURCES: Final[tuple[HoldSource, ...]] = (_set_by_somebody, _open_cases, _open_removals, _open_reports)


# -- private -------------------------------------------------------------------------------------------------------


def _say_where(pupil: PupilDetails, today: date) -> str:
    return pupil.class_name or "on the register" if pupil.is_on_roll(today) else "not on the register"


def _held_since(hold: StoredHold) -> str:
    on = hold.set_at.astimezone(LOCAL_ZONE).date()
    scope = "The whole school is held" if hold.pupil_id is None else "Held"
    return f"{scope} since {say_day(on)} {on.year}"


def _journal(db: Session, office: Office, act: str, hold_id: HoldId, pupil_id: PupilId | None) -> None:
    pupils = [] if pupil_id is None else [int(pupil_id)]
    write_journal(
        db, at=office.now(), by=office.user.id, act=act, subject="keeping",
        details={FINAL: True, "hold": int(hold_id), "pupils": pupils},
    )  # fmt: skip
