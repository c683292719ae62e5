"""A policy may be stricter than the law and never looser: each way to ask for less is refused with the provision.

What can't loosen by its make is shown by a property: whatever policy is adopted, each flag of the law that would be
raised without it is still raised, and is due no later.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import Recipient
from cme_desktop.policy.duty_owners import why_not_owner
from cme_desktop.policy.parameters import Parameters
from cme_desktop.policy.policy_changes import Part
from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.policy_faults import check_policy, read_document
from cme_desktop.policy.review import join_duties, review_pupil
from cme_desktop.policy.rule import Act, Duty, Flag
from cme_desktop.policy.rulebook import make_rulebook
from cme_desktop.policy.school_policy import (
    DueKind,
    SchoolPolicy,
    Settlement,
    Step,
    StricterNumber,
    TriggerKind,
)
from cme_desktop.policy.school_policy_text import read_school_policy
from tests.builders import day
from tests.policy.any_policy import LAW, any_policy, the_roll
from tests.policy.test_policy_changes import a_policy

_ALL_FOUR = (Recipient.CARER, Recipient.SOCIAL_WORKER, Recipient.VIRTUAL_SCHOOL_HEAD, Recipient.DESIGNATED_TEACHER)


def a_step(
    trigger: TriggerKind,
    act: Act,
    due: DueKind,
    *,
    recipient: str = "family",
    numbers: dict[str, int] | None = None,
    hours: int = 0,
    settled: Settlement | None = None,
    who: tuple[str, ...] = (),
) -> Step:
    return replace(
        a_policy().steps[0], trigger=trigger, duty=Duty(act, "Do it.", Role.LEAD, recipient), due=due, hours=hours,
        because="It is so since {since}.", numbers=numbers or {}, settled=settled or Settlement(), who=who,
    )  # fmt: skip


def with_steps(*steps: Step) -> SchoolPolicy:
    return replace(a_policy(), steps=tuple(replace(step, id=f"own.step-{n}") for n, step in enumerate(steps)))


_T, _D = TriggerKind, DueKind
LOOSER = {
    "a call on the first day, this week": (
        a_step(_T.UNEXPLAINED_TODAY, Act.CONTACT_FAMILY, _D.THIS_WEEK), "due", "unexplained",
    ),
    "a call on the first day, without a deadline": (
        a_step(_T.LADDER_DAY, Act.CONTACT_FAMILY, _D.NONE, numbers={"n": 1}), "due", "unexplained",
    ),
    "a call within two days": (
        a_step(_T.LADDER_DAY, Act.CONTACT_FAMILY, _D.HOURS, numbers={"n": 1}, hours=48), "due", "unexplained",
    ),
    "the social worker told this week": (
        a_step(_T.UNEXPLAINED_TODAY, Act.TELL, _D.THIS_WEEK, recipient="social_worker"), "due", "social worker",
    ),
    "word to the police in place of the social worker": (
        a_step(_T.LADDER_DAY, Act.TELL, _D.SAME_DAY, recipient="social_worker", numbers={"n": 1},
               settled=Settlement(told_one_of=(Recipient.SOCIAL_WORKER, Recipient.POLICE))), "told_one_of",
        "word to the police instead",
    ),
    "a looked-after child's carer told, and nobody else": (
        a_step(_T.LADDER_DAY, Act.TELL, _D.SAME_DAY, recipient="carer", numbers={"n": 1}, who=("looked_after",),
               settled=Settlement(told=(Recipient.CARER, Recipient.SOCIAL_WORKER))), "told",
        "without the virtual school head and the designated teacher",
    ),
    "the attendance return on day 11": (
        a_step(_T.ABSENCE_DAY, Act.SEND_RETURN, _D.SAME_DAY, numbers={"n": 11}), "n", "regulation 13",
    ),
    "the attendance return in the week of day 10": (
        a_step(_T.ABSENCE_DAY, Act.SEND_RETURN, _D.THIS_WEEK, numbers={"n": 10}), "due", "regulation 13",
    ),
    "the sickness return at 16 days": (
        a_step(_T.ILLNESS_EXPECTED, Act.SEND_RETURN, _D.SAME_DAY, numbers={"days": 16}), "days", "regulation 13",
    ),
    "joint enquiries on day 21": (
        a_step(_T.ABSENCE_UNEXPLAINED, Act.BEGIN_JOINT_ENQUIRIES, _D.SAME_DAY, numbers={"n": 21}), "n", "regulation 9",
    ),
    "joint enquiries eleven days after leave": (
        a_step(_T.LEAVE_OVERRUN, Act.BEGIN_JOINT_ENQUIRIES, _D.SAME_DAY, numbers={"n": 11}), "n", "regulation 9(1)(h)",
    ),
    "a call two days after leave": (
        a_step(_T.LEAVE_OVERRUN, Act.CONTACT_FAMILY, _D.SAME_DAY, numbers={"n": 2}), "n", "regulation 9(1)(h)",
    ),
    "the child seen on day 11": (
        a_step(_T.ABSENCE_DAY, Act.SEE_THE_CHILD, _D.SAME_DAY, numbers={"n": 11}), "n", "Keeping children safe",
    ),
    "the new pupil return within six days": (
        a_step(_T.IN_YEAR_JOINER, Act.SEND_RETURN, _D.HOURS, hours=144), "due", "within 5 days of the day of entry",
    ),
    "the new pupil return without a deadline": (
        a_step(_T.IN_YEAR_JOINER, Act.SEND_RETURN, _D.NONE), "due", "regulation 13(1) to (3)",
    ),
    "the deletion return in the week of the removal": (
        a_step(_T.NAME_TO_BE_REMOVED, Act.SEND_RETURN, _D.THIS_WEEK), "due", "regulation 13(4) to (7)",
    ),
    "a leaver without a school referred this week": (
        a_step(_T.LEAVING_UNNAMED, Act.REFER, _D.THIS_WEEK, recipient="authority_cme"), "due", "no known destination",
    ),
    "the authority told of a leaver without a school some day": (
        a_step(_T.LEAVING_UNNAMED, Act.TELL, _D.NONE, recipient="authority_cme"), "due", "no known destination",
    ),
    "the authority told of home education this week": (
        a_step(_T.HOME_EDUCATION_LETTER, Act.TELL, _D.THIS_WEEK, recipient="authority_home_education"), "due",
        "regulation 9",
    ),
    "a call within a day of absence": (
        a_step(_T.LADDER_DAY, Act.CONTACT_FAMILY, _D.HOURS, numbers={"n": 1}, hours=24), "due",
        "“within 24 hours, day or night” would be looser",
    ),
    "a call this week in an unexplained absence": (
        a_step(_T.ABSENCE_UNEXPLAINED, Act.CONTACT_FAMILY, _D.THIS_WEEK, numbers={"n": 1}), "due",
        "asked for the same day; “the last school day of the week” would be looser",
    ),
    "word about the family to the social worker this week": (
        a_step(_T.UNEXPLAINED_TODAY, Act.TELL, _D.THIS_WEEK, settled=Settlement(told=(Recipient.SOCIAL_WORKER,))),
        "due", "pupils with a social worker",
    ),
    "either worker told this week": (
        a_step(_T.UNEXPLAINED_TODAY, Act.TELL, _D.THIS_WEEK, recipient="head",
               settled=Settlement(told_one_of=(Recipient.SOCIAL_WORKER, Recipient.YOUTH_JUSTICE_WORKER))),
        "due", "pupils with a social worker",
    ),
    "the police and the social worker told this week": (
        a_step(_T.UNEXPLAINED_TODAY, Act.TELL, _D.THIS_WEEK, recipient="police",
               settled=Settlement(told=(Recipient.POLICE, Recipient.SOCIAL_WORKER))),
        "due", "pupils with a social worker",
    ),
    "the virtual school head told this week": (
        a_step(_T.UNEXPLAINED_TODAY, Act.TELL, _D.THIS_WEEK, recipient="virtual_school_head"), "due",
        "improve school attendance (statutory guidance), looked-after children",
    ),
    "word to the police in place of the youth justice worker": (
        a_step(_T.LADDER_DAY, Act.TELL, _D.SAME_DAY, recipient="police", numbers={"n": 1},
               settled=Settlement(told_one_of=(Recipient.YOUTH_JUSTICE_WORKER, Recipient.POLICE))), "told_one_of",
        "the worker is told; word to the police instead would be looser",
    ),
    "word to the police in place of both workers": (
        a_step(_T.LADDER_DAY, Act.TELL, _D.SAME_DAY, recipient="social_worker", numbers={"n": 1},
               settled=Settlement(told_one_of=(
                   Recipient.SOCIAL_WORKER, Recipient.YOUTH_JUSTICE_WORKER, Recipient.POLICE))), "told_one_of",
        "the worker is told; word to the police instead would be looser",
    ),
    "all but a looked-after child's carer told": (
        a_step(_T.LADDER_DAY, Act.TELL, _D.SAME_DAY, recipient="social_worker", numbers={"n": 1},
               who=("looked_after",), settled=Settlement(told=_ALL_FOUR[1:])), "told",
        "the carer, the social worker, the virtual school head and the designated teacher are told; without the carer",
    ),
    "all but a looked-after child's social worker told": (
        a_step(_T.LADDER_DAY, Act.TELL, _D.SAME_DAY, recipient="carer", numbers={"n": 1}, who=("looked_after",),
               settled=Settlement(told=(_ALL_FOUR[0], *_ALL_FOUR[2:]))), "told", "without the social worker it",
    ),
    "word to one of those who are told of a looked-after child": (
        a_step(_T.LADDER_DAY, Act.TELL, _D.SAME_DAY, recipient="carer", numbers={"n": 1}, who=("looked_after",),
               settled=Settlement(told_one_of=(Recipient.CARER, Recipient.DESIGNATED_TEACHER))), "told",
        "without the carer, the social worker, the virtual school head and the designated teacher",
    ),
    "the new pupil return an hour after five days": (
        a_step(_T.IN_YEAR_JOINER, Act.SEND_RETURN, _D.HOURS, hours=121), "due", "within 5 days of the day of entry",
    ),
    "the deletion return of a leaver in the week": (
        a_step(_T.IN_YEAR_LEAVER, Act.SEND_RETURN, _D.THIS_WEEK), "due", "on the day of the removal at the latest",
    ),
    "the deletion return a day after the removal": (
        a_step(_T.NAME_TO_BE_REMOVED, Act.SEND_RETURN, _D.HOURS, hours=24), "due",
        "on the day of the removal at the latest; “within 24 hours, day or night” would be looser",
    ),
    "leave decided without a day": (
        a_step(_T.LEAVE_REQUESTED, Act.DECIDE, _D.NONE, recipient="leave"), "due", "before the leave begins",
    ),
}  # fmt: skip
AS_STRICT = {
    "a call the same day": a_step(_T.UNEXPLAINED_TODAY, Act.CONTACT_FAMILY, _D.DAY_JUDGED),
    "a call within three hours": a_step(_T.LADDER_DAY, Act.CONTACT_FAMILY, _D.HOURS, numbers={"n": 1}, hours=3),
    "all four told": a_step(
        _T.LADDER_DAY, Act.TELL, _D.SAME_DAY, recipient="carer", numbers={"n": 1}, who=("looked_after",),
        settled=Settlement(told=_ALL_FOUR),
    ),
    "the return on day 10": a_step(_T.ABSENCE_DAY, Act.SEND_RETURN, _D.SAME_DAY, numbers={"n": 10}),
    "another form on day 15": a_step(_T.ABSENCE_DAY, Act.SEND_FORM, _D.THIS_WEEK, numbers={"n": 15}),
    "the sickness return at 15 days": a_step(_T.ILLNESS_EXPECTED, Act.SEND_RETURN, _D.SAME_DAY, numbers={"days": 15}),
    "joint enquiries on day 20": a_step(_T.ABSENCE_DAY, Act.BEGIN_JOINT_ENQUIRIES, _D.SAME_DAY, numbers={"n": 20}),
    "the new pupil return within five days": a_step(_T.IN_YEAR_JOINER, Act.SEND_RETURN, _D.HOURS, hours=120),
    "the welfare officer told this week": a_step(
        _T.LEAVING_UNNAMED, Act.TELL, _D.THIS_WEEK, recipient="education_welfare_officer"
    ),
    "leave decided on the day it is asked for": a_step(_T.LEAVE_REQUESTED, Act.DECIDE, _D.SAME_DAY, recipient="leave"),
    "a visit, ended by a word to the police or the social worker": a_step(
        _T.LADDER_DAY, Act.VISIT_HOME, _D.THIS_WEEK, numbers={"n": 1},
        settled=Settlement(told_one_of=(Recipient.SOCIAL_WORKER, Recipient.POLICE)),
    ),
    "word to the police or social care, where no worker is named": a_step(
        _T.LADDER_DAY, Act.TELL, _D.SAME_DAY, recipient="police", numbers={"n": 1},
        settled=Settlement(told_one_of=(Recipient.POLICE, Recipient.SOCIAL_CARE)),
    ),
    "word to whichever worker the child has": a_step(
        _T.LADDER_DAY, Act.TELL, _D.SAME_DAY, recipient="social_worker", numbers={"n": 1},
        settled=Settlement(told_one_of=(Recipient.SOCIAL_WORKER, Recipient.YOUTH_JUSTICE_WORKER)),
    ),
    "a looked-after child's carer told again on day 10 of the absence": a_step(
        _T.ABSENCE_DAY, Act.TELL, _D.SAME_DAY, recipient="carer", numbers={"n": 10}, who=("looked_after",),
        settled=Settlement(told=(Recipient.CARER,)),
    ),
    "a visit to a looked-after child, ended by a word to the carer": a_step(
        _T.LADDER_DAY, Act.VISIT_HOME, _D.SAME_DAY, numbers={"n": 1}, who=("looked_after",),
        settled=Settlement(told=(Recipient.CARER,)),
    ),
    "the police told of a looked-after child": a_step(
        _T.LADDER_DAY, Act.TELL, _D.SAME_DAY, recipient="police", numbers={"n": 3}, who=("looked_after",),
        settled=Settlement(told=(Recipient.POLICE,)),
    ),
    "leave decided before it begins": a_step(_T.LEAVE_REQUESTED, Act.DECIDE, _D.BEFORE_LEAVE, recipient="leave"),
}  # fmt: skip


@pytest.mark.parametrize("what", LOOSER)
def test_a_step_that_asks_for_less_than_the_law_is_refused_with_the_provision(what: str) -> None:
    step, field, names = LOOSER[what]

    faults = check_policy(with_steps(step), LAW)

    assert [(fault.part, fault.index, fault.field, fault.is_law) for fault in faults] == [
        (Part.STEP, 0, field, True)
    ]  # fmt: skip
    assert faults[0].says.startswith("A school's rule may be stricter than the law, never looser. ")
    assert names in faults[0].says
    assert faults[0].says.endswith("would be looser.")


@pytest.mark.parametrize("what", AS_STRICT)
def test_a_step_that_asks_for_as_much_as_the_law_or_something_else_may_stand(what: str) -> None:
    assert check_policy(with_steps(AS_STRICT[what]), LAW) == ()


def test_those_told_of_a_looked_after_child_may_be_told_in_several_steps() -> None:
    steps = [
        replace(AS_STRICT["all four told"], settled=Settlement(told=told)) for told in (_ALL_FOUR[:2], _ALL_FOUR[2:])
    ]

    assert check_policy(with_steps(*steps), LAW) == ()


def test_who_is_left_out_of_several_steps_about_a_looked_after_child_is_told_beside_the_first() -> None:
    told = [(Recipient.CARER, Recipient.SOCIAL_WORKER), (Recipient.VIRTUAL_SCHOOL_HEAD,)]
    steps = [replace(AS_STRICT["all four told"], settled=Settlement(told=each)) for each in told]

    (fault,) = check_policy(with_steps(*steps), LAW)

    assert (fault.index, fault.field) == (0, "told")
    assert "without the designated teacher it would be looser" in fault.says


def test_a_step_is_measured_by_the_law_as_it_has_become() -> None:
    name = "england.attendance-return.sessions"
    newest = LAW.by_name[name].values[-1]
    dated = (replace(newest, until_day=day("31 Dec")), replace(newest, value=18, from_day=day("1 Jan")))
    changed = Parameters({**LAW.by_name, name: replace(LAW.by_name[name], values=dated)})

    (fault,) = check_policy(with_steps(AS_STRICT["the return on day 10"]), changed)

    assert fault.says.endswith("it sets 9; 10 would be looser.")


def test_of_a_looked_after_child_the_law_that_is_cited_is_the_one_on_attendance() -> None:
    (fault,) = check_policy(with_steps(LOOSER["all but a looked-after child's carer told"][0]), LAW)

    assert "Working together to improve school attendance" in fault.says


def test_a_document_that_asks_for_less_than_the_law_is_explained_on_its_line() -> None:
    text = write_policy_document(with_steps(LOOSER["a call on the first day, this week"][0]))

    (fault,) = read_document(text.encode(), LAW).faults

    assert fault.found == 'due = "this_week"'
    assert "Working together to improve school attendance" in fault.says
    assert fault.remedy == "Write what the law asks for, or something stricter."


@pytest.mark.parametrize("name", sorted(LAW.by_name))
def test_no_number_of_the_english_rules_can_be_loosened_or_switched_off(name: str) -> None:
    parameter = LAW.by_name[name]
    least = parameter.values[-1].value
    looser = least + 1 if parameter.stricter == "fewer" else least - 1
    policy = replace(a_policy(), stricter=(StricterNumber(name, looser, a_policy().clauses[0].id),))

    read = read_school_policy(write_policy_document(policy), parameters=LAW)

    assert read.policy is None
    if looser >= 1:
        assert parameter.reference in read.problems[0].message


def test_a_switch_that_the_law_turns_on_stays_on() -> None:
    name = "england.home-education-consent.in-force"
    law = LAW.switched_on(name, since=a_policy().in_force_from)
    text = write_policy_document(a_policy()) + f'\n[[stricter]]\nparameter = "{name}"\nvalue = 0\nclause = "2-1"\n'

    assert "1 or more" in read_school_policy(text, parameters=law).problems[0].message


# -- who does it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "act", "says"),
    [
        (Role.CARETAKER, Act.CONTACT_FAMILY, "caretaker of the records"),
        (Role.GOVERNOR, Act.VISIT_HOME, "governor"),
        (Role.OFFICE, Act.DECIDE, "The office decides nothing"),
    ],
)
def test_a_step_is_not_given_to_somebody_who_can_not_do_it(by: Role, act: Act, says: str) -> None:
    step = replace(a_policy().steps[0], duty=Duty(act, "Do it.", by, "family"))

    (fault,) = check_policy(with_steps(step), LAW)

    assert (fault.part, fault.field, fault.is_law) == (Part.STEP, "by", False)
    assert says in fault.says


def test_governors_may_have_a_standing_duty() -> None:
    assert not why_not_owner(Duty(Act.REVIEW, "Review it.", Role.GOVERNOR, "policy"), is_of_pupil=False)
    assert why_not_owner(Duty(Act.REVIEW, "Review it.", Role.CARETAKER, "policy"), is_of_pupil=False)


# -- by its make -----------------------------------------------------------------------------------------------


def of_the_law(flags: tuple[Flag, ...]) -> dict[str, Flag]:
    return {flag.rule_id: flag for flag in flags if flag.policy_id == "england"}


@given(any_policy(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_with_any_policy_each_flag_of_the_law_is_raised_all_the_same_and_due_no_later(
    drawn: SchoolPolicy, chosen: random.Random
) -> None:
    policy = read_school_policy(write_policy_document(drawn), parameters=LAW).policy
    if policy is None:
        return
    alone, with_policy = make_rulebook(LAW, ()), make_rulebook(LAW, (policy,))
    for record, judgement in chosen.sample(the_roll(), 40):
        before = of_the_law(review_pupil(record, judgement, alone))
        flags = review_pupil(record, judgement, with_policy)
        after = of_the_law(flags)
        tasks = {flag.rule_id: task for task in join_duties(flags) for flag in task.flags}
        for rule_id, flag in before.items():
            assert rule_id in after
            still = after[rule_id]
            assert still.severity <= flag.severity
            if still.duty.act is Act.BEGIN_JOINT_ENQUIRIES and flag.duty.act is Act.CONTACT_FAMILY:
                continue  # a stricter number brings the day from which more is asked for than another call
            assert flag.due is None or (still.due is not None and still.due.sort_key <= flag.due.sort_key)
            task = tasks[rule_id]
            assert still.due is None or (task.due is not None and task.due.sort_key <= still.due.sort_key)
