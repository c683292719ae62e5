"""Keys and passwords: who can open the records.

The records have one random key. Each person has two keys of their own (``own_keys``), whose private halves stand in
their slot, wrapped with AES-256-GCM under Argon2id of the password; the records' key is sealed to the public half.
The printed recovery key has such a slot too. A slot is bound to the records, the format, the person it was made for and
its public halves, so that one can't be passed off as another's. A slot of format 1 held the key of the records itself;
it opens still, and gets own keys when its holder next sits down.

Because nothing but public halves is needed to seal, the records can get a new key without anybody's password
(``seal_new_key``): while it takes the place of the old one, each slot holds both.

A slot that comes with an entry in the journal is written in two steps, because key file and records can't be written
at one stroke: first it waits beside the one it is to replace, then its mark is saved in the journal, then it takes its
place. Cut short anywhere, by a full disk or the power, the records can be opened: with the old one until the entry is
saved, with the new one from then. Where one still waits, the next opening settles by the journal which of them it is.
"""

from __future__ import annotations

import json
import secrets
from base64 import b32decode, b32encode
from binascii import Error as NotBase32Error
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from unicodedata import normalize

from cme_desktop.domain.errors import BadInputError, CmeError, RefusedError
from cme_desktop.domain.passwords import SHORTEST, is_long_enough, is_tried_first
from cme_desktop.storage.factor_key import with_factor
from cme_desktop.storage.key_file import KdfCost, KeyFile, KeySlot, SlotKind, read_key_file, write_key_file
from cme_desktop.storage.key_parts import Factor
from cme_desktop.storage.own_keys import OwnKeys, make_own_keys, seal_to, unpack_own_keys

PartOf = Callable[[Factor], bytes | None]
"""Finds the key of a slot's second factor; None where it is not known here."""

_BOUND: Final = 2
_BOUND_WITH_FACTOR: Final = 3
_KEY_BYTES: Final = 32
_RECOVERY_BYTES: Final = 20
_NOBODY: Final = 0


class WrongPasswordError(CmeError):
    """The password, or the recovery key, opens nothing."""


class SpoiltKeyFileError(WrongPasswordError):
    """It opens nothing, and that may be because the key file is damaged."""


class PartMissingError(CmeError):
    """The slot opens with a second factor's key too, and it is not known on this computer."""

    def __init__(self) -> None:
        super().__init__(
            "On this computer the first time needs a printed code.",
            detail="It does not hold your part of the key yet.",
            remedy="Type one of your printed codes; from then on the codes from your phone do. Without any, ask "
            "whoever adds people, or use the recovery key.",
        )


@dataclass(frozen=True, slots=True)
class NewVault:
    """The key of new records, and the recovery key to print once and lock away."""

    key: bytes = field(repr=False)
    recovery_key: str = field(repr=False)
    own: OwnKeys = field(repr=False)
    recovery_verify: bytes


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The records' key, the slot it came from, and whether any slot still waits to be settled.

    ``own`` is None for a slot of format 1. ``next_key`` is the key that was just taking the place of ``key``.
    """

    key: bytes = field(repr=False)
    slot: KeySlot = field(repr=False)
    is_settled: bool
    own: OwnKeys | None = field(repr=False, default=None)
    next_key: bytes | None = field(repr=False, default=None)

    def opens(self, key: bytes) -> bool:
        """Whether the records' key is among what was found."""
        return key in {self.key, self.next_key}


