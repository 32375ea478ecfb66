"""Names in our index: the taxa of a Parkwatch database (core_taxon, core_name) as an authority on names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import duckdb

from quality.bdq.authorities import KnownTaxon

REMEMBERED = 100_000
RANKS = ("kingdom", "phylum", "class", "order", "family", "genus")
TAXON = """
SELECT DISTINCT taxonID, core_taxon.taxonRank, scientificName, coalesce(scientificNameAuthorship, ''), kingdom, phylum,
    class, "order", family, genus
FROM core_taxon
"""
# A name stands with or without its authorship; an authorship that is another one is another name.
NAMED = f"""
{TAXON} JOIN core_name USING (taxonID)
WHERE nameKind IN ('accepted', 'synonym') AND nameKey IN (SELECT unnest($keys))
    AND (name = $name OR lower(regexp_replace($name, '[^\\p{{L}}\\p{{N}}]', '', 'g'))
        = lower(regexp_replace(name || coalesce(authorship, ''), '[^\\p{{L}}\\p{{N}}]', '', 'g')))
ORDER BY taxonID
"""
WITH_ID = f"{TAXON} WHERE taxonID = $identifier OR sourceTaxonID = $identifier ORDER BY taxonID"
AT_RANK = """
SELECT EXISTS (SELECT 1 FROM core_name WHERE nameKind = 'accepted' AND taxonRank = $rank AND name = $name)
    OR EXISTS (SELECT 1 FROM core_taxon WHERE "{rank}" = $name)
"""


class IndexNames:
    """The names of one database, opened for reading only."""

    def __init__(self, path: Path) -> None:
        self._connection = duckdb.connect(str(path), read_only=True)
        self.taxa_named = lru_cache(REMEMBERED)(self._taxa_named)
        self.taxa_with_id = lru_cache(REMEMBERED)(self._taxa_with_id)
        self.has_name_at_rank = lru_cache(REMEMBERED)(self._has_name_at_rank)

    def _taxa_named(self, name: str) -> Sequence[KnownTaxon]:
        words = name.split()
        keys = [" ".join(words[:count]).lower() for count in range(1, len(words) + 1)]
        return self._taxa(NAMED, {"name": name, "keys": keys}) if words else ()

    def _taxa_with_id(self, identifier: str) -> Sequence[KnownTaxon]:
        return self._taxa(WITH_ID, {"identifier": identifier})

    def _has_name_at_rank(self, name: str, rank: str) -> bool:
        if rank not in RANKS:
            return False
        found = self._connection.execute(AT_RANK.format(rank=rank), {"rank": rank, "name": name}).fetchone()
        return bool(found and found[0])

    def _taxa(self, statement: str, asked: dict[str, object]) -> Sequence[KnownTaxon]:
        rows = self._connection.execute(statement, asked).fetchall()
        return tuple(
            KnownTaxon(
                identifier,
                rank,
                name,
                authorship,
                {rank: taxon for rank, taxon in zip(RANKS, higher, strict=True) if taxon},
            )
            for identifier, rank, name, authorship, *higher in rows
        )
