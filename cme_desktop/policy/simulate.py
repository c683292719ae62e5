"""What a changed policy would have flagged: past days judged by the rulebook then in force, and by the changed one.

Each school day is judged at its close. Only rules that differ between the two rulebooks are tried, and only on pupils
of whom they could be true, with the facts of a pupil worked out once for both. What people did stays as it was
recorded: under other rules they might have done something else, and nobody can know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cme_desktop.domain.calendar import Deadline, monday_of
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy import runs
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.parameters import EARLIEST_LAW, Numbers, Parameters
from cme_desktop.policy.review import judge_facts
from cme_desktop.policy.rule import Act, Duty, Flag, Severity
from cme_desktop.policy.rulebook import Rulebook, make_rulebook
from cme_desktop.policy.rules import RULES
from cme_desktop.policy.school_policy import SchoolPolicy

if TYPE_CHECKING:
    from cme_desktop.policy.record import Judgement, PupilRecord
    from cme_desktop.policy.rule import PupilRule, SchoolRule


@dataclass(frozen=True, slots=True)
class RulebookPair:
    """The rulebook of a day, and the same with the changed policy.

    ``same`` names the rules that say the same in both; the law's may still read a number that a policy makes stricter.
    ``renamed`` says which rule of a policy that gave way one of the changed policy takes the place of: a school that
    gave its copy a name of its own still means the same step.
    """

    before: Rulebook
    after: Rulebook
    same: frozenset[str]
    renamed: Mapping[str, str] = field(default_factory=dict)


def pair_rulebooks(
    parameters: Parameters,
    policies: tuple[SchoolPolicy, ...],
    changed: SchoolPolicy,
    *,
    brought: tuple[SchoolPolicy, ...] = (),
) -> RulebookPair:
    """Make the rulebook of a day from the policies then adopted, and the same with the changed policy in place.

    The changed policy counts as if it had always been in force: it is not yet, whatever day its document names.
    ``brought`` are the documents of policies that it adopts; one that was adopted then is left as it was.
    """
    changed_then = replace(changed, in_force_from=EARLIEST_LAW)
    after = policies
    for policy in brought:
        if policy.id not in {kept.id for kept in after}:
            after = put_in_place(after, replace(policy, in_force_from=EARLIEST_LAW))
    after = put_in_place(after, changed_then)
    gone = [policy for policy in policies if policy.id not in {kept.id for kept in after}]
    return RulebookPair(
        make_rulebook(parameters, policies),
        make_rulebook(parameters, after),
        _same_rules(policies, after),
        _renamed(gone, changed_then),
    )


def put_in_place(policies: tuple[SchoolPolicy, ...], changed: SchoolPolicy) -> tuple[SchoolPolicy, ...]:
    """Put the changed policy in place of the one with its id; where there is none, of the others of its kind.

    A school has one policy of its own, and at most one authority's.
    """
    if any(policy.id == changed.id for policy in policies):
        return tuple(changed if policy.id == changed.id else policy for policy in policies)
    return (*(policy for policy in policies if policy.kind is not changed.kind), changed)


def _same_rules(before: tuple[SchoolPolicy, ...], after: tuple[SchoolPolicy, ...]) -> frozenset[str]:
    earlier, later = _contents(before), _contents(after)
    law = {rule.id for rule in RULES}
    return frozenset(law | {rule_id for rule_id in earlier if earlier[rule_id] == later.get(rule_id)})


def _renamed(gone: list[SchoolPolicy], changed: SchoolPolicy) -> dict[str, str]:
    """The rules of policies that gave way which the changed one has too, under its own id."""
    theirs = {rule_id.partition(".")[2]: rule_id for policy in reversed(gone) for rule_id in policy.rule_ids}
    slugs = ((rule_id, rule_id.partition(".")[2]) for rule_id in changed.rule_ids)
    return {rule_id: theirs[slug] for rule_id, slug in slugs if slug in theirs}


def _contents(policies: tuple[SchoolPolicy, ...]) -> dict[str, list[object]]:
    """Everything a policy says under each rule's id."""
    found: dict[str, list[object]] = {}
    for policy in policies:
        for step in policy.steps:
            found.setdefault(step.id, []).append(step)
        for duty in policy.standing:
            found.setdefault(duty.id, []).append(duty)
    return found


class PastRoll(Protocol):
    """The past as the records tell it, day by day."""

    def judgement(self, on: date) -> Judgement:
        """The day's judgement, at its close."""

    def rulebooks(self, on: date) -> RulebookPair:
        """The day's two rulebooks."""

    def records(self, judgement: Judgement, *, quiet_too: bool) -> Iterable[PupilRecord]:
        """Everybody on roll at the judgement; without the quiet ones, those who attended last may be left out.

        A quiet pupil is not absent, has no unknown session, and nothing is recorded of them.
        """


