"""The national threshold at which a penalty notice must be considered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.domain.cases import Role
from cme_desktop.policy import runs
from cme_desktop.policy.evidence import finding_of_sessions
from cme_desktop.policy.rule import Act, Authority, Duty, Raised, Reference, Rule, Severity
from cme_desktop.policy.rules.returns import asked_of_compulsory_age
from cme_desktop.policy.rules.sources import IN_FORCE_FROM, POLICY_ID, regulation, working_together
from cme_desktop.policy.wording import say_count

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers

_UNAUTHORISED: Final = b"GOU"
_PROVISIONAL: Final = b"N"
_SESSIONS: Final = "england.penalty-threshold.sessions"
_WEEKS: Final = "england.penalty-threshold.weeks"
_WITHIN: Final = "england.penalty-threshold.decide-within"


def reaches_penalty_threshold(facts: Facts, numbers: Numbers) -> Raised | None:
    """Ten unauthorised sessions, each on a day of compulsory school age, within ten school weeks."""
    counted = _sessions_that_count(facts, numbers, _UNAUTHORISED)
    if len(counted) < numbers[_SESSIONS] or not facts.may_be_of_compulsory_age:
        return None
    since = _reached_on(facts, numbers)
    return asked_of_compulsory_age(
        facts,
        Raised(
            finding_of_sessions(
                facts,
                f"{_say_counted(counted, numbers)}, each G, O or U.",
                counted=counted,
                progress=f"{len(counted)} of {numbers[_SESSIONS]} sessions",
                parameters=numbers.used(_SESSIONS, _WEEKS, _WITHIN),
                since=since,
            ),
            Duty(
                Act.DECIDE,
                "Decide on a notice to improve or a penalty notice, and on the return for irregular attendance.",
                Role.HEAD,
                "penalty notice",
            ),
            facts.moment.due_after(since, school_days=numbers[_WITHIN]),
        ),
    )


def may_reach_penalty_threshold(facts: Facts, numbers: Numbers) -> Raised | None:
    """Likewise, were the sessions still N to stay unauthorised: to be watched, nothing to be decided yet."""
    counted = _sessions_that_count(facts, numbers, _UNAUTHORISED + _PROVISIONAL)
    if len(counted) < numbers[_SESSIONS] or not facts.may_be_of_compulsory_age:
        return None
    return Raised(
        finding_of_sessions(
            facts,
            f"{_say_counted(counted, numbers)}, counting those still N.",
            counted=counted,
            progress=f"{len(counted)} of {numbers[_SESSIONS]} sessions",
            parameters=numbers.used(_SESSIONS, _WEEKS),
        ),
        Duty(Act.ESTABLISH_REASON, "Establish the reasons for the sessions still N.", Role.OFFICE, "register"),
        severity=Severity.WATCH,
    )


def _say_counted(counted: tuple[int, ...], numbers: Numbers) -> str:
    return f"{say_count(len(counted), 'unauthorised session')} within {numbers[_WEEKS]} school weeks"


def _sessions_that_count(facts: Facts, numbers: Numbers, symbols: bytes) -> tuple[int, ...]:
    """The sessions of the window, on days of compulsory school age, that no decision has dealt with."""
    window = facts.moment.first_of_weeks(numbers[_WEEKS])
    if runs.count_of(facts.line, symbols, first=window) < numbers[_SESSIONS]:
        return ()
    first, last = open_to_count(facts)
    return runs.indexes_of(facts.line, symbols, first=max(window, first), last=last)


def open_to_count(facts: Facts) -> tuple[int, int]:
    """The first index, and the one past the last, that the age and the latest decision leave to be counted."""
    calendar = facts.moment.calendar
    first, last = 0, len(facts.line)
    if facts.compulsory_age is not None:
        first = calendar.count_sessions_before(facts.compulsory_age[0])
        last = calendar.count_sessions_through(facts.compulsory_age[1])
    decided = facts.last_decision("england.penalty-threshold")
    if decided is not None:
        first = max(first, facts.count_sessions_until(decided.moment))
    return first, last


def _reached_on(facts: Facts, numbers: Numbers) -> date:
    """The day since which the threshold has been reached without a break."""
    first, last = open_to_count(facts)
    counted = runs.indexes_of(facts.line, _UNAUTHORISED, first=first, last=last)
    needed, moment = numbers[_SESSIONS], facts.moment
    since = facts.on
    for index in range(len(counted) - 1, needed - 2, -1):
        begins, oldest = moment.day(counted[index]), moment.day(counted[index - needed + 1])
        if oldest < moment.weeks_before(since, numbers[_WEEKS]):
            break
        since = begins
    return since


RULES: Final = (
    Rule(
        id="england.penalty-threshold",
        title="Penalty notice to be considered",
        authority=Authority.GUIDANCE,
        references=(
            working_together("national framework for penalty notices"),
            Reference(
                POLICY_ID,
                "",
                "The Education (Penalty Notices) (England) (Amendment) Regulations 2024 (SI 2024/210)",
                "https://www.legislation.gov.uk/uksi/2024/210",
            ),
            regulation(13),
        ),
        severity=Severity.THIS_WEEK,
        settled_by="The head's decision with its reason; sessions up to it are not counted again.",
        about="Ten unauthorised sessions within ten school weeks, whatever their reasons and in any order, oblige the "
        "school to consider a penalty notice. Support comes first where it can help.",
        limbs=(reaches_penalty_threshold, may_reach_penalty_threshold),
        in_force_from=IN_FORCE_FROM,
    ),
)
