"""The roll on past days: read once for each school year, and cut for each day to what ``load_roll`` would read.

Marks and contacts are taken as they stand now: the register as it was corrected since, the people as they are known.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import chain
from typing import Final

from sqlalchemy.orm import Session

from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import (
    build_lines,
    first_day_read,
    followed_since,
    is_followed,
    load_judgement,
    load_whole_line,
)
from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.domain.events import Event
from cme_desktop.policy import runs
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.simulate import RulebookPair
from cme_desktop.storage.contacts import load_contacts_by_pupil
from cme_desktop.storage.events import load_events_by_pupil
from cme_desktop.storage.marks import read_marks, read_still_n
from cme_desktop.storage.policies import AdoptedPolicy, list_adopted_policies
from cme_desktop.storage.pupils import PupilDetails, list_all_pupils
from cme_desktop.storage.settings import load_clock_times
from cme_desktop.storage.standing_duties import load_last_done

_STILL_N: Final = ord("N")
_ONLY_N: Final = bytes(symbol if symbol == _STILL_N else ord(".") for symbol in range(256))
"""Of days before those that are read of everybody, the marks that are N to this day are read all the same."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """What of a line is read on a day: from the session at ``first``, the first of ``first_day``, up to ``due``."""

    first_day: date
    first: int
    due: int

    @classmethod
    def of(cls, judgement: Judgement) -> _Cut:
        """Say where the line of a day is cut."""
        first_day = first_day_read(judgement)
        return cls(first_day, judgement.calendar.count_sessions_before(first_day), judgement.sessions_due())


@dataclass(frozen=True, slots=True)
class _Day:
    """One day, ready to be judged."""

    judgement: Judgement
    rulebooks: RulebookPair
    cut: _Cut


@dataclass(frozen=True, slots=True)
class _PastPupil:
    """One pupil over a stretch of days. ``whole`` is the line of all years, read only where a day may need it."""

    details: PupilDetails
    record: PupilRecord
    event_days: tuple[date, ...]
    whole: bytes | None


class RecordedPast:
    """The past as the records hold it (``policy.simulate.PastRoll``).

    ``days`` are judged at their close, today as it stands now. A school year is read when the first of its days is
    asked for. ``pair`` makes the two rulebooks of a day from the policies adopted by then.
    """

    def __init__(
        self,
        office: Office,
        days: tuple[date, ...],
        *,
        calendar: SchoolCalendar,
        pair: Callable[[tuple[AdoptedPolicy, ...]], RulebookPair],
    ) -> None:
        self._office = office
        self._now = office.local_now
        self._calendar = calendar
        self._pair = pair
        self._pairs: dict[tuple[tuple[str, int], ...], RulebookPair] = {}
        self._stretches = [[on for on in days if year.first_day <= on <= year.last_day] for year in calendar.years]
        self._stretch: list[date] = []
        self._pupils: tuple[_PastPupil, ...] = ()
        self._base: Judgement | None = None
        self._today: _Day | None = None

    def judgement(self, on: date) -> Judgement:
        """The day's judgement, at its close."""
        return self._day(on).judgement

    def rulebooks(self, on: date) -> RulebookPair:
        """The day's two rulebooks."""
        return self._day(on).rulebooks

    def records(self, judgement: Judgement, *, quiet_too: bool) -> Iterator[PupilRecord]:
        """Everybody on roll at the judgement; without the quiet ones, those who attended last may be left out."""
        day = self._day(judgement.on)
        for pupil in self._pupils:
            if _is_judged_on(pupil, judgement) and (quiet_too or not _is_quiet(pupil, day)):
                yield _record_on(pupil, day)

    def _day(self, on: date) -> _Day:
        if self._today is None or self._today.judgement.on != on:
            with self._office.database.reading() as db:
                self._today = self._load_day(db, self._begin_year(db, on), on)
        return self._today

    def _begin_year(self, db: Session, on: date) -> Judgement:
        """Read everybody's line of the day's school year, unless it is in hand; give what all its days share."""
        if self._base is None or on not in self._stretch:
            self._stretch = next(stretch for stretch in self._stretches if on in stretch)
            last = replace(load_judgement(db, self._moment(self._stretch[-1])), calendar=self._calendar)
            moments = [self._moment(each) for each in self._stretch]
            self._pupils, self._base = tuple(_load_pupils(db, last, moments)), last
        return self._base

    def _load_day(self, db: Session, base: Judgement, on: date) -> _Day:
        clock = load_clock_times(db, on=on)
        judgement = replace(
            base,
            at=self._moment(on),
            register_close=clock.register_close,
            afternoon=clock.afternoon,
            school=replace(base.school, last_done=load_last_done(db, on=on)),
        )
        adopted = list_adopted_policies(db, on=on)
        versions = tuple((policy.policy_id, policy.version) for policy in adopted)
        if versions not in self._pairs:
            self._pairs[versions] = self._pair(adopted)
        return _Day(judgement, self._pairs[versions], _Cut.of(judgement))

    def _moment(self, on: date) -> datetime:
        return self._now if on == self._now.date() else datetime.combine(on, time.max)


