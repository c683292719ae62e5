"""Print every figure for speed and size with its bound: ``python -m tests.performance [SCHOOL-1-YEAR SCHOOL-7-YEARS]``.

Without folders, two schools of 420 pupils are made up first. Ends with status 1 when a bound is not kept.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cme_desktop.casework.made_up_school import MadeUpSchool, find_this_morning, make_up_school
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import open_office
from cme_desktop.domain.identifiers import UserId
from cme_desktop.paths import find_paths
from cme_desktop.storage import vault
from tests.performance import documents, judging, records, simulating, unlocking, windows
from tests.performance.figure import Figure, median_seconds

PASSWORD = "three words here"


def main() -> int:
    """Measure, print, and say whether every bound is kept."""
    now = find_this_morning(datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="cme-performance-") as folder:
        schools = _schools(Path(folder), now)
        derive = median_seconds(lambda: vault.unlock(schools[1] / "keys.json", user_id=1, password=PASSWORD), runs=5)
        print(f"key derivation {derive * 1000:.0f} ms")
        _show(judging.figures())
        one, seven = (_open(school, now) for school in schools)
        _show(records.reading(one, seven))
        _show(simulating.figures(seven))
        _show([records.saving(one), records.journalling(one), records.journalling_for_whoever_waits(seven)])
        _show(records.importing(one, Path(folder)))
        one.database.close()
        seven.database.close()
        _show(documents.figures())
        _show(windows.figures(schools[1], now=now.isoformat(), password=PASSWORD, key_derivation=derive))
        _show(unlocking.figures(schools[0], now=now, password=PASSWORD, here=Path(folder) / "this-computer"))
    return 0 if all(_ALL) else 1


_ALL: list[bool] = []


def _show(figures: Iterable[Figure]) -> None:
    for figure in figures:
        print(figure, flush=True)
        _ALL.append(figure.met)


def _schools(folder: Path, now: datetime) -> tuple[Path, Path]:
    given = [Path(name) for name in sys.argv[1:3]]
    made = []
    for place, years in enumerate((1, 7)):
        school = folder / f"{years}-years"
        if len(given) == 2:
            shutil.copytree(given[place], school)
        else:
            wanted = MadeUpSchool(pupils=420, years=years)
            made_up = make_up_school(find_paths(school), wanted, password=PASSWORD, now=lambda: now)
            made_up.office.database.close()
        made.append(school)
    return made[0], made[1]


def _open(school: Path, now: datetime) -> Office:
    return open_office(find_paths(school), user_id=UserId(1), password=PASSWORD, now=lambda: now)


if __name__ == "__main__":
    sys.exit(main())
