"""The register of one pupil in a pack: a line a week, and each comment beside a mark on its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from cme_desktop.casework.held.item import HeldItem, Section
from cme_desktop.casework.held.telling import say_session
from cme_desktop.documents.wording import write_short_date
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.calendar import monday_of
from cme_desktop.storage.marks import session_of

if TYPE_CHECKING:
    from cme_desktop.storage.held_rows import HeldRow


def read_register(marks: Iterable[HeldRow]) -> list[HeldItem]:
    """Tell every mark, week by week, and what was written beside some."""
    weeks: dict[date, dict[tuple[int, Half], str]] = {}
    comments = []
    for row in marks:
        session = session_of(row.values["session_no"])
        day = session.on.weekday()
        weeks.setdefault(monday_of(session.on), {})[day, session.half] = row.values["code"]
        if row.values["comment"]:
            comments.append(_comment(row))
    return [_week(monday, codes) for monday, codes in sorted(weeks.items())] + comments


def _week(monday: date, codes: dict[tuple[int, Half], str]) -> HeldItem:
    cells = tuple(
        " ".join(codes.get((day, half), "–") for half in Half) if any((day, half) in codes for half in Half) else ""
        for day in range(max(5, 1 + max(day for day, _ in codes)))
    )
    return HeldItem(
        f"week:{monday.toordinal()}", Section.ATTENDANCE, f"Week of {write_short_date(monday)}", monday, (), cells=cells
    )


def _comment(row: HeldRow) -> HeldItem:
    number = row.values["session_no"]
    lines = (("Mark", row.values["code"]), ("Comment", row.values["comment"]))
    return HeldItem(
        f"mark:{number}", Section.ATTENDANCE, f"Comment beside a mark, {say_session(number)}", session_of(number).on,
        lines, free=row.values["comment"],
    )  # fmt: skip
