"""The reasonable enquiries: one checklist on every case, each item once.

The guidance gives no closed list; these fourteen are the ones a school and its authority are expected to consider
(*Children missing education*, September 2025). E9 to E13 are the authority's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class EnquiryState(StrEnum):
    """How far one enquiry has come."""

    NOT_STARTED = "not_started"
    TRIED = "tried"
    WAITING = "waiting"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"
    WITH_AUTHORITY = "with_authority"

    @property
    def in_words(self) -> str:
        """The state as it stands on the checklist."""
        return {
            EnquiryState.NOT_STARTED: "Not started",
            EnquiryState.TRIED: "Tried, no result",
            EnquiryState.WAITING: "Waiting for a reply",
            EnquiryState.DONE: "Done",
            EnquiryState.NOT_APPLICABLE: "Not applicable",
            EnquiryState.WITH_AUTHORITY: "With the authority",
        }[self]


@dataclass(frozen=True, slots=True)
class EnquiryItem:
    """One enquiry of the checklist: its id, a short name, what it asks for, and whose it is."""

    id: str
    name: str
    about: str
    by_authority: bool = False
    least: bool = False

    @property
    def starts_as(self) -> EnquiryState:
        """The state of the item on a new case."""
        return EnquiryState.WITH_AUTHORITY if self.by_authority else EnquiryState.NOT_STARTED


ENQUIRIES: Final = (
    EnquiryItem(
        "E1", "Every contact rung",
        "Ring, text and e-mail every number and address held, at different times of day.", least=True,
    ),
    EnquiryItem(
        "E2", "Letter to last address",
        "Write to each address held, saying that the authority will be told if nobody answers.", least=True,
    ),
    EnquiryItem(
        "E3", "Home visit",
        "Two members of staff, or as the lone-working policy says. Note signs of life and what neighbours say.",
        least=True,
    ),
    EnquiryItem("E4", "Siblings’ schools", "Ask the schools that brothers and sisters attend.", least=True),
    EnquiryItem("E5", "Staff and friends asked", "Ask staff, friends and relatives on roll.", least=True),
    EnquiryItem(
        "E6", "Professionals involved", "Social worker, family worker, school nurse, and others who know the family.",
        least=True,
    ),
    EnquiryItem(
        "E7", "Previous and next school", "Ask the last school, and any school said to be next, to confirm.",
        least=True,
    ),
    EnquiryItem("E8", "School-to-school search", "Send a secure message and see if a transfer file was collected.",
                least=True),
    EnquiryItem("E9", "Authority’s own records", "Admissions, housing, social care, benefits.", by_authority=True),
    EnquiryItem("E10", "Health, police, refuges", "Also youth justice and tax records.", by_authority=True),
    EnquiryItem("E11", "Other authorities", "Where the child lived before, or may have gone.", by_authority=True),
    EnquiryItem("E12", "Border records", "Visas, immigration and border checks.", by_authority=True),
    EnquiryItem("E13", "Service families", "The advisory service for service children.", by_authority=True),
    EnquiryItem(
        "E14", "Both sides sign off", "School and authority record that enquiries are complete, and the outcome.",
        least=True,
    ),
)  # fmt: skip
ENQUIRY_OF: Final = {item.id: item for item in ENQUIRIES}
