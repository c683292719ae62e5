"""A document of a case, from its contents and a form's wording: the record of enquiries, the referral, the return.

The form says which parts stand in which order; each part here is a function that turns contents into paragraphs,
tables and drawings. What is not known is said in bold, never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, LongTable, Paragraph, Spacer, Table, TableStyle

from cme_desktop.documents import house_style as look
from cme_desktop.documents.attendance_grid import lay_out_weeks
from cme_desktop.documents.contents import HistoryLine, RecordContents
from cme_desktop.documents.page import Furniture, Letterhead, build_pages
from cme_desktop.documents.wording import (
    FormSection,
    FormWording,
    write_clock,
    write_date,
    write_day,
    write_long_day,
    write_short_date,
)

_ROW_PAD: Final = 4.6
_ROOM_UNDER_HEADING: Final = 18 * mm
"""What a heading takes, and a line or two under it; the first rows of a table are measured."""

_WORDS_IN_ROW: Final = 1400
"""Longer words run on into a further row: a row never splits, and must fit on a page."""


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """A document's bytes, how many pages, and the fingerprint printed on each."""

    pdf: bytes
    pages: int
    fingerprint: str


def render_document(contents: RecordContents, wording: FormWording, *, fonts: Path, draft: bool) -> RenderedDocument:
    """Render a document; the same contents give the same bytes."""
    look.register_fonts(fonts)
    fingerprint = contents.fingerprint
    story: list[Flowable] = [Letterhead(contents), *_title(contents, wording)]
    for section in wording.sections:
        story += _PARTS[section.holds](contents, section, wording)
    pdf, pages = build_pages(story, Furniture(contents, wording, fingerprint, draft=draft))
    return RenderedDocument(pdf, pages, fingerprint)


def find_unprintable(contents: RecordContents, *, fonts: Path) -> str:
    """The letters of names that no bundled font has: they would print as empty boxes."""
    look.register_fonts(fonts)
    names = [contents.pupil.name, contents.pupil.legal_name, *contents.pupil.siblings]
    return look.unprintable_letters(" ".join([*names, *(contact.name for contact in contents.contacts)]))


# -- the parts ---------------------------------------------------------------------------------------------------


def _title(contents: RecordContents, wording: FormWording) -> list[Flowable]:
    when = f"{write_long_day(contents.made_at.date())} at {write_clock(contents.made_at)}"
    sentence = wording.text["made" if contents.made_for else "made_for_nobody"]
    return [
        look.set_text(wording.title, look.TITLE),
        look.set_text(sentence.format(when=when, made_for=contents.made_for), look.UNDER_TITLE),
    ]


def _summary(contents: RecordContents, section: FormSection, wording: FormWording) -> list[Flowable]:
    del section
    summary, text = contents.summary, wording.text
    rows = [
        (text["pupil"], _pupil_in_a_line(contents), look.BODY),
        (text["absence"], summary.absence, look.BODY),
        (text["asked_by"], summary.asked_by, look.BODY),
        (text["reached"], summary.reached, look.BODY),
        (text["not_done"], "; ".join(summary.not_done) or text["nothing_open"], look.BODY_STRONG),
    ]
    cells: list[list[Any]] = [[look.set_text(summary.sentence, look.SENTENCE), ""]]
    cells += [[look.set_text(label, look.BODY_SECOND), look.set_text(words, style)] for label, words, style in rows]
    table = Table(cells, colWidths=[26 * mm + 15, look.TEXT_WIDTH - 26 * mm - 15])
    table.setStyle(TableStyle([
        ("SPAN", (0, 0), (1, 0)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, -1), look.BOX),
        ("LINEBEFORE", (0, 0), (0, -1), 1.2 * mm, look.BAR),
        ("LEFTPADDING", (0, 0), (0, -1), 15),
        ("LEFTPADDING", (1, 1), (1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, 0), 7),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 5),
        ("TOPPADDING", (0, 1), (-1, -1), 0.2),
        ("BOTTOMPADDING", (0, 1), (-1, -1), 0.6),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 11),
    ]))  # fmt: skip
    return [table]


