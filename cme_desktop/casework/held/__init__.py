"""What is held about one person, gathered for a request to see it: found, marked, decided by people, and given."""
