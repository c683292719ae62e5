"""A school's own policy: open it, begin one, adopt a version of it from a day on, give one up, compare it.

A policy is changed as a draft that only the screen holds. Adopting keeps the draft as the next version, with the day
from which it holds, who adopted it and why; earlier versions stay, and a judgement of a day before uses the version
that held then. Never is a version adopted for days gone by: what was judged on them must stay as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs, open_to_all
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.rights import Right, who_may
from cme_desktop.policy.parameters import Parameters, load_parameters
from cme_desktop.policy.policy_changes import adopted_with, blank_policy, copy_as_own, say_part, settle_new_ids
from cme_desktop.policy.policy_differences import Difference, compare_policies
from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.policy_faults import Fault, check_policy, read_head
from cme_desktop.policy.school_policy import PolicyKind, SchoolPolicy
from cme_desktop.policy.school_policy_text import read_school_policy
from cme_desktop.policy.wording import say_day
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.policies import (
    ADOPTED,
    GIVEN_UP,
    PolicyVersion,
    adopt_policy,
    give_up_policy,
    list_policy_versions,
    next_version,
)
from cme_desktop.storage.school import load_school

OWN_ID: Final = "own"
"""The name of a policy that a school began with nothing; a copy of a supplied one keeps that one's name."""

MAY_ADOPT: Final = frozenset(who_may(Right.ADOPT_POLICY))
"""The roles that may adopt a policy or give one up: those whose word counts on what it raises."""

ONLY_THEY_ADOPT: Final = "Only the head, the safeguarding lead or a senior leader adopts a policy or gives one up."


def only_they_adopt() -> RefusedError:
    """Say who adopts a policy, and what everybody may do with a draft."""
    return RefusedError(
        ONLY_THEY_ADOPT,
        detail="Anybody may draft one, compare it and try it on the roll.",
        remedy="Ask one of them to sign in. A draft goes along as a file: export it, and load it there.",
    )


_AREAS: Final = (Area.SETTINGS, Area.SCHOOL, Area.FLAGS)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version as the screen tells it: its number, since when it holds, who adopted it when, and why."""

    policy_id: str
    title: str
    version: int
    from_day: date
    by: str
    at: datetime | None
    why: str
    is_given_up: bool


@dataclass(frozen=True, slots=True)
class SuppliedPolicy:
    """A policy that comes with the program."""

    policy: SchoolPolicy
    text: str


@dataclass(frozen=True, slots=True)
class PolicyDesk:
    """All that the policy's screen shows: the newest own policy and its history, the authority's, what is supplied.

    ``policy`` is None where the school has none of its own. ``newest`` is the line of its newest version, ``in_force``
    of the one that holds today; they differ while a version waits for its day. ``today`` is the first day from which
    a version may be adopted, and ``may_adopt`` says whether whoever is signed in may adopt one.
    """

    policy: SchoolPolicy | None
    newest: VersionLine | None
    in_force: VersionLine | None
    authority: VersionLine | None
    versions: tuple[VersionLine, ...]
    supplied: tuple[SuppliedPolicy, ...]
    law: Parameters
    school: str
    today: date
    may_adopt: bool = True

    def supplied_like(self, policy: SchoolPolicy) -> SchoolPolicy | None:
        """The supplied policy of which this one is a copy; None where it is none."""
        return next((one.policy for one in self.supplied if one.policy.id == policy.id), None)


@dataclass(frozen=True, slots=True)
class PolicyAdopted:
    """A version that was adopted, and what to read again."""

    version: int
    changes: Changes


# -- opening and beginning -------------------------------------------------------------------------------------


@open_to_all
def open_own_policy(office: Office) -> PolicyDesk:
    """Read the school's own policy as it stands, with all its versions."""
    law = load_law(office)
    with office.database.reading() as db:
        kept = list_policy_versions(db)
        school = load_school(db).name
    own = _newest_of(kept, PolicyKind.SCHOOL)
    holding = _holding(kept, PolicyKind.SCHOOL, on=office.today)
    authority = _newest_of(kept, PolicyKind.AUTHORITY)
    lines = {one: _line(one, kept) for one in kept}
    ids = {one.policy_id for one in kept if read_head(one.document).kind is PolicyKind.SCHOOL}
    return PolicyDesk(
        policy=_read(own, law) if own else None,
        newest=lines[own] if own else None,
        in_force=lines[holding] if holding else None,
        authority=lines[authority] if authority else None,
        versions=tuple(lines[one] for one in kept if one.policy_id in ids),
        supplied=_supplied(office, law),
        law=law,
        school=school,
        today=office.today,
        may_adopt=office.user.role in MAY_ADOPT,
    )


