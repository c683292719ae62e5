"""The words that decide, as facts of a record: whereabouts, ladder days, last seen, reasons."""

from __future__ import annotations

from datetime import date

import pytest

from cme_desktop.domain.contacts import Contact
from cme_desktop.domain.events import AttemptOutcome, Destination, Event, EventKind, VisitOutcome, With
from cme_desktop.policy.absence import Cause, Lapse
from cme_desktop.policy.facts import Facts
from tests.builders import CONTACTS, a_record, an_event, at, close_of, day, facts_of

ABSENT = {"14 Sep..23 Oct": "O"}


def facts_on(
    when: str, *events: Event, marks: dict[str, str] | None = None, contacts: tuple[Contact, ...] = CONTACTS
) -> Facts:
    judged = close_of(when)
    return facts_of(
        a_record(ABSENT if marks is None else marks, judged=judged, events=events, contacts=contacts), judged
    )


def called(when: str, outcome: AttemptOutcome, with_: With = With.MOTHER, clock: str = "09:20") -> Event:
    return an_event(EventKind.CONTACT_ATTEMPT, when, clock, with_=with_, outcome=outcome)


def causes(facts: Facts) -> dict[Cause, date]:
    return {unknown.cause: unknown.since for unknown in facts.whereabouts_unknown}


# -- whereabouts ---------------------------------------------------------------------------------------------------


def test_a_parent_who_does_not_know_makes_the_whereabouts_unknown_at_once() -> None:
    unaware = called("14 Sep", AttemptOutcome.UNAWARE)

    facts = facts_on("14 Sep", unaware)

    assert causes(facts) == {Cause.UNAWARE: day("14 Sep")}
    assert facts.ladder_day == 1
    assert facts.is_whereabouts_unknown


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        (called("14 Sep", AttemptOutcome.UNAWARE), Cause.UNAWARE),
        (an_event(EventKind.HOME_VISIT, "14 Sep", "11:00", outcome=VisitOutcome.MOVED_AWAY), Cause.MOVED_AWAY),
        (an_event(EventKind.MISSING, "14 Sep", "11:00"), Cause.MISSING),
    ],
    ids=["unaware", "moved away", "missing"],
)
def test_only_the_child_seen_or_the_place_confirmed_ends_what_was_learned(event: Event, cause: Cause) -> None:
    reached = called("15 Sep", AttemptOutcome.EXPLAINED)

    assert cause in causes(facts_on("16 Sep", event, reached))
    for ends in (
        an_event(EventKind.CHILD_SEEN, "15 Sep", "12:00"),
        an_event(EventKind.FOUND, "15 Sep", "12:00"),
        an_event(EventKind.ELSEWHERE_CONFIRMED, "15 Sep", "12:00"),
        an_event(EventKind.DECISION, "15 Sep", "12:00", about="aspire-academy.whereabouts-unknown", choice="known"),
    ):
        assert causes(facts_on("16 Sep", event, ends)) == {}
    assert causes(facts_on("16 Sep", event, marks={"14 Sep": "O"})) == {}


def test_every_contact_tried_counts_from_the_second_ladder_day_and_ends_with_contact() -> None:
    tried = (called("14 Sep", AttemptOutcome.NO_ANSWER), called("14 Sep", AttemptOutcome.SENT, With.GRANDMOTHER))
    reached = called("15 Sep", AttemptOutcome.ANSWERED_NO_REASON, clock="15:00")

    assert causes(facts_on("14 Sep", *tried)) == {}
    assert causes(facts_on("15 Sep", *tried)) == {Cause.EVERY_CONTACT_TRIED: day("15 Sep")}
    assert causes(facts_on("15 Sep", tried[0])) == {}
    assert facts_on("15 Sep", tried[0]).contacts_untried == (With.GRANDMOTHER,)
    assert causes(facts_on("17 Sep", *tried, reached)) == {}
    assert causes(facts_on("16 Sep", *tried, an_event(EventKind.ELSEWHERE_CONFIRMED, "16 Sep"))) == {}


def test_contacts_without_a_working_number_are_not_waited_for() -> None:
    contacts = (Contact(With.MOTHER), Contact(With.FATHER, works=False, order=2))
    tried = called("15 Sep", AttemptOutcome.NO_ANSWER)

    assert causes(facts_on("16 Sep", tried, contacts=contacts)) == {Cause.EVERY_CONTACT_TRIED: day("15 Sep")}


def test_a_pupil_with_nobody_to_ring_is_lost_on_the_second_day() -> None:
    assert causes(facts_on("15 Sep", contacts=())) == {Cause.EVERY_CONTACT_TRIED: day("15 Sep")}
    assert causes(facts_on("15 Sep", contacts=(), marks={"14 Sep..16 Sep": "I"})) == {}


