"""Children leave: each way from its first word to its last receipt, on screen, by its real controls."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QDateEdit
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.casework.bereavement import record_death
from cme_desktop.casework.lives.leaving_acts import Source, Way, tell_leaving
from cme_desktop.casework.lives.life import Life, StepState
from cme_desktop.casework.office import Office
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.events import Event, EventKind, Form, Recipient
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.ui.entry_dialog import EntryDialog
from cme_desktop.ui.roll.leaving.confirming_dialogs import AddressDialog, ArrivalDialog, PlaceDialog
from cme_desktop.ui.roll.leaving.death_dialogs import DeathDialog, PeaceDialog
from cme_desktop.ui.roll.leaving.page import LeavingPage
from cme_desktop.ui.roll.leaving.sending_dialogs import (
    ConsentDialog,
    FormDialog,
    PlanReviewDialog,
    ProtectionFileDialog,
    ReferDialog,
    ReturnDialog,
    TellDialog,
    TransferFileDialog,
)
from cme_desktop.ui.roll.leaving.word_dialogs import CallOffDialog, LeavingDialog, NoticeDialog
from cme_desktop.ui.roll.letter_dialog import LetterDialog
from cme_desktop.ui.roll.life_page import LifePage
from tests.leavers import a_word, adopt, flags_of, on_day
from tests.office import (
    AISHA,
    CALLUM,
    HEAD,
    LUCJA,
    STARTED,
    TODAY,
    TOMASZ,
    YESTERDAY,
    add_event_to,
    add_marks,
    add_pupil,
    an_office,
    seen_by,
)
from tests.ui.accessibility import nameless_controls
from tests.ui.roll import shown_page, shown_roll

DialogT = TypeVar("DialogT", bound=EntryDialog)
MONDAY = date(2026, 11, 23)
"""The first school day after the last day of the made-up leavings, Friday 20 November."""

MONDAYS = {"england.register-not-taken", "england.unexplained-absence", "england.social-worker-told"}
"""What a register not taken on that Monday raises beside."""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path, policies=False)


def of_england(office: Office, pupil_id: PupilId) -> set[str]:
    """The ids of the flags that stand."""
    return set(flags_of(office, pupil_id))


def begin(page: LifePage, kind: type[DialogT]) -> DialogT:
    """Press what begins a line, and give the dialog it opens."""
    (page.new_button if page.model.rows else page.empty_state.button).click()
    return opened(page, kind)


def begin_also(page: LifePage, words: str, kind: type[DialogT]) -> DialogT:
    """Choose an act under More at the head of the list, and give the dialog it opens."""
    menu = page.side.more.menu()
    next(action for action in menu.actions() if action.text() == words).trigger()
    return opened(page, kind)


def act(page: LifePage, act_id: str, kind: type[DialogT]) -> DialogT:
    """Do what a button or the menu of the file offers, and give the dialog it opens."""
    button = page.pane.button(act_id)
    if button is not None:
        button.click()
    else:
        words = next(each.words for each in page.acts if each.id == act_id)
        menu = page.pane.more.menu()
        next(action for action in menu.actions() if action.text() == words).trigger()
    return opened(page, kind)


def opened(page: LifePage, kind: type[DialogT]) -> DialogT:
    dialog = page.dialog
    assert isinstance(dialog, kind)
    return dialog


def save(page: LifePage, dialog: EntryDialog) -> None:
    dialog.accept_button.click()
    assert page.dialog is None, dialog.problem.accessibleName()


def put_day(edit: QDateEdit, day: date) -> None:
    edit.setDate(QDate(day.year, day.month, day.day))


def steps_of(page: LifePage) -> dict[str, StepState]:
    return {step.text.removeprefix("Next: ").lower(): step.state for step in page.pane.steps.rows}


def next_step(page: LifePage) -> str:
    first = page.pane.steps.rows[0].text
    assert first.startswith("Next: ")
    return first.removeprefix("Next: ")


def write_leaving(page: LifePage, qtbot: QtBot, name: str, way: Way, *, school: str = "", town: str = "") -> None:
    """Write down, by the dialog, that a child leaves on Friday 20 November."""
    dialog = begin(page, LeavingDialog)
    assert dialog.picker is not None
    qtbot.keyClicks(dialog.picker.finder.control, name)
    dialog.way.control.choose(way)
    put_day(dialog.last_day.control.edit, date(2026, 11, 20))
    qtbot.keyClicks(dialog.school.control, school)
    qtbot.keyClicks(dialog.town.control, town)
    save(page, dialog)


# -- (a) to a named school in England --------------------------------------------------------------------------


def test_a_move_to_a_named_school_from_the_first_word_to_arrival_and_files(tmp_path: Path, qtbot: QtBot) -> None:  # noqa: PLR0915  one life, told whole
    office = an_office(tmp_path, policies=False)
    adopt(office, "derbyshire")
    add_pupil_with_plan(office)
    page = shown_page(office, qtbot, Life.LEAVING)
    pupil_id = PupilId(13)

    dialog = begin(page, LeavingDialog)
    dialog.accept_button.click()
    assert dialog.picker is not None
    assert dialog.picker.finder.error
    assert dialog.school.error
    qtbot.keyClicks(dialog.picker.finder.control, "marsd")
    qtbot.keyClicks(dialog.school.control, "Hill Top Primary School")
    qtbot.keyClicks(dialog.laestab.control, "12")
    put_day(dialog.last_day.control.edit, date(2026, 11, 20))
    dialog.accept_button.click()
    assert dialog.laestab.error
    dialog.laestab.control.clear()
    qtbot.keyClicks(dialog.laestab.control, "845 1234")
    save(page, dialog)
    assert of_england(office, pupil_id) == {"england.unknown-destination"}
    assert next_step(page) == "have the place confirmed"

    place = act(page, "place", PlaceDialog)
    assert place.school.control.text() == "Hill Top Primary School"
    place.accept_button.click()
    assert place.by.error
    assert place.how.error
    qtbot.keyClicks(place.by.control, "Mrs Ince, office")
    qtbot.keyClicks(place.how.control, "telephone")
    place.source.control.choose(Source.PARENT)
    place.accept_button.click()
    assert "parent’s word" in place.problem.accessibleName()
    place.source.control.choose(Source.SCHOOL)
    save(page, place)
    assert of_england(office, pupil_id) == set()
    assert page.pane.button("arrival") is None

    add_marks(office, pupil_id, "/", date(2026, 11, 10), date(2026, 11, 20))
    later = on_day(office, MONDAY)
    page = shown_page(later, qtbot, Life.LEAVING)
    assert of_england(later, pupil_id) - MONDAYS == {
        "england.arrival-confirmed", "england.transfer-file-due", "england.child-protection-file",
        "derbyshire.in-year-leaver",
    }  # fmt: skip
    arrival = act(page, "arrival", ArrivalDialog)
    qtbot.keyClicks(arrival.by.control, "Mrs Ince, office")
    qtbot.keyClicks(arrival.how.control, "telephone")
    save(page, arrival)
    assert "england.arrival-confirmed" not in of_england(later, pupil_id)

    protection = act(page, "protection", ProtectionFileDialog)
    protection.accept_button.click()
    assert protection.by.error
    protection.state.control.choose(True)  # noqa: FBT003  the choice's value
    qtbot.keyClicks(protection.by.control, "Mr Gray, safeguarding lead there")
    qtbot.keyClicks(protection.how.control, "by hand")
    save(page, protection)
    assert "england.child-protection-file" not in of_england(later, pupil_id)

    form = act(page, "form", FormDialog)
    assert form.form.control.chosen is None
    save(page, form)
    assert "derbyshire.in-year-leaver" not in of_england(later, pupil_id)

    add_event_to(later, pupil_id, Event(EventKind.REMOVAL_PROPOSED, MONDAY, ground="a"))
    add_event_to(later, pupil_id, Event(EventKind.REMOVED, MONDAY, ground="a"))
    page.reload()
    shown = page = shown_page(later, qtbot, Life.LEAVING)
    assert of_england(later, pupil_id) == {"england.deletion-return", "england.transfer-file-due"}
    returned = act(shown, "return", ReturnDialog)
    qtbot.keyClicks(returned.reference.control, "D 9")
    save(page, returned)
    file = act(page, "file", TransferFileDialog)
    assert file.code.control.text() == "8451234"
    save(page, file)

    assert of_england(later, pupil_id) == set()
    assert set(steps_of(page).values()) <= {StepState.DONE, StepState.NOT_NEEDED}
    assert page.model.rows[0].detail == "Everything is done"


def add_pupil_with_plan(office: Office) -> PupilId:
    pupil_id = add_pupil(office, circumstances=(Circumstance.CHILD_PROTECTION_PLAN,), starting_day=STARTED)
    add_marks(office, pupil_id, "/", date(2026, 9, 3), YESTERDAY)
    add_marks(office, pupil_id, "/", TODAY, half=Half.AM)
    return pupil_id


# -- (b) nobody knows where to ---------------------------------------------------------------------------------


def test_an_unknown_destination_from_the_first_word_to_the_lost_pupil_file(tmp_path: Path, qtbot: QtBot) -> None:
    office = an_office(tmp_path, policies=False)
    adopt(office, "randal-cremer")
    page = shown_page(office, qtbot, Life.LEAVING)
    write_leaving(page, qtbot, "callum", Way.UNKNOWN)
    assert of_england(office, CALLUM) >= {"england.unknown-destination", "randal-cremer.no-named-school"}
    assert next_step(page) == "refer to the authority"

    refer = act(page, "refer", ReferDialog)
    qtbot.keyClicks(refer.reference.control, "CME 31")
    save(page, refer)
    assert "england.unknown-destination" not in of_england(office, CALLUM)
    assert steps_of(page)["refer to the authority"] is StepState.DONE
    assert next_step(page) == "tell the welfare officer"

    tell = act(page, "told", TellDialog)
    assert tell.boxes[Recipient.EDUCATION_WELFARE_OFFICER].isChecked()
    tell.boxes[Recipient.EDUCATION_WELFARE_OFFICER].setChecked(False)
    tell.accept_button.click()
    assert page.dialog is tell
    tell.boxes[Recipient.EDUCATION_WELFARE_OFFICER].setChecked(True)
    save(page, tell)
    assert "randal-cremer.no-named-school" not in of_england(office, CALLUM)

    later = on_day(office, MONDAY)
    add_event_to(later, CALLUM, Event(EventKind.REMOVED, MONDAY, ground="i"))
    page = shown_page(later, qtbot, Life.LEAVING)
    assert "england.unknown-destination" in of_england(later, CALLUM)
    file = act(page, "file", TransferFileDialog)
    assert file.code.control.text() == "XXXXXXX"
    save(page, file)

    assert "england.unknown-destination" not in of_england(later, CALLUM)


def test_a_child_of_whom_only_an_import_speaks_is_asked_where_it_went(office: Office, qtbot: QtBot) -> None:
    pupil_id = add_pupil(office, left_on=date(2026, 11, 5))
    page = shown_page(office, qtbot, Life.LEAVING)
    assert page.model.rows[0].detail == "Left, and nobody has said where to"

    dialog = act(page, "where", LeavingDialog)
    assert dialog.last_day.control.day == date(2026, 11, 5)
    qtbot.keyClicks(dialog.school.control, "Hill Top Primary School")
    save(page, dialog)

    assert page.model.rows[0].detail == "Next: send the deletion return"
    assert steps_of(page)["have the place confirmed"] is StepState.DUE
    assert "england.unknown-destination" in of_england(office, pupil_id)


# -- (c) home education with a child-protection plan -----------------------------------------------------------


def test_home_education_under_a_plan_from_the_gate_to_the_day_after_the_day_in_the_letter(
    tmp_path: Path, qtbot: QtBot
) -> None:
    office = an_office(tmp_path, policies=False)
    adopt(office, "derbyshire")
    adopt(office, "east-sussex")
    pupil_id = add_pupil_with_plan(office)
    page = shown_page(office, qtbot, Life.LEAVING)
    add_marks(office, pupil_id, "O", TODAY)

    said = begin_also(page, "Home education: a notice, or only said", NoticeDialog)
    assert said.picker is not None
    qtbot.keyClicks(said.picker.finder.control, "marsd")
    said.how.control.choose(False)  # noqa: FBT003  the choice's value
    assert said.from_day.isHidden()
    said.accept_button.click()
    assert said.by.error
    qtbot.keyClicks(said.by.control, "Mother")
    save(page, said)
    assert "england.home-education-notice" not in of_england(office, pupil_id)
    assert "england.unexplained-absence" in of_england(office, pupil_id)
    assert next_step(page) == "ask for it in writing, with the day"

    notice = act(page, "notice", NoticeDialog)
    qtbot.keyClicks(notice.by.control, "Mother")
    put_day(notice.from_day.control.edit, date(2026, 11, 16))
    save(page, notice)
    asked = {"england.home-education-notice", "derbyshire.home-education", "east-sussex.home-education-plan"}
    assert asked <= of_england(office, pupil_id)
    assert page.pane.button("told") is not None

    tell = act(page, "told", TellDialog)
    assert tell.lead.isChecked()
    assert tell.boxes[Recipient.SOCIAL_WORKER].isChecked()
    assert tell.boxes[Recipient.AUTHORITY_HOME_EDUCATION].isChecked()
    save(page, tell)
    assert of_england(office, pupil_id) & asked == {"east-sussex.home-education-plan"}
    assert steps_of(page)["tell the safeguarding lead"] is StepState.DONE

    review = act(page, "review", PlanReviewDialog)
    review.accept_button.click()
    assert review.said.error
    qtbot.keyClicks(review.said.control, "Core group held, plan goes on.")
    save(page, review)
    assert of_england(office, pupil_id) & asked == set()
    assert steps_of(page)["remove the name: page removal"] is StepState.LATER

    page = shown_page(on_day(office, date(2026, 11, 17)), qtbot, Life.LEAVING)
    assert steps_of(page)["remove the name: page removal"] is StepState.DUE


def test_a_parent_changes_their_mind_and_everything_is_quiet(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.LEAVING)
    notice = begin_also(page, "Home education: a notice, or only said", NoticeDialog)
    assert notice.picker is not None
    qtbot.keyClicks(notice.picker.finder.control, "tomasz")
    assert [box.text() for box in notice.family.boxes] == ["Łucja Wiśniewska, Oak"]
    notice.family.boxes[0].setChecked(True)
    qtbot.keyClicks(notice.by.control, "Mother")
    save(page, notice)
    assert "england.home-education-notice" in of_england(office, LUCJA)

    off = act(page, "off", CallOffDialog)
    off.accept_button.click()
    assert off.by.error
    off.family.boxes[0].setChecked(True)
    qtbot.keyClicks(off.by.control, "Mother, by e-mail")
    save(page, off)

    assert of_england(office, TOMASZ) == set()
    assert of_england(office, LUCJA) == set()
    assert page.model.rows == ()


def test_the_authoritys_refusal_is_written_down(office: Office, qtbot: QtBot) -> None:
    pupil_id = add_pupil(office, circumstances=(Circumstance.SPECIAL_SCHOOL,))
    add_event_to(office, pupil_id, Event(EventKind.HOME_EDUCATION_LETTER, TODAY, from_=date(2026, 11, 16)))
    page = shown_page(office, qtbot, Life.LEAVING)

    consent = act(page, "consent", ConsentDialog)
    consent.accept_button.click()
    assert consent.by.error
    consent.answer.control.choose(False)  # noqa: FBT003  the choice's value
    qtbot.keyClicks(consent.by.control, "Ms Ball")
    save(page, consent)

    assert "The authority refuses its consent" in [entry.title for entry in page.file.history]  # type: ignore[union-attr]  # a file is shown


# -- (d) abroad ------------------------------------------------------------------------------------------------


def test_a_family_goes_abroad_from_the_first_word_to_the_file_with_seven_m(tmp_path: Path, qtbot: QtBot) -> None:
    office = an_office(tmp_path, policies=False)
    adopt(office, "derbyshire")
    adopt(office, "east-sussex")
    page = shown_page(office, qtbot, Life.LEAVING)
    dialog = begin(page, LeavingDialog)
    assert dialog.picker is not None
    qtbot.keyClicks(dialog.picker.finder.control, "aisha")
    assert dialog.last_day.control.unknown.isHidden()
    dialog.way.control.choose(Way.ABROAD)
    dialog.last_day.control.unknown.setChecked(True)
    dialog.accept_button.click()
    assert dialog.town.error == "Say which country."
    qtbot.keyClicks(dialog.town.control, "Spain")
    save(page, dialog)
    emigrating = {"derbyshire.leaving-england", "east-sussex.emigration"}
    assert emigrating | {"england.unknown-destination"} == of_england(office, AISHA)
    assert "Do not remove the name early" in page.pane.warning.accessibleName()

    refer = act(page, "refer", ReferDialog)
    save(page, refer)
    assert of_england(office, AISHA) == {"east-sussex.emigration"}

    where = act(page, "where", LeavingDialog)
    where.way.control.choose(Way.ABROAD)
    put_day(where.last_day.control.edit, date(2026, 11, 20))
    qtbot.keyClicks(where.town.control, "Spain")
    save(page, where)

    address = act(page, "address", AddressDialog)
    qtbot.keyClicks(address.address.control, "Calle Mayor 3, Cadiz")
    qtbot.keyClicks(address.school.control, "Colegio Sol")
    address.accept_button.click()
    assert address.school_address.error
    qtbot.keyClicks(address.school_address.control, "Plaza 1, Cadiz")
    save(page, address)
    assert of_england(office, AISHA) == set()

    later = on_day(office, MONDAY)
    page = shown_page(later, qtbot, Life.LEAVING)
    assert "england.transfer-file-due" in of_england(later, AISHA)
    file = act(page, "file", TransferFileDialog)
    assert file.code.control.text() == "MMMMMMM"
    save(page, file)
    assert "england.transfer-file-due" not in of_england(later, AISHA)


# -- (e) death -------------------------------------------------------------------------------------------------


def test_a_death_is_one_quiet_dialog_of_the_head_after_which_nothing_presses(tmp_path: Path, qtbot: QtBot) -> None:
    office = an_office(tmp_path)
    adopt(office, "derbyshire")
    head = seen_by(office, HEAD)
    add_marks(office, TOMASZ, "O", date(2026, 10, 12), TODAY)
    assert of_england(office, TOMASZ)
    page = shown_page(head, qtbot, Life.LEAVING)
    assert "A child has died" in page.side.also

    dialog = begin_also(page, "A child has died", DeathDialog)
    dialog.accept_button.click()
    assert dialog.told_by.error
    assert dialog.picker.finder.error
    qtbot.keyClicks(dialog.picker.finder.control, "tomasz")
    qtbot.keyClicks(dialog.told_by.control, "Grandmother, by telephone")
    put_day(dialog.day.control, date(2026, 11, 8))
    put_day(dialog.until.control, date(2026, 12, 18))
    save(page, dialog)

    assert of_england(office, TOMASZ) == set()
    (row,) = page.model.rows
    assert row.is_quiet
    assert row.severity is None
    assert page.pane.flags.rows == ()
    assert not page.pane.add_paper.isVisible()
    assert [step.state for step in page.pane.steps.rows] == [StepState.LATER, StepState.LATER]
    assert page.pane.menu_acts == ()

    peace = act(page, "peace", PeaceDialog)
    put_day(peace.until.control, date(2027, 1, 15))
    save(page, peace)
    assert "until Fri 15 Jan" in [fact.value for fact in page.file.facts]  # type: ignore[union-attr]  # a file is shown

    add_event_to(office, TOMASZ, Event(EventKind.REMOVAL_PROPOSED, TODAY, ground="k"))
    assert of_england(office, TOMASZ) == {"england.deletion-return"}


def test_nobody_but_the_head_is_offered_it(office: Office, qtbot: QtBot) -> None:
    record_death(
        seen_by(office, HEAD), pupil_id=TOMASZ, on=YESTERDAY, told_by="Police", peace_until_day=date(2026, 12, 18)
    )

    page = shown_page(office, qtbot, Life.LEAVING)

    assert page.side.also == ("Home education: a notice, or only said",)
    assert page.file is not None
    assert page.file.acts == ()


# -- the page itself -------------------------------------------------------------------------------------------


def test_brothers_and_sisters_are_offered_once_a_child_is_chosen(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.LEAVING)
    dialog = begin(page, LeavingDialog)
    assert dialog.picker is not None
    assert dialog.family.isHidden()
    qtbot.keyClicks(dialog.picker.finder.control, "tomasz")
    dialog.family.boxes[0].setChecked(True)
    qtbot.keyClicks(dialog.school.control, "Hill Top Primary School")
    save(page, dialog)
    assert {row.pupil_id for row in page.model.rows} == {LUCJA, TOMASZ}

    place = act(page, "place", PlaceDialog)
    place.family.boxes[0].setChecked(True)
    qtbot.keyClicks(place.by.control, "Mrs Ince")
    qtbot.keyClicks(place.how.control, "letter")
    save(page, place)

    assert "england.unknown-destination" not in of_england(office, LUCJA) | of_england(office, TOMASZ)
    page.undo()
    assert "england.unknown-destination" in of_england(office, LUCJA) & of_england(office, TOMASZ)


def test_the_off_roll_form_is_offered_first_where_the_policy_asks_for_it(office: Office, qtbot: QtBot) -> None:
    adopt(office, "east-sussex")
    tell_leaving(office, pupils=(LUCJA,), word=a_word())
    add_event_to(office, LUCJA, Event(EventKind.ARRIVAL_CONFIRMED, TODAY))
    page = shown_page(office, qtbot, Life.LEAVING)

    form = act(page, "form", FormDialog)
    assert form.form.control.chosen is Form.OFF_ROLL
    save(page, form)

    assert steps_of(page)["off-roll form"] is StepState.DONE


def test_a_letter_to_the_family_is_noted(office: Office, qtbot: QtBot) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word())
    page = shown_page(office, qtbot, Life.LEAVING)

    letter = act(page, "letter", LetterDialog)
    letter.accept_button.click()
    assert letter.said.error
    qtbot.keyClicks(letter.said.control, "Asked for the new address.")
    save(page, letter)


def test_hidden_names_show_nowhere_and_open_no_dialog(office: Office, qtbot: QtBot) -> None:
    tell_leaving(office, pupils=(LUCJA,), word=a_word())
    tab = shown_roll(office, qtbot)
    tab.show_life(Life.LEAVING)

    tab.hide_names(hidden=True)
    tab.page.new_button.click()
    tab.page.side.also_asked.emit("notice")

    assert tab.page.dialog is None
    assert tab.page.model.index(0, 0).data(Qt.ItemDataRole.DisplayRole) == "Oak"
    assert tab.page.detail.currentWidget() is not tab.page.pane


def test_every_control_of_page_and_dialogs_has_a_name(office: Office, qtbot: QtBot) -> None:
    tell_leaving(office, pupils=(LUCJA, TOMASZ), word=a_word(last_day=TODAY))
    page = shown_page(on_day(office, MONDAY), qtbot, Life.LEAVING)
    assert isinstance(page, LeavingPage)
    assert nameless_controls(page) == []
    ModelTester(None).check(page.model)

    page.ask_new()
    assert nameless_controls(opened(page, LeavingDialog)) == []
    opened(page, LeavingDialog).reject()
    for act_id in ("place", "arrival", "address", "told", "refer", "off", "file", "protection", "return", "form",
                   "notice", "consent", "review", "letter", "peace"):  # fmt: skip
        assert page.file is not None
        page.ask_act(act_id, page.file)
        dialog = opened(page, EntryDialog)
        assert nameless_controls(dialog) == [], act_id
        dialog.reject()
