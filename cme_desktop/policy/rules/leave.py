"""Rules about leave: a request that awaits its decision, and a part-time timetable with its agreement and end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.attendance import AttendanceCode
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import EventKind
from cme_desktop.policy import runs
from cme_desktop.policy.evidence import finding_of_sessions
from cme_desktop.policy.rule import Act, Authority, Duty, Finding, Raised, Rule, Severity
from cme_desktop.policy.rules.sources import IN_FORCE_FROM, regulation, working_together
from cme_desktop.policy.wording import say_count, say_day

if TYPE_CHECKING:
    from cme_desktop.domain.events import Event
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers

PART_TIME: Final = AttendanceCode.PART_TIME.symbol.encode("ascii")
IN_USE: Final = "england.part-time-timetable.in-use"


# -- requests --------------------------------------------------------------------------------------------------


def has_undecided_request(facts: Facts, _: Numbers) -> Raised | None:
    """Regulation 11: leave is asked for beforehand, and granted or refused by the head before it begins."""
    waiting = [event for position, event in enumerate(facts.events) if _is_undecided(facts.events, position)]
    if not waiting:
        return None
    request = min(waiting, key=lambda event: (event.from_ or event.on, event.on))
    begins = request.from_
    if begins is None:
        due = facts.moment.due_this_week(request.on)
        dates = "for days that are not said"
    else:
        due = Deadline(facts.moment.calendar.school_day_before(begins) or begins)
        until = f" to {say_day(request.to)}" if isinstance(request.to, date) else ""
        dates = f"from {say_day(begins)}{until}"
    others = f" {say_count(len(waiting) - 1, 'more request')} also undecided." if len(waiting) > 1 else ""
    return Raised(
        Finding(
            f"Leave was asked for on {say_day(request.on)}, {dates}, and is not decided.{others}", since=request.on
        ),
        Duty(
            Act.DECIDE,
            "Decide on this request by itself, before the leave begins; write down the decision and its reason.",
            Role.HEAD,
            "leave request",
        ),
        due,
    )


def _is_undecided(events: tuple[Event, ...], position: int) -> bool:
    request = events[position]
    if request.kind is not EventKind.LEAVE_REQUESTED:
        return False
    return not any(_decides(event, request) for event in events[position + 1 :])


def _decides(event: Event, request: Event) -> bool:
    """Whether a later event decides the request: one about other days leaves it open."""
    if event.kind is EventKind.DECISION:
        return event.about == "england.leave-request"
    if event.kind not in {EventKind.LEAVE_GRANTED, EventKind.LEAVE_REFUSED}:
        return False
    asked, decided = _days_of(request), _days_of(event)
    return asked is None or decided is None or (asked[0] <= decided[1] and decided[0] <= asked[1])


def _days_of(event: Event) -> tuple[date, date] | None:
    """The first and last day that a request or its decision is about; None where none is said."""
    last = event.to if isinstance(event.to, date) else None
    first = event.from_ or last
    return None if first is None else (first, last or first)


# -- part time -------------------------------------------------------------------------------------------------


def is_part_time_without_agreement(facts: Facts, numbers: Numbers) -> Raised | None:
    """Regulation 11(6): code C2 stands on a timetable agreed with a parent, with its dates and its end."""
    if agreement_of(facts) is not None:
        return None
    indexes = _in_use(facts, numbers, after=None)
    if not indexes:
        return None
    first = facts.moment.day(indexes[0])
    sentence = f"Code C2 since {say_day(first)}, and no agreement with an end is recorded."
    return _raised(facts, numbers, sentence, indexes, first)


def has_part_time_ended(facts: Facts, numbers: Numbers) -> Raised | None:
    """The timetable's last day has come, or has passed while code C2 goes on."""
    agreement = agreement_of(facts)
    if agreement is None or facts.on < agreement.until:
        return None
    if agreement.agreed_on == facts.on == agreement.until:
        return None  # written today to end it today
    until = say_day(agreement.until)
    if facts.on == agreement.until:
        return _raised(facts, numbers, f"The agreed part-time timetable ends today, {until}.", (), agreement.until)
    indexes = _in_use(facts, numbers, after=agreement.until)
    if not indexes:
        return None
    sentence = f"The agreed part-time timetable ended on {until}, and code C2 goes on."
    return _raised(facts, numbers, sentence, indexes, agreement.until)