# -- what comes of it ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SimulatedRow:
    """One difference: a rule and a pupil (None: the school), with the first day flagged before and after.

    ``school_days`` says how much later, negative for earlier; None where one of them never flags it.
    """

    rule_id: str
    title: str
    pupil_id: PupilId | None
    before: date | None
    after: date | None
    school_days: int | None


@dataclass(frozen=True, slots=True)
class SimulatedWeek:
    """How many flags the rules that differ raised in a school week, by both rulebooks."""

    monday: date
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Asked:
    """How many calls and home visits the rules that differ asked for: once for each pupil, rule and run of days."""

    calls: int
    visits: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the changed policy would have flagged in a period.

    ``lasting`` counts flags that begin on the same day but last longer or shorter; ``otherwise`` those on the same
    days that ask for something else, of somebody else, or by another time. ``judged`` is less than ``days`` where the
    simulation was stopped: then all of it tells of the first ``judged`` school days.
    """

    first: date
    last: date
    days: int
    judged: int
    rows: tuple[SimulatedRow, ...]
    weeks: tuple[SimulatedWeek, ...]
    before: Asked
    after: Asked
    lasting: int = 0
    otherwise: int = 0

    @property
    def calls(self) -> int:
        """How many more calls; negative for fewer."""
        return self.after.calls - self.before.calls

    @property
    def visits(self) -> int:
        """How many more home visits; negative for fewer."""
        return self.after.visits - self.before.visits

    @property
    def is_complete(self) -> bool:
        """Whether every day was judged."""
        return self.judged == self.days

    @property
    def changes_nothing(self) -> bool:
        """Whether both rulebooks ask for the same of everybody on every day judged."""
        return not (self.rows or self.lasting or self.otherwise)


def simulate(
    past: PastRoll,
    days: tuple[date, ...],
    *,
    progress: Callable[[int, int], None] | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> Simulation:
    """Judge past school days, in order, by both of their rulebooks.

    ``progress`` is told after each day how many are done of how many; ``is_stopped`` is asked before each, and the
    days judged until then are what the simulation tells of.
    """
    replay = Replay(past, days)
    while not replay.is_done and not (is_stopped is not None and is_stopped()):
        replay.judge(count=1)
        if progress is not None:
            progress(replay.judged, len(days))
    return replay.result()


class Replay:
    """A simulation under way, for those who want to judge a few days at a time. ``days`` are school days, in order."""

    def __init__(self, past: PastRoll, days: tuple[date, ...]) -> None:
        self._past = past
        self._before = _Side()
        self._after = _Side()
        self._titles: dict[str, str] = {}
        self._readers: set[str] = set()
        # what differed on a day judged is judged on the days after it too: a flag that both raise since the policy was
        # adopted may have stood in one of them before
        self._apart: set[str] = set()
        self._differ: set[str] = set()
        self._renamed: Mapping[str, str] = {}
        self.days = days
        self.judged = 0

    @property
    def is_done(self) -> bool:
        """Whether every day is judged."""
        return self.judged == len(self.days)

    def judge(self, *, count: int) -> None:
        """Judge the next days."""
        for on in self.days[self.judged : self.judged + count]:
            self._judge_day(on)
            self.judged += 1

    def result(self) -> Simulation:
        """What the days judged so far show."""
        spans = tuple(self._spans())
        together = [(key, span) for key, span in spans if span.before_first == span.after_first]
        asked = [(self._before.asks(key, span), self._after.asks(key, span)) for key, span in together]
        rows = [self._row(key, span) for key, span in spans if span.before_first != span.after_first]
        return Simulation(
            first=self.days[0],
            last=self.days[-1],
            days=len(self.days),
            judged=self.judged,
            rows=tuple(sorted(rows, key=_row_order)),
            weeks=self._weeks(),
            before=self._before.asked(),
            after=self._after.asked(),
            lasting=sum(before.keys() != after.keys() for before, after in asked),
            otherwise=sum(before.keys() == after.keys() and before != after for before, after in asked),
        )

    # -- one day -----------------------------------------------------------------------------------------------

    def _judge_day(self, on: date) -> None:
        pair = self._past.rulebooks(on)
        self._renamed = pair.renamed
        judgement = self._past.judgement(on)
        moment = Moment(judgement)
        numbers = (pair.before.parameters.on(on), pair.after.parameters.on(on))
        self._differ |= {name for name in {**numbers[0], **numbers[1]} if numbers[0].get(name) != numbers[1].get(name)}
        same = pair.same - self._apart
        # The law's rules are the same objects in both: they differ only where they read a number that does. A policy's
        # own steps read none of the law's.
        of_law = tuple(rule for rule in RULES if self._differ and rule.is_in_force(on))
        duties = _differing_for_school(pair.after, pair.before, same, on)
        self._note(self._before, _judge_school(_differing_for_school(pair.before, pair.after, same, on), moment))
        self._note(self._after, _judge_school(duties, moment))
        before = _Tried.of(_differing(pair.before, pair.after, same, on))
        after = _Tried.of(_differing(pair.after, pair.before, same, on))
        self._apart |= {rule.id for rule in after.rules} | {duty.id for duty in duties}
        law = _LawToday(of_law, numbers, self._differ, self._readers)
        everyone = (
            *before.of_everyone,
            *after.of_everyone,
            *(rule for rule in of_law if not rule.needs_absence_or_event),
        )
        if not before.rules and not after.rules and not of_law:
            return
        for record in self._past.records(judgement, quiet_too=bool(everyone)):
            facts = Facts(record, moment)
            is_quiet = _is_quiet(facts)
            self._note(self._before, before.judge(facts, numbers[0], is_quiet=is_quiet))
            self._note(self._after, after.judge(facts, numbers[1], is_quiet=is_quiet))
            if of_law:
                earlier, later = law.judge(facts, is_quiet=is_quiet)
                self._note(self._before, earlier)
                self._note(self._after, later)

    def _note(self, side: _Side, flags: Iterable[Flag | None]) -> None:
        for flag in flags:
            if flag is not None:
                rule_id = self._renamed.get(flag.rule_id, flag.rule_id)
                side.note(self.judged, flag, rule_id=rule_id)
                self._titles[rule_id] = flag.title

    # -- all days ----------------------------------------------------------------------------------------------

    def _spans(self) -> Iterator[tuple[_Key, _Span]]:
        for key in {**self._before.flagged, **self._after.flagged}:
            for span in _join(self._before.runs(key), self._after.runs(key)):
                yield key, span

    def _row(self, key: _Key, span: _Span) -> SimulatedRow:
        before, after = span.before_first, span.after_first
        return SimulatedRow(
            rule_id=key.rule_id,
            title=self._titles[key.rule_id],
            pupil_id=key.pupil_id,
            before=None if before is None else self.days[before],
            after=None if after is None else self.days[after],
            school_days=None if before is None or after is None else after - before,
        )

    def _weeks(self) -> tuple[SimulatedWeek, ...]:
        weeks = {monday_of(on): [0, 0] for on in self.days[: self.judged]}
        for place, side in enumerate((self._before, self._after)):
            for key in side.flagged:
                for run in side.runs(key):
                    weeks[monday_of(self.days[run.first])][place] += 1
        return tuple(SimulatedWeek(monday, before, after) for monday, (before, after) in weeks.items())


def _differing(mine: Rulebook, other: Rulebook, same: frozenset[str], on: date) -> tuple[PupilRule, ...]:
    """The rules in force on the day, without those that say the same in the other rulebook, in force there too."""
    unchanged = same & {rule.id for rule in other.rules if rule.is_in_force(on)}
    return tuple(rule for rule in mine.rules if rule.is_in_force(on) and rule.id not in unchanged)


def _differing_for_school(mine: Rulebook, other: Rulebook, same: frozenset[str], on: date) -> tuple[SchoolRule, ...]:
    """Likewise of the school's standing duties."""
    unchanged = same & {rule.id for rule in other.school_rules if rule.is_in_force(on)}
    return tuple(rule for rule in mine.school_rules if rule.is_in_force(on) and rule.id not in unchanged)


