"""The screen of the school's own policy, over real records: edited by hand and keys, checked, compared, adopted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.casework.office import Office
from cme_desktop.casework.own_policy import adopt_own_policy, check_draft, open_own_policy, start_blank
from cme_desktop.casework.policy_files import state_of
from cme_desktop.casework.policy_offers import PolicyOffer
from cme_desktop.casework.roll import load_school_rulebook
from cme_desktop.policy.policy_changes import Part, put_part
from cme_desktop.policy.school_policy import DueKind, SchoolPolicy
from cme_desktop.ui.background import Background, ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.first_run.school_pages import PolicyPage
from cme_desktop.ui.policies.adopt_dialogs import AdoptDialog, AuthorityDialog, StartDialog
from cme_desktop.ui.policies.policy_dialog import PolicyDialog
from cme_desktop.ui.policies.simulate_dialog import SimulateDialog
from cme_desktop.ui.policies.tables import CompareDialog, FaultsDialog, VersionsDialog
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from cme_desktop.ui.widgets.dialog import AskDialog
from tests.office import HEAD, MANAGER, TODAY, an_office, seen_by
from tests.ui.accessibility import nameless_controls


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The made-up school's records with the head at the desk, who may adopt."""
    opened = an_office(tmp_path, user=HEAD)
    yield opened
    opened.database.close()


@pytest.fixture
def theme(office: Office, qapp: object) -> Theme:
    return Theme(office.paths.resources)


def a_dialog(office: Office, theme: Theme, qtbot: QtBot, *, behind: QWidget | None = None) -> PolicyDialog:
    notifier = ChangeNotifier()
    shown = PolicyDialog(TabContext(ImmediateBackground(office, notifier), notifier, theme), behind)
    if behind is None:
        qtbot.addWidget(shown)  # otherwise it goes with the window behind
    shown.show()
    return shown


@pytest.fixture
def dialog(office: Office, theme: Theme, qtbot: QtBot) -> PolicyDialog:
    return a_dialog(office, theme, qtbot)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Office]:
    opened = an_office(tmp_path / "bare", policies=False, user=HEAD)
    yield opened
    opened.database.close()


def draft_of(dialog: PolicyDialog) -> SchoolPolicy:
    assert dialog.draft is not None
    return dialog.draft


def go_to(dialog: PolicyDialog, title: str) -> None:
    """Walk to a part of the list as the arrow keys do."""
    rows = [row for row in range(dialog.list.count()) if dialog.list.item(row).text() == title]
    dialog.list.setCurrentRow(rows[0])


def type_into(dialog: PolicyDialog, name: str, words: str, qtbot: QtBot) -> None:
    assert dialog.form is not None
    control = dialog.form.fields[name].control
    control.selectAll()
    qtbot.keyClicks(control, words)


def adopt(dialog: PolicyDialog, why: str, from_day: date = TODAY) -> AdoptDialog:
    dialog.check_now()
    dialog.bar.adopt.click()
    question = dialog.asker.dialog
    assert isinstance(question, AdoptDialog)
    question.day.control.setDate(QDate(from_day.year, from_day.month, from_day.day))
    question.why.control.setPlainText(why)
    question.accept_button.click()
    return question


def export(dialog: PolicyDialog, file: Path) -> None:
    assert dialog.desk is not None
    dialog.files.export(draft_of(dialog), state_of(dialog.desk, draft_of(dialog)), file)


def test_a_step_s_day_is_changed_adopted_and_kept_as_the_next_version(
    dialog: PolicyDialog, office: Office, qtbot: QtBot
) -> None:
    assert dialog.bar.state.text() == "Version 1, in force since 1 September 2026."
    go_to(dialog, "Visit the home on day 2")

    assert dialog.form is not None
    dialog.form.fields["n"].control.setValue(4)
    assert "changed and not adopted" in dialog_state(dialog)
    with qtbot.waitSignal(dialog.adopted):
        adopt(dialog, "Governors, 9 November")

    assert dialog.bar.state.text() == "Version 2, in force since 10 November 2026."
    kept = open_own_policy(office)
    assert kept.policy is not None
    assert next(step for step in kept.policy.steps if step.id.endswith("day-2-visit")).numbers["n"] == 4
    assert [(line.version, line.by, line.why) for line in kept.versions][1:] == [
        (2, HEAD.name, "Governors, 9 November"),
    ]  # fmt: skip
    assert not dialog.is_changed


def dialog_state(dialog: PolicyDialog) -> str:
    dialog.check_now()
    return dialog.bar.state.text()


