"""Parts of the dialogs of leaving: a day that may be unknown, and brothers and sisters who are concerned too."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cme_desktop.ui.entry_dialog import day_edit, day_in
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.widgets.field import Field

Named = tuple[tuple["PupilId", str], ...]
"""Pupils as pairs of id and name with class."""


class DayOrNot(QWidget):
    """A day, and a box to tick where nobody knows it."""

    def __init__(self, day: date, *, name: str, unknown: str, is_known: bool = True) -> None:
        super().__init__()
        self.edit = day_edit(day)
        self.edit.setAccessibleName(name)
        self.unknown = QCheckBox(unknown)
        self.unknown.toggled.connect(self.edit.setDisabled)
        self.unknown.setChecked(not is_known)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self.unknown)
        self.setFocusProxy(self.edit)

    @property
    def day(self) -> date | None:
        """The day; None where it is not known."""
        return None if self.unknown.isChecked() else day_in(self.edit)


class FamilyBoxes(QWidget):
    """A box to tick for each brother and sister who is concerned too; hidden where there is none."""

    def __init__(self, theme: Theme, heading: str) -> None:
        super().__init__()
        self._theme = theme
        self._boxes: list[tuple[PupilId, QCheckBox]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._layout.addWidget(Label(theme, heading, role="body-strong"))
        self.hide()

    def offer(self, family: Named) -> None:
        """Offer these brothers and sisters, none of them ticked."""
        for _, box in self._boxes:
            self._layout.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = [(pupil_id, QCheckBox(name)) for pupil_id, name in family]
        for _, box in self._boxes:
            box.setFont(self._theme.font("body"))
            self._layout.addWidget(box)
        self.setVisible(bool(self._boxes))

    @property
    def boxes(self) -> tuple[QCheckBox, ...]:
        """The boxes, in order."""
        return tuple(box for _, box in self._boxes)

    @property
    def chosen(self) -> tuple[PupilId, ...]:
        """Those who are ticked."""
        return tuple(pupil_id for pupil_id, box in self._boxes if box.isChecked())


def needs(field: Field[QLineEdit], error: str) -> bool:
    """Whether something is typed in a field; say beside it what is missing where nothing is."""
    field.set_error("" if field.control.text().strip() else error)
    return not field.error
