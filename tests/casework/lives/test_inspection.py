"""The three lists of a register inspection hold whom the facts put there, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from cme_desktop.casework.lives import inspection
from cme_desktop.casework.lives.book import load_life_file, load_lives
from cme_desktop.casework.lives.inspection_lists import InspectionLine, Period, list_lines
from cme_desktop.casework.lives.life import Life, LifeFile
from cme_desktop.casework.office import Office
from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.domain.events import Event, EventKind, Recipient, ReturnKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.storage.tables import JournalRow
from tests.office import CALLUM, LUCJA, STARTED, TODAY, YESTERDAY, add_event_to, add_marks, add_pupil, an_office

LEFT = date(2026, 11, 6)
AUTUMN = Period(date(2026, 9, 1), TODAY)
AGREED = Event(EventKind.PART_TIME_AGREED, date(2026, 9, 7), until=date(2026, 10, 2), review_on=date(2026, 9, 25))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = an_office(tmp_path)
    yield opened
    opened.database.close()


def lists(office: Office) -> dict[str, str]:
    return {row.key: row.detail for row in load_lives(office).rows[Life.INSPECTION]}


def lines(office: Office, first: date = AUTUMN.first, last: date = TODAY) -> tuple[InspectionLine, ...]:
    return list_lines(load_lives(office).desk, Period(first, last))


def the_file(office: Office, key: str) -> LifeFile:
    return load_life_file(office, book=load_lives(office), life=Life.INSPECTION, key=key)


def printed(office: Office, first: date = AUTUMN.first, last: date = TODAY) -> str:
    pdf = inspection.set_lists(office, book=load_lives(office), first=first, last=last)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def journal(office: Office) -> list[JournalRow]:
    with office.database.reading() as db:
        rows = db.scalars(select(JournalRow).where(JournalRow.act.startswith("inspection")))
        return list(rows)


def gone(office: Office, *, on: date = LEFT, ground: str | None = "a") -> PupilId:
    pupil_id = add_pupil(office, left_on=on, starting_day=STARTED)
    add_event_to(office, pupil_id, Event(EventKind.REMOVED, on, ground=ground))
    return pupil_id


def sent(on: date) -> Event:
    return Event(EventKind.RETURN_SENT, on, return_=ReturnKind.DELETION)


def test_at_a_school_where_all_is_in_order_the_lists_are_empty(office: Office) -> None:
    assert lists(office) == {}


# -- removed without notice ---------------------------------------------------------------------------------------


def test_a_name_that_went_without_a_return_is_on_the_first_list_with_its_ground(office: Office) -> None:
    pupil_id = gone(office)

    assert lists(office) == {f"removed:{pupil_id}": "Removed without notice: Fri 6 Nov, no return recorded"}
    facts = {fact.label: fact for fact in the_file(office, f"removed:{pupil_id}").facts}
    assert facts["Removed on"].value == "6 Nov 2026"
    assert facts["Ground"].value.startswith("(a) ")
    assert len(facts["Ground"].value) > len("(a) ")
    assert (facts["Deletion return"].value, facts["Deletion return"].is_missing) == ("none recorded", True)


def test_a_removal_without_a_ground_says_that_none_is_recorded(office: Office) -> None:
    gone(office, ground=None)

    ((entry,),) = [line.entries for line in lines(office)]

    assert entry == ("6 Nov 2026", "none recorded", "none recorded")


@pytest.mark.parametrize(("on", "is_listed"), [(date(2026, 11, 5), False), (LEFT, False), (date(2026, 11, 7), True)])
def test_a_return_by_the_day_of_the_removal_is_notice_and_one_a_day_later_is_not(
    office: Office, on: date, *, is_listed: bool
) -> None:
    pupil_id = gone(office)
    add_event_to(office, pupil_id, sent(on))

    found = lists(office)

    assert (f"removed:{pupil_id}" in found) is is_listed
    assert not is_listed or found[f"removed:{pupil_id}"].endswith("return 1 day late")


def test_a_return_for_a_removal_that_was_undone_is_no_notice_of_a_later_one(office: Office) -> None:
    pupil_id = add_pupil(office, starting_day=STARTED)
    for event in (
        sent(date(2026, 10, 5)), Event(EventKind.REMOVED, date(2026, 10, 6), ground="a"),
        Event(EventKind.REMOVAL_UNDONE, date(2026, 10, 7)), Event(EventKind.REMOVED, LEFT, ground="a"),
    ):  # fmt: skip
        add_event_to(office, pupil_id, event)

    assert list(lists(office)) == [f"removed:{pupil_id}"]


@pytest.mark.parametrize(
    ("first", "last", "is_listed"),
    [
        (LEFT, LEFT, True), (date(2026, 9, 1), date(2026, 11, 5), False), (date(2026, 11, 7), TODAY, False),
    ],
)  # fmt: skip
def test_a_removal_is_listed_for_the_days_that_hold_it(
    office: Office, first: date, last: date, *, is_listed: bool
) -> None:
    gone(office)

    assert bool(lines(office, first, last)) is is_listed


# -- allocated but not started ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("starts", "is_listed"), [(YESTERDAY, True), (TODAY, True), (date(2026, 11, 11), False)])
def test_a_child_who_was_to_start_and_never_came_is_on_the_second(
    office: Office, starts: date, *, is_listed: bool
) -> None:
    pupil_id = add_pupil(office, starting_day=starts)
    if starts <= TODAY:
        add_marks(office, pupil_id, "O", starts, TODAY)

    assert (f"not_started:{pupil_id}" in lists(office)) is is_listed


def test_one_who_came_for_a_single_session_has_started(office: Office) -> None:
    pupil_id = add_pupil(office, starting_day=YESTERDAY)
    add_marks(office, pupil_id, "/", YESTERDAY)
    add_marks(office, pupil_id, "O", TODAY)

    assert lists(office) == {}


def test_one_whose_register_nobody_took_is_listed_as_not_marked(office: Office) -> None:
    pupil_id = add_pupil(office, starting_day=date(2026, 11, 6))
    add_marks(office, pupil_id, "O", YESTERDAY)

    (line,) = lines(office)

    assert line.brief == "was to start Fri 6 Nov, not seen, 2 sessions not marked"


def test_of_days_long_past_one_who_came_only_later_had_not_started(office: Office) -> None:
    pupil_id = add_pupil(office, starting_day=date(2026, 9, 14))
    add_marks(office, pupil_id, "O", date(2026, 9, 14), date(2026, 10, 2))
    add_marks(office, pupil_id, "/", date(2026, 10, 5), YESTERDAY)
    add_event_to(office, pupil_id, Event(EventKind.TOLD, date(2026, 9, 15), who=Recipient.AUTHORITY_CME))

    (line,) = lines(office, last=date(2026, 10, 4))

    assert line.entries == (("14 Sep 2026", "first came 5 Oct 2026", "15 Sep 2026"),)
    assert lines(office, last=date(2026, 10, 5)) == ()


# -- part time ----------------------------------------------------------------------------------------------------


def test_a_part_time_timetable_is_on_the_third_with_its_evidence(office: Office) -> None:
    agreed = Event(EventKind.PART_TIME_AGREED, date(2026, 11, 2), until=date(2026, 12, 4), review_on=date(2026, 11, 20))
    add_event_to(office, LUCJA, agreed)

    file = the_file(office, f"part_time:{LUCJA}")

    assert file.chips == ("Part-time timetable",)
    assert [entry.event.kind for entry in file.history] == [EventKind.PART_TIME_AGREED]
    assert [(fact.label, fact.value) for fact in file.facts][:4] == [
        ("Agreed for", "2 Nov 2026 to 4 Dec 2026"), ("Review", "due 20 Nov 2026"), ("Authority told", "none recorded"),
        ("Code C2", "0 sessions"),
    ]  # fmt: skip


def test_a_timetable_that_ended_early_in_the_year_is_listed_all_the_year(office: Office) -> None:
    add_event_to(office, CALLUM, AGREED)
    add_marks(office, CALLUM, "C2", date(2026, 9, 8))
    add_event_to(office, CALLUM, Event(EventKind.TOLD, date(2026, 9, 7), who=Recipient.AUTHORITY_CME))
    add_event_to(office, CALLUM, Event(EventKind.REVIEW_HELD, date(2026, 9, 24)))

    (line,) = lines(office)

    assert line.entries == (("7 Sep 2026 to 2 Oct 2026", "held 24 Sep 2026", "7 Sep 2026", "2 sessions"),)
    assert lists(office) == {
        f"part_time:{CALLUM}": "Part-time timetable: Mon 7 Sep to Fri 2 Oct; C2 in 2 sessions"
    }  # fmt: skip


def test_one_of_a_pupil_who_has_left_is_listed_too(office: Office) -> None:
    pupil_id = gone(office)
    add_event_to(office, pupil_id, AGREED)
    add_event_to(office, pupil_id, sent(LEFT))

    assert list(lists(office)) == [f"part_time:{pupil_id}"]


@pytest.mark.parametrize(
    ("first", "last", "is_listed"),
    [
        (date(2026, 9, 1), date(2026, 9, 6), False), (date(2026, 9, 1), date(2026, 9, 7), True),
        (date(2026, 10, 2), TODAY, True), (date(2026, 10, 3), TODAY, False),
    ],
)  # fmt: skip
def test_an_agreement_is_listed_where_one_of_its_days_is_among_those_asked_for(
    office: Office, first: date, last: date, *, is_listed: bool
) -> None:
    add_event_to(office, CALLUM, AGREED)

    assert bool(lines(office, first, last)) is is_listed


def test_an_agreement_ended_before_its_time_and_its_successor_are_two_entries(office: Office) -> None:
    for event in (
        AGREED, Event(EventKind.PART_TIME_AGREED, date(2026, 9, 18), until=date(2026, 9, 18)),
        Event(EventKind.PART_TIME_AGREED, date(2026, 11, 2), until=date(2026, 12, 4)),
    ):  # fmt: skip
        add_event_to(office, CALLUM, event)

    (line,) = lines(office)

    assert [entry[:2] for entry in line.entries] == [
        ("7 Sep 2026 to 18 Sep 2026", "ended before 25 Sep 2026"), ("2 Nov 2026 to 4 Dec 2026", "no day set"),
    ]  # fmt: skip


def test_an_extension_takes_the_place_of_what_was_agreed_before_it(office: Office) -> None:
    add_event_to(office, CALLUM, AGREED)
    extended = Event(
        EventKind.PART_TIME_AGREED, date(2026, 9, 25), until=date(2026, 10, 16), review_on=date(2026, 10, 9)
    )
    add_event_to(office, CALLUM, extended)

    (line,) = lines(office)

    assert [entry[:2] for entry in line.entries] == [
        ("7 Sep 2026 to 24 Sep 2026", "ended before 25 Sep 2026"),
        ("25 Sep 2026 to 16 Oct 2026", "due 9 Oct 2026, not held"),
    ]


def test_code_c2_outside_every_agreement_stands_as_a_line_of_its_own(office: Office) -> None:
    add_event_to(office, CALLUM, AGREED)
    add_marks(office, CALLUM, "C2", date(2026, 10, 2), date(2026, 10, 5))

    (line,) = lines(office)

    assert [(entry[0], entry[3]) for entry in line.entries] == [
        ("7 Sep 2026 to 2 Oct 2026", "2 sessions"), ("no agreement recorded", "2 sessions"),
    ]  # fmt: skip


# -- on paper -----------------------------------------------------------------------------------------------------


def test_the_lists_are_set_as_pages_of_the_days_asked_for(office: Office) -> None:
    gone(office)
    add_event_to(office, CALLUM, AGREED)

    text = printed(office)

    assert "1 September 2026 to 10 November 2026, both days included" in text
    assert "Made by Pat Mellor, office manager, on 10 November 2026." in text
    assert "Removed without notice: 1" in text
    assert "Allocated but not started: 0" in text
    assert "Nobody." in text
    assert "Part-time timetables: 1" in text
    assert "7 Sep 2026 to 2 Oct 2026" in text
    assert "Part-time timetables: 0" in printed(office, first=date(2026, 10, 3))


def test_days_before_the_records_begin_are_said_to_be_missing(office: Office) -> None:
    begin = load_lives(office).desk.roll.judgement.calendar.years[0].first_day
    days = f"{begin.day} {begin:%B} {begin.year}"

    assert f"begin on {days}: nothing is listed" in printed(office, first=date(2015, 9, 1))
    assert "nothing is listed" not in printed(office, first=begin)


@pytest.mark.parametrize(
    ("first", "last", "title"),
    [
        (TODAY, YESTERDAY, "The first day comes after the last."),
        (YESTERDAY, date(2026, 11, 11), "The last day is still to come."),
    ],
)
def test_days_that_make_no_period_are_refused(office: Office, first: date, last: date, title: str) -> None:
    with pytest.raises(BadInputError) as refused:
        printed(office, first, last)

    assert refused.value.title == title


def test_only_what_left_the_records_is_in_the_journal_and_only_its_days_and_counts(
    office: Office, tmp_path: Path
) -> None:
    gone(office)
    book = load_lives(office)
    days = {"first": AUTUMN.first, "last": AUTUMN.last}

    inspection.set_lists(office, book=book, **days)
    assert journal(office) == []

    inspection.give_for_printing(office, book=book, **days)
    saved = inspection.save_lists(office, book=book, **days, to=tmp_path / inspection.propose_name(AUTUMN))

    assert saved.name == "register-inspection-2026-09-01-to-2026-11-10.pdf"
    assert saved.read_bytes().startswith(b"%PDF")
    counts = {"from": "2026-09-01", "to": "2026-11-10", "removed": 1, "not_started": 0, "part_time": 0}
    assert [(line.act, line.details) for line in journal(office)] == [
        ("inspection lists printed", counts), ("inspection lists saved", counts),
    ]  # fmt: skip


def test_lists_that_could_not_be_written_are_not_said_to_be_saved(office: Office, tmp_path: Path) -> None:
    with pytest.raises(CmeError):
        inspection.save_lists(
            office, book=load_lives(office), first=AUTUMN.first, last=TODAY, to=tmp_path / "nowhere" / "lists.pdf"
        )

    assert journal(office) == []
