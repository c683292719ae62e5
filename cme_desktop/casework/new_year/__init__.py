"""A new school year: its calendar, classes that move up, leavers with where they go, and the way back."""
