"""Bring files in: open, look at what would happen, accept, and take back.

Nothing is written until a file is accepted; then all of it is, in one transaction, with the file's checksum. A whole
import can be undone: pupils and contacts are put back as they stood, and each mark's way is kept as a correction.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from cme_desktop.casework.import_calendar import CalendarPlan, apply_calendar, plan_calendar, undo_years
from cme_desktop.casework.import_marks import (
    MarksPlan,
    apply_marks,
    earliest_day,
    is_plausible_mark_day,
    plan_marks,
    preview_marks,
)
from cme_desktop.casework.import_people import PeoplePlan, apply_people, plan_people, preview_people
from cme_desktop.casework.import_preview import Choice, FileKind, ImportCounts, OpenedFile, Preview, Question
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.records_beginning import is_beginning_set_by_hand
from cme_desktop.casework.veil import for_reader
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.identifiers import ImportId, PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.importers.aliases import Aliases, load_aliases, normalise_header
from cme_desktop.importers.dates import DateOrder
from cme_desktop.importers.fields import Field
from cme_desktop.importers.formats import read_sheet
from cme_desktop.importers.mapping import Mapping, suggest_mapping
from cme_desktop.importers.marks import MarksIn, read_marks, settle_mark_dates
from cme_desktop.importers.people import PeopleIn, read_people, settle_people_dates
from cme_desktop.importers.terms import TermsIn, read_terms, settle_term_dates
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.import_batches import add_batch
from cme_desktop.storage.imports import (
    ImportBatch,
    ImportProfile,
    MarksUndone,
    UndoNote,
    count_later_work,
    find_profile,
    find_standing_batch,
    finish_batch,
    list_batches,
    load_undo_note,
    mark_batch_undone,
    restore_rows,
    save_profile,
    undo_marks,
)
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.school import load_school, save_school

__all__ = [
    "DATE_QUESTION",
    "Choice",
    "FileKind",
    "ImportBatch",
    "ImportResult",
    "OpenedFile",
    "PreparedImport",
    "Preview",
]

DATE_QUESTION: Final = "dates"
_UNDONE: Final = "The import was undone"

_Read = MarksIn | PeopleIn | TermsIn
_Plan = MarksPlan | PeoplePlan | CalendarPlan


@dataclass(frozen=True, slots=True)
class PreparedImport:
    """A file read and compared with the records: what accepting it would do. Nothing is written yet."""

    opened: OpenedFile
    answers: Table[str, str]
    preview: Preview
    read: _Read | None

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions that must be answered first."""
        return tuple(question for question in self.preview.questions if question.needed and not self._answer(question))

    @property
    def can_accept(self) -> bool:
        """Whether nothing stands in the way."""
        return self.read is not None and not (self.unanswered or self.preview.stops)

    def _answer(self, question: Question) -> str:
        return self.answers.get(question.id, "") or question.suggested


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did; ``import_id`` is None where there was nothing to do."""

    import_id: ImportId | None
    counts: ImportCounts
    changes: Changes


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What undoing did."""

    marks: MarksUndone
    changes: Changes


# -- opening ---------------------------------------------------------------------------------------------------


@needs(Right.IMPORT)
def open_import(
    office: Office, path: Path, *, kind: FileKind | None = None, on: date | None = None, profile: str = ""
) -> OpenedFile:
    """Read a file and say what its columns seem to mean, as its saved profile has them where there is one."""
    day = on or office.today
    sheet = read_sheet(path)
    mapping = suggest_mapping(sheet, _aliases(office), on=day, kind=kind)
    with office.database.reading() as db:
        saved = find_profile(db, name=profile) if profile else find_profile(db, header_hash=mapping.header_hash)
    if profile and saved is None:
        raise BadInputError(f"There is no saved mapping called {profile}.", remedy="Choose another, or none.")
    opened = OpenedFile(path.name, sheet, mapping, day)
    return _with_profile(opened, saved, kind) if saved is not None else opened


@needs(Right.IMPORT)
def prepare_import(office: Office, opened: OpenedFile, *, answers: Table[str, str] | None = None) -> PreparedImport:
    """Compare a file with the records and say what accepting it would do; writes nothing."""
    given = {**opened.answers, **(answers or {})}
    if missing := opened.mapping.missing:
        stop = f"No column is said to hold: {'; '.join(missing)}. Say which does."
        return PreparedImport(opened, given, Preview(ImportCounts(), stops=(stop,)), None)
    with office.database.reading() as db:
        order = _settle_dates(db, opened)
        read = _read(opened, given, order or DateOrder(given.get(DATE_QUESTION, DateOrder.DAY_FIRST)))
        known = find_standing_batch(db, opened.sheet.sha256)
        plan = _plan(db, opened, read, given, is_known_file=known is not None)
        preview = for_reader(office, _preview(db, opened, read, plan))
    preview = replace(preview, warnings=(*_said_of_file(opened, known), *preview.warnings))
    if order is None:
        preview = replace(preview, questions=(_date_question(opened), *preview.questions))
    if given.get("names") == "leave_out":
        preview = replace(preview, stops=(*preview.stops, "Pupils known by name only: add a column with UPNs."))
    return PreparedImport(opened, given, preview, read)


