"""Why a child is not flagged: every rule in force with its answer, in words fit to be shown beside the name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from cme_desktop.casework.explain import say_short_citation
from cme_desktop.casework.in_words import count_of, say_clock, say_long_day
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs, sees_protection
from cme_desktop.casework.protected_reading import note_reading
from cme_desktop.casework.today.rows import Shape
from cme_desktop.casework.today.state import load_today_state
from cme_desktop.casework.veil import FASTER, tells_protection, veiled
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.policy import runs
from cme_desktop.policy.rule import Severity
from cme_desktop.policy.why_not import RuleAnswer, Standing, why_not

_TITLES: Final = {
    Standing.RAISED: "Raised",
    Standing.SETTLED: "Settled",
    Standing.NOT_SO: "Not so today",
}
_SHAPES: Final = {
    Severity.NOW: Shape.NOW,
    Severity.TODAY: Shape.TODAY,
    Severity.THIS_WEEK: Shape.WEEK,
    Severity.INCOMPLETE: Shape.UNKNOWN,
    Severity.WATCH: Shape.WATCH,
}


@dataclass(frozen=True, slots=True)
class WhyNotRow:
    """One rule: its title, its answer in words, where it stands; ``shape`` is drawn where it is raised or settled."""

    rule_id: str
    title: str
    words: str
    citation: str
    shape: Shape | None


@dataclass(frozen=True, slots=True)
class WhyNotGroup:
    """The rules of one standing, in the rulebook's order."""

    title: str
    rows: tuple[WhyNotRow, ...]


@dataclass(frozen=True, slots=True)
class WhyNotScreen:
    """Every rule's answer for one pupil, as at a moment."""

    name: str
    title: str
    as_at: str
    groups: tuple[WhyNotGroup, ...]

    @property
    def rows(self) -> tuple[WhyNotRow, ...]:
        """Every row, in the order shown."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def on_paper(self) -> str:
        """All of it as plain lines, for printing."""
        groups = (
            "\n".join(
                (group.title, *(f"{row.title}: {row.words} ({row.citation}; {row.rule_id})" for row in group.rows))
            )
            for group in self.groups
        )
        return "\n\n".join((f"{self.title}\n{self.as_at}", *groups))


@needs(Right.SEE_NAMES)
def load_why_not(office: Office, pupil_id: PupilId) -> WhyNotScreen:
    """Ask every rule in force why the pupil is flagged or not, now."""
    state = load_today_state(office)
    record = state.records.get(pupil_id)
    if record is None:
        raise BadInputError("This pupil is not on roll today.", remedy="Rules are asked about pupils on roll.")
    answers = why_not(record, state.roll.judgement, state.roll.rulebook)
    if not sees_protection(office):
        answers = tuple(_without_why(one) for one in answers if one.standing is Standing.RAISED or not _tells(one))
    note_reading(office, answers, pupil_id=pupil_id, where="why not")
    name = state.pupil(pupil_id).known_as
    raised = any(answer.standing is Standing.RAISED for answer in answers)
    unmarked = " Sessions that nobody marked are taken as missed." if runs.UNKNOWN in record.line else ""
    return WhyNotScreen(
        name=name,
        title=f"Each rule's answer for {name}" if raised else f"Why {name} is not flagged",
        as_at=f"{say_long_day(state.on)}, {say_clock(state.at)}. {count_of(len(answers), 'rule')} in force.{unmarked}",
        groups=tuple(
            WhyNotGroup(f"{words} ({len(rows)})", rows)
            for standing, words in _TITLES.items()
            if (rows := tuple(_row(answer) for answer in answers if answer.standing is standing))
        ),
    )


def _tells(answer: RuleAnswer) -> bool:
    texts = (answer.title, answer.words, answer.rule_id.replace("-", " "))
    return any(tells_protection(text) for text in texts)


def _without_why(answer: RuleAnswer) -> RuleAnswer:
    seen = veiled(answer)
    if tells_protection(answer.title) or tells_protection(answer.rule_id.replace("-", " ")):
        return replace(seen, title=FASTER, rule_id="", references=())
    return seen


def _row(answer: RuleAnswer) -> WhyNotRow:
    shape = _SHAPES[answer.flag.severity] if answer.flag is not None else None
    if answer.standing is Standing.SETTLED:
        shape = Shape.SETTLED
    citation = say_short_citation(answer.references[0]) if answer.references else ""
    return WhyNotRow(answer.rule_id, answer.title, answer.words, citation, shape)
