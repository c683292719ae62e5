"""Reports from outside: worries that wait for the safeguarding lead, and questions that wait for an answer.

Whoever may not decide sees that a worry is written down and where it stands, never what was said nor of whom.
"""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import Final

from cme_desktop.casework.in_words import capital, say_clock, say_day, say_due
from cme_desktop.casework.lives.life import Fact, LifeDesk, LifeFile, LifeRow, Step, StepState
from cme_desktop.casework.lives.reading import flags_of, read_events, read_papers, read_pupil, tell_life
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.casework.protected_reading import note_reading
from cme_desktop.casework.report_matching import likely_pupils, say_pupil
from cme_desktop.casework.reports import flag_unheard, may_decide, name_fact, pressing_of, read_reports
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import EventKind
from cme_desktop.domain.reports import ReportKind, ReportSearch, ReportSource
from cme_desktop.policy.rule import Flag, Severity
from cme_desktop.policy.rules.concerns import REPORTED_CONCERN
from cme_desktop.storage.events import WrittenEvent
from cme_desktop.storage.pupils import PupilDetails, list_all_pupils, load_pupil
from cme_desktop.storage.reports import OutsideReport, load_report

HIDDEN: Final = "A report from outside"
_RULE: Final = REPORTED_CONCERN.partition(".")[2]
_UNKNOWN: Final = "not known"
_CLOSED: Final = Severity.WATCH + 1
_BELONGS: Final = frozenset({EventKind.CONCERN_REPORTED, EventKind.REFERRED, EventKind.TOLD})


# -- reading -----------------------------------------------------------------------------------------------------


def list_rows(desk: LifeDesk) -> tuple[LifeRow, ...]:
    """List the reports: open ones first, the most urgent first; then those decided or answered, the latest first."""
    reports = read_reports(desk.office)
    unheard = flag_unheard(reports, desk.roll, chain.from_iterable(desk.flags.values()))
    opened = [report for report in reports if report.is_open]
    ended = [report for report in reports if not report.is_open]
    rows = [_row(desk, report, unheard.get(report.id)) for report in opened]
    rows.sort(key=lambda row: _CLOSED if row.severity is None else row.severity)
    return (*rows, *(_row(desk, report, None) for report in reversed(ended)))


def load_file(desk: LifeDesk, key: str) -> LifeFile:
    """Read one report: what was said, what was looked through, what was decided or answered."""
    with desk.office.database.reading() as db:
        report = load_report(db, _number(key))
        pupils = list_all_pupils(db)
    reports = read_reports(desk.office)
    flag = flag_unheard(reports, desk.roll, chain.from_iterable(desk.flags.values())).get(report.id)
    if report.kind is ReportKind.REQUEST:
        return _request_file(desk, report, pupils)
    if not may_decide(desk.office):
        return _closed_file(desk, report, flag)
    note_reading(desk.office, report.said, pupil_id=report.pupil_id, where="worry", is_worry=True)
    return _worry_file(desk, report, flag, pupils)


# -- private: the list -------------------------------------------------------------------------------------------


def _row(desk: LifeDesk, report: OutsideReport, flag: Flag | None) -> LifeRow:
    is_worry = report.kind is ReportKind.WORRY
    sees = not is_worry or may_decide(desk.office)
    pupil = desk.roll.pupils.get(report.pupil_id) if report.pupil_id is not None else None
    name = report.said.get("child", "") or (pupil.known_as if pupil is not None else "A child, name not known")
    raised = flag or _pupils_flag(desk, report)
    due = raised.due if raised is not None and is_worry else None
    severity = None
    if report.is_open:
        severity = Severity.TODAY if is_worry else pressing_of(report, on=desk.today)
        due = due if is_worry or report.reply_due_on is None else Deadline(report.reply_due_on)
    return LifeRow(
        key=str(report.id),
        pupil_id=report.pupil_id if sees else None,
        name=name if sees else "A child reported",
        hidden_name=HIDDEN,
        beside="worry" if is_worry else "asked after",
        detail=_detail(report),
        when=say_due(due, at=desk.roll.judgement.at) if due is not None and report.is_open else "",
        severity=severity,
        overdue=report.is_open and due is not None and due.is_overdue(desk.roll.judgement.at),
    )


def _pupils_flag(desk: LifeDesk, report: OutsideReport) -> Flag | None:
    if report.pupil_id is None or not report.is_open:
        return None
    return next(iter(flags_of(desk, report.pupil_id, (_RULE,))), None)


