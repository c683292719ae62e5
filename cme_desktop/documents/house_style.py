"""The look of every document: fonts, ink, measures and paragraph styles, as the design sets them.

Noto Sans in two weights; DejaVu Sans draws the letters that Noto Sans has not. Text is set in composed form (NFC),
because nothing here places combining marks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

INK: Final = HexColor(0x1A1D21)
SECOND: Final = HexColor(0x4A535E)
LINE: Final = HexColor(0xC9D0D7)
EDGE: Final = HexColor(0x7F8995)
BAR: Final = HexColor(0x164872)
BOX: Final = HexColor(0xF2F4F6)
TINT: Final = HexColor(0xE4EEF7)
FAINT: Final = HexColor(0xECEEF1)
WHITE: Final = HexColor(0xFFFFFF)

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN: Final = 18 * mm
FOOT: Final = 12 * mm
TEXT_WIDTH: Final = PAGE_WIDTH - 2 * MARGIN

REGULAR: Final = "CmeSans"
STRONG: Final = "CmeSans-SemiBold"
_FALLBACK_OF: Final = {REGULAR: "CmeFallback", STRONG: "CmeFallback-Bold"}
_PARTS: Final = re.compile(r"[^ \-]*(?:-+| +|$)")
"""A word, or a part of one, with the hyphen or the spaces after it."""

_FILES: Final = {
    REGULAR: "NotoSans_400Regular.ttf",
    STRONG: "NotoSans_600SemiBold.ttf",
    "CmeFallback": "DejaVuSans.ttf",
    "CmeFallback-Bold": "DejaVuSans-Bold.ttf",
}


def register_fonts(folder: Path) -> None:
    """Make the four fonts known to the PDF library, once."""
    known = set(pdfmetrics.getRegisteredFontNames())
    for name, file in _FILES.items():
        if name not in known:
            pdfmetrics.registerFont(TTFont(name, folder / file))


def _style(name: str, *, size: float, leading: float, font: str = REGULAR, **more: Any) -> ParagraphStyle:
    look = {"textColor": INK, "alignment": TA_LEFT, "splitLongWords": 1, "spaceAfter": 0, **more}
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=leading, **look)


TITLE: Final = _style("title", size=20, leading=26, font=STRONG, spaceBefore=9)
UNDER_TITLE: Final = _style("under title", size=9.5, leading=13, textColor=SECOND, spaceBefore=3, spaceAfter=12)
HEADING: Final = _style("heading", size=12, leading=15.5, font=STRONG, spaceBefore=17, spaceAfter=2)
SENTENCE: Final = _style("sentence", size=11, leading=15, font=STRONG)
BODY: Final = _style("body", size=9.5, leading=13)
BODY_STRONG: Final = _style("body strong", size=9.5, leading=13, font=STRONG)
BODY_SECOND: Final = _style("body second", size=9.5, leading=13, textColor=SECOND)
CELL: Final = _style("cell", size=9, leading=12)
CELL_STRONG: Final = _style("cell strong", size=9, leading=12, font=STRONG)
CELL_SECOND: Final = _style("cell second", size=9, leading=12, textColor=SECOND)
HEAD_CELL: Final = _style("head cell", size=8.5, leading=11, textColor=SECOND)
CAPTION: Final = _style("caption", size=8.5, leading=11.5, textColor=SECOND, spaceBefore=4)


def set_text(text: str, style: ParagraphStyle) -> Paragraph:
    """Set plain text as a paragraph, each letter in a font that has it."""
    return Paragraph(mark_up(text, font=style.fontName), style)


def mark_up(text: str, *, font: str) -> str:
    """Turn plain text into the PDF library's markup; line breaks are kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "<br/>".join(_mark_up_line(line, font) for line in lines)


def _mark_up_line(line: str, font: str) -> str:
    runs = split_runs(line, font=font)
    return "".join(escape(run) if name == font else f'<font name="{name}">{escape(run)}</font>' for name, run in runs)


def split_runs(text: str, *, font: str) -> tuple[tuple[str, str], ...]:
    """Split text into runs of one font each: (font, text)."""
    tidy = "".join(char if char.isprintable() else " " for char in unicodedata.normalize("NFC", text))
    by_font = groupby(tidy, key=lambda char: _font_for(char, font))
    return tuple((name, "".join(run)) for name, run in by_font)


def draw_text(canvas: Any, text: str, *, x: float, y: float, font: str, size: float) -> float:
    """Draw one line and return where it ends."""
    for name, run in split_runs(text, font=font):
        canvas.setFont(name, size)
        canvas.drawString(x, y, run)
        x += pdfmetrics.stringWidth(run, name, size)
    return x


def measure(text: str, *, font: str, size: float) -> float:
    """The width of one line in points."""
    return float(sum(pdfmetrics.stringWidth(run, name, size) for name, run in split_runs(text, font=font)))


def break_words(text: str, *, font: str, size: float, width: float) -> str:
    """Break lines that hold a word wider than the room: at spaces, then after hyphens, never inside what would fit."""
    return "\n".join(_break_line(line, font, size, width) for line in text.split("\n"))


def _break_line(line: str, font: str, size: float, width: float) -> str:
    if all(measure(word, font=font, size=size) <= width for word in line.split(" ")):
        return line
    lines = [""]
    for part in _PARTS.findall(line):
        longer = lines[-1] + part
        if lines[-1] and measure(longer.rstrip(), font=font, size=size) > width:
            lines.append(part)
        else:
            lines[-1] = longer
    return "\n".join(each.rstrip() for each in lines)


def shorten(text: str, *, font: str, size: float, width: float) -> str:
    """Cut a line that is too wide, with an ellipsis."""
    if measure(text, font=font, size=size) <= width:
        return text
    while text and measure(text + "…", font=font, size=size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def unprintable_letters(text: str) -> str:
    """The letters of a text that neither font has, each once."""
    letters = unicodedata.normalize("NFC", text)
    return "".join(dict.fromkeys(char for char in letters if char.isprintable() and not _has(char)))


def _has(char: str) -> bool:
    return _is_in(char, REGULAR) or _is_in(char, _FALLBACK_OF[REGULAR])


@lru_cache(maxsize=4096)
def _font_for(char: str, font: str) -> str:
    return font if char == " " or _is_in(char, font) or font not in _FALLBACK_OF else _FALLBACK_OF[font]


def _is_in(char: str, font: str) -> bool:
    return ord(char) in pdfmetrics.getFont(font).face.charToGlyph
