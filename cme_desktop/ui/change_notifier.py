"""One signal: what a use case changed, for every screen to decide what to read again."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class ChangeNotifier(QObject):
    """``changed`` carries a ``Changes``; no screen calls another."""

    changed = Signal(object)
