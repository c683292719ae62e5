"""The page of reports from outside: anyone's worry about a child, and questions whether a child has come here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut

from cme_desktop.casework.lives.life import Life, LifeFile
from cme_desktop.casework.reports import ReportDesk, ReportEntered, load_report_desk, read_report
from cme_desktop.domain.identifiers import ReportId
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.life_pane import ActButton
from cme_desktop.ui.roll.reports.dialogs import (
    AnswerDialog,
    DecisionDialog,
    MatchDialog,
    RequestDialog,
    SearchedDialog,
    WorryDialog,
)
from cme_desktop.ui.widgets.buttons import LinkButton

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office
    from cme_desktop.casework.reports import OutsideReport


class ReportsPage(LifePage):
    """Writes reports down; has the lead match, decide and answer them."""

    life = Life.REPORTS
    title = "Reports"
    icon = "message-circle"
    empty = (
        "Nobody has reported a worry, and no school asks after a child.",
        "Write down whatever anybody says of a child who may be in no school, on our roll or not.",
    )
    new_words = "Report a worry"
    acts = (
        ActButton("decide", "Decide", "gavel"),
        ActButton("match", "It is a child of ours"),
        ActButton("searched", "Searched", "circle-check"),
        ActButton("answer", "Answer", "message-circle"),
    )

    def ask_new(self) -> None:
        """Ask what somebody says of a child."""
        self.context.background.run(load_report_desk, done=self._ask_worry)

    def ask_request(self) -> None:
        """Ask who asks after which child."""
        if not self.names_hidden and self.book is not None:
            self.context.background.run(load_report_desk, done=self._ask_request)

    def ask_act(self, act_id: str, file: LifeFile) -> None:
        """Read the report afresh, then ask for what the act needs."""
        op = partial(_read, report_id=ReportId(int(file.row.key)))
        self.context.background.run(op, done=lambda found: self._ask(act_id, *found))

    def _ask(self, act_id: str, desk: ReportDesk, report: OutsideReport) -> None:
        theme = self.context.theme
        if act_id == "decide":
            decide = DecisionDialog(theme, report.id, parent=self)
            self.ask(decide, decide.recording, said="The decision is saved")
        elif act_id == "match":
            match = MatchDialog(theme, desk, report, parent=self)
            self.ask(match, match.recording, said="Saved: the report stands with the pupil")
        elif act_id == "searched":
            searched = SearchedDialog(theme, report, parent=self)
            self.ask(searched, searched.recording, said="Saved")
        else:
            answer = AnswerDialog(theme, desk, report, parent=self)
            self.ask(answer, answer.recording, said="The answer is saved")

    def _ask_worry(self, desk: ReportDesk) -> None:
        dialog = WorryDialog(self.context.theme, desk, now=self.now, parent=self)
        self.asker.ask(dialog, dialog.recording, said="The report is saved for the lead", then=self._choose_new)

    def _ask_request(self, desk: ReportDesk) -> None:
        dialog = RequestDialog(self.context.theme, desk, parent=self)
        self.asker.ask(dialog, dialog.recording, said="The question is saved", then=self._choose_new)

    def _choose_new(self, entered: ReportEntered) -> None:
        self._wanted = str(entered.report_id)

    def _build(self) -> None:
        super()._build()
        self.request_button = LinkButton(self.context.theme, "A school or authority asks", icon="plus")
        self.request_button.setToolTip("Ctrl Shift N")
        self.side.add_below_head(self.request_button)

    def _connect(self) -> None:
        super()._connect()
        self.request_button.clicked.connect(self.ask_request)
        shortcut = QShortcut(QKeySequence("Ctrl+Shift+N"), self)
        shortcut.activated.connect(self.ask_request)


def _read(office: Office, *, report_id: ReportId) -> tuple[ReportDesk, OutsideReport]:
    return load_report_desk(office), read_report(office, report_id)
