"""Ending a case, and opening it again.

A case can't be closed while a contact on the list is untried and no reason is given, nor while nobody has seen the
child and no authority has accepted the case; only a child who has died, or who never was on roll, is excepted. Where
the outcome itself says that the child was seen, or that the authority or the next school has taken over, nothing else
stands in for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.attempts import NOT_TRIED, list_untried
from cme_desktop.casework.case_entry import changes_to, event_now, write_act, write_entry
from cme_desktop.casework.cases import CaseFile, load_case
from cme_desktop.casework.in_words import capital
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.views import Voice, views_in
from cme_desktop.domain.cases import CaseStatus, ClosingOutcome
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.errors import MissingFactsError, RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import CaseId, ContactId, EventId
from cme_desktop.domain.rights import Right
from cme_desktop.policy.absence import is_child_seen
from cme_desktop.storage.cases import CaseDetails, end_case, find_open_case, load_case_details, set_case_status
from cme_desktop.storage.contacts import ContactDetails, find_contact

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ACCEPTED: Final = "authority-acceptance"
"""What a decision is about that records that an authority has accepted the case."""

EXCEPTED: Final = frozenset({ClosingOutcome.DIED, ClosingOutcome.OPENED_IN_ERROR})
"""Outcomes that need neither every contact tried nor the child seen."""

CLAIM_SEEN: Final = frozenset({ClosingOutcome.RETURNED, ClosingOutcome.FOUND_AND_EXPLAINED})
"""Outcomes that say that the child was seen: an authority that accepts the case does not make them true."""

ASK_WHO_ACCEPTED: Final = frozenset(ClosingOutcome) - EXCEPTED - CLAIM_SEEN - {ClosingOutcome.AT_ANOTHER_SCHOOL}
"""Outcomes for which it counts that the authority has accepted the case."""


@dataclass(frozen=True, slots=True)
class Closing:
    """How a case is to end.

    ``untried`` gives, for contacts nobody has tried, the reason why not. ``accepted_by`` says who at the authority
    accepted the case, ``confirmed_by`` who at the next school confirmed that the child is there.
    """

    outcome: ClosingOutcome
    reason: str
    untried: tuple[tuple[ContactId, str], ...] = ()
    accepted_by: str = ""
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class ClosingLacks:
    """What stands in the way of closing. ``in_words`` names no person, so that it may reach an error.

    ``doubt`` is why a sighting from before it does not count. ``must_be_seen`` where no acceptance stands in for it.
    """

    untried: tuple[ContactDetails, ...] = ()
    not_seen: bool = False
    must_be_seen: bool = False
    doubt: str = ""
    not_confirmed: bool = False
    not_accepted: bool = False
    no_reason: bool = False

    @property
    def in_words(self) -> tuple[str, ...]:
        """One sentence for each thing that is missing."""
        found = [
            f"{capital(contact.relation_said or contact.relation.in_words)} has not been tried, and no reason is given"
            for contact in self.untried
        ]
        if self.not_seen:
            seen = f"{self.doubt}, nobody has seen the child since" if self.doubt else "nobody has seen the child"
            found.append(seen + ("" if self.must_be_seen else ", and no authority has accepted the case"))
        if self.not_confirmed:
            found.append("the next school has not confirmed that the child is there")
        if self.not_accepted and not self.not_seen:
            found.append("who at the authority has accepted the case")
        if self.no_reason:
            found.append("the reason for closing")
        return tuple(found)


def say_what_closing_needs(outcome: ClosingOutcome) -> str:
    """Say the rule for ending a case like this, before anything is known of the case."""
    if outcome is ClosingOutcome.DIED:
        return "Only the reason is asked for."
    if outcome is ClosingOutcome.OPENED_IN_ERROR:
        return "For the wrong child, or one who never was on roll. Only the reason is asked for."
    return f"Needs every contact tried, or the reason why not; and {_ALSO_NEEDS.get(outcome, _SEEN_OR_ACCEPTED)}."


_SEEN_OR_ACCEPTED: Final = "the child seen, or the case accepted by the authority"
_ALSO_NEEDS: Final = {
    ClosingOutcome.RETURNED: "the child seen",
    ClosingOutcome.FOUND_AND_EXPLAINED: "the child seen",
    ClosingOutcome.AT_ANOTHER_SCHOOL: "the next school’s word that the child is there",
    ClosingOutcome.ACCEPTED_BY_AUTHORITY: "the name of who accepted it at the authority",
}


def find_what_closing_lacks(file: CaseFile, closing: Closing) -> ClosingLacks:
    """Say what stands in the way of closing a case like this; nothing is written."""
    no_reason = not closing.reason.strip()
    if closing.outcome in EXCEPTED:
        return ClosingLacks(no_reason=no_reason)
    excused = {contact_id for contact_id, reason in closing.untried if reason.strip()} | _excused(file)
    untried = list_untried(file.contacts, file.events, since=file.since)
    elsewhere = closing.outcome is ClosingOutcome.AT_ANOTHER_SCHOOL
    confirmed = bool(closing.confirmed_by.strip()) or _has_arrived(file)
    accepted = bool(closing.accepted_by.strip()) or _has(file, _is_accepted)
    must_be_seen = closing.outcome in CLAIM_SEEN
    taken_over = (accepted and not must_be_seen) or (elsewhere and confirmed)
    by_authority = closing.outcome is ClosingOutcome.ACCEPTED_BY_AUTHORITY
    return ClosingLacks(
        untried=tuple(contact for contact in untried if contact.id not in excused),
        not_seen=not (_is_seen(file) or taken_over),
        must_be_seen=must_be_seen,
        doubt=file.doubt.cause.value if file.doubt else "",
        not_confirmed=elsewhere and not confirmed,
        not_accepted=by_authority and not accepted,
        no_reason=no_reason,
    )


def warn_before_closing(file: CaseFile) -> tuple[str, ...]:
    """Say what is missing that does not stand in the way: words that nobody has asked for."""
    whose = {
        Voice.CHILD: "What the child says has not been asked.",
        Voice.FAMILY: "What the family says has not been asked.",
    }
    return tuple(whose[voice] for voice in views_in(file.events).not_asked)


@needs(Right.WORK_ON_CASES)
def close_case(office: Office, *, case_id: CaseId, closing: Closing) -> Changes:
    """Close a case; refused, naming what is missing, while the child's safety is not settled."""
    file = load_case(office, case_id)
    if file.case.is_closed:
        raise RefusedError("The case is closed already.")
    if missing := find_what_closing_lacks(file, closing).in_words:
        raise RefusedError(
            "The case can’t be closed yet.",
            detail="Missing: " + "; ".join(missing) + ".",
            remedy="Do what is missing, or say why it can’t be done.",
        )
    with office.database.transaction() as db:
        grounds = _write_grounds(db, office, file.case, closing)
        end_case(
            db, case_id, outcome=closing.outcome, reason=closing.reason.strip(), on=office.today, at=office.now(),
            by=office.user.id,
        )  # fmt: skip
        event = event_now(EventKind.CASE_CLOSED, office, choice=closing.outcome.in_words)
        write_act(
            db, office, file.case, event, act="close_case", words=closing.reason.strip(), parts=grounds,
            became=CaseStatus.CLOSED,
        )  # fmt: skip
    return changes_to(file.case)


