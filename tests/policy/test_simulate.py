"""What a changed policy would have flagged: told in situations, and the quick way beside the plain one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme_desktop.domain.calendar import monday_of
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, VisitOutcome, With
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance, Pupil
from cme_desktop.policy.parameters import Parameters, load_parameters
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.review import review, review_school
from cme_desktop.policy.rule import Act, Flag
from cme_desktop.policy.school_policy import PolicyKind, SchoolPolicy
from cme_desktop.policy.school_policy_text import read_school_policy
from cme_desktop.policy.simulate import RulebookPair, Simulation, pair_rulebooks, put_in_place, simulate
from tests.builders import BORN, CONTACTS, RESOURCES, a_calendar, a_line, an_event, close_of, day

ASPIRE = (RESOURCES / "policies" / "aspire-academy.toml").read_text("utf-8")
DAY_2_VISIT = "aspire-academy.day-2-visit"
_STRICTER = '\n[[stricter]]\nparameter = "england.{number}"\nvalue = {value}\nclause = "cover"\n'


@cache
def the_law() -> Parameters:
    return load_parameters((RESOURCES / "parameters.toml").read_text("utf-8"))


@cache
def a_policy(text: str) -> SchoolPolicy:
    read = read_school_policy(text, parameters=the_law())
    assert read.policy is not None, read.problems
    return read.policy


def aspire_with(*changes: tuple[str, str, str]) -> str:
    """The Aspire Academy's document with a line of a rule written otherwise: its id, what stands, what shall stand."""
    text = ASPIRE
    for rule, old, new in changes:
        begins = text.index(f'[[rule]]\nid = "{rule}"')
        place = text.index(old, begins)
        text = text[:place] + new + text[place + len(old) :]
    return text


@dataclass(frozen=True)
class RecordsInHand:
    """The past of pupils whose whole lines are in hand."""

    everybody: tuple[PupilRecord, ...]
    pair: RulebookPair

    def judgement(self, on: date) -> Judgement:
        return close_of(on)

    def rulebooks(self, on: date) -> RulebookPair:
        return self.pair

    def records(self, judgement: Judgement, *, quiet_too: bool) -> Iterable[PupilRecord]:
        return tuple(
            replace(
                record,
                line=record.line[: judgement.sessions_due()],
                events=tuple(event for event in record.events if event.moment <= judgement.at),
            )
            for record in self.everybody
        )


def a_pupil(marks: dict[str, str], *events: Event, number: int = 1, **known: object) -> PupilRecord:
    """A pupil's whole year: present, save for the marks named."""
    pupil = Pupil(PupilId(number), BORN, date(2023, 9, 5), **known)  # type: ignore[arg-type]
    return PupilRecord(pupil, a_line(marks, close_of("21 Jul")), CONTACTS, events)


def school_days(first: str, last: str) -> tuple[date, ...]:
    return a_calendar().school_days_between(day(first), day(last))


def simulated(
    *pupils: PupilRecord, after: str, before: str | None = ASPIRE, first: str = "5 Oct", last: str = "23 Oct"
) -> Simulation:
    adopted = (a_policy(before),) if before is not None else ()
    past = RecordsInHand(pupils, pair_rulebooks(the_law(), adopted, a_policy(after)))
    return simulate(past, school_days(first, last))


# -- situations ------------------------------------------------------------------------------------------------


def test_the_same_document_changes_nothing() -> None:
    told = simulated(a_pupil({"6 Oct..9 Oct": "O"}), after=ASPIRE)

    assert told.changes_nothing
    assert (told.rows, told.calls, told.visits) == ((), 0, 0)


def test_a_visit_asked_for_on_day_1_comes_a_school_day_earlier() -> None:
    """Absent from Friday to Tuesday: the second day is Monday."""
    told = simulated(a_pupil({"9 Oct..13 Oct": "O"}), after=aspire_with(("day-2-visit", "n = 2", "n = 1")))

    (row,) = told.rows
    assert (row.rule_id, row.pupil_id, row.title) == (DAY_2_VISIT, 1, "Visit the home on day 2")
    assert (row.before, row.after, row.school_days) == (day("12 Oct"), day("9 Oct"), -1)
    assert told.visits == 0, "one visit was asked for before, and one after"


