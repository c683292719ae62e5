"""What comes next: the rules that would be raised if the absence of today went on and nothing else happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.attendance import OUTSIDE_SYMBOL, SchoolSession
from cme_desktop.policy import runs
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rule import Severity

if TYPE_CHECKING:
    from cme_desktop.domain.calendar import SchoolCalendar
    from cme_desktop.policy.record import Judgement, PupilRecord
    from cme_desktop.policy.rule import Flag, PupilRule
    from cme_desktop.policy.rulebook import Rulebook

SCHOOL_DAYS_AHEAD: Final = 15
_PROVISIONAL, _NO_REASON = ord("N"), ord("O")
_OUTSIDE: Final = ord(OUTSIDE_SYMBOL)
_WEEKS_OF_PATTERN: Final = 4
_PRESSING: Final = frozenset({Severity.NOW, Severity.TODAY})


@dataclass(frozen=True, slots=True)
class ComingRule:
    """A rule that is not raised yet, the first day on which it would be, and the flag it would raise then."""

    on: date
    flag: Flag


def coming_rules(
    record: PupilRecord, judgement: Judgement, rulebook: Rulebook, *, days: int = SCHOOL_DAYS_AHEAD
) -> tuple[ComingRule, ...]:
    """List what would come up, severity ``now`` or ``today``, in the order of the days; today's close comes first.

    The pupil's record is judged at the close of today and of the coming school days as if the absence went on with the
    same code (``O`` for ``N``) and nobody did or learned anything. Empty for a pupil who is not absent today. What is
    sure only if a session that nobody marked was missed is left out; past the calendar's end nothing is said.
    """
    code = _code_that_goes_on(record, judgement)
    if code is None:
        return ()
    raised = {flag.rule_id for flag in review_pupil(record, judgement, rulebook)}
    waiting = [rule for rule in rulebook.rules if rule.id not in raised]
    line = record.line
    found: list[ComingRule] = []
    for day in _days_ahead(judgement.calendar, judgement.on, days):
        close = replace(judgement, at=datetime.combine(day, time.max))
        line = _carried_on(line, close, code)
        flags = review_pupil(replace(record, line=line), close, replace(rulebook, rules=tuple(waiting)))
        found += [ComingRule(day, flag) for flag in flags if flag.severity in _PRESSING]
        waiting = _still_waiting(waiting, found)
    return tuple(found)


def _still_waiting(waiting: list[PupilRule], found: list[ComingRule]) -> list[PupilRule]:
    come = {coming.flag.rule_id for coming in found}
    return [rule for rule in waiting if rule.id not in come]


def _code_that_goes_on(record: PupilRecord, judgement: Judgement) -> int | None:
    """The symbol of the last absent session of today; None for a pupil who is not absent today."""
    facts = Facts(record, Moment(judgement))
    if facts.absence is None or not facts.is_absent_today:
        return None
    symbol = facts.line[facts.absence.indexes[-1]]
    return _NO_REASON if symbol == _PROVISIONAL else symbol


def _days_ahead(calendar: SchoolCalendar, on: date, count: int) -> tuple[date, ...]:
    """Today and so many school days after it, as far as the calendar reaches."""
    ahead = calendar.school_days_between(on + timedelta(days=1), calendar.years[-1].last_day)
    return (on, *ahead[:count])


def _carried_on(line: bytes, judgement: Judgement, code: int) -> bytes:
    """The line up to the moment, each further session with the code; outside beside the pupil's pattern."""
    longer = bytearray(line)
    for session in judgement.calendar.sessions[len(line) : judgement.sessions_due()]:
        outside = _is_outside_pattern(longer, session, judgement.calendar)
        longer.append(_OUTSIDE if outside else code)
    return bytes(longer)


def _is_outside_pattern(line: bytearray, session: SchoolSession, calendar: SchoolCalendar) -> bool:
    """Whether the pupil was not expected in the same session of the last school week that had one."""
    judged = runs.first_judged(bytes(line))
    for weeks in range(1, _WEEKS_OF_PATTERN + 1):
        index = calendar.index_of(SchoolSession(session.on - timedelta(weeks=weeks), session.half))
        if index is not None and index >= judged:
            return line[index] == _OUTSIDE
    return False
