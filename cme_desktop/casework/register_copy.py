"""The month's copy of both registers: lists and pages in an archive that opens without this program, by its password.

Kept away from the computer, it is what the school has when the computer is gone. Making one settles the monthly duty
(``policy.rules.register_copy``).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.register_copy_files import Registers, list_files, was_on_roll
from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.domain.attendance import SchoolSession
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.rights import Right
from cme_desktop.policy.rules.register_copy import REGISTER_COPY
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.contacts import load_contacts_by_pupil
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.marks import list_corrections_made, load_marks, session_of
from cme_desktop.storage.pupils import list_all_pupils
from cme_desktop.storage.school import load_school
from cme_desktop.storage.standing_duties import load_last_done, note_duty_done

SHORTEST_PASSWORD: Final = 12
LONGEST_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class RegisterCopyMade:
    """A copy that was opened again and compared before it was saved."""

    file: Path
    pupils: int
    marks: int
    corrections: int
    changes: Changes


@dataclass(frozen=True, slots=True)
class RegisterCopyDays:
    """What the next copy begins with: the day of the last, and the days proposed."""

    last_made: date | None
    first: date
    last: date


@needs(Right.EXPORT_NAMES)
def propose_days(office: Office) -> RegisterCopyDays:
    """Propose the days of the next copy: from that of the last, or from the first of the school year, to today."""
    with office.database.reading() as db:
        made = dict(load_last_done(db, on=office.today)).get(REGISTER_COPY)
        calendar = load_calendar(db)
    begun = [year.first_day for year in calendar.years if year.first_day <= office.today]
    first = made or max(begun, default=office.today)
    return RegisterCopyDays(made, max(first, office.today - timedelta(days=LONGEST_DAYS - 1)), office.today)


def propose_name(last: date) -> str:
    """Name the archive after its last day, and no child."""
    return f"register-copy-{last.isoformat()}.zip"


@needs(Right.EXPORT_NAMES)
def make_register_copy(office: Office, *, first: date, last: date, password: str, to: Path) -> RegisterCopyMade:
    """Write the archive of the days, both included, open it again and compare it, and settle the month's duty.

    Nothing is in the clear on the disk. A password that is too short, or days that can't be, raise ``BadInputError``.
    """
    _refuse(office, first=first, last=last, password=password)
    from cme_desktop.documents.locked_archive import lock_files  # noqa: PLC0415  seldom needed

    found = _read(office, first, last)
    packed = lock_files(list_files(found, office), password=password)
    file = write_whole_file(to, packed)
    marks = sum(len(each) for each in found.marks.values())
    with office.database.transaction() as db:
        note_duty_done(db, rule_id=REGISTER_COPY, done_on=office.today, at=office.now(), by=office.user.id)
        write_journal(
            db, at=office.now(), by=office.user.id, act="register copy made", subject="register",
            details={
                "from": first.isoformat(), "to": last.isoformat(), "pupils": len(found.pupils), "marks": marks,
                "corrections": len(found.corrections),
            },
        )  # fmt: skip
    changes = Changes(frozenset({Area.SCHOOL}))
    return RegisterCopyMade(file, len(found.pupils), marks, len(found.corrections), changes)


def _refuse(office: Office, *, first: date, last: date, password: str) -> None:
    if last < first or last > office.today:
        raise BadInputError("These days can’t be copied.", remedy="Choose a first and a last day, up to today.")
    if (last - first).days >= LONGEST_DAYS:
        raise BadInputError("That is more than a school year.", remedy="Make a copy for each school year.")
    if len(password) < SHORTEST_PASSWORD:
        raise BadInputError(
            "The password is too short.",
            remedy=f"Use {SHORTEST_PASSWORD} letters or more, such as four words that do not belong together.",
        )


def _read(office: Office, first: date, last: date) -> Registers:
    begin = datetime.combine(first, time(), tzinfo=LOCAL_ZONE)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=LOCAL_ZONE)
    with office.database.reading() as db:
        school, calendar = load_school(db), load_calendar(db)
        everybody = list_all_pupils(db)
        contacts = load_contacts_by_pupil(db)
        stored = load_marks(db, first=first, last=last)
        corrections = list_corrections_made(db, since=begin, before=end)
    marks: defaultdict[int, dict[SchoolSession, str]] = defaultdict(dict)
    for number, pupil_id, letter in stored:
        marks[pupil_id][session_of(number)] = letter
    named = set(marks) | {each.pupil_id for each in corrections}
    pupils = tuple(
        sorted(
            (each for each in everybody if each.id in named or was_on_roll(each, first, last)),
            key=lambda each: (not each.class_name, each.class_name, each.sort_name.casefold()),
        )
    )
    of_pupil = {int(pupil_id): listed for pupil_id, listed in contacts.items()}
    return Registers(school, calendar, first, last, pupils, of_pupil, dict(marks), corrections)
