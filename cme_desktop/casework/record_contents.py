"""Gathering what a document of a case says, as things stood at a moment.

The same moment gives the same contents, whatever was written later, so that a draft that was read can be rendered
again for signing. What was changed since (an amended mark, a corrected address) does show: the fingerprint differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.cases import CaseFile, load_case
from cme_desktop.casework.enquiries import EnquiryLine, checklist
from cme_desktop.casework.history import detail_of, title_of
from cme_desktop.casework.in_words import capital, count_of
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.record_weeks import lay_out_extract
from cme_desktop.casework.veil import for_reader
from cme_desktop.casework.views import Views, Voice, views_in
from cme_desktop.documents import contents as paper
from cme_desktop.documents.school_keys import fingerprint
from cme_desktop.documents.wording import write_day, write_long_day
from cme_desktop.domain.cases import Role
from cme_desktop.domain.contacts import AgencyKind, Household, NumberQuality
from cme_desktop.domain.documents import DocumentState
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method, VisitOutcome
from cme_desktop.domain.identifiers import CaseId, UserId
from cme_desktop.domain.rights import Right
from cme_desktop.policy.rule import Authority, Flag
from cme_desktop.storage.cases import list_enquiry_entries
from cme_desktop.storage.contacts import ContactDetails, list_agencies
from cme_desktop.storage.documents import StoredDocument, list_documents_of_case
from cme_desktop.storage.events import WrittenEvent
from cme_desktop.storage.flags import FlagReview, key_of, list_reviews
from cme_desktop.storage.marks import MarkCorrection, list_corrections
from cme_desktop.storage.pupils import list_siblings
from cme_desktop.storage.school import SchoolDetails, load_school
from cme_desktop.storage.users import UserDetails, list_users

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_MARKING: Final = "Official, sensitive: contains personal data about a child."
_ATTEMPTS: Final = frozenset({EventKind.CONTACT_ATTEMPT, EventKind.HOME_VISIT, EventKind.CHILD_SEEN})
_SENT: Final = frozenset({
    EventKind.TOLD, EventKind.RETURN_SENT, EventKind.REFERRED, EventKind.FORM_SENT, EventKind.DOCUMENT_SENT,
})  # fmt: skip
_TOLD_ELSEWHERE: Final = frozenset({
    EventKind.FLAG_RAISED, EventKind.FLAG_SETTLED, EventKind.ENQUIRY_RECORDED, EventKind.DOCUMENT_MADE,
    EventKind.DOCUMENT_SIGNED, EventKind.VIEWS_HEARD,
})  # fmt: skip
_OUTCOMES: Final[dict[object, str]] = {
    AttemptOutcome.EXPLAINED: "Gave a reason",
    AttemptOutcome.ANSWERED_NO_REASON: "Answered, no reason given",
    AttemptOutcome.NO_ANSWER: "No answer",
    AttemptOutcome.LEFT_MESSAGE: "Message left",
    AttemptOutcome.SENT: "Sent; not counted as contact",
    AttemptOutcome.NUMBER_DEAD: "Number dead",
    AttemptOutcome.WRONG_PERSON: "Wrong person answered",
    AttemptOutcome.REFUSED: "Refused to talk",
    AttemptOutcome.UNAWARE: "Does not know where the child is",
    VisitOutcome.CHILD_SEEN: "Child seen",
    VisitOutcome.ADULT_SEEN_ONLY: "An adult seen, not the child",
    VisitOutcome.NO_REPLY: "No reply",
    VisitOutcome.COULD_NOT_REACH_DOOR: "Could not reach the door",
    VisitOutcome.MOVED_AWAY: "Moved away",
}
_WEIGHTY: Final = frozenset({
    AttemptOutcome.NUMBER_DEAD, AttemptOutcome.UNAWARE, AttemptOutcome.REFUSED, VisitOutcome.MOVED_AWAY,
})  # fmt: skip
_REACHED: Final = frozenset({AttemptOutcome.EXPLAINED, AttemptOutcome.ANSWERED_NO_REASON, AttemptOutcome.UNAWARE})
_METHODS: Final = {
    Method.PHONE: "Phone", Method.TEXT: "Text", Method.EMAIL: "E-mail", Method.LETTER: "Letter",
    Method.IN_PERSON: "In person",
}  # fmt: skip
_STILL_OPEN: Final = frozenset({EnquiryState.NOT_STARTED, EnquiryState.TRIED, EnquiryState.WAITING})


@dataclass(frozen=True, slots=True)
class _Sources:
    """Everything read for one document."""

    file: CaseFile
    at: datetime
    school: SchoolDetails
    users: tuple[UserDetails, ...]
    authority: str
    siblings: tuple[str, ...]
    events: tuple[WrittenEvent, ...]
    enquiries: tuple[EnquiryLine, ...]
    reviews: tuple[FlagReview, ...]
    corrections: tuple[MarkCorrection, ...]
    documents: tuple[StoredDocument, ...]
    extract: tuple[tuple[paper.Week, ...], int]

    @property
    def today(self) -> date:
        """The day of the moment, on the office wall."""
        return _local(self.at).date()


@needs(Right.SEE_NAMES)
def gather_contents(
    office: Office, case_id: CaseId, *, at: datetime, number: int, prepared_by: UserId | None
) -> paper.RecordContents:
    """Gather what a document made at the moment says."""
    then = replace(office, now=lambda: at)
    file = load_case(then, case_id)
    with office.database.reading() as db:
        sources = _read(db, then, file, at)
    return for_reader(office, _contents(sources, number=number, prepared_by=prepared_by))


def name_missing_facts(contents: paper.RecordContents) -> tuple[str, ...]:
    """Name the facts an authority asks for and the records do not hold, in the office's words."""
    pupil = contents.pupil
    held = {
        "the pupil’s date of birth": pupil.born is not None,
        "the pupil’s UPN": bool(pupil.upn),
        "the pupil’s last address": bool(pupil.address),
        "a contact with a number": any(contact.numbers for contact in contents.contacts),
        "the school’s LAESTAB number": bool(contents.school.laestab),
    }
    return tuple(fact for fact, is_held in held.items() if not is_held)


