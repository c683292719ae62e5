"""Whoever guesses passwords has to wait longer each time; whoever mistypes a few times does not."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.guessing import FREE_TRIES, TooManyTriesError, refuse_too_soon, slowed
from cme_desktop.casework.opening import open_office, reset_password
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage.vault import WrongPasswordError
from tests.casework.test_opening import ME, PASSWORD, paths, template

__all__ = ["paths", "template"]  # fixtures

NOW = datetime(2026, 11, 10, 8, 40, tzinfo=UTC)
ANN = 2


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tries.json"


def guess(file: Path, times: int, *, user_id: int = ME, now: datetime = NOW) -> None:
    for _ in range(times):
        with pytest.raises(WrongPasswordError), slowed(file, user_id=user_id, now=now):
            raise WrongPasswordError("The password is wrong.")


def is_too_soon(file: Path, now: datetime, *, user_id: int = ME) -> bool:
    try:
        refuse_too_soon(file, user_id=user_id, now=now)
    except TooManyTriesError:
        return True
    return False


def test_four_wrong_ones_cost_nothing_and_the_fifth_thirty_seconds(file: Path) -> None:
    guess(file, FREE_TRIES)
    assert not is_too_soon(file, NOW)

    guess(file, 1)

    assert [is_too_soon(file, NOW + timedelta(seconds=after)) for after in (0, 29, 30, 31)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert not is_too_soon(file, NOW, user_id=ANN)


def test_each_further_one_doubles_the_wait_up_to_a_quarter_of_an_hour(file: Path) -> None:
    guess(file, FREE_TRIES + 1)
    at = NOW
    for seconds in (60, 120, 240, 480, 900, 900):
        at += timedelta(hours=1)
        guess(file, 1, now=at)

        assert is_too_soon(file, at + timedelta(seconds=seconds - 1))
        assert not is_too_soon(file, at + timedelta(seconds=seconds))


def test_a_clock_set_back_never_makes_the_wait_longer(file: Path) -> None:
    guess(file, FREE_TRIES + 1)
    yesterday = NOW - timedelta(days=1)

    with pytest.raises(TooManyTriesError, match="in 30 seconds"):
        refuse_too_soon(file, user_id=ME, now=yesterday)


@pytest.mark.parametrize("text", ["", "{", "[]", "[1]", '{"1": 3}', '{"1": [5, "soon"]}', '{"x": [5, "2026-01-01"]}'])
def test_a_file_that_was_meddled_with_shuts_nobody_out(text: str, file: Path) -> None:
    file.write_text(text)

    assert not is_too_soon(file, NOW)
    guess(file, 1)
    assert json.loads(file.read_text())["1"][0] == 1


def test_the_right_password_has_to_wait_too_and_then_begins_anew(paths: Paths) -> None:
    def sit(password: str, now: datetime) -> None:
        open_office(paths, user_id=ME, password=password, now=lambda: now).database.close()

    for _ in range(FREE_TRIES + 1):
        with pytest.raises(WrongPasswordError):
            sit("not the password", NOW)

    with pytest.raises(TooManyTriesError) as too_soon:
        sit(PASSWORD, NOW + timedelta(seconds=2))
    assert too_soon.value.title == "Too many were wrong: try again in 28 seconds."
    assert "recovery key" in too_soon.value.remedy
    sit(PASSWORD, NOW + timedelta(seconds=30))
    with pytest.raises(WrongPasswordError):
        sit("not the password", NOW + timedelta(seconds=31))
    sit(PASSWORD, NOW + timedelta(seconds=31))


def test_a_recovery_key_is_guessed_as_slowly_and_the_right_one_frees_the_person(
    paths: Paths, template: tuple[Path, str]
) -> None:
    wrong = "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"

    def reset(key: str, now: datetime) -> None:
        reset_password(paths, user_id=ME, recovery_key=key, new="quite other words", now=now)

    for _ in range(FREE_TRIES + 1):
        with pytest.raises(WrongPasswordError):
            reset(wrong, NOW)
    with pytest.raises(TooManyTriesError):
        reset(template[1], NOW)
    guess(paths.tries, FREE_TRIES + 1)
    reset(template[1], NOW + timedelta(seconds=30))

    open_office(paths, user_id=ME, password="quite other words", now=lambda: NOW).database.close()


def test_it_is_kept_where_the_records_are(tmp_path: Path) -> None:
    assert find_paths(tmp_path / "data").tries.parent == (tmp_path / "data")
