"""What is half typed belongs to whoever typed it, in the role they had, and is no act of the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from cme_desktop.casework.drafts import drop_draft, find_draft, keep_draft, list_drafts
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.casework.opening import add_person
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.casework.removing_people import remove_person
from cme_desktop.casework.setting_up import set_up
from cme_desktop.domain.cases import Role
from cme_desktop.domain.drafts import DraftKey
from cme_desktop.paths import find_paths
from cme_desktop.storage.journal import count_entries
from cme_desktop.storage.journal_check import check_journal
from cme_desktop.storage.key_file import read_key_file
from cme_desktop.storage.users import list_users
from tests.casework.test_opening import a_school
from tests.office import HEAD, LUCJA, NOW, at, seen_by

NOTE = DraftKey("Cases", "AddToHistoryDialog Add to history", "3", LUCJA)


def keep(office: Office, words: str, key: DraftKey = NOTE) -> None:
    keep_draft(office, key=key, title="Add to history", typed={"Words": words})


def test_what_was_typed_last_is_found_again_with_when(office: Office) -> None:
    keep(office, "A friend says")
    keep(office, "A friend says they moved")

    found = find_draft(at(office, NOW + timedelta(days=1)), key=NOTE)

    assert found is not None
    assert found.typed == {"Words": "A friend says they moved"}
    assert found.when == "on Tuesday 10 November at 9:40"
    assert [draft.when for draft in list_drafts(office)] == ["today at 9:40"]


def test_nobody_else_is_shown_a_draft(office: Office) -> None:
    keep(office, "A friend says they moved")

    assert find_draft(seen_by(office, HEAD), key=NOTE) is None
    assert list_drafts(seen_by(office, HEAD)) == ()


def test_a_draft_typed_in_another_role_is_not_offered(office: Office) -> None:
    lead = SignedInUser(office.user.id, office.user.name, Role.LEAD)
    keep(seen_by(office, lead), "The social worker says")

    assert find_draft(office, key=NOTE) is None
    assert list_drafts(office) == ()


def test_who_sees_no_names_keeps_none(office: Office) -> None:
    for role in (Role.GOVERNOR, Role.CARETAKER):
        with pytest.raises(NotYoursError):
            keep(seen_by(office, SignedInUser(office.user.id, office.user.name, role)), "Anything")


def test_what_is_thrown_away_is_gone_and_only_that(office: Office) -> None:
    other = DraftKey("Today", "form note", "1", LUCJA)
    keep(office, "One")
    keep(office, "Two", other)

    drop_draft(office, key=NOTE)

    assert [draft.key for draft in list_drafts(office)] == [other]


def test_a_draft_is_kept_for_thirty_days(office: Office) -> None:
    keep(office, "One")

    assert len(list_drafts(at(office, NOW + timedelta(days=30)))) == 1
    assert list_drafts(at(office, NOW + timedelta(days=30, minutes=1))) == ()


def test_a_draft_about_a_child_goes_with_the_childs_records(office: Office) -> None:
    keep(office, "One")

    with office.database.transaction() as db:
        db.execute(text("DELETE FROM pupil WHERE id = :id"), {"id": LUCJA})

    assert list_drafts(office) == ()


def test_a_draft_is_no_act_of_the_journal_and_the_journal_holds(tmp_path: Path) -> None:
    paths = find_paths(tmp_path / "data")
    office = set_up(paths, replace(a_school(paths), user_role=Role.HEAD), now=lambda: NOW).office
    key = DraftKey("Worry", "WorryDialog")
    with office.database.reading() as db:
        before = count_entries(db)

    keep(office, "One", key)
    drop_draft(office, key=key)
    keep(office, "Two", key)

    with office.database.reading() as db:
        assert count_entries(db) == before
        assert check_journal(db, read_key_file(office.paths.keys)).ok
    office.database.close()


def test_what_somebody_never_saved_goes_when_they_leave(tmp_path: Path) -> None:
    paths = find_paths(tmp_path / "data")
    office = set_up(paths, replace(a_school(paths), user_role=Role.HEAD), now=lambda: NOW).office
    add_person(office, name="Sam Rook", role=Role.LEAD, password="three odder words")
    with office.database.reading() as db:
        leaver = SignedInUser(list_users(db)[1].id, "Sam Rook", Role.LEAD)
    key = DraftKey("Worry", "WorryDialog")
    keep(seen_by(office, leaver), "Somebody says", key)
    keep(office, "Somebody else says", key)

    remove_person(office, leaver.id)

    assert list_drafts(seen_by(office, leaver)) == ()
    assert len(list_drafts(office)) == 1
    office.database.close()
