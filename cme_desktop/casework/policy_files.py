"""A policy that leaves the program or comes into it: a readable PDF, a file that another school can load, and loading.

A file that can't be used is explained line by line and changes nothing; one that can gives a draft, which the school
still has to adopt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cme_desktop.casework.office import Office
from cme_desktop.casework.own_policy import PolicyDesk, VersionLine, load_law
from cme_desktop.casework.permissions import open_to_all
from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.outside_file import read_outside_file
from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.policy_faults import DocumentRead, read_document
from cme_desktop.policy.school_policy import SchoolPolicy
from cme_desktop.policy.wording import say_day
from cme_desktop.storage.disk_errors import say_why

LARGEST: Final = 1_000_000
"""A policy's document has some tens of thousands of bytes; a file of more than a million is something else."""


@dataclass(frozen=True, slots=True)
class PolicyState:
    """What is printed about a policy besides its words: which version it is, in sentences."""

    version: str
    adopted: str = ""
    by: str = ""
    why: str = ""
    is_draft: bool = False


def state_of(desk: PolicyDesk, draft: SchoolPolicy) -> PolicyState:
    """Say which version a policy on the screen is: one adopted, or a draft that nobody has adopted."""
    newest = desk.newest
    if newest is None or desk.policy is None or draft != desk.policy:
        return PolicyState("Draft, not adopted", is_draft=True)
    return _state_of(newest, is_in_force=desk.in_force == newest)


def _state_of(line: VersionLine, *, is_in_force: bool) -> PolicyState:
    verb = "In force since" if is_in_force else "In force from"
    written = f", written down on {say_day(line.at.date())}" if line.at else ""
    by = f"Adopted by {line.by}{written}" if line.by else ""
    return PolicyState(f"Version {line.version}", f"{verb} {say_day(line.from_day)}", by, line.why)


def propose_name(policy: SchoolPolicy, state: PolicyState, suffix: str) -> str:
    """Name a policy's file."""
    return f"policy-{policy.id}-{'draft' if state.is_draft else f'version-{policy.version}'}{suffix}"


@open_to_all
def export_policy_pdf(office: Office, policy: SchoolPolicy, state: PolicyState, to: Path) -> Path:
    """Write the policy as a PDF to read and to print."""
    return write_whole_file(to, print_policy(office, policy, state))


@open_to_all
def print_policy(office: Office, policy: SchoolPolicy, state: PolicyState) -> bytes:
    """Set the policy as the pages of a PDF."""
    from cme_desktop.documents.policy_document import PolicyPages, render_policy  # noqa: PLC0415  a tenth of a second
    from cme_desktop.documents.wording import load_wording  # noqa: PLC0415  as above

    pages = PolicyPages(
        policy=policy, law=load_law(office), version=state.version, adopted=state.adopted, by=state.by, why=state.why,
        is_draft=state.is_draft,
    )  # fmt: skip
    wording = load_wording(office.paths.forms, "policy")
    return render_policy(pages, wording, fonts=office.paths.resources / "fonts")


@open_to_all
def export_policy_file(office: Office, policy: SchoolPolicy, to: Path) -> Path:
    """Write the policy as a file that another school can load."""
    del office
    return write_whole_file(to, write_policy_document(policy).encode("utf-8"))


@open_to_all
def load_policy_file(office: Office, file: Path) -> DocumentRead:
    """Read a policy from a file: a draft to adopt, or each line that stands in the way. Nothing is saved."""
    remedy = "Choose the file that the other school exported: its name ends in .toml."
    try:
        data = read_outside_file(file, largest=LARGEST, what="The file", remedy=remedy)
    except BadInputError:
        raise BadInputError(
            "This is not a policy's file.", detail="It is far larger than any policy.", remedy=remedy
        ) from None
    except OSError as error:
        raise CmeError(
            "The file can’t be read.", detail=say_why(error), remedy="Choose another file, or copy it again."
        ) from None
    return read_policy_data(office, data)


@open_to_all
def read_policy_data(office: Office, data: bytes) -> DocumentRead:
    """Read a policy from the bytes of a file; it begins here with version 1, whatever it was elsewhere."""
    read = read_document(data, load_law(office))
    if read.policy is None:
        return read
    return DocumentRead(replace(read.policy, version=1, in_force_from=office.today))
