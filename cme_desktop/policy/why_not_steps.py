"""Why a step of a policy is not so of a pupil, by the trigger that sets it off.

Each function answers with the reason, or with nothing where it can't be sure of one. A trigger without a function is
spoken of in its own words: what would set it off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.calendar import DayKind
from cme_desktop.domain.events import EnquiryResult, EventKind
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy import runs
from cme_desktop.policy.school_policy import TriggerKind
from cme_desktop.policy.triggers import (
    GROUPS,
    REASON_LAPSES,
    TRIGGERS,
    answers_since,
    episodes_begun,
    half_term_first,
    is_absent_around,
    is_of_a_case,
    is_report_of_missing,
    is_traced_after,
    length_expected,
    missed_of,
    spells_since,
    tells_authority,
    untried_enquiries,
)
from cme_desktop.policy.why_not_steps_of_roll import STEPS_OF_ROLL
from cme_desktop.policy.why_not_words import say_mark
from cme_desktop.policy.wording import say_count, say_day, say_list

if TYPE_CHECKING:
    from cme_desktop.policy.school_policy import Step
    from cme_desktop.policy.why_not_words import WhyNot

_GROUP_IN_WORDS: Final = {
    "any_social_worker": "social worker",
    "any_safeguarding_concern": "safeguarding concern",
}
_NAMED: Final = 3


def why_not_steps(known: WhyNot, steps: tuple[Step, ...]) -> str:
    """Say why none of a rule's steps is so; empty where no fact is certain to keep one of them quiet."""
    not_set_off = {_not_set_off(known, step) for step in steps}
    if len(steps) > 1 and len(not_set_off) == 1:
        return not_set_off.pop()
    reasons = [_not_concerned(known, step) or _not_set_off(known, step) for step in steps]
    return "; ".join(dict.fromkeys(reasons)) if all(reasons) else ""


def _not_set_off(known: WhyNot, step: Step) -> str:
    find = WHY_NOT_TRIGGERS.get(step.trigger)
    return find(known, step) if find is not None else ""


def say_what_would_raise(steps: tuple[Step, ...]) -> str:
    """Say in the triggers' own words, with their numbers, what sets the steps off."""
    said = dict.fromkeys(_say_trigger(step) for step in steps)
    return f"It would be raised by this: {'; or '.join(said)}."


def _say_trigger(step: Step) -> str:
    trigger = TRIGGERS[step.trigger]
    numbers = [
        f"{name.replace('_', ' ')} = {_say_number(value, trigger.numbers.get(name, ''))}"
        for name, value in step.numbers.items()
    ]
    return f"{trigger.about} ({', '.join(numbers)})" if numbers else trigger.about


def _say_number(value: int, unit: DayKind | str) -> str:
    words = unit.value if isinstance(unit, DayKind) else unit
    return f"{value} {words}" if words.startswith("per ") else say_count(value, words).strip()


def _not_concerned(known: WhyNot, step: Step) -> str:
    circumstances = known.facts.circumstances
    kind = known.facts.moment.judgement.school.type
    if step.school_types and kind not in step.school_types:
        return f"asked of another kind of school than a {kind.value.replace('_', ' ')} school"
    if step.who and circumstances.isdisjoint(_circumstances(step.who)):
        return _say_nobody(step.who)
    excused = circumstances & _circumstances(step.not_who)
    if excused:
        return f"does not concern a pupil of whom this is recorded: {min(excused).in_words}"
    return ""


def _circumstances(words: tuple[str, ...]) -> frozenset[Circumstance]:
    groups = (GROUPS[word] if word in GROUPS else frozenset({Circumstance(word)}) for word in words)
    return frozenset().union(*groups)


def _say_nobody(words: tuple[str, ...]) -> str:
    named = [_GROUP_IN_WORDS[word] if word in GROUPS else Circumstance(word).in_words for word in words]
    if len(named) == 1:
        return f"no {named[0]} recorded" if words[0] in _GROUP_IN_WORDS else f"not recorded: {named[0]}"
    if len(named) <= _NAMED:
        return f"none of these is recorded: {say_list(named)}"
    return f"none of the {len(named)} circumstances it is about is recorded"


# -- absence -------------------------------------------------------------------------------------------------------


