"""Try one mutant after another: each in a process of its own, which ends at the first test that fails."""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from tests.mutation import live
from tests.mutation.collecting import SITUATIONS, TESTED_BY, be_silent, passes, with_tests
from tests.mutation.mutations import PROJECT, Mutant, MutatedModule
from tests.mutation.reach import Reach

if TYPE_CHECKING:
    import pytest

_SURVIVED, _KILLED, _NOT_LIVE = 0, 1, 3
_MEMORY: Final = 2 * 1024**3
_SLOW: Final = 0.5
_PATIENCE: Final = 4
"""A test that takes so many times as long as without the mutant, and a second more, will not end."""


MADE_FOR: Final = {
    "::test_the_quick_way_finds_what_judging_everything_twice_does": "simulate",
    "::test_in_every_situation_what_is_called_raised_is_raised": "why_not",
    "::test_trying_every_rule_in_every_situation": "triggers",
    "::test_trying_every_rule_finds_the_same_flags_after_a_stretch": "facts",
}
"""Slow tests that compare two ways to one answer, and the modules about which they are asked."""


class Outcome(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"
    UNTESTED = "not executed"


@dataclass(frozen=True, slots=True)
class Result:
    """One mutant's outcome, the test that killed it, and how long it took."""

    name: str
    file: str
    line: int
    scope_hash: str
    outcome: Outcome
    by: str = ""
    seconds: float = 0.0
    of: str = ""

    @property
    def is_killed(self) -> bool:
        """Whether a test noticed the mutant."""
        return self.outcome in {Outcome.KILLED, Outcome.TIMED_OUT}

    def as_dict(self) -> dict[str, object]:
        """The result as it is kept."""
        return asdict(self)


class Order:
    """In which order tests are tried: what killed the last ones hereabouts first, then the quickest."""

    def __init__(self, reach: Reach, hints: dict[str, str]) -> None:
        self._reach = reach
        self._hints = hints
        self._killers: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def of(self, mutant: Mutant, tests: Iterable[str]) -> list[str]:
        """Put these tests in order for a mutant."""
        here = self._killers[f"{mutant.path}{mutant.scope}"]
        near = self._killers[str(mutant.path)]
        hint = self._hints.get(mutant.name)
        seconds = self._reach.seconds

        def rank(test: str) -> tuple[bool, bool, int, int, float]:
            took = seconds.get(test, 0.0)
            return test != hint, took > _SLOW, -here[test], -near[test], took

        return sorted(tests, key=rank)

    def learn(self, mutant: Mutant, killer: str) -> None:
        """Remember what killed a mutant."""
        self._killers[f"{mutant.path}{mutant.scope}"][killer] += 1
        self._killers[str(mutant.path)][killer] += 1


def tests_reaching(mutant: Mutant, reach: Reach) -> tuple[str, ...]:
    """The tests that execute the mutant's line, or the nearest one above it of the same piece of code."""
    lines = reach.tests_of_line[str(mutant.path)]
    for line in range(mutant.line, max(mutant.line - 12, 0), -1):
        if lines.get(line):
            return tuple(test for test in lines[line] if is_asked_about(test, mutant))
    return ()


def is_asked_about(test: str, mutant: Mutant) -> bool:
    """Whether a test is tried against a mutant: a slow comparison only about the module that it is made for."""
    about = next((module for name, module in MADE_FOR.items() if name in test), None)
    return about is None or mutant.path.stem.startswith(about)


def is_live(mutant: Mutant, reach: Reach) -> bool:
    """Whether the mutant can be given to a program already imported."""
    return mutant.in_function and mutant.line not in reach.imported[str(mutant.path)]


# -- in one child process ------------------------------------------------------------------------------------------


def in_child(work: Callable[[int], int]) -> tuple[int, str, bool]:
    """Do the work in a child process: its status, what it wrote, and whether it was stopped."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        status = _KILLED
        try:
            os.close(read)
            be_silent()
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            status = work(write)
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as pipe:
        said = pipe.read()
    _, ended = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(ended), said, os.WIFSIGNALED(ended)


def _try_tests(items: Iterable[pytest.Item], seconds: dict[str, float], write: int) -> int:
    for item in items:
        # time on the processor, so that a busy machine kills nothing
        signal.setitimer(signal.ITIMER_VIRTUAL, 1.0 + _PATIENCE * seconds.get(item.nodeid, 1.0))
        if not passes(item):
            os.write(write, item.nodeid.encode("utf-8"))
            return _KILLED
    return _SURVIVED


def _refuse_false_alarm(said: tuple[int, str, bool]) -> None:
    """Go no further where a test fails though nothing is changed: it would seem to notice everything."""
    if said[0] != _SURVIVED:
        fault = f"{said[1] or 'A test'} fails though nothing is changed."
        os.write(2, f"{fault}\n".encode())
        raise SystemExit(fault)


def _result(mutant: Mutant, said: tuple[int, str, bool], begun: float, of: str) -> Result:
    status, killer, stopped = said
    outcome = Outcome.TIMED_OUT if stopped else Outcome.SURVIVED if status == _SURVIVED else Outcome.KILLED
    return result(mutant, outcome, killer, perf_counter() - begun, of)


def result(mutant: Mutant, outcome: Outcome, by: str = "", seconds: float = 0.0, of: str = "") -> Result:
    """Write down what became of a mutant."""
    file = mutant.path.relative_to(PROJECT).as_posix()
    return Result(mutant.name, file, mutant.line, mutant.scope_hash, outcome, by, round(seconds, 3), of)


# -- mutants of functions --------------------------------------------------------------------------------------------


def try_live(
    items: list[pytest.Item], mutants: Iterable[tuple[MutatedModule, Mutant]], reach: Reach, order: Order, *, of: str
) -> Iterator[Result | Mutant]:
    """Try mutants of functions in a program that is imported already; one that needs importing comes back as it is."""
    import gc

    live.read_each_situation_once()
    for item in items:
        begun = perf_counter()
        passes(item)
        reach.seconds[item.nodeid] = perf_counter() - begun
    kept = live.Kept()
    functions = live.functions_of_program()
    by_id = {item.nodeid: item for item in items}
    before: dict[Path, live.Codes] = {}
    gc.collect()
    gc.freeze()
    _refuse_false_alarm(in_child(lambda write: _try_tests(items, reach.seconds, write)))
    for module, mutant in mutants:
        begun = perf_counter()
        if mutant.path not in before:
            before[mutant.path] = live.codes_of(module.code())
        tests = tests_reaching(mutant, reach)
        if not tests:
            yield result(mutant, Outcome.UNTESTED, of=of)
            continue
        chosen = [by_id[test] for test in order.of(mutant, tests)]
        is_kept = mutant.line in reach.kept[str(mutant.path)]

        def work(
            write: int,
            module: MutatedModule = module,
            mutant: Mutant = mutant,
            chosen: list[pytest.Item] = chosen,
            *,
            is_kept: bool = is_kept,
        ) -> int:
            try:
                live.give(mutant, module, before[mutant.path], functions.get(str(mutant.path), {}))
            except live.NotLiveError:
                return _NOT_LIVE
            if is_kept:
                kept.forget()
            return _try_tests(chosen, reach.seconds, write)

        said = in_child(work)
        if said[0] == _NOT_LIVE:
            yield mutant
            continue
        if said[1]:
            order.learn(mutant, said[1])
        yield _result(mutant, said, begun, of)


# -- mutants of what is done at import -------------------------------------------------------------------------------


def import_what_tests_need(reach: Reach) -> None:
    """Import every library that the tests use, so that no mutant waits for it."""
    for name in reach.modules_loaded:
        if not name.startswith(("cme_desktop", "tests", "conftest", "_pytest", "__")):
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def refuse_false_alarm_at_import(reach: Reach) -> None:
    """Go no further where a test fails in a program imported anew though nothing is changed."""
    _refuse_false_alarm(_import_and_try(None, sorted(reach.seconds), reach))


def try_imported(module: MutatedModule, mutant: Mutant, reach: Reach, order: Order, *, of: str) -> Result:
    """Try a mutant that matters when the program is imported: import it, with its tests, in the child."""
    begun = perf_counter()
    tests = [test for test in reach.seconds if is_asked_about(test, mutant)]
    said = _import_and_try(live.MutantImporter(mutant, module), order.of(mutant, tests), reach)
    if said[1]:
        order.learn(mutant, said[1])
    return _result(mutant, said, begun, of)


def _import_and_try(importer: live.MutantImporter | None, tests: list[str], reach: Reach) -> tuple[int, str, bool]:
    """Import the program, changed or as it is, and try these tests in their order, file by file."""
    said = (_SURVIVED, "", False)
    for paths in _stages(tests[0]):

        def work(write: int, paths: tuple[str, ...] = paths) -> int:
            if importer is not None:
                sys.meta_path.insert(0, importer)
            signal.setitimer(signal.ITIMER_VIRTUAL, 60.0)

            def run(items: list[pytest.Item]) -> None:
                by_id = {item.nodeid: item for item in items}
                # what the mutant renamed or left out can't be asked for
                chosen = [by_id[test] for test in tests if test in by_id]
                os._exit(_try_tests(chosen, reach.seconds, write))

            with_tests(paths, run)
            return _KILLED

        said = in_child(work)
        if said[0] != _SURVIVED:
            break
    return said


def _stages(first: str) -> Iterator[tuple[str, ...]]:
    """The likeliest file, the situations, then all the others: most mutants go no further than the first."""
    likely = first.split("::", maxsplit=1)[0]
    everything = [path for each in TESTED_BY for path in _files_of(each)]
    early = list(dict.fromkeys((likely, SITUATIONS)))
    yield from ((path,) for path in early)
    yield tuple(path for path in everything if path not in early)


def _files_of(place: str) -> Iterator[str]:
    if place.endswith(".py"):
        yield place
    else:
        yield from (path.relative_to(PROJECT).as_posix() for path in sorted((PROJECT / place).glob("test_*.py")))
