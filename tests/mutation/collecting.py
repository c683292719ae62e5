"""Collect the tests of the policy and the calendar, and run one without pytest's own ado."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Final

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from tests.mutation.mutations import PROJECT

TESTED_BY: Final = (
    "tests/policy",
    "tests/domain",
    "tests/importers/test_situation_files.py",
    "tests/importers/test_supplied_calendars.py",
    "tests/casework/test_dismissals.py",
    "tests/casework/test_own_policy.py",
    "tests/casework/test_self_test.py",
    "tests/documents/test_policy_document.py",
)
"""Where the policy and the calendar are tested: besides their own tests those that read or write policies."""
SITUATIONS: Final = "tests/policy/test_situations.py"


class _Holder:
    """Hold on to what pytest has collected, and do something with it in place of running it."""

    def __init__(self, work: Callable[[list[pytest.Item]], None]) -> None:
        self._work = work

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise pytest.UsageError("Some tests can't be collected.")
        self._work(list(session.items))
        return True


def with_tests(paths: tuple[str, ...], work: Callable[[list[pytest.Item]], None]) -> int:
    """Collect the tests of these paths and hand them to ``work``; the status is pytest's, 0 when all went well."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # the same examples each time, and no search for the smallest one: that it fails is enough
    settings.register_profile(
        "mutation", derandomize=True, database=None, deadline=None, phases=(Phase.explicit, Phase.generate)
    )
    settings.load_profile("mutation")
    options = [
        "-c",
        os.devnull,
        f"--rootdir={PROJECT}",
        "-q",
        "-s",
        "--import-mode=importlib",
        "-p",
        "no:cacheprovider",
    ]
    where = [str(PROJECT / path) for path in paths]
    return int(pytest.main([*options, "-o", f"pythonpath={PROJECT}", *where], plugins=[_Holder(work)]))


def passes(item: pytest.Item) -> bool:
    """Run one test and say whether it passes."""
    if not isinstance(item, pytest.Function) or _needs_fixtures(item):
        return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))
    try:
        item.obj(**_arguments(item))
    except BaseException:  # noqa: BLE001  # whatever a mutant does wrong has been noticed
        return False
    return True


def _arguments(item: pytest.Function) -> dict[str, object]:
    return dict(item.callspec.params) if hasattr(item, "callspec") else {}


def _needs_fixtures(item: pytest.Function) -> bool:
    return not set(item.fixturenames) <= set(_arguments(item))


def be_silent() -> None:
    """Let nothing that a test prints reach the screen."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
