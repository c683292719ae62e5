"""The encrypted records: the only package that writes SQL or defines tables."""
