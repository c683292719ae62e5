"""Who may do what, through the use cases themselves: each right with one role that has it and one that has not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.call_card import load_call_card
from cme_desktop.casework.cases import list_cases, load_case, open_case
from cme_desktop.casework.circumstances import add_circumstance, end_circumstance, load_circumstances
from cme_desktop.casework.contacts import load_contact_list
from cme_desktop.casework.explain import load_explanations, on_paper
from cme_desktop.casework.finding import find_pupils
from cme_desktop.casework.first_person import list_roles_to_give
from cme_desktop.casework.imports import list_imports
from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.keeping.disposal import sign_disposal
from cme_desktop.casework.keeping.holds import set_hold
from cme_desktop.casework.lives.book import load_life_file, load_lives
from cme_desktop.casework.lives.inspection import set_lists
from cme_desktop.casework.lives.leave_decision import decide_leave
from cme_desktop.casework.lives.removal_acts import propose_removal
from cme_desktop.casework.lives.starting_acts import supply_fact
from cme_desktop.casework.numbers import load_numbers, say_number_of_children
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.casework.opening import add_person, print_new_recovery_key
from cme_desktop.casework.outcomes import record_note
from cme_desktop.casework.own_policy import give_up
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.casework.pupil_year import load_pupil_year
from cme_desktop.casework.records import give_for_printing, load_pdf, prepare_record, sign_record
from cme_desktop.casework.register import load_register, set_mark
from cme_desktop.casework.removing_people import remove_person
from cme_desktop.casework.reports import Worry, report_worry
from cme_desktop.casework.review import agree_with_flags
from cme_desktop.casework.school_settings import load_school_settings, save_school_settings
from cme_desktop.casework.setting_up import NewSchool, set_up
from cme_desktop.casework.state_of_records import count_held
from cme_desktop.casework.today.round import begin_day, show_pupils
from cme_desktop.casework.today.screen import load_today
from cme_desktop.casework.upkeep import load_upkeep
from cme_desktop.casework.why_not import load_why_not
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.identifiers import PupilId, UserId
from cme_desktop.domain.keeping import HoldGround
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.domain.reports import ReportSource
from cme_desktop.domain.rights import PROTECTED, RIGHTS, Right, may
from cme_desktop.importers.calendars import load_supplied_calendar
from cme_desktop.paths import find_paths
from cme_desktop.storage.pupils import list_all_pupils
from tests.office import (
    FIRST_DAY,
    HEAD,
    IMANI,
    LEAD,
    LUCJA,
    MANAGER,
    NOW,
    PASSWORD,
    TODAY,
    add_marks,
    add_pupil,
    seen_by,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GOVERNOR: Final = SignedInUser(UserId(1), "Jo Ashe", Role.GOVERNOR)
CARETAKER: Final = SignedInUser(UserId(1), "Al Byrd", Role.CARETAKER)
SENIOR: Final = SignedInUser(UserId(1), "Di Crane", Role.SENIOR)


def by(office: Office, role: Role) -> Office:
    """Give the same office with somebody of this role at the desk."""
    return seen_by(office, replace(MANAGER, role=role))


WORRY: Final = Worry(source=ReportSource.PUBLIC, child="A child", words="Seen at the shop.", on=TODAY)


# -- the table, through use cases ----------------------------------------------------------------------------------


ACTS: Final[dict[Right, tuple[Callable[[Office], Any], Role, Role]]] = {
    Right.SEE_NAMES: (load_today, Role.OFFICE, Role.GOVERNOR),
    Right.SEE_COUNTS: (load_numbers, Role.GOVERNOR, Role.CARETAKER),
    Right.CALL: (lambda office: record_note(office, pupils=(LUCJA,), words="Rang."), Role.OFFICE, Role.CARETAKER),
    Right.WORK_ON_CASES: (lambda office: open_case(office, pupil_id=LUCJA, why="Gone."), Role.SENIOR, Role.GOVERNOR),
    Right.ENTER_WORRIES: (
        lambda office: report_worry(office, worry=WORRY),
        Role.OFFICE, Role.GOVERNOR,
    ),
    Right.NOTE_PROTECTION: (
        lambda office: add_circumstance(office, pupil_id=LUCJA, name=Circumstance.SECTION_47), Role.LEAD, Role.SENIOR,
    ),
    Right.REVIEW: (lambda office: agree_with_flags(office, flags=()), Role.SENIOR, Role.OFFICE),
    Right.IMPORT: (list_imports, Role.OFFICE, Role.CARETAKER),
    Right.EXPORT_NAMES: (
        lambda office: set_lists(office, book=load_lives(seen_by(office, HEAD)), first=FIRST_DAY, last=TODAY),
        Role.OFFICE, Role.GOVERNOR,
    ),
    Right.SET_UP: (
        lambda office: save_school_settings(office, load_school_settings(office)), Role.OFFICE, Role.GOVERNOR
    ),
    Right.READ_JOURNAL: (load_journal, Role.LEAD, Role.OFFICE),
    Right.CHECK_RECORDS: (count_held, Role.CARETAKER, Role.GOVERNOR),
    Right.HOLD_RECORDS: (
        lambda office: set_hold(office, ground=HoldGround.INQUIRY, reason="It asks for it."), Role.LEAD, Role.SENIOR,
    ),
}  # fmt: skip


@pytest.mark.parametrize("right", ACTS)
def test_whoever_has_the_right_does_it_and_whoever_has_not_is_refused(office: Office, right: Right) -> None:
    act, theirs, others = ACTS[right]
    assert may(theirs, right)
    assert not may(others, right)

    with pytest.raises(RefusedError) as refused:
        act(by(office, others))
    assert refused.value.remedy

    act(by(office, theirs))


REFUSED: Final[dict[Right, tuple[Any, Role]]] = {
    Right.MARK: (
        lambda office: set_mark(office, pupil_id=LUCJA, session=None, code=None),  # type: ignore[arg-type]
        Role.GOVERNOR,
    ),
    Right.WORK_ON_ROLL: (supply_fact, Role.CARETAKER),
    Right.DECIDE_LEAVE: (decide_leave, Role.OFFICE),
    Right.REMOVE_NAMES: (propose_removal, Role.GOVERNOR),
    Right.DISPOSE: (sign_disposal, Role.LEAD),
    Right.ADOPT_POLICY: (lambda office: give_up(office, "aspire-academy", from_day=TODAY, why="No."), Role.OFFICE),
}


@pytest.mark.parametrize("right", REFUSED)
def test_the_refusal_comes_before_anything_is_read(office: Office, right: Right) -> None:
    act, role = REFUSED[right]

    with pytest.raises(RefusedError):
        act(by(office, role))


def test_a_refusal_says_who_may_and_what_to_do(office: Office) -> None:
    with pytest.raises(NotYoursError) as refused:
        load_journal(office)

    assert refused.value.detail == (
        "Only the headteacher and the designated safeguarding lead may read the journal. Nothing was changed."
    )
    assert refused.value.remedy == "Ask one of them to sign in and do it."


# -- a governor ----------------------------------------------------------------------------------------------------


def names_in(office: Office) -> set[str]:
    """Every surname and forename in the records."""
    with office.database.reading() as db:
        return {name for one in list_all_pupils(db) for name in (one.legal_surname, one.legal_forename)}


def test_a_governor_reads_numbers_and_none_that_points_at_a_child(office: Office) -> None:
    add_marks(office, LUCJA, "O", TODAY)

    said = load_numbers(by(office, Role.GOVERNOR))

    pupils = {line.label: line.value for line in said.groups[0].lines}
    assert pupils["On roll"] == "12"
    assert pupils["Absent today"] == "fewer than 5"
    assert not any(name in repr(said) for name in names_in(office))


@pytest.mark.parametrize(("count", "said"), [(0, "none"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5")])
def test_a_number_under_five_is_not_said(count: int, said: str) -> None:
    assert say_number_of_children(count) == said


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.CARETAKER])
def test_nothing_that_names_a_child_opens_for_who_sees_no_names(office: Office, role: Role) -> None:
    case = open_case(office, pupil_id=LUCJA, why="Gone.")
    book = load_lives(office)
    other = by(office, role)

    for read in (
        load_today, begin_day, list_cases, load_lives, list_imports, load_journal,
        lambda at: load_case(at, case.case_id), lambda at: load_call_card(at, LUCJA),
        lambda at: load_explanations(at, pupil_id=LUCJA), lambda at: load_why_not(at, LUCJA),
        lambda at: load_contact_list(at, pupil_id=LUCJA), lambda at: find_pupils(at, "wis"),
        lambda at: load_pupil_year(at, pupil_id=LUCJA),
        lambda at: load_register(at, class_name="Oak", first=FIRST_DAY, last=TODAY),
        lambda at: prepare_record(at, case.case_id), lambda at: load_circumstances(at, pupil_id=LUCJA),
        lambda at: load_life_file(at, book=book, life=next(iter(book.rows)), key="1"),
    ):  # fmt: skip
        with pytest.raises(NotYoursError) as refused:
            read(other)
        assert not any(name in str(refused.value) for name in names_in(office))


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Office]:
    """Records set up as a school would by its office manager, with a key file."""
    paths = find_paths(tmp_path / "school")
    calendar = load_supplied_calendar(paths.resources, "test-2026-27")
    new = NewSchool(
        name="Larkfield Primary School", laestab="8302201", urn="112500", years=calendar.years,
        user_name=MANAGER.name, user_role=Role.OFFICE, password=PASSWORD,
    )  # fmt: skip
    made = set_up(paths, new, now=lambda: NOW).office
    yield made
    made.database.close()


def test_the_caretaker_backs_up_and_sees_people_and_no_child(school: Office) -> None:
    pupil = add_pupil(school)
    caretaker = by(school, Role.CARETAKER)
    make_backup(caretaker)

    said = load_upkeep(caretaker)

    assert (MANAGER.name, "office manager") in said.people
    assert len(said.backups) == 1
    assert pupil
    assert not any(name in repr(said) for name in names_in(school))
    with pytest.raises(NotYoursError):
        make_backup(by(school, Role.GOVERNOR))
    with pytest.raises(NotYoursError):
        load_upkeep(by(school, Role.GOVERNOR))


# -- people --------------------------------------------------------------------------------------------------------


def add(office: Office, role: Role) -> None:
    add_person(office, name=f"A {role.value}", role=role, password=PASSWORD)


def test_whoever_set_the_records_up_adds_the_head_and_from_then_on_it_is_the_heads(school: Office) -> None:
    add(school, Role.HEAD)

    assert list_roles_to_give(school) == ()
    for act in (
        lambda: add(school, Role.SENIOR), lambda: print_new_recovery_key(school),
        lambda: remove_person(school, user_id=UserId(2)),
    ):  # fmt: skip
        with pytest.raises(NotYoursError, match="Only the headteacher and the caretaker"):
            act()

    add(by(school, Role.HEAD), Role.LEAD)


def test_a_caretaker_adds_people_but_nobody_who_reads_protection_notes_once_somebody_does(school: Office) -> None:
    caretaker = by(school, Role.CARETAKER)
    add(caretaker, Role.HEAD)

    assert list_roles_to_give(caretaker) == (Role.OFFICE, Role.SENIOR, Role.GOVERNOR, Role.CARETAKER)
    with pytest.raises(RefusedError, match="Ask the headteacher"):
        add(caretaker, Role.LEAD)
    add(caretaker, Role.GOVERNOR)


# -- protection notes ----------------------------------------------------------------------------------------------


PLAN_WORDS: Final = ("child protection", "child-protection", "social worker", "section 47", "safeguarding concern")


@pytest.fixture
def child(office: Office) -> PupilId:
    """A child with a child-protection plan, absent since yesterday without a word, with a case."""
    pupil = add_pupil(office, circumstances=(Circumstance.CHILD_PROTECTION_PLAN, Circumstance.SEN_SUPPORT))
    add_marks(office, pupil, "/", FIRST_DAY, TODAY)
    add_marks(office, pupil, "O", TODAY.replace(day=9), TODAY)
    return pupil


def said_to(office: Office, pupil: PupilId) -> str:
    """Everything that screens, prints and commands show of the child, as one text."""
    round_ = begin_day(office)
    shown = show_pupils(office, round_.state, (pupil,))
    cases = list_cases(office)
    case = next(row.case.id for row in cases.open if row.case.pupil_id == pupil)
    file = load_case(office, case, roll=cases.roll)
    explained = load_explanations(office, pupil_id=pupil)
    book = load_lives(office)
    why_not = load_why_not(office, pupil)
    contacts = load_contact_list(office, pupil_id=pupil)
    parts: list[object] = [
        round_.screen, shown.card.reason, shown.card.reason_detail, shown.card.chips, shown.card.steps,
        shown.card.attempts, [(flag.title, flag.finding, flag.duty.what, flag.references) for flag in shown.card.flags],
        on_paper("Robin", explained), on_paper("Robin", shown.explanations), on_paper("Robin", shown.to_decide),
        why_not.on_paper, cases.open,
        [(task.text, task.clauses) for task in file.tasks], [(one.title, one.detail) for one in file.history],
        [(flag.title, flag.finding.sentence, flag.duty.what) for flag in file.flags], file.pupil,
        contacts.circumstances, contacts.pupil, load_circumstances(office, pupil_id=pupil), book.rows, book.notes,
    ]  # fmt: skip
    return "\n".join(map(str, parts)).casefold()


def test_the_office_is_told_that_faster_steps_apply_and_the_head_why(office: Office, child: PupilId) -> None:
    open_case(office, pupil_id=child, why="Nobody answers.")

    to_office = said_to(office, child)
    to_senior = said_to(by(office, Role.SENIOR), child)
    to_head = said_to(seen_by(office, HEAD), child)
    to_lead = said_to(seen_by(office, LEAD), child)

    for told in (to_office, to_senior):
        assert "faster steps apply" in told
        assert [words for words in PLAN_WORDS if words in told] == []
        assert "child_protection_plan" not in told
        assert "sen_support" in told
    for told in (to_head, to_lead):
        assert "child protection plan" in told or "child_protection_plan" in told
        assert "social worker" in told


def test_the_offices_record_leaves_the_plan_out_and_the_leads_is_not_the_offices_to_open(
    office: Office, child: PupilId
) -> None:
    from pypdf import PdfReader

    case = open_case(office, pupil_id=child, why="Nobody answers.").case_id
    lead = seen_by(office, LEAD)

    own = words_of(office, prepare_record(office, case).id, PdfReader)
    assert "faster steps apply" in own
    assert [words for words in PLAN_WORDS if words in own] == []

    full = prepare_record(lead, case)
    assert "child protection plan" in words_of(lead, full.id, PdfReader)
    for act in (
        lambda: load_pdf(office, full.id),
        lambda: give_for_printing(office, full.id),
        lambda: sign_record(office, full.id, typed="Pat Mellor"),
        lambda: prepare_record(office, case),
    ):
        with pytest.raises(RefusedError, match="protection notes"):
            act()


def words_of(office: Office, document: Any, reader: Any) -> str:
    """The words of a document's pages, on one line."""
    from io import BytesIO

    pages = reader(BytesIO(load_pdf(office, document))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).casefold()


