"""Rows for pupils: brothers and sisters who are rung together share one."""

from __future__ import annotations

from datetime import date, time
from typing import Final

from cme_desktop.casework.in_words import capital, say_clock, say_day, say_due, say_number
from cme_desktop.casework.outcomes import LEAD_TOLD
from cme_desktop.casework.today.pupil_day import PupilDay, is_for_police_or_care, pupil_day
from cme_desktop.casework.today.rows import Group, RowKind, TodayRow, Tone, group_of, shape_of
from cme_desktop.casework.today.state import TodayState
from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import AttemptOutcome, EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.rule import Act, Flag, Severity


def pupil_rows(state: TodayState, covered: set[PupilId]) -> list[TodayRow]:
    """List a row for each pupil, or family, somebody acts for; registers' rows speak for the gaps of ``covered``."""
    days = [
        day for pupil_id in state.flags if (day := pupil_day(state, pupil_id, covered=pupil_id in covered)) is not None
    ]
    families: dict[object, list[PupilDay]] = {}
    for day in days:
        family = state.pupil(day.pupil_id).family_id
        families.setdefault(("family", family) if family and day.to_ring else day.pupil_id, []).append(day)
    return [_pupil_row(state, together) for together in families.values()]


def _pupil_row(state: TodayState, together: list[PupilDay]) -> TodayRow:
    together = sorted(together, key=lambda day: (day.severity, day.pupil_id))
    worst = together[0]
    due_words, tone, due_key = _due(state, worst)
    pupils = tuple(day.pupil_id for day in together)
    group = group_of(worst.severity)
    case = state.cases.get(worst.pupil_id)
    return TodayRow(
        key="pupils:" + ",".join(str(pupil) for pupil in sorted(pupils)),
        kind=RowKind.PUPILS,
        group=group,
        shape=shape_of(worst.severity),
        severity=worst.severity,
        pupils=pupils,
        name=_names(state, pupils),
        hidden_name=case.number if case else "",
        beside=", ".join(state.pupil(pupil).class_name for pupil in pupils),
        why=_why(state, worst, len(together)),
        next_act=_next_act(worst),
        due_words=due_words,
        tone=tone,
        dots=tuple(tried for _, tried in worst.ring) if worst.to_ring else (),
        to_ring=worst.to_ring,
        to_tell=any(_lead_is_to_be_told(state, day) for day in together),
        to_police=any(day.is_for_police_or_care for day in together),
        sort_key=(list(Group).index(group), worst.severity, 1, *due_key, worst.pupil_id),
    )


def _names(state: TodayState, pupils: tuple[PupilId, ...]) -> str:
    if len(pupils) == 1:
        return state.pupil(pupils[0]).known_as
    people = [state.pupil(pupil) for pupil in pupils]
    surnames = {person.preferred_surname or person.legal_surname for person in people}
    if len(surnames) > 1:
        return " and ".join(person.known_as for person in people)
    forenames = [person.preferred_forename or person.legal_forename for person in people]
    return " and ".join((", ".join(forenames[:-1]), forenames[-1])) + f" {surnames.pop()}"


def _ladder_unreached(day: PupilDay) -> bool:
    return day.nobody_reached and day.facts.ladder_day >= 2


def _why(state: TodayState, day: PupilDay, children: int) -> str:
    task, facts = day.tasks[0], day.facts
    act = task.duty.act
    if day.is_unaware:
        return "Whereabouts unknown: act at once"
    if act is Act.VISIT_HOME:
        nth = "second home visit" if facts.visits_made else "home visit"
        return (
            f"Day {max(1, facts.ladder_day)} and nobody reached: {nth}" if day.nobody_reached else f"{capital(nth)} due"
        )
    if act is Act.CONTACT_FAMILY and day.to_ring:
        return _why_ring(state, day, children)
    if act is Act.ESTABLISH_REASON and task.flags[0].finding.counted:
        return _why_open_n(state, task.flags[0])
    if act is Act.DECIDE:
        title = task.flags[0].title
        who = "safeguarding lead" if task.duty.by is Role.LEAD else "head"
        return f"For the {who}: {title[:1].lower()}{title[1:]}"
    return (
        _WHY.get(act, capital(task.duty.what))
        if not is_for_police_or_care(task)
        else "Police or social care to be told"
    )


_WHY: Final = {
    Act.CONTACT_FAMILY: "Contact the family again",
    Act.TELL: "Somebody must be told: see the card",
    Act.SEND_RETURN: "A return to the authority is due",
    Act.SEND_FORM: "A form to the authority is due",
    Act.REFER: "A referral is due",
    Act.SEE_THE_CHILD: "Nobody has seen the child: make sure",
    Act.BEGIN_JOINT_ENQUIRIES: "Begin joint enquiries with the authority",
    Act.SUPPORT: "Agree support",
    Act.GET_CONTACTS: "Get more contacts",
    Act.ASK_OTHER_SCHOOL: "Ring the other school",
    Act.SUPPLY_FACT: "A fact is missing: supply it",
}