@open_to_all
def load_law(office: Office) -> Parameters:
    """Read the law's numbers, as no policy has changed them."""
    return load_parameters((office.paths.resources / "parameters.toml").read_text("utf-8"))


@open_to_all
def start_blank(office: Office) -> SchoolPolicy:
    """Begin a policy in which nothing stands yet. Nothing is saved."""
    with office.database.reading() as db:
        school = load_school(db).name
    return blank_policy(OWN_ID, title=school, from_day=office.today)


@open_to_all
def start_as_copy(office: Office, policy_id: str) -> SchoolPolicy:
    """Begin with a copy of a supplied policy. Nothing is saved."""
    return copy_as_own(find_supplied(office, policy_id).policy, policy_id=OWN_ID)


@open_to_all
def load_version(office: Office, *, policy_id: str, version: int) -> SchoolPolicy:
    """Read one version as it was adopted."""
    law = load_law(office)
    with office.database.reading() as db:
        kept = list_policy_versions(db)
    return _read(next(one for one in kept if (one.policy_id, one.version) == (policy_id, version)), law)


@open_to_all
def check_draft(office: Office, draft: SchoolPolicy) -> tuple[Fault, ...]:
    """List what stands in the way of adopting the draft, field by field."""
    return check_policy(draft, load_law(office))


@open_to_all
def compare_with_supplied(office: Office, draft: SchoolPolicy, policy_id: str) -> tuple[Difference, ...]:
    """Tell how the draft differs from a supplied policy."""
    return compare_policies(find_supplied(office, policy_id).policy, settle_new_ids(draft))


# -- adopting --------------------------------------------------------------------------------------------------


@needs(Right.ADOPT_POLICY, refusal=only_they_adopt)
def adopt_own_policy(office: Office, draft: SchoolPolicy, *, from_day: date, why: str) -> PolicyAdopted:
    """Keep the draft as the policy's next version, which holds from the day on; another own policy ends there.

    Raise ``RefusedError`` where it is looser than the law, with the provision, is to hold for days gone by, or is not
    for whoever is signed in to adopt, and ``BadInputError`` where it can't be used or no reason is given; nothing is
    kept then.
    """
    if draft.kind is not PolicyKind.SCHOOL:
        raise BadInputError(
            "This is a local authority’s policy.",
            detail=f"{draft.title} says so itself.",
            remedy="Adopt it as the authority’s policy, or start the school’s own as a copy of it.",
        )
    _refuse_faults(draft, load_law(office))
    _refuse_unexplained(office, from_day=from_day, why=why)
    brought = tuple(find_supplied(office, policy_id) for policy_id in adopted_with(draft))
    with office.database.transaction() as db:
        kept = list_policy_versions(db)
        _refuse_unchanged(draft, _newest_of(kept, PolicyKind.SCHOOL), load_law(office), from_day=from_day)
        for other in brought:
            _bring(office, db, other, kept, from_day=from_day, why=why)
        _end_others(office, db, kept, keep=draft.id, from_day=from_day, why=f"{draft.title} takes its place: {why}")
        version = _keep(office, db, settle_new_ids(draft), from_day=from_day, why=why)
    return PolicyAdopted(version, Changes.to(*_AREAS))


@needs(Right.ADOPT_POLICY, refusal=only_they_adopt)
def adopt_authority_policy(office: Office, policy: SchoolPolicy, *, from_day: date, why: str) -> PolicyAdopted:
    """Keep a local authority's policy, which holds beside the school's own from the day on.

    A second authority's is refused: a school follows the one it lies in.
    """
    if policy.kind is not PolicyKind.AUTHORITY:
        raise BadInputError(
            "This is not a local authority’s policy.",
            detail=f"{policy.title} is a school’s.",
            remedy="Start the school’s own policy as a copy of it instead.",
        )
    _refuse_faults(policy, load_law(office))
    _refuse_unexplained(office, from_day=from_day, why=why)
    with office.database.transaction() as db:
        kept = list_policy_versions(db)
        _refuse_second_authority(policy, kept, from_day=from_day)
        _refuse_unchanged(policy, _newest_of(kept, PolicyKind.AUTHORITY), load_law(office), from_day=from_day)
        version = _keep(office, db, policy, from_day=from_day, why=why)
    return PolicyAdopted(version, Changes.to(*_AREAS))


