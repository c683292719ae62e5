"""What of the records is due for disposal, what a person looks at first, and what is kept, because."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.keeping.holds import StandingHold, all_holds
from cme_desktop.casework.kept_backups import last_day_in_backups
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs, sees_protection
from cme_desktop.casework.pupil_entry import require
from cme_desktop.casework.roll import Roll, first_day_read, load_roll
from cme_desktop.casework.veil import KEPT
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.keeping import HoldGround
from cme_desktop.domain.rights import Right
from cme_desktop.policy import runs
from cme_desktop.policy.retention import (
    Decision,
    Judged,
    KeptRecord,
    Period,
    RecordKind,
    Standing,
    judge_record,
    load_periods,
)
from cme_desktop.storage import kept_records
from cme_desktop.storage.acts import FINAL
from cme_desktop.storage.cases import list_case_details
from cme_desktop.storage.disposals import StoredDisposal, list_disposals
from cme_desktop.storage.holds import StoredHold, add_decision, list_holds, load_decisions
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import load_names

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "WHOLE_FILES", "HoldRow", "JudgedRecords", "Keeping", "KeepingRow", "StoredDisposal", "decide_on_record",
    "judge_records", "load_keeping", "read_periods",
]  # fmt: skip

_HELD: Final = "It is held."
_STILL_JUDGED: Final = "The child is still on the register or followed: the list of today reads it."
_TOO_YOUNG: Final = "Entries about this child are not old enough yet: the file goes with the last of them."
_ANOTHER_KEPT: Final = "Another record of this child is kept: the file goes with the last of them."
WHOLE_FILES: Final = frozenset({RecordKind.PUPIL_FILE, RecordKind.SAFEGUARDING})
"""Kinds of which one record holds every other of its pupil."""

_REACHES_BACK: Final = "An absence that lasts to this day reaches back to it: the list of today counts it."


@dataclass(frozen=True, slots=True)
class KeepingRow:
    """One record with where it stands; ``name`` is the pupil's, and ``case_number`` that of a case file."""

    judged: Judged
    name: str
    case_number: str = ""

    @property
    def kind(self) -> RecordKind:
        """What kind of record it is."""
        return self.judged.record.kind


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold with the name of whom it is on; empty for the whole school. ``why`` is as the reader may read it."""

    hold: StoredHold
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """Everything about keeping and disposal as whoever sits at the desk reads it.

    ``others_keep`` is True where files are left out because only the lead and the head read them. ``gone_after`` is
    the last day on which an older backup may still hold what would be disposed of today.
    """

    today: date
    periods: tuple[Period, ...]
    rows: tuple[KeepingRow, ...]
    holds: tuple[HoldRow, ...]
    disposals: tuple[StoredDisposal, ...]
    gone_after: date
    others_keep: bool

    def standing(self, *wanted: Standing) -> tuple[KeepingRow, ...]:
        """The rows that stand so, in the order of the kinds."""
        return tuple(row for row in self.rows if row.judged.standing in wanted)


@dataclass(frozen=True, slots=True)
class JudgedRecords:
    """Every record whose time may be over, judged on a day. ``still_read`` are the pupils judged each morning."""

    judged: tuple[Judged, ...]
    still_read: frozenset[int]


@needs(Right.SEE_NAMES)
def load_keeping(office: Office) -> Keeping:
    """Read what is due, what is kept and why, the holds, the periods and the lists."""
    roll = load_roll(office)
    periods = read_periods(office)
    with office.database.reading() as db:
        found = judge_records(office, db, roll, periods)
        names, holds, disposals = load_names(db), list_holds(db), list_disposals(db)
        numbers = {f"case:{case.id}": case.number for case in list_case_details(db)}
    sees = sees_protection(office)
    judged = [each for each in found.judged if sees or each.record.kind is not RecordKind.SAFEGUARDING]
    rows = [_row(each, names, numbers) for each in judged]
    rows.sort(key=lambda row: (list(RecordKind).index(row.kind), row.name))
    return Keeping(
        today=office.today,
        periods=tuple(periods.values()),
        rows=tuple(rows),
        holds=tuple(
            HoldRow(hold, names.get(int(hold.pupil_id or 0), ""), f"{hold.ground.in_words}: {hold.reason}")
            if sees
            else HoldRow(_without_words(hold), names.get(int(hold.pupil_id or 0), ""), KEPT)
            for hold in holds
        ),
        disposals=disposals,
        gone_after=last_day_in_backups(office.today),
        others_keep=len(judged) < len(found.judged),
    )


@needs(Right.SEE_NAMES)
def read_periods(office: Office) -> Mapping[RecordKind, Period]:
    """Read how long each kind of record is kept."""
    return load_periods((office.paths.resources / "retention.toml").read_text("utf-8"))


@needs(Right.SEE_NAMES)
def judge_records(office: Office, db: Session, roll: Roll, periods: Mapping[RecordKind, Period]) -> JudgedRecords:
    """Judge today, in the transaction given, every record whose time may be over."""
    on = office.today
    still_read = frozenset(int(record.pupil.id) for record in roll.records)
    reaching = _find_reaching_back(roll)
    protected = kept_records.find_protected(db)
    decisions, holds = _decisions_read(office, db), _holds_by_pupil(office, all_holds(db))
    entries = periods[RecordKind.REGISTER_ENTRY].latest_start_due(on=on) or date.min
    corrections = periods[RecordKind.CORRECTION].latest_start_due(on=on) or date.min
    records: list[KeptRecord] = []
    if entries > date.min:
        read = kept_records.read_register_entries(db, through=entries, still_read=still_read)
        records += [_counting(each, _REACHES_BACK, counts=each.pupil_id in reaching) for each in read]
    if corrections > date.min:
        records += kept_records.read_corrections(db, through=corrections)
    records += kept_records.read_letters(db, protected=protected)
    files = (
        *kept_records.read_closed_cases(db, protected=protected),
        *kept_records.read_leavers(db, protected=protected),
        *kept_records.read_protected_files(db, protected=protected),
    )
    records += [_counting(each, _STILL_JUDGED, counts=each.pupil_id in still_read) for each in files]
    young = _find_too_young(db, periods[RecordKind.PUPIL_FILE], on=on)
    records = [
        _counting(each, _TOO_YOUNG, counts=each.kind is RecordKind.SAFEGUARDING and each.pupil_id in young)
        for each in records
    ]
    judged = [judge_record(_with_people(each, holds, decisions), periods[each.kind], on=on) for each in records]
    over = [each for each in judged if each.standing is not Standing.NOT_YET]
    kept = {each.record.pupil_id for each in over if each.standing is not Standing.DUE and not _is_whole(each)}
    return JudgedRecords(tuple(_after_the_others(each, kept, on=on) for each in over), still_read)


# -- deciding ------------------------------------------------------------------------------------------------------


@needs(Right.HOLD_RECORDS)
def decide_on_record(
    office: Office, *, row: KeepingRow, may_go: bool, reason: str, until_day: date | None = None
) -> Changes:
    """Write down, after looking at a record whose time is over, that it may go, or that it is kept on until a day."""
    require("This can’t be saved yet.", {"the reason": reason})
    if not may_go and (until_day is None or until_day <= office.today):
        raise RefusedError("Until when is it kept on?", remedy="Enter a day that is still to come.")
    record = row.judged.record
    if row.judged.standing not in {Standing.TO_REVIEW, Standing.DUE}:
        raise RefusedError("There is nothing to decide about this record now.", remedy="Read the list again.")
    decision = Decision(may_go, None if may_go else until_day, office.today, reason.strip())
    with office.database.transaction() as db:
        add_decision(
            db, kind=record.kind, key=record.key, pupil_id=record.pupil_id, decision=decision, at=office.now(),
            by=office.user.id,
        )  # fmt: skip
        write_journal(
            db, at=office.now(), by=office.user.id, act="kept_on" if not may_go else "may_be_disposed_of",
            subject="keeping", details={FINAL: True, "kind": record.kind.value, "record": record.key},
        )  # fmt: skip
    pupil = None if record.pupil_id is None else PupilId(record.pupil_id)
    return Changes.to(Area.KEEPING, pupil=pupil)


# -- private -------------------------------------------------------------------------------------------------------


def _find_too_young(db: Session, period: Period, *, on: date) -> frozenset[int]:
    """The pupils about whom an entry of any kind is younger than the register's period."""
    leavers = kept_records.read_leavers(db, protected=frozenset())
    young = (each for each in leavers if judge_record(each, period, on=on).standing is Standing.NOT_YET)
    return frozenset(each.pupil_id for each in young if each.pupil_id is not None)


