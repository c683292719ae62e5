"""The colours keep the contrast that WCAG 2.2 asks for, computed again from the tokens."""

from __future__ import annotations

import pytest

from cme_desktop.ui.style.palette import DARK, LIGHT, Palette, contrast_theme, high_contrast

TEXT = 4.5
PART = 3.0
PAIRS = (
    ("text", ("surface", "bg"), TEXT),
    ("on_sel", ("sel",), TEXT),
    ("text2", ("surface", "bg", "sunken", "tint", "now_tint", "today_tint", "ok_tint", "unknown_tint"), TEXT),
    ("text3", ("surface", "bg", "sunken"), TEXT),
    ("text", ("tint",), TEXT),
    ("accent", ("surface", "bg", "tint"), TEXT),
    ("on_accent", ("accent", "accent2"), TEXT),
    ("now", ("surface", "now_tint"), TEXT),
    ("today", ("surface", "bg", "today_tint"), TEXT),
    ("unknown", ("surface", "bg", "unknown_tint"), TEXT),
    ("ok", ("surface", "bg", "ok_tint"), TEXT),
    ("surface", ("text",), TEXT),
    ("line2", ("surface", "bg", "sunken"), PART),
    ("focus", ("surface", "bg"), PART),
    ("today_mark", ("surface", "bg"), PART),
    ("unknown_line", ("surface",), PART),
    ("now_line", ("surface",), PART),
    ("today_line", ("surface",), PART),
)
ON_SELECTION = (
    ("text2", TEXT),
    ("accent", TEXT),
    ("now", TEXT),
    ("today", TEXT),
    ("focus", PART),
    ("today_mark", PART),
)


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    "palette", [LIGHT, DARK, high_contrast(contrast_theme())], ids=["light", "dark", "high contrast"]
)
def test_every_pair_of_colours_can_be_read(palette: Palette) -> None:
    too_faint = [
        (ink, ground, round(contrast(getattr(palette, ink), getattr(palette, ground)), 2))
        for ink, grounds, least in PAIRS
        for ground in grounds
        if contrast(getattr(palette, ink), getattr(palette, ground)) < least
    ]

    assert too_faint == []


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_a_selected_row_can_be_read(palette: Palette) -> None:
    too_faint = [ink for ink, least in ON_SELECTION if contrast(getattr(palette, ink), palette.sel) < least]

    assert too_faint == []
