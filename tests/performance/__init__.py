"""Figures for speed and size: run with ``python -m tests.performance``; never part of the tests."""
