"""The shapes and chips the casework names, as the widgets draw them."""

from __future__ import annotations

from typing import Final

from cme_desktop.casework.today.rows import Shape as RowShape
from cme_desktop.ui.widgets.severity_shape import Shape

DRAWN: Final = {
    RowShape.NOW: Shape.NOW,
    RowShape.TODAY: Shape.TODAY,
    RowShape.WEEK: Shape.THIS_WEEK,
    RowShape.UNKNOWN: Shape.UNKNOWN,
    RowShape.SETTLED: Shape.SETTLED,
    RowShape.WATCH: Shape.WATCH,
}
"""How each shape of a row is drawn."""
