"""Sources: what the numbers rest on: every file with its row totals, every dataset with its citation."""

from __future__ import annotations

import duckdb

from store.warehouse import replace_rows

# CC BY-NC in the words of GBIF, of Creative Commons and of metadata.
NON_COMMERCIAL = "regexp_matches({0}, '(?i)\\bnc\\b|by[-_ ]?nc|_nc_|non[- ]?commercial|非商业')"

SOURCES = """
WITH held AS (
    SELECT newest AS submissionId, count(*) AS quarantined
    FROM core_quarantine JOIN raw_newest_submission USING (submissionId)
    WHERE disposition = 'quarantined' GROUP BY newest
),
kept AS (
    SELECT newest AS submissionId, sum(accepted)::BIGINT AS accepted
    FROM (SELECT submissionId, count(*) AS accepted FROM core_occurrence GROUP BY submissionId)
    JOIN raw_newest_submission USING (submissionId) GROUP BY newest
),
download AS (
    SELECT submissionId, min(citation) AS citation, min(license) AS license, min(doi) AS doi
    FROM raw_citation WHERE datasetKey IS NULL GROUP BY submissionId
)
SELECT
    submissionId, kind, fileName, sha256, knownSince, rowsRead,
    coalesce(accepted, 0) AS accepted, coalesce(quarantined, 0) AS quarantined,
    rowsRead - coalesce(accepted, 0) - coalesce(quarantined, 0) AS rejected,
    replacedBy, citation, license, doi, {non_commercial} AS nonCommercial
FROM raw_submission
LEFT JOIN kept USING (submissionId)
LEFT JOIN held USING (submissionId)
LEFT JOIN download USING (submissionId)
ORDER BY knownSince, submissionId
"""
CITATIONS = """
WITH counted AS (
    SELECT newest AS submissionId, datasetKey, min(license) AS license, sum(records)::BIGINT AS records
    FROM (
        SELECT submissionId, datasetKey, min(license) AS license, count(*) AS records
        FROM core_occurrence WHERE source = 'gbif' GROUP BY submissionId, datasetKey
    ) JOIN raw_newest_submission USING (submissionId)
    GROUP BY newest, datasetKey
)
SELECT
    submissionId, datasetKey, cited.title,
    coalesce(cited.citation, 'GBIF dataset ' || coalesce(datasetKey, '?')) AS citation,
    coalesce(cited.license, counted.license) AS license, doi, records, cited.publisher,
    {non_commercial} AS nonCommercial
FROM counted
LEFT JOIN raw_citation AS cited USING (submissionId, datasetKey)
ORDER BY records DESC, submissionId, datasetKey
"""


def build_sources(connection: duckdb.DuckDBPyConnection) -> int:
    """Rebuild out_source and out_citation; returns the number of files."""
    of_dataset = NON_COMMERCIAL.format("concat_ws(' ', cited.license, counted.license)")
    replace_rows(connection, "out_citation", CITATIONS.format(non_commercial=of_dataset))
    return replace_rows(
        connection,
        "out_source",
        SOURCES.format(non_commercial=NON_COMMERCIAL.format("coalesce(license, '')")),
    )
