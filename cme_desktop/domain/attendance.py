"""The national attendance codes, and what each means for counting.

The codes are those of regulation 10 of the School Attendance (Pupil Registration) (England) Regulations 2024
(SI 2024/208), in force from 19 August 2024. How each counts in the statistics follows *Working together to improve
school attendance*.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Final

CODES_IN_FORCE_FROM: Final = date(2024, 8, 19)


class Half(StrEnum):
    """Which half of a school day a session is."""

    AM = "am"
    PM = "pm"


@dataclass(frozen=True, slots=True, order=True)
class SchoolSession:
    """One half of a school day. Sorts by day, then morning before afternoon."""

    on: date
    half: Half

    def __str__(self) -> str:
        return f"{self.on.isoformat()} {self.half}"


class Presence(Enum):
    """What a session says about the child; ``UNKNOWN`` is neither present nor absent."""

    ATTENDED = "attended"
    ABSENT = "absent"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class StatisticalClass(Enum):
    """The heading under which a code is counted nationally."""

    ATTENDING = "attending"
    APPROVED_ACTIVITY = "approved educational activity"
    AUTHORISED = "authorised absence"
    UNAUTHORISED = "unauthorised absence"
    NOT_POSSIBLE = "not a possible attendance"
    ADMINISTRATIVE = "administrative"


class RunEffect(Enum):
    """What a code does to a run of consecutive absent sessions."""

    KEEPS = "K"
    BREAKS = "B"
    SKIPS = "-"


class AttendanceCode(Enum):
    """A published code; the value is the official letter as it stands in the register."""

    PRESENT_AM = "/"
    PRESENT_PM = "\\"
    LATE = "L"
    ARRANGED_PROVISION = "K"
    VISIT = "V"
    SPORT = "P"
    WORK_EXPERIENCE = "W"
    OFF_SITE = "B"
    DUAL_REGISTERED = "D"
    PERFORMANCE = "C1"
    MEDICAL = "M"
    INTERVIEW = "J1"
    STUDY_LEAVE = "S"
    NOT_REQUIRED = "X"
    PART_TIME = "C2"
    LEAVE = "C"
    MOBILE_CHILD = "T"
    RELIGIOUS = "R"
    ILLNESS = "I"
    EXCLUDED = "E"
    NO_ACCESS = "Q"
    TRANSPORT = "Y1"
    TRAVEL_DISRUPTION = "Y2"
    PART_CLOSED = "Y3"
    CLOSED = "Y4"
    DETAINED = "Y5"
    PUBLIC_HEALTH = "Y6"
    UNAVOIDABLE = "Y7"
    HOLIDAY_NOT_GRANTED = "G"
    NO_REASON_YET = "N"
    UNAUTHORISED = "O"
    LATE_AFTER_CLOSE = "U"
    NOT_YET_ON_ROLL = "Z"
    PLANNED_CLOSURE = "#"

    @property
    def letter(self) -> str:
        """The official letter, one or two characters."""
        return self.value

    @property
    def facts(self) -> CodeFacts:
        """How the code is named and counted."""
        return CODE_FACTS[self]

    @property
    def symbol(self) -> str:
        """One character that stands for the code in a register line; a letter of its own for C1, J1, Y1 and so on."""
        return SYMBOL_OF[self]


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """A code's meaning, its statistical class, and its effect on the statutory runs.

    ``run_of_20`` is the attendance return's run (G, N, O, U); ``run_of_40`` is the run of ground (i) (G, N, O).
    ``possible`` and ``absence`` are the columns used for persistent and severe absence.
    """

    meaning: str
    statistical_class: StatisticalClass
    presence: Presence
    run_of_20: RunEffect = RunEffect.BREAKS
    run_of_40: RunEffect = RunEffect.BREAKS

    @property
    def possible(self) -> bool:
        """Whether the session counts as a possible attendance."""
        return self.statistical_class not in {StatisticalClass.NOT_POSSIBLE, StatisticalClass.ADMINISTRATIVE}

    @property
    def absence(self) -> bool:
        """Whether the session counts as absence in the statistics (a U does, though the child was seen)."""
        return self.statistical_class in {StatisticalClass.AUTHORISED, StatisticalClass.UNAUTHORISED}


def _attending(meaning: str) -> CodeFacts:
    return CodeFacts(meaning, StatisticalClass.ATTENDING, Presence.ATTENDED)


def _activity(meaning: str) -> CodeFacts:
    return CodeFacts(meaning, StatisticalClass.APPROVED_ACTIVITY, Presence.ATTENDED)


def _authorised(meaning: str) -> CodeFacts:
    return CodeFacts(meaning, StatisticalClass.AUTHORISED, Presence.ABSENT)


def _not_possible(meaning: str) -> CodeFacts:
    return CodeFacts(meaning, StatisticalClass.NOT_POSSIBLE, Presence.OUTSIDE)


def _unauthorised(meaning: str) -> CodeFacts:
    return CodeFacts(meaning, StatisticalClass.UNAUTHORISED, Presence.ABSENT, RunEffect.KEEPS, RunEffect.KEEPS)


def _skipped(meaning: str, statistical_class: StatisticalClass) -> CodeFacts:
    return CodeFacts(meaning, statistical_class, Presence.OUTSIDE, RunEffect.SKIPS, RunEffect.SKIPS)


CODE_FACTS: Final[dict[AttendanceCode, CodeFacts]] = {
    AttendanceCode.PRESENT_AM: _attending("Present, morning"),
    AttendanceCode.PRESENT_PM: _attending("Present, afternoon"),
    AttendanceCode.LATE: _attending("Late, before the register closed"),
    AttendanceCode.ARRANGED_PROVISION: _activity("At education arranged by the local authority"),
    AttendanceCode.VISIT: _activity("School visit or trip"),
    AttendanceCode.SPORT: _activity("Approved sport"),
    AttendanceCode.WORK_EXPERIENCE: _activity("Work experience"),
    AttendanceCode.OFF_SITE: _activity("Other approved activity off site"),
    AttendanceCode.DUAL_REGISTERED: _not_possible("Due at the other school"),
    AttendanceCode.PERFORMANCE: _authorised("Leave for a performance or work abroad"),
    AttendanceCode.MEDICAL: _authorised("Medical or dental appointment"),
    AttendanceCode.INTERVIEW: _authorised("Interview for a job or another school"),
    AttendanceCode.STUDY_LEAVE: _authorised("Study leave"),
    AttendanceCode.NOT_REQUIRED: _not_possible("Not of compulsory age, not required to attend"),
    AttendanceCode.PART_TIME: _authorised("Agreed part-time timetable"),
    AttendanceCode.LEAVE: _authorised("Leave in exceptional circumstances"),
    AttendanceCode.MOBILE_CHILD: _authorised("Parent travelling for work"),
    AttendanceCode.RELIGIOUS: _authorised("Religious observance"),
    AttendanceCode.ILLNESS: _authorised("Illness"),
    AttendanceCode.EXCLUDED: _authorised("Suspended or permanently excluded"),
    AttendanceCode.NO_ACCESS: _not_possible("Authority has not arranged access"),
    AttendanceCode.TRANSPORT: _not_possible("School transport not available"),
    AttendanceCode.TRAVEL_DISRUPTION: _not_possible("Widespread disruption to travel"),
    AttendanceCode.PART_CLOSED: _not_possible("Part of the school closed"),
    AttendanceCode.CLOSED: _skipped("Whole school unexpectedly closed", StatisticalClass.NOT_POSSIBLE),
    AttendanceCode.DETAINED: _not_possible("Detained in the justice system"),
    AttendanceCode.PUBLIC_HEALTH: _not_possible("Public health guidance or law"),
    AttendanceCode.UNAVOIDABLE: _not_possible("Other unavoidable cause"),
    AttendanceCode.HOLIDAY_NOT_GRANTED: _unauthorised("Holiday not granted"),
    AttendanceCode.NO_REASON_YET: _unauthorised("Reason not yet established"),
    AttendanceCode.UNAUTHORISED: _unauthorised("Absent in other or unknown circumstances"),
    AttendanceCode.LATE_AFTER_CLOSE: CodeFacts(
        "Arrived after the register closed",
        StatisticalClass.UNAUTHORISED,
        Presence.ATTENDED,
        RunEffect.KEEPS,
        RunEffect.BREAKS,
    ),
    AttendanceCode.NOT_YET_ON_ROLL: _skipped("Not yet on roll", StatisticalClass.ADMINISTRATIVE),
    AttendanceCode.PLANNED_CLOSURE: _skipped("Planned closure", StatisticalClass.ADMINISTRATIVE),
}

_TWO_LETTER_SYMBOLS: Final = {
    "C1": "1", "C2": "2", "J1": "j",
    "Y1": "a", "Y2": "b", "Y3": "c", "Y4": "d", "Y5": "e", "Y6": "f", "Y7": "g",
}  # fmt: skip

UNKNOWN_SYMBOL: Final = "?"
"""A past session that nobody marked."""

OUTSIDE_SYMBOL: Final = "."
"""A session outside what the program judges: before the starting day or the records' beginning, after leaving, or
outside the pupil's agreed pattern."""

