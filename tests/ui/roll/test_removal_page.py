"""A removal from roll on screen: proposed, shown, signed, carried out, followed and undone, by its real controls."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.casework.lives import removal_acts as acts
from cme_desktop.casework.lives.life import CheckState, Life, StepState
from cme_desktop.casework.lives.removal_return import note_return_sent
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import PupilId, RemovalId
from cme_desktop.domain.pupils import Circumstance, YearGroup
from cme_desktop.policy.removal_evidence import Claim, Evidence
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage.events import add_event, list_events
from cme_desktop.storage.policies import adopt_policy
from cme_desktop.storage.pupils import load_pupil
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.removal.evidence import EnquiriesDialog, EvidenceDialog, SidesDialog
from cme_desktop.ui.roll.removal.fields import set_day
from cme_desktop.ui.roll.removal.following import FollowingDialog, FormDialog
from cme_desktop.ui.roll.removal.proposing import ChangeDialog, GiveUpDialog, ProposeDialog
from cme_desktop.ui.roll.removal.return_dialog import ReturnDialog
from cme_desktop.ui.roll.removal.signing import CarryOutDialog, SignRemovalDialog, UndoRemovalDialog
from tests.office import HEAD, LEAD, LUCJA, MANAGER, TODAY, add_marks, add_pupil, an_office, at, seen_by
from tests.removals import PASSWORDS, proofs_of, signer, with_passwords
from tests.ui.accessibility import nameless_controls
from tests.ui.roll import shown_page, shown_roll

FOLLOWING = {"england.transfer-file-due", "england.arrival-confirmed"}


@pytest.fixture
def desk(tmp_path: Path) -> Office:
    return with_passwords(an_office(tmp_path))


def flags_of(office: Office, pupil: PupilId = LUCJA) -> set[str]:
    roll = load_roll(office)
    record = next((each for each in roll.records if each.pupil.id == pupil), None)
    return set() if record is None else {f.rule_id for f in review_pupil(record, roll.judgement, roll.rulebook)}


def kinds(office: Office, pupil: PupilId = LUCJA) -> list[EventKind]:
    with office.database.reading() as db:
        return [each.event.kind for each in list_events(db, pupil_id=pupil)]


def left_on(office: Office) -> date | None:
    with office.database.reading() as db:
        return load_pupil(db, LUCJA).left_on


def press(page: LifePage, act_id: str) -> None:
    """Press the act's button, or choose it under More."""
    assert page.file is not None
    assert act_id in page.file.acts
    button = page.pane.button(act_id)
    if button is not None:
        button.click()
        return
    words = next(act.words for act in page.acts if act.id == act_id)
    action = next(each for each in page.pane.more.menu().actions() if each.text() == words)
    action.trigger()


def type_password(qtbot: QtBot, dialog: SignRemovalDialog, user: SignedInUser) -> None:
    dialog.fields.name.control.choose(user.id)
    dialog.fields.password.control.clear()
    qtbot.keyClicks(dialog.fields.password.control, PASSWORDS[user.id])


def proposed(office: Office, ground: str = "registered-elsewhere", *claims: Claim, pupil: PupilId = LUCJA) -> RemovalId:
    return acts.propose_removal(
        office, pupil_id=pupil, ground_id=ground, day=TODAY, evidence=Evidence(proofs_of(*claims))
    ).removal_id


def removed(office: Office) -> RemovalId:
    removal = proposed(office, "registered-elsewhere", Claim.NEW_REGISTRATION)
    for user in (MANAGER, HEAD):
        acts.sign_removal(office, removal_id=removal, signer=signer(user))
    note_return_sent(office, removal_id=removal, on=TODAY)
    acts.carry_out_removal(office, removal_id=removal)
    return removal


def test_nothing_is_proposed_and_the_page_says_that_the_program_never_does(desk: Office, qtbot: QtBot) -> None:
    page = shown_page(desk, qtbot, Life.REMOVAL)

    assert page.detail.currentWidget() is page.empty_state
    assert page.empty_state.button.text() == "Propose removal"
    assert "The program never proposes one." in page.empty[1]


