"""A child who leaves: the last day on roll, the removal, an earlier stay, and which rules still speak."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cme_desktop.domain.events import Destination, Event, EventKind, Recipient, ReturnKind
from cme_desktop.domain.pupils import YearGroup
from cme_desktop.policy.absence import Cause
from cme_desktop.policy.record import SchoolRecord
from cme_desktop.policy.rules import RULES
from tests.builders import a_calendar_of_two_years, a_record, an_event, at, close_of, day, facts_of, flags_of

OF_LEAVING = {
    "england.new-pupil-return", "england.deletion-return", "england.unknown-destination", "england.arrival-confirmed",
    "england.transfer-file-due", "england.child-protection-file", "england.home-education-notice",
    "england.children-not-in-school", "england.reported-concern",
}  # fmt: skip


def test_only_rules_of_joining_and_leaving_hold_after_leaving() -> None:
    assert {rule.id for rule in RULES if rule.after_leaving} == OF_LEAVING


@pytest.mark.parametrize(("on", "is_off"), [("15 Oct", False), ("16 Oct", False), ("17 Oct", True), ("19 Oct", True)])
def test_the_last_day_on_roll_is_on_roll(on: str, *, is_off: bool) -> None:
    judged = close_of(on)

    facts = facts_of(a_record(judged=judged, left_on=day("16 Oct")), judged)

    assert facts.is_off_roll is is_off


def test_a_last_day_that_an_import_brought_asks_for_return_and_destination() -> None:
    judged = close_of("19 Oct")

    flags = flags_of(a_record(judged=judged, left_on=day("16 Oct")), judged)

    assert set(flags) == {"england.deletion-return", "england.unknown-destination"}
    assert "ground without a recorded letter" in flags["england.deletion-return"].finding.sentence
    due = flags["england.unknown-destination"].due
    assert due is not None
    assert due.on == day("16 Oct")


def test_of_two_days_of_removal_the_earlier_counts() -> None:
    judged = close_of("23 Oct")
    removed = an_event(EventKind.REMOVED, "20 Oct", ground="g")

    facts = facts_of(a_record(judged=judged, left_on=day("16 Oct"), events=(removed,)), judged)

    assert facts.removed_on == day("16 Oct")


def test_a_removal_at_a_clock_time_holds_from_then() -> None:
    removed = an_event(EventKind.REMOVED, "20 Oct", "14:00", ground="g")
    before, after = at("20 Oct", "13:59"), at("20 Oct", "14:00")

    assert not facts_of(a_record(judged=before, events=(removed,)), before).is_off_roll
    assert facts_of(a_record(judged=after, events=(removed,)), after).is_off_roll


def test_what_lies_after_the_removal_is_nobodys() -> None:
    judged = close_of("23 Oct")
    removed = an_event(EventKind.REMOVED, "20 Oct", ground="g")

    facts = facts_of(a_record({"19 Oct..23 Oct": "O"}, judged=judged, events=(removed,)), judged)

    assert facts.line.endswith(b"OOOO......")
    assert facts.absence is None
    assert facts.run_of_40.length == 4


def test_a_removal_before_the_starting_day_ended_an_earlier_stay() -> None:
    judged = close_of("23 Oct")
    leaving = an_event(EventKind.LEAVING, "10 Sep", leaving_on=day("11 Sep"), destination=Destination.UNKNOWN)
    removed = an_event(EventKind.REMOVED, "14 Sep", ground="g")

    back = facts_of(a_record(judged=judged, events=(leaving, removed), starting_day=day("15 Sep")), judged)
    same = facts_of(a_record(judged=judged, events=(leaving, removed), starting_day=day("14 Sep")), judged)
    unknown = facts_of(a_record(judged=judged, events=(leaving, removed), starting_day=None), judged)

    assert (back.is_off_roll, back.departure, back.events_of_stay) == (False, None, ())
    assert same.removed_on == unknown.removed_on == day("14 Sep")


def test_a_removed_child_who_was_reported_missing_stays_missing() -> None:
    judged = close_of("18 Dec")
    missing = an_event(EventKind.MISSING, "19 Oct", "10:00")
    removed = an_event(EventKind.REMOVED, "18 Nov", ground="i")
    marks = {"19 Oct..18 Nov": "O"}

    record = a_record(marks, judged=judged, events=(missing, removed))

    assert [unknown.cause for unknown in facts_of(record, judged).whereabouts_unknown] == [Cause.MISSING]


def test_a_child_who_left_for_nowhere_known_is_not_seen_by_sessions_after_the_removal() -> None:
    judged = close_of("23 Oct")
    leaving = an_event(EventKind.LEAVING, "12 Oct", leaving_on=day("16 Oct"), destination=Destination.UNKNOWN)
    removed = an_event(EventKind.REMOVED, "16 Oct", ground="g")

    facts = facts_of(a_record(judged=judged, events=(leaving, removed)), judged)

    assert [unknown.cause for unknown in facts.whereabouts_unknown] == [Cause.LEFT]


@pytest.mark.parametrize("ground", list("efjk"))
def test_a_ground_that_says_where_the_child_is_asks_for_no_destination(ground: str) -> None:
    judged = close_of("23 Oct")
    removed = an_event(EventKind.REMOVED, "16 Oct", ground=ground)

    flags = flags_of(a_record(judged=judged, events=(removed,)), judged)

    assert set(flags) == {"england.deletion-return"}


@pytest.mark.parametrize("ground", list("acd"))
def test_a_ground_that_names_another_school_asks_for_arrival_and_file(ground: str) -> None:
    judged = close_of("23 Oct")
    removed = an_event(EventKind.REMOVED, "16 Oct", ground=ground)

    flags = flags_of(a_record(judged=judged, events=(removed,)), judged)

    assert set(flags) == {"england.deletion-return", "england.arrival-confirmed", "england.transfer-file-due"}


@pytest.mark.parametrize("ground", list("bghilmno"))
def test_any_other_ground_leaves_the_destination_open(ground: str) -> None:
    judged = close_of("23 Oct")
    removed = an_event(EventKind.REMOVED, "16 Oct", ground=ground)

    flags = flags_of(a_record(judged=judged, events=(removed,)), judged)

    assert set(flags) == {"england.deletion-return", "england.unknown-destination"}


def test_a_deadline_beyond_the_calendar_is_never_guessed() -> None:
    judged = close_of("21 Jul")
    leaving = an_event(
        EventKind.LEAVING, "1 Jul", leaving_on=day("20 Jul"), destination=Destination.KNOWN, confirmed=True
    )

    flag = flags_of(a_record(judged=judged, events=(leaving,)), judged)["england.arrival-confirmed"]

    assert flag.due is None


def test_the_latest_word_of_the_leaving_counts() -> None:
    judged = close_of("19 Oct")
    confirmed = an_event(
        EventKind.LEAVING, "5 Oct", leaving_on=day("16 Oct"), destination=Destination.KNOWN, confirmed=True
    )
    fell_through = an_event(EventKind.LEAVING, "12 Oct", leaving_on=day("23 Oct"), destination=Destination.UNKNOWN)
    again = an_event(EventKind.LEAVING, "14 Oct", leaving_on=day("23 Oct"), destination=Destination.UNKNOWN)

    departure = facts_of(a_record(judged=judged, events=(confirmed, fell_through, again)), judged).departure

    assert departure is not None
    assert (departure.last_day, departure.destination) == (day("23 Oct"), Destination.UNKNOWN)
    assert departure.unconfirmed_since == day("12 Oct")
    assert not departure.has_left(judged.on)


def test_a_school_may_confirm_on_the_day_of_the_removal() -> None:
    judged = close_of("16 Oct")
    removed = an_event(EventKind.REMOVED, "16 Oct", ground="g")
    arrived = an_event(EventKind.ARRIVAL_CONFIRMED, "16 Oct")

    flags = flags_of(a_record(judged=judged, events=(removed, arrived)), judged)

    assert set(flags) == {"england.deletion-return", "england.transfer-file-due"}


def test_a_return_is_due_from_the_first_proposal_of_the_same_ground() -> None:
    judged = close_of("16 Oct")
    proposals = [
        an_event(EventKind.REMOVAL_PROPOSED, on, ground=ground)
        for on, ground in (("5 Oct", "g"), ("12 Oct", "a"), ("14 Oct", "a"))
    ]

    flag = flags_of(a_record(judged=judged, events=tuple(proposals)), judged)["england.deletion-return"]

    assert flag.due is not None
    assert flag.due.on == day("12 Oct")
    assert "ground (a)" in flag.finding.sentence


@pytest.mark.parametrize(("removed_under", "said"), [("a", "ground (a)"), (None, "ground (g)")])
def test_the_return_names_the_ground_of_the_removal_else_of_the_proposal(removed_under: str | None, said: str) -> None:
    judged = close_of("16 Oct")
    proposed = an_event(EventKind.REMOVAL_PROPOSED, "12 Oct", ground="g")
    removed = an_event(EventKind.REMOVED, "14 Oct", ground=removed_under)

    flag = flags_of(a_record(judged=judged, events=(proposed, removed)), judged)["england.deletion-return"]

    assert said in flag.finding.sentence


@pytest.mark.parametrize(
    ("removed_on", "is_spared"),
    [("20 Jul", False), ("21 Jul", True), ("31 Jul", True), ("1 Sep", False), ("2 Sep", False)],
)
def test_the_oldest_class_is_spared_from_the_last_school_day_until_the_next_year(
    removed_on: str, *, is_spared: bool
) -> None:
    calendar = a_calendar_of_two_years()
    judged = close_of(date(2027, 9, 3), calendar)
    removed = replace(an_event(EventKind.REMOVED, removed_on, ground="g"), on=day(removed_on, year=2027))
    record = a_record(judged=judged, events=(removed,))
    record = replace(record, pupil=replace(record.pupil, year_group=YearGroup.Y6))

    assert ("england.deletion-return" not in flags_of(record, judged)) is is_spared


@pytest.mark.parametrize(("born", "is_spared"), [(date(2015, 9, 1), True), (date(2016, 9, 1), False), (None, False)])
def test_the_oldest_class_is_worked_out_from_the_date_of_birth(born: date | None, *, is_spared: bool) -> None:
    judged = close_of("21 Jul")
    removed = an_event(EventKind.REMOVED, "21 Jul", ground="g")

    flags = flags_of(a_record(judged=judged, events=(removed,), born=born), judged)

    assert ("england.deletion-return" not in flags) is is_spared


def test_a_removal_proposed_for_the_end_of_the_year_is_spared_beforehand() -> None:
    judged = close_of("5 Jul")
    leaving = an_event(EventKind.LEAVING, "1 Jul", leaving_on=day("21 Jul"), destination=Destination.KNOWN)
    proposed = an_event(EventKind.REMOVAL_PROPOSED, "5 Jul", ground="a")
    born = date(2015, 9, 1)

    spared = flags_of(a_record(judged=judged, events=(leaving, proposed), born=born), judged)
    early = flags_of(a_record(judged=judged, events=(proposed,), born=born), judged)

    assert "england.deletion-return" not in spared
    assert "england.deletion-return" in early


# -- taken back, and a death -----------------------------------------------------------------------------------

UNDONE = an_event(EventKind.REMOVAL_UNDONE, "19 Oct", "10:00")
REMOVED_THEN = an_event(EventKind.REMOVED, "13 Oct", ground="a")


def test_an_undone_removal_leaves_the_name_and_every_mark() -> None:
    judged = close_of("20 Oct")
    marks = {"14 Oct..16 Oct": "?", "19 Oct": "O"}

    facts = facts_of(a_record(marks, judged=judged, events=(REMOVED_THEN, UNDONE)), judged)

    assert not facts.is_off_roll
    assert facts.departure is None
    assert facts.line.decode().endswith("OO/\\")
    assert len(facts.unknown_sessions) == 6


def test_a_removal_still_stands_on_the_days_before_it_is_undone() -> None:
    judged = close_of("16 Oct")

    facts = facts_of(a_record(judged=judged, events=(REMOVED_THEN,)), judged)

    assert facts.removed_on == day("13 Oct")


def test_a_leaving_lasts_beyond_a_proposal_given_up() -> None:
    judged = close_of("20 Oct")
    leaving = an_event(EventKind.LEAVING, "5 Oct", leaving_on=day("23 Oct"), destination=Destination.UNKNOWN)
    proposed = an_event(EventKind.REMOVAL_PROPOSED, "12 Oct", ground="g")

    departure = facts_of(a_record(judged=judged, events=(leaving, proposed, UNDONE)), judged).departure

    assert departure is not None
    assert departure.last_day == day("23 Oct")


@pytest.mark.parametrize(("code", "is_over"), [("/", True), ("O", False)])
def test_a_leaving_is_over_once_its_removal_is_undone_and_the_child_comes(code: str, *, is_over: bool) -> None:
    judged = close_of("20 Oct")
    leaving = an_event(EventKind.LEAVING, "5 Oct", leaving_on=day("13 Oct"), destination=Destination.UNKNOWN)
    marks = {"14 Oct..18 Oct": "O", "19 Oct..20 Oct": code} if code == "O" else {"14 Oct..18 Oct": "O"}
    record = a_record(marks, judged=judged, events=(leaving, REMOVED_THEN, UNDONE))

    assert (facts_of(record, judged).departure is None) is is_over
    assert ("england.unknown-destination" not in flags_of(record, judged)) is is_over


def test_an_undone_removal_ends_no_stay_and_a_proposal_given_up_hides_none() -> None:
    judged = close_of("20 Nov")
    sent = an_event(EventKind.RETURN_SENT, "7 Sep", return_=ReturnKind.DELETION)
    removed = an_event(EventKind.REMOVED, "8 Sep", ground="a")
    undone = an_event(EventKind.REMOVAL_UNDONE, "9 Sep")
    proposed = an_event(EventKind.REMOVAL_PROPOSED, "9 Nov", ground="a")
    given_up = an_event(EventKind.REMOVAL_UNDONE, "10 Nov")
    started = day("3 Nov")

    one_stay = facts_of(a_record(judged=judged, events=(sent, removed, undone), starting_day=started), judged)
    two_stays = facts_of(a_record(judged=judged, events=(removed, proposed, given_up), starting_day=started), judged)

    assert one_stay.events_of_stay == (sent, removed, undone)
    assert two_stays.events_of_stay == (proposed, given_up)


def test_a_second_removal_counts_from_its_own_day() -> None:
    judged = close_of("20 Nov")
    again = an_event(EventKind.REMOVED, "16 Nov", ground="g")

    facts = facts_of(a_record(judged=judged, events=(REMOVED_THEN, UNDONE, again)), judged)

    assert facts.removed_on == day("16 Nov")
    assert facts.departure is not None
    assert facts.departure.ground == "g"


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_after_a_death_nobody_is_rung_unless_it_is_taken_back(*, is_taken_back: bool) -> None:
    judged = close_of("20 Oct")
    died = an_event(EventKind.DIED, "12 Oct")
    events = (died, UNDONE) if is_taken_back else (died,)

    record = a_record({"12 Oct..20 Oct": "N"}, judged=judged, events=events)

    assert bool(flags_of(record, judged)) is is_taken_back
    assert (facts_of(record, judged).absence is None) is not is_taken_back


def test_a_death_asks_about_no_school_that_was_named_before() -> None:
    judged = close_of("20 Oct")
    leaving = an_event(
        EventKind.LEAVING, "5 Oct", leaving_on=day("9 Oct"), destination=Destination.KNOWN, confirmed=True
    )
    removed = an_event(EventKind.REMOVED, "13 Oct")

    flags = flags_of(a_record(judged=judged, events=(leaving, an_event(EventKind.DIED, "12 Oct"), removed)), judged)

    assert set(flags) == {"england.deletion-return"}


# -- joining ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now_in", "started", "is_spared"),
    [
        (YearGroup.Y1, date(2026, 9, 3), True),
        (YearGroup.R, date(2026, 9, 3), False),
        (YearGroup.R, date(2027, 9, 2), True),
        (YearGroup.R, date(2027, 9, 3), False),
        (YearGroup.Y1, date(2027, 9, 2), False),
    ],
)
def test_the_class_counts_in_which_the_pupil_began(now_in: YearGroup, started: date, *, is_spared: bool) -> None:
    judged = close_of(date(2027, 9, 10), a_calendar_of_two_years())
    record = a_record(judged=judged, starting_day=started)
    record = replace(record, pupil=replace(record.pupil, year_group=now_in))

    assert ("england.new-pupil-return" not in flags_of(record, judged)) is is_spared


def test_only_entries_since_the_records_begin_are_asked_about() -> None:
    judged = close_of("23 Oct")
    record = a_record(judged=judged, starting_day=day("14 Sep"))

    def is_raised(records_begin: date | None) -> bool:
        school = SchoolRecord(records_begin=records_begin)
        return "england.new-pupil-return" in flags_of(record, replace(judged, school=school))

    assert [is_raised(each) for each in (None, day("14 Sep"), day("15 Sep"))] == [True, True, False]


def test_a_return_of_an_earlier_stay_is_not_this_ones() -> None:
    judged = close_of("23 Oct")
    sent = an_event(EventKind.RETURN_SENT, "7 Sep", return_=ReturnKind.NEW_PUPIL)
    removed = an_event(EventKind.REMOVED, "11 Sep", ground="a")
    other = an_event(EventKind.RETURN_SENT, "20 Oct", return_=ReturnKind.ATTENDANCE)

    back = flags_of(a_record(judged=judged, events=(sent, removed, other), starting_day=day("12 Oct")), judged)

    assert "england.new-pupil-return" in back


# -- referrals -------------------------------------------------------------------------------------------------


def test_a_referral_on_the_day_of_the_word_counts_while_the_child_still_comes() -> None:
    judged = close_of("5 Nov")
    leaving = an_event(EventKind.LEAVING, "4 Nov", "09:00", leaving_on=day("13 Nov"), destination=Destination.UNKNOWN)
    referred = an_event(EventKind.REFERRED, "4 Nov", "09:30")
    before = an_event(EventKind.REFERRED, "3 Nov", "09:30")

    assert "england.unknown-destination" not in flags_of(a_record(judged=judged, events=(leaving, referred)), judged)
    assert "england.unknown-destination" in flags_of(a_record(judged=judged, events=(before, leaving)), judged)


def test_word_to_somebody_else_is_no_referral() -> None:
    judged = close_of("5 Nov")
    leaving = an_event(EventKind.LEAVING, "4 Nov", leaving_on=day("13 Nov"), destination=Destination.UNKNOWN)
    told = an_event(EventKind.TOLD, "5 Nov", who=Recipient.POLICE)

    assert "england.unknown-destination" in flags_of(a_record(judged=judged, events=(leaving, told)), judged)


def test_the_lost_pupil_file_is_asked_for_only_once_the_name_is_removed() -> None:
    leaving = an_event(EventKind.LEAVING, "4 Nov", leaving_on=day("13 Nov"), destination=Destination.UNKNOWN)
    removed = an_event(EventKind.REMOVED, "16 Nov", ground="g")
    sent = an_event(EventKind.TRANSFER_FILE_SENT, "16 Nov")

    def asked_on(on: str, *events: Event) -> str:
        judged = close_of(on)
        return flags_of(a_record(judged=judged, events=events), judged)["england.unknown-destination"].duty.what

    assert "lost pupils" not in asked_on("13 Nov", leaving, removed)
    assert "lost pupils" in asked_on("16 Nov", leaving, removed)
    assert "lost pupils" not in asked_on("16 Nov", leaving, removed, sent)


# -- home education --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "tells"),
    [
        ({"kind": EventKind.TOLD, "who": Recipient.AUTHORITY_HOME_EDUCATION}, True),
        ({"kind": EventKind.TOLD, "who": Recipient.AUTHORITY_CME}, True),
        ({"kind": EventKind.TOLD, "who": Recipient.POLICE}, False),
        ({"kind": EventKind.REFERRED}, True),
        ({"kind": EventKind.REFERRED, "to": Recipient.AUTHORITY_HOME_EDUCATION}, True),
        ({"kind": EventKind.REFERRED, "to": Recipient.SOCIAL_CARE}, False),
    ],
)
def test_a_notice_is_told_to_the_authority_and_to_nobody_in_its_place(word: dict[str, object], *, tells: bool) -> None:
    judged = close_of("13 Nov")
    letter = an_event(EventKind.HOME_EDUCATION_LETTER, "10 Nov", from_=day("16 Nov"))
    told = an_event(on="10 Nov", **word)  # type: ignore[arg-type]

    flags = flags_of(a_record(judged=judged, events=(letter, told)), judged)

    assert ("england.home-education-notice" not in flags) is tells


def test_a_second_letter_is_told_anew() -> None:
    judged = close_of("20 Nov")
    first = an_event(EventKind.HOME_EDUCATION_LETTER, "5 Oct", from_=day("12 Oct"))
    told = an_event(EventKind.TOLD, "5 Oct", who=Recipient.AUTHORITY_HOME_EDUCATION)
    second = an_event(EventKind.HOME_EDUCATION_LETTER, "16 Nov", from_=day("23 Nov"))

    flag = flags_of(a_record(judged=judged, events=(first, told, second)), judged)["england.home-education-notice"]

    assert "23 November 2026" in flag.finding.sentence
    assert flag.due is not None
    assert flag.due.on == day("16 Nov")


# -- concerns --------------------------------------------------------------------------------------------------


def test_a_second_report_is_read_after_the_first_was_decided() -> None:
    rule_id = "england.reported-concern"
    first = an_event(EventKind.CONCERN_REPORTED, "5 Oct", by="a neighbour")
    again = an_event(EventKind.CONCERN_REPORTED, "6 Oct", by="a teacher")
    other = an_event(EventKind.DECISION, "7 Oct", about="england.not-seen", choice="seen")
    decided = an_event(EventKind.DECISION, "8 Oct", about=rule_id, choice="referred")
    later = an_event(EventKind.CONCERN_REPORTED, "9 Oct", by="a nurse")
    events = (first, again, other, decided, later)

    def since(on: str) -> date | None:
        judged = close_of(on)
        flag = flags_of(a_record(judged=judged, events=events), judged).get(rule_id)
        return None if flag is None else flag.finding.since

    assert [since(on) for on in ("4 Oct", "5 Oct", "6 Oct", "7 Oct", "8 Oct", "9 Oct")] == [
        None, day("5 Oct"), day("5 Oct"), day("5 Oct"), None, day("9 Oct"),
    ]  # fmt: skip


def test_a_place_given_up_before_the_starting_day_asks_where_the_child_is_and_for_no_file() -> None:
    given_up = an_event(EventKind.LEAVING, "14 Oct", leaving_on=day("14 Oct"), destination=Destination.UNKNOWN)
    for on in ("14 Oct", "18 Oct", "19 Oct", "30 Nov"):
        judged = close_of(on)

        record = a_record(judged=judged, starting_day=day("19 Oct"), left_on=day("18 Oct"), events=(given_up,))

        assert facts_of(record, judged).is_off_roll
        assert facts_of(record, judged).removed_on is None
        assert set(flags_of(record, judged)) == {"england.unknown-destination"}


def test_the_next_school_of_a_child_who_gave_up_the_place_is_asked_and_sent_nothing() -> None:
    judged = close_of("15 Oct")
    given_up = an_event(EventKind.LEAVING, "14 Oct", leaving_on=day("14 Oct"), destination=Destination.KNOWN)

    flags = flags_of(
        a_record(judged=judged, starting_day=day("19 Oct"), left_on=day("18 Oct"), events=(given_up,)), judged
    )

    assert set(flags) == {"england.unknown-destination", "england.arrival-confirmed"}
    assert "never started" in flags["england.unknown-destination"].finding.sentence
