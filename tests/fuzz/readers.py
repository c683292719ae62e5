"""The readers of outside bytes, each with good inputs to begin from.

All that the program reads from outside is here: lists (CSV, workbooks and the XML inside them, calendars), documents
(policies, situations, a school's file), the key file, records, backups, and PDFs and certificates to verify.
"""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Final

from cme_desktop.casework.guessing import TooManyTriesError, note_wrong, refuse_too_soon
from cme_desktop.casework.restoring import restore_backup
from cme_desktop.casework.school_file import read_school_file
from cme_desktop.casework.situations import flags_at, known_words, rulebook_of
from cme_desktop.documents.school_keys import der_of_certificate, read_certificate_file
from cme_desktop.documents.strict_verdict import find_reader_problems
from cme_desktop.documents.verification import verify_bytes
from cme_desktop.domain.errors import CmeError
from cme_desktop.importers.aliases import Aliases, load_aliases
from cme_desktop.importers.dates import DateOrder
from cme_desktop.importers.fields import FileKind
from cme_desktop.importers.formats import sheet_of
from cme_desktop.importers.mapping import Mapping, suggest_mapping
from cme_desktop.importers.marks import read_marks, settle_mark_dates
from cme_desktop.importers.people import read_people, settle_people_dates
from cme_desktop.importers.sheet import Sheet
from cme_desktop.importers.situations import KnownWords, read_situation
from cme_desktop.importers.terms import read_terms, settle_term_dates
from cme_desktop.paths import Paths
from cme_desktop.policy.parameters import Parameters, load_parameters
from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.policy_faults import read_document, read_head
from cme_desktop.storage import vault
from cme_desktop.storage.backup import count_records, examine
from cme_desktop.storage.database import connect, create_database, open_database
from cme_desktop.storage.device_slots import add_device_slot, make_device_slot, open_with_device
from cme_desktop.storage.factor_key import make_factor, open_with_printed
from cme_desktop.storage.key_file import KdfCost, read_key_file, write_key_file
from cme_desktop.storage.sqlite_errors import in_the_offices_words
from cme_desktop.storage.this_pc import forget_devices, keep_device, keep_factor, read_kept_here
from tests.documents import example
from tests.fuzz.reader import BrokenPromiseError, Reader

PROJECT: Final = Path(__file__).parents[2]
RESOURCES: Final = PROJECT / "resources"
DATA: Final = PROJECT / "tests" / "data"
SITUATIONS: Final = PROJECT / "tests" / "policy" / "situations"
TODAY: Final = date(2026, 11, 10)
_NOON: Final = datetime(2026, 11, 10, 12, tzinfo=UTC)
PASSWORD: Final = "correct horse battery staple"
_PARTS: Final = (
    "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
)  # fmt: skip


# -- lists -----------------------------------------------------------------------------------------------------


def _read_list(data: bytes) -> None:
    sheet = sheet_of(data)
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        if line < 1 or not all(isinstance(cell, str) for cell in row):
            raise BrokenPromiseError("a sheet holds something that is no text, or stands on no line")
    for kind in (None, *FileKind):
        try:
            mapping = suggest_mapping(sheet, _aliases(), on=TODAY, kind=kind)
        except CmeError:
            continue
        if not mapping.missing:
            _read_rows(sheet, mapping)


def _read_rows(sheet: Sheet, mapping: Mapping) -> None:
    rows = len(sheet.rows)
    if mapping.kind is FileKind.MARKS:
        order = settle_mark_dates(sheet, mapping, plausible=lambda day: day <= TODAY) or DateOrder.DAY_FIRST
        marks = read_marks(sheet, mapping, order=order, answers={}, year_of=TODAY)
        if any(key >= len(marks.keys) or place >= len(marks.sessions) for _, _, key, place, _ in marks.marks):
            raise BrokenPromiseError("a mark of nobody, or of no session")
    elif mapping.kind is FileKind.CALENDAR:
        terms = read_terms(sheet, mapping, order=settle_term_dates(sheet, mapping) or DateOrder.DAY_FIRST)
        for year in terms.years:
            year.problems()
    else:
        order = settle_people_dates(sheet, mapping, on=TODAY) or DateOrder.DAY_FIRST
        people = read_people(sheet, mapping, order=order, on=TODAY)
        if len(people.rows) + len(people.rejected) > rows:
            raise BrokenPromiseError("more people than rows")


@cache
def _aliases() -> Aliases:
    return load_aliases((RESOURCES / "import-aliases.toml").read_text("utf-8"))


