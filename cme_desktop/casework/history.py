"""A case's history in words: what happened, when it happened, and when it was written down.

The screen and the written record use the same sentences. An entry written a day or more after what it tells is
marked late; one that was taken back stays, struck out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from cme_desktop.casework.attempts import NOT_TRIED
from cme_desktop.casework.in_words import capital, say_day
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.casework.stay_before import STAY
from cme_desktop.domain.events import (
    AttemptOutcome,
    EnquiryResult,
    Event,
    EventKind,
    Form,
    Method,
    Recipient,
    VisitOutcome,
    With,
)
from cme_desktop.domain.identifiers import ContactId, EventId
from cme_desktop.policy.rule import Severity
from cme_desktop.storage.contacts import ContactDetails
from cme_desktop.storage.events import WrittenEvent
from cme_desktop.storage.flags import StoredFlag


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a history. Moments are local; ``written_by`` is empty where the program wrote it.

    ``days_late`` counts the calendar days between the day it happened and the day it was written.
    """

    event_id: EventId
    event: Event
    title: str
    detail: str
    happened_on: date
    happened_at: time | None
    written_at: datetime
    written_by: str
    days_late: int
    is_retracted: bool

    @property
    def happened_first(self) -> tuple[date, time, int]:
        """Sorts by what happened; a day without a time counts at its close."""
        return (self.happened_on, self.happened_at or time.max, self.event_id)

    @property
    def written_first(self) -> tuple[datetime, int]:
        """Sorts by when it was written."""
        return (self.written_at, self.event_id)


def tell_history(
    events: Iterable[WrittenEvent], *, contacts: Iterable[ContactDetails] = ()
) -> tuple[HistoryEntry, ...]:
    """Put a pupil's events into words, the latest first; contacts lend the relation as the family says it."""
    said = {contact.id: contact.relation_said for contact in contacts if contact.relation_said}
    entries = (_entry_of(event, said) for event in events)
    return tuple(sorted(entries, key=lambda entry: entry.happened_first, reverse=True))


def tell_flags(flags: Iterable[StoredFlag], *, since: date, told: Iterable[WrittenEvent]) -> tuple[HistoryEntry, ...]:
    """Tell when the program first raised each flag, leaving out those the events tell and those only watched.

    Their ids are below zero: no event stands behind them.
    """
    known = {(each.event.about, each.event.on) for each in told if each.event.kind is EventKind.FLAG_RAISED}
    entries = (_flag_entry(flag) for flag in flags if flag.flag.severity is not Severity.WATCH)
    return tuple(
        entry for entry in entries if entry.happened_on >= since and (entry.event.about, entry.happened_on) not in known
    )


def title_of(event: Event, *, relation: str = "") -> str:
    """Say in a few words what happened: "Home visit: no reply"; ``relation`` is how the family calls the contact."""
    if event.kind is EventKind.CONTACT_ATTEMPT:
        return _attempt_title(event, relation)
    if event.kind is EventKind.DECISION and event.about == NOT_TRIED:
        return f"Decision: {relation or (event.with_.in_words if event.with_ else 'a contact')} not tried"
    told = _TITLES.get(event.kind)
    return told(event) if told else capital(event.kind.value.replace("_", " "))


def detail_of(event: Event, *, words: str = "", number_used: str = "") -> str:
    """Say the rest in a line: what was said, the number used, the reason given."""
    parts = (words, number_used, *_facts_said(event))
    return " ".join(_sentence(part) for part in dict.fromkeys(parts) if part)


def days_late(*, happened_on: date, written_at: datetime) -> int:
    """Count the calendar days from the day something happened to the day it was written."""
    return max(0, (written_at.astimezone(LOCAL_ZONE).date() - happened_on).days)


# -- private -----------------------------------------------------------------------------------------------------


