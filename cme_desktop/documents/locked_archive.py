"""A zip archive that opens with a password in any program that knows AES (the WinZip form), ours not needed.

The zip program of older Windows cannot open it; 7-Zip, and what macOS and Linux bring or offer, can.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from io import BytesIO

from cme_desktop.domain.errors import CmeError


def lock_files(files: Mapping[str, bytes], *, password: str) -> bytes:
    """Pack files, encrypt each by AES-256 under the password, open the archive again and compare every byte.

    Names of files stay readable without the password, so none may name a child.
    """
    import pyzipper  # noqa: PLC0415  seldom needed

    into = BytesIO()
    key = password.encode("utf-8")
    with pyzipper.AESZipFile(into, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(key)
        for name, content in files.items():
            archive.writestr(name, content)
    packed = into.getvalue()
    if open_locked(packed, password=password) != dict(files):
        raise CmeError("The archive does not hold what was put in.", remedy="Make it again. Nothing was saved.")
    return packed


def open_locked(packed: bytes, *, password: str) -> dict[str, bytes]:
    """Give what an archive of ours holds; a wrong password or a changed byte raises ``CmeError``."""
    import pyzipper  # noqa: PLC0415  seldom needed

    try:
        with pyzipper.AESZipFile(BytesIO(packed)) as archive:
            archive.setpassword(password.encode("utf-8"))
            return {name: archive.read(name) for name in archive.namelist()}
    except (RuntimeError, ValueError, EOFError, zlib.error, struct.error, pyzipper.BadZipFile):
        raise CmeError(
            "The archive can’t be opened.", remedy="Type its password again; if that is right, the file was changed."
        ) from None