@needs(Right.WORK_ON_CASES)
def reopen_case(office: Office, *, case_id: CaseId, why: str) -> Changes:
    """Open a closed case again, saying why; what was written stays, and trying and seeing count afresh."""
    if not why.strip():
        raise MissingFactsError("The case can’t be opened again yet.", missing=("why it is opened again",))
    with office.database.transaction() as db:
        case = load_case_details(db, case_id)
        if not case.is_closed:
            raise RefusedError("The case is open.")
        if standing := find_open_case(db, case.pupil_id):
            raise RefusedError("There is another case.", detail=f"{standing.number} is open for this pupil.")
        set_case_status(db, case_id, CaseStatus.OPEN)
        event = event_now(EventKind.CASE_REOPENED, office)
        write_act(db, office, case, event, act="reopen_case", words=why.strip(), became=CaseStatus.OPEN)
    return changes_to(case)


@needs(Right.WORK_ON_CASES)
def give_reason_untried(office: Office, *, case_id: CaseId, contact_id: ContactId, reason: str) -> Changes:
    """Say why a contact on the list is not tried."""
    if not reason.strip():
        raise MissingFactsError("This can’t be saved yet.", missing=("why the contact is not tried",))
    with office.database.transaction() as db:
        case = load_case_details(db, case_id)
        event = _untried(office, find_contact(db, contact_id), reason)
        write_act(db, office, case, event, act="give_reason_untried", contact_id=contact_id)
    return changes_to(case)


