"""The journal goes to whoever checks the chain: it tells acts by their numbers, and names no child and no contact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cme_desktop.casework.bereavement import record_death
from cme_desktop.casework.lives import inspection, missing
from cme_desktop.casework.lives.book import load_lives
from cme_desktop.casework.lives.leave_acts import Request, request_leave
from cme_desktop.casework.lives.leaving_acts import LeavingWord, Way, tell_leaving
from cme_desktop.casework.lives.new_pupil import NewContact, NewPupil, StartAgreement, enter_pupil
from cme_desktop.casework.lives.part_time_acts import Timetable, agree_timetable
from cme_desktop.casework.lives.removal_acts import propose_removal
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import undo_last
from cme_desktop.casework.papers import keep_paper
from cme_desktop.casework.reports import Worry, report_worry
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.events import With
from cme_desktop.domain.pupils import YearGroup
from cme_desktop.domain.reports import ReportSource
from cme_desktop.storage.pupils import PupilDetails, list_all_pupils
from cme_desktop.storage.tables import ContactNumberRow, JournalRow
from tests.office import AISHA, CALLUM, HEAD, IMANI, LUCJA, TODAY, TOMASZ, YESTERDAY, an_office, seen_by

SOON = TODAY + timedelta(days=10)
SAID = "Zebedee Quillfeather of Larkspur Lane"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = an_office(tmp_path)
    yield opened
    opened.database.close()


def live_through(office: Office, tmp_path: Path) -> None:
    """Do what the lives of the roll ask, each with a name among the words that somebody types."""
    missing.report_missing(office, pupil_id=LUCJA, on=YESTERDAY, at=time(15, 20), last_seen=SAID, words=SAID)
    missing.record_found(office, pupil_id=LUCJA, on=TODAY, at=time(8, 0), where=SAID, by=SAID)
    keep_paper(office, pupil_id=LUCJA, about="missing", title=SAID, file_name="quillfeather.txt", content=b"hello")
    request_leave(office, pupils=(CALLUM,), request=Request(TODAY, SAID, SOON, SOON, SAID))
    enter_pupil(
        office,
        new=NewPupil(
            forename="Zebedee", surname="Quillfeather", born=date(2018, 5, 17), year_group=YearGroup.Y3,
            class_name="Oak", start=StartAgreement(SOON, TODAY, SAID, "mother"), last_school=SAID,
            contacts=(NewContact(With.MOTHER, "Ottilie", "Quillfeather", "07700 900654"),),
        ),
    )  # fmt: skip
    agree_timetable(
        office, pupil_id=TOMASZ,
        timetable=Timetable(
            agreed_on=TODAY, agreed_by=SAID, parent=SAID, consent="in writing", reason=SAID,
            sessions=frozenset({(0, Half.AM)}), until=SOON, review_on=SOON, safeguarding=SAID,
        ),
    )  # fmt: skip
    word = LeavingWord(
        told_on=TODAY, said_by=With.MOTHER, last_day=SOON, way=Way.SCHOOL_IN_ENGLAND, school=SAID, reason=SAID
    )
    tell_leaving(office, pupils=(IMANI,), word=word)
    propose_removal(office, pupil_id=IMANI, ground_id="registered-elsewhere", day=SOON)
    report_worry(
        office,
        worry=Worry(source=ReportSource.PUBLIC, on=TODAY, child=SAID, address=SAID, reporter=SAID, words=SAID),
    )
    record_death(seen_by(office, HEAD), pupil_id=AISHA, on=YESTERDAY, told_by=SAID, peace_until_day=SOON)
    book = load_lives(office)
    inspection.save_lists(office, book=book, first=date(2026, 9, 1), last=TODAY, to=tmp_path / "lists.pdf")
    undo_last(office)


def private_words(office: Office) -> set[str]:
    told = [field.name for field in fields(PupilDetails) if "name" in field.name and field.name != "class_name"]
    with office.database.reading() as db:
        pupils = list_all_pupils(db)
        numbers = list(db.scalars(select(ContactNumberRow.text)))
    names = {str(getattr(pupil, name)) for pupil in pupils for name in told}
    kept = {str(value) for pupil in pupils for value in (pupil.upn, pupil.born, pupil.address, pupil.postcode) if value}
    return {word for word in names | kept | set(numbers) | set(SAID.split()) if len(word) > 3}


def test_after_a_day_with_every_life_of_the_roll_no_line_names_anybody(office: Office, tmp_path: Path) -> None:
    live_through(office, tmp_path)

    with office.database.reading() as db:
        lines = [
            json.dumps([row.act, row.subject, row.details], ensure_ascii=False)
            for row in db.scalars(select(JournalRow))
        ]
    words = private_words(office)
    assert {"Quillfeather", "Zebedee", "Larkspur", "07700 900654", "2018-05-17"} <= words
    assert len(lines) > 12
    assert [line for line in lines if any(word.casefold() in line.casefold() for word in words)] == []
