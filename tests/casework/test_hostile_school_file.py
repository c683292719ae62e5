"""A school's file that is spoilt, or made to do harm, is a sentence with what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cme_desktop.casework.school_file import read_school_file
from cme_desktop.domain.errors import BadInputError

RESOURCES = Path(__file__).parents[2] / "resources"
GOOD = """calendar = "test-2026-27"
policies = ["derbyshire"]
[school]
name = "Larkfield Primary School"
laestab = "830/2201"
urn = "112233"
address = ["1 Mill Lane"]
records_begin = 2026-09-01
[user]
name = "Pat Mellor"
"""


def _read(tmp_path: Path, text: str, *, encoding: str = "utf-8") -> object:
    path = tmp_path / "school.toml"
    path.write_bytes(text.encode(encoding))
    return read_school_file(path, resources=RESOURCES)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_good_file_is_read_as_any_editor_saves_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "school.toml"
    path.write_bytes(GOOD.encode(encoding))

    new = read_school_file(path, resources=RESOURCES).new

    assert (new.address, new.policies, new.records_begin) == (("1 Mill Lane",), ("derbyshire",), date(2026, 9, 1))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('policies = ["derbyshire"]', "policies = 3"),
        ('policies = ["derbyshire"]', "policies = [[]]"),
        ('address = ["1 Mill Lane"]', "address = 5"),
        ('address = ["1 Mill Lane"]', "address = [0x" + "f" * 6000 + "]"),
        ('urn = "112233"', 'urn = "112233"\nphone = 0x' + "f" * 6000),
        ('urn = "112233"', 'urn = "112233"\ntype = 0x' + "f" * 6000),
        ('urn = "112233"', 'urn = "112233"\ntype = []'),
        ("records_begin = 2026-09-01", "records_begin = 2026-09-01T09:00:00Z"),
        ('calendar = "test-2026-27"', "calendar = 7"),
        ('calendar = "test-2026-27"', "calendar = " + "[" * 100_000),
        ('calendar = "test-2026-27"', "calendar = " + "9" * 100_000),
        ("[user]", "[authority]\nname = 5\n[user]"),
        ("[user]", "[[user]]"),
        ("[user]", "#" * 1_100_000 + "\n[user]"),
    ],
    ids=range(14),
)
def test_a_spoilt_file_is_told_in_words(tmp_path: Path, was: str, becomes: str) -> None:
    assert was in GOOD

    with pytest.raises(BadInputError) as caught:
        _read(tmp_path, GOOD.replace(was, becomes))

    assert caught.value.remedy


def test_a_file_in_another_encoding_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="not UTF-8 text"):
        _read(tmp_path, GOOD.replace("Larkfield", "Lärkfield"), encoding="cp1252")
