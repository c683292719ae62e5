"""How long each kind of record is kept: the day before its time is over, the day, and the day after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from cme_desktop.policy.retention import (
    Decision,
    Judged,
    KeptRecord,
    Period,
    RecordKind,
    RunsFrom,
    Standing,
    Then,
    Years,
    end_of_school_year,
    judge_record,
    load_periods,
    years_later,
)

TEXT: Final = (Path(__file__).parents[2] / "resources" / "retention.toml").read_text("utf-8")
PERIODS: Final = load_periods(TEXT)
DAY: Final = timedelta(days=1)


def period(kind: RecordKind) -> Period:
    return PERIODS[kind]


def judged(kind: RecordKind, start: date | None, on: date, **facts: object) -> Judged:
    record = replace(KeptRecord(kind, "pupil:1", start), **facts)  # type: ignore[arg-type]
    return judge_record(record, period(kind), on=on)


SITUATIONS: Final = [
    # kind, the day its time runs from, the last day it is kept, what follows
    (RecordKind.REGISTER_ENTRY, date(2024, 9, 3), date(2030, 9, 3), Standing.DUE),
    (RecordKind.REGISTER_ENTRY, date(2024, 2, 29), date(2030, 3, 1), Standing.DUE),
    (RecordKind.REGISTER_ENTRY, date(2026, 2, 28), date(2032, 2, 28), Standing.DUE),
    (RecordKind.CORRECTION, date(2026, 11, 10), date(2032, 11, 10), Standing.DUE),
    (RecordKind.ABSENCE_LETTER, date(2026, 9, 1), date(2029, 8, 31), Standing.DUE),
    (RecordKind.ABSENCE_LETTER, date(2026, 8, 31), date(2028, 8, 31), Standing.DUE),
    (RecordKind.ABSENCE_LETTER, date(2027, 7, 20), date(2029, 8, 31), Standing.DUE),
    (RecordKind.CASE_FILE, date(2026, 12, 1), date(2032, 12, 1), Standing.TO_REVIEW),
    (RecordKind.CASE_FILE, date(2028, 2, 29), date(2034, 3, 1), Standing.TO_REVIEW),
    (RecordKind.PUPIL_FILE, date(2027, 7, 21), date(2033, 7, 21), Standing.TO_REVIEW),
    (RecordKind.SAFEGUARDING, date(2016, 2, 29), date(2041, 3, 1), Standing.TO_REVIEW),
    (RecordKind.SAFEGUARDING, date(2017, 3, 14), date(2042, 3, 14), Standing.TO_REVIEW),
]


@pytest.mark.parametrize(("kind", "start", "last", "then"), SITUATIONS)
def test_a_record_is_kept_through_its_last_day_and_due_on_the_next(
    kind: RecordKind, start: date, last: date, then: Standing
) -> None:
    before, on_it, after = (judged(kind, start, day) for day in (last - DAY, last, last + DAY))

    assert (before.standing, on_it.standing, after.standing) == (Standing.NOT_YET, Standing.NOT_YET, then)
    assert after.last_day == last


def test_a_correction_runs_from_its_own_day_not_from_the_mark_s() -> None:
    on = date(2032, 1, 1)

    assert judged(RecordKind.REGISTER_ENTRY, date(2024, 9, 3), on).standing is Standing.DUE
    assert judged(RecordKind.CORRECTION, date(2026, 9, 4), on).standing is Standing.NOT_YET


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (RecordKind.SAFEGUARDING, "date of birth"),
        (RecordKind.CASE_FILE, "case was closed"),
        (RecordKind.PUPIL_FILE, "day of leaving"),
    ],
)
def test_a_missing_day_is_a_finding_and_never_due(kind: RecordKind, says: str) -> None:
    may_go = Decision(may_go=True, until_day=None, made_on=date(2098, 1, 1), reason="Looked at")
    found = judged(kind, None, date(2099, 1, 1), decision=may_go)

    assert found.standing is Standing.UNKNOWN
    assert says in found.why


def test_the_journal_is_never_due() -> None:
    assert judged(RecordKind.JOURNAL, date(1990, 1, 1), date(2099, 1, 1)).standing is Standing.NOT_YET


def test_safeguarding_content_never_goes_unless_a_person_has_looked_since_its_time_was_over() -> None:
    born, over = date(2017, 3, 14), date(2042, 3, 15)
    early = Decision(may_go=True, until_day=None, made_on=date(2042, 3, 14), reason="Looked at")
    late = replace(early, made_on=over)

    assert period(RecordKind.SAFEGUARDING).then is Then.REVIEW
    assert judged(RecordKind.SAFEGUARDING, born, over).standing is Standing.TO_REVIEW
    assert judged(RecordKind.SAFEGUARDING, born, over, decision=early).standing is Standing.TO_REVIEW
    assert judged(RecordKind.SAFEGUARDING, born, over, decision=late).standing is Standing.DUE


def test_what_is_kept_on_is_looked_at_again_the_day_after() -> None:
    until = date(2035, 6, 1)
    keep = Decision(may_go=False, until_day=until, made_on=date(2032, 12, 2), reason="The authority still works on it.")
    closed = date(2026, 12, 1)
    before, on_it, after = (
        judged(RecordKind.CASE_FILE, closed, day, decision=keep) for day in (until - DAY, until, until + DAY)
    )

    assert (before.standing, on_it.standing, after.standing) == (Standing.HELD, Standing.HELD, Standing.TO_REVIEW)
    assert on_it.why == "Kept on until 1 June 2035: The authority still works on it."


def test_a_hold_and_what_today_s_list_counts_outweigh_everything() -> None:
    start, on = date(2020, 9, 3), date(2030, 1, 1)

    held = judged(RecordKind.REGISTER_ENTRY, start, on, holds=("A case is open.",))
    counted = judged(RecordKind.REGISTER_ENTRY, start, on, still_counts="It counts.")

    assert (held.standing, held.why) == (Standing.HELD, "A case is open.")
    assert (counted.standing, counted.why) == (Standing.HELD, "It counts.")


def test_a_longer_period_holds_from_its_first_day_for_what_is_there() -> None:
    old, new = Years(3, date(2013, 9, 1), date(2024, 8, 18)), Years(6, date(2024, 8, 19))
    dated = replace(period(RecordKind.REGISTER_ENTRY), values=(old, new))
    entry = KeptRecord(RecordKind.REGISTER_ENTRY, "pupil:1", date(2021, 8, 1))

    assert judge_record(entry, dated, on=date(2024, 8, 18)).standing is Standing.DUE
    assert judge_record(entry, dated, on=date(2024, 8, 19)).standing is Standing.NOT_YET
    assert judge_record(entry, dated, on=date(2013, 8, 31)).standing is Standing.NOT_YET


@pytest.mark.parametrize("kind", [kind for kind in RecordKind if kind is not RecordKind.JOURNAL])
@pytest.mark.parametrize("on", [date(2030, 2, 28), date(2030, 3, 1), date(2030, 3, 2), date(2032, 2, 29)])
def test_the_latest_start_that_is_due_is_due_and_the_day_after_is_not(kind: RecordKind, on: date) -> None:
    latest = period(kind).latest_start_due(on=on)

    assert latest is not None
    assert judged(kind, latest, on).standing is not Standing.NOT_YET
    assert judged(kind, latest + DAY, on).standing is Standing.NOT_YET


def test_no_start_is_due_where_no_period_is_known() -> None:
    assert period(RecordKind.JOURNAL).latest_start_due(on=date(2099, 1, 1)) is None
    assert period(RecordKind.REGISTER_ENTRY).latest_start_due(on=date(2024, 8, 18)) is None


def test_years_later_and_the_end_of_the_school_year() -> None:
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert years_later(date(2024, 2, 29), 6) == date(2030, 3, 1)
    assert end_of_school_year(date(2026, 8, 31)) == date(2026, 8, 31)
    assert end_of_school_year(date(2026, 9, 1)) == date(2027, 8, 31)


def test_each_kind_has_a_period_with_its_source_and_since_when() -> None:
    assert set(PERIODS) == set(RecordKind)
    for each in PERIODS.values():
        assert each.title
        assert each.reference
        assert all(years.from_day >= date(2024, 8, 19) for years in each.values)
    law = {kind for kind, each in PERIODS.items() if each.verified}
    assert law == {RecordKind.REGISTER_ENTRY, RecordKind.CORRECTION, RecordKind.PUPIL_FILE}
    assert PERIODS[RecordKind.REGISTER_ENTRY].on(date(2026, 11, 10)) == Years(6, date(2024, 8, 19))
    assert PERIODS[RecordKind.SAFEGUARDING].runs_from is RunsFrom.BORN


def test_a_period_holds_from_the_very_day_it_came_into_force() -> None:
    first = date(2026, 9, 1)

    assert [Years(6, first).holds_on(first + DAY * days) for days in (-1, 0, 1)] == [False, True, True]


@pytest.mark.parametrize(
    ("change", "is_known"),
    [({}, True), ({"then": Then.KEEP}, False), ({"runs_from": RunsFrom.NEVER}, False), ({"values": ()}, False)],
)
def test_no_end_is_known_of_what_is_kept_for_good_never_begins_or_has_no_period(
    change: dict[str, object], *, is_known: bool
) -> None:
    changed = replace(period(RecordKind.REGISTER_ENTRY), **change)  # type: ignore[arg-type]
    record = KeptRecord(RecordKind.REGISTER_ENTRY, "pupil:1", date(2010, 1, 4))

    assert (changed.last_day_kept(date(2010, 1, 4), on=date(2026, 11, 10)) is not None) is is_known
    is_due = judge_record(record, changed, on=date(2026, 11, 10)).standing is Standing.DUE
    assert is_due is is_known


def test_what_is_kept_on_without_a_day_is_kept_on() -> None:
    decided = Decision(may_go=False, until_day=None, made_on=date(2033, 1, 4), reason="A claim is likely.")

    found = judged(RecordKind.CASE_FILE, date(2026, 12, 1), date(2040, 1, 4), decision=decided)

    assert (found.standing, found.why) == (Standing.HELD, "Kept on: A claim is likely.")
