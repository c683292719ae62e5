"""What a column of an imported file may mean, and what kind of file it makes."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class FileKind(StrEnum):
    """What a file brings in."""

    PUPILS = "pupils"
    CONTACTS = "contacts"
    MARKS = "marks"
    CALENDAR = "calendar"


class MarkLayout(StrEnum):
    """How a marks file is laid out: a row a session, a row a day, or a row a pupil."""

    LONG = "long"
    DAY_ROWS = "day rows"
    GRID = "register grid"


class Field(StrEnum):
    """The meaning of one column. Those of a contact begin with ``contact_``."""

    UPN = "upn"
    FORMER_UPN = "former_upn"
    MIS_ID = "mis_id"
    FULL_NAME = "full_name"
    SURNAME = "legal_surname"
    FORENAME = "legal_forename"
    PREFERRED_SURNAME = "preferred_surname"
    PREFERRED_FORENAME = "preferred_forename"
    MIDDLE_NAMES = "middle_names"
    BORN = "dob"
    SEX = "sex"
    YEAR_GROUP = "year_group"
    CLASS_NAME = "class"
    STARTING_DAY = "admission_date"
    LEFT_ON = "leaving_date"
    HOUSE_NUMBER = "house_number"
    ADDRESS = "address"
    POSTCODE = "postcode"
    LANGUAGE = "first_language"
    SEN = "sen"
    LOOKED_AFTER = "looked_after"
    CHILD_PROTECTION = "child_protection_plan"
    CHILD_IN_NEED = "child_in_need"
    SOCIAL_WORKER = "social_worker"
    DISADVANTAGED = "disadvantaged"
    SERVICE_CHILD = "service_child"
    TRAVELLER = "traveller"
    YOUNG_CARER = "young_carer"
    MOBILE = "mobile"
    HOME_PHONE = "home_phone"
    WORK_PHONE = "work_phone"
    EMAIL = "email"
    TITLE = "title"
    CONTACT_MIS_ID = "contact_mis_id"
    CONTACT_RANK = "contact_priority"
    CONTACT_TITLE = "contact_title"
    CONTACT_FULL_NAME = "contact_name"
    CONTACT_FORENAME = "contact_forename"
    CONTACT_SURNAME = "contact_surname"
    CONTACT_RELATION = "contact_relationship"
    CONTACT_RESPONSIBILITY = "contact_parental_responsibility"
    CONTACT_LIVES_WITH = "contact_lives_with"
    CONTACT_COURT_ORDER = "contact_court_order"
    CONTACT_MOBILE = "contact_mobile"
    CONTACT_HOME_PHONE = "contact_home_phone"
    CONTACT_WORK_PHONE = "contact_work_phone"
    CONTACT_EMAIL = "contact_email"
    CONTACT_ADDRESS = "contact_address"
    CONTACT_LANGUAGE = "contact_language"
    DATE = "date"
    SESSION = "session"
    MARK = "mark"
    AM_MARK = "am_mark"
    PM_MARK = "pm_mark"
    MINUTES_LATE = "minutes_late"
    COMMENT = "comment"
    SESSION_MARK = "session_mark"
    WEEK_MARKS = "week_marks"
    TERM_NAME = "term_name"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"

    @property
    def is_contact(self) -> bool:
        """Whether the column tells of a contact, not of the pupil."""
        return self.value.startswith("contact_")

    @property
    def in_words(self) -> str:
        """The meaning as the mapping screen says it."""
        return _WORDS.get(self, self.value.replace("_", " ").capitalize())


_WORDS: Final = {
    Field.UPN: "UPN",
    Field.FORMER_UPN: "Former UPN",
    Field.MIS_ID: "Pupil's number in the school's system",
    Field.FULL_NAME: "Pupil's whole name",
    Field.BORN: "Date of birth",
    Field.SEN: "SEN",
    Field.AM_MARK: "Morning code",
    Field.PM_MARK: "Afternoon code",
    Field.MARK: "Code",
    Field.SESSION: "Morning or afternoon",
    Field.SESSION_MARK: "Code for this session",
    Field.WEEK_MARKS: "A week's codes",
    Field.CONTACT_MIS_ID: "Contact: number in the school's system",
}

TO_CONTACT: Final = {
    Field.FULL_NAME: Field.CONTACT_FULL_NAME,
    Field.SURNAME: Field.CONTACT_SURNAME,
    Field.PREFERRED_SURNAME: Field.CONTACT_SURNAME,
    Field.FORENAME: Field.CONTACT_FORENAME,
    Field.PREFERRED_FORENAME: Field.CONTACT_FORENAME,
    Field.TITLE: Field.CONTACT_TITLE,
    Field.MOBILE: Field.CONTACT_MOBILE,
    Field.HOME_PHONE: Field.CONTACT_HOME_PHONE,
    Field.WORK_PHONE: Field.CONTACT_WORK_PHONE,
    Field.EMAIL: Field.CONTACT_EMAIL,
    Field.ADDRESS: Field.CONTACT_ADDRESS,
    Field.HOUSE_NUMBER: Field.CONTACT_ADDRESS,
    Field.POSTCODE: Field.CONTACT_ADDRESS,
    Field.LANGUAGE: Field.CONTACT_LANGUAGE,
    Field.MIS_ID: Field.CONTACT_MIS_ID,
}
"""What a column that any person may have means once a contact's columns have begun."""

MANY_COLUMNS: Final = frozenset(
    {
        Field.ADDRESS,
        Field.CONTACT_ADDRESS,
        Field.CONTACT_MOBILE,
        Field.CONTACT_EMAIL,
        Field.SESSION_MARK,
        Field.WEEK_MARKS,
    }
)
"""Meanings that more than one column of a file may have."""

PERSONAL: Final = frozenset(
    {
        Field.FULL_NAME,
        Field.SURNAME,
        Field.FORENAME,
        Field.PREFERRED_SURNAME,
        Field.PREFERRED_FORENAME,
        Field.MIDDLE_NAMES,
        Field.ADDRESS,
        Field.POSTCODE,
        Field.CONTACT_FULL_NAME,
        Field.CONTACT_FORENAME,
        Field.CONTACT_SURNAME,
        Field.CONTACT_ADDRESS,
        Field.CONTACT_EMAIL,
        Field.CONTACT_MOBILE,
        Field.CONTACT_HOME_PHONE,
        Field.CONTACT_WORK_PHONE,
    }
)
"""Meanings whose values are left out wherever names are."""
