"""The cases planted in a made-up school: each shows one thing that the program is there to find.

A line holds two symbols a school day, and one for this morning; a full stop is a session without a mark.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from random import Random
from typing import Final

from cme_desktop.casework.made_up.families import MadeUpContact, MadeUpPupil
from cme_desktop.domain.attendance import AttendanceCode
from cme_desktop.domain.contacts import Household, NumberQuality
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method, VisitOutcome, With
from cme_desktop.domain.identifiers import expected_check_letter
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance, YearGroup
from cme_desktop.storage.contacts import ContactFacts

NO_MARK: Final = ord(".")
_N, _O, _I = ord("N"), ord("O"), ord("I")
_PART_TIME: Final = ord(AttendanceCode.PART_TIME.symbol)


@dataclass(frozen=True, slots=True)
class Planted:
    """A child with something to find: the altered child, the altered line, and what was done about it so far."""

    child: MadeUpPupil
    line: bytes
    events: tuple[tuple[Event, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Morning:
    """This school year's days up to today, today the last."""

    days: tuple[date, ...]

    def day(self, back: int) -> date:
        """Give the school day so many days back; the year's first where it does not reach so far."""
        return self.days[max(0, len(self.days) - 1 - back)]

    def since(self, back: int) -> int:
        """Give the position in a line of the morning so many school days back."""
        return 2 * max(0, len(self.days) - 1 - back)


Plant = Callable[[MadeUpPupil, bytearray, Morning], Planted]


def plant_cases(
    rng: Random, children: tuple[MadeUpPupil, ...], lines: dict[int, bytearray], morning: Morning
) -> dict[int, Planted]:
    """Plant every case in a child of its own; the keys are positions in ``children``, as those of ``lines`` are."""
    free = [index for index in lines if children[index].facts.class_name != class_without_register(children)]
    rng.shuffle(free)
    found: dict[int, Planted] = {}
    for plant, year_groups in _PLANTS:
        chosen = next((index for index in free if children[index].facts.year_group in year_groups), free[0])
        free.remove(chosen)
        found[chosen] = plant(children[chosen], lines[chosen], morning)
    for index in _choose_siblings(children, free):
        found[index] = _no_word_this_morning(children[index], lines[index], morning)
    return found


def class_without_register(children: tuple[MadeUpPupil, ...]) -> str:
    """Name the class whose register nobody took this morning."""
    return next(child.facts.class_name for child in children if child.facts.year_group is YearGroup.Y4)


def _choose_siblings(children: tuple[MadeUpPupil, ...], free: list[int]) -> tuple[int, ...]:
    by_family: dict[int | None, list[int]] = {}
    for index in free:
        by_family.setdefault(children[index].facts.family_id, []).append(index)
    return tuple(next((pair[:2] for pair in by_family.values() if len(pair) >= 2), []))


# -- the plants, one thing to find each ----------------------------------------------------------------------------


