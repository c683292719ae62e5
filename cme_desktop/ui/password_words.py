"""How strong a password is, in words."""

from __future__ import annotations

from typing import Final

SHORTEST: Final = 10
_FAIR: Final = 14
_STRONG: Final = 20


def say_strength(password: str) -> str:
    """How strong a password is, in words."""
    if not password:
        return "Three or four words that do not belong together are easy to remember and hard to guess."
    if len(password) < SHORTEST:
        return f"Too short: {len(password)} of at least {SHORTEST} characters."
    different = len(set(password.casefold()))
    if different < SHORTEST // 2 or len(password) < _FAIR:
        return "Weak: make it longer, or of more different letters."
    return "Good." if len(password) < _STRONG else "Strong."
