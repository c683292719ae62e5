"""Plan what a file of pupils or contacts would do to the records, and do it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from cme_desktop.casework.import_changes import list_person_changes
from cme_desktop.casework.import_marks import names_question
from cme_desktop.casework.import_matching import Match, MatchedBy, RollIndex, differs_in_birthday, fold
from cme_desktop.casework.import_preview import Choice, ImportCounts, OpenedFile, Preview, Question, RowStatus
from cme_desktop.domain.contacts import Household, NumberQuality
from cme_desktop.domain.events import With
from cme_desktop.domain.pupils import Circumstance, year_group_of
from cme_desktop.importers.fields import Field, FileKind
from cme_desktop.importers.marks import LEAVE_OUT
from cme_desktop.importers.people import ContactIn, PeopleIn, PupilIn
from cme_desktop.importers.phones import NumberIn
from cme_desktop.importers.sheet import Rejected
from cme_desktop.storage.contacts import ContactDetails, load_contacts_by_pupil
from cme_desktop.storage.imports import UndoNote, add_row, change_row
from cme_desktop.storage.pupils import PupilDetails, list_all_pupils

SAME_CHILD: Final = "same_child"

_LIVES_HERE: Final = frozenset({With.MOTHER, With.FATHER, With.STEP_PARENT, With.CARER, With.SIBLING})
_COURT_ORDER: Final = "Court order noted in the school's system"


@dataclass(slots=True)
class ContactPlan:
    """One contact to add or change, with the numbers to add or change."""

    contact_id: int | None
    values: dict[str, Any]
    new_numbers: list[dict[str, Any]] = field(default_factory=list)
    changed_numbers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    @property
    def does_something(self) -> bool:
        """Whether anything would be written."""
        return self.contact_id is None or bool(self.values or self.new_numbers or self.changed_numbers)


@dataclass(slots=True)
class PupilPlan:
    """One pupil to add or change, with circumstances to add and contacts."""

    pupil_id: int | None
    values: dict[str, Any]
    circumstances: list[Circumstance] = field(default_factory=list)
    contacts: list[ContactPlan] = field(default_factory=list)
    ranks: int = 0
    named: set[tuple[str, str]] = field(default_factory=set)


@dataclass(slots=True)
class PeoplePlan:
    """What accepting would write, row by row, and what it would leave out."""

    pupils: dict[tuple[str, ...], PupilPlan] = field(default_factory=dict)
    statuses: Counter[RowStatus] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    matched_by_name: int = 0
    court_orders: int = 0
    leavers: int = 0
    in_file: set[int] = field(default_factory=set)

    @property
    def counts(self) -> ImportCounts:
        """The file's rows, each counted once."""
        status = self.statuses
        return ImportCounts(
            status[RowStatus.NEW], status[RowStatus.CHANGED], status[RowStatus.UNCHANGED], 0, len(self.rejected)
        )


def plan_people(
    db: Session, opened: OpenedFile, read: PeopleIn, answers: Table[str, str], *, is_known_file: bool
) -> PeoplePlan:
    """Work out what the file's rows would do; of a file brought in before, nothing that stands is changed."""
    return _Planner(db, opened, read, answers, is_known_file=is_known_file).plan()


