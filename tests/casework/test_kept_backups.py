"""What is taken away of the automatic backups, and above all what never is; every backup here is a real archive."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.kept_backups import WhyNothing, choose_kept, list_kept, made_at, thin_out
from cme_desktop.storage.backup import RecordsCount
from cme_desktop.storage.backup_file import is_whole, read_about, write_backup_file

MORNING = datetime(2026, 11, 12, 9, tzinfo=UTC)
"""A Thursday, so that no week or month keeps a day at the edge by chance."""

TODAY = MORNING.date()
OURS, THEIRS = "a1b2c3", "d4e5f6"


def a_backup(folder: Path, at: datetime, *, of: str = OURS, is_automatic: bool = True) -> Path:
    """Write an archive as the program does, around records and keys that are a few bytes."""
    (folder / "r").write_bytes(b"records " * 500)
    (folder / "k").write_text(f'{{"format": 2, "database": "{of}", "slots": []}}')
    stem, ending, number = f"cme-desktop-{at:%Y-%m-%d-%H%M%S}", ".cmebackup", 2
    file = folder / f"{stem}{ending}"
    while file.exists():
        file, number = folder / f"{stem}-{number}{ending}", number + 1
    write_backup_file(
        file, records=folder / "r", keys=folder / "k", made_at=at, held=RecordsCount(1, 2, 3),
        is_automatic=is_automatic, key_mark="",
    )  # fmt: skip
    (folder / "r").unlink()
    (folder / "k").unlink()
    return file


def one_a_day(folder: Path, days: int, *, first_back: int = 0) -> list[Path]:
    """One backup on each of the last days, the newest first."""
    return [a_backup(folder, MORNING - timedelta(days=back)) for back in range(first_back, first_back + days)]


def thinned(folder: Path, newest: Path, *, today: date = TODAY) -> tuple[str, ...]:
    return thin_out(folder, database_id=OURS, newest=newest, today=today).gone


# -- which stay ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("back", "is_kept"), [(12, True), (13, True), (14, False)])
def test_each_of_fourteen_days_is_kept(back: int, *, is_kept: bool) -> None:
    moments = [MORNING - timedelta(days=each) for each in range(400)]

    kept = choose_kept(moments, today=TODAY)

    assert (MORNING - timedelta(days=back) in kept) is is_kept


def test_the_last_of_each_of_eight_weeks_and_twelve_months_is_kept_beyond_the_days() -> None:
    tuesday = datetime(2026, 11, 10, 9, tzinfo=UTC)
    kept = choose_kept([tuesday - timedelta(days=each) for each in range(500)], today=tuesday.date())

    older = {at.date() for at in kept if (tuesday - at).days >= 14}
    sundays = {date(2026, 9, 27) + timedelta(weeks=week) for week in range(5)}
    ends = {
        date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30),
        date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30),
    }  # fmt: skip
    assert older == sundays | ends


def test_all_of_today_are_kept_and_the_last_of_a_day_before() -> None:
    hours = [datetime(2026, 11, day, hour, tzinfo=UTC) for day in (11, 12) for hour in (8, 12, 16)]

    kept = choose_kept(hours, today=TODAY)

    assert kept == {hours[2], *hours[3:]}


@pytest.mark.parametrize("ahead", [timedelta(days=60), timedelta(days=400), timedelta(days=3650)])
def test_a_clock_that_jumps_ahead_chooses_no_more_away_than_one_day_one_week_and_one_month(ahead: timedelta) -> None:
    before = choose_kept([MORNING - timedelta(days=each) for each in range(400)], today=TODAY)
    jumped = MORNING + timedelta(hours=1) + ahead

    kept = choose_kept([*before, jumped], today=TODAY + ahead)

    assert len(before) - len(before & kept) <= 3
    assert {jumped, MORNING} <= kept


def test_the_newest_is_kept_however_old() -> None:
    old = datetime(2024, 3, 4, 9, tzinfo=UTC)

    assert choose_kept([old, old - timedelta(hours=1)], today=TODAY) == {old}


def test_days_without_a_backup_do_not_count_so_that_holidays_push_nothing_out() -> None:
    """Fourteen backups before six weeks of summer, and one after: none of the fourteen is younger than 42 days."""
    before = [datetime(2026, 7, 1 + day, 9, tzinfo=UTC) for day in range(14)]

    assert choose_kept([*before[1:], MORNING], today=TODAY) >= {*before[1:]}


# -- what is never taken away ----------------------------------------------------------------------------------------


def test_the_surplus_of_old_days_goes(tmp_path: Path) -> None:
    made = one_a_day(tmp_path, 30)

    gone = thinned(tmp_path, made[0])

    assert made[14].name in gone
    assert not made[14].exists()
    assert all(file.exists() for file in made[:14])


def test_another_schools_backups_in_the_same_folder_are_left_alone(tmp_path: Path) -> None:
    theirs = [a_backup(tmp_path, MORNING - timedelta(days=back), of=THEIRS) for back in range(30)]
    made = one_a_day(tmp_path, 30)

    assert thinned(tmp_path, made[0])

    assert all(file.exists() for file in theirs)


def test_a_backup_that_somebody_asked_for_is_left_alone_and_takes_no_day(tmp_path: Path) -> None:
    by_hand = [a_backup(tmp_path, MORNING - timedelta(days=back, hours=-3), is_automatic=False) for back in range(30)]
    made = one_a_day(tmp_path, 30)

    thinned(tmp_path, made[0])

    assert all(file.exists() for file in by_hand)
    assert all(file.exists() for file in made[:14])


def test_a_backup_of_before_this_was_told_apart_counts_as_asked_for(tmp_path: Path) -> None:
    file = a_backup(tmp_path, MORNING, is_automatic=False)

    assert not read_about(file).is_automatic


@pytest.mark.parametrize("how", ["cut short", "empty", "zeros", "flipped"])
def test_a_later_one_that_is_not_whole_displaces_no_sound_one(how: str, tmp_path: Path) -> None:
    """Yesterday there was a sound one in the morning, and in the afternoon one that was copied by half."""
    morning = a_backup(tmp_path, MORNING - timedelta(days=1))
    afternoon = a_backup(tmp_path, MORNING - timedelta(hours=17))
    data = bytearray(afternoon.read_bytes())
    if how == "flipped":
        data[100] ^= 1
    spoilt = {"cut short": bytes(data[:2000]), "empty": b"", "zeros": bytes(len(data)), "flipped": bytes(data)}[how]
    afternoon.write_bytes(spoilt)
    newest = a_backup(tmp_path, MORNING)
    one_a_day(tmp_path, 30, first_back=2)

    assert thinned(tmp_path, newest)

    assert morning.exists()
    assert not is_whole(afternoon)
    assert afternoon.exists()


def test_a_spoilt_one_takes_none_of_the_fourteen_days(tmp_path: Path) -> None:
    """Of sixteen days the second is spoilt: the fifteenth still is among the fourteen that are sound."""
    made = one_a_day(tmp_path, 17)
    data = bytearray(made[1].read_bytes())
    data[100] ^= 1
    made[1].write_bytes(data)

    gone = thinned(tmp_path, made[0])

    assert made[14].exists()
    assert made[15].name in gone


@pytest.mark.parametrize(
    "name", ["holiday.jpg", "cme-desktop-2026-13-40-000000.cmebackup", "old.cmebackup", ".DS_Store"]
)
def test_what_is_none_of_the_programs_is_never_taken_away(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    made = one_a_day(tmp_path, 30)

    assert thinned(tmp_path, made[0])

    assert (tmp_path / name).exists()
    assert made_at(name) is None


# -- a clock that was wrong ------------------------------------------------------------------------------------------


def test_one_day_with_the_clock_years_ahead_takes_nothing_away(tmp_path: Path) -> None:
    made = one_a_day(tmp_path, 30)
    ahead = MORNING + timedelta(days=3 * 365)
    wrong = a_backup(tmp_path, ahead)

    told = thin_out(tmp_path, database_id=OURS, newest=wrong, today=ahead.date())

    assert (told.gone, told.why_nothing) == ((), WhyNothing.LEAPT)
    assert all(file.exists() for file in made)


def test_a_week_with_the_clock_years_ahead_pushes_out_no_more_days_than_it_has(tmp_path: Path) -> None:
    one_a_day(tmp_path, 30)
    for day in range(7):
        ahead = MORNING + timedelta(days=3 * 365 + day)
        thinned(tmp_path, a_backup(tmp_path, ahead), today=ahead.date())

    left = {one.made_at.date() for one in list_kept(tmp_path, database_id=OURS)}

    assert {TODAY - timedelta(days=back) for back in range(7)} <= left


def test_nothing_is_taken_away_while_a_backup_bears_a_day_that_has_not_come(tmp_path: Path) -> None:
    """The clock was ahead and is right again, or is behind now: either way the days can't be trusted."""
    made = one_a_day(tmp_path, 30)
    tomorrow = a_backup(tmp_path, MORNING + timedelta(days=1))

    told = thin_out(tmp_path, database_id=OURS, newest=made[0], today=TODAY)

    assert (told.gone, told.why_nothing) == ((), WhyNothing.FROM_THE_FUTURE)
    tomorrow.unlink()
    assert thinned(tmp_path, made[0])


