"""The use cases: open a transaction, load, decide, save, say what changed."""
