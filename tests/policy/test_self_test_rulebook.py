"""For the morning's self-test every rule in force today holds on any day; one that is switched off stays so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cme_desktop.policy.rule import Rule
from cme_desktop.policy.self_test import held_always
from tests.builders import a_rulebook, day

CONSENT = "england.home-education-consent"


def test_rules_in_force_hold_always_and_others_are_left_out() -> None:
    rulebook = a_rulebook("all-saints")
    first = next(rule for rule in rulebook.rules if isinstance(rule, Rule))
    to_come = replace(first, id="england.to-come", in_force_from=day("1 Jan"))
    gone = replace(first, id="england.gone", in_force_to=day("1 Oct"))

    held = held_always(replace(rulebook, rules=(*rulebook.rules, to_come, gone)), on=day("9 Nov"))

    ids = {rule.id for rule in held.rules}
    assert first.id in ids
    assert {"england.to-come", "england.gone", CONSENT}.isdisjoint(ids)
    assert all(rule.is_in_force(date.min) and rule.is_in_force(date.max) for rule in held.rules)
    assert held.school_rules
    assert all(rule.is_in_force(date.min) for rule in held.school_rules)


def test_a_rule_switched_on_is_held_too() -> None:
    rulebook = a_rulebook()
    on = replace(rulebook, parameters=rulebook.parameters.switched_on(f"{CONSENT}.in-force", since=day("1 Sep")))

    assert CONSENT in {rule.id for rule in held_always(on, on=day("9 Nov")).rules}
    assert CONSENT not in {rule.id for rule in held_always(rulebook, on=day("9 Nov")).rules}
