"""A leaving as it is recorded: where to, since when nothing is confirmed, and which stay it belongs to."""

from __future__ import annotations

from datetime import date

import pytest

from cme_desktop.domain.events import Destination, Event, EventKind
from cme_desktop.policy.departure import Departure
from tests.builders import a_record, an_event, close_of, day, facts_of

LAST_DAY = day("11 Sep")


def leaving(on: str = "9 Sep", destination: Destination | None = Destination.UNKNOWN, **facts: object) -> Event:
    return an_event(EventKind.LEAVING, on, None, leaving_on=LAST_DAY, destination=destination, **facts)


def departure(*events: Event, on: str = "18 Sep", starting_day: date | None = date(2023, 9, 5)) -> Departure:
    judged = close_of(on)
    found = facts_of(a_record(judged=judged, events=events, starting_day=starting_day), judged).departure
    assert found is not None
    return found


def since(*events: Event) -> date | None:
    return departure(*events).unconfirmed_since


def removed(ground: str | None, on: str = "14 Sep") -> Event:
    return an_event(EventKind.REMOVED, on, ground=ground)


def arrived(on: str = "15 Sep") -> Event:
    return an_event(EventKind.ARRIVAL_CONFIRMED, on)


# -- what is confirmed ---------------------------------------------------------------------------------------------


def test_an_unknown_destination_is_unconfirmed_from_the_first_word_of_it() -> None:
    assert since(leaving()) == day("9 Sep")
    assert since(leaving(), leaving("10 Sep")) == day("9 Sep")
    assert departure(leaving(destination=None)).destination is Destination.UNKNOWN


def test_a_confirmed_destination_stays_confirmed_once_the_name_is_removed() -> None:
    named = leaving(destination=Destination.KNOWN, confirmed=True)

    assert since(named) is None
    assert since(named, removed(None)) is None
    assert since(leaving(destination=Destination.KNOWN), removed(None)) == day("9 Sep")
    assert since(leaving(destination=Destination.UNKNOWN, confirmed=True)) == day("9 Sep")


def test_a_later_word_takes_the_place_of_the_one_before() -> None:
    named = leaving(destination=Destination.KNOWN, confirmed=True)

    assert since(named, leaving("10 Sep")) == day("10 Sep")
    assert since(leaving(), leaving("10 Sep", Destination.KNOWN, confirmed=True)) is None


def test_an_arrival_makes_known_what_was_unknown_and_leaves_abroad_as_it_was() -> None:
    there = departure(leaving(), arrived())
    abroad = departure(leaving(destination=Destination.ABROAD), arrived())

    assert (there.destination, there.unconfirmed_since) == (Destination.KNOWN, None)
    assert (abroad.destination, abroad.unconfirmed_since) == (Destination.ABROAD, None)
    assert departure(leaving(destination=Destination.KNOWN, confirmed=True), arrived()).unconfirmed_since is None


def test_an_arrival_counts_from_the_day_of_the_first_word_and_not_the_day_before() -> None:
    assert since(arrived("8 Sep"), leaving()) == day("9 Sep")
    assert since(arrived("9 Sep"), leaving()) is None


def test_a_letter_of_home_education_counts_until_a_later_word_of_leaving() -> None:
    letter = an_event(EventKind.HOME_EDUCATION_LETTER, "10 Sep", from_=day("14 Sep"))
    call = an_event(EventKind.SUPPORT_AGREED, "11 Sep")

    assert since(leaving(), letter, call) is None
    assert since(leaving(), letter, leaving("11 Sep")) == day("9 Sep")
    assert since(leaving(), call) == day("9 Sep")


