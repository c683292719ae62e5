"""Every rule's answer for one pupil of the school, and what is printed of it."""

from __future__ import annotations

import pytest

from cme_desktop.casework.explain import explain_flags, on_paper
from cme_desktop.casework.office import Office
from cme_desktop.casework.today.state import load_today_state
from cme_desktop.casework.why_not import load_why_not
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.identifiers import PupilId
from tests.office import AISHA, FIRST_DAY, LUCJA, TODAY, YESTERDAY, add_marks, add_pupil


def test_a_child_who_is_here_has_every_rule_answered(office: Office) -> None:
    screen = load_why_not(office, LUCJA)

    assert screen.title == "Why Łucja Wiśniewska is not flagged"
    assert screen.as_at == f"Tuesday 10 November, 9:40. {len(screen.rows)} rules in force."
    assert [group.title for group in screen.groups] == [f"Not so today ({len(screen.rows)})"]
    assert {row.rule_id: row.words for row in screen.rows}["england.unexplained-absence"] == (
        "No absence lasts: a present mark on Tue 10 Nov."
    )


def test_what_is_raised_comes_first_and_is_the_list_s_own_flag(office: Office) -> None:
    add_marks(office, AISHA, "N", TODAY, half=Half.AM)

    screen = load_why_not(office, AISHA)

    flags = load_today_state(office).flags[AISHA]
    assert screen.title == "Each rule's answer for Aisha Rahman"
    assert [group.title.partition(" (")[0] for group in screen.groups] == ["Raised", "Not so today"]
    assert [row.rule_id for row in screen.groups[0].rows] == [flag.rule_id for flag in flags]


def test_sessions_nobody_marked_are_said_to_be_taken_as_missed(office: Office) -> None:
    pupil = add_pupil(office)
    add_marks(office, pupil, "/", FIRST_DAY, YESTERDAY)

    assert load_why_not(office, pupil).as_at.endswith("Sessions that nobody marked are taken as missed.")


def test_it_is_printed_rule_by_rule_with_its_clause(office: Office) -> None:
    words = load_why_not(office, LUCJA).on_paper

    assert words.startswith("Why Łucja Wiśniewska is not flagged\nTuesday 10 November, 9:40.")
    assert "Needs" not in words
    assert "(SI 2024/208, regulation 13; england.attendance-return)" in words


def test_a_pupil_who_is_not_on_roll_is_refused(office: Office) -> None:
    with pytest.raises(CmeError, match="not on roll"):
        load_why_not(office, PupilId(999))


def test_what_comes_next_is_explained_and_printed_once(office: Office) -> None:
    add_marks(office, AISHA, "N", TODAY, half=Half.AM)
    state = load_today_state(office)

    explained = explain_flags(state, AISHA, state.flags[AISHA])

    assert explained[0].coming[:3] == (
        (
            "Wed 11 Nov: ring every contact again, then visit the home and see the child "
            "(The Aspire Academy, No contact, step 2)"
        ),
        (
            "Thu 12 Nov: ring every contact again, then visit the home a second time "
            "(The Aspire Academy, No contact, step 3)"
        ),
        (
            "Thu 12 Nov: report the child missing to the police, by the end of the day "
            "(The Aspire Academy, No contact, step 4)"
        ),
    )
    paper = on_paper("Aisha Rahman", explained)
    assert len(explained) > 1
    assert paper.count("What comes next") == 1
    assert paper.endswith(explained[0].coming[-1])


def test_a_policy_s_own_number_names_the_policy_and_since_when(office: Office) -> None:
    add_marks(office, AISHA, "O", YESTERDAY, TODAY)
    state = load_today_state(office)
    flag = next(flag for flag in state.flags[AISHA] if flag.rule_id == "aspire-academy.day-2-visit")

    (explained,) = explain_flags(state, AISHA, (flag,))

    assert explained.parameters == (
        "2 school days (The Aspire Academy, since 13 Sep 2023)",
        "1 visit (The Aspire Academy, since 13 Sep 2023)",
    )


def test_an_absence_longer_than_the_calendar_says_that_it_is_cut(office: Office) -> None:
    add_marks(office, AISHA, "O", FIRST_DAY, YESTERDAY)
    add_marks(office, AISHA, "O", TODAY, half=Half.AM)
    state = load_today_state(office)
    flag = next(flag for flag in state.flags[AISHA] if flag.rule_id == "england.twenty-days")

    (explained,) = explain_flags(state, AISHA, (flag,))

    assert len(explained.weeks) == 5
    assert explained.counted.endswith("The calendar shows the last 5 weeks of them.")
    assert explained.not_counted == "Holiday: 5 days, Mon 26 Oct to Fri 30 Oct; INSET day: Mon 2 Nov"
