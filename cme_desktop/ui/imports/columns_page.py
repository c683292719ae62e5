"""The second page: what each column means, with samples and how sure the program is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from cme_desktop.casework.import_preview import FileKind
from cme_desktop.casework.import_words import KIND_WORDS, Meaning, list_meanings, say_confidence
from cme_desktop.ui.entry_dialog import ChoiceBox, choice_box
from cme_desktop.ui.widgets.chip import Chip, ChipKind
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.import_preview import ColumnUse, OpenedFile
    from cme_desktop.ui.style.theme import Theme


class ColumnsPage(QWidget):
    """Shows an opened file's columns; ``opened`` gives the file as corrected; ``kind_chosen`` says it is another."""

    kind_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._opened: OpenedFile | None = None
        self._boxes: dict[int, ChoiceBox[Meaning]] = {}
        self.kind: Field[ChoiceBox[FileKind]] = Field(
            theme, "What the file holds", choice_box([(words, kind) for kind, words in KIND_WORDS.items()])
        )
        self._sessions = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self._scroll = QScrollArea()
        self._build()
        self.kind.control.activated.connect(self._choose_kind)

    @property
    def opened(self) -> OpenedFile | None:
        """The file, with the meanings chosen here."""
        if self._opened is None:
            return None
        before = {use.index: (use.field, use.block) for use in self._opened.mapping.columns}
        chosen = {index: box.chosen for index, box in self._boxes.items()}
        return self._opened.with_mapping(
            {index: meaning for index, meaning in chosen.items() if meaning != before[index]}
        )

    def show_file(self, opened: OpenedFile) -> None:
        """Show a file's columns."""
        self._opened = opened
        self.kind.control.choose(opened.mapping.kind)
        sessions = [use for use in opened.mapping.columns if use.day]
        self._sessions.setVisible(bool(sessions))
        if sessions:
            self._sessions.setText(
                f"{len(sessions)} columns are sessions, from {sessions[0].header} to {sessions[-1].header}."
            )
        self._show_columns(opened, [use for use in opened.mapping.columns if not use.day])

    def take_focus(self) -> None:
        """Put the keyboard on the first column that should be looked at."""
        unsure = [use.index for use in self._opened.mapping.uncertain] if self._opened else []
        first = self._boxes.get(unsure[0]) if unsure else None
        (first or self.kind.control).setFocus()

    def _show_columns(self, opened: OpenedFile, uses: list[ColumnUse]) -> None:
        content = QFrame()
        content.setProperty("look", "pane")
        grid = QGridLayout(content)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for place, title in enumerate(("Column in the file", "For example", "Means", "")):
            grid.addWidget(Label(self._theme, title, role="small", token="text2"), 0, place)  # noqa: S106  a colour token
        self._boxes = {}
        meanings = list_meanings(opened.mapping.kind, contacts=max(opened.mapping.blocks, default=0))
        uncertain = {use.index for use in opened.mapping.uncertain}
        for line, use in enumerate(uses, start=1):
            self._add_line(grid, line, use, meanings, is_uncertain=use.index in uncertain)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 3)
        grid.setRowStretch(len(uses) + 1, 1)
        self._scroll.setWidget(content)

    def _add_line(
        self,
        grid: QGridLayout,
        line: int,
        use: ColumnUse,
        meanings: tuple[tuple[str, Meaning], ...],
        *,
        is_uncertain: bool,
    ) -> None:
        header = ElidedLabel(self._theme, use.header or f"Column {use.index + 1}", role="body-strong")
        samples = ElidedLabel(self._theme, "  ·  ".join(use.samples), token="text2")  # noqa: S106  a colour token
        offered = meanings
        if (use.field, use.block) not in [meaning for _, meaning in meanings] and use.field is not None:
            offered = (*meanings, (use.field.in_words, (use.field, use.block)))
        box: ChoiceBox[Meaning] = choice_box(offered, chosen=(use.field, use.block))
        box.setAccessibleName(f"What column {use.header or use.index + 1} means")
        self._boxes[use.index] = box
        grid.addWidget(header, line, 0)
        grid.addWidget(samples, line, 1)
        grid.addWidget(box, line, 2)
        kind = ChipKind.TODAY if is_uncertain else ChipKind.PLAIN
        words = "Check this" if is_uncertain else say_confidence(use)
        grid.addWidget(Chip(self._theme, words, kind=kind), line, 3, Qt.AlignmentFlag.AlignLeft)

    def _choose_kind(self) -> None:
        self.kind_chosen.emit(self.kind.control.chosen)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.kind)
        layout.addWidget(self._sessions)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(self._scroll, 1)