class _Planner:
    def __init__(
        self, db: Session, opened: OpenedFile, read: PeopleIn, answers: Table[str, str], *, is_known_file: bool
    ) -> None:
        self._opened = opened
        self._read = read
        self._answers = answers
        self._is_known_file = is_known_file
        self._index = RollIndex(list_all_pupils(db))
        self._contacts = load_contacts_by_pupil(db)
        self._headers = {use.field: use.header for use in reversed(opened.mapping.columns) if use.field}
        self._first_line: dict[tuple[str, ...], int] = {}
        self._plan = PeoplePlan(rejected=list(read.rejected))
        blocks = opened.mapping.blocks
        self._row_per_contact = len(blocks) == 1

    def plan(self) -> PeoplePlan:
        for row in self._read.rows:
            match = self._index.match(row.key)
            if problem := self._problem(row, match):
                self._plan.rejected.append(problem)
                continue
            self._plan.statuses[self._take(row, match)] += 1
        if self._plan.matched_by_name:
            self._plan.questions.append(names_question(self._plan.matched_by_name))
        return self._plan

    # -- may the row be taken ----------------------------------------------------------------------------------

    def _problem(self, row: PupilIn, match: Match) -> Rejected | None:
        if match.by is MatchedBy.CONFLICT:
            return Rejected(row.line, self._headers.get(Field.UPN, ""), row.key.upn, match.said)
        if match.pupil is None and self._opened.mapping.kind is FileKind.CONTACTS:
            shown = row.key.upn or row.key.mis_id or f"{row.key.surname}, {row.key.forename}"
            wanted = "a pupil in the records: bring in the pupils first, or correct the number"
            return Rejected(row.line, self._key_header(), shown, wanted, personal=not (row.key.upn or row.key.mis_id))
        if match.pupil is not None and differs_in_birthday(row.key, match.pupil):
            return self._other_birthday(row)
        return self._same_pupil_again(row, match)

    def _other_birthday(self, row: PupilIn) -> Rejected | None:
        question = Question(
            f"born:{row.line}",
            f"Line {row.line} gives another date of birth than the records for a pupil. Is it the same child?",
            (Choice(SAME_CHILD, "Yes: take the new date of birth"), Choice(LEAVE_OUT, "Leave this row out")),
            column=self._headers.get(Field.BORN, ""),
        )
        self._plan.questions.append(question)
        if self._answers.get(question.id) == SAME_CHILD:
            return None
        born = row.key.born.strftime("%d/%m/%Y") if row.key.born else ""
        return Rejected(
            row.line, question.column, born, "the date of birth in the records: find out which is right, then say so"
        )

    def _same_pupil_again(self, row: PupilIn, match: Match) -> Rejected | None:
        key = _row_key(row, match)
        first = self._first_line.setdefault(key, row.line)
        if first == row.line or (self._row_per_contact and row.contacts):
            return None
        return Rejected(
            row.line,
            self._key_header(),
            row.key.upn or row.key.mis_id,
            f"each pupil once; line {first} is the same pupil",
        )

    def _key_header(self) -> str:
        known = (self._headers.get(what) for what in (Field.UPN, Field.MIS_ID, Field.SURNAME, Field.FULL_NAME))
        return next((header for header in known if header), "")

    # -- what it would do --------------------------------------------------------------------------------------

    def _take(self, row: PupilIn, match: Match) -> RowStatus:
        plan = self._plan
        if match.pupil is not None:
            plan.in_file.add(match.pupil.id)
            plan.matched_by_name += match.by in {MatchedBy.NAME, MatchedBy.NAME_AND_BIRTHDAY}
        key = _row_key(row, match)
        pupil = plan.pupils.get(key)
        is_first = pupil is None
        if pupil is None:
            pupil = plan.pupils[key] = self._pupil_plan(row, match.pupil)
        standing = () if match.pupil is None else self._contacts.get(match.pupil.id, ())
        done = [self._contact_plan(pupil, contact, standing) for contact in row.contacts]
        contacts = [contact for contact in done if contact.does_something]
        if self._is_known_file:
            contacts = [contact for contact in contacts if contact.contact_id is None]
        pupil.contacts += contacts
        return self._status(pupil, contacts, is_first=is_first)

    def _status(self, pupil: PupilPlan, contacts: list[ContactPlan], *, is_first: bool) -> RowStatus:
        if pupil.pupil_id is None:
            return RowStatus.NEW
        if self._opened.mapping.kind is FileKind.CONTACTS and any(one.contact_id is None for one in contacts):
            return RowStatus.NEW
        does_pupil = is_first and bool(pupil.values or pupil.circumstances)
        return RowStatus.CHANGED if does_pupil or contacts else RowStatus.UNCHANGED

    def _pupil_plan(self, row: PupilIn, known: PupilDetails | None) -> PupilPlan:
        if self._opened.mapping.kind is FileKind.CONTACTS:
            return PupilPlan(known.id if known else None, {})
        values = _values_of(row)
        if known is None:
            values.setdefault("year_group", _worked_out_year(row, self._opened))
            return PupilPlan(None, values, list(row.circumstances))
        changed = {name: value for name, value in values.items() if value != _plain(getattr(known, name))}
        if known.upn and "upn" in changed:
            changed["former_upn"] = known.upn
        if "left_on" in changed:
            self._plan.leavers += 1
        held = {dated.name for dated in known.circumstances if dated.holds_on(self._opened.on)}
        added = [name for name in row.circumstances if name not in held]
        return PupilPlan(known.id, {}, []) if self._is_known_file else PupilPlan(known.id, changed, added)

    def _contact_plan(self, pupil: PupilPlan, contact: ContactIn, standing: tuple[ContactDetails, ...]) -> ContactPlan:
        pupil.ranks += 1
        self._plan.court_orders += contact.court_order
        found = _find_contact(contact, standing)
        values = _contact_values(contact)
        if found is None:
            relation = contact.relation or With.OTHER_CONTACT
            at_home = Household.HOME if relation in _LIVES_HERE else Household.ELSEWHERE
            values.setdefault("rank", max([one.rank for one in standing], default=0) + pupil.ranks)
            values = {"relation": relation.value, "household": at_home.value} | values
            return ContactPlan(None, values, [_number_values(number) for number in contact.numbers])
        changed = {name: value for name, value in values.items() if value != _plain(getattr(found, name))}
        plan = ContactPlan(found.id, changed)
        _plan_numbers(plan, contact.numbers, found)
        return plan


