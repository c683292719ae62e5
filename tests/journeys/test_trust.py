"""What a school has to be able to trust, tried as somebody new would: through the windows, in one school's folder.

A forgotten password and the printed key; a leaver; a stolen disk; yesterday's backup; a wrong mark put right.
"""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, TypeVar
from zipfile import ZipFile

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.backup_places import add_place
from cme_desktop.casework.made_up_school import MadeUpSchool, make_up_school
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.phone_codes import code_at, step_at
from cme_desktop.casework.register import load_register
from cme_desktop.casework.second_factor import offer_phone, switch_on
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.casework.this_computer import let_this_computer_open
from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.identifiers import PupilId, UserId
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage.contacts import load_contacts_by_pupil
from cme_desktop.storage.database import fits, open_database
from cme_desktop.storage.pupils import list_all_pupils
from cme_desktop.storage.vault import WrongPasswordError, unlock
from cme_desktop.ui.errand import ImmediateErrand
from cme_desktop.ui.main_window import MainWindow
from cme_desktop.ui.recovery_dialog import RecoveryDialog
from cme_desktop.ui.register.grid_model import RegisterGridModel
from cme_desktop.ui.register.tab import RegisterTab
from cme_desktop.ui.restore_dialog import RestoreDialog
from cme_desktop.ui.school.backups_dialog import BackupsDialog
from cme_desktop.ui.school.journal_dialog import JournalDialog
from cme_desktop.ui.school.people_dialog import PeopleDialog
from cme_desktop.ui.school.try_key_dialog import TryRecoveryKeyDialog
from cme_desktop.ui.start import Program
from cme_desktop.ui.style.remembered_look import remember_look
from cme_desktop.ui.widgets.dialog import AskDialog
from tests.credential_store import credential_store
from tests.journeys.answering import Answers, press

PASSWORD: Final = "brown paper parcel string"
NEW_PASSWORD: Final = "kettle lamp river seven"
NOW: Final = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
"""A Friday morning in November: UTC and local time agree."""

PAT, ANN = 1, 2
T = TypeVar("T")
REGISTER: Final = 1


