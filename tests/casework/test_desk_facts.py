"""The foot of the window says how old things are."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cme_desktop.casework.desk_facts import load_desk_facts
from cme_desktop.casework.register import set_mark
from cme_desktop.domain.attendance import AttendanceCode, Half, SchoolSession
from cme_desktop.storage.journal import write_journal
from tests.office import LUCJA, NOW, TODAY, at

if TYPE_CHECKING:
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
    office.paths.backups.mkdir()
    file = office.paths.backups / "cme-desktop-2026-11-10-094000.cmebackup"
    file.write_bytes(b"")
    os.utime(file, (NOW.timestamp(), NOW.timestamp()))

    facts = load_desk_facts(at(office, datetime.combine(on, NOW.timetz())))

    assert (facts.backup_is_old, facts.backup_is_late) == (is_old, is_late)


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
