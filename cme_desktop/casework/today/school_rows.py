"""Rows for what the school itself has to do again and again, shown to whoever does it and to the head."""

from __future__ import annotations

from cme_desktop.casework.in_words import capital, say_due
from cme_desktop.casework.today.rows import Group, RowKind, TodayRow, Tone, group_of, shape_of
from cme_desktop.casework.today.state import TodayState
from cme_desktop.domain.cases import Role
from cme_desktop.policy.rule import Flag, Severity

_PREFIX = "school:"


def school_rows(state: TodayState) -> list[TodayRow]:
    """List a row for each duty of the school that is due and concerns the one signed in."""
    return [
        _school_row(state, flag)
        for flag in state.school_flags
        if flag.severity is not Severity.WATCH and state.role in {flag.duty.by, Role.HEAD}
    ]


def find_duty(state: TodayState, row: TodayRow) -> Flag | None:
    """Give the duty a row is about; None where it is about something else, or done since."""
    return next((flag for flag in state.school_flags if row.key == _PREFIX + flag.rule_id), None)


def _school_row(state: TodayState, flag: Flag) -> TodayRow:
    due, group = flag.due, group_of(flag.severity)
    return TodayRow(
        key=_PREFIX + flag.rule_id,
        kind=RowKind.SCHOOL,
        group=group,
        shape=shape_of(flag.severity),
        severity=flag.severity,
        pupils=(),
        name=flag.title,
        hidden_name=flag.title,
        beside="",
        why=capital(flag.duty.what.rstrip(".")),
        next_act=capital(flag.duty.what),
        due_words=say_due(due, at=state.at) if due else "",
        tone=Tone.PLAIN,
        sort_key=(list(Group).index(group), flag.severity, 8, *(due.sort_key if due else ()), flag.rule_id),
    )
