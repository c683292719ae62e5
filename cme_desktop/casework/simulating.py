"""Simulate a policy before adopting it: what it would have flagged over a past period that the school's own did not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from cme_desktop.casework.in_words import count_of, say_day
from cme_desktop.casework.office import Office
from cme_desktop.casework.past_roll import RecordedPast
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.domain.errors import BadInputError, CalendarError, RefusedError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.policy.parameters import Parameters, load_parameters, refuse_before_the_law
from cme_desktop.policy.rulebook import PARAMETERS, read_policies
from cme_desktop.policy.school_policy import SchoolPolicy
from cme_desktop.policy.school_policy_text import read_school_policy
from cme_desktop.policy.simulate import Replay, RulebookPair, SimulatedRow, SimulatedWeek, Simulation, pair_rulebooks
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.marks import first_marked_day
from cme_desktop.storage.policies import AdoptedPolicy
from cme_desktop.storage.pupils import list_all_pupils
from cme_desktop.storage.school import load_school

DAYS_AT_A_TIME: Final = 5
"""School days judged in one run of the worker: a week, so that nobody at the desk waits for a long simulation."""

CAVEATS: Final = (
    "What people did stays as it was recorded: under the changed policy they might have done something else.",
    "Marks and contacts are taken as they stand now, the corrected ones too.",
    "What began before the period counts from its first day.",
    "A call or visit that several rules ask for counts for each of them.",
)
"""What a simulation can't know, in words that stand beside every one."""


class Difference(StrEnum):
    """What became of a flag."""

    NEW = "newly flagged"
    GONE = "no longer flagged"
    EARLIER = "earlier"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class SimulatedFlag:
    """One difference with the pupil's names, which the records know and the policy does not; the school has none."""

    row: SimulatedRow
    upn: str | None
    surname: str
    forename: str
    class_name: str

    @property
    def pupil_id(self) -> PupilId | None:
        """The pupil; None for a duty of the school."""
        return self.row.pupil_id

    @property
    def difference(self) -> Difference:
        """What became of the flag."""
        if self.row.school_days is None:
            return Difference.NEW if self.row.before is None else Difference.GONE
        return Difference.EARLIER if self.row.school_days < 0 else Difference.LATER

    @property
    def difference_in_words(self) -> str:
        """Say it with its school days: 2 school days earlier."""
        if self.row.school_days is None:
            return self.difference.value
        return f"{count_of(abs(self.row.school_days), 'school day')} {self.difference.value}"

    def who(self, *, named: bool) -> str:
        """Say whom it is about, with names or by number."""
        if self.pupil_id is None:
            return "the school"
        return f"{self.forename} {self.surname}, {self.class_name}" if named else f"pupil {self.pupil_id}"


@dataclass(frozen=True, slots=True)
class SimulatedPolicy:
    """A simulation as screens and commands show it."""

    title: str
    first: date
    last: date
    simulation: Simulation
    flags: tuple[SimulatedFlag, ...]

    @property
    def weeks(self) -> tuple[SimulatedWeek, ...]:
        """Flags raised each week by the rules that differ, before and after."""
        return self.simulation.weeks

    @property
    def sentence(self) -> str:
        """Say what would have changed, in a sentence or two."""
        told = self.simulation
        period = f"from {_say_date(self.first)} to {_say_date(self.last)}"
        if not told.is_complete:
            period = (
                f"in the first {count_of(told.judged, 'school day')} of {told.days}, the rest not having been judged"
            )
        if told.changes_nothing:
            return f"Nothing would have changed {period}."
        counts = {each: sum(flag.difference is each for flag in self.flags) for each in Difference}
        said = [f"{counts[each]} {words}" for each, words in _COUNTED.items() if counts[each]]
        flags = f"of the flags, {', '.join(said)}" if said else "the same flags, each from the same day"
        asked = f"{_say_more(told.calls, 'call')} and {_say_more(told.visits, 'home visit')}"
        return f"With {self.title} {period}: {flags}; {asked}. {self._say_unlisted()}".strip()

    @property
    def period_in_words(self) -> str:
        """Say what was judged: so many school days from one day to another."""
        told = self.simulation
        days = count_of(told.days, "school day")
        so_many = days if told.is_complete else f"{told.judged} of {days}"
        return f"{so_many} judged, from {_say_date(self.first)} to {_say_date(self.last)}."

    def _say_unlisted(self) -> str:
        told = self.simulation
        said = []
        if told.lasting:
            said.append(f"{count_of(told.lasting, 'flag')} would have begun on the same day but lasted otherwise")
        if told.otherwise:
            said.append(f"{count_of(told.otherwise, 'flag')} would have asked for something else or by another time")
        return f"Not listed: {'; '.join(said)}." if said else ""


_COUNTED: Final = {
    Difference.NEW: "new",
    Difference.GONE: "no longer there",
    Difference.EARLIER: "earlier",
    Difference.LATER: "later",
}


class PolicySimulation:
    """A simulation under way: judge a week at a time, each in its own run of the worker, until it is done."""

    def __init__(self, replay: Replay, *, title: str, first: date, last: date) -> None:
        self._replay = replay
        self._title = title
        self._period = (first, last)

    @property
    def days(self) -> int:
        """How many school days there are to judge."""
        return len(self._replay.days)

    @property
    def judged(self) -> int:
        """How many are judged."""
        return self._replay.judged

    @property
    def is_done(self) -> bool:
        """Whether all are."""
        return self._replay.is_done

    def judge_more(self, *, count: int = DAYS_AT_A_TIME) -> None:
        """Judge the next school days."""
        self._replay.judge(count=count)

    def result(self, office: Office) -> SimulatedPolicy:
        """Name those whom the days judged so far tell of."""
        simulation = self._replay.result()
        with office.database.reading() as db:
            pupils = {pupil.id: pupil for pupil in list_all_pupils(db)}
        flags = []
        for row in simulation.rows:
            pupil = pupils[row.pupil_id] if row.pupil_id is not None else None
            named = (pupil.upn, pupil.legal_surname, pupil.legal_forename, pupil.class_name) if pupil else None
            flags.append(SimulatedFlag(row, *(named or (None, "", "", ""))))
        return SimulatedPolicy(self._title, *self._period, simulation, tuple(flags))


