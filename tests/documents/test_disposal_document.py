"""The disposal list on paper: whose, how many and why before; after, what is left, which names nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Final

from pypdf import PdfReader

from cme_desktop.documents.disposal_document import DisposalSheet, SheetGroup, SheetLine, render_disposal
from cme_desktop.documents.wording import load_wording
from cme_desktop.paths import find_paths
from tests.documents.example import FONTS

LONG: Final = "Bartholomew-Maximilian Konstantinopolos de la Fontaine O’Quillfeather"
WHY: Final = (
    "Last entry on 19 July 2019; its time was over after 19 July 2025. Looked at on 10 November 2026: it may go."
)
LINES: Final = tuple(
    SheetLine(f"{LONG} {number}", 11, date(2020, 10, 26), date(2020, 11, 9), date(2026, 11, 9), WHY)
    for number in range(60)
)
SHEET: Final = DisposalSheet(
    school="Larkfield Primary School", laestab="8302201", number=3, drawn_by="Pat Mellor", drawn_on=date(2026, 11, 10),
    groups=(
        SheetGroup("Entries in the attendance register", "6 years, in force since Mon 19 Aug 2024.", LINES),
        SheetGroup("Files with safeguarding content", "25 years.", (SheetLine("A child", 1, None, None, None, WHY),)),
    ),
    gone_after=date(2027, 10, 31), fingerprint="ab" * 32,
)  # fmt: skip


def words_of(sheet: DisposalSheet) -> tuple[str, int]:
    wording = load_wording(find_paths().forms, "disposal")
    pages = PdfReader(BytesIO(render_disposal(sheet, wording, fonts=FONTS))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()), len(pages)


def test_the_list_says_whose_how_many_why_and_what_signing_means() -> None:
    words, pages = words_of(SHEET)

    assert pages > 3
    assert "Nothing has been removed yet." in words
    assert "60 records in all, 660 entries in them." in words
    assert "26 Oct 2020 to 9 Nov 2020" in words
    assert "not kept" in words
    assert "the last of them goes after 31 October 2027" in words
    assert "a month later for each month in which none was made" in words
    assert "the folder before-restore" in words
    assert "O’Quillfeather 59" in words


def test_once_signed_it_says_by_whom_and_that_it_is_gone() -> None:
    signed = replace(SHEET, groups=SHEET.groups[1:], ended_by="Dr Ann Teal, headteacher", ended_on=date(2026, 11, 12))
    words, _ = words_of(signed)

    assert "Signed by Dr Ann Teal, headteacher on 12 November 2026." in words
    assert "Fingerprint of what it was" in words


def test_given_up_it_says_that_nothing_was_removed() -> None:
    words, _ = words_of(replace(SHEET, groups=(), ended_on=date(2026, 11, 12), is_given_up=True))

    assert "Given up on 12 November 2026. Nothing was removed." in words
    assert "Backups" not in words


def test_the_same_list_gives_the_same_bytes() -> None:
    wording = load_wording(find_paths().forms, "disposal")

    assert render_disposal(SHEET, wording, fonts=FONTS) == render_disposal(SHEET, wording, fonts=FONTS)
