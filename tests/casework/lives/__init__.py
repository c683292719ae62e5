"""The lives of the roll, act by act."""
