"""The journal in plain sentences: who did what, about whom, the newest first, narrowed by words, person and pupil."""

from __future__ import annotations

import pytest

from cme_desktop.casework.journal_reading import PAGE, JournalPage, load_journal
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_contact_attempt, undo_last
from cme_desktop.casework.register import set_mark
from cme_desktop.domain.attendance import AttendanceCode, Half, SchoolSession
from cme_desktop.domain.events import AttemptOutcome, With
from cme_desktop.storage.journal import write_journal
from tests.office import HEAD, LUCJA, MANAGER, NOW, TOMASZ, YESTERDAY, seen_by


@pytest.fixture
def morning(office: Office) -> Office:
    """Łucja's mother is rung by the office, Tomasz's by the head, and the head takes it back."""
    ring(office, LUCJA, AttemptOutcome.NO_ANSWER)
    head = seen_by(office, HEAD)
    ring(head, TOMASZ, AttemptOutcome.LEFT_MESSAGE)
    undo_last(head)
    return office


def ring(office: Office, pupil: int, outcome: AttemptOutcome) -> None:
    record_contact_attempt(office, pupils=(pupil,), contact_id=None, with_=With.MOTHER, outcome=outcome)  # type: ignore[arg-type]


def told(page: JournalPage, most: int = 3) -> list[tuple[str, str, str]]:
    return [(line.by, line.said, line.about) for line in page.lines[:most]]


def test_the_newest_stands_first_in_words_with_the_names_that_the_journal_itself_does_not_hold(morning: Office) -> None:
    assert told(load_journal(morning)) == [
        ("Dr Ann Teal", "Took back", "Tomasz Wiśniewski"),
        ("Dr Ann Teal", "Mother: message left", "Tomasz Wiśniewski"),
        ("Pat Mellor", "Mother: no answer", "Łucja Wiśniewska"),
    ]


def test_it_is_narrowed_by_words_by_person_and_by_pupil(morning: Office) -> None:
    assert told(load_journal(morning, words="lucja answer")) == [
        ("Pat Mellor", "Mother: no answer", "Łucja Wiśniewska")
    ]
    assert load_journal(morning, words="lucja message").lines == ()
    assert {line.by for line in load_journal(morning, by=HEAD.id).lines} == {"Dr Ann Teal"}
    assert [line.about for line in load_journal(morning, pupil_id=LUCJA).lines] == ["Łucja Wiśniewska"]


def test_an_amended_mark_says_what_stood_and_what_stands(office: Office) -> None:
    session = SchoolSession(YESTERDAY, Half.AM)
    set_mark(office, pupil_id=LUCJA, session=session, code=AttendanceCode.ILLNESS, reason="The mother rang")

    assert told(load_journal(office), most=1) == [
        ("Pat Mellor", "Amended a mark: / to I, Mon 9 Nov morning", "Łucja Wiśniewska"),
    ]  # fmt: skip


def test_the_clock_is_the_offices(morning: Office) -> None:
    line = load_journal(morning).lines[0]

    assert (line.at.hour, line.at.minute, line.at.tzinfo) == (9, 40, None)


@pytest.mark.parametrize(("more", "is_all"), [(-1, True), (0, True), (1, False)])
def test_a_page_holds_so_many_and_the_next_goes_on_where_it_ended(more: int, office: Office, *, is_all: bool) -> None:
    before = len(load_journal(office).lines)
    with office.database.transaction() as db:
        for _ in range(PAGE - before + more):
            write_journal(db, at=NOW, by=MANAGER.id, act="tried", subject="school", details={})

    first = load_journal(office)

    assert len(first.lines) == min(PAGE, PAGE + more)
    if first.older_than is None:
        assert more < 0
    else:
        rest = load_journal(office, before=first.older_than)
        assert (rest.lines == ()) is is_all
        assert {line.number for line in first.lines}.isdisjoint(line.number for line in rest.lines)
