"""Why a pupil is on the list: the finding, its sessions counted and days skipped, the number, the clause, the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from cme_desktop.casework.call_card import DayMarks, counted_words, day_marks
from cme_desktop.casework.dismissals import say_back, say_return
from cme_desktop.casework.in_words import capital, say_day, say_long_day
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.protected_reading import note_reading
from cme_desktop.casework.today.state import TodayState, load_today_state
from cme_desktop.casework.veil import FASTER, tells_protection, veiled
from cme_desktop.domain.attendance import SchoolSession
from cme_desktop.domain.calendar import DayKind, NoSchool, monday_of
from cme_desktop.domain.day_names import short_month_name
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right, may
from cme_desktop.policy.coming_rules import ComingRule, coming_rules
from cme_desktop.policy.dismissal import return_of_dismissed
from cme_desktop.policy.rule import Authority, Flag, ParameterUsed, Reference
from cme_desktop.storage.flags import FlagReview, key_of

COMING_TITLE: Final = "What comes next"
COMING_SUPPOSES: Final = "If the absence goes on with the same code and nothing else happens:"

_WEEKS_SHOWN: Final = 5
_DAYS_NAMED: Final = 3
_POLICY_S_OWN: Final = "policy"
_NUMBER_OF_LAW: Final = re.compile(r"\((SI \d+/\d+)\)")


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A weekday of the session calendar: its marks, or why there was no school."""

    on: date
    marks: DayMarks | None
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the session calendar; ``skipped`` where no day of it was held."""

    title: str
    days: tuple[WeekDay, ...]
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause that asks for the duty, who speaks through it, and where the law's own text stands."""

    text: str
    authority: str
    url: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One flag, explained in full; every text is fit to be shown with the pupil's name beside it.

    ``back`` says why a flag that was dismissed is here again, ``if_dismissed`` when it would return from today on.
    ``coming`` is the pupil's, the same for each of the flags: what would come next if the absence went on.
    """

    flag: Flag
    rule_id: str
    title: str
    sentence: str
    progress: str
    progress_of: str
    weeks: tuple[Week, ...]
    has_unknown: bool
    counted: str
    not_counted: str
    parameters: tuple[str, ...]
    clauses: tuple[ClauseLine, ...]
    due: str
    settled_by: str
    would_change: str
    duty: str
    duty_by: str
    about: str
    review: FlagReview | None
    back: str = ""
    if_dismissed: str = ""
    coming: tuple[str, ...] = ()


def on_paper(name: str, explanations: tuple[Explanation, ...]) -> str:
    """Write every explanation of a pupil's flags as plain lines, for printing."""
    coming = explanations[0].coming if explanations else ()
    ahead = ("\n".join((COMING_TITLE, COMING_SUPPOSES, *coming)),) if coming else ()
    return "\n\n".join((f"Why {name} is on the list", *(_lines_of(one) for one in explanations), *ahead))


def facts_in_order(one: Explanation) -> tuple[tuple[str, str], ...]:
    """Label and words of an explanation's facts, in the order they are shown; those that say nothing are left out."""
    facts = (
        ("Dismissed before", one.back),
        ("Counted", one.counted),
        ("Not counted", one.not_counted),
        ("In short", one.about),
        ("Parameter", "\n".join(one.parameters)),
        ("Clause", "\n".join(clause.text for clause in one.clauses)),
        ("Due", one.due),
        ("Settled by", one.settled_by),
        ("Would change it", one.would_change),
    )
    return tuple((label, words) for label, words in facts if words)


def _lines_of(one: Explanation) -> str:
    facts = (f"{label}: {words.replace(chr(10), '; ')}" for label, words in facts_in_order(one))
    return "\n".join((one.sentence, f"To do: {one.duty} ({one.duty_by})", *facts, f"Rule: {one.rule_id}"))


