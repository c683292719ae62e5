"""What the records know of a person's second factor: the phone's secret, sealed to them, and which codes were used."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cme_desktop.storage.own_keys import OwnKeys, seal_to
from cme_desktop.storage.settings import load_setting, set_setting

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

SECRET_BYTES = 20
"""As RFC 4226 recommends."""


@dataclass(frozen=True, slots=True)
class StoredFactor:
    """A second factor that is switched on.

    ``sealed`` is the secret that the phone has, sealed to the person, so that nobody else who works in the records can
    make their codes. ``key`` is the factor's key. ``unused`` are the marks of the printed codes still good, ``last``
    the newest step of time whose code was used.
    """

    mark: str
    sealed: bytes = field(repr=False)
    key: bytes = field(repr=False)
    unused: tuple[str, ...]
    last: int = 0

    def secret_of(self, own: OwnKeys, *, user_id: int) -> bytes | None:
        """Give the phone's secret to whom it is sealed; None to anybody else."""
        return own.open(self.sealed, bound_to=_bound_to(user_id, self.mark))

    def sealed_anew(self, own: OwnKeys, *, to: OwnKeys, user_id: int) -> StoredFactor:
        """Give the same with the secret sealed to the person's new keys."""
        secret = self.secret_of(own, user_id=user_id)
        assert secret is not None, "it is sealed to the person who has it"
        return replace(self, sealed=seal_secret(secret, public=to.public, user_id=user_id, mark=self.mark))


def seal_secret(secret: bytes, *, public: bytes, user_id: int, mark: str) -> bytes:
    """Seal the phone's secret to its person and this factor."""
    return seal_to(public, secret, bound_to=_bound_to(user_id, mark))


def load_factor(db: Session, user_id: int) -> StoredFactor | None:
    """Read a person's second factor; None where none is switched on."""
    text = load_setting(db, _name(user_id), on=None, default="")
    if not text:
        return None
    told = json.loads(text)
    unused = load_setting(db, _name(user_id, "unused"), on=None, default="")
    last = load_setting(db, _name(user_id, "last"), on=None, default="0")
    return StoredFactor(
        told["mark"], b64decode(told["secret"]), b64decode(told["key"]), tuple(unused.split()), int(last)
    )


def save_factor(db: Session, user_id: int, factor: StoredFactor, *, at: datetime, by: int) -> None:
    """Switch a second factor on, in place of one there was."""
    told = {"mark": factor.mark, "secret": _text(factor.sealed), "key": _text(factor.key)}
    set_setting(db, _name(user_id), json.dumps(told), at=at, by=by)
    save_unused(db, user_id, factor.unused, at=at, by=by)
    save_last(db, user_id, factor.last, at=at, by=by)


def save_unused(db: Session, user_id: int, marks: tuple[str, ...], *, at: datetime, by: int) -> None:
    """Note which printed codes are still good."""
    set_setting(db, _name(user_id, "unused"), " ".join(marks), at=at, by=by)


def save_last(db: Session, user_id: int, step: int, *, at: datetime, by: int) -> None:
    """Note the newest step of time whose code was used."""
    set_setting(db, _name(user_id, "last"), str(step), at=at, by=by)


def remove_factor(db: Session, user_id: int, *, at: datetime, by: int) -> None:
    """Switch a second factor off."""
    set_setting(db, _name(user_id), "", at=at, by=by)


def _name(user_id: int, part: str = "") -> str:
    return f"second_factor.{user_id}" + (f".{part}" if part else "")


def _bound_to(user_id: int, mark: str) -> bytes:
    return json.dumps(["secret of a phone", user_id, mark]).encode("ascii")


def _text(held: bytes) -> str:
    return b64encode(held).decode("ascii")
