"""Leaving: who leaves or has left, and what is still to be done so that no child is lost between two places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.lives.leaving_asks import Asks
from cme_desktop.casework.lives.leaving_hand import hand_of
from cme_desktop.casework.lives.leaving_known import say_about, say_chips, say_facts, say_warning
from cme_desktop.casework.lives.leaving_state import SAID_AT_GATE, WINDOW, Leaving, Path, leaving_of
from cme_desktop.casework.lives.leaving_steps import steps_of
from cme_desktop.casework.lives.life import LifeDesk, LifeFile, LifeRow
from cme_desktop.casework.lives.reading import (
    flags_of,
    pupil_row,
    read_events,
    read_papers,
    read_pupil,
    record_of,
    sort_rows,
    tell_life,
)
from cme_desktop.casework.outcomes import LEAD_TOLD
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import EventKind, Form, ReturnKind
from cme_desktop.policy.endings import IN_PEACE, is_of_a_leaving

if TYPE_CHECKING:
    from cme_desktop.casework.lives.leaving_asks import Ask
    from cme_desktop.storage.events import WrittenEvent
    from cme_desktop.storage.pupils import PupilDetails

PAPERS: Final = "leaving"
RULES: Final = (
    "unknown-destination", "arrival-confirmed", "transfer-file-due", "child-protection-file", "deletion-return",
    "home-education-notice", "home-education-consent", "children-not-in-school", "home-education",
    "home-education-plan", "leaver-form", "in-year-leaver", "off-roll-form", "leaving-england", "emigration",
    "no-named-school",
)  # fmt: skip

NOBODY_SAID: Final = "Left, and nobody has said where to"
_WRITTEN_HERE: Final = frozenset({
    EventKind.TOLD, EventKind.REFERRED, EventKind.REMOVED, EventKind.REMOVAL_UNDONE, EventKind.DIED,
    EventKind.LEAVING_CALLED_OFF, EventKind.REVIEW_HELD, EventKind.ORDER_MADE, EventKind.ORDER_REVOKED,
})  # fmt: skip
_NOTES_HERE: Final = frozenset({SAID_AT_GATE, "protection-file-sent"})
_ALWAYS: Final = ("told", "refer", "letter")
_OF_PATH: Final[dict[Path, tuple[str, ...]]] = {
    Path.NOBODY_SAID: ("where", *_ALWAYS, "return", "file", "form", "notice"),
    Path.UNKNOWN: ("where", *_ALWAYS, "place", "return", "file", "form", "notice", "off"),
    Path.TO_SCHOOL: ("place", "arrival", "file", "protection", *_ALWAYS, "return", "form", "where", "notice", "off"),
    Path.ABROAD: (
        "address", "where", "place", "arrival", "file", "protection", *_ALWAYS, "return", "form", "notice", "off",
    ),
    Path.OUTSIDE_STATE: ("place", "file", "protection", *_ALWAYS, "return", "form", "where", "notice", "off"),
    Path.HOME_EDUCATION: ("told", "review", "consent", "return", "form", "refer", "letter", "where", "notice", "off"),
    Path.SAID_AT_GATE: ("notice", "told", "letter", "where", "off"),
    Path.DIED: ("peace",),
}  # fmt: skip


# -- reading -----------------------------------------------------------------------------------------------------


def list_rows(desk: LifeDesk) -> tuple[LifeRow, ...]:
    """List who is leaving, and who has left and is still to be followed; a child who died is named and asks nothing."""
    rows = []
    for record in desk.roll.records:
        leaving = leaving_of(desk, record)
        if leaving is not None and _is_listed(desk, leaving):
            rows.append(_row_of(desk, desk.roll.pupils[record.pupil.id], leaving))
    return sort_rows(rows)


def load_file(desk: LifeDesk, key: str) -> LifeFile:
    """Read a child's leaving: what is known, what is asked by when, what was done."""
    pupil = read_pupil(desk, key)
    record = record_of(desk, pupil.id)
    leaving = leaving_of(desk, record) if record is not None else None
    if leaving is None:
        raise CmeError("This line is no longer there.", remedy="Read the list again with F5.")
    asks = Asks(desk, leaving)
    events = read_events(desk, pupil.id)
    details = told_details(events)
    return LifeFile(
        row=_row_of(desk, pupil, leaving),
        pupil=pupil,
        about=say_about(pupil, leaving, details),
        chips=say_chips(leaving),
        warning=say_warning(leaving, asks),
        flags=flags_of(desk, pupil.id, RULES),
        steps=steps_of(asks, at=desk.roll.judgement.at),
        facts=say_facts(desk, leaving, asks, details),
        papers=read_papers(desk, pupil.id, PAPERS),
        papers_about="" if leaving.path is Path.DIED else PAPERS,
        history=tell_life(desk, pupil.id, events, belongs=_belongs, since=leaving.began_on if record else date.min),
        acts=_acts(desk, leaving, asks.next()),
        hand=hand_of(desk, leaving, asks, details),
    )


