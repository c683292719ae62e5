"""The bar at the top: menus left, the find field in the middle, hiding and locking right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QSizePolicy, QWidget

from cme_desktop.ui.widgets.buttons import FlatButton
from cme_desktop.ui.widgets.keycap import Keycap

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from cme_desktop.ui.find_field import FindField
    from cme_desktop.ui.style.theme import Theme

_TALL: Final = 42
_FULL_FROM: Final = 1300
_WORDS_FROM: Final = 900


class AppBar(QWidget):
    """Gives its parts the room there is: under 900 px the keycaps and the words of the buttons go."""

    def __init__(self, theme: Theme, find: FindField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.menus = QMenuBar()
        self.find_field = find
        self.hide_names = FlatButton(theme, "Hide names", icon="eye-off")
        self.lock = FlatButton(theme, "Lock", icon="lock")
        self.reception = FlatButton(theme, "Reception mode", icon="users")
        self._caps = (Keycap(theme, "Ctrl F"), Keycap(theme, "F9"), Keycap(theme, "Ctrl L"))
        self._offers_names = True
        self._is_reception = False
        self._build()
        theme.changed.connect(self._take_look)
        self._take_look()

    def show_hidden(self, *, hidden: bool) -> None:
        """Offer to show the names again, or to hide them."""
        self.hide_names.setText("Show names" if hidden else "Hide names")
        self.hide_names.setAccessibleName(self.hide_names.text())
        self.hide_names.set_icon("eye" if hidden else "eye-off")

    def show_reception(self, *, on: bool) -> None:
        """Say that reception mode is on."""
        self._is_reception = on
        self._share_room()

    def offer_names(self, *, offered: bool) -> None:
        """Offer to find a pupil and to hide names, or neither to who sees no names."""
        self._offers_names = offered
        self.find_field.setVisible(offered)
        self.find_field.setEnabled(offered)
        self.hide_names.setVisible(offered)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _build(self) -> None:
        self.menus.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        self.lock.setAccessibleName("Lock")
        self.show_hidden(hidden=False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 12, 0)
        layout.setSpacing(5)
        layout.addWidget(self.menus, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addStretch(1)
        layout.addWidget(self.find_field)
        layout.addWidget(self._caps[0])
        layout.addStretch(1)
        self.reception.setAccessibleName("Reception mode is on")
        self.reception.setAccessibleDescription("Names are initials. Hold F8 to see them. Press to end it.")
        self.reception.setProperty("look", "on")
        layout.addWidget(self.reception)
        layout.addSpacing(6)
        for button, cap in ((self.hide_names, self._caps[1]), (self.lock, self._caps[2])):
            layout.addWidget(button)
            layout.addWidget(cap)
            layout.addSpacing(6)

    def _share_room(self) -> None:
        room = self.width() / self._theme.text_scale
        wanted = self._theme.scaled(380 if room >= _FULL_FROM else 320 if room >= _WORDS_FROM else 150)
        self.find_field.setFixedWidth(min(wanted, max(120, self.width() // 3)))
        for cap in self._caps:
            has_use = self._offers_names or cap is self._caps[-1]
            cap.setVisible(has_use and self._theme.shows_keys and room >= _WORDS_FROM)
        self.reception.setVisible(self._is_reception and self._offers_names)
        self.reception.setText("Reception mode" if room >= _WORDS_FROM else "")
        self.reception.setToolTip("Names are initials: hold F8 to see them. Press, or Shift F9, to end it.")
        for button, words in ((self.hide_names, self.hide_names.accessibleName()), (self.lock, "Lock")):
            button.setText(words if room >= _WORDS_FROM else "")
            button.setToolTip(words if room < _WORDS_FROM else "")

    def _take_look(self) -> None:
        self.setFixedHeight(self._theme.scaled(_TALL))
        self.menus.setFont(self._theme.font("body"))
        self._share_room()
