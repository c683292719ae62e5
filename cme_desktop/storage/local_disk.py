"""Records belong on a disk of this computer: on a network share they are refused, before anything is written.

The log beside the records is shared memory between programs of one computer. On a share, two computers would each write
their own, and what one of them was told is saved could be lost. Backups may well be kept on a share.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path, PurePath, PureWindowsPath
from typing import Final

from cme_desktop.storage.sqlite_errors import RecordsError

_NETWORK_TYPES: Final = frozenset((
    "9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone",
    "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2", "smb3", "smbfs", "vboxsf", "webdav",
))  # fmt: skip
_LINUX_TABLE: Final = Path("/proc/self/mounts")
_MAC_LINE: Final = re.compile(r"^.* on (?P<folder>/.*) \((?P<type>[a-z0-9_.]+)[,)]")
_REMOTE_DRIVE: Final = 4
_OCTAL: Final = re.compile(r"\\([0-7]{3})")


class NetworkShareError(RecordsError):
    """The folder lies on another computer."""


def refuse_network_share(folder: Path) -> None:
    """Raise ``NetworkShareError`` where the folder of the records lies on a share."""
    if is_on_share(folder):
        raise NetworkShareError(
            "The records can't be kept on a network share.",
            detail="There, two computers could write at once, and what was saved could be lost.",
            remedy="Move the folder of the records to this computer's own disk. Backups may well be kept on a share.",
        )


def is_share_among(mounts: tuple[tuple[str, str], ...], folder: PurePath) -> bool:
    """Whether the innermost of these mounted places (folder and type) that holds the folder is a share."""
    holding = [(place, kind) for place, kind in mounts if folder.is_relative_to(place)]
    if not holding:
        return False
    deepest = max(len(PurePath(place).parts) for place, _ in holding)
    # of two mounted on the same place, the later hides the earlier
    kind = [kind for place, kind in holding if len(PurePath(place).parts) == deepest][-1]
    return kind in _NETWORK_TYPES


def read_linux_mounts(table: str) -> tuple[tuple[str, str], ...]:
    """Read the kernel's table: folder and type of each mounted place."""
    rows = (line.split(" ") for line in table.splitlines())
    return tuple((_OCTAL.sub(_as_letter, row[1]), row[2]) for row in rows if len(row) > 2)


def read_mac_mounts(told: str) -> tuple[tuple[str, str], ...]:
    """Read what ``mount`` tells on a Mac: folder and type of each mounted place."""
    return tuple((found["folder"], found["type"]) for line in told.splitlines() if (found := _MAC_LINE.match(line)))


def is_windows_share(folder: PureWindowsPath, *, drive_type: int) -> bool:
    r"""Whether a folder is named by its server, as in ``\\server\share``, or its drive letter stands for a share."""
    drive = folder.drive.replace("/", "\\").upper()
    if drive.startswith(("\\\\?\\UNC\\", "\\\\.\\UNC\\")):
        return True
    is_named_by_server = drive.startswith("\\\\") and not drive.startswith(("\\\\?\\", "\\\\.\\"))
    return is_named_by_server or drive_type == _REMOTE_DRIVE


def _as_letter(code: re.Match[str]) -> str:
    return chr(int(code[1], 8))


if sys.platform == "win32":
    import ctypes

    def is_on_share(folder: Path) -> bool:
        """Whether a folder lies on another computer, as far as this one tells."""
        whole = folder.resolve()
        return is_windows_share(
            PureWindowsPath(whole), drive_type=int(ctypes.windll.kernel32.GetDriveTypeW(str(whole.anchor)))
        )

elif sys.platform == "darwin":

    def is_on_share(folder: Path) -> bool:
        """Whether a folder lies on another computer, as far as this one tells."""
        told = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False, timeout=5).stdout
        return is_share_among(read_mac_mounts(told), folder.resolve())

else:

    def is_on_share(folder: Path) -> bool:
        """Whether a folder lies on another computer, as far as this one tells."""
        try:
            table = _LINUX_TABLE.read_text("utf-8", "surrogateescape")
        except OSError:
            return False  # a system that does not tell
        return is_share_among(read_linux_mounts(table), folder.resolve())
