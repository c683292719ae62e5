"""What the child and the family say of it: asked in each case, added to, never written over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from cme_desktop.casework.case_entry import changes_to, refuse_future, write_act
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import clock_of, require
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import CaseId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.cases import load_case_details
from cme_desktop.storage.events import WrittenEvent

NOT_YET: Final = "Not yet asked"


class Voice(StrEnum):
    """Whose words they are; the value is what the event is about."""

    CHILD = "child"
    FAMILY = "family"

    @property
    def in_words(self) -> str:
        """The heading of their words."""
        return f"What the {self.value} says"


HOW: Final = ("In person", "By telephone", "In writing", "With an interpreter", "Through somebody else")
"""How words can be heard; the last asks through whom."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Words as they were heard: by whom, on which day, and how."""

    voice: Voice
    words: str
    on: date
    by: str
    how: str
    is_struck_out: bool = False


@dataclass(frozen=True, slots=True)
class Views:
    """Everything heard in a case, each voice's latest first."""

    child: tuple[Heard, ...] = ()
    family: tuple[Heard, ...] = ()

    def of(self, voice: Voice) -> tuple[Heard, ...]:
        """What one voice said."""
        return self.child if voice is Voice.CHILD else self.family

    @property
    def not_asked(self) -> tuple[Voice, ...]:
        """Whose words nobody has written down."""
        return tuple(voice for voice in Voice if not any(not each.is_struck_out for each in self.of(voice)))


def views_in(events: Iterable[WrittenEvent]) -> Views:
    """Gather what was heard, lines struck out too, from the events of a case."""
    heard = [_heard(each) for each in events if each.event.kind is EventKind.VIEWS_HEARD]
    heard.reverse()
    return Views(
        tuple(each for each in heard if each.voice is Voice.CHILD),
        tuple(each for each in heard if each.voice is Voice.FAMILY),
    )


@needs(Right.WORK_ON_CASES)
def record_views(
    office: Office, *, case_id: CaseId, voice: Voice, words: str, on: date, by: str, how: str, through: str = ""
) -> Changes:
    """Add what the child or the family says, with who heard it and how; what was heard before stays."""
    refuse_future(on, office)
    facts = {"what was said": words, "who heard it": by, "how it was heard": how}
    if how == HOW[-1]:
        facts["through whom"] = through
    require("This can’t be saved yet.", facts)
    with office.database.transaction() as db:
        case = load_case_details(db, case_id)
        if case.is_closed:
            raise RefusedError("The case is closed.", remedy="Open it again to add to it.")
        details = {"heard_by": by.strip(), "how": how, "through": through.strip()}
        write_act(
            db, office, case, Event(EventKind.VIEWS_HEARD, on, clock_of(office, on), about=voice.value),
            act="views_heard", words=words.strip(), details={name: text for name, text in details.items() if text},
        )  # fmt: skip
    return changes_to(case)


def _heard(written: WrittenEvent) -> Heard:
    details = written.details
    through = f" ({details['through']})" if details.get("through") else ""
    return Heard(
        voice=Voice(written.event.about or Voice.FAMILY),
        words=written.words,
        on=written.event.on,
        by=details.get("heard_by", "") or written.written_by_name,
        how=f"{details.get('how', '')}{through}",
        is_struck_out=written.retracted_at is not None,
    )