def _pupil_in_a_line(contents: RecordContents) -> str:
    pupil = contents.pupil
    parts = [
        pupil.name,
        f"born {write_date(pupil.born)}" if pupil.born else "date of birth not known",
        _year_and_class(contents),
        f"UPN {pupil.upn}" if pupil.upn else "UPN not known",
    ]
    return ", ".join(part for part in parts if part)


def _year_and_class(contents: RecordContents) -> str:
    year, name = contents.pupil.year_group, contents.pupil.class_name
    return f"{year} ({name})" if year and name else year or name


def _attendance(contents: RecordContents, section: FormSection, wording: FormWording) -> list[Flowable]:
    del wording
    if not contents.weeks:
        return _under_heading(section, [look.set_text(section.empty, look.BODY)])
    count = contents.unknown_sessions
    unknown = {0: "No session is unknown.", 1: "One session is unknown."}.get(count, f"{count} sessions are unknown.")
    rows = lay_out_weeks(contents.weeks)
    note = look.set_text(f"{section.note} {unknown}", look.CAPTION)
    heading = [look.set_text(section.heading, look.HEADING), Spacer(1, 2)]
    if len(rows) == 1:
        return [KeepTogether([*heading, rows[0], note])]
    return [KeepTogether([*heading, rows[0]]), *rows[1:-1], KeepTogether([rows[-1], note])]


def _fields(contents: RecordContents, section: FormSection, wording: FormWording) -> list[Flowable]:
    facts = page_facts(contents)
    rows = []
    for field in section.fields:
        fact = facts[field.value]
        words = look.set_text(fact, look.CELL) if fact else look.set_text(wording.text["not_known"], look.CELL_STRONG)
        rows.append([look.set_text(field.label, look.CELL_SECOND), words])
    columns = [38 * mm, look.TEXT_WIDTH - 38 * mm]
    style = TableStyle([*_ROW_LOOK, ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 3)])
    table, begins = LongTable(rows, colWidths=columns), Table(rows[:2], colWidths=columns)
    table.setStyle(style)
    begins.setStyle(style)
    return _under_heading(section, [table], begins=begins)


def page_facts(contents: RecordContents) -> Mapping[str, str]:
    """Every fact a form's field may name, as text; empty where it is not known."""
    pupil, school = contents.pupil, contents.school
    return {
        "pupil.name": "The same" if pupil.name == pupil.legal_name else pupil.name,
        "pupil.legal_name": pupil.legal_name,
        "pupil.born": write_date(pupil.born) if pupil.born else "",
        "pupil.sex": pupil.sex,
        "pupil.upn": pupil.upn,
        "pupil.class": _year_and_class(contents),
        "pupil.starting_day": write_date(pupil.starting_day) if pupil.starting_day else "",
        "pupil.address": pupil.address,
        "pupil.home_authority": f"Number {pupil.home_authority}"
        if pupil.home_authority.isdigit()
        else pupil.home_authority,
        "pupil.language": pupil.language,
        "pupil.circumstances": "; ".join(pupil.circumstances) or "None recorded",
        "pupil.siblings": "; ".join(pupil.siblings) or "None known to the school",
        "last_attended": write_long_day(contents.last_attended) if contents.last_attended else "",
        "school.name": school.name,
        "school.numbers": ", ".join(part for part in (school.laestab, school.urn) if part),
        "school.phone": school.phone,
        "school.email": school.email,
        "school.head": school.head,
        "school.safeguarding_lead": school.safeguarding_lead,
        "summary.absence": contents.summary.absence,
        "summary.not_done": "; ".join(contents.summary.not_done) or "Nothing",
        "why": contents.why,
    }


def _contacts(contents: RecordContents, section: FormSection, wording: FormWording) -> list[Flowable]:
    del wording
    rows = []
    for contact in contents.contacts:
        who = f"{contact.name}\n{contact.relation}, {contact.household}"
        held = "\n".join(part for part in (*contact.numbers, contact.email, contact.address) if part)
        if contact.do_not_contact:
            tried: tuple[str, bool] = (f"Do not contact: {contact.do_not_contact}", True)
        else:
            tried = (contact.tried or "Never tried", not contact.tried)
        rows.append(
            [_cell(str(contact.rank)), _cell(who), _cell(held or "No number held", bold=not held), _cell(*tried)]
        )
    return _section_table(section, rows, widths=(8, 54, 60, 52))


