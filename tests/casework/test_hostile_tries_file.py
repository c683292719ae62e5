"""The file that counts wrong passwords, spoilt or meddled with, never keeps the right password from opening."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.guessing import TooManyTriesError, note_wrong, refuse_too_soon
from tests.office import NOW


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"1": [Infinity, "2026-11-10T09:00:00+00:00"]}',
        '{"1": [9, "2026-11-10T09:00:00"]}',
        '{"1": [9, "half a time"]}',
        '{"1": [9]}',
        '{"1": ' + "9" * 100_000 + "}",
        "null",
        b"\xff\xfe\x00",
        b" " * 2_000_000,
    ],
    ids=range(9),
)
def test_a_file_of_no_use_counts_for_nothing(tmp_path: Path, text: str | bytes) -> None:
    file = tmp_path / "tries.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())

    refuse_too_soon(file, user_id=1, now=NOW)
    note_wrong(file, user_id=1, now=NOW)
    refuse_too_soon(file, user_id=1, now=NOW)


@pytest.mark.parametrize("wrong", [46, 47, 1_000, 10**4_000])
def test_however_many_were_wrong_the_wait_is_a_quarter_of_an_hour(tmp_path: Path, wrong: int) -> None:
    file = tmp_path / "tries.json"
    file.write_text(f'{{"1": [{wrong}, "{NOW.isoformat()}"]}}', "utf-8")

    with pytest.raises(TooManyTriesError, match="try again in 15 minutes"):
        refuse_too_soon(file, user_id=1, now=NOW)
    refuse_too_soon(file, user_id=1, now=NOW + timedelta(minutes=15))


def test_after_hours_of_guessing_the_count_goes_on_without_an_end(tmp_path: Path) -> None:
    file, now = tmp_path / "tries.json", NOW
    for _ in range(60):
        note_wrong(file, user_id=1, now=now)
        now += timedelta(minutes=15)
        refuse_too_soon(file, user_id=1, now=now)


def test_a_last_try_at_the_end_of_time_makes_the_wait_no_longer(tmp_path: Path) -> None:
    file = tmp_path / "tries.json"
    file.write_text('{"1": [9, "9999-12-31T23:59:59+00:00"]}', "utf-8")

    with pytest.raises(TooManyTriesError, match="8 minutes"):
        refuse_too_soon(file, user_id=1, now=NOW)
