"""The lists for a register inspection: removed without notice, allocated but not started, on a part-time timetable.

On screen they are of this school year, on paper of any days. Nothing is kept of them but that they were printed or
saved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.lives.inspection_lists import (
    InspectionLine,
    InspectionList,
    Period,
    check_period,
    list_lines,
    this_year,
)
from cme_desktop.casework.lives.life import Fact, LifeBook, LifeDesk, LifeFile, LifeRow
from cme_desktop.casework.lives.reading import read_events, read_pupil, tell_life
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.documents.wording import write_short_date
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import EventKind
from cme_desktop.domain.rights import Right
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import PupilDetails
from cme_desktop.storage.school import load_school

# -- reading -----------------------------------------------------------------------------------------------------


def list_rows(desk: LifeDesk) -> tuple[LifeRow, ...]:
    """List every child of this school year's three lists, list by list, each under a key of its own."""
    return tuple(_row(line) for line in list_lines(desk, this_year(desk)))


def load_file(desk: LifeDesk, key: str) -> LifeFile:
    """Read the evidence behind a line: what the register and the history say of the child."""
    which, _, pupil_key = key.partition(":")
    pupil = read_pupil(desk, pupil_key)
    lines = list_lines(desk, this_year(desk), only=pupil.id)
    line = next((line for line in lines if line.which == which), None)
    if line is None:
        raise CmeError("This line is no longer there.", remedy="Read the list again with F5.")
    kinds = _EVIDENCE[line.which]
    facts = (
        *(fact for entry in line.entries for fact in _tell_entry(line.which, entry)),
        Fact("Starting day", say_day(pupil.starting_day) if pupil.starting_day else "not known",
             is_missing=pupil.starting_day is None),
        Fact("Last day on the register", say_day(pupil.left_on) if pupil.left_on else "still on it"),
    )  # fmt: skip
    return LifeFile(
        row=_row(line),
        pupil=pupil,
        about=pupil.class_name,
        chips=(line.which.in_words,),
        facts=facts,
        history=tell_life(
            desk, pupil.id, read_events(desk, pupil.id), belongs=lambda each: each.event.kind in kinds
        ),
    )  # fmt: skip


def say_period(desk: LifeDesk, rows: Sequence[LifeRow]) -> str:
    """Say which days the lists are of, and how many stand on each."""
    period = this_year(desk)
    count = Counter(row.key.partition(":")[0] for row in rows)
    counts = "; ".join(f"{each.in_words.lower()}: {count[each]}" for each in InspectionList)
    return f"{say_day(period.first)} to {say_day(period.last)}. {counts.capitalize()}."


# -- paper -------------------------------------------------------------------------------------------------------


def propose_name(period: Period) -> str:
    """Name the file of the lists: after the days they are of, and nobody."""
    return f"register-inspection-{period.first:%Y-%m-%d}-to-{period.last:%Y-%m-%d}.pdf"


@needs(Right.EXPORT_NAMES)
def set_lists(office: Office, *, book: LifeBook, first: date, last: date) -> bytes:
    """Set the three lists of a period as the pages of a PDF; nothing has left the records yet."""
    pdf, _ = _set_pages(office, book, check_period(first, last, today=book.desk.today))
    return pdf


@needs(Right.EXPORT_NAMES)
def give_for_printing(office: Office, *, book: LifeBook, first: date, last: date) -> bytes:
    """Give the pages for printing, and write down that they left the records."""
    pdf, left = _set_pages(office, book, check_period(first, last, today=book.desk.today))
    _write_down(office, left, act="inspection lists printed")
    return pdf


@needs(Right.EXPORT_NAMES)
def save_lists(office: Office, *, book: LifeBook, first: date, last: date, to: Path) -> Path:
    """Save the lists as a PDF, and write down that they left the records."""
    pdf, left = _set_pages(office, book, check_period(first, last, today=book.desk.today))
    saved = write_whole_file(to, pdf)
    _write_down(office, left, act="inspection lists saved")
    return saved


def _set_pages(office: Office, book: LifeBook, period: Period) -> tuple[bytes, dict[str, str | int]]:
    """Give the pages, and what the journal says of them: the days and how many stand on each list."""
    from cme_desktop.documents.inspection_document import (  # noqa: PLC0415  a tenth of a second
        InspectionPages,
        ListedChild,
        render_lists,
    )
    from cme_desktop.documents.wording import load_wording  # noqa: PLC0415  as above

    listed: dict[str, list[ListedChild]] = {each: [] for each in InspectionList}
    for line in list_lines(book.desk, period):
        pupil = book.desk.roll.pupils[line.pupil_id]
        listed[line.which].append(ListedChild(line.name, _say_who(pupil), line.entries))
    with office.database.reading() as db:
        school = load_school(db)
    pages = InspectionPages(
        school=school.name, laestab=school.laestab, first=period.first, last=period.last,
        records_begin=book.desk.roll.judgement.calendar.years[0].first_day, made_on=book.desk.today,
        by=f"{office.user.name}, {office.user.role.in_words}",
        lists={which: tuple(children) for which, children in listed.items()},
    )  # fmt: skip
    wording = load_wording(office.paths.forms, "register-inspection")
    counts = {which: len(children) for which, children in listed.items()}
    pdf = render_lists(pages, wording, fonts=office.paths.resources / "fonts")
    return pdf, {"from": period.first.isoformat(), "to": period.last.isoformat(), **counts}


def _say_who(pupil: PupilDetails) -> str:
    """What tells the child from others in an inspector's own list: the name in law, class, date of birth."""
    legal = " ".join(part for part in (pupil.legal_forename, pupil.legal_surname) if part)
    parts = (
        f"in law {legal}" if legal and legal != pupil.known_as else "",
        pupil.class_name,
        f"born {write_short_date(pupil.born)}" if pupil.born else "date of birth not known",
    )
    return ", ".join(part for part in parts if part)


def _write_down(office: Office, left: dict[str, str | int], *, act: str) -> None:
    with office.database.transaction() as db:
        write_journal(db, at=office.now(), by=office.user.id, act=act, subject="register", details=left)


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
    InspectionList.PART_TIME: frozenset({
        EventKind.PART_TIME_AGREED, EventKind.REVIEW_HELD, EventKind.TOLD, EventKind.REFERRED,
    }),
}  # fmt: skip
_NONE_SAID: Final = ("none recorded", "no agreement recorded")


def _row(line: InspectionLine) -> LifeRow:
    return LifeRow(
        key=f"{line.which}:{line.pupil_id}",
        pupil_id=line.pupil_id,
        name=line.name,
        hidden_name=line.class_name or "A pupil",
        beside=line.class_name,
        detail=f"{line.which.in_words}: {line.brief}",
    )


def _tell_entry(which: InspectionList, entry: tuple[str, ...]) -> Iterable[Fact]:
    for label, value in zip(which.columns, entry, strict=True):
        if value:
            yield Fact(label, value, is_missing=value in _NONE_SAID)
