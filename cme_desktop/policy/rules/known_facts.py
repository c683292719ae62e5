"""Rules about what the school must know of every pupil: people to ring, a date of birth, a starting day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.domain.cases import Role
from cme_desktop.policy.contact_lists import PEOPLE_WANTED, ThinReason, can_be_rung, find_thin_reasons
from cme_desktop.policy.rule import Act, Authority, Duty, Finding, Raised, Rule, Severity
from cme_desktop.policy.rules.sources import IN_FORCE_FROM, keeping_safe, regulation, working_together
from cme_desktop.policy.wording import say_count, say_list

if TYPE_CHECKING:
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers


def lacks_emergency_contacts(facts: Facts, numbers: Numbers) -> Raised | None:
    """Fewer than two people with a working number, or nobody who lives elsewhere."""
    contacts = facts.record.contacts
    reasons = find_thin_reasons(contacts, people=numbers[PEOPLE_WANTED])
    if not reasons:
        return None
    working = sum(1 for contact in contacts if can_be_rung(contact))
    sentence = (
        f"{say_count(working, 'person').replace('persons', 'people')} with a working number"
        f"{', none of them outside the home' if ThinReason.NOBODY_OUTSIDE in reasons else ''}."
    )
    return Raised(
        Finding(
            sentence,
            progress=f"{working} of {numbers[PEOPLE_WANTED]} people",
            parameters=numbers.used(PEOPLE_WANTED),
        ),
        Duty(
            Act.GET_CONTACTS,
            "Get a working number for another person, outside the home if need be.",
            Role.OFFICE,
            "family",
        ),
    )


def lacks_a_fact(facts: Facts, _: Numbers) -> Raised | None:
    """A fact that rules turn on is not recorded."""
    pupil = facts.pupil
    missing = ["date of birth"] if pupil.born is None else []
    if pupil.starting_day is None and not pupil.is_awaited:  # of an awaited child it is not agreed, and not missing
        missing.append("starting day")
    if not missing:
        return None
    words = say_list([f"the {word}" for word in missing])
    verb = "is" if len(missing) == 1 else "are"
    return Raised(
        Finding(f"{words[0].upper()}{words[1:]} {verb} not recorded, so some rules can't be judged."),
        Duty(Act.SUPPLY_FACT, f"Enter {words}.", Role.OFFICE, "pupil record"),
    )


RULES: Final = (
    Rule(
        id="england.emergency-contacts",
        title="Too few emergency contacts",
        authority=Authority.GUIDANCE,
        references=(
            keeping_safe("more than one emergency contact number"),
            working_together("emergency contact numbers"),
            regulation(8),
        ),
        severity=Severity.WATCH,
        settled_by="A second contact with a working number, and one outside the pupil's home.",
        about="When a child does not come, the school must be able to reach somebody, even if home is silent.",
        limbs=(lacks_emergency_contacts,),
        in_force_from=IN_FORCE_FROM,
    ),
    Rule(
        id="england.missing-fact",
        title="A fact is missing",
        authority=Authority.LAW,
        references=(regulation(8),),
        severity=Severity.INCOMPLETE,
        settled_by="The fact.",
        about="Without a date of birth nobody can say whether the duties of compulsory school age hold; without a "
        "starting day, since when the pupil was to be marked.",
        limbs=(lacks_a_fact,),
        in_force_from=IN_FORCE_FROM,
    ),
)
