"""Where a removal from the register stands."""

from __future__ import annotations

from enum import StrEnum


class RemovalState(StrEnum):
    """A removal as people take it from proposal to end; what is signed and waited for is worked out, never kept."""

    PROPOSED = "proposed"
    CARRIED_OUT = "carried_out"
    GIVEN_UP = "given_up"
    UNDONE = "undone"
