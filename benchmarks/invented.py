"""Invented nature: places, species and seasons from which demo and benchmark rows are drawn, by a seed.

The same seed gives the same rows on every Python. What happens in the demo (arrivals, planted errors, files) is
told in `demo_story`; nothing here is an observation.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from store.outlines import Place
from store.region import Region, read_region

REGION = Path(__file__).resolve().parent.parent / "regions" / "datong"
KILOMETERS_PER_DEGREE = 111.195
COMMON_WEEDS = ("小蓬草", "反枝苋", "圆叶牵牛")


@dataclass(frozen=True)
class Species:
    """A species as the region's own lists name it."""

    scientificName: str
    canonicalName: str
    vernacularNameZh: str
    taxonGroup: str
    family: str
    kingdom: str
    value: str


@dataclass(frozen=True)
class Sighting:
    """One invented record, before a file puts it into its own words."""

    species: Species
    day: date
    longitude: float
    latitude: float
    site: Place | None
    count: int
    protocol: str = ""


@dataclass
class Nature:
    """Draws sightings; every draw comes from one seeded generator."""

    seed: int
    region: Region = field(default_factory=lambda: read_region(REGION))

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.species = _listed_species(REGION / "lists")
        alien = {name for _, name in _official_aliens(REGION / "lists")}
        usual = [one for one in self.species.values() if one.canonicalName not in alien]
        self.plants = [one for one in usual if one.taxonGroup == "plant"]
        self.birds = [one for one in usual if one.taxonGroup == "bird"]
        self.animals = [one for one in usual if one.taxonGroup not in ("plant", "bird")]
        self.weeds = [self.species[name] for name in COMMON_WEEDS]
        self.sites = {site.placeID: site for site in self.region.sites}

    def sighting(self, group: Sequence[Species], first: date, last: date, sites: Sequence[str]) -> Sighting:
        """A sighting at one of some sites between two days; weeds turn up among the plants everywhere."""
        site = self.sites[self.random.choice(sites)]
        species = self.random.choice(
            self.weeds if group is self.plants and self.random.random() < 0.06 else group
        )
        longitude, latitude = self.point_in(site.geometry)
        day = first + timedelta(days=self.random.randrange((last - first).days + 1))
        return Sighting(species, day, longitude, latitude, site, 1 + int(self.random.expovariate(0.25)))

    def point_in(self, area: BaseGeometry) -> tuple[float, float]:
        """A point well inside an area, to six decimals (about 0.1 m)."""
        west, south, east, north = area.bounds
        for _ in range(10_000):
            x, y = self.random.uniform(west, east), self.random.uniform(south, north)
            point = shapely.Point(round(x, 6), round(y, 6))
            if area.contains(point):
                return point.x, point.y
        centre = area.representative_point()
        return round(centre.x, 6), round(centre.y, 6)

    def point_outside(self, kilometers: float, bearing_in_degrees: float) -> tuple[float, float]:
        """A point so many kilometres outside the region's outline, in a direction from its centre."""
        outline, centre = self.region.outline, self.region.outline.centroid
        squeeze = math.cos(math.radians(centre.y))
        flat = shapely.affinity.scale(outline, squeeze, 1.0, origin=(centre.x, centre.y))
        bearing = math.radians(bearing_in_degrees)
        low, high = 0.0, 5.0
        for _ in range(60):
            reach = (low + high) / 2
            point = shapely.Point(centre.x + reach * math.sin(bearing), centre.y + reach * math.cos(bearing))
            if flat.distance(point) * KILOMETERS_PER_DEGREE < kilometers:
                low = reach
            else:
                high = reach
        x = centre.x + low * math.sin(bearing) / squeeze
        return round(x, 6), round(centre.y + low * math.cos(bearing), 6)


def _listed_species(folder: Path) -> dict[str, Species]:
    """Every species of the region's own list and of the official alien lists, by Chinese name."""
    found: dict[str, Species] = {}
    for name in ("native-datong", "key-management-2022", "mee-batch-3", "mee-batch-4"):
        for row in _rows(folder / f"{name}.csv"):
            if row["vernacularNameZh"] and row["taxonRank"] == "species":
                found.setdefault(row["vernacularNameZh"], Species(
                    row["scientificName"], row["acceptedName"], row["vernacularNameZh"], row["taxonGroup"],
                    row["family"], row["kingdom"], row["value"],
                ))  # fmt: skip
    return found


def _official_aliens(folder: Path) -> Iterator[tuple[str, str]]:
    for name in ("key-management-2022", "mee-batch-1", "mee-batch-2", "mee-batch-3", "mee-batch-4"):
        for row in _rows(folder / f"{name}.csv"):
            yield name, row["acceptedName"]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
