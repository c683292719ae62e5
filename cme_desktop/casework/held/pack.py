"""The pack for a request: every marked item waits for the lead or the head, and nothing is given while one waits.

Nothing is chosen beforehand and nothing marked is ever given by itself. A decision counts for what the item said when
it was made; once the item says something else, it waits again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from cme_desktop.casework.held.gathering import gather
from cme_desktop.casework.held.item import HeldItem, Section
from cme_desktop.casework.held.marking import BLACK, black_out
from cme_desktop.casework.in_words import count_of
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.papers import ENDING_OF
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import require
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.information import About, Verdict
from cme_desktop.domain.rights import Right
from cme_desktop.storage.acts import FINAL
from cme_desktop.storage.contacts import find_contact
from cme_desktop.storage.held_rows import read_file
from cme_desktop.storage.information_requests import (
    InformationRequest,
    PackDecision,
    add_decision,
    load_decisions,
    load_request,
)
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.users import list_users

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.domain.identifiers import RequestId


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided about an item, and when by the office clock."""

    verdict: Verdict
    reason: str
    blacked: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """An item that waits for a person, with what was decided; None while nobody has."""

    item: HeldItem
    decided: Decided | None


@dataclass(frozen=True, slots=True)
class PackScreen:
    """Everything that somebody must look at before a pack is made. ``unmarked`` counts what goes as it stands."""

    request: InformationRequest
    marked: tuple[MarkedItem, ...]
    unmarked: int

    @property
    def left(self) -> int:
        """How many items nobody has decided about."""
        return sum(each.decided is None for each in self.marked)

    @property
    def said(self) -> str:
        """How far it has come, in words."""
        if not self.marked:
            return f"Nothing needs a decision: {count_of(self.unmarked, 'item')} can be given."
        done = len(self.marked) - self.left
        return (
            f"{done} of {len(self.marked)} decided. {count_of(self.unmarked, 'other item')} can be given as they are."
        )


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file as it is kept, with its media type."""

    kind: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pack:
    """What is given: the items in their order, whether something was left out that may be said, and the files."""

    request: InformationRequest
    items: tuple[HeldItem, ...]
    says_left_out: bool
    has_black: bool
    files: tuple[tuple[str, str], ...]


@needs(Right.ANSWER_REQUESTS)
def load_pack(office: Office, *, request_id: RequestId) -> PackScreen:
    """Gather all that is held, and say what waits for a decision."""
    with office.database.reading() as db:
        request, items, decisions = _read(db, office, request_id)
        people = {int(user.id): user.name for user in list_users(db)}
    marked = tuple(MarkedItem(item, _say(decisions.get(item.key), people)) for item in items if item.is_marked)
    return PackScreen(request, marked, len(items) - len(marked))


@needs(Right.ANSWER_REQUESTS)
def decide_item(
    office: Office,
    *,
    request_id: RequestId,
    item: HeldItem,
    verdict: Verdict,
    reason: str,
    blacked: tuple[str, ...] = (),
) -> Changes:
    """Write down what is done with one marked item, and why."""
    require("The decision can’t be saved yet.", {"why": reason})
    words = tuple(dict.fromkeys(word.strip() for word in blacked if word.strip()))
    if verdict is Verdict.BLACK_OUT:
        _refuse_nothing_black(item, words)
    with office.database.transaction() as db:
        _refuse_ended(load_request(db, request_id))
        decision = add_decision(
            db, request_id, item=item.key, fingerprint=item.fingerprint, verdict=verdict,
            blacked=words if verdict is Verdict.BLACK_OUT else (), reason=reason.strip(), at=office.now(),
            by=office.user.id,
        )  # fmt: skip
        write_journal(
            db, at=office.now(), by=office.user.id, act="pack item decided", subject=f"request:{request_id}",
            details={"request": int(request_id), "decision": decision, "verdict": verdict.value, FINAL: True},
        )  # fmt: skip
    return Changes.to(Area.INFORMATION)


@needs(Right.ANSWER_REQUESTS)
def make_pack(office: Office, *, request_id: RequestId) -> Pack:
    """Give what is given; refuse while a marked item waits for a decision."""
    with office.database.reading() as db:
        request, items, decisions = _read(db, office, request_id)
    waiting = sum(item.is_marked and item.key not in decisions for item in items)
    if waiting:
        raise RefusedError(
            "The pack can’t be made yet.",
            detail=f"{count_of(waiting, 'marked item')} still {'waits' if waiting == 1 else 'wait'} for a decision.",
            remedy="Decide about each: include it, black words out, or leave it out.",
        )
    return _pack_of(request, items, decisions)


@needs(Right.ANSWER_REQUESTS)
def look_at_file(office: Office, *, request_id: RequestId, item: HeldItem) -> HeldFile:
    """Read the file of an item, so that somebody can decide about it; that they did stands in the journal."""
    table, number = _place(item.file)
    with office.database.transaction() as db:
        content = read_file(db, table, number)
        write_journal(
            db, at=office.now(), by=office.user.id, act="pack file read", subject=f"request:{request_id}",
            details={"request": int(request_id), table: number},
        )  # fmt: skip
    return HeldFile(_media_type(item), content)


@needs(Right.ANSWER_REQUESTS)
def read_pack_files(office: Office, pack: Pack) -> tuple[tuple[str, bytes], ...]:
    """Read the files that go with a pack, each under a name that names nobody."""
    with office.database.reading() as db:
        return tuple((name, read_file(db, *_place(key))) for name, key in pack.files)


# -- private -----------------------------------------------------------------------------------------------------


def _read(
    db: Session, office: Office, request_id: RequestId
) -> tuple[InformationRequest, tuple[HeldItem, ...], dict[str, PackDecision]]:
    """Read the request, what is held, and the decisions that still count."""
    request = load_request(db, request_id)
    if request.pupil_id is None:
        raise BadInputError("The child of this request is no longer in the records.", remedy="Close the request.")
    if request.about is About.CONTACT and find_contact(db, request.contact_id or 0) is None:
        raise BadInputError(
            "The contact of this request is no longer on the child’s list.",
            remedy="Bring the contact back onto the list, or write the request down anew.",
        )
    items = gather(db, request, today=office.today)
    said = {item.key: item.fingerprint for item in items}
    decisions = load_decisions(db, request_id)
    return request, items, {key: each for key, each in decisions.items() if said.get(key) == each.fingerprint}


def _pack_of(
    request: InformationRequest, items: tuple[HeldItem, ...], decisions: Mapping[str, PackDecision]
) -> Pack:  # fmt: skip
    given: list[HeldItem] = []
    for item in items:
        verdicts = [decisions[key] for key in (item.key, *item.tells) if key in decisions]
        if any(each.verdict.leaves_out for each in verdicts):
            continue  # a line of the journal goes with what it tells of
        black = [word for each in verdicts for word in each.blacked]
        given.append(_blacked(item, black) if black else item)
    files = tuple((_file_name(item), item.file) for item in given if item.file)
    return Pack(
        request=request,
        items=tuple(given),
        says_left_out=any(each.verdict is Verdict.LEAVE_OUT for each in decisions.values()),
        has_black=any(BLACK in item.text for item in given),
        files=files,
    )


def _blacked(item: HeldItem, words: list[str]) -> HeldItem:
    lines = tuple((label, black_out(said, words)) for label, said in item.lines)
    return replace(item, title=black_out(item.title, words), lines=lines)


def _refuse_nothing_black(item: HeldItem, words: tuple[str, ...]) -> None:
    if item.file:
        raise RefusedError(
            "Words in a file can’t be blacked out here.",
            remedy="Include the file, or leave it out and give a copy on paper that you blacked out by hand.",
        )
    missing = [word for word in words if black_out(item.text, (word,)) == item.text]
    if not words or missing:
        raise BadInputError(
            "Say which words are to be blacked out.",
            detail="One of them does not stand in this item." if missing else "",
            remedy="Write each on a line of its own, as it stands in the item.",
        )


def _refuse_ended(request: InformationRequest) -> None:
    if not request.is_open:
        raise RefusedError("This request has ended.", remedy="Write down a new one, if somebody asks again.")


def _say(decision: PackDecision | None, people: Mapping[int, str]) -> Decided | None:
    if decision is None:
        return None
    at = decision.made_at.astimezone(LOCAL_ZONE).replace(tzinfo=None)
    return Decided(decision.verdict, decision.reason, decision.blacked, people.get(decision.made_by or 0, ""), at)


def _file_name(item: HeldItem) -> str:
    """A name for a file that names nobody, and by which the pack's list refers to it."""
    kind, _, number = item.file.partition(":")
    return f"{kind}-{number}{ENDING_OF.get(_media_type(item), '')}"


def _media_type(item: HeldItem) -> str:
    """A paper says what kind of file it is; every document is a PDF."""
    return dict(item.lines).get("Kind of file", "application/pdf")


def _place(key: str) -> tuple[str, int]:
    table, _, number = key.partition(":")
    return table, int(number)


def sections_of(pack: Pack) -> tuple[tuple[Section, tuple[HeldItem, ...]], ...]:
    """The items of a pack by section, in order; a section of which nothing is held is left out."""
    return tuple(
        (section, items)
        for section in Section
        if (items := tuple(item for item in pack.items if item.section is section))
    )
