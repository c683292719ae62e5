"""Turn the words schools' systems write into the values the records keep."""

from __future__ import annotations

import re
from typing import Final

from cme_desktop.domain.events import With
from cme_desktop.domain.pupils import YearGroup

_YEAR_NUMBER: Final = re.compile(
    r"^(?:national\s*curriculum\s*)?(?:ncy|nc\s*year|year|yr|y)?\s*([1-6])\b", re.IGNORECASE
)
_NURSERY: Final = re.compile(r"^(?:n|nursery|ncy\s*n|year\s*n)\s*([12])$", re.IGNORECASE)
_RECEPTION: Final = frozenset({"r", "reception", "0", "yr r", "year r", "yearr", "yr", "ncyr", "year 0", "fs2", "yr0"})
_SECOND_NURSERY: Final = frozenset({"n", "nursery", "fs1", "pre-school", "preschool"})
_TRUE: Final = frozenset({"t", "true", "y", "yes", "1", "x", "✓", "✔", "☑", "tick", "ticked", "current", "on"})
_FALSE: Final = frozenset({"f", "false", "n", "no", "0", "-", "✗", "✘", "☐", "none", "off", ""})
_NOT_A_PLAN: Final = frozenset({"n", "no", "none", "-", "", "no sen", "no special educational need", "0", "false", "f"})

_RELATIONS: Final = (
    (("foster", "carer", "guardian", "key worker"), With.CARER),
    (("step", "stepfather", "stepmother", "stepdad", "stepmum", "stepparent"), With.STEP_PARENT),
    (("grandmother", "grandma", "granny", "nan", "nana", "gran"), With.GRANDMOTHER),
    (("grandfather", "grandad", "granddad", "grandpa"), With.GRANDFATHER),
    (("mother", "mum", "mummy", "mam", "mom", "mth", "mot"), With.MOTHER),
    (("father", "dad", "daddy", "fth", "fat"), With.FATHER),
    (("aunt", "auntie", "aunty", "uncle"), With.AUNT_OR_UNCLE),
    (("brother", "sister", "sibling"), With.SIBLING),
    (("social worker", "professional", "doctor", "health visitor", "agency", "solicitor"), With.PROFESSIONAL),
    (("neighbour", "neighbor"), With.NEIGHBOUR),
    (("friend",), With.FRIEND),
)


def year_group_of_text(text: str) -> YearGroup | None:
    """Read ``3``, ``Year 3``, ``Y3``, ``NCY3``, ``R``, ``Reception``, ``0``, ``N2``; None where it is none of them."""
    tidy = " ".join(text.lower().split())
    if tidy in _RECEPTION:
        return YearGroup.R
    if tidy in _SECOND_NURSERY:
        return YearGroup.N2
    if found := _NURSERY.match(tidy):
        return YearGroup("N" + found[1])
    found = _YEAR_NUMBER.match(tidy)
    return YearGroup(found[1]) if found else None


def sex_of_text(text: str) -> str | None:
    """Read ``Male``, ``F``, ``boy`` and so on as M or F; None where it is neither."""
    first = text.strip().lower()
    if first in {"m", "male", "boy"}:
        return "M"
    return "F" if first in {"f", "female", "girl"} else None


def small_number(text: str) -> int | None:
    """Read a number of up to four digits; None where it is none. Not every digit of Unicode makes one."""
    return int(text) if text.isdecimal() and len(text) <= 4 else None


def truth_of_text(text: str) -> bool | None:
    """Read a tick, T/F, Y/N, Yes/No, 1/0; None where it is none of them."""
    tidy = text.strip().lower()
    if tidy in _TRUE:
        return True
    return False if tidy in _FALSE else None


def sen_of_text(text: str) -> str:
    """Read a SEN provision as ``ehc_plan``, ``sen_support`` or nothing."""
    tidy = " ".join(text.lower().split())
    if tidy in _NOT_A_PLAN or tidy.startswith("no "):
        return ""
    return "ehc_plan" if tidy == "e" or "ehc" in tidy or "statement" in tidy else "sen_support"


def relation_of_text(text: str) -> With:
    """Read a relationship, however it is spelt; an unknown one is another contact."""
    words = re.split(r"[^a-z]+", text.lower())
    whole = " ".join(words)
    for spellings, relation in _RELATIONS:
        if any(spelling in words or (len(spelling) > 4 and spelling in whole) for spelling in spellings):
            return relation
    return With.OTHER_CONTACT


def postcode_of_text(text: str) -> str:
    """Write a postcode in capitals with one space before its last three characters."""
    tidy = "".join(text.split()).upper()
    return f"{tidy[:-3]} {tidy[-3:]}" if len(tidy) >= 5 else tidy


def split_name(text: str) -> tuple[str, str]:
    """Split a whole name into surname and forename: ``Surname, Forename``, or the last word is the surname."""
    if "," in text:
        surname, _, forename = text.partition(",")
        return surname.strip(), forename.strip()
    words = text.split()
    return (words[-1], " ".join(words[:-1])) if words else ("", "")


def split_title(text: str) -> tuple[str, str]:
    """Take a title such as Mrs off the front of a name."""
    first, _, rest = text.strip().partition(" ")
    if first.rstrip(".").lower() in {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "lady"} and rest:
        return first.rstrip("."), rest.strip()
    return "", text.strip()
