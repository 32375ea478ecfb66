"""Scorecards: how the records of a source, a file or a site meet each BDQ test, and what they are good for.

Compliant and not compliant are told beside how often a test could not be asked, test by test: there is no one number.
Asked twice, as BDQ Core has it: of the cells as they were written (preAmendment), and of the records as they were read
(postAmendment). What a test says of one record belongs to `bdq`, what holds a record back to `flags`.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources

import duckdb

from quality.bdq import geography, taxonomy
from quality.bdq.numeric_rules import CODE
from quality.bdq.registry import registry
from quality.bdq.vectorised import answers_looked_up, look_up
from store.catalogue import BilingualText
from store.engine import duckdb_engine, sql_for
from store.warehouse import ROWS_OF_A_SUBMISSION, note_build, transaction

GOOD = f"({CODE['COMPLIANT']}, {CODE['NOT_ISSUE']})"
BAD = f"({CODE['NOT_COMPLIANT']}, {CODE['POTENTIAL_ISSUE']})"
ASKED, VALUES, TO_ASK = "tmp_asked", "tmp_asked_values", "tmp_to_ask"
NUMBERS = {"raw_survey": "rowNumber", "raw_gbif": "line"}  # the column that numbers the rows of a submission
KEYS = ("phase", "source", "submissionId", "siteIDs")
# GBIF's names of the licences it allows, as the addresses that BDQ Core knows them by: https://www.gbif.org/terms
LICENSE = """
CASE license WHEN 'CC0_1_0' THEN 'http://creativecommons.org/publicdomain/zero/1.0/legalcode'
    WHEN 'CC_BY_4_0' THEN 'http://creativecommons.org/licenses/by/4.0/legalcode'
    WHEN 'CC_BY_NC_4_0' THEN 'http://creativecommons.org/licenses/by-nc/4.0/legalcode' ELSE license END
"""
# Darwin Core of 2026-05-26 says detected and notDetected, BDQ Core of 2025 present and absent.
READ = f"""
SELECT record.rowId, source, submissionId, siteIDs, coalesce(occurrenceID, recordId) AS occurrenceID, eventDate,
    coalesce(matchedName, verbatimScientificName) AS scientificName, verbatimVernacularName AS vernacularName,
    taxon.kingdom, taxon.taxonRank, record.year::VARCHAR AS year, month::VARCHAR AS month,
    decimalLatitude::VARCHAR AS decimalLatitude, decimalLongitude::VARCHAR AS decimalLongitude,
    coordinateUncertaintyInMeters::VARCHAR AS coordinateUncertaintyInMeters,
    CASE WHEN decimalLatitude IS NOT NULL THEN 'EPSG:4326' END AS geodeticDatum, countryCode, county, locality,
    locationID, basisOfRecord, individualCount::VARCHAR AS individualCount, organismQuantity, establishmentMeans,
    degreeOfEstablishment, sex, dataGeneralizations, {LICENSE} AS license,
    CASE occurrenceStatus WHEN 'detected' THEN 'present' WHEN 'notDetected' THEN 'absent' ELSE occurrenceStatus END
        AS occurrenceStatus
FROM core_record AS record LEFT JOIN core_taxon AS taxon USING (taxonID) WHERE rowFault IS NULL
"""
RECORDS = f"""
(SELECT source, submissionId AS file, rowId % {ROWS_OF_A_SUBMISSION} AS number, siteIDs
 FROM core_record WHERE rowFault IS NULL)
