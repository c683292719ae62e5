"""The school whose records these are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cme_desktop.policy.record import SchoolType
from cme_desktop.storage.tables import SchoolRow


@dataclass(frozen=True, slots=True)
class SchoolDetails:
    """The school: how it is named and reached, who leads it, and its signing root (PEM texts, empty until made)."""

    name: str
    laestab: str
    urn: str
    type: SchoolType = SchoolType.MAINTAINED_PRIMARY
    address: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    head: str = ""
    safeguarding_lead: str = ""
    logo: bytes | None = None
    records_begin: date | None = None
    root_certificate: str = ""
    root_key: str = field(default="", repr=False)

    def with_records_from(self, day: date) -> SchoolDetails:
        """Say the same of a school whose records begin on the day."""
        return replace(self, records_begin=day)


def load_school(db: Session) -> SchoolDetails:
    """Read the school."""
    row = db.execute(select(SchoolRow.__table__)).mappings().one()
    facts = {name: row[name] for name in SchoolDetails.__dataclass_fields__}
    return SchoolDetails(**{**facts, "type": SchoolType(row["type"]), "address": tuple(row["address"])})


def save_school(db: Session, school: SchoolDetails) -> None:
    """Write the school, in place of what was known of it."""
    facts: dict[str, Any] = {name: getattr(school, name) for name in SchoolDetails.__dataclass_fields__}
    db.merge(SchoolRow(id=1, **{**facts, "type": school.type.value, "address": list(school.address)}))
    db.flush()
