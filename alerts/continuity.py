"""Continuity: nothing stops alarming because a name changed. What becomes of the last generation's warnings.

A warning whose taxon bears another name or id keeps its warningId; one that would vanish only because a name no longer
means its taxon stays, marked, until a person decides. How this is told belongs to `notices`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count
from typing import Any

import duckdb

from species.changes import find_succession
from store.catalogue import text

# The taxa that stand for a warned one: its successors and what is counted under them, and itself where it came back.
STANDS_FOR = """
CREATE OR REPLACE TEMP TABLE tmp_stands_for AS
WITH direct AS (
    SELECT DISTINCT warning.taxonID AS warnedID, coalesce(latterID, warning.taxonID) AS taxonID
    FROM {former}.out_warning AS warning LEFT JOIN tmp_succession ON formerID = warning.taxonID
)
SELECT warnedID, taxonID FROM direct
UNION
SELECT warnedID, below.taxonID
FROM direct JOIN core_taxon AS taxon USING (taxonID) JOIN core_taxon AS below ON below.speciesName = taxon.canonicalName
"""
# One row per former warning with what became of the records it rests on, as far as they are still written the same.
FATE_OF_EVIDENCE = """
WITH evidence AS (
    SELECT warningId, taxonID AS warnedID, json_extract_string(record, '$.recordId') AS recordId
    FROM (SELECT warningId, taxonID, unnest(from_json(evidence, '["JSON"]')) AS record FROM {former}.out_warning)
),
written AS (
    SELECT recordId, verbatimScientificName, verbatimVernacularName FROM {former}.core_occurrence
    UNION ALL SELECT recordId, verbatimScientificName, verbatimVernacularName FROM {former}.core_quarantine
    WHERE disposition = 'quarantined'
),
nowadays AS (
    SELECT recordId, verbatimScientificName, verbatimVernacularName, taxonID FROM core_occurrence
    UNION ALL SELECT recordId, verbatimScientificName, verbatimVernacularName, taxonID FROM core_quarantine
    WHERE disposition = 'quarantined'
),
unchanged AS (
    SELECT warningId, warnedID, nowadays.taxonID,
        coalesce(nowadays.verbatimScientificName, '') || chr(31) || coalesce(nowadays.verbatimVernacularName, '')
            AS nameText
    FROM evidence JOIN written USING (recordId) JOIN nowadays USING (recordId)
    WHERE written.verbatimScientificName IS NOT DISTINCT FROM nowadays.verbatimScientificName
        AND written.verbatimVernacularName IS NOT DISTINCT FROM nowadays.verbatimVernacularName
),
judged AS (
    SELECT unchanged.*, match.decisionId,
        EXISTS (SELECT 1 FROM tmp_stands_for AS taxon
                WHERE taxon.warnedID = unchanged.warnedID AND taxon.taxonID = unchanged.taxonID) AS stays
    FROM unchanged LEFT JOIN core_name_match AS match USING (nameText)
)
SELECT warningId, bool_or(stays) AS stays, bool_or(NOT stays AND decisionId IS NULL) AS lostItsName,
    bool_or(decisionId IS NOT NULL) AS decided,
    list(DISTINCT replace(trim(nameText, chr(31)), chr(31), ' · ')) FILTER (NOT stays) AS names
FROM judged GROUP BY warningId
"""
# The list goes on naming the taxon, but by a name under which no source knew it before.
LISTING_MOVED = """
SELECT DISTINCT warning.warningId, latter.scientificName
FROM {former}.out_warning AS warning
JOIN {former}.core_name AS name USING (taxonID)
JOIN core_name AS name_now ON name_now.nameKey = name.nameKey
JOIN core_taxon AS latter ON latter.taxonID = name_now.taxonID
JOIN out_species_status AS status ON status.taxonID = latter.taxonID AND status.officiallyListed
WHERE NOT EXISTS (SELECT 1 FROM tmp_stands_for AS taxon
                  WHERE taxon.warnedID = warning.taxonID AND taxon.taxonID = latter.taxonID)
    AND NOT EXISTS (
        SELECT 1 FROM {former}.core_name AS before JOIN {former}.core_taxon AS taxon USING (taxonID)
        WHERE before.nameKey = name.nameKey AND taxon.canonicalName = latter.canonicalName)
