"""The steps of a leaving on screen: the next one first, then what follows, then what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.casework.in_words import say_day, say_due
from cme_desktop.casework.lives.leaving_asks import Ask, Asks
from cme_desktop.casework.lives.life import Step, StepState
from cme_desktop.policy.rule import Rule

if TYPE_CHECKING:
    from datetime import datetime


def steps_of(asks: Asks, *, at: datetime) -> tuple[Step, ...]:
    """Put what is asked into steps: the next one first, then what follows, then what is done or not needed."""
    listed, first = asks.list(), asks.next()
    rest = [ask for ask in listed if ask is not first and ask != first]
    ahead = [ask for ask in rest if ask.done is None and not ask.is_needless]
    over = [ask for ask in rest if ask.done is not None or ask.is_needless]
    ordered = ([first] if first is not None else []) + ahead + over
    return tuple(_step_of(asks, ask, at=at, is_next=ask is first) for ask in ordered)


def _step_of(asks: Asks, ask: Ask, *, at: datetime, is_next: bool) -> Step:
    rule = asks.rule_of(ask)
    why = str(rule.references[0]) if isinstance(rule, Rule) and rule.references else ""
    text = f"Next: {ask.text[:1].lower()}{ask.text[1:]}" if is_next else ask.text
    if ask.done is not None:
        return Step(text, StepState.DONE, say_day(ask.done), why)
    if ask.is_needless:
        return Step(text, StepState.NOT_NEEDED, "", why)
    flag = asks.flag_of(ask)
    due = flag.due if flag is not None and flag.due is not None else ask.due
    if ask.waits:
        return Step(text, StepState.LATER, f"by {say_day(due.on)}" if due is not None else ask.waits, why)
    if due is None:
        return Step(text, StepState.DUE, "", why)
    if due.is_overdue(at):
        return Step(text, StepState.LATE, say_day(due.on), why)
    return Step(text, StepState.DUE, say_due(due, at=at), why)
