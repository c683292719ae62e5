"""What the dialogs of a leaving open with: what is known already, so that nobody types it twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.lives.leaving_known import transfer_code
from cme_desktop.domain.errors import CalendarError
from cme_desktop.domain.events import Form, Recipient
from cme_desktop.policy.endings import peace_until

if TYPE_CHECKING:
    from cme_desktop.casework.lives.leaving_asks import Asks
    from cme_desktop.casework.lives.leaving_state import Leaving
    from cme_desktop.casework.lives.life import LifeDesk
    from cme_desktop.domain.identifiers import PupilId


@dataclass(frozen=True, slots=True)
class LeavingHand:
    """The next school and its code, the days, who is still to be told, and which forms this school's policies ask."""

    school: str
    code: str
    address: str
    last_day: date | None
    starts_on: date
    recipients: tuple[Recipient, ...]
    tells_lead: bool
    form: Form | None
    enters: bool
    peace_until: date | None


_FORM_OF: Final = {"off-roll-form": Form.OFF_ROLL, "leaver-form": Form.SR2A}


def hand_of(desk: LifeDesk, leaving: Leaving, asks: Asks, details: Mapping[str, str]) -> LeavingHand:
    """Gather what the dialogs open with."""
    open_asks = [ask for ask in asks.list() if ask.is_open]
    forms = [_FORM_OF[ask.rule] for ask in open_asks if ask.rule in _FORM_OF]
    rules = {ask.rule for ask in asks.list()}
    told = dict.fromkeys(ask.whom for ask in open_asks if ask.whom is not None)
    departure = leaving.departure
    return LeavingHand(
        school=details.get("school", ""),
        code=transfer_code(leaving, details),
        address=details.get("new_address", ""),
        last_day=departure.last_day if departure is not None else None,
        starts_on=_next_school_day(desk, leaving.last_day or desk.today),
        recipients=tuple(told),
        tells_lead=any(ask.is_for_lead for ask in open_asks),
        form=forms[0] if forms else None,
        enters="in-year-leaver" in rules,
        peace_until=peace_until(leaving.facts.events, on=desk.today),
    )


def family_of(desk: LifeDesk, pupil_id: PupilId) -> tuple[tuple[PupilId, str], ...]:
    """Name a pupil's brothers and sisters on roll or still followed; a child who died is not among them."""
    own = desk.roll.pupils.get(pupil_id)
    if own is None or own.family_id is None:
        return ()
    living = {record.pupil.id for record in desk.roll.records} - desk.roll.dead
    return tuple(
        (each.id, ", ".join(part for part in (each.known_as, each.class_name) if part))
        for each in desk.roll.pupils.values()
        if each.family_id == own.family_id and each.id != pupil_id and each.id in living
    )


def _next_school_day(desk: LifeDesk, day: date) -> date:
    try:
        return desk.roll.judgement.calendar.school_day_after(day, count=1)
    except CalendarError:
        return day
