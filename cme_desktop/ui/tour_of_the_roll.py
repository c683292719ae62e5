"""What the tour writes down so that each page of the Roll tab has somebody to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cme_desktop.casework.lives.leaving_acts import LeavingWord, Way, tell_leaving
from cme_desktop.casework.lives.missing import report_missing
from cme_desktop.casework.lives.removal_acts import bring_evidence, propose_removal
from cme_desktop.casework.reports import Worry, report_worry
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.events import With
from cme_desktop.domain.reports import ReportSource
from cme_desktop.policy.removal_evidence import Claim, Proof

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import PupilId


@dataclass(frozen=True, slots=True)
class Written:
    """How many lives were written down."""

    lives: int


def write_lives(office: Office) -> Written:
    """Write down a leaving, a removal, a missing child and a report, each of a pupil of whom nothing is told yet."""
    pupils = _quiet_pupils(office)
    soon = office.today + timedelta(days=11)
    _write_leaving(office, next(pupils), last_day=soon)
    _write_removal(office, next(pupils), day=office.today)
    report_missing(
        office, pupil_id=next(pupils), on=office.today, at=None,
        last_seen="At the bus stop in Mill Lane at 8.20, by a parent; blue coat, red bag",
        words="Left home in time and did not arrive. Mother is looking.",
    )  # fmt: skip
    report_worry(
        office,
        worry=Worry(
            source=ReportSource.PUBLIC, on=office.today, child="A girl called Ella", age="about 8",
            address="The flats above the chemist", reporter="A neighbour", reach="07700 900321",
            words="She is at home every day and has not been at any school since the summer.",
        ),
    )  # fmt: skip
    return Written(4)


def _quiet_pupils(office: Office) -> Iterator[PupilId]:
    roll = load_roll(office)
    present = (record for record in roll.records if record.line[-1:] in {b"/", b"\\"} and not record.events)
    on_roll = {pupil.id for pupil in roll.on_roll}
    return iter([record.pupil.id for record in present if record.pupil.id in on_roll][5:])


def _write_leaving(office: Office, pupil_id: PupilId, *, last_day: date) -> None:
    word = LeavingWord(
        told_on=office.today, said_by=With.MOTHER, last_day=last_day, way=Way.SCHOOL_IN_ENGLAND,
        school="Hillside Primary School", town="Leeds", contact="The office, 01632 960555",
        reason="Father’s new work", words="They move at the weekend after.",
    )  # fmt: skip
    tell_leaving(office, pupils=(pupil_id,), word=word)


def _write_removal(office: Office, pupil_id: PupilId, *, day: date) -> None:
    proposed = propose_removal(office, pupil_id=pupil_id, ground_id="registered-elsewhere", day=day)
    proof = Proof("Letter of the new school", "Mrs Frost, its office manager", office.today, holds_from=day)
    bring_evidence(office, removal_id=proposed.removal_id, claim=Claim.NEW_REGISTRATION, proof=proof)
