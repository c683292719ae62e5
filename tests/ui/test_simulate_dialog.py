"""Trying a changed policy on the past, through real widgets and a real worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolTip
from shiboken6 import isValid

from cme_desktop.casework.simulating import load_supplied_policy
from cme_desktop.policy.simulate import SimulatedWeek
from cme_desktop.ui.background import Background, ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.entry_dialog import day_in
from cme_desktop.ui.policies.simulate_dialog import SimulateDialog
from cme_desktop.ui.policies.week_bars import WeekBars, week_table_model
from cme_desktop.ui.row_table_model import ROW_ROLE
from cme_desktop.ui.style.theme import LookChoice, Theme
from cme_desktop.ui.tab import TabContext
from tests.office import FIRST_DAY, LUCJA, TOMASZ, YESTERDAY, add_marks, at
from tests.ui.accessibility import nameless_controls

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from cme_desktop.casework.office import Office


@pytest.fixture
def context(office: Office, qapp: object) -> TabContext:
    notifier = ChangeNotifier()
    return TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources))


@pytest.fixture
def at_work(office: Office, qapp: object) -> Iterator[TabContext]:
    """A context whose use cases run on a worker of their own, as in the program."""
    notifier = ChangeNotifier()
    background = Background(office, notifier)
    yield TabContext(background, notifier, Theme(office.paths.resources))
    background.close_office()
    background.finish()


@pytest.fixture
def earlier_visit(office: Office) -> str:
    """The supplied document, with the visit of the second day on the first."""
    text = load_supplied_policy(office, "aspire-academy")
    place = text.index("n = 2\n", text.index('[[rule]]\nid = "day-2-visit"'))
    return text[:place] + "n = 1" + text[place + len("n = 2") :]


def opened(
    context: TabContext, qtbot: QtBot, *, document: str = "", supplied: str = "", named: bool = True
) -> SimulateDialog:
    dialog = SimulateDialog(context, title="our draft", document=document, supplied=supplied, named=named)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: hasattr(dialog, "first"))
    dialog.show()
    return dialog


def simulate(dialog: SimulateDialog, qtbot: QtBot) -> None:
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: not dialog.found.isHidden() or not dialog.problem.isHidden())


def test_this_school_year_so_far_is_offered(context: TabContext, qtbot: QtBot) -> None:
    dialog = opened(context, qtbot, supplied="aspire-academy")

    assert (day_in(dialog.first.control), day_in(dialog.last.control)) == (FIRST_DAY, YESTERDAY)


def test_before_any_school_day_is_over_it_says_so_and_has_nothing_to_press(office: Office, qtbot: QtBot) -> None:
    summer = at(office, datetime(2026, 9, 2, 9, 0, tzinfo=UTC))
    notifier = ChangeNotifier()
    context = TabContext(ImmediateBackground(summer, notifier), notifier, Theme(office.paths.resources))
    dialog = SimulateDialog(context, title="our draft", supplied="aspire-academy")
    qtbot.addWidget(dialog)

    assert not dialog.problem.isHidden()
    assert not dialog.accept_button.isEnabled()


def test_whose_flags_change_is_listed_with_a_sentence(
    context: TabContext, office: Office, qtbot: QtBot, earlier_visit: str
) -> None:
    add_marks(office, LUCJA, "O", date(2026, 10, 22), date(2026, 11, 3))
    add_marks(office, TOMASZ, "O", date(2026, 10, 6))
    dialog = opened(context, qtbot, document=earlier_visit)

    simulate(dialog, qtbot)

    model = dialog.found.flags
    shown = [[model.index(row, column).data() for column in range(5)] for row in range(model.rowCount())]
    assert shown == [
        ["Visit the home on day 2", "Tomasz Wiśniewski, Beech", "–", "Tue 6 Oct 2026", "newly flagged"],
        ["Visit the home on day 2", "Łucja Wiśniewska, Oak", "Fri 23 Oct 2026", "Thu 22 Oct 2026",
         "1 school day earlier"],
    ]  # fmt: skip
    assert model.index(0, 2).data(Qt.ItemDataRole.AccessibleTextRole) == "not flagged"
    assert "1 new, 1 earlier; as many calls and 1 more home visit." in dialog.found.sentence.text()
    assert dialog.found.table.isVisible()
    assert dialog.found.nothing.isHidden()
    assert dialog.accept_button.isEnabled()


def test_names_can_be_left_out(context: TabContext, office: Office, qtbot: QtBot, earlier_visit: str) -> None:
    add_marks(office, LUCJA, "O", date(2026, 10, 6))
    dialog = opened(context, qtbot, document=earlier_visit, named=False)

    simulate(dialog, qtbot)

    assert dialog.found.flags.index(0, 1).data() == "pupil 1"


def test_a_policy_that_changes_nothing_says_so(context: TabContext, office: Office, qtbot: QtBot) -> None:
    add_marks(office, LUCJA, "O", date(2026, 10, 6), date(2026, 10, 9))
    dialog = opened(context, qtbot, supplied="aspire-academy")

    simulate(dialog, qtbot)

    assert dialog.found.nothing.isVisible()
    assert dialog.found.nothing.accessibleName().startswith("Nothing would have changed. 42 school days judged")
    assert not dialog.found.table.isVisible()
    assert not dialog.found.picture.isVisible()


def test_the_picture_turns_into_its_table_and_back(
    context: TabContext, office: Office, qtbot: QtBot, earlier_visit: str
) -> None:
    add_marks(office, LUCJA, "O", date(2026, 10, 6))
    dialog = opened(context, qtbot, document=earlier_visit)
    simulate(dialog, qtbot)
    assert dialog.found.picture.isVisible()

    dialog.found.switch.click()

    weeks = dialog.found.weeks.model()
    row = next(row for row in range(weeks.rowCount()) if weeks.index(row, 0).data(ROW_ROLE).monday == date(2026, 10, 5))
    assert [weeks.index(row, column).data() for column in range(4)] == ["Mon 5 Oct 2026", "0", "1", "1 more"]
    assert dialog.found.weeks.isVisible()
    assert dialog.found.switch.text() == "Picture"
    dialog.found.switch.click()
    assert dialog.found.picture.isVisible()


def test_a_document_with_faults_is_explained_line_by_line(context: TabContext, office: Office, qtbot: QtBot) -> None:
    text = load_supplied_policy(office, "aspire-academy").replace("n = 2\n", 'n = "two"\n', 1)
    dialog = opened(context, qtbot, document=text)

    simulate(dialog, qtbot)

    said = [label.text() for label in dialog.problem.findChildren(QLabel)]
    assert 'line 465: "n" must be a whole number Correct the document, and try again. Nothing was judged.' in said
    assert dialog.found.isHidden()
    assert dialog.accept_button.isEnabled()


def test_a_period_that_ends_before_it_begins_is_said_in_its_field(
    context: TabContext, qtbot: QtBot, earlier_visit: str
) -> None:
    dialog = opened(context, qtbot, document=earlier_visit)
    dialog.last.control.setDate(QDate(2026, 9, 1))

    dialog.accept_button.click()

    assert dialog.last.error == "Give a day on or after the first."
    assert dialog.found.isHidden()


def test_a_period_to_come_is_refused_in_words(context: TabContext, qtbot: QtBot, earlier_visit: str) -> None:
    dialog = opened(context, qtbot, document=earlier_visit)
    dialog.last.control.setDate(QDate(2026, 12, 1))

    simulate(dialog, qtbot)

    assert not dialog.problem.isHidden()
    assert dialog.found.isHidden()


# -- beside other work -----------------------------------------------------------------------------------------


def test_somebody_else_s_work_comes_between_two_weeks(
    at_work: TabContext, office: Office, qtbot: QtBot, earlier_visit: str
) -> None:
    dialog = opened(at_work, qtbot, document=earlier_visit)
    seen: list[int] = []
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: dialog.progress.value() > 0 and not dialog.progress.isHidden())
    at_work.background.run(lambda _: None, done=lambda _: seen.append(dialog.progress.value()))

    qtbot.waitUntil(lambda: not dialog.found.isHidden())

    assert seen
    assert seen[0] < 42, "it did not wait for the end of the simulation"


def test_stop_shows_what_was_judged_by_then(
    at_work: TabContext, office: Office, qtbot: QtBot, earlier_visit: str
) -> None:
    add_marks(office, LUCJA, "O", date(2026, 9, 4))
    dialog = opened(at_work, qtbot, document=earlier_visit)
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: dialog.progress.value() > 0)

    dialog.stop_button.click()
    qtbot.waitUntil(lambda: not dialog.found.isHidden())

    assert "the rest not having been judged" in dialog.found.sentence.text()
    assert dialog.accept_button.isEnabled()


def test_closing_it_ends_the_judging(at_work: TabContext, qtbot: QtBot, earlier_visit: str) -> None:
    dialog = opened(at_work, qtbot, document=earlier_visit)
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: dialog.progress.value() > 0)
    reached = dialog.progress.value()

    dialog.reject_button.click()
    qtbot.waitUntil(lambda: not at_work.background.is_busy)

    assert dialog.found.isHidden()
    assert dialog.progress.value() == reached


@pytest.mark.parametrize("begun", [False, True])
def test_a_dialog_thrown_away_at_once_troubles_nobody(
    at_work: TabContext, qtbot: QtBot, earlier_visit: str, *, begun: bool
) -> None:
    """Closed while the period is looked up, or while the year's marks are read: what comes back finds no dialog."""
    dialog = SimulateDialog(at_work, title="our draft", document=earlier_visit)
    if begun:
        qtbot.waitUntil(lambda: hasattr(dialog, "first"))
        dialog.accept_button.click()
    dialog.show()
    dialog.reject()
    dialog.deleteLater()

    qtbot.waitUntil(lambda: not isValid(dialog))
    qtbot.waitUntil(lambda: not at_work.background.is_busy)

    assert not at_work.background.is_busy


