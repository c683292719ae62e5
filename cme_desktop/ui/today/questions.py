"""What the small forms of Today ask, and the acts their answers become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import (
    AbsenceReason,
    Explanation,
    record_child_seen,
    record_contact_attempt,
    record_home_visit,
    record_lead_told,
    record_note,
    record_told,
)
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.events import AttemptOutcome, Recipient, VisitOutcome
from cme_desktop.domain.identifiers import ContactId, PupilId
from cme_desktop.ui.today.mini_form import Answer, Choice, Question

Act = Callable[[Office], Changes]

WHAT_REASON: Final = Question(
    "reason",
    "What reason was given?",
    tuple(Choice(reason.letter, reason.in_words, reason) for reason in AbsenceReason),
    asks_day="Back on",
    asks_words="What was said (may be left empty)",
)
WHERE_SEEN: Final = Question(
    "seen",
    "Where was the child seen or heard?",
    (
        Choice("s", "At school", "school"),
        Choice("d", "At the door", "home, at the door"),
        Choice("p", "Spoke on the phone", "on the phone"),
        Choice("e", "Elsewhere", "elsewhere"),
    ),
    asks_words="Who saw the child (you, unless said)",
)
VISIT: Final = Question(
    "visit",
    "What came of the home visit?",
    (
        Choice("1", "Child seen", VisitOutcome.CHILD_SEEN),
        Choice("2", "An adult seen, not the child", VisitOutcome.ADULT_SEEN_ONLY),
        Choice("3", "No reply", VisitOutcome.NO_REPLY),
        Choice("4", "Could not reach the door", VisitOutcome.COULD_NOT_REACH_DOOR),
        Choice("5", "Moved away", VisitOutcome.MOVED_AWAY),
    ),
    asks_words="Who went, and what was said",
)
TOLD: Final = Question(
    "told",
    "Who was told?",
    (
        Choice("l", "Safeguarding lead", None),
        Choice("p", "Police", Recipient.POLICE),
        Choice("c", "Social care", Recipient.SOCIAL_CARE),
        Choice("s", "Social worker", Recipient.SOCIAL_WORKER),
        Choice("v", "Virtual school head", Recipient.VIRTUAL_SCHOOL_HEAD),
        Choice("d", "Designated teacher", Recipient.DESIGNATED_TEACHER),
        Choice("k", "Carer", Recipient.CARER),
        Choice("y", "Youth justice worker", Recipient.YOUTH_JUSTICE_WORKER),
        Choice("a", "Authority's missing education team", Recipient.AUTHORITY_CME),
    ),
    asks_words="Log or reference number (may be left empty)",
)
NOTE: Final = Question("note", "Note", asks_words="What is to be kept", words_needed=True)


def act_of(answer: Answer, *, pupils: tuple[PupilId, ...], contact_id: ContactId | None) -> Act:
    """Turn an answer into the act that saves it."""
    chosen = answer.chosen[0] if answer.chosen else None
    match answer.question.key, chosen:
        case "reason", AbsenceReason() as reason:
            explanation = Explanation(reason, answer.day, answer.words)
            return lambda office: record_contact_attempt(
                office, pupils=pupils, contact_id=contact_id, outcome=AttemptOutcome.EXPLAINED, explanation=explanation
            )
        case "seen", str() as where:
            return lambda office: record_child_seen(office, pupils=pupils, where=where, words=answer.words)
        case "visit", VisitOutcome() as outcome:
            return lambda office: record_home_visit(office, pupils=pupils, outcome=outcome, words=answer.words)
        case "told", Recipient() as who:
            return lambda office: record_told(office, pupils=pupils, who=who, reference=answer.words)
        case "told", _:
            return lambda office: record_lead_told(office, pupils=pupils, words=answer.words)
        case _:
            return lambda office: record_note(office, pupils=pupils, words=answer.words)


def said_of(answer: Answer) -> str:
    """Say in a few words what was saved."""
    chosen = next((one.words for one in answer.question.choices if one.value in answer.chosen), "")
    if answer.question.key == "reason":
        return f"{chosen}: reason saved"
    if answer.question.key == "told":
        return f"{chosen} told"
    if answer.question.key == "visit":
        return f"Home visit saved: {chosen[:1].lower()}{chosen[1:]}"
    return "Child seen saved" if answer.question.key == "seen" else "Note saved"
