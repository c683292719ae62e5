"""The two commands for records: give one out, and examine one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from cme_desktop.__main__ import main
from cme_desktop.app import read_clock
from cme_desktop.casework.cases import open_case
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.records import load_pdf, prepare_record, sign_record
from cme_desktop.cli.record import record
from cme_desktop.cli.verify import verify
from cme_desktop.documents.verification import verify_bytes
from cme_desktop.domain.errors import BadInputError, MissingFactsError
from cme_desktop.domain.identifiers import PupilId, UserId
from cme_desktop.paths import find_paths
from tests.documents.example import keys, one_signature, two_signatures
from tests.office import HEAD, LUCJA, TODAY, add_marks, add_pupil, an_office, seen_by


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    file = tmp_path / "record.pdf"
    file.write_bytes(two_signatures())
    return file


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = an_office(tmp_path)
    add_marks(made, LUCJA, "O", date(2026, 11, 2), TODAY)
    return made


def test_a_whole_record_ends_with_0_and_one_json_document(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = verify(signed, trust=None, as_json=True)

    said = json.loads(capsys.readouterr().out)
    assert status == 0
    assert set(said) == {"ok", "ours", "trusted", "fingerprint", "signatures", "problems"}
    assert said["ok"] is True
    assert said["trusted"] is None
    assert [line["by"] for line in said["signatures"]] == ["J. Hartley", "M. Okafor"]
    assert said["signatures"][0]["at"] == "2026-11-10T09:14:00+00:00"


def test_the_schools_certificate_makes_it_trusted(
    signed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = tmp_path / "school.pem"
    certificate.write_text(keys().root.certificate_pem)

    assert verify(signed, trust=certificate, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["trusted"] is True


def test_another_schools_certificate_ends_with_1(
    signed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = tmp_path / "other.pem"
    certificate.write_text(keys("Another School").root.certificate_pem)

    assert verify(signed, trust=certificate, as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["trusted"] is False


def test_the_certificate_kept_with_the_records_will_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CME_DESKTOP_PASSWORD", "three odd words")
    monkeypatch.setenv("CME_DESKTOP_USER", "Pat Mellor")
    data, record_file = tmp_path / "data", tmp_path / "record.pdf"
    assert main(["--data", str(data), "init", "--demo", "--pupils", "40", "--years", "1"]) == 0
    paths = find_paths(data)
    made = open_office(paths, user_id=UserId(1), password="three odd words", now=read_clock)
    case = open_case(made, pupil_id=PupilId(1), why="Not seen")
    sign_record(made, prepare_record(made, case.case_id).id, typed="Pat Mellor")
    made.database.close()
    assert main(["--data", str(data), "record", case.number, "--out", str(record_file), "--json"]) == 0
    capsys.readouterr()

    assert main(["--data", str(data), "verify", str(record_file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trusted"] is True

    record_file.write_bytes(one_signature())
    assert main(["--data", str(data), "verify", str(record_file), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["trusted"] is False

    monkeypatch.setenv("CME_DESKTOP_PASSWORD", "not this one")
    assert main(["--data", str(data), "verify", str(record_file), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["trusted"] is None
    assert "The password is wrong." in told.err


def test_a_changed_record_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "changed.pdf"
    file.write_bytes(one_signature()[:-1] + b" ")

    assert verify(file, trust=None, as_json=False) == 1
    assert "NOT whole" in capsys.readouterr().out


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(tmp_path / "none.pdf", trust=None, as_json=True) == 2

    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_a_certificate_that_is_none_ends_with_2(
    signed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_bytes(b"-----BEGIN rubbish")

    assert verify(signed, trust=rubbish, as_json=False) == 2
    assert "holds none" in capsys.readouterr().err


def test_a_record_is_given_out_as_a_draft(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = open_case(office, pupil_id=LUCJA, why="Not seen")
    out = tmp_path / "out.pdf"

    assert record(office, case.number, out=out, sign=False, as_json=True) == 0

    said = json.loads(capsys.readouterr().out)
    assert said["case"] == case.number
    assert said["signed_by"] == []
    assert out.read_bytes().startswith(b"%PDF")


def test_a_signed_record_is_given_out_as_it_was_signed(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = open_case(office, pupil_id=LUCJA, why="Not seen")
    document = prepare_record(office, case.case_id)
    sign_record(office, document.id, typed="Pat Mellor")
    out = tmp_path / "out.pdf"

    record(seen_by(office, HEAD), case.number, out=out, sign=True, as_json=True)

    assert json.loads(capsys.readouterr().out)["signed_by"] == ["Pat Mellor", "Dr Ann Teal"]
    assert out.read_bytes() == load_pdf(office, document.id)
    assert verify_bytes(out.read_bytes()).ok


def test_missing_facts_are_named_and_nothing_is_written(office: Office, tmp_path: Path) -> None:
    case = open_case(office, pupil_id=add_pupil(office, born=None), why="Never came")
    out = tmp_path / "out.pdf"

    with pytest.raises(MissingFactsError, match="date of birth"):
        record(office, case.number, out=out, sign=False, as_json=True)

    assert not out.exists()


def test_an_unknown_case_is_said(office: Office, tmp_path: Path) -> None:
    with pytest.raises(BadInputError):
        record(office, "CME-99-999", out=tmp_path / "out.pdf", sign=False, as_json=True)
