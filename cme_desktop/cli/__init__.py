"""The commands of the program without its window."""
