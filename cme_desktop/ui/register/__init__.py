"""The Register tab."""
