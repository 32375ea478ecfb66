"""Guesses: what an unknown column may be, ranked, from the nearness of its header and the look of its values.

A guess is only ever offered; what a person makes of it is remembered in `profiles`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection
from dataclasses import dataclass

from store.catalogue import BilingualText, text
from surveys.evidence import (
    Evidence,
    is_binomial,
    is_chinese_latitude,
    is_chinese_longitude,
    is_chinese_name,
    is_clock,
    is_coordinate_pair,
    is_date,
    is_easting,
    is_northing,
    is_number,
    is_percentage,
    is_place,
    is_whole_number,
    is_year,
    is_yes_or_no,
)
from surveys.headers import known_headers, normalised
from surveys.terms import label_of
from surveys.values.reference_systems import datum_of

MOST_OFFERED = 3
LEAST_SCORE = 45.0
NEAR_HEADERS = 12
LEAST_NEARNESS_IN_ENGLISH = 70.0  # words of any language share half of their letters
LEAST_NEARNESS_IN_CHINESE = 50.0
BOTH_AGREE = 20.0
# Said of anything: what holds one of these is not near to it.
SAY_LITTLE = {"number", "name", "code", "status", "编号", "名称", "代码", "号码", "代号", "状态"}  # fmt: skip
VALUES_DISAGREE = 0.5
ALREADY_THERE = 0.7
LONG_TEXT = 12
MOST = 0.6
HARDLY_ANY = 0.2

Look = Callable[[Evidence], float]


def _share(looks_right: Callable[[str], bool]) -> Look:
    return lambda values: values.share(looks_right)


def _decimal(looks_right: Callable[[str], bool]) -> Look:
    """Degrees with decimals or minutes: whole numbers of that size are counts."""
    return lambda values: values.share(lambda cell: looks_right(cell) and not is_whole_number(cell))


# How values look that have a term, and the score that the look alone is worth.
LOOKS: tuple[tuple[str, Look, float], ...] = (
    ("eventDate", lambda values: values.share(lambda cell: is_date(cell) and not is_year(cell)), 85),
    ("eventTime", lambda values: values.share(lambda cell: is_clock(cell) and not is_number(cell)), 80),
    ("year", _share(is_year), 75),
    ("scientificName", _share(is_binomial), 85),
    ("verbatimCoordinates", _share(is_coordinate_pair), 80),
    ("decimalLongitude", _decimal(is_chinese_longitude), 75),
    ("decimalLatitude", _decimal(is_chinese_latitude), 75),
    ("decimalLongitude", _share(is_easting), 60),
    ("decimalLatitude", _share(is_northing), 70),
    ("verbatimSRS", _share(lambda cell: bool(datum_of(cell)) and not is_number(cell)), 85),
    ("organismQuantity", _share(is_percentage), 65),
    ("occurrenceStatus", lambda values: values.share(lambda cell: is_yes_or_no(cell)), 60),
    ("locality", _share(is_place), 55),
    ("occurrenceID", lambda values: float(values.are_unique and values.share(is_chinese_name) == 0), 46),
    ("vernacularName", _share(is_chinese_name), 50),
    ("individualCount", lambda values: 0.0 if values.are_unique else values.share(is_whole_number), 50),
    ("occurrenceRemarks", _share(lambda cell: len(cell) >= LONG_TEXT and not is_number(cell)), 50),
)


@dataclass(frozen=True)
class Guess:
    """One term an unknown column may have, how likely (0-100, no probability), and why."""

    term: str
    score: int
    reason: BilingualText


def guesses_for(header: str, values: Evidence, taken: Collection[str]) -> tuple[Guess, ...]:
    """Up to three guesses, the best first; a term that another column has already (`taken`) is less likely."""
    near, shares = _near_headers(normalised(header)), _looks(values)
    looks = {term: worth for term, (share, worth) in shares.items() if share >= MOST}
    scored = []
    for term in near.keys() | looks.keys():
        by_header, variant = near.get(term, (0.0, ""))
        by_values = looks.get(term, 0.0)
        if term in shares and shares[term][0] < HARDLY_ANY:
            by_header *= VALUES_DISAGREE
        score = max(by_header, by_values) + (BOTH_AGREE if by_header and by_values else 0.0)
        score = min(score, 99.0) * (ALREADY_THERE if term in taken else 1.0)
        if score >= LEAST_SCORE:
            scored.append(
                Guess(term, round(score), _reason(term, variant if by_header else "", bool(by_values)))
            )
    return tuple(sorted(scored, key=lambda guess: (-guess.score, guess.term))[:MOST_OFFERED])


def _looks(values: Evidence) -> dict[str, tuple[float, float]]:
    """For every term that has a look, the share of values that have it, and what that is worth."""
    shares: dict[str, tuple[float, float]] = {}
    for term, look, worth in LOOKS if values.filled else ():
        share = look(values)
        shares[term] = max(shares.get(term, (0.0, 0.0)), (share, share * worth))
    return shares


@functools.lru_cache(maxsize=10_000)
def _near_headers(key: str) -> dict[str, tuple[float, str]]:
    """Term to nearness and nearest known header; a header that holds a known one, or stands in it, is near too."""
    from rapidfuzz import fuzz, process

    if not key:
        return {}
    near: dict[str, tuple[float, str]] = {}
    least = LEAST_NEARNESS_IN_ENGLISH if key.isascii() else LEAST_NEARNESS_IN_CHINESE
    alike = process.extract(
        key, known_headers().keys(), scorer=fuzz.ratio, limit=NEAR_HEADERS, score_cutoff=least
    )
    held = [(known, _holds(key, known), 0) for known in known_headers() if known in key or key in known]
    for found, score, _ in [*alike, *held]:
        known = known_headers()[found]
        if ":" not in known.written and score > near.get(known.term, (0.0, ""))[0]:
            near[known.term] = (score, known.written)
    return near


def _holds(key: str, known: str) -> float:
    """60 to 100 where one is part of the other, and long enough to be no accident; its end counts most."""
    shorter, longer = sorted((key, known), key=len)
    least = 4 if shorter.isascii() else 2
    if len(shorter) < least or shorter in SAY_LITTLE:
        return 0.0
    at_the_end = 5.0 if longer.endswith(shorter) else 0.0
    return 60.0 + 35.0 * len(shorter) / len(longer) + at_the_end


def _reason(term: str, variant: str, by_values: bool) -> BilingualText:
    label = label_of(term)
    rule = "guess-both" if variant and by_values else "guess-header" if variant else "guess-values"
    return text("surveys", rule, header=variant, label_zh=label.zh, label_en=label.en)
