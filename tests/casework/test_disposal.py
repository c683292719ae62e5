"""A disposal: drawn up, signed by the head, gone for good, told by the journal; an attacker hides nothing in it."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import text

from cme_desktop.casework.circumstances import add_circumstance
from cme_desktop.casework.information_requests import NewRequest, load_requests, note_request
from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.judged_sessions import load_judged_sessions
from cme_desktop.casework.keeping.disposal import Disposed, draw_up_disposal, give_up_disposal, sign_disposal
from cme_desktop.casework.keeping.holds import set_hold
from cme_desktop.casework.keeping.looking import decide_on_record, load_keeping
from cme_desktop.casework.kept_backups import choose_kept, last_day_in_backups
from cme_desktop.casework.outcomes import undo_last
from cme_desktop.casework.papers import keep_paper
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.casework.roll import load_roll
from cme_desktop.casework.sharing_log import SharingFacts, record_sharing
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.casework.today.screen import load_today
from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.calendar import SchoolYear, Term
from cme_desktop.domain.errors import CmeError, RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import DisposalId
from cme_desktop.domain.information import About, Asker, Ending
from cme_desktop.domain.keeping import DisposalState, HoldGround
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.paths import find_paths
from cme_desktop.policy.retention import RecordKind, Standing
from cme_desktop.policy.review import review
from cme_desktop.storage import destroying
from cme_desktop.storage.calendars import save_school_year
from cme_desktop.storage.database import Database, connect
from cme_desktop.storage.disposals import StoredDisposal
from cme_desktop.storage.import_batches import add_batch
from cme_desktop.storage.imports import UndoNote, change_row, finish_batch
from cme_desktop.storage.information_requests import change_request
from cme_desktop.storage.marks import count_marks
from cme_desktop.storage.pupils import load_pupil
from cme_desktop.storage.school import load_school, save_school
from cme_desktop.storage.vault import WrongPasswordError
from tests.keeping import (
    HEADS,
    LEAD,
    LONG_GONE,
    NOW,
    OFFICE,
    a_school_with_old_records,
    add_closed_case,
    add_long_gone,
    add_old_marks,
    sit,
    then,
)
from tests.office import FIRST_DAY, TODAY, add_event_to, add_marks, add_pupil
from tests.pages import lies_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from cme_desktop.casework.office import Office
    from cme_desktop.casework.roll import Roll
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.paths import Paths
    from cme_desktop.policy.rule import Flag

DAY: Final = timedelta(days=1)
OLD: Final = date(2020, 11, 9)
SECRET: Final = "Marmalade sandwiches"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_school_with_old_records(tmp_path_factory.mktemp("keeping")).data


@pytest.fixture
def paths(tmp_path: Path, template: Path) -> Paths:
    shutil.copytree(template, tmp_path / "data")
    return find_paths(tmp_path / "data")


@pytest.fixture
def head(paths: Paths) -> Iterator[Office]:
    office = sit(paths)
    yield office
    leave_desk(office)


def fill(office: Office) -> tuple[PupilId, PupilId]:
    """A child who comes each day and has entries of 2020, and one who left in 2019, whose file somebody looked at."""
    stays = add_pupil(office, starting_day=date(2020, 9, 3))
    add_marks(office, stays, "/", FIRST_DAY, TODAY - DAY)
    add_marks(office, stays, "O", TODAY)
    add_old_marks(office, stays, OLD - DAY * 14, OLD + DAY * 14)
    gone = add_long_gone(office)
    add_closed_case(office, gone, closed_on=date(2019, 7, 1))
    note = Event(EventKind.NOTE, date(2019, 7, 2))
    add_event_to(then(office, date(2019, 7, 2)), gone, note, words=f"{SECRET}. " * 600)  # over several pages
    keep_paper(
        then(office, date(2019, 7, 2)), pupil_id=gone, about="leave-1", title="Letter", file_name="l.txt",
        content=SECRET.encode() * 900,
    )  # fmt: skip
    asked = NewRequest(gone, About.PUPIL, Asker.PUPIL, f"Zebedee, {SECRET}", date(2019, 7, 2))
    note_request(then(office, date(2019, 7, 2)), new=asked)
    (line,) = load_requests(office).lines
    answered = {"ending": Ending.ANSWERED.value, "ended_on": date(2019, 7, 3), "answer": SECRET}
    with then(office, date(2019, 7, 3)).database.transaction() as db:
        change_request(db, line.request.id, **answered)
    given = SharingFacts(SECRET, "Northgate School", "asked for it", "public-task", date(2019, 7, 2), pupil_id=gone)
    record_sharing(then(office, date(2019, 7, 2)), given=given)
    _remember_in_import(office, gone)
    return stays, gone


def _remember_in_import(office: Office, pupil: PupilId) -> None:
    with office.database.transaction() as db:
        batch, note = add_batch(db, kind="pupils", source="file.csv", at=office.now(), by=1), UndoNote()
        change_row(db, note, "pupil", pupil, {"address": f"2 {LONG_GONE} Row"})
        change_row(db, note, "pupil", pupil, {"address": "3 Other Row"})
        finish_batch(db, batch, counts={}, undo=note, profile_id=None)


def look_at_everything(office: Office) -> None:
    """Let every file go that a person has to look at, the case before the file that it is in."""
    for _ in range(2):
        for row in load_keeping(office).standing(Standing.TO_REVIEW):
            decide_on_record(office, row=row, may_go=True, reason="Looked through.")


def waiting(office: Office) -> StoredDisposal:
    return next(each for each in load_keeping(office).disposals if each.state is DisposalState.DRAWN_UP)


def dispose(office: Office) -> Disposed:
    """Draw a list up of everything that is due, and sign it."""
    draw_up_disposal(office)
    drawn = waiting(office)
    return sign_disposal(office, disposal_id=drawn.id, fingerprint=drawn.fingerprint, password=HEADS)


def ask(office: Office, sql: str) -> list[Any]:
    with office.database.reading() as db:
        return [tuple(row) for row in db.execute(text(sql))]


# -- what goes, and what stays ---------------------------------------------------------------------------------------


def test_what_is_due_goes_and_what_is_not_stays(head: Office) -> None:
    stays, gone = fill(head)
    look_at_everything(head)
    marks = ask(head, f"SELECT count(*) FROM mark WHERE pupil_id = {stays}")[0][0]

    dispose(head)

    assert ask(head, "SELECT id FROM pupil") == [(stays,)]
    assert ask(head, f"SELECT count(*) FROM mark WHERE pupil_id = {stays}") == [(marks - 11,)]
    for table in (
        "contact",
        "pupil_event",
        "case_file",
        "paper",
        "mark",
        "circumstance",
        "keeping_decision",
        "sharing",
        "information_request",
    ):
        assert ask(head, f"SELECT count(*) FROM {table} WHERE pupil_id = {gone}") == [(0,)], table
    assert ask(head, "PRAGMA foreign_key_check") == []
    assert load_keeping(head).standing(Standing.DUE, Standing.TO_REVIEW) == ()


def test_a_case_file_goes_with_its_lines_and_its_child_stays(head: Office) -> None:
    _, gone = fill(head)
    (case,) = [row for row in load_keeping(head).rows if row.kind is RecordKind.CASE_FILE]
    decide_on_record(head, row=case, may_go=True, reason="Looked through.")

    dispose(head)

    assert ask(head, "SELECT count(*) FROM case_file") == [(0,)]
    assert ask(head, "SELECT count(*) FROM pupil_event WHERE case_id IS NOT NULL") == [(0,)]
    assert ask(head, f"SELECT count(*) FROM pupil WHERE id = {gone}") == [(1,)]
    assert examine_records(head).ok


def test_the_list_of_today_is_the_same_before_and_after(head: Office) -> None:
    first, last = date(2020, 9, 3), date(2021, 7, 21)
    with head.database.transaction() as db:  # the year of the old entries is on the axis that is judged
        save_school_year(db, SchoolYear(first, last, (Term(first, last),)))
    stays, _ = fill(head)
    quiet = add_pupil(head, surname="Farrow", starting_day=date(2020, 9, 3))
    add_marks(head, quiet, "/", FIRST_DAY, TODAY)
    add_old_marks(head, quiet, OLD, OLD, letter="N")  # nobody ever found out why
    never_came = add_pupil(head, surname="Holt", starting_day=date(2020, 9, 3))
    add_old_marks(head, never_came, OLD - DAY * 4, OLD, letter="O")
    add_marks(head, never_came, "O", FIRST_DAY, TODAY)
    with head.database.transaction() as db:  # records that nobody ever said when they begin
        save_school(db, load_school(db).with_records_from(None))  # type: ignore[arg-type]
    look_at_everything(head)
    before, held = load_roll(head), ask(head, "SELECT count(*) FROM mark")
    rows = load_today(head).rows

    dispose(head)
    after = load_roll(head)

    assert ask(head, "SELECT count(*) FROM mark") < held
    assert after.records == before.records
    assert after.judgement.school == before.judgement.school
    assert _flags(after) == _flags(before) != ()
    assert load_today(head).rows == rows
    assert {stays, quiet, never_came} <= {record.pupil.id for record in after.records}


def _flags(roll: Roll) -> tuple[Flag, ...]:
    return review(roll.records, roll.judgement, roll.rulebook)


def test_a_session_whose_entries_were_disposed_of_is_not_one_that_nobody_marked(head: Office) -> None:
    stays, _ = fill(head)
    with head.database.reading() as db:
        pupil = load_pupil(db, stays)
        assert load_judged_sessions(db).holds(pupil, SchoolSession(date(2026, 9, 3), Half.AM))
    with head.database.transaction() as db:
        save_school(db, load_school(db).with_records_from(date(2020, 9, 3)))

    dispose(head)

    with head.database.reading() as db:
        judged = load_judged_sessions(db)
    on_the_day, after = (SchoolSession(day, Half.AM) for day in (OLD, OLD + DAY))
    assert not judged.holds(pupil, on_the_day)
    assert judged.holds(pupil, after)


# -- beyond recovery -------------------------------------------------------------------------------------------------


def test_nothing_of_it_lies_in_the_file_any_more_not_even_in_a_page_that_is_free(head: Office, paths: Paths) -> None:
    fill(head)
    look_at_everything(head)
    key = head.database.key
    assert lies_in(paths.records, key, LONG_GONE)
    assert lies_in(paths.records, key, SECRET)

    done = dispose(head)

    assert done.is_swept
    assert not lies_in(paths.records, key, LONG_GONE)
    assert not lies_in(paths.records, key, SECRET)
    assert not lies_in(paths.records, key, "may go")  # nor what was decided of it, nor the list that named it
    log = paths.records.with_name(paths.records.name + "-wal")
    # emptied by the sweep: nothing is in it but the few pages of the note that it is done
    assert not log.exists() or log.stat().st_size < 10 * 4200


def test_the_rows_are_overwritten_even_where_the_sweep_never_came(
    head: Office, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(head)
    look_at_everything(head)
    monkeypatch.setattr(Database, "sweep", lambda _: False)

    assert not dispose(head).is_swept
    head.database.close()

    assert not lies_in(paths.records, head.database.key, SECRET)
    assert not lies_in(paths.records, head.database.key, LONG_GONE)


def test_without_overwriting_the_same_search_finds_it(
    head: Office, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(head)
    look_at_everything(head)
    monkeypatch.setattr(Database, "sweep", lambda _: False)
    monkeypatch.setattr("cme_desktop.casework.keeping.disposal.begin_destroying", _only_delete)

    dispose(head)
    head.database.close()

    assert lies_in(paths.records, head.database.key, SECRET)


def _only_delete(db: Session) -> None:
    db.execute(text("PRAGMA secure_delete = OFF"))


def test_an_import_can_t_bring_back_what_it_remembered(head: Office) -> None:
    _, gone = fill(head)
    look_at_everything(head)
    dispose(head)

    notes = [UndoNote.unpack(packed) for (packed,) in ask(head, "SELECT undo FROM import_batch") if packed]

    assert notes
    assert not any(LONG_GONE in repr(note) or (table, row) == ("pupil", gone)
                   for note in notes for table, row, *_ in note.changed)  # fmt: skip


def test_the_last_backup_with_it_goes_after_the_day_that_is_said() -> None:
    """The last of November, and after it one a day."""
    made, last = datetime(2026, 11, 10, 16, tzinfo=UTC), last_day_in_backups(TODAY)
    later = one_a_day(date(2026, 12, 1), last)

    assert last == date(2027, 10, 31)
    assert made in choose_kept([made, *later], today=last)
    assert made not in choose_kept([made, *later, *one_a_day(last + DAY, last + DAY)], today=last + DAY)


def test_a_month_without_a_backup_puts_the_day_off_by_a_month() -> None:
    """No backup is made in August, which the list and the signature say."""
    made, last = datetime(2026, 11, 10, 16, tzinfo=UTC), last_day_in_backups(TODAY)
    without_august = [*one_a_day(date(2026, 12, 1), date(2027, 7, 31)), *one_a_day(date(2027, 9, 1), last + 30 * DAY)]

    assert made in choose_kept([made, *without_august], today=last + 30 * DAY)
    assert made not in choose_kept([made, *without_august, *one_a_day(*[last + 31 * DAY] * 2)], today=last + 31 * DAY)


def one_a_day(first: date, last: date) -> list[datetime]:
    return [datetime.combine(first, time(9), UTC) + each * DAY for each in range((last - first).days + 1)]


# -- the stub and the journal ----------------------------------------------------------------------------------------


def test_a_stub_says_what_kind_which_period_when_and_by_whom_and_names_nobody(head: Office) -> None:
    fill(head)
    look_at_everything(head)
    draw_up_disposal(head)
    drawn = waiting(head)
    digests = {line.digest for line in drawn.lines}
    sign_disposal(head, disposal_id=drawn.id, fingerprint=drawn.fingerprint, password=HEADS)

    (done,) = load_keeping(head).disposals

    assert (done.state, done.ended_by_name, done.lines) == (DisposalState.CARRIED_OUT, "Dr Ann Teal", ())
    assert {stub.digest for stub in done.stubs} == digests
    kinds = {stub.kind: stub for stub in done.stubs}
    entries = kinds[RecordKind.REGISTER_ENTRY]
    assert (entries.size, entries.years) == (11, 6)
    assert (entries.made_from, entries.made_until, entries.kept_until) == (date(2020, 10, 26), OLD, TODAY - DAY)
    assert LONG_GONE not in repr(ask(head, "SELECT * FROM disposed_record"))
    assert ask(head, "SELECT DISTINCT lines FROM disposal") == [("[]",)]


def test_a_stub_of_a_file_with_content_of_protection_keeps_no_date_of_birth(paths: Paths) -> None:
    office = sit(paths, now=NOW.replace(year=2033))
    gone = add_long_gone(office)
    add_circumstance(then(office, date(2019, 1, 8)), pupil_id=gone, name=Circumstance.CHILD_PROTECTION_PLAN)
    look_at_everything(office)
    dispose(office)

    assert ask(office, "SELECT kind, made_from, made_until, kept_until FROM disposed_record") == [
        ("safeguarding", None, None, None)
    ]
    assert ask(office, "SELECT count(*) FROM pupil") == [(0,)]
    leave_desk(office)


def test_the_journal_holds_and_tells_of_the_disposal(head: Office) -> None:
    fill(head)
    look_at_everything(head)
    assert examine_records(head).ok

    dispose(head)

    found = examine_records(head)
    assert (found.ok, found.journal.row, found.journal.why) == (True, "", "")
    line = load_journal(head).lines[1]  # before the note that the file was swept
    assert line.said == "Signed a disposal list: what stood on it is removed for good"
    assert (line.by, line.is_signed) == ("Dr Ann Teal", True)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("DELETE FROM mark WHERE session_no / 2 = (SELECT min(session_no / 2) FROM mark)", "marks of day"),
        ("DELETE FROM pupil_event WHERE id = (SELECT max(id) FROM pupil_event)", "pupil_event"),
        ("DELETE FROM disposed_record", "disposed_record 1"),
        ("UPDATE disposed_record SET size = 1 WHERE id = 1", "disposed_record 1"),
    ],
)
def test_who_deletes_the_same_rows_with_sql_is_named(head: Office, paths: Paths, sql: str, named: str) -> None:
    fill(head)
    if "disposed_record" in sql:
        look_at_everything(head)
        dispose(head)
    raw = connect(paths.records, head.database.key)
    raw.execute(sql)
    raw.close()

    found = examine_records(head).journal

    assert not found.ok
    assert found.row.startswith(named)


def test_a_disposal_is_never_undone(head: Office) -> None:
    fill(head)
    dispose(head)
    disposal = load_keeping(head).disposals[0]

    with pytest.raises(CmeError):
        undo_last(head)
    with pytest.raises(RefusedError, match="can’t be brought back"):
        give_up_disposal(head, disposal_id=disposal.id)
    with pytest.raises(RefusedError, match="carried out"):
        sign_disposal(head, disposal_id=disposal.id, fingerprint=disposal.fingerprint, password=HEADS)


# -- who, and when not -----------------------------------------------------------------------------------------------


def test_the_office_draws_up_and_the_head_signs_with_a_password(paths: Paths) -> None:
    office = sit(paths, OFFICE)
    fill(office)
    draw_up_disposal(office)
    drawn = waiting(office)
    with pytest.raises(NotYoursError):
        sign_disposal(office, disposal_id=drawn.id, fingerprint=drawn.fingerprint, password="three odd words")
    leave_desk(office)
    lead = sit(paths, LEAD)
    with pytest.raises(NotYoursError):
        sign_disposal(lead, disposal_id=drawn.id, fingerprint=drawn.fingerprint, password="safeguarding lead words")
    leave_desk(lead)

    head = sit(paths)
    with pytest.raises(WrongPasswordError):
        sign_disposal(head, disposal_id=drawn.id, fingerprint=drawn.fingerprint, password="not the words")
    assert waiting(head) == drawn
    assert sign_disposal(head, disposal_id=drawn.id, fingerprint=drawn.fingerprint, password=HEADS).lines
    leave_desk(head)


def test_what_the_office_draws_up_leaves_out_what_only_the_lead_and_the_head_read(paths: Paths) -> None:
    later = NOW.replace(year=2033)
    head = sit(paths, now=later)
    gone = add_long_gone(head)
    add_circumstance(then(head, date(2019, 1, 8)), pupil_id=gone, name=Circumstance.CHILD_PROTECTION_PLAN)
    look_at_everything(head)
    leave_desk(head)
    office = sit(paths, OFFICE, now=later)
    draw_up_disposal(office)

    assert {line.kind for line in waiting(office).lines} == {RecordKind.REGISTER_ENTRY}
    leave_desk(office)


def test_one_list_waits_at_a_time_and_may_be_given_up(head: Office) -> None:
    fill(head)
    drawn = draw_up_disposal(head)
    with pytest.raises(RefusedError, match="waits to be signed"):
        draw_up_disposal(head)

    give_up_disposal(head, disposal_id=drawn.disposal_id)

    (given_up,) = load_keeping(head).disposals
    assert (given_up.state, given_up.lines) == (DisposalState.GIVEN_UP, ())
    draw_up_disposal(head)
    with pytest.raises(RefusedError, match="given up"):
        give_up_disposal(head, disposal_id=drawn.disposal_id)
    with pytest.raises(CmeError, match="no longer there"):
        give_up_disposal(head, disposal_id=DisposalId(99))


def test_a_hold_set_after_it_was_drawn_up_refuses_the_whole_list(head: Office) -> None:
    _, gone = fill(head)
    draw_up_disposal(head)
    drawn, marks = waiting(head), ask(head, "SELECT count(*) FROM mark")
    set_hold(head, pupil_id=gone, ground=HoldGround.COURT, reason="A claim.")

    with pytest.raises(RefusedError, match="held now"):
        sign_disposal(head, disposal_id=drawn.id, fingerprint=drawn.fingerprint, password=HEADS)

    assert ask(head, "SELECT count(*) FROM mark") == marks
    assert ask(head, "SELECT count(*) FROM disposed_record") == [(0,)]


def test_a_row_changed_after_it_was_drawn_up_refuses_the_whole_list(head: Office) -> None:
    stays, _ = fill(head)
    draw_up_disposal(head)
    drawn = waiting(head)
    with head.database.transaction() as db:
        db.execute(text(f"UPDATE mark SET code = 'I' WHERE pupil_id = {stays} AND session_no < 16000"))

    with pytest.raises(RefusedError, match="no longer what it was"):
        sign_disposal(head, disposal_id=drawn.id, fingerprint=drawn.fingerprint, password=HEADS)
    with pytest.raises(RefusedError, match="no longer what it was"):
        sign_disposal(head, disposal_id=drawn.id, fingerprint="another list", password=HEADS)


def test_a_list_signed_days_later_removes_what_it_says_and_no_more(head: Office) -> None:
    stays, _ = fill(head)
    draw_up_disposal(head)
    drawn = waiting(head)
    (entries,) = [line for line in drawn.lines if line.pupil_id == stays]
    with head.database.reading() as db:
        before = count_marks(db)
    later = then(head, TODAY + DAY * 3)

    sign_disposal(later, disposal_id=drawn.id, fingerprint=drawn.fingerprint, password=HEADS)

    removed = sum(line.size for line in drawn.lines if line.kind is RecordKind.REGISTER_ENTRY)
    with head.database.reading() as db:
        assert count_marks(db) == before - removed
    assert entries.size == 11


@pytest.mark.parametrize("at", range(6))
def test_a_failure_at_any_moment_leaves_all_of_it(head: Office, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    fill(head)
    look_at_everything(head)
    draw_up_disposal(head)
    drawn = waiting(head)
    before = [ask(head, f"SELECT count(*) FROM {table}") for table in ("mark", "pupil", "paper", "journal")]
    whole, calls = destroying.destroy_record, iter(range(100))

    def fail(*args: Any, **facts: Any) -> None:
        if next(calls) == min(at, len(drawn.lines) - 1):
            raise MemoryError
        whole(*args, **facts)

    monkeypatch.setattr("cme_desktop.casework.keeping.disposal.destroy_record", fail)
    with pytest.raises(MemoryError):
        sign_disposal(head, disposal_id=drawn.id, fingerprint=drawn.fingerprint, password=HEADS)

    assert [ask(head, f"SELECT count(*) FROM {table}") for table in ("mark", "pupil", "paper", "journal")] == before
    assert waiting(head) == drawn
    assert examine_records(head).ok
