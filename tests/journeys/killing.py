"""Kill the program at random moments of a busy morning and see that nothing said to be saved is lost.

Run as ``python -m tests.journeys.killing 200 [SEED]``; the test suite does the same a few times.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from cme_desktop.storage.database import open_database
from cme_desktop.storage.journal_check import check_journal
from tests.office import KEY, an_office


@dataclass(frozen=True, slots=True)
class Killed:
    """What one killing left: acts said to be saved, notes and journal entries found, and whether all is whole."""

    said: int
    journal: int
    whole: bool
    lost: tuple[int, ...]


def kill_once(folder: Path, *, after: float) -> Killed:
    """Start a busy morning, kill it ``after`` seconds of work, open the records again and look."""
    office = an_office(folder)
    office.database.close()
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.busy_morning", str(office.paths.data)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    assert program.stdout is not None
    first = program.stdout.readline()
    time.sleep(after)
    program.kill()
    said = [int(line) for line in [first, *program.stdout.read().split("\n")] if line.strip().isdigit()]
    program.wait()
    program.stdout.close()
    return look(office.paths.records, said)


def look(records: Path, said: list[int]) -> Killed:
    """Open the records and look for everything that was said to be saved."""
    database = open_database(records, KEY)
    with database.reading() as db:
        whole = db.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        broken_keys = db.execute(text("PRAGMA foreign_key_check")).all()
        journal = check_journal(db)
        words = set(db.scalars(text("SELECT words FROM pupil_event")))
        reasons = set(db.scalars(text("SELECT reason FROM mark_correction")))
        checks = db.execute(text("SELECT count(*) FROM pupil_event WHERE kind = 'site_check'")).scalar_one()
    database.close()
    lost = [
        turn
        for turn in said
        if (turn % 4 in {0, 1} and f"note {turn}" not in words)
        or (turn % 4 == 3 and f"turn {turn}" not in reasons and turn // 12 % 3 != _standing(turn))
    ]
    if checks < sum(1 for turn in said if turn % 4 == 2):
        lost.append(-1)
    whole = whole and journal.ok and journal.signed_from is not None and not broken_keys
    return Killed(len(said), journal.entries, whole, tuple(lost))


def _standing(turn: int) -> int:
    """The index of the code that stood already, so that no correction was due."""
    return 1 if turn < 12 else (turn // 12 - 1) % 3


def main() -> int:
    """Kill as often as asked and print what was found."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    said = lost = broken = 0
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            found = kill_once(Path(folder), after=chance.uniform(0, 0.6))
        said += found.said
        lost += len(found.lost)
        broken += not found.whole
    print(f"killed {times} times: {said} acts said to be saved, {lost} lost, {broken} records not whole")
    return 1 if lost or broken else 0


if __name__ == "__main__":
    sys.exit(main())
