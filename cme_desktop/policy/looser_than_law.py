"""Where a policy's step asks for what the law asks for too, but later, or of fewer people.

Such a step loosens nothing: the law's own rule is raised beside it, and the earliest deadline wins. But a document
that says so tells the school something false, so it may not be adopted; the provision is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.events import Recipient
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.policy_in_words import say_due
from cme_desktop.policy.rule import Act
from cme_desktop.policy.rules import RULES
from cme_desktop.policy.school_policy import DueKind, TriggerKind
from cme_desktop.policy.wording import say_count, say_list

if TYPE_CHECKING:
    from cme_desktop.policy.parameters import Parameters
    from cme_desktop.policy.school_policy import SchoolPolicy, Step

NEVER_LOOSER: Final = "A school's rule may be stricter than the law, never looser."

_RULES: Final = {rule.id: rule for rule in RULES}
_T = TriggerKind
_UNEXPLAINED: Final = frozenset({_T.UNEXPLAINED_TODAY, _T.LADDER_DAY, _T.ABSENCE_UNEXPLAINED})
_LONG: Final = frozenset({_T.ABSENCE_DAY, _T.ABSENCE_UNEXPLAINED})
_OF_ABSENCE: Final = _UNEXPLAINED | _LONG | {_T.LEAVE_OVERRUN}
"""Triggers that begin on a day, at no clock time."""

_SAME_DAY: Final = frozenset({DueKind.SAME_DAY})
_DAY: Final = 24
_EACH_DAY: Final = frozenset({DueKind.SAME_DAY, DueKind.DAY_JUDGED})
_CARE: Final = (Recipient.CARER, Recipient.SOCIAL_WORKER, Recipient.VIRTUAL_SCHOOL_HEAD, Recipient.DESIGNATED_TEACHER)
_WORKERS: Final = frozenset({Recipient.SOCIAL_WORKER, Recipient.YOUTH_JUSTICE_WORKER})


@dataclass(frozen=True, slots=True)
class _Asked:
    """A duty of the law that a policy's step may ask for as well: what sets it off, the act, and the latest deadline.

    ``to`` are the first words of the recipients concerned, all where none is named; ``number`` the step's number that
    may not be larger than the law's ``parameter`` (``each`` of which make one), or than ``most``.
    """

    rule_id: str
    triggers: frozenset[TriggerKind]
    act: Act
    dues: frozenset[DueKind]
    by_when: str = "the same day"
    to: tuple[str, ...] = ()
    number: str = ""
    parameter: str = ""
    each: int = 1
    most: int = 0
    days: str = ""

    def is_asked_by(self, step: Step) -> bool:
        """Whether the step asks for the same."""
        duty = step.duty
        return step.trigger in self.triggers and duty.act is self.act and (not self.to or _is_for(step, self.to))


def _is_for(step: Step, words: tuple[str, ...]) -> bool:
    named = (step.duty.recipient, *(str(one.value) for one in (*step.settled.told, *step.settled.told_one_of)))
    return any(name.startswith(words) for name in named)


_TO_AUTHORITY: Final = ("authority",)
_ASKED: Final = (
    _Asked("england.unexplained-absence", _UNEXPLAINED, Act.CONTACT_FAMILY, _EACH_DAY),
    _Asked("england.social-worker-told", _UNEXPLAINED, Act.TELL, _SAME_DAY, to=tuple(sorted(_WORKERS))),
    _Asked(
        "england.looked-after-told", _UNEXPLAINED, Act.TELL, _SAME_DAY,
        to=(Recipient.VIRTUAL_SCHOOL_HEAD, Recipient.DESIGNATED_TEACHER),
    ),
    _Asked(
        "england.attendance-return", _LONG, Act.SEND_RETURN, _SAME_DAY, number="n",
        parameter="england.attendance-return.sessions", each=2,
    ),
    _Asked(
        "england.sickness-return", frozenset({_T.ILLNESS_EXPECTED}), Act.SEND_RETURN, _SAME_DAY, number="days",
        parameter="england.sickness-return.days",
    ),
    _Asked(
        "england.twenty-days", _LONG, Act.BEGIN_JOINT_ENQUIRIES, _SAME_DAY, number="n",
        parameter="england.twenty-days.sessions", each=2,
    ),
    _Asked(
        "england.leave-not-returned", frozenset({_T.LEAVE_OVERRUN}), Act.BEGIN_JOINT_ENQUIRIES, _SAME_DAY, number="n",
        parameter="england.leave-not-returned.days",
    ),
    _Asked(
        "england.leave-not-returned", frozenset({_T.LEAVE_OVERRUN}), Act.CONTACT_FAMILY, _EACH_DAY, number="n", most=1
    ),
    _Asked(
        "england.not-seen", _LONG, Act.SEE_THE_CHILD, _SAME_DAY, number="n", parameter="england.not-seen.days"
    ),
    _Asked(
        "england.new-pupil-return", frozenset({_T.IN_YEAR_JOINER}), Act.SEND_RETURN,
        _SAME_DAY, by_when="within {} of the day of entry",
        days="england.new-pupil-return.days",
    ),
    _Asked(
        "england.deletion-return", frozenset({_T.NAME_TO_BE_REMOVED, _T.IN_YEAR_LEAVER}), Act.SEND_RETURN, _SAME_DAY,
        by_when="on the day of the removal at the latest",
    ),
    _Asked("england.unknown-destination", frozenset({_T.LEAVING_UNNAMED}), Act.REFER, _SAME_DAY),
    _Asked("england.unknown-destination", frozenset({_T.LEAVING_UNNAMED}), Act.TELL, _SAME_DAY, to=_TO_AUTHORITY),
    _Asked(
        "england.home-education-notice", frozenset({_T.HOME_EDUCATION_LETTER}), Act.TELL, _SAME_DAY, to=_TO_AUTHORITY
    ),
    _Asked(
        "england.leave-request", frozenset({_T.LEAVE_REQUESTED}), Act.DECIDE,
        frozenset({DueKind.SAME_DAY, DueKind.BEFORE_LEAVE}), by_when="before the leave begins",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Looser:
    """A step that is looser than the law: its place, its field, and what the law asks for."""

    index: int
    field: str
    says: str


def list_looser_steps(policy: SchoolPolicy, law: Parameters) -> Iterator[Looser]:
    """List the policy's steps that ask for what the law asks for, but later or of fewer people."""
    for index, step in enumerate(policy.steps):
        for asked in _ASKED:
            if asked.is_asked_by(step):
                yield from _later_than(asked, step, index, law)
        if step.trigger in _UNEXPLAINED and step.duty.act is Act.TELL:
            yield from _instead_of_a_worker(step, index)
    yield from _fewer_told(policy)


