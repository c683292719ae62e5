"""Judging a roll in memory, beside what a loaded pandas frame takes for two rules on the same marks."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from pathlib import Path

from cme_desktop.domain.attendance import CODE_OF_SYMBOL
from cme_desktop.domain.calendar import SchoolCalendar, SchoolYear, Term
from cme_desktop.domain.contacts import Contact, Household
from cme_desktop.domain.events import Event, EventKind, With
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance, Pupil, YearGroup
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.review import review, review_pupil
from cme_desktop.policy.rulebook import PARAMETERS, Rulebook, load_rulebook
from tests.performance.figure import Figure, median_seconds, medians_by_turns

PUPILS = 420
YEARS = 7
RUNS = 5
_RESOURCES = Path(__file__).parents[2] / "resources"
_CONTACTS = (Contact(With.MOTHER), Contact(With.GRANDMOTHER, Household.ELSEWHERE, order=2))


def figures() -> list[Figure]:
    """Measure the whole roll, the yardstick, one change, and every policy at once."""
    judgement, records = make_roll()
    rulebook = load_aspire_rulebook()
    frame = _frame(judgement, records)
    ours, yardstick = medians_by_turns(
        lambda: review(records, judgement, rulebook), lambda: _two_rules(frame, judgement), runs=RUNS
    )
    flags = len(review(records, judgement, rulebook))
    marks = sum(len(record.line) for record in records)
    busiest = max(records, key=lambda record: len(review_pupil(record, judgement, rulebook)))
    one = median_seconds(lambda: review_pupil(busiest, judgement, rulebook), runs=50)
    every = load_every_rulebook()
    with_every, with_one = medians_by_turns(
        lambda: review(records, judgement, every), lambda: review(records, judgement, rulebook), runs=RUNS
    )
    one_by_every = median_seconds(lambda: review_pupil(busiest, judgement, every), runs=50)
    return [
        Figure(
            f"Judge {PUPILS} pupils, {marks:,} marks, {len(rulebook.rules)} rules",
            ours * 1000,
            yardstick * 1000,
            "ms",
            about=f"bound: pandas, two rules; {flags} flags",
        ),
        Figure("Judge one pupil again after a change (the busiest)", one * 1000, 5, "ms"),
        Figure(
            f"Judge by every supplied policy at once, {len(every.rules)} rules",
            with_every * 1000,
            2.5 * with_one * 1000,
            "ms",
            about="bound: 2.5 times one policy, by turns",
        ),
        Figure("Judge one pupil again by every policy", one_by_every * 1000, 5, "ms"),
    ]


_ONE_DAY = timedelta(days=1)


def make_roll(*, years: int = YEARS, pupils: int = PUPILS, seed: int = 7) -> tuple[Judgement, tuple[PupilRecord, ...]]:
    """Make up a roll whose marks follow the national rates, judged at the close of a November day."""
    calendar = SchoolCalendar(tuple(_year(2027 - years + number) for number in range(years)))
    at = datetime.combine(date(2026, 11, 20), time.max)
    judgement = Judgement(calendar, at)
    chance = random.Random(seed)
    length = judgement.sessions_due()
    return judgement, tuple(_record(number, length, calendar, chance) for number in range(1, pupils + 1))


def _year(autumn: int) -> SchoolYear:
    first = date(autumn, 9, 1)
    starts = (0, 62, 125, 174, 223, 280)
    lengths = (52, 46, 39, 35, 39, 42)
    terms = tuple(
        Term(first + timedelta(days=start), first + timedelta(days=start + length))
        for start, length in zip(starts, lengths, strict=True)
    )
    return SchoolYear(first, terms[-1].last_day, terms)


def _record(number: int, length: int, calendar: SchoolCalendar, chance: random.Random) -> PupilRecord:
    rate = chance.betavariate(1.9, 34)
    line = bytearray(b"/\\" * (length // 2 + 1))[:length]
    for start in range(0, length, 2):
        if chance.random() < rate / 3:
            spell = chance.choice((1, 1, 2, 2, 3, 5))
            # An N becomes another code within five school days: only the last week's may still stand.
            code = chance.choices(b"IIMGOOCN" if start > length - 10 else b"IIMGOOCI", k=1)
            line[start : start + 2 * spell] = bytes(code) * min(2 * spell, length - start)
    if number % 40 == 0:
        line[-50:] = b"O" * 50
    circumstances = (DatedCircumstance(Circumstance.SOCIAL_WORKER),) if number % 20 == 0 else ()
    event = Event(EventKind.NOTE, calendar.sessions[length - 3].on)
    return PupilRecord(
        # On roll before the records begin, so that seven years of marks each are no news to the returns for joiners.
        Pupil(PupilId(number), date(2018, 3, 4), calendar.years[0].first_day - _ONE_DAY, YearGroup.Y3, circumstances),
        bytes(line),
        _CONTACTS,
        (event,) if number % 10 == 0 else (),
    )


def load_aspire_rulebook() -> Rulebook:
    """Load the rules of English law and of the one supplied policy."""
    policy = (_RESOURCES / "policies" / "aspire-academy.toml").read_text(encoding="utf-8")
    parameters = (_RESOURCES / "parameters.toml").read_text(encoding="utf-8")
    return load_rulebook({PARAMETERS: parameters, "aspire-academy": policy}, policies=("aspire-academy",))


def load_every_rulebook() -> Rulebook:
    """Load the rules of English law and of every supplied policy."""
    texts = {file.stem: file.read_text(encoding="utf-8") for file in sorted((_RESOURCES / "policies").glob("*.toml"))}
    parameters = (_RESOURCES / "parameters.toml").read_text(encoding="utf-8")
    return load_rulebook({PARAMETERS: parameters, **texts}, policies=tuple(texts))


def _frame(judgement: Judgement, records: tuple[PupilRecord, ...]) -> object:
    """Load the same marks into a pandas frame, as somebody would: a row a mark, the code a category."""
    import pandas as pd

    letters = {ord(symbol): code.letter for symbol, code in CODE_OF_SYMBOL.items()}
    days = pd.to_datetime([session.on for session in judgement.calendar.sessions])
    frames = [
        pd.DataFrame(
            {
                "pupil": record.pupil.id,
                "session": range(len(record.line)),
                "on": days[: len(record.line)],
                "code": [letters[symbol] for symbol in record.line],
            }
        )
        for record in records
    ]
    frame = pd.concat(frames, ignore_index=True)
    return frame.assign(code=frame["code"].astype("category"))


def _two_rules(loaded: object, judgement: Judgement) -> tuple[object, object]:
    """Find who has twenty sessions in a row of G, N, O or U, and who misses a tenth of this year's sessions."""
    import pandas as pd

    assert isinstance(loaded, pd.DataFrame)
    last = loaded.groupby("pupil", sort=False).tail(20)
    ten_days = last["code"].isin(["G", "N", "O", "U"]).groupby(last["pupil"]).agg(["all", "size"])
    returns = ten_days[ten_days["all"] & (ten_days["size"] == 20)].index
    this_year = loaded[loaded["on"] >= pd.Timestamp(judgement.calendar.years[-1].first_day)]
    absent = this_year["code"].isin([*"CIMRSTEGNOU", "C1", "C2", "J1"]).groupby(this_year["pupil"]).sum()
    possible = (~this_year["code"].isin([*"DXQZ#", *(f"Y{n}" for n in range(1, 8))])).groupby(this_year["pupil"])
    persistent = absent[10 * absent >= possible.sum()].index
    return returns, persistent
