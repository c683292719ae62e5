"""Pages of a PDF as pictures and as words, made on the worker: the screen never waits for a page."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

_MOST_PIXELS: Final = 40_000_000
"""Of one page: an A3 page at the finest there is. A page of some metres is drawn smaller, not into all memory."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page: its pixels (four bytes each: blue, green, red, unused), its size, and its words for a screen reader."""

    number: int
    of: int
    width: int
    height: int
    pixels: bytes
    words: str


def picture_page(pdf: bytes, *, number: int, scale: float) -> PagePicture:
    """Draw a page (from 1) at ``scale`` pixels a point, signatures and all."""
    import pypdfium2  # noqa: PLC0415  only where a document is looked at

    document = pypdfium2.PdfDocument(pdf)
    try:
        document.init_forms()
        page = document[number - 1]
        width, height = page.get_size()
        finest = sqrt(_MOST_PIXELS / max(width * height, 1))
        bitmap = page.render(scale=min(scale, finest), may_draw_forms=True, rev_byteorder=False, prefer_bgrx=True)
        words = page.get_textpage().get_text_bounded()
        return PagePicture(
            number, len(document), bitmap.width, bitmap.height, _tight(bytes(bitmap.buffer), bitmap), words
        )
    finally:
        document.close()


def _tight(pixels: bytes, bitmap: object) -> bytes:
    """Leave out what pads the end of each row."""
    stride, width = bitmap.stride, bitmap.width * 4  # type: ignore[attr-defined]  # a pypdfium2 bitmap, untyped
    if stride == width:
        return pixels
    return b"".join(pixels[start : start + width] for start in range(0, len(pixels), stride))
