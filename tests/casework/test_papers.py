"""Papers are kept inside the records, only what a paper can be, and struck out rather than deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import undo_last
from cme_desktop.casework.papers import LARGEST, keep_paper, kind_of, open_paper, strike_paper
from cme_desktop.domain.errors import BadInputError, CmeError, MissingFactsError
from cme_desktop.storage.papers import Paper, list_papers
from cme_desktop.storage.tables import JournalRow
from tests.office import LUCJA, MANAGER, an_office

PDF = b"%PDF-1.7\nnot much of one"
DOCX = b"PK\x03\x04 word"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = an_office(tmp_path)
    yield opened
    opened.database.close()


def keep(office: Office, *, title: str = "Letter from the new school", content: bytes = PDF) -> Paper:
    keep_paper(office, pupil_id=LUCJA, about="leaving", title=title, file_name="Łucja letter.pdf", content=content)
    return papers(office)[-1]


def papers(office: Office, *about: str) -> tuple[Paper, ...]:
    with office.database.reading() as db:
        return list_papers(db, pupil_id=LUCJA, about=about or ("leaving",))


def test_a_paper_is_kept_whole_with_its_hash_and_who_added_it(office: Office) -> None:
    paper = keep(office)

    assert open_paper(office, paper_id=paper.id).content == PDF
    assert (paper.kind, paper.size, paper.added_by_name) == ("application/pdf", len(PDF), MANAGER.name)
    assert paper.sha256 == hashlib.sha256(PDF).hexdigest()
    assert papers(office, "leave") == ()


def test_neither_the_name_of_the_file_nor_its_title_reaches_the_journal(office: Office) -> None:
    paper = keep(office)
    open_paper(office, paper_id=paper.id)
    strike_paper(office, paper_id=paper.id)

    with office.database.reading() as db:
        entries = db.scalars(select(JournalRow).order_by(JournalRow.id)).all()
        told = [(entry.act, entry.subject, entry.details) for entry in entries]
    assert [act for act, _, _ in told][-3:] == ["paper kept", "paper opened", "paper struck out"]
    assert not any("Łucja" in str(line) or "new school" in str(line) for line in told)


def test_a_paper_struck_out_can_still_be_read(office: Office) -> None:
    paper = keep(office)

    strike_paper(office, paper_id=paper.id)

    (struck,) = papers(office)
    assert struck.retracted_at is not None
    assert open_paper(office, paper_id=paper.id).content == PDF


def test_keeping_a_paper_can_be_undone_and_leaves_it_struck_out(office: Office) -> None:
    keep(office)

    undo_last(office)

    assert [paper.retracted_at is not None for paper in papers(office)] == [True]


@pytest.mark.parametrize(
    ("file_name", "content", "kind"),
    [
        ("scan.PDF", PDF, "application/pdf"),
        ("no ending", PDF, "application/pdf"),
        ("photo.jpeg", b"\xff\xd8\xff\xe0 picture", "image/jpeg"),
        ("photo.png", b"\x89PNG\r\n\x1a\n picture", "image/png"),
        ("form.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("message.eml", b"From: office\n\nHello", "message/rfc822"),
        ("note.txt", b"He said so.", "text/plain"),
    ],
)
def test_what_a_paper_is_is_told_by_its_first_bytes(file_name: str, content: bytes, kind: str) -> None:
    assert kind_of(file_name, content) == kind


@pytest.mark.parametrize(
    ("file_name", "content"),
    [
        ("program.exe", b"MZ\x90\x00"),
        ("script.pdf", b"#!/bin/sh"),
        ("archive.zip", DOCX),
        ("archive.txt", DOCX),
        ("plain.docx", b"just words"),
        ("nothing.pdf", b""),
    ],
)
def test_what_is_no_paper_is_refused_and_nothing_is_kept(office: Office, file_name: str, content: bytes) -> None:
    with pytest.raises(BadInputError) as refused:
        keep_paper(office, pupil_id=LUCJA, about="leaving", title="Form", file_name=file_name, content=content)

    assert refused.value.remedy
    assert papers(office) == ()


def test_the_largest_paper_is_kept_and_one_byte_more_is_not(office: Office) -> None:
    filled = PDF + b"0" * (LARGEST - len(PDF))

    assert kind_of("scan.pdf", filled) == "application/pdf"
    with pytest.raises(CmeError, match="too large"):
        kind_of("scan.pdf", filled + b"0")


def test_a_paper_without_a_title_is_not_kept(office: Office) -> None:
    with pytest.raises(MissingFactsError, match="what it is"):
        keep(office, title="  ")
