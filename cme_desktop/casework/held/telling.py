"""A row of any table in plain words: labels, days as people say them, names in place of numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from cme_desktop.casework.held.item import HeldItem
from cme_desktop.casework.held.shelves import SHELVES
from cme_desktop.casework.history import title_of
from cme_desktop.casework.in_words import capital, say_clock
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.documents.wording import write_short_date
from cme_desktop.domain.attendance import Half
from cme_desktop.storage.events import event_from
from cme_desktop.storage.marks import session_of

if TYPE_CHECKING:
    from cme_desktop.casework.held.shelves import Shelf
    from cme_desktop.storage.held_rows import HeldRow

_ISO_DAY: Final = re.compile(r"^\d{4}-\d\d-\d\d$")
_ISO_TIME: Final = re.compile(r"^\d\d:\d\d(?::\d\d)?$")
_ISO_MOMENT: Final = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.+\-]+$")
_ONE_WORD: Final = re.compile(r"^[a-z0-9]+(?:[_-][a-z0-9]+)+$")
_NAMES: Final = frozenset({
    "done_by", "with_whom", "sent_to", "to_whom", "asker", "by", "where", "reporter", "reach", "heard_by", "through",
    "child", "seen", "asked_by", "answer_to", "named_by", "title",
})  # fmt: skip
"""Where a name is likely to stand first: a capital counts there at once."""

_HALVES: Final = {Half.AM: "morning", Half.PM: "afternoon"}


def tell_row(row: HeldRow, *, people: Mapping[int, str], under: tuple[HeldRow, ...] = ()) -> HeldItem:
    """Tell a row, with the rows that are told under it."""
    shelf = SHELVES[row.table]
    title = _TITLES.get(row.table)
    lines = [*_lines(shelf, row, people)]
    free = [_free(shelf, row)]
    for each in under:
        below = SHELVES[each.table]
        words = "; ".join(f"{label.lower()} {said}" for label, said in _lines(below, each, people))
        lines.append((below.title, words))
        free.append(_free(below, each))
    return HeldItem(
        key=f"{row.table}:{row.id}",
        section=shelf.section,
        title=title(row) if title is not None else shelf.title,
        on=_day(row.values.get(shelf.when)) if shelf.when else None,
        lines=tuple(lines),
        free="\n".join(part for part in free if part),
        file=f"{row.table}:{row.id}" if shelf.file else "",
        because=shelf.marks,
    )


def say_value(value: Any) -> str:  # noqa: PLR0911  one answer a kind
    """Say what stands in a column; nothing for what is empty."""
    match value:
        case None | "":
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            local = (value if value.tzinfo else value.replace(tzinfo=LOCAL_ZONE)).astimezone(LOCAL_ZONE)
            return f"{write_short_date(local.date())}, {say_clock(local)}"
        case date():
            return write_short_date(value)
        case Mapping():
            said = ((key, say_value(one)) for key, one in value.items())
            return "; ".join(f"{_say_key(key)}: {one}" for key, one in said if one)
        case list() | tuple():
            return "; ".join(part for part in map(say_value, value) if part)
        case str():
            return _say_text(value)
        case _:
            return str(value)


def say_session(number: int) -> str:
    """Say a session of the register: 9 Nov 2026, morning."""
    session = session_of(number)
    return f"{write_short_date(session.on)}, {_HALVES[session.half]}"


def _lines(shelf: Shelf, row: HeldRow, people: Mapping[int, str]) -> list[tuple[str, str]]:
    said = [(label, _say(column, row.values.get(column))) for column, label in shelf.says.items()]
    said += [(label, people.get(row.values.get(column) or 0, "")) for column, label in shelf.people.items()]
    return [(label, words) for label, words in said if words]


def _say(column: str, value: Any) -> str:
    if column == "session_no" and value is not None:
        return say_session(value)
    if column == "do_not_contact" and not value:
        return ""
    return say_value(value)


def _free(shelf: Shelf, row: HeldRow) -> str:
    """What people wrote in their own words, a line each; one that is to hold a name begins in the middle of a line."""
    found: list[str] = []
    for column in sorted(shelf.free):
        value = row.values.get(column)
        told = value if isinstance(value, Mapping) else {column: value}
        found += (f"of {part}" if key in _NAMES else part for key, one in _flat(told) if (part := say_value(one)))
    return "\n".join(found)


def _flat(told: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        pair for key, value in told.items() for pair in (_flat(value) if isinstance(value, Mapping) else [(key, value)])
    ]


def _say_text(text: str) -> str:
    if _ISO_DAY.match(text):
        return write_short_date(date.fromisoformat(text))
    if _ISO_TIME.match(text):
        return say_clock(time.fromisoformat(text))
    if _ISO_MOMENT.match(text):
        return say_value(datetime.fromisoformat(text))
    return text.replace("_", " ").replace("-", " ") if _ONE_WORD.match(text) else text


def _say_key(key: str) -> str:
    return key.rstrip("_").replace("_", " ").replace("-", " ")


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(LOCAL_ZONE).date() if value.tzinfo else value.date()
    return value if isinstance(value, date) else None


def _event_title(row: HeldRow) -> str:
    told = row.values
    event = event_from(told["kind"], on=told["happened_on"], at=told["happened_at"], facts=told["facts"])
    struck = ", struck out" if told["retracted_at"] else ""
    return f"{title_of(event)}{struck}"


def _flag_title(row: HeldRow) -> str:
    return capital(str(row.values["rule_id"]).partition(".")[2].replace("-", " "))


_TITLES: Final[Mapping[str, Callable[[HeldRow], str]]] = {
    "pupil_event": _event_title,
    "flag": _flag_title,
    "contact": lambda row: " ".join(
        part for part in (row.values["title"], row.values["forename"], row.values["surname"]) if part
    ) or "Contact",
    "circumstance": lambda row: capital(str(row.values["name"]).replace("_", " ")),
    "outside_report": lambda row: f"Report from outside: {row.values['kind']}",
    "case_file": lambda row: f"Case {row.values['number']}",
    "paper": lambda row: f"Paper: {row.values['title']}",
    "document": lambda row: f"Document: {say_value(row.values['kind'])} {row.values['version']}",
}  # fmt: skip
