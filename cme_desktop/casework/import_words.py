"""How the import window says things: kinds, meanings of columns, what an import did."""

from __future__ import annotations

from typing import Final

from cme_desktop.casework.import_preview import ImportCounts
from cme_desktop.importers.fields import Field, FileKind
from cme_desktop.importers.mapping import CERTAIN, ColumnUse

KIND_WORDS: Final = {
    FileKind.PUPILS: "Pupils, with contacts if the file has them",
    FileKind.CONTACTS: "Contacts",
    FileKind.MARKS: "Marks",
    FileKind.CALENDAR: "Term dates",
}

_MOST_CONTACTS: Final = 6
_MARK_FIELDS: Final = (
    Field.DATE, Field.SESSION, Field.MARK, Field.AM_MARK, Field.PM_MARK, Field.WEEK_MARKS, Field.MINUTES_LATE,
    Field.COMMENT,
)  # fmt: skip
_CALENDAR_FIELDS: Final = (Field.TERM_NAME, Field.FIRST_DAY, Field.LAST_DAY)
_KEY_FIELDS: Final = (Field.UPN, Field.MIS_ID, Field.SURNAME, Field.FORENAME, Field.FULL_NAME, Field.BORN)
_ELSEWHERE: Final = frozenset({
    *_MARK_FIELDS, *_CALENDAR_FIELDS, Field.SESSION_MARK, Field.MOBILE, Field.HOME_PHONE, Field.WORK_PHONE, Field.EMAIL,
    Field.TITLE,
})  # fmt: skip

Meaning = tuple[Field | None, int]
"""What a column may mean, with the number of the contact it tells of."""


def list_meanings(kind: FileKind, *, contacts: int) -> tuple[tuple[str, Meaning], ...]:
    """List what a column of such a file may mean, in words; ``contacts`` is how many the file has."""
    unused: tuple[tuple[str, Meaning], ...] = (("Not used", (None, 0)),)
    if kind is FileKind.CALENDAR:
        return (*unused, *((field.in_words, (field, 0)) for field in _CALENDAR_FIELDS))
    if kind is FileKind.MARKS:
        return (*unused, *((field.in_words, (field, 0)) for field in (*_KEY_FIELDS, *_MARK_FIELDS)))
    of_pupil = [field for field in Field if not field.is_contact and field not in _ELSEWHERE]
    if kind is FileKind.CONTACTS:
        of_pupil = list(_KEY_FIELDS)
    blocks = range(1, min(max(contacts, 1) + 1, _MOST_CONTACTS) + 1)
    of_contacts = [
        (_contact_words(field, block), (field, block)) for block in blocks for field in Field if field.is_contact
    ]
    return (*unused, *((field.in_words, (field, 0)) for field in of_pupil), *of_contacts)


def say_confidence(use: ColumnUse) -> str:
    """Say how sure the program is of a column's meaning."""
    if use.field is None:
        return "Not used"
    if use.confidence >= 1:
        return "Sure"
    return "Likely" if use.confidence >= CERTAIN else "Check this"


def say_done(kind: FileKind, counts: ImportCounts, *, is_saved: bool) -> str:
    """Say in a sentence what an import did."""
    if not is_saved:
        return "Nothing to change. The records already hold what the file says."
    what = {FileKind.MARKS: "marks", FileKind.CALENDAR: "rows of term dates"}.get(kind, "rows")
    return f"Saved: {counts.new} new and {counts.changed} changed {what}."


def say_nothing_to_save(counts: ImportCounts) -> tuple[str, str] | None:
    """Say why accepting would save nothing, and what to do; None where something would be saved."""
    if counts.new or counts.changed:
        return None
    if not counts.rejected:
        return "There is nothing to save.", "The records already hold what the file says."
    taken = "Nothing else in the file is new." if counts.unchanged or counts.not_taken else "No row can be taken."
    return taken, "What stands in the way of each row is listed below. Correct it and open the file again."


def _contact_words(field: Field, block: int) -> str:
    return f"Contact {block}: {field.in_words.removeprefix('Contact: ').removeprefix('Contact ').lower()}"
