"""The returns to the authority that absence asks for: ten school days unauthorised, fifteen of sickness."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.calendar import add_calendar_months
from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import Event, ReturnKind
from cme_desktop.policy import runs
from cme_desktop.policy.evidence import finding_of_run, finding_of_sessions
from cme_desktop.policy.rule import Act, Authority, Duty, Raised, Rule, Severity
from cme_desktop.policy.rules.sources import IN_FORCE_FROM, regulation, working_together
from cme_desktop.policy.sickness import Sickness
from cme_desktop.policy.wording import say_as_days, say_count, say_day

if TYPE_CHECKING:
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers

_AUTHORITY: Final = "authority"
_ILLNESS: Final = b"I"


# -- attendance return ---------------------------------------------------------------------------------------------


def has_ten_days_unauthorised(facts: Facts, numbers: Numbers) -> Raised | None:
    """Regulation 13: a continuous period of ten school days or more, every session G, N, O or U."""
    needed = numbers["england.attendance-return.sessions"]
    run = facts.run_of_20
    if run.length < needed or not facts.may_be_of_compulsory_age:
        return None
    counted = runs.indexes_of(facts.line, runs.RUN_OF_20, first=run.first)
    reached_on = _not_before_compulsory_age(facts, facts.moment.day(counted[needed - 1]))
    sent = facts.last_return(ReturnKind.ATTENDANCE, since=run.first)
    again_on = _again_on(sent, numbers)
    if again_on is not None and facts.on < again_on:
        return None
    return asked_of_compulsory_age(
        facts,
        Raised(
            finding_of_run(
                facts,
                _say_run(facts, run, sent),
                counted=counted,
                progress=f"{run.length} of {needed} sessions",
                parameters=numbers.used("england.attendance-return.sessions", "england.attendance-return.interval"),
            ),
            Duty(Act.SEND_RETURN, "Send the attendance return to the authority.", Role.OFFICE, _AUTHORITY),
            facts.moment.due_on(again_on or reached_on),
        ),
    )


def _again_on(sent: Event | None, numbers: Numbers) -> date | None:
    if sent is None:
        return None
    return add_calendar_months(sent.on, count=numbers["england.attendance-return.interval"])


def _say_run(facts: Facts, run: runs.Run, sent: Event | None) -> str:
    least = "At least " if facts.reaches_beginning(run.first) else ""
    since = say_day(facts.moment.day(run.first))
    sentence = (
        f"{least}{say_count(run.length, 'session')} in a row ({say_as_days(run.length)}) "
        f"with codes G, N, O or U, since {since}."
    )
    return sentence if sent is None else f"{sentence} The last return was sent on {say_day(sent.on)}."


# -- sickness ------------------------------------------------------------------------------------------------------


def nears_fifteen_days_of_sickness(facts: Facts, numbers: Numbers) -> Raised | None:
    """The program's early reminder: ask when the pupil is expected back."""
    if b"I" not in facts.todays_line:
        return None
    needed = 2 * numbers["england.sickness-approaching.days"]
    ill = runs.indexes_of(facts.line, _ILLNESS, first=facts.year_first)
    if len(ill) < needed or _is_return_expected(facts):
        return None
    began = facts.absence.indexes[0] if facts.absence else facts.moment.today_first
    since = facts.moment.day(max(ill[needed - 1], next(index for index in ill if index >= began)))
    sentence = (
        f"{say_as_days(len(ill))} of illness this school year, and no day recorded on which the pupil is expected back."
    )
    return Raised(
        finding_of_sessions(
            facts,
            sentence[0].upper() + sentence[1:],
            counted=ill,
            progress=f"{say_as_days(len(ill))} of {numbers['england.sickness-return.days']}",
            parameters=numbers.used("england.sickness-approaching.days"),
            since=since,
        ),
        Duty(Act.ASK, "Ask the family when the pupil is expected back.", Role.OFFICE, "family"),
        facts.moment.due_this_week(since),
    )


def _is_return_expected(facts: Facts) -> bool:
    back = facts.expects_back
    return back is not None and back > facts.on