def _judge_school(rules: tuple[SchoolRule, ...], moment: Moment) -> list[Flag | None]:
    return [rule.judge_school(moment) for rule in rules]


class _Tried(NamedTuple):
    """Rules to try, and those of them that may be true of a quiet pupil."""

    rules: tuple[PupilRule, ...]
    of_everyone: tuple[PupilRule, ...]

    @classmethod
    def of(cls, rules: tuple[PupilRule, ...]) -> _Tried:
        return cls(rules, tuple(rule for rule in rules if not rule.needs_absence_or_event))

    def judge(self, facts: Facts, numbers: Numbers, *, is_quiet: bool) -> list[Flag]:
        tried = self.of_everyone if is_quiet else self.rules
        return judge_facts(facts, tried, numbers) if tried else []


class _LawToday:
    """The law's rules on a day on which the numbers differ: judged once for both where none that differs is read.

    ``readers`` are the ids of the rules that were seen to read one; they are judged by both sets of numbers.
    """

    def __init__(
        self, rules: tuple[PupilRule, ...], numbers: tuple[Numbers, Numbers], differ: set[str], readers: set[str]
    ) -> None:
        self._rules = rules
        self._numbers = numbers
        self._differ = differ
        self._readers = readers
        self._watched = _Watched(numbers[0])
        self._sort_out()

    def judge(self, facts: Facts, *, is_quiet: bool) -> tuple[list[Flag], list[Flag]]:
        """Judge by both sets of numbers."""
        both = self._once.judge(facts, self._watched, is_quiet=is_quiet)
        while self._find_readers(facts, is_quiet=is_quiet):
            both = self._once.judge(facts, self._watched, is_quiet=is_quiet)
        before, after = (self._twice.judge(facts, each, is_quiet=is_quiet) for each in self._numbers)
        return [*both, *before], [*both, *after]

    def _find_readers(self, facts: Facts, *, is_quiet: bool) -> bool:
        """Whether any rule judged but once read a number that differs; from now on it is judged twice."""
        if self._differ.isdisjoint(self._watched.read):
            return False
        for rule in self._once.rules:
            self._watched.read.clear()
            _Tried.of((rule,)).judge(facts, self._watched, is_quiet=is_quiet)
            if not self._differ.isdisjoint(self._watched.read):
                self._readers.add(rule.id)
        self._sort_out()
        return True

    def _sort_out(self) -> None:
        self._watched.read.clear()
        self._once = _Tried.of(tuple(rule for rule in self._rules if rule.id not in self._readers))
        self._twice = _Tried.of(tuple(rule for rule in self._rules if rule.id in self._readers))


