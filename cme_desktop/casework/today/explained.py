"""Rows for absences that are explained: nothing to do, and closed until somebody looks."""

from __future__ import annotations

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.today.rows import Group, RowKind, Shape, TodayRow, Tone
from cme_desktop.casework.today.state import TodayState
from cme_desktop.domain.attendance import CODE_OF_SYMBOL, Presence, presence_of_symbol
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.rule import Severity


def explained_rows(state: TodayState, busy: set[PupilId]) -> list[TodayRow]:
    """List the pupils absent now about whom nobody has to act; ``busy`` ones have a row of their own."""
    due = state.roll.judgement.sessions_due()
    if due <= state.moment.today_first:
        return []
    rows = []
    for record in state.roll.records:
        pupil_id = record.pupil.id
        if pupil_id in busy or len(record.line) < due:
            continue
        symbol = chr(record.line[due - 1])
        if presence_of_symbol(symbol) is Presence.ABSENT:
            rows.append(_explained_row(state, pupil_id, symbol))
    return rows


def _explained_row(state: TodayState, pupil_id: PupilId, symbol: str) -> TodayRow:
    pupil = state.pupil(pupil_id)
    back = state.facts(pupil_id).expects_back
    letter = CODE_OF_SYMBOL[symbol].letter
    why = "Reason given" if letter in {"N", "O"} else f"Marked {letter}"
    case = state.cases.get(pupil_id)
    return TodayRow(
        key=f"pupils:{pupil_id}",
        kind=RowKind.PUPILS,
        group=Group.EXPLAINED,
        shape=Shape.SETTLED,
        severity=Severity.WATCH,
        pupils=(pupil_id,),
        name=pupil.known_as,
        hidden_name=case.number if case else "",
        beside=pupil.class_name,
        why=f"{why}, expected back {say_day(back)}" if back else why,
        next_act="",
        due_words="",
        tone=Tone.PLAIN,
        sort_key=(3, 0, 0, pupil.class_name, pupil.sort_name),
    )
