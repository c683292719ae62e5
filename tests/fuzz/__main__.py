"""Try to break every reader of outside bytes: ``python -m tests.fuzz --seconds 60 [reader …]``.

    python -m pip install "atheris>=3,<4"          # once; Linux on x86-64; without it, inputs are spoilt blindly
    python -m tests.fuzz --list                    # the readers
    python -m tests.fuzz --seconds 3600 csv xlsx   # an hour each

Each reader runs in a process of its own, with at most 2 GB of memory and 20 seconds an input. With atheris the fuzzer
sees which lines an input reaches and keeps those that reach new ones, in ``--keep FOLDER`` where it is given, so that
the next run begins where this one ended. What breaks a promise is written to ``tests/fuzz/found/<reader>/`` and ends
the run with status 1: mend it, and leave the file there, for the ordinary tests try all of them.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic

from tests.fuzz.inputs import FOUND, list_inputs, spoil_one
from tests.fuzz.reader import Reader, try_input
from tests.fuzz.readers import READERS

_NICENESS = 10
_MOST_MEGABYTES = 2048
_MOST_SECONDS_EACH = 20
_LONGEST_INPUT = 200_000
_STAT = re.compile(r"stat::(\w+):\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Run:
    """What one reader was put through."""

    reader: str
    inputs: int
    seconds: float
    megabytes: int
    broken: bool
    said: str = ""


def main() -> int:
    """Run each reader asked for, one after the other; 1 where a promise was broken."""
    asked = _arguments()
    if asked.list:
        print("\n".join(READERS))
        return 0
    os.nice(_NICENESS)
    is_guided = importlib.util.find_spec("atheris") is not None and not asked.blind
    print("Guided by coverage (atheris)." if is_guided else "Not guided: atheris is not installed, or not asked for.")
    broken = False
    for name in asked.readers or READERS:
        run = _run_guided(READERS[name], asked) if is_guided else _run_blind(READERS[name], asked)
        verdict = "BROKE ITS PROMISE" if run.broken else "kept its promise"
        print(f"{name:12} {run.inputs:>9,} inputs {run.seconds:>7.0f} s {run.megabytes:>5} MB  {verdict}", flush=True)
        if run.broken:
            print(run.said)
        broken = broken or run.broken
    return int(broken)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Try to break the readers.")
    parser.add_argument("readers", nargs="*", metavar="reader", help="all, unless named")
    parser.add_argument("--seconds", type=int, default=60, help="for each reader")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where inputs that reach new lines are kept")
    parser.add_argument("--blind", action="store_true", help="spoil good inputs without looking at what they reach")
    parser.add_argument("--seed", type=int, default=0, help="of the chance by which inputs are spoilt")
    parser.add_argument("--list", action="store_true", help="name the readers")
    asked = parser.parse_args()
    if odd := set(asked.readers) - set(READERS):
        parser.error(f"there is no reader called {min(odd)}; there are {', '.join(READERS)}")
    return asked


# -- guided ----------------------------------------------------------------------------------------------------


def _run_guided(reader: Reader, asked: argparse.Namespace) -> Run:
    with tempfile.TemporaryDirectory(prefix="cme-fuzz-") as folder:
        work = Path(folder)
        kept = (asked.keep or work / "kept") / reader.name
        found, seeds, words = work / "found", work / "seeds", work / "words.dict"
        for made in (kept, found, seeds):
            made.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(list_inputs(reader)):
            (seeds / f"seed-{number}").write_bytes(data)
        words.write_text("".join(f'"{_as_word(word)}"\n' for word in reader.words), "ascii")
        longest = max(len(data) for data in list_inputs(reader))
        begun = monotonic()
        done = subprocess.run(
            [
                sys.executable, "-m", "tests.fuzz.guided", reader.name, f"-max_total_time={asked.seconds}",
                f"-rss_limit_mb={_MOST_MEGABYTES}", f"-timeout={_MOST_SECONDS_EACH}", "-print_final_stats=1",
                f"-max_len={max(longest + 4096, _LONGEST_INPUT)}", f"-artifact_prefix={found}/", "-verbosity=1",
                *([f"-dict={words}"] if reader.words else []), str(kept), str(seeds),
            ],
            env={**os.environ, "TMPDIR": str(work)}, capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        seconds = monotonic() - begun
        stats = {name: int(value) for name, value in _STAT.findall(done.stderr)}
        broken = [_keep_found(reader.name, path.read_bytes()) for path in found.iterdir()]
        said = "\n".join([*map(str, broken), done.stdout[-4000:], done.stderr[-1500:]])
        return Run(
            reader.name, stats.get("number_of_executed_units", 0), seconds, stats.get("peak_rss_mb", 0),
            bool(broken) or done.returncode != 0, said,
        )  # fmt: skip


def _as_word(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def _keep_found(name: str, data: bytes) -> Path:
    folder = FOUND / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / hashlib.sha256(data).hexdigest()[:16]
    path.write_bytes(data)
    return path


# -- blind -----------------------------------------------------------------------------------------------------


def _run_blind(reader: Reader, asked: argparse.Namespace) -> Run:
    inputs, chance = list_inputs(reader), Random(asked.seed)
    begun, tried = monotonic(), 0
    while monotonic() - begun < asked.seconds:
        data = spoil_one(reader, inputs, by=chance)
        tried += 1
        try:
            try_input(reader, data)
        except Exception as error:  # noqa: BLE001  whatever it is, it is what was looked for
            path = _keep_found(reader.name, data)
            said = f"{path}\n{type(error).__name__}: {error}"
            return Run(reader.name, tried, monotonic() - begun, 0, broken=True, said=said)
    return Run(reader.name, tried, monotonic() - begun, 0, broken=False)


if __name__ == "__main__":
    sys.exit(main())
