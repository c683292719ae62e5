"""A finding says why, of whom and since when: the sentences that the office reads, fact by fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cme_desktop.domain.contacts import Contact, Household
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Recipient, With
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.record import Judgement, SchoolRecord, SchoolType
from cme_desktop.policy.rule import Flag, Severity
from tests.builders import CONTACTS, a_record, an_event, at, close_of, day, flags_of


def flags_on(
    when: str | Judgement, marks: dict[str, str], *events: Event, policies: tuple[str, ...] = (), **facts: object
) -> dict[str, Flag]:
    judged = close_of(when) if isinstance(when, str) else when
    return flags_of(a_record(marks, judged=judged, events=events, **facts), judged, *policies)  # type: ignore[arg-type]


def sentence(rule_id: str, when: str | Judgement, marks: dict[str, str], *events: Event, **facts: object) -> str:
    return flags_on(when, marks, *events, **facts)[rule_id].finding.sentence  # type: ignore[arg-type]


# -- the first day -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("circumstances", "ends", "severity"),
    [
        ((), "school day 2 of the absence.", Severity.TODAY),
        ((Circumstance.LOOKED_AFTER,), "The child is looked after.", Severity.NOW),
        ((Circumstance.CHILD_IN_NEED, Circumstance.WALKS_ALONE), "The child has a social worker.", Severity.NOW),
        ((Circumstance.WALKS_ALONE,), "The child walks to school alone.", Severity.NOW),
        ((Circumstance.SEN_SUPPORT,), "school day 2 of the absence.", Severity.TODAY),
    ],
)
def test_an_unexplained_absence_says_which_day_and_who_waits(
    circumstances: tuple[Circumstance, ...], ends: str, severity: Severity
) -> None:
    found = flags_on("15 Sep", {"14 Sep..15 Sep": "O"}, circumstances=circumstances)["england.unexplained-absence"]

    assert found.finding.sentence.endswith(ends)
    assert found.finding.progress == "day 2"
    assert found.severity is severity
    assert found.due is not None
    assert found.due.on == day("15 Sep")


@pytest.mark.parametrize(
    ("circumstance", "owed"),
    [
        (Circumstance.CHILD_IN_NEED, "the social worker"),
        (Circumstance.YOUTH_JUSTICE_WORKER, "the youth justice worker"),
        (Circumstance.SEN_SUPPORT, None),
    ],
)
def test_a_worker_is_told_of_an_unexplained_absence_only(circumstance: Circumstance, owed: str | None) -> None:
    found = flags_on("15 Sep", {"14 Sep..15 Sep": "O"}, circumstances=(circumstance,))
    ill = flags_on("15 Sep", {"14 Sep..15 Sep": "I"}, circumstances=(circumstance,))

    said = found.get("england.social-worker-told")
    assert (said is None) is (owed is None)
    if said is not None and owed is not None:
        assert owed in said.finding.sentence
        assert said.due is not None
        assert said.due.on == day("14 Sep")
    assert "england.social-worker-told" not in ill
    assert "england.looked-after-told" not in ill


def test_a_looked_after_child_who_is_ill_asks_nobody_to_be_told() -> None:
    looked_after = (Circumstance.LOOKED_AFTER,)

    assert "england.looked-after-told" not in flags_on("15 Sep", {"15 Sep": "I"}, circumstances=looked_after)
    assert "england.looked-after-told" in flags_on("15 Sep", {"15 Sep": "O"}, circumstances=looked_after)


# -- never started ---------------------------------------------------------------------------------------------------


def test_a_child_who_came_for_one_session_has_started() -> None:
    first = {"3 Sep pm": "O", "4 Sep": "O"}

    assert "england.never-started" not in flags_on("4 Sep", first, starting_day=day("3 Sep"))
    assert "england.never-started" in flags_on("4 Sep", {"3 Sep..4 Sep": "O"}, starting_day=day("3 Sep"))
    assert "england.never-started" not in flags_on("4 Sep", {"3 Sep..4 Sep": "O"}, starting_day=None)
    assert "england.never-started" not in flags_on("4 Sep", {"3 Sep..4 Sep": "I"}, starting_day=day("3 Sep"))


def test_who_is_to_start_tomorrow_has_not_failed_to() -> None:
    marks = {"3 Sep..8 Sep": "O"}

    assert "england.never-started" not in flags_on("7 Sep", marks, starting_day=day("8 Sep"))
    assert "england.never-started" in flags_on("8 Sep", marks, starting_day=day("8 Sep"))


def test_a_start_put_off_with_a_reason_is_asked_about_once_the_reason_is_over() -> None:
    told = an_event(
        EventKind.CONTACT_ATTEMPT,
        "3 Sep",
        "09:00",
        with_=With.MOTHER,
        outcome=AttemptOutcome.EXPLAINED,
        expected_back=day("8 Sep"),
    )
    found = flags_on("8 Sep", {"3 Sep..8 Sep": "O"}, told, starting_day=day("3 Sep"))["england.never-started"]

    assert found.due is not None
    assert found.due.on == day("8 Sep")


# -- contacts and facts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contacts", "says"),
    [
        ((), "0 people with a working number."),
        ((Contact(With.MOTHER),), "1 person with a working number, none of them outside the home."),
        (
            (Contact(With.MOTHER), Contact(With.FATHER)),
            "2 people with a working number, none of them outside the home.",
        ),
        ((Contact(With.GRANDMOTHER, Household.ELSEWHERE),), "1 person with a working number."),
        (
            (Contact(With.MOTHER), Contact(With.GRANDMOTHER, Household.ELSEWHERE, works=False)),
            "1 person with a working number, none of them outside the home.",
        ),
    ],
)
def test_the_contacts_that_may_be_rung_are_counted(contacts: tuple[Contact, ...], says: str) -> None:
    assert sentence("england.emergency-contacts", "14 Sep", {}, contacts=contacts) == says
    assert "england.emergency-contacts" not in flags_on("14 Sep", {}, contacts=CONTACTS)


@pytest.mark.parametrize(
    ("born", "starting_day", "says"),
    [
        (None, date(2023, 9, 5), "The date of birth is not recorded, so some rules can't be judged."),
        (date(2018, 5, 4), None, "The starting day is not recorded, so some rules can't be judged."),
        (None, None, "The date of birth and the starting day are not recorded, so some rules can't be judged."),
    ],
)
def test_a_missing_fact_is_named(born: date | None, starting_day: date | None, says: str) -> None:
    assert sentence("england.missing-fact", "14 Sep", {}, born=born, starting_day=starting_day) == says


# -- shares of the year ------------------------------------------------------------------------------------------------


def test_persistent_absence_says_its_share() -> None:
    marks = {"3 Sep..4 Sep": "I", "7 Sep am": "I", "25 Sep pm": "I"}
    found = flags_on("16 Oct", {**marks, "28 Sep": "I"})["england.persistent-absence"]

    assert found.finding.sentence == ("Absent for 8 of 64 possible sessions this school year, 12.5%: 10% or more.")
    assert found.finding.progress == "8 of 64 sessions"
    assert len(found.finding.counted) == 8


# -- home education --------------------------------------------------------------------------------------------------


def a_letter(on: str = "10 Sep", first: str | None = "14 Sep") -> Event:
    return an_event(EventKind.HOME_EDUCATION_LETTER, on, from_=day(first) if first else None)


def told(on: str, who: Recipient) -> Event:
    return an_event(EventKind.TOLD, on, who=who)


NOTICE = "england.home-education-notice"


def test_a_notice_is_told_to_the_authority_and_with_a_plan_to_the_social_worker_at_once() -> None:
    plan = (Circumstance.CHILD_PROTECTION_PLAN,)
    plain = flags_on("11 Sep", {}, a_letter())[NOTICE]
    urgent = flags_on("11 Sep", {}, a_letter(), circumstances=plan)[NOTICE]

    assert "Nobody has recorded telling the authority." in plain.finding.sentence
    assert plain.finding.sentence.startswith("A parent wrote on 10 September 2026 that the child will be educated at")
    assert "The letter says from 14 September 2026: no removal before" in plain.finding.sentence
    assert plain.severity is not Severity.NOW
    assert "notice;" in plain.duty.what
    assert plain.duty.by.value != urgent.duty.by.value
    assert "telling the authority and the social worker." in urgent.finding.sentence
    assert "child-protection plan" in urgent.finding.sentence
    assert "child-protection plan" not in plain.finding.sentence
    assert "notice today;" in urgent.duty.what
    assert urgent.severity is Severity.NOW
    assert plain.due is not None
    assert plain.due.on == day("10 Sep")


def test_a_notice_is_settled_by_telling_since_it_came() -> None:
    authority = Recipient.AUTHORITY_HOME_EDUCATION

    assert NOTICE in flags_on("11 Sep", {}, told("9 Sep", authority), a_letter())
    assert NOTICE not in flags_on("11 Sep", {}, a_letter(), told("10 Sep", authority))
    assert NOTICE not in flags_on("11 Sep", {}, a_letter(), told("11 Sep", Recipient.AUTHORITY_CME))
    assert NOTICE in flags_on("11 Sep", {}, a_letter(), told("11 Sep", Recipient.POLICE))
    assert NOTICE not in flags_on("11 Sep", {}, a_letter(), an_event(EventKind.REFERRED, "11 Sep"))
    assert NOTICE in flags_on("11 Sep", {}, a_letter(), an_event(EventKind.REFERRED, "11 Sep", to=Recipient.POLICE))
    plan = (Circumstance.SECTION_47,)
    both = (told("10 Sep", authority), told("10 Sep", Recipient.SOCIAL_WORKER))
    assert NOTICE not in flags_on("11 Sep", {}, a_letter(), *both, circumstances=plan)
    assert NOTICE in flags_on("11 Sep", {}, a_letter(), both[0], circumstances=plan)


def test_a_letter_without_a_day_and_a_special_school_are_said() -> None:
    special = replace(close_of("11 Sep"), school=SchoolRecord(SchoolType.SPECIAL))
    no_day = sentence(NOTICE, "11 Sep", {}, a_letter(first=None))
    placed = sentence(NOTICE, special, {}, a_letter())

    assert "names no day" in no_day
    assert "special school" not in no_day
    assert "No removal from a special school without the authority's consent." in placed


# -- reports of a child not in education --------------------------------------------------------------------


def test_a_reported_concern_stands_from_the_first_until_it_is_decided() -> None:
    reports = [an_event(EventKind.CONCERN_REPORTED, each, by="a neighbour") for each in ("9 Sep", "10 Sep")]
    decided = an_event(EventKind.DECISION, "10 Sep", about="england.reported-concern", choice="looked into")
    other = an_event(EventKind.DECISION, "10 Sep", about="england.penalty-threshold", choice="none")

    found = flags_on("11 Sep", {}, *reports, other)["england.reported-concern"]

    assert "Reported by a neighbour on 9 September 2026" in found.finding.sentence
    assert "england.reported-concern" not in flags_on("11 Sep", {}, *reports, decided)
    again = flags_on("14 Sep", {}, *reports, decided, an_event(EventKind.CONCERN_REPORTED, "14 Sep"))
    assert "Reported on 14 September 2026" in again["england.reported-concern"].finding.sentence


# -- elsewhere -------------------------------------------------------------------------------------------------------


def test_a_child_said_to_be_elsewhere_is_asked_after_on_the_day() -> None:
    confirmed = an_event(EventKind.ELSEWHERE_CONFIRMED, "14 Sep", "10:00")
    rule = "england.elsewhere-unconfirmed"

    assert sentence(rule, "15 Sep", {"15 Sep": "D"}).startswith("2 sessions today")
    assert sentence(rule, "15 Sep", {"14 Sep": "D", "15 Sep am": "D"}).startswith("1 session today")
    assert rule in flags_on("15 Sep", {"14 Sep..15 Sep": "D"}, confirmed)
    assert rule not in flags_on("14 Sep", {"14 Sep": "D"}, confirmed)
    assert rule not in flags_on("12 Sep", {"11 Sep": "D"})
    assert rule not in flags_on(at("14 Sep", "09:00"), {"11 Sep": "D"})
