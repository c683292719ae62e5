"""What the Today screen keeps in hand: the roll judged now, and all it needs to be shown without reading again.

After an outcome only the pupils concerned are judged again. When another session becomes due, everything is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.review import reconcile_flags
from cme_desktop.casework.roll import Roll, load_roll, reload_record
from cme_desktop.casework.today.information_rows import Pressing, load_pressing
from cme_desktop.casework.today.year_turn import say_year_turn
from cme_desktop.casework.veil import veil_flag
from cme_desktop.domain.cases import Role
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right, may
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.record import PupilRecord
from cme_desktop.policy.review import review, review_pupil, review_school
from cme_desktop.policy.rule import Flag
from cme_desktop.storage.cases import AddedTask, CaseDetails, list_added_tasks, list_case_details
from cme_desktop.storage.contacts import Agency, ContactDetails, list_agencies, list_contacts
from cme_desktop.storage.events import WrittenEvent, list_events
from cme_desktop.storage.flags import FlagReview, ReturnedFlag, list_returned_flags, list_standing_reviews
from cme_desktop.storage.pupils import PupilDetails
from cme_desktop.storage.reports import OutsideReport, list_reports
from cme_desktop.storage.settings import ClockTimes, load_clock_times
from cme_desktop.storage.standing_duties import load_last_done


@dataclass(frozen=True)
class TodayState:
    """The roll, its flags, and what stands beside them. ``at`` is the moment on the office wall.

    ``judged`` may lie a little later: marks that came in before the register closes count at once. ``todays`` are
    today's lines of each pupil's history; ``away`` the keys of dismissed flags; ``reviews`` the latest word on each;
    ``school_flags`` the duties of the school itself that are due; ``returned`` the flags, by key, that stand again
    after they were dismissed; ``reports`` what came from outside about a child; ``year_turn`` what is said of a school
    year that ends soon while the next is not set up; ``pressing`` what rights in what is held ask for.
    """

    at: datetime
    user_name: str
    role: Role
    roll: Roll
    clock: ClockTimes
    flags: Mapping[PupilId, tuple[Flag, ...]]
    contacts: Mapping[PupilId, tuple[ContactDetails, ...]]
    todays: Mapping[PupilId, tuple[WrittenEvent, ...]]
    cases: Mapping[PupilId, CaseDetails]
    reviews: Mapping[str, FlagReview]
    away: frozenset[str]
    steps: tuple[AddedTask, ...]
    agencies: tuple[Agency, ...]
    school_flags: tuple[Flag, ...] = ()
    returned: Mapping[str, ReturnedFlag] = field(default_factory=dict)
    reports: tuple[OutsideReport, ...] = ()
    year_turn: str = ""
    pressing: Pressing = field(default_factory=Pressing)

    @property
    def on(self) -> date:
        """The day on the office wall."""
        return self.at.date()

    @cached_property
    def moment(self) -> Moment:
        """The moment judged, shared by every pupil's facts."""
        return Moment(self.roll.judgement)

    @cached_property
    def records(self) -> dict[PupilId, PupilRecord]:
        """The records by pupil."""
        return {record.pupil.id: record for record in self.roll.records}

    def facts(self, pupil_id: PupilId) -> Facts:
        """Work out a pupil's facts at the moment judged."""
        return Facts(self.records[pupil_id], self.moment)

    def pupil(self, pupil_id: PupilId) -> PupilDetails:
        """The pupil's own details."""
        return self.roll.pupils[pupil_id]

    def all_flags(self) -> tuple[Flag, ...]:
        """Every flag that holds, by pupil."""
        return tuple(flag for flags in self.flags.values() for flag in flags)


def as_seen(state: TodayState) -> TodayState:
    """Give the state as far as whoever sits at the desk reads it: what is kept and reconciled stays whole."""
    if may(state.role, Right.SEE_PROTECTION):
        return state
    return replace(state, flags={pupil: tuple(map(veil_flag, flags)) for pupil, flags in state.flags.items()})


@dataclass(frozen=True, slots=True)
class Judged:
    """A state judged again, with what was altered in keeping the flags in step."""

    state: TodayState
    changes: Changes


def judged_at(at: datetime, clock: ClockTimes) -> datetime:
    """Say the moment to judge: from the time registers should be in, this morning's marks count at once."""
    if clock.registers_in <= at.time() < clock.register_close:
        return datetime.combine(at.date(), clock.register_close)
    return at


