"""Effort: how long, how far and over what area a visit looked, worked out from the cells that say so.

One call per visit. Which rows make a visit is decided in `rows`; whether enough is said, in `monitoring.events`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from surveys.protocols.catalogue import Protocol
from surveys.values.dates import read_date
from surveys.values.durations import read_duration
from surveys.values.sizes import Size, read_size

MINUTES_A_DAY = 24 * 60
# Length in m, area in m2, otherwise as the cell says: what a number without any unit means, by protocol.
USUAL_UNIT = {"lineTransect": "m", "patrol": "m", "quadrat": "m2"}
ALONG_THE_ROUTE = "geodesic on WGS84 along the points of the route"
CAMERA_DAYS = "end of the deployment minus its start minus days not working"
PERSON_HOURS = "observers times duration"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a measured column as written, with the unit that its header states."""

    text: str | None
    unit: str | None = None


NOTHING = Cell(None)


@dataclass(frozen=True, slots=True)
class SaidOfVisit:
    """What the cells of one visit say about its effort; `eventTime` is ISO 8601, everything else as written."""

    sampleSize: Cell = NOTHING
    samplingEffort: Cell = NOTHING
    duration: Cell = NOTHING
    area: Cell = NOTHING
    width: Cell = NOTHING
    radius: Cell = NOTHING
    eventTime: str | None = None
    observers: str | None = None
    deploymentStart: str | None = None
    deploymentEnd: str | None = None
    failureDays: str | None = None
    routeLengthInMeters: float | None = None


@dataclass(frozen=True, slots=True)
class Effort:
    """The effort of one visit; None for what is not said. `protocol` says how samplingEffortValue was worked out."""

    sampleSizeValue: float | None = None
    sampleSizeUnit: str | None = None
    durationInMinutes: float | None = None
    areaInSquareMeters: float | None = None
    samplingEffortValue: float | None = None
    samplingEffortUnit: str | None = None
    samplingEffortProtocol: str | None = None
    observerCount: int | None = None


def work_out(said: SaidOfVisit, protocol: Protocol | None) -> Effort:
    """The effort of one visit, in metres, square metres, minutes and camera days."""
    size = sample_size(said.sampleSize, protocol)
    along_route = said.routeLengthInMeters is not None
    if along_route:
        size = Size(round(said.routeLengthInMeters or 0.0, 1), "m")
    minutes = _minutes(said)
    observers = whole_number(said.observers)
    days = camera_days(said)
    if days is not None:
        size = size or Size(days, "camera days")
    value, unit, how = _sampling_effort(size, minutes, observers, days)
    return Effort(
        sampleSizeValue=size.value if size else None,
        sampleSizeUnit=size.unit if size else None,
        durationInMinutes=minutes,
        areaInSquareMeters=_area(said, size),
        samplingEffortValue=value,
        samplingEffortUnit=unit,
        samplingEffortProtocol=how or (ALONG_THE_ROUTE if along_route else None),
        observerCount=observers,
    )


def _sampling_effort(
    size: Size | None, minutes: float | None, observers: int | None, days: float | None
) -> tuple[float | None, str | None, str | None]:
    """Value, unit and derivation of the effort in the one unit that says most about it."""
    if days is not None:
        return days, "camera days", CAMERA_DAYS
    if minutes is not None and observers:
        return round(minutes * observers / 60, 4), "person hours", PERSON_HOURS
    if minutes is not None:
        return minutes, "minutes", None
    return (size.value, size.unit, None) if size else (None, None, None)


def sample_size(cell: Cell, protocol: Protocol | None) -> Size | None:
    """The length or area in a cell; a bare number is in the unit usual for the protocol."""
    usual = USUAL_UNIT.get(protocol.id) if protocol else None
    return read_size(cell.text, cell.unit or usual) if cell.text else None


def whole_number(text: str | None) -> int | None:
    digits = (text or "").strip().removesuffix("人").removesuffix(".0").strip()
    return int(digits) if digits.isdecimal() and len(digits) < 5 else None


def camera_days(said: SaidOfVisit) -> float | None:
    """Days from start to end less those not working; None where they are not said or contradict one another."""
    start, end = day_of(said.deploymentStart), day_of(said.deploymentEnd)
    failed = _number(said.failureDays)
    if start is None or end is None or end < start:
        return None
    days = (end - start).days - (failed or 0)
    return float(days) if days >= 0 else None


