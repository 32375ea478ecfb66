"""Retractions: what GBIF's newer snapshots did to the records that an open warning rests on, told in both languages.

Which records changed is found in `gbif.changes`; a warning that no record supports any more is simply not built again.
Changes of names, lists and decisions are told in `notices`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb

# Fields by which a record supports another warning, or none.
OF_WEIGHT = (
    "eventDate", "year", "month", "day", "decimalLatitude", "decimalLongitude", "coordinateUncertaintyInMeters",
    "occurrenceStatus", "basisOfRecord",
)  # fmt: skip
# One row per warning of the last generation and kind of change to its records since.
RETRACTED = f"""
WITH evidence AS (
    SELECT warningId, scientificName, placeZh, placeEn, json_extract_string(record, '$.recordId') AS recordId
    FROM (SELECT *, unnest(from_json(evidence, '["JSON"]')) AS record FROM {{former}}.out_warning)
),
since AS (
    SELECT recordId, max_by(change, knownSince) AS change, max_by(latterName, knownSince) AS latterName,
        flatten(list(fields)) AS fields
    FROM out_gbif_change
    WHERE submissionId NOT IN (SELECT submissionId FROM {{former}}.out_gbif_snapshot)
    GROUP BY recordId
)
SELECT warningId, evidence.scientificName, placeZh, placeEn, since.change, count(*) AS records,
    string_agg(DISTINCT latterName, '; ' ORDER BY latterName) AS latterNames,
    warningId IN (SELECT warningId FROM out_warning) AS goesOn
FROM evidence JOIN since USING (recordId)
WHERE since.change <> 'changed' OR list_has_any(since.fields, {list(OF_WEIGHT)})
GROUP BY ALL ORDER BY warningId, since.change
"""


def find_retractions(
    connection: duckdb.DuckDBPyConnection, former: str
) -> Iterator[tuple[dict[str, Any], str]]:
    """Each warning concerned with the kind of its notice; the row has the values that the texts name."""
    result = connection.execute(RETRACTED.format(former=former))
    names = [column[0] for column in result.description]
    for values in result.fetchall():
        row = dict(zip(names, values, strict=True))
        yield row, f"gbif-{row['change']}" if row["goesOn"] else f"gbif-{row['change']}-ended"
