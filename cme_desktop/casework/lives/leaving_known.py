"""What is known of one child's leaving, in words: the line under the name, chips, a warning, facts, the file's code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import capital, say_day
from cme_desktop.casework.lives.leaving_asks import Asks
from cme_desktop.casework.lives.leaving_state import Leaving, Path
from cme_desktop.casework.lives.life import Fact, LifeDesk
from cme_desktop.domain.events import Destination, EventKind
from cme_desktop.policy.endings import peace_until
from cme_desktop.policy.orders import names_this_school
from cme_desktop.policy.rules.home_education import has_plan, is_placed_in_special_school
from cme_desktop.storage.school import load_school

if TYPE_CHECKING:
    from cme_desktop.storage.pupils import PupilDetails


def say_about(pupil: PupilDetails, leaving: Leaving, details: Mapping[str, str]) -> str:
    """Say under the name where the child goes."""
    if leaving.path in {Path.DIED, Path.SAID_AT_GATE, Path.NOBODY_SAID}:
        return pupil.class_name
    if leaving.path is Path.HOME_EDUCATION:
        return f"{pupil.class_name}, to be educated at home"
    school = details.get("school", "")
    where = f"to {school}" if school else _say_destination(leaving.departure.destination if leaving.departure else None)
    return f"{pupil.class_name}, {where}"


def say_chips(leaving: Leaving) -> tuple[str, ...]:
    """Say in up to three chips how the leaving stands."""
    facts, day = leaving.facts, leaving.last_day
    if leaving.path is Path.DIED:
        return (f"Died {say_day(facts.died_on)}",) if facts.died_on else ()
    first = {
        Path.HOME_EDUCATION: "Home education: written notice",
        Path.SAID_AT_GATE: "Home education: only said",
    }.get(leaving.path, "")
    if not first:
        verb = "Left" if leaving.has_left else "Leaves"
        first = f"{verb} {say_day(day)}" if day is not None else "No day yet"
    chips = [first]
    if leaving.removed_on is not None:
        chips.append(f"Removed {say_day(leaving.removed_on)}")
    elif has_plan(facts):
        chips.append("Protection plan or enquiry")
    if leaving.is_confirmed and leaving.path in {Path.TO_SCHOOL, Path.ABROAD, Path.OUTSIDE_STATE}:
        chips.append("Place confirmed")
    return tuple(chips)


def say_warning(leaving: Leaving, asks: Asks) -> str:
    """Say what stands above everything: what blocks a removal, or keeps the child expected here."""
    facts = leaving.facts
    if leaving.path is Path.DIED or leaving.removed_on is not None:
        return ""
    if names_this_school(facts):
        return "An attendance order names this school: the name stays until the authority changes or revokes it."
    return _warn_of_path(leaving, asks)


def _warn_of_path(leaving: Leaving, asks: Asks) -> str:
    facts = leaving.facts
    if is_placed_in_special_school(facts) and leaving.path in {Path.HOME_EDUCATION, Path.SAID_AT_GATE}:
        return "At a special school: the name stays until the authority that placed the child consents."
    if leaving.path is Path.HOME_EDUCATION:
        return _warn_of_letter(leaving, asks)
    if leaving.path is Path.SAID_AT_GATE:
        return "Only spoken of: this is no notice. The child is expected here, and every absence counts."
    if leaving.path is Path.ABROAD and not leaving.has_left:
        day = f"{say_day(leaving.last_day)} has passed" if leaving.last_day else "the family has gone"
        return f"Do not remove the name early: it stays on the register until {day}."
    if leaving.path is Path.TO_SCHOOL and not leaving.is_confirmed:
        return "A parent’s word is not enough: the name stays until the next school confirms."
    return ""


def _warn_of_letter(leaving: Leaving, asks: Asks) -> str:
    earliest = asks.earliest_removal
    if earliest is None:
        return "The letter names no day: ask for one in writing. Until then the child is expected here."
    if leaving.facts.on < earliest:
        return f"The child is expected here until then; the name may go on {say_day(earliest)} at the earliest."
    return ""


def say_facts(desk: LifeDesk, leaving: Leaving, asks: Asks, details: Mapping[str, str]) -> tuple[Fact, ...]:
    """Say what is known, and what somebody still has to find out."""
    if leaving.path is Path.DIED:
        return _facts_of_death(desk, leaving, details)
    facts = [*_facts_of_word(leaving, details)]
    if leaving.path is Path.HOME_EDUCATION:
        facts += _facts_of_letter(leaving, asks, details)
    facts += [Fact(label, details[name]) for name, label in LABELS if details.get(name)]
    if leaving.path in {Path.TO_SCHOOL, Path.ABROAD, Path.OUTSIDE_STATE, Path.UNKNOWN, Path.NOBODY_SAID}:
        is_sent = any(event.kind is EventKind.TRANSFER_FILE_SENT for event in leaving.facts.events_of_stay)
        facts += [] if is_sent else [_transfer_code(desk, leaving, details)]
    return tuple(facts)


LABELS: Final = (
    ("said_by", "Said by"), ("reason", "Reason"), ("school", "Next school or place"), ("laestab", "LAESTAB"),
    ("town", "Town or country"), ("contact", "Contact there"), ("school_address", "Its address"),
    ("new_address", "New home address"), ("confirmed_by", "Place confirmed by"), ("starts_on", "Starts there"),
    ("arrived_by", "Arrival confirmed by"),
)  # fmt: skip
"""What the details of a leaving are called, in the order they are said."""


def _facts_of_word(leaving: Leaving, details: Mapping[str, str]) -> Iterable[Fact]:
    departure, told = leaving.departure, leaving.told
    if leaving.path is Path.NOBODY_SAID and departure is not None:
        yield Fact("Left", f"{say_day(departure.last_day)}, says an import")
        yield Fact("Where to", "nobody has said", is_missing=True)
    if told is not None and departure is not None:
        yield Fact("Told", say_day(told.on))
        day = leaving.last_day
        yield Fact("Last day here", say_day(day) if day else "not known yet", is_missing=day is None)
        where = capital(details.get("way_said", "") or _say_destination(departure.destination))
        yield Fact("Where to", where, is_missing=departure.destination is Destination.UNKNOWN)
    if leaving.said is not None:
        yield Fact("Said on", say_day(leaving.said.on))


def _facts_of_letter(leaving: Leaving, asks: Asks, details: Mapping[str, str]) -> Iterable[Fact]:
    letter = leaving.letter
    if letter is None:
        return
    yield Fact("Notice came", say_day(letter.on))
    if dated := details.get("dated"):
        yield Fact("The letter is dated", dated)
    begins = say_day(letter.from_) if letter.from_ else "the letter names no day"
    yield Fact("Educated at home from", begins, is_missing=letter.from_ is None)
    if earliest := asks.earliest_removal:
        yield Fact("Earliest removal", say_day(earliest))


def _facts_of_death(desk: LifeDesk, leaving: Leaving, details: Mapping[str, str]) -> tuple[Fact, ...]:
    until = peace_until(leaving.facts.events, on=desk.today)
    return (
        Fact("School told by", details.get("told_by", "")),
        Fact("Family left in peace", f"until {say_day(until)}" if until else "no longer set"),
    )


def _transfer_code(desk: LifeDesk, leaving: Leaving, details: Mapping[str, str]) -> Fact:
    with desk.office.database.reading() as db:
        own = load_school(db).laestab
    code = transfer_code(leaving, details)
    if not code:
        return Fact("Transfer file", "needs the next school’s LAESTAB", is_missing=True)
    return Fact("Transfer file", f"{own}_CTF_{code}_001.xml")


def transfer_code(leaving: Leaving, details: Mapping[str, str]) -> str:
    """The destination in the transfer file's name: the next school's number, seven X or seven M; empty if not known."""
    if leaving.path in {Path.UNKNOWN, Path.NOBODY_SAID}:
        return "XXXXXXX"
    number = details.get("laestab", "")
    if number or leaving.path is Path.TO_SCHOOL:
        return number
    lost = leaving.removed_on is not None and not leaving.is_confirmed
    return "XXXXXXX" if lost else "MMMMMMM"


def _say_destination(destination: Destination | None) -> str:
    return _WHERE[destination or Destination.UNKNOWN]


_WHERE: Final = {
    Destination.KNOWN: "to a school in England",
    Destination.ABROAD: "outside England",
    Destination.OUTSIDE_STATE_SECTOR: "outside the state sector",
    Destination.UNKNOWN: "nobody knows where to",
}
