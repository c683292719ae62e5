"""Where automatic backups go, and what is known of each place: a small file beside the records.

It is beside them, not in them, because it is of this computer alone, and because somebody whose records are gone is
shown the places before anything is unlocked. It holds no name and no key. A place is known again by a small file that
was put there: an empty mount point, or another stick under the same letter, does not have it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from threading import RLock
from typing import Any, Final

from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.outside_file import read_outside_file
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.durable import put_in_place

FORMAT: Final = 2
_LARGEST: Final = 1_000_000
_ONE_AT_A_TIME: Final = RLock()
_MOUNTS: Final = ("/media/", "/run/media/", "/Volumes/")
_REMOVABLE, _REMOTE = 2, 4
"""What Windows calls a drive that can be taken out, and one on another computer."""


class PlaceKind(StrEnum):
    """What a place is: the folder that the program keeps beside the records, or one of those that a school adds."""

    COMPUTER = "computer"
    FOLDER = "folder"
    STICK = "stick"
    SHARE = "share"

    @property
    def in_words(self) -> str:
        """What the office calls it, as in: from the memory stick."""
        return _WORDS[self]


_WORDS: Final = {
    PlaceKind.COMPUTER: "this computer",
    PlaceKind.FOLDER: "the folder",
    PlaceKind.STICK: "the memory stick",
    PlaceKind.SHARE: "the share",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial restore found: of the backup made when, from what kind of place, whether it was whole, what it held.

    ``why`` says what was wrong where it was not whole; ``seconds`` is how long reading it through took.
    """

    tried_at: datetime
    made_at: datetime
    kind: PlaceKind
    is_whole: bool
    pupils: int = 0
    marks: int = 0
    entries: int = 0
    seconds: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place for backups: how many lie there, the newest, when it was last reached, what last went wrong there.

    ``is_odd``: a backup there bears a day that has not come, so that nothing is thinned out. ``is_marked`` is False for
    one that was added before places were marked. ``tried_at``: when a backup from there was last restored for a trial.
    """

    kind: PlaceKind
    folder: Path
    count: int = 0
    newest_at: datetime | None = None
    reached_at: datetime | None = None
    is_away: bool = False
    problem: str = ""
    is_odd: bool = False
    is_marked: bool = True
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BackupsKnown:
    """The places, the program's own folder first; which journal entry the newest automatic backup reaches.

    ``failed``: what stood in the way when a backup was last made; empty when it was made. ``trial``: the last one.
    """

    places: tuple[Place, ...]
    reaches_entry: int = -1
    failed: str = ""
    trial: Trial | None = None

    @property
    def own(self) -> Place:
        """The program's own folder."""
        return self.places[0]

    @property
    def others(self) -> tuple[Place, ...]:
        """The places that the school has added."""
        return self.places[1:]

    def with_place(self, place: Place) -> BackupsKnown:
        """Say the same with more known of a place; taken off or tried meanwhile, that stays so."""
        places = (
            replace(place, tried_at=other.tried_at) if other.folder == place.folder else other for other in self.places
        )
        return replace(self, places=tuple(places))


def read_backups_known(file: Path, *, own: Path) -> BackupsKnown:
    """Read what is known; a file that is not there, or of no use, says that nothing is known but the own folder."""
    try:
        told = json.loads(read_outside_file(file, largest=_LARGEST, what="The list of places", remedy=""))
        if "folders" in told:  # of the first version
            others = tuple(Place(guess_kind(Path(one)), Path(one), is_marked=False) for one in told["folders"])
            return BackupsKnown((Place(PlaceKind.COMPUTER, own), *others))
        first, *rest = (_place(one) for one in told["places"])
        # the folder of the records may have been moved as a whole
        own_place = replace(first, kind=PlaceKind.COMPUTER, folder=own)
        return BackupsKnown((own_place, *rest), int(told["reaches_entry"]), str(told["failed"]), _trial(told["trial"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, BadInputError):
        return BackupsKnown((Place(PlaceKind.COMPUTER, own),))


def change_backups_known(file: Path, *, own: Path, change: Callable[[BackupsKnown], BackupsKnown]) -> BackupsKnown:
    """Read, change and write what is known, one at a time; either the old file or the new one is whole on the disk."""
    with _ONE_AT_A_TIME:
        known = change(read_backups_known(file, own=own))
        told = {
            "format": FORMAT, "reaches_entry": known.reaches_entry, "failed": known.failed,
            "places": [_as_json(place) for place in known.places],
            "trial": _as_told(asdict(known.trial)) if known.trial else None,
        }  # fmt: skip
        beside = file.with_name(file.name + ".new")
        try:
            with beside.open("w", encoding="utf-8") as opened:
                json.dump(told, opened, indent=2, ensure_ascii=False)
            put_in_place(beside, file)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise CmeError(
                "What is known of the backups can't be written down.",
                detail=say_why(error),
                remedy="Make sure that you may write to the folder of the records and that the disk is not full.",
            ) from None
        return known


def marker_in(folder: Path, database_id: str) -> Path:
    """The small file by which a place of these records is known again; two schools may share a folder."""
    return folder / f"cme-desktop-place-{database_id[:12]}.json"


def mark_place(folder: Path, database_id: str) -> None:
    """Put the small file there whole; raise ``OSError`` where nothing can be written."""
    marker = marker_in(folder, database_id)
    beside = marker.with_name(marker.name + ".new")
    try:
        beside.write_text(
            json.dumps({"about": "CME Desktop keeps encrypted backups in this folder. Please leave this file here."}),
            "utf-8",
        )
        put_in_place(beside, marker)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def guess_kind(folder: Path) -> PlaceKind:
    """Guess what a folder lies on, so that the office is told of its stick or its share."""
    text = str(folder)
    if text.startswith(("\\\\", "//")):
        return PlaceKind.SHARE
    if text.startswith(_MOUNTS):
        return PlaceKind.STICK
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  of Windows alone

        kind = ctypes.windll.kernel32.GetDriveTypeW(folder.anchor)
        return {_REMOVABLE: PlaceKind.STICK, _REMOTE: PlaceKind.SHARE}.get(kind, PlaceKind.FOLDER)
    return PlaceKind.FOLDER


def _place(told: dict[str, Any]) -> Place:
    return Place(
        PlaceKind(told["kind"]), Path(told["folder"]), int(told["count"]), _moment(told["newest_at"]),
        _moment(told["reached_at"]), bool(told["is_away"]), str(told["problem"]), bool(told["is_odd"]),
        bool(told["is_marked"]), _moment(told["tried_at"]),
    )  # fmt: skip


def _trial(told: dict[str, Any] | None) -> Trial | None:
    if told is None:
        return None
    tried_at, made_at = _moment(told["tried_at"]), _moment(told["made_at"])
    if tried_at is None or made_at is None:
        raise ValueError("a trial without a moment")
    return Trial(
        tried_at, made_at, PlaceKind(told["kind"]), bool(told["is_whole"]), int(told["pupils"]), int(told["marks"]),
        int(told["entries"]), int(told["seconds"]), str(told["why"]),
    )  # fmt: skip


def _moment(told: str | None) -> datetime | None:
    if not told:
        return None
    moment = datetime.fromisoformat(told)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment


def _as_json(place: Place) -> dict[str, Any]:
    return _as_told({**asdict(place), "folder": str(place.folder)})


def _as_told(values: dict[str, Any]) -> dict[str, Any]:
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in values.items()}
