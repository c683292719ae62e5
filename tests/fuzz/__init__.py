"""Every reader of bytes from outside, the promise each keeps, and what tries to break it."""
