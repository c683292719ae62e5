"""The rulebook's numbers: dated, with unit, source and reference. Old values stay; none is guessed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from cme_desktop.domain.attendance import CODES_IN_FORCE_FROM
from cme_desktop.domain.calendar import DayKind
from cme_desktop.domain.errors import CmeError, RefusedError
from cme_desktop.policy.rule import Authority, ParameterUsed

SWITCH: Final = "switch"
"""The unit of a parameter that is off (0) or on (1)."""

EARLIEST_LAW: Final = CODES_IN_FORCE_FROM
"""19 August 2024, when SI 2024/208 came into force: no day before it is judged."""


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One value of a parameter with the days it holds, both ends included; ``until_day`` None is open."""

    value: int
    from_day: date
    until_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is the value on the day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of a rule, with its unit and its source.

    ``stricter`` says which way a school may move it, "fewer" or "more": never the other way, since the English rules
    can't be loosened, not even where the number is the program's own (its ``source`` is then the school).
    ``verified`` is False where the text of the source has not been read. A switch says what it ``waits_for``.
    """

    name: str
    values: tuple[ParameterValue, ...]
    unit: DayKind | str
    source: Authority
    reference: str
    url: str = ""
    verified: bool = True
    stricter: str = "fewer"
    waits_for: str = ""

    def value_on(self, day: date) -> ParameterValue:
        """The value in force on the day; raise ``CmeError`` where none is encoded."""
        refuse_before_the_law(day)
        for value in self.values:
            if value.holds_on(day):
                return value
        raise CmeError(
            "A number of the rulebook is not known for that day.",
            detail=f"{self.name} has no value on {day:%d/%m/%Y}.",
            remedy="Judge a later day, or add the value with its source to parameters.toml.",
        )

    def is_looser(self, value: int, *, than: int) -> bool:
        """Whether one value of this number asks for less than another."""
        return value > than if self.stricter == "fewer" else value < than

    def refuse_looser(self, value: int, *, on: date) -> None:
        """Raise ``RefusedError`` where a school's own value would be looser than this one."""
        least = self.value_on(on).value
        if self.is_looser(value, than=least):
            is_of_program = self.source is Authority.SCHOOL
            sets = f"{self.reference}: it sets" if is_of_program else f"{self.reference} sets"
            raise RefusedError(
                "A school's rule may be stricter than the law, never looser.",
                detail=f"{sets} {least}; {value} would be looser.",
                remedy=f"Enter {least}, or a stricter number.",
            )


class Numbers(dict[str, int]):
    """Every parameter's value on one day, looked up by name: ``numbers["england.twenty-days.sessions"]``."""

    def __init__(self, on: date, parameters: Mapping[str, Parameter]) -> None:
        super().__init__(
            (name, value.value)
            for name, parameter in parameters.items()
            for value in parameter.values
            if value.holds_on(on)
        )
        self.on = on
        self.parameters = parameters

    def __missing__(self, name: str) -> int:
        return self.parameters[name].value_on(self.on).value

    def used(self, *names: str) -> tuple[ParameterUsed, ...]:
        """The parameters as a finding cites them."""
        return tuple(self._used(self.parameters[name]) for name in names)

    def _used(self, parameter: Parameter) -> ParameterUsed:
        value = parameter.value_on(self.on)
        return ParameterUsed(parameter.name, value.value, parameter.unit, parameter.source.value, value.from_day)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every parameter by name, with all its values past and present."""

    by_name: Mapping[str, Parameter]

    def switched_on(self, name: str, *, since: date) -> Parameters:
        """Turn a switch on from a day, and leave the days before as they were; raise ``KeyError`` for no switch."""
        switch = self.by_name[name]
        if switch.unit != SWITCH:
            raise KeyError(name)
        before = tuple(
            replace(value, until_day=min(value.until_day or date.max, since - timedelta(days=1)))
            for value in switch.values
            if value.from_day < since
        )
        dated = replace(switch, values=(*before, ParameterValue(1, since)))
        return Parameters({**self.by_name, name: dated})

    def value_on(self, name: str, day: date) -> int:
        """A parameter's value on a day; a day before the earliest encoded law raises ``CmeError``."""
        return self.by_name[name].value_on(day).value

    def on(self, day: date) -> Numbers:
        """All values on a day; a day before the earliest encoded law raises ``CmeError``."""
        refuse_before_the_law(day)
        return Numbers(day, self.by_name)


def refuse_before_the_law(day: date) -> None:
    """Raise ``CmeError`` for a day before the earliest law that the rulebook holds."""
    if day < EARLIEST_LAW:
        raise CmeError(
            "That day lies before the law this program knows.",
            detail=f"The rulebook begins on {EARLIEST_LAW:%d/%m/%Y}, with SI 2024/208.",
            remedy="Judge a day on or after it.",
        )


def load_parameters(*texts: str) -> Parameters:
    """Read the parameters from the text of ``parameters.toml`` and of any policy that has a ``[parameter]`` table."""
    found = {
        name: _parameter(name, table)
        for text in texts
        for name, table in tomllib.loads(text).get("parameter", {}).items()
    }
    return Parameters(found)


def _parameter(name: str, table: dict[str, Any]) -> Parameter:
    return Parameter(
        name=name,
        values=tuple(_value(value) for value in table["values"]),
        unit=_unit(table["unit"]),
        source=Authority(table["source"]),
        reference=table["reference"],
        url=table.get("url", ""),
        verified=table.get("verified", True),
        stricter=table.get("stricter", "fewer"),
        waits_for=table.get("waits_for", ""),
    )


def _value(table: dict[str, Any]) -> ParameterValue:
    return ParameterValue(table["value"], table["from"], table.get("to"))


def _unit(word: str) -> DayKind | str:
    return next((kind for kind in DayKind if kind.value == word), word)
