"""Lookups: the names of the index that written names may mean, found set-wise in DuckDB.

Each takes rows of tmp_written and gives candidates; which of them is meant is decided in `verdicts`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
from rapidfuzz import process
from rapidfuzz.distance import OSA

SCIENTIFIC = ("accepted", "synonym")
# Policy after GBIF's and Taxamatch's practice: letters wrong, missing, too many or swapped, by length of the epithets.
WRONG_LETTERS = ((4, 1), (8, 2))  # from so many letters: at most so many wrong
WRONG_LETTERS_OF_GENUS = ((5, 1), (9, 2))
MOST_PROPOSED = 2_000  # beyond so many unknown names a file is not misspelt but about something else
LONGEST_CHINESE_NAME = 12

TAXON = """
    name.taxonID, name.name, name.nameKind, name.authorship, name.taxonRank AS nameRank, name.nameSource,
    taxon.taxonRank, taxon.genus, taxon.speciesName, guarded.taxonID IS NOT NULL AS isGuarded
"""
JOINED = """
JOIN core_taxon AS taxon ON taxon.taxonID = name.taxonID
LEFT JOIN tmp_guarded AS guarded ON guarded.taxonID = name.taxonID
"""
# Taxa on an official list of aliens, or protected: a slip about them is worth a person's look.
GUARDED = """
CREATE OR REPLACE TEMP TABLE tmp_guarded AS
SELECT DISTINCT taxonID FROM core_listing
WHERE (listKind = 'alien' AND official) OR (listKind = 'protected' AND sensitivityClass IS DISTINCT FROM 'none')
"""
BY_KEY = f"""
SELECT asked.nameText, asked.way, {TAXON}
FROM asked JOIN core_name AS name ON name.nameKey = asked.key AND name.nameKind IN ({{kinds}}) {JOINED}
"""
BY_STEM = f"""
SELECT asked.nameText, 0 AS way, {TAXON}
FROM asked JOIN core_name AS name ON name.stemKey = asked.key AND name.nameKind IN ('accepted', 'synonym') {JOINED}
"""
# Names of the genera that misspelt epithets stand under; the epithets are compared in Python, block by block.
BLOCKS = f"""
SELECT name.nameKey, {TAXON}
FROM core_name AS name {JOINED}
WHERE name.nameKind IN ('accepted', 'synonym') AND contains(name.nameKey, ' ')
    AND split_part(name.nameKey, ' ', 1) IN (SELECT DISTINCT genus FROM asked)
"""
# The right epithets under a misspelt genus.
BY_GENUS_NEARBY = f"""
SELECT asked.nameText, damerau_levenshtein(split_part(name.nameKey, ' ', 1), asked.genus) AS way, {TAXON}
FROM asked
JOIN core_name AS name
    ON name.nameKind IN ('accepted', 'synonym') AND contains(name.nameKey, ' ')
    AND name.nameKey[strpos(name.nameKey, ' ') + 1:] = asked.epithets
    AND abs(length(split_part(name.nameKey, ' ', 1)) - length(asked.genus)) <= asked.mostWrong
    AND damerau_levenshtein(split_part(name.nameKey, ' ', 1), asked.genus) <= asked.mostWrong
{JOINED}
"""
# Chinese names one character off: both are the same once a character is taken out of one or of each. Of two characters
# the first must be right, since every second name is one off.
CHINESE_NEARBY = f"""
WITH shortened AS (
    SELECT nameKey, unnest(list_distinct(list_append(
        list_transform(range(1, length(nameKey) + 1), lambda place: nameKey[:place - 1] || nameKey[place + 1:]), nameKey
    ))) AS part
    FROM core_name
    WHERE nameKind = 'vernacular' AND length(nameKey) BETWEEN 2 AND {LONGEST_CHINESE_NAME}
),
near AS (
    SELECT DISTINCT asked.nameText, asked.key, shortened.nameKey
    FROM (
        SELECT nameText, key, unnest(list_distinct(list_append(
            list_transform(range(1, length(key) + 1), lambda place: key[:place - 1] || key[place + 1:]), key
        ))) AS part
        FROM asked
    ) AS asked
    JOIN shortened USING (part)
    WHERE (length(asked.key) > 2 OR shortened.nameKey[1] = asked.key[1])
)
SELECT near.nameText, near.key, near.nameKey, 1 AS way, {TAXON}
FROM near JOIN core_name AS name ON name.nameKey = near.nameKey AND name.nameKind = 'vernacular' {JOINED}
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One name of the index that a written name may mean. `way`: 0 for the likeliest reading, or letters wrong."""

    way: int
    taxonID: str
    name: str
    nameKind: str
    authorship: str | None
    nameRank: str | None
    nameSource: str
    taxonRank: str
    genus: str | None
    speciesName: str | None
    isGuarded: bool


Candidates = Mapping[str, Sequence[Candidate]]


def note_guarded(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(GUARDED)


def by_key(
    connection: duckdb.DuckDBPyConnection, asked: Iterable[tuple[str, int, str]], kinds: Sequence[str]
) -> Candidates:
    """Names whose key is asked for; `asked`: nameText, way, key."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return _ask(connection, BY_KEY.format(kinds=listed), ("nameText", "way", "key"), asked)


