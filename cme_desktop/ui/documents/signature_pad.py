"""A pad to sign on with mouse or pen. Strokes stay points until they are asked for as a picture."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeySequence, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QTabletEvent

    from cme_desktop.ui.style.theme import Theme

_INK: Final = QColor(0x1A, 0x1D, 0x21)
_PIXELS: Final = 3
_PEN: Final = 2.2


class SignaturePad(QWidget):
    """Draw with mouse or pen; Ctrl Z takes the last stroke back, Delete all of them. ``changed`` on every stroke."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._strokes: list[list[QPointF]] = []
        self._drawing = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Signature pad")
        self.setAccessibleDescription("Draw with the mouse or a pen, or type the name in the field above instead.")
        theme.changed.connect(self.update)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self._strokes

    def undo(self) -> None:
        """Take the last stroke back."""
        if self._strokes:
            self._strokes.pop()
            self._tell()

    def clear(self) -> None:
        """Take everything back."""
        self._strokes.clear()
        self._tell()

    def picture(self) -> bytes | None:
        """What was drawn as PNG bytes, cut to the strokes, on nothing; None where nothing was drawn."""
        if self.is_empty:
            return None
        path = self._path()
        room = path.boundingRect().adjusted(-4, -4, 4, 4)
        image = QImage((room.size() * _PIXELS).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(_PIXELS, _PIXELS)
        painter.translate(-room.topLeft())
        painter.strokePath(path, _pen(_INK))
        painter.end()
        kept = QBuffer()
        kept.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(kept, "PNG")  # type: ignore[call-overload]  # PySide6's stub asks for bytes and takes text
        return bytes(kept.data().data())

    # -- Qt ------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(420), self._theme.scaled(130))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        kinds = event.Type
        acts = {kinds.TabletPress: self._begin, kinds.TabletMove: self._go_on}
        if event.type() is kinds.TabletRelease:
            self._end()
        elif act := acts.get(event.type()):
            act(event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = "focus" if self.hasFocus() else "line2"
        width = 2.0 if self.hasFocus() else 1.0
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setPen(QPen(self._theme.color(edge), width))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRoundedRect(box, 4, 4)
        self._paint_line(painter)
        painter.strokePath(self._path(), _pen(self._theme.color("text")))
        painter.end()

    # -- private -------------------------------------------------------------------------------------------------

    def _paint_line(self, painter: QPainter) -> None:
        pen = QPen(self._theme.color("line2"), 1, Qt.PenStyle.DotLine)
        painter.setPen(pen)
        low = self.height() * 0.74
        painter.drawLine(QPointF(16, low), QPointF(self.width() - 16, low))

    def _path(self) -> QPainterPath:
        path = QPainterPath()
        for stroke in self._strokes:
            path.moveTo(stroke[0])
            if len(stroke) == 1:
                path.lineTo(stroke[0] + QPointF(0.1, 0))
            for before, after in pairwise(stroke):
                path.quadTo(before, (before + after) / 2)
            path.lineTo(stroke[-1])
        return path

    def _begin(self, at: QPointF) -> None:
        self._drawing = True
        self._strokes.append([at])
        self._tell()

    def _go_on(self, at: QPointF) -> None:
        if self._drawing:
            self._strokes[-1].append(QPointF(min(max(at.x(), 0), self.width()), min(max(at.y(), 0), self.height())))
            self.update()

    def _end(self) -> None:
        if self._drawing:
            self._drawing = False
            self._tell()

    def _tell(self) -> None:
        self.update()
        self.changed.emit()


def _pen(colour: QColor) -> QPen:
    return QPen(colour, _PEN, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
