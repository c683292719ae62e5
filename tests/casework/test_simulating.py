"""Simulating a policy on real records: the past as the roll tells it, the policy of the day, and periods refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.made_up_school import MadeUpSchool, make_up_school
from cme_desktop.casework.office import Office
from cme_desktop.casework.past_roll import RecordedPast
from cme_desktop.casework.roll import load_roll
from cme_desktop.casework.simulating import (
    Difference,
    SimulatedPolicy,
    begin_simulation,
    load_supplied_policy,
    simulate_policy,
    suggest_period,
)
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.errors import BadInputError, CalendarError, CmeError, RefusedError
from cme_desktop.domain.events import Event, EventKind, VisitOutcome
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.paths import find_paths
from cme_desktop.policy.parameters import load_parameters
from cme_desktop.policy.review import review
from cme_desktop.policy.school_policy_text import read_school_policy
from cme_desktop.policy.simulate import RulebookPair, pair_rulebooks
from cme_desktop.storage.policies import AdoptedPolicy, adopt_policy
from cme_desktop.storage.pupils import SessionPattern
from tests.office import (
    FIRST_DAY,
    IMANI,
    LUCJA,
    TODAY,
    TOMASZ,
    YESTERDAY,
    add_event_to,
    add_marks,
    add_pupil,
    an_office,
    at,
    calendar_of,
)

ASPIRE = "aspire-academy"
DAY_2_VISIT = "aspire-academy.day-2-visit"


def visiting_on_day(office: Office, number: int) -> str:
    """The supplied document, with the visit of day 2 on another day."""
    text = load_supplied_policy(office, ASPIRE)
    place = text.index("n = 2\n", text.index('[[rule]]\nid = "day-2-visit"'))
    return f"{text[:place]}n = {number}\n{text[place + len('n = 2') + 1 :]}"


def simulated(office: Office, document: str, *, first: date = FIRST_DAY, last: date = YESTERDAY) -> SimulatedPolicy:
    return simulate_policy(office, document=document, first=first, last=last)


def visits(found: SimulatedPolicy) -> list[tuple[int | None, date | None, date | None, int | None]]:
    return [
        (flag.pupil_id, flag.row.before, flag.row.after, flag.row.school_days)
        for flag in found.flags
        if flag.row.rule_id == DAY_2_VISIT
    ]


# -- situations ------------------------------------------------------------------------------------------------


def test_a_child_away_over_a_half_term_would_have_been_visited_a_school_day_earlier(office: Office) -> None:
    """Thursday 22 October to Tuesday 3 November: the second school day is the Friday, and the week off counts none."""
    add_marks(office, LUCJA, "O", date(2026, 10, 22), date(2026, 11, 3))

    found = simulated(office, visiting_on_day(office, 1))

    assert visits(found) == [(LUCJA, date(2026, 10, 23), date(2026, 10, 22), -1)]
    (flag,) = [flag for flag in found.flags if flag.row.rule_id == DAY_2_VISIT]
    assert (flag.forename, flag.surname, flag.class_name) == ("Łucja", "Wiśniewska", "Oak")
    assert flag.difference_in_words == "1 school day earlier"
    assert flag.who(named=False) == "pupil 1"
    assert found.sentence == (
        "With The Aspire Academy from Thu 3 Sep 2026 to Mon 9 Nov 2026: of the flags, 1 earlier; "
        "as many calls and as many home visits."
    )


def test_half_a_term_later_is_counted_in_school_days(office: Office) -> None:
    add_marks(office, LUCJA, "O", date(2026, 10, 22), date(2026, 11, 6))

    found = simulated(office, visiting_on_day(office, 4))

    # Thu 22 and Fri 23 October, then Tue 3 and Wed 4 November: Monday the 2nd is an INSET day.
    assert visits(found) == [(LUCJA, date(2026, 10, 23), date(2026, 11, 4), 2)]


def test_nothing_would_have_changed(office: Office) -> None:
    add_marks(office, LUCJA, "O", date(2026, 10, 6), date(2026, 10, 9))

    found = simulated(office, load_supplied_policy(office, ASPIRE))

    assert found.flags == ()
    assert found.sentence == "Nothing would have changed from Thu 3 Sep 2026 to Mon 9 Nov 2026."


def test_one_day_away_is_a_visit_more_for_each_child(office: Office) -> None:
    for pupil in (LUCJA, TOMASZ):
        add_marks(office, pupil, "O", date(2026, 10, 6))

    found = simulated(office, visiting_on_day(office, 1))

    assert {flag.pupil_id for flag in found.flags} == {LUCJA, TOMASZ}
    assert {flag.difference for flag in found.flags} == {Difference.NEW}
    assert (found.simulation.calls, found.simulation.visits) == (0, 2)
    assert "of the flags, 2 new; as many calls and 2 more home visits." in found.sentence


def test_a_later_deadline_lists_nobody_and_is_told_in_the_sentence(office: Office) -> None:
    text = load_supplied_policy(office, ASPIRE)
    place = text.index('due = "same_day"', text.index('[[rule]]\nid = "day-2-visit"'))
    by_the_week = text[:place] + 'due = "this_week"' + text[place + len('due = "same_day"') :]
    add_marks(office, LUCJA, "O", date(2026, 10, 6), date(2026, 10, 7))

    found = simulated(office, by_the_week)

    assert found.flags == ()
    assert "the same flags, each from the same day; as many calls and as many home visits." in found.sentence
    assert found.sentence.endswith("Not listed: 1 flag would have asked for something else or by another time.")


def test_a_visit_more_to_a_child_in_care_makes_the_flag_last(office: Office) -> None:
    text = load_supplied_policy(office, ASPIRE)
    place = text.index("visits_below = 1", text.index('[[rule]]\nid = "day-1-visit"'))
    twice = text[:place] + "visits_below = 2" + text[place + len("visits_below = 1") :]
    add_marks(office, IMANI, "O", date(2026, 10, 6), date(2026, 10, 8))
    visit = Event(EventKind.HOME_VISIT, date(2026, 10, 7), time(11), outcome=VisitOutcome.NO_REPLY)
    add_event_to(office, IMANI, visit)

    found = simulated(office, twice)

    assert found.sentence.endswith("Not listed: 1 flag would have begun on the same day but lasted otherwise.")


def test_each_day_has_the_version_of_the_policy_adopted_by_then(office: Office) -> None:
    """The visit on day 1 was adopted on 12 October: from then on the changed document asks for nothing new."""
    day_1 = visiting_on_day(office, 1)
    with office.database.transaction() as db:
        adopt_policy(db, policy_id=ASPIRE, document=day_1, adopted_on=date(2026, 10, 12), why="", by=1)
    add_marks(office, LUCJA, "O", date(2026, 10, 6))
    add_marks(office, TOMASZ, "O", date(2026, 10, 13))

    found = simulated(office, day_1)

    assert visits(found) == [(LUCJA, None, date(2026, 10, 6), None)]


def test_a_school_without_a_policy_sees_all_that_it_would_bring(tmp_path: Path) -> None:
    office = an_office(tmp_path, policies=False)
    add_marks(office, LUCJA, "O", date(2026, 10, 6), date(2026, 10, 7))

    found = simulated(office, load_supplied_policy(office, ASPIRE))

    assert visits(found) == [(LUCJA, None, date(2026, 10, 7), None)]
    assert {flag.difference for flag in found.flags} == {Difference.NEW}
    # two duties of the school itself, never recorded as done
    of_the_school = [flag for flag in found.flags if flag.pupil_id is None]
    assert [flag.row.rule_id for flag in of_the_school] == [
        "aspire-academy.leadership-meeting", "aspire-academy.review",
    ]  # fmt: skip
    assert {flag.who(named=True) for flag in of_the_school} == {"the school"}
    office.database.close()


def test_today_counts_as_it_stands_now(office: Office) -> None:
    """At 9:40 the morning's mark is in: a child away today alone is on the first day of an absence."""
    add_marks(office, LUCJA, "O", TODAY, half=Half.AM)

    found = simulated(office, visiting_on_day(office, 1), last=TODAY)

    assert visits(found) == [(LUCJA, None, TODAY, None)]


