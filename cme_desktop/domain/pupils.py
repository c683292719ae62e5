"""A pupil, what is known of their circumstances, and compulsory school age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from cme_desktop.domain.identifiers import PupilId


class Circumstance(StrEnum):
    """What may put a child at greater risk, or change who must be told; each may be dated."""

    LOOKED_AFTER = "looked_after"
    PREVIOUSLY_LOOKED_AFTER = "previously_looked_after"
    CHILD_PROTECTION_PLAN = "child_protection_plan"
    CHILD_IN_NEED = "child_in_need"
    SECTION_47 = "section_47"
    SOCIAL_WORKER = "social_worker"
    YOUTH_JUSTICE_WORKER = "youth_justice_worker"
    SAFEGUARDING_CONCERN = "safeguarding_concern"
    PRIVATELY_FOSTERED = "privately_fostered"
    CARE_ORDER = "care_order"
    DOMESTIC_ABUSE = "domestic_abuse"
    EXPLOITATION_RISK = "exploitation_risk"
    FORCED_MARRIAGE_RISK = "forced_marriage_risk"
    FGM_RISK = "fgm_risk"
    RADICALISATION_RISK = "radicalisation_risk"
    YOUNG_CARER = "young_carer"
    SEN_SUPPORT = "sen_support"
    EHC_PLAN = "ehc_plan"
    SPECIAL_SCHOOL = "special_school"
    MENTAL_HEALTH = "mental_health"
    LONG_TERM_MEDICAL = "long_term_medical"
    TRAVELLER = "traveller"
    REFUGEE_OR_ASYLUM = "refugee_or_asylum"
    SERVICE_CHILD = "service_child"
    HOMELESS_OR_REFUGE = "homeless_or_refuge"
    BULLIED = "bullied"
    DISADVANTAGED = "disadvantaged"
    DUAL_REGISTERED = "dual_registered"
    ATTENDANCE_ORDER = "attendance_order"
    PART_TIME_TIMETABLE = "part_time_timetable"
    WALKS_ALONE = "walks_alone"
    ELSEWHERE_EDUCATED = "elsewhere_educated"
    SUBSTANCE_MISUSE_IN_FAMILY = "substance_misuse_in_family"
    RISKY_PERSON = "risky_person"
    CRIME_VICTIM_OR_INVOLVED = "crime_victim_or_involved"
    ABDUCTION_RISK = "abduction_risk"
    TRAFFICKING_RISK = "trafficking_risk"
    FAMILY_CONCERN = "family_concern"
    CHILD_PROTECTION_FILE = "child_protection_file"
    RUNAWAY = "runaway"
    EXCLUDED = "excluded"
    OFFENDING = "offending"
    TEENAGE_PARENT = "teenage_parent"

    @property
    def in_words(self) -> str:
        """The circumstance as the office writes it."""
        return _WORDS[self]


_WORDS: Final = {
    Circumstance.LOOKED_AFTER: "looked after",
    Circumstance.PREVIOUSLY_LOOKED_AFTER: "previously looked after",
    Circumstance.CHILD_PROTECTION_PLAN: "child protection plan",
    Circumstance.CHILD_IN_NEED: "child in need",
    Circumstance.SECTION_47: "section 47 enquiry",
    Circumstance.SOCIAL_WORKER: "social worker",
    Circumstance.YOUTH_JUSTICE_WORKER: "youth justice worker",
    Circumstance.SAFEGUARDING_CONCERN: "safeguarding concern",
    Circumstance.PRIVATELY_FOSTERED: "privately fostered",
    Circumstance.CARE_ORDER: "care order",
    Circumstance.DOMESTIC_ABUSE: "domestic abuse",
    Circumstance.EXPLOITATION_RISK: "risk of exploitation",
    Circumstance.FORCED_MARRIAGE_RISK: "risk of forced marriage",
    Circumstance.FGM_RISK: "risk of FGM",
    Circumstance.RADICALISATION_RISK: "risk of radicalisation",
    Circumstance.YOUNG_CARER: "young carer",
    Circumstance.SEN_SUPPORT: "SEN support",
    Circumstance.EHC_PLAN: "EHC plan",
    Circumstance.SPECIAL_SCHOOL: "special school",
    Circumstance.MENTAL_HEALTH: "mental health",
    Circumstance.LONG_TERM_MEDICAL: "long-term medical condition",
    Circumstance.TRAVELLER: "Traveller",
    Circumstance.REFUGEE_OR_ASYLUM: "refugee or asylum seeker",
    Circumstance.SERVICE_CHILD: "service child",
    Circumstance.HOMELESS_OR_REFUGE: "homeless or in a refuge",
    Circumstance.BULLIED: "bullied",
    Circumstance.DISADVANTAGED: "disadvantaged",
    Circumstance.DUAL_REGISTERED: "dual registered",
    Circumstance.ATTENDANCE_ORDER: "attendance order",
    Circumstance.PART_TIME_TIMETABLE: "part-time timetable",
    Circumstance.WALKS_ALONE: "walks alone",
    Circumstance.ELSEWHERE_EDUCATED: "educated elsewhere",
    Circumstance.SUBSTANCE_MISUSE_IN_FAMILY: "substance misuse in the family",
    Circumstance.RISKY_PERSON: "contact with a risky person",
    Circumstance.CRIME_VICTIM_OR_INVOLVED: "victim of crime or involved in it",
    Circumstance.ABDUCTION_RISK: "risk of abduction",
    Circumstance.TRAFFICKING_RISK: "risk of trafficking",
    Circumstance.FAMILY_CONCERN: "concern about the family",
    Circumstance.CHILD_PROTECTION_FILE: "child protection file",
    Circumstance.RUNAWAY: "runaway",
    Circumstance.EXCLUDED: "excluded",
    Circumstance.OFFENDING: "offending",
    Circumstance.TEENAGE_PARENT: "teenage parent",
}
"""The one table of how circumstances are said: on screen, on paper and in the sentences of flags."""

SAFEGUARDING_CONCERNS: Final = frozenset(
    {
        Circumstance.SAFEGUARDING_CONCERN,
        Circumstance.CHILD_PROTECTION_PLAN,
        Circumstance.SECTION_47,
        Circumstance.CHILD_IN_NEED,
        Circumstance.EXPLOITATION_RISK,
        Circumstance.FORCED_MARRIAGE_RISK,
        Circumstance.FGM_RISK,
        Circumstance.DOMESTIC_ABUSE,
    }
)
"""Any of these is a safeguarding concern."""

IMPLY_SOCIAL_WORKER: Final = frozenset(
    {
        Circumstance.SOCIAL_WORKER,
        Circumstance.LOOKED_AFTER,
        Circumstance.CHILD_PROTECTION_PLAN,
        Circumstance.CHILD_IN_NEED,
        Circumstance.SECTION_47,
        Circumstance.CARE_ORDER,
    }
)
"""A child with any of these has a social worker."""


@dataclass(frozen=True, slots=True)
class DatedCircumstance:
    """A circumstance with the days it holds, both ends included; an end that is None is open."""

    name: Circumstance
    from_day: date | None = None
    until_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on the day."""
        return (self.from_day is None or self.from_day <= day) and (self.until_day is None or day <= self.until_day)


