"""What stands in the fields of a dialog, read as words by name and put back: one place for every dialog there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONTROLS: Final = (QComboBox, QCheckBox, QDateEdit, QLineEdit, QPlainTextEdit, QListWidget)
"""In the order in which they are put back: a choice may show further fields, and words may find what a list offers."""

_DAY: Final = Qt.DateFormat.ISODate
_TICKED: Final = "ticked"


class TypedFields(QObject):
    """The fields of a dialog. ``touched`` says that a hand was at one of them; what the program fills in says nothing.

    What a decision asks to be chosen is never put back: a choice whose first line stands for none is made afresh.
    """

    touched = Signal()

    def __init__(self, content: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._controls = tuple(_named(content))
        for _, control in self._controls:
            self._follow(control)

    @property
    def can_be_kept(self) -> bool:
        """Whether there is something to keep: words can be typed, and none of them is a password."""
        lines = [control for _, control in self._controls if isinstance(control, (QLineEdit, QPlainTextEdit))]
        return bool(lines) and not any(
            isinstance(line, QLineEdit) and line.echoMode() is not QLineEdit.EchoMode.Normal for line in lines
        )

    def read(self) -> dict[str, str]:
        """Read every field."""
        return {name: _read(control) for name, control in self._controls}

    def put_back(self, typed: Mapping[str, str], *, by_hand: bool = True) -> None:
        """Fill the fields with what was read before; ``by_hand``: it counts as typed and is asked after."""
        for kind in _CONTROLS:
            for name, control in self._controls:
                if isinstance(control, kind) and name in typed:
                    _put(control, typed[name], by_hand=by_hand)

    def _follow(self, control: QWidget) -> None:
        if isinstance(control, QLineEdit):
            control.textEdited.connect(self._say_touched)
        elif isinstance(control, QPlainTextEdit):
            control.textChanged.connect(self._say_touched)
        elif isinstance(control, QDateEdit):
            control.userDateChanged.connect(self._say_touched)
        elif isinstance(control, QComboBox):
            control.activated.connect(self._say_touched)
        elif isinstance(control, QCheckBox):
            control.clicked.connect(self._say_touched)
        elif isinstance(control, QListWidget):
            control.currentRowChanged.connect(self._say_touched)

    def _say_touched(self, *_: object) -> None:
        self.touched.emit()


def is_decision(box: QComboBox) -> bool:
    """Whether a choice begins with none chosen, as every decision does."""
    return box.itemText(0).startswith("Choose")


def _named(content: QWidget) -> Iterator[tuple[str, QWidget]]:
    """Every field that holds something, by a name that stays the same as long as the dialog does."""
    for place, control in enumerate(each for each in content.findChildren(QWidget) if isinstance(each, _CONTROLS)):
        if isinstance(control, QLineEdit) and isinstance(control.parentWidget(), (QAbstractSpinBox, QComboBox)):
            continue
        if isinstance(control, (QLineEdit, QPlainTextEdit)) and control.isReadOnly():
            continue
        yield f"{place} {control.accessibleName()}", control


def _put(control: QWidget, words: str, *, by_hand: bool) -> None:
    if isinstance(control, QLineEdit):
        control.setText(words)
        control.setModified(by_hand)
    elif isinstance(control, QPlainTextEdit):
        control.setPlainText(words)
        control.document().setModified(by_hand)
    elif isinstance(control, QDateEdit):
        control.setDate(QDate.fromString(words, _DAY))
    elif isinstance(control, QCheckBox):
        control.setChecked(words == _TICKED)
    elif isinstance(control, QComboBox):
        _choose_words(control, words, by_hand=by_hand)
    elif isinstance(control, QListWidget):
        _choose_line(control, words)


def _read(control: QWidget) -> str:
    if isinstance(control, QLineEdit):
        return control.text()
    if isinstance(control, QPlainTextEdit):
        return control.toPlainText()
    if isinstance(control, QDateEdit):
        return control.date().toString(_DAY)
    if isinstance(control, QCheckBox):
        return _TICKED if control.isChecked() else ""
    if isinstance(control, QComboBox):
        return control.currentText()
    assert isinstance(control, QListWidget)
    item = control.currentItem()
    return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole) or item.text())


def _choose_words(control: QComboBox, words: str, *, by_hand: bool) -> None:
    place = control.findText(words)
    if place >= 0 and not (by_hand and is_decision(control)):
        control.setCurrentIndex(place)


def _choose_line(control: QListWidget, words: str) -> None:
    for row in range(control.count()):
        item = control.item(row)
        if words and words in {str(item.data(Qt.ItemDataRole.UserRole)), item.text()}:
            control.setCurrentRow(row)
