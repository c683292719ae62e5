"""A dismissed flag returns at the next inclusion meeting or on the fifth school day, whichever is first, and says so.

On the test calendar the fifth school day after Tuesday 10 November 2026 is Tuesday 17 November.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.explain import explain_flags, facts_in_order
from cme_desktop.casework.history import tell_history
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import undo_last
from cme_desktop.casework.review import RAISED_ANEW, dismiss_flags, reconcile_flags
from cme_desktop.casework.review_list import review_screen, undecided
from cme_desktop.casework.school_duties import record_duty_done
from cme_desktop.casework.today.screen import screen_of
from cme_desktop.casework.today.state import TodayState, keep_flags_in_step, load_today_state
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.storage.events import list_events
from cme_desktop.storage.flags import FlagState, list_flags
from cme_desktop.storage.policies import adopt_policy
from tests.office import AISHA, HEAD, NOW, TODAY, add_event_to, add_marks, an_office, at

LEAVE = "england.leave-request"
MEETING = "randal-cremer.inclusion-meeting"
FIFTH = date(2026, 11, 17)
HELD = "is written down as held on a later day."


@pytest.fixture
def head(tmp_path: Path) -> Iterator[Office]:
    """A school with a fortnightly inclusion meeting, the head at the desk, and leave that waits for a decision."""
    office = an_office(tmp_path, user=HEAD, policies=False)
    text = (office.paths.resources / "policies" / "randal-cremer.toml").read_text("utf-8")
    with office.database.transaction() as db:
        adopt_policy(db, policy_id="randal-cremer", document=text, adopted_on=date(2026, 9, 1), why="", by=1)
    leave = Event(EventKind.LEAVE_REQUESTED, TODAY, from_=date(2026, 12, 14), to=date(2026, 12, 18))
    add_event_to(office, AISHA, leave)
    yield office
    office.database.close()


def on(office: Office, day: date) -> Office:
    return at(office, NOW + timedelta(days=(day - TODAY).days))


def judged(office: Office, day: date) -> TodayState:
    """The morning of a day, as the Today screen reads it; everybody is marked present up to then."""
    desk = on(office, day)
    for pupil in range(1, 13):
        if day > TODAY:
            add_marks(desk, type(AISHA)(pupil), "/", TODAY, day - timedelta(days=1))
            add_marks(desk, type(AISHA)(pupil), "/", day, half=Half.AM)
    state = load_today_state(desk)
    return keep_flags_in_step(desk, state).state


def dismiss(office: Office) -> None:
    """Dismiss everything that waits of Aisha, the law's leave request first."""
    first, *_ = undecided(judged(office, TODAY), AISHA)
    assert first.rule_id == LEAVE
    while waiting := undecided(judged(office, TODAY), AISHA):
        dismiss_flags(office, flags=waiting, reason="Spoken to the mother")


def waits(office: Office, day: date) -> bool:
    """Whether the leave request waits for the head's decision on a day; it is the first that does."""
    return LEAVE in [flag.rule_id for flag in undecided(judged(office, day), AISHA)]


def the_flag(office: Office, day: date, rule_id: str) -> str:
    """What the explanation of a flag says of its dismissal."""
    state = judged(office, day)
    flag = next(flag for flag in state.flags[AISHA] if flag.rule_id == rule_id)
    (explained,) = explain_flags(state, AISHA, (flag,))
    return dict(facts_in_order(explained)).get("Dismissed before", "")


# -- the same flag another day ---------------------------------------------------------------------------------


def test_a_flag_that_goes_on_is_the_same_flag_the_next_morning(head: Office) -> None:
    judged(head, TODAY)
    judged(head, date(2026, 11, 11))

    with head.database.reading() as db:
        stored = [one for one in list_flags(db, pupil_id=AISHA) if one.flag.rule_id == LEAVE]
    assert [(one.state, one.flag.raised_on) for one in stored] == [(FlagState.STANDING, TODAY)]


def test_a_flag_of_each_day_is_closed_as_raised_anew_and_not_as_no_longer_true(head: Office) -> None:
    add_marks(head, AISHA, "O", TODAY, half=Half.AM)
    flags = [flag for flag in load_today_state(head).flags[AISHA] if flag.rule_id == "england.unexplained-absence"]
    reconcile_flags(head, flags)
    later = on(head, date(2026, 11, 11))
    add_marks(later, AISHA, "O", TODAY, date(2026, 11, 11))

    again = [flag for flag in load_today_state(later).flags[AISHA] if flag.rule_id == "england.unexplained-absence"]
    reconcile_flags(later, again)

    with head.database.reading() as db:
        first, second = list_flags(db, pupil_id=AISHA)
    assert (first.state, first.closed_reason) == (FlagState.SETTLED, RAISED_ANEW)
    assert second.state is FlagState.STANDING


