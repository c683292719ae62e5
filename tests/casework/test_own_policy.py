"""A school's own policy: begun, changed, adopted from a day on, and judged by the version that held on each day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.office import Office
from cme_desktop.casework.own_policy import (
    OWN_ID,
    adopt_authority_policy,
    adopt_own_policy,
    check_draft,
    compare_with_supplied,
    find_supplied,
    give_up,
    load_version,
    open_own_policy,
    start_as_copy,
    start_blank,
)
from cme_desktop.casework.policy_files import export_policy_file, load_policy_file
from cme_desktop.casework.roll import load_roll, load_school_rulebook
from cme_desktop.casework.today.state import keep_flags_in_step, load_today_state
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import BadInputError, CmeError, RefusedError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.policy_changes import Part, add_part, adopted_with, copy_as_own, parts_of, put_part, remove_part
from cme_desktop.policy.policy_differences import ChangeKind
from cme_desktop.policy.review import review, review_pupil, review_school
from cme_desktop.policy.rule import Flag
from cme_desktop.policy.school_policy import DueKind, PolicyKind, SchoolPolicy, Step, StricterNumber
from cme_desktop.storage.flags import FlagState, list_flags
from cme_desktop.storage.journal_check import check_journal
from cme_desktop.storage.policies import list_adopted_policies
from tests.office import HEAD, LUCJA, NOW, TODAY, TOMASZ, add_marks, add_pupil, an_office, at, seen_by

LAST_TERM = date(2026, 10, 9)
"""A Friday of the half term before."""

WHY = "Governors, 9 November 2026"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The made-up school's records with the head at the desk: who else may adopt is tested below."""
    opened = an_office(tmp_path, user=HEAD)
    yield opened
    opened.database.close()


def the_own(office: Office) -> SchoolPolicy:
    policy = open_own_policy(office).policy
    assert policy is not None
    return policy


def with_step(policy: SchoolPolicy, slug: str, **changes: object) -> SchoolPolicy:
    index = next(place for place, step in enumerate(policy.steps) if step.id == f"{policy.id}.{slug}")
    step: Step = policy.steps[index]
    return put_part(policy, Part.STEP, index, replace(step, **changes))  # type: ignore[arg-type]


def with_clause(policy: SchoolPolicy, clause_id: str, *, title: str) -> SchoolPolicy:
    index = next(place for place, clause in enumerate(policy.clauses) if clause.id == clause_id)
    return put_part(policy, Part.CLAUSE, index, replace(policy.clauses[index], title=title))


def judged(office: Office, pupil_id: PupilId, moment: datetime | None = None) -> dict[str, Flag]:
    roll = load_roll(office, at=moment)
    record = next(record for record in roll.records if record.pupil.id == pupil_id)
    return {flag.rule_id: flag for flag in review_pupil(record, roll.judgement, roll.rulebook)}


def close_of(day: date) -> datetime:
    return datetime.combine(day, datetime.max.time())


def the_authoritys(office: Office, *, policy_id: str = "shire", title: str = "Shire County Council") -> SchoolPolicy:
    """An authority's policy, made of the school policy that comes with the program."""
    copied = copy_as_own(
        replace(find_supplied(office, "aspire-academy").policy, kind=PolicyKind.AUTHORITY), policy_id=policy_id
    )
    return replace(copied, kind=PolicyKind.AUTHORITY, title=title)


# -- beginning -------------------------------------------------------------------------------------------------


def test_the_adopted_policy_is_opened_with_its_version(office: Office) -> None:
    desk = open_own_policy(office)

    assert desk.policy is not None
    assert desk.policy.id == "aspire-academy"
    assert desk.newest == desk.in_force
    assert desk.newest is not None
    assert (desk.newest.version, desk.newest.from_day) == (1, date(2026, 9, 1))


