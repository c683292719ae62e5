"""How long records are kept: what is due, what a person looks at first, and what is kept, because.

The periods are dated data (``resources/retention.toml``). A day that does not exist in the year in which a period ends,
29 February, is the next one that does: nothing is due a day too early. The last day of a period is still kept.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from cme_desktop.domain.day_names import month_name
from cme_desktop.policy.rule import Authority

_YEAR_ENDS: Final = (8, 31)
"""The last day of a school year, whenever the next one's first term begins."""


class RecordKind(StrEnum):
    """What kind of record it is, as far as a period of its own is known."""

    REGISTER_ENTRY = "register-entry"
    CORRECTION = "correction"
    ABSENCE_LETTER = "absence-letter"
    CASE_FILE = "case-file"
    PUPIL_FILE = "pupil-file"
    SAFEGUARDING = "safeguarding"
    JOURNAL = "journal"


class RunsFrom(StrEnum):
    """The day from which a period runs."""

    ENTRY_MADE = "entry_made"
    SCHOOL_YEAR_ENDED = "school_year_ended"
    CASE_CLOSED = "case_closed"
    LAST_ENTRY = "last_entry"
    BORN = "born"
    NEVER = "never"


class Then(StrEnum):
    """What happens when a period is over."""

    DISPOSE = "dispose"
    REVIEW = "review"
    KEEP = "keep"


class Standing(StrEnum):
    """Where a record stands on a day."""

    NOT_YET = "not_yet"
    DUE = "due"
    TO_REVIEW = "to_review"
    HELD = "held"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Years:
    """So many years, from the day the period came into force; ``until_day`` None is open."""

    years: int
    from_day: date
    until_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is the period on the day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


@dataclass(frozen=True, slots=True)
class Period:
    """How long a kind of record is kept. ``verified`` is False where the source's text has not been read."""

    kind: RecordKind
    title: str
    runs_from: RunsFrom
    then: Then
    source: Authority
    reference: str
    values: tuple[Years, ...]
    url: str = ""
    verified: bool = True

    def on(self, day: date) -> Years | None:
        """The years in force on the day; None where none are known: then nothing is due."""
        return next((each for each in self.values if each.holds_on(day)), None)

    def last_day_kept(self, start: date, *, on: date) -> date | None:
        """The last day on which a record that began on a day is kept; None where no end is known."""
        years = self.on(on)
        if years is None or self.runs_from is RunsFrom.NEVER or self.then is Then.KEEP:
            return None
        begins = end_of_school_year(start) if self.runs_from is RunsFrom.SCHOOL_YEAR_ENDED else start
        return years_later(begins, years.years)

    def latest_start_due(self, *, on: date) -> date | None:
        """The latest day on which a record may have begun whose time is over on the day; None where none may."""
        years = self.on(on)
        if years is None:
            return None
        start: date | None = on - timedelta(days=365 * years.years)  # never before the true answer
        while start is not None:
            last = self.last_day_kept(start, on=on)
            if last is None:
                return None
            if last < on:
                return start
            start -= timedelta(days=1)
        return None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of one record after its time was over: it may go, or is kept on until a day."""

    may_go: bool
    until_day: date | None
    made_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record, or the entries of one kind about one pupil; ``start`` is the day from which its time runs.

    Of entries it is the latest of them. ``holds`` says in words what blocks disposal; ``still_counts`` what the list of
    today still reads of it. ``size`` is how many entries or files it is.
    """

    kind: RecordKind
    key: str
    start: date | None
    size: int = 1
    pupil_id: int | None = None
    first_start: date | None = None
    holds: tuple[str, ...] = ()
    still_counts: str = ""
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """Where a record stands on a day, and why in a sentence without a name; ``last_day`` is the last it is kept."""

    record: KeptRecord
    period: Period
    standing: Standing
    why: str
    last_day: date | None = None
    years: int = 0


def judge_record(record: KeptRecord, period: Period, *, on: date) -> Judged:
    """Judge one record by its period: due, to be looked at, held back, unknown, or not yet."""
    years = period.on(on)
    if years is None or period.runs_from is RunsFrom.NEVER or period.then is Then.KEEP:
        return Judged(record, period, Standing.NOT_YET, "No end of its time is known.")
    if record.start is None:
        return Judged(record, period, Standing.UNKNOWN, _MISSING[period.runs_from], years=years.years)
    last = period.last_day_kept(record.start, on=on)
    assert last is not None
    standing, why = _stand(record, period, last, on)
    return Judged(record, period, standing, why, last, years.years)


def _stand(record: KeptRecord, period: Period, last: date, on: date) -> tuple[Standing, str]:
    if on <= last:
        return Standing.NOT_YET, f"Kept until {_day(last)}."
    if record.holds or record.still_counts:
        return Standing.HELD, " ".join(record.holds) or record.still_counts
    over = f"{_RUNS[period.runs_from].format(day=_day(record.start))}; its time was over after {_day(last)}."
    decision = record.decision if record.decision is not None and record.decision.made_on > last else None
    if decision is not None and not decision.may_go and (decision.until_day is None or on <= decision.until_day):
        until = f" until {_day(decision.until_day)}" if decision.until_day is not None else ""
        return Standing.HELD, f"Kept on{until}: {decision.reason}"
    if period.then is Then.DISPOSE:
        return Standing.DUE, over
    if decision is not None and decision.may_go:
        return Standing.DUE, f"{over} Looked at on {_day(decision.made_on)}: it may go."
    return Standing.TO_REVIEW, f"{over} A person looks at it first."


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 1 March where 29 February does not exist."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def end_of_school_year(day: date) -> date:
    """31 August on or after a day."""
    end = date(day.year, *_YEAR_ENDS)
    return end if day <= end else date(day.year + 1, *_YEAR_ENDS)


def load_periods(text: str) -> Mapping[RecordKind, Period]:
    """Read the periods from the text of ``retention.toml``; each kind must have one."""
    tables = tomllib.loads(text)["period"]
    return {kind: _period(kind, tables[kind.value]) for kind in RecordKind}


_MISSING: Final = {
    RunsFrom.ENTRY_MADE: "Nobody knows when it was made: it is kept.",
    RunsFrom.SCHOOL_YEAR_ENDED: "Nobody knows when it was made: it is kept.",
    RunsFrom.CASE_CLOSED: "The day on which the case was closed is not known: it is kept.",
    RunsFrom.LAST_ENTRY: "The day of leaving is not known: it is kept.",
    RunsFrom.BORN: "No date of birth is known: it is kept until a person finds it out.",
}
_RUNS: Final = {
    RunsFrom.ENTRY_MADE: "Made no later than {day}",
    RunsFrom.SCHOOL_YEAR_ENDED: "Made on {day}",
    RunsFrom.CASE_CLOSED: "Closed on {day}",
    RunsFrom.LAST_ENTRY: "Last entry on {day}",
    RunsFrom.BORN: "Runs from the date of birth",
}


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.day} {month_name(day)} {day.year}"


def _period(kind: RecordKind, table: Mapping[str, Any]) -> Period:
    return Period(
        kind=kind,
        title=table["title"],
        runs_from=RunsFrom(table["runs_from"]),
        then=Then(table["then"]),
        source=Authority(table["source"]),
        reference=table["reference"],
        values=tuple(Years(each["years"], each["from"], each.get("to")) for each in table["values"]),
        url=table.get("url", ""),
        verified=table.get("verified", True),
    )
