"""A case's history on screen, sorted by what happened or by when it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cme_desktop.casework.history import HistoryEntry
from cme_desktop.casework.in_words import capital, count_of, say_clock, say_day
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method, VisitOutcome
from cme_desktop.ui.row_table_model import ROW_ROLE
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.section_heading import SectionHeading
from cme_desktop.ui.widgets.timeline import TimelineEntry, TimelineList, timeline_model

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from cme_desktop.ui.style.theme import Theme

_ICONS: Final = {
    EventKind.CONTACT_ATTEMPT: "phone",
    EventKind.HOME_VISIT: "house",
    EventKind.CHILD_SEEN: "eye",
    EventKind.FOUND: "eye",
    EventKind.TOLD: "message-circle",
    EventKind.REFERRED: "file-text",
    EventKind.RETURN_SENT: "file-text",
    EventKind.FORM_SENT: "file-text",
    EventKind.DECISION: "gavel",
    EventKind.CASE_OPENED: "folder-open",
    EventKind.CASE_CLOSED: "check",
    EventKind.CASE_REOPENED: "folder-open",
    EventKind.FLAG_RAISED: "flag",
    EventKind.FLAG_SETTLED: "flag",
    EventKind.FLAG_REVIEWED: "gavel",
    EventKind.ENQUIRY_RECORDED: "search",
    EventKind.ARRIVAL_CONFIRMED: "school",
    EventKind.ELSEWHERE_CONFIRMED: "school",
    EventKind.DOCUMENT_MADE: "file-text",
    EventKind.DOCUMENT_SIGNED: "file-signature",
    EventKind.DOCUMENT_SENT: "mail",
    EventKind.MISSING: "triangle-alert",
    EventKind.MARK_AMENDED: "calendar-days",
    EventKind.NOTE: "message-circle",
}
_METHOD_ICONS: Final = {Method.TEXT: "message-circle", Method.EMAIL: "mail", Method.LETTER: "mail"}


_ONLY_DECISIONS: Final = "only decisions"
_NO_LIMIT: Final = 16_777_215


class SortBy(Enum):
    """What the history is sorted by; the value is what the switch says."""

    HAPPENED = "happened at"
    WRITTEN = "written at"


class HistoryPanel(QWidget):
    """Heading, the switches, and the timeline. ``opened`` carries the entries that one line of it stands for.

    What the program flagged at one moment is one line.
    """

    opened = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[HistoryEntry, ...] = ()
        self._sort = SortBy.HAPPENED
        self._only_decisions = False
        self._is_fitted = False
        self._today = date.min
        self.model = timeline_model()
        self.list = _HistoryList(theme, "History")
        self.list.setModel(self.model)
        self.decisions = LinkButton(theme, _ONLY_DECISIONS)
        self.switch = LinkButton(theme, self._sort.value, icon="arrow-down")
        self.switch.setAccessibleDescription("Sorts the history by what happened or by when it was written")
        self.switch.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._heading = SectionHeading(theme, "History", is_pane=True)
        self._build()
        self.switch.clicked.connect(self._turn)
        self.decisions.clicked.connect(self._turn_decisions)
        self.list.activated.connect(self._open)
        self.list.resized.connect(self._fit_list)
        theme.changed.connect(self._fit_list)

    def show_history(self, entries: tuple[HistoryEntry, ...], *, today: date) -> None:
        """Show these entries."""
        self._entries = entries
        self._today = today
        has_decisions = any(entry.event.kind is EventKind.DECISION for entry in entries)
        self._only_decisions = self._only_decisions and has_decisions
        self.decisions.setVisible(has_decisions)
        self._fill()

    @property
    def sort(self) -> SortBy:
        """What the history is sorted by."""
        return self._sort

    def set_fitted(self, *, fitted: bool) -> None:
        """Be as tall as the whole history, for a pane that scrolls it; or take the room there is and scroll."""
        self._is_fitted = fitted
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fitted else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.list.setVerticalScrollBarPolicy(policy)
        self._fit_list()

    def _fit_list(self) -> None:
        rows = sum(self.list.sizeHintForRow(row) for row in range(self.model.rowCount()))
        self.list.setMinimumHeight(rows if self._is_fitted else 0)
        self.list.setMaximumHeight(rows if self._is_fitted else _NO_LIMIT)

    def _turn(self) -> None:
        self._sort = SortBy.WRITTEN if self._sort is SortBy.HAPPENED else SortBy.HAPPENED
        self.switch.setText(self._sort.value)
        self._fill()

    def _turn_decisions(self) -> None:
        self._only_decisions = not self._only_decisions
        self._fill()

    def _fill(self) -> None:
        self.decisions.setText("everything" if self._only_decisions else _ONLY_DECISIONS)
        entries = [each for each in self._entries if each.event.kind is EventKind.DECISION or not self._only_decisions]
        by_written = self._sort is SortBy.WRITTEN
        entries.sort(key=lambda entry: entry.written_first if by_written else entry.happened_first, reverse=True)
        lines = (tuple(line) for _, line in groupby(entries, key=_line_of))
        self.model.set_rows([_shown_together(line, today=self._today) for line in lines])
        self._fit_list()

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(index.data(ROW_ROLE).key)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(self._heading)
        head.addStretch(1)
        head.addWidget(self.decisions)
        head.addWidget(self.switch)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)


class _HistoryList(TimelineList):
    """The timeline; ``resized`` when its width may have changed, Enter opens the line."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.activated.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


def _line_of(entry: HistoryEntry) -> object:
    """Give what the entries of one line share: the moment of the program's own flags; an entry alone otherwise."""
    if entry.event.kind is EventKind.FLAG_RAISED and not entry.written_by and not entry.is_retracted:
        return (entry.happened_on, entry.happened_at)
    return entry.event_id


def _shown_together(entries: tuple[HistoryEntry, ...], *, today: date) -> TimelineEntry:
    first = shown(entries[0], today=today)
    if len(entries) == 1:
        return replace(first, key=entries)
    names = [entry.title.removeprefix("Flagged: ") for entry in entries]
    return replace(first, title=f"Flagged by {len(entries)} rules", detail=f"{capital(', '.join(names))}.", key=entries)


def shown(entry: HistoryEntry, *, today: date) -> TimelineEntry:
    """Put an entry into the words of the timeline."""
    return TimelineEntry(
        day=say_day(entry.happened_on),
        time=say_clock(entry.happened_at) if entry.happened_at else "",
        icon=icon_of(entry.event),
        title=entry.title,
        detail=entry.detail,
        written=_written(entry, today=today),
        late=f"{count_of(entry.days_late, 'day')} later" if entry.days_late else "",
        is_retracted=entry.is_retracted,
        key=entry.event_id,
    )


def icon_of(event: Event) -> str:
    """Say which icon stands in the ring."""
    if event.outcome is AttemptOutcome.NUMBER_DEAD:
        return "phone-off"
    if event.outcome is VisitOutcome.CHILD_SEEN:
        return "eye"
    if event.kind is EventKind.CONTACT_ATTEMPT and event.method in _METHOD_ICONS:
        return _METHOD_ICONS[event.method]
    return _ICONS.get(event.kind, "file-text")


def _written(entry: HistoryEntry, *, today: date) -> str:
    if not entry.written_by:
        return "By the program"
    if entry.days_late:
        return f"Written {_moment(entry.written_at, today=today)}"
    return f"Written {say_clock(entry.written_at)}, {entry.written_by}"


def _moment(at: datetime, *, today: date) -> str:
    return f"today {say_clock(at)}" if at.date() == today else f"{say_day(at.date())} {say_clock(at)}"
