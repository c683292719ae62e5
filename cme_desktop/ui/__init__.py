"""The window: shows values and starts use cases; the only layer that knows Qt."""

from __future__ import annotations

import builtins
from importlib import import_module

# PySide puts a hook in place of ``import`` that reads the source of every module loaded from then on, and keeps it,
# for a spelling of Qt's names that is not used here. Python's own is put back: it loads faster and remembers less.
_plain_import = builtins.__import__
import_module("PySide6.QtCore")
builtins.__import__ = _plain_import
