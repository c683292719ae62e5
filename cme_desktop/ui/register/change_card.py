"""The card that changes one mark: what stands, the new code, who told you and when."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.pupil_year import words_of
from cme_desktop.casework.register_cells import CellState, RegisterCell
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.widgets.buttons import PrimaryButton
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.keycap import Keycap
from cme_desktop.ui.widgets.label import Label


class ChangeCard(QFrame):
    """Takes a code and a reason for one cell. ``saved`` carries both; ``left`` says that Esc was pressed."""

    saved = Signal(str, str)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("look", "sunken")
        self._title = Label(theme, role="body-strong")
        self._now = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self.code = Field(theme, "Code", QLineEdit())
        self.reason = Field(theme, "Who told you and when", QLineEdit())
        self._save = PrimaryButton(theme, "Save change")
        self._build()
        self._connect()

    @property
    def has_typed(self) -> bool:
        """Whether somebody has begun to type a change."""
        return bool(self.code.control.text() or self.reason.control.text())

    def show_cell(self, cell: RegisterCell) -> None:
        """Show what stands in a cell and make ready for another code."""
        session = cell.session
        self._title.setText(f"Change {say_day(session.on)} {session.half.value}")
        self._now.setText(f"Now: {words_of(cell)}")
        is_change = cell.state is CellState.MARKED
        self.reason.set_hint("The code before it stays visible beside the new one." if is_change else "")
        self.code.control.clear()
        self.reason.control.clear()
        self.code.set_error("")
        self.reason.set_error("")

    def begin(self, code: str) -> None:
        """Take over a code begun in the grid: on to its second character, or to the reason where it is whole."""
        self.code.control.setText(code)
        whole = code not in {"C", "J", "Y"}
        (self.reason if whole and code else self.code).control.setFocus()

    def ask_reason(self, code: str, error: str) -> None:
        """Put the keyboard on the reason, with why it is needed."""
        self.code.control.setText(code)
        self.reason.set_error(error)
        self.reason.control.setFocus()

    def refuse_code(self, error: str) -> None:
        """Say why the code can't be taken."""
        self.code.set_error(error)
        self.code.control.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _build(self) -> None:
        self.code.control.setMaxLength(2)
        self.code.control.setFixedWidth(self._theme.scaled(64))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(Keycap(self._theme, "Esc"))
        layout.addLayout(top)
        layout.addWidget(self._now)
        fields = QHBoxLayout()
        fields.setSpacing(12)
        fields.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
        fields.addWidget(self.reason, 1, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(fields)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(self._save)
        bottom.addWidget(Keycap(self._theme, "Enter"))
        layout.addLayout(bottom)

    def _connect(self) -> None:
        self._save.clicked.connect(self._emit_saved)
        self.code.control.returnPressed.connect(self.reason.control.setFocus)
        self.reason.control.returnPressed.connect(self._emit_saved)

    def _emit_saved(self) -> None:
        self.saved.emit(self.code.control.text(), self.reason.control.text())
