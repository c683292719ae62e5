"""The written record of a case: prepared, read, signed by two, sent, given out."""

from __future__ import annotations

import hashlib
from datetime import date, time, timedelta
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import select

from cme_desktop.casework.cases import open_case
from cme_desktop.casework.closing import give_reason_untried
from cme_desktop.casework.office import Office
from cme_desktop.casework.records import (
    DocumentRowView,
    export_certificate,
    export_pdf,
    list_documents,
    load_pdf,
    note_sent,
    prepare_document,
    prepare_record,
    sign_record,
    why_not_sign,
)
from cme_desktop.documents.school_keys import read_certificate_file
from cme_desktop.documents.verification import verify_bytes
from cme_desktop.domain.changes import Area
from cme_desktop.domain.documents import DocumentKind, DocumentState
from cme_desktop.domain.errors import BadInputError, CmeError, MissingFactsError, RefusedError
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method, VisitOutcome, With
from cme_desktop.domain.identifiers import CaseId
from cme_desktop.storage.contacts import list_contacts
from cme_desktop.storage.events import list_events
from cme_desktop.storage.journal_check import check_journal
from cme_desktop.storage.tables import DocumentRow, JournalRow
from tests.disk import Disk
from tests.office import HEAD, LUCJA, NOW, TODAY, add_event_to, add_marks, an_office, at, seen_by

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00"
    b"\rIDATx\x9cc\xfc\xcf\xc0P\x0f\x00\x04\x85\x01\x80\x84\xa9\x8c!\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office where Łucja has been away for a fortnight and a few calls were made."""
    made = an_office(tmp_path)
    add_marks(made, LUCJA, "O", date(2026, 11, 2), TODAY)
    for day, outcome, words in (
        (date(2026, 11, 2), AttemptOutcome.NO_ANSWER, ""),
        (date(2026, 11, 5), AttemptOutcome.ANSWERED_NO_REASON, "Staying with her aunt, back soon"),
    ):
        call = Event(EventKind.CONTACT_ATTEMPT, day, time(9, 17), With.MOTHER, Method.PHONE, outcome)
        add_event_to(made, LUCJA, call, words=words)
    add_event_to(made, LUCJA, Event(EventKind.HOME_VISIT, date(2026, 11, 6), outcome=VisitOutcome.NO_REPLY))
    return made


@pytest.fixture
def case_id(office: Office) -> CaseId:
    return open_case(office, pupil_id=LUCJA, why="Not seen since 30 October, no reason given").case_id


def _text(pdf: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).split())


def _sign_both(office: Office, document: DocumentRowView) -> DocumentRowView:
    sign_record(office, document.id, typed="Pat Mellor")
    return sign_record(seen_by(office, HEAD), document.id, typed="Ann Teal")


def test_a_draft_says_what_is_known_and_what_is_not_done(office: Office, case_id: CaseId) -> None:
    draft = prepare_record(office, case_id)

    text = _text(load_pdf(office, draft.id))
    assert "Łucja Wiśniewska" in text
    assert "Not done yet" in text
    assert "Letter to last address" in text
    assert "Staying with her aunt, back soon" in text
    assert "Not signed yet" in text
    assert draft.state is DocumentState.DRAFT
    assert draft.missing == ()


def test_the_absence_is_counted_once_in_days_and_in_sessions(office: Office, case_id: CaseId) -> None:
    text = _text(load_pdf(office, prepare_record(office, case_id).id))

    absence = text[text.index("Absence 6") : text.index("Required by")].strip()
    assert absence == "Absence 6 school days (11 sessions) since Tue 3 Nov"


def test_a_dead_number_is_dated_so_that_a_later_answer_does_not_contradict_it(office: Office, case_id: CaseId) -> None:
    dead = Event(
        EventKind.CONTACT_ATTEMPT, date(2026, 11, 3), time(9, 20), With.MOTHER, Method.PHONE, AttemptOutcome.NUMBER_DEAD
    )
    add_event_to(office, LUCJA, dead)

    text = _text(load_pdf(office, prepare_record(office, case_id).id))

    assert "Mother, Thu 5 Nov: answered, no reason given. Mother: number dead on Tue 3 Nov" in text


def test_the_record_names_whom_nobody_tried_and_why(office: Office, case_id: CaseId) -> None:
    with office.database.reading() as db:
        grandmother = list_contacts(db, LUCJA)[1]
    give_reason_untried(office, case_id=case_id, contact_id=grandmother.id, reason="In hospital abroad")

    assert "Decision: grandmother not tried “In hospital abroad”" in _text(
        load_pdf(office, prepare_record(office, case_id).id)
    )


