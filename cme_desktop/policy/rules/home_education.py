"""Rules about home education: the written notice, and the two sections of the 2026 Act that are not in force."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import Event, EventKind, Recipient
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.orders import names_this_school
from cme_desktop.policy.record import SchoolType
from cme_desktop.policy.rule import Act, Authority, Duty, Finding, Raised, Rule, Severity
from cme_desktop.policy.rules.sources import (
    IN_FORCE_FROM,
    ROYAL_ASSENT_2026,
    act_of_2026,
    missing_education,
    regulation,
)
from cme_desktop.policy.wording import say_day, say_list

if TYPE_CHECKING:
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers

_REMOVAL_AFTER: Final = "england.home-education-notice.removal-after"
_WITH_PLAN: Final = frozenset({Circumstance.CHILD_PROTECTION_PLAN, Circumstance.SECTION_47})


# -- in force --------------------------------------------------------------------------------------------------


def is_notice_untold(facts: Facts, numbers: Numbers) -> Raised | None:
    """Regulation 9(1)(f): the authority knows of a parent's written notice before the day it names has passed."""
    letter = last_letter(facts)
    if letter is None:
        return None
    with_plan = has_plan(facts)
    told = [event for event in facts.events_of_stay if event.on >= letter.on]
    untold = [] if any(_tells_authority(event) for event in told) else ["the authority"]
    if with_plan and not any(event.who is Recipient.SOCIAL_WORKER for event in told):
        untold.append("the social worker")
    if not untold:
        return None
    people = say_list(untold)
    plan = " The child has a child-protection plan, or is the subject of an enquiry under section 47." * with_plan
    return Raised(
        Finding(
            f"{_say_letter(letter)} {_say_day(letter, numbers)} Nobody has recorded telling {people}."
            f"{plan}{_say_blocks(facts)}",
            parameters=numbers.used(_REMOVAL_AFTER),
            since=letter.on,
        ),
        Duty(
            Act.TELL,
            f"Tell {people} of the notice{' today' if with_plan else ''}; until the day it names has passed, the child "
            "is expected at school.",
            Role.LEAD if with_plan else Role.HEAD,
            "authority (home education)",
        ),
        facts.moment.due_on(letter.on),
        Severity.NOW if with_plan else None,
    )


def last_letter(facts: Facts) -> Event | None:
    """The latest written notice of home education in this stay; None where there is none."""
    letters = [event for event in facts.events_of_stay if event.kind is EventKind.HOME_EDUCATION_LETTER]
    return letters[-1] if letters else None


def has_plan(facts: Facts) -> bool:
    """Whether the child has a child-protection plan or is the subject of a section 47 enquiry."""
    return not facts.circumstances.isdisjoint(_WITH_PLAN)


def is_placed_in_special_school(facts: Facts) -> bool:
    """Whether the child is at a special school, where an authority placed the child."""
    return facts.has(Circumstance.SPECIAL_SCHOOL) or facts.moment.judgement.school.type is SchoolType.SPECIAL


def _tells_authority(event: Event) -> bool:
    teams = {Recipient.AUTHORITY_HOME_EDUCATION, Recipient.AUTHORITY_CME}
    if event.kind is EventKind.REFERRED:
        return event.to is None or event.to in teams
    return event.kind is EventKind.TOLD and event.who in teams


def _say_letter(letter: Event) -> str:
    return f"A parent wrote on {say_day(letter.on)} that the child will be educated at home."


def _say_day(letter: Event, numbers: Numbers) -> str:
    if letter.from_ is None:
        return "The letter names no day: ask for one in writing; until then no ground for removal is complete."
    earliest = letter.from_ + timedelta(days=numbers[_REMOVAL_AFTER])
    return f"The letter says from {say_day(letter.from_)}: no removal before {say_day(earliest)}."


def _say_blocks(facts: Facts) -> str:
    order = " An attendance order names this school: no removal while it does." * names_this_school(facts)
    special = " No removal from a special school without the authority's consent." * is_placed_in_special_school(facts)
    return order + special


