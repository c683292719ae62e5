"""One leave as its lines tell it: asked for, decided or only admitted afterwards, with what was learned about it.

Lines that belong to a leave answer its first line. A corrected request answers the request it stands for, which is
struck out; so every later line answers the first, whichever is shown. Lines of older records answer nothing: a decision
then belongs to the request whose days it shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Final

from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import EventId, PupilId
from cme_desktop.storage.events import WrittenEvent

OF_LEAVE: Final = frozenset({
    EventKind.LEAVE_REQUESTED, EventKind.LEAVE_GRANTED, EventKind.LEAVE_REFUSED, EventKind.LEAVE_ADMITTED_AFTERWARDS,
})  # fmt: skip
RISKS_CONSIDERED: Final = "leave-risks"
"""What a decision is about that says each risk of a journey was considered."""

LEAD_KNOWS: Final = "lead_knows"
"""What a line's details hold where the safeguarding lead wrote the answers down, and so knows of them."""

REQUEST: Final = "england.leave-request"
RISK_TOLD: Final = "leave-risk-told"
"""What a decision is about that says the safeguarding lead was told of a risk in a journey."""


class LeaveState(Enum):
    """Where a leave stands."""

    ASKED = "Asked for"
    GRANTED = "Granted"
    REFUSED = "Refused"
    ADMITTED = "Told afterwards"
    CLOSED = "Decided otherwise"


class Risk(StrEnum):
    """What is considered about a journey, one by one; the value names it in a line's details."""

    MUTILATION = "risk_fgm"
    FORCED_MARRIAGE = "risk_forced_marriage"
    CONFLICT = "risk_conflict"
    OTHER = "risk_other"

    @property
    def in_words(self) -> str:
        """The risk as the office says it."""
        return {
            Risk.MUTILATION: "female genital mutilation",
            Risk.FORCED_MARRIAGE: "forced marriage",
            Risk.CONFLICT: "travel to a place in conflict",
            Risk.OTHER: "any other risk",
        }[self]


class RiskAnswer(StrEnum):
    """What somebody answered about a risk."""

    NO = "no"
    UNSURE = "unsure"
    YES = "yes"

    @property
    def in_words(self) -> str:
        """The answer as the office says it."""
        return {RiskAnswer.NO: "no sign of it", RiskAnswer.UNSURE: "unsure", RiskAnswer.YES: "yes"}[self]


class Flights(StrEnum):
    """What is known of the travel papers."""

    KEPT = "kept"
    ASKED = "asked"
    NONE = "none"
    UNKNOWN = ""

    @property
    def in_words(self) -> str:
        """What is known, as the office says it."""
        return {
            Flights.KEPT: "copies given", Flights.ASKED: "asked for, not given yet", Flights.NONE: "no flight",
            Flights.UNKNOWN: "not asked yet",
        }[self]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Considered:
    """The last answer about a risk: by whom, on which day, and when it was written down."""

    answer: RiskAnswer
    by: str
    on: date
    words: str
    written_at: datetime
    lead_knows: bool = False


