"""Each morning made-up pupils are judged beside the real roll: a rule that does not answer makes the list untrue.

They are the files of ``resources/self_test``, one a rule, named after it, in the language of situation files. Each is
judged on its own calendar by the school's rulebook of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final

from cme_desktop.casework.in_words import count_of, say_clock, say_day
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import open_to_all
from cme_desktop.casework.situations import flags_at, known_words
from cme_desktop.domain.errors import CmeError
from cme_desktop.importers.situations import Expectation, Situation, read_situation
from cme_desktop.policy.rule import Flag
from cme_desktop.policy.rulebook import Rulebook
from cme_desktop.policy.rules.sources import POLICY_ID as ENGLAND
from cme_desktop.policy.self_test import held_always
from cme_desktop.storage.policies import AdoptedPolicy, list_adopted_policies

FOLDER: Final = "self_test"

REMEDY: Final = (
    "Ring about every child who is not in by the registers. F5 tests again; if this stays, install the program again "
    "or put the policy back."
)


@dataclass(frozen=True, slots=True)
class Silent:
    """A rule that did not answer: its id, its title where it is known, and what went wrong."""

    rule_id: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What a self-test found on a day. ``passed_at`` is None where a rule did not answer.

    ``untested`` are rules that the school wrote or changed itself and that nobody made up reaches: nothing is known
    against them.
    """

    on: date
    passed_at: datetime | None
    failures: tuple[Silent, ...] = ()
    tested: int = 0
    untested: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every rule answered."""
        return self.passed_at is not None

    @property
    def words(self) -> str:
        """What the line at the foot of the window says."""
        if self.passed_at is None:
            return f"Rules self-test failed: {count_of(len(self.failures), 'rule')}"
        untested = f", {count_of(len(self.untested), 'own rule')} untested" if self.untested else ""
        return f"Rules self-test passed {say_clock(self.passed_at)}{untested}"

    @property
    def alarm(self) -> str:
        """What the banner says; nothing where every rule answered."""
        if self.passed:
            return ""
        return f"The list can't be trusted: {count_of(len(self.failures), 'rule')} did not answer"


@open_to_all
def run_self_test(office: Office, rulebook: Rulebook) -> SelfTest:
    """Judge the made-up pupils by the rulebook that judges the real roll."""
    at = office.local_now
    return find_failures(office.paths.resources, rulebook, at=at, edited=_edited_policies(office, at.date()))


def find_failures(resources: Path, rulebook: Rulebook, *, at: datetime, edited: Iterable[str] = ()) -> SelfTest:
    """Say which rules do not answer. ``edited`` are the policies whose document is not the one supplied.

    A rule of an edited policy may rightly ask for more than its made-up pupil brings: it answers where anybody made up
    trips it, and is untested where nobody does.
    """
    today = held_always(rulebook, at.date())
    in_force, idle = _ids(today), _ids(rulebook) - _ids(today)
    supplied = {ENGLAND, *rulebook.policies} - frozenset(edited)
    files = sorted((resources / FOLDER).glob("*.toml"))
    asked = [path for path in files if path.stem not in idle and _policy_of(path.stem) in supplied]
    failures = [silent for path in asked if (silent := _ask(resources, path, today))]
    without = in_force - {path.stem for path in asked}
    lacking = {rule_id for rule_id in without if _policy_of(rule_id) in supplied}
    failures += [
        Silent(rule_id, _title(rule_id, today), "There is no made-up pupil for it.") for rule_id in sorted(lacking)
    ]
    changed = without - lacking
    answered = changed & _raised_for_anybody(resources, files, today) if changed else frozenset()
    return SelfTest(
        on=at.date(),
        passed_at=None if failures else at,
        failures=tuple(failures),
        tested=len(asked) + len(answered),
        untested=tuple(sorted(changed - answered)),
    )


def _ask(resources: Path, path: Path, rulebook: Rulebook) -> Silent | None:
    """Judge one file's made-up pupil; what went wrong where the rule did not answer."""
    rule_id, title = path.stem, _title(path.stem, rulebook)
    situation, problem = _read(resources, path)
    if situation is None:
        return Silent(rule_id, title, f"Its made-up pupil can't be read: {problem}.")
    if rule_id not in _ids(rulebook):
        return Silent(rule_id, title, "It is not in the rulebook.")
    for expectation in situation.expectations:
        try:
            flag = flags_at(situation, expectation, rulebook).get(rule_id)
        except CmeError as error:
            return Silent(rule_id, title, str(error))
        wrong = _what_is_wrong(rule_id, flag, expectation)
        if wrong:
            day = expectation.at.date()
            return Silent(rule_id, title, f"{wrong} for its made-up pupil on {say_day(day)} {day.year}.")
    return None


def _what_is_wrong(rule_id: str, flag: Flag | None, expected: Expectation) -> str:
    """Only what makes the list quieter than it ought to be is wrong: stricter is no fault."""
    if flag is None:
        return "It is not raised" if rule_id in expected.flags else ""
    severity = dict(expected.severity).get(rule_id)
    if severity is not None and flag.severity > severity:
        return "It is raised as less urgent than it is"
    due = dict(expected.due).get(rule_id)
    if due is not None and (flag.due is None or flag.due.on > due):
        return "It is raised with a later deadline than it has"
    return ""


def _raised_for_anybody(resources: Path, files: Sequence[Path], rulebook: Rulebook) -> frozenset[str]:
    """Every rule that somebody made up trips, of this or any other policy."""
    read = (_read(resources, path)[0] for path in files)
    return frozenset(
        rule_id
        for situation in read
        if situation is not None
        for expectation in situation.expectations
        for rule_id in flags_at(situation, expectation, rulebook)
    )


def _ids(rulebook: Rulebook) -> frozenset[str]:
    ids = (*(rule.id for rule in rulebook.rules), *(rule.id for rule in rulebook.school_rules))
    return frozenset(ids) - rulebook.never_raised


def _title(rule_id: str, rulebook: Rulebook) -> str:
    titles = {rule.id: rule.title for rule in rulebook.rules}
    titles |= {rule.id: rule.title for rule in rulebook.school_rules}
    return titles.get(rule_id, rule_id)


def _policy_of(rule_id: str) -> str:
    return rule_id.partition(".")[0]


def _edited_policies(office: Office, on: date) -> frozenset[str]:
    with office.database.reading() as db:
        adopted = list_adopted_policies(db, on=on)
    return frozenset(one.policy_id for one in adopted if not _is_as_supplied(office.paths.resources, one))


def _is_as_supplied(resources: Path, adopted: AdoptedPolicy) -> bool:
    supplied = resources / "policies" / f"{adopted.policy_id}.toml"
    return supplied.is_file() and supplied.read_text("utf-8") == adopted.document


def _read(resources: Path, path: Path) -> tuple[Situation | None, str]:
    return _read_once(resources, path, path.stat().st_mtime_ns)


@cache
def _read_once(resources: Path, path: Path, changed_at: int) -> tuple[Situation | None, str]:
    """Read one file, again only when it has changed: the situation, or what is wrong with it."""
    del changed_at
    read = read_situation(path.read_bytes(), known=_words(resources), resources=resources)
    return read.situation, "" if read.situation is not None else str(read.problems[0])


_words = cache(known_words)
