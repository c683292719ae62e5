"""One item of what is held: what it says, why it waits for a person, and what was decided."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cme_desktop.domain.information import MarkReason


class Section(StrEnum):
    """The parts of a pack, in its order."""

    PERSON = "person"
    CONTACTS = "contacts"
    ATTENDANCE = "attendance"
    FLAGS = "flags"
    CASES = "cases"
    HISTORY = "history"
    REPORTS = "reports"
    FILES = "files"
    GIVEN = "given"
    ELSEWHERE = "elsewhere"
    JOURNAL = "journal"

    @property
    def in_words(self) -> str:
        """What it holds."""
        return {
            Section.PERSON: "Name, address and circumstances",
            Section.CONTACTS: "Contacts",
            Section.ATTENDANCE: "Register",
            Section.FLAGS: "What the program pointed out",
            Section.CASES: "Cases, enquiries and tasks",
            Section.HISTORY: "Calls, visits, notes and decisions",
            Section.REPORTS: "Worries and questions from outside",
            Section.FILES: "Papers and documents",
            Section.GIVEN: "Given to others, and requests",
            Section.ELSEWHERE: "Named in other places",
            Section.JOURNAL: "Who wrote and read what",
        }[self]


@dataclass(frozen=True, slots=True)
class Mark:
    """Why an item waits for a person, and the words that were found, if any."""

    reason: MarkReason
    words: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The reason, with the words found."""
        return f"{self.reason.in_words} Found: {', '.join(self.words)}." if self.words else self.reason.in_words


@dataclass(frozen=True, slots=True)
class HeldItem:
    """What is held in one place: ``lines`` are pairs of a label and what stands there.

    ``free`` is what people wrote in their own words. ``tells`` names the items that a line of the journal tells of.
    ``cells`` are the days of a week of the register. ``file`` says that a whole file belongs to it.
    """

    key: str
    section: Section
    title: str
    on: date | None
    lines: tuple[tuple[str, str], ...]
    free: str = ""
    marks: tuple[Mark, ...] = ()
    tells: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    file: str = ""
    because: tuple[MarkReason, ...] = ()

    @property
    def is_marked(self) -> bool:
        """Whether somebody must decide before it is given."""
        return bool(self.marks)

    @property
    def fingerprint(self) -> str:
        """What it says, as a hash: a decision counts for this and nothing else."""
        marked = [(mark.reason.value, mark.words) for mark in self.marks]
        said = json.dumps([self.title, self.lines, self.cells, marked], ensure_ascii=True)
        return hashlib.sha256(said.encode("ascii")).hexdigest()

    @property
    def text(self) -> str:
        """All that it says."""
        return "\n".join((self.title, *(f"{label}: {words}" for label, words in self.lines)))

    @property
    def found(self) -> tuple[str, ...]:
        """The words that the marks found, each once."""
        return tuple(dict.fromkeys(word for mark in self.marks for word in mark.words))
