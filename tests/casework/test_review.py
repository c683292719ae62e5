from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cme_desktop.casework.outcomes import undo_last
from cme_desktop.casework.review import (
    agree_with_flags,
    change_next_step,
    dismiss_flags,
    reconcile_flags,
)
from cme_desktop.casework.review_list import review_screen, undecided
from cme_desktop.casework.today.screen import screen_of
from cme_desktop.casework.today.state import keep_flags_in_step, load_today_state
from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.calendar import DayKind, Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import EventKind
from cme_desktop.policy.rule import Act, Authority, Duty, Finding, Flag, ParameterUsed, Reference, Severity
from cme_desktop.storage.cases import list_added_tasks
from cme_desktop.storage.events import list_events
from cme_desktop.storage.flags import FlagState, flag_from_json, flag_to_json, list_flags, list_reviews
from cme_desktop.storage.journal_check import check_journal
from tests.office import AISHA, HEAD, NOW, TODAY, add_marks, at, seen_by

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office

A_FLAG = Flag(
    rule_id="england.attendance-return",
    title="Attendance return",
    authority=Authority.LAW,
    severity=Severity.TODAY,
    pupil_id=AISHA,
    finding=Finding(
        "20 sessions in a row.",
        counted=(SchoolSession(TODAY, Half.AM),),
        skipped=((date(2026, 11, 2), "INSET day"),),
        progress="20 of 20 sessions",
        parameters=(ParameterUsed("run", 20, DayKind.SCHOOL_SESSION, "regulation 13", date(2024, 8, 19)),),
        since=date(2026, 10, 20),
    ),
    duty=Duty(Act.SEND_RETURN, "Send the attendance return", Role.HEAD, "authority_cme"),
    references=(Reference("england", "regulation 13", "SI 2024/208", "https://www.legislation.gov.uk/uksi/2024/208"),),
    due=Deadline(TODAY),
    overdue=False,
    settled_by="A return sent",
    raised_on=TODAY,
    policy_version=1,
)


ANOTHER = replace(A_FLAG, rule_id="england.not-seen", duty=Duty(Act.SEE_THE_CHILD, "See the child", Role.LEAD, ""))


def _states(office: Office) -> list[FlagState]:
    with office.database.reading() as db:
        return [stored.state for stored in list_flags(db, pupil_id=AISHA)]


def test_a_flag_survives_the_way_to_json_and_back() -> None:
    assert flag_from_json(flag_to_json(A_FLAG)) == A_FLAG


def test_a_new_flag_is_added_and_a_standing_one_left(office: Office) -> None:
    first = reconcile_flags(office, [A_FLAG])
    second = reconcile_flags(office, [A_FLAG])

    assert (first.added, second.added, second.standing) == (1, 0, 1)
    assert _states(office) == [FlagState.STANDING]


def test_a_settled_flag_is_closed_with_the_reason_and_kept(office: Office) -> None:
    flag = replace(A_FLAG, duty=replace(A_FLAG.duty, act=Act.CONTACT_FAMILY))
    reconcile_flags(office, [flag])

    done = reconcile_flags(office, [], because="Mother gave a reason")

    assert done.settled == 1
    with office.database.reading() as db:
        (stored,) = list_flags(db, pupil_id=AISHA)
    assert (stored.state, stored.closed_reason) == (FlagState.SETTLED, "Mother gave a reason")
    assert stored.flag == flag


def test_a_return_not_sent_before_the_pupil_came_back_says_so(office: Office) -> None:
    reconcile_flags(office, [A_FLAG])

    reconcile_flags(office, [], because="Present this morning")

    with office.database.reading() as db:
        (stored,) = list_flags(db, pupil_id=AISHA)
    assert stored.closed_reason == "Returned before it was sent."


def test_flags_of_other_pupils_are_left_alone(office: Office) -> None:
    reconcile_flags(office, [A_FLAG])

    reconcile_flags(office, [], pupils=frozenset())

    assert _states(office) == [FlagState.STANDING]


def test_a_dismissed_flag_stays_away_while_its_facts_are_the_same(office: Office) -> None:
    reconcile_flags(office, [ANOTHER])
    dismiss_flags(seen_by(office, HEAD), flags=(ANOTHER,), reason="The twin's marks were swapped")

    done = reconcile_flags(office, [ANOTHER])

    assert done.added == 0
    assert len(done.away) == 1
    assert _states(office) == [FlagState.DISMISSED]


def test_a_dismissed_flag_returns_when_a_new_session_counts(office: Office) -> None:
    reconcile_flags(office, [ANOTHER])
    dismiss_flags(seen_by(office, HEAD), flags=(ANOTHER,), reason="Swapped")
    counted = (*ANOTHER.finding.counted, SchoolSession(TODAY, Half.PM))

    done = reconcile_flags(office, [replace(ANOTHER, finding=replace(ANOTHER.finding, counted=counted))])

    assert done.added == 1
    assert not done.away
    assert _states(office) == [FlagState.DISMISSED, FlagState.STANDING]


