"""The outline icons, coloured by token and drawn sharp at the screen's own scale."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

if TYPE_CHECKING:
    from pathlib import Path

_STROKE: Final = re.compile(r'stroke-width="[^"]*"')
_TICK: Final = "check"


class IconSet:
    """The SVG files of one folder; pixmaps are kept by name, colour, size and device pixel ratio."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}

    def pixmap(self, name: str, *, color: QColor, size: int, dpr: float) -> QPixmap:
        """Return the icon in a colour; ``size`` is in logical pixels, the pixmap holds ``size * dpr``."""
        key = (name, color.name(), size, dpr)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._draw(name, color=color, size=size, dpr=dpr)
        return self._pixmaps[key]

    def clear(self) -> None:
        """Forget every pixmap: the colours or the scale have changed."""
        self._pixmaps.clear()

    def _draw(self, name: str, *, color: QColor, size: int, dpr: float) -> QPixmap:
        side = max(1, round(size * dpr))
        pixmap = QPixmap(side, side)
        pixmap.fill(QColor(0, 0, 0, 0))
        painter = QPainter(pixmap)
        renderer = QSvgRenderer(QByteArray(self._coloured(name, color=color, size=size).encode()))
        renderer.render(painter, QRectF(0, 0, side, side))
        painter.end()
        pixmap.setDevicePixelRatio(dpr)
        return pixmap

    def _coloured(self, name: str, *, color: QColor, size: int) -> str:
        if name not in self._sources:
            self._sources[name] = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
        stroke = _stroke_width(name, size=size)
        source = _STROKE.sub(f'stroke-width="{stroke}"', self._sources[name])
        return source.replace("currentColor", color.name())


def _stroke_width(name: str, *, size: int) -> float:
    if name == _TICK:
        return 2.4
    return 2.0 if size <= 14 else 1.75


def with_room_at_right(pixmap: QPixmap, gap: int) -> QPixmap:
    """Widen a pixmap by ``gap`` logical pixels of nothing at its right."""
    dpr = pixmap.devicePixelRatio()
    wide = QPixmap(pixmap.width() + round(gap * dpr), pixmap.height())
    wide.setDevicePixelRatio(dpr)
    wide.fill(QColor(0, 0, 0, 0))
    painter = QPainter(wide)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return wide