def _later_than(asked: _Asked, step: Step, index: int, law: Parameters) -> Iterator[Looser]:
    where = _RULES[asked.rule_id].references[0]
    days = _law_of(law, asked.days)
    is_in_time = _is_in_hours(asked, step, days) if step.due is DueKind.HOURS else step.due in asked.dues
    if not is_in_time:
        when = asked.by_when.format(say_count(days, "day"))
        yield Looser(
            index, "due", f"{NEVER_LOOSER} {where}: this is asked for {when}; “{say_due(step)}” would be looser."
        )
    most = asked.most or _law_of(law, asked.parameter) // asked.each
    if asked.number and step.numbers.get(asked.number, 0) > most:
        value = step.numbers[asked.number]
        yield Looser(index, asked.number, f"{NEVER_LOOSER} {where}: it sets {most}; {value} would be looser.")


def _is_in_hours(asked: _Asked, step: Step, days: int) -> bool:
    """Whether so many hours end no later than the law's days; an absence begins at no hour, so under 24 are its day."""
    return step.hours < _DAY if asked.triggers <= _OF_ABSENCE else step.hours <= _DAY * days


def _law_of(law: Parameters, name: str) -> int:
    return law.by_name[name].values[-1].value if name else 0


def _instead_of_a_worker(step: Step, index: int) -> Iterator[Looser]:
    """A step that a word to somebody else ends, though the law has the worker told."""
    others = set(step.settled.told_one_of)
    if others & _WORKERS and not others <= _WORKERS:
        where = _RULES["england.social-worker-told"].references[0]
        who = _say([one for one in step.settled.told_one_of if one not in _WORKERS])
        yield Looser(
            index, "told_one_of",
            f"{NEVER_LOOSER} {where}: the worker is told; word to {who} instead would be looser.",
        )  # fmt: skip


def _say(recipients: Iterable[Recipient]) -> str:
    return say_list([f"the {one.in_words}" for one in recipients])


def _fewer_told(policy: SchoolPolicy) -> Iterator[Looser]:
    """Steps about looked-after children alone that, taken together, leave out somebody the law has told."""
    steps = [
        (index, step)
        for index, step in enumerate(policy.steps)
        if step.who == (Circumstance.LOOKED_AFTER.value,)
        and step.trigger in _UNEXPLAINED
        and step.duty.act is Act.TELL
        and not {*step.settled.told, *step.settled.told_one_of}.isdisjoint(_CARE)
    ]
    told = {one for _, step in steps for one in step.settled.told}
    missing = [one for one in _CARE if one not in told]
    if steps and missing:
        index = steps[0][0]
        where = _RULES["england.looked-after-told"].references[0]
        yield Looser(
            index, "told",
            f"{NEVER_LOOSER} {where}: {_say(_CARE)} are told; without {_say(missing)} it would be looser.",
        )  # fmt: skip
