"""The wizard of the new school year, by its real controls: five steps, one act, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cme_desktop.casework.new_year.begin import begin_new_year
from cme_desktop.casework.new_year.plan import Onward
from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.events import Destination
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import YearGroup
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage.pupils import load_pupil
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.main_window import MainWindow
from cme_desktop.ui.new_year.dialog import NewYearDialog
from cme_desktop.ui.new_year.last_pages import CarriedPage, SummaryPage
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from cme_desktop.ui.today.tab import TodayTab
from tests.new_year import JULY, LAST_DAY, NEXT_YEAR, at_the_turn, enter_next_year, rows_of, usual_plan
from tests.office import LUCJA, TOMASZ, add_marks, add_pupil, an_office, at, calendar_of
from tests.ui.accessibility import nameless_controls

TYPED = (
    ("03/09/2027", "22/10/2027"), ("01/11/2027", "17/12/2027"), ("05/01/2028", "11/02/2028"),
    ("21/02/2028", "31/03/2028"), ("18/04/2028", "26/05/2028"), ("05/06/2028", "21/07/2028"),
)  # fmt: skip


@dataclass
class Turn:
    """The school at the turn of the year, its window, and two pupils of year 6."""

    office: Office
    window: MainWindow
    ned: PupilId
    ivy: PupilId

    @property
    def dialog(self) -> NewYearDialog:
        (dialog,) = self.window.findChildren(NewYearDialog)
        return dialog

    def open(self) -> NewYearDialog:
        self.window.set_up_year()
        return self.dialog

    def flags_of(self, pupil_id: PupilId) -> set[str]:
        roll = load_roll(self.office)
        record = next(record for record in roll.records if record.pupil.id == pupil_id)
        return {flag.rule_id for flag in review_pupil(record, roll.judgement, roll.rulebook)}


@pytest.fixture
def turn(tmp_path: Path, qtbot: QtBot) -> Turn:
    return shown(tmp_path, qtbot)


def shown(tmp_path: Path, qtbot: QtBot, *, now: datetime = JULY, is_known: bool = False) -> Turn:
    office, ned, ivy = at_the_turn(tmp_path, now=now)
    if is_known:
        enter_next_year(office)
    return Turn(office, a_window(office, qtbot), ned, ivy)


def a_window(office: Office, qtbot: QtBot) -> MainWindow:
    notifier = ChangeNotifier()
    context = TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources))
    window = MainWindow(context, office.paths.resources)
    qtbot.addWidget(window)
    window.resize(1366, 688)
    window.show()
    window.tab(0).reload()
    return window


def type_dates(dialog: NewYearDialog) -> None:
    for (first, last, _), (begins, ends) in zip(dialog.calendar.terms, TYPED, strict=True):
        QTest.keyClicks(first, begins)
        QTest.keyClicks(last, ends)
    for day in ("01/09/2027", "02/09/2027", "04/01/2028"):
        QTest.keyClicks(dialog.calendar.inset.add(), day)


def name_classes(dialog: NewYearDialog) -> None:
    edits = [row.class_name for row in dialog.classes.rows] + [row.class_name for row in dialog.classes.exceptions]
    for edit in edits:
        if edit.isEnabled() and not edit.text():
            QTest.keyClicks(edit, "Ash")


def go_to(dialog: NewYearDialog, step: int) -> None:
    if not dialog.calendar.terms[0][0].text():
        type_dates(dialog)
    while dialog.step < step:
        if dialog.step == 1:
            name_classes(dialog)
        dialog.next.click()


def said_by(page: SummaryPage) -> str:
    return " ".join(label.text() for label in page.points)


def test_from_the_first_date_to_the_new_year_and_all_the_way_back(turn: Turn) -> None:
    before = rows_of(turn.office)
    dialog = turn.open()
    type_dates(dialog)
    dialog.next.click()

    assert dialog.step == 1
    dialog.next.click()
    assert dialog.step == 1  # the classes have no names yet
    name_classes(dialog)
    dialog.next.click()

    assert [row.pupil.id for row in dialog.leavers.rows] == [turn.ned, turn.ivy]
    QTest.keyClicks(dialog.leavers.rows[0].school, "Larkfield Academy")
    QTest.keyClicks(dialog.leavers.rows[0].confirmed_by, "Mrs Lund")
    assert dialog.leavers.rows[0].kind.chosen is Destination.KNOWN
    dialog.next.click()

    assert isinstance(dialog.pages[dialog.step], CarriedPage)
    dialog.next.click()
    summary = dialog.pages[dialog.step]
    assert isinstance(summary, SummaryPage)
    assert "192 school days for pupils and 3 INSET days" in said_by(summary)
    assert "12 pupils go on into their next class on Wednesday 1 September" in said_by(summary)
    assert "2 pupils leave with Wednesday 21 July" in said_by(summary)
    assert "1 place is confirmed; 1 not" in said_by(summary)
    assert summary.late.isHidden()
    assert rows_of(turn.office) == before
    dialog.next.click()

    assert "2027/28 is set up" in dialog.state.accessibleName()
    assert calendar_of(turn.office).years[-1] == NEXT_YEAR
    assert "england.unknown-destination" not in turn.flags_of(turn.ned)
    assert "england.unknown-destination" in turn.flags_of(turn.ivy)
    dialog.undo.click()
    assert dialog.question is not None
    dialog.question.accept()

    after = rows_of(turn.office)
    del after["flag"], before["flag"]  # Today keeps its flags in step with what was true meanwhile
    assert after == before
    assert dialog.step == 0


def test_dates_that_are_known_already_are_shown_and_left_as_they_are(tmp_path: Path, qtbot: QtBot) -> None:
    turn = shown(tmp_path, qtbot, is_known=True)
    dialog = turn.open()

    assert dialog.calendar.terms[0][0].text() == "03/09/2027"
    assert "in the calendar already" in dialog.calendar.said.accessibleName()
    assert dialog.calendar.year_to_write() is None
    go_to(dialog, 4)
    assert "stay as they are" in said_by(dialog.pages[4])  # type: ignore[arg-type]  # the summary


def test_a_correction_of_known_dates_is_written(tmp_path: Path, qtbot: QtBot) -> None:
    turn = shown(tmp_path, qtbot, is_known=True)
    dialog = turn.open()
    last = dialog.calendar.terms[-1][1]
    last.clear()
    QTest.keyClicks(last, "20/07/2028")

    year = dialog.calendar.year_to_write()

    assert year is not None
    assert year.last_day == date(2028, 7, 20)


def test_the_dates_of_another_year_are_refused_on_the_page(turn: Turn) -> None:
    dialog = turn.open()
    for (first, last, _), (begins, ends) in zip(dialog.calendar.terms, TYPED, strict=True):
        QTest.keyClicks(first, begins.replace("2028", "2029").replace("2027", "2028"))
        QTest.keyClicks(last, ends.replace("2028", "2029").replace("2027", "2028"))

    dialog.next.click()

    assert dialog.step == 0
    assert "the next school year is 2027/28" in dialog.calendar.total.accessibleName()


def test_a_file_of_terms_fills_the_fields_and_one_without_them_says_why(turn: Turn, tmp_path: Path) -> None:
    dialog = turn.open()
    file = tmp_path / "terms.csv"
    rows = ["Term,First day,Last day", *(f"Term,{first},{last}" for first, last in TYPED)]
    file.write_text("\n".join(rows[:4]), "utf-8")
    dialog.read_file(file)
    assert "3 terms, where six half terms are needed" in dialog.calendar.said.accessibleName()
    assert not dialog.calendar.terms[0][0].text()

    file.write_text("\n".join(rows), "utf-8")
    dialog.read_file(file)

    assert dialog.calendar.terms[5][1].text() == "21/07/2028"
    assert "Read from terms.csv" in dialog.calendar.said.accessibleName()


def test_a_nursery_class_waits_for_a_word_and_its_children_are_told_apart(tmp_path: Path, qtbot: QtBot) -> None:
    office, ned, ivy = at_the_turn(tmp_path)
    for name in ("Ana", "Ben"):
        add_pupil(office, forename=name, year_group=YearGroup.N2, class_name="Acorn", born=date(2022, 11, 1))
    turn = Turn(office, a_window(office, qtbot), ned, ivy)
    dialog = turn.open()
    go_to(dialog, 1)
    name_classes(dialog)
    dialog.next.click()
    assert "Nobody has said where 2 pupils will go on" in dialog.classes.problem.accessibleName()

    acorn = dialog.classes.rows[0]
    acorn.onward.choose(Onward.R)
    assert dialog.classes.problem.isHidden()
    dialog.classes.split(acorn)
    ben = next(row for row in dialog.classes.exceptions if row.pupil.name.startswith("Ben"))
    ben.onward.choose(Onward.LEAVES)
    dialog.next.click()

    assert ben.pupil.id in {row.pupil.id for row in dialog.leavers.rows}
    assert len(dialog.leavers.rows) == 3


def test_one_pupil_kept_down_is_listed_by_hand_and_taken_out_again(turn: Turn) -> None:
    dialog = turn.open()
    go_to(dialog, 1)
    dialog.classes.finder.choose(TOMASZ)
    dialog.classes.add_pupil.click()
    (row,) = dialog.classes.exceptions
    row.onward.choose(Onward.Y2)
    row.class_name.setText("Beech")
    move = next(move for move in dialog.classes.moves() if move.pupil_id == TOMASZ)
    assert (move.onward, move.class_name) == (Onward.Y2, "Beech")

    row.widgets[-1].click()  # type: ignore[attr-defined]  # the link that takes it out

    assert next(move for move in dialog.classes.moves() if move.pupil_id == TOMASZ).onward is Onward.Y3


def test_one_school_fills_every_leaver_ticked(turn: Turn) -> None:
    dialog = turn.open()
    go_to(dialog, 2)
    page = dialog.leavers
    page.fill_button.click()
    assert page.school.error == "Type the school first."
    page.rows[1].tick.setChecked(False)
    QTest.keyClicks(page.school.control, "Larkfield Academy")
    page.fill_button.click()

    assert [row.school.text() for row in page.rows] == ["Larkfield Academy", ""]
    assert not page.leavers()[0].is_confirmed
    assert "2 without a confirmed place" in page.total.accessibleName()


def test_a_confirmed_place_without_a_school_holds_the_page(turn: Turn) -> None:
    dialog = turn.open()
    go_to(dialog, 2)
    QTest.keyClicks(dialog.leavers.rows[0].confirmed_by, "Mrs Lund")

    dialog.next.click()

    assert dialog.step == 2
    assert "the school is not named" in dialog.leavers.total.accessibleName()


def test_enter_goes_down_the_leavers_and_then_on(turn: Turn) -> None:
    dialog = turn.open()
    go_to(dialog, 2)
    first, second = (row.school for row in dialog.leavers.rows)
    first.setFocus()

    QTest.keyClick(first, Qt.Key.Key_Return)
    assert dialog.focusWidget() is second
    QTest.keyClick(second, Qt.Key.Key_Return)

    assert dialog.step == 3


def test_what_was_typed_of_leavers_outlasts_a_way_back_to_the_classes(turn: Turn) -> None:
    dialog = turn.open()
    go_to(dialog, 2)
    QTest.keyClicks(dialog.leavers.rows[1].school, "Elsewhere School")
    dialog.back.click()

    dialog.next.click()

    assert dialog.leavers.rows[1].school.text() == "Elsewhere School"


def test_half_typed_it_outlasts_a_lock(turn: Turn) -> None:
    dialog = turn.open()
    QTest.keyClicks(dialog.calendar.terms[0][0], "03/09/2027")

    turn.window.hide_everything()
    assert not dialog.isVisible()
    turn.window.show()
    turn.window.resume()

    assert turn.dialog is dialog
    assert dialog.isVisible()
    assert dialog.calendar.terms[0][0].text() == "03/09/2027"


def test_closing_asks_before_it_drops_what_was_typed(turn: Turn) -> None:
    dialog = turn.open()
    QTest.keyClicks(dialog.calendar.terms[0][0], "03/09/2027")

    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.question is not None
    dialog.question.reject()
    dialog.close_button.click()
    assert dialog.question is not None
    dialog.question.accept()

    assert not dialog.isVisible()


def test_nothing_typed_is_closed_without_a_question(turn: Turn) -> None:
    dialog = turn.open()

    QTest.keyClick(dialog, Qt.Key.Key_Escape)

    assert not dialog.isVisible()


def test_with_names_hidden_it_does_not_open(turn: Turn) -> None:
    turn.window.toggle_names()

    turn.window.set_up_year()

    assert not turn.window.findChildren(NewYearDialog)


def test_too_early_it_says_from_when(tmp_path: Path, qtbot: QtBot) -> None:
    turn = shown(tmp_path, qtbot, now=datetime(2027, 5, 31, 8, tzinfo=UTC))

    dialog = turn.open()

    assert "from 1 June 2027" in dialog.state.accessibleName()
    assert dialog.next.isHidden()


def test_late_it_says_what_that_means(tmp_path: Path, qtbot: QtBot) -> None:
    turn = shown(tmp_path, qtbot, now=datetime(2027, 9, 8, 8, tzinfo=UTC), is_known=True)
    dialog = turn.open()
    go_to(dialog, 4)
    summary = dialog.pages[4]
    assert isinstance(summary, SummaryPage)

    assert not summary.late.isHidden()
    assert "began on Wednesday 1 September" in summary.late.accessibleName()
    dialog.next.click()
    with turn.office.database.reading() as db:
        assert load_pupil(db, LUCJA).class_name == "Elm"


def test_what_stands_in_the_way_of_undoing_is_said_in_the_window(tmp_path: Path, qtbot: QtBot) -> None:
    office, ned, ivy = at_the_turn(tmp_path, now=datetime(2027, 9, 3, 7, tzinfo=UTC))
    begin_new_year(office, usual_plan(office))
    later = at(office, datetime(2027, 9, 3, 10, tzinfo=UTC))
    with later.database.transaction() as db:
        load_pupil(db, ned)
    turn = Turn(later, a_window(later, qtbot), ned, ivy)
    _change_class(later, LUCJA)
    dialog = turn.open()
    dialog.undo.click()
    assert dialog.question is not None
    dialog.question.accept()

    assert "can’t be undone any more" in dialog.problem.accessibleName()
    assert "1 pupil changed class" in dialog.problem.accessibleName()


def _change_class(office: Office, pupil_id: PupilId) -> None:
    from sqlalchemy import text

    with office.database.transaction() as db:
        db.execute(text("UPDATE pupil SET class_name = 'Rowan' WHERE id = :id"), {"id": pupil_id})


def test_today_says_that_the_calendar_ends_until_the_year_is_set_up(turn: Turn) -> None:
    tab = turn.window.tab(0)
    assert isinstance(tab, TodayTab)
    banner = tab.year_banner
    assert banner is not None
    assert banner.isVisible()
    assert "The calendar ends on Wed 21 Jul: set up the next school year" in banner.accessibleName()

    banner.button.click()
    go_to(turn.dialog, 4)
    turn.dialog.next.click()

    assert not banner.isVisible()


def test_in_november_today_says_nothing_of_it(tmp_path: Path, qtbot: QtBot) -> None:
    tab = a_window(an_office(tmp_path), qtbot).tab(0)

    assert isinstance(tab, TodayTab)
    assert tab.year_banner is None


def test_what_goes_on_is_listed_with_its_count(turn: Turn) -> None:
    add_marks(turn.office, LUCJA, "N", date(2027, 7, 9))
    dialog = turn.open()
    go_to(dialog, 3)
    page = dialog.pages[3]
    assert isinstance(page, CarriedPage)

    assert {line.words for line in page.model.rows} >= {"Fri 9 Jul, morning", "Fri 9 Jul, afternoon"}
    assert page.total.text().endswith("go on into the new year")


def test_every_control_of_every_step_has_a_name(turn: Turn) -> None:
    dialog = turn.open()
    go_to(dialog, 1)
    dialog.classes.split(dialog.classes.rows[0])

    found = []
    for step in range(1, 5):
        go_to(dialog, step)
        found += nameless_controls(dialog)

    assert found == []


def test_leavers_leave_on_the_last_school_day(turn: Turn) -> None:
    dialog = turn.open()
    go_to(dialog, 4)
    dialog.next.click()

    with turn.office.database.reading() as db:
        assert load_pupil(db, turn.ivy).left_on == LAST_DAY
