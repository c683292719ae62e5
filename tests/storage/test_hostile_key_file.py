"""A key file that is spoilt, or was made to do harm, is a sentence: no crash, and no minutes of deriving a key."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from cme_desktop.domain.errors import CmeError
from cme_desktop.storage import vault
from cme_desktop.storage.key_file import KdfCost, read_key_file
from tests.office import PASSWORD
from tests.seconds import within


@pytest.fixture
def good(tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "good.json"
    vault.create_vault(path, user_id=1, name="Pat Mellor", password=PASSWORD, cost=KdfCost(64, 1, 1))
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document


def _refused(tmp_path: Path, text: str | bytes) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with within(seconds=2), pytest.raises(CmeError) as caught:
        read_key_file(path)
    assert "backup" in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "9" * 100_000,
        "null",
        "[]",
        '"format"',
        '{"format": []}',
        '{"format": 1, "database": "x", "slots": [3]}',
        '{"format": 1, "database": "x", "slots": {"a": 1}}',
        b"\xff\xfe\x00\x00",
        b"\x00" * 100,
        b" " * 1_000_001,
    ],
    ids=range(12),
)
def test_what_is_no_key_file_is_told_in_words(tmp_path: Path, text: str | bytes) -> None:
    _refused(tmp_path, text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("user", float("inf")),
        ("user", []),
        ("name", "half a character: \ud800"),
        ("kind", []),
        ("salt", 3),
        ("salt", ""),
        ("salt", b64encode(b"x" * 7).decode()),
        ("nonce", ""),
        ("nonce", b64encode(b"x" * 200).decode()),
        ("cost", 5),
        ("cost", {"memory_kib": 65536, "passes": 1_000_000_000, "lanes": 4}),
        ("cost", {"memory_kib": 65536, "passes": 0, "lanes": 4}),
        ("cost", {"memory_kib": 65536, "passes": 3, "lanes": 0}),
        ("cost", {"memory_kib": 65536, "passes": 3, "lanes": 1_000_000}),
        ("cost", {"memory_kib": 4 * 1024 * 1024, "passes": 3, "lanes": 4}),
        ("cost", {"memory_kib": 65536.5, "passes": 3, "lanes": 4}),
        ("cost", {"memory_kib": 65536, "passes": True, "lanes": 4}),
        ("cost", {"memory_kib": float("nan"), "passes": 3, "lanes": 4}),
        ("cost", {"memory_kib": 16, "passes": 3, "lanes": 4}),
        ("cost", {"memory_kib": 65536, "passes": 3, "lanes": 4, "more": 1}),
    ],
    ids=range(20),
)
def test_a_slot_with_one_wrong_value_is_told_in_words(
    tmp_path: Path, good: dict[str, Any], name: str, value: object
) -> None:
    good["slots"][0][name] = value

    _refused(tmp_path, json.dumps(good))


CODE = {"nonce": b64encode(b"x" * 12).decode(), "wrapped": b64encode(b"x" * 48).decode()}
FACTOR = {"mark": "ab" * 16, "codes": [CODE]}


@pytest.mark.parametrize(
    "factor",
    [
        3,
        [],
        {"mark": "ab" * 16},
        {**FACTOR, "mark": "no hexadecimal"},
        {**FACTOR, "mark": "ab" * 1000},
        {**FACTOR, "codes": 7},
        {**FACTOR, "codes": [CODE] * 51},
        {**FACTOR, "codes": [{"nonce": "", "wrapped": ""}]},
        {**FACTOR, "codes": [{"nonce": "AAAA", "wrapped": {}}]},
        {**FACTOR, "released": "AAAA"},
        {**FACTOR, "released": None},
    ],
    ids=range(11),
)
def test_a_second_factor_that_is_none_is_told_in_words(tmp_path: Path, good: dict[str, Any], factor: object) -> None:
    good["slots"][0]["factor"] = factor

    _refused(tmp_path, json.dumps(good))


DEVICE = {
    "user": 1, "mark": "ab" * 16, "beside": "cd" * 16, "nonce": b64encode(b"x" * 12).decode(),
    "wrapped": b64encode(b"x" * 80).decode(), "after_lock": False,
}  # fmt: skip


@pytest.mark.parametrize(
    "devices",
    [
        3,
        {"a": 1},
        [3],
        [DEVICE] * 1001,
        [{**DEVICE, "user": float("inf")}],
        [{**DEVICE, "mark": "cd"}],
        [{**DEVICE, "beside": "not hexadecimal"}],
        [{**DEVICE, "nonce": ""}],
        [{**DEVICE, "wrapped": b64encode(b"x" * 81).decode()}],
        [{name: value for name, value in DEVICE.items() if name != "after_lock"}],
    ],
    ids=range(10),
)
def test_a_computers_slot_that_is_none_is_told_in_words(tmp_path: Path, good: dict[str, Any], devices: object) -> None:
    good["devices"] = devices

    _refused(tmp_path, json.dumps(good))


def test_a_whole_second_factor_and_a_computers_slot_are_read(tmp_path: Path, good: dict[str, Any]) -> None:
    good["slots"][0]["factor"], good["devices"] = FACTOR, [DEVICE]
    (tmp_path / "keys.json").write_text(json.dumps(good))

    keys = read_key_file(tmp_path / "keys.json")

    assert keys.slots[0].factor is not None
    assert len(keys.devices) == 1
