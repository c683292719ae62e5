"""The lists for a register inspection: removed without notice, allocated but not started, on a part-time timetable.

They are of this school year, and worked out from the facts whenever they are asked for; nothing is kept of them but
that somebody printed them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from cme_desktop.casework.in_words import count_of, say_day
from cme_desktop.casework.lives import part_time
from cme_desktop.casework.lives.life import Fact, LifeBook, LifeDesk, LifeFile, LifeRow
from cme_desktop.casework.lives.reading import read_events, read_pupil, standing, tell_life
from cme_desktop.casework.office import Office
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import EventKind, ReturnKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.rules.leaving import is_spared_leaver
from cme_desktop.storage.events import WrittenEvent
from cme_desktop.storage.journal import write_journal


class InspectionList(StrEnum):
    """The three lists, in the order in which an inspector asks for them."""

    REMOVED = "removed"
    NOT_STARTED = "not_started"
    PART_TIME = "part_time"

    @property
    def in_words(self) -> str:
        """The list's title."""
        return _TITLES[self]


_TITLES: Final = {
    InspectionList.REMOVED: "Removed without notice",
    InspectionList.NOT_STARTED: "Allocated but not started",
    InspectionList.PART_TIME: "Part-time timetable",
}


# -- reading -----------------------------------------------------------------------------------------------------


def list_rows(desk: LifeDesk) -> tuple[LifeRow, ...]:
    """List every child of the three lists, list by list, each under a key of its own."""
    begins = year_begins(desk)
    moment = Moment(desk.roll.judgement)
    removed, waiting = [], []
    for record in desk.roll.records:
        facts = Facts(record, moment)
        if (words := _say_removed(facts, begins)) is not None:
            removed.append(_row(desk, InspectionList.REMOVED, record.pupil.id, words))
        if (words := _say_not_started(facts, begins)) is not None:
            waiting.append(_row(desk, InspectionList.NOT_STARTED, record.pupil.id, words))
    on_fewer = (
        _row(desk, InspectionList.PART_TIME, row.pupil_id, row.detail)
        for row in part_time.list_rows(desk)
        if row.pupil_id is not None
    )
    return (*_by_name(removed), *_by_name(waiting), *_by_name(on_fewer))


def load_file(desk: LifeDesk, key: str) -> LifeFile:
    """Read the evidence behind a line: what the register and the history say of the child."""
    which, _, pupil_key = key.partition(":")
    row = next((row for row in list_rows(desk) if row.key == key), None)
    if row is None:
        raise CmeError("This line is no longer there.", remedy="Read the list again with F5.")
    pupil = read_pupil(desk, pupil_key)
    events = read_events(desk, pupil.id)
    kinds = _EVIDENCE[InspectionList(which)]
    facts = (
        Fact("Starting day", say_day(pupil.starting_day) if pupil.starting_day else "not known",
             is_missing=pupil.starting_day is None),
        Fact("Last day on the register", say_day(pupil.left_on) if pupil.left_on else "still on it"),
        Fact("Deletion return", _say_return(events)),
    )  # fmt: skip
    return LifeFile(
        row=row,
        pupil=pupil,
        about=pupil.class_name,
        chips=(InspectionList(which).in_words,),
        facts=facts,
        history=tell_life(desk, pupil.id, events, belongs=lambda each: each.event.kind in kinds),
    )


def say_period(desk: LifeDesk) -> str:
    """Say which days the lists are of, and how many stand on each."""
    rows = list_rows(desk)
    counts = (
        f"{each.in_words.lower()}: {sum(row.key.startswith(f'{each}:') for row in rows)}" for each in InspectionList
    )
    return f"{say_day(year_begins(desk))} to {say_day(desk.today)}. {'; '.join(counts).capitalize()}."


def year_begins(desk: LifeDesk) -> date:
    """The first day of the school year of the day judged: the lists go back to it."""
    return max(year.first_day for year in desk.roll.judgement.calendar.years if year.first_day <= desk.today)


# -- printing ----------------------------------------------------------------------------------------------------


