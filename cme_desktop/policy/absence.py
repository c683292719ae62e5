"""Words that decide: an absence, the reasons given for it, and why a child's whereabouts may be unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final

from cme_desktop.domain.attendance import SchoolSession
from cme_desktop.domain.events import HEARD_ONLY, AttemptOutcome, Event, EventKind, VisitOutcome


@dataclass(frozen=True, slots=True)
class Absence:
    """An absence that still lasts.

    ``indexes`` are its absent sessions on the register line, ``days`` the school days with at least one of them, in
    order. ``after`` is the moment of the last attended session: what happened later belongs to this absence.
    """

    start: SchoolSession
    indexes: tuple[int, ...]
    days: tuple[date, ...]
    after: datetime

    @property
    def began_on(self) -> date:
        """Its first day."""
        return self.start.on

    @property
    def day(self) -> int:
        """Day n of absence: how many school days so far have an absent session; a half day counts."""
        return len(self.days)


class Lapse(Enum):
    """How long a reason holds for which no end was said: each policy has its own answer."""

    WHEN_PUPIL_ATTENDS = "until the pupil next attends"
    SAME_DAY = "for the day it was given"


@dataclass(frozen=True, slots=True)
class Reason:
    """A recorded reason: the days it covers, both included; ``last`` is None where no end was said.

    ``first`` is None for a reason given during or before the absence: it covers the absence from its beginning.
    """

    event: Event
    first: date | None
    last: date | None
    is_illness: bool

    def covers(self, day: date, *, lapse: Lapse) -> bool:
        """Whether the reason explains an absence on the day."""
        if self.first is not None and day < self.first:
            return False
        if self.last is not None:
            return day <= self.last
        return lapse is Lapse.WHEN_PUPIL_ATTENDS or day <= self.event.on


class Cause(Enum):
    """Why a child's whereabouts are unknown; the first four end only when the child is seen or a place confirmed."""

    UNAWARE = "a parent or carer does not know where the child is"
    MOVED_AWAY = "a home visit found that the family has moved away"
    MISSING = "the child was reported missing and is not found"
    LEFT = "the child has left and no destination is confirmed"
    EVERY_CONTACT_TRIED = "every contact has been tried without reaching anyone"
    VISIT_UNANSWERED = "a home visit had no answer and nobody has been reached since"


ENDS_WHEN_SEEN: Final = frozenset({Cause.UNAWARE, Cause.MOVED_AWAY, Cause.MISSING, Cause.LEFT})
"""Causes that end only when the child is seen or the place confirmed, however many people are spoken to."""


@dataclass(frozen=True, slots=True)
class WhereaboutsUnknown:
    """One cause for which the whereabouts are unknown, and since when."""

    cause: Cause
    since: date
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class LastSeen:
    """The last day on which anyone saw the child or another place confirmed that the child was there."""

    on: date
    how: str
    is_known: bool = True
    """False for a day that nobody marked: the child may have been in school."""


LEAVE_CODES: Final = b"C1"
"""The register-line symbols of granted leave: C and C1 (whose symbol is 1)."""

_CONTACT_OUTCOMES: Final = frozenset(
    {AttemptOutcome.EXPLAINED, AttemptOutcome.ANSWERED_NO_REASON, AttemptOutcome.REFUSED}
)
_VISITS_WITH_CONTACT: Final = frozenset({VisitOutcome.CHILD_SEEN, VisitOutcome.ADULT_SEEN_ONLY})
_VISITS_UNANSWERED: Final = frozenset({VisitOutcome.NO_REPLY, VisitOutcome.COULD_NOT_REACH_DOOR})
_PLACE_CONFIRMED: Final = frozenset({EventKind.ARRIVAL_CONFIRMED, EventKind.ELSEWHERE_CONFIRMED})


def is_contact_made(event: Event) -> bool:
    """Whether an adult of the family, or a professional who works with it, was reached, or the child seen."""
    if event.kind is EventKind.CONTACT_ATTEMPT:
        return event.outcome in _CONTACT_OUTCOMES and event.with_ not in HEARD_ONLY
    if event.kind is EventKind.HOME_VISIT:
        return event.outcome in _VISITS_WITH_CONTACT
    return event.kind in {EventKind.CHILD_SEEN, EventKind.FOUND}


def is_child_seen(event: Event) -> bool:
    """Whether somebody saw the child."""
    if event.kind is EventKind.HOME_VISIT:
        return event.outcome is VisitOutcome.CHILD_SEEN
    return event.kind in {EventKind.CHILD_SEEN, EventKind.FOUND}


def is_place_confirmed(event: Event) -> bool:
    """Whether the place where the child is was confirmed, or the lead decided that it is known."""
    if event.kind is EventKind.DECISION:
        return (event.about or "").endswith(".whereabouts-unknown")
    return event.kind in _PLACE_CONFIRMED


def is_visit_unanswered(event: Event) -> bool:
    """Whether a visit was made and nobody answered."""
    return event.kind is EventKind.HOME_VISIT and event.outcome in _VISITS_UNANSWERED
