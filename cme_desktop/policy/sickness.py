"""How much illness a school year holds for a pupil, had and expected."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from cme_desktop.domain.events import ReturnKind
from cme_desktop.policy import runs

if TYPE_CHECKING:
    from collections.abc import Sequence
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
        if self.facts.absence is None:
            return None
        reasons = self.facts.dated_reasons
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
        return self.total >= needed

    def reached_on(self, needed: int) -> date:
        """The day on which the number was first reached or expected."""
        moment = self.facts.moment
        days = [moment.day(self.had[needed - 1])] if self.count >= needed else []
        return min([*days, *self._day_expected(self.had, needed)], default=self.facts.on)

    def _day_expected(self, had: Sequence[int], needed: int) -> list[date]:
        """The day of the word by which the sessions had so far, and those then expected, made the number."""
        found: list[date] = []
        # the same said again each day does not put the day off: what was said before counts as long as it sufficed
        for reason in reversed(self.facts.dated_reasons):
            if not (reason.is_illness and self._suffices(reason, had, needed)):
                break
            found = [reason.event.on]
        return found

    def _suffices(self, reason: Reason, had: Sequence[int], needed: int) -> bool:
        through = min(self.facts.moment.calendar.count_sessions_through(reason.event.on), len(self.facts.line))
        to_come = self._sessions_through(reason.last, after=through) if reason.last is not None else 0
        return bisect_left(had, through) + to_come >= needed

    def answered_on(self) -> date | None:
        """The day of the year's latest sickness return, or decision that none is needed; None where there is none."""
        sessions = self.facts.moment.calendar.sessions
        since = sessions[self.facts.year_first].on
        sent = self.facts.last_return(ReturnKind.SICKNESS, since=self.facts.year_first)
        decided = self.facts.last_decision("england.sickness-return", since=since)
        days = [event.on for event in (sent, decided) if event is not None]
        return max(days) if days else None

    def later_spell(self, after: date, needed: int) -> Spell | None:
        """The first spell that began after the day and reaches the number by itself, had or expected."""
        for spell in self._spells_after(after):
            days = [self.facts.moment.day(spell.had[needed - 1])] if len(spell.had) >= needed else []
            if spell.lasts:
                days += self._day_expected(spell.had, needed)
            if days:
                return replace(spell, reached_on=min(days))
        return None

    def _spells_after(self, day: date) -> list[Spell]:
        """The continuous spells of illness that began after a day; days without a session for the pupil break none."""
        line = self.facts.line
        first = _end_of_spell(line, self.facts.moment.calendar.count_sessions_through(day))
        spells: list[list[int]] = []
        for index in runs.indexes_of(line, _ILLNESS, first=first):
            if spells and not line[spells[-1][-1] + 1 : index].strip(_PASSED_OVER):
                spells[-1].append(index)
            else:
                spells.append([index])
        found = [Spell(tuple(had), lasts=False, sessions=len(had)) for had in spells]
        absence = self.facts.absence
        if absence is None or first == len(line):
            return found
        # what is expected is of the spell of this absence, or makes one that no mark tells of yet
        had = found.pop().had if found and found[-1].had[-1] >= absence.indexes[0] else ()
        return [*found, Spell(had, lasts=True, sessions=len(had) + self.expected)]


@dataclass(frozen=True, slots=True)
class Spell:
    """A continuous spell of illness: its sessions with code I, whether it lasts, how many it makes, had or expected.

    ``reached_on`` is the day on which it reached the number asked about, or was first expected to.
    """

    had: tuple[int, ...]
    lasts: bool
    sessions: int
    reached_on: date | None = None


def _end_of_spell(line: bytes, index: int) -> int:
    """The index after the spell of illness that runs on at an index; the index itself where none does."""
    if not line[:index].rstrip(_PASSED_OVER).endswith(_ILLNESS):
        return index
    rest = line[index:]
    return index + len(rest) - len(rest.lstrip(_ILLNESS + _PASSED_OVER))
