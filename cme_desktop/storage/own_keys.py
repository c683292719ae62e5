"""A person's own two keys: one opens what is sealed to them, the other signs what they write in the journal.

Each has a public half that anybody may know. The private halves stand in the person's slot of the key file, wrapped
under the password: nobody who holds the key of the records can sign in somebody's name, and somebody can be let in, or
the records get a new key, without anybody else's password.

Sealing is HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM), signing is Ed25519 (RFC 8032).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.hpke import Suite

PACKED_BYTES: Final = 64
_HALF: Final = 32


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The private halves, 32 bytes each."""

    opening: bytes = field(repr=False)
    signing: bytes = field(repr=False)

    @property
    def packed(self) -> bytes:
        """Both as 64 bytes, to be wrapped."""
        return self.opening + self.signing

    @property
    def public(self) -> bytes:
        """The half to which a secret is sealed."""
        return self._opener().public_key().public_bytes_raw()

    @property
    def verify(self) -> bytes:
        """The half by which a signature is known as this person's."""
        return self._signer().public_key().public_bytes_raw()

    def open(self, sealed: bytes, *, bound_to: bytes) -> bytes | None:
        """Give what was sealed to this person for this purpose; None where it was not."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415  only unlocking needs it

        try:
            return _suite().decrypt(sealed, self._opener(), bound_to)
        except (InvalidTag, ValueError):
            return None

    def signer(self) -> Callable[[bytes], bytes]:
        """Give what signs bytes, 64 bytes each time: made once, for somebody who signs all day."""
        return self._signer().sign

    def sign(self, data: bytes) -> bytes:
        """Sign these bytes: 64 bytes."""
        return self._signer().sign(data)

    def _opener(self) -> X25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # noqa: PLC0415  as above

        return X25519PrivateKey.from_private_bytes(self.opening)

    def _signer(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  as above

        return Ed25519PrivateKey.from_private_bytes(self.signing)


def make_own_keys() -> OwnKeys:
    """Make two new keys, out of nothing but chance."""
    return OwnKeys(secrets.token_bytes(_HALF), secrets.token_bytes(_HALF))


def with_new_opening(own: OwnKeys) -> OwnKeys:
    """Give keys that open with a new one and sign as before: an old copy of the old ones opens nothing made after."""
    return OwnKeys(secrets.token_bytes(_HALF), own.signing)


def unpack_own_keys(packed: bytes) -> OwnKeys:
    """Read the 64 bytes of ``packed`` again."""
    if len(packed) != PACKED_BYTES:
        raise ValueError("a person's own keys have 64 bytes")
    return OwnKeys(packed[:_HALF], packed[_HALF:])


def seal_to(public: bytes, secret: bytes, *, bound_to: bytes) -> bytes:
    """Seal a secret so that only the holder of the other half can read it, and only for this purpose."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey  # noqa: PLC0415  as above

    return _suite().encrypt(secret, X25519PublicKey.from_public_bytes(public), bound_to)


def is_signed(data: bytes, signature: bytes, *, by: bytes) -> bool:
    """Whether the signature over these bytes was made by the holder of this key."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  as above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        Ed25519PublicKey.from_public_bytes(by).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _suite() -> Suite:
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite  # noqa: PLC0415  as above

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
