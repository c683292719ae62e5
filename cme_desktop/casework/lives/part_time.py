"""Part time: every pupil with an agreed part-time timetable, or with code C2 and no agreement.

For a pupil of compulsory school age the marks carry it: each session the timetable leaves out is marked C2, so that
the absence stays in sight and is counted. Agreed sessions of the week in the pupil's own record (``SessionPattern``)
make the others outside; they are for nursery children alone, and a pupil of compulsory age who has some is said here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from cme_desktop.casework.in_words import count_of, say_day
from cme_desktop.casework.lives.life import Fact, LifeDesk, LifeFile, LifeRow, Step, StepState
from cme_desktop.casework.lives.part_time_acts import read_sessions, say_sessions
from cme_desktop.casework.lives.reading import (
    flags_of,
    pupil_row,
    read_events,
    read_papers,
    read_pupil,
    record_of,
    sort_rows,
    standing,
    tell_life,
)
from cme_desktop.domain.attendance import AttendanceCode
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.pupils import Circumstance, is_of_compulsory_school_age
from cme_desktop.policy import runs
from cme_desktop.policy.record import PupilRecord
from cme_desktop.policy.rules.leaving import tells_authority
from cme_desktop.storage.events import WrittenEvent
from cme_desktop.storage.pupils import PupilDetails

PAPERS: Final = "part time"
RULES: Final = ("part-time-timetable", "part-time")
KEPT: Final = timedelta(days=30)
"""How long a timetable that has ended stays on the list."""

_C2: Final = AttendanceCode.PART_TIME.symbol.encode("ascii")
_CLAUSE: Final = "SI 2024/208, regulation 11(6)"
_KINDS: Final = frozenset({
    EventKind.PART_TIME_AGREED, EventKind.REVIEW_HELD, EventKind.TOLD, EventKind.REFERRED, EventKind.CONTACT_ATTEMPT,
    EventKind.VIEWS_HEARD, EventKind.NOTE,
})  # fmt: skip


# -- reading -----------------------------------------------------------------------------------------------------


def list_rows(desk: LifeDesk) -> tuple[LifeRow, ...]:
    """List who is on a part-time timetable, by agreement or by code C2, and whose has just ended."""
    rows = []
    for record in desk.roll.records:
        pupil = desk.roll.pupils[record.pupil.id]
        if pupil.is_on_roll(desk.today) and _belongs_here(desk, pupil, record):
            rows.append(_row(desk, pupil, record))
    return sort_rows(rows)


def load_file(desk: LifeDesk, key: str) -> LifeFile:
    """Read a pupil's timetable: what was agreed, when it is reviewed and ends, and the C2 sessions so far."""
    pupil = read_pupil(desk, key)
    record = record_of(desk, pupil.id)
    events = read_events(desk, pupil.id)
    agreed = _last(events)
    return LifeFile(
        row=_row(desk, pupil, record),
        pupil=pupil,
        about=pupil.class_name,
        chips=(_standing_words(desk, agreed.event if agreed else None),),
        warning=_warning(desk, pupil, is_in_force=_is_in_force(desk, agreed)),
        flags=flags_of(desk, pupil.id, RULES),
        steps=_steps(desk, events, agreed),
        facts=_facts(desk, record, agreed),
        papers=read_papers(desk, pupil.id, PAPERS),
        papers_about=PAPERS,
        history=tell_life(desk, pupil.id, events, belongs=_is_told, since=_since(events)),
        acts=("review", "extend", "told", "end", "letter") if _is_in_force(desk, agreed) else ("agree", "letter"),
    )


# -- private -----------------------------------------------------------------------------------------------------


def _belongs_here(desk: LifeDesk, pupil: PupilDetails, record: PupilRecord) -> bool:
    agreed = _agreed_in(record.events)
    is_kept = agreed is not None and (agreed.until is None or desk.today - agreed.until < KEPT)
    return is_kept or _is_noted(desk, pupil) or bool(flags_of(desk, pupil.id, RULES)) or _has_wrong_pattern(desk, pupil)


