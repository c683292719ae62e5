"""A dialog in which something is entered: fields that scroll, what is missing in words, the act, and the way out."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from PySide6.QtCore import QDate, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDateEdit,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.ui.draft_line import DraftLine
from cme_desktop.ui.kept_dialog import KeptDialog
from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.dialog import AskDialog
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent

    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.style.theme import Theme

_WIDEST: Final = 560
ControlT = TypeVar("ControlT", bound=QWidget)
ChoiceT = TypeVar("ChoiceT")


class EntryDialog(KeptDialog):
    """``submitted`` when the act is pressed: its owner runs the use case, then accepts it or shows the problem.

    "Not now", Esc and the window's own cross ask before they drop what was typed. ``reject`` itself never asks: a
    window that is locked leaves the screen at once.
    """

    submitted = Signal()
    left = Signal()
    """Left without saving: what was typed is thrown away."""

    draft_about: str = ""
    """What, beside its title, this dialog is about, so that a draft of one thing is never offered for another."""

    def __init__(
        self, theme: Theme, *, title: str, accept: str, sentence: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName(title)
        self._heading = Label(theme, title, role="heading", wraps=True)
        self._sentence = Label(theme, sentence, token="text2", wraps=True)  # noqa: S106  a colour token
        self.problem = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True, parent=self)
        self.draft_line = DraftLine(theme)
        self.accept_button = PrimaryButton(theme, accept)
        self.reject_button = SecondaryButton(theme, "Not now")
        self._body = QVBoxLayout()
        self._content = QWidget()
        self._scroll = QScrollArea()
        self._build()
        self.accept_button.clicked.connect(self.submitted)
        self.accept_button.clicked.connect(self._show_first_fault)
        self.reject_button.clicked.connect(self._leave)
        self.question: AskDialog | None = None
        self._filled: dict[QWidget, str] = {}

    def add_field(self, label: str, control: ControlT, *, hint: str = "") -> Field[ControlT]:
        """Add a control under its label."""
        field = Field(self.theme, label, control, hint=hint)
        self._body.addWidget(field)
        return field

    def add_side_by_side(self, *fields: QWidget) -> None:
        """Put fields that belong together on one line."""
        line = QHBoxLayout()
        line.setSpacing(12)
        for field in fields:
            line.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        self._body.addLayout(line)

    def add_widget(self, widget: QWidget) -> None:
        """Add any other widget to the body."""
        self._body.addWidget(widget)

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        return True

    @property
    def content(self) -> QWidget:
        """What holds the fields."""
        return self._content

    @property
    def has_typed(self) -> bool:
        """Whether somebody typed words here that are not those it opened with."""
        return any(
            is_typed and words != self._filled.get(field, "") for field, words, is_typed in _words_of(self._content)
        )

    def leave(self, then: Callable[[], None] | None = None) -> None:
        """Close without saving, then do the rest; ask before that where something was typed."""
        if not self.has_typed:
            self._go(then)
            return
        self.question = AskDialog(
            self.theme, title="Leave without saving?", sentence="What you typed here will not be kept.",
            accept="Leave without saving", reject="Stay here", is_grave=True, parent=self,
        )  # fmt: skip
        self.question.accepted.connect(lambda: self._go(then))
        self.question.finished.connect(self._forget_question)
        self.question.open()

    def say(self, sentence: str) -> None:
        """Say something else under the title."""
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))

    def show_problem(self, problem: CmeError) -> None:
        """Say what stands in the way, keep what was typed, and stay open; a password is ready to be typed again."""
        said = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self.problem.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=problem.title, remedy=said)
        self.problem.show()
        lines = self._content.findChildren(QLineEdit)
        password = next((line for line in lines if line.echoMode() is QLineEdit.EchoMode.Password), None)
        if password is None:
            self.problem.setFocus()
            return
        password.setFocus()
        password.selectAll()
        announce(self.problem, f"{problem.title} {said}")

    def fit(self) -> None:
        """Take the size of the fields, at most that of the window behind."""
        # What was just shown or hidden counts only once the layouts have been told.
        for layout in (self._body, self._inside):
            layout.invalidate()
            layout.activate()
        line = 0 if self.draft_line.isHidden() else self.draft_line.sizeHint().height() + 10
        behind = self.parent()
        room = behind.window().size() if isinstance(behind, QWidget) else QSize(900, 640)
        most = room.height() - 40
        width = min(self.theme.scaled(_WIDEST), room.width() - 40)
        # A sentence of one line has its room already; a longer one needs more.
        lines = 0 if self._sentence.isHidden() else self._sentence.heightForWidth(width - 40)
        around = max(self.theme.scaled(150), self.theme.scaled(136) + lines)
        wanted = self._content.sizeHint().height() + around + line
        self.setMinimumWidth(min(width, self.theme.scaled(420)))
        self.resize(width, max(self.theme.scaled(180), min(wanted, most)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.focusWidget() is None:
            self._focus_first()
        if not self._filled:
            self._filled = {field: words for field, words, _ in _words_of(self._content)}

    def _focus_first(self) -> None:
        """Give the keyboard to the first field; Qt would give it to the act, before a word is typed."""
        each = self._content.nextInFocusChain()
        while each is not self._content and each is not None:
            if (
                self._content.isAncestorOf(each)
                and each.isVisibleTo(self)
                and each.isEnabled()
                and each.focusPolicy() & Qt.FocusPolicy.TabFocus
            ):
                each.setFocus()
                return
            each = each.nextInFocusChain()

    def done(self, result: int) -> None:
        """Close, and the question with it."""
        if self.question is not None:
            self.question.reject()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.has_typed:
            event.ignore()
            self.leave()
            return
        super().closeEvent(event)

    def _leave(self) -> None:
        self.leave()

    def _show_first_fault(self) -> None:
        # What is wrong makes a field taller: only once that is laid out can it be scrolled to.
        wrong = next((field for field in self._content.findChildren(Field) if field.error), None)
        if wrong is not None:
            wrong.control.setFocus()
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(wrong, 0, 0))

    def _go(self, then: Callable[[], None] | None) -> None:
        self.left.emit()
        self.reject()
        if then is not None:
            then()

    def _forget_question(self) -> None:
        if self.question is not None:
            self.question.deleteLater()
            self.question = None

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 20, 20, 16)
        outer.setSpacing(10)
        outer.addWidget(self._heading)
        outer.addWidget(self._sentence)
        self._sentence.setVisible(bool(self._sentence.text()))
        outer.addWidget(self.draft_line)
        self.draft_line.hide()
        outer.addWidget(self.problem)
        self.problem.hide()
        self._inside = QVBoxLayout(self._content)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.addLayout(self._body)
        self._inside.addStretch(1)
        self._body.setContentsMargins(2, 2, 8, 2)
        self._body.setSpacing(12)
        self._scroll.setWidget(self._content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(self._scroll, 1)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.accept_button)
        line.addWidget(self.reject_button)
        outer.addLayout(line)
        self.accept_button.setDefault(True)


def _words_of(content: QWidget) -> Iterator[tuple[QWidget, str, bool]]:
    """Every field for words, what it holds, and whether a hand was in it since it was filled; days are no words."""
    for line in content.findChildren(QLineEdit):
        if not isinstance(line.parentWidget(), QAbstractSpinBox):
            yield line, line.text(), line.isModified()
    for edit in content.findChildren(QPlainTextEdit):
        yield edit, edit.toPlainText(), edit.document().isModified()


class ChoiceBox(QComboBox, Generic[ChoiceT]):
    """Choices in words; each stands for a value. Qt would turn a text enum into plain text, so the box keeps them."""

    def __init__(self, choices: Iterable[tuple[str, ChoiceT]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        offered = tuple(choices)
        self._values = tuple(value for _, value in offered)
        self.addItems([words for words, _ in offered])

    def offer(self, choices: Iterable[tuple[str, ChoiceT]]) -> None:
        """Offer other choices in place of these; one that is offered again stays chosen."""
        before = self._values[self.currentIndex()] if self.currentIndex() >= 0 else None
        offered = tuple(choices)
        self._values = tuple(value for _, value in offered)
        self.clear()
        self.addItems([words for words, _ in offered])
        self.choose(before)

    @property
    def chosen(self) -> ChoiceT:
        """The value of the choice shown."""
        return self._values[self.currentIndex()]

    def choose(self, value: object) -> None:
        """Show the choice that stands for the value, if it is offered."""
        if value in self._values:
            self.setCurrentIndex([*self._values].index(value))

    def wheelEvent(self, event: object) -> None:
        """Leave the wheel to the pane: a choice must not change under a scrolling hand."""
        event.ignore()  # type: ignore[attr-defined]  # a QWheelEvent


def choice_box(choices: Iterable[tuple[str, ChoiceT]], *, chosen: object = None) -> ChoiceBox[ChoiceT]:
    """Build a box of choices."""
    box = ChoiceBox(choices)
    if chosen is not None:
        box.choose(chosen)
    return box


def shorten(box: QComboBox) -> None:
    """Let a box of names be narrower than the longest of them."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(14)


