"""Reading, signing and saving the documents of a case."""
