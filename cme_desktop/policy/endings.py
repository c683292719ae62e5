"""What ends every question about a child at once: a death, and a leaving that is called off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.events import Event, EventKind, Form, ReturnKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cme_desktop.policy.record import PupilRecord

IN_PEACE: Final = "bereaved-family"
"""What a decision is about that says until which day a family is left in peace."""

_OF_A_LEAVING: Final = frozenset({
    EventKind.LEAVING, EventKind.HOME_EDUCATION_LETTER, EventKind.AUTHORITY_CONSENT, EventKind.FORWARDING_ADDRESS,
    EventKind.REMOVAL_PROPOSED, EventKind.ARRIVAL_CONFIRMED, EventKind.TRANSFER_FILE_SENT,
    EventKind.PROTECTION_FILE_RECEIVED,
})  # fmt: skip
_FORMS_OF_A_LEAVING: Final = frozenset({Form.OFF_ROLL, Form.SR2A})


def death_in(events: Iterable[Event]) -> date | None:
    """The day on which the child died; None for a child who lives, or whose removal for a death was undone."""
    died_on: date | None = None
    for event in events:
        if event.kind is EventKind.DIED:
            died_on = died_on or event.on
        elif event.kind is EventKind.REMOVAL_UNDONE:
            died_on = None
    return died_on


def peace_until(events: Iterable[Event], *, on: date) -> date | None:
    """The last day on which the family of a child who died is left in peace; None for a child who lives, or after."""
    told = tuple(events)
    if death_in(told) is None:
        return None
    days = [event.until for event in told if event.kind is EventKind.DECISION and event.about == IN_PEACE]
    last = days[-1] if days else None
    return last if last is not None and on <= last else None


def without_what_was_called_off(record: PupilRecord) -> PupilRecord:
    """Leave out what was planned and sent for a leaving before somebody called it off: the child stays."""
    last = max((n for n, event in enumerate(record.events) if event.kind is EventKind.LEAVING_CALLED_OFF), default=-1)
    if last < 0:
        return record
    before = (event for event in record.events[:last] if not is_of_a_leaving(event))
    return replace(record, events=(*before, *record.events[last:]))


def is_of_a_leaving(event: Event) -> bool:
    """Whether the event says that a child leaves, or follows from it; a name that is removed stays removed."""
    if event.kind is EventKind.RETURN_SENT:
        return event.return_ is ReturnKind.DELETION
    if event.kind is EventKind.FORM_SENT:
        return event.form in _FORMS_OF_A_LEAVING
    return event.kind in _OF_A_LEAVING