@pytest.mark.parametrize(("days", "returns"), [(6, False), (7, True)])
def test_a_dismissed_flag_returns_on_the_fifth_school_day(office: Office, days: int, returns: bool) -> None:  # noqa: FBT001
    reconcile_flags(office, [ANOTHER])
    dismiss_flags(seen_by(office, HEAD), flags=(ANOTHER,), reason="Swapped")

    done = reconcile_flags(at(office, NOW + timedelta(days=days)), [ANOTHER])

    assert bool(done.added) is returns


def test_a_dismissal_without_a_reason_is_refused(office: Office) -> None:
    with pytest.raises(BadInputError):
        dismiss_flags(seen_by(office, HEAD), flags=(ANOTHER,), reason=" ")

    assert not _states(office)


def test_a_return_that_the_law_asks_for_is_not_dismissed(office: Office) -> None:
    reconcile_flags(office, [A_FLAG])

    with pytest.raises(RefusedError, match="The law asks for this return") as refused:
        dismiss_flags(seen_by(office, HEAD), flags=(A_FLAG,), reason="We will see")

    assert "correct them in the register" in refused.value.remedy
    assert _states(office) == [FlagState.STANDING]


def test_among_other_flags_the_return_stays_and_the_others_go(office: Office) -> None:
    reconcile_flags(office, [A_FLAG, ANOTHER])

    dismiss_flags(seen_by(office, HEAD), flags=(A_FLAG, ANOTHER), reason="Seen at the door")

    with office.database.reading() as db:
        states = {stored.flag.rule_id: stored.state for stored in list_flags(db, pupil_id=AISHA)}
    assert states == {A_FLAG.rule_id: FlagState.STANDING, ANOTHER.rule_id: FlagState.DISMISSED}


def test_the_office_does_not_decide(office: Office) -> None:
    with pytest.raises(RefusedError):
        agree_with_flags(office, flags=(A_FLAG,))


def test_agreement_is_recorded_in_the_history_and_the_journal(office: Office) -> None:
    reconcile_flags(office, [A_FLAG])

    agree_with_flags(seen_by(office, HEAD), flags=(A_FLAG,))

    with office.database.reading() as db:
        (written,) = list_events(db, pupil_id=AISHA)
        (review,) = list_reviews(db, pupil_id=AISHA)
        assert check_journal(db).ok
    assert (written.event.kind, written.event.about) == (EventKind.FLAG_REVIEWED, A_FLAG.rule_id)
    assert review.made_by_name == HEAD.name
    assert _states(office) == [FlagState.STANDING]


def test_agreeing_that_the_head_decides_is_the_decision_itself(office: Office) -> None:
    flag = replace(A_FLAG, rule_id="england.penalty-threshold", duty=replace(A_FLAG.duty, act=Act.DECIDE))

    agree_with_flags(seen_by(office, HEAD), flags=(flag,), reason="A notice to improve")

    with office.database.reading() as db:
        kinds = [written.event.kind for written in list_events(db, pupil_id=AISHA)]
    assert kinds == [EventKind.FLAG_REVIEWED, EventKind.DECISION]


def test_another_step_joins_what_is_to_do_and_undo_takes_all_of_it_back(office: Office) -> None:
    head = seen_by(office, HEAD)
    reconcile_flags(office, [A_FLAG])

    change_next_step(head, flags=(A_FLAG,), next_step="Ring the aunt", reason="She knows", due_on=date(2026, 11, 12))

    with office.database.reading() as db:
        (task,) = list_added_tasks(db)
    assert (task.text, task.due) == ("Ring the aunt", Deadline(date(2026, 11, 12)))
    undo_last(head)
    with office.database.reading() as db:
        assert not list_added_tasks(db)
        assert not list_reviews(db, pupil_id=AISHA)


def test_undoing_a_dismissal_lets_the_flag_stand_again(office: Office) -> None:
    head = seen_by(office, HEAD)
    reconcile_flags(office, [ANOTHER])
    dismiss_flags(head, flags=(ANOTHER,), reason="Swapped")

    undo_last(head)

    assert _states(office) == [FlagState.STANDING]


def test_the_review_lists_what_waits_and_what_was_decided(office: Office) -> None:
    add_marks(office, AISHA, "O", date(2026, 10, 20), date(2026, 11, 9))
    add_marks(office, AISHA, "O", TODAY, half=Half.AM)
    head = seen_by(office, HEAD)
    state = load_today_state(head)
    waiting = undecided(state, AISHA)
    assert waiting

    agree_with_flags(head, flags=waiting, reason="Considered")

    after = keep_flags_in_step(head, load_today_state(head)).state
    screen = review_screen(after, screen_of(after))
    assert [row.pupils for row in screen.decided] == [(AISHA,)]
    assert set(undecided(after, AISHA)).isdisjoint(waiting)
    assert screen.may_decide
    assert isinstance(after.at, datetime)
