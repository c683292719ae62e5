"""The program is killed in the middle of a morning, as when the power goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.killing import kill_once
from tests.journeys.killing_commands import KILLINGS, Bench, Ended


@pytest.mark.parametrize("after", [0.0, 0.07, 0.3])
def test_a_killed_program_loses_nothing_that_was_shown_as_saved(tmp_path: Path, after: float) -> None:
    found = kill_once(tmp_path, after=after)

    assert found.said > 0
    assert found.lost == ()
    assert found.whole


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize(
    ("command", "lasts", "when"),
    [
        ("init", 2, "after"),  # made whole, still in its room
        ("init", 3, "after"),  # the keys are in their place, the records not yet
        ("import --accept", 0, "before"),
        ("backup", 0, "before"),
        ("restore --replace", 0, "before"),
        ("restore --replace", 0, "after"),  # the old records are aside, the new not yet in their place
        ("restore --replace", 2, "after"),
    ],
)
def test_a_command_killed_while_it_writes_leaves_all_or_nothing(
    tmp_path: Path, bench: Bench, command: str, lasts: int, when: str
) -> None:
    def kill(*arguments: str | Path) -> Ended:
        return bench.cut(*arguments, lasts=lasts, when=when)

    is_done = KILLINGS[command](bench, tmp_path / "data", kill)

    assert not is_done
