"""Where things are: the records' folder, and the resources and forms that come with the program."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paths:
    """Found once at the start. ``data`` is the folder of the records; the others come with the program.

    ``here`` is where this computer keeps what must not travel with the records; None means the platform's own place.
    """

    data: Path
    resources: Path
    forms: Path
    here: Path | None = None

    @property
    def records(self) -> Path:
        """The encrypted records."""
        return self.data / "records.cme"

    @property
    def keys(self) -> Path:
        """The wrapped keys of the records, one slot a person."""
        return self.data / "keys.json"

    @property
    def tries(self) -> Path:
        """How many wrong passwords were typed, and when the last."""
        return self.data / "tries.json"

    @property
    def backups(self) -> Path:
        """Where the program keeps its backups."""
        return self.data / "backups"

    @property
    def backup_places(self) -> Path:
        """Where else backups go, and what is known of each place."""
        return self.data / "backup-places.json"

    @property
    def trial(self) -> Path:
        """Where a backup is brought back for a trial, and taken away after."""
        return self.data / "trial-restore"

    @property
    def look_inside(self) -> Path:
        """Where a copy is opened to be looked into, and taken away after."""
        return self.data / "look-inside"

    @property
    def this_pc(self) -> Path:
        """What this computer keeps for its user apart from the records: never in a backup or a copied folder."""
        return (self.here or _default_place_here()) / "this-computer.json"

    @property
    def lock(self) -> Path:
        """Held by the copy of the program that has the records open."""
        return self.data / "records.lock"

    @property
    def crash_reports(self) -> Path:
        """Where a fault in the program is written down, with ids only."""
        return self.data / "crash-reports"

    @property
    def log(self) -> Path:
        """The program's log: never a name in it."""
        return self.data / "cme-desktop.log"


def find_paths(data: Path | None = None) -> Paths:
    """Say where everything is; ``data`` overrides the platform's user-data folder."""
    bundled = _bundled()
    return Paths(
        data=data if data is not None else default_data_folder(),
        resources=bundled / "resources",
        forms=bundled / "forms",
    )


def default_data_folder() -> Path:
    """Return the platform's user-data folder for the program."""
    from platformdirs import user_data_path  # noqa: PLC0415  11 ms, not needed where --data is given

    return user_data_path("CME Desktop", appauthor=False)


def _default_place_here() -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415  as above

    return user_data_path("CME Desktop on this computer", appauthor=False)


def _bundled() -> Path:
    if frozen := getattr(sys, "_MEIPASS", None):
        return Path(frozen)
    package = Path(__file__).parent
    installed = package / "bundled"
    return installed if installed.is_dir() else package.parent
