"""The journal in plain sentences: who did what, when, about whom; the newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.finding import fold
from cme_desktop.casework.history import title_of
from cme_desktop.casework.in_words import capital, say_day
from cme_desktop.casework.naming import named_pupils
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.trial_words import say_trial, trial_told
from cme_desktop.casework.veil import for_reader
from cme_desktop.domain.cases import Role
from cme_desktop.domain.rights import Right
from cme_desktop.storage.events import find_events
from cme_desktop.storage.journal_entries import EntryRead, read_between, read_entries
from cme_desktop.storage.pupils import list_all_pupils, load_names
from cme_desktop.storage.users import list_users

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from cme_desktop.domain.identifiers import PupilId, UserId
    from cme_desktop.storage.events import WrittenEvent

PAGE: Final = 200
_LOOKED_THROUGH: Final = 5000
"""So many entries are looked through for words, before somebody has to ask for older ones."""

_PROGRAM: Final = "The program"
_SAID: Final = {
    "written": "Wrote without an act of its own",
    "flags reconciled": "Judged every pupil, and kept the list of what is to be done",
    "records_made": "Set the records up",
    "records_sealed": "Sealed every row as it stood",
    "own_keys_made": "Got new keys of their own",
    "person_added": "Added a person",
    "person_removed": "Removed a person",
    "key_changed": "Gave the records a new key",
    "password_changed": "Changed the password",
    "recovery_key_replaced": "Made a new recovery key",
    "recovery_key_tried": "Tried the recovery key: it opens the records",
    "second_factor_on": "Switched on codes from a phone",
    "second_factor_off": "Switched off codes from a phone",
    "codes_printed": "Made new printed codes",
    "code_used": "Opened the records with a code",
    "computer_opens": "Let a computer open the records without the password",
    "computer_forgotten": "Let a computer open the records no more",
    "backup_made": "Made a backup",
    "records_restored": "Brought the records back from a backup",
    "clock_confirmed": "Said that the computer's clock is right",
    "undo": "Took back",
    "contact attempt": "Call",
    "record_enquiry": "Wrote down an enquiry",
    "open_case": "Opened a case",
    "close_case": "Closed a case",
    "reopen_case": "Opened a case again",
    "set_case_status": "Changed how a case stands",
    "add_task": "Added a task",
    "end_task": "Ended a task",
    "add_to_history": "Added to the history",
    "file_imported": "Imported a file",
    "import_undone": "Took an import back",
    "mark amended": "Amended a mark",
    "mark typed": "Marked a session that nobody had",
    "document_printed": "Printed a document",
    "document_saved": "Saved a document",
    "document_sent": "Sent a document",
    "settings_changed": "Changed the school's morning",
    "school_year_begun": "Set up a school year",
    "school_year_undone": "Undid a school year",
    "protected notes read": "Read protected notes",
    "register copy made": "Made the copy of the registers",
    "paper copy saved": "Saved a copy of a paper",
    "paper opened": "Opened a paper",
    "explanation printed": "Printed the explanation of flags",
    "rules' answers printed": "Printed each rule's answer",
    "list told at the command line": "Listed named pupils at the command line",
    "case told at the command line": "Read a case at the command line",
    "day sheet printed": "Printed the day sheet",
    "day sheet saved": "Saved the day sheet",
    "hold_set": "Held records: nothing of them is disposed of",
    "hold_lifted": "Lifted a hold",
    "kept_on": "Decided that a record is kept on",
    "may_be_disposed_of": "Looked at a record, and decided that it may go",
    "disposal_drawn_up": "Drew up a list of what is due for disposal",
    "disposal_given_up": "Gave a disposal list up: nothing was removed",
    "records_swept": "Swept out of the file what a signed disposal list removed",
    "records_disposed": "Signed a disposal list: what stood on it is removed for good",
    "disposal_printed": "Printed a disposal list",
    "disposal_saved": "Saved a disposal list",
    "request noted": "Wrote down a request to see what is held",
    "request identity": "Wrote down how it was checked who asks",
    "request extended": "Took longer for a request to see what is held",
    "request ended": "Closed a request to see what is held",
    "pack item decided": "Decided about an item that somebody asks to see",
    "pack file read": "Looked at a file that somebody asks to see",
    "pack printed": "Printed what is held about somebody",
    "pack saved": "Saved what is held about somebody as a file",
    "sharing noted": "Wrote down that something was given to somebody",
    "sharing struck out": "Struck out a line of the sharing log",
    "sharing log printed": "Printed the sharing log",
    "sharing log saved": "Saved the sharing log",
    "breach noted": "Began the note of a data breach",
    "breach account": "Wrote down more about a data breach",
    "breach closed": "Closed the note of a data breach",
    "breach printed": "Printed the note of a data breach",
    "breach saved": "Saved the note of a data breach",
    "journal printed": "Printed the journal",
    "journal saved": "Saved the journal",
    "views_heard": "Wrote down what the child or the family says",
}
_HALVES: Final = {"am": "morning", "pm": "afternoon"}
_NUMBERED: Final = re.compile(r"^(pupil|user)[: ](\d+)$")


@dataclass(frozen=True, slots=True)
class JournalLine:
    """An entry as people read it; ``at`` is the office clock. ``about`` names pupils, persons or a case."""

    number: int
    at: datetime
    by: str
    role: str
    said: str
    about: str
    is_signed: bool


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Lines of the journal, the newest first, and the entry before which to go on; None at the beginning."""

    lines: tuple[JournalLine, ...]
    older_than: int | None


