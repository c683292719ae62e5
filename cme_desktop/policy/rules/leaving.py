"""Rules about leaving: the return, the destination, the arrival there, and the files that follow the child."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import Destination, Event, EventKind, Recipient, ReturnKind
from cme_desktop.domain.pupils import Circumstance, year_group_of
from cme_desktop.policy.departure import events_of_removal
from cme_desktop.policy.rule import Act, Authority, Duty, Finding, Raised, Rule, Severity
from cme_desktop.policy.rules.sources import (
    IN_FORCE_FROM,
    keeping_safe,
    missing_education,
    regulation,
    transfer_of_information,
)
from cme_desktop.policy.wording import say_day

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.policy.departure import Departure
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers

_ASKED_OF_ALL: Final = "england.deletion-return.asked-of-all"
_ARRIVAL_DAYS: Final = "england.arrival-confirmed.days"
_FILE_DAYS: Final = "england.transfer-file-due.days"
_PROTECTION_DAYS: Final = "england.child-protection-file.days"


# -- the deletion return ---------------------------------------------------------------------------------------


def lacks_deletion_return(facts: Facts, numbers: Numbers) -> Raised | None:
    """Regulation 13(4) to (7): the authority knows of a removal and its ground before the name goes, or as it goes."""
    since = removal_begun(facts)
    if since is None or is_return_recorded(facts):
        return None
    removed_on = facts.removed_on
    goes_on = removed_on or (facts.departure.last_day if facts.departure else since)
    if not numbers[_ASKED_OF_ALL] and is_spared_leaver(facts, goes_on):
        return None
    ground = _ground_of(facts)
    named = f"under ground ({ground})" if ground else "under a ground without a recorded letter"
    what = f"was removed on {say_day(removed_on)}" if removed_on is not None else "is to be removed"
    return Raised(
        Finding(f"The name {what} {named}, and no deletion return is recorded.", since=since),
        Duty(
            Act.SEND_RETURN,
            "Send the deletion return, with the ground, to the authority: before the name goes or as it goes.",
            Role.OFFICE,
            "authority (deletion)",
        ),
        facts.moment.due_on(since),
    )


def removal_begun(facts: Facts) -> date | None:
    """The day the removal was proposed, or took place where nobody proposed it; None where neither is recorded."""
    proposals = [event for event in events_of_removal(facts) if event.kind is EventKind.REMOVAL_PROPOSED]
    since = proposals[-1].on if proposals else None
    for proposal in reversed(proposals):
        if proposal.ground != proposals[-1].ground:
            break
        since = proposal.on
    return facts.removed_on if since is None else since


def _ground_of(facts: Facts) -> str | None:
    for event in reversed(events_of_removal(facts)):
        if event.kind in {EventKind.REMOVED, EventKind.REMOVAL_PROPOSED} and event.ground:
            return event.ground
    return None


def is_return_recorded(facts: Facts) -> bool:
    """Whether a deletion return is recorded in this stay, since no other removal was given up or undone."""
    return any(event.return_ is ReturnKind.DELETION for event in events_of_removal(facts))


def is_spared_leaver(facts: Facts, day: date) -> bool:
    """Whether a name that goes on the day is of the oldest class, its last term at an end: no return is then owed."""
    born = facts.pupil.born
    group = facts.pupil.year_group or (year_group_of(born, on=day) if born else None)
    if group is not facts.moment.judgement.school.oldest_class:
        return False
    begun = [year for year in facts.moment.calendar.years if year.first_day <= day]
    if not begun:
        return False
    days = facts.moment.calendar.school_days_between(begun[-1].first_day, begun[-1].last_day)
    return bool(days) and day >= days[-1]


# -- where to --------------------------------------------------------------------------------------------------


def is_destination_not_referred(facts: Facts, _: Numbers) -> Raised | None:
    """A child who leaves for nowhere that is confirmed is made known to the authority on the day."""
    departure = facts.departure
    since = None if departure is None else departure.unconfirmed_since
    if departure is None or since is None or _is_referred(facts, since):
        return None
    and_file = "" if departure.removed_on is None or _is_file_sent(facts) else f" {_LOST_PUPIL}"
    return Raised(
        Finding(f"{_say_departure(facts, departure)} No referral to the authority is recorded.", since=since),
        Duty(
            Act.REFER,
            f"Refer the child to the authority's children missing education officer.{and_file}",
            Role.LEAD,
            "authority (children missing education)",
        ),
        facts.moment.due_on(since),
    )


def lacks_lost_pupil_file(facts: Facts, _: Numbers) -> Raised | None:
    """The transfer file of a child removed without a known destination goes to the store of lost pupils that day."""
    departure = facts.departure
    if departure is None or departure.unconfirmed_since is None or departure.removed_on is None or _is_file_sent(facts):
        return None
    return Raised(
        Finding(
            f"{_say_departure(facts, departure)} The child is referred, and no transfer file is recorded as sent.",
            since=departure.removed_on,
        ),
        Duty(Act.SEND_FILE, _LOST_PUPIL, Role.OFFICE, "lost pupil store"),
        facts.moment.due_on(departure.removed_on),
    )


_LOST_PUPIL: Final = "Send the transfer file to the store of lost pupils (XXX for the authority, XXXX for the school)."


def _say_departure(facts: Facts, departure: Departure) -> str:
    where = {
        Destination.KNOWN: "The next school is named and has not confirmed the place",
        Destination.ABROAD: "The family goes abroad, and no school there is confirmed",
        Destination.OUTSIDE_STATE_SECTOR: "The child goes outside the state sector, and no place there is confirmed",
        Destination.UNKNOWN: "No next school or other education is known",
    }[departure.destination]
    if facts.pupil.was_never_entered:
        return f"Gave up the place here on {say_day(departure.last_day)} and never started. {where}."
    verb = "Left" if departure.has_left(facts.on) else "Is leaving"
    when = f"on {say_day(departure.last_day)}" if departure.is_day_known else "on a day that nobody has said"
    return f"{verb} {when}. {where}."


def _is_referred(facts: Facts, since: date) -> bool:
    """Whether the authority was told since then, or in the absence that led to it."""
    return any(
        tells_authority(event) and (event.on >= since or event.moment > facts.attended_until)
        for event in facts.events_of_stay
    )


def tells_authority(event: Event) -> bool:
    """Whether the event tells the authority's children missing education team."""
    if event.kind is EventKind.REFERRED:
        return event.to is None or event.to is Recipient.AUTHORITY_CME
    return event.kind is EventKind.TOLD and event.who is Recipient.AUTHORITY_CME