# -- reading -----------------------------------------------------------------------------------------------------


def _read(db: Session, then: Office, file: CaseFile, at: datetime) -> _Sources:
    pupil_id = file.case.pupil_id
    events = tuple(event for event in file.events if event.written_at <= at)
    entries = tuple(entry for entry in list_enquiry_entries(db, file.case.id) if entry.written_at <= at)
    first = min(file.case.history_from, file.last_attended or file.case.history_from)
    authorities = [agency.name for agency in list_agencies(db) if agency.kind is AgencyKind.AUTHORITY_CME]
    return _Sources(
        file=file,
        at=at,
        school=load_school(db),
        users=list_users(db),
        authority=next(iter(authorities), ""),
        siblings=tuple(_sibling(name.known_as, name.class_name) for name in list_siblings(db, pupil_id)),
        events=events,
        enquiries=checklist(entries, contacts=file.contacts, events=events, since=file.since),
        reviews=tuple(review for review in list_reviews(db, pupil_id=pupil_id) if review.made_at <= at),
        corrections=tuple(
            each for each in list_corrections(db, pupil_id) if each.session.on >= first and each.made_at <= at
        ),
        documents=tuple(
            document
            for document in list_documents_of_case(db, file.case.id)
            if document.state is DocumentState.FINAL and document.made_at < at
        ),
        extract=lay_out_extract(db, then, file.pupil, first=first),
    )


def _sibling(name: str, class_name: str) -> str:
    return f"{name}, {class_name}" if class_name else name


# -- putting it into words ---------------------------------------------------------------------------------------


