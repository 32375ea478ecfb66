"""Shapes: where countries and their first-level divisions lie, from outlines that are carried along.

world.parquet is Natural Earth's layer of states and provinces, 1:10m, v4.1.0, as QGIS generalised it (public domain);
it is made by `benchmarks.world_shapes`. Borders in it are neither official nor better than some kilometres.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib import resources

import numpy as np
import pyarrow.parquet as pq
import shapely
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
UNITS_A_DEGREE = 10_000
FURTHEST_IN_DEGREES = (1, 4, 12, 40, 180)  # how far to look for the nearest land, in growing steps
METRES_A_DEGREE = 111_320
HALF_A_WORLD = 20_037_508.0


class WorldShapes:
    """Read when first asked for."""

    @cached_property
    def _table(self) -> dict[str, list]:
        with resources.files("quality.bdq").joinpath("world.parquet").open("rb") as file:
            return pq.read_table(file).to_pydict()

    @cached_property
    def _outlines(self) -> np.ndarray:
        """One (multi)polygon per division, out of whole numbers of 1e-4 degrees."""
        outlines = []
        for rings in self._table["outline"]:
            polygons = [
                shapely.Polygon(rings_of[0], rings_of[1:])
                for rings_of in (
                    [np.array(ring).reshape(-1, 2) / UNITS_A_DEGREE for ring in part] for part in rings
                )
            ]
            outlines.append(polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons))
        return np.array(outlines)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._outlines)

    @cached_property
    def _divisions_by_name(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, names in enumerate(self._table["names"]):
            for name in names:
                found.setdefault(_key(name), []).append(place)
        return found

    @cached_property
    def _divisions_by_country(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, code in enumerate(self._table["countryCode"]):
            found.setdefault(code, []).append(place)
        return found

    def distance_to_country(self, latitude: float, longitude: float, country_code: str) -> float | None:
        places = self._divisions_by_country.get(country_code)
        return self._distance(latitude, longitude, places) if places else None

    def distances_to_division(self, latitude: float, longitude: float, name: str) -> Sequence[float]:
        return [
            self._distance(latitude, longitude, [place])
            for place in self._divisions_by_name.get(_key(name), ())
        ]

    def countries_at(self, latitude: float, longitude: float) -> Sequence[str]:
        places = self._tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        return sorted({self._table["countryCode"][place] for place in places})

    def nearest_country(self, latitude: float, longitude: float) -> tuple[str, float]:
        inside = self.countries_at(latitude, longitude)
        if inside:
            return inside[0], 0.0
        for degrees in FURTHEST_IN_DEGREES:
            places = self._tree.query(_box(latitude, longitude, degrees))
            distances = [(self._distance(latitude, longitude, [place]), place) for place in places]
            if distances and min(distances)[0] <= degrees * METRES_A_DEGREE:
                metres, place = min(distances)
                return self._table["countryCode"][place], metres
        return "", HALF_A_WORLD

    def area_of_country(self, country_code: str) -> float | None:
        places = self._divisions_by_country.get(country_code)
        if not places:
            return None
        return float(sum(abs(GEOD.geometry_area_perimeter(self._outlines[place])[0]) for place in places))

    def centres_of_country(self, country_code: str) -> Sequence[tuple[float, float]]:
        """The centres of the whole area and of its largest piece, and a point inside it; listed ones come first."""
        return self._centres(self._divisions_by_country.get(country_code, []))

    def centres_of_division(self, country_code: str, name: str) -> Sequence[tuple[float, float]]:
        """The same of a first-level division of a country."""
        places = self._divisions_by_name.get(_key(name), [])
        return self._centres([place for place in places if self._table["countryCode"][place] == country_code])

    def _centres(self, places: Sequence[int]) -> Sequence[tuple[float, float]]:
        if not places:
            return ()
        whole = shapely.union_all(self._outlines[list(places)])
        largest = max(shapely.get_parts(whole), key=shapely.area)
        points = (shapely.centroid(whole), shapely.centroid(largest), shapely.point_on_surface(largest))
        return [(point.y, point.x) for point in points]

    def divisions_named(self, name: str) -> Sequence[str]:
        return sorted(
            {self._table["countryCode"][place] for place in self._divisions_by_name.get(_key(name), ())}
        )

    def _distance(self, latitude: float, longitude: float, places: Sequence[int]) -> float:
        """Metres from a point to the nearest of some divisions, found where all degrees are as long as there."""
        squeeze = max(math.cos(math.radians(latitude)), 0.01)
        point = shapely.Point(longitude, latitude)
        outlines = self._outlines[list(places)]
        if shapely.intersects(outlines, point).any():
            return 0.0
        nearest = math.inf
        for turn in (0, -360, 360):  # across the antimeridian
            squeezed = shapely.transform(outlines, _moved(turn, squeeze))
            origin = shapely.Point(longitude * squeeze, latitude)
            lines = shapely.shortest_line(origin, squeezed[np.argmin(shapely.distance(squeezed, origin))])
            x, y = shapely.get_coordinates(lines)[1] / (squeeze, 1)
            nearest = min(nearest, GEOD.inv(longitude, latitude, x, y)[2])
            if abs(longitude) < 180 - FURTHEST_IN_DEGREES[-2]:
                break
        return nearest


def _box(latitude: float, longitude: float, degrees: float) -> shapely.Geometry:
    width = min(180.0, degrees / max(math.cos(math.radians(latitude)), 0.01))
    boxes = [
        shapely.box(
            longitude + turn - width, latitude - degrees, longitude + turn + width, latitude + degrees
        )
        for turn in (0, -360, 360)
    ]
    return shapely.MultiPolygon(boxes)


def _moved(turn: int, squeeze: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda coordinates: (coordinates + np.array([turn, 0])) * np.array([squeeze, 1])


def _key(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())
