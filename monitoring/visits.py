"""Visits: the effort and the completeness of each survey visit, and what is wrong with the visit as a whole.

What a cell about effort says is read in `surveys.protocols.effort`, which rows make a visit is decided in
`surveys.protocols.rows`; how a fault is told belongs to `quality`, the visits' table to `events`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import duckdb
import pyarrow as pa

from store.engine import duckdb_engine
from surveys.protocols.catalogue import Protocol, protocols
from surveys.protocols.choices import read_choice
from surveys.protocols.effort import (
    Cell,
    Effort,
    SaidOfVisit,
    contradicts,
    day_of,
    sample_size,
    says_enough,
    unread,
    work_out,
)
from surveys.protocols.units import header_tables

LAST_START_OF_A_DAY_SURVEY = "17:00"
# Term: whether its header may state a unit. Of each the first and the last value in order of writing are compared.
SAID_TERMS = {
    "sampleSizeValue": True, "samplingEffort": True, "eventDurationValue": True, "totalAreaSampledValue": True,
    "transectWidth": True, "observationRadius": True, "observerCount": False, "deploymentStart": False,
    "deploymentEnd": False, "cameraFailureDays": False, "targetTaxonomicScope": False,
    "isTaxonomicScopeFullyReported": False,
}  # fmt: skip
ROWS_OF_VISITS = """
CREATE OR REPLACE TEMP VIEW tmp_visit_row AS
SELECT
    record.eventKey, record.submissionId, record.protocol, record.vegetationLayer, record.occurrenceStatus,
    record.verbatimScientificName, record.verbatimVernacularName, record.eventDate, record.eventDateStart,
    record.eventDateEnd, record.eventTime, record.decimalLongitude, record.decimalLatitude, record.individualCount,
    record.organismQuantityType, record.locality,
    raw.rowNumber, raw.sheet, raw.headerLine, raw.block, raw.eventID, raw.parentEventID, raw.samplingProtocol,
    raw.routePoint, raw.absentTaxa, {terms}
FROM {records} AS record
JOIN raw_survey AS raw ON raw.submissionId = record.submissionId AND raw.rowNumber = {row_number}
WHERE record.source = 'survey' AND record.eventKey IS NOT NULL AND record.rowFault IS NULL
"""
# One row per visit and, in quadrats, layer: each layer may have an area of its own.
BY_LAYER = """
CREATE OR REPLACE TEMP TABLE tmp_visit_layer AS
SELECT
    eventKey,
    CASE WHEN protocol = 'quadrat' THEN vegetationLayer END AS layer,
    min(protocol) AS protocol,
    min(rowNumber) AS firstRow,
    bool_or(list_has_any(header.columnTerms, $effortTerms)) AS hasEffortColumn,
    min(eventTime) AS eventTime,
    {said}
FROM tmp_visit_row AS row
LEFT JOIN tmp_header AS header
    ON header.submissionId = row.submissionId AND header.sheet = row.sheet
    AND header.headerLine = row.headerLine AND header.block = row.block
GROUP BY ALL
"""
# What a visit says in all its cells together; a time of day says something of effort only where it is a span.
VISITS = """
CREATE OR REPLACE TEMP TABLE tmp_visit AS
WITH visit AS (
    SELECT
        eventKey,
        min(protocol) AS protocol,
        min(firstRow) AS firstRow,
        coalesce(bool_or(hasEffortColumn), false) AS hasEffortColumn,
        min(eventTime) AS time,
        list([minOf_sampleSizeValue, maxOf_sampleSizeValue, unitOf_sampleSizeValue] ORDER BY layer)
            FILTER (WHERE minOf_sampleSizeValue IS NOT NULL) AS sizes,
        {cells}
    FROM tmp_visit_layer GROUP BY eventKey
)
SELECT
    eventKey, firstRow,
    struct_pack(
        protocol := protocol, hasEffortColumn := hasEffortColumn,
        eventTime := CASE WHEN contains(time, '/') THEN time END, sizes := sizes,
        routeLengthInMeters := route.meters, spreadInMeters := spread.meters, {packed}
    ) AS said
