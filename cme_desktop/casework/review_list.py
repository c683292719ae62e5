"""The head's review as frozen values: whose flags wait for a decision, what was decided today, what the office does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from cme_desktop.casework.dismissals import say_return_shortly
from cme_desktop.casework.in_words import capital, say_clock, say_due
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.review import MAY_DECIDE
from cme_desktop.casework.today.pupil_day import PupilDay, pupil_day
from cme_desktop.casework.today.rows import Group, RowKind, Shape, Tile, TileKey, TodayRow, TodayScreen, Tone, shape_of
from cme_desktop.casework.today.state import TodayState, as_seen
from cme_desktop.casework.veil import for_role
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.policy.rule import Act, Flag, Severity
from cme_desktop.storage.flags import FlagReview, Verdict, key_of, list_standing_reviews

_OFFICE_ACTS: Final = frozenset({
    Act.CONTACT_FAMILY, Act.TAKE_REGISTER, Act.ESTABLISH_REASON, Act.ASK_OTHER_SCHOOL, Act.SUPPLY_FACT,
    Act.GET_CONTACTS, Act.ASK,
})  # fmt: skip
"""What the office does every morning without asking."""


@dataclass(frozen=True, slots=True)
class ReviewScreen:
    """The three headings of the review. ``may_decide`` says whether the one signed in has the word."""

    waiting: tuple[TodayRow, ...]
    decided: tuple[TodayRow, ...]
    with_office: tuple[TodayRow, ...]
    may_decide: bool


def review_screen(state: TodayState, screen: TodayScreen) -> ReviewScreen:
    """Arrange the review from what is in hand, as far as whoever sits at the desk reads it."""
    state = as_seen(state)
    reports = tuple(row for row in screen.rows if _waits_for_decision(row))
    waiting = (
        *(_waiting_row(state, pupil) for pupil in state.flags if undecided(state, pupil)),
        *(replace(row, sort_key=(row.severity, row.sort_key[3:5], row.name)) for row in reports),
    )
    decided = tuple(_decided_row(state, review) for review in _todays(state))
    asked = {pupil for row in waiting for pupil in row.pupils}
    others = (row for row in screen.rows if row.group is not Group.EXPLAINED and row not in reports)
    office = tuple(row for row in others if not asked & set(row.pupils))
    return ReviewScreen(
        waiting=tuple(sorted(waiting, key=lambda row: row.sort_key)),
        decided=decided,
        with_office=office,
        may_decide=state.role in MAY_DECIDE,
    )


def _waits_for_decision(row: TodayRow) -> bool:
    """A report from outside waits for whoever decides; a question that is not due yet is still being searched.

    What is held, and what went astray, is theirs from the first.
    """
    is_report = row.kind is RowKind.REPORT and row.severity is Severity.TODAY
    return (is_report or row.kind is RowKind.INFORMATION) and not row.done


def undecided(state: TodayState, pupil_id: PupilId) -> tuple[Flag, ...]:
    """List a pupil's flags on which the head has not yet decided: the flags of the most urgent step that waits."""
    day = pupil_day(state, pupil_id)
    if day is None:
        return ()
    for task in day.tasks:
        if task.duty.act in _OFFICE_ACTS or task.severity > Severity.THIS_WEEK:
            continue
        open_flags = tuple(flag for flag in task.flags if key_of(flag) not in state.reviews)
        if open_flags:
            return open_flags
    return ()


def tiles_for_head(screen: TodayScreen, *, waiting: int) -> tuple[Tile, ...]:
    """Give the strip as the head reads it: the third clock time is the review."""
    tiles = []
    for tile in screen.tiles:
        if tile.key is TileKey.CONTACTS:
            words = "to decide" if waiting else "all decided"
            tiles.append(replace(tile, name="Your review", count=waiting, words=words))
        else:
            tiles.append(tile)
    return tuple(tiles)


@needs(Right.SEE_NAMES)
def load_reviews_of(office: Office, pupil_id: PupilId) -> tuple[FlagReview, ...]:
    """Read what was decided of a pupil's flags that stand or were dismissed."""
    with office.database.reading() as db:
        return tuple(one for one in list_standing_reviews(db) if one.pupil_id == pupil_id)


def _waiting_row(state: TodayState, pupil_id: PupilId) -> TodayRow:
    day = pupil_day(state, pupil_id)
    assert day is not None, "an undecided flag belongs to a day"
    flag = undecided(state, pupil_id)[0]
    pupil, case = state.pupil(pupil_id), state.cases.get(pupil_id)
    due = flag.due
    tone = Tone.NOW if flag.severity is Severity.NOW else Tone.TODAY if due and due.is_overdue(state.at) else Tone.PLAIN
    return TodayRow(
        key=f"review:{pupil_id}",
        kind=RowKind.PUPILS,
        group=Group.NOW,
        shape=shape_of(flag.severity),
        severity=flag.severity,
        pupils=(pupil_id,),
        name=pupil.known_as,
        hidden_name=case.number if case else f"Flag {pupil_id}",
        beside=pupil.class_name,
        why=_why(day, flag),
        next_act=capital(flag.duty.what),
        due_words=say_due(due, at=state.at) if due else "",
        tone=tone,
        sort_key=(flag.severity, due.sort_key if due else (state.on,), pupil.sort_name),
    )


def _why(day: PupilDay, flag: Flag) -> str:
    if day.nobody_reached and flag.duty.act in {Act.VISIT_HOME, Act.TELL, Act.REFER}:
        return f"Day {day.facts.ladder_day} and nobody reached"
    progress = flag.finding.progress
    return f"{capital(progress)}: {flag.title[:1].lower()}{flag.title[1:]}" if progress else flag.title


_SAID: Final = {Verdict.AGREE: "Agreed", Verdict.CHANGE: "Step changed", Verdict.DISMISS: "Dismissed"}


def _todays(state: TodayState) -> tuple[FlagReview, ...]:
    latest: dict[tuple[PupilId | None, object], FlagReview] = {}
    for review in state.reviews.values():
        if review.made_at.astimezone(LOCAL_ZONE).date() == state.on and review.pupil_id in state.roll.pupils:
            latest[review.pupil_id, review.made_at] = review
    return tuple(sorted(latest.values(), key=lambda review: review.made_at))


def _say_verdict(state: TodayState, review: FlagReview) -> str:
    said = _SAID[review.verdict]
    if review.verdict is not Verdict.DISMISS:
        return said
    return f"{said}, {say_return_shortly(review, state.roll.judgement.calendar, today=state.on)}"


def _decided_row(state: TodayState, review: FlagReview) -> TodayRow:
    assert review.pupil_id is not None
    pupil, case = state.pupil(review.pupil_id), state.cases.get(review.pupil_id)
    said = review.next_step or review.reason
    return TodayRow(
        key=f"decided:{review.id}",
        kind=RowKind.PUPILS,
        group=Group.WEEK,
        shape=Shape.SETTLED,
        severity=Severity.WATCH,
        pupils=(review.pupil_id,),
        name=pupil.known_as,
        hidden_name=case.number if case else f"Flag {review.pupil_id}",
        beside=pupil.class_name,
        why=f"{_say_verdict(state, review)}: {for_role(state.role, said)}" if said else _say_verdict(state, review),
        next_act="",
        due_words=say_clock(review.made_at.astimezone(LOCAL_ZONE)),
        tone=Tone.PLAIN,
        done=True,
    )
