"""What a password must be: long enough, and none of those that are tried first.

Length is what makes guessing dear, so no capitals, digits or signs are asked for. A word that everybody tries first
does not get better by a year or an exclamation mark behind it.
"""

from __future__ import annotations

from typing import Final
from unicodedata import normalize

SHORTEST: Final = 10
_FEWEST_DIFFERENT: Final = 5

_TRIED_FIRST: Final = frozenset(
    """
    password passwort pass passw passwd passcode secret letmein letmeinnow opensesame welcome welcomeback hello
    helloworld changeme changemenow default temporary temp trustno iloveyou iloveschool sunshine princess football
    liverpool arsenal chelsea manchester manchesterunited dragon monkey superman batman starwars pokemon minecraft
    charlie qwerty qwertyui qwertyuiop qwertyuiopasdfghjkl asdfgh asdfghjkl zxcvbnm qazwsx qazwsxedc qwertz azerty
    abc abcd abcdef abcdefg abcdefgh abcdefghij abcdefghijkl abcdefghijklmnopqrstuvwxyz admin administrator
    adminpassword root user username login office schooloffice officemanager office365 school myschool ourschool
    primaryschool infantschool juniorschool schoolpassword passwordpassword head headteacher headmaster headmistress
    teacher teachers schoolteacher classroom register registers attendance attendanceofficer safeguarding
    safeguardinglead childprotection missingeducation childrenmissingeducation cme cmedesktop ofsted reception
    receptiondesk summer winter spring autumn summerholiday christmas easter january february september october
    november december monday friday england london britain unitedkingdom
    """.split()  # noqa: SIM905  a list of words is easier to read as words
)
_RUNS: Final = ("01234567890123456789", "98765432109876543210", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb")
_LOOKS_LIKE: Final = str.maketrans("013457@$!", "oleastasi")


def is_long_enough(password: str) -> bool:
    """Whether a password has the length that is asked for."""
    return len(normalize("NFKC", password)) >= SHORTEST


def is_tried_first(password: str) -> bool:
    """Whether a password is among those that everybody tries first, digits and signs round it left aside."""
    tidy = normalize("NFKC", password).casefold()
    if len(set(tidy)) < _FEWEST_DIFFERENT or any(tidy in run for run in _RUNS):
        return True
    core = tidy.strip("".join({char for char in tidy if not char.isalpha()}))
    return any(_is_known(spelt) for spelt in (core, core.translate(_LOOKS_LIKE)))


def _is_known(text: str) -> bool:
    """Whether nothing is left of a text once what is no letter is taken away from a known word, or it said twice."""
    words = "".join(char for char in text if char.isalpha())
    half = words[: len(words) // 2]
    return words in _TRIED_FIRST or (words == half * 2 and half in _TRIED_FIRST)
