"""The reasonable enquiries of a case, E1 to E14: how far each has come, and a new word on one.

Only ever added to: the latest word on an enquiry stands, the earlier ones are kept. Where nobody has said anything
yet, the calls, letters and visits of the history suggest how far E1, E2 and E3 have come.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from cme_desktop.casework.attempts import can_be_rung, list_untried
from cme_desktop.casework.case_entry import event_now, write_act
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.enquiries import ENQUIRIES, ENQUIRY_OF, EnquiryItem, EnquiryState
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.events import Event, EventKind, Method, VisitOutcome
from cme_desktop.domain.identifiers import CaseId
from cme_desktop.domain.rights import Right
from cme_desktop.policy.absence import is_contact_made
from cme_desktop.storage.cases import EnquiryEntry, add_enquiry_entry, load_case_details
from cme_desktop.storage.contacts import ContactDetails
from cme_desktop.storage.events import WrittenEvent


@dataclass(frozen=True, slots=True)
class EnquiryWord:
    """What somebody says about one enquiry: how far it has come, when, by whom, how, with whom, what came of it.

    ``reason`` is demanded where the enquiry is not applicable.
    """

    state: EnquiryState
    happened_on: date
    done_by: str = ""
    how: str = ""
    with_whom: str = ""
    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EnquiryLine:
    """One line of the checklist. ``is_suggested`` says that the state comes from the history, not from a person."""

    item: EnquiryItem
    state: EnquiryState
    is_suggested: bool = False
    progress: str = ""
    entries: tuple[EnquiryEntry, ...] = ()

    @property
    def latest(self) -> EnquiryEntry | None:
        """The word that stands, or None where nobody has said anything."""
        return self.entries[-1] if self.entries else None


DEMANDED: Final[dict[EnquiryState, tuple[tuple[str, str], ...]]] = {
    EnquiryState.TRIED: (("done_by", "who did it"), ("how", "how it was done")),
    EnquiryState.WAITING: (("done_by", "who did it"), ("with_whom", "who is to reply")),
    EnquiryState.DONE: (("done_by", "who did it"), ("outcome", "what came of it")),
    EnquiryState.NOT_APPLICABLE: (("reason", "why it does not apply"),),
}
"""The facts each state must come with, and how they are asked for."""


def checklist(
    entries: Iterable[EnquiryEntry],
    *,
    contacts: tuple[ContactDetails, ...],
    events: tuple[WrittenEvent, ...],
    since: date,
) -> tuple[EnquiryLine, ...]:
    """Say how far each enquiry has come: the latest word on it, else what the history suggests.

    A word whose line in the history was taken back counts no longer.
    """
    kept = _standing(entries, events)
    standing = tuple(event for event in events if event.retracted_at is None and event.event.on >= since)
    return tuple(_line_of(item, kept, contacts, standing, since) for item in ENQUIRIES)


def missing_from(word: EnquiryWord) -> tuple[str, ...]:
    """Name the facts that the state demands and the word does not give."""
    return tuple(asked for name, asked in DEMANDED.get(word.state, ()) if not getattr(word, name).strip())


@needs(Right.WORK_ON_CASES)
def record_enquiry(office: Office, *, case_id: CaseId, item_id: str, word: EnquiryWord) -> Changes:
    """Add a word on one enquiry of an open case."""
    item = ENQUIRY_OF[item_id]
    _refuse_unfit(word, today=office.today)
    at = office.now()
    with office.database.transaction() as db:
        case = load_case_details(db, case_id)
        if case.is_closed:
            raise RefusedError("The case is closed.", remedy="Open it again to go on with its enquiries.")
        add_enquiry_entry(
            db, case_id=case_id, item=item, state=word.state, happened_on=word.happened_on,
            done_by=word.done_by.strip(), how=word.how.strip(), with_whom=word.with_whom.strip(),
            outcome=word.outcome.strip(), reason=word.reason.strip(), at=at, by=office.user.id,
        )  # fmt: skip
        write_act(db, office, case, _event_of(item, word, office), act="record_enquiry", words=_words_of(word))
    return Changes.to(Area.CASES, Area.EVENTS, pupil=case.pupil_id, case=case_id)


# -- private -----------------------------------------------------------------------------------------------------


def _refuse_unfit(word: EnquiryWord, *, today: date) -> None:
    if word.happened_on > today:
        raise BadInputError("This day is still to come.", remedy="Enter the day on which it was done.")
    if missing := missing_from(word):
        raise MissingFactsError("The enquiry can’t be saved yet.", missing=missing, remedy="Fill these in.")


def _event_of(item: EnquiryItem, word: EnquiryWord, office: Office) -> Event:
    about, state = f"{item.id}, {item.name}", word.state.in_words
    said = event_now(EventKind.ENQUIRY_RECORDED, office, about=about, choice=state)
    return said if word.happened_on == office.today else replace(said, on=word.happened_on, at=None)


def _words_of(word: EnquiryWord) -> str:
    with_whom = f"with {word.with_whom.strip()}" if word.with_whom.strip() else ""
    said = (word.done_by.strip(), word.how.strip(), with_whom)
    act = ", ".join(part for part in said if part)
    return ". ".join(part for part in (act, word.outcome.strip(), word.reason.strip()) if part)


def _standing(entries: Iterable[EnquiryEntry], events: Iterable[WrittenEvent]) -> tuple[EnquiryEntry, ...]:
    """Leave out the words taken back: each word on an item has one line in the history, in the same order."""
    lines: defaultdict[str, deque[WrittenEvent]] = defaultdict(deque)
    for written in sorted(events, key=lambda each: each.id):
        if written.event.kind is EventKind.ENQUIRY_RECORDED:
            lines[(written.event.about or "").partition(",")[0]].append(written)
    return tuple(entry for entry in entries if not _is_taken_back(lines[entry.item.id]))


def _is_taken_back(lines: deque[WrittenEvent]) -> bool:
    return bool(lines) and lines.popleft().retracted_at is not None


def _line_of(
    item: EnquiryItem,
    entries: tuple[EnquiryEntry, ...],
    contacts: tuple[ContactDetails, ...],
    events: tuple[WrittenEvent, ...],
    since: date,
) -> EnquiryLine:
    own = tuple(entry for entry in entries if entry.item.id == item.id)
    suggested = _suggest(item, contacts, events, since)
    if own:
        return EnquiryLine(item, own[-1].state, progress=suggested[1], entries=own)
    return EnquiryLine(item, suggested[0], is_suggested=suggested[0] is not item.starts_as, progress=suggested[1])


def _suggest(
    item: EnquiryItem,
    contacts: tuple[ContactDetails, ...],
    events: tuple[WrittenEvent, ...],
    since: date,
) -> tuple[EnquiryState, str]:
    match item.id:
        case "E1":
            return _suggest_rung(contacts, events, since)
        case "E2":
            return _suggest_letter(events)
        case "E3":
            return _suggest_visit(events)
        case _:
            return (item.starts_as, "")


def _suggest_rung(
    contacts: tuple[ContactDetails, ...], events: tuple[WrittenEvent, ...], since: date
) -> tuple[EnquiryState, str]:
    to_ring = [contact for contact in contacts if can_be_rung(contact)]
    tried = len(to_ring) - len(list_untried(contacts, events, since=since))
    progress = f"{tried} of {len(to_ring)} tried" if to_ring else "Nobody with a working number"
    if tried == 0:
        return (EnquiryState.NOT_STARTED, progress)
    answered = any(is_contact_made(written.event) for written in events)
    done = answered and tried == len(to_ring)
    return (EnquiryState.DONE if done else EnquiryState.TRIED, progress)


def _suggest_letter(events: tuple[WrittenEvent, ...]) -> tuple[EnquiryState, str]:
    letters = [written for written in events if written.event.method is Method.LETTER]
    if not letters:
        return (EnquiryState.NOT_STARTED, "")
    return (EnquiryState.WAITING, f"{len(letters)} sent")


def _suggest_visit(events: tuple[WrittenEvent, ...]) -> tuple[EnquiryState, str]:
    visits = [written.event for written in events if written.event.kind is EventKind.HOME_VISIT]
    if not visits:
        return (EnquiryState.NOT_STARTED, "")
    met = {VisitOutcome.CHILD_SEEN, VisitOutcome.ADULT_SEEN_ONLY}
    state = EnquiryState.DONE if any(visit.outcome in met for visit in visits) else EnquiryState.TRIED
    return (state, "1 visit" if len(visits) == 1 else f"{len(visits)} visits")
