"""Say, one by one, what a file of pupils or contacts would change of what the records hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from cme_desktop.casework.import_preview import PersonChange
from cme_desktop.casework.in_words import capital

if TYPE_CHECKING:
    from cme_desktop.casework.import_people import ContactPlan, PeoplePlan, PupilPlan
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.storage.contacts import ContactDetails
    from cme_desktop.storage.pupils import PupilDetails

_NOTHING: Final = "nothing"
_WORDS: Final = {
    "upn": "UPN", "former_upn": "Former UPN", "mis_id": "Number in the school’s system", "legal_surname": "Surname",
    "legal_forename": "Forename", "preferred_surname": "Preferred surname", "preferred_forename": "Preferred forename",
    "born": "Date of birth", "class_name": "Class", "starting_day": "Admission date", "left_on": "Leaving date",
    "rank": "Order to ring", "relation_said": "Relation as written", "email": "E-mail",
    "do_not_contact_ground": "Why not to contact",
}  # fmt: skip


def list_person_changes(
    plan: PeoplePlan, *, pupils: Mapping[int, PupilDetails], contacts: Mapping[PupilId, tuple[ContactDetails, ...]]
) -> tuple[PersonChange, ...]:
    """List what would change of pupils already in the records, in the file's order."""
    known = ((pupil, pupils[pupil.pupil_id]) for pupil in plan.pupils.values() if pupil.pupil_id is not None)
    return tuple(
        change
        for pupil, details in known
        for change in (*_of_pupil(pupil, details), *_of_contacts(pupil, details, contacts.get(details.id, ())))
    )


def _of_pupil(plan: PupilPlan, known: PupilDetails) -> Iterator[PersonChange]:
    for name, new in plan.values.items():
        yield PersonChange(known.known_as, _say_name(name), _say(getattr(known, name)), _say(new))
    for circumstance in plan.circumstances:
        yield PersonChange(known.known_as, "Circumstance", _NOTHING, circumstance.in_words)


def _of_contacts(plan: PupilPlan, pupil: PupilDetails, standing: tuple[ContactDetails, ...]) -> Iterator[PersonChange]:
    by_id = {contact.id: contact for contact in standing}
    for contact in plan.contacts:
        known = by_id.get(contact.contact_id) if contact.contact_id is not None else None  # type: ignore[call-overload]
        if known is None:
            yield PersonChange(pupil.known_as, "New contact", _NOTHING, _say_contact(contact))
            continue
        who = known.name
        for name, new in contact.values.items():
            yield PersonChange(
                pupil.known_as, f"{who}: {_lower(_say_name(name))}", _say(getattr(known, name)), _say(new)
            )
        for number in contact.new_numbers:
            yield PersonChange(pupil.known_as, f"{who}: new number", _NOTHING, _say(number.get("text")))
        numbers = {number.id: number.text for number in known.numbers}
        for number_id, _ in contact.changed_numbers:
            yield PersonChange(pupil.known_as, f"{who}: number", _say(numbers.get(number_id)), "doubtful")


def _say_contact(plan: ContactPlan) -> str:
    values = plan.values
    name = " ".join(str(values[part]) for part in ("title", "forename", "surname") if values.get(part))
    return f"{name}, {_lower(_say(values.get('relation_said') or values.get('relation')))}"


def _say_name(name: str) -> str:
    return _WORDS.get(name) or capital(name.replace("_", " "))


def _say(value: Any) -> str:
    plain = getattr(value, "value", value)
    if plain is None or plain == "":
        return _NOTHING
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, date):
        return f"{plain:%d/%m/%Y}"
    return str(plain).replace("_", " ")


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