@needs(Right.ADOPT_POLICY, refusal=only_they_adopt)
def give_up(office: Office, policy_id: str, *, from_day: date, why: str) -> Changes:
    """Keep that a policy holds no more from a day on; every version of it stays."""
    _refuse_unexplained(office, from_day=from_day, why=why)
    with office.database.transaction() as db:
        kept = list_policy_versions(db)
        newest = _newest_by_id(kept).get(policy_id)
        if newest is None or newest.is_given_up:
            raise RefusedError("The school has no such policy.", remedy="Read the screen again.")
        own = _newest_of(kept, PolicyKind.SCHOOL)
        if own and own.policy_id != policy_id and policy_id in adopted_with(_read(own, load_law(office))):
            raise RefusedError(
                "The school’s own policy rests on this one.",
                detail=f"{_title(own)} comes with {_title(newest)}.",
                remedy="Adopt another policy for the school first.",
            )
        _give_up(office, db, policy_id, from_day=from_day, why=why)
    return Changes.to(*_AREAS)


def _keep(office: Office, db: Session, policy: SchoolPolicy, *, from_day: date, why: str) -> int:
    version = next_version(db, policy.id)
    document = write_policy_document(replace(policy, version=version, in_force_from=from_day))
    adopt_policy(db, policy_id=policy.id, document=document, adopted_on=from_day, why=why.strip(), by=office.user.id)
    _tell(office, db, ADOPTED, policy.id, version, from_day=from_day, why=why)
    return version


def _give_up(office: Office, db: Session, policy_id: str, *, from_day: date, why: str) -> None:
    version = give_up_policy(db, policy_id=policy_id, from_day=from_day, why=why.strip(), by=office.user.id)
    _tell(office, db, GIVEN_UP, policy_id, version, from_day=from_day, why=why)


def _tell(office: Office, db: Session, act: str, policy_id: str, version: int, *, from_day: date, why: str) -> None:
    write_journal(
        db, at=office.now(), by=office.user.id, act=act, subject=f"policy:{policy_id}",
        details={"policy": policy_id, "version": version, "from": from_day.isoformat(), "why": why.strip()},
    )  # fmt: skip


def _end_others(
    office: Office, db: Session, kept: tuple[PolicyVersion, ...], *, keep: str, from_day: date, why: str
) -> None:
    """A school has one policy of its own: any other ends, also one that is only to begin, or to end, later."""
    for other in _held_from(kept, PolicyKind.SCHOOL, from_day=from_day):
        if other.policy_id != keep:
            _give_up(office, db, other.policy_id, from_day=from_day, why=why)


def _bring(
    office: Office, db: Session, other: SuppliedPolicy, kept: tuple[PolicyVersion, ...], *, from_day: date, why: str
) -> None:
    """Adopt what the policy comes with, unless the school holds it already."""
    newest = _newest_by_id(kept).get(other.policy.id)
    if newest is not None and not newest.is_given_up and newest.adopted_on <= from_day:
        return
    if other.policy.kind is PolicyKind.AUTHORITY:
        _refuse_second_authority(other.policy, kept, from_day=from_day)
    _keep(office, db, other.policy, from_day=from_day, why=why)


# -- what is refused -------------------------------------------------------------------------------------------


def _refuse_faults(policy: SchoolPolicy, law: Parameters) -> None:
    faults = check_policy(policy, law)
    if not faults:
        return
    first = next((fault for fault in faults if fault.is_law), faults[0])
    where = f"{first.part.in_words} “{say_part(policy, first.part, first.index, law)}”: "
    if first.is_law:
        title, _, said = first.says.partition("looser. ")
        raise RefusedError(
            f"{title}looser.", detail=where + said, remedy="Enter what the law asks for, or something stricter."
        )
    more = f" {len(faults) - 1} more stand beside their fields." if len(faults) > 1 else ""
    raise BadInputError("The policy can’t be adopted yet.", detail=f"{where}{first.says}{more}")


def _refuse_unexplained(office: Office, *, from_day: date, why: str) -> None:
    if not why.strip():
        raise BadInputError("No reason is given.", remedy="Say why: whoever reads the policy later will ask.")
    if from_day < office.today:
        raise RefusedError(
            "A policy can’t hold for days gone by.",
            detail="What was judged on them was judged by the version that held then, and stays so.",
            remedy=f"Choose {say_day(office.today)} or a later day.",
        )