def _is_whole(judged: Judged) -> bool:
    return judged.record.kind in WHOLE_FILES


def _after_the_others(judged: Judged, kept: set[int | None], *, on: date) -> Judged:
    if not _is_whole(judged) or judged.record.pupil_id not in kept or judged.standing is Standing.UNKNOWN:
        return judged
    return judge_record(_counting(judged.record, _ANOTHER_KEPT, counts=True), judged.period, on=on)


def _find_reaching_back(roll: Roll) -> frozenset[int]:
    """The pupils who never attended in what is read of everybody: their absence is counted from before it."""
    judgement = roll.judgement
    begins = judgement.calendar.count_sessions_before(first_day_read(judgement))
    return frozenset(
        int(record.pupil.id) for record in roll.records if not runs.count_of(record.line[begins:], runs.ATTENDED)
    )


def _holds_by_pupil(office: Office, holds: Iterable[StandingHold]) -> Mapping[int | None, tuple[str, ...]]:
    sees = sees_protection(office)
    found: dict[int | None, tuple[str, ...]] = {}
    for hold in holds:
        words = hold.why if sees or not hold.said_to_all else hold.said_to_all
        key = None if hold.pupil_id is None else int(hold.pupil_id)
        found[key] = (*found.get(key, ()), words or _HELD)
    return found


def _decisions_read(office: Office, db: Session) -> Mapping[tuple[str, str], Decision]:
    """What was decided of each record; the reason is the lead's or the head's own word, and for them alone."""
    decisions = load_decisions(db)
    if sees_protection(office):
        return decisions
    return {record: replace(decision, reason=KEPT) for record, decision in decisions.items()}


def _with_people(
    record: KeptRecord, holds: Mapping[int | None, tuple[str, ...]], decisions: Mapping[tuple[str, str], Decision]
) -> KeptRecord:
    held = (*holds.get(None, ()), *(holds.get(record.pupil_id, ()) if record.pupil_id is not None else ()))
    return replace(record, holds=held, decision=decisions.get((record.kind.value, record.key)))


def _counting(record: KeptRecord, words: str, *, counts: bool) -> KeptRecord:
    return replace(record, still_counts=record.still_counts or words) if counts else record


def _row(judged: Judged, names: Mapping[int, str], numbers: Mapping[str, str]) -> KeepingRow:
    record = judged.record
    name = names.get(record.pupil_id, "") if record.pupil_id is not None else ""
    return KeepingRow(judged, name, numbers.get(record.key, ""))


def _without_words(hold: StoredHold) -> StoredHold:
    return replace(hold, ground=HoldGround.OTHER, reason="", lifted_reason="")
