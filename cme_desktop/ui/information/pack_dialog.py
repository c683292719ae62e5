"""Deciding about what is held, item by item: why each waits, what it says, and what is done with it.

Nothing is chosen beforehand, Enter decides nothing, and the pages are made only once nothing waits.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.casework.held.pack import (
    Decided,
    HeldFile,
    MarkedItem,
    PackScreen,
    decide_item,
    load_pack,
    look_at_file,
)
from cme_desktop.casework.in_words import say_day
from cme_desktop.domain.information import Verdict
from cme_desktop.ui.entry_dialog import words_edit
from cme_desktop.ui.name_covers import NEEDS_NAMES, DeskDialog
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.domain.identifiers import RequestId
    from cme_desktop.ui.tab import TabContext

_ABOUT: Final = (
    "What names somebody else, or may lawfully be kept back, waits for you. The program marks names it knows and some "
    "words; a nickname or a hint it does not see. Read the pages as well before you give them."
)
_SHORT: Final = {
    Verdict.INCLUDE: "included",
    Verdict.BLACK_OUT: "words in black",
    Verdict.LEAVE_OUT: "left out, said",
    Verdict.LEAVE_OUT_UNSAID: "left out, unsaid",
}


class PackDialog(DeskDialog):
    """The marked items at the left, the one chosen at the right with the four ways to decide."""

    def __init__(self, context: TabContext, request_id: RequestId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._id = context, request_id
        self._screen: PackScreen | None = None
        theme = context.theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("What is held")
        self.setProperty(NEEDS_NAMES, True)  # noqa: FBT003  a Qt property takes no keywords
        self.setSizeGripEnabled(True)
        self.progress = Label(theme, "Reading what is held …", role="body-strong", wraps=True)
        self.items = QListWidget()
        self.items.setAccessibleName("Items to decide")
        self.title = Label(theme, role="heading", wraps=True)
        self.place = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self.why = Banner(theme, kind=ChipKind.TODAY, icon="eye", sentence="", wraps=True)
        self.text = QPlainTextEdit()
        self.file_button = SecondaryButton(theme, "Look at the file…", icon="eye")
        self.verdicts = {verdict: QRadioButton(verdict.in_words) for verdict in Verdict}
        self.group = QButtonGroup(self)
        self.black = Field(theme, "Words to black out", words_edit(theme=theme, lines=2), hint="One to a line")
        self.found_button = SecondaryButton(theme, "Put in the words found")
        self.reason = Field(theme, "Why", QLineEdit())
        self.keep_button = PrimaryButton(theme, "Keep this decision")
        self.problem = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True)
        self.read_button = SecondaryButton(theme, "Read the pages…", icon="file-text")
        self.close_button = SecondaryButton(theme, "Close")
        self._scroll = QScrollArea()
        self._build()
        self._connect()
        self.read()

    @property
    def chosen(self) -> MarkedItem | None:
        """The item chosen in the list."""
        row = self.items.currentRow()
        marked = self._screen.marked if self._screen is not None else ()
        return marked[row] if 0 <= row < len(marked) else None

    @property
    def verdict(self) -> Verdict | None:
        """The way that is chosen; None while nobody chose."""
        return next((verdict for verdict, button in self.verdicts.items() if button.isChecked()), None)

    def read(self) -> None:
        """Gather what is held."""
        self._context.background.run(
            partial(load_pack, request_id=self._id), done=self._show, failed=self._say_problem
        )  # fmt: skip

    def decide(self) -> None:
        """Keep the decision about the item chosen, and go on to the next that waits."""
        marked, verdict = self.chosen, self.verdict
        if marked is None or not self._check(verdict):
            return
        assert verdict is not None, "_check() said so"
        words = tuple(self.black.control.toPlainText().splitlines())
        reason = self.reason.control.text()
        self._context.background.run(
            partial(
                decide_item, request_id=self._id, item=marked.item, verdict=verdict, reason=reason,
                blacked=words if verdict is Verdict.BLACK_OUT else (),
            ),
            done=lambda _: self._take(marked, verdict, reason, words), failed=self._say_problem,
        )  # fmt: skip

    def open_pages(self) -> None:
        """Open the pages to be read, printed or saved."""
        from cme_desktop.ui.information.pack_pages import PackPagesDialog  # noqa: PLC0415  seldom needed

        PackPagesDialog(self._context, self._id, self).exec()

    def look_at_file(self) -> None:
        """Show the file of the item chosen."""
        marked = self.chosen
        if marked is not None and marked.item.file:
            op = partial(look_at_file, request_id=self._id, item=marked.item)
            self._context.background.run(op, done=self._show_file, failed=self._say_problem)

    # -- private ---------------------------------------------------------------------------------------------------

    def _show(self, screen: PackScreen) -> None:
        self._screen = screen
        self.items.clear()
        for marked in screen.marked:
            self.items.addItem(QListWidgetItem(_say_line(marked)))
        self._say_progress()
        self._go_to_next()

    def _take(self, marked: MarkedItem, verdict: Verdict, reason: str, words: tuple[str, ...]) -> None:
        """Show the decision just kept: all else stands as it was read."""
        if self._screen is None:
            return
        at = self._screen.marked.index(marked)
        office = self._context.background.office
        assert office is not None, "a decision was just kept"
        decided = Decided(verdict, reason, words, office.user.name, office.local_now)
        kept = (*self._screen.marked[:at], replace(marked, decided=decided), *self._screen.marked[at + 1 :])
        self._screen = replace(self._screen, marked=kept)
        self.items.item(at).setText(_say_line(kept[at]))
        self._say_progress()
        self._go_to_next()

    def _show_file(self, held: HeldFile) -> None:
        from cme_desktop.ui.information.file_dialog import FileDialog  # noqa: PLC0415  seldom needed

        FileDialog(self._context, held, self).open()

    def _say_progress(self) -> None:
        screen = self._screen
        if screen is None:
            return
        self.progress.setText(screen.said)
        if screen.left:
            self.read_button.disable("Decide about every item first.")
        else:
            self.read_button.enable()

    def _go_to_next(self) -> None:
        screen = self._screen
        if screen is None or not screen.marked:
            self._show_item()
            return
        start = max(self.items.currentRow(), 0)
        order = [*range(start, len(screen.marked)), *range(start)]
        waiting = next((row for row in order if screen.marked[row].decided is None), start)
        self.items.setCurrentRow(waiting)
        self._show_item()
        if screen.left:
            self.items.setFocus()
        else:
            self.read_button.setFocus()

    def _show_item(self) -> None:
        marked = self.chosen
        self.problem.hide()
        self._right.setVisible(marked is not None)
        if marked is None:
            return
        item, decided = marked.item, marked.decided
        self.title.setText(item.title)
        day = f", {say_day(item.on)} {item.on.year}" if item.on else ""
        self.place.setText(f"{item.section.in_words}{day}")
        self.why.say(
            kind=ChipKind.TODAY, icon="eye", sentence="Waits for you" if decided is None else _say_decided(decided),
            remedy="\n".join(mark.said for mark in item.marks),
        )  # fmt: skip
        self.text.setPlainText("\n".join(f"{label}: {said}" for label, said in item.lines))
        self._choose(decided.verdict if decided else None)
        self.black.control.setPlainText("\n".join(decided.blacked) if decided else "")
        self.reason.control.setText(decided.reason if decided else "")
        self.verdicts[Verdict.BLACK_OUT].setEnabled(not item.file)
        self.file_button.setVisible(bool(item.file))
        for field in (self.black, self.reason):
            field.set_error("")
        self._offer_black()

    def _choose(self, verdict: Verdict | None) -> None:
        self.group.setExclusive(False)
        for each, button in self.verdicts.items():
            button.setChecked(each is verdict)
        self.group.setExclusive(True)

    def _offer_black(self) -> None:
        is_black = self.verdict is Verdict.BLACK_OUT
        self.black.setVisible(is_black)
        marked = self.chosen
        self.found_button.setVisible(is_black and marked is not None and bool(marked.item.found))
        if is_black:
            # only once what was just shown is laid out can it be scrolled to
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(self.found_button, 0, 0))

    def _put_found(self) -> None:
        marked = self.chosen
        if marked is not None:
            self.black.control.setPlainText("\n".join(marked.item.found))

    def _check(self, verdict: Verdict | None) -> bool:
        if verdict is None:
            self._say("Choose what is done with this item.", "One of the four above; none is chosen for you.")
            self.verdicts[Verdict.INCLUDE].setFocus()
            return False
        needs_words = verdict is Verdict.BLACK_OUT and not self.black.control.toPlainText().strip()
        self.black.set_error("Write which words." if needs_words else "")
        self.reason.set_error("" if self.reason.control.text().strip() else "Say why, in a few words.")
        return not needs_words and not self.reason.error

    def _say(self, sentence: str, remedy: str) -> None:
        self.problem.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=sentence, remedy=remedy)
        self.problem.show()

    def _say_problem(self, problem: CmeError) -> None:
        self._say(problem.title, " ".join(part for part in (problem.detail, problem.remedy) if part))

    def _connect(self) -> None:
        self.items.currentRowChanged.connect(lambda _: self._show_item())
        for button in self.verdicts.values():
            button.toggled.connect(lambda _: self._offer_black())
        self.found_button.clicked.connect(self._put_found)
        self.file_button.clicked.connect(self.look_at_file)
        self.keep_button.clicked.connect(self.decide)
        self.read_button.clicked.connect(self.open_pages)
        self.close_button.clicked.connect(self.accept)

    def _build(self) -> None:
        theme = self._context.theme
        self.items.setFont(theme.font("body"))
        self.items.setWordWrap(True)
        self.items.setSpacing(theme.scaled(4))
        self.items.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("What it says")
        self.text.setFont(theme.font("body"))
        self.text.setFixedHeight(theme.scaled(124))
        self.verdicts[Verdict.LEAVE_OUT].setToolTip("The pack says in neutral words that entries were left out.")
        self.verdicts[Verdict.LEAVE_OUT_UNSAID].setToolTip("Where saying so would itself tell something.")
        for choice in self.verdicts.values():
            self.group.addButton(choice)
            choice.setFont(theme.font("body"))
        right = self._build_right()
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.items)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([360, 640])
        acts = QHBoxLayout()
        acts.addWidget(self.progress, 1)
        acts.addWidget(self.read_button)
        acts.addWidget(self.close_button)
        buttons = (self.read_button, self.close_button, self.found_button, self.keep_button, self.file_button)
        for button in buttons:
            button.setAutoDefault(False)
        self.problem.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(Label(theme, "What is held", role="heading"))
        layout.addWidget(Label(theme, _ABOUT, token="text2", wraps=True))  # noqa: S106  a colour token
        layout.addWidget(splitter, 1)
        layout.addLayout(acts)
        behind = self.parentWidget()
        window = behind.window().parentWidget() if behind is not None else None
        room = window.window().size() if window is not None else self.screen().availableSize()
        self.resize(min(room.width() - 40, theme.scaled(1060)), min(room.height() - 40, theme.scaled(680)))

    def _build_right(self) -> QWidget:
        right = QVBoxLayout()
        right.setContentsMargins(8, 0, 8, 0)
        right.setSpacing(8)
        for widget in (self.title, self.place, self.why):
            right.addWidget(widget)
        right.addWidget(self.text)
        right.addWidget(self.file_button, 0, Qt.AlignmentFlag.AlignLeft)
        for choice in self.verdicts.values():
            right.addWidget(choice)
        right.addWidget(self.black)
        right.addWidget(self.found_button, 0, Qt.AlignmentFlag.AlignLeft)
        right.addStretch(1)
        content = QWidget()
        content.setLayout(right)
        scroll = self._scroll
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        pane = QVBoxLayout()
        pane.setContentsMargins(0, 0, 0, 0)
        pane.setSpacing(8)
        pane.addWidget(scroll, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 0, 8, 0)
        foot.setSpacing(12)
        foot.addWidget(self.reason, 1)
        foot.addWidget(self.keep_button, 0, Qt.AlignmentFlag.AlignVCenter)
        pane.addWidget(self.problem)
        pane.addLayout(foot)
        self._right = QWidget()
        self._right.setLayout(pane)
        return self._right


def _say_line(marked: MarkedItem) -> str:
    state = _SHORT[marked.decided.verdict] if marked.decided else "to decide"
    day = f", {say_day(marked.item.on)} {marked.item.on.year}" if marked.item.on else ""
    return f"{marked.item.title}{day}: {state}"


def _say_decided(decided: Decided) -> str:
    return f"Decided by {decided.by}, {say_day(decided.at.date())} {decided.at.year}"