def test_a_school_without_a_policy_is_told_so_and_may_begin_blank(tmp_path: Path) -> None:
    office = an_office(tmp_path, policies=False, user=HEAD)

    desk = open_own_policy(office)
    draft = start_blank(office)

    assert (desk.policy, desk.newest, desk.versions) == (None, None, ())
    assert (draft.id, draft.title, draft.clauses, draft.steps) == (OWN_ID, "Larkfield Primary School", (), ())
    office.database.close()


def test_a_supplied_policy_may_be_adopted_after_the_set_up(tmp_path: Path) -> None:
    office = an_office(tmp_path, policies=False, user=HEAD)
    add_marks(office, LUCJA, "O", TODAY - timedelta(days=1), TODAY)

    adopted = adopt_own_policy(office, start_as_copy(office, "aspire-academy"), from_day=TODAY, why=WHY)

    assert adopted.version == 1
    assert "aspire-academy.day-2-visit" in judged(office, LUCJA)
    assert not [rule for rule in judged(office, LUCJA, close_of(TODAY - timedelta(days=1))) if "aspire" in rule]
    office.database.close()


# -- adopting --------------------------------------------------------------------------------------------------


def test_last_term_is_judged_by_the_version_that_held_then(office: Office) -> None:
    """The visit moves from day 2 to day 4 and its clause is renumbered: last term keeps day 2 and the old number."""
    add_marks(office, LUCJA, "O", date(2026, 10, 8), LAST_TERM)
    add_marks(office, TOMASZ, "O", TODAY - timedelta(days=1), TODAY)
    changed = with_step(the_own(office), "day-2-visit", numbers={"n": 4, "visits_below": 1})
    changed = with_clause(changed, "ladder-2", title="4.2, step 2")

    adopt_own_policy(office, changed, from_day=TODAY, why=WHY)

    before = judged(office, LUCJA, close_of(LAST_TERM))["aspire-academy.day-2-visit"]
    assert before.policy_version == 1
    assert [str(one) for one in before.references] == ["The Aspire Academy, No contact, step 2"]
    assert ("aspire-academy.day-2-visit.n", 2) in [(one.name, one.value) for one in before.finding.parameters]
    now = judged(office, TOMASZ)
    assert "aspire-academy.day-2-visit" not in now
    assert now["aspire-academy.day-1-contact"].policy_version == 2


def test_the_changed_step_is_raised_on_its_new_day_with_its_new_clause(office: Office) -> None:
    add_marks(office, LUCJA, "O", TODAY)
    changed = with_step(the_own(office), "day-2-visit", numbers={"n": 1, "visits_below": 1})
    changed = with_clause(changed, "ladder-2", title="4.2, step 2")

    adopt_own_policy(office, changed, from_day=TODAY, why=WHY)

    flag = judged(office, LUCJA)["aspire-academy.day-2-visit"]
    assert (flag.policy_version, [str(one) for one in flag.references]) == (2, ["The Aspire Academy, 4.2, step 2"])


def test_a_version_is_kept_with_who_when_from_when_and_why(office: Office) -> None:
    changed = with_clause(the_own(office), "ladder-2", title="4.2")

    adopt_own_policy(seen_by(office, HEAD), changed, from_day=TODAY, why=f" {WHY} ")

    first, second = open_own_policy(office).versions
    assert (first.version, second.version) == (1, 2)
    assert (second.by, second.why, second.from_day) == (HEAD.name, WHY, TODAY)
    assert second.at == datetime(2026, 11, 10, 9, 40)  # noqa: DTZ001  the clock on the office wall
    assert load_version(office, policy_id="aspire-academy", version=1).clause("ladder-2").title == "No contact, step 2"
    with office.database.reading() as db:
        assert check_journal(db).ok


def test_a_version_for_a_later_day_waits_for_it(office: Office) -> None:
    later = TODAY + timedelta(days=7)
    changed = with_clause(the_own(office), "ladder-2", title="4.2")

    adopt_own_policy(office, changed, from_day=later, why=WHY)

    desk = open_own_policy(office)
    assert desk.in_force is not None
    assert desk.newest is not None
    assert (desk.in_force.version, desk.newest.version) == (1, 2)
    assert load_school_rulebook(office, on=later).find_rule("aspire-academy.day-2-visit") is not None
    with office.database.reading() as db:
        held = [(TODAY, 1), (later - timedelta(days=1), 1), (later, 2)]
        assert [(day, list_adopted_policies(db, on=day)[0].version) for day, _ in held] == held


