"""Small widgets, reused on many screens."""
