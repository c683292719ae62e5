"""One round of Today: an act is saved, the pupils concerned are judged again, the screen is arranged anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from cme_desktop.casework.call_card import CallCard, load_call_card
from cme_desktop.casework.explain import Explanation, explain_flags
from cme_desktop.casework.new_year.moving_up import move_up_when_due
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.review_list import undecided
from cme_desktop.casework.today.rows import TodayScreen
from cme_desktop.casework.today.screen import hold_rows, screen_of
from cme_desktop.casework.today.state import TodayState, as_seen, keep_flags_in_step, load_today_state, rejudge
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right


@dataclass(frozen=True, slots=True)
class Round:
    """The state in hand, the screen to show, and what was changed."""

    state: TodayState
    screen: TodayScreen
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True, slots=True)
class ShownPupils:
    """A row's card, with the flags explained: all of them, and those one decision of the head covers."""

    card: CallCard
    explanations: tuple[Explanation, ...]
    to_decide: tuple[Explanation, ...]


@needs(Right.SEE_NAMES)
def begin_day(office: Office) -> Round:
    """Read and judge everything; rows dealt with before are gone. On a year's first day the pupils move up first."""
    move_up_when_due(office)
    state = load_today_state(office)
    return Round(state, screen_of(state))


@needs(Right.SEE_NAMES)
def keep_in_step(office: Office, state: TodayState) -> Round:
    """Reconcile the flags kept with those that hold, once the list is painted."""
    judged = keep_flags_in_step(office, state)
    return Round(judged.state, screen_of(judged.state), judged.changes)


@needs(Right.SEE_NAMES)
def go_on(
    office: Office,
    state: TodayState,
    shown: TodayScreen,
    *,
    act: Callable[[Office], Changes] | None = None,
    pupils: Iterable[PupilId] = (),
    because: str = "",
) -> Round:
    """Save an act, if any, judge its pupils again, and hold the list's order until the next clock time."""
    changes = act(office) if act is not None else Changes()
    touched = frozenset(pupils) | changes.pupils
    fresh = rejudge(office, state, touched)
    if touched:
        judged = keep_flags_in_step(office, fresh, pupils=touched, because=because)
        fresh = judged.state
        changes = _both(changes, judged.changes)
    screen = screen_of(fresh)
    passed = shown.refresh_at is not None and fresh.at >= shown.refresh_at
    return Round(fresh, screen if passed or fresh.on != shown.at.date() else hold_rows(shown, screen), changes)


@needs(Right.SEE_NAMES)
def show_pupils(office: Office, state: TodayState, pupils: tuple[PupilId, ...]) -> ShownPupils:
    """Read the card of a row's pupils and explain the flags of the first."""
    state = as_seen(state)
    card = load_call_card(office, pupils, state=state)
    to_decide = undecided(state, pupils[0])
    return ShownPupils(card, explain_flags(state, pupils[0], card.flags), explain_flags(state, pupils[0], to_decide))


def _both(first: Changes, second: Changes) -> Changes:
    return Changes(first.areas | second.areas, first.pupils | second.pupils, first.cases | second.cases)
