"""The journal on paper, in plain sentences: of everybody, of one person, or about one pupil."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import say_clock
from cme_desktop.casework.journal_reading import JournalLine, load_journal
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.domain.rights import Right
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import load_names
from cme_desktop.storage.school import load_school
from cme_desktop.storage.users import list_users

if TYPE_CHECKING:
    from pathlib import Path

    from cme_desktop.domain.identifiers import PupilId, UserId

MOST: Final = 2000
"""So many entries are set at once; of more, the newest, and the pages say so."""


@needs(Right.READ_JOURNAL)
def set_journal(
    office: Office, *, words: str = "", by: UserId | None = None, pupil_id: PupilId | None = None
) -> bytes:  # fmt: skip
    """Give the pages to be read, the newest entry first; nothing has left the records yet."""
    from cme_desktop.documents.record_pages import RecordPages, render_record  # noqa: PLC0415  a tenth of a second
    from cme_desktop.documents.wording import (  # noqa: PLC0415  as above
        load_wording,
        write_clock,
        write_date,
        write_short_date,
    )

    wording = load_wording(office.paths.forms, "journal")
    text, made = wording.text, office.local_now
    found, is_cut = _read(office, words, by, pupil_id)
    with office.database.reading() as db:
        school, names = load_school(db), load_names(db)
        people = {user.id: user.name for user in list_users(db)}
    rows = tuple(
        (
            (f"{write_short_date(line.at.date())}, {say_clock(line.at)}",), (line.by, line.role), (line.said,),
            (line.about, f"No. {line.number}"),
        )
        for line in found
    )  # fmt: skip
    lines = (
        text["school"].format(school=school.name, laestab=school.laestab) if school.laestab else school.name,
        text["about"].format(name=names.get(int(pupil_id), "")) if pupil_id is not None else "",
        text["of"].format(name=people.get(by, "")) if by is not None else "",
        text["found"].format(words=words.strip()) if words.strip() else "",
        text["made"].format(
            by=f"{office.user.name}, {office.user.role.in_words}", on=write_date(made.date()), at=write_clock(made)
        ),
        text["cut"].format(count=len(found)) if is_cut else "",
    )
    pages = RecordPages(lines, {"entries": rows}, subject="Journal", foot=text["foot"].format(school=school.name))
    return render_record(pages, wording, fonts=office.paths.resources / "fonts")


@needs(Right.READ_JOURNAL)
def print_journal(
    office: Office, *, words: str = "", by: UserId | None = None, pupil_id: PupilId | None = None
) -> bytes:  # fmt: skip
    """Give the pages for printing, and write down that they left the records."""
    pdf = set_journal(office, words=words, by=by, pupil_id=pupil_id)
    _write_down(office, pupil_id, act="journal printed")
    return pdf


@needs(Right.READ_JOURNAL)
def save_journal(
    office: Office, *, to: Path, words: str = "", by: UserId | None = None, pupil_id: PupilId | None = None
) -> Path:  # fmt: skip
    """Save the pages, and write down that they left the records."""
    saved = write_whole_file(to, set_journal(office, words=words, by=by, pupil_id=pupil_id))
    _write_down(office, pupil_id, act="journal saved")
    return saved


def _read(
    office: Office, words: str, by: UserId | None, pupil_id: PupilId | None
) -> tuple[tuple[JournalLine, ...], bool]:
    found: list[JournalLine] = []
    before: int | None = None
    while True:
        page = load_journal(office, words=words, by=by, pupil_id=pupil_id, before=before)
        found += page.lines
        if page.older_than is None or len(found) >= MOST:
            return tuple(found[:MOST]), page.older_than is not None
        before = page.older_than


def _write_down(office: Office, pupil_id: PupilId | None, *, act: str) -> None:
    with office.database.transaction() as db:
        pupils = [] if pupil_id is None else [int(pupil_id)]
        write_journal(
            db, at=office.now(), by=office.user.id, act=act, subject="journal", details={"pupils": pupils}
        )  # fmt: skip