def _entry_of(written: WrittenEvent, said: Mapping[ContactId, str]) -> HistoryEntry:
    event = written.event
    relation = said.get(written.contact_id, "") if written.contact_id is not None else ""
    return HistoryEntry(
        event_id=written.id,
        event=event,
        title=_TITLES_BY_DETAIL.get(_mark_of(written), "") or title_of(event, relation=relation),
        detail=detail_of(event, words=written.words, number_used=written.number_used or _heard_by(written.details)),
        happened_on=event.on,
        happened_at=event.at,
        written_at=written.written_at.astimezone(LOCAL_ZONE).replace(tzinfo=None),
        written_by=written.written_by_name or "",
        days_late=days_late(happened_on=event.on, written_at=written.written_at),
        is_retracted=written.retracted_at is not None,
    )


def _heard_by(details: Mapping[str, str]) -> str:
    """Who heard what the child or the family says, and how."""
    if "heard_by" not in details:
        return ""
    said = (f"Heard by {details['heard_by']}", details.get("how", "").lower(), details.get("through", ""))
    return ", ".join(part for part in said if part)


def _flag_entry(stored: StoredFlag) -> HistoryEntry:
    seen = stored.first_seen_at.astimezone(LOCAL_ZONE).replace(tzinfo=None)
    clock = seen.time().replace(second=0, microsecond=0)
    event = Event(EventKind.FLAG_RAISED, seen.date(), clock, about=stored.flag.rule_id)
    return HistoryEntry(
        event_id=EventId(-stored.id),
        event=event,
        title=title_of(event),
        detail=detail_of(event, words=stored.flag.finding.sentence),
        happened_on=event.on,
        happened_at=event.at,
        written_at=seen,
        written_by="",
        days_late=0,
        is_retracted=False,
    )


_ATTEMPTS: Final[dict[AttemptOutcome, str]] = {
    AttemptOutcome.EXPLAINED: "{who} gave a reason",
    AttemptOutcome.ANSWERED_NO_REASON: "{who} answered: no reason given",
    AttemptOutcome.NO_ANSWER: "{who}: no answer",
    AttemptOutcome.LEFT_MESSAGE: "{who}: message left",
    AttemptOutcome.SENT: "{how} sent to {low}",
    AttemptOutcome.NUMBER_DEAD: "{who}, number dead",
    AttemptOutcome.WRONG_PERSON: "{who}: wrong person answered",
    AttemptOutcome.REFUSED: "{who} refused to talk",
    AttemptOutcome.UNAWARE: "{who} does not know where the child is",
}
_VISITS: Final[dict[VisitOutcome, str]] = {
    VisitOutcome.CHILD_SEEN: "child seen",
    VisitOutcome.ADULT_SEEN_ONLY: "an adult seen, not the child",
    VisitOutcome.NO_REPLY: "no reply",
    VisitOutcome.COULD_NOT_REACH_DOOR: "could not reach the door",
    VisitOutcome.MOVED_AWAY: "moved away",
}
_JOINT: Final[dict[EnquiryResult, str]] = {
    EnquiryResult.BEGUN: "Joint enquiries begun",
    EnquiryResult.NOT_FOUND: "Joint enquiries: not found",
    EnquiryResult.FOUND_WILL_NOT_ATTEND: "Joint enquiries: found, will not attend",
    EnquiryResult.FOUND_WILL_ATTEND: "Joint enquiries: found, will attend",
}
_METHODS: Final[dict[Method, str]] = {
    Method.PHONE: "Call",
    Method.TEXT: "Text",
    Method.EMAIL: "E-mail",
    Method.LETTER: "Letter",
    Method.IN_PERSON: "Word",
}


def _attempt_title(event: Event, relation: str) -> str:
    who = relation or (event.with_ or With.OTHER_CONTACT).in_words
    how = _METHODS[event.method] if event.method else "Message"
    if not isinstance(event.outcome, AttemptOutcome):
        return f"{capital(who)} tried"
    return _ATTEMPTS[event.outcome].format(who=capital(who), low=who, how=how)


def _visit_title(event: Event) -> str:
    nth = f" {event.number}" if event.number else ""
    outcome = _VISITS[event.outcome] if isinstance(event.outcome, VisitOutcome) else "made"
    return f"Home visit{nth}: {outcome}"


def _seen_title(event: Event) -> str:
    return "Child seen" + (f" by {event.by}" if event.by else "")


