"""The file opened for a pupil: its statuses, how it may end, and the roles of those who work on it."""

from __future__ import annotations

from enum import StrEnum


class CaseStatus(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    WAITING_FOR_AUTHORITY = "waiting_for_authority"
    CLOSED = "closed"


class ClosingOutcome(StrEnum):
    """How a case ended."""

    RETURNED = "returned"
    FOUND_AND_EXPLAINED = "found_and_explained"
    AT_ANOTHER_SCHOOL = "at_another_school"
    HOME_EDUCATED = "home_educated"
    ACCEPTED_BY_AUTHORITY = "accepted_by_authority"
    REMOVED_UNDER_A_GROUND = "removed_under_a_ground"
    DIED = "died"
    OPENED_IN_ERROR = "opened_in_error"

    @property
    def in_words(self) -> str:
        """The outcome as the office writes it."""
        return {
            ClosingOutcome.RETURNED: "Returned to school",
            ClosingOutcome.FOUND_AND_EXPLAINED: "Found, and the absence explained",
            ClosingOutcome.AT_ANOTHER_SCHOOL: "At another school, confirmed",
            ClosingOutcome.HOME_EDUCATED: "Home educated",
            ClosingOutcome.ACCEPTED_BY_AUTHORITY: "Accepted by the authority",
            ClosingOutcome.REMOVED_UNDER_A_GROUND: "Removed from roll under a ground",
            ClosingOutcome.DIED: "Died",
            ClosingOutcome.OPENED_IN_ERROR: "Opened in error",
        }[self]


class Role(StrEnum):
    """What a user of the program is at the school."""

    OFFICE = "office"
    HEAD = "head"
    LEAD = "lead"
    SENIOR = "senior"
    GOVERNOR = "governor"
    CARETAKER = "caretaker"

    @property
    def in_words(self) -> str:
        """The role as it stands under a signature."""
        return {
            Role.OFFICE: "office manager",
            Role.HEAD: "headteacher",
            Role.LEAD: "designated safeguarding lead",
            Role.SENIOR: "senior leader",
            Role.GOVERNOR: "governor",
            Role.CARETAKER: "caretaker of the records",
        }[self]


class TaskState(StrEnum):
    """Where one step of the checklist stands."""

    TO_DO = "to_do"
    DONE = "done"
    DROPPED = "dropped"
