"""What a new school year is begun with: the calendar, where each pupil goes on, and where the leavers go to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from cme_desktop.domain.calendar import SchoolYear
from cme_desktop.domain.events import Destination
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import YearGroup, year_group_of

FIRST_MONTH: Final = 6
"""From June on the next school year may be set up."""


class Onward(StrEnum):
    """The year group a pupil goes on to, that the pupil leaves, or that nobody has said yet."""

    UNDECIDED = "undecided"
    N1 = "N1"
    N2 = "N2"
    R = "R"
    Y1 = "1"
    Y2 = "2"
    Y3 = "3"
    Y4 = "4"
    Y5 = "5"
    Y6 = "6"
    LEAVES = "leaves"

    @property
    def year_group(self) -> YearGroup | None:
        """The year group; None for one who leaves or is not decided."""
        return None if self in {Onward.UNDECIDED, Onward.LEAVES} else YearGroup(self.value)

    @property
    def in_words(self) -> str:
        """As the office says it."""
        return _WORDS.get(self) or f"Year {self.value}"


_WORDS: Final = {
    Onward.UNDECIDED: "Choose", Onward.LEAVES: "Leaves", Onward.R: "Reception", Onward.N1: "Nursery 1",
    Onward.N2: "Nursery 2",
}  # fmt: skip
_ORDER: Final = tuple(YearGroup)


@dataclass(frozen=True, slots=True)
class PupilMove:
    """Where one pupil goes on: the year group and the class, or away."""

    pupil_id: PupilId
    onward: Onward
    class_name: str = ""


@dataclass(frozen=True, slots=True)
class LeaverPlan:
    """Where one leaver goes: the next school, of which kind, and who there has confirmed the place."""

    pupil_id: PupilId
    school: str = ""
    destination: Destination = Destination.UNKNOWN
    confirmed_by: str = ""

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody has confirmed the place."""
        return bool(self.confirmed_by.strip())


@dataclass(frozen=True, slots=True)
class NewYearPlan:
    """Everything that beginning the year writes. ``year`` is None where the calendar already holds it unaltered."""

    year: SchoolYear | None
    moves: tuple[PupilMove, ...]
    leavers: tuple[LeaverPlan, ...]


def usual_onward(group: YearGroup | None, *, fits_new_year: bool = False) -> Onward:
    """Say where a pupil of a year group usually goes: one up, from year 6 away.

    The last nursery year is not decided: a place in reception is asked for anew. ``fits_new_year`` says that the year
    group is that of the new year already, as an import may have brought it.
    """
    if group is None or (group is YearGroup.N2 and not fits_new_year):
        return Onward.UNDECIDED
    if fits_new_year:
        return Onward(group.value)
    return Onward.LEAVES if group is _ORDER[-1] else Onward(_ORDER[_ORDER.index(group) + 1].value)


def year_group_on(group: YearGroup | None, born: date | None, *, on: date) -> YearGroup | None:
    """The year group noted, or the one that fits the age on the day; None where neither is known."""
    return group or (year_group_of(born, on=on) if born is not None else None)


def suggest_class(class_name: str, now: YearGroup | None, onward: Onward, classes: dict[str, YearGroup]) -> str:
    """Guess the next class: the year's number in its name moved on, or the only class of the next year now.

    ``classes`` are the classes of one year group each. Where nothing speaks for a class, it is left to be said.
    """
    after = onward.year_group
    if after is None:
        return ""
    if after is now:
        return class_name
    if now is not None and now.value in class_name and now.value.isdigit():
        return class_name.replace(now.value, after.value)
    of_next = [name for name, group in classes.items() if group is after]
    return of_next[0] if len(of_next) == 1 else ""
