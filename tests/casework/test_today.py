from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from cme_desktop.casework.call_card import load_call_card
from cme_desktop.casework.explain import explain_flags
from cme_desktop.casework.outcomes import (
    AbsenceReason,
    Explanation,
    record_contact_attempt,
    record_lead_told,
    undo_last,
)
from cme_desktop.casework.today.round import begin_day, go_on
from cme_desktop.casework.today.rows import Group, RowKind, Shape, TileKey, TileState, TodayRow, TodayScreen
from cme_desktop.casework.today.screen import load_today, screen_of
from cme_desktop.casework.today.state import load_today_state, rejudge
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method, With
from cme_desktop.storage.contacts import list_contacts
from tests.office import (
    AISHA,
    CALLUM,
    FIRST_DAY,
    IMANI,
    LUCJA,
    STARTED,
    TODAY,
    TOMASZ,
    YESTERDAY,
    add_event_to,
    add_marks,
    add_pupil,
    an_office,
    at,
)

if TYPE_CHECKING:
    from pathlib import Path

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import ContactId, PupilId

EARLY = datetime(2026, 11, 10, 9, 12, tzinfo=UTC)


def _absent_today(office: Office, *pupils: PupilId, letter: str = "N") -> None:
    for pupil in pupils:
        add_marks(office, pupil, letter, TODAY, half=Half.AM)


def _row_of(screen: TodayScreen, pupil: PupilId) -> TodayRow:
    return next(row for row in screen.rows if pupil in row.pupils)


def _tile(screen: TodayScreen, key: TileKey) -> tuple[int, TileState]:
    return next((tile.count, tile.state) for tile in screen.tiles if tile.key is key)


def _first_contact(office: Office, pupil: PupilId) -> ContactId:
    with office.database.reading() as db:
        return list_contacts(db, pupil)[0].id


def test_everybody_present_leaves_nothing_to_do(office: Office) -> None:
    screen = load_today(office)

    assert screen.all_accounted_for
    assert screen.to_do == 0
    assert all(tile.state is TileState.DONE for tile in screen.tiles)
    assert (screen.balance.present, screen.balance.unknown) == (12, 0)


def test_an_unexplained_absence_is_on_the_list_before_the_register_closes(office: Office) -> None:
    _absent_today(office, AISHA)

    screen = load_today(at(office, EARLY))

    row = _row_of(screen, AISHA)
    assert (row.group, row.why, row.due_words) == (Group.BEFORE, "No reason given", "9:45")
    assert row.dots == (False, False)
    assert _tile(screen, TileKey.FIRST_CALLS) == (1, TileState.NEXT)


def test_before_registers_are_due_nobody_is_missing(office: Office) -> None:
    screen = load_today(at(office, datetime(2026, 11, 10, 8, 30, tzinfo=UTC)))

    assert not screen.balance.due
    assert not screen.rows


def test_a_watched_child_is_in_act_now_and_the_row_does_not_say_why(office: Office) -> None:
    _absent_today(office, IMANI)

    row = _row_of(load_today(office), IMANI)

    assert (row.group, row.shape) == (Group.NOW, Shape.NOW)
    assert row.why == "No reason given: use the faster ladder"
    assert "looked" not in row.spoken()
    assert row.to_tell


def test_brothers_and_sisters_share_a_row(office: Office) -> None:
    _absent_today(office, LUCJA, TOMASZ)

    row = _row_of(load_today(office), LUCJA)

    assert set(row.pupils) == {LUCJA, TOMASZ}
    assert row.why == "No reason given: two children, one call"
    assert row.beside == "Oak, Beech"


def test_a_register_not_taken_is_unknown_not_absent(office: Office) -> None:
    for forename in ("Ada", "Ben"):
        pupil_id = add_pupil(office, forename=forename, class_name="Elm", starting_day=STARTED)
        add_marks(office, pupil_id, "/", FIRST_DAY, YESTERDAY)

    screen = load_today(office)

    (row,) = (row for row in screen.rows if row.kind is RowKind.REGISTER)
    assert (row.name, row.beside, row.shape) == ("Elm", "2 pupils", Shape.UNKNOWN)
    assert (screen.balance.absent, screen.balance.unknown) == (0, 2)
    assert screen.to_do == 1
    assert _tile(screen, TileKey.REGISTERS) == (1, TileState.LATE)


def test_an_authorised_absence_needs_nothing_by_law(tmp_path: Path) -> None:
    office = an_office(tmp_path, policies=False)
    _absent_today(office, AISHA, letter="I")

    screen = load_today(office)

    assert _row_of(screen, AISHA).group is Group.EXPLAINED
    assert screen.to_do == 0


