"""The first page: choose a file, or take an earlier import back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from cme_desktop.casework.import_preview import FileKind
from cme_desktop.casework.in_words import count_of
from cme_desktop.ui.row_table_model import Column, RowTableModel
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.imports import ImportBatch
    from cme_desktop.ui.style.theme import Theme

_LONDON: Final = ZoneInfo("Europe/London")
_RIGHT: Final = Qt.AlignmentFlag.AlignRight
_STEPS: Final = (
    (FileKind.PUPILS, "1  Pupils and contacts", "The whole roll, with each contact’s relation and number."),
    (
        FileKind.MARKS,
        "2  Marks",
        "The register since the first day of the records; each morning the new marks.",
    ),
)


def say_import(batch: ImportBatch) -> str:
    """Say which import it is: when it was made, by whom, and how much it brought."""
    new, changed = batch.counts.get("new", 0), batch.counts.get("changed", 0)
    at = batch.made_at.astimezone(_LONDON)
    return f"{at:%d/%m/%Y} {at.hour}:{at:%M}, by {batch.made_by_name}: {count_of(new, 'new row')}, {changed} changed."


class PickPage(QWidget):
    """``file_asked`` when a file is to be chosen; ``undo_asked`` with the import to take back."""

    file_asked = Signal()
    undo_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.choose = PrimaryButton(theme, "Choose a file…", icon="upload")
        self.undo = SecondaryButton(theme, "Undo this import", icon="undo-2")
        self.model: RowTableModel[ImportBatch] = RowTableModel(_COLUMNS, self)
        self.table = make_table(self.model, name="Earlier imports", stretched=1)
        self._earlier = Label(theme, "Earlier imports", role="heading")
        self.steps: dict[FileKind, tuple[QLabel, Label]] = {}
        self._build()
        self.choose.clicked.connect(self.file_asked)
        self.undo.clicked.connect(self._ask_undo)
        self.table.selectionModel().currentRowChanged.connect(self._judge_undo)

    def show_imports(self, imports: tuple[ImportBatch, ...]) -> None:
        """List what came in before."""
        self.model.set_rows(imports)
        self._show_steps({batch.kind for batch in imports if batch.undone_at is None})
        if imports:
            self.table.selectRow(0)
        for part in (self._earlier, self.table, self.undo):
            part.setVisible(bool(imports))
        self._judge_undo()

    def _show_steps(self, done: set[str]) -> None:
        for kind, (shape, words) in self.steps.items():
            is_done = kind.value in done
            icon, token = ("circle-check", "ok") if is_done else ("circle-dashed", "text2")
            shape.setPixmap(self._theme.pixmap(icon, token, 18, self.devicePixelRatioF()))
            words.setText("Brought in" if is_done else "Not brought in yet")

    def _build_steps(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        for row, (kind, name, about) in enumerate(_STEPS):
            shape, state = QLabel(), Label(self._theme, role="body-strong")
            parts = (
                shape,
                Label(self._theme, name, role="body-strong"),
                Label(self._theme, about, token="text2", wraps=True),  # noqa: S106  a colour token
                state,
            )
            for column, part in enumerate(parts):
                grid.addWidget(part, row, column)
            self.steps[kind] = (shape, state)
        return grid

    def _chosen(self) -> ImportBatch | None:
        index = self.table.currentIndex()
        return self.model.row_at(index) if index.isValid() else None

    def _judge_undo(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            self.undo.disable("Choose an import in the list first.")
        elif chosen.undone_at is not None:
            self.undo.disable("This import is undone already.")
        else:
            self.undo.enable()

    def _ask_undo(self) -> None:
        if chosen := self._chosen():
            self.undo_asked.emit(chosen.id)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        words = (
            "Export each list from the school’s system as CSV or as an Excel workbook, with its column names. "
            "Nothing is saved until you accept it."
        )
        layout.addWidget(Label(self._theme, words, token="text2", wraps=True))  # noqa: S106  a colour token
        layout.addLayout(self._build_steps())
        line = QHBoxLayout()
        line.addWidget(self.choose)
        line.addStretch(1)
        layout.addLayout(line)
        layout.addSpacing(8)
        layout.addWidget(self._earlier)
        layout.addWidget(self.table, 1)
        line = QHBoxLayout()
        line.addWidget(self.undo)
        line.addStretch(1)
        layout.addLayout(line)
        layout.addStretch(0)


def make_table(model: RowTableModel, *, name: str, stretched: int) -> QTableView:  # type: ignore[type-arg]  # any rows
    """Make a quiet table over a model: whole rows, one column taking the room that is left."""
    table = QTableView()
    table.setAccessibleName(name)
    table.setModel(model)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.verticalHeader().hide()
    table.setStyleSheet("QTableView::item { padding-left: 5px; padding-right: 5px; }")
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
    header.setHighlightSections(False)
    return table


_COLUMNS: Final[tuple[Column[ImportBatch], ...]] = (
    Column("When", lambda one: f"{one.made_at.astimezone(_LONDON):%d/%m/%Y %H:%M}", sort=lambda one: one.made_at),
    Column("File", lambda one: one.source, tooltip=lambda one: one.source),
    Column("What", lambda one: one.kind.capitalize()),
    Column("New", lambda one: str(one.counts.get("new", 0)), align=_RIGHT),
    Column("Changed", lambda one: str(one.counts.get("changed", 0)), align=_RIGHT),
    Column("By", lambda one: one.made_by_name),
    Column("", lambda one: f"Undone {one.undone_at.astimezone(_LONDON):%d/%m/%Y}" if one.undone_at else ""),
)
