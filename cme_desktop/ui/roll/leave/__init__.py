"""Leave, on screen."""
