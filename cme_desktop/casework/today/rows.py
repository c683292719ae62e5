"""The Today screen as frozen values: the strip, the roll's balance, and the list, worst first.

A row's words are fit for the hatch: they never say why a child is watched more closely, only what to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import Enum
from typing import Final

from cme_desktop.casework.in_words import say_clock, say_number
from cme_desktop.domain.attendance import SchoolSession
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.rule import Severity


class Group(Enum):
    """The headings of the list, in order."""

    NOW = "Act now"
    BEFORE = "Before"
    WEEK = "This week"
    EXPLAINED = "Explained, nothing to do"


class Shape(Enum):
    """The drawn shape that stands for a row's urgency."""

    NOW = "now"
    TODAY = "today"
    WEEK = "week"
    UNKNOWN = "unknown"
    SETTLED = "settled"
    WATCH = "watch"


class Tone(Enum):
    """How the due words are coloured."""

    NOW = "now"
    TODAY = "today"
    PLAIN = "plain"


class RowKind(Enum):
    """A row is about pupils, a register not taken, a duty of the school, a report from outside, or what is held."""

    PUPILS = "pupils"
    REGISTER = "register"
    SCHOOL = "school"
    REPORT = "report"
    INFORMATION = "information"


class TileKey(Enum):
    """The five clock times of the morning."""

    REGISTERS = "registers"
    FIRST_CALLS = "first calls"
    CONTACTS = "contacts tried"
    LEAD = "lead told"
    POLICE = "police or care"


class TileState(Enum):
    """Where a clock time stands."""

    DONE = "done"
    LATE = "late"
    NEXT = "next"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Tile:
    """One clock time of the strip: what is left before it, and the rows that make the count."""

    key: TileKey
    at: time
    name: str
    count: int
    words: str
    state: TileState
    rows: frozenset[str] = frozenset()

    @property
    def spoken(self) -> str:
        """The tile as assistive tools say it."""
        left = f"{self.count} {self.words}" if self.count else self.words
        return f"{say_clock(self.at)} {self.name}: {left}"


@dataclass(frozen=True, slots=True)
class Balance:
    """The roll in the session that counts now; ``unknown`` pupils are neither in nor absent."""

    on_roll: int
    present: int
    absent: int
    unknown: int
    explained: int
    due: bool = True

    @property
    def not_expected(self) -> int:
        """How many have no session now: a nursery child's afternoon, a day that a code sets outside."""
        return self.on_roll - self.present - self.absent - self.unknown if self.due else 0


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One line of the list. ``dots`` say for each contact to ring whether somebody tried them today."""

    key: str
    kind: RowKind
    group: Group
    shape: Shape
    severity: Severity
    pupils: tuple[PupilId, ...]
    name: str
    hidden_name: str
    beside: str
    why: str
    next_act: str
    due_words: str
    tone: Tone
    dots: tuple[bool, ...] = ()
    to_ring: bool = False
    to_tell: bool = False
    to_police: bool = False
    done: bool = False
    session: SchoolSession | None = None
    class_name: str = ""
    sort_key: tuple[object, ...] = field(default=(), compare=False)

    @property
    def tried(self) -> int:
        """How many of the contacts to ring were tried today."""
        return sum(self.dots)

    def spoken(self, *, hidden: bool = False) -> str:
        """The row as assistive tools say it."""
        who = self.hidden_name if hidden else ", ".join(part for part in (self.name, self.beside) if part)
        tried = f"{say_number(self.tried)} of {len(self.dots)} tried" if self.dots else ""
        state = "done" if self.done else self.group.value.lower()
        return ", ".join(part for part in (who, state, self.why, self.due_words, tried) if part)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A heading with its rows, worst first."""

    group: Group
    title: str
    rows: tuple[TodayRow, ...]

    @property
    def left(self) -> int:
        """How many rows are not yet dealt with."""
        return sum(not row.done for row in self.rows)


@dataclass(frozen=True, slots=True)
class TodayScreen:
    """Everything the list and the strip show. ``refresh_at`` is the next clock time, when the list is made afresh."""

    at: datetime
    title: str
    subtitle: str
    tiles: tuple[Tile, ...]
    balance: Balance
    groups: tuple[RowGroup, ...]
    refresh_at: datetime | None
    text_all_first: str = ""
    short_title: str = ""

    @property
    def rows(self) -> tuple[TodayRow, ...]:
        """Every row, in the order shown."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def to_do(self) -> int:
        """How many rows somebody must still act on."""
        return sum(group.left for group in self.groups if group.group is not Group.EXPLAINED)

    @property
    def all_accounted_for(self) -> bool:
        """Whether there are pupils, nothing is left to do for them, and none is unknown."""
        return self.balance.due and bool(self.balance.on_roll) and not self.to_do and not self.balance.unknown

    def find(self, key: str) -> TodayRow | None:
        """Find a row by its key."""
        return next((row for row in self.rows if row.key == key), None)


_SHAPES: Final = {
    Severity.NOW: Shape.NOW,
    Severity.TODAY: Shape.TODAY,
    Severity.THIS_WEEK: Shape.WEEK,
    Severity.INCOMPLETE: Shape.UNKNOWN,
}
_GROUPS: Final = {
    Severity.NOW: Group.NOW,
    Severity.TODAY: Group.BEFORE,
    Severity.THIS_WEEK: Group.WEEK,
    Severity.INCOMPLETE: Group.WEEK,
}


def shape_of(severity: Severity) -> Shape:
    """Say the shape that stands for a severity."""
    return _SHAPES.get(severity, Shape.WATCH)


def group_of(severity: Severity) -> Group:
    """Say under which heading a severity stands."""
    return _GROUPS[severity]
