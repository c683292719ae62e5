"""Set-up for every test: no display is needed, and no real folder of the user is touched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office
    from tests.disk import Disk

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_ACCESSIBILITY", "1")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Open the made-up school of ``tests.office``, fresh for each test."""
    from tests.office import an_office

    opened = an_office(tmp_path)
    yield opened
    opened.database.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Disk]:
    """Mount a disk that can be full, or read-only."""
    from tests.disk import Disk

    disk = Disk(tmp_path / "disk")
    yield disk
    disk.unmount()
