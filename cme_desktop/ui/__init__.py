"""The window: shows values and starts use cases."""
