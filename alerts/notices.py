"""Notices: what a change of names, lists or decisions did to each open warning, told in both languages.

The changes themselves are found in `species.changes`; which warnings go on is decided in `continuity`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from alerts.continuity import find_stand_ins
from alerts.retractions import find_retractions
from store.catalogue import text
from store.warehouse import note_build, transaction

# One row per warning of the last generation with what became of it.
FATES = """
WITH former AS (
    SELECT warning.warningId, warning.kind, warning.placeID, warning.placeZh, warning.placeEn, warning.taxonID,
        warning.scientificName, taxon.canonicalName,
        (SELECT list(DISTINCT listTitleZh ORDER BY listTitleZh) FROM {former}.core_listing AS listing
         WHERE listing.taxonID = warning.taxonID AND listKind = 'alien' AND official) AS listsZh,
        (SELECT list(DISTINCT listTitleEn ORDER BY listTitleEn) FROM {former}.core_listing AS listing
         WHERE listing.taxonID = warning.taxonID AND listKind = 'alien' AND official) AS listsEn,
        heldSince
    FROM {former}.out_warning AS warning LEFT JOIN {former}.core_taxon AS taxon USING (taxonID)
),
standing AS (
    SELECT warnedID, bool_or(status.officiallyListed) AS listed,
        list(DISTINCT status.status ORDER BY status.status) AS statuses,
        list(DISTINCT listTitleZh ORDER BY listTitleZh) FILTER (WHERE listing.official) AS listsZh,
        list(DISTINCT listTitleEn ORDER BY listTitleEn) FILTER (WHERE listing.official) AS listsEn
    FROM tmp_stands_for JOIN out_species_status AS status USING (taxonID)
    LEFT JOIN core_listing AS listing ON listing.taxonID = status.taxonID AND listing.listKind = 'alien'
    GROUP BY warnedID
),
moved AS (
    SELECT unnest(warningIds) AS warningId, name, formerly, nowadays, records, decisionId
    FROM out_name_change WHERE kind = 'records'
)
SELECT former.*, now.warningId IS NOT NULL AS goesOn, now.scientificName AS nameNow,
    taxon.canonicalName AS canonicalNow, now.heldSince AS heldNow, standing.listed,
    standing.listsZh AS listsNowZh, standing.listsEn AS listsNowEn,
    (SELECT min(other.warningId) FROM out_warning AS other JOIN tmp_stands_for AS stand ON stand.taxonID = other.taxonID
     WHERE stand.warnedID = former.taxonID AND other.kind = former.kind AND other.placeID = former.placeID
        AND other.warningId <> former.warningId) AS mergedInto,
    (SELECT list({{'name': name, 'nowadays': nowadays, 'records': records, 'decisionId': decisionId}} ORDER BY name)
     FROM moved WHERE moved.warningId = former.warningId) AS moved,
    EXISTS (SELECT 1 FROM out_name_change AS change
            WHERE kind = 'status' AND list_contains(change.warningIds, former.warningId)) AS statusChanged