class _Watched(Numbers):
    """A day's numbers that remember which of them were read."""

    def __init__(self, numbers: Numbers) -> None:
        super().__init__(numbers.on, numbers.parameters)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> int:
        self.read.add(name)
        return super().__getitem__(name)


def _is_quiet(facts: Facts) -> bool:
    return (
        not facts.is_no_longer_awaited
        and not facts.record.events
        and runs.UNKNOWN not in facts.record.line
        and facts.absence is None
    )


# -- flags over days -------------------------------------------------------------------------------------------


class _Key(NamedTuple):
    rule_id: str
    pupil_id: PupilId | None


class _Asks(NamedTuple):
    """What a flag asks for: its wording and the clauses it cites are left out."""

    severity: Severity
    duty: Duty
    due: Deadline | None


class _Run(NamedTuple):
    """Judged days, by their number, on each of which a flag stands."""

    first: int
    last: int


class _Span(NamedTuple):
    """Days that runs of either rulebook cover without a break; the first day flagged by each, None where none is."""

    first: int
    last: int
    before_first: int | None
    after_first: int | None


class _Side:
    """What one of the two rulebooks flagged: for each rule and pupil, what was asked on each day."""

    def __init__(self) -> None:
        self.flagged: dict[_Key, dict[int, _Asks]] = {}

    def note(self, day: int, flag: Flag, *, rule_id: str) -> None:
        key = _Key(rule_id, flag.pupil_id)
        self.flagged.setdefault(key, {})[day] = _Asks(flag.severity, flag.duty, flag.due)

    def runs(self, key: _Key) -> tuple[_Run, ...]:
        found: list[_Run] = []
        for day in self.flagged.get(key, ()):
            if found and found[-1].last == day - 1:
                found[-1] = _Run(found[-1].first, day)
            else:
                found.append(_Run(day, day))
        return tuple(found)

    def asks(self, key: _Key, span: _Span | _Run) -> Mapping[int, _Asks]:
        theirs = self.flagged.get(key, {})
        return {day: theirs[day] for day in range(span.first, span.last + 1) if day in theirs}

    def asked(self) -> Asked:
        acts = [
            {asks.duty.act for asks in self.asks(key, run).values()} for key in self.flagged for run in self.runs(key)
        ]
        return Asked(sum(Act.CONTACT_FAMILY in each for each in acts), sum(Act.VISIT_HOME in each for each in acts))


def _join(before: tuple[_Run, ...], after: tuple[_Run, ...]) -> Iterator[_Span]:
    """Join runs of both rulebooks that share a day: they are about the same thing."""
    everything = sorted([(run, True) for run in before] + [(run, False) for run in after])
    joined: _Span | None = None
    for run, is_before in everything:
        if joined is None or run.first > joined.last:
            if joined is not None:
                yield joined
            joined = _Span(run.first, run.last, None, None)
        joined = joined._replace(last=max(joined.last, run.last))
        if is_before and joined.before_first is None:
            joined = joined._replace(before_first=run.first)
        if not is_before and joined.after_first is None:
            joined = joined._replace(after_first=run.first)
    if joined is not None:
        yield joined


def _row_order(row: SimulatedRow) -> tuple[date, str, int]:
    return min(day for day in (row.before, row.after) if day is not None), row.rule_id, row.pupil_id or 0
