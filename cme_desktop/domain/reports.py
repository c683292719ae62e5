"""What reaches the school from outside about a child: a worry, or another school's or authority's question."""

from __future__ import annotations

from enum import StrEnum


class ReportKind(StrEnum):
    """Why somebody turns to the school."""

    WORRY = "worry"
    REQUEST = "request"


class ReportSource(StrEnum):
    """Who turns to the school, without a name: fit for a line that the whole office reads."""

    STAFF = "staff"
    PUBLIC = "public"
    AUTHORITY = "authority"
    SCHOOL = "school"
    AGENCY = "agency"

    @property
    def in_words(self) -> str:
        """The source within a sentence."""
        return {
            ReportSource.STAFF: "a member of staff",
            ReportSource.PUBLIC: "a member of the public",
            ReportSource.AUTHORITY: "another authority",
            ReportSource.SCHOOL: "another school",
            ReportSource.AGENCY: "another agency",
        }[self]


class ReportDecision(StrEnum):
    """What the safeguarding lead does about a worry."""

    REFERRED = "referred"
    TOLD_CARE = "told_social_care"
    TOLD_POLICE = "told_police"
    IN_EDUCATION = "in_education"
    NOT_ENOUGH = "not_enough"

    @property
    def in_words(self) -> str:
        """The decision as it stands in the records."""
        return {
            ReportDecision.REFERRED: "Referred to the authority’s CME team",
            ReportDecision.TOLD_CARE: "Told children’s social care now",
            ReportDecision.TOLD_POLICE: "Told the police now",
            ReportDecision.IN_EDUCATION: "Found to be in education",
            ReportDecision.NOT_ENOUGH: "Not enough to act on",
        }[self]


class ReportAnswer(StrEnum):
    """What another school or authority is answered."""

    YES = "yes"
    ONCE = "once"
    NO = "no"

    @property
    def in_words(self) -> str:
        """The answer as it stands in the records."""
        return {
            ReportAnswer.YES: "Yes, the child is with us",
            ReportAnswer.ONCE: "The child was with us and has left",
            ReportAnswer.NO: "No, we do not know the child",
        }[self]


class ReportSearch(StrEnum):
    """What is looked through before a question is answered."""

    ASKER = "asker"
    ROLL = "roll"
    FORMER_NAMES = "former_names"
    LEAVERS = "leavers"
    STARTERS = "starters"
    OFFICE = "office"

    @property
    def in_words(self) -> str:
        """The search as an instruction."""
        return {
            ReportSearch.ASKER: "Make sure who asks: ring back on a number you found yourself",
            ReportSearch.ROLL: "Search the roll, by name and by date of birth",
            ReportSearch.FORMER_NAMES: "Search it again by other spellings and former names",
            ReportSearch.LEAVERS: "Search those who have left",
            ReportSearch.STARTERS: "Search those who are to start, and the applications",
            ReportSearch.OFFICE: "Ask everybody in the office",
        }[self]

    @property
    def short(self) -> str:
        """The search in a line of a list."""
        return {
            ReportSearch.ASKER: "Make sure who asks",
            ReportSearch.ROLL: "Search the roll",
            ReportSearch.FORMER_NAMES: "Former names",
            ReportSearch.LEAVERS: "Leavers",
            ReportSearch.STARTERS: "Starters",
            ReportSearch.OFFICE: "Ask the office",
        }[self]


class ReportStep(StrEnum):
    """What one act wrote into a report, so that it can be taken back."""

    ENTERED = "entered"
    MATCHED = "matched"
    SEARCHED = "searched"
    DECIDED = "decided"
    REPLIED = "replied"
