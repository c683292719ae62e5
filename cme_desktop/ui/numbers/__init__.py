"""The page of a governor: the school in numbers."""
