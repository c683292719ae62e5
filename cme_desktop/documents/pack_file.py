"""A pack as one file to hand over: its pages, the papers inside it, and a password where one is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer


def write_pack_file(pdf: bytes, files: Iterable[tuple[str, bytes]], *, password: str | None) -> bytes:
    """Put the files into the PDF, and lock it with the password (AES, 256 bits); without one it is an open file."""
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    if password is not None:
        writer.encrypt(owner_pass=password, user_pass=password)  # type: ignore[no-untyped-call]  # the library has no types here
    for name, content in files:
        held = EmbeddedFileObject.from_file_data(writer, content)
        embed_file(writer, FileSpec(file_spec_string=name, file_name=name, embedded_data=held))
    into = BytesIO()
    writer.write(into)  # type: ignore[no-untyped-call]  # as above
    return into.getvalue()
