"""The documents of cases: their bytes, kept inside the encrypted records, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from cme_desktop.domain.documents import DocumentKind, DocumentState
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import CaseId, DocumentId, UserId
from cme_desktop.storage.tables import DocumentRow


@dataclass(frozen=True, slots=True)
class KeptSignature:
    """Who signed a document, in which role, and when."""

    by: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a rendering yields: the bytes' hash, the fingerprint printed on the pages, and what it had to leave open."""

    sha256: str
    content_fingerprint: str
    pages: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document of the records, without its bytes. ``version`` counts the documents of one kind in a case, from 1."""

    id: DocumentId
    case_id: CaseId
    kind: DocumentKind
    version: int
    state: DocumentState
    file_name: str
    facts: DocumentFacts
    signatures: tuple[KeptSignature, ...]
    made_at: datetime
    made_by: UserId | None
    sent_on: date | None
    sent_to: str


def next_version(db: Session, case_id: CaseId, kind: DocumentKind) -> int:
    """Say the number the case's next document of a kind will bear."""
    wanted = select(func.max(DocumentRow.version)).where(DocumentRow.case_id == case_id, DocumentRow.kind == kind.value)
    return (db.scalar(wanted) or 0) + 1


def find_draft(db: Session, case_id: CaseId, kind: DocumentKind) -> StoredDocument | None:
    """Find the case's draft of a kind; there is at most one."""
    wanted = select(DocumentRow).where(
        DocumentRow.case_id == case_id,
        DocumentRow.kind == kind.value,
        DocumentRow.state == DocumentState.DRAFT.value,
    )
    row = db.scalars(wanted).first()
    return None if row is None else _document_of(row)


def load_document(db: Session, document_id: DocumentId) -> StoredDocument:
    """Read one document without its bytes; an unknown id is refused in words."""
    return _document_of(_row(db, document_id))


def load_document_pdf(db: Session, document_id: DocumentId) -> bytes:
    """Read a document's bytes."""
    row = db.get(DocumentRow, document_id, options=[undefer(DocumentRow.pdf)])
    if row is None:
        raise _unknown()
    return row.pdf


def list_documents_of_case(db: Session, case_id: CaseId) -> tuple[StoredDocument, ...]:
    """List a case's documents, the newest first."""
    wanted = select(DocumentRow).where(DocumentRow.case_id == case_id)
    rows = db.scalars(wanted.order_by(DocumentRow.made_at.desc(), DocumentRow.id.desc()))
    return tuple(_document_of(row) for row in rows)


def add_draft(
    db: Session,
    *,
    case_id: CaseId,
    kind: DocumentKind,
    version: int,
    file_name: str,
    facts: DocumentFacts,
    pdf: bytes,
    at: datetime,
    by: UserId,
) -> DocumentId:
    """Keep a draft."""
    row = DocumentRow(
        case_id=case_id, kind=kind.value, version=version, state=DocumentState.DRAFT.value, file_name=file_name,
        signatures=[], sent_to="", made_at=at, made_by=by, pdf=pdf, **_columns(facts),
    )  # fmt: skip
    db.add(row)
    db.flush()
    return DocumentId(row.id)


def replace_draft(
    db: Session, document_id: DocumentId, *, facts: DocumentFacts, pdf: bytes, at: datetime, by: UserId
) -> None:
    """Put a draft made afresh in place of the old one, under its number."""
    _write(_row(db, document_id), {**_columns(facts), "pdf": pdf, "made_at": at, "made_by": by})


def keep_signed(
    db: Session,
    document_id: DocumentId,
    *,
    facts: DocumentFacts,
    pdf: bytes,
    file_name: str,
    signature: KeptSignature,
) -> None:
    """Keep the bytes with one signature more; the document is final from the first one on."""
    row = _row(db, document_id)
    line = {"by": signature.by, "role": signature.role, "at": signature.at.isoformat()}
    state = DocumentState.FINAL.value
    signatures = [*row.signatures, line]
    _write(row, {**_columns(facts), "pdf": pdf, "file_name": file_name, "state": state, "signatures": signatures})


def note_document_sent(db: Session, document_id: DocumentId, *, on: date, to: str) -> None:
    """Write down that a document left the school."""
    _write(_row(db, document_id), {"sent_on": on, "sent_to": to})


def _row(db: Session, document_id: DocumentId) -> DocumentRow:
    row = db.get(DocumentRow, document_id)
    if row is None:
        raise _unknown()
    return row


def _unknown() -> BadInputError:
    return BadInputError("There is no such document.", remedy="Choose a document from the case.")


def _write(row: DocumentRow, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _columns(facts: DocumentFacts) -> dict[str, Any]:
    return {
        "sha256": facts.sha256,
        "content_fingerprint": facts.content_fingerprint,
        "pages": facts.pages,
        "missing": list(facts.missing),
    }


def _document_of(row: DocumentRow) -> StoredDocument:
    return StoredDocument(
        id=DocumentId(row.id),
        case_id=CaseId(row.case_id),
        kind=DocumentKind(row.kind),
        version=row.version,
        state=DocumentState(row.state),
        file_name=row.file_name,
        facts=DocumentFacts(row.sha256, row.content_fingerprint, row.pages, tuple(map(str, row.missing))),
        signatures=tuple(
            KeptSignature(line["by"], line["role"], datetime.fromisoformat(line["at"])) for line in row.signatures
        ),
        made_at=row.made_at,
        made_by=None if row.made_by is None else UserId(row.made_by),
        sent_on=row.sent_on,
        sent_to=row.sent_to,
    )
