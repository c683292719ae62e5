"""The facts of a record where they begin and end: the moment itself, the first session, the day before and after."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from cme_desktop.domain.contacts import Contact
from cme_desktop.domain.events import (
    AttemptOutcome,
    Destination,
    Event,
    EventKind,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.policy.absence import Cause, Lapse
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.record import Judgement
from tests.builders import CONTACTS, a_calendar_of_two_years, a_record, an_event, at, close_of, day, facts_of

ABSENT = {"14 Sep..23 Oct": "O"}


def facts_on(
    when: str, *events: Event, marks: dict[str, str] | None = None, contacts: tuple[Contact, ...] = CONTACTS
) -> Facts:
    judged = close_of(when)
    return facts_of(
        a_record(ABSENT if marks is None else marks, judged=judged, events=events, contacts=contacts), judged
    )


def called(
    when: str, outcome: AttemptOutcome, clock: str = "09:20", with_: With = With.MOTHER, **more: object
) -> Event:
    return an_event(EventKind.CONTACT_ATTEMPT, when, clock, with_=with_, outcome=outcome, **more)


def causes(facts: Facts) -> dict[Cause, date]:
    return {unknown.cause: unknown.since for unknown in facts.whereabouts_unknown}


# -- the register ----------------------------------------------------------------------------------------------------


def test_the_very_first_session_of_the_calendar_may_be_the_last_attended() -> None:
    facts = facts_on("4 Sep", marks={"3 Sep pm": "O", "4 Sep": "O"})

    assert facts.attended_until == datetime.combine(day("3 Sep"), time(9, 30))
    assert facts.last_seen is not None
    assert (facts.last_seen.on, facts.last_seen.is_known) == (day("3 Sep"), True)


def test_a_day_that_nobody_marked_is_not_known_to_be_attended() -> None:
    facts = facts_on("4 Sep", marks={"3 Sep": "?", "4 Sep": "O"})

    assert facts.last_seen is not None
    assert not facts.last_seen.is_known


@pytest.mark.parametrize(
    ("starting_day", "first"),
    [
        (date(2023, 9, 5), date(2023, 9, 5)),
        (date(2026, 8, 31), date(2026, 8, 31)),
        (date(2026, 9, 1), date(2026, 9, 3)),
        (date(2026, 9, 5), date(2026, 9, 7)),
        (date(2026, 10, 24), date(2026, 11, 3)),
        (None, None),
    ],
)
def test_a_pupil_starts_on_the_first_school_day_from_the_starting_day(
    starting_day: date | None, first: date | None
) -> None:
    judged = Judgement.close_of(day("10 Nov"), a_calendar_of_two_years())

    assert facts_of(a_record(judged=judged, starting_day=starting_day), judged).first_own_day == first


def test_a_run_reaches_the_beginning_only_where_the_records_begin_later_than_the_pupil() -> None:
    judged = close_of("8 Sep")
    later = facts_of(a_record({"3 Sep..4 Sep": "."}, judged=judged, line_begins_at_records=True), judged)
    from_the_start = facts_of(a_record({"3 Sep..4 Sep": "."}, judged=judged), judged)

    assert [later.reaches_beginning(index) for index in (3, 4, 5)] == [True, True, False]
    assert [from_the_start.reaches_beginning(index) for index in (3, 4, 5)] == [False, False, False]


def test_sessions_are_counted_to_the_moment_their_marks_count() -> None:
    facts = facts_on("15 Sep", marks={"15 Sep am": "U"})
    before = facts.moment.calendar.count_sessions_before(day("15 Sep"))
    first = datetime.combine(day("3 Sep"), time(8))

    assert facts.count_sessions_until(first) == 0
    assert facts.count_sessions_until(datetime.combine(day("14 Sep"), time(9, 29))) == before - 2
    assert facts.count_sessions_until(datetime.combine(day("14 Sep"), time(9, 30))) == before - 1
    assert facts.count_sessions_until(datetime.combine(day("15 Sep"), time(10))) == before
    assert facts.count_sessions_until(close_of("18 Sep").at) == before + 2


# -- the history -----------------------------------------------------------------------------------------------------


def test_the_latest_of_a_kind_is_the_last_one_though_the_first_lies_too_far_back() -> None:
    first, last = (an_event(EventKind.REVIEW_HELD, each) for each in ("7 Sep", "15 Sep"))
    facts = facts_on("18 Sep", first, last)

    assert facts.last_of(EventKind.REVIEW_HELD) is last
    assert facts.last_of(EventKind.REVIEW_HELD, since=day("15 Sep")) is last
    assert facts.last_of(EventKind.REVIEW_HELD, since=day("16 Sep")) is None


def test_the_latest_decision_about_a_rule_counts_from_its_day_on() -> None:
    first, last, other = (
        an_event(EventKind.DECISION, when, about=about, choice="wait")
        for when, about in (("7 Sep", "a.rule"), ("15 Sep", "a.rule"), ("16 Sep", "another.rule"))
    )
    facts = facts_on("18 Sep", first, last, other)

    assert facts.last_decision("a.rule") is last
    assert facts.last_decision("a.rule", since=day("15 Sep")) is last
    assert facts.last_decision("a.rule", since=day("16 Sep")) is None
    assert facts.last_decision("no.rule") is None


def test_a_return_counts_from_the_moment_the_first_session_counts() -> None:
    def sent(when: str, clock: str, kind: ReturnKind = ReturnKind.ATTENDANCE) -> Event:
        return an_event(EventKind.RETURN_SENT, when, clock, return_=kind)

    facts = facts_on(
        "18 Sep", sent("7 Sep", "12:00"), sent("14 Sep", "09:30"), sent("15 Sep", "12:00", ReturnKind.SICKNESS)
    )
    calendar = facts.moment.calendar
    monday = calendar.count_sessions_before(day("14 Sep"))

    assert facts.last_return(ReturnKind.ATTENDANCE, since=monday) is facts.events[1]
    assert facts.last_return(ReturnKind.ATTENDANCE, since=monday + 1) is None
    assert facts.last_return(ReturnKind.SICKNESS, since=monday) is facts.events[2]


def test_a_return_says_nothing_of_a_run_that_has_not_begun() -> None:
    sent = an_event(EventKind.RETURN_SENT, "18 Sep", "16:00", return_=ReturnKind.ATTENDANCE)
    facts = facts_on("18 Sep", sent)

    assert facts.last_return(ReturnKind.ATTENDANCE, since=len(facts.line)) is None
    assert facts.last_return(ReturnKind.ATTENDANCE, since=len(facts.line) - 1) is sent


def test_a_child_late_after_the_close_starts_a_run_in_the_afternoon_only() -> None:
    sent = an_event(EventKind.RETURN_SENT, "14 Sep", "10:00", return_=ReturnKind.ATTENDANCE)
    monday = facts_on("14 Sep").moment.calendar.count_sessions_before(day("14 Sep"))

    assert facts_on("14 Sep", sent, marks={"14 Sep am": "U"}).last_return(ReturnKind.ATTENDANCE, since=monday) is None
    assert facts_on("14 Sep", sent, marks={"14 Sep am": "O"}).last_return(ReturnKind.ATTENDANCE, since=monday) is sent


def test_what_happens_as_the_child_is_marked_present_belongs_to_no_later_absence() -> None:
    marks = {"14 Sep pm": "O", "15 Sep": "O"}

    assert facts_on("15 Sep", called("14 Sep", AttemptOutcome.NO_ANSWER, "09:30"), marks=marks).events_of_absence == ()
    assert facts_on("15 Sep", called("14 Sep", AttemptOutcome.NO_ANSWER, "09:31"), marks=marks).events_of_absence != ()


def test_those_told_are_those_whom_the_records_name_and_a_carer_who_was_reached() -> None:
    told = an_event(EventKind.TOLD, "14 Sep", who=Recipient.SOCIAL_WORKER)
    nobody = an_event(EventKind.TOLD, "14 Sep")
    seen_by = an_event(EventKind.CHILD_SEEN, "14 Sep", who=Recipient.POLICE)
    carer = called("14 Sep", AttemptOutcome.EXPLAINED, with_=With.CARER)

    assert facts_on("15 Sep", told, nobody, seen_by).told == {Recipient.SOCIAL_WORKER}
    assert facts_on("15 Sep", told, carer).told == {Recipient.SOCIAL_WORKER, Recipient.CARER}


# -- reasons ---------------------------------------------------------------------------------------------------------


def test_a_reason_given_as_the_child_is_marked_present_is_not_ended_by_it() -> None:
    marks = {"14 Sep pm": "O", "15 Sep": "O"}

    assert facts_on("15 Sep", called("14 Sep", AttemptOutcome.EXPLAINED, "09:29"), marks=marks).reasons == ()
    assert len(facts_on("15 Sep", called("14 Sep", AttemptOutcome.EXPLAINED, "09:30"), marks=marks).reasons) == 1


def test_leave_is_no_reason_that_says_when_an_absence_will_end() -> None:
    leave = an_event(EventKind.LEAVE_GRANTED, "7 Sep", from_=day("14 Sep"), to=day("18 Sep"))
    ill = called("14 Sep", AttemptOutcome.EXPLAINED, expected_back=day("17 Sep"), reason="illness")
    facts = facts_on("15 Sep", leave, ill)

    assert [reason.event for reason in facts.dated_reasons] == [ill]
    assert [reason.is_illness for reason in facts.reasons] == [False, True]
    assert [reason.covers(day("13 Sep"), lapse=Lapse.SAME_DAY) for reason in facts.reasons] == [False, True]


def test_leave_without_its_last_day_is_no_reason() -> None:
    leave = an_event(EventKind.LEAVE_GRANTED, "7 Sep", from_=day("14 Sep"))
    facts = facts_on("15 Sep", leave)

    assert facts.reasons == ()
    assert facts.leave_ended_on is None
    assert not facts.is_leave_granted_on(day("15 Sep"))


def test_the_word_of_the_day_takes_the_place_of_what_was_said_before() -> None:
    long = called("14 Sep", AttemptOutcome.EXPLAINED, expected_back=day("25 Sep"))
    short = called("16 Sep", AttemptOutcome.EXPLAINED, expected_back=day("16 Sep"))
    facts = facts_on("16 Sep", long, short)

    assert facts.has_reason_on(day("15 Sep"))
    assert not facts.has_reason_on(day("16 Sep"))
    assert facts.expects_back == day("16 Sep")
    assert facts_on("15 Sep", long).has_reason_on(day("15 Sep"))


def test_nothing_is_unexplained_without_an_absence_or_without_school() -> None:
    here, saturday = facts_on("11 Sep"), facts_on("19 Sep")

    assert here.unexplained_today() == here.unexplained_now() == here.unexplained_on(day("11 Sep")) == ()
    assert here.unexplained_since() is None
    assert saturday.unexplained_today() == ()
    assert len(saturday.unexplained_now()) == 2


# -- contact ---------------------------------------------------------------------------------------------------------


def test_the_ladder_goes_by_the_last_contact_and_not_the_first() -> None:
    calls = [called(each, AttemptOutcome.ANSWERED_NO_REASON) for each in ("14 Sep", "16 Sep")]
    facts = facts_on("18 Sep", *calls)

    assert facts.ladder_days == (day("17 Sep"), day("18 Sep"))
    assert len(facts.ladder_sessions) == 4
    assert facts_on("11 Sep").ladder_sessions == ()


def test_only_calls_that_may_have_reached_somebody_count_as_tried() -> None:
    unaware = called("14 Sep", AttemptOutcome.UNAWARE)
    visit = an_event(EventKind.HOME_VISIT, "14 Sep", "11:00", outcome=VisitOutcome.NO_REPLY, with_=With.GRANDMOTHER)
    rung = called("14 Sep", AttemptOutcome.NO_ANSWER, "12:00")

    facts = facts_on("15 Sep", unaware, visit, rung)

    assert facts.tried_since_contact == (rung,)
    assert facts.contacts_untried == (With.GRANDMOTHER,)


def test_contacts_are_waited_for_in_the_order_of_the_list() -> None:
    contacts = (Contact(With.GRANDMOTHER, order=3), Contact(With.MOTHER, order=1), Contact(With.FATHER, order=2))

    assert facts_on("15 Sep", contacts=contacts).contacts_untried == (With.MOTHER, With.FATHER, With.GRANDMOTHER)


# -- whereabouts and last seen ---------------------------------------------------------------------------------------


def test_a_child_seen_on_a_day_attended_was_last_seen_attending() -> None:
    seen = [an_event(EventKind.CHILD_SEEN, each, "15:30") for each in ("7 Sep", "11 Sep")]

    last = facts_on("18 Sep", *seen).last_seen
    later = facts_on(
        "18 Sep", *seen, an_event(EventKind.CHILD_SEEN, "15 Sep"), an_event(EventKind.FOUND, "16 Sep")
    ).last_seen

    assert last is not None
    assert (last.on, last.how) == (day("11 Sep"), "attended")
    assert later is not None
    assert (later.on, later.how) == (day("16 Sep"), "found")


def test_word_as_the_child_is_marked_present_makes_no_whereabouts_unknown() -> None:
    marks = {"14 Sep pm": "O", "15 Sep": "O"}

    assert causes(facts_on("15 Sep", called("14 Sep", AttemptOutcome.UNAWARE, "09:30"), marks=marks)) == {}
    assert Cause.UNAWARE in causes(facts_on("15 Sep", called("14 Sep", AttemptOutcome.UNAWARE, "09:31"), marks=marks))


def test_what_a_sibling_does_not_know_makes_no_whereabouts_unknown() -> None:
    assert causes(facts_on("14 Sep", called("14 Sep", AttemptOutcome.UNAWARE, with_=With.SIBLING))) == {}


def test_a_leaver_is_lost_from_the_day_after_the_last_day_until_seen_after_it() -> None:
    leaving = an_event(EventKind.LEAVING, "9 Sep", leaving_on=day("11 Sep"), destination=Destination.UNKNOWN)
    marks = {"14 Sep..18 Sep": "I"}

    def seen(when: str) -> Event:
        return an_event(EventKind.CHILD_SEEN, when, "16:00")

    assert causes(facts_on("11 Sep", leaving, marks=marks)) == {}
    assert causes(facts_on("12 Sep", leaving, marks=marks)) == {Cause.LEFT: day("12 Sep")}
    assert causes(facts_on("16 Sep", leaving, seen("11 Sep"), marks=marks)) == {Cause.LEFT: day("12 Sep")}
    assert causes(facts_on("16 Sep", leaving, seen("12 Sep"), marks=marks)) == {}
    never_here = {"3 Sep..18 Sep": "I"}
    assert causes(facts_on("16 Sep", leaving, marks=never_here)) == {Cause.LEFT: day("12 Sep")}


def test_a_place_confirmed_before_the_ladder_says_nothing_of_it() -> None:
    tried = (
        called("14 Sep", AttemptOutcome.NO_ANSWER),
        called("14 Sep", AttemptOutcome.NO_ANSWER, with_=With.GRANDMOTHER),
    )

    def confirmed(when: str) -> Event:
        return an_event(EventKind.ELSEWHERE_CONFIRMED, when, "08:00")

    lost = {Cause.EVERY_CONTACT_TRIED: day("15 Sep")}
    assert causes(facts_on("16 Sep", confirmed("11 Sep"), *tried)) == lost
    assert causes(facts_on("16 Sep", confirmed("14 Sep"), *tried)) == {}
    assert causes(facts_on("16 Sep", *tried, confirmed("15 Sep"))) == {}


def test_a_child_whose_absence_is_explained_is_not_lost_because_nobody_can_be_rung() -> None:
    expected = an_event(EventKind.EXPECTED_ABSENCE, "14 Sep", "08:00", until=day("18 Sep"), because="holiday")
    tried = called("15 Sep", AttemptOutcome.NO_ANSWER)

    assert causes(facts_on("16 Sep", expected, contacts=())) == {}
    assert causes(facts_on("16 Sep", contacts=())) == {Cause.EVERY_CONTACT_TRIED: day("15 Sep")}
    assert causes(facts_on("16 Sep", expected, tried, contacts=(Contact(With.MOTHER),))) == {
        Cause.EVERY_CONTACT_TRIED: day("15 Sep")
    }


def test_the_first_of_two_visits_in_vain_says_since_when() -> None:
    visits = [
        an_event(EventKind.HOME_VISIT, each, "11:00", outcome=VisitOutcome.NO_REPLY) for each in ("14 Sep", "15 Sep")
    ]
    moved = an_event(EventKind.HOME_VISIT, "14 Sep", "11:00", outcome=VisitOutcome.MOVED_AWAY)

    facts = facts_on("15 Sep", *visits)

    assert causes(facts) == {Cause.VISIT_UNANSWERED: day("14 Sep")}
    assert facts.whereabouts_unknown[0].event is visits[0]
    assert causes(facts_on("14 Sep", moved)) == {Cause.MOVED_AWAY: day("14 Sep")}


@pytest.mark.parametrize(
    "reached",
    [
        an_event(EventKind.CHILD_SEEN, "15 Sep", "12:00"),
        an_event(EventKind.FOUND, "15 Sep", "12:00"),
        an_event(EventKind.HOME_VISIT, "15 Sep", "12:00", outcome=VisitOutcome.ADULT_SEEN_ONLY),
        an_event(EventKind.ELSEWHERE_CONFIRMED, "15 Sep", "12:00"),
    ],
    ids=lambda event: event.kind.value,
)
def test_a_visit_in_vain_is_answered_by_whoever_is_reached_or_seen(reached: Event) -> None:
    visit = an_event(EventKind.HOME_VISIT, "14 Sep", "11:00", outcome=VisitOutcome.NO_REPLY)

    assert causes(facts_on("15 Sep", visit, reached)) == {}
    if reached.kind is not EventKind.ELSEWHERE_CONFIRMED:
        assert facts_on("15 Sep", reached).contacts_made == (reached,)


def test_a_decision_about_nothing_in_particular_confirms_no_place() -> None:
    unaware = called("14 Sep", AttemptOutcome.UNAWARE)

    assert causes(facts_on("15 Sep", unaware, an_event(EventKind.DECISION, "15 Sep", choice="wait"))) != {}


# -- leave -----------------------------------------------------------------------------------------------------------


def test_half_a_day_of_leave_is_leave_on_that_day() -> None:
    facts = facts_on("15 Sep", marks={"14 Sep am": "C", "15 Sep": "O"})

    assert facts.is_leave_granted_on(day("14 Sep"))
    assert not facts.is_leave_granted_on(day("15 Sep"))


def test_leave_ended_with_the_last_day_granted_inside_this_absence() -> None:
    def ended(when: str, first: str | None, last: str, marks: dict[str, str] | None = None) -> date | None:
        leave = an_event(EventKind.LEAVE_GRANTED, "7 Sep", from_=day(first) if first else None, to=day(last))
        return facts_on(when, leave, marks=marks).leave_ended_on

    assert ended("16 Sep", "14 Sep", "15 Sep") == day("15 Sep")
    assert ended("15 Sep", "14 Sep", "15 Sep") is None
    assert ended("16 Sep", None, "16 Sep") is None
    assert ended("16 Sep", "10 Sep", "14 Sep") == day("14 Sep")
    assert ended("16 Sep", "9 Sep", "11 Sep") is None
    assert ended("17 Sep", "14 Sep", "14 Sep", {"14 Sep..15 Sep": "C", "16 Sep..17 Sep": "O"}) == day("15 Sep")
    assert facts_on("15 Sep", marks={"14 Sep..15 Sep": "C"}).leave_ended_on is None
    assert facts_on("16 Sep", marks={"14 Sep..15 Sep": "C", "16 Sep": "O"}).leave_ended_on == day("15 Sep")


def test_a_moment_of_the_morning_counts_the_morning_only() -> None:
    judged = at("14 Sep", "09:40")
    facts = facts_of(a_record({"14 Sep": "N"}, judged=judged), judged)

    assert len(facts.unexplained_today()) == 1