def _is_file_sent(facts: Facts) -> bool:
    return any(event.kind is EventKind.TRANSFER_FILE_SENT for event in facts.events_of_stay)


# -- arrival and files -----------------------------------------------------------------------------------------


def is_arrival_unconfirmed(facts: Facts, numbers: Numbers) -> Raised | None:
    """A place is not a child in it: the next school says whether the child came."""
    departure = facts.departure
    if departure is None or not departure.is_to_named_school or not departure.has_left(facts.on):
        return None
    if any(event.kind is EventKind.ARRIVAL_CONFIRMED for event in facts.events_of_stay):
        return None
    begun = "Gave up the place here" if facts.pupil.was_never_entered else "Left"
    return Raised(
        Finding(
            f"{begun} on {say_day(departure.last_day)} for a named school, "
            "which has not confirmed that the child came.",
            parameters=numbers.used(_ARRIVAL_DAYS),
            since=departure.last_day,
        ),
        Duty(Act.ASK_OTHER_SCHOOL, "Ask the next school whether the child has started there.", Role.OFFICE, "school"),
        # the start there is the first school day after the leaving day
        facts.moment.due_after(departure.last_day, school_days=1 + numbers[_ARRIVAL_DAYS]),
    )


def lacks_transfer_file(facts: Facts, numbers: Numbers) -> Raised | None:
    """The common transfer file follows the child to the next school; of one never entered here there is none."""
    departure = facts.departure
    if (
        departure is None
        or facts.pupil.was_never_entered
        or not departure.is_to_known_school
        or not departure.has_left(facts.on)
    ):
        return None
    if _is_file_sent(facts):
        return None
    removed_on = departure.removed_on
    due = None if removed_on is None else facts.moment.due_after(removed_on, school_days=numbers[_FILE_DAYS])
    removed = "" if removed_on is None else f"; the name was removed on {say_day(removed_on)}"
    to = (
        "to the next school"
        if departure.destination is Destination.KNOWN
        else "under MMMMMMM, for a school abroad or outside the state sector"
    )
    return Raised(
        Finding(
            f"Left on {say_day(departure.last_day)} for a known school{removed}. No transfer file is recorded as sent.",
            parameters=numbers.used(_FILE_DAYS),
            since=departure.last_day,
        ),
        Duty(Act.SEND_FILE, f"Send the common transfer file {to}.", Role.OFFICE, "school (transfer file)"),
        due,
    )