def test_a_whole_removal_from_the_proposal_to_the_file_at_the_next_school(desk: Office, qtbot: QtBot) -> None:
    page = shown_page(desk, qtbot, Life.REMOVAL)

    propose_on_screen(page, qtbot)
    assert [row.detail for row in page.model.rows] == ["Proposed, 1 condition missing. Registered at another school"]
    assert "england.deletion-return" in flags_of(desk)
    assert "Send the deletion return" in page.pane.flags.rows[0].duty.what
    assert page.pane.checks.rows[0].state is CheckState.MISSING

    bring_the_new_schools_word(page, qtbot)
    assert CheckState.MISSING not in {check.state for check in page.pane.checks.rows}
    assert [row.detail for row in page.model.rows] == ["Ready to sign. Registered at another school"]

    send_the_return(page, qtbot)
    assert "england.deletion-return" not in flags_of(desk)
    assert page.pane.flags.rows == ()

    have_two_sign(page, qtbot)
    assert [row.detail.partition(".")[0] for row in page.model.rows] == ["Ready: the name may go"]

    press(page, "carry_out")
    carry_out = page.dialog
    assert isinstance(carry_out, CarryOutDialog)
    assert carry_out.reject_button.isDefault()
    carry_out.accept_button.click()
    assert left_on(desk) == TODAY
    assert flags_of(desk) & FOLLOWING == FOLLOWING
    assert {step.text: step.state for step in page.pane.steps.rows}["Name removed"] is StepState.DONE

    follow_on_screen(page, qtbot, "file", "To Hill Top School")
    assert "england.transfer-file-due" not in flags_of(desk)
    follow_on_screen(page, qtbot, "arrived", "Mrs Lund rang")
    assert flags_of(desk) & (FOLLOWING | {"england.deletion-return"}) == set()
    assert page.pane.flags.rows == ()


def propose_on_screen(page: LifePage, qtbot: QtBot) -> None:
    page.empty_state.button.click()
    dialog = page.dialog
    assert isinstance(dialog, ProposeDialog)
    dialog.accept_button.click()
    assert dialog.picker.finder.error
    assert dialog.ground.error == "Choose the pupil first."
    qtbot.keyClicks(dialog.picker.finder.control, "ucja")
    assert not dialog.ground.control.currentIndex()
    dialog.accept_button.click()
    assert dialog.ground.error == "Choose the ground: the program proposes none."
    dialog.ground.control.setCurrentIndex(1)
    assert dialog.chosen is not None
    assert dialog.chosen.id == "registered-elsewhere"
    assert dialog.law.text().startswith("Regulation 9(1)(a): Registered at another school")
    assert dialog.unchecked.isHidden()
    qtbot.keyClicks(dialog.reason.control, "Moves to Hill Top.")
    dialog.accept_button.click()


def bring_the_new_schools_word(page: LifePage, qtbot: QtBot) -> None:
    press(page, "evidence")
    evidence = page.dialog
    assert isinstance(evidence, EvidenceDialog)
    assert evidence.claim.control.chosen is Claim.NEW_REGISTRATION
    assert (evidence.holds_from.isHidden(), evidence.months.isHidden()) == (False, True)
    evidence.accept_button.click()
    assert evidence.what.error
    assert evidence.by.error
    qtbot.keyClicks(evidence.what.control, "E-mail of its office")
    qtbot.keyClicks(evidence.by.control, "Mrs Lund, Hill Top School")
    evidence.accept_button.click()
    assert page.dialog is None


def test_the_keyboard_stays_on_the_acts_and_goes_along_them_as_the_eye_does(desk: Office, qtbot: QtBot) -> None:
    proposed(desk)
    page = shown_page(desk, qtbot, Life.REMOVAL)
    first, second = page.pane.button("evidence"), page.pane.button("return")
    assert first is not None
    assert second is not None
    assert page.pane.more.nextInFocusChain() is second
    assert second.nextInFocusChain() is first
    first.setFocus()

    bring_the_new_schools_word(page, qtbot)

    assert page.pane.button("sign") is page.window().focusWidget()


def send_the_return(page: LifePage, qtbot: QtBot) -> None:
    press(page, "return")
    shown = page.dialog
    assert isinstance(shown, ReturnDialog)
    words = shown.words.control.toPlainText()
    assert "Ground: regulation 9(1)(a)" in words
    assert "Hill Top School" in words
    shown.copy.click()
    assert QGuiApplication.clipboard().text() == words
    qtbot.keyClicks(shown.reference.control, "DR 12")
    shown.accept_button.click()


