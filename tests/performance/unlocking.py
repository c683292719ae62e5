"""What opening the records costs beyond deriving the key: plainly, with a code, and by this computer's own key."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time

from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.phone_codes import code_at, step_at
from cme_desktop.casework.second_factor import offer_phone, parts_known_to, switch_on
from cme_desktop.casework.this_computer import let_this_computer_open, open_office_here
from cme_desktop.domain.identifiers import UserId
from cme_desktop.paths import find_paths
from cme_desktop.storage import vault
from tests.credential_store import credential_store
from tests.performance.figure import Figure

_RUNS = 9
_BOUND = 300.0
_ME = UserId(1)


def figures(school: Path, *, now: datetime, password: str, here: Path) -> list[Figure]:
    """Measure the milliseconds of processor time; deriving the key is measured in the same way and taken off."""
    paths = replace(find_paths(school), here=here)
    clock = _Clock(now)
    plain = _beyond(
        lambda: open_office(paths, user_id=_ME, password=password, now=clock),
        lambda: vault.unlock(paths.keys, user_id=_ME, password=password),
    )
    with ExitStack() as undo:
        undo.enter_context(credential_store())
        office = open_office(paths, user_id=_ME, password=password, now=clock)
        let_this_computer_open(office, password=password)
        office.database.close()
        by_computer = _beyond(lambda: open_office_here(paths, user_id=_ME, now=clock), lambda: None)
        office = open_office(paths, user_id=_ME, password=password, now=clock)
        offer = offer_phone(office)
        switch_on(office, offer, password=password, code=code_at(offer.secret, step_at(clock.at)))
        part = parts_known_to(office, _ME)
        office.database.close()

        def with_code() -> Office:
            clock.at += timedelta(minutes=1)
            code = code_at(offer.secret, step_at(clock.at))
            return open_office(paths, user_id=_ME, password=password, now=clock, code=code)

        with_codes = _beyond(with_code, lambda: vault.unlock(paths.keys, user_id=_ME, password=password, part=part))
    return [
        Figure("unlock beyond the key derivation, processor time", plain, _BOUND, "ms"),
        Figure("the same with a code", with_codes, _BOUND, "ms"),
        Figure("unlock by this computer's own key, all of it", by_computer, _BOUND, "ms"),
    ]


class _Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def _beyond(sit: Callable[[], Office], derive: Callable[[], object]) -> float:
    """The milliseconds that sitting down takes more than deriving the key, done by turns."""

    def once() -> float:
        begun = process_time()
        office = sit()
        between = process_time()
        office.database.close()
        again = process_time()
        derive()
        return (between - begun) - (process_time() - again)

    once()
    return median(once() for _ in range(_RUNS)) * 1000
