"""A situation file is read strictly: what is wrong is named with its line and the nearest known word."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest

from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.events import AttemptOutcome, EventKind, With
from cme_desktop.domain.pupils import Circumstance, YearGroup
from cme_desktop.importers.situations import KnownWords, Situation, SituationRead, read_situation
from cme_desktop.policy.record import SchoolType
from cme_desktop.policy.rule import Severity

RESOURCES = Path(__file__).parents[2] / "resources"
KNOWN = KnownWords(
    frozenset({"england.attendance-return", "england.not-seen", "aspire-academy.review"}), ("aspire-academy",)
)
HEAD = """title = "A child"
calendar = "test-2026-27"
[pupil]
born = 2018-05-04
starting_day = 2023-09-05
"""
EXPECT = """
[[expect]]
on = 2026-09-14
flags = []
"""


def read(text: str) -> SituationRead:
    return read_situation(text, known=KNOWN, resources=RESOURCES)


def a_situation(body: str = "", *, head: str = HEAD, expect: str = EXPECT) -> Situation:
    found = read(head + body + expect)
    assert found.situation is not None, found.problems
    return found.situation


def symbols_of(situation: Situation, day: date) -> str:
    axis = situation.calendar
    indexes = (axis.index_of(SchoolSession(day, half)) for half in Half)
    return "".join(chr(situation.line[index]) for index in indexes if index is not None)


def test_an_unmarked_session_is_present() -> None:
    situation = a_situation()

    assert symbols_of(situation, date(2026, 9, 14)) == "/\\"
    assert len(situation.line) == 380


def test_the_later_mark_wins() -> None:
    situation = a_situation("""
[[mark]]
from = 2026-09-14
to = 2026-09-18
code = "O"
[[mark]]
on = 2026-09-15
am = "I"
pm = "?"
""")

    assert symbols_of(situation, date(2026, 9, 14)) == "OO"
    assert symbols_of(situation, date(2026, 9, 15)) == "I?"


def test_a_run_of_marks_skips_days_without_school() -> None:
    situation = a_situation('[[mark]]\nfrom = 2026-10-19\nto = 2026-11-09\ncode = "O"\n')

    assert situation.line.count(b"O") == 20


def test_sessions_before_the_starting_day_are_outside() -> None:
    situation = a_situation(head=HEAD.replace("2023-09-05", "2026-09-14"))

    assert symbols_of(situation, date(2026, 9, 11)) == ".."
    assert symbols_of(situation, date(2026, 9, 14)) == "/\\"
    assert not situation.line_begins_at_records


def test_an_older_pupil_began_before_the_records() -> None:
    assert a_situation().line_begins_at_records


def test_the_year_group_follows_from_the_date_of_birth() -> None:
    situation = a_situation()

    assert situation.pupil is not None
    assert situation.pupil.year_group is YearGroup.Y4


def test_a_fact_may_be_unknown() -> None:
    situation = a_situation(head=HEAD.replace("2018-05-04", '"unknown"'))

    assert situation.pupil is not None
    assert situation.pupil.born is None


def test_without_contacts_there_are_a_mother_at_home_and_a_grandmother_elsewhere() -> None:
    assert [contact.relation for contact in a_situation().contacts] == [With.MOTHER, With.GRANDMOTHER]


def test_contacts_come_in_their_order() -> None:
    situation = a_situation("""
[[contact]]
relation = "father"
order = 2
[[contact]]
relation = "mother"
order = 1
works = false
""")

    assert [contact.relation for contact in situation.contacts] == [With.MOTHER, With.FATHER]
    assert not situation.contacts[0].works


def test_events_come_in_the_order_they_happened() -> None:
    situation = a_situation("""
