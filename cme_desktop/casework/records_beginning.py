"""The day on which a school's records begin, changed after set-up: what that would change is said before it is saved.

Sessions before the day are outside what is judged: no rule counts their marks, and none is unknown for want of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import count_of
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.roll import load_judgement, load_lines
from cme_desktop.domain.attendance import OUTSIDE_SYMBOL
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.rights import Right
from cme_desktop.policy import runs
from cme_desktop.policy.wording import say_day
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import list_pupils
from cme_desktop.storage.school import load_school, save_school
from cme_desktop.storage.settings import load_setting, set_setting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.storage.pupils import PupilDetails

_SETTING: Final = "records_begin"
_WHY: Final = "records_begin.why"
_OUTSIDE: Final = OUTSIDE_SYMBOL.encode("ascii")[0]


@dataclass(frozen=True, slots=True)
class Some:
    """So many sessions, of so many pupils."""

    sessions: int = 0
    pupils: int = 0

    def __str__(self) -> str:
        return f"{count_of(self.sessions, 'session')} of {count_of(self.pupils, 'pupil')}"


@dataclass(frozen=True, slots=True)
class BeginningChange:
    """What another first day would change, of the pupils on roll and the sessions that are judged.

    ``now_unknown`` sessions have no mark and would be asked for, ``no_longer_asked`` the other way; ``marks_in`` and
    ``marks_out`` have one that the rules would count, or count no more. ``starters`` began in between: the rules about
    new pupils would ask about them, or no longer.
    """

    before: date
    after: date
    now_unknown: Some = Some()
    no_longer_asked: Some = Some()
    marks_in: Some = Some()
    marks_out: Some = Some()
    starters: int = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """The change in sentences; one that says so where no session changes."""
        asked = "will" if self.after < self.before else "no longer"
        said = (
            (self.now_unknown, "{} that nobody marked become unknown and are asked for."),
            (self.marks_in, "{} with a mark come in, and the rules count them."),
            (self.marks_out, "{} with a mark fall outside: the marks stay, and no rule counts them."),
            (self.no_longer_asked, "{} that nobody marked fall outside and are not asked for any more."),
        )
        lines = [words.format(some) for some, words in said if some.sessions]
        if self.starters:
            started = count_of(self.starters, "pupil")
            lines.append(f"{started} started in between: the rules about new pupils {asked} ask about them.")
        return tuple(lines) or ("No session of a pupil on roll changes.",)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The day on which the records begin, and the latest on which they may."""

    day: date
    latest: date


@needs(Right.SET_UP)
def load_beginning(office: Office) -> Beginning:
    """Read the day on which the records begin: the one set, else that of the first mark, else today."""
    with office.database.reading() as db:
        return Beginning(_beginning(db, office), office.today)


@needs(Right.SET_UP)
def preview_beginning(office: Office, *, day: date) -> BeginningChange:
    """Work out what another first day would change; raise for one that can't be meant. Nothing is saved."""
    with office.database.reading() as db:
        return _change(db, office, day)


@needs(Right.SET_UP)
def move_beginning(office: Office, *, day: date, why: str) -> Changes:
    """Let the records begin on another day, with the reason; raise for a day to come or in no known school year."""
    if not why.strip():
        raise BadInputError("No reason is given.", remedy="Say why: whoever finds the sessions changed will ask.")
    with office.database.transaction() as db:
        change = _change(db, office, day)
        if change.after == change.before and load_school(db).records_begin is not None:
            raise RefusedError(
                "Nothing has changed.",
                detail=f"The records begin on {say_day(day)}.",
                remedy="Choose another day, or close the window.",
            )
        save_school(db, load_school(db).with_records_from(day))
        for name, value in ((_SETTING, day.isoformat()), (_WHY, why.strip())):
            set_setting(db, name, value, at=office.now(), by=office.user.id, from_day=office.today)
        write_journal(
            db, at=office.now(), by=office.user.id, act="records_begin_moved", subject="school",
            details={
                "before": change.before.isoformat(), "after": day.isoformat(),
                "now_unknown": change.now_unknown.sessions, "no_longer_asked": change.no_longer_asked.sessions,
                "marks_in": change.marks_in.sessions, "marks_out": change.marks_out.sessions,
            },
        )  # fmt: skip
    return Changes.to(Area.SCHOOL, Area.MARKS, Area.FLAGS)


def is_beginning_set_by_hand(db: Session) -> bool:
    """Whether somebody moved the day since the set-up: an import taken back then leaves it."""
    return bool(load_setting(db, _SETTING, on=None, default=""))


def _beginning(db: Session, office: Office) -> date:
    begin = load_judgement(db, office.local_now).school.records_begin
    assert begin is not None, "a judgement of the school's own records knows the day"
    return begin


def _change(db: Session, office: Office, day: date) -> BeginningChange:
    _refuse_day(db, office, day)
    before = _beginning(db, office)
    pupils = list_pupils(db, on=office.today)
    old, new = _lines_from(db, office, pupils, before), _lines_from(db, office, pupils, day)
    low, high = min(before, day), max(before, day)
    return BeginningChange(
        before,
        day,
        now_unknown=_more(old, new, _unknown),
        no_longer_asked=_more(new, old, _unknown),
        marks_in=_more(old, new, _marked),
        marks_out=_more(new, old, _marked),
        starters=sum(pupil.starting_day is not None and low <= pupil.starting_day < high for pupil in pupils),
    )


def _refuse_day(db: Session, office: Office, day: date) -> None:
    if day > office.today:
        raise BadInputError(
            "The records can’t begin on a day to come.",
            detail="Nothing would be judged until then.",
            remedy=f"Choose {say_day(office.today)} or an earlier day.",
        )
    years = load_calendar(db).years
    if not any(year.first_day <= day <= year.last_day for year in years):
        known = ", ".join(f"{say_day(year.first_day)} to {say_day(year.last_day)}" for year in years)
        raise BadInputError(
            "The day lies in no school year that is known.",
            detail=f"Known: {known}.",
            remedy="Choose a day in one of them, or enter that school year’s dates first.",
        )


def _lines_from(db: Session, office: Office, pupils: tuple[PupilDetails, ...], day: date) -> Mapping[PupilId, bytes]:
    judgement = load_judgement(db, office.local_now)
    return load_lines(db, replace(judgement, school=replace(judgement.school, records_begin=day)), pupils)


def _more(fewer: Mapping[PupilId, bytes], more: Mapping[PupilId, bytes], count: Callable[[bytes], int]) -> Some:
    """How many sessions of a kind one set of lines has beyond another, and of how many pupils."""
    return _sum(count(line) - count(fewer[pupil]) for pupil, line in more.items())


def _sum(differences: Iterable[int]) -> Some:
    above = [difference for difference in differences if difference > 0]
    return Some(sum(above), len(above))


def _unknown(line: bytes) -> int:
    return line.count(runs.UNKNOWN)


def _marked(line: bytes) -> int:
    return len(line) - line.count(_OUTSIDE) - _unknown(line)
