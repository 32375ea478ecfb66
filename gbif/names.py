"""Names: the distinct taxa that the loaded GBIF rows name, with GBIF's classification."""

from __future__ import annotations

import duckdb

NAMES = """
SELECT
    taxonKey,
    coalesce(scientificName, species, verbatimScientificName) AS scientificName,
    min(species) AS species,
    min(lower(taxonRank)) AS taxonRank,
    min(kingdom) AS kingdom, min(phylum) AS phylum, min(class) AS class, min("order") AS "order",
    min(family) AS family, min(genus) AS genus
FROM raw_gbif
WHERE taxonKey IS NOT NULL
GROUP BY ALL
ORDER BY scientificName, taxonKey
"""


def gbif_names(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """One row per distinct taxonKey and name: what `species.index` makes taxa of where no source knows the name."""
    return connection.sql(NAMES)
