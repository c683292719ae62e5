"""Plan what a file of marks would do to the register, and do it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from cme_desktop.casework.import_matching import MatchedBy, RollIndex
from cme_desktop.casework.import_preview import (
    Choice,
    ImportCounts,
    MarkChange,
    OpenedFile,
    Preview,
    Question,
    SessionBalance,
)
from cme_desktop.domain.attendance import CODE_OF_LETTER, DEAD_CODES, Half, Presence, SchoolSession
from cme_desktop.domain.calendar import NoSchool, SchoolCalendar
from cme_desktop.importers.fields import PERSONAL
from cme_desktop.importers.marks import LEAVE_OUT, MarksIn, PupilKey, dead_code_question_id
from cme_desktop.importers.sheet import Rejected
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.imports import write_comments
from cme_desktop.storage.marks import load_marks, session_no, session_of, write_marks
from cme_desktop.storage.pupils import PupilDetails, list_all_pupils

REASON: Final = "Changed by a file brought in"

_NO_MARK_IS_DUE: Final = frozenset({"", "#", "Z", "X", "Y4"})
"""What a file may say of a session the school does not hold without contradicting the calendar."""

_SHOWN_CHANGES: Final = 200


@dataclass(slots=True)
class MarksPlan:
    """What accepting would write, and what it would leave out."""

    wanted: dict[tuple[int, int], str] = field(default_factory=dict)
    comments: list[tuple[str, int, int]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    not_taken: int = 0
    repeated: int = 0
    changed: list[tuple[int, int, str, str]] = field(default_factory=list)
    new: int = 0
    unchanged: int = 0
    on_closed_days: int = 0
    still_to_come: int = 0
    matched_by_name: int = 0
    stop: str = ""

    @property
    def counts(self) -> ImportCounts:
        """The file's marks, each counted once."""
        return ImportCounts(
            self.new, len(self.changed), self.unchanged + self.repeated, self.not_taken, len(self.rejected)
        )


def plan_marks(db: Session, opened: OpenedFile, read: MarksIn, *, is_known_file: bool) -> MarksPlan:
    """Work out what the file's marks would do; of a file brought in before, nothing that stands is changed."""
    plan = MarksPlan(rejected=list(read.rejected))
    index = RollIndex(list_all_pupils(db))
    calendar = load_calendar(db)
    pupil_of = _match_keys(read.keys, index, plan)
    number_of = [session_no(session) if calendar.holds(session) else None for session in read.sessions]
    _gather(opened, read, plan, pupil_of, number_of, calendar)
    if read.sessions and read.marks and all(number is None for number in number_of):
        plan.stop = _wrong_calendar(read.sessions, calendar)
    _compare(db, plan, is_known_file=is_known_file)
    plan.still_to_come = sum(1 for session in read.sessions if session.on > opened.on)
    return plan


def apply_marks(db: Session, plan: MarksPlan, *, batch_id: int, at: datetime, by: int | None) -> frozenset[int]:
    """Write the planned marks; say whose register changed."""
    write_marks(
        db,
        [(number, pupil, letter) for (number, pupil), letter in plan.wanted.items()],
        batch_id=batch_id,
        reason=REASON,
        at=at,
        by=by,
    )
    if plan.comments:
        write_comments(db, plan.comments)
    return frozenset(pupil for _, pupil in plan.wanted)


def preview_marks(db: Session, opened: OpenedFile, read: MarksIn, plan: MarksPlan) -> Preview:
    """Say what the plan would do, with each session of the file set against the roll."""
    pupils = list_all_pupils(db)
    return Preview(
        plan.counts,
        tuple(plan.rejected),
        warnings=_warnings(plan, read),
        questions=_questions(opened, read, plan),
        stops=(plan.stop,) if plan.stop else (),
        missing=_missing(pupils, plan, opened.on),
        balances=_balances(db, pupils, plan),
        mark_changes=_changes_in_words(pupils, plan),
    )


# -- gathering -------------------------------------------------------------------------------------------------


def _match_keys(keys: list[PupilKey], index: RollIndex, plan: MarksPlan) -> list[PupilDetails | str]:
    found: list[PupilDetails | str] = []
    for key in keys:
        match = index.match(key)
        if match.pupil is None:
            found.append(match.said or "a pupil in the records: bring in the pupils first, or correct the number")
            continue
        plan.matched_by_name += match.by in {MatchedBy.NAME, MatchedBy.NAME_AND_BIRTHDAY}
        found.append(match.pupil)
    return found


