"""The rulebook as a whole: ids, sources, numbers, tasks."""

from __future__ import annotations

import re
from datetime import date, time

import pytest

from cme_desktop.domain.calendar import DayKind, Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import CmeError, RefusedError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.parameters import EARLIEST_LAW, load_parameters
from cme_desktop.policy.review import join_duties, review
from cme_desktop.policy.rule import Act, Authority, Duty, Finding, Flag, Reference, Rule, Severity
from cme_desktop.policy.rulebook import load_rulebook
from cme_desktop.policy.rules import RULES
from tests.builders import RESOURCES, a_record, a_rulebook, at, close_of, day, flags_of

NAMED_IN_THE_RULEBOOK = {
    "register-not-taken", "unexplained-absence", "unresolved-n", "social-worker-told", "looked-after-told",
    "attendance-return", "penalty-threshold", "sickness-approaching", "sickness-return", "leave-not-returned",
    "twenty-days", "not-seen", "elsewhere-unconfirmed", "persistent-absence", "severe-absence", "never-started",
    "emergency-contacts", "missing-fact", "new-pupil-return", "deletion-return", "unknown-destination",
    "arrival-confirmed", "transfer-file-due", "child-protection-file", "home-education-notice", "leave-request",
    "part-time-timetable", "reported-concern", "home-education-consent", "children-not-in-school",
}  # fmt: skip
OF_NO_RULE = {"removal", "outside-request", "register-copy"}
"""Numbers that the gate of removal, an answer to another school or a school duty rests on, and no pupil's rule."""
SUPPLIED_SWITCHED_OFF = {"england.home-education-consent", "england.children-not-in-school"}


def test_the_english_rules_are_all_there_once() -> None:
    assert [rule.id for rule in RULES if rule.id.startswith("england.")] == [rule.id for rule in RULES]
    assert sorted(rule.id for rule in RULES) == sorted(f"england.{slug}" for slug in NAMED_IN_THE_RULEBOOK)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_cites_its_law(rule: Rule) -> None:
    assert rule.references
    for reference in rule.references:
        assert re.match(
            r"https://www\.(legislation\.gov\.uk/(uksi|ukpga)/|gov\.uk/government/publications/)", reference.url
        )
    assert rule.title
    assert rule.about
    assert rule.settled_by
    assert rule.in_force_from == (date(2026, 4, 29) if rule.id in SUPPLIED_SWITCHED_OFF else EARLIEST_LAW)


def test_two_rules_are_supplied_switched_off_and_say_what_they_wait_for() -> None:
    parameters = a_rulebook().parameters

    switched = {rule.id: parameters.by_name[rule.switch] for rule in RULES if rule.switch}

    assert set(switched) == SUPPLIED_SWITCHED_OFF
    for switch in switched.values():
        assert [value.value for value in switch.values] == [0]
        assert switch.waits_for
    assert [name for name, each in parameters.by_name.items() if each.waits_for] == [
        switch.name for switch in switched.values()
    ]


def test_a_switch_is_on_from_its_day_and_off_before_it() -> None:
    name = "england.home-education-consent.in-force"
    supplied = a_rulebook().parameters

    turned = supplied.switched_on(name, since=day("1 Jan"))

    assert turned.value_on(name, EARLIEST_LAW) == 0
    assert turned.value_on(name, day("31 Dec")) == 0
    assert turned.value_on(name, day("1 Jan")) == 1
    assert turned.value_on(name, date(2030, 1, 1)) == 1
    assert supplied.value_on(name, date(2030, 1, 1)) == 0
    with pytest.raises(KeyError):
        supplied.switched_on("england.twenty-days.sessions", since=day("1 Jan"))


def test_every_limb_says_what_it_tests() -> None:
    limbs = [limb for rule in RULES for limb in rule.limbs]

    assert all(limb.__doc__ for limb in limbs)
    assert len(set(limbs)) == len(limbs)


def test_a_rulebook_knows_its_rules() -> None:
    rulebook = a_rulebook()

    assert "england.twenty-days" in rulebook.ids
    assert rulebook.find_rule("england.twenty-days") in RULES
    assert rulebook.find_rule("england.no-such-rule") is None


def test_a_policy_that_is_not_supplied_is_refused() -> None:
    with pytest.raises(CmeError, match="not supplied"):
        load_rulebook({"parameters": ""}, policies=("nowhere",))


def test_a_policy_that_cannot_be_read_says_where() -> None:
    with pytest.raises(CmeError, match="line 1"):
        load_rulebook({"parameters": "", "broken": "id = "}, policies=("broken",))


# -- numbers -------------------------------------------------------------------------------------------------------


