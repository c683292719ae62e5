"""A child who leaves: the last day on roll, the removal, an earlier stay, and which rules still speak."""

from __future__ import annotations

import pytest

from cme_desktop.domain.events import Destination, EventKind
from cme_desktop.policy.absence import Cause
from cme_desktop.policy.rules import RULES
from tests.builders import a_record, an_event, at, close_of, day, facts_of, flags_of

OF_LEAVING = {
    "england.new-pupil-return", "england.deletion-return", "england.unknown-destination", "england.arrival-confirmed",
    "england.transfer-file-due", "england.child-protection-file", "england.home-education-notice",
    "england.children-not-in-school", "england.reported-concern",
}  # fmt: skip


def test_only_rules_of_joining_and_leaving_hold_after_leaving() -> None:
    assert {rule.id for rule in RULES if rule.after_leaving} == OF_LEAVING


@pytest.mark.parametrize(("on", "is_off"), [("15 Oct", False), ("16 Oct", False), ("17 Oct", True), ("19 Oct", True)])
def test_the_last_day_on_roll_is_on_roll(on: str, *, is_off: bool) -> None:
    judged = close_of(on)

    facts = facts_of(a_record(judged=judged, left_on=day("16 Oct")), judged)

    assert facts.is_off_roll is is_off


def test_a_last_day_that_an_import_brought_asks_for_return_and_destination() -> None:
    judged = close_of("19 Oct")

    flags = flags_of(a_record(judged=judged, left_on=day("16 Oct")), judged)

    assert set(flags) == {"england.deletion-return", "england.unknown-destination"}
    assert "ground that is not recorded" in flags["england.deletion-return"].finding.sentence
    due = flags["england.unknown-destination"].due
    assert due is not None
    assert due.on == day("16 Oct")


def test_of_two_days_of_removal_the_earlier_counts() -> None:
    judged = close_of("23 Oct")
    removed = an_event(EventKind.REMOVED, "20 Oct", ground="g")

    facts = facts_of(a_record(judged=judged, left_on=day("16 Oct"), events=(removed,)), judged)

    assert facts.removed_on == day("16 Oct")


def test_a_removal_at_a_clock_time_holds_from_then() -> None:
    removed = an_event(EventKind.REMOVED, "20 Oct", "14:00", ground="g")
    before, after = at("20 Oct", "13:59"), at("20 Oct", "14:00")

    assert not facts_of(a_record(judged=before, events=(removed,)), before).is_off_roll
    assert facts_of(a_record(judged=after, events=(removed,)), after).is_off_roll


def test_what_lies_after_the_removal_is_nobodys() -> None:
    judged = close_of("23 Oct")
    removed = an_event(EventKind.REMOVED, "20 Oct", ground="g")

    facts = facts_of(a_record({"19 Oct..23 Oct": "O"}, judged=judged, events=(removed,)), judged)

    assert facts.line.endswith(b"OOOO......")
    assert facts.absence is None
    assert facts.run_of_40.length == 4


def test_a_removal_before_the_starting_day_ended_an_earlier_stay() -> None:
    judged = close_of("23 Oct")
    leaving = an_event(EventKind.LEAVING, "10 Sep", leaving_on=day("11 Sep"), destination=Destination.UNKNOWN)
    removed = an_event(EventKind.REMOVED, "14 Sep", ground="g")

    back = facts_of(a_record(judged=judged, events=(leaving, removed), starting_day=day("15 Sep")), judged)
    same = facts_of(a_record(judged=judged, events=(leaving, removed), starting_day=day("14 Sep")), judged)
    unknown = facts_of(a_record(judged=judged, events=(leaving, removed), starting_day=None), judged)

    assert (back.is_off_roll, back.departure, back.events_of_stay) == (False, None, ())
    assert same.removed_on == unknown.removed_on == day("14 Sep")