def test_a_case_without_history_before_it_still_gives_a_record(office: Office) -> None:
    other = open_case(office, pupil_id=LUCJA, why="A worry", history_from=TODAY)

    assert prepare_record(office, other.case_id).pages >= 2


def test_a_draft_made_again_takes_the_place_of_the_unsigned_one(office: Office, case_id: CaseId) -> None:
    first = prepare_record(office, case_id)

    again = prepare_record(at(office, NOW + timedelta(minutes=5)), case_id)

    assert again.id == first.id
    assert again.version == 1
    assert len(list_documents(office, case_id)) == 1


def test_a_record_after_a_signed_one_bears_the_next_number(office: Office, case_id: CaseId) -> None:
    _sign_both(office, prepare_record(office, case_id))

    later = prepare_record(at(office, NOW + timedelta(hours=1)), case_id)

    assert later.version == 2
    assert "Earlier documents of this case" in _text(load_pdf(office, later.id))


def test_a_record_signed_by_office_and_head_is_whole_and_names_both(office: Office, case_id: CaseId) -> None:
    final = _sign_both(office, prepare_record(office, case_id))

    verdict = verify_bytes(load_pdf(office, final.id))

    assert verdict.ok
    assert [found.by for found in verdict.signatures] == ["Pat Mellor", "Dr Ann Teal"]
    assert [line.by for line in final.signatures] == ["Pat Mellor", "Dr Ann Teal"]
    assert final.state is DocumentState.FINAL


def test_the_certificate_printed_is_the_one_that_signed(office: Office, case_id: CaseId) -> None:
    final = _sign_both(office, prepare_record(office, case_id))

    pdf = load_pdf(office, final.id)
    printed = "".join(_text(pdf).split())
    assert verify_bytes(pdf).fingerprint in printed


def test_the_head_waits_for_the_office_to_sign(office: Office, case_id: CaseId) -> None:
    draft = prepare_record(office, case_id)
    head = seen_by(office, HEAD)

    assert why_not_sign(head, draft) == "The office signs first."
    with pytest.raises(RefusedError):
        sign_record(head, draft.id, typed="Ann Teal")


def test_nobody_signs_twice(office: Office, case_id: CaseId) -> None:
    draft = prepare_record(office, case_id)
    sign_record(office, draft.id, typed="Pat Mellor")

    with pytest.raises(RefusedError):
        sign_record(office, draft.id, typed="Pat Mellor")


def test_a_drawn_signature_is_as_good_as_a_typed_one(office: Office, case_id: CaseId) -> None:
    draft = prepare_record(office, case_id)

    signed = sign_record(office, draft.id, drawn=PNG, typed=None)

    assert verify_bytes(load_pdf(office, signed.id)).ok


def test_a_signature_needs_a_mark_in_the_box(office: Office, case_id: CaseId) -> None:
    draft = prepare_record(office, case_id)

    with pytest.raises(MissingFactsError):
        sign_record(office, draft.id, drawn=None, typed="  ")
    with pytest.raises(BadInputError):
        sign_record(office, draft.id, drawn=b"not a picture")


def test_calls_written_after_the_draft_do_not_stop_it_being_signed(office: Office, case_id: CaseId) -> None:
    draft = prepare_record(office, case_id)
    later = at(office, NOW + timedelta(minutes=20))
    call = Event(EventKind.CONTACT_ATTEMPT, TODAY, time(9, 55), With.MOTHER, Method.PHONE, AttemptOutcome.NO_ANSWER)
    add_event_to(later, LUCJA, call)

    signed = sign_record(later, draft.id, typed="Pat Mellor")

    assert signed.fingerprint == draft.fingerprint


def test_a_draft_the_records_no_longer_agree_with_is_not_signed(office: Office, case_id: CaseId) -> None:
    draft = prepare_record(office, case_id)
    add_marks(office, LUCJA, "I", date(2026, 11, 4))

    with pytest.raises(RefusedError, match="records have changed"):
        sign_record(office, draft.id, typed="Pat Mellor")

    assert list_documents(office, case_id)[0].state is DocumentState.DRAFT


