"""Suites: what is expected of each table before the next step rests on it, as data. One suite a gate.

The last look before anything is published belongs to `release_suites`, what an expectation is to `expectations`,
running them to `gx_duckdb`, verdicts to `gates`, questions about single records to `record_tests`.
"""

from __future__ import annotations

from quality.expectations import Suite, columns, known, matches, no_rows, present, unique, within
from quality.release_suites import RELEASE, RELEASE_NOTICE

SOURCES = ("survey", "gbif")
OCCURRENCE_STATUSES = ("detected", "notDetected")
MATCH_TYPES = ("EXACT", "VARIANT", "FUZZY", "HIGHERRANK", "AMBIGUOUS", "NONE")
NAME_KINDS = ("accepted", "synonym", "vernacular", "code")
STATUSES = ("native", "introduced", "invasive", "uncertain", "unknown")
SURENESSES = ("high", "medium", "low", "unconfirmed")
WARNING_KINDS = ("new-to-region", "new-to-division", "new-to-site", "approaching")
WARNING_LEVELS = ("red", "orange", "yellow", "blue")
CELL_CODE = r"^1km[EW]\d+[NS]\d+$"  # anchored, because DuckDB's ~ matches whole values only
# What readers of the published tables rely on.
CUBE_COLUMNS = (
    "taxonID", "cellCode", "year", "month", "source", "occurrences", "minCoordinateUncertaintyInMeters",
)  # fmt: skip
WARNING_COLUMNS = (
    "warningId", "kind", "taxonID", "scientificName", "vernacularName", "placeKind", "placeID", "placeZh", "placeEn",
    "level", "late", "firstEventDate", "firstSeen", "decimalLatitude", "decimalLongitude", "recordCount", "reasons",
    "evidence", "heldSince",
)  # fmt: skip

RECORD_CONTRACT = Suite(
    "record-contract",
    "core_record",
    blocking=True,
    key=("rowId",),
    expectations=(
        present("rowId"),
        unique("rowId"),
        present("recordId"),
        present("submissionId"),
        known("source", SOURCES),
        known("matchType", MATCH_TYPES),
        no_rows(
            "every-row-read-is-a-record",
            """
            SELECT submissionId FROM (SELECT submissionId, count(*) AS rows FROM {batch} GROUP BY ALL) AS made
            FULL JOIN (
                SELECT submissionId, count(*) AS rows FROM raw_survey GROUP BY ALL
                UNION ALL SELECT submissionId, count(*) AS rows FROM raw_gbif GROUP BY ALL
            ) AS read USING (submissionId)
            WHERE made.rows IS DISTINCT FROM read.rows
            """,
        ),
        no_rows(
            "raw-rows-belong-to-a-file",
            "SELECT DISTINCT submissionId FROM (SELECT submissionId FROM raw_survey UNION ALL SELECT submissionId "
            "FROM raw_gbif) WHERE submissionId NOT IN (SELECT submissionId FROM raw_submission) "
            "AND EXISTS (SELECT 1 FROM {batch})",
        ),
        no_rows(
            "match-leads-to-taxon",
            "SELECT rowId FROM {batch} WHERE (taxonID IS NOT NULL) <> "
            "(matchType IN ('EXACT', 'VARIANT', 'FUZZY', 'HIGHERRANK') AND NOT coalesce(waitsForPerson, false))",
        ),
    ),
)

TAXON_CONTRACT = Suite(
    "taxon-contract",
    "core_taxon",
    blocking=True,
    key=("taxonID",),
    expectations=(
        present("taxonID"),
        unique("taxonID"),
        present("canonicalName"),
        no_rows(
            "taxon-has-its-accepted-name",
            "SELECT taxonID FROM {batch} "
            "WHERE taxonID NOT IN (SELECT taxonID FROM core_name WHERE nameKind = 'accepted')",
        ),
        no_rows(
            "taxon-has-a-source",
            "SELECT taxonID FROM {batch} WHERE nameSource NOT IN (SELECT sourceID FROM core_name_source)",
        ),
    ),
)

NAME_CONTRACT = Suite(
    "name-contract",
    "core_name",
    blocking=True,
    key=("nameKey", "taxonID"),
    expectations=(
        present("nameKey"),
        known("nameKind", NAME_KINDS),
        no_rows(
            "name-leads-to-a-taxon",
            "SELECT name FROM {batch} WHERE taxonID NOT IN (SELECT taxonID FROM core_taxon)",
        ),
        no_rows(
            "name-has-a-source",
            "SELECT name FROM {batch} WHERE nameSource NOT IN (SELECT sourceID FROM core_name_source)",
        ),
    ),
)

