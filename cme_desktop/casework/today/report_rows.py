"""Rows for what came from outside about a child: worries that wait for the lead, questions that wait for an answer."""

from __future__ import annotations

from datetime import date, time
from typing import Final

from cme_desktop.casework.in_words import capital, say_due
from cme_desktop.casework.reports import DECIDERS, flag_unheard, pressing_of
from cme_desktop.casework.today.rows import Group, RowKind, TodayRow, Tone, group_of, shape_of
from cme_desktop.casework.today.state import TodayState
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.domain.identifiers import ReportId
from cme_desktop.domain.reports import ReportKind
from cme_desktop.policy.rule import Flag, Severity
from cme_desktop.storage.reports import OutsideReport

_PREFIX: Final = "report:"
_HIDDEN: Final = "A report from outside"
_NO_NAME: Final = "A child, name not known"
_ANSWERERS: Final = DECIDERS | {Role.OFFICE}


def report_rows(state: TodayState) -> list[TodayRow]:
    """List a row for each worry nobody has decided on, to lead and head; and for each question not yet answered.

    A worry about a pupil stands with that pupil, as every flag does.
    """
    rows = []
    if state.role in DECIDERS:
        flags = flag_unheard(state.reports, state.roll, state.all_flags())
        reports = {report.id: report for report in state.reports}
        rows += [_worry_row(state, reports[report_id], flag) for report_id, flag in flags.items()]
    if state.role in _ANSWERERS:
        asked = (each for each in state.reports if each.kind is ReportKind.REQUEST and each.is_open)
        rows += [_request_row(state, report) for report in asked]
    return rows


def report_of(row: TodayRow) -> ReportId:
    """The report a row is about."""
    return ReportId(int(row.key.removeprefix(_PREFIX)))


def find_report_flag(state: TodayState, row: TodayRow) -> Flag | None:
    """Give the flag of a row about a worry; None where it is about a question, or decided since."""
    return flag_unheard(state.reports, state.roll, state.all_flags()).get(report_of(row))


def _worry_row(state: TodayState, report: OutsideReport, flag: Flag) -> TodayRow:
    name = report.said.get("child", "") or _NO_NAME
    return _row(state, report, flag.severity, name=name, why=flag.title, act=flag.duty.what, due=flag.due)


def _request_row(state: TodayState, report: OutsideReport) -> TodayRow:
    due = Deadline(report.reply_due_on) if report.reply_due_on is not None else None
    return _row(
        state, report, pressing_of(report, on=state.on), name=report.said["child"],
        why="Another school or authority asks after this child",
        act="search, make sure who asks, and answer", due=due,
    )  # fmt: skip


def _row(
    state: TodayState, report: OutsideReport, severity: Severity, *, name: str, why: str, act: str,
    due: Deadline | None,
) -> TodayRow:  # fmt: skip
    group = group_of(severity)
    return TodayRow(
        key=f"{_PREFIX}{report.id}",
        kind=RowKind.REPORT,
        group=group,
        shape=shape_of(severity),
        severity=severity,
        pupils=(),
        name=name,
        hidden_name=_HIDDEN,
        beside="",
        why=why,
        next_act=capital(act),
        due_words=say_due(due, at=state.at) if due else "",
        tone=Tone.TODAY if severity is Severity.TODAY else Tone.PLAIN,
        sort_key=(list(Group).index(group), severity, 7, *(due.sort_key if due else (date.max, time.max)), report.id),
    )
