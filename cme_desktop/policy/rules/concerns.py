"""Rules about worries that reach the school from outside a register: a child reported as not in education."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import EventKind
from cme_desktop.policy.rule import Act, Authority, Duty, Finding, Flag, Raised, Rule, Severity
from cme_desktop.policy.rules.sources import IN_FORCE_FROM, keeping_safe, missing_education
from cme_desktop.policy.wording import say_day

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.moment import Moment
    from cme_desktop.policy.parameters import Numbers


REPORTED_CONCERN: Final = "england.reported-concern"
"""The rule's id, which the safeguarding lead's decision names."""


@dataclass(frozen=True, slots=True)
class OutsideConcern:
    """A report of which no pupil's record tells: the day it came in, and by whom, without a name."""

    received_on: date
    by: str


def has_reported_concern(facts: Facts, _: Numbers) -> Raised | None:
    """Somebody reports a child, on roll or not, as not in education: the safeguarding lead reads it the same day."""
    undecided = None
    for event in facts.events:
        if event.kind is EventKind.CONCERN_REPORTED:
            undecided = undecided or event
        elif event.kind is EventKind.DECISION and event.about == REPORTED_CONCERN:
            undecided = None
    if undecided is None:
        return None
    return _raised(OutsideConcern(undecided.on, undecided.by or ""), facts.moment)


def flag_outside_concern(concern: OutsideConcern, moment: Moment, *, rule: Rule) -> Flag:
    """Raise the same rule's duty for a child who is on no roll of the school's; its flag is of no pupil."""
    raised = _raised(concern, moment)
    return Flag(
        rule_id=rule.id,
        title=rule.title,
        authority=rule.authority,
        severity=rule.severity,
        pupil_id=None,
        finding=raised.finding,
        duty=raised.duty,
        references=rule.references,
        due=raised.due,
        overdue=raised.due is not None and raised.due.is_overdue(moment.at),
        settled_by=rule.settled_by,
        raised_on=moment.on,
        policy_version=rule.policy_version,
    )


def _raised(concern: OutsideConcern, moment: Moment) -> Raised:
    who = f" by {concern.by}" if concern.by else ""
    return Raised(
        Finding(
            f"Reported{who} on {say_day(concern.received_on)} as a child who may not be in education; nobody has "
            "decided yet.",
            since=concern.received_on,
        ),
        Duty(
            Act.DECIDE,
            "Read the report with what is known of the child (name, rough age, address, who saw the child), decide "
            "what is done, and write down why.",
            Role.LEAD,
            "reported concern",
        ),
        moment.due_on(concern.received_on),
    )


RULES: Final = (
    Rule(
        id=REPORTED_CONCERN,
        title="Child reported as not in education",
        authority=Authority.GUIDANCE,
        references=(
            missing_education("children who may be missing education are identified and reported"),
            keeping_safe("concerns are passed to the designated safeguarding lead and recorded"),
        ),
        severity=Severity.TODAY,
        settled_by="The safeguarding lead's decision, with its reason.",
        about="Staff, the public or another authority may be the first to know of a child who goes to no school, on "
        "this roll or on none. What they say is read on the day.",
        limbs=(has_reported_concern,),
        in_force_from=IN_FORCE_FROM,
        needs_absence_or_event=True,
        after_leaving=True,
    ),
)
