"""Backups from the window: made on the worker, then taken elsewhere apart from it, so that nobody waits for a stick."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cme_desktop.casework.automatic_backups import deliver, prepare_if_due, prepare_now, prepare_on_closing
from cme_desktop.casework.trial_restore import fetch_for_trial, try_restored, want_trial, want_trial_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from cme_desktop.casework.automatic_backups import PlaceBackedUp, Prepared
    from cme_desktop.casework.office import Office
    from cme_desktop.casework.trial_restore import OnTrial, Trial, TrialWanted
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.background import Background

    Taken = Callable[[Prepared, tuple[PlaceBackedUp, ...]], None]
    Failed = Callable[[CmeError], None]


def back_up_if_due(background: Background, *, done: Callable[[], None]) -> None:
    """Make the day's backup where it is due and take it everywhere; then, once a week, bring one back for a trial."""
    _back_up(
        background,
        prepare_if_due,
        done=lambda *_: _try(background, want_trial, done=lambda _: done(), failed=None),
        failed=None,
    )


def back_up_on_closing(background: Background, *, done: Callable[[], None]) -> None:
    """Make a backup unless nothing was written since the last, and take it everywhere; ``done`` whatever comes of it.

    What went wrong is told at the next opening, by what the foot says.
    """
    _back_up(background, prepare_on_closing, done=lambda *_: done(), failed=lambda _: done())


def back_up_now(background: Background, *, done: Taken, failed: Failed) -> None:
    """Make a backup for whoever asks, and take it everywhere."""
    _back_up(background, prepare_now, done=done, failed=failed)


def try_now(background: Background, *, done: Callable[[Trial | None], None], failed: Failed) -> None:
    """Bring a backup back for a trial whether it is due or not; None where there is none."""
    _try(background, want_trial_now, done=done, failed=failed)


def _back_up(
    background: Background, prepare: Callable[[Office], Prepared], *, done: Taken, failed: Failed | None
) -> None:
    def take(prepared: Prepared) -> None:
        office = background.office
        if office is not None:
            background.run_beside(
                partial(deliver, office.paths, prepared, now=office.now),
                done=lambda found: done(prepared, found),
                failed=failed,
            )

    background.run(prepare, done=take, failed=failed)


def _try(
    background: Background,
    want: Callable[[Office], TrialWanted | None],
    *,
    done: Callable[[Trial | None], None],
    failed: Failed | None,
) -> None:
    def fetch(wanted: TrialWanted | None) -> None:
        office = background.office
        if wanted is None or office is None:
            done(None)
            return
        background.run_beside(partial(fetch_for_trial, office.paths, wanted, now=office.now), done=read, failed=failed)

    def read(fetched: OnTrial | None) -> None:
        if fetched is None:
            done(None)
        else:
            background.run(lambda office: try_restored(office, fetched), done=done, failed=failed)

    background.run(want, done=fetch, failed=failed)
