"""Authorship: whether two ways of writing the author of a name can be the same.

Authors are abbreviated (Maxim., Maximowicz), years and initials left out, `ex` authors dropped (ICN art. 46.5): what is
compared is the surnames, each a beginning of the other.
"""

from __future__ import annotations

import functools
import re

from species.written.spelling import folded

NOT_A_SURNAME = {
    "ex", "et", "in", "and", "al", "f", "fil", "de", "von", "van", "der", "den", "du", "la", "le", "da", "hort", "non",
    "nec", "auct", "auctt", "sensu", "emend", "bis", "comb", "nov", "nom", "pro", "parte", "syn", "ined",
}  # fmt: skip
MISAPPLIED = re.compile(r"\b(?:auct|auctt|sensu|non|nec)\b", re.IGNORECASE)
LINNAEUS = {"l", "linn", "linnaeus", "linne"}
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def agreement(one: str | None, other: str | None) -> float | None:
    """From 0 (contradicting) to 1 (the same) how far two authorships agree; None where either says nothing."""
    authors, others = surnames(one), surnames(other)
    if not authors or not others:
        return None
    if bool(MISAPPLIED.search(one or "")) != bool(MISAPPLIED.search(other or "")):
        return 0.0  # what an author called so is another plant than what others took it for
    few, many = sorted((authors, others), key=len)
    matched = sum(any(_same_person(author, known) for known in many) for author in few)
    share = matched / len(few)
    # of two names that agree as far, the one with fewer authors unaccounted for is nearer
    return share * (0.9 + 0.1 * len(few) / len(many))


@functools.lru_cache(maxsize=200_000)
def surnames(authorship: str | None) -> tuple[str, ...]:
    """The surnames of an authorship in lower case, without initials, years and particles."""
    words = (folded(word).strip("'’-") for word in WORD.findall(authorship or ""))
    return tuple(word for word in words if word in LINNAEUS or (len(word) > 1 and word not in NOT_A_SURNAME))


def _same_person(one: str, other: str) -> bool:
    if one in LINNAEUS or other in LINNAEUS:
        return one in LINNAEUS and other in LINNAEUS
    short, long = sorted((_without_umlauts(one), _without_umlauts(other)), key=len)
    return long.startswith(short)


def _without_umlauts(word: str) -> str:
    """Mueller as Müller, whose umlaut is folded away."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
