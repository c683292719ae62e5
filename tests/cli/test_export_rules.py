"""``export rules`` writes docs/rules.md, and the page in the project is what it writes today."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser
from pathlib import Path

import pytest

from cme_desktop.casework.rulebook_page import write_rulebook_page
from cme_desktop.casework.situations import known_words, list_supplied_policies
from cme_desktop.cli import export
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.events import FIELDS_OF, AttemptOutcome, EventKind, Method, Recipient, VisitOutcome, With
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.importers.calendars import list_supplied_calendars
from cme_desktop.importers.situations import EVENT_KINDS

PROJECT = Path(__file__).parents[2]
RESOURCES = PROJECT / "resources"


def run_export(*words: object) -> int:
    parser = ArgumentParser()
    export.add_parser(parser.add_subparsers())
    return export.run(parser.parse_args(["export", *(str(word) for word in words)]))


def test_the_page_of_rules_is_current() -> None:
    """When this fails: ``cme-desktop export rules --out docs/rules.md``."""
    kept = (PROJECT / "docs" / "rules.md").read_text("utf-8")

    assert kept == write_rulebook_page(RESOURCES)


def test_the_page_names_every_rule_and_policy() -> None:
    page = write_rulebook_page(RESOURCES)

    assert {rule_id for rule_id in known_words(RESOURCES).rule_ids if f"`{rule_id}`" not in page} == set()
    assert all(f"`{policy}`" in page for policy in list_supplied_policies(RESOURCES))


def test_the_page_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run_export("rules", "--out", tmp_path / "rules.md")

    assert status == 0
    assert (tmp_path / "rules.md").read_text("utf-8").startswith("# Rules\n")
    assert "Every rule is written" in capsys.readouterr().out


def test_the_page_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    status = run_export("rules", "--json")

    assert status == 0
    assert json.loads(capsys.readouterr().out)["rules"].startswith("# Rules\n")


def test_a_folder_that_is_not_there_is_named_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run_export("rules", "--out", tmp_path / "nowhere" / "rules.md")

    assert status == 2
    assert "can’t be written" in capsys.readouterr().err


def test_the_page_of_situations_has_every_word() -> None:
    page = (PROJECT / "docs" / "situations.md").read_text("utf-8")
    written = set(re.findall(r"[\w-]+", page))
    words = {
        *(word.value for word in (*Circumstance, *With, *Method, *AttemptOutcome, *VisitOutcome, *Recipient, *Half)),
        *(kind.value for kind in EVENT_KINDS),
        *(name for kind in EventKind if kind in EVENT_KINDS for name in FIELDS_OF.get(kind, ())),
        *(calendar.id for calendar in list_supplied_calendars(RESOURCES)),
    }

    assert words - written == set()
