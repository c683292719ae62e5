"""Every morning made-up pupils must trip their rules; a rule that does not answer is said aloud."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import load_roll
from cme_desktop.casework.self_test import FOLDER, find_failures, run_self_test
from cme_desktop.casework.situations import judge_file, known_words, list_supplied_policies, supplied_rulebook
from cme_desktop.policy.parameters import Parameters
from cme_desktop.policy.rulebook import Rulebook
from cme_desktop.storage.policies import adopt_policy
from tests.builders import RESOURCES
from tests.office import MANAGER, TODAY

AT = datetime.combine(TODAY, time(8, 21))
NEVER_ASKED = frozenset({
    "derbyshire.twenty-days", "east-sussex.twenty-days", "east-sussex.register-inspection",
    "england.home-education-consent", "england.children-not-in-school",
})  # fmt: skip
"""Cited beside another rule, carried out on request, or switched off until the Act's sections commence."""

ASPIRE = "aspire-academy"
NO_EDGE = {
    "england.home-education-notice.removal-after", "england.part-time-timetable.in-use",
    "england.outside-request.reply-within",
}  # fmt: skip
"""Numbers that no made-up pupil stands at the edge of: they date a later step, not when the rule is raised."""

NUMBERS = tuple(
    name
    for name, number in supplied_rulebook(RESOURCES, ()).parameters.by_name.items()
    if number.unit != "switch" and not name.startswith("england.removal.") and name not in NO_EDGE
)
"""The numbers of rules: a switch has no looser by one, and those of removal belong to its gate."""


def everything() -> Rulebook:
    return supplied_rulebook(RESOURCES, list_supplied_policies(RESOURCES))


def without(rule_id: str) -> Rulebook:
    rulebook = everything()
    return replace(
        rulebook,
        rules=tuple(rule for rule in rulebook.rules if rule.id != rule_id),
        school_rules=tuple(rule for rule in rulebook.school_rules if rule.id != rule_id),
    )


def loosened(name: str) -> Rulebook:
    rulebook = everything()
    number = rulebook.parameters.by_name[name]
    step = 1 if number.stricter == "fewer" else -1
    values = tuple(replace(value, value=value.value + step) for value in number.values)
    return replace(
        rulebook, parameters=Parameters({**rulebook.parameters.by_name, name: replace(number, values=values)})
    )


def policy_text(*, change: tuple[str, str] = ("", "")) -> str:
    text = (RESOURCES / "policies" / f"{ASPIRE}.toml").read_text("utf-8")
    assert change[0] in text
    return text.replace(*change)


# -- the made-up pupils ----------------------------------------------------------------------------------------


def test_every_rule_of_every_supplied_policy_has_somebody_made_up() -> None:
    files = {path.stem for path in (RESOURCES / FOLDER).glob("*.toml")}

    assert known_words(RESOURCES).rule_ids - files == NEVER_ASKED


def test_nobody_made_up_is_for_a_rule_that_does_not_exist() -> None:
    files = {path.stem for path in (RESOURCES / FOLDER).glob("*.toml")}

    assert files - known_words(RESOURCES).rule_ids == set()


def test_each_file_is_a_situation_that_holds_and_expects_the_rule_it_is_named_after() -> None:
    for path in sorted((RESOURCES / FOLDER).glob("*.toml")):
        judged = judge_file(path, resources=RESOURCES)

        assert judged.ok, path.stem
        assert f'flags = ["{path.stem}"]' in path.read_text("utf-8")


# -- passing ---------------------------------------------------------------------------------------------------


def test_the_supplied_rulebook_passes() -> None:
    test = find_failures(RESOURCES, everything(), at=AT)

    assert test.failures == ()
    assert test.passed_at == AT
    assert test.tested == len(known_words(RESOURCES).rule_ids) - len(NEVER_ASKED)
    assert test.words == "Rules self-test passed 8:21"
    assert test.alarm == ""


@pytest.mark.parametrize("on", [date(2025, 3, 3), date(2031, 7, 1)])
def test_it_passes_whatever_the_year(on: date) -> None:
    assert find_failures(RESOURCES, everything(), at=datetime.combine(on, AT.time())).passed


def test_a_school_without_a_policy_is_tested_by_the_law_alone() -> None:
    test = find_failures(RESOURCES, supplied_rulebook(RESOURCES, ()), at=AT)

    assert test.passed
    law = supplied_rulebook(RESOURCES, ())
    assert test.tested == len(law.ids - NEVER_ASKED)


