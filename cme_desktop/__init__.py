"""CME Desktop: which pupils need action this morning, why, by when and by whom."""
