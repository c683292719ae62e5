"""The leavers: to which school each goes, and who there has confirmed the place; one school for many at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from cme_desktop.casework.in_words import count_of, say_long_day
from cme_desktop.casework.new_year.plan import LeaverPlan
from cme_desktop.domain.events import Destination
from cme_desktop.ui.entry_dialog import ChoiceBox
from cme_desktop.ui.first_run.page import Page, mark_wrong
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import LinkButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cme_desktop.casework.new_year.desk import NewYearDesk, PupilLine
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.style.theme import Theme

_WIDEST: Final = 980
_KINDS: Final = (
    ("Not known", Destination.UNKNOWN),
    ("State school", Destination.KNOWN),
    ("Independent school", Destination.OUTSIDE_STATE_SECTOR),
    ("Abroad", Destination.ABROAD),
)


@dataclass(frozen=True, slots=True)
class LeaverRow:
    """One leaver's fields."""

    pupil: PupilLine
    tick: QCheckBox
    school: QLineEdit
    kind: ChoiceBox[Destination]
    confirmed_by: QLineEdit

    def plan(self) -> LeaverPlan:
        """What is said of the leaver."""
        return LeaverPlan(self.pupil.id, self.school.text().strip(), self.kind.chosen, self.confirmed_by.text().strip())


