"""What stands on every page: letterhead, signature boxes, foot with fingerprint and page x of y, draft mark.

Nothing here names the pupil: a page's foot and the file's title hold the case number only.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageTemplate

from cme_desktop.documents.contents import RecordContents, SchoolDetails
from cme_desktop.documents.house_style import (
    BAR,
    FAINT,
    FOOT,
    INK,
    LINE,
    MARGIN,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    REGULAR,
    SECOND,
    STRONG,
    TEXT_WIDTH,
    WHITE,
    draw_text,
    measure,
    shorten,
)
from cme_desktop.documents.signature_box import BOX_HEIGHT, PLACES, Signature, draw_frame, draw_inside
from cme_desktop.documents.wording import FormWording, in_fours

_FOOT_LINE: Final = 9.6
_FINGERPRINT_GROUPS: Final = 8
_LOGO: Final = 11 * mm
_LETTERHEAD_HEIGHT: Final = 16.5 * mm
_BOTTOM_OF_FIRST: Final = PLACES[0].bottom + BOX_HEIGHT + 40
_BOTTOM_OF_OTHERS: Final = FOOT + 3 * _FOOT_LINE + 10
_TOP: Final = PAGE_HEIGHT - 14 * mm


@dataclass(frozen=True, slots=True)
class Furniture:
    """What the pages of one document share."""

    contents: RecordContents
    wording: FormWording
    fingerprint: str
    draft: bool


def build_pages(story: list[Flowable], furniture: Furniture) -> tuple[bytes, int]:
    """Lay the story out on A4 pages: the PDF and how many pages. The same input gives the same bytes."""
    into = BytesIO()
    template = BaseDocTemplate(
        into,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        title=furniture.contents.case_number,
        author=furniture.contents.school.name,
        subject=furniture.wording.title,
        creator="CME Desktop",
        lang="en-GB",
        invariant=1,
        pageCompression=1,
        allowSplitting=1,
    )
    template.addPageTemplates(
        [
            PageTemplate("first", [_frame(bottom=_BOTTOM_OF_FIRST, top=_TOP)]),
            PageTemplate("others", [_frame(bottom=_BOTTOM_OF_OTHERS, top=_TOP - 8)]),
        ]
    )
    made: list[_NumberedCanvas] = []

    def make_canvas(*args: Any, **options: Any) -> _NumberedCanvas:
        made.append(_NumberedCanvas(*args, furniture=furniture, **{**options, "initialFontName": REGULAR}))
        return made[-1]

    template.build([NextPageTemplate("others"), *story], canvasmaker=make_canvas)
    return into.getvalue(), made[-1].page_count


class _NumberedCanvas(Canvas):  # type: ignore[misc]  # the PDF library has no types
    """Keeps every page until the last is known, so that each can say how many there are."""

    def __init__(self, *args: Any, furniture: Furniture, **options: Any) -> None:
        super().__init__(*args, **options)
        self.setViewerPreference("DisplayDocTitle", "true")
        self._furniture = furniture
        self._kept: list[dict[str, Any]] = []
        self._begin_page()

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return len(self._kept)

    def showPage(self) -> None:  # noqa: N802  the library's own name
        """Keep the page for later."""
        self._kept.append(dict(self.__dict__))
        self._startPage()
        self._begin_page()

    def save(self) -> None:
        """Finish every page, then the file."""
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            _draw_foot(self, self._furniture, number=number, of=len(self._kept))
            if number == 1:
                _draw_signatures(self, self._furniture, pages=len(self._kept))
            super().showPage()
        super().save()

    def _begin_page(self) -> None:
        if self._furniture.draft:
            _draw_watermark(self, self._furniture.wording.text["watermark"])
        if self._pageNumber > 1:
            _draw_running_head(self, self._furniture)


class Letterhead(Flowable):  # type: ignore[misc]  # the PDF library has no types
    """Logo, school and address; case number and LAESTAB at the right; a rule under it."""

    def __init__(self, contents: RecordContents) -> None:
        super().__init__()
        self.contents = contents

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the width of the text and a fixed height."""
        del height
        return width, _LETTERHEAD_HEIGHT

    def draw(self) -> None:
        """Draw it."""
        school = self.contents.school
        top = _LETTERHEAD_HEIGHT
        _draw_logo(self.canv, school, bottom=top - _LOGO)
        case = f"Case {self.contents.case_number}"
        laestab = f"LAESTAB {_write_laestab(school.laestab)}" if school.laestab else ""
        left = _LOGO + 4.2 * mm
        room = TEXT_WIDTH - left - 12
        name_room = room - measure(case, font=STRONG, size=10)
        line_room = room - measure(laestab, font=REGULAR, size=8.5)
        self.canv.setFillColor(INK)
        name = shorten(school.name, font=STRONG, size=13, width=name_room)
        draw_text(self.canv, name, x=left, y=top - 12.5, font=STRONG, size=13)
        _draw_right(self.canv, case, y=top - 12.5, font=STRONG, size=10, right=TEXT_WIDTH)
        self.canv.setFillColor(SECOND)
        line = "   ".join(part for part in (school.address, school.phone, school.email) if part)
        line = shorten(line, font=REGULAR, size=8.5, width=line_room)
        draw_text(self.canv, line, x=left, y=top - 27, font=REGULAR, size=8.5)
        _draw_right(self.canv, laestab, y=top - 27, font=REGULAR, size=8.5, right=TEXT_WIDTH)
        self.canv.setStrokeColor(INK)
        self.canv.setLineWidth(1)
        self.canv.line(0, 1, TEXT_WIDTH, 1)


