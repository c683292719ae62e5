"""Judge situation files: what each expects, beside what the rulebook says. Needs no records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from pathlib import Path

from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.importers.situations import Expectation, KnownWords, Situation, read_situation
from cme_desktop.outside_file import read_outside_file
from cme_desktop.policy.located_toml import LARGEST_TOML
from cme_desktop.policy.parameters import SWITCH
from cme_desktop.policy.record import Judgement, PupilRecord, SchoolRecord
from cme_desktop.policy.review import review_pupil, review_school
from cme_desktop.policy.rule import Flag, Severity
from cme_desktop.policy.rulebook import PARAMETERS, Rulebook, load_rulebook


class FailureKind(StrEnum):
    """How an expectation may fail."""

    MISSING = "missing"
    UNEXPECTED = "unexpected"
    DUE = "due"
    SEVERITY = "severity"
    SAYS = "says"


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that does not hold: the moment, the rule, what was expected, what was found and why."""

    on: str
    kind: FailureKind
    rule: str
    expected: str
    found: str
    why: str


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """A situation file judged. ``error`` says why it could not be read, ``line`` where; then nothing was judged."""

    file: str
    title: str = ""
    failures: tuple[Failure, ...] = ()
    error: str = ""
    line: int = 1
    also: tuple[str, ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether the file could be judged at all."""
        return not self.error

    @property
    def ok(self) -> bool:
        """Whether every expectation holds."""
        return self.is_readable and not self.failures


def judge_file(path: Path, *, resources: Path) -> JudgedFile:
    """Judge one situation file by the supplied rulebook."""
    try:
        data = read_outside_file(
            path, largest=LARGEST_TOML, what="The file", remedy="Name a situation file, which has some lines of text."
        )
    except BadInputError as error:
        return JudgedFile(str(path), error=str(error))
    except OSError as error:
        return JudgedFile(str(path), error=f"the file can't be read: {error.strerror or 'unknown reason'}")
    read = read_situation(data, known=known_words(resources), resources=resources)
    if read.situation is None:
        first, *others = read.problems
        return JudgedFile(str(path), error=first.message, line=first.line, also=tuple(str(other) for other in others))
    return _judge(str(path), read.situation, resources)


def _judge(file: str, situation: Situation, resources: Path) -> JudgedFile:
    rulebook = rulebook_of(situation, resources)
    failures: list[Failure] = []
    for expectation in situation.expectations:
        try:
            flags = flags_at(situation, expectation, rulebook)
        except CmeError as error:
            return JudgedFile(file, situation.title, error=str(error), line=expectation.line)
        failures += _failures(expectation, flags, rulebook)
    return JudgedFile(file, situation.title, tuple(failures))


@cache
def supplied_rulebook(resources: Path, policies: tuple[str, ...]) -> Rulebook:
    """Load the law, the supplied policies named and those they adopt; the same value each time it is asked for."""
    supplied = list_supplied_policies(resources) if policies else ()
    texts = {policy: (resources / "policies" / f"{policy}.toml").read_text("utf-8") for policy in supplied}
    texts[PARAMETERS] = (resources / "parameters.toml").read_text("utf-8")
    return load_rulebook(texts, policies=policies)


def rulebook_of(situation: Situation, resources: Path) -> Rulebook:
    """Load the rulebook that a situation is judged by: its policies, and its switches from the days it says."""
    rulebook = supplied_rulebook(resources, situation.policies)
    for name, since in situation.switched_on:
        rulebook = replace(rulebook, parameters=rulebook.parameters.switched_on(name, since=since))
    return rulebook


def list_supplied_policies(resources: Path) -> tuple[str, ...]:
    """List the ids of the policies that come with the program."""
    return tuple(sorted(path.stem for path in (resources / "policies").glob("*.toml")))


def known_words(resources: Path) -> KnownWords:
    """Every rule id, policy and switch that a situation may name: of all supplied policies, in force or not."""
    policies = list_supplied_policies(resources)
    rulebook = supplied_rulebook(resources, policies)
    switches = tuple(name for name, each in rulebook.parameters.by_name.items() if each.unit == SWITCH)
    return KnownWords(rulebook.ids, policies, switches)


def flags_at(situation: Situation, expectation: Expectation, rulebook: Rulebook) -> dict[str, Flag]:
    """Judge a situation at one expectation's moment: the flags raised, by rule id."""
    judgement = judgement_at(situation, expectation)
    record = record_at(situation, judgement)
    flags = review_school(judgement, rulebook) if record is None else review_pupil(record, judgement, rulebook)
    return {flag.rule_id: flag for flag in flags}


def judgement_at(situation: Situation, expectation: Expectation) -> Judgement:
    """What is known of the situation's school at one expectation's moment."""
    school = SchoolRecord(
        situation.school_type,
        situation.last_done,
        records_begin=situation.calendar.years[0].first_day,
        youngest_class=situation.youngest_class,
        oldest_class=situation.oldest_class,
    )
    return Judgement(situation.calendar, expectation.at, school=school)


def record_at(situation: Situation, judgement: Judgement) -> PupilRecord | None:
    """What is known of the situation's pupil at a moment: later marks and events are not seen."""
    if situation.pupil is None:
        return None
    return PupilRecord(
        pupil=situation.pupil,
        line=situation.line[: judgement.sessions_due()],
        contacts=situation.contacts,
        events=tuple(event for event in situation.events if event.moment <= judgement.at),
        line_begins_at_records=situation.line_begins_at_records,
    )


# -- comparing -------------------------------------------------------------------------------------------------


def _failures(expectation: Expectation, flags: Mapping[str, Flag], rulebook: Rulebook) -> Iterator[Failure]:
    on = _say_moment(expectation)
    for rule_id in expectation.flags:
        if rule_id not in flags:
            yield Failure(
                on, FailureKind.MISSING, rule_id, "raised", "not raised", _why_missing(rule_id, flags, rulebook)
            )
    for rule_id, flag in flags.items():
        if rule_id in expectation.not_flags or (expectation.nothing and flag.severity is not Severity.WATCH):
            yield Failure(on, FailureKind.UNEXPECTED, rule_id, "not raised", "raised", flag.finding.sentence)
    for rule_id, day in expectation.due:
        yield from _compare_due(on, rule_id, day, flags.get(rule_id))
    for rule_id, severity in expectation.severity:
        yield from _compare_severity(on, rule_id, severity, flags.get(rule_id))
    for rule_id, texts in expectation.says:
        yield from _compare_words(on, rule_id, texts, flags.get(rule_id))


def _compare_due(on: str, rule_id: str, expected: date, flag: Flag | None) -> Iterator[Failure]:
    found = None if flag is None else flag.due
    day = expected.date() if isinstance(expected, datetime) else expected
    by = expected.time() if isinstance(expected, datetime) else None
    if found is not None and found.on == day and (by is None or found.by == by):
        return
    yield Failure(on, FailureKind.DUE, rule_id, expected.isoformat(), _say_deadline(flag, found), _why(flag))


def _compare_severity(on: str, rule_id: str, expected: Severity, flag: Flag | None) -> Iterator[Failure]:
    if flag is None or flag.severity is not expected:
        found = "not raised" if flag is None else flag.severity.word
        yield Failure(on, FailureKind.SEVERITY, rule_id, expected.word, found, _why(flag))


def _compare_words(on: str, rule_id: str, texts: tuple[str, ...], flag: Flag | None) -> Iterator[Failure]:
    said = "" if flag is None else f"{flag.finding.sentence} {flag.duty.what}"
    for text in texts:
        if text.lower() not in said.lower():
            yield Failure(on, FailureKind.SAYS, rule_id, text, said or "not raised", _why(flag))


def _why_missing(rule_id: str, flags: Mapping[str, Flag], rulebook: Rulebook) -> str:
    if rule_id not in rulebook.ids:
        return "Its policy is not among the situation's policies."
    return f"Raised at that moment: {', '.join(flags)}." if flags else "Nothing was raised at that moment."


def _why(flag: Flag | None) -> str:
    return "The rule was not raised." if flag is None else flag.finding.sentence


def _say_deadline(flag: Flag | None, due: Deadline | None) -> str:
    if flag is None:
        return "not raised"
    if due is None:
        return "no deadline"
    return due.on.isoformat() if due.by is None else datetime.combine(due.on, due.by).isoformat()


def _say_moment(expectation: Expectation) -> str:
    if expectation.at.time() == time.max:
        return expectation.at.date().isoformat()
    return expectation.at.isoformat()