def explain_flags(state: TodayState, pupil_id: PupilId, flags: tuple[Flag, ...]) -> tuple[Explanation, ...]:
    """Explain each flag of a pupil, in the order given, and what would come next, as far as the reader may know."""
    coming = say_coming(state, pupil_id) if flags else ()
    explained = tuple(replace(explain_flag(state, pupil_id, flag), coming=coming) for flag in flags)
    if may(state.role, Right.SEE_PROTECTION):
        return explained
    return tuple(_without_why(one) for one in explained)


def _without_why(one: Explanation) -> Explanation:
    tells = tells_protection(one.title) or tells_protection(one.rule_id.replace("-", " "))
    return replace(veiled(one), rule_id=FASTER if tells else one.rule_id)


@needs(Right.SEE_NAMES)
def load_explanations(office: Office, *, pupil_id: PupilId, first: str = "") -> tuple[Explanation, ...]:
    """Explain every flag of a pupil as it stands now, that of the rule ``first`` before the others."""
    state = load_today_state(office)
    flags = sorted(state.flags.get(pupil_id, ()), key=lambda flag: flag.rule_id != first)
    explained = explain_flags(state, pupil_id, tuple(flags))
    note_reading(office, explained, pupil_id=pupil_id, where="explanation")
    return explained


def say_coming(state: TodayState, pupil_id: PupilId) -> tuple[str, ...]:
    """Say when each rule up the ladder would be raised, should the absence go on, and what it would ask for."""
    record = state.records.get(pupil_id)
    if record is None:
        return ()
    roll = state.roll
    return tuple(_say_coming_rule(one, state) for one in coming_rules(record, roll.judgement, roll.rulebook))


def _say_coming_rule(coming: ComingRule, state: TodayState) -> str:
    day = "Later today" if coming.on == state.on else say_day(coming.on)
    what = coming.flag.duty.what.partition(". ")[0].rstrip(".")
    return f"{day}: {what[:1].lower()}{what[1:]} ({say_short_citation(coming.flag.references[0])})"


def say_short_citation(reference: Reference) -> str:
    """Cite a clause in few words: a law by its number, guidance and policies by their title."""
    number = _NUMBER_OF_LAW.search(reference.title)
    title = number.group(1) if number else reference.title.removesuffix(" (statutory guidance)")
    return f"{title}, {reference.clause}" if reference.clause else title


def explain_flag(state: TodayState, pupil_id: PupilId, flag: Flag) -> Explanation:
    """Explain one flag."""
    finding = flag.finding
    progress, _, progress_of = finding.progress.partition(" sessions")
    return Explanation(
        flag=flag,
        rule_id=flag.rule_id,
        title=flag.title,
        sentence=finding.sentence,
        progress=progress if progress_of or "sessions" in finding.progress else finding.progress,
        progress_of="sessions counted" if "session" in finding.progress else "",
        weeks=_weeks(state, pupil_id, flag),
        has_unknown=bool(finding.ask),
        counted=_counted(state, flag),
        not_counted=_not_counted(flag),
        parameters=tuple(say_parameter(_with_source(state, flag, one)) for one in finding.parameters),
        clauses=tuple(_clause(one, flag.authority) for one in flag.references),
        due=_due(state, flag),
        settled_by=capital(flag.settled_by),
        would_change=_would_change(state, flag),
        duty=capital(flag.duty.what),
        duty_by=flag.duty.by.in_words,
        about=_about(state, flag),
        review=state.reviews.get(key_of(flag)),
        back=say_back(state.returned.get(key_of(flag)), state.roll.judgement),
        if_dismissed=say_return(return_of_dismissed(state.moment, state.roll.rulebook)),
    )


def _about(state: TodayState, flag: Flag) -> str:
    rule = state.roll.rulebook.find_rule(flag.rule_id)
    return str(getattr(rule, "about", ""))  # a school's own rule has no words of its own


def say_parameter(used: ParameterUsed) -> str:
    """Say a number a finding rests on with its unit, whose it is and since when: never by the program's own name."""
    unit = used.unit.value if isinstance(used.unit, DayKind) else used.unit
    plural = unit if used.value == 1 or not unit or unit.endswith("s") else f"{unit}s"
    since = f", since {used.since.day} {short_month_name(used.since)} {used.since:%Y}" if used.since else ""
    return f"{used.value} {plural}".strip() + f" ({used.source}{since})"


