"""The three lists of a register inspection hold whom the facts put there, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from cme_desktop.casework.lives.book import load_life_file, load_lives
from cme_desktop.casework.lives.inspection import write_lists
from cme_desktop.casework.lives.life import Life
from cme_desktop.casework.office import Office
from cme_desktop.domain.events import Event, EventKind, ReturnKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.storage.tables import JournalRow
from tests.office import LUCJA, STARTED, TODAY, YESTERDAY, add_event_to, add_marks, add_pupil, an_office

LEFT = date(2026, 11, 6)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = an_office(tmp_path)
    yield opened
    opened.database.close()


def lists(office: Office) -> dict[str, str]:
    return {row.key: row.detail for row in load_lives(office).rows[Life.INSPECTION]}


def gone(office: Office) -> PupilId:
    pupil_id = add_pupil(office, left_on=LEFT, starting_day=STARTED)
    add_event_to(office, pupil_id, Event(EventKind.REMOVED, LEFT, ground="a"))
    return pupil_id


def sent(on: date) -> Event:
    return Event(EventKind.RETURN_SENT, on, return_=ReturnKind.DELETION)


def test_at_a_school_where_all_is_in_order_the_lists_are_empty(office: Office) -> None:
    assert lists(office) == {}


def test_a_name_that_went_without_a_return_is_on_the_first_list(office: Office) -> None:
    pupil_id = gone(office)

    assert lists(office) == {f"removed:{pupil_id}": "Removed without notice: Fri 6 Nov, no return recorded"}


@pytest.mark.parametrize(("on", "is_listed"), [(date(2026, 11, 5), False), (LEFT, False), (date(2026, 11, 7), True)])
def test_a_return_by_the_day_of_the_removal_is_notice_and_one_a_day_later_is_not(
    office: Office, on: date, *, is_listed: bool
) -> None:
    pupil_id = gone(office)
    add_event_to(office, pupil_id, sent(on))

    found = lists(office)

    assert (f"removed:{pupil_id}" in found) is is_listed
    assert not is_listed or found[f"removed:{pupil_id}"].endswith("return 1 day late")


@pytest.mark.parametrize(("starts", "is_listed"), [(YESTERDAY, True), (TODAY, True), (date(2026, 11, 11), False)])
def test_a_child_who_was_to_start_and_never_came_is_on_the_second(
    office: Office, starts: date, *, is_listed: bool
) -> None:
    pupil_id = add_pupil(office, starting_day=starts)
    if starts <= TODAY:
        add_marks(office, pupil_id, "O", starts, TODAY)

    assert (f"not_started:{pupil_id}" in lists(office)) is is_listed


def test_one_who_came_for_a_single_session_has_started(office: Office) -> None:
    pupil_id = add_pupil(office, starting_day=YESTERDAY)
    add_marks(office, pupil_id, "/", YESTERDAY)
    add_marks(office, pupil_id, "O", TODAY)

    assert lists(office) == {}


def test_a_part_time_timetable_is_on_the_third_with_its_evidence(office: Office) -> None:
    agreed = Event(EventKind.PART_TIME_AGREED, date(2026, 11, 2), until=date(2026, 12, 4), review_on=date(2026, 11, 20))
    add_event_to(office, LUCJA, agreed)
    book = load_lives(office)

    (row,) = book.rows[Life.INSPECTION]
    file = load_life_file(office, book=book, life=Life.INSPECTION, key=row.key)

    assert row.key == f"part_time:{LUCJA}"
    assert file.chips == ("Part-time timetable",)
    assert [entry.event.kind for entry in file.history] == [EventKind.PART_TIME_AGREED]


def test_the_lists_are_written_for_paper_and_the_journal_holds_only_their_counts(office: Office) -> None:
    gone(office)

    words = write_lists(office, book=load_lives(office))

    assert "Removed without notice: 1 child\n  Robin Marsden" in words
    assert "Allocated but not started: 0 children" in words
    assert "Made by Pat Mellor, office manager." in words
    with office.database.reading() as db:
        entry = db.scalars(select(JournalRow).order_by(JournalRow.id.desc())).first()
        assert entry is not None
        assert (entry.act, entry.details) == (
            "inspection lists printed", {"removed": 1, "not_started": 0, "part_time": 0},
        )  # fmt: skip