def create_vault(path: Path, *, user_id: int, name: str, password: str, cost: KdfCost | None = None) -> NewVault:
    """Make a new random key with a slot for the first person and one for a new recovery key."""
    if path.exists():
        raise RefusedError(
            "There is a key file here already.",
            detail="It may be the only way into records kept elsewhere, so it is left alone.",
            remedy="Choose an empty folder.",
        )
    refuse_weak_password(password)
    key, recovery_key = secrets.token_bytes(_KEY_BYTES), _new_recovery_key()
    own, recovery = make_own_keys(), make_own_keys()
    keys = KeyFile(secrets.token_hex(16), ())
    for kind, holder, label, secret, theirs in (
        (SlotKind.PASSWORD, user_id, name, _tidy_password(password), own),
        (SlotKind.RECOVERY, _NOBODY, "", _read_recovery_key(recovery_key), recovery),
    ):
        keys = keys.with_slot(
            _wrap(key, keys.database_id, kind=kind, user_id=holder, name=label, secret=secret, cost=cost, own=theirs)
        )
    write_key_file(path, keys)
    return NewVault(key, recovery_key, own, recovery.verify)


def unlock(path: Path, *, user_id: int, password: str, part: PartOf | None = None) -> bytes:
    """Give the records' key; raise ``WrongPasswordError``."""
    return open_slot(path, user_id=user_id, password=password, part=part).key


def open_slot(path: Path, *, user_id: int, password: str, part: PartOf | None = None) -> Unlocked:
    """Give the records' key and the slot it came from; raise ``WrongPasswordError``, or ``PartMissingError``."""
    keys = read_key_file(path)
    slots = keys.to_try(SlotKind.PASSWORD, user_id)
    if not slots:
        raise no_slot()
    return _try(slots, keys, _tidy_password(password), part)


def unlock_with_recovery_key(path: Path, recovery_key: str) -> bytes:
    """Give the records' key for the printed recovery key; raise ``WrongPasswordError``."""
    return open_recovery_slot(path, recovery_key).key


def open_recovery_slot(path: Path, recovery_key: str) -> Unlocked:
    """Give the records' key and the recovery key's slot; raise ``WrongPasswordError``."""
    return _open_recovery(read_key_file(path), recovery_key)


def _open_recovery(keys: KeyFile, recovery_key: str) -> Unlocked:
    slots = keys.to_try(SlotKind.RECOVERY, _NOBODY)
    if not slots:
        raise WrongPasswordError(
            "There is no recovery key for these records.", remedy="Ask somebody who can open the records."
        )
    # One that waits opens too: it was shown only if the records know of it.
    return _try(slots, keys, _read_recovery_key(recovery_key))


def add_slot(path: Path, *, key: bytes, user_id: int, name: str, password: str, cost: KdfCost | None = None) -> None:
    """Let a person open the records, or give them a new password, at one stroke; ``key`` opens the records."""
    refuse_weak_password(password)
    slot = make_slot(path, key=key, user_id=user_id, name=name, password=password, cost=cost)
    write_key_file(path, read_key_file(path).with_slot(slot))


def make_slot(
    path: Path,
    *,
    key: bytes,
    user_id: int,
    name: str,
    password: str,
    cost: KdfCost | None = None,
    own: OwnKeys | None = None,
    factor: tuple[Factor, bytes] | None = None,
) -> KeySlot:
    """Make a slot for a person's new password; nothing is written. ``key`` comes from the open records.

    ``own`` are the keys that the person keeps; somebody new, or who lost the password, gets new ones. ``factor`` is
    the second factor that the slot opens with too, and its key.
    """
    return _wrap(
        key, read_key_file(path).database_id, kind=SlotKind.PASSWORD, user_id=user_id, name=name,
        secret=_tidy_password(password), cost=cost, own=own or make_own_keys(), factor=factor,
    )  # fmt: skip


def make_recovery_slot(path: Path, *, key: bytes, cost: KdfCost | None = None) -> tuple[KeySlot, str]:
    """Make a slot for a new recovery key, and the key to print; nothing is written."""
    recovery_key = _new_recovery_key()
    slot = _wrap(
        key, read_key_file(path).database_id, kind=SlotKind.RECOVERY, user_id=_NOBODY, name="",
        secret=_read_recovery_key(recovery_key), cost=cost, own=make_own_keys(),
    )  # fmt: skip
    return slot, recovery_key


