"""A PDF made to keep its reader busy, or to unpack to all the memory there is, is not whole: said in a moment."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest

from cme_desktop.documents.strict_verdict import find_reader_problems
from cme_desktop.documents.verification import verify_bytes
from tests.seconds import within

_HEAD = b"%PDF-1.7\n"


def _table(at: int, *, size: int = 2, more: bytes = b"") -> bytes:
    first = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return first + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, more, at)


def _packed(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(megabytes)) + packer.flush()


def _stream_of(megabytes: int, words: bytes) -> bytes:
    packed = _packed(megabytes)
    return (
        _HEAD + b"1 0 obj\n<<%s/Root 2 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % (words, len(packed))
        + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(_HEAD)
    )  # fmt: skip


HOSTILE = {
    "a table that names itself as the one before": _HEAD + _table(len(_HEAD), more=b"/Prev %d" % len(_HEAD)),
    "a table of a thousand million objects": _HEAD + _table(len(_HEAD), size=999_999_999),
    "brackets in brackets": _HEAD + b"1 0 obj\n" + b"[" * 500_000 + b"]" * 500_000 + b"\nendobj\n"
                            + _table(len(_HEAD) + 1_000_016),
    "a table that unpacks to two gigabytes": _stream_of(2_000, b"/Type/XRef/Size 5/W[1 2 1]"),
    "objects that unpack to two gigabytes": _stream_of(2_000, b"/Type/ObjStm/N 5/First 10"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pdf_is_not_whole_and_that_is_said_in_a_moment(name: str) -> None:
    with within(seconds=5):
        problems = find_reader_problems(BytesIO(HOSTILE[name]), root=b"", signatures=1)
        verdict = verify_bytes(HOSTILE[name])

    assert problems
    assert not verdict.ok
    assert verdict.problems
