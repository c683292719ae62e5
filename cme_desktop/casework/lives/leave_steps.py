"""The steps of a leave, from the first word of it until the child is back, each with its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from cme_desktop.casework.in_words import capital, say_day
from cme_desktop.casework.lives.leave_days import back_after
from cme_desktop.casework.lives.leave_matter import LeaveMatter, LeaveState, Risk, RiskAnswer
from cme_desktop.casework.lives.life import LifeDesk, Step, StepState
from cme_desktop.casework.permissions import sees_protection
from cme_desktop.domain.events import EventKind, Recipient
from cme_desktop.policy.absence import is_contact_made
from cme_desktop.storage.events import WrittenEvent

INTERVIEW: Final = "leave-interview"
FORM: Final = "leave-form"
EVIDENCE: Final = "leave-evidence"
AFTERWARDS: Final = "told-after-leave"
_DAYS: Final = "england.leave-not-returned.days"


@dataclass(frozen=True, slots=True)
class Return:
    """The way back: the last day of leave, the first school day after it, the tenth, and the day the child came."""

    last: date
    due_on: date | None
    tenth: date | None
    back_on: date | None


def asks_for(desk: LifeDesk, slug: str) -> bool:
    """Whether the law or a policy in force has a rule of this name."""
    return any(rule.id.partition(".")[2] == slug for rule in desk.roll.rulebook.rules)


def return_of(desk: LifeDesk, last: date, back_on: date | None) -> Return:
    """Reckon the days that follow a leave; half terms and other days without school are skipped."""
    calendar = desk.roll.judgement.calendar
    count = desk.roll.rulebook.parameters.on(desk.today)[_DAYS]
    return Return(last, back_after(calendar, last), back_after(calendar, last, count=count), back_on)


def steps_of(
    desk: LifeDesk, matter: LeaveMatter, events: tuple[WrittenEvent, ...], coming: Return | None
) -> tuple[Step, ...]:
    """Tell the steps of a leave in order."""
    if matter.admitted is not None:
        return tuple(_steps_after_the_fact(desk, matter, events))
    steps = [*_considered(desk, matter), *_decided(desk, matter)]
    if coming is not None:
        steps += _return(desk, coming, events)
    return tuple(steps)


# -- private -----------------------------------------------------------------------------------------------------


def _considered(desk: LifeDesk, matter: LeaveMatter) -> Iterator[Step]:
    if matter.asked is not None:
        yield Step("Request written down", StepState.DONE, say_day(matter.asked.event.on))
    is_open = matter.state is LeaveState.ASKED
    for slug, kind, words in _ASKED_FOR:
        done = matter.last_line(kind)
        if done is not None:
            yield Step(words, StepState.DONE, say_day(done.event.on))
        elif asks_for(desk, slug) and is_open:
            yield Step(words, StepState.DUE)
    if sees_protection(desk.office):
        for risk in Risk:
            yield from _risk(matter, risk, is_open=is_open)
    else:
        yield from _risks_unsaid(matter, is_open=is_open)
    if matter.risks_seen:
        is_untold = matter.is_lead_untold
        yield Step("Safeguarding lead told of the risk", StepState.DUE if is_untold else StepState.DONE,
                   "now" if is_untold else "")  # fmt: skip


_ASKED_FOR: Final = (
    (INTERVIEW, EventKind.INTERVIEW_HELD, "Interview by a senior leader"),
    (FORM, EventKind.FORM_SENT, "Form to the headteacher"),
)


def _risk(matter: LeaveMatter, risk: Risk, *, is_open: bool) -> Iterator[Step]:
    found = matter.considered(risk)
    name = capital(risk.in_words)
    if found is not None:
        is_seen = found.answer is not RiskAnswer.NO
        yield Step(f"{name}: {found.answer.value}", StepState.DUE if is_seen and is_open else StepState.DONE,
                   say_day(found.on), why=f"{found.by}. {found.words}".strip(" ."))  # fmt: skip
    elif is_open:
        yield Step(f"{name} considered", StepState.DUE)


def _risks_unsaid(matter: LeaveMatter, *, is_open: bool) -> Iterator[Step]:
    """Say only whether the risks were considered: what was answered is for the safeguarding lead and the head."""
    left = any(matter.considered(risk) is None for risk in Risk)
    if not left or is_open:
        yield Step("The risks of the journey considered", StepState.DUE if left else StepState.DONE)


def _decided(desk: LifeDesk, matter: LeaveMatter) -> Iterator[Step]:
    if matter.decision is not None:
        by = matter.decision.details.get("by", "") or matter.decision.written_by_name
        words = {LeaveState.GRANTED: "Leave granted", LeaveState.REFUSED: "Leave refused"}
        yield Step(words.get(matter.state, "Decided"), StepState.DONE, say_day(matter.decision.event.on), why=by)
        return
    before = desk.roll.judgement.calendar.school_day_before(matter.first) if matter.first else None
    is_late = before is not None and before < desk.today
    yield Step("Decision by the headteacher", StepState.LATE if is_late else StepState.DUE,
               f"by {say_day(before)}" if before else "")  # fmt: skip


def _return(desk: LifeDesk, coming: Return, events: tuple[WrittenEvent, ...]) -> Iterator[Step]:
    since = [each for each in events if each.retracted_at is None and each.event.on > coming.last]
    contact = next((each for each in since if is_contact_made(each.event)), None)
    joint = next((each for each in reversed(since) if each.event.kind is EventKind.JOINT_ENQUIRIES), None)
    if coming.back_on is not None:
        yield Step("Back in school, by the register", StepState.DONE, say_day(coming.back_on))
    else:
        yield _due("Back in school", coming.due_on, desk.today)
    if contact is not None:
        yield Step("Family reached after the leave", StepState.DONE, say_day(contact.event.on))
    elif coming.back_on is None:
        yield _due("Family asked where the child is", coming.due_on, desk.today)
    if joint is not None:
        yield Step("Joint enquiries with the authority", StepState.DONE, say_day(joint.event.on))
    elif coming.back_on is None:
        yield _due("Joint enquiries with the authority", coming.tenth, desk.today)


def _due(text: str, on: date | None, today: date) -> Step:
    if on is None:
        return Step(text, StepState.LATER, "day not in the calendar")
    if on > today:
        return Step(text, StepState.LATER, say_day(on))
    return Step(text, StepState.LATE if on < today else StepState.DUE, say_day(on))


def _steps_after_the_fact(desk: LifeDesk, matter: LeaveMatter, events: tuple[WrittenEvent, ...]) -> Iterator[Step]:
    assert matter.admitted is not None
    said_on = matter.admitted.event.on
    yield Step("Told that leave was taken", StepState.DONE, say_day(said_on))
    told = next(
        (each for each in events if each.retracted_at is None and each.event.kind is EventKind.TOLD
         and each.event.who is Recipient.EDUCATION_WELFARE_OFFICER and each.event.on >= said_on), None,
    )  # fmt: skip
    if told is not None:
        yield Step("Education welfare officer told", StepState.DONE, say_day(told.event.on))
    elif asks_for(desk, AFTERWARDS):
        state = StepState.LATE if said_on < desk.today else StepState.DUE
        yield Step("Education welfare officer told", state, say_day(said_on))
