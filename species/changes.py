"""Changes: what two states of names, lists and decisions differ in, and which records and warnings that concerns.

A state is a database with the tables of an index (core_taxon, core_name, core_listing), out_species_status and
core_name_match: a generation, the warehouse, or one built for the purpose. Taxa are compared by their names, for a
source may give a taxon another id. What becomes of a warning belongs to `alerts`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import duckdb
import pyarrow as pa

from store.warehouse import note_build, transaction

EXAMPLES_SHOWN = 3
SCIENTIFIC = "nameKind IN ('accepted', 'synonym')"
SAID_OF_STATUS = (
    "concat_ws(', ', status, establishmentMeans, degreeOfEstablishment, protectionLevel, sensitivityClass, "
    "CASE WHEN officiallyListed THEN 'officiallyListed' END)"
)

# Which taxon now stands for a former one: the one of its accepted name; else of its id, its synonyms, its other names
# (these only where no such taxon was known before: different species share common names).
SUCCESSION = """
CREATE OR REPLACE TEMP TABLE tmp_succession AS
WITH reached AS (
    SELECT former.taxonID AS formerID, latter.taxonID AS latterID, 1 AS distance
    FROM {former}.core_taxon AS former JOIN {latter}.core_taxon AS latter
        ON lower(former.canonicalName) = lower(latter.canonicalName)
    UNION ALL
    SELECT taxonID, taxonID, 3 FROM {former}.core_taxon JOIN {latter}.core_taxon USING (taxonID)
    UNION ALL
    SELECT former.taxonID, latter.taxonID,
        CASE former.nameKind WHEN 'accepted' THEN 2 WHEN 'synonym' THEN 4 ELSE 5 END
    FROM {former}.core_name AS former JOIN {latter}.core_name AS latter USING (nameKey)
    JOIN {latter}.core_taxon AS taxon ON taxon.taxonID = latter.taxonID
    WHERE former.nameKind IN ('accepted', 'synonym')
        OR taxon.canonicalName NOT IN (SELECT canonicalName FROM {former}.core_taxon)
)
SELECT DISTINCT formerID, latterID FROM reached
QUALIFY rank() OVER (PARTITION BY formerID ORDER BY distance) = 1
"""
# One row per scientific name and the meanings it lost and gained.
MEANINGS = f"""
CREATE OR REPLACE TEMP TABLE tmp_meaning AS
WITH former AS (
    SELECT nameKey, any_value(name) AS name, list(DISTINCT canonicalName ORDER BY canonicalName) AS taxa
    FROM {{former}}.core_name JOIN {{former}}.core_taxon USING (taxonID) WHERE {SCIENTIFIC} GROUP BY nameKey
),
latter AS (
    SELECT nameKey, list(DISTINCT canonicalName ORDER BY canonicalName) AS taxa
    FROM {{latter}}.core_name JOIN {{latter}}.core_taxon USING (taxonID) WHERE {SCIENTIFIC} GROUP BY nameKey
)
SELECT nameKey, former.name,
    list_filter(former.taxa, lambda taxon: NOT list_contains(latter.taxa, taxon)) AS lost,
    list_filter(latter.taxa, lambda taxon: NOT list_contains(former.taxa, taxon)) AS gained
