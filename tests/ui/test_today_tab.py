from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from sqlalchemy import update

from cme_desktop.casework.call_card import counted_words
from cme_desktop.casework.review import agree_with_flags
from cme_desktop.casework.review_list import undecided
from cme_desktop.casework.today.rows import RowKind
from cme_desktop.casework.today.state import load_today_state
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.events import AttemptOutcome, EventKind
from cme_desktop.policy.rule import Act
from cme_desktop.storage.events import list_events
from cme_desktop.storage.flags import FlagState, list_flags, list_reviews
from cme_desktop.storage.tables import PupilRow
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.printing import new_printer, put_on_paper
from cme_desktop.ui.style.theme import LookChoice, Theme
from cme_desktop.ui.tab import TabContext
from cme_desktop.ui.today.checklist_model import ChecklistModel
from cme_desktop.ui.today.rules_banner import RulesBanner
from cme_desktop.ui.today.rungs import CurrentRung, ForbiddenRung, WaitingRung
from cme_desktop.ui.today.tab import TodayTab
from cme_desktop.ui.today.why_not_view import WhyNotDialog, open_why_not
from tests.office import (
    AISHA,
    CALLUM,
    FIRST_DAY,
    HEAD,
    IMANI,
    LUCJA,
    TODAY,
    TOMASZ,
    YESTERDAY,
    add_marks,
    add_pupil,
    an_office,
    seen_by,
)
from tests.ui.accessibility import nameless_controls

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from cme_desktop.casework.office import Office
    from cme_desktop.casework.self_test import SelfTest
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.storage.events import WrittenEvent


@pytest.fixture
def morning(office: Office) -> Office:
    for pupil in (LUCJA, TOMASZ, IMANI, AISHA):
        add_marks(office, pupil, "N", TODAY, half=Half.AM)
    return office


@pytest.fixture
def tab(qtbot: QtBot, morning: Office) -> TodayTab:
    return _open(qtbot, morning)


def _open(qtbot: QtBot, office: Office, *, size: tuple[int, int] = (1366, 640)) -> TodayTab:
    theme = Theme(office.paths.resources)
    theme.choose(LookChoice.LIGHT)
    notifier = ChangeNotifier()
    opened = TodayTab(TabContext(ImmediateBackground(office, notifier), notifier, theme))
    qtbot.addWidget(opened)
    opened.resize(*size)
    with qtbot.waitExposed(opened):
        opened.show()
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    opened.take_focus()
    return opened