FROM former LEFT JOIN out_warning AS now USING (warningId)
LEFT JOIN core_taxon AS taxon ON taxon.taxonID = now.taxonID
LEFT JOIN standing ON standing.warnedID = former.taxonID
ORDER BY former.warningId
"""
REMEMBERED = """
INSERT INTO out_notice BY NAME
SELECT * FROM {former}.out_notice
WHERE day BETWEEN $day - to_months($months) AND $day AND noticeId NOT IN (SELECT noticeId FROM out_notice)
"""
SCHEMA = pa.schema([
    ("noticeId", pa.string()), ("warningId", pa.string()), ("kind", pa.string()), ("day", pa.date32()),
    ("scientificName", pa.string()), ("placeZh", pa.string()), ("placeEn", pa.string()), ("zh", pa.string()),
    ("en", pa.string()),
])  # fmt: skip

Row = dict[str, Any]


def build_notices(
    connection: duckdb.DuckDBPyConnection, former: str | None, day: date, months_kept: int
) -> int:
    """Rebuild out_notice: what is new since the last generation, and what it told that is not too old.

    `former`: the name under which the last generation is attached, whose warnings `build_warnings` has carried over.
    """
    told = list(_told(connection, former, day)) if former else []
    with transaction(connection):
        connection.execute("DELETE FROM out_notice")
        if told:
            connection.register("told", pa.Table.from_pylist(told, SCHEMA))
            connection.execute("INSERT INTO out_notice BY NAME SELECT * FROM told")
            connection.unregister("told")
        if former:
            connection.execute(REMEMBERED.format(former=former), {"day": day, "months": months_kept})
        return note_build(connection, "out_notice")


def _told(connection: duckdb.DuckDBPyConnection, former: str, day: date) -> Iterator[Row]:
    find_stand_ins(connection, former)
    result = connection.execute(FATES.format(former=former))
    names = [column[0] for column in result.description]
    for values in result.fetchall():
        row = dict(zip(names, values, strict=True))
        for kind, told in _sentences(row):
            yield _notice(row | {"scientificName": row["nameNow"] or row["scientificName"]}, kind, day, told)
    for row, kind in find_retractions(connection, former):
        told = {"former": row["scientificName"], "records": row["records"], "nowadays": row["latterNames"]}
        yield _notice(row, kind, day, told)


def _notice(row: Row, kind: str, day: date, told: dict[str, Any]) -> Row:
    said = text("alerts", f"notice-{kind}", **told)
    key = "\x1f".join((row["warningId"], kind, day.isoformat(), said.en))
    return {
        "noticeId": "n-" + hashlib.sha256(key.encode()).hexdigest()[:12], "warningId": row["warningId"],
        "kind": kind, "day": day, "scientificName": row["scientificName"],
        "placeZh": row["placeZh"], "placeEn": row["placeEn"], "zh": said.zh, "en": said.en,
    }  # fmt: skip


def _sentences(row: Row) -> Iterable[tuple[str, dict[str, Any]]]:
    """Kinds of notice with their values: first what became of the warning, then what of its records and lists."""
    own = {"former": row["canonicalName"] or row["scientificName"]}
    decided = any(change["decisionId"] for change in row["moved"] or ())
    if not row["goesOn"]:
        yield from _ended(row, own, decided)
    elif row["heldNow"]:
        if not row["heldSince"]:
            yield "held", own
    elif row["heldSince"]:
        yield "resumed", own
    if (
        row["goesOn"]
        and row["canonicalNow"]
        and row["canonicalNow"] != row["canonicalName"]
        and row["canonicalName"]
    ):
        yield "renamed", own | {"name": row["canonicalNow"]}
    for change in row["moved"] or ():
        values = {"name": change["name"], "records": change["records"], "nowadays": change["nowadays"]}
        rule = "records" if change["nowadays"] else "records-none"
        yield (f"{rule}-decided" if change["decisionId"] else rule), values
    if row["goesOn"] and not row["heldNow"] and row["listsEn"] != row["listsNowEn"]:
        yield "listing", {
            "before_zh": _joined("、", row["listsZh"]), "before_en": _joined("; ", row["listsEn"]),
            "after_zh": _joined("、", row["listsNowZh"]), "after_en": _joined("; ", row["listsNowEn"]),
        }  # fmt: skip


def _joined(separator: str, titles: Iterable[str] | None) -> str:
    return separator.join(titles or ()) or "—"


def _ended(row: Row, own: dict[str, Any], decided: bool) -> Iterable[tuple[str, dict[str, Any]]]:
    """Why a warning ended, where names, lists or decisions ended it; one whose news has grown old ends unsaid."""
    if row["mergedInto"]:
        yield "merged", own | {"other": row["mergedInto"]}
    elif decided:
        yield "decided", own
    elif row["listed"] is False:
        yield "delisted", own
    elif row["statusChanged"]:
        yield "status", own
