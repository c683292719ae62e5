"""A disposal list as a PDF: what is due and why, kind by kind, or, once it is carried out, what is left of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from cme_desktop.documents import house_style as look
from cme_desktop.documents.list_pages import build_list_pages, set_table
from cme_desktop.documents.wording import FormWording, in_fours, write_date, write_short_date

_WIDTHS: Final = (42, 18, 36, 24, 54)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One record: whose it is, or when it went; how many, when made, until when kept; and why, or its fingerprint."""

    about: str
    size: int
    made_from: date | None
    made_until: date | None
    kept_until: date | None
    why: str


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """The records of one kind, under its title, with the period and its source."""

    title: str
    period: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True, slots=True)
class DisposalSheet:
    """What is printed. ``ended_on`` and ``ended_by`` are of the signature, or of the giving up (``is_given_up``)."""

    school: str
    laestab: str
    number: int
    drawn_by: str
    drawn_on: date
    groups: tuple[SheetGroup, ...]
    gone_after: date
    fingerprint: str
    ended_by: str = ""
    ended_on: date | None = None
    is_given_up: bool = False

    @property
    def is_carried_out(self) -> bool:
        """Whether it is signed, and what stood on it gone."""
        return self.ended_on is not None and not self.is_given_up


def render_disposal(sheet: DisposalSheet, wording: FormWording, *, fonts: Path) -> bytes:
    """Set the list on A4 pages; the same list gives the same bytes."""
    look.register_fonts(fonts)
    text = wording.text
    school = text["school"].format(school=sheet.school, laestab=sheet.laestab) if sheet.laestab else sheet.school
    drawn = text["drawn"].format(by=sheet.drawn_by, on=write_date(sheet.drawn_on), number=sheet.number)
    story: list[Flowable] = [look.set_text(wording.title, look.TITLE)]
    story += [look.set_text(line, look.BODY_SECOND) for line in (school, drawn)]
    story += [Spacer(1, 3 * mm), look.set_text(_say_state(sheet, wording), look.BODY_STRONG)]
    section = next(each for each in wording.sections if each.holds == ("stubs" if sheet.is_carried_out else "lines"))
    for group in sheet.groups:
        records, entries = len(group.lines), sum(line.size for line in group.lines)
        counts = text["counts"].format(records=_count(records, "record"), entries=_count(entries, "entry", "entries"))
        headed = replace(section, heading=group.title, note=f"{group.period} {counts}")
        rows = [_row(line, wording) for line in group.lines]
        story += set_table(headed, wording, rows, widths=_WIDTHS, strong=0)
    if not sheet.is_given_up:
        gone = write_date(sheet.gone_after)
        story += [Spacer(1, 5 * mm), look.set_text(text["backups"].format(gone=gone), look.BODY)]
    story.append(KeepTogether([*_anchor(sheet, wording), *_room_to_sign(sheet, wording)]))
    foot = text["foot"].format(school=sheet.school, number=sheet.number)
    return build_list_pages(story, title=wording.title, subject=f"{wording.title} {sheet.number}", foot=foot)


def _say_state(sheet: DisposalSheet, wording: FormWording) -> str:
    if sheet.ended_on is None:
        return wording.text["waiting"]
    name = "given_up" if sheet.is_given_up else "carried_out"
    return wording.text[name].format(by=sheet.ended_by, on=write_date(sheet.ended_on))


def _row(line: SheetLine, wording: FormWording) -> tuple[tuple[str, ...], ...]:
    unknown = wording.text["unknown"]
    made = _say_made(line.made_from, line.made_until) or unknown
    kept = unknown if line.kept_until is None else write_short_date(line.kept_until)
    return ((line.about,), (str(line.size),), (made,), (kept,), (line.why,))


def _say_made(first: date | None, last: date | None) -> str:
    if last is None:
        return ""
    if first is None or first == last:
        return write_short_date(last)
    return f"{write_short_date(first)} to {write_short_date(last)}"


def _anchor(sheet: DisposalSheet, wording: FormWording) -> list[Flowable]:
    return [
        Spacer(1, 5 * mm),
        look.set_text(wording.text["fingerprint"], look.CAPTION),
        look.set_text(in_fours(sheet.fingerprint), look.CAPTION),
    ]


def _room_to_sign(sheet: DisposalSheet, wording: FormWording) -> list[Flowable]:
    if sheet.is_given_up:
        return []
    labels = [look.set_text(wording.text[name], look.HEAD_CELL) for name in ("signed", "signature", "date")]
    table = Table([["", "", ""], labels], colWidths=[70 * mm, 70 * mm, 34 * mm], rowHeights=[14 * mm, 6 * mm])
    line = ("LINEBELOW", (0, 0), (-1, 0), 0.6, look.INK)
    table.setStyle(TableStyle([line, ("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return [Spacer(1, 4 * mm), table]


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