def _is_noted(desk: LifeDesk, pupil: PupilDetails) -> bool:
    return Circumstance.PART_TIME_TIMETABLE in pupil.for_rules().circumstances_on(desk.today)


def _row(desk: LifeDesk, pupil: PupilDetails, record: PupilRecord | None) -> LifeRow:
    agreed = _agreed_in(record.events) if record is not None else None
    count = _count_c2(desk, record)
    detail = f"{_say(desk, agreed)}; C2 in {count_of(count, 'session')}"
    return pupil_row(desk, pupil, detail=detail, rules=RULES, when=_say_left(desk, agreed))


def _say(desk: LifeDesk, agreed: Event | None) -> str:
    if agreed is None or agreed.until is None:
        return "No dated agreement"
    return f"{'Ended' if agreed.until < desk.today else 'To'} {say_day(agreed.until)}"


def _say_left(desk: LifeDesk, agreed: Event | None) -> str:
    if agreed is None or agreed.until is None or agreed.until < desk.today:
        return ""
    return f"{count_of(_days_left(desk, agreed.until), 'school day')} left"


def _days_left(desk: LifeDesk, until: date) -> int:
    return len(desk.roll.judgement.calendar.school_days_between(desk.today, until))


def _count_c2(desk: LifeDesk, record: PupilRecord | None) -> int:
    """Count the C2 sessions of this school year."""
    if record is None:
        return 0
    calendar = desk.roll.judgement.calendar
    year = calendar.year_of(desk.today)
    begins = year.first_day if year is not None else desk.today
    return runs.count_of(record.line, _C2, first=calendar.count_sessions_before(begins))


def _agreed_in(events: Iterable[Event]) -> Event | None:
    found = [event for event in events if event.kind is EventKind.PART_TIME_AGREED]
    return found[-1] if found else None


def _last(events: Iterable[WrittenEvent]) -> WrittenEvent | None:
    found = standing(events, EventKind.PART_TIME_AGREED)
    return found[-1] if found else None


def _is_in_force(desk: LifeDesk, agreed: WrittenEvent | None) -> bool:
    if agreed is None or agreed.event.until is None:
        return False
    return agreed.event.until >= desk.today and not _ends_today(agreed.event)


def _ends_today(agreed: Event) -> bool:
    return agreed.on == agreed.until


def _standing_words(desk: LifeDesk, agreed: Event | None) -> str:
    if agreed is None or agreed.until is None:
        return "No dated agreement"
    if agreed.until < desk.today or _ends_today(agreed):
        return "Ended"
    return "Part time"


def _has_wrong_pattern(desk: LifeDesk, pupil: PupilDetails) -> bool:
    """Whether agreed sessions hide absences of a pupil who is of compulsory school age."""
    is_patterned = any(pattern.holds_on(desk.today) for pattern in pupil.patterns)
    return is_patterned and pupil.born is not None and is_of_compulsory_school_age(pupil.born, on=desk.today)


def _warning(desk: LifeDesk, pupil: PupilDetails, *, is_in_force: bool) -> str:
    if _has_wrong_pattern(desk, pupil):
        return (
            "Fixed sessions are set for this pupil, as for a nursery child, so the others are never marked. At this "
            "age each session left out is marked C2: end the fixed sessions in the school’s system."
        )
    if pupil.born is not None and not is_of_compulsory_school_age(pupil.born, on=desk.today):
        return "Not yet of compulsory school age: a session left out is marked X, not C2."
    if _is_noted(desk, pupil) and not is_in_force:
        return (
            "A part-time timetable is noted in the pupil’s record, and none is in force. End the note under Contacts."
        )
    return ""