def _gather(
    opened: OpenedFile,
    read: MarksIn,
    plan: MarksPlan,
    pupil_of: list[PupilDetails | str],
    number_of: list[int | None],
    calendar: SchoolCalendar,
) -> None:
    headers = {use.index: use for use in opened.mapping.columns}
    key_name, key_is_personal = _key_column(opened)
    comments, wanted = read.comments, plan.wanted
    ids = [None if isinstance(pupil, str) else pupil.id for pupil in pupil_of]
    for line, column, key, place, letter in read.marks:
        pupil, number = ids[key], number_of[place]
        if pupil is None:
            found = _shown(read.keys[key])
            plan.rejected.append(Rejected(line, key_name, found, str(pupil_of[key]), personal=key_is_personal))
        elif number is None and letter in _NO_MARK_IS_DUE:
            plan.not_taken += 1
            plan.on_closed_days += letter != ""
        elif number is None:
            wanted_text = _why_not_that_day(read.sessions[place], calendar)
            plan.rejected.append(Rejected(line, headers[column].header, _in_words(read.sessions[place]), wanted_text))
        elif not letter:
            plan.not_taken += 1
        elif (number, pupil) not in wanted:
            wanted[number, pupil] = letter
            if comments and (key, place) in comments:
                plan.comments.append((comments[key, place], number, pupil))
        elif wanted[number, pupil] == letter:
            plan.repeated += 1
        else:
            other = wanted[number, pupil]
            text = f"one code a session; an earlier row of this file says {other}"
            plan.rejected.append(Rejected(line, headers[column].header, letter, text))


def _compare(db: Session, plan: MarksPlan, *, is_known_file: bool) -> None:
    if not plan.wanted:
        return
    numbers = [number for number, _ in plan.wanted]
    first, last = session_of(min(numbers)).on, session_of(max(numbers)).on
    standing = {(number, pupil): letter for number, pupil, letter in load_marks(db, first=first, last=last)}
    for key, letter in plan.wanted.items():
        old = standing.get(key)
        if old is None:
            plan.new += 1
        elif old == letter or is_known_file:
            plan.unchanged += 1
        else:
            plan.changed.append((*key, old, letter))
    if is_known_file:
        plan.wanted = {key: letter for key, letter in plan.wanted.items() if key not in standing}
        plan.comments = [note for note in plan.comments if (note[1], note[2]) in plan.wanted]


# -- in words --------------------------------------------------------------------------------------------------


def _key_column(opened: OpenedFile) -> tuple[str, bool]:
    for use in opened.mapping.columns:
        if use.field is not None and use.field.value in {"upn", "mis_id"}:
            return use.header, False
    for use in opened.mapping.columns:
        if use.field in PERSONAL:
            return use.header, True
    return "", True


def _shown(key: PupilKey) -> str:
    return key.upn or key.mis_id or f"{key.surname}, {key.forename}"


def _in_words(session: SchoolSession) -> str:
    return f"{session.on:%d/%m/%Y} {session.half.value}"


def _why_not_that_day(session: SchoolSession, calendar: SchoolCalendar) -> str:
    why = calendar.why_no_school(session.on)
    if why is NoSchool.OUTSIDE_CALENDAR:
        return "a day within the school years entered: check the date, or enter that year's terms"
    kind = why.value if why is not None else NoSchool.CLOSURE.value
    return f"a session the school held; in the calendar this is {_ARTICLE.get(kind, 'a')} {kind}"


_ARTICLE: Final = {"INSET day": "an"}


def _wrong_calendar(sessions: list[SchoolSession], calendar: SchoolCalendar) -> str:
    first, last = min(sessions), max(sessions)
    years = ", ".join(year.name for year in calendar.years) or "none"
    return (
        f"Every mark, from {first.on:%d/%m/%Y} to {last.on:%d/%m/%Y}, falls on a day without school by the calendar "
        f"entered (years: {years}). Choose the export for the right year, or correct the term dates first."
    )


def _warnings(plan: MarksPlan, read: MarksIn) -> tuple[str, ...]:
    told = (
        (plan.on_closed_days, "marks say that there was no school, as the calendar does: left out."),
        (plan.still_to_come, "sessions of the file are still to come: check the dates."),
        (plan.matched_by_name, "pupils were recognised by name only: check that they are the right ones."),
        (len(plan.changed), "marks differ from the register. What stood is kept, with the time and your name."),
        (plan.not_taken, "sessions were not marked. They stay unknown, and count as no absence."),
        *((count, f"marks carry the code {letter}, withdrawn on 19 August 2024.")
          for letter, count in sorted(read.dead.items())),
    )  # fmt: skip
    return tuple(_counted(count, words) for count, words in told if count)