[[event]]
kind = "home_visit"
at = 2026-09-15
outcome = "no_reply"
[[event]]
kind = "contact_attempt"
at = 2026-09-15T09:20:00
with = "mother"
method = "phone"
outcome = "explained"
reason = "illness"
expected_back = 2026-09-17
""")

    first, second = situation.events
    assert first.kind is EventKind.CONTACT_ATTEMPT
    assert first.outcome is AttemptOutcome.EXPLAINED
    assert first.at == time(9, 20)
    assert first.expected_back == date(2026, 9, 17)
    assert second.at is None


def test_a_circumstance_may_be_dated() -> None:
    situation = a_situation(
        head=HEAD + 'circumstances = ["traveller", { name = "child_protection_plan", from = 2026-10-01 }]\n'
    )

    assert situation.pupil is not None
    assert situation.pupil.circumstances_on(date(2026, 9, 30)) == {Circumstance.TRAVELLER}
    assert Circumstance.CHILD_PROTECTION_PLAN in situation.pupil.circumstances_on(date(2026, 10, 1))


def test_an_expectation_says_flags_due_severity_and_words() -> None:
    situation = a_situation(
        expect="""
[[expect]]
at = 2026-09-14T09:30:00
flags = ["england.not-seen"]
due = { "england.not-seen" = 2026-09-14 }
severity = { "england.not-seen" = "this_week" }
says = { "england.not-seen" = ["10 school days"] }
[[expect]]
on = 2026-09-15
flags = "none"
"""
    )

    first, second = situation.expectations
    assert first.at == datetime(2026, 9, 14, 9, 30)  # noqa: DTZ001  a local time
    assert first.flags == ("england.not-seen",)
    assert first.due == (("england.not-seen", date(2026, 9, 14)),)
    assert first.severity == (("england.not-seen", Severity.THIS_WEEK),)
    assert first.says == (("england.not-seen", ("10 school days",)),)
    assert second.nothing
    assert second.is_close_of_day


def test_a_situation_about_the_school_has_no_pupil() -> None:
    situation = a_situation(
        head='title = "A"\ncalendar = "test-2026-27"\nschool_type = "academy"\n'
        '[school]\nlast_done = { "aspire-academy.review" = 2026-09-01 }\n'
    )

    assert situation.pupil is None
    assert situation.last_done == (("aspire-academy.review", date(2026, 9, 1)),)
    assert situation.school_type is SchoolType.ACADEMY


def test_a_calendar_may_stand_in_the_file() -> None:
    situation = a_situation(
        head="""title = "A"
