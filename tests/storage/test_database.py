"""The records are one encrypted file: opened with its key, written all or nothing, explained when it goes wrong."""

from __future__ import annotations

import logging
import time
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select, text, update

from cme_desktop.casework.office import Office
from cme_desktop.domain.errors import CmeError
from cme_desktop.storage.database import connect, create_database, open_database
from cme_desktop.storage.pupils import PupilFacts, add_pupil, list_all_pupils
from cme_desktop.storage.sqlite_errors import RecordsError, RecordsInUseError
from cme_desktop.storage.tables import PupilRow
from tests.disk import Disk
from tests.office import KEY, NOW, an_office

OTHER_KEY = bytes(32)


def enter(office: Office, surname: str) -> None:
    with office.database.transaction() as db:
        add_pupil(db, PupilFacts(legal_surname=surname, legal_forename="Robin"), at=NOW, by=1)


def enter_half(office: Office) -> None:
    with office.database.transaction() as db:
        add_pupil(db, PupilFacts(legal_surname="Marsden", legal_forename="Robin"), at=NOW, by=1)
        raise KeyError


def enter_until_full(office: Office) -> None:
    with office.database.transaction() as db:
        pages = db.execute(text("PRAGMA page_count")).scalar_one()
        db.execute(text(f"PRAGMA max_page_count = {pages}"))
        for number in range(2000):
            add_pupil(db, PupilFacts(legal_surname=f"Marsden{number}", legal_forename="R" * 500), at=NOW, by=1)


def enter_where_nothing_may_be_written(office: Office) -> None:
    with office.database.transaction() as db:
        db.execute(text("PRAGMA query_only = ON"))
        add_pupil(db, PupilFacts(legal_surname="Marsden", legal_forename="Robin"), at=NOW, by=1)


def surnames(office: Office) -> set[str]:
    with office.database.reading() as db:
        return {pupil.legal_surname for pupil in list_all_pupils(db)}


def test_neither_the_file_nor_its_log_holds_a_readable_name(office: Office) -> None:
    enter(office, "Zzyzxowski")

    held = b"".join(file.read_bytes() for file in office.paths.data.iterdir())

    assert (office.paths.data / "records.cme-wal").exists()
    for name in ("Zzyzxowski", "Okafor", "Larkfield", "CREATE TABLE", "SQLite format"):
        assert name.encode("utf-8") not in held
        assert name.encode("utf-16-le") not in held


def test_what_was_saved_is_there_when_the_records_are_opened_again(office: Office) -> None:
    enter(office, "Marsden")
    office.database.close()

    again = open_database(office.paths.records, KEY)

    with again.reading() as db:
        assert "Marsden" in {pupil.legal_surname for pupil in list_all_pupils(db)}
    again.close()


def test_a_failure_half_way_leaves_nothing(office: Office) -> None:
    before = surnames(office)

    with pytest.raises(KeyError):
        enter_half(office)

    assert surnames(office) == before


def test_what_is_saved_after_a_failure_is_saved_by_itself(office: Office) -> None:
    before = surnames(office)
    with pytest.raises(KeyError):
        enter_half(office)

    enter(office, "Thornley")

    assert surnames(office) == before | {"Thornley"}


def test_what_is_said_through_a_mapped_row_is_saved_too(office: Office) -> None:
    with office.database.transaction() as db:
        db.add(PupilRow(legal_surname="Marsden", legal_forename="Robin"))

    assert "Marsden" in surnames(office)


def test_a_later_reading_knows_nothing_of_an_earlier_one(office: Office) -> None:
    first = select(PupilRow).where(PupilRow.legal_surname == "Marsden")
    enter(office, "Marsden")
    with office.database.reading() as db:
        kept = db.scalars(first).one()

    with office.database.transaction() as db:
        db.execute(update(PupilRow).where(PupilRow.id == kept.id).values(notes="Moved"))

    with office.database.reading() as db:
        assert db.scalars(first).one().notes == "Moved"
    assert kept.notes == ""


def test_what_is_written_while_reading_is_thrown_away(office: Office) -> None:
    before = surnames(office)

    with office.database.reading() as db:
        add_pupil(db, PupilFacts(legal_surname="Marsden", legal_forename="Robin"), at=NOW, by=1)

    assert surnames(office) == before


def test_a_reader_sees_one_moment_while_somebody_writes(office: Office) -> None:
    with office.database.reading() as db:
        before = len(db.scalars(select(PupilRow.id)).all())

        enter(office, "Marsden")

        assert len(db.scalars(select(PupilRow.id)).all()) == before
    assert "Marsden" in surnames(office)


