"""Families of the made-up school: children in cohorts, brothers and sisters among them, and the people to ring.

Every name, number and address is made up; numbers are from the ranges kept free for fiction (07700 900 and 01632 960).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final

from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.domain.contacts import Household, NumberQuality
from cme_desktop.domain.events import With
from cme_desktop.domain.identifiers import expected_check_letter
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance, YearGroup
from cme_desktop.storage.contacts import ContactFacts
from cme_desktop.storage.pupils import PupilFacts

CLASS_SIZE: Final = 30
YEAR_GROUPS: Final = (
    YearGroup.R, YearGroup.Y1, YearGroup.Y2, YearGroup.Y3, YearGroup.Y4, YearGroup.Y5, YearGroup.Y6,
)  # fmt: skip
LAESTAB: Final = "8302201"

_SIBLING_CHANCE: Final = 0.42
_LARGEST_FAMILY: Final = 4
_SHARES: Final = (
    (Circumstance.DISADVANTAGED, 0.23),
    (Circumstance.SEN_SUPPORT, 0.14),
    (Circumstance.EHC_PLAN, 0.03),
    (Circumstance.CHILD_IN_NEED, 0.015),
    (Circumstance.YOUNG_CARER, 0.01),
    (Circumstance.SERVICE_CHILD, 0.01),
    (Circumstance.PREVIOUSLY_LOOKED_AFTER, 0.01),
)
"""How common some circumstances are: rough shares of pupils, so that the demonstration looks like a school."""


@dataclass(frozen=True, slots=True)
class Words:
    """The lists that names are drawn from."""

    heritages: tuple[dict[str, Any], ...]
    trees: tuple[str, ...]
    teachers: tuple[str, ...]
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeUpContact:
    """A contact with one number."""

    facts: ContactFacts
    number: str
    quality: NumberQuality = NumberQuality.GOOD


@dataclass(frozen=True, slots=True)
class MadeUpPupil:
    """A child: ``intake`` is the year of the September in which they began reception."""

    facts: PupilFacts
    contacts: tuple[MadeUpContact, ...]
    intake: int


@dataclass(frozen=True, slots=True)
class _Family:
    id: int
    heritage: dict[str, Any]
    surname: str
    address: str
    postcode: str
    contacts: tuple[MadeUpContact, ...]
    intakes: tuple[int, ...]
    forenames: tuple[str, ...] = ()


def read_policies(resources: Path) -> tuple[str, ...]:
    """Read which of the supplied policies the made-up school has adopted."""
    return tuple(tomllib.loads((resources / "made_up" / "school.toml").read_text("utf-8"))["policies"])


def read_words(resources: Path) -> Words:
    """Read the lists of names."""
    document = tomllib.loads((resources / "made_up" / "names.toml").read_text("utf-8"))
    school = document["school"]
    return Words(
        tuple(document["heritage"]), tuple(school["trees"]), tuple(school["teachers"]), tuple(school["streets"])
    )


def name_classes(words: Words, pupils: int) -> tuple[tuple[str, ...], ...]:
    """Name the classes of each year group, reception first: one for every 30 pupils of a year."""
    forms = max(1, -(-pupils // (len(YEAR_GROUPS) * CLASS_SIZE)))
    return tuple(
        tuple(_tree(words, form * len(YEAR_GROUPS) + year) for form in range(forms)) for year in range(len(YEAR_GROUPS))
    )


def make_pupils(
    rng: Random, words: Words, *, pupils: int, calendar: SchoolCalendar, first: int, current: int
) -> tuple[MadeUpPupil, ...]:
    """Make every child on roll in any school year from the first to the current one, the oldest cohort first."""
    classes = name_classes(words, pupils)
    families = _Families(rng, words)
    return tuple(
        _make_child(rng, families, calendar, classes, intake=intake, current=current, place=place)
        for intake in range(first - 6, current + 1)
        for place in range(_cohort_size(pupils, intake))
    )


class _Families:
    """The families so far; a child joins one with an older child, or begins one."""

    def __init__(self, rng: Random, words: Words) -> None:
        self._rng, self._words = rng, words
        self._all: list[_Family] = []
        self._numbers = count(1)

    def take(self, intake: int) -> _Family:
        """Give the family of the next child of a cohort."""
        chosen = self._older_siblings(intake) if self._rng.random() < _SIBLING_CHANCE else None
        if chosen is None:
            self._all.append(self._begin(intake))
            return self._all[-1]
        grown = replace(self._all[chosen], intakes=(*self._all[chosen].intakes, intake))
        self._all[chosen] = grown
        return grown

    def name_child(self, family: _Family, *, is_girl: bool) -> str:
        """Give the family's newest child a forename that no brother or sister has."""
        names = family.heritage["girls" if is_girl else "boys"]
        forename = str(self._rng.choice([name for name in names if name not in family.forenames]))
        self._all[family.id - 1] = replace(family, forenames=(*family.forenames, forename))
        return forename

    def _older_siblings(self, intake: int) -> int | None:
        fitting = [
            index
            for index, family in enumerate(self._all)
            if intake - 4 <= family.intakes[-1] < intake and len(family.intakes) < _LARGEST_FAMILY
        ]
        return self._rng.choice(fitting) if fitting else None

    def _begin(self, intake: int) -> _Family:
        rng, words = self._rng, self._words
        heritage = rng.choices(words.heritages, [heritage["weight"] for heritage in words.heritages])[0]
        surname = str(rng.choice(heritage["surnames"]))
        return _Family(
            id=len(self._all) + 1,
            heritage=heritage,
            surname=surname,
            address=f"{rng.randint(1, 98)} {rng.choice(words.streets)}, Larkfield",
            postcode=f"DE{rng.randint(1, 9)} {rng.randint(1, 9)}{rng.choice('ABDEFGHJL')}{rng.choice('NPQRSTUWX')}",
            contacts=tuple(self._contacts(heritage, surname)),
            intakes=(intake,),
        )

    def _contacts(self, heritage: dict[str, Any], surname: str) -> Iterator[MadeUpContact]:
        rng = self._rng
        wanted = [(With.MOTHER, Household.HOME)] if rng.random() < 0.93 else [(With.FATHER, Household.HOME)]
        if rng.random() < 0.78:
            father = Household.HOME if rng.random() < 0.75 else Household.ELSEWHERE
            wanted += [(With.FATHER, father)] if wanted[0][0] is With.MOTHER else []
        elsewhere = (With.GRANDMOTHER, With.GRANDMOTHER, With.GRANDFATHER, With.AUNT_OR_UNCLE, With.OTHER_CONTACT)
        if rng.random() < 0.93:
            wanted.append((rng.choice(elsewhere), Household.ELSEWHERE))
        for rank, (relation, household) in enumerate(wanted, start=1):
            yield self._contact(heritage, surname, rank=rank, relation=relation, household=household)

    def _contact(
        self, heritage: dict[str, Any], surname: str, *, rank: int, relation: With, household: Household
    ) -> MadeUpContact:
        is_woman = relation in {With.MOTHER, With.GRANDMOTHER} or (
            relation in {With.AUNT_OR_UNCLE, With.OTHER_CONTACT} and self._rng.random() < 0.6
        )
        number = next(self._numbers)
        facts = ContactFacts(
            rank=rank,
            relation=relation,
            relation_said=relation.in_words,
            forename=self._rng.choice(heritage["women" if is_woman else "men"]),
            surname=_surname_for(surname, heritage, female=is_woman),
            household=household,
            parental_responsibility=relation in {With.MOTHER, With.FATHER},
            language=heritage["language"],
            email=f"family{number}@example.org" if rank == 1 else "",
        )
        landline = relation in {With.GRANDMOTHER, With.GRANDFATHER} and self._rng.random() < 0.5
        return MadeUpContact(facts, f"{'01632 960' if landline else '07700 900'}{number % 1000:03d}")


