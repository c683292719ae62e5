"""The step after the password, for who switched a second factor on: a code from the phone, or a printed one.

Whether a code is asked for stands in the records, not in the key file: an older key file put back does not take it
away. Only a password that was made with the recovery key opens without one.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.guessing import TooManyTriesError
from cme_desktop.casework.in_words import say_clock, say_day
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.casework.permissions import open_to_all
from cme_desktop.casework.phone_codes import fitting_step
from cme_desktop.domain.errors import CmeError
from cme_desktop.storage import vault
from cme_desktop.storage.factor_key import drop_printed_code, looks_printed, open_with_printed
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.second_factors import load_factor, remove_factor, save_last, save_unused
from cme_desktop.storage.this_pc import keep_factor, read_kept_here
from cme_desktop.storage.vault import PartMissingError, WrongPasswordError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from cme_desktop.casework.office import Office
    from cme_desktop.paths import Paths
    from cme_desktop.storage.key_parts import Factor
    from cme_desktop.storage.second_factors import StoredFactor

__all__ = [
    "OFF", "CodeNeededError", "CodeUsedError", "PartKeys", "PartMissingError", "Passed", "WrongCodeError",
    "asks_for_code", "check_code", "is_about_code", "note_passed", "require_code",
]  # fmt: skip

OFF: Final = "second_factor_off"


class CodeNeededError(CmeError):
    """The password is right, and a code is asked for too."""

    def __init__(self) -> None:
        super().__init__("A code is needed too.", remedy="Type the six digits your phone shows, or a printed code.")


class WrongCodeError(WrongPasswordError):
    """The code is not the one of this half minute, nor a printed one that is still good."""


class CodeUsedError(CmeError):
    """The code was good, and was used already."""

    def __init__(self) -> None:
        super().__init__(
            "This code was used already.", remedy="Wait for the next one: the phone shows it within half a minute."
        )


def asks_for_code(problem: CmeError) -> bool:
    """Whether a code is what the records want next."""
    return isinstance(problem, CodeNeededError | PartMissingError)


def is_about_code(problem: CmeError) -> bool:
    """Whether the code is what stood in the way, or that so many were wrong, not the password."""
    return isinstance(problem, WrongCodeError | CodeUsedError | TooManyTriesError)


@dataclass(frozen=True, slots=True)
class Passed:
    """What the second step came to: the step of time of the phone's code, or the mark of the printed one.

    ``with_recovery_key``: there was none, because the recovery key made the password.
    """

    step: int | None = None
    printed: str = ""
    with_recovery_key: bool = False


class PartKeys:
    """Finds the key of a slot's second factor: under the printed code that was typed, or on this computer."""

    def __init__(self, paths: Paths, code: str, *, known: vault.PartOf | None = None) -> None:
        self._paths, self._code, self._known = paths, code, known or self._kept_here
        self.printed = ""
        self.found: tuple[bytes, bytes] | None = None

    def __call__(self, factor: Factor) -> bytes | None:
        """Give the key, None where it is not known here; raise ``WrongCodeError`` for a wrong printed code."""
        if factor.released:
            return factor.released
        if looks_printed(self._code):
            opened = open_with_printed(factor, self._code)
            if opened is None:
                raise _wrong_printed()
            key, self.printed = opened
        else:
            known = self._known(factor)
            if known is None:
                return None
            key = known
        self.found = factor.mark, key
        return key

    def _kept_here(self, factor: Factor) -> bytes | None:
        return read_kept_here(self._paths.this_pc).factors.get(factor.mark.hex())


def require_code(db: Session, unlocked: vault.Unlocked, *, code: str, keys: PartKeys, now: datetime) -> Passed:
    """Ask for a code where the records say so; raise ``CodeNeededError``, ``WrongCodeError`` or ``CodeUsedError``."""
    user_id, own = unlocked.slot.user_id, unlocked.own
    stored = load_factor(db, user_id)
    if stored is None:
        return Passed()
    if own is None:
        raise CmeError(
            "The key file is older than the records.",
            detail="The records ask for a code after the password; this key file is from before that.",
            remedy="Put back the key file that belongs to them, or use the recovery key.",
        )
    if unlocked.slot.vouched and stored.secret_of(own, user_id=user_id) is None:
        return Passed(with_recovery_key=True)
    if not code.strip():
        raise CodeNeededError
    return check_code(stored, unlocked, code=code, printed=keys.printed, now=now)


def check_code(stored: StoredFactor, unlocked: vault.Unlocked, *, code: str, printed: str, now: datetime) -> Passed:
    """Say which code it was; ``printed`` is the mark of the printed one that opened the slot."""
    if looks_printed(code):
        if not printed:
            raise _wrong_printed()
        if printed not in stored.unused:
            raise CodeUsedError
        return Passed(printed=printed)
    assert unlocked.own is not None, "who has a second factor has own keys"
    secret = stored.secret_of(unlocked.own, user_id=unlocked.slot.user_id)
    step = None if secret is None else fitting_step(secret, code, now=now)
    if step is None:
        raise _wrong_code(now)
    if step <= stored.last:
        raise CodeUsedError
    return Passed(step=step)


@open_to_all
def note_passed(office: Office, passed: Passed, keys: PartKeys) -> None:
    """Write down that a code was used, so that it is not used again; keep the part of the key on this computer."""
    if passed.with_recovery_key:
        with office.database.transaction() as db:
            remove_factor(db, office.user.id, at=office.now(), by=office.user.id)
            write_journal(
                db, at=office.now(), by=office.user.id, act=OFF, subject=f"user {office.user.id}",
                details={"by": "recovery key"},
            )  # fmt: skip
    if passed.step is None and not passed.printed:
        return
    with suppress(CmeError):  # a full disk must not keep out who is let in
        _note_use(office, passed)
    if passed.printed and office.database.is_alone:
        with suppress(CmeError):  # the records know that it was used, whatever the key file says
            drop_printed_code(office.paths.keys, user_id=office.user.id, mark=passed.printed)
    if keys.found is not None:
        with suppress(OSError):  # then the next time needs a printed code again
            keep_factor(office.paths.this_pc, mark=keys.found[0], key=keys.found[1])


def _note_use(office: Office, passed: Passed) -> None:
    me = office.user.id
    with office.database.transaction() as db:
        stored = load_factor(db, me)
        assert stored is not None, "a code was used, so a second factor is on"
        unused = tuple(mark for mark in stored.unused if mark != passed.printed)
        if passed.printed:
            save_unused(db, me, unused, at=office.now(), by=me)
        else:
            save_last(db, me, max(stored.last, passed.step or 0), at=office.now(), by=me)
        kind = "printed" if passed.printed else "phone"
        write_journal(
            db,
            at=office.now(),
            by=me,
            act="code_used",
            subject=f"user {me}",
            details={"kind": kind, "left": len(unused)},
        )


def _wrong_code(now: datetime) -> WrongCodeError:
    local = now.astimezone(LOCAL_ZONE)
    return WrongCodeError(
        "The code does not fit.",
        detail=f"This computer’s clock says {say_clock(local.time())} on {say_day(local.date())}: where your phone’s "
        "clock says something else, set this one right.",
        remedy="Else type the next code, or a printed one.",
    )


def _wrong_printed() -> WrongCodeError:
    return WrongCodeError(
        "This is none of your printed codes that are still good.",
        detail="Each is good once; a new sheet makes the old one worthless.",
        remedy="Compare it with the sheet, or cross it out and take the next.",
    )