def test_what_is_adopted_last_holds_though_another_was_to_begin_later(office: Office) -> None:
    later = TODAY + timedelta(days=7)
    adopt_own_policy(office, with_clause(the_own(office), "ladder-2", title="4.2"), from_day=later, why=WHY)

    adopt_own_policy(office, with_clause(the_own(office), "ladder-2", title="4.3"), from_day=TODAY, why="A slip")

    with office.database.reading() as db:
        assert [list_adopted_policies(db, on=day)[0].version for day in (TODAY, later)] == [3, 3]


def test_a_blank_policy_with_a_step_of_its_own_takes_the_other_s_place(office: Office) -> None:
    draft, clause = add_part(start_blank(office), Part.CLAUSE, open_own_policy(office).law)
    draft = put_part(draft, Part.CLAUSE, clause, replace(
        draft.clauses[clause], title="2.1", says="Ring on the first day.", program="A call.",
    ))  # fmt: skip
    draft, step = add_part(draft, Part.STEP, open_own_policy(office).law)
    duty = replace(draft.steps[step].duty, what="Ring home.")
    draft = put_part(draft, Part.STEP, step, replace(
        draft.steps[step], title="Ring home", duty=duty, clauses=(draft.clauses[clause].id,),
    ))  # fmt: skip
    add_marks(office, LUCJA, "O", TODAY)

    adopt_own_policy(office, draft, from_day=TODAY, why=WHY)

    flags = judged(office, LUCJA)
    assert [str(one) for one in flags["own.ring-home"].references] == ["Larkfield Primary School, 2.1"]
    assert not [rule for rule in flags if rule.startswith("aspire-academy")]
    assert [policy.id for policy in [the_own(office)]] == [OWN_ID]
    assert "aspire-academy.day-1-contact" in load_school_rulebook(office, on=LAST_TERM).ids


def test_a_standing_duty_falls_due_by_its_new_interval(office: Office) -> None:
    draft = the_own(office)
    index = next(place for place, duty in enumerate(draft.standing) if duty.id.endswith("leadership-meeting"))
    without = remove_part(draft, Part.STANDING, index)

    adopt_own_policy(office, without, from_day=TODAY, why=WHY)

    roll = load_roll(office)
    raised = [flag.rule_id for flag in review_school(roll.judgement, roll.rulebook)]
    assert "aspire-academy.leadership-meeting" not in raised
    assert "aspire-academy.review" in raised


def test_a_stricter_number_of_the_law_holds_from_its_day_on(office: Office) -> None:
    draft = the_own(office)
    number = StricterNumber("england.not-seen.days", 7, draft.clauses[0].id)

    adopt_own_policy(office, replace(draft, stricter=(number,)), from_day=TODAY, why=WHY)

    names = (load_school_rulebook(office, on=day).parameters for day in (LAST_TERM, TODAY))
    assert [law.value_on("england.not-seen.days", TODAY) for law in names] == [10, 7]


# -- what is refused -------------------------------------------------------------------------------------------


def test_a_number_looser_than_the_law_is_refused_with_its_provision(office: Office) -> None:
    draft = the_own(office)
    number = StricterNumber("england.attendance-return.sessions", 24, draft.clauses[0].id)

    with pytest.raises(RefusedError, match="stricter than the law, never looser") as refused:
        adopt_own_policy(office, replace(draft, stricter=(number,)), from_day=TODAY, why=WHY)

    assert "regulation 13" in refused.value.detail
    assert "24 would be looser" in refused.value.detail
    assert the_own(office).version == 1


