"""The conditions of the grounds for removal, each a test that answers None or says in words what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from cme_desktop.domain.attendance import AttendanceCode
from cme_desktop.domain.errors import CalendarError
from cme_desktop.domain.events import EnquiryResult, Event, EventKind
from cme_desktop.domain.pupils import Circumstance, YearGroup
from cme_desktop.policy import runs
from cme_desktop.policy.absence import Lapse
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.orders import names_this_school
from cme_desktop.policy.parameters import Numbers
from cme_desktop.policy.record import SchoolType
from cme_desktop.policy.removal_evidence import Claim, Evidence, Proof
from cme_desktop.policy.removal_grounds import Ground, Regulation
from cme_desktop.policy.rules.home_education import has_plan, is_placed_in_special_school, last_letter
from cme_desktop.policy.wording import say_as_days, say_count, say_day


@dataclass(frozen=True)
class Proposal:
    """A removal as it is proposed: what every condition is tested on."""

    facts: Facts
    numbers: Numbers
    ground: Ground
    day: date
    evidence: Evidence

    def proof(self, claim: Claim) -> Proof | None:
        """The proof of a claim; None where there is none, where it is empty, or dated later than the moment judged."""
        proof = self.evidence.proofs.get(claim)
        if proof is None or not proof.what.strip() or not proof.by.strip() or proof.on > self.facts.on:
            return None
        return proof

    @cached_property
    def enquiries(self) -> Event | None:
        """The latest word on joint enquiries in this absence; None where there is none."""
        begun = self.facts.absence.began_on if self.facts.absence else self.facts.on
        found = [
            event
            for event in self.facts.events_of_stay
            if event.kind is EventKind.JOINT_ENQUIRIES
            and event.on >= begun
            and event.moment > self.facts.attended_until
        ]
        return found[-1] if found else None

    @property
    def is_found(self) -> bool:
        """Whether the enquiries found the child, who is not to attend."""
        return self.enquiries is not None and self.enquiries.outcome is EnquiryResult.FOUND_WILL_NOT_ATTEND


Test = Callable[[Proposal], "str | None"]


# -- conditions of every ground --------------------------------------------------------------------------------


def _is_on_roll(proposal: Proposal) -> str | None:
    """Nobody is removed twice, or before having started."""
    facts = proposal.facts
    if facts.is_off_roll:
        return "The name is no longer on the register."
    starting_day = facts.pupil.starting_day
    if starting_day is not None and starting_day > proposal.day:
        return f"The child is not on the register before {say_day(starting_day)}."
    return None


def _is_not_backdated(proposal: Proposal) -> str | None:
    """A name goes today or later: never on a day that has passed."""
    if proposal.day >= proposal.facts.on:
        return None
    return f"No name is removed from a day that has passed: {say_day(proposal.day)} lies before today."


def _is_of_the_grounds_age(proposal: Proposal) -> str | None:
    """Regulation 9(1) is for pupils of compulsory school age on the day, 9(3) for all others."""
    age = proposal.facts.compulsory_age
    if age is None:
        return "The date of birth is not recorded, so nobody can say which paragraph of regulation 9 holds."
    is_of_age = age[0] <= proposal.day <= age[1]
    if is_of_age and proposal.ground.regulation is Regulation.OF_OTHER_AGE:
        return "The child is of compulsory school age on that day: a ground of regulation 9(1) is needed."
    if not is_of_age and proposal.ground.regulation is Regulation.OF_COMPULSORY_AGE:
        return "The child is not of compulsory school age on that day: a ground of regulation 9(3) is needed."
    return None


OF_EVERY_GROUND: Final[dict[str, Test]] = {
    "on-roll": _is_on_roll,
    "not-backdated": _is_not_backdated,
    "age": _is_of_the_grounds_age,
}
"""The conditions of every ground."""


# -- conditions that somebody states ---------------------------------------------------------------------------


def _stated(claim: Claim) -> Test:
    """Test that somebody states the claim and says what proves it."""

    def test(proposal: Proposal) -> str | None:
        return None if proposal.proof(claim) is not None else _not_shown(claim)

    return test


def _not_shown(claim: Claim) -> str:
    return f"Not shown: {claim.in_words}."


def _is_registered_there(proposal: Proposal) -> str | None:
    """The new registration is confirmed, and its first day has come."""
    if any(event.kind is EventKind.ARRIVAL_CONFIRMED for event in proposal.facts.events_of_stay):
        return None
    proof = proposal.proof(Claim.NEW_REGISTRATION)
    if proof is None or proof.holds_from is None:
        return _not_shown(Claim.NEW_REGISTRATION)
    if proof.holds_from > proposal.day:
        return f"The child starts at the new school on {say_day(proof.holds_from)}: the name stays until then."
    return None


def _is_review_over(proposal: Proposal) -> str | None:
    """The exclusion stands only once the review process has ended."""
    proof = proposal.proof(Claim.REVIEW_ENDED)
    if proof is None or proof.holds_from is None or proof.holds_from > proposal.day:
        return _not_shown(Claim.REVIEW_ENDED)
    return None


def _is_sentence_long_enough(proposal: Proposal) -> str | None:
    """The sentence is of so many months or more."""
    needed = proposal.numbers["england.removal.custody"]
    proof = proposal.proof(Claim.SENTENCED)
    if proof is not None and proof.months is not None and proof.months >= needed:
        return None
    return f"The sentence must be of {say_count(needed, 'month')} or more."


def _is_not_main_school_of_mobile_child(proposal: Proposal) -> str | None:
    """A mobile child stays at the main school. Asked where the records say that the family travels."""
    facts = proposal.facts
    travels = facts.has(Circumstance.TRAVELLER) or AttendanceCode.MOBILE_CHILD.symbol.encode("ascii") in facts.line
    return _stated(Claim.NOT_MOBILE_MAIN_SCHOOL)(proposal) if travels else None


def _is_special_school_content(proposal: Proposal) -> str | None:
    """The name of a child whom an authority placed at a special school goes only with that authority's consent."""
    facts = proposal.facts
    if not is_placed_in_special_school(facts):
        return None
    answers = [event for event in facts.events_of_stay if event.kind is EventKind.AUTHORITY_CONSENT]
    if answers and answers[-1].confirmed is True:
        return None
    return _stated(Claim.SPECIAL_SCHOOL_CONSENT)(proposal)


