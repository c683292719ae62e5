"""What a copy of the records holds, and how it differs from those here, in words that somebody can decide by."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cme_desktop.casework.in_words import count_of, say_clock, say_day
from cme_desktop.casework.office import LOCAL_ZONE

if TYPE_CHECKING:
    from cme_desktop.casework.restoring import Inside
    from cme_desktop.storage.backup import Contents

_ENTRIES = ("entry", "entries")


def say_contents(held: Contents) -> str:
    """Name the school of a copy, and count what it holds."""
    counted = ", ".join((
        count_of(held.pupils, "pupil"), count_of(held.marks, "mark"), count_of(held.contacts, "contact"),
        count_of(held.entries, "entry of the journal", "entries of the journal"),
    ))  # fmt: skip
    newest = f", the newest of {_say_when(held.newest_at)}" if held.newest_at else ""
    return f"{held.school or 'A school without a name'}: sound. {counted}{newest}."


def say_difference(inside: Inside) -> str:
    """Say how a copy differs from the records that are here now; empty where there are none."""
    if inside.is_same_school is None:
        return ""
    if not inside.is_same_school:
        return "These are other records than those on this computer: another school's, or set up anew since."
    if inside.present is None:
        return _say_by_key_file(inside.held.entries, inside.noted_here)
    if inside.held == inside.present:
        return "It holds just what is on this computer now."
    said = _say_age(inside.held, inside.present)
    changed = _say_counts(inside.held, inside.present)
    return f"{said} {changed}".rstrip()


def _say_by_key_file(held: int, noted_here: int | None) -> str:
    why = "The records on this computer have another key by now, or are damaged: no more can be compared."
    if noted_here is None or noted_here <= held:
        return why
    return f"The copy is older by at least {count_of(noted_here - held, *_ENTRIES)}: those are not in it. {why}"


def _say_age(held: Contents, present: Contents) -> str:
    entries = present.entries - held.entries
    days = (_day(present.newest_at) - _day(held.newest_at)).days if held.newest_at and present.newest_at else 0
    is_older = (days, entries) > (0, 0) if days else entries > 0
    by = [count_of(abs(days), "day")] if days else []
    by += [count_of(abs(entries), *_ENTRIES)] if entries else []
    if not by:
        return "The copy is as old as what is on this computer, and not the same."
    word = "older" if is_older else "NEWER"
    lost = " What was written since is not in it." if is_older else ""
    return f"The copy is {word} by {' and '.join(by)} than what is on this computer.{lost}"


def _say_counts(held: Contents, present: Contents) -> str:
    counted = (
        ("pupil", held.pupils - present.pupils), ("mark", held.marks - present.marks),
        ("contact", held.contacts - present.contacts),
    )  # fmt: skip
    fewer = [count_of(-by, what) for what, by in counted if by < 0]
    more = [count_of(by, what) for what, by in counted if by > 0]
    said = [f"{_and(part)} {word}" for part, word in ((fewer, "fewer"), (more, "more")) if part]
    return f"It has {' and '.join(said)}." if said else ""


def _and(parts: list[str]) -> str:
    return " and ".join((", ".join(parts[:-1]), parts[-1]) if len(parts) > 1 else parts)


def _day(at: datetime) -> datetime:
    return at.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


def _say_when(at: datetime) -> str:
    local = at.astimezone(LOCAL_ZONE)
    return f"{say_day(local.date())} {local.year}, {say_clock(local)}"
