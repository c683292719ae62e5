"""Triggers about how a pupil comes on roll, is away by leave, and leaves it: each one small question to the facts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.events import Destination, Event, EventKind
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy import runs
from cme_desktop.policy.absence import is_child_seen, is_contact_made, is_place_confirmed
from cme_desktop.policy.found import Found, events_after, events_from
from cme_desktop.policy.rules.joining import group_on
from cme_desktop.policy.rules.leave import PART_TIME
from cme_desktop.policy.wording import say_count, say_day, say_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.school_policy import Step

_ONE_DAY: Final = timedelta(days=1)
_PLANS: Final = frozenset({EventKind.LEAVING, EventKind.HOME_EDUCATION_LETTER})
_MEETINGS: Final = frozenset({EventKind.MEETING_BOOKED, EventKind.MEETING_HELD, EventKind.MEETING_MISSED})


# -- coming ----------------------------------------------------------------------------------------------------


def in_year_joiner(facts: Facts, step: Step) -> Found | None:
    """A pupil came on roll since the policy was adopted and the records begin, not as the youngest class did."""
    entered = facts.last_of(EventKind.JOINER_ENTERED)
    since = entered.on if entered is not None else facts.pupil.starting_day
    if facts.pupil.was_never_entered or since is None or since > facts.on or since < joiners_asked_from(facts, step):
        return None
    if is_beginner(facts, facts.pupil.starting_day or since):
        return None
    return Found(since, answers=facts.events, event=entered)


def joiners_asked_from(facts: Facts, step: Step) -> date:
    """The first day on which somebody who comes on roll is asked about.

    Of those who came before the policy was adopted it asks nothing; before the records begin only an entry that was
    written down is known.
    """
    is_written = facts.last_of(EventKind.JOINER_ENTERED) is not None
    return max(adopted_on(facts, step), date.min if is_written else _records_begin(facts))


def adopted_on(facts: Facts, step: Step) -> date:
    """The day since which the school has the step's policy; the earliest of all where that is not known."""
    return facts.moment.judgement.school.adopted_on(step.id.partition(".")[0])


def is_beginner(facts: Facts, day: date) -> bool:
    """Whether the pupil began on the day in the youngest class, as its school year did."""
    youngest = facts.moment.judgement.school.youngest_class
    return is_first_of_a_year(facts, day) and group_on(facts, day) is youngest


def _records_begin(facts: Facts) -> date:
    calendar = facts.moment.calendar
    return facts.moment.judgement.school.records_begin or calendar.years[0].first_day


def is_first_of_a_year(facts: Facts, day: date) -> bool:
    """Whether the day is the first on which pupils come, or lies before it."""
    days = _school_days_of_year(facts, day)
    return bool(days) and day <= days[0]


def _school_days_of_year(facts: Facts, day: date) -> tuple[date, ...]:
    """The school days of the year that the day belongs to, the summer after it included; empty before the first."""
    calendar = facts.moment.calendar
    begun = [year for year in calendar.years if year.first_day <= day]
    return calendar.school_days_between(begun[-1].first_day, begun[-1].last_day) if begun else ()


# -- leaving ---------------------------------------------------------------------------------------------------


def name_to_be_removed(facts: Facts, step: Step) -> Found | None:
    """A name is to be removed from the admission register, or has been since the policy was adopted."""
    removal = removal_event(facts)
    if removal is None or is_gone_before(facts, step):
        return None
    words = {"next": _say_next(facts)}
    return Found(removal.on, words, answers=events_from(facts, _leaving_began(facts, removal)), event=removal)


def in_year_leaver(facts: Facts, step: Step) -> Found | None:
    """A pupil leaves, or is taken off the roll, since the policy was adopted; not as the oldest class does in July."""
    if facts.pupil.was_never_entered:
        return None
    removal, leaving = removal_event(facts), facts.last_of(EventKind.LEAVING)
    begun = [(removal.on, removal)] if removal is not None else []
    if leaving is not None and leaving.leaving_on is not None and leaving.leaving_on <= facts.on:
        begun.append((leaving.leaving_on, leaving))
    if not begun:
        return None
    since, event = min(begun, key=lambda pair: pair[0])
    if since < adopted_on(facts, step):
        return None
    oldest = facts.moment.judgement.school.oldest_class
    if facts.pupil.year_group is oldest and is_end_of_a_year(facts, since):
        return None
    return Found(since, answers=events_from(facts, _leaving_began(facts, event)), event=event)


def is_gone_before(facts: Facts, step: Step) -> bool:
    """Whether the name was gone from the register before the step's policy was adopted."""
    return facts.removed_on is not None and facts.removed_on < adopted_on(facts, step)