FROM former JOIN latter USING (nameKey)
WHERE former.taxa IS DISTINCT FROM latter.taxa
"""
# renamed: an accepted name gave way to one that was none; merged: to one that already was; split: a synonym of the
# taxon now is an accepted name of its own; moved: a synonym went over to another taxon.
TAXA = """
CREATE OR REPLACE TEMP TABLE tmp_change AS
WITH pair AS (
    SELECT nameKey, name, unnest(lost) AS formerly, gained FROM tmp_meaning WHERE len(gained) > 0
),
moved AS (SELECT nameKey, name, formerly, unnest(gained) AS nowadays FROM pair),
own AS (
    SELECT DISTINCT name.nameKey, taxon.canonicalName
    FROM {former}.core_taxon AS taxon JOIN {former}.core_name AS name USING (taxonID) WHERE nameKind = 'accepted'
),
judged AS (
    SELECT moved.formerly, moved.nowadays, moved.name,
        EXISTS (SELECT 1 FROM {former}.core_taxon AS taxon WHERE taxon.canonicalName = moved.nowadays) AS wasAccepted,
        EXISTS (SELECT 1 FROM {latter}.core_taxon AS taxon WHERE taxon.canonicalName = moved.formerly) AS staysAccepted,
        EXISTS (SELECT 1 FROM own WHERE own.canonicalName = moved.formerly AND own.nameKey = moved.nameKey) AS isOwnName
    FROM moved
),
followed AS (SELECT formerly, nowadays FROM judged WHERE isOwnName)
SELECT DISTINCT kind, name, formerly, nowadays FROM (
    SELECT CASE WHEN wasAccepted THEN 'merged' ELSE 'renamed' END AS kind, formerly AS name, formerly, nowadays
    FROM judged WHERE isOwnName AND NOT staysAccepted
    UNION ALL
    SELECT CASE WHEN wasAccepted THEN 'moved' ELSE 'split' END,
        CASE WHEN wasAccepted THEN name ELSE formerly END, formerly, nowadays
    FROM judged WHERE NOT isOwnName
        AND NOT EXISTS (SELECT 1 FROM followed
                        WHERE followed.formerly = judged.formerly AND followed.nowadays = judged.nowadays)
    UNION ALL
    SELECT 'gone', taxon.canonicalName, taxon.canonicalName, NULL
    FROM {former}.core_taxon AS taxon WHERE taxon.taxonID NOT IN (SELECT formerID FROM tmp_succession)
    UNION ALL
    SELECT 'added', taxon.canonicalName, NULL, taxon.canonicalName
    FROM {latter}.core_taxon AS taxon WHERE taxon.taxonID NOT IN (SELECT latterID FROM tmp_succession)
    UNION ALL
    SELECT 'renamed', former.canonicalName, former.canonicalName, latter.canonicalName
    FROM tmp_succession JOIN {former}.core_taxon AS former ON former.taxonID = formerID
    JOIN {latter}.core_taxon AS latter ON latter.taxonID = latterID
    JOIN own ON own.canonicalName = former.canonicalName
    WHERE lower(former.canonicalName) <> lower(latter.canonicalName)
        AND own.nameKey NOT IN (SELECT nameKey FROM {latter}.core_name)
    UNION ALL
    SELECT 'name-gone', name, canonicalName, NULL FROM {former}.core_name JOIN {former}.core_taxon USING (taxonID)
    WHERE nameKind <> 'accepted' AND nameKey NOT IN (SELECT nameKey FROM {latter}.core_name)
    UNION ALL
    SELECT 'name-added', name, NULL, canonicalName FROM {latter}.core_name JOIN {latter}.core_taxon USING (taxonID)
    WHERE nameKind <> 'accepted' AND nameKey NOT IN (SELECT nameKey FROM {former}.core_name)
)
"""
# A listing stays where the list still names the taxon or what it is called now.
LISTINGS = """
INSERT INTO tmp_change
WITH former AS (
    SELECT listID, coalesce(value, '') AS value, former.canonicalName AS formerly, latter.canonicalName AS nowadays
    FROM {former}.core_listing JOIN {former}.core_taxon AS former USING (taxonID)
    LEFT JOIN tmp_succession ON formerID = former.taxonID
    LEFT JOIN {latter}.core_taxon AS latter ON latter.taxonID = latterID
),
latter AS (
    SELECT listID, coalesce(value, '') AS value, canonicalName AS nowadays
    FROM {latter}.core_listing JOIN {latter}.core_taxon USING (taxonID)
)
SELECT DISTINCT 'listing', coalesce(former.formerly, latter.nowadays),
    CASE WHEN former.listID IS NOT NULL THEN listID || ': ' || former.value END,
    CASE WHEN latter.listID IS NOT NULL THEN listID || ': ' || latter.value END
