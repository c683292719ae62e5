"""Why a rule of English law or guidance is not so of a pupil, where one fact alone keeps it quiet.

``why_not_roll`` answers for the rules about coming on roll, leave and leaving it.

Each function answers with the reason, or with nothing where it can't be sure of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.contacts import Household
from cme_desktop.policy import runs
from cme_desktop.policy.contact_lists import PEOPLE_WANTED, can_be_rung
from cme_desktop.policy.rules.long_absence import unseen_from
from cme_desktop.policy.rules.penalty import open_to_count
from cme_desktop.policy.sickness import Sickness
from cme_desktop.policy.why_not_roll import WHY_NOT_ROLL
from cme_desktop.policy.why_not_words import say_mark
from cme_desktop.policy.wording import say_as_days, say_count, say_day

if TYPE_CHECKING:
    from cme_desktop.policy.why_not_words import WhyNot

_ELSEWHERE: Final = b"DKB"
_UNAUTHORISED: Final = b"GOUN"
_LATELY: Final = 100
"""Sessions: a run that ended longer ago is not spoken of."""


# -- today ---------------------------------------------------------------------------------------------------------


def _unexplained(known: WhyNot) -> str:
    return known.not_absent_today() or known.explained()


def _social_worker(known: WhyNot) -> str:
    if not known.facts.has_social_worker and not known.facts.has_youth_justice_worker:
        return "no social worker and no youth justice worker recorded"
    return known.not_absent() or known.explained()


def _looked_after(known: WhyNot) -> str:
    if not known.facts.is_looked_after:
        return "not recorded as looked after"
    return known.not_absent() or known.explained()


def _elsewhere(known: WhyNot) -> str:
    if runs.count_of(known.facts.todays_line, _ELSEWHERE):
        return ""
    return "no session of today has code D, K or B"


def _never_started(known: WhyNot) -> str:
    facts = known.facts
    if facts.last_attended >= 0:
        return f"has attended, last on {known.near(facts.moment.day(facts.last_attended))}"
    if facts.record.line_begins_at_records:
        return "was on roll before the records begin"
    starts = facts.pupil.starting_day
    if starts is None:
        return "no starting day is recorded"
    if starts > facts.on:
        return f"starts on {say_day(starts)}"
    first = facts.moment.calendar.count_sessions_before(starts)
    if first >= len(facts.line):
        return f"no session since the starting day, {say_day(starts)}, is over"
    return known.explained()


# -- the register --------------------------------------------------------------------------------------------------


def _register(known: WhyNot) -> str:
    return "" if runs.UNKNOWN in known.facts.record.line else "every session due so far is marked"


def _still_n(known: WhyNot) -> str:
    first = known.facts.line.find(b"N")
    return "no session of an earlier day is still N" if first < 0 or first >= known.facts.moment.today_first else ""


# -- runs and counts -----------------------------------------------------------------------------------------------


def _return_of_ten_days(known: WhyNot) -> str:
    needed = known.numbers["england.attendance-return.sessions"]
    return known.not_of_age() or _short_run(known, known.facts.run_of_20, runs.RUN_OF_20, needed, "G, N, O and U")


def _twenty_days(known: WhyNot) -> str:
    needed = known.numbers["england.twenty-days.sessions"]
    return _short_run(known, known.facts.run_of_40, runs.RUN_OF_40, needed, "G, N and O")


def _short_run(known: WhyNot, run: runs.Run, keeps: bytes, needed: int, codes: str) -> str:
    """Say how far a run has come, and which mark broke it or comes before it."""
    if run.length >= needed:
        return ""
    line, moment = known.facts.line, known.facts.moment
    count = f"{known.most}{run.length} of {say_count(needed, 'session')}"
    broken_at = len(line.rstrip(keeps + runs.SKIPPED))
    if not broken_at:
        return f"{count} in a row with codes {codes.replace(' and', ' or')}"
    if run.length:
        before = f"{say_mark(line[broken_at - 1])} on {known.near(moment.day(broken_at - 1))}"
        return f"{count}: the run of {codes} begins after {before}"
    last_kept = max(line.rfind(bytes([symbol])) for symbol in keeps)
    if last_kept < 0 or len(line) - last_kept > _LATELY:
        last = f"{say_mark(line[broken_at - 1])} on {known.near(moment.day(broken_at - 1))}"
        return f"{count} in a row with codes {codes.replace(' and', ' or')}: the last mark is {last}"
    rest = line[last_kept + 1 :]
    breaker = last_kept + 1 + len(rest) - len(rest.lstrip(runs.SKIPPED))
    return f"{count}: the run of {codes} was broken by {say_mark(line[breaker])} on {known.near(moment.day(breaker))}"


def _penalty(known: WhyNot) -> str:
    facts, needed = known.facts, known.numbers["england.penalty-threshold.sessions"]
    weeks = known.numbers["england.penalty-threshold.weeks"]
    window = facts.moment.first_of_weeks(weeks)
    count = runs.count_of(facts.line, _UNAUTHORISED, first=window)
    if count >= needed:
        first, last = open_to_count(facts)
        still = runs.count_of(facts.line, _UNAUTHORISED, first=max(window, first), last=last)
        return known.not_of_age() or (
            f"{known.most}{still} of {say_count(needed, 'session')}: the others of {count} within {weeks} school weeks "
            "were decided on, or are not of compulsory school age"
        )
    return f"{known.most}{count} of {say_count(needed, 'session')} with codes G, O, U or N within {weeks} school weeks"


def _sickness_nears(known: WhyNot) -> str:
    facts, needed = known.facts, known.numbers["england.sickness-approaching.days"]
    ill = runs.count_of(facts.line, b"I", first=facts.year_first)
    if ill < 2 * needed:
        return f"{say_as_days(ill)} of illness this school year; {needed} are needed"
    return "no session of today has code I" if b"I" not in facts.todays_line else ""


def _sickness(known: WhyNot) -> str:
    needed = known.numbers["england.sickness-return.days"]
    sickness = Sickness(known.facts)
    if sickness.reaches(2 * needed):
        return known.not_of_age()
    return f"{say_as_days(sickness.total)} of illness this school year, had or expected; {needed} are needed"


def _persistent(known: WhyNot) -> str:
    return _share(known, "england.persistent-absence.percent")


def _severe(known: WhyNot) -> str:
    return _share(known, "england.severe-absence.percent")


def _share(known: WhyNot, name: str) -> str:
    enough = known.numbers["england.persistent-absence.possible"]
    return known.short_of_share(percent=known.numbers[name], enough=enough)


def _not_seen(known: WhyNot) -> str:
    facts, needed = known.facts, known.numbers["england.not-seen.days"]
    seen, begins = facts.last_seen, unseen_from(facts)
    if begins is None:
        return "no session that the records judge is over"
    days = facts.moment.calendar.school_days_between(begins, facts.on)
    if facts.moment.is_school_day and not facts.moment.is_day_over:
        days = tuple(day for day in days if day != facts.on)
    if len(days) >= needed:
        return ""
    last = f"last seen on {known.near(seen.on)} ({seen.how})" if seen else f"never seen since {say_day(begins)}"
    return f"{known.most}{len(days)} of {say_count(needed, 'school day')}: {last}"


def _leave(known: WhyNot) -> str:
    if known.facts.absence is None:
        return known.not_absent()
    return "" if known.facts.leave_ended_on else "no granted leave has ended in this absence"


# -- what is known -------------------------------------------------------------------------------------------------


def _contacts(known: WhyNot) -> str:
    to_ring = [one for one in known.facts.record.contacts if can_be_rung(one)]
    outside = sum(1 for one in to_ring if one.household is not Household.HOME)
    if len(to_ring) < known.numbers[PEOPLE_WANTED] or not outside:
        return ""
    return f"{len(to_ring)} people with a working number, {outside} of them outside the home"


def _facts_known(known: WhyNot) -> str:
    pupil = known.facts.pupil
    if pupil.born is None:
        return ""
    if pupil.starting_day is None:
        return "the date of birth is recorded, and no starting day is agreed yet" if pupil.is_awaited else ""
    return "the date of birth and the starting day are recorded"


WHY_NOT_LAW: Final[Mapping[str, Callable[[WhyNot], str]]] = {
    **WHY_NOT_ROLL,
    "england.unexplained-absence": _unexplained,
    "england.social-worker-told": _social_worker,
    "england.looked-after-told": _looked_after,
    "england.elsewhere-unconfirmed": _elsewhere,
    "england.never-started": _never_started,
    "england.register-not-taken": _register,
    "england.unresolved-n": _still_n,
    "england.leave-not-returned": _leave,
    "england.twenty-days": _twenty_days,
    "england.not-seen": _not_seen,
    "england.attendance-return": _return_of_ten_days,
    "england.penalty-threshold": _penalty,
    "england.sickness-approaching": _sickness_nears,
    "england.sickness-return": _sickness,
    "england.persistent-absence": _persistent,
    "england.severe-absence": _severe,
    "england.emergency-contacts": _contacts,
    "england.missing-fact": _facts_known,
}
"""The rules whose reasons are known; of any other it is said what would raise it."""