def _ladder(known: WhyNot, step: Step) -> str:
    facts, needed = known.facts, step.numbers["n"]
    if facts.absence is None or not facts.unexplained_now(lapse=REASON_LAPSES):
        return known.not_absent() or known.explained(lapse=REASON_LAPSES)
    if facts.ladder_day < needed:
        return f"needs ladder day {needed}; today is {known.most}ladder day {facts.ladder_day}"
    return _visited(known, step)


def _absence_day(known: WhyNot, step: Step) -> str:
    absence, needed = known.facts.absence, step.numbers["n"]
    if absence is None:
        return known.not_absent()
    if absence.day < needed:
        return f"needs day {needed} of absence; today is {known.most}day {absence.day}"
    if step.contact_made and not known.facts.contacts_made:
        return "no contact has been made in this absence: the steps without contact are asked for"
    return _visited(known, step)


def _visited(known: WhyNot, step: Step) -> str:
    made, asked = len(known.facts.visits_made), step.numbers.get("visits_below")
    if asked is None or made < asked:
        return ""
    return f"{say_count(made, 'home visit')} made in this absence"


def _absent_with_reason(known: WhyNot, step: Step) -> str:
    facts = known.facts
    if not facts.is_absent_today:
        return known.not_absent_today()
    if facts.is_leave_granted_on(facts.on):
        return "today is granted leave"
    if facts.is_contact_made_today:
        return "contact was made today"
    if facts.unexplained_today(lapse=REASON_LAPSES):
        return "no reason is recorded for today: the steps without contact are asked for"
    left_out = [symbol for symbol in facts.todays_line if symbol in runs.ABSENT and symbol in step.codes_left_out]
    return f"{say_mark(left_out[0])} today, which it leaves out" if left_out else ""


def _first_day_back(known: WhyNot, step: Step) -> str:
    absence, calendar = known.facts.absence, known.facts.moment.calendar
    if absence is None:
        return known.not_absent()
    back = next((day for day in reversed(absence.days) if calendar.is_first_after_gap(day)), None)
    if back is None:
        return "no day of this absence is the first after a holiday"
    if back == known.facts.first_own_day:
        return f"{known.near(back)}, the first day after the holiday, is the pupil's own first day"
    if known.facts.is_leave_granted_on(back):
        return f"leave is granted for {known.near(back)}, the first day after the holiday"
    codes = {index for index in absence.indexes if known.facts.moment.day(index) == back}
    left_out = [index for index in codes if known.facts.line[index] in step.codes_left_out]
    if left_out and len(left_out) == len(codes):
        return f"{say_mark(known.facts.line[left_out[0]])} on {known.near(back)}, the first day after the holiday"
    made = next((event for event in known.facts.contacts_made if event.on >= back), None)
    return "" if made is None else f"contact was made on {known.near(made.on)}"


def _daily(known: WhyNot, _step: Step) -> str:
    facts = known.facts
    if not facts.is_absent_today:
        return known.not_absent_today()
    if not facts.unexplained_today():
        return known.explained()
    return "contact was made today" if facts.is_contact_made_today else ""


def _absence_unexplained(known: WhyNot, step: Step) -> str:
    facts, needed = known.facts, step.numbers["n"]
    absence = facts.absence
    if absence is None:
        return known.not_absent()
    if absence.day < needed:
        return f"needs day {needed} of absence; today is {known.most}day {absence.day}"
    coded = next((index for index in absence.indexes if facts.line[index] not in runs.UNEXPLAINABLE), None)
    if coded is not None:
        return f"{say_mark(facts.line[coded])} on {known.near(facts.moment.day(coded))} states a reason by itself"
    said = next((day for day in absence.days if facts.has_reason_on(day)), None)
    return "" if said is None else f"a reason is recorded for the absence of {known.near(said)}"


def _absent_unknown(known: WhyNot, step: Step) -> str:
    absence, needed = known.facts.absence, step.numbers["n"]
    if absence is None:
        return known.not_absent()
    if not known.facts.is_whereabouts_unknown:
        return _whereabouts(known, step)
    if absence.day >= needed:
        return ""
    return f"needs day {needed} of absence; today is {known.most}day {absence.day}"


def _at_risk(known: WhyNot, _step: Step) -> str:
    facts, first = known.facts, half_term_first(known.facts)
    if first is None:
        return "no half term has begun"
    if runs.count_of(facts.line, runs.ABSENT, first=first):
        return ""
    return f"no absence since the half term began{_say_begun(known, first)}"


