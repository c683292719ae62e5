"""How long records are kept, what holds them, and how what is due is disposed of."""
