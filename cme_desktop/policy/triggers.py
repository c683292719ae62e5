"""The vocabulary of triggers: what may set off a step of a policy, each one small question to a pupil's facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.calendar import DayKind, Deadline
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.domain.events import (
    EnquiryResult,
    Event,
    EventKind,
    Form,
    Method,
    Recipient,
    ReturnKind,
    With,
)
from cme_desktop.domain.pupils import IMPLY_SOCIAL_WORKER, SAFEGUARDING_CONCERNS, Circumstance
from cme_desktop.policy import runs
from cme_desktop.policy.absence import Lapse, is_child_seen, is_contact_made, is_place_confirmed
from cme_desktop.policy.evidence import finding_of_run
from cme_desktop.policy.found import Found, events_from
from cme_desktop.policy.rule import Finding, ParameterUsed, Raised
from cme_desktop.policy.school_policy import DueKind, Step, TriggerKind
from cme_desktop.policy.triggers_of_the_roll import (
    adopted_on,
    first_own_or_year_day,
    home_education_letter,
    home_education_unanswered,
    in_year_joiner,
    in_year_leaver,
    leave_admitted,
    leave_overrun,
    leave_requested,
    leaving_abroad,
    leaving_unnamed,
    meeting_missed,
    meeting_not_arranged,
    name_to_be_removed,
    part_time,
    place_under_order,
    start_not_kept,
)
from cme_desktop.policy.wording import say_count, say_day, say_list

if TYPE_CHECKING:
    from cme_desktop.policy.absence import Absence, Reason
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers

REASON_LAPSES: Final = Lapse.SAME_DAY
"""A school that wants contact daily takes a reason without an end for the day it was given."""

_DAY: Final = 24

BROUGHT_FORWARD: Final = "bring_forward"
"""The choice of a decision about a ladder's step by which a named person brings it forward."""

