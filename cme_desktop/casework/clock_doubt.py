"""Whether the computer's clock can be right: not where something was written later than it says it is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import say_clock, say_long_day
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import open_to_all
from cme_desktop.storage.journal import find_latest_moment, write_journal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CONFIRMED: Final = "clock_confirmed"
"""The act by which somebody says that the clock is right, and that what was dated later was dated wrongly."""

TOLERANCE: Final = timedelta(minutes=5)
"""A clock that is set by the network goes back by seconds; winter time changes no moment."""

_LOOKED_AT: Final = 500


@dataclass(frozen=True, slots=True)
class ClockDoubt:
    """Why the clock may be wrong, and what to do."""

    sentence: str
    remedy: str


def find_clock_doubt(db: Session, *, now: datetime) -> ClockDoubt | None:
    """Compare the clock with the newest entries of the journal; None where nothing speaks against it."""
    latest = find_latest_moment(db, among=_LOOKED_AT, after=CONFIRMED)
    if latest is None or latest <= now + TOLERANCE:
        return None
    return ClockDoubt(
        f"The computer's clock says {_say(now)}, but something was written here on {_say(latest)}.",
        "If the clock is wrong, put it right in the computer's settings: until then every deadline is counted from the"
        " wrong day. If it is right, say so here; what was written with the later date stays as it is.",
    )


@open_to_all
def confirm_clock(office: Office) -> None:
    """Write down that the clock is right now: what was dated later was written while it ran ahead."""
    with office.database.transaction() as db:
        write_journal(db, at=office.now(), by=office.user.id, act=CONFIRMED, subject="school", details={})


def _say(at: datetime) -> str:
    local = at.astimezone(LOCAL_ZONE)
    return f"{say_long_day(local.date())} {local.year}, {say_clock(local)}"
