"""Rows for registers that were not taken: once a class and session, never once a pupil."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from cme_desktop.casework.in_words import capital, count_of, say_clock, say_day, say_near_day
from cme_desktop.casework.today.rows import Group, RowKind, Shape, TodayRow, Tone
from cme_desktop.casework.today.state import TodayState
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.rule import Severity

NOT_TAKEN: Final = "england.register-not-taken"
_EARLIER_SHOWN: Final = 3
_NAMED: Final = 5


def register_rows(state: TodayState) -> list[TodayRow]:
    """List a row for each class and session without a register: the latest three, the earlier ones together."""
    missing: dict[tuple[str, int], list[PupilId]] = {}
    for pupil_id, flags in state.flags.items():
        if any(flag.rule_id == NOT_TAKEN for flag in flags):
            name = state.pupil(pupil_id).class_name or "No class"
            for index in state.facts(pupil_id).unknown_sessions:
                missing.setdefault((name, index), []).append(pupil_id)
    rows: list[TodayRow] = []
    ordered = sorted(missing, key=lambda key: (key[0], -key[1]))
    for name, keys in groupby(ordered, key=lambda key: key[0]):
        sessions = list(keys)
        rows += [_register_row(state, name, index, missing[name, index]) for _, index in sessions[:_EARLIER_SHOWN]]
        if rest := sessions[_EARLIER_SHOWN:]:
            earlier = {pupil for _, index in rest for pupil in missing[name, index]}
            rows.append(_earlier_row(name, len(rest), tuple(sorted(earlier))))
    return rows


def _register_row(state: TodayState, name: str, index: int, pupils: list[PupilId]) -> TodayRow:
    session = state.moment.session(index)
    size = sum(pupil.class_name == name for pupil in state.roll.on_roll) or len(pupils)
    whole = len(pupils) * 2 > size
    today = session.on == state.on
    clock = state.clock
    taken_by = clock.registers_in if session.half is Half.AM else clock.afternoon
    when = "" if today else f" {say_day(session.on)} {session.half.value}"
    act = "ring the class" if today else "find out who was there"
    due = f"late, {say_clock(taken_by)}" if today else f"late, {say_near_day(session.on, today=state.on)}"
    return TodayRow(
        key=f"register:{name}:{session}",
        kind=RowKind.REGISTER,
        group=Group.BEFORE,
        shape=Shape.UNKNOWN,
        severity=Severity.TODAY,
        pupils=tuple(pupils),
        name=name,
        hidden_name=name,
        beside=count_of(len(pupils), "pupil"),
        why=f"Register not taken{when}: {act}" if whole else f"No mark{when}: {act}",
        next_act=capital(act),
        due_words=due,
        tone=Tone.TODAY,
        session=session,
        class_name=name,
        sort_key=(1, 0, 0 if today else 1, -index, name),
    )


def _earlier_row(name: str, sessions: int, pupils: tuple[PupilId, ...]) -> TodayRow:
    return TodayRow(
        key=f"register:{name}:earlier",
        kind=RowKind.REGISTER,
        group=Group.WEEK,
        shape=Shape.UNKNOWN,
        severity=Severity.THIS_WEEK,
        pupils=pupils,
        name=name,
        hidden_name=name,
        beside=count_of(len(pupils), "pupil"),
        why=f"{count_of(sessions, 'earlier session')} without a mark: open the register",
        next_act="Open the register",
        due_words="late",
        tone=Tone.PLAIN,
        class_name=name,
        sort_key=(2, 9, 0, 0, name),
    )


def say_some_names(state: TodayState, pupils: tuple[PupilId, ...]) -> str:
    """Name a few pupils, and count the rest: for the pane beside the list, never for the list itself."""
    named = [state.pupil(pupil).known_as for pupil in pupils[:_NAMED]]
    rest = len(pupils) - len(named)
    return ", ".join(named) + (f" and {count_of(rest, 'other')}" if rest else "")
