"""Registers that nobody took: said once for a class and session, not once for every child in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cme_desktop.casework.roll import Roll
from cme_desktop.domain.attendance import SchoolSession
from cme_desktop.policy.rule import Flag

NOT_TAKEN: Final = "england.register-not-taken"


@dataclass(frozen=True, slots=True)
class MissingRegister:
    """A class none of whose pupils was marked in a session; ``flag`` is that of one of them."""

    class_name: str
    session: SchoolSession
    pupils: int
    flag: Flag


def join_missing_registers(flags: Iterable[Flag], roll: Roll) -> tuple[tuple[MissingRegister, ...], tuple[Flag, ...]]:
    """Give the registers not taken at all, and the other flags; a child left out of a register keeps a flag."""
    in_class = Counter(pupil.class_name for pupil in roll.on_roll)
    unmarked: defaultdict[tuple[str, SchoolSession], list[Flag]] = defaultdict(list)
    others = []
    for flag in flags:
        if flag.rule_id != NOT_TAKEN or flag.pupil_id is None:
            others.append(flag)
            continue
        for session in flag.finding.ask or flag.finding.counted:
            unmarked[roll.pupils[flag.pupil_id].class_name, session].append(flag)
    missing = {key: theirs for key, theirs in unmarked.items() if len(theirs) == in_class[key[0]]}
    left_out = {id(flag): flag for key, theirs in unmarked.items() if key not in missing for flag in theirs}
    registers = (
        MissingRegister(class_name, session, len(theirs), theirs[0])
        for (class_name, session), theirs in sorted(missing.items(), key=lambda item: (item[0][1], item[0][0]))
    )
    return tuple(registers), (*left_out.values(), *others)
