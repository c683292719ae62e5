"""Anyone's worry about a child, and other schools' questions: written down, waiting, decided, answered, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import select

from cme_desktop.casework import reports
from cme_desktop.casework.lives.book import load_life_file, load_lives
from cme_desktop.casework.lives.life import Life, LifeFile, LifeRow
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.casework.outcomes import undo_last
from cme_desktop.casework.report_matching import likely_pupils
from cme_desktop.casework.reports import ChildAskedAfter, Worry
from cme_desktop.casework.review_list import review_screen
from cme_desktop.casework.roll import load_roll
from cme_desktop.casework.today.screen import load_today, screen_of
from cme_desktop.casework.today.state import load_today_state
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import BadInputError, CmeError, MissingFactsError, RefusedError
from cme_desktop.domain.events import EventKind
from cme_desktop.domain.identifiers import ReportId
from cme_desktop.domain.reports import ReportAnswer, ReportDecision, ReportSearch, ReportSource
from cme_desktop.policy.review import review
from cme_desktop.policy.rule import Flag, Rule
from cme_desktop.storage.events import list_events
from cme_desktop.storage.tables import JournalRow
from tests.office import HEAD, LEAD, LUCJA, MANAGER, TODAY, YESTERDAY, add_pupil, an_office, at, seen_by

RULE = "england.reported-concern"
WORRY = Worry(
    ReportSource.PUBLIC, TODAY, "A boy is at number 14 each morning.", child="Dani Quill", age="about 8",
    address="14 Mill Lane", reporter="Mrs Croft", reach="07700 900321", unnamed=True,
)  # fmt: skip
ASKED = ChildAskedAfter(
    "Ms Ash, Northfield Council", "cme@northfield.example", TODAY, date(2026, 11, 17), "Lucja Wisniewska",
    address="2 Old Road", reference="NF/221",
)  # fmt: skip


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path, user=LEAD)


def rows_of(office: Office) -> tuple[LifeRow, ...]:
    return load_lives(office).rows[Life.REPORTS]


def file_of(office: Office, report_id: ReportId) -> LifeFile:
    return load_life_file(office, book=load_lives(office), life=Life.REPORTS, key=str(report_id))


def flags_of(office: Office) -> tuple[Flag, ...]:
    roll = load_roll(office)
    return review(roll.records, roll.judgement, roll.rulebook)


def unheard(office: Office) -> tuple[Flag, ...]:
    return tuple(reports.flag_unheard(reports.read_reports(office), load_roll(office), flags_of(office)).values())


def rules_of_lucja(office: Office) -> set[str]:
    return {flag.rule_id for flag in flags_of(office) if flag.pupil_id == LUCJA}


def on_today(office: Office) -> list[str]:
    return [row.name for row in load_today(office).rows if row.key.startswith("report:")]


def facts_of(file: LifeFile) -> dict[str, str]:
    return {fact.label: fact.value for fact in file.facts}


# -- a child on no roll ------------------------------------------------------------------------------------------


def test_a_worry_about_a_child_on_no_roll_waits_for_the_lead_the_same_day(office: Office) -> None:
    reports.report_worry(office, worry=WORRY)

    (flag,) = unheard(office)
    rule = load_roll(office).rulebook.find_rule(RULE)
    assert isinstance(rule, Rule)
    assert (flag.rule_id, flag.pupil_id, flag.due) == (RULE, None, Deadline(TODAY))
    assert flag.duty.by is Role.LEAD
    assert flag.references == rule.references
    assert "Quill" not in flag.finding.sentence
    assert "Croft" not in flag.finding.sentence


@pytest.mark.parametrize(
    ("now", "overdue"),
    [
        (datetime(2026, 11, 10, 9, 41, tzinfo=UTC), False),
        (datetime(2026, 11, 10, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 11, 0, 1, tzinfo=UTC), True),
    ],
)
def test_it_is_overdue_after_the_close_of_the_day(office: Office, now: datetime, *, overdue: bool) -> None:
    reports.report_worry(office, worry=WORRY)

    (flag,) = unheard(at(office, now))

    assert flag.overdue is overdue


def test_on_a_sunday_it_is_due_the_next_school_day(office: Office) -> None:
    sunday = at(office, datetime(2026, 11, 15, 12, tzinfo=UTC))
    reports.report_worry(sunday, worry=replace(WORRY, on=date(2026, 11, 15)))

    assert unheard(sunday)[0].due == Deadline(date(2026, 11, 16))


@pytest.mark.parametrize(("user", "shown"), [(LEAD, True), (HEAD, True), (MANAGER, False)])
def test_it_stands_on_today_for_lead_and_head_with_a_name_that_can_be_hidden(
    office: Office, user: SignedInUser, *, shown: bool
) -> None:
    reports.report_worry(office, worry=WORRY)

    rows = [row for row in load_today(seen_by(office, user)).rows if row.key.startswith("report:")]

    assert bool(rows) is shown
    for row in rows:
        assert row.name == "Dani Quill"
        assert "Quill" not in row.spoken(hidden=True)


@pytest.mark.parametrize("decision", ReportDecision)
def test_each_decision_of_the_lead_settles_it(office: Office, decision: ReportDecision) -> None:
    report_id = reports.report_worry(office, worry=WORRY).report_id

    reports.decide_worry(office, report_id=report_id, decision=decision, reason="Looked up.", fact="CME-77, Ms Ash")

    assert unheard(office) == ()
    assert on_today(office) == []
    facts = facts_of(file_of(office, report_id))
    assert facts["Decided"] == decision.in_words
    assert facts["Because"] == "Looked up."
    assert ("CME-77, Ms Ash" in facts.values()) is (decision is not ReportDecision.NOT_ENOUGH)
    assert rows_of(office)[0].severity is None


def test_a_decision_needs_its_reason_and_what_belongs_to_it(office: Office) -> None:
    report_id = reports.report_worry(office, worry=WORRY).report_id

    with pytest.raises(MissingFactsError) as told:
        reports.decide_worry(office, report_id=report_id, decision=ReportDecision.REFERRED, reason=" ")

    assert told.value.missing == ("the reference, or who took the referral", "the reason")
    assert len(unheard(office)) == 1


@pytest.mark.parametrize("role", [Role.OFFICE, Role.SENIOR, Role.GOVERNOR, Role.CARETAKER])
def test_nobody_but_lead_and_head_decides_matches_or_answers(office: Office, role: Role) -> None:
    other = seen_by(office, replace(MANAGER, role=role))
    worry = reports.report_worry(office, worry=WORRY).report_id
    asked = reports.report_request(office, request=ASKED).report_id

    with pytest.raises(RefusedError, match="safeguarding lead"):
        reports.decide_worry(other, report_id=worry, decision=ReportDecision.NOT_ENOUGH, reason="No.")
    with pytest.raises(RefusedError, match="safeguarding lead"):
        reports.match_worry(other, report_id=worry, pupil_id=LUCJA)
    with pytest.raises(RefusedError, match="safeguarding lead"):
        reports.answer_request(
            other, report_id=asked, answer=ReportAnswer.NO, reply="No.", sent_to="Ms Ash", sent_how="Letter"
        )

    assert len(unheard(office)) == 1


def test_the_office_sees_that_a_worry_waits_and_nothing_of_what_was_said(office: Office) -> None:
    manager = seen_by(office, MANAGER)
    report_id = reports.report_worry(manager, worry=WORRY, pupil_id=LUCJA).report_id

    (row,) = rows_of(manager)
    file = file_of(manager, report_id)

    shown = f"{row}{file.facts}{file.steps}{file.history}{file.flags}{file.pupil}"
    for secret in ("Quill", "Mill Lane", "Croft", "900321", "number 14", "ucja"):
        assert secret not in shown
    assert file.acts == ()


def test_a_worry_without_words_or_from_a_time_to_come_is_refused_and_nothing_is_kept(office: Office) -> None:
    with pytest.raises(MissingFactsError):
        reports.report_worry(office, worry=replace(WORRY, words=" "))
    with pytest.raises(BadInputError):
        reports.report_worry(office, worry=replace(WORRY, at=time(23, 0)))

    assert rows_of(office) == ()


# -- a child on our roll -----------------------------------------------------------------------------------------


def test_a_pupil_is_never_matched_without_a_person(office: Office) -> None:
    reports.report_worry(office, worry=replace(WORRY, child="Łucja Wiśniewska"))

    assert RULE not in rules_of_lucja(office)
    assert len(unheard(office)) == 1


def test_a_worry_about_a_pupil_raises_the_pupils_own_flag_until_the_lead_decides(office: Office) -> None:
    report_id = reports.report_worry(office, worry=WORRY, pupil_id=LUCJA).report_id
    assert RULE in rules_of_lucja(office)
    assert unheard(office) == ()

    reports.decide_worry(
        office, report_id=report_id, decision=ReportDecision.TOLD_CARE, reason="At risk.", fact="MASH 12"
    )

    assert RULE not in rules_of_lucja(office)
    assert unheard(office) == ()
    with office.database.reading() as db:
        kinds = [each.event.kind for each in list_events(db, pupil_id=LUCJA)]
    assert kinds == [EventKind.CONCERN_REPORTED, EventKind.DECISION, EventKind.TOLD]


def test_a_second_worry_about_the_same_pupil_still_waits_after_the_first_is_decided(office: Office) -> None:
    first = reports.report_worry(office, worry=WORRY, pupil_id=LUCJA).report_id
    reports.report_worry(office, worry=WORRY, pupil_id=LUCJA)

    reports.decide_worry(office, report_id=first, decision=ReportDecision.NOT_ENOUGH, reason="Seen here today.")

    assert len(unheard(office)) == 1


def test_the_lead_finds_that_it_is_a_child_of_ours_and_can_take_that_back(office: Office) -> None:
    report_id = reports.report_worry(office, worry=WORRY).report_id

    reports.match_worry(office, report_id=report_id, pupil_id=LUCJA)
    assert RULE in rules_of_lucja(office)
    assert unheard(office) == ()
    undo_last(office)

    assert RULE not in rules_of_lucja(office)
    assert len(unheard(office)) == 1


def test_undo_takes_back_a_decision_and_then_the_report(office: Office) -> None:
    report_id = reports.report_worry(office, worry=WORRY, pupil_id=LUCJA).report_id
    reports.decide_worry(office, report_id=report_id, decision=ReportDecision.NOT_ENOUGH, reason="No.")

    changes = undo_last(office)
    assert RULE in rules_of_lucja(office)
    assert facts_of(file_of(office, report_id)).get("Decided") is None
    assert changes.pupils == {LUCJA}
    undo_last(office)

    assert RULE not in rules_of_lucja(office)
    assert rows_of(office) == ()
    with pytest.raises(CmeError, match="no longer there"):
        file_of(office, report_id)


# -- who may be meant --------------------------------------------------------------------------------------------


def names(office: Office, name: str, *, born: date | None = None) -> list[str]:
    desk = reports.load_report_desk(office)
    return [each.known for each in likely_pupils(desk.pupils, name=name, born=born, on=TODAY)]


def test_a_name_is_found_without_its_accents_and_by_its_first_letters(office: Office) -> None:
    assert names(office, "lucja wisniewska")[0].startswith("Łucja Wiśniewska, Oak")
    assert any(name.startswith("Ondřej Novák") for name in names(office, "Nova"))
    assert names(office, "Zebedee") == []


def test_leavers_and_starters_are_offered_and_say_what_they_are(office: Office) -> None:
    add_pupil(office, surname="Quill", forename="Dani", left_on=date(2026, 10, 2))
    add_pupil(office, surname="Quill", forename="Dana", starting_day=date(2027, 1, 5))

    found = names(office, "D. Quill")

    assert any("left 02/10/2026" in name for name in found)
    assert any("to start" in name for name in found)


def test_the_same_day_of_birth_is_offered_under_another_name(office: Office) -> None:
    add_pupil(office, surname="Marsh", forename="Robin", born=date(2018, 2, 3))

    assert names(office, "Someone Else", born=date(2018, 2, 3))[0].startswith("Robin Marsh")
    assert names(office, "Someone Else", born=date(2018, 2, 4)) == []


# -- a question --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2027, 7, 13), date(2027, 7, 20)),
        (date(2027, 7, 14), date(2027, 7, 21)),
        (date(2027, 7, 15), date(2027, 7, 22)),
        (date(2027, 8, 27), date(2027, 9, 6)),
    ],
)
def test_a_report_is_written_down_also_where_the_calendar_ends_before_the_answer_is_due(
    office: Office, today: date, due: date
) -> None:
    calendar = load_roll(office).judgement.calendar
    assert calendar.school_days[-1] == date(2027, 7, 21)
    in_july = at(office, datetime(today.year, today.month, today.day, 9, tzinfo=UTC))

    desk = reports.load_report_desk(in_july)

    assert desk.reply_due_on == due
    assert reports.report_worry(in_july, worry=replace(WORRY, on=today)).report_id


def test_an_answer_is_aimed_at_the_fifth_school_day(office: Office) -> None:
    desk = reports.load_report_desk(office)

    assert (desk.reply_within, desk.reply_due_on) == (5, date(2026, 11, 17))


@pytest.mark.parametrize(
    ("day", "overdue", "words"), [(16, False, "Tue 17"), (17, False, "today"), (18, True, "late, Tue 17")]
)
def test_a_question_presses_on_its_day_and_is_late_the_day_after(
    office: Office, day: int, words: str, *, overdue: bool
) -> None:
    reports.report_request(office, request=ASKED)
    later = at(office, datetime(2026, 11, day, 9, 40, tzinfo=UTC))

    (row,) = rows_of(later)

    assert (row.overdue, row.when) == (overdue, words)
    assert on_today(later) == ["Lucja Wisniewska"]
    assert on_today(seen_by(later, MANAGER)) == ["Lucja Wisniewska"]


def test_nothing_is_answered_before_who_asks_is_made_sure_of(office: Office) -> None:
    report_id = reports.report_request(office, request=ASKED).report_id

    with pytest.raises(RefusedError, match="made sure"):
        reports.answer_request(
            office, report_id=report_id, answer=ReportAnswer.YES, reply="Yes.", sent_to="Ms Ash",
            sent_how="Secure e-mail", pupil_id=LUCJA,
        )  # fmt: skip


def test_no_is_answered_only_once_everything_was_searched(office: Office) -> None:
    report_id = reports.report_request(office, request=ASKED).report_id
    *most, last = ReportSearch
    reports.record_searches(seen_by(office, MANAGER), report_id=report_id, searches=most)

    with pytest.raises(RefusedError, match="everybody in the office"):
        reports.answer_request(
            office, report_id=report_id, answer=ReportAnswer.NO, reply="No.", sent_to="Ms Ash", sent_how="Letter"
        )
    reports.record_searches(office, report_id=report_id, searches=(last,))
    reports.answer_request(
        office, report_id=report_id, answer=ReportAnswer.NO, reply="No.", sent_to="Ms Ash", sent_how="Letter"
    )

    facts = facts_of(file_of(office, report_id))
    assert facts["Answered"] == "No."
    assert facts["Sent to"] == "Ms Ash, Letter"
    assert on_today(office) == []


def test_yes_names_the_pupil_and_stands_in_the_pupils_history(office: Office) -> None:
    report_id = reports.report_request(office, request=ASKED).report_id
    reports.record_searches(office, report_id=report_id, searches=(ReportSearch.ASKER,))
    pupil = next(each for each in reports.load_report_desk(office).pupils if each.id == LUCJA)
    words = reports.draft_reply(ReportAnswer.YES, pupil)
    with pytest.raises(MissingFactsError):
        reports.answer_request(
            office, report_id=report_id, answer=ReportAnswer.YES, reply=words, sent_to="Ms Ash", sent_how="s2s"
        )

    reports.answer_request(
        office, report_id=report_id, answer=ReportAnswer.YES, reply=words, sent_to="Ms Ash", sent_how="s2s",
        pupil_id=LUCJA,
    )  # fmt: skip

    assert "03/09/2024" in words
    assert "Wiśniewska" not in words
    assert "Oak" not in words
    with office.database.reading() as db:
        (line,) = list_events(db, pupil_id=LUCJA)
    assert line.event.kind is EventKind.NOTE

    undo_last(office)
    assert "answer" in file_of(office, report_id).acts
    assert file_of(office, report_id).pupil is None


def test_searches_can_be_taken_back(office: Office) -> None:
    report_id = reports.report_request(office, request=ASKED).report_id
    reports.record_searches(office, report_id=report_id, searches=(ReportSearch.ROLL,))
    reports.record_searches(office, report_id=report_id, searches=(ReportSearch.LEAVERS,))

    undo_last(office)

    assert [each.what for each in reports.read_report(office, report_id).searched] == [ReportSearch.ROLL]


def test_a_report_on_which_the_lead_decided_is_not_taken_back_by_who_wrote_it_down(office: Office) -> None:
    manager = seen_by(office, MANAGER)
    report_id = reports.report_worry(manager, worry=WORRY).report_id
    reports.decide_worry(office, report_id=report_id, decision=ReportDecision.NOT_ENOUGH, reason="No.")

    with pytest.raises(RefusedError, match="gone on with the report"):
        undo_last(manager)

    assert reports.read_report(office, report_id).decision is ReportDecision.NOT_ENOUGH
    undo_last(office)
    undo_last(manager)
    assert reports.read_reports(office) == ()


def test_a_report_that_somebody_else_matched_is_not_taken_back_by_who_wrote_it_down(office: Office) -> None:
    manager = seen_by(office, MANAGER)
    report_id = reports.report_worry(manager, worry=WORRY).report_id
    reports.match_worry(office, report_id=report_id, pupil_id=LUCJA)

    with pytest.raises(RefusedError, match="gone on with the report"):
        undo_last(manager)

    assert reports.read_report(office, report_id).pupil_id == LUCJA


def test_nobody_takes_back_what_another_looked_through(office: Office) -> None:
    manager = seen_by(office, MANAGER)
    report_id = reports.report_request(office, request=ASKED).report_id
    reports.record_searches(manager, report_id=report_id, searches=(ReportSearch.ROLL,))
    reports.record_searches(office, report_id=report_id, searches=(ReportSearch.LEAVERS,))

    with pytest.raises(RefusedError, match="gone on with the report"):
        undo_last(manager)

    searched = reports.read_report(office, report_id).searched
    assert [each.what for each in searched] == [ReportSearch.ROLL, ReportSearch.LEAVERS]


def test_open_reports_stand_before_those_decided(office: Office) -> None:
    decided = reports.report_worry(office, worry=replace(WORRY, on=YESTERDAY)).report_id
    reports.decide_worry(office, report_id=decided, decision=ReportDecision.NOT_ENOUGH, reason="No.")
    asked = reports.report_request(office, request=ASKED).report_id
    waiting = reports.report_worry(office, worry=WORRY).report_id

    assert [row.key for row in rows_of(office)] == [str(waiting), str(asked), str(decided)]


def test_the_journal_holds_numbers_and_never_what_was_said(office: Office) -> None:
    report_id = reports.report_worry(office, worry=WORRY, pupil_id=LUCJA).report_id
    reports.decide_worry(office, report_id=report_id, decision=ReportDecision.NOT_ENOUGH, reason="Quill moved.")
    asked = reports.report_request(office, request=ASKED).report_id
    reports.record_searches(office, report_id=asked, searches=(ReportSearch.ROLL,))

    with office.database.reading() as db:
        written = " ".join(f"{row.act} {row.subject} {row.details}" for row in db.scalars(select(JournalRow)))
    assert f"report:{asked}" in written
    for secret in ("Quill", "Croft", "Mill Lane", "900321", "Wisniewska", "Ash", "Old Road"):
        assert secret not in written


def test_the_leads_own_list_holds_a_worry_at_once_and_a_question_on_its_day(office: Office) -> None:
    reports.report_worry(office, worry=WORRY)
    reports.report_request(office, request=ASKED)

    def waiting(day: int) -> list[str]:
        state = load_today_state(at(office, datetime(2026, 11, day, 10, tzinfo=UTC)))
        return [row.name for row in review_screen(state, screen_of(state)).waiting if row.key.startswith("report:")]

    assert waiting(10) == ["Dani Quill"]
    assert waiting(17) == ["Dani Quill", "Lucja Wisniewska"]