def test_each_step_stands_in_the_history_and_the_journal(office: Office, case_id: CaseId) -> None:
    final = _sign_both(office, prepare_record(office, case_id))
    note_sent(office, final.id, to="Derbyshire children missing education team")

    with office.database.reading() as db:
        kinds = [written.event.kind for written in list_events(db, pupil_id=LUCJA)]
        acts = list(db.scalars(select(JournalRow.act)))
        assert check_journal(db).ok
    assert kinds.count(EventKind.DOCUMENT_SIGNED) == 2
    assert {EventKind.DOCUMENT_MADE, EventKind.DOCUMENT_SENT} <= set(kinds)
    assert {"document_made", "document_signed", "document_sent"} <= set(acts)


def test_what_changed_is_said(office: Office, case_id: CaseId) -> None:
    changes = prepare_record(office, case_id).changes

    assert changes.touches(Area.DOCUMENTS)
    assert case_id in changes.cases


def test_a_draft_is_not_noted_as_sent(office: Office, case_id: CaseId) -> None:
    draft = prepare_record(office, case_id)

    with pytest.raises(RefusedError):
        note_sent(office, draft.id, to="the authority")


def test_what_was_sent_stands_in_the_next_record(office: Office, case_id: CaseId) -> None:
    final = _sign_both(office, prepare_record(office, case_id))
    note_sent(office, final.id, to="Derbyshire children missing education team")

    later = prepare_record(at(office, NOW + timedelta(hours=2)), case_id)

    assert "Derbyshire children missing education team" in _text(load_pdf(office, later.id))


def test_a_file_given_out_bears_the_case_number_and_no_name(office: Office, case_id: CaseId, tmp_path: Path) -> None:
    draft = prepare_record(office, case_id)

    file = export_pdf(office, draft.id, tmp_path)

    assert file.name == "CME-26-001-record-1-draft.pdf"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == draft.sha256
    assert pypdf.PdfReader(file).metadata.title == "CME-26-001"  # type: ignore[union-attr]


def test_a_place_that_can_not_be_written_is_said_in_a_sentence(office: Office, case_id: CaseId, tmp_path: Path) -> None:
    draft = prepare_record(office, case_id)

    with pytest.raises(CmeError, match="can’t be written"):
        export_pdf(office, draft.id, tmp_path / "nowhere" / "record.pdf")


def test_a_full_disk_leaves_the_file_that_was_there(office: Office, case_id: CaseId, small_disk: Disk) -> None:
    document = prepare_record(office, case_id)
    out = small_disk.folder / "record.pdf"
    out.write_bytes(b"an older one")

    with small_disk.full(), pytest.raises(CmeError, match="can’t be written"):
        export_pdf(office, document.id, out)

    assert [(file.name, file.read_bytes()) for file in small_disk.folder.iterdir()] == [("record.pdf", b"an older one")]


def test_damaged_bytes_are_not_given_out(office: Office, case_id: CaseId) -> None:
    draft = prepare_record(office, case_id)
    with office.database.transaction() as db:
        db.get_one(DocumentRow, draft.id).pdf = b"%PDF-1.4 something else"

    with pytest.raises(CmeError, match="not what was kept"):
        load_pdf(office, draft.id)


@pytest.mark.parametrize("kind", [DocumentKind.REFERRAL, DocumentKind.ATTENDANCE_RETURN])
def test_referral_and_return_are_prepared_and_signed_likewise(
    office: Office, case_id: CaseId, kind: DocumentKind
) -> None:
    draft = prepare_document(office, case_id, kind=kind)

    final = _sign_both(office, draft)

    assert verify_bytes(load_pdf(office, final.id)).ok
    assert kind.in_words.split()[0] in _text(load_pdf(office, final.id))


def test_a_missing_fact_is_named_and_printed_as_not_known(office: Office) -> None:
    from tests.office import add_pupil

    pupil = add_pupil(office, born=None, contacts=False)
    case = open_case(office, pupil_id=pupil, why="Never came")

    draft = prepare_record(office, case.case_id)

    assert "the pupil’s date of birth" in draft.missing
    assert "a contact with a number" in draft.missing
    assert "Not known" in _text(load_pdf(office, draft.id))


def test_who_holds_the_schools_certificate_trusts_its_records(office: Office, case_id: CaseId, tmp_path: Path) -> None:
    final = _sign_both(office, prepare_record(office, case_id))

    certificate = read_certificate_file(export_certificate(office, tmp_path))

    assert verify_bytes(load_pdf(office, final.id), trusted_certificate=certificate).trusted is True
