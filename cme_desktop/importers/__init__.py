"""Files in, values and located problems out."""