def test_this_school_year_so_far_is_suggested(office: Office) -> None:
    assert suggest_period(office) == (FIRST_DAY, YESTERDAY)
    # in the summer after it, the whole of it; on the first INSET day, nothing yet
    assert suggest_period(at(office, datetime(2027, 8, 1, 9, 0, tzinfo=UTC))) == (FIRST_DAY, date(2027, 7, 21))
    with pytest.raises(CalendarError, match="No school day is over"):
        suggest_period(at(office, datetime(2026, 9, 2, 9, 0, tzinfo=UTC)))


def test_another_school_s_policy_brings_the_authority_s_that_it_adopts(office: Office) -> None:
    add_event_to(office, LUCJA, Event(EventKind.MISSING, date(2026, 10, 6)))

    found = simulated(office, load_supplied_policy(office, "kings-academy-ringmer"))

    ways = {(flag.row.rule_id.partition(".")[0], flag.difference) for flag in found.flags}
    assert ("east-sussex", Difference.NEW) in ways
    assert ("aspire-academy", Difference.GONE) in ways


def test_nothing_is_written(office: Office) -> None:
    add_marks(office, LUCJA, "O", date(2026, 10, 6))
    before = office.paths.records.read_bytes()

    simulated(office, visiting_on_day(office, 1))

    assert office.paths.records.read_bytes() == before


