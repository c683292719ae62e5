"""The words of schools' systems become values."""

from __future__ import annotations

from datetime import date

import pytest

from cme_desktop.domain.attendance import Half
from cme_desktop.domain.contacts import NumberQuality
from cme_desktop.domain.events import With
from cme_desktop.domain.pupils import YearGroup
from cme_desktop.importers.dates import DateOrder, parse_date, settle_order
from cme_desktop.importers.marks import half_of_text, letter_of_text
from cme_desktop.importers.phones import digits_of, read_number
from cme_desktop.importers.values import (
    postcode_of_text,
    relation_of_text,
    sen_of_text,
    sex_of_text,
    split_name,
    split_title,
    truth_of_text,
    year_group_of_text,
)


@pytest.mark.parametrize(
    "text",
    ["03/11/2026", "3/11/26", "03-11-2026", "2026-11-03", "2026-11-03T00:00:00", "03-Nov-26", "3 November 2026",
     "Tue 3 Nov 2026", "Tue 03/11/2026", "46329", "03/11/2026 00:00"],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(text: str) -> None:
    assert parse_date(text) == date(2026, 11, 3)


@pytest.mark.parametrize("text", ["", "31/02/2026", "2026", "soon", "13/13/2026", "99999999"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_a_date_without_a_year_takes_that_of_its_school_year() -> None:
    assert parse_date("Mon 11 Jan", year_of=date(2026, 11, 10)) == date(2027, 1, 11)
    assert parse_date("Tue 1 Sep", year_of=date(2027, 2, 10)) == date(2026, 9, 1)


def test_a_day_above_twelve_settles_the_order() -> None:
    assert settle_order(["03/11/2026", "13/11/2026"], plausible=lambda _: True) is DateOrder.DAY_FIRST
    assert settle_order(["11/03/2026", "11/13/2026"], plausible=lambda _: True) is DateOrder.MONTH_FIRST


def test_an_ambiguous_column_is_asked_about() -> None:
    assert settle_order(["03/11/2026", "04/11/2026"], plausible=lambda _: True) is None


def test_the_calendar_may_settle_the_order_but_only_for_the_day_first() -> None:
    november = {date(2026, 11, 3), date(2026, 11, 4)}
    march = {date(2026, 3, 11), date(2026, 4, 11)}

    assert settle_order(["03/11/2026", "04/11/2026"], plausible=november.__contains__) is DateOrder.DAY_FIRST
    assert settle_order(["03/11/2026", "04/11/2026"], plausible=march.__contains__) is None


@pytest.mark.parametrize("text", ["", "-", "*", " ", "?", "–"])
def test_a_session_nobody_marked_is_not_taken_and_never_an_absence(text: str) -> None:
    assert letter_of_text(text, half=Half.AM) == ""


@pytest.mark.parametrize(
    ("text", "letter"),
    [("n", "N"), (" c1 ", "C1"), ("L5", "L"), ("L(5)", "L"), ("l (12)", "L"), ("U(45)", "U"), ("#", "#"), ("h", "H")],
)
def test_a_code_is_read_in_any_case_and_with_its_minutes(text: str, letter: str) -> None:
    assert letter_of_text(text, half=Half.PM) == letter


def test_present_takes_the_stroke_of_its_half() -> None:
    assert letter_of_text("\\", half=Half.AM) == "/"
    assert letter_of_text("/", half=Half.PM) == "\\"


@pytest.mark.parametrize("text", ["Ø", "present", "C9", "=A1"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert letter_of_text(text, half=Half.AM) is None


@pytest.mark.parametrize(
    ("text", "half"),
    [("AM", Half.AM), ("1", Half.AM), ("Morning", Half.AM), ("08:50", Half.AM), ("PM", Half.PM), ("13:15", Half.PM),
     ("2", Half.PM), ("1:15 pm", Half.PM), ("noon", None)],
)  # fmt: skip
def test_a_half_of_the_day_is_read(text: str, half: Half | None) -> None:
    assert half_of_text(text) is half


@pytest.mark.parametrize(
    ("text", "group"),
    [("Year 3", YearGroup.Y3), ("Y3", YearGroup.Y3), ("NCY3", YearGroup.Y3), ("3", YearGroup.Y3),
     ("Yr 3", YearGroup.Y3), ("Reception", YearGroup.R), ("R", YearGroup.R), ("0", YearGroup.R), ("N1", YearGroup.N1),
     ("Nursery", YearGroup.N2), ("Year 7", None), ("13", None)],
)  # fmt: skip
def test_a_year_group_is_read(text: str, group: YearGroup | None) -> None:
    assert year_group_of_text(text) is group


@pytest.mark.parametrize(
    ("text", "relation"),
    [("Mother", With.MOTHER), ("Mum", With.MOTHER), ("Step-father", With.STEP_PARENT),
     ("Grandfather", With.GRANDFATHER), ("Nan", With.GRANDMOTHER), ("Foster Carer", With.CARER),
     ("Social Worker", With.PROFESSIONAL), ("Auntie", With.AUNT_OR_UNCLE),
     ("Family friend", With.FRIEND), ("Other", With.OTHER_CONTACT)],
)  # fmt: skip
def test_a_relationship_is_read(text: str, relation: With) -> None:
    assert relation_of_text(text) is relation


def test_ticks_and_words_say_yes_and_no() -> None:
    assert [truth_of_text(text) for text in ("T", "Yes", "1", "✓")] == [True] * 4
    assert [truth_of_text(text) for text in ("F", "No", "0", "")] == [False] * 4
    assert truth_of_text("perhaps") is None


def test_small_values_are_tidied() -> None:
    assert (sex_of_text("Male"), sex_of_text("f"), sex_of_text("?")) == ("M", "F", None)
    assert (sen_of_text("E"), sen_of_text("SEN Support"), sen_of_text("N")) == ("ehc_plan", "sen_support", "")
    assert postcode_of_text("de43ag") == "DE4 3AG"
    assert split_name("O'Brien, Niamh") == ("O'Brien", "Niamh")
    assert split_title("Mrs Helen Ashworth") == ("Mrs", "Helen Ashworth")


def test_a_leading_zero_lost_in_a_spreadsheet_comes_back() -> None:
    number = read_number("7700900123", kind="mobile")

    assert number is not None
    assert (number.text, number.digits, number.quality) == ("07700900123", "07700900123", NumberQuality.GOOD)


def test_a_number_is_one_number_however_it_is_written() -> None:
    spellings = {
        digits_of(text) for text in ("07700 900123", "+44 7700 900123", "+44 (0)7700 900123", "0044 7700900123")
    }

    assert spellings == {"07700900123"}


def test_a_number_too_short_to_ring_is_doubtful() -> None:
    number = read_number("0770", kind="mobile")

    assert number is not None
    assert number.quality is NumberQuality.DOUBTFUL
    assert read_number("ex-directory", kind="home") is None
