"""The first day back after a holiday, on screen."""