def _steps(desk: LifeDesk, events: tuple[WrittenEvent, ...], agreed: WrittenEvent | None) -> tuple[Step, ...]:
    if agreed is None or agreed.event.until is None:
        return (Step("Agree it with a parent, dated", StepState.DUE, why=_CLAUSE),)
    event = agreed.event
    told = next((each.event for each in standing(events, EventKind.TOLD, EventKind.REFERRED)
                 if tells_authority(each.event) and each.event.on >= event.on), None)  # fmt: skip
    return (
        Step("Agreed with a parent", StepState.DONE, say_day(event.on), _CLAUSE),
        _told_step(desk, told, event),
        _review_step(desk, events, event),
        _end_step(desk, event),
    )


def _told_step(desk: LifeDesk, told: Event | None, agreed: Event) -> Step:
    if told is not None:
        reference = f", {told.reference}" if told.reference else ""
        return Step(f"Authority told{reference}", StepState.DONE, say_day(told.on))
    is_over = agreed.until is not None and agreed.until < desk.today
    return Step("Authority told", StepState.NOT_NEEDED if is_over else StepState.DUE, "ended" if is_over else "")


def _review_step(desk: LifeDesk, events: tuple[WrittenEvent, ...], agreed: Event) -> Step:
    if agreed.review_on is None:
        return Step("Review", StepState.NOT_NEEDED, "no day set")
    reviews = [each.event for each in standing(events, EventKind.REVIEW_HELD) if each.event.on >= agreed.on]
    if reviews and (reviews[-1].on >= agreed.review_on):
        return Step("Reviewed", StepState.DONE, say_day(reviews[-1].on))
    if agreed.until is not None and agreed.until < desk.today:
        return Step("Review", StepState.NOT_NEEDED, "ended")
    if agreed.review_on > desk.today:
        return Step("Review", StepState.LATER, say_day(agreed.review_on))
    state = StepState.DUE if agreed.review_on == desk.today else StepState.LATE
    return Step("Review", state, say_day(agreed.review_on))


def _end_step(desk: LifeDesk, agreed: Event) -> Step:
    assert agreed.until is not None
    if agreed.until < desk.today or _ends_today(agreed):
        return Step("Back full time", StepState.DONE, f"after {say_day(agreed.until)}")
    if agreed.until == desk.today:
        return Step("Last day: extend or end it", StepState.DUE, "today")
    return Step("Last day part time", StepState.LATER, say_day(agreed.until))


def _facts(desk: LifeDesk, record: PupilRecord | None, agreed: WrittenEvent | None) -> tuple[Fact, ...]:
    event = agreed.event if agreed is not None else None
    counted = Fact("Marked C2", f"{count_of(_count_c2(desk, record), 'session')} this school year")
    if agreed is None or event is None or event.until is None:
        return (Fact("Agreement", "none with an end is recorded", is_missing=True), counted)
    details = agreed.details
    left = _say_left(desk, event)
    sessions = details.get("sessions", "")
    return (
        _fact("Sessions attended", say_sessions(read_sessions(sessions)) if sessions else ""),
        _fact("Agreed for the school by", details.get("by", "")),
        _fact("Parent who agreed", _say_parent(details.get("parent", ""), details.get("consent", ""))),
        _fact("Why", agreed.words),
        Fact("Until", ", ".join(part for part in (say_day(event.until), left) if part)),
        _fact("Review", say_day(event.review_on) if event.review_on else "", empty="no day set"),
        counted,
        _fact("Safeguarding considered", details.get("safeguarding", "")),
        *((Fact("Professionals involved", details["involved"]),) if details.get("involved") else ()),
    )


def _say_parent(parent: str, consent: str) -> str:
    return f"{parent}, {consent}" if parent and consent else parent


def _fact(label: str, value: str, *, empty: str = "not written down") -> Fact:
    return Fact(label, value or empty, is_missing=not value)


def _since(events: tuple[WrittenEvent, ...]) -> date:
    agreed = standing(events, EventKind.PART_TIME_AGREED)
    return min((each.event.on for each in agreed), default=date.min)


def _is_told(written: WrittenEvent) -> bool:
    return written.event.kind in _KINDS
