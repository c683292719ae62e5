"""How strong a password is, in words."""

from __future__ import annotations

from typing import Final

from cme_desktop.domain.passwords import SHORTEST, is_tried_first

__all__ = ["SHORTEST", "say_fault", "say_strength"]

_FAIR: Final = 14
_STRONG: Final = 20


def say_strength(password: str) -> str:
    """How strong a password is, in words."""
    if not password:
        return "Three or four words that do not belong together are easy to remember and hard to guess."
    if len(password) < SHORTEST:
        return f"Too short: {len(password)} of at least {SHORTEST} characters."
    if is_tried_first(password):
        return "Too easy: it is one of those that are tried first, and a year behind it does not help."
    if len(password) < _FAIR:
        return "Weak: make it longer. A word or two more does more than signs and digits."
    return "Good." if len(password) < _STRONG else "Strong."


def say_fault(password: str) -> str:
    """What keeps a password from being taken, in words; nothing where it is taken."""
    if not password:
        return f"Type a password of at least {SHORTEST} characters."
    return say_strength(password) if len(password) < SHORTEST or is_tried_first(password) else ""
