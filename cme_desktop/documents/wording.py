"""The words of a form, read from ``forms/``, and how days and clock times are written on paper."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from cme_desktop.domain.day_names import day_name, month_name, short_day_name, short_month_name
from cme_desktop.domain.errors import CmeError


@dataclass(frozen=True, slots=True)
class FormField:
    """One labelled line: ``value`` names a fact of ``page_facts``."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FormSection:
    """A part of the form, in the form's own order: what it holds, under which heading, with which note."""

    holds: str
    heading: str
    note: str = ""
    empty: str = ""
    columns: tuple[str, ...] = ()
    fields: tuple[FormField, ...] = ()


@dataclass(frozen=True, slots=True)
class FormWording:
    """A form's wording. ``text`` holds its single sentences by name."""

    id: str
    title: str
    sections: tuple[FormSection, ...]
    text: Mapping[str, str]


def load_wording(forms: Path, form_id: str) -> FormWording:
    """Read one form's wording; raise ``CmeError`` where the file is missing or unreadable."""
    try:
        form = tomllib.loads((forms / f"{form_id}.toml").read_text(encoding="utf-8"))
        return FormWording(
            id=form_id,
            title=form["title"],
            sections=tuple(_section(each) for each in form["section"]),
            text=form["text"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CmeError(
            "A form's wording can't be read.",
            detail=f"The file {form_id}.toml is missing or damaged.",
            remedy="Install the program again: its forms come with it.",
        ) from error


def _section(table: Mapping[str, object]) -> FormSection:
    fields = table.get("fields", ())
    columns = table.get("columns", ())
    assert isinstance(fields, list | tuple)
    assert isinstance(columns, list | tuple)
    return FormSection(
        holds=str(table["holds"]),
        heading=str(table["heading"]),
        note=str(table.get("note", "")),
        empty=str(table.get("empty", "")),
        columns=tuple(str(column) for column in columns),
        fields=tuple(FormField(label=label, value=value) for label, value in fields),
    )


def write_long_day(day: date) -> str:
    """``Monday 19 October 2026``."""
    return f"{day_name(day)} {day.day} {month_name(day)} {day.year}"


def write_date(day: date) -> str:
    """``19 October 2026``."""
    return f"{day.day} {month_name(day)} {day.year}"


def write_short_date(day: date) -> str:
    """``19 Oct 2026``."""
    return f"{day.day} {short_month_name(day)} {day.year}"


def write_day(day: date, *, near: date) -> str:
    """``Mon 19 Oct``, with the year where it is not within half a year of the other day."""
    year = "" if abs((near - day).days) < 183 else f" {day.year}"
    return f"{short_day_name(day)} {day.day} {short_month_name(day)}{year}"


def write_clock(clock: time | datetime) -> str:
    """``9:05``."""
    return f"{clock.hour}:{clock.minute:02d}"


def write_week(monday: date) -> str:
    """``Week of 19 Oct``."""
    return f"Week of {monday.day} {short_month_name(monday)}"


def in_fours(hexadecimal: str, *, groups: int | None = None) -> str:
    """A fingerprint in groups of four, all of it or the first so many groups."""
    parts = [hexadecimal[start : start + 4] for start in range(0, len(hexadecimal), 4)]
    return " ".join(parts[:groups])
