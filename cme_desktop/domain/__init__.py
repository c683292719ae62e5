"""The language of the office: words and values, standard library only."""
