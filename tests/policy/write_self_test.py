"""Write the made-up pupils of the self-test that are still lacking, each from the situation that shows its rule best.

``python -m tests.policy.write_self_test`` writes a file for every rule without one and leaves the others alone; read
what it wrote before it is kept. The best situation is one in which the rule is raised now and was not raised the
school day before: a number that somebody loosens is then noticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from itertools import pairwise
from pathlib import Path

from cme_desktop.casework.self_test import FOLDER
from cme_desktop.casework.situations import flags_at, known_words, supplied_rulebook
from cme_desktop.importers.situations import Expectation, Situation, read_situation
from cme_desktop.policy.rule import Flag

RESOURCES = Path(__file__).parents[2] / "resources"
SITUATIONS = Path(__file__).parent / "situations"
_HEAD = ("policies", "calendar", "school_type", "youngest_class", "oldest_class", "switched_on")
_TABLE = re.compile(r"^\[\[?(\w+)", re.MULTILINE)

Candidate = tuple[bool, int, str, Path, Expectation, Flag]


def write_missing() -> tuple[str, ...]:
    """Write what is lacking; return the rules for which no situation was found."""
    folder = RESOURCES / FOLDER
    folder.mkdir(exist_ok=True)
    wanted = sorted(known_words(RESOURCES).rule_ids - {path.stem for path in folder.glob("*.toml")})
    best = {rule_id: _best(rule_id) for rule_id in wanted} if wanted else {}
    for rule_id, found in best.items():
        if found is not None:
            text = _only_what_is_known(found[3].read_text("utf-8"), rule_id, found[4], found[5])
            (folder / f"{rule_id}.toml").write_text(text, encoding="utf-8")
    return tuple(rule_id for rule_id, found in best.items() if found is None)


def _best(rule_id: str) -> Candidate | None:
    return min(_candidates(rule_id), default=None, key=lambda found: found[:3])


def _candidates(rule_id: str) -> Iterator[Candidate]:
    for path in sorted(SITUATIONS.rglob("*.toml")):
        situation = read_situation(path.read_bytes(), known=known_words(RESOURCES), resources=RESOURCES).situation
        assert situation is not None
        for expectation in situation.expectations:
            flag = _flag(rule_id, situation, expectation) if rule_id in expectation.flags else None
            if flag is not None:
                was_raised = _was_raised_the_day_before(rule_id, situation, expectation)
                yield was_raised, path.stat().st_size, path.name, path, expectation, flag


def _flag(rule_id: str, situation: Situation, expectation: Expectation) -> Flag | None:
    rulebook = supplied_rulebook(RESOURCES, situation.policies)
    return flags_at(situation, expectation, rulebook).get(rule_id)


def _was_raised_the_day_before(rule_id: str, situation: Situation, expectation: Expectation) -> bool:
    before = situation.calendar.school_day_before(expectation.at.date())
    if before is None:
        return False
    earlier = replace(expectation, at=datetime.combine(before, time.max))
    return _flag(rule_id, situation, earlier) is not None


def _only_what_is_known(text: str, rule_id: str, expectation: Expectation, flag: Flag) -> str:
    """The situation's own text without its name and what it expects, and one expectation in their place."""
    starts = [match.start() for match in _TABLE.finditer(text)] + [len(text)]
    head = [line for line in text[: starts[0]].splitlines() if line.startswith(_HEAD)]
    tables = [text[start:end].strip() for start, end in pairwise(starts)]
    kept = [table for table in tables if not table.startswith("[[expect")]
    moment = (
        f"on = {expectation.at.date().isoformat()}"
        if expectation.is_close_of_day
        else f"at = {expectation.at.isoformat()}"
    )
    title = f'title = "Made up: trips {rule_id}"'
    expected = f'[[expect]]\n{moment}\nflags = ["{rule_id}"]\nseverity = {{ "{rule_id}" = "{flag.severity.word}" }}'
    if flag.due is not None:
        expected += f'\ndue = {{ "{rule_id}" = {flag.due.on.isoformat()} }}'
    return "\n\n".join(["\n".join([title, *head]), *kept, expected]) + "\n"


if __name__ == "__main__":
    for rule_id in write_missing():
        print(f"no situation raises {rule_id}")