def test_the_records_are_kept_as_durably_as_sqlite_can(office: Office) -> None:
    with office.database.transaction() as db:
        pragmas = {
            name: db.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "temp_store")
        }

    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "temp_store": 2}


def test_a_wrong_key_is_told_in_words(office: Office) -> None:
    office.database.close()

    with pytest.raises(RecordsError, match="can't be opened as records") as error:
        open_database(office.paths.records, OTHER_KEY)

    assert error.value.remedy


def test_a_file_that_is_no_records_file_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "records.cme"
    file.write_bytes(b"Forename,Surname\n" * 1000)

    with pytest.raises(RecordsError, match="can't be opened as records"):
        open_database(file, KEY)

    assert file.read_bytes().startswith(b"Forename")


def test_an_encrypted_file_with_other_tables_is_not_ours(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "other.cme", KEY, create=True)) as other:
        other.execute("CREATE TABLE something (id INTEGER)")

    with pytest.raises(CmeError, match="no records of this program"):
        open_database(tmp_path / "other.cme", KEY)


def test_a_missing_file_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="no records here"):
        open_database(tmp_path / "records.cme", KEY)

    assert list(tmp_path.iterdir()) == []


def test_new_records_never_replace_old_ones(office: Office) -> None:
    with pytest.raises(RecordsError, match="already"):
        create_database(office.paths.records, KEY)

    assert "Okafor" in surnames(office)


def test_a_damaged_page_is_told_in_words(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    office.database.close()
    data = bytearray(office.paths.records.read_bytes())
    for page in range(2, len(data) // 4096):
        data[page * 4096 + 100] ^= 1
    office.paths.records.write_bytes(data)

    with pytest.raises(RecordsError, match="damaged") as error:
        open_database(office.paths.records, KEY)

    assert "backup" in error.value.remedy


def test_a_full_disk_saves_nothing_of_the_step_and_loses_nothing_from_before(office: Office) -> None:
    before = surnames(office)

    with pytest.raises(RecordsError, match="disk is full"):
        enter_until_full(office)

    assert surnames(office) == before


def test_records_that_can_not_be_written_say_so(office: Office) -> None:
    with pytest.raises(RecordsError, match="can't be written"):
        enter_where_nothing_may_be_written(office)


def test_a_folder_that_can_not_be_written_is_told_and_left_alone(tmp_path: Path) -> None:
    in_the_way = tmp_path / "data"
    in_the_way.write_text("a file where the folder should be")

    with pytest.raises(RecordsError, match="can't be written"):
        create_database(in_the_way / "records.cme", KEY)

    assert in_the_way.read_text() == "a file where the folder should be"


def test_a_read_only_folder_is_told_in_words(small_disk: Disk) -> None:
    folder = small_disk.folder / "data"
    folder.mkdir()

    with small_disk.read_only(), pytest.raises(RecordsError, match="can't be"):
        create_database(folder / "records.cme", KEY)

    assert list(folder.iterdir()) == []


def test_a_second_writer_waits_and_is_then_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cme_desktop.storage.database._WAIT_SECONDS", 0.1)
    other = open_database(office.paths.records, KEY)

    with (
        office.database.transaction(),
        pytest.raises(RecordsInUseError, match="busy"),
        other.transaction() as db,
    ):
        list_all_pupils(db)

    other.close()


def test_a_scanner_that_holds_the_file_for_a_moment_is_waited_for(office: Office) -> None:
    """Another program holds every lock on the file; a second later it lets go."""
    held = Event()

    def hold() -> None:
        with closing(connect(office.paths.records, KEY)) as scanner:
            scanner.execute("BEGIN EXCLUSIVE")
            held.set()
            time.sleep(0.5)
            scanner.execute("ROLLBACK")

    holding = Thread(target=hold)
    holding.start()
    held.wait()

    enter(office, "Marsden")

    holding.join()
    assert "Marsden" in surnames(office)


def test_an_error_of_ours_carries_no_name_into_a_log(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    with pytest.raises(Exception, match="NOT NULL") as error, office.database.transaction() as db:
        db.execute(text("INSERT INTO pupil (legal_surname) VALUES (:name)"), {"name": "Zzyzxowski"})

    assert "Zzyzxowski" not in str(error.value)
    assert "Zzyzxowski" not in caplog.text
