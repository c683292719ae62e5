"""The words of the rulebook: rules, references, findings, duties and flags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, IntEnum, StrEnum

from cme_desktop.domain.attendance import SchoolSession
from cme_desktop.domain.calendar import DayKind, Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.domain.identifiers import PupilId


class Severity(IntEnum):
    """How soon somebody must act; the smaller, the sooner. ``INCOMPLETE`` means a fact is missing."""

    NOW = 0
    TODAY = 1
    THIS_WEEK = 2
    INCOMPLETE = 3
    WATCH = 4

    @property
    def word(self) -> str:
        """The word that situation files and JSON use."""
        return self.name.lower()


class Authority(Enum):
    """Who speaks through a rule; the earlier ranks above the later."""

    LAW = "law"
    GUIDANCE = "guidance"
    LOCAL_AUTHORITY = "local authority"
    SCHOOL = "school"


class Act(StrEnum):
    """What a duty asks somebody to do. Duties of the same act to the same recipient are joined into one task."""

    TAKE_REGISTER = "take_register"
    CONTACT_FAMILY = "contact_family"
    VISIT_HOME = "visit_home"
    TELL = "tell"
    SEND_RETURN = "send_return"
    SEND_FORM = "send_form"
    REFER = "refer"
    ASK_OTHER_SCHOOL = "ask_other_school"
    ESTABLISH_REASON = "establish_reason"
    SEE_THE_CHILD = "see_the_child"
    BEGIN_JOINT_ENQUIRIES = "begin_joint_enquiries"
    DECIDE = "decide"
    SUPPORT = "support"
    GET_CONTACTS = "get_contacts"
    SUPPLY_FACT = "supply_fact"
    REVIEW = "review"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a rule stands: the policy's paragraph or the law's provision, and an https address for the law."""

    policy_id: str
    clause: str
    title: str
    url: str = ""

    def __str__(self) -> str:
        return f"{self.title}, {self.clause}" if self.clause else self.title


@dataclass(frozen=True, slots=True)
class ParameterUsed:
    """A number a finding rests on: its name, value and unit, whose it is, and since when it holds."""

    name: str
    value: int
    unit: DayKind | str
    source: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a rule applied, with its evidence; the one text that screen, case history and PDF reuse.

    ``sentence`` never holds a name. ``counted`` are the sessions counted, ``skipped`` the days left out with the
    reason, ``progress`` a count in words such as "19 of 20 sessions", ``ask`` the unknown sessions to find out.
    """

    sentence: str
    counted: tuple[SchoolSession, ...] = ()
    skipped: tuple[tuple[date, str], ...] = ()
    progress: str = ""
    parameters: tuple[ParameterUsed, ...] = ()
    ask: tuple[SchoolSession, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """What is to be done, by whom, who is told. ``recipient`` is the word duties are joined by."""

    act: Act
    what: str
    by: Role
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that is true of a pupil (or the school) at a moment, with everything that explains it."""

    rule_id: str
    title: str
    authority: Authority
    severity: Severity
    pupil_id: PupilId | None
    finding: Finding
    duty: Duty
    references: tuple[Reference, ...]
    due: Deadline | None
    overdue: bool
    settled_by: str
    raised_on: date
    policy_version: int = 1

    @property
    def policy_id(self) -> str:
        """The policy whose rule it is: the id up to the dot."""
        return self.rule_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Task:
    """One step on the checklist: duties that ask the same act of the same person, under the earliest deadline.

    ``references`` cites every clause that asks for it.
    """

    duty: Duty
    pupil_id: PupilId | None
    severity: Severity
    due: Deadline | None
    overdue: bool
    flags: tuple[Flag, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every clause that asks for the act, each once, in the flags' order."""
        return tuple(dict.fromkeys(reference for flag in self.flags for reference in flag.references))
