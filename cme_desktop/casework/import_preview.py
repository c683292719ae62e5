"""What a dry run of an import shows: counts that reconcile, problems, questions, and the days against the roll."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from cme_desktop.domain.attendance import SchoolSession
from cme_desktop.importers.fields import Field, FileKind, MarkLayout
from cme_desktop.importers.mapping import ColumnUse, Mapping
from cme_desktop.importers.sheet import Rejected, Sheet

__all__ = [
    "Choice", "ColumnUse", "Field", "FileKind", "ImportCounts", "MarkChange", "MarkLayout", "OpenedFile", "Preview",
    "Question", "Rejected", "RowStatus", "SessionBalance",
]  # fmt: skip


class RowStatus(Enum):
    """What accepting would do with a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """The rows of a file, or its marks, each counted once: ``rows`` is the sum of the other five."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    not_taken: int = 0
    rejected: int = 0

    @property
    def rows(self) -> int:
        """Everything the file holds."""
        return self.new + self.changed + self.unchanged + self.not_taken + self.rejected


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something the file does not settle. ``suggested`` is taken unless somebody says otherwise.

    ``column`` is the column it is about; a ``needed`` question without an answer stops the import.
    """

    id: str
    text: str
    choices: tuple[Choice, ...]
    column: str = ""
    suggested: str = ""
    needed: bool = True


@dataclass(frozen=True, slots=True)
class SessionBalance:
    """One session as it would stand after the import, against the roll; ``unknown`` is roll less all that is marked."""

    session: SchoolSession
    roll: int
    present: int
    absent: int
    outside: int

    @property
    def unknown(self) -> int:
        """Pupils on roll whom nobody has marked: neither present nor absent."""
        return max(0, self.roll - self.present - self.absent - self.outside)


@dataclass(frozen=True, slots=True)
class MarkChange:
    """A mark that would change what stands in the register."""

    session: SchoolSession
    pupil: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PersonChange:
    """One fact about a pupil or a contact that the file tells otherwise than the records."""

    pupil: str
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file read into rows, with what its columns seem to mean. ``answers`` come from a saved profile, if any."""

    name: str
    sheet: Sheet
    mapping: Mapping
    on: date
    profile: str = ""
    answers: Table[str, str] = field(default_factory=dict)

    def with_mapping(self, uses: Table[int, tuple[Field | None, int]]) -> OpenedFile:
        """The file with columns given other meanings by a person."""
        return replace(self, mapping=self.mapping.with_uses(uses))

    def as_kind(self, kind: FileKind) -> OpenedFile:
        """The file read as another kind."""
        return replace(self, mapping=self.mapping.as_kind(kind))


@dataclass(frozen=True, slots=True)
class Preview:
    """What accepting a file would do; nothing has been written."""

    counts: ImportCounts
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    stops: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    balances: tuple[SessionBalance, ...] = ()
    mark_changes: tuple[MarkChange, ...] = ()
    person_changes: tuple[PersonChange, ...] = ()
