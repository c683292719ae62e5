"""The colours by meaning: one frozen palette a theme, and no hex value anywhere else.

Light and dark are ours, chosen for their contrast; high contrast is the system's own, taken from its palette roles.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtGui import QColor, QPalette

if TYPE_CHECKING:
    from collections.abc import Iterator


class Appearance(Enum):
    """The three looks the window has."""

    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high contrast"


class Palette(NamedTuple):
    """The tokens of one theme as ``#rrggbb``; ``on_sel`` is text on a selected row, ``border`` a line's width in px."""

    bg: str
    surface: str
    sunken: str
    text: str
    text2: str
    text3: str
    line: str
    line2: str
    accent: str
    accent2: str
    tint: str
    on_accent: str
    sel: str
    on_sel: str
    focus: str
    now: str
    now_tint: str
    now_line: str
    today: str
    today_tint: str
    today_line: str
    today_mark: str
    week: str
    ok: str
    ok_tint: str
    unknown: str
    unknown_tint: str
    unknown_line: str
    heat_present: str
    appearance: Appearance = Appearance.LIGHT
    border: int = 1

    @property
    def is_high_contrast(self) -> bool:
        """Whether meaning must rest on shape and words alone."""
        return self.appearance is Appearance.HIGH_CONTRAST


LIGHT: Final = Palette(
    bg="#F2F4F6", surface="#FFFFFF", sunken="#F7F8FA",
    text="#1A1D21", text2="#4A535E", text3="#5C6672",
    line="#DDE2E7", line2="#7F8995",
    accent="#1C588C", accent2="#164872", tint="#E4EEF7", on_accent="#FFFFFF",
    sel="#DDEAF6", on_sel="#1A1D21", focus="#1C588C",
    now="#9F1F2B", now_tint="#FBEDED", now_line="#C77F83",
    today="#7A4A00", today_tint="#FDF1DA", today_line="#B98A3C", today_mark="#B26A00",
    week="#3F5F86", ok="#1D6A42", ok_tint="#E6F2EB",
    unknown="#59478F", unknown_tint="#EFEBF8", unknown_line="#8D7FBB",
    heat_present="#D5E3DA",
)  # fmt: skip

DARK: Final = Palette(
    bg="#17191C", surface="#1F2226", sunken="#1A1D20",
    text="#E9EBEE", text2="#B3BAC3", text3="#9CA4AE",
    line="#343A41", line2="#7E8792",
    accent="#86BDEB", accent2="#A6D0F3", tint="#22384B", on_accent="#10202E",
    sel="#26405A", on_sel="#E9EBEE", focus="#86BDEB",
    now="#FF9C98", now_tint="#3A2325", now_line="#A75F60",
    today="#F3BE66", today_tint="#382C18", today_line="#94743A", today_mark="#E0A23C",
    week="#A9C3E3", ok="#84CFA2", ok_tint="#1E3328",
    unknown="#C0B1F6", unknown_tint="#2C2740", unknown_line="#7D70AE",
    heat_present="#2F4A3B",
    appearance=Appearance.DARK,
)  # fmt: skip


def high_contrast(system: QPalette) -> Palette:
    """Build the tokens from the system's own contrast theme: no tint, lines of 2 px, one ink."""
    ground = _role(system, QPalette.ColorRole.Window)
    ink = _role(system, QPalette.ColorRole.WindowText)
    link = _role(system, QPalette.ColorRole.Link)
    highlight = _role(system, QPalette.ColorRole.Highlight)
    return Palette(
        bg=ground, surface=ground, sunken=ground,
        text=ink, text2=ink, text3=ink, line=ink, line2=ink,
        accent=link, accent2=link, tint=ground, on_accent=ground,
        sel=highlight, on_sel=_role(system, QPalette.ColorRole.HighlightedText), focus=highlight,
        now=ink, now_tint=ground, now_line=ink,
        today=ink, today_tint=ground, today_line=ink, today_mark=ink,
        week=ink, ok=ink, ok_tint=ground,
        unknown=ink, unknown_tint=ground, unknown_line=ink,
        heat_present=ground,
        appearance=Appearance.HIGH_CONTRAST, border=2,
    )  # fmt: skip


def contrast_theme() -> QPalette:
    """Return one contrast theme's roles, for choosing high contrast where the system offers none."""
    palette = QPalette()
    for role, value in _CONTRAST_THEME.items():
        palette.setColor(role, QColor(value))
    return palette


_CONTRAST_THEME: Final = {
    QPalette.ColorRole.Window: "#202020",
    QPalette.ColorRole.WindowText: "#FFFFFF",
    QPalette.ColorRole.Link: "#75E9FC",
    QPalette.ColorRole.Highlight: "#8EE3F0",
    QPalette.ColorRole.HighlightedText: "#263B50",
}


def to_qt(palette: Palette) -> QPalette:
    """Turn the tokens into Qt's palette: in high contrast it is all there is."""
    made = QPalette()
    for role, token in _roles(palette):
        made.setColor(role, QColor(token))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.text3))
    made.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Base, QColor(palette.sunken))
    return made


def _roles(palette: Palette) -> Iterator[tuple[QPalette.ColorRole, str]]:
    role = QPalette.ColorRole
    yield role.Window, palette.bg
    yield role.WindowText, palette.text
    yield role.Base, palette.surface
    yield role.AlternateBase, palette.sunken
    yield role.Text, palette.text
    yield role.Button, palette.surface
    yield role.ButtonText, palette.text
    yield role.BrightText, palette.now
    yield role.Highlight, palette.sel
    yield role.HighlightedText, palette.on_sel
    yield role.PlaceholderText, palette.text3
    yield role.Link, palette.accent
    yield role.LinkVisited, palette.accent
    yield role.Accent, palette.accent
    yield role.ToolTipBase, palette.surface
    yield role.ToolTipText, palette.text
    yield role.Light, palette.surface
    yield role.Midlight, palette.sunken
    yield role.Mid, palette.line
    yield role.Dark, palette.line2
    yield role.Shadow, palette.line2


def _role(system: QPalette, role: QPalette.ColorRole) -> str:
    return system.color(QPalette.ColorGroup.Active, role).name().upper()