def test_backups_of_a_clock_that_ran_ahead_push_out_nothing_made_since_it_was_put_right(tmp_path: Path) -> None:
    ran_ahead = [a_backup(tmp_path, datetime(2031, 1, 1 + day, 9, tzinfo=UTC)) for day in range(20)]
    made = one_a_day(tmp_path, 30)

    assert thinned(tmp_path, made[0]) == ()

    assert all(file.exists() for file in (*ran_ahead, *made))


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(days=400)])
def test_a_clock_set_back_takes_no_newer_backup_away(back: timedelta, tmp_path: Path) -> None:
    made = one_a_day(tmp_path, 14)
    newest = a_backup(tmp_path, MORNING - back)

    assert thinned(tmp_path, newest, today=TODAY - back) == ()

    assert all(file.exists() for file in made)


@pytest.mark.parametrize(("days", "thins"), [(34, True), (35, True), (36, False), (42, False)])
def test_after_a_pause_of_more_than_35_days_old_ones_go_at_the_second_opening(
    days: int, tmp_path: Path, *, thins: bool
) -> None:
    one_a_day(tmp_path, 30, first_back=days)
    newest = a_backup(tmp_path, MORNING)

    assert bool(thinned(tmp_path, newest)) is thins

    the_day_after = a_backup(tmp_path, MORNING + timedelta(days=1))
    thinned(tmp_path, the_day_after, today=TODAY + timedelta(days=1))
    assert len(list_kept(tmp_path, database_id=OURS)) < 25