def test_a_policy_that_wants_daily_contact_does_not_call_the_absence_unexplained(office: Office) -> None:
    _absent_today(office, AISHA, letter="I")

    row = _row_of(load_today(office), AISHA)

    assert row.why == "Reason known: ring again today"


def test_what_must_be_done_before_a_quarter_to_ten_reaches_zero(office: Office) -> None:
    _absent_today(office, AISHA)
    early = at(office, EARLY)
    begun = begin_day(early)
    with office.database.reading() as db:
        mother, grandmother, _ = list_contacts(db, AISHA)

    for contact in (mother, grandmother):
        ring = partial(record_contact_attempt, pupils=(AISHA,), contact_id=contact.id, outcome=AttemptOutcome.NO_ANSWER)
        begun = go_on(early, begun.state, begun.screen, act=ring)

    assert _tile(begun.screen, TileKey.FIRST_CALLS)[0] == 0
    assert _tile(begun.screen, TileKey.CONTACTS)[0] == 0
    assert _tile(begun.screen, TileKey.LEAD)[0] == 1
    told = go_on(early, begun.state, begun.screen, act=lambda desk: record_lead_told(desk, pupils=(AISHA,)))
    assert _tile(told.screen, TileKey.LEAD)[0] == 0


def test_a_row_dealt_with_stays_ticked_in_its_place(office: Office) -> None:
    _absent_today(office, AISHA, CALLUM)
    begun = begin_day(office)
    contact = _first_contact(office, AISHA)
    places = [row.pupils for row in begun.screen.rows]

    after = go_on(
        office,
        begun.state,
        begun.screen,
        act=lambda desk: record_contact_attempt(
            desk, pupils=(AISHA,), contact_id=contact, outcome=AttemptOutcome.EXPLAINED,
            explanation=Explanation(AbsenceReason.ILLNESS),
        ),
    )  # fmt: skip

    acting = [row for row in after.screen.rows if row.group is not Group.EXPLAINED]
    assert [row.pupils for row in acting] == places
    assert _row_of(after.screen, AISHA).done
    assert begin_day(office).screen.to_do == begun.screen.to_do - 1


def test_an_undone_outcome_brings_the_row_back(office: Office) -> None:
    _absent_today(office, AISHA)
    begun = begin_day(office)
    contact = _first_contact(office, AISHA)
    tried = go_on(
        office,
        begun.state,
        begun.screen,
        act=lambda desk: record_contact_attempt(
            desk, pupils=(AISHA,), contact_id=contact, outcome=AttemptOutcome.NO_ANSWER
        ),
    )

    undone = go_on(office, tried.state, tried.screen, act=undo_last)

    assert _row_of(tried.screen, AISHA).dots == (True, False)
    assert _row_of(undone.screen, AISHA).dots == (False, False)


def test_judging_one_pupil_again_gives_what_judging_all_would(office: Office) -> None:
    _absent_today(office, AISHA, LUCJA)
    state = load_today_state(office)
    add_event_to(
        office,
        AISHA,
        Event(
            EventKind.CONTACT_ATTEMPT, TODAY, time(9, 20), with_=With.MOTHER, method=Method.PHONE,
            outcome=AttemptOutcome.EXPLAINED, reason="illness",
        ),
    )  # fmt: skip

    again = rejudge(office, state, (AISHA,))

    assert screen_of(again).groups == load_today(office).groups


def test_when_the_afternoon_is_due_everything_is_read_again(office: Office) -> None:
    state = load_today_state(office)

    later = rejudge(at(office, datetime(2026, 11, 10, 13, 40, tzinfo=UTC)), state, ())

    assert screen_of(later).balance.unknown == 12


def test_an_unaware_parent_makes_the_row_crimson_at_once(office: Office) -> None:
    _absent_today(office, AISHA)
    begun = begin_day(office)
    contact = _first_contact(office, AISHA)

    after = go_on(
        office,
        begun.state,
        begun.screen,
        act=lambda desk: record_contact_attempt(
            desk, pupils=(AISHA,), contact_id=contact, outcome=AttemptOutcome.UNAWARE
        ),
    )

    row = _row_of(after.screen, AISHA)
    assert row.why == "Whereabouts unknown: act at once"
    assert row.to_tell
    assert row.shape is Shape.NOW


def test_the_card_warns_first_and_never_shows_a_forbidden_number(office: Office) -> None:
    _absent_today(office, AISHA)

    card = load_call_card(office, AISHA)

    father = card.rungs[0]
    assert father.do_not_contact
    assert (father.number, father.ground) == ("", "Non-molestation order")
    assert [rung.relation for rung in card.rungs[1:]] == ["Mother", "Grandmother"]
    assert card.next_rung == 1
    assert (card.tried, card.to_try) == (0, 2)