def _refuse_unchanged(draft: SchoolPolicy, newest: PolicyVersion | None, law: Parameters, *, from_day: date) -> None:
    if newest is None or newest.policy_id != draft.id or newest.adopted_on > from_day:
        return
    before = _read(newest, law)
    if replace(draft, version=before.version, in_force_from=before.in_force_from) == before:
        raise RefusedError(
            "Nothing has changed.",
            detail=f"The policy is word for word version {newest.version}.",
            remedy="Change something first, or close the window.",
        )


def _refuse_second_authority(policy: SchoolPolicy, kept: tuple[PolicyVersion, ...], *, from_day: date) -> None:
    held = _held_from(kept, PolicyKind.AUTHORITY, from_day=from_day)
    other = next((one for one in held if one.policy_id != policy.id), None)
    if other is not None:
        raise RefusedError(
            "A school follows one local authority’s policy.",
            detail=f"It follows that of {_title(other)} already, since {say_day(other.adopted_on)}.",
            remedy=f"Give that one up first if the school belongs to {policy.title} now.",
        )


# -- reading ---------------------------------------------------------------------------------------------------


def _newest_by_id(kept: Iterable[PolicyVersion]) -> dict[str, PolicyVersion]:
    return {one.policy_id: one for one in kept}  # they come in the order they were made


def _newest_of(kept: Iterable[PolicyVersion], kind: PolicyKind) -> PolicyVersion | None:
    """The newest version of the school's policy of a kind, in force or waiting; None where there is none."""
    newest = [one for one in _newest_by_id(kept).values() if not one.is_given_up]
    return next((one for one in reversed(newest) if read_head(one.document).kind is kind), None)


def _holding(kept: Iterable[PolicyVersion], kind: PolicyKind, *, on: date) -> PolicyVersion | None:
    """The version of the school's policy of a kind that holds on a day."""
    return _newest_of([one for one in kept if one.adopted_on <= on], kind)


def _held_from(kept: Iterable[PolicyVersion], kind: PolicyKind, *, from_day: date) -> tuple[PolicyVersion, ...]:
    """The policies of a kind that hold on a day or are to hold later, each by its newest document."""
    every = tuple(kept)
    newest, on_the_day = _newest_by_id(every), _newest_by_id(one for one in every if one.adopted_on <= from_day)
    found = (on_the_day.get(name) if one.is_given_up else one for name, one in newest.items())
    return tuple(one for one in found if one and not one.is_given_up and read_head(one.document).kind is kind)


def _read(kept: PolicyVersion, law: Parameters) -> SchoolPolicy:
    read = read_school_policy(kept.document, parameters=law)
    if read.policy is None:
        raise BadInputError(
            "A version of the policy can’t be read.",
            detail=f"{kept.policy_id}, version {kept.version}: {read.problems[0]}",
            remedy="Load the policy from a file, or start it again as a copy of a supplied one.",
        )
    # Versions set up before this screen was there all say 1 of themselves.
    return replace(read.policy, version=kept.version)


def _line(kept: PolicyVersion, every: tuple[PolicyVersion, ...]) -> VersionLine:
    written = kept.written_at.astimezone(LOCAL_ZONE).replace(tzinfo=None) if kept.written_at else None
    title = _title(kept) or next(
        (_title(one) for one in reversed(every) if one.policy_id == kept.policy_id and one.document), kept.policy_id
    )
    return VersionLine(
        kept.policy_id, title, kept.version, kept.adopted_on, kept.adopted_by, written, kept.why, kept.is_given_up
    )


def _title(kept: PolicyVersion) -> str:
    return read_head(kept.document).title


def _supplied(office: Office, law: Parameters) -> tuple[SuppliedPolicy, ...]:
    files = sorted((office.paths.resources / "policies").glob("*.toml"))
    texts = (file.read_text("utf-8") for file in files)
    read = ((text, read_school_policy(text, parameters=law).policy) for text in texts)
    return tuple(SuppliedPolicy(policy, text) for text, policy in read if policy is not None)


@open_to_all
def find_supplied(office: Office, policy_id: str) -> SuppliedPolicy:
    """Read a policy that comes with the program."""
    found = next((one for one in _supplied(office, load_law(office)) if one.policy.id == policy_id), None)
    if found is None:
        raise BadInputError(
            f"There is no policy called {policy_id}.",
            detail="It is none of those that come with the program.",
            remedy="Load it from a file.",
        )
    return found