def test_a_rule_that_is_not_yet_in_force_is_not_asked() -> None:
    rulebook = everything()
    later = replace(rulebook.rules[0], in_force_from=date(2027, 9, 1))  # type: ignore[type-var]

    test = find_failures(RESOURCES, replace(rulebook, rules=(later, *rulebook.rules[1:])), at=AT)

    assert test.passed


# -- failing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule_id", ["england.not-seen", "aspire-academy.day-2-visit", "aspire-academy.review"])
def test_a_rule_taken_out_of_the_rulebook_is_missed(rule_id: str) -> None:
    test = find_failures(RESOURCES, without(rule_id), at=AT)

    assert [one.rule_id for one in test.failures] == [rule_id]
    assert test.passed_at is None
    assert test.alarm == "The list can't be trusted: 1 rule did not answer"
    assert test.words == "Rules self-test failed: 1 rule"


@pytest.mark.parametrize("name", NUMBERS)
def test_each_number_of_the_law_made_looser_by_one_is_noticed(name: str) -> None:
    test = find_failures(RESOURCES, loosened(name), at=AT)

    assert test.failures


def test_a_rule_whose_predicate_has_gone_quiet_is_noticed() -> None:
    rulebook = everything()
    rules = tuple(
        replace(rule, limbs=()) if rule.id == "england.unexplained-absence" else rule  # type: ignore[type-var]
        for rule in rulebook.rules
    )

    (silent,) = find_failures(RESOURCES, replace(rulebook, rules=rules), at=AT).failures

    assert silent.title == "Unexplained absence"
    assert silent.why.startswith("It is not raised for its made-up pupil on ")


def test_a_missing_or_broken_file_is_a_failure_and_not_a_pass(tmp_path: Path) -> None:
    resources = tmp_path / "resources"
    shutil.copytree(RESOURCES, resources, ignore=shutil.ignore_patterns("fonts", "icons"))
    (resources / FOLDER / "england.not-seen.toml").unlink()
    (resources / FOLDER / "england.twenty-days.toml").write_text("title = ", encoding="utf-8")

    test = find_failures(resources, everything(), at=AT)

    assert {one.rule_id: one.why.partition(":")[0] for one in test.failures} == {
        "england.not-seen": "There is no made-up pupil for it.",
        "england.twenty-days": "Its made-up pupil can't be read",
    }


def test_a_program_without_its_made_up_pupils_is_never_trusted(tmp_path: Path) -> None:
    resources = tmp_path / "resources"
    shutil.copytree(RESOURCES, resources, ignore=shutil.ignore_patterns("fonts", "icons", FOLDER))

    test = find_failures(resources, everything(), at=AT)

    assert not test.passed
    assert len(test.failures) == len(known_words(RESOURCES).rule_ids - NEVER_ASKED)


# -- at the school ---------------------------------------------------------------------------------------------


def test_the_school_s_own_rulebook_is_tested_as_it_judges_the_roll(office: Office) -> None:
    test = run_self_test(office, load_roll(office).rulebook)

    assert test.passed
    assert test.on == TODAY
    assert test.words == "Rules self-test passed 9:40"


def test_a_policy_made_stricter_by_the_school_still_answers(office: Office) -> None:
    adopt(office, policy_text(change=("days = 16", "days = 11")))

    test = run_self_test(office, load_roll(office).rulebook)

    assert test.passed
    assert test.untested == ()


def test_a_step_the_school_has_put_out_of_reach_is_called_untested_and_not_passed_over(office: Office) -> None:
    adopt(office, policy_text(change=("episodes = 3", "episodes = 30")))

    test = run_self_test(office, load_roll(office).rulebook)

    assert test.untested == ("aspire-academy.missing-episodes",)
    assert test.words == "Rules self-test passed 9:40, 1 own rule untested"


def test_a_step_the_school_has_struck_out_of_its_policy_is_not_missed(office: Office) -> None:
    start = policy_text().index('[[standing]]\nid = "review"')
    without_review = policy_text()[:start].replace('rules = ["review"]', "")
    adopt(office, without_review.replace('treatment = "standing_duty"', 'treatment = "information"', 1))

    test = run_self_test(office, load_roll(office).rulebook)

    assert test.passed


def adopt(office: Office, document: str) -> None:
    with office.database.transaction() as db:
        adopt_policy(db, policy_id=ASPIRE, document=document, adopted_on=TODAY, why="Changed", by=MANAGER.id)
