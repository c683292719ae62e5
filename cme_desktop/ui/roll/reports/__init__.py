"""Reports from outside, on screen."""
