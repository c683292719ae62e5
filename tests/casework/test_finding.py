"""A pupil is found from three letters, a phone number or a case number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cme_desktop.casework.finding import find_pupils, fold
from tests.office import AISHA, LUCJA, TOMASZ, an_office

if TYPE_CHECKING:
    from pathlib import Path

    from cme_desktop.casework.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


def test_three_plain_letters_find_an_accented_name(office: Office) -> None:
    found = find_pupils(office, "luc")

    assert [one.pupil_id for one in found] == [LUCJA]
    assert found[0].name == "Łucja Wiśniewska"


def test_a_surname_finds_brother_and_sister(office: Office) -> None:
    found = find_pupils(office, "wisniew")

    assert {one.pupil_id for one in found} == {LUCJA, TOMASZ}


def test_two_letters_are_too_few(office: Office) -> None:
    assert find_pupils(office, "lu") == ()


def test_a_misspelt_name_is_still_found(office: Office) -> None:
    found = find_pupils(office, "Rhaman")

    assert [one.pupil_id for one in found] == [AISHA]


def test_part_of_a_phone_number_finds_the_pupil_and_says_whose_it_is(office: Office) -> None:
    found = find_pupils(office, "900 301")

    assert [one.pupil_id for one in found] == [LUCJA]
    assert found[0].why == "mother's number"


def test_what_matches_nobody_finds_nobody(office: Office) -> None:
    assert find_pupils(office, "zzo") == ()


def test_letters_are_folded_whatever_their_alphabet_of_accents() -> None:
    assert fold("  Ọlá   ADÉYẸMÍ ") == "ola adeyemi"
    assert fold("Łucja") == "lucja"