FROM former FULL JOIN latter USING (listID, nowadays)
WHERE former.value IS DISTINCT FROM latter.value
"""
STATUSES = f"""
INSERT INTO tmp_change
WITH former AS (
    SELECT taxonID, canonicalName, {SAID_OF_STATUS} AS said
    FROM {{former}}.out_species_status JOIN {{former}}.core_taxon USING (taxonID)
),
latter AS (SELECT taxonID, {SAID_OF_STATUS} AS said FROM {{latter}}.out_species_status)
SELECT DISTINCT 'status', former.canonicalName, former.said, latter.said
FROM former JOIN tmp_succession ON formerID = former.taxonID JOIN latter ON latter.taxonID = latterID
WHERE former.said <> latter.said
"""
# What records are called and how many there are; rows that are no records have no name to change.
PUBLISHED_NAMES = """
CREATE OR REPLACE TEMP TABLE tmp_published AS
WITH record AS (
    SELECT verbatimScientificName, verbatimVernacularName, submissionId, sheet, line, recordId, rowId
    FROM {published}.core_occurrence
    UNION ALL
    SELECT verbatimScientificName, verbatimVernacularName, submissionId, sheet, line, recordId, rowId
    FROM {published}.core_quarantine WHERE disposition = 'quarantined'
)
SELECT coalesce(verbatimScientificName, '') || chr(31) || coalesce(verbatimVernacularName, '') AS nameText,
    count(*) AS records,
    list({{'file': fileName, 'sheet': sheet, 'line': line, 'recordId': recordId}} ORDER BY rowId)[:{shown}] AS examples
FROM record LEFT JOIN (SELECT submissionId, fileName FROM {published}.out_source) USING (submissionId)
GROUP BY 1
"""
# A taxon that only bears another id or another name than before is the same taxon.
RECORDS = """
INSERT INTO tmp_change
SELECT 'records', replace(trim(nameText, chr(31)), chr(31), ' · '), formerTaxon.canonicalName,
    latterTaxon.canonicalName, nameText, latter.decisionId
FROM {former}.core_name_match AS former JOIN {latter}.core_name_match AS latter USING (nameText)
JOIN tmp_published USING (nameText)
LEFT JOIN {former}.core_taxon AS formerTaxon ON formerTaxon.taxonID = former.taxonID
LEFT JOIN {latter}.core_taxon AS latterTaxon ON latterTaxon.taxonID = latter.taxonID
WHERE (former.taxonID IS NULL) <> (latter.taxonID IS NULL)
    OR (former.taxonID IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM tmp_succession WHERE formerID = former.taxonID AND latterID = latter.taxonID))
"""
# One row per taxon name that records, lists or warnings of the published generation rest on.
CONCERNED = """
CREATE OR REPLACE TEMP TABLE tmp_concerned AS
WITH matched AS (
    SELECT canonicalName, count(*) AS records,
        list({{'file': fileName, 'sheet': sheet, 'line': line, 'recordId': recordId}} ORDER BY record.rowId)[:{shown}]
            AS examples
    FROM {published}.core_occurrence AS record JOIN {published}.core_taxon USING (taxonID)
    LEFT JOIN (SELECT submissionId, fileName FROM {published}.out_source) USING (submissionId)
    GROUP BY canonicalName
),
warned AS (  -- a subspecies warns as its species
    SELECT taxon.canonicalName, list(DISTINCT warningId ORDER BY warningId) AS warningIds
    FROM {published}.out_warning JOIN {published}.core_taxon AS warned USING (taxonID)
    JOIN {published}.core_taxon AS taxon ON warned.canonicalName IN (taxon.canonicalName, taxon.speciesName)
    GROUP BY taxon.canonicalName
),
listed AS (SELECT DISTINCT canonicalName FROM {former}.core_listing JOIN {former}.core_taxon USING (taxonID))
SELECT canonicalName, coalesce(records, 0)::BIGINT AS records, coalesce(examples, []) AS examples,
    coalesce(warningIds, []) AS warningIds
