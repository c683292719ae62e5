"""Read a policy document: TOML text in, a ``SchoolPolicy`` or located problems out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from string import Formatter
from typing import Final, TypeVar

from cme_desktop.domain.attendance import CODE_OF_LETTER
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.events import EventKind, Form, Recipient
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.absence import Cause
from cme_desktop.policy.located_toml import Problem, TomlTable, read_toml, unknown_word
from cme_desktop.policy.parameters import SWITCH, Parameters
from cme_desktop.policy.record import SchoolType
from cme_desktop.policy.rule import Act, Duty, Severity
from cme_desktop.policy.rules import RULES
from cme_desktop.policy.rules.sources import POLICY_ID as LAW_ID
from cme_desktop.policy.school_policy import (
    CitedRule,
    Clause,
    DueKind,
    Interval,
    PolicyKind,
    SchoolPolicy,
    Settlement,
    StandingDuty,
    Step,
    StricterNumber,
    Treatment,
    TriggerKind,
)
from cme_desktop.policy.triggers import GROUPS, TRIGGERS, Trigger
from cme_desktop.policy.triggers_of_the_roll import ASKED_ABROAD

AnyEnum = TypeVar("AnyEnum", bound=Enum)

LARGEST_NUMBER: Final = 999
"""No number of a policy is larger: nothing of a school is counted beyond it, and no date lies so far away."""

_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_LAW: Final = {rule.id: rule for rule in RULES}

_DUTY_KEYS: Final = ("act", "duty", "by", "recipient")
_STEP_KEYS: Final = (
    "id", "title", "about", "clauses", "severity", "trigger", "because", "due", "hours", "settled_by", "settled",
    "who", "not_who", "causes", "codes_left_out", "contact_made", "school_types", "asks",
)  # fmt: skip


class _SeverityWord(Enum):
    NOW = "now"
    TODAY = "today"
    THIS_WEEK = "this_week"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class PolicyRead:
    """What a document holds: the policy, or the problems for which there is none, in the order of their lines."""

    policy: SchoolPolicy | None
    problems: tuple[Problem, ...] = ()


def read_school_policy(text: bytes | str, *, parameters: Parameters | None = None) -> PolicyRead:
    """Read a policy document; with the law's parameters given, a number looser than the law is a problem too."""
    document = read_toml(text)
    if isinstance(document, Problem):
        return PolicyRead(None, (document,))
    problems: list[Problem] = []
    policy = _PolicyReader(TomlTable(document, problems), parameters).read()
    if problems or policy is None:
        return PolicyRead(None, tuple(sorted(set(problems))))
    return PolicyRead(policy)


