"""Name matches: the distinct names that records carry, matched once each into core_name_match.

How a name is matched is decided in `species.matching`.
"""

from __future__ import annotations

import duckdb

from species.decisions import name_decisions
from species.matching.names import match_names
from store.home import Home

# The names as the standard records of both sources have them.
NAMES_OF_RECORDS = """
SELECT DISTINCT scientificName, vernacularName FROM raw_survey
WHERE scientificName IS NOT NULL OR vernacularName IS NOT NULL
UNION
SELECT DISTINCT scientificName, NULL FROM raw_gbif WHERE scientificName IS NOT NULL
UNION
SELECT DISTINCT coalesce(species, verbatimScientificName), NULL FROM raw_gbif
WHERE scientificName IS NULL AND coalesce(species, verbatimScientificName) IS NOT NULL
"""


def match_names_of_records(connection: duckdb.DuckDBPyConnection, home: Home | None) -> int:
    """Rebuild core_name_match from the raw_ tables, the index and the decisions in the home; returns its row count.

    Only names that are new, or all after a change of index or decisions, are matched.
    """
    return match_names(connection, connection.execute(NAMES_OF_RECORDS).fetchall(), name_decisions(home))
