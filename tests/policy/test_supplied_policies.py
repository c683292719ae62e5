"""The supplied policies as a whole: no clause without a row, adoption, citation, no school known to the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cme_desktop.domain.errors import CmeError
from cme_desktop.policy.parameters import load_parameters
from cme_desktop.policy.rulebook import PARAMETERS, load_rulebook
from cme_desktop.policy.school_policy import PolicyKind, SchoolPolicy
from cme_desktop.policy.school_policy_text import read_school_policy
from tests.builders import RESOURCES, a_record, a_rulebook, close_of, flags_of
from tests.policy.clauses import BESIDE, CLAUSES, RULES

PROJECT = Path(__file__).parents[2]
LAW = load_parameters((RESOURCES / "parameters.toml").read_text("utf-8"))
IDS = tuple(path.stem for path in sorted((RESOURCES / "policies").glob("*.toml")))


def the_policy(policy_id: str) -> SchoolPolicy:
    read = read_school_policy((RESOURCES / "policies" / f"{policy_id}.toml").read_bytes(), parameters=LAW)
    assert read.policy is not None, read.problems
    return read.policy


# -- clauses and rules ---------------------------------------------------------------------------------------------


def test_the_six_policies_are_supplied() -> None:
    assert set(IDS) == set(CLAUSES)
    assert {policy_id for policy_id in IDS if the_policy(policy_id).kind is PolicyKind.AUTHORITY} == {
        "derbyshire",
        "east-sussex",
    }


@pytest.mark.parametrize("policy_id", IDS)
def test_no_clause_that_asks_for_something_is_without_a_row(policy_id: str) -> None:
    policy = the_policy(policy_id)
    listed = [clause.id for clause in policy.clauses]
    asked = {clause_id for _, ids in CLAUSES[policy_id] for clause_id in ids}

    assert asked - set(listed) == set()
    assert set(listed) - asked == set(BESIDE[policy_id])
    assert all(ids for _, ids in CLAUSES[policy_id])


@pytest.mark.parametrize("policy_id", IDS)
def test_the_rows_stand_in_the_order_of_the_document(policy_id: str) -> None:
    place = {clause.id: position for position, clause in enumerate(the_policy(policy_id).clauses)}
    places = [place[ids[0]] for _, ids in CLAUSES[policy_id]]

    assert places == sorted(places)


@pytest.mark.parametrize("policy_id", IDS)
def test_each_policy_has_exactly_the_rules_of_the_rulebook(policy_id: str) -> None:
    assert sorted(the_policy(policy_id).rule_ids) == sorted(f"{policy_id}.{slug}" for slug in RULES[policy_id])


@pytest.mark.parametrize("policy_id", IDS)
def test_a_clause_leaves_its_duty_only_to_rules_that_the_rulebook_names(policy_id: str) -> None:
    named = {rule_id for clause in the_policy(policy_id).clauses for rule_id in clause.rules}
    known = {f"{policy}.{slug}" for policy in ("england", policy_id) for slug in RULES[policy]}

    assert named - known == set()
    assert {rule.beside for rule in the_policy(policy_id).cited} <= known


# -- adopting and citing -------------------------------------------------------------------------------------------


def test_a_policy_that_adopts_another_brings_its_rules_under_their_own_names() -> None:
    texts = {policy_id: (RESOURCES / "policies" / f"{policy_id}.toml").read_text("utf-8") for policy_id in IDS}
    texts[PARAMETERS] = (RESOURCES / "parameters.toml").read_text("utf-8")

    alone = load_rulebook(texts, policies=("kings-academy-ringmer",))
    both = load_rulebook(texts, policies=("kings-academy-ringmer", "east-sussex"))

    assert alone.policies == both.policies == ("east-sussex", "kings-academy-ringmer")
    assert alone.ids == both.ids
    assert {"east-sussex.referral", "kings-academy-ringmer.review"} <= alone.ids


def test_a_policy_without_the_one_that_it_adopts_is_refused() -> None:
    with pytest.raises(CmeError, match="not supplied"):
        a_rulebook("kings-academy-ringmer")


@pytest.mark.parametrize("county", ["derbyshire", "east-sussex"])
def test_twenty_days_cites_the_county_beside_the_law(county: str) -> None:
    judged = close_of("9 Oct")
    record = a_record({"14 Sep..9 Oct": "O"}, judged=judged)

    law = flags_of(record, judged)["england.twenty-days"]
    flags = flags_of(record, judged, county)

    assert {reference.policy_id for reference in law.references} == {"england"}
    assert [str(reference) for reference in flags["england.twenty-days"].references if reference not in law.references]
    assert flags["england.twenty-days"].references[-1].policy_id == county
    assert f"{county}.twenty-days" in a_rulebook(county).ids
    assert f"{county}.twenty-days" not in flags


# -- the program knows no school -----------------------------------------------------------------------------------


def test_nothing_in_the_program_knows_a_schools_name() -> None:
    """Neither a policy's id, as a word by itself or before a rule's slug, nor the name of a school."""
    policies = [the_policy(policy_id) for policy_id in IDS]
    ids = "|".join(re.escape(policy.id) for policy in policies)
    titles = "|".join(re.escape(policy.title) for policy in policies if policy.kind is PolicyKind.SCHOOL)
    named = re.compile(rf"[\"'](?:{ids})[\"'.]|{titles}")
    sources = sorted((PROJECT / "cme_desktop").rglob("*.py"))

    assert named.search('policies=("aspire-academy",)')
    assert sources
    assert {source.name for source in sources if named.search(source.read_text("utf-8"))} == set()
