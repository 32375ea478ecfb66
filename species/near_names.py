"""Near names: the one listed name that a misspelt one may stand for, as a proposal; nothing is matched by it.

Matching itself belongs to `matching`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from species.scientific_names import name_key

# Policy: as many letters may be wrong, missing, too many or swapped; of a Chinese name of two characters the first
# must be right, since every second one is a character away from some other bird.
LETTERS_WRONG = {"chinese": 1, "latin": 2}
SHORT = 2
SHORTEST_LATIN = 8
NEIGHBOURS = 50
MOST_TEXTS = 2_000  # beyond these a file is not misspelt but about something else
FIRST_CHINESE_CHARACTER = "\u2e80"


def near_names(texts: Iterable[str], names: Collection[str]) -> dict[str, str]:
    """For each text the listed name nearest to it, where exactly one is near."""
    listed: dict[str, dict[str, str]] = {script: {} for script in LETTERS_WRONG}
    for name in names:
        if script := _script_of(key := name_key(name)):
            listed[script][key] = name
    keys = {script: list(by_key) for script, by_key in listed.items()}
    found = {}
    for text in islice(texts, MOST_TEXTS):
        key = name_key(text)
        if (script := _script_of(key)) and (near := _nearest(key, keys[script], LETTERS_WRONG[script])):
            found[text] = listed[script][near]
    return found


def _nearest(key: str, keys: Sequence[str], most_wrong: int) -> str | None:
    """The one key that is nearest, at most so many letters away."""
    found = process.extract(key, keys, scorer=OSA.distance, score_cutoff=most_wrong, limit=NEIGHBOURS)
    near = [(near, wrong) for near, wrong, _ in found if len(key) > SHORT or near[0] == key[0]]
    least = min((wrong for _, wrong in near), default=0)
    nearest = [near for near, wrong in near if wrong == least]
    return nearest[0] if len(nearest) == 1 else None


def _script_of(key: str) -> str | None:
    """chinese, latin, or None for what is too short or neither."""
    if len(key) >= SHORT and all(character >= FIRST_CHINESE_CHARACTER for character in key):
        return "chinese"
    return "latin" if key.isascii() and len(key) >= SHORTEST_LATIN and not key.isdigit() else None