@needs(Right.READ_JOURNAL)
def load_journal(
    office: Office,
    *,
    words: str = "",
    by: UserId | None = None,
    pupil_id: PupilId | None = None,
    before: int | None = None,
) -> JournalPage:
    """Read the newest lines in which all the words stand; of one person, or about one pupil and their cases."""
    wanted = fold(words).split()
    found: list[JournalLine] = []
    looked, at = 0, before
    with office.database.reading() as db:
        people = {int(user.id): user.name for user in list_users(db)}
        names = load_names(db)
        while looked < _LOOKED_THROUGH:
            entries = read_entries(db, most=PAGE, before=at, by=by, pupil_id=pupil_id)
            events = find_events(db, _events_in(entries))
            for entry in entries:
                line = _line(entry, people, names, events)
                looked, at = looked + 1, entry.number
                said = fold(f"{line.by} {line.said} {line.about}")
                if all(word in said for word in wanted):
                    found.append(line)
                if len(found) == PAGE:
                    return JournalPage(tuple(found), at)
            if len(entries) < PAGE:
                return JournalPage(tuple(found), None)
    return JournalPage(tuple(found), at)


@needs(Right.READ_JOURNAL)
def list_pupils_told(office: Office) -> tuple[tuple[PupilId, str], ...]:
    """List whom the journal may be narrowed to: every pupil of the records, by name."""
    with office.database.reading() as db:
        return named_pupils({each.id: each for each in list_all_pupils(db)})


@needs(Right.EXPORT_NAMES)
def load_day(office: Office, *, first: datetime, last: datetime) -> tuple[JournalLine, ...]:
    """Read what was written down from one moment up to, not including, another, in its order."""
    with office.database.reading() as db:
        people = {int(user.id): user.name for user in list_users(db)}
        names, entries = load_names(db), read_between(db, first=first, last=last)
        events = find_events(db, _events_in(entries))
    return for_reader(office, tuple(_line(entry, people, names, events) for entry in entries))


def read_whole(db: Session, *, pupil_id: int) -> tuple[tuple[EntryRead, JournalLine], ...]:
    """Read every entry about a pupil and their cases in its order, with the line that people read.

    An act that was about several children at once is told by what it was about this one.
    """
    people = {int(user.id): user.name for user in list_users(db)}
    names = load_names(db)
    found: list[EntryRead] = []
    while page := read_entries(db, most=PAGE, before=found[-1].number if found else None, pupil_id=pupil_id):
        found += page
    events = {key: each for key, each in find_events(db, _events_in(found)).items() if each.pupil_id == pupil_id}
    return tuple((entry, _line(entry, people, names, events)) for entry in reversed(found))


def _line(
    entry: EntryRead, people: dict[int, str], names: dict[int, str], events: dict[int, WrittenEvent]
) -> JournalLine:
    by = _PROGRAM if entry.by is None else people.get(entry.by, f"person {entry.by}")
    role = Role(entry.role).in_words if entry.role else ""
    titles = [title_of(events[event].event) for event in _numbers(entry, "events") if event in events]
    said = _SAID.get(entry.act, capital(entry.act.replace("_", " ")))
    if entry.act == "backup_tried":
        said = say_trial(trial_told(entry.at, entry.details))
    if titles:
        said = "; ".join(dict.fromkeys(titles))
    said += _detail(entry)
    local = entry.at.astimezone(LOCAL_ZONE).replace(tzinfo=None)
    return JournalLine(entry.number, local, by, role, said, _about(entry, people, names), entry.is_signed)


def _detail(entry: EntryRead) -> str:
    """What stood before and what stands now, of an amended mark; how much came in, of an import."""
    told = entry.details
    if entry.act in {"mark amended", "mark typed"}:
        before = f"{told['old']} to " if told.get("old") else ""
        day, half = told["session"].split()
        return f": {before}{told['new']}, {say_day(date.fromisoformat(day))} {_HALVES[half]}"
    if entry.act == "records_restored":
        return f" of {say_day(date.fromisoformat(told['made_on']))}" if told.get("made_on") else ""
    if entry.act == "file_imported":
        counts = [f"{told[name]} {name}" for name in ("new", "changed", "unchanged") if told.get(name)]
        return f": {', '.join(counts)}" if counts else ""
    if entry.act == "pack saved":
        return ", locked with a password" if told.get("locked") else ", without a password"
    return ""


def _about(entry: EntryRead, people: dict[int, str], names: dict[int, str]) -> str:
    pupils = _numbers(entry, "pupils")
    if pupils:
        return ", ".join(names.get(pupil, f"pupil {pupil}") for pupil in pupils)
    numbered = _NUMBERED.match(entry.subject)
    if numbered:
        known = names if numbered[1] == "pupil" else people
        return known.get(int(numbered[2]), entry.subject)
    return capital(entry.subject.replace(":", " ").replace("_", " "))


def _events_in(entries: Iterable[EntryRead]) -> tuple[int, ...]:
    return tuple(event for entry in entries for event in _numbers(entry, "events"))


def _numbers(entry: EntryRead, name: str) -> tuple[int, ...]:
    """The numbers that an entry's details list under a name; some acts count there instead."""
    listed = entry.details.get(name)
    return tuple(listed) if isinstance(listed, list) else ()
