"""Names: the distinct taxa that the loaded GBIF rows name, with GBIF's classification."""

from __future__ import annotations

import duckdb

NAMES = """
SELECT
    taxonKey,
    coalesce(scientificName, species, verbatimScientificName) AS scientificName,
    any_value(species) AS species,
    any_value(lower(taxonRank)) AS taxonRank,
    any_value(kingdom), any_value(phylum), any_value(class), any_value("order"), any_value(family), any_value(genus)
FROM raw_gbif
WHERE taxonKey IS NOT NULL
GROUP BY ALL
ORDER BY scientificName, taxonKey
"""


def gbif_names(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """One row per distinct taxonKey and name: what `species.taxa` makes taxa of where no list knows the name."""
    return connection.sql(NAMES)
