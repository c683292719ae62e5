"""What people did or learned about a pupil, and when: the words of a case's history.

The vocabulary is that of the situation files, so that a history can be judged, printed and written down as a
situation in the same words. ``FIELDS_OF`` is the one table of which facts each kind may carry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final


class EventKind(StrEnum):
    """The kinds of thing that can happen. Those after ``NOTE`` are made by the program in a case's history."""

    CONTACT_ATTEMPT = "contact_attempt"
    HOME_VISIT = "home_visit"
    CHILD_SEEN = "child_seen"
    TOLD = "told"
    RETURN_SENT = "return_sent"
    LEAVE_REQUESTED = "leave_requested"
    LEAVE_GRANTED = "leave_granted"
    LEAVE_REFUSED = "leave_refused"
    EXPECTED_ABSENCE = "expected_absence"
    HOME_EDUCATION_LETTER = "home_education_letter"
    LEAVING = "leaving"
    REMOVED = "removed"
    TRANSFER_FILE_SENT = "transfer_file_sent"
    PROTECTION_FILE_RECEIVED = "protection_file_received"
    JOINT_ENQUIRIES = "joint_enquiries"
    PART_TIME_AGREED = "part_time_agreed"
    ORDER_MADE = "order_made"
    ORDER_REVOKED = "order_revoked"
    MEETING_BOOKED = "meeting_booked"
    MEETING_HELD = "meeting_held"
    MEETING_MISSED = "meeting_missed"
    START_AGREED = "start_agreed"
    MISSING = "missing"
    FOUND = "found"
    INTERVIEW_HELD = "interview_held"
    SUPPORT_AGREED = "support_agreed"
    REVIEW_HELD = "review_held"
    STRATEGY_MEETING_HELD = "strategy_meeting_held"
    RETURN_INTERVIEW_HELD = "return_interview_held"
    SAFE_AND_WELL_CHECK = "safe_and_well_check"
    SITE_CHECK = "site_check"
    REMOVAL_PROPOSED = "removal_proposed"
    REFERRED = "referred"
    FORM_SENT = "form_sent"
    ARRIVAL_CONFIRMED = "arrival_confirmed"
    LEAVE_ADMITTED_AFTERWARDS = "leave_admitted_afterwards"
    JOINER_ENTERED = "joiner_entered"
    ORDER_CONSENT = "order_consent"
    ELSEWHERE_CONFIRMED = "elsewhere_confirmed"
    FORWARDING_ADDRESS = "forwarding_address"
    CONCERN_REPORTED = "concern_reported"
    AUTHORITY_CONSENT = "authority_consent"
    REMOVAL_UNDONE = "removal_undone"
    DIED = "died"
    LEAVING_CALLED_OFF = "leaving_called_off"
    VIEWS_HEARD = "views_heard"
    DECISION = "decision"
    NOTE = "note"
    FLAG_RAISED = "flag_raised"
    FLAG_SETTLED = "flag_settled"
    FLAG_REVIEWED = "flag_reviewed"
    CASE_OPENED = "case_opened"
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"
    ENQUIRY_RECORDED = "enquiry_recorded"
    MARK_AMENDED = "mark_amended"
    DOCUMENT_MADE = "document_made"
    DOCUMENT_SIGNED = "document_signed"
    DOCUMENT_SENT = "document_sent"


class With(StrEnum):
    """Who was spoken to, or meant to be. The last four are heard, but are never contact made."""

    MOTHER = "mother"
    FATHER = "father"
    STEP_PARENT = "step_parent"
    CARER = "carer"
    GRANDMOTHER = "grandmother"
    GRANDFATHER = "grandfather"
    AUNT_OR_UNCLE = "aunt_or_uncle"
    OTHER_CONTACT = "other_contact"
    PROFESSIONAL = "professional"
    SIBLING = "sibling"
    CHILD = "child"
    NEIGHBOUR = "neighbour"
    FRIEND = "friend"

    @property
    def in_words(self) -> str:
        """The relation as the office says it."""
        return self.value.replace("_", " ").replace("step parent", "stepparent")


HEARD_ONLY: Final = frozenset({With.SIBLING, With.CHILD, With.NEIGHBOUR, With.FRIEND})