def _is_reason_given(proposal: Proposal) -> str | None:
    """A short list of grounds wants a reason in words beside it."""
    return None if proposal.evidence.reason.strip() else "The reason in words is missing."


# -- conditions that the records answer ------------------------------------------------------------------------


def _is_not_dual_registered(proposal: Proposal) -> str | None:
    """Where two registrations are agreed, the second is no ground to end the first."""
    if not proposal.facts.has(Circumstance.DUAL_REGISTERED):
        return None
    return "The child is registered at both schools by agreement: being registered at the other is no ground."


def _is_dual_registered(proposal: Proposal) -> str | None:
    """The child is registered at another school as well."""
    return (
        None if proposal.facts.has(Circumstance.DUAL_REGISTERED) else "No registration at a second school is recorded."
    )


def _has_no_order(proposal: Proposal) -> str | None:
    """While an attendance order names this school the name stays."""
    if not names_this_school(proposal.facts):
        return None
    return "A school attendance order names this school: the name stays until the authority changes or revokes it."


def _is_order_known(proposal: Proposal) -> str | None:
    """There is an order to be amended."""
    facts = proposal.facts
    known = facts.has(Circumstance.ATTENDANCE_ORDER) or bool(facts.events_of(EventKind.ORDER_MADE))
    return None if known else "No school attendance order is recorded."


def _is_order_revoked(proposal: Proposal) -> str | None:
    """The authority revoked the order."""
    facts = proposal.facts
    if facts.events_of(EventKind.ORDER_REVOKED) and not names_this_school(facts):
        return None
    return "It is not recorded that the authority revoked the order."


def _is_in_nursery(proposal: Proposal) -> str | None:
    """The child was admitted for nursery education."""
    if proposal.facts.pupil.year_group in {YearGroup.N1, YearGroup.N2}:
        return None
    return "The child is not in the nursery."


def _has_written_notice(proposal: Proposal) -> str | None:
    """Only writing counts, and it names the day."""
    letter = last_letter(proposal.facts)
    if letter is None:
        return "There is no written notice from a parent: what is said at the gate is no ground."
    return (
        None if letter.from_ is not None else "The parent's letter names no day from which the child is taught at home."
    )


def _is_day_of_notice_passed(proposal: Proposal) -> str | None:
    """The day that the letter names has passed."""
    letter = last_letter(proposal.facts)
    if letter is None or letter.from_ is None:
        return "The day from which the child is taught at home is not known, so it has not passed."
    earliest = letter.from_ + timedelta(days=proposal.numbers["england.home-education-notice.removal-after"])
    if proposal.day >= earliest:
        return None
    return f"The letter says from {say_day(letter.from_)}: the name may go on {say_day(earliest)} at the earliest."


def _has_consent_of_2026(proposal: Proposal) -> str | None:
    """Section 37 of the 2026 Act, once it is in force on the proposed day."""
    facts = proposal.facts
    if not proposal.numbers["england.home-education-consent.in-force"]:
        return None
    if not has_plan(facts) and not is_placed_in_special_school(facts):
        return None
    answers = [event for event in facts.events_of_stay if event.kind is EventKind.AUTHORITY_CONSENT]
    if answers and answers[-1].confirmed is True:
        return None
    return "The authority's consent to home education is not recorded (2026 Act, section 37)."