FROM visit LEFT JOIN tmp_route AS route USING (eventKey) LEFT JOIN ({spreads}) AS spread USING (eventKey)
"""
# Most visits say the same, or nothing: each thing said is worked out once.
SAID = """
CREATE OR REPLACE TEMP TABLE tmp_visit_said AS
SELECT row_number() OVER () AS number, said FROM (SELECT DISTINCT said FROM tmp_visit)
"""
EFFORT_OF_VISITS = """
CREATE OR REPLACE TEMP TABLE tmp_visit_effort AS
SELECT eventKey, effort.* EXCLUDE (number)
FROM tmp_visit JOIN tmp_visit_said USING (said) JOIN said_effort AS effort USING (number)
"""
FAULTS_OF_VISITS = """
CREATE OR REPLACE TEMP TABLE tmp_visit_fault AS
SELECT eventKey, firstRow, visitFaults
FROM tmp_visit JOIN tmp_visit_said USING (said) JOIN said_fault USING (number)
"""
POINTS_OF_ROUTES = """
SELECT eventKey, any_value(decimalLongitude), any_value(decimalLatitude)
FROM (
    SELECT *, try_cast(regexp_extract(routePoint, '[0-9]{1,9}') AS BIGINT) AS place FROM tmp_visit_row
    WHERE decimalLongitude BETWEEN -180 AND 180 AND decimalLatitude BETWEEN -90 AND 90
)
WHERE place IS NOT NULL
GROUP BY eventKey, place
ORDER BY eventKey, place
"""
# How far apart the points of a visit lie: the diagonal of the box around them, on a sphere.
SPREADS = """
SELECT eventKey, 111_195 * sqrt(
    pow(max(decimalLatitude) - min(decimalLatitude), 2)
    + pow((max(decimalLongitude) - min(decimalLongitude)) * cos(radians(avg(decimalLatitude))), 2)) AS meters