def _csv_seeds() -> tuple[bytes, ...]:
    texts = [(DATA / name).read_bytes() for name in ("bromcom-marks.csv", "bromcom-pupils-contacts.csv")]
    texts += [(DATA / name).read_bytes() for name in ("sims-pupils-contacts.csv", "sims-register.csv")]
    terms = b"Term;Start;End\nAutumn 1;03/09/2026;22/10/2026\nINSET;02/09/2026;02/09/2026\nClosed;1 Dec;1 Dec\n"
    weeks = b"UPN\tSurname\tWeek beginning 02/11/2026\nM830220124001\tAsh\t/\\/\\NN/\\L(5)\\\n"
    few = [b"".join(text.splitlines(keepends=True)[:6]) for text in texts]
    wide = few[0].decode("utf-8", "replace").encode("utf-16")
    return (*few, terms, weeks, wide)


def _workbook_seeds() -> tuple[bytes, ...]:
    names = ("scholarpack-marks.xlsx", "scholarpack-pupils-contacts.xlsx")
    return (*((DATA / name).read_bytes() for name in names), _pack(dict(_good_parts())))


def _pack(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


@cache
def _good_parts() -> tuple[tuple[str, bytes], ...]:
    """The parts of a small workbook: a header, a pupil with a date in a style, a formula, a text within the cell."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    header = "".join(f'<c r="{letter}1" t="s"><v>{at}</v></c>' for at, letter in enumerate("ABCDE"))
    row = (
        '<c r="A2" t="inlineStr"><is><t>M830220124001</t></is></c><c r="B2" t="str"><v>Ash</v></c><c t="s"><v>5</v></c>'
        '<c r="D2" s="1"><v>43022</v></c><c r="E2" t="b"><v>1</v></c><c r="G2"><f>1+1</f><v>2</v></c>'
    )
    texts = "".join(f"<si><t>{text}</t></si>" for text in ("UPN", "Surname", "Forename", "Date of Birth", "Sex"))
    return (
        (_PARTS[0], f'<worksheet {main}><sheetData><row r="1">{header}</row><row r="2">{row}</row></sheetData>'
                    "</worksheet>".encode()),
        (_PARTS[1], f"<sst {main}>{texts}<si><r><t>Zo</t></r><r><t>ë</t></r></si></sst>".encode()),
        (_PARTS[2], f'<styleSheet {main}><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
                    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'.encode()),
        (_PARTS[3], f'<workbook {main} {relations}><workbookPr date1904="0"/><sheets><sheet name="a" r:id="r1"/>'
                    "</sheets></workbook>".encode()),
        (_PARTS[4], b'<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'),
    )  # fmt: skip


def _read_part(data: bytes) -> None:
    """The first byte says which part of a good workbook the others stand in place of."""
    name = _PARTS[data[0] % len(_PARTS)] if data else _PARTS[0]
    _read_list(_pack({**dict(_good_parts()), name: data[1:]}))


def _part_seeds() -> tuple[bytes, ...]:
    return tuple(bytes([at]) + part for at, (_, part) in enumerate(_good_parts()))


def _calendar_seeds() -> tuple[bytes, ...]:
    event = "BEGIN:VEVENT\r\nSUMMARY:{}\r\nDTSTART;VALUE=DATE:{}\r\nDTEND;VALUE=DATE:{}\r\nEND:VEVENT\r\n"
    events = event.format("Autumn 1", "20260903", "20261023") + event.format("INSET", "20260902", "20260903")
    folded = event.format("Spring\\, first\r\n  half", "20270104", "20270213")
    return tuple(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{text}END:VCALENDAR\r\n".encode() for text in (events, folded))


# -- documents -------------------------------------------------------------------------------------------------


def _read_policy(data: bytes) -> None:
    read = read_document(data, _law())
    read_head(data.decode("utf-8", "replace"))
    if (read.policy is None) == (not read.faults):
        raise BrokenPromiseError("neither a policy nor a problem, or both")
    if read.policy is not None:
        write_policy_document(read.policy)


@cache
def _law() -> Parameters:
    return load_parameters((RESOURCES / "parameters.toml").read_text("utf-8"))


def _policy_seeds() -> tuple[bytes, ...]:
    full = (RESOURCES / "policies" / "aspire-academy.toml").read_bytes()
    small = (
        b'id = "own"\ntitle = "Own"\nkind = "school"\ndocument = "Ours"\nin_force_from = 2026-09-01\n'
        b'[[clause]]\nid = "1"\ntext = "We ring."\n'
    )
    parts = full.split(b"\n[[")
    rules = [part for part in parts if part.startswith(b"rule]]")]
    return small, b"\n[[".join(parts[:4]), small + b"\n[[" + b"\n[[".join(rules)


@cache
def _known() -> KnownWords:
    return known_words(RESOURCES)


def _read_situation(data: bytes) -> None:
    read = read_situation(data, known=_known(), resources=RESOURCES)
    if (read.situation is None) == (not read.problems):
        raise BrokenPromiseError("neither a situation nor a problem, or both")
    if read.situation is not None:
        rulebook = rulebook_of(read.situation, RESOURCES)
        for expectation in read.situation.expectations[:3]:
            flags_at(read.situation, expectation, rulebook)


def _situation_seeds() -> tuple[bytes, ...]:
    found = sorted(SITUATIONS.rglob("*.toml"), key=lambda path: path.name)
    return tuple(path.read_bytes() for path in found[:: max(len(found) // 12, 1)])


def _read_school(data: bytes) -> None:
    with _a_file(data, "school.toml") as path:
        new = read_school_file(path, resources=RESOURCES).new
    for year in new.years:
        if year.problems():
            raise BrokenPromiseError("a school year that can't stand")


def _school_seeds() -> tuple[bytes, ...]:
    head = 'policies = ["derbyshire"]\n{}\n[school]\nname = "Larkfield"\nlaestab = "830/2201"\nurn = "112233"\n'
    rest = 'type = "academy"\naddress = ["1 Mill Lane"]\nrecords_begin = 2026-09-01\n[authority]\nname = "Derbyshire"\n'
    user = '[user]\nname = "Pat Mellor"\nrole = "office"\n'
    dates = (
        "[calendar]\nfirst_day = 2026-09-01\nlast_day = 2027-07-21\nterms = [{from = 2026-09-03, to = 2026-10-23}]\n"
    )
    inset = "inset = [2026-09-04]\nclosed = [{on = 2026-10-01, session = 'am', code = 'Y4'}]\n"
    return (
        (head.format('calendar = "test-2026-27"') + rest + user).encode(),
        (head.format("") + rest + user + dates + inset).encode(),
    )


# -- keys, records, backups ------------------------------------------------------------------------------------


def _read_keys(data: bytes) -> None:
    with _a_file(data, "keys.json") as path:
        keys = read_key_file(path)
        for slot in keys.slots:
            if slot.factor is not None:
                open_with_printed(slot.factor, "AAAA-BBBB-CCCC-DDDD")
        for one in keys.devices:
            with suppress(CmeError):
                open_with_device(path, user_id=one.user_id, mark=one.mark, secret=_kept_secret())
        vault.open_slot(path, user_id=1, password=PASSWORD, part=lambda _: _full_keys()[1])


@cache
def _keys_seed() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys.json"
        made = vault.create_vault(
            path, user_id=1, name="Pat Mellor", password=PASSWORD, cost=KdfCost(memory_kib=32, passes=1, lanes=1)
        )
        _KEY.append(made.key)
        return path.read_bytes()


@cache
def _full_keys() -> tuple[bytes, bytes, bytes]:
    """A key file with a second factor and a computer's slot, the factor's key, and the computer's secret."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys.json"
        path.write_bytes(_keys_seed())
        opened, new = vault.open_slot(path, user_id=1, password=PASSWORD), make_factor()
        assert opened.own is not None
        slot = vault.make_slot(
            path, key=opened.key, user_id=1, name="Pat Mellor", password=PASSWORD, own=opened.own,
            cost=KdfCost(memory_kib=32, passes=1, lanes=1), factor=(new.factor, new.key),
        )  # fmt: skip
        write_key_file(path, read_key_file(path).with_slot(slot))
        device = make_device_slot(path, user_id=1, own=opened.own, after_lock=True)
        add_device_slot(path, device.slot)
        return path.read_bytes(), new.key, device.secret


def _kept_secret() -> bytes:
    return _full_keys()[2]


def _key_files() -> tuple[bytes, ...]:
    return (_keys_seed(), _full_keys()[0])


def _read_here(data: bytes) -> None:
    with _a_file(data, "this-computer.json") as path:
        read_kept_here(path)
        keep_factor(path, mark=bytes(16), key=bytes(32))
        keep_device(path, "ab" * 16)
        forget_devices(path, frozenset({"ab" * 16}))


def _here_seed() -> bytes:
    key = base64.b64encode(bytes(range(32))).decode()
    return json.dumps({"factors": {"cd" * 16: key}, "devices": ["ef" * 16]}).encode()


_KEY: Final[list[bytes]] = []


def _cheap(data: bytes) -> bool:
    """Whether a key file's slots cost little: deriving keys is not what is tried here."""
    try:
        slots = json.loads(data)["slots"]
        return all(slot["cost"]["memory_kib"] * slot["cost"]["passes"] <= 100_000 for slot in slots)
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return True


def _read_cheap_keys(data: bytes) -> None:
    if _cheap(data):
        _read_keys(data)


def _read_tries(data: bytes) -> None:
    with _a_file(data, "tries.json") as path:
        for user in (0, 1):
            with suppress(TooManyTriesError):
                refuse_too_soon(path, user_id=user, now=_NOON)
        note_wrong(path, user_id=1, now=_NOON)
        with suppress(TooManyTriesError):
            refuse_too_soon(path, user_id=1, now=_NOON)


def _tries_seed() -> bytes:
    return b'{"1": [9, "2026-11-10T11:59:00+00:00"], "0": [2, "2026-11-10T08:00:00+00:00"]}'


def _read_records(data: bytes) -> None:
    key = _key()
    with _a_file(data, "records.cme") as path:
        database = open_database(path, key)
        with closing(database), in_the_offices_words(), closing(connect(path, key)) as raw:
            examine(raw)
            count_records(raw)
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                raw.execute(f'SELECT * FROM "{name}"').fetchall()


def _key() -> bytes:
    _keys_seed()
    return _KEY[0]


@cache
def _records_seed() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.cme"
        create_database(path, _key()).close()
        return path.read_bytes()


def _read_backup(data: bytes) -> None:
    with _a_file(data, "a.cmebackup") as path:
        to = Paths(path.parent / "data", RESOURCES, PROJECT / "forms")
        restore_backup(to, path, user_name=None, password=PASSWORD, now=lambda: _NOON)


def _backup_seeds() -> tuple[bytes, ...]:
    return (_pack({"records.cme": _records_seed(), "keys.json": _keys_seed(), "about.json": b"{}"}),)


# -- what is verified ------------------------------------------------------------------------------------------


def _read_pdf(data: bytes) -> None:
    verdict = verify_bytes(data)
    if verdict.ok and data not in WHOLE.union(_pdf_seeds()):
        raise BrokenPromiseError("a file that was changed is called whole")
    if verdict.ok == bool(verdict.problems):
        raise BrokenPromiseError("neither whole nor a problem, or both")


WHOLE: Final[set[bytes]] = set()
"""Signed files made elsewhere: by another process, with keys of its own."""


@cache
def _pdf_seeds() -> tuple[bytes, ...]:
    return example.one_signature(), example.two_signatures()


def _read_as_pdf(data: bytes) -> None:
    """The second examination alone: otherwise only a file signed for the purpose comes so far."""
    root = der_of_certificate(example.keys().root.certificate_pem)
    problems = find_reader_problems(io.BytesIO(data), root=root, signatures=data.count(b"/ByteRange"))
    if not all(problem.endswith(".") for problem in problems):
        raise BrokenPromiseError("a problem that is no sentence")


def _read_certificate(data: bytes) -> None:
    with _a_file(data, "school.pem") as path:
        read_certificate_file(path)


def _certificate_seeds() -> tuple[bytes, ...]:
    pem = example.keys().root.certificate_pem
    return pem.encode(), der_of_certificate(pem)


class _a_file:  # noqa: N801  read as a phrase: with a file
    """A file with these bytes, in a folder of its own that goes away."""

    def __init__(self, data: bytes, name: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="cme-fuzz-"))
        self._path = self._folder / name
        self._path.write_bytes(data)

    def __enter__(self) -> Path:
        return self._path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _one(seed: Callable[[], bytes]) -> Callable[[], tuple[bytes, ...]]:
    return lambda: (seed(),)


