"""A leaving as the rules read it: from when, to where, whether that is confirmed, and whether the name is removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.events import Destination, EventKind

if TYPE_CHECKING:
    from cme_desktop.domain.events import Event
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.record import PupilRecord

# What a ground of regulation 9(1) says by itself of where the child is. The letters are those of the record of the
# removal; ``resources/removal-grounds.toml`` says which of them have been read in the regulation.
DIED: Final = "k"
_AT_ANOTHER_SCHOOL: Final = frozenset("acd")
_WITHOUT_NEXT_SCHOOL: Final = frozenset("efjk")

_BEYOND_THE_STATE: Final = frozenset({Destination.ABROAD, Destination.OUTSIDE_STATE_SECTOR})


@dataclass(frozen=True, slots=True)
class Departure:
    """One leaving, told of or over.

    ``last_day`` is the last day at this school; while nobody has said one (not ``is_day_known``), the day on which the
    leaving was told of. ``unconfirmed_since`` is the day since which no next school or other
    education is confirmed; None where one is. ``removed_on`` and ``ground`` are None while the name is on the register
    or no ground was recorded.
    """

    last_day: date
    destination: Destination
    unconfirmed_since: date | None
    removed_on: date | None
    ground: str | None
    is_day_known: bool = True

    @property
    def is_by_death(self) -> bool:
        """Whether the name went because the child died: nobody is then asked or sent anything about a next school."""
        return self.ground == DIED

    @property
    def asks_for_no_school(self) -> bool:
        """Whether the ground of the removal is one after which no next school is looked for."""
        return self.ground in _WITHOUT_NEXT_SCHOOL

    @property
    def is_to_named_school(self) -> bool:
        """Whether the child goes to a school of the state sector that is known by name."""
        return self.destination is Destination.KNOWN and self.ground not in _WITHOUT_NEXT_SCHOOL

    @property
    def is_to_known_school(self) -> bool:
        """Whether the next school is known: a named one, or one abroad or outside the state sector once confirmed."""
        beyond = self.destination in _BEYOND_THE_STATE and self.unconfirmed_since is None
        return self.is_to_named_school or (beyond and self.ground not in _WITHOUT_NEXT_SCHOOL)

    def has_left(self, on: date) -> bool:
        """Whether the last day has passed, or the name is removed."""
        return (self.is_day_known and on > self.last_day) or self.removed_on is not None


def events_of_stay(record: PupilRecord) -> tuple[Event, ...]:
    """The events after the removal that ended an earlier stay at the school; all of them where there was none."""
    starting_day = date.max if record.pupil.is_awaited else record.pupil.starting_day
    if starting_day is None or not record.events:
        return record.events
    is_taken_back = False
    for position in range(len(record.events) - 1, -1, -1):
        event = record.events[position]
        if event.kind is EventKind.REMOVED and event.on < starting_day and not is_taken_back:
            return record.events[position + 1 :]
        if event.kind in {EventKind.REMOVED, EventKind.REMOVAL_PROPOSED}:
            is_taken_back = False
        elif event.kind is EventKind.REMOVAL_UNDONE:
            is_taken_back = True
    return record.events


def events_of_removal(facts: Facts) -> tuple[Event, ...]:
    """The events of this stay that a removal may be read from: those after the last that was given up or undone.

    From the day it is undone a removal has not happened, nor has the proposal before it; what was sent for it answers
    no later one.
    """
    events = facts.events_of_stay
    for position in range(len(events) - 1, -1, -1):
        if events[position].kind is EventKind.REMOVAL_UNDONE:
            return events[position + 1 :]
    return events


def removal_of(facts: Facts) -> date | None:
    """The day the name went from the register; the earlier one where the records say two.

    None for a child who was never entered there, because the place was given up before the starting day.
    """
    removed = _last(events_of_removal(facts), EventKind.REMOVED)
    left_on = None if facts.pupil.was_never_entered else facts.pupil.left_on
    days = [removed.on] if removed is not None else []
    days += [left_on] if left_on is not None and left_on < facts.on else []
    return min(days, default=None)


def departure_of(facts: Facts) -> Departure | None:
    """What is recorded of the pupil's leaving in this stay; None where nothing is."""
    events = facts.events_of_stay
    leavings = _leavings(facts)
    removed_on = facts.removed_on
    if not leavings and removed_on is None:
        return None
    removed = _last(events_of_removal(facts), EventKind.REMOVED)
    ground = removed.ground if removed is not None else None
    if facts.has_died:
        ground = DIED
    if leavings:
        last = leavings[-1]
        last_day = last.leaving_on or removed_on or last.on
        destination = last.destination or Destination.UNKNOWN
    else:
        assert removed_on is not None
        last_day = removed_on
        destination = Destination.KNOWN if ground in _AT_ANOTHER_SCHOOL else Destination.UNKNOWN
    since = _unconfirmed_since(leavings, removed_on)
    if destination is Destination.UNKNOWN and since is not None and _has_arrived(events, since):
        destination = Destination.KNOWN
    if _says_where_by_itself(ground, leavings) or (since is not None and _is_confirmed(events, since, destination)):
        since = None
    is_day_known = not leavings or leavings[-1].leaving_on is not None
    return Departure(last_day, destination, since, removed_on, ground, is_day_known)


