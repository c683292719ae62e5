"""Set-up for the commands' tests."""

from __future__ import annotations

import pytest


@pytest.fixture
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find the password in the environment, and nobody's name."""
    from tests.cli.test_commands import PASSWORD

    monkeypatch.setenv("CME_DESKTOP_PASSWORD", PASSWORD)
    monkeypatch.delenv("CME_DESKTOP_USER", raising=False)
