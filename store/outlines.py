"""Outlines: the places we report on, read from GeoJSON and checked.

Which files a region has belongs to `region`; placing records on the outlines to `monitoring.sites`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from store.errors import RegionError


@dataclass(frozen=True)
class Place:
    """One place we report on: the region itself, a division or a site, with its outline in WGS84."""

    placeID: str
    placeKind: str
    nameZh: str
    nameEn: str
    geometry: BaseGeometry
    siteKind: str | None = None
    approximate: bool = True


def read_outlines(path: Path, place_kind: str) -> list[Place]:
    """Read a GeoJSON FeatureCollection of places (WGS84) and check every feature."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        features = document["features"]
    except (ValueError, KeyError, TypeError) as cause:
        raise RegionError(
            "error-region-geojson", path=path, number=0,
            why_zh=f"不是 GeoJSON FeatureCollection（{cause}）",
            why_en=f"this is not a GeoJSON FeatureCollection ({cause})",
        ) from cause  # fmt: skip
    places = [_read_feature(path, number, item, place_kind) for number, item in enumerate(features, start=1)]
    seen: set[str] = set()
    for number, place in enumerate(places, start=1):
        if place.placeID in seen:
            raise RegionError(
                "error-region-geojson", path=path, number=number,
                why_zh=f"placeID {place.placeID} 重复", why_en=f"placeID {place.placeID} occurs twice",
            )  # fmt: skip
        seen.add(place.placeID)
    return places


def _read_feature(path: Path, number: int, feature: dict[str, Any], place_kind: str) -> Place:
    def fault(why_zh: str, why_en: str) -> RegionError:
        return RegionError("error-region-geojson", path=path, number=number, why_zh=why_zh, why_en=why_en)

    properties = feature.get("properties") or {}
    for key in ("placeID", "nameZh", "nameEn"):
        if not isinstance(properties.get(key), str) or not properties[key]:
            raise fault(f"缺少 {key}", f"{key} is missing")
    try:
        geometry = shape(feature["geometry"])
    except (KeyError, TypeError, AttributeError, ValueError, shapely.errors.ShapelyError) as cause:
        raise fault(f"几何无法读取（{cause}）", f"its geometry cannot be read ({cause})") from cause
    if geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.is_empty:
        raise fault(f"几何类型是 {geometry.geom_type}", f"its geometry is a {geometry.geom_type}")
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        raise fault(f"轮廓自相交（{reason}）", f"its outline is not valid ({reason})")
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise fault("坐标不是经纬度", "its coordinates are not degrees")
    return Place(
        placeID=properties["placeID"],
        placeKind=place_kind,
        nameZh=properties["nameZh"],
        nameEn=properties["nameEn"],
        geometry=geometry,
        siteKind=properties.get("kind"),
        approximate=bool(properties.get("approximate", True)),
    )
