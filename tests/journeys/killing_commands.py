"""Kill each command that writes at each thing it puts on the disk, and at random moments, and see what is left.

Run as ``python -m tests.journeys.killing_commands [TIMES] [SEED]``; the test suite does the moments that matter most.
What must hold: records are there whole or not at all, a command that ended with status 0 did what it says, one that did
not can be run again, and what the records held before is never lost.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.cutting import POWER_WAS_CUT

PASSWORD = "three odd words"
USER = "Pat Mellor"
PROJECT = Path(__file__).parents[2]
PUPILS = PROJECT / "tests" / "data" / "bromcom-pupils-contacts.csv"
SCHOOL = """
calendar = "test-2026-27"
policies = ["aspire-academy"]
[school]
name = "Larkfield Primary School"
laestab = "8302201"
urn = "112500"
[user]
name = "Pat Mellor"
"""
_DEMO = ("init", "--demo", "--pupils", "40", "--years", "1", "--json")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


class Bench:
    """A folder with what the commands need: a school's file, its records without pupils and with, and a backup."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.school = folder / "school.toml"
        self.school.write_text(SCHOOL, encoding="utf-8")
        self.empty_school, self.full_school = folder / "empty-school", folder / "full-school"
        self.run("--data", self.empty_school, "init", "--school", self.school)
        shutil.copytree(self.empty_school, self.full_school)
        self.run("--data", self.full_school, "import", "--accept", "--on", "2026-11-10", PUPILS)
        self.backup = Path(json.loads(self.run("--data", self.full_school, "backup", "--json").out)["file"])
        self.held = self.pupils(self.full_school)
        self.run("--data", folder / "made-up", *_DEMO)
        self.made_up = self.pupils(folder / "made-up")
        assert self.held
        assert self.made_up

    def run(self, *arguments: str | Path, by: tuple[str, ...] = ("cme_desktop",)) -> Ended:
        """Run a command to its end."""
        ended = subprocess.run(
            [sys.executable, "-m", *by, *map(str, arguments)],
            cwd=PROJECT, env=_environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def cut(self, *arguments: str | Path, lasts: int, when: str) -> Ended:
        """Run a command whose power is cut."""
        return self.run(*arguments, by=("tests.journeys.cutting", str(lasts), when))

    def kill(self, *arguments: str | Path, after: float) -> Ended:
        """Run a command and kill it so many seconds later, if it still runs."""
        program = subprocess.Popen(
            [sys.executable, "-m", "cme_desktop", *map(str, arguments)],
            cwd=PROJECT, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        time.sleep(after)
        program.kill()
        out, err = program.communicate()
        return Ended(program.returncode, out, err)

    def pupils(self, data: Path) -> int | None:
        """How many pupils a folder's records hold; None where there are no records. They must be whole."""
        checked = self.run("--data", data, "check", "--json")
        if checked.status == 2:
            assert "There are no records here." in checked.err, checked.err
            return None
        assert checked.status == 0, (checked.out, checked.err)
        flags = self.run("--data", data, "flags", "--on", "2026-11-10", "--json")
        assert flags.status == 0, flags.err
        return int(json.loads(flags.out)["roll"])


Killing = Callable[..., Ended]


def kill_init(bench: Bench, data: Path, kill: Killing) -> bool:
    """Set up; True where it ended."""
    ended = kill("--data", data, "init", "--school", bench.school, "--json")
    found = bench.pupils(data)
    assert found == 0 if ended.status == 0 else found in {None, 0}
    if found is None:
        assert bench.run("--data", data, "init", "--school", bench.school).status == 0
    return ended.status == 0


def kill_demo(bench: Bench, data: Path, kill: Killing) -> bool:
    """Make up a school; True where it ended."""
    ended = kill("--data", data, *_DEMO)
    found = bench.pupils(data)
    assert found == bench.made_up if ended.status == 0 else found in {None, bench.made_up}
    return ended.status == 0


def kill_import(bench: Bench, data: Path, kill: Killing) -> bool:
    """Bring pupils in; True where it ended."""
    shutil.copytree(bench.empty_school, data)
    ended = kill("--data", data, "import", "--accept", "--on", "2026-11-10", PUPILS, "--json")
    found = bench.pupils(data)
    assert found == bench.held if ended.status == 0 else found in {0, bench.held}
    return ended.status == 0


def kill_backup(bench: Bench, data: Path, kill: Killing) -> bool:
    """Make a backup; True where it ended. Whatever bears a backup's name must come back."""
    shutil.copytree(bench.full_school, data, ignore=shutil.ignore_patterns("backups"))
    ended = kill("--data", data, "backup", "--json")
    assert bench.pupils(data) == bench.held
    made = list((data / "backups").glob("*.cmebackup"))
    assert made or ended.status != 0
    for backup in made:
        back = data.with_name(data.name + "-back")
        assert bench.run("--data", back, "restore", backup).status == 0
        assert bench.pupils(back) == bench.held
    return ended.status == 0


def kill_restore(bench: Bench, data: Path, kill: Killing) -> bool:
    """Bring a backup back into an empty folder; True where it ended."""
    ended = kill("--data", data, "restore", bench.backup, "--json")
    found = bench.pupils(data)
    assert found == bench.held if ended.status == 0 else found in {None, bench.held}
    if found is None:
        assert bench.run("--data", data, "restore", bench.backup).status == 0
    return ended.status == 0


def kill_replacing(bench: Bench, data: Path, kill: Killing) -> bool:
    """Bring a backup back over other records; True where it ended. Those are in their place or beside, never gone."""
    shutil.copytree(bench.empty_school, data)
    ended = kill("--data", data, "restore", bench.backup, "--replace", "--json")
    found = bench.pupils(data)
    assert found == bench.held if ended.status == 0 else found in {0, bench.held}
    assert found == 0 or [bench.pupils(aside) for aside in data.glob("before-restore-*")] == [0]
    return ended.status == 0


KILLINGS = {
    "init": kill_init,
    "init --demo": kill_demo,
    "import --accept": kill_import,
    "backup": kill_backup,
    "restore": kill_restore,
    "restore --replace": kill_replacing,
}


def main() -> int:
    """Kill everything everywhere and print what was found."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for name, killing in KILLINGS.items():
            cuts = _cut_everywhere(bench, name, killing)
            killed = _kill_at_random(bench, name, killing, times=times, chance=chance)
            print(
                f"{name}: cut at {cuts} places, killed at {killed} of {times} random moments, nothing lost or half done"
            )
    return 0


def _cut_everywhere(bench: Bench, name: str, killing: Callable[[Bench, Path, Killing], bool]) -> int:
    for place in itertools.count():
        lasts, when = place // 2, ("before", "after")[place % 2]

        def cut(*arguments: str | Path, lasts: int = lasts, when: str = when) -> Ended:
            ended = bench.cut(*arguments, lasts=lasts, when=when)
            assert ended.status in {0, POWER_WAS_CUT}, ended.err
            return ended

        if killing(bench, bench.folder / f"{name}-{lasts}-{when}", cut):
            return place
    raise AssertionError("unreachable: a command comes to its end")


def _kill_at_random(
    bench: Bench, name: str, killing: Callable[[Bench, Path, Killing], bool], *, times: int, chance: random.Random
) -> int:
    took: list[float] = []

    def run(*arguments: str | Path) -> Ended:
        begun = time.monotonic()
        ended = bench.run(*arguments)
        took.append(time.monotonic() - begun)
        return ended

    def kill(*arguments: str | Path) -> Ended:
        return bench.kill(*arguments, after=chance.uniform(took[0] / 4, took[0]))

    assert killing(bench, bench.folder / f"{name}-whole", run)
    return sum(not killing(bench, bench.folder / f"{name}-{number}", kill) for number in range(times))


def _environment() -> dict[str, str]:
    return {**os.environ, "CME_DESKTOP_PASSWORD": PASSWORD, "CME_DESKTOP_USER": USER}


if __name__ == "__main__":
    sys.exit(main())
