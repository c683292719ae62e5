"""Leaving, on screen."""
