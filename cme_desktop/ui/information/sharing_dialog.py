"""The sharing log on screen: what was given to whom; searched, written into, printed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.in_words import say_dated
from cme_desktop.casework.sharing_log import (
    Basis,
    SharingDesk,
    SharingFacts,
    SharingLine,
    load_sharing,
    print_log,
    record_sharing,
    save_log,
    set_log,
    strike_out,
)
from cme_desktop.ui.entry_dialog import ChoiceBox, EntryDialog, choice_box, day_edit, day_in, shorten, words_edit
from cme_desktop.ui.information.list_dialog import ListDialog
from cme_desktop.ui.row_table_model import Column
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.field import Field

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.tab import TabContext

_ABOUT: Final = (
    "What the history says was sent, told or referred stands here by itself. Write down here what else was given to "
    "anybody outside the school."
)
_NONE: Final = "Nothing is written down, or nothing that fits what is typed above."
_TYPING_STOPS: Final = 250
_NOBODY: Final = "No single pupil"


class SharingDialog(ListDialog[SharingLine]):
    """The log, the newest first; words and a pupil narrow it."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(
            context, title="Sharing log", about=_ABOUT, none=_NONE, columns=_COLUMNS, stretches=(1, 2, 3),
            parent=parent,
        )  # fmt: skip
        theme = context.theme
        everybody: ChoiceBox[PupilId | None] = choice_box((("Every pupil", None),))
        self.words = Field(theme, "Words", QLineEdit(), hint="All of them must stand in a line")
        self.pupil = Field(theme, "About", everybody)
        shorten(everybody)
        self.new_button = PrimaryButton(theme, "Write down…", icon="plus")
        self.strike_button = SecondaryButton(theme, "Strike out…", icon="ban")
        self.print_button = SecondaryButton(theme, "Print or save…", icon="printer")
        self._desk: SharingDesk | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_STOPS)
        self.build((self.new_button, self.strike_button, self.print_button), above=(self.words, self.pupil))
        self.new_button.clicked.connect(self.ask_new)
        self.strike_button.clicked.connect(self.ask_strike)
        self.print_button.clicked.connect(self.open_pages)
        self._pause.timeout.connect(self.read)
        self.words.control.textEdited.connect(lambda _: self._pause.start())
        self.words.control.returnPressed.connect(self.read)
        self.pupil.control.activated.connect(lambda _: self.read())
        self.asker.saved.connect(lambda _: self.read())
        self.read()

    def read(self) -> None:
        """Read the lines that fit what is asked for."""
        self._pause.stop()
        op = partial(load_sharing, pupil_id=self.pupil.control.chosen, words=self.words.control.text())
        self.context.background.run(op, done=self._show, failed=self.say_problem)

    def offer(self) -> None:
        """Offer to strike out what somebody wrote by hand."""
        line = self.chosen
        if line is None:
            self.strike_button.disable("Choose a line first.")
        elif line.written_id is None:
            self.strike_button.disable("This line comes from the child’s history: take it back there.")
        elif line.struck:
            self.strike_button.disable("This line is struck out already.")
        else:
            self.strike_button.enable()

    def ask_new(self) -> None:
        """Ask what was given to whom."""
        if self._desk is not None:
            dialog = NewSharingDialog(
                self.context.theme, self._desk, pupil_id=self.pupil.control.chosen, parent=self
            )  # fmt: skip
            self.asker.ask(dialog, dialog.recording, said="It stands in the log")

    def ask_strike(self) -> None:
        """Ask why a line is struck out."""
        if self.chosen is not None:
            dialog = StrikeDialog(self.context.theme, self.chosen, parent=self)
            self.asker.ask(dialog, dialog.recording, said="The line is struck out")

    def open_pages(self) -> None:
        """Open the log as it is narrowed now, to be read, printed or saved."""
        from cme_desktop.ui.information.pages import RecordPagesDialog  # noqa: PLC0415  seldom needed

        pupil_id, words = self.pupil.control.chosen, self.words.control.text()
        RecordPagesDialog(
            self.context, title="Sharing log", sentence="As it is narrowed in the list.", name="sharing-log.pdf",
            pages=partial(set_log, pupil_id=pupil_id, words=words),
            give=partial(print_log, pupil_id=pupil_id, words=words),
            write=partial(save_log, pupil_id=pupil_id, words=words), parent=self,
        ).exec()  # fmt: skip

    def _show(self, desk: SharingDesk) -> None:
        self._desk = desk
        self.pupil.control.offer((("Every pupil", None), *((name, each) for each, name in desk.pupils)))
        self.show_rows(desk.lines)