def _make_child(
    rng: Random,
    families: _Families,
    calendar: SchoolCalendar,
    classes: tuple[tuple[str, ...], ...],
    *,
    intake: int,
    current: int,
    place: int,
) -> MadeUpPupil:
    family, is_girl = families.take(intake), rng.random() < 0.49
    year = min(current - intake, len(YEAR_GROUPS) - 1)
    digits = f"{LAESTAB}{intake % 100:02d}{place + 1:03d}"
    facts = PupilFacts(
        legal_surname=_surname_for(family.surname, family.heritage, female=is_girl),
        legal_forename=families.name_child(family, is_girl=is_girl),
        upn=expected_check_letter("A" + digits) + digits,
        mis_id=f"M{intake % 100:02d}{place + 1:04d}",
        born=date(intake - 5, 9, 1) + timedelta(days=rng.randrange(365)),
        sex="F" if is_girl else "M",
        year_group=YEAR_GROUPS[year],
        class_name=classes[year][place % len(classes[year])],
        starting_day=_first_day(calendar, intake),
        left_on=_last_day(calendar, intake + 6) if intake + 6 < current else None,
        address=family.address,
        postcode=family.postcode,
        home_authority="830",
        language=family.heritage["language"],
        family_id=family.id,
        circumstances=tuple(DatedCircumstance(name) for name, share in _SHARES if rng.random() < share),
    )
    return MadeUpPupil(facts, family.contacts, intake)


def _cohort_size(pupils: int, intake: int) -> int:
    return pupils // 7 + (1 if intake % 7 < pupils % 7 else 0)


def _tree(words: Words, index: int) -> str:
    again, place = divmod(index, len(words.trees))
    return words.trees[place] + (f" {again + 1}" if again else "")


def _surname_for(surname: str, heritage: dict[str, Any], *, female: bool) -> str:
    if not female:
        return surname
    if heritage["language"] == "Polish" and surname.endswith("ski"):
        return surname[:-1] + "a"
    if heritage["language"] == "Czech":
        return surname.removesuffix("a") + "ová"
    return surname


def _first_day(calendar: SchoolCalendar, september: int) -> date:
    known = (year for year in calendar.years if year.first_day.year == september)
    year = next(known, None)
    return date(september, 9, 5) if year is None else calendar.school_day_from(year.first_day)


def _last_day(calendar: SchoolCalendar, september: int) -> date:
    known = (year.last_day for year in calendar.years if year.first_day.year == september)
    return next(known, date(september + 1, 7, 20))
