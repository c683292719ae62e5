"""What the copy of the registers holds: a page that says what it is, three lists, and the registers as pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.domain.attendance import CODE_FACTS, Half, SchoolSession

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cme_desktop.domain.calendar import SchoolCalendar
    from cme_desktop.storage.contacts import ContactDetails
    from cme_desktop.storage.marks import MarkCorrection
    from cme_desktop.storage.pupils import PupilDetails
    from cme_desktop.storage.school import SchoolDetails

_JOINT: Final = "\u00a0"
_HALF_NAMES: Final = {Half.AM: "morning", Half.PM: "afternoon"}
_ADMISSION_COLUMNS: Final = (
    "Surname in law", "Forename in law", "Middle names", "Known as", "Sex", "Born", "UPN", "Year", "Class", "Address",
    "Postcode", "Starting day", "Left on", "Language", "Contacts",
)  # fmt: skip
_CORRECTION_COLUMNS: Final = ("Surname", "Forename", "UPN", "Session", "From", "To", "Why", "When", "By")
_READ_ME: Final = """Copy of the registers: {school}

Days: {first} to {last}, both included. Made on {made} by {by}.

admission-register.csv   everybody on roll at any time in these days
attendance-register.csv  a line for each child, a column for each morning and afternoon
amended-marks.csv        marks changed in these days, with what stood before
registers.pdf            the same to read and print

The lists open in any spreadsheet program. The statutory registers are those of the school's own system; this is a copy
of what the school worked with. Keep it away from the computer, and destroy it when its entries may go.

Codes:
{codes}
"""


@dataclass(frozen=True, slots=True)
class Registers:
    """What both registers hold of the days, both included; ``marks`` are each child's by session."""

    school: SchoolDetails
    calendar: SchoolCalendar
    first: date
    last: date
    pupils: tuple[PupilDetails, ...]
    contacts: dict[int, tuple[ContactDetails, ...]]
    marks: dict[int, dict[SchoolSession, str]]
    corrections: tuple[MarkCorrection, ...]

    def marks_of(self, pupil: PupilDetails) -> dict[SchoolSession, str]:
        """The letters of one child."""
        return self.marks.get(pupil.id, {})


def was_on_roll(pupil: PupilDetails, first: date, last: date) -> bool:
    """Whether the child stood on the admission register on any of the days."""
    if pupil.awaits_start or pupil.gave_up_place:
        return False
    return (pupil.starting_day is None or pupil.starting_day <= last) and (
        pupil.left_on is None or pupil.left_on >= first
    )


def list_files(found: Registers, office: Office) -> dict[str, bytes]:
    """Give each file of the archive under its name: what it is, three lists, and the pages."""
    from cme_desktop.documents.csv_list import write_csv  # noqa: PLC0415  seldom needed

    sessions = [
        session for session in found.calendar.sessions if found.first <= session.on <= found.last
    ]  # every session there was, a mark on any other day beside them
    sessions = sorted({*sessions, *(session for marks in found.marks.values() for session in marks)})
    admission = [_ADMISSION_COLUMNS, *(_admission_row(pupil, found.contacts) for pupil in found.pupils)]
    attendance = [
        ("Surname", "Forename", "UPN", "Class", *map(str, sessions)),
        *(_attendance_row(pupil, sessions, found.marks_of(pupil)) for pupil in found.pupils),
    ]
    by_id = {pupil.id: pupil for pupil in found.pupils}
    amended = [_CORRECTION_COLUMNS, *(_correction_row(each, by_id[each.pupil_id]) for each in found.corrections)]
    return {
        "read-me.txt": _read_me(office, found).encode("utf-8-sig"),
        "admission-register.csv": write_csv(admission),
        "attendance-register.csv": write_csv(attendance),
        "amended-marks.csv": write_csv(amended),
        "registers.pdf": _pages(office, found, sessions),
    }


def _admission_row(pupil: PupilDetails, contacts: dict[int, tuple[ContactDetails, ...]]) -> tuple[str, ...]:
    return (
        pupil.legal_surname, pupil.legal_forename, pupil.middle_names, pupil.known_as, pupil.sex,
        pupil.born.isoformat() if pupil.born else "", pupil.upn or "", pupil.year_group or "", pupil.class_name,
        pupil.address, pupil.postcode, pupil.starting_day.isoformat() if pupil.starting_day else "",
        pupil.left_on.isoformat() if pupil.left_on else "", pupil.language,
        "; ".join(_say_contact(contact) for contact in contacts.get(pupil.id, ())),
    )  # fmt: skip