@needs(Right.SEE_NAMES)
def suggest_period(office: Office) -> tuple[date, date]:
    """Suggest this school year so far, or the last one where no school day of this one is over; ended yesterday."""
    with office.database.reading() as db:
        calendar = load_calendar(db)
        begins = load_school(db).records_begin
    last = calendar.school_day_before(office.today)
    year = None if last is None else calendar.year_of(last)
    if last is None or year is None:
        raise CalendarError(
            "No school day is over yet.", remedy="Simulate once a school day of the calendar has passed."
        )
    return max(year.first_day, begins or year.first_day), last


@needs(Right.SEE_NAMES)
def begin_simulation(office: Office, *, document: str, first: date, last: date) -> PolicySimulation:
    """Read the changed policy and check the period; nothing is judged yet, and nothing is ever written.

    A document with faults is refused with each of them and its line, a period that has not been, or that the calendar
    or the records do not hold, in words.
    """
    numbers = (office.paths.resources / "parameters.toml").read_text(encoding="utf-8")
    law = load_parameters(numbers)
    changed = _read_changed(document, law)
    brought = {policy_id: load_supplied_policy(office, policy_id) for policy_id in changed.adopts}
    comes_with_it = read_policies({PARAMETERS: numbers, **brought}, policies=tuple(brought))
    calendar, days = _days_of(office, first=first, last=last)

    def pair(adopted: tuple[AdoptedPolicy, ...]) -> RulebookPair:
        texts = {policy.policy_id: policy.document for policy in adopted}
        policies = read_policies({PARAMETERS: numbers, **texts}, policies=tuple(texts))
        return pair_rulebooks(law, policies, changed, brought=comes_with_it)

    past = RecordedPast(office, days, calendar=calendar, pair=pair)
    return PolicySimulation(Replay(past, days), title=changed.title, first=first, last=last)


@needs(Right.SEE_NAMES)
def simulate_policy(
    office: Office,
    *,
    document: str,
    first: date,
    last: date,
    progress: Callable[[int, int], None] | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> SimulatedPolicy:
    """Simulate in one go. ``progress`` is told days done of days; ``is_stopped`` is asked before each day."""
    running = begin_simulation(office, document=document, first=first, last=last)
    while not running.is_done and not (is_stopped is not None and is_stopped()):
        running.judge_more(count=1)
        if progress is not None:
            progress(running.judged, running.days)
    return running.result(office)


def say_first_day(on: date | None) -> str:
    """Say the first day on which something was flagged; a dash where it never was."""
    return "–" if on is None else _say_date(on)


@needs(Right.SEE_NAMES)
def load_supplied_policy(office: Office, policy_id: str) -> str:
    """Give the document of a policy that comes with the program."""
    file = office.paths.resources / "policies" / f"{policy_id}.toml"
    if not file.is_file():
        raise BadInputError(
            "There is no supplied policy of that name.", detail=policy_id, remedy="Choose another, or give a document."
        )
    return file.read_text(encoding="utf-8")


def _read_changed(document: str, law: Parameters) -> SchoolPolicy:
    read = read_school_policy(document, parameters=law)
    if read.policy is None:
        raise BadInputError(
            "The policy can’t be read.",
            detail="\n".join(str(problem) for problem in read.problems),
            remedy="Correct the document, and try again. Nothing was judged.",
        )
    return read.policy


def _days_of(office: Office, *, first: date, last: date) -> tuple[SchoolCalendar, tuple[date, ...]]:
    """The calendar, and the school days to judge; refuse a period that can't be judged."""
    if first > last:
        raise BadInputError("The period ends before it begins.", remedy="Give the earlier day first.")
    if last > office.today:
        raise RefusedError(
            "The period has not been yet.",
            detail=f"It ends on {_say_date(last)}; today is {_say_date(office.today)}.",
            remedy="Choose a period that ends today or earlier.",
        )
    refuse_before_the_law(first)
    with office.database.reading() as db:
        calendar = load_calendar(db)
        begins = load_school(db).records_begin or first_marked_day(db)
    if not calendar.years or first < calendar.years[0].first_day or last > calendar.years[-1].last_day:
        raise CalendarError(
            "The period lies outside the calendar.",
            detail=_say_known(calendar),
            remedy="Choose a period inside it, or enter the school year’s term dates.",
        )
    days = calendar.school_days_between(first, last)
    if not days:
        raise CalendarError("No school day lies in the period.", remedy="Choose a longer one.")
    if begins is None or days[-1] < begins:
        known = f"They begin on {_say_date(begins)}." if begins else "No mark has been read in yet."
        raise RefusedError(
            "The records don’t reach back so far.", detail=known, remedy="Choose a later period."
        )  # fmt: skip
    return calendar, days


def _say_known(calendar: SchoolCalendar) -> str:
    if not calendar.years:
        return "No school year has been entered."
    first, last = calendar.years[0].first_day, calendar.years[-1].last_day
    return f"School years are known from {_say_date(first)} to {_say_date(last)}."


def _say_date(on: date) -> str:
    return f"{say_day(on)} {on.year}"


def _say_more(number: int, thing: str) -> str:
    if not number:
        return f"as many {thing}s"
    return count_of(abs(number), f"more {thing}" if number > 0 else f"fewer {thing}")
