"""Missing and found: who is missing, who was found within the last ninety days, and what follows a finding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Final

from cme_desktop.casework.family_in_peace import refuse_after_death
from cme_desktop.casework.history import title_of
from cme_desktop.casework.in_words import count_of, say_clock, say_day
from cme_desktop.casework.lives.life import Fact, LifeDesk, LifeFile, LifeRow, Step, StepState
from cme_desktop.casework.lives.reading import (
    flags_of,
    pupil_row,
    read_events,
    read_papers,
    read_pupil,
    record_of,
    sort_rows,
    standing,
    tell_life,
)
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import clock_of, record_happening, refuse_moment_ahead, require
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import Event, EventKind, Recipient
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.policy.absence import is_child_seen
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.rule import Severity
from cme_desktop.policy.triggers import episodes_begun
from cme_desktop.storage.events import WrittenEvent, list_standing_events
from cme_desktop.storage.pupils import PupilDetails, load_pupil

PAPERS: Final = "missing"
WINDOW: Final = timedelta(days=90)
"""How long a found child stays on the list, and the days over which episodes are counted, both ends included."""

RULES: Final = (
    "whereabouts-unknown", "protection-plan", "open-to-social-care", "welfare-concern", "missing-episodes",
    "strategy-meeting", "found", "not-found", "refer-after-enquiries",
)  # fmt: skip
_FOLLOWS: Final = (
    (EventKind.SAFE_AND_WELL_CHECK, "Safe-and-well check"),
    (EventKind.RETURN_INTERVIEW_HELD, "Return interview, offered by somebody independent"),
    (EventKind.REVIEW_HELD, "Review of what happened"),
)
_TOLD: Final = (
    (Recipient.POLICE, "Police told"),
    (Recipient.AUTHORITY_CME, "Authority told"),
    (Recipient.SOCIAL_CARE, "Social care told"),
)


@dataclass(frozen=True, slots=True)
class _Episode:
    """The last episode: when it began, and when the child was found; None while the child is missing."""

    begun: Event
    found: Event | None


# -- reading -----------------------------------------------------------------------------------------------------


def list_rows(desk: LifeDesk) -> tuple[LifeRow, ...]:
    """List who is missing, and who was found within the last ninety days."""
    rows = []
    for record in desk.roll.records:
        episode = _last_episode(record.events)
        if episode is None or (episode.found is not None and desk.today - episode.found.on >= WINDOW):
            continue
        rows.append(_row(desk, desk.roll.pupils[record.pupil.id], episode))
    return sort_rows(rows)


def load_file(desk: LifeDesk, key: str) -> LifeFile:
    """Read a child's episodes: what was reported to whom, and what is still to follow."""
    pupil = read_pupil(desk, key)
    events = read_events(desk, pupil.id)
    episode = _last_episode(tuple(each.event for each in events if each.retracted_at is None))
    row = _row(desk, pupil, episode)
    is_missing = episode is not None and episode.found is None
    since = episode.begun.on if episode is not None else desk.today
    return LifeFile(
        row=row,
        pupil=pupil,
        about=pupil.class_name,
        chips=("Missing",) if is_missing else ("Found",),
        flags=flags_of(desk, pupil.id, RULES),
        steps=_steps(events, episode) if episode is not None else (),
        facts=_facts(desk, pupil, events, episode) if episode is not None else (),
        papers=read_papers(desk, pupil.id, PAPERS),
        papers_about=PAPERS,
        history=tell_life(desk, pupil.id, events, belongs=_belongs, since=since - WINDOW),
        acts=("told", "found", "strategy") if is_missing else ("check", "interview", "review", "missing"),
    )


# -- acting ------------------------------------------------------------------------------------------------------


