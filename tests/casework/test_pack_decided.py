"""Nothing marked is given without a person's word; what is left out is said only where that was chosen."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from cme_desktop.casework.held.pack import MarkedItem, PackScreen, decide_item, load_pack, make_pack
from cme_desktop.casework.held.pages import print_pack, propose_name, save_pack, set_pack
from cme_desktop.casework.information_requests import NewRequest, end_request, load_requests, note_request
from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.office import Office
from cme_desktop.casework.papers import keep_paper
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.casework.reports import Worry, report_worry
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import RequestId
from cme_desktop.domain.information import About, Asker, Ending, Verdict
from cme_desktop.domain.reports import ReportSource
from cme_desktop.storage.contacts import list_contacts, remove_contact
from cme_desktop.storage.tables import PupilEventRow
from tests.office import CALLUM, HEAD, LEAD, TODAY, add_event_to, seen_by

SECRET = "Jack hit him, says Zadok"


@pytest.fixture
def head(office: Office) -> Office:
    add_event_to(office, CALLUM, Event(EventKind.NOTE, TODAY), words=SECRET)
    add_event_to(office, CALLUM, Event(EventKind.NOTE, TODAY), words="has a cold")
    note_request(
        office, new=NewRequest(CALLUM, About.PUPIL, Asker.PARENT, "Gemma Birtles", TODAY, contact_id=None)
    )  # fmt: skip
    return seen_by(office, HEAD)


def the_request(office: Office) -> RequestId:
    return load_requests(office).lines[0].request.id


def marked_in(screen: PackScreen, words: str) -> MarkedItem:
    (found,) = [each for each in screen.marked if words in each.item.text]
    return found


def decide_all(office: Office, verdict: Verdict = Verdict.LEAVE_OUT) -> None:
    request_id = the_request(office)
    for each in load_pack(office, request_id=request_id).marked:
        if each.decided is None:
            decide_item(office, request_id=request_id, item=each.item, verdict=verdict, reason="about others")


def text_of(pdf: bytes, password: str = "") -> str:
    reader = PdfReader(BytesIO(pdf))
    if password:
        assert reader.decrypt(password)
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_nothing_is_chosen_beforehand_and_the_pack_waits_for_every_item(head: Office) -> None:
    request_id = the_request(head)
    screen = load_pack(head, request_id=request_id)

    assert screen.marked
    assert all(each.decided is None for each in screen.marked)
    for give in (set_pack, print_pack):
        with pytest.raises(RefusedError, match="still wait"):
            give(head, request_id=request_id)


def test_one_undecided_item_is_enough_to_hold_the_pack_back(head: Office, tmp_path: Path) -> None:
    request_id = the_request(head)
    *others, last = load_pack(head, request_id=request_id).marked
    for each in others:
        decide_item(head, request_id=request_id, item=each.item, verdict=Verdict.INCLUDE, reason="asked them")

    with pytest.raises(RefusedError, match="1 marked item still waits"):
        save_pack(head, request_id=request_id, to=tmp_path / "pack.pdf", password=None)

    assert not (tmp_path / "pack.pdf").exists()
    decide_item(head, request_id=request_id, item=last.item, verdict=Verdict.INCLUDE, reason="asked them")
    assert make_pack(head, request_id=request_id).items


def test_a_decision_needs_a_reason_and_the_office_takes_none(head: Office, office: Office) -> None:
    request_id = the_request(head)
    item = load_pack(head, request_id=request_id).marked[0].item

    with pytest.raises(MissingFactsError):
        decide_item(head, request_id=request_id, item=item, verdict=Verdict.INCLUDE, reason=" ")
    with pytest.raises(NotYoursError):
        decide_item(office, request_id=request_id, item=item, verdict=Verdict.INCLUDE, reason="why not")
    with pytest.raises(NotYoursError):
        load_pack(office, request_id=request_id)
    assert load_pack(head, request_id=request_id).marked[0].decided is None


def test_what_was_decided_about_other_words_no_longer_counts(head: Office, office: Office) -> None:
    decide_all(head, Verdict.INCLUDE)
    request_id = the_request(head)
    with office.database.transaction() as db:
        db.execute(
            update(PupilEventRow).where(PupilEventRow.words == SECRET).values(words=f"{SECRET}, and Siân saw it")
        )

    screen = load_pack(head, request_id=request_id)

    assert screen.left == 1
    assert marked_in(screen, "Siân saw it").decided is None
    with pytest.raises(RefusedError):
        set_pack(head, request_id=request_id)


def test_the_latest_word_stands(head: Office) -> None:
    request_id = the_request(head)
    decide_all(head, Verdict.LEAVE_OUT)
    item = marked_in(load_pack(head, request_id=request_id), SECRET).item
    decide_item(seen_by(head, LEAD), request_id=request_id, item=item, verdict=Verdict.INCLUDE, reason="they agree")

    decided = marked_in(load_pack(head, request_id=request_id), SECRET).decided

    assert decided is not None
    assert (decided.verdict, decided.by, decided.reason) == (Verdict.INCLUDE, LEAD.name, "they agree")
    assert SECRET in text_of(set_pack(head, request_id=request_id))


def test_left_out_it_is_gone_and_the_pack_says_so_in_neutral_words(head: Office) -> None:
    decide_all(head, Verdict.LEAVE_OUT)

    said = text_of(set_pack(head, request_id=the_request(head)))

    assert "Zadok" not in said
    assert "has a cold" in said
    assert "Some entries are not in this pack" in said


def test_left_out_unsaid_nothing_in_the_pack_tells_that_anything_was(head: Office) -> None:
    decide_all(head, Verdict.LEAVE_OUT_UNSAID)

    said = text_of(set_pack(head, request_id=the_request(head)))

    assert "Zadok" not in said
    assert "not in this pack" not in said


def test_a_worry_left_out_unsaid_is_not_told_by_the_journal_either(head: Office) -> None:
    worry = Worry(source=ReportSource.PUBLIC, on=TODAY, words="thin and cold", child="Callum", reporter="a neighbour")
    report_worry(head, worry=worry, pupil_id=CALLUM)
    decide_all(head, Verdict.LEAVE_OUT_UNSAID)

    said = text_of(set_pack(head, request_id=the_request(head)))

    for told in ("worry", "Worry", "Reported", "thin and cold", "neighbour", "Decided about"):
        assert told not in said.replace("children missing education", "")


def test_words_in_black_are_not_in_the_file_at_all(head: Office) -> None:
    request_id = the_request(head)
    item = marked_in(load_pack(head, request_id=request_id), SECRET).item
    decide_item(
        head, request_id=request_id, item=item, verdict=Verdict.BLACK_OUT, reason="two children",
        blacked=("jack", "Zadok"),
    )  # fmt: skip
    decide_all(head, Verdict.LEAVE_OUT_UNSAID)

    said = text_of(set_pack(head, request_id=request_id))

    assert "█████ hit him, says █████" in said
    assert "Jack" not in said
    assert "Words in black" in said


@pytest.mark.parametrize("words", [(), ("  ",), ("Not there",), ("Jack", "Not there")])
def test_words_that_do_not_stand_in_the_item_can_not_be_blacked_out(head: Office, words: tuple[str, ...]) -> None:
    request_id = the_request(head)
    item = marked_in(load_pack(head, request_id=request_id), SECRET).item

    with pytest.raises(BadInputError, match="which words"):
        decide_item(
            head, request_id=request_id, item=item, verdict=Verdict.BLACK_OUT, reason="others", blacked=words
        )  # fmt: skip


def test_a_paper_goes_inside_the_file_only_where_somebody_said_so(head: Office, tmp_path: Path) -> None:
    for name in (b"one", b"two"):
        keep_paper(head, pupil_id=CALLUM, about="leave", title="Letter", file_name="l.txt", content=name * 5)
    request_id = the_request(head)
    papers = [each.item for each in load_pack(head, request_id=request_id).marked if each.item.file]
    with pytest.raises(RefusedError, match="can’t be blacked out"):
        decide_item(
            head, request_id=request_id, item=papers[0], verdict=Verdict.BLACK_OUT, reason="x", blacked=("Letter",)
        )  # fmt: skip
    for paper, verdict in zip(papers, (Verdict.INCLUDE, Verdict.LEAVE_OUT_UNSAID), strict=True):
        decide_item(head, request_id=request_id, item=paper, verdict=verdict, reason="read through")
    decide_all(head)

    saved = save_pack(head, request_id=request_id, to=tmp_path / propose_name(request_id), password=None)

    reader = PdfReader(saved)
    assert dict(reader.attachments) == {"paper-1.txt": [b"oneoneoneoneone"]}
    assert "File: paper-1.txt" in text_of(saved.read_bytes())
    assert "paper-2" not in text_of(saved.read_bytes())


def test_with_a_password_the_file_opens_with_it_alone(head: Office, tmp_path: Path) -> None:
    decide_all(head)
    request_id = the_request(head)

    saved = save_pack(head, request_id=request_id, to=tmp_path / "pack.pdf", password="three blue horses")

    reader = PdfReader(saved)
    assert reader.is_encrypted
    assert not reader.decrypt("")
    assert not PdfReader(saved).decrypt("three blue horse")
    assert "has a cold" in text_of(saved.read_bytes(), "three blue horses")
    assert b"Callum" not in saved.read_bytes()


def test_a_short_password_is_refused(head: Office, tmp_path: Path) -> None:
    decide_all(head)

    with pytest.raises(BadInputError, match="too short"):
        save_pack(head, request_id=the_request(head), to=tmp_path / "pack.pdf", password="eleven char")

    assert not (tmp_path / "pack.pdf").exists()


def test_printing_and_saving_stand_in_the_journal_without_a_name(head: Office, tmp_path: Path) -> None:
    decide_all(head)
    request_id = the_request(head)
    print_pack(head, request_id=request_id)
    save_pack(head, request_id=request_id, to=tmp_path / "pack.pdf", password=None)

    said = [line.said for line in load_journal(head).lines[:2]]

    assert said == [
        "Saved what is held about somebody as a file, without a password", "Printed what is held about somebody",
    ]  # fmt: skip
    assert propose_name(request_id) == f"what-is-held-request-{request_id}.pdf"


def test_about_a_contact_who_was_taken_off_the_list_the_pack_says_what_to_do(head: Office) -> None:
    with head.database.transaction() as db:
        contact_id = list_contacts(db, CALLUM)[0].id
    new = NewRequest(CALLUM, About.CONTACT, Asker.PARENT, "Gemma Birtles", TODAY, contact_id=contact_id)
    note_request(head, new=new)
    with head.database.transaction() as db:
        remove_contact(db, contact_id)
    request_id = max(line.request.id for line in load_requests(head).lines)

    with pytest.raises(BadInputError, match="no longer on the child’s list"):
        load_pack(head, request_id=request_id)


def test_a_request_that_has_ended_takes_no_more_decisions(head: Office) -> None:
    request_id = the_request(head)
    item = load_pack(head, request_id=request_id).marked[0].item
    end_request(head, request_id=request_id, ending=Ending.WITHDRAWN, on=TODAY, answer="no longer wanted")

    with pytest.raises(RefusedError, match="has ended"):
        decide_item(head, request_id=request_id, item=item, verdict=Verdict.INCLUDE, reason="asked")
