"""The pages of a PDF on screen: turned, made larger and smaller, each drawn on the worker."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from cme_desktop.ui.documents.page_pictures import PagePicture, picture_page
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from cme_desktop.casework.office import Office
    from cme_desktop.ui.tab import TabContext

_PAGE_POINTS: Final = 595
_ZOOMS: Final = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_ONE_LINE_TO: Final = 1.4


class PageView(QWidget):
    """Shows one page at a time: Page Up and Page Down turn, Ctrl + and Ctrl − zoom, Ctrl 0 fits the width.

    The keys work in all of the dialog that holds the view. ``failed`` carries what stood in the way of a page.
    """

    failed = Signal(object)

    def __init__(self, context: TabContext, dialog: QWidget) -> None:
        super().__init__(dialog)
        self.context = context
        self.count = 1
        self._pdf = b""
        self._page = 1
        self._zoom: float | None = None
        theme = context.theme
        self.page_label = Label(theme, role="body-strong")
        self.picture = QLabel()
        self.sheet = QScrollArea()
        self.back = SecondaryButton(theme, "Previous page")
        self.forward = SecondaryButton(theme, "Next page")
        self.zoom_out = SecondaryButton(theme, "Smaller")
        self.zoom_in = SecondaryButton(theme, "Larger")
        self.fit_width = SecondaryButton(theme, "Fit")
        self._build()
        self._connect(dialog)

    def show_pdf(self, pdf: bytes) -> None:
        """Show a document at the page that is in sight, or at its last where it is shorter; no bytes show nothing."""
        self._pdf = pdf
        if not pdf:
            self.picture.clear()
            self.page_label.setText("")
            self.picture.setAccessibleDescription("")
        self._draw()

    # -- layout and wiring -----------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sheet.setWidget(self.picture)
        self.sheet.setWidgetResizable(True)
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sheet.setFrameShape(QFrame.Shape.NoFrame)
        self.sheet.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.sheet)
        pages = QVBoxLayout(self)
        pages.setContentsMargins(0, 0, 0, 0)
        pages.setSpacing(8)
        pages.addWidget(self.sheet, 1)
        pages.addLayout(self._page_line())

    def _page_line(self) -> QBoxLayout:
        # Large text takes two lines: the dialog must not be wider than the screen.
        is_large = self.context.theme.text_scale > _ONE_LINE_TO
        foot = QVBoxLayout() if is_large else QHBoxLayout()
        foot.setSpacing(8)
        for widgets in ((self.back, self.forward, self.page_label), (self.zoom_out, self.zoom_in, self.fit_width)):
            line = QHBoxLayout()
            line.setSpacing(8)
            for widget in widgets:
                line.addWidget(widget)
            foot.addLayout(line)
            (line if is_large else foot).addStretch(1)
        return foot

    def _connect(self, dialog: QWidget) -> None:
        self.back.clicked.connect(lambda: self.turn(-1))
        self.forward.clicked.connect(lambda: self.turn(1))
        self.zoom_in.clicked.connect(lambda: self.zoom(1))
        self.zoom_out.clicked.connect(lambda: self.zoom(-1))
        self.fit_width.clicked.connect(self.fit)
        keys: dict[QKeySequence | str | QKeySequence.StandardKey, Callable[[], None]] = {
            "PgUp": lambda: self.turn(-1), "PgDown": lambda: self.turn(1), "Ctrl+0": self.fit,
            "Ctrl+Home": lambda: self.turn(-10_000), "Ctrl+End": lambda: self.turn(10_000),
            "Ctrl+=": partial(self.zoom, 1), QKeySequence.StandardKey.ZoomIn: partial(self.zoom, 1),
            QKeySequence.StandardKey.ZoomOut: partial(self.zoom, -1),
        }  # fmt: skip
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), dialog)
            shortcut.activated.connect(act)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    # -- pages -----------------------------------------------------------------------------------------------------

    def turn(self, pages: int) -> None:
        """Turn so many pages, as far as there are any."""
        self._page = min(max(1, self._page + pages), self.count)
        self.sheet.verticalScrollBar().setValue(0)
        self._draw()

    def zoom(self, steps: int) -> None:
        """Go some steps larger or smaller."""
        now = self._scale()
        beyond = [each for each in _ZOOMS if (each > now + 0.01 if steps > 0 else each < now - 0.01)]
        if beyond:
            self._zoom = beyond[0] if steps > 0 else beyond[-1]
            self._draw()

    def fit(self) -> None:
        """Make the page as wide as its room."""
        self._zoom = None
        self._draw()

    def _scale(self) -> float:
        if self._zoom is not None:
            return self._zoom
        room = self.sheet.viewport().width() - 24
        return max(0.4, room / _PAGE_POINTS)

    def _draw(self) -> None:
        if not self._pdf or not self.isVisible():
            return  # before it is shown nobody knows how wide the page may be
        scale = self._scale() * self.devicePixelRatioF()
        op = partial(_picture, pdf=self._pdf, number=self._page, scale=scale)
        self.context.background.run(op, done=self._show_page, failed=self.failed.emit)

    def _show_page(self, page: PagePicture) -> None:
        if not self._pdf:
            return
        self.count = page.of
        self._page = min(self._page, page.of)
        if page.number != self._page:
            return
        image = QImage(page.pixels, page.width, page.height, page.width * 4, QImage.Format.Format_RGB32)
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self.picture.setPixmap(pixmap)
        place = f"Page {page.number} of {page.of}"
        self.page_label.setText(place)
        self.picture.setAccessibleName(place)
        self.picture.setAccessibleDescription(page.words)
        self.back.setEnabled(page.number > 1)
        self.forward.setEnabled(page.number < page.of)


def _picture(office: Office, *, pdf: bytes, number: int, scale: float) -> PagePicture:
    del office
    return picture_page(pdf, number=number, scale=scale)
