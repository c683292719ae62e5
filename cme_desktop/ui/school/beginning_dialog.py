"""The day on which the records begin: chosen anew, what that changes said beforehand, and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QSignalBlocker

from cme_desktop.casework.records_beginning import load_beginning, move_beginning, preview_beginning
from cme_desktop.policy.wording import say_day
from cme_desktop.ui.entry_dialog import EntryDialog, day_edit, day_in, words_edit
from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.records_beginning import Beginning, BeginningChange
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext

_SENTENCE = "Sessions before that day are outside: the rules count no mark of them, and ask for none that is missing."


class BeginningDialog(EntryDialog):
    """Reads the day when it opens; only a day whose change was shown can be saved."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(
            context.theme, title="The day the records begin", sentence=_SENTENCE, accept="Change the day", parent=parent
        )
        self._context = context
        self._shown: date | None = None
        self.day = self.add_field("They begin on", day_edit(date(2026, 9, 1)))
        self.add_widget(SectionHeading(context.theme, "What that changes"))
        self.change = Label(context.theme, "", wraps=True)
        self.add_widget(self.change)
        self.why = self.add_field("Why", words_edit(theme=context.theme, lines=2), hint="It stays with the settings.")
        self.accept_button.setEnabled(False)
        self.day.control.dateChanged.connect(lambda _: self._preview())
        self.submitted.connect(self._save)
        context.background.run(load_beginning, done=self._show_day, failed=self.show_problem)
        self.fit()

    def check(self) -> bool:
        missing = not self.why.control.toPlainText().strip()
        self.why.set_error("Say why: whoever finds the sessions changed will ask." if missing else "")
        return not missing

    def _show_day(self, begin: Beginning) -> None:
        self.day.set_hint(f"Until now on {say_day(begin.day)}.")
        edit = self.day.control
        with QSignalBlocker(edit):
            edit.setMaximumDate(QDate(begin.latest.year, begin.latest.month, begin.latest.day))
            edit.setDate(QDate(begin.day.year, begin.day.month, begin.day.day))
        self._preview()

    def _preview(self) -> None:
        self.accept_button.setEnabled(False)
        day = day_in(self.day.control)
        self._shown = day
        self._context.background.run(
            lambda office: preview_beginning(office, day=day),
            done=lambda change: self._show_change(change, day),
            failed=lambda problem: self._show_refusal(problem, day),
        )

    def _show_change(self, change: BeginningChange, day: date) -> None:
        if day != self._shown:
            return  # another day was chosen while this one was worked out
        self.problem.hide()
        is_same = change.before == change.after
        self._say("Nothing: it is the day on which they begin now." if is_same else "\n".join(change.lines))
        self.accept_button.setEnabled(not is_same)

    def _show_refusal(self, problem: CmeError, day: date) -> None:
        if day == self._shown:
            self._say("")
            self.show_problem(problem)

    def _say(self, words: str) -> None:
        self.change.setText(words)
        announce(self.change, words)

    def _save(self) -> None:
        if not self.check():
            return
        day, why = day_in(self.day.control), self.why.control.toPlainText()
        self._context.background.run(
            lambda office: move_beginning(office, day=day, why=why),
            done=lambda _: self.accept(),
            failed=self.show_problem,
        )
