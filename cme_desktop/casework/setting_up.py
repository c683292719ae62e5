"""Set up new records: the school, its calendar and policies, the authority, and the first person who may open them.

Everything is made in a folder beside, and moved into place when it is whole: a set-up that fails, or a computer that
goes off half way, leaves no records that look finished.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from cme_desktop.casework.office import LOCAL_ZONE, Office, SignedInUser
from cme_desktop.casework.signing_keys import make_school_key, make_signing_key
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
from cme_desktop.storage.database import create_database, open_database
from cme_desktop.storage.instance_lock import take_lock
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.policies import adopt_policy
from cme_desktop.storage.school import SchoolDetails, save_school
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


def set_up(paths: Paths, new: NewSchool, *, now: Callable[[], datetime]) -> NewRecords:
    """Make the records and open them; raise ``CmeError`` naming what is wrong, and then leave nothing behind."""
    _refuse_existing(paths)
    school, documents = _read_school(new), _read_policies(paths, new.policies)
    lock = take_lock(paths.lock)
    beside = replace(paths, data=paths.data / "setting-up")
    try:
        shutil.rmtree(beside.data, ignore_errors=True)
        beside.data.mkdir(parents=True)
        secrets = vault.create_vault(beside.keys, user_id=_FIRST_USER, name=new.user_name, password=new.password)
        _fill(beside, secrets.key, new, school=school, documents=documents, now=now())
        beside.keys.replace(paths.keys)
        beside.records.replace(paths.records)
        database = open_database(paths.records, secrets.key, lock=lock)
    except BaseException:
        lock.release()
        raise
    finally:
        shutil.rmtree(beside.data, ignore_errors=True)
    user = SignedInUser(_FIRST_USER, new.user_name, new.user_role)
    return NewRecords(Office(database, now, user, paths), secrets.recovery_key)


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
    if paths.records.exists() or paths.keys.exists():
        raise RefusedError(
            "There are records here already.",
            detail="This folder holds a school's records or their keys.",
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
    return SchoolDetails(
        name=new.name.strip(), laestab=str(Laestab.parse(new.laestab)), urn=str(Urn.parse(new.urn)), type=new.type,
        address=new.address, phone=new.phone, email=new.email, head=new.head,
        safeguarding_lead=new.safeguarding_lead, logo=new.logo, records_begin=new.records_begin,
    )  # fmt: skip


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
    paths: Paths, key: bytes, new: NewSchool, *, school: SchoolDetails, documents: dict[str, str], now: datetime
) -> None:
    database = create_database(paths.records, key)
    try:
        with database.transaction() as db:
            _write_school(db, school, new, now=now)
            _write_calendar(db, new)
            for policy_id, document in documents.items():
                adopt_policy(
                    db, policy_id=policy_id, document=document, adopted_on=_adopted_on(new, now),
                    why="Chosen when the records were set up", by=_FIRST_USER,
                )  # fmt: skip
            write_journal(
                db, at=now, by=_FIRST_USER, act="records_made", subject="school",
                details={"policies": sorted(documents), "school_years": [year.name for year in new.years]},
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
