"""Removal from roll, on screen."""
