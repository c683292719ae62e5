"""Every situation holds, and every rule has one that raises it and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from cme_desktop.casework.situations import (
    judge_file,
    known_words,
    list_supplied_policies,
    record_at,
    supplied_rulebook,
)
from cme_desktop.importers.situations import Situation, read_situation
from cme_desktop.policy.record import Judgement

FOLDER = Path(__file__).parent / "situations"
RESOURCES = Path(__file__).parents[2] / "resources"
NEVER_RAISED = {"derbyshire.twenty-days", "east-sussex.twenty-days", "east-sussex.register-inspection"}
"""Two that are only cited beside the law's rule, and three lists that somebody asks for."""
FILES = tuple(sorted(FOLDER.rglob("*.toml")))


def a_situation(path: Path) -> Situation:
    read = read_situation(path.read_bytes(), known=known_words(RESOURCES), resources=RESOURCES)
    assert read.situation is not None, read.problems
    return read.situation


@pytest.mark.parametrize("path", FILES, ids=[path.relative_to(FOLDER).as_posix() for path in FILES])
def test_the_situation_holds(path: Path) -> None:
    judged = judge_file(path, resources=RESOURCES)

    assert judged.error == ""
    assert judged.failures == ()


def test_every_rule_has_a_situation_that_raises_it() -> None:
    raised = {
        rule_id
        for path in FILES
        for expectation in a_situation(path).expectations
        for rule_id in (*expectation.flags, *(name for name, _ in expectation.severity))
    }

    assert known_words(RESOURCES).rule_ids - raised == NEVER_RAISED


def test_every_rule_has_a_situation_in_which_it_stays_quiet() -> None:
    quiet: set[str] = set()
    for path in FILES:
        situation = a_situation(path)
        for expectation in situation.expectations:
            quiet.update(expectation.not_flags)
            if expectation.nothing:
                rulebook = supplied_rulebook(RESOURCES, situation.policies)
                rules = rulebook.school_rules if situation.pupil is None else rulebook.rules
                quiet.update(rule.id for rule in rules)

    assert known_words(RESOURCES).rule_ids - quiet == set()


def test_every_supplied_policy_has_situations() -> None:
    used = {policy for path in FILES for policy in a_situation(path).policies}

    assert set(list_supplied_policies(RESOURCES)) <= used


def test_later_marks_and_events_are_not_seen() -> None:
    situation = a_situation(FOLDER / "aspire-parents-unaware.toml")
    first = situation.expectations[0]

    record = record_at(situation, Judgement(situation.calendar, first.at))

    assert record is not None
    assert record.events == ()
    assert len(record.line) == situation.calendar.count_sessions_before(first.at.date()) + 1