def _silent_leaver(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    _fill(line, morning.since(23), _O)
    first, second = morning.day(23), morning.day(22)
    events = (
        (_attempt(first, time(9, 20), With.MOTHER, AttemptOutcome.NO_ANSWER), ""),
        (_attempt(first, time(9, 24), With.GRANDMOTHER, AttemptOutcome.LEFT_MESSAGE), "Asked to ring the office."),
        (_attempt(second, time(9, 16), With.MOTHER, AttemptOutcome.NO_ANSWER), ""),
        (Event(EventKind.HOME_VISIT, second, time(11, 5), outcome=VisitOutcome.NO_REPLY, number=1),
         "Curtains drawn, no car. Neighbour has not seen the family for some days."),
    )  # fmt: skip
    return Planted(child, bytes(line), events)


def _not_back_from_leave(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    _fill(line, morning.since(15), ord("C"))
    _fill(line, morning.since(5), _O)
    granted = Event(
        EventKind.LEAVE_GRANTED, morning.day(25), time(14, 10), from_=morning.day(15), to=morning.day(6), evidence=True
    )
    return Planted(child, bytes(line), ((granted, "A grandparent's funeral abroad."),))


def _no_show(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    start = 0 if len(morning.days) <= 45 else morning.since(11)
    line[:start] = bytes([NO_MARK]) * start
    _fill(line, start, _O)
    line[start : start + 10] = bytes([_N]) * len(line[start : start + 10])
    starting = replace(child.facts, starting_day=morning.days[start // 2])
    return Planted(replace(child, facts=starting), bytes(line))


def _looked_after(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    noted = (DatedCircumstance(Circumstance.LOOKED_AFTER), DatedCircumstance(Circumstance.SOCIAL_WORKER))
    carer = ContactFacts(
        rank=1, relation=With.CARER, relation_said="foster carer", forename="Jo", surname="Fenn",
        household=Household.HOME, parental_responsibility=False, language="English",
    )  # fmt: skip
    worker = replace(
        carer, rank=2, relation=With.PROFESSIONAL, relation_said="social worker", forename="Lee", surname="Moss",
        household=Household.ELSEWHERE,
    )  # fmt: skip
    contacts = (MadeUpContact(carer, "07700 900990"), MadeUpContact(worker, "01632 960990"))
    changed = replace(child, facts=replace(child.facts, circumstances=noted), contacts=contacts)
    return _no_word_this_morning(changed, line, morning)


def _dead_number(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    first, *others = child.contacts
    dead = replace(first, quality=NumberQuality.DEAD)
    return _no_word_this_morning(replace(child, contacts=(dead, *others)), line, morning)


def _father_not_to_be_rung(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    others = tuple(contact for contact in child.contacts if contact.facts.relation is not With.FATHER)
    father = ContactFacts(
        rank=len(others) + 1, relation=With.FATHER, relation_said="father", forename="Martin",
        surname=child.facts.legal_surname, household=Household.ELSEWHERE, parental_responsibility=True,
        do_not_contact=True, do_not_contact_ground="Non-molestation order",
        voicemail_warning="Leave no message", language="English",
    )  # fmt: skip
    changed = replace(child, contacts=(*others, MadeUpContact(father, "07700 900991")))
    return _no_word_this_morning(changed, line, morning)


def _illness_in_the_middle(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    _fill(line, morning.since(15), _O)
    line[morning.since(9) : morning.since(7)] = bytes([_I]) * (morning.since(7) - morning.since(9))
    spoken = _attempt(
        morning.day(9), time(9, 18), With.MOTHER, AttemptOutcome.EXPLAINED, reason="illness",
        expected_back=morning.day(7),
    )  # fmt: skip
    return Planted(child, bytes(line), ((spoken, "Sickness bug, back in two days."),))


def _part_time(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    for position in range(morning.since(15) + 1, len(line), 2):
        line[position] = _PART_TIME
    agreed = Event(
        EventKind.PART_TIME_AGREED, morning.day(16), time(15, 30),
        until=morning.days[-1] + timedelta(days=21), review_on=morning.days[-1] + timedelta(days=7),
    )  # fmt: skip
    noted = (*child.facts.circumstances, DatedCircumstance(Circumstance.PART_TIME_TIMETABLE, morning.day(15)))
    changed = replace(child, facts=replace(child.facts, circumstances=noted))
    return Planted(changed, bytes(line), ((agreed, "Mornings only while settling back after an operation."),))


def _dual_registered(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    for position in range(len(line)):
        if morning.days[position // 2].weekday() >= 3:
            line[position] = ord(AttendanceCode.DUAL_REGISTERED.symbol)
    noted = (*child.facts.circumstances, DatedCircumstance(Circumstance.DUAL_REGISTERED))
    return Planted(replace(child, facts=replace(child.facts, circumstances=noted)), bytes(line))


def _long_illness(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    _fill(line, morning.since(12), _I)
    spoken = _attempt(morning.day(12), time(8, 44), With.MOTHER, AttemptOutcome.EXPLAINED, reason="illness")
    return Planted(child, bytes(line), ((spoken, "Broken leg, the hospital will say how long."),))


def _reason_never_found(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    first = morning.since(4)
    _fill(line, first, ord("/"))
    line[first + 1 :: 2] = b"\\" * len(line[first + 1 :: 2])
    line[first : first + 2] = bytes([_N]) * len(line[first : first + 2])
    return Planted(child, bytes(line))


def _newly_arrived(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    start = morning.since(8)
    line[:start] = bytes([NO_MARK]) * start
    digits = (child.facts.upn or "")[1:12]
    temporary = expected_check_letter(f"A{digits}A") + digits + "A"
    facts = replace(child.facts, upn=temporary, starting_day=morning.day(8))
    return Planted(replace(child, facts=facts, contacts=child.contacts[:1]), bytes(line))


def _no_word_this_morning(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    line[morning.since(0)] = _N
    return Planted(child, bytes(line))


def _explained_this_morning(child: MadeUpPupil, line: bytearray, morning: Morning) -> Planted:
    line[morning.since(0)] = _I
    spoken = _attempt(morning.day(0), time(8, 41), With.MOTHER, AttemptOutcome.EXPLAINED, reason="illness")
    return Planted(child, bytes(line), ((spoken, "Answerphone: temperature since last night."),))


_LOWER: Final = frozenset({YearGroup.R, YearGroup.Y1, YearGroup.Y2})
_UPPER: Final = frozenset({YearGroup.Y3, YearGroup.Y5, YearGroup.Y6})
_ANY: Final = _LOWER | _UPPER
_PLANTS: Final[tuple[tuple[Plant, frozenset[YearGroup]], ...]] = (
    (_silent_leaver, _UPPER),
    (_not_back_from_leave, _LOWER - {YearGroup.R}),
    (_no_show, frozenset({YearGroup.R})),
    (_looked_after, _UPPER),
    (_dead_number, _LOWER - {YearGroup.R}),
    (_father_not_to_be_rung, _UPPER),
    (_illness_in_the_middle, _UPPER),
    (_part_time, _LOWER - {YearGroup.R}),
    (_dual_registered, _UPPER),
    (_long_illness, _UPPER),
    (_reason_never_found, _LOWER - {YearGroup.R}),
    (_newly_arrived, _UPPER),
    (_no_word_this_morning, _ANY),
    (_explained_this_morning, _LOWER),
    (_explained_this_morning, _UPPER),
)


def _attempt(
    on: date,
    at: time,
    with_: With,
    outcome: AttemptOutcome,
    *,
    reason: str | None = None,
    expected_back: date | None = None,
) -> Event:
    return Event(
        EventKind.CONTACT_ATTEMPT, on, at, with_=with_, method=Method.PHONE, outcome=outcome, reason=reason,
        expected_back=expected_back,
    )  # fmt: skip


def _fill(line: bytearray, start: int, symbol: int) -> None:
    line[start:] = bytes([symbol]) * (len(line) - start)