def told_details(events: Iterable[WrittenEvent]) -> Mapping[str, str]:
    """What was written of this leaving beside the rules' facts, the latest word of each; a calling off ends them."""
    found: dict[str, str] = {}
    for written in events:
        if written.retracted_at is not None:
            continue
        if written.event.kind in {EventKind.LEAVING_CALLED_OFF, EventKind.JOINER_ENTERED}:
            found.clear()
        elif written.event.kind in _TELLS:
            found |= written.details
    return found


_TELLS: Final = frozenset({
    EventKind.LEAVING, EventKind.FORWARDING_ADDRESS, EventKind.ARRIVAL_CONFIRMED, EventKind.HOME_EDUCATION_LETTER,
    EventKind.DIED,
})  # fmt: skip


# -- private: the list -------------------------------------------------------------------------------------------


def _is_listed(desk: LifeDesk, leaving: Leaving) -> bool:
    """Whether anything is to be done or to come, or the last thing was done within thirty days."""
    facts = leaving.facts
    if leaving.removed_on is None or flags_of(desk, facts.pupil.id, RULES):
        return True
    last = max((event.on for event in facts.events_of_stay), default=leaving.removed_on)
    return desk.today - max(last, leaving.removed_on) < WINDOW


def _row_of(desk: LifeDesk, pupil: PupilDetails, leaving: Leaving) -> LifeRow:
    detail = _say_next(Asks(desk, leaving).next(), leaving)
    is_quiet = leaving.path is Path.DIED
    when = "" if is_quiet or leaving.last_day is None or leaving.has_left else f"leaves {say_day(leaving.last_day)}"
    return pupil_row(desk, pupil, detail=detail, rules=RULES, when=when, is_quiet=is_quiet)


def _say_next(ask: Ask | None, leaving: Leaving) -> str:
    if leaving.path is Path.DIED:
        assert leaving.facts.died_on is not None
        return f"Died {say_day(leaving.facts.died_on)}"
    if leaving.path is Path.NOBODY_SAID and not leaving.is_confirmed:
        return NOBODY_SAID
    if ask is not None:
        return f"Next: {ask.text[:1].lower()}{ask.text[1:]}"
    return "Nothing is to be done now" if leaving.removed_on is None else "Everything is done"


def _belongs(written: WrittenEvent) -> bool:
    event = written.event
    if event.kind is EventKind.NOTE:
        return event.about in _NOTES_HERE
    if event.kind is EventKind.DECISION:
        slug = (event.about or "").partition(".")[2]
        return event.about in {IN_PEACE, LEAD_TOLD} or slug in RULES
    if event.kind is EventKind.RETURN_SENT:
        return event.return_ is ReturnKind.DELETION
    if event.kind is EventKind.FORM_SENT:
        return event.form in {Form.OFF_ROLL, Form.SR2A, Form.SR1A}
    return event.kind in _WRITTEN_HERE or is_of_a_leaving(event)


# -- private: acts -----------------------------------------------------------------------------------------------


def _acts(desk: LifeDesk, leaving: Leaving, first: Ask | None) -> tuple[str, ...]:
    """What may be done now: what the open steps need comes first. Of a child who died only the head decides."""
    if leaving.path is Path.DIED and desk.office.user.role is not Role.HEAD:
        return ()
    asks = Asks(desk, leaving)
    asked = [ask.act for ask in (first, *asks.list()) if ask is not None and ask.is_open and ask.act]
    fitting = [act for act in _OF_PATH[leaving.path] if _fits(act, leaving, asks)]
    return tuple(dict.fromkeys((*asked, *fitting)))


def _fits(act: str, leaving: Leaving, asks: Asks) -> bool:
    acts = {ask.act for ask in asks.list()}
    match act:
        case "arrival":
            return leaving.has_left
        case "consent":
            return asks.is_consent_needed
        case "off":
            return leaving.removed_on is None
        case "form" | "protection" | "review" | "file":
            return act in acts
        case "place":
            return leaving.path is not Path.UNKNOWN or leaving.told is not None
    return True
