"""The import window: choose a file, say what its columns mean, look at what would happen, accept, undo."""
