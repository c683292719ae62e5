"""Why a pupil is not flagged, rule by rule: raised, settled by a record, or not so, with the reason where it is known.

A reason is given only where it alone keeps the rule quiet. Of a rule without such a reason it is said what would raise
it, and that it is not so today; or, of a long history, that a record of long ago may have settled it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.attendance import Half
from cme_desktop.policy import runs
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rule import Rule
from cme_desktop.policy.school_policy import TriggerKind
from cme_desktop.policy.why_not_law import WHY_NOT_LAW
from cme_desktop.policy.why_not_steps import say_what_would_raise, why_not_steps
from cme_desktop.policy.why_not_words import WhyNot, say_event, say_mark, say_near_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cme_desktop.domain.events import Event
    from cme_desktop.policy.parameters import Numbers
    from cme_desktop.policy.record import Judgement, PupilRecord
    from cme_desktop.policy.rule import Flag, PupilRule, Reference
    from cme_desktop.policy.rulebook import Rulebook

_EVENTS_WEIGHED: Final = 60
_SESSIONS_BACK: Final = 20
_AN_INSTANT: Final = timedelta.resolution
_RUNS: Final = frozenset({"england.attendance-return", "england.not-seen", "england.sickness-approaching"})
"""Rules that attendance ends, beside those that need an absence; shares and windows of weeks end by themselves."""


class Standing(Enum):
    """How a rule stands for a pupil."""

    RAISED = "raised"
    SETTLED = "settled"
    NOT_SO = "not so"


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """One rule's answer; ``words`` never hold a name. ``flag`` is what it raised."""

    rule_id: str
    title: str
    standing: Standing
    words: str
    references: tuple[Reference, ...] = ()
    flag: Flag | None = None


def why_not(record: PupilRecord, judgement: Judgement, rulebook: Rulebook) -> tuple[RuleAnswer, ...]:
    """Answer for every rule about a pupil that is in force, in the rulebook's order."""
    raised = {flag.rule_id: flag for flag in review_pupil(record, judgement, rulebook)}
    asked = _Asked(record, judgement, rulebook.parameters.on(judgement.on))
    return tuple(_answer(rule, raised, asked) for rule in rulebook.rules if rule.is_in_force(judgement.on))


def _answer(rule: PupilRule, raised: Mapping[str, Flag], asked: _Asked) -> RuleAnswer:
    references = rule.references if isinstance(rule, Rule) else ()
    flag = raised.get(rule.id)
    if flag is not None:
        return RuleAnswer(rule.id, rule.title, Standing.RAISED, flag.finding.sentence, references, flag)
    settled = asked.settled_by(rule)
    if settled:
        return RuleAnswer(rule.id, rule.title, Standing.SETTLED, settled, references)
    return RuleAnswer(rule.id, rule.title, Standing.NOT_SO, asked.say_why_not(rule), references)


class _Asked:
    """One pupil at one moment, and the same pupil with less recorded.

    Sessions that nobody marked are taken as missed: what is quiet then is quiet anyhow, since a rule raised in one of
    the two ways is raised.
    """

    def __init__(self, record: PupilRecord, judgement: Judgement, numbers: Numbers) -> None:
        self._numbers = numbers
        self._has_unknown = runs.UNKNOWN in record.line
        self._moment = Moment(judgement)
        self._facts = self._facts_of(record)
        first = max(0, len(record.events) - _EVENTS_WEIGHED)
        self._has_older = first > 0
        self._with_less: tuple[tuple[Event, Facts], ...] = tuple(
            (record.events[count], self._facts_of(replace(record, events=record.events[:count])))
            for count in range(len(record.events) - 1, first - 1, -1)
        )
        # Who has left attends no more: nothing ended by coming back.
        self._before_attending = None if self._facts.is_no_longer_awaited else _before_attending(record, judgement)

    def _facts_of(self, record: PupilRecord) -> Facts:
        return Facts(record, self._moment, assume=runs.ASSUMED_ABSENT)

    def settled_by(self, rule: PupilRule) -> str:
        """Say which record settles the rule: without it, and without what came after it, the rule would be raised."""
        if self._facts.has_died or (self._facts.is_off_roll and not rule.after_leaving):
            return ""
        for event, less in self._with_less:
            if rule.judge(less, self._numbers) is not None:
                return f"Settled by {say_event(event, on=self._facts.on)}."
        before = self._before_attending
        if before is not None and _ends_by_attending(rule) and rule.judge(before, self._numbers) is not None:
            return f"Ended when the pupil attended: {self._say_first_attended()}."
        return ""

    def _say_first_attended(self) -> str:
        index = len(self._facts.line.rstrip(runs.ATTENDED))
        symbol, session = self._facts.line[index], self._moment.session(index)
        half = "morning" if session.half is Half.AM else "afternoon"
        return f"{say_mark(symbol)} on {say_near_day(session.on, on=self._facts.on)}, {half}"

    def say_why_not(self, rule: PupilRule) -> str:
        """Say why the rule is not so; where no reason is certain, what would raise it."""
        if isinstance(rule, Rule) and rule.switch and not self._numbers[rule.switch]:
            return "Switched off: the section of the Act behind it has not commenced."
        if self._facts.has_died and not rule.after_death:
            return "The child has died: nothing is asked."
        if self._facts.is_off_roll and not rule.after_leaving:
            begun = "Never came" if self._facts.pupil.was_never_entered else "No longer"
            return f"{begun} on the roll: this is asked of pupils on it."
        known = WhyNot(self._facts, self._numbers, at_most=self._has_unknown)
        reason = self._reason(rule, known)
        if not reason:
            settled = f", or a record older than the last {_EVENTS_WEIGHED} settled it" if self._has_older else ""
            return f"{_say_what_raises(rule)} That is not so today{settled}."
        return f"{reason[0].upper()}{reason[1:]}."

    @staticmethod
    def _reason(rule: PupilRule, known: WhyNot) -> str:
        if rule.id in WHY_NOT_LAW:
            return WHY_NOT_LAW[rule.id](known)
        if not isinstance(rule, Rule) or not rule.steps:
            return ""
        return why_not_steps(known, rule.steps)


def _ends_by_attending(rule: PupilRule) -> bool:
    steps = rule.steps if isinstance(rule, Rule) else ()
    if any(step.trigger is TriggerKind.REVIEWS_WITHOUT_IMPROVEMENT for step in steps):
        return False
    return rule.needs_absence_or_event or rule.id in _RUNS


def _say_what_raises(rule: PupilRule) -> str:
    if isinstance(rule, Rule) and rule.steps:
        return say_what_would_raise(rule.steps)
    return str(getattr(rule, "about", rule.title)).rstrip(".") + "."


def _before_attending(record: PupilRecord, judgement: Judgement) -> Facts | None:
    """The facts at the end of the absence that the latest attendance ended; None where none ended lately."""
    line = runs.filled(record.line, runs.ASSUMED_ABSENT)
    back = len(line.rstrip(runs.ATTENDED))
    if not 0 < back < len(line) or len(line) - back > _SESSIONS_BACK or line[back - 1] not in runs.ABSENT:
        return None
    session, last = judgement.calendar.sessions[back], judgement.calendar.sessions[back - 1]
    at = datetime.combine(last.on, time.max)
    if last.on == session.on:
        at = datetime.combine(last.on, judgement.afternoon) - _AN_INSTANT
    earlier = replace(judgement, at=at)
    events = tuple(event for event in record.events if event.moment <= at)
    return Facts(replace(record, line=record.line[:back], events=events), Moment(earlier), assume=runs.ASSUMED_ABSENT)