def day_of(text: str | None) -> date | None:
    """The one day that a date or a time stamp names."""
    interval = read_date(text, None) if text else None
    return interval.start if interval and interval.start == interval.end else None


def time_span(event_time: str | None) -> float | None:
    """Minutes between two clock times; past midnight where the second is the earlier."""
    first, _, last = (event_time or "").partition("/")
    if not last:
        return None
    return float((_minute_of_day(last) - _minute_of_day(first)) % MINUTES_A_DAY)


def _minute_of_day(iso_time: str) -> int:
    return int(iso_time[:2]) * 60 + int(iso_time[3:5])


def _minutes(said: SaidOfVisit) -> float | None:
    """The duration written, else that between start and end, else the effort where it is a time."""
    written = read_duration(said.duration.text, said.duration.unit or "min") if said.duration.text else None
    if written is not None:
        return written
    if (span := time_span(said.eventTime)) is not None:
        return span
    effort = said.samplingEffort
    return read_duration(effort.text, effort.unit) if effort.text else None


def _area(said: SaidOfVisit, size: Size | None) -> float | None:
    """The area searched as written, else of the quadrat, of the strip walked, of the circle looked at."""
    if said.area.text and (area := read_size(said.area.text, said.area.unit or "m2")) and area.unit == "m2":
        return area.value
    if size and size.unit == "m2":
        return size.value
    width = _metres(said.width)
    if size and size.unit == "m" and width:
        return round(size.value * width, 2)
    radius = _metres(said.radius)
    return round(math.pi * radius**2, 2) if radius else None


def _metres(cell: Cell) -> float | None:
    size = read_size(cell.text, cell.unit or "m") if cell.text else None
    return size.value if size and size.unit == "m" else None


def _number(text: str | None) -> float | None:
    try:
        number = float((text or "").strip().removesuffix("天"))
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def says_enough(effort: Effort, protocol: Protocol) -> bool:
    """Whether one of the kinds of effort that the protocol asks for is known; true where it asks for none."""
    known = {
        "sampleSizeValue": effort.sampleSizeValue,
        "eventDurationValue": effort.durationInMinutes,
        "eventTime": effort.durationInMinutes,
        "samplingEffort": effort.samplingEffortValue,
        "totalAreaSampledValue": effort.areaInSquareMeters,
        "deploymentStart": effort.samplingEffortValue,
        "routePoint": effort.sampleSizeValue,
    }
    return not protocol.effort or any(known[group[0]] is not None for group in protocol.effort)


def unread(said: SaidOfVisit, effort: Effort, protocol: Protocol | None) -> list[tuple[str, str]]:
    """Term and text of the cells that should state a size, a time or a number and cannot be read."""
    cells = (
        ("sampleSizeValue", said.sampleSize, sample_size(said.sampleSize, protocol)),
        ("eventDurationValue", said.duration, effort.durationInMinutes),
        ("totalAreaSampledValue", said.area, effort.areaInSquareMeters),
        ("transectWidth", said.width, _metres(said.width)),
        ("observationRadius", said.radius, _metres(said.radius)),
        ("observerCount", Cell(said.observers), effort.observerCount),
        ("deploymentStart", Cell(said.deploymentStart), day_of(said.deploymentStart)),
        ("deploymentEnd", Cell(said.deploymentEnd), day_of(said.deploymentEnd)),
        ("cameraFailureDays", Cell(said.failureDays), _number(said.failureDays)),
    )
    return [(term, cell.text) for term, cell, read in cells if cell.text and read is None]


def contradicts(one: Cell, other: Cell, protocol: Protocol | None) -> bool:
    """Whether two cells of one visit say different things; 2km and 2000 m do not."""
    if not one.text or not other.text or one.text == other.text:
        return False
    return not _alike(one, other, protocol)


def _alike(one: Cell, other: Cell, protocol: Protocol | None) -> bool:
    readings = [
        (sample_size(cell, protocol), read_duration(cell.text or "", cell.unit), _number(cell.text))
        for cell in (one, other)
    ]
    return any(first is not None and first == second for first, second in zip(*readings, strict=True))
