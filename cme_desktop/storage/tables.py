"""The tables of the records, as SQLAlchemy reads them.

Days are ISO dates. Moments are UTC, written by the program's clock. ``happened_on`` and ``happened_at`` are the
school's local day and clock time, as somebody said them. A session is one whole number (``session_no``), so that a
school year lies together on disk and is read in one sweep; see ``storage.marks``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC without a zone; a naive one is a broken promise."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone can't be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The base of all tables."""

    type_annotation_map = {datetime: Moment(), dict[str, Any]: JSON(), list[Any]: JSON(), str: Text()}  # noqa: RUF012


# -- the school ------------------------------------------------------------------------------------------------


class SchoolRow(Base):
    """The one school of the records, with its signing root."""

    __tablename__ = "school"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    laestab: Mapped[str]
    urn: Mapped[str]
    type: Mapped[str]
    address: Mapped[list[Any]]
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    head: Mapped[str] = mapped_column(default="")
    safeguarding_lead: Mapped[str] = mapped_column(default="")
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    records_begin: Mapped[date | None]
    root_certificate: Mapped[str] = mapped_column(default="")
    root_key: Mapped[str] = mapped_column(default="")


class UserRow(Base):
    """Someone who may open the records; ``certificate`` and ``key`` sign documents in their name."""

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    certificate: Mapped[str] = mapped_column(default="")
    key: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]


class SettingRow(Base):
    """A dated setting: the latest by ``from_day`` and then by ``id`` holds."""

    __tablename__ = "setting"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    value: Mapped[str]
    from_day: Mapped[date | None]
    set_at: Mapped[datetime]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class SchoolYearRow(Base):
    """One school year."""

    __tablename__ = "school_year"
    id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(unique=True)
    last_day: Mapped[date]


class TermRow(Base):
    """One half term of a school year."""

    __tablename__ = "term"
    id: Mapped[int] = mapped_column(primary_key=True)
    school_year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]


class NoSchoolDayRow(Base):
    """An INSET day, a closure or a bank holiday; ``half`` is None for the whole day."""

    __tablename__ = "no_school_day"
    id: Mapped[int] = mapped_column(primary_key=True)
    school_year_id: Mapped[int | None] = mapped_column(ForeignKey("school_year.id", ondelete="CASCADE"), index=True)
    on: Mapped[date]
    half: Mapped[str | None]
    kind: Mapped[str]
    code: Mapped[str] = mapped_column(default="#")
    label: Mapped[str] = mapped_column(default="")


class PolicyVersionRow(Base):
    """A version of a policy the school has adopted: the whole document, and from when it holds."""

    __tablename__ = "policy_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    document: Mapped[str]
    adopted_on: Mapped[date]
    why: Mapped[str] = mapped_column(default="")
    adopted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class AgencyRow(Base):
    """An agency of the directory."""

    __tablename__ = "agency"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    person: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    out_of_hours: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")


# -- pupils and their contacts ---------------------------------------------------------------------------------


class PupilRow(Base):
    """A child on the admission register, or expected there."""

    __tablename__ = "pupil"
    id: Mapped[int] = mapped_column(primary_key=True)
    upn: Mapped[str | None] = mapped_column(unique=True)
    former_upn: Mapped[str | None]
    mis_id: Mapped[str | None] = mapped_column(index=True)
    legal_surname: Mapped[str]
    legal_forename: Mapped[str]
    preferred_surname: Mapped[str] = mapped_column(default="")
    preferred_forename: Mapped[str] = mapped_column(default="")
    middle_names: Mapped[str] = mapped_column(default="")
    born: Mapped[date | None]
    sex: Mapped[str] = mapped_column(default="")
    year_group: Mapped[str | None]
    class_name: Mapped[str] = mapped_column(default="")
    starting_day: Mapped[date | None]
    left_on: Mapped[date | None]
    address: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    home_authority: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    family_id: Mapped[int | None] = mapped_column(index=True)
    notes: Mapped[str] = mapped_column(default="")
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    __table_args__ = (Index("pupil_by_name", "legal_surname", "legal_forename"),)


class CircumstanceRow(Base):
    """A dated circumstance of a pupil, with who noted it."""

    __tablename__ = "circumstance"
    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    from_day: Mapped[date | None]
    until_day: Mapped[date | None]
    noted_at: Mapped[datetime]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class SessionPatternRow(Base):
    """A pupil's agreed sessions: ``sessions`` lists those expected, such as ``mon-am tue-am``."""

    __tablename__ = "session_pattern"
    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    sessions: Mapped[str]


class ContactRow(Base):
    """A person on a pupil's contact list; ``rank`` is the order to ring in, from 1."""

    __tablename__ = "contact"
    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    mis_id: Mapped[str | None]
    rank: Mapped[int]
    relation: Mapped[str]
    relation_said: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    forename: Mapped[str] = mapped_column(default="")
    surname: Mapped[str] = mapped_column(default="")
    household: Mapped[str] = mapped_column(default="home")
    parental_responsibility: Mapped[bool | None]
    do_not_contact: Mapped[bool] = mapped_column(default=False)
    do_not_contact_ground: Mapped[str] = mapped_column(default="")
    voicemail_warning: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))


