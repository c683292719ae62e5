"""Write a policy as its document: what ``school_policy_text`` reads back is the same policy.

A step's fields are written under their own names, so that one which is added to the format needs no word here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date, time
from enum import Enum
from typing import Any, Final

from cme_desktop.policy.policy_in_words import say_codes
from cme_desktop.policy.rule import Duty, Severity
from cme_desktop.policy.school_policy import SchoolPolicy

TABLES: Final = {"clauses": "clause", "steps": "rule", "standing": "standing", "stricter": "stricter"}
"""A policy's parts by their field, and the name of their table in a document."""

_HEAD: Final = ("id", "title", "kind", "document", "about", "in_force_from", "version")
_INLINE: Final = "settled"


def write_policy_document(policy: SchoolPolicy) -> str:
    """Write the policy's document, clauses first."""
    lines = [f"# {_one_line(policy.title)}: a policy for CME Desktop, version {policy.version}.", ""]
    lines += [f"{key} = {_value(getattr(policy, key))}" for key in _HEAD if getattr(policy, key) != ""]
    for one in fields(policy):
        if one.name in _HEAD:
            continue
        value = getattr(policy, one.name)
        if value and isinstance(value[0], str):
            lines.append(f"{one.name} = {_value(value)}")
    for one in fields(policy):
        value = getattr(policy, one.name)
        if one.name in _HEAD or not value or isinstance(value[0], str):
            continue
        table = TABLES.get(one.name, one.name)
        for part in value:
            lines += ["", f"[[{table}]]", *_pairs(policy, part)]
    return "\n".join(lines) + "\n"


def _one_line(words: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in words).split())


def _pairs(policy: SchoolPolicy, part: Any) -> Iterator[str]:
    for one in fields(part):
        value = getattr(part, one.name)
        if one.name == "about" and value in {"", part.title}:
            continue
        if isinstance(value, Duty):
            yield from _duty(value)
        elif isinstance(value, Mapping):
            yield from (f"{name} = {_value(number)}" for name, number in value.items())
        elif value == _default(one):
            continue
        elif one.name == _INLINE:
            yield f"{_INLINE} = {{ {', '.join(_settled(value))} }}"
        else:
            yield f"{one.name} = {_field(policy, one.name, value)}"


def _duty(duty: Duty) -> Iterator[str]:
    yield f"act = {_value(duty.act)}"
    yield f"duty = {_value(duty.what)}"
    yield f"by = {_value(duty.by)}"
    yield f"recipient = {_value(duty.recipient)}"


def _settled(settled: Any) -> Iterator[str]:
    for one in fields(settled):
        value = getattr(settled, one.name)
        if value != _default(one):
            yield f"{one.name} = {_value(value)}"


def _default(one: Field[Any]) -> Any:
    return one.default if one.default_factory is MISSING else one.default_factory()


def _field(policy: SchoolPolicy, name: str, value: Any) -> str:
    """A field's value; a policy's own rules are named without the policy, as people write them by hand."""
    own = f"{policy.id}."
    if name == "id":
        return _value(_short(value, own))
    if name == "rules":
        return _value(tuple(_short(rule_id, own) for rule_id in value))
    return _value(value)


def _short(rule_id: str, own: str) -> str:
    short = rule_id.removeprefix(own)
    return rule_id if "." in short else short


def _value(value: Any) -> str:  # noqa: PLR0911  one answer a type
    match value:
        case bool():
            return "true" if value else "false"
        case Severity():
            return _text(value.word)
        case Enum():
            return _text(str(value.value))
        case int():
            return str(value)
        case bytes():
            return _value(tuple(say_codes(value)))
        case date() | time():
            return value.isoformat()
        case tuple():
            return f"[{', '.join(_value(one) for one in value)}]"
        case _:
            return _text(str(value))


def _text(words: str) -> str:
    """A text in quotes. JSON's are TOML's too, but for the one sign that JSON lets stand."""
    whole = words.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007F")
