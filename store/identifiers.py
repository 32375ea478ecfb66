"""Identifiers: an occurrenceID that is meant to be unique in the world, however it is written, as a digest in SQL.

Both sources use it while they load; what two records with the same one mean is decided in `monitoring.duplicates`.
"""

from __future__ import annotations

UNIQUE_IN_THE_WORLD = r"^(urn:|https?://)|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-"
SAID_FIRST = r"^(urn:uuid:|https?://)"


def occurrence_key(text: str) -> str:
    """SQL of the digest (64 bits) of an id; NULL where it is none of that kind, as a running number."""
    return (
        f"CASE WHEN regexp_matches(lower({text}), '{UNIQUE_IN_THE_WORLD}') "
        f"THEN hash(rtrim(regexp_replace(lower({text}), '{SAID_FIRST}', ''), '/')) END"
    )
