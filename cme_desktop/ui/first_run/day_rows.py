"""Fields for single days: one, and any number of them added one by one."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from cme_desktop.casework.in_words import read_day, say_day
from cme_desktop.domain.errors import CmeError
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QResizeEvent

    from cme_desktop.ui.style.theme import Theme

_CELL: Final = 260
_FIELD: Final = 118
_WEEKDAY: Final = 76
_MOST_BESIDE: Final = 3


class DayField(QLineEdit):
    """A line that takes a date such as 03/09/2026; ``day`` is None until it is one. Left, it shows what it read."""

    def __init__(self, theme: Theme, name: str, *, today: date) -> None:
        super().__init__()
        self._today = today
        self.setAccessibleName(name)
        self.setPlaceholderText("dd/mm/yyyy")
        self.setFont(theme.font("body"))
        self.setFixedWidth(theme.scaled(140))
        self.textEdited.connect(lambda _: self.mark(wrong=False))
        self.editingFinished.connect(self._spell_out)

    @property
    def day(self) -> date | None:
        """The date typed."""
        with suppress(CmeError):
            return read_day(self.text(), today=self._today)
        return None

    def mark(self, *, wrong: bool) -> None:
        """Show or clear the border of a field in error."""
        if bool(self.property("wrong")) == wrong:
            return
        self.setProperty("wrong", wrong)
        self.style().unpolish(self)
        self.style().polish(self)

    def _spell_out(self) -> None:
        if (day := self.day) is not None:
            self.setText(f"{day:%d/%m/%Y}")


class DayRows(QWidget):
    """Days side by side, each with its weekday and a way to take it out again; ``link`` adds one, as Enter does."""

    edited = Signal()

    def __init__(self, theme: Theme, name: str, *, link: str, today: date) -> None:
        super().__init__()
        self._theme, self._name, self._today = theme, name, today
        self._cells: list[tuple[QWidget, DayField, Label]] = []
        self.link = LinkButton(theme, link, icon="plus")
        self.link.clicked.connect(self.add)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._place()

    def add(self) -> DayField:
        """Add an empty field and put the keyboard there."""
        number = len(self._cells) + 1
        field = DayField(self._theme, f"{self._name} {number}", today=self._today)
        field.setFixedWidth(self._theme.scaled(_FIELD))
        weekday = Label(self._theme, "", token="text2")  # noqa: S106  a colour token
        weekday.setMinimumWidth(self._theme.scaled(_WEEKDAY))
        remove = LinkButton(self._theme, "", icon="x")
        remove.setAccessibleName(f"Take out {self._name} {number}")
        remove.setToolTip("Take this day out")
        cell = QWidget()
        line = QHBoxLayout(cell)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(field)
        line.addWidget(weekday)
        line.addWidget(remove)
        line.addStretch(1)
        before = self._cells[-1][0].findChildren(LinkButton)[-1] if self._cells else None
        self._cells.append((cell, field, weekday))
        self._place()
        if before is not None:
            QWidget.setTabOrder(before, field)
        else:
            QWidget.setTabOrder(self.link, field)
        QWidget.setTabOrder(field, remove)
        field.textEdited.connect(self.edited)
        field.editingFinished.connect(self._say_weekdays)
        remove.clicked.connect(lambda: self._take_out(cell))
        cell.show()
        field.setFocus()
        return field

    def next_after(self, control: QWidget | None) -> QWidget | None:
        """Where Enter goes from one of the days: the next, or a new one after a last that is filled."""
        fields = [field for _, field, _ in self._cells]
        if control not in fields:
            return None
        later = fields[fields.index(control) + 1 :]
        if later:
            return later[0]
        return self.add() if fields[-1].day is not None else None

    def days(self) -> tuple[date, ...]:
        """The days typed so far, each named by its weekday beside the field."""
        self._say_weekdays()
        return tuple(day for _, field, _ in self._cells if (day := field.day) is not None)

    def clear(self) -> None:
        """Take every day out."""
        for cell, _, _ in self._cells:
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self._cells = []
        self._place()

    def unread(self) -> bool:
        """Whether something is typed that is no date; marks it."""
        wrong = [field for _, field, _ in self._cells if field.text().strip() and field.day is None]
        for _, field, _ in self._cells:
            field.mark(wrong=field in wrong)
        return bool(wrong)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _say_weekdays(self) -> None:
        for _, field, weekday in self._cells:
            day = field.day
            weekday.setText(say_day(day) if day else "")

    def _take_out(self, cell: QWidget) -> None:
        self._cells = [kept for kept in self._cells if kept[0] is not cell]
        self._grid.removeWidget(cell)
        cell.hide()
        cell.deleteLater()
        self._place()
        self.link.setFocus()
        self.edited.emit()

    def _place(self) -> None:
        beside = max(1, min(_MOST_BESIDE, self.width() // self._theme.scaled(_CELL - 16)))
        for place, (cell, _, _) in enumerate(self._cells):
            self._grid.addWidget(cell, place // beside, place % beside)
        for column in range(_MOST_BESIDE):
            self._grid.setColumnStretch(column, 1 if column < beside else 0)
        self.setVisible(bool(self._cells))
