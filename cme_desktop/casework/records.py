"""The documents of a case: preparing a draft, signing it, keeping it, giving it out.

A draft may be made again as often as the records change. The first signature makes it final: the office manager's
(or another member of staff's), then the head's. Before signing, the draft is rendered again from the records as they
stood when it was made; where they no longer say the same, nobody signs what nobody has read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.case_entry import event_now, refuse_future, write_entry
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs, open_to_all, sees_protection
from cme_desktop.casework.protected_reading import note_reading
from cme_desktop.casework.record_contents import gather_contents, name_missing_facts
from cme_desktop.casework.signing_keys import make_school_key, make_signing_key
from cme_desktop.casework.veil import lines_for
from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.documents.contents import RecordContents, Signer
from cme_desktop.documents.wording import FormWording, load_wording, write_clock, write_short_date
from cme_desktop.domain.cases import Role
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.documents import DocumentKind, DocumentState
from cme_desktop.domain.errors import BadInputError, CmeError, MissingFactsError, RefusedError
from cme_desktop.domain.events import EventKind
from cme_desktop.domain.identifiers import CaseId, DocumentId
from cme_desktop.domain.rights import PROTECTED, Right, may
from cme_desktop.storage.cases import CaseDetails, find_case, load_case_details
from cme_desktop.storage.circumstances import list_circumstances
from cme_desktop.storage.documents import (
    DocumentFacts,
    KeptSignature,
    StoredDocument,
    add_draft,
    find_draft,
    keep_signed,
    list_documents_of_case,
    load_document,
    load_document_pdf,
    next_version,
    note_document_sent,
    replace_draft,
)
from cme_desktop.storage.events import list_events
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.school import load_school, save_school
from cme_desktop.storage.users import UserDetails, list_users, load_user, set_signing_key

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.documents.sealing import Act

_LARGEST_DRAWING: Final = 2 * 1024 * 1024
_NO_CHANGES: Final = Changes()


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Who signed, as what, and when by the office clock."""

    by: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DocumentRowView:
    """A document as screens show it. ``missing`` names the facts it had to leave open; ``made_at`` is local."""

    id: DocumentId
    case_id: CaseId
    case_number: str
    kind: DocumentKind
    version: int
    state: DocumentState
    file_name: str
    sha256: str
    fingerprint: str
    pages: int
    missing: tuple[str, ...]
    signatures: tuple[SignatureLine, ...]
    made_at: datetime
    sent_on: date | None
    sent_to: str
    changes: Changes = _NO_CHANGES

    @property
    def title(self) -> str:
        """What it is called on screen: never with a child's name."""
        return f"{self.kind.in_words} {self.version}, {self.case_number}"


# -- reading -----------------------------------------------------------------------------------------------------


@needs(Right.SEE_NAMES)
def find_case_id(office: Office, number: str) -> CaseId:
    """Find a case by its number; an unknown one is refused in words."""
    with office.database.reading() as db:
        case = find_case(db, number)
    if case is None:
        raise BadInputError("There is no such case.", remedy="List the cases with: case list.")
    return case.id


@needs(Right.SEE_NAMES)
def list_documents(office: Office, case_id: CaseId) -> tuple[DocumentRowView, ...]:
    """List a case's documents, the newest first."""
    with office.database.reading() as db:
        case = load_case_details(db, case_id)
        return tuple(_view(document, case) for document in list_documents_of_case(db, case_id))


@needs(Right.SEE_NAMES)
def load_view(office: Office, document_id: DocumentId) -> DocumentRowView:
    """Read one document without its bytes."""
    with office.database.reading() as db:
        document = load_document(db, document_id)
        return _view(document, load_case_details(db, document.case_id))


@needs(Right.SEE_NAMES)
def load_pdf(office: Office, document_id: DocumentId) -> bytes:
    """Read a document's bytes, making sure that they are those that were kept."""
    with office.database.reading() as db:
        document = load_document(db, document_id)
        _refuse_unread(office, db, document)
        pupil_id = load_case_details(db, document.case_id).pupil_id
        names = tuple(each.dated.name.in_words for each in list_circumstances(db, pupil_id))
        lines = list_events(db, pupil_id=pupil_id)
        pdf = load_document_pdf(db, document_id)
        kept = document.facts.sha256
    note_reading(office, names, pupil_id=pupil_id, where="document", lines=lines)
    if hashlib.sha256(pdf).hexdigest() != kept:
        raise CmeError(
            "The document is not what was kept.",
            detail="Its bytes no longer have the checksum written down with them.",
            remedy="Bring back a backup, and tell whoever looks after the records.",
        )
    return pdf


