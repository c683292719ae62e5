"""A page of somebody's PDF that is metres wide is drawn small, not into all the memory there is."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfWriter

from cme_desktop.ui.documents.page_pictures import picture_page


def _a_page(width: float, height: float) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=width, height=height)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_an_ordinary_page_is_drawn_at_the_scale_asked_for() -> None:
    page = picture_page(_a_page(595, 842), number=1, scale=2)

    assert (page.width, page.height) == (1190, 1684)


def test_a_page_of_five_metres_is_drawn_smaller() -> None:
    page = picture_page(_a_page(14_400, 14_400), number=1, scale=2)

    assert page.width * page.height <= 41_000_000
    assert page.width == page.height > 6_000
