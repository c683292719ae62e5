"""A disk that is full or can't be written, a wrong password, and files that are no records: told, and nothing lost."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cme_desktop.__main__ import main
from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.imports import accept_import, open_import, prepare_import
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.outcomes import record_note
from cme_desktop.casework.restoring import restore_backup
from cme_desktop.casework.school_file import read_school_file
from cme_desktop.casework.setting_up import set_up
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.identifiers import PupilId, UserId
from cme_desktop.paths import find_paths
from cme_desktop.storage import vault
from cme_desktop.storage.database import connect
from tests.cli.test_bad_input import DAY, PUPILS, held, make_school_with_pupils
from tests.cli.test_commands import PASSWORD, SCHOOL
from tests.disk import Disk

WORKBOOK = PUPILS.with_name("scholarpack-pupils-contacts.xlsx")
EITHER_TROUBLE = pytest.mark.parametrize("trouble", ["full", "read-only"])

pytestmark = pytest.mark.usefixtures("_password")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school with ten pupils, and a backup of it."""
    folder = tmp_path_factory.mktemp("school")
    data = make_school_with_pupils(folder)
    with an_office(data) as office:
        make_backup(office, to=folder)
    return folder


@pytest.fixture
def data(small_disk: Disk, template: Path) -> Path:
    return Path(shutil.copytree(template / "data", small_disk.folder / "data"))


def the_backup(template: Path) -> Path:
    return next(template.glob("*.cmebackup"))


def now() -> datetime:
    return datetime(2026, 11, 10, 9, 40, tzinfo=UTC)


@contextmanager
def an_office(data: Path) -> Iterator[Office]:
    office = open_office(find_paths(data), user_id=UserId(1), password=PASSWORD, now=now)
    yield office
    office.database.close()


def having(trouble: str, disk: Disk) -> AbstractContextManager[None]:
    return disk.full() if trouble == "full" else disk.read_only()


# -- a full disk, a folder that can't be written ---------------------------------------------------------------


