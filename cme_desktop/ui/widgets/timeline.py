"""A case's history as a list: when it happened, what it was, and when it was written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate

from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel
from cme_desktop.ui.widgets.keyboard_list import KeyboardList

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from cme_desktop.ui.style.theme import Theme

_WHEN: Final = 76
_RING: Final = 24
_GAP: Final = 10
_PAD: Final = 7
_CLOCK: Final = 14
_BESIDE: Final = 4
_STAMP: Final = "small-strong"
_LATE: Final = "today"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the history in words.

    ``written`` says when it was written down; ``late`` ("2 days later") turns it amber, with a clock. ``struck`` is the
    old text of a correction, drawn struck through above the new. ``key`` is whatever the screen needs to find the event
    again.
    """

    day: str
    time: str
    icon: str
    title: str
    detail: str = ""
    written: str = ""
    late: str = ""
    struck: str = ""
    is_retracted: bool = False
    key: Any = None

    @property
    def spoken(self) -> str:
        """The whole line for assistive tools."""
        parts = (f"{self.day} {self.time}".strip(), self.title, self.detail, self.written, self.late)
        taken_back = ("taken back",) if self.is_retracted else ()
        return ", ".join(part for part in (*parts, *taken_back) if part)


def timeline_model() -> RowTableModel[TimelineEntry]:
    """Build an empty model of entries; the list shows and speaks it."""
    return RowTableModel[TimelineEntry](
        (Column("History", lambda entry: entry.title, spoken=lambda entry: entry.spoken),)
    )


class TimelineDelegate(QStyledItemDelegate):
    """Paints one ``TimelineEntry``: when on the right of 76 px, a ring on a line, then the words, wrapped."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        entry: TimelineEntry = index.data(ROW_ROLE)
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else 400
        height = sum(rect.height() for _, rect, _, _ in self._lines(entry, QRect(0, 0, width, 0)))
        least = self._theme.scaled(_RING + 2)
        return QSize(width, max(height, least) + 2 * self._theme.scaled(_PAD))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: TimelineEntry = index.data(ROW_ROLE)
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        if is_selected:
            painter.fillRect(box, self._theme.color("sel"))
        self._paint_when(painter, box, entry, is_selected=is_selected)
        self._paint_ring(painter, box, entry)
        self._paint_words(painter, box, entry, is_selected=is_selected)
        if is_selected and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.color("focus"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(box).adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_when(self, painter: QPainter, box: QRect, entry: TimelineEntry, *, is_selected: bool) -> None:
        pad = self._theme.scaled(_PAD)
        width = self._theme.scaled(_WHEN)
        strong = QFontMetrics(self._theme.font("body-strong")).height()
        for text, role, token, top in (
            (entry.day, "body-strong", "text", pad),
            (entry.time, "small", "text2", pad + strong),
        ):
            painter.setFont(self._theme.font(role))
            painter.setPen(self._ink(token, is_selected=is_selected))
            line = QRect(box.left(), box.top() + top, width, painter.fontMetrics().height())
            painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop), text)

    def _paint_ring(self, painter: QPainter, box: QRect, entry: TimelineEntry) -> None:
        side = self._theme.scaled(_RING)
        middle = box.left() + self._theme.scaled(_WHEN + _GAP) + side / 2
        top = box.top() + self._theme.scaled(_PAD)
        painter.setPen(QPen(self._theme.color("line"), 2))
        painter.drawLine(QPointF(middle, box.top()), QPointF(middle, box.bottom() + 1))
        painter.setPen(QPen(self._theme.color("line2"), self._theme.palette.border))
        painter.setBrush(self._theme.color("surface"))
        painter.drawEllipse(QPointF(middle, top + side / 2), side / 2, side / 2)
        ratio = painter.device().devicePixelRatio()
        picture = self._theme.pixmap(entry.icon, "text2", 14, ratio)
        icon_side = self._theme.scaled(14)
        corner = QPointF(middle - icon_side / 2, top + (side - icon_side) / 2)
        painter.drawPixmap(corner, picture)

    def _paint_words(self, painter: QPainter, box: QRect, entry: TimelineEntry, *, is_selected: bool) -> None:
        for text, rect, role, token in self._lines(entry, box):
            font = self._theme.font(role)
            font.setStrikeOut(text == entry.struck or entry.is_retracted)
            painter.setFont(font)
            painter.setPen(self._ink(token, is_selected=is_selected))
            painter.drawText(rect, int(Qt.TextFlag.TextWordWrap), self._theme.names.say(text))
            if entry.late and token == _LATE:
                self._paint_clock(painter, rect, is_selected=is_selected)

    def _paint_clock(self, painter: QPainter, stamp: QRect, *, is_selected: bool) -> None:
        token = "on_sel" if is_selected and self._theme.palette.is_high_contrast else _LATE
        picture = self._theme.pixmap("clock-alert", token, _CLOCK, painter.device().devicePixelRatio())
        line = QFontMetrics(self._theme.font(_STAMP)).height()
        left = stamp.left() - self._theme.scaled(_CLOCK + _BESIDE)
        painter.drawPixmap(QPointF(left, stamp.top() + (line - self._theme.scaled(_CLOCK)) / 2), picture)

    def _lines(self, entry: TimelineEntry, box: QRect) -> list[tuple[str, QRect, str, str]]:
        left = box.left() + self._theme.scaled(_WHEN + _GAP + _RING + _GAP)
        width = max(40, box.right() - left - self._theme.scaled(12))
        top = box.top() + self._theme.scaled(_PAD)
        stamp = ", ".join(part for part in (entry.written, entry.late) if part)
        lines: list[tuple[str, QRect, str, str]] = []
        beside = self._theme.scaled(_CLOCK + _BESIDE) if entry.late else 0
        for text, role, token, indent in (
            (entry.title, "body-strong", "text", 0),
            (entry.struck, "body", "text3", 0),
            (entry.detail, "body", "text2", 0),
            (stamp, _STAMP if entry.late else "small", _LATE if entry.late else "text3", beside),
        ):
            if not text:
                continue
            metrics = QFontMetrics(self._theme.font(role))
            room = QRect(0, 0, width - indent, 10_000)
            height = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text).height()
            lines.append((text, QRect(left + indent, top, width - indent, height), role, token))
            top += height
        return lines

    def _ink(self, token: str, *, is_selected: bool) -> Any:
        swaps = is_selected and self._theme.palette.is_high_contrast
        return self._theme.color("on_sel" if swaps else token)


class TimelineList(KeyboardList):
    """The list that shows a timeline model; it lays its rows out again when its width changes."""

    def __init__(self, theme: Theme, name: str = "History", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(TimelineDelegate(theme, self))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
