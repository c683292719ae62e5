"""The requests to see what is held: each with its day, and what can be done with the one chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import say_dated
from cme_desktop.casework.information_requests import RequestDesk, RequestLine, load_requests
from cme_desktop.domain.information import About
from cme_desktop.ui.information.list_dialog import ListDialog
from cme_desktop.ui.information.request_entries import EndDialog, ExtendDialog, IdentityDialog, NewRequestDialog
from cme_desktop.ui.row_table_model import Column
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.tab import TabContext

_ABOUT: Final = (
    "A pupil, or a parent for their child or for themselves, may ask what the school holds. The answer is due within a "
    "month, through school holidays too; up to two months more where it is complex."
)
_NONE: Final = "Nobody has asked to see what is held. When somebody does, write it down here: the day is counted."
_LEADS: Final = "The safeguarding lead or the headteacher decides what is given."


class RequestsDialog(ListDialog[RequestLine]):
    """The list, those that wait first; a new one, and the steps to its answer."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(
            context, title="Requests for information", about=_ABOUT, none=_NONE, columns=_COLUMNS, stretches=(1, 2),
            parent=parent,
        )  # fmt: skip
        theme = context.theme
        self.new_button = PrimaryButton(theme, "New request…", icon="plus")
        self.identity_button = SecondaryButton(theme, "Who asks…")
        self.extend_button = SecondaryButton(theme, "Take longer…")
        self.pack_button = SecondaryButton(theme, "The pack…", icon="file-text")
        self.end_button = SecondaryButton(theme, "Close request…")
        self._desk: RequestDesk | None = None
        self.build((self.new_button, self.pack_button, self.identity_button, self.extend_button, self.end_button))
        self.new_button.clicked.connect(self.ask_new)
        self.identity_button.clicked.connect(self._ask_identity)
        self.extend_button.clicked.connect(self._ask_longer)
        self.end_button.clicked.connect(self._ask_end)
        self.pack_button.clicked.connect(self.open_pack)
        self.asker.saved.connect(lambda _: self.read())
        self.read()

    def read(self) -> None:
        """Read the requests."""
        self.context.background.run(load_requests, done=self._show, failed=self.say_problem)

    def offer(self) -> None:
        """Offer what can be done with the request chosen, and say of the rest why not."""
        line, desk = self.chosen, self._desk
        why = "Choose a request first." if line is None else "" if line.request.is_open else "This request has ended."
        self._set(self.identity_button, why)
        leads = why or ("" if desk is not None and desk.may_answer else _LEADS)
        self._set(self.pack_button, leads)
        self._set(self.end_button, leads)
        is_extended = line is not None and line.request.extended_on is not None
        self._set(self.extend_button, leads or ("It is extended already." if is_extended else ""))

    def ask_new(self) -> None:
        """Ask for a new request."""
        if self._desk is not None:
            dialog = NewRequestDialog(self.context.theme, self._desk, parent=self)
            self.asker.ask(dialog, dialog.recording, said="The request is written down")

    def open_pack(self) -> None:
        """Open what is held, to be decided item by item."""
        line = self.chosen
        if line is not None and self.pack_button.isEnabled():
            from cme_desktop.ui.information.pack_dialog import PackDialog  # noqa: PLC0415  seldom needed

            self.asker.open(PackDialog(self.context, line.request.id, self))

    def _ask_identity(self) -> None:
        if self.chosen is not None and self._desk is not None:
            dialog = IdentityDialog(self.context.theme, self.chosen, today=self._desk.today, parent=self)
            self.asker.ask(dialog, dialog.recording, said="It is written down who asks")

    def _ask_longer(self) -> None:
        if self.chosen is not None and self._desk is not None:
            dialog = ExtendDialog(
                self.context.theme, self.chosen, today=self._desk.today, months=self._desk.months_more, parent=self
            )
            self.asker.ask(dialog, dialog.recording, said="The request is extended")

    def _ask_end(self) -> None:
        if self.chosen is not None and self._desk is not None:
            dialog = EndDialog(self.context.theme, self.chosen, today=self._desk.today, parent=self)
            dialog.accept_button.setDefault(False)
            dialog.accept_button.setAutoDefault(False)
            self.asker.ask(dialog, dialog.recording, said="The request is closed")

    def _show(self, desk: RequestDesk) -> None:
        self._desk = desk
        self.show_rows(desk.lines)

    @staticmethod
    def _set(button: SecondaryButton, why: str) -> None:
        if why:
            button.disable(why)
        else:
            button.enable()


def _say_whom(line: RequestLine) -> str:
    return line.name if line.request.about is About.PUPIL else f"A parent or contact of {line.name}"


_COLUMNS: Final[tuple[Column[RequestLine], ...]] = (
    Column("Received", lambda line: say_dated(line.request.received_on)),
    Column("About", _say_whom),
    Column("Asked by", lambda line: f"{line.request.asker}, {line.request.asked_by.in_words}"),
    Column("Answer by", lambda line: say_dated(line.due_on)),
    Column("State", lambda line: line.left),
)
