"""Anyone's worry about a child, on roll or not, and another school's question whether a child has come here.

Everybody may write one down. Only the safeguarding lead or the head reads what was said, decides and answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.case_entry import refuse_future
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs, open_to_all, sees_protection
from cme_desktop.casework.protected_reading import note_reading
from cme_desktop.casework.pupil_entry import clock_of, refuse_moment_ahead, require, write_line
from cme_desktop.casework.roll import Roll, load_roll
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, CalendarError, RefusedError
from cme_desktop.domain.events import Event, EventKind, Recipient
from cme_desktop.domain.identifiers import EventId, PupilId, ReportId
from cme_desktop.domain.reports import (
    ReportAnswer,
    ReportDecision,
    ReportKind,
    ReportSearch,
    ReportSource,
    ReportStep,
)
from cme_desktop.domain.rights import Right, who_may
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.rule import Flag, Rule, Severity
from cme_desktop.policy.rules.concerns import REPORTED_CONCERN, OutsideConcern, flag_outside_concern
from cme_desktop.storage.acts import act_details
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import PupilDetails, list_all_pupils
from cme_desktop.storage.reports import (
    OutsideReport,
    Searched,
    add_report,
    add_searches,
    decide_report,
    list_reports,
    load_report,
    match_report,
    reply_to_report,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.domain.calendar import SchoolCalendar

__all__ = [
    "DECIDERS",
    "REPLY_WITHIN",
    "ChildAskedAfter",
    "OutsideReport",
    "ReportDesk",
    "ReportEntered",
    "Worry",
    "answer_request",
    "decide_worry",
    "draft_reply",
    "flag_unheard",
    "load_report_desk",
    "match_worry",
    "may_decide",
    "name_fact",
    "pressing_of",
    "read_report",
    "read_reports",
    "record_searches",
    "report_request",
    "report_worry",
]

DECIDERS: Final = frozenset(who_may(Right.NOTE_PROTECTION))
REPLY_WITHIN: Final = "england.outside-request.reply-within"
_TOLD: Final = {
    ReportDecision.TOLD_CARE: Recipient.SOCIAL_CARE,
    ReportDecision.TOLD_POLICE: Recipient.POLICE,
}


def _only_they_decide() -> RefusedError:
    return RefusedError(
        "This is for the safeguarding lead or the head.",
        remedy="The report is written down and waits for them; tell them in person if it can’t wait.",
    )


@dataclass(frozen=True, slots=True)
class Worry:
    """What somebody says of a child who may be in no school. An empty text is what nobody knows.

    ``reach`` says how to reach who reports it; ``unnamed`` that they wish not to be named.
    """

    source: ReportSource
    on: date
    words: str
    at: time | None = None
    child: str = ""
    age: str = ""
    address: str = ""
    seen: str = ""
    reporter: str = ""
    reach: str = ""
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class ChildAskedAfter:
    """Another school's or authority's question whether a child has come here."""

    asked_by: str
    answer_to: str
    on: date
    reply_due_on: date
    child: str
    born: date | None = None
    address: str = ""
    reference: str = ""
    source: ReportSource = ReportSource.SCHOOL


@dataclass(frozen=True, slots=True)
class ReportEntered:
    """The report just written down."""

    report_id: ReportId
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True, slots=True)
class ReportDesk:
    """What a dialog about a report starts from: the pupils who may be meant, and the day an answer is aimed at.

    ``reply_within`` is the school's own target in school days; where the calendar does not reach so far, working days
    are counted for ``reply_due_on``.
    """

    today: date
    pupils: tuple[PupilDetails, ...]
    reply_within: int
    reply_due_on: date


@open_to_all
def may_decide(office: Office) -> bool:
    """Whether the one signed in reads what was said, and decides."""
    return office.user.role in DECIDERS


@needs(Right.SEE_NAMES)
def load_report_desk(office: Office, *, roll: Roll | None = None) -> ReportDesk:
    """Read who is, was or will be on roll, and the day by which an answer given today is aimed at."""
    known = roll or load_roll(office)
    within = known.rulebook.parameters.value_on(REPLY_WITHIN, office.today)
    with office.database.reading() as db:
        pupils = list_all_pupils(db)
    return ReportDesk(office.today, pupils, within, _reply_due_on(known.judgement.calendar, office.today, within))


# -- writing down ------------------------------------------------------------------------------------------------


@needs(Right.ENTER_WORRIES)
def report_worry(office: Office, *, worry: Worry, pupil_id: PupilId | None = None) -> ReportEntered:
    """Write a worry down; where a person says which pupil it is, that pupil's history says that one waits."""
    require("The report can’t be saved yet.", {"what was said or seen": worry.words})
    # Without a time it would count at the close of its day, after the decision of that day.
    at = worry.at or clock_of(office, worry.on)
    event = _concern(worry.source, worry.on, at)
    refuse_moment_ahead(event, office)
    said = {
        "source": worry.source.value, "words": worry.words, "child": worry.child, "age": worry.age,
        "address": worry.address, "seen": worry.seen, "reporter": worry.reporter, "reach": worry.reach,
        "unnamed": "yes" if worry.unnamed else "",
    }  # fmt: skip
    with office.database.transaction() as db:
        report_id = add_report(
            db, kind=ReportKind.WORRY, received_on=worry.on, received_at=at, said=_tidy(said), at=office.now(),
            by=office.user.id,
        )  # fmt: skip
        events = _write_match(db, office, report_id, pupil_id, event)
        _write_act(db, office, report_id, ReportStep.ENTERED, pupil_id=pupil_id, events=events)
    return ReportEntered(report_id, _changes(pupil_id))