def is_part_time_review_due(facts: Facts, numbers: Numbers) -> Raised | None:
    """The day on which the timetable was to be reviewed has come, and no review is recorded."""
    agreement = agreement_of(facts)
    if agreement is None or agreement.review_on is None or not agreement.review_on <= facts.on <= agreement.until:
        return None
    if facts.last_of(EventKind.REVIEW_HELD, since=agreement.review_on) is not None:
        return None
    sentence = f"The part-time timetable was to be reviewed on {say_day(agreement.review_on)}; no review is recorded."
    return _raised(facts, numbers, sentence, (), agreement.review_on)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A timetable agreed to a day, the day of its review where one was set, and the day it was agreed."""

    until: date
    review_on: date | None
    agreed_on: date


def agreement_of(facts: Facts) -> Agreement | None:
    """The latest agreement that says when it ends: one without an end is no agreement."""
    for event in reversed(facts.events_of_stay):
        if event.kind is EventKind.PART_TIME_AGREED and event.until is not None:
            return Agreement(event.until, event.review_on, event.on)
    return None


def _in_use(facts: Facts, numbers: Numbers, *, after: date | None) -> tuple[int, ...]:
    """The C2 sessions after a day, the latest within the last school days: a timetable may give one a week."""
    if PART_TIME not in facts.line:
        return ()
    calendar = facts.moment.calendar
    first = 0 if after is None else calendar.count_sessions_through(after)
    indexes = runs.indexes_of(facts.line, PART_TIME, first=first)
    if not indexes:
        return ()
    passed = calendar.count_school_days_after(facts.moment.day(indexes[-1]), through=facts.on)
    if passed >= numbers[IN_USE]:
        return ()
    begins = _begins(facts, indexes, numbers[IN_USE])
    return indexes[begins:]


def _begins(facts: Facts, indexes: tuple[int, ...], gap: int) -> int:
    """Where the timetable now in use begins: an earlier one lies as many school days back as end it."""
    count = facts.moment.calendar.count_school_days_after
    for position in range(len(indexes) - 1, 0, -1):
        earlier, later = facts.moment.day(indexes[position - 1]), facts.moment.day(indexes[position])
        if count(earlier, through=later) > gap:
            return position
    return 0


def _raised(facts: Facts, numbers: Numbers, sentence: str, indexes: tuple[int, ...], since: date) -> Raised:
    return Raised(
        finding_of_sessions(facts, sentence, counted=indexes, parameters=numbers.used(IN_USE), since=since),
        Duty(
            Act.REVIEW,
            "Agree the timetable with a parent for dated days, review it, or end it; tell the authority.",
            Role.HEAD,
            "part-time timetable",
        ),
        facts.moment.due_on(since),
    )


RULES: Final = (
    Rule(
        id="england.leave-request",
        title="Leave request awaits a decision",
        authority=Authority.LAW,
        references=(regulation(11), working_together("leave of absence in exceptional circumstances")),
        severity=Severity.THIS_WEEK,
        settled_by="The decision, with its reason.",
        about="Leave is granted or refused before it begins, never afterwards, and each request on its own merits. A "
        "family that hears nothing may go, and the child's return is then nobody's date.",
        limbs=(has_undecided_request,),
        in_force_from=IN_FORCE_FROM,
        needs_absence_or_event=True,
    ),
    Rule(
        id="england.part-time-timetable",
        title="Part-time timetable to be agreed, reviewed or ended",
        authority=Authority.LAW,
        references=(regulation(11, "(6)"), working_together("part-time timetables")),
        severity=Severity.THIS_WEEK,
        settled_by="A new dated agreement, the review, or the end of the timetable.",
        about="A pupil of compulsory school age may be on fewer sessions only for a time, in the pupil's own interest, "
        "and as agreed with a parent. Without its dates the arrangement has no end, and a child is half out of school.",
        limbs=(is_part_time_without_agreement, has_part_time_ended, is_part_time_review_due),
        in_force_from=IN_FORCE_FROM,
    ),
)
