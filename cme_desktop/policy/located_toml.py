"""TOML that remembers where things stand: values, the line of every key, and problems that name their line."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from enum import Enum
from typing import Any, Final, TypeVar

AnyEnum = TypeVar("AnyEnum", bound=Enum)
AnyValue = TypeVar("AnyValue")

Path = tuple[str | int, ...]
"""Where a value stands: keys, and positions in arrays from 0."""

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_PLAIN_VALUE: Final = re.compile(r"[^,\]}#\r\n]*")
_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
LARGEST_TOML: Final = 1_000_000
"""Bytes: the longest document that comes with the program has some tens of thousands."""
_MOST_PARTS: Final = 20
"""Of a key such as ``a.b.c``: one of thousands would take hours and all memory to read."""
_MOST_NESTED: Final = 40
_PART: Final = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY: Final = re.compile(rf"(?<![\w.-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{_MOST_PARTS}}}")
_LINE_OF_ERROR: Final = re.compile(r"\s*\(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A fault in a document, with the line it stands on, from 1."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class LocatedToml:
    """A parsed document and the line of every key, table and array member in it."""

    values: Mapping[str, Any]
    lines: Mapping[Path, int] = field(repr=False)

    def line_of(self, path: Path) -> int:
        """The line on which the path stands; that of the nearest part of it where it does not stand itself."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_toml(data: bytes | str) -> LocatedToml | Problem:
    """Parse a document; where it is no TOML (or no UTF-8 text), say on which line and why."""
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Problem(error.object[: error.start].count(b"\n") + 1, "this is not UTF-8 text")
    text = text.replace("\r\n", "\n")
    return _why_too_much(text) or _parse(text)


def _why_too_much(text: str) -> Problem | None:
    """What would take hours or all memory to parse."""
    if len(text) > LARGEST_TOML:
        return Problem(1, f"this is far larger than any document of the program: over {LARGEST_TOML:,} characters")
    if found := _LONG_KEY.search(text):
        return Problem(text.count("\n", 0, found.start()) + 1, f"this key has more than {_MOST_PARTS} parts")
    return None


def _parse(text: str) -> LocatedToml | Problem:
    try:
        values = tomllib.loads(text)
        return LocatedToml(values, _LineScanner(text).scan())
    except tomllib.TOMLDecodeError as error:
        return _syntax_problem(str(error), text)
    except (RecursionError, _TooDeepError):
        return Problem(1, "the brackets are nested too deeply")
    except ValueError:  # Python reads no number of more than some thousand digits
        return Problem(_line_of_longest_number(text), "this number is too long")


def _syntax_problem(message: str, text: str) -> Problem:
    found = _LINE_OF_ERROR.search(message)
    last_line = text.rstrip("\n").count("\n") + 1
    line = int(found.group(1)) if found else last_line
    return Problem(line, f"this is not TOML: {_LINE_OF_ERROR.sub('', message)}")


def _line_of_longest_number(text: str) -> int:
    longest = max(re.finditer(r"[0-9][0-9_]*", text), key=lambda found: len(found.group()))
    return text.count("\n", 0, longest.start()) + 1


class _TooDeepError(Exception):
    """A value stands deeper in others than any document needs."""


