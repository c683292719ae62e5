"""The law's numbers for rights in what is held, as ``resources/parameters.toml`` has them; they name nobody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cme_desktop.policy.information_deadlines import InformationNumbers, numbers_on
from cme_desktop.policy.parameters import load_parameters


def read_numbers(resources: Path, *, on: date) -> InformationNumbers:
    """Read the numbers that hold on a day."""
    text = (resources / "parameters.toml").read_text(encoding="utf-8")
    return numbers_on(load_parameters(text), on)
