"""The sheet of a day's work: what was written down on that day, and the number and hash that anchor it on paper."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import text

from cme_desktop.casework.day_sheet import (
    compare_with_paper,
    give_for_printing,
    propose_name,
    save_day_sheet,
    set_day_sheet,
)
from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_contact_attempt
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.events import AttemptOutcome, With
from cme_desktop.storage.journal import newest_entry
from tests.office import LUCJA, TODAY, at


def ring(office: Office, outcome: AttemptOutcome = AttemptOutcome.NO_ANSWER) -> None:
    record_contact_attempt(office, pupils=(LUCJA,), contact_id=None, with_=With.MOTHER, outcome=outcome)


def words_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def head_of(office: Office) -> tuple[int, str]:
    with office.database.reading() as db:
        return newest_entry(db)


def test_it_tells_what_was_written_down_with_the_head_of_the_journal_and_room_to_sign(office: Office) -> None:
    ring(office)
    number, digest = head_of(office)

    words = words_of(set_day_sheet(office, day=TODAY))

    assert "Mother: no answer" in words
    assert "Łucja Wiśniewska" in words
    assert f"The journal had {number} entries" in words
    assert digest in words.replace(" ", "")
    assert words.count("Name, and what they are") == 2


@pytest.mark.parametrize(
    ("moment", "is_of_it"),
    [
        (datetime(2027, 6, 7, 22, 59, tzinfo=UTC), False),
        (datetime(2027, 6, 7, 23, 0, tzinfo=UTC), True),
        (datetime(2027, 6, 8, 22, 59, tzinfo=UTC), True),
        (datetime(2027, 6, 8, 23, 0, tzinfo=UTC), False),
    ],
)
def test_a_day_is_the_offices_own_in_summer_too(moment: datetime, office: Office, *, is_of_it: bool) -> None:
    ring(at(office, moment))

    words = words_of(set_day_sheet(at(office, datetime(2027, 6, 9, 8, tzinfo=UTC)), day=date(2027, 6, 8)))

    assert ("Mother: no answer" in words) is is_of_it
    assert ("Nothing was written down on this day." in words) is not is_of_it


def test_that_it_was_printed_or_saved_is_written_down_and_reading_it_is_not(office: Office, tmp_path: Path) -> None:
    ring(office)
    before = head_of(office)
    set_day_sheet(office, day=TODAY)
    assert head_of(office) == before

    give_for_printing(office, day=TODAY)
    save_day_sheet(office, day=TODAY, to=tmp_path / propose_name(TODAY))

    assert [line.said for line in load_journal(office).lines[:2]] == ["Saved the day sheet", "Printed the day sheet"]
    assert [file.name for file in tmp_path.glob("*.pdf")] == ["day-sheet-2026-11-10.pdf"]


def test_the_sheet_fits_as_long_as_the_journal_is_what_it_was(office: Office) -> None:
    ring(office)
    number, digest = head_of(office)
    grouped = " ".join(digest[start : start + 8] for start in range(0, 64, 8))
    ring(office, AttemptOutcome.LEFT_MESSAGE)

    for typed in (f"{number} {digest}", f" {number}  {grouped} ", f"{number} {grouped.upper()}"):
        assert compare_with_paper(office, typed)
    with office.database.transaction() as db:
        db.execute(text("UPDATE journal SET hash = replace(hash, 'a', 'b') WHERE id = :number"), {"number": number})
    assert not compare_with_paper(office, f"{number} {digest}")
    assert not compare_with_paper(office, f"{number + 90} {digest}")


@pytest.mark.parametrize("typed", ["", "12", "twelve " + "a" * 64, "12 " + "a" * 63, "12 " + "g" * 64])
def test_what_is_no_number_and_hash_is_told(typed: str, office: Office) -> None:
    with pytest.raises(BadInputError, match="no number and hash"):
        compare_with_paper(office, typed)
