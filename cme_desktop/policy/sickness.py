"""How much illness a school year holds for a pupil, had and expected."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cme_desktop.domain.events import ReturnKind
from cme_desktop.policy import runs

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.policy.absence import Reason
    from cme_desktop.policy.facts import Facts

_ILLNESS = b"I"
_PASSED_OVER = runs.OUTSIDE


class Sickness:
    """The illness of the school year judged, in sessions."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.count = runs.count_of(facts.line, _ILLNESS, first=facts.year_first)

    @cached_property
    def had(self) -> tuple[int, ...]:
        """The indexes of the sessions with code I."""
        return runs.indexes_of(self.facts.line, _ILLNESS, first=self.facts.year_first)

    @cached_property
    def _reason(self) -> Reason | None:
        """The latest reason that holds and says how long the illness will last."""
        if not self.facts.record.events or self.facts.absence is None:
            return None
        reasons = [reason for reason in self.facts.reasons if reason.last is not None]
        return reasons[-1] if reasons and reasons[-1].is_illness else None

    @cached_property
    def expected(self) -> int:
        """How many sessions are still to be missed: those after the last one due, to the day the illness is to end."""
        if self._reason is None or self._reason.last is None:
            return 0
        return self._sessions_through(self._reason.last, after=len(self.facts.line))

    def _sessions_through(self, day: date, *, after: int) -> int:
        end = min(self.facts.moment.calendar.count_sessions_through(day), self.facts.moment.year_end)
        return max(0, end - after)

    @property
    def total(self) -> int:
        """Had and expected together."""
        return self.count + self.expected

    def reaches(self, needed: int) -> bool:
        """Whether so many sessions are had, or had and expected together."""
        return self.count >= needed or (self._reason is not None and self.total >= needed)

    def reached_on(self, needed: int) -> date:
        """The day on which the number was first reached or expected."""
        moment = self.facts.moment
        days = [moment.day(self.had[needed - 1])] if self.count >= needed else []
        if self._reason is not None and self._reason.last is not None:
            days += self._day_expected(self._reason, self._reason.last, needed)
        return min(days, default=self.facts.on)

    def _day_expected(self, reason: Reason, last: date, needed: int) -> list[date]:
        calendar = self.facts.moment.calendar
        for day in (reason.event.on, *calendar.school_days_between(reason.event.on, self.facts.on)):
            through = min(calendar.count_sessions_through(day), len(self.facts.line))
            had = runs.count_of(self.facts.line, _ILLNESS, first=self.facts.year_first, last=through)
            if had + self._sessions_through(last, after=through) >= needed:
                return [day]
        return []

    def answered_on(self) -> date | None:
        """The day of the year's latest sickness return, or decision that none is needed; None where there is none."""
        sessions = self.facts.moment.calendar.sessions
        since = sessions[self.facts.year_first].on
        sent = self.facts.last_return(ReturnKind.SICKNESS, since=since)
        decided = self.facts.last_decision("england.sickness-return", since=since)
        days = [event.on for event in (sent, decided) if event is not None]
        return max(days) if days else None

    def reaches_in_one_spell_after(self, day: date, needed: int) -> bool:
        """Whether a continuous spell that began after the day reaches the number by itself, had or expected."""
        line = self.facts.line
        after = self.facts.moment.calendar.count_sessions_through(day)
        first = _end_of_spell(line, after)
        spells = line[first:].translate(None, _PASSED_OVER).translate(_I_OR_SPACE).split()
        lengths = [len(spell) for spell in spells]
        if runs.last_attended(line) < len(line) - 1 and lengths and line.rstrip(_PASSED_OVER).endswith(_ILLNESS):
            lengths[-1] += self.expected
        elif not lengths and first <= len(line) - 1:
            lengths = [self.expected]
        return max(lengths, default=0) >= needed


_I_OR_SPACE = bytes(symbol if symbol in _ILLNESS else ord(" ") for symbol in range(256))


def _end_of_spell(line: bytes, index: int) -> int:
    """The index after the spell of illness that runs on at an index; the index itself where none does."""
    if not line[:index].rstrip(_PASSED_OVER).endswith(_ILLNESS):
        return index
    rest = line[index:]
    return index + len(rest) - len(rest.lstrip(_ILLNESS + _PASSED_OVER))
