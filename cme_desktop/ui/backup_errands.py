"""Backups from the window: made on the worker, then taken elsewhere apart from it, so that nobody waits for a stick."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.automatic_backups import (
    PlaceBackedUp,
    deliver_to,
    prepare_if_due,
    prepare_now,
    prepare_on_closing,
    say_unmade,
)
from cme_desktop.casework.backup_places import list_folders, look_at_place
from cme_desktop.casework.trial_restore import (
    clear_trial,
    fetch_for_trial,
    note_trial,
    read_on_trial,
    want_trial,
    want_trial_now,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cme_desktop.casework.automatic_backups import Prepared
    from cme_desktop.casework.office import Office
    from cme_desktop.casework.trial_restore import OnTrial, Trial, TrialWanted
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.background import Background

    Taken = Callable[[Prepared, tuple[PlaceBackedUp, ...]], None]
    Failed = Callable[[CmeError], None]

_TRIAL: Final = "trial"
"""By which one trial at a time is fetched and read, beside the worker."""


def back_up_if_due(background: Background, *, done: Callable[[CmeError | None], None]) -> None:
    """Make the day's backup where it is due and take it everywhere; then, once a week, bring one back for a trial.

    ``done`` is told what went wrong, in no dialog: None where all is well.
    """
    office = background.office
    if office is None:
        return
    own = office.paths.backups

    def try_one(_: Prepared, came: tuple[PlaceBackedUp, ...]) -> None:
        unmade = say_unmade(came, own=own)
        _try(background, want_trial, done=lambda _: done(unmade), failed=lambda problem: done(unmade or problem))

    def tell(problem: CmeError) -> None:
        done(say_unmade((PlaceBackedUp(own, None, problem),), own=own))

    _back_up(background, prepare_if_due, done=try_one, failed=tell)


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


def look_at_places(background: Background, *, seen: Callable[[], None]) -> None:
    """Look at each place apart from the others, and say so each time one was seen."""
    office = background.office
    if office is None:
        return
    for folder in list_folders(office.paths):
        look = partial(look_at_place, office.paths, folder, now=office.now)
        background.run_beside(look, done=lambda _: seen(), about=("look", folder))


def _back_up(
    background: Background, prepare: Callable[[Office], Prepared], *, done: Taken, failed: Failed | None
) -> None:
    def take(prepared: Prepared) -> None:
        office = background.office
        if office is not None:
            _take_everywhere(background, office, prepared, done=done)

    background.run(prepare, done=take, failed=failed)


def _take_everywhere(background: Background, office: Office, prepared: Prepared, *, done: Taken) -> None:
    """Serve each place apart from the others, so that a stick does not wait for a share that hangs.

    A place that still hangs from before is left out.
    """
    folders = list_folders(office.paths)
    found: dict[Path, PlaceBackedUp | None] = {}

    def note(folder: Path, came: PlaceBackedUp | None) -> None:
        found[folder] = came
        if len(found) == len(folders):
            done(prepared, tuple(one for each in folders if (one := found[each]) is not None))

    def fail(folder: Path, problem: CmeError) -> None:
        note(folder, PlaceBackedUp(folder, None, problem))

    for folder in folders:
        begun = background.run_beside(
            partial(deliver_to, office.paths, prepared, folder, now=office.now),
            done=partial(note, folder),
            failed=partial(fail, folder),
            about=("deliver", folder),
        )
        if not begun:
            note(folder, None)


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
        fetch_one = partial(fetch_for_trial, office.paths, wanted, now=office.now)
        begun = background.run_beside(fetch_one, done=partial(read, office), failed=failed, about=_TRIAL)
        if not begun:
            done(None)

    def read(office: Office, fetched: OnTrial | None) -> None:
        if fetched is None:
            done(None)
        elif background.office is None:  # locked meanwhile: the key is forgotten
            clear_trial(office.paths)
        else:
            reading = partial(read_on_trial, fetched, key=office.database.key, now=office.now)
            background.run_beside(reading, done=partial(note, office, fetched), failed=failed, about=_TRIAL)

    def note(office: Office, fetched: OnTrial, trial: Trial) -> None:
        if background.office is not office:  # locked meanwhile, which takes the room away: a trial stays due
            done(None)
        else:
            background.run(lambda held: note_trial(held, fetched, trial), done=done, failed=failed)

    if background.is_beside(_TRIAL):  # whoever asks anew takes away what another trial left, killed or not
        done(None)
        return
    background.run(want, done=fetch, failed=failed)
