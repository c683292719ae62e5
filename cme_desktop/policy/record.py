"""What the rules read: one pupil's register line, contacts and history, up to the moment judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.domain.contacts import Contact
from cme_desktop.domain.events import Event
from cme_desktop.domain.pupils import Pupil, YearGroup

REGISTER_CLOSE_DEFAULT = time(9, 30)
AFTERNOON_DEFAULT = time(13, 30)


class SchoolType(StrEnum):
    """The kinds of school whose duties differ."""

    MAINTAINED_PRIMARY = "maintained_primary"
    ACADEMY = "academy"
    FREE_SCHOOL = "free_school"
    SPECIAL = "special"
    INDEPENDENT = "independent"


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """Everything a rule may know about one pupil.

    ``line`` has one ASCII symbol for each session of the calendar's axis (``SchoolCalendar.sessions``), from the
    first session through the last one due at the moment judged, never beyond: the code's ``symbol``, ``?`` for a
    session nobody marked, ``.`` for one outside what is judged (before the starting day or the records' beginning,
    after leaving, or outside the pupil's agreed pattern of sessions). ``events`` are in the order they happened, none
    of them after the moment judged. ``line_begins_at_records`` says that the records begin later than the pupil did,
    so that a run which reaches the line's first judged session is "at least" so long.
    """

    pupil: Pupil
    line: bytes
    contacts: tuple[Contact, ...] = ()
    events: tuple[Event, ...] = ()
    line_begins_at_records: bool = False


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    """What the rules may know about the school: its kind, its classes, when each standing duty was last done.

    ``adopted`` says since when it has each policy, whatever the versions since: a duty about who comes or goes is not
    asked for of those who came or went before it was one. The returns for new pupils and for leavers spare the youngest
    class and the oldest.
    """

    type: SchoolType = SchoolType.MAINTAINED_PRIMARY
    last_done: tuple[tuple[str, date], ...] = ()
    records_begin: date | None = None
    youngest_class: YearGroup = YearGroup.R
    oldest_class: YearGroup = YearGroup.Y6
    adopted: tuple[tuple[str, date], ...] = ()

    def adopted_on(self, policy_id: str) -> date:
        """The day since which the school has had a policy; the earliest of all where that is not known."""
        return dict(self.adopted).get(policy_id, date.min)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The moment judged and the school's clock: one value that every rule is given.

    ``at`` is a local date-time; ``time.max`` on its day means the close of the day. A morning mark counts from
    ``register_close``, an afternoon mark from ``afternoon``.
    """

    calendar: SchoolCalendar
    at: datetime
    register_close: time = REGISTER_CLOSE_DEFAULT
    afternoon: time = AFTERNOON_DEFAULT
    school: SchoolRecord = field(default_factory=SchoolRecord)

    @property
    def on(self) -> date:
        """The day judged."""
        return self.at.date()

    @classmethod
    def close_of(cls, day: date, calendar: SchoolCalendar, *, school: SchoolRecord | None = None) -> Judgement:
        """Judge as at the close of a day."""
        return cls(calendar, datetime.combine(day, time.max), school=school or SchoolRecord())

    def sessions_due(self) -> int:
        """How many sessions of the calendar's axis are due at the moment judged: the longest a line may be."""
        before = self.calendar.count_sessions_before(self.on)
        today = self.calendar.sessions[before : self.calendar.count_sessions_through(self.on)]
        due = {"am": self.register_close, "pm": self.afternoon}
        return before + sum(1 for session in today if self.at.time() >= due[session.half.value])
