"""When a pupil's contact list is thin: too few people who can be rung, or all of them in the pupil's own home."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from typing import Final

from cme_desktop.domain.contacts import Contact, Household

PEOPLE_WANTED: Final = "england.emergency-contacts.people"
"""The parameter that says how many people with a working number a list should hold at least."""


class ThinReason(Enum):
    """Why a contact list is thin; the earlier, the worse."""

    NOBODY_TO_RING = auto()
    TOO_FEW_PEOPLE = auto()
    NOBODY_OUTSIDE = auto()


def can_be_rung(contact: Contact) -> bool:
    """Whether the contact may be contacted and has a number that works."""
    return contact.works and not contact.do_not_contact


def find_thin_reasons(contacts: Iterable[Contact], *, people: int) -> tuple[ThinReason, ...]:
    """Say why a list is thin where this many people are wanted; empty where it is not."""
    to_ring = [contact for contact in contacts if can_be_rung(contact)]
    if not to_ring:
        return (ThinReason.NOBODY_TO_RING,)
    found = [ThinReason.TOO_FEW_PEOPLE] if len(to_ring) < people else []
    if all(contact.household is Household.HOME for contact in to_ring):
        found.append(ThinReason.NOBODY_OUTSIDE)
    return tuple(found)