def test_a_week_at_a_time_finds_what_one_go_does(office: Office) -> None:
    add_marks(office, LUCJA, "O", date(2026, 10, 22), date(2026, 11, 3))
    document = visiting_on_day(office, 1)

    running = begin_simulation(office, document=document, first=FIRST_DAY, last=YESTERDAY)
    slices = 0
    while not running.is_done:
        running.judge_more()
        slices += 1

    assert running.days == 42
    assert slices == 9
    assert running.result(office) == simulated(office, document)


def test_a_stop_half_way_says_how_far_it_came(office: Office) -> None:
    told: list[int] = []

    found = simulate_policy(
        office, document=visiting_on_day(office, 1), first=FIRST_DAY, last=YESTERDAY,
        progress=lambda done, _: told.append(done), is_stopped=lambda: len(told) == 2,
    )  # fmt: skip

    assert told == [1, 2]
    assert not found.simulation.is_complete
    assert "the first 2 school days of 42" in found.sentence


# -- what is refused -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "kind", "said"),
    [
        (YESTERDAY, FIRST_DAY, BadInputError, "ends before it begins"),
        (FIRST_DAY, TODAY + timedelta(days=1), RefusedError, "has not been yet"),
        (date(2025, 9, 1), YESTERDAY, CalendarError, "outside the calendar"),
        (date(2024, 8, 1), YESTERDAY, CmeError, "before the law"),
        (date(2026, 10, 24), date(2026, 11, 1), CalendarError, "No school day"),
    ],
)
def test_a_period_that_cannot_be_judged_is_refused_in_words(
    office: Office, first: date, last: date, kind: type[CmeError], said: str
) -> None:
    with pytest.raises(kind, match=said):
        begin_simulation(office, document=load_supplied_policy(office, ASPIRE), first=first, last=last)


def test_a_period_before_the_records_begin_is_refused(office: Office) -> None:
    with office.database.transaction() as db:
        from cme_desktop.storage.school import load_school, save_school

        save_school(db, load_school(db).with_records_from(date(2026, 11, 3)))

    with pytest.raises(RefusedError, match="don’t reach back"):
        simulated(office, load_supplied_policy(office, ASPIRE), last=date(2026, 10, 9))


def test_a_document_with_faults_is_explained_line_by_line(office: Office) -> None:
    text = load_supplied_policy(office, ASPIRE).replace("n = 2\n", 'n = "two"\n', 1).replace('"now"', '"soon"', 1)

    with pytest.raises(BadInputError) as raised:
        begin_simulation(office, document=text, first=FIRST_DAY, last=YESTERDAY)

    # the clause that names the rule with the unknown severity finds it all the same: one fault is told once
    lines = [line.partition(":")[0] for line in raised.value.detail.split("\n")]
    assert lines == ["line 427", "line 465"]
    assert 'there is no severity "soon"' in raised.value.detail


def test_a_supplied_policy_that_there_is_not_is_named(office: Office) -> None:
    with pytest.raises(BadInputError, match="no-such-school"):
        load_supplied_policy(office, "no-such-school")


def test_an_adopted_policy_that_cannot_be_read_is_named_with_its_line(office: Office) -> None:
    broken = load_supplied_policy(office, ASPIRE).replace("n = 2\n", 'n = "two"\n', 1)
    with office.database.transaction() as db:
        adopt_policy(db, policy_id=ASPIRE, document=broken, adopted_on=date(2026, 10, 12), why="", by=1)

    with pytest.raises(BadInputError, match="aspire-academy: line 465"):
        simulated(office, load_supplied_policy(office, ASPIRE))


def test_what_is_looser_than_the_law_is_refused_with_the_law_s_words(office: Office) -> None:
    looser = '\n[[stricter]]\nparameter = "england.twenty-days.sessions"\nvalue = 60\nclause = "cover"\n'

    with pytest.raises(BadInputError, match="stricter than the law, never looser"):
        simulated(office, load_supplied_policy(office, ASPIRE) + looser)


