"""Who on a contact list has been tried since a day.

A contact is tried by any attempt at them, or at somebody of their relation, whatever came of it but ``unaware``.
People who must not be contacted, and those without a working number, are not waited for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from cme_desktop.domain.events import AttemptOutcome, EventKind
from cme_desktop.policy import contact_lists
from cme_desktop.storage.contacts import ContactDetails
from cme_desktop.storage.events import WrittenEvent

NOT_TRIED: Final = "contact-not-tried"
"""What a decision is about that gives the reason why a contact was not tried."""


def can_be_rung(contact: ContactDetails) -> bool:
    """Whether the contact may be contacted and has a number to ring."""
    return contact_lists.can_be_rung(contact.for_rules())


def is_tried(contact: ContactDetails, events: Iterable[WrittenEvent], *, since: date) -> bool:
    """Whether somebody tried the contact on the day or after it."""
    return any(_tries(written, contact) for written in events if written.event.on >= since)


def list_untried(
    contacts: Iterable[ContactDetails], events: tuple[WrittenEvent, ...], *, since: date
) -> tuple[ContactDetails, ...]:
    """List the contacts to ring whom nobody has tried since the day, in ringing order."""
    to_ring = (contact for contact in contacts if can_be_rung(contact))
    return tuple(contact for contact in to_ring if not is_tried(contact, events, since=since))


def _tries(written: WrittenEvent, contact: ContactDetails) -> bool:
    event = written.event
    if written.retracted_at is not None or event.kind is not EventKind.CONTACT_ATTEMPT:
        return False
    if event.outcome is AttemptOutcome.UNAWARE:
        return False
    if written.contact_id is not None:
        return written.contact_id == contact.id
    return event.with_ is contact.relation
