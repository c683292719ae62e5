"""In whatever order facts are written down, the same is judged: only when they happened counts."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.events import (
    AttemptOutcome,
    Event,
    EventKind,
    Method,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rule import Flag
from tests.office import LUCJA, TODAY, add_event_to, add_marks, an_office

MARKS = tuple((code, date(2026, 11, day)) for code, day in zip("OONOIO", (3, 4, 5, 6, 9, 10), strict=True))
EVENTS = (
    Event(EventKind.CONTACT_ATTEMPT, date(2026, 11, 3), time(9, 20), with_=With.MOTHER, method=Method.PHONE,
          outcome=AttemptOutcome.NO_ANSWER),
    Event(EventKind.CONTACT_ATTEMPT, date(2026, 11, 4), time(9, 5), with_=With.GRANDMOTHER, method=Method.PHONE,
          outcome=AttemptOutcome.UNAWARE),
    Event(EventKind.HOME_VISIT, date(2026, 11, 4), time(14, 0), outcome=VisitOutcome.NO_REPLY),
    Event(EventKind.MISSING, date(2026, 11, 5), time(10, 0)),
    Event(EventKind.TOLD, date(2026, 11, 5), time(10, 30), who=Recipient.POLICE),
    Event(EventKind.FOUND, date(2026, 11, 6), time(8, 0)),
    Event(EventKind.CONTACT_ATTEMPT, date(2026, 11, 9), time(9, 30), with_=With.MOTHER, method=Method.PHONE,
          outcome=AttemptOutcome.EXPLAINED, reason="illness", expected_back=date(2026, 11, 10)),
    Event(EventKind.RETURN_SENT, date(2026, 11, 9), time(12, 0), return_=ReturnKind.SICKNESS),
)  # fmt: skip


def judged(marks: Sequence[tuple[str, date]], events: Sequence[Event]) -> tuple[Flag, ...]:
    with tempfile.TemporaryDirectory() as folder:
        office = an_office(Path(folder))
        for code, day in marks:
            add_marks(office, LUCJA, code, day)
        for event in events:
            add_event_to(office, LUCJA, event)
        roll = load_roll(office)
        office.database.close()
    record = next(record for record in roll.records if record.pupil.id == LUCJA)
    return review_pupil(record, roll.judgement, roll.rulebook)


AS_IT_HAPPENED = judged(MARKS, EVENTS)


def test_the_facts_as_they_happened_raise_flags_of_several_kinds() -> None:
    assert len({flag.rule_id for flag in AS_IT_HAPPENED}) >= 3
    assert MARKS[-1][1] == TODAY


@settings(max_examples=25, deadline=None)
@given(st.permutations(MARKS), st.permutations(EVENTS))
def test_the_order_in_which_facts_are_written_never_matters(marks: list[tuple[str, date]], events: list[Event]) -> None:
    assert judged(marks, events) == AS_IT_HAPPENED
