"""The words of the rulebook: rules, references, findings, duties and flags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum, IntEnum, StrEnum
from typing import TYPE_CHECKING, Protocol

from cme_desktop.domain.attendance import SchoolSession
from cme_desktop.domain.calendar import DayKind, Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.domain.identifiers import PupilId

if TYPE_CHECKING:
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.moment import Moment
    from cme_desktop.policy.parameters import Numbers
    from cme_desktop.policy.school_policy import Step


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
    SEND_FILE = "send_file"
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
    policy_version: int

    @property
    def policy_id(self) -> str:
        """The policy whose rule it is: the id up to the dot."""
        return self.rule_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Task:
    """One step on the checklist: duties that ask the same act of the same person, under the earliest deadline.

    ``flags`` begins with the one whose duty and deadline it shows; ``references`` cites every clause that asks for it.
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


@dataclass(frozen=True, slots=True)
class Raised:
    """What a predicate answers when its limb is true: the finding, the duty, and when it is due.

    ``severity`` is None where the rule's own severity stands.
    """

    finding: Finding
    duty: Duty
    due: Deadline | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule about a pupil, with its source, the dates it is in force, and a predicate for each of its limbs.

    ``about`` explains the rule to a reader who does not know it; ``settled_by`` says what ends its flag. The limbs are
    tried in order and the first that is true raises the flag: put the one that asks for more first. A rule that
    ``needs_absence_or_event`` is never true of a pupil who is not absent and of whom nothing is recorded: on most
    mornings that is nearly everybody, and the rule is then not tried at all. Once a pupil is off roll only the rules
    that hold ``after_leaving`` are tried: nobody is absent from a school whose pupil they no longer are. Of a child
    who has died only what holds ``after_death`` is tried. A rule with a ``switch`` names the
    parameter that turns it on.
    """

    id: str
    title: str
    authority: Authority
    references: tuple[Reference, ...]
    severity: Severity
    settled_by: str
    about: str
    limbs: tuple[Callable[[Facts, Numbers], Raised | None], ...]
    in_force_from: date
    in_force_to: date | None = None
    steps: tuple[Step, ...] = ()
    """The steps of the policy's document that the limbs were made from, in the same order; none for the law's rules."""
    policy_version: int = 1
    needs_absence_or_event: bool = False
    after_leaving: bool = False
    after_death: bool = False
    switch: str = ""

    def is_in_force(self, on: date) -> bool:
        """Whether the rule holds on the day."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)

    def judge(self, facts: Facts, numbers: Numbers) -> Flag | None:
        """Raise the rule's flag where one of its limbs is true of the pupil, and the rule is not switched off."""
        if self.switch and not numbers[self.switch]:
            return None
        for limb in self.limbs:
            raised = limb(facts, numbers)
            if raised is not None:
                return self._flag(raised, facts)
        return None

    def _flag(self, raised: Raised, facts: Facts) -> Flag:
        return Flag(
            rule_id=self.id,
            title=self.title,
            authority=self.authority,
            severity=self.severity if raised.severity is None else raised.severity,
            pupil_id=facts.pupil.id,
            finding=raised.finding,
            duty=raised.duty,
            references=self.references,
            due=raised.due,
            overdue=raised.due is not None and raised.due.is_overdue(facts.moment.at),
            settled_by=self.settled_by,
            raised_on=facts.on,
            policy_version=self.policy_version,
        )


class PupilRule(Protocol):
    """What the rulebook asks of a rule about a pupil; ``Rule`` is one, a step of a school's policy another."""

    @property
    def id(self) -> str:
        """The rule's id, ``<policy>.<slug>``."""

    @property
    def title(self) -> str:
        """The rule in a few words."""

    @property
    def needs_absence_or_event(self) -> bool:
        """Whether it is never true of a pupil who is not absent and of whom nothing is recorded."""

    @property
    def after_leaving(self) -> bool:
        """Whether it may be true of a pupil who is no longer on roll."""

    @property
    def after_death(self) -> bool:
        """Whether it may be true of a child who has died: what the law still wants of the school's own books."""

    def is_in_force(self, on: date) -> bool:
        """Whether the rule holds on the day."""

    def judge(self, facts: Facts, numbers: Numbers) -> Flag | None:
        """Raise the rule's flag where it is true of the pupil."""


class SchoolRule(Protocol):
    """What the rulebook asks of a standing duty of the school: an interval, not a pupil."""

    @property
    def id(self) -> str:
        """The rule's id, ``<policy>.<slug>``."""

    @property
    def title(self) -> str:
        """The rule in a few words."""

    def is_in_force(self, on: date) -> bool:
        """Whether the rule holds on the day."""

    def judge_school(self, moment: Moment) -> Flag | None:
        """Raise the duty's flag where it is due; its ``pupil_id`` is None."""
