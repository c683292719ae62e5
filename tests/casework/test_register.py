"""The register on screen: what each cell says, and how a mark is typed, amended or refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cme_desktop.casework.pupil_year import load_pupil_year, table_twin
from cme_desktop.casework.register import (
    RegisterScreen,
    days_of_week,
    load_register,
    mark_rest_present,
    read_code,
    set_mark,
)
from cme_desktop.casework.register_cells import CellState, RegisterCell
from cme_desktop.domain.attendance import AttendanceCode, Half, SchoolSession
from cme_desktop.domain.calendar import NoSchool
from cme_desktop.domain.changes import Area
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.identifiers import PupilId
from tests.office import LUCJA, TODAY, YESTERDAY, add_pupil, an_office, at

THIS_MORNING = SchoolSession(TODAY, Half.AM)
THIS_AFTERNOON = SchoolSession(TODAY, Half.PM)


def this_week(office_screen: RegisterScreen, pupil_id: PupilId) -> dict[SchoolSession, RegisterCell]:
    row = next(row for row in office_screen.rows if row.pupil_id == pupil_id)
    return {cell.session: cell for cell in row.cells}


def test_a_class_shows_its_pupils_in_the_order_of_the_register(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    screen = load_register(office, class_name="Oak", first=YESTERDAY, last=TODAY)

    assert screen.classes == ("Beech", "Oak")
    assert [row.name.split(",")[0] for row in screen.rows] == [
        "Birtles", "Okafor", "Oldroyd", "Pryce", "Rahman", "Wiśniewska",
    ]  # fmt: skip


def test_a_class_that_is_no_longer_there_gives_way_to_the_first(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    screen = load_register(office, class_name="Elm", first=TODAY, last=TODAY)

    assert screen.class_name == "Beech"


def test_a_due_session_that_nobody_marked_is_unknown_and_a_later_one_is_to_come(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    newcomer = add_pupil(office, starting_day=YESTERDAY)

    cells = this_week(load_register(office, class_name="Oak", first=YESTERDAY, last=TODAY), newcomer)

    assert cells[SchoolSession(YESTERDAY, Half.PM)].state is CellState.UNKNOWN
    assert cells[THIS_MORNING].state is CellState.UNKNOWN
    assert cells[THIS_AFTERNOON].state is CellState.TO_COME


@pytest.mark.parametrize(
    ("hour", "minute", "state"),
    [(8, 54, CellState.TO_COME), (8, 55, CellState.UNKNOWN), (9, 19, CellState.UNKNOWN), (9, 30, CellState.UNKNOWN)],
)
def test_this_morning_is_unknown_from_when_registers_should_be_in(
    tmp_path: Path, hour: int, minute: int, state: CellState
) -> None:
    office = at(an_office(tmp_path), datetime(2026, 11, 10, hour, minute, tzinfo=UTC))
    newcomer = add_pupil(office, starting_day=TODAY)

    cells = this_week(load_register(office, class_name="Oak", first=TODAY, last=TODAY), newcomer)

    assert cells[THIS_MORNING].state is state
    assert cells[THIS_AFTERNOON].state is CellState.TO_COME


def test_a_morning_nobody_was_marked_for_is_missing_before_the_register_closes(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), datetime(2026, 11, 10, 9, 19, tzinfo=UTC))
    newcomer = add_pupil(office, starting_day=TODAY, class_name="Elm")

    screen = load_register(office, class_name="Elm", first=YESTERDAY, last=TODAY)
    assert screen.not_taken == (THIS_MORNING,)
    mark_rest_present(office, class_name="Elm", session=screen.not_taken[0])

    after = load_register(office, class_name="Elm", first=YESTERDAY, last=TODAY)
    assert after.not_taken == ()
    assert this_week(after, newcomer)[THIS_MORNING].code is AttendanceCode.PRESENT_AM


def test_sessions_before_the_starting_day_are_outside_not_unknown(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    newcomer = add_pupil(office, starting_day=TODAY)

    cells = this_week(load_register(office, class_name="Oak", first=YESTERDAY, last=TODAY), newcomer)

    assert cells[SchoolSession(YESTERDAY, Half.AM)].state is CellState.OUTSIDE


def test_an_inset_day_holds_no_school_and_says_why(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    screen = load_register(office, class_name="Oak", first=date(2026, 11, 2), last=date(2026, 11, 6))

    assert screen.days[0].closed is NoSchool.INSET
    assert screen.rows[0].cells[0].state is CellState.NO_SCHOOL


def test_a_session_nobody_in_the_class_was_marked_for_is_a_register_not_taken(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), datetime(2026, 11, 10, 14, 0, tzinfo=UTC))

    screen = load_register(office, class_name="Oak", first=YESTERDAY, last=TODAY)

    assert screen.not_taken == (THIS_AFTERNOON,)


def test_a_mark_on_an_empty_session_needs_no_reason(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), datetime(2026, 11, 10, 14, 0, tzinfo=UTC))

    changes = set_mark(office, pupil_id=LUCJA, session=THIS_AFTERNOON, code=AttendanceCode.NO_REASON_YET)

    cells = this_week(load_register(office, class_name="Oak", first=TODAY, last=TODAY), LUCJA)
    assert cells[THIS_AFTERNOON].code is AttendanceCode.NO_REASON_YET
    assert changes.touches(Area.MARKS)
    assert changes.pupils == {LUCJA}


def test_an_amendment_without_a_reason_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    with pytest.raises(RefusedError, match="reason"):
        set_mark(office, pupil_id=LUCJA, session=THIS_MORNING, code=AttendanceCode.ILLNESS, reason="  ")

    cells = this_week(load_register(office, class_name="Oak", first=TODAY, last=TODAY), LUCJA)
    assert cells[THIS_MORNING].code is AttendanceCode.PRESENT_AM


def test_an_amended_mark_keeps_the_original_the_reason_and_who_changed_it(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    set_mark(office, pupil_id=LUCJA, session=THIS_MORNING, code=AttendanceCode.ILLNESS, reason="Mother rang 8:50")

    cell = this_week(load_register(office, class_name="Oak", first=TODAY, last=TODAY), LUCJA)[THIS_MORNING]
    (correction,) = cell.corrections
    assert (correction.old_code, correction.new_code) == ("/", "I")
    assert (correction.reason, correction.made_by_name) == ("Mother rang 8:50", "Pat Mellor")
    assert correction.made_at == office.now()


def test_the_same_code_again_changes_nothing(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    changes = set_mark(office, pupil_id=LUCJA, session=THIS_MORNING, code=AttendanceCode.PRESENT_AM)

    assert changes.areas == frozenset()


@pytest.mark.parametrize("day", [date(2026, 11, 11), date(2026, 11, 2), date(2026, 11, 8)])
def test_a_session_to_come_or_without_school_takes_no_mark(tmp_path: Path, day: date) -> None:
    office = an_office(tmp_path)

    with pytest.raises(RefusedError):
        set_mark(office, pupil_id=LUCJA, session=SchoolSession(day, Half.AM), code=AttendanceCode.ILLNESS)


def test_marking_the_rest_present_leaves_the_marks_that_stand(tmp_path: Path) -> None:
    office = at(an_office(tmp_path), datetime(2026, 11, 10, 14, 0, tzinfo=UTC))
    set_mark(office, pupil_id=LUCJA, session=THIS_AFTERNOON, code=AttendanceCode.MEDICAL)

    mark_rest_present(office, class_name="Oak", session=THIS_AFTERNOON)

    screen = load_register(office, class_name="Oak", first=TODAY, last=TODAY)
    assert {row.cells[1].code for row in screen.rows} == {AttendanceCode.PRESENT_PM, AttendanceCode.MEDICAL}
    assert screen.not_taken == ()


def test_either_slash_means_present_in_the_half_it_is_typed_in() -> None:
    assert read_code("/", half=Half.PM) is AttendanceCode.PRESENT_PM
    assert read_code("\\", half=Half.AM) is AttendanceCode.PRESENT_AM
    assert read_code(" c2 ", half=Half.AM) is AttendanceCode.PART_TIME


def test_a_withdrawn_code_is_refused_with_the_codes_that_may_stand_for_it() -> None:
    with pytest.raises(BadInputError) as refused:
        read_code("H", half=Half.AM)

    assert "G, C" in refused.value.remedy


def test_letters_that_are_no_code_are_refused() -> None:
    with pytest.raises(BadInputError, match="is not an attendance code"):
        read_code("Ø", half=Half.AM)


def test_a_week_runs_from_monday_to_friday_and_two_weeks_include_the_one_before() -> None:
    assert days_of_week(TODAY) == (date(2026, 11, 9), date(2026, 11, 13))
    assert days_of_week(TODAY, weeks=2) == (date(2026, 11, 2), date(2026, 11, 13))


def test_a_pupils_year_counts_sessions_by_kind_and_names_the_open_n(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    friday = SchoolSession(date(2026, 11, 6), Half.AM)
    set_mark(office, pupil_id=LUCJA, session=friday, code=AttendanceCode.NO_REASON_YET, reason="No call by 9:30")

    year = load_pupil_year(office, pupil_id=LUCJA)

    assert (year.year_name, year.open_n) == ("2026/27", (friday,))
    assert (year.present, year.authorised, year.unauthorised) == (84, 0, 1)
    assert year.possible == 85
    assert year.absence_words == "1.2 %"


def test_the_table_twin_has_a_line_a_school_day_in_words(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    twin = table_twin(load_pupil_year(office, pupil_id=LUCJA))

    assert len(twin) == 190
    assert twin[0] == (date(2026, 9, 3), "/ Present, morning", "\\ Present, afternoon")
