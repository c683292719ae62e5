"""Rules that need an absence or an event are not tried without one, and that never changes what is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cme_desktop.casework.situations import known_words, list_supplied_policies, record_at, supplied_rulebook
from cme_desktop.importers.situations import read_situation
from cme_desktop.policy.record import Judgement, SchoolRecord
from cme_desktop.policy.review import review
from cme_desktop.policy.rule import Rule
from cme_desktop.policy.rulebook import Rulebook
from tests.builders import RESOURCES
from tests.performance.judging import make_roll

SITUATIONS = Path(__file__).parent / "situations"
EVERY_POLICY = list_supplied_policies(RESOURCES)


def trying_every_rule(rulebook: Rulebook) -> Rulebook:
    every_rule = tuple(
        replace(rule, needs_absence_or_event=False) if isinstance(rule, Rule) else rule for rule in rulebook.rules
    )
    return replace(rulebook, rules=every_rule)


@pytest.mark.parametrize("policies", [("aspire-academy",), EVERY_POLICY], ids=["one policy", "every policy"])
def test_trying_every_rule_on_everybody_finds_the_same_flags(policies: tuple[str, ...]) -> None:
    judgement, records = make_roll(years=2, pupils=300)
    rulebook = supplied_rulebook(RESOURCES, policies)

    quick = review(records, judgement, rulebook)
    thorough = review(records, judgement, trying_every_rule(rulebook))

    assert any(rule.needs_absence_or_event for rule in rulebook.rules)
    assert len(quick) > 100
    assert quick == thorough


def test_trying_every_rule_in_every_situation_finds_the_same_flags() -> None:
    rulebook = supplied_rulebook(RESOURCES, EVERY_POLICY)
    known = known_words(RESOURCES)
    raised = set()

    for path in SITUATIONS.rglob("*.toml"):
        situation = read_situation(path.read_bytes(), known=known, resources=RESOURCES).situation
        assert situation is not None
        for expectation in situation.expectations:
            school = SchoolRecord(situation.school_type, records_begin=situation.calendar.years[0].first_day)
            judgement = Judgement(situation.calendar, expectation.at, school=school)
            record = record_at(situation, judgement)
            if record is not None:
                quick = review((record,), judgement, rulebook)
                raised |= {flag.rule_id for flag in quick}
                assert quick == review((record,), judgement, trying_every_rule(rulebook)), path.name

    assert raised >= {rule.id for rule in rulebook.rules}
