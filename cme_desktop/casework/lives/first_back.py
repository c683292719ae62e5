"""The first day back after a holiday: everybody absent on it, who knew of leave, who was reached, whom to ring first.

A holiday is a gap between two terms or half terms; an INSET day, a bank holiday or a closure makes none. The list of a
first day back stays until everyone on it is accounted for. A class whose register was not taken is said to be so: its
children are neither here nor away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from cme_desktop.casework.attempts import can_be_rung
from cme_desktop.casework.history import title_of
from cme_desktop.casework.in_words import count_of, say_clock, say_day
from cme_desktop.casework.lives.absent_that_day import Absent, first_to_ring, read_absent
from cme_desktop.casework.lives.leave_days import say_span
from cme_desktop.casework.lives.leave_matter import LeaveMatter, LeaveState
from cme_desktop.casework.lives.life import Fact, LifeDesk, LifeFile, LifeRow, Step, StepState
from cme_desktop.casework.lives.reading import flags_of, pupil_row, read_events, read_pupil, tell_life
from cme_desktop.casework.lives.sweep import Sweep, sweep_of
from cme_desktop.casework.outcomes import number_to_ring
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import EventKind, With
from cme_desktop.domain.identifiers import ContactId, PupilId
from cme_desktop.policy import runs
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.rule import Severity
from cme_desktop.storage.contacts import ContactDetails
from cme_desktop.storage.events import WrittenEvent
from cme_desktop.storage.pupils import PupilDetails

RULES: Final = ("first-day-back",)
CLASS: Final = "class-"
"""How the key of a line begins that stands for a class: the rest is the id of one of its pupils."""


@dataclass(frozen=True, slots=True)
class ToRing:
    """Somebody on the contact list who may be rung, in the order of ringing."""

    contact_id: ContactId
    relation: With
    name: str


@dataclass(frozen=True, slots=True)
class FirstBackFile(LifeFile):
    """One line's file, with the brothers and sisters absent too; ``any_pupil`` is one of a class not marked."""

    siblings: tuple[tuple[PupilId, str], ...] = ()
    to_ring: tuple[ToRing, ...] = ()
    any_pupil: PupilId | None = None


# -- reading -----------------------------------------------------------------------------------------------------


def list_rows(desk: LifeDesk) -> tuple[LifeRow, ...]:
    """List the last first day back: whom to ring first, then who is accounted for; empty once everyone is."""
    sweep = sweep_of(desk)
    if sweep is None:
        return ()
    absent = sorted(read_absent(desk, sweep), key=first_to_ring)
    waiting = [each for each in absent if not each.is_settled]
    if sweep.on != desk.today and not (waiting or sweep.not_taken or sweep.unmarked):
        return ()
    classes = [_class_row(desk, sweep, name) for name in sweep.not_taken]
    unmarked = [_unmarked_row(desk, sweep, pupil_id) for pupil_id in sweep.unmarked]
    return (*(_row(desk, each, sweep) for each in waiting), *classes, *unmarked,
            *(_row(desk, each, sweep) for each in absent if each.is_settled))  # fmt: skip


def load_file(desk: LifeDesk, key: str) -> FirstBackFile:
    """Read one child of the list, or one class whose register was not taken."""
    sweep = sweep_of(desk)
    if sweep is None:
        raise CmeError("This list is no longer there.", remedy="Read the list again with F5.")
    if key.startswith(CLASS):
        return _class_file(desk, sweep, key)
    pupil = read_pupil(desk, key)
    absent = next((each for each in read_absent(desk, sweep) if each.pupil.id == pupil.id), None)
    if absent is None:
        return _unmarked_file(desk, sweep, pupil)
    events = read_events(desk, pupil.id)
    return FirstBackFile(
        row=_row(desk, absent, sweep),
        pupil=pupil,
        about=pupil.class_name,
        chips=_chips(absent),
        flags=flags_of(desk, pupil.id, RULES),
        steps=_steps(absent, sweep, desk.today),
        facts=_facts(desk, absent, sweep),
        history=tell_life(desk, pupil.id, events, belongs=_belongs, since=sweep.on),
        acts=("contact", "ring", "seen", "checked", "admitted", "letter", "register"),
        siblings=tuple((each, desk.roll.pupils[each].known_as) for each in absent.siblings),
        to_ring=tuple(ToRing(each.id, each.relation, _say_person(each)) for each in _contacts_to_ring(desk, pupil.id)),
    )