def test_the_office_drafts_but_does_not_adopt_and_is_told_before_it_types(
    office: Office, theme: Theme, qtbot: QtBot
) -> None:
    dialog = a_dialog(seen_by(office, MANAGER), theme, qtbot)
    assert "Only the head, the safeguarding lead or a senior leader" in dialog.bar.state.text()

    for button in (dialog.bar.adopt, dialog.bar.authority):
        button.click()

        assert dialog.asker.dialog is None
        assert "export it, and load it there" in dialog.bar.banner.accessibleName()


def test_a_clause_is_renumbered_by_typing(dialog: PolicyDialog, qtbot: QtBot) -> None:
    go_to(dialog, "No contact, step 2")

    type_into(dialog, "title", "4.2", qtbot)

    assert draft_of(dialog).clause("ladder-2").title == "4.2"
    dialog.check_now()
    assert dialog.list.currentItem().text() == "4.2"


def test_a_number_looser_than_the_law_is_said_beside_its_field(dialog: PolicyDialog) -> None:
    dialog.add(Part.NUMBER)
    assert dialog.form is not None
    dialog.form.fields["parameter"].control.choose("england.attendance-return.sessions")
    dialog.form.fields["value"].control.setValue(24)

    dialog.check_now()

    assert "never looser" in dialog.form.fields["value"].error
    assert "regulation 13" in dialog.form.fields["value"].error
    assert dialog.bar.to_correct.text() == "1 thing to correct"
    dialog.bar.adopt.click()
    assert dialog.asker.dialog is None
    assert "Correct what stands in red" in dialog.bar.banner.accessibleName()


def test_what_is_looser_than_the_law_is_scrolled_into_sight_with_its_provision(
    dialog: PolicyDialog, qtbot: QtBot
) -> None:
    dialog.resize(1100, 560)
    draft = draft_of(dialog)
    place = next(place for place, step in enumerate(draft.steps) if step.id.endswith(".day-1-contact"))
    late = replace(draft.steps[place], due=DueKind.THIS_WEEK)
    dialog.show_draft(put_part(draft, Part.STEP, place, late))
    dialog.check_now()

    dialog.bar.adopt.click()

    assert dialog.form is not None
    field, view = dialog.form.fields["due"], dialog.fields_area.viewport()
    assert "Working together to improve school attendance" in field.error
    qtbot.waitUntil(lambda: field.mapTo(view, field.rect().bottomLeft()).y() <= view.height())


def test_what_is_empty_is_said_in_its_field_and_the_way_leads_there(dialog: PolicyDialog, qtbot: QtBot) -> None:
    go_to(dialog, "Visit the home on day 2")
    type_into(dialog, "title", " ", qtbot)
    go_to(dialog, "Cover")
    dialog.check_now()

    dialog.bar.to_correct.click()

    assert dialog.list.place is not None
    assert dialog.list.place[0] is Part.STEP
    assert dialog.form is not None
    assert dialog.form.fields["title"].error.startswith("Type a title")
    assert "1 thing to correct" in dialog.list.currentItem().data(Qt.ItemDataRole.AccessibleTextRole)


def test_another_trigger_brings_its_own_numbers_and_words(dialog: PolicyDialog, qtbot: QtBot) -> None:
    go_to(dialog, "Visit the home on day 2")
    assert dialog.form is not None
    dialog.form.fields["trigger"].control.setCurrentIndex(
        dialog.form.fields["trigger"].control.findText("Illness expected to last so many school days")
    )
    qtbot.waitUntil(lambda: dialog.form is not None and "days" in dialog.form.fields)
    dialog.check_now()

    assert "n" not in dialog.form.fields
    assert "no word {day}" in dialog.form.fields["because"].error


def test_a_part_is_added_moved_and_removed_by_keys(dialog: PolicyDialog, qtbot: QtBot) -> None:
    go_to(dialog, "Tell the social worker of the absence")
    qtbot.keyClick(dialog.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [step.title for step in draft_of(dialog).steps[:2]] == [
        "Tell the social worker of the absence", "Text, then ring every contact",
    ]  # fmt: skip

    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)

    assert draft_of(dialog).steps[0].title == "Text, then ring every contact"
    assert not [clause for clause in draft_of(dialog).clauses if "aspire-academy.day-1-social-worker" in clause.rules]

    dialog.add(Part.CLAUSE)
    assert isinstance(dialog.focusWidget(), QLineEdit)
    assert dialog.list.currentItem().text() == "New clause"


