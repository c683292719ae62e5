"""Walking a screen's controls as assistive tools do."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_CONTROLS = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit)


def nameless_controls(widget: QWidget) -> list[str]:
    """List the controls under ``widget`` that would be spoken without a name; empty when each has one."""
    QAccessible.setActive(True)
    controls = [child for child in widget.findChildren(QWidget) if isinstance(child, _CONTROLS)]
    return [f"{type(control).__name__} {control.objectName()}" for control in controls if _is_nameless(control)]


def _is_nameless(control: QWidget) -> bool:
    if control.isHidden() or _is_part_of_another(control):
        return False
    interface = QAccessible.queryAccessibleInterface(control)
    return interface is None or not interface.text(QAccessible.Text.Name).strip()


def _is_part_of_another(control: QWidget) -> bool:
    parent = control.parentWidget()
    inside = isinstance(parent, (QComboBox, QAbstractSpinBox, QLineEdit, QAbstractItemView))
    in_popup = parent is not None and parent.inherits("QComboBoxPrivateContainer")
    of_qt = control.objectName().startswith("qt_") or type(control).__name__ == "QToolButton"
    return inside or in_popup or of_qt or isinstance(control, QHeaderView)
