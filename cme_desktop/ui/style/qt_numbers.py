"""A few members of Qt's own namespace, as numbers, for what is painted first.

``PySide6.QtCore.Qt`` is made with all its 93 enumerations when it is first named: a seventh of the time an empty
window takes. The unlock window does without; where Qt takes a number or a property, these stand in.
"""

from __future__ import annotations

from typing import Final

ALIGN_H_CENTRE: Final = 0x0004
ALIGN_CENTRE: Final = 0x0084
PLAIN_TEXT: Final = 0
NO_FOCUS: Final = 0
TEXT_WORD_WRAP: Final = 0x1000
