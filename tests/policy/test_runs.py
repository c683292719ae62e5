"""The counting engine: runs, totals, ranges."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cme_desktop.domain.attendance import CODE_OF_SYMBOL, AttendanceCode, Presence, RunEffect, presence_of_symbol
from cme_desktop.policy import runs

SYMBOLS = "".join(CODE_OF_SYMBOL) + "?."
lines = st.text(alphabet=SYMBOLS, max_size=120).map(str.encode)
known_lines = st.text(alphabet=SYMBOLS.replace("?", ""), max_size=120).map(str.encode)
skipped = st.text(alphabet="d#Z.", max_size=10).map(str.encode)


def slow_run(line: bytes, effect_of: str) -> int:
    """Count the run at the end one session at a time, from the code table."""
    length = 0
    for symbol in reversed(line.decode()):
        if symbol == "?":
            break
        effect = RunEffect.SKIPS if symbol == "." else getattr(CODE_OF_SYMBOL[symbol].facts, effect_of)
        if effect is RunEffect.BREAKS:
            break
        length += effect is RunEffect.KEEPS
    return length


@given(lines)
def test_the_runs_are_those_of_the_code_table(line: bytes) -> None:
    assert runs.current_run(line, runs.RUN_OF_20).length == slow_run(line, "run_of_20")
    assert runs.current_run(line, runs.RUN_OF_40).length == slow_run(line, "run_of_40")


@given(lines)
def test_a_run_begins_with_a_session_that_it_counts(line: bytes) -> None:
    run = runs.current_run(line, runs.RUN_OF_20)

    assert run.length == runs.count_of(line, runs.RUN_OF_20, first=run.first)
    assert run.length == 0 or line[run.first] in runs.RUN_OF_20


@given(known_lines, skipped, st.integers(0, 120))
def test_a_day_without_school_never_changes_a_run(line: bytes, no_school: bytes, where: int) -> None:
    longer = line[:where] + no_school + line[where:]

    for keeps in (runs.RUN_OF_20, runs.RUN_OF_40):
        assert runs.current_run(longer, keeps).length == runs.current_run(line, keeps).length


@given(lines.filter(bool), st.data())
def test_a_recoded_line_counts_as_if_it_had_been_written_so(line: bytes, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(line) - 1))
    symbol = data.draw(st.sampled_from(SYMBOLS)).encode()

    recoded = runs.recoded(line, index, symbol)

    fresh = b"".join(symbol if at == index else line[at : at + 1] for at in range(len(line)))
    assert recoded == fresh
    assert runs.current_run(recoded, runs.RUN_OF_20).length == slow_run(fresh, "run_of_20")


@given(lines, st.data())
def test_unknown_sessions_leave_a_range_that_holds_the_truth(line: bytes, data: st.DataObject) -> None:
    truth = b"".join(
        data.draw(st.sampled_from([b"/", b"O"])) if symbol == ord("?") else bytes([symbol]) for symbol in line
    )

    for keeps in (runs.RUN_OF_20, runs.RUN_OF_40):
        open_run = runs.current_run_range(line, keeps)
        assert open_run.least <= runs.current_run(truth, keeps).length <= open_run.most
    counted = runs.count_range(line, runs.ABSENCE)
    assert counted.least <= runs.count_of(truth, runs.ABSENCE) <= counted.most
    assert counted.is_exact or b"?" in line


def test_without_a_first_session_all_are_looked_at() -> None:
    assert runs.indexes_of(b"II/I", b"I") == (0, 1, 3)


@given(lines, st.integers(0, 130), st.integers(0, 130))
def test_counts_and_indexes_agree(line: bytes, first: int, last: int) -> None:
    indexes = runs.indexes_of(line, runs.ABSENT, first=first, last=last)

    assert len(indexes) == runs.count_of(line, runs.ABSENT, first=first, last=last)
    assert all(line[index] in runs.ABSENT and first <= index < last for index in indexes)


@given(known_lines)
def test_an_absence_begins_with_the_first_absent_session_after_an_attended_one(line: bytes) -> None:
    presences = [presence_of_symbol(symbol) for symbol in line.decode()]
    attended = [index for index, presence in enumerate(presences) if presence is Presence.ATTENDED]
    after = attended[-1] + 1 if attended else 0
    absent = [index for index in range(after, len(line)) if presences[index] is Presence.ABSENT]

    assert runs.last_attended(line) == after - 1
    assert runs.first_of_absence(line) == (absent[0] if absent else None)


def test_u_keeps_the_run_of_twenty_and_breaks_the_run_of_forty() -> None:
    assert runs.current_run(b"//OOUO", runs.RUN_OF_20) == runs.Run(2, 4)
    assert runs.current_run(b"//OOUO", runs.RUN_OF_40) == runs.Run(5, 1)


def test_the_symbols_are_the_columns_of_the_code_table() -> None:
    assert set(runs.RUN_OF_20) == set(b"GNOU")
    assert set(runs.RUN_OF_40) == set(b"GNO")
    assert set(runs.SKIPPED) == set(b"dZ#.")
    assert AttendanceCode.LATE_AFTER_CLOSE.symbol.encode() in runs.ABSENCE
    assert AttendanceCode.LATE_AFTER_CLOSE.symbol.encode() in runs.ATTENDED


def test_records_begin_at_the_first_session_not_outside() -> None:
    assert runs.first_judged(b"....//O") == 4
    assert runs.first_judged(b"....") == 4
