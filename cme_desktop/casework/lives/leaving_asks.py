"""What a leaving asks, in the order of the work: each thing with its day, its rule, and what the office does for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.lives.leaving_state import Leaving, Path
from cme_desktop.casework.outcomes import LEAD_TOLD
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.events import Event, EventKind, Form, Recipient, ReturnKind
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.record import SchoolType
from cme_desktop.policy.rule import Flag, PupilRule, Rule
from cme_desktop.policy.rules.home_education import has_plan, is_placed_in_special_school
from cme_desktop.policy.rules.leaving import is_return_recorded, tells_authority

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from cme_desktop.casework.lives.life import LifeDesk

REMOVE: Final = "Remove the name: page Removal"
_TEAM: Final = Recipient.AUTHORITY_HOME_EDUCATION
_HOME_EDUCATION_TEAMS: Final = frozenset({Recipient.AUTHORITY_HOME_EDUCATION, Recipient.AUTHORITY_CME})


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to do for a leaving. ``act`` names what the page offers for it; empty where another page has it.

    ``whom`` is who is to be told, where it is a telling; ``is_for_lead`` where that is the safeguarding lead.
    ``done`` is the day it was done. ``waits`` says, in words, what it still waits for; ``is_needless`` that this
    leaving does not need it.
    """

    text: str
    act: str = ""
    rule: str = ""
    done: date | None = None
    due: Deadline | None = None
    waits: str = ""
    is_needless: bool = False
    whom: Recipient | None = None
    is_for_lead: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it may be done now and is not."""
        return self.done is None and not self.waits and not self.is_needless


class Asks:
    """What a leaving asks, from what is recorded, the rules in force at this school, and the flags that stand."""

    def __init__(self, desk: LifeDesk, leaving: Leaving) -> None:
        self._desk = desk
        self._leaving = leaving
        self._facts = leaving.facts
        self._numbers = desk.roll.rulebook.parameters.on(desk.today)
        self._flags = {flag.rule_id.partition(".")[2]: flag for flag in desk.flags.get(self._facts.pupil.id, ())}

    def list(self) -> tuple[Ask, ...]:
        """List them in the order of the work."""
        return tuple(_PATHS[self._leaving.path](self))

    def next(self) -> Ask | None:
        """The one to do first: the most urgent of those open, then the first in order."""
        still = [ask for ask in self.list() if ask.is_open]
        return min(still, key=self._urgency, default=None)

    def flag_of(self, ask: Ask) -> Flag | None:
        """The flag that asks for it today."""
        return self._flags.get(ask.rule) if ask.is_open else None

    def rule_of(self, ask: Ask) -> PupilRule | None:
        """The rule that asks for it, the law's before a policy's."""
        return self._rule(ask.rule) if ask.rule else None

    def _urgency(self, ask: Ask) -> tuple[int, date, int]:
        flag = self.flag_of(ask)
        far = self._facts.moment.calendar.years[-1].last_day
        due = flag.due if flag is not None else ask.due
        return (flag.severity if flag is not None else 9, due.on if due is not None else far, 0)

    # -- the paths -----------------------------------------------------------------------------------------------

    def to_school(self) -> Iterator[Ask]:
        """To a named school in England."""
        yield self._place("Have the place confirmed")
        yield self._referral()
        yield from self._forms()
        yield from self._removal()
        yield self._arrival()
        yield self._transfer_file()
        yield from self._protection_file()

    def abroad(self) -> Iterator[Ask]:
        """Outside England: what the family must leave behind, and no name removed early."""
        leaving = self._leaving
        addresses = leaving.since(EventKind.FORWARDING_ADDRESS)
        named = next((event.on for event in addresses if event.school), None)
        moved = leaving.last_day or leaving.facts.on
        if leaving.last_day is None:
            yield Ask("Ask on which day the family goes", "where", "emigration")
        rule = "leaving-england" if self._rule("leaving-england") else "emigration"
        late = self._facts.moment.due_after(moved, school_days=10) if leaving.last_day else None
        yield Ask("Ask for the address there", "address", rule, done=addresses[0].on if addresses else None, due=late)
        known = named or leaving.first_day_of(EventKind.ARRIVAL_CONFIRMED)
        yield Ask("Ask for the school there", "address", rule, done=known, due=late)
        yield self._referral()
        yield from self._forms()
        yield from self._removal()
        yield self._transfer_file()
        yield from self._protection_file()

    def outside_state(self) -> Iterator[Ask]:
        """Outside the state sector."""
        yield self._place("Have the place confirmed")
        yield self._referral()
        yield from self._forms()
        yield from self._removal()
        yield self._transfer_file()
        yield from self._protection_file()

    def unknown(self) -> Iterator[Ask]:
        """Nobody knows where to."""
        yield self._referral()
        if self._rule("no-named-school"):
            told = self._told({Recipient.EDUCATION_WELFARE_OFFICER})
            yield Ask(
                "Tell the welfare officer",
                "told",
                "no-named-school",
                done=told,
                whom=Recipient.EDUCATION_WELFARE_OFFICER,
            )
        is_removed = self._leaving.removed_on is not None
        if is_removed:
            yield self._lost_pupil_file()
        yield Ask("Find out where the child goes", "where", "unknown-destination")
        yield from self._forms()
        yield from self._removal()
        if not is_removed:
            yield self._lost_pupil_file()

    def nobody_said(self) -> Iterator[Ask]:
        """Only an import says that the child has left."""
        yield Ask("Say where the child went", "where", "unknown-destination", due=self._due_on(self._left_on()))
        yield from self.unknown()

    def home_education(self) -> Iterator[Ask]:
        """A written notice of home education."""
        letter, facts = self._leaving.letter, self._facts
        since = letter.on if letter is not None else self._leaving.began_on
        due = self._due_on(since)
        told = self._told(_HOME_EDUCATION_TEAMS, since=since)
        if has_plan(facts) or facts.has(Circumstance.CHILD_IN_NEED):
            yield Ask("Tell the safeguarding lead", "told", done=self._lead_told(since), due=due, is_for_lead=True)
            worker = self._told({Recipient.SOCIAL_WORKER}, since=since)
            yield Ask(
                "Tell the social worker", "told", self._plan_rule(), done=worker, due=due, whom=Recipient.SOCIAL_WORKER
            )
        yield Ask("Tell the authority of the notice", "told", "home-education-notice", done=told, due=due, whom=_TEAM)
        if self._rule("home-education"):
            team = self._told({Recipient.AUTHORITY_HOME_EDUCATION}, since=since)
            yield Ask("Tell its home education team", "told", "home-education", done=team, due=due, whom=_TEAM)
        if self._rule("home-education-plan") and facts.has(
            Circumstance.CHILD_PROTECTION_PLAN, Circumstance.CHILD_IN_NEED
        ):
            held = next((e.on for e in self._leaving.since(EventKind.REVIEW_HELD) if e.on >= since), None)
            yield Ask("Write down the review of the plan", "review", "home-education-plan", done=held)
        if self.is_consent_needed:
            answers = self._leaving.since(EventKind.AUTHORITY_CONSENT)
            given = next((event.on for event in reversed(answers) if event.on >= since), None)
            yield Ask("Have the authority’s answer", "consent", "home-education-consent", done=given, due=due)
        yield from self._forms()
        yield from self._removal()

    def said_at_gate(self) -> Iterator[Ask]:
        """Home education only spoken of: no notice, and nothing begins."""
        said = self._leaving.said
        assert said is not None
        yield Ask("Ask for it in writing, with the day", "notice", "home-education-notice")
        told = self._told(_HOME_EDUCATION_TEAMS, since=said.on)
        yield Ask("Tell the authority early", "told", "home-education-notice", done=told, whom=_TEAM)

    def died(self) -> Iterator[Ask]:
        """What the law still wants of the school's own books."""
        yield Ask(REMOVE, rule="deletion-return", done=self._leaving.removed_on, waits="later")
        sent = self._day_of_return()
        yield Ask("Deletion return, on that page", rule="deletion-return", done=sent, waits="with the removal")

    # -- the steps -----------------------------------------------------------------------------------------------

    @property
    def is_consent_needed(self) -> bool:
        """Whether no name goes for home education without the authority's consent."""
        facts = self._facts
        switched_on = bool(self._numbers["england.home-education-consent.in-force"])
        return is_placed_in_special_school(facts) or (switched_on and has_plan(facts))

    def _place(self, text: str) -> Ask:
        leaving = self._leaving
        words = [e.on for e in leaving.since(EventKind.LEAVING) if e.confirmed]
        arrived = leaving.first_day_of(EventKind.ARRIVAL_CONFIRMED)
        done = (arrived or (words[-1] if words else None)) if leaving.is_confirmed else None
        told = leaving.told
        return Ask(text, "place", "unknown-destination", done=done, due=self._due_on(told.on) if told else None)

    def _referral(self) -> Ask:
        leaving = self._leaving
        events = leaving.since(EventKind.REFERRED, EventKind.TOLD)
        done = next((event.on for event in events if tells_authority(event)), None)
        text = "Refer to the authority"
        needless = done is None and leaving.is_confirmed
        return Ask(text, "refer", "unknown-destination", done=done, is_needless=needless)

    def _forms(self) -> Iterator[Ask]:
        leaving = self._leaving
        if self._rule("off-roll-form"):
            waits = ""
            if leaving.path is Path.TO_SCHOOL and not leaving.is_confirmed:
                waits = "once confirmed"
            yield Ask("Off-roll form", "form", "off-roll-form", done=self._form({Form.OFF_ROLL}), waits=waits)
        if self._rule("leaver-form"):
            yield Ask("Leaver form SR2a", "form", "leaver-form", done=self._form({Form.SR2A}))
        if rule := self._rule("in-year-leaver"):
            done = next((e.on for e in leaving.since(EventKind.DECISION) if e.about == rule.id), None)
            sent = leaving.first_day_of(EventKind.TRANSFER_FILE_SENT)
            waits = "" if leaving.has_left else self._on_the_last_day()
            yield Ask("Enter the leaver in school2school", "form", "in-year-leaver", done=done or sent, waits=waits)

    def _removal(self) -> Iterator[Ask]:
        leaving = self._leaving
        waits = ""
        if leaving.removed_on is None:
            waits = self.removal_waits
        flagged = "deletion-return" in self._flags
        sent = self._day_of_return()
        needless = leaving.removed_on is not None and sent is None and not flagged
        yield Ask(
            "Send the deletion return", "return", "deletion-return", done=sent, is_needless=needless,
            waits="" if flagged or leaving.removed_on is not None else "with the removal",
        )  # fmt: skip
        yield Ask(REMOVE, done=leaving.removed_on, waits=waits)

    @property
    def removal_waits(self) -> str:
        """What the removal waits for, in words; empty where the page Removal may be asked."""
        leaving, on = self._leaving, self._facts.on
        if leaving.path is Path.HOME_EDUCATION:
            earliest = self.earliest_removal
            if earliest is None:
                return "until the letter names a day"
            return f"not before {say_day(earliest)}" if on < earliest else ""
        if leaving.last_day is None:
            return "day not known"
        return "" if leaving.has_left else f"after {say_day(leaving.last_day)}"

    @property
    def earliest_removal(self) -> date | None:
        """The first day on which a name may go for home education; None without a letter that names the day."""
        letter = self._leaving.letter
        if letter is None or letter.from_ is None:
            return None
        return letter.from_ + timedelta(days=self._numbers["england.home-education-notice.removal-after"])

    def _arrival(self) -> Ask:
        leaving = self._leaving
        done = leaving.first_day_of(EventKind.ARRIVAL_CONFIRMED)
        days = 1 + self._numbers["england.arrival-confirmed.days"]
        waits = "" if leaving.has_left else self._on_the_last_day()
        text = "Have the arrival confirmed"
        return Ask(text, "arrival", "arrival-confirmed", done=done, due=self._due_after(days), waits=waits)

    def _transfer_file(self) -> Ask:
        leaving = self._leaving
        if leaving.removed_on is not None and not leaving.is_confirmed and leaving.path is not Path.TO_SCHOOL:
            return self._lost_pupil_file()
        days = self._numbers["england.transfer-file-due.days"]
        removed = leaving.removed_on
        due = self._facts.moment.due_after(removed, school_days=days) if removed else None
        text = "Transfer file" + (" to the next school" if leaving.path is Path.TO_SCHOOL else ", code MMMMMMM")
        waits = "" if leaving.has_left else self._on_the_last_day()
        done = leaving.first_day_of(EventKind.TRANSFER_FILE_SENT)
        return Ask(text, "file", "transfer-file-due", done=done, due=due, waits=waits)

    def _lost_pupil_file(self) -> Ask:
        removed = self._leaving.removed_on
        done = self._leaving.first_day_of(EventKind.TRANSFER_FILE_SENT)
        due = self._due_on(removed) if removed else None
        waits = "" if removed else "on the day of removal"
        return Ask("Lost-pupil file, code XXXXXXX", "file", "unknown-destination", done=done, due=due, waits=waits)

    def _protection_file(self) -> Iterator[Ask]:
        leaving, facts = self._leaving, self._facts
        last_day = leaving.last_day or facts.on
        held = facts.circumstances | facts.pupil.circumstances_on(last_day)
        if held.isdisjoint({Circumstance.CHILD_PROTECTION_FILE, Circumstance.CHILD_PROTECTION_PLAN}):
            return
        done = leaving.first_day_of(EventKind.PROTECTION_FILE_RECEIVED)
        waits = "" if leaving.has_left else self._on_the_last_day()
        due = self._due_after(self._numbers["england.child-protection-file.days"])
        text = "Child-protection file, receipt"
        yield Ask(text, "protection", "child-protection-file", done=done, due=due, waits=waits)

    # -- what is recorded ----------------------------------------------------------------------------------------

    def _left_on(self) -> date:
        return self._leaving.removed_on or self._facts.on

    def _on_the_last_day(self) -> str:
        last_day = self._leaving.last_day
        return f"after {say_day(last_day)}" if last_day is not None else "day not known"

    def _due_on(self, day: date) -> Deadline | None:
        return self._facts.moment.due_on(day)

    def _due_after(self, school_days: int) -> Deadline | None:
        last_day = self._leaving.last_day
        return None if last_day is None else self._facts.moment.due_after(last_day, school_days=school_days)

    def _told(self, whom: Iterable[Recipient], *, since: date | None = None) -> date | None:
        wanted = set(whom)
        events = self._leaving.since(EventKind.TOLD, EventKind.REFERRED)
        return next((e.on for e in events if _recipient(e) in wanted and (since is None or e.on >= since)), None)

    def _lead_told(self, since: date) -> date | None:
        events = self._leaving.since(EventKind.DECISION)
        return next((event.on for event in events if event.about == LEAD_TOLD and event.on >= since), None)

    def _form(self, forms: Iterable[Form]) -> date | None:
        wanted = set(forms)
        sent = next((event.on for event in self._leaving.since(EventKind.FORM_SENT) if event.form in wanted), None)
        return sent or next(
            (e.on for e in self._leaving.since(EventKind.TOLD, EventKind.REFERRED) if tells_authority(e)), None
        )

    def _day_of_return(self) -> date | None:
        if not is_return_recorded(self._facts):
            return None
        sent = [e.on for e in self._facts.events_of_stay if e.return_ is ReturnKind.DELETION]
        return sent[-1]

    def _plan_rule(self) -> str:
        return "home-education-notice" if has_plan(self._facts) else "home-education-plan"

    def _rule(self, slug: str) -> PupilRule | None:
        rules = (rule for rule in self._desk.roll.rulebook.rules if rule.id.partition(".")[2] == slug)
        school = self._desk.roll.judgement.school.type
        return next((rule for rule in rules if _concerns(rule, school)), None)


_PATHS: Final = {
    Path.TO_SCHOOL: Asks.to_school,
    Path.ABROAD: Asks.abroad,
    Path.OUTSIDE_STATE: Asks.outside_state,
    Path.UNKNOWN: Asks.unknown,
    Path.NOBODY_SAID: Asks.nobody_said,
    Path.HOME_EDUCATION: Asks.home_education,
    Path.SAID_AT_GATE: Asks.said_at_gate,
    Path.DIED: Asks.died,
}


def _recipient(event: Event) -> Recipient | None:
    if event.kind is EventKind.TOLD:
        return event.who
    return event.to if isinstance(event.to, Recipient) else Recipient.AUTHORITY_CME


def _concerns(rule: PupilRule, school: SchoolType) -> bool:
    steps = rule.steps if isinstance(rule, Rule) else ()
    return not steps or any(not step.school_types or school in step.school_types for step in steps)