class _PolicyReader:
    """Reads each part of the document; problems gather in the table's own list."""

    def __init__(self, top: TomlTable, parameters: Parameters | None) -> None:
        self._top = top
        self._parameters = parameters
        self._policy_id = top.text("id")
        self._clause_ids = [row.text("id") for row in top.tables("clause")]

    def read(self) -> SchoolPolicy | None:
        top = self._top
        top.keep_to(
            (
                "id",
                "title",
                "kind",
                "document",
                "about",
                "in_force_from",
                "version",
                "clause",
                "rule",
                "standing",
                "stricter",
                "cited",
                "adopts",
            )
        )
        for key in ("id", "title", "document"):
            top.need_text(key)
        self._check_name(top, self._policy_id)
        kind = top.choice("kind", PolicyKind, what="kind of policy") if top.need("kind") else None
        in_force_from = top.day("in_force_from") if top.need("in_force_from") else None
        steps = tuple(filter(None, map(self._read_step, top.tables("rule"))))
        standing = tuple(filter(None, map(self._read_standing, top.tables("standing"))))
        cited = tuple(map(self._read_cited, top.tables("cited")))
        known = {self._full(row.text("id")) for table in ("rule", "standing", "cited") for row in top.tables(table)}
        clauses = tuple(filter(None, (self._read_clause(row, known) for row in top.tables("clause"))))
        stricter = tuple(filter(None, map(self._read_stricter, top.tables("stricter"))))
        self._refuse_doubles()
        if kind is None or in_force_from is None:
            return None
        return SchoolPolicy(
            id=self._policy_id,
            title=top.text("title"),
            kind=kind,
            document=top.text("document"),
            about=top.text("about"),
            in_force_from=in_force_from,
            version=top.count("version", largest=LARGEST_NUMBER) or 1,
            clauses=clauses,
            steps=steps,
            standing=standing,
            stricter=stricter,
            cited=cited,
            adopts=top.texts("adopts"),
        )

    # -- clauses -----------------------------------------------------------------------------------------------

    def _read_clause(self, row: TomlTable, known_rules: set[str]) -> Clause | None:
        row.keep_to(("id", "title", "says", "treatment", "program", "rules", "because"))
        for key in ("id", "title", "says", "program"):
            row.need_text(key)
        treatment = row.choice("treatment", Treatment, what="treatment") if row.need("treatment") else None
        if self._clause_ids.count(row.text("id")) > 1:
            row.say(f'there are two clauses "{row.text("id")}"', key="id")
        if treatment is Treatment.SUPERSEDED:
            row.need_text("because")
        rules = tuple(self._full(word) for word in row.texts("rules"))
        for position, rule_id in enumerate(rules):
            if rule_id.startswith(f"{self._policy_id}.") and rule_id not in known_rules:
                row.say(unknown_word("rule", rule_id, known_rules), key="rules", position=position)
        if treatment is None:
            return None
        return Clause(
            row.text("id"),
            row.text("title"),
            row.text("says"),
            treatment,
            row.text("program"),
            rules,
            row.text("because"),
        )

    def _full(self, word: str) -> str:
        """A rule's whole id; this policy's own may leave the policy out."""
        return word if "." in word else f"{self._policy_id}.{word}"

    def _read_id(self, row: TomlTable) -> str:
        """The whole id of a rule of this policy; another policy's, or the law's, is none of its own."""
        row.need_text("id")
        word = row.text("id")
        full = self._full(word)
        if full in _LAW:
            row.say(
                f'"{word}" is a rule of the law ({_LAW[full].references[0]}): a policy adds rules, and replaces none '
                "of the law",
                key="id",
            )
        elif "." in word and not full.startswith(f"{self._policy_id}."):
            row.say(f'"{word}" names a rule of another policy', key="id")
        else:
            self._check_name(row, full.removeprefix(f"{self._policy_id}."))
        return full

    @staticmethod
    def _check_name(row: TomlTable, name: str) -> None:
        if name == LAW_ID:
            row.say(f'"{LAW_ID}" is the name of the law, and no policy has it', key="id")
        elif name.strip() and not _NAME.fullmatch(name):
            row.say("a name has only letters from a to z, numbers and hyphens", key="id")

    def _refuse_doubles(self) -> None:
        """A duty with the name of another rule would hide it; a number of the law that stands twice says two things."""
        steps = {row.text("id") for row in self._top.tables("rule")}
        others = (*self._top.tables("standing"), *self._top.tables("cited"))
        names = Counter(row.text("id") for row in others)
        for row in others:
            if names[row.text("id")] > 1 or row.text("id") in steps:
                row.say(f'there are two rules "{row.text("id")}"', key="id")
        numbers = self._top.tables("stricter")
        parameters = Counter(row.text("parameter") for row in numbers)
        for row in numbers:
            if parameters[row.text("parameter")] > 1:
                row.say(f'there are two numbers "{row.text("parameter")}"', key="parameter")

    # -- steps -------------------------------------------------------------------------------------------------

    def _read_step(self, row: TomlTable) -> Step | None:
        for key in ("title", "because", "settled_by"):
            row.need_text(key)
        rule_id = self._read_id(row)
        kind = row.choice("trigger", TriggerKind, what="trigger") if row.need("trigger") else None
        severity = self._read_severity(row)
        duty = self._read_duty(row)
        due = row.choice("due", DueKind, what="deadline") if row.need("due") else None
        if kind is None or severity is None or duty is None or due is None:
            return None
        trigger = TRIGGERS[kind]
        row.keep_to((*_STEP_KEYS, *_DUTY_KEYS, *trigger.numbers))
        if due is DueKind.LAST_DAY and not trigger.gives_last_day:
            row.say("this trigger reckons no last day", key="due")
        self._check_wording(row, trigger)
        if due is DueKind.HOURS:
            row.need("hours")
        return Step(
            id=rule_id,
            title=row.text("title"),
            about=row.text("about", default=row.text("title")),
            clauses=self._read_clause_ids(row),
            severity=severity,
            trigger=kind,
            because=row.text("because"),
            duty=duty,
            due=due,
            hours=row.count("hours", largest=LARGEST_NUMBER) or 0,
            settled_by=row.text("settled_by"),
            settled=self._read_settlement(row),
            numbers=self._read_numbers(row, trigger),
            who=self._read_words(row, "who", (*Circumstance, *GROUPS), what="circumstance"),
            not_who=self._read_words(row, "not_who", (*Circumstance, *GROUPS), what="circumstance"),
            causes=self._read_words(row, "causes", [cause.name.lower() for cause in Cause], what="cause"),
            codes_left_out=self._read_codes(row),
            contact_made=row.truth("contact_made") is True,
            school_types=self._choices(row, "school_types", SchoolType, what="school type"),
            asks=self._read_words(row, "asks", ASKED_ABROAD, what="fact"),
        )

    @staticmethod
    def _read_severity(row: TomlTable) -> Severity | None:
        word = row.choice("severity", _SeverityWord, what="severity") if row.need("severity") else None
        return None if word is None else Severity[word.name]

    @staticmethod
    def _read_duty(row: TomlTable) -> Duty | None:
        act = row.choice("act", Act, what="act") if row.need("act") else None
        by = row.choice("by", Role, what="role") if row.need("by") else None
        row.need_text("duty")
        return None if act is None or by is None else Duty(act, row.text("duty"), by, row.text("recipient"))

    def _read_clause_ids(self, row: TomlTable) -> tuple[str, ...]:
        if row.need("clauses") and row.values["clauses"] == []:
            row.say('"clauses" is empty', key="clauses")
        return self._read_words(row, "clauses", self._clause_ids, what="clause")

    @staticmethod
    def _read_words(row: TomlTable, key: str, known: Iterable[str], *, what: str) -> tuple[str, ...]:
        names = tuple(str(name) for name in known)
        words = row.texts(key)
        for position, word in enumerate(words):
            if word not in names:
                row.say(unknown_word(what, word, names), key=key, position=position)
        return tuple(word for word in words if word in names)

    @staticmethod
    def _read_numbers(row: TomlTable, trigger: Trigger) -> dict[str, int]:
        numbers: dict[str, int] = {}
        for name in trigger.numbers:
            if name not in row and name in trigger.optional:
                continue
            value = row.count(name, largest=LARGEST_NUMBER) if row.need(name) else None
            if value is not None:
                numbers[name] = value
        return numbers

    @staticmethod
    def _read_codes(row: TomlTable) -> bytes:
        letters = row.texts("codes_left_out")
        for position, letter in enumerate(letters):
            if letter not in CODE_OF_LETTER:
                row.say(unknown_word("code", letter, CODE_OF_LETTER), key="codes_left_out", position=position)
        return "".join(CODE_OF_LETTER[letter].symbol for letter in letters if letter in CODE_OF_LETTER).encode("ascii")

    @staticmethod
    def _check_wording(row: TomlTable, trigger: Trigger) -> None:
        words = (*trigger.numbers, *trigger.words, "since")
        try:
            parts = [*Formatter().parse(row.text("because"))]
        except ValueError:
            row.say("a brace in the wording has no partner", key="because")
            return
        for _, name, shape, conversion in parts:
            if name is None:
                continue
            if name not in words:
                row.say(unknown_word("word for this trigger", name, words), key="because")
            elif shape or conversion:
                row.say(f"only the word itself may stand between the braces of {{{name}}}", key="because")
            elif name in trigger.optional and name not in row:
                row.say(f"the sentence says {{{name}}}, and that number is left out", key="because")

    def _read_settlement(self, row: TomlTable) -> Settlement:
        table = row.table("settled")
        if table is None:
            return Settlement()
        table.keep_to(("told", "told_one_of", "referral", "form", "events", "events_one_of", "decision", "or_referral"))
        return Settlement(
            told=self._choices(table, "told", Recipient),
            told_one_of=self._choices(table, "told_one_of", Recipient),
            referral=table.truth("referral") is True,
            form=table.choice("form", Form, what="form"),
            events=self._choices(table, "events", EventKind),
            events_one_of=self._choices(table, "events_one_of", EventKind),
            decision=table.truth("decision") is True,
            or_referral=table.truth("or_referral") is True,
        )

    @staticmethod
    def _choices(table: TomlTable, key: str, kinds: type[AnyEnum], *, what: str = "word") -> tuple[AnyEnum, ...]:
        found = (
            table.as_choice(word, kinds, what=what, key=key, position=position)
            for position, word in enumerate(table.texts(key))
        )
        return tuple(member for member in found if member is not None)

    # -- standing duties and stricter numbers ------------------------------------------------------------------

    def _read_standing(self, row: TomlTable) -> StandingDuty | None:
        row.keep_to(("id", "title", "about", "clauses", "severity", "interval", "settled_by", *_DUTY_KEYS))
        for key in ("title", "settled_by"):
            row.need_text(key)
        rule_id = self._read_id(row)
        severity = self._read_severity(row)
        interval = row.choice("interval", Interval, what="interval") if row.need("interval") else None
        duty = self._read_duty(row)
        if severity is None or interval is None or duty is None:
            return None
        return StandingDuty(
            rule_id,
            row.text("title"),
            row.text("about", default=row.text("title")),
            self._read_clause_ids(row),
            severity,
            interval,
            duty,
            row.text("settled_by"),
        )

    def _read_cited(self, row: TomlTable) -> CitedRule:
        row.keep_to(("id", "title", "about", "clauses", "beside"))
        for key in ("title", "beside"):
            row.need_text(key)
        title = row.text("title")
        about = row.text("about", default=title)
        return CitedRule(self._read_id(row), title, about, self._read_clause_ids(row), row.text("beside"))

    def _read_stricter(self, row: TomlTable) -> StricterNumber | None:
        row.keep_to(("parameter", "value", "clause"))
        name = row.text("parameter")
        row.need_text("parameter")
        value = row.count("value", largest=LARGEST_NUMBER) if row.need("value") else None
        if value is None:
            return None
        if row.need_text("clause") and row.text("clause") not in self._clause_ids:
            row.say(unknown_word("clause", row.text("clause"), self._clause_ids), key="clause")
        if self._parameters is not None:
            self._refuse_looser(row, name, value)
        return StricterNumber(name, value, row.text("clause"))

    def _refuse_looser(self, row: TomlTable, name: str, value: int) -> None:
        assert self._parameters is not None
        parameter = self._parameters.by_name.get(name)
        if parameter is None:
            row.say(unknown_word("number of the law", name, self._parameters.by_name), key="parameter")
            return
        if parameter.unit == SWITCH and value > 1:
            row.say("a switch is turned on by 1, and by no other number", key="value")
        for dated in parameter.values:
            try:
                parameter.refuse_looser(value, on=dated.from_day)
            except RefusedError as error:
                row.say(f"{error.title} {error.detail}", key="value")