FROM matched FULL JOIN warned USING (canonicalName) FULL JOIN listed USING (canonicalName)
"""
NOTHING_PUBLISHED = """
CREATE OR REPLACE TEMP TABLE tmp_published (nameText VARCHAR, records BIGINT, examples VARCHAR[]);
CREATE OR REPLACE TEMP TABLE tmp_concerned
    (canonicalName VARCHAR, records BIGINT, examples VARCHAR[], warningIds VARCHAR[])
"""
FOUND = """
SELECT DISTINCT kind, change.name, formerly, nowadays,
    coalesce(written.records, concerned.records, 0) AS records,
    coalesce(written.examples, concerned.examples, []) AS examples,
    coalesce(concerned.warningIds, []) AS warningIds, decisionId
FROM tmp_change AS change
LEFT JOIN tmp_published AS written USING (nameText)
LEFT JOIN tmp_concerned AS concerned ON lower(concerned.canonicalName)
    = lower(CASE WHEN kind IN ('listing', 'status') THEN change.name ELSE formerly END)
ORDER BY kind, change.name, formerly, nowadays
"""
# What a run carries through; further names and taxa that nothing rests on are told by `names diff` only.
CARRIED = ("renamed", "merged", "split", "gone", "listing", "status", "records")

SCHEMA = pa.schema([
    *((name, pa.string()) for name in ("changeId", "kind", "name", "formerly", "nowadays")), ("records", pa.int64()),
    ("examples", pa.string()), ("warningIds", pa.list_(pa.string())), ("decisionId", pa.string()),
])  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One difference; `records` and `examples` ({file, sheet, line, recordId}) are those published."""

    kind: str
    name: str
    formerly: str | None
    nowadays: str | None
    records: int
    examples: list[dict[str, Any]]
    warningIds: list[str]
    decisionId: str | None

    @property
    def change_id(self) -> str:
        said = "\x1f".join((self.kind, self.name, self.formerly or "", self.nowadays or ""))
        return "c-" + hashlib.sha256(said.encode()).hexdigest()[:12]


def find_changes(
    connection: duckdb.DuckDBPyConnection, former: str, latter: str, published: str | None
) -> Iterator[Change]:
    """The changes from one state to another, each a database attached to the connection under that name.

    `published`: the generation whose records and warnings are concerned; None where nothing is published yet.
    """
    find_succession(connection, former, latter)
    for step in (MEANINGS, TAXA, LISTINGS, STATUSES):
        connection.execute(step.format(former=former, latter=latter))
    connection.execute("ALTER TABLE tmp_change ADD COLUMN nameText VARCHAR")
    connection.execute("ALTER TABLE tmp_change ADD COLUMN decisionId VARCHAR")
    for step in (PUBLISHED_NAMES, RECORDS, CONCERNED):
        if published is not None:
            connection.execute(
                step.format(former=former, latter=latter, published=published, shown=EXAMPLES_SHOWN)
            )
    if published is None:
        connection.execute(NOTHING_PUBLISHED)
    for row in connection.execute(FOUND).fetchall():
        yield Change(*row)


def find_succession(connection: duckdb.DuckDBPyConnection, former: str, latter: str) -> None:
    """Note in tmp_succession which taxa now stand for each former one (formerID, latterID)."""
    connection.execute(SUCCESSION.format(former=former, latter=latter))


def build_changes(connection: duckdb.DuckDBPyConnection, former: str | None) -> int:
    """Rebuild out_name_change against the last generation, attached as `former`; returns the number of changes."""
    changes = [
        change
        for change in (find_changes(connection, former, "main", former) if former else ())
        if change.kind in CARRIED and (change.records or change.warningIds or change.kind == "listing")
    ]
    with transaction(connection):
        connection.execute("DELETE FROM out_name_change")
        if changes:
            rows = [
                asdict(change) | {"changeId": change.change_id, "examples": _as_json(change.examples)}
                for change in changes
            ]
            connection.register("changes", pa.Table.from_pylist(rows, SCHEMA))
            connection.execute("INSERT INTO out_name_change BY NAME SELECT * FROM changes")
            connection.unregister("changes")
        return note_build(connection, "out_name_change")


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