class _LineScanner:
    """Walk a document that is known to be valid TOML and note the line of each path."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._lines: dict[Path, int] = {}
        self._members: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip_blank():
            if self._text.startswith("[[", self._at):
                table = self._read_header(width=2)
            elif self._text[self._at] == "[":
                table = self._read_header(width=1)
            else:
                self._read_pair(table)
        return self._lines

    def _line(self) -> int:
        return bisect_right(self._starts, self._at)

    def _skip_blank(self) -> bool:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at < len(self._text)

    def _read_header(self, *, width: int) -> Path:
        line = self._line()
        self._at += width
        *parents, last = self._read_key()
        self._skip_blank()
        self._at += width
        path = self._resolve(parents)
        path = (*path, last)
        if width == 2:
            self._lines.setdefault(path, line)
            self._members[path] = self._members.get(path, -1) + 1
            path = (*path, self._members[path])
        self._lines[path] = line
        return path

    def _resolve(self, keys: Iterable[str]) -> Path:
        """A header's parents, where each array of tables means its member last begun."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if path in self._members:
                path = (*path, self._members[path])
        return path

    def _read_key(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip_blank()
            keys.append(self._read_key_part())
            self._skip_blank()
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _read_key_part(self) -> str:
        found = _STRING.match(self._text, self._at) or _BARE.match(self._text, self._at)
        assert found is not None, "tomllib took the key"
        self._at = found.end()
        part = found.group()
        return part[1:-1] if part[0] in "\"'" else part

    def _read_pair(self, table: Path) -> None:
        line = self._line()
        keys = self._read_key()
        for length in range(1, len(keys) + 1):
            self._lines.setdefault((*table, *keys[:length]), line)
        self._at += 1
        self._read_value((*table, *keys))

    def _read_value(self, path: Path) -> None:
        if len(path) > _MOST_NESTED:
            raise _TooDeepError
        self._skip_blank()
        character = self._text[self._at]
        if character == "[":
            self._read_array(path)
        elif character == "{":
            self._read_inline_table(path)
        else:
            found = _STRING.match(self._text, self._at) or _PLAIN_VALUE.match(self._text, self._at)
            assert found is not None, "a plain value may be empty"
            self._at = found.end()

    def _read_array(self, path: Path) -> None:
        self._at += 1
        position = 0
        while self._skip_blank() and self._text[self._at] != "]":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._lines[*path, position] = self._line()
            self._read_value((*path, position))
            position += 1
        self._at += 1

    def _read_inline_table(self, path: Path) -> None:
        self._at += 1
        while self._skip_blank() and self._text[self._at] != "}":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._read_pair(path)
        self._at += 1


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like the one given; the empty string where nothing is known."""
    of_lower = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), of_lower, n=1, cutoff=0.0)
    return of_lower[found[0]] if found else ""


def unknown_word(what: str, word: object, known: Iterable[str]) -> str:
    """Say that a word is not known, and name the nearest that is."""
    close = nearest(str(word), known)
    return f'there is no {what} "{word}"' + (f'; the nearest is "{close}"' if close else "")


class TomlTable:
    """One table of a document, read key by key; what is wrong is added to ``problems`` and read as None."""

    def __init__(self, document: LocatedToml, problems: list[Problem], *, path: Path = ()) -> None:
        self._document = document
        self._problems = problems
        self._path = path
        found: Any = document.values
        for step in path:
            found = found[step]
        self.values: Mapping[str, Any] = found

    def __contains__(self, key: str) -> bool:
        return key in self.values

    @property
    def line(self) -> int:
        """The line on which the table begins."""
        return self._document.line_of(self._path)

    def line_of(self, key: str) -> int:
        """The line on which the key stands."""
        return self._document.line_of((*self._path, key))

    def say(self, message: str, *, key: str | None = None, position: int | None = None) -> None:
        """Note a problem on the line of a key, or of the table where no key is named."""
        path = self._path if key is None else (*self._path, key)
        path = path if position is None else (*path, position)
        self._problems.append(Problem(self._document.line_of(path), message))

    def keep_to(self, known: Iterable[str]) -> None:
        """Note each key that is not known."""
        names = tuple(known)
        for key in self.values:
            if key not in names:
                self.say(unknown_word("key", key, names), key=key)

    def need(self, key: str) -> bool:
        """Whether the key is there; a problem where it is not."""
        if key in self.values:
            return True
        self.say(f'"{key}" is missing')
        return False

    def need_text(self, key: str) -> bool:
        """Whether a text is there in which something stands; a problem where it is missing or empty."""
        if not self.need(key):
            return False
        found = self.values[key]
        if not isinstance(found, str) or found.strip():
            return isinstance(found, str)  # what is no text is said where it is read
        self.say(f'"{key}" is empty', key=key)
        return False

    def text(self, key: str, *, default: str = "") -> str:
        """The text under the key."""
        return self._of_type(key, str, "text in quotes") or default

    def whole(self, key: str) -> int | None:
        """The whole number under the key."""
        found = self.values.get(key)
        if isinstance(found, bool):
            self.say(f'"{key}" must be a whole number', key=key)
            return None
        return self._of_type(key, int, "a whole number")

    def count(self, key: str, *, largest: int) -> int | None:
        """The whole number under the key, from 1 to the largest that makes sense."""
        found = self.whole(key)
        if found is None or 1 <= found <= largest:
            return found
        self.say(f'"{key}" must be 1 or more' if found < 1 else f'"{key}" must be {largest} or less', key=key)
        return None

    def truth(self, key: str) -> bool | None:
        """Whether the key says true or false; None where it says nothing."""
        return self._of_type(key, bool, "true or false")

    def day(self, key: str) -> date | None:
        """The date under the key, without a time."""
        found = self.values.get(key)
        if isinstance(found, datetime):
            self.say(f'"{key}" must be a date without a time, such as 2026-11-09', key=key)
            return None
        return self._of_type(key, date, "a date, such as 2026-11-09")

    def moment(self, key: str) -> date | None:
        """The date or the local date-time under the key."""
        found = self.values.get(key)
        if isinstance(found, datetime) and found.tzinfo is not None:
            self.say(f'"{key}" must be a local time, without a zone', key=key)
            return None
        return self._of_type(key, date, "a date or a date-time, such as 2026-11-09T09:20:00")

    def choice(self, key: str, kinds: type[AnyEnum], *, what: str) -> AnyEnum | None:
        """The member of an enum whose value stands under the key."""
        found = self._of_type(key, str, "text in quotes")
        if found is None:
            return None
        return self.as_choice(found, kinds, what=what, key=key)

    def as_choice(
        self, word: str, kinds: type[AnyEnum], *, what: str, key: str, position: int | None = None
    ) -> AnyEnum | None:
        """The member of an enum with this value; a problem naming the nearest where there is none."""
        try:
            return kinds(word)
        except ValueError:
            known = [str(member.value) for member in kinds]
            self.say(unknown_word(what, word, known), key=key, position=position)
            return None

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under the key; empty where there is none."""
        found: list[Any] = self._of_type(key, list, "a list of texts") or []
        if all(isinstance(member, str) for member in found):
            return tuple(found)
        self.say(f'"{key}" must be a list of texts', key=key)
        return ()

    def days(self, key: str) -> tuple[date, ...]:
        """The list of dates under the key; empty where there is none."""
        found: list[Any] = self._of_type(key, list, "a list of dates") or []
        if all(isinstance(member, date) and not isinstance(member, datetime) for member in found):
            return tuple(found)
        self.say(f'"{key}" must be a list of dates', key=key)
        return ()

    def table(self, key: str) -> TomlTable | None:
        """The table under the key; None where there is none."""
        if self._of_type(key, dict, "a table") is None:
            return None
        return TomlTable(self._document, self._problems, path=(*self._path, key))

    def tables(self, key: str) -> tuple[TomlTable, ...]:
        """The tables of the list under the key; empty where there is none."""
        found: list[Any] = self._of_type(key, list, "a list of tables") or []
        if not all(isinstance(member, dict) for member in found):
            self.say(f'"{key}" must be a list of tables', key=key)
            return ()
        paths = ((*self._path, key, position) for position in range(len(found)))
        return tuple(TomlTable(self._document, self._problems, path=path) for path in paths)

    def _of_type(self, key: str, kind: type[AnyValue], wanted: str) -> AnyValue | None:
        found = self.values.get(key)
        if found is None:
            return None
        if isinstance(found, kind):
            return found
        self.say(f'"{key}" must be {wanted}', key=key)
        return None
