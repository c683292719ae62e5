"""Every reader of outside bytes reads what is good, and says in words why it can't read what is not."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cme_desktop.domain.errors import BadInputError, CmeError
from tests.fuzz import __main__ as command
from tests.fuzz import reader as promises
from tests.fuzz.inputs import FOUND, list_found, list_inputs, spoil_one
from tests.fuzz.mutations import spoil
from tests.fuzz.reader import BrokenPromiseError, Reader, try_input
from tests.fuzz.readers import READERS

PROJECT = Path(__file__).parents[2]
QUICK = [name for name in READERS if READERS[name].tries >= 100]

each_reader = pytest.mark.parametrize("name", READERS)


@each_reader
def test_each_good_input_is_read(name: str) -> None:
    reader = READERS[name]

    for data in reader.seeds():
        reader.read(data)


@each_reader
def test_what_once_broke_a_promise_is_read_or_refused_in_words(name: str) -> None:
    for data in list_found(name):
        try_input(READERS[name], data)


def test_each_folder_of_inputs_found_belongs_to_a_reader() -> None:
    assert {path.name for path in FOUND.glob("*")} <= set(READERS)


@each_reader
def test_spoilt_inputs_are_read_or_refused_in_words(name: str) -> None:
    reader = READERS[name]
    inputs, chance = list_inputs(reader), Random(f"{name} 2026")

    for _ in range(reader.tries):
        try_input(reader, spoil_one(reader, inputs, by=chance))


@pytest.mark.parametrize("name", QUICK)
def test_any_bytes_are_read_or_refused_in_words(name: str) -> None:
    reader = READERS[name]
    pieces = st.one_of(st.binary(max_size=40), st.sampled_from((*reader.words, b"\n")))

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(pieces, max_size=30).map(b"".join))
    def any_bytes(data: bytes) -> None:
        try_input(reader, data)

    any_bytes()


@pytest.mark.parametrize("name", QUICK)
def test_good_inputs_with_a_piece_exchanged_are_read_or_refused_in_words(name: str) -> None:
    reader = READERS[name]
    seeds = reader.seeds()

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def exchanged(chosen: st.DataObject) -> None:
        data = chosen.draw(st.sampled_from(seeds))
        first = chosen.draw(st.integers(0, len(data)))
        last = chosen.draw(st.integers(first, min(len(data), first + 30)))
        piece = chosen.draw(st.one_of(st.binary(max_size=10), st.sampled_from((*reader.words, b""))))
        try_input(reader, data[:first] + piece + data[last:])

    exchanged()


# -- what tries them notices -----------------------------------------------------------------------------------


def _a_reader(fault: Exception | None) -> Reader:
    def read(data: bytes) -> None:
        if b"\xff" in data and fault is not None:
            raise fault

    return Reader("made up", read, lambda: (b"good",))


@pytest.mark.parametrize("fault", [KeyError("x"), RecursionError(), MemoryError(), OSError("x"), BadInputError("No.")])
def test_a_crash_and_a_refusal_without_a_remedy_are_noticed(fault: Exception) -> None:
    with pytest.raises(type(fault) if not isinstance(fault, CmeError) else BrokenPromiseError):
        try_input(_a_reader(fault), b"a\xff")


def test_a_refusal_in_words_keeps_the_promise() -> None:
    try_input(_a_reader(BadInputError("It is damaged.", remedy="Export it again.")), b"a\xff")


def test_a_hang_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "MOST_SECONDS", -1.0)

    with pytest.raises(BrokenPromiseError, match="took"):
        try_input(_a_reader(None), b"a")


def test_spoiling_changes_what_it_is_given_and_uses_the_words() -> None:
    chance = Random(1)
    spoilt = [spoil(b"0123456789" * 5, others=(b"OTHER",), words=(b"WORD",), by=chance) for _ in range(300)]

    assert len(set(spoilt)) > 250
    assert any(b"WORD" in data for data in spoilt)
    assert any(b"OTHE" in data for data in spoilt)
    assert any(len(data) < 50 for data in spoilt)


def test_bending_keeps_the_form_and_exchanges_a_value() -> None:
    bent = {
        spoil(b"a = 1\nb = 2\n", others=(), words=(b"WORD",), place=re.compile(rb"= (.*)"), by=Random(number))
        for number in range(60)
    }

    assert {b"a = WORD\nb = 2\n", b"a = 2\nb = 2\n"} <= bent


# -- the command -----------------------------------------------------------------------------------------------


def test_the_command_names_every_reader_and_refuses_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["fuzz", "--list"])
    assert command.main() == 0
    assert capsys.readouterr().out.split() == list(READERS)

    monkeypatch.setattr(sys, "argv", ["fuzz", "words"])
    with pytest.raises(SystemExit):
        command.main()
    assert "no reader called words" in capsys.readouterr().err


@pytest.mark.parametrize("way", ["--blind", "guided"])
def test_the_command_tries_a_reader_and_says_how_many_inputs(way: str, tmp_path: Path) -> None:
    if way == "guided" and importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed")
    options = ["--blind"] if way == "--blind" else ["--keep", str(tmp_path)]

    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--seconds", "2", *options, "ics"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    found = re.search(r"ics +([\d,]+) inputs .* kept its promise", done.stdout)
    assert found is not None
    assert int(found[1].replace(",", "")) > 50
