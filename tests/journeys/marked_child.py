"""A child of whom every word is marked, and looking for those words in all that a day has written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import ZipFile, is_zipfile

from cme_desktop.domain.identifiers import expected_check_letter

FORENAME: Final = "Zebedeus"
SURNAME: Final = "Quillfeather"
MOTHER: Final = "Ottoline"
BORN: Final = "17/12/2017"
ADDRESS: Final = "77 Larkspur Mews"
PHONE: Final = "07700 900654"
_DIGITS: Final = "830220124987"
UPN: Final = expected_check_letter(f"Q{_DIGITS}") + _DIGITS
SAID: Final = f"{FORENAME} of Larkspur Mews was seen"
"""What somebody types of the child in a note."""

MARKS: Final = (
    FORENAME, SURNAME, MOTHER, "Larkspur", BORN, "2017-12-17", "17 December 2017", "17 Dec 2017", PHONE, "07700900654",
    "7700900654", UPN, _DIGITS,
)  # fmt: skip
_ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Leak:
    """A mark that stands where none may."""

    where: str
    mark: str


def marks_in(data: bytes) -> list[str]:
    """Say which marks stand in bytes, however they are written, in capitals or not."""
    spread = data.lower()
    return [mark for mark in MARKS if any(mark.lower().encode(encoding) in spread for encoding in _ENCODINGS)]


def marks_said(words: str) -> list[str]:
    """Say which marks stand in words."""
    return marks_in(words.encode("utf-8"))


def leaks_in(folder: Path, *, allowed: tuple[Path, ...]) -> list[Leak]:
    """Look through every file under a folder, its name, its bytes and what an archive holds; save what is allowed."""
    found: list[Leak] = []
    for file in sorted(folder.rglob("*")):
        if any(file == each or each in file.parents for each in allowed):
            continue
        name = str(file.relative_to(folder))
        found += [Leak(f"the name of {name}", mark) for mark in marks_said(name)]
        if not file.is_file():
            continue
        found += [Leak(name, mark) for mark in marks_in(file.read_bytes())]
        if is_zipfile(file):
            found += _leaks_in_archive(file, name)
    return found


def _leaks_in_archive(file: Path, name: str) -> list[Leak]:
    with ZipFile(file) as archive:
        return [
            Leak(f"{member} in {name}", mark)
            for member in archive.namelist()
            for mark in (*marks_said(member), *marks_in(archive.read(member)))
        ]
