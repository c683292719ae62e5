"""Reception mode: whether names stand on the screen in full or as initials, and what a sentence looks like then.

Every sentence that is painted goes through ``say``. A word is a name where a pupil or a contact of the records bears
it: rather a word too many is shortened than a name shown.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’‘][^\W\d_]+)*")
_MONTHS: Final = frozenset({"April", "May", "June", "July", "August"})
_SHORTEST: Final = 2


class ShownNames(QObject):
    """``changed``: everything painted has to be painted again; ``switched``: a choice is to be remembered."""

    changed = Signal()
    switched = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: frozenset[str] = frozenset()
        self._is_on = False
        self._is_held = False
        self._hides_on_second_screen = True
        self._stays_out_of_sharing = False

    @property
    def hides_on_second_screen(self) -> bool:
        """Whether names are hidden as soon as another screen is there."""
        return self._hides_on_second_screen

    @property
    def stays_out_of_sharing(self) -> bool:
        """Whether the system is asked to leave the windows out of what is shared of the screen."""
        return self._stays_out_of_sharing

    def hide_on_second_screen(self, *, wanted: bool) -> None:
        """Hide names as soon as another screen is there, or not."""
        self._hides_on_second_screen = wanted
        self.switched.emit()

    def stay_out_of_sharing(self, *, wanted: bool) -> None:
        """Ask the system to leave the windows out of what is shared, or to take them in again."""
        self._stays_out_of_sharing = wanted
        self.switched.emit()

    @property
    def is_on(self) -> bool:
        """Whether reception mode is on."""
        return self._is_on

    @property
    def are_initials(self) -> bool:
        """Whether initials are shown at this moment: the mode is on, and nobody holds the key that shows names."""
        return self._is_on and not self._is_held

    def switch(self, *, on: bool) -> None:
        """Turn reception mode on or off."""
        if on != self._is_on:
            self._is_on, self._is_held = on, False
            self.changed.emit()
            self.switched.emit()

    def hold(self, *, held: bool) -> None:
        """Show names for as long as the key is held."""
        if self._is_on and held != self._is_held:
            self._is_held = held
            self.changed.emit()

    @contextmanager
    def lifted(self, *, for_this: bool) -> Iterator[None]:
        """Show names in what is painted now, where it is the row that the mouse holds."""
        before, self._is_held = self._is_held, self._is_held or for_this
        try:
            yield
        finally:
            self._is_held = before

    def know(self, names: Iterable[str]) -> None:
        """Learn which words are names."""
        words = frozenset(word for name in names for word in _WORD.findall(name) if len(word) >= _SHORTEST)
        if words != self._names:
            self._names = words
            if self._is_on:
                self.changed.emit()

    def say(self, words: str) -> str:
        """Give a sentence as it is shown: with initials for names in reception mode."""
        if not self._is_on or self._is_held or not self._names:
            return words
        return self._shortened(words)

    def tell(self, words: str) -> bool:
        """Whether words are nothing but a name, or hold a forename beside a surname."""
        found = [(each.group() in self._names, each.start(), each.end()) for each in _WORD.finditer(words)]
        return (bool(found) and all(is_name for is_name, _, _ in found)) or any(
            first and second and start - end == 1 for (first, _, end), (second, start, _) in pairwise(found)
        )

    def _shortened(self, words: str) -> str:
        said: list[str] = []
        at = 0
        was_name = False
        for found in _WORD.finditer(words):
            between = words[at : found.start()]
            word = found.group()
            is_name = self._is_name(word, words, found.start())
            if is_name and was_name and between in {" ", "-", "\N{NO-BREAK SPACE}"}:
                between = ""
            said += [between, word[0] if is_name else word]
            at, was_name = found.end(), is_name
        return "".join((*said, words[at:]))

    def _is_name(self, word: str, words: str, start: int) -> bool:
        if word in _MONTHS and words[:start].rstrip()[-1:].isdigit():
            return False
        return word in self._names or word.removesuffix("’s").removesuffix("'s") in self._names
