"""Compulsory school age, year groups and dated circumstances."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import (
    Circumstance,
    DatedCircumstance,
    Pupil,
    YearGroup,
    birthday,
    compulsory_school_age_begins,
    compulsory_school_age_ends,
    is_of_compulsory_school_age,
    year_group_of,
)


@pytest.mark.parametrize(
    ("born", "begins", "ends"),
    [
        (date(2021, 8, 31), date(2026, 8, 31), date(2037, 6, 26)),
        (date(2021, 9, 1), date(2026, 12, 31), date(2038, 6, 25)),
        (date(2021, 12, 31), date(2026, 12, 31), date(2038, 6, 25)),
        (date(2022, 1, 1), date(2027, 3, 31), date(2038, 6, 25)),
        (date(2022, 3, 31), date(2027, 3, 31), date(2038, 6, 25)),
        (date(2022, 4, 1), date(2027, 8, 31), date(2038, 6, 25)),
        (date(2020, 2, 29), date(2025, 3, 31), date(2036, 6, 27)),
    ],
)
def test_compulsory_school_age_begins_and_ends_as_the_law_says(born: date, begins: date, ends: date) -> None:
    assert compulsory_school_age_begins(born) == begins
    assert compulsory_school_age_ends(born) == ends
    assert not is_of_compulsory_school_age(born, on=begins - timedelta(days=1))
    assert is_of_compulsory_school_age(born, on=begins)
    assert is_of_compulsory_school_age(born, on=ends)
    assert not is_of_compulsory_school_age(born, on=ends + timedelta(days=1))


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_compulsory_school_age_begins_within_five_months_of_the_fifth_birthday(born: date) -> None:
    begins = compulsory_school_age_begins(born)

    assert timedelta(0) <= begins - birthday(born, age=5) <= timedelta(days=153)


def test_a_child_born_on_29_february_has_the_birthday_on_1_march_in_other_years() -> None:
    assert birthday(date(2020, 2, 29), age=5) == date(2025, 3, 1)
    assert birthday(date(2020, 2, 29), age=4) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("born", "group"),
    [
        (date(2022, 8, 31), YearGroup.R),
        (date(2022, 9, 1), YearGroup.N2),
        (date(2021, 9, 1), YearGroup.R),
        (date(2021, 8, 31), YearGroup.Y1),
        (date(2015, 9, 1), YearGroup.Y6),
        (date(2015, 8, 31), None),
    ],
)
def test_the_year_group_follows_the_age_on_1_september(born: date, group: YearGroup | None) -> None:
    assert year_group_of(born, on=date(2026, 11, 9)) is group
    assert year_group_of(born, on=date(2027, 7, 1)) is group


def test_a_dated_circumstance_holds_on_its_days_only() -> None:
    plan = DatedCircumstance(Circumstance.CHILD_PROTECTION_PLAN, date(2026, 10, 1), date(2026, 10, 31))
    pupil = Pupil(PupilId(1), None, None, circumstances=(plan, DatedCircumstance(Circumstance.TRAVELLER)))

    assert pupil.circumstances_on(date(2026, 9, 30)) == {Circumstance.TRAVELLER}
    assert Circumstance.CHILD_PROTECTION_PLAN in pupil.circumstances_on(date(2026, 10, 1))
    assert Circumstance.CHILD_PROTECTION_PLAN in pupil.circumstances_on(date(2026, 10, 31))
    assert pupil.circumstances_on(date(2026, 11, 1)) == {Circumstance.TRAVELLER}


@pytest.mark.parametrize("circumstance", list(Circumstance))
def test_every_circumstance_has_words_of_its_own(circumstance: Circumstance) -> None:
    words = circumstance.in_words

    assert words
    assert "_" not in words
    assert [other for other in Circumstance if other.in_words == words] == [circumstance]
    small = {word for word in words.replace("-", " ").split() if word.casefold() in {"sen", "ehc", "fgm"}}
    assert all(word.isupper() for word in small)


def test_circumstances_are_said_as_the_office_writes_them() -> None:
    said = {
        Circumstance.SEN_SUPPORT: "SEN support",
        Circumstance.EHC_PLAN: "EHC plan",
        Circumstance.FGM_RISK: "risk of FGM",
        Circumstance.SECTION_47: "section 47 enquiry",
        Circumstance.TRAVELLER: "Traveller",
        Circumstance.ELSEWHERE_EDUCATED: "educated elsewhere",
        Circumstance.LONG_TERM_MEDICAL: "long-term medical condition",
    }

    assert {each: each.in_words for each in said} == said
