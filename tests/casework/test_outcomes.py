from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from cme_desktop.casework.outcomes import (
    LEAD_TOLD,
    AbsenceReason,
    Explanation,
    record_child_seen,
    record_class_check,
    record_contact_attempt,
    record_decision,
    record_home_visit,
    record_lead_told,
    record_note,
    record_told,
    undo_last,
)
from cme_desktop.casework.text_batch import plan_text_batch, record_text_batch
from cme_desktop.domain.changes import Area
from cme_desktop.domain.contacts import NumberQuality
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import AttemptOutcome, EventKind, Method, Recipient, VisitOutcome
from cme_desktop.storage.contacts import list_contacts
from cme_desktop.storage.events import list_events
from cme_desktop.storage.journal_check import check_journal
from tests.office import AISHA, CALLUM, HEAD, LUCJA, TODAY, TOMASZ, seen_by

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.storage.contacts import ContactDetails
    from cme_desktop.storage.events import WrittenEvent


def _contacts(office: Office, pupil: PupilId) -> tuple[ContactDetails, ...]:
    with office.database.reading() as db:
        return list_contacts(db, pupil)


def _events(office: Office, pupil: PupilId) -> tuple[WrittenEvent, ...]:
    with office.database.reading() as db:
        return list_events(db, pupil_id=pupil)


def test_no_answer_is_written_with_the_contact_and_the_number_rung(office: Office) -> None:
    mother = _contacts(office, LUCJA)[0]

    changes = record_contact_attempt(office, pupils=(LUCJA,), contact_id=mother.id, outcome=AttemptOutcome.NO_ANSWER)

    (written,) = _events(office, LUCJA)
    assert written.event.outcome is AttemptOutcome.NO_ANSWER
    assert (written.contact_id, written.number_used) == (mother.id, mother.numbers[0].text)
    assert changes.pupils == {LUCJA}
    assert changes.touches(Area.EVENTS)


def test_a_contact_of_somebody_elses_list_is_not_taken(office: Office) -> None:
    stranger = _contacts(office, AISHA)[0]

    with pytest.raises(BadInputError, match="no longer on the list"):
        record_contact_attempt(office, pupils=(LUCJA,), contact_id=stranger.id, outcome=AttemptOutcome.NO_ANSWER)

    assert _events(office, LUCJA) == ()


def test_one_call_about_two_children_is_written_down_for_each(office: Office) -> None:
    mother = _contacts(office, LUCJA)[0]

    record_contact_attempt(office, pupils=(LUCJA, TOMASZ), contact_id=mother.id, outcome=AttemptOutcome.LEFT_MESSAGE)

    assert [len(_events(office, pupil)) for pupil in (LUCJA, TOMASZ)] == [1, 1]


def test_a_reason_keeps_its_word_and_the_day_the_child_is_expected(office: Office) -> None:
    mother = _contacts(office, LUCJA)[0]
    said = Explanation(AbsenceReason.ILLNESS, date(2026, 11, 12), "Sick in the night")

    record_contact_attempt(
        office, pupils=(LUCJA,), contact_id=mother.id, outcome=AttemptOutcome.EXPLAINED, explanation=said
    )

    (written,) = _events(office, LUCJA)
    assert (written.event.reason, written.event.expected_back) == ("illness", date(2026, 11, 12))
    assert written.words == "Sick in the night"


def test_an_answer_with_a_reason_is_refused_without_the_reason(office: Office) -> None:
    mother = _contacts(office, LUCJA)[0]

    with pytest.raises(BadInputError):
        record_contact_attempt(office, pupils=(LUCJA,), contact_id=mother.id, outcome=AttemptOutcome.EXPLAINED)

    assert not _events(office, LUCJA)