_LIST_WORDS: Final = (
    b"UPN", b"Surname", b"Forename", b"Date of Birth", b"Date", b"AM", b"PM", b"Mark", b"Term", b"First day",
    b"Last day", b"Week beginning 02/11/2026", b"01/09/2026", b"31/12/9999", b"01/01/0001", b"=1+1", b'="0012"',
    b"/\\/\\/\\/\\/\\", b"C1", b"L(5)", b'"', b"\r\n", b";", b"\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b"45000",
    b"Year 3", b"07700900123", b"+44", b"\xc2\xb2",
)  # fmt: skip
_TOML_WORDS: Final = (
    b"[[", b"]]", b"[", b"]", b"{", b"}", b"=", b".", b'"""', b"'''", b"#", b"\n", b"0x", b"1e400", b"nan", b"true",
    b"2026-09-01", b"0001-01-01", b"9999-12-31", b"2026-09-01T09:00:00Z", b"09:00", b'"none"', b"[[event]]",
    b"[[expect]]", b"[[mark]]", b"[[rule]]", b"[[clause]]", b"[calendar]", b"terms", b"from", b"to", b"on", b"code",
    b"\\u0000", b"\\U0010ffff", b'"unknown"', b"999", b"-1",
    b"inf", b"[]", b"{}", b'""', b'"O"', b'"?"', b"2026-11-10T09:20:00", b"0x" + b"f" * 40, b"[1]", b'["looked_after"]',
    b"[{from = 2026-09-03, to = 2026-10-23}]", b'"mother"', b'"no_answer"', b'"test-2026-27"', b"{on = 2026-01-01}",
    b'"am"', b"2026-11-10",
)  # fmt: skip
_XML_WORDS: Final = (
    b"<row>", b"</row>", b'<c t="s"><v>', b"</v></c>", b"<!DOCTYPE", b"<!ENTITY", b"&lt;", b"&#x0;", b"<![CDATA[",
    b"]]>",
    b"<?xml version='1.0' encoding='cp1252'?>", b"<!--", b"-->", b' r="XFD1"', b' r="1048577"', b"<is><t>", b"1e308",
    b"nan", b"-1", b"9" * 400, b"xmlns:x='x'",
)  # fmt: skip

