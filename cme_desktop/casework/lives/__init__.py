"""The lives of the roll: how a child joins, is away by leave, goes missing, or leaves; one module for each."""