def has_fifteen_days_of_sickness(facts: Facts, numbers: Numbers) -> Raised | None:
    """Regulation 13: the pupil is believed likely to miss fifteen school days through sickness in the year."""
    sickness = Sickness(facts)
    needed = 2 * numbers["england.sickness-return.days"]
    if not sickness.reaches(needed) or not facts.may_be_of_compulsory_age:
        return None
    # one return is made for a continuous period; another only for a later period that reaches the number itself
    answered = sickness.answered_on()
    later = None if answered is None else sickness.later_spell(answered, needed)
    if answered is not None and later is None:
        return None
    reached_on = (later.reached_on if later else None) or sickness.reached_on(needed)
    since = _not_before_compulsory_age(facts, reached_on)
    had, more = say_as_days(len(sickness.had)), say_as_days(sickness.expected)
    expected = f", and {more} more expected: {say_as_days(sickness.total)} in all" if sickness.expected else ""
    sentence = f"{had} of illness this school year{expected}."
    if answered is not None and later is not None:
        alone = say_as_days(later.sessions)
        sentence += f" The spell after the return or decision of {say_day(answered)} makes {alone} by itself."
    return asked_of_compulsory_age(
        facts,
        Raised(
            finding_of_sessions(
                facts,
                sentence[0].upper() + sentence[1:],
                counted=sickness.had,
                progress=f"{say_as_days(sickness.total)} of {needed // 2}",
                parameters=numbers.used("england.sickness-return.days"),
                since=since,
            ),
            Duty(
                Act.SEND_RETURN, "Send the sickness return to the authority.", Role.OFFICE, f"{_AUTHORITY} (sickness)"
            ),
            facts.moment.due_on(since),
        ),
    )


# -- compulsory school age -----------------------------------------------------------------------------------------


def _not_before_compulsory_age(facts: Facts, day: date) -> date:
    age = facts.compulsory_age
    return day if age is None else max(day, age[0])


def asked_of_compulsory_age(facts: Facts, raised: Raised) -> Raised:
    """Mark what is raised as incomplete where no date of birth says whether the pupil is of compulsory school age."""
    if facts.compulsory_age is not None:
        return raised
    sentence = f"{raised.finding.sentence} The date of birth is not recorded, so the pupil's age can't be judged."
    return replace(raised, finding=replace(raised.finding, sentence=sentence), severity=Severity.INCOMPLETE)


RULES: Final = (
    Rule(
        id="england.attendance-return",
        title="Attendance return due",
        authority=Authority.LAW,
        references=(regulation(13), working_together("returns to the local authority")),
        severity=Severity.TODAY,
        settled_by="The attendance return is recorded as sent; it is due again a month later while the run lasts.",
        about="After ten school days in a row of unauthorised absence the school must tell the authority. It is a "
        "duty, not a choice. Weekends, holidays, INSET days and closures are passed over; any other code ends the run.",
        limbs=(has_ten_days_unauthorised,),
        in_force_from=IN_FORCE_FROM,
    ),
    Rule(
        id="england.sickness-approaching",
        title="Long illness: ask about the return",
        authority=Authority.GUIDANCE,
        references=(regulation(13), working_together("returns to the local authority")),
        severity=Severity.THIS_WEEK,
        settled_by="The day on which the pupil is expected back is recorded.",
        about="The sickness return is owed as soon as fifteen days are expected. Whoever asks in time knows in time.",
        limbs=(nears_fifteen_days_of_sickness,),
        in_force_from=IN_FORCE_FROM,
    ),
    Rule(
        id="england.sickness-return",
        title="Sickness return due",
        authority=Authority.LAW,
        references=(regulation(13), working_together("returns to the local authority")),
        severity=Severity.TODAY,
        settled_by="The sickness return is recorded as sent, or a decision that the authority agrees none is needed.",
        about="The authority is told of a pupil who has missed, or is expected to miss, fifteen school days of the "
        "school year through illness, in one piece or in several.",
        limbs=(has_fifteen_days_of_sickness,),
        in_force_from=IN_FORCE_FROM,
    ),
)