def day_edit(day: date, *, latest: date | None = None) -> QDateEdit:
    """Build a field for a day, typed as 10/11/2026; the arrow keys step its parts."""
    edit = QDateEdit(QDate(day.year, day.month, day.day))
    edit.setDisplayFormat("dd/MM/yyyy")
    # The style sheet hides the step buttons: with NoButtons it leaves the day itself no room. Nor does it pad the day.
    edit.lineEdit().setTextMargins(8, 0, 8, 0)
    if latest is not None:
        edit.setMaximumDate(QDate(latest.year, latest.month, latest.day))
    return edit


def day_in(edit: QDateEdit) -> date:
    """Give the day in the field."""
    chosen = edit.date()
    return date(chosen.year(), chosen.month(), chosen.day())


def words_edit(*, lines: int = 3, theme: Theme) -> QPlainTextEdit:
    """Build a field for several lines of words; Tab leaves it."""
    edit = QPlainTextEdit()
    edit.setTabChangesFocus(True)
    edit.setFixedHeight(theme.scaled(20) * lines + 16)
    return edit


def read_time(text: str) -> time | None:
    """Read 9:40, 0940 or 9.40; None where it is empty. Raise ``ValueError`` for anything else."""
    tidy = text.strip().replace(".", ":")
    if not tidy:
        return None
    if ":" not in tidy:
        tidy = f"{tidy[:-2]}:{tidy[-2:]}"
    hours, minutes = tidy.split(":")
    return time(int(hours), int(minutes))


def checked_time(field: Field[QLineEdit]) -> tuple[bool, time | None]:
    """Read the time in a field, saying in the field what to type where it is none."""
    try:
        found = read_time(field.control.text())
    except ValueError:
        field.set_error("Type a time like 9:40, or leave it empty.")
        return (False, None)
    field.set_error("")
    return (True, found)