# -- the day ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done_on", "back_on"),
    [
        (date(2026, 10, 30), date(2026, 11, 13)),  # due on Friday 13 November, before the fifth school day
        (date(2026, 11, 3), FIFTH),  # due on the fifth school day itself
        (date(2026, 11, 9), FIFTH),  # due on 23 November, after it
    ],
)
def test_it_is_away_the_day_before_and_back_on_the_day_and_after(head: Office, done_on: date, back_on: date) -> None:
    record_duty_done(head, rule_id=MEETING, done_on=done_on)
    dismiss(head)

    assert not waits(head, back_on - timedelta(days=1))
    assert waits(head, back_on)
    assert waits(head, back_on + timedelta(days=1))


def test_a_meeting_held_before_it_is_due_brings_the_flag_back(head: Office) -> None:
    record_duty_done(head, rule_id=MEETING, done_on=date(2026, 11, 9))
    dismiss(head)
    held_on = date(2026, 11, 12)

    assert not waits(head, held_on)
    record_duty_done(on(head, held_on), rule_id=MEETING)

    assert waits(head, held_on)


def test_a_meeting_held_on_the_day_of_the_dismissal_is_not_the_next_one(head: Office) -> None:
    dismiss(head)
    record_duty_done(head, rule_id=MEETING)

    assert not waits(head, TODAY)
    assert not waits(head, FIFTH - timedelta(days=1))
    assert waits(head, FIFTH)


def test_without_a_meeting_in_the_policy_the_fifth_school_day_counts(tmp_path: Path) -> None:
    office = an_office(tmp_path, user=HEAD, policies=False)
    leave = Event(EventKind.LEAVE_REQUESTED, TODAY, from_=date(2026, 12, 14), to=date(2026, 12, 18))
    add_event_to(office, AISHA, leave)
    record_duty_done(office, rule_id=MEETING, done_on=date(2026, 10, 30))
    dismiss(office)

    assert not waits(office, FIFTH - timedelta(days=1))
    assert waits(office, FIFTH)
    office.database.close()


def test_a_meeting_due_on_the_very_day_is_not_called_overdue(head: Office) -> None:
    record_duty_done(head, rule_id=MEETING, done_on=date(2026, 10, 27))
    state = judged(head, TODAY)

    (first, *_) = explain_flags(state, AISHA, undecided(state, AISHA))

    assert "once the inclusion meeting, which is due today, is written down as held on a later day" in (
        first.if_dismissed
    )


# -- its words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done_on", "says", "shortly", "back_on", "back"),
    [
        (date(2026, 10, 30), "on Friday 13 November, the day of the inclusion meeting.",
         "returns Fri 13 (inclusion meeting)", date(2026, 11, 13),
         "since the day of the inclusion meeting, Fri 13 Nov, has come."),
        (date(2026, 11, 3), "on Tuesday 17 November, the fifth school day and the day of the inclusion meeting.",
         "returns Tue 17", FIFTH, "since the fifth school day has come."),
        (date(2026, 11, 9), "on Tuesday 17 November, the fifth school day.", "returns Tue 17", FIFTH,
         "since the fifth school day has come."),
        (None, f"on Tuesday 17 November, the fifth school day, or once the inclusion meeting, which is overdue, {HELD}",
         "returns Tue 17", FIFTH, "since the fifth school day has come."),
    ],
)  # fmt: skip
def test_which_day_and_why_is_said_before_it_after_it_and_on_its_return(
    head: Office, done_on: date | None, says: str, shortly: str, back_on: date, back: str
) -> None:
    if done_on is not None:
        record_duty_done(head, rule_id=MEETING, done_on=done_on)
    state = judged(head, TODAY)
    (first, *_) = explain_flags(state, AISHA, undecided(state, AISHA))
    assert first.if_dismissed == f"It returns when its facts change, and {says}"
    assert first.back == ""

    dismiss(head)

    after = judged(head, TODAY)
    rows = review_screen(after, screen_of(after)).decided
    assert {row.why for row in rows} == {f"Dismissed, {shortly}: Spoken to the mother"}
    with head.database.reading() as db:
        lines = tell_history(list_events(db, pupil_id=AISHA))
    assert any(first.if_dismissed in line.detail for line in lines)
    assert the_flag(head, back_on, LEAVE) == (
        f"Dismissed on Tue 10 Nov by Dr Ann Teal: Spoken to the mother. Back on "
        f"{'Fri 13' if back_on.day == 13 else 'Tue 17'} Nov, {back}"
    )


def test_a_flag_brought_back_by_a_meeting_or_by_its_facts_says_so(head: Office) -> None:
    dismiss(head)
    record_duty_done(on(head, date(2026, 11, 12)), rule_id=MEETING)

    assert the_flag(head, date(2026, 11, 12), LEAVE).endswith(
        "Back on Thu 12 Nov, since the inclusion meeting was held."
    )


def test_a_dismissal_taken_back_leaves_no_trace_in_its_words(head: Office) -> None:
    dismiss_flags(head, flags=undecided(judged(head, TODAY), AISHA), reason="Spoken to the mother")
    assert not waits(head, TODAY)

    undo_last(head)

    assert waits(head, TODAY)
    assert the_flag(head, TODAY, LEAVE) == ""
