"""Keeping and disposal on screen."""