@needs(Right.WORK_ON_ROLL)
def report_missing(
    office: Office,
    *,
    pupil_id: PupilId,
    on: date,
    at: time | None,
    last_seen: str,
    words: str = "",
) -> Changes:
    """Write down that a child is missing, and where the child was last seen; one episode at a time."""
    require("The episode can’t be saved yet.", {"where and when the child was last seen": last_seen})
    _refuse_report(office, pupil_id, on)
    event = Event(EventKind.MISSING, on, at if at is not None else clock_of(office, on))
    return record_happening(
        office, pupil_id=pupil_id, event=event, act="missing", words=words, details={"last_seen": last_seen}
    )


@needs(Right.WORK_ON_ROLL)
def record_found(office: Office, *, pupil_id: PupilId, on: date, at: time | None, where: str, by: str) -> Changes:
    """Write down that a missing child was found, where and by whom; never before the child went missing."""
    require("The finding can’t be saved yet.", {"where the child was": where, "who found or saw the child": by})
    episode = _require_episode(office, pupil_id)
    if episode.found is not None:
        raise _not_missing()
    event = Event(EventKind.FOUND, on, at if at is not None else clock_of(office, on))
    words = f"Found at {where.strip()} by {by.strip()}."
    if on == episode.begun.on and episode.begun.at is None and at is not None:
        # on a day of which only the finding's time is known the finding would stand before the report
        event, words = replace(event, at=None), f"{words} Time: {say_clock(at)}."
    _refuse_before(event, episode.begun, office, "The child was reported missing only later.")
    return record_happening(
        office, pupil_id=pupil_id, event=event, act="found", details={"where": where, "by": by}, words=words
    )


@needs(Right.WORK_ON_ROLL)
def record_follow_up(office: Office, *, pupil_id: PupilId, kind: EventKind, on: date, words: str) -> Changes:
    """Write down a strategy meeting about an episode, or a check, an interview or a review after the finding."""
    if kind not in {kind for kind, _ in _FOLLOWS} | {EventKind.STRATEGY_MEETING_HELD}:
        raise RefusedError("This does not follow an episode.", remedy="Write a note instead.")
    require("This can’t be saved yet.", {"what was said or found": words})
    event = Event(kind, on, clock_of(office, on))
    episode = _require_episode(office, pupil_id)
    if kind is EventKind.STRATEGY_MEETING_HELD:
        _refuse_before(event, episode.begun, office, "The child was reported missing only later.")
    elif episode.found is None:
        raise RefusedError("The child is not found yet.", remedy="Write down first that the child is found.")
    else:
        _refuse_before(event, episode.found, office, "The child was found only later.")
    return record_happening(office, pupil_id=pupil_id, event=event, act=kind.value.replace("_", " "), words=words)


# -- private: refusing -------------------------------------------------------------------------------------------


def _refuse_report(office: Office, pupil_id: PupilId, on: date) -> None:
    with office.database.reading() as db:
        refuse_after_death(db, pupil_id)
        pupil = load_pupil(db, pupil_id)
    if pupil.awaits_start or (pupil.starting_day is not None and on < pupil.starting_day):
        raise RefusedError(
            "This day lies before the child’s first day here.",
            remedy="Check the day. Of a child who has not started yet, write the worry down under Reports.",
        )
    episode = _read_episode(office, pupil_id)
    if episode is not None and episode.found is None:
        raise RefusedError(
            "The child is reported missing already.",
            detail=f"{_say(episode)}. Nothing was saved.",
            remedy="Write down who else was told, or first that the child was found.",
        )


def _require_episode(office: Office, pupil_id: PupilId) -> _Episode:
    episode = _read_episode(office, pupil_id)
    if episode is None:
        raise _not_missing()
    return episode


def _read_episode(office: Office, pupil_id: PupilId) -> _Episode | None:
    with office.database.reading() as db:
        return _last_episode(list_standing_events(db, pupil_id=pupil_id))


def _not_missing() -> RefusedError:
    return RefusedError(
        "The child is not missing.", remedy="Read the list again with F5; report the child missing first."
    )


