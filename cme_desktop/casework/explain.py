"""Why a pupil is on the list: the finding, its sessions counted and days skipped, the number, the clause, the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cme_desktop.casework.call_card import DayMarks, counted_words, day_marks
from cme_desktop.casework.in_words import capital, say_day, say_long_day
from cme_desktop.casework.today.state import TodayState
from cme_desktop.domain.attendance import SchoolSession
from cme_desktop.domain.calendar import DayKind, NoSchool, monday_of
from cme_desktop.domain.day_names import short_month_name
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.rule import Authority, Flag, ParameterUsed, Reference
from cme_desktop.storage.flags import FlagReview, key_of

_WEEKS_SHOWN: Final = 5


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
    """One flag, explained in full; every text is fit to be shown with the pupil's name beside it."""

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


def on_paper(name: str, explanations: tuple[Explanation, ...]) -> str:
    """Write every explanation of a pupil's flags as plain lines, for printing."""
    return "\n\n".join((f"Why {name} is on the list", *(_lines_of(one) for one in explanations)))


def facts_in_order(one: Explanation) -> tuple[tuple[str, str], ...]:
    """Label and words of an explanation's facts, in the order they are shown; those that say nothing are left out."""
    facts = (
        ("Counted", one.counted),
        ("Not counted", one.not_counted),
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
    """Explain each flag of a pupil, in the order given."""
    return tuple(explain_flag(state, pupil_id, flag) for flag in flags)


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
        parameters=tuple(say_parameter(one) for one in finding.parameters),
        clauses=tuple(_clause(one, flag.authority) for one in flag.references),
        due=_due(state, flag),
        settled_by=capital(flag.settled_by),
        would_change=_would_change(state, flag),
        duty=capital(flag.duty.what),
        duty_by=flag.duty.by.in_words,
        about=_about(state, flag),
        review=state.reviews.get(key_of(flag)),
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


def _clause(reference: Reference, authority: Authority) -> ClauseLine:
    said = "guidance" if "guidance" in reference.title.casefold() else authority.value
    return ClauseLine(str(reference), said, reference.url)


def _counted(state: TodayState, flag: Flag) -> str:
    return counted_words(flag, today=state.on) or "No session is counted for this."


def _not_counted(flag: Flag) -> str:
    if not flag.finding.skipped:
        return ""
    by_reason: dict[str, list[date]] = {}
    for day, why in flag.finding.skipped:
        by_reason.setdefault(why, []).append(day)
    parts = [
        f"{capital(why)} {say_day(days[0])}" if len(days) == 1 else f"{capital(why)} ({len(days)} days)"
        for why, days in by_reason.items()
    ]
    return ", ".join(parts)


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
    sessions = (*flag.finding.counted, *flag.finding.ask)
    last = monday_of(state.on)
    first = monday_of(min((one.on for one in sessions), default=state.on))
    first = max(first, last - timedelta(weeks=_WEEKS_SHOWN - 1))
    counted = frozenset(sessions)
    return tuple(
        _week(state, pupil_id, first + timedelta(weeks=n), counted) for n in range((last - first).days // 7 + 1)
    )


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
