"""Leave: each request with what was considered and decided, the way back, and leave admitted only afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.lives.leave_days import say_span
from cme_desktop.casework.lives.leave_decision import MAY_DECIDE
from cme_desktop.casework.lives.leave_facts import facts_of_leave
from cme_desktop.casework.lives.leave_marks import LeaveMarks, first_attended_after, marks_of_leave
from cme_desktop.casework.lives.leave_matter import OF_LEAVE, LeaveMatter, LeaveState, Risk, RiskAnswer, matters_of
from cme_desktop.casework.lives.leave_steps import EVIDENCE, FORM, INTERVIEW, Return, asks_for, return_of, steps_of
from cme_desktop.casework.lives.life import LifeDesk, LifeFile, LifeRow
from cme_desktop.casework.lives.reading import (
    flagged_row,
    flags_of,
    read_events,
    read_papers,
    read_pupil,
    record_of,
    sort_rows,
    tell_life,
)
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy import runs
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.record import PupilRecord
from cme_desktop.policy.rule import Flag, Severity
from cme_desktop.storage.events import WrittenEvent, list_events
from cme_desktop.storage.pupils import PupilDetails, list_siblings

WINDOW: Final = timedelta(days=90)
"""How long a leave stays on the list after its last day, once nothing of it is to be done."""

_BEFORE: Final = ("leave-request", EVIDENCE, INTERVIEW, FORM)
_NOT_BACK: Final = ("leave-not-returned", "twenty-days-after-leave")
_IRREGULAR: Final = ("told-after-leave", "twenty-days-after-leave", "penalty-threshold")
_ROUND_IT: Final = frozenset({
    EventKind.CONTACT_ATTEMPT, EventKind.HOME_VISIT, EventKind.CHILD_SEEN, EventKind.TOLD, EventKind.REFERRED,
    EventKind.JOINT_ENQUIRIES,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeaveFile(LifeFile):
    """One leave's file, with the leave itself: what its acts are about."""

    matter: LeaveMatter | None = None
    is_evidence_asked: bool = False


@dataclass(frozen=True, slots=True)
class Leave:
    """One leave with what the register says of it."""

    matter: LeaveMatter
    marks: LeaveMarks | None
    coming: Return | None
    flags: tuple[Flag, ...]
    is_away: bool
    """Whether the child was due back and the register has shown it absent since."""


# -- reading -----------------------------------------------------------------------------------------------------


def list_rows(desk: LifeDesk) -> tuple[LifeRow, ...]:
    """List every request that waits, every leave whose child is not back, and those over for less than ninety days."""
    rows = []
    for record, matters in _read_matters(desk):
        pupil = desk.roll.pupils[record.pupil.id]
        leaves = (_leave_of(desk, record, matter, matters) for matter in matters)
        rows += [_row(desk, pupil, leave) for leave in leaves if _is_listed(desk, leave)]
    return sort_rows(rows)


def load_file(desk: LifeDesk, key: str) -> LeaveFile:
    """Read one leave: what is to be considered and decided, when the child is due back, and what the register says."""
    pupil = read_pupil(desk, key.partition("-")[0])
    events = read_events(desk, pupil.id)
    matters = matters_of(events)
    matter = next((each for each in matters if each.key == key), None)
    record = record_of(desk, pupil.id)
    if matter is None or record is None:
        raise CmeError("This leave is no longer there.", remedy="Read the list again with F5.")
    leave = _leave_of(desk, record, matter, matters)
    return LeaveFile(
        row=_row(desk, pupil, leave),
        pupil=pupil,
        about=pupil.class_name,
        chips=(matter.state.value,),
        warning=_warning(leave),
        flags=leave.flags,
        steps=steps_of(desk, matter, events, leave.coming),
        facts=facts_of_leave(desk, matter, leave.coming, leave.marks, siblings=_siblings(desk, pupil.id, matter)),
        papers=read_papers(desk, pupil.id, papers_about(matter)),
        papers_about=papers_about(matter),
        history=tell_life(desk, pupil.id, events, belongs=_belongs(matter), since=matter.begun_on),
        acts=_acts(desk, leave),
        matter=matter,
        is_evidence_asked=asks_for(desk, EVIDENCE),
    )


