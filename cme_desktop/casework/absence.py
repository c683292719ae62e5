"""The absence a pupil is in at the moment judged: its first day, and how many school days it has lasted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from cme_desktop.domain.attendance import OUTSIDE_SYMBOL
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.runs import ABSENT, filled, first_of_absence, indexes_of, last_attended

_PASSED_BY: Final = OUTSIDE_SYMBOL.encode("ascii")


@dataclass(frozen=True, slots=True)
class CurrentAbsence:
    """An absence that has not ended; ``school_days`` counts those with at least one of its absent ``sessions``."""

    first_day: date
    school_days: int
    sessions: int


def find_current_absence(record: PupilRecord, judgement: Judgement) -> CurrentAbsence | None:
    """Find the absence the pupil is in; None where there is none. Unknown sessions neither begin nor end it."""
    line = filled(record.line, _PASSED_BY)
    first = first_of_absence(line)
    if first is None:
        return None
    sessions = judgement.calendar.sessions
    absent = indexes_of(line, ABSENT, first=first)
    days = {sessions[index].on for index in absent}
    return CurrentAbsence(min(days), len(days), len(absent))


def find_last_attended(record: PupilRecord, judgement: Judgement) -> date | None:
    """Find the last day on which the pupil attended a session, or None where there is none."""
    index = last_attended(filled(record.line, _PASSED_BY))
    return judgement.calendar.sessions[index].on if index >= 0 else None
