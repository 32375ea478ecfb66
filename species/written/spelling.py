"""Spelling: the forms of Latin words that are the same name written differently.

The equivalences are those of the codes on correctable spellings (ICN art. 60 and 23.5; ICZN art. 31.2, 33) and of
Taxamatch (Rees 2014, PLoS ONE 9: e107510): gender endings, genitives, ae/oe/e, y/i, ph/f, th/t, rh/r, double letters.
"""

from __future__ import annotations

import functools
import re
import unicodedata

LIGATURES = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ß": "ss", "ł": "l", "đ": "d", "ı": "i"})
SAME_SOUND = (
    ("ae", "e"), ("oe", "e"), ("ph", "f"), ("th", "t"), ("rh", "r"), ("ck", "k"), ("y", "i"), ("j", "i"), ("w", "v"),
    ("k", "c"), ("z", "s"),
)  # fmt: skip
DOUBLED = re.compile(r"([a-z])\1")
# Genitives first: -ii and -i, -iae and -ae; then the endings of gender.
ENDINGS = re.compile(r"(?:ii|i|ie|us|um|a|is|e|er|ris|re|os|on|ens|orum|arum)$")
SHORTEST_STEM = 3


def folded(text: str) -> str:
    """Lower case without diacritics and ligatures."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    return "".join(character for character in plain if not unicodedata.combining(character))


def stem(name_key: str) -> str:
    """The key of a scientific name with its epithets reduced to stems; the genus only loses variants of sound."""
    genus, *epithets = name_key.split()
    return " ".join([_by_sound(genus), *map(_stem_of_epithet, epithets)])


@functools.lru_cache(maxsize=200_000)
def _stem_of_epithet(epithet: str) -> str:
    sound = _by_sound(epithet)
    shorter = ENDINGS.sub("", sound)
    return shorter if len(shorter) >= SHORTEST_STEM else sound


@functools.lru_cache(maxsize=50_000)
def _by_sound(word: str) -> str:
    for written, same in SAME_SOUND:
        word = word.replace(written, same)
    return DOUBLED.sub(r"\1", word)