def removal_event(facts: Facts) -> Event | None:
    """The event by which this removal began: the proposal, or the removal itself where nobody proposed it."""
    begun: Event | None = None
    is_over = False
    for event in facts.events_of_stay:
        if event.kind in {EventKind.JOINER_ENTERED, EventKind.REMOVAL_UNDONE}:
            begun, is_over = None, False
        elif event.kind in {EventKind.REMOVAL_PROPOSED, EventKind.REMOVED}:
            begun = event if begun is None or is_over else begun
            is_over = event.kind is EventKind.REMOVED
    return begun


def _leaving_began(facts: Facts, event: Event) -> date:
    """The day on which the leaving was first heard of: what was sent since then may answer a removal."""
    plans = [plan.on for plan in facts.events if plan.kind in _PLANS and plan.moment <= event.moment]
    return min(plans[-1], event.on) if plans else event.on


def _say_next(facts: Facts) -> str:
    leaving = facts.last_of(EventKind.LEAVING)
    if leaving is None or leaving.destination is not Destination.KNOWN:
        return "no move to another school is recorded"
    if leaving.confirmed or facts.last_of(EventKind.ARRIVAL_CONFIRMED) is not None:
        return "the next school has confirmed"
    return "the next school has not confirmed yet, and the form waits for that"


def is_end_of_a_year(facts: Facts, day: date) -> bool:
    """Whether the day is the school year's last on which pupils come, or lies after it."""
    days = _school_days_of_year(facts, day)
    return bool(days) and day >= days[-1]


def home_education_letter(facts: Facts, _step: Step) -> Found | None:
    """A parent has written that the child will be home educated."""
    letter = facts.last_of(EventKind.HOME_EDUCATION_LETTER)
    if letter is None:
        return None
    begins = say_day(letter.from_) if letter.from_ else "a day that the letter does not name"
    return Found(letter.on, {"begins": begins}, answers=events_from(facts, letter.on), event=letter)


def home_education_unanswered(facts: Facts, step: Step) -> Found | None:
    """Home educated since the day in the letter, and so many attempts since then reached nobody."""
    letter = facts.last_of(EventKind.HOME_EDUCATION_LETTER)
    if letter is None or (letter.from_ or letter.on) > facts.on:
        return None
    later = tuple(event for event in events_after(facts, letter) if event.on >= (letter.from_ or letter.on))
    attempts = tuple(event for event in later if event.kind in {EventKind.CONTACT_ATTEMPT, EventKind.HOME_VISIT})
    if len(attempts) < step.numbers["attempts"] or any(is_contact_made(event) for event in later):
        return None
    since = attempts[step.numbers["attempts"] - 1]
    return Found(since.on, {"tried": say_count(len(attempts), "attempt")}, answers=events_after(facts, since))


def leaving_unnamed(facts: Facts, _step: Step) -> Found | None:
    """The pupil is leaving or has left, and no school or other education is named."""
    leaving = leaving_to(facts, {None, Destination.UNKNOWN})
    if leaving is None or leaving[1].confirmed:
        return None
    first = leaving[0]
    later = events_from(facts, first.on)
    if any(event.kind is EventKind.ARRIVAL_CONFIRMED for event in later):
        return None
    return Found(first.on, answers=later, event=first)


def leaving_abroad(facts: Facts, step: Step) -> Found | None:
    """The family moves outside England, and something that ``asks`` names (address, school, date) is not known."""
    leaving = leaving_to(facts, {Destination.ABROAD})
    if leaving is None:
        return None
    first, last = leaving
    later = events_from(facts, first.on)
    if any(event.kind is EventKind.ARRIVAL_CONFIRMED for event in later):
        return None
    missing = missing_of_move(step, last, later)
    if not missing:
        return None
    moved_on = last.leaving_on or last.on
    due = facts.moment.due_after(moved_on, school_days=step.numbers["school_days"]) if step.numbers else None
    words = {"missing": say_list(missing), "moves": _say_move(last)}
    return Found(first.on, words, answers=later, event=first, last_day=due.on if due else None)


def missing_of_move(step: Step, leaving: Event, later: tuple[Event, ...]) -> list[str]:
    """What the step asks of a move outside England and nobody has recorded."""
    addresses = [event for event in later if event.kind is EventKind.FORWARDING_ADDRESS]
    known = {"address": bool(addresses), "school": any(event.school for event in addresses)}
    known["date"] = leaving.leaving_on is not None
    return [_ASKED_ABROAD[word] for word in step.asks if not known[word]]


def leaving_to(facts: Facts, destinations: Collection[Destination | None]) -> tuple[Event, Event] | None:
    """The first and last of the words about a leaving, where the latest are about one of these destinations."""
    said: list[Event] = []
    for event in reversed(facts.events_of(EventKind.LEAVING)):
        if event.destination not in destinations:
            break
        said.append(event)
    return (said[-1], said[0]) if said else None


