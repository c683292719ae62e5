"""What a school sets and who works in its records: the dialogs of the File menu."""
