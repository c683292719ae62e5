"""Policies that nobody wrote: any trigger with any numbers, circumstances, records and deadlines, for properties."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from cme_desktop.casework.situations import judgement_at, known_words, record_at
from cme_desktop.domain.attendance import CODE_OF_LETTER
from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import EventKind, Form, Recipient
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.importers.situations import read_situation
from cme_desktop.policy.absence import Cause
from cme_desktop.policy.parameters import Parameters, load_parameters
from cme_desktop.policy.record import Judgement, PupilRecord, SchoolType
from cme_desktop.policy.rule import Act, Duty, Severity
from cme_desktop.policy.school_policy import (
    Clause,
    DueKind,
    Interval,
    PolicyKind,
    SchoolPolicy,
    Settlement,
    StandingDuty,
    Step,
    StricterNumber,
    Treatment,
    TriggerKind,
)
from cme_desktop.policy.triggers import GROUPS, TRIGGERS
from cme_desktop.policy.triggers_of_the_roll import ASKED_ABROAD
from tests.builders import RESOURCES

LAW: Parameters = load_parameters((RESOURCES / "parameters.toml").read_text("utf-8"))
SITUATIONS = Path(__file__).parent / "situations"
CLAUSE = Clause("one", "1", "What the school asks of itself.", Treatment.RULE, "A step.")
_NUMBERS = st.one_of(st.integers(1, 6), st.sampled_from((10, 20, 90, 999)))
_SEVERITIES = (Severity.NOW, Severity.TODAY, Severity.THIS_WEEK, Severity.WATCH)


@cache
def the_roll() -> tuple[tuple[PupilRecord, Judgement], ...]:
    """Every pupil of every situation, at each moment at which the situation is judged."""
    known = known_words(RESOURCES)
    found: list[tuple[PupilRecord, Judgement]] = []
    for path in sorted(SITUATIONS.rglob("*.toml")):
        situation = read_situation(path.read_bytes(), known=known, resources=RESOURCES).situation
        assert situation is not None, path
        for expectation in situation.expectations:
            judgement = judgement_at(situation, expectation)
            record = record_at(situation, judgement)
            if record is not None:
                found.append((record, judgement))
    return tuple(found)


def _some(values: Any, most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(tuple(values)), max_size=most, unique=True).map(tuple)


@st.composite
def any_step(draw: st.DrawFn, rule_id: str) -> Step:
    """Draw a step of any trigger, whose sentence says every word that it may."""
    kind = draw(st.sampled_from(TriggerKind))
    trigger = TRIGGERS[kind]
    numbers = {name: draw(_NUMBERS) for name in trigger.numbers if name not in trigger.optional or draw(st.booleans())}
    dues = [due for due in DueKind if due is not DueKind.LAST_DAY or trigger.gives_last_day]
    words = " ".join(f"{{{name}}}" for name in (*numbers, *trigger.words, "since"))
    return Step(
        id=rule_id, title="A step", about="A step", clauses=("one",), severity=draw(st.sampled_from(_SEVERITIES)),
        trigger=kind, because=f"It is so: {words}.", duty=draw(any_duty()), due=draw(st.sampled_from(dues)),
        settled_by="A record.", settled=draw(any_settlement()), numbers=numbers, hours=draw(_NUMBERS),
        who=draw(_some((*Circumstance, *GROUPS))), not_who=draw(_some((*Circumstance, *GROUPS))),
        causes=draw(_some([cause.name.lower() for cause in Cause])),
        codes_left_out="".join(CODE_OF_LETTER[letter].symbol for letter in draw(_some(CODE_OF_LETTER))).encode(),
        contact_made=draw(st.booleans()), school_types=draw(_some(SchoolType, 1)), asks=draw(_some(ASKED_ABROAD)),
    )  # fmt: skip


def any_duty() -> st.SearchStrategy[Duty]:
    """Draw what is to be done, and by whom."""
    recipients = ("family", "authority_cme", "authority (new pupil)", "head", *(str(one) for one in Recipient))
    return st.builds(Duty, st.sampled_from(Act), st.just("Do it."), st.sampled_from(Role), st.sampled_from(recipients))


def any_settlement() -> st.SearchStrategy[Settlement]:
    """Draw the records that end a step."""
    return st.builds(
        Settlement, told=_some(Recipient), told_one_of=_some(Recipient), referral=st.booleans(),
        form=st.none() | st.sampled_from(Form), events=_some(EventKind, 1), events_one_of=_some(EventKind),
        decision=st.booleans(), or_referral=st.booleans(),
    )  # fmt: skip


@st.composite
def any_number(draw: st.DrawFn) -> StricterNumber:
    """Draw a number of the law, and what the school sets in its place: looser ones too."""
    parameter = LAW.by_name[draw(st.sampled_from(sorted(LAW.by_name)))]
    least = parameter.values[-1].value
    value = draw(st.integers(1, max(1, least)) | st.integers(max(1, least), least + 30))
    return StricterNumber(parameter.name, value, "one")


@st.composite
def any_policy(draw: st.DrawFn) -> SchoolPolicy:
    """Draw a policy of a few steps, duties and stricter numbers; not every one may be adopted."""
    return SchoolPolicy(
        id="own",
        title="Larkfield",
        kind=draw(st.sampled_from(PolicyKind)),
        document="Attendance policy",
        in_force_from=date(2024, 9, 1),
        clauses=(CLAUSE,),
        steps=tuple(draw(any_step(f"own.step-{number}")) for number in range(draw(st.integers(0, 5)))),
        standing=tuple(
            StandingDuty(f"own.duty-{number}", "A duty", "A duty", ("one",), Severity.WATCH,
                         draw(st.sampled_from(Interval)), draw(any_duty()), "The day it was last done.")
            for number in range(draw(st.integers(0, 1)))
        ),
        stricter=tuple(draw(st.lists(any_number(), max_size=3, unique_by=lambda number: number.parameter))),
    )  # fmt: skip