def have_two_sign(page: LifePage, qtbot: QtBot) -> None:
    press(page, "sign")
    sign = page.dialog
    assert isinstance(sign, SignRemovalDialog)
    assert sign.fields.name.control.chosen == MANAGER.id
    sign.accept_button.click()
    assert sign.fields.password.error
    qtbot.keyClicks(sign.fields.password.control, "not the password")
    sign.accept_button.click()
    assert not sign.problem.isHidden()
    again = sign.fields.password.control
    assert sign.focusWidget() is again
    assert again.selectedText()
    type_password(qtbot, sign, MANAGER)
    sign.accept_button.click()
    press(page, "sign")
    second = page.dialog
    assert isinstance(second, SignRemovalDialog)
    assert second.fields.name.control.chosen != MANAGER.id
    type_password(qtbot, second, MANAGER)
    second.accept_button.click()
    assert not second.problem.isHidden()
    type_password(qtbot, second, HEAD)
    second.accept_button.click()


def follow_on_screen(page: LifePage, qtbot: QtBot, act: str, words: str) -> None:
    press(page, act)
    follow = page.dialog
    assert isinstance(follow, FollowingDialog)
    qtbot.keyClicks(follow.said.control, words)
    follow.accept_button.click()


def test_both_sides_of_the_enquiries_stand_side_by_side_and_are_two_people(desk: Office, qtbot: QtBot) -> None:
    evening = at(desk, datetime(2026, 11, 10, 17, 0, tzinfo=UTC))
    pupil = add_pupil(evening, starting_day=date(2024, 9, 3))
    add_marks(evening, pupil, "O", date(2026, 9, 14), TODAY)
    proposed(evening, "twenty-days", Claim.NOT_SICK_OR_PREVENTED, pupil=pupil)
    page = shown_page(evening, qtbot, Life.REMOVAL)
    assert page.file is not None
    assert "from memory" in page.file.warning

    press(page, "enquiries")
    enquiries = page.dialog
    assert isinstance(enquiries, EnquiriesDialog)
    enquiries.outcome.control.setCurrentIndex(1)
    qtbot.keyClicks(enquiries.said.control, "No trace.")
    enquiries.accept_button.click()
    assert page.file.history[0].title == "Joint enquiries: not found"

    press(page, "sides")
    sides = page.dialog
    assert isinstance(sides, SidesDialog)
    for place in (0, 1):
        qtbot.keyClicks(sides.by[place].control, "Sam Rook")
        qtbot.keyClicks(sides.what[place].control, "Minutes of the meeting")
    sides.accept_button.click()
    assert sides.by[1].error == "Somebody else signs for the authority."
    sides.by[1].control.clear()
    qtbot.keyClicks(sides.by[1].control, "Kit Moore, county")
    sides.accept_button.click()

    assert page.dialog is None
    assert CheckState.MISSING not in {check.state for check in page.pane.checks.rows}
    assert page.pane.button("sign") is not None


def test_a_condition_opens_the_dialog_that_brings_its_proof(desk: Office, qtbot: QtBot) -> None:
    proposed(desk, "moved-away")
    page = shown_page(desk, qtbot, Life.REMOVAL)
    wanted = next(check for check in page.pane.checks.rows if check.key == Claim.MOVED_OUT_OF_REACH)

    page.pane.check_list.opened.emit(wanted)

    dialog = page.dialog
    assert isinstance(dialog, EvidenceDialog)
    assert dialog.claim.control.chosen is Claim.MOVED_OUT_OF_REACH


def test_only_the_grounds_of_the_childs_age_are_offered(desk: Office, qtbot: QtBot) -> None:
    add_pupil(desk, surname="Vale", forename="Ivo", born=date(2022, 5, 4), year_group=YearGroup.N2)
    page = shown_page(desk, qtbot, Life.REMOVAL)
    page.new_button.click()
    dialog = page.dialog
    assert isinstance(dialog, ProposeDialog)

    def offered(letters: str) -> list[str]:
        dialog.picker.finder.control.clear()
        qtbot.keyClicks(dialog.picker.finder.control, letters)
        first, *grounds = (dialog.ground.control.itemText(row) for row in range(dialog.ground.control.count()))
        assert first == "Choose…"
        return grounds

    older, younger = offered("ucja"), offered("Ivo")

    assert "Home education (f)" in older
    assert not any(words.startswith("Not of compulsory age") for words in older)
    assert all(words.startswith("Not of compulsory age") for words in younger)
    dialog.ground.control.setCurrentIndex(1)
    assert not dialog.unchecked.isHidden()
    assert not any("died" in words.casefold() for words in (*older, *younger))