def test_enter_in_the_list_goes_to_the_fields(dialog: PolicyDialog, qtbot: QtBot) -> None:
    go_to(dialog, "Visit the home on day 2")
    dialog.list.setFocus()

    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)

    assert dialog.form is not None
    assert dialog.focusWidget() is dialog.form.fields["title"].control


def test_leaving_with_changes_asks_and_leaving_without_does_not(dialog: PolicyDialog, qtbot: QtBot) -> None:
    go_to(dialog, "No contact, step 2")
    type_into(dialog, "title", "4.2", qtbot)

    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    question = dialog.asker.dialog
    assert isinstance(question, AskDialog)
    question.reject()
    assert dialog.isVisible()
    assert draft_of(dialog).clause("ladder-2").title == "4.2"

    dialog.close()
    assert isinstance(dialog.asker.dialog, AskDialog)
    dialog.asker.dialog.accept()
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_a_window_closed_without_changes_goes_at_once(dialog: PolicyDialog) -> None:
    dialog.bar.close_button.click()

    assert not dialog.isVisible()
    assert dialog.asker.dialog is None


def test_the_lock_closes_it_unasked_and_what_was_typed_is_there_afterwards(dialog: PolicyDialog, qtbot: QtBot) -> None:
    go_to(dialog, "No contact, step 2")
    type_into(dialog, "title", "4.2", qtbot)

    dialog.reject()
    assert not dialog.isVisible()
    assert dialog.asker.dialog is None
    dialog.open()

    assert draft_of(dialog).clause("ladder-2").title == "4.2"
    assert dialog.is_changed


def test_the_draft_is_compared_with_the_supplied_policy_and_with_a_version(dialog: PolicyDialog, qtbot: QtBot) -> None:
    go_to(dialog, "No contact, step 2")
    type_into(dialog, "title", "4.2", qtbot)
    dialog.bar.compare.click()

    shown = dialog.asker.dialog
    assert isinstance(shown, CompareDialog)
    ModelTester(shown.model)
    cells = [shown.model.index(0, column).data() for column in range(5)]
    assert cells == ["Clause: No contact, step 2", "Changed", "Number or title", "No contact, step 2", "4.2"]
    assert shown.said.text() == "1 difference."
    shown.other.control.setCurrentIndex(1)
    assert shown.other.control.currentText() == "The Aspire Academy, version 1"
    assert shown.said.text() == "1 difference."
    assert nameless_controls(shown) == []


def test_an_earlier_version_is_gone_on_from(dialog: PolicyDialog, qtbot: QtBot) -> None:
    go_to(dialog, "No contact, step 2")
    type_into(dialog, "title", "4.2", qtbot)
    adopt(dialog, "Governors")
    dialog.bar.versions.click()
    shown = dialog.asker.dialog
    assert isinstance(shown, VersionsDialog)
    assert [shown.model.index(row, 4).data() for row in range(2)] == ["Governors", "–"]

    shown.table.selectRow(1)
    assert shown.take_button.isEnabled()
    shown.take_button.click()

    assert draft_of(dialog).clause("ladder-2").title == "No contact, step 2"
    assert dialog.is_changed


def test_a_version_that_ended_the_policy_can_not_be_gone_on_from(
    dialog: PolicyDialog, office: Office, qtbot: QtBot
) -> None:
    adopt_own_policy(office, start_blank_with_a_title(office), from_day=TODAY, why="Begun anew")
    again = a_dialog(office, dialog._context.theme, qtbot)
    again.bar.versions.click()
    shown = again.asker.dialog
    assert isinstance(shown, VersionsDialog)

    row = next(row for row in range(shown.model.rowCount()) if "Ended" in shown.model.index(row, 4).data())
    shown.table.selectRow(row)

    assert not shown.take_button.isEnabled()


def start_blank_with_a_title(office: Office) -> SchoolPolicy:
    return replace(start_blank(office), title="Larkfield Primary School")


def test_what_was_checked_before_the_last_change_is_not_shown(dialog: PolicyDialog, office: Office) -> None:
    before = draft_of(dialog)
    dialog.remove_button.click()
    dialog.add(Part.CLAUSE)

    dialog._take_faults(before, check_draft(office, replace(before, title="")))

    assert not [fault for fault in dialog.faults if fault.part is Part.ABOUT]


def test_a_school_without_a_policy_starts_one_and_adopts_it(bare: Office, theme: Theme, qtbot: QtBot) -> None:
    dialog = a_dialog(bare, theme, qtbot)
    assert dialog.empty.isVisible()
    assert "adopted no policy" in dialog.bar.state.text()

    dialog.empty.button.click()
    question = dialog.asker.dialog
    assert isinstance(question, StartDialog)
    question.choice.control.choose("aspire-academy")
    question.accept_button.click()
    adopt(dialog, "Our first")

    assert dialog.bar.state.text().startswith("Version 1, in force since 10 November 2026.")
    assert load_school_rulebook(bare, on=TODAY).policies == ("aspire-academy",)


