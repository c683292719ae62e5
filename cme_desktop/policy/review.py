"""Judge pupils by the rulebook, and join the duties that come of it into tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING

from cme_desktop.domain.attendance import Half
from cme_desktop.policy import runs
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.rule import Flag, Severity, Task
from cme_desktop.policy.wording import say_count, say_day, say_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cme_desktop.domain.attendance import SchoolSession
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.policy.parameters import Numbers
    from cme_desktop.policy.record import Judgement, PupilRecord
    from cme_desktop.policy.rule import PupilRule
    from cme_desktop.policy.rulebook import Rulebook

_NEVER = (date.max, time.max)
_HALF_IN_WORDS = {Half.AM: "morning", Half.PM: "afternoon"}
_DAYS_NAMED = 3


def review_pupil(record: PupilRecord, judgement: Judgement, rulebook: Rulebook) -> tuple[Flag, ...]:
    """Judge one pupil: a flag for each rule that is true, in the rulebook's order."""
    return review((record,), judgement, rulebook)


def review(records: Iterable[PupilRecord], judgement: Judgement, rulebook: Rulebook) -> tuple[Flag, ...]:
    """Judge every pupil: a flag for each rule that is true, pupil by pupil.

    A day before the earliest law that the rulebook holds raises ``CmeError``.
    """
    numbers = rulebook.parameters.on(judgement.on)
    moment = Moment(judgement)
    rules = tuple(rule for rule in rulebook.rules if rule.is_in_force(judgement.on))
    of_quiet_pupils = tuple(rule for rule in rules if not rule.needs_absence_or_event)
    of_leavers = tuple(rule for rule in rules if rule.after_leaving)
    of_the_dead = tuple(rule for rule in rules if rule.after_death)
    found: list[Flag] = []
    for record in records:
        facts = Facts(record, moment)
        if facts.died_on is not None:
            found += _judge(facts, of_the_dead, numbers)
        elif facts.is_off_roll:
            found += _judge(facts, of_leavers, numbers)
        elif runs.UNKNOWN in record.line:
            found += _judge_both_ways(facts, rules, numbers)
        elif record.events or facts.absence is not None:
            found += _judge(facts, rules, numbers)
        else:
            found += _judge(facts, of_quiet_pupils, numbers)
    return tuple(found)


def review_school(judgement: Judgement, rulebook: Rulebook) -> tuple[Flag, ...]:
    """Judge the school's standing duties: a flag, of no pupil, for each that is due."""
    moment = Moment(judgement)
    raised = (rule.judge_school(moment) for rule in rulebook.school_rules if rule.is_in_force(judgement.on))
    return tuple(flag for flag in raised if flag is not None)


def judge_facts(facts: Facts, rules: tuple[PupilRule, ...], numbers: Numbers) -> list[Flag]:
    """Judge one pupil's facts by these rules as ``review`` does: both ways, or only by what outlasts the leaving."""
    if facts.died_on is not None:
        return _judge(facts, tuple(rule for rule in rules if rule.after_death), numbers)
    if facts.is_off_roll:
        return _judge(facts, tuple(rule for rule in rules if rule.after_leaving), numbers)
    if runs.UNKNOWN in facts.record.line:
        return _judge_both_ways(facts, rules, numbers)
    return _judge(facts, rules, numbers)


def _judge(facts: Facts, rules: tuple[PupilRule, ...], numbers: Numbers) -> list[Flag]:
    return [flag for rule in rules if (flag := rule.judge(facts, numbers)) is not None]


# -- unknown sessions --------------------------------------------------------------------------------------------


def _judge_both_ways(facts: Facts, rules: tuple[PupilRule, ...], numbers: Numbers) -> list[Flag]:
    absent = Facts(facts.record, facts.moment, assume=runs.ASSUMED_ABSENT)
    both = ((rule.judge(facts, numbers), rule.judge(absent, numbers)) for rule in rules)
    unknown = facts.moment.sessions(facts.unknown_sessions)
    joined = (_join(as_attended, as_absent, unknown) for as_attended, as_absent in both)
    return [flag for flag in joined if flag is not None]


