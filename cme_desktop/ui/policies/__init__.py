"""The screens about the school’s own policy: its editor, and what a change would have flagged."""