@needs(Right.ENTER_WORRIES)
def report_request(office: Office, *, request: ChildAskedAfter) -> ReportEntered:
    """Write down that another school or authority asks after a child, and by when it is to be answered."""
    require(
        "The question can’t be saved yet.",
        {"the child’s name": request.child, "who asks": request.asked_by, "how to answer them": request.answer_to},
    )
    refuse_future(request.on, office)
    if request.reply_due_on < request.on:
        raise BadInputError("The answer would be due before it was asked.", remedy="Enter a later day.")
    said = {
        "source": request.source.value, "child": request.child,
        "born": request.born.isoformat() if request.born else "", "address": request.address,
        "asked_by": request.asked_by, "answer_to": request.answer_to, "reference": request.reference,
    }  # fmt: skip
    with office.database.transaction() as db:
        report_id = add_report(
            db, kind=ReportKind.REQUEST, received_on=request.on, received_at=clock_of(office, request.on),
            reply_due_on=request.reply_due_on, said=_tidy(said), at=office.now(), by=office.user.id,
        )  # fmt: skip
        _write_act(db, office, report_id, ReportStep.ENTERED)
    return ReportEntered(report_id, _changes(None))


# -- deciding ----------------------------------------------------------------------------------------------------


@needs(Right.NOTE_PROTECTION, refusal=_only_they_decide)
def match_worry(office: Office, *, report_id: ReportId, pupil_id: PupilId) -> Changes:
    """Say which pupil a worry is about; the duty then stands with that pupil."""
    with office.database.transaction() as db:
        report = _load_undecided(db, report_id)
        if report.pupil_id is not None:
            raise RefusedError("This report already names a pupil.", remedy="Undo that first, if it is the wrong one.")
        event = _concern(ReportSource(report.said["source"]), report.received_on, report.received_at)
        events = _write_match(db, office, report_id, pupil_id, event)
        _write_act(db, office, report_id, ReportStep.MATCHED, pupil_id=pupil_id, events=events)
    return _changes(pupil_id)


@needs(Right.NOTE_PROTECTION, refusal=_only_they_decide)
def decide_worry(
    office: Office, *, report_id: ReportId, decision: ReportDecision, reason: str, fact: str = ""
) -> Changes:
    """Write down what the safeguarding lead or the head does about a worry, and why; that settles the duty.

    ``fact`` is the reference of a referral, who was told, or where the child is in education.
    """
    require("The decision can’t be saved yet.", _needed_for(decision, reason=reason, fact=fact))
    with office.database.transaction() as db:
        report = _load_undecided(db, report_id)
        facts = {f"fact_{decision.value}": fact.strip()} if name_fact(decision) else {}
        decide_report(
            db, report_id, decision=decision, reason=reason.strip(), facts=facts, at=office.now(), by=office.user.id
        )
        events = _write_decision(db, office, report, decision, reason=reason, fact=fact)
        _write_act(db, office, report_id, ReportStep.DECIDED, pupil_id=report.pupil_id, events=events)
    return _changes(report.pupil_id)


def name_fact(decision: ReportDecision) -> str:
    """Say what else a decision must name; empty where nothing."""
    return {
        ReportDecision.REFERRED: "the reference, or who took the referral",
        ReportDecision.TOLD_CARE: "who was told, and the reference",
        ReportDecision.TOLD_POLICE: "who was told, and the reference",
        ReportDecision.IN_EDUCATION: "where the child is in education, and who said so",
        ReportDecision.NOT_ENOUGH: "",
    }[decision]


# -- answering ---------------------------------------------------------------------------------------------------