def _told_title(event: Event) -> str:
    return f"Told: {_recipient(event.who)}"


def _referred_title(event: Event) -> str:
    return f"Referred to {_recipient(event.to)}" if isinstance(event.to, Recipient) else "Referred"


def _recipient(recipient: Recipient | None) -> str:
    return recipient.in_words if recipient else "others"


def _return_title(event: Event) -> str:
    kind = event.return_.value.replace("_", " ") if event.return_ else ""
    return f"{capital(kind)} return sent" if kind else "Return sent"


def _joint_title(event: Event) -> str:
    return _JOINT[event.outcome] if isinstance(event.outcome, EnquiryResult) else "Joint enquiries"


def _decision_title(event: Event) -> str:
    return f"Decision: {event.choice}" if event.choice else "Decision"


def _expected_title(event: Event) -> str:
    return f"Absence expected to {say_day(event.until)}" if event.until else "Absence expected"


def _leaving_title(event: Event) -> str:
    if event.confirmed:
        return "The next place is confirmed"
    return f"Leaving on {say_day(event.leaving_on)}" if event.leaving_on else "Leaving, on a day not yet known"


def _note_title(event: Event) -> str:
    return _NOTES.get(event.about or "", "Note")


def _ground_said(event: Event) -> str:
    return f", ground ({event.ground})" if event.ground else ""


def _enquiry_title(event: Event) -> str:
    return f"Enquiry {event.about}: {event.choice}" if event.about else "Enquiry recorded"


def _for_day(day: date | None) -> str:
    return f" for {say_day(day)}" if day is not None else ""


def _say_days(event: Event) -> str:
    """Say the days of a leave: ", Mon 14 Sep to Thu 24 Sep"."""
    first, last = event.from_, event.to if isinstance(event.to, date) else None
    if first is None or last is None:
        return f", from {say_day(first)}" if first else f", to {say_day(last)}" if last else ""
    return f", {say_day(first)}" if first == last else f", {say_day(first)} to {say_day(last)}"


def _flag_title(event: Event) -> str:
    said = {EventKind.FLAG_RAISED: "Flagged", EventKind.FLAG_SETTLED: "Settled"}[event.kind]
    slug = (event.about or "").partition(".")[2].replace("-", " ")
    return f"{said}: {slug}" if slug else said


