"""Rights in what is held: requests to see it, what was given to whom, and data that went astray."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Asker(StrEnum):
    """Who asks to see what is held."""

    PUPIL = "pupil"
    PARENT = "parent"
    FOR_THEM = "for_them"

    @property
    def in_words(self) -> str:
        """Who asks, within a sentence."""
        return {
            Asker.PUPIL: "the pupil",
            Asker.PARENT: "a parent or carer",
            Asker.FOR_THEM: "somebody who acts for them",
        }[self]


class About(StrEnum):
    """Whose personal data is asked for."""

    PUPIL = "pupil"
    CONTACT = "contact"

    @property
    def in_words(self) -> str:
        """Whose, as a choice."""
        return {About.PUPIL: "The child", About.CONTACT: "The parent or contact"}[self]


class Ending(StrEnum):
    """How a request came to its end."""

    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    MISTAKE = "mistake"

    @property
    def in_words(self) -> str:
        """The ending, as a choice."""
        return {
            Ending.ANSWERED: "Answered",
            Ending.WITHDRAWN: "Withdrawn by whoever asked",
            Ending.MISTAKE: "Written down by mistake",
        }[self]


class MarkReason(StrEnum):
    """Why an item of the pack waits for a person: the program only ever marks, and never decides."""

    OTHER_PUPIL = "other_pupil"
    OTHER_ADULT = "other_adult"
    MAYBE_NAME = "maybe_name"
    REPORTER = "reporter"
    PROTECTION = "protection"
    ABUSE = "abuse"
    HARM = "harm"
    LEGAL = "legal"
    FILE = "file"

    @property
    def in_words(self) -> str:
        """Why somebody must look, as a sentence."""
        return {
            MarkReason.OTHER_PUPIL: "It names another pupil.",
            MarkReason.OTHER_ADULT: "It is about, or names, another adult.",
            MarkReason.MAYBE_NAME: "It may name somebody whom the records do not know.",
            MarkReason.REPORTER: "It may show who reported a worry.",
            MarkReason.PROTECTION: "It tells of child protection.",
            MarkReason.ABUSE: "It may be child-abuse data.",
            MarkReason.HARM: "Giving it could cause serious harm to somebody.",
            MarkReason.LEGAL: "It may be advice from a lawyer, or made for a court.",
            MarkReason.FILE: "It is a file, which the program can’t read for you.",
        }[self]


class Verdict(StrEnum):
    """What the lead or the head decides about a marked item."""

    INCLUDE = "include"
    BLACK_OUT = "black_out"
    LEAVE_OUT = "leave_out"
    LEAVE_OUT_UNSAID = "leave_out_unsaid"

    @property
    def in_words(self) -> str:
        """The verdict, as a choice."""
        return {
            Verdict.INCLUDE: "Include it as it stands",
            Verdict.BLACK_OUT: "Include it with words blacked out",
            Verdict.LEAVE_OUT: "Leave it out, and say that something was left out",
            Verdict.LEAVE_OUT_UNSAID: "Leave it out, and say nothing of it",
        }[self]

    @property
    def leaves_out(self) -> bool:
        """Whether nothing of the item is given."""
        return self in {Verdict.LEAVE_OUT, Verdict.LEAVE_OUT_UNSAID}


class DataKind(StrEnum):
    """What kind of data a breach touches."""

    NAMES = "names"
    CONTACTS = "contacts"
    ATTENDANCE = "attendance"
    HEALTH = "health"
    PROTECTION = "protection"
    CRIME = "crime"
    BELIEF = "belief"
    PASSWORDS = "passwords"
    OTHER = "other"

    @property
    def in_words(self) -> str:
        """The kind, as a choice."""
        return {
            DataKind.NAMES: "Names, dates of birth, pupil numbers",
            DataKind.CONTACTS: "Addresses, telephone numbers, e-mail",
            DataKind.ATTENDANCE: "Attendance and the reasons given",
            DataKind.HEALTH: "Health",
            DataKind.PROTECTION: "Child protection or social care",
            DataKind.CRIME: "Crime or custody",
            DataKind.BELIEF: "Religion or ethnic group",
            DataKind.PASSWORDS: "Passwords, keys or backups",
            DataKind.OTHER: "Something else",
        }[self]


class Risk(StrEnum):
    """How the risk to people is judged."""

    UNLIKELY = "unlikely"
    LIKELY = "likely"
    HIGH = "high"

    @property
    def in_words(self) -> str:
        """The judgement, as a choice."""
        return {
            Risk.UNLIKELY: "Unlikely: nobody will come to harm by it",
            Risk.LIKELY: "Likely: somebody may come to harm by it",
            Risk.HIGH: "High: somebody may come to serious harm by it",
        }[self]


@dataclass(frozen=True, slots=True)
class BreachAccount:
    """What is known of a breach, as somebody wrote it down; the newest account of a breach stands.

    ``noticed_at`` is aware: the clock of 72 hours runs from it. ``risk`` is None until somebody judged it.
    ``regulator_told_at`` is aware too.
    """

    what: str
    noticed_at: datetime
    happened: str = ""
    people: int | None = None
    kinds: tuple[DataKind, ...] = ()
    risk: Risk | None = None
    risk_why: str = ""
    regulator_told_at: datetime | None = None
    regulator_reference: str = ""
    regulator_why_not: str = ""
    people_told_on: date | None = None
    people_why_not: str = ""
    done: str = ""

    @property
    def is_regulator_settled(self) -> bool:
        """Whether the regulator was told, or it was written down why not."""
        return self.regulator_told_at is not None or bool(self.regulator_why_not.strip())
