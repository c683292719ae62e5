"""A life of the roll as frozen values: its list, and one child's file with what is known, due, done and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum

from cme_desktop.casework.history import HistoryEntry
from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import Roll
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.rule import Flag, Severity
from cme_desktop.storage.papers import Paper
from cme_desktop.storage.pupils import PupilDetails


class Life(StrEnum):
    """What may happen to a place on the roll, in the order of a school life."""

    STARTING = "starting"
    PART_TIME = "part_time"
    LEAVE = "leave"
    FIRST_DAY_BACK = "first_day_back"
    MISSING = "missing"
    LEAVING = "leaving"
    REMOVAL = "removal"
    REPORTS = "reports"
    INSPECTION = "inspection"


@dataclass(frozen=True, slots=True)
class LifeRow:
    """One line of a life's list. ``hidden_name`` stands for the name while names are hidden.

    ``when`` is said at the right, ``detail`` below the name; ``severity`` is None where nothing is to be done.
    ``is_quiet`` greys the name: a child who has died.
    """

    key: str
    pupil_id: PupilId | None
    name: str
    hidden_name: str
    beside: str
    detail: str
    when: str = ""
    severity: Severity | None = None
    overdue: bool = False
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known, or that somebody still has to find out."""

    label: str
    value: str
    is_missing: bool = False


class StepState(Enum):
    """Where a step of a life stands."""

    DONE = "done"
    DUE = "due"
    LATE = "late"
    LATER = "later"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a life: what, whether it is done, when it is due or was done, and which clause asks for it."""

    text: str
    state: StepState
    when: str = ""
    why: str = ""


class CheckState(Enum):
    """Whether a condition holds."""

    HOLDS = "holds"
    MISSING = "missing"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class Check:
    """One condition that has to hold: what it asks, whether it does, and by what or what is missing.

    ``key`` names it where opening it leads to something; empty elsewhere.
    """

    text: str
    state: CheckState
    words: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class LifeFile:
    """One child's file in a life. ``acts`` names what may be done now; ``warning`` stands above everything.

    ``papers_about`` is what a paper added here belongs to; empty where none can be added. ``hand`` is what the dialogs
    of the page open with, each life's own value.
    """

    row: LifeRow
    pupil: PupilDetails | None
    about: str
    chips: tuple[str, ...] = ()
    warning: str = ""
    flags: tuple[Flag, ...] = ()
    checks: tuple[Check, ...] = ()
    steps: tuple[Step, ...] = ()
    facts: tuple[Fact, ...] = ()
    papers: tuple[Paper, ...] = ()
    papers_about: str = ""
    history: tuple[HistoryEntry, ...] = ()
    acts: tuple[str, ...] = ()
    hand: object = None


@dataclass(frozen=True, slots=True)
class LifeDesk:
    """What a life is read from: the office, the roll, and the flags of each pupil at the roll's moment."""

    office: Office
    roll: Roll
    flags: Mapping[PupilId, tuple[Flag, ...]]

    @property
    def today(self) -> date:
        """The day judged."""
        return self.roll.judgement.on


@dataclass(frozen=True, slots=True)
class LifeBook:
    """The lists of every life, with the desk they were read from; ``notes`` is what is said above a list."""

    desk: LifeDesk
    rows: Mapping[Life, tuple[LifeRow, ...]] = field(default_factory=dict)
    notes: Mapping[Life, str] = field(default_factory=dict)

    def pressing(self, life: Life) -> int:
        """Count the lines of a life that press: now, or today."""
        return sum(1 for row in self.rows.get(life, ()) if row.severity in {Severity.NOW, Severity.TODAY})