def test_each_number_has_a_unit_a_source_and_a_reference() -> None:
    parameters = load_parameters((RESOURCES / "parameters.toml").read_text("utf-8")).by_name

    assert {name.split(".")[1] for name in parameters} <= NAMED_IN_THE_RULEBOOK | OF_NO_RULE
    for parameter in parameters.values():
        assert parameter.unit in {*DayKind, "percent", "people", "switch"}
        assert parameter.reference
        assert parameter.url.startswith("https://") or parameter.source is Authority.SCHOOL
        assert parameter.values[0].from_day == EARLIEST_LAW


def test_a_day_before_the_earliest_law_is_refused() -> None:
    parameters = a_rulebook().parameters

    assert parameters.value_on("england.twenty-days.sessions", EARLIEST_LAW) == 40
    with pytest.raises(CmeError, match="before the law"):
        parameters.value_on("england.twenty-days.sessions", date(2024, 8, 18))
    with pytest.raises(CmeError, match="before the law"):
        parameters.on(date(2024, 8, 18))


DATED = """
[parameter."england.some.days"]
unit = "school day"
source = "law"
reference = "a regulation"
values = [{ value = 5, from = 2024-08-19, to = 2025-08-31 }, { value = 3, from = 2025-09-01, to = 2026-08-31 }]
"""


def test_old_values_stay_for_old_days_and_none_is_guessed() -> None:
    parameters = load_parameters(DATED)
    name = "england.some.days"

    assert parameters.value_on(name, date(2025, 8, 31)) == 5
    assert parameters.value_on(name, date(2025, 9, 1)) == 3
    assert dict(parameters.on(date(2025, 8, 31))) == {name: 5}
    assert len(parameters.on(date(2026, 9, 1))) == 0
    with pytest.raises(CmeError, match="not known"):
        parameters.on(date(2026, 9, 1))[name]


def test_a_school_may_be_stricter_than_the_law_and_never_looser() -> None:
    parameters = a_rulebook().parameters.by_name
    on = day("14 Sep")

    parameters["england.attendance-return.sessions"].refuse_looser(18, on=on)
    parameters["england.penalty-threshold.weeks"].refuse_looser(12, on=on)
    parameters["england.sickness-approaching.days"].refuse_looser(8, on=on)
    with pytest.raises(RefusedError, match="program's own early reminder"):
        parameters["england.sickness-approaching.days"].refuse_looser(12, on=on)
    with pytest.raises(RefusedError, match="SI 2024/208, regulation 13"):
        parameters["england.attendance-return.sessions"].refuse_looser(22, on=on)
    with pytest.raises(RefusedError):
        parameters["england.penalty-threshold.weeks"].refuse_looser(8, on=on)


def test_a_finding_cites_the_numbers_it_rests_on() -> None:
    judged = close_of("25 Sep")

    flag = flags_of(a_record({"14 Sep..25 Sep": "O"}, judged=judged), judged)["england.attendance-return"]

    (sessions, _) = flag.finding.parameters
    assert (sessions.value, sessions.unit, sessions.source) == (20, DayKind.SCHOOL_SESSION, "law")
    assert flag.policy_id == "england"


# -- reviews and tasks ---------------------------------------------------------------------------------------------


def test_a_roll_is_reviewed_pupil_by_pupil() -> None:
    judged = close_of("14 Sep")
    quiet, absent = a_record(judged=judged), a_record({"14 Sep": "N"}, judged=judged)

    assert review((quiet, quiet), judged, a_rulebook()) == ()
    assert [flag.rule_id for flag in review((quiet, absent), judged, a_rulebook())] == ["england.unexplained-absence"]


def test_no_day_before_the_law_is_judged() -> None:
    judged = close_of(date(2024, 8, 18))

    with pytest.raises(CmeError, match="before the law"):
        review((), judged, a_rulebook())


def a_flag(rule_id: str, due: Deadline | None, **facts: object) -> Flag:
    duty = Duty(Act.CONTACT_FAMILY, rule_id, Role.OFFICE, str(facts.pop("recipient", "family")))
    return Flag(
        rule_id=rule_id,
        title="",
        authority=Authority.LAW,
        severity=facts.pop("severity", Severity.TODAY),  # type: ignore[arg-type]
        pupil_id=facts.pop("pupil_id", PupilId(1)),  # type: ignore[arg-type]
        finding=Finding(""),
        duty=duty,
        references=(Reference("england", rule_id, "law"), Reference("england", "shared", "law")),
        due=due,
        overdue=False,
        settled_by="",
        raised_on=day("14 Sep"),
        policy_version=1,
    )


