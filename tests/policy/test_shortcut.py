"""Rules that need an absence or an event are not tried without one, and that never changes what is found."""

from __future__ import annotations

from dataclasses import replace

from cme_desktop.policy.review import review
from cme_desktop.policy.rule import Rule
from tests.performance.judging import load_aspire_rulebook, make_roll


def test_trying_every_rule_on_everybody_finds_the_same_flags() -> None:
    judgement, records = make_roll(years=2, pupils=300)
    rulebook = load_aspire_rulebook()
    every_rule = tuple(
        replace(rule, needs_absence_or_event=False) if isinstance(rule, Rule) else rule for rule in rulebook.rules
    )

    quick = review(records, judgement, rulebook)
    thorough = review(records, judgement, replace(rulebook, rules=every_rule))

    assert any(rule.needs_absence_or_event for rule in rulebook.rules)
    assert len(quick) > 100
    assert quick == thorough
