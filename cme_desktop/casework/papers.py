"""Papers as evidence: adding a file, looking at it again, striking it out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, MissingFactsError
from cme_desktop.domain.identifiers import PaperId, PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.acts import act_details
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.papers import Paper, add_paper, load_paper, load_paper_content, retract_paper

__all__ = [
    "ENDING_OF",
    "LARGEST",
    "Paper",
    "PaperContent",
    "keep_paper",
    "kind_of",
    "open_paper",
    "save_paper_copy",
    "strike_paper",
]

LARGEST: Final = 10 * 1024 * 1024
"""Bytes: a scanned letter of some pages fits; a film of one does not."""

_BEGINS: Final = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"PK\x03\x04": "application/zip",
    b"\xd0\xcf\x11\xe0": "application/x-ole-storage",
}
_OF_ENDING: Final = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".doc": "application/msword",
    ".msg": "application/vnd.ms-outlook",
    ".eml": "message/rfc822",
    ".txt": "text/plain",
}
_TEXT: Final = frozenset({"message/rfc822", "text/plain"})
ENDING_OF: Final = {
    "application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png",
    **{kind: ending for ending, kind in _OF_ENDING.items()},
}  # fmt: skip
"""The ending of a copy saved outside, by media type."""


@dataclass(frozen=True, slots=True)
class PaperContent:
    """A paper with its bytes."""

    paper: Paper
    content: bytes


@needs(Right.WORK_ON_ROLL)
def keep_paper(office: Office, *, pupil_id: PupilId, about: str, title: str, file_name: str, content: bytes) -> Changes:
    """Keep a file as evidence, inside the encrypted records; its own name is not kept."""
    if not title.strip():
        raise MissingFactsError("The paper can’t be kept yet.", missing=("what it is",))
    kind = kind_of(file_name, content)
    with office.database.transaction() as db:
        paper = add_paper(
            db, pupil_id=pupil_id, about=about, title=title.strip(), kind=kind, content=content, at=office.now(),
            by=office.user.id,
        )  # fmt: skip
        write_journal(
            db, at=office.now(), by=office.user.id, act="paper kept", subject=f"pupil:{pupil_id}",
            details=act_details(pupils=(pupil_id,), papers=(paper,)),
        )  # fmt: skip
    return Changes.to(Area.DOCUMENTS, pupil=pupil_id)


@needs(Right.SEE_NAMES)
def open_paper(office: Office, *, paper_id: PaperId) -> PaperContent:
    """Read a paper to look at it; that somebody did is written in the journal."""
    with office.database.transaction() as db:
        found = PaperContent(load_paper(db, paper_id), load_paper_content(db, paper_id))
        write_journal(
            db, at=office.now(), by=office.user.id, act="paper opened", subject=f"paper {paper_id}", details={}
        )
    return found


@needs(Right.EXPORT_NAMES)
def save_paper_copy(office: Office, *, paper_id: PaperId, to: Path) -> Path:
    """Write a copy of a paper to a file outside the records, and write down that it left."""
    with office.database.transaction() as db:
        content = load_paper_content(db, paper_id)
        write_journal(
            db, at=office.now(), by=office.user.id, act="paper copy saved", subject=f"paper {paper_id}", details={}
        )
        return write_whole_file(to, content)


@needs(Right.WORK_ON_ROLL)
def strike_paper(office: Office, *, paper_id: PaperId) -> Changes:
    """Strike out a paper that was kept by mistake; it stays, and can be read."""
    with office.database.transaction() as db:
        paper = load_paper(db, paper_id)
        retract_paper(db, paper_id, at=office.now(), by=office.user.id)
        write_journal(
            db, at=office.now(), by=office.user.id, act="paper struck out", subject=f"paper {paper_id}", details={}
        )
    return Changes.to(Area.DOCUMENTS, pupil=paper.pupil_id)


def kind_of(file_name: str, content: bytes) -> str:
    """Say what kind of file it is, by its first bytes and then by its ending; refuse what a letter never is."""
    if not content:
        raise BadInputError("The file is empty.", remedy="Choose the file again, or scan the paper again.")
    if len(content) > LARGEST:
        raise BadInputError(
            "The file is too large to keep.",
            detail=f"It has {len(content) // (1024 * 1024)} MB; {LARGEST // (1024 * 1024)} MB is the most.",
            remedy="Scan it in black and white, or keep only the pages that matter.",
        )
    begins = next((kind for start, kind in _BEGINS.items() if content.startswith(start)), None)
    by_ending = _OF_ENDING.get(PurePath(file_name).suffix.lower())
    if begins in {"application/pdf", "image/jpeg", "image/png"}:
        return begins
    if by_ending is not None and (begins is not None) is (by_ending not in _TEXT):
        return by_ending
    raise BadInputError(
        "This kind of file can’t be kept as a paper.",
        detail="A letter, a form or a ticket is a PDF, a picture (JPEG or PNG), a Word or Excel file, or an e-mail.",
        remedy="Print or scan it to PDF, and add that.",
    )