class Method(StrEnum):
    """How a contact was tried."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"


class AttemptOutcome(StrEnum):
    """What came of a contact attempt."""

    EXPLAINED = "explained"
    ANSWERED_NO_REASON = "answered_no_reason"
    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
    SENT = "sent"
    NUMBER_DEAD = "number_dead"
    WRONG_PERSON = "wrong_person"
    REFUSED = "refused"
    UNAWARE = "unaware"


class VisitOutcome(StrEnum):
    """What came of a home visit."""

    CHILD_SEEN = "child_seen"
    ADULT_SEEN_ONLY = "adult_seen_only"
    NO_REPLY = "no_reply"
    COULD_NOT_REACH_DOOR = "could_not_reach_door"
    MOVED_AWAY = "moved_away"


class Recipient(StrEnum):
    """Who was told."""

    SOCIAL_WORKER = "social_worker"
    YOUTH_JUSTICE_WORKER = "youth_justice_worker"
    CARER = "carer"
    VIRTUAL_SCHOOL_HEAD = "virtual_school_head"
    DESIGNATED_TEACHER = "designated_teacher"
    REFERRING_SCHOOL = "referring_school"
    EDUCATION_WELFARE_OFFICER = "education_welfare_officer"
    POLICE = "police"
    SOCIAL_CARE = "social_care"
    AUTHORITY_CME = "authority_cme"
    AUTHORITY_HOME_EDUCATION = "authority_home_education"

    @property
    def in_words(self) -> str:
        """The recipient as the office says it."""
        return {
            "authority_cme": "authority's children missing education team",
            "authority_home_education": "authority's home education team",
        }.get(self.value, self.value.replace("_", " "))


class ReturnKind(StrEnum):
    """The statutory returns to the authority (SI 2024/208, regulation 13)."""

    ATTENDANCE = "attendance"
    SICKNESS = "sickness"
    NEW_PUPIL = "new_pupil"
    DELETION = "deletion"


class Form(StrEnum):
    """Forms that a policy or an authority asks for."""

    ABSENCE = "absence"
    LEAVE = "leave"
    OFF_ROLL = "off_roll"
    SR1A = "sr1a"
    SR2A = "sr2a"
    SR2B = "sr2b"
    TERMLY_ABSENCE = "termly_absence"


class Destination(StrEnum):
    """What is known of where a leaver goes."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    ABROAD = "abroad"
    OUTSIDE_STATE_SECTOR = "outside_state_sector"


class EnquiryResult(StrEnum):
    """How far joint enquiries by school and authority have come."""

    BEGUN = "begun"
    NOT_FOUND = "not_found"
    FOUND_WILL_NOT_ATTEND = "found_will_not_attend"
    FOUND_WILL_ATTEND = "found_will_attend"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, as the rules read it.

    ``on`` is the local day; ``at`` the local clock time, or None when only the day is known: it then counts at the
    close of that day. Events of one day without a time keep the order in which they were given. A field is None
    when it was not said or does not belong to the kind.
    """

    kind: EventKind
    on: date
    at: time | None = None
    with_: With | None = None
    method: Method | None = None
    outcome: AttemptOutcome | VisitOutcome | EnquiryResult | None = None
    reason: str | None = None
    expected_back: date | None = None
    number: int | None = None
    by: str | None = None
    where: str | None = None
    who: Recipient | None = None
    reference: str | None = None
    return_: ReturnKind | None = None
    from_: date | None = None
    to: date | Recipient | None = None
    evidence: bool | None = None
    until: date | None = None
    because: str | None = None
    leaving_on: date | None = None
    destination: Destination | None = None
    confirmed: bool | None = None
    ground: str | None = None
    review_on: date | None = None
    meeting_on: date | None = None
    form: Form | None = None
    school: bool | None = None
    about: str | None = None
    choice: str | None = None

    @property
    def moment(self) -> datetime:
        """When it counts: its time, or the close of its day."""
        return datetime.combine(self.on, self.at or time.max)


FIELDS_OF: Final[dict[EventKind, tuple[str, ...]]] = {
    EventKind.CONTACT_ATTEMPT: ("with", "method", "outcome", "reason", "expected_back"),
    EventKind.HOME_VISIT: ("outcome", "number"),
    EventKind.CHILD_SEEN: ("by", "where"),
    EventKind.TOLD: ("who", "reference"),
    EventKind.RETURN_SENT: ("return", "reference"),
    EventKind.LEAVE_REQUESTED: ("from", "to", "evidence"),
    EventKind.LEAVE_GRANTED: ("from", "to", "evidence"),
    EventKind.LEAVE_REFUSED: ("from", "to", "evidence"),
    EventKind.EXPECTED_ABSENCE: ("until", "because"),
    EventKind.HOME_EDUCATION_LETTER: ("from",),
    EventKind.LEAVING: ("on", "destination", "confirmed"),
    EventKind.REMOVED: ("ground",),
    EventKind.JOINT_ENQUIRIES: ("outcome",),
    EventKind.PART_TIME_AGREED: ("until", "review_on"),
    EventKind.ORDER_MADE: ("on",),
    EventKind.ORDER_REVOKED: ("on",),
    EventKind.MEETING_BOOKED: ("on",),
    EventKind.MEETING_HELD: ("on",),
    EventKind.MEETING_MISSED: ("on",),
    EventKind.START_AGREED: ("on",),
    EventKind.REMOVAL_PROPOSED: ("ground",),
    EventKind.REFERRED: ("to",),
    EventKind.FORM_SENT: ("form",),
    EventKind.FORWARDING_ADDRESS: ("school",),
    EventKind.CONCERN_REPORTED: ("by",),
    EventKind.AUTHORITY_CONSENT: ("confirmed",),
    EventKind.VIEWS_HEARD: ("about",),
    EventKind.DECISION: ("about", "choice", "reason", "until"),
    EventKind.NOTE: ("about",),
    EventKind.ENQUIRY_RECORDED: ("about", "choice"),
    EventKind.CASE_CLOSED: ("choice",),
}
"""The facts beside its moment that each kind may carry, named as in a situation file; kinds not listed carry none.

In ``Event`` a name that Python keeps for itself ends in an underscore (``with_``, ``from_``, ``return_``); ``on``
is ``leaving_on`` for a leaving and ``meeting_on`` for orders and meetings.
"""
