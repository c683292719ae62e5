"""The screens about the school’s own policy."""
