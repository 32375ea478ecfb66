"""The queue: written names that a person should look at, those that most records wait for first, and the coverage.

How names are matched belongs to `matching`; what a person decides about one to `decisions`. What GBIF proposes is shown
here and never applied.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from species.decisions import NameDecision
from species.written.scientific_names import name_key
from store.catalogue import text
from store.warehouse import note_build, replace_rows, transaction

CANDIDATES_SHOWN = 10
SAYS_NO_MORE = "match-nothing"  # than that the name is unmatched
PROPOSAL_SCHEMA = pa.schema([(name, pa.string()) for name in ("name", "key", "gbifID", "proposal")])

# Rows that are records at all, by their pair of names; the first of them as the example.
NAMED = """
CREATE OR REPLACE TEMP TABLE tmp_named AS
SELECT
    coalesce(verbatimScientificName, '') || chr(31) || coalesce(verbatimVernacularName, '') AS nameText,
    count(*) AS records,
    count(*) FILTER (WHERE taxonID IS NULL) AS recordsWaiting,
    min_by({'submissionId': submissionId, 'sheet': sheet, 'line': line}, rowId) AS example
FROM core_record WHERE rowFault IS NULL
GROUP BY ALL
"""
# One row per pair of names and taxon it may mean: what the match proposes, or every taxon of an ambiguous name.
CANDIDATES = """
CREATE OR REPLACE TEMP TABLE tmp_candidate AS
WITH named AS (
    SELECT nameText, taxonID FROM core_name_match WHERE taxonID IS NOT NULL
    UNION SELECT nameText, proposedTaxonID FROM core_name_match WHERE proposedTaxonID IS NOT NULL
    UNION
    SELECT nameText, name.taxonID
    FROM (SELECT nameText, unnest(string_split(matchedName, ' | ')) AS name FROM core_name_match
          WHERE matchType = 'AMBIGUOUS' OR proposedTaxonID IS NULL AND taxonID IS NULL) AS matched
    JOIN core_name AS name USING (name)
)
SELECT named.nameText, taxon.taxonID, taxon.scientificName, taxon.vernacularNameZh,
    coalesce(status.officiallyListed OR status.protectionLevel IS NOT NULL, false) AS listed
FROM named JOIN core_taxon AS taxon USING (taxonID) LEFT JOIN out_species_status AS status USING (taxonID)
"""
PROPOSED = """
CREATE OR REPLACE TEMP TABLE tmp_proposed AS
SELECT proposed.name, any_value(proposed.proposal) AS proposal,
    CASE WHEN count(DISTINCT taxon.taxonID) = 1 THEN min(taxon.taxonID) END AS taxonID,
    CASE WHEN count(DISTINCT taxon.taxonID) = 1 THEN min(taxon.scientificName) END AS scientificName,
    coalesce(bool_or(status.officiallyListed OR status.protectionLevel IS NOT NULL), false) AS listed
FROM proposed
LEFT JOIN core_name AS name ON name.nameKey = proposed.key AND name.nameKind IN ('accepted', 'synonym')
LEFT JOIN core_taxon AS taxon ON taxon.taxonID = coalesce(name.taxonID, proposed.gbifID)
LEFT JOIN out_species_status AS status ON status.taxonID = taxon.taxonID
GROUP BY proposed.name
"""
# An open name such as “Ulmus sp.” says itself that only the genus is known: there is nothing to decide.
WAITING = """
SELECT
    match.nameText, match.verbatimScientificName, match.verbatimVernacularName,
    CASE
        WHEN list_contains($gone, match.nameText) THEN 'decision-gone'
        WHEN match.waitsForPerson THEN 'waits'
        ELSE CASE match.matchType WHEN 'NONE' THEN 'unmatched' WHEN 'HIGHERRANK' THEN 'higher-rank'
            ELSE lower(match.matchType) END
    END AS why,
    match.waitsForPerson OR coalesce(proposed.listed, false)
        OR EXISTS (SELECT 1 FROM tmp_candidate AS one WHERE one.nameText = match.nameText AND one.listed)
        AS concernsListed,
    named.records, named.recordsWaiting, match.matchType, match.confidence, match.taxonID,
    coalesce(match.proposedTaxonID, proposed.taxonID) AS proposedTaxonID,
    coalesce(taxon.scientificName, proposed.scientificName) AS proposedName,
    (SELECT list({'taxonID': taxonID, 'scientificName': scientificName, 'vernacularNameZh': vernacularNameZh,
        'listed': listed} ORDER BY listed DESC, scientificName, taxonID) FROM tmp_candidate AS one
     WHERE one.nameText = match.nameText) AS candidates,
    proposed.proposal, proposed.taxonID AS proposalTaxonID, match.reasons, match.decisionId, submission.fileName,
    named.example.sheet, named.example.line
FROM core_name_match AS match
JOIN tmp_named AS named USING (nameText)
LEFT JOIN tmp_proposed AS proposed ON proposed.name = match.verbatimScientificName
LEFT JOIN core_taxon AS taxon ON taxon.taxonID = match.proposedTaxonID
LEFT JOIN raw_submission AS submission ON submission.submissionId = named.example.submissionId
WHERE list_contains($gone, match.nameText)
    OR (match.decisionId IS NULL AND match.nameText <> chr(31) AND (
        match.waitsForPerson OR match.matchType IN ('NONE', 'AMBIGUOUS', 'FUZZY')
        OR (match.matchType = 'HIGHERRANK' AND coalesce(match.identificationQualifier, '') NOT LIKE 'sp%')))
