"""Classes move up: each to its next year and name, and pupil by pupil where a class is split or somebody stays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from cme_desktop.casework.in_words import count_of
from cme_desktop.casework.new_year.plan import Onward, PupilMove
from cme_desktop.ui.entry_dialog import ChoiceBox
from cme_desktop.ui.first_run.page import Page, mark_wrong, show_in_sight
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import LinkButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.new_year.desk import NewYearDesk, PupilLine
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.domain.pupils import YearGroup
    from cme_desktop.ui.style.theme import Theme

_WIDEST: Final = 900
_CHOICES: Final = tuple((onward.in_words, onward) for onward in Onward)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class, or the pupils of one year in it, and where they go on; ``exceptions`` fill its pupil rows."""

    pupils: tuple[PupilLine, ...]
    onward: ChoiceBox[Onward]
    class_name: QLineEdit


@dataclass(frozen=True, slots=True)
class PupilRow:
    """One pupil who goes another way than the class."""

    pupil: PupilLine
    onward: ChoiceBox[Onward]
    class_name: QLineEdit
    widgets: tuple[QWidget, ...]


class ClassesPage(Page):
    """``moves`` says where everybody goes on."""

    def __init__(self, theme: Theme, desk: NewYearDesk) -> None:
        super().__init__(
            theme,
            name="Classes",
            title="Classes move up",
            about="Where each class goes on, and what it is called then. Pupils who stay down, skip a year or go to "
            "another class are listed below.",
        )
        self.rows: list[ClassRow] = []
        self.exceptions: list[PupilRow] = []
        self.problem = Banner(theme, kind=ChipKind.NOW, icon="circle-alert", sentence="", wraps=True)
        self.problem.hide()
        self._pupils = {pupil.id: pupil for pupil in desk.pupils}
        by_name = sorted(desk.pupils, key=lambda one: one.name.casefold())
        self.finder: ChoiceBox[PupilId | None] = ChoiceBox(
            (("Choose a pupil…", None), *((_say_pupil(one), one.id) for one in by_name))
        )
        self.add_pupil = SecondaryButton(theme, "Add", icon="plus")
        self._grid = QGridLayout()
        self._others = QGridLayout()
        self._build(desk)
        self.add_pupil.clicked.connect(self._add_chosen)
        self.edited.connect(self.problem.hide)

    def moves(self) -> tuple[PupilMove, ...]:
        """Where each pupil goes on: as the class does, or as said of the pupil."""
        said = {
            line.id: PupilMove(line.id, row.onward.chosen, row.class_name.text().strip())
            for row in self.rows
            for line in row.pupils
        }
        said |= {
            row.pupil.id: PupilMove(row.pupil.id, row.onward.chosen, row.class_name.text().strip())
            for row in self.exceptions
        }
        return tuple(said[pupil_id] for pupil_id in self._pupils)

    def check(self) -> bool:
        moves = {move.pupil_id: move for move in self.moves()}
        wrong = [move for move in moves.values() if move.onward is Onward.UNDECIDED]
        nameless = [
            move
            for move in moves.values()
            if move.onward is not Onward.LEAVES and not move.class_name and self._pupils[move.pupil_id].class_name
        ]
        for row in self._every_row():
            mark_wrong(row.onward, wrong=row.onward.chosen is Onward.UNDECIDED)
            mark_wrong(row.class_name, wrong=_has_no_name(row))
        if wrong:
            said = f"Nobody has said where {count_of(len(wrong), 'pupil')} will go on"
            self._say(
                said, "Choose a year group, or Leaves. A nursery child moves to reception only with a place there."
            )
        elif nameless:
            self._say("A class has no name yet", "Type what each class is called in the new year.")
        else:
            self.problem.hide()
        return not wrong and not nameless

    def split(self, row: ClassRow) -> None:
        """List each pupil of a class, to say pupil by pupil where they go."""
        listed = {one.pupil.id for one in self.exceptions}
        for pupil in row.pupils:
            if pupil.id not in listed:
                self._add(pupil, row.onward.chosen, row.class_name.text())
        self._focus_last(len([pupil for pupil in row.pupils if pupil.id not in listed]))

    def gap_after(self, control: QWidget | None) -> QWidget | None:
        edits = [row.class_name for row in self._every_row() if row.class_name.isEnabled()]
        if control not in edits:
            return None
        later = edits[edits.index(control) + 1 :]
        return later[0] if later else None

    # -- private -----------------------------------------------------------------------------------------------

    def _every_row(self) -> list[ClassRow | PupilRow]:
        return [*self.rows, *self.exceptions]

    def _build(self, desk: NewYearDesk) -> None:
        held = QWidget()
        held.setMaximumWidth(self.theme.scaled(_WIDEST))
        held.setLayout(self._grid)
        others = QWidget()
        others.setMaximumWidth(self.theme.scaled(_WIDEST))
        others.setLayout(self._others)
        for grid in (self._grid, self._others):
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setHorizontalSpacing(14)
            grid.setVerticalSpacing(6)
        for column, words in enumerate(("Class now", "Year now", "Pupils", "Goes on to", "Class next", "")):
            self._grid.addWidget(_head(self.theme, words), 0, column)
        self._grid.setColumnStretch(4, 1)
        self._others.setColumnStretch(3, 1)
        for group in _by_class(desk.pupils):
            self._add_class(group)
        self.body.addWidget(self.problem)
        self.body.addWidget(held)
        self.body.addSpacing(8)
        self.body.addWidget(Label(self.theme, "Pupils who go another way", role="heading"))
        line = QHBoxLayout()
        self.finder.setAccessibleName("Pupil who goes another way")
        self.finder.setFont(self.theme.font("body"))
        self.finder.setMinimumWidth(self.theme.scaled(280))
        line.addWidget(self.finder)
        line.addWidget(self.add_pupil)
        line.addStretch(1)
        self.body.addLayout(line)
        self.body.addWidget(others)
        self.end()

    def _add_class(self, group: tuple[PupilLine, ...]) -> None:
        first, at = group[0], self._grid.rowCount()
        named = " ".join(part for part in (first.class_name or "No class", _say_year(first.year_group)) if part)
        row = ClassRow(
            group, self._choice(f"{named} goes on to", first.usual), self._edit(f"{named}, class next", group)
        )
        split = LinkButton(self.theme, "Pupil by pupil")
        split.setAccessibleName(f"{named}, pupil by pupil")
        split.clicked.connect(lambda: self.split(row))
        row.onward.currentIndexChanged.connect(lambda: _follow(row))
        words = (first.class_name or "No class", _say_year(first.year_group) or "Not known", str(len(group)))
        for column, text in enumerate(words):
            self._grid.addWidget(Label(self.theme, text, role="body-strong" if column == 0 else "body"), at, column)
        for column, widget in enumerate((row.onward, row.class_name, split), start=3):
            self._grid.addWidget(widget, at, column)
        self.rows.append(row)
        _follow(row)

    def _add_chosen(self) -> None:
        chosen = self.finder.chosen
        if chosen is None or any(row.pupil.id == chosen for row in self.exceptions):
            return
        home = next(row for row in self.rows if any(line.id == chosen for line in row.pupils))
        self._add(self._pupils[chosen], home.onward.chosen, home.class_name.text())
        self.finder.setCurrentIndex(0)
        self._focus_last(1)

    def _add(self, pupil: PupilLine, onward: Onward, class_name: str) -> None:
        at = self._others.rowCount()
        choice = self._choice(f"{pupil.name} goes on to", onward)
        edit = self._edit(f"{pupil.name}, class next", (pupil,))
        edit.setText(class_name)
        remove = LinkButton(self.theme, "", icon="x")
        remove.setAccessibleName(f"Take {pupil.name} out of this list")
        remove.setToolTip("Goes on with the class again")
        widgets = (
            Label(self.theme, pupil.name, role="body-strong", wraps=True),
            Label(self.theme, pupil.class_name, token="text2"),  # noqa: S106  a colour token
            choice, edit, remove,
        )  # fmt: skip
        row = PupilRow(pupil, choice, edit, widgets)
        for column, widget in enumerate(widgets):
            self._others.addWidget(widget, at, column)
        choice.currentIndexChanged.connect(lambda: _follow(row))
        remove.clicked.connect(lambda: self._take_out(row))
        self.exceptions.append(row)
        _follow(row)
        self.edited.emit()

    def _take_out(self, row: PupilRow) -> None:
        self.exceptions.remove(row)
        for widget in row.widgets:
            self._others.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.finder.setFocus()

    def _focus_last(self, added: int) -> None:
        if added:
            first = self.exceptions[-added].onward
            first.setFocus()
            # only once the new rows are laid out can one be scrolled to
            last = self.exceptions[-1].onward
            QTimer.singleShot(0, last, lambda: show_in_sight(last))

    def _choice(self, name: str, onward: Onward) -> ChoiceBox[Onward]:
        box: ChoiceBox[Onward] = ChoiceBox(_CHOICES)
        box.choose(onward)
        box.setAccessibleName(name)
        box.setFont(self.theme.font("body"))
        box.currentIndexChanged.connect(self._say_edited)
        return box

    def _edit(self, name: str, group: tuple[PupilLine, ...]) -> QLineEdit:
        edit = QLineEdit(group[0].next_class)
        edit.setAccessibleName(name)
        edit.setFont(self.theme.font("body"))
        edit.setMinimumWidth(self.theme.scaled(120))
        edit.textEdited.connect(self._say_edited)
        return edit

    def _say(self, sentence: str, remedy: str) -> None:
        self.problem.say(kind=ChipKind.NOW, icon="circle-alert", sentence=sentence, remedy=remedy)
        self.problem.show()


