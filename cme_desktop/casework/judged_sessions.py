"""Which of the school's sessions a pupil is judged on: from the starting day and the records' beginning, to leaving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from cme_desktop.domain.attendance import SchoolSession
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.storage.disposals import find_disposed_through
from cme_desktop.storage.events import load_deaths
from cme_desktop.storage.pupils import PupilDetails
from cme_desktop.storage.school import load_school


@dataclass(frozen=True, slots=True)
class JudgedSessions:
    """Says whether a session the school holds is expected of a pupil; where it is not, it is outside, never unknown.

    Through ``disposed_through`` entries of the register were disposed of: no mark there is no sign that nobody marked.
    """

    records_begin: date | None
    deaths: Mapping[PupilId, date] = field(default_factory=dict)
    disposed_through: date | None = None

    def holds(self, pupil: PupilDetails, session: SchoolSession) -> bool:
        """Whether the pupil is due in the session."""
        if self.records_begin is not None and session.on < self.records_begin:
            return False
        if self.disposed_through is not None and session.on <= self.disposed_through:
            return False
        if not pupil.is_on_roll(session.on) or session.on > self.deaths.get(pupil.id, session.on):
            return False
        agreed = [pattern for pattern in pupil.patterns if pattern.holds_on(session.on)]
        return not agreed or any(pattern.expects(session) for pattern in agreed)


def load_judged_sessions(db: Session) -> JudgedSessions:
    """Read the day the records begin, which children have died, and through which day entries were disposed of."""
    return JudgedSessions(load_school(db).records_begin, load_deaths(db), find_disposed_through(db))
