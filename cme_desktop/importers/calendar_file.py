"""Read an iCalendar file of term dates into the same rows a CSV of them would give."""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta
from typing import Final

from cme_desktop.domain.errors import BadInputError
from cme_desktop.importers.csv_file import decode
from cme_desktop.importers.sheet import Sheet

_LARGEST: Final = 5_000_000
"""Bytes: a school's whole diary has some hundred thousand."""
_MOST_EVENTS: Final = 10_000

_DAY: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})")


def looks_like_icalendar(data: bytes) -> bool:
    """Whether the first bytes are those of an iCalendar file."""
    return data[:200].lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR")


def read_icalendar(data: bytes) -> Sheet:
    """Read all-day events: a row each with name, first day and last day (the file's own end is the day after)."""
    if len(data) > _LARGEST:
        raise _too_much()
    text, encoding = decode(data)
    rows: list[list[str]] = [["Term", "First day", "Last day"]]
    lines = [1]
    event: dict[str, str] = {}
    for number, line in enumerate(re.sub(r"\r?\n[ \t]", "", text).splitlines(), start=1):
        name, _, value = line.partition(":")
        event[name.split(";")[0].upper()] = value.strip()
        if line.upper().startswith("BEGIN:VEVENT"):
            event = {}
        if line.upper().startswith("END:VEVENT"):
            rows.append(_row_of(event))
            lines.append(number)
            if len(rows) > _MOST_EVENTS:
                raise _too_much()
    if len(rows) == 1:
        raise BadInputError("The calendar file holds no dates.", remedy="Export it again, or enter the terms by hand.")
    return Sheet("ics", hashlib.sha256(data).hexdigest(), rows, lines, (), encoding)


def _row_of(event: dict[str, str]) -> list[str]:
    first = _day(event.get("DTSTART", ""))
    end = _day(event.get("DTEND", ""))
    last = first if end is None or first is None or end <= first else end - timedelta(days=1)
    return [
        event.get("SUMMARY", "").replace("\\,", ","),
        first.isoformat() if first else "",
        last.isoformat() if last else "",
    ]


def _too_much() -> BadInputError:
    return BadInputError(
        "The calendar file holds far more than a school’s dates.",
        remedy="Export the term dates alone, or enter the terms by hand.",
    )


def _day(text: str) -> date | None:
    found = _DAY.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