def _by_class(pupils: tuple[PupilLine, ...]) -> list[tuple[PupilLine, ...]]:
    """The pupils of each class and year, the youngest first; those without a year last."""
    found: defaultdict[tuple[int, str], list[PupilLine]] = defaultdict(list)
    order = [onward.value for onward in Onward]
    for pupil in pupils:
        place = order.index(pupil.year_group.value) if pupil.year_group is not None else len(order)
        found[place, pupil.class_name].append(pupil)
    return [tuple(found[key]) for key in sorted(found)]


def _follow(row: ClassRow | PupilRow) -> None:
    """Ask for a class only of those who stay."""
    stays = row.onward.chosen is not Onward.LEAVES
    row.class_name.setEnabled(stays)
    row.class_name.setPlaceholderText("" if stays else "Leaves")
    if row.onward.chosen is not Onward.UNDECIDED:
        mark_wrong(row.onward, wrong=False)


def _has_no_name(row: ClassRow | PupilRow) -> bool:
    first = row.pupils[0] if isinstance(row, ClassRow) else row.pupil
    stays = row.onward.chosen not in {Onward.LEAVES, Onward.UNDECIDED}
    return stays and bool(first.class_name) and not row.class_name.text().strip()


def _say_year(group: YearGroup | None) -> str:
    return Onward(group.value).in_words if group is not None else ""


def _say_pupil(pupil: PupilLine) -> str:
    return ", ".join(part for part in (pupil.name, pupil.class_name) if part)


def _head(theme: Theme, words: str) -> Label:
    return Label(theme, words, role="small", token="text2")  # noqa: S106  a colour token
