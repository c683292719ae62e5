"""Marking what a person must look at first: others who are named, and what the law lets a school keep back.

The program only ever marks. It knows the names in the records, words that tell of protection, abuse, harm or lawyers,
and capital letters where no sentence begins; a pronoun, a nickname or a hint it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.finding import fold
from cme_desktop.casework.held.item import HeldItem, Mark
from cme_desktop.casework.veil import tells_protection
from cme_desktop.domain.day_names import day_name, month_name, short_day_name, short_month_name
from cme_desktop.domain.information import MarkReason

if TYPE_CHECKING:
    from datetime import date

_WORD: Final = re.compile(r"[^\W\d_][^\W\d_'’\-]*(?:['’\-][^\W\d_]+)*")
_LEAST: Final = 2
_ABUSE: Final = re.compile(
    r"\b(?:abus\w*|neglect\w*|bruis\w*|injur\w*|assault\w*|beat(?:en|s|ing)?|hit(?:s|ting)?|slap\w*|punch\w*|"
    r"mutilat\w*|fgm|sexual\w*|groom(?:ed|ing)|exploit\w*|violen\w*|rape\w*|touch(?:ed|ing))\b",
    re.IGNORECASE,
)
_HARM: Final = re.compile(
    r"\b(?:self[- ]harm\w*|harm\w*|suicid\w*|kill\w*|threat\w*|danger\w*|afraid|frighten\w*|scared|unsafe|refuge\w*|"
    r"weapon\w*|knife|knives|overdos\w*|non-molestation|restraining|stalk\w*)\b",
    re.IGNORECASE,
)
_LEGAL: Final = re.compile(
    r"\b(?:solicitor\w*|barrister\w*|lawyer\w*|legal(?:ly)?|counsel|tribunal\w*|injunction\w*|court\w*|prosecut\w*|"
    r"without prejudice)\b",
    re.IGNORECASE,
)
_FOUND_BY: Final = (
    (MarkReason.ABUSE, _ABUSE), (MarkReason.HARM, _HARM), (MarkReason.LEGAL, _LEGAL),
)  # fmt: skip
_PLAIN_CAPITALS: Final = frozenset({
    "i", "mr", "mrs", "ms", "miss", "dr", "mx", "sir", "ok", "am", "pm", "year", "class", "reception", "nursery",
    "english", "england", "school", "december", "christmas", "easter", "upn",
})  # fmt: skip
_ENDS: Final = '.!?:;\n“"'
_TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "dr", "mx", "pc", "sgt"})


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The words of names that the records know, folded: ``own`` never mark, the others say whose name they are."""

    own: frozenset[str] = frozenset()
    pupils: frozenset[str] = frozenset()
    adults: frozenset[str] = frozenset()
    plain: frozenset[str] = field(default_factory=frozenset)

    def reason_for(self, word: str) -> MarkReason | None:
        """Say whose name a word is; None for the person's own, for a plain word and for one not known."""
        folded = fold(word)
        if folded in self.own:
            return None
        if folded in self.pupils:
            return MarkReason.OTHER_PUPIL
        return MarkReason.OTHER_ADULT if folded in self.adults else None


def words_of(*names: str) -> frozenset[str]:
    """The words of some names, folded; single letters are no names."""
    parts = (part for name in names for part in _WORD.findall(name))
    return frozenset(folded for part in parts if len(folded := fold(part)) >= _LEAST)


def calendar_words(year: Iterable[date]) -> frozenset[str]:
    """The names of days and months, which begin with a capital and name nobody."""
    days = tuple(year)
    said = (said(day) for day in days for said in (day_name, short_day_name, month_name, short_month_name))
    return words_of(*said) | _PLAIN_CAPITALS


def mark_item(item: HeldItem, names: KnownNames) -> tuple[Mark, ...]:
    """Say why a person must look at an item, the reasons that hold for its kind first; empty where nothing is found."""
    text = item.text
    found: dict[MarkReason, dict[str, None]] = {reason: {} for reason in item.because}
    for word, reason in _names_in(text, names):
        found.setdefault(reason, {})[word] = None
    for word in _unknown_names(item.free, names):
        found.setdefault(MarkReason.MAYBE_NAME, {})[word] = None
    if tells_protection(text):
        found.setdefault(MarkReason.PROTECTION, {})
    for reason, pattern in _FOUND_BY:
        for match in pattern.finditer(text):
            found.setdefault(reason, {})[match.group()] = None
    return tuple(Mark(reason, tuple(found[reason])) for reason in MarkReason if reason in found)


def black_out(text: str, words: Iterable[str]) -> str:
    """Give the text with each of the words in black, so that not even their length is told."""
    wanted = sorted({word.strip() for word in words if word.strip()}, key=len, reverse=True)
    if not wanted:
        return text
    return re.sub("|".join(re.escape(word) for word in wanted), BLACK, text, flags=re.IGNORECASE)


BLACK: Final = "█████"
"""What stands in place of a blacked-out word; always of one length."""


def _names_in(text: str, names: KnownNames) -> Iterable[tuple[str, MarkReason]]:
    for match in _WORD.finditer(text):
        word = match.group()
        if not word[0].isupper():
            continue
        for part in (word, *re.split(r"['’\-]", word)):
            reason = names.reason_for(part) if len(part) >= _LEAST else None
            if reason is not None:
                yield part, reason
                break


def _unknown_names(text: str, names: KnownNames) -> Iterable[str]:
    """Words with a capital where no sentence begins, and those after a title, that are no known word."""
    known: Mapping[str, None] = dict.fromkeys((*names.own, *names.plain, *names.pupils, *names.adults))
    title, at = False, 0
    for match in _WORD.finditer(text):
        between = text[at : match.start()]
        begins = at == 0 or any(mark in between for mark in '.!?:;\n“"') and not title  # noqa: RUF021  as it reads
        word, folded = match.group(), fold(match.group())
        stem = fold(re.sub(r"['’]s?$", "", word))
        is_code = word.isupper() and len(word) <= 4
        if word[0].isupper() and not is_code and (title or not begins) and not {folded, stem} & known.keys():
            yield word
        title, at = folded in _TITLES, match.end()
