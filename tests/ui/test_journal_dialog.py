"""The journal on screen: read when it opens, narrowed while somebody types, and gone on with."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_contact_attempt
from cme_desktop.domain.events import AttemptOutcome, With
from cme_desktop.storage.journal import write_journal
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.school.journal_dialog import JournalDialog
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import HEAD, LUCJA, MANAGER, NOW, seen_by
from tests.ui.accessibility import nameless_controls


@pytest.fixture
def dialog(office: Office, qtbot: QtBot) -> JournalDialog:
    record_contact_attempt(
        office, pupils=(LUCJA,), contact_id=None, with_=With.MOTHER, outcome=AttemptOutcome.NO_ANSWER
    )
    record_contact_attempt(
        seen_by(office, HEAD), pupils=(LUCJA,), contact_id=None, with_=With.FATHER, outcome=AttemptOutcome.UNAWARE
    )
    notifier = ChangeNotifier()
    shown = JournalDialog(TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources)))
    qtbot.addWidget(shown)
    return shown


def shown_by(dialog: JournalDialog) -> list[str]:
    return [row.by for row in dialog.model.rows]


def test_it_opens_on_the_newest_entries(dialog: JournalDialog) -> None:
    model = dialog.model

    assert [model.index(0, column).data() for column in range(5)] == [
        "Tue 10 Nov 2026, 9:40", "Dr Ann Teal", "Father does not know where the child is", "Łucja Wiśniewska",
        str(model.rows[0].number),
    ]  # fmt: skip
    assert not dialog.older_button.isEnabled()


def test_words_narrow_it_once_typing_stops_and_what_is_not_there_is_said(dialog: JournalDialog, qtbot: QtBot) -> None:
    qtbot.keyClicks(dialog.words.control, "no answer")
    qtbot.waitUntil(lambda: shown_by(dialog) == ["Pat Mellor"])

    qtbot.keyClicks(dialog.words.control, " giraffe")
    qtbot.waitUntil(lambda: not dialog.none.isHidden())
    assert dialog.table.isHidden()


def test_a_person_narrows_it(dialog: JournalDialog) -> None:
    dialog.person.control.choose(HEAD.id)
    dialog.person.control.activated.emit(dialog.person.control.currentIndex())

    assert shown_by(dialog) == ["Dr Ann Teal"]


def test_older_entries_come_after_those_shown(dialog: JournalDialog, office: Office) -> None:
    with office.database.transaction() as db:
        for _ in range(250):
            write_journal(db, at=NOW, by=MANAGER.id, act="tried", subject="school", details={})
    dialog.read()
    first = len(dialog.model.rows)

    dialog.older_button.click()

    numbers = [row.number for row in dialog.model.rows]
    assert len(numbers) > first
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == 1


def test_every_control_has_a_name(dialog: JournalDialog) -> None:
    assert nameless_controls(dialog) == []
