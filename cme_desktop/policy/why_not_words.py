"""The words in which the rulebook says why a pupil is not flagged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.attendance import CODE_OF_SYMBOL
from cme_desktop.domain.day_names import short_day_name, short_month_name
from cme_desktop.policy import runs
from cme_desktop.policy.absence import Lapse
from cme_desktop.policy.wording import say_day

if TYPE_CHECKING:
    from cme_desktop.domain.events import Event
    from cme_desktop.policy.absence import Absence
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers

_NEAR_DAYS: Final = 120


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What a reason is looked for in. ``at_most`` says that sessions nobody marked are counted as missed."""

    facts: Facts
    numbers: Numbers
    at_most: bool

    @property
    def most(self) -> str:
        """The words before a count that unknown sessions make larger than it may be."""
        return "at most " if self.at_most else ""

    def near(self, day: date) -> str:
        """A day as seen from the one judged."""
        return say_near_day(day, on=self.facts.on)

    def short_of_share(self, *, percent: int, enough: int) -> str:
        """Why the share of sessions missed this school year is too small; empty where it isn't."""
        absent, possible = self.facts.sessions_absent, self.facts.sessions_possible
        if not absent:
            return "no absence this school year"
        if possible < enough:
            return f"only {possible} of {enough} possible sessions so far this school year"
        if 100 * absent >= percent * possible:
            return ""
        tenths = 1000 * absent // possible  # never rounded up to the number that is not reached
        return f"{self.most}{absent} of {possible} possible sessions absent, {tenths / 10}%: under {percent}%"

    def not_absent(self) -> str:
        """Why no absence lasts; empty where one does."""
        if self.facts.absence is not None:
            return ""
        index = self.facts.last_attended
        if index < 0:
            return "no absence is recorded"
        mark, day = say_mark(self.facts.line[index]), self.facts.moment.day(index)
        return f"no absence lasts: {mark} on {self.near(day)}"

    def not_absent_today(self) -> str:
        """Why the pupil is not absent today; empty where they are."""
        if self.facts.is_absent_today:
            return ""
        moment = self.facts.moment
        if not moment.is_school_day:
            return "there is no school today"
        if moment.today_due == moment.today_first:
            return "no session of today is due yet"
        return self.not_absent() or "no session of today is absent"

    def explained(self, *, lapse: Lapse = Lapse.WHEN_PUPIL_ATTENDS) -> str:
        """Why the latest day of an absence is explained; empty where it is not."""
        absence = self.facts.absence
        if absence is None or self.facts.unexplained_now(lapse=lapse):
            return ""
        latest = absence.days[-1]
        if self.facts.has_reason_on(latest, lapse=lapse):
            return f"a reason is recorded for the absence of {self.near(latest)}"
        return _code_with_reason(self.facts, absence)

    def not_of_age(self) -> str:
        """Why the duties of compulsory school age do not hold; empty where they do or nobody knows."""
        age, on = self.facts.compulsory_age, self.facts.on
        if age is None or age[0] <= on <= age[1]:
            return ""
        if on < age[0]:
            return f"not of compulsory school age until {say_day(age[0])}"
        return f"no longer of compulsory school age since {say_day(age[1])}"


def _code_with_reason(facts: Facts, absence: Absence) -> str:
    first = facts.moment.calendar.count_sessions_before(absence.days[-1])
    letters = {
        CODE_OF_SYMBOL[chr(facts.line[index])].letter
        for index in absence.indexes
        if index >= first and facts.line[index] not in runs.UNEXPLAINABLE
    }
    day = say_near_day(absence.days[-1], on=facts.on)
    return f"code {min(letters)} on {day} states a reason by itself" if letters else ""


def say_near_day(day: date, *, on: date) -> str:
    """Mon 9 Nov near the day judged, 9 November 2026 far from it."""
    if abs((on - day).days) > _NEAR_DAYS:
        return say_day(day)
    return f"{short_day_name(day)} {day.day} {short_month_name(day)}"


def say_mark(symbol: int) -> str:
    """A mark with its article: a present mark, code I."""
    letter = CODE_OF_SYMBOL[chr(symbol)].letter
    return "a present mark" if letter in {"/", "\\"} else f"code {letter}"


def say_event(event: Event, *, on: date) -> str:
    """Say what was written down, with whom or to whom, what came of it, and when."""
    kind = event.kind.value.replace("_", " ")
    facts = (event.with_, event.who, event.to, event.return_, event.form, event.outcome)
    beside = [str(fact.value).replace("_", " ") for fact in facts if isinstance(fact, Enum)]
    words = f"{kind} ({', '.join(beside)})" if beside else kind
    clock = f" at {event.at.hour}:{event.at.minute:02d}" if event.at is not None else ""
    return f"the record: {words}, {say_near_day(event.on, on=on)}{clock}"
