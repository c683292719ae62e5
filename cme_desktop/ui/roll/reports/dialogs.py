"""The dialogs of reports from outside: writing one down, matching, deciding, searching, answering."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QCheckBox, QLineEdit

from cme_desktop.casework import reports
from cme_desktop.casework.in_words import capital, read_day
from cme_desktop.casework.report_matching import likely_pupils, order_by_likelihood
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.reports import ReportAnswer, ReportDecision, ReportSearch, ReportSource
from cme_desktop.ui.entry_dialog import EntryDialog, checked_time, choice_box, day_edit, day_in, words_edit
from cme_desktop.ui.pupil_picker import PupilPicker
from cme_desktop.ui.roll.reports.likely_list import LikelyList
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.chip import ChipKind

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtWidgets import QPlainTextEdit, QWidget

    from cme_desktop.casework.reports import OutsideReport, ReportDesk
    from cme_desktop.domain.identifiers import ReportId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.widgets.field import Field

DANGER: Final = "A child in danger now: ring 999 first, then write it down here."
_IS_DAY: Final = re.compile(r"\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\s*$")
_SOURCES: Final = tuple((capital(each.in_words), each) for each in ReportSource)
_HOW: Final = (
    "Secure e-mail", "The school-to-school system (s2s)", "By telephone, having rung back", "Letter", "By hand",
)  # fmt: skip


class WorryDialog(EntryDialog):
    """Asks what somebody says of a child who may be in no school; a pupil is only ever chosen by hand."""

    def __init__(self, theme: Theme, desk: ReportDesk, *, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="Report a worry about a child", accept="Save the report", parent=parent)
        self._desk = desk
        self.danger = Banner(theme, kind=ChipKind.NOW, icon="triangle-alert", sentence=DANGER, wraps=True)
        self.add_widget(self.danger)
        self.said = self.add_field(
            "What is said or was seen", words_edit(theme=theme), hint="In their words. The safeguarding lead reads it."
        )
        self.child = self.add_field("The child’s name", QLineEdit(), hint="As far as known; empty if not")
        self.age = self.add_field("Age or date of birth", QLineEdit(), hint="Roughly, such as 7 or 8")
        self.add_side_by_side(self.child, self.age)
        self.likely = LikelyList(self)
        self.address = self.add_field("Address or place", QLineEdit(), hint="Where the child lives or stays")
        self.seen = self.add_field("Where and when seen", QLineEdit(), hint="And by whom")
        self.source = self.add_field("Who says so", choice_box(_SOURCES))
        self.reporter = self.add_field("Their name", QLineEdit(), hint="Empty if not given")
        self.add_side_by_side(self.source, self.reporter)
        self.reach = self.add_field("How to reach them", QLineEdit(), hint="Telephone or e-mail")
        self.unnamed = QCheckBox("They wish not to be named")
        self.add_widget(self.unnamed)
        self.day = self.add_field("Told us on", day_edit(now.date(), latest=now.date()))
        self.clock = self.add_field("Time", QLineEdit(f"{now.hour}:{now.minute:02d}"), hint="Empty if not known")
        self.add_side_by_side(self.day, self.clock)
        self.child.control.textChanged.connect(self._offer)
        self.age.control.textChanged.connect(self._offer)
        self.said.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        is_timed, _ = checked_time(self.clock)
        return _needs_words(self.said, "Say in a few words what is said or was seen.") and is_timed

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        worry = reports.Worry(
            source=self.source.control.chosen, on=day_in(self.day.control), at=checked_time(self.clock)[1],
            words=self.said.control.toPlainText(), child=self.child.control.text(), age=self.age.control.text(),
            address=self.address.control.text(), seen=self.seen.control.text(),
            reporter=self.reporter.control.text(), reach=self.reach.control.text(),
            unnamed=self.unnamed.isChecked(),
        )  # fmt: skip
        return partial(reports.report_worry, worry=worry, pupil_id=self.likely.pupil_id)

    def _offer(self) -> None:
        age = self.age.control.text()
        found = likely_pupils(
            self._desk.pupils, name=self.child.control.text(), born=_day(age, self._desk.today), age=age,
            on=self._desk.today,
        )  # fmt: skip
        self.likely.offer(found)


class RequestDialog(EntryDialog):
    """Asks who asks after which child, and by when they are to be answered."""

    def __init__(self, theme: Theme, desk: ReportDesk, *, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="A school or authority asks after a child", accept="Save the question", parent=parent,
            sentence="Write down what they ask. Say nothing yet: first make sure who asks.",
        )  # fmt: skip
        self._desk = desk
        self.child = self.add_field("The child’s name", QLineEdit())
        self.born = self.add_field("Born", QLineEdit(), hint="Such as 14/3/2017; empty if they do not say")
        self.add_side_by_side(self.child, self.born)
        self.address = self.add_field("Last known address", QLineEdit(), hint="As they say it")
        self.source = self.add_field("Who asks", choice_box(_SOURCES, chosen=ReportSource.SCHOOL))
        self.asked_by = self.add_field("Name and school or authority", QLineEdit())
        self.answer_to = self.add_field("How to answer them", QLineEdit(), hint="Their secure e-mail or telephone")
        self.reference = self.add_field("Their reference", QLineEdit(), hint="Empty if none")
        self.day = self.add_field("Asked on", day_edit(desk.today, latest=desk.today))
        self.due = self.add_field(
            "Answer by", day_edit(desk.reply_due_on),
            hint=f"The school’s own target is {desk.reply_within} school days; no law sets one. Change it if they ask.",
        )  # fmt: skip
        self.add_side_by_side(self.day, self.due)
        self.child.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        found = [
            _needs(self.child, "Say whom they ask after."),
            _needs(self.asked_by, "Say who asks, and for which school or authority."),
            _needs(self.answer_to, "Say how they are to be answered."),
        ]
        typed = self.born.control.text().strip()
        is_day = not typed or _day(typed, self._desk.today) is not None
        self.born.set_error("" if is_day else "Type a day like 14/3/2017, or leave it empty.")
        return all(found) and is_day

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        request = reports.ChildAskedAfter(
            source=self.source.control.chosen, asked_by=self.asked_by.control.text(),
            answer_to=self.answer_to.control.text(), on=day_in(self.day.control),
            reply_due_on=day_in(self.due.control), child=self.child.control.text(),
            born=_day(self.born.control.text(), self._desk.today), address=self.address.control.text(),
            reference=self.reference.control.text(),
        )  # fmt: skip
        return partial(reports.report_request, request=request)


class MatchDialog(EntryDialog):
    """Asks which pupil a worry is about; those who may be meant stand first."""

    def __init__(self, theme: Theme, desk: ReportDesk, report: OutsideReport, *, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="It is a child of ours", accept="Save", parent=parent)
        self._report_id = report.id
        said = report.said
        likely = likely_pupils(
            desk.pupils, name=said.get("child", ""), born=_day(said.get("age", ""), desk.today),
            age=said.get("age", ""), on=desk.today,
        )  # fmt: skip
        self.picker = PupilPicker(self, order_by_likelihood(desk.pupils, likely, on=desk.today))
        self.picker.finder.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say that nobody is chosen."""
        return self.picker.check()

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        assert self.picker.pupil_id is not None
        return partial(reports.match_worry, report_id=self._report_id, pupil_id=self.picker.pupil_id)


