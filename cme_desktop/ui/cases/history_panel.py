"""A case's history on screen, sorted by what happened or by when it was written."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cme_desktop.casework.history import HistoryEntry
from cme_desktop.casework.in_words import count_of, say_clock, say_day
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method, VisitOutcome
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.section_heading import SectionHeading
from cme_desktop.ui.widgets.timeline import TimelineEntry, TimelineList, timeline_model

if TYPE_CHECKING:
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


class SortBy(Enum):
    """What the history is sorted by; the value is what the switch says."""

    HAPPENED = "happened at"
    WRITTEN = "written at"


class HistoryPanel(QWidget):
    """Heading, the switch of the sort, and the timeline. ``opened`` carries an entry of the list."""

    opened = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[HistoryEntry, ...] = ()
        self._sort = SortBy.HAPPENED
        self._today = date.min
        self.model = timeline_model()
        self.list = TimelineList(theme, "History")
        self.list.setModel(self.model)
        self.switch = LinkButton(theme, self._sort.value, icon="arrow-down")
        self.switch.setAccessibleDescription("Sorts the history by what happened or by when it was written")
        self.switch.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._heading = SectionHeading(theme, "History", is_pane=True)
        self._build()
        self.switch.clicked.connect(self._turn)

    def show_history(self, entries: tuple[HistoryEntry, ...], *, today: date) -> None:
        """Show these entries."""
        self._entries = entries
        self._today = today
        self._fill()

    @property
    def sort(self) -> SortBy:
        """What the history is sorted by."""
        return self._sort

    def fitted_height(self) -> int:
        """How tall the whole of the history is, for a pane that scrolls it."""
        rows = sum(self.list.sizeHintForRow(row) for row in range(self.model.rowCount()))
        return rows + self._heading.sizeHint().height() + 24

    def _turn(self) -> None:
        self._sort = SortBy.WRITTEN if self._sort is SortBy.HAPPENED else SortBy.HAPPENED
        self.switch.setText(self._sort.value)
        self._fill()

    def _fill(self) -> None:
        by_written = self._sort is SortBy.WRITTEN
        ordered = sorted(
            self._entries,
            key=lambda entry: entry.written_first if by_written else entry.happened_first,
            reverse=True,
        )
        self.model.set_rows([shown(entry, today=self._today) for entry in ordered])

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(self._heading)
        head.addStretch(1)
        head.addWidget(self.switch)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)


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