def _load_pupils(db: Session, last: Judgement, moments: list[datetime]) -> Iterator[_PastPupil]:
    """Read the pupils on roll, or followed, on any of the days; their lines through the last of them."""
    cuts = [_Cut.of(replace(last, at=at)) for at in moments]
    # of the days that are cut at the same place, the first has the least to read: later ones hold all that it does
    least_read = tuple({cut.first: cut for cut in reversed(cuts)}.values())
    events = load_events_by_pupil(db, since=None)
    pupils = [
        pupil
        for pupil in list_all_pupils(db)
        if (pupil.starting_day is None or pupil.starting_day <= last.on or events.get(pupil.id))
        and (pupil.left_on is None or pupil.left_on >= followed_since(replace(last, at=moments[0])))
    ]
    contacts = load_contacts_by_pupil(db)
    first = cuts[0].first_day
    marks = chain(read_marks(db, first=first, last=last.on), read_still_n(db, before=first))
    lines = build_lines(last, pupils, marks, first=first)
    begin = last.school.records_begin
    for pupil in pupils:
        theirs = events.get(pupil.id, ())
        record = PupilRecord(
            pupil=pupil.for_rules(),
            line=lines[pupil.id],
            contacts=tuple(contact.for_rules() for contact in contacts.get(pupil.id, ())),
            events=theirs,
            line_begins_at_records=begin is not None and pupil.starting_day is not None and pupil.starting_day < begin,
        )
        may_need_whole = any(_reaches_back(pupil, record.line, cut) for cut in least_read)
        whole = load_whole_line(db, last, pupil) if may_need_whole else None
        yield _PastPupil(pupil, record, tuple(event.on for event in theirs), whole)


def _reaches_back(pupil: PupilDetails, line: bytes, cut: _Cut) -> bool:
    """Whether on that day the pupil had never attended in what is read, though there may be more before it."""
    begun_before = pupil.starting_day is None or pupil.starting_day < cut.first_day
    return begun_before and cut.first > 0 and not runs.count_of(line, runs.ATTENDED, first=cut.first, last=cut.due)


def _is_judged_on(pupil: _PastPupil, judgement: Judgement) -> bool:
    """Whether the pupil was on roll that day, expected, or had left and was still followed, as the roll says who is."""
    on, left_on, start = judgement.on, pupil.details.left_on, pupil.details.starting_day
    if left_on is None or left_on >= on:
        is_expected = pupil.details.awaits_start or (start is not None and start > on)
        return bool(_events_on(pupil, judgement.at)) if is_expected else pupil.details.is_on_roll(on)
    return is_followed(pupil.details, _events_on(pupil, judgement.at), judgement)


def _is_quiet(pupil: _PastPupil, day: _Day) -> bool:
    """Whether the last session due was attended, none is unknown, and nothing had been recorded by then."""
    line, due, left_on = pupil.record.line, day.cut.due, pupil.details.left_on
    if left_on is not None and left_on < day.judgement.on:
        return False
    if not due or line[due - 1] not in runs.ATTENDED or line.find(runs.UNKNOWN, 0, due) >= 0:
        return False
    return not pupil.event_days or pupil.event_days[0] > day.judgement.on


def _record_on(pupil: _PastPupil, day: _Day) -> PupilRecord:
    known = pupil.record
    return PupilRecord(
        known.pupil, _line_on(pupil, day.cut), known.contacts, _events_on(pupil, day.judgement.at),
        known.line_begins_at_records,
    )  # fmt: skip


def _line_on(pupil: _PastPupil, cut: _Cut) -> bytes:
    line = pupil.record.line
    if pupil.whole is not None and _reaches_back(pupil.details, line, cut):
        return pupil.whole[: cut.due]
    return line[: cut.first].translate(_ONLY_N) + line[cut.first : cut.due]


def _events_on(pupil: _PastPupil, at: datetime) -> tuple[Event, ...]:
    """What had happened by the moment judged; what has no time counts at once on its own day, as this morning's."""
    so_far = pupil.record.events[: bisect_right(pupil.event_days, at.date())]
    if not so_far or so_far[-1].on < at.date() or at.time() == time.max:
        return so_far
    return tuple(event for event in so_far if event.on < at.date() or event.at is None or event.at <= at.time())
