"""A disposal list as pages: read before it is signed, printed, and kept after; each print stands in the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.keeping.looking import read_periods
from cme_desktop.casework.kept_backups import last_day_in_backups
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs, sees_protection
from cme_desktop.casework.veil import KEPT
from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.domain.cases import Role
from cme_desktop.domain.identifiers import DisposalId
from cme_desktop.domain.keeping import DisposalState
from cme_desktop.domain.rights import Right
from cme_desktop.policy.retention import Period, RecordKind
from cme_desktop.storage.acts import FINAL
from cme_desktop.storage.cases import list_case_details
from cme_desktop.storage.disposals import DisposalLine, StoredDisposal, Stub, load_disposal
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import load_names
from cme_desktop.storage.school import load_school

if TYPE_CHECKING:
    from datetime import date, datetime

    from cme_desktop.documents.disposal_document import SheetGroup, SheetLine

_FIRST_OF_PRINT: Final = 16
"""So many letters of a fingerprint stand in a row; the whole of it is in the records."""


@needs(Right.EXPORT_NAMES)
def set_disposal(office: Office, *, disposal_id: DisposalId) -> bytes:
    """Give the pages to be read; nothing left the records yet."""
    return _set(office, disposal_id)


@needs(Right.EXPORT_NAMES)
def give_for_printing(office: Office, *, disposal_id: DisposalId) -> bytes:
    """Give the pages for printing, and write down that they left the records."""
    pdf = _set(office, disposal_id)
    _write_down(office, disposal_id, act="disposal_printed")
    return pdf


@needs(Right.EXPORT_NAMES)
def save_disposal(office: Office, *, disposal_id: DisposalId, to: Path) -> Path:
    """Save the pages as a PDF, and write down that they left the records."""
    saved = write_whole_file(to, _set(office, disposal_id))
    _write_down(office, disposal_id, act="disposal_saved")
    return saved


def propose_name(disposal_id: DisposalId) -> str:
    """Name the file after the list's number, and no child."""
    return f"disposal-list-{disposal_id}.pdf"


def say_period(period: Period, *, on: date) -> str:
    """Say how long, by what, since when, and that nobody has checked it where that is so: "6 years; by law, …"."""
    years = period.on(on)
    unchecked = "" if period.verified else " Written from memory: check it before you rely on it."
    if years is None or not years.years:
        return f"Never disposed of. {period.reference}.{unchecked}"
    since = f"{say_day(years.from_day)} {years.from_day.year}"
    return f"{years.years} years, in force since {since}. {period.reference}.{unchecked}"


# -- private -----------------------------------------------------------------------------------------------------


def _set(office: Office, disposal_id: DisposalId) -> bytes:
    from cme_desktop.documents.disposal_document import DisposalSheet, render_disposal  # noqa: PLC0415  a tenth of a second
    from cme_desktop.documents.wording import load_wording  # noqa: PLC0415  as above

    with office.database.reading() as db:
        school, disposal, names = load_school(db), load_disposal(db, disposal_id), load_names(db)
        cases = {f"case:{case.id}": f"Case {case.number}" for case in list_case_details(db)}
    ended_on = None if disposal.ended_at is None else _day(disposal.ended_at)
    signed_on = ended_on or office.today
    role = f", {Role(disposal.ended_role).in_words}" if disposal.ended_role else ""
    sheet = DisposalSheet(
        school=school.name, laestab=school.laestab, number=int(disposal.id), drawn_by=disposal.drawn_by_name,
        drawn_on=disposal.drawn_on, gone_after=last_day_in_backups(signed_on), fingerprint=disposal.fingerprint,
        groups=tuple(_groups(disposal, read_periods(office), names, cases, sees=sees_protection(office))),
        ended_by=f"{disposal.ended_by_name}{role}", ended_on=ended_on,
        is_given_up=disposal.state is DisposalState.GIVEN_UP,
    )  # fmt: skip
    wording = load_wording(office.paths.forms, "disposal")
    return render_disposal(sheet, wording, fonts=office.paths.resources / "fonts")


def _groups(
    disposal: StoredDisposal,
    periods: Mapping[RecordKind, Period],
    names: Mapping[int, str],
    cases: Mapping[str, str],
    *,
    sees: bool,
) -> Iterator[SheetGroup]:
    from cme_desktop.documents.disposal_document import SheetGroup  # noqa: PLC0415  as above

    for kind in RecordKind:
        lines = [
            *(_line(line, names, cases, sees=sees) for line in disposal.lines if line.kind is kind),
            *(_stub(stub) for stub in disposal.stubs if stub.kind is kind),
        ]
        if lines:
            lines.sort(key=lambda line: line.about)
            period = periods[kind]
            yield SheetGroup(period.title, say_period(period, on=disposal.drawn_on), tuple(lines))


def _line(line: DisposalLine, names: Mapping[int, str], cases: Mapping[str, str], *, sees: bool) -> SheetLine:
    from cme_desktop.documents.disposal_document import SheetLine  # noqa: PLC0415  as above

    name = names.get(line.pupil_id, "") if line.pupil_id is not None else ""
    about = ", ".join(part for part in (name, cases.get(line.key, "")) if part)
    if line.kind is RecordKind.SAFEGUARDING and not sees:
        about = KEPT
    return SheetLine(about, line.size, line.made_from, line.made_until, line.kept_until, line.why)


def _stub(stub: Stub) -> SheetLine:
    from cme_desktop.documents.disposal_document import SheetLine  # noqa: PLC0415  as above

    on = _day(stub.disposed_at)
    return SheetLine(
        f"{say_day(on)} {on.year}", stub.size, stub.made_from, stub.made_until, stub.kept_until,
        stub.digest[:_FIRST_OF_PRINT],
    )  # fmt: skip


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL_ZONE).date()


def _write_down(office: Office, disposal_id: DisposalId, *, act: str) -> None:
    with office.database.transaction() as db:
        write_journal(
            db, at=office.now(), by=office.user.id, act=act, subject=f"disposal {disposal_id}",
            details={FINAL: False, "disposal": int(disposal_id)},
        )  # fmt: skip
