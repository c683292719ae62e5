"""The look in force: colours, fonts, icons and scale, following the system until the user chooses otherwise."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from cme_desktop.ui.style.icons import IconSet, with_room_at_right
from cme_desktop.ui.style.palette import DARK, LIGHT, Appearance, Palette, contrast_theme, high_contrast, to_qt
from cme_desktop.ui.style.sheet import style_sheet
from cme_desktop.ui.style.shown_names import ShownNames

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtGui import QIcon

FAMILIES: Final = ("Noto Sans", "DejaVu Sans")
ROLES: Final[dict[str, tuple[int, bool]]] = {
    "figure": (26, True),
    "count": (22, True),
    "page": (24, True),
    "title": (20, True),
    "heading": (15, True),
    "row": (14, True),
    "body": (13, False),
    "body-strong": (13, True),
    "small": (12, False),
    "small-strong": (12, True),
    "key": (11, True),
}
"""Pixels at 100 %, and whether semibold."""

SMALLEST_TEXT: Final = 1.0
LARGEST_TEXT: Final = 2.0
TEXT_STEP: Final = 0.1


class LookChoice(Enum):
    """What the View menu offers."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high contrast"


class Theme(QObject):
    """Gives every widget its colours, fonts, icons and sizes; ``changed`` says to take them again."""

    changed = Signal()

    def __init__(self, resources: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.names = ShownNames(self)
        self._icons = IconSet(resources / "icons")
        self._pictures = resources / "style"
        self._choice = LookChoice.SYSTEM
        self._text_scale = SMALLEST_TEXT
        self._shows_keys = True
        _load_fonts(resources / "fonts")
        self._system = _look_before_ours() or _system_look() or Appearance.LIGHT
        self.palette: Palette = self._palette_in_force()

    # -- what widgets ask --------------------------------------------------------------------------------------

    def color(self, token: str) -> QColor:
        """The colour of a token such as ``"text2"``."""
        return QColor(getattr(self.palette, token))

    def font(self, role: str) -> QFont:
        """The font of a role such as ``"row"``, at the text size in force."""
        pixels, strong = ROLES[role]
        font = QFont()
        font.setFamilies(list(FAMILIES))
        font.setPixelSize(self.scaled(pixels))
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        return font

    def scaled(self, px: float) -> int:
        """A length in pixels at 100 %, at the text size in force."""
        return round(px * self._text_scale)

    def icon(self, name: str, token: str = "text2", size: int = 18, *, gap: int = 0) -> QIcon:  # noqa: S107  a colour token
        """The icon in a token's colour, for buttons and actions; ``size`` is at 100 %, ``gap`` is left at its right."""
        from PySide6.QtGui import QIcon  # noqa: PLC0415  no icon stands on the first window

        dpr = self._device_pixel_ratio()
        drawn, off = self.pixmap(name, token, size, dpr), self.pixmap(name, "text3", size, dpr)
        made = QIcon(with_room_at_right(drawn, gap) if gap else drawn)
        made.addPixmap(with_room_at_right(off, gap) if gap else off, QIcon.Mode.Disabled)
        return made

    def pixmap(self, name: str, token: str = "text2", size: int = 18, dpr: float = 1.0) -> QPixmap:  # noqa: S107  a colour token
        """The icon as a pixmap, sharp at ``dpr``; ``size`` is in pixels at 100 %."""
        return self._icons.pixmap(name, color=self.color(token), size=self.scaled(size), dpr=dpr)

    @property
    def text_scale(self) -> float:
        """1.0 to 2.0."""
        return self._text_scale

    @property
    def shows_keys(self) -> bool:
        """Whether keycaps are printed beside the acts."""
        return self._shows_keys

    @property
    def choice(self) -> LookChoice:
        """What the user chose in the View menu."""
        return self._choice

    # -- what the View menu asks -------------------------------------------------------------------------------

    def set_text_scale(self, scale: float) -> None:
        """Enlarge all text; kept between 100 and 200 %."""
        kept = _kept_in_bounds(scale)
        if kept == self._text_scale:
            return
        self._text_scale = kept
        self.apply()

    def enlarge_text(self) -> None:
        """One step of 10 % up."""
        self.set_text_scale(self._text_scale + TEXT_STEP)

    def reduce_text(self) -> None:
        """One step of 10 % down."""
        self.set_text_scale(self._text_scale - TEXT_STEP)

    def choose(self, choice: LookChoice) -> None:
        """Keep to one look, or go back to following the system."""
        self._choice = choice
        self._tell_system()
        self._system = _system_look() or self._system
        self.apply()

    def begin_with(self, choice: LookChoice, *, text_scale: float, shows_keys: bool) -> None:
        """Take up the look last chosen, before anything is painted; ``follow_system`` goes on from there."""
        self._choice = choice
        self._text_scale = _kept_in_bounds(text_scale)
        self._shows_keys = shows_keys
        self.apply()

    def follow_system(self) -> None:
        """Ask the system what it wants, now that the first window is painted, and hear of it when that changes."""
        hints = QGuiApplication.styleHints()
        self._tell_system()
        hints.colorSchemeChanged.connect(self._take_system_look)
        hints.accessibility().contrastPreferenceChanged.connect(self._take_system_look)
        self._take_system_look()

    def show_keys(self, *, shown: bool) -> None:
        """Print the keycaps or leave them out."""
        self._shows_keys = shown
        self.changed.emit()

    def apply(self) -> None:
        """Set the look on the application and tell every widget."""
        self.palette = self._palette_in_force()
        self._icons.clear()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            with _nothing_collected():
                application.setPalette(to_qt(self.palette))
                application.setFont(self.font("body"))
                application.setStyleSheet(style_sheet(self.palette, scaled=self.scaled, pictures=self._pictures))
        self.changed.emit()

    # -- private -----------------------------------------------------------------------------------------------

    def _palette_in_force(self) -> Palette:
        match self._choice:
            case LookChoice.HIGH_CONTRAST:
                return high_contrast(contrast_theme())
            case LookChoice.DARK:
                return DARK
            case LookChoice.LIGHT:
                return LIGHT
        if self._system is Appearance.HIGH_CONTRAST:
            return high_contrast(QApplication.style().standardPalette())
        return DARK if self._system is Appearance.DARK else LIGHT

    def _tell_system(self) -> None:
        """Have what the system draws, such as the title bar, keep to the look chosen."""
        from PySide6.QtCore import Qt  # noqa: PLC0415  dear to load: see qt_numbers

        hints = QGuiApplication.styleHints()
        match self._choice:
            case LookChoice.LIGHT:
                hints.setColorScheme(Qt.ColorScheme.Light)
            case LookChoice.DARK:
                hints.setColorScheme(Qt.ColorScheme.Dark)
            case _:
                hints.unsetColorScheme()

    def _take_system_look(self) -> None:
        self._system = _system_look() or self._system
        if self._palette_in_force() != self.palette:
            self.apply()

    def _device_pixel_ratio(self) -> float:
        screen = QGuiApplication.primaryScreen()
        return screen.devicePixelRatio() if screen is not None else 1.0


def _kept_in_bounds(scale: float) -> float:
    return min(LARGEST_TEXT, max(SMALLEST_TEXT, round(scale, 1)))


def _look_before_ours() -> Appearance | None:
    """Tell light from dark by the system's own colours, for the first paint; None once ours have taken their place."""
    application = QApplication.instance()
    if isinstance(application, QApplication) and application.styleSheet():
        return None
    palette = QGuiApplication.palette()
    ground = palette.color(QPalette.ColorRole.Window)
    ink = palette.color(QPalette.ColorRole.WindowText)
    return Appearance.DARK if ground.lightness() < ink.lightness() else Appearance.LIGHT


def _system_look() -> Appearance | None:
    """Ask the system; None where it does not say."""
    from PySide6.QtCore import Qt  # noqa: PLC0415  dear to load: see qt_numbers

    hints = QGuiApplication.styleHints()
    if hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast:
        return Appearance.HIGH_CONTRAST
    return {Qt.ColorScheme.Dark: Appearance.DARK, Qt.ColorScheme.Light: Appearance.LIGHT}.get(hints.colorScheme())


@contextmanager
def _nothing_collected() -> Iterator[None]:
    # Qt walks a list of all widgets that it made at the start, and runs our code for each: a dialog that Python's
    # collector then let go of would be touched after its end, and the program with it.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _load_fonts(folder: Path) -> None:
    """Bring the program's own fonts in, once; without them the system's stand in."""
    if FAMILIES[0] in QFontDatabase.families():
        return
    for file in sorted(folder.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