def test_the_columns_hold_their_words_at_twice_the_size(
    context: TabContext, office: Office, qtbot: QtBot, earlier_visit: str
) -> None:
    context.theme.set_text_scale(2.0)
    add_marks(office, LUCJA, "O", date(2026, 10, 6))
    dialog = opened(context, qtbot, document=earlier_visit)
    simulate(dialog, qtbot)
    dialog.found.switch.click()

    for table in (dialog.found.table, dialog.found.weeks):
        wanted = [table.sizeHintForColumn(column) for column in range(table.model().columnCount())]
        given = [table.columnWidth(column) for column in range(table.model().columnCount())]
        assert all(width >= least for width, least in zip(given, wanted, strict=True)), (given, wanted)


# -- seen and spoken -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", [LookChoice.LIGHT, LookChoice.DARK])
def test_every_control_has_a_name(
    context: TabContext, office: Office, qtbot: QtBot, earlier_visit: str, look: LookChoice
) -> None:
    context.theme.choose(look)
    add_marks(office, LUCJA, "O", date(2026, 10, 6))
    dialog = opened(context, qtbot, document=earlier_visit)
    simulate(dialog, qtbot)
    dialog.found.switch.click()

    assert nameless_controls(dialog) == []
    assert not dialog.grab().isNull()