def _has_leave_ended(proposal: Proposal) -> str | None:
    """Leave was granted and is over, and the child has not come back from it."""
    if proposal.facts.leave_ended_on is not None:
        return None
    return "No granted leave is recorded that has ended and from which the child has not come back."


def _ten_days_after_leave(proposal: Proposal) -> str | None:
    """The ten school days after the leave are over, and the child attended on none of them."""
    facts = proposal.facts
    needed = proposal.numbers["england.leave-not-returned.days"]
    ended_on = facts.leave_ended_on
    if ended_on is None:
        return f"The {say_count(needed, 'school day')} after granted leave have not begun."
    passed = facts.moment.calendar.count_school_days_after(ended_on, through=facts.on)
    if not facts.moment.is_day_over:
        passed -= 1
    if passed >= needed:
        return None
    return f"{say_count(passed, 'school day')} of {needed} after the leave are over."


def _has_twenty_days(proposal: Proposal) -> str | None:
    """Twenty school days in a row, every session G, N or O."""
    needed = proposal.numbers["england.twenty-days.sessions"]
    length = proposal.facts.run_of_40.length
    if length >= needed and not proposal.facts.is_off_roll:
        return None
    return (
        f"{say_as_days(length)} in a row with codes G, N or O, of {say_as_days(needed)}: any other code, or a session "
        "nobody marked, breaks them."
    )


def _are_closures_accepted(proposal: Proposal) -> str | None:
    """No code but G, N and O may stand within the period: a closure (Y4) is put to the authority."""
    facts = proposal.facts
    closed = AttendanceCode.CLOSED.symbol.encode("ascii")
    if not runs.count_of(facts.line, closed, first=facts.run_of_40.first):
        return None
    return _stated(Claim.CLOSURES_ACCEPTED)(proposal)


def _has_twenty_days_without_leave(proposal: Proposal) -> str | None:
    """Regulation 9(3): absent for twenty school days in a row, none of them leave."""
    facts = proposal.facts
    needed = proposal.numbers["england.removal.younger-absence"]
    absence = facts.absence
    without_leave = () if absence is None else tuple(d for d in absence.days if not facts.is_leave_granted_on(d))
    if absence is not None and len(without_leave) == absence.day >= needed:
        return None
    return f"{say_count(len(without_leave), 'school day')} of continuous absence without leave, of {needed}."


def _is_not_sick_or_prevented(proposal: Proposal) -> str | None:
    """Neither sickness nor an unavoidable cause, by what is recorded and by what is stated."""
    facts = proposal.facts
    if any(reason.is_illness and reason.covers(facts.on, lapse=Lapse.WHEN_PUPIL_ATTENDS) for reason in facts.reasons):
        return "Illness is recorded as the reason of this absence."
    since = facts.leave_ended_on
    first = facts.absence.indexes[0] if facts.absence else len(facts.line)
    if since is not None:
        first = facts.moment.calendar.count_sessions_through(since)
    if runs.count_of(facts.line, _KEPT_AWAY, first=first):
        return "A code of this absence says that sickness or an unavoidable cause kept the child away."
    return _stated(Claim.NOT_SICK_OR_PREVENTED)(proposal)


_KEPT_AWAY: Final = "".join(
    code.symbol
    for code in (
        AttendanceCode.ILLNESS,
        AttendanceCode.NO_ACCESS,
        AttendanceCode.TRANSPORT,
        AttendanceCode.TRAVEL_DISRUPTION,
        AttendanceCode.PART_CLOSED,
        AttendanceCode.DETAINED,
        AttendanceCode.PUBLIC_HEALTH,
        AttendanceCode.UNAVOIDABLE,
    )
).encode("ascii")


def _are_enquiries_complete(proposal: Proposal) -> str | None:
    """School and authority have looked for the child together, and the outcome allows a removal."""
    enquiries = proposal.enquiries
    if enquiries is None:
        return "Joint enquiries with the authority are not recorded."
    if enquiries.outcome is EnquiryResult.FOUND_WILL_ATTEND:
        return "The joint enquiries found the child, who is to attend: the name stays."
    if enquiries.outcome in {EnquiryResult.NOT_FOUND, EnquiryResult.FOUND_WILL_NOT_ATTEND}:
        return None
    return "Joint enquiries with the authority are begun and not complete."


def _is_not_found(proposal: Proposal) -> str | None:
    """The enquiries ended without finding the child."""
    if proposal.enquiries is not None and proposal.enquiries.outcome is EnquiryResult.NOT_FOUND:
        return None
    return "It is not recorded that the child could not be found."