def say_days_back(desk: LifeDesk, _: Sequence[LifeRow]) -> str:
    """Say which first day back the list is of, and when the next one is."""
    calendar = desk.roll.judgement.calendar
    sweep = sweep_of(desk)
    coming = next((day for day in calendar.school_days if day > desk.today and calendar.is_first_after_gap(day)), None)
    then = f"The next one is {say_day(coming)}." if coming else "The next one is not in the calendar yet."
    if sweep is None:
        return then
    if not sweep.is_due:
        close = say_clock(desk.roll.judgement.register_close)
        return f"Today, {say_day(sweep.on)}: registers count from {close}. {then}"
    return f"{'Today, ' if sweep.on == desk.today else ''}{say_day(sweep.on)}. {then}"


# -- private: saying ---------------------------------------------------------------------------------------------


def _row(desk: LifeDesk, absent: Absent, sweep: Sweep) -> LifeRow:
    row = pupil_row(desk, absent.pupil, detail=_say(absent), rules=RULES)
    if absent.is_settled:
        return replace(row, severity=None, overdue=False, when=_say_settled(absent))
    when = "ring first" if absent.is_at_risk else "tried" if absent.tried is not None else "ring"
    severity = Severity.TODAY if row.severity is None else row.severity  # "now" is the severity nought
    return replace(row, severity=severity, when=when, overdue=sweep.on < desk.today)


def _say(absent: Absent) -> str:
    parts = [_say_leave(absent.leave), "brother or sister absent too" if absent.siblings else ""]
    return "; ".join(part for part in parts if part)


def _say_leave(leave: LeaveMatter | None) -> str:
    if leave is None:
        return "No leave asked for"
    if leave.state is LeaveState.GRANTED and leave.granted_last is not None:
        return f"Leave granted to {say_day(leave.granted_last)}"
    words = {
        LeaveState.ASKED: "Leave asked for, not decided",
        LeaveState.REFUSED: "Leave refused",
        LeaveState.ADMITTED: "Leave told afterwards",
    }.get(leave.state, "Leave decided otherwise")
    return f"{words}: {say_span(leave.first, leave.last)}"


def _say_settled(absent: Absent) -> str:
    if absent.attended_on is not None:
        return f"in {say_day(absent.attended_on)}"
    if absent.is_granted:
        return "excluded" if set(absent.codes) <= {"E"} else "granted"
    return f"reached {say_day(absent.reached.event.on)}" if absent.reached is not None else ""


def _chips(absent: Absent) -> tuple[str, ...]:
    state = "Accounted for" if absent.is_settled else "Nobody reached"
    return (state, *(("At greater risk",) if absent.is_at_risk else ()))


def _steps(absent: Absent, sweep: Sweep, today: date) -> tuple[Step, ...]:
    reached, tried, back = absent.reached, absent.tried, absent.attended_on
    spared = absent.is_granted or back is not None
    steps = []
    if tried is not None:
        steps.append(Step("Somebody tried", StepState.DONE, _moment_of(tried)))
    if reached is not None:
        steps.append(Step("Family reached", StepState.DONE, _moment_of(reached)))
    else:
        waiting = StepState.LATE if sweep.on < today else StepState.DUE
        steps.append(Step("Family reached", StepState.NOT_NEEDED if spared else waiting, say_day(sweep.on)))
    steps.append(Step("Back in school", StepState.DONE if back else StepState.LATER, say_day(back) if back else ""))
    return tuple(steps)


def _moment_of(written: WrittenEvent) -> str:
    clock = f" {say_clock(written.event.at)}" if written.event.at is not None else ""
    return f"{say_day(written.event.on)}{clock}"


def _facts(desk: LifeDesk, absent: Absent, sweep: Sweep) -> tuple[Fact, ...]:
    calls = _contacts_to_ring(desk, absent.pupil.id)
    seen = Facts(absent.record, Moment(desk.roll.judgement)).last_seen
    return (
        Fact(f"Absent on {say_day(sweep.on)}", " and ".join(dict.fromkeys(absent.codes))),
        Fact("Leave", _say_leave(absent.leave), is_missing=absent.leave is None),
        Fact("Last contact", title_of(absent.tried.event) if absent.tried else "nobody tried yet",
             is_missing=absent.tried is None and not absent.is_settled),
        *(Fact("Brother or sister absent too", desk.roll.pupils[each].known_as) for each in absent.siblings),
        *(Fact("Brother or sister in school", name) for name in _siblings_here(desk, absent, sweep)),
        Fact("Ring first", _say_contact(calls), is_missing=not calls),
        *((Fact("Last seen", f"{say_day(seen.on)}, {seen.how}"),) if seen is not None and seen.is_known else ()),
    )  # fmt: skip


