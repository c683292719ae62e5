"""One backup a day in each place that can be reached, checked; the older ones thinned out by day, week and month."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.automatic_backups import back_up_if_due, back_up_now, back_up_on_closing, thin_out
from cme_desktop.casework.backup_places import MOST, add_place, list_folders, look_at_places, take_off_place
from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.kept_backups import choose_kept, made_at
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import open_office
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.paths import Paths
from tests.casework.test_opening import ME, PASSWORD, now, paths, template
from tests.office import HEAD, MANAGER, seen_by

__all__ = ["paths", "template"]  # fixtures

TODAY = date(2026, 11, 10)


def name_of(at: datetime) -> str:
    return f"cme-desktop-{at:%Y-%m-%d-%H%M%S}.cmebackup"


def one_a_day(days: int) -> list[str]:
    return [name_of(datetime(2026, 11, 10, 9, tzinfo=UTC) - timedelta(days=back)) for back in range(days)]


# -- what is kept ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("back", "is_kept"), [(12, True), (13, True), (14, False)])
def test_each_of_fourteen_days_is_kept(back: int, *, is_kept: bool) -> None:
    """Thursdays to Tuesdays in mid-week, so that no week or month keeps the day by chance."""
    day = datetime(2026, 11, 12, 9, tzinfo=UTC) - timedelta(days=back)
    names = [name_of(datetime(2026, 11, 12, 9, tzinfo=UTC) - timedelta(days=each)) for each in range(400)]

    kept = choose_kept(names, today=date(2026, 11, 12))

    assert (name_of(day) in kept) is is_kept


def test_the_last_of_each_of_eight_weeks_and_twelve_months_is_kept_beyond_the_days() -> None:
    kept = sorted(made_at(name) for name in choose_kept(one_a_day(500), today=TODAY))  # type: ignore[type-var]
    days = [at.date() for at in kept if at is not None]

    older = [day for day in days if (TODAY - day).days >= 14]
    sundays = {date(2026, 9, 27) + timedelta(weeks=week) for week in range(5)}
    ends = {
        date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30),
        date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30),
    }  # fmt: skip
    assert set(older) == sundays | ends


def test_the_newest_is_kept_however_old_and_all_of_today() -> None:
    old = name_of(datetime(2024, 3, 4, 9, tzinfo=UTC))
    assert choose_kept([old, name_of(datetime(2024, 3, 4, 8, tzinfo=UTC))], today=TODAY) == {old}
    today = [name_of(datetime(2026, 11, 10, hour, tzinfo=UTC)) for hour in (8, 9, 10)]
    assert choose_kept(today, today=TODAY) == set(today)


@pytest.mark.parametrize("ahead", [timedelta(days=60), timedelta(days=400), timedelta(days=3650)])
def test_a_clock_that_jumps_ahead_takes_no_more_away_than_one_day_one_week_and_one_month(ahead: timedelta) -> None:
    before = choose_kept(one_a_day(400), today=TODAY)
    jumped = name_of(datetime(2026, 11, 10, 10, tzinfo=UTC) + ahead)

    kept = choose_kept([*before, jumped], today=TODAY + ahead)

    assert len(before) - len(before & kept) <= 3
    assert {jumped, name_of(datetime(2026, 11, 10, 9, tzinfo=UTC))} <= kept


def test_backups_of_a_clock_that_ran_ahead_push_out_nothing_made_since_it_was_put_right() -> None:
    ran_ahead = [name_of(datetime(2031, 1, 1, 9, tzinfo=UTC) + timedelta(days=days)) for days in range(40)]

    kept = choose_kept([*ran_ahead, *one_a_day(400)], today=TODAY)

    assert kept >= choose_kept(one_a_day(400), today=TODAY)
    assert len(kept & set(ran_ahead)) < 30


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(days=400)])
def test_a_clock_set_back_takes_no_newer_backup_away(back: timedelta, tmp_path: Path) -> None:
    made = one_a_day(14)
    for name in made:
        (tmp_path / name).write_text("")

    assert thin_out(tmp_path, today=TODAY - back) == ()


def test_the_days_backup_is_made_although_one_is_dated_later(office: Office) -> None:
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')
    office.paths.backups.mkdir()
    (office.paths.backups / name_of(datetime(2031, 1, 1, 9, tzinfo=UTC))).write_text("")

    (own,) = back_up_if_due(office)

    assert own.made is not None
    (place,) = look_at_places(office)
    assert place.newest is not None
    assert place.newest.date() == TODAY


@pytest.mark.parametrize(
    "name", ["holiday.jpg", "cme-desktop-2026-13-40-000000.cmebackup", "old.cmebackup", ".DS_Store"]
)
def test_what_is_none_of_the_programs_is_never_taken_away(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    for made in one_a_day(30):
        (tmp_path / made).write_text("")

    gone = thin_out(tmp_path, today=TODAY)

    assert gone
    assert (tmp_path / name).exists()
    assert made_at(name) is None


# -- places ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_each_place_that_is_there_gets_one_a_day_and_one_that_is_away_stops_nothing(paths: Paths, stick: Path) -> None:
    office = open_office(paths, user_id=ME, password=PASSWORD, now=now)
    share = stick.parent / "share"
    share.mkdir()
    add_place(office, stick)
    add_place(office, share)
    share.rmdir()

    first = back_up_if_due(office)
    assert [(one.folder, one.made is not None) for one in first] == [(paths.backups, True), (stick, True)]
    assert back_up_if_due(office) == ()
    assert [place.count for place in look_at_places(office)] == [1, 1, 0]
    assert [place.is_there for place in look_at_places(office)] == [True, True, False]
    assert not share.exists()
    assert len(back_up_now(office)) == 2
    office.database.close()

    def tomorrow() -> datetime:
        return datetime(2026, 11, 11, 8, tzinfo=UTC)

    office = open_office(paths, user_id=ME, password=PASSWORD, now=tomorrow)
    assert len(back_up_if_due(office)) == 2
    office.database.close()


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.SENIOR])
def test_the_days_backup_is_made_whoever_opened_and_closed(office: Office, role: Role) -> None:
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')
    theirs = seen_by(office, replace(MANAGER, role=role))

    (first,) = back_up_if_due(theirs)
    assert first.made is not None
    add_place(office, office.paths.data.parent)
    assert len(back_up_on_closing(theirs)) == 2


def test_a_place_that_can_not_be_written_is_told_and_the_others_are_served(
    office: Office, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')
    add_place(office, stick)
    written = Path.mkdir

    def refuse(self: Path, *arguments: object, **more: object) -> None:
        if self == stick:
            raise PermissionError(13, "Permission denied")
        written(self, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "mkdir", refuse)

    own, other = back_up_if_due(office)

    assert own.made is not None
    assert other.made is None
    assert other.problem is not None
    assert "can't be written" in other.problem.title


def test_three_places_at_most_each_once_and_the_programs_own_stays(office: Office, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two", "three")]
    for folder in folders:
        folder.mkdir()
    with pytest.raises(BadInputError, match="not there"):
        add_place(office, tmp_path / "nowhere")
    add_place(office, folders[0])
    with pytest.raises(RefusedError, match="already"):
        add_place(office, folders[0])
    add_place(office, folders[1])
    with pytest.raises(RefusedError, match=f"{MOST} places"):
        add_place(office, folders[2])
    with pytest.raises(RefusedError, match="stays"):
        take_off_place(office, office.paths.backups)

    take_off_place(office, folders[0])

    assert list_folders(office.paths) == (office.paths.backups, folders[1])
    assert [line.said for line in load_journal(seen_by(office, HEAD)).lines[:2]] == [
        "Backup place taken off",
        "Backup place added",
    ]


@pytest.mark.parametrize("text", ["", "[]", '{"folders": 3}', '{"folders": [3]}'])
def test_a_list_of_places_that_was_meddled_with_leaves_the_programs_own(text: str, office: Office) -> None:
    (office.paths.data / "backup-places.json").write_text(text)

    assert list_folders(office.paths) == (office.paths.backups,)