def test_a_dead_number_is_marked_dead_and_undoing_gives_it_back(office: Office) -> None:
    mother = _contacts(office, LUCJA)[0]

    changes = record_contact_attempt(office, pupils=(LUCJA,), contact_id=mother.id, outcome=AttemptOutcome.NUMBER_DEAD)

    assert _contacts(office, LUCJA)[0].numbers[0].quality is NumberQuality.DEAD
    assert changes.touches(Area.CONTACTS)
    undo_last(office)
    assert _contacts(office, LUCJA)[0].numbers[0].quality is NumberQuality.GOOD


def test_a_person_who_must_not_be_contacted_takes_no_outcome(office: Office) -> None:
    father = next(one for one in _contacts(office, AISHA) if one.do_not_contact)

    with pytest.raises(RefusedError):
        record_contact_attempt(office, pupils=(AISHA,), contact_id=father.id, outcome=AttemptOutcome.NO_ANSWER)

    assert not _events(office, AISHA)


def test_a_text_goes_to_each_first_working_number_and_to_nobody_without_one(office: Office) -> None:
    changes = record_text_batch(office, pupils=(LUCJA, AISHA, CALLUM))

    assert changes.pupils == {LUCJA, AISHA}
    (written,) = _events(office, AISHA)
    assert (written.event.method, written.event.outcome) == (Method.TEXT, AttemptOutcome.SENT)


def test_undo_strikes_out_the_last_act_only_and_keeps_the_line(office: Office) -> None:
    mother = _contacts(office, LUCJA)[0]
    record_contact_attempt(office, pupils=(LUCJA,), contact_id=mother.id, outcome=AttemptOutcome.NO_ANSWER)
    record_class_check(office, pupils=(TOMASZ,))

    undo_last(office)

    assert _events(office, TOMASZ)[0].retracted_at is not None
    assert _events(office, LUCJA)[0].retracted_at is None
    undo_last(office)
    assert _events(office, LUCJA)[0].retracted_at is not None
    with office.database.reading() as db:
        assert check_journal(db).ok


def test_nobody_undoes_another_persons_act(office: Office) -> None:
    record_class_check(office, pupils=(LUCJA,))

    with pytest.raises(RefusedError):
        undo_last(seen_by(office, HEAD))


def test_visits_sightings_notes_and_tellings_are_each_their_own_kind(office: Office) -> None:
    record_child_seen(office, pupils=(LUCJA,), where="home, at the door")
    record_home_visit(office, pupils=(LUCJA,), outcome=VisitOutcome.COULD_NOT_REACH_DOOR)
    record_told(office, pupils=(LUCJA,), who=Recipient.POLICE, reference="101-4")
    record_lead_told(office, pupils=(LUCJA,))
    record_note(office, pupils=(LUCJA,), words="Grandmother collects on Fridays")
    record_decision(office, pupils=(LUCJA,), about="england.penalty-threshold", choice="No notice", reason="First time")

    kinds = [written.event.kind for written in _events(office, LUCJA)]
    assert kinds == [
        EventKind.CHILD_SEEN, EventKind.HOME_VISIT, EventKind.TOLD, EventKind.DECISION, EventKind.NOTE,
        EventKind.DECISION,
    ]  # fmt: skip
    assert _events(office, LUCJA)[3].event.about == LEAD_TOLD
    assert all(written.event.on == TODAY for written in _events(office, LUCJA))


def test_an_empty_note_is_refused(office: Office) -> None:
    with pytest.raises(BadInputError):
        record_note(office, pupils=(LUCJA,), words="  ")


def test_a_text_goes_to_each_number_once_and_names_no_child(office: Office) -> None:
    batch = plan_text_batch(office, (LUCJA, TOMASZ, AISHA, CALLUM))

    assert batch.pupils == (LUCJA, TOMASZ, AISHA)
    assert len(batch.numbers) == len(set(batch.numbers))
    assert batch.without == ("Callum Birtles",)
    assert not any(name in batch.message for name in ("Łucja", "Tomasz", "Aisha", "Callum"))