@pytest.mark.parametrize("value", [0, -3])
def test_a_number_of_the_law_below_one_is_no_stricter_one(office: Office, value: int) -> None:
    draft = the_own(office)
    zero = StricterNumber("england.attendance-return.sessions", value, draft.clauses[0].id)

    with pytest.raises(BadInputError, match="1 or more"):
        adopt_own_policy(office, replace(draft, stricter=(zero,)), from_day=TODAY, why=WHY)


def test_a_policy_is_never_adopted_for_days_gone_by(office: Office) -> None:
    changed = with_clause(the_own(office), "ladder-2", title="4.2")

    with pytest.raises(RefusedError, match="days gone by"):
        adopt_own_policy(office, changed, from_day=TODAY - timedelta(days=1), why=WHY)

    assert the_own(office).version == 1


def test_a_version_without_a_reason_or_a_change_is_refused(office: Office) -> None:
    with pytest.raises(BadInputError, match="reason"):
        adopt_own_policy(office, with_clause(the_own(office), "cover", title="0"), from_day=TODAY, why="  ")
    with pytest.raises(RefusedError, match="Nothing has changed"):
        adopt_own_policy(office, the_own(office), from_day=TODAY, why=WHY)


def test_a_draft_with_an_empty_field_is_refused_and_says_which(office: Office) -> None:
    draft = with_step(the_own(office), "day-2-visit", because="Day {dya} without contact.")

    (fault,) = check_draft(office, draft)

    assert (fault.part, fault.field, parts_of(draft, fault.part)[fault.index].id) == (
        Part.STEP, "because", "aspire-academy.day-2-visit",
    )  # fmt: skip
    assert "{day}" in fault.says
    with pytest.raises(BadInputError, match="Visit the home on day 2"):
        adopt_own_policy(office, draft, from_day=TODAY, why=WHY)


@pytest.mark.parametrize("role", Role)
def test_only_those_whose_word_counts_adopt_or_give_up_a_policy(office: Office, role: Role) -> None:
    theirs = seen_by(office, replace(HEAD, role=role))
    changed = with_clause(the_own(office), "cover", title="0")

    if role in {Role.HEAD, Role.LEAD, Role.SENIOR}:
        assert open_own_policy(theirs).may_adopt
        assert adopt_own_policy(theirs, changed, from_day=TODAY, why=WHY).version == 2
        return
    assert not open_own_policy(theirs).may_adopt
    for act in (
        lambda: adopt_own_policy(theirs, changed, from_day=TODAY, why=WHY),
        lambda: adopt_authority_policy(theirs, the_authoritys(office), from_day=TODAY, why=WHY),
        lambda: give_up(theirs, "aspire-academy", from_day=TODAY, why=WHY),
    ):
        with pytest.raises(RefusedError, match="Only the head") as refused:
            act()
        assert "export it" in refused.value.remedy
    assert the_own(office).version == 1


def test_a_step_given_to_the_office_to_decide_is_not_adopted(office: Office) -> None:
    step = next(step for step in the_own(office).steps if step.id.endswith(".leave-evidence"))
    draft = with_step(the_own(office), "leave-evidence", duty=replace(step.duty, by=Role.OFFICE))

    with pytest.raises(BadInputError, match="The office decides nothing"):
        adopt_own_policy(office, draft, from_day=TODAY, why=WHY)


def test_a_step_that_asks_later_than_the_law_is_not_adopted_and_the_provision_is_named(office: Office) -> None:
    draft = with_step(the_own(office), "day-1-contact", due=DueKind.THIS_WEEK)

    with pytest.raises(RefusedError, match="never looser") as refused:
        adopt_own_policy(office, draft, from_day=TODAY, why=WHY)

    assert "Working together to improve school attendance" in refused.value.detail
    assert the_own(office).version == 1


# -- a local authority's beside it -----------------------------------------------------------------------------


def test_a_second_authority_s_policy_is_refused(office: Office) -> None:
    adopt_authority_policy(office, the_authoritys(office), from_day=TODAY, why=WHY)

    with pytest.raises(RefusedError, match="one local authority") as refused:
        adopt_authority_policy(
            office, the_authoritys(office, policy_id="other", title="Other Council"), from_day=TODAY, why=WHY
        )

    assert "Shire County Council" in refused.value.detail
    assert load_school_rulebook(office, on=TODAY).policies == ("aspire-academy", "shire")