def _with_source(state: TodayState, flag: Flag, used: ParameterUsed) -> ParameterUsed:
    """Name the policy that a policy's own number comes from, and the day from which the policy holds."""
    if used.source != _POLICY_S_OWN:
        return used
    title = next((one.title for one in flag.references if one.policy_id == flag.policy_id), used.source)
    rule = state.roll.rulebook.find_rule(flag.rule_id)
    return replace(used, source=title, since=used.since or getattr(rule, "in_force_from", None))


def _clause(reference: Reference, authority: Authority) -> ClauseLine:
    said = "guidance" if "guidance" in reference.title.casefold() else authority.value
    return ClauseLine(str(reference), said, reference.url)


def _counted(state: TodayState, flag: Flag) -> str:
    words = counted_words(flag, today=state.on)
    if not words:
        return "No session is counted for this."
    if flag.finding.counted[0].on < _first_week_shown(state, flag):
        words += f" The calendar shows the last {_WEEKS_SHOWN} weeks of them."
    return words


def _not_counted(flag: Flag) -> str:
    if not flag.finding.skipped:
        return ""
    by_reason: dict[str, list[date]] = {}
    for day, why in flag.finding.skipped:
        by_reason.setdefault(why, []).append(day)
    return "; ".join(f"{capital(why)}: {_say_days(days)}" for why, days in by_reason.items())


def _say_days(days: list[date]) -> str:
    if len(days) <= _DAYS_NAMED:
        return ", ".join(say_day(day) for day in days)
    return f"{len(days)} days, {say_day(days[0])} to {say_day(days[-1])}"


def _due(state: TodayState, flag: Flag) -> str:
    if flag.due is None:
        return "No deadline: to be watched."
    if flag.due.on == state.on:
        words = f"Today, {say_long_day(state.on)}"
        return words + (f", by {flag.due.by.hour}:{flag.due.by.minute:02d}." if flag.due.by else ".")
    late = "Late: it was due on " if flag.due.is_overdue(state.at) else ""
    return f"{late}{say_long_day(flag.due.on)}."


def _would_change(state: TodayState, flag: Flag) -> str:
    del state
    if flag.finding.ask:
        return "The sessions that nobody marked, once they are found out."
    if flag.finding.counted:
        return "A correction of any session counted to a code that does not count."
    return "A correction of the facts it rests on."


def _weeks(state: TodayState, pupil_id: PupilId, flag: Flag) -> tuple[Week, ...]:
    counted = frozenset((*flag.finding.counted, *flag.finding.ask))
    first, last = _first_week_shown(state, flag), monday_of(state.on)
    return tuple(
        _week(state, pupil_id, first + timedelta(weeks=n), counted) for n in range((last - first).days // 7 + 1)
    )


def _first_week_shown(state: TodayState, flag: Flag) -> date:
    sessions = (*flag.finding.counted, *flag.finding.ask)
    first = monday_of(min((one.on for one in sessions), default=state.on))
    return max(first, monday_of(state.on) - timedelta(weeks=_WEEKS_SHOWN - 1))


def _week(state: TodayState, pupil_id: PupilId, monday: date, counted: frozenset[SchoolSession]) -> Week:
    calendar = state.moment.calendar
    days = []
    for offset in range(5):
        on = monday + timedelta(days=offset)
        why = calendar.why_no_school(on)
        marks = None if why else day_marks(state, pupil_id, on, counted)
        days.append(WeekDay(on, marks, _short(why)))
    friday = monday + timedelta(days=4)
    start = f"{monday.day}" if monday.month == friday.month else f"{monday.day} {short_month_name(monday)}"
    none = all(day.marks is None for day in days)
    return Week(f"{start}–{friday.day} {short_month_name(friday)}", tuple(days), "holiday, not counted" if none else "")


def _short(why: NoSchool | None) -> str:
    if why is None:
        return ""
    return {NoSchool.INSET: "INSET", NoSchool.BANK_HOLIDAY: "bank hol."}.get(why, why.value)
