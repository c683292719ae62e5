"""The small file beside the records that holds the wrapped keys: its shape, and writing it whole or not at all.

It needs the standard library only, so that the first window can list who may unlock before anything heavy is loaded.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from cme_desktop.domain.errors import CmeError
from cme_desktop.outside_file import read_outside_file
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.durable import put_in_place
from cme_desktop.storage.key_parts import (
    DeviceSlot,
    Factor,
    device_as_json,
    factor_as_json,
    read_devices,
    read_factor,
)

FORMAT: Final = 3
_WITHOUT_PARTS: Final = 2
"""The format that older versions read too: written where no slot needs a second factor, and no computer has a slot."""

_LARGEST: Final = 1_000_000
_BRING_BACK: Final = "Bring back a backup: it holds the key file too."
_SPOILT: Final = "spoilt"
"""The sum of a file that was written on after it had been found spoilt: what is wrong in it is wrong still."""

_OWN: Final = {"public": 32, "verify": 32, "sealed": 80, "sealed_next": 80, "vouched": 64}
"""What a slot of format 2 holds beside the wrapped keys, and how many bytes of it."""

_MOST_MEMORY_KIB: Final = 1024 * 1024
_MOST_PASSES: Final = 50
_MOST_LANES: Final = 64
_SALT_BYTES: Final = range(8, 1025)
_NONCE_BYTES: Final = range(8, 129)


class SlotKind(StrEnum):
    """What opens a slot."""

    PASSWORD = "password"  # noqa: S105  a kind of slot, not a password
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class KdfCost:
    """How dear one guess at a password is: Argon2id's memory, passes and lanes."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class KeySlot:
    """A person's own keys, wrapped under the password, and the records' key, sealed to them.

    The recovery key has a slot too, which is nobody's: ``user_id`` 0. ``public`` and ``verify`` are the public halves
    of the own keys, ``sealed`` the key of the records, ``sealed_next`` the one that is just taking its place.
    ``vouched`` is the recovery key's signature under new own keys made with its help.
    ``waits``: the slot stands beside the one it is to replace until the records say that it does.
    ``factor``: it opens with a second factor's key only, beside the password.

    A slot of format 1 has no own keys: ``wrapped`` holds the key of the records itself.
    """

    kind: SlotKind
    user_id: int
    name: str
    cost: KdfCost
    salt: bytes
    nonce: bytes
    wrapped: bytes
    waits: bool = False
    public: bytes = b""
    verify: bytes = b""
    sealed: bytes = b""
    sealed_next: bytes = b""
    vouched: bytes = b""
    factor: Factor | None = None

    @property
    def mark(self) -> str:
        """A word that is this slot's alone, by which the journal names it."""
        return self.salt.hex()

    @property
    def has_own_keys(self) -> bool:
        """Whether it holds own keys; a slot of format 1 does not."""
        return bool(self.public)


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The newest journal entry that was known: its number and hash, when, and the signature of who noted it."""

    number: int
    hash: str
    at: str
    by: int
    signature: bytes

    @property
    def signed_part(self) -> bytes:
        """What the signature is over."""
        return json.dumps(["journal head", self.number, self.hash, self.at, self.by]).encode("ascii")


@dataclass(frozen=True, slots=True)
class KeyFile:
    """All slots, the random name of the records they belong to, and the newest head of their journal.

    ``is_as_written`` is False where the file is no longer what the program wrote: a disk that wears out, a hand.
    ``devices`` are the slots of computers: each good only beside the person's slot it was made beside.
    """

    database_id: str
    slots: tuple[KeySlot, ...]
    head: JournalHead | None = None
    devices: tuple[DeviceSlot, ...] = ()
    is_as_written: bool = field(default=True, compare=False)

    def slot_of(self, user_id: int) -> KeySlot | None:
        """Find a person's slot."""
        return next((slot for slot in self.people if slot.user_id == user_id), None)

    @property
    def people(self) -> tuple[KeySlot, ...]:
        """The slots that a password opens, those that wait left out."""
        return tuple(slot for slot in self.slots if slot.kind is SlotKind.PASSWORD and not slot.waits)

    @property
    def waiting(self) -> tuple[KeySlot, ...]:
        """The slots of which the records have yet to say whether they stand."""
        return tuple(slot for slot in self.slots if slot.waits)

    def to_try(self, kind: SlotKind, user_id: int) -> tuple[KeySlot, ...]:
        """The slots of a person, or of the recovery key, the standing one before one that waits."""
        return tuple(
            sorted((slot for slot in self.slots if (slot.kind, slot.user_id) == (kind, user_id)), key=lambda s: s.waits)
        )

    def with_slot(self, slot: KeySlot) -> KeyFile:
        """Give the same file with this slot in place of the one of the same kind and person."""
        others = (other for other in self.slots if (other.kind, other.user_id) != (slot.kind, slot.user_id))
        return replace(self, slots=(*others, slot)).with_good_devices()

    def with_device(self, device: DeviceSlot) -> KeyFile:
        """Give the same file with one more computer's slot."""
        return replace(self, devices=(*self.devices, device))

    def without_devices(self, marks: frozenset[str]) -> KeyFile:
        """Give the same file without these slots of computers."""
        return replace(self, devices=tuple(one for one in self.devices if one.mark not in marks))

    def devices_of(self, user_id: int) -> tuple[DeviceSlot, ...]:
        """The slots of computers that open a person's own keys as things stand."""
        slot = self.slot_of(user_id)
        return tuple(one for one in self.devices if slot and (one.user_id, one.beside) == (user_id, slot.mark))

    def with_beside(self, slot: KeySlot) -> KeyFile:
        """Give the same file with this slot waiting beside the one of the same kind and person."""
        waits = replace(slot, waits=True)
        standing = (other for other in self.slots if (other.kind, other.user_id, other.waits) != _place_of(waits))
        return replace(self, slots=(*standing, waits))

    def settled(self, stands: Callable[[KeySlot], bool]) -> KeyFile:
        """Give the same file with every waiting slot either in the place it waited for, or gone."""
        keys = replace(self, slots=tuple(slot for slot in self.slots if not slot.waits))
        for slot in self.waiting:
            if stands(slot):
                keys = keys.with_slot(replace(slot, waits=False))
        return keys

    def with_head(self, head: JournalHead) -> KeyFile:
        """Give the same file with a newer head of the journal."""
        return replace(self, head=head)

    @property
    def recovery(self) -> KeySlot | None:
        """The recovery key's slot, one that waits left out."""
        return next((slot for slot in self.slots if slot.kind is SlotKind.RECOVERY and not slot.waits), None)

    def without(self, user_id: int) -> KeyFile:
        """Give the same file without a person's slot."""
        return replace(
            self, slots=tuple(slot for slot in self.slots if slot.kind is SlotKind.RECOVERY or slot.user_id != user_id)
        ).with_good_devices()

    def with_good_devices(self) -> KeyFile:
        """Give the same file without the slots of computers whose password's slot is gone or was replaced."""
        good = tuple(one for one in self.devices if one in self.devices_of(one.user_id))
        return self if good == self.devices else replace(self, devices=good)