def test_an_authority_s_policy_given_up_makes_room_for_another(office: Office) -> None:
    adopt_authority_policy(office, the_authoritys(office), from_day=TODAY, why=WHY)

    give_up(office, "shire", from_day=TODAY, why="The county was divided")
    adopt_authority_policy(
        office, the_authoritys(office, policy_id="other", title="Other Council"), from_day=TODAY, why=WHY
    )

    assert load_school_rulebook(office, on=TODAY).policies == ("aspire-academy", "other")
    authority = open_own_policy(office).authority
    assert authority is not None
    assert authority.title == "Other Council"


def test_an_authority_s_policy_that_is_to_end_later_still_stands_in_the_way_of_another(office: Office) -> None:
    later = TODAY + timedelta(days=14)
    other = the_authoritys(office, policy_id="other", title="Other Council")
    adopt_authority_policy(office, the_authoritys(office), from_day=TODAY, why=WHY)
    give_up(office, "shire", from_day=later, why="The county is divided")

    with pytest.raises(RefusedError, match="one local authority"):
        adopt_authority_policy(office, other, from_day=TODAY, why=WHY)
    adopt_authority_policy(office, other, from_day=later, why=WHY)

    held = [load_school_rulebook(office, on=day).policies[1:] for day in (TODAY, later - timedelta(days=1), later)]
    assert held == [("shire",), ("shire",), ("other",)]


def test_the_same_authority_s_policy_is_not_adopted_twice(office: Office) -> None:
    adopt_authority_policy(office, the_authoritys(office), from_day=TODAY, why=WHY)

    with pytest.raises(RefusedError, match="Nothing has changed"):
        adopt_authority_policy(office, the_authoritys(office), from_day=TODAY, why=WHY)


def test_a_step_taken_out_closes_its_flag_with_a_reason(office: Office) -> None:
    add_marks(office, LUCJA, "O", TODAY)
    keep_flags_in_step(office, load_today_state(office))
    draft = the_own(office)
    index = next(place for place, step in enumerate(draft.steps) if step.id == "aspire-academy.day-1-contact")

    adopt_own_policy(office, remove_part(draft, Part.STEP, index), from_day=TODAY, why=WHY)
    keep_flags_in_step(office, load_today_state(office))

    with office.database.reading() as db:
        closed = [
            flag for flag in list_flags(db, pupil_id=LUCJA) if flag.flag.rule_id == "aspire-academy.day-1-contact"
        ]
    assert [(flag.state, flag.closed_reason) for flag in closed] == [
        (FlagState.SETTLED, "What raised it is no longer true."),
    ]  # fmt: skip


def test_each_kind_of_policy_is_adopted_as_what_it_says_it_is(office: Office) -> None:
    with pytest.raises(BadInputError, match="local authority’s policy"):
        adopt_own_policy(office, the_authoritys(office), from_day=TODAY, why=WHY)
    with pytest.raises(BadInputError, match="not a local authority’s"):
        adopt_authority_policy(office, the_own(office), from_day=TODAY, why=WHY)


def test_an_authority_s_policy_copied_becomes_the_school_s_under_another_name(office: Office) -> None:
    copied = copy_as_own(the_authoritys(office), policy_id=OWN_ID)

    adopt_own_policy(office, copied, from_day=TODAY, why=WHY)

    assert load_school_rulebook(office, on=TODAY).policies == (OWN_ID,)
    assert "own.day-2-visit" in load_school_rulebook(office, on=TODAY).ids