def test_a_visit_asked_for_on_day_3_comes_a_school_day_later() -> None:
    told = simulated(a_pupil({"9 Oct..13 Oct": "O"}), after=aspire_with(("day-2-visit", "n = 2", "n = 3")))

    (row,) = told.rows
    assert (row.before, row.after, row.school_days) == (day("12 Oct"), day("13 Oct"), 1)


@pytest.mark.parametrize(("n", "before", "after", "visits"), [(1, None, day("9 Oct"), 1), (2, None, None, 0)])
def test_one_day_away_is_visited_only_where_day_1_asks_for_it(
    n: int, before: date | None, after: date | None, visits: int
) -> None:
    told = simulated(a_pupil({"9 Oct": "O"}), after=aspire_with(("day-2-visit", "n = 2", f"n = {n}")))

    assert [(row.before, row.after, row.school_days) for row in told.rows] == (
        [(before, after, None)] if visits else []
    )
    assert told.visits == visits


def test_two_absences_are_two_runs_and_two_visits() -> None:
    told = simulated(a_pupil({"6 Oct": "O", "15 Oct": "O"}), after=aspire_with(("day-2-visit", "n = 2", "n = 1")))

    assert [row.after for row in told.rows] == [day("6 Oct"), day("15 Oct")]
    assert (told.before.visits, told.after.visits) == (0, 2)


def test_a_later_step_no_longer_flags_who_was_back_before_it() -> None:
    told = simulated(a_pupil({"8 Oct..9 Oct": "O"}), after=aspire_with(("day-2-visit", "n = 2", "n = 3")))

    (row,) = told.rows
    assert (row.before, row.after, row.school_days) == (day("9 Oct"), None, None)
    assert told.visits == -1


def test_what_people_did_stays_as_it_was() -> None:
    """A visit on Monday settles the step: under the earlier one it stands for Friday alone."""
    visit = an_event(EventKind.HOME_VISIT, "12 Oct", "11:00", outcome=VisitOutcome.NO_REPLY)

    told = simulated(a_pupil({"9 Oct..13 Oct": "O"}, visit), after=aspire_with(("day-2-visit", "n = 2", "n = 1")))

    (row,) = [row for row in told.rows if row.rule_id == DAY_2_VISIT]
    assert (row.before, row.after) == (None, day("9 Oct"))


def test_an_absence_that_began_before_the_period_counts_from_its_first_day() -> None:
    told = simulated(
        a_pupil({"1 Oct..9 Oct": "O"}), after=aspire_with(("day-2-visit", "n = 2", "n = 1")), first="5 Oct"
    )

    assert told.rows == (), "both had flagged it by the first day"


def test_a_week_counts_the_flags_it_raises_before_and_after() -> None:
    told = simulated(a_pupil({"9 Oct..13 Oct": "O"}), after=aspire_with(("day-2-visit", "n = 2", "n = 1")))

    weeks = [(week.monday, week.before, week.after) for week in told.weeks]
    assert weeks == [(day("5 Oct"), 0, 1), (day("12 Oct"), 1, 0), (day("19 Oct"), 0, 0)]


def test_a_deadline_alone_lists_nobody_but_is_told() -> None:
    told = simulated(
        a_pupil({"6 Oct..7 Oct": "O"}), after=aspire_with(("day-2-visit", 'due = "same_day"', 'due = "this_week"'))
    )

    assert told.rows == ()
    assert told.otherwise == 1
    assert not told.changes_nothing


def test_a_visit_more_makes_the_flag_last_longer() -> None:
    visit = an_event(EventKind.HOME_VISIT, "9 Oct", "11:00", outcome=VisitOutcome.NO_REPLY)

    told = simulated(
        a_pupil({"8 Oct..13 Oct": "O"}, visit),
        after=aspire_with(("day-1-visit", "visits_below = 1", "visits_below = 2")),
    )
    assert told.changes_nothing, "this one is for pupils about whom there is a concern"

    concern = (DatedCircumstance(Circumstance.LOOKED_AFTER),)
    told = simulated(
        a_pupil({"8 Oct..13 Oct": "O"}, visit, circumstances=concern),
        after=aspire_with(("day-1-visit", "visits_below = 1", "visits_below = 2")),
    )
    assert told.rows == ()
    assert told.lasting == 1


