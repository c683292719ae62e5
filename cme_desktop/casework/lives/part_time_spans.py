"""The part-time timetables that were agreed, each with the days for which it held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cme_desktop.domain.events import Event, EventKind


@dataclass(frozen=True, slots=True)
class Span:
    """An agreement: from the day it was made to its last day, both included; ``until`` is None where none was said."""

    agreed_on: date
    until: date | None
    review_on: date | None

    def holds(self, day: date) -> bool:
        """Whether the timetable held on the day."""
        return self.agreed_on <= day and (self.until is None or day <= self.until)

    def touches(self, first: date, last: date) -> bool:
        """Whether the timetable held on a day of this stretch, both ends included."""
        return self.agreed_on <= last and (self.until is None or self.until >= first)


def spans_of(events: Iterable[Event]) -> tuple[Span, ...]:
    """The agreements in order: a later one, or an end before its time, ends the one before it.

    An end is written as an agreement on its own last day (``part_time_acts.end_timetable``).
    """
    spans: list[Span] = []
    for event in events:
        if event.kind is not EventKind.PART_TIME_AGREED:
            continue
        is_end = event.until == event.on
        if spans and spans[-1].holds(event.on):
            last_day = event.on if is_end else max(event.on - timedelta(days=1), spans[-1].agreed_on)
            spans[-1] = replace(spans[-1], until=last_day)
        if not is_end:
            spans.append(Span(event.on, event.until, event.review_on))
    return tuple(spans)
