"""The heading of a pane or a part of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme


class SectionHeading(Label):
    """``Last seen``, ``Brothers and sisters``: 13/600 in the second ink, or 15/600 for a pane's title."""

    def __init__(self, theme: Theme, text: str, *, is_pane: bool = False, parent: QWidget | None = None) -> None:
        role, token = ("heading", "text") if is_pane else ("body-strong", "text2")
        super().__init__(theme, text, role=role, token=token, parent=parent)
