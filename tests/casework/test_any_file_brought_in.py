"""Whatever file is brought in, all of it is saved or nothing, and the records stay whole."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cme_desktop.casework.imports import accept_import, open_import, prepare_import
from cme_desktop.casework.office import Office
from cme_desktop.domain.errors import CmeError
from cme_desktop.storage.backup import examine
from cme_desktop.storage.database import connect
from tests.fuzz.inputs import list_inputs, spoil_one
from tests.fuzz.readers import READERS
from tests.office import KEY


def _held(office: Office) -> dict[str, list[Any]]:
    with closing(connect(office.database.path, KEY)) as raw:
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        return {name: sorted(raw.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}


def _bring_in(office: Office, path: Path) -> bool:
    prepared = prepare_import(office, open_import(office, path))
    answers = {question.id: question.suggested or question.choices[0].value for question in prepared.preview.questions}
    prepared = prepare_import(office, prepared.opened, answers=answers)
    return accept_import(office, prepared).import_id is not None


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ics"])
def test_a_spoilt_file_is_brought_in_whole_or_not_at_all(office: Office, tmp_path: Path, kind: str) -> None:
    inputs, chance = list_inputs(READERS[kind]), Random(f"{kind} 2026")
    path = tmp_path / f"list.{kind}"
    saved, refused = 0, list[CmeError]()
    before = _held(office)

    for number in range(60):
        path.write_bytes(chance.choice(inputs) if number < 10 else spoil_one(READERS[kind], inputs, by=chance))
        try:
            saved += _bring_in(office, path)
            before = _held(office)
        except CmeError as error:
            refused.append(error)
            assert _held(office) == before

    assert saved > 0
    assert refused
    assert all(error.remedy for error in refused)
    with closing(connect(office.database.path, KEY)) as raw:
        assert examine(raw)
