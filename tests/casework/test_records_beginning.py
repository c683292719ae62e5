"""A school lets its records begin on another day, and is told beforehand what that changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from cme_desktop.casework.records_beginning import (
    BeginningChange,
    Some,
    load_beginning,
    move_beginning,
    preview_beginning,
)
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.changes import Area
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.policy import runs
from cme_desktop.policy.review import review
from cme_desktop.storage.journal_check import check_journal
from cme_desktop.storage.school import load_school
from cme_desktop.storage.settings import load_setting
from cme_desktop.storage.tables import JournalRow
from tests.office import FIRST_DAY, TODAY, YESTERDAY, add_pupil, an_office

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office

MONDAY = date(2026, 11, 9)
WHY = "The marks of the autumn's first weeks are kept in the old system"


def unknown_of(office: Office) -> tuple[int, int]:
    """How many sessions of how many pupils nobody marked, as the roll is judged."""
    counts = [record.line.count(runs.UNKNOWN) for record in load_roll(office).records]
    return sum(counts), sum(count > 0 for count in counts)


def judged_of(office: Office) -> int:
    return sum(len(record.line) - record.line.count(b".") for record in load_roll(office).records)


def rules_of(office: Office) -> list[str]:
    roll = load_roll(office)
    return [flag.rule_id for flag in review(roll.records, roll.judgement, roll.rulebook)]


def test_the_day_is_read_with_the_latest_that_may_be_chosen(office: Office) -> None:
    found = load_beginning(office)

    assert (found.day, found.latest) == (FIRST_DAY, TODAY)


def test_a_later_day_puts_marks_outside_and_they_come_back_with_an_earlier_one(office: Office) -> None:
    all_judged = judged_of(office)
    change = preview_beginning(office, day=MONDAY)
    assert judged_of(office) == all_judged, "nothing is saved by looking"

    changes = move_beginning(office, day=MONDAY, why=WHY)

    # 12 pupils; 41 school days lie before Monday 9 November
    assert change == BeginningChange(FIRST_DAY, MONDAY, marks_out=Some(12 * 2 * 41, 12))
    assert change.lines == (
        "984 sessions of 12 pupils with a mark fall outside: the marks stay, and no rule counts them.",
    )
    assert all_judged - judged_of(office) == change.marks_out.sessions
    assert changes.touches(Area.SCHOOL, Area.MARKS, Area.FLAGS)
    back = preview_beginning(office, day=FIRST_DAY)
    assert (back.marks_in, back.marks_out) == (change.marks_out, Some())
    move_beginning(office, day=FIRST_DAY, why="The old system is read in")
    assert judged_of(office) == all_judged


def test_an_earlier_day_makes_what_nobody_marked_unknown(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    move_beginning(office, day=MONDAY, why=WHY)
    newcomer = add_pupil(office, starting_day=date(2026, 11, 5))
    assert unknown_of(office) == (3, 1)  # Monday and Tuesday morning of the newcomer, who has no marks at all

    change = preview_beginning(office, day=date(2026, 11, 4))
    move_beginning(office, day=date(2026, 11, 4), why=WHY)

    assert change.now_unknown == Some(4, 1)
    assert change.marks_in == Some(12 * 6, 12)
    assert change.starters == 1
    assert change.lines == (
        "4 sessions of 1 pupil that nobody marked become unknown and are asked for.",
        "72 sessions of 12 pupils with a mark come in, and the rules count them.",
        "1 pupil started in between: the rules about new pupils will ask about them.",
    )
    assert unknown_of(office) == (7, 1)
    assert "england.new-pupil-return" in rules_of(office)
    assert newcomer in {record.pupil.id for record in load_roll(office).records}
    office.database.close()


def test_what_is_asked_for_no_more_is_said(office: Office) -> None:
    add_pupil(office, starting_day=date(2026, 11, 5))
    assert "england.new-pupil-return" in rules_of(office)

    change = preview_beginning(office, day=YESTERDAY)
    move_beginning(office, day=YESTERDAY, why=WHY)

    assert change.no_longer_asked == Some(4, 1)
    assert "4 sessions of 1 pupil that nobody marked fall outside and are not asked for any more." in change.lines
    assert "1 pupil started in between: the rules about new pupils no longer ask about them." in change.lines
    assert "england.new-pupil-return" not in rules_of(office)


def test_a_day_between_terms_changes_no_session_and_says_so(office: Office) -> None:
    move_beginning(office, day=date(2026, 11, 2), why=WHY)

    assert preview_beginning(office, day=date(2026, 10, 26)).lines == ("No session of a pupil on roll changes.",)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (TODAY + timedelta(days=1), "a day to come"),
        (date(2026, 8, 31), "no school year that is known"),
        (date(2020, 9, 1), "no school year that is known"),
    ],
)
def test_a_day_that_can_not_be_meant_is_refused_before_and_at_saving(office: Office, day: date, says: str) -> None:
    for act in (preview_beginning, lambda office, day: move_beginning(office, day=day, why=WHY)):
        with pytest.raises(BadInputError, match=says):
            act(office, day=day)

    with office.database.reading() as db:
        assert load_school(db).records_begin == FIRST_DAY


@pytest.mark.parametrize("day", [date(2026, 9, 1), TODAY])
def test_the_first_day_of_the_year_and_today_may_be_meant(office: Office, day: date) -> None:
    move_beginning(office, day=day, why=WHY)

    assert load_beginning(office).day == day


def test_without_a_reason_or_a_change_nothing_is_saved(office: Office) -> None:
    with pytest.raises(BadInputError, match="No reason"):
        move_beginning(office, day=MONDAY, why=" ")
    with pytest.raises(RefusedError, match="Nothing has changed"):
        move_beginning(office, day=FIRST_DAY, why=WHY)

    assert load_beginning(office).day == FIRST_DAY


def test_the_reason_stays_with_the_settings_and_the_journal_holds_days_and_counts(office: Office) -> None:
    move_beginning(office, day=MONDAY, why=f" {WHY} ")

    with office.database.reading() as db:
        assert load_setting(db, "records_begin.why", on=TODAY, default="") == WHY
        entry = db.scalars(select(JournalRow).order_by(JournalRow.id.desc())).first()
        assert check_journal(db).ok
    assert entry is not None
    assert entry.act == "records_begin_moved"
    assert entry.details["before"] == FIRST_DAY.isoformat()
    assert entry.details["after"] == MONDAY.isoformat()
    assert entry.details["marks_out"] == 984
    assert WHY not in str(entry.details)


def test_the_morning_of_today_counts_from_the_moment_it_is_due(office: Office) -> None:
    roll = load_roll(office, at=datetime(2026, 11, 10, 9, 40))  # noqa: DTZ001  local, as the roll is judged
    assert roll.judgement.calendar.sessions[roll.judgement.sessions_due() - 1].half is Half.AM

    assert preview_beginning(office, day=TODAY).marks_out == Some(12 * 2 * 42, 12)
