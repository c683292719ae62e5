"""Work goes through one door: results, errors and changes come back to the window's thread."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cme_desktop.casework.office import Office
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import CmeError, RefusedError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.ui.background import Background, ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.errand import Errand
from tests.office import an_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


def _refuse(office: Office) -> None:
    raise RefusedError("This can't be done yet.")


def test_the_result_comes_back_to_the_windows_thread(office: Office, qtbot: QtBot) -> None:
    background = Background(office, ChangeNotifier())
    threads: list[threading.Thread] = []
    results: list[threading.Thread] = []

    def show(worker: threading.Thread) -> None:
        results.append(worker)
        threads.append(threading.current_thread())

    background.run(lambda _: threading.current_thread(), done=show)
    qtbot.waitUntil(lambda: bool(results))
    background.finish()

    assert threads == [threading.main_thread()]
    assert results[0] is not threading.main_thread()


def test_changes_are_told_to_every_screen(office: Office, qtbot: QtBot) -> None:
    notifier = ChangeNotifier()
    background = Background(office, notifier)

    with qtbot.waitSignal(notifier.changed) as told:
        background.run(lambda _: Changes.to(Area.MARKS, pupil=PupilId(1)))
    background.finish()

    assert told.args == [Changes.to(Area.MARKS, pupil=PupilId(1))]


def test_an_error_for_the_user_reaches_who_asked(office: Office, qtbot: QtBot) -> None:
    background = Background(office, ChangeNotifier())
    errors: list[CmeError] = []

    background.run(_refuse, failed=errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    background.finish()

    assert errors[0].title == "This can't be done yet."


def test_an_error_nobody_waits_for_is_shown_by_the_window(office: Office, qtbot: QtBot) -> None:
    background = Background(office, ChangeNotifier())

    with qtbot.waitSignal(background.problem):
        background.run(_refuse)

    background.finish()


def test_a_locked_office_delivers_nothing(office: Office, qtbot: QtBot) -> None:
    background = Background(office, ChangeNotifier())
    shown: list[int] = []
    background.run(lambda _: 1, done=shown.append)

    background.close_office()
    qtbot.wait(20)
    background.run(lambda _: 2, done=shown.append)
    background.finish()

    assert shown == []
    assert background.office is None


def test_what_may_wait_for_a_paint_runs_after_what_may_not(office: Office, qtbot: QtBot) -> None:
    background = Background(office, ChangeNotifier())
    shown: list[str] = []

    background.run(lambda _: "later", done=shown.append, after_paint=True)
    background.run(lambda _: "now", done=shown.append)
    assert background.is_busy
    qtbot.waitUntil(lambda: not background.is_busy)
    background.finish()

    assert shown == ["now", "later"]


def test_what_waits_for_a_paint_is_dropped_when_the_window_locks(office: Office, qtbot: QtBot) -> None:
    background = Background(office, ChangeNotifier())
    ran: list[Office] = []
    background.run(ran.append, after_paint=True)

    background.close_office()
    background.open_office(office)
    qtbot.wait(250)
    background.finish()

    assert ran == []
    assert not background.is_busy


def test_the_immediate_door_runs_at_once(office: Office, qtbot: QtBot) -> None:
    shown: list[str] = []

    ImmediateBackground(office).run(lambda found: found.user.name, done=shown.append)

    assert shown == [office.user.name]
    with pytest.raises(RefusedError):
        ImmediateBackground(office).run(_refuse)


class _Held:
    """Stands for whatever a screen hands over, dialogs and all; notes on which thread it is let go."""

    def __init__(self, let_go_on: list[str]) -> None:
        self._let_go_on = let_go_on

    def __call__(self, given: object) -> None:
        if isinstance(given, Office):
            raise RefusedError("This can't be done yet.") if len(self._let_go_on) % 3 == 0 else CmeError("Nor this.")

    def __del__(self) -> None:
        self._let_go_on.append(threading.current_thread().name)


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as they can, so that what may go wrong between two of them does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_what_a_screen_hands_over_is_let_go_in_the_windows_thread(office: Office, qtbot: QtBot) -> None:
    """Qt ends the whole program when a widget is destroyed on the worker's thread."""
    background = Background(office, ChangeNotifier())
    let_go_on: list[str] = []

    for _ in range(60):
        background.run(_Held(let_go_on), done=_Held(let_go_on), failed=_Held(let_go_on))
        background.run(lambda _: None, done=_Held(let_go_on))
        qtbot.waitUntil(lambda: not background.is_busy)
    qtbot.waitUntil(lambda: len(let_go_on) == 4 * 60)
    background.finish()

    assert set(let_go_on) == {threading.main_thread().name}


@pytest.mark.usefixtures("hasty")
def test_what_an_errand_was_given_is_let_go_in_the_windows_thread(qtbot: QtBot) -> None:
    errand, let_go_on, came_back = Errand(), list[str](), list[object]()

    for _ in range(60):
        came_back.clear()
        held = _Held(let_go_on)
        errand.run(partial(_name_thread, held), done=partial(_note, held, came_back))
        del held
        qtbot.waitUntil(lambda: bool(came_back))
    qtbot.waitUntil(lambda: len(let_go_on) == 60)

    assert set(let_go_on) == {threading.main_thread().name}


def _name_thread(held: object) -> str:
    del held
    return threading.current_thread().name


def _note(held: object, came_back: list[object], result: str) -> None:
    del held
    came_back.append(result)