@EITHER_TROUBLE
def test_a_file_is_not_brought_in_by_half(
    small_disk: Disk, data: Path, trouble: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = held(data)

    with having(trouble, small_disk):
        status = main(["--data", str(data), "import", "--accept", "--on", DAY, str(WORKBOOK)])

    told = capsys.readouterr()
    assert status == 2
    assert "Saved" not in told.out
    assert any(word in told.err for word in ("disk", "folder"))
    assert "Traceback" not in told.err
    assert held(data) == before


def test_a_disk_that_fills_up_while_somebody_works_saves_nothing_of_the_step(small_disk: Disk, data: Path) -> None:
    before = held(data)

    with an_office(data) as office:
        prepared = prepare_import(office, open_import(office, WORKBOOK))
        with small_disk.full():
            with pytest.raises(CmeError) as told:
                accept_import(office, prepared)
            with pytest.raises(CmeError) as told_too:
                record_note(office, pupils=(PupilId(1),), words="seen at the gate " * 500)
        assert "disk" in told.value.remedy
        assert "disk" in told_too.value.remedy
        assert held(data) == before

        accept_import(office, prepared)
    assert held(data) != before


@EITHER_TROUBLE
def test_a_backup_that_can_not_be_written_is_told_and_leaves_no_file(
    small_disk: Disk, data: Path, template: Path, tmp_path: Path, trouble: str, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = Path(shutil.copytree(template / "data", tmp_path / "elsewhere"))
    stick = small_disk.folder / "stick"
    stick.mkdir()
    entries = len(held(elsewhere)["journal"])

    with an_office(elsewhere) as office, having(trouble, small_disk):
        assert main(["--data", str(elsewhere), "backup", "--to", str(stick)]) == 2
        with pytest.raises(CmeError) as told:
            make_backup(office, to=stick)

    assert told.value.remedy
    said = capsys.readouterr().err
    assert any(word in said for word in ("disk", "folder"))
    assert list(stick.iterdir()) == []
    assert len(held(elsewhere)["journal"]) == entries


@EITHER_TROUBLE
def test_records_that_can_not_be_set_up_leave_nothing(
    small_disk: Disk, tmp_path: Path, trouble: str, capsys: pytest.CaptureFixture[str]
) -> None:
    school = tmp_path / "school.toml"
    school.write_text(SCHOOL, "utf-8")
    new = small_disk.folder / "new"
    new.mkdir()
    paths = find_paths(new)
    wanted = read_school_file(school, resources=paths.resources).with_password(PASSWORD)

    with having(trouble, small_disk):
        assert main(["--data", str(new), "init", "--school", str(school)]) == 2
        with pytest.raises(CmeError) as told:
            set_up(paths, wanted, now=now)

    assert told.value.remedy
    said = capsys.readouterr()
    assert "Recovery key" not in said.out
    assert any(word in said.err for word in ("disk", "folder"))
    assert [file.name for file in new.iterdir() if file.name != "records.lock"] == []
    assert main(["--data", str(new), "init", "--school", str(school)]) == 0


@EITHER_TROUBLE
@pytest.mark.parametrize("over", [[], ["--replace"]], ids=["into an empty folder", "over records"])
def test_a_backup_that_can_not_be_brought_back_changes_nothing(
    small_disk: Disk, data: Path, template: Path, trouble: str, over: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file, target = the_backup(template), data if over else small_disk.folder / "new"
    before = held(data)

    with having(trouble, small_disk):
        assert main(["--data", str(target), "restore", str(file), *over]) == 2
        with pytest.raises(CmeError) as told:
            restore_backup(find_paths(target), file, user_name=None, password=PASSWORD, now=now, replacing=bool(over))

    assert told.value.remedy
    said = capsys.readouterr().err
    assert any(word in said for word in ("disk", "folder")), said
    assert held(data) == before
    names = {path.name for path in small_disk.folder.iterdir()} - {"new"}
    assert names == {"data"}
    assert main(["--data", str(target), "restore", str(file), *over]) == 0


def test_records_on_a_disk_that_can_not_be_written_are_told(
    small_disk: Disk, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = held(data)

    with small_disk.read_only():
        for command in (["flags", "--on", DAY], ["check"], ["case", "list"], ["backup"]):
            assert main(["--data", str(data), *command]) == 2
            told = capsys.readouterr()
            assert told.out == ""
            assert "write to the folder" in told.err

    assert held(data) == before


# -- what is no records ----------------------------------------------------------------------------------------


def not_records(data: Path) -> None:
    (data / "records.cme").write_bytes(b"Surname,Forename\n" * 5000)


def nothing(data: Path) -> None:
    (data / "records.cme").write_bytes(b"")


def half_of_them(data: Path) -> None:
    whole = (data / "records.cme").read_bytes()
    (data / "records.cme").write_bytes(whole[: len(whole) // 2])


def gone(data: Path) -> None:
    (data / "records.cme").unlink()


def without_keys(data: Path) -> None:
    (data / "keys.json").unlink()


def with_keys_of_others(data: Path) -> None:
    (data / "keys.json").unlink()
    vault.create_vault(data / "keys.json", user_id=1, name="Pat Mellor", password=PASSWORD)


def with_half_the_keys(data: Path) -> None:
    whole = (data / "keys.json").read_bytes()
    (data / "keys.json").write_bytes(whole[: len(whole) // 2])


def from_a_newer_version(data: Path) -> None:
    key = vault.unlock(data / "keys.json", user_id=1, password=PASSWORD)
    with closing(connect(data / "records.cme", key)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")


@pytest.mark.parametrize(
    ("spoil", "what", "remedy"),
    [
        (not_records, "can't be opened as records", "bring back a backup"),
        (nothing, "records file is empty", "backup"),
        (half_of_them, "damaged", "Bring a backup back"),
        (gone, "There are no records here", "bring back a backup"),
        (without_keys, "key file is not there", "Bring back a backup"),
        (with_keys_of_others, "can't be opened as records", "belong together"),
        (with_half_the_keys, "key file can't be read", "Bring back a backup"),
        (from_a_newer_version, "newer version", "Install the newer version"),
    ],
)
def test_what_is_no_records_is_told_left_as_it_is_and_lets_go(
    template: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path], None],
    what: str,
    remedy: str,
) -> None:
    data = Path(shutil.copytree(template / "data", tmp_path / "data"))
    spoil(data)
    before = {file.name: file.read_bytes() for file in data.iterdir() if file.is_file()}

    for command in (["check"], ["import", "--accept", str(PUPILS)], ["backup"]):
        assert main(["--data", str(data), *command]) == 2
        told = capsys.readouterr()
        assert what in told.err
        assert remedy in told.err
        assert told.out == ""
    with pytest.raises(CmeError, match=what) as error:
        open_office(find_paths(data), user_id=UserId(1), password=PASSWORD, now=now)
    assert error.value.remedy

    assert {file.name: file.read_bytes() for file in data.iterdir() if file.is_file()} == before
    assert main(["--data", str(data), "restore", "--replace", str(the_backup(template))]) == 0
    assert main(["--data", str(data), "check"]) == 0


def test_a_backup_from_a_newer_version_is_not_brought_back(
    template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = Path(shutil.copytree(template / "data", tmp_path / "newer"))
    from_a_newer_version(newer)
    file = zipped(newer, tmp_path / "newer.cmebackup")
    data = Path(shutil.copytree(template / "data", tmp_path / "data"))
    before = held(data)

    assert main(["--data", str(data), "restore", "--replace", str(file)]) == 2

    assert "Install the newer version" in capsys.readouterr().err
    assert held(data) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "newer", "newer.cmebackup"]


def zipped(data: Path, file: Path) -> Path:
    from zipfile import ZipFile

    with ZipFile(file, "w") as archive:
        for name in ("records.cme", "keys.json"):
            archive.write(data / name, name)
    return file


@pytest.mark.parametrize("command", [["check"], ["import", "--accept", str(PUPILS)], ["backup"], ["flags"]])
def test_a_wrong_password_opens_nothing_and_shuts_nobody_out(
    template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    command: list[str],
) -> None:  # fmt: skip
    data = Path(shutil.copytree(template / "data", tmp_path / "data"))
    before = held(data)
    monkeypatch.setattr("sys.stdin", io.StringIO("not this one\n"))

    assert main(["--data", str(data), "--password-stdin", *command]) == 2

    told = capsys.readouterr()
    assert (told.out, told.err.splitlines()[0]) == ("", "The password is wrong.")
    assert "recovery key" in told.err
    assert held(data) == before
    assert main(["--data", str(data), "check"]) == 0
