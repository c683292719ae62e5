"""What a simulation tells: when it says that nothing changes, of which days, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from cme_desktop.domain.events import EventKind, VisitOutcome
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance
from cme_desktop.policy.school_policy import SchoolPolicy
from cme_desktop.policy.simulate import Asked, RulebookPair, SimulatedRow, Simulation, pair_rulebooks, simulate
from tests.builders import RESOURCES, an_event, day
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


# -- of whom and of what it is told --------------------------------------------------------------------------------


def supplied(name: str) -> SchoolPolicy:
    return a_policy((RESOURCES / "policies" / f"{name}.toml").read_text("utf-8"))


def test_a_step_that_an_authority_s_policy_has_by_the_same_name_is_not_taken_for_it() -> None:
    """Derbyshire's policy stays, and has a step for groups at risk too."""
    changed = a_policy(aspire_with(("at-risk-groups", 'severity = "watch"', 'severity = "this_week"')))

    assert pair_rulebooks(the_law(), (supplied("derbyshire"), supplied("aspire-academy")), changed).renamed == {}


def test_of_two_policies_that_give_way_the_first_one_s_step_is_meant() -> None:
    changed = a_policy(ASPIRE.replace('id = "aspire-academy"', 'id = "larkfield"', 1))

    pair = pair_rulebooks(the_law(), (supplied("aspire-academy"), supplied("randal-cremer")), changed)

    assert pair.renamed["larkfield.at-risk-groups"] == "aspire-academy.at-risk-groups"


def test_a_flag_that_lasts_longer_is_not_told_as_asking_for_something_else_too() -> None:
    visit = an_event(EventKind.HOME_VISIT, "9 Oct", "11:00", outcome=VisitOutcome.NO_REPLY)
    pupil = a_pupil({"8 Oct..13 Oct": "O"}, visit, circumstances=(DatedCircumstance(Circumstance.LOOKED_AFTER),))

    told = simulated(pupil, after=aspire_with(("day-1-visit", "visits_below = 1", "visits_below = 2")))

    assert (told.lasting, told.otherwise) == (1, 0)


def test_of_a_pupil_who_is_here_and_of_whom_something_is_recorded_a_changed_step_is_told() -> None:
    found = an_event(EventKind.FOUND, "8 Oct", "11:00")
    child = a_pupil({}, found, circumstances=(DatedCircumstance(Circumstance.LOOKED_AFTER),))

    told = simulated(child, after=aspire_with(("found", 'severity = "today"', 'severity = "now"')))

    assert (told.rows, told.otherwise) == ((), 1)


def test_a_row_stands_by_the_earlier_of_its_days() -> None:
    """Away from Friday to Monday, and on Monday alone: the second pupil's row begins only on Monday."""
    changed = aspire_with(("day-2-visit", "n = 2", "n = 1"))

    told = simulated(
        a_pupil({"12 Oct": "O"}, number=1), a_pupil({"9 Oct..12 Oct": "O"}, number=2), after=changed, last="16 Oct"
    )

    assert [(row.pupil_id, row.before, row.after) for row in told.rows] == [
        (PupilId(2), day("12 Oct"), day("9 Oct")),
        (PupilId(1), None, day("12 Oct")),
    ]


# -- duties of the school ------------------------------------------------------------------------------------------

MEETING = "aspire-academy.leadership-meeting"
SINCE_MONDAY = ("in_force_from = 2023-09-13", "in_force_from = 2026-10-12")


def test_a_duty_of_the_school_that_asks_for_something_else_is_told() -> None:
    other = ASPIRE.replace("on the leadership meeting's agenda", "on the agenda of the governors' meeting")

    told = simulated(before=ASPIRE, after=other)

    assert (told.rows, told.otherwise) == ((), 1)


def test_a_duty_that_says_the_same_is_new_on_the_days_before_its_policy_held() -> None:
    since_monday = ASPIRE.replace(*SINCE_MONDAY)

    told = simulated(before=since_monday, after=since_monday)

    assert {row.rule_id: (row.before, row.after) for row in told.rows}[MEETING] == (day("12 Oct"), day("5 Oct"))


def test_a_changed_duty_asked_for_nothing_before_its_policy_held() -> None:
    other = ASPIRE.replace("on the leadership meeting's agenda", "on the agenda of the governors' meeting")

    told = simulated(before=ASPIRE.replace(*SINCE_MONDAY), after=other)

    assert {row.rule_id: (row.before, row.after) for row in told.rows}[MEETING] == (day("12 Oct"), day("5 Oct"))


# -- a period in which the policy was adopted ----------------------------------------------------------------------


def test_an_absence_over_the_day_on_which_a_policy_began_to_hold_was_flagged_from_that_day_before() -> None:
    """The school's document holds from Monday 12 October, and says the same as the changed one."""
    since_monday = ASPIRE.replace(*SINCE_MONDAY)

    told = simulated(a_pupil({"9 Oct..13 Oct": "O"}), before=since_monday, after=since_monday)

    contact = {row.rule_id: (row.before, row.after, row.school_days) for row in told.rows}[
        "aspire-academy.day-1-contact"
    ]
    assert contact == (day("12 Oct"), day("9 Oct"), -1)


@dataclass(frozen=True)
class AdoptedLater(RecordsInHand):
    """A past in which the school had no policy, and adopted one on a day of it."""

    since: date
    then: RulebookPair

    def rulebooks(self, on: date) -> RulebookPair:
        return self.then if on >= self.since else self.pair


def test_a_number_of_the_law_that_a_policy_made_stricter_flagged_from_the_day_it_was_adopted() -> None:
    number = '\n[[stricter]]\nparameter = "england.sickness-return.days"\nvalue = 10\nclause = "cover"\n'
    policy = a_policy(ASPIRE + number)
    before, then = (pair_rulebooks(the_law(), adopted, policy) for adopted in ((), (policy,)))
    past = AdoptedLater((a_pupil({"5 Oct..23 Oct": "I"}),), before, day("19 Oct"), then)

    told = simulate(past, school_days("5 Oct", "23 Oct"))

    sickness = {row.rule_id: (row.before, row.after, row.school_days) for row in told.rows}["england.sickness-return"]
    assert sickness == (day("19 Oct"), day("16 Oct"), -1)
