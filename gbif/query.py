"""Queries: which occurrences a region asks GBIF for: the region and its warning buffer, and the filters of region.toml.

The same query put to the search and to the download service means the same records; its scope is what makes two
snapshots comparable.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

import shapely
from pyproj import CRS, Transformer
from shapely.geometry.polygon import orient
from shapely.ops import transform

from gbif.asking import GBIF_BACKBONE
from store.gbif_filter import GbifFilter
from store.region import Region

WIDEST_IN_DEGREES = 60.0  # beyond, no projection about the centre keeps distances
CORNERS_IN_A_QUARTER = 6  # GBIF takes some thousand corners; a buffer needs few
SIMPLER_BY_SHARE_OF_BUFFER = 0.02
DIGITS = 4  # ten metres
KILOMETERS_PER_DEGREE = 111.0


@dataclass(frozen=True)
class GbifQuery:
    """The occurrences with coordinates inside a WGS84 outline (WKT, exterior rings counter-clockwise)."""

    geometry: str
    taxonKeys: tuple[int, ...] = ()
    eventDate: str | None = None  # ISO days, first,last; * where it is open
    licenses: tuple[str, ...] = ()

    @property
    def scope(self) -> str:
        """An id of what is asked, the same for the same question."""
        said = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def as_search(self) -> dict[str, Any]:
        """Arguments of pygbif's occurrences.search."""
        said: dict[str, Any] = {
            "geometry": self.geometry, "hasCoordinate": True, "checklistKey": GBIF_BACKBONE,
            "taxonKey": [str(key) for key in self.taxonKeys] or None, "eventDate": self.eventDate,
            "license": list(self.licenses) or None,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value is not None or name == "checklistKey"}

    def as_predicates(self) -> list[dict[str, Any]]:
        """Predicates of the download service, all of which must hold."""
        said: list[dict[str, Any]] = [
            {"type": "equals", "key": "HAS_COORDINATE", "value": "true"},
            {"type": "within", "geometry": self.geometry},
        ]
        if self.taxonKeys:
            said.append({"type": "in", "key": "TAXON_KEY", "values": [str(key) for key in self.taxonKeys]})
        if self.licenses:
            said.append({"type": "in", "key": "LICENSE", "values": list(self.licenses)})
        if self.eventDate:
            first, last = self.eventDate.split(",")
            if first != "*":
                said.append({"type": "greaterThanOrEquals", "key": "EVENT_DATE", "value": first})
            if last != "*":
                said.append({"type": "lessThanOrEquals", "key": "EVENT_DATE", "value": last})
        return said


def region_query(region: Region) -> GbifQuery:
    """What a region asks for."""
    chosen: GbifFilter = region.gbif
    dates = None
    if chosen.firstDay or chosen.lastDay:
        dates = ",".join(day.isoformat() if day else "*" for day in (chosen.firstDay, chosen.lastDay))
    area = with_buffer(region.outline, region.thresholds.bufferInKilometers)
    return GbifQuery(area.wkt, chosen.taxonKeys, dates, chosen.licenses)


def with_buffer(outline: shapely.Geometry, kilometers: float) -> shapely.Geometry:
    """An outline (WGS84) widened by a distance, never by less, with few corners."""
    west, south, east, north = outline.bounds
    if east - west > WIDEST_IN_DEGREES or north - south > WIDEST_IN_DEGREES:
        widened = outline.envelope.buffer(kilometers / KILOMETERS_PER_DEGREE, join_style="mitre")
    else:
        centre = outline.centroid
        local = CRS.from_proj4(
            f"+proj=aeqd +lat_0={centre.y:.6f} +lon_0={centre.x:.6f} +datum=WGS84 +units=m"
        )
        there = Transformer.from_crs("EPSG:4326", local, always_xy=True).transform
        back = Transformer.from_crs(local, "EPSG:4326", always_xy=True).transform
        slack = max(kilometers * SIMPLER_BY_SHARE_OF_BUFFER, 0.1)
        meters = 1000 * (kilometers + 3 * slack)  # what corners and simplifying take away
        flat = transform(there, outline).buffer(meters, quad_segs=CORNERS_IN_A_QUARTER).simplify(1000 * slack)
        widened = transform(back, flat)
    widened = shapely.set_precision(widened.intersection(shapely.box(-180, -90, 180, 90)), 10**-DIGITS)
    return _counter_clockwise(widened)


def _counter_clockwise(area: shapely.Geometry) -> shapely.Geometry:
    """GBIF takes a clockwise ring for the rest of the world."""
    if area.geom_type == "MultiPolygon":
        return shapely.MultiPolygon([orient(part) for part in area.geoms])
    return orient(area)
