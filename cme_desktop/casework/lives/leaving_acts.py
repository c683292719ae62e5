"""What is written down of a leaving: the family's word, the next school's, an address abroad, a leaving called off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.family_in_peace import refuse_after_death
from cme_desktop.casework.in_words import capital, say_day
from cme_desktop.casework.lives.leaving_state import SAID_AT_GATE
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import journal_act
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import clock_of, refuse_moment_ahead, require, write_line
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import MissingFactsError, RefusedError
from cme_desktop.domain.events import Destination, Event, EventKind, With
from cme_desktop.domain.identifiers import Laestab, PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.events import list_standing_events
from cme_desktop.storage.pupils import load_pupil

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NOT_YET: Final = "This can’t be saved yet."


class Way(StrEnum):
    """Where a child goes, as the office is told it."""

    SCHOOL_IN_ENGLAND = "school_in_england"
    REST_OF_UK = "rest_of_uk"
    ABROAD = "abroad"
    OUTSIDE_STATE = "outside_state"
    CUSTODY = "custody"
    EXCLUSION = "exclusion"
    UNKNOWN = "unknown"

    @property
    def in_words(self) -> str:
        """The way as the office says it."""
        return _WAYS[self][0]

    @property
    def destination(self) -> Destination:
        """What the rules make of it."""
        return _WAYS[self][1]


_WAYS: Final = {
    Way.SCHOOL_IN_ENGLAND: ("a school in England", Destination.KNOWN),
    Way.REST_OF_UK: ("Scotland, Wales or Northern Ireland", Destination.ABROAD),
    Way.ABROAD: ("another country", Destination.ABROAD),
    Way.OUTSIDE_STATE: ("a school or place outside the state sector", Destination.OUTSIDE_STATE_SECTOR),
    Way.CUSTODY: ("custody", Destination.OUTSIDE_STATE_SECTOR),
    Way.EXCLUSION: ("permanently excluded, no next place yet", Destination.UNKNOWN),
    Way.UNKNOWN: ("nobody knows", Destination.UNKNOWN),
}
_MAY_HAVE_NO_DAY: Final = frozenset({Way.REST_OF_UK, Way.ABROAD})


class Source(StrEnum):
    """Who says that a child has a place, or has come there. A parent's word alone never counts."""

    SCHOOL = "school"
    AUTHORITY = "authority"
    PARENT = "parent"

    @property
    def in_words(self) -> str:
        """Who it is, as the office says it."""
        return {"school": "the place itself", "authority": "its local authority", "parent": "a parent"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingWord:
    """What somebody says of a leaving. ``last_day`` is None while nobody knows it: only a family going abroad may."""

    told_on: date
    said_by: With
    said_name: str = ""
    last_day: date | None
    way: Way
    school: str = ""
    laestab: str = ""
    town: str = ""
    contact: str = ""
    new_address: str = ""
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Who confirms a place or an arrival, from which side, how, and on which day."""

    on: date
    source: Source
    by: str
    how: str


# -- where to --------------------------------------------------------------------------------------------------


@needs(Right.WORK_ON_ROLL)
def tell_leaving(office: Office, *, pupils: tuple[PupilId, ...], word: LeavingWord) -> Changes:
    """Write down that children leave: brothers and sisters who go together in one act. It confirms nothing."""
    _refuse_unfit(word)
    with office.database.reading() as db:
        for pupil_id in pupils:
            _refuse_before_start(load_pupil(db, pupil_id).starting_day, word.last_day)
    details = {
        "way": word.way.value, "way_said": word.way.in_words, "school": word.school, "town": word.town,
        "laestab": str(Laestab.parse(word.laestab)) if word.laestab.strip() else "", "contact": word.contact,
        "new_address": word.new_address, "reason": word.reason,
        "said_by": ", ".join(part for part in (capital(word.said_by.in_words), word.said_name.strip()) if part),
    }  # fmt: skip
    event = Event(
        EventKind.LEAVING, word.told_on, clock_of(office, word.told_on), leaving_on=word.last_day,
        destination=word.way.destination, confirmed=False,
    )  # fmt: skip
    return write_of_each(office, pupils, (event,), act="leaving", words=word.words, details=details)


@needs(Right.WORK_ON_ROLL)
def confirm_place(
    office: Office, *, pupils: tuple[PupilId, ...], told: Confirmation, school: str = "", starts_on: date | None = None
) -> Changes:
    """Write down that the next school, or its authority, confirms the place. A parent's word alone is refused."""
    _refuse_parent(told)
    require(_NOT_YET, {"who confirms it": told.by, "how": told.how})
    refuse_moment_ahead(Event(EventKind.LEAVING, told.on), office)
    details = {
        "confirmed_by": _say(told), "school": school, "starts_on": say_day(starts_on) if starts_on else "",
    }  # fmt: skip
    with office.database.transaction() as db:
        lines = []
        for pupil_id in pupils:
            refuse_after_death(db, pupil_id)
            last = _last_word(db, pupil_id)
            _refuse_before_told(told.on, last.on)
            named = last.destination if last.destination is not Destination.UNKNOWN else Destination.KNOWN
            event = replace(last, on=told.on, at=clock_of(office, told.on), confirmed=True, destination=named)
            words = f"Place confirmed by {_say(told)}."
            lines.append(write_line(db, office, pupil_id, event, words=words, details=details))
        journal_act(db, office, "place confirmed", pupils, events=lines)
    return Changes(frozenset({Area.EVENTS}), frozenset(pupils))


@needs(Right.WORK_ON_ROLL)
def confirm_arrival(office: Office, *, pupils: tuple[PupilId, ...], told: Confirmation) -> Changes:
    """Write down that the child has come to the next school. Not a parent's word, and not before the last day here."""
    _refuse_parent(told)
    require(_NOT_YET, {"who confirms it": told.by, "how": told.how})
    with office.database.reading() as db:
        for pupil_id in pupils:
            _refuse_early(_find_last_word(db, pupil_id), load_pupil(db, pupil_id).left_on, told.on)
    event = Event(EventKind.ARRIVAL_CONFIRMED, told.on, clock_of(office, told.on))
    words = f"Told by {_say(told)}."
    return write_of_each(office, pupils, (event,), act="arrival", words=words, details={"arrived_by": _say(told)})


@needs(Right.WORK_ON_ROLL)
def note_address_abroad(
    office: Office, *, pupils: tuple[PupilId, ...], on: date, address: str, school: str, school_address: str
) -> Changes:
    """Write down where a family goes outside England: the address there; the school counts with name and address."""
    require(_NOT_YET, {"the address there": address})
    if bool(school.strip()) is not bool(school_address.strip()):
        raise MissingFactsError(
            _NOT_YET, missing=("the new school’s name and its address, or neither",), remedy="Ask the family for both."
        )
    event = Event(EventKind.FORWARDING_ADDRESS, on, clock_of(office, on), school=bool(school.strip()))
    details = {"new_address": address, "school": school, "school_address": school_address}
    return write_of_each(office, pupils, (event,), act="forwarding address", details=details)


@needs(Right.WORK_ON_ROLL)
def call_off(office: Office, *, pupils: tuple[PupilId, ...], on: date, by: str, words: str = "") -> Changes:
    """Write down that the family stays, or takes the notice back: everything about the leaving falls quiet."""
    require(_NOT_YET, {"who says so": by})
    with office.database.reading() as db:
        for pupil_id in pupils:
            begun = [each.on for each in list_standing_events(db, pupil_id=pupil_id) if _begins(each)]
            _refuse_before_told(on, max(begun, default=on))
    event = Event(EventKind.LEAVING_CALLED_OFF, on, clock_of(office, on))
    said = " ".join(part for part in (f"Said by {by.strip()}.", words.strip()) if part)
    return write_of_each(office, pupils, (event,), act="leaving called off", words=said)


def _begins(event: Event) -> bool:
    is_said = event.kind is EventKind.NOTE and event.about == SAID_AT_GATE
    return is_said or event.kind in {EventKind.LEAVING, EventKind.HOME_EDUCATION_LETTER}


# -- private ---------------------------------------------------------------------------------------------------


@needs(Right.WORK_ON_ROLL)
def write_of_each(
    office: Office,
    pupils: tuple[PupilId, ...],
    events: tuple[Event, ...],
    *,
    act: str,
    words: str = "",
    details: Mapping[str, str] | None = None,
) -> Changes:
    """Write the same lines of each child in one act; of a child who died nothing more is written."""
    require(_NOT_YET, {"the child": pupils})
    for event in events:
        refuse_moment_ahead(event, office)
    with office.database.transaction() as db:
        for pupil_id in pupils:
            refuse_after_death(db, pupil_id)
        lines = [
            write_line(db, office, pupil_id, event, words=words, details=details)
            for pupil_id in pupils
            for event in events
        ]
        journal_act(db, office, act, pupils, events=lines)
    return Changes(frozenset({Area.EVENTS}), frozenset(pupils))


def _refuse_unfit(word: LeavingWord) -> None:
    lacks = []
    if word.way is Way.SCHOOL_IN_ENGLAND and not word.school.strip():
        lacks.append("which school, or that nobody knows")
    if word.way in {Way.OUTSIDE_STATE, Way.CUSTODY} and not word.school.strip():
        lacks.append("which place")
    if word.way in {Way.REST_OF_UK, Way.ABROAD} and not word.town.strip():
        lacks.append("which country")
    if word.last_day is None and word.way not in _MAY_HAVE_NO_DAY:
        lacks.append("the last day here")
    if lacks:
        raise MissingFactsError("The leaving can’t be saved yet.", missing=tuple(lacks))


def _refuse_before_start(starting_day: date | None, last_day: date | None) -> None:
    if starting_day is not None and last_day is not None and last_day < starting_day:
        raise RefusedError(
            "The last day lies before the child’s first day here.",
            detail=f"The first day is {say_day(starting_day)} {starting_day.year}.",
            remedy="Check the day. A place that is not taken up is given up under Starting.",
        )


def _refuse_before_told(on: date, told_on: date) -> None:
    if on < told_on:
        raise RefusedError(
            "This day lies before the leaving was told.", remedy=f"Enter {say_day(told_on)} or a later day."
        )


def _refuse_parent(told: Confirmation) -> None:
    if told.source is Source.PARENT:
        raise RefusedError(
            "A parent’s word does not confirm a place.",
            detail="Between two schools a child can be lost while each believes the other has them.",
            remedy="Ring the next school, and write down who there said so.",
        )


def _refuse_early(last: Event | None, left_on: date | None, on: date) -> None:
    last_day = (last.leaving_on if last is not None else None) or left_on
    if last_day is None or on <= last_day:
        until = f"until {say_day(last_day)}" if last_day is not None else "until a last day is known"
        raise RefusedError(
            "The child can’t have started there yet.",
            detail=f"The child is expected here {until}.",
            remedy="Ask the next school once the child has started there.",
        )


def _find_last_word(db: Session, pupil_id: PupilId) -> Event | None:
    last: Event | None = None
    for event in list_standing_events(db, pupil_id=pupil_id):
        if event.kind is EventKind.LEAVING:
            last = event
        elif event.kind is EventKind.LEAVING_CALLED_OFF:
            last = None
    return last


def _last_word(db: Session, pupil_id: PupilId) -> Event:
    last = _find_last_word(db, pupil_id)
    if last is None:
        raise RefusedError(
            "Nobody has written down that this child leaves.", remedy="Say first where the child goes, and when."
        )
    return last


def _say(told: Confirmation) -> str:
    side = "" if told.source is Source.SCHOOL else f", {told.source.in_words}"
    return f"{told.by.strip()}{side}, {told.how.strip()}, {say_day(told.on)}"
