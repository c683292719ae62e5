"""Why a step of a policy is not so of a pupil, by the trigger that sets it off.

Each function answers with the reason, or with nothing where it can't be sure of one. A trigger without a function is
spoken of in its own words: what would set it off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.calendar import DayKind
from cme_desktop.domain.events import EnquiryResult, EventKind, Recipient
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.school_policy import TriggerKind
from cme_desktop.policy.triggers import GROUPS, REASON_LAPSES, TRIGGERS
from cme_desktop.policy.wording import say_count, say_list

if TYPE_CHECKING:
    from cme_desktop.policy.school_policy import Step
    from cme_desktop.policy.why_not_words import WhyNot

_GROUP_IN_WORDS: Final = {
    "any_social_worker": "social worker",
    "any_safeguarding_concern": "safeguarding concern",
}
_NAMED: Final = 3
_MAY_TELL: Final = frozenset({EventKind.TOLD, EventKind.REFERRED, EventKind.FORM_SENT, EventKind.RETURN_SENT})


def why_not_steps(known: WhyNot, steps: tuple[Step, ...]) -> str:
    """Say why none of a rule's steps is so; empty where no fact is certain to keep one of them quiet."""
    not_set_off = {_not_set_off(known, step) for step in steps}
    if len(steps) > 1 and len(not_set_off) == 1:
        return not_set_off.pop()
    reasons = [_not_concerned(known, step) or _not_set_off(known, step) for step in steps]
    return "; ".join(dict.fromkeys(reasons)) if all(reasons) else ""


def _not_set_off(known: WhyNot, step: Step) -> str:
    find = _WHY_NOT.get(step.trigger)
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
    return say_count(value, unit.value if isinstance(unit, DayKind) else unit).strip()


def _not_concerned(known: WhyNot, step: Step) -> str:
    circumstances = known.facts.circumstances
    if step.who and circumstances.isdisjoint(_circumstances(step.who)):
        return _say_nobody(step.who)
    excused = circumstances & _circumstances(step.not_who)
    if excused:
        return f"does not concern a pupil of whom this is recorded: {_say(min(excused))}"
    return ""


def _circumstances(words: tuple[str, ...]) -> frozenset[Circumstance]:
    groups = (GROUPS[word] if word in GROUPS else frozenset({Circumstance(word)}) for word in words)
    return frozenset().union(*groups)


def _say_nobody(words: tuple[str, ...]) -> str:
    named = [_GROUP_IN_WORDS.get(word, word.replace("_", " ")) for word in words]
    if len(named) == 1:
        return f"no {named[0]} recorded" if words[0] in _GROUP_IN_WORDS else f"not recorded: {named[0]}"
    if len(named) <= _NAMED:
        return f"none of these is recorded: {say_list(named)}"
    return f"none of the {len(named)} circumstances it is about is recorded"


def _say(circumstance: Circumstance) -> str:
    return circumstance.value.replace("_", " ")


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


def _absent_with_reason(known: WhyNot, _step: Step) -> str:
    facts = known.facts
    if not facts.is_absent_today:
        return known.not_absent_today()
    if facts.is_leave_granted_on(facts.on):
        return "today is granted leave"
    if facts.is_contact_made_today:
        return "contact was made today"
    if facts.unexplained_today(lapse=REASON_LAPSES):
        return "no reason is recorded for today: the steps without contact are asked for"
    return ""


def _first_day_back(known: WhyNot, _step: Step) -> str:
    absence, calendar = known.facts.absence, known.facts.moment.calendar
    if absence is None:
        return known.not_absent()
    if not any(calendar.is_first_after_gap(day) for day in absence.days):
        return "no day of this absence is the first after a holiday"
    return ""


# -- what was said and done ----------------------------------------------------------------------------------------


def _illness_expected(known: WhyNot, _step: Step) -> str:
    if any(reason.is_illness for reason in known.facts.dated_reasons):
        return ""
    return "no illness is recorded with the day on which it is to end"


def _reviews(known: WhyNot, step: Step) -> str:
    facts, needed = known.facts, step.numbers["reviews"]
    year = facts.moment.calendar.year_of(facts.on)
    held = [one for one in facts.events_of(EventKind.REVIEW_HELD) if year is None or one.on >= year.first_day]
    return f"{len(held)} of {say_count(needed, 'review')} held this school year" if len(held) < needed else ""


def _authority_told(known: WhyNot, _step: Step) -> str:
    if any(event.kind in _MAY_TELL for event in known.facts.events_of_absence):
        return ""
    return known.not_absent() or "nothing recorded says that the authority was told of this absence"


def _missing_untraced(known: WhyNot, _step: Step) -> str:
    facts = known.facts
    if facts.events_of(EventKind.MISSING) or any(event.who is Recipient.POLICE for event in facts.events):
        return ""
    return "never recorded as missing, and nothing was reported to the police"


def _whereabouts(known: WhyNot, _step: Step) -> str:
    return "" if known.facts.is_whereabouts_unknown else "nothing recorded makes the whereabouts unknown"


def _enquiries_failed(known: WhyNot, _step: Step) -> str:
    enquiries = known.facts.last_of(EventKind.JOINT_ENQUIRIES)
    if enquiries is None:
        return "no joint enquiries are recorded"
    return "" if enquiries.outcome is EnquiryResult.NOT_FOUND else "joint enquiries have not ended without the child"


def _none_recorded(kind: EventKind, words: str) -> Callable[[WhyNot, Step], str]:
    return lambda known, _step: "" if known.facts.events_of(kind) else words


_WHY_NOT: Final[Mapping[TriggerKind, Callable[[WhyNot, Step], str]]] = {
    TriggerKind.LADDER_DAY: _ladder,
    TriggerKind.ABSENCE_DAY: _absence_day,
    TriggerKind.ABSENT_WITH_REASON: _absent_with_reason,
    TriggerKind.FIRST_DAY_BACK: _first_day_back,
    TriggerKind.ILLNESS_EXPECTED: _illness_expected,
    TriggerKind.REVIEWS_WITHOUT_IMPROVEMENT: _reviews,
    TriggerKind.AUTHORITY_TOLD_BEFORE: _authority_told,
    TriggerKind.WHEREABOUTS_UNKNOWN: _whereabouts,
    TriggerKind.ENQUIRIES_TRIED: _whereabouts,
    TriggerKind.ENQUIRIES_FAILED: _enquiries_failed,
    TriggerKind.LEAVE_REQUESTED: _none_recorded(EventKind.LEAVE_REQUESTED, "no request for leave is recorded"),
    TriggerKind.MISSING_EPISODES: _none_recorded(EventKind.MISSING, "never recorded as missing"),
    TriggerKind.MISSING_UNTRACED: _missing_untraced,
    TriggerKind.CHILD_FOUND: _none_recorded(EventKind.FOUND, "never recorded as found"),
}
