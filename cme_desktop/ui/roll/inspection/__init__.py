"""The lists for a register inspection, on screen."""
