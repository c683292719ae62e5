"""A disposal list as pages: read here, printed, and signed by the headteacher; or given up."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from cme_desktop.casework.keeping import disposal, paper
from cme_desktop.domain.keeping import DisposalState
from cme_desktop.ui.asker import Asker
from cme_desktop.ui.documents.pages_dialog import PagesDialog
from cme_desktop.ui.keeping.asking import SignDisposalDialog
from cme_desktop.ui.widgets.buttons import DangerButton, SecondaryButton
from cme_desktop.ui.widgets.dialog import AskDialog
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.keeping.disposal import Disposed
    from cme_desktop.casework.keeping.looking import StoredDisposal
    from cme_desktop.casework.office import Office
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext

_NOT_YOURS = "Only the headteacher signs a disposal list, at their own desk."
_SWEPT = "It is removed for good, from the file’s empty pages too."
_NOT_SWEPT = "It is removed. Another copy of the program was open: close it, and this one, so that the file is swept."


class DisposalListDialog(PagesDialog):
    """Shows one list. ``done`` when it was signed or given up: ``changed`` tells the screen behind."""

    save_title = "Save the disposal list"
    changed = Signal()

    def __init__(
        self,
        context: TabContext,
        drawn: StoredDisposal,
        *,
        gone_after: date,
        may_sign: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        self._drawn = drawn
        self._gone_after = gone_after
        self._pdf = b""
        theme = context.theme
        self.asker = Asker(context.background.run, self)
        self.title = Label(theme, f"Disposal list {int(drawn.id)}", role="heading", wraps=True)
        self.sentence = Label(theme, drawn.state.in_words, token="text2", wraps=True)  # noqa: S106  a colour token
        self.sign = DangerButton(theme, "Sign and remove…", icon="file-signature")
        self.give_up = SecondaryButton(theme, "Give the list up")
        self.setAccessibleName("Disposal list")
        self.build(self._side())
        if not may_sign:
            self.sign.disable(_NOT_YOURS)
            self.state.setText(_NOT_YOURS)
        for button in (self.sign, self.give_up):
            button.setAutoDefault(False)
            button.setVisible(drawn.state is DisposalState.DRAWN_UP)
        self.sign.clicked.connect(self.ask_to_sign)
        self.give_up.clicked.connect(self.ask_to_give_up)
        self.read()

    def read(self) -> None:
        """Make the pages."""
        op = partial(paper.set_disposal, disposal_id=self._drawn.id)
        self.context.background.run(op, done=self._show, failed=self.tell)

    def ask_to_sign(self) -> None:
        """Ask the headteacher for the password, and what it means."""
        dialog = SignDisposalDialog(self.context.theme, self._drawn, gone_after=self._gone_after, parent=self)
        self.asker.ask(dialog, dialog.signing, said="Removed for good.", then=self._tell_done)

    def ask_to_give_up(self) -> None:
        """Ask whether the list is to be given up."""
        question = AskDialog(
            self.context.theme, title="Give this list up?", sentence="Nothing is removed. Another may be drawn up.",
            accept="Give it up", is_grave=True, parent=self,
        )  # fmt: skip
        question.accepted.connect(self._give_up)
        self.asker.open(question)

    def _give_up(self) -> None:
        op = partial(disposal.give_up_disposal, disposal_id=self._drawn.id)
        self.context.background.run(op, done=lambda _: self._end("Given up: nothing was removed."), failed=self.tell)

    def _tell_done(self, done: Disposed) -> None:
        self._end(_SWEPT if done.is_swept else _NOT_SWEPT)

    def _end(self, words: str) -> None:
        for button in (self.sign, self.give_up):
            button.hide()
        self.sentence.setText(words)
        self.state.setText("")
        self.close_button.setFocus()
        self.read()
        self.changed.emit()

    def _side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        for widget in (self.title, self.sentence, self.state):
            column.addWidget(widget)
        column.addStretch(1)
        for button in (self.print, self.save, self.give_up, self.sign, self.close_button):
            column.addWidget(button)
        return column

    def _show(self, pdf: bytes) -> None:
        self._pdf = pdf
        self.pages.show_pdf(pdf)

    def tell(self, problem: CmeError) -> None:
        """Say beside the pages what stands in the way."""
        self.state.setText(" ".join(part for part in (problem.title, problem.detail, problem.remedy) if part))

    @property
    def has_pages(self) -> bool:
        return bool(self._pdf)

    def proposed_name(self) -> str:
        return paper.propose_name(self._drawn.id)

    def give_pages(self) -> Callable[[Office], bytes]:
        return partial(paper.give_for_printing, disposal_id=self._drawn.id)

    def write_pages(self, to: Path) -> Callable[[Office], Path]:
        return partial(paper.save_disposal, disposal_id=self._drawn.id, to=to)
