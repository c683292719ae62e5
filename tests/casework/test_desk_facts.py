"""The foot of the window says how old things are."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cme_desktop.casework.automatic_backups import back_up_if_due
from cme_desktop.casework.backup_places import add_place
from cme_desktop.casework.desk_facts import load_desk_facts
from cme_desktop.casework.register import set_mark
from cme_desktop.domain.attendance import AttendanceCode, Half, SchoolSession
from cme_desktop.domain.errors import CmeError
from cme_desktop.storage.journal import write_journal
from tests.office import LUCJA, NOW, TODAY, at

if TYPE_CHECKING:
    from pathlib import Path

    from cme_desktop.casework.office import Office


def test_marks_that_came_in_before_today_name_their_day(office: Office) -> None:
    facts = load_desk_facts(at(office, NOW + timedelta(days=1)))

    assert facts.register.startswith("Register data as at Tue 10 Nov, ")
    assert facts.register_is_old


def test_a_mark_typed_now_makes_the_register_data_fresh(office: Office) -> None:
    later = at(office, NOW + timedelta(hours=4))

    afternoon = SchoolSession(TODAY, Half.PM)
    set_mark(later, pupil_id=LUCJA, session=afternoon, code=AttendanceCode.PRESENT_PM)

    facts = load_desk_facts(at(later, NOW + timedelta(hours=4, minutes=4)))
    assert facts.register == "Register data as at 13:40, 4 min old"
    assert not facts.register_is_old


def test_a_school_without_a_backup_is_told_so(office: Office) -> None:
    facts = load_desk_facts(office)

    assert (facts.backup, facts.backup_is_old) == ("No backup yet", True)


@pytest.mark.parametrize(
    ("on", "is_old", "is_late"),
    [
        (date(2026, 11, 10), False, False),
        (date(2026, 11, 11), False, False),  # the first day without one is not over
        (date(2026, 11, 12), True, False),
        (date(2026, 11, 13), True, False),
        (date(2026, 11, 14), True, True),  # Saturday: Wednesday, Thursday and Friday went by
        (date(2026, 11, 16), True, True),
    ],
)
def test_a_backup_is_old_after_a_school_day_without_one_and_late_after_three(
    on: date, office: Office, *, is_old: bool, is_late: bool
) -> None:
    """Made on Tuesday 10 November."""
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')
    (made,) = back_up_if_due(office)
    assert made.file is not None
    os.utime(made.file, (0, 0))  # no age comes from the time of a file, which any copying changes

    facts = load_desk_facts(at(office, datetime.combine(on, NOW.timetz())))

    assert (facts.backup_is_old, facts.backup_is_late) == (is_old, is_late)


def test_a_file_that_was_copied_there_today_is_no_newer_for_it(office: Office) -> None:
    office.paths.backups.mkdir()
    (office.paths.backups / "cme-desktop-2026-11-10-094000.cmebackup").write_bytes(b"")

    assert load_desk_facts(office).backup == "No backup yet"


def test_a_backup_of_a_day_that_has_not_come_makes_nothing_fresh(office: Office) -> None:
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')
    back_up_if_due(at(office, NOW + timedelta(days=1000)))

    assert load_desk_facts(office).backup == "No backup yet"


def test_a_place_without_a_backup_for_three_school_days_is_named_though_another_is_fresh(
    office: Office, tmp_path: Path
) -> None:
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    add_place(office, folder)
    back_up_if_due(office)
    folder.rename(tmp_path / "in a bag")
    said = {}
    for days in (3, 4):  # Friday, Saturday
        later = at(office, NOW + timedelta(days=days))
        back_up_if_due(later)
        said[days] = load_desk_facts(later)

    assert said[3].backup == "Backup checked 9:40"
    assert said[4].backup == "Backup checked 9:40; folder not since Tue 10 Nov"
    assert (said[4].backup_is_old, said[4].backup_is_late) == (True, False)


def test_a_backup_that_failed_is_said_until_one_is_made(office: Office) -> None:
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')
    back_up_if_due(office)
    tomorrow = at(office, NOW + timedelta(days=1))
    away = office.paths.backups.rename(office.paths.data / "elsewhere")
    office.paths.backups.write_text("a file stands where the folder was")
    with pytest.raises(CmeError, match="can't be written"):
        back_up_if_due(tomorrow)

    failed = load_desk_facts(tomorrow)
    office.paths.backups.unlink()
    away.rename(office.paths.backups)
    back_up_if_due(tomorrow)

    assert (failed.backup, failed.backup_is_old) == ("Backup of Tue 10 Nov; the last try failed", True)
    assert load_desk_facts(tomorrow).backup == "Backup checked 9:40"


def test_over_a_half_term_no_school_day_goes_by(office: Office) -> None:
    friday = datetime(2026, 10, 23, 15, tzinfo=UTC)
    with office.database.transaction() as db:
        write_journal(db, at=friday, by=office.user.id, act="backup_made", subject="school", details={})

    assert not load_desk_facts(at(office, datetime(2026, 11, 3, 8, tzinfo=UTC))).backup_is_old
    assert load_desk_facts(at(office, datetime(2026, 11, 4, 8, tzinfo=UTC))).backup_is_old


def test_a_backup_on_a_stick_counts_though_it_is_not_beside_the_records(office: Office) -> None:
    with office.database.transaction() as db:
        write_journal(db, at=NOW, by=office.user.id, act="backup_made", subject="school", details={"elsewhere": True})

    facts = load_desk_facts(office)

    assert (facts.backup, facts.backup_is_old) == ("Backup checked 9:40", False)
