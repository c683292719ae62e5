"""The register over the days of a leave: which codes stand there, and where they disagree with the decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from cme_desktop.casework.in_words import count_of, say_day
from cme_desktop.casework.lives.leave_matter import LeaveMatter, LeaveState
from cme_desktop.domain.attendance import CODE_OF_SYMBOL, UNKNOWN_SYMBOL, AttendanceCode, Presence
from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.policy import runs

_GRANTED: Final = frozenset({AttendanceCode.LEAVE, AttendanceCode.PERFORMANCE})
_NOT_GRANTED: Final = frozenset({AttendanceCode.HOLIDAY_NOT_GRANTED, AttendanceCode.UNAUTHORISED})


@dataclass(frozen=True, slots=True)
class LeaveMarks:
    """The marks over the days so far. ``counted`` says each code with its sessions, ``disagreements`` what is wrong."""

    counted: str
    disagreements: tuple[str, ...]


def marks_of_leave(matter: LeaveMatter, calendar: SchoolCalendar, line: bytes) -> LeaveMarks | None:
    """Read the marks of a leave's days that are due so far; None where none is, or its days were not said."""
    if matter.first is None or matter.last is None:
        return None
    first, last = calendar.count_sessions_before(matter.first), calendar.count_sessions_through(matter.last)
    symbols = tuple(enumerate(line[first : min(last, len(line))], start=first))
    days = tuple((calendar.sessions[index].on, chr(symbol)) for index, symbol in symbols)
    if not days:
        return None
    return LeaveMarks(_say_counted(symbol for _, symbol in days), tuple(_disagreements(matter, days)))


def first_attended_after(calendar: SchoolCalendar, line: bytes, last: date) -> date | None:
    """Give the first day after a leave on which the register shows the child in school; None where none is."""
    found = runs.indexes_of(line, runs.ATTENDED, first=calendar.count_sessions_through(last))
    return calendar.sessions[found[0]].on if found else None


def _disagreements(matter: LeaveMatter, days: tuple[tuple[date, str], ...]) -> Iterable[str]:
    granted = [(on, symbol) for on, symbol in days if _is_granted(matter, on)]
    others = [(on, symbol) for on, symbol in days if not _is_granted(matter, on)]
    against = _of(granted, _NOT_GRANTED)
    if against:
        yield f"Leave was granted, but {_say_sessions(against)}. Code C is for leave that was granted."
    unsaid = _of(granted, frozenset({AttendanceCode.NO_REASON_YET}))
    if unsaid:
        yield f"Leave was granted, but {_say_sessions(unsaid)}: the reason is known."
    allowed = _of(others, _GRANTED)
    if allowed:
        yield f"{_WHY[matter.state]}, but {_say_sessions(allowed)}."
    waiting = _of(others, frozenset({AttendanceCode.NO_REASON_YET}))
    if waiting and matter.state in {LeaveState.REFUSED, LeaveState.ADMITTED}:
        yield f"{_WHY[matter.state]}, and {_say_sessions(waiting)}. A holiday without leave is G."
    ill = _of(others, frozenset({AttendanceCode.ILLNESS, AttendanceCode.MEDICAL}))
    if ill and matter.state in {LeaveState.REFUSED, LeaveState.ADMITTED}:
        yield f"{_WHY[matter.state]}, and {_say_sessions(ill)}. Ask how the illness is known."


_WHY: Final = {
    LeaveState.ASKED: "Leave is not decided",
    LeaveState.GRANTED: "Leave was granted only for some of these days",
    LeaveState.REFUSED: "Leave was refused",
    LeaveState.ADMITTED: "Leave was not asked for beforehand",
    LeaveState.CLOSED: "Leave was not granted",
}


def _is_granted(matter: LeaveMatter, on: date) -> bool:
    first, last = matter.granted_first, matter.granted_last
    return first is not None and last is not None and first <= on <= last


def _of(days: Iterable[tuple[date, str]], codes: frozenset[AttendanceCode]) -> list[tuple[date, str]]:
    return [(on, symbol) for on, symbol in days if CODE_OF_SYMBOL.get(symbol) in codes]


def _say_sessions(found: list[tuple[date, str]]) -> str:
    letters = sorted({CODE_OF_SYMBOL[symbol].letter for _, symbol in found})
    first, last = found[0][0], found[-1][0]
    days = say_day(first) if first == last else f"{say_day(first)} to {say_day(last)}"
    verb = "is" if len(found) == 1 else "are"
    return f"{count_of(len(found), 'session')} {verb} marked {' or '.join(letters)} ({days})"


def _say_counted(symbols: Iterable[str]) -> str:
    counts = Counter(_name(symbol) for symbol in symbols)
    return ", ".join(f"{name}: {count_of(number, 'session')}" for name, number in sorted(counts.items()) if name)


def _name(symbol: str) -> str:
    if symbol == UNKNOWN_SYMBOL:
        return "no mark"
    code = CODE_OF_SYMBOL.get(symbol)
    if code is None:
        return ""
    return "in school" if code.facts.presence is Presence.ATTENDED else code.letter
