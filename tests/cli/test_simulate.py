"""``simulate`` as scripts and people see it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cme_desktop.__main__ import main
from cme_desktop.casework.opening import open_office
from cme_desktop.domain.identifiers import UserId
from cme_desktop.paths import find_paths
from tests.cli.test_commands import PASSWORD
from tests.office import calendar_of

PROJECT = Path(__file__).parents[2]
ASPIRE = (PROJECT / "resources" / "policies" / "aspire-academy.toml").read_text("utf-8")

pytestmark = pytest.mark.usefixtures("_password")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up school's records."""
    data = tmp_path_factory.mktemp("simulate") / "data"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CME_DESKTOP_PASSWORD", PASSWORD)
        assert main(["--data", str(data), "init", "--demo", "--pupils", "70", "--years", "2", "--json"]) == 0
    return data


@pytest.fixture(scope="module")
def past(made: Path) -> tuple[date, date]:
    """The first and last school day of the first school year known."""
    office = open_office(
        find_paths(made), user_id=UserId(1), password=PASSWORD, now=lambda: datetime.now(UTC), alone=False
    )
    days = calendar_of(office)
    first_year = days.years[0]
    office.database.close()
    found = days.school_days_between(first_year.first_day, first_year.last_day)
    return found[0], found[-1]


@pytest.fixture
def earlier_visit(tmp_path: Path) -> Path:
    """The supplied policy, with the visit of the second day on the first."""
    place = ASPIRE.index("n = 2\n", ASPIRE.index('[[rule]]\nid = "day-2-visit"'))
    file = tmp_path / "ours.toml"
    file.write_text(ASPIRE[:place] + "n = 1" + ASPIRE[place + len("n = 2") :], "utf-8")
    return file


def simulate(made: Path, policy: Path, period: tuple[date, date], *more: str) -> int:
    return main([
        "--data", str(made), "--user", "Pat Mellor", "simulate", "--policy", str(policy),
        "--from", period[0].isoformat(), "--to", period[1].isoformat(), *more,
    ])  # fmt: skip


def test_it_prints_one_document_with_the_keys_that_scripts_rely_on(
    made: Path, past: tuple[date, date], earlier_visit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = simulate(made, earlier_visit, past, "--json")

    told = json.loads(capsys.readouterr().out)
    assert status == 0
    assert list(told) == ["from", "to", "rows", "calls", "visits"]
    assert (told["from"], told["to"]) == (past[0].isoformat(), past[1].isoformat())
    assert told["visits"] > 0
    assert told["calls"] == 0
    for row in told["rows"]:
        assert list(row) == ["rule", "pupil", "before", "after", "school_days"]
        assert row["rule"] == "aspire-academy.day-2-visit"
        assert set(row["pupil"]) == {"id", "upn"}
        assert (row["school_days"] is None) == (row["before"] is None)
    both = [row for row in told["rows"] if row["before"]]
    assert both
    assert all(row["after"] < row["before"] for row in both)
    assert {row["school_days"] for row in both} == {-1}


def test_names_are_given_only_where_they_are_asked_for(
    made: Path, past: tuple[date, date], earlier_visit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    simulate(made, earlier_visit, past, "--json", "--names")
    named = json.loads(capsys.readouterr().out)["rows"][0]["pupil"]
    simulate(made, earlier_visit, past)
    in_words = capsys.readouterr().out

    assert set(named) == {"id", "upn", "surname", "forename", "class"}
    assert f"pupil {named['id']}" in in_words
    assert named["surname"] not in in_words


def test_people_read_a_sentence_and_a_table(
    made: Path, past: tuple[date, date], earlier_visit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = simulate(made, earlier_visit, past)

    said = capsys.readouterr().out
    assert status == 0
    assert said.startswith("With The Aspire Academy from ")
    assert "more home visits." in said
    assert "1 school day earlier" in said
    assert "What people did stays as it was recorded" in said


def test_the_policy_in_force_changes_nothing(
    made: Path, past: tuple[date, date], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = tmp_path / "same.toml"
    same.write_text(ASPIRE, "utf-8")

    status = simulate(made, same, past, "--json")

    told = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (told["rows"], told["calls"], told["visits"]) == ([], 0, 0)


def test_a_document_with_a_fault_is_refused_with_its_line(
    made: Path, past: tuple[date, date], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(ASPIRE.replace("n = 2\n", 'n = "two"\n', 1), "utf-8")

    status = simulate(made, bad, past)

    said = capsys.readouterr()
    assert status == 2
    assert 'line 465: "n" must be a whole number' in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ((date(2024, 9, 2), date(2024, 10, 1)), "outside the calendar"),
        ((date(2025, 12, 1), date(2025, 11, 1)), "ends before it begins"),
        ((date(2025, 12, 1), date(2099, 1, 1)), "has not been yet"),
    ],
)
def test_a_period_that_has_not_been_or_is_not_known_is_refused(
    made: Path, earlier_visit: Path, period: tuple[date, date], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(made, earlier_visit, period) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(
    made: Path, past: tuple[date, date], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(made, tmp_path / "nowhere.toml", past) == 2
    assert "nowhere.toml" in capsys.readouterr().err