def _spells(known: WhyNot, step: Step) -> str:
    first, needed = half_term_first(known.facts), step.numbers["spells"]
    if first is None:
        return "no half term has begun"
    count = len(spells_since(known.facts, first))
    if count >= needed:
        return ""
    return f"{known.most}{count} of {say_count(needed, 'absence')} since the half term began{_say_begun(known, first)}"


def _say_begun(known: WhyNot, first: int) -> str:
    sessions = known.facts.moment.calendar.sessions
    return f" on {known.near(sessions[first].on)}" if first < len(sessions) else ""


def _persistent(known: WhyNot, step: Step) -> str:
    return known.short_of_share(percent=step.numbers["percent"], enough=step.numbers["possible"])


def _falling(known: WhyNot, step: Step) -> str:
    facts, needed = known.facts, step.numbers["sessions"]
    agreed = facts.last_of(EventKind.SUPPORT_AGREED)
    if agreed is None:
        return "no support is recorded as agreed"
    calendar = facts.moment.calendar
    year = calendar.year_of(agreed.on)
    if year is None:
        return "support was agreed outside every known school year"
    first, middle = calendar.count_sessions_before(year.first_day), calendar.count_sessions_through(agreed.on)
    absent_before, before = missed_of(facts, first, middle)
    absent_since, since = missed_of(facts, middle, None)
    when = f"support was agreed on {known.near(agreed.on)}"
    if since < needed:
        return f"{since} of {say_count(needed, 'session')} since {when}"
    if absent_since * before > absent_before * since:
        return ""
    then = f"{absent_before} of {before} before it that school year"
    return f"{known.most}{absent_since} of {say_count(since, 'session')} missed since {when}, and {then}: no more"


# -- what was said and done ----------------------------------------------------------------------------------------


def _illness_expected(known: WhyNot, step: Step) -> str:
    facts, needed = known.facts, step.numbers["days"]
    dated = facts.dated_reasons
    if not any(reason.is_illness for reason in dated):
        return "no illness is recorded with the day on which it is to end"
    latest = dated[-1]
    if not latest.is_illness:
        return f"the latest reason that names an end, of {known.near(latest.event.on)}, is no illness"
    days = length_expected(facts, latest)
    if days >= needed or latest.last is None:
        return ""
    return f"illness expected to {say_day(latest.last)}, {days} of {say_count(needed, 'school day')}"


def _reviews(known: WhyNot, step: Step) -> str:
    facts, needed = known.facts, step.numbers["reviews"]
    year = facts.moment.calendar.year_of(facts.on)
    held = [one for one in facts.events_of(EventKind.REVIEW_HELD) if year is None or one.on >= year.first_day]
    if len(held) < needed:
        return f"{len(held)} of {say_count(needed, 'review')} held this school year"
    if 10 * facts.sessions_absent < facts.sessions_possible:
        return f"{known.most}{facts.sessions_absent} of {facts.sessions_possible} possible sessions absent: under 10%"
    return ""


def _authority_told(known: WhyNot, step: Step) -> str:
    facts, needed = known.facts, step.numbers["school_days"]
    told = [event for event in facts.events_of_absence if tells_authority(event)]
    if not told:
        return known.not_absent() or "nothing recorded says that the authority was told of this absence"
    passed = facts.moment.calendar.count_school_days_after(told[-1].on, through=facts.on)
    if passed >= needed:
        return ""
    return f"{passed} of {say_count(needed, 'school day')} since the authority was told on {known.near(told[-1].on)}"


def _missing_untraced(known: WhyNot, step: Step) -> str:
    facts, needed = known.facts, step.numbers["working_days"]
    reports = [event for event in facts.events if is_report_of_missing(event)]
    if not reports:
        return "never recorded as missing, and nothing was reported to the police"
    untraced = next((event for event in reports if not is_traced_after(facts, event)), None)
    if untraced is None:
        return f"traced since the report of {known.near(reports[-1].on)}: attended, seen, or confirmed elsewhere"
    passed = facts.moment.calendar.count_working_days_after(untraced.on, through=facts.on)
    if passed >= needed:
        return ""
    return f"{passed} of {say_count(needed, 'working day')} since the report of {known.near(untraced.on)}"


