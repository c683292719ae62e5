"""Try whether the tests notice a fault: ``python -m tests.mutation --all``.

Puts one small fault after another into the policy and the calendar, each in a process of its own, and runs the tests
that execute the place until one fails. Ends with status 1 when a mutant survives that ``accepted.toml`` does not list.
"""

from __future__ import annotations

import argparse
import os
import pickle
import random
import sys
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, BinaryIO

from tests.mutation import live, reach, results, trials
from tests.mutation.collecting import TESTED_BY, passes, with_tests
from tests.mutation.mutations import Mutant, MutatedModule, list_modules

if TYPE_CHECKING:
    import pytest

_NICENESS = 10
_SAY_EVERY = 30.0
_REACH = results.FOLDER / "reach.pickle"


def main() -> int:
    """Measure, try, print; 1 when a mutant survives without an explanation."""
    asked = _arguments()
    os.nice(_NICENESS)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    modules = [MutatedModule(path) for path in list_modules() if _is_asked_for(path.as_posix(), asked.module)]
    wanted = [(module, mutant) for module in modules for mutant in module.mutants]
    if asked.sample < 1:
        wanted = [pair for pair in wanted if _is_drawn(pair[1], asked)]
    known = results.load_results()
    of = reach.fingerprint()
    accepted = {} if asked.accepted else results.load_accepted()
    waiting = [pair for pair in wanted if pair[1].name not in accepted and _is_to_try(pair[1], known, of, asked)]
    begun = perf_counter()
    if waiting and not asked.report:
        _try(waiting, Tried(_reach(of), {name: result.by for name, result in known.items() if result.by}, of))
    seconds = perf_counter() - begun
    known = results.load_results()
    found = [_found(mutant, known, accepted) for _, mutant in wanted]
    ok = results.show([result for result in found if result is not None], results.load_accepted())
    untried = sum(result is None for result in found)
    tried = 0 if asked.report else len(waiting)
    print(f"\n{tried} of {len(wanted)} mutants tried in {seconds / 60:.1f} minutes; {untried} were never tried.")
    if asked.sample < 1:
        print(f"A sample: {asked.sample:.0%} of all mutants, drawn with seed {asked.seed}.")
    return 0 if ok else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every module")
    parser.add_argument("--module", action="append", default=[], help="a module, such as policy/facts; may be repeated")
    parser.add_argument("--sample", type=float, default=1.0, help="the share of the mutants to draw, such as 0.1")
    parser.add_argument("--seed", type=int, default=1, help="what the sample is drawn with")
    parser.add_argument("--resume", action="store_true", help="go on with a run that was broken off")
    parser.add_argument("--survivors", action="store_true", help="only what survived last time, or is new")
    parser.add_argument("--accepted", action="store_true", help="try those of accepted.toml as well")
    parser.add_argument("--report", action="store_true", help="try nothing: print what was found last time")
    asked = parser.parse_args()
    if not asked.all and not asked.module:
        parser.error("say --all, or --module with a module's name")
    return asked


def _found(mutant: Mutant, known: dict[str, trials.Result], accepted: dict[str, str]) -> trials.Result | None:
    """The mutant's result; an accepted one that is not tried counts as a survivor."""
    if mutant.name in accepted:
        return trials.result(mutant, trials.Outcome.SURVIVED)
    last = known.get(mutant.name)
    return last if last is not None and last.scope_hash == mutant.scope_hash else None


def _is_asked_for(path: str, modules: list[str]) -> bool:
    return not modules or any(path.endswith(f"{name.removesuffix('.py')}.py") for name in modules)


def _is_drawn(mutant: Mutant, asked: argparse.Namespace) -> bool:
    """Draw each mutant by its own name: a new one elsewhere changes nothing."""
    return random.Random(f"{asked.seed} {mutant.name}").random() < float(asked.sample)


def _is_to_try(mutant: Mutant, known: dict[str, trials.Result], of: str, asked: argparse.Namespace) -> bool:
    last = known.get(mutant.name)
    if last is None or last.scope_hash != mutant.scope_hash:
        return True
    if asked.resume:
        return last.of != of
    return not last.is_killed or not bool(asked.survivors)