def _is_signed_off(claim: Claim, other: Claim) -> Test:
    """One side signs that the enquiries are complete: after their outcome, and not by the hand of the other side."""

    def test(proposal: Proposal) -> str | None:
        proof, theirs = proposal.proof(claim), proposal.proof(other)
        outcome = proposal.enquiries
        if proof is None or outcome is None or proof.on < outcome.on:
            return _not_shown(claim)
        if theirs is not None and theirs.by.strip().casefold() == proof.by.strip().casefold():
            return "Nobody signs for both sides: one person for the school and another for the authority."
        return None

    return test


def _where_found(claim: Claim) -> Test:
    """A claim that is asked for only where the enquiries found the child."""

    def test(proposal: Proposal) -> str | None:
        return _stated(claim)(proposal) if proposal.is_found else None

    return test


def _does_age_end(proposal: Proposal) -> str | None:
    """The child ceases to be of compulsory school age before the school next meets."""
    age = proposal.facts.compulsory_age
    if age is not None:
        try:
            if age[1] < proposal.facts.moment.calendar.school_day_after(proposal.day, count=1):
                return None
        except CalendarError:
            return "The calendar does not say when the school next meets: enter the next term dates."
    return "The child is still of compulsory school age when the school next meets."


def _is_state_school(proposal: Proposal) -> str | None:
    """The ground is for boarders of maintained schools and academies."""
    independent = proposal.facts.moment.judgement.school.type is SchoolType.INDEPENDENT
    return "This ground is for maintained schools and academies." if independent else None


def _is_independent_school(proposal: Proposal) -> str | None:
    """The ground is for independent schools and non-maintained special schools."""
    kinds = {SchoolType.INDEPENDENT, SchoolType.SPECIAL}
    if proposal.facts.moment.judgement.school.type in kinds:
        return None
    return "This ground is for independent and non-maintained special schools."


CONDITIONS: Final[dict[str, Test]] = {
    **{claim.value: _stated(claim) for claim in Claim},
    Claim.NEW_REGISTRATION.value: _is_registered_there,
    Claim.REVIEW_ENDED.value: _is_review_over,
    Claim.NOT_MOBILE_MAIN_SCHOOL.value: _is_not_main_school_of_mobile_child,
    Claim.SPECIAL_SCHOOL_CONSENT.value: _is_special_school_content,
    Claim.CLOSURES_ACCEPTED.value: _are_closures_accepted,
    Claim.NOT_SICK_OR_PREVENTED.value: _is_not_sick_or_prevented,
    Claim.SIGNED_OFF_BY_SCHOOL.value: _is_signed_off(Claim.SIGNED_OFF_BY_SCHOOL, Claim.SIGNED_OFF_BY_AUTHORITY),
    Claim.SIGNED_OFF_BY_AUTHORITY.value: _is_signed_off(Claim.SIGNED_OFF_BY_AUTHORITY, Claim.SIGNED_OFF_BY_SCHOOL),
    Claim.BOTH_AGREE.value: _where_found(Claim.BOTH_AGREE),
    Claim.STEPS_CONSIDERED.value: _where_found(Claim.STEPS_CONSIDERED),
    "sentence-long-enough": _is_sentence_long_enough,
    "reason-in-words": _is_reason_given,
    "not-dual-registered": _is_not_dual_registered,
    "dual-registered": _is_dual_registered,
    "no-order": _has_no_order,
    "order-known": _is_order_known,
    "order-revoked": _is_order_revoked,
    "in-nursery": _is_in_nursery,
    "written-notice": _has_written_notice,
    "day-of-notice-passed": _is_day_of_notice_passed,
    "consent-of-2026": _has_consent_of_2026,
    "leave-ended": _has_leave_ended,
    "ten-days-after-leave": _ten_days_after_leave,
    "twenty-days": _has_twenty_days,
    "twenty-days-without-leave": _has_twenty_days_without_leave,
    "joint-enquiries": _are_enquiries_complete,
    "not-found": _is_not_found,
    "age-ends-before-next-session": _does_age_end,
    "state-school": _is_state_school,
    "independent-school": _is_independent_school,
}
"""Every condition that a ground may name: what it tests, and what it says where it does not hold."""


def say_condition(name: str) -> str:
    """Say what a condition asks, as a sentence."""
    test = OF_EVERY_GROUND.get(name) or CONDITIONS[name]
    words = test.__doc__ or f"{Claim(name).in_words}."
    where = "Where the child is found: " if name in {Claim.BOTH_AGREE, Claim.STEPS_CONSIDERED} else ""
    return f"{where}{words}" if where else f"{words[0].upper()}{words[1:]}"
