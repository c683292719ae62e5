"""The operating system's own credential store: it keeps a secret for whoever is signed in to the computer.

``keyring`` speaks to Windows' Credential Manager, the Keychain of macOS and the Secret Service of Linux. It is loaded
on first use only, and nothing depends on it: where there is no store, or it is locked or denied, the password opens.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Final, TypeVar

from cme_desktop.domain.errors import CmeError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_SERVICE: Final = "CME Desktop"


class NoStoreError(CmeError):
    """The computer's credential store can't be used."""


def keep_secret(name: str, secret: bytes) -> None:
    """Put a secret into the store; raise ``NoStoreError``."""
    from keyring import set_password  # noqa: PLC0415  50 ms, needed by few

    _ask(lambda: set_password(_SERVICE, name, b64encode(secret).decode("ascii")))


def find_secret(name: str) -> bytes | None:
    """Take a secret out of the store, None where it holds none; raise ``NoStoreError``."""
    from keyring import get_password  # noqa: PLC0415  as above

    found = _ask(lambda: get_password(_SERVICE, name))
    try:
        return b64decode(found) if found else None
    except ValueError:
        return None


def forget_secret(name: str) -> None:
    """Take a secret out of the store for good; nothing where it holds none; raise ``NoStoreError``."""
    from keyring import delete_password  # noqa: PLC0415  as above

    if find_secret(name) is not None:
        _ask(lambda: delete_password(_SERVICE, name))


def _ask(act: Callable[[], T]) -> T:
    from keyring.errors import KeyringError, KeyringLocked, NoKeyringError  # noqa: PLC0415  as above

    try:
        return act()
    except NoKeyringError:
        raise NoStoreError(
            "This computer has no place to keep a key.",
            detail="Windows and macOS have one; on Linux it comes with the desktop.",
            remedy="Type your password, as before.",
        ) from None
    except KeyringLocked:
        raise NoStoreError(
            "This computer's store of passwords is locked.",
            detail="It was not unlocked, or not for this program.",
            remedy="Unlock it and try again, or type your password.",
        ) from None
    except (KeyringError, RuntimeError, OSError):
        # a store is a program of somebody else's: what it says may be anything, and is in no language of the office
        raise NoStoreError(
            "This computer's store of passwords did not answer.",
            detail="It may have been refused, or it is out of order.",
            remedy="Type your password, as before.",
        ) from None
