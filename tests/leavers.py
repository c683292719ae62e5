"""Words of a leaving as tests say them: only what matters is named."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.lives.book import load_life_file, load_lives
from cme_desktop.casework.lives.leaving_acts import Confirmation, LeavingWord, Source, Way
from cme_desktop.casework.lives.life import Life, LifeFile, StepState
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.events import With
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage.policies import adopt_policy
from tests.office import TODAY, at

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.policy.rule import Flag

LAST_DAY: Final = date(2026, 11, 20)
"""Friday of the week after the made-up today."""


def a_word(
    way: Way = Way.SCHOOL_IN_ENGLAND,
    *,
    told_on: date = TODAY,
    last_day: date | None = LAST_DAY,
    school: str = "Hill Top Primary School",
    laestab: str = "",
    town: str = "Lewes",
) -> LeavingWord:
    """A mother's word, today, that the child leaves on Friday of next week for a school in England."""
    return LeavingWord(
        told_on=told_on, said_by=With.MOTHER, last_day=last_day, way=way, school=school, laestab=laestab, town=town
    )


def a_confirmation(*, on: date = TODAY, source: Source = Source.SCHOOL) -> Confirmation:
    """The next school's word."""
    return Confirmation(on=on, source=source, by="Mrs Ince, office", how="telephone")


def on_day(office: Office, day: date, hour: int = 16) -> Office:
    """The same office on another day, in the afternoon."""
    return at(office, datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def flags_of(office: Office, pupil_id: PupilId) -> dict[str, Flag]:
    """The flags of a pupil now, by rule."""
    roll = load_roll(office)
    record = next((record for record in roll.records if record.pupil.id == pupil_id), None)
    found = () if record is None else review_pupil(record, roll.judgement, roll.rulebook)
    return {flag.rule_id: flag for flag in found}


def file_of(office: Office, pupil_id: PupilId) -> LifeFile:
    """The pupil's file on the page Leaving."""
    return load_life_file(office, book=load_lives(office), life=Life.LEAVING, key=str(pupil_id))


def is_listed(office: Office, pupil_id: PupilId) -> bool:
    """Whether the page Leaving lists the pupil."""
    return any(row.pupil_id == pupil_id for row in load_lives(office).rows[Life.LEAVING])


def steps_of(file: LifeFile) -> dict[str, StepState]:
    """How the steps of a file stand, without the word that says which is next."""
    return {step.text.removeprefix("Next: ").lower(): step.state for step in file.steps}


def adopt(office: Office, policy_id: str) -> None:
    """Adopt a supplied policy from the year's first day."""
    text = (office.paths.resources / "policies" / f"{policy_id}.toml").read_text("utf-8")
    with office.database.transaction() as db:
        adopt_policy(db, policy_id=policy_id, document=text, adopted_on=date(2026, 9, 1), why="", by=1)
