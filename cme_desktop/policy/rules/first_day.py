"""Rules of the first day: an absence nobody has explained, who must be told of it, and a child who never came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import EventKind, Recipient
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy import runs
from cme_desktop.policy.evidence import finding_of_sessions
from cme_desktop.policy.rule import Act, Authority, Duty, Raised, Rule, Severity
from cme_desktop.policy.rules.sources import (
    IN_FORCE_FROM,
    keeping_safe,
    missing_education,
    regulation,
    working_together,
)
from cme_desktop.policy.wording import say_count, say_day, say_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers

_ELSEWHERE: Final = b"DBK"


# -- unexplained absence -------------------------------------------------------------------------------------------


def is_absent_unexplained(facts: Facts, _: Numbers) -> Raised | None:
    """Parents are asked for the reason on the first day of an absence, and on each day until it is explained."""
    unexplained = facts.unexplained_today()
    if not unexplained or facts.is_contact_made_today:
        return None
    day = facts.absence.day if facts.absence else 0
    sentence = f"Absent today with no reason recorded: school day {day} of the absence.{_who_waits(facts)}"
    return Raised(
        finding_of_sessions(facts, sentence, counted=unexplained, progress=f"day {day}"),
        Duty(
            Act.CONTACT_FAMILY,
            "Contact the parents on every number held, then the other contacts.",
            Role.OFFICE,
            "family",
        ),
        Deadline(facts.on),
        Severity.NOW if _is_at_greater_risk(facts) else None,
    )


def _is_at_greater_risk(facts: Facts) -> bool:
    return facts.has_social_worker or facts.has(Circumstance.WALKS_ALONE)


def _who_waits(facts: Facts) -> str:
    if facts.is_looked_after:
        return " The child is looked after."
    if facts.has_social_worker:
        return " The child has a social worker."
    if facts.has(Circumstance.WALKS_ALONE):
        return " The child walks to school alone."
    return ""


# -- who must be told ----------------------------------------------------------------------------------------------


def social_worker_untold(facts: Facts, _: Numbers) -> Raised | None:
    """A social worker or youth justice worker is told of an unexplained absence."""
    if not facts.circumstances or not facts.unexplained_now():
        return None
    owed = (
        (facts.has_social_worker, Recipient.SOCIAL_WORKER),
        (facts.has_youth_justice_worker, Recipient.YOUTH_JUSTICE_WORKER),
    )
    return _untold(facts, [who for is_owed, who in owed if is_owed])


def looked_after_untold(facts: Facts, _: Numbers) -> Raised | None:
    """Everyone who shares the care of a looked-after child is told of an unexplained absence."""
    if not facts.is_looked_after or not facts.unexplained_now():
        return None
    return _untold(
        facts,
        (
            Recipient.CARER,
            Recipient.SOCIAL_WORKER,
            Recipient.VIRTUAL_SCHOOL_HEAD,
            Recipient.DESIGNATED_TEACHER,
        ),
    )


def _untold(facts: Facts, owed: Iterable[Recipient]) -> Raised | None:
    untold = [who for who in owed if who not in facts.told]
    since = facts.unexplained_since()
    if not untold or since is None:
        return None
    people = say_list([f"the {who.in_words}" for who in untold])
    sentence = f"The absence is unexplained since {say_day(since)}, and nobody has recorded telling {people}."
    return Raised(
        finding_of_sessions(facts, sentence, counted=facts.unexplained_now(), since=since),
        Duty(Act.TELL, f"Tell {people} of the absence.", Role.LEAD, " ".join(who.value for who in untold)),
        facts.moment.due_on(since),
    )


# -- elsewhere -----------------------------------------------------------------------------------------------------


def is_elsewhere_unconfirmed(facts: Facts, _: Numbers) -> Raised | None:
    """A child said to be at another place is known to be there."""
    today = facts.todays_line
    if not today or not runs.count_of(today, _ELSEWHERE):
        return None
    if facts.last_of(EventKind.ELSEWHERE_CONFIRMED, since=facts.on) is not None:
        return None
    elsewhere = runs.indexes_of(facts.line, _ELSEWHERE, first=facts.moment.today_first)
    count = say_count(len(elsewhere), "session")
    sentence = f"{count} today with a code that says the child is at another place, which has not confirmed it."
    return Raised(
        finding_of_sessions(facts, sentence, counted=elsewhere),
        Duty(
            Act.ASK_OTHER_SCHOOL, "Ring the other place and ask whether the child is there.", Role.OFFICE, "other place"
        ),
        Deadline(facts.on),
    )


# -- never started -------------------------------------------------------------------------------------------------


def has_never_started(facts: Facts, _: Numbers) -> Raised | None:
    """Regulation 8: a child is on roll from the starting day, whether or not the child comes."""
    if facts.last_attended >= 0 or facts.record.line_begins_at_records:
        return None
    starting_day = facts.pupil.starting_day
    absence = facts.absence
    if absence is None or starting_day is None or starting_day > facts.on or not facts.unexplained_now():
        return None
    if facts.last_decision("england.never-started", since=starting_day) is not None:
        return None
    # not from the starting day where a reason, now over, explained the first days
    since = max(starting_day, facts.unexplained_since() or starting_day)
    days = say_count(absence.day, "school day")
    sentence = (
        f"Was to start on {say_day(starting_day)} and has never attended: {days} so far, with no reason recorded."
    )
    return Raised(
        finding_of_sessions(facts, sentence, counted=absence.indexes, progress=days, since=starting_day),
        Duty(
            Act.CONTACT_FAMILY,
            "Contact the family as for an unexplained absence; tell the authority if the child is not found.",
            Role.OFFICE,
            "family",
        ),
        facts.moment.due_on(since),
    )


RULES: Final = (
    Rule(
        id="england.unexplained-absence",
        title="Unexplained absence",
        authority=Authority.GUIDANCE,
        references=(
            working_together("first day of absence; further contact while it is unexplained"),
            keeping_safe("children who are absent from education"),
        ),
        severity=Severity.TODAY,
        settled_by="Contact made, the pupil's arrival, or a change of code for a known reason.",
        about="A child who is not at school and of whom nobody has heard may be in danger. The parents, then every "
        "other contact, are asked on the same day, and again each day until the absence is explained.",
        limbs=(is_absent_unexplained,),
        in_force_from=IN_FORCE_FROM,
        needs_absence_or_event=True,
    ),
    Rule(
        id="england.social-worker-told",
        title="Social worker to be told",
        authority=Authority.GUIDANCE,
        references=(working_together("pupils with a social worker or youth justice worker"),),
        severity=Severity.NOW,
        settled_by="A record that the social worker, and the youth justice worker where there is one, was told.",
        about="A worker who knows the family may know where the child is, and must know that nobody at school does.",
        limbs=(social_worker_untold,),
        in_force_from=IN_FORCE_FROM,
        needs_absence_or_event=True,
    ),
    Rule(
        id="england.looked-after-told",
        title="Looked-after child: people to be told",
        authority=Authority.GUIDANCE,
        references=(
            working_together("looked-after children"),
            keeping_safe("looked-after children, virtual school heads and designated teachers"),
        ),
        severity=Severity.NOW,
        settled_by="A record for each: carer, social worker, virtual school head, designated teacher.",
        about="The authority is this child's parent: those who act for it are told on the day.",
        limbs=(looked_after_untold,),
        in_force_from=IN_FORCE_FROM,
        needs_absence_or_event=True,
    ),
    Rule(
        id="england.elsewhere-unconfirmed",
        title="Not confirmed at the other place",
        authority=Authority.GUIDANCE,
        references=(
            regulation(10, " (codes D, K and B)"),
            working_together("codes D, K and B: the other place tells the school of absences"),
        ),
        severity=Severity.TODAY,
        settled_by="The other place confirms that the child is there, or says that the child is absent.",
        about="The mark says where the child ought to be. Only the other place knows whether the child is there.",
        limbs=(is_elsewhere_unconfirmed,),
        in_force_from=IN_FORCE_FROM,
    ),
    Rule(
        id="england.never-started",
        title="Never started",
        authority=Authority.LAW,
        references=(regulation(8, "(1)"), missing_education("places accepted and not taken up")),
        severity=Severity.TODAY,
        settled_by="Attendance, or a recorded decision.",
        about="From the agreed starting day the child is on roll and is marked. A child who does not come is followed "
        "up from the first session, and not taken off the list again.",
        limbs=(has_never_started,),
        in_force_from=IN_FORCE_FROM,
        needs_absence_or_event=True,
    ),
)
