"""The strip above the list: what is left before each clock time, the day's own heading, and the roll's balance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Final

from cme_desktop.casework.in_words import say_clock, say_day
from cme_desktop.casework.today.rows import Balance, Group, RowKind, Tile, TileKey, TileState, TodayRow
from cme_desktop.casework.today.state import TodayState
from cme_desktop.domain.attendance import Presence, presence_of_symbol
from cme_desktop.domain.calendar import monday_of


def tiles_of(state: TodayState, rows: Iterable[TodayRow]) -> tuple[Tile, ...]:
    """Count what is left before each clock time."""
    listed = tuple(rows)
    clock = state.clock
    registers = [row for row in listed if row.kind is RowKind.REGISTER and _is_of_today(row, state)]
    first = [row for row in listed if row.to_ring and row.dots and not any(row.dots)]
    trying = [row for row in listed if row.to_ring and not all(row.dots)]
    lead = [row for row in listed if row.to_tell]
    police = [row for row in listed if row.to_police]
    missing = tuple(dict.fromkeys(row.class_name for row in registers))
    classes = ", ".join(missing[:2]) + (" and more" if len(missing) > 2 else "")
    # Nobody is rung and nothing tried where nobody knows yet who is absent.
    is_open = bool(registers) or not state.roll.on_roll
    untried = sum(len(row.dots) - row.tried for row in trying)
    made = (
        (
            TileKey.REGISTERS,
            clock.registers_in,
            "Registers in",
            len(registers),
            f"missing: {classes}",
            "all in" if state.roll.on_roll else "no pupils yet",
            registers,
        ),
        (
            TileKey.FIRST_CALLS,
            clock.first_calls,
            "First calls",
            len(first),
            "to ring",
            "none known yet" if is_open else "all rung",
            first,
        ),
        (
            TileKey.CONTACTS,
            clock.contacts_tried,
            "Contacts tried",
            untried,
            "still to try",
            "none known yet" if is_open else "all tried",
            trying,
        ),
        (TileKey.LEAD, clock.lead_told, "Lead told", len(lead), "to tell", "nobody to tell", lead),
        (TileKey.POLICE, clock.police_or_care, "Police or care", len(police), "to tell", "none due", police),
    )
    upcoming = next((key for key, at, _, count, *_ in made if count and at >= state.at.time()), None)
    return tuple(
        Tile(
            key,
            at,
            name,
            count,
            _tile_words(state.at, at, words, is_next=key is upcoming) if count else none,
            _tile_state(state.at, at, count, is_next=key is upcoming)
            if count or not (is_open and (key in _WAIT_FOR_REGISTERS or not state.roll.on_roll))
            else TileState.LATER,
            frozenset(row.key for row in of),
        )
        for key, at, name, count, words, none, of in made
    )


_WAIT_FOR_REGISTERS: Final = frozenset({TileKey.FIRST_CALLS, TileKey.CONTACTS})


def _tile_state(now: datetime, at: time, count: int, *, is_next: bool) -> TileState:
    if not count:
        return TileState.DONE
    if at < now.time():
        return TileState.LATE
    return TileState.NEXT if is_next else TileState.LATER


def _tile_words(now: datetime, at: time, words: str, *, is_next: bool) -> str:
    minutes = (at.hour - now.hour) * 60 + at.minute - now.minute
    return f"{words}, in {minutes} min" if is_next and 0 < minutes <= 15 else words


def _is_of_today(row: TodayRow, state: TodayState) -> bool:
    return row.session is not None and row.session.on == state.on


def next_clock_time(state: TodayState) -> datetime | None:
    """Say when the list is next made afresh; None after the day's last clock time."""
    clock = state.clock
    times = (clock.registers_in, clock.first_calls, clock.register_close, clock.contacts_tried, clock.lead_told,
             clock.police_or_care, clock.afternoon)  # fmt: skip
    later = [at for at in times if at > state.at.time()]
    return datetime.combine(state.on, min(later)) if later else None


def subtitle_of(state: TodayState) -> str:
    """Say which school day of how many this is, or why there is no school."""
    calendar = state.moment.calendar
    why = calendar.why_no_school(state.on)
    year = calendar.year_of(state.on)
    if why is not None or year is None:
        return f"No school today: {why.value if why else 'outside the calendar'}"
    weeks = [monday for monday in calendar.school_weeks if monday_of(year.first_day) <= monday <= state.on]
    number = calendar.school_day_number(state.on)
    return f"School day {number} of {calendar.count_school_days(year)}, week {len(weeks)}"


def short_title_of(state: TodayState) -> str:
    """Say the day in one short line, for a narrow window."""
    calendar = state.moment.calendar
    year, number = calendar.year_of(state.on), calendar.school_day_number(state.on)
    counted = f", day {number} of {calendar.count_school_days(year)}" if year and number else ""
    return say_day(state.on) + counted


def title_of_group(group: Group, state: TodayState) -> str:
    """Say a heading of the list; that of the calls names the clock time they are due by."""
    if group is not Group.BEFORE:
        return str(group.value)
    limit = _call_limit(state)
    return f"Before {say_clock(limit)}" if limit else "Today"


def _call_limit(state: TodayState) -> time | None:
    clock = state.clock
    times = (clock.contacts_tried, clock.lead_told, clock.police_or_care)
    return next((at for at in times if state.at.time() <= at), None)


def balance_of(state: TodayState, explained: int) -> Balance:
    """Count the roll in the session that counts now."""
    due = state.roll.judgement.sessions_due()
    first = state.moment.today_first
    if due <= first:
        return Balance(len(state.roll.on_roll), 0, 0, 0, 0, due=False)
    found = dict.fromkeys(Presence, 0)
    for record in state.roll.records:
        symbol = chr(record.line[due - 1]) if len(record.line) >= due else "."
        found[presence_of_symbol(symbol)] += 1
    return Balance(
        len(state.roll.on_roll), found[Presence.ATTENDED], found[Presence.ABSENT], found[Presence.UNKNOWN], explained
    )