def apply_people(
    db: Session, plan: PeoplePlan, *, batch_id: int, note: UndoNote, at: datetime, by: int | None
) -> frozenset[int]:
    """Write the planned pupils and contacts; say whose records changed."""
    touched: set[int] = set()
    for pupil in plan.pupils.values():
        if not (pupil.pupil_id is None or pupil.values or pupil.circumstances or pupil.contacts):
            continue
        pupil_id = _write_pupil(db, pupil, note, batch_id)
        touched.add(pupil_id)
        for circumstance in pupil.circumstances:
            add_row(
                db, note, "circumstance",
                {"pupil_id": pupil_id, "name": circumstance.value, "noted_at": at, "noted_by": by},
            )  # fmt: skip
        for contact in pupil.contacts:
            _write_contact(db, contact, note, pupil_id=pupil_id, batch_id=batch_id)
    _join_families(db, note)
    return frozenset(touched)


def preview_people(db: Session, opened: OpenedFile, plan: PeoplePlan) -> Preview:
    """Say what the plan would do."""
    warnings: list[str] = []
    if plan.court_orders:
        warnings.append(
            f"{plan.court_orders} contacts carry a court order: they are set to Do not contact. Check each on Contacts."
        )
    if plan.leavers:
        warnings.append(f"{plan.leavers} pupils have a new leaving date.")
    pupils = list_all_pupils(db)
    missing: tuple[str, ...] = ()
    if opened.mapping.kind is FileKind.PUPILS:
        missing = tuple(
            f"{pupil.known_as}, {pupil.class_name}"
            for pupil in pupils
            if pupil.is_on_roll(opened.on) and pupil.id not in plan.in_file
        )
    return Preview(
        plan.counts,
        tuple(sorted(plan.rejected, key=lambda problem: problem.line)),
        warnings=tuple(warnings),
        questions=tuple(plan.questions),
        missing=missing,
        person_changes=list_person_changes(
            plan, pupils={pupil.id: pupil for pupil in pupils}, contacts=load_contacts_by_pupil(db)
        ),
    )


# -- comparing -------------------------------------------------------------------------------------------------


def _row_key(row: PupilIn, match: Match) -> tuple[str, ...]:
    if match.pupil is not None:
        return ("id", str(match.pupil.id))
    if row.key.upn:
        return ("upn", row.key.upn)
    return ("mis", row.key.mis_id, fold(row.key.surname), fold(row.key.forename), str(row.key.born))


def _values_of(row: PupilIn) -> dict[str, Any]:
    values: dict[str, Any] = {
        "upn": row.key.upn, "former_upn": row.former_upn, "mis_id": row.key.mis_id, "legal_surname": row.key.surname,
        "legal_forename": row.key.forename, "preferred_surname": row.preferred_surname,
        "preferred_forename": row.preferred_forename, "middle_names": row.middle_names, "born": row.key.born,
        "sex": row.sex, "year_group": row.year_group.value if row.year_group else None, "class_name": row.class_name,
        "starting_day": row.starting_day, "left_on": row.left_on, "address": row.address, "postcode": row.postcode,
        "language": row.language,
    }  # fmt: skip
    # a blank cell says nothing: it never wipes what is known
    return {name: value for name, value in values.items() if value}


