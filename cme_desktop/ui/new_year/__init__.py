"""The wizard of the new school year."""