def test_a_blank_policy_gets_its_first_clause_and_step(bare: Office, theme: Theme, qtbot: QtBot) -> None:
    dialog = a_dialog(bare, theme, qtbot)
    dialog.empty.button.click()
    question = dialog.asker.dialog
    assert isinstance(question, StartDialog)
    question.choice.control.choose("")
    question.accept_button.click()

    dialog.add(Part.CLAUSE)
    for name, words in (("title", "2.1"), ("says", "Ring on the first day."), ("program", "A call.")):
        type_into(dialog, name, words, qtbot)
    dialog.add(Part.STEP)
    type_into(dialog, "title", "Ring home", qtbot)
    type_into(dialog, "duty", "Ring home before ten.", qtbot)
    assert dialog.form is not None
    dialog.form.fields["clauses"].control.tick(draft_of(dialog).clauses[0].id)
    adopt(dialog, "Ours")

    assert load_school_rulebook(bare, on=TODAY).find_rule("own.ring-home") is not None


def test_a_bad_file_is_explained_and_the_draft_stays(dialog: PolicyDialog, office: Office, tmp_path: Path) -> None:
    text = (office.paths.resources / "policies" / "aspire-academy.toml").read_text("utf-8")
    file = tmp_path / "bad.toml"
    file.write_text(text.replace('trigger = "ladder_day"', 'trigger = "lader_day"', 1), "utf-8")
    before = dialog.draft

    dialog.files.load(file)

    shown = dialog.asker.dialog
    assert isinstance(shown, FaultsDialog)
    cells = [shown.model.index(0, column).data() for column in range(4)]
    assert cells[1:] == [
        'trigger = "lader_day"',
        'There is no trigger "lader_day"; the nearest is "ladder_day".',
        "Write “ladder_day” if that is what is meant; otherwise take the word out.",
    ]
    assert dialog.draft == before
    assert nameless_controls(shown) == []


