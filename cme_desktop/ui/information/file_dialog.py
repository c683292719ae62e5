"""A file that is kept with a child, to be looked at before somebody decides about it; it stays inside the records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from cme_desktop.ui.documents.page_view import PageView
from cme_desktop.ui.name_covers import NEEDS_NAMES, DeskDialog
from cme_desktop.ui.room import size_within
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.dialog import tell_problem
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.held.pack import HeldFile
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext

_NOT_SHOWN: Final = (
    "This kind of file can’t be shown here. Save a copy on the Roll tab, read it, and delete the copy; then decide."
)


class FileDialog(DeskDialog):
    """Shows pages, a picture or plain text; of another kind it says where to read it."""

    def __init__(self, context: TabContext, held: HeldFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        theme = context.theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("The file")
        self.setProperty(NEEDS_NAMES, True)  # noqa: FBT003  a Qt property takes no keywords
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.close_button = SecondaryButton(theme, "Close")
        self.close_button.clicked.connect(self.accept)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(Label(theme, "The file", role="heading"))
        layout.addWidget(self._show(held), 1)
        layout.addLayout(line)
        self.resize(size_within(self, QSize(theme.scaled(820), theme.scaled(600))))

    def _show(self, held: HeldFile) -> QWidget:
        if held.kind == "application/pdf":
            pages = PageView(self._context, self)
            pages.failed.connect(self._tell)
            pages.show_pdf(held.content)
            return pages
        if held.kind in {"text/plain", "message/rfc822"}:
            return self._text(held.content.decode("utf-8", "replace"))
        picture = QPixmap()
        if held.kind.startswith("image/") and picture.loadFromData(held.content):
            return _scroll(picture)
        return Label(self._context.theme, _NOT_SHOWN, token="text2", wraps=True)  # noqa: S106  a colour token

    def _text(self, words: str) -> QPlainTextEdit:
        text = QPlainTextEdit(words)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setAccessibleName("What it says")
        text.setFont(self._context.theme.font("body"))
        return text

    def _tell(self, problem: CmeError) -> None:
        tell_problem(self, self._context.theme, problem)


def _scroll(picture: QPixmap) -> QScrollArea:
    shown = QLabel()
    shown.setPixmap(picture)
    shown.setAccessibleName("The picture")
    scroll = QScrollArea()
    scroll.setWidget(shown)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    return scroll
