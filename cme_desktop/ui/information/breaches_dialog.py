"""The notes of data that went astray: each with its clock, added to, printed, and closed by the head."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.breaches import (
    BreachDesk,
    BreachLine,
    close,
    load_breaches,
    print_note,
    save_note,
    set_note,
    what_is_missing,
)
from cme_desktop.casework.in_words import say_clock, say_dated
from cme_desktop.ui.information.breach_entry import BreachDialog
from cme_desktop.ui.information.list_dialog import ListDialog
from cme_desktop.ui.row_table_model import Column
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.dialog import AskDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.tab import TabContext

_ABOUT: Final = (
    "Write down every one, also the small. Where people may come to harm, the regulator is told within 72 hours of the "
    "moment it was noticed, nights and weekends included; where the risk is high, so are the people."
)
_NONE: Final = "Nothing is written down. When something is lost or goes to the wrong person, begin here: the hours run."


class BreachesDialog(ListDialog[BreachLine]):
    """The list, the newest first; a new note, more about one, its pages, and its end."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(
            context, title="Data breaches", about=_ABOUT, none=_NONE, columns=_COLUMNS, stretches=(1, 2),
            parent=parent,
        )  # fmt: skip
        theme = context.theme
        self.new_button = PrimaryButton(theme, "New note…", icon="plus")
        self.more_button = SecondaryButton(theme, "What is known now…")
        self.print_button = SecondaryButton(theme, "Print or save…", icon="printer")
        self.end_button = SecondaryButton(theme, "Close the note…")
        self._desk: BreachDesk | None = None
        self.build((self.new_button, self.more_button, self.print_button, self.end_button))
        self.new_button.clicked.connect(self.ask_new)
        self.more_button.clicked.connect(self.ask_more)
        self.print_button.clicked.connect(self.open_pages)
        self.end_button.clicked.connect(self.ask_end)
        self.asker.saved.connect(lambda _: self.read())
        self.read()

    def read(self) -> None:
        """Read the notes."""
        self.context.background.run(load_breaches, done=self._show, failed=self.say_problem)

    def offer(self) -> None:
        """Offer what can be done with the note chosen, and say of the rest why not."""
        line, desk = self.chosen, self._desk
        none = "Choose a note first." if line is None else ""
        closed = none or ("" if line is not None and line.breach.is_open else "This note is closed.")
        heads = closed or ("" if desk is not None and desk.may_close else "The headteacher closes the note.")
        if not heads and line is not None and (missing := what_is_missing(line.breach.account)):
            heads = f"Still to be written down: {', '.join(missing)}."
        for button, why in ((self.more_button, closed), (self.print_button, none), (self.end_button, heads)):
            if why:
                button.disable(why)
            else:
                button.enable()

    def ask_new(self) -> None:
        """Ask what happened."""
        if self._desk is not None:
            dialog = BreachDialog(self.context.theme, now=self._desk.now, parent=self)
            self.asker.ask(dialog, dialog.recording, said="The note is begun; the hours run")

    def ask_more(self) -> None:
        """Ask what is known now."""
        if self._desk is not None and self.chosen is not None:
            dialog = BreachDialog(self.context.theme, now=self._desk.now, line=self.chosen, parent=self)
            self.asker.ask(dialog, dialog.recording, said="It is written down")

    def ask_end(self) -> None:
        """Ask whether the note is to be closed."""
        line = self.chosen
        if line is not None and self.end_button.isEnabled():
            question = AskDialog(
                self.context.theme, title="Close the note?", sentence="Nothing can be added to it afterwards.",
                accept="Close the note", reject="Not now", is_grave=True, parent=self,
            )  # fmt: skip
            self.asker.confirm(question, partial(close, breach_id=line.breach.id), said="The note is closed")

    def open_pages(self) -> None:
        """Open the note as pages, to be read, printed or saved."""
        line = self.chosen
        if line is None:
            return
        from cme_desktop.ui.information.pages import RecordPagesDialog  # noqa: PLC0415  seldom needed

        breach_id = line.breach.id
        RecordPagesDialog(
            self.context, title="Note of a data breach", sentence="What is known, and how it was written down.",
            name=f"data-breach-{breach_id}.pdf", pages=partial(set_note, breach_id=breach_id),
            give=partial(print_note, breach_id=breach_id), write=partial(save_note, breach_id=breach_id), parent=self,
        ).exec()  # fmt: skip

    def _show(self, desk: BreachDesk) -> None:
        self._desk = desk
        self.show_rows(desk.lines)


def _say_state(line: BreachLine) -> str:
    if line.breach.closed_at is not None:
        return "closed"
    return "late" if line.is_late else "open"


def _say_noticed(line: BreachLine) -> str:
    at = line.breach.account.noticed_at
    return f"{say_dated(at.date())}, {say_clock(at)}"


_COLUMNS: Final[tuple[Column[BreachLine], ...]] = (
    Column("Noticed", _say_noticed),
    Column("What happened", lambda line: line.breach.account.what),
    Column("Hours", lambda line: line.clock),
    Column("State", _say_state),
)
