"""The program is killed in the middle of a morning, as when the power goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.killing import kill_once


@pytest.mark.parametrize("after", [0.0, 0.07, 0.3])
def test_a_killed_program_loses_nothing_that_was_shown_as_saved(tmp_path: Path, after: float) -> None:
    found = kill_once(tmp_path, after=after)

    assert found.said > 0
    assert found.lost == ()
    assert found.whole
