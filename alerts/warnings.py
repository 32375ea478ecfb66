"""Warnings: what the system concludes from a novelty, with proposed level, reasons and evidence.

A level is a proposal to the gardening centre, never a proclamation. Finding what is new belongs to `novelty`, what
becomes of the last generation's warnings to `continuity`.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import duckdb

from alerts.continuity import carry_over
from alerts.novelty import evidence_of, find_novelties
from store.catalogue import text
from store.region import Region, Thresholds
from store.warehouse import note_build, transaction

EVIDENCE_SHOWN = 100
COLUMNS = (
    "warningId", "kind", "taxonID", "scientificName", "vernacularName", "placeKind", "placeID", "placeZh",
    "placeEn", "level", "late", "firstEventDate", "firstSeen", "decimalLatitude", "decimalLongitude",
    "recordCount", "reasons", "evidence", "heldSince",
)  # fmt: skip


def build_warnings(
    connection: duckdb.DuckDBPyConnection, region: Region, day: date, former: str | None = None
) -> int:
    """Rebuild out_warning as of a day; returns the number of warnings.

    `former`: the name under which the last generation is attached, whose warnings go on.
    """
    warnings = [
        _warning(region, novelty, evidence_of(connection, region, novelty, day))
        for novelty in find_novelties(connection, region, day)
    ]
    if former is not None:
        warnings = carry_over(connection, warnings, former, day)
    with transaction(connection):
        connection.execute("DELETE FROM out_warning")
        if warnings:
            places = ", ".join("?" * len(COLUMNS))
            connection.executemany(
                f"INSERT INTO out_warning ({', '.join(COLUMNS)}) VALUES ({places})",
                [[warning[column] for column in COLUMNS] for warning in warnings],
            )
        return note_build(connection, "out_warning")


def warning_id(kind: str, taxonID: str, placeID: str) -> str:
    """The same taxon new to the same place is the same warning in every run."""
    return "w-" + hashlib.sha256(f"{kind}\x1f{taxonID}\x1f{placeID}".encode()).hexdigest()[:12]


def _warning(region: Region, novelty: dict[str, Any], evidence: list[dict[str, Any]]) -> dict[str, Any]:
    first = next(record for record in evidence if record["isFirst"])
    earliest = evidence[0]
    # where to look: the first record of a place, but the nearest one of what approaches
    nearest = min(evidence, key=lambda record: record["distanceToRegionInKilometers"] or 0.0)
    shown = nearest if novelty["kind"] == "approaching" else first
    delay_in_days = (first["firstSeen"].date() - first["eventDateStart"]).days
    late = delay_in_days > region.thresholds.lateAfterDays
    return {
        "warningId": warning_id(novelty["kind"], novelty["taxonID"], novelty["placeID"]),
        "kind": novelty["kind"],
        "taxonID": novelty["taxonID"],
        "scientificName": novelty["scientificName"],
        "vernacularName": novelty["vernacularNameZh"],
        "placeKind": novelty["placeKind"],
        "placeID": novelty["placeID"],
        "placeZh": novelty["nameZh"],
        "placeEn": novelty["nameEn"],
        "level": proposed_level(novelty, region.thresholds),
        "late": late,
        "firstEventDate": earliest["eventDate"],
        "firstSeen": first["firstSeen"],
        "decimalLatitude": shown["decimalLatitude"],
        "decimalLongitude": shown["decimalLongitude"],
        "recordCount": novelty["recordCount"],
        "reasons": _as_json(_reasons(region, novelty, first, delay_in_days if late else None)),
        "evidence": _as_json([_shown(record) for record in evidence[:EVIDENCE_SHOWN]]),
        "heldSince": None,
    }


def proposed_level(novelty: dict[str, Any], limits: Thresholds) -> str:
    """red, orange, yellow or blue: how wide the place it is new to, and in how many sites it already is."""
    spreading = novelty["siteCount"] >= limits.orangeFromSites
    if novelty["kind"] == "new-to-region":
        return "red" if spreading else "orange"
    if novelty["kind"] == "new-to-division":
        return "orange" if spreading else "yellow"
    if novelty["kind"] == "approaching":
        return "yellow" if novelty["nearestInKilometers"] <= limits.bufferInKilometers / 2 else "blue"
    return "yellow" if spreading else "blue"


def _reasons(
    region: Region, novelty: dict[str, Any], first: dict[str, Any], delay_in_days: int | None
) -> list[dict[str, str]]:
    """Why there is a warning, one sentence a rule, in both languages."""
    reasons = [
        _reason(
            novelty["kind"], place_zh=novelty["nameZh"], place_en=novelty["nameEn"], date=first["eventDate"],
            kilometers=f"{novelty['nearestInKilometers'] or 0:.0f}",
            buffer=f"{region.thresholds.bufferInKilometers:.0f}",
        ),
        _reason(
            "officially-listed", lists_zh="、".join(novelty["listsZh"]), lists_en="; ".join(novelty["listsEn"])
        ),
    ]  # fmt: skip
    if novelty["sureness"] != "high":
        reasons.append(_reason("listing-unconfirmed", sureness=novelty["sureness"]))
    if novelty["siteCount"] > 1:
        reasons.append(_reason("in-sites", sites=novelty["siteCount"]))
    if delay_in_days is not None:
        reasons.append(_reason("learned-late", days=delay_in_days, learned=first["firstSeen"].date()))
    return reasons


def _reason(rule: str, **values: object) -> dict[str, str]:
    return {"rule": rule} | text("alerts", rule, **values).as_dict()


def _shown(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in ("eventDateStart", "isFirst")}


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
