"""How one mark is drawn, everywhere: present bare, authorised outlined, unauthorised solid, unknown hatched.

A symbol is a character of a register line (``AttendanceCode.symbol``), ``?`` where nobody marked a past session,
``.`` outside what is judged, and an empty string for a session still to come.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from cme_desktop.domain.attendance import (
    CODE_OF_SYMBOL,
    OUTSIDE_SYMBOL,
    UNKNOWN_SYMBOL,
    AttendanceCode,
    StatisticalClass,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from cme_desktop.ui.style.theme import Theme

TO_COME: Final = ""
_HATCH_STEP: Final = 4.0
_RADIUS: Final = 3.0
_INK: Final = "text"
_SECOND_INK: Final = "text2"


class MarkLook(Enum):
    """The seven ways a session looks; the value says it in words."""

    PRESENT = "present"
    AUTHORISED = "authorised absence"
    UNAUTHORISED = "unauthorised, or no reason yet"
    UNKNOWN = "register not taken"
    NO_SCHOOL = "no school"
    OUTSIDE = "outside the register"
    TO_COME = "still to come"


_LOOK_OF_CLASS: Final = {
    StatisticalClass.ATTENDING: MarkLook.PRESENT,
    StatisticalClass.APPROVED_ACTIVITY: MarkLook.PRESENT,
    StatisticalClass.AUTHORISED: MarkLook.AUTHORISED,
    StatisticalClass.UNAUTHORISED: MarkLook.UNAUTHORISED,
    StatisticalClass.NOT_POSSIBLE: MarkLook.PRESENT,
    StatisticalClass.ADMINISTRATIVE: MarkLook.NO_SCHOOL,
}


def look_of(symbol: str) -> MarkLook:
    """Say how a register-line symbol looks."""
    if symbol == TO_COME:
        return MarkLook.TO_COME
    if symbol == UNKNOWN_SYMBOL:
        return MarkLook.UNKNOWN
    if symbol == OUTSIDE_SYMBOL:
        return MarkLook.OUTSIDE
    return _LOOK_OF_CLASS[CODE_OF_SYMBOL[symbol].facts.statistical_class]


def letter_of(symbol: str) -> str:
    """The code as people read it: ``Y1`` for its one-character symbol."""
    code = CODE_OF_SYMBOL.get(symbol)
    return code.letter if code else symbol


def say_mark(symbol: str) -> str:
    """The mark in words, for assistive tools: ``N, reason not yet established``."""
    code = CODE_OF_SYMBOL.get(symbol)
    if code is None:
        return look_of(symbol).value
    name = {AttendanceCode.PRESENT_AM: "", AttendanceCode.PRESENT_PM: ""}.get(code, f"{code.letter}, ")
    return f"{name}{code.facts.meaning}"


def paint_mark(
    painter: QPainter,
    rect: QRectF,
    symbol: str,
    theme: Theme,
    *,
    is_amended: bool = False,
    has_focus: bool = False,
) -> None:
    """Draw one session in ``rect``; ``is_amended`` folds a corner, ``has_focus`` adds the ring outside."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    look = look_of(symbol)
    _paint_ground(painter, rect, look, theme)
    _paint_letter(painter, rect, letter_of(symbol), look=look, theme=theme)
    if is_amended:
        _paint_corner(painter, rect, theme)
    if has_focus:
        _paint_ring(painter, rect, theme)
    painter.restore()


def paint_hatch(painter: QPainter, rect: QRectF, color: QColor, *, width: float = 1.0) -> None:
    """Fill ``rect`` with strokes 4 px apart at any scaling; Qt's own pattern grows finer with the screen."""
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(color, width))
    x = rect.left() - rect.height()
    while x < rect.right():
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()))
        x += _HATCH_STEP
    painter.restore()


def _paint_ground(painter: QPainter, rect: QRectF, look: MarkLook, theme: Theme) -> None:
    inner = rect.adjusted(0.75, 0.75, -0.75, -0.75)
    edge = 2.0 if theme.palette.is_high_contrast else 1.2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(Qt.PenStyle.NoPen)
    match look:
        case MarkLook.AUTHORISED:
            painter.setBrush(theme.color("tint"))
            painter.setPen(QPen(theme.color("line2"), edge))
        case MarkLook.UNAUTHORISED:
            painter.setBrush(theme.color("text"))
        case MarkLook.UNKNOWN:
            _paint_unknown(painter, inner, theme)
            return
        case MarkLook.NO_SCHOOL:
            painter.setBrush(theme.color("bg"))
            painter.setPen(QPen(theme.color("line"), 1))
        case MarkLook.TO_COME:
            painter.setPen(QPen(theme.color("line"), 1))
        case _:
            return
    painter.drawRoundedRect(inner, _RADIUS, _RADIUS)


def _paint_unknown(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    painter.setBrush(theme.color("unknown_tint"))
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    painter.save()
    path = QPainterPath()
    path.addRoundedRect(rect, _RADIUS, _RADIUS)
    middle = QRectF(0, 0, min(rect.width() * 0.5, 12), rect.height())
    middle.moveCenter(rect.center())
    clear = QPainterPath()
    clear.addRect(middle)
    painter.setClipPath(path.subtracted(clear))
    paint_hatch(painter, rect, theme.color("unknown_line"))
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(theme.color("unknown"), 2.0 if theme.palette.is_high_contrast else 1.2)
    pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)


def _paint_letter(painter: QPainter, rect: QRectF, letter: str, *, look: MarkLook, theme: Theme) -> None:
    if look in {MarkLook.TO_COME, MarkLook.OUTSIDE}:
        return
    ink = {
        MarkLook.PRESENT: _SECOND_INK,
        MarkLook.AUTHORISED: _INK,
        MarkLook.UNAUTHORISED: "surface",
        MarkLook.UNKNOWN: "unknown",
        MarkLook.NO_SCHOOL: "text3",
    }[look]
    is_strong = look in {MarkLook.AUTHORISED, MarkLook.UNAUTHORISED, MarkLook.UNKNOWN}
    font = theme.font("small-strong" if is_strong else "small")
    font.setPixelSize(max(8, min(font.pixelSize(), round(rect.height() * 0.72))))
    painter.setFont(font)
    painter.setPen(theme.color(ink))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letter)


def _paint_corner(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    corner = rect.topRight()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("today_mark"))
    painter.drawPolygon(QPolygonF([corner, corner + QPointF(-5, 0), corner + QPointF(0, 5)]))


def _paint_ring(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("focus"), 2))
    painter.drawRoundedRect(rect.adjusted(-1, -1, 1, 1), _RADIUS + 1, _RADIUS + 1)
