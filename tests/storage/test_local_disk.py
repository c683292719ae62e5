"""On a network share records are refused, in words, before anything is written; every local disk serves."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from cme_desktop.casework.office import Office
from cme_desktop.casework.restoring import look_into, restore_backup
from cme_desktop.paths import find_paths
from cme_desktop.storage import local_disk
from cme_desktop.storage.database import create_database, open_database
from cme_desktop.storage.local_disk import (
    NetworkShareError,
    is_share_among,
    is_windows_share,
    read_linux_mounts,
    read_mac_mounts,
)
from tests.office import KEY, PASSWORD

LINUX = r"""sysfs /sys sysfs rw,nosuid 0 0
/dev/sda2 / ext4 rw,relatime 0 0
server:/home /home nfs4 rw,vers=4.2 0 0
/dev/sdb1 /home/pat/own ext4 rw 0 0
//server/office /mnt/The\040Office cifs rw,vers=3.1 0 0
sshfs#pat@server: /mnt/far fuse.sshfs rw 0 0
/dev/sdc1 /media/stick vfat rw 0 0
tmpfs /mnt/over tmpfs rw 0 0
server:/over /mnt/over nfs rw 0 0
"""
MAC = """/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//pat@server.local/Office on /Volumes/Office (smbfs, nodev, nosuid, mounted by pat)
server:/home on /Volumes/Old Home (nfs)
/dev/disk4s1 on /Volumes/STICK (msdos, local, nodev, nosuid)
"""


@pytest.mark.parametrize(
    ("folder", "is_share"),
    [
        ("/srv/cme", False),
        ("/home/pat/.local/share/CME Desktop", True),
        ("/home/pat/own/CME Desktop", False),  # the school's own disk, within a home on a server
        ("/homework", False),
        ("/mnt/The Office/cme", True),
        ("/mnt/The Office", True),
        ("/mnt/far/cme", True),
        ("/media/stick/cme", False),
        ("/mnt/over/cme", True),  # mounted over another: the later counts
    ],
)
def test_a_share_is_known_by_the_kernels_table(folder: str, *, is_share: bool) -> None:
    assert is_share_among(read_linux_mounts(LINUX), PurePosixPath(folder)) is is_share


@pytest.mark.parametrize(
    ("folder", "is_share"),
    [
        ("/Users/pat/Library/Application Support/CME Desktop", False),
        ("/Volumes/Office/cme", True),
        ("/Volumes/Old Home/cme", True),
        ("/Volumes/STICK/cme", False),
    ],
)
def test_a_share_is_known_by_what_mount_tells_on_a_mac(folder: str, *, is_share: bool) -> None:
    assert is_share_among(read_mac_mounts(MAC), PurePosixPath(folder)) is is_share


@pytest.mark.parametrize(
    ("folder", "drive_type", "is_share"),
    [
        (r"C:\Users\Pat\AppData\Local\CME Desktop", 3, False),
        (r"E:\cme", 2, False),  # a stick
        (r"S:\Office\cme", 4, True),
        (r"\\server\office\cme", 1, True),
        (r"\\?\UNC\server\office\cme", 1, True),
        (r"\\?\C:\cme", 3, False),
        ("//server/office/cme", 1, True),
    ],
)
def test_a_share_is_known_by_its_name_or_its_drive_on_windows(folder: str, drive_type: int, *, is_share: bool) -> None:
    assert is_windows_share(PureWindowsPath(folder), drive_type=drive_type) is is_share


def test_nothing_known_is_no_share() -> None:
    assert not is_share_among((), PurePosixPath("/srv/cme"))
    assert read_linux_mounts("odd\n\n") == ()


@pytest.mark.skipif(
    not hasattr(local_disk, "_LINUX_TABLE"), reason="the table is injected where it is a file: on Linux"
)
def test_records_on_a_share_are_refused_before_anything_is_written(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.database.close()
    table = tmp_path / "mounts"
    table.write_text(f"/dev/sda2 / ext4 rw 0 0\nserver:/x {tmp_path.resolve()} nfs4 rw 0 0\n")
    monkeypatch.setattr(local_disk, "_LINUX_TABLE", table)
    before = {file.name: file.read_bytes() for file in office.paths.data.iterdir()}
    fresh = tmp_path / "fresh"

    with pytest.raises(NetworkShareError, match="network share") as told:
        open_database(office.paths.records, KEY)
    with pytest.raises(NetworkShareError):
        create_database(fresh / "records.cme", KEY)
    with pytest.raises(NetworkShareError):
        restore_backup(find_paths(fresh), tmp_path / "any.cmebackup", user_name=None, password=PASSWORD, now=office.now)
    with pytest.raises(NetworkShareError):
        look_into(find_paths(fresh), tmp_path / "any.cmebackup", user_name=None, password=PASSWORD, now=office.now)

    assert "own disk" in told.value.remedy
    assert {file.name: file.read_bytes() for file in office.paths.data.iterdir()} == before
    assert not fresh.exists()
