"""The ten printed codes on screen, once: to print, save or copy, and to say that they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextOption
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from cme_desktop.ui.kept_paper import KeptPaper
from cme_desktop.ui.widgets.buttons import PrimaryButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QKeyEvent

    from cme_desktop.ui.style.theme import Theme

_NOT_KEPT = "Say first that the codes are kept."


class PrintedCodesPaper(KeptPaper):
    """The codes in lines, and what to do with them."""

    def __init__(self, theme: Theme, codes: tuple[str, ...], parent: QWidget | None = None) -> None:
        self._codes = codes
        self.shown = QPlainTextEdit()
        self.shown.setReadOnly(True)
        self.shown.setTabChangesFocus(True)
        self.shown.setAccessibleName("Printed codes")
        self.shown.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.shown.setFont(_code_font(theme))
        half = (len(codes) + 1) // 2
        lines = [f"\t{at + 1}\t{codes[at]}" for at in range(len(codes))]
        pairs = [
            "".join(lines[at] for at in (row, row + half) if at < len(lines)) for row in range(half)
        ]  # two columns: all ten are in sight at once
        self._set_columns()
        self.shown.setPlainText("\n".join(pairs))
        self.shown.setFixedHeight(self.shown.fontMetrics().lineSpacing() * half + theme.scaled(28))
        super().__init__(
            theme, self.shown, name="printed codes", file_name="printed-codes.txt",
            kept="They are printed or saved, and kept apart from the phone", parent=parent,
        )  # fmt: skip

    def _set_columns(self) -> None:
        """Number and code, twice: numbers end under each other, codes begin under each other."""
        metrics = self.shown.fontMetrics()
        number, code = metrics.horizontalAdvance("00"), metrics.horizontalAdvance("WWWW-WWWW-WWWW-WWWW")
        gap = metrics.horizontalAdvance("0")
        right, left = QTextOption.TabType.RightTab, QTextOption.TabType.LeftTab
        second = number + gap + code + gap
        option = self.shown.document().defaultTextOption()
        option.setTabs(
            [
                QTextOption.Tab(number, right), QTextOption.Tab(number + gap, left),
                QTextOption.Tab(second + number, right), QTextOption.Tab(second + number + gap, left),
            ]
        )  # fmt: skip
        self.shown.document().setDefaultTextOption(option)

    def words(self) -> str:
        numbered = "\n".join(f"{at}.  {code}" for at, code in enumerate(self._codes, start=1))
        return (
            "CME Desktop: printed codes\n\n"
            f"{numbered}\n\n"
            "Each opens the records once, after your password, where the phone is not there or the computer is new.\n"
            "Cross out what you used. Keep the sheet apart from the phone and the computer.\n"
        )

    def words_to_copy(self) -> str:
        return "\n".join(self._codes)


class PrintedCodesDialog(QDialog):
    """Shows the codes once; closes only when they are said to be kept."""

    def __init__(self, theme: Theme, codes: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("Your printed codes")
        self.paper = PrintedCodesPaper(theme, codes, self)
        self.close_button = PrimaryButton(theme, "Close")
        self.close_button.disable(_NOT_KEPT)
        self.paper.confirmed.toggled.connect(self._take_word)
        self.close_button.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(Label(theme, "Your printed codes", role="heading"))
        about = (
            "For when the phone is not there, and for the first time on another computer. Each is good once. They are "
            "shown only now."
        )
        layout.addWidget(Label(theme, about, token="text2", wraps=True))  # noqa: S106  a colour token
        layout.addWidget(self.paper)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.close_button)
        layout.addLayout(line)
        self.resize(theme.scaled(560), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Escape would lose codes that nobody has kept; the window's lock still closes it.
        if event.key() != Qt.Key.Key_Escape or self.paper.confirmed.isChecked():
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.paper.confirmed.isChecked():
            super().closeEvent(event)
        else:
            event.ignore()

    def _take_word(self, is_kept: bool) -> None:  # noqa: FBT001  the slot of a Qt signal
        if is_kept:
            self.close_button.enable()
        else:
            self.close_button.disable(_NOT_KEPT)


def _code_font(theme: Theme) -> QFont:
    font = theme.font("body")
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.5)
    return font
