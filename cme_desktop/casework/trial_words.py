"""A trial restore in words: the line that is shown, printed and written down, the same everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cme_desktop.casework.in_words import count_of, say_long_day
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.storage.backup_places import PlaceKind, Trial


def say_trial(trial: Trial) -> str:
    """Say what came of a trial in a line that can be printed."""
    made = trial.made_at.astimezone(LOCAL_ZONE)
    what = f"Trial restore of {say_long_day(made.date())} from {trial.kind.in_words}"
    if not trial.is_whole:
        return f"{what}: NOT whole. {trial.why}".rstrip()
    held = ", ".join((
        count_of(trial.pupils, "pupil"), count_of(trial.marks, "mark"),
        count_of(trial.entries, "entry of the journal", "entries of the journal"),
    ))  # fmt: skip
    return f"{what}: whole: {held}, checked in {count_of(max(1, trial.seconds), 'second')}"


def details_of(trial: Trial) -> dict[str, Any]:
    """Give what the journal tells of a trial: no folder, for its name may bear somebody's."""
    return {
        "where": trial.kind.value, "made_at": trial.made_at.isoformat(), "whole": trial.is_whole,
        "pupils": trial.pupils, "marks": trial.marks, "entries": trial.entries, "seconds": trial.seconds,
        "why": trial.why,
    }  # fmt: skip


def trial_told(at: datetime, details: dict[str, Any]) -> Trial:
    """Read a trial from what the journal tells of it."""
    return Trial(
        at, datetime.fromisoformat(details["made_at"]), PlaceKind(details["where"]), details["whole"],
        details["pupils"], details["marks"], details["entries"], details["seconds"], details["why"],
    )  # fmt: skip
