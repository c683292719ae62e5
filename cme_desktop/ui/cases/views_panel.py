"""What the child and the family say, on a case: the latest words of each, who heard them, and the way to add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.views import NOT_YET, Heard, Views, Voice
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


class ViewsPanel(QWidget):
    """Shows both voices. ``asked`` carries whose words somebody wants to add."""

    asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = {voice: _VoiceBox(theme, voice) for voice in Voice}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for voice, box in self.boxes.items():
            layout.addWidget(box)
            box.add.clicked.connect(lambda _=False, one=voice: self.asked.emit(one))

    def show_views(self, views: Views, *, may_add: bool) -> None:
        """Show the latest words of each voice; earlier ones are in the history."""
        for voice, box in self.boxes.items():
            box.show_heard(tuple(each for each in views.of(voice) if not each.is_struck_out), may_add=may_add)


class _VoiceBox(QWidget):
    def __init__(self, theme: Theme, voice: Voice) -> None:
        super().__init__()
        self._voice = voice
        self.add = LinkButton(theme, "Add", icon="plus")
        self.add.setAccessibleName(f"Add {voice.in_words[:1].lower()}{voice.in_words[1:]}")
        self.words = Label(theme, "", wraps=True)
        self.not_yet = Label(theme, NOT_YET, token="today")  # noqa: S106  a colour token
        self.heard = Label(theme, "", role="small", token="text2", wraps=True)  # noqa: S106  a colour token
        head = QHBoxLayout()
        head.addWidget(SectionHeading(theme, voice.in_words, is_pane=True))
        head.addStretch(1)
        head.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        for label in (self.words, self.not_yet, self.heard):
            layout.addWidget(label)

    def show_heard(self, heard: tuple[Heard, ...], *, may_add: bool) -> None:
        self.words.setText(_shortened(heard[0].words) if heard else "")
        self.heard.setText(_say_heard(heard))
        self.words.setVisible(bool(heard))
        self.heard.setVisible(bool(heard))
        self.not_yet.setVisible(not heard)
        self.add.setVisible(may_add)
        self.setAccessibleName(f"{self._voice.in_words}: {self.words.text() or NOT_YET}")


_LONGEST = 280


def _shortened(words: str) -> str:
    if len(words) <= _LONGEST:
        return f"“{words}”"
    return f"“{words[: words.rfind(' ', 0, _LONGEST)]} …” The rest is in the history."


def _say_heard(heard: tuple[Heard, ...]) -> str:
    if not heard:
        return ""
    latest, earlier = heard[0], len(heard) - 1
    how = f", {latest.how[:1].lower()}{latest.how[1:]}" if latest.how else ""
    more = f". {earlier} earlier, in the history" if earlier else ""
    return f"Heard by {latest.by}, {say_day(latest.on)}{how}{more}"
