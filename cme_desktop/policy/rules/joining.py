"""Rules about joining: the authority is told of every child entered on the admission register."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import ReturnKind
from cme_desktop.domain.pupils import YearGroup, year_group_of
from cme_desktop.policy.rule import Act, Authority, Duty, Finding, Raised, Rule, Severity
from cme_desktop.policy.rules.sources import IN_FORCE_FROM, regulation
from cme_desktop.policy.wording import say_count, say_day

if TYPE_CHECKING:
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers

_DAYS: Final = "england.new-pupil-return.days"
_ASKED_OF_ALL: Final = "england.new-pupil-return.asked-of-all"
_GROUPS: Final = tuple(YearGroup)


def lacks_new_pupil_return(facts: Facts, numbers: Numbers) -> Raised | None:
    """Regulation 13(1) to (3): the authority has the new pupil's details by the fifth day after the day of entry."""
    starting_day = facts.pupil.starting_day
    if (
        starting_day is None
        or starting_day > facts.on
        or facts.pupil.was_never_entered
        or not is_in_records(facts, starting_day)
    ):
        return None
    if any(event.return_ is ReturnKind.NEW_PUPIL for event in facts.events_of_stay):
        return None
    class_unknown = False
    if not numbers[_ASKED_OF_ALL] and is_first_day_of_year(facts, starting_day):
        group = group_on(facts, starting_day)
        if group is facts.moment.judgement.school.youngest_class:
            return None
        class_unknown = group is None
    due = Deadline(starting_day + timedelta(days=numbers[_DAYS]))
    sentence = (
        f"Entered on the admission register on {say_day(starting_day)}; the new pupil return was due within "
        f"{say_count(numbers[_DAYS], 'day')}, weekends and holidays included, and is not recorded as sent."
    )
    if class_unknown:
        sentence += " None is owed where the child began in the youngest class, and the class is not known."
    return Raised(
        Finding(sentence, parameters=numbers.used(_DAYS), since=starting_day),
        Duty(Act.SEND_RETURN, "Send the new pupil return to the authority.", Role.OFFICE, "authority (new pupil)"),
        due,
        Severity.INCOMPLETE if class_unknown else None,
    )


def is_in_records(facts: Facts, starting_day: date) -> bool:
    """Whether the pupil was entered since the records begin: of earlier entries nobody here can tell."""
    if facts.record.line_begins_at_records or starting_day < facts.moment.calendar.years[0].first_day:
        return False
    begin = facts.moment.judgement.school.records_begin
    return begin is None or starting_day >= begin


def is_first_day_of_year(facts: Facts, starting_day: date) -> bool:
    """Whether the pupil's first day is the first day of its school year on which pupils come."""
    calendar = facts.moment.calendar
    year = calendar.year_of(starting_day)
    if year is None:
        return False
    days = calendar.school_days_between(year.first_day, year.last_day)
    return bool(days) and starting_day <= days[0]


def group_on(facts: Facts, starting_day: date) -> YearGroup | None:
    """The pupil's year group on the starting day, worked back from today's where the record names it."""
    group = facts.pupil.year_group
    if group is not None:
        back = sum(starting_day < year.first_day <= facts.on for year in facts.moment.calendar.years)
        position = _GROUPS.index(group) - back
        return _GROUPS[position] if position >= 0 else None
    return None if facts.pupil.born is None else year_group_of(facts.pupil.born, on=starting_day)


RULES: Final = (
    Rule(
        id="england.new-pupil-return",
        title="New pupil return due",
        authority=Authority.LAW,
        references=(regulation(13, "(1) to (3)"),),
        severity=Severity.THIS_WEEK,
        settled_by="The new pupil return is recorded as sent.",
        about="The authority must learn of every child who joins, with all that the admission register holds, within "
        "five days, weekends and holidays included. None is owed for the youngest class on the first day of the school "
        "year, unless the authority asks for it.",
        limbs=(lacks_new_pupil_return,),
        in_force_from=IN_FORCE_FROM,
        after_leaving=True,
    ),
)
