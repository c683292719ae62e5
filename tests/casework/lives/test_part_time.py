"""Part-time timetables: agreed, told, reviewed, extended, ended; and code C2 without any agreement."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cme_desktop.casework.lives import part_time_acts as acts
from cme_desktop.casework.lives.book import load_life_file, load_lives
from cme_desktop.casework.lives.life import Life, LifeFile, LifeRow, StepState
from cme_desktop.casework.lives.part_time_acts import Timetable
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_told, undo_last
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.events import Recipient
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage.policies import adopt_policy
from cme_desktop.storage.pupils import SessionPattern
from tests.office import CALLUM, IMANI, LUCJA, TODAY, YESTERDAY, add_marks, add_pupil, an_office, at

MORNINGS = frozenset((day, Half.AM) for day in range(5))
REVIEW = date(2026, 11, 17)
LAST = date(2026, 11, 20)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


def a_timetable(**changed: object) -> Timetable:
    usual = Timetable(
        agreed_on=TODAY, agreed_by="Dr Ann Teal", parent="Alex Wiśniewska", consent="in writing",
        reason="Coming back after an operation", sessions=MORNINGS, until=LAST, review_on=REVIEW,
        safeguarding="At home with her mother",
    )  # fmt: skip
    return replace(usual, **changed)  # type: ignore[arg-type]  # the test names the fields


def on_day(office: Office, day: date, hour: int = 17) -> Office:
    return at(office, datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def flags_of(office: Office, pupil_id: PupilId = LUCJA) -> set[str]:
    roll = load_roll(office)
    record = next(record for record in roll.records if record.pupil.id == pupil_id)
    raised = review_pupil(record, roll.judgement, roll.rulebook)
    return {flag.rule_id for flag in raised if "part-time" in flag.rule_id}


def row_of(office: Office, pupil_id: PupilId = LUCJA) -> LifeRow | None:
    return next((row for row in load_lives(office).rows[Life.PART_TIME] if row.pupil_id == pupil_id), None)


def file_of(office: Office, pupil_id: PupilId = LUCJA) -> LifeFile:
    return load_life_file(office, book=load_lives(office), life=Life.PART_TIME, key=str(pupil_id))


def steps_of(office: Office) -> dict[str, StepState]:
    return {step.text: step.state for step in file_of(office).steps}


def agree(office: Office, **changed: object) -> None:
    acts.agree_timetable(office, pupil_id=LUCJA, timetable=a_timetable(**changed))


def test_c2_without_an_agreement_is_listed_and_flagged(office: Office) -> None:
    add_marks(office, CALLUM, "C2", date(2026, 11, 5), YESTERDAY, half=Half.PM)

    row = row_of(office, CALLUM)

    assert row is not None
    assert row.detail == "No dated agreement; C2 in 3 sessions"
    assert flags_of(office, CALLUM) == {"england.part-time-timetable"}
    assert file_of(office, CALLUM).acts[0] == "agree"


def test_an_agreement_settles_it_and_says_how_many_days_are_left(office: Office) -> None:
    add_marks(office, LUCJA, "C2", date(2026, 11, 5), YESTERDAY, half=Half.PM)

    agree(office)

    row = row_of(office)
    assert row is not None
    assert (row.detail, row.when) == ("To Fri 20 Nov; C2 in 3 sessions", "9 school days left")
    assert flags_of(office) == set()
    facts = {fact.label: fact.value for fact in file_of(office).facts}
    assert facts["Sessions attended"] == "Mon, Tue, Wed, Thu, Fri mornings"
    assert facts["Parent who agreed"] == "Alex Wiśniewska, in writing"


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"parent": " "}, "the parent who agreed"),
        ({"reason": ""}, "why"),
        ({"sessions": frozenset()}, "the sessions"),
        ({"safeguarding": ""}, "kept safe"),
        ({"agreed_by": ""}, "for the school"),
    ],
)
def test_a_timetable_names_its_parent_reason_week_and_safety(
    office: Office, changed: dict[str, object], missing: str
) -> None:
    with pytest.raises(MissingFactsError, match=missing):
        agree(office, **changed)

    assert row_of(office) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"sessions": frozenset(acts.WEEK)},
        {"until": YESTERDAY, "review_on": YESTERDAY, "agreed_on": date(2026, 11, 5)},
        {"review_on": date(2026, 11, 21)},
        {"review_on": YESTERDAY},
        {"agreed_on": date(2026, 11, 11)},
    ],
)
def test_full_time_days_gone_by_and_a_review_outside_are_refused(office: Office, changed: dict[str, object]) -> None:
    with pytest.raises(BadInputError):
        agree(office, **changed)


def test_the_last_day_is_tomorrow_at_the_soonest_and_the_review_may_be_on_it(office: Office) -> None:
    with pytest.raises(BadInputError, match="The last day has passed"):
        agree(office, until=TODAY, review_on=TODAY)

    agree(office, until=date(2026, 11, 11), review_on=date(2026, 11, 11))

    assert row_of(office) is not None


def test_a_looked_after_child_needs_the_word_of_the_professionals(office: Office) -> None:
    with pytest.raises(MissingFactsError, match="looked after"):
        acts.agree_timetable(office, pupil_id=IMANI, timetable=a_timetable())

    acts.agree_timetable(office, pupil_id=IMANI, timetable=a_timetable(involved="Social worker agrees, 9 November"))

    assert row_of(office, IMANI) is not None


def test_a_child_under_compulsory_school_age_has_no_such_timetable(office: Office) -> None:
    young = add_pupil(office, born=date(2022, 5, 4))

    with pytest.raises(RefusedError, match="not of compulsory school age"):
        acts.agree_timetable(office, pupil_id=young, timetable=a_timetable())


@pytest.mark.parametrize(
    ("day", "is_flagged", "state"),
    [
        (date(2026, 11, 16), False, StepState.LATER),
        (REVIEW, True, StepState.DUE),
        (date(2026, 11, 18), True, StepState.LATE),
    ],
)
def test_the_review_is_due_on_its_day(office: Office, *, day: date, is_flagged: bool, state: StepState) -> None:
    agree(office)
    then = on_day(office, day)

    assert ("england.part-time-timetable" in flags_of(then)) is is_flagged
    assert steps_of(then)["Review"] is state


def test_a_review_settles_its_day_and_not_the_last_one(office: Office) -> None:
    agree(office)
    then = on_day(office, REVIEW)

    acts.hold_review(then, pupil_id=LUCJA, on=REVIEW, words="Mother and head: it helps, goes on to the end")

    assert flags_of(then) == set()
    assert steps_of(then)["Reviewed"] is StepState.DONE
    assert "england.part-time-timetable" in flags_of(on_day(office, LAST))


def test_a_new_dated_agreement_extends_it(office: Office) -> None:
    agree(office)
    then = on_day(office, LAST)
    assert "england.part-time-timetable" in flags_of(then)

    agree(then, agreed_on=LAST, until=date(2026, 12, 4), review_on=date(2026, 11, 30))

    assert flags_of(then) == set()
    row = row_of(then)
    assert row is not None
    assert row.detail.startswith("To Fri 4 Dec")


def test_a_timetable_ended_today_asks_for_nothing_more(office: Office) -> None:
    agree(office)

    acts.end_timetable(office, pupil_id=LUCJA, last_day=TODAY, reason="Strong again")

    assert flags_of(office) == set()
    assert file_of(office).chips == ("Ended",)
    assert file_of(office).history[0].title == "Part-time timetable ended"
    assert file_of(office).acts[0] == "agree"
    with pytest.raises(RefusedError, match="No timetable is in force"):
        acts.end_timetable(office, pupil_id=LUCJA, last_day=TODAY, reason="Again")


def test_c2_after_the_end_is_flagged(office: Office) -> None:
    agree(office)
    acts.end_timetable(office, pupil_id=LUCJA, last_day=TODAY, reason="Strong again")
    add_marks(office, LUCJA, "C2", date(2026, 11, 11), half=Half.PM)

    assert "england.part-time-timetable" in flags_of(on_day(office, date(2026, 11, 11)))


@pytest.mark.parametrize(("day", "is_listed"), [(date(2026, 12, 19), True), (date(2026, 12, 20), False)])
def test_an_ended_timetable_leaves_the_list_after_thirty_days(office: Office, *, day: date, is_listed: bool) -> None:
    agree(office)

    assert (row_of(on_day(office, day)) is not None) is is_listed


def test_in_derbyshire_the_authority_is_told_of_each_timetable(office: Office) -> None:
    policy = office.paths.resources / "policies" / "derbyshire.toml"
    with office.database.transaction() as db:
        adopt_policy(
            db, policy_id="derbyshire", document=policy.read_text("utf-8"), adopted_on=date(2026, 9, 1), why="", by=1
        )
    agree(office)
    assert flags_of(office) == {"derbyshire.part-time"}
    assert steps_of(office)["Authority told"] is StepState.DUE

    record_told(office, pupils=(LUCJA,), who=Recipient.AUTHORITY_CME, reference="PT 7")

    assert flags_of(office) == set()
    assert steps_of(office)["Authority told, PT 7"] is StepState.DONE


def test_undo_strikes_the_agreement_out(office: Office) -> None:
    agree(office)

    undo_last(office)

    assert row_of(office) is None


def test_fixed_sessions_of_a_pupil_of_compulsory_age_are_said(office: Office) -> None:
    pattern = SessionPattern(date(2026, 9, 3), None, MORNINGS)
    pupil_id = add_pupil(office, patterns=(pattern,))

    assert row_of(office, pupil_id) is not None
    assert "C2" in file_of(office, pupil_id).warning


def test_fixed_sessions_of_a_nursery_child_are_no_part_time_timetable(office: Office) -> None:
    pattern = SessionPattern(date(2026, 9, 3), None, MORNINGS)
    pupil_id = add_pupil(office, born=date(2023, 1, 5), patterns=(pattern,))

    assert row_of(office, pupil_id) is None


def test_a_note_without_a_timetable_says_where_to_end_it(office: Office) -> None:
    pupil_id = add_pupil(office, circumstances=(Circumstance.PART_TIME_TIMETABLE,))

    assert "Contacts" in file_of(office, pupil_id).warning