# -- switched off ----------------------------------------------------------------------------------------------


def lacks_consent_to_home_education(facts: Facts, _: Numbers) -> Raised | None:
    """Section 37: the authority consents before such a child is withdrawn to be educated at home."""
    letter = last_letter(facts)
    if letter is None or not (has_plan(facts) or is_placed_in_special_school(facts)):
        return None
    if any(event.kind is EventKind.AUTHORITY_CONSENT and event.on >= letter.on for event in facts.events_of_stay):
        return None
    why = "is at a special school" if is_placed_in_special_school(facts) else "is under a protection plan or enquiry"
    return Raised(
        Finding(
            f"{_say_letter(letter)} The child {why}: the authority's consent is needed, and no answer is recorded.",
            since=letter.on,
        ),
        Duty(Act.ASK, "Ask the authority for its answer; keep the child on roll until it consents.", Role.HEAD,
             "authority (consent)"),
        facts.moment.due_on(letter.on),
        Severity.NOW if has_plan(facts) else None,
    )  # fmt: skip


def lacks_word_of_child_not_in_school(facts: Facts, _: Numbers) -> Raised | None:
    """Section 38: the authority keeps a register of children who are not, or not wholly, in school."""
    letter = last_letter(facts)
    taught_elsewhere = facts.has(Circumstance.ELSEWHERE_EDUCATED)
    if letter is None and not taught_elsewhere:
        return None
    since = letter.on if letter is not None else None
    if any(_tells_authority(event) for event in facts.events_of_stay if since is None or event.on >= since):
        return None
    why = (
        _say_letter(letter)
        if letter is not None
        else "The child is on roll and educated elsewhere for part of the time."
    )
    return Raised(
        Finding(f"{why} The authority has not been given what its register of such children asks.", since=since),
        Duty(
            Act.TELL,
            "Give the authority what its register of children not in school asks for.",
            Role.OFFICE,
            "authority (home education)",
        ),
        None if since is None else facts.moment.due_on(since),
    )


RULES: Final = (
    Rule(
        id="england.home-education-notice",
        title="Written notice of home education",
        authority=Authority.LAW,
        references=(
            regulation(9, "(1)(f)"),
            regulation(13, "(4) to (7)"),
            missing_education("notice that a child will be educated at home"),
        ),
        severity=Severity.TODAY,
        settled_by="A record that the authority was told; with a plan or section 47 enquiry, the social worker too.",
        about="A parent may teach a child at home and says so in writing, with a day. The authority is told at once, "
        "and the name stays until that day has passed. What is said at the gate is no notice. For a child under a "
        "protection plan the lead, the social worker and the authority know the same day.",
        limbs=(is_notice_untold,),
        in_force_from=IN_FORCE_FROM,
        needs_absence_or_event=True,
        after_leaving=True,
    ),
    Rule(
        id="england.home-education-consent",
        title="Authority's consent to home education",
        authority=Authority.LAW,
        references=(act_of_2026(37, "(section 434A of the Education Act 1996)"),),
        severity=Severity.TODAY,
        settled_by="The authority's answer.",
        about="Switched off. Once the section is in force, a child at a special school, or under a child-protection "
        "enquiry or plan, may be withdrawn for home education only with the authority's consent.",
        limbs=(lacks_consent_to_home_education,),
        in_force_from=ROYAL_ASSENT_2026,
        needs_absence_or_event=True,
        switch="england.home-education-consent.in-force",
    ),
    Rule(
        id="england.children-not-in-school",
        title="Authority's register of children not in school",
        authority=Authority.LAW,
        references=(act_of_2026(38, "(sections 436B to 436G of the Education Act 1996)"),),
        severity=Severity.THIS_WEEK,
        settled_by="A record that the authority was told.",
        about="Switched off. Once the section is in force, authorities keep a register of children who are not in "
        "school or only partly, and are given what they need for it.",
        limbs=(lacks_word_of_child_not_in_school,),
        in_force_from=ROYAL_ASSENT_2026,
        after_leaving=True,
        switch="england.children-not-in-school.in-force",
    ),
)