class ContactNumberRow(Base):
    """A telephone number of a contact: as typed, and as digits alone for finding it."""

    __tablename__ = "contact_number"
    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    digits: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(default="mobile")
    quality: Mapped[str] = mapped_column(default="good")
    noted_at: Mapped[datetime | None]


# -- marks -----------------------------------------------------------------------------------------------------


class ImportProfileRow(Base):
    """A saved mapping of a file's columns, found again by the hash of its header."""

    __tablename__ = "import_profile"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    header_hash: Mapped[str] = mapped_column(index=True)
    mapping: Mapped[dict[str, Any]]
    values: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]


class ImportBatchRow(Base):
    """One act of bringing in data: a file, or an hour of typing. ``undo`` holds what is needed to take it back."""

    __tablename__ = "import_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    source: Mapped[str]
    sha256: Mapped[str] = mapped_column(default="", index=True)
    profile_id: Mapped[int | None] = mapped_column(ForeignKey("import_profile.id"))
    counts: Mapped[dict[str, Any]]
    undo: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class MarkRow(Base):
    """The code that stands for one pupil and session, with the batch it came in by.

    Kept in the order of sessions, then pupils, so that a school year is read in one sweep.
    """

    __tablename__ = "mark"
    session_no: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(2))
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    comment: Mapped[str | None]

    __table_args__ = (
        Index("mark_by_pupil", "pupil_id", "session_no"),
        Index("mark_still_n", "session_no", "pupil_id", sqlite_where=text("code = 'N'")),
        {"sqlite_with_rowid": False},
    )


class MarkCorrectionRow(Base):
    """A changed mark: what stood, what stands instead, why, when and by whom. Only ever added.

    ``new_code`` is None where an import was undone and no mark stands any more. (SI 2024/208, regulation 6.)
    """

    __tablename__ = "mark_correction"
    id: Mapped[int] = mapped_column(primary_key=True)
    session_no: Mapped[int]
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"))
    old_code: Mapped[str | None] = mapped_column(String(2))
    old_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    new_code: Mapped[str | None] = mapped_column(String(2))
    new_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (Index("correction_by_pupil", "pupil_id", "session_no"),)


# -- flags, cases and their history ----------------------------------------------------------------------------


class PupilEventRow(Base):
    """A line in a pupil's history; only ever added.

    ``facts`` holds the fields of ``domain.events.FIELDS_OF`` as text; ``words`` is what was said, free; ``details``
    what a screen keeps beside them that no rule reads. ``answers_id`` is the line this one answers: a decision its
    request. An act that was undone keeps its line: ``retracted_at`` strikes it out.
    """

    __tablename__ = "pupil_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    kind: Mapped[str]
    happened_on: Mapped[date]
    happened_at: Mapped[str | None]
    facts: Mapped[dict[str, Any]]
    words: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answers_id: Mapped[int | None]
    number_used: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    retracted_at: Mapped[datetime | None]
    retracted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (
        Index("event_by_pupil", "pupil_id", "happened_on"),
        # most lines belong to no case, and each page that a saved call need not write is time somebody need not wait
        Index("event_by_case", "case_id", sqlite_where=text("case_id IS NOT NULL")),
    )


class FlagRow(Base):
    """A flag as it was raised; closed with a reason when settled or dismissed, never deleted.

    ``snapshot`` is the whole flag as JSON (see ``storage.flags``). ``key`` is what makes it the same flag another
    day: rule, pupil or class, and the day the trigger was first true.
    """

    __tablename__ = "flag"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    rule_id: Mapped[str]
    policy_version: Mapped[int] = mapped_column(default=1)
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    severity: Mapped[str]
    sentence: Mapped[str]
    snapshot: Mapped[dict[str, Any]]
    raised_on: Mapped[date]
    first_seen_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="standing", index=True)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_reason: Mapped[str] = mapped_column(default="")