class DecisionDialog(EntryDialog):
    """Asks what is done about a worry, and why; nothing is chosen beforehand."""

    def __init__(self, theme: Theme, report_id: ReportId, *, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="What is done about it?", accept="Save the decision", parent=parent)
        self._report_id = report_id
        offered: tuple[tuple[str, ReportDecision | None], ...] = (
            ("Choose…", None), *((each.in_words, each) for each in ReportDecision)
        )  # fmt: skip
        self.decision = self.add_field("Decision", choice_box(offered))
        self.fact = self.add_field("What belongs to it", QLineEdit())
        self.reason = self.add_field(
            "Why", words_edit(theme=theme), hint="What was read and looked up, and what follows"
        )
        self.decision.control.currentIndexChanged.connect(self._fit_to)
        self._fit_to()
        self.decision.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        chosen = self.decision.control.chosen
        self.decision.set_error("" if chosen is not None else "Choose what is done.")
        needs_fact = chosen is not None and bool(reports.name_fact(chosen))
        has_fact = not needs_fact or _needs(self.fact, "Say this too: it is part of the decision.")
        return _needs_words(self.reason, "Say why.") and has_fact and chosen is not None

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        chosen = self.decision.control.chosen
        assert chosen is not None
        fact = self.fact.control.text() if reports.name_fact(chosen) else ""
        return partial(
            reports.decide_worry, report_id=self._report_id, decision=chosen, fact=fact,
            reason=self.reason.control.toPlainText(),
        )  # fmt: skip

    def _fit_to(self) -> None:
        chosen = self.decision.control.chosen
        named = reports.name_fact(chosen) if chosen is not None else ""
        self.fact.setVisible(bool(named))
        self.fact.set_hint(capital(named))
        self.fit()


