"""Slowing down whoever guesses passwords at this PC: after a few wrong ones, each next try has to wait longer.

The count stands in a small file beside the records, so that closing the program does not begin anew. It slows a hand at
the keyboard. Whoever took the files away guesses without this program: what slows them is the cost of Argon2id.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.outside_file import read_outside_file
from cme_desktop.storage.vault import WrongPasswordError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECOVERY: Final = 0
"""Whose tries those of the recovery key are counted as: nobody's."""

FREE_TRIES: Final = 4
"""So many wrong passwords cost nothing: anybody mistypes."""

_FIRST_WAIT: Final = timedelta(seconds=30)
_LONGEST_WAIT: Final = timedelta(minutes=15)
_MOST_COUNTED: Final = 1000
_MOST_DOUBLINGS: Final = 10
_LARGEST: Final = 100_000


class TooManyTriesError(CmeError):
    """So many wrong passwords were typed that the next try has to wait."""


@dataclass(frozen=True, slots=True)
class _Tries:
    wrong: int
    last: datetime


def refuse_too_soon(file: Path, *, user_id: int, now: datetime) -> None:
    """Raise ``TooManyTriesError`` while the next try has to wait."""
    tries = _read(file).get(user_id)
    if tries is None or tries.wrong <= FREE_TRIES:
        return
    doublings = min(tries.wrong - FREE_TRIES - 1, _MOST_DOUBLINGS)
    wait = min(_FIRST_WAIT * 2**doublings, _LONGEST_WAIT)
    # a clock that was set back must not make the wait longer than it is
    left = min(tries.last - now + wait, wait)
    if left > timedelta():
        seconds = -(-left // timedelta(seconds=1))
        raise TooManyTriesError(
            f"Too many were wrong: try again in {_say(seconds)}.",
            remedy="If the password is lost, use the printed recovery key.",
        )


@contextmanager
def slowed(file: Path, *, user_id: int, now: datetime) -> Iterator[None]:
    """Let one password be tried, unless it is too soon; count it where it is wrong."""
    refuse_too_soon(file, user_id=user_id, now=now)
    try:
        yield
    except WrongPasswordError:
        note_wrong(file, user_id=user_id, now=now)
        raise
    note_right(file, user_id=user_id)


def note_wrong(file: Path, *, user_id: int, now: datetime) -> None:
    """Count a wrong password."""
    known = _read(file)
    before = known.get(user_id)
    _write(file, {**known, user_id: _Tries(min((before.wrong if before else 0) + 1, _MOST_COUNTED), now)})


def note_right(file: Path, *, user_id: int) -> None:
    """Begin to count anew: the right password was typed."""
    known = _read(file)
    if known.pop(user_id, None) is not None:
        _write(file, known)


def _say(seconds: int) -> str:
    if seconds < 60:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    minutes = -(-seconds // 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _read(file: Path) -> dict[int, _Tries]:
    try:
        told = json.loads(read_outside_file(file, largest=_LARGEST, what="The file of tries", remedy=""))
        found = {int(user): _Tries(int(wrong), datetime.fromisoformat(last)) for user, (wrong, last) in told.items()}
        return {user: tries for user, tries in found.items() if tries.last.tzinfo is not None}
    except (OSError, ValueError, TypeError, AttributeError, OverflowError, RecursionError, BadInputError):
        return {}  # not there, or of no use: nobody is shut out by a file that was meddled with


def _write(file: Path, tries: dict[int, _Tries]) -> None:
    told = {str(user): [one.wrong, one.last.isoformat(timespec="seconds")] for user, one in tries.items()}
    try:
        file.write_text(json.dumps(told), "utf-8")
    except OSError:
        return  # a full disk must not keep the right password from opening the records