@needs(Right.SEE_NAMES)
def load_today_state(office: Office, *, at: datetime | None = None) -> TodayState:
    """Read the whole roll and judge it at the moment; now, unless said."""
    moment = at or office.local_now
    with office.database.reading() as db:
        clock = load_clock_times(db, on=moment.date())
    roll = load_roll(office, at=judged_at(moment, clock))
    flags = review(roll.records, roll.judgement, roll.rulebook)
    with office.database.reading() as db:
        busy = [record.pupil.id for record in roll.records if _has_event_on(record, moment.date())]
        return TodayState(
            at=moment,
            user_name=office.user.name,
            role=office.user.role,
            roll=roll,
            clock=clock,
            flags=_by_pupil(flags),
            contacts=roll.contacts,
            todays={pupil: list_events(db, pupil_id=pupil, since=moment.date()) for pupil in busy},
            cases={case.pupil_id: case for case in reversed(list_case_details(db)) if not case.is_closed},
            reviews={review.flag_key: review for review in list_standing_reviews(db)},
            returned=list_returned_flags(db),
            away=frozenset(),
            steps=tuple(step for step in list_added_tasks(db) if step.case_id is None),
            agencies=list_agencies(db),
            school_flags=review_school(roll.judgement, roll.rulebook),
            reports=list_reports(db),
            year_turn=say_year_turn(db, roll.judgement.calendar, on=moment.date()),
            pressing=load_pressing(db, office, roll.judgement.calendar, at=moment),
        )


@needs(Right.SEE_NAMES)
def rejudge(office: Office, state: TodayState, pupils: Iterable[PupilId], *, at: datetime | None = None) -> TodayState:
    """Judge these pupils again, now unless said; where another session has become due, read everything again."""
    moment = at or office.local_now
    judgement = replace(state.roll.judgement, at=judged_at(moment, state.clock))
    if moment.date() != state.on or judgement.sessions_due() != state.roll.judgement.sessions_due():
        return load_today_state(office, at=moment)
    changed = tuple(pupil for pupil in pupils if pupil in state.records)
    roll = replace(state.roll, judgement=judgement)
    for pupil in changed:
        roll = reload_record(office, roll, pupil)
    with office.database.reading() as db:
        school = replace(judgement.school, last_done=load_last_done(db, on=judgement.on))
    roll = replace(roll, judgement=replace(judgement, school=school))
    records = {record.pupil.id: record for record in roll.records}
    flags, contacts, todays = dict(state.flags), dict(state.contacts), dict(state.todays)
    with office.database.reading() as db:
        for pupil in changed:
            flags[pupil] = review_pupil(records[pupil], roll.judgement, roll.rulebook)
            contacts[pupil] = list_contacts(db, pupil)
            todays[pupil] = list_events(db, pupil_id=pupil, since=moment.date())
        reviews = {review.flag_key: review for review in list_standing_reviews(db)}
        returned = list_returned_flags(db)
        steps = tuple(step for step in list_added_tasks(db) if step.case_id is None)
        reports = list_reports(db)
        pressing = load_pressing(db, office, roll.judgement.calendar, at=moment)
    return replace(
        state,
        at=moment,
        roll=roll,
        flags=flags,
        contacts=contacts,
        todays=todays,
        reviews=reviews,
        returned=returned,
        steps=steps,
        school_flags=review_school(roll.judgement, roll.rulebook),
        reports=reports,
        pressing=pressing,
    )


@needs(Right.SEE_NAMES)
def keep_flags_in_step(
    office: Office, state: TodayState, *, pupils: frozenset[PupilId] | None = None, because: str = ""
) -> Judged:
    """Reconcile the flags kept with those of the state, of some pupils or of all, and take in which are dismissed."""
    flags = [flag for pupil in pupils for flag in state.flags.get(pupil, ())] if pupils else list(state.all_flags())
    done = reconcile_flags(office, flags, pupils=pupils, because=because)
    away = done.away if pupils is None else done.away | frozenset(_others(state.away, pupils))
    if not done.added:
        return Judged(replace(state, away=away), done.changes)
    # of a flag that is back the word that dismissed it no longer counts
    with office.database.reading() as db:
        reviews = {review.flag_key: review for review in list_standing_reviews(db)}
        returned = list_returned_flags(db)
    return Judged(replace(state, away=away, reviews=reviews, returned=returned), done.changes)


def _others(away: frozenset[str], pupils: frozenset[PupilId]) -> Iterable[str]:
    mine = {str(pupil) for pupil in pupils}
    return (key for key in away if key.split("|")[1] not in mine)


def _has_event_on(record: PupilRecord, on: date) -> bool:
    return bool(record.events) and record.events[-1].on >= on


def _by_pupil(flags: Iterable[Flag]) -> dict[PupilId, tuple[Flag, ...]]:
    found: dict[PupilId, list[Flag]] = {}
    for flag in flags:
        if flag.pupil_id is not None:
            found.setdefault(flag.pupil_id, []).append(flag)
    return {pupil: tuple(theirs) for pupil, theirs in found.items()}