def papers_about(matter: LeaveMatter) -> str:
    """What the papers of this leave belong to."""
    return f"leave-{matter.root}"


# -- private: reading --------------------------------------------------------------------------------------------


def _read_matters(desk: LifeDesk) -> Iterator[tuple[PupilRecord, tuple[LeaveMatter, ...]]]:
    with desk.office.database.reading() as db:
        for record in desk.roll.records:
            if any(event.kind in OF_LEAVE for event in record.events):
                yield record, matters_of(list_events(db, pupil_id=record.pupil.id))


def _leave_of(desk: LifeDesk, record: PupilRecord, matter: LeaveMatter, matters: Iterable[LeaveMatter]) -> Leave:
    calendar = desk.roll.judgement.calendar
    coming = None
    if matter.granted_last is not None:
        last = _last_in_a_row(desk, matter.granted_last, tuple(matters))
        coming = return_of(desk, last, first_attended_after(calendar, record.line, last))
    return Leave(
        matter,
        marks_of_leave(matter, calendar, record.line),
        coming,
        _flags(desk, record, matter),
        is_away=coming is not None and _is_away(desk, record, coming),
    )


def _last_in_a_row(desk: LifeDesk, last: date, matters: tuple[LeaveMatter, ...]) -> date:
    """Go on through leaves granted without a school day between them."""
    calendar = desk.roll.judgement.calendar
    while True:
        gap_end = next((day for day in calendar.school_days if day > last), None)
        following = [
            each.granted_last
            for each in matters
            if each.granted_first and each.granted_last and gap_end and each.granted_first <= gap_end
        ]
        latest = max(following, default=last)
        if latest <= last:
            return last
        last = latest


def _is_away(desk: LifeDesk, record: PupilRecord, coming: Return) -> bool:
    first = desk.roll.judgement.calendar.count_sessions_through(coming.last)
    return coming.back_on is None and runs.count_of(record.line, runs.ABSENT, first=first) > 0


def _flags(desk: LifeDesk, record: PupilRecord, matter: LeaveMatter) -> tuple[Flag, ...]:
    pupil_id = record.pupil.id
    if matter.state is LeaveState.ASKED:
        return flags_of(desk, pupil_id, _BEFORE)
    if matter.state is LeaveState.GRANTED:
        ended_on = Facts(record, Moment(desk.roll.judgement)).leave_ended_on
        is_this = ended_on is not None and ended_on == matter.granted_last
        return flags_of(desk, pupil_id, _NOT_BACK) if is_this else ()
    slugs = _IRREGULAR if matter.state is LeaveState.ADMITTED else _IRREGULAR[1:]
    return tuple(flag for flag in flags_of(desk, pupil_id, slugs) if _is_about(flag, matter))


def _is_about(flag: Flag, matter: LeaveMatter) -> bool:
    if not flag.finding.counted:
        return True
    first, last = matter.first, matter.last
    return first is not None and last is not None and any(first <= each.on <= last for each in flag.finding.counted)


def _is_listed(desk: LifeDesk, leave: Leave) -> bool:
    matter = leave.matter
    if matter.state is LeaveState.ASKED or leave.is_away or leave.flags or matter.is_lead_untold:
        return True
    over = leave.coming.last if leave.coming is not None else matter.last or matter.begun_on
    return desk.today - over < WINDOW


# -- private: saying ---------------------------------------------------------------------------------------------


def _row(desk: LifeDesk, pupil: PupilDetails, leave: Leave) -> LifeRow:
    due_on = leave.coming.due_on if leave.coming is not None and leave.coming.back_on is None else None
    when = f"back {say_day(due_on)}" if due_on is not None and due_on >= desk.today else ""
    row = flagged_row(desk, pupil, key=leave.matter.key, detail=_say(leave), flags=leave.flags, when=when)
    if leave.matter.is_lead_untold:
        return replace(row, severity=Severity.NOW, when="tell the lead")
    if row.severity is None and leave.marks is not None and leave.marks.disagreements:
        return replace(row, severity=Severity.THIS_WEEK, when=row.when or "check the marks")
    return row


