"""How the rows of each table are told in a pack: under which heading, by which words, and what is not told and why.

``tests/architecture/test_pack_forgets_nothing.py`` fails for a table about a pupil that has no shelf here and no reason
in ``LEFT_OUT``, and for a column that a shelf neither says nor is silent about with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cme_desktop.casework.held.item import Section
from cme_desktop.domain.information import MarkReason

_NUMBER: Final = "a number of the program’s own that says nothing about anybody"
_SAID_BY_SECTION: Final = "said by where the item stands in the pack"
NUMBERS: Final = frozenset({
    "id", "pupil_id", "case_id", "contact_id", "flag_id", "report_id", "removal_id", "request_id", "import_id",
    "batch_id", "old_batch_id", "new_batch_id", "event_id", "answers_id", "proposed_event_id", "removed_event_id",
    "family_id",
})  # fmt: skip
"""Columns that refer to other rows: what those say stands in its own place of the pack."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """How one table is told. ``says`` names a column and its label, ``people`` one that holds who did it.

    ``free`` are columns in which people write their own words; ``when`` is the column that dates an item. Rows of a
    table ``under`` another are told with the row that they refer to. ``marks`` are reasons that hold for each row.
    """

    section: Section
    title: str
    says: Mapping[str, str]
    when: str = ""
    free: frozenset[str] = frozenset()
    people: Mapping[str, str] = field(default_factory=dict)
    silent: Mapping[str, str] = field(default_factory=dict)
    under: tuple[str, str] | None = None
    marks: tuple[MarkReason, ...] = ()
    file: str = ""


SHELVES: Final[Mapping[str, Shelf]] = {
    "pupil": Shelf(
        Section.PERSON, "The child on the register",
        {
            "legal_surname": "Surname in law", "legal_forename": "Forename in law",
            "preferred_surname": "Surname used", "preferred_forename": "Forename used",
            "middle_names": "Middle names", "born": "Born", "sex": "Sex", "upn": "Unique pupil number",
            "former_upn": "Former pupil number", "mis_id": "Number in the school’s system",
            "year_group": "Year", "class_name": "Class", "starting_day": "Starting day", "left_on": "Last day",
            "address": "Address", "postcode": "Postcode", "home_authority": "Authority of the home",
            "language": "Language", "notes": "Notes",
        },
        free=frozenset({"notes"}),
    ),
    "circumstance": Shelf(
        Section.PERSON, "Circumstance",
        {"name": "Circumstance", "from_day": "From", "until_day": "Until", "noted_at": "Noted"},
        when="from_day", people={"noted_by": "Noted by"},
    ),
    "session_pattern": Shelf(
        Section.PERSON, "Agreed sessions",
        {"from_day": "From", "until_day": "Until", "sessions": "Sessions expected"}, when="from_day",
    ),
    "contact": Shelf(
        Section.CONTACTS, "Contact",
        {
            "rank": "Order to ring in", "relation": "Relation", "relation_said": "Relation as the family says it",
            "title": "Title", "forename": "Forename", "surname": "Surname", "household": "Lives",
            "parental_responsibility": "Parental responsibility", "do_not_contact": "Not to be contacted",
            "do_not_contact_ground": "Why not", "voicemail_warning": "Warning about messages", "language": "Language",
            "email": "E-mail", "address": "Address", "notes": "Notes", "mis_id": "Number in the school’s system",
        },
        free=frozenset({"notes", "do_not_contact_ground", "voicemail_warning"}),
    ),
    "contact_number": Shelf(
        Section.CONTACTS, "Telephone", {
            "text": "Number", "kind": "Kind", "quality": "State", "noted_at": "Noted",
        },
        silent={"digits": "the same number without its spaces"}, under=("contact", "contact_id"),
    ),
    "mark": Shelf(
        Section.ATTENDANCE, "Mark", {"session_no": "Session", "code": "Code", "comment": "Comment"},
        free=frozenset({"comment"}),
    ),
    "mark_correction": Shelf(
        Section.ATTENDANCE, "Amended mark",
        {
            "session_no": "Session", "old_code": "Stood before", "new_code": "Stands now", "reason": "Why",
            "made_at": "Amended",
        },
        when="made_at", free=frozenset({"reason"}), people={"made_by": "Amended by"},
    ),
    "pupil_event": Shelf(
        Section.HISTORY, "History",
        {
            "happened_on": "Day", "happened_at": "Time", "facts": "Facts", "words": "Words", "details": "Details",
            "number_used": "Number used", "written_at": "Written", "retracted_at": "Struck out",
        },
        when="happened_on", free=frozenset({"words", "details", "facts"}),
        people={"written_by": "Written by", "retracted_by": "Struck out by"},
        silent={"kind": "said by the item’s title"},
    ),
    "draft": Shelf(
        Section.HISTORY, "Half typed, not saved",
        {"title": "Where", "typed": "Typed", "typed_at": "Last typed"}, when="typed_at",
        free=frozenset({"typed"}), people={"user_id": "Typed by"},
        silent={"role": _NUMBER, "place": _NUMBER, "dialog": "said by its title", "about": _NUMBER},
    ),
    "flag": Shelf(
        Section.FLAGS, "Pointed out",
        {
            "sentence": "Why", "raised_on": "Raised", "severity": "How urgent", "state": "State",
            "closed_at": "Closed", "closed_reason": "Why closed", "first_seen_at": "First seen",
        },
        when="raised_on", free=frozenset({"closed_reason"}), people={"closed_by": "Closed by"},
        silent={
            "key": _NUMBER, "rule_id": "said by the item’s title", "policy_version": _NUMBER,
            "snapshot": "the sentence says it; the rest is how the rule was worked out from facts in this pack",
        },
    ),
    "flag_review": Shelf(
        Section.FLAGS, "Decision",
        {
            "verdict": "Decision", "reason": "Reason", "next_step": "Next step", "until_day": "Until",
            "made_at": "Made", "retracted_at": "Taken back",
        },
        free=frozenset({"reason", "next_step"}), people={"made_by": "Made by"}, under=("flag", "flag_id"),
    ),
    "case_file": Shelf(
        Section.CASES, "Case",
        {
            "number": "Number", "status": "State", "why": "Why it was opened", "history_from": "History from",
            "opened_on": "Opened", "closed_on": "Closed", "outcome": "Outcome", "closing_reason": "Why closed",
            "opened_at": "Opened, written", "closed_at": "Closed, written",
        },
        when="opened_on", free=frozenset({"why", "closing_reason"}),
        people={"opened_by": "Opened by", "closed_by": "Closed by"},
    ),
    "enquiry": Shelf(
        Section.CASES, "Enquiry",
        {
            "item": "Enquiry", "state": "State", "happened_on": "Day", "done_by": "Done by", "how": "How",
            "with_whom": "With whom", "outcome": "Outcome", "reason": "Reason", "written_at": "Written",
        },
        when="happened_on", free=frozenset({"done_by", "how", "with_whom", "outcome", "reason"}),
        people={"written_by": "Written by"},
    ),
    "task": Shelf(
        Section.CASES, "Task",
        {
            "text": "Task", "due_on": "Due", "due_at": "At", "owner": "For", "state": "State", "made_at": "Added",
            "ended_at": "Ended",
        },
        when="due_on", free=frozenset({"text"}), people={"made_by": "Added by", "ended_by": "Ended by"},
    ),
    "document": Shelf(
        Section.FILES, "Document",
        {
            "kind": "Kind", "version": "Number", "state": "State", "pages": "Pages", "missing": "Left open",
            "signatures": "Signed", "made_at": "Made", "sent_on": "Sent", "sent_to": "Sent to",
        },
        when="made_at", free=frozenset({"sent_to"}), people={"made_by": "Made by"},
        silent={"file_name": _NUMBER, "sha256": _NUMBER, "content_fingerprint": _NUMBER, "pdf": "goes as a file"},
        marks=(MarkReason.FILE,), file="pdf",
    ),
    "paper": Shelf(
        Section.FILES, "Paper",
        {
            "about": "Belongs to", "title": "Title", "kind": "Kind of file", "size": "Bytes", "added_at": "Added",
            "retracted_at": "Struck out",
        },
        when="added_at", free=frozenset({"title"}), people={"added_by": "Added by", "retracted_by": "Struck out by"},
        silent={"sha256": _NUMBER, "content": "goes as a file"}, marks=(MarkReason.FILE,), file="content",
    ),
    "removal": Shelf(
        Section.CASES, "Removal from the register",
        {
            "ground": "Ground", "day": "Day", "evidence": "Evidence", "reason": "Reason", "state": "State",
            "made_at": "Proposed", "ended_at": "Ended", "ended_reason": "Why it ended",
        },
        when="day", free=frozenset({"evidence", "reason", "ended_reason"}),
        people={"made_by": "Proposed by", "ended_by": "Ended by"},
    ),
    "removal_signature": Shelf(
        Section.CASES, "Signed", {"role": "As", "signed_at": "Signed"}, people={"user_id": "Signed by"},
        silent={"fingerprint": _NUMBER}, under=("removal", "removal_id"),
    ),
    "outside_report": Shelf(
        Section.REPORTS, "Report from outside",
        {
            "kind": "Kind", "received_on": "Received", "received_at": "At", "reply_due_on": "To be answered by",
            "details": "What was said", "decision": "Decision", "reason": "Reason", "decided_at": "Decided",
            "replied_on": "Answered", "reply": "Answer", "made_at": "Written",
        },
        when="received_on", free=frozenset({"details", "reason", "reply"}),
        people={"made_by": "Written by", "decided_by": "Decided by", "replied_by": "Answered by"},
        marks=(MarkReason.REPORTER,),
    ),
    "legal_hold": Shelf(
        Section.CASES, "Records held, so that nothing is disposed of",
        {"ground": "Ground", "reason": "Why", "set_at": "Set", "lifted_at": "Lifted", "lifted_reason": "Why lifted"},
        when="set_at", free=frozenset({"reason", "lifted_reason"}),
        people={"set_by": "Set by", "lifted_by": "Lifted by"}, marks=(MarkReason.LEGAL,),
    ),
    "keeping_decision": Shelf(
        Section.CASES, "How long a record is kept",
        {
            "kind": "Kind of record", "may_go": "May be disposed of", "until_day": "Kept until", "reason": "Why",
            "made_at": "Decided",
        },
        when="made_at", free=frozenset({"reason"}), people={"made_by": "Decided by"}, silent={"key": _NUMBER},
    ),
    "sharing": Shelf(
        Section.GIVEN, "Given to others",
        {
            "what": "What", "to_whom": "To whom", "why": "Why", "basis": "Ground", "basis_words": "Ground in words",
            "given_on": "Day", "made_at": "Written", "retracted_at": "Struck out", "retracted_why": "Why struck out",
        },
        when="given_on", free=frozenset({"what", "to_whom", "why", "basis_words", "retracted_why"}),
        people={"made_by": "Written by", "retracted_by": "Struck out by"},
    ),
    "information_request": Shelf(
        Section.GIVEN, "Request to see what is held",
        {
            "about": "About", "asked_by": "Asked by", "asker": "Name", "words": "What is asked for",
            "received_on": "Received", "identity": "Identity checked", "identity_asked_on": "Proof asked for",
            "identity_on": "Proof given", "extended_on": "Extended", "extended_months": "Months more",
            "extended_why": "Why extended", "ending": "Ended", "ended_on": "Ended on", "answer": "What was given",
            "made_at": "Written",
        },
        when="received_on", free=frozenset({"asker", "words", "identity", "extended_why", "answer"}),
        people={"made_by": "Written by", "ended_by": "Ended by"},
    ),
}  # fmt: skip

LEFT_OUT: Final[Mapping[str, str]] = {
    "pack_decision": "what was decided about this very pack; telling it would tell what was left out",
}
"""Tables about a pupil that a pack does not tell, each with its reason."""

SEARCHED: Final = (
    "pupil_event", "enquiry", "task", "outside_report", "sharing", "flag_review", "case_file", "mark_correction",
    "removal", "breach_account", "legal_hold", "keeping_decision",
)  # fmt: skip
"""Tables in whose other rows the person may be named as well: another child’s history, a worry of nobody known."""