class FlagReviewRow(Base):
    """The head's word on a flag: agree, change or dismiss, with the reason; only ever added."""

    __tablename__ = "flag_review"
    id: Mapped[int] = mapped_column(primary_key=True)
    flag_id: Mapped[int] = mapped_column(ForeignKey("flag.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[str]
    reason: Mapped[str]
    next_step: Mapped[str] = mapped_column(default="")
    until_day: Mapped[date | None]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    retracted_at: Mapped[datetime | None]


class CaseRow(Base):
    """The file opened for a pupil. ``history_from`` is the day its history begins: the first absence."""

    __tablename__ = "case_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    status: Mapped[str]
    why: Mapped[str]
    history_from: Mapped[date]
    opened_on: Mapped[date]
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    outcome: Mapped[str | None]
    closing_reason: Mapped[str] = mapped_column(default="")


class EnquiryRow(Base):
    """A word on one enquiry of a case; the latest by id stands, the earlier ones stay."""

    __tablename__ = "enquiry"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    item: Mapped[str]
    state: Mapped[str]
    happened_on: Mapped[date]
    done_by: Mapped[str] = mapped_column(default="")
    how: Mapped[str] = mapped_column(default="")
    with_whom: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class TaskRow(Base):
    """A step somebody added by hand; the rules' own steps are worked out afresh from the flags."""

    __tablename__ = "task"
    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    due_on: Mapped[date | None]
    due_at: Mapped[str | None]
    owner: Mapped[str] = mapped_column(default="office")
    state: Mapped[str] = mapped_column(default="to_do")
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class DocumentRow(Base):
    """A form rendered for a case: its bytes, kept inside the encrypted records, and their hash."""

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    version: Mapped[int]
    state: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    content_fingerprint: Mapped[str]
    pages: Mapped[int]
    missing: Mapped[list[Any]]
    signatures: Mapped[list[Any]]
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    sent_on: Mapped[date | None]
    sent_to: Mapped[str] = mapped_column(default="")

    __table_args__ = (UniqueConstraint("case_id", "kind", "version", "state"),)


# -- joining, leave and leaving --------------------------------------------------------------------------------


class PaperRow(Base):
    """A paper kept as evidence: its bytes, inside the encrypted records, and their hash; struck out, never deleted.

    ``about`` says what it belongs to, such as ``leave`` or ``removal:3``; ``kind`` is its file's media type.
    """

    __tablename__ = "paper"
    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("outside_report.id", ondelete="CASCADE"))
    about: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_at: Mapped[datetime]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    retracted_at: Mapped[datetime | None]
    retracted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class RemovalRow(Base):
    """A removal from the register as somebody proposes it, signs it and carries it out, or gives it up."""

    __tablename__ = "removal"
    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    ground: Mapped[str]
    day: Mapped[date]
    evidence: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    proposed_event_id: Mapped[int | None]
    removed_event_id: Mapped[int | None]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_reason: Mapped[str] = mapped_column(default="")


class RemovalSignatureRow(Base):
    """One person's signature under a removal, for what stood in it then (``fingerprint``)."""

    __tablename__ = "removal_signature"
    id: Mapped[int] = mapped_column(primary_key=True)
    removal_id: Mapped[int] = mapped_column(ForeignKey("removal.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[str]
    fingerprint: Mapped[str]
    signed_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("removal_id", "user_id", "fingerprint"),)


class OutsideReportRow(Base):
    """What somebody reports or asks of a child, on roll or not: what they say, what was decided, what was replied."""

    __tablename__ = "outside_report"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int | None]
    received_on: Mapped[date]
    received_at: Mapped[str | None]
    reply_due_on: Mapped[date | None]
    details: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decision: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    replied_on: Mapped[date | None]
    reply: Mapped[str] = mapped_column(default="")
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class StandingDutyRow(Base):
    """When a duty of the school, such as a fortnightly meeting, was done."""

    __tablename__ = "standing_duty"
    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[str] = mapped_column(index=True)
    done_on: Mapped[date]
    written_at: Mapped[datetime]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    retracted_at: Mapped[datetime | None]


# -- keeping and disposal --------------------------------------------------------------------------------------


class LegalHoldRow(Base):
    """A hold on a pupil, on a case, or, where neither is named, on the whole school; lifted, never deleted."""

    __tablename__ = "legal_hold"
    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    ground: Mapped[str]
    reason: Mapped[str]
    set_at: Mapped[datetime]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    lifted_reason: Mapped[str] = mapped_column(default="")


class KeepingDecisionRow(Base):
    """What a person decided of a record after its time was over; only ever added, the latest stands.

    ``key`` is the record's, as ``policy.retention`` knows it.
    """

    __tablename__ = "keeping_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id", ondelete="CASCADE"), index=True)
    may_go: Mapped[bool]
    until_day: Mapped[date | None]
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class DisposalRow(Base):
    """A list of what is due, as it was drawn up, signed and carried out, or given up.

    ``lines`` is emptied when it is carried out: what is left of each line then is a stub.
    """

    __tablename__ = "disposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    drawn_on: Mapped[date]
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    state: Mapped[str]
    lines: Mapped[list[Any]]
    fingerprint: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_role: Mapped[str] = mapped_column(default="")


class DisposedRecordRow(Base):
    """The stub of a record that was disposed of: what kind it was, never whose."""

    __tablename__ = "disposed_record"
    id: Mapped[int] = mapped_column(primary_key=True)
    disposal_id: Mapped[int] = mapped_column(ForeignKey("disposal.id"), index=True)
    kind: Mapped[str]
    years: Mapped[int]
    size: Mapped[int]
    made_from: Mapped[date | None]
    made_until: Mapped[date | None]
    kept_until: Mapped[date | None]
    disposed_at: Mapped[datetime]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    digest: Mapped[str]


class JournalRow(Base):
    """Who did what, in order, each entry chained to the one before by its hash; only ever added."""

    __tablename__ = "journal"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[int | None]
    act: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str]
    hash: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    signed_by: Mapped[int | None]
    rows: Mapped[str] = mapped_column(default="", deferred=True)
    signature: Mapped[str] = mapped_column(default="")
