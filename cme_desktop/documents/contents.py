"""What a document of a case says, as frozen values: the one input of every page, and of the fingerprint on it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any


class MarkLook(StrEnum):
    """How a session is drawn, the same on paper as on screen."""

    PRESENT = "present"
    AUTHORISED = "authorised"
    UNAUTHORISED = "unauthorised"
    UNKNOWN = "unknown"
    NO_SCHOOL = "no school"
    TO_COME = "to come"


@dataclass(frozen=True, slots=True)
class SchoolDetails:
    """The school as its letterhead names it. ``logo`` is an image file's bytes; the fingerprint is hexadecimal."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""
    laestab: str = ""
    urn: str = ""
    head: str = ""
    safeguarding_lead: str = ""
    logo: bytes | None = None
    certificate_fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class PupilDetails:
    """The pupil. Empty text and None mean that the school does not know, and the page says so."""

    name: str
    legal_name: str = ""
    born: date | None = None
    sex: str = ""
    upn: str = ""
    year_group: str = ""
    class_name: str = ""
    starting_day: date | None = None
    address: str = ""
    home_authority: str = ""
    language: str = ""
    circumstances: tuple[str, ...] = ()
    siblings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactLine:
    """Somebody on the pupil's contact list, in the order to ring; ``numbers`` say of themselves when they are dead."""

    rank: int
    relation: str
    name: str
    household: str
    numbers: tuple[str, ...] = ()
    email: str = ""
    address: str = ""
    do_not_contact: str = ""
    tried: str = ""


@dataclass(frozen=True, slots=True)
class FlagLine:
    """Why the program raised the pupil, with every clause; ``verdict`` is the head's word on it, or empty."""

    title: str
    sentence: str
    clauses: tuple[str, ...]
    raised_on: date
    state: str
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class MarkCell:
    """One session of the extract."""

    letter: str
    look: MarkLook


@dataclass(frozen=True, slots=True)
class Week:
    """Five mornings and five afternoons from the Monday; or the reason why none of them counts."""

    monday: date
    mornings: tuple[MarkCell, ...] = ()
    afternoons: tuple[MarkCell, ...] = ()
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A mark that was changed: what stood, what stands, why, by whom and when."""

    session: str
    was: str
    now: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Something done or learned. Times are the school's local clock; ``written_at`` is when it was written down."""

    happened_on: date
    happened_at: time | None
    with_whom: str
    how: str
    outcome: str
    words: str
    by: str
    written_at: datetime
    weighty: bool = False
    struck_out: bool = False

    @property
    def is_late(self) -> bool:
        """Whether it was written down on a later day than it happened."""
        return self.written_at.date() > self.happened_on


@dataclass(frozen=True, slots=True)
class ViewLine:
    """What the child or the family says; ``words`` is empty where nobody has asked yet."""

    whose: str
    words: str = ""
    on: date | None = None
    by: str = ""
    how: str = ""
    struck_out: bool = False


@dataclass(frozen=True, slots=True)
class EnquiryLine:
    """One enquiry of the checklist, and all that is known of it; ``open`` is one that is still to be done."""

    item: str
    name: str
    state: str
    open: bool
    on: date | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SentLine:
    """What left the school, to whom and when."""

    what: str
    to: str
    on: date
    reference: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """An earlier document of the case."""

    what: str
    number: int
    state: str
    made_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who is to sign, and in which capacity."""

    person: str
    role: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The box at the head of the first page: one sentence, then what a reader must know; nothing softened."""

    sentence: str
    absence: str
    asked_by: str
    reached: str
    not_done: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordContents:
    """Everything a document of a case says. ``made_at`` is local time without a zone; ``number`` counts from 1.

    ``marking`` stands in each page's foot. The signers stand in the order in which they sign.
    """

    case_number: str
    number: int
    made_at: datetime
    made_for: str
    marking: str
    case_status: str
    opened_on: date
    history_from: date
    why: str
    school: SchoolDetails
    pupil: PupilDetails
    summary: Summary
    contacts: tuple[ContactLine, ...]
    flags: tuple[FlagLine, ...]
    weeks: tuple[Week, ...]
    unknown_sessions: int
    last_attended: date | None
    attempts: tuple[HistoryLine, ...]
    views: tuple[ViewLine, ...]
    decisions: tuple[HistoryLine, ...]
    enquiries: tuple[EnquiryLine, ...]
    sent: tuple[SentLine, ...]
    documents: tuple[DocumentLine, ...]
    amendments: tuple[Amendment, ...]
    signers: tuple[Signer, Signer]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything said, as hexadecimal: the same contents always give the same."""
        canonical = json.dumps(asdict(self), default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(f"contents never hold a {type(value).__name__}")
