"""What is left out or worked out once for the sake of speed never changes what is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme_desktop.casework.situations import (
    judgement_at,
    known_words,
    list_supplied_policies,
    record_at,
    supplied_rulebook,
)
from cme_desktop.domain.attendance import CODE_OF_SYMBOL
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, ReturnKind, VisitOutcome, With
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance, Pupil
from cme_desktop.importers.situations import read_situation
from cme_desktop.policy import runs
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.review import review
from cme_desktop.policy.rule import Rule
from cme_desktop.policy.rulebook import Rulebook
from tests.builders import BORN, CONTACTS, RESOURCES, a_calendar, close_of
from tests.performance.judging import load_aspire_rulebook, make_roll

SITUATIONS = Path(__file__).parent / "situations"
EVERY_POLICY = list_supplied_policies(RESOURCES)
WAITING_FOR_THE_ACT = {"england.home-education-consent", "england.children-not-in-school"}
"""Switched off until their sections of the Act of 2026 commence."""

_ATTENDED = "/\\L"
_EVERY_SYMBOL = "".join(CODE_OF_SYMBOL) + "."
_STARTING_DAY = date(2026, 9, 3)


@cache
def the_rulebook() -> Rulebook:
    return supplied_rulebook(RESOURCES, EVERY_POLICY)


def with_every_rule_tried(rulebook: Rulebook) -> Rulebook:
    return replace(
        rulebook,
        rules=tuple(
            replace(rule, needs_absence_or_event=False) if isinstance(rule, Rule) else rule for rule in rulebook.rules
        ),
    )


# -- any pupil at all ------------------------------------------------------------------------------------------------

days = st.dates(date(2026, 9, 3), date(2027, 3, 24))
judged_days = st.dates(date(2026, 9, 3), date(2027, 7, 21))
# most of the year attended: the shortcuts are for pupils of whom there is little to say
clock_times = st.sampled_from([None, time(9, 10), time(15, 0)])
stretches = st.lists(
    st.tuples(st.sampled_from(_ATTENDED * 6 + "GNOUI" * 2 + _EVERY_SYMBOL), st.integers(1, 45)), min_size=1, max_size=14
)


@st.composite
def event(draw: st.DrawFn) -> Event:
    on, at = draw(days), draw(clock_times)
    kind = draw(st.sampled_from(EventKind))
    said: dict[str, object] = {}
    if kind is EventKind.CONTACT_ATTEMPT:
        said = {
            "with_": draw(st.sampled_from(With)),
            "outcome": draw(st.sampled_from(AttemptOutcome)),
            "reason": draw(st.sampled_from([None, "illness"])),
            "expected_back": draw(st.none() | days),
        }
    elif kind is EventKind.HOME_VISIT:
        said = {"outcome": draw(st.sampled_from(VisitOutcome))}
    elif kind is EventKind.RETURN_SENT:
        said = {"return_": draw(st.sampled_from(ReturnKind))}
    elif kind in {EventKind.LEAVE_REQUESTED, EventKind.LEAVE_GRANTED}:
        said = {"from_": on, "to": draw(days)}
    elif kind is EventKind.DECISION:
        said = {"about": draw(st.sampled_from(sorted(the_rulebook().ids))), "choice": "agreed", "reason": "known"}
    return Event(kind, on, at, **said)  # type: ignore[arg-type]  # each kind's own fields


@st.composite
def judged_record(draw: st.DrawFn) -> tuple[Judgement, PupilRecord]:
    """A pupil with any register, and often nothing else, on any day of the year."""
    minute = draw(st.sampled_from([time(8, 0), time(10, 0), time(14, 0), time.max]))
    judgement = Judgement(a_calendar(), datetime.combine(draw(judged_days), minute))
    wanted = judgement.sessions_due()
    text = "".join(symbol * length for symbol, length in draw(stretches))
    line = text[-wanted:].rjust(wanted, draw(st.sampled_from("/."))) if wanted else ""
    happened = draw(st.just([]) | st.lists(event(), max_size=5))
    pupil = Pupil(
        PupilId(1),
        draw(st.sampled_from([BORN, None, date(2022, 1, 3)])),
        draw(st.sampled_from([_STARTING_DAY, None])),
        circumstances=tuple(DatedCircumstance(one) for one in draw(st.sets(st.sampled_from(Circumstance), max_size=2))),
    )
    contacts = draw(st.sampled_from([CONTACTS, CONTACTS[:1], ()]))
    events = sorted((one for one in happened if one.moment <= judgement.at), key=lambda one: one.moment)
    return judgement, PupilRecord(pupil, line.encode("ascii"), contacts, tuple(events), draw(st.booleans()))


@given(judged_record())
def test_trying_every_rule_on_a_pupil_finds_the_same_flags(judged: tuple[Judgement, PupilRecord]) -> None:
    judgement, record = judged

    quick = review((record,), judgement, the_rulebook())

    assert quick == review((record,), judgement, with_every_rule_tried(the_rulebook()))


@given(judged_record())
def test_an_absence_lasts_when_an_absent_session_follows_the_last_attended_one(
    judged: tuple[Judgement, PupilRecord],
) -> None:
    judgement, record = judged
    facts = Facts(record, Moment(judgement))

    after = record.line[runs.last_attended(record.line) + 1 :]
    absent = tuple(index for index, symbol in enumerate(record.line) if symbol in runs.ABSENT)

    # who is off roll, or has died, is absent from nowhere
    is_absent = not facts.is_no_longer_awaited and any(symbol in runs.ABSENT for symbol in after)
    assert (facts.absence is not None) == is_absent
    if facts.absence is not None:
        assert facts.absence.indexes == tuple(index for index in absent if index >= len(record.line) - len(after))


@given(judged_record())
def test_the_ladders_sessions_are_the_absent_ones_on_its_days(judged: tuple[Judgement, PupilRecord]) -> None:
    judgement, record = judged
    facts = Facts(record, Moment(judgement))

    absent = facts.absence.indexes if facts.absence else ()

    assert facts.ladder_sessions == tuple(index for index in absent if facts.moment.day(index) in facts.ladder_days)
    assert facts.moment.count_days(absent) == len({facts.moment.day(index) for index in absent})


# -- a whole roll ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policies", [("aspire-academy",), EVERY_POLICY], ids=["one policy", "every policy"])
def test_trying_every_rule_on_everybody_finds_the_same_flags(policies: tuple[str, ...]) -> None:
    judgement, records = make_roll(years=2, pupils=300)
    rulebook = supplied_rulebook(RESOURCES, policies)

    quick = review(records, judgement, rulebook)
    thorough = review(records, judgement, with_every_rule_tried(rulebook))

    assert any(rule.needs_absence_or_event for rule in rulebook.rules)
    assert len(quick) > 100
    assert quick == thorough


def test_trying_every_rule_finds_the_same_flags_after_a_stretch_of_any_one_code() -> None:
    judgement = close_of("12 Feb")
    due = judgement.sessions_due()
    lines = [
        ("/" * due + symbol * length + since)[-due:]
        for symbol in _EVERY_SYMBOL
        for length in (1, 2, 9, 10, 19, 20, 21, 29, 30, 39, 40, due)
        for since in ("", "/", "/" * 9, "." * 9, "." * 21)
    ]
    records = tuple(
        PupilRecord(Pupil(PupilId(number), BORN, _STARTING_DAY), line.encode("ascii"), CONTACTS)
        for number, line in enumerate(lines)
    )

    quick = review(records, judgement, the_rulebook())

    assert quick == review(records, judgement, with_every_rule_tried(the_rulebook()))


def test_trying_every_rule_in_every_situation_finds_the_same_flags() -> None:
    rulebook = supplied_rulebook(RESOURCES, EVERY_POLICY)
    known = known_words(RESOURCES)
    raised = set()

    for path in SITUATIONS.rglob("*.toml"):
        situation = read_situation(path.read_bytes(), known=known, resources=RESOURCES).situation
        assert situation is not None
        for expectation in situation.expectations:
            judgement = judgement_at(situation, expectation)
            record = record_at(situation, judgement)
            if record is not None:
                quick = review((record,), judgement, rulebook)
                raised |= {flag.rule_id for flag in quick}
                assert quick == review((record,), judgement, with_every_rule_tried(rulebook)), path.name

    assert raised >= {rule.id for rule in rulebook.rules} - WAITING_FOR_THE_ACT


def test_judging_a_roll_together_finds_what_judging_each_pupil_alone_does() -> None:
    judgement, records = make_roll(years=1, pupils=200)
    rulebook = load_aspire_rulebook()

    together = review(records, judgement, rulebook)

    assert together == tuple(flag for record in records for flag in review((record,), judgement, rulebook))
