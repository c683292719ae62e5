"""Rows for rights in what is held: a request whose day is near or past, the hours of a data breach; no name.

They are shown to the head and the safeguarding lead, who answer for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import say_due
from cme_desktop.casework.today.rows import Group, RowKind, TodayRow, Tone, group_of, shape_of
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.rights import Right, may
from cme_desktop.policy.rule import Severity
from cme_desktop.storage.breaches import list_open_breaches
from cme_desktop.storage.information_requests import list_open_requests

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.casework.office import Office
    from cme_desktop.casework.today.state import TodayState
    from cme_desktop.domain.calendar import SchoolCalendar

REQUEST: Final = "information:request"
BREACH: Final = "information:breach"
_NEW_DAYS: Final = 3
"""So many days a request that just came in is shown, however far off its day is: the office may have taken it."""


@dataclass(frozen=True, slots=True)
class PressingRequest:
    """A request that is shown: how far it is, and the last day on which the answer is in time."""

    id: int
    due_on: date
    is_late: bool
    is_soon: bool
    left: str


@dataclass(frozen=True, slots=True)
class PressingBreach:
    """A breach that is shown: the office clock's moment by which the regulator is told, and if that still waits."""

    id: int
    due_at: datetime
    is_running: bool
    is_late: bool
    clock: str


@dataclass(frozen=True, slots=True)
class Pressing:
    """What rights in what is held ask for now."""

    requests: tuple[PressingRequest, ...] = ()
    breaches: tuple[PressingBreach, ...] = ()


def load_pressing(db: Session, office: Office, calendar: SchoolCalendar, *, at: datetime) -> Pressing:
    """Read which requests are near their day or past it, and which breaches are not closed."""
    if not may(office.user.role, Right.ANSWER_REQUESTS):
        return Pressing()
    requests, breaches = list_open_requests(db), list_open_breaches(db)
    if not requests and not breaches:
        return Pressing()
    from cme_desktop.casework.breaches import count_hours, local_moment  # noqa: PLC0415  seldom needed
    from cme_desktop.casework.information_numbers import read_numbers  # noqa: PLC0415  as above
    from cme_desktop.casework.information_requests import count_request  # noqa: PLC0415  as above

    numbers = read_numbers(office.paths.resources, on=at.date())
    now = local_moment(at.date(), at.time())
    counted = [count_request(each, {}, calendar, numbers, on=at.date()) for each in requests]
    hours = [count_hours(each, numbers, now=now) for each in breaches]
    return Pressing(
        tuple(
            PressingRequest(line.request.id, line.due_on, line.is_late, line.is_soon, line.left)
            for line in counted
            if line.is_soon or (at.date() - line.request.made_at.date()).days < _NEW_DAYS
        ),
        tuple(PressingBreach(line.breach.id, line.due_at, line.is_running, line.is_late, line.clock) for line in hours),
    )


def information_rows(state: TodayState) -> list[TodayRow]:
    """List a row for each request and each breach that presses."""
    rows = [_request_row(state, each) for each in state.pressing.requests]
    return rows + [_breach_row(state, each) for each in state.pressing.breaches]


def _request_row(state: TodayState, request: PressingRequest) -> TodayRow:
    due = Deadline(request.due_on)
    severity = Severity.THIS_WEEK
    if request.is_late or request.due_on == state.on:
        severity = Severity.TODAY
    return _row(
        state, f"{REQUEST}:{request.id}", severity, name="A request to see what is held",
        why=f"Somebody asks to see what is held: {request.left}",
        act="Decide about each marked item, give the pack, and close the request", due=due,
    )  # fmt: skip


def _breach_row(state: TodayState, breach: PressingBreach) -> TodayRow:
    if not breach.is_running:
        return _row(
            state, f"{BREACH}:{breach.id}", Severity.THIS_WEEK, name="A data breach", why="Its note is still open",
            act="Write down what was done; the headteacher closes the note", due=None,
        )  # fmt: skip
    severity = Severity.NOW if breach.is_late else Severity.TODAY
    due = Deadline(breach.due_at.date(), breach.due_at.time())
    return _row(
        state, f"{BREACH}:{breach.id}", severity, name="A data breach", why=breach.clock,
        act="Tell the regulator, or write down why not", due=due,
    )  # fmt: skip


def _row(
    state: TodayState, key: str, severity: Severity, *, name: str, why: str, act: str, due: Deadline | None
) -> TodayRow:
    group = group_of(severity)
    at = due.sort_key if due is not None else Deadline(date.max).sort_key
    return TodayRow(
        key=key,
        kind=RowKind.INFORMATION,
        group=group,
        shape=shape_of(severity),
        severity=severity,
        pupils=(),
        name=name,
        hidden_name=name,
        beside="",
        why=why,
        next_act=act,
        due_words=say_due(due, at=state.at) if due is not None else "",
        tone=_TONES.get(severity, Tone.PLAIN),
        sort_key=(list(Group).index(group), severity, 6, *at, key),
    )


_TONES: Final = {Severity.NOW: Tone.NOW, Severity.TODAY: Tone.TODAY}
