"""What the child and the family say: heard in a case, added to, printed, and missed when nobody asked."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from cme_desktop.casework.cases import load_case, open_case
from cme_desktop.casework.closing import Closing, close_case, find_what_closing_lacks, warn_before_closing
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import undo_last
from cme_desktop.casework.record_contents import gather_contents
from cme_desktop.casework.records import export_pdf, prepare_record
from cme_desktop.casework.views import HOW, Voice, record_views, views_in
from cme_desktop.documents.contents import RecordContents
from cme_desktop.domain.cases import ClosingOutcome
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.identifiers import CaseId
from tests.office import LUCJA, TODAY, YESTERDAY, an_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


@pytest.fixture
def case_id(office: Office) -> CaseId:
    return open_case(office, pupil_id=LUCJA, why="Nobody answers.").case_id


def hear(office: Office, case_id: CaseId, voice: Voice, words: str, *, on: date = TODAY) -> None:
    record_views(office, case_id=case_id, voice=voice, words=words, on=on, by="Mrs Hale", how=HOW[0])


def contents_of(office: Office, case_id: CaseId) -> RecordContents:
    return gather_contents(office, case_id, at=office.now(), number=1, prepared_by=office.user.id)


def test_words_are_added_and_the_latest_stand_first(office: Office, case_id: CaseId) -> None:
    hear(office, case_id, Voice.CHILD, "The bus frightens me.", on=YESTERDAY)
    hear(office, case_id, Voice.CHILD, "I want to come back.")

    views = views_in(load_case(office, case_id).events)

    assert [heard.words for heard in views.child] == ["I want to come back.", "The bus frightens me."]
    assert (views.child[0].by, views.child[0].how, views.child[0].on) == ("Mrs Hale", "In person", TODAY)
    assert views.not_asked == (Voice.FAMILY,)


def test_the_history_says_who_heard_it_and_through_whom(office: Office, case_id: CaseId) -> None:
    record_views(
        office, case_id=case_id, voice=Voice.FAMILY, words="We moved twice.", on=TODAY, by="Sam Rook", how=HOW[-1],
        through="the aunt",
    )  # fmt: skip

    entry = next(each for each in load_case(office, case_id).history if each.title == "What the family says")

    assert entry.detail == "We moved twice. Heard by Sam Rook, through somebody else, the aunt."


def test_what_is_missing_is_named_and_nothing_is_kept(office: Office, case_id: CaseId) -> None:
    with pytest.raises(MissingFactsError) as told:
        record_views(office, case_id=case_id, voice=Voice.CHILD, words=" ", on=TODAY, by="", how=HOW[-1])
    with pytest.raises(BadInputError):
        hear(office, case_id, Voice.CHILD, "Later.", on=date(2026, 11, 11))

    assert told.value.missing == ("what was said", "who heard it", "through whom")
    assert views_in(load_case(office, case_id).events).child == ()


def test_undo_strikes_the_words_out_and_keeps_them(office: Office, case_id: CaseId) -> None:
    hear(office, case_id, Voice.CHILD, "I want to come back.")

    undo_last(office)

    views = views_in(load_case(office, case_id).events)
    assert [heard.is_struck_out for heard in views.child] == [True]
    assert Voice.CHILD in views.not_asked


def test_the_record_holds_both_voices_in_their_own_section_and_says_who_was_not_asked(
    office: Office, case_id: CaseId, tmp_path: Path
) -> None:
    hear(office, case_id, Voice.CHILD, "I want to come back to Oak.")

    lines = contents_of(office, case_id).views
    file = export_pdf(office, prepare_record(office, case_id).id, tmp_path / "record.pdf")

    assert [(line.whose, line.words) for line in lines] == [
        ("What the child says", "I want to come back to Oak."), ("What the family says", ""),
    ]  # fmt: skip
    printed = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(file.read_bytes())).pages).split()
    )
    assert "What the child and the family say" in printed
    assert printed.count("I want to come back to Oak.") == 1
    assert "Mrs Hale" in printed
    assert printed.count("Not yet asked") == 1


def test_the_fingerprint_changes_with_what_was_heard(office: Office, case_id: CaseId) -> None:
    before = contents_of(office, case_id).fingerprint

    hear(office, case_id, Voice.FAMILY, "We moved.")

    assert contents_of(office, case_id).fingerprint != before


def test_closing_without_them_is_warned_of_and_not_barred(office: Office, case_id: CaseId) -> None:
    closing = Closing(ClosingOutcome.OPENED_IN_ERROR, "The wrong child.")
    hear(office, case_id, Voice.CHILD, "I am well.")
    file = load_case(office, case_id)

    assert warn_before_closing(file) == ("What the family says has not been asked.",)
    assert find_what_closing_lacks(file, closing).in_words == ()
    close_case(office, case_id=case_id, closing=closing)

    with pytest.raises(RefusedError, match="closed"):
        hear(office, case_id, Voice.FAMILY, "Too late.")