def test_the_earliest_deadline_wins_and_every_clause_is_cited() -> None:
    later = a_flag("a", Deadline(day("15 Sep")))
    earlier = a_flag("b", Deadline(day("14 Sep"), time(11)), severity=Severity.NOW)
    never = a_flag("c", None)

    (task,) = join_duties((later, earlier, never))

    assert task.due == earlier.due
    assert task.severity is Severity.NOW
    assert task.duty.what == "b"
    assert task.flags == (earlier, later, never)
    assert [reference.clause for reference in task.references] == ["b", "shared", "a", "c"]


def test_other_pupils_and_other_recipients_are_other_tasks_worst_first() -> None:
    flags = (
        a_flag("a", None, severity=Severity.WATCH),
        a_flag("b", Deadline(day("15 Sep")), pupil_id=PupilId(2)),
        a_flag("c", Deadline(day("14 Sep")), recipient="authority"),
    )

    assert [task.duty.what for task in join_duties(flags)] == ["c", "b", "a"]


def test_first_calls_of_a_looked_after_child_are_one_task() -> None:
    judged = at("9 Nov", "09:45")
    record = a_record({"9 Nov am": "N"}, judged=judged, circumstances=(Circumstance.LOOKED_AFTER,))

    tasks = join_duties(review((record,), judged, a_rulebook()))

    assert [task.duty.act for task in tasks].count(Act.CONTACT_FAMILY) == 1


CITES = {
    "never-started": "regulation 8(1)",
    "missing-fact": "regulation 8",
    "emergency-contacts": "regulation 8",
    "register-not-taken": "regulation 10",
    "unresolved-n": "regulation 10(7) to (9)",
    "elsewhere-unconfirmed": "regulation 10 (codes D, K and B)",
    "leave-request": "regulation 11",
    "part-time-timetable": "regulation 11(6)",
    "leave-not-returned": "regulation 9(1)(h)",
    "twenty-days": "regulation 9(1)(i)",
    "attendance-return": "regulation 13",
    "sickness-approaching": "regulation 13",
    "sickness-return": "regulation 13",
    "penalty-threshold": "regulation 13",
    "new-pupil-return": "regulation 13(1) to (3)",
    "deletion-return": "regulation 13(4) to (7)",
    "home-education-notice": "regulation 13(4) to (7)",
    "home-education-consent": "section 37 (section 434A of the Education Act 1996)",
    "children-not-in-school": "section 38 (sections 436B to 436G of the Education Act 1996)",
}
"""The provision of SI 2024/208 or of the Act of 2026 that asks for each rule's duty."""


@pytest.mark.parametrize(("rule_id", "provision"), CITES.items(), ids=CITES)
def test_a_rule_cites_the_provision_that_asks_for_its_duty_and_leads_there(rule_id: str, provision: str) -> None:
    rule = a_rulebook().find_rule(f"england.{rule_id}")
    assert isinstance(rule, Rule)

    found = [reference for reference in rule.references if reference.clause == provision]

    assert len(found) == 1
    assert found[0].url.endswith("/" + provision.replace("(", " ").split()[1])


def test_the_return_of_a_removal_cites_the_grounds_too() -> None:
    rule = a_rulebook().find_rule("england.deletion-return")
    assert isinstance(rule, Rule)

    assert [one.url.rpartition("/")[2] for one in rule.references] == ["13", "9"]


def test_what_the_law_raises_is_of_its_one_version() -> None:
    judged = close_of("14 Sep")

    flags = flags_of(a_record({"14 Sep": "O"}, judged=judged), judged)

    assert {flag.policy_version for flag in flags.values()} == {1}
    assert {rule.policy_version for rule in RULES} == {1}


SEVERITY = {
    Severity.NOW: {"social-worker-told", "looked-after-told", "not-seen", "deletion-return", "unknown-destination"},
    Severity.THIS_WEEK: {
        "unresolved-n", "penalty-threshold", "sickness-approaching", "severe-absence", "new-pupil-return",
        "transfer-file-due", "leave-request", "part-time-timetable", "children-not-in-school",
    },
    Severity.WATCH: {"persistent-absence", "emergency-contacts"},
    Severity.INCOMPLETE: {"missing-fact"},
}  # fmt: skip
"""How soon each rule of the law asks somebody to act, where nothing makes it sooner; all others ask it today."""


def test_each_rule_of_the_law_asks_as_soon_as_the_rulebook_says() -> None:
    found = {rule.id.partition(".")[2]: rule.severity for rule in RULES}
    named = {rule_id: severity for severity, rules in SEVERITY.items() for rule_id in rules}

    assert found == dict.fromkeys(NAMED_IN_THE_RULEBOOK, Severity.TODAY) | named


def test_what_is_more_pressing_comes_first() -> None:
    assert sorted(Severity) == [
        Severity.NOW, Severity.TODAY, Severity.THIS_WEEK, Severity.INCOMPLETE, Severity.WATCH,
    ]  # fmt: skip