_ONE: Final = (
    ("marks say", "mark says"), ("marks differ", "mark differs"), ("marks carry", "mark carries"),
    ("sessions of the file are", "session of the file is"), ("sessions were", "session was"),
    ("They stay unknown, and count", "It stays unknown, and counts"), ("pupils were", "pupil was"),
    ("they are the right ones", "it is the right one"),
)  # fmt: skip


def _counted(count: int, words: str) -> str:
    if count == 1:
        for many, one in _ONE:
            words = words.replace(many, one)
    return f"{count} {words}"


def _questions(opened: OpenedFile, read: MarksIn, plan: MarksPlan) -> tuple[Question, ...]:
    found = [
        Question(
            dead_code_question_id(letter),
            f"The code {letter} was withdrawn on 19 August 2024. What does it stand for in this file?",
            (*(Choice(code, f"{code}  {CODE_OF_LETTER[code].facts.meaning}") for code in DEAD_CODES[letter]),
             Choice(LEAVE_OUT, "Leave these marks out")),
            column=letter,
            needed=False,
        )
        for letter in sorted(read.dead)
    ]  # fmt: skip
    if plan.matched_by_name:
        found.append(names_question(plan.matched_by_name))
    del opened
    return tuple(found)


def names_question(count: int) -> Question:
    """Ask whether pupils recognised by name are who they seem."""
    return Question(
        "names",
        f"{count} pupils were recognised by their names, not by a number. Are they the same children?",
        (Choice("same", "Yes, the same children"), Choice(LEAVE_OUT, "Not sure: stop here")),
        suggested="same",
    )


def _missing(pupils: tuple[PupilDetails, ...], plan: MarksPlan, on: date) -> tuple[str, ...]:
    in_file = {pupil for _, pupil in plan.wanted}
    if not in_file:
        return ()
    return tuple(
        f"{pupil.known_as}, {pupil.class_name}" for pupil in pupils if pupil.is_on_roll(on) and pupil.id not in in_file
    )


def _balances(db: Session, pupils: tuple[PupilDetails, ...], plan: MarksPlan) -> tuple[SessionBalance, ...]:
    if not plan.wanted:
        return ()
    numbers = sorted({number for number, _ in plan.wanted})
    span = (session_of(numbers[0]).on, session_of(numbers[-1]).on)
    letters = {(number, pupil): letter for number, pupil, letter in load_marks(db, first=span[0], last=span[1])}
    letters.update(plan.wanted)
    tally: defaultdict[int, Counter[Presence]] = defaultdict(Counter)
    for (number, letter), count in Counter((number, letter) for (number, _), letter in letters.items()).items():
        tally[number][CODE_OF_LETTER[letter].facts.presence] += count
    starts = sorted(pupil.starting_day or date.min for pupil in pupils)
    leaves = sorted(pupil.left_on for pupil in pupils if pupil.left_on is not None)
    return tuple(
        SessionBalance(
            session := session_of(number),
            bisect_right(starts, session.on) - bisect_left(leaves, session.on),
            tally[number][Presence.ATTENDED],
            tally[number][Presence.ABSENT],
            tally[number][Presence.OUTSIDE],
        )
        for number in numbers
    )


def _changes_in_words(pupils: tuple[PupilDetails, ...], plan: MarksPlan) -> tuple[MarkChange, ...]:
    names = {pupil.id: pupil.known_as for pupil in pupils}
    return tuple(
        MarkChange(session_of(number), next((name for key, name in names.items() if key == pupil), ""), old, new)
        for number, pupil, old, new in sorted(plan.changed)[-_SHOWN_CHANGES:]
    )


def earliest_day(plan: MarksPlan) -> date | None:
    """The first day the plan marks."""
    return session_of(min(number for number, _ in plan.wanted)).on if plan.wanted else None


def is_plausible_mark_day(calendar: SchoolCalendar, day: date, *, on: date) -> bool:
    """Whether the register of such a day can be in a file brought in on ``on``."""
    return day <= on and calendar.holds(SchoolSession(day, Half.AM))
