"""Read the file that describes a new school: its name, calendar, policies, authority and first user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from cme_desktop.casework.setting_up import NewSchool
from cme_desktop.domain.calendar import SchoolYear
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import BadInputError
from cme_desktop.importers.calendars import load_supplied_calendar, read_calendar
from cme_desktop.outside_file import read_outside_file
from cme_desktop.policy.located_toml import LARGEST_TOML, Problem, read_toml
from cme_desktop.policy.record import SchoolType
from cme_desktop.storage.disk_errors import say_why

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class SchoolFile:
    """A school as its file describes it, waiting for the first user's password."""

    new: NewSchool

    @property
    def user_name(self) -> str:
        """Whose password is wanted."""
        return self.new.user_name

    def with_password(self, password: str) -> NewSchool:
        """Give all that a set-up asks for."""
        return replace(self.new, password=password)


def read_school_file(path: Path, *, resources: Path) -> SchoolFile:
    """Read the file; raise ``BadInputError`` naming what is wrong with it."""
    try:
        data = read_outside_file(
            path, largest=LARGEST_TOML, what="The school's file",
            remedy="Give the file with the school's name and calendar, saved as text in UTF-8.",
        )  # fmt: skip
    except OSError as error:
        raise BadInputError(
            "The school's file can't be read.", detail=say_why(error), remedy="Check its name and folder."
        ) from None
    read = read_toml(data)
    if isinstance(read, Problem):
        raise BadInputError(
            "The school's file is no TOML.",
            detail=f"Line {read.line}: {read.message}.",
            remedy="Give the file with the school's name and calendar, saved as text in UTF-8.",
        )
    document = read.values
    school, authority, user = (_table(document, name) for name in ("school", "authority", "user"))
    return SchoolFile(
        NewSchool(
            name=_text(school, "school", "name"), laestab=_text(school, "school", "laestab"),
            urn=_text(school, "school", "urn"), years=_years(document, data, resources),
            user_name=_text(user, "user", "name"), user_role=_choice(Role, user, "role", Role.OFFICE), password="",
            type=_choice(SchoolType, school, "type", SchoolType.MAINTAINED_PRIMARY),
            address=_texts(school, "address"), phone=_said(school, "phone"), email=_said(school, "email"),
            head=_said(school, "head"), safeguarding_lead=_said(school, "safeguarding_lead"),
            authority_name=_said(authority, "name"), authority_email=_said(authority, "cme_email"),
            authority_phone=_said(authority, "cme_phone"), policies=_texts(document, "policies"),
            records_begin=_day(school, "records_begin"),
        )
    )  # fmt: skip


def _years(document: Mapping[str, Any], data: bytes, resources: Path) -> tuple[SchoolYear, ...]:
    if isinstance(calendar_id := document.get("calendar"), str):
        return load_supplied_calendar(resources, calendar_id).years
    read = read_calendar(data)
    if read.calendar is None:
        raise BadInputError(
            "The calendar in the school's file can't be used.",
            detail="; ".join(str(problem) for problem in read.problems),
            remedy="Correct it, or name a supplied calendar.",
        )
    return read.calendar.years


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name, {})
    if not isinstance(found, Mapping):
        raise BadInputError(f"[{name}] in the school's file is no table.", remedy=f"Write it as [{name}] and lines.")
    return found


def _text(table: Mapping[str, Any], where: str, key: str) -> str:
    found = table.get(key)
    if not isinstance(found, str) or not found.strip():
        raise BadInputError(f"The school's file has no {key} in [{where}].", remedy=f'Add a line {key} = "…" there.')
    return found


def _said(table: Mapping[str, Any], key: str) -> str:
    found = table.get(key, "")
    if not isinstance(found, str):
        raise BadInputError(f"{key} in the school's file is no text.", remedy=f'Write it in quotes: {key} = "…".')
    return found


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(line, str) for line in found):
        raise BadInputError(f"{key} in the school's file is no list of texts.", remedy=f'Write {key} = ["…", "…"].')
    return tuple(found)


def _day(table: Mapping[str, Any], key: str) -> date | None:
    found = table.get(key)
    if found is not None and (not isinstance(found, date) or isinstance(found, datetime)):
        raise BadInputError(f"{key} in the school's file is no date.", remedy="Write it as 2026-09-01.")
    return found


def _choice(kind: type[ChoiceT], table: Mapping[str, Any], key: str, usual: ChoiceT) -> ChoiceT:
    try:
        return kind(table.get(key, usual))
    except ValueError:
        words = ", ".join(choice.value for choice in kind)
        raise BadInputError(f"The {key} in the school's file is not known.", remedy=f"Use one of {words}.") from None
