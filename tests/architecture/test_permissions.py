"""Every use case says what it needs: none can be added that forgets to."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

import cme_desktop.casework
from cme_desktop.casework.permissions import DECLARED
from cme_desktop.domain.cases import Role
from cme_desktop.domain.rights import RIGHTS, Right, who_may

PACKAGE: Final = Path(cme_desktop.casework.__path__[0])

OPEN_TO_ALL: Final = frozenset({
    "check_draft", "compare_with_supplied", "export_certificate", "export_policy_file", "export_policy_pdf",
    "find_supplied", "load_law", "load_policy_file", "load_version", "open_own_policy", "print_policy",
    "read_policy_data", "start_as_copy", "start_blank",  # policies name nobody, and a draft decides nothing
    "load_certificate", "load_desk_facts", "load_school_settings", "list_backups", "run_self_test",  # no child
    "list_users", "change_own_password", "is_password_right", "list_roles_to_give", "nobody_manages_people",
    "refuse_role", "may_decide",  # one's own password, and what one may
    "factor_of", "parts_known_to", "load_second_factor", "list_with_second_factor", "offer_phone", "switch_on",
    "print_new_codes", "switch_off", "note_passed", "try_recovery_key", "load_this_computer", "let_this_computer_open",
    "forget_this_computer", "replace_slot", "settling_slots",  # how one opens the records oneself
    "back_up_if_due", "back_up_on_closing", "prepare_if_due", "prepare_on_closing", "write_backup",
    "want_trial", "note_trial", "load_backup_age", "finish_sweep",
    "sit_down", "leave_desk", "keep_head", "note_reading", "finish_removals", "change_key", "confirm_clock",
    # the program itself
})  # fmt: skip
"""Whoever opened the records may use these; each shows no child and decides nothing."""


def use_cases() -> list[tuple[str, str]]:
    """Find each public function of casework whose first argument is the office."""
    return [
        (".".join(("cme_desktop.casework", *file.relative_to(PACKAGE).with_suffix("").parts)), node.name)
        for file in sorted(PACKAGE.rglob("*.py"))
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _takes_office(node)
    ]


def _takes_office(node: ast.FunctionDef) -> bool:
    arguments = (*node.args.posonlyargs, *node.args.args)
    first = arguments[0].annotation if arguments else None
    return first is not None and ast.unparse(first).strip("'\"") == "Office"


_GUARDS: Final = {"require", "sees_protection", "for_reader", "lines_for"}


@pytest.mark.parametrize(("module", "name"), [one for one in use_cases() if one[1] not in _GUARDS])
def test_every_use_case_declares_what_it_needs(module: str, name: str) -> None:
    use_case = getattr(import_module(module), name)

    assert hasattr(use_case, DECLARED), f"{module}.{name}: put @needs(Right.…) or @open_to_all above it"
    if getattr(use_case, DECLARED) is None:
        assert name in OPEN_TO_ALL, f"{module}.{name} is open to all: is that meant? Then say so in OPEN_TO_ALL."


def test_the_walk_finds_the_use_cases() -> None:
    names = {name for _, name in use_cases()}

    assert len(names) > 150
    assert {"record_contact_attempt", "load_case", "load_today", "load_numbers"} <= names
    assert names >= OPEN_TO_ALL


def test_nothing_is_open_to_all_that_is_not_listed_and_nothing_listed_is_guarded() -> None:
    declared = {
        name: getattr(getattr(import_module(module), name), DECLARED, "nothing") for module, name in use_cases()
    }

    assert {name for name, right in declared.items() if right is None} == OPEN_TO_ALL


def test_protection_notes_are_the_leads_and_the_heads_alone() -> None:
    assert who_may(Right.SEE_PROTECTION) == who_may(Right.NOTE_PROTECTION) == (Role.HEAD, Role.LEAD)
    assert who_may(Right.READ_JOURNAL) == (Role.HEAD, Role.LEAD)


def test_a_governor_reads_numbers_and_a_caretaker_no_name() -> None:
    assert RIGHTS[Role.GOVERNOR] == {Right.SEE_COUNTS}
    assert RIGHTS[Role.CARETAKER] == {Right.BACK_UP, Right.CHECK_RECORDS, Right.MANAGE_PEOPLE}


def test_every_role_and_every_right_stand_in_the_table() -> None:
    assert set(RIGHTS) == set(Role)
    assert all(who_may(right) for right in Right)
    assert len({right.in_words for right in Right}) == len(Right)
