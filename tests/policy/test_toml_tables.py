"""A table of a document read key by key: the value, or a problem on the line where it stands."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from cme_desktop.domain.events import Method
from cme_desktop.policy.located_toml import LocatedToml, Problem, TomlTable, nearest, read_toml


def a_table(text: str) -> tuple[TomlTable, list[Problem]]:
    document = read_toml(text)
    assert isinstance(document, LocatedToml)
    problems: list[Problem] = []
    return TomlTable(document, problems), problems


# -- what is no document -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("data", "line"), [(b"\xff", 1), (b"a = 1\n\xff\n\n", 2), (b"a = 1\n\nb = '\xff'\n\n\n", 3)])
def test_what_is_no_utf_8_is_told_by_its_line(data: bytes, line: int) -> None:
    assert read_toml(data) == Problem(line, "this is not UTF-8 text")


def test_a_mark_of_the_order_of_bytes_and_windows_line_ends_are_no_fault() -> None:
    document = read_toml(b"\xef\xbb\xbfa = 1\r\n\r\nb = 2\r\n")

    assert isinstance(document, LocatedToml)
    assert document.values == {"a": 1, "b": 2}
    assert document.line_of(("b",)) == 3


def test_brackets_without_end_are_told_on_the_first_line() -> None:
    assert read_toml("a = " + "[" * 5000) == Problem(1, "the brackets are nested too deeply")


def test_what_ends_too_early_is_told_on_its_last_line_with_words_on_it() -> None:
    found = read_toml("\n\na = [1,\n2\n\n\n")

    assert isinstance(found, Problem)
    assert found.line == 4
    assert found.message.startswith("this is not TOML: ")
    assert "line" not in found.message


def test_the_nearest_of_many_words_is_the_likest() -> None:
    assert nearest("fathr", ["mother", "father", "Feather", "grandfather"]) == "father"
    assert nearest("zzz", ["a", "b"]) in {"a", "b"}


# -- values of the right kind --------------------------------------------------------------------------------------

TEXT = """
word = "text"
number = 3
yes = true
no = false
day = 2026-11-09
moment = 2026-11-09T09:20:00
zoned = 2026-11-09T09:20:00Z
words = ["a", "b"]
numbers = [1, 2]
days = [2026-11-09, 2026-11-10]
moments = [2026-11-09T09:20:00]
method = "phone"

[table]
inner = "x"

[[rows]]
one = 1

[[rows]]
two = 2
"""


def test_each_kind_of_value_is_read() -> None:
    table, problems = a_table(TEXT)

    assert table.text("word") == "text"
    assert table.text("missing", default="none") == "none"
    assert table.whole("number") == 3
    assert (table.truth("yes"), table.truth("no"), table.truth("missing")) == (True, False, None)
    assert table.day("day") == date(2026, 11, 9)
    assert table.moment("moment") == datetime.combine(date(2026, 11, 9), time(9, 20))
    assert table.moment("day") == date(2026, 11, 9)
    assert table.texts("words") == ("a", "b")
    assert table.days("days") == (date(2026, 11, 9), date(2026, 11, 10))
    assert (table.texts("missing"), table.days("missing"), table.tables("missing")) == ((), (), ())
    assert table.choice("method", Method, what="method") is Method.PHONE
    inner = table.table("table")
    assert inner is not None
    assert (inner.text("inner"), inner.line, inner.line_of("inner")) == ("x", 15, 16)
    assert [row.line for row in table.tables("rows")] == [18, 21]
    assert table.line_of("missing") == 1
    assert problems == []
    assert "word" in table
    assert "missing" not in table


@pytest.mark.parametrize(
    ("method", "key", "line", "says"),
    [
        ("text", "number", 3, "must be text in quotes"),
        ("whole", "word", 2, "must be a whole number"),
        ("whole", "yes", 4, "must be a whole number"),
        ("truth", "number", 3, "must be true or false"),
        ("day", "moment", 7, "must be a date without a time, such as 2026-11-09"),
        ("day", "word", 2, "must be a date, such as 2026-11-09"),
        ("moment", "zoned", 8, "must be a local time, without a zone"),
        ("moment", "word", 2, "must be a date or a date-time, such as 2026-11-09T09:20:00"),
        ("texts", "numbers", 10, "must be a list of texts"),
        ("texts", "word", 2, "must be a list of texts"),
        ("days", "moments", 12, "must be a list of dates"),
        ("days", "numbers", 10, "must be a list of dates"),
        ("days", "words", 9, "must be a list of dates"),
        ("table", "word", 2, "must be a table"),
        ("tables", "words", 9, "must be a list of tables"),
        ("tables", "word", 2, "must be a list of tables"),
    ],
)
def test_a_value_of_another_kind_is_told_once_and_read_as_nothing(method: str, key: str, line: int, says: str) -> None:
    table, problems = a_table(TEXT)

    found = getattr(table, method)(key)

    assert found in {None, "", ()}
    assert problems == [Problem(line, f'"{key}" {says}')]


def test_a_choice_that_is_none_names_the_nearest() -> None:
    table, problems = a_table('\nmethod = "phne"\nmany = ["phone", "leter"]\n')

    assert table.choice("method", Method, what="method") is None
    assert table.as_choice("leter", Method, what="method", key="many", position=1) is None
    assert [(problem.line, problem.message) for problem in problems] == [
        (2, 'there is no method "phne"; the nearest is "phone"'),
        (3, 'there is no method "leter"; the nearest is "letter"'),
    ]


def test_a_problem_stands_on_the_line_of_the_member() -> None:
    table, problems = a_table("many = [\n  1,\n  2,\n]\n")

    table.say("first", key="many", position=0)
    table.say("second", key="many", position=1)
    table.say("all", key="many")
    table.say("none")

    assert [problem.line for problem in problems] == [2, 3, 1, 1]
    assert str(problems[1]) == "line 3: second"


def test_what_is_needed_and_what_is_known_are_told() -> None:
    table, problems = a_table("titel = 1\nabout = 2\n")

    assert table.need("about") is True
    assert table.need("title") is False
    table.keep_to(["title", "about"])

    assert [problem.message for problem in problems] == [
        '"title" is missing',
        'there is no key "titel"; the nearest is "title"',
    ]


def test_a_text_that_is_missing_or_empty_is_told_once_and_is_not_there() -> None:
    table, problems = a_table('name = "x"\nempty = " "')

    assert table.need_text("name")
    assert not table.need_text("empty")
    assert not table.need_text("gone")
    assert [problem.message for problem in problems] == ['"empty" is empty', '"gone" is missing']


@pytest.mark.parametrize(("number", "says"), [(0, "1 or more"), (1, ""), (9, ""), (10, "9 or less")])
def test_a_count_lies_between_one_and_the_largest(number: int, says: str) -> None:
    table, problems = a_table(f"n = {number}")

    assert table.count("n", largest=9) == (None if says else number)
    assert [problem.message for problem in problems] == ([f'"n" must be {says}'] if says else [])
