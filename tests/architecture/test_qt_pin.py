"""The version of Qt for Python that the program stands on keeps Python's own objects alive."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal


class Sender(QObject):
    sent = Signal(bool)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True is immortal from 3.12, a loss would not show")
def test_two_hundred_signals_lose_no_reference_to_true() -> None:
    sender = Sender()
    before = sys.getrefcount(True)  # noqa: FBT003  the object itself is what is counted

    for _ in range(200):
        sender.sent.emit(True)  # noqa: FBT003  the object itself is what is sent

    assert sys.getrefcount(True) >= before - 5  # noqa: FBT003  the object itself is what is counted
