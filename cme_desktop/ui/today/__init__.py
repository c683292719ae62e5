"""The Today tab: the strip, the list, the call card, and the head's review."""
