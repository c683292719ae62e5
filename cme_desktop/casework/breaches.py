"""Data that went astray: what happened, the hours within which the regulator is told, and what was done.

The hours are those of the clock, from the moment somebody became aware of it, through nights, weekends and the change
of the clocks. Each account stays; the newest counts. The head closes the note.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.case_entry import refuse_future
from cme_desktop.casework.in_words import capital, count_of, say_clock
from cme_desktop.casework.information_numbers import read_numbers
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import require
from cme_desktop.casework.veil import for_reader
from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.documents.wording import write_clock, write_date, write_short_date
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.information import BreachAccount
from cme_desktop.domain.rights import Right, may
from cme_desktop.policy.information_deadlines import InformationNumbers, is_too_late, regulator_due_at
from cme_desktop.storage.acts import FINAL
from cme_desktop.storage.breaches import (
    Breach,
    add_account,
    add_breach,
    close_breach,
    list_accounts,
    list_breaches,
    list_open_breaches,
    load_breach,
)
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.school import load_school

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.documents.list_pages import Cell
    from cme_desktop.domain.identifiers import BreachId

_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class BreachLine:
    """A breach with its clock: ``due_at`` is the office clock's moment by which the regulator is told."""

    breach: Breach
    due_at: datetime
    clock: str
    is_late: bool

    @property
    def is_running(self) -> bool:
        """Whether the regulator is still to be told, or it written down why not."""
        return self.breach.is_open and not self.breach.account.is_regulator_settled


@dataclass(frozen=True, slots=True)
class BreachDesk:
    """The notes, the newest first, and whether the one signed in closes them."""

    now: datetime
    lines: tuple[BreachLine, ...]
    may_close: bool


@dataclass(frozen=True, slots=True)
class BreachClock:
    """How long the regulator may still be told, without a word of what happened: fit for anybody."""

    words: str
    is_late: bool


@needs(Right.NOTE_BREACHES)
def load_breaches(office: Office) -> BreachDesk:
    """Read every note with its clock."""
    numbers = _numbers(office)
    with office.database.reading() as db:
        found = list_breaches(db)
    lines = tuple(count_hours(breach, numbers, now=office.now()) for breach in found)
    return BreachDesk(office.local_now, for_reader(office, lines), may(office.user.role, Right.CLOSE_BREACHES))


@needs(Right.CHECK_RECORDS)
def load_breach_clocks(office: Office) -> tuple[BreachClock, ...]:
    """Read how long the regulator may still be told of each breach that waits for it; nothing else of it."""
    numbers = _numbers(office)
    with office.database.reading() as db:
        found = list_open_breaches(db)
    lines = (count_hours(breach, numbers, now=office.now()) for breach in found)
    return tuple(BreachClock(line.clock, line.is_late) for line in lines if line.is_running)


@needs(Right.NOTE_BREACHES)
def note_breach(office: Office, *, account: BreachAccount) -> Changes:
    """Begin the note of a breach: what happened and when it was noticed; the clock runs from then."""
    _refuse(office, account)
    with office.database.transaction() as db:
        breach_id = add_breach(db, account, at=office.now(), by=office.user.id)
        _write(db, office, breach_id, act="breach noted")
    return Changes.to(Area.INFORMATION)


@needs(Right.NOTE_BREACHES)
def add_to_breach(office: Office, *, breach_id: BreachId, account: BreachAccount) -> Changes:
    """Write down what is known now; what was written before stays."""
    _refuse(office, account)
    with office.database.transaction() as db:
        _refuse_closed(load_breach(db, breach_id))
        add_account(db, breach_id, account, at=office.now(), by=office.user.id)
        _write(db, office, breach_id, act="breach account")
    return Changes.to(Area.INFORMATION)


@needs(Right.CLOSE_BREACHES)
def close(office: Office, *, breach_id: BreachId) -> Changes:
    """Close the note, once the risk is judged and it is said who was told, or why not."""
    with office.database.transaction() as db:
        breach = load_breach(db, breach_id)
        _refuse_closed(breach)
        missing = what_is_missing(breach.account)
        if missing:
            raise MissingFactsError("The note can’t be closed yet.", missing=missing, remedy="Write it down first.")
        close_breach(db, breach_id, at=office.now(), by=office.user.id)
        _write(db, office, breach_id, act="breach closed")
    return Changes.to(Area.INFORMATION)


