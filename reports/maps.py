"""Maps: outlines, warnings and invasive cells as GeoJSON for Leaflet; no tiles, so no network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from reports.queries import Row

OUTLINE_TOLERANCE_IN_DEGREES = 0.0005
DECIMALS = 5


def map_layers(places: Sequence[Row], species: Sequence[Row], cells: Sequence[Row]) -> dict[str, Any]:
    """Divisions, sites, warnings and cells, each a list of GeoJSON features with texts in both languages."""
    return {
        "divisions": [_outline(place) for place in places if place["placeKind"] == "division"],
        "sites": [_outline(place) for place in places if place["placeKind"] == "site"],
        "region": [_outline(place) for place in places if place["placeKind"] == "region"],
        "warnings": [
            _point(
                warning["decimalLongitude"], warning["decimalLatitude"], level=warning["level"],
                zh=f"{entry['vernacularName']} · {warning['placeZh']}",
                en=f"{entry['scientificName']} · {warning['placeEn']}",
            )
            for entry in species
            for warning in entry["warnings"]
            if warning["decimalLongitude"] is not None
        ],
        "cells": [
            _point(
                cell["longitude"], cell["latitude"], records=cell["records"],
                zh=f"{'、'.join(cell['namesZh'])}：{cell['records']}",
                en=f"{', '.join(cell['namesEn'])}: {cell['records']}",
            )
            for cell in cells
        ],
    }  # fmt: skip


def _outline(place: Row) -> dict[str, Any]:
    geometry = shapely.from_wkt(place["geometryWkt"]).simplify(OUTLINE_TOLERANCE_IN_DEGREES)
    shape = shapely.geometry.mapping(shapely.set_precision(geometry, 10**-DECIMALS))
    return {
        "type": "Feature",
        "properties": {"zh": place["nameZh"], "en": place["nameEn"]},
        "geometry": shape,
    }


def _point(longitude: float, latitude: float, **properties: Any) -> dict[str, Any]:
    position = [round(longitude, DECIMALS), round(latitude, DECIMALS)]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": position},
    }
