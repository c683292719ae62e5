"""Days and words typed by hand in the dialogs of the roll: what is wrong is said beside the field."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import read_day
from cme_desktop.domain.errors import BadInputError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

    from cme_desktop.ui.widgets.field import Field

_TYPE_IT: Final = "Type the day as 12/11/2026."


def needs(field: Field[QLineEdit], error: str) -> bool:
    """Say beside a field that is empty what to type; True where something is there."""
    field.set_error("" if field.control.text().strip() else error)
    return not field.error


def needs_words(field: Field[QPlainTextEdit], error: str) -> bool:
    """Say beside an empty field of words what to write; True where something is there."""
    field.set_error("" if field.control.toPlainText().strip() else error)
    return not field.error


def checked_day(field: Field[QLineEdit], *, today: date, is_needed: bool = True) -> tuple[bool, date | None]:
    """Read the day typed in a field, saying in the field what to type where it is none."""
    try:
        found = read_day(field.control.text(), today=today)
    except BadInputError:
        field.set_error(_TYPE_IT)
        return (False, None)
    field.set_error(_TYPE_IT if found is None and is_needed else "")
    return (not field.error, found)


def checked_birth(field: Field[QLineEdit], *, today: date) -> tuple[bool, date | None]:
    """Read a date of birth, with its year; empty where it is not known yet."""
    text = field.control.text().strip().replace(".", "/").replace("-", "/")
    if text and text.count("/") != 2:
        field.set_error("Type it with its year, as 14/03/2021.")
        return (False, None)
    fits, found = checked_day(field, today=today, is_needed=False)
    if fits and found is not None and found > today:
        field.set_error("This day is still to come.")
        return (False, None)
    return (fits, found)
