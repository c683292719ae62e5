"""Set up new records: the school, its calendar and policies, the authority, and the first person who may open them.

Everything is made in a folder beside, and moved into place when it is whole: a set-up that fails, or a computer that
goes off half way, leaves no records that look finished.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from cme_desktop.casework.moving_in import clear_rooms, finish_moving_in, holds_records, make_room, move_in
from cme_desktop.casework.office import LOCAL_ZONE, Office, SignedInUser
from cme_desktop.casework.signing_keys import make_school_key, make_signing_key
from cme_desktop.casework.sitting_down import SEALED_SCHEMA, key_setting
from cme_desktop.domain.calendar import SchoolCalendar, SchoolYear
from cme_desktop.domain.cases import Role
from cme_desktop.domain.contacts import AgencyKind
from cme_desktop.domain.errors import BadInputError, CmeError, RefusedError
from cme_desktop.domain.identifiers import Laestab, Urn, UserId
from cme_desktop.importers.calendars import bank_holidays, calendar_of
from cme_desktop.paths import Paths
from cme_desktop.policy.record import SchoolType
from cme_desktop.policy.rulebook import PARAMETERS, read_policies
from cme_desktop.policy.school_policy import PolicyKind
from cme_desktop.storage import vault
from cme_desktop.storage.calendars import save_school_year
from cme_desktop.storage.contacts import AgencyFacts, add_agency
from cme_desktop.storage.database import create_database, open_database, remove_database_files
from cme_desktop.storage.instance_lock import take_lock
from cme_desktop.storage.journal import Author, write_journal
from cme_desktop.storage.policies import adopt_policy
from cme_desktop.storage.schema import SCHEMA_VERSION
from cme_desktop.storage.school import SchoolDetails, save_school
from cme_desktop.storage.settings import set_setting
from cme_desktop.storage.users import add_user

EXPECTED_DAYS: Final = 195
"""A school year's days with the INSET days among them: 190 for pupils and 5 (formats of published term dates)."""

