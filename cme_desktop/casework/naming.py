"""Pupils by name with their class, as they are offered where one is to be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cme_desktop.domain.identifiers import PupilId
from cme_desktop.storage.pupils import PupilDetails


def named_pupils(pupils: Mapping[PupilId, PupilDetails]) -> tuple[tuple[PupilId, str], ...]:
    """Give each pupil's id with name and class, in the order of names."""
    known = sorted((each.known_as, each.class_name, each.id) for each in pupils.values())
    return tuple((each, ", ".join(part for part in (name, group) if part)) for name, group, each in known)


def siblings_on_roll(
    pupils: Mapping[PupilId, PupilDetails], pupil_id: PupilId, *, on: date
) -> tuple[tuple[PupilId, str], ...]:
    """Give a pupil's brothers and sisters who are on the register on a day, each with name and class."""
    family = pupils[pupil_id].family_id
    return named_pupils({
        each.id: each
        for each in pupils.values()
        if family is not None and each.family_id == family and each.id != pupil_id and each.is_on_roll(on)
    })  # fmt: skip
