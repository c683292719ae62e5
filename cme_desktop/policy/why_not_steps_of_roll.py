"""Why a step of a policy about coming, leave, orders and leaving is not so of a pupil, by the trigger that sets it off.

Each function answers with what was looked for and what was found, or with nothing where it can't be sure of a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.events import Destination, EventKind
from cme_desktop.policy import runs
from cme_desktop.policy.absence import is_child_seen, is_contact_made, is_place_confirmed
from cme_desktop.policy.found import events_after, events_from
from cme_desktop.policy.rules.leaving import tells_authority
from cme_desktop.policy.school_policy import TriggerKind
from cme_desktop.policy.triggers_of_the_roll import (
    adopted_on,
    in_year_leaver,
    is_beginner,
    is_gone_before,
    is_leave_in_question,
    is_order_revoked_after,
    joiners_asked_from,
    last_meeting,
    leaving_to,
    meeting_not_arranged,
    missing_of_move,
    name_to_be_removed,
    order_in_force,
    part_time,
    removal_event,
    school_days_so_far,
)
from cme_desktop.policy.why_not_roll import GIVEN_UP, NO_LETTER, NO_REMOVAL
from cme_desktop.policy.wording import say_count, say_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cme_desktop.domain.events import Event
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.school_policy import Step
    from cme_desktop.policy.why_not_words import WhyNot

_NO_ORDER: Final = "no attendance order that names this school is recorded"
_NAMED: Final = frozenset({None, Destination.UNKNOWN})


# -- coming and leaving ----------------------------------------------------------------------------------------


def _joiner(known: WhyNot, step: Step) -> str:
    facts = known.facts
    entered, starting_day = facts.last_of(EventKind.JOINER_ENTERED), facts.pupil.starting_day
    since = entered.on if entered is not None else starting_day
    if facts.pupil.was_never_entered:
        return GIVEN_UP
    if since is None:
        return "no starting day and no entry on the roll is recorded"
    if since > facts.on:
        return f"starts on {say_day(since)}"
    if since < joiners_asked_from(facts, step):
        return _came_before(facts, step, since)
    if is_beginner(facts, starting_day or since):
        return f"began in the youngest class on {say_day(starting_day or since)}, as its school year did"
    return ""


def _came_before(facts: Facts, step: Step, since: date) -> str:
    adopted = adopted_on(facts, step)
    if since < adopted:
        return f"on roll since {say_day(since)}, before the policy was adopted on {say_day(adopted)}"
    return f"on roll since {say_day(since)}, before the records begin: later starting days are asked about"


def _removed(known: WhyNot, step: Step) -> str:
    if is_gone_before(known.facts, step):
        return f"removed before the policy was adopted on {say_day(adopted_on(known.facts, step))}"
    found = name_to_be_removed(known.facts, step)
    if found is None:
        return NO_REMOVAL
    form = step.settled.form
    sent = [event for event in found.answers if event.kind is EventKind.FORM_SENT and event.form is form]
    if form is not None and sent:
        return f"the form is recorded as sent on {known.near(sent[-1].on)}"
    told = next((event for event in found.answers if tells_authority(event)), None)
    if form is not None and told is not None:
        return f"the authority's team is recorded as told on {known.near(told.on)}, which spares the form"
    return ""


def _in_year_leaver(known: WhyNot, step: Step) -> str:
    facts = known.facts
    if facts.pupil.was_never_entered:
        return GIVEN_UP
    still_here = _not_leaving_yet(known)
    if still_here:
        return still_here
    leaving, removal, adopted = facts.last_of(EventKind.LEAVING), removal_event(facts), adopted_on(facts, step)
    if leaving is not None and leaving.leaving_on is not None and leaving.leaving_on < adopted:
        return f"left before the policy was adopted on {say_day(adopted)}"
    if removal is not None and removal.on < adopted:
        return f"the removal from the roll began before the policy was adopted on {say_day(adopted)}"
    return "leaves the oldest class at the end of its last term" if in_year_leaver(facts, step) is None else ""


def _not_leaving_yet(known: WhyNot) -> str:
    facts = known.facts
    leaving = facts.last_of(EventKind.LEAVING)
    if removal_event(facts) is not None:
        return ""
    if leaving is None:
        return "no leaving and no removal from the roll is recorded"
    if leaving.leaving_on is None:
        return "nobody has said yet which day is the last one here"
    if leaving.leaving_on > facts.on:
        return f"the last day here is {say_day(leaving.leaving_on)}: this is asked for from that day on"
    return ""


def _unnamed(known: WhyNot, _step: Step) -> str:
    facts = known.facts
    leaving = facts.last_of(EventKind.LEAVING)
    if leaving is None:
        return "no leaving is recorded"
    if leaving.destination not in _NAMED:
        return f"the leaving recorded on {known.near(leaving.on)} says where the child goes"
    if leaving.confirmed:
        return f"the leaving recorded on {known.near(leaving.on)} is confirmed"
    said = leaving_to(facts, _NAMED)
    return "" if said is None else _arrived(known, events_from(facts, said[0].on))


def _abroad(known: WhyNot, step: Step) -> str:
    facts = known.facts
    said = leaving_to(facts, {Destination.ABROAD})
    if said is None:
        leaving = facts.last_of(EventKind.LEAVING)
        return "no leaving is recorded" if leaving is None else "the leaving that is recorded is not one abroad"
    first, last = said
    later = events_from(facts, first.on)
    if missing_of_move(step, last, later):
        return _arrived(known, later)
    return f"everything asked for about the move told on {known.near(first.on)} is recorded"


def _arrived(known: WhyNot, events: Iterable[Event]) -> str:
    arrived = next((event for event in events if event.kind is EventKind.ARRIVAL_CONFIRMED), None)
    return "" if arrived is None else f"the arrival there is recorded as confirmed on {known.near(arrived.on)}"


def _letter(known: WhyNot, _step: Step) -> str:
    return NO_LETTER if known.facts.last_of(EventKind.HOME_EDUCATION_LETTER) is None else ""


def _unanswered(known: WhyNot, step: Step) -> str:
    facts, needed = known.facts, step.numbers["attempts"]
    letter = facts.last_of(EventKind.HOME_EDUCATION_LETTER)
    if letter is None:
        return NO_LETTER
    begins = letter.from_ or letter.on
    if begins > facts.on:
        return f"home education begins on {say_day(begins)}"
    later = [event for event in events_after(facts, letter) if event.on >= begins]
    tried = sum(event.kind in {EventKind.CONTACT_ATTEMPT, EventKind.HOME_VISIT} for event in later)
    if tried < needed:
        return f"{tried} of {say_count(needed, 'attempt')} since home education began on {say_day(begins)}"
    made = next((event for event in later if is_contact_made(event)), None)
    return "" if made is None else f"contact was made on {known.near(made.on)}, since home education began"


# -- attendance orders -----------------------------------------------------------------------------------------


def _no_order(known: WhyNot) -> str:
    if order_in_force(known.facts) is not None:
        return ""
    revoked = known.facts.last_of(EventKind.ORDER_REVOKED)
    return _NO_ORDER if revoked is None else f"the attendance order was revoked on {known.near(revoked.on)}"


def _place_under_order(known: WhyNot, _step: Step) -> str:
    order = order_in_force(known.facts)
    if order is None:
        return _no_order(known)
    agreed = next((one for one in events_from(known.facts, order) if one.kind is EventKind.ORDER_CONSENT), None)
    return "" if agreed is None else f"the parent's agreement to the place is recorded on {known.near(agreed.on)}"


def _no_meeting(known: WhyNot, step: Step) -> str:
    order = order_in_force(known.facts)
    if order is None:
        return _no_order(known)
    if meeting_not_arranged(known.facts, step) is not None:
        return ""
    return _say_meeting(known, events_from(known.facts, order))


def _meeting_missed(known: WhyNot, _step: Step) -> str:
    order = order_in_force(known.facts)
    if order is None:
        return _no_order(known)
    later = events_from(known.facts, order)
    return _say_meeting(known, later) or "no meeting before admission is recorded as booked, held or missed"


def _say_meeting(known: WhyNot, events: Iterable[Event]) -> str:
    last = last_meeting(events)
    if last is None:
        return ""
    if last.kind is EventKind.MEETING_BOOKED and last.meeting_on is not None:
        if last.meeting_on < known.facts.on:
            booked = say_day(last.meeting_on)
            return f"the meeting before admission was booked for {booked}, and what came of it is not recorded"
        return f"the meeting before admission is booked for {say_day(last.meeting_on)}"
    said = {EventKind.MEETING_BOOKED: "booked", EventKind.MEETING_HELD: "held", EventKind.MEETING_MISSED: "missed"}
    return f"the meeting before admission is recorded as {said[last.kind]} on {known.near(last.on)}"


def _start_not_kept(known: WhyNot, step: Step) -> str:
    facts = known.facts
    agreed = facts.last_of(EventKind.START_AGREED)
    if agreed is None:
        return "no start is recorded as agreed"
    if is_order_revoked_after(facts, agreed):
        return "the attendance order was revoked after the start was agreed"
    start = agreed.meeting_on or agreed.on
    first = facts.moment.calendar.count_sessions_before(start)
    if first >= len(facts.line):
        return f"the agreed start is {say_day(start)}, and no session of it is over"
    came = runs.indexes_of(facts.line, runs.ATTENDED, first=first)
    if came:
        return f"attended on {known.near(facts.moment.day(came[0]))}, after the start agreed for {say_day(start)}"
    return _not_met_at_start(known, step, start)


def _not_met_at_start(known: WhyNot, step: Step, start: date) -> str:
    later = events_from(known.facts, start)
    seen = next((event for event in later if is_child_seen(event) or is_place_confirmed(event)), None)
    if seen is not None:
        return f"the child was seen, or the place confirmed, on {known.near(seen.on)}"
    visits = sum(event.kind is EventKind.HOME_VISIT for event in later)
    if "visits_below" in step.numbers:
        made = f"{say_count(visits, 'home visit')} made since the start agreed for {say_day(start)}"
        return made if visits >= step.numbers["visits_below"] else ""
    if not visits:
        return f"no home visit is recorded since the start agreed for {say_day(start)}"
    met = next((event for event in later if is_contact_made(event)), None)
    return "" if met is None else f"contact was made on {known.near(met.on)}"


# -- leave and part time ---------------------------------------------------------------------------------------


def _leave_requested(known: WhyNot, _step: Step) -> str:
    facts = known.facts
    request = facts.last_of(EventKind.LEAVE_REQUESTED)
    if request is None:
        return "no request for leave is recorded"
    kinds = {EventKind.LEAVE_GRANTED, EventKind.LEAVE_REFUSED}
    decided = next((event for event in events_after(facts, request) if event.kind in kinds), None)
    if decided is None:
        return ""
    said = "granted" if decided.kind is EventKind.LEAVE_GRANTED else "refused"
    return f"the leave asked for on {known.near(request.on)} was {said} on {known.near(decided.on)}"


def _leave_admitted(known: WhyNot, _step: Step) -> str:
    if known.facts.last_of(EventKind.LEAVE_ADMITTED_AFTERWARDS) is not None:
        return ""
    return "no parent is recorded as saying afterwards that leave was taken"


def _leave_overrun(known: WhyNot, step: Step) -> str:
    facts, needed = known.facts, step.numbers["n"]
    absence, ended_on = facts.absence, facts.leave_ended_on
    if absence is None:
        return known.not_absent()
    if ended_on is not None:
        days = len(school_days_so_far(facts, ended_on + timedelta(days=1)))
        after = f"after leave to {say_day(ended_on)}"
    elif facts.is_leave_granted_on(absence.days[-1]):
        return f"leave is granted for {known.near(absence.days[-1])}"
    elif not is_leave_in_question(facts):
        return "no leave was asked for, granted, refused or admitted for this absence"
    else:
        days, after = absence.day, "of the absence"
    if days >= needed:
        return ""
    return f"needs school day {needed} {after}; today is {known.most}day {days}"


def _part_time(known: WhyNot, step: Step) -> str:
    facts = known.facts
    agreed = facts.last_of(EventKind.PART_TIME_AGREED)
    if part_time(facts, step) is not None:
        return ""
    if agreed is None:
        return "no part-time timetable is agreed or recorded, and no code C2 stands in the last five school days"
    assert agreed.until is not None, "a timetable with no end is in force"
    return f"the part-time timetable ended on {say_day(agreed.until)}, and no code C2 of the last days follows it"


STEPS_OF_ROLL: Final[Mapping[TriggerKind, Callable[[WhyNot, Step], str]]] = {
    TriggerKind.IN_YEAR_JOINER: _joiner,
    TriggerKind.NAME_TO_BE_REMOVED: _removed,
    TriggerKind.IN_YEAR_LEAVER: _in_year_leaver,
    TriggerKind.LEAVING_UNNAMED: _unnamed,
    TriggerKind.LEAVING_ABROAD: _abroad,
    TriggerKind.HOME_EDUCATION_LETTER: _letter,
    TriggerKind.HOME_EDUCATION_UNANSWERED: _unanswered,
    TriggerKind.PLACE_UNDER_ORDER: _place_under_order,
    TriggerKind.MEETING_NOT_ARRANGED: _no_meeting,
    TriggerKind.MEETING_MISSED: _meeting_missed,
    TriggerKind.START_NOT_KEPT: _start_not_kept,
    TriggerKind.LEAVE_REQUESTED: _leave_requested,
    TriggerKind.LEAVE_ADMITTED: _leave_admitted,
    TriggerKind.LEAVE_OVERRUN: _leave_overrun,
    TriggerKind.PART_TIME: _part_time,
}
"""The triggers about the roll whose reasons are known."""