def _join(as_attended: Flag | None, as_absent: Flag | None, unknown: tuple[SchoolSession, ...]) -> Flag | None:
    """Join what is raised with the unknown sessions attended, and with them absent.

    Both ways: the milder, naming the sessions where it makes a difference. One way only: incomplete.
    """
    if as_attended is None and as_absent is None:
        return None
    if as_attended is None or as_absent is None:
        flag = as_absent or as_attended
        assert flag is not None
        supposed = "missed" if as_absent is not None else "attended"
        return _naming(_supposing(flag, supposed), unknown, severity=Severity.INCOMPLETE)
    if as_attended.finding == as_absent.finding and as_attended.due == as_absent.due:
        return as_attended
    milder = max(as_attended, as_absent, key=_mildness)
    return _naming(milder, unknown, severity=milder.severity, counted_by=as_absent)


def _mildness(flag: Flag) -> tuple[Severity, tuple[date, time]]:
    return flag.severity, flag.due.sort_key if flag.due else _NEVER


def _naming(
    flag: Flag, unknown: tuple[SchoolSession, ...], *, severity: Severity, counted_by: Flag | None = None
) -> Flag:
    counted = set((counted_by or flag).finding.counted)
    ask = tuple(session for session in unknown if session in counted) or _since(flag, unknown)
    sentence = f"{flag.finding.sentence} {_say_unmarked(ask, is_sure=severity is not Severity.INCOMPLETE)}"
    return replace(flag, severity=severity, finding=replace(flag.finding, ask=ask, sentence=sentence))


def _say_unmarked(ask: tuple[SchoolSession, ...], *, is_sure: bool) -> str:
    """Say what turns on sessions nobody marked, and name the first of them."""
    halves: dict[date, list[Half]] = {}
    for session in ask:
        halves.setdefault(session.on, []).append(session.half)
    named = [_say_halves(day, which) for day, which in halves.items()]
    if len(named) > _DAYS_NAMED:
        named[_DAYS_NAMED:] = [say_count(len(named) - _DAYS_NAMED, "more day")]
    unmarked = f"{say_count(len(ask), 'session')} that nobody marked"
    return (
        f"{unmarked} may add to this: {say_list(named)}." if is_sure else f"It turns on {unmarked}: {say_list(named)}."
    )


def _supposing(flag: Flag, supposed: str) -> Flag:
    """Say what its finding supposes: what nobody marked must never be told as a count of what happened."""
    sentence = f"If the sessions without a mark were {supposed}: {flag.finding.sentence}"
    return replace(flag, finding=replace(flag.finding, sentence=sentence))


def _since(flag: Flag, unknown: tuple[SchoolSession, ...]) -> tuple[SchoolSession, ...]:
    since = flag.finding.since
    return tuple(session for session in unknown if since is None or session.on >= since) or unknown


def _say_halves(day: date, halves: list[Half]) -> str:
    return say_day(day) if len(halves) > 1 else f"{say_day(day)} ({_HALF_IN_WORDS[halves[0]]})"


# -- tasks -----------------------------------------------------------------------------------------------------


def join_duties(flags: Iterable[Flag]) -> tuple[Task, ...]:
    """Join the duties of the same act, by the same person, to the same recipient, about the same pupil.

    The earliest deadline wins and every clause is cited. Tasks come most urgent first.
    """
    groups: dict[tuple[PupilId | None, str, str, str], list[Flag]] = {}
    for flag in flags:
        key = (flag.pupil_id, flag.duty.act.value, flag.duty.by.value, flag.duty.recipient)
        groups.setdefault(key, []).append(flag)
    return tuple(sorted((_task(group) for group in groups.values()), key=_urgency))


def _task(flags: list[Flag]) -> Task:
    first = min(flags, key=_due_key)
    return Task(
        duty=first.duty,
        pupil_id=first.pupil_id,
        severity=min(flag.severity for flag in flags),
        due=first.due,
        overdue=any(flag.overdue for flag in flags),
        flags=tuple(sorted(flags, key=_due_key)),
    )


def _due_key(flag: Flag) -> tuple[date, time]:
    return flag.due.sort_key if flag.due else _NEVER


def _urgency(task: Task) -> tuple[Severity, tuple[date, time]]:
    return task.severity, task.due.sort_key if task.due else _NEVER
