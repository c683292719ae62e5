"""The fields that several dialogs of a removal share."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QLineEdit

from cme_desktop.ui.entry_dialog import day_edit

if TYPE_CHECKING:
    from cme_desktop.ui.widgets.field import Field


def first_day_edit(today: date, *, day: date | None = None) -> QDateEdit:
    """Build a field for a day that is today or later."""
    edit = day_edit(max(today, day or today))
    edit.setMinimumDate(QDate(today.year, today.month, today.day))
    return edit


def set_day(edit: QDateEdit, day: date) -> None:
    """Show a day in its field."""
    edit.setDate(QDate(day.year, day.month, day.day))


def needs(field: Field[QLineEdit], error: str) -> bool:
    """Say in a field what is missing where it is empty; True where it is not."""
    field.set_error("" if field.control.text().strip() else error)
    return not field.error
