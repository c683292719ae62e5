"""The people to ring about a pupil, in order, and the agencies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cme_desktop.domain.events import With


class Household(StrEnum):
    """Whether a contact lives with the pupil."""

    HOME = "home"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Contact:
    """One person on a pupil's contact list as the rules read it: no name, no number.

    ``works`` says whether any number held for them works. ``do_not_contact`` people are never rung and never
    waited for.
    """

    relation: With
    household: Household = Household.HOME
    works: bool = True
    order: int = 1
    do_not_contact: bool = False


class NumberQuality(StrEnum):
    """What is known of a telephone number."""

    GOOD = "good"
    DEAD = "dead"
    DOUBTFUL = "doubtful"
    MISSING = "missing"


class AgencyKind(StrEnum):
    """What an agency in the directory is for."""

    AUTHORITY_CME = "authority_cme"
    AUTHORITY_HOME_EDUCATION = "authority_home_education"
    SOCIAL_CARE = "social_care"
    SOCIAL_CARE_OUT_OF_HOURS = "social_care_out_of_hours"
    POLICE = "police"
    SOCIAL_WORKER = "social_worker"
    YOUTH_JUSTICE = "youth_justice"
    VIRTUAL_SCHOOL = "virtual_school"
    EDUCATION_WELFARE = "education_welfare"
    SCHOOL_NURSE = "school_nurse"
    OTHER_SCHOOL = "other_school"
    OTHER = "other"
