"""Rules about absence that goes on: leave from which nobody came back, twenty days, a child nobody has seen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.attendance import AttendanceCode
from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import EventKind
from cme_desktop.policy import runs
from cme_desktop.policy.evidence import finding_of_run, finding_of_sessions
from cme_desktop.policy.rule import Act, Authority, Duty, Finding, Raised, Rule, Severity
from cme_desktop.policy.rules.sources import (
    IN_FORCE_FROM,
    keeping_safe,
    missing_education,
    regulation,
    working_together,
)
from cme_desktop.policy.wording import say_as_days, say_count, say_day

if TYPE_CHECKING:
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers

_AUTHORITY: Final = "authority"
_CLOSED: Final = AttendanceCode.CLOSED.symbol.encode("ascii")


# -- leave -----------------------------------------------------------------------------------------------------


def ten_days_after_leave(facts: Facts, numbers: Numbers) -> Raised | None:
    """Regulation 9(1)(h): not attended within the ten school days immediately after the leave ended."""
    needed = numbers["england.leave-not-returned.days"]
    days = _days_since_leave(facts)
    ended_on = facts.leave_ended_on
    if len(days) < needed or ended_on is None or _is_leave_decided(facts, ended_on):
        return None
    if facts.last_of(EventKind.JOINT_ENQUIRIES, since=ended_on) is not None:
        return None
    return Raised(
        _finding_of_leave(facts, numbers, ended_on, days),
        Duty(Act.BEGIN_JOINT_ENQUIRIES, "Begin joint enquiries with the authority.", Role.HEAD, _AUTHORITY),
        facts.moment.due_on(days[needed - 1]),
    )


def not_back_after_leave(facts: Facts, numbers: Numbers) -> Raised | None:
    """From the first school day after granted leave, the family is asked where the child is until it is reached."""
    days = _days_since_leave(facts)
    ended_on = facts.leave_ended_on
    if ended_on is None or len(days) >= numbers["england.leave-not-returned.days"]:
        return None
    if any(event.on > ended_on for event in facts.contacts_made) or _is_leave_decided(facts, ended_on):
        return None
    return Raised(
        _finding_of_leave(facts, numbers, ended_on, days),
        Duty(Act.CONTACT_FAMILY, "Contact the family and ask when the child comes back.", Role.OFFICE, "family"),
        facts.moment.due_on(days[0]),
    )


def _days_since_leave(facts: Facts) -> tuple[date, ...]:
    """The school days since the leave ended, today among them once a session of today is due."""
    if facts.absence is None or facts.leave_ended_on is None:
        return ()
    days = facts.moment.calendar.school_days_between(facts.leave_ended_on + timedelta(days=1), facts.on)
    is_today_to_come = facts.moment.is_school_day and facts.moment.today_due == facts.moment.today_first
    return days[:-1] if is_today_to_come else days


def _is_leave_decided(facts: Facts, ended_on: date) -> bool:
    return facts.last_decision("england.leave-not-returned", since=ended_on) is not None


def _finding_of_leave(facts: Facts, numbers: Numbers, ended_on: date, days: tuple[date, ...]) -> Finding:
    name = "england.leave-not-returned.days"
    count = say_count(len(days), "school day")
    return Finding(
        f"Granted leave ended on {say_day(ended_on)} and the pupil has not come back: {count} since.",
        counted=tuple(
            s for s in facts.moment.sessions(facts.absence.indexes if facts.absence else ()) if s.on > ended_on
        ),
        skipped=facts.moment.skipped(ended_on + timedelta(days=1), days[-1]),
        progress=f"{len(days)} of {numbers[name]} school days",
        parameters=numbers.used(name),
        since=days[0],
    )


# -- twenty days ---------------------------------------------------------------------------------------------------


def has_twenty_days_unauthorised(facts: Facts, numbers: Numbers) -> Raised | None:
    """Regulation 9(1)(i): absent for twenty school days or more, every session G, N or O."""
    name = "england.twenty-days.sessions"
    needed = numbers[name]
    run = facts.run_of_40
    if run.length < needed:
        return None
    counted = runs.indexes_of(facts.line, runs.RUN_OF_40, first=run.first)
    if facts.last_decision("england.twenty-days", since=facts.moment.day(run.first)) is not None:
        return None
    least = "At least " if facts.reaches_beginning(run.first) else ""
    sentence = (
        f"{least}{say_count(run.length, 'session')} in a row ({say_as_days(run.length)}) with codes G, N or O, "
        f"since {say_day(facts.moment.day(run.first))}."
    )
    return Raised(
        finding_of_run(
            facts,
            sentence,
            counted=counted,
            progress=f"{run.length} of {needed} sessions",
            parameters=numbers.used(name),
        ),
        Duty(Act.BEGIN_JOINT_ENQUIRIES, _what_twenty_days_ask(facts, run), Role.HEAD, _AUTHORITY),
        facts.moment.due_on(facts.moment.day(counted[needed - 1])),
    )


def _what_twenty_days_ask(facts: Facts, run: runs.Run) -> str:
    begun = facts.last_of(EventKind.JOINT_ENQUIRIES, since=facts.moment.day(run.first))
    what = (
        "Begin joint enquiries with the authority. The days alone never allow removal from roll."
        if begun is None
        else "Finish the joint enquiries with the authority, and record the agreed decision about ground (i)."
    )
    if not _has_closure_inside(facts, run):
        return what
    return f"{what} A closure lies inside these days: ask the authority to confirm that it does not void the ground."


def _has_closure_inside(facts: Facts, run: runs.Run) -> bool:
    """Whether the school was closed inside the run: ground (i) may not stand any code but G, N and O."""
    if runs.count_of(facts.line, _CLOSED, first=run.first):
        return True
    first = facts.moment.day(run.first)
    closures = (closure for year in facts.moment.calendar.years for closure in year.closures)
    unexpected = (closure.on for closure in closures if closure.code == AttendanceCode.CLOSED.letter)
    return any(first <= day <= facts.on for day in unexpected)


# -- not seen ------------------------------------------------------------------------------------------------------


def is_not_seen(facts: Facts, numbers: Numbers) -> Raised | None:
    """Nobody has seen the child for ten school days, whatever the codes say of them."""
    name = "england.not-seen.days"
    needed = numbers[name]
    if len(facts.line) - facts.last_attended <= needed:
        return None
    begins = unseen_from(facts)
    if begins is None:
        return None
    days = facts.moment.calendar.school_days_between(begins, facts.on)
    if facts.moment.is_school_day and not facts.moment.is_day_over:
        days = days[:-1]
    if len(days) < needed:
        return None
    may_be_longer = facts.last_seen is None and facts.record.line_begins_at_records
    begun = "since the records began" if may_be_longer else f"since {say_day(days[0])}"
    last = _say_last_seen(facts, begun)
    count = f"{'at least ' if may_be_longer else ''}{say_count(len(days), 'school day')}"
    first = facts.moment.calendar.count_sessions_before(days[0])
    return Raised(
        finding_of_sessions(
            facts,
            f"Nobody has recorded seeing the child for {count}: {last}.",
            counted=tuple(range(first, min(len(facts.line), facts.moment.today_due))),
            progress=f"{len(days)} of {needed} school days",
            parameters=numbers.used(name),
            since=days[0],
        ),
        Duty(
            Act.SEE_THE_CHILD,
            "Make sure that somebody sees the child, and record who, when and where.",
            Role.LEAD,
            "child",
        ),
        facts.moment.due_on(days[needed - 1]),
    )


def _say_last_seen(facts: Facts, begun: str) -> str:
    seen = facts.last_seen
    if seen is None:
        return f"never seen {begun}"
    if not seen.is_known:
        return f"perhaps in school on {say_day(seen.on)}, a day without a mark"
    return f"last seen on {say_day(seen.on)}"


def unseen_from(facts: Facts) -> date | None:
    """The day after the last day seen, and not before the first day that the records judge; None where none is.

    A child who was seen before the starting day is not looked for until it.
    """
    first = runs.first_judged(facts.line)
    if first >= len(facts.line):
        return None
    begins = facts.moment.day(first)
    return begins if facts.last_seen is None else max(begins, facts.last_seen.on + timedelta(days=1))


RULES: Final = (
    Rule(
        id="england.leave-not-returned",
        title="Not back from leave",
        authority=Authority.LAW,
        references=(regulation(9, "(1)(h)"), missing_education("joint enquiries by school and authority")),
        severity=Severity.TODAY,
        settled_by="Contact made in the first nine days; then attendance, joint enquiries begun, or a decision.",
        about="The family is asked on the first school day after the leave. After ten school days without attendance "
        "school and authority look for the child together; the days alone never allow removal from roll.",
        limbs=(ten_days_after_leave, not_back_after_leave),
        in_force_from=IN_FORCE_FROM,
        needs_absence_or_event=True,
    ),
    Rule(
        id="england.twenty-days",
        title="Twenty days: joint enquiries",
        authority=Authority.LAW,
        references=(regulation(9, "(1)(i)"), missing_education("joint enquiries by school and authority")),
        severity=Severity.TODAY,
        settled_by="Attendance, or the decision agreed with the authority.",
        about="Twenty school days in a row with codes G, N or O are one condition of ground (i), and the moment at "
        "which school and authority must be looking for the child together. Any other code breaks the run.",
        limbs=(has_twenty_days_unauthorised,),
        in_force_from=IN_FORCE_FROM,
        needs_absence_or_event=True,
    ),
    Rule(
        id="england.not-seen",
        title="Child not seen",
        authority=Authority.GUIDANCE,
        references=(
            keeping_safe("children who are absent from education for prolonged periods"),
            working_together("absence and safeguarding"),
        ),
        severity=Severity.NOW,
        settled_by="A record of who saw the child, when and where; or the child's attendance.",
        about="Codes for illness, part-time timetables or closures stop the statutory counts while the child may still "
        "be unseen. This count runs through all of them.",
        limbs=(is_not_seen,),
        in_force_from=IN_FORCE_FROM,
    ),
)
