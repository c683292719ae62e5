"""What was found: kept from one run to the next, joined with the list of accepted survivors, and shown as a table."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.mutation.mutations import PROJECT
from tests.mutation.trials import Outcome, Result

FOLDER: Final = PROJECT / "build" / "mutation"
ACCEPTED: Final = Path(__file__).parent / "accepted.toml"


def load_results() -> dict[str, Result]:
    """Load the latest result of each mutant; the same mutant of changed code is another one."""
    found: dict[str, Result] = {}
    file = FOLDER / "results.jsonl"
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            said["outcome"] = Outcome(said["outcome"])
            found[said["name"]] = Result(**said)
    return found


def add_result(result: Result) -> None:
    """Keep a result at once: a run that is broken off is taken up where it stopped."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "results.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(result.as_dict(), ensure_ascii=False) + "\n")


def load_accepted() -> dict[str, str]:
    """Load the mutants that may survive, each with the reason."""
    groups = tomllib.loads(ACCEPTED.read_text(encoding="utf-8")).get("accepted", [])
    return {name: group["why"] for group in groups for name in group["mutants"]}


@dataclass(slots=True)
class Tally:
    """A module's figures."""

    mutants: int = 0
    killed: int = 0
    timed_out: int = 0
    survived: int = 0
    accepted: int = 0

    @property
    def percent(self) -> float:
        """How many of a hundred were noticed; those accepted count as not noticed."""
        return 100 * (self.killed + self.timed_out) / self.mutants if self.mutants else 100.0

    def add(self, result: Result, *, is_accepted: bool) -> None:
        """Count one result."""
        self.mutants += 1
        self.killed += result.outcome is Outcome.KILLED
        self.timed_out += result.outcome is Outcome.TIMED_OUT
        self.survived += not result.is_killed
        self.accepted += not result.is_killed and is_accepted


def show(results: Iterable[Result], accepted: dict[str, str]) -> bool:
    """Print the table and the survivors, those accepted with the reason; say whether none is left unexplained."""
    results = sorted(results, key=lambda result: (result.file, result.line))
    tallies: dict[str, Tally] = {}
    whole = Tally()
    for result in results:
        for tally in (tallies.setdefault(result.file, Tally()), whole):
            tally.add(result, is_accepted=result.name in accepted)
    print(f"{'module':52}{'mutants':>8}{'killed':>8}{'timed out':>10}{'survived':>9}{'accepted':>9}{'%':>7}")
    for name, tally in [*tallies.items(), ("all", whole)]:
        print(
            f"{name.removeprefix('cme_desktop/'):52}{tally.mutants:8}{tally.killed:8}{tally.timed_out:10}"
            f"{tally.survived:9}{tally.accepted:9}{tally.percent:7.1f}"
        )
    alive = [result for result in results if not result.is_killed]
    unexplained = [result for result in alive if result.name not in accepted]
    _show_survivors("Survivors without an explanation", unexplained, {})
    _show_survivors("Survivors accepted", [each for each in alive if each.name in accepted], accepted)
    return not unexplained


def _show_survivors(title: str, results: list[Result], why: dict[str, str]) -> None:
    print(f"\n{title}: {len(results)}")
    for result in results:
        _, scope, change = result.name.split(" | ", maxsplit=2)
        note = " (not executed by any test)" if result.outcome is Outcome.UNTESTED else ""
        print(f"  {result.file}:{result.line} {scope}: {change}{note}")
        if result.name in why:
            print(f"      {why[result.name]}")
