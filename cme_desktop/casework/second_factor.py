"""A second factor that works without a network: codes from a phone, and ten printed ones for when it is not there.

It is each person's own choice. Switching it on puts a new slot in the place of the old one, which opens with the
factor's key too, and keeps the phone's secret in the records, sealed to the person. Switching it off needs password and
code; for somebody who lost both phone and sheet, whoever adds people takes it off, and the journal says so.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.first_person import nobody_manages_people
from cme_desktop.casework.guessing import slowed
from cme_desktop.casework.permissions import needs, open_to_all
from cme_desktop.casework.phone_codes import address_for_phone, fitting_step, seconds_off
from cme_desktop.casework.second_step import OFF, CodeNeededError, PartKeys, Passed, WrongCodeError, check_code
from cme_desktop.casework.slot_changes import replace_slot
from cme_desktop.documents.square_code import draw_square_code
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, CmeError, RefusedError
from cme_desktop.domain.rights import Right
from cme_desktop.storage import vault
from cme_desktop.storage.factor_key import make_factor, release_factor
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.second_factors import (
    SECRET_BYTES,
    StoredFactor,
    load_factor,
    remove_factor,
    save_factor,
    seal_secret,
)
from cme_desktop.storage.this_pc import keep_factor
from cme_desktop.storage.users import list_users

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import UserId
    from cme_desktop.storage.key_parts import Factor

_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class PhoneOffer:
    """A new secret for a phone: as a square picture, row by row, and in groups of letters to type."""

    secret: bytes = field(repr=False)
    square: tuple[tuple[bool, ...], ...] = field(repr=False)
    typed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SecondFactorState:
    """Whether codes are asked for from whoever sits at the desk, and how many printed ones are left."""

    is_on: bool
    codes_left: int = 0

    @property
    def in_words(self) -> str:
        """The state as a sentence or two."""
        if not self.is_on:
            return "Off: your password alone opens the records."
        left = f"{self.codes_left} printed codes are left." if self.codes_left != 1 else "1 printed code is left."
        return f"On: a code is asked for after your password. {left}" + (
            " Print new ones before they run out." if self.codes_left <= _FEW else ""
        )


@open_to_all
def factor_of(office: Office, user_id: int) -> StoredFactor | None:
    """Find a person's second factor."""
    with office.database.reading() as db:
        return load_factor(db, user_id)


@open_to_all
def parts_known_to(office: Office, user_id: int) -> Callable[[Factor], bytes | None]:
    """Give what finds the key of a person's second factor in the open records."""
    stored = factor_of(office, user_id)

    def find(factor: Factor) -> bytes | None:
        if factor.released:
            return factor.released
        return stored.key if stored is not None and stored.mark == factor.mark.hex() else None

    return find


@open_to_all
def load_second_factor(office: Office) -> SecondFactorState:
    """Say how the second factor of whoever sits at the desk stands."""
    stored = factor_of(office, office.user.id)
    return SecondFactorState(stored is not None, 0 if stored is None else len(stored.unused))


@open_to_all
def list_with_second_factor(office: Office) -> frozenset[int]:
    """List whose codes are asked for, by the person's number."""
    with office.database.reading() as db:
        return frozenset(user.id for user in list_users(db) if load_factor(db, user.id) is not None)


@open_to_all
def offer_phone(office: Office) -> PhoneOffer:
    """Make a new secret for the phone of whoever sits at the desk; nothing is kept of it yet."""
    secret = secrets.token_bytes(SECRET_BYTES)
    address = address_for_phone(secret, name=office.user.name)
    return PhoneOffer(secret, draw_square_code(address), _in_groups(secret))


@open_to_all
def switch_on(office: Office, offer: PhoneOffer, *, password: str, code: str) -> tuple[str, ...]:
    """Ask for codes from now on, once the phone has shown that it makes them; give the printed ones, this once."""
    me, now = office.user.id, office.now()
    if factor_of(office, me) is not None:
        raise RefusedError("Codes are asked for already.", remedy="Switch them off first, to begin with another phone.")
    unlocked = _open_own_slot(office, password)
    step = fitting_step(offer.secret, code, now=now)
    if step is None:
        raise _say_misfit(offer.secret, code, office)
    return _replace_factor(office, unlocked, password=password, secret=offer.secret, last=step, act="second_factor_on")


@open_to_all
def print_new_codes(office: Office, *, password: str, code: str) -> tuple[str, ...]:
    """Make ten new printed codes; those of the old sheet are good no more."""
    stored, unlocked, passed = _pass_both(office, password=password, code=code)
    assert unlocked.own is not None, "who passed has own keys"
    secret = stored.secret_of(unlocked.own, user_id=office.user.id)
    if secret is None:
        raise RefusedError("The codes can't be renewed.", remedy="Switch them off, and on again.")
    last = max(stored.last, passed.step or 0)
    return _replace_factor(office, unlocked, password=password, secret=secret, last=last, act="codes_printed")