def _contents(sources: _Sources, *, number: int, prepared_by: UserId | None) -> paper.RecordContents:
    file = sources.file
    shown = [event for event in sources.events if event.event.kind not in _TOLD_ELSEWHERE]
    weeks, unknown = sources.extract
    return paper.RecordContents(
        case_number=file.case.number,
        number=number,
        made_at=_local(sources.at),
        made_for=sources.authority,
        marking=_MARKING,
        case_status=capital(file.case.status.value.replace("_", " ")),
        opened_on=file.case.opened_on,
        history_from=file.case.history_from,
        why=file.case.why,
        school=_school(sources.school),
        pupil=_pupil(sources),
        summary=_summary(sources),
        contacts=tuple(_contact(contact, sources) for contact in file.contacts),
        flags=tuple(_flag(flag, sources.reviews, today=sources.today) for flag in file.flags),
        weeks=weeks,
        unknown_sessions=unknown,
        last_attended=file.last_attended,
        attempts=tuple(_attempt(event, file) for event in shown if event.event.kind in _ATTEMPTS),
        views=_views(views_in(sources.events)),
        decisions=tuple(_other(event, file) for event in shown if event.event.kind not in _ATTEMPTS | _SENT),
        enquiries=tuple(_enquiry(line) for line in sources.enquiries),
        sent=tuple(_sent(event) for event in shown if event.event.kind in _SENT and event.retracted_at is None),
        documents=tuple(_document(document) for document in reversed(sources.documents)),
        amendments=tuple(_amendment(each, today=sources.today) for each in sources.corrections),
        signers=_signers(sources, prepared_by),
    )


def _school(school: SchoolDetails) -> paper.SchoolDetails:
    return paper.SchoolDetails(
        name=school.name, address=", ".join(school.address), phone=school.phone, email=school.email,
        laestab=school.laestab, urn=school.urn, head=school.head, safeguarding_lead=school.safeguarding_lead,
        logo=school.logo,
        certificate_fingerprint=fingerprint(school.root_certificate) if school.root_certificate else "",
    )  # fmt: skip


def _pupil(sources: _Sources) -> paper.PupilDetails:
    pupil = sources.file.pupil
    legal = " ".join(part for part in (pupil.legal_forename, pupil.middle_names, pupil.legal_surname) if part)
    circumstances = pupil.for_rules().circumstances_on(sources.today)
    return paper.PupilDetails(
        name=pupil.known_as, legal_name=legal, born=pupil.born,
        sex={"M": "Male", "F": "Female"}.get(pupil.sex.upper(), pupil.sex), upn=pupil.upn or "",
        year_group=_year_group(pupil.year_group), class_name=pupil.class_name, starting_day=pupil.starting_day,
        address=", ".join(part for part in (pupil.address, pupil.postcode) if part),
        home_authority=pupil.home_authority, language=pupil.language,
        circumstances=tuple(sorted(each.in_words for each in circumstances)), siblings=sources.siblings,
    )  # fmt: skip


def _year_group(year_group: str | None) -> str:
    named = {"R": "Reception", "N1": "Nursery 1", "N2": "Nursery 2"}
    return "" if year_group is None else named.get(str(year_group), f"Year {year_group}")


def _summary(sources: _Sources) -> paper.Summary:
    file = sources.file
    open_lines = [line for line in sources.enquiries if line.state in _STILL_OPEN]
    return paper.Summary(
        sentence=_opening_sentence(sources),
        absence=_absence(file, unknown=sources.extract[1], today=sources.today),
        asked_by="; ".join(_clauses(file.flags)[:2]) or "Nobody: the case was opened by hand",
        reached=_reached(sources),
        not_done=tuple(_not_done(line) for line in open_lines),
    )


def _opening_sentence(sources: _Sources) -> str:
    name, seen = sources.file.pupil.known_as, sources.file.last_seen
    if seen is None:
        return f"The records do not show that anyone has seen {name}."
    if seen >= sources.today:
        return f"{name} was seen today, {write_long_day(seen)}."
    return f"{name} has not been seen since {write_long_day(seen)}."


def _absence(file: CaseFile, *, unknown: int, today: date) -> str:
    if file.absence is None:
        doubt = f"; {count_of(unknown, 'session')} not marked at all" if unknown else ""
        return f"No absence is marked{doubt}"
    counted = f"{count_of(file.absence.school_days, 'school day')} ({count_of(file.absence.sessions, 'session')})"
    said = f"{counted} since {write_day(file.absence.first_day, near=today)}"
    return f"{said}; {count_of(unknown, 'session')} not marked at all" if unknown else said


def _clauses(flags: Iterable[Flag]) -> tuple[str, ...]:
    ranks = list(Authority)
    law_first = sorted(flags, key=lambda flag: (ranks.index(flag.authority), flag.severity))
    return tuple(dict.fromkeys(str(reference) for flag in law_first for reference in flag.references))