@needs(Right.SEE_NAMES)
def why_not_sign(office: Office, document: DocumentRowView) -> str:
    """Say why the signed-in user can't sign the document now; empty when they can."""
    is_head = office.user.role is Role.HEAD
    signed = len(document.signatures)
    if signed >= 2:
        return "Both signatures are there."
    if is_head and signed == 0:
        return "The office signs first."
    if not is_head and signed == 1:
        return "The headteacher signs next."
    return ""


def _refuse_unread(office: Office, db: Session, document: StoredDocument) -> None:
    """Refuse a document that tells protection notes: one made by somebody who reads them, about a child who has any."""
    if sees_protection(office):
        return
    made_by = next((user for user in list_users(db) if user.id == document.made_by), None)
    pupil_id = load_case_details(db, document.case_id).pupil_id
    lines = list_events(db, pupil_id=pupil_id)
    noted = any(each.dated.name in PROTECTED for each in list_circumstances(db, pupil_id))
    if (noted or lines_for(office, db, lines) != lines) and (
        made_by is None or may(made_by.role, Right.SEE_PROTECTION)
    ):
        raise RefusedError(
            "This document is not for you to open.",
            detail="It holds protection notes, which only the safeguarding lead and the headteacher read.",
            remedy="Ask one of them to open, sign or print it.",
        )


# -- preparing ---------------------------------------------------------------------------------------------------


@needs(Right.WORK_ON_CASES)
def prepare_record(office: Office, case_id: CaseId) -> DocumentRowView:
    """Prepare the written record of enquiries as a draft."""
    return prepare_document(office, case_id, kind=DocumentKind.RECORD)


@needs(Right.WORK_ON_CASES)
def prepare_document(office: Office, case_id: CaseId, *, kind: DocumentKind) -> DocumentRowView:
    """Prepare a document as a draft, in place of an unsigned draft of the same kind."""
    _make_sure_of_school_key(office)
    at = office.now()
    with office.database.reading() as db:
        standing = find_draft(db, case_id, kind)
        if standing:
            _refuse_unread(office, db, standing)
        version = standing.version if standing else next_version(db, case_id, kind)
    contents = gather_contents(office, case_id, at=at, number=version, prepared_by=office.user.id)
    pdf, facts = _render(office, contents, kind, draft=True)
    with office.database.transaction() as db:
        case = load_case_details(db, case_id)
        if standing:
            document_id = standing.id
            replace_draft(db, document_id, facts=facts, pdf=pdf, at=at, by=office.user.id)
        else:
            document_id = add_draft(
                db, case_id=case_id, kind=kind, version=version, facts=facts, pdf=pdf, at=at, by=office.user.id,
                file_name=_file_name(case, kind, version, DocumentState.DRAFT),
            )  # fmt: skip
        _note(db, office, case, EventKind.DOCUMENT_MADE, f"{kind.in_words} {version}, draft")
        stored = load_document(db, document_id)
    return _view(stored, case, changes=_changes(case))


# -- signing -----------------------------------------------------------------------------------------------------


@needs(Right.WORK_ON_CASES)
def sign_record(
    office: Office, document_id: DocumentId, *, drawn: bytes | None = None, typed: str | None = None
) -> DocumentRowView:
    """Sign a document as the signed-in user, with a drawing (PNG bytes) or a typed name in the box."""
    _refuse_empty_signature(drawn, typed)
    with office.database.reading() as db:
        _refuse_unread(office, db, load_document(db, document_id))
    view = load_view(office, document_id)
    if reason := why_not_sign(office, view):
        raise RefusedError("You can’t sign this now.", detail=reason, remedy="Ask the person whose turn it is.")
    user = _make_sure_of_signing_key(office)
    pdf, facts = _seal(office, view, user, drawn=drawn, typed=(typed or "").strip())
    signature = KeptSignature(user.name, user.role.in_words, office.now())
    with office.database.transaction() as db:
        standing = load_document(db, document_id)
        if standing.facts.sha256 != view.sha256:
            raise RefusedError(
                "The document was changed meanwhile.", remedy="Open it again and read it before signing."
            )
        case = load_case_details(db, standing.case_id)
        name = _file_name(case, standing.kind, standing.version, DocumentState.FINAL)
        keep_signed(db, document_id, facts=facts, pdf=pdf, file_name=name, signature=signature)
        _note(db, office, case, EventKind.DOCUMENT_SIGNED, f"{standing.kind.in_words} {standing.version}")
        stored = load_document(db, document_id)
    return _view(stored, case, changes=_changes(case))


