"""How much room a window gives, in pixels divided by the text size, so that large text gets the narrow layout."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

NORMAL_FROM: Final = 1100
WIDE_FROM: Final = 1600
LOW_UNDER: Final = 730
_EDGE: Final = 40


class Width(IntEnum):
    """The three width classes of a window."""

    NARROW = 0
    NORMAL = 1
    WIDE = 2


@dataclass(frozen=True, slots=True)
class Room:
    """The width class, and whether the window is low."""

    width: Width
    is_low: bool

    @property
    def is_narrow(self) -> bool:
        """Whether one pane at a time is shown."""
        return self.width is Width.NARROW


def room_of(window: QSize, *, text_scale: float) -> Room:
    """Say how much room a window of this size gives."""
    width, height = window.width() / text_scale, window.height() / text_scale
    return Room(_class_of(width), is_low=height < LOW_UNDER)


def size_within(dialog: QWidget, wanted: QSize) -> QSize:
    """Give the size a dialog wants, at most that of the window behind it, or of the screen where there is none."""
    behind = dialog.parentWidget()
    room = behind.window().size() if behind is not None else dialog.screen().availableSize()
    return wanted.boundedTo(QSize(room.width() - _EDGE, room.height() - _EDGE))


def _class_of(width: float) -> Width:
    if width < NORMAL_FROM:
        return Width.NARROW
    return Width.WIDE if width >= WIDE_FROM else Width.NORMAL