def test_a_policy_goes_out_as_a_file_and_comes_back_as_a_draft(
    dialog: PolicyDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    go_to(dialog, "No contact, step 2")
    type_into(dialog, "title", "4.2", qtbot)
    export(dialog, tmp_path / "ours.toml")
    assert "Exported as ours.toml, as a draft." in dialog.bar.banner.accessibleName()

    type_into(dialog, "title", "4.3", qtbot)
    dialog.files.load(tmp_path / "ours.toml")

    assert draft_of(dialog).clause("ladder-2").title == "4.2"


def test_a_policy_goes_out_as_pages_to_read(dialog: PolicyDialog, tmp_path: Path) -> None:
    export(dialog, tmp_path / "ours.pdf")

    text = " ".join(page.extract_text() for page in PdfReader(tmp_path / "ours.pdf").pages)
    assert "In force since 1 September 2026" in text
    assert "Visit the home on day 2" in text


def test_a_local_authority_s_file_is_offered_as_such(dialog: PolicyDialog, office: Office, tmp_path: Path) -> None:
    text = (office.paths.resources / "policies" / "aspire-academy.toml").read_text("utf-8")
    for name in ("Shire", "Other"):
        file = tmp_path / f"{name}.toml"
        changed = text.replace('kind = "school"', 'kind = "authority"').replace("The Aspire Academy", f"{name} Council")
        file.write_text(changed.replace('id = "aspire-academy"', f'id = "{name.lower()}"'), "utf-8")
        dialog.files.load(file)
        question = dialog.asker.dialog
        assert isinstance(question, AuthorityDialog)
        question.why.control.setPlainText("The governors follow it")
        question.accept_button.click()

    assert "Beside it that of Shire Council" in dialog.bar.state.text()
    assert isinstance(dialog.asker.dialog, AuthorityDialog)
    assert "one local authority" in dialog.asker.dialog.problem.accessibleName()
    assert load_school_rulebook(office, on=TODAY).policies == ("aspire-academy", "shire")


def test_an_adoption_needs_a_reason_and_a_day_to_come(dialog: PolicyDialog, qtbot: QtBot) -> None:
    go_to(dialog, "No contact, step 2")
    type_into(dialog, "title", "4.2", qtbot)

    question = adopt(dialog, "  ", TODAY - timedelta(days=30))

    assert question.why.error.startswith("Say why")
    assert question.from_day == TODAY
    assert question.isVisible()


def test_every_control_has_a_name_whatever_part_is_shown(dialog: PolicyDialog) -> None:
    dialog.add(Part.NUMBER)
    for title in ("Title and document", "No contact, step 2", "Visit the home on day 2", "Review of the policy"):
        go_to(dialog, title)
        assert nameless_controls(dialog) == []


def test_the_file_is_asked_for_and_one_that_can_not_be_written_is_said(
    dialog: PolicyDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(_parent: QWidget, _title: str, proposed: str, _kinds: str) -> tuple[str, str]:
        asked.append(Path(proposed).name)
        return str(tmp_path / "no such folder" / Path(proposed).name), ""

    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", choose)
    menu = dialog.bar.export.menu()
    assert menu is not None
    for action in menu.actions():
        action.trigger()

    assert asked == ["policy-aspire-academy-version-1.pdf", "policy-aspire-academy-version-1.toml"]
    assert "can’t be written" in dialog.bar.banner.accessibleName()


def test_a_file_is_loaded_over_changes_only_when_that_is_allowed(
    dialog: PolicyDialog, office: Office, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    file = office.paths.resources / "policies" / "aspire-academy.toml"
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getOpenFileName", lambda *_: (str(file), ""))
    go_to(dialog, "No contact, step 2")
    type_into(dialog, "title", "4.2", qtbot)

    dialog.bar.load.click()
    question = dialog.asker.dialog
    assert isinstance(question, AskDialog)
    assert draft_of(dialog).clause("ladder-2").title == "4.2"
    question.accept()

    qtbot.waitUntil(lambda: draft_of(dialog).clause("ladder-2").title == "No contact, step 2")


def test_it_works_with_the_real_worker(office: Office, theme: Theme, qtbot: QtBot) -> None:
    notifier = ChangeNotifier()
    background = Background(office, notifier)
    dialog = PolicyDialog(TabContext(background, notifier, theme))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.draft is not None)
    go_to(dialog, "No contact, step 2")
    type_into(dialog, "title", " ", qtbot)
    qtbot.waitUntil(lambda: bool(dialog.faults))
    type_into(dialog, "title", "4.2", qtbot)
    qtbot.waitUntil(lambda: not dialog.faults)

    dialog.bar.adopt.click()
    question = dialog.asker.dialog
    assert isinstance(question, AdoptDialog)
    question.why.control.setPlainText("Governors")
    with qtbot.waitSignals([dialog.adopted, notifier.changed]):
        question.accept_button.click()

    assert dialog.bar.state.text() == "Version 2, in force since 10 November 2026."
    background.finish()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_wider_than_a_small_screen(office: Office, theme: Theme, qtbot: QtBot, scale: float) -> None:
    behind = QWidget()
    behind.resize(1366, 688)
    qtbot.addWidget(behind)
    theme.set_text_scale(scale)
    dialog = a_dialog(office, theme, qtbot, behind=behind)
    go_to(dialog, "Visit the home on day 2")
    dialog.list.opened.emit()
    qtbot.waitUntil(dialog.isVisible)

    assert dialog.width() <= 1366
    assert dialog.height() <= 688
    buttons = [button for button in dialog.findChildren(QPushButton) if button.isVisible()]
    assert all(button.mapTo(dialog, button.rect().bottomRight()).x() <= dialog.width() for button in buttons)
    assert dialog.back.isVisible() is (scale > 1)
    theme.set_text_scale(1.0)


def test_the_wizard_takes_one_policy_of_each_kind(theme: Theme, qtbot: QtBot) -> None:
    page = PolicyPage(
        theme,
        (
            PolicyOffer("a", "One school", "", is_authority=False),
            PolicyOffer("b", "Another school", "", is_authority=False),
            PolicyOffer("c", "One county", "", is_authority=True),
            PolicyOffer("d", "Another county", "", is_authority=True),
        ),
    )
    qtbot.addWidget(page)

    page.own.box.setCurrentText("Another school")
    page.authority.box.setCurrentText("Another county")

    assert page.answers() == {"policies": ("b", "d")}


def test_a_changed_policy_is_simulated_as_it_stands_on_the_screen(dialog: PolicyDialog) -> None:
    go_to(dialog, "Visit the home on day 2")
    assert dialog.form is not None
    dialog.form.fields["n"].control.setValue(4)

    dialog.bar.simulate.click()

    simulation = dialog.asker.dialog
    assert isinstance(simulation, SimulateDialog)
    simulation.accept_button.click()
    assert not simulation.problem.isVisible(), simulation.problem.accessibleName()
    simulation.reject()