ORDER BY warning.warningId, latter.scientificName
"""
FORMER_WARNINGS = """
SELECT warning.* EXCLUDE (reasons), warning.reasons::VARCHAR AS reasons, taxon.canonicalName
FROM {former}.out_warning AS warning LEFT JOIN {former}.core_taxon AS taxon USING (taxonID)
ORDER BY firstSeen, warningId
"""
STILL_LISTED = "SELECT taxonID FROM out_species_status WHERE officiallyListed"

Warning = dict[str, Any]


def carry_over(
    connection: duckdb.DuckDBPyConnection, warnings: Sequence[Warning], former: str, day: date
) -> list[Warning]:
    """The warnings of this run with the ids of those they continue, and the former ones that must not vanish.

    `former`: the name under which the last generation is attached.
    """
    find_stand_ins(connection, former)
    before = _rows(connection, FORMER_WARNINGS.format(former=former))
    continued = _claims(connection, before, warnings)
    kept = _with_ids(warnings, continued, {entry["warningId"] for entry in before})
    claimed = {entry["warningId"] for entries in continued.values() for entry in entries}
    vanished = [entry for entry in before if entry["warningId"] not in claimed]
    return [*kept, *_held(connection, vanished, former, day)]


def find_stand_ins(connection: duckdb.DuckDBPyConnection, former: str) -> None:
    """Note in tmp_stands_for which taxa now stand for each one the last generation warned of (warnedID, taxonID)."""
    find_succession(connection, former, "main")
    connection.execute(STANDS_FOR.format(former=former))


def _claims(
    connection: duckdb.DuckDBPyConnection, before: Iterable[Warning], warnings: Sequence[Warning]
) -> dict[int, list[Warning]]:
    """For each warning, by its number, the former ones it continues, the one whose id it keeps first."""
    names = dict(connection.execute("SELECT taxonID, canonicalName FROM core_taxon").fetchall())
    stands_for = _stands_for(connection)
    claims: dict[int, list[Warning]] = {}
    for entry in before:
        for number, warning in enumerate(warnings):
            same_place = (warning["kind"], warning["placeID"]) == (entry["kind"], entry["placeID"])
            if same_place and warning["taxonID"] in stands_for[entry["taxonID"]]:
                claims.setdefault(number, []).append(entry)
    for number, entries in claims.items():
        own = names.get(warnings[number]["taxonID"])
        entries.sort(key=lambda entry: entry["canonicalName"] != own)
    return claims


def _with_ids(
    warnings: Sequence[Warning], continued: dict[int, list[Warning]], former_ids: set[str]
) -> list[Warning]:
    """Each warning under the id it continues; of two that continue one (a split), the nearer keeps it."""
    nearest = sorted(
        continued, key=lambda number: continued[number][0]["taxonID"] != warnings[number]["taxonID"]
    )
    ids: dict[int, str] = {}
    for number in nearest:
        free = [entry["warningId"] for entry in continued[number] if entry["warningId"] not in ids.values()]
        if free:
            ids[number] = free[0]
    for number, warning in enumerate(warnings):
        if number not in ids:
            own, taken = warning["warningId"], former_ids | set(ids.values())
            # an id that went over to another taxon is not given again
            ids[number] = (
                own
                if own not in taken
                else next(other for n in count(2) if (other := f"{own}-{n}") not in taken)
            )
    return [warning | {"warningId": ids[number]} for number, warning in enumerate(warnings)]


def _held(
    connection: duckdb.DuckDBPyConnection, vanished: Sequence[Warning], former: str, day: date
) -> list[Warning]:
    """Those of the vanished warnings that only a name made vanish, marked."""
    fates = {row["warningId"]: row for row in _rows(connection, FATE_OF_EVIDENCE.format(former=former))}
    moved: dict[str, list[str]] = {}
    for warning_id, name in connection.execute(LISTING_MOVED.format(former=former)).fetchall():
        moved.setdefault(warning_id, []).append(name)
    listed = {taxon for (taxon,) in connection.execute(STILL_LISTED).fetchall()}
    stands_for = _stands_for(connection)
    held = []
    for entry in vanished:
        fate = fates.get(entry["warningId"])
        if fate is None:  # its records are gone, corrected or written otherwise now
            continue
        if fate["lostItsName"] and not fate["stays"]:
            held.append(_marked(entry, day, "held-name", names="; ".join(sorted(fate["names"]))))
        elif fate["stays"] and not fate["decided"] and not listed & stands_for[entry["taxonID"]]:
            if entry["warningId"] in moved:
                held.append(_marked(entry, day, "held-listing", names="; ".join(moved[entry["warningId"]])))
            elif entry["heldSince"]:
                held.append(entry)
    return held


def _marked(entry: Warning, day: date, rule: str, **values: object) -> Warning:
    reasons = [reason for reason in json.loads(entry["reasons"]) if not reason["rule"].startswith("held-")]
    reasons.append({"rule": rule} | text("alerts", rule, **values).as_dict())
    return entry | {
        "reasons": json.dumps(reasons, ensure_ascii=False), "heldSince": entry["heldSince"] or day,
    }  # fmt: skip


def _stands_for(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for warned, taxon in connection.execute("SELECT warnedID, taxonID FROM tmp_stands_for").fetchall():
        found.setdefault(warned, set()).add(taxon)
    return found


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    result = connection.execute(sql)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
