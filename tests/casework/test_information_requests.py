"""Requests to see what is held: written down by the office, counted, and answered by the lead or the head."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cme_desktop.casework.information_requests import (
    NewRequest,
    RequestLine,
    end_request,
    establish_identity,
    extend_request,
    load_requests,
    note_request,
)
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.casework.sharing_log import load_sharing
from cme_desktop.casework.today.rows import RowKind, TodayRow
from cme_desktop.casework.today.screen import load_today
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.information import About, Asker, Ending
from cme_desktop.policy.rule import Severity
from tests.office import CALLUM, HEAD, LEAD, LUCJA, MANAGER, NOW, TODAY, at, seen_by

LONDON = ZoneInfo("Europe/London")


def on(office: Office, day: date) -> Office:
    return at(office, datetime(day.year, day.month, day.day, 9, 40, tzinfo=LONDON))


def ask(office: Office, *, received: date = TODAY, asked_on: date | None = None) -> RequestLine:
    new = NewRequest(CALLUM, About.PUPIL, Asker.PARENT, "Gemma Birtles", received, identity_asked_on=asked_on)
    note_request(office, new=new)
    return load_requests(office).lines[0]


def row_of(office: Office) -> TodayRow | None:
    found = [row for row in load_today(office).rows if row.kind is RowKind.INFORMATION]
    return found[0] if found else None


def test_the_office_writes_it_down_and_its_day_is_counted(office: Office) -> None:
    line = ask(office)

    assert (line.due_on, line.left, line.name) == (date(2026, 12, 10), "30 days left", "Callum Birtles")
    assert line.request.made_by_name == MANAGER.name
    assert not load_requests(office).may_answer
    assert load_requests(seen_by(office, LEAD)).may_answer


def test_who_asks_and_about_whom_must_be_said(office: Office) -> None:
    with pytest.raises(MissingFactsError, match="who asks"):
        note_request(office, new=NewRequest(CALLUM, About.PUPIL, Asker.PARENT, " ", TODAY))
    with pytest.raises(MissingFactsError, match="which parent"):
        note_request(office, new=NewRequest(CALLUM, About.CONTACT, Asker.PARENT, "Gemma", TODAY))
    with pytest.raises(BadInputError):
        note_request(office, new=NewRequest(CALLUM, About.PUPIL, Asker.PARENT, "Gemma", TODAY + timedelta(days=1)))
    assert load_requests(office).lines == ()


def test_proof_asked_for_promptly_moves_the_day_and_other_proof_does_not(office: Office) -> None:
    received = date(2026, 11, 2)
    line = ask(office, received=received, asked_on=date(2026, 11, 3))
    assert line.due_on == date(2026, 12, 2)

    establish_identity(
        office, request_id=line.request.id, how="passport seen", on=date(2026, 11, 9), asked_on=date(2026, 11, 3)
    )
    assert load_requests(office).lines[0].due_on == date(2026, 12, 9)

    establish_identity(office, request_id=line.request.id, how="passport seen", on=date(2026, 11, 9), asked_on=None)
    assert load_requests(office).lines[0].due_on == date(2026, 12, 2)


def test_proof_given_before_it_was_asked_for_is_refused(office: Office) -> None:
    line = ask(office, received=date(2026, 11, 2))

    with pytest.raises(BadInputError, match="do not fit"):
        establish_identity(
            office, request_id=line.request.id, how="passport", on=date(2026, 11, 3), asked_on=date(2026, 11, 4)
        )
    with pytest.raises(BadInputError, match="do not fit"):
        establish_identity(
            office, request_id=line.request.id, how="passport", on=date(2026, 11, 3), asked_on=date(2026, 11, 1)
        )


def test_extended_by_two_months_it_counts_from_the_first_day_again(office: Office) -> None:
    head = seen_by(office, HEAD)
    line = ask(office, received=date(2026, 11, 2))

    extend_request(head, request_id=line.request.id, months=2, why="three files in two systems", told_on=TODAY)

    assert load_requests(head).lines[0].due_on == date(2027, 2, 2)
    with pytest.raises(RefusedError, match="extended already"):
        extend_request(head, request_id=line.request.id, months=1, why="more", told_on=TODAY)


@pytest.mark.parametrize("months", [0, 3, -1])
def test_by_more_than_two_months_nothing_is_extended(office: Office, months: int) -> None:
    line = ask(office)

    with pytest.raises(RefusedError, match="up to 2 months"):
        extend_request(
            seen_by(office, HEAD), request_id=line.request.id, months=months, why="complex", told_on=TODAY
        )  # fmt: skip


def test_whoever_asks_is_told_of_an_extension_by_the_last_day_of_the_first_month(office: Office) -> None:
    line = ask(office, received=date(2026, 10, 12))
    assert line.first_due_on == date(2026, 11, 12)
    head = on(seen_by(office, HEAD), date(2026, 11, 13))

    with pytest.raises(RefusedError, match="too late to extend"):
        extend_request(head, request_id=line.request.id, months=1, why="complex", told_on=date(2026, 11, 13))
    extend_request(head, request_id=line.request.id, months=1, why="complex", told_on=date(2026, 11, 12))

    assert load_requests(head).lines[0].due_on == date(2026, 12, 14)  # the twelfth is a Saturday


def test_the_office_neither_extends_nor_closes(office: Office) -> None:
    line = ask(office)

    with pytest.raises(NotYoursError):
        extend_request(office, request_id=line.request.id, months=1, why="complex", told_on=TODAY)
    with pytest.raises(NotYoursError):
        end_request(office, request_id=line.request.id, ending=Ending.ANSWERED, on=TODAY, answer="all of it")
    assert load_requests(office).lines[0].request.is_open


def test_answered_it_is_closed_and_stands_in_the_sharing_log(office: Office) -> None:
    line, head = ask(office), seen_by(office, HEAD)

    end_request(head, request_id=line.request.id, ending=Ending.ANSWERED, on=TODAY, answer="The pack, on paper")

    closed = load_requests(head).lines[0]
    assert (closed.left, closed.request.answer, closed.is_late) == ("Answered", "The pack, on paper", False)
    (given,) = load_sharing(head).lines
    assert (given.what, given.to_whom, given.name) == ("The pack, on paper", "Gemma Birtles", "Callum Birtles")
    with pytest.raises(RefusedError, match="has ended"):
        end_request(head, request_id=line.request.id, ending=Ending.ANSWERED, on=TODAY, answer="again")


def test_withdrawn_nothing_was_given(office: Office) -> None:
    line, head = ask(office), seen_by(office, HEAD)

    end_request(head, request_id=line.request.id, ending=Ending.WITHDRAWN, on=TODAY, answer="no longer wanted")

    assert load_sharing(head).lines == ()


# -- on Today ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (date(2026, 11, 10), "30 days left"),  # as it comes in
        (date(2026, 11, 12), "28 days left"),
        (date(2026, 11, 13), None),
        (date(2026, 12, 2), None),
        (date(2026, 12, 3), "7 days left"),
        (date(2026, 12, 9), "1 day left"),
        (date(2026, 12, 10), "due today"),
        (date(2026, 12, 11), "1 day late"),
    ],
)
def test_it_is_shown_as_it_comes_in_when_its_day_is_near_and_when_it_is_late(
    office: Office, today: date, shown: str | None
) -> None:
    ask(office)

    row = row_of(on(seen_by(office, HEAD), today))

    assert (row.why if row else None) == (f"Somebody asks to see what is held: {shown}" if shown else None)


def test_on_its_day_it_counts_among_what_is_due_today_and_names_nobody(office: Office) -> None:
    ask(office)

    row = row_of(on(seen_by(office, LEAD), date(2026, 12, 10)))

    assert row is not None
    assert row.severity is Severity.TODAY
    assert "Birtles" not in f"{row.name} {row.hidden_name} {row.why} {row.next_act} {row.beside}"


def test_the_office_does_not_see_it_among_its_own_work(office: Office) -> None:
    ask(office)

    assert row_of(on(office, date(2026, 12, 10))) is None
    assert NOW.date() == TODAY
    assert LUCJA != CALLUM


def test_answered_it_is_no_longer_shown(office: Office) -> None:
    line, head = ask(office), seen_by(office, HEAD)
    end_request(head, request_id=line.request.id, ending=Ending.ANSWERED, on=TODAY, answer="all of it")

    assert row_of(on(head, date(2026, 12, 11))) is None
