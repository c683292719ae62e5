"""The keys that sign the school's documents: a root of its own, and a key for each person, issued by it."""

from __future__ import annotations

from dataclasses import replace

from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import open_to_all
from cme_desktop.documents.school_keys import SchoolRoot, der_of_certificate, make_school_root, make_signer
from cme_desktop.domain.cases import Role
from cme_desktop.storage.school import SchoolDetails, load_school


def make_school_key(school: SchoolDetails) -> SchoolDetails:
    """Give the same school with a new signing root."""
    root = make_school_root(school.name)
    return replace(school, root_certificate=root.certificate_pem, root_key=root.key_pem)


@open_to_all
def load_certificate(office: Office) -> bytes | None:
    """Read the school's certificate, which is kept with the records, in DER; None where none was made."""
    with office.database.reading() as db:
        pem = load_school(db).root_certificate
    return der_of_certificate(pem) if pem else None


def make_signing_key(school: SchoolDetails, *, person: str, role: Role) -> tuple[str, str]:
    """Issue a certificate and a key, as PEM texts, to somebody who works at the school."""
    root = SchoolRoot(school.root_certificate, school.root_key)
    signer = make_signer(root, person=person, role=role.in_words)
    return signer.certificate_pem, signer.key_pem
