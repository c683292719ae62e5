"""The grounds of regulation 9 as values: each with its letter, dated, and its conditions by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Regulation(StrEnum):
    """Whom a ground is for: pupils of compulsory school age, or all others."""

    OF_COMPULSORY_AGE = "9(1)"
    OF_OTHER_AGE = "9(3)"


@dataclass(frozen=True, slots=True)
class DatedLetter:
    """The letter by which the regulation calls a ground, from a day on."""

    letter: str
    from_day: date


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of regulation 9 with its conditions by name, in the order in which a person meets them.

    ``verified`` is False where its letter or its conditions have not been read in the regulation.
    """

    id: str
    title: str
    regulation: Regulation
    conditions: tuple[str, ...]
    letters: tuple[DatedLetter, ...] = ()
    verified: bool = True

    def letter_on(self, day: date) -> str | None:
        """The letter in force on the day; None where none is known."""
        known = [dated for dated in self.letters if dated.from_day <= day]
        return max(known, key=lambda dated: dated.from_day).letter if known else None

    def name_on(self, day: date) -> str:
        """The ground as a return names it: regulation, letter where one is known, and title."""
        letter = self.letter_on(day)
        return f"regulation {self.regulation}{f'({letter})' if letter else ''}: {self.title}"


@dataclass(frozen=True, slots=True)
class Grounds:
    """Every ground that the program knows, in the regulation's order."""

    grounds: tuple[Ground, ...]

    def find(self, ground_id: str) -> Ground | None:
        """The ground with this id; None where there is none."""
        return next((ground for ground in self.grounds if ground.id == ground_id), None)

    def by_letter(self, letter: str, *, on: date) -> Ground | None:
        """The ground of regulation 9(1) that a letter names on a day; None where it names none."""
        return next((ground for ground in self.grounds if ground.letter_on(on) == letter), None)
