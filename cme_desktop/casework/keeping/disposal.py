"""Disposing of what is due: a list is drawn up, read, signed by the headteacher, and then every row is gone for good.

It can't be undone. What is left of a record is a stub that names nobody, and the journal's entry, which seals its rows
as removed. Everything is judged once more in the transaction in which it goes.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cme_desktop.casework.guessing import slowed
from cme_desktop.casework.keeping.looking import WHOLE_FILES, JudgedRecords, judge_records, read_periods
from cme_desktop.casework.keeping.sweeping import ask_for_sweep, finish_sweep
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs, sees_protection
from cme_desktop.casework.roll import load_roll
from cme_desktop.casework.second_factor import parts_known_to
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import CmeError, RefusedError
from cme_desktop.domain.identifiers import DisposalId
from cme_desktop.domain.keeping import DisposalState
from cme_desktop.domain.rights import Right
from cme_desktop.policy.retention import Judged, RecordKind, RunsFrom, Standing
from cme_desktop.storage import vault
from cme_desktop.storage.acts import FINAL
from cme_desktop.storage.destroying import Gone, begin_destroying, destroy_record, digest_record, forget_in_imports
from cme_desktop.storage.disposals import (
    DisposalLine,
    StoredDisposal,
    add_disposal,
    add_stub,
    end_disposal,
    list_disposals,
    load_disposal,
)
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.marks import first_marked_day
from cme_desktop.storage.school import load_school, save_school

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class DrawnUp:
    """A list just drawn up."""

    disposal_id: DisposalId
    changes: Changes


@dataclass(frozen=True, slots=True)
class Disposed:
    """What is gone: how many lines of the list; ``is_swept`` is False where another copy of the program was reading."""

    lines: int
    is_swept: bool
    changes: Changes


@needs(Right.WORK_ON_ROLL)
def draw_up_disposal(office: Office) -> DrawnUp:
    """Draw up a list of everything that is due now, for the headteacher to read and sign; nothing is removed yet.

    Files that only the lead and the head read are on the list of one of them.
    """
    with office.database.transaction() as db:
        found = judge_records(office, db, load_roll(office), read_periods(office))
        if any(each.state is DisposalState.DRAWN_UP for each in list_disposals(db)):
            raise RefusedError(
                "A list waits to be signed already.", remedy="Have it signed, or give it up and draw up another."
            )
        lines = _lines(office, db, found)
        if not lines:
            raise RefusedError("Nothing is due.", remedy="There is nothing to draw up a list of.")
        disposal_id = add_disposal(db, on=office.today, lines=lines, at=office.now(), by=office.user.id)
        _journal(db, office, "disposal_drawn_up", disposal_id, lines=len(lines))
    return DrawnUp(disposal_id, Changes.to(Area.KEEPING))


@needs(Right.WORK_ON_ROLL)
def give_up_disposal(office: Office, *, disposal_id: DisposalId) -> Changes:
    """End a list that was not signed; nothing is removed, and another may be drawn up."""
    with office.database.transaction() as db:
        _load_waiting(db, disposal_id)
        end_disposal(
            db, disposal_id, state=DisposalState.GIVEN_UP, at=office.now(), by=office.user.id,
            role=office.user.role.value,
        )  # fmt: skip
        _journal(db, office, "disposal_given_up", disposal_id)
    return Changes.to(Area.KEEPING)


@needs(Right.DISPOSE)
def sign_disposal(office: Office, *, disposal_id: DisposalId, fingerprint: str, password: str) -> Disposed:
    """Sign a list as the headteacher, with the password, and remove for good what stands in it.

    ``fingerprint`` is that of the list as it was read. What is no longer due, or no longer what it was, refuses the
    whole list.
    """
    _refuse_wrong(office, password)
    with office.database.transaction() as db:
        disposal = _load_waiting(db, disposal_id)
        if disposal.fingerprint != fingerprint:
            raise _changed()
        found = judge_records(office, db, load_roll(office), read_periods(office))
        _refuse_no_longer_due(db, disposal, found)
        _keep_beginning(db)
        _destroy(db, disposal, found)
        ask_for_sweep(db, at=office.now(), by=office.user.id)
        for line in disposal.lines:
            add_stub(db, disposal_id, line, at=office.now(), by=office.user.id)
        end_disposal(
            db, disposal_id, state=DisposalState.CARRIED_OUT, at=office.now(), by=office.user.id,
            role=office.user.role.value,
        )  # fmt: skip
        _journal(
            db, office, "records_disposed", disposal_id, lines=len(disposal.lines), fingerprint=disposal.fingerprint
        )
    is_swept = False
    with suppress(CmeError):  # the rows are gone: what a full disk forbids now is done at the next opening
        is_swept = finish_sweep(office)
    areas = (Area.KEEPING, Area.PUPILS, Area.MARKS, Area.EVENTS, Area.CASES, Area.CONTACTS, Area.FLAGS, Area.REPORTS)
    return Disposed(len(disposal.lines), is_swept, Changes.to(*areas))


# -- private -------------------------------------------------------------------------------------------------------


def _refuse_wrong(office: Office, password: str) -> None:
    """Refuse a password that is not that of whoever sits at the desk; a wrong one counts as at the unlock window."""
    me = office.user.id
    with slowed(office.paths.tries, user_id=me, now=office.now()):
        theirs = vault.open_slot(office.paths.keys, user_id=me, password=password, part=parts_known_to(office, me))
        if not theirs.opens(office.database.key):
            raise vault.WrongPasswordError("The password is wrong.", remedy="Type it again; check Caps Lock.")


def _lines(office: Office, db: Session, found: JudgedRecords) -> tuple[DisposalLine, ...]:
    sees = sees_protection(office)
    due = [
        each
        for each in found.judged
        if each.standing is Standing.DUE and (sees or each.record.kind is not RecordKind.SAFEGUARDING)
    ]
    whole = {each.record.pupil_id for each in due if each.record.kind in WHOLE_FILES}
    wanted = (each for each in due if each.record.kind in WHOLE_FILES or each.record.pupil_id not in whole)
    return tuple(_line(db, each, found) for each in wanted)


def _line(db: Session, judged: Judged, found: JudgedRecords) -> DisposalLine:
    record = judged.record
    assert record.start is not None
    digest, _ = digest_record(
        db, record.kind, record.key, through=record.start, spares_n=record.pupil_id in found.still_read
    )
    is_born = judged.period.runs_from is RunsFrom.BORN  # a date of birth stays in no stub
    return DisposalLine(
        kind=record.kind,
        key=record.key,
        pupil_id=record.pupil_id,
        size=record.size,
        years=judged.years,
        through=record.start,
        made_from=None if is_born else record.first_start or record.start,
        made_until=None if is_born else record.start,
        kept_until=None if is_born else judged.last_day,
        why=judged.why,
        digest=digest,
    )


def _refuse_no_longer_due(db: Session, disposal: StoredDisposal, found: JudgedRecords) -> None:
    standing = {(each.record.kind, each.record.key): each for each in found.judged}
    for line in disposal.lines:
        now = standing.get((line.kind, line.key))
        if now is not None and now.standing is Standing.HELD:
            raise RefusedError(
                "Something on the list is held now.", detail=now.why,
                remedy="Nothing was removed. Give the list up, and draw up another without it.",
            )  # fmt: skip
        if now is None or now.standing is not Standing.DUE or _digest_now(db, line, found) != line.digest:
            raise _changed()


def _digest_now(db: Session, line: DisposalLine, found: JudgedRecords) -> str:
    spares_n = line.pupil_id in found.still_read
    return digest_record(db, line.kind, line.key, through=line.through, spares_n=spares_n)[0]


def _destroy(db: Session, disposal: StoredDisposal, found: JudgedRecords) -> None:
    begin_destroying(db)
    gone = Gone()
    for line in disposal.lines:
        spares_n = line.pupil_id in found.still_read
        destroy_record(db, line.kind, line.key, through=line.through, spares_n=spares_n, gone=gone)
    forget_in_imports(db, gone)
    db.expire_all()


def _keep_beginning(db: Session) -> None:
    """Write down where the records begin, where nobody has: the first mark said it, and may go."""
    school = load_school(db)
    first = first_marked_day(db)
    if school.records_begin is None and first is not None:
        save_school(db, school.with_records_from(first))


def _load_waiting(db: Session, disposal_id: DisposalId) -> StoredDisposal:
    disposal = load_disposal(db, disposal_id)
    if disposal.state is DisposalState.CARRIED_OUT:
        raise RefusedError(
            "This list is carried out.",
            detail="What was on it is gone and can’t be brought back.",
            remedy="Draw up another where something else is due.",
        )
    if disposal.state is DisposalState.GIVEN_UP:
        raise RefusedError("This list was given up.", remedy="Draw up another.")
    return disposal


def _changed() -> RefusedError:
    return RefusedError(
        "Something on the list is no longer what it was.",
        detail="It was changed since the list was drawn up, or is not due any more.",
        remedy="Nothing was removed. Give the list up, and draw up another.",
    )


def _journal(db: Session, office: Office, act: str, disposal_id: DisposalId, **details: object) -> None:
    write_journal(
        db, at=office.now(), by=office.user.id, act=act, subject=f"disposal {disposal_id}",
        details={FINAL: True, "disposal": int(disposal_id), **details},
    )  # fmt: skip
