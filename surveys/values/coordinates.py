"""Coordinates as people write them: decimal degrees, degrees-minutes-seconds, packed forms, planar metres, pairs.

Single angles are read in `angles`, planar numbers in `planar`, datums shifted in `datums`; whether a point is plausible
is for `quality` to say. Degrees throughout, WGS84 in the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from store.region import Extent
from surveys.values.angles import read_angle, read_pair
from surveys.values.datums import CONVERSION_UNCERTAINTY_IN_METERS, bd09_to_wgs84, gcj02_to_wgs84
from surveys.values.planar import PlanarPair, locate_planar, planar_pair, planar_pair_in
from surveys.values.reference_systems import (
    AS_WGS84,
    BEIJING_1954,
    GCJ_02,
    XIAN_1980,
    ReferenceSystem,
    read_reference_system,
)  # fmt: skip

# No transformation of Beijing 1954 or Xian 1980 is published for Datong; those published for other parts of China
# (EPSG, as PROJ has them) move a point there by 55 to 75 m. Policy: the point stays where it is, 100 m less sure.
UNTRANSFORMED_UNCERTAINTY_IN_METERS = 100.0
WHOLE_NUMBER = re.compile(r"^\d{5,10}$")
DECIMALS_DROPPED = (4, 5, 6, 7)


@dataclass(frozen=True)
class Coordinate:
    """A point in WGS84 decimal degrees; None where that half could not be read.

    `note` says how it was read where that was not plain: zone-assumed, zone-open, zone-other, scaled, untransformed,
    interpreted. `proposal` is what may have been meant, in the notation of the cells.
    """

    longitude: float | None
    latitude: float | None
    uncertaintyInMeters: float = 0.0
    note: str | None = None
    proposal: str | None = None


def read_coordinate(
    longitude: str | None, latitude: str | None, pair: str | None, srs: str | None, extent: Extent
) -> Coordinate:
    """The WGS84 point of a row's coordinate cells, whatever their notation and datum; `extent` is the region's."""
    system = read_reference_system(srs)
    together = pair if pair and not longitude and not latitude else None
    planar = planar_pair_in(together) if together else planar_pair(longitude, latitude)
    if planar is not None:
        return _planar(planar, system, extent)
    if together:
        point = read_pair(together)
        return _on_wgs84(*point, system) if point else Coordinate(None, None)
    x, y = (read_angle(text) if text else None for text in (longitude, latitude))
    if x is not None and y is not None:
        read = _on_wgs84(x.degrees, y.degrees, system)
        is_plain = (_plain(longitude), _plain(latitude)) == (x.degrees, y.degrees)
        return replace(read, note=None) if is_plain and system.datum in AS_WGS84 else read
    if longitude and latitude and (proposal := _scaled(longitude, latitude, extent)):
        return Coordinate(None, None, note="scaled", proposal=proposal)
    return Coordinate(
        x.degrees if x else _plain(longitude), y.degrees if y else _plain(latitude)
    )  # fmt: skip


def _planar(pair: PlanarPair, system: ReferenceSystem, extent: Extent) -> Coordinate:
    point = locate_planar(pair, system, extent)
    if point.longitude is None or point.latitude is None:
        return Coordinate(None, None, note="zone-open", proposal=point.proposal)
    read = _on_wgs84(point.longitude, point.latitude, system)
    note = "zone-assumed" if point.zone_assumed else "zone-other" if point.proposal else read.note
    return Coordinate(read.longitude, read.latitude, read.uncertaintyInMeters, note, point.proposal)


def _on_wgs84(east: float, north: float, system: ReferenceSystem) -> Coordinate:
    if system.datum in AS_WGS84:
        return Coordinate(east, north, note="interpreted")
    if system.datum in (XIAN_1980, BEIJING_1954):
        return Coordinate(east, north, UNTRANSFORMED_UNCERTAINTY_IN_METERS, "untransformed")
    convert = gcj02_to_wgs84 if system.datum == GCJ_02 else bd09_to_wgs84
    east, north = convert(east, north)
    return Coordinate(round(east, 8), round(north, 8), CONVERSION_UNCERTAINTY_IN_METERS, "interpreted")


def _scaled(longitude: str, latitude: str, extent: Extent) -> str | None:
    """1133000, 400767: degrees without their decimal point, where that would lie in the region."""
    if not (WHOLE_NUMBER.match(longitude.strip()) and WHOLE_NUMBER.match(latitude.strip())):
        return None
    for places in DECIMALS_DROPPED:
        east, north = int(longitude) / 10**places, int(latitude) / 10**places
        if extent.west <= east <= extent.east and extent.south <= north <= extent.north:
            return f"{east:.{places}f}, {north:.{places}f}"
    return None


def _plain(text: str | None) -> float | None:
    """A number that is no angle is kept as a number, so that the tests of range can speak about it."""
    return float(text) if text and re.fullmatch(r"\s*[-+]?\d{1,12}(?:\.\d+)?\s*", text) else None