def _leavings(facts: Facts) -> list[Event]:
    """What was said of a leaving; nothing of it stands once its removal was undone and the child has come since."""
    undone: Event | None = None
    is_removed = False
    for event in facts.events_of_stay:
        if event.kind is EventKind.REMOVED:
            is_removed = True
        elif event.kind is EventKind.REMOVAL_UNDONE:
            undone, is_removed = event if is_removed else undone, False
    leavings = [event for event in facts.events_of_stay if event.kind is EventKind.LEAVING]
    if undone is None or facts.attended_until.date() < undone.on:
        return leavings
    return [event for event in leavings if event.moment > undone.moment]


def _says_where_by_itself(ground: str | None, leavings: list[Event]) -> bool:
    if leavings and _says_confirmed(leavings[-1]):
        return True
    return ground in _WITHOUT_NEXT_SCHOOL or (not leavings and ground in _AT_ANOTHER_SCHOOL)


def _is_confirmed(events: tuple[Event, ...], since: date, destination: Destination) -> bool:
    """Whether anything since then says where the child is taught; a letter counts until a later word of leaving."""
    written = False
    for event in events:
        if event.kind is EventKind.LEAVING:
            written = False
        elif event.kind is EventKind.HOME_EDUCATION_LETTER:
            written = True
    return written or _has_arrived(events, since) or (destination in _BEYOND_THE_STATE and _names_school(events, since))


def _has_arrived(events: tuple[Event, ...], since: date) -> bool:
    """Whether a school has said that the child came: what was unknown is then known."""
    return any(event.kind is EventKind.ARRIVAL_CONFIRMED and event.on >= since for event in events)


def _names_school(events: tuple[Event, ...], since: date) -> bool:
    """Whether the family has left a forwarding address that names the school there."""
    return any(
        event.kind is EventKind.FORWARDING_ADDRESS and event.school is True and event.on >= since for event in events
    )


def _says_confirmed(leaving: Event) -> bool:
    return leaving.confirmed is True and leaving.destination is not Destination.UNKNOWN


def _unconfirmed_since(leavings: list[Event], removed_on: date | None) -> date | None:
    """The first word of this leaving after the last that was confirmed; the removal where nothing was said before."""
    since = removed_on
    for leaving in reversed(leavings):
        if _says_confirmed(leaving):
            break
        since = leaving.on
    return since


def _last(events: tuple[Event, ...], kind: EventKind) -> Event | None:
    return next((event for event in reversed(events) if event.kind is kind), None)
