"""A document on paper: page after page, each drawn on the worker at the printer's resolution."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPainter

from cme_desktop.domain.errors import CmeError
from cme_desktop.ui.documents.page_pictures import PagePicture, picture_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtPrintSupport import QPrinter

    from cme_desktop.casework.office import Office
    from cme_desktop.ui.background import Background

_POINTS_AN_INCH: Final = 72
_FINEST: Final = 300
"""Dots an inch. One page takes 35 megabytes at this and sixteen times as many at 1200, with no word easier to read."""


class PagePrinter(QObject):
    """Prints the pages chosen in the print dialog. ``ended`` carries how many went to the printer.

    ``failed`` carries what stood in the way. ``give`` is the use case that gives the document's bytes, and writes down
    that it left the records before its first page.
    """

    ended = Signal(int)
    failed = Signal(object)

    def __init__(
        self, background: Background, give: Callable[[Office], bytes], printer: QPrinter, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._give = give
        self._printer = printer
        self._painter: QPainter | None = None
        self._pdf = b""
        self._printed = 0

    def start(self) -> None:
        """Begin; the window stays usable meanwhile."""
        self._printer.setResolution(min(self._printer.resolution(), _FINEST))
        self._printer.setFullPage(True)
        self._background.run(self._give, done=self._begin, failed=self.failed.emit)

    def stop(self) -> None:
        """Leave off where a page is still to come: nothing of the job is printed."""
        if self._painter is not None:
            self._printer.abort()
            self._end()

    def _begin(self, pdf: bytes) -> None:
        self._pdf = pdf
        self._painter = QPainter()
        if not self._painter.begin(self._printer):
            self._painter = None
            self.failed.emit(CmeError("The printer can’t be used.", remedy="Choose another one, or save the document."))
            return
        self._draw(self._printer.fromPage() or 1)

    def _draw(self, number: int) -> None:
        scale = self._printer.resolution() / _POINTS_AN_INCH
        op = partial(_picture, pdf=self._pdf, number=number, scale=scale)
        self._background.run(op, done=self._put, failed=self._give_up)

    def _put(self, page: PagePicture) -> None:
        if self._painter is None:
            return
        if self._printed:
            self._printer.newPage()
        image = QImage(page.pixels, page.width, page.height, page.width * 4, QImage.Format.Format_RGB32)
        self._painter.drawImage(self._place_of(image), image)
        self._printed += 1
        last = min(self._printer.toPage() or page.of, page.of)
        if page.number < last:
            self._draw(page.number + 1)
            return
        self._end()
        self.ended.emit(self._printed)

    def _place_of(self, image: QImage) -> QRectF:
        """The whole sheet, or as much of it as the page's own shape takes in its middle."""
        sheet = QRectF(self._printer.pageLayout().fullRectPixels(self._printer.resolution()))
        size = QSizeF(image.size()).scaled(sheet.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(sheet.topLeft(), size)
        place.moveCenter(sheet.center())
        return place

    def _give_up(self, problem: CmeError) -> None:
        self.stop()
        self.failed.emit(problem)

    def _end(self) -> None:
        if self._painter is not None:
            self._painter.end()
            self._painter = None


def _picture(office: Office, *, pdf: bytes, number: int, scale: float) -> PagePicture:
    del office
    return picture_page(pdf, number=number, scale=scale)
