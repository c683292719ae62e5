"""The two rules that wait for the Act of 2026, once switched on: whose consent, and what the authority is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import Event, EventKind, Recipient
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.record import SchoolRecord, SchoolType
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rule import Flag, Severity
from cme_desktop.policy.rulebook import PARAMETERS, load_rulebook
from tests.builders import RESOURCES, a_record, a_rulebook, an_event, close_of, day, flags_of

CONSENT = "england.home-education-consent"
REGISTER = "england.children-not-in-school"
PLAN = (Circumstance.CHILD_PROTECTION_PLAN,)


def switched_on(
    rule: str,
    *events: Event,
    circumstances: tuple[Circumstance, ...] = (),
    school: SchoolType = SchoolType.MAINTAINED_PRIMARY,
    on: str = "14 Sep",
) -> Flag | None:
    judged = replace(close_of(on), school=SchoolRecord(school))
    rulebook = a_rulebook()
    for name in (CONSENT, REGISTER):
        parameters = rulebook.parameters.switched_on(f"{name}.in-force", since=day("1 Sep"))
        rulebook = replace(rulebook, parameters=parameters)
    record = a_record(judged=judged, events=events, circumstances=circumstances)
    return {flag.rule_id: flag for flag in review_pupil(record, judged, rulebook)}.get(rule)


def a_letter(on: str = "10 Sep") -> Event:
    return an_event(EventKind.HOME_EDUCATION_LETTER, on, from_=day("21 Sep"))


# -- consent -------------------------------------------------------------------------------------------------------


def test_consent_is_asked_for_under_a_plan_and_at_a_special_school() -> None:
    plan = switched_on(CONSENT, a_letter(), circumstances=PLAN)
    special = switched_on(CONSENT, a_letter(), school=SchoolType.SPECIAL)

    assert plan is not None
    assert "The child is under a protection plan or enquiry: the authority's consent" in plan.finding.sentence
    assert plan.severity is Severity.NOW
    assert plan.due is not None
    assert plan.due.on == day("10 Sep")
    assert special is not None
    assert "The child is at a special school: the authority's consent" in special.finding.sentence
    assert special.severity is not Severity.NOW
    assert switched_on(CONSENT, a_letter()) is None
    assert switched_on(CONSENT, circumstances=PLAN) is None


@pytest.mark.parametrize(("answered", "is_open"), [("9 Sep", True), ("10 Sep", False), ("11 Sep", False)])
def test_an_answer_counts_from_the_day_of_the_letter(answered: str, *, is_open: bool) -> None:
    answer = an_event(EventKind.AUTHORITY_CONSENT, answered, confirmed=True)
    events = (answer, a_letter()) if answered == "9 Sep" else (a_letter(), answer)

    assert (switched_on(CONSENT, *events, circumstances=PLAN) is not None) is is_open
    other = an_event(EventKind.REVIEW_HELD, answered)
    assert switched_on(CONSENT, a_letter(), other, circumstances=PLAN) is not None


# -- the register of children not in school ------------------------------------------------------------------------


def told(on: str, who: Recipient = Recipient.AUTHORITY_HOME_EDUCATION) -> Event:
    return an_event(EventKind.TOLD, on, who=who)


def test_the_register_is_told_of_a_letter_and_of_a_child_taught_elsewhere() -> None:
    letter = switched_on(REGISTER, a_letter())
    elsewhere = switched_on(REGISTER, circumstances=(Circumstance.ELSEWHERE_EDUCATED,))

    assert letter is not None
    assert letter.finding.sentence.startswith("A parent wrote on 10 September 2026")
    assert letter.due is not None
    assert letter.due.on == day("10 Sep")
    assert elsewhere is not None
    assert elsewhere.finding.sentence.startswith("The child is on roll and educated elsewhere for part of the time.")
    assert elsewhere.due is None
    assert switched_on(REGISTER) is None
    assert switched_on(REGISTER, told("11 Sep"), circumstances=(Circumstance.ELSEWHERE_EDUCATED,)) is None


def test_word_counts_from_the_day_of_the_letter() -> None:
    assert switched_on(REGISTER, told("9 Sep"), a_letter()) is not None
    assert switched_on(REGISTER, a_letter(), told("10 Sep")) is None
    assert switched_on(REGISTER, a_letter(), told("11 Sep")) is None
    assert switched_on(REGISTER, a_letter(), told("11 Sep", Recipient.POLICE)) is not None


# -- beside them -----------------------------------------------------------------------------------------------------


def test_a_notice_is_told_by_the_head_and_with_a_plan_by_the_lead() -> None:
    judged = close_of("14 Sep")

    def by(*circumstances: Circumstance) -> Role:
        record = a_record(judged=judged, events=(a_letter(),), circumstances=circumstances)
        return flags_of(record, judged)["england.home-education-notice"].duty.by

    assert (by(), by(*PLAN)) == (Role.HEAD, Role.LEAD)


def test_a_policy_that_cannot_be_read_says_the_first_fault() -> None:
    texts = {
        PARAMETERS: (RESOURCES / "parameters.toml").read_text("utf-8"),
        "oak": 'colour = 1\nid = "oak"\nzebra = 2\n',
    }

    with pytest.raises(CmeError) as refused:
        load_rulebook(texts, policies=("oak",))

    assert "line 1" in str(refused.value.detail)
