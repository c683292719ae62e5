"""The Cases tab."""
