"""The journal in plain sentences: who did what, when, about whom; the newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.finding import fold
from cme_desktop.casework.history import title_of
from cme_desktop.casework.in_words import capital, say_day
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.veil import for_reader
from cme_desktop.domain.cases import Role
from cme_desktop.domain.rights import Right
from cme_desktop.storage.events import find_events
from cme_desktop.storage.journal_entries import EntryRead, read_between, read_entries
from cme_desktop.storage.pupils import load_names
from cme_desktop.storage.users import list_users

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    "day sheet printed": "Printed the day sheet",
    "day sheet saved": "Saved the day sheet",
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


@needs(Right.EXPORT_NAMES)
def load_day(office: Office, *, first: datetime, last: datetime) -> tuple[JournalLine, ...]:
    """Read what was written down from one moment up to, not including, another, in its order."""
    with office.database.reading() as db:
        people = {int(user.id): user.name for user in list_users(db)}
        names, entries = load_names(db), read_between(db, first=first, last=last)
        events = find_events(db, _events_in(entries))
    return for_reader(office, tuple(_line(entry, people, names, events) for entry in entries))


def _line(
    entry: EntryRead, people: dict[int, str], names: dict[int, str], events: dict[int, WrittenEvent]
) -> JournalLine:
    by = _PROGRAM if entry.by is None else people.get(entry.by, f"person {entry.by}")
    role = Role(entry.role).in_words if entry.role else ""
    titles = [title_of(events[event].event) for event in _numbers(entry, "events") if event in events]
    said = _SAID.get(entry.act, capital(entry.act.replace("_", " ")))
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
    if entry.act == "file_imported":
        counts = [f"{told[name]} {name}" for name in ("new", "changed", "unchanged") if told.get(name)]
        return f": {', '.join(counts)}" if counts else ""
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
