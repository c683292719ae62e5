"""Sign a disposal list, to be killed at it: ``python -m tests.journeys.disposing DATA``; says when it is done."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from cme_desktop.casework.keeping.disposal import sign_disposal
from cme_desktop.casework.keeping.looking import load_keeping
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.domain.keeping import DisposalState
from cme_desktop.paths import find_paths
from tests.keeping import HEADS, sit

DONE = "done"


def kill_once(data: Path, *, after: float) -> bool:
    """Begin to sign, kill it so many seconds later, and say whether it had said that it was done."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.disposing", str(data)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    assert program.stdout is not None
    program.stdout.readline()
    time.sleep(after)
    program.kill()
    said = program.stdout.read()
    program.wait()
    program.stdout.close()
    return DONE in said


def main() -> int:
    """Open the records, sign the list that waits, and say so."""
    office = sit(find_paths(Path(sys.argv[1])))
    drawn = next(each for each in load_keeping(office).disposals if each.state is DisposalState.DRAWN_UP)
    print("ready", flush=True)
    sign_disposal(office, disposal_id=drawn.id, fingerprint=drawn.fingerprint, password=HEADS)
    print(DONE, flush=True)
    leave_desk(office)
    return 0


if __name__ == "__main__":
    sys.exit(main())
