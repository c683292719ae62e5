"""Files are looked at first, then brought in whole, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from cme_desktop.casework.import_preview import FileKind, ImportCounts
from cme_desktop.casework.imports import (
    ImportResult,
    PreparedImport,
    accept_import,
    list_imports,
    open_import,
    prepare_import,
    undo_import,
)
from cme_desktop.casework.office import Office
from cme_desktop.casework.records_beginning import move_beginning
from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.contacts import NumberQuality
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.identifiers import expected_check_letter
from cme_desktop.storage.contacts import load_contacts_by_pupil, set_number_quality
from cme_desktop.storage.journal_check import check_journal
from cme_desktop.storage.marks import count_marks, list_corrections, load_marks, session_no
from cme_desktop.storage.pupils import PupilDetails, list_all_pupils
from cme_desktop.storage.school import load_school, save_school
from cme_desktop.storage.tables import ContactNumberRow, ContactRow, MarkRow, PupilRow
from tests.office import LUCJA, TODAY, add_contact_to, add_marks, an_office, at

_DATA = Path(__file__).parents[1] / "data"
_MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
_HEADER = "UPN,Surname,Forename,DOB\n"


def _upn(number: int) -> str:
    digits = f"830220123{number:03d}"
    return expected_check_letter("A" + digits) + digits


def _prepare(office: Office, path: Path, answers: dict[str, str] | None = None) -> PreparedImport:
    return prepare_import(office, open_import(office, path), answers=answers)


def _bring_in(office: Office, path: Path, answers: dict[str, str] | None = None) -> ImportResult:
    return accept_import(office, _prepare(office, path, answers))


def _file(tmp_path: Path, text: str, name: str = "export.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def _pupils(office: Office) -> dict[str, PupilDetails]:
    with office.database.reading() as db:
        return {pupil.upn or "": pupil for pupil in list_all_pupils(db)}


def _everything(office: Office) -> tuple[object, ...]:
    tables = (PupilRow, ContactRow, ContactNumberRow, MarkRow)
    with office.database.reading() as db:
        return tuple(tuple(db.execute(select(table.__table__)).all()) for table in tables)


def _lucja_mark(office: Office, day: date, half: Half) -> str:
    with office.database.reading() as db:
        marks = load_marks(db, first=day, last=day, pupil_id=LUCJA)
    return {number: letter for number, _, letter in marks}[session_no(SchoolSession(day, half))]


def _lucja_upn(office: Office) -> str:
    return next(upn for upn, pupil in _pupils(office).items() if pupil.id == LUCJA)


@pytest.mark.parametrize(
    ("people", "marks"),
    [
        ("bromcom-pupils-contacts.csv", "bromcom-marks.csv"),
        ("sims-pupils-contacts.csv", "sims-register.csv"),
        ("scholarpack-pupils-contacts.xlsx", "scholarpack-marks.xlsx"),
    ],
)
def test_three_products_bring_in_the_same_school(tmp_path: Path, people: str, marks: str) -> None:
    office = at(an_office(tmp_path), _MONDAY)

    _bring_in(office, _DATA / people)
    counts = _bring_in(office, _DATA / marks).counts

    niamh = next(pupil for pupil in _pupils(office).values() if pupil.legal_surname == "O'Brien")
    zoe = next(pupil for pupil in _pupils(office).values() if pupil.legal_forename == "Zoë")
    daniel = next(pupil for pupil in _pupils(office).values() if pupil.legal_forename == "Daniel")
    with office.database.reading() as db:
        contacts = load_contacts_by_pupil(db)[zoe.id]
        letters = {letter for _, _, letter in load_marks(db, first=date(2026, 11, 3), last=TODAY, pupil_id=niamh.id)}
    assert counts == ImportCounts(new=178, not_taken=2)
    assert (niamh.born, niamh.year_group, niamh.class_name) == (date(2017, 11, 30), "4", "Oak")
    assert letters == {"O"}
    assert [(one.relation, one.household, one.numbers[0].digits) for one in contacts] == [
        ("mother", "home", "07700900101"),
        ("grandfather", "elsewhere", "07700900102"),
    ]
    assert zoe.family_id is not None
    assert zoe.family_id == daniel.family_id


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), _MONDAY)
    before = _everything(office)

    prepared = _prepare(office, _DATA / "bromcom-pupils-contacts.csv")

    assert prepared.preview.counts.new == 10
    assert _everything(office) == before
    assert list_imports(office) == ()


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), _MONDAY)
    _bring_in(office, _DATA / "bromcom-pupils-contacts.csv")
    before = _everything(office)

    prepared = _prepare(office, _DATA / "bromcom-pupils-contacts.csv")
    result = accept_import(office, prepared)

    assert result.import_id is None
    assert prepared.preview.counts == ImportCounts(unchanged=10)
    assert "brought in on 16/11/2026" in prepared.preview.warnings[0]
    assert _everything(office) == before


def test_the_same_file_twice_does_not_undo_a_correction_made_since(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    path = _file(tmp_path, f"UPN,Date,AM,PM\n{_lucja_upn(office)},2026-11-06,N,N\n")
    _bring_in(office, path)
    add_marks(office, LUCJA, "I", date(2026, 11, 6))

    result = _bring_in(office, path)

    assert result.import_id is None
    assert _lucja_mark(office, date(2026, 11, 6), Half.AM) == "I"


def test_a_corrected_mark_keeps_the_original_the_reason_when_and_by_whom(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    path = _file(tmp_path, f"UPN,Date,Session,Mark\n{_lucja_upn(office)},2026-11-06,AM,O\n")

    _bring_in(office, path)

    with office.database.reading() as db:
        (kept,) = list_corrections(db, LUCJA)
    assert (kept.old_code, kept.new_code, kept.made_at, kept.made_by_name) == ("/", "O", office.now(), "Pat Mellor")
    assert kept.reason


def test_an_import_of_pupils_is_undone_exactly(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), _MONDAY)
    upn = _lucja_upn(office)
    before = _everything(office)
    text = "UPN,Surname,Forename,DOB,Class,Contact 1 Surname,Contact 1 Forename,Contact 1 Mobile,Contact 2 Surname\n"
    rows = (
        f"{upn},Wiśniewska,Łucja,05/01/2017,Elm,Wiśniewska,Alex,07700 900555,Nowak\n"
        f"{_upn(7)},Lee,Ann,13/04/2018,Elm,Lee,Jo,07700 900556,\n"
    )
    result = _bring_in(office, _file(tmp_path, text + rows))
    assert result.import_id is not None
    assert _pupils(office)[upn].class_name == "Elm"

    undo_import(office, result.import_id)

    assert _everything(office) == before


def test_an_import_of_marks_is_undone_and_nothing_is_erased(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    before = _everything(office)[:3]
    path = _file(tmp_path, f"UPN,Date,AM,PM\n{_lucja_upn(office)},2026-11-10,O,O\n")
    result = _bring_in(office, path)
    assert result.import_id is not None

    undone = undo_import(office, result.import_id)

    assert (undone.marks.restored, undone.marks.removed) == (1, 1)
    assert _lucja_mark(office, TODAY, Half.AM) == "/"
    with office.database.reading() as db:
        told = [(one.old_code, one.new_code) for one in list_corrections(db, LUCJA)]
        assert check_journal(db).ok
    assert told == [("/", "O"), ("O", "/"), ("O", None)]
    assert _everything(office)[:3] == before
    assert list_imports(office)[0].undone_at == office.now()


def test_a_mark_corrected_after_the_import_outlives_its_undoing(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    path = _file(tmp_path, f"UPN,Date,AM,PM\n{_lucja_upn(office)},2026-11-06,N,N\n")
    result = _bring_in(office, path)
    assert result.import_id is not None
    add_marks(office, LUCJA, "I", date(2026, 11, 6), half=Half.AM)

    undone = undo_import(office, result.import_id)

    assert _lucja_mark(office, date(2026, 11, 6), Half.AM) == "I"
    assert _lucja_mark(office, date(2026, 11, 6), Half.PM) == "\\"
    assert undone.marks.left == 1


def test_an_import_on_which_later_work_rests_is_not_undone(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), _MONDAY)
    pupils = _bring_in(office, _DATA / "bromcom-pupils-contacts.csv")
    _bring_in(office, _DATA / "bromcom-marks.csv")
    assert pupils.import_id is not None

    with pytest.raises(RefusedError, match="can't be undone"):
        undo_import(office, pupils.import_id)


def test_an_import_is_undone_once(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), _MONDAY)
    result = _bring_in(office, _DATA / "bromcom-pupils-contacts.csv")
    assert result.import_id is not None
    undo_import(office, result.import_id)

    with pytest.raises(RefusedError, match="undone already"):
        undo_import(office, result.import_id)


def test_a_file_undone_may_be_brought_in_again(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), _MONDAY)
    first = _bring_in(office, _DATA / "bromcom-pupils-contacts.csv")
    assert first.import_id is not None
    undo_import(office, first.import_id)

    assert _bring_in(office, _DATA / "bromcom-pupils-contacts.csv").counts.new == 10


def test_a_pupil_missing_from_the_file_is_a_possible_leaver_and_never_removed(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    path = _file(tmp_path, _HEADER + f"{_upn(1)},Lee,Ann,13/04/2018\n")

    prepared = _prepare(office, path)
    accept_import(office, prepared)

    assert len(prepared.preview.missing) == 12
    assert len(_pupils(office)) == 13


def test_the_same_upn_with_another_birthday_stops_the_import(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    path = _file(tmp_path, _HEADER + f"{_lucja_upn(office)},Wiśniewska,Łucja,25/01/2017\n")

    prepared = _prepare(office, path)

    assert not prepared.can_accept
    with pytest.raises(RefusedError):
        accept_import(office, prepared)
    answered = _prepare(office, path, {prepared.unanswered[0].id: "same_child"})
    accept_import(office, answered)
    assert _pupils(office)[_lucja_upn(office)].born == date(2017, 1, 25)


def test_a_pupil_is_known_by_name_and_birthday_where_there_is_no_number(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    born = _pupils(office)[_lucja_upn(office)].born
    path = _file(tmp_path, f"Adno,Surname,Forename,DOB\n000017,WIŚNIEWSKA,łucja,{born}\n")

    prepared = _prepare(office, path)
    accept_import(office, prepared)

    assert [question.id for question in prepared.preview.questions] == ["names"]
    assert _pupils(office)[_lucja_upn(office)].mis_id == "000017"


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("A830220124001,Lee,Ann,13/04/2018", "UPN", "first letter"),
        ("{upn},Lee,Ann,13/04/1813", "DOB", "primary school"),
        ("{upn},Lee,Ann,31/02/2018", "DOB", "a date"),
        ("{upn},Lee,,13/04/2018", "Forename", "a forename"),
        ("{upn},Lee,=A1,13/04/2018", "Forename", "formula"),
        (",Lee,Ann,13/04/2018", "UPN", "a UPN"),
    ],
)
def test_a_row_that_cannot_be_used_is_reported_with_line_and_column(
    tmp_path: Path, row: str, column: str, words: str
) -> None:
    office = an_office(tmp_path)
    path = _file(tmp_path, _HEADER + f"{_upn(1)},Fox,Guy,14/04/2018\n" + row.format(upn=_upn(2)) + "\n")

    prepared = _prepare(office, path)

    (problem,) = prepared.preview.rejected
    assert (problem.line, problem.column) == (3, column)
    assert words in problem.expected
    assert prepared.preview.counts == ImportCounts(new=1, rejected=1)


def test_the_same_pupil_twice_is_taken_once(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    row = f"{_upn(1)},Fox,Guy,14/04/2018\n"

    prepared = _prepare(office, _file(tmp_path, _HEADER + row + row))

    assert prepared.preview.counts == ImportCounts(new=1, rejected=1)
    assert "line 2" in prepared.preview.rejected[0].expected


def test_half_a_file_leaves_its_last_row_out_and_says_so(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    upn = _lucja_upn(office)

    prepared = _prepare(office, _file(tmp_path, f"UPN,Date,AM,PM\n{upn},2026-11-06,N,N\n{upn},2026-11"))

    assert any("half a file" in warning for warning in prepared.preview.warnings)
    assert prepared.preview.rejected[0].line == 3


def test_marks_of_another_year_are_stopped(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    path = _file(tmp_path, f"UPN,Date,AM,PM\n{_lucja_upn(office)},2024-11-13,/,\\\n")

    prepared = _prepare(office, path)

    assert not prepared.can_accept
    assert "2026/27" in prepared.preview.stops[0]


def test_a_mark_on_a_closed_day_is_rejected_and_a_closure_mark_is_left_out(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    upn = _lucja_upn(office)
    path = _file(tmp_path, f"UPN,Date,AM,PM\n{upn},2026-10-26,O,#\n{upn},2026-11-06,O,-\n")

    prepared = _prepare(office, path)

    assert prepared.preview.counts == ImportCounts(changed=1, not_taken=2, rejected=1)
    assert "holiday" in prepared.preview.rejected[0].expected


def test_a_session_not_taken_leaves_what_stands(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    result = _bring_in(office, _file(tmp_path, f"UPN,Date,AM,PM\n{_lucja_upn(office)},2026-11-06,-,\n"))

    assert result.counts == ImportCounts(not_taken=2)
    assert _lucja_mark(office, date(2026, 11, 6), Half.AM) == "/"


def test_each_session_reconciles_to_the_roll(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    prepared = _prepare(office, _file(tmp_path, f"UPN,Date,AM,PM\n{_lucja_upn(office)},2026-11-10,I,I\n"))

    morning, afternoon = prepared.preview.balances
    assert (morning.roll, morning.present, morning.absent, morning.unknown) == (12, 11, 1, 0)
    assert (afternoon.roll, afternoon.present, afternoon.absent, afternoon.unknown) == (12, 0, 1, 11)


def test_withdrawn_codes_are_asked_about_and_never_guessed(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    path = _file(tmp_path, f"UPN,Date,AM,PM\n{_lucja_upn(office)},2026-11-06,H,Y\n")

    asked = _prepare(office, path)
    answered = _prepare(office, path, {"code:H": "G", "code:Y": "Y2"})

    assert (asked.preview.counts.rejected, {question.id for question in asked.preview.questions}) == (
        2,
        {"code:H", "code:Y"},
    )
    assert answered.preview.counts == ImportCounts(changed=2)


def test_ambiguous_dates_are_asked_about(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    path = _file(tmp_path, f"UPN,Date,AM,PM\n{_lucja_upn(office)},09/11/2026,O,O\n")

    asked = _prepare(office, path)
    answered = _prepare(office, path, {"dates": "day_first"})

    assert [question.id for question in asked.unanswered] == ["dates"]
    assert answered.can_accept


def test_the_next_file_of_the_same_shape_maps_itself(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    upn = _lucja_upn(office)
    first = _file(tmp_path, f"Code of pupil,Date,AM,PM\n{upn},09/11/2026,H,O\n", "first.csv")
    _bring_in(office, first, {"dates": "day_first", "code:H": "G"})

    opened = open_import(office, _file(tmp_path, f"Code of pupil,Date,AM,PM\n{upn},10/11/2026,H,O\n", "next.csv"))
    prepared = prepare_import(office, opened)

    assert opened.profile
    assert opened.mapping.uncertain == ()
    assert prepared.can_accept
    assert prepared.preview.counts.rejected == 0


def test_a_number_found_dead_stays_dead_when_the_file_still_gives_it(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), _MONDAY)
    _bring_in(office, _DATA / "bromcom-pupils-contacts.csv")
    zoe = next(pupil for pupil in _pupils(office).values() if pupil.legal_forename == "Zoë")
    with office.database.transaction() as db:
        number = load_contacts_by_pupil(db)[zoe.id][0].numbers[0]
        set_number_quality(db, number.id, NumberQuality.DEAD, at=office.now())

    prepared = _prepare(office, _DATA / "sims-pupils-contacts.csv")
    accept_import(office, prepared)

    with office.database.reading() as db:
        assert load_contacts_by_pupil(db)[zoe.id][0].numbers[0].quality is NumberQuality.DEAD


def test_a_court_order_sets_do_not_contact(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    text = "UPN,Contact Surname,Contact Forename,Relationship,Mobile,Court Order\n"
    path = _file(tmp_path, text + f"{_lucja_upn(office)},Wiśniewski,Jan,Father,07700 900777,Yes\n")

    _bring_in(office, path)

    with office.database.reading() as db:
        father = next(one for one in load_contacts_by_pupil(db)[LUCJA] if one.forename == "Jan")
    assert father.do_not_contact
    assert father.do_not_contact_ground


def test_the_first_marks_begin_the_records_and_undoing_them_unbegins(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    with office.database.transaction() as db:
        save_school(db, replace(load_school(db), records_begin=None))
    result = _bring_in(office, _file(tmp_path, f"UPN,Date,AM,PM\n{_lucja_upn(office)},2026-11-06,O,O\n"))
    assert result.import_id is not None
    with office.database.reading() as db:
        assert load_school(db).records_begin == date(2026, 11, 6)

    undo_import(office, result.import_id)

    with office.database.reading() as db:
        assert load_school(db).records_begin is None


def test_a_calendar_changes_the_school_year(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    rows = (
        "Autumn 1,01/09/2027,22/10/2027\nAutumn 2,01/11/2027,17/12/2027\nSpring 1,04/01/2028,11/02/2028\n"
        "Spring 2,21/02/2028,31/03/2028\nSummer 1,18/04/2028,26/05/2028\nSummer 2,05/06/2028,21/07/2028\n"
        "INSET day,01/09/2027,01/09/2027\n"
    )
    prepared = _prepare(office, _file(tmp_path, "Term,First day,Last day\n" + rows))
    accept_import(office, prepared)

    from tests.office import calendar_of

    years = calendar_of(office).years
    assert prepared.opened.mapping.kind is FileKind.CALENDAR
    assert [year.name for year in years] == ["2026/27", "2027/28"]
    assert years[1].inset == {date(2027, 9, 1)}


def test_a_file_without_needed_columns_names_them(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    prepared = _prepare(office, _file(tmp_path, "UPN,Surname,Forename\nx,y,z\n"))

    assert "date of birth" in prepared.preview.stops[0]
    assert not prepared.can_accept


def test_an_unknown_profile_is_refused(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    with pytest.raises(BadInputError, match="no saved mapping"):
        open_import(office, _DATA / "bromcom-marks.csv", profile="Weekly")


def test_a_failure_half_way_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = at(an_office(tmp_path), _MONDAY)
    before = _everything(office)
    prepared = _prepare(office, _DATA / "bromcom-pupils-contacts.csv")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("cme_desktop.casework.imports.finish_batch", fail)
    with pytest.raises(OSError, match="full"):
        accept_import(office, prepared)

    assert _everything(office) == before
    assert list_imports(office) == ()


def test_minutes_late_stand_beside_the_mark(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    _bring_in(office, _file(tmp_path, f"UPN,Date,AM,PM\n{_lucja_upn(office)},2026-11-06,L(12),\\\n"))

    with office.database.reading() as db:
        comments = db.scalars(select(MarkRow.comment).where(MarkRow.comment.is_not(None))).all()
        assert count_marks(db) > 0
    assert comments == ["12 minutes late"]


def test_a_contact_of_nobody_on_roll_is_rejected(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    add_contact_to(office, LUCJA)

    prepared = _prepare(office, _file(tmp_path, f"UPN,Contact Surname,Contact Forename,Mobile\n{_upn(5)},Lee,Jo,1\n"))

    assert prepared.preview.counts == ImportCounts(rejected=1)


def test_what_a_file_changes_of_a_pupil_and_of_a_contact_is_listed_one_by_one(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), _MONDAY)
    header = "UPN,Surname,Forename,DOB,Gender,Class,Contact 1 First Name,Contact 1 Last Name,Contact 1 Mobile"
    row = f"{_lucja_upn(office)},Wiśniewska,Łucja,05/01/2017,F,Beech,Alex,Wiśniewska,07700 900777"

    changes = _prepare(office, _file(tmp_path, f"{header}\n{row}\n"), {"dates": "day_first"}).preview.person_changes

    told = {(change.what, change.old, change.new) for change in changes}
    assert ("Class", "Oak", "Beech") in told
    assert ("Alex Wiśniewska: new number", "nothing", "07700 900777") in told
    assert {change.pupil for change in changes} == {"Łucja Wiśniewska"}


def test_a_circumstance_a_file_adds_is_said_as_the_office_writes_it(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), _MONDAY)
    header = "UPN,Surname,Forename,DOB,SEN Status"
    row = f"{_lucja_upn(office)},Wiśniewska,Łucja,05/01/2017,SEN Support"

    changes = _prepare(office, _file(tmp_path, f"{header}\n{row}\n"), {"dates": "day_first"}).preview.person_changes

    assert ("Circumstance", "nothing", "SEN support") in {(change.what, change.old, change.new) for change in changes}


def test_a_pupil_who_is_new_changes_nothing_that_stands(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), _MONDAY)

    preview = _prepare(office, _DATA / "bromcom-pupils-contacts.csv").preview

    assert preview.counts.new == 10
    assert preview.person_changes == ()


def test_undoing_the_first_marks_leaves_a_day_that_somebody_chose_since(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    with office.database.transaction() as db:
        save_school(db, replace(load_school(db), records_begin=None))
    result = _bring_in(office, _file(tmp_path, f"UPN,Date,AM,PM\n{_lucja_upn(office)},2026-11-06,O,O\n"))
    assert result.import_id is not None
    move_beginning(office, day=date(2026, 11, 3), why="The first days are kept on paper")

    undo_import(office, result.import_id)

    with office.database.reading() as db:
        assert load_school(db).records_begin == date(2026, 11, 3)
