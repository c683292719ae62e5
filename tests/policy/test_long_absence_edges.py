"""Long absences to the day: not seen, not back from leave, twenty days; the day before, the day and the day after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cme_desktop.domain.attendance import Half
from cme_desktop.domain.calendar import Closure, SchoolCalendar
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, With
from cme_desktop.policy.record import Judgement
from cme_desktop.policy.rule import Flag
from tests.builders import BANK_HOLIDAYS, a_record, an_event, at, close_of, day, flags_of, the_year


def flags_on(when: str | Judgement, marks: dict[str, str], *events: Event, **facts: object) -> dict[str, Flag]:
    judged = close_of(when) if isinstance(when, str) else when
    return flags_of(a_record(marks, judged=judged, events=events, **facts), judged)  # type: ignore[arg-type]


def due_on(flag: Flag) -> date | None:
    return None if flag.due is None else flag.due.on


# -- not seen ------------------------------------------------------------------------------------------------------

NOT_SEEN = "england.not-seen"
ABSENT = {"14 Sep..23 Oct": "I"}


@pytest.mark.parametrize(
    ("judged", "is_raised"),
    [
        (close_of("24 Sep"), False),
        (at("25 Sep", "09:00"), False),
        (at("25 Sep", "12:00"), False),
        (at("25 Sep", "13:30"), True),
        (close_of("25 Sep"), True),
        (close_of("26 Sep"), True),
        (at("27 Sep", "09:00"), True),
        (at("28 Sep", "09:00"), True),
    ],
)
def test_ten_school_days_unseen_are_over_with_the_tenth(judged: Judgement, *, is_raised: bool) -> None:
    assert (NOT_SEEN in flags_on(judged, ABSENT)) is is_raised


def test_what_is_said_of_a_child_not_seen() -> None:
    found = flags_on("28 Sep", ABSENT)[NOT_SEEN]

    assert found.finding.sentence == (
        "Nobody has recorded seeing the child for 11 school days: last seen on 11 September 2026."
    )
    assert found.finding.since == day("14 Sep")
    assert found.finding.progress == "11 of 10 school days"
    assert [session.on for session in found.finding.counted[::21]] == [day("14 Sep"), day("28 Sep")]
    assert due_on(found) == day("25 Sep")


def test_sessions_still_to_come_are_not_counted_as_unseen() -> None:
    found = flags_on(at("28 Sep", "09:40"), ABSENT)[NOT_SEEN]

    assert found.finding.counted[-1].half.value == "am"
    assert "10 school days" in found.finding.sentence


def test_a_child_never_seen_says_since_when() -> None:
    never = {"3 Sep..23 Oct": "I"}
    started = flags_on("16 Sep", never, starting_day=day("3 Sep"))[NOT_SEEN]
    later_records = flags_on("16 Sep", never, line_begins_at_records=True)[NOT_SEEN]

    assert started.finding.sentence.endswith("for 10 school days: never seen since 3 September 2026.")
    assert later_records.finding.sentence.endswith("for at least 10 school days: never seen since the records began.")
    seen_once = flags_on("28 Sep", ABSENT, line_begins_at_records=True)[NOT_SEEN]
    assert "at least" not in seen_once.finding.sentence


def test_a_child_with_no_session_at_all_has_not_been_missed() -> None:
    assert NOT_SEEN not in flags_on("25 Sep", {"3 Sep..25 Sep": "."})


# -- not back from leave ---------------------------------------------------------------------------------------------

NOT_BACK = "england.leave-not-returned"
LEAVE = an_event(EventKind.LEAVE_GRANTED, "1 Sep", from_=day("7 Sep"), to=day("11 Sep"))
AWAY = {"7 Sep..11 Sep": "C1", "14 Sep..23 Oct": "O"}


@pytest.mark.parametrize(
    ("judged", "says"),
    [
        (close_of("11 Sep"), None),
        (close_of("12 Sep"), None),
        (at("14 Sep", "09:00"), None),
        (at("14 Sep", "09:30"), "1 school day since."),
        (close_of("15 Sep"), "2 school days since."),
        (at("16 Sep", "09:00"), "2 school days since."),
        (close_of("19 Sep"), "5 school days since."),
        (close_of("24 Sep"), "9 school days since."),
        (close_of("25 Sep"), "10 school days since."),
    ],
)
def test_school_days_since_leave_are_counted_from_the_first_after_it(judged: Judgement, says: str | None) -> None:
    found = flags_on(judged, AWAY, LEAVE).get(NOT_BACK)

    assert (found is None) is (says is None)
    if found is not None and says is not None:
        assert found.finding.sentence == (
            f"Granted leave ended on 11 September 2026 and the pupil has not come back: {says}"
        )
        assert found.finding.since == day("14 Sep")
        assert found.finding.counted[0].on == day("14 Sep")


def test_the_family_is_asked_from_the_first_day_and_the_authority_from_the_tenth() -> None:
    ninth, tenth, later = (flags_on(each, AWAY, LEAVE)[NOT_BACK] for each in ("24 Sep", "25 Sep", "28 Sep"))

    assert (ninth.duty.recipient, due_on(ninth)) == ("family", day("14 Sep"))
    assert (tenth.duty.recipient, due_on(tenth)) == ("authority", day("25 Sep"))
    assert due_on(later) == day("25 Sep")


def test_from_the_tenth_day_on_only_joint_enquiries_are_asked_for() -> None:
    begun = an_event(EventKind.JOINT_ENQUIRIES, "24 Sep", "15:00")

    assert NOT_BACK in flags_on("24 Sep", AWAY, LEAVE, begun)
    assert NOT_BACK not in flags_on("25 Sep", AWAY, LEAVE, begun)
    assert NOT_BACK not in flags_on("28 Sep", AWAY, LEAVE, begun)


def test_the_days_skipped_since_leave_are_those_after_it() -> None:
    leave = an_event(EventKind.LEAVE_GRANTED, "1 Sep", from_=day("19 Oct"), to=day("23 Oct"))
    found = flags_on("4 Nov", {"19 Oct..23 Oct": "C1", "3 Nov..4 Nov": "O"}, leave)[NOT_BACK]

    assert [each for each, _ in found.finding.skipped] == [
        day(each) for each in ("26 Oct", "27 Oct", "28 Oct", "29 Oct", "30 Oct", "2 Nov")
    ]
    friday_off = an_event(EventKind.LEAVE_GRANTED, "1 Sep", from_=day("20 Oct"), to=day("22 Oct"))
    marks = {"20 Oct..22 Oct": "C1", "23 Oct": "O"}
    assert flags_on("23 Oct", marks, friday_off)[NOT_BACK].finding.skipped == ()


@pytest.mark.parametrize(
    ("last", "judged", "skipped"),
    [
        ("30 Oct", "4 Nov", ["2 Nov"]),
        ("1 Nov", "4 Nov", ["2 Nov"]),
        ("20 Oct", "3 Nov", ["26 Oct", "27 Oct", "28 Oct", "29 Oct", "30 Oct", "2 Nov"]),
    ],
)
def test_leave_into_a_holiday_skips_what_is_left_of_it(last: str, judged: str, skipped: list[str]) -> None:
    leave = an_event(EventKind.LEAVE_GRANTED, "1 Sep", from_=day("19 Oct"), to=day(last))
    found = flags_on(judged, {"19 Oct..20 Oct": "C1", "21 Oct..6 Nov": "O"}, leave)[NOT_BACK]

    assert [each for each, _ in found.finding.skipped] == [day(each) for each in skipped]


def test_a_call_on_the_last_day_of_leave_says_nothing_of_the_day_after() -> None:
    def call(when: str) -> Event:
        return an_event(
            EventKind.CONTACT_ATTEMPT, when, "12:00", with_=With.MOTHER, outcome=AttemptOutcome.ANSWERED_NO_REASON
        )

    assert NOT_BACK in flags_on("15 Sep", AWAY, LEAVE, call("11 Sep"))
    assert NOT_BACK not in flags_on("15 Sep", AWAY, LEAVE, call("14 Sep"))


# -- twenty days -----------------------------------------------------------------------------------------------------

TWENTY = "england.twenty-days"
LONG = {"14 Sep..23 Oct": "O"}


def asks(*closures: Closure, events: tuple[Event, ...] = (), on: str = "9 Oct", **marks: str) -> str:
    calendar = SchoolCalendar((replace(the_year(), closures=closures),), BANK_HOLIDAYS)
    judged = close_of(on, calendar)
    found = flags_of(a_record(LONG | marks, judged=judged, events=events), judged)
    return found[TWENTY].duty.what


def test_twenty_days_ask_to_begin_joint_enquiries_and_once_begun_to_finish_them() -> None:
    begun = an_event(EventKind.JOINT_ENQUIRIES, "14 Sep", "15:00")

    assert asks().startswith("Begin joint enquiries")
    assert asks(events=(begun,)).startswith("Finish the joint enquiries")
    assert "closure" not in asks()


@pytest.mark.parametrize(
    ("closed", "is_said"),
    [("11 Sep", False), ("14 Sep", False), ("15 Sep", True), ("9 Oct", True), ("12 Oct", True), ("13 Oct", False)],
)
def test_a_closure_inside_the_twenty_days_is_said(closed: str, *, is_said: bool) -> None:
    # a day closed at its ends moves the run itself: closed on the 14th it begins on the 15th
    other = Closure(day("7 Sep"))

    assert "A closure lies inside" in asks(other, Closure(day("14 Sep"), Half.AM), on="12 Oct")
    assert ("A closure lies inside" in asks(other, Closure(day(closed)), on="12 Oct")) is is_said
