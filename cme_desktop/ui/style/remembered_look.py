"""What the user chose in the View menu, kept in a small file beside the records: no name is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from cme_desktop.ui.style.theme import SMALLEST_TEXT, LookChoice, Theme

if TYPE_CHECKING:
    from cme_desktop.paths import Paths


def recall_look(theme: Theme, paths: Paths) -> None:
    """Give the theme the look last chosen; one that can't be read is the system's."""
    kept = _file(paths)
    choices = {choice.value: choice for choice in LookChoice}
    theme.names.hide_on_second_screen(wanted=str(kept.value("second_screen", "true")) == "true")
    theme.names.stay_out_of_sharing(wanted=str(kept.value("sharing", "false")) == "true")
    theme.names.switch(on=str(kept.value("reception", "false")) == "true")
    theme.begin_with(
        choices.get(str(kept.value("look", "")), LookChoice.SYSTEM),
        text_scale=_scale(str(kept.value("text_scale", SMALLEST_TEXT))),
        shows_keys=str(kept.value("show_keys", "true")) == "true",
    )


def remember_look(theme: Theme, paths: Paths) -> None:
    """Keep the look for the next start."""
    kept = _file(paths)
    kept.setValue("look", theme.choice.value)
    kept.setValue("text_scale", theme.text_scale)
    kept.setValue("show_keys", "true" if theme.shows_keys else "false")
    kept.setValue("second_screen", "true" if theme.names.hides_on_second_screen else "false")
    kept.setValue("sharing", "true" if theme.names.stays_out_of_sharing else "false")
    kept.setValue("reception", "true" if theme.names.is_on else "false")
    kept.sync()


def _file(paths: Paths) -> QSettings:
    return QSettings(str(paths.data / "window.ini"), QSettings.Format.IniFormat)


def _scale(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return SMALLEST_TEXT