ORDER BY concernsListed DESC, recordsWaiting DESC, records DESC, match.nameText
"""
COLUMNS = (
    "nameText", "verbatimScientificName", "verbatimVernacularName", "why", "concernsListed", "records",
    "recordsWaiting", "matchType", "confidence", "taxonID", "proposedTaxonID", "proposedName", "candidates",
    "gbifProposal", "reasons", "decisionId", "exampleFile", "exampleSheet", "exampleLine",
)  # fmt: skip
IN_ORDER = (
    f"SELECT {', '.join(COLUMNS)} FROM out_name_queue "
    + """
ORDER BY concernsListed DESC, recordsWaiting DESC, records DESC, nameText
"""
)
# A row without any name is no matter of matching; a rejected row is no record.
COVERAGE = """
WITH named AS (
    SELECT source, taxonID FROM core_record
    WHERE rowFault IS NULL AND (verbatimScientificName IS NOT NULL OR verbatimVernacularName IS NOT NULL)
)
SELECT coalesce(source, 'all') AS source, count(*) AS records, count(taxonID) AS matched,
    count(taxonID) / nullif(count(*), 0) AS coverage, {minimum}::DOUBLE AS minimumCoverage
FROM named GROUP BY GROUPING SETS ((source), ())
"""


@dataclass(frozen=True)
class GbifProposal:
    """What GBIF answered about a name. matchType and confidence (0 to 100) are GBIF's own."""

    name: str
    matchType: str
    confidence: int
    scientificName: str | None
    acceptedKey: str | None
    acceptedScientificName: str | None
    acceptedCanonicalName: str | None


def build_queue(
    connection: duckdb.DuckDBPyConnection,
    gone: Iterable[NameDecision] = (),
    proposals: Iterable[GbifProposal] = (),
) -> int:
    """Rebuild out_name_queue from core_name_match and core_record; returns how many names wait.

    `gone`: decisions whose taxon no source knows any more; `proposals`: what GBIF said, where it was asked.
    """
    gone_texts = [decision.nameText for decision in gone]
    connection.execute(NAMED)
    connection.execute(CANDIDATES)
    _propose(connection, proposals)
    result = connection.execute(WAITING, {"gone": gone_texts})
    names = [column[0] for column in result.description]
    waiting = [_entry(dict(zip(names, row, strict=True))) for row in result.fetchall()]
    with transaction(connection):
        connection.execute("DELETE FROM out_name_queue")
        if waiting:
            columns = {column: [entry[column] for entry in waiting] for column in COLUMNS}
            connection.register("waiting", pa.table(columns))
            connection.execute("INSERT INTO out_name_queue BY NAME SELECT * FROM waiting")
            connection.unregister("waiting")
        return note_build(connection, "out_name_queue")


def build_coverage(connection: duckdb.DuckDBPyConnection, minimum_coverage: float) -> int:
    """Rebuild out_name_coverage from core_record."""
    return replace_rows(connection, "out_name_coverage", COVERAGE.format(minimum=float(minimum_coverage)))


def names_for_gbif(waiting: Iterable[Mapping[str, Any]]) -> list[str]:
    """The scientific names of the queue, most urgent first: what GBIF can be asked about."""
    written = [row["verbatimScientificName"] for row in waiting if row["verbatimScientificName"]]
    return [name for name in dict.fromkeys(written) if name_key(name).isascii()]


def _propose(connection: duckdb.DuckDBPyConnection, proposals: Iterable[GbifProposal]) -> None:
    rows = [
        (
            answer.name,
            name_key(answer.acceptedCanonicalName or answer.acceptedScientificName or ""),
            f"gbif:{answer.acceptedKey}",
            _as_json({
                "matchType": answer.matchType, "confidence": answer.confidence,
                "scientificName": answer.scientificName, "acceptedScientificName": answer.acceptedScientificName,
            }),
        )
        for answer in proposals
        if answer.scientificName
    ]  # fmt: skip
    named = [dict(zip(PROPOSAL_SCHEMA.names, row, strict=True)) for row in rows]
    connection.register("proposed", pa.Table.from_pylist(named, PROPOSAL_SCHEMA))
    try:
        connection.execute(PROPOSED)
    finally:
        connection.unregister("proposed")


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    candidates = (row["candidates"] or [])[:CANDIDATES_SHOWN]
    proposal = json.loads(row["proposal"]) | {"taxonID": row["proposalTaxonID"]} if row["proposal"] else None
    return {column: row.get(column) for column in COLUMNS} | {
        "candidates": _as_json(candidates),
        "gbifProposal": _as_json(proposal) if proposal else None,
        "reasons": _as_json(_reasons(row["why"], row["reasons"], proposal)),
        "exampleFile": row["fileName"], "exampleSheet": row["sheet"], "exampleLine": row["line"],
    }  # fmt: skip


def _reasons(why: str, rules: Sequence[str], proposal: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """Why the name waits, how its match came about, and what GBIF says, one sentence a rule."""
    reasons = [_reason(rule) for rule in (f"queue-{why}", *rules) if rule != SAYS_NO_MORE]
    if proposal:
        said = proposal["acceptedScientificName"] or proposal["scientificName"]
        rule = "queue-gbif-known" if proposal["taxonID"] else "queue-gbif-unknown"
        values = {"match_type": proposal["matchType"], "confidence": proposal["confidence"], "name": said}
        reasons.append(_reason(rule, **values))
    return reasons


def _reason(rule: str, **values: object) -> dict[str, str]:
    return {"rule": rule} | text("species", rule, **values).as_dict()


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
