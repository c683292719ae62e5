"""The backups that can be brought back: in every place that is known, and in a folder somebody names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cme_desktop.casework.backup_places import list_folders
from cme_desktop.casework.kept_backups import made_at

if TYPE_CHECKING:
    from cme_desktop.paths import Paths


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup: its file, when it was made by the office clock, how big it is."""

    file: Path
    made_at: datetime
    bytes: int
    is_own: bool


def list_copies(paths: Paths, *, also: Path | None = None) -> tuple[Copy, ...]:
    """List every backup that can be seen, the newest first; a place that is away is passed over."""
    folders = dict.fromkeys((*list_folders(paths), *((also,) if also else ())))
    found = [copy for folder in folders for copy in _in(folder, is_own=folder == paths.backups)]
    return tuple(sorted(found, key=lambda copy: copy.made_at, reverse=True))


def _in(folder: Path, *, is_own: bool) -> list[Copy]:
    try:
        return [
            Copy(file, at, file.stat().st_size, is_own)
            for file in folder.iterdir()
            if (at := made_at(file.name)) is not None
        ]
    except OSError:
        return []
