"""Where ways of protecting the records meet: codes beside a disposal, a new key beside a trial, words beside roles."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cme_desktop.casework.automatic_backups import back_up_if_due
from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.backup_places import known_backups
from cme_desktop.casework.circumstances import add_circumstance
from cme_desktop.casework.guessing import FREE_TRIES, TooManyTriesError
from cme_desktop.casework.information_requests import NewRequest, extend_request, load_requests, note_request
from cme_desktop.casework.keeping.disposal import draw_up_disposal, sign_disposal
from cme_desktop.casework.keeping.holds import set_hold
from cme_desktop.casework.keeping.looking import decide_on_record, load_keeping
from cme_desktop.casework.lives.new_pupil import enter_pupil
from cme_desktop.casework.opening import add_person, change_own_password
from cme_desktop.casework.outcomes import undo_last
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.casework.phone_codes import code_at, step_at
from cme_desktop.casework.restoring import look_into, restore_backup
from cme_desktop.casework.second_factor import offer_phone, switch_on
from cme_desktop.casework.sharing_log import SharingFacts, record_sharing
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.casework.trial_restore import fetch_for_trial, want_trial_now
from cme_desktop.casework.veil import KEPT
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.information import About, Asker
from cme_desktop.domain.keeping import HoldGround
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.paths import find_paths
from cme_desktop.policy.retention import RecordKind, Standing
from cme_desktop.storage.database import connect
from cme_desktop.storage.journal_entries import read_entries
from cme_desktop.storage.pupils import load_pupil
from cme_desktop.storage.vault import WrongPasswordError
from tests.casework.lives.test_starting import a_new_pupil
from tests.casework.test_trial_restore import try_restored
from tests.keeping import HEADS, LEAD, OFFICE, a_school_with_old_records, add_long_gone, sit
from tests.office import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import DisposalId, PupilId
    from cme_desktop.paths import Paths


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_school_with_old_records(tmp_path_factory.mktemp("meeting")).data


@pytest.fixture
def paths(tmp_path: Path, template: Path) -> Paths:
    shutil.copytree(template, tmp_path / "data")
    return replace(find_paths(tmp_path / "data"), here=tmp_path / "this-pc")


@pytest.fixture
def head(paths: Paths) -> Iterator[Office]:
    office = sit(paths)
    yield office
    leave_desk(office)


def a_drawn_list(head: Office) -> tuple[DisposalId, str]:
    add_long_gone(head)
    for row in load_keeping(head).standing(Standing.TO_REVIEW):
        decide_on_record(head, row=row, may_go=True, reason="Looked through.")
    drawn = draw_up_disposal(head)
    listed = next(each for each in load_keeping(head).disposals if each.id == drawn.disposal_id)
    return listed.id, listed.fingerprint


def test_a_head_who_is_asked_for_codes_signs_a_disposal_with_the_password(head: Office) -> None:
    offer = offer_phone(head)
    switch_on(head, offer, password=HEADS, code=code_at(offer.secret, step_at(head.now())))
    number, fingerprint = a_drawn_list(head)

    sign_disposal(head, disposal_id=number, fingerprint=fingerprint, password=HEADS)

    assert load_keeping(head).standing(Standing.DUE) == ()


def test_no_copy_that_an_upgrade_left_outlives_a_disposal(head: Office) -> None:
    """It is no backup, so that it would never age out, and holds every row that is disposed of."""
    number, fingerprint = a_drawn_list(head)
    back_up_if_due(head)
    backups = set(head.paths.backups.iterdir())
    left = head.paths.backups / "before-upgrade-from-0004.cme"
    shutil.copyfile(head.paths.records, left)

    sign_disposal(head, disposal_id=number, fingerprint=fingerprint, password=HEADS)

    assert not left.exists()
    assert set(head.paths.backups.iterdir()) == backups


def acts_of(office: Office) -> list[str]:
    with office.database.reading() as db:
        return [entry.act for entry in read_entries(db, most=100)]


def test_what_could_not_be_swept_after_a_disposal_is_swept_at_the_next_opening(head: Office, paths: Paths) -> None:
    number, fingerprint = a_drawn_list(head)
    with closing(connect(paths.records, head.database.key)) as reader:  # another copy of the program
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM pupil").fetchone()
        done = sign_disposal(head, disposal_id=number, fingerprint=fingerprint, password=HEADS)
    assert not done.is_swept
    assert "records_swept" not in acts_of(head)
    leave_desk(head)

    office = sit(paths, OFFICE)
    assert acts_of(office)[0] == "records_swept"
    assert examine_records(office).journal.ok
    leave_desk(office)
    again = sit(paths, OFFICE)
    assert acts_of(again).count("records_swept") == 1
    leave_desk(again)


def test_guessing_at_the_signature_under_a_disposal_has_to_wait(head: Office) -> None:
    number, fingerprint = a_drawn_list(head)
    for _ in range(FREE_TRIES + 1):
        with pytest.raises(WrongPasswordError):
            sign_disposal(head, disposal_id=number, fingerprint=fingerprint, password="a wrong one")

    with pytest.raises(TooManyTriesError):
        sign_disposal(head, disposal_id=number, fingerprint=fingerprint, password=HEADS)


def test_a_new_key_while_a_backup_is_fetched_for_its_trial_is_no_fault_of_the_backup(head: Office) -> None:
    """Fetching waits for sticks and shares, and somebody may change their password meanwhile."""
    back_up_if_due(head)
    fetched = fetch_for_trial(head.paths, want_trial_now(head), now=head.now)
    assert fetched is not None

    change_own_password(head, old=HEADS, new="quite other words")

    assert try_restored(head, fetched) is None
    assert known_backups(head.paths).trial is None
    assert not head.paths.trial.exists()


def test_the_office_does_not_read_on_what_ground_a_child_is_held(head: Office, paths: Paths) -> None:
    gone = add_long_gone(head)
    set_hold(head, pupil_id=gone, ground=HoldGround.ALLEGATION, reason="Said to have been hurt.")
    assert load_keeping(head).holds[0].why == "An allegation of abuse: Said to have been hurt."
    leave_desk(head)
    office = sit(paths, OFFICE)

    (row,) = load_keeping(office).holds

    assert (row.why, row.hold.ground, row.hold.reason) == (KEPT, HoldGround.OTHER, "")
    leave_desk(office)


def test_the_office_does_not_read_why_the_lead_keeps_a_file_on(head: Office, paths: Paths) -> None:
    add_long_gone(head)
    leave_desk(head)
    lead = sit(paths, LEAD)
    (row,) = [row for row in load_keeping(lead).rows if row.kind is RecordKind.PUPIL_FILE]
    decide_on_record(
        lead, row=row, may_go=False, reason="A brother may yet speak.", until_day=TODAY.replace(year=TODAY.year + 1)
    )
    assert "A brother may yet speak." in repr(load_keeping(lead).rows)
    leave_desk(lead)
    office = sit(paths, OFFICE)

    (read,) = [row for row in load_keeping(office).rows if row.kind is RecordKind.PUPIL_FILE]

    assert read.judged.standing is Standing.HELD
    assert "brother" not in repr(load_keeping(office))
    assert read.judged.why.endswith(KEPT)
    leave_desk(office)


def test_the_office_does_not_read_of_protection_in_a_request_that_the_lead_took_longer_for(
    head: Office, paths: Paths
) -> None:
    gone = add_long_gone(head)
    note_request(head, new=NewRequest(gone, About.PUPIL, Asker.PUPIL, "Zebedee", TODAY))
    (line,) = load_requests(head).lines
    why = "The child protection file is thick. The school was closed."
    extend_request(head, request_id=line.request.id, months=1, why=why, told_on=TODAY)
    leave_desk(head)
    office = sit(paths, OFFICE)

    (read,) = load_requests(office).lines

    assert "child protection" not in repr(read)
    assert "The school was closed." in str(read.request.extended_why)
    leave_desk(office)


def test_a_governor_looks_into_a_backup_and_does_not_bring_it_back(head: Office, paths: Paths, tmp_path: Path) -> None:
    add_person(head, name="Gwen Ash", role=Role.GOVERNOR, password="governors own words")
    made = make_backup(head, to=tmp_path / "stick").file
    leave_desk(head)
    told = {"user_name": "Gwen Ash", "password": "governors own words", "now": head.now}
    before = paths.records.read_bytes()

    assert look_into(paths, made, **told).is_same_school  # type: ignore[arg-type]
    with pytest.raises(NotYoursError):
        restore_backup(paths, made, replacing=True, **told)  # type: ignore[arg-type]

    assert paths.records.read_bytes() == before
    assert not list(paths.data.glob("before-restore-*"))


HELD_BY_OTHERS: dict[str, Callable[[Office, PupilId], object]] = {
    "a hold": lambda lead, child: set_hold(lead, pupil_id=child, ground=HoldGround.COURT, reason="A claim."),
    "a request": lambda lead, child: note_request(
        lead, new=NewRequest(child, About.PUPIL, Asker.PARENT, "Eva", TODAY)
    ),
    "something given": lambda lead, child: record_sharing(
        lead, given=SharingFacts("A call", "Social care", "asked", "safeguarding", TODAY, pupil_id=child)
    ),
    "why faster steps apply": lambda lead, child: add_circumstance(
        lead, pupil_id=child, name=Circumstance.CHILD_PROTECTION_PLAN
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", HELD_BY_OTHERS)
def test_taking_an_entry_back_takes_nothing_away_that_somebody_else_wrote_of_the_child(
    what: str, head: Office, paths: Paths
) -> None:
    leave_desk(head)
    office = sit(paths, OFFICE)
    child = enter_pupil(office, new=a_new_pupil()).pupil_id
    leave_desk(office)
    lead = sit(paths, LEAD)
    HELD_BY_OTHERS[what](lead, child)
    leave_desk(lead)
    office = sit(paths, OFFICE)

    with pytest.raises(RefusedError, match="can’t be undone"):
        undo_last(office)

    with office.database.reading() as db:
        assert load_pupil(db, child).id == child
    leave_desk(office)
