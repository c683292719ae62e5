"""The rules that a policy document makes: about pupils from its steps, about the school from its standing duties."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cme_desktop.domain.calendar import Deadline, SchoolCalendar, Term, add_calendar_months
from cme_desktop.policy.rule import Finding, Flag, ParameterUsed, Rule
from cme_desktop.policy.school_policy import Interval, SchoolPolicy, StandingDuty, Step, TriggerKind
from cme_desktop.policy.triggers import TRIGGERS, limb_of
from cme_desktop.policy.wording import say_day

if TYPE_CHECKING:
    from cme_desktop.policy.moment import Moment


def rules_of(policy: SchoolPolicy) -> tuple[Rule, ...]:
    """Make the policy's rules about pupils. Steps that share an id are the limbs of one rule, in their order."""
    by_id: dict[str, list[Step]] = {}
    for step in policy.steps:
        by_id.setdefault(step.id, []).append(step)
    return tuple(_rule(policy, rule_id, tuple(steps)) for rule_id, steps in by_id.items())


def _rule(policy: SchoolPolicy, rule_id: str, steps: tuple[Step, ...]) -> Rule:
    clauses = tuple(dict.fromkeys(clause for step in steps for clause in step.clauses))
    return Rule(
        id=rule_id,
        title=steps[0].title,
        authority=policy.kind.authority,
        references=policy.references(clauses),
        steps=steps,
        severity=steps[0].severity,
        settled_by=steps[0].settled_by,
        about=steps[0].about,
        limbs=tuple(limb_of(step) for step in steps),
        in_force_from=policy.in_force_from,
        policy_version=policy.version,
        needs_absence_or_event=all(TRIGGERS[step.trigger].needs_absence_or_event for step in steps),
        after_leaving=any(step.trigger not in _ON_ROLL_ONLY for step in steps),
    )


_ON_ROLL_ONLY = frozenset({
    TriggerKind.LADDER_DAY, TriggerKind.ABSENCE_DAY, TriggerKind.ABSENT_WITH_REASON, TriggerKind.FIRST_DAY_BACK,
    TriggerKind.ILLNESS_EXPECTED, TriggerKind.REVIEWS_WITHOUT_IMPROVEMENT, TriggerKind.LEAVE_REQUESTED,
    TriggerKind.AT_RISK_GROUP, TriggerKind.IN_GROUP, TriggerKind.UNEXPLAINED_TODAY, TriggerKind.ABSENCE_UNEXPLAINED,
    TriggerKind.ABSENT_WHEREABOUTS_UNKNOWN, TriggerKind.SPELLS_OF_ABSENCE, TriggerKind.PERSISTENTLY_ABSENT,
    TriggerKind.ATTENDANCE_FALLING, TriggerKind.RETURNED_AFTER_CASE, TriggerKind.PART_TIME, TriggerKind.LEAVE_OVERRUN,
})  # fmt: skip
"""What asks for attendance at this school. A step set off by anything else may still speak once the child has left."""


def citing(rule: Rule, policies: tuple[SchoolPolicy, ...]) -> Rule:
    """Give the rule with the clauses of the policies that leave their duty to it cited beside its own sources."""
    cited = [
        reference
        for policy in policies
        for named in policy.cited
        if named.beside == rule.id
        for reference in policy.references(named.clauses)
    ]
    return replace(rule, references=(*rule.references, *cited)) if cited else rule


def school_rules_of(policy: SchoolPolicy) -> tuple[StandingRule, ...]:
    """Make the policy's rules about the school."""
    return tuple(StandingRule(policy, duty) for duty in policy.standing)


@dataclass(frozen=True, slots=True)
class StandingRule:
    """A standing duty as a rule about the school: raised from the day it is due until it is recorded as done."""

    policy: SchoolPolicy
    standing: StandingDuty

    @property
    def id(self) -> str:
        """The rule's id, ``<policy>.<slug>``."""
        return self.standing.id

    @property
    def title(self) -> str:
        """The rule in a few words."""
        return self.standing.title

    def is_in_force(self, on: date) -> bool:
        """Whether the rule holds on the day."""
        return self.policy.in_force_from <= on

    def next_due(self, moment: Moment) -> date | None:
        """The day on which the duty falls due next, or fell due and was not done; None where it has none."""
        return _due_on(self.standing.interval, _last_done(moment, self.id), moment)

    def judge_school(self, moment: Moment) -> Flag | None:
        """Raise the duty's flag where it is due; its ``pupil_id`` is None."""
        last, due = _last_done(moment, self.id), self.next_due(moment)
        if due is None or due > moment.on:
            return None
        said = f"last done on {say_day(last)}" if last is not None else "never recorded as done"
        deadline = Deadline(due)
        return Flag(
            rule_id=self.id,
            title=self.title,
            authority=self.policy.kind.authority,
            severity=self.standing.severity,
            pupil_id=None,
            finding=Finding(
                f"{self.title}: {said}; due on {say_day(due)}.",
                parameters=(ParameterUsed(f"{self.id}.interval", 1, self.standing.interval.in_words, "policy"),),
                since=due,
            ),
            duty=self.standing.duty,
            references=self.policy.references(self.standing.clauses),
            due=deadline,
            overdue=deadline.is_overdue(moment.at),
            settled_by=self.standing.settled_by,
            raised_on=moment.on,
            policy_version=self.policy.version,
        )


def _last_done(moment: Moment, rule_id: str) -> date | None:
    days = [day for name, day in moment.judgement.school.last_done if name == rule_id and day <= moment.on]
    return max(days, default=None)


def _due_on(interval: Interval, last: date | None, moment: Moment) -> date | None:
    """The day the duty falls due: the first pupil day where it was never done, and never where it is asked for."""
    calendar = moment.calendar
    if interval is Interval.ON_REQUEST:
        return None
    if last is None:
        return _first_pupil_day(moment)
    if interval in _DAYS:
        return _school_day_from(calendar, last + timedelta(days=_DAYS[interval]))
    if interval in _MONTHS:
        return _school_day_from(calendar, add_calendar_months(last, count=_MONTHS[interval]))
    return _end_of_next(last, calendar, halves=1 if interval is Interval.HALF_TERMLY else 2)


_DAYS = {Interval.WEEKLY: 7, Interval.FORTNIGHTLY: 14}
_MONTHS = {Interval.MONTHLY: 1, Interval.YEARLY: 12}


def _first_pupil_day(moment: Moment) -> date | None:
    begins = moment.judgement.school.records_begin or date.min
    index = bisect_left(moment.calendar.school_days, begins)
    return moment.calendar.school_days[index] if index < len(moment.calendar.school_days) else None


def _school_day_from(calendar: SchoolCalendar, day: date) -> date:
    """The day, or the next school day; the day itself where the calendar does not reach so far."""
    index = bisect_left(calendar.school_days, day)
    return calendar.school_days[index] if index < len(calendar.school_days) else day


def _end_of_next(last: date, calendar: SchoolCalendar, *, halves: int) -> date | None:
    """The last school day of the first half term (or pair of them, a term) that begins after the day it was done."""
    terms = [term for year in calendar.years for term in year.terms]
    ends = [terms[min(index + halves, len(terms)) - 1] for index in range(0, len(terms), halves)]
    later = (end for start, end in zip(terms[::halves], ends, strict=True) if start.first_day > last)
    return next((day for term in later if (day := _last_school_day(term, calendar)) is not None), None)


def _last_school_day(term: Term, calendar: SchoolCalendar) -> date | None:
    days = calendar.school_days_between(term.first_day, term.last_day)
    return days[-1] if days else None