_ASKED_ABROAD: Final = {
    "address": "the forwarding address",
    "school": "the new school's name and address",
    "date": "the day on which the family leaves the country",
}
ASKED_ABROAD: Final = tuple(_ASKED_ABROAD)
"""The words that a step about a move outside England may ask for."""


def _say_move(leaving: Event) -> str:
    return f"on {say_day(leaving.leaving_on)}" if leaving.leaving_on else "on a day not yet said"


# -- attendance orders -----------------------------------------------------------------------------------------


def place_under_order(facts: Facts, _step: Step) -> Found | None:
    """A school attendance order names this school, and the parent has not agreed to the place."""
    order = order_in_force(facts)
    if order is None:
        return None
    later = events_from(facts, order)
    if any(event.kind is EventKind.ORDER_CONSENT for event in later):
        return None
    return Found(order, answers=later)


def meeting_not_arranged(facts: Facts, _step: Step) -> Found | None:
    """An order names this school, and no meeting before admission was held, missed or is booked for a day to come."""
    order = order_in_force(facts)
    if order is None:
        return None
    later = events_from(facts, order)
    last = last_meeting(later)
    if last is None:
        return Found(order, answers=later)
    if last.kind is not EventKind.MEETING_BOOKED or (last.meeting_on or facts.on) >= facts.on:
        return None
    # the day that was booked has passed, and nobody wrote down whether the parent came
    return Found((last.meeting_on or last.on) + _ONE_DAY, answers=later, event=last)


def meeting_missed(facts: Facts, _step: Step) -> Found | None:
    """An order names this school, and the parent missed the last meeting before admission."""
    order = order_in_force(facts)
    last = None if order is None else last_meeting(events_from(facts, order))
    if last is None or last.kind is not EventKind.MEETING_MISSED:
        return None
    return Found(last.on, answers=events_from(facts, last.on), event=last)


def start_not_kept(facts: Facts, step: Step) -> Found | None:
    """A start was agreed and the pupil did not come: too few visits made, or visited and neither seen nor reached."""
    agreed = facts.last_of(EventKind.START_AGREED)
    if agreed is None or is_order_revoked_after(facts, agreed):
        return None
    start = agreed.meeting_on or agreed.on
    first = facts.moment.calendar.count_sessions_before(start)
    came = runs.count_of(facts.line, runs.ATTENDED, first=first)
    if came or not runs.count_of(facts.line, runs.ABSENT + _OFF_ROLL, first=first):
        return None
    later = events_from(facts, start)
    if any(is_child_seen(event) or is_place_confirmed(event) for event in later):
        return None
    visits = [event for event in later if event.kind is EventKind.HOME_VISIT]
    if "visits_below" in step.numbers:
        if len(visits) >= step.numbers["visits_below"]:
            return None
    elif not visits or any(is_contact_made(event) for event in later):
        return None
    return Found(facts.moment.day(first), {"start": say_day(start)}, answers=later, event=agreed)


_OFF_ROLL: Final = b"."


def order_in_force(facts: Facts) -> date | None:
    """The day from which an order is known; None where none names this school, or it was revoked."""
    made, revoked = facts.last_of(EventKind.ORDER_MADE), facts.last_of(EventKind.ORDER_REVOKED)
    if made is not None:
        return None if revoked is not None and revoked.moment >= made.moment else made.on
    if revoked is not None or not facts.has(Circumstance.ATTENDANCE_ORDER):
        return None
    dated = (held.from_day for held in facts.pupil.circumstances if held.name is Circumstance.ATTENDANCE_ORDER)
    return next((day for day in dated if day is not None), first_own_or_year_day(facts))


def last_meeting(events: Iterable[Event]) -> Event | None:
    """The last of the events that is about a meeting before admission; None where none is."""
    return next((event for event in reversed(tuple(events)) if event.kind in _MEETINGS), None)


def is_order_revoked_after(facts: Facts, agreed: Event) -> bool:
    """Whether an attendance order was revoked after the event."""
    return any(event.kind is EventKind.ORDER_REVOKED for event in events_after(facts, agreed))


# -- leave -----------------------------------------------------------------------------------------------------


def leave_requested(facts: Facts, _step: Step) -> Found | None:
    """A request for leave that is neither granted nor refused."""
    request = facts.last_of(EventKind.LEAVE_REQUESTED)
    if request is None:
        return None
    later = events_after(facts, request)
    if any(event.kind in {EventKind.LEAVE_GRANTED, EventKind.LEAVE_REFUSED} for event in later):
        return None
    evidence = "with evidence of an emergency" if request.evidence else "without evidence of an emergency"
    return Found(request.on, {"evidence": evidence}, answers=later, event=request)