@open_to_all
def switch_off(office: Office, *, password: str, code: str) -> Changes:
    """Ask for no code any more: the password alone opens the records."""
    _, unlocked, _ = _pass_both(office, password=password, code=code)
    me = office.user
    slot = vault.make_slot(
        office.paths.keys, key=office.database.key, user_id=me.id, name=me.name, password=password, own=unlocked.own
    )
    replace_slot(
        office, slot, act=OFF, subject=f"user {me.id}", by="themselves",
        beside=lambda db: remove_factor(db, me.id, at=office.now(), by=me.id),
    )  # fmt: skip
    return Changes.to(Area.SETTINGS)


@needs(Right.MANAGE_PEOPLE, unless=nobody_manages_people)
def take_off_second_factor(office: Office, user_id: UserId) -> Changes:
    """Let somebody else's password alone open again: they lost the phone and the printed codes."""
    if user_id == office.user.id:
        raise RefusedError(
            "Your own codes are switched off with your password and a code.", remedy="Use “Codes from a phone”."
        )
    with office.database.transaction() as db:
        stored = load_factor(db, user_id)
        if stored is None:
            raise RefusedError("No codes are asked for from this person.", remedy="Read the list again.")
        remove_factor(db, user_id, at=office.now(), by=office.user.id)
        write_journal(
            db, at=office.now(), by=office.user.id, act=OFF, subject=f"user {user_id}", details={"by": "somebody else"}
        )
        # Cut short here, the password opens but the records still ask for a code: nobody gets in who should not.
        release_factor(office.paths.keys, user_id=user_id, key=stored.key)
    return Changes.to(Area.SETTINGS)


def _open_own_slot(office: Office, password: str) -> vault.Unlocked:
    me = office.user.id
    with slowed(office.paths.tries, user_id=me, now=office.now()):
        return vault.open_slot(office.paths.keys, user_id=me, password=password, part=parts_known_to(office, me))


def _pass_both(office: Office, *, password: str, code: str) -> tuple[StoredFactor, vault.Unlocked, Passed]:
    """Check the password and a code of whoever sits at the desk; a wrong code counts as a wrong password does."""
    me = office.user.id
    stored = factor_of(office, me)
    if stored is None:
        raise RefusedError("No codes are asked for.", remedy="Nothing has to be done.")
    if not code.strip():
        raise CodeNeededError
    with slowed(office.paths.tries, user_id=me, now=office.now()):
        parts = PartKeys(office.paths, code, known=parts_known_to(office, me))
        unlocked = vault.open_slot(office.paths.keys, user_id=me, password=password, part=parts)
        return stored, unlocked, check_code(stored, unlocked, code=code, printed=parts.printed, now=office.now())


def _replace_factor(
    office: Office, unlocked: vault.Unlocked, *, password: str, secret: bytes, last: int, act: str
) -> tuple[str, ...]:
    me, at, own = office.user, office.now(), unlocked.own
    assert own is not None, "who opened the records has own keys"
    new = make_factor()
    mark = new.factor.mark.hex()
    slot = vault.make_slot(
        office.paths.keys, key=office.database.key, user_id=me.id, name=me.name, password=password, own=own,
        factor=(new.factor, new.key),
    )  # fmt: skip
    sealed = seal_secret(secret, public=own.public, user_id=me.id, mark=mark)
    stored = StoredFactor(mark, sealed, new.key, tuple(code.mark for code in new.factor.codes), last)

    def save(db: Session) -> None:
        save_factor(db, me.id, stored, at=at, by=me.id)

    with suppress(OSError):  # then the next opening on this computer takes a printed code
        keep_factor(office.paths.this_pc, mark=new.factor.mark, key=new.key)
    replace_slot(office, slot, act=act, subject=f"user {me.id}", beside=save)
    return new.codes


def _say_misfit(secret: bytes, code: str, office: Office) -> CmeError:
    off = seconds_off(secret, code, now=office.now())
    if off is None:
        return WrongCodeError(
            "The code does not fit.",
            remedy="Look whether the phone took the right picture, and type the six digits it shows now.",
        )
    minutes = max(1, round(abs(off) / 60))
    said = "1 minute" if minutes == 1 else f"{minutes} minutes"
    return BadInputError(
        "This computer’s clock and the phone’s differ.",
        detail=f"This computer’s is about {said} {'slow' if off > 0 else 'fast'}. Codes hold for half a minute.",
        remedy="Set this computer’s clock right, then type the code that the phone shows.",
    )


def _in_groups(secret: bytes) -> str:

    text = b32encode(secret).decode("ascii")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