SYMBOL_OF: Final[dict[AttendanceCode, str]] = {
    code: _TWO_LETTER_SYMBOLS.get(code.value, code.value) for code in AttendanceCode
}
CODE_OF_SYMBOL: Final[dict[str, AttendanceCode]] = {symbol: code for code, symbol in SYMBOL_OF.items()}
CODE_OF_LETTER: Final[dict[str, AttendanceCode]] = {code.value: code for code in AttendanceCode}

DEAD_CODES: Final[dict[str, tuple[str, ...]]] = {
    "H": ("G", "C"),
    "J": ("J1",),
    "Y": ("Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"),
    "F": ("G", "C"),
}
"""Codes withdrawn on 19 August 2024, with those that may stand in their place: the user is asked which."""


def presence_of_symbol(symbol: str) -> Presence:
    """Say what one character of a register line means for presence."""
    if symbol == UNKNOWN_SYMBOL:
        return Presence.UNKNOWN
    if symbol == OUTSIDE_SYMBOL:
        return Presence.OUTSIDE
    return CODE_OF_SYMBOL[symbol].facts.presence


def symbols_where(*, presence: Presence) -> bytes:
    """List the register-line symbols whose code has this presence, for fast counting."""
    return "".join(symbol for symbol, code in CODE_OF_SYMBOL.items() if code.facts.presence is presence).encode("ascii")