def test_an_unanswered_visit_counts_until_somebody_is_reached() -> None:
    visit = an_event(EventKind.HOME_VISIT, "14 Sep", "14:00", outcome=VisitOutcome.COULD_NOT_REACH_DOOR)
    reached = called("15 Sep", AttemptOutcome.REFUSED)

    assert causes(facts_on("14 Sep", visit)) == {Cause.VISIT_UNANSWERED: day("14 Sep")}
    assert causes(facts_on("15 Sep", visit, reached)) == {}
    assert facts_on("15 Sep", visit).visits_made == (visit,)


def test_a_leaver_without_a_confirmed_destination_is_lost_from_the_day_after() -> None:
    leaving = an_event(EventKind.LEAVING, "9 Sep", leaving_on=day("11 Sep"), destination=Destination.UNKNOWN)
    arrived = an_event(EventKind.ARRIVAL_CONFIRMED, "15 Sep", "10:00")

    assert causes(facts_on("11 Sep", leaving)) == {}
    assert Cause.LEFT in causes(facts_on("14 Sep", leaving))
    assert Cause.LEFT not in causes(facts_on("15 Sep", leaving, arrived))
    confirmed = an_event(EventKind.LEAVING, "9 Sep", leaving_on=day("11 Sep"), confirmed=True)
    assert Cause.LEFT not in causes(facts_on("15 Sep", confirmed))


# -- ladder, reasons, seen -----------------------------------------------------------------------------------------


def test_contact_starts_the_ladder_again_the_day_after() -> None:
    reached = called("15 Sep", AttemptOutcome.ANSWERED_NO_REASON)

    assert facts_on("16 Sep").ladder_day == 3
    assert facts_on("15 Sep", reached).ladder_day == 0
    assert facts_on("16 Sep", reached).ladder_day == 1
    assert facts_on("16 Sep", reached).is_contact_made_today is False


def test_codes_that_state_a_reason_start_no_ladder() -> None:
    assert facts_on("18 Sep", marks={"14 Sep..17 Sep": "E", "18 Sep": "O"}).ladder_day == 1
    assert facts_on("18 Sep", marks={"14 Sep..18 Sep": "I"}).ladder_day == 0


def test_a_reason_without_an_end_holds_as_the_policy_says() -> None:
    said = called("14 Sep", AttemptOutcome.EXPLAINED)

    facts = facts_on("15 Sep", said)

    assert facts.unexplained_now() == ()
    assert len(facts.unexplained_now(lapse=Lapse.SAME_DAY)) == 2
    assert facts.unexplained_since() is None
    assert facts.unexplained_since(lapse=Lapse.SAME_DAY) == day("15 Sep")


def test_granted_leave_explains_its_days_only() -> None:
    granted = an_event(EventKind.LEAVE_GRANTED, "7 Sep", from_=day("14 Sep"), to=day("15 Sep"))

    assert facts_on("15 Sep", granted).unexplained_today() == ()
    assert len(facts_on("16 Sep", granted).unexplained_today()) == 2
    assert facts_on("15 Sep", granted).is_leave_granted_on(day("15 Sep"))
    assert facts_on("16 Sep", granted).leave_ended_on == day("15 Sep")


def test_the_day_expected_back_is_the_first_not_covered() -> None:
    facts = facts_on("15 Sep", an_event(EventKind.EXPECTED_ABSENCE, "14 Sep", until=day("18 Sep"), because="illness"))

    assert facts.expects_back == day("19 Sep")


def test_the_latest_sight_of_the_child_is_the_last_seen() -> None:
    seen = facts_on("18 Sep", an_event(EventKind.CHILD_SEEN, "16 Sep", "12:00")).last_seen
    attended = facts_on("18 Sep").last_seen
    nobody = facts_on("4 Sep", marks={"3 Sep..4 Sep": "O"}).last_seen

    assert seen is not None
    assert (seen.on, seen.how) == (day("16 Sep"), "child seen")
    assert attended is not None
    assert (attended.on, attended.how) == (day("11 Sep"), "attended")
    assert nobody is None


def test_a_child_late_after_the_close_was_there_by_the_afternoon() -> None:
    judged = close_of("14 Sep")
    before = called("14 Sep", AttemptOutcome.EXPLAINED, clock="09:45")
    record = a_record({"14 Sep am": "U", "14 Sep pm": "N"}, judged=judged, events=(before,))

    assert len(facts_of(record, judged).unexplained_today()) == 1


def test_what_happened_before_the_absence_belongs_to_another() -> None:
    early = an_event(EventKind.HOME_VISIT, "11 Sep", "16:00", outcome=VisitOutcome.NO_REPLY)

    assert facts_on("14 Sep", early).events_of_absence == ()
    assert facts_on("11 Sep", early).events_of_absence == ()
    assert facts_on("11 Sep", early).visits_made == ()


def test_sessions_are_counted_up_to_a_moment() -> None:
    facts = facts_on("15 Sep")

    before = facts.moment.calendar.count_sessions_before(day("15 Sep"))
    assert facts.count_sessions_until(at("15 Sep", "09:00").at) == before
    assert facts.count_sessions_until(at("15 Sep", "12:00").at) == before + 1
    assert facts.count_sessions_until(close_of("15 Sep").at) == before + 2
