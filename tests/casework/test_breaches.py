"""Data that went astray: the hours run from the moment it was noticed, each account stays, and the head closes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from cme_desktop.casework.breaches import (
    BreachLine,
    add_to_breach,
    close,
    load_breach_clocks,
    load_breaches,
    local_moment,
    note_breach,
    set_note,
)
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.casework.today.rows import RowKind
from cme_desktop.casework.today.screen import load_today
from cme_desktop.casework.upkeep import load_upkeep
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.identifiers import UserId
from cme_desktop.domain.information import BreachAccount, DataKind, Risk
from cme_desktop.policy.rule import Severity
from tests.office import HEAD, LEAD, NOW, at, seen_by

LONDON = ZoneInfo("Europe/London")
CARETAKER = SignedInUser(UserId(1), "Chris Vale", Role.CARETAKER)
WHAT = "A register was left on a bus"


def begin(office: Office, noticed: datetime = NOW) -> BreachLine:
    note_breach(office, account=BreachAccount(WHAT, noticed))
    return load_breaches(office).lines[0]


def later(office: Office, noticed: datetime, **passed: int) -> Office:
    return at(office, datetime.fromtimestamp(noticed.timestamp() + timedelta(**passed).total_seconds(), tz=LONDON))


@pytest.mark.parametrize(
    ("passed", "clock", "late"),
    [
        ({"hours": 71, "minutes": 59}, "1 minute left to tell the regulator", False),
        ({"hours": 72}, "0 minutes left to tell the regulator", False),
        ({"hours": 72, "minutes": 1}, "1 minute too late to tell the regulator in time", True),
    ],
)
@pytest.mark.parametrize("noticed", [NOW, datetime(2026, 10, 24, 9, 30, tzinfo=LONDON)])
def test_the_hours_run_through_weekends_and_the_change_of_the_clocks(
    office: Office, noticed: datetime, passed: dict[str, int], clock: str, *, late: bool
) -> None:
    begin(office, noticed)

    (line,) = load_breaches(later(office, noticed, **passed)).lines

    assert line.clock.startswith(clock)
    assert line.is_late is late


def test_noticed_at_half_past_nine_before_the_clocks_go_back_it_ends_at_half_past_eight(office: Office) -> None:
    line = begin(office, datetime(2026, 10, 24, 9, 30, tzinfo=LONDON))

    assert line.due_at == datetime(2026, 10, 27, 8, 30)  # noqa: DTZ001  as the office wall shows it
    assert "until" in line.clock or "ended 27 Oct 2026, 8:30" in line.clock


def test_an_hour_that_comes_twice_is_taken_for_the_first(office: Office) -> None:
    noticed = local_moment(datetime(2026, 10, 25).date(), datetime(2026, 10, 25, 1, 30).time())  # noqa: DTZ001  as above

    assert noticed.utcoffset() == timedelta(hours=1)
    assert begin(office, noticed).due_at == datetime(2026, 10, 28, 0, 30)  # noqa: DTZ001  as above


def test_each_account_stays_and_the_newest_counts(office: Office) -> None:
    line = begin(office)
    fuller = replace(line.breach.account, people=29, kinds=(DataKind.NAMES,), done="The folder was fetched")

    add_to_breach(office, breach_id=line.breach.id, account=fuller)

    (now,) = load_breaches(office).lines
    assert (now.breach.account.people, now.breach.accounts) == (29, 2)
    said = " ".join(
        page.extract_text() for page in PdfReader(BytesIO(set_note(office, breach_id=line.breach.id))).pages
    )
    assert said.count(WHAT) == 3
    assert "The folder was fetched" in said


def test_a_judgement_needs_its_reason_and_a_moment_to_come_is_refused(office: Office) -> None:
    with pytest.raises(MissingFactsError, match="why the risk"):
        note_breach(office, account=BreachAccount(WHAT, NOW, risk=Risk.HIGH))
    with pytest.raises(BadInputError, match="still to come"):
        note_breach(office, account=BreachAccount(WHAT, NOW + timedelta(minutes=1)))
    with pytest.raises(BadInputError, match="can’t have been told then"):
        note_breach(office, account=BreachAccount(WHAT, NOW, regulator_told_at=NOW - timedelta(minutes=1)))
    with pytest.raises(MissingFactsError, match="what happened"):
        note_breach(office, account=BreachAccount(" ", NOW))
    assert load_breaches(office).lines == ()


def test_told_within_the_hours_or_after_them_is_said(office: Office) -> None:
    noticed = NOW - timedelta(hours=80)
    line = begin(office, noticed)
    for told, said in ((72, "within"), (73, "after")):
        account = replace(line.breach.account, regulator_told_at=noticed + timedelta(hours=told))
        add_to_breach(office, breach_id=line.breach.id, account=account)

        (now,) = load_breaches(office).lines
        assert now.clock.startswith(f"Regulator told, {said} the hours")
        assert now.is_late is (said == "after")
        assert not now.is_running


def test_the_head_closes_it_once_everything_is_written_down(office: Office) -> None:
    line, head = begin(office), seen_by(office, HEAD)
    with pytest.raises(MissingFactsError, match="how the risk is judged"):
        close(head, breach_id=line.breach.id)
    whole = replace(
        line.breach.account, people=0, kinds=(DataKind.NAMES,), risk=Risk.UNLIKELY, risk_why="came back at once",
        regulator_why_not="nobody came to harm", people_why_not="nobody was touched", done="Folders stay in school",
    )  # fmt: skip
    add_to_breach(office, breach_id=line.breach.id, account=whole)
    with pytest.raises(NotYoursError):
        close(seen_by(office, LEAD), breach_id=line.breach.id)

    close(head, breach_id=line.breach.id)

    (closed,) = load_breaches(head).lines
    assert closed.breach.closed_by_name == HEAD.name
    with pytest.raises(RefusedError, match="closed"):
        add_to_breach(office, breach_id=line.breach.id, account=whole)
    assert [row for row in load_today(head).rows if row.kind is RowKind.INFORMATION] == []


@pytest.mark.parametrize(("hours", "severity"), [(1, Severity.TODAY), (73, Severity.NOW)])
def test_today_shows_the_hours_to_head_and_lead_and_not_a_word_of_what_happened(
    office: Office, hours: int, severity: Severity
) -> None:
    begin(office)
    then = later(office, NOW, hours=hours)

    for user in (HEAD, LEAD):
        (row,) = [row for row in load_today(seen_by(then, user)).rows if row.kind is RowKind.INFORMATION]
        assert row.severity is severity
        assert "bus" not in f"{row.name} {row.why} {row.next_act} {row.hidden_name}"
    assert [row for row in load_today(then).rows if row.kind is RowKind.INFORMATION] == []


def test_the_caretaker_reads_the_hours_and_nothing_else(office: Office) -> None:
    begin(office)
    caretaker = seen_by(office, CARETAKER)

    (clock,) = load_breach_clocks(caretaker)

    assert clock.words == "72 hours left to tell the regulator, until 13 Nov 2026, 9:40"
    assert load_upkeep(caretaker).breaches == (clock.words,)
    with pytest.raises(NotYoursError):
        load_breaches(caretaker)