class YearGroup(StrEnum):
    """The national curriculum years of a primary school."""

    N1 = "N1"
    N2 = "N2"
    R = "R"
    Y1 = "1"
    Y2 = "2"
    Y3 = "3"
    Y4 = "4"
    Y5 = "5"
    Y6 = "6"


@dataclass(frozen=True, slots=True)
class Pupil:
    """A child on roll as the rules know them: no name. ``born`` and ``starting_day`` are None when not known.

    The starting day is that of regulations 3 and 8 of SI 2024/208; ``left_on`` is the last day on roll. A child who
    ``is_awaited`` has a place here and no starting day agreed yet, and is on no register.
    """

    id: PupilId
    born: date | None
    starting_day: date | None
    year_group: YearGroup | None = None
    circumstances: tuple[DatedCircumstance, ...] = ()
    left_on: date | None = None
    is_awaited: bool = False

    @property
    def was_never_entered(self) -> bool:
        """Whether the place was given up before the child came on roll: the last day lies before the first."""
        if self.left_on is None:
            return False
        return self.is_awaited or (self.starting_day is not None and self.left_on < self.starting_day)

    def circumstances_on(self, day: date) -> frozenset[Circumstance]:
        """The circumstances that hold on the day."""
        return frozenset(dated.name for dated in self.circumstances if dated.holds_on(day))


def is_of_compulsory_school_age(born: date, *, on: date) -> bool:
    """Whether a child is of compulsory school age on the day (Education Act 1996, section 8; SI 1998/1607)."""
    return compulsory_school_age_begins(born) <= on <= compulsory_school_age_ends(born)


def compulsory_school_age_begins(born: date) -> date:
    """The fifth birthday when it is a prescribed day (31 March, 31 August, 31 December), else the next one."""
    fifth = birthday(born, age=5)
    prescribed = (date(fifth.year, 3, 31), date(fifth.year, 8, 31), date(fifth.year, 12, 31))
    return next(day for day in prescribed if day >= fifth)


def compulsory_school_age_ends(born: date) -> date:
    """The last Friday in June of the school year in which the child turns 16."""
    sixteenth = birthday(born, age=16)
    year = sixteenth.year if sixteenth < date(sixteenth.year, 9, 1) else sixteenth.year + 1
    last = date(year, 6, 30)
    return last - timedelta(days=(last.weekday() - 4) % 7)


def birthday(born: date, *, age: int) -> date:
    """The birthday at an age; 1 March for a child born on 29 February, in a year without one."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def year_group_of(born: date, *, on: date) -> YearGroup | None:
    """The year group that fits the age in the school year of the day (from 1 September); None outside primary age."""
    september = on.year if on >= date(on.year, 9, 1) else on.year - 1
    age = september - born.year - (1 if (born.month, born.day) > (8, 31) else 0)
    names = (YearGroup.N1, YearGroup.N2, YearGroup.R, YearGroup.Y1, YearGroup.Y2, YearGroup.Y3, YearGroup.Y4,
             YearGroup.Y5, YearGroup.Y6)  # fmt: skip
    index = age - 2
    return names[index] if 0 <= index < len(names) else None