def test_every_supplied_policy_may_be_copied_changed_and_adopted(office: Office) -> None:
    day = TODAY
    for supplied in open_own_policy(office).supplied:
        if supplied.policy.kind is PolicyKind.SCHOOL:
            draft = replace(start_as_copy(office, supplied.policy.id), title="Larkfield")
            adopt_own_policy(office, draft, from_day=day, why=WHY)
            assert {draft.id, *adopted_with(draft)} <= set(load_school_rulebook(office, on=day).policies)
            assert the_own(office).title == "Larkfield"


# -- files and comparing ---------------------------------------------------------------------------------------


def test_a_policy_exported_here_is_loaded_at_another_school(office: Office, tmp_path: Path) -> None:
    draft = with_step(the_own(office), "day-2-visit", numbers={"n": 1, "visits_below": 1})
    adopt_own_policy(office, draft, from_day=TODAY, why=WHY)
    file = export_policy_file(office, the_own(office), tmp_path / "ours.toml")
    other = an_office(tmp_path / "other", policies=False, user=HEAD)

    loaded = load_policy_file(other, file)

    assert loaded.policy is not None
    assert (loaded.policy.version, loaded.policy.steps) == (1, the_own(office).steps)
    assert adopt_own_policy(other, loaded.policy, from_day=TODAY, why="From our neighbours").version == 1
    other.database.close()


def test_a_bad_file_is_explained_line_by_line_and_changes_nothing(office: Office, tmp_path: Path) -> None:
    lines = (office.paths.resources / "policies" / "aspire-academy.toml").read_text("utf-8").splitlines()
    trigger = next(place for place, line in enumerate(lines) if line == 'trigger = "ladder_day"')
    lines[trigger] = 'trigger = "lader_day"'
    number = next(place for place, line in enumerate(lines) if line == "reviews = 2")
    lines[number] = "reviews = 0"
    file = tmp_path / "bad.toml"
    file.write_text("\n".join(lines), "utf-8")

    loaded = load_policy_file(office, file)

    assert loaded.policy is None
    assert [(fault.line, fault.found) for fault in loaded.faults] == [
        (trigger + 1, 'trigger = "lader_day"'), (number + 1, "reviews = 0"),
    ]  # fmt: skip
    assert "ladder_day" in loaded.faults[0].remedy
    assert loaded.faults[1].remedy == "Correct “reviews” so that it is 1 or more."


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b'id = "x"\ntitle = "T\n', 2, "not TOML"),
        (b'id = "x"\ntitle = "\xff"\n', 2, "UTF-8"),
        (b"", 1, "missing"),
        (b'title = "T"\nversion = "two"\n', 1, "missing"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_policy_says_what_was_found(
    office: Office, tmp_path: Path, data: bytes, line: int, says: str
) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(data)

    faults = load_policy_file(office, file).faults

    assert (faults[0].line, says in faults[0].says, bool(faults[0].remedy)) == (line, True, True)


def test_a_file_looser_than_the_law_names_the_provision_on_its_line(office: Office, tmp_path: Path) -> None:
    loose = '\n[[stricter]]\nparameter = "england.twenty-days.sessions"\nvalue = 60\nclause = "cover"\n'
    text = (office.paths.resources / "policies" / "aspire-academy.toml").read_text("utf-8") + loose
    file = tmp_path / "loose.toml"
    file.write_text(text, "utf-8")

    (fault,) = load_policy_file(office, file).faults

    assert fault.found == "value = 60"
    assert "regulation 9(1)(i)" in fault.says
    assert fault.remedy.startswith("Write 40")


def test_a_file_that_is_not_there_or_far_too_large_is_said_in_words(office: Office, tmp_path: Path) -> None:
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 1_000_001)

    with pytest.raises(CmeError, match="can’t be read"):
        load_policy_file(office, tmp_path / "none.toml")
    with pytest.raises(BadInputError, match="not a policy"):
        load_policy_file(office, large)