def by_stem(connection: duckdb.DuckDBPyConnection, asked: Iterable[tuple[str, str]]) -> Candidates:
    """Names that differ in gender ending or usual variants of spelling only; `asked`: nameText, stemKey."""
    return _ask(connection, BY_STEM, ("nameText", "key"), asked)


def by_genus_nearby(connection: duckdb.DuckDBPyConnection, asked: Iterable[tuple[str, str]]) -> Candidates:
    """Names with the same epithets under a genus a letter or two off; `asked`: nameText, nameKey."""
    rows = []
    for text, key in asked:
        genus, _, epithets = key.partition(" ")
        if epithets and (most := _most_wrong(genus, WRONG_LETTERS_OF_GENUS)):
            rows.append((text, genus, epithets, most))
    return _ask(connection, BY_GENUS_NEARBY, ("nameText", "genus", "epithets", "mostWrong"), rows)


def by_chinese_nearby(connection: duckdb.DuckDBPyConnection, asked: Sequence[tuple[str, str]]) -> Candidates:
    """Chinese names one character off; `asked`: nameText, key."""
    rows = [(text, key) for text, key in asked if 2 <= len(key) <= LONGEST_CHINESE_NAME][:MOST_PROPOSED]
    found: dict[str, list[Candidate]] = defaultdict(list)
    for text, key, name_key, *facts in _rows(connection, CHINESE_NEARBY, ("nameText", "key"), rows):
        if OSA.distance(key, name_key) == 1:  # DuckDB counts bytes, three to a character
            found[text].append(Candidate(*facts))
    return found


def by_epithet_nearby(connection: duckdb.DuckDBPyConnection, asked: Sequence[tuple[str, str]]) -> Candidates:
    """Names of the same genus whose epithets are a letter or two off; `asked`: nameText, nameKey."""
    written = [(text, *key.split(" ", 1)) for text, key in asked if " " in key]
    if not written:
        return {}
    blocks: dict[str, dict[str, list[tuple[Any, ...]]]] = defaultdict(lambda: defaultdict(list))
    for key, *facts in _rows(connection, BLOCKS, ("genus",), {(genus,) for _, genus, _ in written}):
        genus, epithets = key.split(" ", 1)
        blocks[genus][epithets].append(tuple(facts))
    found: dict[str, list[Candidate]] = {}
    for text, genus, epithets in written:
        if genus in blocks and (most := _most_wrong(epithets, WRONG_LETTERS)):
            near = process.extract(
                epithets, blocks[genus].keys(), scorer=OSA.distance, score_cutoff=most, limit=None
            )
            found[text] = [
                Candidate(wrong, *facts) for name, wrong, _ in near for facts in blocks[genus][name]
            ]
    return found


def _most_wrong(text: str, limits: Sequence[tuple[int, int]]) -> int:
    return max((most for length, most in limits if len(text) >= length), default=0)


def _ask(
    connection: duckdb.DuckDBPyConnection, sql: str, columns: Sequence[str], asked: Iterable[tuple[Any, ...]]
) -> Candidates:
    found: dict[str, list[Candidate]] = defaultdict(list)
    for text, *facts in _rows(connection, sql, columns, asked):
        found[text].append(Candidate(*facts))
    return found


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, columns: Sequence[str], asked: Iterable[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """The rows of a query about a table `asked`."""
    rows = list(asked)
    if not rows:
        return []
    table = pa.table(
        {name: list(values) for name, values in zip(columns, zip(*rows, strict=True), strict=True)}
    )
    connection.register("asked", table)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.unregister("asked")