def _worked_out_year(row: PupilIn, opened: OpenedFile) -> str | None:
    group = year_group_of(row.key.born, on=opened.on) if row.key.born else None
    return group.value if group else None


def _contact_values(contact: ContactIn) -> dict[str, Any]:
    values: dict[str, Any] = {
        "mis_id": contact.mis_id, "rank": contact.rank, "title": contact.title, "forename": contact.forename,
        "surname": contact.surname, "relation_said": contact.relation_said, "email": contact.email,
        "address": contact.address, "language": contact.language,
        "relation": contact.relation.value if contact.relation else None,
        "household": contact.household.value if contact.household else None,
        "do_not_contact": True if contact.court_order else None,
        "do_not_contact_ground": _COURT_ORDER if contact.court_order else None,
    }  # fmt: skip
    found = {name: value for name, value in values.items() if value}
    if contact.parental_responsibility is not None:
        found["parental_responsibility"] = contact.parental_responsibility
    return found


def _find_contact(contact: ContactIn, standing: Iterable[ContactDetails]) -> ContactDetails | None:
    for known in standing:
        if contact.mis_id and known.mis_id == contact.mis_id:
            return known
    name = (fold(contact.surname), fold(contact.forename))
    for known in standing:
        if any(name) and (fold(known.surname), fold(known.forename)) == name:
            return known
    digits = {number.digits for number in contact.numbers}
    return next((known for known in standing if not any(name) and digits & {one.digits for one in known.numbers}), None)


def _plan_numbers(plan: ContactPlan, numbers: tuple[NumberIn, ...], known: ContactDetails) -> None:
    held = {number.digits for number in known.numbers}
    given = {number.digits for number in numbers}
    fresh = [number for number in numbers if number.digits not in held]
    plan.new_numbers = [_number_values(number) for number in fresh]
    replaced_kinds = {number.kind for number in fresh}
    plan.changed_numbers = [
        (number.id, {"quality": NumberQuality.DOUBTFUL.value})
        for number in known.numbers
        if number.kind in replaced_kinds and number.digits not in given and number.quality is NumberQuality.GOOD
    ]


def _number_values(number: NumberIn) -> dict[str, Any]:
    return {"text": number.text, "digits": number.digits, "kind": number.kind, "quality": number.quality.value}


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


# -- writing ---------------------------------------------------------------------------------------------------


def _write_pupil(db: Session, pupil: PupilPlan, note: UndoNote, batch_id: int) -> int:
    if pupil.pupil_id is None:
        return add_row(db, note, "pupil", {**pupil.values, "import_id": batch_id})
    if pupil.values:
        change_row(db, note, "pupil", pupil.pupil_id, pupil.values)
    return pupil.pupil_id


def _write_contact(db: Session, contact: ContactPlan, note: UndoNote, *, pupil_id: int, batch_id: int) -> None:
    contact_id = contact.contact_id
    if contact_id is None:
        contact_id = add_row(db, note, "contact", {**contact.values, "pupil_id": pupil_id, "import_id": batch_id})
    elif contact.values:
        change_row(db, note, "contact", contact_id, contact.values)
    for values in contact.new_numbers:
        add_row(db, note, "contact_number", {**values, "contact_id": contact_id})
    for number_id, values in contact.changed_numbers:
        change_row(db, note, "contact_number", number_id, values)


def _join_families(db: Session, note: UndoNote) -> None:
    """Children who share a number of somebody at home are one family, unless a family was set by hand."""
    pupils = {pupil.id: pupil for pupil in list_all_pupils(db)}
    homes: defaultdict[str, list[int]] = defaultdict(list)
    for pupil_id, contacts in sorted(load_contacts_by_pupil(db).items()):
        for contact in contacts:
            if contact.household is Household.HOME and contact.relation in _LIVES_HERE:
                for number in contact.numbers:
                    homes[number.digits].append(pupil_id)
    for pupil_ids in homes.values():
        members = [pupils[pupil_id] for pupil_id in dict.fromkeys(pupil_ids) if pupil_id in pupils]  # type: ignore[index]
        known = next((pupil.family_id for pupil in members if pupil.family_id is not None), members[0].id)
        for pupil in members if len(members) > 1 else ():
            if pupil.family_id is None and pupil.id in pupils:
                change_row(db, note, "pupil", pupil.id, {"family_id": known})
                del pupils[pupil.id]