def test_a_stricter_number_of_the_law_flags_by_the_law_s_own_rule() -> None:
    number = _STRICTER.format(number="sickness-return.days", value=10)
    told = simulated(a_pupil({"5 Oct..23 Oct": "I"}), after=ASPIRE + number, last="30 Oct")

    sickness = {row.rule_id: (row.before, row.after, row.school_days) for row in told.rows}
    assert sickness["england.sickness-return"] == (day("23 Oct"), day("16 Oct"), -5)


def test_a_policy_that_was_not_adopted_yet_is_put_beside_the_law() -> None:
    told = simulated(a_pupil({"8 Oct..9 Oct": "O"}), before=None, after=ASPIRE)

    assert DAY_2_VISIT in {row.rule_id for row in told.rows}
    assert all(row.before is None for row in told.rows)


def test_a_document_that_names_a_day_to_come_is_judged_as_if_it_held_already() -> None:
    to_come = ASPIRE.replace("in_force_from = 2023-09-13", "in_force_from = 2027-09-01")

    assert simulated(a_pupil({"8 Oct..9 Oct": "O"}), after=to_come).changes_nothing


def test_a_school_s_own_policy_gives_way_to_the_changed_one_and_an_authority_s_stays() -> None:
    own, authority = a_policy(ASPIRE), replace(a_policy(ASPIRE), id="the-authority", kind=PolicyKind.AUTHORITY)
    renamed = replace(own, id="larkfield")

    assert [policy.id for policy in put_in_place((own, authority), renamed)] == ["the-authority", "larkfield"]
    assert [policy.id for policy in put_in_place((own, authority), own)] == ["aspire-academy", "the-authority"]
    assert [policy.id for policy in put_in_place((), own)] == ["aspire-academy"]


def test_a_policy_that_adopts_an_authority_s_brings_its_rules() -> None:
    ringmer, authority = (
        a_policy((RESOURCES / "policies" / f"{name}.toml").read_text("utf-8"))
        for name in ("kings-academy-ringmer", "east-sussex")
    )

    pair = pair_rulebooks(the_law(), (a_policy(ASPIRE),), ringmer, brought=(authority,))
    again = pair_rulebooks(the_law(), (authority, ringmer), ringmer, brought=(replace(authority, steps=()),))

    assert pair.before.policies == ("aspire-academy",)
    assert pair.after.policies == ("east-sussex", "kings-academy-ringmer")
    assert again.after.ids == again.before.ids, "the one that was adopted then is left as it was"


def test_a_copy_under_a_name_of_its_own_is_told_by_the_rules_it_came_from() -> None:
    renamed = ASPIRE.replace('id = "aspire-academy"', 'id = "larkfield"', 1)
    changed = aspire_with(("day-2-visit", "n = 2", "n = 1")).replace('id = "aspire-academy"', 'id = "larkfield"', 1)

    assert simulated(a_pupil({"9 Oct..13 Oct": "O"}), after=renamed).changes_nothing
    (row,) = simulated(a_pupil({"9 Oct..13 Oct": "O"}), after=changed).rows
    assert (row.rule_id, row.school_days) == (DAY_2_VISIT, -1)


@pytest.mark.parametrize(("on", "flagged"), [("8 Oct", True), ("13 Oct", False)])
def test_a_rule_that_says_the_same_is_new_on_days_before_it_was_in_force(on: str, *, flagged: bool) -> None:
    """The school's document holds from Monday 12 October; as a changed one it counts as if it always had."""
    since_monday = ASPIRE.replace("in_force_from = 2023-09-13", "in_force_from = 2026-10-12")

    told = simulated(a_pupil({on: "O"}), before=since_monday, after=since_monday)

    assert ("aspire-academy.day-1-contact" in {row.rule_id for row in told.rows}) is flagged


