"""Which tests execute which line of the mutated modules: measured once, kept until a source or a test changes."""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from tests.mutation.mutations import PROJECT, list_modules

if TYPE_CHECKING:
    import pytest

IMPORTED: Final = "import"
_CASES_APART: Final = 10
READ_BY_TESTS: Final = ("cme_desktop", "tests", "resources", "forms")


@dataclass(slots=True)
class Reach:
    """For each file and line the ids of the tests that execute it, and how long each test takes.

    ``imported`` are the lines executed when the program is imported; ``kept`` those whose outcome is kept in a cache
    from one test to the next, so that a mutant there needs the caches emptied.
    """

    tests_of_line: dict[str, dict[int, tuple[str, ...]]] = field(default_factory=dict)
    imported: dict[str, frozenset[int]] = field(default_factory=dict)
    kept: dict[str, frozenset[int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    modules_loaded: tuple[str, ...] = ()


def fingerprint() -> str:
    """Sum up everything that a measured figure depends on."""
    digest = hashlib.sha256()
    for folder in READ_BY_TESTS:
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.suffix in {".py", ".toml"} and "mutation" not in path.relative_to(PROJECT).parts:
                digest.update(path.relative_to(PROJECT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def measure(
    items: list[pytest.Item], coverage: Any, *, run: Callable[[pytest.Item], bool], forget: Callable[[], None]
) -> Reach:
    """Run every test twice under the measuring: first with every cache emptied before it, then with what is kept.

    Of one test with many cases, each tenth case finds the caches empty: what fills them is the same for all.
    """
    reach = Reach()
    cases: Counter[str] = Counter()
    for item in items:
        test = item.nodeid.split("[")[0]
        if cases[test] % _CASES_APART == 0:
            forget()
        cases[test] += 1
        coverage.switch_context(f"cold {item.nodeid}")
        begun = perf_counter()
        if not run(item):
            raise SystemExit(f"{item.nodeid} fails without any mutant: mend it first.")
        reach.seconds[item.nodeid] = perf_counter() - begun
    coverage.switch_context("filling caches")
    for item in items:
        run(item)
    for item in items:
        begun = perf_counter()
        coverage.switch_context(f"warm {item.nodeid}")
        run(item)
        reach.seconds[item.nodeid] = perf_counter() - begun
    coverage.stop()
    data = coverage.get_data()
    for path in map(str, list_modules()):
        _add_file(reach, path, data.contexts_by_lineno(path))
    return reach


def _add_file(reach: Reach, path: str, contexts: dict[int, list[str]]) -> None:
    cold = {line: frozenset(_of("cold ", names)) for line, names in contexts.items()}
    warm = {line: frozenset(_of("warm ", names)) for line, names in contexts.items()}
    reach.tests_of_line[path] = {line: tuple(sorted(tests)) for line, tests in cold.items()}
    reach.imported[path] = frozenset(line for line, names in contexts.items() if IMPORTED in names)
    reach.kept[path] = frozenset(line for line, tests in cold.items() if not tests <= warm[line])


def _of(kind: str, names: list[str]) -> Iterator[str]:
    return (name.removeprefix(kind) for name in names if name.startswith(kind))


def load(path: Path, *, of: str) -> Reach | None:
    """Load what was measured, if nothing has changed since."""
    if not path.exists():
        return None
    kept_of, reach = pickle.loads(path.read_bytes())
    return reach if kept_of == of and isinstance(reach, Reach) else None


def save(reach: Reach, path: Path, *, of: str) -> None:
    """Keep what was measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps((of, reach)))
