"""Values in, PDF bytes out; sealed, and verified."""
