"""When a dismissed flag returns: in five school days, or at the next inclusion meeting, whichever comes first.

The meeting is a standing duty of the school's own policy. Where no policy in force has one, the school days count
alone; where it is overdue nobody knows its day, and the flag returns once it is written down as held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.errors import CalendarError
from cme_desktop.policy.policy_rules import StandingRule

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.domain.calendar import SchoolCalendar
    from cme_desktop.policy.moment import Moment
    from cme_desktop.policy.rulebook import Rulebook

DISMISSED_FOR: Final = 5
"""School days for which a dismissed flag stays away at most, its facts unchanged."""

_MEETING: Final = ".inclusion-meeting"


@dataclass(frozen=True, slots=True)
class ReturnDay:
    """The day on which a flag dismissed on ``dismissed_on`` returns, its facts unchanged; None beyond the calendar.

    ``fifth_day`` is the fifth school day after it. ``meeting`` is the day on which the next inclusion meeting falls
    due: one not later than the dismissal is waited for, and None is none.
    """

    dismissed_on: date
    fifth_day: date | None
    meeting: date | None = None

    @property
    def on(self) -> date | None:
        """The earlier of the two days."""
        days = [day for day in (self.fifth_day, self.meeting) if day is not None and day > self.dismissed_on]
        return min(days, default=None)

    @property
    def is_meeting(self) -> bool:
        """Whether it is the meeting that brings the flag back."""
        return self.meeting is not None and self.meeting == self.on

    @property
    def is_meeting_waited_for(self) -> bool:
        """Whether the meeting was due by the day of the dismissal: it may be held any day."""
        return self.meeting is not None and self.meeting <= self.dismissed_on


def return_of_dismissed(moment: Moment, rulebook: Rulebook) -> ReturnDay:
    """Say when a flag that is dismissed on the day judged returns."""
    due = [
        day
        for rule in rulebook.school_rules
        if isinstance(rule, StandingRule) and is_inclusion_meeting(rule.id) and rule.is_in_force(moment.on)
        if (day := rule.next_due(moment)) is not None
    ]
    return ReturnDay(moment.on, fifth_school_day(moment.calendar, after=moment.on), min(due, default=None))


def fifth_school_day(calendar: SchoolCalendar, *, after: date) -> date | None:
    """The fifth school day after a day; None where the calendar does not reach so far."""
    try:
        return calendar.school_day_after(after, count=DISMISSED_FOR)
    except CalendarError:
        return None


def is_inclusion_meeting(rule_id: str) -> bool:
    """Whether a standing duty is the meeting at which the pupils at risk are gone through."""
    return rule_id.endswith(_MEETING)