# -- accepting and taking back ---------------------------------------------------------------------------------


@needs(Right.IMPORT)
def accept_import(office: Office, prepared: PreparedImport, *, profile: str = "") -> ImportResult:
    """Write what the file brings, all or nothing, and remember its mapping for the next file of its shape."""
    read = prepared.read
    if read is None or not prepared.can_accept:
        raise RefusedError(
            "The file can't be brought in yet.",
            detail=" ".join((*prepared.preview.stops, *(question.text for question in prepared.unanswered))),
            remedy="Answer the questions, or correct the file and open it again.",
        )
    opened, at, by = prepared.opened, office.now(), office.user.id
    with office.database.transaction() as db:
        known = find_standing_batch(db, opened.sheet.sha256)
        plan = _plan(db, opened, read, prepared.answers, is_known_file=known is not None)
        counts = plan.counts
        if not counts.new and not counts.changed:
            return ImportResult(None, counts, Changes())
        kind = opened.mapping.kind.value
        batch = add_batch(db, kind=kind, source=opened.name, at=at, by=by, sha256=opened.sheet.sha256)
        note = UndoNote()
        touched = _apply(db, plan, batch_id=batch, note=note, office=office)
        saved = _remember(db, prepared, name=profile, office=office)
        totals = _totals(counts)
        finish_batch(db, batch, counts=totals, undo=note, profile_id=saved)
        write_journal(
            db, at=at, by=by, act="file_imported", subject=f"import {batch}",
            details={"kind": kind, "sha256": opened.sheet.sha256, **totals},
        )  # fmt: skip
    return ImportResult(batch, counts, _changes(opened.mapping.kind, touched))


@needs(Right.IMPORT)
def undo_import(office: Office, import_id: ImportId) -> UndoResult:
    """Take a whole import back; refused where later work rests on pupils or contacts it brought in."""
    at, by = office.now(), office.user.id
    with office.database.transaction() as db:
        batch = next((one for one in list_batches(db) if one.id == import_id), None)
        if batch is None or batch.undone_at is not None:
            raise RefusedError("This import is undone already.", remedy="Look at the list of imports.")
        note = load_undo_note(db, import_id)
        _refuse_later_work(db, import_id, note)
        marks = undo_marks(db, import_id, reason=_UNDONE, at=at, by=by)
        restore_rows(db, note)
        undo_years(db, note)
        if note.began_records and not is_beginning_set_by_hand(db):
            save_school(db, replace(load_school(db), records_begin=None))
        mark_batch_undone(db, import_id, at=at, by=by)
        write_journal(
            db, at=at, by=by, act="import_undone", subject=f"import {import_id}",
            details={"removed": marks.removed, "restored": marks.restored, "left": marks.left},
        )  # fmt: skip
    return UndoResult(marks, _changes(FileKind(batch.kind), frozenset()))


@needs(Right.IMPORT)
def list_imports(office: Office) -> tuple[ImportBatch, ...]:
    """List the files brought in, the latest first."""
    with office.database.reading() as db:
        return list_batches(db)


# -- by kind of file -------------------------------------------------------------------------------------------


def _settle_dates(db: Session, opened: OpenedFile) -> DateOrder | None:
    if opened.mapping.kind is FileKind.CALENDAR:
        return settle_term_dates(opened.sheet, opened.mapping)
    if opened.mapping.kind is not FileKind.MARKS:
        return settle_people_dates(opened.sheet, opened.mapping, on=opened.on)
    calendar = load_calendar(db)
    return settle_mark_dates(
        opened.sheet, opened.mapping, plausible=lambda day: is_plausible_mark_day(calendar, day, on=opened.on)
    )


def _read(opened: OpenedFile, answers: Table[str, str], order: DateOrder) -> _Read:
    if opened.mapping.kind is FileKind.MARKS:
        return read_marks(opened.sheet, opened.mapping, order=order, answers=answers, year_of=opened.on)
    if opened.mapping.kind is FileKind.CALENDAR:
        return read_terms(opened.sheet, opened.mapping, order=order)
    return read_people(opened.sheet, opened.mapping, order=order, on=opened.on)


def _plan(db: Session, opened: OpenedFile, read: _Read, answers: Table[str, str], *, is_known_file: bool) -> _Plan:
    if isinstance(read, MarksIn):
        return plan_marks(db, opened, read, is_known_file=is_known_file)
    if isinstance(read, TermsIn):
        return plan_calendar(db, read)
    return plan_people(db, opened, read, answers, is_known_file=is_known_file)


