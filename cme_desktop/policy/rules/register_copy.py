"""The school's duty to keep a copy of its registers, made at least once a month."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.calendar import Deadline, SchoolCalendar, add_calendar_months
from cme_desktop.domain.cases import Role
from cme_desktop.policy.rule import Act, Authority, Duty, Finding, Flag, Reference, Severity
from cme_desktop.policy.rules.sources import IN_FORCE_FROM, POLICY_ID
from cme_desktop.policy.wording import say_day

if TYPE_CHECKING:
    from cme_desktop.policy.moment import Moment
    from cme_desktop.policy.parameters import Parameters

REGISTER_COPY: Final = "england.register-copy"
TITLE: Final = "Monthly copy of the registers"
ABOUT: Final = (
    "A copy of both registers is kept, made once a calendar month at least. One that would fall due in a "
    "holiday is due on the last school day before it."
)
SETTLED_BY: Final = "A copy of the registers is made."
REFERENCE: Final = Reference(
    POLICY_ID,
    "copies of the registers",  # the paragraph is not known at first hand: the parameter says so
    "The School Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208)",
    "https://www.legislation.gov.uk/uksi/2024/208",
)
SEVERITY: Final = Severity.THIS_WEEK
_INTERVAL: Final = f"{REGISTER_COPY}.interval"


@dataclass(frozen=True, slots=True)
class RegisterCopyRule:
    """Raised a calendar month after the last copy, or after the records began: at the last school day before that.

    Records that begin on no day, as those that a test or a situation makes up, ask for no copy of themselves.
    """

    parameters: Parameters
    id: str = REGISTER_COPY
    title: str = TITLE
    in_force_from: date = IN_FORCE_FROM

    def is_in_force(self, on: date) -> bool:
        """Whether the rule holds on the day."""
        return on >= self.in_force_from

    def judge_school(self, moment: Moment) -> Flag | None:
        """Raise the duty's flag from the day on which the next copy is due; its ``pupil_id`` is None."""
        school, calendar = moment.judgement.school, moment.calendar
        done = [day for name, day in school.last_done if name == self.id and day <= moment.on]
        last = max(done, default=None)
        since = last or school.records_begin
        if since is None:
            return None
        numbers = self.parameters.on(moment.on)
        day = _due_by(calendar, since, months=numbers[_INTERVAL])
        if day > moment.on:
            return None
        due = Deadline(day)
        said = f"the last copy was made on {say_day(last)}" if last is not None else "no copy was made yet"
        return Flag(
            rule_id=self.id,
            title=self.title,
            authority=Authority.LAW,
            severity=SEVERITY,
            pupil_id=None,
            finding=Finding(
                f"{self.title}: {said}; due by {say_day(day)}.", parameters=numbers.used(_INTERVAL), since=day
            ),
            duty=Duty(
                Act.REVIEW,
                "Copy both registers (File, Copy of the registers), and keep the copy away from this computer.",
                Role.OFFICE,
                "registers",
            ),
            references=(REFERENCE,),
            due=due,
            overdue=due.is_overdue(moment.at),
            settled_by=SETTLED_BY,
            raised_on=moment.on,
            policy_version=1,
        )


def _due_by(calendar: SchoolCalendar, since: date, *, months: int) -> date:
    """The last school day no later than so many months on; in a long holiday, the first after it."""
    limit = add_calendar_months(since, count=months)
    days = calendar.school_days
    before = bisect_right(days, limit) - 1
    if before >= 0 and days[before] > since:
        return days[before]
    after = bisect_right(days, since)
    return days[after] if after < len(days) else limit
