"""Cut the power at random moments of a busy morning, and of each command that writes, on a disk that forgets.

Run as ``python -m tests.journeys.power_cuts [--times 1000] [--seed 1]``; the test suite does the same a few times. One
run of the program is recorded, and the disk built again from it as it is when the power goes at so many moments: at
every other one with nothing but what was surely on it, else with some of what was written since, torn by sectors.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final
from unittest.mock import patch

from tests.journeys.cutting import POWER_WAS_CUT
from tests.journeys.killing import Killed, look
from tests.journeys.killing_commands import KILLINGS, PASSWORD, USER, Bench, Ended
from tests.journeys.recorded_disk import Recording, Request, record, why_not_here
from tests.office import an_office

_ACTS_OF_A_MORNING: Final = 200
_CUTS_OF_A_MORNING: Final = 100


@dataclass(frozen=True, slots=True)
class Cut:
    """What was left after one cut."""

    found: Killed
    is_torn: bool


def cut_a_morning(folder: Path, *, acts: int, times: int, chance: Random) -> Iterator[Cut]:
    """Record one busy morning, and look at what its disk holds after the power went at each of so many moments."""
    disk = folder / "disk"
    office = an_office(disk)
    office.database.close()
    recording = record(disk, ["-m", "tests.journeys.busy_morning", str(office.paths.data)], lines=acts)
    begun = next(number for number, one in enumerate(recording.requests, 1) if one.what == ">")
    moments = sorted(chance.sample(range(begun, len(recording.requests) + 1), times))
    for number, left in enumerate(_cuts(recording, moments, folder / "left", chance)):
        said = [int(line) for line in left.said.split("\n")[:-1] if line.isdigit()]
        yield Cut(look(left.folder / "data" / "records.cme", said), is_torn=number % 2 == 1)


@dataclass(frozen=True, slots=True)
class _Left:
    folder: Path
    said: str


def _cuts(recording: Recording, moments: list[int], to: Path, chance: Random) -> Iterator[_Left]:
    disk, said, taken = recording.before, "", 0
    for number, moment in enumerate(moments):
        for request in recording.requests[taken:moment]:
            disk.take(request)
            said += _said(request)
        taken = moment
        shutil.rmtree(to, ignore_errors=True)
        disk.cut(to, chance if number % 2 else None)
        yield _Left(to, said)


def _said(request: Request) -> str:
    return request.data.decode() if request.what == ">" else ""


def cut_a_command(bench: Bench, name: str, folder: Path, chance: Random, *, torn: bool, share: float) -> bool:
    """Cut the power at some share of a command's requests; True where it was at its end. What is left must be right.

    What the command had said is told only where it came to its end: then it must be so.
    """
    disk = folder / "disk"
    disk.mkdir(parents=True)

    def cut(*arguments: str | Path) -> Ended:
        recording = record(disk, ["-m", "cme_desktop", *map(str, arguments)])
        assert recording.status == 0, recording.err
        last = max(number for number, one in enumerate(recording.requests, 1) if one.what != ">")
        moment = round(share * last)
        for request in recording.requests[:moment]:
            recording.before.take(request)
        shutil.rmtree(disk)
        disk.mkdir()
        recording.before.cut(disk, chance if torn else None)
        is_done = moment == last
        return Ended(0 if is_done else POWER_WAS_CUT, recording.said if is_done else "", "")

    with patch.dict("os.environ", {"CME_DESKTOP_PASSWORD": PASSWORD, "CME_DESKTOP_USER": USER}):
        return KILLINGS[name](bench, disk / "data", cut)


def main() -> int:
    """Cut as often as asked and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1000, help="cuts of the busy morning")
    parser.add_argument("--commands", type=int, default=20, help="cuts of each command")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    if why := why_not_here():
        print(why)
        return 2
    chance = Random(wanted.seed)
    is_well = _cut_mornings(wanted.times, chance)
    _each_command(wanted.commands, chance)
    return 0 if is_well else 1


def _cut_mornings(times: int, chance: Random) -> bool:
    cuts = torn = said = lost = broken = 0
    while cuts < times:
        with tempfile.TemporaryDirectory() as folder:
            asked = min(_CUTS_OF_A_MORNING, times - cuts)
            acts = chance.randrange(_ACTS_OF_A_MORNING // 4, _ACTS_OF_A_MORNING * 2)
            for one in cut_a_morning(Path(folder), acts=acts, times=asked, chance=chance):
                cuts += 1
                torn += one.is_torn
                said += one.found.said
                lost += len(one.found.lost)
                broken += not one.found.whole
    print(
        f"power cut {cuts} times ({torn} with torn writes): {said} acts said to be saved, {lost} lost,"
        f" {broken} records not whole"
    )
    return not lost and not broken


def _each_command(times: int, chance: Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for name in KILLINGS:
            for number in range(times):
                share = 1.0 if number < 2 else chance.random()
                place = Path(folder) / "cuts" / f"{name} {number}"
                cut_a_command(bench, name, place, chance, torn=number % 2 == 1, share=share)
                shutil.rmtree(place)
            print(f"{name}: power cut {times} times, nothing lost or half done")


if __name__ == "__main__":
    sys.exit(main())