def _flags(contents: RecordContents, section: FormSection, wording: FormWording) -> list[Flowable]:
    rows = []
    for flag in contents.flags:
        found = "\n".join(part for part in (f"{flag.title}. {flag.sentence}", flag.verdict, flag.state) if part)
        rows.append([_cell(write_day(flag.raised_on, near=contents.made_at.date())), _cell(found),
                     _cell("\n".join(flag.clauses))])  # fmt: skip
    parts = _section_table(section, rows, widths=(24, 90, 60))
    opened = f"{write_long_day(contents.opened_on)}: {_quoted(contents.why)}"
    said = wording.text["opened"].format(opened=opened, status=contents.case_status.lower())
    return [*parts[:-1], look.set_text(said, look.BODY), Spacer(1, 4), parts[-1]]


def _attempts(contents: RecordContents, section: FormSection, wording: FormWording) -> list[Flowable]:
    rows = [row for line in contents.attempts for row in _history_rows(contents, line, wording, merged=False)]
    return _section_table(section, rows, widths=(28, 24, 27, 54, 41))


def _decisions(contents: RecordContents, section: FormSection, wording: FormWording) -> list[Flowable]:
    rows = [row for line in contents.decisions for row in _history_rows(contents, line, wording, merged=True)]
    return _section_table(section, rows, widths=(27.5, 42, 61.5, 43))


def _history_rows(
    contents: RecordContents, line: HistoryLine, wording: FormWording, *, merged: bool
) -> list[list[Paragraph]]:
    near = contents.made_at.date()
    when = write_day(line.happened_on, near=near)
    if line.happened_at:
        when = f"{when} {write_clock(line.happened_at)}"
    said = ". ".join(part for part in (line.outcome if not merged else "", _quoted(line.words)) if part)
    first, *more = _portions(said)
    if line.struck_out:
        first = f"{wording.text['struck_out']}: {first}"
    middle = [line.outcome] if merged else [line.with_whom, line.how]
    written = _cell(_written(line, near, wording.text["late"]))
    rows = [[_cell(when), *map(_cell, middle), _cell(first, bold=line.weighty), written]]
    blank = [""] * (1 + len(middle))
    return rows + [[*map(_cell, blank), _cell(part, bold=line.weighty), _cell("")] for part in more]


def _quoted(words: str) -> str:
    return f"“{words}”" if words else ""


def _written(line: HistoryLine, near: Any, late: str) -> str:
    clock = write_clock(line.written_at)
    if not line.is_late:
        return f"{line.by}, {clock}"
    day = write_day(line.written_at.date(), near=near)
    return f"{line.by}, {day} {clock}, {late}"


def _portions(text: str) -> list[str]:
    """Cut very long words at spaces, so that each portion fits in a row."""
    found = []
    while len(text) > _WORDS_IN_ROW:
        cut = text.rfind(" ", 0, _WORDS_IN_ROW)
        cut = cut if cut > 0 else _WORDS_IN_ROW
        found.append(text[:cut])
        text = text[cut:].lstrip()
    return [*found, text]


def _views(contents: RecordContents, section: FormSection, wording: FormWording) -> list[Flowable]:
    near = contents.made_at.date()
    rows = []
    for line in contents.views:
        if line.on is None:
            rows.append([_cell(line.whose), _cell(wording.text["not_asked"], bold=True), _cell("")])
            continue
        first, *more = _portions(_quoted(line.words))
        first = f"{wording.text['struck_out']}: {first}" if line.struck_out else first
        heard = "\n".join(part for part in (line.by, write_day(line.on, near=near), line.how) if part)
        rows.append([_cell(line.whose), _cell(first), _cell(heard)])
        rows += [[_cell(""), _cell(part), _cell("")] for part in more]
    return _section_table(section, rows, widths=(34, 98, 42))


