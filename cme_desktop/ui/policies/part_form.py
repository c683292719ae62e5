"""The fields of one part of a policy: whatever is typed gives the part anew, and what is wrong stands beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSpinBox, QVBoxLayout, QWidget

from cme_desktop.policy.school_policy_text import LARGEST_NUMBER
from cme_desktop.ui.entry_dialog import ChoiceBox, choice_box, words_edit
from cme_desktop.ui.policies.check_list import CheckList
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtGui import QWheelEvent

    from cme_desktop.policy.policy_faults import Fault
    from cme_desktop.ui.style.theme import Theme

T = TypeVar("T")
_NUMBER_WIDTH: Final = 180


class PartForm(QWidget):
    """One part's fields. ``edited`` carries the part as it is now, ``reshaped`` too where other fields belong to it."""

    edited = Signal(object)
    reshaped = Signal(object)

    def __init__(self, theme: Theme, value: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.value = value
        self.fields: dict[str, Field[Any]] = {}
        self.setProperty("look", "pane")
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(4, 4, 14, 12)
        self._body.setSpacing(12)

    def show_faults(self, faults: Iterable[Fault]) -> None:
        """Say beside each field what is wrong in it; a fault without a field of its own stands at the first."""
        said: dict[str, str] = {}
        for fault in faults:
            name = fault.field if fault.field in self.fields else next(iter(self.fields))
            said.setdefault(name, fault.says)
        for name, field in self.fields.items():
            if field.error != said.get(name, ""):
                field.set_error(said.get(name, ""))

    def change(self, **changes: Any) -> None:
        """Take something that was typed into the part."""
        self.take(replace(self.value, **changes))

    def take(self, value: Any, *, reshapes: bool = False) -> None:
        """Take the part as it was made of this one; ``reshapes`` where it has other fields now."""
        self.value = value
        self.edited.emit(value)
        if reshapes:
            self.reshaped.emit(value)

    # -- kinds of field ----------------------------------------------------------------------------------------

    def add_heading(self, words: str) -> None:
        """Begin a group of fields."""
        self._body.addWidget(SectionHeading(self.theme, words, is_pane=True))

    def add_line(self, name: str, label: str, text: str, took: Callable[[str], None], *, hint: str = "") -> None:
        """Add a field for one line of words."""
        edit = QLineEdit(text)
        edit.setCursorPosition(0)
        edit.textEdited.connect(took)
        self._add(name, label, edit, hint)

    def add_words(
        self, name: str, label: str, text: str, took: Callable[[str], None], *, hint: str = "", lines: int = 3
    ) -> None:
        """Add a field for several lines of words."""
        edit: QPlainTextEdit = words_edit(lines=lines, theme=self.theme)
        edit.setPlainText(text)
        edit.textChanged.connect(lambda: took(edit.toPlainText()))
        self._add(name, label, edit, hint)

    def add_choice(
        self,
        name: str,
        label: str,
        choices: Iterable[tuple[str, T]],
        chosen: T,
        took: Callable[[T], None],
        *,
        hint: str = "",
    ) -> None:
        """Add a box of which one is chosen."""
        box: ChoiceBox[T] = choice_box(choices, chosen=chosen)
        box.setMinimumContentsLength(12)
        box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.currentIndexChanged.connect(lambda _: took(box.chosen))
        self._add(name, label, box, hint)

    def add_number(
        self,
        name: str,
        label: str,
        number: int,
        took: Callable[[int], None],
        *,
        hint: str = "",
        least: int = 1,
        nothing: str = "",
    ) -> None:
        """Add a field for a whole number; ``nothing`` is what its least value stands for."""
        edit = NumberEdit()
        edit.setMaximumWidth(self.theme.scaled(_NUMBER_WIDTH))
        edit.setRange(least, max(LARGEST_NUMBER, number))
        edit.setSpecialValueText(nothing)
        edit.setValue(number)
        edit.valueChanged.connect(took)
        self._add(name, label, edit, hint)

    def add_checks(
        self,
        name: str,
        label: str,
        choices: Iterable[tuple[str, str]],
        ticked: Iterable[str],
        took: Callable[[tuple[str, ...]], None],
        *,
        hint: str = "",
    ) -> None:
        """Add a list of which several may be ticked."""
        checks = CheckList(self.theme, choices, ticked)
        checks.picked.connect(took)
        self._add(name, label, checks, hint)

    def finish(self) -> None:
        """Leave what room is left at the foot."""
        self._body.addStretch(1)

    def _add(self, name: str, label: str, control: QWidget, hint: str) -> None:
        field = Field(self.theme, label, control, hint=hint)
        self.fields[name] = field
        self._body.addWidget(field)


class NumberEdit(QSpinBox):
    """A whole number, typed or stepped with the arrow keys; the wheel is left to the pane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # The style sheet hides the step buttons: with NoButtons it leaves the number no room. Nor does it pad it.
        self.lineEdit().setTextMargins(8, 0, 8, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the pane: a number must not change under a scrolling hand."""
        event.ignore()
