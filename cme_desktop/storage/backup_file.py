"""A backup as one file: the encrypted records, the key file, and what they held when it was made.

It is a zip archive that compresses nothing, so that what comes out is never larger than the file itself.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.storage.backup import RecordsCount
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.durable import flush, flush_file, put_in_place

ENDING: Final = ".cmebackup"
_RECORDS, _KEYS, _ABOUT = "records.cme", "keys.json", "about.json"
_MOST_BYTES: Final = {_KEYS: 1024 * 1024, _ABOUT: 64 * 1024}
_PIECE: Final = 1024 * 1024
_BAD_ARCHIVE: Final = (
    BadZipFile, KeyError, ValueError, TypeError, AttributeError, EOFError, zlib.error, struct.error,
    NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AboutBackup:
    """What a backup says of itself without a password: when it was made, of which records, how much they held.

    ``is_automatic``: the program made it by itself; one that does not say so was asked for by somebody. ``key_mark``
    tells under which of the records' keys it was made, and not the key; older backups have none.
    """

    made_at: datetime
    held: RecordsCount
    database_id: str
    is_automatic: bool = False
    key_mark: str = ""


def mark_of_key(key: bytes) -> str:
    """Give a mark by which the same key is known again; the key can't be had from it."""
    return hmac.new(key, b"mark of a backup", hashlib.sha256).hexdigest()[:32]


def write_backup_file(
    file: Path, *, records: Path, keys: Path, made_at: datetime, held: RecordsCount, is_automatic: bool, key_mark: str
) -> None:
    """Write a backup whole, read it again and compare, and see that it is on the disk."""
    about = {
        "format": 1, "made_at": made_at.isoformat(), "automatic": is_automatic, "key_mark": key_mark, **asdict(held),
    }  # fmt: skip
    with ZipFile(file, "w", ZIP_STORED) as archive:
        archive.write(records, _RECORDS)
        archive.write(keys, _KEYS)
        archive.writestr(_ABOUT, json.dumps(about))
    flush_file(file)
    if not is_whole(file):
        raise CmeError("The backup is not sound.", remedy="Check the disk, and make it again.")


def read_about(file: Path) -> AboutBackup:
    """Read what a backup says of itself; raise ``BadInputError`` where it is none, or is damaged."""
    with _in_our_words(), ZipFile(file) as archive:
        told: dict[str, Any] = json.loads(_read_small(archive, _ABOUT))
        keys: dict[str, Any] = json.loads(_read_small(archive, _KEYS))
        counts = RecordsCount(**{name: int(told[name]) for name in RecordsCount.__dataclass_fields__})
        made_at = datetime.fromisoformat(told["made_at"])
        if made_at.tzinfo is None:
            raise ValueError("the moment has no zone")
        return AboutBackup(
            made_at, counts, str(keys["database"]), told.get("automatic") is True, str(told.get("key_mark", ""))
        )


def is_whole(file: Path) -> bool:
    """Whether every byte that a backup holds is as it was written, as far as its checksums tell; reads it through."""
    try:
        with _in_our_words(), ZipFile(file) as archive:
            for name in (_RECORDS, _KEYS, _ABOUT):
                _refuse_packed(archive, name)
            return archive.testzip() is None
    except CmeError:
        return False


def unpack(file: Path, *, records: Path, keys: Path) -> None:
    """Write the records and the key file that a backup holds to two new files, and see that they are on the disk."""
    with _in_our_words(), ZipFile(file) as archive:
        for name, path in ((_RECORDS, records), (_KEYS, keys)):
            _refuse_packed(archive, name)
            with archive.open(name) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, _PIECE)
                target.flush()
                flush(target.fileno())


def unpack_keys(file: Path, to: Path) -> None:
    """Write the key file alone that a backup holds to a new file."""
    with _in_our_words(), ZipFile(file) as archive:
        to.write_bytes(_read_small(archive, _KEYS))


def copy_backup_file(file: Path, to: Path) -> None:
    """Copy a backup elsewhere so that it is there whole, as reading it back has shown, or not at all."""
    unfinished = to.with_name(to.name + ".new")
    try:
        shutil.copyfile(file, unfinished)
        flush_file(unfinished)  # so that it is read back from the disk
        _refuse_unequal(unfinished, file)
        put_in_place(unfinished, to)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def hash_of_file(file: Path) -> str:
    """The SHA-256 of a file, in hex, read from the disk itself where the system can be asked to."""
    with file.open("rb") as opened:
        if hasattr(os, "posix_fadvise"):
            with suppress(OSError):
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _refuse_unequal(copy: Path, file: Path) -> None:
    if hash_of_file(copy) != hash_of_file(file):
        raise CmeError(
            "The copy is not sound.",
            detail="It was read back, and is not what was written.",
            remedy="Use another memory stick or disk there.",
        )


def _read_small(archive: ZipFile, name: str) -> bytes:
    _refuse_packed(archive, name)
    if archive.getinfo(name).file_size > _MOST_BYTES[name]:
        raise BadZipFile("a small part is large")
    return archive.read(name)


def _refuse_packed(archive: ZipFile, name: str) -> None:
    # Ours are stored as they are. A packed one could unpack to far more than the disk holds.
    part = archive.getinfo(name)
    if part.compress_type != ZIP_STORED or part.file_size != part.compress_size:
        raise BadZipFile("a part is packed")


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except CmeError:
        raise
    except _BAD_ARCHIVE:
        raise BadInputError(
            "This file is no backup of this program.",
            detail="It is damaged, was copied by half, or was made by something else.",
            remedy=f"Choose another file that ends in {ENDING}.",
        ) from None
    except OSError as error:
        raise CmeError(
            "The backup can't be read or unpacked.",
            detail=say_why(error),
            remedy="Check that the file is there, and that the disk has free space.",
        ) from None
