"""A child is reported missing, found and followed up: what may be written when, and what is refused."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from cme_desktop.casework.bereavement import record_death
from cme_desktop.casework.lives.book import load_lives
from cme_desktop.casework.lives.life import Life
from cme_desktop.casework.lives.missing import record_follow_up, record_found, report_missing
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_child_seen
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.storage.events import list_events
from tests.office import FIRST_DAY, HEAD, LUCJA, TODAY, YESTERDAY, add_pupil, an_office, seen_by

BEFORE = date(2026, 11, 8)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


def missing(office: Office, *, on: date = YESTERDAY, at: time | None = None, pupil_id: PupilId = LUCJA) -> None:
    report_missing(office, pupil_id=pupil_id, on=on, at=at, last_seen="At the gate")


def found(office: Office, *, on: date = TODAY, at: time | None = None) -> None:
    record_found(office, pupil_id=LUCJA, on=on, at=at, where="At home", by="Father")


def follow(office: Office, kind: EventKind, *, on: date = TODAY) -> None:
    record_follow_up(office, pupil_id=LUCJA, kind=kind, on=on, words="Seen by Mr Ash")


def kinds(office: Office, pupil_id: PupilId = LUCJA) -> list[EventKind]:
    with office.database.reading() as db:
        return [each.event.kind for each in list_events(db, pupil_id=pupil_id)]


def said(office: Office) -> str:
    (row,) = load_lives(office).rows[Life.MISSING]
    return row.detail


def test_a_child_who_is_missing_is_not_reported_a_second_time(office: Office) -> None:
    missing(office)

    with pytest.raises(RefusedError, match="reported missing already"):
        missing(office, on=TODAY)

    assert kinds(office) == [EventKind.MISSING]


def test_a_child_found_may_go_missing_again(office: Office) -> None:
    missing(office)
    found(office)

    missing(office, on=TODAY)

    assert said(office) == "Missing since Tue 10 Nov"


@pytest.mark.parametrize(("on", "is_refused"), [
    (date(2026, 9, 2), True), (FIRST_DAY, False), (date(2026, 9, 4), False),
])  # fmt: skip
def test_nobody_is_missing_from_here_before_the_first_day(office: Office, on: date, *, is_refused: bool) -> None:
    robin = add_pupil(office)
    if is_refused:
        with pytest.raises(RefusedError, match="before the child’s first day"):
            missing(office, on=on, pupil_id=robin)
    else:
        missing(office, on=on, pupil_id=robin)

    assert bool(kinds(office, robin)) is not is_refused


def test_of_a_child_who_has_died_nothing_of_this_is_written(office: Office) -> None:
    record_death(
        seen_by(office, HEAD), pupil_id=LUCJA, on=YESTERDAY, told_by="Grandmother", peace_until_day=date(2026, 12, 18)
    )

    with pytest.raises(RefusedError, match="The child has died"):
        missing(office, on=TODAY)


def test_nobody_is_found_who_is_not_missing(office: Office) -> None:
    with pytest.raises(RefusedError, match="not missing"):
        found(office)
    missing(office)
    record_child_seen(office, pupils=(LUCJA,), where="In the street")

    with pytest.raises(RefusedError, match="not missing"):
        found(office)


@pytest.mark.parametrize(("on", "at", "is_refused"), [
    (BEFORE, None, True), (YESTERDAY, time(15, 19), True), (YESTERDAY, time(15, 20), False), (TODAY, None, False),
])  # fmt: skip
def test_a_finding_never_lies_before_the_report(office: Office, on: date, at: time | None, *, is_refused: bool) -> None:
    missing(office, at=time(15, 20))
    if is_refused:
        with pytest.raises(BadInputError, match="15:20"):
            found(office, on=on, at=at)
        assert said(office) == "Missing since Mon 9 Nov"
        return

    found(office, on=on, at=at)

    assert said(office).startswith("Found")


def test_a_finding_counts_though_nobody_knows_at_which_time_of_that_day_the_child_went(office: Office) -> None:
    missing(office)

    found(office, on=YESTERDAY, at=time(15, 0))

    assert said(office) == "Found Mon 9 Nov"
    with office.database.reading() as db:
        assert list_events(db, pupil_id=LUCJA)[-1].words == "Found at At home by Father. Time: 15:00."


def test_what_follows_a_finding_waits_for_it_and_never_lies_before_it(office: Office) -> None:
    with pytest.raises(RefusedError, match="not missing"):
        follow(office, EventKind.SAFE_AND_WELL_CHECK)
    missing(office, on=BEFORE)
    with pytest.raises(RefusedError, match="not found yet"):
        follow(office, EventKind.SAFE_AND_WELL_CHECK)
    with pytest.raises(BadInputError, match="Sun 8 Nov"):
        follow(office, EventKind.STRATEGY_MEETING_HELD, on=date(2026, 11, 7))
    follow(office, EventKind.STRATEGY_MEETING_HELD, on=BEFORE)
    found(office, on=YESTERDAY)

    with pytest.raises(BadInputError, match="Mon 9 Nov"):
        follow(office, EventKind.SAFE_AND_WELL_CHECK, on=BEFORE)
    follow(office, EventKind.SAFE_AND_WELL_CHECK, on=YESTERDAY)

    assert kinds(office)[-1] is EventKind.SAFE_AND_WELL_CHECK
