"""The two signature boxes at the foot of the first page, and what stands in one before and after it is signed.

What stands inside a box is drawn on a page of its own size: the sealed file carries it as the appearance of the
signature field, so that "Not signed yet" goes when the signature comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from cme_desktop.documents.contents import Signer
from cme_desktop.documents.house_style import (
    EDGE,
    INK,
    LINE,
    MARGIN,
    REGULAR,
    SECOND,
    STRONG,
    TEXT_WIDTH,
    draw_text,
    shorten,
)

BOX_HEIGHT: Final = round(23 * mm)
BOX_GAP: Final = round(8 * mm)
BOX_WIDTH: Final = round((TEXT_WIDTH - BOX_GAP) / 2)
BOX_BOTTOM: Final = 83
_PAD: Final = 14.0


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on the first page, in whole points from the lower left corner, as signature fields want them."""

    left: int
    bottom: int
    right: int
    top: int


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signer left in the box: a drawing as PNG bytes, or a typed name; and the line under it."""

    signer: Signer
    line: str
    typed: str = ""
    drawn: bytes | None = None


PLACES: Final = tuple(
    Place(left, BOX_BOTTOM, left + BOX_WIDTH, BOX_BOTTOM + BOX_HEIGHT)
    for left in (round(MARGIN), round(MARGIN) + BOX_WIDTH + BOX_GAP)
)


def draw_frame(canvas: Any, place: Place) -> None:
    """Draw the empty box."""
    canvas.setLineWidth(0.7)
    canvas.setStrokeColor(LINE)
    canvas.roundRect(place.left, place.bottom, BOX_WIDTH, BOX_HEIGHT, 4, stroke=1, fill=0)


def draw_inside(canvas: Any, signature: Signature, *, left: float, bottom: float) -> None:
    """Draw what stands in the box: the mark or a dotted line, then who and when."""
    if signature.drawn is not None:
        _draw_mark(canvas, signature.drawn, left=left + _PAD, bottom=bottom + 31)
    elif signature.typed:
        _draw_typed(canvas, signature.typed, left=left + _PAD, bottom=bottom + 38)
    else:
        _draw_dotted_line(canvas, left=left + _PAD, bottom=bottom + 33)
    width = BOX_WIDTH - 2 * _PAD
    who = f"{signature.signer.person}, {signature.signer.role}"
    canvas.setFillColor(INK)
    draw_text(canvas, shorten(who, font=STRONG, size=9, width=width), x=left + _PAD, y=bottom + 20, font=STRONG, size=9)
    canvas.setFillColor(SECOND)
    draw_text(canvas, signature.line, x=left + _PAD, y=bottom + 8.5, font=REGULAR, size=8.5)


def render_inside(signature: Signature) -> bytes:
    """Render the inside of a box as a PDF page of the box's size: the appearance of its signature field."""
    into = BytesIO()
    canvas = Canvas(into, pagesize=(BOX_WIDTH, BOX_HEIGHT), invariant=1, pageCompression=1, initialFontName=REGULAR)
    draw_inside(canvas, signature, left=0, bottom=0)
    canvas.showPage()
    canvas.save()
    return into.getvalue()


def _draw_mark(canvas: Any, drawn: bytes, *, left: float, bottom: float) -> None:
    image = ImageReader(BytesIO(drawn))
    width, height = image.getSize()
    scale = min((BOX_WIDTH - 2 * _PAD) / width, (BOX_HEIGHT - 34) / height)
    canvas.drawImage(image, left, bottom, width * scale, height * scale, mask="auto")


def _draw_typed(canvas: Any, typed: str, *, left: float, bottom: float) -> None:
    canvas.setFillColor(INK)
    name = shorten(typed, font=REGULAR, size=15, width=BOX_WIDTH - 2 * _PAD)
    draw_text(canvas, name, x=left, y=bottom, font=REGULAR, size=15)


def _draw_dotted_line(canvas: Any, *, left: float, bottom: float) -> None:
    canvas.saveState()
    canvas.setLineWidth(0.7)
    canvas.setStrokeColor(EDGE)
    canvas.setDash(1.2, 2)
    canvas.line(left, bottom, left + BOX_WIDTH - 2 * _PAD, bottom)
    canvas.restoreState()
