"""A pack on paper and as a file: read first, then printed or saved by an act of its own, and written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.casework.held.item import HeldItem, Section
from cme_desktop.casework.held.pack import Pack, make_pack, read_pack_files, sections_of
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.information import About
from cme_desktop.domain.rights import Right
from cme_desktop.storage.contacts import find_contact
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import load_pupil
from cme_desktop.storage.school import load_school

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cme_desktop.documents.list_pages import Cell
    from cme_desktop.documents.wording import FormWording
    from cme_desktop.domain.identifiers import RequestId
    from cme_desktop.storage.information_requests import InformationRequest

LEAST_PASSWORD: Final = 12
"""So many letters a password of a saved pack has at least."""


@needs(Right.ANSWER_REQUESTS)
def set_pack(office: Office, *, request_id: RequestId) -> bytes:
    """Give the pages to be read; nothing has left the records yet."""
    return _set(office, make_pack(office, request_id=request_id))


@needs(Right.ANSWER_REQUESTS)
def print_pack(office: Office, *, request_id: RequestId) -> bytes:
    """Give the pages for printing, and write down that they left the records."""
    pdf = _set(office, make_pack(office, request_id=request_id))
    _write_down(office, request_id, act="pack printed", is_locked=False)
    return pdf


@needs(Right.ANSWER_REQUESTS)
def save_pack(office: Office, *, request_id: RequestId, to: Path, password: str | None) -> Path:
    """Save the pages with the papers inside, locked with a password or, where that was chosen, open; write it down."""
    from cme_desktop.documents.pack_file import write_pack_file  # noqa: PLC0415  a third of a second

    if password is not None:
        refuse_short_password(password)
    pack = make_pack(office, request_id=request_id)
    pdf = write_pack_file(_set(office, pack), read_pack_files(office, pack), password=password)
    saved = write_whole_file(to, pdf)
    _write_down(office, request_id, act="pack saved", is_locked=password is not None)
    return saved


def refuse_short_password(password: str) -> None:
    """Refuse a password that is guessed too soon: the file leaves the school."""
    if len(password) < LEAST_PASSWORD:
        raise BadInputError(
            "This password is too short.",
            remedy=f"Use at least {LEAST_PASSWORD} letters: a few words that have nothing to do with the child.",
        )


def propose_name(request_id: RequestId) -> str:
    """Name the file after the request, and no child."""
    return f"what-is-held-request-{request_id}.pdf"


def _set(office: Office, pack: Pack) -> bytes:
    from cme_desktop.documents.record_pages import RecordPages, render_record  # noqa: PLC0415  a tenth of a second
    from cme_desktop.documents.wording import load_wording, write_date  # noqa: PLC0415  as above

    wording = load_wording(office.paths.forms, "subject-access")
    text, request = wording.text, pack.request
    with office.database.reading() as db:
        school = load_school(db)
    lines = (
        text["school"].format(school=school.name, laestab=school.laestab) if school.laestab else school.name,
        _say_whom(office, request, text),
        text["asked"].format(asker=request.asker, received=write_date(request.received_on)),
        text["made"].format(by=f"{office.user.name}, {office.user.role.in_words}", on=write_date(office.today)),
        text["what"],
    )
    closing = (
        text["black"] if pack.has_black else "",
        text["left_out"] if pack.says_left_out else "",
        text["files"] if pack.files else "",
        text["rights"],
    )
    pages = RecordPages(
        lines=lines, tables=_tables(pack, wording), subject=f"Request {request.id}",
        foot=text["foot"].format(school=school.name, number=request.id),
        closing=tuple(line for line in closing if line),
    )  # fmt: skip
    return render_record(pages, wording, fonts=office.paths.resources / "fonts")


def _tables(pack: Pack, wording: FormWording) -> Mapping[str, tuple[tuple[Cell, ...], ...]]:
    names = {key: name for name, key in pack.files}
    del wording
    tables: dict[str, tuple[tuple[Cell, ...], ...]] = {}
    for section, items in sections_of(pack):
        weeks = tuple(item for item in items if item.cells)
        others = tuple(item for item in items if not item.cells)
        if weeks:
            tables["weeks"] = tuple(_week(item) for item in weeks)
        if others:
            tables[section.value] = tuple(_row(item, names) for item in others)
    return tables


def _week(item: HeldItem) -> tuple[Cell, ...]:
    """The days of a week; one held on a Saturday stands with Friday."""
    cells = (*item.cells, "", "", "", "", "")[:5]
    weekend = [cell for cell in item.cells[5:] if cell]
    return ((item.title.removeprefix("Week of "),), *((cell,) for cell in cells[:4]), (cells[4], *weekend))


def _row(item: HeldItem, names: Mapping[str, str]) -> tuple[Cell, ...]:
    from cme_desktop.documents.wording import write_short_date  # noqa: PLC0415  as above

    day = write_short_date(item.on) if item.on else ""
    if item.section is Section.JOURNAL:
        return ((day,), (item.title,), (", ".join(said for label, said in item.lines if label != "Day"),))
    told = [f"{label}: {said}" for label, said in item.lines if label != "Day"]
    if item.file in names:
        told.append(f"File: {names[item.file]}")
    return ((day,), (item.title,), ("\n".join(told),))


def _say_whom(office: Office, request: InformationRequest, text: Mapping[str, str]) -> str:
    with office.database.reading() as db:
        if request.about is About.CONTACT:
            contact = find_contact(db, request.contact_id or 0)
            return text["about_contact"].format(name=contact.name if contact else request.asker)
        return text["about_pupil"].format(name=load_pupil(db, request.pupil_id or 0).known_as)


def _write_down(office: Office, request_id: RequestId, *, act: str, is_locked: bool) -> None:
    with office.database.transaction() as db:
        write_journal(
            db, at=office.now(), by=office.user.id, act=act, subject=f"request:{request_id}",
            details={"request": int(request_id), "locked": is_locked},
        )  # fmt: skip
