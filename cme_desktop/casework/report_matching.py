"""Which pupils a child whom somebody describes may be: offered with the reason, chosen by a person, never by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cme_desktop.casework.finding import fold
from cme_desktop.casework.in_words import say_day
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.storage.pupils import PupilDetails

MOST_OFFERED: Final = 8
_SHORTEST: Final = 3
_APART: Final = re.compile(r"[\s,.'’-]+")
_NUMBER: Final = re.compile(r"\d{1,2}")


@dataclass(frozen=True, slots=True)
class LikelyPupil:
    """A pupil who may be meant: who, and what speaks for it."""

    id: PupilId
    known: str
    why: str


def likely_pupils(
    pupils: Sequence[PupilDetails], *, name: str, on: date, born: date | None = None, age: str = ""
) -> tuple[LikelyPupil, ...]:
    """Give those who are, were or will be on roll and may be meant, the likeliest first.

    A part of the name must agree, in its first letters at least, or the day of birth; an age that agrees counts beside.
    """
    wanted = _words(name)
    years = _NUMBER.search(age)
    found = []
    for pupil in pupils:
        agreeing = _agreeing(wanted, pupil)
        is_born = born is not None and pupil.born == born
        if not agreeing and not is_born:
            continue
        is_of_age = years is not None and pupil.born is not None and abs(_age(pupil.born, on) - int(years[0])) <= 1
        score = 2 * len(agreeing) + 3 * is_born + is_of_age
        reasons = (*(f"“{word}” in the name" for word in agreeing), "same date of birth" * is_born, "age" * is_of_age)
        found.append((-score, fold(pupil.sort_name), LikelyPupil(pupil.id, say_pupil(pupil, on=on), _join(reasons))))
    found.sort(key=lambda each: each[:2])
    return tuple(likely for _, _, likely in found[:MOST_OFFERED])


def say_pupil(pupil: PupilDetails, *, on: date) -> str:
    """Name a pupil with what tells two of the same name apart."""
    return ", ".join(part for part in (pupil.known_as, pupil.class_name, _born(pupil), _place(pupil, on)) if part)


def order_by_likelihood(
    pupils: Iterable[PupilDetails], likely: Iterable[LikelyPupil], *, on: date
) -> tuple[tuple[PupilId, str], ...]:
    """Give every pupil as they are offered where one is to be chosen: those who may be meant first."""
    first = {each.id: f"{each.known} (may be meant)" for each in likely}
    others = sorted((each for each in pupils if each.id not in first), key=lambda pupil: fold(pupil.sort_name))
    return (*first.items(), *((pupil.id, say_pupil(pupil, on=on)) for pupil in others))


def _agreeing(wanted: tuple[str, ...], pupil: PupilDetails) -> tuple[str, ...]:
    names = (
        pupil.legal_surname, pupil.legal_forename, pupil.middle_names, pupil.preferred_surname,
        pupil.preferred_forename,
    )  # fmt: skip
    own = {part for name in names for part in _words(name)}
    return tuple(word for word in wanted if any(_is_near(word, part) for part in own))


def _is_near(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    return one == other or (shorter >= _SHORTEST and (one.startswith(other) or other.startswith(one)))


def _words(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in _APART.split(fold(name)) if len(part) > 1))


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _born(pupil: PupilDetails) -> str:
    return f"born {pupil.born:%d/%m/%Y}" if pupil.born else ""


def _place(pupil: PupilDetails, on: date) -> str:
    if pupil.left_on is not None and pupil.left_on < on:
        return f"left {pupil.left_on:%d/%m/%Y}"
    if pupil.starting_day is not None and pupil.starting_day > on:
        return f"to start {say_day(pupil.starting_day)}"
    return ""


def _join(reasons: Iterable[str]) -> str:
    return ", ".join(reason for reason in reasons if reason)
