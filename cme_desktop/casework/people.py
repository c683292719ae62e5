"""Who may open the records: read before anything is unlocked, with the standard library alone.

The unlock window is painted with this; the database and its libraries are loaded while the password is typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from cme_desktop.casework.moving_in import holds_records
from cme_desktop.domain.errors import CmeError
from cme_desktop.paths import Paths
from cme_desktop.storage.key_file import KeyFile, KeySlot, read_key_file

if TYPE_CHECKING:
    from cme_desktop.domain.identifiers import UserId


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a password to the records.

    ``computers`` are the marks of those that open the records for them without it, and ``after_lock`` the ones among
    these that do so after the window locked too.
    """

    id: UserId
    name: str
    computers: tuple[str, ...] = ()
    after_lock: tuple[str, ...] = ()


def has_records(paths: Paths) -> bool:
    """Whether there are records to open here, or keys to some; if not, they are to be set up."""
    return holds_records(paths)


def list_people(paths: Paths) -> tuple[Person, ...]:
    """List who may open the records, in the order they were added."""
    keys = read_key_file(paths.keys)
    people = sorted(keys.people, key=lambda slot: slot.user_id)
    return tuple(_person(keys, slot) for slot in people)


def _person(keys: KeyFile, slot: KeySlot) -> Person:
    devices = keys.devices_of(slot.user_id)
    after_lock = tuple(one.mark for one in devices if one.after_lock)
    return Person(cast("UserId", slot.user_id), slot.name, tuple(one.mark for one in devices), after_lock)


def list_opened_here(paths: Paths, people: tuple[Person, ...], *, after_lock: bool) -> frozenset[int]:
    """List for whom this computer opens the records without the password: at the start, or ``after_lock``."""
    offered = {one.id: set(one.after_lock if after_lock else one.computers) for one in people}
    if not any(offered.values()):
        return frozenset()
    from cme_desktop.storage.this_pc import read_kept_here  # noqa: PLC0415  few have chosen it

    kept = read_kept_here(paths.this_pc).devices
    return frozenset(int(user_id) for user_id, marks in offered.items() if marks & kept)


def find_person(paths: Paths, name: str | None) -> Person:
    """Find somebody by name, letter-case ignored; without a name, the only person there is."""
    people = list_people(paths)
    if name is None and len(people) == 1:
        return people[0]
    found = [person for person in people if name and person.name.casefold() == name.casefold()]
    if len(found) == 1:
        return found[0]
    raise CmeError(
        "It is not clear who is opening the records.",
        detail=f"They can be opened by {', '.join(person.name for person in people)}.",
        remedy="Give one of these names: --user NAME, or the variable CME_DESKTOP_USER.",
    )
