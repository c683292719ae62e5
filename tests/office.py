"""A small made-up school whose records every test may open, write and throw away.

Larkfield Primary School has a dozen pupils in two classes, on the calendar test-2026-27. Everybody was present in every
session from 3 September 2026 until Monday 9 November, and on the morning of Tuesday 10 November, which is today.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.domain.attendance import AttendanceCode, Half, SchoolSession
from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.domain.cases import Role
from cme_desktop.domain.contacts import AgencyKind, Household, NumberQuality
from cme_desktop.domain.events import Event, With
from cme_desktop.domain.identifiers import ContactId, EventId, PupilId, UserId, expected_check_letter
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance, YearGroup
from cme_desktop.importers.calendars import load_supplied_calendar
from cme_desktop.paths import Paths, find_paths
from cme_desktop.policy.rules.register_copy import REGISTER_COPY
from cme_desktop.storage.calendars import load_calendar, save_school_year
from cme_desktop.storage.contacts import AgencyFacts, ContactFacts, add_agency, add_contact, add_number
from cme_desktop.storage.database import create_database, open_database
from cme_desktop.storage.events import add_event
from cme_desktop.storage.import_batches import add_batch
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.marks import session_no, write_marks
from cme_desktop.storage.policies import adopt_policy
from cme_desktop.storage.pupils import PupilFacts, SessionPattern
from cme_desktop.storage.pupils import add_pupil as store_pupil
from cme_desktop.storage.school import SchoolDetails, save_school
from cme_desktop.storage.standing_duties import note_duty_done
from cme_desktop.storage.users import add_user

NOW: Final = datetime(2026, 11, 10, 9, 40, tzinfo=UTC)
"""Tuesday morning, the registers closed ten minutes ago; UTC and local time agree in November."""

TODAY: Final = NOW.date()
FIRST_DAY: Final = date(2026, 9, 3)
STARTED: Final = date(2024, 9, 3)
"""The made-up school's own pupils began two years before its records do: no return is owed for them here."""

YESTERDAY: Final = date(2026, 11, 9)
PASSWORD: Final = "correct horse battery staple"
KEY: Final = bytes(range(32))

MANAGER: Final = SignedInUser(UserId(1), "Pat Mellor", Role.OFFICE)
HEAD: Final = SignedInUser(UserId(2), "Dr Ann Teal", Role.HEAD)
LEAD: Final = SignedInUser(UserId(3), "Sam Rook", Role.LEAD)

LUCJA: Final = PupilId(1)
"""Łucja Wiśniewska, Oak class, year 5: two contacts, mother at home and grandmother elsewhere."""

TOMASZ: Final = PupilId(2)
"""Łucja's brother, Beech class, year 2."""

IMANI: Final = PupilId(3)
"""Oak class; looked after: the contact is a carer."""

CALLUM: Final = PupilId(4)
"""Oak class; one contact only, and the number is dead."""

AISHA: Final = PupilId(5)
"""Oak class; the father must not be contacted."""

_OAK: Final = ("Oak", YearGroup.Y5, 2017)
_BEECH: Final = ("Beech", YearGroup.Y2, 2020)
_PUPILS: Final = (
    ("Wiśniewska", "Łucja", _OAK),
    ("Wiśniewski", "Tomasz", _BEECH),
    ("Okafor", "Imani", _OAK),
    ("Birtles", "Callum", _OAK),
    ("Rahman", "Aisha", _OAK),
    ("Pryce", "Siân", _OAK),
    ("Oldroyd", "Jack", _OAK),
    ("Adeyemi", "Ṣadé", _BEECH),
    ("Novák", "Ondřej", _BEECH),
    ("Heaton", "Lily", _BEECH),
    ("Singh", "Arjan", _BEECH),
    ("Cartledge", "Noah", _BEECH),
)


def an_office(tmp_path: Path, *, now: datetime = NOW, user: SignedInUser = MANAGER, policies: bool = True) -> Office:
    """Open a fresh copy of the made-up school's records; the clock stands still at ``now``."""
    paths = _paths(tmp_path)
    paths.data.mkdir(parents=True, exist_ok=True)
    paths.records.write_bytes(_template(with_policies=policies))
    return Office(open_database(paths.records, KEY), lambda: now, user, paths)


def at(office: Office, now: datetime) -> Office:
    """Give the same office at another time."""
    return Office(office.database, lambda: now, office.user, office.paths)


def seen_by(office: Office, user: SignedInUser) -> Office:
    """Give the same office with somebody else at the desk."""
    return Office(office.database, office.now, user, office.paths)