def test_the_card_goes_on_to_the_contact_not_yet_tried(office: Office) -> None:
    _absent_today(office, LUCJA)
    record_contact_attempt(
        office, pupils=(LUCJA,), contact_id=_first_contact(office, LUCJA), outcome=AttemptOutcome.NO_ANSWER
    )

    card = load_call_card(office, LUCJA)

    assert card.rungs[card.next_rung].relation == "Grandmother"
    assert card.rungs[0].history == "9:40 no answer."
    assert card.rungs[1].history == "Not tried in this absence. The only one outside the home."


def test_the_card_shows_where_the_brother_is_and_the_last_days(office: Office) -> None:
    _absent_today(office, LUCJA)

    card = load_call_card(office, LUCJA)

    assert [sibling.words for sibling in card.siblings] == ["In school today"]
    assert len(card.last_days) == 8
    assert (card.last_days[-1].am.symbol, card.last_days[-1].pm.symbol) == ("N", "")
    assert card.last_seen == "Mon 9 Nov"
    assert "Polish" in [chip.text for chip in card.chips]


def test_the_card_never_says_that_a_child_was_seen_on_a_day_that_nobody_marked(office: Office) -> None:
    newcomer = add_pupil(office)
    add_marks(office, newcomer, "N", TODAY, half=Half.AM)
    sometimes = add_pupil(office, forename="Bryn")
    add_marks(office, sometimes, "/", date(2026, 11, 5))
    add_marks(office, sometimes, "N", TODAY, half=Half.AM)

    card, other = load_call_card(office, newcomer), load_call_card(office, sometimes)

    assert (card.last_seen, card.last_seen_detail) == ("Not known", "No mark says so; some sessions have no mark.")
    assert (other.last_seen, other.last_seen_detail) == ("Thu 5 Nov", "Attended. Some later sessions have no mark.")


def test_an_explanation_says_what_was_counted_and_what_was_not(office: Office) -> None:
    add_marks(office, AISHA, "N", date(2026, 11, 5), TODAY, half=Half.AM)
    state = load_today_state(office)
    flag = next(flag for flag in state.flags[AISHA] if flag.rule_id == "england.unresolved-n")

    (explained,) = explain_flags(state, AISHA, (flag,))

    assert explained.rule_id == "england.unresolved-n"
    assert "sessions counted" in explained.counted
    assert explained.clauses
    assert any(day.marks is not None and day.marks.am.counted for week in explained.weeks for day in week.days)


def test_names_hidden_leaves_only_numbers(office: Office) -> None:
    _absent_today(office, LUCJA, TOMASZ, AISHA)

    rows = [row for row in load_today(office).rows if row.group is not Group.EXPLAINED]

    assert all("Wiśniewsk" not in row.spoken(hidden=True) for row in rows)
    assert {row.hidden_name for row in rows} == {"Absence 1, 2", "Absence 3"}


@pytest.mark.parametrize(("minute", "words"), [(44, "9:45"), (46, "late, 9:45")])
def test_a_call_is_late_once_its_clock_time_has_passed(office: Office, minute: int, words: str) -> None:
    _absent_today(office, AISHA)

    screen = load_today(at(office, EARLY.replace(minute=minute)))

    assert _row_of(screen, AISHA).due_words == words


def test_a_state_can_be_shown_at_another_minute_without_reading(office: Office) -> None:
    state = load_today_state(at(office, EARLY))

    later = screen_of(replace(state, at=state.at.replace(hour=9, minute=20)))

    assert later.refresh_at == datetime(2026, 11, 10, 9, 30)  # noqa: DTZ001  the clock on the office wall


def test_a_pupil_who_has_no_session_now_is_not_expected_and_the_roll_still_adds_up(office: Office) -> None:
    _absent_today(office, AISHA, letter="X")

    balance = load_today(office).balance

    assert (balance.not_expected, balance.absent, balance.unknown) == (1, 0, 0)
    assert balance.present + balance.not_expected == balance.on_roll


def test_sessions_long_unmarked_share_a_row_that_knows_its_pupils(office: Office) -> None:
    newcomer = add_pupil(office, starting_day=date(2026, 11, 2))

    earlier = load_today(office).find("register:Oak:earlier")

    assert earlier is not None
    assert earlier.pupils == (newcomer,)
    assert earlier.why == "8 earlier sessions without a mark: open the register"
