"""The office: what every use case is given to work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cme_desktop.domain.cases import Role
from cme_desktop.domain.identifiers import PupilId, UserId
from cme_desktop.paths import Paths
from cme_desktop.storage.database import Database

LOCAL_ZONE = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class SignedInUser:
    """Who opened the records."""

    id: UserId
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Office:
    """The open records, the clock, and who is at the desk.

    ``now`` gives the aware moment; only ``app`` reads the real clock, tests give a fixed one. ``readings`` are the
    protected records whose reading the journal has already, by reader, day and child.
    """

    database: Database
    now: Callable[[], datetime]
    user: SignedInUser
    paths: Paths
    readings: set[tuple[UserId, date, PupilId | None]] = field(default_factory=set, compare=False, repr=False)

    @property
    def local_now(self) -> datetime:
        """The clock on the office wall: local time, without a zone, as people say it."""
        return self.now().astimezone(LOCAL_ZONE).replace(tzinfo=None)

    @property
    def today(self) -> date:
        """The day on the office wall."""
        return self.local_now.date()
