"""Why a rule of English law about coming on roll, leave, and leaving it is not so of a pupil.

Each function answers with what was looked for and what was found, or with nothing where it can't be sure of a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.events import EventKind, ReturnKind
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy import runs
from cme_desktop.policy.departure import events_of_removal
from cme_desktop.policy.rules.concerns import REPORTED_CONCERN
from cme_desktop.policy.rules.home_education import has_plan, is_placed_in_special_school, last_letter
from cme_desktop.policy.rules.joining import group_on, is_first_day_of_year, is_in_records
from cme_desktop.policy.rules.leave import IN_USE, PART_TIME, agreement_of
from cme_desktop.policy.rules.leaving import has_protection_file, is_spared_leaver, removal_begun
from cme_desktop.policy.wording import say_count, say_day

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.domain.events import Event
    from cme_desktop.policy.departure import Departure
    from cme_desktop.policy.why_not_words import WhyNot

NO_LETTER: Final = "no written notice of home education is recorded"
NO_REMOVAL: Final = "no removal from the roll is proposed or recorded"
GIVEN_UP: Final = "the place here was given up before the child came on roll"
_NO_LEAVING: Final = "no leaving and no removal from the roll is recorded"


# -- coming on roll ------------------------------------------------------------------------------------------------


def _new_pupil(known: WhyNot) -> str:
    facts = known.facts
    starting_day = facts.pupil.starting_day
    if facts.pupil.was_never_entered:
        return GIVEN_UP
    if starting_day is None:
        return "no starting day is recorded, and the return is counted from it"
    if starting_day > facts.on:
        return f"starts on {say_day(starting_day)}: the return is counted from that day"
    if not is_in_records(facts, starting_day):
        return f"on roll since {say_day(starting_day)}, before the records begin: later starting days are asked about"
    sent = next((event for event in facts.events_of_stay if event.return_ is ReturnKind.NEW_PUPIL), None)
    if sent is not None:
        return f"the new pupil return is recorded as sent on {known.near(sent.on)}"
    return _spared_joiner(known, starting_day)


def _spared_joiner(known: WhyNot, starting_day: date) -> str:
    facts, numbers = known.facts, known.numbers
    is_spared = not numbers["england.new-pupil-return.asked-of-all"] and is_first_day_of_year(facts, starting_day)
    if is_spared and group_on(facts, starting_day) is facts.moment.judgement.school.youngest_class:
        return (
            f"began in the youngest class on {say_day(starting_day)}, the first day of the school year: no return is "
            "owed unless the authority asks for it"
        )
    return ""


# -- leave and part time -------------------------------------------------------------------------------------------


def _leave_request(known: WhyNot) -> str:
    request = known.facts.last_of(EventKind.LEAVE_REQUESTED)
    if request is None:
        return "no request for leave is recorded"
    return f"every request for leave is decided, the last that of {known.near(request.on)}"


def _part_time(known: WhyNot) -> str:
    facts, needed = known.facts, known.numbers[IN_USE]
    agreement = agreement_of(facts)
    if agreement is None:
        return _no_part_time(known, needed)
    if facts.on < agreement.until:
        review = agreement.review_on
        said = f", and its review is on {say_day(review)}" if review is not None and review > facts.on else ""
        if review is not None and review <= facts.on:
            held = facts.last_of(EventKind.REVIEW_HELD, since=review)
            said = f", and its review was held on {known.near(held.on)}" if held is not None else ""
        return f"the agreed part-time timetable ends on {say_day(agreement.until)}{said}"
    ended = f"the agreed part-time timetable ended on {say_day(agreement.until)}"
    later = facts.moment.calendar.count_sessions_through(agreement.until)
    if not runs.count_of(facts.line, PART_TIME, first=later):
        return f"{ended}, and no session after it has code C2"
    return f"{ended}, and no code C2 stands in the last {say_count(needed, 'school day')}"


def _no_part_time(known: WhyNot, needed: int) -> str:
    facts = known.facts
    last = facts.line.rfind(PART_TIME)
    if last < 0:
        return "no part-time timetable is agreed, and no session has code C2"
    return (
        f"no part-time timetable is agreed, and the last code C2 stands on {known.near(facts.moment.day(last))}, not "
        f"in the last {say_count(needed, 'school day')}"
    )


# -- leaving -------------------------------------------------------------------------------------------------------


def _deletion_return(known: WhyNot) -> str:
    facts = known.facts
    since = removal_begun(facts)
    if since is None:
        return NO_REMOVAL
    sent = next((event for event in events_of_removal(facts) if event.return_ is ReturnKind.DELETION), None)
    if sent is not None:
        return f"the deletion return is recorded as sent on {known.near(sent.on)}"
    goes_on = facts.removed_on or (facts.departure.last_day if facts.departure else since)
    if not known.numbers["england.deletion-return.asked-of-all"] and is_spared_leaver(facts, goes_on):
        return "leaves the oldest class at the end of its last term: no return is owed unless the authority asks for it"
    return ""


def _unknown_destination(known: WhyNot) -> str:
    departure = known.facts.departure
    if departure is None:
        return _NO_LEAVING
    if departure.unconfirmed_since is not None:
        return ""  # the referral and the file are records that settle it
    if departure.is_by_death:
        return "recorded as removed after the child's death"
    if departure.asks_for_no_school:
        return f"removed under ground ({departure.ground}), after which no next school is looked for"
    leaving = _say_leaving(known, departure)
    said = _last_of_stay(known, EventKind.LEAVING, EventKind.HOME_EDUCATION_LETTER)
    if said is not None and said.kind is EventKind.HOME_EDUCATION_LETTER:
        return f"{leaving}, and the notice of home education says where the child is taught"
    return f"{leaving}, and where the child goes is confirmed"


def _say_leaving(known: WhyNot, departure: Departure) -> str:
    day = say_day(departure.last_day)
    if known.facts.pupil.was_never_entered:
        return f"gave up the place here on {day}"
    verb = "left" if departure.has_left(known.facts.on) else "leaving"
    return f"{verb} on {day if departure.is_day_known else 'a day that nobody has said'}"


def _arrival(known: WhyNot) -> str:
    departure = known.facts.departure
    if departure is None:
        return _NO_LEAVING
    if not departure.is_to_named_school:
        return "the leaving that is recorded names no next school of the state sector"
    return _not_left(known, departure) or _recorded(
        known, EventKind.ARRIVAL_CONFIRMED, "the next school's word that the child came is recorded"
    )


def _transfer_file(known: WhyNot) -> str:
    departure = known.facts.departure
    if departure is None:
        return _NO_LEAVING
    if known.facts.pupil.was_never_entered:
        return GIVEN_UP
    if not departure.is_to_known_school:
        return "the leaving that is recorded is to no school that is known"
    return _not_left(known, departure) or _recorded(
        known, EventKind.TRANSFER_FILE_SENT, "the transfer file is recorded as sent"
    )


def _protection_file(known: WhyNot) -> str:
    departure = known.facts.departure
    if departure is None:
        return _NO_LEAVING
    if known.facts.pupil.was_never_entered:
        return GIVEN_UP
    if not has_protection_file(known.facts, departure.last_day):
        return "no child-protection file or plan is recorded"
    if not departure.is_to_known_school:
        return "the leaving that is recorded is to no school that is known"
    return _not_left(known, departure) or _recorded(
        known, EventKind.PROTECTION_FILE_RECEIVED, "the receipt for the child-protection file is recorded"
    )


def _not_left(known: WhyNot, departure: Departure) -> str:
    if departure.has_left(known.facts.on):
        return ""
    if not departure.is_day_known:
        return "nobody has said yet which day is the last one here: this is asked for once it has passed"
    return f"the last day here is {say_day(departure.last_day)}: this is asked for once it has passed"


def _recorded(known: WhyNot, kind: EventKind, words: str) -> str:
    found = _last_of_stay(known, kind)
    return f"{words} on {known.near(found.on)}" if found is not None else ""


def _last_of_stay(known: WhyNot, *kinds: EventKind) -> Event | None:
    return next((event for event in reversed(known.facts.events_of_stay) if event.kind in kinds), None)


# -- home education ------------------------------------------------------------------------------------------------


def _notice(known: WhyNot) -> str:
    letter = last_letter(known.facts)
    if letter is None:
        return NO_LETTER
    others = " and the social worker are" if has_plan(known.facts) else " is"
    return f"the authority{others} recorded as told of the notice of {known.near(letter.on)}"


def _consent(known: WhyNot) -> str:
    facts = known.facts
    letter = last_letter(facts)
    if letter is None:
        return NO_LETTER
    if not (has_plan(facts) or is_placed_in_special_school(facts)):
        return "no special school, child-protection plan or section 47 enquiry is recorded: no consent is needed"
    return _recorded(known, EventKind.AUTHORITY_CONSENT, "the authority's answer is recorded")


def _not_in_school(known: WhyNot) -> str:
    facts = known.facts
    if last_letter(facts) is None and not facts.has(Circumstance.ELSEWHERE_EDUCATED):
        return f"{NO_LETTER}, and no education elsewhere for part of the time"
    return "the authority is recorded as told"


# -- concerns ------------------------------------------------------------------------------------------------------


def _concern(known: WhyNot) -> str:
    reports = known.facts.events_of(EventKind.CONCERN_REPORTED)
    if not reports:
        return "nobody is recorded as having reported the child as not in education"
    decided = known.facts.last_decision(REPORTED_CONCERN)
    when = f" on {known.near(decided.on)}" if decided is not None else ""
    return f"the report of {known.near(reports[-1].on)} was decided{when}"


WHY_NOT_ROLL: Final[Mapping[str, Callable[[WhyNot], str]]] = {
    "england.new-pupil-return": _new_pupil,
    "england.leave-request": _leave_request,
    "england.part-time-timetable": _part_time,
    "england.deletion-return": _deletion_return,
    "england.unknown-destination": _unknown_destination,
    "england.arrival-confirmed": _arrival,
    "england.transfer-file-due": _transfer_file,
    "england.child-protection-file": _protection_file,
    "england.home-education-notice": _notice,
    "england.home-education-consent": _consent,
    "england.children-not-in-school": _not_in_school,
    REPORTED_CONCERN: _concern,
}
"""The rules about the roll whose reasons are known."""