def _preview(db: Session, opened: OpenedFile, read: _Read, plan: _Plan) -> Preview:
    if isinstance(plan, MarksPlan) and isinstance(read, MarksIn):
        return preview_marks(db, opened, read, plan)
    if isinstance(plan, PeoplePlan):
        return preview_people(db, opened, plan)
    if isinstance(plan, CalendarPlan):
        return Preview(plan.counts, plan.rejected, warnings=plan.warnings, stops=plan.stops)
    raise AssertionError("each kind of file has its own plan")


def _apply(db: Session, plan: _Plan, *, batch_id: int, note: UndoNote, office: Office) -> frozenset[int]:
    at, by = office.now(), office.user.id
    if isinstance(plan, CalendarPlan):
        apply_calendar(db, plan, note=note)
        return frozenset()
    if isinstance(plan, PeoplePlan):
        return apply_people(db, plan, batch_id=batch_id, note=note, at=at, by=by)
    school = load_school(db)
    if school.records_begin is None and (first := earliest_day(plan)):
        save_school(db, school.with_records_from(first))
        note.began_records = True
    return apply_marks(db, plan, batch_id=batch_id, at=at, by=by)


def _changes(kind: FileKind, touched: frozenset[int]) -> Changes:
    areas = {
        FileKind.MARKS: (Area.MARKS, Area.FLAGS),
        FileKind.CALENDAR: (Area.CALENDAR, Area.FLAGS),
    }.get(kind, (Area.PUPILS, Area.CONTACTS, Area.FLAGS))
    few = frozenset(PupilId(pupil) for pupil in touched) if len(touched) == 1 else frozenset()
    return Changes(frozenset(areas), few)


# -- profiles and words ----------------------------------------------------------------------------------------


def _aliases(office: Office) -> Aliases:
    return load_aliases((office.paths.resources / "import-aliases.toml").read_text("utf-8"))


def _with_profile(opened: OpenedFile, saved: ImportProfile, kind: FileKind | None) -> OpenedFile:
    targets: dict[str, list[Any]] = saved.mapping
    uses: dict[int, tuple[Field | None, int]] = {}
    for use in opened.mapping.columns:
        target = targets.get(_profile_key(opened.mapping, use.index))
        if target is not None and not use.day:
            uses[use.index] = (Field(target[0]) if target[0] else None, int(target[1]))
    mapping = opened.mapping.with_uses(uses)
    return replace(opened, mapping=mapping.as_kind(kind or FileKind(saved.kind)), profile=saved.name,
                   answers=dict(saved.values))  # fmt: skip


def _profile_key(mapping: Mapping, index: int) -> str:
    name = normalise_header(mapping.columns[index].header)
    earlier = sum(1 for use in mapping.columns[:index] if normalise_header(use.header) == name)
    return f"{name}#{earlier}"


def _remember(db: Session, prepared: PreparedImport, *, name: str, office: Office) -> int:
    mapping = prepared.opened.mapping
    targets = {
        _profile_key(mapping, use.index): [use.field.value if use.field else "", use.block]
        for use in mapping.columns
        if not use.day
    }
    kept = {key: value for key, value in prepared.answers.items() if not key.startswith("born:") and key != "names"}
    return save_profile(
        db,
        name=name or prepared.opened.profile or f"{mapping.kind.value.capitalize()}, {len(targets)} columns",
        kind=mapping.kind.value,
        header_hash=mapping.header_hash,
        mapping=targets,
        values=kept,
        at=office.now(),
    )


def _said_of_file(opened: OpenedFile, known: ImportBatch | None) -> tuple[str, ...]:
    if known is None:
        return opened.sheet.warnings
    said = f"This very file was brought in on {known.made_at:%d/%m/%Y}. What stands since then is left as it is."
    return (said, *opened.sheet.warnings)


def _date_question(opened: OpenedFile) -> Question:
    mapping = opened.mapping
    dated = [use for use in mapping.columns if use.day or use.field in {Field.DATE, Field.BORN, Field.FIRST_DAY}]
    sample = next((use.day or (use.samples[0] if use.samples else "") for use in dated), "")
    return Question(
        DATE_QUESTION,
        f"Dates such as {sample} can be read two ways. Which number is the day?",
        (Choice(DateOrder.DAY_FIRST.value, "The first: day, month, year"),
         Choice(DateOrder.MONTH_FIRST.value, "The second: month, day, year")),
        column=dated[0].header if dated else "",
    )  # fmt: skip


def _refuse_later_work(db: Session, import_id: ImportId, note: UndoNote) -> None:
    if later := count_later_work(db, import_id, note):
        raise RefusedError(
            "This import can't be undone any more.",
            detail=f"{later} marks, calls or cases rest on pupils it brought in.",
            remedy="Undo the later imports first, or correct the pupils one by one.",
        )


def _totals(counts: ImportCounts) -> dict[str, int]:
    return {
        "rows": counts.rows, "new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged,
        "not_taken": counts.not_taken, "rejected": counts.rejected,
    }  # fmt: skip
