"""Adding a paper, and looking at one: pages and pictures are shown here, anything else is saved as a copy."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from cme_desktop.casework.papers import (
    ENDING_OF,
    LARGEST,
    PaperContent,
    keep_paper,
    open_paper,
    save_paper_copy,
    strike_paper,
)
from cme_desktop.domain.errors import BadInputError
from cme_desktop.outside_file import read_outside_file
from cme_desktop.ui.documents.page_pictures import PagePicture, picture_page
from cme_desktop.ui.entry_dialog import EntryDialog
from cme_desktop.ui.roll.paper_list import say_paper
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office
    from cme_desktop.casework.papers import Paper
    from cme_desktop.domain.changes import Changes
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.tab import TabContext

_SCALE: Final = 1.4
_MOST_PAGES: Final = 20


class AddPaperDialog(EntryDialog):
    """Asks what a file is."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Keep this paper", accept="Keep it", parent=parent,
            sentence="It is kept inside the encrypted records. The file on your computer stays where it is.",
        )  # fmt: skip
        self.title = self.add_field(
            "What it is", QLineEdit(), hint="For example: letter from the new school, or flight booking"
        )
        self.title.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        self.title.set_error("" if self.title.control.text().strip() else "Say what this paper is.")
        return not self.title.error

    def keeping(self, path: Path, *, pupil_id: PupilId, about: str) -> UseCase:
        """Give the use case that reads the file and keeps it."""
        return partial(_read_and_keep, path=path, title=self.title.control.text(), pupil_id=pupil_id, about=about)


class PaperDialog(QDialog):
    """Shows a paper's pages or picture; ``save`` writes a copy outside the records, ``strike`` strikes it out."""

    def __init__(self, context: TabContext, found: PaperContent, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._found = found
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName(found.paper.title)
        theme = context.theme
        self._heading = Label(theme, found.paper.title, role="heading", wraps=True)
        self.about = Label(theme, say_paper(found.paper), token="text2", wraps=True)  # noqa: S106  a colour token
        self._pages = QVBoxLayout()
        self.save = SecondaryButton(theme, "Save a copy", icon="save")
        self.strike = SecondaryButton(theme, "Strike out", icon="trash-2")
        self.close_button = SecondaryButton(theme, "Close")
        self._build()
        self.save.clicked.connect(self._ask_copy)
        self.strike.clicked.connect(self._strike)
        self.close_button.clicked.connect(self.reject)
        self._show()

    @staticmethod
    def reading(paper: Paper) -> UseCase:
        """Give the use case that reads a paper to be shown here."""
        return partial(open_paper, paper_id=paper.id)

    def save_copy(self, path: Path) -> None:
        """Write a copy to a file."""
        copying = partial(save_paper_copy, paper_id=self._found.paper.id, to=path)
        self._context.background.run(copying, done=lambda _: self._say_copied())

    def _say_copied(self) -> None:
        self.about.setText("The copy is saved. It is not encrypted: delete it when it is no longer needed.")

    def _ask_copy(self) -> None:
        ending = ENDING_OF.get(self._found.paper.kind, "")
        chosen, _ = QFileDialog.getSaveFileName(self, "Save a copy as", f"paper-{self._found.paper.id}{ending}")
        if chosen:
            self.save_copy(Path(chosen))

    def _strike(self) -> None:
        self._context.background.run(partial(strike_paper, paper_id=self._found.paper.id), done=self._leave)

    def _leave(self, _: Changes) -> None:
        self.accept()

    def _show(self) -> None:
        kind, content = self._found.paper.kind, self._found.content
        if kind == "application/pdf":
            self._context.background.run(lambda _: _picture_pages(content), done=self._show_pages)
        elif kind.startswith("image/"):
            self._add_picture(QPixmap.fromImage(QImage.fromData(content)))
        else:
            self._pages.addWidget(
                Label(self._context.theme, "This kind of file is not shown here. Save a copy to open it.", wraps=True)
            )

    def _show_pages(self, pages: tuple[PagePicture, ...]) -> None:
        for page in pages:
            image = QImage(page.pixels, page.width, page.height, QImage.Format.Format_RGB32)
            self._add_picture(QPixmap.fromImage(image), words=page.words)
        if not pages:
            self._pages.addWidget(
                Label(self._context.theme, "The pages can’t be read. Save a copy to open it.", wraps=True)
            )

    def _add_picture(self, picture: QPixmap, *, words: str = "") -> None:
        label = QLabel()
        width = self._context.theme.scaled(620)
        fits = picture if picture.width() <= width else picture.scaledToWidth(width, _SMOOTH)
        label.setPixmap(fits)
        label.setAccessibleName(words or self._found.paper.title)
        self._pages.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self._heading)
        layout.addWidget(self.about)
        inside = QWidget()
        inside.setLayout(self._pages)
        self._pages.setAlignment(Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName("Pages")
        layout.addWidget(scroll, 1)
        line = QHBoxLayout()
        self.strike.setVisible(self._found.paper.retracted_at is None)
        line.addWidget(self.strike)
        line.addStretch(1)
        line.addWidget(self.save)
        line.addWidget(self.close_button)
        layout.addLayout(line)
        self.resize(self._context.theme.scaled(700), self._context.theme.scaled(560))


_SMOOTH: Final = Qt.TransformationMode.SmoothTransformation


def _picture_pages(content: bytes) -> tuple[PagePicture, ...]:
    try:
        first = picture_page(content, number=1, scale=_SCALE)
        rest = range(2, min(first.of, _MOST_PAGES) + 1)
        return (first, *(picture_page(content, number=number, scale=_SCALE) for number in rest))
    except Exception:  # noqa: BLE001  whatever is wrong with somebody's file, a copy can still be saved
        return ()


def _read_and_keep(office: Office, *, path: Path, title: str, pupil_id: PupilId, about: str) -> Changes:
    try:
        content = read_outside_file(
            path, largest=LARGEST, what="The file",
            remedy="Scan it in black and white, or keep only the pages that matter.",
        )  # fmt: skip
    except OSError as error:
        raise BadInputError(
            "The file can’t be read.", detail=error.strerror or "", remedy="Close it in other programs and try again."
        ) from None
    return keep_paper(office, pupil_id=pupil_id, about=about, title=title, file_name=path.name, content=content)