def _say_contact(contact: ContactDetails, *, joint: str = " ") -> str:
    """Say who it is; ``joint`` stands between the parts of a number, so that on paper none breaks over two lines."""
    numbers = ", ".join(joint.join(number.text.split()) for number in contact.numbers)
    relation = contact.relation_said or contact.relation.in_words
    kept = "not to be contacted" if contact.do_not_contact else ""
    return ", ".join(part for part in (contact.name, relation, numbers, contact.address, contact.email, kept) if part)


def _attendance_row(
    pupil: PupilDetails, sessions: Iterable[SchoolSession], marks: dict[SchoolSession, str]
) -> tuple[str, ...]:
    who = (pupil.legal_surname, pupil.legal_forename, pupil.upn or "", pupil.class_name)
    return (*who, *(_letter(pupil, session, marks) for session in sessions))


def _letter(pupil: PupilDetails, session: SchoolSession, marks: dict[SchoolSession, str]) -> str:
    """The mark; ``.`` where the child was on roll and nobody marked; empty where it was not."""
    return marks.get(session) or ("." if was_on_roll(pupil, session.on, session.on) else "")


def _correction_row(made: MarkCorrection, pupil: PupilDetails) -> tuple[str, ...]:
    at = made.made_at.astimezone(LOCAL_ZONE)
    return (
        pupil.legal_surname, pupil.legal_forename, pupil.upn or "", str(made.session), made.old_code or "",
        made.new_code or "", made.reason, f"{at:%Y-%m-%d %H:%M}", made.made_by_name,
    )  # fmt: skip


def _read_me(office: Office, found: Registers) -> str:
    from cme_desktop.documents.wording import write_date  # noqa: PLC0415  seldom needed

    codes = "\r\n".join(f"{code.letter:4} {facts.meaning}" for code, facts in CODE_FACTS.items())
    text = _READ_ME.format(
        school=found.school.name, first=write_date(found.first), last=write_date(found.last),
        made=write_date(office.today), by=f"{office.user.name}, {office.user.role.in_words}", codes=codes,
    )  # fmt: skip
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _pages(office: Office, found: Registers, sessions: list[SchoolSession]) -> bytes:
    from cme_desktop.documents.register_document import (  # noqa: PLC0415  a tenth of a second
        ClassMarks,
        RegisteredChild,
        RegisterPages,
        render_registers,
    )
    from cme_desktop.documents.wording import load_wording, write_short_date  # noqa: PLC0415  as above

    days = tuple(sorted({session.on for session in sessions}))
    halves = [SchoolSession(day, half) for day in days for half in (Half.AM, Half.PM)]
    held = set(sessions)
    by_class: defaultdict[str, list[PupilDetails]] = defaultdict(list)
    for pupil in found.pupils:
        by_class[pupil.class_name].append(pupil)
    classes = tuple(
        ClassMarks(
            name, days,
            tuple(
                (each.sort_name, tuple(_letter(each, at, found.marks_of(each)) if at in held else "" for at in halves))
                for each in theirs
            ),
        )
        for name, theirs in sorted(by_class.items(), key=lambda held: (not held[0], held[0]))
    )  # fmt: skip
    by_id = {pupil.id: pupil for pupil in found.pupils}
    children = tuple(
        RegisteredChild((
            (each.sort_name, _in_law(each), each.class_name),
            (write_short_date(each.born) if each.born else "date of birth not known", each.sex, each.upn or "no UPN"),
            (each.address or "address not known", each.postcode),
            tuple(_say_contact(one, joint=_JOINT) for one in found.contacts.get(each.id, ())) or ("nobody known",),
            (
                write_short_date(each.starting_day) if each.starting_day else "day not known",
                f"left {write_short_date(each.left_on)}" if each.left_on else "",
            ),
        ))
        for each in found.pupils
    )  # fmt: skip
    corrections = tuple(
        (
            by_id[made.pupil_id].sort_name,
            f"{write_short_date(made.session.on)}, {_HALF_NAMES[made.session.half]}",
            made.old_code or "no mark", made.new_code or "no mark",
            ", ".join(part for part in (
                made.reason, write_short_date(made.made_at.astimezone(LOCAL_ZONE).date()), made.made_by_name
            ) if part),
        )
        for made in found.corrections
    )  # fmt: skip
    pages = RegisterPages(
        school=found.school.name, laestab=found.school.laestab, first=found.first, last=found.last,
        made_at=office.local_now, by=f"{office.user.name}, {office.user.role.in_words}", children=children,
        classes=classes if days else (), corrections=corrections,
    )  # fmt: skip
    wording = load_wording(office.paths.forms, "register-copy")
    return render_registers(pages, wording, fonts=office.paths.resources / "fonts")


def _in_law(pupil: PupilDetails) -> str:
    legal = f"{pupil.legal_forename} {pupil.legal_surname}".strip()
    return f"in law {legal}" if legal != pupil.known_as else ""
