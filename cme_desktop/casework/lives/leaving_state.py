"""What the records say of one child's leaving: the last word, a notice of home education, a death, and by when what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.events import Destination, Event, EventKind
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.rules.home_education import last_letter

if TYPE_CHECKING:
    from cme_desktop.casework.lives.life import LifeDesk
    from cme_desktop.policy.departure import Departure
    from cme_desktop.policy.record import PupilRecord

WINDOW: Final = timedelta(days=30)
"""How long a child who has left stays on the list after the last thing was done."""

SAID_AT_GATE: Final = "home-education-said"
"""What a note is about that says that a parent spoke of home education and has not written."""


class Path(StrEnum):
    """Which way a child goes: it decides which steps are asked."""

    NOBODY_SAID = "nobody said"
    TO_SCHOOL = "to school"
    ABROAD = "abroad"
    OUTSIDE_STATE = "outside the state sector"
    UNKNOWN = "unknown"
    HOME_EDUCATION = "home education"
    SAID_AT_GATE = "said at the gate"
    DIED = "died"


_PATHS: Final = {
    Destination.KNOWN: Path.TO_SCHOOL,
    Destination.ABROAD: Path.ABROAD,
    Destination.OUTSIDE_STATE_SECTOR: Path.OUTSIDE_STATE,
    Destination.UNKNOWN: Path.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Leaving:
    """One child's leaving at the moment judged. ``told`` is the latest word of it, ``letter`` the latest notice."""

    facts: Facts
    path: Path
    departure: Departure | None
    told: Event | None
    letter: Event | None
    said: Event | None

    @property
    def last_day(self) -> date | None:
        """The last day at this school; None while nobody has said one."""
        if self.departure is None or not self.departure.is_day_known:
            return None
        return self.departure.last_day

    @property
    def has_left(self) -> bool:
        """Whether the child has left."""
        return self.departure is not None and self.departure.has_left(self.facts.on)

    @property
    def removed_on(self) -> date | None:
        """The day the name went."""
        return self.facts.removed_on

    @property
    def is_confirmed(self) -> bool:
        """Whether it is confirmed where the child is taught next."""
        return self.departure is not None and self.departure.unconfirmed_since is None

    @property
    def began_on(self) -> date:
        """The day on which the leaving was first heard of."""
        plans = [e.on for e in self.facts.events_of_stay if e.kind in _PLANS or e is self.said]
        return min(plans, default=self.facts.died_on or self.facts.removed_on or self.facts.on)

    def since(self, *kinds: EventKind) -> tuple[Event, ...]:
        """What of these kinds happened since the leaving was first heard of, in order."""
        first = self.began_on
        return tuple(each for each in self.facts.events_of_stay if each.kind in kinds and each.on >= first)

    def first_day_of(self, *kinds: EventKind) -> date | None:
        """The first day on which one of these happened since then."""
        return next((each.on for each in self.since(*kinds)), None)


_PLANS: Final = frozenset({EventKind.LEAVING, EventKind.HOME_EDUCATION_LETTER})


def leaving_of(desk: LifeDesk, record: PupilRecord) -> Leaving | None:
    """Gather what is recorded of a child's leaving; None for a child of whom nothing is."""
    if not record.events and record.pupil.left_on is None:
        return None
    facts = Facts(record, Moment(desk.roll.judgement))
    events = facts.events_of_stay
    told = next((event for event in reversed(events) if event.kind is EventKind.LEAVING), None)
    letter, said = last_letter(facts), _said(events)
    path = _path_of(facts, told=told, letter=letter, said=said)
    return None if path is None else Leaving(facts, path, facts.departure, told, letter, said)


def _path_of(facts: Facts, *, told: Event | None, letter: Event | None, said: Event | None) -> Path | None:
    if facts.died_on is not None:
        return Path.DIED
    if letter is not None and (told is None or letter.moment >= told.moment):
        return Path.HOME_EDUCATION
    if told is not None and facts.departure is not None:
        return _PATHS[facts.departure.destination]
    if facts.departure is not None:
        return Path.HOME_EDUCATION if facts.departure.ground == "f" else Path.NOBODY_SAID
    return Path.SAID_AT_GATE if said is not None else None


def _said(events: tuple[Event, ...]) -> Event | None:
    """The last word about home education that was only spoken, unless a letter or a calling off came after it."""
    found: Event | None = None
    for event in events:
        if event.kind is EventKind.NOTE and event.about == SAID_AT_GATE:
            found = event
        elif event.kind in {EventKind.HOME_EDUCATION_LETTER, EventKind.LEAVING_CALLED_OFF}:
            found = None
    return found