def what_is_missing(account: BreachAccount) -> tuple[str, ...]:
    """Name what must be known before a note is closed."""
    people_settled = account.people_told_on is not None or bool(account.people_why_not.strip())
    wanted = {
        "how many people": account.people is not None,
        "what kind of data": bool(account.kinds),
        "how the risk is judged": account.risk is not None,
        "when the regulator was told, or why not": account.is_regulator_settled,
        "when the people were told, or why not": people_settled,
        "what was done": bool(account.done.strip()),
    }
    return tuple(name for name, is_known in wanted.items() if not is_known)


def count_hours(breach: Breach, numbers: InformationNumbers, *, now: datetime) -> BreachLine:
    """Count the hours of a breach, as seen from an aware moment."""
    noticed = breach.account.noticed_at.astimezone(LOCAL_ZONE)
    due = regulator_due_at(noticed, numbers)
    late = is_too_late(noticed, numbers, now=now)
    local = due.replace(tzinfo=None)
    return BreachLine(
        _in_office_time(breach), local, _say_clock(breach, due, now=now), late and not _settled_in_time(breach, due)
    )


def local_moment(on: date, at: time) -> datetime:
    """The aware moment of a day and time on the office wall; where the hour comes twice, the first of them."""
    return datetime.combine(on, at, tzinfo=LOCAL_ZONE)


# -- paper -------------------------------------------------------------------------------------------------------


@needs(Right.EXPORT_NAMES)
def set_note(office: Office, *, breach_id: BreachId) -> bytes:
    """Give the pages of a note to be read; nothing has left the records yet."""
    from cme_desktop.documents.record_pages import RecordPages, render_record  # noqa: PLC0415  a tenth of a second
    from cme_desktop.documents.wording import load_wording  # noqa: PLC0415  as above

    wording = load_wording(office.paths.forms, "breach-note")
    text, numbers = wording.text, _numbers(office)
    with office.database.reading() as db:
        school, breach = load_school(db), load_breach(db, breach_id)
        accounts = list_accounts(db, breach_id)
    line = for_reader(office, count_hours(breach, numbers, now=office.now()))
    made = office.local_now
    state = text["state_open"]
    if breach.closed_at is not None:
        closed = breach.closed_at.astimezone(LOCAL_ZONE).date()
        state = text["state_closed"].format(by=breach.closed_by_name, on=write_date(closed))
    lines = (
        text["school"].format(school=school.name, laestab=school.laestab) if school.laestab else school.name,
        text["made"].format(
            by=f"{office.user.name}, {office.user.role.in_words}", on=write_date(made.date()), at=write_clock(made)
        ),
        state,
    )
    known: tuple[tuple[Cell, ...], ...] = tuple(((label,), (said,)) for label, said in tell_account(line))
    earlier = for_reader(office, tuple(_earlier(*each) for each in accounts))
    pages = RecordPages(
        lines, {"account": known, "earlier": earlier}, subject=f"Data breach {breach_id}",
        foot=text["foot"].format(school=school.name, number=breach_id),
    )  # fmt: skip
    return render_record(pages, wording, fonts=office.paths.resources / "fonts")


@needs(Right.EXPORT_NAMES)
def print_note(office: Office, *, breach_id: BreachId) -> bytes:
    """Give the pages for printing, and write down that they left the records."""
    pdf = set_note(office, breach_id=breach_id)
    with office.database.transaction() as db:
        _write(db, office, breach_id, act="breach printed")
    return pdf


@needs(Right.EXPORT_NAMES)
def save_note(office: Office, *, breach_id: BreachId, to: Path) -> Path:
    """Save the pages, and write down that they left the records."""
    saved = write_whole_file(to, set_note(office, breach_id=breach_id))
    with office.database.transaction() as db:
        _write(db, office, breach_id, act="breach saved")
    return saved


def tell_account(line: BreachLine) -> tuple[tuple[str, str], ...]:
    """Tell the account that stands, line by line; what is not known yet is said."""
    account = line.breach.account
    told = account.regulator_told_at
    regulator = _say_moment(told) if told else account.regulator_why_not and f"Not told: {account.regulator_why_not}"
    people = account.people_told_on
    affected = write_short_date(people) if people else account.people_why_not and f"Not told: {account.people_why_not}"
    return (
        ("What happened", account.what),
        ("When it happened", account.happened or _NOT_YET),
        ("Noticed", _say_moment(account.noticed_at)),
        ("Hours of the regulator", line.clock),
        ("How many people", _NOT_YET if account.people is None else str(account.people)),
        ("What kind of data", "; ".join(kind.in_words for kind in account.kinds) or _NOT_YET),
        ("Risk", account.risk.in_words if account.risk else _NOT_YET),
        ("Why it is judged so", account.risk_why or _NOT_YET),
        ("Regulator told", regulator or _NOT_YET),
        ("Reference", account.regulator_reference or "none"),
        ("People told", affected or _NOT_YET),
        ("What was done", account.done or _NOT_YET),
    )


