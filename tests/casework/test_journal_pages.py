"""The journal on paper: of everybody, of one person, or about one pupil; that it was printed stands in it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from cme_desktop.casework.journal_pages import print_journal, save_journal, set_journal
from cme_desktop.casework.journal_reading import list_pupils_told, load_journal
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_contact_attempt
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.domain.events import AttemptOutcome, With
from cme_desktop.storage.journal import write_journal
from tests.office import CALLUM, HEAD, IMANI, MANAGER, NOW, seen_by


@pytest.fixture
def head(office: Office) -> Office:
    for pupil_id, outcome in ((CALLUM, AttemptOutcome.NO_ANSWER), (IMANI, AttemptOutcome.UNAWARE)):
        record_contact_attempt(office, pupils=(pupil_id,), contact_id=None, with_=With.MOTHER, outcome=outcome)
    return seen_by(office, HEAD)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_about_one_pupil_it_names_no_other(head: Office) -> None:
    said = text_of(set_journal(head, pupil_id=CALLUM))

    assert "About Callum Birtles" in said
    assert "Mother: no answer" in said
    assert "Pat Mellor" in said
    assert "Imani" not in said
    assert "does not know where" not in said


def test_of_one_person_and_by_words(head: Office) -> None:
    assert "Of Pat Mellor" in text_of(set_journal(head, by=MANAGER.id))
    assert "No entry is found." in text_of(set_journal(head, by=HEAD.id))
    said = text_of(set_journal(head, words="unaware giraffe"))
    assert "Lines in which stands: unaware giraffe" in said
    assert "No entry is found." in said


def test_printed_and_saved_it_stands_in_the_journal_about_that_pupil(head: Office, tmp_path: Path) -> None:
    print_journal(head, pupil_id=CALLUM)
    save_journal(head, pupil_id=CALLUM, to=tmp_path / "journal.pdf")

    lines = load_journal(head, pupil_id=CALLUM).lines

    assert [line.said for line in lines[:2]] == ["Saved the journal", "Printed the journal"]
    assert PdfReader(tmp_path / "journal.pdf").metadata["/Title"] == "Journal"  # type: ignore[index]  # it has one


def test_of_very_many_entries_it_prints_the_newest_and_says_so(
    head: Office, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr("cme_desktop.casework.journal_pages.MOST", 210)
    with head.database.transaction() as db:
        for _ in range(430):
            write_journal(db, at=NOW, by=MANAGER.id, act="tried", subject="school", details={})

    said = text_of(set_journal(head))

    assert "The newest 210 entries that fit" in said
    assert "Mother: no answer" not in said


def test_the_office_does_not_read_it(office: Office) -> None:
    for refused in (set_journal, print_journal, list_pupils_told):
        with pytest.raises(NotYoursError):
            refused(office)