class SearchedDialog(EntryDialog):
    """Asks what was looked through; what was ticked before stays."""

    def __init__(self, theme: Theme, report: OutsideReport, *, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="What was searched", accept="Save", parent=parent,
            sentence="Tick what you have done today. Your name and the day are kept beside it.",
        )  # fmt: skip
        self._report_id = report.id
        self.boxes: dict[ReportSearch, QCheckBox] = {}
        for search in report.searches_left:
            self.boxes[search] = QCheckBox(search.in_words)
            self.add_widget(self.boxes[search])
        self.fit()

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        ticked = tuple(search for search, box in self.boxes.items() if box.isChecked())
        return partial(reports.record_searches, report_id=self._report_id, searches=ticked)


class AnswerDialog(EntryDialog):
    """Asks what is answered, to whom and how; the words say what was asked and nothing else."""

    def __init__(self, theme: Theme, desk: ReportDesk, report: OutsideReport, *, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Answer", accept="Save the answer", parent=parent,
            sentence="This program sends nothing. Send the words yourself, then save to whom and how.",
        )  # fmt: skip
        self._desk, self._report = desk, report
        said = report.said
        likely = likely_pupils(desk.pupils, name=said["child"], born=_iso(said.get("born", "")), on=desk.today)
        offered: tuple[tuple[str, ReportAnswer | None], ...] = (
            ("Choose…", None), *((each.in_words, each) for each in ReportAnswer)
        )  # fmt: skip
        self.answer = self.add_field("Answer", choice_box(offered))
        self.picker = PupilPicker(self, order_by_likelihood(desk.pupils, likely, on=desk.today))
        self.reply = self.add_field(
            "What is answered", words_edit(theme=theme), hint="No address, class or attendance: only what they asked."
        )
        self.sent_to = self.add_field("To whom", QLineEdit(said["answer_to"]))
        self.how = self.add_field("How it was sent", choice_box(tuple((how, how) for how in _HOW)))
        self.answer.control.currentIndexChanged.connect(self._draft)
        self.picker.list.currentRowChanged.connect(self._draft)
        self._draft()
        self.answer.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        chosen = self.answer.control.chosen
        self.answer.set_error("" if chosen is not None else "Choose the answer.")
        is_named = chosen in {None, ReportAnswer.NO} or self.picker.check()
        has_words = _needs_words(self.reply, "Say what is answered.")
        return _needs(self.sent_to, "Say to whom it was sent.") and has_words and is_named and chosen is not None

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        chosen = self.answer.control.chosen
        assert chosen is not None
        return partial(
            reports.answer_request, report_id=self._report.id, answer=chosen,
            reply=self.reply.control.toPlainText(), sent_to=self.sent_to.control.text(),
            sent_how=self.how.control.chosen, pupil_id=self.picker.pupil_id,
        )  # fmt: skip

    def _draft(self) -> None:
        chosen = self.answer.control.chosen
        if chosen is None:
            return
        pupil = next((each for each in self._desk.pupils if each.id == self.picker.pupil_id), None)
        self.reply.control.setPlainText(reports.draft_reply(chosen, pupil))


def _needs(field: Field[QLineEdit], error: str) -> bool:
    field.set_error("" if field.control.text().strip() else error)
    return not field.error


def _needs_words(field: Field[QPlainTextEdit], error: str) -> bool:
    field.set_error("" if field.control.toPlainText().strip() else error)
    return not field.error


def _day(text: str, today: date) -> date | None:
    """Read a day of birth; an age, or a day without its year, is none."""
    if not _IS_DAY.match(text):
        return None
    try:
        return read_day(text, today=today)
    except BadInputError:
        return None


def _iso(text: str) -> date | None:
    found = QDate.fromString(text, "yyyy-MM-dd")
    return datetime(found.year(), found.month(), found.day()).date() if found.isValid() else None  # noqa: DTZ001  only its day