class LeaversPage(Page):
    """``leavers`` says where each goes. Those without a confirmed place are allowed, and stay flagged."""

    def __init__(self, theme: Theme, desk: NewYearDesk) -> None:
        assert desk.last_day is not None
        super().__init__(
            theme,
            name="Leavers",
            title="Leavers",
            about=f"Their last day is {say_long_day(desk.last_day)}. The next school confirms a place; a parent’s word "
            "alone does not. A child without a confirmed place stays on the list of what is to be done.",
        )
        self.rows: list[LeaverRow] = []
        self._said: dict[PupilId, LeaverPlan] = {}
        self.school = Field(theme, "Same school for those ticked", QLineEdit())
        self.confirmed_by = Field(theme, "Confirmed by", QLineEdit(), hint="Name and post at that school; empty if not")
        self.fill_button = SecondaryButton(theme, "Fill in")
        self.tick_all = LinkButton(theme, "Tick all without a school")
        self.total = Banner(theme, kind=ChipKind.PLAIN, icon="users", sentence="", wraps=True)
        self._held = QWidget()
        self._build()
        self.fill_button.clicked.connect(self.fill_ticked)
        self.tick_all.clicked.connect(self._tick_all)

    def show_leavers(self, pupils: Iterable[PupilLine]) -> None:
        """Show these leavers; what was typed of one shown before stays."""
        self._said |= {row.pupil.id: row.plan() for row in self.rows}
        self.rows = []
        old, self._held = self._held, QWidget()
        self._held.setMaximumWidth(self.theme.scaled(_WIDEST))
        grid = QGridLayout(self._held)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(3, 4)
        grid.setColumnStretch(5, 3)
        heads = ("", "Leaver", "Class", "Next school", "Kind", "Confirmed by")
        for column, words in enumerate(heads):
            label = Label(self.theme, words, role="small", token="text2")  # noqa: S106  a colour token
            grid.addWidget(label, 0, column)
        for at, pupil in enumerate(pupils, start=1):
            self._add(grid, at, pupil)
        self.body.replaceWidget(old, self._held)
        old.hide()
        old.deleteLater()
        self._order_tabs()
        self._count()

    def take_focus(self) -> None:
        (self.school.control if self.rows else self).setFocus(Qt.FocusReason.TabFocusReason)

    def leavers(self) -> tuple[LeaverPlan, ...]:
        """Where each goes."""
        return tuple(row.plan() for row in self.rows)

    def fill_ticked(self) -> None:
        """Put one school and who confirmed into every row ticked."""
        school, by = self.school.control.text().strip(), self.confirmed_by.control.text().strip()
        self.school.set_error("" if school else "Type the school first.")
        if not school:
            return
        for row in self.rows:
            if row.tick.isChecked():
                row.school.setText(school)
                row.confirmed_by.setText(by)
                row.school.setCursorPosition(0)
                row.confirmed_by.setCursorPosition(0)
                row.kind.choose(Destination.KNOWN)
                row.tick.setChecked(False)
        self._count()
        self.edited.emit()

    def check(self) -> bool:
        wrong = [row for row in self.rows if row.plan().is_confirmed and row.kind.chosen is Destination.UNKNOWN]
        for row in self.rows:
            mark_wrong(row.school, wrong=row in wrong)
        if wrong:
            self.total.say(
                kind=ChipKind.NOW, icon="circle-alert", sentence="A place is confirmed, and the school is not named",
                remedy=f"Type the next school of {count_of(len(wrong), 'leaver')}, or empty who confirmed it.",
            )  # fmt: skip
        return not wrong

    def gap_after(self, control: QWidget | None) -> QWidget | None:
        for column in ([row.school for row in self.rows], [row.confirmed_by for row in self.rows]):
            if control in column:
                later = column[column.index(control) + 1 :]
                return later[0] if later else None
        return self.fill_button if control in {self.school.control, self.confirmed_by.control} else None

    # -- private -----------------------------------------------------------------------------------------------

    def _add(self, grid: QGridLayout, at: int, pupil: PupilLine) -> None:
        said = self._said.get(pupil.id, pupil.leaver)
        tick = QCheckBox()
        kind: ChoiceBox[Destination] = ChoiceBox(_KINDS)
        row = LeaverRow(pupil, tick, QLineEdit(said.school), kind, QLineEdit(said.confirmed_by))
        kind.choose(said.destination)
        tick.setChecked(not said.school)
        for control, name in (
            (tick, "ticked"), (row.school, "next school"), (kind, "kind of school"), (row.confirmed_by, "confirmed by"),
        ):  # fmt: skip
            control.setAccessibleName(f"{pupil.name}, {name}")
            control.setFont(self.theme.font("body"))
        row.school.setMinimumWidth(self.theme.scaled(130))
        row.confirmed_by.setMinimumWidth(self.theme.scaled(110))
        widgets = (
            tick, Label(self.theme, pupil.name, role="body-strong", wraps=True),
            Label(self.theme, pupil.class_name, token="text2"), row.school, kind, row.confirmed_by,  # noqa: S106  as above
        )  # fmt: skip
        for column, widget in enumerate(widgets):
            grid.addWidget(widget, at, column)
        row.school.textEdited.connect(lambda words: _name_school(row, words))
        for edit in (row.school, row.confirmed_by):
            edit.textEdited.connect(self._count)
            edit.textEdited.connect(self._say_edited)
        kind.currentIndexChanged.connect(self._count)
        self.rows.append(row)

    def _order_tabs(self) -> None:
        controls: list[QWidget] = [self.school.control, self.confirmed_by.control, self.fill_button, self.tick_all]
        for row in self.rows:
            controls += [row.tick, row.school, row.kind, row.confirmed_by]
        for before, after in pairwise(controls):
            QWidget.setTabOrder(before, after)

    def _count(self) -> None:
        confirmed = sum(1 for row in self.rows if row.plan().is_confirmed)
        left = len(self.rows) - confirmed
        if not self.rows:
            sentence, remedy = "Nobody leaves", "Go back to Classes if that is wrong."
        elif not left:
            sentence, remedy = f"{count_of(confirmed, 'leaver')}, every place confirmed", ""
        else:
            sentence = f"{count_of(len(self.rows), 'leaver')}, {confirmed} confirmed"
            remedy = f"{left} without a confirmed place: flagged until the next school confirms it."
        self.total.say(
            kind=ChipKind.TODAY if left else ChipKind.OK, icon="triangle-alert" if left else "circle-check",
            sentence=sentence, remedy=remedy,
        )  # fmt: skip
        for part in (self.school, self.confirmed_by, self.fill_button, self.tick_all):
            part.setVisible(bool(self.rows))

    def _tick_all(self) -> None:
        for row in self.rows:
            row.tick.setChecked(not row.school.text().strip())

    def _build(self) -> None:
        self.forgive(self.school)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.school, 3, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.confirmed_by, 3, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.fill_button)
        line.addWidget(self.tick_all)
        bulk = QWidget()
        bulk.setMaximumWidth(self.theme.scaled(_WIDEST))
        bulk.setLayout(line)
        line.setContentsMargins(0, 0, 0, 0)
        for part in (self.total, bulk, self._held):
            self.body.addWidget(part)
        self.total.setMaximumWidth(self.theme.scaled(_WIDEST))
        self.end()


def _name_school(row: LeaverRow, words: str) -> None:
    """A school that is named is, unless somebody says otherwise, one of the state."""
    mark_wrong(row.school, wrong=False)
    if words.strip() and row.kind.chosen is Destination.UNKNOWN:
        row.kind.choose(Destination.KNOWN)
    elif not words.strip():
        row.kind.choose(Destination.UNKNOWN)