def _say_contact(calls: tuple[ContactDetails, ...]) -> str:
    if not calls:
        return "no number on the list works"
    contact = calls[0]
    number = number_to_ring(contact)
    return f"{_say_person(contact)}, {number.text}" if number else _say_person(contact)


def _say_person(contact: ContactDetails) -> str:
    said = (contact.name, contact.relation_said or contact.relation.in_words)
    return ", ".join(part for part in said if part)


def _contacts_to_ring(desk: LifeDesk, pupil_id: PupilId) -> tuple[ContactDetails, ...]:
    return tuple(contact for contact in desk.roll.contacts.get(pupil_id, ()) if can_be_rung(contact))


def _siblings_here(desk: LifeDesk, absent: Absent, sweep: Sweep) -> tuple[str, ...]:
    """Name the brothers and sisters whom the register of that day shows in school: they may know where the child is."""
    family, calendar = absent.pupil.family_id, desk.roll.judgement.calendar
    if family is None:
        return ()
    first, last = calendar.count_sessions_before(sweep.on), calendar.count_sessions_through(sweep.on)
    return tuple(
        desk.roll.pupils[record.pupil.id].known_as
        for record in desk.roll.records
        if desk.roll.pupils[record.pupil.id].family_id == family
        and record.pupil.id != absent.pupil.id
        and runs.count_of(record.line, runs.ATTENDED, first=first, last=last)
    )


def _belongs(written: WrittenEvent) -> bool:
    return written.event.kind not in {EventKind.FLAG_RAISED, EventKind.FLAG_SETTLED, EventKind.FLAG_REVIEWED}


# -- private: registers not taken --------------------------------------------------------------------------------


def _class_row(desk: LifeDesk, sweep: Sweep, name: str) -> LifeRow:
    pupils = [pupil for pupil in desk.roll.pupils.values() if pupil.class_name == name and pupil.is_on_roll(sweep.on)]
    halves = " and ".join({Half.AM: "morning", Half.PM: "afternoon"}[half] for half in sweep.not_taken[name])
    shown = name or "No class"
    return LifeRow(
        key=f"{CLASS}{pupils[0].id}",
        pupil_id=None,
        name=shown,
        hidden_name=shown,
        beside=count_of(len(pupils), "child", "children"),
        detail=f"Register not taken, {halves}: nobody knows who is in",
        when="ask the class",
        severity=Severity.TODAY,
        overdue=sweep.on < desk.today,
    )


def _class_file(desk: LifeDesk, sweep: Sweep, key: str) -> FirstBackFile:
    pupil = read_pupil(desk, key.removeprefix(CLASS))
    if pupil.class_name not in sweep.not_taken:
        raise CmeError("This register has been taken.", remedy="Read the list again with F5.")
    return FirstBackFile(
        row=_class_row(desk, sweep, pupil.class_name),
        pupil=None,
        about="Register not taken",
        warning=f"No mark was made for this class on {say_day(sweep.on)}. Its children are neither counted as here nor "
        "as absent. Get the register, then look at this list again.",
        acts=("register",),
        any_pupil=pupil.id,
    )


def _unmarked_row(desk: LifeDesk, sweep: Sweep, pupil_id: PupilId) -> LifeRow:
    row = pupil_row(desk, desk.roll.pupils[pupil_id], detail="No mark: left out of the register", rules=())
    return replace(row, severity=Severity.TODAY, when="ask the class", overdue=sweep.on < desk.today)


def _unmarked_file(desk: LifeDesk, sweep: Sweep, pupil: PupilDetails) -> FirstBackFile:
    if pupil.id not in sweep.unmarked:
        raise CmeError("This child is no longer on the list.", remedy="Read the list again with F5.")
    return FirstBackFile(
        row=_unmarked_row(desk, sweep, pupil.id),
        pupil=pupil,
        about=pupil.class_name,
        chips=("No mark",),
        warning=f"Nobody marked this child on {say_day(sweep.on)}. Ask the class, then mark the child.",
        history=tell_life(desk, pupil.id, read_events(desk, pupil.id), belongs=_belongs, since=sweep.on),
        acts=("register", "checked", "seen"),
    )
