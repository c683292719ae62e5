"""A school's or authority's policy as values: its clauses, its steps and its standing duties.

Nothing here knows a school. A policy is a document (``policy.school_policy_text`` reads it); its steps use the
triggers of ``policy.triggers``, so that a school can change a number, a step or a word without a programmer.
``policy.policy_rules`` makes the rules of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from cme_desktop.domain.events import EventKind, Form, Recipient
from cme_desktop.policy.parameters import Parameter, Parameters, ParameterValue
from cme_desktop.policy.record import SchoolType
from cme_desktop.policy.rule import Authority, Duty, Reference, Severity


class PolicyKind(StrEnum):
    """Whose policy it is."""

    SCHOOL = "school"
    AUTHORITY = "authority"

    @property
    def authority(self) -> Authority:
        """Who speaks through its rules."""
        return Authority.SCHOOL if self is PolicyKind.SCHOOL else Authority.LOCAL_AUTHORITY


class Treatment(StrEnum):
    """What the program does about a clause."""

    RULE = "rule"
    STANDING_DUTY = "standing_duty"
    CHECKLIST = "checklist"
    SETTING = "setting"
    DOCUMENT = "document"
    INFORMATION = "information"
    SUPERSEDED = "superseded"

    @property
    def in_words(self) -> str:
        """The treatment as a reader of the rulebook sees it."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the policy, in the program's own words.

    ``says`` is what it asks, ``program`` what the program does, ``because`` why where it is superseded.
    """

    id: str
    title: str
    says: str
    treatment: Treatment
    program: str
    rules: tuple[str, ...] = ()
    because: str = ""


class TriggerKind(StrEnum):
    """The fixed vocabulary of what may set a step off."""

    LADDER_DAY = "ladder_day"
    ABSENCE_DAY = "absence_day"
    ABSENT_WITH_REASON = "absent_with_reason"
    FIRST_DAY_BACK = "first_day_back"
    ILLNESS_EXPECTED = "illness_expected"
    REVIEWS_WITHOUT_IMPROVEMENT = "reviews_without_improvement"
    AUTHORITY_TOLD_BEFORE = "authority_told_before"
    WHEREABOUTS_UNKNOWN = "whereabouts_unknown"
    ENQUIRIES_TRIED = "enquiries_tried"
    ENQUIRIES_FAILED = "enquiries_failed"
    LEAVE_REQUESTED = "leave_requested"
    MISSING_EPISODES = "missing_episodes"
    MISSING_UNTRACED = "missing_untraced"
    CHILD_FOUND = "child_found"
    AT_RISK_GROUP = "at_risk_group"
    IN_GROUP = "in_group"
    UNEXPLAINED_TODAY = "unexplained_today"
    ABSENCE_UNEXPLAINED = "absence_unexplained"
    ABSENT_WHEREABOUTS_UNKNOWN = "absent_whereabouts_unknown"
    SPELLS_OF_ABSENCE = "spells_of_absence"
    PERSISTENTLY_ABSENT = "persistently_absent"
    ATTENDANCE_FALLING = "attendance_falling"
    RETURNED_AFTER_CASE = "returned_after_case"
    IN_YEAR_JOINER = "in_year_joiner"
    NAME_TO_BE_REMOVED = "name_to_be_removed"
    IN_YEAR_LEAVER = "in_year_leaver"
    HOME_EDUCATION_LETTER = "home_education_letter"
    HOME_EDUCATION_UNANSWERED = "home_education_unanswered"
    LEAVING_UNNAMED = "leaving_unnamed"
    LEAVING_ABROAD = "leaving_abroad"
    PLACE_UNDER_ORDER = "place_under_order"
    MEETING_NOT_ARRANGED = "meeting_not_arranged"
    MEETING_MISSED = "meeting_missed"
    START_NOT_KEPT = "start_not_kept"
    LEAVE_ADMITTED = "leave_admitted"
    LEAVE_OVERRUN = "leave_overrun"
    PART_TIME = "part_time"


class DueKind(StrEnum):
    """How a step's deadline is reckoned."""

    SAME_DAY = "same_day"
    DAY_JUDGED = "day_judged"
    THIS_WEEK = "this_week"
    BEFORE_LEAVE = "before_leave"
    HOURS = "hours"
    LAST_DAY = "last_day"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Settlement:
    """The records that end a step: each part named must be there.

    ``told`` all of them, ``told_one_of`` any one; ``referral`` a referral or word to the authority's team; ``form`` the
    form, or such a referral; ``events`` one of each kind, ``events_one_of`` any one. ``decision``, a decision about
    the rule, and ``or_referral`` also settle where the other parts are not there.
    """

    told: tuple[Recipient, ...] = ()
    told_one_of: tuple[Recipient, ...] = ()
    referral: bool = False
    form: Form | None = None
    events: tuple[EventKind, ...] = ()
    events_one_of: tuple[EventKind, ...] = ()
    decision: bool = False
    or_referral: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One rule of a policy as its document states it. ``numbers`` are the trigger's own, by name.

    ``who`` and ``not_who`` name circumstances, or the groups of ``policy.triggers.GROUPS``; ``school_types`` the
    kinds of school that it concerns, all where none is named.
    """

    id: str
    title: str
    about: str
    clauses: tuple[str, ...]
    severity: Severity
    trigger: TriggerKind
    because: str
    duty: Duty
    due: DueKind
    settled_by: str
    settled: Settlement = Settlement()
    numbers: Mapping[str, int] = field(default_factory=dict)
    who: tuple[str, ...] = ()
    not_who: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    codes_left_out: bytes = b""
    contact_made: bool = False
    hours: int = 0
    school_types: tuple[SchoolType, ...] = ()
    asks: tuple[str, ...] = ()


class Interval(StrEnum):
    """How often a standing duty of the school falls due."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    HALF_TERMLY = "half_termly"
    TERMLY = "termly"
    YEARLY = "yearly"
    ON_REQUEST = "on_request"

    @property
    def in_words(self) -> str:
        """The interval as people say it."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class StandingDuty:
    """A duty of the school that comes round: no pupil, an interval."""

    id: str
    title: str
    about: str
    clauses: tuple[str, ...]
    severity: Severity
    interval: Interval
    duty: Duty
    settled_by: str


@dataclass(frozen=True, slots=True)
class CitedRule:
    """A rule that another one carries out: it is never raised, and its clauses are cited wherever ``beside`` is."""

    id: str
    title: str
    about: str
    clauses: tuple[str, ...]
    beside: str


@dataclass(frozen=True, slots=True)
class StricterNumber:
    """A number of the law that the policy makes stricter: the parameter's name, and the school's value."""

    parameter: str
    value: int
    clause: str


@dataclass(frozen=True)
class SchoolPolicy:
    """A policy document as values. ``version`` is remembered by every flag it raises.

    ``adopts`` names the policies that come with it and hold beside it, under their own rule ids.
    """

    id: str
    title: str
    kind: PolicyKind
    document: str
    in_force_from: date
    version: int = 1
    about: str = ""
    clauses: tuple[Clause, ...] = ()
    steps: tuple[Step, ...] = ()
    standing: tuple[StandingDuty, ...] = ()
    stricter: tuple[StricterNumber, ...] = ()
    cited: tuple[CitedRule, ...] = ()
    adopts: tuple[str, ...] = ()

    def clause(self, clause_id: str) -> Clause:
        """The clause with this id; the reader has seen to it that there is one."""
        return next(clause for clause in self.clauses if clause.id == clause_id)

    def references(self, clause_ids: tuple[str, ...]) -> tuple[Reference, ...]:
        """Cite clauses of this policy."""
        return tuple(Reference(self.id, self.clause(clause_id).title, self.title) for clause_id in clause_ids)

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """Every rule and standing duty of the policy, once, in its document's order; those only cited come last."""
        ids = [step.id for step in self.steps] + [duty.id for duty in self.standing]
        return tuple(dict.fromkeys(ids + [rule.id for rule in self.cited]))

    @property
    def never_raised(self) -> tuple[str, ...]:
        """The rules that no flag is ever raised for: those only cited, and duties that somebody has to ask for."""
        on_request = [duty.id for duty in self.standing if duty.interval is Interval.ON_REQUEST]
        return (*on_request, *(rule.id for rule in self.cited))


def tighten(parameters: Parameters, policies: tuple[SchoolPolicy, ...]) -> Parameters:
    """Put each policy's stricter numbers in place of the law's, the strictest where several policies ask.

    Raise ``RefusedError`` for a number that is looser than the law.
    """
    by_name = dict(parameters.by_name)
    for policy in policies:
        for number in policy.stricter:
            law, so_far = parameters.by_name[number.parameter], by_name[number.parameter]
            for dated in law.values:
                law.refuse_looser(number.value, on=dated.from_day)
            if so_far is law or so_far.is_looser(so_far.values[-1].value, than=number.value):
                by_name[number.parameter] = _tightened(law, number.value, policy)
    return Parameters(by_name)


def _tightened(parameter: Parameter, value: int, policy: SchoolPolicy) -> Parameter:
    values = tuple(ParameterValue(value, dated.from_day, dated.until_day) for dated in parameter.values)
    return replace(parameter, values=values, source=policy.kind.authority)
