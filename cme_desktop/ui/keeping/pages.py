"""The pages of keeping and disposal as data: the columns of each list, what it says above, and when it is empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cme_desktop.casework.in_words import count_of, say_day
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.policy.retention import Standing, Then
from cme_desktop.ui.row_table_model import Column

if TYPE_CHECKING:
    from datetime import date, datetime

    from cme_desktop.casework.keeping.looking import HoldRow, Keeping, KeepingRow, StoredDisposal
    from cme_desktop.policy.retention import Period


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list: its name on the bar, what stands above it, what is said where it is empty, its columns and rows."""

    name: str
    about: str
    nothing: str
    columns: tuple[Column[Any], ...]
    rows: Callable[[Keeping], tuple[Any, ...]]
    stretched: tuple[int, ...]
    is_counted: bool = True


def _say_whose(row: KeepingRow) -> str:
    return ", ".join(part for part in (row.name, f"case {row.case_number}" if row.case_number else "") if part)


_RECORDS: Final[tuple[Column[KeepingRow], ...]] = (
    Column("Whose", _say_whose),
    Column("What", lambda row: row.judged.period.title),
    Column("How many", lambda row: str(row.judged.record.size)),
    Column("Why", lambda row: row.judged.why),
)


def _say_date(day: date) -> str:
    return f"{say_day(day)} {day.year}"


def _say_day_of(at: datetime | None) -> str:
    return "" if at is None else _say_date(at.astimezone(LOCAL_ZONE).date())


def _say_scope(row: HoldRow) -> str:
    if row.hold.pupil_id is None:
        return "The whole school"
    return f"{row.name}, case {row.hold.case_number}" if row.hold.case_number else row.name


def _say_standing(row: HoldRow) -> str:
    hold = row.hold
    since = f"since {_say_day_of(hold.set_at)}, {hold.set_by_name}"
    if hold.stands:
        return since
    why = f": {hold.lifted_reason}" if hold.lifted_reason else ""
    return f"lifted {_say_day_of(hold.lifted_at)}, {hold.lifted_by_name}{why}"


_HOLDS: Final[tuple[Column[HoldRow], ...]] = (
    Column("On", _say_scope),
    Column("Why", lambda row: row.why),
    Column("Stands", _say_standing),
)


def _say_how_long(period: Period) -> str:
    years = period.values[-1]
    return count_of(years.years, "year") if period.then is not Then.KEEP else "always"


def _say_source(period: Period) -> str:
    unchecked = " From memory: check it." if not period.verified else ""
    return f"{period.reference}.{unchecked}"


_THEN: Final = {Then.DISPOSE: "disposed of", Then.REVIEW: "looked at first", Then.KEEP: "kept"}
_PERIODS: Final[tuple[Column[Period], ...]] = (
    Column("What", lambda period: period.title),
    Column("Kept", _say_how_long),
    Column("Then", lambda period: _THEN[period.then]),
    Column("By what", _say_source),
    Column("Since", lambda period: _say_date(period.values[-1].from_day)),
)


def _say_ended(row: StoredDisposal) -> str:
    if row.ended_at is None:
        return row.state.in_words
    return f"{row.state.in_words}, {_say_day_of(row.ended_at)}, {row.ended_by_name}"


def _say_lines(row: StoredDisposal) -> str:
    lines = row.lines or row.stubs
    return count_of(len(lines), "record") if lines else ""


_LISTS: Final[tuple[Column[StoredDisposal], ...]] = (
    Column("No.", lambda row: str(int(row.id))),
    Column("Drawn up", lambda row: f"{_say_date(row.drawn_on)}, {row.drawn_by_name}"),
    Column("Holds", _say_lines),
    Column("Stands", _say_ended),
)

DUE, TO_LOOK_AT, KEPT, HOLDS, PERIODS, LISTS = range(6)
PAGES: Final = (
    ListPage(
        "Due",
        "Their time is over and nothing holds them. Nothing goes by itself: a list is drawn up, and the headteacher "
        "reads and signs it.",
        "Nothing is due.",
        _RECORDS, lambda keeping: keeping.standing(Standing.DUE), (3,),
    ),
    ListPage(
        "To look at",
        "Their time is over, and a person looks at each before it may go, or is kept on.",
        "Nothing waits to be looked at.",
        _RECORDS, lambda keeping: keeping.standing(Standing.TO_REVIEW), (3,),
    ),
    ListPage(
        "Kept, because",
        "Their time is over or not known, and they stay. Records whose time is not over are not listed.",
        "Nothing is kept beyond its time.",
        _RECORDS, lambda keeping: keeping.standing(Standing.HELD, Standing.UNKNOWN), (3,),
    ),
    ListPage(
        "Holds",
        "The headteacher or the safeguarding lead holds what an inquiry, a court, a complaint or a request may ask "
        "for. An open case holds its child’s records by itself.",
        "Nobody has set a hold.",
        _HOLDS, lambda keeping: keeping.holds, (1, 2),
    ),
    ListPage(
        "How long",
        "How long each kind of record is kept, from which source, and since when that has been so.",
        "",
        _PERIODS, lambda keeping: keeping.periods, (3,), is_counted=False,
    ),
    ListPage(
        "Lists",
        "What was drawn up. Of a list that is carried out only a stub of each record is left, which names nobody.",
        "No list was ever drawn up.",
        _LISTS, lambda keeping: keeping.disposals, (3,),
    ),
)  # fmt: skip
