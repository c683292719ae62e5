"""The written record of a case: which draft there is, what it lacks, and the way to its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from cme_desktop.casework.cases import StoredDocument
from cme_desktop.casework.in_words import capital, count_of, say_moment
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme

_PAGE: Final = 74


class RecordPanel(QFrame):
    """Shows the latest document of a case. Low windows get it without the page's picture."""

    preview_asked = Signal()
    missing_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("look", "sunken")
        self._page = QLabel()
        self._page.setAccessibleName("First page of the record")
        self._title = ElidedLabel(theme, role="body-strong")
        self._made = ElidedLabel(theme, token="text2")  # noqa: S106  a colour token
        self._missing = ElidedLabel(theme, role="body-strong", token="today")  # noqa: S106  a colour token
        self.preview = LinkButton(theme, "Preview")
        self.what_is_missing = LinkButton(theme, "What is missing")
        self._image: QImage | None = None
        self._is_low = False
        self._build()
        self._connect()

    def show_document(self, document: StoredDocument | None, *, today: date) -> None:
        """Show the latest document, or that there is none yet."""
        self._image = None
        self._page.clear()
        self._page.hide()
        for widget in (self.preview, self.what_is_missing):
            widget.setVisible(document is not None)
        if document is None:
            self._title.setText("No written record yet")
            self._made.setText("Prepare it when the history is complete.")
            self._missing.hide()
            return
        made = say_moment(document.made_at.astimezone(LOCAL_ZONE), today=today)
        self._title.setText(document.kind.in_words)
        state = f"{capital(document.state.value)} {document.version}"
        self._made.setText(f"{state}, {count_of(document.facts.pages, 'page')}, made {made}")

        self._missing.setText(_state_of(document))
        self._missing.set_look(token="today" if document.facts.missing or not document.signatures else "text2")
        self._missing.show()
        self.what_is_missing.setVisible(bool(document.facts.missing))

    def show_page(self, image: QImage | None) -> None:
        """Show the picture of the first page."""
        self._image = image
        self._draw_page()

    def set_low(self, *, is_low: bool) -> None:
        """Leave the picture out where the window is low."""
        self._is_low = is_low
        self._draw_page()

    def _build(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(10, 8, 10, 8)
        outer.setSpacing(12)
        outer.addWidget(self._page, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self._title, self._made, self._missing):
            words.addWidget(label)
        links = QHBoxLayout()
        links.setSpacing(10)
        links.addWidget(self.preview)
        links.addWidget(self.what_is_missing)
        links.addStretch(1)
        words.addLayout(links)
        outer.addLayout(words, 1)

    def _connect(self) -> None:
        self.preview.clicked.connect(self.preview_asked)
        self.what_is_missing.clicked.connect(self.missing_asked)
        self._theme.changed.connect(self._draw_page)

    def _draw_page(self) -> None:
        is_shown = self._image is not None and not self._is_low
        self._page.setVisible(is_shown)
        if self._image is None or not is_shown:
            return
        ratio = self.devicePixelRatioF()
        width = round(self._theme.scaled(_PAGE) * ratio)
        picture = QPixmap.fromImage(self._image).scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        picture.setDevicePixelRatio(ratio)
        self._page.setPixmap(picture)


def _state_of(document: StoredDocument) -> str:
    missing = f"{count_of(len(document.facts.missing), 'fact')} missing" if document.facts.missing else ""
    signed = f"signed by {', '.join(each.by for each in document.signatures)}" if document.signatures else "not signed"
    said = ", ".join(part for part in (missing, signed) if part)
    return said[:1].upper() + said[1:]
