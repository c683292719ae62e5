"""The command that puts faults into the policy works: it notices what matters and lets live what changes nothing."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutation import live
from tests.mutation.mutations import PROJECT, MutatedModule, list_modules

AGES = '''"""Who is of age; 18 stands here in words only."""

OF_AGE = 18
CODES = frozenset({"O", "U"})


def is_of_age(years: int) -> bool:
    """Whether somebody is of age."""
    if years < 0:
        return False
    return years >= OF_AGE


def seats(years: tuple[int, ...]) -> int:
    """How many seats are needed, one at least."""
    return max(sum(is_of_age(each) for each in years), 1)
'''


@pytest.fixture
def ages(tmp_path: Path) -> tuple[ModuleType, MutatedModule]:
    """Import a small module and find what may be changed in it."""
    path = tmp_path / "ages.py"
    path.write_text(AGES, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("ages", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, MutatedModule(path)


def survivors(module: ModuleType, mutated: MutatedModule, check: Callable[[ModuleType], bool]) -> set[str]:
    """Give the module each mutant of its functions in turn, and name those that the check does not notice."""
    functions = {
        (function.__code__.co_qualname, function.__code__.co_firstlineno): [function]
        for function in (module.is_of_age, module.seats)
    }
    before = live.codes_of(mutated.code())
    alive: set[str] = set()
    for mutant in mutated.mutants:
        if mutant.in_function:
            live.give(mutant, mutated, before, functions)
            if check(module):
                alive.add(mutant.change)
            for key, (function,) in functions.items():
                function.__code__ = before[key][0]
    return alive


def test_each_boundary_constant_branch_and_table_is_changed_and_no_word(
    ages: tuple[ModuleType, MutatedModule],
) -> None:
    changes = [(mutant.scope, mutant.change) for mutant in ages[1].mutants]

    assert ("OF_AGE", "18 → 19") in changes
    assert ("CODES", "without 'U'") in changes
    assert ("is_of_age", "years >= OF_AGE → years > OF_AGE") in changes
    assert ("is_of_age", "years >= OF_AGE → years < OF_AGE") in changes
    assert ("is_of_age", "if years < 0 → if False") in changes
    assert ("is_of_age", "return years >= OF_AGE → return None") in changes
    assert any(change.startswith("max(") and "→ min(" in change for _, change in changes)
    assert len(changes) == len(set(changes))
    assert not any("Whether" in change or "Who" in change for _, change in changes)


def test_a_fault_that_matters_is_noticed_and_one_that_changes_nothing_survives(
    ages: tuple[ModuleType, MutatedModule],
) -> None:
    def check(module: ModuleType) -> bool:
        answers = [module.is_of_age(years) is True for years in (17, 18, 19)]
        return answers == [False, True, True] and [module.seats(each) for each in ((), (18,), (18, 40, 3))] == [1, 1, 2]

    alive = survivors(*ages, check)

    assert alive == {
        "if years < 0 → if False",
        "years < 0 → years <= 0",
        "0 → 1 in years < 0",
        "0 → -1 in years < 0",
        "False → True",
    }


def test_without_a_check_everything_survives(ages: tuple[ModuleType, MutatedModule]) -> None:
    alive = survivors(*ages, lambda _: True)

    assert len(alive) == sum(mutant.in_function for mutant in ages[1].mutants)


def test_the_policy_and_the_calendar_are_mutated() -> None:
    names = {path.relative_to(PROJECT).as_posix() for path in list_modules()}

    assert {
        "cme_desktop/domain/calendar.py",
        "cme_desktop/policy/facts.py",
        "cme_desktop/policy/rules/leave.py",
    } <= names


@pytest.mark.skipif(sys.platform == "win32", reason="a process is copied for each mutant")
def test_a_trial_ends_by_itself_though_the_mutant_does_not() -> None:
    trial = """
import signal
from tests.mutation.trials import in_child

def never_ends(_write):
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.05)
    while True:
        pass

print([in_child(lambda _: 0)[0], in_child(lambda _: 1)[0], in_child(never_ends)[2], in_child(lambda _: 1 / 0)[0]])
"""
    ran = subprocess.run([sys.executable, "-c", trial], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert ran.stdout.strip() == "[0, 1, True, 1]", ran.stderr
