"""What every page of the wizard is: a title, a sentence, fields, and its share of the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from cme_desktop.domain.errors import CmeError
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from cme_desktop.ui.style.theme import Theme

WIDEST = 760
"""How wide the fields of a page may become, at 100 %."""


class Page(QFrame):
    """One step. ``answers`` are keyword arguments of ``NewSchool``; ``check`` marks what is wrong in the fields."""

    edited = Signal()

    def __init__(self, theme: Theme, *, name: str, title: str, about: str) -> None:
        super().__init__()
        self.theme = theme
        self.name = name
        self.setProperty("look", "pane")
        self.setAccessibleName(title)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(36, 28, 36, 20)
        self.body.setSpacing(12)
        self.body.addWidget(Label(theme, title, role="page", wraps=True))
        self.body.addWidget(Label(theme, about, role="body", token="text2", wraps=True))  # noqa: S106  a colour token
        self.body.addSpacing(4)

    def check(self) -> bool:
        """Whether the page may be left; says in each field what is wrong with it."""
        return True

    def answers(self) -> dict[str, Any]:
        """This page's share of the new school."""
        return {}

    def add_text(self, label: str, *, hint: str = "", width: int = WIDEST) -> Field[QLineEdit]:
        """Add a field for a line of text."""
        field = Field(self.theme, label, QLineEdit(), hint=hint)
        field.setMaximumWidth(self.theme.scaled(min(width, WIDEST)))
        self.forgive(field)
        field.control.textEdited.connect(self._say_edited)
        self.body.addWidget(field)
        return field

    def forgive(self, field: Field[QLineEdit]) -> None:
        """Take a field's error away once somebody types in it; ``check`` looks at it again."""
        field.control.textEdited.connect(lambda _: field.set_error(""))

    def take_focus(self) -> None:
        """Put the keyboard in the first field."""
        self._focus_first(lambda _: True)

    def show_wrong(self) -> None:
        """Put the keyboard in the first field that is wrong, in sight."""
        self._focus_first(lambda control: bool(control.property("wrong")))

    def gap_after(self, control: QWidget | None) -> QWidget | None:
        """The field that Enter goes to from ``control`` because it is still to be filled; None to leave the page."""
        del control
        return None

    def _focus_first(self, is_wanted: Callable[[QWidget], bool]) -> None:
        control: QWidget | None = self.nextInFocusChain()
        while control is not None and control is not self:
            if self.isAncestorOf(control) and _is_field(control) and is_wanted(control):
                control.setFocus(Qt.FocusReason.TabFocusReason)
                if isinstance(control, QLineEdit):
                    control.selectAll()
                show_in_sight(control)
                return
            control = control.nextInFocusChain()

    def minimumSizeHint(self) -> QSize:
        # All of it, so that a low window scrolls the page instead of pressing its fields together.
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def end(self) -> None:
        """Keep the fields at the top."""
        self.body.addStretch(1)

    def _say_edited(self) -> None:
        self.edited.emit()


def _is_field(control: QWidget) -> bool:
    can_be_reached = bool(control.focusPolicy() & Qt.FocusPolicy.TabFocus) and control.isEnabled()
    return can_be_reached and not (isinstance(control, QLineEdit) and control.isReadOnly())


def show_in_sight(control: QWidget) -> None:
    """Scroll the page to a control."""
    behind = control.parentWidget()
    while behind is not None and not isinstance(behind, QScrollArea):
        behind = behind.parentWidget()
    if behind is not None:
        behind.ensureWidgetVisible(control)


def mark_wrong(control: QWidget, *, wrong: bool) -> None:
    """Show or clear the border of a control in error."""
    if bool(control.property("wrong")) == wrong:
        return
    control.setProperty("wrong", wrong)
    control.style().unpolish(control)
    control.style().polish(control)


def need(field: Field[QLineEdit], sentence: str) -> bool:
    """Whether something is typed; says so in the field where not."""
    field.set_error("" if field.control.text().strip() else sentence)
    return not field.error


def parse(field: Field[QLineEdit], read: Callable[[str], object]) -> bool:
    """Whether ``read`` takes what is typed; its refusal is shown in the field."""
    try:
        read(field.control.text())
    except CmeError as error:
        field.set_error(f"{error.title} {error.detail}".strip())
        return False
    field.set_error("")
    return True