def lacks_protection_file_receipt(facts: Facts, numbers: Numbers) -> Raised | None:
    """The child-protection file goes by itself, from lead to lead, and its receipt comes back."""
    departure = facts.departure
    if (
        departure is None
        or facts.pupil.was_never_entered
        or not departure.is_to_known_school
        or not departure.has_left(facts.on)
    ):
        return None
    if not has_protection_file(facts, departure.last_day):
        return None
    if any(event.kind is EventKind.PROTECTION_FILE_RECEIVED for event in facts.events_of_stay):
        return None
    return Raised(
        Finding(
            f"Left on {say_day(departure.last_day)} for a known school with a child-protection file; no receipt for "
            "the file is recorded.",
            parameters=numbers.used(_PROTECTION_DAYS),
            since=departure.last_day,
        ),
        Duty(
            Act.SEND_FILE,
            "Send the child-protection file by itself to the next school's safeguarding lead, and get a receipt.",
            Role.LEAD,
            "school (child-protection file)",
        ),
        facts.moment.due_after(departure.last_day, school_days=numbers[_PROTECTION_DAYS]),
    )


def has_protection_file(facts: Facts, last_day: date) -> bool:
    """Whether there is a file, today or on the last day: a child with a protection plan has one."""
    held = facts.circumstances | facts.pupil.circumstances_on(last_day)
    return not held.isdisjoint({Circumstance.CHILD_PROTECTION_FILE, Circumstance.CHILD_PROTECTION_PLAN})


RULES: Final = (
    Rule(
        id="england.deletion-return",
        title="Deletion return due",
        authority=Authority.LAW,
        references=(regulation(13, "(4) to (7)"), regulation(9)),
        severity=Severity.NOW,
        settled_by="The deletion return is recorded as sent.",
        about="Before a name leaves the register, or at that moment, the authority is told, with the ground. None is "
        "owed for the oldest class at the end of its last term, unless the authority asks for it.",
        limbs=(lacks_deletion_return,),
        in_force_from=IN_FORCE_FROM,
        after_leaving=True,
        after_death=True,
    ),
    Rule(
        id="england.unknown-destination",
        title="Leaving with no confirmed destination",
        authority=Authority.GUIDANCE,
        references=(
            missing_education("children who leave with no known destination"),
            transfer_of_information("the common transfer file of a pupil whose destination is unknown"),
        ),
        severity=Severity.NOW,
        settled_by="A confirmed destination; or the referral and, once the name is removed, the lost-pupil file.",
        about="A child who is no longer ours and not yet anybody's is a child missing education. The authority is told "
        "on the day, and the file waits where the next school will look for it.",
        limbs=(is_destination_not_referred, lacks_lost_pupil_file),
        in_force_from=IN_FORCE_FROM,
        after_leaving=True,
    ),
    Rule(
        id="england.arrival-confirmed",
        title="Arrival at the next school not confirmed",
        authority=Authority.GUIDANCE,
        references=(missing_education("confirming that a child has started at the next school"),),
        severity=Severity.TODAY,
        settled_by="The next school confirms that the child has arrived.",
        about="Between two schools a child can vanish while each believes the other has them.",
        limbs=(is_arrival_unconfirmed,),
        in_force_from=IN_FORCE_FROM,
        after_leaving=True,
    ),
    Rule(
        id="england.transfer-file-due",
        title="Transfer file due",
        authority=Authority.LAW,
        references=(transfer_of_information("the common transfer file, fifteen school days after removal"),),
        severity=Severity.THIS_WEEK,
        settled_by="The transfer file is recorded as sent.",
        about="The common transfer file goes to the next school within fifteen school days of the removal. Sending it "
        "takes no name off the register.",
        limbs=(lacks_transfer_file,),
        in_force_from=IN_FORCE_FROM,
        after_leaving=True,
    ),
    Rule(
        id="england.child-protection-file",
        title="Child-protection file to be passed on",
        authority=Authority.GUIDANCE,
        references=(keeping_safe("transfer of the child protection file"),),
        severity=Severity.TODAY,
        settled_by="The next school's receipt is recorded.",
        about="What one lead knew, the next must know in the child's first week: the file goes apart from all other "
        "papers, and its receipt is kept.",
        limbs=(lacks_protection_file_receipt,),
        in_force_from=IN_FORCE_FROM,
        after_leaving=True,
    ),
)
