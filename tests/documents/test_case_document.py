"""What stands on the pages of a document, and that the same contents always give the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest

from cme_desktop.documents.case_document import find_unprintable, render_document
from cme_desktop.documents.contents import ContactLine
from cme_desktop.documents.wording import in_fours, load_wording
from cme_desktop.domain.documents import DocumentKind
from cme_desktop.domain.errors import CmeError
from tests.documents.example import FONTS, ROOT, contents, render, wording


def _pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(pdf)).pages]


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_the_same_contents_give_the_same_bytes(kind: DocumentKind) -> None:
    assert render(kind=kind).pdf == render(kind=kind).pdf


def test_other_contents_give_another_fingerprint() -> None:
    changed = replace(contents(), made_at=contents().made_at + timedelta(minutes=1))

    assert changed.fingerprint != contents().fingerprint


def test_every_page_carries_case_fingerprint_and_its_number() -> None:
    rendered = render(calls=60)

    pages = _pages(rendered.pdf)

    assert rendered.pages == len(pages) >= 4
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "CME-26-011, record 2, draft" in page
        assert in_fours(rendered.fingerprint, groups=8) in page


def test_the_foot_and_the_title_do_not_name_the_child() -> None:
    pdf = render(calls=60).pdf
    reader = pypdf.PdfReader(BytesIO(pdf))

    assert reader.metadata is not None
    assert reader.metadata.title == "CME-26-011"
    assert "Łucja" not in _pages(pdf)[1].rpartition("CME-26-011, record")[2]
    assert "Łucja" not in str(reader.metadata)


def test_the_language_is_british_english() -> None:
    catalogue = pypdf.PdfReader(BytesIO(render().pdf)).root_object

    assert str(catalogue["/Lang"]) == "en-GB"


def test_what_is_not_done_and_not_known_is_said() -> None:
    text = " ".join(_pages(render().pdf))

    assert "Not done yet Letter to last address; second home visit" in text
    assert "Home authority Not known" in text
    assert "Do not contact: court order" in text
    assert "Never tried" in text
    assert "One session is unknown." in text


def test_names_in_other_letters_are_set_in_a_font_that_has_them() -> None:
    text = " ".join(_pages(render().pdf))

    assert "Łucja Zoë O'Brien-Wiśniewska" in text
    assert "Ирина O’Brien" in text


def test_letters_no_font_has_are_named() -> None:
    odd = replace(contents(), contacts=(ContactLine(1, "father", "Li 李明", "lives elsewhere"),))

    assert find_unprintable(odd, fonts=FONTS) == "李明"
    assert find_unprintable(contents(), fonts=FONTS) == ""


def test_a_late_entry_says_so_in_words() -> None:
    assert "late" in " ".join(_pages(render(calls=8).pdf))


def test_a_table_over_three_pages_repeats_its_header() -> None:
    pages = _pages(render(calls=90).pdf)

    with_header = [page for page in pages if "When With How Outcome and words By, and when written" in page]
    assert len(with_header) >= 3


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_no_heading_stands_alone_at_the_foot_of_a_page(kind: DocumentKind) -> None:
    headings = {section.heading for section in wording(kind).sections if section.heading}
    long = replace(contents().flags[0], sentence="Absent on many days, each of them told at some length here. " * 9)
    seen = set()

    for calls in range(0, 36, 2):
        said = replace(contents(calls=calls), flags=(long,))
        pdf = render_document(said, wording(kind), fonts=FONTS, draft=False).pdf
        for page in pypdf.PdfReader(BytesIO(pdf)).pages:
            lines = [line.strip() for line in page.extract_text().splitlines() if line.strip()]
            foot = next(index for index, line in enumerate(lines) if line.startswith("Fingerprint"))
            last = max(index for index, line in enumerate(lines[:foot]) if "School’s signing" not in line)
            seen |= headings & set(lines)
            assert lines[last] not in headings

    assert seen == headings


def test_a_number_stands_on_one_line() -> None:
    rung = replace(contents().attempts[0], how="Phone\n07700 900123")

    pdf = render_document(replace(contents(), attempts=(rung,)), wording(), fonts=FONTS, draft=True).pdf

    lines = [line.strip() for line in pypdf.PdfReader(BytesIO(pdf)).pages[0].extract_text().splitlines()]
    assert "07700 900123" in lines


def test_why_the_case_was_opened_and_where_it_stands_is_said() -> None:
    pages = " ".join(_pages(render_document(replace(contents(), case_status="Closed"), wording(), fonts=FONTS,
                                            draft=True).pdf))  # fmt: skip

    assert "This case is closed. It was opened on Tuesday 3 November 2026: “Not seen since before half term”" in pages


def test_a_name_that_is_the_legal_one_is_not_said_twice() -> None:
    pupil = replace(contents().pupil, name="Robin Marsden", legal_name="Robin Marsden", home_authority="830")

    pages = " ".join(_pages(render_document(replace(contents(), pupil=pupil), wording(), fonts=FONTS, draft=True).pdf))

    assert "Legal name Robin Marsden Name in use The same" in pages
    assert "Home authority Number 830" in pages


def test_words_longer_than_a_page_run_on() -> None:
    long = replace(contents(), attempts=(replace(contents().attempts[0], words="once upon a time " * 900),))

    rendered = render_document(long, wording(), fonts=FONTS, draft=True)

    assert rendered.pages >= 4


def test_markup_in_words_is_only_words() -> None:
    sly = replace(contents(), why="<b>bold</b> & <font size=99>large</font>\x00\u202e", attempts=())

    text = " ".join(_pages(render_document(sly, wording(DocumentKind.REFERRAL), fonts=FONTS, draft=True).pdf))

    assert "<b>bold</b> & <font size=99>large</font>" in text


def test_a_final_document_carries_no_draft_mark() -> None:
    final = " ".join(_pages(render(draft=False).pdf))

    assert "Draft" not in final
    assert "record 2, final" in final


def test_a_case_with_nothing_in_it_still_gives_a_record() -> None:
    bare = replace(
        contents(), contacts=(), flags=(), weeks=(), attempts=(), decisions=(), sent=(), documents=(), amendments=(),
        unknown_sessions=0, last_attended=None,
    )  # fmt: skip

    text = " ".join(_pages(render_document(bare, wording(), fonts=FONTS, draft=True).pdf))

    assert "No contact attempt and no visit is recorded." in text
    assert "The school holds no contact for this pupil." in text


def test_a_damaged_logo_gives_way_to_the_schools_letter() -> None:
    damaged = replace(contents(), school=replace(contents().school, logo=b"not a picture"))

    assert render_document(damaged, wording(), fonts=FONTS, draft=True).pages >= 2


def test_a_missing_form_is_said_in_a_sentence() -> None:
    with pytest.raises(CmeError, match="wording can't be read"):
        load_wording(ROOT / "forms", "no-such-form")
