"""Rights in what is held, on screen: requests and their packs, the sharing log, data breaches."""
