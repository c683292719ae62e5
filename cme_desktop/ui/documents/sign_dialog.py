"""Signing a document: the name typed, or drawn with mouse or pen. The keyboard alone is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from cme_desktop.ui.documents.signature_pad import SignaturePad
from cme_desktop.ui.entry_dialog import EntryDialog
from cme_desktop.ui.widgets.buttons import LinkButton

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_TYPED = "The name as it shall stand in the box."
_UNUSED = "Not used while something is drawn below."


class SignDialog(EntryDialog):
    """Who signs, what it means, and the mark in the box. ``drawn`` and ``typed`` give it; one of them is enough."""

    def __init__(
        self, theme: Theme, *, person: str, role: str, is_first: bool, pages: int, parent: QWidget | None = None
    ) -> None:
        meaning = (
            "From then on the document can’t be changed, only signed once more."
            if is_first
            else "Both signatures then stand, and nothing can be added."
        )
        super().__init__(
            theme,
            title=f"Sign as {person}, {role}",
            accept="Sign",
            sentence=f"You sign all {pages} pages. {meaning}",
            parent=parent,
        )
        self.name = self.add_field("Typed name", QLineEdit(person), hint=_TYPED)
        self.name.control.setMaxLength(80)
        self.pad_field = self.add_field("Or draw it, with mouse or pen", SignaturePad(theme))
        self.undo = LinkButton(theme, "Undo last stroke")
        self.clear = LinkButton(theme, "Clear")
        self.add_widget(self._pad_buttons())
        self._connect()
        self._follow_pad()
        self.name.control.selectAll()
        self.name.control.setFocus()
        self.fit()
        self.resize(self.width(), self.height() + self.theme.scaled(44))

    @property
    def drawn(self) -> bytes | None:
        """The drawing as PNG bytes, or None."""
        return self.pad_field.control.picture()

    @property
    def typed(self) -> str:
        """The typed name."""
        return self.name.control.text().strip()

    def check(self) -> bool:
        """Whether there is a mark to put in the box; says in the field what to do where there is none."""
        has_mark = bool(self.typed) or not self.pad_field.control.is_empty
        self.name.set_error("" if has_mark else "Type your name, or draw it below.")
        return has_mark

    def _pad_buttons(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.undo)
        line.addWidget(self.clear)
        line.addStretch(1)
        return row

    def _connect(self) -> None:
        self.undo.clicked.connect(self.pad_field.control.undo)
        self.clear.clicked.connect(self.pad_field.control.clear)
        self.pad_field.control.changed.connect(self._follow_pad)

    def _follow_pad(self) -> None:
        is_empty = self.pad_field.control.is_empty
        for button in (self.undo, self.clear):
            if is_empty:
                button.disable("Nothing is drawn yet.")
            else:
                button.enable()
        self.name.set_hint(_TYPED if is_empty else _UNUSED)
