"""The attendance extract as drawn weeks, four side by side: mornings over afternoons, in the screen's grammar.

Every look differs in shape or fill, not in colour alone, so that a black and white copy still tells them apart.
"""

from __future__ import annotations

from typing import Any, Final

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from cme_desktop.documents.contents import MarkCell, MarkLook, Week
from cme_desktop.documents.house_style import (
    BOX,
    EDGE,
    INK,
    LINE,
    REGULAR,
    SECOND,
    STRONG,
    TEXT_WIDTH,
    TINT,
    WHITE,
    draw_text,
    measure,
    shorten,
)
from cme_desktop.documents.wording import write_week

_WEEKS_IN_ROW: Final = 4
_PITCH: Final = TEXT_WIDTH / _WEEKS_IN_ROW
_CELL_WIDTH: Final = 7.2 * mm
_CELL_HEIGHT: Final = 4.3 * mm
_STEP: Final = 7.7 * mm
_ROW_STEP: Final = 4.8 * mm
_HEIGHT: Final = 19.5 * mm
_DAYS: Final = ("M", "T", "W", "T", "F")

_FILLS: Final[dict[MarkLook, tuple[Color, Color, float, Color, str]]] = {
    # fill, edge, width of the edge, ink of the letter, font
    MarkLook.PRESENT: (WHITE, LINE, 0.5, SECOND, REGULAR),
    MarkLook.AUTHORISED: (TINT, EDGE, 1.1, INK, STRONG),
    MarkLook.UNAUTHORISED: (INK, INK, 0.5, WHITE, STRONG),
    MarkLook.UNKNOWN: (WHITE, INK, 0.8, INK, STRONG),
    MarkLook.NO_SCHOOL: (BOX, LINE, 0.5, SECOND, REGULAR),
    MarkLook.TO_COME: (WHITE, LINE, 0.5, SECOND, REGULAR),
}


class WeeksRow(Flowable):  # type: ignore[misc]  # the PDF library has no types
    """Up to four weeks side by side; never split."""

    def __init__(self, weeks: tuple[Week, ...]) -> None:
        super().__init__()
        self.weeks = weeks

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the width of the text and a fixed height."""
        del height
        return width, _HEIGHT

    def draw(self) -> None:
        """Draw each week in its place."""
        for position, week in enumerate(self.weeks):
            _draw_week(self.canv, week, left=position * _PITCH)


def lay_out_weeks(weeks: tuple[Week, ...]) -> list[WeeksRow]:
    """Put the weeks in rows of four."""
    return [WeeksRow(weeks[start : start + _WEEKS_IN_ROW]) for start in range(0, len(weeks), _WEEKS_IN_ROW)]


def _draw_week(canvas: Any, week: Week, *, left: float) -> None:
    canvas.setFillColor(SECOND)
    draw_text(canvas, write_week(week.monday), x=left, y=_HEIGHT - 9, font=REGULAR, size=8.5)
    if week.skipped:
        _draw_skipped(canvas, week.skipped, left=left)
        return
    for day, letter in enumerate(_DAYS):
        width = measure(letter, font=REGULAR, size=8)
        canvas.setFillColor(SECOND)
        middle = left + day * _STEP + _CELL_WIDTH / 2
        draw_text(canvas, letter, x=middle - width / 2, y=_HEIGHT - 21, font=REGULAR, size=8)
    top = _HEIGHT - 25 - _CELL_HEIGHT
    for day, cell in enumerate(week.mornings):
        _draw_cell(canvas, cell, x=left + day * _STEP, y=top)
    for day, cell in enumerate(week.afternoons):
        _draw_cell(canvas, cell, x=left + day * _STEP, y=top - _ROW_STEP)


def _draw_cell(canvas: Any, cell: MarkCell, *, x: float, y: float) -> None:
    fill, edge, width, ink, font = _FILLS[cell.look]
    canvas.saveState()
    canvas.setLineWidth(width)
    canvas.setStrokeColor(edge)
    if cell.look is MarkLook.UNKNOWN:
        canvas.setDash(2, 1.4)
    canvas.setFillColor(fill)
    canvas.rect(x, y, _CELL_WIDTH, _CELL_HEIGHT, stroke=1, fill=1)
    canvas.restoreState()
    canvas.setFillColor(ink)
    start = x + (_CELL_WIDTH - measure(cell.letter, font=font, size=8)) / 2
    draw_text(canvas, cell.letter, x=start, y=y + 3.3, font=font, size=8)


def _draw_skipped(canvas: Any, reason: str, *, left: float) -> None:
    width = 4 * _STEP + _CELL_WIDTH
    height = _ROW_STEP + _CELL_HEIGHT
    bottom = _HEIGHT - 25 - height
    canvas.saveState()
    canvas.setLineWidth(0.7)
    canvas.setStrokeColor(EDGE)
    canvas.setDash(2.2, 1.8)
    canvas.roundRect(left, bottom, width, height, 2, stroke=1, fill=0)
    canvas.restoreState()
    words = shorten(reason, font=REGULAR, size=8, width=width - 8)
    canvas.setFillColor(SECOND)
    start = left + (width - measure(words, font=REGULAR, size=8)) / 2
    draw_text(canvas, words, x=start, y=bottom + height / 2 - 2.8, font=REGULAR, size=8)