GROUPS: Final[dict[str, frozenset[Circumstance]]] = {
    "any_social_worker": IMPLY_SOCIAL_WORKER,
    "any_safeguarding_concern": SAFEGUARDING_CONCERNS,
}
"""Words of ``who`` that stand for several circumstances."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One word of the vocabulary: the question, the numbers it needs with their units, the words it gives.

    ``optional`` are numbers that a step may leave out. One that ``gives_last_day`` reckons the step's deadline itself.
    One that ``needs_absence_or_event`` is never true of a pupil who is here and of whom nothing is recorded.
    """

    find: Callable[[Facts, Step], Found | None]
    about: str
    numbers: Mapping[str, DayKind | str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    gives_last_day: bool = False
    needs_absence_or_event: bool = True


def limb_of(step: Step) -> Callable[[Facts, Numbers], Raised | None]:
    """Make the predicate of a step."""
    find = TRIGGERS[step.trigger].find
    who, not_who = _circumstances(step.who), _circumstances(step.not_who)

    def limb(facts: Facts, _numbers: Numbers) -> Raised | None:
        if step.school_types and facts.moment.judgement.school.type not in step.school_types:
            return None
        # one of `who` holds, where any is named, and none of `not_who`
        if (who and facts.circumstances.isdisjoint(who)) or not facts.circumstances.isdisjoint(not_who):
            return None
        found = find(facts, step)
        if found is None or is_settled(facts, step, found):
            return None
        return Raised(_finding(facts, step, found), step.duty, _due(facts, step, found), step.severity)

    return limb


def _circumstances(words: tuple[str, ...]) -> frozenset[Circumstance]:
    """The circumstances that the words name, those of a group all together."""
    groups = (GROUPS[word] if word in GROUPS else frozenset({Circumstance(word)}) for word in words)
    return frozenset().union(*groups)


def is_settled(facts: Facts, step: Step, found: Found) -> bool:
    """Whether the records that end the step are among the events since it was set off."""
    settled = step.settled
    if settled.decision and any(_is_decision_about(event, step.id) for event in found.answers):
        return True
    if settled.or_referral and _is_referred(found):
        return True
    told, kinds = _told(facts, found), {event.kind for event in found.answers}
    asked = (
        (bool(settled.told), set(settled.told) <= told),
        (bool(settled.told_one_of), not told.isdisjoint(settled.told_one_of)),
        (settled.referral, _is_referred(found)),
        (settled.form is not None, _is_form_sent(found, settled.form)),
        (bool(settled.events), set(settled.events) <= kinds),
        (bool(settled.events_one_of), not kinds.isdisjoint(settled.events_one_of)),
    )
    parts = [done for named, done in asked if named]
    return bool(parts) and all(parts)


def _told(facts: Facts, found: Found) -> set[Recipient]:
    told = {event.who for event in found.answers if event.kind is EventKind.TOLD and event.who}
    referred = [event.to for event in found.answers if event.kind is EventKind.REFERRED]
    told |= {Recipient.AUTHORITY_CME if to is None else to for to in referred if not isinstance(to, date)}
    if Recipient.CARER in facts.told:
        told.add(Recipient.CARER)
    return told


def _is_decision_about(event: Event, rule_id: str) -> bool:
    return event.kind is EventKind.DECISION and event.about == rule_id and event.choice != BROUGHT_FORWARD


def _is_referred(found: Found) -> bool:
    """Whether the authority's team was told; a referral that names nobody goes to it."""
    return any(
        (event.kind is EventKind.REFERRED and event.to in {None, Recipient.AUTHORITY_CME})
        or (event.kind is EventKind.TOLD and event.who is Recipient.AUTHORITY_CME)
        for event in found.answers
    )


def _is_form_sent(found: Found, form: Form | None) -> bool:
    """Whether the form was sent; one for the authority is spared where the authority's team was told."""
    if form is not Form.LEAVE and _is_referred(found):
        return True
    return any(event.kind is EventKind.FORM_SENT and event.form is form for event in found.answers)


def _finding(facts: Facts, step: Step, found: Found) -> Finding:
    sentence = step.because.format(since=say_day(found.since), **step.numbers, **found.words)
    parameters = tuple(
        ParameterUsed(f"{step.id}.{name}", value, TRIGGERS[step.trigger].numbers[name], "policy")
        for name, value in step.numbers.items()
    )
    if not found.counted:
        return Finding(sentence, parameters=parameters, since=found.since)
    progress = say_count(facts.moment.count_days(found.counted), "school day")
    return finding_of_run(facts, sentence, counted=found.counted, progress=progress, parameters=parameters)


def _due(facts: Facts, step: Step, found: Found) -> Deadline | None:
    """The step's deadline; none lies before the policy was adopted, since nobody was asked for anything then."""
    due, adopted = _due_of_itself(facts, step, found), adopted_on(facts, step)
    if due is None or due.on >= adopted:
        return due
    return facts.moment.due_this_week(adopted) if step.due is DueKind.THIS_WEEK else Deadline(adopted)


def _due_of_itself(facts: Facts, step: Step, found: Found) -> Deadline | None:
    moment = facts.moment
    if step.due is DueKind.DAY_JUDGED:
        return Deadline(facts.on)
    if step.due is DueKind.THIS_WEEK:
        return moment.due_this_week(found.since)
    if step.due is DueKind.BEFORE_LEAVE:
        return _due_before_leave(facts, found)
    if step.due is DueKind.HOURS:
        return _due_after_hours(found, step.hours)
    last = {DueKind.LAST_DAY: found.last_day, DueKind.NONE: None}.get(step.due, found.since)
    return None if last is None else Deadline(last)


def _due_before_leave(facts: Facts, found: Found) -> Deadline | None:
    begins = found.event.from_ if found.event is not None else None
    if begins is None:
        return facts.moment.due_this_week(found.since)
    last = facts.moment.calendar.school_day_before(begins)
    return Deadline(last if last is not None else begins)


def _due_after_hours(found: Found, hours: int) -> Deadline:
    event = found.event
    if event is None or event.at is None:
        # of a day without a clock time a few hours are that day, and more of them whole days
        return Deadline(found.since + timedelta(days=0 if hours < _DAY else -(-hours // _DAY)))
    due = event.moment + timedelta(hours=hours)
    return Deadline(due.date(), due.time())


# -- absence ---------------------------------------------------------------------------------------------------


def ladder_day(facts: Facts, step: Step) -> Found | None:
    """Ladder day n or later (or a step brought forward), unexplained, with fewer visits than asked for."""
    absence = facts.absence
    if absence is None or not facts.unexplained_now(lapse=REASON_LAPSES):
        return None
    visits = len(facts.visits_made)
    if visits >= step.numbers.get("visits_below", visits + 1):
        return None
    days = facts.ladder_days
    since = _first_asked_for(facts, days[step.numbers["n"] - 1 :]) or _brought_forward(facts, step)
    if since is None:
        return None
    words = {"day": str(len(days)), "visits": _say_visits(facts)}
    return Found(since, words, facts.ladder_sessions or absence.indexes, facts.events_of_absence)


def _first_asked_for(facts: Facts, days: tuple[date, ...]) -> date | None:
    """The first of the ladder's days on which the absence was unexplained: a step is not late before it exists."""
    return next((day for day in days if facts.unexplained_on(day, lapse=REASON_LAPSES)), None)


def _brought_forward(facts: Facts, step: Step) -> date | None:
    decisions = (
        event.on
        for event in facts.events_of_absence
        if event.kind is EventKind.DECISION and event.about == step.id and event.choice == BROUGHT_FORWARD
    )
    return next(decisions, None)


def _say_visits(facts: Facts) -> str:
    in_vain = 0
    for event in facts.events_of_absence:
        in_vain = 0 if is_contact_made(event) else in_vain + (event.kind is EventKind.HOME_VISIT)
    since = " since the last contact" if len(facts.visits_made) > in_vain else ""
    if not in_vain:
        return f"no home visit has been made{since}, which counts as one without success"
    return f"{say_count(in_vain, 'home visit')} made without success{since}"


def absence_day(facts: Facts, step: Step) -> Found | None:
    """Day n of absence or later, whatever the codes; where asked, contact was made and too few visits were."""
    absence = facts.absence
    if absence is None or absence.day < step.numbers["n"]:
        return None
    if len(facts.visits_made) >= step.numbers.get("visits_below", len(facts.visits_made) + 1):
        return None
    if step.contact_made and not facts.contacts_made:
        return None
    since = absence.days[step.numbers["n"] - 1]
    if step.contact_made:
        since = max(since, facts.contacts_made[0].on)
    least = "at least " if facts.reaches_beginning(absence.indexes[0]) else ""
    words = {"days": least + say_count(absence.day, "school day"), "began": say_day(absence.began_on)}
    return Found(since, words, absence.indexes, facts.events_of_absence)


def absent_with_reason(facts: Facts, step: Step) -> Found | None:
    """Absent today with a known reason that is none of the codes left out, and no contact made today."""
    if not facts.is_absent_today or facts.is_contact_made_today or facts.is_leave_granted_on(facts.on):
        return None
    if facts.unexplained_today(lapse=REASON_LAPSES):
        return None
    asked = bytes(symbol for symbol in facts.todays_line if symbol in runs.ABSENT and symbol not in step.codes_left_out)
    if not asked:
        return None
    absent = runs.indexes_of(facts.line, runs.ABSENT, first=facts.moment.today_first)
    return Found(facts.on, counted=absent, answers=facts.events_of_absence)


def unexplained_today(facts: Facts, _step: Step) -> Found | None:
    """Absent today with no reason recorded, and no contact made today."""
    unexplained = facts.unexplained_today()
    if not unexplained or facts.is_contact_made_today:
        return None
    day = facts.absence.day if facts.absence is not None else 0
    return Found(facts.on, {"day": str(day)}, unexplained, facts.events_of_absence)


def absence_unexplained(facts: Facts, step: Step) -> Found | None:
    """Day n of absence or later, and no reason recorded on any of its days."""
    absence = facts.absence
    if absence is None or absence.day < step.numbers["n"]:
        return None
    if any(facts.line[index] not in runs.UNEXPLAINABLE for index in absence.indexes):
        return None
    if any(facts.has_reason_on(day) for day in absence.days):
        return None
    least = "at least " if facts.reaches_beginning(absence.indexes[0]) else ""
    words = {"days": least + say_count(absence.day, "school day"), "began": say_day(absence.began_on)}
    return Found(absence.days[step.numbers["n"] - 1], words, absence.indexes, facts.events_of_absence)


def absent_whereabouts_unknown(facts: Facts, step: Step) -> Found | None:
    """Day n of absence or later with the whereabouts unknown; due by another day of the absence."""
    absence = facts.absence
    if absence is None or absence.day < step.numbers["n"] or not facts.is_whereabouts_unknown:
        return None
    first = min(facts.whereabouts_unknown, key=lambda unknown: unknown.since)
    words = {"cause": first.cause.value, "days": say_count(absence.day, "school day")}
    return Found(
        first.since,
        words,
        absence.indexes,
        answers=answers_since(facts, first.since),
        event=first.event,
        last_day=_day_of_absence(facts, absence, step.numbers["by_day"], since=first.since),
    )


def _day_of_absence(facts: Facts, absence: Absence, number: int, *, since: date) -> date | None:
    """The n-th day of the absence, also where it is still to come; never before the day it is asked for."""
    if len(absence.days) >= number:
        return max(absence.days[number - 1], since)
    due = facts.moment.due_after(absence.days[-1], school_days=number - len(absence.days))
    return None if due is None else due.on


def first_day_back(facts: Facts, step: Step) -> Found | None:
    """Absent on the first school day after a gap between terms, and neither contact nor attendance since."""
    absence = facts.absence
    if absence is None:
        return None
    calendar = facts.moment.calendar
    back = next((day for day in reversed(absence.days) if calendar.is_first_after_gap(day)), None)
    if back is None or back == facts.first_own_day or facts.is_leave_granted_on(back):
        return None
    that_day = tuple(
        index
        for index in absence.indexes
        if facts.moment.day(index) == back and facts.line[index] not in step.codes_left_out
    )
    if not that_day or any(event.on >= back for event in facts.contacts_made):
        return None
    return Found(back, counted=that_day, answers=tuple(event for event in facts.events_of_absence if event.on >= back))


def illness_expected(facts: Facts, step: Step) -> Found | None:
    """The latest word is an illness whose end makes the absence at least ``days`` school days long."""
    since, latest = None, None
    for reason in reversed(facts.dated_reasons):
        if not reason.is_illness or length_expected(facts, reason) < step.numbers["days"]:
            break
        since, latest = reason.event.on, latest or reason
    if since is None or latest is None or latest.last is None:
        return None
    begins = facts.absence.began_on if facts.absence is not None else since
    answers = tuple(event for event in facts.events if event.on >= min(begins, since))
    words = {"length": say_count(length_expected(facts, latest), "school day"), "last": say_day(latest.last)}
    return Found(since, words, answers=answers, event=latest.event)


def length_expected(facts: Facts, reason: Reason) -> int:
    """How many school days an illness lasts by the reason's last day, the absence so far included."""
    begins = facts.absence.began_on if facts.absence is not None else reason.event.on
    return len(facts.moment.calendar.school_days_between(begins, reason.last or begins))


def reviews_without_improvement(facts: Facts, step: Step) -> Found | None:
    """Persistently absent now, and at each of the last ``reviews`` reviews of this school year."""
    year = facts.moment.calendar.year_of(facts.on)
    held = [event for event in facts.events_of(EventKind.REVIEW_HELD) if year is None or event.on >= year.first_day]
    if len(held) < step.numbers["reviews"]:
        return None
    last = held[-step.numbers["reviews"] :]
    if not all(_is_persistent(facts, through=event.on) for event in last) or not _is_persistent(
        facts, through=facts.on
    ):
        return None
    answers = tuple(event for event in facts.events if event.moment >= last[-1].moment)
    return Found(last[-1].on, answers=answers, event=last[-1])


def _is_persistent(facts: Facts, *, through: date) -> bool:
    end = min(facts.moment.calendar.count_sessions_through(through), len(facts.line))
    possible = runs.count_of(facts.line, runs.POSSIBLE, first=facts.year_first, last=end)
    absent = runs.count_of(facts.line, runs.ABSENCE, first=facts.year_first, last=end)
    return possible > 0 and 10 * absent >= possible


def authority_told_before(facts: Facts, step: Step) -> Found | None:
    """The authority was told of this absence, and so many school days have passed since it last was."""
    told = [event for event in facts.events_of_absence if tells_authority(event)]
    if not told:
        return None
    due = facts.moment.due_after(told[-1].on, school_days=step.numbers["school_days"])
    if due is None or due.on > facts.on:
        return None
    passed = facts.moment.calendar.count_school_days_after(told[-1].on, through=facts.on)
    return Found(due.on, {"told": say_day(told[-1].on), "passed": say_count(passed, "school day")}, event=told[-1])


def tells_authority(event: Event) -> bool:
    """Whether the event tells the authority of an absence: a return, a form, a referral or word to its team."""
    if event.kind is EventKind.RETURN_SENT:
        return event.return_ in {ReturnKind.ATTENDANCE, ReturnKind.SICKNESS}
    if event.kind is EventKind.FORM_SENT:
        return event.form in {Form.ABSENCE, Form.SR1A}
    if event.kind is EventKind.REFERRED:
        return event.to in {None, Recipient.AUTHORITY_CME}
    return event.kind is EventKind.TOLD and event.who is Recipient.AUTHORITY_CME


def at_risk_group(facts: Facts, step: Step) -> Found | None:
    """Any absent session this half term; in a holiday, the half term before it."""
    first = half_term_first(facts)
    absent = () if first is None else runs.indexes_of(facts.line, runs.ABSENT, first=first)
    if not absent:
        return None
    words = {"groups": _say_groups(facts, step), "sessions": say_count(len(absent), "session")}
    return Found(facts.moment.day(absent[0]), words, absent)


def in_group(facts: Facts, step: Step) -> Found | None:
    """In one of the groups of ``who``, absent or not, since the first of their days that is known."""
    dated = (held.from_day for held in facts.pupil.circumstances if held.name in step.who and held.holds_on(facts.on))
    since = min((day for day in dated if day is not None), default=first_own_or_year_day(facts))
    return Found(since, {"groups": _say_groups(facts, step)})


def _say_groups(facts: Facts, step: Step) -> str:
    return say_list([word.in_words for word in Circumstance if word in facts.circumstances and word.value in step.who])


def half_term_first(facts: Facts) -> int | None:
    """The index of this half term's first session; in a holiday, of the half term before it."""
    begun = [
        term
        for year in facts.moment.calendar.years
        for term in year.terms
        if term.first_day <= facts.on
    ]  # fmt: skip
    return facts.moment.calendar.count_sessions_before(begun[-1].first_day) if begun else None


def spells_of_absence(facts: Facts, step: Step) -> Found | None:
    """So many separate absences that touch this half term; in a holiday, the half term before it."""
    first = half_term_first(facts)
    if first is None or runs.count_of(facts.line, runs.ABSENT, first=first) < step.numbers["spells"]:
        return None
    spells = spells_since(facts, first)
    if len(spells) < step.numbers["spells"]:
        return None
    since = facts.moment.day(spells[step.numbers["spells"] - 1][0])
    counted = tuple(index for spell in spells for index in spell)
    return Found(since, {"count": say_count(len(spells), "absence")}, counted, answers=events_from(facts, since))


def spells_since(facts: Facts, first: int) -> list[list[int]]:
    """The sessions of each absence from a session on: attendance parts one from the next."""
    spells: list[list[int]] = []
    is_absent = False
    for index, symbol in enumerate(facts.line[first:], start=first):
        if symbol in runs.ABSENT:
            if not is_absent:
                spells.append([])
            spells[-1].append(index)
            is_absent = True
        elif symbol in runs.ATTENDED:
            is_absent = False
    return spells


def persistently_absent(facts: Facts, step: Step) -> Found | None:
    """So many per cent or more of this year's possible sessions missed, once so many were possible."""
    absent, possible = facts.sessions_absent, facts.sessions_possible
    percent, least = step.numbers["percent"], step.numbers["possible"]
    if not absent or possible < least or 100 * absent < percent * possible:
        return None
    words = {"share": f"{100 * absent / possible:.1f}%"}
    since = _reached_on(facts, percent=percent, least=least)
    counted = runs.indexes_of(facts.line, runs.ABSENCE, first=facts.year_first)
    return Found(since, words, counted, answers=events_from(facts, since))


def _reached_on(facts: Facts, *, percent: int, least: int) -> date:
    """The day on which the share last rose to the threshold."""
    absent = possible = 0
    since, was_reached = facts.on, False
    for index, symbol in enumerate(facts.line[facts.year_first :], start=facts.year_first):
        absent += symbol in runs.ABSENCE
        possible += symbol in runs.POSSIBLE
        is_reached = absent > 0 and possible >= least and 100 * absent >= percent * possible
        if is_reached and not was_reached:
            since = facts.moment.day(index)
        was_reached = is_reached
    return since


def attendance_falling(facts: Facts, step: Step) -> Found | None:
    """Support was agreed, and over the sessions since then a greater share is missed than before it that year."""
    agreed = facts.last_of(EventKind.SUPPORT_AGREED)
    year = None if agreed is None else facts.moment.calendar.year_of(agreed.on)
    if agreed is None or year is None:
        return None
    calendar = facts.moment.calendar
    first, middle = calendar.count_sessions_before(year.first_day), calendar.count_sessions_through(agreed.on)
    absent_before, before = missed_of(facts, first, middle)
    absent_since, since = missed_of(facts, middle, None)
    # whole numbers, so that an equal share is no fall
    if since < step.numbers["sessions"] or absent_since * before <= absent_before * since:
        return None
    began = runs.indexes_of(facts.line, runs.ABSENCE, first=middle)
    words = {
        "agreed": say_day(agreed.on),
        "now": _say_share(absent_since, since),
        "then": _say_share(absent_before, before),
    }
    return Found(facts.moment.day(began[0]), words, began, answers=events_from(facts, agreed.on), event=agreed)


def missed_of(facts: Facts, first: int, last: int | None) -> tuple[int, int]:
    """How many sessions of a stretch were missed, and how many were possible."""
    return (
        runs.count_of(facts.line, runs.ABSENCE, first=first, last=last),
        runs.count_of(facts.line, runs.POSSIBLE, first=first, last=last),
    )


def _say_share(absent: int, possible: int) -> str:
    return f"{absent} of {say_count(possible, 'session')}"


def returned_after_case(facts: Facts, _step: Step) -> Found | None:
    """The pupil attended again, in this school year, after an absence that became a case."""
    for event in reversed([event for event in facts.events if is_of_a_case(event)]):
        first = facts.count_sessions_until(event.moment)
        back = runs.indexes_of(facts.line, runs.ATTENDED, first=first)
        # word to the authority that the child is back belongs to no absence, and opens nothing
        if back and is_absent_around(facts, first):
            if back[0] < facts.year_first:
                return None
            returned_on = facts.moment.day(back[0])
            return Found(returned_on, {"case": say_day(event.on)}, answers=events_from(facts, event.on), event=event)
    return None


def is_absent_around(facts: Facts, first: int) -> bool:
    """Whether the pupil was absent when this session was the next one, or missed it."""
    return runs.last_attended(facts.line[:first]) < first - 1 or facts.line[first] in runs.ABSENT


def is_of_a_case(event: Event) -> bool:
    """Whether the event is one that only an absence taken up as a case has."""
    if event.kind is EventKind.TOLD:
        return event.who in {Recipient.AUTHORITY_CME, Recipient.POLICE, Recipient.SOCIAL_CARE}
    return event.kind in _OF_A_CASE or tells_authority(event)


_OF_A_CASE: Final = frozenset({EventKind.CASE_OPENED, EventKind.REFERRED, EventKind.MISSING, EventKind.JOINT_ENQUIRIES})


# -- whereabouts and enquiries ---------------------------------------------------------------------------------


def whereabouts_unknown(facts: Facts, step: Step) -> Found | None:
    """The whereabouts are unknown, for one of ``causes`` where any is named."""
    causes = [
        unknown
        for unknown in facts.whereabouts_unknown
        if not step.causes or unknown.cause.name.lower() in step.causes
    ]  # fmt: skip
    if not causes:
        return None
    first = min(causes, key=lambda unknown: unknown.since)
    return Found(
        first.since, {"cause": first.cause.value}, answers=answers_since(facts, first.since), event=first.event
    )


def enquiries_tried(facts: Facts, _step: Step) -> Found | None:
    """The whereabouts are unknown though the school's own first enquiries, E1 to E5, were tried."""
    if not facts.is_whereabouts_unknown:
        return None
    since = min(unknown.since for unknown in facts.whereabouts_unknown)
    answers = answers_since(facts, since)
    # the day on which the last of them was tried: what is tried again later puts nothing off
    so_far = (answers[: count + 1] for count in range(len(answers)))
    tried_on = next((events[-1].on for events in so_far if _first_enquiries_tried(facts, events)), None)
    return None if tried_on is None else Found(max(since, tried_on), answers=answers)


def _first_enquiries_tried(facts: Facts, events: tuple[Event, ...]) -> bool:
    return not untried_enquiries(facts, events)


def untried_enquiries(facts: Facts, events: tuple[Event, ...]) -> tuple[str, ...]:
    """Which of the school's own first enquiries, E1 to E5, the events do not show as tried."""
    if any(event.kind is EventKind.JOINT_ENQUIRIES for event in events):
        return ()
    tried = {event.about for event in events if _records_enquiry(event)}
    attempts = [event for event in events if event.kind is EventKind.CONTACT_ATTEMPT]
    rung = {event.with_ for event in facts.tried_since_contact if event in events}
    shown = {
        "E1": bool(attempts) and all(contact.relation in rung for contact in facts.contacts_to_try),
        "E2": any(event.method is Method.LETTER for event in attempts),
        "E3": any(event.kind is EventKind.HOME_VISIT for event in events),
        "E4": False,
        "E5": any(event.with_ in {With.FRIEND, With.NEIGHBOUR, With.SIBLING} for event in attempts),
    }
    return tuple(item for item, done in shown.items() if not done and item not in tried)


def _records_enquiry(event: Event) -> bool:
    untried = {EnquiryState.NOT_STARTED.value, EnquiryState.WITH_AUTHORITY.value}
    return event.kind is EventKind.ENQUIRY_RECORDED and event.choice not in untried


def answers_since(facts: Facts, since: date) -> tuple[Event, ...]:
    """The events of this absence, and those from the day on where there is no absence or it began later."""
    begins = since if facts.absence is None else min(since, facts.absence.began_on)
    return tuple(event for event in facts.events if event.on >= begins and event.moment > facts.attended_until)


def enquiries_failed(facts: Facts, _step: Step) -> Found | None:
    """Joint enquiries ended without finding the child, who has not been seen or placed since."""
    enquiries = facts.last_of(EventKind.JOINT_ENQUIRIES)
    if enquiries is None or enquiries.outcome is not EnquiryResult.NOT_FOUND or is_traced_after(facts, enquiries):
        return None
    answers = tuple(event for event in facts.events if event.moment >= enquiries.moment)
    return Found(enquiries.on, answers=answers, event=enquiries)


def is_traced_after(facts: Facts, event: Event) -> bool:
    """Whether the child attended, was seen or was confirmed elsewhere after the event."""
    if facts.attended_until > event.moment:
        return True
    later = facts.events[facts.events.index(event) + 1 :]
    return any(is_child_seen(seen) or is_place_confirmed(seen) for seen in later)


# -- missing and found -----------------------------------------------------------------------------------------


def missing_episodes(facts: Facts, step: Step) -> Found | None:
    """So many missing episodes that begin within so many calendar days, both ends counted, and nobody told since."""
    episodes = episodes_begun(facts)
    count = step.numbers["episodes"]
    for first, last in zip(episodes, episodes[count - 1 :], strict=False):
        answers = tuple(event for event in facts.events if event.moment >= last.moment and event is not last)
        within = [episode for episode in episodes if 0 <= (episode.on - first.on).days < step.numbers["days"]]
        words = {"count": str(len(within)), "first": say_day(first.on), "last": say_day(within[-1].on)}
        found = Found(last.on, words, answers=answers, event=last)
        if (last.on - first.on).days < step.numbers["days"] and not is_settled(facts, step, found):
            return found
    return None


def episodes_begun(facts: Facts) -> list[Event]:
    """The ``missing`` events that begin an episode: not a second report of a child still missing."""
    begun: list[Event] = []
    is_missing = False
    for event in facts.events:
        if event.kind is EventKind.MISSING:
            if not is_missing or _attended_between(facts, begun[-1], event):
                begun.append(event)
            is_missing = True
        elif is_child_seen(event):
            is_missing = False
    return begun


def _attended_between(facts: Facts, earlier: Event, later: Event) -> bool:
    calendar = facts.moment.calendar
    first, last = calendar.count_sessions_through(earlier.on), calendar.count_sessions_before(later.on)
    return runs.count_of(facts.line, runs.ATTENDED, first=first, last=max(first, last)) > 0


def missing_untraced(facts: Facts, step: Step) -> Found | None:
    """Reported missing, and not traced for so many working days since."""
    reports = (event for event in facts.events if is_report_of_missing(event) and not is_traced_after(facts, event))
    report = next(reports, None)
    if report is None:
        return None
    since = facts.moment.calendar.working_day_after(report.on, count=step.numbers["working_days"])
    if since > facts.on:
        return None
    answers = tuple(event for event in facts.events if event.moment >= report.moment)
    passed = facts.moment.calendar.count_working_days_after(report.on, through=facts.on)
    words = {"reported": say_day(report.on), "passed": say_count(passed, "working day")}
    return Found(since, words, answers=answers, event=report)


def is_report_of_missing(event: Event) -> bool:
    """Whether somebody reported the child as missing."""
    return event.kind is EventKind.MISSING or (event.kind is EventKind.TOLD and event.who is Recipient.POLICE)


def child_found(facts: Facts, _step: Step) -> Found | None:
    """A missing child was found, the last time this happened."""
    found = facts.last_of(EventKind.FOUND)
    if found is None:
        return None
    answers = tuple(event for event in facts.events if event.moment >= found.moment)
    return Found(found.on, answers=answers, event=found)


TRIGGERS: Final[dict[TriggerKind, Trigger]] = {
    TriggerKind.LADDER_DAY: Trigger(
        ladder_day,
        "ladder day n or later, unexplained",
        {"n": DayKind.SCHOOL_DAY, "visits_below": "visit"},
        ("day", "visits"),
        optional=frozenset({"visits_below"}),
    ),
    TriggerKind.ABSENCE_DAY: Trigger(
        absence_day,
        "day n of absence or later, whatever the codes",
        {"n": DayKind.SCHOOL_DAY, "visits_below": "visit"},
        ("days", "began"),
        optional=frozenset({"visits_below"}),
    ),
    TriggerKind.ABSENT_WITH_REASON: Trigger(absent_with_reason, "absent today with a known reason, no contact today"),
    TriggerKind.FIRST_DAY_BACK: Trigger(first_day_back, "absent on the first school day after a gap between terms"),
    TriggerKind.ILLNESS_EXPECTED: Trigger(
        illness_expected,
        "illness expected to last so many school days",
        {"days": DayKind.SCHOOL_DAY},
        ("length", "last"),
    ),
    TriggerKind.REVIEWS_WITHOUT_IMPROVEMENT: Trigger(
        reviews_without_improvement, "persistently absent over so many reviews", {"reviews": "review"}
    ),
    TriggerKind.AUTHORITY_TOLD_BEFORE: Trigger(
        authority_told_before,
        "so many school days since the authority was told of this absence",
        {"school_days": DayKind.SCHOOL_DAY},
        ("told", "passed"),
    ),
    TriggerKind.WHEREABOUTS_UNKNOWN: Trigger(whereabouts_unknown, "whereabouts unknown", {}, ("cause",)),
    TriggerKind.ENQUIRIES_TRIED: Trigger(enquiries_tried, "whereabouts unknown after the first enquiries"),
    TriggerKind.ENQUIRIES_FAILED: Trigger(enquiries_failed, "joint enquiries ended without finding the child"),
    TriggerKind.LEAVE_REQUESTED: Trigger(leave_requested, "a request for leave awaits a decision", {}, ("evidence",)),
    TriggerKind.MISSING_EPISODES: Trigger(
        missing_episodes,
        "so many missing episodes that begin within so many days",
        {"episodes": "episode", "days": DayKind.CALENDAR_DAY},
        ("count", "first", "last"),
    ),
    TriggerKind.MISSING_UNTRACED: Trigger(
        missing_untraced,
        "reported missing and not traced for so many working days",
        {"working_days": DayKind.WORKING_DAY},
        ("reported", "passed"),
    ),
    TriggerKind.CHILD_FOUND: Trigger(child_found, "a missing child was found"),
    TriggerKind.AT_RISK_GROUP: Trigger(
        at_risk_group,
        "in a listed group, with any absence this half term",
        {},
        ("groups", "sessions"),
        needs_absence_or_event=False,
    ),
    TriggerKind.IN_GROUP: Trigger(
        in_group, "in a listed group, absent or not", {}, ("groups",), needs_absence_or_event=False
    ),
    TriggerKind.UNEXPLAINED_TODAY: Trigger(
        unexplained_today, "absent today with no reason recorded, no contact today", {}, ("day",)
    ),
    TriggerKind.ABSENCE_UNEXPLAINED: Trigger(
        absence_unexplained,
        "day n of absence or later, no reason recorded on any of its days",
        {"n": DayKind.SCHOOL_DAY},
        ("days", "began"),
    ),
    TriggerKind.ABSENT_WHEREABOUTS_UNKNOWN: Trigger(
        absent_whereabouts_unknown,
        "day n of absence or later with the whereabouts unknown; due by another day of it",
        {"n": DayKind.SCHOOL_DAY, "by_day": DayKind.SCHOOL_DAY},
        ("cause", "days"),
        gives_last_day=True,
    ),
    TriggerKind.SPELLS_OF_ABSENCE: Trigger(
        spells_of_absence,
        "so many separate absences in a half term",
        {"spells": "absence"},
        ("count",),
        needs_absence_or_event=False,
    ),
    TriggerKind.PERSISTENTLY_ABSENT: Trigger(
        persistently_absent,
        "so many per cent of the year's possible sessions missed, once so many were possible",
        {"percent": "per cent", "possible": DayKind.SCHOOL_SESSION},
        ("share",),
        needs_absence_or_event=False,
    ),
    TriggerKind.ATTENDANCE_FALLING: Trigger(
        attendance_falling,
        "support was agreed, and over so many sessions since then more is missed than before",
        {"sessions": DayKind.SCHOOL_SESSION},
        ("agreed", "now", "then"),
    ),
    TriggerKind.RETURNED_AFTER_CASE: Trigger(
        returned_after_case, "attends again after an absence that became a case", {}, ("case",)
    ),
    TriggerKind.IN_YEAR_JOINER: Trigger(
        in_year_joiner,
        "came on roll since the policy was adopted, not as the youngest class in September",
        needs_absence_or_event=False,
    ),
    TriggerKind.NAME_TO_BE_REMOVED: Trigger(name_to_be_removed, "a name is to be removed from roll", {}, ("next",)),
    TriggerKind.IN_YEAR_LEAVER: Trigger(
        in_year_leaver, "leaves since the policy was adopted, but not as the oldest class in July"
    ),
    TriggerKind.HOME_EDUCATION_LETTER: Trigger(
        home_education_letter, "a parent has written that the child will be home educated", {}, ("begins",)
    ),
    TriggerKind.HOME_EDUCATION_UNANSWERED: Trigger(
        home_education_unanswered,
        "home educated, and so many attempts since then reached nobody",
        {"attempts": "attempt"},
        ("tried",),
    ),
    TriggerKind.LEAVING_UNNAMED: Trigger(leaving_unnamed, "leaving with no school or other education named"),
    TriggerKind.LEAVING_ABROAD: Trigger(
        leaving_abroad,
        "moving outside England, and something that `asks` names is not known; due so many school days after the move",
        {"school_days": DayKind.SCHOOL_DAY},
        ("missing", "moves"),
        optional=frozenset({"school_days"}),
        gives_last_day=True,
    ),
    TriggerKind.PLACE_UNDER_ORDER: Trigger(
        place_under_order,
        "an attendance order names this school and the parent has not agreed",
        needs_absence_or_event=False,
    ),
    TriggerKind.MEETING_NOT_ARRANGED: Trigger(
        meeting_not_arranged,
        "an attendance order names this school and no meeting is held or booked",
        needs_absence_or_event=False,
    ),
    TriggerKind.MEETING_MISSED: Trigger(meeting_missed, "the parent missed the meeting before admission"),
    TriggerKind.START_NOT_KEPT: Trigger(
        start_not_kept,
        "a start was agreed and not kept: fewer visits than asked for, or visited without seeing or reaching anyone",
        {"visits_below": "visit"},
        ("start",),
        optional=frozenset({"visits_below"}),
    ),
    TriggerKind.LEAVE_ADMITTED: Trigger(leave_admitted, "a parent said only afterwards that leave was taken"),
    TriggerKind.LEAVE_OVERRUN: Trigger(
        leave_overrun,
        "not back by the n-th school day after leave, or of an absence for which leave was in question",
        {"n": DayKind.SCHOOL_DAY},
        ("days", "what"),
    ),
    TriggerKind.PART_TIME: Trigger(part_time, "a part-time timetable is in force", needs_absence_or_event=False),
}
