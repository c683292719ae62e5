"""Findings with their evidence, made only once a rule has fired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.domain.attendance import CODE_OF_SYMBOL, OUTSIDE_SYMBOL
from cme_desktop.policy import runs
from cme_desktop.policy.rule import Finding

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.rule import ParameterUsed


def finding_of_run(
    facts: Facts, sentence: str, *, counted: tuple[int, ...], progress: str, parameters: tuple[ParameterUsed, ...]
) -> Finding:
    """Build the finding of a run: the sessions counted, and every day between them that was passed over."""
    sessions = facts.moment.sessions(counted)
    skipped = facts.moment.skipped(sessions[0].on, sessions[-1].on) + _skipped_marks(facts, counted)
    return Finding(
        sentence,
        counted=sessions,
        skipped=tuple(sorted(skipped)),
        progress=progress,
        parameters=parameters,
        since=sessions[0].on,
    )


def finding_of_sessions(
    facts: Facts,
    sentence: str,
    *,
    counted: tuple[int, ...],
    progress: str = "",
    parameters: tuple[ParameterUsed, ...] = (),
    since: date | None = None,
) -> Finding:
    """Build the finding of a count, in which nothing between the sessions matters."""
    sessions = facts.moment.sessions(counted)
    begun = since or (sessions[0].on if sessions else None)
    return Finding(sentence, counted=sessions, progress=progress, parameters=parameters, since=begun)


def _skipped_marks(facts: Facts, counted: tuple[int, ...]) -> tuple[tuple[date, str], ...]:
    """The days on which a mark of this pupil says that no session was held: a closure, whole or planned."""
    marks = runs.SKIPPED.replace(OUTSIDE_SYMBOL.encode("ascii"), b"")
    indexes = runs.indexes_of(facts.line, marks, first=counted[0], last=counted[-1])
    return tuple(
        dict.fromkeys(
            (facts.moment.day(index), CODE_OF_SYMBOL[chr(facts.line[index])].facts.meaning) for index in indexes
        )
    )