@needs(Right.WORK_ON_ROLL)
def record_searches(office: Office, *, report_id: ReportId, searches: Iterable[ReportSearch]) -> Changes:
    """Write down what was looked through before a question is answered."""
    with office.database.transaction() as db:
        report = _load_unanswered(db, report_id)
        fresh = tuple(each for each in searches if each in report.searches_left)
        if not fresh:
            raise BadInputError("Nothing new is ticked.", remedy="Tick what was searched or asked.")
        add_searches(db, report_id, tuple(Searched(each, office.today, office.user.name) for each in fresh))
        _write_act(db, office, report_id, ReportStep.SEARCHED)
    return _changes(None)


@needs(Right.NOTE_PROTECTION, refusal=_only_they_decide)
def answer_request(
    office: Office,
    *,
    report_id: ReportId,
    answer: ReportAnswer,
    reply: str,
    sent_to: str,
    sent_how: str,
    pupil_id: PupilId | None = None,
) -> Changes:
    """Write down what another school or authority was answered, to whom and how it was sent.

    Who asks must have been made sure of before anything is said; "no" only once everything was searched.
    """
    needed = {"what was answered": reply, "to whom it was sent": sent_to, "how it was sent": sent_how}
    if answer is not ReportAnswer.NO:
        needed["which pupil it is"] = "" if pupil_id is None else "named"
    require("The answer can’t be saved yet.", needed)
    with office.database.transaction() as db:
        report = _load_unanswered(db, report_id)
        _refuse_unsearched(report, answer)
        pupil = pupil_id if answer is not ReportAnswer.NO else None
        events: tuple[EventId, ...] = ()
        if pupil is not None:
            event = Event(EventKind.NOTE, office.today, clock_of(office, office.today))
            words = f"{report.said['asked_by']} asked whether the child came here and was answered. See Roll, Reports."
            events = (write_line(db, office, pupil, event, words=words),)
            match_report(db, report_id, pupil_id=pupil, event_id=events[0])
        facts = {"sent_to": sent_to.strip(), "sent_how": sent_how.strip()}
        reply_to_report(
            db, report_id, answer=answer, reply=reply.strip(), facts=facts, on=office.today, by=office.user.id
        )
        also = (ReportStep.MATCHED,) if pupil is not None else ()
        _write_act(db, office, report_id, ReportStep.REPLIED, *also, pupil_id=pupil, events=events)
    return _changes(pupil)


def draft_reply(answer: ReportAnswer, pupil: PupilDetails | None) -> str:
    """Word an answer that says what was asked and nothing else: no address, no class, no attendance."""
    since = f"{pupil.starting_day:%d/%m/%Y}" if pupil is not None and pupil.starting_day else "…"
    until = f"{pupil.left_on:%d/%m/%Y}" if pupil is not None and pupil.left_on else "…"
    return {
        ReportAnswer.YES: f"Yes: a child of this name and date of birth has been on our roll since {since}.",
        ReportAnswer.ONCE: f"A child of this name and date of birth was on our roll from {since}, and left on {until}.",
        ReportAnswer.NO: "No: we searched our roll, our leavers and those who are to start, and do not know a child "
        "of this name and date of birth.",
    }[answer]


# -- reading -----------------------------------------------------------------------------------------------------


@needs(Right.SEE_NAMES)
def read_reports(office: Office) -> tuple[OutsideReport, ...]:
    """Read every report that stands."""
    with office.database.reading() as db:
        return tuple(_without_worry(office, report) for report in list_reports(db))


@needs(Right.SEE_NAMES)
def read_report(office: Office, report_id: ReportId) -> OutsideReport:
    """Read one report."""
    with office.database.reading() as db:
        report = load_report(db, report_id)
    note_reading(office, report.said, pupil_id=report.pupil_id, where="worry", is_worry=report.kind is ReportKind.WORRY)
    return _without_worry(office, report)


def _without_worry(office: Office, report: OutsideReport) -> OutsideReport:
    """Leave out of a worry what was said, and who the child is, for all but those who decide on it."""
    if report.kind is not ReportKind.WORRY or sees_protection(office):
        return report
    return replace(report, said={"source": report.said["source"]}, pupil_id=None, reason="")


def flag_unheard(reports: Iterable[OutsideReport], roll: Roll, flags: Iterable[Flag]) -> dict[ReportId, Flag]:
    """Raise the rule's flag for each worry that waits for a decision and that no pupil's flag stands for.

    That is one about a child on no roll of ours, and one that came after the decision on another about the same pupil.
    ``flags`` are those of the pupils.
    """
    rule = roll.rulebook.find_rule(REPORTED_CONCERN)
    moment = Moment(roll.judgement)
    waiting = [report for report in reports if report.kind is ReportKind.WORRY and report.is_open]
    heard = {flag.pupil_id for flag in flags if flag.rule_id == REPORTED_CONCERN}
    if not isinstance(rule, Rule) or not rule.is_in_force(moment.on):
        return {}
    return {
        report.id: flag_outside_concern(OutsideConcern(report.received_on, _source(report)), moment, rule=rule)
        for report in waiting
        if report.received_on <= moment.on and report.pupil_id not in heard
    }