def test_the_draft_is_compared_with_the_supplied_policy(office: Office) -> None:
    draft = with_step(the_own(office), "day-2-visit", numbers={"n": 3, "visits_below": 1})
    draft = remove_part(draft, Part.STEP, 0)
    draft, clause = add_part(draft, Part.CLAUSE, open_own_policy(office).law)
    draft = put_part(draft, Part.CLAUSE, clause, replace(draft.clauses[clause], title="9.9", says="Ask.", program="–"))

    found = compare_with_supplied(office, draft, "aspire-academy")

    told = [(one.part, one.name, one.kind, one.field, one.before, one.after) for one in found]
    day = "ladder day {} or later, unexplained; no visit made in this absence"
    assert (Part.CLAUSE, "9.9", ChangeKind.ADDED, "", "", "Ask.") in told
    assert (
        Part.STEP, "Visit the home on day 2", ChangeKind.CHANGED, "When", day.format(2), day.format(3),
    ) in told  # fmt: skip
    assert [one for one in found if one.kind is ChangeKind.REMOVED and one.name == "Text, then ring every contact"]
    assert compare_with_supplied(office, start_as_copy(office, "aspire-academy"), "aspire-academy") == ()


def test_a_version_adopted_late_at_night_is_of_the_day_on_the_office_wall(office: Office) -> None:
    night = at(office, datetime(2026, 7, 1, 23, 30, tzinfo=UTC))

    assert open_own_policy(night).today == date(2026, 7, 2)


# -- adopted in mid-year ---------------------------------------------------------------------------------------


def asked_of_joiners(office: Office) -> list[PupilId | None]:
    roll = load_roll(office)
    raised = review(roll.records, roll.judgement, roll.rulebook)
    return [flag.pupil_id for flag in raised if flag.rule_id == "derbyshire.in-year-joiner"]


def test_a_policy_adopted_in_mid_year_asks_nothing_of_those_who_came_before(office: Office) -> None:
    before = add_pupil(office, starting_day=TODAY - timedelta(days=1))
    today = add_pupil(office, starting_day=TODAY)
    derbyshire = find_supplied(office, "derbyshire").policy

    adopt_authority_policy(office, derbyshire, from_day=TODAY, why=WHY)

    assert before not in asked_of_joiners(office)
    assert asked_of_joiners(office) == [today]


def test_a_later_version_goes_on_asking_of_those_who_came_since_the_first(office: Office) -> None:
    today = add_pupil(office, starting_day=TODAY)
    derbyshire = find_supplied(office, "derbyshire").policy
    adopt_authority_policy(office, derbyshire, from_day=TODAY, why=WHY)
    later = at(office, NOW + timedelta(days=7))

    adopt_authority_policy(later, replace(derbyshire, about="Read again"), from_day=later.today, why=WHY)

    assert asked_of_joiners(later) == [today]


def test_a_policy_given_up_and_taken_again_begins_anew(office: Office) -> None:
    add_pupil(office, starting_day=TODAY)
    derbyshire = find_supplied(office, "derbyshire").policy
    adopt_authority_policy(office, derbyshire, from_day=TODAY, why=WHY)
    later, again = at(office, NOW + timedelta(days=7)), at(office, NOW + timedelta(days=8))
    give_up(later, "derbyshire", from_day=later.today, why=WHY)

    adopt_authority_policy(again, derbyshire, from_day=again.today, why=WHY)

    assert asked_of_joiners(again) == []


def test_a_watched_group_is_raised_once_and_not_anew_each_morning(office: Office) -> None:
    add_pupil(office, starting_day=TODAY, circumstances=(Circumstance.SEN_SUPPORT,))
    adopt_own_policy(office, find_supplied(office, "all-saints").policy, from_day=TODAY, why=WHY)
    first = load_today_state(office)
    keep_flags_in_step(office, first)
    tomorrow = at(office, NOW + timedelta(days=1))

    keep_flags_in_step(tomorrow, load_today_state(tomorrow))

    with office.database.reading() as db:
        kept = [stored for pupil in first.records for stored in list_flags(db, pupil_id=pupil)]
    watched = [stored for stored in kept if stored.flag.rule_id == "all-saints.vulnerable-groups"]
    assert [(stored.state, stored.flag.raised_on) for stored in watched] == [(FlagState.STANDING, TODAY)]
