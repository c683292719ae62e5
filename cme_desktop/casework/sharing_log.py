"""The sharing log: what was given to whom, why, on which ground, when and by whom.

What the history already says was given to somebody outside (a return, a referral, a document sent) stands in the log by
itself, and goes from it when that line is struck out; the rest is written down by hand. ``GIVEN`` is the one place that
says which lines of a history are something given.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from cme_desktop.casework.case_entry import refuse_future
from cme_desktop.casework.finding import fold
from cme_desktop.casework.history import title_of
from cme_desktop.casework.in_words import capital
from cme_desktop.casework.naming import named_pupils
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import require
from cme_desktop.casework.veil import for_reader, lines_for
from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.events import EventKind, Recipient
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.reports import ReportKind
from cme_desktop.domain.rights import Right
from cme_desktop.storage.acts import FINAL
from cme_desktop.storage.events import WrittenEvent, find_events
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import list_all_pupils, load_names
from cme_desktop.storage.reports import list_reports
from cme_desktop.storage.school import load_school
from cme_desktop.storage.sharing import SharingFacts, add_sharing, list_sharing, strike_sharing
from cme_desktop.storage.tables import PupilEventRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.domain.identifiers import SharingId

__all__ = [
    "GIVEN",
    "Basis",
    "Given",
    "SharingDesk",
    "SharingFacts",
    "SharingLine",
    "load_bases",
    "load_sharing",
    "print_log",
    "record_sharing",
    "save_log",
    "set_log",
    "strike_out",
]

_LEGAL, _TASK, _SAFE = "legal-duty", "public-task", "safeguarding"
_AUTHORITY: Final = "The authority"


@dataclass(frozen=True, slots=True)
class Given:
    """A kind of line that says something was given: to whom, where the line does not say, and on which ground."""

    to_whom: str
    basis: str


GIVEN: Final[Mapping[EventKind, Given]] = {
    EventKind.TOLD: Given("Somebody outside", _SAFE),
    EventKind.RETURN_SENT: Given(_AUTHORITY, _LEGAL),
    EventKind.REFERRED: Given(_AUTHORITY, _SAFE),
    EventKind.FORM_SENT: Given(_AUTHORITY, _TASK),
    EventKind.MISSING: Given("The police", _SAFE),
    EventKind.JOINT_ENQUIRIES: Given(_AUTHORITY, _LEGAL),
    EventKind.TRANSFER_FILE_SENT: Given("The next school", _LEGAL),
    EventKind.DOCUMENT_SENT: Given("Somebody outside", _TASK),
    EventKind.STRATEGY_MEETING_HELD: Given("Those at the meeting", _SAFE),
}
"""Every kind of line that gives something to somebody outside the school; a test lists the others."""

_PROTECTION_FILE: Final = "protection-file-sent"
_SERIOUS: Final = frozenset({Recipient.POLICE, Recipient.SOCIAL_CARE})


@dataclass(frozen=True, slots=True)
class Basis:
    """A ground to choose from; ``verified`` is False where its text has not been read."""

    id: str
    words: str
    reference: str
    verified: bool


@dataclass(frozen=True, slots=True)
class SharingLine:
    """One line of the log. ``written_id`` is set where somebody wrote it by hand and may strike it out."""

    key: str
    given_on: date
    what: str
    to_whom: str
    why: str
    basis: str
    by: str
    pupil_id: PupilId | None
    name: str
    written_id: SharingId | None = None
    struck: str = ""


@dataclass(frozen=True, slots=True)
class SharingDesk:
    """The log, the newest first, with what its dialog starts from."""

    today: date
    lines: tuple[SharingLine, ...]
    bases: tuple[Basis, ...]
    pupils: tuple[tuple[PupilId, str], ...]


@needs(Right.LOG_SHARING)
def load_sharing(office: Office, *, pupil_id: PupilId | None = None, words: str = "") -> SharingDesk:
    """Read the log of the school or of one pupil, and the lines in which all of the words stand."""
    bases = load_bases(office.paths.resources)
    with office.database.reading() as db:
        names = load_names(db)
        lines = [*_by_hand(db, names, bases), *_by_itself(db, office, names, bases), *_answers(db, names, bases)]
        pupils = named_pupils({each.id: each for each in list_all_pupils(db)})
    wanted = fold(words).split()
    found = tuple(
        line
        for line in sorted(for_reader(office, tuple(lines)), key=lambda line: (line.given_on, line.key), reverse=True)
        if (pupil_id is None or line.pupil_id == pupil_id) and _has(line, wanted)
    )
    return SharingDesk(office.today, found, bases, pupils)


@needs(Right.LOG_SHARING)
def record_sharing(office: Office, *, given: SharingFacts) -> Changes:
    """Write down that something was given to somebody."""
    needed = {
        "what was given": given.what, "to whom": given.to_whom, "why": given.why, "on which ground": given.basis,
    }  # fmt: skip
    if given.basis == "other":
        needed["which ground it is"] = given.basis_words
    require("This can’t be saved yet.", needed)
    refuse_future(given.given_on, office)
    with office.database.transaction() as db:
        sharing_id = add_sharing(db, given, at=office.now(), by=office.user.id)
        _write(db, office, sharing_id, given.pupil_id, act="sharing noted")
    return Changes.to(Area.INFORMATION)


@needs(Right.LOG_SHARING)
def strike_out(office: Office, *, line: SharingLine, why: str) -> Changes:
    """Strike out a line that was written by mistake; it stays in the log, with the reason."""
    require("This can’t be saved yet.", {"why": why})
    if line.written_id is None:
        raise RefusedError(
            "This line comes from the child’s history.",
            remedy="Take it back there, and it goes from the log as well.",
        )
    with office.database.transaction() as db:
        strike_sharing(db, line.written_id, why=why.strip(), at=office.now(), by=office.user.id)
        _write(db, office, line.written_id, line.pupil_id, act="sharing struck out")
    return Changes.to(Area.INFORMATION)


# -- paper -------------------------------------------------------------------------------------------------------


@needs(Right.EXPORT_NAMES)
def set_log(office: Office, *, pupil_id: PupilId | None = None, words: str = "") -> bytes:
    """Give the pages of the log to be read; nothing has left the records yet."""
    from cme_desktop.documents.record_pages import RecordPages, render_record  # noqa: PLC0415  a tenth of a second
    from cme_desktop.documents.wording import load_wording, write_date, write_short_date  # noqa: PLC0415  as above

    wording = load_wording(office.paths.forms, "sharing-log")
    text = wording.text
    desk = load_sharing(office, pupil_id=pupil_id, words=words)
    with office.database.reading() as db:
        school, names = load_school(db), load_names(db)
    rows = tuple(
        (
            (write_short_date(line.given_on),), (line.what, line.name, line.struck), (line.to_whom,),
            (line.why, line.basis), (line.by,),
        )
        for line in desk.lines
    )  # fmt: skip
    lines = (
        text["school"].format(school=school.name, laestab=school.laestab) if school.laestab else school.name,
        text["about"].format(name=names.get(int(pupil_id), "")) if pupil_id is not None else "",
        text["found"].format(words=words.strip()) if words.strip() else "",
        text["made"].format(by=f"{office.user.name}, {office.user.role.in_words}", on=write_date(office.today)),
    )
    pages = RecordPages(lines, {"lines": rows}, subject="Sharing log", foot=text["foot"].format(school=school.name))
    return render_record(pages, wording, fonts=office.paths.resources / "fonts")


@needs(Right.EXPORT_NAMES)
def print_log(office: Office, *, pupil_id: PupilId | None = None, words: str = "") -> bytes:
    """Give the pages for printing, and write down that they left the records."""
    pdf = set_log(office, pupil_id=pupil_id, words=words)
    _write_left(office, pupil_id, act="sharing log printed")
    return pdf


@needs(Right.EXPORT_NAMES)
def save_log(office: Office, *, to: Path, pupil_id: PupilId | None = None, words: str = "") -> Path:
    """Save the pages, and write down that they left the records."""
    saved = write_whole_file(to, set_log(office, pupil_id=pupil_id, words=words))
    _write_left(office, pupil_id, act="sharing log saved")
    return saved


def load_bases(resources: Path) -> tuple[Basis, ...]:
    """Read the grounds to choose from."""
    held = tomllib.loads((resources / "sharing-bases.toml").read_text(encoding="utf-8"))
    return tuple(Basis(each["id"], each["words"], each["reference"], each["verified"]) for each in held["basis"])


# -- private -----------------------------------------------------------------------------------------------------


def _by_hand(db: Session, names: Mapping[int, str], bases: tuple[Basis, ...]) -> list[SharingLine]:
    return [
        SharingLine(
            key=f"sharing:{each.id:08d}", given_on=each.facts.given_on, what=each.facts.what,
            to_whom=each.facts.to_whom, why=each.facts.why,
            basis=each.facts.basis_words or _say_basis(each.facts.basis, bases), by=each.made_by_name,
            pupil_id=each.facts.pupil_id, name=names.get(int(each.facts.pupil_id or 0), ""), written_id=each.id,
            struck=f"Struck out: {each.retracted_why}" if each.retracted_at else "",
        )
        for each in list_sharing(db)
    ]  # fmt: skip


def _by_itself(
    db: Session, office: Office, names: Mapping[int, str], bases: tuple[Basis, ...]
) -> list[SharingLine]:  # fmt: skip
    row = PupilEventRow
    kinds = [kind.value for kind in (*GIVEN, EventKind.NOTE)]
    wanted = db.scalars(select(row.id).where(row.kind.in_(kinds), row.retracted_at.is_(None)))
    events = lines_for(office, db, find_events(db, tuple(wanted)).values())
    return [_line(each, names, bases) for each in events if _is_given(each)]


def _is_given(written: WrittenEvent) -> bool:
    event = written.event
    return event.kind is not EventKind.NOTE or event.about == _PROTECTION_FILE


def _line(written: WrittenEvent, names: Mapping[int, str], bases: tuple[Basis, ...]) -> SharingLine:
    event = written.event
    given = GIVEN.get(event.kind, Given("The next school", _SAFE))
    is_document = event.kind is EventKind.DOCUMENT_SENT
    named = event.who or (event.to if isinstance(event.to, Recipient) else None)
    to_whom = capital(named.in_words) if named else (event.about or given.to_whom) if is_document else given.to_whom
    return SharingLine(
        key=f"event:{written.id:08d}",
        given_on=event.on,
        what=(written.words or title_of(event)) if is_document else title_of(event),
        to_whom=to_whom,
        why=written.words if not is_document and written.words else "Said by the child’s history",
        basis=_say_basis(_SAFE if named in _SERIOUS else given.basis, bases),
        by=written.written_by_name,
        pupil_id=written.pupil_id,
        name=names.get(int(written.pupil_id), ""),
    )


def _answers(db: Session, names: Mapping[int, str], bases: tuple[Basis, ...]) -> list[SharingLine]:
    """What another school or authority was answered."""
    return [
        SharingLine(
            key=f"report:{each.id:08d}", given_on=each.replied_on,
            what=f"Answer: {each.answer.in_words.lower()}" if each.answer else "Answer",
            to_whom=each.said.get("sent_to", each.said.get("asked_by", "")),
            why="They asked after the child", basis=_say_basis(_TASK, bases), by=each.replied_by_name,
            pupil_id=each.pupil_id, name=names.get(int(each.pupil_id or 0), each.said.get("child", "")),
        )
        for each in list_reports(db)
        if each.kind is ReportKind.REQUEST and each.replied_on is not None
    ]  # fmt: skip


def _say_basis(basis: str, bases: tuple[Basis, ...]) -> str:
    return next((each.words for each in bases if each.id == basis), basis)


def _has(line: SharingLine, wanted: list[str]) -> bool:
    said = fold(f"{line.what} {line.to_whom} {line.why} {line.basis} {line.by} {line.name}")
    return all(word in said for word in wanted)


def _write(db: Session, office: Office, sharing_id: int, pupil_id: PupilId | None, *, act: str) -> None:
    pupils = [] if pupil_id is None else [int(pupil_id)]
    write_journal(
        db, at=office.now(), by=office.user.id, act=act, subject=f"sharing:{sharing_id}",
        details={"sharing": [int(sharing_id)], "pupils": pupils, FINAL: True},
    )  # fmt: skip


def _write_left(office: Office, pupil_id: PupilId | None, *, act: str) -> None:
    with office.database.transaction() as db:
        pupils = [] if pupil_id is None else [int(pupil_id)]
        write_journal(
            db, at=office.now(), by=office.user.id, act=act, subject="sharing", details={"pupils": pupils}
        )  # fmt: skip
