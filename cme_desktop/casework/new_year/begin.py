"""Begin a school year in one act, and take the whole of it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import count_of
from cme_desktop.casework.new_year.desk import NewYearDesk, Turn, load_new_year
from cme_desktop.casework.new_year.moving_up import move_up
from cme_desktop.casework.new_year.plan import LeaverPlan, NewYearPlan, Onward, PupilMove
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import clock_of, write_line
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import Destination, Event, EventKind
from cme_desktop.domain.identifiers import ImportId
from cme_desktop.domain.rights import Right
from cme_desktop.importers.calendars import bank_holidays
from cme_desktop.policy.wording import say_day
from cme_desktop.storage.calendars import save_school_year
from cme_desktop.storage.events import retract_event
from cme_desktop.storage.import_batches import add_batch
from cme_desktop.storage.imports import mark_batch_undone
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.new_years import (
    KIND,
    NewYearAct,
    NewYearNote,
    PupilChange,
    change_pupil,
    count_marks_since,
    count_pupils_with_later_events,
    keep_note,
    last_event_id,
    list_bank_holiday_ids,
    list_new_years,
    put_year_back,
    rows_of_year,
    stands,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.domain.calendar import SchoolYear

_ALTERED: Final = frozenset({Area.PUPILS, Area.EVENTS, Area.CALENDAR, Area.FLAGS})
_RESTS_ON_LEAVING: Final = (
    EventKind.LEAVING, EventKind.ARRIVAL_CONFIRMED, EventKind.TRANSFER_FILE_SENT, EventKind.PROTECTION_FILE_RECEIVED,
    EventKind.REMOVAL_PROPOSED, EventKind.REMOVED, EventKind.RETURN_SENT, EventKind.REFERRED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class YearBegun:
    """What beginning a year did: how many pupils move up and leave, when they move, and what screens read again."""

    act_id: ImportId
    moving: int
    leaving: int
    moves_on: date
    moved_now: bool
    changes: Changes


# -- beginning -----------------------------------------------------------------------------------------------------


@needs(Right.SET_UP)
def begin_new_year(office: Office, plan: NewYearPlan) -> YearBegun:
    """Enter the year, write down the leavers with where they go, and move everyone else up: all of it or nothing.

    Before the year's first day the pupils keep their classes; ``move_up_when_due`` moves them on it.
    """
    desk = load_new_year(office)
    year = _year_to_begin(desk, plan)
    _refuse_unfit(desk, plan)
    at, by = office.now(), office.user.id
    with office.database.transaction() as db:
        note = NewYearNote(year.first_day, max(year.first_day, office.today))
        if plan.year is not None:
            _enter_year(db, plan.year, note)
        for leaver in plan.leavers:
            _write_leaver(db, office, leaver, desk, note)
        note.waiting = [change for move in plan.moves if (change := _change_of(move, desk)) is not None]
        note.last_event = last_event_id(db)
        counts = {"moving": len(note.waiting), "leaving": len(plan.leavers)}
        moved_now = office.today >= year.first_day
        if moved_now:
            move_up(db, note)
        act_id = add_batch(db, kind=KIND, source=year.name, at=at, by=by, counts=counts)
        keep_note(db, act_id, note)
        write_journal(
            db, at=at, by=by, act="school_year_begun", subject=f"school year {year.name}",
            details={"id": act_id, "moves_on": note.moves_on.isoformat(), "events": note.events, **counts},
        )  # fmt: skip
    return YearBegun(act_id, counts["moving"], counts["leaving"], note.moves_on, moved_now, Changes(_ALTERED))


def _year_to_begin(desk: NewYearDesk, plan: NewYearPlan) -> SchoolYear:
    refuse_unready(desk)
    year = plan.year or desk.known
    if year is None:
        raise BadInputError("The next school year has no dates yet.", remedy="Enter its half terms first.")
    if problems := say_year_problems(desk, year):
        raise BadInputError(problems[0], detail=" ".join(problems[1:]), remedy="Correct the dates and try again.")
    return year


def refuse_unready(desk: NewYearDesk) -> None:
    """Refuse to begin a year that was begun already, or is too far away."""
    if desk.turn is Turn.DONE:
        raise RefusedError(
            f"The school year {desk.name} is set up already.", remedy="Undo that first, or wait until next June."
        )
    if desk.turn is Turn.TOO_EARLY:
        raise RefusedError(
            f"The school year {desk.name} can be set up from 1 June {desk.first_year}.",
            detail="Pupils may still join, leave or change class until then.",
            remedy="To enter its dates now, bring in a file of term dates with Import.",
        )
    if desk.turn is Turn.IN_PLACE:
        raise RefusedError(
            f"The school year {desk.name} is running, and the classes already stand in it.",
            detail="The pupils’ year groups are those of this year.",
            remedy=f"Nothing has to be set up. The next year can be set up from 1 June {desk.first_year + 1}.",
        )
    if desk.turn is Turn.NO_YEAR_BEFORE:
        raise RefusedError(
            "There is nothing to move up from.",
            detail=f"The calendar holds no school year before {desk.name}.",
            remedy="Set up the next school year here from next June.",
        )


def say_year_problems(desk: NewYearDesk, year: SchoolYear) -> tuple[str, ...]:
    """Say what is wrong with dates as those of the next school year."""
    found = list(year.problems())
    if year.first_day.year != desk.first_year:
        found.append(f"These are the dates of {year.name}; the next school year is {desk.name}.")
    elif desk.old is not None and year.first_day <= desk.old.last_day:
        found.append(f"The year begins before {desk.old.name} ends on {say_day(desk.old.last_day)}.")
    return tuple(found)


def _refuse_unfit(desk: NewYearDesk, plan: NewYearPlan) -> None:
    leaving = {leaver.pupil_id for leaver in plan.leavers}
    moving = {move.pupil_id for move in plan.moves if move.onward is not Onward.LEAVES}
    open_still = sum(1 for move in plan.moves if move.onward is Onward.UNDECIDED)
    if open_still:
        raise BadInputError(
            f"Nobody has said where {count_of(open_still, 'pupil')} will go on.",
            remedy="Choose a year group or Leaves for each.",
        )
    if {pupil.id for pupil in desk.pupils} != leaving | moving or leaving & moving:
        raise RefusedError(
            "The roll has changed since this was begun.",
            detail="A pupil has joined, left or changed class meanwhile. Nothing was saved.",
            remedy="Close this window and open it again.",
        )
    for leaver in plan.leavers:
        if leaver.is_confirmed and leaver.destination is Destination.UNKNOWN:
            raise BadInputError(
                "A place can’t be confirmed at a school that is not named.",
                remedy="Type the next school of each leaver whose place somebody confirmed.",
            )


def _enter_year(db: Session, year: SchoolYear, note: NewYearNote) -> None:
    first_year = year.first_day.year
    note.before, holidays = rows_of_year(db, first_year), list_bank_holiday_ids(db)
    save_school_year(db, year, bank_holidays=bank_holidays((first_year, first_year + 1)))
    note.after = rows_of_year(db, first_year)
    note.holidays = sorted(list_bank_holiday_ids(db) - holidays)


def _write_leaver(db: Session, office: Office, leaver: LeaverPlan, desk: NewYearDesk, note: NewYearNote) -> None:
    assert desk.last_day is not None
    known = next(pupil for pupil in desk.pupils if pupil.id == leaver.pupil_id)
    if leaver != known.leaver or known.leaver == LeaverPlan(leaver.pupil_id):
        event = Event(
            EventKind.LEAVING, office.today, clock_of(office, office.today), leaving_on=desk.last_day,
            destination=leaver.destination, confirmed=leaver.is_confirmed or None,
        )  # fmt: skip
        details = {"school": leaver.school, "confirmed_by": leaver.confirmed_by}
        note.events.append(write_line(db, office, leaver.pupil_id, event, details=details))
    change = change_pupil(db, leaver.pupil_id, {"left_on": desk.last_day.isoformat()})
    if change is not None:
        note.changed.append(change)


def _change_of(move: PupilMove, desk: NewYearDesk) -> PupilChange | None:
    """What moving changes of a pupil; None for one who leaves, or who has the class and the year group already."""
    group = move.onward.year_group
    if group is None:
        return None
    known = next(pupil for pupil in desk.pupils if pupil.id == move.pupil_id)
    before = {"class_name": known.class_name, "year_group": known.noted_group.value if known.noted_group else None}
    after = {"class_name": move.class_name.strip() or known.class_name, "year_group": group.value}
    return None if before == after else PupilChange(move.pupil_id, before, after)


# -- taking it back ------------------------------------------------------------------------------------------------


@needs(Right.SET_UP)
def undo_new_year(office: Office, act_id: ImportId) -> Changes:
    """Put everything back as it stood before; refused where later work rests on it."""
    at, by = office.now(), office.user.id
    with office.database.transaction() as db:
        act = next((one for one in list_new_years(db) if one.id == act_id), None)
        if act is None or act.undone_at is not None:
            raise RefusedError("This is undone already.", remedy="Look again: the year is no longer set up.")
        if reasons := _reasons_against(db, act):
            raise RefusedError(
                f"The school year {act.year} can’t be undone any more.",
                detail=" ".join(reasons),
                remedy="Correct the pupils one by one, or take back the later work first.",
            )
        for event_id in act.note.events:
            retract_event(db, event_id, at=at, by=by)
        for change in act.note.changed:
            change_pupil(db, change.pupil_id, change.before)
        put_year_back(db, act.note)
        mark_batch_undone(db, act_id, at=at, by=by)
        write_journal(
            db, at=at, by=by, act="school_year_undone", subject=f"school year {act.year}", details={"id": act_id}
        )
    return Changes(_ALTERED)


def _reasons_against(db: Session, act: NewYearAct) -> list[str]:
    """Say in sentences what stands in the way of taking the act back; empty where nothing does."""
    note = act.note
    reasons = []
    if marks := count_marks_since(db, first_day=note.first_day, made_after=act.made_at):
        reasons.append(f"{count_of(marks, 'mark')} of the new year came in since.")
    changed = sum(1 for change in note.changed if not stands(db, change.pupil_id, change.after))
    if changed:
        reasons.append(f"{count_of(changed, 'pupil')} changed class, year or last day since.")
    pupils = {change.pupil_id for change in note.changed if "left_on" in change.after}
    followed = count_pupils_with_later_events(db, pupils=pupils, after=note.last_event, kinds=_RESTS_ON_LEAVING)
    if followed:
        reasons.append(f"More was written since about the leaving of {count_of(followed, 'pupil')}.")
    if note.after is not None and rows_of_year(db, note.first_day.year) != note.after:
        reasons.append("The dates of the new year were changed since.")
    if any(one.id > act.id and one.undone_at is None for one in list_new_years(db)):
        reasons.append("A later school year was set up since.")
    return reasons
