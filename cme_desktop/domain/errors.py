"""Errors that are shown to people: what happened, and what to do about it."""

from __future__ import annotations


class CmeError(Exception):
    """Something the user can put right.

    ``title`` says what happened in a few words, ``detail`` what is known about it, ``remedy`` what to do.
    None of the three ever holds a child's name, date of birth, address, number or UPN: they reach logs.
    """

    def __init__(self, title: str, *, detail: str = "", remedy: str = "") -> None:
        self.title = title
        self.detail = detail
        self.remedy = remedy
        super().__init__(" ".join(part for part in (title, detail, remedy) if part))


class BadInputError(CmeError):
    """A file or a field holds something that can't be used."""


class RefusedError(CmeError):
    """An act that the law, the policy or the state of a case does not allow yet."""


class MissingFactsError(CmeError):
    """An act needs facts that are not known; ``missing`` names each in the user's words."""

    def __init__(self, title: str, *, missing: tuple[str, ...], remedy: str = "") -> None:
        self.missing = missing
        super().__init__(title, detail="Missing: " + "; ".join(missing) + ".", remedy=remedy)


class CalendarError(CmeError):
    """The school's calendar does not say what was asked of it."""
