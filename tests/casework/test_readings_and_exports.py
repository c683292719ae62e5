"""Who read a protected record, and what left the records, stands in the journal."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.call_card import load_call_card
from cme_desktop.casework.cases import load_case, open_case
from cme_desktop.casework.circumstances import load_circumstances
from cme_desktop.casework.contacts import load_contact_list
from cme_desktop.casework.explain import load_explanations
from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.leaving_the_records import Left, note_that_it_left
from cme_desktop.casework.lives.book import load_life_file, load_lives
from cme_desktop.casework.lives.life import Life
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_note
from cme_desktop.casework.papers import keep_paper, open_paper, save_paper_copy
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.casework.records import load_pdf, prepare_record
from cme_desktop.casework.reports import Worry, report_worry
from cme_desktop.casework.today.screen import load_today
from cme_desktop.casework.why_not import load_why_not
from cme_desktop.domain.cases import Role
from cme_desktop.domain.identifiers import PaperId, PupilId
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.domain.reports import ReportSource
from tests.casework.test_permissions import by
from tests.office import HEAD, LEAD, LUCJA, MANAGER, NOW, TODAY, add_marks, add_pupil, at, seen_by


@pytest.fixture
def child(office: Office) -> PupilId:
    """A child with a child-protection plan, absent since yesterday without a word."""
    pupil = add_pupil(office, circumstances=(Circumstance.CHILD_PROTECTION_PLAN,))
    add_marks(office, pupil, "O", TODAY.replace(day=9), TODAY)
    return pupil


def readings(office: Office, of: PupilId | None = None) -> list[tuple[str, str]]:
    """Who read protected notes of whom, the newest first."""
    lines = load_journal(seen_by(office, HEAD), pupil_id=of).lines
    return [(line.by, line.about) for line in lines if line.said == "Read protected notes"]


def test_the_head_opening_the_card_of_a_protected_child_is_written_down_once_a_day(
    office: Office, child: PupilId
) -> None:
    head = seen_by(office, HEAD)

    load_call_card(head, child)
    load_call_card(head, child)
    load_contact_list(head, pupil_id=child)

    assert readings(office, child) == [(HEAD.name, "Robin Marsden")]
    load_call_card(at(head, NOW + timedelta(days=1)), child)
    assert readings(office, child) == [(HEAD.name, "Robin Marsden")] * 2


def test_each_who_reads_is_written_down(office: Office, child: PupilId) -> None:
    load_call_card(seen_by(office, HEAD), child)
    load_call_card(seen_by(office, LEAD), child)

    assert [by for by, _ in readings(office, child)] == [LEAD.name, HEAD.name]


def test_wherever_it_is_read_it_is_written_down(office: Office, child: PupilId) -> None:
    case = open_case(office, pupil_id=child, why="Nobody answers.").case_id
    paper = prepare_record(seen_by(office, LEAD), case)
    for read in (
        lambda reader: load_case(reader, case),
        lambda reader: load_contact_list(reader, pupil_id=child),
        lambda reader: load_circumstances(reader, pupil_id=child),
        lambda reader: load_explanations(reader, pupil_id=child),
        lambda reader: load_why_not(reader, child),
        lambda reader: load_pdf(reader, paper.id),
    ):
        before = len(readings(office, child))
        read(Office(office.database, office.now, HEAD, office.paths))
        assert len(readings(office, child)) == before + 1


def test_the_offices_sight_and_an_ordinary_child_are_no_such_reading(office: Office, child: PupilId) -> None:
    load_call_card(office, child)
    load_today(seen_by(office, HEAD))
    load_call_card(seen_by(office, HEAD), LUCJA)
    load_contact_list(seen_by(office, HEAD), pupil_id=LUCJA)

    assert readings(office) == []


def test_a_note_by_the_lead_is_protected_too(office: Office) -> None:
    record_note(seen_by(office, LEAD), pupils=(LUCJA,), words="Ring me before anybody visits.")

    load_call_card(seen_by(office, HEAD), LUCJA)

    assert len(readings(office, LUCJA)) == 1


def test_a_worry_about_a_child_who_is_not_known_here_is_written_down_too(office: Office) -> None:
    worry = Worry(source=ReportSource.PUBLIC, child="A child of the house", words="Never seen outside.", on=TODAY)
    report_worry(office, worry=worry)
    lead = seen_by(office, LEAD)
    book = load_lives(lead)
    (row,) = book.rows[Life.REPORTS]

    load_life_file(lead, book=book, life=Life.REPORTS, key=row.key)

    assert readings(office) == [(LEAD.name, "A worry")]
    load_life_file(office, book=load_lives(office), life=Life.REPORTS, key=row.key)
    assert len(readings(office)) == 1


def test_a_copy_of_a_paper_and_what_was_printed_stand_in_the_journal(office: Office, tmp_path: Path) -> None:
    keep_paper(office, pupil_id=LUCJA, about="leave", title="Letter", file_name="letter.txt", content=b"Dear school")
    (paper,) = [PaperId(1)]
    copy = save_paper_copy(office, paper_id=paper, to=tmp_path / "paper-1.txt")
    note_that_it_left(office, Left.EXPLANATION, pupil_id=LUCJA)
    note_that_it_left(office, Left.LIST)

    assert copy.read_bytes() == open_paper(office, paper_id=paper).content
    said = [(line.by, line.said, line.about) for line in load_journal(seen_by(office, HEAD)).lines]
    assert said[1:4] == [
        (MANAGER.name, "Listed named pupils at the command line", "School"),
        (MANAGER.name, "Printed the explanation of flags", "Łucja Wiśniewska"),
        (MANAGER.name, "Saved a copy of a paper", "Paper 1"),
    ]


def test_a_copy_is_not_for_a_governor(office: Office, tmp_path: Path) -> None:
    with pytest.raises(NotYoursError):
        save_paper_copy(by(office, Role.GOVERNOR), paper_id=PaperId(1), to=tmp_path / "copy.pdf")