def _frame(*, bottom: float, top: float) -> Frame:
    return Frame(MARGIN, bottom, TEXT_WIDTH, top - bottom, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _write_laestab(laestab: str) -> str:
    return f"{laestab[:3]}/{laestab[3:]}" if laestab.isdigit() and len(laestab) == 7 else laestab


def _draw_logo(canvas: Any, school: SchoolDetails, *, bottom: float) -> None:
    image = _read_image(school.logo)
    if image is not None:
        canvas.drawImage(image, 0, bottom, _LOGO, _LOGO, mask="auto", preserveAspectRatio=True, anchor="c")
        return
    canvas.setFillColor(BAR)
    canvas.roundRect(0, bottom, _LOGO, _LOGO, 3, stroke=0, fill=1)
    canvas.setFillColor(WHITE)
    letter = school.name[:1].upper()
    start = (_LOGO - measure(letter, font=STRONG, size=17)) / 2
    draw_text(canvas, letter, x=start, y=bottom + 9.5, font=STRONG, size=17)


def _read_image(logo: bytes | None) -> ImageReader | None:
    """The school's logo no larger than print needs; None where there is none or it can't be read."""
    if not logo:
        return None
    from PIL import Image  # noqa: PLC0415  only schools with a logo need it

    try:
        image = Image.open(BytesIO(logo)).convert("RGBA")
        image.thumbnail((400, 400))
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return ImageReader(image)


def _draw_right(canvas: Any, text: str, *, y: float, font: str, size: float, right: float) -> None:
    draw_text(canvas, text, x=right - measure(text, font=font, size=size), y=y, font=font, size=size)


def _draw_running_head(canvas: Any, furniture: Furniture) -> None:
    y = PAGE_HEIGHT - 11 * mm
    canvas.setFillColor(SECOND)
    draw_text(canvas, furniture.contents.school.name, x=MARGIN, y=y, font=REGULAR, size=7.5)
    title = f"{furniture.wording.title}, case {furniture.contents.case_number}"
    _draw_right(canvas, title, y=y, font=REGULAR, size=7.5, right=PAGE_WIDTH - MARGIN)


def _draw_watermark(canvas: Any, word: str) -> None:
    canvas.saveState()
    canvas.setFillColor(FAINT)
    canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT / 2)
    canvas.rotate(52)
    draw_text(canvas, word, x=-measure(word, font=STRONG, size=170) / 2, y=-55, font=STRONG, size=170)
    canvas.restoreState()


def _draw_foot(canvas: Any, furniture: Furniture, *, number: int, of: int) -> None:
    contents, text = furniture.contents, furniture.wording.text
    state = text["draft"] if furniture.draft else text["final"]
    first = f"{contents.case_number}, {text['record']} {contents.number}, {state}. {contents.marking}"
    printed = in_fours(furniture.fingerprint, groups=_FINGERPRINT_GROUPS)
    lines = [f"{text['fingerprint']}  {printed}.  {text['check']}", first]
    if number == 1 and contents.school.certificate_fingerprint:
        lines.insert(0, f"{text['certificate']}  {in_fours(contents.school.certificate_fingerprint)}")
    canvas.setFillColor(SECOND)
    for index, line in enumerate(lines):
        size = 6.8 if index == 0 and len(lines) == 3 else 7.5
        draw_text(canvas, line, x=MARGIN, y=FOOT + index * _FOOT_LINE, font=REGULAR, size=size)
    top = FOOT + (len(lines) - 1) * _FOOT_LINE
    canvas.setFillColor(INK)
    _draw_right(canvas, f"Page {number} of {of}", y=top, font=STRONG, size=7.5, right=PAGE_WIDTH - MARGIN)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, top + 11, PAGE_WIDTH - MARGIN, top + 11)


def _draw_signatures(canvas: Any, furniture: Furniture, *, pages: int) -> None:
    text = furniture.wording.text
    above = PLACES[0].top + 9
    canvas.setFillColor(INK)
    draw_text(canvas, text["signatures"], x=MARGIN, y=above, font=STRONG, size=12)
    canvas.setFillColor(SECOND)
    _draw_right(canvas, text["covers"], y=above, font=REGULAR, size=8.5, right=PAGE_WIDTH - MARGIN)
    if pages > 1:
        rest = "page 2" if pages == 2 else f"pages 2 to {pages}"
        line = text["more_pages"].format(pages=rest)
        draw_text(canvas, line, x=MARGIN, y=above + 21, font=REGULAR, size=8.5)
    for place, signer in zip(PLACES, furniture.contents.signers, strict=True):
        draw_frame(canvas, place)
        if furniture.draft:
            empty = Signature(signer, text["not_signed"])
            draw_inside(canvas, empty, left=place.left, bottom=place.bottom)