def _place_of(slot: KeySlot) -> tuple[SlotKind, int, bool]:
    return slot.kind, slot.user_id, slot.waits


def read_key_file(path: Path) -> KeyFile:
    """Read the key file; raise ``CmeError`` where it is missing, damaged, or from a newer version."""
    try:
        document = json.loads(read_outside_file(path, largest=_LARGEST, what="The key file", remedy=_BRING_BACK))
        if document["format"] > FORMAT:
            raise CmeError(
                "The key file was written by a newer version of the program.",
                detail=f"It has format {document['format']}; this program knows {FORMAT}.",
                remedy="Install the newer version of CME Desktop.",
            )
        slots = tuple(_slot(slot) for slot in document["slots"])
        devices = read_devices(document.get("devices", []))
        told = document.pop("sum", None)
        is_as_written = told is None or told == _sum(document)
        return KeyFile(str(document["database"]), slots, _head(document.get("head")), devices, is_as_written)
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise CmeError(
                "The folder of the records is not there.",
                detail="It was moved or deleted, or its disk is not connected.",
                remedy="Put it back, or connect the disk, then start the program again. If it is lost, bring back a"
                " backup.",
            ) from None
        raise CmeError(
            "The key file is not there.",
            detail=f"{path.name} belongs beside the records; without it they can't be opened.",
            remedy="Bring back a backup: it holds the key file too.",
        ) from None
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError, AttributeError):
        raise CmeError(
            "The key file can't be read.",
            detail=f"{path.name} is damaged or is no key file.",
            remedy="Bring back a backup: it holds the key file too.",
        ) from None