def give_own_keys(path: Path, unlocked: Unlocked, *, password: str) -> Unlocked:
    """Give the holder of a slot of format 1 keys of their own, under the same password, and write them down."""
    return _wrap_anew(path, unlocked, make_own_keys(), password=password)


def leave_factor_out(path: Path, unlocked: Unlocked, *, password: str) -> Unlocked:
    """Let the password alone open a slot whose second factor was taken off, and forget that factor's key."""
    assert unlocked.own is not None, "only who has own keys can have a second factor"
    return _wrap_anew(path, unlocked, unlocked.own, password=password)


def _wrap_anew(path: Path, unlocked: Unlocked, own: OwnKeys, *, password: str) -> Unlocked:
    """Write a slot again under the same password and the same mark, without a second factor."""
    old = unlocked.slot
    slot = _wrap(
        unlocked.key, read_key_file(path).database_id, kind=old.kind, user_id=old.user_id, name=old.name,
        secret=_tidy_password(password), cost=old.cost, own=own, salt=old.salt,
    )  # fmt: skip
    write_key_file(path, read_key_file(path).with_slot(slot))
    return replace(unlocked, slot=slot, own=own)


# -- a new key for the records ---------------------------------------------------------------------------------------


def refuse_unsealable(path: Path, *, but: int | None = None) -> None:
    """Raise ``RefusedError`` where a new key can't be sealed to everybody; ``but`` is to go.

    A slot of format 1 has nothing to seal it to. And where an earlier change of the key was cut short, either of two
    keys may be the one that opens: a third would take the place of one of them.
    """
    keys = read_key_file(path)
    if any(slot.sealed_next for slot in keys.slots):
        raise RefusedError(
            "The records can't get a new key yet.",
            detail="The change before was cut short.",
            remedy="Lock the program and unlock it, which finishes that one; then try again.",
        )
    without = [slot for slot in keys.slots if not slot.has_own_keys and (slot.user_id != but or not but)]
    if not without:
        return
    names = [slot.name for slot in without if slot.kind is SlotKind.PASSWORD]
    who = ", ".join(names)
    raise RefusedError(
        "The records can't get a new key yet.",
        detail=f"{who} last opened them with an older version." if names else "The recovery key is an older one.",
        remedy="Let them open the records once, then try again." if names else "Print a new recovery key first.",
    )


def seal_new_key(path: Path, new_key: bytes) -> None:
    """Seal a new key of the records to everybody, beside the old one: from now on either opens."""
    refuse_unsealable(path)
    keys = read_key_file(path)
    bound_to = _sealed_for(keys.database_id)
    slots = tuple(
        replace(slot, sealed_next=seal_to(slot.public, new_key, bound_to=bound_to)) for slot in keys.slots
    )  # fmt: skip
    write_key_file(path, replace(keys, slots=slots))


def settle_key(path: Path, *, is_new: bool) -> None:
    """Keep of the two keys the one that opens the records now, and forget the other; nothing where there is one."""
    keys = read_key_file(path)
    if not any(slot.sealed_next for slot in keys.slots):
        return
    slots = tuple(
        replace(slot, sealed=slot.sealed_next if is_new and slot.sealed_next else slot.sealed, sealed_next=b"")
        for slot in keys.slots
    )
    write_key_file(path, replace(keys, slots=slots))


# -- settling --------------------------------------------------------------------------------------------------------


def put_beside(path: Path, slot: KeySlot) -> None:
    """Let a slot wait beside the one it is to replace; both open the records until ``settle``."""
    write_key_file(path, read_key_file(path).with_beside(slot))


def settle(path: Path, *, stands: Callable[[KeySlot], bool]) -> None:
    """Put each waiting slot in its place, or take it away; nothing is written where none waits."""
    keys = read_key_file(path)
    if keys.waiting:
        write_key_file(path, keys.settled(stands))


