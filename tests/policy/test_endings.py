"""What ends every question about a child: a death, and a leaving that is called off."""

from __future__ import annotations

from datetime import date

import pytest

from cme_desktop.domain.events import Destination, Event, EventKind, Form, ReturnKind
from cme_desktop.policy.endings import IN_PEACE, peace_until
from cme_desktop.policy.rules import RULES
from tests.builders import a_record, an_event, close_of, day, facts_of, flags_of


def a_leaving(on: str = "5 Oct", *, last_day: str | None = "16 Oct") -> Event:
    leaving_on = None if last_day is None else day(last_day)
    return an_event(EventKind.LEAVING, on, leaving_on=leaving_on, destination=Destination.UNKNOWN)


def test_only_the_deletion_return_is_asked_after_a_death() -> None:
    assert {rule.id for rule in RULES if rule.after_death} == {"england.deletion-return"}


@pytest.mark.parametrize(("on", "is_silent"), [("18 Sep", False), ("21 Sep", True), ("22 Sep", True)])
def test_every_rule_is_silent_from_the_day_of_a_death(on: str, *, is_silent: bool) -> None:
    judged = close_of(on)
    died = an_event(EventKind.DIED, "21 Sep")
    known = (died,) if judged.on >= died.on else ()

    absent = {f"7 Sep..{on}": "O"}

    flags = flags_of(a_record(absent, judged=judged, events=known), judged)

    assert (flags == {}) is is_silent


def test_of_a_child_who_died_the_return_is_asked_once_the_name_is_to_go_and_nothing_else_after_it() -> None:
    judged = close_of("23 Oct")
    died = an_event(EventKind.DIED, "1 Oct")
    proposed = an_event(EventKind.REMOVAL_PROPOSED, "5 Oct", ground="k")
    removed = an_event(EventKind.REMOVED, "5 Oct", ground="k")
    sent = an_event(EventKind.RETURN_SENT, "5 Oct", return_=ReturnKind.DELETION)

    assert set(flags_of(a_record(judged=judged, events=(died, proposed)), judged)) == {"england.deletion-return"}
    assert set(flags_of(a_record(judged=judged, events=(died, removed)), judged)) == {"england.deletion-return"}
    assert flags_of(a_record(judged=judged, events=(died, removed, sent)), judged) == {}


def test_a_child_who_died_is_absent_from_nowhere_and_is_not_looked_for() -> None:
    judged = close_of("23 Sep")
    events = (an_event(EventKind.MISSING, "10 Sep"), an_event(EventKind.DIED, "11 Sep"))

    facts = facts_of(a_record({"7 Sep..23 Sep": "O"}, judged=judged, events=events), judged)

    assert facts.absence is None
    assert facts.whereabouts_unknown == ()


def test_a_leaving_called_off_is_no_leaving_and_what_was_sent_for_it_counts_no_more() -> None:
    judged = close_of("23 Oct")
    before = (
        a_leaving(), an_event(EventKind.REMOVAL_PROPOSED, "6 Oct", ground="g"),
        an_event(EventKind.TRANSFER_FILE_SENT, "6 Oct"), an_event(EventKind.FORM_SENT, "6 Oct", form=Form.OFF_ROLL),
        an_event(EventKind.RETURN_SENT, "6 Oct", return_=ReturnKind.DELETION),
    )  # fmt: skip
    off = an_event(EventKind.LEAVING_CALLED_OFF, "7 Oct")
    assert flags_of(a_record(judged=judged, events=before), judged)

    record = a_record(judged=judged, events=(*before, off))

    assert flags_of(record, judged) == {}
    assert facts_of(record, judged).departure is None
    again = facts_of(a_record(judged=judged, events=(*before, off, a_leaving("8 Oct"))), judged)
    assert again.departure is not None
    assert again.departure.unconfirmed_since == day("8 Oct")
    assert [event.kind for event in again.events] == [EventKind.LEAVING_CALLED_OFF, EventKind.LEAVING]


@pytest.mark.parametrize("follows", [
    an_event(EventKind.HOME_EDUCATION_LETTER, "6 Oct", from_=day("19 Oct")),
    an_event(EventKind.AUTHORITY_CONSENT, "6 Oct"),
    an_event(EventKind.FORWARDING_ADDRESS, "6 Oct"),
    an_event(EventKind.ARRIVAL_CONFIRMED, "6 Oct"),
    an_event(EventKind.PROTECTION_FILE_RECEIVED, "6 Oct"),
    an_event(EventKind.FORM_SENT, "6 Oct", form=Form.SR2A),
], ids=lambda event: event.form or event.kind)  # fmt: skip
def test_whatever_followed_from_a_leaving_goes_when_it_is_called_off(follows: Event) -> None:
    judged = close_of("23 Oct")
    off = an_event(EventKind.LEAVING_CALLED_OFF, "7 Oct")
    seen = an_event(EventKind.CHILD_SEEN, "6 Oct")

    facts = facts_of(a_record(judged=judged, events=(a_leaving(), follows, seen, off)), judged)

    assert facts.events == (seen, off)


def test_other_returns_and_forms_stand_when_a_leaving_is_called_off() -> None:
    judged = close_of("23 Oct")
    kept = (
        an_event(EventKind.RETURN_SENT, "5 Oct", return_=ReturnKind.ATTENDANCE),
        an_event(EventKind.FORM_SENT, "5 Oct", form=Form.ABSENCE),
    )

    facts = facts_of(a_record(judged=judged, events=(*kept, an_event(EventKind.LEAVING_CALLED_OFF, "7 Oct"))), judged)

    assert facts.events[:2] == kept


def test_a_leaving_without_a_day_has_not_happened_though_days_go_by() -> None:
    judged = close_of("23 Oct")

    flags = flags_of(a_record(judged=judged, events=(a_leaving(last_day=None),)), judged)

    assert set(flags) == {"england.unknown-destination"}
    assert "on a day that nobody has said" in flags["england.unknown-destination"].finding.sentence
    assert not facts_of(a_record(judged=judged, events=(a_leaving(last_day=None),)), judged).whereabouts_unknown


@pytest.mark.parametrize(("on", "until"), [
    ("17 Dec", date(2026, 12, 18)), ("18 Dec", date(2026, 12, 18)), ("19 Dec", None),
])  # fmt: skip
def test_a_family_is_left_in_peace_through_the_last_day_that_was_set(on: str, until: date | None) -> None:
    died = an_event(EventKind.DIED, "2 Nov")
    first = an_event(EventKind.DECISION, "2 Nov", about=IN_PEACE, until=day("13 Nov"))
    then = an_event(EventKind.DECISION, "9 Nov", about=IN_PEACE, until=day("18 Dec"))

    assert peace_until((died, first, then), on=day(on)) == until
    assert peace_until((first, then), on=day(on)) is None
    assert peace_until((died,), on=day(on)) is None
