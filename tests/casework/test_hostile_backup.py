"""A backup made to do harm is refused before it fills the disk, and nothing lands outside the folder."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.office import Office
from cme_desktop.casework.restoring import restore_backup
from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.paths import Paths
from tests.office import NOW, PASSWORD

RESOURCES = Path(__file__).parents[2] / "resources"


def _archive(path: Path, parts: dict[str, bytes], *, packing: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def _restore(folder: Path, file: Path) -> None:
    restore_backup(
        Paths(folder / "data", RESOURCES, RESOURCES.parent / "forms"),
        file,
        user_name=None,
        password=PASSWORD,
        now=lambda: NOW,
    )


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_backup_that_unpacks_to_more_than_it_is_is_refused(tmp_path: Path, packing: int) -> None:
    parts = {"records.cme": b"\0" * 30_000_000, "keys.json": b"{}", "about.json": b"{}"}
    file = _archive(tmp_path / "a.cmebackup", parts, packing=packing)

    with pytest.raises(BadInputError, match="no backup"):
        _restore(tmp_path, file)

    left = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file() and path != file)
    assert left < 1_000_000


def test_a_part_that_names_a_place_outside_is_never_unpacked(tmp_path: Path) -> None:
    parts = {"records.cme": b"x", "keys.json": b"{}", "../outside.txt": b"x", "/tmp/outside-cme.txt": b"x"}
    file = _archive(tmp_path / "a.cmebackup", parts)

    with pytest.raises(CmeError):
        _restore(tmp_path / "inner", file)

    assert not (tmp_path / "outside.txt").exists()
    assert not Path("/tmp/outside-cme.txt").exists()


@pytest.mark.parametrize("flag", [0x1, 0x20, 0x40])
def test_a_part_said_to_be_locked_is_no_backup(tmp_path: Path, flag: int) -> None:
    file = _archive(tmp_path / "a.cmebackup", {"records.cme": b"x", "keys.json": b"{}"})
    data = bytearray(file.read_bytes())
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + at] |= flag
    file.write_bytes(data)

    with pytest.raises(BadInputError, match="no backup"):
        _restore(tmp_path, file)


def test_a_backup_of_ours_is_stored_as_it_is(office: Office, tmp_path: Path) -> None:
    office.paths.keys.write_text("{}", "utf-8")

    made = make_backup(office, to=tmp_path / "stick")

    with zipfile.ZipFile(made.file) as archive:
        assert {part.compress_type for part in archive.infolist()} == {zipfile.ZIP_STORED}
