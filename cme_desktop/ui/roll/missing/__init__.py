"""Missing and found, on screen."""
