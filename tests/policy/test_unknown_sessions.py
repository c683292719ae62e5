"""What is said of sessions that nobody marked: named where they make a difference, and never told as a count."""

from __future__ import annotations

from dataclasses import replace

from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import Event, EventKind, Recipient
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.parameters import Numbers
from cme_desktop.policy.record import PupilRecord
from cme_desktop.policy.review import join_duties, judge_facts, review_pupil
from cme_desktop.policy.rule import Act, Duty, Finding, Flag, Raised, Rule, Severity
from tests.builders import a_record, a_rulebook, an_event, close_of, day, flags_of

TOLD = an_event(EventKind.TOLD, "16 Sep", who=Recipient.AUTHORITY_CME)


def flag(rule_id: str, marks: dict[str, str], on: str, *events: Event) -> Flag:
    judged = close_of(on)
    return flags_of(a_record(marks, judged=judged, events=events), judged, "aspire-academy", "all-saints")[rule_id]


def ends(found: Flag) -> str:
    """The last sentence of the finding: what is said of the unmarked sessions."""
    return found.finding.sentence.split(". ")[-1]


def asked(found: Flag) -> list[str]:
    return [f"{session.on.day} {session.on:%b} {session.half.value}" for session in found.finding.ask]


# -- one way only --------------------------------------------------------------------------------------------------


def test_what_is_true_only_if_they_were_missed_is_incomplete_and_says_so() -> None:
    found = flag("england.attendance-return", {"14 Sep..24 Sep": "O", "25 Sep": "?"}, "25 Sep")

    assert found.severity is Severity.INCOMPLETE
    assert found.finding.sentence.startswith("If the sessions without a mark were missed: 20 sessions in a row")
    assert ends(found) == "It turns on 2 sessions that nobody marked: 25 September 2026."
    assert asked(found) == ["25 Sep am", "25 Sep pm"]


def test_what_is_true_only_if_they_were_attended_is_incomplete_too() -> None:
    marks = {"7 Sep": "?", "14 Sep..18 Sep": "O", "21 Sep": "?"}

    found = flag("all-saints.reintegration", marks, "21 Sep", TOLD)

    assert found.severity is Severity.INCOMPLETE
    assert found.finding.sentence.startswith("If the sessions without a mark were attended: Back since 21 September")
    assert asked(found) == ["21 Sep am", "21 Sep pm"]


def test_only_the_sessions_that_are_counted_are_asked_about() -> None:
    marks = {"7 Sep am": "?", "14 Sep..24 Sep": "O", "25 Sep am": "?", "25 Sep pm": "O"}

    assert asked(flag("england.attendance-return", marks, "25 Sep")) == ["25 Sep am"]
    assert asked(flag("england.penalty-threshold", marks, "25 Sep")) == ["7 Sep am", "25 Sep am"]


# -- both ways -------------------------------------------------------------------------------------------------------


def test_where_they_only_add_to_it_the_milder_stands_and_names_them() -> None:
    found = flag("england.penalty-threshold", {"14 Sep..18 Sep": "O", "21 Sep pm": "?"}, "21 Sep")

    assert found.severity is Severity.THIS_WEEK
    assert found.finding.sentence.startswith("10 unauthorised sessions")
    assert ends(found) == "1 session that nobody marked may add to this: 21 September 2026 (afternoon)."


def test_what_they_make_no_difference_to_says_nothing_of_them() -> None:
    record = a_record({"14 Sep am": "?"}, judged=close_of("14 Sep"), contacts=())
    found = flags_of(record, close_of("14 Sep"))["england.emergency-contacts"]

    assert "nobody marked" not in found.finding.sentence
    assert found.finding.ask == ()


def test_three_days_are_named_and_further_ones_counted() -> None:
    def said(last: str) -> str:
        marks = {"14 Sep..18 Sep": "O", f"21 Sep..{last}": "?"}
        return ends(flag("england.penalty-threshold", marks, "25 Sep")).partition(": ")[2]

    assert said("21 Sep") == "21 September 2026."
    assert said("23 Sep") == "21 September 2026, 22 September 2026 and 23 September 2026."
    assert said("24 Sep") == "21 September 2026, 22 September 2026, 23 September 2026 and 1 more day."
    assert said("25 Sep") == "21 September 2026, 22 September 2026, 23 September 2026 and 2 more days."


def test_where_none_lies_in_what_is_told_all_are_asked_about() -> None:
    marks = {"14 Sep..17 Sep": "O", "18 Sep": "?"}

    found = flag("all-saints.reintegration", marks, "21 Sep", TOLD)

    assert found.finding.since == day("21 Sep")
    assert asked(found) == ["18 Sep am", "18 Sep pm"]
    assert ends(found) == "2 sessions that nobody marked may add to this: 18 September 2026."


def test_where_only_the_deadline_turns_on_them_they_are_named_too() -> None:
    """A made-up rule: what it finds is the same whether the day was missed or not, and the day it gives is not."""
    judged = close_of("14 Sep")

    def limb(facts: Facts, _: Numbers) -> Raised:
        due = Deadline(day("18 Sep" if facts.absence else "21 Sep"))
        return Raised(Finding("A letter is owed."), Duty(Act.SEND_FORM, "Write.", Role.OFFICE, "family"), due)

    like = a_rulebook().find_rule("england.transfer-file-due")
    assert isinstance(like, Rule)
    rulebook = replace(a_rulebook(), rules=(replace(like, id="own.letter", limbs=(limb,)),))

    (found,) = review_pupil(a_record({"14 Sep": "?"}, judged=judged), judged, rulebook)

    assert found.due is not None
    assert found.due.on == day("21 Sep")
    assert ends(found) == "2 sessions that nobody marked may add to this: 14 September 2026."


# -- rules asked one by one ------------------------------------------------------------------------------------------


def test_rules_asked_one_by_one_say_what_the_review_says() -> None:
    judged = close_of("25 Sep")
    rulebook = a_rulebook("aspire-academy")
    numbers = rulebook.parameters.on(judged.on)
    absent = {"14 Sep..25 Sep": "O"}
    referred = an_event(EventKind.LEAVING, "9 Sep", leaving_on=day("11 Sep"))

    def one_by_one(record: PupilRecord) -> tuple[Flag, ...]:
        return tuple(judge_facts(Facts(record, Moment(judged)), rulebook.rules, numbers))

    for record in (
        a_record(absent, judged=judged),
        a_record({**absent, "25 Sep": "?"}, judged=judged),
        a_record(absent, judged=judged, left_on=day("24 Sep")),
        a_record({**absent, "25 Sep": "?"}, judged=judged, left_on=day("24 Sep"), events=(referred,)),
    ):
        assert one_by_one(record) == review_pupil(record, judged, rulebook)


def test_a_task_is_overdue_when_any_of_its_flags_is() -> None:
    late = flag("england.attendance-return", {"14 Sep..30 Sep": "O"}, "30 Sep")
    in_time = replace(late, rule_id="another", due=None, overdue=False)

    assert late.overdue
    assert [task.overdue for task in join_duties((late, in_time))] == [True]
    assert [task.overdue for task in join_duties((in_time,))] == [False]
