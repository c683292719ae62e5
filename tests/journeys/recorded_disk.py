"""A disk that forgets what it was never asked to keep: what is on it if the power goes at this moment.

A program runs with a recorder between it and the disk (``disk_recorder.c``). From what that wrote down, the disk is
built again as it is at any moment. A file's bytes are sure once the file was synced; before, each write may be there,
or not, or in part, sector by sector, in any order. Names made, changed and taken away are sure once their folder was
synced; before, they may be there up to any one of them, in the order in which they were asked for, as file systems
with a journal keep them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from struct import Struct
from tempfile import mkdtemp
from typing import Final

SECTOR: Final = 512
_HEAD: Final = Struct("<ciqq")
_SOURCE: Final = Path(__file__).with_name("disk_recorder.c")


def why_not_here() -> str:
    """Say why nothing can be recorded on this computer; empty where it can."""
    if not sys.platform.startswith("linux"):
        return "what is asked of the disk can be recorded on Linux only"
    if shutil.which("cc") is None:
        return "there is no C compiler to make the disk's recorder with"
    return ""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked of the disk, or said on standard output (``>``)."""

    what: str
    fd: int
    at: int
    data: bytes


@dataclass(slots=True)
class _File:
    """What is surely on the disk of a file, and what was written since it was last synced."""

    sure: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        for at, data in self.since:
            _put(self.sure, at, data)
        self.since.clear()

    def after_the_cut(self, chance: Random | None) -> bytes:
        left = bytearray(self.sure)
        for at, data in self.since if chance is not None else ():
            assert chance is not None
            fate = chance.randrange(3)
            if fate == 0:
                continue
            if data is None or fate == 1:
                _put(left, at, data)
                continue
            for start in range(0, len(data), SECTOR):
                if chance.random() < 0.5:
                    _put(left, at + start, data[start : start + SECTOR])
        return bytes(left)


_Names = dict[str, _File | None]
"""What bears a name: a file, or None for a folder."""


class Disk:
    """The disk under one folder, as it is when so much has been asked of it."""

    def __init__(self, folder: Path) -> None:
        self._root = str(folder.resolve())
        self._sure: _Names = {}
        for path in sorted(folder.resolve().rglob("*")):
            self._sure[str(path)] = None if path.is_dir() else _File(bytearray(path.read_bytes()))
        self._now: _Names = dict(self._sure)
        self._since: list[tuple[str, str, str, _File | None]] = []
        self._open: dict[int, tuple[str, _File | None]] = {}

    def take(self, request: Request) -> None:
        """Do what was asked."""
        match request.what:
            case "o":
                self._opened(request.fd, request.data.decode(), truncated=request.at == 1)
            case "c":
                self._open.pop(request.fd)
            case "w" | "t":
                file = self._open[request.fd][1]
                assert file is not None
                file.since.append((request.at, request.data if request.what == "w" else None))
            case "s":
                path, file = self._open[request.fd]
                if file is not None:
                    file.sync()
                else:
                    self._sync_names(path)
            case "r":
                old, new = request.data.decode().split("\0")
                self._change("r", old, new)
            case "u" | "d":
                self._change("u", request.data.decode())
            case "m":
                self._change("a", request.data.decode())

    def cut(self, to: Path, chance: Random | None = None) -> None:
        """Write down in a folder what is left when the power goes now; without ``chance``, only what is sure."""
        names = dict(self._sure)
        for change in self._since[: chance.randint(0, len(self._since)) if chance is not None else 0]:
            _rename(names, *change)
        for path in sorted(names):
            left, file = to / path.removeprefix(self._root).lstrip("/"), names[path]
            if file is None:
                left.mkdir(parents=True, exist_ok=True)
            else:
                left.parent.mkdir(parents=True, exist_ok=True)
                left.write_bytes(file.after_the_cut(chance))

    def _opened(self, fd: int, path: str, *, truncated: bool) -> None:
        if path == self._root:
            self._open[fd] = (path, None)
            return
        if path not in self._now:
            self._change("a", path, file=_File())
        file = self._now[path]
        if truncated and file is not None:
            file.since.append((0, None))
        self._open[fd] = (path, file)

    def _change(self, what: str, path: str, other: str = "", file: _File | None = None) -> None:
        self._since.append((what, path, other, file))
        _rename(self._now, what, path, other, file)

    def _sync_names(self, folder: str) -> None:
        within = [
            number
            for number, (_, path, other, _file) in enumerate(self._since)
            if folder in {os.path.dirname(path), os.path.dirname(other)}  # noqa: PTH120  the paths are text here
        ]
        last = within[-1] + 1 if within else 0
        for change in self._since[:last]:
            _rename(self._sure, *change)
        del self._since[:last]


@dataclass(frozen=True, slots=True)
class Recording:
    """What a program asked of the disk, from what was there before, and how it ended."""

    before: Disk
    requests: tuple[Request, ...]
    status: int
    err: str

    @property
    def said(self) -> str:
        """All that was said on standard output."""
        return b"".join(one.data for one in self.requests if one.what == ">").decode()


def record(
    folder: Path, arguments: list[str], *, lines: int | None = None, lasts: int | None = None, error: int | None = None
) -> Recording:
    """Run Python with these arguments; kill it after so many ``lines`` said, or let it come to its end.

    After so many requests that it ``lasts``, the disk fails with the number of an ``error``.
    """
    before = Disk(folder)
    to = Path(mkdtemp(prefix="cme-desktop-recording-")) / "requests"
    environment = {
        **os.environ, "LD_PRELOAD": str(_recorder()), "DISK_RECORD": str(to), "DISK_FOLDER": str(folder),
        **({"DISK_LASTS": str(lasts), "DISK_ERROR": str(error)} if lasts is not None else {}),
    }  # fmt: skip
    try:
        program = subprocess.Popen(
            [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[2], env=environment,
        )  # fmt: skip
        assert program.stdout is not None
        if lines is not None:
            for _ in range(lines):
                if not program.stdout.readline():
                    break
            program.kill()
        _, err = program.communicate()
        return Recording(before, tuple(_read(to)), program.returncode, err)
    finally:
        shutil.rmtree(to.parent)


def _read(file: Path) -> Iterator[Request]:
    data, place = file.read_bytes(), 0
    while place + _HEAD.size <= len(data):
        what, fd, at, length = _HEAD.unpack_from(data, place)
        place += _HEAD.size
        if place + length > len(data):
            return  # killed while this was written down
        yield Request(what.decode(), fd, at, data[place : place + length])
        place += length


def _rename(names: _Names, what: str, path: str, other: str, file: _File | None) -> None:
    if what == "a":
        names[path] = file
    elif what == "u":
        names.pop(path)
    else:
        moved = [one for one in names if one == path or one.startswith(path + "/")]
        for one in moved:
            names[other + one.removeprefix(path)] = names.pop(one)


def _put(target: bytearray, at: int, data: bytes | None) -> None:
    if data is None:
        del target[at:]
    if len(target) < at:
        target.extend(bytes(at - len(target)))
    if data is not None:
        target[at : at + len(data)] = data


@cache
def _recorder() -> Path:
    library = Path(mkdtemp(prefix="cme-desktop-recorder-")) / "recorder.so"
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(_SOURCE), "-ldl", "-lpthread"], check=True)
    return library