@dataclass(frozen=True, slots=True)
class LeaveMatter:
    """One leave. ``root`` is its first line, which the others answer; ``asked`` the request as it stands now.

    Of ``asked`` and ``admitted`` one is there, or neither where only a decision was written down. ``details`` holds
    what was learned, the latest word on each thing.
    """

    root: EventId
    pupil_id: PupilId
    asked: WrittenEvent | None = None
    admitted: WrittenEvent | None = None
    decision: WrittenEvent | None = None
    lines: tuple[WrittenEvent, ...] = ()

    @property
    def key(self) -> str:
        """What names it in a list; never digits alone, which name a pupil."""
        return f"{self.pupil_id}-{self.root}"

    @property
    def state(self) -> LeaveState:
        """Where it stands."""
        if self.decision is not None:
            return {
                EventKind.LEAVE_GRANTED: LeaveState.GRANTED,
                EventKind.LEAVE_REFUSED: LeaveState.REFUSED,
            }.get(self.decision.event.kind, LeaveState.CLOSED)
        return LeaveState.ADMITTED if self.admitted is not None else LeaveState.ASKED

    @property
    def begun_on(self) -> date:
        """The day of its first word."""
        first = self.asked or self.admitted or self.decision
        assert first is not None
        return first.event.on

    @property
    def first_line(self) -> WrittenEvent:
        """The line that began it, as it stands now."""
        line = self.asked or self.admitted or self.decision
        assert line is not None
        return line

    @property
    def first(self) -> date | None:
        """The first day asked for, or taken."""
        return _first_day(self.asked or self.admitted) or _first_day(self.decision)

    @property
    def last(self) -> date | None:
        """The last day asked for, or taken."""
        return _last_day(self.asked or self.admitted) or _last_day(self.decision)

    @property
    def granted_first(self) -> date | None:
        """The first day granted; None unless leave was granted."""
        return _first_day(self.decision) or self.first if self.state is LeaveState.GRANTED else None

    @property
    def granted_last(self) -> date | None:
        """The last day granted; None unless leave was granted."""
        return _last_day(self.decision) or self.last if self.state is LeaveState.GRANTED else None

    @property
    def details(self) -> Mapping[str, str]:
        """What was learned about it, the latest word on each thing."""
        known: dict[str, str] = dict(self.first_line.details)
        for line in self.lines:
            if line.event.kind in {EventKind.NOTE, EventKind.INTERVIEW_HELD, EventKind.FORM_SENT}:
                known.update(line.details)
        return known

    @property
    def has_evidence(self) -> bool | None:
        """Whether evidence of an emergency was shown; None where nobody said."""
        for line in (self.decision, self.asked):
            if line is not None and line.event.evidence is not None:
                return line.event.evidence
        return None

    def last_line(self, kind: EventKind) -> WrittenEvent | None:
        """The last line of a kind that belongs to it."""
        return next((line for line in reversed(self.lines) if line.event.kind is kind), None)

    def last_decision_about(self, about: str) -> WrittenEvent | None:
        """The last decision about something that belongs to it."""
        decisions = (line for line in reversed(self.lines) if line.event.kind is EventKind.DECISION)
        return next((line for line in decisions if line.event.about == about), None)

    def considered(self, risk: Risk) -> Considered | None:
        """The last answer about a risk; None where nobody considered it."""
        for line in reversed(self.lines):
            if line.details.get(risk.value):
                return Considered(
                    RiskAnswer(line.details[risk.value]), line.details.get("by", ""), line.event.on, line.words,
                    line.written_at, lead_knows=LEAD_KNOWS in line.details,
                )  # fmt: skip
        return None

    @property
    def risks_seen(self) -> tuple[Risk, ...]:
        """The risks that somebody answered with yes or unsure."""
        answers = {risk: self.considered(risk) for risk in Risk}
        return tuple(risk for risk, found in answers.items() if found is not None and found.answer is not RiskAnswer.NO)

    @property
    def is_lead_untold(self) -> bool:
        """Whether a risk was seen of which the safeguarding lead has not been told since."""
        found = (self.considered(risk) for risk in self.risks_seen)
        seen = [each.written_at for each in found if each is not None and not each.lead_knows]
        told = self.last_decision_about(RISK_TOLD)
        return bool(seen) and (told is None or told.written_at < max(seen))

    def shares_days(self, first: date, last: date) -> bool:
        """Whether some of its days lie between two days; False where its own are not said."""
        own_first, own_last = self.first, self.last
        return own_first is not None and own_last is not None and own_first <= last and first <= own_last


def matters_of(events: Iterable[WrittenEvent]) -> tuple[LeaveMatter, ...]:
    """Tell a pupil's lines apart into leaves, the first first; lines struck out tell nothing."""
    matters: dict[EventId, LeaveMatter] = {}
    for line in events:
        if line.retracted_at is None:
            _take_in(matters, line)
    told = (each for each in matters.values() if each.asked or each.admitted or each.decision)
    return tuple(sorted(told, key=lambda matter: (matter.begun_on, matter.root)))


def _take_in(matters: dict[EventId, LeaveMatter], line: WrittenEvent) -> None:
    kind = line.event.kind
    if kind is EventKind.LEAVE_REQUESTED:
        root = line.answers or line.id
        known = matters.pop(root, LeaveMatter(root, line.pupil_id))
        matters[root] = replace(known, asked=line)
    elif kind is EventKind.LEAVE_ADMITTED_AFTERWARDS:
        matters[line.id] = LeaveMatter(line.id, line.pupil_id, admitted=line)
    elif kind in {EventKind.LEAVE_GRANTED, EventKind.LEAVE_REFUSED} or _is_otherwise_decided(line):
        _take_decision(matters, line)
    elif line.answers is not None:
        # a correction is written last though it stands on the request's own day: what answers it may come before
        known = matters.get(line.answers, LeaveMatter(line.answers, line.pupil_id))
        matters[line.answers] = replace(known, lines=(*known.lines, line))


def _is_otherwise_decided(line: WrittenEvent) -> bool:
    return line.event.kind is EventKind.DECISION and line.event.about == REQUEST


def _take_decision(matters: dict[EventId, LeaveMatter], line: WrittenEvent) -> None:
    answered = [line.answers] if line.answers in matters else []
    if line.answers is None:
        answered = [root for root, matter in matters.items() if _may_decide(line.event, matter)]
    for root in answered:
        if root is not None:
            matters[root] = replace(matters[root], decision=line)
    if not answered and line.event.kind is not EventKind.DECISION:
        root = line.answers or line.id
        matters[root] = LeaveMatter(root, line.pupil_id, decision=line)


def _may_decide(decision: Event, matter: LeaveMatter) -> bool:
    if matter.asked is None or matter.decision is not None:
        return False
    first = decision.from_ or (decision.to if isinstance(decision.to, date) else None)
    last = decision.to if isinstance(decision.to, date) else first
    if first is None or last is None or matter.first is None:
        return True
    return matter.shares_days(first, last)


def _first_day(line: WrittenEvent | None) -> date | None:
    if line is None:
        return None
    return line.event.from_ or _day(line.details.get("first")) or _last_of(line.event)


def _last_day(line: WrittenEvent | None) -> date | None:
    if line is None:
        return None
    return _last_of(line.event) or _day(line.details.get("last"))


def _last_of(event: Event) -> date | None:
    return event.to if isinstance(event.to, date) else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
