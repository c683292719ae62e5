"""The sharing log: what the history says was given stands there by itself, the rest is written by hand."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_contact_attempt, undo_last
from cme_desktop.casework.sharing_log import (
    SharingFacts,
    load_bases,
    load_sharing,
    record_sharing,
    save_log,
    set_log,
    strike_out,
)
from cme_desktop.domain.errors import MissingFactsError, RefusedError
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Recipient, ReturnKind, With
from cme_desktop.storage.events import retract_event
from tests.office import CALLUM, HEAD, IMANI, NOW, TODAY, YESTERDAY, add_event_to, seen_by


def given(**other: object) -> SharingFacts:
    facts = {
        "what": "Attendance of this term", "to_whom": "Kay Moss, school nurse", "why": "to plan support",
        "basis": "public-task", "given_on": TODAY, "pupil_id": CALLUM,
    }  # fmt: skip
    return SharingFacts(**{**facts, **other})  # type: ignore[arg-type]


def test_a_return_a_referral_and_a_word_to_social_care_stand_in_the_log_by_themselves(office: Office) -> None:
    head = seen_by(office, HEAD)
    add_event_to(head, CALLUM, Event(EventKind.RETURN_SENT, YESTERDAY, return_=ReturnKind.ATTENDANCE))
    add_event_to(head, CALLUM, Event(EventKind.REFERRED, TODAY, to=Recipient.AUTHORITY_CME))
    add_event_to(head, IMANI, Event(EventKind.TOLD, TODAY, who=Recipient.SOCIAL_CARE), words="no contact for 3 days")
    add_event_to(head, CALLUM, Event(EventKind.NOTE, TODAY), words="nothing given")

    lines = load_sharing(head).lines

    assert [(line.what, line.to_whom, line.name) for line in lines] == [
        ("Told: social care", "Social care", "Imani Okafor"),
        ("Referred to authority's children missing education team", "Authority's children missing education team",
         "Callum Birtles"),
        ("Attendance return sent", "The authority", "Callum Birtles"),
    ]  # fmt: skip
    assert lines[0].basis.startswith("Keeping a child safe")
    assert lines[2].basis.startswith("A duty in law")
    assert all(line.written_id is None for line in lines)


def test_a_line_struck_out_in_the_history_goes_from_the_log(office: Office) -> None:
    event_id = add_event_to(office, CALLUM, Event(EventKind.RETURN_SENT, TODAY, return_=ReturnKind.ATTENDANCE))
    with office.database.transaction() as db:
        retract_event(db, event_id, at=NOW, by=1)

    assert load_sharing(office).lines == ()


def test_written_by_hand_it_says_what_to_whom_why_and_on_which_ground(office: Office) -> None:
    record_sharing(office, given=given())

    (line,) = load_sharing(office).lines
    assert (line.what, line.to_whom, line.why) == (
        "Attendance of this term",
        "Kay Moss, school nurse",
        "to plan support",
    )
    assert line.basis.startswith("The school’s public task")
    assert line.by == "Pat Mellor"


@pytest.mark.parametrize(
    ("other", "missing"),
    [
        ({"what": " "}, "what was given"),
        ({"to_whom": ""}, "to whom"),
        ({"why": ""}, "why"),
        ({"basis": ""}, "on which ground"),
        ({"basis": "other"}, "which ground it is"),
    ],
)
def test_what_is_missing_is_named(office: Office, other: dict[str, str], missing: str) -> None:
    with pytest.raises(MissingFactsError, match=missing):
        record_sharing(office, given=given(**other))

    assert load_sharing(office).lines == ()


def test_struck_out_it_stays_with_the_reason(office: Office) -> None:
    record_sharing(office, given=given())
    (line,) = load_sharing(office).lines

    strike_out(office, line=line, why="another child")

    assert load_sharing(office).lines[0].struck == "Struck out: another child"


def test_what_comes_from_the_history_is_taken_back_there(office: Office) -> None:
    add_event_to(office, CALLUM, Event(EventKind.RETURN_SENT, TODAY, return_=ReturnKind.ATTENDANCE))

    with pytest.raises(RefusedError, match="history"):
        strike_out(office, line=load_sharing(office).lines[0], why="mistake")


def test_words_and_a_pupil_narrow_it(office: Office) -> None:
    record_sharing(office, given=given())
    record_sharing(office, given=given(what="A reference", to_whom="Hill School", pupil_id=None))

    assert [line.what for line in load_sharing(office, words="NURSE term").lines] == ["Attendance of this term"]
    assert [line.what for line in load_sharing(office, pupil_id=CALLUM).lines] == ["Attendance of this term"]
    assert load_sharing(office, words="nurse reference").lines == ()


def test_the_office_does_not_read_that_a_social_worker_was_told(office: Office) -> None:
    add_event_to(seen_by(office, HEAD), IMANI, Event(EventKind.TOLD, TODAY, who=Recipient.SOCIAL_WORKER))

    assert "social worker" in str(load_sharing(seen_by(office, HEAD)).lines).lower()
    assert "social worker" not in str(load_sharing(office).lines).lower()


def test_on_paper_it_says_the_same_and_saving_it_stands_in_the_journal(office: Office, tmp_path: Path) -> None:
    record_sharing(office, given=given())

    said = " ".join(PdfReader(BytesIO(set_log(office, pupil_id=CALLUM))).pages[0].extract_text().split())
    save_log(office, to=tmp_path / "sharing-log.pdf")

    for words in ("Sharing log", "About Callum Birtles", "Kay Moss, school nurse", "Attendance of this term"):
        assert words in said
    assert load_journal(seen_by(office, HEAD)).lines[0].said == "Saved the sharing log"


def test_every_ground_has_words_and_says_whether_it_was_read(office: Office) -> None:
    bases = load_bases(office.paths.resources)

    assert len({basis.id for basis in bases}) == len(bases)
    assert all(basis.words for basis in bases)
    assert {"legal-duty", "public-task", "safeguarding", "own-right", "other"} <= {basis.id for basis in bases}


def test_a_line_is_never_taken_back_by_a_key_nor_what_was_done_before_it(office: Office) -> None:
    """It is struck out with a reason; whoever presses the key must not undo a call unawares."""
    record_contact_attempt(
        office, pupils=(CALLUM,), contact_id=None, with_=With.MOTHER, outcome=AttemptOutcome.NO_ANSWER
    )
    record_sharing(office, given=given())

    with pytest.raises(RefusedError, match="nothing to undo"):
        undo_last(office)

    assert len(load_sharing(office).lines) == 1