def leave_admitted(facts: Facts, _step: Step) -> Found | None:
    """A parent said only afterwards that leave was taken."""
    admitted = facts.last_of(EventKind.LEAVE_ADMITTED_AFTERWARDS)
    if admitted is None:
        return None
    return Found(admitted.on, answers=events_from(facts, admitted.on), event=admitted)


def leave_overrun(facts: Facts, step: Step) -> Found | None:
    """Not back by the n-th school day after the last granted day, or of an absence for which leave was in question."""
    absence = facts.absence
    if absence is None:
        return None
    ended_on = facts.leave_ended_on
    if ended_on is None and (facts.is_leave_granted_on(absence.days[-1]) or not is_leave_in_question(facts)):
        return None
    begins = absence.began_on if ended_on is None else ended_on + _ONE_DAY
    days = absence.days if ended_on is None else school_days_so_far(facts, begins)
    if len(days) < step.numbers["n"]:
        return None
    counted = tuple(index for index in absence.indexes if facts.moment.day(index) >= begins)
    what = "of an absence for which no leave was granted" if ended_on is None else f"after leave to {say_day(ended_on)}"
    words = {"days": say_count(len(days), "school day"), "what": what}
    return Found(days[step.numbers["n"] - 1], words, counted, answers=_answers_since_day(facts, begins))


def school_days_so_far(facts: Facts, first: date) -> tuple[date, ...]:
    """The school days from a day on, today's only once a session of it is due."""
    days = facts.moment.calendar.school_days_between(first, facts.on)
    is_today_to_come = facts.moment.is_school_day and facts.moment.today_due == facts.moment.today_first
    return days[:-1] if is_today_to_come else days


def is_leave_in_question(facts: Facts) -> bool:
    """Whether leave that touches this absence was asked for, refused or admitted afterwards."""
    absence = facts.absence
    assert absence is not None
    for event in facts.events:
        if event.kind is EventKind.LEAVE_ADMITTED_AFTERWARDS and event.on >= absence.began_on:
            return True
        if event.kind in {EventKind.LEAVE_REQUESTED, EventKind.LEAVE_REFUSED}:
            first = event.from_ or event.on
            last = event.to if isinstance(event.to, date) else absence.days[-1]
            if first <= absence.days[-1] and last >= absence.began_on:
                return True
    return False


def _answers_since_day(facts: Facts, begins: date) -> tuple[Event, ...]:
    return tuple(event for event in facts.events_of_absence if event.on >= begins)


# -- part time -------------------------------------------------------------------------------------------------


def part_time(facts: Facts, _step: Step) -> Found | None:
    """A part-time timetable is in force: agreed and not ended, recorded of the pupil, or coded C2 of late."""
    agreed = facts.last_of(EventKind.PART_TIME_AGREED)
    # an agreement written on its own last day is the end of the one before it
    is_agreed = agreed is not None and (agreed.until is None or max(agreed.on + _ONE_DAY, facts.on) <= agreed.until)
    ended_on = agreed.until if agreed is not None and not is_agreed else None
    coded = tuple(
        index
        for index in runs.indexes_of(facts.line, PART_TIME, first=first_of_recent_days(facts))
        if ended_on is None or facts.moment.day(index) > ended_on
    )
    if not (is_agreed or coded or facts.has(Circumstance.PART_TIME_TIMETABLE)):
        return None
    since = agreed.on if agreed is not None else _part_time_since(facts)
    return Found(since, counted=coded, answers=events_from(facts, since), event=agreed)


_RECENT_DAYS: Final = 5


def first_of_recent_days(facts: Facts) -> int:
    """The index of the first session of the last five school days: a week without C2 ends a timetable."""
    calendar = facts.moment.calendar
    through = calendar.count_sessions_through(facts.on)
    days = calendar.school_days_between(calendar.years[0].first_day, facts.on)
    return calendar.count_sessions_before(days[-min(_RECENT_DAYS, len(days))]) if days else through


def _part_time_since(facts: Facts) -> date:
    dated = [
        held.from_day
        for held in facts.pupil.circumstances
        if held.name is Circumstance.PART_TIME_TIMETABLE and held.holds_on(facts.on)
    ]
    coded = runs.indexes_of(facts.line, PART_TIME, first=facts.year_first)
    known = [day for day in dated if day is not None] + [facts.moment.day(index) for index in coded[:1]]
    return min(known, default=first_own_or_year_day(facts))


def first_own_or_year_day(facts: Facts) -> date:
    """The first day of this school year, or the pupil's starting day if later."""
    first = facts.moment.calendar.sessions[facts.year_first].on
    return max(first, facts.pupil.starting_day or first)
