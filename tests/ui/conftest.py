"""Set-up for the tests of windows."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _windows_go_with_their_test() -> Iterator[None]:
    """Have a test's windows destroyed at its end, not at whatever moment of a later one Python comes to it."""
    yield
    if QApplication.instance() is not None:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
