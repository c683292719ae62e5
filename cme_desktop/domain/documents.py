"""The documents of a case: their kinds, and how far each has come."""

from __future__ import annotations

from enum import StrEnum


class DocumentKind(StrEnum):
    """What a document is for."""

    RECORD = "record"
    REFERRAL = "referral"
    ATTENDANCE_RETURN = "attendance_return"

    @property
    def in_words(self) -> str:
        """The kind as it stands on a list."""
        return {
            DocumentKind.RECORD: "Written record of enquiries",
            DocumentKind.REFERRAL: "Referral to the authority",
            DocumentKind.ATTENDANCE_RETURN: "Attendance return",
        }[self]

    @property
    def form_id(self) -> str:
        """The file under ``forms/`` that holds its wording, without the ending."""
        return {
            DocumentKind.RECORD: "record-of-enquiries",
            DocumentKind.REFERRAL: "referral",
            DocumentKind.ATTENDANCE_RETURN: "attendance-return",
        }[self]


class DocumentState(StrEnum):
    """A draft may be made again; a final carries at least one signature and never changes but for the next one."""

    DRAFT = "draft"
    FINAL = "final"
