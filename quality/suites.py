"""Suites: what is expected of whole tables before they are published, as data.

One suite a gate, one gate a table and purpose. Expectations are named as Great Expectations names them.
Running them belongs to `gx_duckdb`, verdicts to `gates`, questions about single records to `record_tests`.
The texts for people are in `gates.toml`: `gate-<gate>` for a suite, the expectation's id for an expectation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from store.catalogue import BilingualText, catalogue

SOURCES = ("survey", "gbif")
OCCURRENCE_STATUSES = ("detected", "notDetected")
MATCH_TYPES = ("EXACT", "VARIANT", "FUZZY", "HIGHERRANK", "AMBIGUOUS", "NONE")
NAME_KINDS = ("accepted", "synonym", "vernacular", "code")
STATUSES = ("native", "introduced", "invasive", "uncertain", "unknown")
SURENESSES = ("high", "medium", "low", "unconfirmed")
WARNING_KINDS = ("new-to-region", "new-to-division", "new-to-site", "approaching")
WARNING_LEVELS = ("red", "orange", "yellow", "blue")
CELL_CODE = r"^1km[EW]\d+[NS]\d+$"  # anchored, because DuckDB's ~ matches whole values only


@dataclass(frozen=True)
class Expectation:
    """One requirement of a table."""

    id: str
    type: str
    kwargs: Mapping[str, Any]

    @property
    def text(self) -> BilingualText:
        return gate_text(self.id)


@dataclass(frozen=True)
class Suite:
    """One gate: what one table must meet. A blocking gate must be passed before anything is published."""

    gate: str
    table: str
    blocking: bool
    expectations: tuple[Expectation, ...]

    @property
    def text(self) -> BilingualText:
        return gate_text(f"gate-{self.gate}")


def gate_text(rule: str, /, **values: object) -> BilingualText:
    """The text of a gate, of an expectation, or of what is said about them."""
    entry = catalogue("quality", "gates.toml")[rule]
    return BilingualText(zh=entry["zh"].format(**values), en=entry["en"].format(**values))


def suites_of(table: str) -> tuple[Suite, ...]:
    """The gates of one table, which may be none."""
    return tuple(suite for suite in SUITES if suite.table == table)


def _present(column: str, mostly: float = 1.0) -> Expectation:
    suffix = "present" if mostly == 1.0 else "mostly-present"
    return Expectation(
        f"{column}-{suffix}", "expect_column_values_to_not_be_null", {"column": column, "mostly": mostly}
    )


def _unique(column: str) -> Expectation:
    return Expectation(f"{column}-unique", "expect_column_values_to_be_unique", {"column": column})


def _known(column: str, values: tuple[str, ...]) -> Expectation:
    return Expectation(
        f"{column}-known", "expect_column_values_to_be_in_set", {"column": column, "value_set": list(values)}
    )


def _within(column: str, low: float | None, high: float | None = None) -> Expectation:
    """Between the bounds or empty."""
    return Expectation(
        f"{column}-within-bounds",
        "expect_column_values_to_be_between",
        {"column": column, "min_value": low, "max_value": high},
    )


def _matches(column: str, pattern: str) -> Expectation:
    return Expectation(
        f"{column}-well-formed", "expect_column_values_to_match_regex", {"column": column, "regex": pattern}
    )


def _no_rows(expectation_id: str, query: str) -> Expectation:
    """The query finds the rows that break the requirement; {batch} is the table."""
    return Expectation(expectation_id, "unexpected_rows_expectation", {"unexpected_rows_query": query})


RECORD_CONTRACT = Suite(
    "record-contract",
    "core_record",
    blocking=True,
    expectations=(
        _present("rowId"),
        _unique("rowId"),
        _present("recordId"),
        _present("submissionId"),
        _known("source", SOURCES),
        _known("matchType", MATCH_TYPES),
        _no_rows(
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
    expectations=(
        _present("taxonID"),
        _unique("taxonID"),
        _present("canonicalName"),
        _no_rows(
            "taxon-has-its-accepted-name",
            "SELECT taxonID FROM {batch} "
            "WHERE taxonID NOT IN (SELECT taxonID FROM core_name WHERE nameKind = 'accepted')",
        ),
        _no_rows(
            "taxon-has-a-source",
            "SELECT taxonID FROM {batch} WHERE nameSource NOT IN (SELECT sourceID FROM core_name_source)",
        ),
    ),
)

NAME_CONTRACT = Suite(
    "name-contract",
    "core_name",
    blocking=True,
    expectations=(
        _present("nameKey"),
        _known("nameKind", NAME_KINDS),
        _no_rows(
            "name-leads-to-a-taxon",
            "SELECT name FROM {batch} WHERE taxonID NOT IN (SELECT taxonID FROM core_taxon)",
        ),
        _no_rows(
            "name-has-a-source",
            "SELECT name FROM {batch} WHERE nameSource NOT IN (SELECT sourceID FROM core_name_source)",
        ),
    ),
)

NAME_MATCH_CONTRACT = Suite(
    "name-match-contract",
    "core_name_match",
    blocking=True,
    expectations=(
        _present("nameText"),
        _unique("nameText"),
        _known("matchType", MATCH_TYPES),
        _within("confidence", 0, 100),
        _no_rows(
            "match-gives-its-reasons",
            "SELECT nameText FROM {batch} WHERE len(reasons) = 0",
        ),
        _no_rows(
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
    expectations=(
        _present("recordId"),
        _unique("recordId"),
        _present("taxonID"),
        _no_rows(
            "taxonID-leads-to-one-taxon",
            "SELECT recordId FROM {batch} WHERE taxonID NOT IN (SELECT taxonID FROM core_taxon)",
        ),
        _present("occurrenceStatus"),
        _known("occurrenceStatus", OCCURRENCE_STATUSES),
        _present("source"),
        _known("source", SOURCES),
        _within("decimalLatitude", -90, 90),
        _within("decimalLongitude", -180, 180),
        _no_rows(
            "coordinates-in-pairs",
            "SELECT recordId FROM {batch} WHERE (decimalLatitude IS NULL) <> (decimalLongitude IS NULL)",
        ),
        _no_rows("dates-in-order", "SELECT recordId FROM {batch} WHERE eventDateStart > eventDateEnd"),
        _no_rows(  # a day of grace for time zones
            "observed-before-known",
            "SELECT recordId FROM {batch} WHERE eventDateStart > CAST(firstSeen AS DATE) + 1",
        ),
        _within("year", 1500, 2200),
        _within("month", 1, 12),
        _within("individualCount", 0),
    ),
)

# Not blocking: an honest survey may lack coordinates, but someone should know when most records do.
OCCURRENCE_COMPLETENESS = Suite(
    "occurrence-completeness",
    "core_occurrence",
    blocking=False,
    expectations=(
        _present("decimalLatitude", mostly=0.5),
        _present("decimalLongitude", mostly=0.5),
        _present("eventDate", mostly=0.95),
        _present("month", mostly=0.5),
    ),
)

STATUS_CONTRACT = Suite(
    "status-contract",
    "out_species_status",
    blocking=True,
    expectations=(
        _present("taxonID"),
        _unique("taxonID"),
        _present("status"),
        _known("status", STATUSES),
        _present("sureness"),
        _known("sureness", SURENESSES),
        _no_rows(
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
    expectations=(
        _no_rows(
            "name-coverage-reached",
            "SELECT source FROM {batch} WHERE source = 'all' AND coverage < minimumCoverage",
        ),
    ),
)

CUBE_CONTRACT = Suite(
    "cube-contract",
    "out_cube",
    blocking=True,
    expectations=(
        _present("taxonID"),
        _present("cellCode"),
        _matches("cellCode", CELL_CODE),
        _known("source", SOURCES),
        _within("month", 1, 12),
        _within("occurrences", 1),
        _no_rows(
            "cube-cells-unique",
            "SELECT taxonID, cellCode, year, month, source FROM {batch} GROUP BY ALL HAVING count(*) > 1",
        ),
    ),
)

WARNING_CONTRACT = Suite(
    "warning-contract",
    "out_warning",
    blocking=True,
    expectations=(
        _present("warningId"),
        _unique("warningId"),
        _present("taxonID"),
        _present("kind"),
        _known("kind", WARNING_KINDS),
        _present("level"),
        _known("level", WARNING_LEVELS),
        _within("recordCount", 1),
        _no_rows(
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
    expectations=(
        _present("submissionId"),
        _unique("submissionId"),
        _no_rows(
            "row-totals-balance",
            "SELECT submissionId FROM {batch} WHERE rowsRead <> accepted + quarantined + rejected "
            "OR least(rowsRead, accepted, quarantined, rejected) < 0",
        ),
        _no_rows(
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
        _no_rows(
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
)
