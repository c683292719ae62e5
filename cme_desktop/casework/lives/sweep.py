"""A first day back as the registers show it: who was absent, whose register was not taken, who was left out of one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from cme_desktop.casework.lives.life import LifeDesk
from cme_desktop.domain.attendance import CODE_OF_SYMBOL, Half
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy import runs


@dataclass(frozen=True, slots=True)
class Sweep:
    """A first day back as the registers show it. ``absent`` holds the codes of the sessions absent, by pupil.

    ``not_taken`` are the classes nobody was marked in, each with the halves; ``unmarked`` the children left out of a
    register that was taken.
    """

    on: date
    is_due: bool
    absent: dict[PupilId, tuple[str, ...]]
    not_taken: dict[str, tuple[Half, ...]]
    unmarked: tuple[PupilId, ...]


def sweep_of(desk: LifeDesk) -> Sweep | None:
    """Read the last first day back, today included; None before the first one that the records judge."""
    calendar = desk.roll.judgement.calendar
    begin = desk.roll.judgement.school.records_begin
    days = [day for day in calendar.school_days if day <= desk.today and calendar.is_first_after_gap(day)]
    if not days or (begin is not None and days[-1] < begin):
        return None
    return _sweep(desk, days[-1])


def _sweep(desk: LifeDesk, on: date) -> Sweep:
    calendar = desk.roll.judgement.calendar
    first = calendar.count_sessions_before(on)
    due = min(desk.roll.judgement.sessions_due(), calendar.count_sessions_through(on))
    absent: dict[PupilId, tuple[str, ...]] = {}
    classes: defaultdict[str, list[bytes]] = defaultdict(list)
    unknown: dict[PupilId, str] = {}
    for record in desk.roll.records:
        pupil = desk.roll.pupils[record.pupil.id]
        marks = record.line[first:due]
        if not pupil.is_on_roll(on) or pupil.starting_day == on or not marks:
            continue
        classes[pupil.class_name].append(marks)
        found = tuple(CODE_OF_SYMBOL[chr(symbol)].letter for symbol in marks if symbol in runs.ABSENT)
        if found:
            absent[pupil.id] = found
        elif runs.count_of(marks, runs.UNKNOWN) and not runs.count_of(marks, runs.ATTENDED):
            unknown[pupil.id] = pupil.class_name
    not_taken = {name: _halves(desk, lines, first) for name, lines in sorted(classes.items())}
    not_taken = {name: halves for name, halves in not_taken.items() if halves}
    unmarked = tuple(pupil_id for pupil_id, name in unknown.items() if name not in not_taken)
    return Sweep(on, due > first, absent, not_taken, unmarked)


def _halves(desk: LifeDesk, lines: list[bytes], first: int) -> tuple[Half, ...]:
    """The halves of the day in which nobody of a class was marked who was due."""
    found = []
    for place in range(max(map(len, lines))):
        symbols = {line[place] for line in lines if place < len(line)} - set(runs.OUTSIDE)
        if symbols and symbols <= set(runs.UNKNOWN):
            found.append(desk.roll.judgement.calendar.sessions[first + place].half)
    return tuple(found)