def _why_ring(state: TodayState, day: PupilDay, children: int) -> str:
    last = next((one for one in reversed(state.todays.get(day.pupil_id, ())) if _is_attempt(one)), None)
    untried = sum(not tried for _, tried in day.ring)
    if last is not None and last.event.at is not None:
        outcome = last.event.outcome
        said = _LAST_SAID.get(outcome, "Tried") if isinstance(outcome, AttemptOutcome) else "Tried"
        noun = "contact" if untried == 1 else "contacts"
        rest = f"{say_number(untried)} {noun} untried" if untried else "every contact tried"
        return f"{said} {say_clock(last.event.at)}: {rest}"
    if not day.is_unexplained:
        return "Reason known: ring again today"
    if children > 1:
        return f"No reason given: {say_number(children)} children, one call"
    if day.severity is Severity.NOW:
        alone = day.facts.circumstances & _QUICKER == {Circumstance.WALKS_ALONE}
        return "No reason given, walks to school alone" if alone else "No reason given: use the faster ladder"
    if not day.ring:
        return "No reason given, and no number to ring"
    return f"Day {day.facts.ladder_day} and nobody reached" if _ladder_unreached(day) else "No reason given"


_QUICKER: Final = frozenset({
    Circumstance.WALKS_ALONE, Circumstance.LOOKED_AFTER, Circumstance.CHILD_PROTECTION_PLAN, Circumstance.SOCIAL_WORKER,
    Circumstance.CHILD_IN_NEED, Circumstance.SECTION_47, Circumstance.CARE_ORDER,
})  # fmt: skip
_LAST_SAID: Final = {
    AttemptOutcome.NO_ANSWER: "No answer",
    AttemptOutcome.LEFT_MESSAGE: "Voicemail left",
    AttemptOutcome.SENT: "Text sent",
    AttemptOutcome.NUMBER_DEAD: "Number dead",
    AttemptOutcome.WRONG_PERSON: "Wrong person",
    AttemptOutcome.ANSWERED_NO_REASON: "Answered, no reason",
    AttemptOutcome.REFUSED: "Refused to say",
}


def _is_attempt(written: object) -> bool:
    event = getattr(written, "event", None)
    struck = getattr(written, "retracted_at", None)
    return event is not None and struck is None and event.kind is EventKind.CONTACT_ATTEMPT


def _why_open_n(state: TodayState, flag: Flag) -> str:
    first = flag.finding.counted[0]
    days = state.moment.calendar.count_school_days_after(first.on, through=state.on)
    return f"N from {say_day(first.on)} still open, day {days} of 5"


def _next_act(day: PupilDay) -> str:
    if day.to_ring:
        untried = next((one for one, tried in day.ring if not tried), None)
        if untried is not None:
            return f"Ring {untried.relation_said or untried.relation.in_words}"
    return capital(day.tasks[0].duty.what)


def _due(state: TodayState, day: PupilDay) -> tuple[str, Tone, tuple[object, ...]]:
    task = day.tasks[0]
    if task.duty.act is Act.CONTACT_FAMILY and day.to_ring:
        limit = state.clock.register_close if day.severity is Severity.NOW else state.clock.contacts_tried
        late = state.at.time() > limit
        words = f"late, {say_clock(limit)}" if late else say_clock(limit)
        return words, Tone.NOW if day.severity is Severity.NOW else Tone.TODAY, (state.on, limit)
    due = task.due
    if due is None:
        return "", Tone.PLAIN, (date.max, time.max)
    tone = Tone.NOW if day.severity is Severity.NOW else Tone.TODAY if due.by and due.on == state.on else Tone.PLAIN
    if task.overdue or due.is_overdue(state.at):
        tone = Tone.NOW if day.severity is Severity.NOW else Tone.TODAY
    return say_due(due, at=state.at), tone, due.sort_key


def _lead_is_to_be_told(state: TodayState, day: PupilDay) -> bool:
    unknown = day.facts.is_whereabouts_unknown
    if not (day.to_ring or unknown) or _lead_knows(state, day.pupil_id):
        return False
    every_one_tried = bool(day.ring) and all(tried for _, tried in day.ring)
    overdue = state.at.time() > state.clock.contacts_tried
    return unknown or day.severity is Severity.NOW or every_one_tried or not day.ring or overdue


def _lead_knows(state: TodayState, pupil_id: PupilId) -> bool:
    return any(
        one.event.kind is EventKind.DECISION and one.event.about == LEAD_TOLD and one.retracted_at is None
        for one in state.todays.get(pupil_id, ())
    )
