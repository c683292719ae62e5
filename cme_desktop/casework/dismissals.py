"""Dismissed flags: the day on which each returns, in the office's words, and which of them are still away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from cme_desktop.casework.in_words import say_day, say_long_day, say_near_day
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.roll import load_judgement, load_school_rulebook
from cme_desktop.domain.rights import Right
from cme_desktop.policy.dismissal import ReturnDay, fifth_school_day, is_inclusion_meeting, return_of_dismissed
from cme_desktop.policy.moment import Moment
from cme_desktop.storage.flags import (
    FlagReview,
    FlagState,
    ReturnedFlag,
    StoredFlag,
    Verdict,
    facts_of,
    key_of,
    list_latest_flags,
    list_standing_reviews,
)
from cme_desktop.storage.standing_duties import load_last_done

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.domain.calendar import SchoolCalendar
    from cme_desktop.policy.record import Judgement
    from cme_desktop.policy.rule import Flag


@needs(Right.SEE_NAMES)
def load_return_day(office: Office) -> ReturnDay:
    """Work out when a flag that is dismissed today returns."""
    rulebook = load_school_rulebook(office, on=office.today)
    with office.database.reading() as db:
        return return_of_dismissed(Moment(load_judgement(db, office.local_now)), rulebook)


def say_return(back: ReturnDay) -> str:
    """Say when a flag returns that is dismissed now: which day, and whether that is the inclusion meeting's."""
    if back.on is None:
        return "It returns when its facts change: the calendar ends before the fifth school day."
    day, fifth = say_long_day(back.on), back.on == back.fifth_day
    if back.is_meeting:
        when = f"on {day}, {'the fifth school day and ' if fifth else ''}the day of the inclusion meeting"
    else:
        when = f"on {day}, the fifth school day"
    if back.is_meeting_waited_for:
        due = "due today" if back.meeting == back.dismissed_on else "overdue"
        when += f", or once the inclusion meeting, which is {due}, is written down as held on a later day"
    return f"It returns when its facts change, and {when}."


def say_return_shortly(review: FlagReview, calendar: SchoolCalendar, *, today: date) -> str:
    """Say in a few words when a dismissed flag returns: the day, and the meeting where that is what brings it back."""
    if review.until is None:
        return "returns when its facts change"
    made_on = _local_day(review.made_at)
    at_meeting = review.until != fifth_school_day(calendar, after=made_on)
    return f"returns {say_near_day(review.until, today=today)}" + (" (inclusion meeting)" if at_meeting else "")


def say_back(returned: ReturnedFlag | None, judgement: Judgement) -> str:
    """Say why a flag that was dismissed is here again: its day came, the meeting did, or its facts changed."""
    if returned is None:
        return ""
    review = returned.review
    made_on, back_on = _local_day(review.made_at), _local_day(returned.back_at)
    by = f" by {review.made_by_name}" if review.made_by_name else ""
    dismissed = f"Dismissed on {say_day(made_on)}{by}: {review.reason.rstrip('.')}."
    met_on = [day for rule_id, day in judgement.school.last_done if is_inclusion_meeting(rule_id)]
    if review.until is not None and back_on >= review.until:
        is_meeting = review.until != fifth_school_day(judgement.calendar, after=made_on)
        came = f"the day of the inclusion meeting, {say_day(review.until)}," if is_meeting else "the fifth school day"
        return f"{dismissed} Back on {say_day(back_on)}, since {came} has come."
    if any(made_on < day <= back_on for day in met_on):
        return f"{dismissed} Back on {say_day(back_on)}, since the inclusion meeting was held."
    return f"{dismissed} Back on {say_day(back_on)}, since its facts changed."


@needs(Right.SEE_NAMES)
def without_dismissed(office: Office, flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
    """Leave out the flags that the head dismissed and that are not back yet."""
    now_true = {key_of(flag): flag for flag in flags}
    with office.database.reading() as db:
        away = still_dismissed(db, list_latest_flags(db), now_true, on=office.today)
    return tuple(flag for flag in flags if key_of(flag) not in away)


def still_dismissed(
    db: Session, kept: Mapping[str, StoredFlag], now_true: Mapping[str, Flag], *, on: date
) -> frozenset[str]:
    """Give the keys of the flags that are dismissed and not back: neither their facts nor their day have come."""
    dismissed = [
        key
        for key, stored in kept.items()
        if stored.state is FlagState.DISMISSED and key in now_true and facts_of(stored.flag) == facts_of(now_true[key])
    ]
    if not dismissed:
        return frozenset()
    last = {review.flag_key: review for review in list_standing_reviews(db) if review.verdict is Verdict.DISMISS}
    met_on = max((day for rule_id, day in load_last_done(db, on=on) if is_inclusion_meeting(rule_id)), default=None)
    return frozenset(key for key in dismissed if key not in last or _is_away(last[key], on=on, met_on=met_on))


def _is_away(review: FlagReview, *, on: date, met_on: date | None) -> bool:
    if met_on is not None and met_on > _local_day(review.made_at):
        return False
    return review.until is None or on < review.until


def _local_day(moment: datetime) -> date:
    return moment.astimezone(LOCAL_ZONE).date()
