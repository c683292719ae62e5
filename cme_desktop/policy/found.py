"""What a trigger answers, and which records may answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from cme_desktop.domain.events import Event

if TYPE_CHECKING:
    from cme_desktop.policy.facts import Facts


@dataclass(frozen=True, slots=True)
class Found:
    """What a trigger found: since when it is true, words for the sentence, the sessions counted.

    ``answers`` are the events that may settle the step; ``event`` the one that set it off, where one did. ``last_day``
    is the day by which the step is due, for a trigger that reckons one itself; None where the calendar ends before it.
    """

    since: date
    words: Mapping[str, str] = field(default_factory=dict)
    counted: tuple[int, ...] = ()
    answers: tuple[Event, ...] = ()
    event: Event | None = None
    last_day: date | None = None


def events_from(facts: Facts, day: date) -> tuple[Event, ...]:
    """The events of the day and of every later one."""
    return tuple(event for event in facts.events if event.on >= day)


def events_after(facts: Facts, event: Event) -> tuple[Event, ...]:
    """The events that come after the one."""
    return facts.events[facts.events.index(event) + 1 :]
