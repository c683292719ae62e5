"""Where a command stands: the folders, the clock, who runs it, and how the password comes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from getpass import getpass
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.paths import Paths

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office

DONE: Final = 0
NEEDS_ATTENTION: Final = 1
CANNOT_BE_DONE: Final = 2


@dataclass(frozen=True, slots=True)
class Desk:
    """What every command is given."""

    paths: Paths
    now: Callable[[], datetime]
    user: str | None
    password_on_stdin: bool

    @contextmanager
    def open_office(self, *, alone: bool = True) -> Iterator[Office]:
        """Unlock the records, and close them at the end; ``alone`` is for commands that write."""
        from cme_desktop.casework.moving_in import finish_moving_in  # noqa: PLC0415
        from cme_desktop.casework.opening import open_office  # noqa: PLC0415  brings the database in
        from cme_desktop.casework.people import find_person, has_records  # noqa: PLC0415
        from cme_desktop.casework.second_step import CodeNeededError, PartMissingError  # noqa: PLC0415
        from cme_desktop.casework.sitting_down import leave_desk  # noqa: PLC0415

        finish_moving_in(self.paths)
        if not has_records(self.paths):
            raise CmeError(
                "There are no records here.",
                detail="Nothing has been set up in the folder of the records.",
                remedy="Set them up with “cme-desktop init --school FILE.toml”, or give the right folder with --data.",
            )
        person = find_person(self.paths, self.user or os.environ.get("CME_DESKTOP_USER"))
        password = self.read_password(f"Password of {person.name}: ")
        sit = partial(open_office, self.paths, user_id=person.id, password=password, now=self.now, alone=alone)
        try:
            office = sit()
        except (CodeNeededError, PartMissingError) as needed:
            office = sit(code=self.read_code(needed))
        try:
            yield office
        finally:
            leave_desk(office)

    def read_password(self, prompt: str) -> str:
        """Get the password from standard input, the environment or the keyboard; never from an argument."""
        if found := self._find_line("CME_DESKTOP_PASSWORD", prompt):
            return found
        raise BadInputError(
            "A password is needed.",
            remedy="Give it with --password-stdin, or in the variable CME_DESKTOP_PASSWORD.",
        )

    def read_code(self, needed: CmeError) -> str:
        """Get the code after the password, in the same ways; where there is none, raise what asked for it."""
        found = self._find_line("CME_DESKTOP_CODE", f"{needed.title} {needed.remedy}\nCode: ")
        if found:
            return found
        raise needed

    def has_password(self) -> bool:
        """Whether a password comes without anybody being asked."""
        return self.password_on_stdin or bool(os.environ.get("CME_DESKTOP_PASSWORD"))

    def _find_line(self, variable: str, prompt: str) -> str:
        try:
            if self.password_on_stdin:
                return sys.stdin.readline().rstrip("\r\n")
            if found := os.environ.get(variable):
                return found
            return getpass(prompt) if sys.stdin.isatty() else ""
        except EOFError:
            return ""
        except UnicodeDecodeError:
            raise BadInputError("The password is no text.", remedy="Give it in UTF-8.") from None


def say_progress(sentence: str) -> None:
    """Say what is going on, where somebody is watching."""
    if sys.stderr.isatty():
        print(sentence, file=sys.stderr)
