"""The region: one city's configuration, read from `region.toml` and the files it names, and checked.

Reading the species lists themselves belongs to `species.sources`; placing records on the outlines to
`monitoring.sites`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import shapely
from shapely.geometry.base import BaseGeometry

from store.errors import RegionError
from store.gbif_filter import FILTER_KEYS, GbifFilter, read_gbif_filter
from store.outlines import Place, read_outlines

LIST_KINDS = ("alien", "native", "protected")
LIST_FORMATS = ("csv", "dwca")
PROVINCE = re.compile("[A-Z]{2}-[A-Z0-9]{1,3}")
RECIPIENT_ROLES = ("gardening-centre", "data-manager", "ecologist", "planner")


@dataclass(frozen=True)
class Extent:
    """Bounding box in WGS84 decimal degrees."""

    west: float
    south: float
    east: float
    north: float

    def as_polygon(self) -> BaseGeometry:
        return shapely.box(self.west, self.south, self.east, self.north)


@dataclass(frozen=True)
class SpeciesList:
    """One species list of the region and what it says about the species on it.

    `official` lists raise warnings; `kind` is alien, native or protected; `format` is csv or dwca. `place` is where it
    holds: a place of the region, a province (CN-SX) or a country (CN); unless stated the region itself for a native
    list and its country for the others.
    """

    id: str
    kind: str
    path: Path
    title_zh: str
    title_en: str
    version: str
    citation: str
    license: str
    format: str = "csv"
    official: bool = False
    place: str = ""


@dataclass(frozen=True)
class Thresholds:
    """The numbers a city may set for itself; each has a default.

    Distances in kilometres, times in months, days or years as the name says.
    """

    bufferInKilometers: float = 100.0
    warningWindowInMonths: int = 12
    lateAfterDays: int = 180
    widespreadDivisions: int = 3
    widespreadYears: int = 2
    orangeFromSites: int = 3
    maximumUncertaintyInMeters: float = 10_000.0
    improbableCount: int = 100_000
    earliestYear: int = 1850
    minimumNameCoverage: float = 0.9  # share of named records that lead to a taxon


@dataclass(frozen=True)
class Recipient:
    """Who is told, by role; the address itself is a secret of the installation and not kept here."""

    role: str
    nameZh: str
    nameEn: str


@dataclass(frozen=True)
class Region:
    """One city (or province): everything Parkwatch needs to know about it."""

    folder: Path
    id: str
    nameZh: str
    nameEn: str
    countryCode: str
    timeZone: ZoneInfo
    languages: tuple[str, ...]
    extent: Extent
    divisions: tuple[Place, ...]
    sites: tuple[Place, ...]
    lists: tuple[SpeciesList, ...]
    thresholds: Thresholds = field(default_factory=Thresholds)
    recipients: tuple[Recipient, ...] = ()
    gbif: GbifFilter = field(default_factory=GbifFilter)
    province: str | None = None  # ISO 3166-2, such as CN-SX
    # CSV: points where nothing is recorded but addresses (pointKind, nameZh, nameEn, longitude, latitude, …)
    knownPoints: Path | None = None
    environment: Path | None = None  # CSV: one row per cell, cellCode and numbers such as elevationInMeters

    @property
    def outline(self) -> BaseGeometry:
        """The union of the divisions, or the extent where none are drawn."""
        if not self.divisions:
            return self.extent.as_polygon()
        return shapely.union_all([division.geometry for division in self.divisions])

    @property
    def places(self) -> tuple[Place, ...]:
        """The region itself, its divisions, its sites."""
        whole = Place(
            placeID=self.id,
            placeKind="region",
            nameZh=self.nameZh,
            nameEn=self.nameEn,
            geometry=self.outline,
            approximate=any(division.approximate for division in self.divisions) or not self.divisions,
        )
        return (whole, *self.divisions, *self.sites)

    def today(self) -> datetime:
        return datetime.now(self.timeZone)

    def input_files(self) -> list[Path]:
        """Every file whose content decides results, for manifests: region.toml, outlines, lists."""
        outlines = [self.folder / name for name in ("divisions.geojson", "sites.geojson")]
        return [
            self.folder / "region.toml",
            *(path for path in outlines if path.exists()),
            *(species_list.path for species_list in self.lists),
            *(path for path in (self.knownPoints, self.environment) if path),
        ]


def read_region(folder: Path) -> Region:
    """Read and check a region folder; every fault is a `RegionError` that names file, key and remedy."""
    path = folder / "region.toml"
    if not path.is_file():
        raise RegionError("error-region-missing", path=path)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise RegionError("error-region-syntax", path=path, cause=cause) from cause
    return _RegionReader(folder, path, document).read()


class _RegionReader:
    """Takes one parsed region.toml apart, key by key, and says which key is wrong."""

    TOP = ("id", "name", "country", "province", "timeZone", "languages", "extent", "divisions", "sites", "lists",
           "thresholds", "recipients", "gbif", "knownPoints", "environment")  # fmt: skip

    def __init__(self, folder: Path, path: Path, document: dict[str, Any]) -> None:
        self.folder, self.path, self.document = folder, path, document

    def read(self) -> Region:
        self._known(self.document, self.TOP, "")
        name = self._table("name", 'name = { zh = "大同市", en = "Datong" }')
        return Region(
            folder=self.folder,
            id=self._text(self.document, "id", 'id = "datong"'),
            nameZh=self._text(name, "zh", 'name = { zh = "大同市", en = "Datong" }', "name."),
            nameEn=self._text(name, "en", 'name = { zh = "大同市", en = "Datong" }', "name."),
            countryCode=self._text(self.document, "country", 'country = "CN"'),
            timeZone=self._time_zone(),
            languages=self._languages(),
            extent=self._extent(),
            divisions=self._places("divisions", "division"),
            sites=self._places("sites", "site"),
            lists=tuple(self._lists()),
            thresholds=self._thresholds(),
            recipients=tuple(self._recipients()),
            gbif=self._gbif(),
            province=self._province(),
            knownPoints=self._optional_file("knownPoints"),
            environment=self._optional_file("environment"),
        )

    def _known(self, table: dict[str, Any], known: Iterable[str], prefix: str) -> None:
        for key in table:
            if key not in known:
                raise RegionError(
                    "error-region-key-unknown", path=self.path, key=prefix + key, known=", ".join(known)
                )

    def _missing(self, key: str, example: str) -> RegionError:
        return RegionError("error-region-key-missing", path=self.path, key=key, example=example)

    def _wrong(self, key: str, value: object, why_zh: str, why_en: str, example: str) -> RegionError:
        return RegionError(
            "error-region-value",
            path=self.path, key=key, value=json.dumps(value, ensure_ascii=False, default=str),
            why_zh=why_zh, why_en=why_en, example=example,
        )  # fmt: skip

    def _text(self, table: dict[str, Any], key: str, example: str, prefix: str = "") -> str:
        if key not in table:
            raise self._missing(prefix + key, example)
        value = table[key]
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(prefix + key, value, "应为非空文本", "a text is needed", example)
        return value.strip()

    def _table(self, key: str, example: str) -> dict[str, Any]:
        if key not in self.document:
            raise self._missing(key, example)
        value = self.document[key]
        if not isinstance(value, dict):
            raise self._wrong(key, value, "应为一组键值", "a table of keys is needed", example)
        return value

    def _province(self) -> str | None:
        if "province" not in self.document:
            return None
        example = 'province = "CN-SX"'
        value = self._text(self.document, "province", example)
        if not PROVINCE.fullmatch(value) or value.split("-")[0] != self.document.get("country"):
            raise self._wrong("province", value, "应为本国的 ISO 3166-2 省级代码",
                              "an ISO 3166-2 code of the country is needed", example)  # fmt: skip
        return value

    def _time_zone(self) -> ZoneInfo:
        name = self._text(self.document, "timeZone", 'timeZone = "Asia/Shanghai"')
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as cause:
            raise self._wrong(
                "timeZone", name, "没有这个时区", "there is no such time zone", 'timeZone = "Asia/Shanghai"'
            ) from cause

    def _languages(self) -> tuple[str, ...]:
        value = self.document.get("languages", ["zh", "en"])
        if not isinstance(value, list) or not value or any(item not in ("zh", "en") for item in value):
            raise self._wrong("languages", value, "只能是 zh 和 en", "zh and en are known", '["zh", "en"]')
        return tuple(value)

    def _extent(self) -> Extent:
        example = "extent = { west = 112.5, south = 39.0, east = 114.6, north = 40.8 }"
        table = self._table("extent", example)
        self._known(table, ("west", "south", "east", "north"), "extent.")
        for key in ("west", "south", "east", "north"):
            if key not in table:
                raise self._missing(f"extent.{key}", example)
            if isinstance(table[key], bool) or not isinstance(table[key], int | float):
                raise self._wrong(f"extent.{key}", table[key], "应为十进制度", "decimal degrees", example)
        extent = Extent(**{key: float(value) for key, value in table.items()})
        if not (-180 <= extent.west < extent.east <= 180 and -90 <= extent.south < extent.north <= 90):
            raise self._wrong(
                "extent", table, "西须小于东，南须小于北，且在经纬度范围内",
                "west must be less than east and south less than north, within the globe", example,
            )  # fmt: skip
        return extent

    def _places(self, key: str, kind: str) -> tuple[Place, ...]:
        name = self.document.get(key)
        if name is None:
            return ()
        return tuple(read_outlines(self._file(key, name), kind))

    def _file(self, key: str, name: object) -> Path:
        if not isinstance(name, str):
            raise self._wrong(key, name, "应为文件名", "a file name is needed", f'{key} = "{key}.geojson"')
        path = (self.folder / name).resolve()
        if not path.is_file():
            raise RegionError("error-region-file-missing", path=self.path, file=name)
        return path

    def _optional_file(self, key: str) -> Path | None:
        name = self.document.get(key)
        return None if name is None else self._file(key, name)

    def _lists(self) -> Iterable[SpeciesList]:
        example = '[[lists]] id = "key-management-2022", kind = "alien", path = "lists/invasive.csv" …'
        for number, table in enumerate(self.document.get("lists", []), start=1):
            prefix = f"lists[{number}]."
            self._known(table, [f.name for f in fields(SpeciesList)], prefix)
            texts = {
                key: self._text(table, key, example, prefix)
                for key in ("id", "kind", "title_zh", "title_en", "version", "citation", "license")
            }
            if texts["kind"] not in LIST_KINDS:
                raise self._wrong(prefix + "kind", texts["kind"], "应为 alien、native 或 protected",
                                  "alien, native or protected are known", 'kind = "alien"')  # fmt: skip
            if table.get("format", "csv") not in LIST_FORMATS:
                raise self._wrong(prefix + "format", table["format"], "应为 csv 或 dwca",
                                  "csv or dwca are known", 'format = "csv"')  # fmt: skip
            if not isinstance(table.get("official", False), bool):
                raise self._wrong(prefix + "official", table["official"], "应为 true 或 false",
                                  "true or false is needed", "official = true")  # fmt: skip
            yield SpeciesList(
                **texts,
                path=self._file(prefix + "path", table.get("path")),
                format=table.get("format", "csv"),
                official=table.get("official", False),
                place=self._place_of_list(texts["kind"], table.get("place"), prefix),
            )

    def _place_of_list(self, kind: str, place: object, prefix: str) -> str:
        if place is None:
            return str(self.document["id"] if kind == "native" else self.document["country"])
        if not isinstance(place, str) or not place.strip():
            raise self._wrong(prefix + "place", place, "应为地点、省或国家的代码",
                              "the id of a place, a province or a country is needed", 'place = "CN"')  # fmt: skip
        return place.strip()

    def _thresholds(self) -> Thresholds:
        table = self.document.get("thresholds", {})
        self._known(table, [f.name for f in fields(Thresholds)], "thresholds.")
        for key, value in table.items():
            default = getattr(Thresholds(), key)
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise self._wrong(f"thresholds.{key}", value, "应为不小于 0 的数", "a number of at least 0",
                                  f"{key} = {default}")  # fmt: skip
        return Thresholds(**table)

    def _gbif(self) -> GbifFilter:
        if "gbif" not in self.document:
            return GbifFilter()
        table = self._table("gbif", "[gbif]")
        self._known(table, FILTER_KEYS, "gbif.")
        return read_gbif_filter(table, self._wrong)

    def _recipients(self) -> Iterable[Recipient]:
        example = '[[recipients]] role = "gardening-centre", nameZh = "园林绿化中心", nameEn = "…"'
        for number, table in enumerate(self.document.get("recipients", []), start=1):
            prefix = f"recipients[{number}]."
            self._known(table, [f.name for f in fields(Recipient)], prefix)
            recipient = Recipient(**{
                f.name: self._text(table, f.name, example, prefix) for f in fields(Recipient)
            })  # fmt: skip
            if recipient.role not in RECIPIENT_ROLES:
                raise self._wrong(prefix + "role", recipient.role, f"应为 {'、'.join(RECIPIENT_ROLES)}",
                                  f"one of {', '.join(RECIPIENT_ROLES)}", example)  # fmt: skip
            yield recipient
