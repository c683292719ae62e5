"""A pack holds every column of every table about a pupil, and what is written about the pupil elsewhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import JSON, Text, insert, select

from cme_desktop.casework.held.gathering import gather
from cme_desktop.casework.held.item import HeldItem, Section
from cme_desktop.casework.held.shelves import LEFT_OUT, SHELVES
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_contact_attempt
from cme_desktop.casework.reports import Worry, report_worry
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, With
from cme_desktop.domain.identifiers import ContactId, PupilId, RequestId
from cme_desktop.domain.information import About, Asker, MarkReason
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.domain.reports import ReportSource
from cme_desktop.storage.circumstances import list_circumstances
from cme_desktop.storage.contacts import list_contacts
from cme_desktop.storage.held_rows import tables_about
from cme_desktop.storage.information_requests import add_request, change_request, load_request
from cme_desktop.storage.marks import session_of
from cme_desktop.storage.tables import Base, ContactRow, MarkRow
from tests.office import CALLUM, IMANI, LEAD, LUCJA, NOW, TODAY, TOMASZ, add_event_to, add_marks, seen_by

CHOSEN: dict[tuple[str, str], Any] = {
    ("pupil_event", "kind"): "note", ("pupil_event", "happened_at"): "09:10:00",
    ("pupil_event", "facts"): {"reason": "zz pupil_event facts"},
    ("information_request", "about"): "pupil", ("information_request", "asked_by"): "parent",
    ("information_request", "ending"): "answered", ("circumstance", "name"): Circumstance.LOOKED_AFTER.value,
    ("contact", "relation"): "mother", ("contact", "household"): "home", ("contact_number", "kind"): "mobile",
    ("contact_number", "quality"): "good", ("session_pattern", "sessions"): "mon-am tue-am",
}  # fmt: skip
"""Columns that hold a choice or a time, which the program must be able to read back."""

_FIRST = {"pupil": int(CALLUM), "user": 1, "import_batch": 1}


def ask(
    office: Office, pupil_id: PupilId, *, about: About = About.PUPIL, contact_id: int | None = None
) -> RequestId:  # fmt: skip
    facts = {
        "pupil_id": int(pupil_id), "contact_id": contact_id, "about": about.value, "asked_by": Asker.PARENT.value,
        "asker": "Gemma Birtles", "received_on": TODAY,
    }  # fmt: skip
    with office.database.transaction() as db:
        return add_request(db, facts, at=NOW, by=1)


def held(office: Office, request_id: RequestId) -> tuple[HeldItem, ...]:
    with office.database.reading() as db:
        return gather(db, load_request(db, request_id), today=office.today)


def said_in(items: tuple[HeldItem, ...]) -> str:
    return "\n".join(item.text for item in items)


def a_row(table: str, numbers: dict[str, int]) -> dict[str, Any]:
    """Fill every column of a table, each text with a word of its own."""
    row: dict[str, Any] = {}
    for column in Base.metadata.tables[table].columns:
        parent = next((key.column.table.name for key in column.foreign_keys), "")
        if column.primary_key and column.name == "id":
            continue
        row[column.name] = numbers[parent] if parent else _value(table, column)
    return row


def _value(table: str, column: Any) -> Any:
    kind = column.type.python_type
    if (table, column.name) in CHOSEN:
        return CHOSEN[table, column.name]
    if isinstance(column.type, JSON):
        return {"said": f"zz {table} {column.name}"}
    values: dict[type, Any] = {
        str: f"zz {table} {column.name}", int: 7, bool: True, bytes: b"zz", date: TODAY, datetime: NOW, object: NOW,
    }  # fmt: skip
    return values[kind]


def fill_everything(office: Office) -> None:
    """Write a row into every table that tells of the pupil."""
    numbers = dict(_FIRST)
    with office.database.transaction() as db:
        numbers["contact"] = db.scalars(select(ContactRow.id).where(ContactRow.pupil_id == CALLUM)).one()
        for table in tables_about("pupil"):
            if table in {"pupil", "mark"}:
                continue
            target = Base.metadata.tables[table]
            key = db.scalars(insert(target).values(a_row(table, numbers)).returning(target.c.id)).one()
            numbers.setdefault(table, int(key))


def test_every_word_in_every_column_about_a_pupil_stands_in_the_pack(office: Office) -> None:
    fill_everything(office)
    request_id = ask(office, CALLUM)

    said = said_in(held(office, request_id))

    for table, shelf in SHELVES.items():
        if table in {"pupil", "mark"}:
            continue
        for column in Base.metadata.tables[table].columns:
            holds_words = isinstance(column.type, JSON | Text) and (table, column.name) not in CHOSEN
            if column.name in shelf.says and holds_words:
                assert f"zz {table} {column.name}" in said, f"{table}.{column.name} is not in the pack"
    for table in LEFT_OUT:
        assert f"zz {table}" not in said


def test_the_register_stands_there_week_by_week_with_what_was_written_beside_a_mark(office: Office) -> None:
    add_marks(office, LUCJA, "O", date(2026, 11, 9))
    with office.database.transaction() as db:
        number = db.scalars(select(MarkRow.session_no).where(MarkRow.pupil_id == LUCJA)).all()[-1]
        db.execute(
            MarkRow.__table__.update()  # type: ignore[attr-defined]  # a table, to the type checker a clause
            .where(MarkRow.pupil_id == LUCJA, MarkRow.session_no == number)
            .values(comment="Left with Auntie Bea")
        )

    items = held(office, ask(office, LUCJA))

    weeks = [item for item in items if item.cells]
    assert weeks[-1].title == "Week of 9 Nov 2026"
    assert weeks[-1].cells[0] == "O O"
    assert not any(item.is_marked for item in weeks)
    comment = next(item for item in items if item.key == f"mark:{number}")
    assert session_of(number).on == TODAY
    assert "Auntie Bea" in comment.text
    assert [mark.reason for mark in comment.marks] == [MarkReason.MAYBE_NAME]
    amended = [item for item in items if item.title == "Amended mark"]
    assert [dict(item.lines)["Stood before"] for item in amended] == ["/", "\\"]


def test_a_call_about_two_children_says_nothing_of_the_other(office: Office) -> None:
    with office.database.reading() as db:
        mother = list_contacts(db, LUCJA)[0].id
    record_contact_attempt(
        office, pupils=(LUCJA, TOMASZ), contact_id=mother, outcome=AttemptOutcome.NO_ANSWER, words="Rang twice"
    )

    said = said_in(held(office, ask(office, LUCJA)))

    assert "Rang twice" in said
    assert "Tomasz" not in said
    assert "Wiśniewski" not in said


def test_named_in_a_brothers_history_the_child_is_found_there_and_it_waits_for_a_person(office: Office) -> None:
    add_event_to(office, TOMASZ, Event(EventKind.NOTE, TODAY), words="Łucja is ill as well, says the mother.")
    add_event_to(office, IMANI, Event(EventKind.NOTE, TODAY), words="Sits beside Łucja.")
    add_event_to(office, IMANI, Event(EventKind.NOTE, TODAY), words="Plays with Łucja Wiśniewska.")

    items = held(office, ask(office, LUCJA))

    found = [item for item in items if item.section is Section.ELSEWHERE]
    assert ["ill as well" in item.text for item in found] == [True, False]
    assert "Plays with" in found[1].text
    assert all(MarkReason.OTHER_PUPIL in {mark.reason for mark in item.marks} for item in found)


def test_a_worry_matched_to_nobody_that_names_the_child_is_found(office: Office) -> None:
    worry = Worry(
        source=ReportSource.PUBLIC, on=TODAY, words="Never at school", child="Callum Birtles", reporter="Mr Tench"
    )
    report_worry(office, worry=worry)

    items = held(office, ask(office, CALLUM))

    (found,) = [item for item in items if item.section is Section.ELSEWHERE]
    assert {MarkReason.REPORTER, MarkReason.OTHER_PUPIL} <= {mark.reason for mark in found.marks}
    assert "Tench" in found.found


def test_whoever_reported_a_worry_and_what_the_lead_wrote_always_wait(office: Office) -> None:
    worry = Worry(source=ReportSource.PUBLIC, on=TODAY, words="thin and cold", child="Callum", reporter="a neighbour")
    report_worry(office, worry=worry, pupil_id=CALLUM)
    add_event_to(seen_by(office, LEAD), CALLUM, Event(EventKind.NOTE, TODAY), words="to be watched")
    with office.database.transaction() as db:
        db.execute(
            insert(Base.metadata.tables["circumstance"]).values(
                pupil_id=int(CALLUM), name=Circumstance.CHILD_PROTECTION_PLAN.value, noted_at=NOW
            )
        )
        assert list_circumstances(db, CALLUM)

    items = held(office, ask(office, CALLUM))

    reasons = {item.key.partition(":")[0] + ":" + mark.reason.value for item in items for mark in item.marks}
    assert {
        "outside_report:reporter", "pupil_event:reporter", "pupil_event:protection", "circumstance:protection",
    } <= reasons  # fmt: skip


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Jack was with him", MarkReason.OTHER_PUPIL),
        ("Rang Jean about it", MarkReason.OTHER_ADULT),
        ("Seen by Mrs Quarmby", MarkReason.MAYBE_NAME),
        ("Came with a friend, Zadok", MarkReason.MAYBE_NAME),
        ("a bruise on the arm", MarkReason.ABUSE),
        ("afraid of going home", MarkReason.HARM),
        ("the solicitor advises to wait", MarkReason.LEGAL),
        ("the social worker was told", MarkReason.PROTECTION),
    ],
)
def test_what_a_person_must_look_at_is_marked_with_why(office: Office, words: str, reason: MarkReason) -> None:
    add_event_to(office, CALLUM, Event(EventKind.NOTE, TODAY), words=words)

    items = held(office, ask(office, CALLUM))

    (note,) = [item for item in items if words in item.text]
    assert reason in {mark.reason for mark in note.marks}


@pytest.mark.parametrize(
    "words", ["Ill since Monday. Back in December", "Callum is in Oak class", "Told by Pat Mellor", "has a cold"]
)
def test_the_childs_own_name_days_and_the_schools_people_wait_for_nobody(office: Office, words: str) -> None:
    add_event_to(office, CALLUM, Event(EventKind.NOTE, TODAY), words=words)

    (note,) = [item for item in held(office, ask(office, CALLUM)) if words in item.text]

    assert note.marks == ()


def test_a_name_that_whoever_asks_shares_with_another_pupil_still_waits(office: Office) -> None:
    add_event_to(office, CALLUM, Event(EventKind.NOTE, TODAY), words="Gemma Birtles rang.")
    add_event_to(office, CALLUM, Event(EventKind.NOTE, TODAY), words="Lily Birtles rang.")
    request_id = ask(office, CALLUM)
    with office.database.transaction() as db:
        change_request(db, request_id, asker="Gemma or Lily Birtles")

    gemma, lily = [item for item in held(office, request_id) if "rang." in item.text]

    assert gemma.marks == ()
    assert [mark.reason for mark in lily.marks] == [MarkReason.OTHER_PUPIL]


def test_other_contacts_wait_and_whoever_asks_does_not(office: Office) -> None:
    with office.database.reading() as db:
        mother, grandmother = list_contacts(db, LUCJA)

    items = {item.key: item for item in held(office, ask(office, LUCJA, contact_id=mother.id))}

    assert not items[f"contact:{mother.id}"].is_marked
    assert items[f"contact:{grandmother.id}"].is_marked
    assert "01632 960301" in items[f"contact:{grandmother.id}"].text


# -- about a parent ----------------------------------------------------------------------------------------------


def about_mother(office: Office, *, responsible: bool) -> tuple[ContactId, tuple[HeldItem, ...]]:
    with office.database.transaction() as db:
        mother = list_contacts(db, LUCJA)[0].id
        db.get_one(ContactRow, int(mother)).parental_responsibility = responsible
        number = db.scalars(
            select(Base.metadata.tables["contact_number"].c.text).where(
                Base.metadata.tables["contact_number"].c.contact_id == mother
            )
        ).one()
        other = list_contacts(db, TOMASZ)[0]
        db.get_one(ContactRow, int(other.id)).surname = "Wiśniewska"
        db.execute(
            Base.metadata.tables["contact_number"]
            .update()
            .where(Base.metadata.tables["contact_number"].c.contact_id == int(other.id))
            .values(text=number, digits="".join(filter(str.isdigit, number)))
        )
    record_contact_attempt(
        office,
        pupils=(LUCJA,),
        contact_id=mother,
        outcome=AttemptOutcome.ANSWERED_NO_REASON,
        words="said she would ring",
    )
    add_event_to(office, LUCJA, Event(EventKind.NOTE, TODAY), words="Alex was upset at the gate.")
    add_event_to(office, TOMASZ, Event(EventKind.NOTE, TODAY), words="Alex forgot his coat.")
    add_event_to(office, LUCJA, Event(EventKind.CONTACT_ATTEMPT, TODAY, with_=With.FATHER), words="nothing new")
    return mother, held(office, ask(office, LUCJA, about=About.CONTACT, contact_id=int(mother)))


def test_about_a_parent_the_pack_holds_what_is_theirs_and_nothing_of_the_childs_or_another_childs(
    office: Office,
) -> None:
    mother, items = about_mother(office, responsible=True)
    said = said_in(items)

    assert f"contact:{mother}" in {item.key for item in items}
    assert "said she would ring" in said
    assert "upset at the gate" in said
    assert "The same person on another child’s list" in {item.title for item in items}
    for left_out in ("Tomasz", "forgot his coat", "nothing new", "Week of", "Unique pupil number", "Grandmother"):
        assert left_out not in said


def test_to_a_contact_without_parental_responsibility_the_child_is_somebody_else(office: Office) -> None:
    _, items = about_mother(office, responsible=False)

    (call,) = [item for item in items if "said she would ring" in item.text]
    assert MarkReason.OTHER_PUPIL in {mark.reason for mark in call.marks}


def test_to_a_parent_with_responsibility_a_call_about_the_child_does_not_wait(office: Office) -> None:
    _, items = about_mother(office, responsible=True)

    (call,) = [item for item in items if "said she would ring" in item.text]
    assert call.marks == ()
