"""The page of the caretaker of the records."""