@needs(Right.WORK_ON_CASES)
def note_sent(office: Office, document_id: DocumentId, *, to: str, on: date | None = None) -> DocumentRowView:
    """Write down that a final document was sent to somebody."""
    if not to.strip():
        raise MissingFactsError("This can’t be saved yet.", missing=("to whom it was sent",))
    day = refuse_future(on or office.today, office)
    with office.database.transaction() as db:
        document = load_document(db, document_id)
        if document.state is DocumentState.DRAFT:
            raise RefusedError("A draft is not sent.", remedy="Sign the document first.")
        case = load_case_details(db, document.case_id)
        note_document_sent(db, document_id, on=day, to=to.strip())
        words = f"{document.kind.in_words} {document.version}"
        event = replace(event_now(EventKind.DOCUMENT_SENT, office, about=to.strip()), on=day)
        write_entry(db, office, case, event, act="document_sent", words=words)
        stored = load_document(db, document_id)
    return _view(stored, case, changes=_changes(case))


@needs(Right.EXPORT_NAMES)
def export_pdf(office: Office, document_id: DocumentId, to: Path) -> Path:
    """Write a document's bytes to a file, or into a folder under its own name, and say where it is.

    That it left the records is written down; not where to, for a folder or a file may bear a child's name.
    """
    view = load_view(office, document_id)
    target = to / view.file_name if to.is_dir() else to
    pdf = load_pdf(office, document_id)
    with office.database.transaction() as db:
        _write_down_that_it_left(db, office, view, act="document_saved")
        return write_whole_file(target, pdf)


@needs(Right.EXPORT_NAMES)
def give_for_printing(office: Office, document_id: DocumentId) -> bytes:
    """Give a document's bytes for printing, and write down that it left the records."""
    view, pdf = load_view(office, document_id), load_pdf(office, document_id)
    with office.database.transaction() as db:
        _write_down_that_it_left(db, office, view, act="document_printed")
    return pdf


def _write_down_that_it_left(db: Session, office: Office, view: DocumentRowView, *, act: str) -> None:
    details = {"document": int(view.id), "kind": view.kind.value, "version": view.version}
    write_journal(db, at=office.now(), by=office.user.id, act=act, subject=view.case_number, details=details)


@open_to_all
def export_certificate(office: Office, to: Path) -> Path:
    """Write the school's signing certificate to a file: who holds it can tell our records from others."""
    _make_sure_of_school_key(office)
    with office.database.reading() as db:
        certificate = load_school(db).root_certificate
    return write_whole_file(to / "school-signing-certificate.pem" if to.is_dir() else to, certificate.encode())


# -- private: rendering and sealing ------------------------------------------------------------------------------


def _render(
    office: Office, contents: RecordContents, kind: DocumentKind, *, draft: bool
) -> tuple[bytes, DocumentFacts]:
    from cme_desktop.documents.case_document import find_unprintable, render_document  # noqa: PLC0415  a tenth of a second

    fonts = _fonts(office)
    rendered = render_document(contents, _wording(office, kind), fonts=fonts, draft=draft)
    missing = name_missing_facts(contents)
    if letters := find_unprintable(contents, fonts=fonts):
        missing = (*missing, f"letters that can’t be printed: {letters}")
    return rendered.pdf, _facts(rendered.pdf, rendered.fingerprint, rendered.pages, missing)


def _facts(pdf: bytes, fingerprint: str, pages: int, missing: tuple[str, ...]) -> DocumentFacts:
    return DocumentFacts(hashlib.sha256(pdf).hexdigest(), fingerprint, pages, missing)


def _seal(
    office: Office, view: DocumentRowView, user: UserDetails, *, drawn: bytes | None, typed: str
) -> tuple[bytes, DocumentFacts]:
    from cme_desktop.documents.sealing import sign_first, sign_second  # noqa: PLC0415  a third of a second

    wording, fonts = _wording(office, view.kind), _fonts(office)
    act = _make_act(office, user, wording, drawn=drawn, typed=typed)
    if view.signatures:
        pdf = sign_second(load_pdf(office, view.id), act, fonts=fonts)
        return pdf, _facts(pdf, view.fingerprint, view.pages, view.missing)
    contents, final, facts = _render_final(office, view)
    waiting = contents.signers[1]
    pdf = sign_first(final, act, waiting=waiting, not_signed=wording.text["not_signed"], fonts=fonts)
    return pdf, _facts(pdf, facts.content_fingerprint, facts.pages, facts.missing)


