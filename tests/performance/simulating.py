"""Simulating a changed policy over a school year of 420 pupils, and how long one run of the worker lasts."""

from __future__ import annotations

import time
from dataclasses import dataclass

from cme_desktop.casework.office import Office
from cme_desktop.casework.simulating import begin_simulation, load_supplied_policy
from cme_desktop.storage.calendars import load_calendar
from tests.performance.figure import Figure

_STRICTER = '\n[[stricter]]\nparameter = "england.persistent-absence.percent"\nvalue = 8\nclause = "cover"\n'


@dataclass(frozen=True, slots=True)
class _Taken:
    whole: float
    longest_run: float
    flags: int


def figures(seven_years: Office) -> list[Figure]:
    """Simulate last school year: a visit a day earlier, and a stricter number, which tries every rule on everybody."""
    text = load_supplied_policy(seven_years, "aspire-academy")
    place = text.index("n = 2\n", text.index('[[rule]]\nid = "day-2-visit"'))
    step = _simulate(seven_years, f"{text[:place]}n = 1{text[place + len('n = 2') :]}")
    number = _simulate(seven_years, text + _STRICTER)
    return [
        Figure("Simulate one year, a step of the policy changed", step.whole, 10, "s", about=f"{step.flags} flags"),
        Figure("Simulate one year, a number of the law made stricter", number.whole, 10, "s",
               about=f"every rule tried on everybody; {number.flags} flags"),
        Figure("Longest run of the worker while simulating (a week)", max(step.longest_run, number.longest_run), 1, "s",
               about="the first one reads the year's marks"),
    ]  # fmt: skip


def _simulate(office: Office, document: str) -> _Taken:
    with office.database.reading() as db:
        year = [year for year in load_calendar(db).years if year.last_day < office.today][-1]
    begun = time.perf_counter()
    running = begin_simulation(office, document=document, first=year.first_day, last=year.last_day)
    runs: list[float] = []
    while not running.is_done:
        started = time.perf_counter()
        running.judge_more()
        runs.append(time.perf_counter() - started)
    found = running.result(office)
    return _Taken(time.perf_counter() - begun, max(runs), len(found.flags))