def reset_password(path: Path, *, user_id: int, recovery_key: str, new: str) -> None:
    """Give a person a new password with the printed recovery key.

    The private halves were lost with the old password, so that the person gets new ones; the recovery key signs that
    they are theirs, and the journal takes them up when the person next sits down.
    """
    refuse_weak_password(new)
    keys = read_key_file(path)
    opened = _open_recovery(keys, recovery_key)
    slot = keys.slot_of(user_id)
    if slot is None:
        raise RefusedError(
            "This person can't open the records.", remedy="Ask somebody who can open the records to add you."
        )
    fresh = make_slot(path, key=opened.key, user_id=user_id, name=slot.name, password=new)
    if opened.own is not None:
        fresh = replace(fresh, vouched=opened.own.sign(vouch_for(user_id, fresh.verify)))
    if opened.next_key is not None:
        sealed = seal_to(fresh.public, opened.next_key, bound_to=_sealed_for(keys.database_id))
        fresh = replace(fresh, sealed_next=sealed)
    write_key_file(path, keys.with_slot(fresh))


def vouch_for(user_id: int, verify: bytes) -> bytes:
    """What the recovery key signs where it gives a person new own keys."""
    return json.dumps(["own keys", user_id, verify.hex()]).encode("ascii")


def remove_slot(path: Path, *, user_id: int) -> None:
    """Take a person's slot away; the last one stays."""
    keys = read_key_file(path)
    if len(keys.people) == 1 and keys.slot_of(user_id) is not None:
        raise RefusedError(
            "The last person who can open the records can't be removed.", remedy="Add somebody else first."
        )
    write_key_file(path, keys.without(user_id))


def refuse_weak_password(password: str) -> None:
    """Raise ``BadInputError`` where a password is too short, or one of those that are tried first."""
    remedy = "Three or four words that do not belong together are easy to remember and hard to guess."
    if not is_long_enough(password):
        detail = f"It needs at least {SHORTEST} characters."
        raise BadInputError("The password is too short.", detail=detail, remedy=remedy)
    if is_tried_first(password):
        detail = "It is one of those that are tried first; a year or a sign behind it does not help."
        raise BadInputError("The password is too easy to guess.", detail=detail, remedy=remedy)


def _wrap(
    key: bytes,
    database_id: str,
    *,
    kind: SlotKind,
    user_id: int,
    name: str,
    secret: bytes,
    cost: KdfCost | None,
    own: OwnKeys,
    salt: bytes | None = None,
    factor: tuple[Factor, bytes] | None = None,
) -> KeySlot:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  only unlocking needs it

    chosen, salt, nonce = cost or KdfCost(), salt or secrets.token_bytes(16), secrets.token_bytes(12)
    public, verify = own.public, own.verify
    part, factor_key = factor or (None, b"")
    bound_to = _bound_to(database_id, kind, user_id, public=public, verify=verify, factor=part)
    derived = _derive(secret, salt, chosen)
    wrapped = AESGCM(with_factor(derived, factor_key) if part else derived).encrypt(nonce, own.packed, bound_to)
    sealed = seal_to(public, key, bound_to=_sealed_for(database_id))
    return KeySlot(
        kind, user_id, name, chosen, salt, nonce, wrapped, public=public, verify=verify, sealed=sealed, factor=part
    )  # fmt: skip


def _try(slots: tuple[KeySlot, ...], keys: KeyFile, secret: bytes, part: PartOf | None = None) -> Unlocked:
    is_missing = False
    for slot in slots:
        factor_key = part(slot.factor) if slot.factor and part else None
        if slot.factor and factor_key is None:
            is_missing = True
            continue
        with suppress(WrongPasswordError):
            return _unwrap(slot, keys, secret, factor_key)
    if is_missing:
        raise PartMissingError
    if not keys.is_as_written:
        raise _spoilt()
    raise _wrong(slots[0].kind)