[calendar]
first_day = 2026-09-01
last_day = 2027-07-21
terms = [ { from = 2026-09-01, to = 2026-10-23 } ]
inset = [2026-09-01]
closed = [ { on = 2026-09-10, code = "Y4" }, { on = 2026-09-11, session = "pm" } ]
[pupil]
born = 2018-05-04
starting_day = 2023-09-05
"""
    )

    assert not situation.calendar.is_school_day(date(2026, 9, 10))
    assert not situation.calendar.holds(SchoolSession(date(2026, 9, 11), Half.PM))


FAULTS = {
    "unknown key at the top": ('titel = "x"\n' + HEAD + EXPECT, 1, 'the nearest is "title"'),
    "unknown key of the pupil": (HEAD + "borne = 2018-05-04\n" + EXPECT, 6, 'the nearest is "born"'),
    "unknown rule id": (
        HEAD + EXPECT.replace("[]", '["england.attendence-return"]'), 9, 'the nearest is "england.attendance-return"',
    ),
    "unknown rule id in not_flags": (
        HEAD + EXPECT + 'not_flags = [\n  "england.not-seen",\n  "england.not-sean",\n]\n', 12, "england.not-seen",
    ),
    "unknown rule id in due": (HEAD + EXPECT + 'due = { "england.notseen" = 2026-09-14 }\n', 10, "england.not-seen"),
    "unknown policy": ('policies = ["aspire"]\n' + HEAD + EXPECT, 1, 'the nearest is "aspire-academy"'),
    "unknown calendar": (HEAD.replace("test-2026-27", "test-2026-28") + EXPECT, 2, "test-2026-27"),
    "unknown school type": ('school_type = "akademy"\n' + HEAD + EXPECT, 1, 'the nearest is "academy"'),
    "unknown circumstance": (HEAD + 'circumstances = ["looked_atfer"]\n' + EXPECT, 6, 'the nearest is "looked_after"'),
    "unknown code": (HEAD + '[[mark]]\non = 2026-09-14\ncode = "Q9"\n' + EXPECT, 8, 'there is no code "Q9"'),
    "dead code": (HEAD + '[[mark]]\non = 2026-09-14\ncode = "H"\n' + EXPECT, 8, "use G or C"),
    "mark on a day without school": (HEAD + '[[mark]]\non = 2026-11-02\ncode = "O"\n' + EXPECT, 7, "INSET day"),
    "mark without a code": (HEAD + "[[mark]]\non = 2026-09-14\n" + EXPECT, 6, '"code"'),
    "mark with on and from": (
        HEAD + '[[mark]]\non = 2026-09-14\nfrom = 2026-09-14\ncode = "O"\n' + EXPECT, 7, 'either "on" or "from"',
    ),
    "run that ends before it begins": (
        HEAD + '[[mark]]\nfrom = 2026-09-14\nto = 2026-09-11\ncode = "O"\n' + EXPECT, 8, "lies before",
    ),
    "unknown kind": (HEAD + '[[event]]\nkind = "home_visits"\nat = 2026-09-14\n' + EXPECT, 7, '"home_visit"'),
    "unknown outcome": (
        HEAD + '[[event]]\nkind = "home_visit"\nat = 2026-09-14\noutcome = "no_answer"\n' + EXPECT, 9, '"no_reply"',
    ),
    "key of another kind": (
        HEAD + '[[event]]\nkind = "child_seen"\nat = 2026-09-14\noutcome = "no_reply"\n' + EXPECT, 9, '"outcome"',
    ),
    "event without its fact": (HEAD + '[[event]]\nkind = "told"\nat = 2026-09-14\n' + EXPECT, 6, '"who" is missing'),
    "event without a moment": (HEAD + '[[event]]\nkind = "missing"\n' + EXPECT, 6, '"at" is missing'),
    "event in another zone": (
        HEAD + '[[event]]\nkind = "missing"\nat = 2026-09-14T09:00:00Z\n' + EXPECT, 8, "without a zone",
    ),
    "unknown enquiry": (
        HEAD + '[[event]]\nkind = "enquiry_recorded"\nat = 2026-09-14\nabout = "E15"\n' + EXPECT, 9, 'no enquiry "E15"',
    ),
    "unknown relation": (HEAD + '[[contact]]\nrelation = "mum"\n' + EXPECT, 7, 'the nearest is "mother"'),
    "unknown severity": (
        HEAD + EXPECT + 'severity = { "england.not-seen" = "soon" }\n', 10, 'there is no severity "soon"',
    ),
    "no expectation": (HEAD, 1, "expects nothing"),
    "neither pupil nor school": ('title = "A"\ncalendar = "test-2026-27"\n' + EXPECT, 1, "one of [pupil] and [school]"),
    "expectation without a day": (HEAD + "[[expect]]\nflags = []\n", 6, 'either "on"'),
    "flags as a word": (HEAD + EXPECT.replace("[]", '"nothing"'), 9, 'or "none"'),
    "no date of birth": (HEAD.replace("born = 2018-05-04\n", "") + EXPECT, 3, '"born" is missing'),
    "a date as text": (HEAD.replace("2018-05-04", '"2018-05-04"') + EXPECT, 4, "must be a date"),
    "no TOML": ('title = "A\n', 1, "not TOML"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_line(fault: str) -> None:
    text, line, words = FAULTS[fault]

    found = read(text)

    assert found.situation is None
    assert (line, True) in [(problem.line, words in problem.message) for problem in found.problems]


def test_every_fault_is_named_at_once() -> None:
    found = read(HEAD + 'pupils = 3\n[[mark]]\non = 2026-09-14\ncode = "H"\n' + EXPECT.replace("[]", '["x"]'))

    assert [problem.line for problem in found.problems] == [6, 9, 13]


def test_a_file_in_another_encoding_is_named_by_its_line() -> None:
    found = read_situation('title = "A"\nabout = "Zoë"\n'.encode("latin-1"), known=KNOWN, resources=RESOURCES)

    assert [problem.line for problem in found.problems] == [2]


def test_a_file_saved_on_windows_is_read() -> None:
    text = ("\ufeff" + HEAD + EXPECT).replace("\n", "\r\n").encode()

    assert read_situation(text, known=KNOWN, resources=RESOURCES).situation is not None
