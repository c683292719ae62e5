"""A school moves the clock times of its morning."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest

from cme_desktop.casework.school_settings import SchoolSettings, load_school_settings, save_school_settings
from cme_desktop.casework.today.screen import load_today
from cme_desktop.domain.errors import BadInputError
from cme_desktop.storage.settings import ClockTimes
from tests.office import NOW, at

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office


def test_a_school_that_set_nothing_has_the_usual_morning(office: Office) -> None:
    assert load_school_settings(office) == SchoolSettings()


def test_a_time_moved_today_is_on_the_strip_today_and_not_yesterday(office: Office) -> None:
    later = replace(ClockTimes(), first_calls=time(9, 25))

    save_school_settings(office, SchoolSettings(later, locks_after=3))

    assert [tile.at for tile in load_today(office).tiles][1] == time(9, 25)
    yesterday = at(office, NOW - timedelta(days=1))
    assert [tile.at for tile in load_today(yesterday).tiles][1] == time(9, 15)
    assert load_school_settings(office).locks_after == 3


def test_a_morning_that_runs_backwards_is_refused_and_nothing_is_kept(office: Office) -> None:
    backwards = replace(ClockTimes(), lead_told=time(9, 0))

    with pytest.raises(BadInputError, match="out of order") as refused:
        save_school_settings(office, SchoolSettings(backwards))

    assert "9:00 follows 9:45" in refused.value.detail
    assert load_school_settings(office) == SchoolSettings()


@pytest.mark.parametrize("minutes", [0, 31])
def test_a_window_that_never_locks_is_refused(office: Office, minutes: int) -> None:
    with pytest.raises(BadInputError, match="wait that long"):
        save_school_settings(office, SchoolSettings(locks_after=minutes))