def _detail(report: OutsideReport) -> str:
    came = say_day(report.received_on)
    if report.decision is not None:
        return f"{report.decision.in_words}; came {came}"
    if report.answer is not None:
        return f"Answered {say_day(report.replied_on or report.received_on)}: {report.answer.value}"
    if report.kind is ReportKind.REQUEST:
        return f"{report.said['asked_by']}, {came}"
    return f"From {_source(report)}, {came}; waits for the lead"


# -- private: a worry --------------------------------------------------------------------------------------------


def _worry_file(desk: LifeDesk, report: OutsideReport, flag: Flag | None, pupils: tuple[PupilDetails, ...]) -> LifeFile:
    pupil = read_pupil(desk, str(report.pupil_id)) if report.pupil_id is not None else None
    acts: tuple[str, ...] = ()
    if report.is_open:
        acts = ("decide",) if pupil is not None else ("decide", "match")
    return LifeFile(
        row=_row(desk, report, flag),
        pupil=pupil,
        about=pupil.class_name if pupil is not None else "",
        chips=("Worry", "On our roll" if pupil is not None else "Not matched to our roll"),
        warning="A child in danger now: ring 999 first." if report.is_open else "",
        flags=(flag,) if flag is not None else _pupil_flags(desk, report),
        steps=_worry_steps(report, flag or _pupils_flag(desk, report)),
        facts=(*_worry_facts(desk, report, pupil, pupils), *_decision_facts(report)),
        papers=read_papers(desk, pupil.id, _papers(report)) if pupil is not None else (),
        papers_about=_papers(report) if pupil is not None else "",
        history=tell_life(desk, pupil.id, read_events(desk, pupil.id), belongs=_belongs, since=report.received_on)
        if pupil is not None
        else (),
        acts=acts,
    )


def _closed_file(desk: LifeDesk, report: OutsideReport, flag: Flag | None) -> LifeFile:
    """What everybody else sees of a worry: that it is there, and where it stands."""
    return LifeFile(
        row=_row(desk, report, flag),
        pupil=None,
        about="",
        chips=("Worry",),
        warning="A child in danger now: ring 999 first." if report.is_open else "",
        steps=_worry_steps(report, flag or _pupils_flag(desk, report)),
        facts=(
            *_came(report),
            Fact("What was said", "Only the safeguarding lead and the head read it."),
        ),
    )


def _pupil_flags(desk: LifeDesk, report: OutsideReport) -> tuple[Flag, ...]:
    flag = _pupils_flag(desk, report)
    return (flag,) if flag is not None else ()


def _worry_steps(report: OutsideReport, flag: Flag | None) -> tuple[Step, ...]:
    written = Step("Written down", StepState.DONE, f"{say_day(report.received_on)}, {report.made_by_name}")
    if report.decided_at is not None:
        decided = report.decided_at.astimezone(LOCAL_ZONE).date()
        return (written, Step("Decided", StepState.DONE, f"{say_day(decided)}, {report.decided_by_name}"))
    late = flag is not None and flag.overdue
    when = say_day(flag.due.on) if flag is not None and flag.due is not None else ""
    return (written, Step("The safeguarding lead decides", StepState.LATE if late else StepState.DUE, when))


def _worry_facts(
    desk: LifeDesk, report: OutsideReport, pupil: PupilDetails | None, pupils: tuple[PupilDetails, ...]
) -> tuple[Fact, ...]:
    said = report.said
    who = said.get("reporter", "")
    if said.get("unnamed"):
        who = f"{who}: wishes not to be named" if who else "Wishes not to be named"
    return (
        Fact("What was said", said["words"]),
        _said("Age or date of birth", said.get("age", "")),
        _said("Address or place", said.get("address", "")),
        _said("Seen", said.get("seen", "")),
        _said("Who says so", who),
        _said("How to reach them", said.get("reach", "")),
        *_came(report),
        *_on_roll(desk, report, pupil, pupils),
    )


def _on_roll(
    desk: LifeDesk, report: OutsideReport, pupil: PupilDetails | None, pupils: tuple[PupilDetails, ...]
) -> tuple[Fact, ...]:
    if pupil is not None:
        return (Fact("On our roll", say_pupil(pupil, on=desk.today)),)
    if not report.is_open:
        return ()
    likely = likely_pupils(pupils, name=report.said.get("child", ""), age=report.said.get("age", ""), on=desk.today)
    names = "\n".join(f"{each.known} ({each.why})" for each in likely)
    return (Fact("May be one of ours", names or "Nobody of this name is on our roll, has left it or is to start."),)


