"""Who may do what: one table of what each role may see and do, and which circumstances are kept from the others."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from cme_desktop.domain.cases import Role
from cme_desktop.domain.pupils import Circumstance


class Right(StrEnum):
    """Something that a role may see or do."""

    SEE_NAMES = "see_names"
    SEE_PROTECTION = "see_protection"
    SEE_COUNTS = "see_counts"
    CALL = "call"
    MARK = "mark"
    WORK_ON_CASES = "work_on_cases"
    WORK_ON_ROLL = "work_on_roll"
    ENTER_WORRIES = "enter_worries"
    NOTE_PROTECTION = "note_protection"
    REVIEW = "review"
    DECIDE_LEAVE = "decide_leave"
    REMOVE_NAMES = "remove_names"
    ADOPT_POLICY = "adopt_policy"
    SET_UP = "set_up"
    IMPORT = "import"
    EXPORT_NAMES = "export_names"
    READ_JOURNAL = "read_journal"
    BACK_UP = "back_up"
    CHECK_RECORDS = "check_records"
    MANAGE_PEOPLE = "manage_people"
    HOLD_RECORDS = "hold_records"
    DISPOSE = "dispose"
    NOTE_REQUESTS = "note_requests"
    ANSWER_REQUESTS = "answer_requests"
    LOG_SHARING = "log_sharing"
    NOTE_BREACHES = "note_breaches"
    CLOSE_BREACHES = "close_breaches"

    @property
    def in_words(self) -> str:
        """What the right is for, as the end of "Only the headteacher may …"."""
        return _WORDS[self]


_WORDS: Final = {
    Right.SEE_NAMES: "read about single children",
    Right.SEE_PROTECTION: "read protection notes",
    Right.SEE_COUNTS: "read the school’s numbers",
    Right.CALL: "write down calls and visits",
    Right.MARK: "write in the register",
    Right.WORK_ON_CASES: "work on cases",
    Right.WORK_ON_ROLL: "write down who joins, is away or leaves",
    Right.ENTER_WORRIES: "write down a worry about a child",
    Right.NOTE_PROTECTION: "write protection notes and decide on worries",
    Right.REVIEW: "decide on what the program suggests",
    Right.DECIDE_LEAVE: "grant or refuse leave",
    Right.REMOVE_NAMES: "propose and sign that a name is removed",
    Right.ADOPT_POLICY: "adopt a policy",
    Right.SET_UP: "change the school’s settings and year",
    Right.IMPORT: "import files",
    Right.EXPORT_NAMES: "print or save what names children",
    Right.READ_JOURNAL: "read the journal",
    Right.BACK_UP: "make backups and bring one back",
    Right.CHECK_RECORDS: "check the records and count what they hold",
    Right.MANAGE_PEOPLE: "say who opens the records",
    Right.HOLD_RECORDS: "set and lift holds, and decide what is kept on",
    Right.DISPOSE: "sign that records are disposed of",
    Right.NOTE_REQUESTS: "write down that somebody asks to see what is held",
    Right.ANSWER_REQUESTS: "decide what is given to somebody who asks to see what is held",
    Right.LOG_SHARING: "write down what was given to whom",
    Right.NOTE_BREACHES: "write down that data went astray",
    Right.CLOSE_BREACHES: "close the note of data that went astray",
}

_DAILY: Final = frozenset({
    Right.SEE_NAMES, Right.SEE_COUNTS, Right.CALL, Right.MARK, Right.WORK_ON_CASES, Right.WORK_ON_ROLL,
    Right.ENTER_WORRIES, Right.REMOVE_NAMES, Right.SET_UP, Right.IMPORT, Right.EXPORT_NAMES, Right.BACK_UP,
    Right.CHECK_RECORDS, Right.NOTE_REQUESTS, Right.LOG_SHARING, Right.NOTE_BREACHES,
})  # fmt: skip
"""What everybody who works with the children does, whatever else they may."""

RIGHTS: Final = {
    Role.OFFICE: _DAILY,
    Role.HEAD: frozenset(Right),
    Role.LEAD: frozenset(Right)
    - {
        Right.DECIDE_LEAVE,
        Right.MANAGE_PEOPLE,
        Right.DISPOSE,
        Right.CLOSE_BREACHES,
    },
    Role.SENIOR: _DAILY | {Right.REVIEW, Right.DECIDE_LEAVE, Right.ADOPT_POLICY},
    Role.GOVERNOR: frozenset({Right.SEE_COUNTS}),
    Role.CARETAKER: frozenset({Right.BACK_UP, Right.CHECK_RECORDS, Right.MANAGE_PEOPLE}),
}
"""The table. Protection notes are the lead's and the head's alone; a governor reads numbers; a caretaker no name."""


def may(role: Role, right: Right) -> bool:
    """Whether the role has the right."""
    return right in RIGHTS[role]


def who_may(right: Right) -> tuple[Role, ...]:
    """List the roles that have a right, in the order of the table."""
    return tuple(role for role in RIGHTS if right in RIGHTS[role])


def roles_given_by(giver: Role) -> tuple[Role, ...]:
    """List the roles that somebody may give to others: nobody gives a sight of protection notes without having it."""
    if may(giver, Right.SEE_PROTECTION):
        return tuple(Role)
    return tuple(role for role in Role if not may(role, Right.SEE_PROTECTION))


PROTECTED: Final = frozenset({
    Circumstance.LOOKED_AFTER, Circumstance.PREVIOUSLY_LOOKED_AFTER, Circumstance.CHILD_PROTECTION_PLAN,
    Circumstance.CHILD_IN_NEED, Circumstance.SECTION_47, Circumstance.SOCIAL_WORKER, Circumstance.YOUTH_JUSTICE_WORKER,
    Circumstance.SAFEGUARDING_CONCERN, Circumstance.PRIVATELY_FOSTERED, Circumstance.CARE_ORDER,
    Circumstance.DOMESTIC_ABUSE, Circumstance.EXPLOITATION_RISK, Circumstance.FORCED_MARRIAGE_RISK,
    Circumstance.FGM_RISK, Circumstance.RADICALISATION_RISK, Circumstance.MENTAL_HEALTH,
    Circumstance.HOMELESS_OR_REFUGE, Circumstance.SUBSTANCE_MISUSE_IN_FAMILY, Circumstance.RISKY_PERSON,
    Circumstance.CRIME_VICTIM_OR_INVOLVED, Circumstance.ABDUCTION_RISK, Circumstance.TRAFFICKING_RISK,
    Circumstance.FAMILY_CONCERN, Circumstance.CHILD_PROTECTION_FILE, Circumstance.RUNAWAY, Circumstance.OFFENDING,
    Circumstance.TEENAGE_PARENT,
})  # fmt: skip
"""Circumstances that say why a child is on the faster ladder, or what the lead holds: nobody else reads them."""


def circumstances_noted_by(role: Role) -> tuple[Circumstance, ...]:
    """List the circumstances that a role may note of a pupil, and read."""
    return tuple(each for each in Circumstance if each not in PROTECTED or may(role, Right.NOTE_PROTECTION))
