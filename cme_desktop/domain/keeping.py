"""Legal holds and disposal lists: on what grounds a record is held, and where a list stands."""

from __future__ import annotations

from enum import StrEnum


class HoldGround(StrEnum):
    """Why records are held whatever their period says."""

    INQUIRY = "inquiry"
    COURT = "court"
    COMPLAINT = "complaint"
    SUBJECT_ACCESS = "subject_access"
    ALLEGATION = "allegation"
    OTHER = "other"

    @property
    def in_words(self) -> str:
        """The ground as it stands in the list."""
        return {
            HoldGround.INQUIRY: "An inquiry or inspection",
            HoldGround.COURT: "A court case, or one that is likely",
            HoldGround.COMPLAINT: "A complaint",
            HoldGround.SUBJECT_ACCESS: "Somebody has asked to see what is held",
            HoldGround.ALLEGATION: "An allegation of abuse",
            HoldGround.OTHER: "Another reason",
        }[self]


class DisposalState(StrEnum):
    """Where a disposal list stands."""

    DRAWN_UP = "drawn_up"
    CARRIED_OUT = "carried_out"
    GIVEN_UP = "given_up"

    @property
    def in_words(self) -> str:
        """The state as it stands in the list."""
        return {
            DisposalState.DRAWN_UP: "Waits for the headteacher’s signature",
            DisposalState.CARRIED_OUT: "Signed and carried out",
            DisposalState.GIVEN_UP: "Given up: nothing was removed",
        }[self]