def _enquiries(contents: RecordContents, section: FormSection, wording: FormWording) -> list[Flowable]:
    del wording
    near = contents.made_at.date()
    rows = []
    for line in contents.enquiries:
        detail = ". ".join(part for part in (write_day(line.on, near=near) if line.on else "", line.detail) if part)
        first, *more = _portions(detail)
        rows.append(
            [_cell(line.item), _cell(line.name, bold=line.open), _cell(line.state, bold=line.open), _cell(first)]
        )
        rows += [[_cell(""), _cell(""), _cell(""), _cell(part)] for part in more]
    table = _section_table(section, rows, widths=(10, 48, 34, 82))
    return [*table, look.set_text(section.note, look.CAPTION)]


def _sent(contents: RecordContents, section: FormSection, wording: FormWording) -> list[Flowable]:
    del wording
    near = contents.made_at.date()
    rows = [
        [_cell(write_day(line.on, near=near)), *map(_cell, (line.what, line.to, line.reference, line.by))]
        for line in contents.sent
    ]
    return _section_table(section, rows, widths=(24, 45, 48, 27, 30))


def _amendments(contents: RecordContents, section: FormSection, wording: FormWording) -> list[Flowable]:
    del wording
    near = contents.made_at.date()
    rows = [
        [*map(_cell, (line.session, line.was, line.now, line.reason)),
         _cell(f"{line.by}, {write_day(line.at.date(), near=near)} {write_clock(line.at)}")]
        for line in contents.amendments
    ]  # fmt: skip
    return _section_table(section, rows, widths=(32, 16, 16, 60, 50))


def _documents(contents: RecordContents, section: FormSection, wording: FormWording) -> list[Flowable]:
    del wording
    rows = [
        [_cell(f"{write_short_date(line.made_at.date())} {write_clock(line.made_at)}"),
         _cell(f"{line.what} {line.number}"), _cell(line.state), _cell(line.sha256)]
        for line in contents.documents
    ]  # fmt: skip
    return _section_table(section, rows, widths=(30, 48, 18, 78))


_PARTS: Final[Mapping[str, Callable[[RecordContents, FormSection, FormWording], list[Flowable]]]] = {
    "summary": _summary,
    "attendance": _attendance,
    "fields": _fields,
    "contacts": _contacts,
    "flags": _flags,
    "attempts": _attempts,
    "views": _views,
    "decisions": _decisions,
    "enquiries": _enquiries,
    "sent": _sent,
    "amendments": _amendments,
    "documents": _documents,
}

# -- tables ------------------------------------------------------------------------------------------------------

_ROW_LOOK: Final = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, look.LINE),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 6),
    ("TOPPADDING", (0, 0), (-1, -1), _ROW_PAD),
    ("BOTTOMPADDING", (0, 0), (-1, -1), _ROW_PAD),
)


def _cell(text: str, bold: bool = False) -> Paragraph:  # noqa: FBT001, FBT002  read as a word at each call
    return look.set_text(text, look.CELL_STRONG if bold else look.CELL)


def _section_table(section: FormSection, rows: list[list[Paragraph]], *, widths: tuple[float, ...]) -> list[Flowable]:
    if not rows:
        return _under_heading(section, [look.set_text(section.empty, look.BODY_STRONG)])
    head = [look.set_text(column, look.HEAD_CELL) for column in section.columns]
    columns = [width * mm for width in widths]
    table = LongTable([head, *rows], colWidths=columns, repeatRows=1)
    table.setStyle(_TABLE_LOOK)
    begins = Table([head, rows[0]], colWidths=columns)
    begins.setStyle(_TABLE_LOOK)
    return _under_heading(section, [table], begins=begins)


_TABLE_LOOK: Final = TableStyle([
    *_ROW_LOOK,
    ("LINEBELOW", (0, 0), (-1, 0), 0.8, look.INK),
    ("BOTTOMPADDING", (0, 0), (-1, 0), 2.5),
    ("TOPPADDING", (0, 0), (-1, 0), 2),
])  # fmt: skip


def _under_heading(section: FormSection, parts: list[Flowable], *, begins: Table | None = None) -> list[Flowable]:
    """Put the heading above its parts; ``begins`` is what must stand on the same page with it."""
    _, height = begins.wrap(look.TEXT_WIDTH, look.PAGE_HEIGHT) if begins else (0, 0)
    room = CondPageBreak(_ROOM_UNDER_HEADING + height)
    return [room, look.set_text(section.heading, look.HEADING), *parts]
