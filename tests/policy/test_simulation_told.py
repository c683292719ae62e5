"""What a simulation tells: when it says that nothing changes, of which days, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.simulate import Asked, SimulatedRow, Simulation, pair_rulebooks, simulate
from tests.builders import day
from tests.policy.test_simulate import (
    ASPIRE,
    DAY_2_VISIT,
    RecordsInHand,
    a_policy,
    a_pupil,
    aspire_with,
    school_days,
    simulated,
    the_law,
)

NOTHING = Simulation(day("5 Oct"), day("9 Oct"), 5, 5, (), (), Asked(2, 1), Asked(2, 1))
ROW = SimulatedRow("a.rule", "A rule", PupilId(1), day("5 Oct"), None, None)


@pytest.mark.parametrize(
    ("told", "nothing"),
    [
        (NOTHING, True),
        (replace(NOTHING, rows=(ROW,)), False),
        (replace(NOTHING, lasting=1), False),
        (replace(NOTHING, otherwise=1), False),
    ],
)
def test_nothing_changes_only_where_nothing_at_all_differs(told: Simulation, *, nothing: bool) -> None:
    assert told.changes_nothing is nothing


def test_more_and_fewer_are_told_apart() -> None:
    more = replace(NOTHING, after=Asked(5, 0))

    assert (more.calls, more.visits) == (3, -1)


def test_the_period_is_told_from_its_first_day_to_its_last() -> None:
    told = simulated(a_pupil({"6 Oct": "O"}), after=ASPIRE)

    assert (told.first, told.last, told.days) == (day("5 Oct"), day("23 Oct"), 15)


def test_rows_come_by_day_then_rule_then_pupil() -> None:
    changed = aspire_with(("day-2-visit", "n = 2", "n = 1"))
    pupils = (a_pupil({"7 Oct": "O"}, number=2), a_pupil({"7 Oct": "O"}, number=1), a_pupil({"6 Oct": "O"}, number=3))

    told = simulated(*pupils, after=changed)

    assert [(row.after, row.pupil_id) for row in told.rows] == [
        (day("6 Oct"), PupilId(3)),
        (day("7 Oct"), PupilId(1)),
        (day("7 Oct"), PupilId(2)),
    ]


def test_a_flag_that_lasts_longer_and_asks_for_the_same_is_told_as_lasting_only() -> None:
    longer = simulated(
        a_pupil({"8 Oct..13 Oct": "O"}), after=aspire_with(("day-2-visit", 'severity = "now"', 'severity = "today"'))
    )

    assert (longer.rows, longer.lasting, longer.otherwise) == ((), 0, 1)


def test_a_step_that_the_changed_policy_no_longer_has_is_told() -> None:
    own = a_policy(ASPIRE)
    without = replace(own, steps=tuple(step for step in own.steps if step.id != DAY_2_VISIT))
    past = RecordsInHand((a_pupil({"8 Oct..9 Oct": "O"}),), pair_rulebooks(the_law(), (own,), without))

    told = simulate(past, school_days("5 Oct", "9 Oct"))

    assert [(row.rule_id, row.before, row.after) for row in told.rows] == [(DAY_2_VISIT, day("9 Oct"), None)]


def test_before_a_policy_held_it_asked_for_nothing() -> None:
    """The school's document holds from Monday 12 October; as a changed one it counts as if it always had."""
    since_monday = aspire_with(("day-2-visit", "n = 2", "n = 1")).replace(
        "in_force_from = 2023-09-13", "in_force_from = 2026-10-12"
    )
    changed = ASPIRE.replace("in_force_from = 2023-09-13", "in_force_from = 2026-10-12")

    early = simulated(a_pupil({"8 Oct": "O"}), before=since_monday, after=changed)
    later = simulated(a_pupil({"13 Oct": "O"}), before=since_monday, after=changed)

    assert DAY_2_VISIT not in {row.rule_id for row in early.rows}
    assert DAY_2_VISIT in {row.rule_id for row in later.rows}
