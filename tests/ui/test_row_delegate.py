"""A chosen row shows whether its list has the keyboard, in every look."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cme_desktop.paths import find_paths
from cme_desktop.ui.row_delegate import RowDelegate, RowState
from cme_desktop.ui.style.theme import LookChoice, Theme
from tests.ui.test_palette import contrast


@pytest.mark.parametrize("look", [LookChoice.LIGHT, LookChoice.DARK, LookChoice.HIGH_CONTRAST])
def test_a_chosen_row_with_the_keyboard_looks_unlike_one_without(
    look: LookChoice, tmp_path: Path, qtbot: QtBot
) -> None:
    theme, parent = Theme(find_paths(tmp_path).resources), QWidget()
    qtbot.addWidget(parent)
    theme.choose(look)
    delegate: RowDelegate[str] = RowDelegate(theme, parent)

    def painted(*, has_focus: bool) -> QImage:
        image = QImage(200, 58, QImage.Format.Format_RGB32)
        image.fill(theme.color("surface"))
        painter = QPainter(image)
        state = RowState(is_selected=True, has_focus=has_focus, is_hovered=False, is_first=True)
        delegate.fill_selected(painter, QRect(0, 0, 200, 58), state)
        painter.end()
        return image

    with_focus, without = painted(has_focus=True), painted(has_focus=False)
    ring = [(x, 1) for x in range(10, 190)]
    assert all(contrast(with_focus.pixelColor(*at).name(), without.pixelColor(*at).name()) >= 3 for at in ring)
    theme.choose(LookChoice.LIGHT)
