"""How a school is made up: its term dates, families, register and the cases planted in it."""
