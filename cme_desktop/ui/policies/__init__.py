"""The screen of the school's own policy."""