def pressing_of(report: OutsideReport, *, on: date) -> Severity:
    """How much an unanswered question presses: from the day the answer is due it is for today."""
    is_due = report.reply_due_on is not None and report.reply_due_on <= on
    return Severity.TODAY if is_due else Severity.THIS_WEEK


# -- private -----------------------------------------------------------------------------------------------------


def _reply_due_on(calendar: SchoolCalendar, today: date, within: int) -> date:
    try:
        return calendar.school_day_after(today, count=within)
    except CalendarError:  # the year ends: a worry is written down and a question answered all the same
        return calendar.working_day_after(today, count=within)


def _refuse_unsearched(report: OutsideReport, answer: ReportAnswer) -> None:
    left = report.searches_left
    if ReportSearch.ASKER in left:
        raise RefusedError(
            "Nobody has made sure who asks.",
            remedy="Ring back on a number you found yourself, tick it under “Searched”, then answer.",
        )
    if answer is ReportAnswer.NO and left:
        raise RefusedError(
            "“No” can’t be answered yet.",
            detail="Not done: " + "; ".join(each.in_words.lower() for each in left) + ".",
            remedy="Search the rest and tick it, then answer.",
        )


def _needed_for(decision: ReportDecision, *, reason: str, fact: str) -> dict[str, str]:
    named = name_fact(decision)
    return {**({named: fact} if named else {}), "the reason": reason}


def _load_undecided(db: Session, report_id: ReportId) -> OutsideReport:
    report = load_report(db, report_id)
    if report.kind is not ReportKind.WORRY or not report.is_open:
        raise RefusedError("This report is decided already.", remedy="Read the list again with F5.")
    return report


def _load_unanswered(db: Session, report_id: ReportId) -> OutsideReport:
    report = load_report(db, report_id)
    if report.kind is not ReportKind.REQUEST or not report.is_open:
        raise RefusedError("This question is answered already.", remedy="Read the list again with F5.")
    return report


def _concern(source: ReportSource, on: date, at: time | None) -> Event:
    return Event(EventKind.CONCERN_REPORTED, on, at, by=source.in_words)


def _write_match(
    db: Session, office: Office, report_id: ReportId, pupil_id: PupilId | None, event: Event
) -> tuple[EventId, ...]:
    if pupil_id is None:
        return ()
    event_id = write_line(db, office, pupil_id, event)
    match_report(db, report_id, pupil_id=pupil_id, event_id=event_id)
    return (event_id,)


def _write_decision(
    db: Session, office: Office, report: OutsideReport, decision: ReportDecision, *, reason: str, fact: str
) -> tuple[EventId, ...]:
    if report.pupil_id is None:
        return ()
    clock = clock_of(office, office.today)
    decided = Event(
        EventKind.DECISION, office.today, clock, about=REPORTED_CONCERN, choice=decision.in_words,
        reason=reason.strip(),
    )  # fmt: skip
    events = [write_line(db, office, report.pupil_id, decided, answers=report.event_id)]
    if decision is ReportDecision.REFERRED:
        referred = Event(EventKind.REFERRED, office.today, clock, to=Recipient.AUTHORITY_CME)
        events.append(write_line(db, office, report.pupil_id, referred, words=fact))
    elif decision in _TOLD:
        told = Event(EventKind.TOLD, office.today, clock, who=_TOLD[decision])
        events.append(write_line(db, office, report.pupil_id, told, words=fact))
    return tuple(events)


def _write_act(
    db: Session,
    office: Office,
    report_id: ReportId,
    *steps: ReportStep,
    pupil_id: PupilId | None = None,
    events: tuple[EventId, ...] = (),
) -> None:
    undo = act_details(
        pupils=() if pupil_id is None else (pupil_id,), events=events,
        reports=tuple((int(report_id), step.value) for step in steps),
    )  # fmt: skip
    act = f"report {steps[0].value}"
    write_journal(db, at=office.now(), by=office.user.id, act=act, subject=f"report:{report_id}", details=undo)


def _changes(pupil_id: PupilId | None) -> Changes:
    areas = {Area.REPORTS} if pupil_id is None else {Area.REPORTS, Area.EVENTS}
    return Changes(frozenset(areas), frozenset() if pupil_id is None else frozenset({pupil_id}))


def _source(report: OutsideReport) -> str:
    return ReportSource(report.said["source"]).in_words


def _tidy(said: dict[str, str]) -> dict[str, str]:
    return {name: text.strip() for name, text in said.items() if text.strip()}
