"""Duties of the school come round again, whoever forgets them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from cme_desktop.casework.outcomes import undo_last
from cme_desktop.casework.school_duties import record_duty_done
from cme_desktop.casework.today.screen import load_today
from cme_desktop.domain.errors import BadInputError
from tests.office import HEAD, NOW, TODAY, at, seen_by

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office

MEETING = "aspire-academy.leadership-meeting"


def _is_listed(office: Office) -> bool:
    return load_today(office).find(f"school:{MEETING}") is not None


def test_a_half_termly_duty_done_today_is_due_again_at_the_end_of_the_next_half_term(office: Office) -> None:
    head = seen_by(office, HEAD)
    assert _is_listed(head)

    record_duty_done(head, rule_id=MEETING)

    assert not _is_listed(head)
    # 12 February 2027 is the last school day of the half term after this one.
    february = NOW.replace(year=2027, month=2)
    assert not _is_listed(at(head, february.replace(day=11)))
    assert _is_listed(at(head, february.replace(day=12)))


def test_done_by_mistake_is_taken_back(office: Office) -> None:
    head = seen_by(office, HEAD)
    record_duty_done(head, rule_id=MEETING)

    undo_last(head)

    assert _is_listed(head)


def test_a_duty_cannot_be_done_tomorrow(office: Office) -> None:
    with pytest.raises(BadInputError, match="still to come"):
        record_duty_done(office, rule_id=MEETING, done_on=TODAY + timedelta(days=1))