_CELL: Final = re.compile(rb"(?:^|[,;\t\n])([^,;\t\n\r]+)")
_TOML_VALUE: Final = re.compile(rb"^[ \t]*[\w-]+[ \t]*=[ \t]*(.+)$", re.MULTILINE)
_XML_VALUE: Final = re.compile(rb"(?:>|=\")([^<>\"]+)")
_JSON_VALUE: Final = re.compile(rb": (\"[^\"]*\"|[^,{}\[\]\n]+)")
_ICS_VALUE: Final = re.compile(rb":([^\r\n]+)")

READERS: Final = {
    reader.name: reader
    for reader in (
        Reader("csv", _read_list, _csv_seeds, _LIST_WORDS, _CELL, 400),
        Reader("xlsx", _read_list, _workbook_seeds, (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"), tries=150),
        Reader("xml", _read_part, _part_seeds, _XML_WORDS, _XML_VALUE, 400),
        Reader(
            "ics",
            _read_list,
            _calendar_seeds,
            (b"BEGIN:VEVENT", b"DTSTART:", b"DTEND:00010101", *_LIST_WORDS),
            _ICS_VALUE,
            400,
        ),
        Reader("policy", _read_policy, _policy_seeds, _TOML_WORDS, _TOML_VALUE, 150),
        Reader("situation", _read_situation, _situation_seeds, _TOML_WORDS, _TOML_VALUE, 150),
        Reader("school", _read_school, _school_seeds, _TOML_WORDS, _TOML_VALUE, 300),
        Reader(
            "keys",
            _read_cheap_keys,
            _key_files,
            (b"[[", b"1e999", b"[]", b"{}", b'"AAAA"', b"null", b"true", b"\\ud800", b"-1"),
            _JSON_VALUE,
            300,
        ),
        Reader(
            "tries",
            _read_tries,
            _one(_tries_seed),
            (b"Infinity", b"9999-12-31T23:59:59+00:00", b"1e9", b"[["),
            tries=200,
        ),
        Reader("kept-here", _read_here, _one(_here_seed), (b"[[", b"null", b"1e999"), _JSON_VALUE, 200),
        Reader("records", _read_records, _one(_records_seed), (), tries=40),
        Reader("backup", _read_backup, _backup_seeds, (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"), tries=60),
        Reader(
            "pdf", _read_pdf, _pdf_seeds, (b"/ByteRange [0 ", b"%%EOF", b"/Encrypt", b"startxref", b"obj"), tries=150
        ),
        Reader(
            "pdf-reader",
            _read_as_pdf,
            _pdf_seeds,
            (b"/Prev ", b"/XRefStm ", b"/Type/ObjStm", b"xref", b"<<", b"["),
            tries=60,
        ),
        Reader("certificate", _read_certificate, _certificate_seeds, (b"-----BEGIN CERTIFICATE-----",), tries=200),
    )
}
"""Every reader of outside bytes, by name."""
