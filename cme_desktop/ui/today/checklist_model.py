"""The checklist as a list model: headings that close, and rows with the words that assistive tools speak."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cme_desktop.casework.today.rows import TodayRow

ITEM_ROLE: Final = Qt.ItemDataRole.UserRole + 2
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its rows; ``closed`` is how it is shown until somebody opens it.

    Its count is what is left, or of a section ``all_done`` by nature, such as what was decided today, every row.
    """

    key: str
    title: str
    rows: tuple[TodayRow, ...]
    closed: bool = False
    all_done: bool = False

    @property
    def left(self) -> int:
        """The count beside the heading."""
        return len(self.rows) if self.all_done else sum(not row.done for row in self.rows)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as an item of the list."""

    section: Section
    is_open: bool


class ChecklistModel(QAbstractListModel):
    """Headings and rows in one column; ``ITEM_ROLE`` gives the ``Heading`` or the ``TodayRow``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sections: tuple[Section, ...] = ()
        self._toggled: dict[str, bool] = {}
        self._only: frozenset[str] | None = None
        self._names_hidden = False
        self.say: Callable[[str], str] = str
        self._items: tuple[Heading | TodayRow, ...] = ()

    # -- what is shown -----------------------------------------------------------------------------------------

    def set_sections(self, sections: Iterable[Section]) -> None:
        """Show these headings with their rows; what somebody opened or closed stays so."""
        self._sections = tuple(sections)
        self._arrange()

    def show_only(self, keys: frozenset[str] | None) -> None:
        """Show only the rows with these keys; None shows all."""
        self._only = keys
        self._arrange()

    def hide_names(self, *, hidden: bool) -> None:
        """Show case numbers in place of names."""
        self._names_hidden = hidden
        self.dataChanged.emit(self.index(0), self.index(max(0, len(self._items) - 1)))

    def set_open(self, section: Section, *, is_open: bool) -> None:
        """Open or close a heading."""
        self._toggled[section.key] = is_open
        self._arrange()

    def is_open(self, section: Section) -> bool:
        """Whether a heading shows its rows."""
        return self._toggled.get(section.key, not section.closed)

    # -- finding -----------------------------------------------------------------------------------------------

    @property
    def rows(self) -> tuple[TodayRow, ...]:
        """The rows shown, in order, headings and closed groups left out."""
        return tuple(item for item in self._items if isinstance(item, TodayRow))

    def item(self, index: _Index) -> Heading | TodayRow | None:
        """The heading or row of an index."""
        return self._items[index.row()] if index.isValid() and index.row() < len(self._items) else None

    def index_of(self, key: str) -> QModelIndex:
        """The index of a row by its key; invalid where it is not shown."""
        for number, item in enumerate(self._items):
            if isinstance(item, TodayRow) and item.key == key:
                return self.index(number)
        return QModelIndex()

    def heading_of(self, index: _Index) -> Heading | None:
        """The heading a row stands under, or the heading itself."""
        for number in range(index.row(), -1, -1):
            item = self._items[number]
            if isinstance(item, Heading):
                return item
        return None

    # -- Qt ----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._items)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        item = self.item(index)
        if item is None or (isinstance(item, Heading) and item.is_open):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.item(index)
        if item is None:
            return None
        if role == ITEM_ROLE:
            return item
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._heading_words(item) if isinstance(item, Heading) else self._row_words(item, role)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(item, TodayRow) and not self._names_hidden:
            return self.say(f"{item.name}: {item.why}")
        return None

    def name_of(self, row: TodayRow) -> str:
        """The name as shown now: the pupil's, or a number while names are hidden."""
        return row.hidden_name if self._names_hidden else row.name

    def beside_of(self, row: TodayRow) -> str:
        """The class beside the name; empty while names are hidden, save on a register's row."""
        return "" if self._names_hidden and row.session is None else row.beside

    # -- private -----------------------------------------------------------------------------------------------

    @staticmethod
    def _heading_words(heading: Heading) -> str:
        state = "open" if heading.is_open else "closed"
        return f"{heading.section.title}, {heading.section.left}, {state}"

    def _row_words(self, row: TodayRow, role: int) -> str:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.say(self.name_of(row))
        return self.say(row.spoken(hidden=self._names_hidden))

    def _arrange(self) -> None:
        self.beginResetModel()
        items: list[Heading | TodayRow] = []
        for section in self._sections:
            rows = tuple(row for row in section.rows if self._only is None or row.key in self._only)
            if not rows:
                continue
            is_open = self.is_open(section) or self._only is not None
            items.append(Heading(section, is_open))
            if is_open:
                items += rows
        self._items = tuple(items)
        self.endResetModel()
