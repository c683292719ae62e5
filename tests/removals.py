"""What tests of removals share: passwords for the made-up school's people, and proofs."""

from __future__ import annotations

from datetime import date

from cme_desktop.casework.lives.removal_desk import Signer
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.policy.removal_evidence import Claim, Proof
from cme_desktop.storage.key_file import KdfCost, KeyFile, write_key_file
from cme_desktop.storage.vault import add_slot
from tests.office import HEAD, KEY, LEAD, MANAGER, TODAY

FAST = KdfCost(memory_kib=64, passes=1, lanes=1)
"""As cheap as a password may be: these records protect nobody."""

PASSWORDS = {user.id: f"password of {user.role.value} one" for user in (MANAGER, HEAD, LEAD)}


def with_passwords(office: Office) -> Office:
    """Give everybody who works in these records a password of their own."""
    write_key_file(office.paths.keys, KeyFile("made up", ()))
    for user in (MANAGER, HEAD, LEAD):
        add_slot(
            office.paths.keys, key=KEY, user_id=user.id, name=user.name, password=PASSWORDS[user.id], cost=FAST
        )  # fmt: skip
    return office


def signer(user: SignedInUser) -> Signer:
    """Give somebody with the right password."""
    return Signer(user.id, PASSWORDS[user.id])


def a_proof(claim: Claim, *, on: date = TODAY, holds_from: date | None = None, months: int | None = None) -> Proof:
    """A proof by somebody who proves nothing else, which holds from the day it is given unless said."""
    return Proof(f"a letter on {claim.value}", f"somebody for {claim.value}", on, holds_from or on, months)


def proofs_of(*claims: Claim, on: date = TODAY) -> dict[Claim, Proof]:
    """A proof of each claim."""
    return {claim: a_proof(claim, on=on) for claim in claims}