def _render_final(office: Office, view: DocumentRowView) -> tuple[RecordContents, bytes, DocumentFacts]:
    with office.database.reading() as db:
        draft = load_document(db, view.id)
    contents = gather_contents(office, draft.case_id, at=draft.made_at, number=draft.version, prepared_by=draft.made_by)
    pdf, facts = _render(office, contents, draft.kind, draft=False)
    if facts.content_fingerprint != draft.facts.content_fingerprint:
        raise RefusedError(
            "The records have changed since this draft was made.",
            detail="What it says is no longer what the records say.",
            remedy="Prepare it again, read it, and sign it then.",
        )
    return contents, pdf, facts


def _make_act(office: Office, user: UserDetails, wording: FormWording, *, drawn: bytes | None, typed: str) -> Act:
    from cme_desktop.documents.school_keys import SignerKey  # noqa: PLC0415  with the sealing it belongs to
    from cme_desktop.documents.sealing import Act  # noqa: PLC0415  a third of a second
    from cme_desktop.documents.signature_box import Signature  # noqa: PLC0415  with the sealing it belongs to

    with office.database.reading() as db:
        root = load_school(db).root_certificate
    now = office.local_now
    line = wording.text["signed"].format(when=f"{write_short_date(now.date())} {write_clock(now)}")
    signature = Signature(Signer(user.name, user.role.in_words), line, typed=typed, drawn=drawn)
    return Act(signature, SignerKey(user.certificate, user.key), root, office.now())


def _refuse_empty_signature(drawn: bytes | None, typed: str | None) -> None:
    if drawn is None and not (typed or "").strip():
        raise MissingFactsError("This can’t be signed yet.", missing=("a drawn or typed name",))
    if drawn is not None and (len(drawn) > _LARGEST_DRAWING or not drawn.startswith(b"\x89PNG")):
        raise BadInputError("The drawing can’t be used.", remedy="Draw it again, or type the name.")


# -- private: keys -----------------------------------------------------------------------------------------------


def _make_sure_of_school_key(office: Office) -> None:
    """Make the school's signing root where records older than it have none."""
    with office.database.reading() as db:
        school = load_school(db)
    if school.root_certificate:
        return
    with_key = make_school_key(school)
    with office.database.transaction() as db:
        save_school(db, with_key)


def _make_sure_of_signing_key(office: Office) -> UserDetails:
    """Give the signed-in user with a signing key of their own, made now where they have none."""
    with office.database.reading() as db:
        user, school = load_user(db, office.user.id), load_school(db)
    if user.certificate:
        return user
    certificate, key = make_signing_key(school, person=user.name, role=user.role)
    with office.database.transaction() as db:
        set_signing_key(db, user.id, certificate=certificate, key=key)
    return replace(user, certificate=certificate, key=key)


# -- private: words ----------------------------------------------------------------------------------------------


def _note(db: object, office: Office, case: CaseDetails, kind: EventKind, words: str) -> None:
    write_entry(db, office, case, event_now(kind, office), act=kind.value, words=words)  # type: ignore[arg-type]


def _wording(office: Office, kind: DocumentKind) -> FormWording:
    return load_wording(office.paths.forms, kind.form_id)


def _fonts(office: Office) -> Path:
    return office.paths.resources / "fonts"


def _file_name(case: CaseDetails, kind: DocumentKind, version: int, state: DocumentState) -> str:
    draft = "-draft" if state is DocumentState.DRAFT else ""
    return f"{case.number}-{kind.value.replace('_', '-')}-{version}{draft}.pdf"


def _changes(case: CaseDetails) -> Changes:
    return Changes.to(Area.DOCUMENTS, Area.CASES, Area.EVENTS, pupil=case.pupil_id, case=case.id)


def _view(document: StoredDocument, case: CaseDetails, *, changes: Changes | None = None) -> DocumentRowView:
    return DocumentRowView(
        id=document.id,
        case_id=document.case_id,
        case_number=case.number,
        kind=document.kind,
        version=document.version,
        state=document.state,
        file_name=document.file_name,
        sha256=document.facts.sha256,
        fingerprint=document.facts.content_fingerprint,
        pages=document.facts.pages,
        missing=document.facts.missing,
        signatures=tuple(SignatureLine(each.by, each.role, _local(each.at)) for each in document.signatures),
        made_at=_local(document.made_at),
        sent_on=document.sent_on,
        sent_to=document.sent_to,
        changes=changes or _NO_CHANGES,
    )


def _local(moment: datetime) -> datetime:
    return moment.astimezone(LOCAL_ZONE).replace(tzinfo=None)
