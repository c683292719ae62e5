"""A question asked only where the act is grave or the program is unsure. Enter never destroys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from cme_desktop.ui.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.severity_shape import SeverityShape, Shape

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.style.theme import Theme

_WIDEST: Final = 560


class AskDialog(QDialog):
    """Title, a sentence, what is missing, the button that helps, and last the way out."""

    def __init__(
        self,
        theme: Theme,
        *,
        title: str,
        sentence: str = "",
        points: tuple[str, ...] = (),
        accept: str = "",
        reject: str = "Not now",
        is_grave: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join((sentence, *points)))
        self.setMinimumWidth(min(_WIDEST, theme.scaled(400)))
        self.setMaximumWidth(max(_WIDEST, theme.scaled(_WIDEST)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(Label(theme, title, role="heading", wraps=True))
        if sentence:
            layout.addWidget(Label(theme, sentence, role="body", wraps=True))
        for point in points:
            layout.addLayout(_point(theme, point))
        layout.addSpacing(8)
        layout.addLayout(self._buttons(theme, accept=accept, reject=reject, is_grave=is_grave))

    def _buttons(self, theme: Theme, *, accept: str, reject: str, is_grave: bool) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addStretch(1)
        out = SecondaryButton(theme, reject)
        out.clicked.connect(self.reject)
        if accept:
            helps = DangerButton(theme, accept) if is_grave else PrimaryButton(theme, accept)
            helps.clicked.connect(self.accept)
            helps.setDefault(not is_grave)
            line.addWidget(helps)
        out.setDefault(is_grave or not accept)
        line.addWidget(out)
        (out if is_grave or not accept else helps).setFocus()
        return line


def ask_dialog(
    parent: QWidget,
    theme: Theme,
    *,
    title: str,
    sentence: str = "",
    points: tuple[str, ...] = (),
    accept: str,
    reject: str = "Not now",
    is_grave: bool = False,
) -> bool:
    """Ask and wait; True when the helping button was pressed. ``is_grave`` makes Enter the way out."""
    dialog = AskDialog(
        theme,
        title=title,
        sentence=sentence,
        points=points,
        accept=accept,
        reject=reject,
        is_grave=is_grave,
        parent=parent,
    )
    return dialog.exec() == QDialog.DialogCode.Accepted


def tell_problem(parent: QWidget | None, theme: Theme, problem: CmeError) -> None:
    """Show what happened and what to do about it, and wait until it is read."""
    sentence = " ".join(part for part in (problem.detail, problem.remedy) if part)
    AskDialog(theme, title=problem.title, sentence=sentence, reject="Close", parent=parent).exec()


def _point(theme: Theme, words: str) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(SeverityShape(theme, Shape.TODAY))
    line.addWidget(Label(theme, words, wraps=True), 1)
    return line