def write_lists(office: Office, *, book: LifeBook) -> str:
    """Write the three lists as plain words for paper; that somebody did is in the journal."""
    desk = book.desk
    rows = list_rows(desk)
    lines = [f"Register inspection, {say_day(year_begins(desk))} to {say_day(desk.today)}"]
    for each in InspectionList:
        theirs = [row for row in rows if row.key.startswith(f"{each}:")]
        lines += ["", f"{each.in_words}: {count_of(len(theirs), 'child', 'children')}"]
        lines += [f"  {row.name}, {row.beside}. {row.detail.partition(': ')[2]}" for row in theirs]
    with office.database.transaction() as db:
        write_journal(
            db, at=office.now(), by=office.user.id, act="inspection lists printed", subject="register",
            details={each.value: sum(row.key.startswith(f"{each}:") for row in rows) for each in InspectionList},
        )  # fmt: skip
    lines += ["", f"Made by {office.user.name}, {office.user.role.in_words}."]
    return "\n".join(lines)


# -- private -----------------------------------------------------------------------------------------------------

_EVIDENCE: Final = {
    InspectionList.REMOVED: frozenset({
        EventKind.LEAVING, EventKind.REMOVAL_PROPOSED, EventKind.REMOVED, EventKind.RETURN_SENT, EventKind.FORM_SENT,
        EventKind.REFERRED, EventKind.TOLD, EventKind.ARRIVAL_CONFIRMED,
    }),
    InspectionList.NOT_STARTED: frozenset({
        EventKind.START_AGREED, EventKind.ORDER_MADE, EventKind.ORDER_REVOKED, EventKind.MEETING_BOOKED,
        EventKind.MEETING_HELD, EventKind.MEETING_MISSED, EventKind.HOME_VISIT, EventKind.TOLD, EventKind.REFERRED,
        EventKind.LEAVING, EventKind.DECISION,
    }),
    InspectionList.PART_TIME: frozenset({EventKind.PART_TIME_AGREED, EventKind.REVIEW_HELD, EventKind.TOLD}),
}  # fmt: skip


def _say_removed(facts: Facts, begins: date) -> str | None:
    """Whether the name went this year with no deletion return by the day it went, and how late one came."""
    removed_on = facts.removed_on
    if (
        removed_on is None
        or removed_on < begins
        or facts.pupil.was_never_entered
        or is_spared_leaver(facts, removed_on)
    ):
        return None
    sent = [event.on for event in facts.events_of_stay if event.return_ is ReturnKind.DELETION]
    if any(on <= removed_on for on in sent):
        return None
    late = f"return {count_of((min(sent) - removed_on).days, 'day')} late" if sent else "no return recorded"
    return f"{say_day(removed_on)}, {late}"


def _say_not_started(facts: Facts, begins: date) -> str | None:
    """Whether a place was allocated for a day of this year that has come, and the child has not attended since."""
    pupil = facts.pupil
    if pupil.was_never_entered and pupil.left_on is not None and pupil.left_on >= begins:
        return f"place given up {say_day(pupil.left_on)}"
    starting_day = pupil.starting_day
    if starting_day is None or not begins <= starting_day <= facts.on or facts.last_attended >= 0:
        return None
    return f"was to start {say_day(starting_day)}, never came"


def _row(desk: LifeDesk, which: InspectionList, pupil_id: PupilId, words: str) -> LifeRow:
    pupil = desk.roll.pupils[pupil_id]
    return LifeRow(
        key=f"{which}:{pupil_id}",
        pupil_id=pupil_id,
        name=pupil.known_as,
        hidden_name=pupil.class_name or "A pupil",
        beside=pupil.class_name,
        detail=f"{which.in_words}: {words}",
    )


def _by_name(rows: Iterable[LifeRow]) -> tuple[LifeRow, ...]:
    return tuple(sorted(rows, key=lambda row: row.name))


def _say_return(events: Iterable[WrittenEvent]) -> str:
    sent = [each for each in standing(events, EventKind.RETURN_SENT) if each.event.return_ is ReturnKind.DELETION]
    return f"sent {say_day(sent[-1].event.on)}" if sent else "none recorded"
