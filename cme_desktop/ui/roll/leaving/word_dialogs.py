"""The dialogs in which the family's word is written down: leaving, a notice of home education, called off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.in_words import capital
from cme_desktop.casework.lives import home_education
from cme_desktop.casework.lives.leaving_acts import LeavingWord, Way, call_off, tell_leaving
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import HEARD_ONLY, With
from cme_desktop.domain.identifiers import Laestab
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit
from cme_desktop.ui.pupil_picker import PupilPicker
from cme_desktop.ui.roll.leaving.parts import DayOrNot, FamilyBoxes, Named, needs

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme

FamilyOf = Callable[["PupilId"], Named]
"""Gives the brothers and sisters of a pupil."""

_NAMED: dict[Way, tuple[str, str]] = {
    Way.SCHOOL_IN_ENGLAND: ("Next school", "Its full name"),
    Way.OUTSIDE_STATE: ("School or place", "Its full name"),
    Way.CUSTODY: ("Place", "The name of the establishment"),
}


class _OfAChild(EntryDialog):
    """A dialog about one child, chosen here or known before, and the brothers and sisters who go too."""

    def add_child(self, pupils: Named, family_of: FamilyOf, *, chosen: PupilId | None, heading: str) -> None:
        """Add the finder, filled where the child is known, and below it the brothers and sisters."""
        self._known = chosen
        self._family_of = family_of
        self.picker = PupilPicker(self, pupils) if chosen is None else None
        self.family = FamilyBoxes(self.theme, heading)
        self.add_widget(self.family)
        if self.picker is not None:
            self.picker.list.currentItemChanged.connect(lambda *_: self._offer_family())
        self._offer_family()

    @property
    def pupil_id(self) -> PupilId | None:
        """The child."""
        return self._known if self.picker is None else self.picker.pupil_id

    @property
    def pupils(self) -> tuple[PupilId, ...]:
        """The child, and the brothers and sisters who are ticked."""
        head = self.pupil_id
        return () if head is None else (head, *self.family.chosen)

    def check_child(self) -> bool:
        """Say under the finder that nobody is chosen; True when somebody is."""
        return self.picker is None or self.picker.check()

    def _offer_family(self) -> None:
        head = self.pupil_id
        self.family.offer(self._family_of(head) if head is not None else ())


class LeavingDialog(_OfAChild):
    """Asks who leaves, who says so, on which day, and where to."""

    def __init__(
        self,
        theme: Theme,
        pupils: Named,
        family_of: FamilyOf,
        *,
        today: date,
        chosen: PupilId | None = None,
        last_day: date | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme, title="A child is leaving" if chosen is None else "Where does the child go?", accept="Save",
            sentence="A word from the family confirms nothing: the name stays until the next place does.",
            parent=parent,
        )  # fmt: skip
        self.add_child(pupils, family_of, chosen=chosen, heading="Who else of the family leaves?")
        people = tuple((capital(each.in_words), each) for each in With if each not in HEARD_ONLY)
        self.said_by = self.add_field("Who said it", choice_box(people))
        self.said_name = self.add_field("Name", QLineEdit(), hint="Empty if it is plain")
        self.add_side_by_side(self.said_by, self.said_name)
        self.told_on = self.add_field("Told on", day_edit(today, latest=today))
        ways = tuple((capital(way.in_words), way) for way in Way)
        self.last_day = self.add_field(
            "Last day here", DayOrNot(last_day or today, name="Last day here", unknown="Not known yet")
        )
        self.add_side_by_side(self.told_on, self.last_day)
        self.way = self.add_field("Where to", choice_box(ways))
        self.school = self.add_field("Next school", QLineEdit(), hint="Its full name")
        self.laestab = self.add_field("LAESTAB", QLineEdit(), hint="Seven digits, for the transfer file")
        self.add_side_by_side(self.school, self.laestab)
        self.town = self.add_field("Town", QLineEdit())
        self.contact = self.add_field("Contact there", QLineEdit(), hint="Who to ask, and how")
        self.add_side_by_side(self.town, self.contact)
        self.address = self.add_field("New home address", QLineEdit(), hint="Empty if they do not move")
        self.reason = self.add_field("Reason", QLineEdit(), hint="Why the child leaves")
        self.said = self.add_field("Words", words_edit(lines=2, theme=theme), hint="What was said")
        self.way.control.currentIndexChanged.connect(self._follow_way)
        self._follow_way()
        (self.said_name.control if self.picker is None else self.picker.finder.control).setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        way = self.way.control.chosen
        is_named = way not in _NAMED or needs(self.school, "Say which. Choose “Nobody knows” where nobody does.")
        abroad = way in {Way.ABROAD, Way.REST_OF_UK}
        is_placed = not abroad or needs(self.town, "Say which country.")
        return self.check_child() and is_named and is_placed and self._check_number()

    def telling(self) -> UseCase:
        """Give the use case that writes it down."""
        word = LeavingWord(
            told_on=day_in(self.told_on.control), said_by=self.said_by.control.chosen,
            said_name=self.said_name.control.text(), last_day=self.last_day.control.day,
            way=self.way.control.chosen, school=self.school.control.text() if not self.school.isHidden() else "",
            laestab=self.laestab.control.text() if not self.laestab.isHidden() else "",
            town=self.town.control.text(), contact=self.contact.control.text(),
            new_address=self.address.control.text(), reason=self.reason.control.text(),
            words=self.said.control.toPlainText(),
        )  # fmt: skip
        return partial(tell_leaving, pupils=self.pupils, word=word)

    def _check_number(self) -> bool:
        typed = self.laestab.control.text().strip()
        problem = ""
        if typed and not self.laestab.isHidden():
            try:
                Laestab.parse(typed)
            except CmeError:
                problem = "Type seven digits, like 830 2201, or leave it empty."
        self.laestab.set_error(problem)
        return not problem

    def _follow_way(self) -> None:
        way = self.way.control.chosen
        abroad = way in {Way.ABROAD, Way.REST_OF_UK}
        self.school.setVisible(way in _NAMED)
        self.laestab.setVisible(way in {Way.SCHOOL_IN_ENGLAND, Way.OUTSIDE_STATE})
        label = "Country and town" if abroad else "Town"
        self.town.set_label(label)
        if way in _NAMED:
            self.school.set_label(_NAMED[way][0])
            self.school.set_hint(_NAMED[way][1])
        self.last_day.control.unknown.setVisible(abroad)
        if not abroad:
            self.last_day.control.unknown.setChecked(False)


class NoticeDialog(_OfAChild):
    """Asks what a parent wrote, or only said, of home education."""

    def __init__(
        self,
        theme: Theme,
        pupils: Named,
        family_of: FamilyOf,
        *,
        today: date,
        chosen: PupilId | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme, title="Home education", accept="Save", parent=parent,
            sentence="Only a letter or e-mail that names a day is a notice. What is said at the gate is kept, and "
            "every absence still counts.",
        )  # fmt: skip
        self.add_child(pupils, family_of, chosen=chosen, heading="Who else is to be educated at home?")
        self.how = self.add_field("How", choice_box((("In writing", True), ("Only said", False))))
        self.by = self.add_field("Which parent", QLineEdit())
        self.add_side_by_side(self.how, self.by)
        self.came_on = self.add_field("It came on", day_edit(today, latest=today))
        self.dated = self.add_field(
            "The letter is dated", DayOrNot(today, name="Date of the letter", unknown="No date")
        )
        self.add_side_by_side(self.came_on, self.dated)
        self.from_day = self.add_field(
            "Educated at home from", DayOrNot(today, name="Educated at home from", unknown="The letter names no day")
        )
        self.said = self.add_field("Words", words_edit(theme=theme), hint="What was written or said")
        self.how.control.currentIndexChanged.connect(self._follow_how)
        (self.by.control if self.picker is None else self.picker.finder.control).setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        return needs(self.by, "Say which parent.") and self.check_child()

    def noting(self) -> UseCase:
        """Give the use case that writes it down: a notice, or a word at the gate."""
        on, by, words = day_in(self.came_on.control), self.by.control.text(), self.said.control.toPlainText()
        if not self.how.control.chosen:
            return partial(home_education.note_said, pupils=self.pupils, on=on, by=by, words=words)
        return partial(
            home_education.note_notice, pupils=self.pupils, on=on, by=by, dated=self.dated.control.day,
            from_day=self.from_day.control.day, words=words,
        )  # fmt: skip

    def _follow_how(self) -> None:
        is_written = self.how.control.chosen
        self.dated.setVisible(is_written)
        self.from_day.setVisible(is_written)
        self.came_on.set_label("It came on" if is_written else "Said on")


class CallOffDialog(_OfAChild):
    """Asks who says that the family stays."""

    def __init__(
        self, theme: Theme, family_of: FamilyOf, *, today: date, chosen: PupilId, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            theme, title="Is the leaving called off?", accept="Called off", parent=parent,
            sentence="What was written stays in the history. Nothing more is asked about this leaving.",
        )  # fmt: skip
        self.add_child((), family_of, chosen=chosen, heading="Who else of the family stays?")
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.by = self.add_field("Who says so", QLineEdit(), hint="For example: mother, by telephone")
        self.said = self.add_field("Words", words_edit(theme=theme))
        self.by.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        return needs(self.by, "Say who says that the child stays.")

    def calling_off(self) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            call_off, pupils=self.pupils, on=day_in(self.day.control), by=self.by.control.text(),
            words=self.said.control.toPlainText(),
        )  # fmt: skip
