"""The whole Today screen: read, judged and arranged, and held still under the hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from cme_desktop.casework.in_words import say_long_day
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.today.explained import explained_rows
from cme_desktop.casework.today.information_rows import information_rows
from cme_desktop.casework.today.pupil_rows import pupil_rows
from cme_desktop.casework.today.registers import register_rows
from cme_desktop.casework.today.report_rows import report_rows
from cme_desktop.casework.today.rows import Group, RowGroup, Shape, TodayRow, TodayScreen, Tone
from cme_desktop.casework.today.school_rows import school_rows
from cme_desktop.casework.today.state import TodayState, as_seen, load_today_state
from cme_desktop.casework.today.strip import (
    balance_of,
    next_clock_time,
    short_title_of,
    subtitle_of,
    tiles_of,
    title_of_group,
)
from cme_desktop.domain.rights import Right

TEXT_ALL_FROM: Final = 16
"""So many pupils to ring, and a text to all comes first."""


@needs(Right.SEE_NAMES)
def load_today(office: Office, *, at: datetime | None = None) -> TodayScreen:
    """Read, judge and arrange the day, now unless said."""
    return screen_of(load_today_state(office, at=at))


def screen_of(state: TodayState) -> TodayScreen:
    """Arrange the day from what is in hand, as far as whoever sits at the desk reads it; reads nothing."""
    state = as_seen(state)
    registers = register_rows(state)
    covered = {pupil for row in registers for pupil in row.pupils}
    acting = pupil_rows(state, covered)
    explained = explained_rows(state, {pupil for row in acting for pupil in row.pupils} | covered)
    found = (*registers, *acting, *school_rows(state), *report_rows(state), *information_rows(state), *explained)
    rows = _number_hidden(sorted(found, key=lambda row: row.sort_key))
    groups = tuple(
        RowGroup(group, title_of_group(group, state), tuple(row for row in rows if row.group is group))
        for group in Group
        if any(row.group is group for row in rows)
    )
    to_ring = sum(row.to_ring for row in rows)
    return TodayScreen(
        at=state.at,
        title=say_long_day(state.on),
        subtitle=subtitle_of(state),
        tiles=tiles_of(state, rows),
        balance=balance_of(state, len(explained)),
        groups=groups,
        refresh_at=next_clock_time(state),
        short_title=short_title_of(state),
        text_all_first=f"{to_ring} to ring" if to_ring > TEXT_ALL_FROM else "",
    )


def hold_rows(shown: TodayScreen, fresh: TodayScreen) -> TodayScreen:
    """Give the fresh screen in the order shown: a row dealt with stays, ticked; a new one joins its group's end."""
    now = {row.key: row for row in fresh.rows}
    left = {row.key: row for row in fresh.rows if row.group is not Group.EXPLAINED}
    seen: set[str] = set()
    kept: dict[Group, list[TodayRow]] = {group: [] for group in Group}
    for row in shown.rows:
        if row.group is Group.EXPLAINED:
            continue
        seen.add(row.key)
        today = left.get(row.key)
        kept[row.group].append(replace(today, group=row.group, hidden_name=row.hidden_name) if today else _ticked(row))
    for row in fresh.rows:
        if row.key not in seen and (row.group is not Group.EXPLAINED or now[row.key] is row):
            kept[row.group].append(row)
    titles = {group.group: group.title for group in (*fresh.groups, *shown.groups)}
    groups = tuple(RowGroup(group, titles[group], tuple(rows)) for group, rows in kept.items() if rows)
    return replace(fresh, groups=groups)


def _number_hidden(rows: list[TodayRow]) -> tuple[TodayRow, ...]:
    numbered: list[TodayRow] = []
    next_number = 1
    for row in rows:
        if row.hidden_name:
            numbered.append(row)
            continue
        last = next_number + max(1, len(row.pupils)) - 1
        said = ", ".join(str(number) for number in range(next_number, last + 1))
        numbered.append(replace(row, hidden_name=f"Absence {said}"))
        next_number = last + 1
    return tuple(numbered)


def _ticked(row: TodayRow) -> TodayRow:
    return replace(
        row, done=True, shape=Shape.SETTLED, tone=Tone.PLAIN, due_words="", to_ring=False, to_tell=False,
        to_police=False, why="Dealt with",
    )  # fmt: skip