class Clock:
    """The office clock, which a test sets on."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Services:
    paths: Paths
    now: Callable[[], datetime]
    demo_password: str | None = None


class Desk:
    """The program under somebody's hands."""

    def __init__(self, qtbot: QtBot, paths: Paths, clock: Clock) -> None:
        self._qtbot, self.paths, self.clock = qtbot, paths, clock
        self.program = Program(Services(paths, clock), errand=ImmediateErrand())
        self.program.begin()

    @property
    def window(self) -> MainWindow:
        assert self.program.main_window is not None
        return self.program.main_window

    def unlock(self, person: int, password: str) -> bool:
        """Type a password; whether the window opened."""
        door = self.program.unlock_window
        assert door is not None
        door.choose(person)
        door.password.control.clear()
        QTest.keyClicks(door.password.control, password)
        QTest.keyClick(door.password.control, Qt.Key.Key_Return)
        self.settle()
        return not door.isVisible()

    @property
    def said_at_the_door(self) -> str:
        assert self.program.unlock_window is not None
        return self.program.unlock_window.password.error

    @property
    def who_may_open(self) -> list[str]:
        assert self.program.unlock_window is not None
        return [person.name for person in self.program.unlock_window.people]

    def choose(self, words: str, *answers: tuple[type, Callable[..., None]]) -> None:
        """Choose an entry of a menu, and answer the dialogs that come up."""
        given = Answers(*answers)
        menus = self.window.findChildren(QMenu)
        action: QAction = next(act for menu in menus for act in menu.actions() if act.text().replace("&", "") == words)
        action.trigger()
        self.settle()
        assert given.are_given

    def settle(self) -> None:
        """Wait until the worker has nothing more to do."""
        for _ in range(2):
            QApplication.processEvents()
            self._qtbot.waitUntil(self._is_idle, timeout=20_000)
        QApplication.processEvents()

    def _is_idle(self) -> bool:
        return self.program.background is None or not self.program.background.is_busy

    def read(self, op: Callable[[Office], T]) -> list[T]:
        found: list[T] = []
        assert self.program.background is not None
        self.program.background.run(op, done=found.append)
        self.settle()
        return found

    def end(self) -> None:
        self.settle()
        self.program.end()
        for window in (self.program.main_window, self.program.unlock_window):
            if window is not None:
                window.deleteLater()
        QApplication.processEvents()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A made-up school of forty pupils, and its printed recovery key."""
    paths = find_paths(tmp_path_factory.mktemp("trust") / "data")
    made = make_up_school(paths, MadeUpSchool(pupils=40, years=1), password=PASSWORD, now=lambda: NOW)
    leave_desk(made.office)
    return paths.data, made.recovery_key


@pytest.fixture
def paths(tmp_path: Path, template: tuple[Path, str]) -> Paths:
    shutil.copytree(template[0], tmp_path / "school" / "data")
    return replace(find_paths(tmp_path / "school" / "data"), here=tmp_path / "this-pc")


@pytest.fixture
def desk(paths: Paths, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot, paths, Clock())
    yield made
    made.end()


def amend(desk: Desk, pupil: PupilId, session: SchoolSession, code: str, reason: str) -> None:
    """Type a code over a mark in the register, and say why."""
    tab = desk.window.show_tab(REGISTER)
    assert isinstance(tab, RegisterTab)
    tab.show_pupil(pupil)
    desk.settle()
    tab.take_focus()
    model = tab.grid.model()
    assert isinstance(model, RegisterGridModel)
    row, column = model.row_of(pupil), model.column_of(session)
    assert row is not None
    assert column is not None
    tab.grid.setCurrentIndex(model.index(row, column))
    desk.settle()
    QTest.keyClicks(tab.grid, code)
    desk.settle()
    QTest.keyClicks(tab.panel.card.reason.control, reason)
    QTest.keyClick(tab.panel.card.reason.control, Qt.Key.Key_Return)
    desk.settle()


def somebody_present(office: Office) -> tuple[PupilId, str]:
    """A pupil who was marked present this morning, and the class."""
    for class_name in load_register(office, class_name="", first=NOW.date(), last=NOW.date()).classes:
        screen = load_register(office, class_name=class_name, first=NOW.date(), last=NOW.date())
        for row in screen.rows:
            cell = next((cell for cell in row.cells if cell.session == MORNING), None)
            if cell is not None and cell.code is not None and cell.code.letter == "/":
                return row.pupil_id, screen.class_name
    raise AssertionError("nobody is present")


MORNING: Final = SchoolSession(NOW.date(), Half.AM)


def code_of(office: Office, pupil: PupilId, class_name: str) -> str:
    screen = load_register(office, class_name=class_name, first=NOW.date(), last=NOW.date())
    row = next(row for row in screen.rows if row.pupil_id == pupil)
    cell = next(cell for cell in row.cells if cell.session == MORNING)
    return cell.code.letter if cell.code else "?"


# -- 1. a forgotten password ---------------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_with_the_key_from_the_safe(desk: Desk, template: tuple[Path, str]) -> None:
    assert not desk.unlock(PAT, "what was it again")
    assert "printed recovery key" in desk.said_at_the_door

    def fill(dialog: RecoveryDialog) -> None:
        QTest.keyClicks(dialog.key.control, template[1].lower().replace("-", " "))
        for field in (dialog.new, dialog.again):
            QTest.keyClicks(field.control, NEW_PASSWORD)
        press(dialog, "Set the password")

    door = desk.program.unlock_window
    assert door is not None
    given = Answers((RecoveryDialog, fill))
    press(door, "Forgotten your password?")

    assert given.are_given
    assert door.focusWidget() is door.password.control  # what is typed now is the new password
    assert "new password" in door.note
    assert not desk.unlock(PAT, PASSWORD)
    assert desk.unlock(PAT, NEW_PASSWORD)
    assert desk.read(lambda office: examine_records(office).ok) == [True]


def test_the_key_in_the_safe_is_tried_before_it_is_needed(desk: Desk, template: tuple[Path, str]) -> None:
    def try_it(dialog: TryRecoveryKeyDialog) -> None:
        QTest.keyClicks(dialog.key.control, template[1])
        press(dialog, "Try it")
        desk.settle()
        said.append(dialog.problem.accessibleName())
        press(dialog, "Close")

    said: list[str] = []
    assert desk.unlock(PAT, PASSWORD)
    desk.choose("Try the recovery key…", (TryRecoveryKeyDialog, try_it))

    assert "It opens the records." in said[0]


# -- 2. somebody leaves --------------------------------------------------------------------------------------------


def test_a_leaver_opens_nothing_any_more_and_an_old_copy_stays_what_it_was(
    desk: Desk, paths: Paths, tmp_path: Path
) -> None:
    old = replace(paths, data=tmp_path / "kept-by-the-leaver")
    shutil.copytree(paths.data, old.data)
    assert desk.unlock(ANN, PASSWORD)

    def remove_pat(dialog: PeopleDialog) -> None:
        desk.settle()
        names = [user.name for user in dialog.model.rows]
        dialog.table.selectRow(names.index("Pat Mellor"))
        press(dialog, "Remove…")
        desk.settle()
        press(dialog, "Close")

    desk.choose(
        "People and passwords…", (PeopleDialog, remove_pat), (AskDialog, lambda dialog: press(dialog, "Remove"))
    )
    desk.program.lock()

    # at the school
    assert "Pat Mellor" not in desk.who_may_open
    with pytest.raises(WrongPasswordError, match="can't open"):
        open_office(paths, user_id=UserId(PAT), password=PASSWORD, now=desk.clock)
    # the copy they kept: it opens, as docs/security.md says, and shows what they knew
    old_key = unlock(old.keys, user_id=PAT, password=PASSWORD)
    assert fits(old.records, old_key)
    # but neither its key nor its key file opens what was written since
    assert not fits(paths.records, old_key)
    mixed = replace(paths, data=tmp_path / "mixed")
    mixed.data.mkdir()
    shutil.copy(paths.records, mixed.records)
    shutil.copy(old.keys, mixed.keys)
    with pytest.raises(CmeError):
        open_office(mixed, user_id=UserId(PAT), password=PASSWORD, now=desk.clock)
    assert desk.unlock(ANN, PASSWORD)


# -- 3. a stolen disk ----------------------------------------------------------------------------------------------


def names_in(office: Office) -> set[str]:
    """Whatever of a child or a family could be recognised."""
    with office.database.reading() as db:
        pupils, contacts = list_all_pupils(db), load_contacts_by_pupil(db)
    words: set[str] = set()
    for pupil in pupils:
        words |= {pupil.legal_surname, pupil.legal_forename, str(pupil.upn or ""), pupil.address}
    for contact in (one for each in contacts.values() for one in each):
        words |= {contact.forename, contact.surname, *(number.text for number in contact.numbers)}
    return {word for word in words if len(word) > LONG_ENOUGH}


LONG_ENOUGH: Final = 4
"""Letters: shorter words stand in a megabyte of noise by chance."""


def everything_under(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def assert_opens_with_no_key_at_hand(records: Path) -> None:
    assert not records.read_bytes().startswith(b"SQLite format 3")
    assert not fits(records, bytes(32))
    with pytest.raises(CmeError):
        open_database(records, bytes(range(32)))


def test_whoever_steals_the_disk_reads_no_child_and_opens_nothing(desk: Desk, paths: Paths, tmp_path: Path) -> None:
    """And this is exactly what they do read."""
    stick = tmp_path / "stick"
    stick.mkdir()
    with credential_store() as store:
        office = open_office(paths, user_id=UserId(ANN), password=PASSWORD, now=desk.clock)
        offer = offer_phone(office)
        switch_on(office, offer, password=PASSWORD, code=code_at(offer.secret, step_at(NOW)))
        let_this_computer_open(office, password=PASSWORD)
        add_place(office, stick)
        make_backup(office, to=stick)
        leave_desk(office)
    assert desk.unlock(PAT, PASSWORD)
    words, (pupil, _) = desk.read(names_in)[0], desk.read(somebody_present)[0]
    amend(desk, pupil, MORNING, "i", "Mother rang, poorly")

    def back_up(dialog: BackupsDialog) -> None:
        press(dialog, "Back up now")
        desk.settle()
        press(dialog, "Close")

    desk.choose("Backups…", (BackupsDialog, back_up))
    desk.program.lock()
    remember_look(desk.program.theme, paths)
    assert not desk.unlock(PAT, "not the password")

    taken = everything_under(tmp_path)
    assert len(words) > 100
    for name, held in taken.items():
        assert not {word for word in words if word.encode() in held or word.encode("utf-16-le") in held}, name
        assert not {word for word in words if word in name}, name

    for records in tmp_path.rglob("records.cme"):
        assert_opens_with_no_key_at_hand(records)
    here = json.loads(taken["this-pc/this-computer.json"])
    keys = json.loads(taken["school/data/keys.json"])
    assert not any(fits(paths.records, b64decode(key)) for key in here["factors"].values())
    assert store.held, "the secret of this computer is in the system's store, not on the disk in the open"
    assert not any(secret.encode() in held for secret in store.held.values() for held in taken.values())

    # what can be read, and nothing else: who works here, how the keys are wrapped, how often somebody guessed, how much
    names = (re.sub(r"\d{4}-\d\d-\d\d(-\d{4,6})?", "DAY", name) for name in taken)
    assert sorted(re.sub(r"place-[0-9a-f]{12}", "place-MARK", name) for name in names) == [
        "school/data/backup-places.json",
        "school/data/backups/cme-desktop-DAY.cmebackup",
        "school/data/keys.json",
        "school/data/records.cme",
        "school/data/records.lock",
        "school/data/tries.json",
        "school/data/window.ini",
        "stick/cme-desktop-DAY-2.cmebackup",
        "stick/cme-desktop-DAY.cmebackup",
        "stick/cme-desktop-place-MARK.json",
        "this-pc/this-computer.json",
    ]
    assert set(keys) == {"format", "database", "slots", "devices", "head", "sum"}
    assert [(slot["kind"], slot["user"], slot["name"]) for slot in sorted(keys["slots"], key=lambda s: s["user"])] == [
        ("recovery", 0, ""), ("password", 1, "Pat Mellor"), ("password", 2, "Dr Ann Teal"), ("password", 3, "Sam Rook"),
    ]  # fmt: skip
    assert {name for slot in keys["slots"] for name in slot} == {
        "kind", "user", "name", "cost", "salt", "nonce", "wrapped", "public", "verify", "sealed", "factor",
    }  # fmt: skip
    assert set(keys["head"]) == {"number", "hash", "at", "by", "signature"}
    assert list(json.loads(taken["school/data/tries.json"])) == ["1"]
    known = json.loads(taken["school/data/backup-places.json"])
    assert set(known) == {"format", "reaches_entry", "failed", "places", "trial"}
    assert {name for place in known["places"] for name in place} == {
        "kind", "folder", "count", "newest_at", "reached_at", "is_away", "problem", "is_odd", "is_marked", "tried_at",
    }  # fmt: skip
    assert set(re.findall(rb"(?m)^(\w+)=", taken["school/data/window.ini"])) == {
        b"look", b"show_keys", b"text_scale", b"reception", b"second_screen", b"sharing",
    }  # fmt: skip
    assert taken["school/data/records.lock"] == b""
    assert set(here) == {"factors", "devices"}
    for name, held in taken.items():
        if name.endswith(".cmebackup"):
            with ZipFile(tmp_path / name) as archive:
                assert sorted(archive.namelist()) == ["about.json", "keys.json", "records.cme"]
                assert set(json.loads(archive.read("about.json"))) == {
                    "format", "made_at", "automatic", "key_mark", "pupils", "marks", "journal_entries",
                }  # fmt: skip
            assert held


# -- 4. yesterday's backup -----------------------------------------------------------------------------------------


def test_yesterdays_backup_comes_back_with_yesterdays_work_and_what_was_there_is_kept(
    desk: Desk, paths: Paths, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert desk.unlock(PAT, PASSWORD)
    pupil, class_name = desk.read(somebody_present)[0]
    amend(desk, pupil, MORNING, "i", "Mother rang, poorly")
    desk.read(lambda office: make_backup(office, to=stick))
    desk.clock.at += timedelta(hours=6)
    amend(desk, pupil, MORNING, "m", "Dentist, father wrote")
    assert desk.read(partial(code_of, pupil=pupil, class_name=class_name)) == ["M"]
    desk.program.lock()

    def bring_back(dialog: RestoreDialog) -> None:
        dialog.read(also=stick)
        dialog.table.selectRow(next(at for at, copy in enumerate(dialog.model.rows) if copy.file.parent == stick))
        dialog.who.control.choose("Pat Mellor")
        QTest.keyClicks(dialog.password.control, PASSWORD)
        press(dialog, "Look inside")
        said.append(dialog.state.accessibleName())
        press(dialog, "Bring it back")

    said: list[str] = []
    door = desk.program.unlock_window
    assert door is not None
    given = Answers((RestoreDialog, bring_back))
    press(door, "Bring a backup back…")

    assert given.are_given
    assert said[0].startswith("Larkfield Primary School: sound. 4")
    assert desk.unlock(PAT, PASSWORD)
    assert desk.read(partial(code_of, pupil=pupil, class_name=class_name)) == ["I"]
    assert desk.read(lambda office: examine_records(office).ok) == [True]
    (aside,) = (folder for folder in paths.data.iterdir() if "before-restore" in folder.name)
    kept = open_office(replace(paths, data=aside), user_id=UserId(PAT), password=PASSWORD, now=desk.clock)
    assert code_of(kept, pupil, class_name) == "M"
    kept.database.close()


# -- 5. a wrong mark -----------------------------------------------------------------------------------------------


def test_a_wrong_mark_is_put_right_and_both_are_seen_in_the_journal(desk: Desk) -> None:
    assert desk.unlock(ANN, PASSWORD)
    pupil, class_name = desk.read(somebody_present)[0]
    amend(desk, pupil, MORNING, "u", "Came late")
    amend(desk, pupil, MORNING, "i", "Mother rang, poorly: the other child was late")

    def look(dialog: JournalDialog) -> None:
        desk.settle()
        seen.extend(line.said for line in dialog.model.rows[:2])
        press(dialog, "Close")

    seen: list[str] = []
    desk.choose("Journal…", (JournalDialog, look))

    assert seen == [
        "Amended a mark: U to I, Fri 20 Nov morning",
        "Amended a mark: / to U, Fri 20 Nov morning",
    ]
    assert desk.read(partial(code_of, pupil=pupil, class_name=class_name)) == ["I"]
    assert desk.read(lambda office: examine_records(office).ok) == [True]