def _reached(sources: _Sources) -> str:
    standing = [event for event in sources.events if event.retracted_at is None]
    calls = [event for event in standing if event.event.kind is EventKind.CONTACT_ATTEMPT]
    reached = [event for event in calls if event.event.outcome in _REACHED]
    said = "Nobody"
    if reached:
        last = reached[-1].event
        day = write_day(last.on, near=sources.today)
        said = f"{_with(reached[-1], sources.file)}, {day}: {_OUTCOMES[last.outcome].lower()}"
    dead = {
        _with(event, sources.file): event.event.on
        for event in calls
        if event.event.outcome is AttemptOutcome.NUMBER_DEAD
    }
    gone = (f"{who}: number dead on {write_day(on, near=sources.today)}" for who, on in dead.items())
    return ". ".join([said, *gone])


def _not_done(line: EnquiryLine) -> str:
    if line.state is EnquiryState.NOT_STARTED:
        return line.item.name
    return f"{line.item.name} ({line.state.in_words.lower()})"


def _contact(contact: ContactDetails, sources: _Sources) -> paper.ContactLine:
    tries = [event for event in sources.events if event.retracted_at is None and _tries(event, contact)]
    tried = ""
    if tries:
        last = tries[-1].event
        day = write_day(last.on, near=sources.today)
        tried = f"{count_of(len(tries), 'time')}, last {day}: {_OUTCOMES[last.outcome].lower()}"
    return paper.ContactLine(
        rank=contact.rank, relation=contact.relation_said or contact.relation.in_words, name=contact.name,
        household="lives with the pupil" if contact.household is Household.HOME else "lives elsewhere",
        numbers=tuple(_number(number.text, number.quality) for number in contact.numbers),
        email=contact.email, address=contact.address,
        do_not_contact=(contact.do_not_contact_ground or "no ground recorded") if contact.do_not_contact else "",
        tried=tried,
    )  # fmt: skip


def _tries(written: WrittenEvent, contact: ContactDetails) -> bool:
    if written.event.kind is not EventKind.CONTACT_ATTEMPT:
        return False
    if written.contact_id is not None:
        return written.contact_id == contact.id
    return written.event.with_ is contact.relation


def _number(text: str, quality: NumberQuality) -> str:
    return text if quality is NumberQuality.GOOD else f"{text} ({quality.value})"


def _flag(flag: Flag, reviews: tuple[FlagReview, ...], *, today: date) -> paper.FlagLine:
    own = [review for review in reviews if review.flag_key == key_of(flag)]
    verdict = ""
    if own:
        last = own[-1]
        said = {"agree": "Agreed", "change": "Changed", "dismiss": "Dismissed"}[last.verdict.value]
        by = f"{said} by {last.made_by_name}, {write_day(_local(last.made_at).date(), near=today)}"
        verdict = ". ".join(part for part in (by, last.reason, last.next_step) if part)
    return paper.FlagLine(
        title=flag.title, sentence=flag.finding.sentence,
        clauses=tuple(str(reference) for reference in flag.references), raised_on=flag.finding.since or flag.raised_on,
        state="Overdue: what it asks for was not done in time" if flag.overdue else "", verdict=verdict,
    )  # fmt: skip


def _attempt(written: WrittenEvent, file: CaseFile) -> paper.HistoryLine:
    event = written.event
    is_seen = event.kind is EventKind.CHILD_SEEN
    outcome = "Child seen" if is_seen else _OUTCOMES.get(event.outcome, "Tried")
    how = _METHODS.get(event.method, "") if event.method else ("Visit" if event.kind is EventKind.HOME_VISIT else "")
    facts = detail_of(event).rstrip(".")
    return paper.HistoryLine(
        happened_on=event.on, happened_at=event.at,
        with_whom="Home" if event.kind is EventKind.HOME_VISIT else "" if is_seen else _with(written, file),
        how="\n".join(part for part in (how, written.number_used) if part),
        outcome=". ".join(part for part in (outcome, facts) if part), words=written.words,
        by=written.written_by_name or "The program", written_at=_local(written.written_at),
        weighty=event.outcome in _WEIGHTY, struck_out=written.retracted_at is not None,
    )  # fmt: skip


