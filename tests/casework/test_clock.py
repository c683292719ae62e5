"""The computer's clock is set back, runs ahead, or goes from summer to winter time: what was written stays whole."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.clock_doubt import TOLERANCE, ClockDoubt, confirm_clock
from cme_desktop.casework.desk_facts import load_desk_facts
from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.outcomes import record_note
from cme_desktop.casework.sitting_down import sit_down
from cme_desktop.casework.today.screen import load_today
from cme_desktop.storage.events import list_events
from cme_desktop.storage.journal_check import check_journal
from tests.journeys.busy_morning import unlocked_by
from tests.office import HEAD, LUCJA, NOW, at, seen_by

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office

LATER = NOW + timedelta(days=1)


def doubt(office: Office) -> ClockDoubt | None:
    return load_desk_facts(office).clock


def test_the_chain_holds_and_nothing_is_lost_whatever_the_clock_does(office: Office) -> None:
    sit_down(office, unlocked_by(office.user.id))
    moments = (NOW, LATER, NOW - timedelta(hours=1), NOW - timedelta(days=400), NOW + timedelta(days=3650), NOW)

    for number, moment in enumerate(moments):
        record_note(at(office, moment), pupils=(LUCJA,), words=f"note {number}")

    with office.database.reading() as db:
        assert check_journal(db).ok
    lines = load_journal(seen_by(office, HEAD)).lines
    assert [line.number for line in lines] == sorted((line.number for line in lines), reverse=True)


@pytest.mark.parametrize(
    ("back", "is_doubted"), [(timedelta(), False), (TOLERANCE, False), (TOLERANCE + timedelta(seconds=1), True)]
)
def test_a_clock_behind_the_newest_entry_is_doubted_and_told_what_to_do(
    office: Office, back: timedelta, *, is_doubted: bool
) -> None:
    record_note(at(office, LATER), pupils=(LUCJA,), words="seen")

    found = doubt(at(office, LATER - back))

    assert (found is not None) is is_doubted
    if found is not None:
        assert found.sentence == (
            "The computer's clock says Wednesday 11 November 2026, 9:34, but something was written here on"
            " Wednesday 11 November 2026, 9:40."
        )
        assert "put it right" in found.remedy


def test_it_stays_doubted_while_somebody_works_until_it_is_put_right(office: Office) -> None:
    record_note(at(office, LATER), pupils=(LUCJA,), words="seen")

    record_note(office, pupils=(LUCJA,), words="seen again")

    assert doubt(office) is not None
    assert doubt(at(office, LATER)) is None


def test_a_clock_that_ran_ahead_and_was_put_right_is_believed_once_somebody_says_so(office: Office) -> None:
    record_note(at(office, NOW + timedelta(days=3650)), pupils=(LUCJA,), words="seen")
    assert doubt(office) is not None

    confirm_clock(office)

    assert doubt(office) is None
    assert load_journal(seen_by(office, HEAD)).lines[0].said == "Said that the computer's clock is right"
    record_note(at(office, LATER), pupils=(LUCJA,), words="seen")
    assert doubt(office) is not None


def test_the_end_of_summer_time_is_no_reason_to_doubt(office: Office) -> None:
    """On 25 October 2026 the hour from 1:00 to 2:00 comes twice."""
    summer, winter = datetime(2026, 10, 25, 0, 50, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')

    first = make_backup(at(office, summer))
    assert doubt(at(office, winter)) is None
    second = make_backup(at(office, summer + timedelta(hours=1)))

    assert first.file.name == "cme-desktop-2026-10-25-015000.cmebackup"
    assert second.file.name == "cme-desktop-2026-10-25-015000-2.cmebackup"


def test_the_screens_open_on_a_day_before_the_newest_entry(office: Office) -> None:
    record_note(at(office, LATER), pupils=(LUCJA,), words="seen tomorrow")
    yesterday = at(office, NOW - timedelta(days=1))

    load_today(yesterday)
    with office.database.reading() as db:
        assert "seen tomorrow" in {event.words for event in list_events(db, pupil_id=LUCJA)}


def test_a_backup_dated_later_does_not_hide_that_there_is_none(office: Office) -> None:
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')
    ahead = NOW + timedelta(days=365)
    made = make_backup(at(office, ahead))
    os.utime(made.file, (ahead.timestamp(), ahead.timestamp()))

    facts = load_desk_facts(at(office, NOW + timedelta(days=10)))

    assert facts.clock is not None
    assert (facts.backup, facts.backup_is_old) == ("No backup yet", True)
