"""A school year ends and the next begins: pupils move up, year 6 leaves, and all of it can be taken back."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from cme_desktop.casework.lives import missing
from cme_desktop.casework.new_year import begin
from cme_desktop.casework.new_year.begin import begin_new_year, undo_new_year
from cme_desktop.casework.new_year.carried import CarriedKind, load_carried
from cme_desktop.casework.new_year.dates import read_year_file
from cme_desktop.casework.new_year.desk import Turn, load_new_year
from cme_desktop.casework.new_year.moving_up import move_up_when_due
from cme_desktop.casework.new_year.plan import LeaverPlan, NewYearPlan, Onward, suggest_class, usual_onward
from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import load_roll
from cme_desktop.casework.today.round import begin_day
from cme_desktop.casework.today.state import load_today_state
from cme_desktop.domain.changes import Area
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import Destination, Event, EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import YearGroup
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage.events import list_events
from cme_desktop.storage.journal_check import check_journal
from cme_desktop.storage.pupils import PupilDetails, load_pupil
from tests.new_year import (
    FIRST_PUPIL_DAY,
    LAST_DAY,
    NEXT_YEAR,
    at_the_turn,
    enter_next_year,
    rows_of,
    to_secondary,
    usual_plan,
    without_inset,
)
from tests.office import CALLUM, KEY, LUCJA, TOMASZ, add_event_to, add_marks, add_pupil, an_office, at, calendar_of

ROOT = Path(__file__).parents[2]


def on(day: date, *, hour: int = 11) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def pupil(office: Office, pupil_id: PupilId) -> PupilDetails:
    with office.database.reading() as db:
        return load_pupil(db, pupil_id)


def standing(office: Office, pupil_id: PupilId) -> list[Event]:
    with office.database.reading() as db:
        return [each.event for each in list_events(db, pupil_id=pupil_id) if each.retracted_at is None]


def flags_of(office: Office, pupil_id: PupilId) -> set[str]:
    roll = load_roll(office)
    record = next(record for record in roll.records if record.pupil.id == pupil_id)
    return {flag.rule_id for flag in review_pupil(record, roll.judgement, roll.rulebook)}


# -- when ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "turn"),
    [
        (date(2027, 5, 31), Turn.TOO_EARLY),
        (date(2027, 6, 1), Turn.READY),
        (date(2027, 9, 20), Turn.READY),
        (date(2026, 11, 10), Turn.NO_YEAR_BEFORE),
    ],
)
def test_a_new_year_is_set_up_from_june_on(tmp_path: Path, day: date, turn: Turn) -> None:
    office, _, _ = at_the_turn(tmp_path, now=on(day))

    assert load_new_year(office).turn is turn


@pytest.mark.parametrize("day", [date(2027, 5, 31), date(2026, 11, 10)])
def test_at_any_other_time_it_is_refused_with_the_day_from_which_it_may(tmp_path: Path, day: date) -> None:
    office, _, _ = at_the_turn(tmp_path, now=on(day))

    with pytest.raises(RefusedError, match="June"):
        begin_new_year(office, usual_plan(office))


def test_the_year_is_set_up_once(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    plan = usual_plan(office)
    begin_new_year(office, plan)

    assert load_new_year(office).turn is Turn.DONE
    with pytest.raises(RefusedError, match="set up already"):
        begin_new_year(office, plan)


# -- what it does --------------------------------------------------------------------------------------------------


def test_pupils_keep_their_class_until_the_new_year_begins_and_move_up_on_its_first_day(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    begun = begin_new_year(office, usual_plan(office))

    assert (begun.moving, begun.leaving, begun.moved_now) == (12, 2, False)
    assert begun.moves_on == date(2027, 9, 1)
    begin_day(at(office, on(date(2027, 8, 31))))
    assert pupil(office, LUCJA).class_name == "Oak"

    begin_day(at(office, on(date(2027, 9, 1))))

    assert (pupil(office, LUCJA).class_name, pupil(office, LUCJA).year_group) == ("Elm", YearGroup.Y6)
    assert (pupil(office, TOMASZ).class_name, pupil(office, TOMASZ).year_group) == ("Ash", YearGroup.Y3)
    assert move_up_when_due(at(office, on(date(2027, 9, 1)))).areas == frozenset()


def test_begun_late_the_pupils_move_up_at_once(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path, now=on(date(2027, 9, 8)))

    begun = begin_new_year(office, usual_plan(office))

    assert begun.moved_now
    assert begun.moves_on == date(2027, 9, 8)
    assert pupil(office, LUCJA).class_name == "Elm"


def test_a_class_that_an_import_changed_in_the_summer_is_left_as_it_is(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    begin_new_year(office, usual_plan(office))
    with office.database.transaction() as db:
        db.execute(text("UPDATE pupil SET class_name = 'Rowan', year_group = '6' WHERE id = :id"), {"id": LUCJA})

    move_up_when_due(at(office, on(date(2027, 9, 1))))

    assert pupil(office, LUCJA).class_name == "Rowan"
    assert pupil(office, CALLUM).class_name == "Elm"


def test_a_pupil_kept_down_stays_in_the_year_and_one_of_year_6_kept_down_does_not_leave(tmp_path: Path) -> None:
    office, ned, ivy = at_the_turn(tmp_path)
    begin_new_year(office, usual_plan(office, otherwise={ned: Onward.Y6, TOMASZ: Onward.Y2}))

    move_up_when_due(at(office, on(date(2027, 9, 1))))

    assert pupil(office, ned).left_on is None
    assert pupil(office, ivy).left_on == LAST_DAY
    assert pupil(office, TOMASZ).year_group is YearGroup.Y2


def test_a_nursery_child_goes_nowhere_until_somebody_says_so(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    child = add_pupil(office, year_group=YearGroup.N2, class_name="Acorn", born=date(2022, 11, 1))

    with pytest.raises(BadInputError, match="1 pupil"):
        begin_new_year(office, usual_plan(office))
    begin_new_year(office, usual_plan(office, otherwise={child: Onward.R}))
    move_up_when_due(at(office, on(date(2027, 9, 1))))

    assert pupil(office, child).year_group is YearGroup.R


def test_a_new_starter_of_september_is_not_moved_up(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    starter = add_pupil(office, year_group=YearGroup.R, starting_day=FIRST_PUPIL_DAY, born=date(2022, 11, 1))

    begin_new_year(office, usual_plan(office))
    move_up_when_due(at(office, on(date(2027, 9, 3))))

    assert pupil(office, starter).year_group is YearGroup.R


def test_a_leaver_with_a_confirmed_place_and_one_without_any(tmp_path: Path) -> None:
    office, ned, ivy = at_the_turn(tmp_path)

    begun = begin_new_year(office, usual_plan(office, leavers=[to_secondary(ned)]))

    (leaving,) = standing(office, ned)
    assert (leaving.kind, leaving.leaving_on) == (EventKind.LEAVING, LAST_DAY)
    assert (leaving.destination, leaving.confirmed) == (Destination.KNOWN, True)
    assert "england.unknown-destination" not in flags_of(office, ned)
    assert "england.unknown-destination" in flags_of(office, ivy)
    assert begun.changes.touches(Area.PUPILS, Area.CALENDAR, Area.EVENTS)


def test_a_named_school_that_has_not_confirmed_stays_flagged(tmp_path: Path) -> None:
    office, ned, _ = at_the_turn(tmp_path)

    begin_new_year(office, usual_plan(office, leavers=[to_secondary(ned, confirmed_by="")]))

    assert "england.unknown-destination" in flags_of(office, ned)


def test_what_was_known_of_a_leaving_is_offered_and_not_written_twice(tmp_path: Path) -> None:
    office, ned, _ = at_the_turn(tmp_path)
    event = Event(EventKind.LEAVING, date(2027, 7, 5), leaving_on=LAST_DAY, destination=Destination.ABROAD)
    add_event_to(office, ned, event)
    known = next(line for line in load_new_year(office).pupils if line.id == ned).leaver
    assert known.destination is Destination.ABROAD

    begin_new_year(office, usual_plan(office, leavers=[known]))

    assert standing(office, ned) == [event]
    assert pupil(office, ned).left_on == LAST_DAY


def test_a_confirmed_place_needs_a_school(tmp_path: Path) -> None:
    office, ned, _ = at_the_turn(tmp_path)
    before = rows_of(office)

    with pytest.raises(BadInputError, match="not named"):
        begin_new_year(office, usual_plan(office, leavers=[LeaverPlan(ned, confirmed_by="Mrs Lund")]))

    assert rows_of(office) == before


def test_a_roll_that_changed_meanwhile_is_looked_at_again(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    plan = usual_plan(office)
    add_pupil(office, surname="New")

    with pytest.raises(RefusedError, match="roll has changed"):
        begin_new_year(office, plan)


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (replace(NEXT_YEAR, first_day=date(2027, 7, 20)), "begins before 2026/27 ends"),
        (replace(NEXT_YEAR, first_day=date(2028, 9, 1), last_day=date(2029, 7, 20), terms=()), "no term"),
    ],
)
def test_dates_of_no_next_year_are_refused(tmp_path: Path, year: object, said: str) -> None:
    office, _, _ = at_the_turn(tmp_path)

    with pytest.raises(BadInputError, match=said):
        begin_new_year(office, usual_plan(office, year=year))  # type: ignore[arg-type]


def test_a_calendar_entered_before_needs_no_dates(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    enter_next_year(office)
    calendar = calendar_of(office)

    begin_new_year(office, usual_plan(office, year=None))

    assert calendar_of(office) == calendar


# -- over the turn of the year -------------------------------------------------------------------------------------


def test_illness_is_counted_from_nought_in_the_new_year(tmp_path: Path) -> None:
    """Worked case 10: thirteen days of illness by 21 July and three more in September ask for no sickness return."""
    office, _, _ = at_the_turn(tmp_path, now=on(LAST_DAY, hour=15))
    add_marks(office, LUCJA, "/", date(2026, 11, 10), date(2027, 7, 2))
    add_marks(office, LUCJA, "I", date(2027, 7, 5), LAST_DAY)
    assert "england.sickness-approaching" in flags_of(office, LUCJA)
    begin_new_year(office, usual_plan(office))
    later = at(office, on(date(2027, 9, 7), hour=15))
    begin_day(later)
    add_marks(office, LUCJA, "I", FIRST_PUPIL_DAY, date(2027, 9, 7))

    assert not {"england.sickness-return", "england.sickness-approaching"} & flags_of(later, LUCJA)


@pytest.mark.parametrize(("starts", "owed"), [(FIRST_PUPIL_DAY, False), (date(2027, 9, 6), True)])
def test_the_reception_intake_owes_no_return_on_the_first_day_of_the_new_year_only(
    tmp_path: Path, starts: date, *, owed: bool
) -> None:
    """Worked case 33."""
    office, _, _ = at_the_turn(tmp_path)
    begin_new_year(office, usual_plan(office))
    starter = add_pupil(office, year_group=YearGroup.R, starting_day=starts, born=date(2022, 11, 1))
    later = at(office, on(date(2027, 9, 7)))
    begin_day(later)

    assert ("england.new-pupil-return" in flags_of(later, starter)) is owed


def test_a_year_6_leaver_owes_no_deletion_return_and_the_transfer_file_is_due(tmp_path: Path) -> None:
    """Worked case 34."""
    office, ned, _ = at_the_turn(tmp_path)
    begin_new_year(office, usual_plan(office, leavers=[to_secondary(ned)]))

    assert "england.transfer-file-due" not in flags_of(at(office, on(LAST_DAY)), ned)
    after = at(office, on(date(2027, 7, 22)))
    begin_day(after)
    found = flags_of(after, ned)
    assert "england.deletion-return" not in found
    assert {"england.transfer-file-due", "england.arrival-confirmed"} <= found
    in_september = at(office, on(date(2027, 9, 24)))
    begin_day(in_september)
    assert "england.deletion-return" not in flags_of(in_september, ned)


def test_a_leaver_is_marked_through_the_last_day_and_not_after(tmp_path: Path) -> None:
    office, ned, _ = at_the_turn(tmp_path)
    begin_new_year(office, usual_plan(office, leavers=[to_secondary(ned)]))

    assert pupil(office, ned).is_on_roll(LAST_DAY)
    assert not pupil(office, ned).is_on_roll(date(2027, 7, 22))


def test_a_child_who_has_died_neither_moves_up_nor_leaves_for_anywhere(tmp_path: Path) -> None:
    office, ned, _ = at_the_turn(tmp_path)
    died = Event(EventKind.DIED, date(2027, 5, 4))
    for child in (ned, LUCJA):
        add_event_to(office, child, died)

    assert not {ned, LUCJA} & {line.id for line in load_new_year(office).pupils}
    begin_new_year(office, usual_plan(office))
    move_up_when_due(at(office, on(FIRST_PUPIL_DAY)))

    assert standing(office, ned) == [died]
    assert pupil(office, ned).left_on is None
    assert pupil(office, LUCJA).class_name == "Oak"


# -- what goes on --------------------------------------------------------------------------------------------------


def test_what_goes_on_over_the_summer_is_listed_by_kind(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    add_marks(office, CALLUM, "N", date(2027, 7, 8))
    missing.report_missing(office, pupil_id=LUCJA, on=date(2027, 7, 9), at=None, last_seen="At the gate")
    missing.record_found(office, pupil_id=LUCJA, on=date(2027, 7, 9), at=None, where="At home", by="Father")
    leave = Event(EventKind.LEAVE_GRANTED, date(2027, 7, 1), from_=date(2027, 7, 19), to=date(2027, 9, 10))
    add_event_to(office, TOMASZ, leave)
    add_event_to(office, TOMASZ, Event(EventKind.PART_TIME_AGREED, date(2027, 7, 1), until=date(2027, 10, 1)))

    lines = load_carried(office, load_new_year(office))

    said = {(line.kind, line.name, line.words) for line in lines}
    assert (CarriedKind.MARK, "Callum Birtles", "Thu 8 Jul, morning") in said
    assert (CarriedKind.LEAVE, "Tomasz Wiśniewski", "Granted from Mon 19 Jul to Fri 10 Sep") in said
    assert (CarriedKind.AGREEMENT, "Tomasz Wiśniewski", "Part-time timetable to Fri 1 Oct") in said
    flags = {(line.pupil_id, line.words) for line in lines if line.kind is CarriedKind.FLAG}
    assert (LUCJA, "Found: check, interview, review") in flags


def test_leave_that_ends_before_the_last_day_is_not_carried_over(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    for end, pupil_id in ((date(2027, 7, 20), LUCJA), (LAST_DAY, TOMASZ)):
        add_event_to(
            office, pupil_id, Event(EventKind.LEAVE_GRANTED, date(2027, 7, 1), from_=date(2027, 7, 12), to=end)
        )

    lines = load_carried(office, load_new_year(office))

    assert [line.pupil_id for line in lines if line.kind is CarriedKind.LEAVE] == [TOMASZ]


# -- taking it back ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", ["not", "other", "same"])
@pytest.mark.parametrize("moved", [False, True])
def test_taken_back_every_row_is_what_it_was(tmp_path: Path, known: str, *, moved: bool) -> None:
    office, ned, _ = at_the_turn(tmp_path)
    if known != "not":
        enter_next_year(office)
    before = rows_of(office)
    year = {"not": NEXT_YEAR, "other": without_inset(NEXT_YEAR), "same": None}[known]
    begun = begin_new_year(office, usual_plan(office, year=year, leavers=[to_secondary(ned)]))
    assert rows_of(office) != before
    if moved:
        move_up_when_due(at(office, on(date(2027, 9, 1))))
        assert pupil(office, LUCJA).class_name == "Elm"

    undo_new_year(office, begun.act_id)

    assert rows_of(office) == before
    assert load_new_year(office).turn is Turn.READY
    with office.database.reading() as db:
        assert check_journal(db).ok


def test_taken_back_it_can_be_done_again(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    undo_new_year(office, begin_new_year(office, usual_plan(office)).act_id)

    begin_new_year(office, usual_plan(office))

    assert calendar_of(office).years[-1] == NEXT_YEAR


def test_it_is_taken_back_once(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    begun = begin_new_year(office, usual_plan(office))
    undo_new_year(office, begun.act_id)

    with pytest.raises(RefusedError, match="undone already"):
        undo_new_year(office, begun.act_id)


def test_marks_of_the_new_year_keep_it_from_being_taken_back(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path, now=on(date(2027, 9, 3), hour=9))
    enter_next_year(office)
    begun = begin_new_year(office, usual_plan(office, year=None))
    later = at(office, on(date(2027, 9, 6)))
    with later.database.transaction() as db:
        db.execute(text("UPDATE import_batch SET made_at = '2027-09-01 08:00:00' WHERE kind = 'typed'"))
    add_marks(office, LUCJA, "/", FIRST_PUPIL_DAY)
    with later.database.transaction() as db:
        db.execute(
            text(
                "UPDATE import_batch SET made_at = '2027-09-06 08:00:00' WHERE id = (SELECT max(id) FROM import_batch)"
            )
        )
    before = rows_of(office)

    with pytest.raises(RefusedError, match="2 marks of the new year"):
        undo_new_year(later, begun.act_id)

    assert rows_of(office) == before


def test_a_pupil_changed_since_keeps_it_from_being_taken_back(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path, now=on(date(2027, 9, 3), hour=9))
    begun = begin_new_year(office, usual_plan(office))
    with office.database.transaction() as db:
        db.execute(text("UPDATE pupil SET class_name = 'Rowan' WHERE id = :id"), {"id": LUCJA})

    with pytest.raises(RefusedError, match="1 pupil changed class"):
        undo_new_year(office, begun.act_id)


def test_more_written_about_a_leaving_keeps_it_from_being_taken_back(tmp_path: Path) -> None:
    office, ned, _ = at_the_turn(tmp_path)
    begun = begin_new_year(office, usual_plan(office, leavers=[to_secondary(ned)]))
    add_event_to(office, ned, Event(EventKind.TRANSFER_FILE_SENT, date(2027, 7, 12)))

    with pytest.raises(RefusedError, match="leaving of 1 pupil"):
        undo_new_year(office, begun.act_id)


def test_dates_changed_since_keep_it_from_being_taken_back(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    begun = begin_new_year(office, usual_plan(office))
    enter_next_year(office)
    with office.database.transaction() as db:
        db.execute(
            text(
                "DELETE FROM no_school_day WHERE id = (SELECT max(id) FROM no_school_day WHERE kind <> 'bank holiday')"
            )
        )

    with pytest.raises(RefusedError, match="dates of the new year"):
        undo_new_year(office, begun.act_id)


# -- all or nothing ------------------------------------------------------------------------------------------------


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, _, _ = at_the_turn(tmp_path)
    plan, before = usual_plan(office), rows_of(office)

    def fail(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(begin, "write_journal", fail)
    with pytest.raises(OSError):  # noqa: PT011  the one raised above
        begin_new_year(office, plan)

    assert rows_of(office) == before
    assert load_new_year(office).act is None


KILLED = """
import os, sys
from datetime import datetime, UTC
from pathlib import Path
from cme_desktop.casework.new_year import begin
from cme_desktop.casework.office import Office
from cme_desktop.paths import find_paths
from cme_desktop.storage.database import open_database
from tests.new_year import JULY, usual_plan
from tests.office import KEY, MANAGER
paths = find_paths(Path(sys.argv[1]))
office = Office(open_database(paths.records, KEY), lambda: JULY, MANAGER, paths)
begin.write_journal = lambda *a, **b: os._exit(9)
begin.begin_new_year(office, usual_plan(office))
"""


def test_the_program_killed_half_way_leaves_nothing(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    before = rows_of(office)
    office.database.close()

    killed = subprocess.run([sys.executable, "-c", KILLED, str(office.paths.data)], cwd=ROOT, check=False)

    assert killed.returncode == 9
    again = an_office_at(office)
    assert rows_of(again) == before
    assert load_new_year(again).act is None


def an_office_at(office: Office) -> Office:
    from cme_desktop.storage.database import open_database

    return Office(open_database(office.paths.records, KEY), office.now, office.user, office.paths)


# -- what Today says -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2027, 6, 22), ""),
        (date(2027, 6, 23), "The calendar ends on Wed 21 Jul"),
        (LAST_DAY, "The calendar ends on Wed 21 Jul"),
        (date(2027, 7, 22), "The calendar ended on Wed 21 Jul"),
    ],
)
def test_today_says_from_twenty_school_days_before_that_the_calendar_ends(tmp_path: Path, day: date, said: str) -> None:
    office, _, _ = at_the_turn(tmp_path, now=on(day))

    assert load_today_state(office).year_turn == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2027, 6, 22), ""),
        (date(2027, 6, 23), "The school year 2026/27 ends on Wed 21 Jul"),
        (date(2027, 9, 30), "The school year 2026/27 ended on Wed 21 Jul"),
        (date(2027, 10, 1), ""),
    ],
)
def test_today_says_that_the_classes_still_stand_where_the_next_dates_are_known(
    tmp_path: Path, day: date, said: str
) -> None:
    office, _, _ = at_the_turn(tmp_path, now=on(day))
    enter_next_year(office)

    assert load_today_state(office).year_turn == said


def test_today_says_nothing_once_the_year_is_set_up(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path)
    begin_new_year(office, usual_plan(office))

    assert load_today_state(office).year_turn == ""


def test_in_the_middle_of_a_year_today_says_nothing(tmp_path: Path) -> None:
    assert load_today_state(an_office(tmp_path)).year_turn == ""


# -- dates from a file ---------------------------------------------------------------------------------------------

TERMS = """Term,First day,Last day
Autumn 1,01/09/2027,22/10/2027
Half term holiday,25/10/2027,29/10/2027
Autumn 2,01/11/2027,17/12/2027
INSET day,01/09/2027,01/09/2027
INSET day,02/09/2027,02/09/2027
Spring 1,04/01/2028,11/02/2028
INSET day,04/01/2028,04/01/2028
Spring 2,21/02/2028,31/03/2028
Summer 1,18/04/2028,26/05/2028
Summer 2,05/06/2028,21/07/2028
"""


def test_the_next_year_is_read_from_a_file_of_terms(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    file = tmp_path / "terms.csv"
    file.write_text(TERMS, "utf-8")

    assert read_year_file(office, file, first_year=2027) == NEXT_YEAR


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (TERMS.replace("2028", "2029").replace("2027", "2028"), "does not hold the school year 2027/28"),
        ("\n".join(TERMS.splitlines()[:6]), "2 terms, where six half terms"),
        (TERMS.replace("18/04/2028", "18/24/2028"), "could not be read"),
    ],
)
def test_a_file_that_does_not_give_the_year_is_explained(tmp_path: Path, words: str, said: str) -> None:
    office = an_office(tmp_path)
    file = tmp_path / "terms.csv"
    file.write_text(words, "utf-8")

    with pytest.raises(BadInputError, match=said):
        read_year_file(office, file, first_year=2027)


# -- what is suggested ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "fits", "onward"),
    [
        (YearGroup.N1, False, Onward.N2),
        (YearGroup.N2, False, Onward.UNDECIDED),
        (YearGroup.R, False, Onward.Y1),
        (YearGroup.Y5, False, Onward.Y6),
        (YearGroup.Y6, False, Onward.LEAVES),
        (YearGroup.Y6, True, Onward.Y6),
        (None, False, Onward.UNDECIDED),
    ],
)
def test_where_a_year_group_usually_goes(group: YearGroup | None, onward: Onward, *, fits: bool) -> None:
    assert usual_onward(group, fits_new_year=fits) is onward


@pytest.mark.parametrize(
    ("name", "group", "onward", "suggested"),
    [
        ("4A", YearGroup.Y4, Onward.Y5, "5A"),
        ("Oak", YearGroup.Y4, Onward.Y5, "Elm"),
        ("Oak", YearGroup.Y4, Onward.Y4, "Oak"),
        ("Oak", YearGroup.Y4, Onward.Y6, ""),
        ("Oak", YearGroup.Y6, Onward.LEAVES, ""),
    ],
)
def test_the_next_class_is_suggested_where_something_speaks_for_it(
    name: str, group: YearGroup, onward: Onward, suggested: str
) -> None:
    assert suggest_class(name, group, onward, {"Elm": YearGroup.Y5}) == suggested


@pytest.mark.parametrize(("still_to_move", "turn"), [(0, Turn.IN_PLACE), (1, Turn.IN_PLACE), (2, Turn.READY)])
def test_a_roll_that_an_import_moved_up_already_needs_no_new_year(
    tmp_path: Path, still_to_move: int, turn: Turn
) -> None:
    office, ned, ivy = at_the_turn(tmp_path, now=on(date(2027, 9, 8)))
    enter_next_year(office)
    add_pupil(office, born=date(2016, 3, 14), year_group=YearGroup.Y6, starting_day=date(2024, 9, 3))
    rest = [line.id for line in load_new_year(office).pupils if line.id not in {ned, ivy}]
    with office.database.transaction() as db:
        db.execute(text("update pupil set left_on = '2027-07-21' where id in (:one, :two)"), {"one": ned, "two": ivy})
        for place, pupil_id in enumerate(rest):
            group = YearGroup.Y4 if place < still_to_move else YearGroup.Y5
            name = "Ash" if place < 4 else "Oak"
            known = {"id": pupil_id, "born": "2018-03-14", "group": group.value, "name": name}
            db.execute(
                text("update pupil set born = :born, year_group = :group, class_name = :name where id = :id"), known
            )

    desk = load_new_year(office)

    assert len(rest) == 13
    assert desk.turn is turn


def test_of_classes_that_stand_already_it_says_when_the_next_year_may_be_set_up(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path, now=on(date(2027, 9, 8)))
    with office.database.transaction() as db:
        db.execute(text("update pupil set born = '2018-03-14', year_group = '5'"))

    with pytest.raises(RefusedError, match="already stand in it") as refused:
        begin_new_year(office, NewYearPlan(NEXT_YEAR, (), ()))

    assert "from 1 June 2028" in refused.value.remedy


def test_late_a_pupil_whom_an_import_moved_up_already_is_not_moved_twice(tmp_path: Path) -> None:
    office, _, _ = at_the_turn(tmp_path, now=on(date(2027, 9, 8)))
    moved = add_pupil(office, born=date(2018, 3, 14), year_group=YearGroup.Y5, starting_day=date(2024, 9, 3))

    line = next(line for line in load_new_year(office).pupils if line.id == moved)

    assert line.usual is Onward.Y5
