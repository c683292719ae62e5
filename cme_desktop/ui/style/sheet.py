"""The one style sheet, made from the tokens: borders, radii and paddings. It never sets a font: that beats zoom.

Widgets ask for a look with the dynamic property ``look``: ``primary``, ``secondary``, ``text``, ``danger`` and
``flat`` on buttons; ``card``, ``sunken``, ``pane``, ``popover`` and ``line`` on frames.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QColor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cme_desktop.ui.style.palette import Palette


def style_sheet(palette: Palette, *, scaled: Callable[[float], int], pictures: Path) -> str:
    """Write the application's sheet for a palette; ``scaled`` turns pixels at 100 % into those in force."""
    ink = "white" if QColor(palette.on_accent).lightness() > 127 else "ink"
    arrow = "light" if QColor(palette.surface).lightness() > 127 else "dark"
    values = palette._asdict() | {
        "box": f"{scaled(18)}px",
        "indicator": f"{scaled(16)}px",
        "half": f"{scaled(16) // 2 + palette.border}px",
        "button_height": f"{scaled(20)}px",
        "link_height": f"{scaled(19)}px",
        "field_height": f"{scaled(22)}px",
        "bar": f"{max(10, scaled(10))}px",
        "tick": (pictures / f"tick-{ink}.svg").as_posix(),
        "arrow": (pictures / f"chevron-{arrow}.svg").as_posix(),
        "edge": f"{palette.border}px",
        "off_edge": f"{palette.border}px {'dashed' if palette.is_high_contrast else 'solid'}",
        "tint_edge": f"2px solid {palette.line2}" if palette.is_high_contrast else "0px solid transparent",
    }
    return _SHEET.substitute(values)