def _press(tab: TodayTab, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(tab.focusWidget() or tab.list.list, key)


def _go_to(tab: TodayTab, pupil: PupilId) -> None:
    tab.show_pupil(pupil)
    assert tab.card.card is not None
    assert pupil in tab.card.card.pupils


def _events(office: Office, pupil: PupilId) -> list[WrittenEvent]:
    with office.database.reading() as db:
        return [one for one in list_events(db, pupil_id=pupil) if one.retracted_at is None]


def test_the_list_opens_on_the_worst_row_with_its_card(tab: TodayTab) -> None:
    assert tab.list.current is not None
    assert tab.list.current.pupils == (IMANI,)
    assert tab.card.card is not None
    assert tab.card.card.name == "Imani Okafor"
    assert tab.list.list.hasFocus()


def test_one_key_saves_an_outcome_for_the_card_shown(tab: TodayTab, morning: Office) -> None:
    _go_to(tab, AISHA)

    _press(tab, Qt.Key.Key_N)

    (written,) = _events(morning, AISHA)
    assert written.event.outcome is AttemptOutcome.NO_ANSWER
    assert tab.card.toast.words.startswith("No answer saved for Aisha Rahman")
    assert tab.list.current is not None
    assert tab.list.current.dots == (True, False)


def test_after_no_answer_the_next_contact_is_current(tab: TodayTab) -> None:
    _go_to(tab, AISHA)

    _press(tab, Qt.Key.Key_V)

    current = tab.card.findChild(CurrentRung)
    assert current is not None
    assert current.accessibleName().startswith("Grandmother")


def test_one_call_is_saved_for_both_children(tab: TodayTab, morning: Office) -> None:
    _go_to(tab, LUCJA)

    _press(tab, Qt.Key.Key_N)

    assert [len(_events(morning, pupil)) for pupil in (LUCJA, TOMASZ)] == [1, 1]


def test_an_answer_asks_for_its_reason_and_enter_saves_it(tab: TodayTab, morning: Office) -> None:
    _go_to(tab, AISHA)

    _press(tab, Qt.Key.Key_A)
    back_on = tab.card.form.day
    assert back_on is not None
    _press(tab, Qt.Key.Key_I)
    back_on.setText("12/11")
    _press(tab, Qt.Key.Key_Return)

    (written,) = _events(morning, AISHA)
    assert (written.event.reason, written.event.expected_back) == ("illness", date(2026, 11, 12))
    assert not tab.card.has_form
    row = next(row for row in tab.list.model.rows if AISHA in row.pupils)
    assert row.done


def test_escape_leaves_the_form_and_saves_nothing(tab: TodayTab, morning: Office) -> None:
    _go_to(tab, AISHA)

    _press(tab, Qt.Key.Key_A, Qt.Key.Key_Escape)

    assert not tab.card.has_form
    assert not _events(morning, AISHA)


def test_no_outcome_key_is_live_while_a_form_is_open(tab: TodayTab, morning: Office) -> None:
    _go_to(tab, AISHA)

    _press(tab, Qt.Key.Key_A, Qt.Key.Key_N, Qt.Key.Key_U)

    assert not _events(morning, AISHA)


def test_no_outcome_key_is_live_in_the_strip(tab: TodayTab, morning: Office) -> None:
    _press(tab, Qt.Key.Key_F2)
    assert tab.strip.buttons[0].hasFocus()

    _press(tab, Qt.Key.Key_N)

    assert not _events(morning, IMANI)


def test_a_parent_unaware_acts_at_once_and_turns_the_row(tab: TodayTab, morning: Office) -> None:
    _go_to(tab, AISHA)

    _press(tab, Qt.Key.Key_U)

    assert _events(morning, AISHA)[0].event.outcome is AttemptOutcome.UNAWARE
    assert tab.list.current is not None
    assert tab.list.current.why == "Whereabouts unknown: act at once"


def test_undo_strikes_the_outcome_out(tab: TodayTab, morning: Office) -> None:
    _go_to(tab, AISHA)
    _press(tab, Qt.Key.Key_N)

    QTest.keyClick(tab.list.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert not _events(morning, AISHA)
    assert tab.card.toast.words.startswith("Undone")


def test_enter_goes_on_to_the_next_row_and_skips_what_is_done(tab: TodayTab) -> None:
    seen = []
    for _ in range(3):
        assert tab.list.current is not None
        seen.append(tab.list.current.pupils)
        _press(tab, Qt.Key.Key_Return)

    assert len(set(seen)) == 3


def test_space_writes_the_class_check(tab: TodayTab, morning: Office) -> None:
    _press(tab, Qt.Key.Key_Space)

    assert [one.event.kind for one in _events(morning, IMANI)] == [EventKind.SITE_CHECK]


def test_t_asks_first_and_writes_the_text_only_once_it_was_sent(tab: TodayTab, morning: Office) -> None:
    _press(tab, Qt.Key.Key_T)
    dialog = tab.text_dialog
    assert dialog is not None
    assert not _events(morning, AISHA)
    dialog.copy_numbers.click()
    assert QGuiApplication.clipboard().text().split() == "".join(f"{n} " for n in dialog.batch.numbers).split()

    dialog.accept_button.click()

    assert all(
        _events(morning, pupil)[0].event.outcome is AttemptOutcome.SENT for pupil in (LUCJA, TOMASZ, IMANI, AISHA)
    )


def test_a_text_thought_better_of_writes_nothing(tab: TodayTab, morning: Office) -> None:
    _press(tab, Qt.Key.Key_T)
    dialog = tab.text_dialog
    assert dialog is not None

    dialog.reject_button.click()

    assert not dialog.isVisible()
    assert not any(_events(morning, pupil) for pupil in (LUCJA, TOMASZ, IMANI, AISHA))


def test_after_a_wrong_person_the_dead_number_is_not_current_again(tab: TodayTab) -> None:
    _go_to(tab, AISHA)

    _press(tab, Qt.Key.Key_D, Qt.Key.Key_W)

    current = tab.card.findChild(CurrentRung)
    assert current is not None
    assert current.accessibleName().startswith("Grandmother")


def test_a_school_without_pupils_is_not_told_that_everyone_is_accounted_for(qtbot: QtBot, tmp_path: Path) -> None:
    office = an_office(tmp_path)
    with office.database.transaction() as db:
        db.execute(update(PupilRow).values(left_on=FIRST_DAY - timedelta(days=1)))

    tab = _open(qtbot, office)

    assert tab.empty.accessibleName().startswith("No pupils yet")
    with qtbot.waitSignal(tab.wants_import):
        tab.empty.button.click()


def test_while_every_register_is_missing_no_call_counts_as_made(qtbot: QtBot, tmp_path: Path) -> None:
    office = an_office(tmp_path, now=datetime(2026, 11, 11, 9, 40, tzinfo=UTC))

    tab = _open(qtbot, office)

    spoken = [button.accessibleName() for button in tab.strip.buttons]
    assert "2 missing: Beech, Oak" in spoken[0]
    assert "none known yet" in spoken[1]
    assert "all rung" not in " ".join(spoken)


def test_a_row_of_unmarked_pupils_names_them_beside_the_list_only(tab: TodayTab, morning: Office) -> None:
    newcomer = add_pupil(morning, starting_day=TODAY, surname="Marsden", forename="Robin")
    tab.reload()
    row = next(row for row in tab.list.model.rows if row.kind is RowKind.REGISTER)
    assert row.pupils == (newcomer,)
    assert "Marsden" not in f"{row.name} {row.why} {row.beside}"

    tab.list.choose(row.key)

    assert "Robin Marsden" in tab.empty.accessibleName()


def test_the_lead_is_told_in_two_keys_and_enter(tab: TodayTab, morning: Office) -> None:
    _press(tab, Qt.Key.Key_L, Qt.Key.Key_L, Qt.Key.Key_Return)

    assert _events(morning, IMANI)[0].event.about == "lead-told"


def test_a_forbidden_number_is_nowhere_on_the_card(tab: TodayTab) -> None:
    _go_to(tab, AISHA)

    forbidden = tab.card.findChild(ForbiddenRung)
    assert forbidden is not None
    assert "Do not contact: father" in forbidden.accessibleName()
    spoken = [rung.accessibleName() for rung in tab.card.findChildren(WaitingRung)]
    assert not any("900203" in words for words in spoken)


def test_why_opens_beside_the_flag_and_escape_gives_the_focus_back(tab: TodayTab) -> None:
    _press(tab, Qt.Key.Key_F7)
    assert tab.explain.isVisible()
    assert "england." in tab.explain.findChildren(type(tab.explain._rule))[1].text()

    QTest.keyClick(tab.explain, Qt.Key.Key_O)
    assert tab.explain.clause.isVisible()
    QTest.keyClick(tab.explain, Qt.Key.Key_Escape)

    assert not tab.explain.isVisible()
    assert tab.list.list.hasFocus()


def test_a_tile_filters_the_list_and_escape_shows_all_again(tab: TodayTab) -> None:
    before = len(tab.list.model.rows)

    tab.strip.buttons[3].click()
    filtered = len(tab.list.model.rows)
    tab.take_focus()
    _press(tab, Qt.Key.Key_Escape)

    assert 0 < filtered < before
    assert len(tab.list.model.rows) == before


def test_left_closes_a_heading_and_right_opens_it(tab: TodayTab) -> None:
    before = len(tab.list.model.rows)

    _press(tab, Qt.Key.Key_Left)
    closed = len(tab.list.model.rows)
    _press(tab, Qt.Key.Key_Right)

    assert closed < before
    assert len(tab.list.model.rows) == before


def test_names_hidden_shows_no_name_and_takes_no_outcome(tab: TodayTab, morning: Office) -> None:
    tab.hide_names(hidden=True)

    _press(tab, Qt.Key.Key_N)

    model = tab.list.model
    spoken = [str(model.index(n).data(Qt.ItemDataRole.AccessibleTextRole)) for n in range(model.rowCount())]
    shown = [str(model.index(n).data()) for n in range(model.rowCount())]
    assert not any("Okafor" in words or "Wiśniewsk" in words for words in (*spoken, *shown))
    assert not tab.card.isVisible()
    assert not _events(morning, IMANI)


def test_a_row_is_spoken_with_its_urgency_and_who_was_tried(tab: TodayTab) -> None:
    index = tab.list.list.currentIndex()

    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Imani Okafor, Oak, act now, No reason given: use the faster ladder, late, 9:30, no of 2 tried"
    )


def test_no_control_is_nameless(tab: TodayTab) -> None:
    _go_to(tab, AISHA)
    _press(tab, Qt.Key.Key_A)

    assert nameless_controls(tab) == []


def test_an_outside_change_is_taken_in_without_moving_the_list(tab: TodayTab, morning: Office) -> None:
    before = [row.key for row in tab.list.model.rows]
    add_marks(morning, CALLUM, "N", TODAY, half=Half.AM)

    tab.context.notifier.changed.emit(Changes.to(Area.MARKS, pupil=CALLUM))

    after = [row.key for row in tab.list.model.rows]
    assert after[: len(before)] == before
    assert f"pupils:{CALLUM}" in after


def test_an_empty_morning_is_good_news(qtbot: QtBot, office: Office) -> None:
    tab = _open(qtbot, office)

    assert tab.empty.isVisible()
    assert tab.list.current is None


def test_one_pane_at_a_time_where_it_is_narrow(qtbot: QtBot, morning: Office) -> None:
    tab = _open(qtbot, morning, size=(900, 560))
    assert tab.list.isVisible()
    assert not tab.card.isVisible()

    _press(tab, Qt.Key.Key_Return)
    assert tab.card.isVisible()
    _press(tab, Qt.Key.Key_Escape)

    assert tab.list.isVisible()


def test_nothing_asks_for_more_width_than_a_small_window_has(qtbot: QtBot, morning: Office) -> None:
    tab = _open(qtbot, morning)

    assert tab.minimumSizeHint().width() <= 1290


def test_the_model_keeps_its_promises(tab: TodayTab, qtmodeltester: object) -> None:
    model = ChecklistModel()
    model.set_sections(tab.list.model._sections)

    qtmodeltester.check(model, force_py=True)  # type: ignore[attr-defined]


def test_the_head_agrees_in_one_key(qtbot: QtBot, morning: Office) -> None:
    tab = _open(qtbot, seen_by(morning, HEAD))
    assert tab.review.isVisible()

    _press(tab, Qt.Key.Key_G)

    with morning.database.reading() as db:
        reviews = list_reviews(db, pupil_id=IMANI)
    assert [review.verdict.value for review in reviews][:1] == ["agree"]


def test_the_head_dismisses_only_with_a_reason(qtbot: QtBot, morning: Office) -> None:
    tab = _open(qtbot, seen_by(morning, HEAD))

    _press(tab, Qt.Key.Key_X, Qt.Key.Key_Return)
    with morning.database.reading() as db:
        assert not list_reviews(db, pupil_id=IMANI)
    QTest.keyClicks(tab.review.reason, "Told by phone")
    _press(tab, Qt.Key.Key_Return)

    with morning.database.reading() as db:
        assert list_reviews(db, pupil_id=IMANI)[0].reason == "Told by phone"
        assert FlagState.DISMISSED in {stored.state for stored in list_flags(db, pupil_id=IMANI)}


def test_a_return_that_the_law_asks_for_can_not_be_dismissed(qtbot: QtBot, office: Office) -> None:
    add_marks(office, LUCJA, "O", date(2026, 10, 12), YESTERDAY)
    add_marks(office, LUCJA, "O", TODAY, half=Half.AM)
    head = seen_by(office, HEAD)
    while (waiting := undecided(load_today_state(head), LUCJA))[0].duty.act is not Act.SEND_RETURN:
        agree_with_flags(head, flags=waiting)
    tab = _open(qtbot, head)
    dismiss = tab.review.choices["X"]

    _press(tab, Qt.Key.Key_X, Qt.Key.Key_Return)

    assert dismiss.text() == "Not to be dismissed"
    assert not dismiss.isEnabled()
    assert not tab.review.save.isVisible()
    assert tab.review.choices["G"].isEnabled()


def test_the_office_may_read_the_review_but_not_decide(tab: TodayTab, morning: Office) -> None:
    _press(tab, Qt.Key.Key_F6)
    assert tab.review.isVisible()

    _press(tab, Qt.Key.Key_G)

    with morning.database.reading() as db:
        assert not list_reviews(db, pupil_id=IMANI)


def test_text_made_twice_as_large_while_at_work_is_large_in_every_word_of_the_list(
    qtbot: QtBot, morning: Office
) -> None:
    tab = _open(qtbot, morning)

    tab.context.theme.set_text_scale(2.0)

    heights = {label.text(): label.fontInfo().pixelSize() for label in tab.list.findChildren(QLabel) if label.text()}
    assert heights["To do"] == 30
    assert min(heights.values()) >= 26
    buttons = [button for button in tab.list.findChildren(QPushButton) if not button.isHidden()]
    assert {button.fontInfo().pixelSize() for button in buttons} == {26}


def test_the_reason_and_the_first_explanation_are_of_the_same_flag(tab: TodayTab) -> None:
    for row in tab.list.model.rows:
        tab.show_pupil(row.pupils[0])
        card = tab.card.card
        assert card is not None

        _press(tab, Qt.Key.Key_F7)

        first = card.flags[0]
        assert tab.explain.accessibleName().endswith(first.finding.sentence)
        assert card.reason_detail.startswith(counted_words(first, today=TODAY))
        _press(tab, Qt.Key.Key_Escape)


def test_an_explanation_is_printed_whole_and_the_job_names_nobody(tab: TodayTab, tmp_path: Path) -> None:
    _go_to(tab, IMANI)
    _press(tab, Qt.Key.Key_F7)
    printer = new_printer()
    printer.setOutputFileName(str(tmp_path / "why.pdf"))

    put_on_paper(tab.explain.words, printer)

    pages = PdfReader(tmp_path / "why.pdf").pages
    printed = " ".join(normalize("NFKC", "\n".join(page.extract_text() for page in pages)).split())
    assert tab.card.card is not None
    for flag in tab.card.card.flags:
        assert flag.finding.sentence in printed
        assert all(str(one) in printed for one in flag.references[:1])
    assert printer.docName() == "CME Desktop"


MEETING = "school:aspire-academy.leadership-meeting"


def test_a_duty_of_the_school_is_done_in_one_press_and_taken_back_in_one_key(qtbot: QtBot, morning: Office) -> None:
    tab = _open(qtbot, seen_by(morning, HEAD))
    tab.turn_list()
    assert tab.list.choose(MEETING)
    assert "never recorded as done" in tab.empty.accessibleName()

    tab.empty.button.click()
    assert tab.list.current is not None
    assert tab.list.current.done

    _press(tab, Qt.Key.Key_F5)
    assert not tab.list.choose(MEETING)
    tab.undo()
    _press(tab, Qt.Key.Key_F5)
    assert tab.list.choose(MEETING)


def test_the_office_is_not_shown_what_the_head_has_to_do_for_the_school(tab: TodayTab) -> None:
    assert not tab.list.choose(MEETING)


# -- false quiet -----------------------------------------------------------------------------------------------


def _office_with_loose_numbers(office: Office, folder: Path) -> Office:
    """Give the office a program whose number for the attendance return was loosened on the disk."""
    resources = folder / "program"
    shutil.copytree(office.paths.resources, resources)
    numbers = resources / "parameters.toml"
    begins = numbers.read_text("utf-8").index('[parameter."england.attendance-return.sessions"]')
    text = numbers.read_text("utf-8")
    numbers.write_text(text[:begins] + text[begins:].replace("value = 20", "value = 24", 1), "utf-8")
    return replace(office, paths=replace(office.paths, resources=resources))


def test_the_rules_are_tested_after_the_list_is_painted_and_say_so(qtbot: QtBot, morning: Office) -> None:
    heard: list[SelfTest] = []
    tab = _open(qtbot, morning)
    tab.rules_tested.connect(heard.append)
    assert tab.list.model.rows
    assert not heard

    qtbot.waitUntil(lambda: bool(heard))

    assert heard[0].words == "Rules self-test passed 9:40"
    assert tab.findChild(RulesBanner) is None


def test_a_rule_that_does_not_answer_puts_a_banner_above_the_list(
    qtbot: QtBot, morning: Office, tmp_path: Path
) -> None:
    tab = _open(qtbot, _office_with_loose_numbers(morning, tmp_path))

    qtbot.waitUntil(lambda: tab.findChild(RulesBanner) is not None)

    banner = tab.findChild(RulesBanner)
    assert banner is not None
    assert banner.isVisible()
    assert banner.geometry().bottom() <= tab.strip.geometry().top()
    assert banner.accessibleName().startswith("The list can't be trusted: 1 rule did not answer")
    dialog = banner.dialog()
    assert dialog is not None
    qtbot.addWidget(dialog)
    assert "Attendance return due (england.attendance-return)" in dialog.accessibleDescription()


def test_the_banner_goes_once_the_rules_answer_again(qtbot: QtBot, morning: Office, tmp_path: Path) -> None:
    broken = _office_with_loose_numbers(morning, tmp_path)
    tab = _open(qtbot, broken)
    qtbot.waitUntil(lambda: tab.findChild(RulesBanner) is not None)
    shutil.copy(morning.paths.resources / "parameters.toml", broken.paths.resources)

    _press(tab, Qt.Key.Key_F5)

    banner = tab.findChild(RulesBanner)
    assert banner is not None
    qtbot.waitUntil(lambda: not banner.isVisible())


def test_a_new_day_is_tested_anew(qtbot: QtBot, morning: Office) -> None:
    now = [morning.now()]
    tab = _open(qtbot, replace(morning, now=lambda: now[0]))
    with qtbot.waitSignal(tab.rules_tested):
        pass
    now[0] += timedelta(days=1)

    with qtbot.waitSignal(tab.rules_tested) as heard:
        tab._look_again()

    assert heard.args is not None
    assert heard.args[0].on == TODAY + timedelta(days=1)


# -- why not, and what comes next ------------------------------------------------------------------------------


def test_shift_f7_answers_for_every_rule_and_escape_goes_back(tab: TodayTab) -> None:
    _go_to(tab, AISHA)

    QTest.keyClick(tab.list.list, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)

    dialog = tab.window().findChild(WhyNotDialog)
    assert dialog is not None
    assert dialog.isVisible()
    assert not tab.explain.isVisible()
    assert dialog.screen_shown.name == "Aisha Rahman"
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    assert {row.words for row in dialog.screen_shown.rows} <= shown
    assert nameless_controls(dialog) == []
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_no_rule_answers_while_names_are_hidden(tab: TodayTab) -> None:
    tab.hide_names(hidden=True)

    QTest.keyClick(tab.list.list, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)

    assert tab.window().findChild(WhyNotDialog) is None


def test_a_pupil_without_a_row_is_answered_for_by_the_same_window(tab: TodayTab, morning: Office) -> None:
    open_why_not(tab.context, CALLUM, tab)

    dialog = tab.window().findChild(WhyNotDialog)
    assert dialog is not None
    assert dialog.screen_shown.title == "Each rule's answer for Callum Birtles"
    dialog.reject()


def test_why_says_what_comes_next_and_the_arrows_reach_it(tab: TodayTab) -> None:
    _go_to(tab, AISHA)

    _press(tab, Qt.Key.Key_F7)

    shown = [label.text() for label in tab.explain.findChildren(QLabel)]
    assert "What comes next" in shown
    assert any(words.startswith("Wed 11 Nov: ring every contact again") for words in shown)
    bar = tab.explain._scroll.verticalScrollBar()
    assert bar.maximum() > 0
    for _ in range(12):
        QTest.keyClick(tab.explain, Qt.Key.Key_Down)
    assert bar.value() == bar.maximum()
