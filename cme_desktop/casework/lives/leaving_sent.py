"""Who was told of a leaving, and what was sent: the return, the files, the forms."""

from __future__ import annotations

from datetime import date
from typing import Final

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.lives.leaving_acts import write_of_each
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import LEAD_TOLD
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import clock_of, record_happening, require
from cme_desktop.casework.roll import load_school_rulebook
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.errors import MissingFactsError, RefusedError
from cme_desktop.domain.events import Event, EventKind, Form, Recipient, ReturnKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right

FILE_SENT: Final = "protection-file-sent"
"""What a note is about that says that the child-protection file went and its receipt is still to come."""

IN_SCHOOL2SCHOOL: Final = "in-year-leaver"
"""The rule, whichever policy's, that an entry in school2school settles."""

_NOT_YET: Final = "This can’t be saved yet."


@needs(Right.WORK_ON_ROLL)
def tell_people(
    office: Office,
    *,
    pupils: tuple[PupilId, ...],
    on: date,
    recipients: tuple[Recipient, ...],
    lead: bool = False,
    reference: str = "",
    words: str = "",
) -> Changes:
    """Write down who was told of the leaving on a day: several at once, the safeguarding lead among them."""
    if not recipients and not lead:
        raise MissingFactsError(_NOT_YET, missing=("who was told",), remedy="Choose at least one.")
    clock = clock_of(office, on)
    events = [Event(EventKind.TOLD, on, clock, who=each, reference=reference.strip() or None) for each in recipients]
    if lead:
        events.append(Event(EventKind.DECISION, on, clock, about=LEAD_TOLD, choice="Safeguarding lead told"))
    return write_of_each(office, pupils, tuple(events), act="told", words=words)


@needs(Right.WORK_ON_ROLL)
def refer(office: Office, *, pupils: tuple[PupilId, ...], on: date, reference: str = "", words: str = "") -> Changes:
    """Write down that the children were referred to the authority's children missing education officer."""
    event = Event(
        EventKind.REFERRED, on, clock_of(office, on), to=Recipient.AUTHORITY_CME, reference=reference.strip() or None
    )
    return write_of_each(office, pupils, (event,), act="referred", words=words)


@needs(Right.WORK_ON_ROLL)
def note_return(office: Office, *, pupil_id: PupilId, on: date, reference: str = "") -> Changes:
    """Write down that the deletion return went to the authority."""
    event = Event(
        EventKind.RETURN_SENT,
        on,
        clock_of(office, on),
        return_=ReturnKind.DELETION,
        reference=reference.strip() or None,
    )
    return record_happening(office, pupil_id=pupil_id, event=event, act="deletion return")


@needs(Right.WORK_ON_ROLL)
def note_transfer_file(office: Office, *, pupil_id: PupilId, on: date, code: str, words: str = "") -> Changes:
    """Write down that the transfer file went, under which code. Sending it takes no name off the register."""
    require(_NOT_YET, {"to which school or code it went": code})
    event = Event(EventKind.TRANSFER_FILE_SENT, on, clock_of(office, on))
    said = " ".join(part for part in (f"Sent to {code.strip()}.", words.strip()) if part)
    return record_happening(
        office, pupil_id=pupil_id, event=event, act="transfer file", words=said, details={"code": code}
    )


@needs(Right.WORK_ON_ROLL)
def note_protection_file(
    office: Office, *, pupil_id: PupilId, on: date, by: str, how: str, is_received: bool
) -> Changes:
    """Write down that the child-protection file went, or that its receipt came back; only the receipt settles it."""
    require(_NOT_YET, {"who sent it, or who signed for it": by, "how": how})
    kind = EventKind.PROTECTION_FILE_RECEIVED if is_received else EventKind.NOTE
    event = Event(kind, on, clock_of(office, on), about=None if is_received else FILE_SENT)
    words = f"{'Signed for by' if is_received else 'Child-protection file sent by'} {by.strip()}, {how.strip()}."
    return record_happening(office, pupil_id=pupil_id, event=event, act="protection file", words=words)


@needs(Right.WORK_ON_ROLL)
def note_form(
    office: Office, *, pupil_id: PupilId, on: date, form: Form | None, reference: str = "", words: str = ""
) -> Changes:
    """Write down that an authority's form went; no form means that the leaver is entered in school2school."""
    said = " ".join(part for part in (f"Reference {reference.strip()}." if reference.strip() else "", words) if part)
    if form is not None:
        event = Event(EventKind.FORM_SENT, on, clock_of(office, on), form=form)
    else:
        rules = load_school_rulebook(office, on=office.today).rules
        about = next((rule.id for rule in rules if rule.id.endswith(f".{IN_SCHOOL2SCHOOL}")), None)
        if about is None:
            raise RefusedError("No policy of this school asks for an entry in school2school.")
        event = Event(
            EventKind.DECISION, on, clock_of(office, on), about=about, choice="Entered in school2school",
            reason=f"Entered on {say_day(on)}",
        )  # fmt: skip
    return record_happening(office, pupil_id=pupil_id, event=event, act="form", words=said)