@pytest.mark.parametrize("circumstance", sorted(PROTECTED))
def test_a_protected_circumstance_is_noted_read_and_ended_by_lead_or_head_alone(
    office: Office, circumstance: Circumstance
) -> None:
    lead = seen_by(office, LEAD)
    with pytest.raises(NotYoursError):
        add_circumstance(office, pupil_id=LUCJA, name=circumstance)

    add_circumstance(lead, pupil_id=LUCJA, name=circumstance)

    (noted,) = load_circumstances(lead, pupil_id=LUCJA)
    assert load_circumstances(office, pupil_id=LUCJA) == ()
    assert load_contact_list(office, pupil_id=LUCJA).is_faster
    with pytest.raises(NotYoursError):
        end_circumstance(office, circumstance_id=noted.id, last_day=TODAY)


def test_a_looked_after_child_is_only_on_the_faster_ladder_for_the_office(office: Office) -> None:
    add_marks(office, IMANI, "O", TODAY)
    told = [flag.title for flag in load_call_card(office, IMANI).flags]

    assert "Faster steps apply" in told
    assert not any("ooked" in title for title in told)


def test_what_the_lead_writes_is_kept_from_the_office(office: Office) -> None:
    lead = seen_by(office, LEAD)
    case = open_case(office, pupil_id=LUCJA, why="Gone.").case_id
    record_note(lead, pupils=(LUCJA,), words="The neighbour heard shouting.")
    record_note(office, pupils=(LUCJA,), words="Rang the shop.")

    def told(at: Office) -> str:
        return " ".join(one.detail for one in load_case(at, case).history)

    assert "shouting" in told(lead)
    assert "shouting" not in told(office)
    assert "Kept for the safeguarding lead" in told(office)
    assert "Rang the shop" in told(office)


def test_the_records_keep_the_whole_reason_whoever_opened_the_day(office: Office, child: PupilId) -> None:
    from cme_desktop.casework.today.round import keep_in_step
    from cme_desktop.storage.flags import list_flags

    keep_in_step(office, begin_day(office).state)

    with office.database.reading() as db:
        kept = " ".join(one.flag.finding.sentence for one in list_flags(db, pupil_id=child))
    assert "social worker" in kept


def test_every_role_of_the_table_is_tried_here() -> None:
    tried = {role for _, *roles in ACTS.values() for role in roles}

    assert tried == set(RIGHTS) - {Role.HEAD}
    assert set(ACTS) | set(REFUSED) | {
        Right.SEE_PROTECTION, Right.BACK_UP, Right.MANAGE_PEOPLE
    } == set(Right)  # fmt: skip
