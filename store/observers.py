"""Observers: a digest by which two writings of one person's name are the same, so that the name need not be kept.

Both sources use it while they load; names and logins stay in the archive.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

# Several people in one cell: of them the first by alphabet stands for all, in whatever order they are written.
BETWEEN_PEOPLE = re.compile(r"\s*[|;/&、；＆]\s*|\s+(?:and|och|et|und|y|和|与|及)\s+")
BETWEEN_WORDS = re.compile(r"[\s.,_\-]+")
CHINESE = re.compile(r"[\u3400-\u9fff]")


def observer_keys(texts: Iterable[str]) -> dict[str, int]:
    """By text, the digest (64 bits) of who it names; texts that name nobody are left out."""
    found = {text: _person(text) for text in texts}
    return {
        text: int.from_bytes(hashlib.sha256(person.encode()).digest()[:8])
        for text, person in found.items()
        if person
    }


def _person(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    people = (_surname_and_initial(name) for part in BETWEEN_PEOPLE.split(plain) for name in _names(part))
    return min(filter(None, people), default="")


def _names(part: str) -> list[str]:
    """The names a comma stands between, if it does not stand between a surname and what comes before it."""
    names = part.split(",")
    return names if all(len(_words(name)) > 1 for name in names) else [part]


def _surname_and_initial(name: str) -> str:
    """`Sofia Berg`, `Berg, Sofia` and `S. Berg` alike: the surname, and with what the first other word begins."""
    words = _words(name)
    if not words or CHINESE.search(name):
        return "".join(words)
    before_comma, *after_comma = map(_words, name.split(","))
    if after_comma and before_comma:
        surname = before_comma[-1]
    elif min(map(len, words)) == 1:  # initials
        surname = max(words, key=lambda word: (len(word), word))
    else:
        surname = words[-1]
    words.remove(surname)
    return "|".join([surname, *(word[0] for word in words[:1])])


def _words(text: str) -> list[str]:
    return [word for word in BETWEEN_WORDS.split(text) if any(letter.isalnum() for letter in word)]
