"""What came of a call, a visit or a word with somebody: a function for each intention, saved in one key.

Each is one transaction with one line in the journal. Brothers and sisters who are absent together are rung once and
written down each. ``undo_last`` strikes out the user's last act of today; the line stays, struck through.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.case_undo import changes_of, put_back_cases
from cme_desktop.casework.entry_undo import put_back_entries
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.report_undo import put_back_reports
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import Role, TaskState
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.contacts import NumberQuality
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method, Recipient, VisitOutcome, With
from cme_desktop.domain.identifiers import ContactId, EventId, PupilId, TaskId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.acts import UNDO, Act, act_details, are_columns_altered_since, find_last_act, is_final_since
from cme_desktop.storage.cases import add_task, end_task
from cme_desktop.storage.contacts import (
    ContactDetails,
    ContactNumber,
    find_contact,
    list_contacts,
    set_number_quality,
)
from cme_desktop.storage.events import add_event, is_answered, restore_event, retract_event
from cme_desktop.storage.flags import reopen_flag, retract_review
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.papers import retract_paper
from cme_desktop.storage.standing_duties import retract_duty

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class AbsenceReason(Enum):
    """The reasons a caller gives, each with its letter; ``word`` is what the rules read."""

    ILLNESS = ("i", "illness", "Ill")
    MEDICAL = ("m", "medical", "Medical appointment")
    ARRIVING_LATE = ("a", "arriving_late", "Arriving late")
    HOLIDAY = ("h", "holiday", "Holiday")
    RELIGIOUS = ("r", "religious", "Religious observance")
    BEREAVEMENT = ("b", "bereavement", "Bereavement")
    TRANSPORT = ("t", "transport", "Transport")
    OTHER = ("o", "other", "Another reason")

    @property
    def letter(self) -> str:
        """The key that says it."""
        return self.value[0]

    @property
    def word(self) -> str:
        """What is written down for the rules."""
        return self.value[1]

    @property
    def in_words(self) -> str:
        """What the office says."""
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What somebody said of an absence; ``back_on`` is the first day the child is expected, None where not said."""

    reason: AbsenceReason
    back_on: date | None = None
    words: str = ""


LEAD_TOLD: Final = "lead-told"
"""What a decision is about that says the safeguarding lead was told of an absence."""

_NOT_ASKED: Final = "Say what was decided, in your own words."


@needs(Right.CALL)
def record_contact_attempt(
    office: Office,
    *,
    pupils: tuple[PupilId, ...],
    contact_id: ContactId | None,
    outcome: AttemptOutcome,
    with_: With | None = None,
    method: Method = Method.PHONE,
    explanation: Explanation | None = None,
    words: str = "",
) -> Changes:
    """Write down one call for every pupil it was about.

    Each pupil's own contact of the same number or name is named on that pupil's line. A dead number is marked dead
    wherever it stands. Without a contact, ``with_`` says who was spoken to.
    """
    if outcome is AttemptOutcome.EXPLAINED and explanation is None:
        raise BadInputError("The reason is missing.", remedy="Choose one by its letter.")
    now = office.local_now
    with office.database.transaction() as db:
        rung = _contact_rung(db, pupils, contact_id)
        events: list[EventId] = []
        numbers: list[tuple[int, str]] = []
        for pupil_id in pupils:
            own = _own_contact(db, pupil_id, rung)
            event = Event(
                EventKind.CONTACT_ATTEMPT,
                now.date(),
                now.time(),
                with_=rung.relation if rung else with_,
                method=method,
                outcome=outcome,
                reason=explanation.reason.word if explanation else None,
                expected_back=explanation.back_on if explanation else None,
            )
            events.append(
                add_event(
                    db,
                    pupil_id=pupil_id,
                    event=event,
                    words=explanation.words if explanation else words,
                    contact_id=own.id if own else None,
                    number_used=_number_rung(rung),
                    written_at=office.now(),
                    written_by=office.user.id,
                )
            )
            if outcome is AttemptOutcome.NUMBER_DEAD:
                numbers += _mark_dead(db, own, _number_rung(rung), at=office.now())
        journal_act(db, office, "contact attempt", pupils, events=events, numbers=numbers)
    areas = {Area.EVENTS} | ({Area.CONTACTS} if numbers else set())
    return Changes(frozenset(areas), frozenset(pupils))


@needs(Right.CALL)
def record_child_seen(office: Office, *, pupils: tuple[PupilId, ...], where: str, words: str = "") -> Changes:
    """Write down that the signed-in user, or whoever ``words`` names, saw or spoke with the child."""
    return _record(
        office, "child seen", pupils, EventKind.CHILD_SEEN, words=words, by=office.user.role.value, where=where
    )