def write_key_file(path: Path, keys: KeyFile) -> None:
    """Write the file so that at any moment either the old one or the new one is whole on the disk."""
    has_parts = bool(keys.devices) or any(slot.factor for slot in keys.slots)
    document: dict[str, Any] = {"format": FORMAT if has_parts else _WITHOUT_PARTS, "database": keys.database_id}
    document["slots"] = [_as_json(slot) for slot in keys.slots]
    if keys.devices:
        document["devices"] = [device_as_json(device) for device in keys.devices]
    if keys.head is not None:
        document["head"] = {**asdict(keys.head), "signature": b64encode(keys.head.signature).decode()}
    document["sum"] = _sum(document) if keys.is_as_written else _SPOILT
    beside = path.with_name(path.name + ".new")
    try:
        with beside.open("w", encoding="utf-8") as file:
            json.dump(document, file, indent=2, ensure_ascii=False)
        beside.chmod(0o600)
        put_in_place(beside, path)
    except OSError as error:
        with suppress(OSError):  # where the folder is gone, so is the file
            beside.unlink(missing_ok=True)
        raise CmeError(
            "The key file can't be written.",
            detail=say_why(error),
            remedy="Make sure that you may write to the folder of the records and that the disk is not full.",
        ) from None


def _sum(document: dict[str, Any]) -> str:
    """By which a file that was spoilt by chance is known; against somebody's will it does nothing."""
    return f"{crc32(json.dumps(document, sort_keys=True).encode('ascii')):08x}"


def _slot(values: dict[str, Any]) -> KeySlot:
    cost = _cost(values["cost"])
    _refuse_odd_sizes(values)
    return KeySlot(
        SlotKind(values["kind"]), int(values["user"]), str(values["name"]), cost,
        b64decode(values["salt"]), b64decode(values["nonce"]), b64decode(values["wrapped"]),
        waits=bool(values.get("waits", False)), factor=read_factor(values.get("factor")),
        **{name: b64decode(values.get(name, "")) for name in _OWN},
    )  # fmt: skip


def _head(values: dict[str, Any] | None) -> JournalHead | None:
    if values is None:
        return None
    return JournalHead(
        int(values["number"]), str(values["hash"]), str(values["at"]), int(values["by"]),
        b64decode(values["signature"]),
    )  # fmt: skip


def _cost(values: dict[str, Any]) -> KdfCost:
    """What a guess costs; refused where it would keep the computer busy for minutes, or is no cost at all."""
    cost = KdfCost(**values)
    if not all(type(number) is int for number in (cost.memory_kib, cost.passes, cost.lanes)):
        raise ValueError("the cost of a slot is no number")
    if not (1 <= cost.lanes <= _MOST_LANES and 1 <= cost.passes <= _MOST_PASSES):
        raise ValueError("the cost of a slot is out of bounds")
    if not 8 * cost.lanes <= cost.memory_kib <= _MOST_MEMORY_KIB:
        raise ValueError("the cost of a slot is out of bounds")
    return cost


def _refuse_odd_sizes(values: dict[str, Any]) -> None:
    str(values["name"]).encode()  # half a character can be shown nowhere
    if len(b64decode(values["salt"])) not in _SALT_BYTES or len(b64decode(values["nonce"])) not in _NONCE_BYTES:
        raise ValueError("a salt or a nonce has a size that no slot has")
    sizes = {name: len(b64decode(values.get(name, ""))) for name in _OWN}
    if not all(sizes[name] in {0, size} for name, size in _OWN.items()):
        raise ValueError("a key or a seal has a size that none has")
    if len({bool(sizes[name]) for name in ("public", "verify", "sealed")}) > 1:
        raise ValueError("a slot has some of its own keys and not the others")


def _as_json(slot: KeySlot) -> dict[str, Any]:
    return {
        "kind": slot.kind.value, "user": slot.user_id, "name": slot.name, "cost": asdict(slot.cost),
        "salt": b64encode(slot.salt).decode(), "nonce": b64encode(slot.nonce).decode(),
        "wrapped": b64encode(slot.wrapped).decode(), **({"waits": True} if slot.waits else {}),
        **{name: b64encode(held).decode() for name in _OWN if (held := getattr(slot, name))},
        **({"factor": factor_as_json(slot.factor)} if slot.factor else {}),
    }  # fmt: skip
