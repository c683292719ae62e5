"""The parts of a policy in one list, under a heading for each kind; what is wrong in one shows before its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from cme_desktop.casework.in_words import count_of
from cme_desktop.policy.policy_changes import Part, parts_of, say_part

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from cme_desktop.policy.parameters import Parameters
    from cme_desktop.policy.policy_faults import Fault
    from cme_desktop.policy.school_policy import SchoolPolicy
    from cme_desktop.ui.style.theme import Theme

Place = tuple[Part, int]
"""A part of the draft: its kind, and where it stands among its kind."""

_HEADINGS: Final = {
    Part.ABOUT: "The policy",
    Part.STEP: "Steps",
    Part.STANDING: "Standing duties",
    Part.CLAUSE: "Clauses",
    Part.NUMBER: "Stricter numbers of the law",
}
_ROW: Final = 26


class PartList(QListWidget):
    """``chosen`` carries the current part; Enter on it is ``opened``, Delete ``removed``, Alt+arrow ``moved``.

    The keys stand in the tooltips of the buttons under the list.
    """

    chosen = Signal(object)
    opened = Signal()
    removed = Signal()
    moved = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._places: dict[int, Place] = {}
        self.setAccessibleName("Parts of the policy")
        self.setProperty("ring", True)  # noqa: FBT003  a Qt property
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListWidget::item { padding-left: 6px; }")
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.currentRowChanged.connect(self._choose)
        self.itemActivated.connect(lambda _: self.opened.emit())

    @property
    def place(self) -> Place | None:
        """The part that is current."""
        return self._places.get(self.currentRow())

    def show_policy(
        self, policy: SchoolPolicy, law: Parameters, *, faults: tuple[Fault, ...] = (), current: Place | None = None
    ) -> None:
        """List the parts, and make one of them current without saying so."""
        self.blockSignals(True)  # noqa: FBT003  Qt's own
        self.clear()
        self._places.clear()
        wrong: dict[Place, int] = {}
        for fault in faults:
            wrong[fault.part, fault.index] = wrong.get((fault.part, fault.index), 0) + 1
        for part, heading in _HEADINGS.items():
            self._add_heading(heading, len(parts_of(policy, part)) if part is not Part.ABOUT else None)
            for index in range(len(parts_of(policy, part))):
                self._add_part((part, index), say_part(policy, part, index, law), wrong.get((part, index), 0))
        rows = {place: row for row, place in self._places.items()}
        self.setCurrentRow(rows.get(current or (Part.ABOUT, 0), rows[Part.ABOUT, 0]))  # gone: the policy itself
        self.blockSignals(False)  # noqa: FBT003  as above

    def show_faults(self, policy: SchoolPolicy, law: Parameters, faults: tuple[Fault, ...]) -> None:
        """Say anew what each part is called and whether something is wrong in it."""
        self.show_policy(policy, law, faults=faults, current=self.place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        elif is_alt and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.moved.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def _choose(self, row: int) -> None:
        if row in self._places:
            self.chosen.emit(self._places[row])

    def _add_heading(self, words: str, count: int | None) -> None:
        item = QListWidgetItem(words if count is None else f"{words} ({count})")
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(self._theme.font("body-strong"))
        item.setForeground(self._theme.color("text2"))
        self._add(item)

    def _add_part(self, place: Place, words: str, wrong: int) -> None:
        item = QListWidgetItem(words)
        item.setFont(self._theme.font("body"))
        said = f"{words}: {count_of(wrong, 'thing')} to correct" if wrong else words
        item.setToolTip(said)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
        if wrong:
            item.setIcon(self._theme.icon("circle-alert", "now", 16))
        self._places[self.count()] = place
        self._add(item)

    def _add(self, item: QListWidgetItem) -> None:
        item.setSizeHint(QSize(0, self._theme.scaled(_ROW)))
        self.addItem(item)
