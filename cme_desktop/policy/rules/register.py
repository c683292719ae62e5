"""Rules about the register itself: sessions nobody marked, and reasons not established in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.domain.cases import Role
from cme_desktop.policy import runs
from cme_desktop.policy.evidence import finding_of_sessions
from cme_desktop.policy.rule import Act, Authority, Duty, Raised, Rule, Severity
from cme_desktop.policy.rules.sources import IN_FORCE_FROM, regulation, working_together
from cme_desktop.policy.wording import say_count, say_day

if TYPE_CHECKING:
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers


def has_unmarked_session(facts: Facts, _: Numbers) -> Raised | None:
    """Regulation 10: every pupil on roll is marked at the start of the morning and once in the afternoon."""
    if runs.UNKNOWN not in facts.record.line:
        return None
    unmarked = facts.unknown_sessions
    first = facts.moment.session(unmarked[0])
    count = say_count(len(unmarked), "session")
    sentence = (
        f"{count} has no mark, on {say_day(first.on)}."
        if len(unmarked) == 1
        else (f"{count} have no mark, the first on {say_day(first.on)}.")
    )
    return Raised(
        finding_of_sessions(facts, sentence, counted=unmarked, progress=count),
        Duty(
            Act.TAKE_REGISTER, "Have the register taken, or find out who was there and mark it.", Role.OFFICE, "class"
        ),
        facts.moment.due_on(first.on),
    )


def has_unresolved_n(facts: Facts, numbers: Numbers) -> Raised | None:
    """Regulation 10(7) to (9): the reason for an N is established, or the code changed, within five school days."""
    first = facts.line.find(b"N")
    if first < 0 or first >= facts.moment.today_first:
        return None
    name = "england.unresolved-n.days"
    still_n = runs.indexes_of(facts.line, b"N", first=first, last=facts.moment.today_first)
    day = facts.moment.day(first)
    due = facts.moment.due_after(day, school_days=numbers[name])
    count = say_count(len(still_n), "session")
    sentence = f"{count} still N, the first on {say_day(day)}: a reason or O is due within {numbers[name]} school days."
    return Raised(
        finding_of_sessions(facts, sentence, counted=still_n, progress=count, parameters=numbers.used(name)),
        Duty(
            Act.ESTABLISH_REASON, "Establish the reason and change the code, or change N to O.", Role.OFFICE, "register"
        ),
        due,
        Severity.TODAY if due is not None and facts.on >= due.on else None,
    )


RULES: Final = (
    Rule(
        id="england.register-not-taken",
        title="Register not taken",
        authority=Authority.LAW,
        references=(regulation(10),),
        severity=Severity.TODAY,
        settled_by="A mark for the session.",
        about="A session without a mark says nothing of the child: neither present nor absent. Until the register is "
        "taken, nobody knows whether the child is safe.",
        limbs=(has_unmarked_session,),
        in_force_from=IN_FORCE_FROM,
    ),
    Rule(
        id="england.unresolved-n",
        title="Reason not established",
        authority=Authority.LAW,
        references=(
            regulation(10, "(7) to (9)"),
            working_together("code N: reason for absence not yet established"),
        ),
        severity=Severity.THIS_WEEK,
        settled_by="The N is changed to the code of the reason, or to O where none was established.",
        about="Code N stands for a reason that is still being asked for. It may stand for five school days at most.",
        limbs=(has_unresolved_n,),
        in_force_from=IN_FORCE_FROM,
    ),
)
