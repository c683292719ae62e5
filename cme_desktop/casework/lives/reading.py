"""What every life reads alike: a pupil's line and file, the flags that belong to the life, its history and papers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, time

from cme_desktop.casework.history import HistoryEntry, tell_history
from cme_desktop.casework.in_words import say_due
from cme_desktop.casework.lives.life import LifeDesk, LifeRow
from cme_desktop.casework.veil import lines_for
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.record import PupilRecord
from cme_desktop.policy.rule import Flag, Severity
from cme_desktop.storage.contacts import list_contacts
from cme_desktop.storage.events import WrittenEvent, list_events
from cme_desktop.storage.papers import Paper, list_papers
from cme_desktop.storage.pupils import PupilDetails, load_pupil


def pupil_row(
    desk: LifeDesk,
    pupil: PupilDetails,
    *,
    detail: str,
    rules: Iterable[str],
    when: str = "",
    is_quiet: bool = False,
) -> LifeRow:
    """Make a pupil's line; it takes its urgency and due moment from the flags of these rules (slugs).

    ``when`` is said where no flag has a due moment.
    """
    flags = flags_of(desk, pupil.id, rules)
    row = flagged_row(desk, pupil, key=str(pupil.id), detail=detail, flags=flags, when=when)
    return replace(row, is_quiet=is_quiet)


def flagged_row(
    desk: LifeDesk, pupil: PupilDetails, *, key: str, detail: str, flags: Iterable[Flag], when: str = ""
) -> LifeRow:
    """Make a line about a pupil under a key of its own, for a life in which a pupil may have several."""
    first = min(flags, key=_worst_first, default=None)
    due = first.due if first is not None else None
    return LifeRow(
        key=key,
        pupil_id=pupil.id,
        name=pupil.known_as,
        hidden_name=pupil.class_name or "A pupil",
        beside=pupil.class_name,
        detail=detail,
        when=say_due(due, at=desk.roll.judgement.at) if due is not None else when,
        severity=first.severity if first is not None else None,
        overdue=first is not None and first.overdue,
    )


def flags_of(desk: LifeDesk, pupil_id: PupilId, rules: Iterable[str]) -> tuple[Flag, ...]:
    """Give the pupil's flags of rules with these slugs, whichever policy they are of, the most urgent first."""
    wanted = frozenset(rules)
    found = (flag for flag in desk.flags.get(pupil_id, ()) if flag.rule_id.partition(".")[2] in wanted)
    return tuple(sorted(found, key=_worst_first))


def sort_rows(rows: Iterable[LifeRow]) -> tuple[LifeRow, ...]:
    """Put lines into order: the most urgent first, then by name."""
    return tuple(sorted(rows, key=lambda row: (Severity.WATCH + 1 if row.severity is None else row.severity, row.name)))


def record_of(desk: LifeDesk, pupil_id: PupilId) -> PupilRecord | None:
    """Give the pupil's record on the roll; None where the pupil is not judged."""
    return next((record for record in desk.roll.records if record.pupil.id == pupil_id), None)


def read_pupil(desk: LifeDesk, key: str) -> PupilDetails:
    """Read the pupil a line is about."""
    if not key.isdigit():
        raise CmeError("This line is no longer there.", remedy="Read the list again with F5.")
    pupil_id = PupilId(int(key))
    known = desk.roll.pupils.get(pupil_id)
    if known is not None:
        return known
    with desk.office.database.reading() as db:
        return load_pupil(db, pupil_id)


def read_events(desk: LifeDesk, pupil_id: PupilId) -> tuple[WrittenEvent, ...]:
    """Read everything written about the pupil, struck-out lines too, in the order it happened."""
    with desk.office.database.reading() as db:
        return list_events(db, pupil_id=pupil_id)


def standing(events: Iterable[WrittenEvent], *kinds: EventKind) -> tuple[WrittenEvent, ...]:
    """Give the lines of these kinds that are not struck out."""
    return tuple(each for each in events if each.retracted_at is None and each.event.kind in kinds)


def tell_life(
    desk: LifeDesk,
    pupil_id: PupilId,
    events: Iterable[WrittenEvent],
    *,
    belongs: Callable[[WrittenEvent], bool],
    since: date = date.min,
) -> tuple[HistoryEntry, ...]:
    """Tell what of a pupil's history belongs to a life, the latest first."""
    with desk.office.database.reading() as db:
        contacts = list_contacts(db, pupil_id)
        told = lines_for(desk.office, db, (each for each in events if each.event.on >= since and belongs(each)))
    return tell_history(told, contacts=contacts)


def read_papers(desk: LifeDesk, pupil_id: PupilId, *about: str) -> tuple[Paper, ...]:
    """Read the papers kept for a life."""
    with desk.office.database.reading() as db:
        return list_papers(db, pupil_id=pupil_id, about=about)


def _worst_first(flag: Flag) -> tuple[int, date, time]:
    day, by = flag.due.sort_key if flag.due else (date.max, time.max)
    return (flag.severity, day, by)
