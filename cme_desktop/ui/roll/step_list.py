"""The steps of a life: done, due, late or later, each with its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize

from cme_desktop.casework.lives.life import Step, StepState
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.ui.cases.enquiry_list import paint_enquiry_state
from cme_desktop.ui.row_delegate import RowDelegate, RowState
from cme_desktop.ui.row_table_model import Column, RowTableModel

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

_ROW: Final = 26
_SHAPE: Final = 16
_SHAPES: Final = {
    StepState.DONE: EnquiryState.DONE,
    StepState.DUE: EnquiryState.NOT_STARTED,
    StepState.LATE: EnquiryState.NOT_STARTED,
    StepState.LATER: EnquiryState.NOT_STARTED,
    StepState.NOT_NEEDED: EnquiryState.NOT_APPLICABLE,
}
_TOKENS: Final = {
    StepState.DONE: "ok",
    StepState.DUE: "text",
    StepState.LATE: "now",
    StepState.LATER: "text3",
    StepState.NOT_NEEDED: "text3",
}
_WORDS: Final = {
    StepState.DONE: "Done",
    StepState.DUE: "Due",
    StepState.LATE: "Late",
    StepState.LATER: "",
    StepState.NOT_NEEDED: "Not needed",
}


def step_model() -> RowTableModel[Step]:
    """Build an empty model of steps; the list shows and speaks it."""
    return RowTableModel[Step]((Column("Step", lambda step: step.text, tooltip=_tooltip, spoken=_spoken),))


def say_state(step: Step) -> str:
    """Say where a step stands: "Done Tue 3 Nov", "Late, Mon 2", "Due"."""
    return " ".join(part for part in (_WORDS[step.state], step.when) if part)


class StepDelegate(RowDelegate[Step]):
    """Paints one step: its ring or tick, its words, and at the right how it stands."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(200, self.theme.scaled(_ROW))

    def paint_row(self, painter: QPainter, box: QRect, row: Step, state: RowState) -> None:
        if state.is_current:
            self.fill_selected(painter, box, state, bar=False)
        else:
            self.rule_off(painter, box)
        side = self.theme.scaled(_SHAPE)
        place = QRectF(box.left(), box.center().y() - side / 2 + 1, side, side)
        ink = self.ink(_TOKENS[row.state], on_selection=state.is_current)
        ground = self.theme.color("sel" if state.is_current else "surface")
        paint_enquiry_state(painter, place, _SHAPES[row.state], ink=ink, ground=ground)
        base = self.middle_of(box, "body")
        role = "body-strong" if row.state in {StepState.DUE, StepState.LATE} else "body"
        token = "now" if row.state is StepState.LATE else "text2"
        end = self.write_right(painter, box.right(), base, say_state(row), role, token, on_selection=state.is_current)
        left = box.left() + self.theme.scaled(26)
        room = end - self.theme.scaled(8) - left
        ink_of = "text3" if row.state is StepState.NOT_NEEDED else "text"
        self.write(painter, left, base, row.text, "body", ink_of, room=room, on_selection=state.is_current)


def _tooltip(step: Step) -> str:
    return "\n".join(part for part in (step.text, say_state(step), step.why) if part)


def _spoken(step: Step) -> str:
    return ", ".join(part for part in (step.text, say_state(step), step.why) if part)