_FORMS: Final[dict[Form, str]] = {
    Form.ABSENCE: "absence form",
    Form.LEAVE: "leave form",
    Form.OFF_ROLL: "off-roll form",
    Form.SR1A: "SR1a",
    Form.SR2A: "SR2a",
    Form.SR2B: "SR2b",
    Form.TERMLY_ABSENCE: "termly absence report",
}
_NOTES: Final = {
    "home-education-said": "Home education spoken of, not written",
    "protection-file-sent": "Child-protection file sent",
}
_TITLES: Final[dict[EventKind, Callable[[Event], str]]] = {
    EventKind.HOME_VISIT: _visit_title,
    EventKind.CHILD_SEEN: _seen_title,
    EventKind.TOLD: _told_title,
    EventKind.REFERRED: _referred_title,
    EventKind.RETURN_SENT: _return_title,
    EventKind.JOINT_ENQUIRIES: _joint_title,
    EventKind.DECISION: _decision_title,
    EventKind.EXPECTED_ABSENCE: _expected_title,
    EventKind.LEAVING: _leaving_title,
    EventKind.ENQUIRY_RECORDED: _enquiry_title,
    EventKind.FLAG_RAISED: _flag_title,
    EventKind.FLAG_SETTLED: _flag_title,
    EventKind.FLAG_REVIEWED: lambda event: event.choice or "Flag reviewed",
    EventKind.CASE_OPENED: lambda _: "Case opened",
    EventKind.CASE_CLOSED: lambda event: "Case closed" + (f": {event.choice}" if event.choice else ""),
    EventKind.CASE_REOPENED: lambda _: "Case opened again",
    EventKind.ARRIVAL_CONFIRMED: lambda _: "The next school confirmed that the child is there",
    EventKind.ELSEWHERE_CONFIRMED: lambda _: "The other place confirmed that the child is there",
    EventKind.MISSING: lambda _: "Reported missing",
    EventKind.FOUND: lambda _: "Child found",
    EventKind.HOME_EDUCATION_LETTER: lambda _: "Letter: to be home educated",
    EventKind.ORDER_MADE: lambda _: "Attendance order made",
    EventKind.ORDER_REVOKED: lambda _: "Attendance order revoked",
    EventKind.ORDER_CONSENT: lambda _: "The parent agrees to the place",
    EventKind.MEETING_BOOKED: lambda event: f"Meeting before admission booked{_for_day(event.meeting_on)}",
    EventKind.MEETING_HELD: lambda _: "Meeting before admission held",
    EventKind.MEETING_MISSED: lambda _: "The parent missed the meeting before admission",
    EventKind.START_AGREED: lambda event: f"Start agreed{_for_day(event.meeting_on)}",
    EventKind.JOINER_ENTERED: lambda _: "Joiner entered",
    EventKind.PART_TIME_AGREED: lambda event: (
        f"Part-time timetable, last day {say_day(event.until)}" if event.until else "Part-time timetable without an end"
    ),
    EventKind.REVIEW_HELD: lambda _: "Review held",
    EventKind.TRANSFER_FILE_SENT: lambda _: "Transfer file sent",
    EventKind.PROTECTION_FILE_RECEIVED: lambda _: "Child protection file received there",
    EventKind.NOTE: _note_title,
    EventKind.LEAVING_CALLED_OFF: lambda _: "Called off: the child stays",
    EventKind.FORWARDING_ADDRESS: lambda event: (
        "Address and school outside England" if event.school else "Address outside England"
    ),
    EventKind.FORM_SENT: lambda event: f"Form sent: {_FORMS[event.form]}" if event.form else "Form sent",
    EventKind.CONCERN_REPORTED: lambda event: "Reported as not in education" + (f" by {event.by}" if event.by else ""),
    EventKind.VIEWS_HEARD: lambda event: f"What the {'child' if event.about == 'child' else 'family'} says",
    EventKind.SITE_CHECK: lambda _: "School searched",
    EventKind.REMOVAL_PROPOSED: lambda event: f"Removal from roll proposed{_ground_said(event)}",
    EventKind.REMOVED: lambda event: f"Removed from roll{_ground_said(event)}",
    EventKind.REMOVAL_UNDONE: lambda _: "Removal taken back: the name stays on the register",
    EventKind.DIED: lambda _: "The child has died",
    EventKind.LEAVE_REQUESTED: lambda event: f"Leave asked for{_say_days(event)}",
    EventKind.LEAVE_GRANTED: lambda event: f"Leave granted{_say_days(event)}",
    EventKind.LEAVE_REFUSED: lambda event: f"Leave refused{_say_days(event)}",
    EventKind.LEAVE_ADMITTED_AFTERWARDS: lambda _: "Told only afterwards that leave was taken",
    EventKind.AUTHORITY_CONSENT: lambda event: (
        "The authority refuses its consent" if event.confirmed is False else "The authority consents"
    ),
}


_TITLES_BY_DETAIL: Final = {
    (EventKind.LEAVING, "place"): "Place not taken up",
    (EventKind.REMOVED, STAY): "The stay before is over",
    (EventKind.PART_TIME_AGREED, "ended"): "Part-time timetable ended",
}
"""What a line is called whose details say that it is another thing than its kind alone."""


def _mark_of(written: WrittenEvent) -> tuple[EventKind, str]:
    named = (name for name in ("place", STAY, "ended") if name in written.details)
    return (written.event.kind, next(named, ""))


def _facts_said(event: Event) -> tuple[str, ...]:
    expected = f"Expected back {say_day(event.expected_back)}" if event.expected_back else ""
    reference = f"Reference {event.reference}" if event.reference else ""
    where = f"Seen at {event.where}" if event.where else ""
    return (event.reason or "", event.because or "", where, expected, reference)


def _sentence(text: str) -> str:
    tidy = text.strip()
    return tidy if tidy.endswith((".", "!", "?", "”", "…")) else f"{tidy}."
