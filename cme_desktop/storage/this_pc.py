"""What one computer keeps for its user, apart from the records, so that it does not travel with a copy of them.

It holds the keys of second factors of whoever opened the records here, and which of the slots of computers is this
computer's. Nothing here opens anything by itself; where it is lost, a printed code or the password does.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.errors import BadInputError
from cme_desktop.outside_file import read_outside_file
from cme_desktop.storage.durable import put_in_place
from cme_desktop.storage.key_parts import FACTOR_BYTES

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class KeptHere:
    """The factor keys by the factor's mark, and the marks of this computer's slots."""

    factors: dict[str, bytes] = field(default_factory=dict, repr=False)
    devices: frozenset[str] = frozenset()


def read_kept_here(file: Path) -> KeptHere:
    """Read what this computer keeps; nothing where there is no such file, or one of no use."""
    try:
        told = json.loads(read_outside_file(file, largest=_LARGEST, what="The file of this computer", remedy=""))
        factors = {str(mark): b64decode(key) for mark, key in told["factors"].items()}
        devices = frozenset(str(mark) for mark in told["devices"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, BadInputError):
        return KeptHere()
    return KeptHere({mark: key for mark, key in factors.items() if len(key) == FACTOR_BYTES}, devices)


def keep_factor(file: Path, *, mark: bytes, key: bytes) -> None:
    """Keep a factor's key on this computer; raise ``OSError`` where that can't be."""
    kept = read_kept_here(file)
    if kept.factors.get(mark.hex()) != key:
        _write(file, replace(kept, factors={**kept.factors, mark.hex(): key}))


def keep_device(file: Path, mark: str) -> None:
    """Note that a slot is this computer's; raise ``OSError`` where that can't be."""
    kept = read_kept_here(file)
    _write(file, replace(kept, devices=kept.devices | {mark}))


def forget_devices(file: Path, marks: frozenset[str]) -> None:
    """Note that slots are this computer's no more; raise ``OSError`` where that can't be."""
    kept = read_kept_here(file)
    if kept.devices & marks:
        _write(file, replace(kept, devices=kept.devices - marks))


def _write(file: Path, kept: KeptHere) -> None:
    told = {
        "factors": {mark: b64encode(key).decode("ascii") for mark, key in kept.factors.items()},
        "devices": sorted(kept.devices),
    }
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_name(file.name + ".new")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(told, indent=2), "utf-8")
    beside.chmod(0o600)
    put_in_place(beside, file)