def test_a_duty_of_the_school_that_is_new_is_a_row_without_a_pupil() -> None:
    without = (
        ASPIRE[: ASPIRE.index('[[standing]]\nid = "leadership-meeting"')]
        + (ASPIRE[ASPIRE.index('[[standing]]\nid = "review"') :])
    )
    without = without.replace('rules = ["leadership-meeting"]', 'rules = ["review"]')

    told = simulated(before=without, after=ASPIRE)

    (row,) = told.rows
    assert (row.rule_id, row.pupil_id, row.before, row.after) == (
        "aspire-academy.leadership-meeting", None, None, day("5 Oct"),
    )  # fmt: skip


# -- progress and stopping -------------------------------------------------------------------------------------


def test_each_day_done_is_told_of_and_a_stop_keeps_what_is_known() -> None:
    done: list[tuple[int, int]] = []
    past = RecordsInHand(
        (a_pupil({"6 Oct..9 Oct": "O"}),),
        pair_rulebooks(the_law(), (a_policy(ASPIRE),), a_policy(aspire_with(("day-2-visit", "n = 2", "n = 1")))),
    )
    days = school_days("5 Oct", "23 Oct")

    told = simulate(
        past, days, progress=lambda so_far, of: done.append((so_far, of)), is_stopped=lambda: len(done) == 3
    )

    assert done == [(1, 15), (2, 15), (3, 15)]
    assert (told.judged, told.days, told.is_complete) == (3, 15, False)
    assert [(row.before, row.after) for row in told.rows] == [(day("7 Oct"), day("6 Oct"))]
    assert [week.monday for week in told.weeks] == [day("5 Oct")]


# -- the quick way finds what the plain one does -----------------------------------------------------------------

_FIRST, _LAST = "14 Sep", "16 Oct"
CHANGES: tuple[str, ...] = (
    aspire_with(("day-1-contact", "n = 1", "n = 2")),
    aspire_with(("day-2-visit", "n = 2", "n = 1"), ("day-3-police", "n = 3", "n = 4")),
    aspire_with(("day-2-visit", 'due = "same_day"', 'due = "this_week"')),
    aspire_with(("ten-days-absent", "n = 10", "n = 6")),
    aspire_with(("at-risk-groups", 'severity = "watch"', 'severity = "this_week"')),
    aspire_with(("day-3-second-visit", "visits_below = 2", "visits_below = 1")),
    ASPIRE.replace('id = "aspire-academy"', 'id = "larkfield"', 1),
    ASPIRE + _STRICTER.format(number="persistent-absence.percent", value=6),
    ASPIRE + _STRICTER.format(number="penalty-threshold.sessions", value=6),
    ASPIRE + _STRICTER.format(number="sickness-return.days", value=4),
    aspire_with(("ten-days-absent", "n = 10", "n = 6"))
    + _STRICTER.format(number="attendance-return.sessions", value=8),
)
_events = st.builds(
    lambda kind, on, outcome, with_: Event(
        kind, on, None, **({"outcome": outcome, "with_": with_} if kind is EventKind.CONTACT_ATTEMPT else {})
    ),
    st.sampled_from([EventKind.CONTACT_ATTEMPT, EventKind.MISSING, EventKind.FOUND, EventKind.NOTE]),
    st.sampled_from(school_days(_FIRST, _LAST)),
    st.sampled_from(AttemptOutcome),
    st.sampled_from([With.MOTHER, With.GRANDMOTHER, With.SIBLING]),
)
_lines = st.lists(st.tuples(st.sampled_from("////\\OONNIGU?.M"), st.integers(1, 14)), min_size=3, max_size=20).map(
    lambda stretches: "".join(symbol * length for symbol, length in stretches)
)


@st.composite
def any_pupils(draw: st.DrawFn) -> tuple[PupilRecord, ...]:
    due = close_of("21 Jul").sessions_due()
    circumstances = st.sets(st.sampled_from([Circumstance.LOOKED_AFTER, Circumstance.CHILD_IN_NEED]), max_size=1)
    return tuple(
        PupilRecord(
            Pupil(
                PupilId(number),
                BORN,
                date(2023, 9, 5),
                circumstances=tuple(DatedCircumstance(one) for one in draw(circumstances)),
            ),
            draw(_lines).ljust(due, "/")[:due].encode("ascii"),
            CONTACTS,
            tuple(sorted(draw(st.lists(_events, max_size=3)), key=lambda event: event.moment)),
        )
        for number in (1, 2)
    )


