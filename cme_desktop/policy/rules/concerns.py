"""Rules about worries that reach the school from outside a register: a child reported as not in education."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import EventKind
from cme_desktop.policy.rule import Act, Authority, Duty, Finding, Raised, Rule, Severity
from cme_desktop.policy.rules.sources import IN_FORCE_FROM, keeping_safe, missing_education
from cme_desktop.policy.wording import say_day

if TYPE_CHECKING:
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers


def has_reported_concern(facts: Facts, _: Numbers) -> Raised | None:
    """Somebody reports a child, on roll or not, as not in education: the safeguarding lead reads it the same day."""
    undecided = None
    for event in facts.events:
        if event.kind is EventKind.CONCERN_REPORTED:
            undecided = undecided or event
        elif event.kind is EventKind.DECISION and event.about == "england.reported-concern":
            undecided = None
    if undecided is None:
        return None
    who = f" by {undecided.by}" if undecided.by else ""
    return Raised(
        Finding(
            f"Reported{who} on {say_day(undecided.on)} as a child who may not be in education; nobody has decided yet.",
            since=undecided.on,
        ),
        Duty(
            Act.DECIDE,
            "Read the report with what is known of the child (name, rough age, address, who saw the child), decide "
            "what is done, and write down why.",
            Role.LEAD,
            "reported concern",
        ),
        facts.moment.due_on(undecided.on),
    )


RULES: Final = (
    Rule(
        id="england.reported-concern",
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
