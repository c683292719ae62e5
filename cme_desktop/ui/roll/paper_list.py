"""The papers of a life: what each is and when it was added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.casework.papers import Paper
from cme_desktop.ui.row_delegate import RowDelegate, RowState
from cme_desktop.ui.row_table_model import Column, RowTableModel

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

_ROW: Final = 26
_WORDS: Final = {"application/pdf": "PDF", "image/jpeg": "picture", "image/png": "picture", "message/rfc822": "e-mail"}


def paper_model() -> RowTableModel[Paper]:
    """Build an empty model of papers; the list shows and speaks it."""
    return RowTableModel[Paper]((Column("Paper", lambda paper: paper.title, tooltip=say_paper, spoken=say_paper),))


def say_paper(paper: Paper) -> str:
    """Say what a paper is, how large, when it was added and by whom, and whether it is struck out."""
    added = say_day(paper.added_at.astimezone(LOCAL_ZONE).date())
    size = f"{max(1, paper.size // 1024)} kB"
    struck = ", struck out" if paper.retracted_at is not None else ""
    by = f" by {paper.added_by_name}" if paper.added_by_name else ""
    return f"{paper.title}, {_WORDS.get(paper.kind, 'file')}, {size}, added {added}{by}{struck}"


class PaperDelegate(RowDelegate[Paper]):
    """Paints one paper: its title, struck through where it is struck out, and its day."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(200, self.theme.scaled(_ROW))

    def paint_row(self, painter: QPainter, box: QRect, row: Paper, state: RowState) -> None:
        if state.is_current:
            self.fill_selected(painter, box, state, bar=False)
        else:
            self.fill_hovered(painter, box, state)
            self.rule_off(painter, box)
        base = self.middle_of(box, "body")
        day = say_day(row.added_at.astimezone(LOCAL_ZONE).date())
        end = self.write_right(painter, box.right(), base, day, "body", "text2", on_selection=state.is_current)
        left, is_struck = box.left() + self.theme.scaled(4), row.retracted_at is not None
        token = "text3" if is_struck else "accent"
        room = end - self.theme.scaled(8) - left
        after = self.write(painter, left, base, row.title, "body", token, room=room, on_selection=state.is_current)
        if is_struck:
            middle = base - self.theme.scaled(4)
            painter.drawLine(left, middle, after, middle)