NAME_MATCH_CONTRACT = Suite(
    "name-match-contract",
    "core_name_match",
    blocking=True,
    key=("nameText",),
    expectations=(
        present("nameText"),
        unique("nameText"),
        known("matchType", MATCH_TYPES),
        within("confidence", 0, 100),
        no_rows(
            "match-gives-its-reasons",
            "SELECT nameText FROM {batch} WHERE len(reasons) = 0",
        ),
        no_rows(
            "match-leads-to-a-taxon-that-exists",
            "SELECT nameText FROM {batch} "
            "WHERE taxonID IS NOT NULL AND taxonID NOT IN (SELECT taxonID FROM core_taxon)",
        ),
    ),
)

OCCURRENCE_CONTRACT = Suite(
    "occurrence-contract",
    "core_occurrence",
    blocking=True,
    key=("rowId", "recordId"),
    expectations=(
        present("recordId"),
        unique("recordId"),
        present("taxonID"),
        no_rows(
            "taxonID-leads-to-one-taxon",
            "SELECT recordId FROM {batch} WHERE taxonID NOT IN (SELECT taxonID FROM core_taxon)",
        ),
        no_rows(
            "places-are-known",
            """
            SELECT placeID FROM (SELECT DISTINCT divisionID AS placeID FROM {batch} WHERE divisionID IS NOT NULL
                                 UNION SELECT DISTINCT unnest(siteIDs) FROM {batch})
            WHERE placeID NOT IN (SELECT placeID FROM core_site)
            """,
        ),
        present("occurrenceStatus"),
        known("occurrenceStatus", OCCURRENCE_STATUSES),
        present("source"),
        known("source", SOURCES),
        within("decimalLatitude", -90, 90),
        within("decimalLongitude", -180, 180),
        no_rows(
            "coordinates-in-pairs",
            "SELECT recordId FROM {batch} WHERE (decimalLatitude IS NULL) <> (decimalLongitude IS NULL)",
        ),
        no_rows("dates-in-order", "SELECT recordId FROM {batch} WHERE eventDateStart > eventDateEnd"),
        no_rows(  # a day of grace for time zones
            "observed-before-known",
            "SELECT recordId FROM {batch} WHERE eventDateStart > CAST(firstSeen AS DATE) + 1",
        ),
        within("year", 1500, 2200),
        within("month", 1, 12),
        within("individualCount", 0),
    ),
)

# Not blocking: an honest survey may lack coordinates, but someone should know when most records do.
OCCURRENCE_COMPLETENESS = Suite(
    "occurrence-completeness",
    "core_occurrence",
    blocking=False,
    key=("rowId", "recordId"),
    expectations=(
        present("decimalLatitude", mostly=0.5),
        present("decimalLongitude", mostly=0.5),
        present("eventDate", mostly=0.95),
        present("month", mostly=0.5),
    ),
)

STATUS_CONTRACT = Suite(
    "status-contract",
    "out_species_status",
    blocking=True,
    key=("taxonID",),
    expectations=(
        present("taxonID"),
        unique("taxonID"),
        present("status"),
        known("status", STATUSES),
        present("sureness"),
        known("sureness", SURENESSES),
        no_rows(
            "native-only-if-so-listed",
            "SELECT taxonID FROM {batch} WHERE (status = 'native') <> starts_with(establishmentMeans, 'native')",
        ),
    ),
)

# Not blocking: names that wait must not keep warnings from being told.
NAME_COVERAGE = Suite(
    "name-coverage",
    "out_name_coverage",
    blocking=False,
    key=("source",),
    expectations=(
        no_rows(
            "name-coverage-reached",
            "SELECT source FROM {batch} WHERE source = 'all' AND coverage < minimumCoverage",
        ),
    ),
)

CUBE_CONTRACT = Suite(
    "cube-contract",
    "out_cube",
    blocking=True,
    key=("taxonID", "cellCode", "year", "month", "source"),
    expectations=(
        columns("cube-columns", CUBE_COLUMNS),
        present("taxonID"),
        no_rows(
            "cube-taxon-exists",
            "SELECT DISTINCT taxonID FROM {batch} WHERE taxonID NOT IN (SELECT taxonID FROM core_taxon)",
        ),
        present("cellCode"),
        matches("cellCode", CELL_CODE),
        known("source", SOURCES),
        within("month", 1, 12),
        within("occurrences", 1),
        no_rows(
            "cube-cells-unique",
            "SELECT taxonID, cellCode, year, month, source FROM {batch} GROUP BY ALL HAVING count(*) > 1",
        ),
    ),
)