@needs(Right.CALL)
def record_class_check(office: Office, *, pupils: tuple[PupilId, ...]) -> Changes:
    """Write down that the class was asked and the child is not there."""
    return _record(office, "class check", pupils, EventKind.SITE_CHECK, words="Checked in class, not here")


@needs(Right.CALL)
def record_home_visit(
    office: Office, *, pupils: tuple[PupilId, ...], outcome: VisitOutcome, number: int | None = None, words: str = ""
) -> Changes:
    """Write down a home visit; the street door not passed is a visit that failed, and is said so."""
    return _record(office, "home visit", pupils, EventKind.HOME_VISIT, words=words, outcome=outcome, number=number)


@needs(Right.CALL)
def record_told(
    office: Office, *, pupils: tuple[PupilId, ...], who: Recipient, reference: str = "", words: str = ""
) -> Changes:
    """Write down who was told; ``reference`` is a log or reference number."""
    return _record(office, "told", pupils, EventKind.TOLD, words=words, who=who, reference=reference or None)


@needs(Right.CALL)
def record_lead_told(office: Office, *, pupils: tuple[PupilId, ...], words: str = "") -> Changes:
    """Write down that the safeguarding lead knows of the absence."""
    return _record(
        office, "lead told", pupils, EventKind.DECISION,
        words=words, about=LEAD_TOLD, choice="Safeguarding lead told",
    )  # fmt: skip


@needs(Right.CALL)
def record_note(office: Office, *, pupils: tuple[PupilId, ...], words: str) -> Changes:
    """Write a note on the pupil's history."""
    if not words.strip():
        raise BadInputError("The note is empty.", remedy="Type what is to be kept.")
    return _record(office, "note", pupils, EventKind.NOTE, words=words.strip())


@needs(Right.CALL)
def record_decision(office: Office, *, pupils: tuple[PupilId, ...], about: str, choice: str, reason: str) -> Changes:
    """Write down what somebody decided about a rule, and why; both are needed."""
    if not (choice.strip() and reason.strip()):
        raise BadInputError("The decision needs its reason.", remedy=_NOT_ASKED)
    return _record(
        office, "decision", pupils, EventKind.DECISION,
        about=about, choice=choice.strip(), reason=reason.strip(),
    )  # fmt: skip


@needs(Right.CALL)
def add_step(
    office: Office, *, pupil_id: PupilId, text: str, due_on: date | None = None, owner: Role = Role.OFFICE
) -> Changes:
    """Add a step by hand to what is still to do for a pupil."""
    with office.database.transaction() as db:
        task = add_task(
            db, pupil_id=pupil_id, case_id=None, text=text, due=Deadline(due_on) if due_on else None, owner=owner,
            at=office.now(), by=office.user.id,
        )  # fmt: skip
        journal_act(db, office, "step added", (pupil_id,), tasks=(task,))
    return Changes.to(Area.EVENTS, Area.CASES, pupil=pupil_id)


@needs(Right.CALL)
def undo_last(office: Office) -> Changes:
    """Strike out the user's last act of today; every line stays, and a number marked dead is what it was."""
    since = office.now() - timedelta(hours=office.local_now.hour, minutes=office.local_now.minute + 1)
    with office.database.transaction() as db:
        act = find_last_act(db, by=office.user.id, since=since)
        if act is None:
            raise RefusedError(
                "There is nothing to undo.",
                remedy="Only your own acts of today can be undone, and none before a step of a removal from roll.",
            )
        _refuse_built_upon(db, act)
        at, by = office.now(), office.user.id
        for event_id in act.events:
            retract_event(db, event_id, at=at, by=by)
        for event_id in act.struck:
            restore_event(db, event_id)
        for number_id, quality in act.numbers:
            set_number_quality(db, number_id, NumberQuality(quality), at=at)
        for review_id in act.reviews:
            reopen_flag(db, retract_review(db, review_id, at=at))
        for task_id in act.tasks:
            end_task(db, TaskId(task_id), state=TaskState.DROPPED, at=at, by=by)
        for duty_id in act.duties:
            retract_duty(db, duty_id, at=at)
        for paper_id in act.papers:
            retract_paper(db, paper_id, at=at, by=by)
        put_back_reports(db, office, act)
        put_back_cases(db, office, act)
        put_back_entries(db, act)
        write_journal(
            db, at=at, by=by, act=UNDO, subject=act.act, details={"of": act.journal_id, "pupils": list(act.pupils)}
        )
    areas = {Area.EVENTS, Area.FLAGS} if act.reviews else {Area.EVENTS}
    areas |= {Area.CONTACTS} if act.numbers else set()
    areas |= {Area.SCHOOL} if act.duties else set()
    areas |= {Area.DOCUMENTS} if act.papers else set()
    areas |= {Area.PUPILS, Area.CONTACTS} if act.columns or act.entered else set()
    areas |= {Area.REPORTS} if act.reports else set()
    about = changes_of(act)
    return Changes(frozenset(areas) | about.areas, frozenset(PupilId(pupil) for pupil in act.pupils), about.cases)


