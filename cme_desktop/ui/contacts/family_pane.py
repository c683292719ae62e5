"""One family: whom to ring in which order, what is thin about the list, and the pupil's circumstances."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from cme_desktop.casework.agencies import Agency
from cme_desktop.casework.contacts import ContactList, NotedCircumstance, ThinReason
from cme_desktop.casework.in_words import capital, say_day
from cme_desktop.domain.contacts import AgencyKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.ui.contacts.agency_list import kind_in_words
from cme_desktop.ui.contacts.contact_rows import ContactHeader, ContactListView, contact_model
from cme_desktop.ui.name_covers import WHOLE
from cme_desktop.ui.room import Room, Width
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import LinkButton, PrimaryButton
from cme_desktop.ui.widgets.chip import Chip, ChipKind
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_AGENCIES: Final = (
    AgencyKind.AUTHORITY_CME, AgencyKind.SOCIAL_CARE, AgencyKind.SOCIAL_CARE_OUT_OF_HOURS, AgencyKind.POLICE,
)  # fmt: skip
_WARNINGS: Final = {
    ThinReason.NOBODY_TO_RING: ("There is nobody to ring.", "Ask at the gate, and add two people."),
    ThinReason.TOO_FEW_PEOPLE: (
        "If the first number fails there is nobody left to ring.",
        "Guidance asks for more than one emergency contact. Add a person outside the home.",
    ),
    ThinReason.NOBODY_OUTSIDE: (
        "Everybody on the list lives in the same home.",
        "If the family moves, nobody is left to ask. Add a person outside the home.",
    ),
}


class FamilyPane(QWidget):
    """Shows a pupil's contact list and says what somebody wants changed."""

    add_asked = Signal()
    back_asked = Signal()
    agencies_asked = Signal()
    circumstance_asked = Signal()
    circumstance_opened = Signal(object)
    pupil_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.back = LinkButton(theme, "All families", icon="chevron-left")
        self.name = Label(theme, role="title", wraps=True)
        self.add = PrimaryButton(theme, "Add a contact", icon="user-plus")
        self.add.setToolTip("Ctrl N")
        self.banner = Banner(theme, kind=ChipKind.TODAY, icon="users", sentence="", wraps=True)
        self.peace = Banner(theme, kind=ChipKind.TODAY, icon="circle-alert", sentence="", wraps=True)
        self.header = ContactHeader(theme)
        self.model = contact_model()
        self.list = ContactListView(theme)
        self.list.setModel(self.model)
        self._nobody = Label(theme, "Nobody is on this list yet.", token="text2")  # noqa: S106  a colour token
        keys = (
            "Enter changes a contact, Delete takes one off, Alt and arrow keys change the order. "
            "Every change is kept with who and when."
        )
        self._keys = Label(theme, keys, role="small", token="text2", wraps=True)  # noqa: S106  a colour token
        self.add_circumstance = LinkButton(theme, "Add a circumstance", icon="plus")
        self.all_agencies = LinkButton(theme, "All")
        self._chips = QHBoxLayout()
        self._siblings = QHBoxLayout()
        self._circumstances = QVBoxLayout()
        self._agencies = QVBoxLayout()
        self._build()
        self._connect()

    # -- what the tab asks -------------------------------------------------------------------------------------

    def show_list(self, held: ContactList, *, today: date) -> None:
        """Show a pupil's contacts."""
        pupil = held.pupil
        surname = pupil.preferred_surname or pupil.legal_surname
        forename = pupil.preferred_forename or pupil.legal_forename
        self.name.setText(f"{surname}, {forename}")
        self._say_chips(held)
        self._say_siblings(held)
        self._say_thin(held)
        self.peace.say(kind=ChipKind.TODAY, icon="circle-alert", sentence=held.warning)
        self.peace.setVisible(bool(held.warning))
        self.model.set_rows(held.lines)
        self.list.setVisible(bool(held.lines))
        self.header.setVisible(bool(held.lines))
        self._nobody.setVisible(not held.lines)
        self._keys.setVisible(bool(held.lines))
        self.list.fit()
        self._say_circumstances(held.circumstances, today=today, is_faster=held.is_faster)
        self._order_keys()

    def show_agencies(self, agencies: tuple[Agency, ...]) -> None:
        """Show the first of each kind that a morning most often needs."""
        _empty(self._agencies)
        firsts = {agency.kind: agency for agency in reversed(agencies)}
        wanted = [firsts[kind] for kind in _AGENCIES if kind in firsts]
        for agency in wanted:
            self._agencies.addWidget(_agency_line(self._theme, agency))
        self.all_agencies.setText(f"All {len(agencies)}" if agencies else "Add an agency")

    def select_contact(self, contact_id: int) -> None:
        """Put the keyboard on a contact of the list."""
        for row, line in enumerate(self.model.rows):
            if line.contact.id == contact_id:
                self.list.setCurrentIndex(self.model.index(row, 0))

    def take_focus(self) -> None:
        """Put the keyboard on the contacts, or where there are none on the way to the first."""
        if not self.model.rows:
            self.add.setFocus()
            return
        self.list.setFocus()
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0, 0))

    def fit_room(self, room: Room) -> None:
        """Lay the parts out for a window with this much room."""
        self.back.setVisible(room.is_narrow)
        self.header.is_narrow = room.is_narrow
        self.header.update()
        self.list.set_narrow(is_narrow=room.is_narrow)
        margin = 28 if room.width is Width.WIDE else 20
        self._layout.setContentsMargins(margin, 12, margin, 12)

    # -- building ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        content = QWidget()
        content.setProperty("look", "pane")
        self._layout = QVBoxLayout(content)
        self._layout.setSpacing(6)
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(scroll)
        self._layout.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.name, 1)
        head.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addLayout(head)
        self._chips.setSpacing(6)
        self._layout.addLayout(self._chips)
        self._siblings.setSpacing(6)
        self._layout.addLayout(self._siblings)
        self._layout.addWidget(self.peace)
        self._layout.addWidget(self.banner)
        self._layout.addSpacing(4)
        self._layout.addWidget(SectionHeading(self._theme, "In ringing order"))
        table = QVBoxLayout()
        table.setSpacing(0)
        table.addWidget(self.header)
        table.addWidget(self.list)
        self._layout.addLayout(table)
        self._layout.addWidget(self._nobody)
        self._layout.addWidget(self._keys)
        self._layout.addSpacing(10)
        self._layout.addLayout(
            _headline(SectionHeading(self._theme, "Circumstances", is_pane=True), self.add_circumstance)
        )
        self._circumstances.setSpacing(2)
        self._layout.addLayout(self._circumstances)
        self._layout.addSpacing(10)
        self._layout.addLayout(_headline(SectionHeading(self._theme, "Agencies", is_pane=True), self.all_agencies))
        self._agencies.setSpacing(4)
        self._layout.addLayout(self._agencies)
        self._layout.addStretch(1)

    def _connect(self) -> None:
        self.add.clicked.connect(self.add_asked)
        self.back.clicked.connect(self.back_asked)
        self.all_agencies.clicked.connect(self.agencies_asked)
        self.add_circumstance.clicked.connect(self.circumstance_asked)

    # -- showing -----------------------------------------------------------------------------------------------

    def _say_chips(self, held: ContactList) -> None:
        _empty(self._chips)
        pupil = held.pupil
        for words in (pupil.class_name, pupil.language if pupil.language not in {"", "English"} else ""):
            if words:
                self._chips.addWidget(Chip(self._theme, words))
        if held.died_on is not None:
            self._chips.addWidget(Chip(self._theme, f"Died {say_day(held.died_on)}"))
        for words in held.thin_in_words:
            self._chips.addWidget(Chip(self._theme, words, kind=ChipKind.TODAY))
        self._chips.addStretch(1)

    def _say_siblings(self, held: ContactList) -> None:
        had_focus = any(widget.hasFocus() for widget in _widgets_of(self._siblings))
        _empty(self._siblings)
        if len(held.siblings) < 2:
            return
        for sibling in held.siblings:
            words = ", ".join(part for part in (sibling.known_as, sibling.class_name) if part)
            button = QPushButton(self._theme.names.say(words))
            button.setProperty(WHOLE, words)
            button.setProperty("look", "segment")
            button.setFont(self._theme.font("body"))
            button.setCheckable(True)
            button.setChecked(sibling.id == held.pupil.id)
            button.clicked.connect(lambda _checked=False, pupil=sibling.id: self._choose(pupil))
            self._siblings.addWidget(button)
            if had_focus and button.isChecked():
                button.show()
                button.setFocus()
        self._siblings.addStretch(1)

    def _choose(self, pupil_id: PupilId) -> None:
        self.pupil_chosen.emit(pupil_id)

    def _say_thin(self, held: ContactList) -> None:
        self.banner.setVisible(bool(held.thin))
        if held.thin:
            sentence, remedy = _WARNINGS[held.thin[0]]
            self.banner.say(kind=ChipKind.TODAY, icon="users", sentence=sentence, remedy=remedy)

    def _say_circumstances(self, noted: tuple[NotedCircumstance, ...], *, today: date, is_faster: bool) -> None:
        _empty(self._circumstances)
        if is_faster:
            words = "Faster steps apply: the safeguarding lead knows why."
            self._circumstances.addWidget(Label(self._theme, words, wraps=True))
        elif not noted:
            self._circumstances.addWidget(Label(self._theme, "None noted.", token="text2"))  # noqa: S106  a token
        for each in noted:
            button = LinkButton(self._theme, _circumstance_words(each))
            holds = each.dated.holds_on(today)
            button.setEnabled(holds and each.dated.until_day is None)
            button.setToolTip("Enter says when it ended" if button.isEnabled() else "It has an end")
            button.clicked.connect(lambda _checked=False, one=each: self.circumstance_opened.emit(one))
            self._circumstances.addWidget(button)

    def _order_keys(self) -> None:
        """Let Tab walk the pane as it is read: what was made last would come last."""
        siblings, circumstances = _widgets_of(self._siblings), _widgets_of(self._circumstances)
        order = (self.back, self.add, *siblings, self.list, self.add_circumstance, *circumstances, self.all_agencies)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)


def _widgets_of(layout: QBoxLayout) -> list[QWidget]:
    found = [item.widget() for place in range(layout.count()) if (item := layout.itemAt(place)) is not None]
    return [widget for widget in found if isinstance(widget, QPushButton)]


def _circumstance_words(noted: NotedCircumstance) -> str:
    dated = noted.dated
    since = f"since {say_day(dated.from_day)} {dated.from_day.year}" if dated.from_day else ""
    until = f"until {say_day(dated.until_day)} {dated.until_day.year}" if dated.until_day else ""
    return ", ".join(part for part in (capital(dated.name.in_words), since, until) if part)


def _agency_line(theme: Theme, agency: Agency) -> QWidget:
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 2, 0, 2)
    layout.setSpacing(12)
    layout.addWidget(ElidedLabel(theme, kind_in_words(agency.kind), role="body-strong"), 3)
    layout.addWidget(ElidedLabel(theme, agency.name, token="text2"), 5)  # noqa: S106  a colour token
    layout.addWidget(ElidedLabel(theme, agency.phone or "none held", role="row"), 3)
    return line


def _headline(heading: QWidget, right: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.addWidget(heading)
    line.addStretch(1)
    line.addWidget(right)
    return line


def _empty(layout: QBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