def calendar_of(office: Office) -> SchoolCalendar:
    """Read the school's calendar."""
    with office.database.reading() as db:
        return load_calendar(db)


def add_pupil(
    office: Office,
    *,
    surname: str = "Marsden",
    forename: str = "Robin",
    born: date | None = date(2017, 3, 14),
    starting_day: date | None = FIRST_DAY,
    year_group: YearGroup = YearGroup.Y5,
    class_name: str = "Oak",
    circumstances: Iterable[Circumstance] = (),
    patterns: tuple[SessionPattern, ...] = (),
    family_id: int | None = None,
    left_on: date | None = None,
    upn: str | None = None,
    contacts: bool = True,
) -> PupilId:
    """Enter a pupil, by default with two contacts whose numbers work; marks are for the caller to add."""
    facts = PupilFacts(
        legal_surname=surname, legal_forename=forename, born=born, starting_day=starting_day, year_group=year_group,
        class_name=class_name, family_id=family_id, left_on=left_on, upn=upn, patterns=patterns,
        circumstances=tuple(DatedCircumstance(name) for name in circumstances),
    )  # fmt: skip
    with office.database.transaction() as db:
        pupil_id = store_pupil(db, facts, at=office.now(), by=office.user.id)
        if contacts:
            _add_usual_contacts(db, pupil_id, surname)
    return pupil_id


def add_marks(
    office: Office, pupil_id: PupilId, letters: str, first: date, last: date | None = None, *, half: Half | None = None
) -> None:
    """Mark a pupil with one code, or with ``/`` and ``\\`` for ``/``, in every session between two days."""
    calendar = calendar_of(office)
    sessions = [
        session
        for session in calendar.sessions
        if first <= session.on <= (last or first) and half in {None, session.half}
    ]
    with office.database.transaction() as db:
        _write(db, [(session, pupil_id, _letter(letters, session)) for session in sessions])


def add_contact_to(
    office: Office,
    pupil_id: PupilId,
    *,
    relation: With = With.MOTHER,
    rank: int = 1,
    household: Household = Household.HOME,
    number: str = "07700 900123",
    quality: NumberQuality = NumberQuality.GOOD,
    do_not_contact: bool = False,
) -> ContactId:
    """Enter a contact with one number."""
    facts = ContactFacts(
        rank=rank, relation=relation, forename="Kim", surname="Marsden", household=household,
        do_not_contact=do_not_contact,
    )  # fmt: skip
    with office.database.transaction() as db:
        contact_id = add_contact(db, pupil_id=pupil_id, facts=facts)
        add_number(db, contact_id=contact_id, text=number, quality=quality)
    return contact_id


def add_event_to(
    office: Office, pupil_id: PupilId, event: Event, *, words: str = "", contact_id: int | None = None
) -> EventId:
    """Write down that something happened to a pupil."""
    with office.database.transaction() as db:
        return add_event(
            db, pupil_id=pupil_id, event=event, words=words, contact_id=contact_id, written_at=office.now(),
            written_by=office.user.id,
        )  # fmt: skip


def _paths(folder: Path) -> Paths:
    return find_paths(folder / "data")


@cache
def _template(*, with_policies: bool) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        paths = _paths(Path(folder))
        database = create_database(paths.records, KEY)
        with database.transaction() as db:
            _fill(db, paths)
            if with_policies:
                _adopt(db, paths)
        database.close()
        return paths.records.read_bytes()


def _fill(db: Session, paths: Paths) -> None:
    for user in (MANAGER, HEAD, LEAD):
        add_user(db, name=user.name, role=user.role, at=NOW - timedelta(days=70))
    save_school(db, _SCHOOL)
    calendar = load_supplied_calendar(paths.resources, "test-2026-27")
    save_school_year(db, calendar.years[0], bank_holidays=calendar.bank_holidays)
    for agency in _AGENCIES:
        add_agency(db, agency)
    pupils = [_add_one(db, index) for index in range(len(_PUPILS))]
    sessions = [
        session for session in calendar.sessions if session.on <= YESTERDAY or session == SchoolSession(TODAY, Half.AM)
    ]
    _write(db, [(session, pupil, _letter("/", session)) for session in sessions for pupil in pupils])
    note_duty_done(db, rule_id=REGISTER_COPY, done_on=YESTERDAY, at=NOW - timedelta(days=1), by=1)
    write_journal(
        db, at=NOW - timedelta(days=70), by=1, act="records_made", subject="school", details={"pupils": len(pupils)}
    )


