"""The weekly trial restore: a backup is worth what comes out of it.

At the first opening of a week a backup, from another place each week, is brought back whole into a room of its own
beside the records, opened with their key in hand, read through, counted, and taken away again. What lies there
meanwhile is encrypted as it is in the backup. Fetching it waits for sticks and shares, and needs no open records.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cme_desktop.casework.backup_places import change_known, is_there, known_backups
from cme_desktop.casework.kept_backups import list_kept
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs, open_to_all
from cme_desktop.casework.trial_words import details_of
from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.domain.rights import Right
from cme_desktop.storage.backup import count_records, examine
from cme_desktop.storage.backup_file import is_whole, mark_of_key, unpack
from cme_desktop.storage.backup_places import Place, Trial
from cme_desktop.storage.database import connect, open_database
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.journal_check import check_journal
from cme_desktop.storage.key_file import read_key_file
from cme_desktop.storage.schema import SCHEMA_VERSION, read_version, refuse_newer
from cme_desktop.storage.sqlite_errors import in_the_offices_words

if TYPE_CHECKING:
    from cme_desktop.casework.kept_backups import KeptBackup
    from cme_desktop.paths import Paths

__all__ = [
    "OnTrial", "Trial", "TrialWanted", "clear_trial", "fetch_for_trial", "note_trial", "read_on_trial", "want_trial",
    "want_trial_now",
]  # fmt: skip

_SPOILT = "A part of the file is not as it was written."


@dataclass(frozen=True, slots=True)
class TrialWanted:
    """That a trial is due, and by which mark the backups are known that the key in hand opens."""

    database_id: str
    key_mark: str


@dataclass(frozen=True, slots=True)
class OnTrial:
    """A backup fetched for a trial; ``room`` is None, and ``why`` says it, where it can't be brought back."""

    place: Place
    backup: KeptBackup
    room: Paths | None
    why: str = ""


@open_to_all
def want_trial(office: Office) -> TrialWanted | None:
    """Say that a trial is due: none was made this week, by Mondays, or the last one failed on another day."""
    clear_trial(office.paths)  # what one left that was killed
    trial = known_backups(office.paths).trial
    if trial is not None and _is_of_now(trial, office):
        return None
    return _wanted(office)


@needs(Right.BACK_UP)
def want_trial_now(office: Office) -> TrialWanted:
    """Let a trial be made whether one is due or not."""
    clear_trial(office.paths)
    return _wanted(office)


def fetch_for_trial(paths: Paths, wanted: TrialWanted, *, now: Callable[[], datetime]) -> OnTrial | None:
    """Bring the newest backup of a place back into a room of its own; of the place that was tried longest ago.

    A place that is away is passed over; None where there is no backup anywhere. Raises ``CmeError`` where this
    computer's own disk can't take it.
    """
    at = now()
    for place in sorted(known_backups(paths).places, key=lambda one: _last_tried(one, at)):
        backup = _newest_in(place, wanted, at)
        if backup is not None and (found := _fetch(paths, place, backup, wanted)) is not None:
            return found
    return None


def read_on_trial(on_trial: OnTrial, *, key: bytes, now: Callable[[], datetime]) -> Trial:
    """Open what was fetched, read it through, count it and take it away; nobody's work on the records waits for it."""
    try:
        return _try(on_trial, key=key, now=now)
    finally:
        if on_trial.room is not None:
            shutil.rmtree(on_trial.room.data, ignore_errors=True)


@open_to_all
def note_trial(office: Office, on_trial: OnTrial, trial: Trial) -> Trial | None:
    """Write down what was found.

    None where the records got a new key since it was fetched: it is under the old one, which nobody has any more, and
    that is no fault of the backup.
    """
    if on_trial.backup.about.key_mark not in {"", mark_of_key(office.database.key)}:
        return None
    _write_down(office, on_trial.place, trial)
    return trial


def clear_trial(paths: Paths) -> None:
    """Take away what a trial left, or a look inside."""
    for room in (paths.trial, paths.look_inside):
        shutil.rmtree(room, ignore_errors=True)


# -- when ----------------------------------------------------------------------------------------------------------


def _wanted(office: Office) -> TrialWanted:
    return TrialWanted(read_key_file(office.paths.keys).database_id, mark_of_key(office.database.key))


