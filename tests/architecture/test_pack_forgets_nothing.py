"""A pack is gathered by walking the tables: none that tells of a pupil is left out without a reason, and no column."""

from __future__ import annotations

import pytest

from cme_desktop.casework.held.shelves import LEFT_OUT, NUMBERS, SEARCHED, SHELVES
from cme_desktop.casework.sharing_log import GIVEN
from cme_desktop.domain.events import EventKind
from cme_desktop.storage.held_rows import columns_of, tables_about
from cme_desktop.storage.tables import Base

ABOUT_A_PUPIL = tables_about("pupil")
SAID_AS_A_WHOLE = {"mark": {"session_no", "code", "comment"}}

NOTHING_GIVEN = frozenset(EventKind) - set(GIVEN)
LISTED_AS_NOT_GIVEN = {
    "contact_attempt", "home_visit", "child_seen", "leave_requested", "leave_granted", "leave_refused",
    "expected_absence", "home_education_letter", "leaving", "removed", "protection_file_received",
    "part_time_agreed", "order_made", "order_revoked", "meeting_booked", "meeting_held", "meeting_missed",
    "start_agreed", "found", "interview_held", "support_agreed", "review_held", "return_interview_held",
    "safe_and_well_check", "site_check", "removal_proposed", "arrival_confirmed", "leave_admitted_afterwards",
    "joiner_entered", "order_consent", "elsewhere_confirmed", "forwarding_address", "concern_reported",
    "authority_consent", "removal_undone", "died", "leaving_called_off", "views_heard", "decision", "note",
    "flag_raised", "flag_settled", "flag_reviewed", "case_opened", "case_closed", "case_reopened",
    "enquiry_recorded", "mark_amended", "document_made", "document_signed",
}  # fmt: skip
"""Said to the family, told to the school, or done within it: nothing leaves the school by them."""


def test_the_walk_finds_every_table_that_refers_to_a_pupil_or_to_something_that_does() -> None:
    assert set(ABOUT_A_PUPIL) >= {
        "pupil", "circumstance", "session_pattern", "contact", "contact_number", "mark", "mark_correction",
        "pupil_event", "flag", "flag_review", "case_file", "enquiry", "task", "document", "paper", "removal",
        "removal_signature", "outside_report", "information_request", "pack_decision", "sharing",
    }  # fmt: skip


@pytest.mark.parametrize("table", ABOUT_A_PUPIL)
def test_every_table_about_a_pupil_is_told_in_a_pack_or_left_out_for_a_reason(table: str) -> None:
    assert table in SHELVES or LEFT_OUT.get(table), (
        f"{table} refers to a pupil: give it a shelf in casework/held/shelves.py, or a reason in LEFT_OUT"
    )


@pytest.mark.parametrize("table", sorted(SHELVES))
def test_every_column_is_said_or_silent_for_a_reason(table: str) -> None:
    shelf = SHELVES[table]
    known = {*shelf.says, *shelf.people, *shelf.silent, *NUMBERS}

    assert columns_of(table) - known == set(), f"{table}: say these columns, or say why not"
    assert {*shelf.says, *shelf.people, *shelf.silent} <= columns_of(table)
    assert all(shelf.silent.values())
    assert shelf.free <= set(shelf.says)


def test_what_refers_to_a_pupil_only_by_a_number_of_its_own_is_told_by_where_it_stands() -> None:
    """Columns passed over as numbers hold numbers: none can hold somebody's words."""
    for table in SHELVES:
        for column in columns_of(table) & NUMBERS:
            assert Base.metadata.tables[table].c[column].type.python_type is int


def test_what_is_searched_for_names_is_there() -> None:
    assert set(SEARCHED) <= set(Base.metadata.tables)


def test_every_kind_of_line_is_something_given_or_listed_as_not() -> None:
    assert {kind.value for kind in NOTHING_GIVEN} == LISTED_AS_NOT_GIVEN