def _adopt(db: Session, paths: Paths) -> None:
    policy = paths.resources / "policies" / "aspire-academy.toml"
    adopt_policy(
        db, policy_id=policy.stem, document=policy.read_text("utf-8"), adopted_on=date(2026, 9, 1), why="", by=1
    )


def _upn(index: int) -> str:
    digits = f"8302201{index + 1:05d}"
    return expected_check_letter("A" + digits) + digits


def _add_one(db: Session, index: int) -> PupilId:
    surname, forename, (class_name, year_group, born) = _PUPILS[index]
    facts = PupilFacts(
        legal_surname=surname, legal_forename=forename, born=date(born, 1 + index % 8, 5 + index), sex="FM"[index % 2],
        class_name=class_name, year_group=year_group, starting_day=STARTED, family_id=1 if index < 2 else index + 1,
        upn=_upn(index), address=f"{index + 1} Mill Lane, Larkfield",
        postcode="DE4 3AG", language="Polish" if index < 2 else "English",
        circumstances=(DatedCircumstance(Circumstance.LOOKED_AFTER),) if index == 2 else (),
    )  # fmt: skip
    pupil_id = store_pupil(db, facts, at=NOW, by=1)
    if pupil_id == IMANI:
        _add(db, pupil_id, rank=1, relation=With.CARER, name=("Jo", "Fenn"), number="07700 900201")
        _add(db, pupil_id, rank=2, relation=With.PROFESSIONAL, name=("Lee", "Moss"), number="01632 960201",
             household=Household.ELSEWHERE)  # fmt: skip
    elif pupil_id == CALLUM:
        _add(db, pupil_id, rank=1, relation=With.MOTHER, name=("Gemma", surname), number="07700 900202",
             quality=NumberQuality.DEAD)  # fmt: skip
    else:
        _add_usual_contacts(db, pupil_id, surname)
    if pupil_id == AISHA:
        _add(db, pupil_id, rank=3, relation=With.FATHER, name=("Nadeem", surname), number="07700 900203",
             household=Household.ELSEWHERE, ground="Non-molestation order")  # fmt: skip
    return pupil_id


def _add_usual_contacts(db: Session, pupil_id: PupilId, surname: str) -> None:
    _add(db, pupil_id, rank=1, relation=With.MOTHER, name=("Alex", surname), number=f"07700 9003{pupil_id:02d}")
    _add(db, pupil_id, rank=2, relation=With.GRANDMOTHER, name=("Jean", surname), household=Household.ELSEWHERE,
         number=f"01632 9603{pupil_id:02d}")  # fmt: skip


def _add(
    db: Session,
    pupil_id: PupilId,
    *,
    rank: int,
    relation: With,
    name: tuple[str, str],
    number: str,
    household: Household = Household.HOME,
    quality: NumberQuality = NumberQuality.GOOD,
    ground: str = "",
) -> None:
    facts = ContactFacts(
        rank=rank, relation=relation, forename=name[0], surname=name[1], household=household,
        do_not_contact=bool(ground), do_not_contact_ground=ground,
    )  # fmt: skip
    contact_id = add_contact(db, pupil_id=pupil_id, facts=facts)
    add_number(db, contact_id=contact_id, text=number, quality=quality)


def _write(db: Session, marks: list[tuple[SchoolSession, PupilId, str]]) -> None:
    batch = add_batch(db, kind="typed", source="test", at=NOW, by=1)
    write_marks(
        db,
        [(session_no(session), pupil, letter) for session, pupil, letter in marks],
        batch_id=batch,
        reason="Set by a test",
        at=NOW,
        by=1,
    )


def _letter(letter: str, session: SchoolSession) -> str:
    present = AttendanceCode.PRESENT_AM.letter
    return AttendanceCode.PRESENT_PM.letter if letter == present and session.half is Half.PM else letter


_SCHOOL: Final = SchoolDetails(
    name="Larkfield Primary School", laestab="8302201", urn="112500", address=("School Lane", "Larkfield", "DE4 3AG"),
    phone="01632 960100", email="office@larkfield.example", head=HEAD.name, safeguarding_lead=LEAD.name,
    records_begin=FIRST_DAY,
)  # fmt: skip
_AGENCIES: Final = (
    AgencyFacts(kind=AgencyKind.AUTHORITY_CME, name="Derbyshire children missing education team",
                phone="01632 960110", email="cme@derbyshire.example"),
    AgencyFacts(kind=AgencyKind.SOCIAL_CARE, name="Derbyshire children's social care", phone="01632 960111",
                out_of_hours="01632 960112"),
    AgencyFacts(kind=AgencyKind.POLICE, name="Police, not an emergency", phone="101"),
)  # fmt: skip
