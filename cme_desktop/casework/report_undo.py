"""Taking back what an act wrote into a report from outside; refused once somebody has gone on with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.casework.office import Office
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.reports import ReportStep
from cme_desktop.storage.reports import OutsideReport, load_report, take_back_report_step

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.storage.acts import Act


def put_back_reports(db: Session, office: Office, act: Act) -> None:
    """Take back what the act wrote into reports."""
    for report_id, name in act.reports:
        step = ReportStep(name)
        if _has_moved_on(load_report(db, report_id), step, office, act):
            raise RefusedError(
                "This can’t be undone any more.",
                detail="Somebody has gone on with the report since.",
                remedy="Let whoever did it take that back first, or write down what is right instead.",
            )
        take_back_report_step(db, report_id, step, at=office.now())


def _has_moved_on(report: OutsideReport, step: ReportStep, office: Office, act: Act) -> bool:
    match step:
        case ReportStep.DECIDED | ReportStep.REPLIED:
            return False
        case ReportStep.SEARCHED:
            return not report.is_open or report.searched[-1].by != office.user.name
        case ReportStep.ENTERED:
            is_matched_since = report.event_id is not None and report.event_id not in act.events
            return not report.is_open or bool(report.searched) or is_matched_since
        case ReportStep.MATCHED:
            return not report.is_open