"""
WRITTEN = f"""
SELECT source, siteIDs, submissionId, {{texts}}
FROM {{raw}} JOIN {RECORDS} AS record ON record.file = submissionId AND record.number = {{number}}
"""
CARRIED = """
INSERT INTO {table} SELECT * FROM {former}.{table} AS earlier
WHERE scope = 'source' AND day < $day AND day NOT IN (SELECT day FROM {table})
"""


@dataclass(frozen=True)
class Purpose:
    """What a record may be good for, and the tests it must meet for that."""

    text: BilingualText
    tests: tuple[str, ...]


@functools.cache
def purposes() -> Mapping[str, Purpose]:
    found = tomllib.loads(resources.files("quality").joinpath("fitness.toml").read_text(encoding="utf-8"))
    return {
        name: Purpose(BilingualText(entry["zh"], entry["en"]), tuple(entry["tests"]))
        for name, entry in found.items()
    }


@functools.cache
def scored_tests() -> tuple[str, ...]:
    """The validations and issues of BDQ Core that need no list of names and no shapes."""
    apart = {*geography.TESTS, *taxonomy.TESTS, "ISSUE_ANNOTATION_NOTEMPTY"}
    return tuple(
        label
        for label, test in registry().items()
        if test.type in ("Validation", "Issue") and label not in apart
    )


def build_scorecards(connection: duckdb.DuckDBPyConnection, day: date, former: str | None = None) -> int:
    """Bring out_score and out_fitness up to core_record; returns the number of scores of the day.

    Of earlier days the scores of the sources are kept, and taken over from the last generation, attached as `former`.
    """
    _ask(connection, day)
    with transaction(connection):
        for table in ("out_score", "out_fitness"):
            connection.execute(f"DELETE FROM {table} WHERE day >= $day OR scope <> 'source'", {"day": day})
            if former:
                connection.execute(CARRIED.format(table=table, former=former), {"day": day})
        for scope, scoped in _scopes().items():
            connection.execute(_scores(scope, scoped), {"day": day})
            connection.execute(_fitness(scope, scoped), {"day": day})
        note_build(connection, "out_score")
        note_build(connection, "out_fitness")
    (scores,) = connection.execute("SELECT count(*) FROM out_score WHERE day = ?", [day]).fetchone() or (0,)
    connection.execute(f"DROP TABLE {ASKED}")
    return int(scores)


def _ask(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    """Ask every record every test, as written and as read; the counts by phase, source, file and sites in ASKED."""
    engine = duckdb_engine(connection)
    texts = {raw: _texts(connection, raw) for raw in NUMBERS}
    for view, written in ((VALUES, "SELECT {texts} FROM {raw}"), (TO_ASK, WRITTEN)):
        parts = [written.format(raw=raw, texts=names, number=NUMBERS[raw]) for raw, names in texts.items()]
        union = " UNION ALL BY NAME ".join(
            f"SELECT 'preAmendment' AS phase, * FROM ({part})" for part in parts
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {view} AS {union} "
            f"UNION ALL BY NAME SELECT 'postAmendment' AS phase, * FROM ({READ})"
        )
    look_up(engine, VALUES, scored_tests(), day)
    answered = sql_for(engine, answers_looked_up, TO_ASK, scored_tests(), day, KEYS)
    counted = [
        f"count(*) FILTER ({test} IN {side}) AS {name}__{test}"
        for test in scored_tests()
        for name, side in (("good", GOOD), ("bad", BAD))
    ]
    for name, purpose in purposes().items():
        meets = " AND ".join(f"{test} IN {GOOD}" for test in purpose.tests)
        fails = " OR ".join(f"{test} IN {BAD}" for test in purpose.tests)
        counted += [f"count(*) FILTER ({meets}) AS good__{name}", f"count(*) FILTER ({fails}) AS bad__{name}"]
    keys = ", ".join(KEYS)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {ASKED} AS "
        f"SELECT {keys}, count(*) AS records, {', '.join(counted)} FROM ({answered}) GROUP BY {keys}"
    )


def _texts(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """The columns of a raw table that tests may ask about."""
    terms = {term.partition(":")[2] for label in scored_tests() for term in registry()[label].terms}
    found = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND data_type = 'VARCHAR'", [table]
    ).fetchall()
    return ", ".join(f'{table}."{name}"' for (name,) in found if name in terms)


def _scopes() -> Mapping[str, str]:
    """By scope the counted records with the id of what they belong to; one in nested sites belongs to each of them."""
    return {
        "source": f"SELECT source AS scopeId, * FROM {ASKED}",
        "submission": f"SELECT submissionId AS scopeId, * FROM {ASKED}",
        "site": f"SELECT unnest(siteIDs) AS scopeId, * FROM {ASKED}",
    }


def _scores(scope: str, scoped: str) -> str:
    sums = ", ".join(
        f"{{'test': '{test}', 'bdqGuid': '{registry()[test].guid}', "
        f"'good': sum(good__{test}), 'bad': sum(bad__{test})}}"
        for test in scored_tests()
    )
    return (
        f"INSERT INTO out_score SELECT $day, phase, '{scope}', scopeId, found.test, found.bdqGuid, found.good, "
        "found.bad, records - found.good - found.bad FROM (SELECT phase, scopeId, sum(records) AS records, "
        f"unnest([{sums}]) AS found FROM ({scoped}) GROUP BY phase, scopeId) ORDER BY phase, scopeId, found.test"
    )


def _fitness(scope: str, scoped: str) -> str:
    sums = ", ".join(
        f"{{'purpose': '{name}', 'good': sum(good__{name}), 'bad': sum(bad__{name})}}" for name in purposes()
    )
    return (
        f"INSERT INTO out_fitness SELECT $day, '{scope}', scopeId, found.purpose, found.good, found.bad, "
        f"records - found.good - found.bad FROM (SELECT scopeId, sum(records) AS records, unnest([{sums}]) AS found "
        f"FROM ({scoped}) WHERE phase = 'postAmendment' GROUP BY scopeId) ORDER BY scopeId"
    )