# -- private -----------------------------------------------------------------------------------------------------


def _has(file: CaseFile, holds: Callable[[Event], bool], *, since: date | None = None) -> bool:
    first = since or file.since
    return any(
        holds(written.event) for written in file.events if written.retracted_at is None and written.event.on >= first
    )


# What counts as the child seen, and what stands in its place. Closing ends the watch over a child for good, so it asks
# more than the rule about a child not seen for ten days, which begins to count again.
#
# - "Elsewhere confirmed" (the alternative provision, the dual school) is good for its day (rules.md, Settled points):
#   it says where the child was for one register. It never closes a case, on no outcome.
# - "Arrival confirmed" closes one as "at another school, confirmed", whenever in this absence it came: that school has
#   the child on its premises and its own register, its staff have seen the child, and the duty to follow up absence is
#   now its own. To send two of ours there as well would add nothing. It closes nothing on any other outcome.
# - Neither that nor a sighting counts if somebody said later that the child is missing or the whereabouts are unknown.
# - Attending counts only where the pupil attends now: the morning before an absence began is not part of its end.


def _is_seen(file: CaseFile) -> bool:
    if file.doubt is not None:
        return False
    if file.absence is None:
        attended = file.last_attended is not None and file.last_attended >= file.since
        return attended or _has(file, is_child_seen)
    return _has(file, is_child_seen, since=max(file.since, file.absence.first_day))


def _has_arrived(file: CaseFile) -> bool:
    return file.doubt is None and _has(file, lambda event: event.kind is EventKind.ARRIVAL_CONFIRMED)


def _is_accepted(event: Event) -> bool:
    return event.kind is EventKind.DECISION and event.about == ACCEPTED


def _excused(file: CaseFile) -> set[ContactId]:
    return {
        written.contact_id
        for written in file.events
        if written.event.about == NOT_TRIED
        and written.contact_id is not None
        and written.retracted_at is None
        and written.event.on >= file.since
    }


def _write_grounds(db: Session, office: Office, case: CaseDetails, closing: Closing) -> tuple[EventId, ...]:
    written = []
    for contact_id, reason in closing.untried:
        if reason.strip():
            event = _untried(office, find_contact(db, contact_id), reason)
            written.append(write_entry(db, office, case, event, act="give_reason_untried", contact_id=contact_id))
    if closing.accepted_by.strip():
        accepted = event_now(
            EventKind.DECISION, office, about=ACCEPTED, choice="accepted by the authority",
            reason=closing.accepted_by.strip(),
        )  # fmt: skip
        written.append(write_entry(db, office, case, accepted, act="record_acceptance"))
    if closing.confirmed_by.strip():
        confirmed, who = event_now(EventKind.ARRIVAL_CONFIRMED, office), closing.confirmed_by.strip()
        written.append(write_entry(db, office, case, confirmed, act="record_arrival", words=who))
    return tuple(written)


def _untried(office: Office, contact: ContactDetails | None, reason: str) -> Event:
    """Make the decision; the relation stands in it, so that the history names it when the contact is off the list."""
    event = event_now(EventKind.DECISION, office, about=NOT_TRIED, choice="contact not tried", reason=reason.strip())
    return replace(event, with_=contact.relation if contact else None)
