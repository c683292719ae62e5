"""Whether acts that had been saved are missing from the end of the write-ahead log.

After a power cut SQLite reads the log up to the first part that is not whole, and passes over the rest without a word:
as a rule that is an act that was being saved. Where a whole act stands behind it, what is not whole had been saved and
shown as saved, for an act begins only when the one before is on the disk. Then a byte has flipped, and it is told.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from struct import Struct
from typing import Any, Final

from cme_desktop.storage.sqlite_errors import RecordsError

_PAGE: Final = 4096
_BIG_ENDIAN_SUMS: Final = 1
_HEADER: Final = Struct(">8I")
_FRAME: Final = Struct(">6I")


class LogCutShortError(RecordsError):
    """The newest acts were saved, and can't be read any more."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """One page in the log: whether it ends an act, and by which salts it belongs to the log as it is now."""

    ends_an_act: bool
    salts: tuple[int, int]


def refuse_cut_log(path: Path, *, connect: Callable[[], Any]) -> None:
    """Raise ``LogCutShortError``, once, where saved acts at the end of the log can't be read; the rest is kept."""
    salts, frames = _read_log(path.with_name(path.name + "-wal"))
    if not frames:
        return
    with closing(connect()) as raw:
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        whole = max(0, raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1])
    of_now = [number for number, frame in enumerate(frames) if frame.salts == salts and number >= whole]
    if any(frame.ends_an_act for frame in frames[whole : max(of_now, default=0)]):
        raise LogCutShortError(
            "What was saved last before the program was cut off can't be read.",
            detail="A part of the records' log is damaged. All that was saved before that is whole.",
            remedy="Unlock again to go on without it; then look at what was done last and enter again what is missing.",
        )


def _read_log(log: Path) -> tuple[tuple[int, int], list[_Frame]]:
    try:
        data = log.read_bytes()
    except FileNotFoundError:
        return (0, 0), []
    if len(data) < _HEADER.size:
        return (0, 0), []
    frames = [
        _Frame(ends_an_act=pages > 0, salts=(first, second))
        for _, pages, first, second, _, _ in (
            _FRAME.unpack_from(data, place)
            for place in range(_HEADER.size, len(data) - _FRAME.size - _PAGE + 1, _FRAME.size + _PAGE)
        )
    ]
    header = _HEADER.unpack_from(data)
    is_whole = _sum(data[:24], is_big=bool(header[0] & _BIG_ENDIAN_SUMS)) == header[6:]
    # a header that is not whole says nothing: then the first page tells which log this is
    return (header[4:6] if is_whole else frames[0].salts if frames else (0, 0)), frames


def _sum(data: bytes, *, is_big: bool) -> tuple[int, int]:
    """The log's own sum over its header."""
    words = Struct(f"{'>' if is_big else '<'}{len(data) // 4}I").unpack(data)
    first = second = 0
    for one, two in zip(words[::2], words[1::2], strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + two + first) & 0xFFFFFFFF
    return first, second
