"""The school in numbers, for governors: no name, no single child, and no number so small that it points at one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from cme_desktop.casework.dismissals import without_dismissed
from cme_desktop.casework.in_words import say_clock, say_long_day
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.today.state import TodayState, load_today_state
from cme_desktop.domain.cases import CaseStatus, Role
from cme_desktop.domain.rights import Right
from cme_desktop.policy.rule import Act, Flag, Severity

FEWEST_SAID: Final = 5
"""Below this a number of children is not said: in a small school it would point at one."""

_PERSISTENT: Final = frozenset({"england.persistent-absence", "england.severe-absence"})


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One number in words: "Absent today", "11"."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class NumberGroup:
    """Numbers that belong together, under a heading."""

    title: str
    lines: tuple[NumberLine, ...]


@dataclass(frozen=True, slots=True)
class SchoolNumbers:
    """What a governor reads: groups of numbers, as at a moment."""

    as_at: str
    groups: tuple[NumberGroup, ...]


@needs(Right.SEE_COUNTS)
def load_numbers(office: Office) -> SchoolNumbers:
    """Count the school as it stands now."""
    # What is counted is read as the head reads it; nothing but the counts leaves this function.
    reader = replace(office, user=replace(office.user, role=Role.HEAD))
    state = load_today_state(reader)
    flags = without_dismissed(reader, state.all_flags())
    return SchoolNumbers(
        as_at=f"{say_long_day(state.on)}, {say_clock(state.at)}",
        groups=(
            NumberGroup("Pupils", tuple(_pupils(state, flags))),
            NumberGroup("To be done about pupils", tuple(_to_do(flags))),
            NumberGroup("Cases of children who may be missing", tuple(_cases(state))),
            NumberGroup("Returns to the authority", tuple(_returns(flags))),
        ),
    )


def say_number_of_children(count: int) -> str:
    """Say a number of children; "fewer than 5" where it would point at one of them."""
    if count == 0:
        return "none"
    return str(count) if count >= FEWEST_SAID else f"fewer than {FEWEST_SAID}"


def _pupils(state: TodayState, flags: tuple[Flag, ...]) -> tuple[NumberLine, ...]:
    absent = sum(state.facts(pupil.id).is_absent_today for pupil in state.roll.on_roll if pupil.id in state.records)
    persistent = {flag.pupil_id for flag in flags if flag.rule_id in _PERSISTENT}
    return (
        _line("On roll", len(state.roll.on_roll)),
        _line("Absent today", absent),
        _line("Persistently absent this school year: a tenth of sessions or more", len(persistent)),
    )


def _to_do(flags: tuple[Flag, ...]) -> tuple[NumberLine, ...]:
    worst: dict[object, Severity] = {}
    for flag in flags:
        worst[flag.pupil_id] = min(flag.severity, worst.get(flag.pupil_id, flag.severity))
    counted = Counter(worst.values())
    said = {
        Severity.NOW: "Pupils about whom something is to be done at once",
        Severity.TODAY: "Pupils about whom something is to be done today",
        Severity.THIS_WEEK: "Pupils about whom something is to be done this week",
        Severity.INCOMPLETE: "Pupils of whom a fact is missing",
        Severity.WATCH: "Pupils who are watched",
    }
    return tuple(_line(words, counted[severity]) for severity, words in said.items())


def _cases(state: TodayState) -> tuple[NumberLine, ...]:
    waiting = sum(case.status is CaseStatus.WAITING_FOR_AUTHORITY for case in state.cases.values())
    return (_line("Open", len(state.cases)), _line("Of these, waiting for the authority", waiting))


def _returns(flags: tuple[Flag, ...]) -> tuple[NumberLine, ...]:
    owed = [flag for flag in flags if flag.duty.act is Act.SEND_RETURN]
    late = sum(flag.overdue for flag in owed)
    return (_line("Due", len(owed) - late), _line("Late", late))


def _line(label: str, count: int) -> NumberLine:
    return NumberLine(label, say_number_of_children(count))