def test_the_head_writes_of_a_death_in_gentle_words(desk: Office, qtbot: QtBot) -> None:
    page = shown_page(seen_by(desk, HEAD), qtbot, Life.REMOVAL)
    page.new_button.click()
    dialog = page.dialog
    assert isinstance(dialog, ProposeDialog)
    qtbot.keyClicks(dialog.picker.finder.control, "ucja")
    places = [dialog.ground.control.itemText(row) for row in range(dialog.ground.control.count())]
    dialog.ground.control.setCurrentIndex(places.index("Died (k)"))

    assert "nobody is asked to ring or write to the family" in dialog._sentence.text()
    dialog.accept_button.click()

    assert kinds(desk) == [EventKind.REMOVAL_PROPOSED, EventKind.DIED]
    assert page.file is not None
    assert page.file.chips[0] == "Died"
    assert "told" not in page.file.acts


def test_a_removal_is_undone_by_two_people_with_a_reason(desk: Office, qtbot: QtBot) -> None:
    removed(desk)
    page = shown_page(desk, qtbot, Life.REMOVAL)

    press(page, "undo")
    dialog = page.dialog
    assert isinstance(dialog, UndoRemovalDialog)
    dialog.accept_button.click()
    assert dialog.reason.error
    assert dialog.first.password.error
    assert dialog.second.password.error
    qtbot.keyClicks(dialog.reason.control, "The wrong child was chosen.")
    dialog.first.name.control.choose(LEAD.id)
    dialog.second.name.control.choose(HEAD.id)
    qtbot.keyClicks(dialog.first.password.control, PASSWORDS[LEAD.id])
    qtbot.keyClicks(dialog.second.password.control, PASSWORDS[HEAD.id])
    dialog.accept_button.click()

    assert page.dialog is None
    assert left_on(desk) is None
    assert [row.detail.partition(".")[0] for row in page.model.rows] == ["Undone"]
    assert flags_of(desk) & FOLLOWING == set()
    assert {step.text: step.state for step in page.pane.steps.rows} == {
        "Name stands again": StepState.DONE, "Authority told that it stands again": StepState.DUE,
    }  # fmt: skip


def test_what_is_still_owed_is_asked_about_before_the_name_goes(desk: Office, qtbot: QtBot) -> None:
    pupil = add_pupil(desk, starting_day=date(2024, 9, 3), circumstances=(Circumstance.CHILD_IN_NEED,))
    removal = proposed(desk, "registered-elsewhere", Claim.NEW_REGISTRATION, pupil=pupil)
    for user in (MANAGER, HEAD):
        acts.sign_removal(desk, removal_id=removal, signer=signer(user))
    note_return_sent(desk, removal_id=removal, on=TODAY)
    page = shown_page(desk, qtbot, Life.REMOVAL)

    press(page, "carry_out")
    dialog = page.dialog
    assert isinstance(dialog, CarryOutDialog)
    dialog.accept_button.click()
    assert dialog.why.error
    qtbot.keyClicks(dialog.why.control, "Told her manager by phone.")
    dialog.accept_button.click()

    assert EventKind.REMOVED in kinds(desk, pupil)


def test_a_name_without_its_return_stays_and_the_dialog_says_why(desk: Office, qtbot: QtBot) -> None:
    removal = proposed(desk, "registered-elsewhere", Claim.NEW_REGISTRATION)
    for user in (MANAGER, HEAD):
        acts.sign_removal(desk, removal_id=removal, signer=signer(user))
    page = shown_page(desk, qtbot, Life.REMOVAL)

    assert page.pane.button("return") is not None
    press(page, "carry_out")
    dialog = page.dialog
    assert isinstance(dialog, CarryOutDialog)
    dialog.accept_button.click()

    assert not dialog.problem.isHidden()
    assert left_on(desk) is None


def test_the_day_is_changed_and_the_removal_given_up(desk: Office, qtbot: QtBot) -> None:
    proposed(desk, "registered-elsewhere", Claim.NEW_REGISTRATION)
    page = shown_page(desk, qtbot, Life.REMOVAL)

    press(page, "change")
    change = page.dialog
    assert isinstance(change, ChangeDialog)
    set_day(change.day.control, date(2026, 11, 20))
    change.accept_button.click()
    assert page.pane.steps.rows[-1].when == "Fri 20 Nov"

    press(page, "give_up")
    give_up = page.dialog
    assert isinstance(give_up, GiveUpDialog)
    give_up.accept_button.click()
    assert give_up.reason.error
    qtbot.keyClicks(give_up.reason.control, "The family stays.")
    give_up.accept_button.click()

    assert [row.detail.partition(".")[0] for row in page.model.rows] == ["Given up"]
    assert page.file is not None
    assert page.file.acts == ()


