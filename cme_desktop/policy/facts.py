"""One pupil's facts at the moment judged, each worked out when first asked for and shared by all rules.

The words are those of the rulebook: absence, unexplained, contact made, ladder day, whereabouts unknown, seen.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from cme_desktop.domain.attendance import OUTSIDE_SYMBOL
from cme_desktop.domain.events import (
    HEARD_ONLY,
    AttemptOutcome,
    Event,
    EventKind,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.domain.pupils import (
    IMPLY_SOCIAL_WORKER,
    Circumstance,
    compulsory_school_age_begins,
    compulsory_school_age_ends,
)
from cme_desktop.policy import runs
from cme_desktop.policy.absence import (
    LEAVE_CODES,
    Absence,
    Cause,
    Lapse,
    LastSeen,
    Reason,
    WhereaboutsUnknown,
    is_child_seen,
    is_contact_made,
    is_place_confirmed,
    is_visit_unanswered,
)
from cme_desktop.policy.contact_lists import can_be_rung
from cme_desktop.policy.departure import Departure, departure_of, events_of_stay, removal_of
from cme_desktop.policy.endings import death_in, without_what_was_called_off

if TYPE_CHECKING:
    from collections.abc import Callable

    from cme_desktop.domain.contacts import Contact
    from cme_desktop.policy.moment import Moment
    from cme_desktop.policy.record import PupilRecord

_ONE_DAY = timedelta(days=1)
_ILLNESS = "illness"
_LONG_AGO = datetime.combine(date.min, time.min)


class Facts:
    """What the rules ask about one pupil at one moment.

    ``line`` is the register line with every unknown session filled in one way; ``record.line`` keeps them unknown.
    """

    def __init__(self, record: PupilRecord, moment: Moment, *, assume: bytes = runs.ASSUMED_ATTENDED) -> None:
        self.record = without_what_was_called_off(record) if record.events else record
        self.pupil = record.pupil
        self.moment = moment
        self.on: date = moment.on
        self.line = self._on_roll(runs.filled(record.line, assume))

    # -- on roll and off it ------------------------------------------------------------------------------------

    @cached_property
    def events_of_stay(self) -> tuple[Event, ...]:
        """The events since the pupil was last entered on the register: those of an earlier stay are left out."""
        return events_of_stay(self.record)

    @cached_property
    def removed_on(self) -> date | None:
        """The day the name went from the register, by a recorded removal or the last day on roll; None while on it."""
        return removal_of(self)

    @cached_property
    def died_on(self) -> date | None:
        """The day on which the child died; None for a child who lives. Nothing is then asked of anybody."""
        return death_in(self.record.events)

    @property
    def is_off_roll(self) -> bool:
        """Whether the pupil was removed from the register, the last day on roll has passed, or never came on it."""
        return self.removed_on is not None or self.pupil.was_never_entered

    @cached_property
    def has_died(self) -> bool:
        """Whether it is written down that the child has died, and not taken back."""
        return self.died_on is not None

    @property
    def is_no_longer_awaited(self) -> bool:
        """Whether nobody asks about attendance any more: the name is off the register, or the child has died."""
        return self.is_off_roll or self.has_died

    @cached_property
    def departure(self) -> Departure | None:
        """The leaving that is under way or over; None where none is recorded."""
        return departure_of(self)

    def _on_roll(self, line: bytes) -> bytes:
        """Take what lies after the removal, or a death, for outside: it says nothing of a child who is not there."""
        ends = [day for day in (self.removed_on, self.died_on) if day is not None]
        if not ends:
            return line
        kept = min(self.moment.calendar.count_sessions_through(min(ends)), len(line))
        return line[:kept] + OUTSIDE_SYMBOL.encode("ascii") * (len(line) - kept)

    # -- the register ------------------------------------------------------------------------------------------

    @cached_property
    def last_attended(self) -> int:
        """The index of the last attended session; -1 where the pupil never attended."""
        return runs.last_attended(self.line)

    @cached_property
    def attended_until(self) -> datetime:
        """The moment of the last attended session; what happened later is not yet answered by attendance."""
        if self.last_attended < 0:
            return _LONG_AGO
        return self.moment.moment_of(self.last_attended, self.line[self.last_attended])

    @cached_property
    def absence(self) -> Absence | None:
        """The absence that lasts at the moment judged, over a weekend or holiday too; None where there is none.

        A pupil who is off roll, or has died, is absent from nowhere.
        """
        if self.last_attended == len(self.line) - 1:
            return None  # the last session due was attended: most pupils, on most mornings
        first = None if self.is_no_longer_awaited else runs.first_of_absence(self.line)
        if first is None:
            return None
        indexes = runs.indexes_of(self.line, runs.ABSENT, first=first)
        sessions = self.moment.sessions(indexes)
        days = tuple(dict.fromkeys(session.on for session in sessions))
        return Absence(sessions[0], indexes, days, self.attended_until)

    @cached_property
    def todays_line(self) -> bytes:
        """The symbols of today's sessions that are due; empty on a day without school."""
        return self.line[self.moment.today_first :]

    @property
    def is_absent_today(self) -> bool:
        """Whether the absence lasts and a session of today is one of its."""
        return self.absence is not None and self.absence.indexes[-1] >= self.moment.today_first

    @property
    def first_own_day(self) -> date | None:
        """The school day on which the pupil was to start: the starting day, or the next school day after it."""
        starting_day = self.pupil.starting_day
        if starting_day is None or starting_day < self.moment.calendar.years[0].first_day:
            return starting_day
        due = self.moment.due_on(starting_day)
        return starting_day if due is None else due.on

    @cached_property
    def run_of_20(self) -> runs.Run:
        """The unbroken run of G, N, O and U at the moment judged."""
        return runs.current_run(self.line, runs.RUN_OF_20)

    @cached_property
    def run_of_40(self) -> runs.Run:
        """The unbroken run of G, N and O at the moment judged."""
        return runs.current_run(self.line, runs.RUN_OF_40)

    def reaches_beginning(self, index: int) -> bool:
        """Whether a run that begins here may have begun before the records did: it is then "at least" so long."""
        return self.record.line_begins_at_records and index <= runs.first_judged(self.line)

    @property
    def year_first(self) -> int:
        """The index of the school year's first session."""
        return self.moment.year_first

    @cached_property
    def sessions_possible(self) -> int:
        """How many sessions of this school year count as a possible attendance."""
        return runs.count_of(self.line, runs.POSSIBLE, first=self.year_first)

    @cached_property
    def sessions_absent(self) -> int:
        """How many sessions of this school year count as absence in the statistics."""
        return runs.count_of(self.line, runs.ABSENCE, first=self.year_first)

    def count_sessions_until(self, moment: datetime) -> int:
        """How many sessions of the line are due at or before a moment: the index of the first one after it."""
        count = min(self.moment.calendar.count_sessions_through(moment.date()), len(self.line))
        while count and self.moment.moment_of(count - 1, self.line[count - 1]) > moment:
            count -= 1
        return count

    @property
    def unknown_sessions(self) -> tuple[int, ...]:
        """The indexes of the past sessions that nobody marked, however they are filled in ``line``."""
        return runs.indexes_of(self.record.line, runs.UNKNOWN)

    # -- who is concerned --------------------------------------------------------------------------------------

    @cached_property
    def circumstances(self) -> frozenset[Circumstance]:
        """The circumstances that hold on the day judged."""
        if not self.pupil.circumstances:
            return frozenset()
        return self.pupil.circumstances_on(self.on)

    def has(self, *circumstances: Circumstance) -> bool:
        """Whether any of the circumstances holds."""
        return not self.circumstances.isdisjoint(circumstances)

    @property
    def has_social_worker(self) -> bool:
        """Whether the pupil has a social worker, said or implied."""
        return not self.circumstances.isdisjoint(IMPLY_SOCIAL_WORKER)

    @property
    def has_youth_justice_worker(self) -> bool:
        """Whether the pupil has a youth justice worker."""
        return Circumstance.YOUTH_JUSTICE_WORKER in self.circumstances

    @property
    def is_looked_after(self) -> bool:
        """Whether the pupil is looked after by an authority."""
        return Circumstance.LOOKED_AFTER in self.circumstances

    @cached_property
    def compulsory_age(self) -> tuple[date, date] | None:
        """The first and last day of compulsory school age; None where the date of birth is not known."""
        born = self.pupil.born
        return None if born is None else (compulsory_school_age_begins(born), compulsory_school_age_ends(born))

    @property
    def may_be_of_compulsory_age(self) -> bool:
        """Whether the pupil is of compulsory school age on the day judged, or no date of birth says otherwise."""
        age = self.compulsory_age
        return age is None or age[0] <= self.on <= age[1]

    # -- the history -------------------------------------------------------------------------------------------

    @property
    def events(self) -> tuple[Event, ...]:
        """What people did or learned, in the order it happened, up to the moment judged."""
        return self.record.events

    @cached_property
    def _events_by_kind(self) -> dict[EventKind, tuple[Event, ...]]:
        grouped: dict[EventKind, list[Event]] = {}
        for event in self.record.events:
            grouped.setdefault(event.kind, []).append(event)
        return {kind: tuple(events) for kind, events in grouped.items()}

    def events_of(self, kind: EventKind) -> tuple[Event, ...]:
        """The events of one kind, in order."""
        if not self.record.events:
            return ()
        return self._events_by_kind.get(kind, ())

    def last_of(self, kind: EventKind, *, since: date | None = None) -> Event | None:
        """The latest event of a kind, on or after a day; None where there is none."""
        events = self.events_of(kind)
        if not events or (since is not None and events[-1].on < since):
            return None
        return events[-1]

    def last_decision(self, rule_id: str, *, since: date | None = None) -> Event | None:
        """The latest decision about a rule, on or after a day; None where there is none."""
        for event in reversed(self.events_of(EventKind.DECISION)):
            if event.about == rule_id:
                return None if since is not None and event.on < since else event
        return None

    def last_return(self, kind: ReturnKind, *, since: int) -> Event | None:
        """The latest return of a kind, sent after the session at an index; None where there is none.

        A return sent in the morning says nothing of a run that begins in the afternoon.
        """
        begins = self.moment.moment_of(since, self.line[since] if since < len(self.line) else 0)
        for event in reversed(self.events_of(EventKind.RETURN_SENT)):
            if event.return_ is kind:
                return event if event.moment >= begins else None
        return None

    @cached_property
    def events_of_absence(self) -> tuple[Event, ...]:
        """The events of this absence: from its first day on, and after the last attended session."""
        absence = self.absence
        if absence is None:
            return ()
        return tuple(
            event for event in self.record.events if event.on >= absence.began_on and event.moment > absence.after
        )

    @cached_property
    def told(self) -> frozenset[Recipient]:
        """Everyone who was told of this absence; a contact made with the carer tells the carer."""
        told = {event.who for event in self.events_of_absence if event.kind is EventKind.TOLD and event.who}
        reached = {event.with_ for event in self.events_of_absence if is_contact_made(event)}
        if With.CARER in reached:
            told.add(Recipient.CARER)
        return frozenset(told)

    @cached_property
    def visits_made(self) -> tuple[Event, ...]:
        """Every home visit of this absence, whatever came of it."""
        return tuple(event for event in self.events_of_absence if event.kind is EventKind.HOME_VISIT)

    # -- reasons -----------------------------------------------------------------------------------------------

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """The recorded reasons that no attendance has ended, in the order given."""
        if not self.record.events:
            return ()
        found = (_reason_in(event) for event in self.record.events)
        return tuple(reason for reason in found if reason is not None and not self._is_ended(reason))

    def _is_ended(self, reason: Reason) -> bool:
        begins = reason.event.moment
        if reason.first is not None:
            begins = max(begins, datetime.combine(reason.first, time.min))
        return begins < self.attended_until

    @cached_property
    def dated_reasons(self) -> tuple[Reason, ...]:
        """Those, granted leave aside, that say when the absence will end, in the order given."""
        return tuple(reason for reason in self.reasons if reason.last is not None and reason.first is None)

    def has_reason_on(self, day: date, *, lapse: Lapse = Lapse.WHEN_PUPIL_ATTENDS) -> bool:
        """Whether a recorded reason explains an absence on the day.

        The latest word on the day of return takes the place of what was said before it: a child who was to be back
        and is not there is unexplained, though an earlier call had named a later day.
        """
        if not self.reasons:
            return False
        latest = next((reason for reason in reversed(self.dated_reasons) if reason.event.on <= day), None)
        said_before = latest is not None
        for reason in self.reasons:
            if reason is latest:
                said_before = False
            if (reason.first is not None or not said_before) and reason.covers(day, lapse=lapse):
                return True
        return False

    def unexplained_on(self, day: date, *, lapse: Lapse = Lapse.WHEN_PUPIL_ATTENDS) -> tuple[int, ...]:
        """The indexes of this absence's sessions on the day that are N or O with no reason recorded."""
        absence = self.absence
        if absence is None or self.has_reason_on(day, lapse=lapse):
            return ()
        first = self.moment.calendar.count_sessions_before(day)
        last = self.moment.calendar.count_sessions_through(day)
        return runs.indexes_of(self.line, runs.UNEXPLAINABLE, first=max(first, absence.indexes[0]), last=last)

    def unexplained_today(self, *, lapse: Lapse = Lapse.WHEN_PUPIL_ATTENDS) -> tuple[int, ...]:
        """Likewise for today; empty on a day without school, and once the pupil has arrived."""
        return self.unexplained_on(self.on, lapse=lapse)

    def unexplained_now(self, *, lapse: Lapse = Lapse.WHEN_PUPIL_ATTENDS) -> tuple[int, ...]:
        """Likewise for the absence's latest day: it holds over a weekend or holiday as well."""
        if self.absence is None:
            return ()
        return self.unexplained_on(self.absence.days[-1], lapse=lapse)

    def unexplained_since(self, *, lapse: Lapse = Lapse.WHEN_PUPIL_ATTENDS) -> date | None:
        """The first day of this absence with a session that is N or O and has no reason; None where there is none."""
        absence = self.absence
        if absence is None:
            return None
        for index in absence.indexes:
            if self.line[index] in runs.UNEXPLAINABLE:
                day = self.moment.day(index)
                if not self.has_reason_on(day, lapse=lapse):
                    return day
        return None

    @cached_property
    def expects_back(self) -> date | None:
        """The first day the pupil is expected back, by the latest reason that says so; None where none does."""
        ends = [reason.last for reason in self.reasons if reason.last is not None]
        return ends[-1] + _ONE_DAY if ends else None

    # -- contact -----------------------------------------------------------------------------------------------

    @cached_property
    def contacts_made(self) -> tuple[Event, ...]:
        """Every contact made in this absence, in order."""
        return tuple(event for event in self.events_of_absence if is_contact_made(event))

    @property
    def is_contact_made_today(self) -> bool:
        """Whether contact was made on the day judged."""
        return bool(self.contacts_made) and self.contacts_made[-1].on == self.on

    @cached_property
    def ladder_days(self) -> tuple[date, ...]:
        """The school days of this absence after the last day on which contact was made; all where none was.

        Codes that state a reason by themselves never start a ladder: it begins with the first N or O since then.
        """
        absence = self.absence
        if absence is None:
            return ()
        contact_on = self.contacts_made[-1].on if self.contacts_made else date.min
        without_reason = (index for index in absence.indexes if self.line[index] in runs.UNEXPLAINABLE)
        starts = (day for day in map(self.moment.day, without_reason) if day > contact_on)
        first = next(starts, None)
        return () if first is None else tuple(day for day in absence.days if day >= first)

    @cached_property
    def ladder_sessions(self) -> tuple[int, ...]:
        """The indexes of this absence's sessions on the ladder days, which are its own days from the first of them."""
        absence, days = self.absence, self.ladder_days
        if absence is None or not days:
            return ()
        first = self.moment.calendar.count_sessions_before(days[0])
        return absence.indexes[bisect_left(absence.indexes, first) :]

    @property
    def ladder_day(self) -> int:
        """How many ladder days there are so far."""
        return len(self.ladder_days)

    @cached_property
    def tried_since_contact(self) -> tuple[Event, ...]:
        """The contact attempts since the ladder began: after the last contact made, or since the absence began."""
        attempts: list[Event] = []
        for event in self.events_of_absence:
            if is_contact_made(event):
                attempts.clear()
            elif event.kind is EventKind.CONTACT_ATTEMPT and event.outcome is not AttemptOutcome.UNAWARE:
                attempts.append(event)
        return tuple(attempts)

    @cached_property
    def contacts_untried(self) -> tuple[With, ...]:
        """The relations, in the list's order, of contacts with a working number who are not tried since then."""
        tried = {event.with_ for event in self.tried_since_contact}
        return tuple(contact.relation for contact in self.contacts_to_try if contact.relation not in tried)

    @cached_property
    def contacts_to_try(self) -> tuple[Contact, ...]:
        """The contacts who are waited for, in the list's order: those with a working number who may be rung."""
        waited_for = filter(can_be_rung, self.record.contacts)
        return tuple(sorted(waited_for, key=lambda contact: contact.order))

    # -- whereabouts and last seen -----------------------------------------------------------------------------

    @cached_property
    def last_seen(self) -> LastSeen | None:
        """The last day the child was seen or confirmed elsewhere; None where nobody has since the records began."""
        attended = None
        if self.last_attended >= 0:
            on = self.moment.day(self.last_attended)
            attended = LastSeen(on, "attended", is_known=on == self._last_marked_attended)
        for event in reversed(self.record.events):
            if is_child_seen(event) or event.kind is EventKind.ELSEWHERE_CONFIRMED:
                if attended is None or event.on > attended.on:
                    return LastSeen(event.on, event.kind.value.replace("_", " "))
                break
        return attended

    @property
    def _last_marked_attended(self) -> date | None:
        """The last day with a mark that says attended; unknown sessions passed by."""
        marked = runs.last_attended(runs.filled(self.record.line, runs.ASSUMED_ABSENT))
        return self.moment.day(marked) if marked >= 0 else None

    @cached_property
    def whereabouts_unknown(self) -> tuple[WhereaboutsUnknown, ...]:
        """Every cause for which the whereabouts are unknown; empty where they are known."""
        if self.died_on is not None or (self.absence is None and not self.record.events):
            return ()
        causes = (self._told_unknown(), self._left_for_nowhere(), self._nobody_reached(), self._visit_unanswered())
        return tuple(cause for group in causes for cause in group)

    @property
    def is_whereabouts_unknown(self) -> bool:
        """Whether there is any cause."""
        return bool(self.whereabouts_unknown)

    @cached_property
    def _unsettled_events(self) -> tuple[Event, ...]:
        """The events since the child was last seen or the place confirmed."""
        open_events: list[Event] = []
        for event in self.record.events:
            if is_child_seen(event) or is_place_confirmed(event):
                open_events.clear()
            elif event.moment > self.attended_until:
                open_events.append(event)
        return tuple(open_events)

    def _told_unknown(self) -> tuple[WhereaboutsUnknown, ...]:
        tests: tuple[tuple[Cause, Callable[[Event], bool]], ...] = (
            (Cause.UNAWARE, _is_unaware),
            (Cause.MOVED_AWAY, lambda event: event.outcome is VisitOutcome.MOVED_AWAY),
            (Cause.MISSING, lambda event: event.kind is EventKind.MISSING),
        )
        found: list[WhereaboutsUnknown] = []
        for cause, holds in tests:
            first = next((event for event in self._unsettled_events if holds(event)), None)
            if first is not None:
                found.append(WhereaboutsUnknown(cause, first.on, first))
        return tuple(found)

    def _left_for_nowhere(self) -> tuple[WhereaboutsUnknown, ...]:
        leaving = next((each for each in reversed(self.events_of_stay) if each.kind is EventKind.LEAVING), None)
        if leaving is None or leaving.confirmed is True:
            return ()
        left_on = leaving.leaving_on or self.removed_on
        if left_on is None or left_on >= self.on or self._is_found_after(left_on):
            return ()
        return (WhereaboutsUnknown(Cause.LEFT, left_on + _ONE_DAY, leaving),)

    def _is_found_after(self, day: date) -> bool:
        seen = self.last_seen
        return self._is_place_confirmed_since(day) or (seen is not None and seen.on > day)

    def _nobody_reached(self) -> tuple[WhereaboutsUnknown, ...]:
        days = self.ladder_days
        if len(days) < 2 or self.contacts_untried or self._is_place_confirmed_since(days[0]):
            return ()
        if not self.tried_since_contact and not self.unexplained_now():
            return ()
        tried_on = self._day_every_contact_was_tried() or days[1]
        return (WhereaboutsUnknown(Cause.EVERY_CONTACT_TRIED, max(days[1], tried_on)),)

    def _is_place_confirmed_since(self, day: date) -> bool:
        return any(event.on >= day and is_place_confirmed(event) for event in self.events)

    def _day_every_contact_was_tried(self) -> date | None:
        waited_for: set[With | None] = {contact.relation for contact in self.contacts_to_try}
        for event in self.tried_since_contact:
            waited_for -= {event.with_}
            if not waited_for:
                return event.on
        return None

    def _visit_unanswered(self) -> tuple[WhereaboutsUnknown, ...]:
        last: Event | None = None
        for event in self.events_of_absence:
            if is_contact_made(event) or is_place_confirmed(event):
                last = None
            elif is_visit_unanswered(event) and last is None:
                last = event
        return () if last is None else (WhereaboutsUnknown(Cause.VISIT_UNANSWERED, last.on, last),)

    # -- leave -------------------------------------------------------------------------------------------------

    def is_leave_granted_on(self, day: date) -> bool:
        """Whether the day is granted leave: code C or C1, or a ``leave_granted`` over it."""
        if any(_covers(event, day) for event in self.events_of(EventKind.LEAVE_GRANTED)):
            return True
        first = self.moment.calendar.count_sessions_before(day)
        last = self.moment.calendar.count_sessions_through(day)
        return runs.count_of(self.line, LEAVE_CODES, first=first, last=last) > 0

    @cached_property
    def leave_ended_on(self) -> date | None:
        """The last granted day of a leave now over from which the pupil has not come back; None where none is."""
        absence = self.absence
        if absence is None or self.is_leave_granted_on(absence.days[-1]):
            return None
        granted = [
            event.to
            for event in self.events_of(EventKind.LEAVE_GRANTED)
            if isinstance(event.to, date) and absence.began_on <= event.to < self.on
        ]
        coded = [self.moment.day(index) for index in absence.indexes if self.line[index] in LEAVE_CODES]
        return max([*granted, *coded], default=None)


def _is_unaware(event: Event) -> bool:
    return event.outcome is AttemptOutcome.UNAWARE and event.with_ not in HEARD_ONLY


def _covers(event: Event, day: date) -> bool:
    return event.from_ is not None and isinstance(event.to, date) and event.from_ <= day <= event.to


def _reason_in(event: Event) -> Reason | None:
    """The reason an event records; None where it records none."""
    if event.kind is EventKind.CONTACT_ATTEMPT:
        if event.outcome is not AttemptOutcome.EXPLAINED or event.with_ in HEARD_ONLY:
            return None
        last = event.expected_back - _ONE_DAY if event.expected_back else None
        return Reason(event, None, last, event.reason == _ILLNESS)
    if event.kind is EventKind.EXPECTED_ABSENCE:
        return Reason(event, None, event.until, event.because == _ILLNESS)
    if event.kind is EventKind.LEAVE_GRANTED and isinstance(event.to, date):
        return Reason(event, event.from_, event.to, is_illness=False)
    return None