# -- the past is what the roll of each day says ------------------------------------------------------------------


def assert_past_is_the_roll_of_each_day(office: Office, days: tuple[date, ...]) -> None:
    law = load_parameters((office.paths.resources / "parameters.toml").read_text("utf-8"))

    def pair(adopted: tuple[AdoptedPolicy, ...]) -> RulebookPair:
        policies = tuple(read_school_policy(one.document, parameters=law).policy for one in adopted)
        kept = tuple(policy for policy in policies if policy is not None)
        return pair_rulebooks(law, kept, kept[0])

    past = RecordedPast(office, days, calendar=calendar_of(office), pair=pair)
    for on in days:
        moment = office.local_now if on == office.today else datetime.combine(on, time.max)
        roll = load_roll(office, at=moment)
        judgement = past.judgement(on)
        plain = {record.pupil.id: record for record in roll.records}

        everybody = {record.pupil.id: record for record in past.records(judgement, quiet_too=True)}
        busy = {record.pupil.id for record in past.records(judgement, quiet_too=False)}

        assert judgement == roll.judgement
        assert everybody == plain
        judged = [record for pupil, record in plain.items() if pupil not in busy]
        rules = tuple(rule for rule in roll.rulebook.rules if rule.needs_absence_or_event)
        assert review(judged, judgement, replace(roll.rulebook, rules=rules)) == ()
        assert past.rulebooks(on).before.ids == roll.rulebook.ids


def test_every_day_of_a_small_school_is_read_as_the_roll_reads_it(office: Office) -> None:
    away = add_pupil(office, surname="Away", starting_day=date(2023, 9, 5), circumstances=[Circumstance.LOOKED_AFTER])
    add_marks(office, away, "O", FIRST_DAY, YESTERDAY)
    late = add_pupil(office, surname="Late", starting_day=date(2026, 9, 21))
    add_marks(office, late, "/", date(2026, 9, 24), date(2026, 10, 2))
    add_pupil(office, surname="Gone", left_on=date(2026, 9, 18))
    followed = add_pupil(office, surname="Followed", left_on=date(2026, 9, 25))
    add_event_to(office, followed, Event(EventKind.LEAVING, date(2026, 9, 22), leaving_on=date(2026, 9, 25)))
    reported = add_pupil(office, surname="Reported", left_on=date(2026, 9, 25))
    add_event_to(office, reported, Event(EventKind.MISSING, date(2026, 10, 15)))
    add_pupil(office, surname="Morning", patterns=(SessionPattern.read(FIRST_DAY, None, "mon-am tue-am thu-am"),))
    add_marks(office, LUCJA, "N", date(2026, 9, 10), half=Half.AM)
    add_marks(office, TOMASZ, "O", date(2026, 10, 22), date(2026, 11, 3))
    add_event_to(office, LUCJA, Event(EventKind.NOTE, date(2026, 9, 10)))
    add_event_to(office, TOMASZ, Event(EventKind.HOME_VISIT, TODAY, time(11), outcome=VisitOutcome.NO_REPLY))
    add_event_to(office, TOMASZ, Event(EventKind.HOME_VISIT, TODAY, time(9), outcome=VisitOutcome.NO_REPLY))

    assert_past_is_the_roll_of_each_day(office, calendar_of(office).school_days_between(FIRST_DAY, TODAY))


def test_over_two_school_years_the_past_is_the_roll_of_each_day(tmp_path: Path) -> None:
    """The summer between them, a child away over it, one not back since: lines are cut as the roll cuts them."""
    morning = datetime(2026, 11, 10, 9, 40, tzinfo=UTC)
    made = make_up_school(
        find_paths(tmp_path / "data"), MadeUpSchool(pupils=40, years=2), password="three odd words", now=lambda: morning
    )
    office = made.office
    away = add_pupil(office, surname="Away", starting_day=date(2023, 9, 5))
    add_marks(office, away, "O", date(2026, 7, 1), date(2026, 11, 6))
    add_marks(office, away, "/", date(2026, 3, 2), date(2026, 3, 6))
    never = add_pupil(office, surname="Never", starting_day=date(2023, 9, 5))
    add_marks(office, never, "O", date(2026, 1, 12), date(2026, 11, 6))
    calendar = calendar_of(office)
    days = calendar.school_days_between(date(2026, 6, 22), date(2026, 11, 6))

    assert_past_is_the_roll_of_each_day(office, (*days[:10], *days[17:60:3], *days[60::7]))
    office.database.close()
