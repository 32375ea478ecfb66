"""Planar coordinates: Gauss-Krüger and UTM numbers in metres, with and without their zone, as degrees.

Chinese surveying calls the northing X and the easting Y, maps on a screen do the reverse: the size of the numbers tells
them apart. What system a text names is read in `reference_systems`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyproj import Transformer

from store.region import Extent
from surveys.values.reference_systems import (
    CGCS2000,
    ELLIPSOIDS,
    UTM_SCALE,
    Projection,
    ReferenceSystem,
    gauss_krueger_zone,
)  # fmt: skip

NUMBER = re.compile(r"\d+(?:\.\d+)?")
PLANAR = re.compile(r"^[xyen东北]?(?:坐标)?\s*[:=]?\s*(\d{6,8}(?:\.\d+)?)\s*(?:m|米)?$", re.IGNORECASE)
EASTINGS = (100_000.0, 900_000.0)
NORTHINGS = (1_800_000.0, 6_200_000.0)  # China from the southern reefs to the Amur
CENTRAL_MERIDIANS = range(75, 136, 3)
UTM_MERIDIANS = range(75, 136, 6)
MARGIN_IN_DEGREES = 0.25


@dataclass(frozen=True)
class PlanarPair:
    """An easting without its zone prefix, a northing, and the zone prefix where one is written; metres."""

    easting: float
    northing: float
    zone: int | None


@dataclass(frozen=True)
class PlanarPoint:
    """Degrees on the pair's own datum; None with the zones that may be meant where more than one or none fits."""

    longitude: float | None
    latitude: float | None
    zone_assumed: bool = False
    proposal: str | None = None


def planar_pair(first: str | None, second: str | None) -> PlanarPair | None:
    """The planar pair that two cells hold, in either order; None where they are no such numbers."""
    numbers = [PLANAR.match(text.strip()) if text else None for text in (first, second)]
    if numbers[0] is None or numbers[1] is None:
        return None
    one, other = float(numbers[0][1]), float(numbers[1][1])
    found = [pair for pair in (_pair(one, other), _pair(other, one)) if pair]
    return found[0] if len(found) == 1 else None


def planar_pair_in(text: str) -> PlanarPair | None:
    """The planar pair one cell holds: X=4438280, Y=38440290."""
    parts = [part for part in re.split(r"[,，;；、\s]+", re.sub(r"\s*[:：=]\s*", "=", text)) if part]
    return planar_pair(parts[0], parts[1]) if len(parts) == 2 else None


def _pair(easting: float, northing: float) -> PlanarPair | None:
    zone, within = divmod(easting, 1_000_000)
    if not (NORTHINGS[0] <= northing <= NORTHINGS[1] and EASTINGS[0] <= within <= EASTINGS[1]):
        return None
    if zone and gauss_krueger_zone(int(zone)) is None:
        return None
    return PlanarPair(within, northing, int(zone) or None)


def locate_planar(pair: PlanarPair, system: ReferenceSystem, extent: Extent) -> PlanarPoint:
    """The point of a planar pair.

    Without a zone and a stated meridian the one is taken under which the point falls into the region, if there is
    exactly one; `zone_assumed` says so.
    """
    datum = system.datum or CGCS2000
    stated = gauss_krueger_zone(pair.zone) if pair.zone else system.projection
    fitting = [
        (projection, point)
        for projection in _projections(system)
        if _is_within((point := unprojected(pair, projection, datum)), extent)
    ]
    if stated is not None:
        point = unprojected(pair, stated, datum)
        elsewhere = not _is_within(point, extent) and len(fitting) == 1
        return PlanarPoint(*point, proposal=_with_zone(pair, fitting[0][0]) if elsewhere else None)
    if len(fitting) == 1:
        return PlanarPoint(*fitting[0][1], zone_assumed=True, proposal=_with_zone(pair, fitting[0][0]))
    return PlanarPoint(None, None, proposal="; ".join(_with_zone(pair, one) for one, _ in fitting) or None)


def _projections(system: ReferenceSystem) -> Iterator[Projection]:
    """What a number without a zone may stand for; UTM only where the text does not name a Chinese datum."""
    if not system.is_utm:
        yield from (Projection(float(meridian)) for meridian in CENTRAL_MERIDIANS)
    if system.is_utm or not system.datum:
        yield from (Projection(float(meridian), UTM_SCALE) for meridian in UTM_MERIDIANS)


def unprojected(pair: PlanarPair, projection: Projection, datum: str) -> tuple[float, float]:
    """Longitude and latitude on the datum's own ellipsoid (transverse Mercator inverse, PROJ)."""
    ellipsoid = ELLIPSOIDS.get(datum, "GRS80")
    east, north = _inverse(projection, ellipsoid).transform(pair.easting, pair.northing)
    return float(east), float(north)


@functools.cache
def _inverse(projection: Projection, ellipsoid: str) -> Transformer:
    return Transformer.from_pipeline(
        f"+proj=pipeline +step +inv +proj=tmerc +lat_0=0 +lon_0={projection.central_meridian} "
        f"+k={projection.scale} +x_0={projection.false_easting} +ellps={ellipsoid} "
        "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )


def _is_within(point: tuple[float, float], extent: Extent) -> bool:
    return (
        extent.west - MARGIN_IN_DEGREES <= point[0] <= extent.east + MARGIN_IN_DEGREES
        and extent.south - MARGIN_IN_DEGREES <= point[1] <= extent.north + MARGIN_IN_DEGREES
    )


def _with_zone(pair: PlanarPair, projection: Projection) -> str:
    """The easting as it is written under a projection: with its zone, or UTM by name."""
    if projection.scale == UTM_SCALE:
        return (
            f"UTM {int((projection.central_meridian + 183) // 6)}N {pair.easting:.10g}, {pair.northing:.10g}"
        )
    return (
        f"{int(projection.central_meridian // 3)}{pair.easting:013.6f}".rstrip("0").rstrip(".")
        + f", {pair.northing:.10g}"
    )
