"""Pupils by name with their class, as they are offered where one is to be chosen."""

from __future__ import annotations

from collections.abc import Mapping

from cme_desktop.domain.identifiers import PupilId
from cme_desktop.storage.pupils import PupilDetails


def named_pupils(pupils: Mapping[PupilId, PupilDetails]) -> tuple[tuple[PupilId, str], ...]:
    """Give each pupil's id with name and class, in the order of names."""
    known = sorted((each.known_as, each.class_name, each.id) for each in pupils.values())
    return tuple((each, ", ".join(part for part in (name, group) if part)) for name, group, each in known)