def _decision_facts(report: OutsideReport) -> tuple[Fact, ...]:
    if report.decision is None:
        return ()
    fact = report.said.get(f"fact_{report.decision.value}", "")
    return (
        Fact("Decided", report.decision.in_words),
        *((Fact(capital(name_fact(report.decision).removeprefix("the ")), fact),) if fact else ()),
        Fact("Because", report.reason),
    )


# -- private: a question -----------------------------------------------------------------------------------------


def _request_file(desk: LifeDesk, report: OutsideReport, pupils: tuple[PupilDetails, ...]) -> LifeFile:
    pupil = None
    if report.pupil_id is not None:
        with desk.office.database.reading() as db:
            pupil = load_pupil(db, report.pupil_id)
    acts: tuple[str, ...] = ()
    if report.is_open:
        acts = (*(("searched",) if report.searches_left else ()), *(("answer",) if may_decide(desk.office) else ()))
    return LifeFile(
        row=_row(desk, report, None),
        pupil=pupil,
        about=report.said["asked_by"],
        chips=("Asked after",),
        warning="" if not report.is_open or ReportSearch.ASKER not in report.searches_left
        else "Say nothing on the telephone before you have rung back on a number you found yourself.",
        steps=_request_steps(desk, report),
        facts=_request_facts(desk, report, pupils),
        acts=acts,
    )  # fmt: skip


def _request_steps(desk: LifeDesk, report: OutsideReport) -> tuple[Step, ...]:
    done = {each.what: each for each in report.searched}
    steps = [
        Step(what.short, StepState.DONE, f"{say_day(done[what].on)}, {done[what].by}")
        if what in done
        else Step(what.short, StepState.DUE if report.is_open else StepState.NOT_NEEDED)
        for what in ReportSearch
    ]
    if report.replied_on is not None:
        return (*steps, Step("Answered", StepState.DONE, f"{say_day(report.replied_on)}, {report.replied_by_name}"))
    due = report.reply_due_on
    late = due is not None and Deadline(due).is_overdue(desk.roll.judgement.at)
    when = say_day(due) if due is not None else ""
    return (*steps, Step("Answer", StepState.LATE if late else StepState.DUE, when, "The school’s own target"))


def _request_facts(desk: LifeDesk, report: OutsideReport, pupils: tuple[PupilDetails, ...]) -> tuple[Fact, ...]:
    said = report.said
    born = date.fromisoformat(said["born"]) if said.get("born") else None
    likely = likely_pupils(pupils, name=said["child"], born=born, on=desk.today) if report.is_open else ()
    found = "\n".join(f"{each.known} ({each.why})" for each in likely)
    return (
        _said("Born", f"{born:%d/%m/%Y}" if born else ""),
        _said("Last known address", said.get("address", "")),
        Fact("Asked by", said["asked_by"]),
        Fact("Answer to", said["answer_to"]),
        _said("Their reference", said.get("reference", "")),
        *_came(report),
        *((Fact("May be", found or "Nobody of this name or date of birth is in our records."),) if report.is_open
          else ()),
        *((Fact("Answered", report.reply), Fact("Sent to", f"{said['sent_to']}, {said['sent_how']}"))
          if report.answer is not None else ()),
    )  # fmt: skip


# -- private: both -----------------------------------------------------------------------------------------------


def _came(report: OutsideReport) -> tuple[Fact, ...]:
    clock = f", {say_clock(report.received_at)}" if report.received_at else ""
    return (Fact("Came", f"{say_day(report.received_on)}{clock}, from {_source(report)}"),)


def _said(label: str, text: str) -> Fact:
    return Fact(label, text or _UNKNOWN, is_missing=not text)


def _source(report: OutsideReport) -> str:
    return ReportSource(report.said["source"]).in_words


def _papers(report: OutsideReport) -> str:
    return f"report:{report.id}"


def _belongs(written: WrittenEvent) -> bool:
    event = written.event
    return event.kind in _BELONGS or (event.kind is EventKind.DECISION and event.about == REPORTED_CONCERN)


def _number(key: str) -> int:
    if not key.isdigit():
        raise CmeError("This line is no longer there.", remedy="Read the list again with F5.")
    return int(key)