_SHEET: Final = Template("""
QToolTip { color: $text; background: $surface; border: 1px solid $line2; padding: 3px 6px; }

QMainWindow, QWidget#window { background: $bg; }
QMenuBar { background: transparent; spacing: 2px; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; color: $text; }
QMenuBar::item:selected { background: $sel; color: $on_sel; }

QFrame[look="card"] { background: $surface; border: ${edge} solid $line; border-radius: 6px; }
QFrame[look="outlined"] { background: $surface; border: ${edge} solid $line2; border-radius: 6px; }
QFrame[look="current"] { background: $surface; border: 2px solid $accent; border-radius: 6px; }
QFrame[look="sunken"] { background: $sunken; border: ${edge} solid $line; border-radius: 6px; }
QFrame[look="pane"] { background: $surface; border: 0px; }
QFrame[look="ground"] { background: $bg; border: 0px; }
QFrame[look="popover"] { background: $surface; border: ${edge} solid $line2; border-radius: 8px; }
QFrame[look="line"] { background: $line; border: 0px; }
QFrame[look="tint"] { background: $tint; border: $tint_edge; border-radius: 6px; }
QFrame[look="now"] { background: $now_tint; border: $tint_edge; border-radius: 6px; }
QFrame[look="today"] { background: $today_tint; border: $tint_edge; border-radius: 6px; }
QFrame[look="unknown"] { background: $unknown_tint; border: $tint_edge; border-radius: 6px; }
QFrame[look="ok"] { background: $ok_tint; border: $tint_edge; border-radius: 6px; }

QFrame[look="keycap"] { background: $surface; border: 1px solid $line2; border-radius: 3px; }

QScrollArea { background: transparent; border: 0px; }
QScrollArea > QWidget > QWidget[look="pane"] { background: $surface; }

QPushButton { color: $text; background: $surface; border: ${edge} solid $line2; border-radius: 4px;
  padding: 5px 12px; min-height: $button_height; }
QPushButton:hover { background: $sunken; }
QPushButton:pressed { background: $tint; }
QPushButton:focus { border: 2px solid $focus; padding: 4px 11px; }
QPushButton:disabled { color: $text3; background: $sunken; border: $off_edge $line; }
QPushButton[look="primary"] { color: $on_accent; background: $accent; border: 1px solid $accent; }
QPushButton[look="primary"]:hover, QPushButton[look="primary"]:pressed { background: $accent2; border-color: $accent2; }
QPushButton[look="primary"]:focus { border: 2px solid $focus; padding: 4px 11px; }
QPushButton[look="primary"]:disabled { color: $text3; background: $sunken; border: $off_edge $line; }
QPushButton[look="text"] { color: $accent; background: transparent; border: 2px solid transparent; padding: 2px 4px;
  min-height: $link_height; text-align: left; }
QPushButton[look="text"]:hover { background: $sunken; }
QPushButton[look="text"]:focus { border: 2px solid $focus; }
QPushButton[look="text"]:disabled { color: $text3; background: transparent; }
QPushButton[look="flat"] { color: $text2; background: transparent; border: 2px solid transparent; padding: 3px 6px;
  min-height: $link_height; }
QPushButton[look="flat"]:hover { background: $sunken; }
QPushButton[look="flat"]:focus { border: 2px solid $focus; }
QPushButton[look="danger"] { color: $now; border-color: $now; }
QPushButton[look="segment"] { border-radius: 4px; }
QPushButton[look="segment"]:checked { border: 2px solid $accent; padding: 4px 11px; color: $on_sel; background: $sel; }

QLineEdit, QPlainTextEdit, QTextEdit, QDateEdit, QTimeEdit, QSpinBox, QComboBox { color: $text; background: $surface;
  border: ${edge} solid $line2; border-radius: 4px; padding: 4px 8px; placeholder-text-color: $text3;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QDateEdit, QTimeEdit, QSpinBox, QComboBox { min-height: $field_height; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QDateEdit:focus, QTimeEdit:focus, QSpinBox:focus,
QComboBox:focus { border: 2px solid $focus; padding: 3px 7px; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QDateEdit[wrong="true"], QComboBox[wrong="true"],
QSpinBox[wrong="true"] {
  border: 2px solid $now; padding: 3px 7px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QDateEdit:disabled, QComboBox:disabled, QSpinBox:disabled {
  color: $text3; background: $sunken; border: $off_edge $line; }
QLineEdit:read-only { background: $sunken; }
QDateEdit::up-button, QDateEdit::down-button, QSpinBox::up-button, QSpinBox::down-button {
  width: 0px; border: 0px; }
QComboBox::drop-down { border: 0px; width: 24px; }
QComboBox::down-arrow { image: url("$arrow"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { color: $text; background: $surface; border: 1px solid $line2;
  selection-background-color: $sel; selection-color: $on_sel; }

QTabBar[look="lives"] { background: $bg; border: 0px; border-bottom: ${edge} solid $line; }
QTabBar[look="lives"]::tab { color: $text2; background: transparent; border: 0px; border-bottom: 3px solid transparent;
  padding: 7px 12px 5px 12px; margin: 0px; }
QTabBar[look="lives"]::tab:hover { background: $sunken; }
QTabBar[look="lives"]::tab:selected { color: $text; background: $surface; border-bottom: 3px solid $accent; }
QTabBar[look="lives"]::tab:selected:focus { color: $on_sel; background: $sel; border: 2px solid $focus;
  border-bottom: 3px solid $focus; padding: 5px 10px 5px 10px; }
QTabBar[look="lives"] QToolButton { background: $surface; border: ${edge} solid $line2; }

QCheckBox, QRadioButton { spacing: 8px; color: $text; }
QCheckBox:focus, QRadioButton:focus { outline: 0px; }
QCheckBox::indicator, QListView[checks="true"]::indicator { width: $indicator; height: $indicator;
  border: ${edge} solid $line2; border-radius: 3px;
  background: $surface; }
QCheckBox::indicator:hover { background: $sunken; }
QCheckBox::indicator:focus { border: 2px solid $focus; }
QCheckBox::indicator:checked, QListView[checks="true"]::indicator:checked {
  background: $accent; border-color: $accent; image: url("$tick"); }
QCheckBox::indicator:checked:focus { border: 2px solid $text; }
QCheckBox::indicator:disabled { background: $sunken; border-color: $line; }
QRadioButton::indicator { width: $indicator; height: $indicator; border: ${edge} solid $line2;
  border-radius: $half; background: $surface; }
QRadioButton::indicator:hover { background: $sunken; }
QRadioButton::indicator:focus { border: 2px solid $focus; }
QRadioButton::indicator:checked { border-color: $accent;
  background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5, stop: 0 $accent, stop: 0.5 $accent,
  stop: 0.58 $surface, stop: 1 $surface); }
QRadioButton::indicator:disabled { background: $sunken; border-color: $line; }

QAbstractItemView { color: $text; background: $surface; border: 0px; outline: 0px;
  selection-background-color: $sel; selection-color: $on_sel; }
QTableView { gridline-color: $line; }
QTableView::item { padding: 0px 8px; }
QTableView:focus, QListView[ring="true"]:focus { border: 2px solid $focus; }
QTableView[ring="false"]:focus { border: 0px; }
QHeaderView { background: $surface; }
QHeaderView::section { color: $text2; background: $surface; border: 0px; border-bottom: ${edge} solid $line;
  padding: 5px 8px; }
QTableCornerButton::section { background: $surface; border: 0px; }

QScrollBar:vertical { background: transparent; width: $bar; margin: 0px; }
QScrollBar:horizontal { background: transparent; height: $bar; margin: 0px; }
QScrollBar::handle { background: $line2; border-radius: 3px; margin: 2px; min-height: 28px; min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: ${edge}; }
QSplitter::handle:vertical { height: ${edge}; }
QProgressBar { background: $sunken; border: 0px; max-height: 4px; min-height: 4px; border-radius: 2px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
""")