def _is_of_now(trial: Trial, office: Office) -> bool:
    tried = trial.tried_at.astimezone(LOCAL_ZONE).date()
    if not trial.is_whole:
        return tried == office.today
    return tried.isocalendar()[:2] == office.today.isocalendar()[:2]


def _last_tried(place: Place, now: datetime) -> datetime:
    # one that bears a moment to come was tried while a clock ran ahead: it does not wait until then
    return place.tried_at if place.tried_at is not None and place.tried_at <= now else datetime.min.replace(tzinfo=UTC)


# -- fetched -------------------------------------------------------------------------------------------------------


def _newest_in(place: Place, wanted: TrialWanted, now: datetime) -> KeptBackup | None:
    """The newest backup there that the key in hand opens; one under an older key is nobody's to try."""
    try:
        if not is_there(place, wanted.database_id):
            return None
        kept = list_kept(place.folder, database_id=wanted.database_id)
    except OSError:
        return None
    fitting = (one for one in kept if one.about.made_at <= now and one.about.key_mark in {"", wanted.key_mark})
    return next(fitting, None)


def _fetch(paths: Paths, place: Place, backup: KeptBackup, wanted: TrialWanted) -> OnTrial | None:
    room = replace(paths, data=paths.trial)
    clear_trial(paths)
    _make_folder(room.data)
    try:
        if not is_whole(backup.file):
            # taken out meanwhile, or spoilt
            return OnTrial(place, backup, None, _SPOILT) if backup.file.is_file() else None
        unpack(backup.file, records=room.records, keys=room.keys)
    except BadInputError:
        return OnTrial(place, backup, None, _SPOILT)
    except CmeError:
        clear_trial(paths)
        if is_there(place, wanted.database_id):
            raise  # it was read through a moment ago: this computer's disk refuses it
        return None
    return OnTrial(place, backup, room)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise CmeError(
            "No backup can be brought back for a trial.",
            detail=say_why(error),
            remedy="Make sure that you may write to the folder of the records and that the disk is not full.",
        ) from None


# -- tried ---------------------------------------------------------------------------------------------------------


def _try(one: OnTrial, *, key: bytes, now: Callable[[], datetime]) -> Trial:
    begun, made_at = now(), one.backup.about.made_at
    if one.room is None:
        return Trial(begun, made_at, one.place.kind, is_whole=False, why=one.why)
    try:
        trial = _read_through(one, one.room, key)
    except CmeError as error:
        trial = Trial(begun, made_at, one.place.kind, is_whole=False, why=error.title)
    return replace(trial, tried_at=begun, seconds=round((now() - begun).total_seconds()))


def _read_through(one: OnTrial, room: Paths, key: bytes) -> Trial:
    about = one.backup.about
    with in_the_offices_words():
        version = read_version(lambda: connect(room.records, key))
        refuse_newer(version)
    with in_the_offices_words(), closing(connect(room.records, key)) as raw:
        is_sound, held = examine(raw), count_records(raw)
    why = "" if is_sound else "A part of the records can't be read."
    if not why and held != about.held:
        why = "It does not hold what it held when it was made."
    if not why and not read_key_file(room.keys).is_as_written:
        why = "The key file in it is damaged."
    if not why and version == SCHEMA_VERSION:  # an older one would first have to be brought up to date
        why = _check_journal(room, key)
    return Trial(
        about.made_at, about.made_at, one.place.kind, not why, held.pupils, held.marks, held.journal_entries, why=why
    )


def _check_journal(room: Paths, key: bytes) -> str:
    """Read the journal up to the head that the key file in the backup knows; say what is wrong, or nothing."""
    database = open_database(room.records, key)
    try:
        with database.reading() as db:
            found = check_journal(db, read_key_file(room.keys))
    finally:
        database.close()
    return "" if found.ok else f"Its journal does not hold at entry {found.broken_at}."


def _write_down(office: Office, place: Place, trial: Trial) -> None:
    with office.database.transaction() as db:
        write_journal(
            db, at=office.now(), by=office.user.id, act="backup_tried", subject="school",
            details=details_of(trial),
        )  # fmt: skip
    # One that failed is tried again before the others: what is red is to be made good, not passed over.
    tried = {place.folder: trial.tried_at} if trial.is_whole else {}
    change_known(
        office.paths,
        lambda known: replace(
            known,
            trial=trial,
            places=tuple(replace(one, tried_at=tried.get(one.folder, one.tried_at)) for one in known.places),
        ),
    )