# -- measuring -------------------------------------------------------------------------------------------------------


def _reach(of: str) -> reach.Reach:
    """Load what tests reach, or measure it in a process of its own: measuring slows everything that follows it."""
    known = reach.load(_REACH, of=of)
    if known is None:
        print("Measuring which tests execute which line …", flush=True)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = _measure(of)
            finally:
                os._exit(status)
        os.waitpid(child, 0)
        known = reach.load(_REACH, of=of)
    if known is None:
        raise SystemExit("Which tests execute which line could not be measured.")
    return known


def _measure(of: str) -> int:
    import coverage

    covered = coverage.Coverage(data_file=None, config_file=False, include=[str(path) for path in list_modules()])
    covered.start()
    covered.switch_context(reach.IMPORTED)

    def work(items: list[pytest.Item]) -> None:
        covered.switch_context("filling caches")
        live.read_each_situation_once()
        for item in items:
            passes(item)
        kept = live.Kept()
        found = reach.measure(items, covered, run=passes, forget=kept.forget)
        found.modules_loaded = tuple(sys.modules)
        reach.save(found, _REACH, of=of)

    return with_tests(TESTED_BY, work)


# -- trying ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tried:
    """What every trial needs."""

    reach: reach.Reach
    hints: dict[str, str]
    of: str


def _try(waiting: list[tuple[MutatedModule, Mutant]], tried: Tried) -> None:
    are_live = [pair for pair in waiting if trials.is_live(pair[1], tried.reach)]
    progress = _Progress(len(waiting))
    not_live = _try_live(are_live, tried, progress) if are_live else frozenset()
    trials.import_what_tests_need(tried.reach)
    order = trials.Order(tried.reach, tried.hints)
    at_import = [pair for pair in waiting if not trials.is_live(pair[1], tried.reach) or pair[1].name in not_live]
    if at_import:
        trials.refuse_false_alarm_at_import(tried.reach)
    for module, mutant in at_import:
        progress.add(trials.try_imported(module, mutant, tried.reach, order, of=tried.of))
    progress.end()


def _try_live(waiting: list[tuple[MutatedModule, Mutant]], tried: Tried, progress: _Progress) -> frozenset[str]:
    """Try those in a process that imports the program once, and return the names of those that need more."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            with os.fdopen(write, "wb") as pipe:
                _serve(waiting, tried, pipe)
        finally:
            os._exit(0)
    os.close(write)
    not_live: set[str] = set()
    with os.fdopen(read, "rb") as pipe:
        while True:
            try:
                said = pickle.load(pipe)
            except EOFError:
                break
            if isinstance(said, str):
                not_live.add(said)
            else:
                progress.add(said)
    os.waitpid(child, 0)
    return frozenset(not_live)


def _serve(waiting: list[tuple[MutatedModule, Mutant]], tried: Tried, pipe: BinaryIO) -> None:
    def work(items: list[pytest.Item]) -> None:
        order = trials.Order(tried.reach, tried.hints)
        for said in trials.try_live(items, waiting, tried.reach, order, of=tried.of):
            pickle.dump(said if isinstance(said, trials.Result) else said.name, pipe)
            pipe.flush()

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with_tests(TESTED_BY, work)


class _Progress:
    """Keep each result, and say now and then how far it is."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._killed = 0
        self._begun = self._said = perf_counter()

    def add(self, result: trials.Result) -> None:
        results.add_result(result)
        self._done += 1
        self._killed += result.is_killed
        if perf_counter() - self._said > _SAY_EVERY:
            self._said = perf_counter()
            self._say()

    def end(self) -> None:
        if self._done < self._total:
            raise SystemExit(f"Only {self._done} of {self._total} mutants could be tried.")

    def _say(self) -> None:
        each = (perf_counter() - self._begun) / self._done
        left = each * (self._total - self._done) / 60
        print(f"{self._done} of {self._total}, {self._killed} killed, about {left:.0f} minutes left", flush=True)


if __name__ == "__main__":
    sys.exit(main())