def test_a_removed_child_who_was_reported_missing_stays_missing() -> None:
    judged = close_of("18 Dec")
    missing = an_event(EventKind.MISSING, "19 Oct", "10:00")
    removed = an_event(EventKind.REMOVED, "18 Nov", ground="i")
    marks = {"19 Oct..18 Nov": "O"}

    record = a_record(marks, judged=judged, events=(missing, removed))

    assert [unknown.cause for unknown in facts_of(record, judged).whereabouts_unknown] == [Cause.MISSING]


def test_a_child_who_left_for_nowhere_known_is_not_seen_by_sessions_after_the_removal() -> None:
    judged = close_of("23 Oct")
    leaving = an_event(EventKind.LEAVING, "12 Oct", leaving_on=day("16 Oct"), destination=Destination.UNKNOWN)
    removed = an_event(EventKind.REMOVED, "16 Oct", ground="g")

    facts = facts_of(a_record(judged=judged, events=(leaving, removed)), judged)

    assert [unknown.cause for unknown in facts.whereabouts_unknown] == [Cause.LEFT]


@pytest.mark.parametrize("ground", list("efjk"))
def test_a_ground_that_says_where_the_child_is_asks_for_no_destination(ground: str) -> None:
    judged = close_of("23 Oct")
    removed = an_event(EventKind.REMOVED, "16 Oct", ground=ground)

    flags = flags_of(a_record(judged=judged, events=(removed,)), judged)

    assert set(flags) == {"england.deletion-return"}


@pytest.mark.parametrize("ground", list("acd"))
def test_a_ground_that_names_another_school_asks_for_arrival_and_file(ground: str) -> None:
    judged = close_of("23 Oct")
    removed = an_event(EventKind.REMOVED, "16 Oct", ground=ground)

    flags = flags_of(a_record(judged=judged, events=(removed,)), judged)

    assert set(flags) == {"england.deletion-return", "england.arrival-confirmed", "england.transfer-file-due"}


@pytest.mark.parametrize("ground", list("bghilmno"))
def test_any_other_ground_leaves_the_destination_open(ground: str) -> None:
    judged = close_of("23 Oct")
    removed = an_event(EventKind.REMOVED, "16 Oct", ground=ground)

    flags = flags_of(a_record(judged=judged, events=(removed,)), judged)

    assert set(flags) == {"england.deletion-return", "england.unknown-destination"}


def test_a_deadline_beyond_the_calendar_is_never_guessed() -> None:
    judged = close_of("21 Jul")
    leaving = an_event(
        EventKind.LEAVING, "1 Jul", leaving_on=day("20 Jul"), destination=Destination.KNOWN, confirmed=True
    )

    flag = flags_of(a_record(judged=judged, events=(leaving,)), judged)["england.arrival-confirmed"]

    assert flag.due is None


def test_the_latest_word_of_the_leaving_counts() -> None:
    judged = close_of("19 Oct")
    confirmed = an_event(
        EventKind.LEAVING, "5 Oct", leaving_on=day("16 Oct"), destination=Destination.KNOWN, confirmed=True
    )
    fell_through = an_event(EventKind.LEAVING, "12 Oct", leaving_on=day("23 Oct"), destination=Destination.UNKNOWN)
    again = an_event(EventKind.LEAVING, "14 Oct", leaving_on=day("23 Oct"), destination=Destination.UNKNOWN)

    departure = facts_of(a_record(judged=judged, events=(confirmed, fell_through, again)), judged).departure

    assert departure is not None
    assert (departure.last_day, departure.destination) == (day("23 Oct"), Destination.UNKNOWN)
    assert departure.unconfirmed_since == day("12 Oct")
    assert not departure.has_left(judged.on)


def test_a_school_may_confirm_on_the_day_of_the_removal() -> None:
    judged = close_of("16 Oct")
    removed = an_event(EventKind.REMOVED, "16 Oct", ground="g")
    arrived = an_event(EventKind.ARRIVAL_CONFIRMED, "16 Oct")

    flags = flags_of(a_record(judged=judged, events=(removed, arrived)), judged)

    assert set(flags) == {"england.deletion-return", "england.transfer-file-due"}
