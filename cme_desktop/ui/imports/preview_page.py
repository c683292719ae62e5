"""The third page: what accepting would do, counted against the roll, with what was left out and what must be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from cme_desktop.casework.import_preview import MarkChange, PersonChange, Rejected, SessionBalance
from cme_desktop.casework.import_words import say_nothing_to_save
from cme_desktop.casework.in_words import say_day
from cme_desktop.ui.entry_dialog import ChoiceBox, choice_box
from cme_desktop.ui.imports.pick_page import make_table
from cme_desktop.ui.row_table_model import Column, RowTableModel
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.import_preview import Question
    from cme_desktop.casework.imports import PreparedImport
    from cme_desktop.ui.style.theme import Theme

_RIGHT: Final = Qt.AlignmentFlag.AlignRight


class PreviewPage(QWidget):
    """Shows a prepared import. ``answered`` carries the answers whenever one is given."""

    answered = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._boxes: dict[str, ChoiceBox[str]] = {}
        self.stop = Banner(theme, kind=ChipKind.NOW, icon="circle-alert", sentence="", wraps=True, parent=self)
        self.idle = Banner(theme, kind=ChipKind.PLAIN, icon="info", sentence="", wraps=True, parent=self)
        self._counts = QHBoxLayout()
        self._said = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self._questions = QVBoxLayout()
        self.lists = QTabWidget()
        self.rejected: RowTableModel[Rejected] = RowTableModel(_REJECTED, self)
        self.balances: RowTableModel[SessionBalance] = RowTableModel(_BALANCES, self)
        self.changes: RowTableModel[MarkChange] = RowTableModel(_CHANGES, self)
        self.people: RowTableModel[PersonChange] = RowTableModel(_PEOPLE, self)
        self.missing: RowTableModel[str] = RowTableModel(_MISSING, self)
        self._tables = (
            ("Rejected", self.rejected, make_table(self.rejected, name="Rejected rows", stretched=3)),
            ("Sessions against the roll", self.balances, make_table(self.balances, name="Sessions", stretched=0)),
            ("Marks that change", self.changes, make_table(self.changes, name="Marks that change", stretched=1)),
            ("What changes", self.people, make_table(self.people, name="What changes", stretched=3)),
            ("On roll, not in the file", self.missing, make_table(self.missing, name="Not in the file", stretched=0)),
        )
        self._build()

    def show_import(self, prepared: PreparedImport) -> None:
        """Show what accepting would do."""
        preview = prepared.preview
        self.stop.setVisible(bool(preview.stops))
        if preview.stops:
            self.stop.say(kind=ChipKind.NOW, icon="circle-alert", sentence=" ".join(preview.stops))
        self._show_idle(prepared)
        self._show_counts(prepared)
        self._said.setText("\n".join(preview.warnings))
        self._said.setVisible(bool(preview.warnings))
        self._show_questions(prepared)
        self.rejected.set_rows(preview.rejected)
        self.balances.set_rows(tuple(reversed(preview.balances)))
        self.changes.set_rows(tuple(reversed(preview.mark_changes)))
        self.people.set_rows(preview.person_changes)
        self.missing.set_rows(preview.missing)
        self._show_lists()

    def take_focus(self) -> None:
        """Put the keyboard on the first question without an answer; say whether there was one."""
        for box in self._boxes.values():
            if not box.chosen:
                box.setFocus()
                return

    @property
    def has_open_question(self) -> bool:
        """Whether a question still has no answer."""
        return any(not box.chosen for box in self._boxes.values())

    def _show_idle(self, prepared: PreparedImport) -> None:
        counts = prepared.preview.counts
        said = say_nothing_to_save(counts) if prepared.can_accept else None
        self.idle.setVisible(said is not None)
        if said is not None:
            kind = ChipKind.TODAY if counts.rejected else ChipKind.OK
            icon = "triangle-alert" if counts.rejected else "circle-check"
            self.idle.say(kind=kind, icon=icon, sentence=said[0], remedy=said[1])

    def _show_counts(self, prepared: PreparedImport) -> None:
        _empty(self._counts)
        counts = prepared.preview.counts
        told = (
            ("In the file", counts.rows, "text"),
            ("New", counts.new, "text"),
            ("Changed", counts.changed, "today" if counts.changed else "text2"),
            ("Unchanged", counts.unchanged, "text2"),
            ("Not taken", counts.not_taken, "unknown" if counts.not_taken else "text2"),
            ("Rejected", counts.rejected, "today" if counts.rejected else "text2"),
            (
                "On roll, not in the file",
                len(prepared.preview.missing),
                "today" if prepared.preview.missing else "text2",
            ),
        )
        for place, (words, number, token) in enumerate(told):
            if place in {1, 2, 3, 4, 5}:
                sign = "=" if place == 1 else "+"
                self._counts.addWidget(Label(self._theme, sign, role="count", token="text3"))  # noqa: S106  a colour token
            if words.startswith("On roll"):
                self._counts.addStretch(1)
            self._counts.addWidget(_count(self._theme, words, number, token))

    def _show_questions(self, prepared: PreparedImport) -> None:
        _empty(self._questions)
        self._boxes = {}
        for question in prepared.preview.questions:
            box = self._answer_box(question, prepared)
            self._boxes[question.id] = box
            self._questions.addWidget(Field(self._theme, question.text, box))

    def _answer_box(self, question: Question, prepared: PreparedImport) -> ChoiceBox[str]:
        given = prepared.answers.get(question.id, "") or question.suggested
        choices = [(choice.text, choice.value) for choice in question.choices]
        box = choice_box([*([] if given else [("Choose…", "")]), *choices], chosen=given)
        box.activated.connect(self._say_answers)
        return box

    def _say_answers(self) -> None:
        self.answered.emit({name: box.chosen for name, box in self._boxes.items() if box.chosen})

    def _show_lists(self) -> None:
        self.lists.clear()
        for title, model, table in self._tables:
            if model.rows:
                table.resizeRowsToContents()
                self.lists.addTab(table, f"{title} ({len(model.rows)})")
        self.lists.setVisible(self.lists.count() > 0)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.stop)
        layout.addWidget(self.idle)
        box = QFrame()
        box.setProperty("look", "sunken")
        box.setLayout(self._counts)
        self._counts.setContentsMargins(14, 8, 14, 8)
        self._counts.setSpacing(14)
        layout.addWidget(box)
        layout.addWidget(self._said)
        layout.addLayout(self._questions)
        self.lists.setAccessibleName("Details")
        self.lists.setDocumentMode(True)
        layout.addWidget(self.lists, 1)
        layout.addStretch(0)


def _count(theme: Theme, words: str, number: int, token: str) -> QWidget:
    shown = QWidget()
    shown.setAccessibleName(f"{words}: {number}")
    layout = QVBoxLayout(shown)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(Label(theme, f"{number:,}", role="count", token=token))
    layout.addWidget(Label(theme, words, role="small", token="text2"))  # noqa: S106  a colour token
    return shown


def _empty(layout: QHBoxLayout | QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()


_REJECTED: Final[tuple[Column[Rejected], ...]] = (
    Column("Line", lambda one: str(one.line), sort=lambda one: one.line, align=_RIGHT),
    Column("Column", lambda one: one.column or "–"),
    Column("Found", lambda one: one.found or "nothing"),
    Column("Expected", lambda one: one.expected, tooltip=lambda one: one.expected),
)
_BALANCES: Final[tuple[Column[SessionBalance], ...]] = (
    Column("Session", lambda one: f"{say_day(one.session.on)} {one.session.on.year}, {one.session.half.value}",
           sort=lambda one: one.session),
    Column("On roll", lambda one: str(one.roll), align=_RIGHT),
    Column("Present", lambda one: str(one.present), align=_RIGHT),
    Column("Absent", lambda one: str(one.absent), align=_RIGHT),
    Column("Outside", lambda one: str(one.outside), align=_RIGHT),
    Column("Unknown", lambda one: str(one.unknown) if one.unknown else "", align=_RIGHT),
)  # fmt: skip
_CHANGES: Final[tuple[Column[MarkChange], ...]] = (
    Column("Session", lambda one: f"{say_day(one.session.on)} {one.session.on.year}, {one.session.half.value}",
           sort=lambda one: one.session),
    Column("Pupil", lambda one: one.pupil),
    Column("Stands", lambda one: one.old),
    Column("File says", lambda one: one.new),
)  # fmt: skip
_PEOPLE: Final[tuple[Column[PersonChange], ...]] = (
    Column("Pupil", lambda one: one.pupil),
    Column("What", lambda one: one.what),
    Column("Stands", lambda one: one.old),
    Column("File says", lambda one: one.new, tooltip=lambda one: one.new),
)
_MISSING: Final[tuple[Column[str], ...]] = (Column("Have they left? Nobody is taken off the roll", lambda one: one),)