@settings(max_examples=100, deadline=None)
@given(any_pupils(), st.sampled_from(range(len(CHANGES))))
def test_the_quick_way_finds_what_judging_everything_twice_does(pupils: tuple[PupilRecord, ...], change: int) -> None:
    past = RecordsInHand(pupils, pair_rulebooks(the_law(), (a_policy(ASPIRE),), a_policy(CHANGES[change])))
    days = school_days(_FIRST, _LAST)

    assert quickly(past, days) == plainly(past, days)


def quickly(past: RecordsInHand, days: tuple[date, ...]) -> dict[str, object]:
    told = simulate(past, days)
    return {
        "rows": {(row.rule_id, row.pupil_id, row.before, row.after, row.school_days) for row in told.rows},
        "calls": told.calls,
        "visits": told.visits,
        "lasting": told.lasting,
        "otherwise": told.otherwise,
        "weeks": [(week.monday, week.after - week.before) for week in told.weeks],
    }


def plainly(past: RecordsInHand, days: tuple[date, ...]) -> dict[str, object]:
    """Judge everybody by every rule of both rulebooks on every day, and compare the days by hand."""
    before = _flagged(past, days, is_after=False)
    after = _flagged(past, days, is_after=True)
    rows, lasting, otherwise = set(), 0, 0
    for key in before.keys() | after.keys():
        mine, theirs = before.get(key, {}), after.get(key, {})
        for together in _joined(mine.keys(), theirs.keys()):
            first = min((number for number in together if number in mine), default=None)
            then = min((number for number in together if number in theirs), default=None)
            if first != then:
                apart = None if first is None or then is None else a_calendar().count_school_days_after(
                    days[min(first, then)], through=days[max(first, then)]
                ) * (1 if then > first else -1)  # fmt: skip
                rows.add((*key, None if first is None else days[first], None if then is None else days[then], apart))
            elif together & mine.keys() != together & theirs.keys():
                lasting += 1
            elif any(_asks(mine[number]) != _asks(theirs[number]) for number in together):
                otherwise += 1
    return {
        "rows": rows,
        "calls": _count(after, Act.CONTACT_FAMILY) - _count(before, Act.CONTACT_FAMILY),
        "visits": _count(after, Act.VISIT_HOME) - _count(before, Act.VISIT_HOME),
        "lasting": lasting,
        "otherwise": otherwise,
        "weeks": [
            (monday, _begun(after, days, monday) - _begun(before, days, monday))
            for monday in sorted({monday_of(on) for on in days})
        ],
    }


_Flagged = dict[tuple[str, PupilId | None], dict[int, Flag]]


def _flagged(past: RecordsInHand, days: tuple[date, ...], *, is_after: bool) -> _Flagged:
    found: _Flagged = {}
    for number, on in enumerate(days):
        rulebook = past.pair.after if is_after else past.pair.before
        judgement = past.judgement(on)
        everybody = past.records(judgement, quiet_too=True)
        for flag in (*review(everybody, judgement, rulebook), *review_school(judgement, rulebook)):
            rule_id = flag.rule_id.replace("larkfield.", "aspire-academy.")
            found.setdefault((rule_id, flag.pupil_id), {})[number] = flag
    return found


def _joined(mine: Iterable[int], theirs: Iterable[int]) -> list[set[int]]:
    """Put days together that follow each other in one of the two."""
    mine, theirs = set(mine), set(theirs)
    found: list[set[int]] = []
    for number in sorted(mine | theirs):
        if any({number - 1, number} <= days for days in (mine, theirs)):
            found[-1].add(number)
        else:
            found.append({number})
    return found


def _runs(days: Iterable[int]) -> list[set[int]]:
    return _joined(days, ())


def _count(flagged: _Flagged, act: Act) -> int:
    return sum(
        any(theirs[number].duty.act is act for number in run) for theirs in flagged.values() for run in _runs(theirs)
    )


def _begun(flagged: _Flagged, days: tuple[date, ...], monday: date) -> int:
    return sum(monday_of(days[min(run)]) == monday for theirs in flagged.values() for run in _runs(theirs))


def _asks(flag: Flag) -> tuple[object, ...]:
    return flag.severity, flag.duty, flag.due