def _say(leave: Leave) -> str:
    matter, coming = leave.matter, leave.coming
    if coming is not None and coming.back_on is not None:
        return f"Back since {say_day(coming.back_on)}"
    if coming is not None and leave.is_away and coming.due_on is not None:
        return f"Not back: was due {say_day(coming.due_on)}"
    span = say_span(matter.granted_first or matter.first, matter.granted_last or matter.last)
    return f"{matter.state.value}: {span}"


def _warning(leave: Leave) -> str:
    matter = leave.matter
    said = []
    if matter.is_lead_untold:
        said.append("A risk was seen in this journey. Tell the safeguarding lead now.")
    mutilation = matter.considered(Risk.MUTILATION)
    if mutilation is not None and mutilation.answer is RiskAnswer.YES:
        said.append(
            "Where mutilation is known to have happened, the teacher who learned of it tells the police in person."
        )
    if leave.is_away:
        said.append("The leave is over and the child is not back.")
    if leave.marks is not None and leave.marks.disagreements:
        said.append("The register does not fit the decision: see below what is known.")
    return " ".join(said)


def _siblings(desk: LifeDesk, pupil_id: PupilId, matter: LeaveMatter) -> tuple[tuple[str, str], ...]:
    """Name the brothers and sisters on roll, with what is known of leave for the same days."""
    found = []
    with desk.office.database.reading() as db:
        for sibling in list_siblings(db, pupil_id):
            if sibling.is_on_roll(desk.today):
                theirs = matters_of(list_events(db, pupil_id=sibling.id))
                same = next((each for each in theirs if _is_same_journey(each, matter)), None)
                found.append((sibling.known_as, same.state.value.lower() if same else "no leave for these days"))
    return tuple(found)


def _is_same_journey(one: LeaveMatter, other: LeaveMatter) -> bool:
    return other.first is not None and other.last is not None and one.shares_days(other.first, other.last)


def _belongs(matter: LeaveMatter) -> Callable[[WrittenEvent], bool]:
    own = {matter.root, *(line.id for line in (matter.asked, matter.admitted, matter.decision) if line is not None)}

    def belongs(written: WrittenEvent) -> bool:
        return written.id in own or written.answers in own or written.event.kind in _ROUND_IT

    return belongs


def _acts(desk: LifeDesk, leave: Leave) -> tuple[str, ...]:
    matter = leave.matter
    urgent = ("lead_told",) if matter.is_lead_untold else ()
    if matter.state is LeaveState.ASKED:
        return (*urgent, *_next_for_a_request(desk, matter), "letter", "withdraw")
    if matter.state is LeaveState.GRANTED:
        after = ("ring", "joint", "told") if leave.is_away else ("ring", "told", "joint")
        again = ("decide_again",) if matter.asked is not None and matter.granted_first is not None else ()
        before = ("add", "letter", "register", *again)
        return (*urgent, *after, *before) if leave.is_away else (*urgent, "add", "register", "letter", *after, *again)
    first = ("told", "ring") if matter.state is LeaveState.ADMITTED else ("register", "ring", "told")
    rest = ("joint", "letter", "decide_again") if matter.asked is not None else ("joint", "letter", "register")
    return (*urgent, *first, *rest)


def _next_for_a_request(desk: LifeDesk, matter: LeaveMatter) -> tuple[str, ...]:
    """Put what the one at the desk does next first: the head decides, the office gathers what the head needs."""
    steps = [
        *(("interview",) if asks_for(desk, INTERVIEW) and matter.last_line(EventKind.INTERVIEW_HELD) is None else ()),
        *(("form",) if asks_for(desk, FORM) and matter.last_line(EventKind.FORM_SENT) is None else ()),
        *(("risks",) if any(matter.considered(risk) is None for risk in Risk) else ()),
    ]
    everything = ("interview", "form", "risks", "add", "correct")
    rest = tuple(act for act in everything if act not in steps)
    if desk.office.user.role in MAY_DECIDE:
        return ("decide", *steps, *rest)
    return (*steps, *rest, "decide") if steps else ("add", "decide", *(act for act in rest if act != "add"))