WARNING_CONTRACT = Suite(
    "warning-contract",
    "out_warning",
    blocking=True,
    key=("warningId",),
    expectations=(
        columns("warning-columns", WARNING_COLUMNS),
        present("warningId"),
        unique("warningId"),
        present("taxonID"),
        no_rows(
            "warning-taxon-exists",
            "SELECT warningId FROM {batch} WHERE heldSince IS NULL AND taxonID NOT IN (SELECT taxonID FROM core_taxon)",
        ),
        present("kind"),
        known("kind", WARNING_KINDS),
        present("level"),
        known("level", WARNING_LEVELS),
        within("recordCount", 1),
        no_rows(
            "warning-has-reasons-and-evidence",
            "SELECT warningId FROM {batch} WHERE coalesce(json_array_length(reasons), 0) = 0 "
            "OR coalesce(json_array_length(evidence), 0) = 0",
        ),
    ),
)

ROW_BALANCE = Suite(
    "row-balance",
    "out_source",
    blocking=True,
    key=("submissionId",),
    expectations=(
        present("submissionId"),
        unique("submissionId"),
        no_rows(
            "row-totals-balance",
            "SELECT submissionId FROM {batch} WHERE rowsRead <> accepted + quarantined + rejected "
            "OR least(rowsRead, accepted, quarantined, rejected) < 0",
        ),
        no_rows(
            "row-totals-as-counted",
            """
            WITH kept AS (
                SELECT coalesce(newest, submissionId) AS submissionId, count(*) AS accepted
                FROM core_occurrence LEFT JOIN raw_newest_submission USING (submissionId) GROUP BY 1
            ),
            held AS (
                SELECT coalesce(newest, submissionId) AS submissionId, count(*) AS quarantined
                FROM core_quarantine LEFT JOIN raw_newest_submission USING (submissionId)
                WHERE disposition = 'quarantined' GROUP BY 1
            )
            SELECT total.submissionId FROM {batch} AS total
            LEFT JOIN kept USING (submissionId)
            LEFT JOIN held USING (submissionId)
            WHERE total.accepted <> coalesce(kept.accepted, 0) OR total.quarantined <> coalesce(held.quarantined, 0)
            """,
        ),
        no_rows(
            "rows-read-are-records",
            """
            WITH judged AS (
                SELECT submissionId, count(*) AS rows FROM (
                    SELECT submissionId FROM core_occurrence UNION ALL SELECT submissionId FROM core_quarantine
                ) GROUP BY submissionId
            )
            SELECT total.submissionId FROM {batch} AS total
            LEFT JOIN judged USING (submissionId)
            LEFT JOIN raw_gbif_carried USING (submissionId)
            WHERE total.rowsRead <> coalesce(judged.rows, 0) + coalesce(rowsCarriedOver, 0)
            """,
        ),
    ),
)

INDICATOR_CONTRACT = Suite(
    "indicator-contract",
    "out_site_indicator",
    blocking=True,
    key=("placeID", "period"),
    expectations=(
        present("placeID"),
        no_rows(
            "indicators-of-a-place-and-time-unique",
            "SELECT placeKind, placeID, period FROM {batch} GROUP BY ALL HAVING count(*) > 1",
        ),
        no_rows(
            "indicator-place-exists",
            "SELECT placeID FROM {batch} EXCEPT SELECT placeID FROM core_site",
        ),
        within("records", 0),
    ),
)

SUITES: tuple[Suite, ...] = (
    TAXON_CONTRACT,
    NAME_CONTRACT,
    NAME_MATCH_CONTRACT,
    RECORD_CONTRACT,
    OCCURRENCE_CONTRACT,
    OCCURRENCE_COMPLETENESS,
    STATUS_CONTRACT,
    NAME_COVERAGE,
    CUBE_CONTRACT,
    WARNING_CONTRACT,
    ROW_BALANCE,
    INDICATOR_CONTRACT,
    RELEASE,
    RELEASE_NOTICE,
)


def suites_of(table: str) -> tuple[Suite, ...]:
    """The gates of one table, which may be none."""
    return tuple(suite for suite in SUITES if suite.table == table)