class NewSharingDialog(EntryDialog):
    """Asks what was given, to whom, why, on which ground and when."""

    def __init__(
        self, theme: Theme, desk: SharingDesk, *, pupil_id: PupilId | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            theme, title="Given to somebody outside", accept="Save", parent=parent,
            sentence="Write down what was given. Leave out what stands in it.",
        )  # fmt: skip
        offered: tuple[tuple[str, PupilId | None], ...] = (
            (_NOBODY, None), *((name, each) for each, name in desk.pupils),
        )  # fmt: skip
        self.pupil = self.add_field("About", choice_box(offered, chosen=pupil_id))
        shorten(self.pupil.control)
        self.what = self.add_field("What was given", QLineEdit(), hint="Such as: attendance of this term, by telephone")
        self.to_whom = self.add_field("To whom", QLineEdit(), hint="Name, and where they work")
        self.day = self.add_field("On", day_edit(desk.today, latest=desk.today))
        self.add_side_by_side(self.to_whom, self.day)
        self.why = self.add_field("Why", words_edit(theme=theme, lines=2))
        bases: ChoiceBox[Basis | None] = choice_box(
            (("Choose …", None), *((basis.words, basis) for basis in desk.bases))
        )
        self.basis = self.add_field("On which ground", bases)
        shorten(bases)
        self.basis_words = self.add_field("The ground in your own words", QLineEdit(), hint="If there is more to say")
        bases.currentIndexChanged.connect(self._say_reference)
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        basis = self.basis.control.chosen
        self.what.set_error("" if self.what.control.text().strip() else "Say what was given.")
        self.to_whom.set_error("" if self.to_whom.control.text().strip() else "Say to whom.")
        self.why.set_error("" if self.why.control.toPlainText().strip() else "Say why.")
        self.basis.set_error("" if basis is not None else "Choose a ground.")
        lacks = basis is not None and basis.id == "other" and not self.basis_words.control.text().strip()
        self.basis_words.set_error("Say which ground it is." if lacks else "")
        errors = (self.what.error, self.to_whom.error, self.why.error, self.basis.error, self.basis_words.error)
        return not any(errors)

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        basis = self.basis.control.chosen
        assert basis is not None, "check() said so"
        given = SharingFacts(
            what=self.what.control.text().strip(), to_whom=self.to_whom.control.text().strip(),
            why=self.why.control.toPlainText().strip(), basis=basis.id, given_on=day_in(self.day.control),
            basis_words=self.basis_words.control.text().strip(), pupil_id=self.pupil.control.chosen,
        )  # fmt: skip
        return partial(record_sharing, given=given)

    def _say_reference(self) -> None:
        basis = self.basis.control.chosen
        if basis is None or not basis.reference:
            self.basis.set_hint("")
            return
        unread = "" if basis.verified else " (from memory: check before relying on it)"
        self.basis.set_hint(f"{basis.reference}{unread}")


class StrikeDialog(EntryDialog):
    """Asks why a line is struck out."""

    def __init__(self, theme: Theme, line: SharingLine, *, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Strike out", accept="Strike out the line", parent=parent,
            sentence="The line stays in the log, struck out, with the reason.",
        )  # fmt: skip
        self._line = line
        self.why = self.add_field("Why", QLineEdit())
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        self.why.set_error("" if self.why.control.text().strip() else "Say why.")
        return not self.why.error

    def recording(self) -> UseCase:
        """Give the use case that strikes it out."""
        return partial(strike_out, line=self._line, why=self.why.control.text())


_COLUMNS: Final[tuple[Column[SharingLine], ...]] = (
    Column("Day", lambda line: say_dated(line.given_on)),
    Column("What", lambda line: ". ".join(part for part in (line.what, line.name, line.struck) if part)),
    Column("To whom", lambda line: line.to_whom),
    Column("Why", lambda line: line.why, tooltip=lambda line: line.basis),
    Column("Written by", lambda line: line.by),
)