@pytest.mark.parametrize("destination", [Destination.ABROAD, Destination.OUTSIDE_STATE_SECTOR])
def test_a_forwarding_address_that_names_the_school_confirms_one_beyond_the_state(destination: Destination) -> None:
    def address(on: str, *, school: bool) -> Event:
        return an_event(EventKind.FORWARDING_ADDRESS, on, school=school)

    beyond = leaving(destination=destination)
    assert since(beyond, address("9 Sep", school=True)) is None
    assert since(beyond, address("10 Sep", school=True)) is None
    assert since(beyond, address("10 Sep", school=False)) == day("9 Sep")
    assert since(address("8 Sep", school=True), beyond) == day("9 Sep")
    assert since(leaving(), address("10 Sep", school=True)) == day("9 Sep")
    assert since(beyond, an_event(EventKind.SUPPORT_AGREED, "10 Sep", school=True)) == day("9 Sep")


@pytest.mark.parametrize(
    ("ground", "is_clear"),
    [
        ("a", True),
        ("c", True),
        ("d", True),
        ("e", True),
        ("f", True),
        ("j", True),
        ("k", True),
        ("b", False),
        ("i", False),
        (None, False),
    ],
)
def test_some_grounds_say_by_themselves_where_the_child_is(ground: str | None, *, is_clear: bool) -> None:
    assert (since(removed(ground)) is None) is is_clear


@pytest.mark.parametrize(("ground", "is_clear"), [("a", False), ("e", True), ("k", True), ("b", False)])
def test_after_an_unknown_destination_a_school_named_by_the_ground_is_not_enough(
    ground: str, *, is_clear: bool
) -> None:
    assert (since(leaving(), removed(ground)) is None) is is_clear


# -- which school --------------------------------------------------------------------------------------------------


def a_departure(destination: Destination, *, confirmed: bool = True, ground: str | None = None) -> Departure:
    return Departure(LAST_DAY, destination, None if confirmed else LAST_DAY, None, ground)


def test_a_child_who_died_goes_to_no_school() -> None:
    assert not a_departure(Destination.KNOWN, ground="k").is_to_named_school


def test_a_school_is_known_by_name_or_beyond_the_state_once_confirmed() -> None:
    assert a_departure(Destination.KNOWN).is_to_named_school
    assert a_departure(Destination.KNOWN).is_to_known_school
    assert not a_departure(Destination.ABROAD).is_to_named_school
    assert a_departure(Destination.ABROAD).is_to_known_school
    assert not a_departure(Destination.ABROAD, confirmed=False).is_to_known_school
    assert not a_departure(Destination.UNKNOWN).is_to_known_school
    assert not a_departure(Destination.ABROAD, ground="f").is_to_known_school
    assert not a_departure(Destination.KNOWN, ground="f").is_to_named_school


def test_of_two_removals_the_later_says_under_which_ground() -> None:
    found = departure(removed("a", "14 Sep"), removed("b", "16 Sep"))

    assert (found.ground, found.removed_on) == ("b", day("16 Sep"))


def test_the_last_day_is_still_a_day_at_the_school() -> None:
    gone = a_departure(Destination.KNOWN)

    assert [gone.has_left(day(each)) for each in ("10 Sep", "11 Sep", "12 Sep")] == [False, False, True]
    assert Departure(LAST_DAY, Destination.KNOWN, None, day("10 Sep"), None).has_left(day("10 Sep"))


# -- which stay ----------------------------------------------------------------------------------------------------


def test_what_belongs_to_an_earlier_stay_is_left_out() -> None:
    judged = close_of("18 Sep")
    earlier = (leaving("3 Sep"), removed("a", "4 Sep"), an_event(EventKind.SUPPORT_AGREED, "4 Sep"))
    later = an_event(EventKind.SUPPORT_AGREED, "10 Sep")

    def stay(*events: Event, starting: str) -> tuple[Event, ...]:
        record = a_record(judged=judged, events=events, starting_day=day(starting))
        return facts_of(record, judged).events_of_stay

    assert stay(*earlier, later, starting="7 Sep") == (earlier[2], later)
    assert stay(*earlier, starting="4 Sep") == earlier
    assert stay(removed("a", "4 Sep"), later, starting="7 Sep") == (later,)
    assert stay(earlier[0], later, starting="7 Sep") == (earlier[0], later)
    assert stay(starting="7 Sep") == ()