WEEKS = (
    SimulatedWeek(date(2026, 9, 28), 2, 2),
    SimulatedWeek(date(2026, 10, 5), 0, 3),
    SimulatedWeek(date(2026, 10, 12), 4, 1),
)


def test_the_picture_says_its_counts(context: TabContext, qtbot: QtBot) -> None:
    bars = WeekBars(context.theme, WEEKS)
    qtbot.addWidget(bars)

    assert bars.accessibleName() == (
        "Flags raised in 3 weeks: 6 before, 6 after. Most apart: Week of Mon 5 Oct 2026: 0 before, 3 after"
    )
    assert WeekBars(context.theme).accessibleName() == "No weeks"


def test_the_picture_paints_outlines_before_and_filled_bars_after(context: TabContext, qtbot: QtBot) -> None:
    context.theme.choose(LookChoice.LIGHT)
    bars = WeekBars(context.theme, (SimulatedWeek(date(2026, 10, 5), 4, 4),))
    qtbot.addWidget(bars)
    bars.resize(300, 150)
    picture = bars.grab().toImage()
    # the one week takes 40 px from the scale on: two bars, each as high as the picture
    row = [picture.pixelColor(x, 60) for x in range(picture.width())]

    filled = [x for x, colour in enumerate(row) if colour == context.theme.color("accent")]
    outlined = [x for x, colour in enumerate(row) if colour == context.theme.color("text2")]

    assert len(filled) > 10
    assert len(outlined) == 2
    assert max(outlined) < min(filled)


def test_pointing_at_a_week_names_it(context: TabContext, qtbot: QtBot) -> None:
    bars = WeekBars(context.theme, WEEKS)
    qtbot.addWidget(bars)
    bars.resize(300, 150)
    bars.show()
    spot = QPoint(80, 60)

    QApplication.sendEvent(bars, QHelpEvent(QHelpEvent.Type.ToolTip, spot, bars.mapToGlobal(spot)))

    assert QToolTip.text().startswith("Week of Mon 5 Oct 2026")
    QToolTip.hideText()


def test_the_twin_says_more_and_fewer(context: TabContext) -> None:
    model = week_table_model(WEEKS)

    assert [model.index(row, 3).data() for row in range(3)] == ["–", "3 more", "3 fewer"]