FROM tmp_visit_row WHERE decimalLatitude BETWEEN -90 AND 90 AND decimalLongitude BETWEEN -180 AND 180
GROUP BY eventKey HAVING meters > 100
"""
EFFORT = pa.schema([
    ("number", pa.int64()), ("deploymentStart", pa.string()), ("deploymentEnd", pa.string()),
    ("sampleSizeValue", pa.float64()), ("sampleSizeUnit", pa.string()),
    ("eventDurationValue", pa.float64()), ("eventDurationUnit", pa.string()),
    ("totalAreaSampledValue", pa.float64()), ("totalAreaSampledUnit", pa.string()),
    ("samplingEffortValue", pa.float64()), ("samplingEffortUnit", pa.string()),
    ("samplingEffortProtocol", pa.string()), ("observerCount", pa.int32()),
    ("targetTaxonomicScope", pa.string()), ("isTaxonomicScopeFullyReported", pa.bool_()),
])  # fmt: skip
FAULTS = pa.schema([("number", pa.int64()), ("visitFaults", pa.map_(pa.string(), pa.string()))])
LENGTHS = pa.schema([("eventKey", pa.string()), ("meters", pa.float64())])


@dataclass(frozen=True)
class _Visit:
    """What visits say: the first and last value of each term, and of quadrats the sizes layer by layer."""

    protocol: Protocol | None
    hasEffortColumn: bool
    eventTime: str | None
    sizes: list[list[str | None]]
    first: dict[str, Cell]
    last: dict[str, Cell]
    routeLengthInMeters: float | None
    spreadInMeters: float | None


def find_visits(connection: duckdb.DuckDBPyConnection, records: str, row_number: str) -> None:
    """Make tmp_visit_effort, one row per visit, and tmp_visit_fault, one row per visit at which something is wrong.

    `row_number` is the SQL of the number of a record's row in its file.
    """
    _gather_visits(connection, records, row_number)
    efforts: list[dict[str, Any]] = []
    faults: list[dict[str, Any]] = []
    for number, said in connection.execute("SELECT number, said FROM tmp_visit_said").fetchall():
        visit = _visit(said)
        effort = work_out(_said(visit), visit.protocol)
        efforts.append({"number": number} | _effort_row(visit, effort))
        if found := dict(_faults(visit, effort)):
            faults.append({"number": number, "visitFaults": list(found.items())})
    for name, rows, schema, sql in (
        ("said_effort", efforts, EFFORT, EFFORT_OF_VISITS),
        ("said_fault", faults, FAULTS, FAULTS_OF_VISITS),
    ):
        connection.register(name, pa.Table.from_pylist(rows, schema))
        connection.execute(sql)
        connection.unregister(name)
    connection.register("tmp_protocol", _kinds_of_event())


def _gather_visits(connection: duckdb.DuckDBPyConnection, records: str, row_number: str) -> None:
    """Make tmp_visit, one row per visit with all it says, and tmp_visit_said, one row per distinct thing said."""
    header_tables(duckdb_engine(connection))
    connection.execute(
        ROWS_OF_VISITS.format(
            records=records, row_number=row_number, terms=", ".join(f"raw.{term}" for term in SAID_TERMS)
        )
    )
    said = ",\n    ".join(
        f"min({term}) AS minOf_{term}, max({term}) AS maxOf_{term}, "
        + (f"min(header.unitOf_{term})" if has_unit else "NULL::VARCHAR") + f" AS unitOf_{term}"
        for term, has_unit in SAID_TERMS.items()
    )  # fmt: skip
    effort_terms = sorted({term for p in protocols().values() for group in p.effort for term in group})
    connection.execute(BY_LAYER.format(said=said), {"effortTerms": effort_terms})
    connection.register("tmp_route", pa.Table.from_pylist(list(_route_lengths(connection)), LENGTHS))
    cells = ", ".join(
        f"[min(minOf_{term}), max(maxOf_{term}), min(unitOf_{term})] AS {term}" for term in SAID_TERMS
    )
    packed = ", ".join(f"{term} := {term}" for term in SAID_TERMS)
    connection.execute(VISITS.format(cells=cells, packed=packed, spreads=SPREADS))
    connection.execute(SAID)
    connection.unregister("tmp_route")


def _visit(said: dict[str, Any]) -> _Visit:
    cells = {term: said[term] for term in SAID_TERMS}
    return _Visit(
        protocol=protocols().get(said["protocol"]),
        hasEffortColumn=said["hasEffortColumn"],
        eventTime=said["eventTime"],
        sizes=said["sizes"] or [],
        first={term: Cell(low, unit) for term, (low, _, unit) in cells.items()},
        last={term: Cell(high, unit) for term, (_, high, unit) in cells.items()},
        routeLengthInMeters=said["routeLengthInMeters"],
        spreadInMeters=said["spreadInMeters"],
    )


def _said(visit: _Visit) -> SaidOfVisit:
    first = visit.first
    return SaidOfVisit(
        sampleSize=_largest(visit),
        samplingEffort=first["samplingEffort"],
        duration=first["eventDurationValue"],
        area=first["totalAreaSampledValue"],
        width=first["transectWidth"],
        radius=first["observationRadius"],
        eventTime=visit.eventTime,
        observers=first["observerCount"].text,
        deploymentStart=first["deploymentStart"].text,
        deploymentEnd=first["deploymentEnd"].text,
        failureDays=first["cameraFailureDays"].text,
        routeLengthInMeters=visit.routeLengthInMeters,
    )


def _largest(visit: _Visit) -> Cell:
    """The size of the visit: in a quadrat whose layers have areas of their own, the largest."""
    cells = [Cell(low, unit) for low, _, unit in visit.sizes]
    sizes = [(size.value, cell) for cell in cells if (size := sample_size(cell, visit.protocol))]
    return max(sizes, key=lambda pair: pair[0])[1] if sizes else visit.first["sampleSizeValue"]


def _effort_row(visit: _Visit, effort: Effort) -> dict[str, Any]:
    start, end = (day_of(visit.first[term].text) for term in ("deploymentStart", "deploymentEnd"))
    is_deployment = start is not None and end is not None and start <= end
    return {
        "deploymentStart": str(start) if is_deployment else None,
        "deploymentEnd": str(end) if is_deployment else None,
        "sampleSizeValue": effort.sampleSizeValue,
        "sampleSizeUnit": effort.sampleSizeUnit,
        "eventDurationValue": effort.durationInMinutes,
        "eventDurationUnit": _unit("minutes", effort.durationInMinutes),
        "totalAreaSampledValue": effort.areaInSquareMeters,
        "totalAreaSampledUnit": _unit("m2", effort.areaInSquareMeters),
        "samplingEffortValue": effort.samplingEffortValue,
        "samplingEffortUnit": effort.samplingEffortUnit,
        "samplingEffortProtocol": effort.samplingEffortProtocol,
        "observerCount": effort.observerCount,
        "targetTaxonomicScope": _scope(visit),
        "isTaxonomicScopeFullyReported": _is_complete(visit),
    }


def _unit(unit: str, value: float | None) -> str | None:
    return unit if value is not None else None


def _scope(visit: _Visit) -> str | None:
    """The group looked for: as the file says it, else the one that the protocol is for."""
    written = visit.first["targetTaxonomicScope"].text
    usual = visit.protocol.scope if visit.protocol else ""
    return (read_choice("targetTaxonomicScope", written) or written) if written else usual or None


def _is_complete(visit: _Visit) -> bool | None:
    """Whether everything of the group looked for was written down; never so of casual records."""
    if visit.protocol and visit.protocol.is_presence_only:
        return False
    said = read_choice("yesNo", visit.first["isTaxonomicScopeFullyReported"].text)
    return None if said is None else said == "true"


def _faults(visit: _Visit, effort: Effort) -> Iterator[tuple[str, str]]:
    """Name of each fault of a visit, with the values at fault."""
    protocol, spread_in_meters = visit.protocol, visit.spreadInMeters
    if protocol and visit.hasEffortColumn and not says_enough(effort, protocol):
        yield "effort-missing", visit.first["eventDurationValue"].text or ""
    if cells := unread(_said(visit), effort, protocol):
        yield "effort-unread", ", ".join(text for _, text in cells)
        yield "effort-unread-term", cells[0][0]
    if differing := list(_contradictions(visit)):
        yield "contradiction", ", ".join(f"{one.text} / {other.text}" for _, one, other in differing)
        yield "contradiction-term", differing[0][0]
    if protocol and spread_in_meters and spread_in_meters > protocol.spreadInMeters:
        yield "spread", f"{spread_in_meters / 1000:.1f} km"
    start, end = visit.first["deploymentStart"].text, visit.last["deploymentEnd"].text
    first_day, last_day = day_of(start), day_of(end)
    if first_day and last_day and last_day < first_day:
        yield "deployment-order", f"{start} / {end}"
    if _ends_before_it_starts(visit):
        yield "time-order", visit.eventTime or ""
    yield from _faults_of_completeness(visit)


def _contradictions(visit: _Visit) -> Iterator[tuple[str, Cell, Cell]]:
    """Term and two cells of one visit that say different things; layer by layer for the area of a quadrat."""
    pairs = [("sampleSizeValue", Cell(low, unit), Cell(high, unit)) for low, high, unit in visit.sizes]
    pairs += [(term, visit.first[term], visit.last[term]) for term in SAID_TERMS if term != "sampleSizeValue"]
    for term, one, other in pairs:
        if contradicts(one, other, visit.protocol):
            yield term, one, other


def _ends_before_it_starts(visit: _Visit) -> bool:
    """A survey that starts in the evening may well end past midnight."""
    start, _, end = (visit.eventTime or "").partition("/")
    return bool(end) and end[:5] < start[:5] < LAST_START_OF_A_DAY_SURVEY


def _faults_of_completeness(visit: _Visit) -> Iterator[tuple[str, str]]:
    written = visit.first["isTaxonomicScopeFullyReported"].text
    if not written:
        return
    said = read_choice("yesNo", written)
    if said is None:
        yield "completeness-unread", written
    elif said == "true" and visit.protocol and visit.protocol.is_presence_only:
        yield "completeness-casual", written
    elif said == "true" and _scope(visit) is None:
        yield "completeness-scope", written


def _route_lengths(connection: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    """eventKey and metres along the points of each visit that has at least two in order."""
    points = connection.execute(POINTS_OF_ROUTES).fetchall()
    legs = [(one, other) for one, other in pairwise(points) if one[0] == other[0]]
    if not legs:
        return
    from pyproj import Geod

    _, _, meters = Geod(ellps="WGS84").inv(
        [one[1] for one, _ in legs], [one[2] for one, _ in legs],
        [other[1] for _, other in legs], [other[2] for _, other in legs],
    )  # fmt: skip
    legs_of_visits = groupby(zip(legs, meters, strict=True), key=lambda leg: leg[0][0][0])
    for key, legs_of_visit in legs_of_visits:
        yield {"eventKey": key, "meters": float(sum(length for _, length in legs_of_visit))}


def _kinds_of_event() -> pa.Table:
    """What core_event says of a visit by its protocol alone: one row per protocol."""
    return pa.Table.from_pylist([
        {
            "protocol": protocol.id, "eventType": protocol.eventType, "inventoryTypes": protocol.inventoryTypes,
            "eventCategory": "Occurrence" if protocol.is_presence_only else "Survey",
        }
        for protocol in protocols().values()
    ])  # fmt: skip
