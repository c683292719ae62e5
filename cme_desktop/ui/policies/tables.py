"""Three tables about a policy: how two differ, which versions there were, and what is wrong with a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout

from cme_desktop.casework.in_words import capital, count_of, say_clock
from cme_desktop.policy.wording import say_day
from cme_desktop.ui.entry_dialog import ChoiceBox, choice_box
from cme_desktop.ui.row_table_model import Column, RowTableModel
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.own_policy import VersionLine
    from cme_desktop.policy.policy_differences import Difference
    from cme_desktop.policy.policy_faults import DocumentFault
    from cme_desktop.policy.school_policy import SchoolPolicy
    from cme_desktop.ui.style.theme import Theme

_LONGEST: Final = 400
"""What a cell shows of its words; all of them stand in its tooltip and are spoken."""


def _shown(words: str) -> str:
    return words if len(words) <= _LONGEST else words[:_LONGEST].rstrip() + " …"


class WordsTable(QTableView):
    """A table of words that break into lines; its columns share the width by ``shares``, in hundredths."""

    def __init__(self, theme: Theme, model: RowTableModel[Any], *, name: str, shares: tuple[int, ...]) -> None:
        super().__init__()
        self._shares = shares
        self.setModel(model)
        self.setAccessibleName(name)
        self.setFont(theme.font("body"))
        self.horizontalHeader().setFont(theme.font("small-strong"))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setWordWrap(True)
        self.setShowGrid(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        model.modelReset.connect(self.fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.fit)

    def fit(self) -> None:
        """Share out the width, and give each row the height of its words."""
        width = self.viewport().width()
        for column, share in enumerate(self._shares):
            self.setColumnWidth(column, width * share // sum(self._shares))
        self.resizeRowsToContents()


class _TableDialog(QDialog):
    """A heading, a sentence, a table, and buttons under it."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName(title)
        self.said = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self.close_button = SecondaryButton(theme, "Close")
        self.close_button.clicked.connect(self.reject)
        self.outer = QVBoxLayout(self)
        self.outer.setContentsMargins(20, 20, 20, 16)
        self.outer.setSpacing(10)
        self.outer.addWidget(Label(theme, title, role="heading", wraps=True))
        self.outer.addWidget(self.said)
        self.acts = QHBoxLayout()
        self.acts.addStretch(1)

    def end(self, table: WordsTable) -> None:
        """Put the table and the buttons under what stands there, as large as the window behind allows."""
        self.outer.addWidget(table, 1)
        self.acts.addWidget(self.close_button)
        self.outer.addLayout(self.acts)
        behind = self.parentWidget()
        room = behind.window().size() if behind is not None else None
        wide, high = self.theme.scaled(980), self.theme.scaled(560)
        if room is not None:
            wide, high = min(wide, room.width() - 40), min(high, room.height() - 40)
        self.resize(wide, high)


class CompareDialog(_TableDialog):
    """How the draft differs from another policy. ``asked`` carries the other one that was chosen."""

    asked = Signal(object)

    def __init__(
        self, theme: Theme, others: Sequence[tuple[str, object]], chosen: object, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "What is different", parent)
        box: ChoiceBox[object] = choice_box(others, chosen=chosen)
        self.other = Field(theme, "Compared with", box)
        self.outer.insertWidget(1, self.other)
        self.model: RowTableModel[Difference] = RowTableModel(
            (
                _column("What", lambda one: f"{one.part.in_words}: {one.name}" if one.name else one.part.in_words),
                _column("Change", lambda one: capital(one.kind.value)),
                _column("Of it", lambda one: one.field or "All of it"),
                _column("From", lambda one: one.before or "–"),
                _column("To", lambda one: one.after or "–"),
            ),
            self,
        )
        self.table = WordsTable(theme, self.model, name="Differences", shares=(22, 10, 14, 27, 27))
        self.end(self.table)
        box.currentIndexChanged.connect(lambda _: self.asked.emit(box.chosen))

    @property
    def chosen(self) -> object:
        """What the draft is compared with."""
        return self.other.control.chosen

    def show_differences(self, found: tuple[Difference, ...]) -> None:
        """List them."""
        self.model.set_rows(found)
        self.said.setText(f"{count_of(len(found), 'difference')}." if found else "The two are the same, word for word.")


class VersionsDialog(_TableDialog):
    """Every version the school had. ``taken_up`` carries the one to go on from."""

    taken_up = Signal(object)

    def __init__(self, theme: Theme, versions: tuple[VersionLine, ...], parent: QWidget | None = None) -> None:
        super().__init__(theme, "Versions of the school’s policy", parent)
        self.model: RowTableModel[VersionLine] = RowTableModel(
            (
                _column("Version", lambda one: f"{one.title}, {one.version}"),
                _column("From", lambda one: say_day(one.from_day)),
                _column("By", lambda one: one.by or "–"),
                _column("Written down", lambda one: f"{say_day(one.at)}, {say_clock(one.at)}" if one.at else "–"),
                _column("Why", lambda one: f"Ended. {one.why}" if one.is_given_up else one.why or "–"),
            ),
            self,
        )
        self.model.set_rows(versions[::-1])
        self.said.setText("A judgement of an earlier day uses the version that held on it.")
        self.table = WordsTable(theme, self.model, name="Versions", shares=(26, 15, 15, 18, 26))
        self.take_button = PrimaryButton(theme, "Go on from this version")
        self.take_button.clicked.connect(self._take_up)
        self.acts.addWidget(self.take_button)
        self.end(self.table)
        self.table.selectionModel().currentRowChanged.connect(lambda _: self._offer())
        self.table.selectRow(0)
        self._offer()

    def _offer(self) -> None:
        index = self.table.currentIndex()
        if index.isValid() and not self.model.row_at(index).is_given_up:
            self.take_button.enable()
        else:
            self.take_button.disable("The policy ended here: choose a version that held.")

    def _take_up(self) -> None:
        line = self.model.row_at(self.table.currentIndex())
        self.taken_up.emit(line)
        self.accept()


class FaultsDialog(_TableDialog):
    """What is wrong with a file, line by line: nothing of it was taken."""

    def __init__(
        self, theme: Theme, file_name: str, faults: tuple[DocumentFault, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "The file can’t be used yet", parent)
        counted = count_of(len(faults), "fault")
        self.said.setText(f"{file_name} has {counted}. Nothing was changed. Correct each line and load it again.")
        self.model: RowTableModel[DocumentFault] = RowTableModel(
            (
                _column("Line", lambda one: str(one.line)),
                _column("What stands there", lambda one: one.found or "nothing"),
                _column("What is wrong", lambda one: one.says),
                _column("What to do", lambda one: one.remedy),
            ),
            self,
        )
        self.table = WordsTable(theme, self.model, name="Faults", shares=(7, 28, 32, 33))
        self.model.set_rows(faults)
        self.end(self.table)


def _column(title: str, text: Any) -> Column[Any]:
    return Column(title, lambda one: _shown(text(one)), tooltip=text, spoken=text)


def others_to_compare(
    supplied: Sequence[SchoolPolicy], versions: Sequence[VersionLine], draft_id: str
) -> list[tuple[str, object]]:
    """What a draft may be compared with: the supplied policy it is a copy of, the versions, the other supplied."""
    like = [one for one in supplied if one.id == draft_id]
    rest = [one for one in supplied if one.id != draft_id]
    kept = [one for one in reversed(versions) if not one.is_given_up]
    return [
        *((f"{one.title}, as supplied", one) for one in like),
        *((f"{one.title}, version {one.version}", one) for one in kept),
        *((f"{one.title}, as supplied", one) for one in rest),
    ]
