"""Joining, leaving, leave and part time to the day and to the class: who owes a return, and what the finding says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.domain.events import Destination, Event, EventKind, Recipient, ReturnKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Pupil, YearGroup
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.rule import Flag, Severity
from tests.builders import (
    CONTACTS,
    a_calendar_of_two_years,
    a_line,
    a_record,
    an_event,
    at,
    close_of,
    day,
    flags_of,
)

IN_2028 = "2 Sep"


def flags_on(
    when: str | Judgement, marks: dict[str, str] | None = None, *events: Event, **facts: object
) -> dict[str, Flag]:
    judged = close_of(when) if isinstance(when, str) else when
    return flags_of(a_record(marks or {}, judged=judged, events=events, **facts), judged)  # type: ignore[arg-type]


def in_group(
    when: date,
    group: YearGroup | None,
    *events: Event,
    starting_day: date,
    born: date | None = None,
    calendar: SchoolCalendar | None = None,
) -> dict[str, Flag]:
    judged = Judgement.close_of(when, calendar or a_calendar_of_two_years())
    pupil = Pupil(PupilId(1), born, starting_day, year_group=group)
    record = PupilRecord(pupil, a_line({}, judged, starting_day=starting_day), CONTACTS, events)
    return flags_of(record, judged)


def due_on(flag: Flag) -> date | None:
    return None if flag.due is None else flag.due.on


# -- the new pupil return ------------------------------------------------------------------------------------------

NEW = "england.new-pupil-return"


def test_a_joiner_of_october_owes_the_return_by_the_fifth_day_after() -> None:
    found = flags_on("12 Oct", starting_day=day("12 Oct"))[NEW]

    assert found.finding.sentence == (
        "Entered on the admission register on 12 October 2026; the new pupil return was due within 5 days, "
        "weekends and holidays included, and is not recorded as sent."
    )
    assert found.severity is not Severity.INCOMPLETE
    assert due_on(found) == day("17 Oct")
    assert NEW not in flags_on("9 Oct", starting_day=day("12 Oct"))


def test_on_the_first_day_of_the_year_only_the_youngest_class_is_spared() -> None:
    def owed(group: YearGroup | None, born: date | None = None, *, start: str = "1 Sep") -> Flag | None:
        return in_group(day("3 Sep"), group, starting_day=day(start), born=born).get(NEW)

    unknown = owed(None)
    assert owed(YearGroup.R) is None
    assert owed(None, date(2022, 5, 4)) is None
    assert owed(YearGroup.Y1) is not None
    assert owed(None, date(2021, 5, 4)) is not None
    assert unknown is not None
    assert unknown.severity is Severity.INCOMPLETE
    assert unknown.finding.sentence.endswith(
        "None is owed where the child began in the youngest class, and the class is not known."
    )
    assert owed(YearGroup.R, start="3 Sep") is None
    late = in_group(day("4 Sep"), YearGroup.R, starting_day=day("4 Sep"))[NEW]
    assert late.severity is not Severity.INCOMPLETE


@pytest.mark.parametrize(
    ("group", "is_owed", "severity"),
    [
        (YearGroup.Y1, False, None),
        (YearGroup.Y2, True, Severity.TODAY),
        (YearGroup.N2, True, Severity.TODAY),
        (YearGroup.N1, True, Severity.INCOMPLETE),
    ],
)
@pytest.mark.parametrize("when", [date(2027, 9, 1), date(2027, 9, 6)])
def test_next_september_the_class_is_worked_back(
    when: date, group: YearGroup, severity: Severity | None, *, is_owed: bool
) -> None:
    found = in_group(when, group, starting_day=day("3 Sep")).get(NEW)

    assert (found is not None) is is_owed
    if found is not None:
        assert (found.severity is Severity.INCOMPLETE) is (severity is Severity.INCOMPLETE)


def test_of_an_entry_before_the_records_nobody_can_tell() -> None:
    assert NEW not in flags_on("8 Sep", starting_day=day("7 Sep"), line_begins_at_records=True)
    assert NEW not in flags_on("8 Sep", starting_day=day("31 Aug", year=2026))
    assert NEW in flags_on("8 Sep", starting_day=day("7 Sep"))


def test_an_entry_in_the_summer_after_the_last_day_known_is_no_first_day_of_a_year() -> None:
    assert NEW in flags_on("27 Jul", starting_day=day("26 Jul"))
    assert NEW in flags_on("27 Jul", starting_day=day("26 Jul"), born=date(2022, 5, 4))


# -- the deletion return ---------------------------------------------------------------------------------------------

DELETION = "england.deletion-return"


def proposed(on: str, ground: str) -> Event:
    return an_event(EventKind.REMOVAL_PROPOSED, on, ground=ground)


def test_the_return_is_due_from_the_first_day_the_ground_was_proposed() -> None:
    found = flags_on("11 Sep", {}, proposed("7 Sep", "a"), proposed("9 Sep", "b"), proposed("10 Sep", "b"))[DELETION]

    assert found.finding.since == day("9 Sep")
    assert found.finding.sentence == ("The name is to be removed under ground (b), and no deletion return is recorded.")
    sent = an_event(EventKind.RETURN_SENT, "10 Sep", return_=ReturnKind.DELETION)
    assert DELETION not in flags_on("11 Sep", {}, proposed("9 Sep", "b"), sent)


def test_the_oldest_class_owes_no_return_from_its_last_day_on_and_one_before_it() -> None:
    calendar = a_calendar_of_two_years()

    def owed(when: date, removed: date, *, leaving: date | None = None, group: YearGroup = YearGroup.Y6) -> bool:
        events = [Event(EventKind.REMOVED, removed, ground="b")]
        if leaving is not None:
            events.insert(0, Event(EventKind.LEAVING, day("1 Jul"), leaving_on=leaving))
        found = in_group(when, group, *events, starting_day=date(2020, 9, 1), calendar=calendar)
        return DELETION in found

    assert not owed(day("22 Jul"), day("21 Jul"))
    assert owed(day("22 Jul"), day("20 Jul"))
    assert owed(day("22 Jul"), day("21 Jul"), group=YearGroup.Y5)
    assert owed(day("22 Jul"), day("12 Jul"), leaving=day("21 Jul"))
    assert owed(date(2027, 10, 11), date(2027, 10, 8))
    assert not owed(date(2027, 12, 20), date(2027, 12, 17))
    assert owed(day("4 Sep"), date(2026, 8, 28))


# -- where to --------------------------------------------------------------------------------------------------------

UNKNOWN = "england.unknown-destination"


def leaving(destination: Destination = Destination.UNKNOWN, **facts: object) -> Event:
    return an_event(EventKind.LEAVING, "14 Sep", None, leaving_on=day("18 Sep"), destination=destination, **facts)


@pytest.mark.parametrize(
    ("destination", "says"),
    [
        (Destination.KNOWN, "The next school is named and has not confirmed the place"),
        (Destination.ABROAD, "The family goes abroad, and no school there is confirmed"),
        (Destination.OUTSIDE_STATE_SECTOR, "The child goes outside the state sector, and no place there is confirmed"),
        (Destination.UNKNOWN, "No next school or other education is known"),
    ],
)
def test_what_is_not_confirmed_is_said(destination: Destination, says: str) -> None:
    leaves = flags_on("18 Sep", {}, leaving(destination))[UNKNOWN].finding.sentence
    left = flags_on("19 Sep", {}, leaving(destination))[UNKNOWN].finding.sentence

    assert leaves.startswith(f"Is leaving on 18 September 2026. {says}.")
    assert left.startswith(f"Left on 18 September 2026. {says}.")


@pytest.mark.parametrize(
    ("event", "is_told"),
    [
        (an_event(EventKind.REFERRED, "14 Sep"), True),
        (an_event(EventKind.REFERRED, "14 Sep", to=Recipient.AUTHORITY_CME), True),
        (an_event(EventKind.REFERRED, "14 Sep", to=Recipient.POLICE), False),
        (an_event(EventKind.TOLD, "14 Sep", who=Recipient.AUTHORITY_CME), True),
        (an_event(EventKind.TOLD, "14 Sep", who=Recipient.POLICE), False),
        (an_event(EventKind.REFERRED, "11 Sep", "13:30"), False),
        (an_event(EventKind.REFERRED, "11 Sep", "13:31"), True),
    ],
)
def test_word_to_the_authority_counts_since_the_absence_that_led_to_it(event: Event, *, is_told: bool) -> None:
    events = (event, leaving()) if event.on < day("14 Sep") else (leaving(), event)

    assert (UNKNOWN not in flags_on("14 Sep", {"14 Sep": "O"}, *events)) is is_told


@pytest.mark.parametrize(
    ("destination", "to"),
    [(Destination.KNOWN, "to the next school"), (Destination.ABROAD, "under MMMMMMM, for a school abroad")],
)
def test_the_transfer_file_says_where_it_goes(destination: Destination, to: str) -> None:
    found = flags_on("21 Sep", {}, leaving(destination, confirmed=True))["england.transfer-file-due"]

    assert to in found.duty.what


# -- leave -----------------------------------------------------------------------------------------------------------

REQUEST = "england.leave-request"


def asked(on: str, first: str | None = None, last: str | None = None) -> Event:
    return an_event(EventKind.LEAVE_REQUESTED, on, from_=day(first) if first else None, to=day(last) if last else None)


def test_the_request_that_begins_first_is_told_and_the_others_counted() -> None:
    both = flags_on("11 Sep", {}, asked("9 Sep", "5 Oct", "9 Oct"), asked("10 Sep"))[REQUEST]
    same_days = flags_on("11 Sep", {}, asked("9 Sep", "5 Oct", "9 Oct"), asked("10 Sep", "7 Oct", "8 Oct"))[REQUEST]

    assert both.finding.sentence == (
        "Leave was asked for on 10 September 2026, for days that are not said, and is not decided. "
        "1 more request also undecided."
    )
    assert "from 5 October 2026 to 9 October 2026" in same_days.finding.sentence
    assert "1 more request also undecided." in same_days.finding.sentence
    assert due_on(same_days) == day("2 Oct")


def test_leave_from_the_first_day_of_all_is_decided_by_that_day() -> None:
    found = flags_on("3 Sep", {}, asked("1 Sep", "3 Sep", "4 Sep"))[REQUEST]

    assert due_on(found) == day("3 Sep")


# -- part time -------------------------------------------------------------------------------------------------------

PART_TIME = "england.part-time-timetable"


def test_only_an_agreement_is_one_though_something_else_says_until_when() -> None:
    expected = an_event(EventKind.EXPECTED_ABSENCE, "4 Sep", until=day("18 Sep"), because="illness")

    found = flags_on("7 Sep", {"4 Sep pm": "C2", "7 Sep pm": "C2"}, expected)[PART_TIME]

    assert found.finding.sentence == "Code C2 since 4 September 2026, and no agreement with an end is recorded."


def test_the_very_first_session_may_be_part_time() -> None:
    morning = at("3 Sep", "09:40")

    assert PART_TIME in flags_on(morning, {"3 Sep am": "C2"})


@pytest.mark.parametrize(
    ("marks", "since"),
    [
        ({"7 Sep pm": "C2", "14 Sep pm": "C2", "21 Sep pm": "C2"}, "7 September"),
        ({"7 Sep pm": "C2", "15 Sep pm": "C2", "21 Sep pm": "C2"}, "15 September"),
        ({"4 Sep pm": "C2", "21 Sep pm": "C2"}, "21 September"),
        ({"4 Sep pm": "C2", "7 Sep pm": "C2", "21 Sep": "C2"}, "21 September"),
    ],
)
def test_a_timetable_given_up_for_a_week_is_another(marks: dict[str, str], since: str) -> None:
    assert f"Code C2 since {since} 2026" in flags_on("21 Sep", marks)[PART_TIME].finding.sentence


def test_a_review_is_due_from_its_day_to_the_timetables_last() -> None:
    def review(on: str) -> bool:
        agreed = an_event(EventKind.PART_TIME_AGREED, "4 Sep", until=day("18 Sep"), review_on=day("17 Sep"))
        found = flags_on(on, {"7 Sep..18 Sep pm": "C2"}, agreed).get(PART_TIME)
        return found is not None and "was to be reviewed" in found.finding.sentence

    assert not review("16 Sep")
    assert review("17 Sep")
    agreed = an_event(EventKind.PART_TIME_AGREED, "4 Sep", until=day("18 Sep"), review_on=day("18 Sep"))
    ends = flags_on("18 Sep", {"7 Sep..18 Sep pm": "C2"}, agreed)[PART_TIME]
    assert ends.finding.sentence.startswith("The agreed part-time timetable ends today")
    assert PART_TIME not in flags_on("21 Sep", {"7 Sep..18 Sep pm": "C2"}, agreed)


def test_a_policy_version_and_pupil_go_with_the_flag() -> None:
    found = flags_on("12 Oct", starting_day=day("12 Oct"))[NEW]

    assert found.pupil_id == PupilId(1)
    assert found.raised_on == day("12 Oct")
    assert replace(found, overdue=True).overdue
