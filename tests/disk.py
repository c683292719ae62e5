"""A disk of a few megabytes that can really be full, and a folder that really can't be written.

As root, a small file system is mounted; anybody else is given the system's own limits instead: no file may grow, and
no entry be made in the folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MEGABYTES = 24


class Disk:
    """``folder`` lies on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._is_mounted = self._mount("-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs")

    @contextmanager
    def full(self, *, but: int = 0) -> Iterator[None]:
        """Leave not a byte free, or these few."""
        with self._filled(but) if self._is_mounted else _no_file_may_grow(beyond=but):
            yield

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Let nothing be written."""
        if self._is_mounted:
            assert self._mount("-o", "remount,ro")
            try:
                yield
            finally:
                assert self._mount("-o", "remount,rw")
            return
        if not hasattr(os, "geteuid") or os.geteuid() == 0:
            pytest.skip("nothing is read-only here: no disk can be mounted, and root may write anywhere")
        folders = [folder for folder in (self.folder, *self.folder.rglob("*")) if folder.is_dir()]
        for folder in folders:
            folder.chmod(0o500)
        try:
            yield
        finally:
            for folder in folders:
                folder.chmod(0o700)

    def unmount(self) -> None:
        """Throw it away."""
        if self._is_mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    def _mount(self, *options: str) -> bool:
        if not sys.platform.startswith("linux") or os.geteuid() != 0:
            return False
        return subprocess.run(["mount", *options, str(self.folder)], check=False, capture_output=True).returncode == 0

    @contextmanager
    def _filled(self, but: int) -> Iterator[None]:
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue
            file.truncate(file.tell() - but)
        try:
            yield
        finally:
            filler.unlink()


@contextmanager
def _no_file_may_grow(*, beyond: int) -> Iterator[None]:
    if sys.platform == "win32":
        pytest.skip("no disk can be filled here")
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (beyond, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
