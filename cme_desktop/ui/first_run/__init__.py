"""The wizard shown once, where there are no records yet."""