def _missing_episodes(known: WhyNot, step: Step) -> str:
    episodes, needed = episodes_begun(known.facts), step.numbers["episodes"]
    if not episodes:
        return "never recorded as missing"
    if len(episodes) < needed:
        last = known.near(episodes[-1].on)
        return f"{len(episodes)} of {say_count(needed, 'missing episode')}, the last begun on {last}"
    least = min((last.on - first.on).days for first, last in zip(episodes, episodes[needed - 1 :], strict=False)) + 1
    if least <= step.numbers["days"]:
        return ""
    return f"no {needed} of {len(episodes)} missing episodes begin within {step.numbers['days']} days: {least} at least"


def _whereabouts(known: WhyNot, step: Step) -> str:
    causes = known.facts.whereabouts_unknown
    if not causes:
        return "nothing recorded makes the whereabouts unknown"
    if step.causes and not any(one.cause.name.lower() in step.causes for one in causes):
        return f"the whereabouts are unknown for another reason than it asks about: {causes[0].cause.value}"
    return ""


def _enquiries_tried(known: WhyNot, step: Step) -> str:
    facts = known.facts
    if not facts.is_whereabouts_unknown:
        return _whereabouts(known, step)
    since = min(unknown.since for unknown in facts.whereabouts_unknown)
    untried = untried_enquiries(facts, answers_since(facts, since))
    return f"not recorded as tried: {say_list([f'enquiry {item}' for item in untried])}" if untried else ""


def _returned(known: WhyNot, _step: Step) -> str:
    facts = known.facts
    of_a_case = [event for event in facts.events if is_of_a_case(event)]
    if not of_a_case:
        return "no absence of this pupil became a case: none was opened, reported or referred"
    first = facts.count_sessions_until(of_a_case[-1].moment)
    if not runs.count_of(facts.line, runs.ATTENDED, first=first):
        return f"has not attended since the case of {known.near(of_a_case[-1].on)}"
    places = (facts.count_sessions_until(event.moment) for event in of_a_case)
    if any(place < len(facts.line) and is_absent_around(facts, place) for place in places):
        return ""
    when = known.near(of_a_case[-1].on)
    return f"the pupil was not absent when a case was last opened, reported or referred, on {when}"


def _enquiries_failed(known: WhyNot, _step: Step) -> str:
    enquiries = known.facts.last_of(EventKind.JOINT_ENQUIRIES)
    if enquiries is None:
        return "no joint enquiries are recorded"
    if enquiries.outcome is EnquiryResult.NOT_FOUND:
        return ""
    return "joint enquiries have not ended without finding the child"


def _none_recorded(kind: EventKind, words: str) -> Callable[[WhyNot, Step], str]:
    return lambda known, _step: "" if known.facts.events_of(kind) else words


WHY_NOT_TRIGGERS: Final[Mapping[TriggerKind, Callable[[WhyNot, Step], str]]] = {
    TriggerKind.LADDER_DAY: _ladder,
    TriggerKind.ABSENCE_DAY: _absence_day,
    TriggerKind.ABSENT_WITH_REASON: _absent_with_reason,
    TriggerKind.FIRST_DAY_BACK: _first_day_back,
    TriggerKind.ILLNESS_EXPECTED: _illness_expected,
    TriggerKind.REVIEWS_WITHOUT_IMPROVEMENT: _reviews,
    TriggerKind.AUTHORITY_TOLD_BEFORE: _authority_told,
    TriggerKind.WHEREABOUTS_UNKNOWN: _whereabouts,
    TriggerKind.ENQUIRIES_TRIED: _enquiries_tried,
    TriggerKind.ENQUIRIES_FAILED: _enquiries_failed,
    TriggerKind.MISSING_EPISODES: _missing_episodes,
    TriggerKind.MISSING_UNTRACED: _missing_untraced,
    TriggerKind.UNEXPLAINED_TODAY: _daily,
    TriggerKind.ABSENCE_UNEXPLAINED: _absence_unexplained,
    TriggerKind.ABSENT_WHEREABOUTS_UNKNOWN: _absent_unknown,
    TriggerKind.AT_RISK_GROUP: _at_risk,
    TriggerKind.SPELLS_OF_ABSENCE: _spells,
    TriggerKind.PERSISTENTLY_ABSENT: _persistent,
    TriggerKind.ATTENDANCE_FALLING: _falling,
    TriggerKind.RETURNED_AFTER_CASE: _returned,
    **STEPS_OF_ROLL,
    TriggerKind.CHILD_FOUND: _none_recorded(EventKind.FOUND, "never recorded as found"),
}
"""The triggers whose reasons are known."""