def _refuse_before(event: Event, earlier: Event, office: Office, detail: str) -> None:
    refuse_moment_ahead(event, office)
    if event.moment < earlier.moment:
        at = f", {say_clock(earlier.at)}" if earlier.at is not None else ""
        raise BadInputError(
            "This is too early.", detail=detail, remedy=f"Enter {say_day(earlier.on)}{at}, or what came after it."
        )


# -- private: saying ---------------------------------------------------------------------------------------------


def _last_episode(events: tuple[Event, ...]) -> _Episode | None:
    begun: Event | None = None
    found: Event | None = None
    for event in events:
        if event.kind is EventKind.MISSING and (begun is None or found is not None):
            begun, found = event, None
        elif begun is not None and found is None and is_child_seen(event):
            found = event
    return None if begun is None else _Episode(begun, found)


def _row(desk: LifeDesk, pupil: PupilDetails, episode: _Episode | None) -> LifeRow:
    row = pupil_row(desk, pupil, detail=_say(episode) if episode else "", rules=RULES)
    is_missing = episode is not None and episode.found is None
    # whatever the rules ask for, a child whom nobody can find comes first
    return replace(row, severity=Severity.NOW) if is_missing else row


def _say(episode: _Episode) -> str:
    if episode.found is None:
        return f"Missing since {say_day(episode.begun.on)}"
    return f"Found {say_day(episode.found.on)}"


def _steps(events: tuple[WrittenEvent, ...], episode: _Episode) -> tuple[Step, ...]:
    since = episode.begun.moment
    told = standing(events, EventKind.TOLD, EventKind.REFERRED)
    steps = [
        _step(words, next((each for each in told if each.event.moment >= since and _is_to(each.event, who)), None))
        for who, words in _TOLD
    ]
    found = episode.found
    steps.append(
        Step("Child found", StepState.DONE, say_day(found.on)) if found else Step("Child found", StepState.DUE)
    )
    for kind, words in _FOLLOWS:
        done = [] if found is None else [e for e in standing(events, kind) if e.event.moment >= found.moment]
        later = Step(words, StepState.LATER, "once found")
        steps.append(later if found is None else _step(words, done[0] if done else None))
    return tuple(steps)


def _step(words: str, done: WrittenEvent | None) -> Step:
    if done is None:
        return Step(words, StepState.DUE)
    reference = f", reference {done.event.reference}" if done.event.reference else ""
    return Step(f"{words}{reference}", StepState.DONE, say_day(done.event.on))


def _is_to(event: Event, who: Recipient) -> bool:
    return event.who is who or (event.kind is EventKind.REFERRED and event.to is who)


def _facts(
    desk: LifeDesk, pupil: PupilDetails, events: tuple[WrittenEvent, ...], episode: _Episode
) -> tuple[Fact, ...]:
    report = next(each for each in standing(events, EventKind.MISSING) if each.event == episode.begun)
    at = f", {say_clock(episode.begun.at)}" if episode.begun.at else ""
    count = _count_episodes(desk, pupil)
    last_seen = report.details.get("last_seen", "")
    return (
        Fact("Missing since", f"{say_day(episode.begun.on)}{at}"),
        Fact("Last seen", last_seen or "not written down", is_missing=not last_seen),
        Fact("Episodes", f"{count_of(count, 'episode')} began within the last 90 days"),
        *((Fact("Found", title_of(episode.found)),) if episode.found is not None else ()),
    )


def _count_episodes(desk: LifeDesk, pupil: PupilDetails) -> int:
    record = record_of(desk, pupil.id)
    begun = episodes_begun(Facts(record, Moment(desk.roll.judgement))) if record is not None else []
    return sum(1 for episode in begun if (desk.today - episode.on) < WINDOW)


def _belongs(written: WrittenEvent) -> bool:
    kinds = {EventKind.MISSING, EventKind.TOLD, EventKind.REFERRED, EventKind.STRATEGY_MEETING_HELD}
    kinds |= {kind for kind, _ in _FOLLOWS}
    return written.event.kind in kinds or is_child_seen(written.event)