def _with(written: WrittenEvent, file: CaseFile) -> str:
    said = _relation_said(written, file)
    relation = written.event.with_.in_words if written.event.with_ else "contact"
    return capital(said or relation)


def _relation_said(written: WrittenEvent, file: CaseFile) -> str:
    return next((each.relation_said for each in file.contacts if each.id == written.contact_id), "")


def _other(written: WrittenEvent, file: CaseFile) -> paper.HistoryLine:
    event = written.event
    # A reason somebody gave stands where their words stand, unless both were written.
    words = written.words or event.reason or ""
    facts = detail_of(event if written.words else replace(event, reason=None)).rstrip(".")
    title = title_of(event, relation=_relation_said(written, file))
    return paper.HistoryLine(
        happened_on=event.on, happened_at=event.at, with_whom="", how="",
        outcome=". ".join(part for part in (title, facts) if part), words=words,
        by=written.written_by_name or "The program", written_at=_local(written.written_at),
        struck_out=written.retracted_at is not None,
    )  # fmt: skip


def _views(views: Views) -> tuple[paper.ViewLine, ...]:
    lines = []
    for voice in Voice:
        if voice in views.not_asked:
            lines.append(paper.ViewLine(voice.in_words))
        lines += [
            paper.ViewLine(voice.in_words, heard.words, heard.on, heard.by, heard.how, heard.is_struck_out)
            for heard in views.of(voice)
        ]
    return tuple(lines)


def _enquiry(line: EnquiryLine) -> paper.EnquiryLine:
    said = line.latest
    if said is None:
        return paper.EnquiryLine(
            line.item.id, line.item.name, line.state.in_words, line.state in _STILL_OPEN, detail=line.progress
        )
    whom = f"with {said.with_whom}" if said.with_whom else ""
    act = ", ".join(part for part in (said.done_by, said.how, whom) if part)
    detail = ". ".join(part for part in (act, said.outcome, said.reason, line.progress) if part)
    return paper.EnquiryLine(
        line.item.id, line.item.name, line.state.in_words, line.state in _STILL_OPEN, said.happened_on, detail
    )


def _sent(written: WrittenEvent) -> paper.SentLine:
    event = written.event
    to = event.who.in_words if event.who else "" if event.kind is EventKind.DOCUMENT_SENT else "the authority"
    what = written.words if event.kind is EventKind.DOCUMENT_SENT else _what_was_sent(event, written.words)
    return paper.SentLine(
        what=what, to=event.about or capital(to), on=event.on, reference=event.reference or "",
        by=written.written_by_name or "The program",
    )  # fmt: skip


def _what_was_sent(event: Event, words: str) -> str:
    return ". ".join(part for part in (title_of(event), words) if part)


def _document(document: StoredDocument) -> paper.DocumentLine:
    return paper.DocumentLine(
        what=document.kind.in_words, number=document.version, state=capital(document.state.value),
        made_at=_local(document.made_at), sha256=document.facts.sha256,
    )  # fmt: skip


def _amendment(correction: MarkCorrection, *, today: date) -> paper.Amendment:
    session = f"{write_day(correction.session.on, near=today)} {correction.session.half}"
    return paper.Amendment(
        session=session, was=correction.old_code or "none", now=correction.new_code or "none",
        reason=correction.reason, by=correction.made_by_name or "The program", at=_local(correction.made_at),
    )  # fmt: skip


def _signers(sources: _Sources, prepared_by: UserId | None) -> tuple[paper.Signer, paper.Signer]:
    active = [user for user in sources.users if user.active]
    own = next((user for user in active if user.id == prepared_by and user.role is not Role.HEAD), None)
    first = own or next((user for user in active if user.role is Role.OFFICE), None)
    head = next((user for user in active if user.role is Role.HEAD), None)
    return (
        _signer(first, Role.OFFICE, otherwise="Office manager"),
        _signer(head, Role.HEAD, otherwise=sources.school.head or "Headteacher"),
    )


def _signer(user: UserDetails | None, role: Role, *, otherwise: str) -> paper.Signer:
    return paper.Signer(otherwise, role.in_words) if user is None else paper.Signer(user.name, user.role.in_words)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(LOCAL_ZONE).replace(tzinfo=None)