# -- private -----------------------------------------------------------------------------------------------------


def _record(
    office: Office, act: str, pupils: tuple[PupilId, ...], kind: EventKind, *, words: str = "", **facts: object
) -> Changes:
    now = office.local_now
    event = Event(kind, now.date(), now.time(), **facts)  # type: ignore[arg-type]  # the caller names the fields
    with office.database.transaction() as db:
        events = [
            add_event(
                db, pupil_id=pupil_id, event=event, words=words, written_at=office.now(), written_by=office.user.id
            )
            for pupil_id in pupils
        ]
        journal_act(db, office, act, pupils, events=events)
    return Changes(frozenset({Area.EVENTS}), frozenset(pupils))


def _refuse_built_upon(db: Session, act: Act) -> None:
    """Refuse to take back what somebody else has gone on from; one's own later acts were taken back before."""
    why = ""
    if is_final_since(db, act):
        why = "A step of the removal from roll was taken since, and may rest on it."
    elif are_columns_altered_since(db, act):
        why = "Somebody has entered another day since."
    elif is_answered(db, act.events):
        why = "Somebody has written down since what came of it."
    if why:
        raise RefusedError("This can’t be undone any more.", detail=why, remedy="Write down what is right instead.")


def journal_act(
    db: Session,
    office: Office,
    act: str,
    pupils: tuple[PupilId, ...],
    *,
    events: Iterable[EventId] = (),
    numbers: Iterable[tuple[int, str]] = (),
    tasks: Iterable[int] = (),
    struck: Iterable[EventId] = (),
) -> None:
    """Write an act about pupils into the journal, with what is needed to take it back."""
    details = act_details(
        pupils=pupils, events=tuple(events), numbers=tuple(numbers), tasks=tuple(tasks), struck=tuple(struck)
    )
    subject = " ".join(f"pupil:{pupil}" for pupil in pupils)
    write_journal(db, at=office.now(), by=office.user.id, act=act, subject=subject, details=details)


def _contact_rung(db: Session, pupils: tuple[PupilId, ...], contact_id: ContactId | None) -> ContactDetails | None:
    if contact_id is None:
        return None
    contact = find_contact(db, contact_id)
    if contact is None or contact.pupil_id not in pupils:
        raise BadInputError("This contact is no longer on the list.", remedy="Read the card again with F5.")
    if contact.do_not_contact:
        raise RefusedError(
            "This person must not be contacted.",
            detail="Nothing was saved.",
            remedy="Ask the safeguarding lead.",
        )
    return contact


def _own_contact(db: Session, pupil_id: PupilId, rung: ContactDetails | None) -> ContactDetails | None:
    if rung is None or rung.pupil_id == pupil_id:
        return rung
    digits = {number.digits for number in rung.numbers}
    theirs = list_contacts(db, pupil_id)
    same_number = (one for one in theirs if digits & {number.digits for number in one.numbers})
    same_person = (one for one in theirs if (one.relation, one.name) == (rung.relation, rung.name))
    return next(same_number, None) or next(same_person, None)


def number_to_ring(contact: ContactDetails) -> ContactNumber | None:
    """The number the card shows large: the first that works, else the first held."""
    working = (number for number in contact.numbers if number.works)
    return next(working, contact.numbers[0] if contact.numbers else None)


def _number_rung(contact: ContactDetails | None) -> str:
    number = number_to_ring(contact) if contact else None
    return number.text if number else ""


def _mark_dead(db: Session, contact: ContactDetails | None, number_used: str, *, at: datetime) -> list[tuple[int, str]]:
    if contact is None:
        return []
    dead = [number for number in contact.numbers if number.text == number_used or len(contact.numbers) == 1]
    for number in dead:
        set_number_quality(db, number.id, NumberQuality.DEAD, at=at)
    return [(number.id, number.quality.value) for number in dead]