def _spoilt() -> SpoiltKeyFileError:
    return SpoiltKeyFileError(
        "The key file is damaged, or the password is wrong.",
        detail="The key file is no longer what the program wrote, so that even the right password may not open it.",
        remedy="Type the password again. If it is the right one, bring back a backup: it holds the key file too.",
    )


def _unwrap(slot: KeySlot, keys: KeyFile, secret: bytes, factor_key: bytes | None) -> Unlocked:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  only unlocking needs it
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    bound_to = _bound_to(
        keys.database_id, slot.kind, slot.user_id, public=slot.public, verify=slot.verify, factor=slot.factor
    )
    derived = _derive(secret, slot.salt, slot.cost)
    try:
        wrapping = derived if factor_key is None else with_factor(derived, factor_key)
        held = AESGCM(wrapping).decrypt(slot.nonce, slot.wrapped, bound_to)
    except InvalidTag:
        raise _wrong(slot.kind) from None
    if not slot.has_own_keys:
        return Unlocked(held, slot, not keys.waiting)
    return open_sealed(slot, keys, unpack_own_keys(held))


def open_sealed(slot: KeySlot, keys: KeyFile, own: OwnKeys) -> Unlocked:
    """Give the records' key with a person's own keys: it is sealed to them in their slot."""
    purpose = _sealed_for(keys.database_id)
    key = own.open(slot.sealed, bound_to=purpose)
    next_key = own.open(slot.sealed_next, bound_to=purpose) if slot.sealed_next else None
    if key is None:
        raise CmeError(
            "The key file was altered.",
            detail="The password is right, but the key of the records is not sealed to this person.",
            remedy="Bring back a backup: it holds the key file too.",
        )
    return Unlocked(key, slot, not keys.waiting, own, next_key)


def _derive(secret: bytes, salt: bytes, cost: KdfCost) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415  only unlocking needs it

    kdf = Argon2id(salt=salt, length=_KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    return kdf.derive(secret)


def no_slot() -> WrongPasswordError:
    """What is said to somebody for whom the key file has no slot."""
    return WrongPasswordError(
        "This person can't open the records.",
        detail="There is no slot for them in the key file.",
        remedy="Ask somebody who can open the records to add you.",
    )


def _wrong(kind: SlotKind) -> WrongPasswordError:
    if kind is SlotKind.RECOVERY:
        return WrongPasswordError(
            "The recovery key does not fit these records.",
            remedy="Compare it with the print, character by character; it has 8 groups of 4.",
        )
    return WrongPasswordError(
        "The password is wrong.",
        remedy="Type it again; check Caps Lock. If it is lost, use the printed recovery key.",
    )


def _bound_to(
    database_id: str, kind: SlotKind, user_id: int, *, public: bytes, verify: bytes, factor: Factor | None
) -> bytes:
    if not public:
        return json.dumps([1, database_id, kind.value, user_id]).encode("ascii")
    slot = [database_id, kind.value, user_id, public.hex(), verify.hex()]
    if factor is not None:
        return json.dumps([_BOUND_WITH_FACTOR, *slot, factor.mark.hex()]).encode("ascii")
    return json.dumps([_BOUND, *slot]).encode("ascii")


def _sealed_for(database_id: str) -> bytes:
    return json.dumps([_BOUND, database_id, "key of the records"]).encode("ascii")


def _tidy_password(password: str) -> bytes:
    # The same letters typed on another keyboard must open the same slot. A variable may hold bytes that are no text.
    return normalize("NFKC", password).encode("utf-8", "surrogateescape")


def _new_recovery_key() -> str:
    text = b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode("ascii")
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _read_recovery_key(text: str) -> bytes:
    tidy = "".join(char for char in text.upper() if char.isalnum()).translate(str.maketrans("018", "OIB"))
    try:
        read = b32decode(tidy)
    except NotBase32Error:
        read = b""
    if len(read) != _RECOVERY_BYTES:
        raise _wrong(SlotKind.RECOVERY)
    return read
