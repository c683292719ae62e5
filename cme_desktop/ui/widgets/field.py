"""A field with its label above, a hint under it, and its error in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

ControlT = TypeVar("ControlT", bound=QWidget)


class Field(QWidget, Generic[ControlT]):
    """Wraps one control: ``Field(theme, "School", QLineEdit())``. The control is ``.control``."""

    def __init__(
        self,
        theme: Theme,
        label: str,
        control: ControlT,
        *,
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.control = control
        self._label = Label(theme, label, role="body-strong")
        self._label.setBuddy(control)
        self._hint = Label(theme, hint, role="small", token="text2", wraps=True)  # noqa: S106  a colour token
        self._error_icon = QLabel()
        self._error = Label(theme, role="small-strong", token="now", wraps=True)  # noqa: S106  a colour token
        self._name_control(label, hint)
        self._build()
        theme.changed.connect(self._take_look)
        self._take_look()
        self.set_error("")
        self._follow_changes()

    def set_error(self, error: str) -> None:
        """Say what to type instead; empty when nothing is wrong."""
        self._error.setText(error)
        self._error.setVisible(bool(error))
        self._error_icon.setVisible(bool(error))
        self._hint.setVisible(bool(self._hint.text()) and not error)
        if bool(self.control.property("wrong")) is not bool(error):
            self.control.setProperty("wrong", bool(error))
            self.control.style().unpolish(self.control)
            self.control.style().polish(self.control)
        self.control.setAccessibleDescription(error or self._hint.text())

    def set_label(self, label: str) -> None:
        """Say something else above the field; the control is spoken by it."""
        self._label.setText(label)
        self.control.setAccessibleName(label)

    def set_hint(self, hint: str) -> None:
        """Say something else under the field."""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint) and not self.error)
        self.control.setAccessibleDescription(self.error or hint)

    @property
    def error(self) -> str:
        """What is wrong, or an empty string."""
        return self._error.text()

    def _follow_changes(self) -> None:
        """Take the error away as soon as something else is typed or chosen: it is no longer about what stands there."""
        control = self.control
        if isinstance(control, QLineEdit | QPlainTextEdit):
            control.textChanged.connect(self._forget_error)
        elif isinstance(control, QComboBox):
            control.currentIndexChanged.connect(self._forget_error)
        elif isinstance(control, QDateTimeEdit):
            control.dateTimeChanged.connect(self._forget_error)

    def _forget_error(self) -> None:
        if self.error:
            self.set_error("")

    def _name_control(self, label: str, hint: str) -> None:
        if not self.control.accessibleName():
            self.control.setAccessibleName(label)
        self.control.setAccessibleDescription(hint)

    def _build(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._label)
        layout.addWidget(self.control)
        layout.addWidget(self._hint)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._error_icon)
        line.addWidget(self._error, 1)
        layout.addLayout(line)

    def _take_look(self) -> None:
        self.control.setFont(self._theme.font("body"))
        self._error_icon.setPixmap(self._theme.pixmap("circle-alert", "now", 16, self.devicePixelRatioF()))
