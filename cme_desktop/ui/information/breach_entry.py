"""What is asked about a data breach: first what happened and when it was noticed, the rest as it becomes known."""

from __future__ import annotations

from datetime import datetime, time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QRadioButton, QVBoxLayout, QWidget

from cme_desktop.casework.breaches import BreachLine, add_to_breach, local_moment, note_breach
from cme_desktop.casework.in_words import read_day
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.information import BreachAccount, DataKind, Risk
from cme_desktop.ui.entry_dialog import EntryDialog, checked_time, day_edit, day_in, words_edit
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from PySide6.QtWidgets import QAbstractButton

    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.widgets.field import Field

_DAY_HINT: Final = "Such as 12/11/2026; empty if not"


class BreachDialog(EntryDialog):
    """Asks for all that is known; only what happened and when it was noticed must be said at once."""

    def __init__(
        self, theme: Theme, *, now: datetime, line: BreachLine | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            theme, title="A data breach" if line is None else "What is known now", accept="Save the note",
            parent=parent,
            sentence="Lost, sent to the wrong person, seen or changed by somebody who may not. Name nobody here.",
        )  # fmt: skip
        self._line, self._now = line, now
        known = line.breach.account if line is not None else None
        noticed = known.noticed_at.replace(tzinfo=None) if known is not None else now
        self.what = self._words("What happened", known.what if known else "")
        self.day = self.add_field("Noticed on", day_edit(noticed.date(), latest=now.date()))
        self.clock = self.add_field("At", QLineEdit(_say_time(noticed)), hint="The hours run from then")
        self.add_side_by_side(self.day, self.clock)
        self.happened = self.add_field("When it happened", QLineEdit(known.happened if known else ""))
        people = "" if known is None or known.people is None else str(known.people)
        self.people = self.add_field("How many people", QLineEdit(people), hint="Roughly; empty while not known")
        self.add_side_by_side(self.happened, self.people)
        self.kinds = {kind: QCheckBox(kind.in_words) for kind in DataKind}
        self._group("What kind of data", self.kinds.values())
        self.risks = {risk: QRadioButton(risk.in_words) for risk in Risk}
        self._group("Risk to people: choose once it is judged", self.risks.values())
        self.risk_why = self._words("Why it is judged so", known.risk_why if known else "")
        told = known.regulator_told_at if known else None
        self.told_day = self.add_field("Regulator told on", QLineEdit(_say_day(told)), hint=_DAY_HINT)
        self.told_clock = self.add_field("At", QLineEdit(_say_time(told) if told else ""), hint="Such as 14:30")
        self.reference = self.add_field("Reference", QLineEdit(known.regulator_reference if known else ""))
        self.add_side_by_side(self.told_day, self.told_clock, self.reference)
        self.regulator_not = self._line_of("Or why the regulator is not told", known.regulator_why_not if known else "")
        self.people_day = self.add_field(
            "People told on", QLineEdit(_say_day(known.people_told_on if known else None)), hint=_DAY_HINT
        )
        self.people_not = self._line_of("Or why they are not told", known.people_why_not if known else "")
        self.add_side_by_side(self.people_day, self.people_not)
        self.done_words = self._words("What was done", known.done if known else "")
        for kind in known.kinds if known else ():
            self.kinds[kind].setChecked(True)
        if known is not None and known.risk is not None:
            self.risks[known.risk].setChecked(True)
        self.what.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing or can't be read."""
        self.what.set_error("" if self.what.control.toPlainText().strip() else "Say in a few words what happened.")
        is_timed, at = checked_time(self.clock)
        if is_timed and at is None:
            self.clock.set_error("Type the time, such as 9:40.")
        typed = self.people.control.text().strip()
        self.people.set_error("" if not typed or typed.isdigit() else "Type a number, or leave it empty.")
        told_at, told_day = checked_time(self.told_clock)[1], self._day(self.told_day)
        if told_day is not None and told_at is None and not self.told_clock.error:
            self.told_clock.set_error("Type the time as well: it counts in hours.")
        self._day(self.people_day)
        needs_why = self._risk is not None and not self.risk_why.control.toPlainText().strip()
        self.risk_why.set_error("Say why it is judged so." if needs_why else "")
        fields = (self.what, self.clock, self.people, self.told_day, self.told_clock, self.people_day, self.risk_why)
        return not any(field.error for field in fields)

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        at, told_at = checked_time(self.clock)[1] or time(), checked_time(self.told_clock)[1] or time()
        told_day, typed = self._day(self.told_day), self.people.control.text().strip()
        noticed = local_moment(day_in(self.day.control), at)
        before = self._line.breach.account.noticed_at if self._line is not None else None
        if before is not None and before.replace(tzinfo=None, second=0, microsecond=0) == noticed.replace(tzinfo=None):
            noticed = before  # an hour that comes twice stays the one that it was
        account = BreachAccount(
            what=self.what.control.toPlainText().strip(), noticed_at=noticed,
            happened=self.happened.control.text().strip(), people=int(typed) if typed else None,
            kinds=tuple(kind for kind, box in self.kinds.items() if box.isChecked()), risk=self._risk,
            risk_why=self.risk_why.control.toPlainText().strip(),
            regulator_told_at=local_moment(told_day, told_at) if told_day else None,
            regulator_reference=self.reference.control.text().strip(),
            regulator_why_not=self.regulator_not.control.text().strip(),
            people_told_on=self._day(self.people_day), people_why_not=self.people_not.control.text().strip(),
            done=self.done_words.control.toPlainText().strip(),
        )  # fmt: skip
        if self._line is None:
            return partial(note_breach, account=account)
        return partial(add_to_breach, breach_id=self._line.breach.id, account=account)

    @property
    def _risk(self) -> Risk | None:
        return next((risk for risk, button in self.risks.items() if button.isChecked()), None)

    def _day(self, field: Field[QLineEdit]) -> date | None:
        try:
            found = read_day(field.control.text(), today=self._now.date())
        except CmeError as problem:
            field.set_error(problem.remedy)
            return None
        field.set_error("")
        return found

    def _words(self, label: str, text: str) -> Field[QPlainTextEdit]:
        field = self.add_field(label, words_edit(theme=self.theme, lines=2))
        field.control.setPlainText(text)
        return field

    def _line_of(self, label: str, text: str) -> Field[QLineEdit]:
        return self.add_field(label, QLineEdit(text))

    def _group(self, label: str, buttons: Iterable[QAbstractButton]) -> None:
        box = QWidget()
        lines = QVBoxLayout(box)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        lines.addWidget(Label(self.theme, label, role="body-strong"))
        for button in buttons:
            button.setFont(self.theme.font("body"))
            lines.addWidget(button)
        self.add_widget(box)


def _say_time(at: datetime) -> str:
    return f"{at.hour}:{at.minute:02d}"


def _say_day(day: date | None) -> str:
    return f"{day.day}/{day.month}/{day.year}" if day is not None else ""