_FIRST_USER: Final = UserId(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSchool:
    """All that a set-up asks for. ``policies`` are ids of the policies that come with the program.

    One that adopts another brings it; there may be one local authority's, and one of the school's own.
    """

    name: str
    laestab: str
    urn: str
    years: tuple[SchoolYear, ...]
    user_name: str
    user_role: Role = Role.OFFICE
    password: str = field(repr=False)
    type: SchoolType = SchoolType.MAINTAINED_PRIMARY
    address: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    head: str = ""
    safeguarding_lead: str = ""
    logo: bytes | None = None
    authority_name: str = ""
    authority_email: str = ""
    authority_phone: str = ""
    policies: tuple[str, ...] = ()
    records_begin: date | None = None


@dataclass(frozen=True, slots=True)
class NewRecords:
    """The records just made, open, and the recovery key to print once and lock away."""

    office: Office
    recovery_key: str = field(repr=False)


def set_up(
    paths: Paths, new: NewSchool, *, now: Callable[[], datetime], furnish: Callable[[Office], None] | None = None
) -> NewRecords:
    """Make the records and open them; raise ``CmeError`` naming what is wrong, and then leave nothing behind.

    ``furnish`` may write more into them before they are put in place.
    """
    finish_moving_in(paths)
    _refuse_existing(paths)
    school, documents = _read_school(new), _read_policies(paths, new.policies)
    user = SignedInUser(_FIRST_USER, new.user_name, new.user_role)
    with ExitStack() as undo:
        lock = take_lock(paths.lock)
        undo.callback(lock.release)
        _refuse_existing(paths)  # again: another copy may just have set them up
        undo.callback(remove_records, paths)
        room = make_room(paths)
        secrets = vault.create_vault(room.keys, user_id=_FIRST_USER, name=new.user_name, password=new.password)
        author = Author(_FIRST_USER, new.user_role.value, now, secrets.own.signer())
        _fill(room, secrets, new, school=school, documents=documents, author=author)
        if furnish is not None:
            with closing(open_database(room.records, secrets.key)) as database:
                database.author = author
                furnish(Office(database, now, user, room))
        move_in(paths, room)
        database = open_database(paths.records, secrets.key, lock=lock)
        database.author = author
        undo.pop_all()
    return NewRecords(Office(database, now, user, paths), secrets.recovery_key)


def remove_records(paths: Paths) -> None:
    """Delete records that were never handed over, with their keys and whatever of them was still to be moved."""
    clear_rooms(paths)
    with suppress(OSError):  # what could not be written can't be deleted either: the first error is the one to tell
        remove_database_files(paths.records)
        paths.keys.unlink(missing_ok=True)


def warn_about_year(year: SchoolYear) -> tuple[str, ...]:
    """Say in sentences what is wrong or unusual about the dates of a school year; none of it stops a set-up."""
    if problems := year.problems():
        return problems
    calendar = SchoolCalendar((year,), bank_holidays((year.first_day.year, year.first_day.year + 1)))
    days, inset = calendar.count_school_days(year), len(year.inset)
    closed = sum(1 for closure in year.closures if closure.half is None)
    total = days + inset + closed
    if total == EXPECTED_DAYS:
        return ()
    return (
        (
            f"The school year {year.name} has {days} school days, {inset} INSET days and {closed} closures: {total} in"
            f" all, where {EXPECTED_DAYS} are usual. Check the first and last day of each half term."
        ),
    )


def list_policy_ids(paths: Paths) -> tuple[str, ...]:
    """List the policies that come with the program and a school may adopt; the law is always in force."""
    return tuple(sorted(path.stem for path in (paths.resources / "policies").glob("*.toml")))


def _refuse_existing(paths: Paths) -> None:
    if holds_records(paths):
        if not paths.records.exists():
            raise RefusedError(
                "There are keys here, but the records they belong to are gone.",
                detail=f"{paths.keys.name} may be the only way into records kept elsewhere, so it is left alone.",
                remedy="Put the records back beside it, bring back a backup, or choose an empty folder.",
            )
        raise RefusedError(
            "There are records here already.",
            detail="This folder holds a school's records.",
            remedy="Open them, or choose an empty folder.",
        )


def _read_school(new: NewSchool) -> SchoolDetails:
    if not new.name.strip() or not new.user_name.strip():
        raise BadInputError("A name is missing.", remedy="Give the school's name and the first user's name.")
    if not new.years:
        raise BadInputError("There is no school year.", remedy="Enter the half terms of this school year.")
    if problems := [problem for year in new.years for problem in year.problems()]:
        raise BadInputError(
            "The school year can't be used.", detail=" ".join(problems), remedy="Correct the dates and try again."
        )
    _check_first_day(new)
    return SchoolDetails(
        name=new.name.strip(), laestab=str(Laestab.parse(new.laestab)), urn=str(Urn.parse(new.urn)), type=new.type,
        address=new.address, phone=new.phone, email=new.email, head=new.head,
        safeguarding_lead=new.safeguarding_lead, logo=new.logo, records_begin=new.records_begin,
    )  # fmt: skip


def _check_first_day(new: NewSchool) -> None:
    years = sorted(new.years, key=lambda year: year.first_day)
    begin = new.records_begin
    if begin is not None and not years[0].first_day - timedelta(days=366) <= begin <= years[-1].last_day:
        raise BadInputError(
            "The first day of the records can't be meant.",
            detail=f"{begin:%d/%m/%Y} lies outside the school years entered.",
            remedy="Give the first day from which the school's marks are kept here, or leave it out.",
        )


def _read_policies(paths: Paths, ids: tuple[str, ...]) -> dict[str, str]:
    """Read the documents of the policies chosen and of those they adopt; at most one authority's, and one school's."""
    known = list_policy_ids(paths)
    if unknown := [policy_id for policy_id in ids if policy_id not in known]:
        raise BadInputError(
            f"There is no policy called {unknown[0]}.",
            detail=f"The program comes with {', '.join(known) or 'none'}.",
            remedy="Correct the name, or leave it out: the law is always in force.",
        )
    texts = {policy_id: (paths.resources / "policies" / f"{policy_id}.toml").read_text("utf-8") for policy_id in known}
    texts[PARAMETERS] = (paths.resources / "parameters.toml").read_text("utf-8")
    chosen = read_policies(texts, policies=ids)
    for kind in PolicyKind:
        _refuse_two(kind, [policy.title for policy in chosen if policy.kind is kind])
    return {policy.id: texts[policy.id] for policy in chosen}


def _refuse_two(kind: PolicyKind, titles: list[str]) -> None:
    if len(titles) > 1:
        whose = "of a local authority" if kind is PolicyKind.AUTHORITY else "of its own"
        raise RefusedError(
            f"A school has one policy {whose}.",
            detail=f"Chosen, or adopted by a chosen one, are {' and '.join(titles)}.",
            remedy="Choose one of them: the law is in force besides.",
        )


def _fill(
    paths: Paths,
    secrets: vault.NewVault,
    new: NewSchool,
    *,
    school: SchoolDetails,
    documents: dict[str, str],
    author: Author,
) -> None:
    database, now = create_database(paths.records, secrets.key), author.now()
    database.author = author
    try:
        with database.transaction() as db:
            _write_school(db, school, new, now=now)
            _write_calendar(db, new)
            for policy_id, document in documents.items():
                adopt_policy(
                    db, policy_id=policy_id, document=document, adopted_on=_adopted_on(new, now),
                    why="Chosen when the records were set up", by=_FIRST_USER,
                )  # fmt: skip
            set_setting(db, key_setting(_FIRST_USER), secrets.own.verify.hex(), at=now, by=_FIRST_USER)
            set_setting(db, SEALED_SCHEMA, SCHEMA_VERSION, at=now, by=_FIRST_USER)
            write_journal(
                db, at=now, by=_FIRST_USER, act="records_made", subject="school",
                details={
                    "policies": sorted(documents), "school_years": [year.name for year in new.years],
                    "key": secrets.own.verify.hex(), "recovery": secrets.recovery_verify.hex(),
                },
            )  # fmt: skip
    finally:
        database.close()


def _write_school(db: Session, school: SchoolDetails, new: NewSchool, *, now: datetime) -> None:
    signing = make_school_key(school)
    certificate, key = make_signing_key(signing, person=new.user_name, role=new.user_role)
    user_id = add_user(db, name=new.user_name, role=new.user_role, at=now, certificate=certificate, key=key)
    if user_id != _FIRST_USER:
        raise CmeError("The records could not be set up.", detail="They were not empty.")
    save_school(db, signing)
    if new.authority_name or new.authority_email or new.authority_phone:
        add_agency(
            db,
            AgencyFacts(
                kind=AgencyKind.AUTHORITY_CME,
                name=f"{new.authority_name} children missing education team".strip(),
                phone=new.authority_phone,
                email=new.authority_email,
            ),
        )
    add_agency(db, AgencyFacts(kind=AgencyKind.POLICE, name="Police, not an emergency", phone="101"))


def _write_calendar(db: Session, new: NewSchool) -> None:
    holidays = calendar_of(*new.years).bank_holidays
    for year in new.years:
        save_school_year(db, year, bank_holidays=holidays)


def _adopted_on(new: NewSchool, now: datetime) -> date:
    # Marks from before the set-up are judged by the policy too.
    return min(*(year.first_day for year in new.years), now.astimezone(LOCAL_ZONE).date())