# -- private -----------------------------------------------------------------------------------------------------

_NOT_YET: Final = "not written down yet"


def _earlier(at: datetime, by: str, account: BreachAccount) -> tuple[tuple[str], tuple[str], tuple[str, str]]:
    said = " ".join(part for part in (account.what, account.happened) if part)
    more = [f"Noticed {_say_moment(account.noticed_at)}."]
    more += [f"Risk: {account.risk.in_words}."] if account.risk else []
    more += [f"Done: {account.done}"] if account.done else []
    return ((_say_moment(at),), (by,), (said, " ".join(more)))


def _say_moment(at: datetime) -> str:
    local = at.astimezone(LOCAL_ZONE)
    return f"{write_short_date(local.date())}, {say_clock(local)}"


def _in_office_time(breach: Breach) -> Breach:
    noticed = breach.account.noticed_at.astimezone(LOCAL_ZONE)
    return replace(breach, account=replace(breach.account, noticed_at=noticed))


def _settled_in_time(breach: Breach, due: datetime) -> bool:
    account = breach.account
    told = account.regulator_told_at
    return (
        not breach.is_open
        or bool(account.regulator_why_not.strip())
        or (told is not None and told.timestamp() <= due.timestamp())
    )


def _say_clock(breach: Breach, due: datetime, *, now: datetime) -> str:
    account = breach.account
    until = f"{write_short_date(due.date())}, {say_clock(due)}"
    if account.regulator_told_at is not None:
        late = account.regulator_told_at.timestamp() > due.timestamp()
        return f"Regulator told, {'after' if late else 'within'} the hours that ended {until}"
    if account.regulator_why_not.strip():
        return "Regulator not told, with the reason"
    minutes = round((due.timestamp() - now.timestamp()) // _MINUTE)
    left = timedelta(minutes=abs(minutes))
    hours, rest = divmod(int(left.total_seconds()) // _MINUTE, _MINUTE)
    parts = [count_of(hours, "hour") if hours else "", count_of(rest, "minute") if rest or not hours else ""]
    said = " ".join(part for part in parts if part)
    if now.timestamp() > due.timestamp():
        return f"{capital(said)} too late to tell the regulator in time; it ended {until}"
    return f"{capital(said)} left to tell the regulator, until {until}"


def _refuse(office: Office, account: BreachAccount) -> None:
    require("The note can’t be saved yet.", {"what happened": account.what})
    if account.noticed_at > office.now():
        raise BadInputError("This moment is still to come.", remedy="Say when it was noticed.")
    told = account.regulator_told_at
    noticed = account.noticed_at.timestamp()
    if told is not None and not noticed <= told.timestamp() <= office.now().timestamp():
        raise BadInputError(
            "The regulator can’t have been told then.", remedy="It is after it was noticed, and not still to come."
        )
    if account.people is not None and account.people < 0:
        raise BadInputError("This is no number of people.", remedy="Type how many, or leave it empty.")
    if account.people_told_on is not None:
        refuse_future(account.people_told_on, office)
    if account.risk is not None and not account.risk_why.strip():
        raise MissingFactsError(
            "The note can’t be saved yet.", missing=("why the risk is judged so",), remedy="Say it in a sentence."
        )


def _refuse_closed(breach: Breach) -> None:
    if not breach.is_open:
        raise RefusedError("This note is closed.", remedy="Begin a new one, and say in it which one it belongs to.")


def _numbers(office: Office) -> InformationNumbers:
    return read_numbers(office.paths.resources, on=office.today)


def _write(db: Session, office: Office, breach_id: BreachId, *, act: str) -> None:
    details = {"breach": int(breach_id), FINAL: True}
    write_journal(
        db, at=office.now(), by=office.user.id, act=act, subject=f"breach:{breach_id}", details=details
    )  # fmt: skip