def test_only_what_can_be_taken_back_offers_to_be(desk: Office, qtbot: QtBot) -> None:
    proposed(desk, "registered-elsewhere", Claim.NEW_REGISTRATION)
    page = shown_page(desk, qtbot, Life.REMOVAL)

    send_the_return_plainly(page)
    assert not page._toast._undo.isHidden()
    press(page, "sign")
    sign = page.dialog
    assert isinstance(sign, SignRemovalDialog)
    type_password(qtbot, sign, HEAD)
    sign.accept_button.click()

    assert page._toast._undo.isHidden()


def send_the_return_plainly(page: LifePage) -> None:
    press(page, "return")
    assert isinstance(page.dialog, ReturnDialog)
    page.dialog.accept_button.click()


def test_ctrl_z_leaves_a_removal_alone(desk: Office, qtbot: QtBot) -> None:
    removed(desk)
    tab = shown_roll(desk, qtbot)
    tab.show_life(Life.REMOVAL)

    with pytest.raises(Exception, match="nothing to undo"):
        tab.undo()

    assert left_on(desk) == TODAY


def test_hidden_names_show_nowhere_and_open_no_dialog(desk: Office, qtbot: QtBot) -> None:
    proposed(desk)
    tab = shown_roll(desk, qtbot)
    tab.show_life(Life.REMOVAL)

    tab.hide_names(hidden=True)
    tab.page.new_button.click()

    assert tab.page.dialog is None
    assert tab.page.model.index(0, 0).data(Qt.ItemDataRole.DisplayRole) == "Oak"
    assert tab.page.detail.currentWidget() is not tab.page.pane


def test_every_control_has_a_name_and_the_lists_are_sound_models(desk: Office, qtbot: QtBot) -> None:
    proposed(desk, "twenty-days")
    page = shown_page(desk, qtbot, Life.REMOVAL)

    assert nameless_controls(page) == []
    ModelTester(None).check(page.model)
    ModelTester(None).check(page.pane.checks)
    for act in ("evidence", "enquiries", "sides", "return", "change", "give_up"):
        press(page, act)
        assert page.dialog is not None
        assert nameless_controls(page.dialog) == []
        page.dialog.reject()


def test_what_the_list_of_conditions_speaks_says_whether_each_holds(desk: Office, qtbot: QtBot) -> None:
    proposed(desk)
    page = shown_page(desk, qtbot, Life.REMOVAL)

    spoken = [
        page.pane.checks.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(page.pane.checks.rowCount())
    ]

    missing = "The new registration is confirmed, and its first day has come."
    assert spoken[0] == f"{missing}, Missing, Nobody has shown it yet."
    assert any(", Not asked, " in words for words in spoken)


def test_a_letter_that_comes_later_completes_home_education(desk: Office, qtbot: QtBot) -> None:
    proposed(desk, "home-education")
    page = shown_page(desk, qtbot, Life.REMOVAL)
    assert page.pane.checks.rows[0].words.startswith("There is no written notice")

    letter = Event(EventKind.HOME_EDUCATION_LETTER, date(2026, 11, 6), from_=date(2026, 11, 9))
    with desk.database.transaction() as db:
        add_event(db, pupil_id=LUCJA, event=letter, written_at=desk.now(), written_by=1)
    page.reload()

    assert CheckState.MISSING not in {check.state for check in page.pane.checks.rows}


def test_the_form_of_the_authority_is_noted_on_screen(desk: Office, qtbot: QtBot) -> None:
    policy = desk.paths.resources / "policies" / "east-sussex.toml"
    with desk.database.transaction() as db:
        adopt_policy(
            db, policy_id=policy.stem, document=policy.read_text("utf-8"), adopted_on=date(2026, 9, 1), why="", by=1
        )  # fmt: skip
    proposed(desk)
    page = shown_page(desk, qtbot, Life.REMOVAL)

    press(page, "form")
    dialog = page.dialog
    assert isinstance(dialog, FormDialog)
    assert dialog.form.control.currentText() == "Off-rolling form"
    dialog.accept_button.click()

    assert "east-sussex.off-roll-form" not in flags_of(desk)
    assert page.file is not None
    assert "form" not in page.file.acts
